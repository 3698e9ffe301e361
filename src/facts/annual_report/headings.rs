//! The parts of a report by their headings, and what its preface promises.

use super::writing::{numbered, plain};
use super::{OtherHeading, Part, PartKind, Promise, TableKind};
use crate::text::{is_blank, shorten};
use regex::Regex;
use std::sync::LazyLock;

/// What a report consists of, in document order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'a> {
    /// A paragraph.
    Text(&'a str),
    /// A table with data.
    Table,
    /// A picture, a frame: content that is not read.
    Picture,
}

/// The longest heading, in characters.
const LONGEST: usize = 40;

impl PartKind {
    /// By the words of a folded heading.
    pub(super) fn of_heading(heading: &str) -> Option<PartKind> {
        let has = |word: &str| heading.contains(word);
        let request = has("申请") && (has("收到") || has("处理") || has("依申请"));
        let kinds = [
            (PartKind::Other, (has("其他") || has("其它")) && has("事项") || has("其他需要报告") || has("其它需要报告")),
            (PartKind::Proceedings, has("复议") && has("诉讼")),
            (PartKind::Requests, request),
            (PartKind::Disclosure, has("主动公开") && has("情况")),
            (PartKind::Problems, (has("问题") || has("不足")) && (has("改进") || has("措施") || has("存在"))),
            (PartKind::Overview, has("总体情况") || has("概述") || heading == "基本情况" || heading == "概况"),
        ];
        kinds.iter().find(|(_, found)| *found).map(|(kind, _)| *kind)
    }
}

/// A heading of a part at a piece.
#[derive(Debug)]
struct Heading {
    at: usize,
    kind: PartKind,
    number: Option<u32>,
    /// Numbered with Chinese numerals, as parts are.
    han: bool,
    text: String,
    /// Characters behind it in its own paragraph.
    behind: u32,
}

/// The parts with the pieces of each, from its heading (excluded) to the next.
pub(super) fn parts(pieces: &[Piece<'_>], taken: &[(usize, TableKind)]) -> Vec<(Part, std::ops::Range<usize>)> {
    let headings = headings(pieces);
    let mut parts = Vec::new();
    for (n, heading) in headings.iter().enumerate() {
        let end = headings.get(n + 1).map_or(pieces.len(), |next| next.at);
        let below = &pieces[heading.at + 1..end];
        let characters: u32 = below.iter().map(|piece| if let Piece::Text(text) = piece { count(text) } else { 0 }).sum();
        let own = taken.iter().any(|(_, kind)| kind.part() == heading.kind);
        let part = Part {
            kind: heading.kind,
            number: heading.number,
            heading: heading.text.clone(),
            characters: characters + heading.behind,
            table: own || below.iter().any(|piece| matches!(piece, Piece::Table)),
            picture: below.iter().any(|piece| matches!(piece, Piece::Picture)),
        };
        parts.push((part, heading.at + 1..end));
    }
    parts
}

fn count(text: &str) -> u32 {
    text.chars().filter(|c| !is_blank(*c)).count() as u32
}

/// Every part's heading, one for each kind.
fn headings(pieces: &[Piece<'_>]) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if let Piece::Text(text) = piece {
            found.extend(heading(at, text));
        }
    }
    // Points of part one are numbered 1. 2. 3.; parts with digits count only where there are none with numerals.
    if found.iter().filter(|h| h.han).count() >= 2 {
        found.retain(|h| h.han || h.number.is_none());
    }
    // A heading without number counts only where its part has none with a number.
    let with: Vec<PartKind> = found.iter().filter(|h| h.number.is_some()).map(|h| h.kind).collect();
    found.retain(|h| h.number.is_some() || !with.contains(&h.kind));
    // Headings that come twice: first in a table of contents, then for the part.
    let empty = |n: usize, all: &[Heading]| {
        let end = all.get(n + 1).map_or(pieces.len(), |next| next.at);
        all[n].behind == 0 && all[n].at + 1 == end
    };
    let mut keep = vec![true; found.len()];
    for kind in PartKind::ALL {
        let same: Vec<usize> = (0..found.len()).filter(|n| found[*n].kind == kind).collect();
        let best = same.iter().rev().find(|n| !empty(**n, &found)).or(same.last()).copied();
        same.iter().filter(|n| Some(**n) != best).for_each(|n| keep[*n] = false);
    }
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next().unwrap_or(true));
    found
}

/// Headings with Chinese numerals that name no part.
pub(super) fn others(pieces: &[Piece<'_>]) -> Vec<OtherHeading> {
    let read = |piece: &Piece<'_>| {
        let Piece::Text(text) = piece else { return None };
        let folded = plain(&shorten(text, 80));
        let (number, rest) = numbered(&folded)?;
        let start: String = rest.chars().take(24).collect();
        let is_short = (2..=30).contains(&rest.chars().count()) && !rest.contains(['。', ';', '；']);
        // A heading that runs on into its text is no heading of ours, and may be the part's all the same.
        let is_heading = !folded.starts_with(|c: char| c.is_ascii_digit())
            && match PartKind::of_heading(&start) {
                Some(_) => heading(0, text).is_none(),
                None => is_short,
            };
        is_heading.then(|| OtherHeading { number, text: shorten(text, 60) })
    };
    pieces.iter().filter_map(read).take(60).collect()
}

fn heading(at: usize, text: &str) -> Option<Heading> {
    let folded = plain(&shorten(text, 120));
    let (number, rest) = numbered(&folded).map_or((None, folded.as_str()), |(number, rest)| (Some(number), rest));
    let clause = rest.split(['。', ':', '；', ';', '!', '…']).next().unwrap_or_default();
    let length = clause.chars().count();
    if !(2..=LONGEST).contains(&length) {
        return None;
    }
    let kind = PartKind::of_heading(clause)?;
    // A sentence that begins with a number is a point, not a heading.
    if clause.contains([',', '，']) && !clause.ends_with("情况") || clause.chars().count() > 26 && kind == PartKind::Overview {
        return None;
    }
    let whole = length == rest.chars().count();
    if number.is_none() && !(whole && is_official(kind, clause)) {
        return None;
    }
    let behind = count(text).saturating_sub(count(&folded[..folded.len() - rest.len() + clause.len()]) + 1);
    let behind = if whole { 0 } else { behind };
    let han = !folded.starts_with(|c: char| c.is_ascii_digit());
    Some(Heading { at, kind, number, han, text: shorten(text, 60), behind })
}

/// Headings that stand without a number are those of the format, word for word.
fn is_official(kind: PartKind, clause: &str) -> bool {
    let official = plain(kind.label());
    clause == official || kind == PartKind::Proceedings && clause == "行政复议、行政诉讼情况"
}

static PROMISE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:由|包括|包含|分为|含)([^。:;；]{8,200}?)(?:等)?[一二三四五六七八九十\d]{1,2}(?:个)?(?:部分|方面|项内容)").ok()
});

/// What the preface says that the report consists of.
pub(super) fn promised(preface: &str, kinds: &[PartKind]) -> Vec<Promise> {
    let folded = plain(preface);
    let Some(found) = PROMISE.as_ref().and_then(|p| p.captures(&folded)) else { return Vec::new() };
    let list = found.get(1).map_or("", |m| m.as_str());
    // The sentence before may hold the word, too: what counts starts at its last one.
    let list = ["由", "包括", "包含"]
        .iter()
        .filter_map(|w| list.rfind(w).map(|at| &list[at + w.len()..]))
        .min_by_key(|l| l.len())
        .unwrap_or(list);
    let mut names: Vec<String> = Vec::new();
    for name in list.split(['、', ',', '，']).flat_map(|n| n.split("以及")).filter(|n| !n.is_empty()) {
        match names.last_mut() {
            Some(last) if last.ends_with("行政复议") && name.starts_with("行政诉讼") => {
                last.push_str(&format!("、{name}"))
            }
            _ => names.push(name.to_owned()),
        }
    }
    names
        .into_iter()
        .take(20)
        .map(|text| {
            let kind = PartKind::of_heading(&text);
            Promise { kept: kind.is_none_or(|kind| kinds.contains(&kind)), kind, text }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(lines: &[&str]) -> Vec<(PartKind, Option<u32>, u32)> {
        let pieces: Vec<Piece<'_>> = lines.iter().map(|line| Piece::Text(line)).collect();
        parts(&pieces, &[]).into_iter().map(|(p, _)| (p.kind, p.number, p.characters)).collect()
    }

    #[test]
    fn parts_of_the_format_and_of_a_converted_page() {
        use PartKind::*;
        assert_eq!(
            kinds(&[
                "一、概述",
                "文字",
                "二、主动公开(kāi)政府信息情况",
                "三、收到和处理政府信息公開(kāi)申請(qǐng)情況",
                "五、存在的主要問(wèn)題及改進(jìn)措施",
                "有三点"
            ]),
            [(Overview, Some(1), 2), (Disclosure, Some(2), 0), (Requests, Some(3), 0), (Problems, Some(5), 3)]
        );
        assert_eq!(kinds(&["六、其他需要报告的事项：无"]), [(Other, Some(6), 1)]);
        let runs_on = [Piece::Text("一、总体情况 2024年我局认真贯彻条例，全年主动公开信息三百条，收到申请十五件，均按期答复")];
        assert_eq!(others(&runs_on).iter().map(|o| o.number).collect::<Vec<_>>(), [1]);
        assert_eq!(kinds(&["总体情况", "甲乙", "其他需要报告的事项", "无"]), [(Overview, None, 2), (Other, None, 1)]);
    }

    #[test]
    fn points_of_a_part_and_a_table_of_contents_are_no_parts() {
        let lines = [
            "一、总体情况",
            "二、主动公开政府信息情况",
            "三、存在的主要问题及改进情况",
            "前言文字",
            "一、总体情况",
            "1.主动公开情况。全年公开信息八条",
            "2.依申请公开情况。收到申请两件",
            "二、主动公开政府信息情况",
            "表",
            "三、存在的主要问题及改进情况",
            "一、主动公开的内容不够深入，存在差距",
            "完",
        ];
        let found = kinds(&lines);
        assert_eq!(found.iter().map(|p| p.1).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)], "{found:?}");
        assert!(found.iter().all(|p| p.2 > 0), "{found:?}");
    }

    #[test]
    fn the_preface_promises_parts() {
        let preface = "本报告根据《条例》编制。报告由概述、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议行政诉讼情况、\
                       政府信息公开工作存在的主要问题及改进措施五个部分组成。";
        let found = promised(preface, &[PartKind::Overview, PartKind::Disclosure, PartKind::Requests, PartKind::Problems]);
        assert_eq!(found.len(), 5, "{found:?}");
        assert_eq!(found.iter().filter(|p| !p.kept).map(|p| p.kind).collect::<Vec<_>>(), [Some(PartKind::Proceedings)]);
        assert!(promised("本报告由办公室编制，如有疑问请联系。", &[]).is_empty());
    }
}
