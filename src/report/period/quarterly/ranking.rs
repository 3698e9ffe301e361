//! Rankings, group by group on a page and all together in a workbook; with the period before, by its own checklist and by the one of now.

use super::super::outline::{Block, Cell, Chart, ChartKind, Head, Mark, Section, Shown, Table, Tongue, Value, harmless};
use super::super::words::{self, Titles};
use super::super::{Before, Group, Prediction, Quarterly, Ratio, Standing};
use crate::finding::Language;
use std::collections::BTreeMap;

/// Units of a ranking that are drawn in a workbook.
const DRAWN: usize = 40;
/// Rankings that a terminal shows.
const BRIEF_GROUPS: usize = 2;

/// What is predicted of each unit on a site, in a pre-assessment.
pub type Predictions<'a> = BTreeMap<(&'a str, &'a str), Prediction>;

/// How a report of one kind tells verdicts.
#[derive(Clone, Copy)]
struct Manner<'a> {
    tongue: Tongue,
    predictions: Option<&'a Predictions<'a>>,
}

impl Manner<'_> {
    fn verdict(self, standing: &Standing) -> Cell {
        let (text, mark) = words::verdict(&standing.verdict, standing.score.is_some(), self.predictions.is_some());
        let prediction = self.predictions.and_then(|known| known.get(&(standing.unit.as_str(), standing.site.as_str())));
        match prediction {
            // Who reaches the line while a veto item is open has reached nothing yet.
            Some(open) if standing.verdict == "passed" && *open != Prediction::NoVetoFound => {
                let (told, open) = words::prediction(*open);
                let both = format!("{}{}{}", text.get(self.tongue.0), self.tongue.say("，", ", "), told.get(self.tongue.0));
                Cell::said(&both, open)
            }
            _ => Cell::said(text.get(self.tongue.0), mark),
        }
    }
}

/// A section for each group, then what a workbook holds of all.
pub fn sections(report: &Quarterly, predictions: Option<&Predictions<'_>>, tongue: Tongue, titles: &mut Titles) -> Vec<Section> {
    let manner = Manner { tongue, predictions };
    let mut sections: Vec<Section> = report
        .groups
        .iter()
        .enumerate()
        .map(|(at, group)| Section {
            id: format!("group-{}", at + 1),
            title: format!("{}{}", tongue.say("排名：", "Ranking: "), named(group, titles, tongue)),
            lead: leads(group, manner),
            blocks: on_page(group, at < BRIEF_GROUPS, manner),
        })
        .collect();
    if sections.is_empty() {
        sections.push(Section {
            id: "group-1".into(),
            title: tongue.own("排名", "Ranking"),
            lead: Vec::new(),
            blocks: vec![Block::Note(
                Mark::Warning,
                tongue.own("本期没有可以评分的检查。", "Nothing was scored in this period."),
            )],
        });
    }
    sections.push(in_book(report, manner, titles));
    sections
}

fn named(group: &Group, titles: &mut Titles, tongue: Tongue) -> String {
    let (title, kind) = (titles.checklist(&group.checklist), titles.kind(group.kind.as_deref()));
    match tongue.0 {
        Language::Zh => format!("{}（{}）", harmless(&title), harmless(&kind)),
        Language::En => format!("{} ({})", harmless(&title), harmless(&kind)),
    }
}

fn leads(group: &Group, manner: Manner<'_>) -> Vec<String> {
    let tongue = manner.tongue;
    let verdicts: Vec<String> = group
        .verdicts
        .iter()
        .map(|(word, count)| {
            let scored = group.ranked.iter().any(|standing| standing.verdict == *word);
            let (text, _) = words::verdict(word, scored, manner.predictions.is_some());
            format!("{} {count}", harmless(text.get(tongue.0)))
        })
        .collect();
    let digest: String = harmless(&group.sha256).chars().take(12).collect();
    let version = harmless(&group.version);
    let mut told = vec![match tongue.0 {
        Language::Zh => format!("清单版本 {version}（摘要 {digest}）；{}", verdicts.join("，")),
        Language::En => format!("Checklist version {version} (digest {digest}); {}", verdicts.join(", ")),
    }];
    let mean = group.mean.map(|mean| Value::Points(mean).text());
    let ranked = group.ranked.len();
    let rate = group.pass_rate.text();
    let scored = !group.ranked.is_empty() || group.vetoed.iter().any(|standing| standing.score.is_some());
    let rate = match (tongue.0, manner.predictions.is_some(), scored) {
        (Language::Zh, false, true) => format!("合格率 {rate}"),
        (Language::Zh, true, true) => format!("得分达线率 {rate}"),
        (Language::Zh, _, false) => format!("符合率 {rate}"),
        (Language::En, false, true) => format!("pass rate {rate}"),
        (Language::En, true, true) => format!("at or above the line {rate}"),
        (Language::En, _, false) => format!("requirements met {rate}"),
    };
    told.push(match (tongue.0, mean) {
        (Language::Zh, Some(mean)) => format!("{rate}；参加排名 {ranked} 个单位，平均得分 {mean}。"),
        (Language::Zh, None) => format!("{rate}；没有参加排名的单位。"),
        (Language::En, Some(mean)) => format!("{rate}; {ranked} units ranked, mean score {mean}."),
        (Language::En, None) => format!("{rate}; no unit is ranked."),
    });
    told
}

fn on_page(group: &Group, brief: bool, manner: Manner<'_>) -> Vec<Block> {
    let tongue = manner.tongue;
    let mut blocks = Vec::new();
    if !group.ranked.is_empty() {
        let mut bands = bands(group, tongue);
        bands.charts = vec![band_chart(0..bands.rows.len(), 0, 1, Some(2), ChartKind::Bars, tongue.own("得分分布", "Scores"))];
        blocks.push(Block::Table(bands));
        blocks.push(Block::Table(Table {
            heads: heads(tongue),
            rows: group.ranked.iter().map(|standing| cells(standing, manner)).collect(),
            brief: if brief { 5 } else { 0 },
            shown: Shown::OnPage,
            wide: true,
            ..Table::default()
        }));
    }
    if !group.vetoed.is_empty() {
        // They have no rank.
        let rows = group.vetoed.iter().map(|standing| cells(standing, manner).into_iter().skip(1).collect());
        blocks.push(Block::Table(Table {
            caption: Some(tongue.own("单项否决（不参加排名）", "Vetoed (not ranked)")),
            heads: heads(tongue).into_iter().skip(1).collect(),
            rows: rows.collect(),
            listed: brief,
            shown: Shown::OnPage,
            wide: true,
            ..Table::default()
        }));
    }
    if !group.unrated.is_empty() {
        blocks.push(Block::Table(Table {
            caption: Some(tongue.own("未评（不是末位）", "Not rated (not last)")),
            heads: unrated_heads(tongue),
            rows: group.unrated.iter().map(|standing| unrated(standing, manner)).collect(),
            listed: brief,
            shown: Shown::OnPage,
            ..Table::default()
        }));
    }
    let per_page = per_page(std::iter::once(group), tongue, None);
    if !per_page.rows.is_empty() {
        blocks.push(Block::Table(Table { shown: Shown::OnPage, ..per_page }));
    }
    blocks
}

/// Units by score.
fn bands(group: &Group, tongue: Tongue) -> Table {
    let all = group.ranked.len() as u64;
    let mut above: Option<u32> = None;
    let mut rows = Vec::new();
    for (least, count) in &group.bands {
        let name = match (above, tongue.0) {
            (None, Language::Zh) => format!("{least}% 及以上"),
            (None, Language::En) => format!("{least}% or more"),
            (Some(above), Language::Zh) => format!("{least}%–{above}% 以下"),
            (Some(above), Language::En) => format!("{least}% to below {above}%"),
        };
        above = Some(*least);
        rows.push(vec![Cell::text(&name), Cell::count(*count, Mark::Plain), Ratio::new(*count, all).into()]);
    }
    Table {
        caption: None,
        heads: vec![
            Head::words(tongue.say("得分占满分", "Score of the full mark"), 22.0),
            Head::figures(tongue.say("单位", "Units")),
            Head::share(tongue.say("占比", "Share")),
        ],
        rows,
        drawn: true,
        shown: Shown::OnPage,
        ..Table::default()
    }
}

fn band_chart(
    rows: std::ops::Range<usize>,
    label: usize,
    value: usize,
    told: Option<usize>,
    kind: ChartKind,
    title: String,
) -> Chart {
    Chart {
        title,
        kind,
        label,
        values: vec![value],
        marks: vec![Mark::Plain],
        told,
        rows,
        top: None,
        in_book: kind == ChartKind::Columns,
    }
}

fn heads(tongue: Tongue) -> Vec<Head> {
    vec![
        Head::figures(tongue.say("名次", "Rank")).first(),
        Head::words(tongue.say("单位", "Unit"), 30.0).first(),
        Head::words(tongue.say("网站", "Site"), 16.0),
        Head::figures(tongue.say("得分", "Score")).first(),
        Head::figures(tongue.say("满分", "Out of")),
        Head::figures(tongue.say("覆盖率", "Coverage")),
        Head::words(tongue.say("结论", "Verdict"), 24.0).first(),
        Head::figures(tongue.say("问题", "Findings")),
        Head::figures(tongue.say("上期得分", "Score before")),
        Head::words(tongue.say("上期清单", "Checklist before"), 12.0),
        Head::figures(tongue.say("上期按现清单", "Before, by this one")),
        Head::figures(tongue.say("得分变化", "Change")).first(),
        Head::figures(tongue.say("上期名次", "Rank before")),
        Head::figures(tongue.say("名次变化", "Ranks up")),
    ]
}

fn points(score: Option<f64>) -> Cell {
    score.map(|score| Cell::from(Value::Points(score))).into()
}

/// A unit in its row.
fn cells(standing: &Standing, manner: Manner<'_>) -> Vec<Cell> {
    let tongue = manner.tongue;
    let before = standing.before.as_ref();
    let same = before.is_some_and(|before| !before.other_checklist);
    // Points of two checklists are not compared: the run of then has to be judged by the checklist of now.
    let base = before.and_then(|before| if before.other_checklist { before.again } else { before.score });
    let change = standing.score.zip(base).map(|(now, then)| now - then);
    let ranks = before.and_then(|before| before.rank).filter(|_| same).zip(standing.rank);
    let ranks = ranks.map(|(then, now)| then as f64 - now as f64);
    let moved = |change: Option<f64>| match change {
        Some(change) if change > 0.00005 => Cell::marked(Value::Change(change), Mark::Good),
        Some(change) if change < -0.00005 => Cell::marked(Value::Change(change), Mark::Bad),
        Some(change) => Cell::marked(Value::Change(change), Mark::Quiet),
        None => Cell { value: Value::None, mark: Mark::Quiet },
    };
    let list = match before {
        None => Cell { value: Value::None, mark: Mark::Quiet },
        Some(Before { other_checklist: false, .. }) => Cell::said(tongue.say("相同", "the same"), Mark::Quiet),
        Some(Before { other_checklist: true, .. }) => Cell::said(tongue.say("不同", "another"), Mark::Warning),
    };
    vec![
        standing.rank.into(),
        Cell::text(&standing.name),
        Cell::text(&standing.site),
        points(standing.score),
        points(standing.out_of),
        Value::Percent(standing.coverage).into(),
        manner.verdict(standing),
        standing.findings.into(),
        points(before.and_then(|before| before.score)),
        list,
        points(before.filter(|before| before.other_checklist).and_then(|before| before.again)),
        moved(change),
        before.and_then(|before| before.rank).into(),
        moved(ranks),
    ]
}

fn unrated_heads(tongue: Tongue) -> Vec<Head> {
    vec![
        Head::words(tongue.say("单位", "Unit"), 30.0).first(),
        Head::words(tongue.say("网站", "Site"), 16.0),
        Head::words(tongue.say("结论", "Verdict"), 18.0).first(),
        Head::words(tongue.say("原因", "Cause"), 56.0).first(),
        Head::figures(tongue.say("覆盖率", "Coverage")),
        Head::figures(tongue.say("问题", "Findings")),
    ]
}

fn unrated(standing: &Standing, manner: Manner<'_>) -> Vec<Cell> {
    let why = standing.why.as_ref().map(|why| why.get(manner.tongue.0)).unwrap_or_default();
    // The cause of a site without a run is said in both languages at once.
    let (said, rest) = why.split_once(['：', ':']).unwrap_or(("", why));
    let why = match (said, standing.verdict.as_str()) {
        (said, "not-run") if !said.is_empty() => words::half(rest.trim(), manner.tongue.0),
        _ => why,
    };
    vec![
        Cell::text(&standing.name),
        Cell::text(&standing.site),
        manner.verdict(standing),
        Cell::text(why),
        if standing.verdict == "not-run" { Cell::default() } else { Value::Percent(standing.coverage).into() },
        standing.findings.into(),
    ]
}

/// Items about pages, told per 1,000 pages.
fn per_page<'a>(groups: impl Iterator<Item = &'a Group>, tongue: Tongue, titles: Option<&mut Titles>) -> Table {
    let mut rows = Vec::new();
    let mut titles = titles;
    for group in groups {
        for standing in group.ranked.iter().chain(&group.vetoed).chain(&group.unrated) {
            for (item, pages) in &standing.per_page {
                let rate =
                    (pages.of > 0).then(|| (u128::from(pages.part) * 10_000 + u128::from(pages.of) / 2) / u128::from(pages.of));
                let item = titles.as_mut().map_or_else(|| item.clone(), |titles| titles.item(&group.checklist, item));
                rows.push(vec![
                    Cell::text(&standing.name),
                    Cell::text(&item),
                    (*pages).into(),
                    rate.map(|tenths| Cell::from(Value::Points(tenths as f64 / 10.0))).into(),
                ]);
            }
        }
    }
    Table {
        sheet: tongue.own("每千页", "Per 1,000 pages"),
        caption: Some(tongue.own("每千页问题页数", "Failed pages per 1,000")),
        heads: vec![
            Head::words(tongue.say("单位", "Unit"), 30.0),
            Head::words(tongue.say("指标", "Item"), 50.0),
            Head::share(tongue.say("问题页/判定页", "Failed / judged pages")),
            Head::figures(tongue.say("每千页", "Per 1,000")),
        ],
        rows,
        ..Table::default()
    }
}

/// Every group in one table each: what a workbook can filter.
fn in_book(report: &Quarterly, manner: Manner<'_>, titles: &mut Titles) -> Section {
    let tongue = manner.tongue;
    let group_heads = || {
        vec![
            Head::words(tongue.say("清单", "Checklist"), 34.0),
            Head::words(tongue.say("版本", "Version"), 10.0),
            Head::words(tongue.say("类别", "Kind"), 14.0),
        ]
    };
    let table = |sheet: &str, heads: Vec<Head>, empty: &str| Table {
        sheet: sheet.to_owned(),
        heads: group_heads().into_iter().chain(heads).collect(),
        empty: empty.to_owned(),
        shown: Shown::InBook,
        ..Table::default()
    };
    let nobody = tongue.say("没有。", "None.");
    let mut ranked = table(tongue.say("排名", "Ranking"), heads(tongue), nobody);
    let mut spread = table(tongue.say("得分分布", "Scores"), bands_heads(tongue), nobody);
    let mut vetoed = table(tongue.say("单项否决", "Vetoed"), heads(tongue), nobody);
    let mut left = table(tongue.say("未评", "Not rated"), unrated_heads(tongue), nobody);
    for group in &report.groups {
        let name = named(group, titles, tongue);
        let (checklist, kind) = (titles.checklist(&group.checklist), titles.kind(group.kind.as_deref()));
        let keyed = |cells: Vec<Cell>| {
            let key = [Cell::text(&checklist), Cell::text(&group.version), Cell::text(&kind)];
            key.into_iter().chain(cells).collect::<Vec<Cell>>()
        };
        if !group.ranked.is_empty() {
            let from = ranked.rows.len();
            ranked.rows.extend(group.ranked.iter().map(|standing| keyed(cells(standing, manner))));
            let drawn = group.ranked.len().min(DRAWN);
            let title = match (drawn < group.ranked.len(), tongue.0) {
                (false, Language::Zh) => format!("得分：{name}"),
                (true, Language::Zh) => format!("得分：{name}，前 {drawn} 名"),
                (false, Language::En) => format!("Scores: {name}"),
                (true, Language::En) => format!("Scores: {name}, first {drawn}"),
            };
            let full = group.ranked.iter().filter_map(|standing| standing.out_of).fold(0.0, f64::max);
            ranked.charts.push(Chart {
                title,
                kind: ChartKind::Bars,
                label: 4,
                values: vec![6],
                marks: vec![Mark::Plain],
                told: None,
                rows: from..from + drawn,
                top: (full > 0.0).then_some(full),
                in_book: true,
            });
            let from = spread.rows.len();
            spread.rows.extend(bands(group, tongue).rows.into_iter().map(keyed));
            let title = format!("{}{name}", tongue.say("得分分布：", "Distribution of scores: "));
            spread.charts.push(band_chart(from..spread.rows.len(), 3, 4, None, ChartKind::Columns, title));
        }
        vetoed.rows.extend(group.vetoed.iter().map(|standing| keyed(cells(standing, manner))));
        left.rows.extend(group.unrated.iter().map(|standing| keyed(unrated(standing, manner))));
    }
    let mut blocks: Vec<Block> = [ranked, spread, vetoed, left].into_iter().map(Block::Table).collect();
    let per_page = per_page(report.groups.iter(), tongue, Some(titles));
    if !per_page.rows.is_empty() {
        blocks.push(Block::Table(Table { shown: Shown::InBook, ..per_page }));
    }
    Section { id: "rankings".into(), title: tongue.own("排名", "Rankings"), lead: Vec::new(), blocks }
}

fn bands_heads(tongue: Tongue) -> Vec<Head> {
    vec![
        Head::words(tongue.say("得分占满分", "Score of the full mark"), 22.0),
        Head::figures(tongue.say("单位", "Units")),
        Head::share(tongue.say("占比", "Share")),
    ]
}
