//! Reads the annual report of a page or of a file.

use super::headings::{self, Piece};
use super::likeness::Sketch;
use super::title::{self, Named};
use super::writing::plain;
use super::{AnnualReport, Form, PartKind, statements, tables};
use crate::facts::attachments::Attachment;
use crate::facts::dates::{self, DateFact, DateOrigin};
use crate::facts::file::{File, Reading};
use crate::facts::header::{Field, MetadataHeader};
use crate::facts::layout::Layout;
use crate::facts::links::Region;
use crate::facts::page_kind::PageKind;
use crate::facts::table::Table;
use crate::facts::table::collect::Collected;
use crate::text::{shorten, squeeze};
use crate::url::CanonicalUrl;
use regex::Regex;
use std::sync::LazyLock;

/// Characters of narrative kept.
const MOST_NARRATIVE: usize = 20_000;
/// Paragraphs looked at.
const MOST_PIECES: usize = 20_000;

/// What the report of a page is read from.
pub(in crate::facts) struct PageSources<'a> {
    /// The page laid out.
    pub(in crate::facts) layout: &'a Layout<'a>,
    /// Its tables.
    pub(in crate::facts) tables: &'a Collected,
    /// Where it is.
    pub(in crate::facts) url: &'a CanonicalUrl,
    /// Title as a reader sees it.
    pub(in crate::facts) title: &'a str,
    /// Its kind.
    pub(in crate::facts) kind: PageKind,
    /// Labelled values.
    pub(in crate::facts) header: &'a MetadataHeader,
    /// Its dates.
    pub(in crate::facts) dates: &'a [DateFact],
    /// Files that it offers.
    pub(in crate::facts) attachments: &'a [Attachment],
}

/// The report that a page holds or offers.
pub(in crate::facts) fn of_page(sources: &PageSources<'_>) -> Option<AnnualReport> {
    let named = title::read(sources.title)?;
    if sources.kind == PageKind::Home {
        return None;
    }
    let pieces = pieces(sources);
    let mut report = AnnualReport::named(sources.url.clone(), sources.title.to_owned());
    fill(&mut report, named, &pieces, &sources.tables.tables);
    report.cut |= sources.layout.tree.cut || pieces.len() >= MOST_PIECES;
    report.files = sources.attachments.iter().map(|a| a.url.clone()).take(50).collect();
    report.files.dedup();
    if report.form != Form::Text {
        // A list of reports is called like one.
        if sources.kind != PageKind::Article || report.year.is_none() {
            return None;
        }
        if !report.files.is_empty() {
            report.form = Form::Attachment;
        }
    }
    if report.body.is_none() {
        report.body = sources.header.value(Field::IssuingBody).filter(|b| title::is_name(b)).map(squeeze);
    }
    report.published = dates::publish_date(sources.dates);
    report.date_shown = sources.dates.iter().any(|d| matches!(d.origin, DateOrigin::VisibleLabel | DateOrigin::VisibleNearTitle));
    let after = |d: &&DateFact| report.year.is_none_or(|year| d.date.year() > year) && d.origin != DateOrigin::NewestRecord;
    report.earliest = sources.dates.iter().filter(after).map(|d| d.date).min();
    Some(report)
}

/// Lines, tables and pictures of the main content in document order.
fn pieces<'a>(sources: &PageSources<'a>) -> Vec<Piece<'a>> {
    let layout = sources.layout;
    let tree = layout.tree;
    let pictures = tree.descendants(layout.body).filter(|id| {
        matches!(tree.name(*id), "img" | "iframe" | "frame" | "object" | "embed" | "canvas" | "svg")
            && layout.region(*id) == Region::Main
            && layout.hidden(*id).is_none()
    });
    let mut pictures = pictures.map(|id| layout.order(id)).peekable();
    let mut pieces = Vec::new();
    let mut table = None;
    for line in layout.lines.iter().filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main) {
        while pictures.peek().is_some_and(|order| *order < layout.order(line.node)) {
            pictures.next();
            pieces.push(Piece::Picture);
        }
        match sources.tables.owner(line.node) {
            Some(index) if table == Some(index) => {}
            Some(index) => {
                table = Some(index);
                pieces.push(Piece::Table);
            }
            None => pieces.push(Piece::Text(&line.text)),
        }
        if pieces.len() >= MOST_PIECES {
            break;
        }
    }
    pieces.extend(pictures.take(1).map(|_| Piece::Picture));
    pieces
}

/// The report that a file holds. Its text may hold the words of its tables, too.
pub(in crate::facts) fn of_file(file: &File) -> Option<AnnualReport> {
    if file.reading != Reading::Read || file.text.is_empty() {
        return None;
    }
    let (title, named) = title_of_file(file)?;
    let pieces: Vec<Piece<'_>> = file.text.iter().take(MOST_PIECES).map(|text| Piece::Text(text)).collect();
    let mut report = AnnualReport::named(file.url.clone(), title);
    fill(&mut report, named, &pieces, &file.tables);
    if report.form != Form::Text {
        return None;
    }
    // What a file shows as a picture is not known here.
    if file.scanned_pages.is_some_and(|pages| pages > 0) {
        report.parts.iter_mut().for_each(|part| part.picture = true);
    }
    report.cut |= file.cut;
    report.from_file = true;
    report.page = file.via.clone().unwrap_or_else(|| file.url.clone());
    Some(report)
}

/// The title on the first page of a file, joined when it stands in two or three lines; else the name of its link.
fn title_of_file(file: &File) -> Option<(String, Named)> {
    let lines: Vec<&str> = file.text.iter().map(String::as_str).take(12).collect();
    for (n, line) in lines.iter().enumerate() {
        let folded = plain(&shorten(line, 120));
        let ends = ["年度报告", "年报", "年度工作报告"].iter().any(|end| folded.ends_with(end));
        if !ends || folded.chars().count() > 60 {
            continue;
        }
        let above =
            |back: usize| n.checked_sub(back).map(|n| lines[n]).filter(|l| l.chars().count() <= 30 && !l.contains(['。', '，']));
        let two = above(1).map(|first| format!("{first}{line}"));
        let three = above(2).zip(above(1)).map(|(first, second)| format!("{first}{second}{line}"));
        let candidates = [Some((*line).to_owned()), two, three];
        let mut read = candidates.into_iter().flatten().filter_map(|title| title::read(&title).map(|named| (title, named)));
        let first = read.next();
        // The body may stand on the line above.
        return match first {
            Some((title, named)) if named.body.is_none() || named.year.is_none() => {
                let better = read.find(|(_, n)| n.body.is_some() && n.year.is_some());
                Some(better.unwrap_or((title, named)))
            }
            other => other,
        };
    }
    let name = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    title::read(name).map(|named| (name.to_owned(), named))
}

static COMPILED_BY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"由([^，。,、]{3,30}?)(?:根据|依据|按照|依照|编制|负责)").ok());

/// Parts, tables and figures.
fn fill(report: &mut AnnualReport, named: Named, pieces: &[Piece<'_>], all: &[Table]) {
    let (found, taken) = tables::find(all);
    let parts = headings::parts(pieces, &taken);
    let first = parts.first().map_or(pieces.len().min(30), |(_, range)| range.start.saturating_sub(1));
    let text = |range: std::ops::Range<usize>| {
        pieces[range].iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(*text) } else { None })
    };
    report.period = statements::period(text(0..first));
    report.year = named.year.or(report.period.as_ref().map(|p| p.from.year()));
    report.body = named.body.or_else(|| {
        let preface: Vec<String> = text(0..first).map(plain).collect();
        let found = preface.iter().find_map(|line| COMPILED_BY.as_ref()?.captures(line).map(|c| c[1].to_owned()));
        found.filter(|name| title::is_name(name))
    });
    let is_report = parts.len() >= 3 || parts.len() == 2 && !found.is_empty();
    report.form = if is_report { Form::Text } else { Form::Unread };
    if !is_report {
        return;
    }
    let kinds: Vec<PartKind> = parts.iter().map(|(part, _)| part.kind).collect();
    report.promised = text(0..first).map(|line| headings::promised(line, &kinds)).find(|p| p.len() > 1).unwrap_or_default();
    let of = |kind: PartKind| parts.iter().find(|(part, _)| part.kind == kind).map_or(0..0, |(_, range)| range.clone());
    report.statements = statements::statements(text(of(PartKind::Overview)));
    let mut characters = 0;
    for kind in [PartKind::Overview, PartKind::Problems, PartKind::Other] {
        for line in text(of(kind)).filter(|line| line.chars().count() > 8) {
            characters += line.chars().count();
            if characters <= MOST_NARRATIVE {
                report.narrative.push(line.to_owned());
            }
        }
    }
    report.sketch = Sketch::of(&report.narrative);
    report.cut |= taken.iter().any(|(index, _)| all[*index].cut);
    report.tables = found;
    report.others = headings::others(pieces);
    report.parts = parts.into_iter().map(|(part, _)| part).collect();
}
