//! A page that answers 200 is a page, not a message that there is none.
//!
//! Signs: it is what the server gives for a path that cannot exist; its whole title says 404 or 页面不存在; its few words say so; it is the home
//! page under another address. One sign alone is suspected at most, several together are proved. An empty shell that a script fills is the
//! same for every address and proves nothing.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::page_kind::PageKind;
use crate::facts::simhash::distance;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule};
use crate::text::{fold, shorten};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Soft404 {}

/// Whole titles, folded, that no document has.
const TITLES: [&str; 24] = [
    "404",
    "404错误",
    "404页面",
    "404error",
    "404notfound",
    "404页面不存在",
    "404出错",
    "notfound",
    "pagenotfound",
    "页面不存在",
    "页面未找到",
    "找不到页面",
    "页面找不到了",
    "您访问的页面不存在",
    "您访问的页面不存在或已删除",
    "访问的页面不存在",
    "页面丢失",
    "网页不存在",
    "该页面不存在",
    "404页",
    "页面走丢了",
    "抱歉页面不存在",
    "404找不到页面",
    "文章不存在",
];
/// What the few words of such a page say, folded.
const WORDS: [&str; 16] = [
    "页面不存在",
    "页面找不到",
    "找不到您",
    "找不到该页",
    "页面未找到",
    "页面已被删除",
    "页面已删除",
    "不存在或已被删除",
    "不存在或已删除",
    "信息不存在",
    "文章不存在",
    "内容不存在",
    "您访问的页面",
    "pagenotfound",
    "404notfound",
    "http404",
];
/// Letters below which a page is a shell for a script.
const SHELL: u32 = 8;
/// Letters of a text that says little else.
const FEW: u32 = 160;
/// Bits in which two answers of one template differ.
const BITS: u32 = 3;
/// Letters from which a page can be known as the home page.
const HOME: u32 = 120;

impl Rule for Soft404 {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let home = context.site.home.as_deref();
        if page.kind == PageKind::Home
            || page.url.is_root()
            || home.is_some_and(|home| home.url == page.url || home.url.key() == page.url.key())
        {
            return vec![Observation::inapplicable()];
        }
        let probes: Vec<_> = context.site.probes.random_paths.iter().filter(|probe| probe.status == 200).collect();
        let mut signs: Vec<&str> = Vec::new();
        let letters = page.simhash.map_or_else(|| short_letters(page), |print| print.letters);
        let text = fold(&page.document.main.iter().take(40).map(|block| block.text.as_str()).collect::<String>());
        let titled =
            is_error_title(&page.document.title) || page.document.h1.iter().any(|h1| TITLES.contains(&fold(h1).as_str()));
        let worded = letters <= FEW && WORDS.iter().any(|word| text.contains(word));
        let same = probes.iter().any(|probe| !probe.digest.is_empty() && probe.digest == page.digest);
        if same && letters < SHELL && !titled && !worded {
            return vec![Observation::cannot_tell("shell").at(Locus::Whole)];
        }
        let like = |probe: &&&crate::facts::probes::RandomPath| {
            let title = fold(&probe.title);
            !title.is_empty()
                && title == fold(&page.document.title)
                && probe.simhash != 0
                && page.simhash.is_some_and(|print| distance(print.hash, probe.simhash) <= BITS)
        };
        if same {
            signs.push("same-as-random");
        } else if probes.iter().any(|probe| like(&probe)) {
            signs.push("like-random");
        }
        if titled {
            signs.push("title");
        }
        if worded {
            signs.push("words");
        }
        let twin = home.and_then(|home| home.simhash.zip(page.simhash)).is_some_and(|(home, own)| {
            home.letters >= HOME && own.letters.abs_diff(home.letters) * 20 <= home.letters && home.distance(own) <= BITS
        });
        if twin && (page.url.authority() == home.map_or("", |home| home.url.authority())) {
            signs.push("home");
        }
        // A second address of the home page is common, and harmless by itself; so is a server that leads every stray path there.
        let sure = signs.len() >= 2 || signs == ["same-as-random"];
        if signs.is_empty() || signs == ["home"] {
            return vec![Observation::passed()];
        }
        let title = page.document.title.as_str();
        let mut observation = Observation::failed("no-page")
            .at(Locus::Whole)
            .with("signs", signs.iter().map(|sign| (*sign).to_owned()).collect::<Vec<_>>())
            .with("title", shorten(title, 60))
            .prove("signs", signs.join(", "))
            .prove("title", title)
            .prove("letters", letters.to_string())
            .seen(Location::text(&page.url, if title.is_empty() { shorten(&text, 40) } else { title.to_owned() }));
        if let Some(probe) = probes.iter().find(|probe| probe.digest == page.digest) {
            observation = observation.prove("random-path", probe.url.as_str());
        }
        if let Some(via) = &page.via {
            observation = observation.seen(Location::page(via));
        }
        vec![if sure { observation } else { observation.suspected() }]
    }
}

fn short_letters(page: &Page) -> u32 {
    let count = page
        .document
        .main
        .iter()
        .flat_map(|block| block.text.chars())
        .filter(|c| crate::text::is_alphanumeric(*c))
        .take(1_000)
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Is the title, or its part before the site's name, nothing but the message?
fn is_error_title(title: &str) -> bool {
    let whole = fold(title).replace(['!', '！', '。', '~'], "");
    let first = whole.split(['-', '_', '|', '—', '–']).next().unwrap_or_default();
    let joined: String = whole.chars().filter(|c| crate::text::is_alphanumeric(*c)).collect();
    TITLES.contains(&whole.as_str()) || TITLES.contains(&first) || TITLES.contains(&joined.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_error_title;

    #[test]
    fn whole_titles_only() {
        for title in ["404", "404 - 页面不存在", "页面不存在_某市人民政府", "404 Not Found", "抱歉，页面不存在！"]
        {
            assert!(is_error_title(title), "{title}");
        }
        for title in ["关于404号建议的答复", "", "某市人民政府", "网页不存在怎么办-常见问题解答汇编"]
        {
            assert!(!is_error_title(title), "{title}");
        }
    }
}
