//! What the page tags say is what the page shows: title, date of publication, source, column, site code, domain (国办发〔2017〕47号).
//!
//! That a tag is missing, empty or badly written is told by the rules about the three groups of tags; that the codes of the home
//! page differ, by the one about identity numbers; that a page with the domain of a government is on somebody else's host, by the one
//! about copies.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::dates::{DateFact, DateOrigin};
use crate::facts::header::Field;
use crate::facts::page_kind::PageKind;
use crate::finding::{Location, Locus, Observation};
use crate::rules::{Context, Rule, hosts, meta_tags};
use crate::text::{fold, shorten};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetaAgreement {
    /// Tags that are compared.
    names: Vec<String>,
}

/// Tags that are compared, and of which a page has one value.
const NAMES: [&str; 7] = ["SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ArticleTitle", "PubDate", "ContentSource"];

impl Default for MetaAgreement {
    fn default() -> Self {
        MetaAgreement { names: NAMES.map(str::to_owned).to_vec() }
    }
}

impl Rule for MetaAgreement {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        if !meta_tags::concerns(page) {
            return vec![Observation::inapplicable()];
        }
        let asked = NAMES.iter().filter(|name| self.names.iter().any(|asked| asked.eq_ignore_ascii_case(name)));
        let answers: Vec<Observation> = asked.filter_map(|name| compare(page, name, context)).collect();
        if answers.is_empty() { vec![Observation::inapplicable()] } else { answers }
    }
}

/// The answer about one tag; none where there is nothing to compare.
fn compare(page: &Page, name: &str, context: &Context<'_>) -> Option<Observation> {
    let mut values: Vec<&str> = Vec::new();
    for tag in page.meta.iter().filter(|tag| tag.name.trim().eq_ignore_ascii_case(name)) {
        let value = tag.content.trim();
        if !value.is_empty() && !values.iter().any(|known| letters(known) == letters(value)) {
            values.push(value);
        }
    }
    let value = match values.as_slice() {
        [] => return None,
        [one] => *one,
        [one, other, ..] => {
            return Some(
                Observation::failed("several")
                    .at(Locus::Name(format!("{name}-values")))
                    .with("name", name)
                    .with("value", *one)
                    .with("other", *other)
                    .prove(name, values.join(" | "))
                    .seen(Location::text(&page.url, format!("name=\"{name}\""))),
            );
        }
    };
    let shown = match name {
        "SiteDomain" => domain(page, value),
        "SiteIDCode" => code(page, value, context),
        "ColumnName" => column(page, value),
        "ArticleTitle" => title(page, value),
        "PubDate" => date(page, value),
        "ContentSource" => source(page, value),
        _ => Shown::Nothing,
    };
    let fault = |observation: Observation, visible: &str| {
        observation
            .at(Locus::Name(name.to_owned()))
            .with("name", name)
            .with("value", shorten(value, 80))
            .with("shown", shorten(visible, 80))
            .prove(name, value)
            .prove("shown", visible)
            .seen(Location::text(&page.url, visible))
    };
    match shown {
        Shown::Nothing => None,
        Shown::Same => Some(Observation::passed()),
        Shown::Other(visible) => Some(fault(Observation::failed("differs"), &visible)),
        Shown::Perhaps(visible) => Some(fault(Observation::failed("differs").suspected(), &visible)),
    }
}

/// What the page shows of a tag's value.
enum Shown {
    /// Nothing to compare.
    Nothing,
    /// The same.
    Same,
    /// Something else.
    Other(String),
    /// Something else, if that is what the tag speaks of.
    Perhaps(String),
}

/// Letters and digits of a text, folded: punctuation and blanks make no difference.
fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| crate::text::is_alphanumeric(*c)).collect()
}

/// Does one hold the other, or has one the letters of the other in order, as an abbreviation has?
fn alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.chars().count() <= other.chars().count() { (one, other) } else { (other, one) };
    let mut rest = long.chars();
    !short.is_empty() && (long.contains(short) || short.chars().all(|c| rest.any(|r| r == c)))
}

fn title(page: &Page, value: &str) -> Shown {
    const LEAST: usize = 6;
    if page.kind != PageKind::Article {
        return Shown::Nothing;
    }
    let wanted = letters(value);
    let site = page.meta("SiteName").map(letters).unwrap_or_default();
    let of_header = page.header.block.then(|| page.header.value(Field::Title)).flatten();
    let visible: Vec<&str> = page.document.h1.iter().map(String::as_str).chain(of_header).collect();
    let fits = |text: &str| {
        let text = letters(text);
        text.chars().count() >= LEAST.min(wanted.chars().count()) && alike(&text, &wanted)
    };
    let blocks = page.document.main.iter().chain(&page.document.around).filter(|block| block.hidden.is_none());
    // The beginning of a text that is cut with dots, or a title over two lines; a sentence of the text that speaks of a document of
    // that name is none.
    let start: String = wanted.chars().take(12).collect();
    if visible.iter().any(|text| fits(text))
        || fits(&page.document.title)
        || blocks.take(400).filter(|block| !block.text.contains('。')).any(|block| letters(&block.text).contains(&start))
    {
        return Shown::Same;
    }
    // A heading that names the site, or a word like 正文, is no title of the article.
    let titles: BTreeSet<String> =
        visible.iter().map(|text| letters(text)).filter(|t| t.chars().count() >= LEAST && *t != site).collect();
    match (titles.len(), visible.iter().find(|text| titles.contains(&letters(text)))) {
        (1, Some(shown)) => Shown::Other((*shown).to_owned()),
        _ => Shown::Nothing,
    }
}

fn date(page: &Page, value: &str) -> Shown {
    if page.kind != PageKind::Article {
        return Shown::Nothing;
    }
    let of_tag = page.dates.iter().find(|d| d.origin == DateOrigin::Meta && d.label.eq_ignore_ascii_case("PubDate"));
    let Some(tagged) = of_tag.filter(|d| value.contains(d.text.trim()) || d.text.contains(value)).map(|d| d.date) else {
        return Shown::Nothing;
    };
    let of = |origin: DateOrigin| -> Vec<&DateFact> { page.dates.iter().filter(|d| d.origin == origin).collect() };
    let labelled = of(DateOrigin::VisibleLabel);
    // 发文日期 speaks of the document, plain 日期 may speak of another day; 发布 does not.
    let published: Vec<&DateFact> = labelled.iter().copied().filter(|d| is_publishing(&d.label)).collect();
    let one = |dates: &[&DateFact]| {
        let days: BTreeSet<_> = dates.iter().map(|d| d.date).collect();
        dates.first().filter(|_| days.len() == 1).map(|d| (d.date, format!("{} {}", d.label, d.text).trim().to_owned()))
    };
    let all = || labelled.iter().copied().chain(of(DateOrigin::VisibleNearTitle));
    let of_document: BTreeSet<_> = page
        .dates
        .iter()
        .filter(|d| d.origin == DateOrigin::WrittenLabel || fold(&d.label).contains("文日"))
        .map(|d| d.date)
        .collect();
    let any: Vec<&DateFact> = all().filter(|d| !of_document.contains(&d.date)).collect();
    if all().any(|d| d.date == tagged) {
        return Shown::Same;
    }
    match (one(&published), one(&any)) {
        (Some((_, shown)), _) => Shown::Other(shown),
        (None, Some((_, shown))) => Shown::Perhaps(shown),
        _ => Shown::Nothing,
    }
}

fn is_publishing(label: &str) -> bool {
    let label = fold(label);
    label.contains("发布") || label.contains("发表") || label.contains("刊登")
}

fn source(page: &Page, value: &str) -> Shown {
    const LEAST: usize = 2;
    let labelled: Vec<&str> =
        page.header.values.iter().filter(|v| v.field == Field::Source && !v.value.is_empty()).map(|v| v.value.as_str()).collect();
    let [shown] = labelled.as_slice() else { return Shown::Nothing };
    let (visible, wanted) = (letters(shown), letters(value));
    // A word such as 本站 or 原创, and a link, name no source to compare.
    let vague =
        |text: &str| matches!(text, "本站" | "本网" | "原创" | "转载" | "网络" | "互联网" | "无" | "未知" | "其他" | "本站原创");
    if page.kind != PageKind::Article || visible.chars().count() < LEAST || vague(&visible) || vague(&wanted) || wanted.is_empty()
    {
        return Shown::Nothing;
    }
    if alike(&visible, &wanted) { Shown::Same } else { Shown::Other((*shown).to_owned()) }
}

fn column(page: &Page, value: &str) -> Shown {
    if page.kind != PageKind::Column {
        return Shown::Nothing;
    }
    let wanted = letters(value);
    let trail: Vec<&str> = page.breadcrumb.iter().flat_map(|b| b.names()).collect();
    let named = trail.iter().copied().chain(page.document.h1.iter().map(String::as_str)).chain([page.document.title.as_str()]);
    if wanted.is_empty() || named.map(letters).any(|text| alike(&text, &wanted)) {
        return Shown::Same;
    }
    let blocks = page.document.main.iter().chain(&page.document.around).filter(|block| block.hidden.is_none());
    if blocks.take(600).any(|block| letters(&block.text) == wanted) {
        return Shown::Same;
    }
    match trail.last() {
        Some(last) if letters(last).chars().count() >= 2 => Shown::Other((*last).to_owned()),
        _ => Shown::Nothing,
    }
}

fn code(page: &Page, value: &str, context: &Context<'_>) -> Shown {
    let read = |text: &str| {
        let code = text.trim().to_ascii_lowercase();
        let digits = code.strip_prefix("bm").unwrap_or(&code).to_owned();
        (code.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
    };
    let (Some(shown), Some(tagged)) = (page.footer.site_id_code.as_deref().and_then(read), read(value)) else {
        return Shown::Nothing;
    };
    if shown == tagged {
        return Shown::Same;
    }
    // The same difference on the home page is told once, there.
    let told = context.site.home.as_ref().is_some_and(|home| {
        home.url == page.url
            || home.meta("SiteIDCode").and_then(read).as_deref() == Some(tagged.as_str())
                && home.footer.site_id_code.as_deref().and_then(read).as_deref() == Some(shown.as_str())
    });
    if told { Shown::Nothing } else { Shown::Other(shown) }
}

fn domain(page: &Page, value: &str) -> Shown {
    let host = page.url.host();
    let is_name = matches!(page.url.to_url().host(), Some(::url::Host::Domain(_)));
    if !is_name || !host.contains('.') {
        return Shown::Nothing;
    }
    let bare = value.trim().to_ascii_lowercase();
    let bare = bare.split_once("://").map_or(bare.as_str(), |(_, rest)| rest);
    let bare = bare.split(['/', ':', '?']).next().unwrap_or_default().trim();
    // A Chinese name in the tag stands for the same site under another name.
    if bare.is_empty() || !bare.is_ascii() || !bare.contains('.') {
        return Shown::Nothing;
    }
    // A government's name on somebody else's host: the page is a copy, which `mirror-page` tells.
    if hosts::is_government(bare) && !hosts::is_government(host) {
        return Shown::Nothing;
    }
    let plain = |name: &str| name.strip_prefix("www.").unwrap_or(name).to_owned();
    let (tag, own) = (plain(bare), plain(host));
    let below = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'));
    if tag == own || below(&tag, &own) || below(&own, &tag) { Shown::Same } else { Shown::Other(host.to_owned()) }
}
