//! The content management system that a page betrays: each family leaves paths, classes and comments of its own.
//!
//! Only what belongs to the page itself is read (its own scripts, styles, links, classes, generator), never the names of hosts that it
//! merely links to: the error-report entry of half the country leads to one maker's service.

use super::links::{Link, Role};
use super::meta::MetaTag;
use super::tree::{Id, ROOT, Tree};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};

/// A family of content management systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// 拓尔思 TRS WCM
    Trs,
    /// 大汉 JCMS, JPAAS
    Hanweb,
    /// 开普 UCAP
    Kaipu,
    /// 博达 Visual SiteBuilder
    Boda,
    /// 苏迪 WebPlus
    Webplus,
    /// 广东省政府信息公开目录系统
    Gkmlpt,
}

impl Platform {
    /// Every family.
    pub const ALL: [Platform; 6] =
        [Platform::Trs, Platform::Hanweb, Platform::Kaipu, Platform::Boda, Platform::Webplus, Platform::Gkmlpt];

    /// Its word, as reports and fixtures write it.
    pub fn word(self) -> &'static str {
        match self {
            Platform::Trs => "trs",
            Platform::Hanweb => "hanweb",
            Platform::Kaipu => "kaipu",
            Platform::Boda => "boda",
            Platform::Webplus => "webplus",
            Platform::Gkmlpt => "gkmlpt",
        }
    }
}

/// A family with what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformSign {
    /// The family.
    pub platform: Platform,
    /// The path, class or text that shows it, as found.
    pub sign: String,
}

/// Parts of own addresses (lower case) that only one family writes.
const PATHS: [(Platform, &str); 22] = [
    (Platform::Hanweb, "/module/web/jpage/"),
    (Platform::Hanweb, "/module/download/downfile.jsp"),
    (Platform::Hanweb, "/module/download/down.jsp"),
    (Platform::Hanweb, "/module/jslib/"),
    (Platform::Hanweb, "/jpaas-"),
    (Platform::Hanweb, "/jcms/"),
    (Platform::Hanweb, "/vc/vc/interface/"),
    (Platform::Kaipu, "/ucap-core/"),
    (Platform::Kaipu, "/ucap/"),
    (Platform::Kaipu, "ucapcontent"),
    (Platform::Boda, "/system/resource/js/"),
    (Platform::Boda, "/system/resource/style/"),
    (Platform::Boda, "/system/_owners/"),
    (Platform::Boda, "/__local/"),
    (Platform::Boda, "_sitegray/"),
    (Platform::Webplus, "/_js/_portletplugs/"),
    (Platform::Webplus, "/_portletplugs/"),
    (Platform::Webplus, "/_visitcount"),
    (Platform::Webplus, "/_upload/tpl/"),
    (Platform::Gkmlpt, "/gkmlpt/"),
    (Platform::Trs, "/trsapp/"),
    (Platform::Trs, "/trs_web/"),
];

/// Values of `class` and `id` (lower case) that only one family writes.
const NAMES: [(Platform, &str); 8] = [
    (Platform::Kaipu, "ucap-content"),
    (Platform::Trs, "trs_editor"),
    (Platform::Trs, "trs_editor_view"),
    (Platform::Trs, "trs_preappend"),
    (Platform::Boda, "vsbcontent_start"),
    (Platform::Boda, "vsbcontent_end"),
    (Platform::Webplus, "wp_articlecontent"),
    (Platform::Webplus, "wp_column_article"),
];

/// Generators (lower case) that name their family.
const GENERATORS: [(Platform, &str); 6] = [
    (Platform::Trs, "trs"),
    (Platform::Hanweb, "jcms"),
    (Platform::Hanweb, "hanweb"),
    (Platform::Hanweb, "大汉"),
    (Platform::Kaipu, "ucap"),
    (Platform::Boda, "visual sitebuilder"),
];

/// The family of a page, when something of its own shows it. A page of one family may hold text pasted from another (classes of an
/// editor travel with copied text), so the first of generator, addresses, names decides.
pub(super) fn read(tree: &Tree, url: &CanonicalUrl, meta: &[MetaTag], links: &[Link]) -> Option<PlatformSign> {
    let sign = |platform: Platform, sign: &str| PlatformSign { platform, sign: crate::text::shorten(sign, 200) };
    for tag in meta.iter().filter(|tag| tag.name.eq_ignore_ascii_case("generator") || tag.name.eq_ignore_ascii_case("author")) {
        let content = tag.content.to_lowercase();
        let starts =
            |word: &str| content.starts_with(word) && !content[word.len()..].starts_with(|c: char| c.is_ascii_lowercase());
        if let Some((platform, _)) = GENERATORS.iter().find(|(_, word)| starts(word)) {
            return Some(sign(*platform, &tag.content));
        }
    }
    let own = |link: &Link| link.target.as_ref().is_some_and(|target| target.host() == url.host());
    let mut best: Option<(usize, PlatformSign)> = None;
    for link in links.iter().filter(|link| own(link) && link.role != Role::Guess) {
        let raw = link.target.as_ref().map_or("", CanonicalUrl::path).to_lowercase();
        if let Some(at) = PATHS.iter().position(|(_, part)| raw.contains(part))
            && best.as_ref().is_none_or(|(known, _)| at < *known)
        {
            best = Some((at, sign(PATHS[at].0, &link.raw)));
        }
    }
    if let Some((_, found)) = best {
        return Some(found);
    }
    // /col/col1229214366/index.html and /art/2020/1/1/art_123_456.html are written by one family only.
    let paths =
        std::iter::once(url.path()).chain(links.iter().filter(|l| own(l)).filter_map(|l| l.target.as_ref().map(|t| t.path())));
    if let Some(path) = paths.into_iter().find(|path| is_column_of_hanweb(path)) {
        return Some(sign(Platform::Hanweb, path));
    }
    let named = |id: Id| {
        let element = tree.element(id)?;
        let values = [element.attr("id"), element.attr("class")];
        let words = values.into_iter().flatten().flat_map(str::split_ascii_whitespace);
        words
            .filter_map(|word| NAMES.iter().find(|(_, name)| word.eq_ignore_ascii_case(name)).map(|(p, _)| sign(*p, word)))
            .next()
    };
    tree.descendants(ROOT).find_map(named)
}

/// `/col/col` and digits, or `/art/` with a date and `art_` and two numbers.
fn is_column_of_hanweb(path: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let column = path.find("/col/col").is_some_and(|at| digits(&path[at + 8..]) >= 1);
    let article = path.find("/art_").is_some_and(|at| {
        let rest = &path[at + 5..];
        let first = digits(rest);
        path.contains("/art/") && first >= 1 && rest[first..].strip_prefix('_').is_some_and(|rest| digits(rest) >= 1)
    });
    column || article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_hanweb_are_told_from_others() {
        for (path, is) in [
            ("/col/col1229214366/index.html", true),
            ("/art/2020/1/1/art_123_456.html", true),
            ("/art/2020/1/1/art_x.html", false),
            ("/col/color.html", false),
            ("/zwgk/t20200802_1.html", false),
        ] {
            assert_eq!(is_column_of_hanweb(path), is, "{path}");
        }
    }

    #[test]
    fn words_are_those_that_are_stored() {
        for platform in Platform::ALL {
            assert_eq!(serde_json::to_value(platform).unwrap(), platform.word());
        }
    }
}
