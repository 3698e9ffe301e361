//! robots.txt as RFC 9309 reads it, behind a trait of our own so that the parser can be exchanged.

use crate::url::CanonicalUrl;
use std::time::Duration;

/// The product token that groups of a robots.txt may name.
pub const PRODUCT: &str = "xuncha";
/// Only so much of a robots.txt is read (RFC 9309 section 2.5 asks for at least this).
pub const MOST_BYTES: usize = 500 * 1024;
/// Most sitemaps taken from one robots.txt.
const MOST_SITEMAPS: usize = 50;

/// What a robots.txt says to us.
pub trait Rules: Send + Sync + std::fmt::Debug {
    /// May the URL be fetched?
    fn allows(&self, url: &CanonicalUrl) -> bool;
    /// Crawl-delay of our group.
    fn delay(&self) -> Option<Duration>;
    /// Sitemaps it names, as written.
    fn sitemaps(&self) -> &[String];
}

/// No rules: everything is allowed.
#[derive(Debug, Clone, Copy)]
pub struct NoRules;

impl Rules for NoRules {
    fn allows(&self, _url: &CanonicalUrl) -> bool {
        true
    }
    fn delay(&self) -> Option<Duration> {
        None
    }
    fn sitemaps(&self) -> &[String] {
        &[]
    }
}

/// Rules that recorded authority sets aside; the sitemaps they name still help.
#[derive(Debug)]
pub struct Disregarded(pub Box<dyn Rules>);

impl Rules for Disregarded {
    fn allows(&self, _url: &CanonicalUrl) -> bool {
        true
    }
    fn delay(&self) -> Option<Duration> {
        None
    }
    fn sitemaps(&self) -> &[String] {
        self.0.sitemaps()
    }
}

struct Texting {
    robot: texting_robots::Robot,
    sitemaps: Vec<String>,
}

impl std::fmt::Debug for Texting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texting").field("delay", &self.robot.delay).field("sitemaps", &self.sitemaps).finish_non_exhaustive()
    }
}

impl Rules for Texting {
    fn allows(&self, url: &CanonicalUrl) -> bool {
        // RFC 9309: robots.txt itself is always allowed.
        url.path() == "/robots.txt" || self.robot.allowed(url.as_str())
    }
    fn delay(&self) -> Option<Duration> {
        let seconds = self.robot.delay.filter(|delay| delay.is_finite() && *delay > 0.0)?;
        Duration::try_from_secs_f32(seconds.min(86_400.0)).ok()
    }
    fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

/// Reads what a robots.txt that was answered with success says to us. Whatever is no robots.txt (an HTML page above all) has no rules.
pub fn read(body: &[u8]) -> Box<dyn Rules> {
    read_as(PRODUCT, body)
}

/// Reads what it says to the crawler of that product token.
pub fn read_as(product: &str, body: &[u8]) -> Box<dyn Rules> {
    // A line cut in two by the limit would be another rule than the one written.
    let body = match body.get(..MOST_BYTES) {
        Some(start) if body.len() > MOST_BYTES => match start.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => &start[..end],
            None => &[],
        },
        _ => body,
    };
    // A BOM decides; without one RFC 9309 says UTF-8, and rules are ASCII in practice.
    let (text, _, _) = encoding_rs::UTF_8.decode(body);
    if is_markup(&text) {
        return Box::new(NoRules);
    }
    match texting_robots::Robot::new(product, with_delays_apart(&text).as_bytes()) {
        Ok(robot) => {
            let sitemaps = robot.sitemaps.iter().take(MOST_SITEMAPS).cloned().collect();
            Box::new(Texting { robot, sitemaps })
        }
        Err(_) => Box::new(NoRules),
    }
}

/// RFC 9309 section 2.2.4: other records must not end a group. The parser lets a Crawl-delay between two User-agent lines end it, so
/// such a delay is written as a group of its own, before the group that it interrupts.
fn with_delays_apart(text: &str) -> std::borrow::Cow<'_, str> {
    let word = |line: &str| line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !text.lines().any(|line| word(line) == "crawl-delay") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 256);
    // User-agent lines of the group that begins, and delays met since.
    let mut agents: Vec<&str> = Vec::new();
    let mut apart = String::new();
    let mut held: Option<&str> = None;
    for line in text.lines() {
        let word = word(line);
        match word.as_str() {
            "user-agent" => {
                if let Some(delay) = held.take() {
                    // Delays of thousands of agents each would square the text.
                    agents.iter().take(50).for_each(|agent| apart.extend([agent, "\n"]));
                    apart.extend([delay, "\n\n"]);
                }
                agents.push(line);
            }
            "crawl-delay" if !agents.is_empty() && held.is_none() => held = Some(line),
            "" => {}
            _ if word.starts_with('#') => {}
            _ => {
                close(&mut out, &mut apart, &mut agents, &mut held);
                out.extend([line, "\n"]);
            }
        }
    }
    close(&mut out, &mut apart, &mut agents, &mut held);
    out.into()
}

/// Writes the group that began, its delay as its first record.
fn close(out: &mut String, apart: &mut String, agents: &mut Vec<&str>, held: &mut Option<&str>) {
    out.push_str(apart);
    apart.clear();
    agents.drain(..).chain(held.take()).for_each(|line| out.extend([line, "\n"]));
}

/// Markup where rules should be: a soft 404 or a challenge page.
fn is_markup(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if !start.starts_with('<') {
        return false;
    }
    let mut end = start.len().min(2048);
    while !start.is_char_boundary(end) {
        end -= 1;
    }
    let head = start[..end].to_ascii_lowercase();
    // Some tools write rules after an XML comment or a stray tag; a line that starts a group outweighs the bracket.
    let names_a_group = text.lines().any(|line| line.trim_start().to_ascii_lowercase().starts_with("user-agent"));
    !names_a_group || ["<!doctype", "<html", "<head", "<script", "<body"].iter().any(|tag| head.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("http://x.gov.cn{path}")).unwrap()
    }

    #[test]
    fn groups_longest_match_and_delay() {
        let rules = read(
            b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /admin\r\nAllow: /admin/open$\r\nCrawl-delay: 2.5\r\nSitemap: /map.xml\r\n",
        );
        assert!(rules.allows(&url("/")));
        assert!(!rules.allows(&url("/admin/secret")));
        assert!(rules.allows(&url("/admin/open")));
        assert!(rules.allows(&url("/robots.txt")));
        assert_eq!(rules.delay(), Some(Duration::from_millis(2500)));
        assert_eq!(rules.sitemaps(), ["/map.xml"]);
        let named = read(b"User-agent: *\nDisallow: /\n\nUser-agent: xuncha\nDisallow: /private\n");
        assert!(named.allows(&url("/")));
        assert!(!named.allows(&url("/private/")));
    }

    #[test]
    fn markup_and_noise_have_no_rules() {
        for body in [
            &b"<!DOCTYPE html><html><body>User-agent: *\nDisallow: /\n</body></html>"[..],
            b"\n\n  <html>\nUser-agent: *\nDisallow: /",
            b"<script>location='/c'</script>",
            b"",
            b"\x00\xff\xfe\x01\x80\x80",
            b"Crawl-delay: NaN\nUser-agent: *\nCrawl-delay: -1\n",
        ] {
            let rules = read(body);
            assert!(rules.allows(&url("/a")), "{}", String::from_utf8_lossy(body));
            assert_eq!(rules.delay(), None);
        }
    }

    #[test]
    fn a_huge_file_is_cut_at_a_whole_line() {
        let mut body = b"User-agent: *\nDisallow: /a\n".to_vec();
        while body.len() < MOST_BYTES - 5 {
            body.extend_from_slice(b"# filler\n");
        }
        body.extend_from_slice(b"Disallow: /b-that-is-cut-here\n");
        let rules = read(&body);
        assert!(!rules.allows(&url("/a")));
        assert!(rules.allows(&url("/b")), "a rule cut in two is no rule");
    }
}
