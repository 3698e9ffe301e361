//! Sitemaps as sources of URLs: urlset, index, feeds and plain text, gzipped or not. Streamed, and bounded in every direction;
//! of a broken one what was read before the break is kept.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::Read;

/// Most entries taken from one file (the protocol's own limit).
pub const MOST_ENTRIES: usize = 50_000;
/// Deepest index of an index of an index.
pub const DEEPEST: u32 = 3;
/// Most sitemap files read in one run.
pub const MOST_FILES: usize = 50;
/// Longest URL taken.
const LONGEST: usize = 2048;

/// What one sitemap names, as written, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<String>,
    /// Further sitemaps.
    pub children: Vec<String>,
    /// Where and why reading stopped before the end.
    pub broken: Option<String>,
}

impl Sitemap {
    fn full(&self) -> bool {
        self.pages.len() + self.children.len() >= MOST_ENTRIES
    }
}

/// Reads a sitemap of any form. `max` bounds the bytes after unpacking.
pub fn read(body: &[u8], max: u64) -> Sitemap {
    let mut broken = None;
    let unpacked;
    let body = if body.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        if let Err(error) = flate2::read::MultiGzDecoder::new(body).take(max).read_to_end(&mut plain) {
            broken = Some(format!("gzip: {error}"));
        }
        unpacked = plain;
        &unpacked[..]
    } else {
        &body[..body.len().min(usize::try_from(max).unwrap_or(usize::MAX))]
    };
    let (text, _, _) = declared(body).decode(body);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let mut sitemap = if start.starts_with('<') { read_xml(start) } else { read_text(&text) };
    sitemap.broken = broken.or(sitemap.broken);
    sitemap
}

/// The encoding of the XML declaration; a BOM goes before it. URLs are ASCII, so UTF-8 does for everything else.
fn declared(body: &[u8]) -> &'static encoding_rs::Encoding {
    let head = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
    head.split_once("encoding=")
        .and_then(|(_, rest)| {
            let label = rest.trim_start_matches(['"', '\'']).split(['"', '\'', '?']).next()?;
            encoding_rs::Encoding::for_label(label.as_bytes())
        })
        // A declaration that could be read as ASCII is not in UTF-16, whatever it says.
        .filter(|encoding| encoding.is_ascii_compatible())
        .unwrap_or(encoding_rs::UTF_8)
}

fn read_text(text: &str) -> Sitemap {
    let mut sitemap = Sitemap::default();
    for line in text.lines().map(str::trim) {
        if (line.starts_with("http://") || line.starts_with("https://")) && line.len() <= LONGEST {
            sitemap.pages.push(line.to_owned());
            if sitemap.full() {
                break;
            }
        }
    }
    sitemap
}

/// The element whose text or attribute is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Page,
    Child,
}

/// Does a link of a feed's entry lead to what the entry stands for (no `rel` means the same)?
fn is_alternate(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    tag.attributes().flatten().find(|a| a.key.as_ref() == "rel").is_none_or(|rel| rel.value.eq_ignore_ascii_case("alternate"))
}

fn read_xml(text: &str) -> Sitemap {
    let mut sitemap = Sitemap::default();
    let mut reader = Reader::from_str(text);
    // A missing end tag breaks neighbours, not what was already read.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut root = String::new();
    // Entry element that encloses: `sitemap` of an index, else a page.
    let mut child = false;
    let mut inside = Inside::Nothing;
    let mut value = String::new();
    // A feed's own links (self, edit, next) are no pages: only what its entries stand for.
    let mut entry = false;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => {
                sitemap.broken = Some(format!("byte {}: {error}", reader.error_position()));
                break;
            }
        };
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let name = tag.local_name().as_ref().to_ascii_lowercase();
                if root.is_empty() {
                    root.clone_from(&name);
                    if !matches!(root.as_str(), "urlset" | "sitemapindex" | "feed" | "rss" | "rdf") {
                        sitemap.broken = Some(format!("<{root}> is no sitemap"));
                        break;
                    }
                }
                match name.as_str() {
                    // Some write the URL right into the entry, without a `loc`.
                    "sitemap" => {
                        (child, inside) = (true, Inside::Child);
                        value.clear();
                    }
                    "url" => {
                        (child, inside) = (false, Inside::Page);
                        value.clear();
                    }
                    // `image:loc` and `video:player_loc` are no pages.
                    "loc" if tag.name().prefix().is_none_or(|prefix| !is_media(prefix.as_ref())) => {
                        inside = if child || root == "sitemapindex" { Inside::Child } else { Inside::Page };
                        value.clear();
                    }
                    "entry" => entry = true,
                    "link" if root == "feed" && entry && is_alternate(tag) => {
                        let href = tag.attributes().flatten().find(|a| a.key.as_ref() == "href");
                        if let Some(href) = href.and_then(|a| quick_xml::escape::unescape(&a.value).map(String::from).ok()) {
                            take(&mut sitemap, Inside::Page, &href);
                        }
                    }
                    "link" if root == "rss" || root == "rdf" => {
                        inside = Inside::Page;
                        value.clear();
                    }
                    _ => {}
                }
                if matches!(event, Event::Empty(_)) {
                    inside = Inside::Nothing;
                }
            }
            Event::End(_) => {
                take(&mut sitemap, inside, &value);
                inside = Inside::Nothing;
                value.clear();
            }
            Event::Text(text) if inside != Inside::Nothing => push(&mut value, &text),
            Event::CData(text) if inside != Inside::Nothing => push(&mut value, &text),
            Event::GeneralRef(reference) if inside != Inside::Nothing => {
                let known = match reference.resolve_char_ref() {
                    Ok(Some(char)) => Some(char),
                    _ => match &*reference {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                if let Some(char) = known {
                    push(&mut value, char.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
        if sitemap.full() {
            break;
        }
    }
    sitemap
}

fn is_media(prefix: &str) -> bool {
    matches!(prefix, "image" | "video" | "news")
}

fn push(value: &mut String, text: &str) {
    if value.len() + text.len() <= LONGEST + 64 {
        value.push_str(text);
    } else {
        // Too long to be a URL: what is pushed makes it fail the length check for good.
        value.push_str(&"x".repeat((LONGEST + 64).saturating_sub(value.len())));
    }
}

fn take(sitemap: &mut Sitemap, inside: Inside, value: &str) {
    let value = value.trim();
    if value.len() > LONGEST || !["http://", "https://", "/"].iter().any(|start| value.starts_with(start)) {
        return;
    }
    match inside {
        Inside::Page => sitemap.pages.push(value.to_owned()),
        Inside::Child => sitemap.children.push(value.to_owned()),
        Inside::Nothing => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urlset_index_feed_and_text() {
        let urlset = read(
            br#"<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i">
            <url><loc> http://x.cn/a?b=1&amp;c=&#50; </loc><image:image><image:loc>http://x.cn/i.png</image:loc></image:image></url>
            <url><loc><![CDATA[http://x.cn/b]]></loc></url></urlset>"#,
            1 << 20,
        );
        assert_eq!(urlset.pages, ["http://x.cn/a?b=1&c=2", "http://x.cn/b"]);
        assert_eq!(urlset.broken, None);
        let index = read(b"<sitemapindex><sitemap><loc>http://x.cn/1.xml</loc></sitemap></sitemapindex>", 1 << 20);
        let bare = read(b"<sitemapindex><sitemap>\n http://x.cn/m?a=1&amp;b=2 \n</sitemap></sitemapindex>", 1 << 20);
        assert_eq!(bare.children, ["http://x.cn/m?a=1&b=2"]);
        assert_eq!((index.pages.len(), index.children), (0, vec!["http://x.cn/1.xml".to_owned()]));
        let feed = read(
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://x.cn/e?a=1&amp;b=2'/></entry></feed>",
            1 << 20,
        );
        assert_eq!(feed.pages, ["http://x.cn/e?a=1&b=2"]);
        let rss = read(b"<rss><channel><item><link>http://x.cn/r</link></item></channel></rss>", 1 << 20);
        assert_eq!(rss.pages, ["http://x.cn/r"]);
        assert_eq!(
            read(b"\xef\xbb\xbfhttp://x.cn/a\r\nnoise\nhttps://x.cn/b", 1 << 20).pages,
            ["http://x.cn/a", "https://x.cn/b"]
        );
    }

    #[test]
    fn broken_ones_keep_what_was_read() {
        let cut = read(b"<urlset><url><loc>http://x.cn/a</loc></url><url><loc>http://x.cn/b</lo", 1 << 20);
        assert_eq!(cut.pages, ["http://x.cn/a"]);
        assert!(cut.broken.is_some());
        assert!(read(b"<!DOCTYPE html><html><a href='/'>no</a></html>", 1 << 20).pages.is_empty());
        assert_eq!(read(b"<urlset><url><loc>http://x.cn/a</url></urlset>", 1 << 20).pages, ["http://x.cn/a"]);
        let long =
            format!("<urlset><url><loc>http://x.cn/{}</loc></url><url><loc>http://x.cn/b</loc></url></urlset>", "a".repeat(9000));
        assert_eq!(read(long.as_bytes(), 1 << 20).pages, ["http://x.cn/b"]);
    }

    #[test]
    fn gzip_is_unpacked_within_bounds() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all("http://x.cn/a\n".repeat(60_000).as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(read(&packed, 1 << 30).pages.len(), MOST_ENTRIES);
        assert_eq!(read(&packed, 140).pages.len(), 10);
        assert!(read(&packed[..packed.len() / 2], 1 << 30).broken.is_some());
    }
}
