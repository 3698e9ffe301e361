//! The date that a reader sees beside the title of an article that is not Chinese: in a `<time>` element, in an element called a
//! date, or in a short line, weighed by how near it stands to the title and by what stands beside it.

use super::worded::{Order, find_all, machine};
use super::{DateFact, DateOrigin};
use crate::facts::layout::Layout;
use crate::facts::links::Region;
use crate::facts::tree::{Id, NONE, ROOT};
use crate::text::{fold, is_han, shorten};
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Names of elements that hold the date of publication.
const NAMED: [&str; 18] = [
    "date",
    "datum",
    "published",
    "publish",
    "pubdate",
    "publication",
    "posted",
    "timestamp",
    "entry-meta",
    "post-meta",
    "byline",
    "dateline",
    "fecha",
    "article-time",
    "news-time",
    "postinfo",
    "article__meta",
    "post-time",
];

/// Beginnings of the names of what is about other things.
const ELSEWHERE: [&str; 22] = [
    "comment",
    "kommentar",
    "leserbrief",
    "related",
    "sidebar",
    "widget",
    "teaser",
    "recent",
    "archive",
    "footer",
    "copyright",
    "calendar",
    "upcoming",
    "popular",
    "trending",
    "newsletter",
    "reply",
    "replies",
    "modif",
    "updated",
    "similar",
    "recommend",
];

/// Words before a date that say it is the date of publication.
const SAYS: [&str; 20] = [
    "published",
    "posted",
    "veröffentlicht",
    "erstellt",
    "erschienen",
    "publié",
    "publicado",
    "pubblicato",
    "publicerad",
    "geplaatst",
    "gepubliceerd",
    "veröffentlichung",
    "first published",
    "submitted",
    "eingestellt",
    "written",
    "verfasst",
    "geschrieben",
    "pressemitteilung",
    "опубликовано",
];

/// Words before a date that say it is another one.
const SAYS_OTHER: [&str; 26] = [
    "updated",
    "update:",
    "aktualisiert",
    "modified",
    "änderung",
    "edited",
    "mis à jour",
    "mise à jour",
    "modifié",
    "actualizado",
    "aggiornato",
    "©",
    "copyright",
    "bis ",
    "until",
    "retrieved",
    "abgerufen",
    "accessed",
    "joined",
    "member since",
    "dabei seit",
    "registriert",
    "last login",
    "expires",
    "deadline",
    "geboren",
];

/// Scores from which a date is believed at all, and believed against what the page declares to machines.
const ENOUGH: i32 = 40;
const SURE: i32 = 95;
/// Where no other day is shown, a place less likely is believed; places less likely than this are not asked.
const ALONE: i32 = 5;
const DOUBTFUL: i32 = -20;

/// A page is Chinese when this share of its letters is Han, in per cent.
const HAN_SHARE: u64 = 15;

/// Is the page's text Chinese (or Japanese, whose dates are written alike)?
pub(super) fn is_chinese(layout: &Layout<'_>) -> bool {
    let (mut han, mut all) = (0u64, 0u64);
    for line in layout.lines.iter().take(2_000) {
        han += line.text.chars().filter(|c| is_han(*c)).count() as u64;
        all += line.text.chars().filter(|c| crate::text::is_alphabetic(*c)).count() as u64;
    }
    han * 100 >= all * HAN_SHARE
}

/// Which of two small numbers is the day: by the language, else by the country of the name.
pub(super) fn order_of(layout: &Layout<'_>, url: &CanonicalUrl) -> Order {
    let tree = layout.tree;
    let html = tree.descendants(ROOT).find(|id| tree.name(*id) == "html");
    let of_locale = || {
        let locale =
            tree.descendants(ROOT).find(|id| tree.attr(*id, "property").is_some_and(|p| p.eq_ignore_ascii_case("og:locale")))?;
        tree.attr(locale, "content")
    };
    let lang = of_locale().or_else(|| html.and_then(|id| tree.attr(id, "lang"))).unwrap_or_default().to_ascii_lowercase();
    let host = url.host().to_ascii_lowercase();
    let american = host.ends_with(".com")
        || host.ends_with(".org")
        || host.ends_with(".gov")
        || host.ends_with(".us")
        || host.ends_with(".net");
    let month_first = lang.starts_with("en-us") || lang.starts_with("en_us") || (american && (lang == "en" || lang.is_empty()));
    if month_first { Order::MonthDay } else { Order::DayMonth }
}

struct Candidate {
    date: Date,
    time: Option<String>,
    text: String,
    score: i32,
    /// A second reading of the same place does not count twice.
    place: u32,
}

/// Lines of a page that are looked at.
const MAX_LINES: usize = 1_500;

/// The best of the dates shown, when it is good enough.
pub(super) fn read(layout: &Layout<'_>, title: &str, content: Option<Id>, order: Order) -> Option<DateFact> {
    let heading = heading(layout, title, content);
    let mut candidates = Vec::new();
    elements(layout, order, heading, &mut candidates);
    lines(layout, order, heading, &mut candidates);
    let line_of = |place: u32| layout.lines.partition_point(|l| layout.order(l.node) <= place) as i32;
    let title_line = heading.map(|h| line_of(layout.order(h)));
    for candidate in &mut candidates {
        if let Some(title_line) = title_line {
            candidate.score += match line_of(candidate.place) - title_line {
                0..=6 => 45,
                7..=14 => 30,
                -4..=-1 => 40,
                -10..=-5 => 20,
                15..=40 => 5,
                _ => -15,
            };
        }
    }
    let days: BTreeSet<Date> = candidates.iter().filter(|c| c.score > DOUBTFUL).map(|c| c.date).collect();
    let enough = if days.len() == 1 { ALONE } else { ENOUGH };
    // Of equals the first on the page.
    let best = candidates.into_iter().reduce(|best, other| if other.score > best.score { other } else { best })?;
    let origin = if best.score >= SURE { DateOrigin::VisibleMarked } else { DateOrigin::VisibleNearTitle };
    (best.score >= enough).then(|| DateFact {
        date: best.date,
        time: best.time,
        origin,
        label: String::new(),
        text: shorten(&best.text, 200),
    })
}

/// The heading that says what the title says, a higher one first; else the first `<h1>`, else where the text begins.
fn heading(layout: &Layout<'_>, title: &str, content: Option<Id>) -> Option<Id> {
    let tree = layout.tree;
    let whole = fold(title);
    let parts = title.split(['|', '–', '—', '·', '•', '»', '«', ':']).flat_map(|p| p.split(" - ")).map(fold);
    let parts: Vec<String> = parts.filter(|p| p.chars().count() >= 10).collect();
    let says =
        |text: &str| (text.chars().count() >= 8 && whole.contains(text)) || parts.iter().any(|part| text.contains(part.as_str()));
    let headings: Vec<(Id, String)> = tree
        .descendants(layout.body)
        .filter(|id| matches!(tree.name(*id), "h1" | "h2" | "h3" | "h4"))
        .take(120)
        .map(|id| (id, fold(&layout.text(id, 900))))
        .collect();
    let of = |level: &str| headings.iter().find(|(id, text)| tree.name(*id) == level && says(text)).map(|(id, _)| *id);
    let matching = ["h1", "h2", "h3", "h4"].into_iter().find_map(of);
    matching
        .or_else(|| headings.iter().find(|(id, text)| tree.name(*id) == "h1" && !text.is_empty()).map(|(id, _)| *id))
        .or(content)
}

fn names(layout: &Layout<'_>, id: Id) -> String {
    let tree = layout.tree;
    let name = |attr: &str| tree.attr(id, attr).unwrap_or_default().to_ascii_lowercase();
    format!("{} {} {}", name("class"), name("id"), name("itemprop"))
}

/// What the names of an element and of those around it are worth, up to the one that holds the heading as well.
fn by_names(layout: &Layout<'_>, id: Id, heading: Option<Id>) -> i32 {
    let tree = layout.tree;
    let mut score = 0;
    for (up, at) in std::iter::once(id).chain(tree.ancestors(id)).take(9).enumerate() {
        if matches!(tree.name(at), "body" | "html") || (up > 0 && heading.is_some_and(|h| layout.holds(at, h))) {
            break;
        }
        let names = names(layout, at);
        if up < 3 && NAMED.iter().any(|n| names.contains(n)) {
            score = score.max(25 - 5 * up as i32);
        }
        let words: Vec<&str> = names.split(|c: char| !c.is_alphanumeric()).collect();
        let elsewhere = |w: &&str| words.iter().any(|word| word.starts_with(w) && !(up == 0 && *word == "teaser"));
        if ELSEWHERE.iter().any(elsewhere) || matches!(tree.name(at), "aside" | "footer" | "nav") {
            return -45;
        }
    }
    score
}

/// What the words beside a date are worth.
fn by_words(before: &str) -> i32 {
    let before = before.to_lowercase();
    let near: String = before.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    if SAYS_OTHER.iter().any(|w| near.contains(w)) {
        return -45;
    }
    if SAYS.iter().any(|w| near.contains(w)) { 30 } else { 0 }
}

/// `<time>` elements and elements called dates.
fn elements(layout: &Layout<'_>, order: Order, heading: Option<Id>, candidates: &mut Vec<Candidate>) {
    let tree = layout.tree;
    let mut taken = 0;
    for id in tree.descendants(layout.body) {
        let Some(element) = tree.element(id) else { continue };
        let is_time = element.name() == "time" || (element.name() == "abbr" && element.attr("title").is_some());
        if !is_time {
            let called = element.attr("class").or(element.attr("id")).is_some_and(|c| {
                let c = c.to_ascii_lowercase();
                NAMED.iter().any(|n| c.contains(n))
            });
            if !called || layout.weight(id).text > 90 {
                continue;
            }
        }
        if layout.hidden(id).is_some() || layout.region(id) == Region::Footer {
            continue;
        }
        let shown = layout.text(id, 300);
        let attr = element.attr("datetime").or_else(|| element.attr("title").filter(|_| element.name() == "abbr"));
        let Some(found) =
            attr.filter(|_| is_time).and_then(|a| machine(a, order)).or_else(|| find_all(&shown, order).into_iter().next())
        else {
            continue;
        };
        let in_shown = find_all(&shown, order).into_iter().next();
        // What a reader sees counts, where it differs by the zone.
        let date = match in_shown {
            Some(seen) if (seen.date - found.date).get_days().abs() == 1 => seen.date,
            _ => found.date,
        };
        if date.year() < 1990 {
            continue;
        }
        let mut score = if is_time { 45 } else { 35 } + by_names(layout, id, heading);
        let own = names(layout, id);
        if element.attr("pubdate").is_some()
            || own.contains("datepublished")
            || own.contains("published")
            || own.contains("entry-date")
        {
            score += 25;
        }
        let before = lead(layout, id) + &shown;
        let at = in_shown_start(&before, order);
        score += by_words(&before[..at]);
        candidates.push(Candidate {
            date,
            time: found.time,
            text: if shown.is_empty() { attr.unwrap_or_default().to_owned() } else { shown },
            score,
            place: layout.order(id),
        });
        taken += 1;
        if taken >= 200 {
            break;
        }
    }
}

fn in_shown_start(text: &str, order: Order) -> usize {
    find_all(text, order).last().map_or(text.len(), |f| f.range.start)
}

/// Text of the sibling right before an element.
fn lead(layout: &Layout<'_>, id: Id) -> String {
    let tree = layout.tree;
    let parent = tree.parent(id);
    if parent == NONE || layout.weight(parent).text > 300 {
        return String::new();
    }
    let mut text = String::new();
    let mut child = tree.first(parent);
    while child != NONE && child != id {
        text.push_str(&layout.text(child, 200));
        text.push(' ');
        child = tree.next(child);
    }
    text
}

/// Short lines with a date, and paragraphs that begin with one.
fn lines(layout: &Layout<'_>, order: Order, heading: Option<Id>, candidates: &mut Vec<Candidate>) {
    let mut before = "";
    for line in layout.lines.iter().filter(|l| l.hidden.is_none()).take(MAX_LINES) {
        let label = std::mem::replace(&mut before, line.text.as_str());
        let length = line.text.chars().count();
        if layout.region(line.node) == Region::Footer {
            continue;
        }
        let head: String = line.text.chars().take(180).collect();
        let found = find_all(&head, order);
        let Some(first) = found.iter().find(|f| by_words(&head[..f.range.start]) >= 0).or(found.first()) else { continue };
        let opens = first.range.start <= 2;
        if first.date.year() < 1990 || (length > 180 && !opens) {
            continue;
        }
        let said = length.saturating_sub(head[first.range.clone()].chars().count());
        let mut score = match said {
            0..=20 => 35,
            21..=60 => 25,
            61..=110 => 12,
            _ if opens => 12,
            _ => -5,
        };
        let label = if label.chars().count() <= 30 { by_words(label) } else { 0 };
        score += match by_words(&head[..first.range.start]) {
            0 if said <= 20 => label,
            own => own,
        };
        score += by_names(layout, line.node, heading);
        // A date in the heading is the matter's.
        if heading == Some(line.node) && said > 20 {
            score -= 45;
        }
        if line.linked as usize * 2 > length {
            score -= 15;
        }
        if layout.region(line.node) != Region::Main {
            score -= 15;
        }
        if found.len() > 2 {
            score -= 15;
        }
        let place = layout.order(line.node);
        candidates.push(Candidate { date: first.date, time: first.time.clone(), text: head, score, place });
    }
}
