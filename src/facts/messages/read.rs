//! Finds messages in tables, in lists and on pages of letters.

use super::words::{ANSWER, ANSWERED, CREATED, OPEN, REPLIED, REQUESTED, STATE, SUBJECT};
use super::{Message, MessageKind, ReplyState};
use crate::facts::dates::written;
use crate::facts::layout::Layout;
use crate::facts::links::{Region, Resolver};
use crate::facts::tree::{Id, NONE};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use jiff::civil::Date;

/// Most messages kept of one page.
const MAX_MESSAGES: usize = 300;
/// Most rows of lists looked at on one page.
const MAX_ROWS: usize = 5_000;
/// A table of messages has its headings in one of its first rows.
const HEADING_ROWS: usize = 5;
/// Longest row.
const MAX_ROW: usize = 600;

/// Every message that the page shows.
pub(in crate::facts) fn read(layout: &Layout<'_>, resolver: &Resolver, url: &CanonicalUrl) -> Vec<Message> {
    let tree = layout.tree;
    let mut found = Vec::new();
    let mut rows = MAX_ROWS;
    for id in tree.descendants(layout.body) {
        if found.len() >= MAX_MESSAGES || rows == 0 {
            break;
        }
        match tree.name(id) {
            "table" if layout.region(id) == Region::Main => table(layout, resolver, id, &mut found),
            "ul" | "ol" if layout.region(id) == Region::Main => list(layout, resolver, id, &mut rows, &mut found),
            _ => {}
        }
    }
    if found.is_empty() {
        found.extend(letter(layout, url));
    }
    found.truncate(MAX_MESSAGES);
    found
}

fn label(text: &str) -> String {
    fold(text).trim_matches([':', '[', ']', '【', '】', '(', ')']).to_owned()
}

fn is(label: &str, any: &[&str]) -> bool {
    any.contains(&label)
}

fn cells(layout: &Layout<'_>, row: Id) -> Vec<Id> {
    let tree = layout.tree;
    let mut cells = Vec::new();
    let mut cell = tree.first(row);
    while cell != NONE && cells.len() < 30 {
        if matches!(tree.name(cell), "td" | "th") {
            cells.push(cell);
        }
        cell = tree.next(cell);
    }
    cells
}

#[derive(Default)]
struct Heads {
    subject: Option<usize>,
    created: Option<usize>,
    request: bool,
    replied: Option<usize>,
    state: Option<usize>,
    width: usize,
}

fn heads(layout: &Layout<'_>, row: Id) -> Option<Heads> {
    let mut heads = Heads::default();
    for (at, cell) in cells(layout, row).into_iter().enumerate() {
        heads.width = at + 1;
        if layout.weight(cell).text > 12 {
            continue;
        }
        let label = label(&layout.text(cell, 80));
        let slot = if is(&label, &CREATED) {
            &mut heads.created
        } else if is(&label, &REQUESTED) {
            heads.request = true;
            &mut heads.created
        } else if is(&label, &REPLIED) {
            &mut heads.replied
        } else if is(&label, &STATE) {
            &mut heads.state
        } else if is(&label, &SUBJECT) {
            &mut heads.subject
        } else {
            continue;
        };
        slot.get_or_insert(at);
    }
    (heads.created.is_some() && (heads.replied.is_some() || heads.state.is_some())).then_some(heads)
}

fn table(layout: &Layout<'_>, resolver: &Resolver, table: Id, out: &mut Vec<Message>) {
    let tree = layout.tree;
    let mut heading: Option<Heads> = None;
    let mut above = 0;
    let mut rows = Vec::new();
    let mut at = tree.first(table);
    while at != NONE {
        if tree.name(at) == "tr" {
            match &heading {
                None => {
                    heading = heads(layout, at);
                    above += 1;
                }
                Some(_) => rows.push(at),
            }
            if heading.is_none() && above >= HEADING_ROWS || rows.len() >= MAX_MESSAGES {
                break;
            }
            at = tree.following_outside(at, table);
        } else if matches!(tree.name(at), "thead" | "tbody" | "tfoot") {
            at = tree.following(at, table);
        } else {
            at = tree.following_outside(at, table);
        }
    }
    let Some(heading) = heading else { return };
    let mut messages = Vec::new();
    let mut replies_dated = 0;
    for row in rows {
        let cells = cells(layout, row);
        if cells.len() != heading.width {
            continue;
        }
        let text = |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|c| layout.text(*c, 1_200)).unwrap_or_default();
        let day = |at: Option<usize>| written::first(&text(at)).map(|f| f.date);
        let Some(created) = day(heading.created) else { continue };
        let replied = day(heading.replied);
        replies_dated += usize::from(replied.is_some());
        let link = tree
            .descendants(row)
            .take(300)
            .find(|n| tree.name(*n) == "a" && tree.attr(*n, "href").is_some_and(|h| !h.starts_with(['#', 'j'])));
        let subject = heading.subject.map_or_else(|| link.map(|a| layout.text(a, 600)).unwrap_or_default(), |at| text(Some(at)));
        let state = match state_of(&text(heading.state)) {
            ReplyState::Unknown if replied.is_some() => ReplyState::Answered,
            state => state,
        };
        messages.push(Message {
            kind: if heading.request { MessageKind::Request } else { MessageKind::Letter },
            subject: shorten(&subject, 120),
            url: link.and_then(|a| tree.attr(a, "href")).and_then(|h| resolver.resolve(h)),
            created: Some(created),
            replied,
            state,
            text: shorten(&layout.text(row, 900), 200),
            line: tree.element(row).map(|e| e.line),
        });
    }
    // Where other rows give the day of their answer, a row without one has none; but only where no answer stands in another cell.
    if replies_dated > 0 && heading.state.is_none() {
        for message in messages.iter_mut().filter(|m| m.state == ReplyState::Unknown) {
            let folded = fold(&message.text);
            let answers = ["回复", "答复", "您好", "你好", "感谢", "收悉"].iter().any(|w| folded.contains(w));
            message.state = if answers { ReplyState::Unknown } else { ReplyState::Open };
        }
    }
    out.append(&mut messages);
}

fn state_of(text: &str) -> ReplyState {
    let folded = label(text);
    if is(&folded, &ANSWERED) {
        ReplyState::Answered
    } else if is(&folded, &OPEN) {
        ReplyState::Open
    } else {
        ReplyState::Unknown
    }
}

/// Rows that each say whether they are answered.
fn list(layout: &Layout<'_>, resolver: &Resolver, list: Id, budget: &mut usize, out: &mut Vec<Message>) {
    let tree = layout.tree;
    let mut messages = Vec::new();
    let (mut rows, mut stated) = (0, 0);
    let mut row = tree.first(list);
    while row != NONE && rows < MAX_MESSAGES && *budget > 0 {
        if tree.name(row) == "li" && layout.weight(row).text > 0 && layout.weight(row).text <= MAX_ROW as u32 {
            rows += 1;
            *budget -= 1;
            if let Some(state) = stated_in(layout, row) {
                stated += 1;
                messages.extend(list_row(layout, resolver, row, state));
            }
        }
        row = tree.next(row);
    }
    // All rows but a heading: anything less is a list of something else.
    if stated >= 1 && stated + 1 >= rows {
        out.append(&mut messages);
    }
}

fn list_row(layout: &Layout<'_>, resolver: &Resolver, row: Id, state: ReplyState) -> Option<Message> {
    let tree = layout.tree;
    let whole = layout.text(row, 2_400);
    let mut dates: Vec<(String, Date)> = Vec::new();
    let mut rest = whole.as_str();
    while let Some(found) = written::first(rest)
        && dates.len() < 3
    {
        let ahead: String =
            fold(&rest[..found.range.start]).chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        dates.push((ahead, found.date));
        rest = &rest[found.range.end..];
    }
    let labelled = |any: &[&str]| dates.iter().find(|(ahead, _)| any.iter().any(|l| ahead.contains(l))).map(|(_, d)| *d);
    let replied = labelled(&REPLIED);
    // One date without a label is the day of asking only while nothing is answered: later it may be the day of the answer.
    let created = labelled(&CREATED).or(match (dates.as_slice(), state) {
        ([(_, only)], ReplyState::Open) => Some(*only),
        _ => None,
    })?;
    let link = tree
        .descendants(row)
        .take(300)
        .find(|n| tree.name(*n) == "a" && tree.attr(*n, "href").is_some_and(|h| !h.starts_with(['#', 'j'])))?;
    let title =
        tree.attr(link, "title").map(str::to_owned).filter(|t| !t.trim().is_empty()).unwrap_or_else(|| layout.text(link, 600));
    Some(Message {
        kind: MessageKind::Letter,
        subject: shorten(&title, 120),
        url: tree.attr(link, "href").and_then(|h| resolver.resolve(h)),
        created: Some(created),
        replied,
        state,
        text: shorten(&whole, 200),
        line: tree.element(row).map(|e| e.line),
    })
}

/// An element of the row that says the state and nothing else.
fn stated_in(layout: &Layout<'_>, row: Id) -> Option<ReplyState> {
    let tree = layout.tree;
    tree.descendants(row)
        .skip(1)
        .take(200)
        .filter(|n| tree.element(*n).is_some() && (2..=8).contains(&layout.weight(*n).text))
        .map(|n| layout.text(n, 60))
        .filter(|text| label(text).chars().count() >= 3)
        .map(|text| state_of(&text))
        .find(|state| *state != ReplyState::Unknown)
}

/// A page of one letter: its day and its answer under their labels.
fn letter(layout: &Layout<'_>, url: &CanonicalUrl) -> Option<Message> {
    let lines: Vec<&crate::facts::layout::Line> = layout
        .lines
        .iter()
        .filter(|l| l.hidden.is_none() && layout.region(l.node) == Region::Main && l.text.len() < 3_000)
        .take(400)
        .collect();
    let mut created: Option<(Date, String, Option<u32>)> = None;
    let (mut replied, mut answer, mut subject) = (None, None, None);
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map(|l| l.text.as_str()).unwrap_or_default();
        for (word, value) in labelled(&line.text, next) {
            if is(&word, &CREATED) {
                if let Some(found) = written::first(&value).filter(|f| f.range.start < 12) {
                    let source = layout.tree.element(line.node).map(|e| e.line);
                    created.get_or_insert((found.date, shorten(&line.text, 100), source));
                }
            } else if is(&word, &REPLIED) {
                replied = replied.or_else(|| written::first(&value).map(|f| f.date));
            } else if is(&word, &ANSWER) {
                let none = ["暂无", "暂未", "尚未", "未回复", "无"].iter().any(|w| {
                    fold(&value) == *w
                        || fold(&value).starts_with("暂无")
                        || fold(&value).starts_with("暂未")
                        || fold(&value).starts_with("尚未")
                });
                answer = answer.or(Some(if value.is_empty() || none { ReplyState::Open } else { ReplyState::Answered }));
            } else if is(&word, &STATE) {
                answer = answer.or(Some(state_of(&value)).filter(|s| *s != ReplyState::Unknown));
            } else if is(&word, &SUBJECT) && !value.is_empty() {
                subject = subject.or(Some(shorten(&value, 120)));
            }
        }
    }
    let (created, text, line) = created?;
    let state = if replied.is_some() { ReplyState::Answered } else { answer.unwrap_or(ReplyState::Unknown) };
    // Neither answer nor state: the page may be a letter, or anything with a day of sending.
    if answer.is_none() && replied.is_none() {
        return None;
    }
    Some(Message {
        kind: MessageKind::Letter,
        subject: subject.unwrap_or_default(),
        url: Some(url.clone()),
        created: Some(created),
        replied,
        state,
        text,
        line,
    })
}

/// Labels with their values on a line: each word before a colon; a line that is one known label has its value on the next one.
fn labelled(line: &str, next: &str) -> Vec<(String, String)> {
    let known =
        |word: &str| is(word, &CREATED) || is(word, &REPLIED) || is(word, &ANSWER) || is(word, &STATE) || is(word, &SUBJECT);
    let whole = label(line);
    if known(&whole) {
        let other = label(next.split([':', '：']).next().unwrap_or_default());
        return vec![(whole, if known(&other) || next.chars().count() <= 1 { String::new() } else { next.to_owned() })];
    }
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    for (at, colon) in line.match_indices([':', '：']).take(12) {
        let before = line[..at].trim_end();
        let word = before
            .rsplit(|c: char| c.is_whitespace() || matches!(c, '|' | '，' | '。' | '；' | '】' | '[' | '【' | '(' | '（'))
            .next()
            .unwrap_or_default();
        let name = label(word);
        if known(&name) {
            found.push((name, before.len() - word.len(), at + colon.len()));
        }
    }
    let ends: Vec<usize> = found.iter().skip(1).map(|f| f.1).chain([line.len()]).collect();
    found
        .into_iter()
        .zip(ends)
        .map(|((name, _, from), end)| {
            let value = line[from..end.max(from)].trim().to_owned();
            let other = label(next.split([':', '：']).next().unwrap_or_default());
            let value = if value.is_empty() && end == line.len() && !known(&other) { next.to_owned() } else { value };
            (name, value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tree::Tree;
    use jiff::civil::date;

    fn messages(source: &str) -> Vec<Message> {
        let tree = Tree::parse(source);
        let layout = Layout::of(&tree);
        let url = CanonicalUrl::parse("http://www.a.gov.cn/hd/").unwrap();
        read(&layout, &Resolver::new(&layout, &url, encoding_rs::UTF_8), &url)
    }

    #[test]
    fn tables_with_headings() {
        let found = messages(
            "<table><tr><th>序号</th><th>信件标题</th><th>来信时间</th><th>办理状态</th></tr>\
             <tr><td>1</td><td><a href=1.html>户口迁移问题</a></td><td>2025-06-01</td><td>未回复</td></tr>\
             <tr><td>2</td><td><a href=2.html>居住证问题</a></td><td>2025-06-02</td><td>[已回复]</td></tr></table>",
        );
        let seen: Vec<_> = found.iter().map(|m| (m.subject.as_str(), m.created.unwrap(), m.state)).collect();
        assert_eq!(
            seen,
            [("户口迁移问题", date(2025, 6, 1), ReplyState::Open), ("居住证问题", date(2025, 6, 2), ReplyState::Answered)]
        );
        let replies = messages(
            "<table><tr><td>标题</td><td>留言时间</td><td>回复时间</td></tr><tr><td>甲</td><td>2025-06-01</td><td></td></tr>\
             <tr><td>乙。回复：您好</td><td>2025-06-01</td><td></td></tr><tr><td>丙</td><td>2025-06-01</td><td>2025-06-09</td></tr></table>",
        );
        let states: Vec<_> = replies.iter().map(|m| m.state).collect();
        assert_eq!(states, [ReplyState::Open, ReplyState::Unknown, ReplyState::Answered]);
        // A list of anything else.
        assert_eq!(messages("<table><tr><td>标题</td><td>日期</td></tr><tr><td>甲</td><td>2025-06-01</td></tr></table>"), []);
    }

    #[test]
    fn lists_and_letters() {
        let found = messages(
            "<ul><li><a href=1.html>关于落户</a><span>2025-06-01</span><em>未回复</em></li><li><a href=2.html>关于迁移</a><span>2025-06-03</span><em>已回复</em></li></ul>",
        );
        // The answered row has one date: nobody knows of what.
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].state, found[0].created), (ReplyState::Open, Some(date(2025, 6, 1))));
        let row =
            |n: u32, state: &str| format!("<li><a href={n}.html>第{n}封来信</a><span>2025-06-01</span><em>{state}</em></li>");
        let many: String = (0..9).map(|n| row(n, if n == 4 { "未回复" } else { "已回复" })).collect();
        assert_eq!(messages(&format!("<ul>{many}</ul>")).len(), 1);
        // Rows that say no state: another kind of list.
        assert_eq!(messages(&format!("<ul>{}{}</ul>", row(1, "未回复"), row(2, "3").repeat(4))), []);
        let letter = messages(
            "<table><tr><td>信件标题：</td><td>关于落户</td></tr><tr><td>来信时间：</td><td>2025-06-01</td></tr><tr><td>回复内容：</td><td>您好</td></tr><tr><td>回复时间：</td><td>2025-06-20</td></tr></table>",
        );
        assert_eq!((letter.len(), letter[0].replied, letter[0].subject.as_str()), (1, Some(date(2025, 6, 20)), "关于落户"));
        let open = messages("<p>留言时间：2025-06-01 10:20</p><p>留言内容：何时办理？</p><p>回复内容：</p><p>回复时间：</p>");
        assert_eq!(open[0].state, ReplyState::Open);
        assert_eq!(messages("<p>提交时间：2025-06-01</p><p>正文</p>"), []);
    }
}
