//! The report of one unit in the order of reading: its scores and places, what took points, every finding with where it is and how to mend
//! it, its new-media accounts.

use super::outline::{
    Block, Cell, Chart, ChartKind, Figure, Head, Mark, Outline, Section, Shown, Table, Tongue, Value, harmless,
};
use super::quarterly;
use super::words;
use super::{OfUnit, UnitCard, UnitFinding, UnitItem, UnitSite};
use crate::finding::{Certainty, Language};
use crate::report::words as fixed;

/// What stands where.
pub(super) fn outline(report: &OfUnit, language: Language) -> Outline {
    let tongue = Tongue(language);
    let name = harmless(&report.name);
    let mut sections = Vec::new();
    for (at, site) in report.sites.iter().enumerate() {
        sections.push(scores(site, at, report.sites.len(), tongue));
        if site.run.id.is_some() {
            sections.push(findings(site, at, report.sites.len(), tongue));
        }
    }
    if !report.accounts.is_empty() {
        sections.push(quarterly::accounts(&report.accounts, tongue));
    }
    let mut facts = vec![words::spoken(&report.period, language)];
    if !report.office.is_empty() {
        facts.push(harmless(&report.office));
    }
    facts.push(tongue.own("疑似问题须人工复核后才能认定", "what is suspected is a fault only when a person confirms it"));
    Outline {
        language,
        title: match language {
            Language::Zh => format!("{name}网站检查情况"),
            Language::En => format!("{name}: what was found on its website"),
        },
        facts,
        figures: report.sites.iter().flat_map(|site| figures(site, tongue)).collect(),
        sections,
    }
}

/// A title, with the site where there are several.
fn titled(title: &str, site: &UnitSite, sites: usize) -> String {
    if sites > 1 { format!("{title}（{}）", harmless(&site.name)) } else { title.to_owned() }
}

/// A name of a sheet: of the second site on, with its place.
fn sheet(name: &str, at: usize) -> String {
    if at == 0 { name.to_owned() } else { format!("{name} {}", at + 1) }
}

fn figures(site: &UnitSite, tongue: Tongue) -> Vec<Figure> {
    let mut figures: Vec<Figure> = site.cards.iter().map(|card| figure(card, tongue)).collect();
    if site.run.id.is_some() {
        figures.push(Figure {
            label: tongue.own("确定的问题", "Certain findings"),
            value: Value::Count(site.certain.all()),
            detail: words::by_severity(site.certain, tongue),
            mark: if site.certain.veto > 0 { Mark::Bad } else { Mark::Plain },
        });
        figures.push(Figure {
            label: tongue.own("疑似问题", "Suspected"),
            value: Value::Count(site.suspected),
            detail: tongue.own("待人工复核", "for a person to look at"),
            mark: if site.suspected > 0 { Mark::Doubtful } else { Mark::Plain },
        });
    }
    figures
}

fn figure(card: &UnitCard, tongue: Tongue) -> Figure {
    let (verdict, mark) = words::verdict(&card.verdict, card.score.is_some(), false);
    let verdict = verdict.get(tongue.0).to_owned();
    let detail = match (card.score, card.standing.as_ref().and_then(|standing| standing.rank)) {
        (Some(_), Some(rank)) => match tongue.0 {
            Language::Zh => format!("{verdict}；第 {rank} 名，共 {} 个单位", card.ranked),
            Language::En => format!("{verdict}; {rank} of {} units", card.ranked),
        },
        (Some(_), None) => verdict.clone(),
        (None, _) => harmless(card.reason.get(tongue.0)),
    };
    let value = card.score.map_or(Value::Text(verdict), Value::Points);
    Figure { label: harmless(card.title.get(tongue.0)), value, detail, mark }
}

/// Is there nothing to be done about an item?
fn is_clear(item: &UnitItem) -> bool {
    matches!(item.note.as_str(), "passed" | "inapplicable" | "not-yet-due" | "not-in-force" | "excluded" | "other-cadence")
}

fn scores(site: &UnitSite, at: usize, sites: usize, tongue: Tongue) -> Section {
    let rows = |card: &UnitCard, every: bool| -> Vec<Vec<Cell>> {
        let list = harmless(card.title.get(tongue.0));
        card.items.iter().filter(|item| every || !is_clear(item)).map(|item| row(item, &list, tongue)).collect()
    };
    let heads = || {
        vec![
            Head::words(tongue.say("指标", "Item"), 46.0).first(),
            Head::words(tongue.say("情况", "How it stands"), 20.0).first(),
            Head::figures(tongue.say("扣分", "Points taken")).first(),
            Head::figures(tongue.say("分值", "Points")),
            Head::figures(tongue.say("不符合", "Failed")),
            Head::figures(tongue.say("疑似", "Suspected")),
            Head::figures(tongue.say("未定", "Undecided")),
            Head::words(tongue.say("说明", "Remark"), 40.0),
            Head::words(tongue.say("清单", "Checklist"), 30.0),
        ]
    };
    let table = |rows, shown, name: &str| {
        Block::Table(Table {
            sheet: sheet(name, at),
            heads: heads(),
            rows,
            empty: tongue.own("没有须处理的指标。", "No item asks for anything."),
            brief: 12,
            shown,
            wide: true,
            ..Table::default()
        })
    };
    let title = titled(tongue.say("得分与指标", "Scores and items"), site, sites);
    if site.run.id.is_none() {
        return Section { id: format!("scores-{at}"), title, lead: Vec::new(), blocks: basis(site, tongue) };
    }
    let told: Vec<_> = site.cards.iter().flat_map(|card| rows(card, false)).collect();
    let all = site.cards.iter().flat_map(|card| rows(card, true)).collect();
    Section {
        id: format!("scores-{at}"),
        title,
        lead: Vec::new(),
        blocks: basis(site, tongue)
            .into_iter()
            .chain(lost(site, at, tongue))
            .chain([
                table(told, Shown::OnPage, tongue.say("须处理的指标", "Items to see to")),
                table(all, Shown::InBook, tongue.say("全部指标", "All items")),
            ])
            .collect(),
    }
}

/// What a score rests on.
fn basis(site: &UnitSite, tongue: Tongue) -> Vec<Block> {
    let address = site.address.as_deref().map(harmless).unwrap_or_default();
    let run = &site.run;
    if run.id.is_none() {
        let state = words::state(&site.state);
        let told = match tongue.0 {
            Language::Zh => format!("{address} 本期没有检查（{}）。", state.zh),
            Language::En => format!("{address} was not looked at in this period ({}).", state.en),
        };
        return vec![Block::Note(Mark::Quiet, told)];
    }
    let day = site.as_of.as_deref().map(harmless).unwrap_or_default();
    let told = match tongue.0 {
        Language::Zh => format!("{address}，以 {day} 为准；发现的网址已取得 {}。", run.coverage.text()),
        Language::En => format!("{address} as of {day}; {} of the addresses found were obtained.", run.coverage.text()),
    };
    let mut notes = vec![Block::Note(Mark::Plain, told)];
    if !run.complete {
        let told = tongue.own(
            "本次抓取未完成，没有看到的内容不作为问题。",
            "The crawl is not complete; nothing that was not seen counts as a fault.",
        );
        notes.push(Block::Note(Mark::Warning, told));
    }
    notes
}

/// Items that took most points, drawn.
fn lost(site: &UnitSite, at: usize, tongue: Tongue) -> Option<Block> {
    const MOST: usize = 12;
    let mut items: Vec<&UnitItem> = site.cards.iter().flat_map(|card| &card.items).filter(|item| item.deducted > 0.0).collect();
    items.sort_by(|a, b| b.deducted.total_cmp(&a.deducted));
    items.truncate(MOST);
    let rows: Vec<Vec<Cell>> = items
        .iter()
        .map(|item| {
            let name = format!("{} {}", item.item, item.title.get(tongue.0));
            vec![Cell::text(&name), Cell::marked(Value::Points(item.deducted), Mark::Bad)]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            sheet: sheet(tongue.say("扣分", "Points taken"), at),
            caption: Some(tongue.own("扣分最多的指标", "Items that took most points")),
            heads: vec![Head::words(tongue.say("指标", "Item"), 46.0), Head::figures(tongue.say("扣分", "Points taken"))],
            charts: vec![Chart {
                title: tongue.own("扣分最多的指标", "Items that took most points"),
                kind: ChartKind::Bars,
                label: 0,
                values: vec![1],
                marks: vec![Mark::Bad],
                told: None,
                rows: 0..rows.len(),
                top: None,
                in_book: false,
            }],
            rows,
            drawn: true,
            ..Table::default()
        })
    })
}

fn row(item: &UnitItem, list: &str, tongue: Tongue) -> Vec<Cell> {
    let (text, mark) = words::note(&item.note);
    let (failed, suspected, undecided) = item.counts;
    vec![
        Cell::text(&format!("{} {}", item.item, item.title.get(tongue.0))),
        Cell::said(text.get(tongue.0), mark),
        match item.deducted > 0.0 {
            true => Cell::marked(Value::Points(item.deducted), Mark::Bad),
            false => Cell { value: Value::None, mark: Mark::Quiet },
        },
        item.points.map(Value::Points).map(Cell::from).into(),
        Cell::count(failed, Mark::Bad),
        Cell::count(suspected, Mark::Doubtful),
        Cell::count(undecided, Mark::Quiet),
        item.remark.as_ref().map(|remark| Cell::text(remark.get(tongue.0))).into(),
        Cell::text(list),
    ]
}

fn findings(site: &UnitSite, at: usize, sites: usize, tongue: Tongue) -> Section {
    let rows = site.findings.iter().map(|finding| line(finding, tongue)).collect();
    let all = site.certain.all() + site.suspected;
    let told = site.findings.len() as u64;
    let cut = (told < all).then(|| match tongue.0 {
        Language::Zh => format!("共 {all} 个，此处列最严重的 {told} 个。"),
        Language::En => format!("{all} in all; these are the {told} gravest."),
    });
    let table = Table {
        sheet: sheet(tongue.say("问题清单", "Findings"), at),
        heads: vec![
            Head::words(tongue.say("程度", "Severity"), 10.0).first(),
            Head::words(tongue.say("确定性", "Certainty"), 8.0),
            Head::words(tongue.say("问题", "What is wrong"), 56.0).first(),
            Head::words(tongue.say("网址", "Address"), 48.0).first(),
            Head::words(tongue.say("页面上查找", "To search for there"), 30.0),
            Head::words(tongue.say("整改建议", "How to mend it"), 56.0),
            Head::words(tongue.say("依据", "Evidence"), 40.0),
            Head::figures(tongue.say("处数", "Places")),
            Head::words(tongue.say("发现日期", "Since"), 13.0),
            Head::words(tongue.say("由谁整改", "Mended by"), 18.0),
        ],
        rows,
        empty: tongue.own("没有发现问题。", "Nothing was found."),
        brief: 10,
        wide: true,
        ..Table::default()
    };
    Section {
        id: format!("findings-{at}"),
        title: titled(tongue.say("问题清单", "Findings"), site, sites),
        lead: Vec::new(),
        blocks: cut.map(|cut| Block::Note(Mark::Plain, cut)).into_iter().chain([Block::Table(table)]).collect(),
    }
}

fn line(finding: &UnitFinding, tongue: Tongue) -> Vec<Cell> {
    let evidence = finding.evidence.iter().filter(|(_, value)| !value.is_empty() && !value.starts_with("sha256:"));
    let evidence: Vec<String> = evidence
        .map(|(name, value)| format!("{}{}{value}", fixed::evidence(name).get(tongue.0), tongue.say("：", ": ")))
        .collect();
    let certainty = if finding.certain { Certainty::Certain } else { Certainty::Suspected };
    let mark = if finding.certain { Mark::Plain } else { Mark::Doubtful };
    vec![
        Cell::said(fixed::severity(finding.severity).get(tongue.0), words::severity_mark(finding.severity)),
        Cell::said(fixed::certainty(certainty).get(tongue.0), mark),
        Cell::text(finding.message.get(tongue.0)),
        Cell::address(&finding.url),
        finding.text.as_deref().map(Cell::text).into(),
        Cell::text(finding.fix.get(tongue.0)),
        Cell::text(&evidence.join(tongue.say("；", "; "))),
        finding.occurrences.into(),
        finding.since.into(),
        finding.responsible.as_deref().map(Cell::text).into(),
    ]
}
