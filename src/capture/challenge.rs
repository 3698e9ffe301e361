//! Signs that an answer is a challenge or a wall of a protection service and not the page. Conservative: a real page behind such a
//! service often carries its script too, so a marker in the body counts only where almost no text is shown.

use crate::exchange::Exchange;
use std::io::Read;

/// Bodies above this size after decoding are no challenge.
const BODY_LIMIT: u64 = 256 << 10;
/// A challenge shows less text than this, in characters.
const TEXT_LIMIT: usize = 200;
/// A challenge has no more links than this.
const LINK_LIMIT: usize = 2;

/// Script markers and the word for them.
const MARKERS: [(&str, &str); 11] = [
    ("$_ts", "ruishu"),
    ("__jsl_clearance", "jiasule"),
    ("acw_sc__v2", "aliyun-waf"),
    ("yunsuo_session_verify", "yunsuo"),
    ("security_verify_data", "yunsuo"),
    ("/_guard/", "guard"),
    ("/.safeline/", "safeline"),
    ("safelinechallenge", "safeline"),
    ("_cf_chl_opt", "cloudflare"),
    ("/cdn-cgi/challenge-platform/", "cloudflare"),
    ("wzws-waf-cgi", "wangzhan-weishi"),
];

/// Words that a wall shows to people.
const WORDS: [&str; 9] = [
    "人机验证",
    "安全验证",
    "访问验证",
    "滑动验证",
    "请完成验证",
    "访问过于频繁",
    "访问行为异常",
    "checking your browser",
    "verify you are human",
];

/// The sign in a word, if the answer bears one.
pub fn sign(exchange: &Exchange) -> Option<String> {
    if exchange.header("cf-mitigated").is_some_and(|v| v.eq_ignore_ascii_case("challenge")) {
        return Some("cloudflare".to_owned());
    }
    // We never send a condition that could fail so (If-Match, If-Unmodified-Since), so this answer can only come from a wall.
    if exchange.status == 412 {
        return Some("status-412".to_owned());
    }
    let sets_jiasule = exchange.headers.iter().any(|(n, v)| n == "set-cookie" && v.starts_with("__jsl"));
    if exchange.status == 521 && sets_jiasule {
        return Some("jiasule".to_owned());
    }
    if !exchange.media_type().is_none_or(|t| t.is_empty() || t.contains("html")) || exchange.redirect().is_some() {
        return None;
    }
    let body = decoded(exchange)?;
    let html = match std::str::from_utf8(&body) {
        Ok(text) => text.to_lowercase(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(&body).0.to_lowercase(),
    };
    if html.matches("<a ").count() > LINK_LIMIT {
        return None;
    }
    let shown = shown_text(&html);
    if shown.chars().filter(|c| !c.is_whitespace()).count() > TEXT_LIMIT {
        return None;
    }
    if html.contains("<script")
        && let Some((_, word)) = MARKERS.iter().find(|(marker, _)| html.contains(marker))
    {
        return Some((*word).to_owned());
    }
    // "Accepted" and the code of a web server behind a wall that is down, with nothing but a script: made to be run by a browser.
    if matches!(exchange.status, 202 | 521) && html.contains("<script") && shown.trim().is_empty() {
        return Some("script".to_owned());
    }
    WORDS.iter().any(|word| shown.contains(word)).then(|| "captcha".to_owned())
}

/// The body without its content coding, if it is small and sound.
fn decoded(exchange: &Exchange) -> Option<Vec<u8>> {
    let raw: &[u8] = &exchange.body;
    let mut out = Vec::new();
    let coding = exchange.header("content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let read = match coding.as_str() {
        "" | "identity" => raw.take(BODY_LIMIT + 1).read_to_end(&mut out),
        "gzip" | "x-gzip" => flate2::read::MultiGzDecoder::new(raw).take(BODY_LIMIT + 1).read_to_end(&mut out),
        "deflate" => flate2::read::ZlibDecoder::new(raw).take(BODY_LIMIT + 1).read_to_end(&mut out),
        "br" => brotli_decompressor::Decompressor::new(raw, 4096).take(BODY_LIMIT + 1).read_to_end(&mut out),
        _ => return None,
    };
    read.ok()?;
    (out.len() as u64 <= BODY_LIMIT).then_some(out)
}

/// Text outside of tags, scripts, styles and comments; a rough reading that only has to measure.
fn shown_text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = ["<script", "<style", "<!--", "<noscript"].into_iter().zip(["</script", "</style", "-->", "</noscript"]);
        let closing = end.into_iter().find(|(open, _)| tag.starts_with(open)).map_or(">", |(_, close)| close);
        match tag.find(closing) {
            Some(at) => rest = &tag[at + if closing == ">" || closing == "-->" { closing.len() } else { 0 }..],
            None => return out,
        }
        // The closing tag itself goes in the next round.
        if rest.starts_with("</") && closing.len() > 3 {
            rest = rest.find('>').map_or("", |at| &rest[at + 1..]);
        }
    }
    out.push_str(rest);
    out
}
