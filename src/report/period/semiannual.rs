//! A pre-assessment in the order of reading: what an inspection would say of each unit as far as a machine can tell, rankings against the
//! half-year before, rates of mending, what is open from years before (回头看), what a person must decide. Nowhere does it say that a unit
//! passes.

use super::outline::{
    Block, Cell, Chart, ChartKind, Figure, Head, Mark, Outline, Section, Shown, Table, Tongue, Value, harmless,
};
use super::quarterly::{self, ranking};
use super::words::{self, PREDICTIONS, Titles};
use super::{Forecast, Prediction, Ratio, Semiannual, VetoItem};
use crate::finding::Language;
use crate::report::words as fixed;
use std::collections::BTreeMap;

/// Units that a line of a page names.
const NAMED: usize = 12;

/// What stands where.
pub(super) fn outline(report: &Semiannual, language: Language) -> Outline {
    let tongue = Tongue(language);
    let mut titles = Titles::of(language);
    let office = harmless(&report.office);
    let title = match (language, office.is_empty()) {
        (Language::Zh, _) => format!("{office}网站检查预评估报告"),
        (Language::En, true) => "Pre-assessment of websites".to_owned(),
        (Language::En, false) => format!("{office}: pre-assessment of websites"),
    };
    let predictions: ranking::Predictions<'_> =
        report.units.iter().map(|unit| ((unit.unit.as_str(), unit.site.as_str()), unit.prediction)).collect();
    let mut sections = vec![forecast(report, tongue), vetoes(report, tongue, &mut titles)];
    sections.extend(ranking::sections(&report.standing, Some(&predictions), tongue, &mut titles));
    sections.push(leftovers(report, tongue, &titles));
    sections.push(manual(report, tongue, &mut titles));
    sections.extend(quarterly::rest(&report.standing, tongue, &mut titles));
    Outline {
        language,
        title,
        facts: vec![
            words::spoken(&report.period, language),
            tongue.own("机器预评，不代替上级检查的结论", "told by a machine; no inspection's verdict"),
            tongue.own("比例均列分子和分母", "every share with numerator and denominator"),
        ],
        figures: figures(report, tongue),
        sections,
    }
}

fn count(report: &Semiannual, prediction: Prediction) -> Ratio {
    let of = report.units.iter().filter(|unit| unit.prediction == prediction).count();
    Ratio::new(of as u64, report.units.len() as u64)
}

fn figures(report: &Semiannual, tongue: Tongue) -> Vec<Figure> {
    let detail = tongue.own("单位（按所在网站计）", "units, on each of their sites");
    let mut figures: Vec<Figure> = PREDICTIONS
        .iter()
        .map(|prediction| {
            let (text, mark) = words::prediction(*prediction);
            let share = count(report, *prediction);
            Figure {
                label: text.get(tongue.0).to_owned(),
                value: Value::Share(share),
                detail: detail.clone(),
                mark: if share.part == 0 { Mark::Quiet } else { mark },
            }
        })
        .collect();
    figures.extend(quarterly::rates(&report.standing, tongue));
    figures.push(Figure {
        label: tongue.own("回头看", "Open from years before"),
        value: Value::Count(report.open_from_before.len() as u64),
        detail: tongue.own("往年发现、至今未改的问题", "findings of years before that are open still"),
        mark: if report.open_from_before.is_empty() { Mark::Plain } else { Mark::Bad },
    });
    figures.push(Figure {
        label: tongue.own("须人工判断", "Left to people"),
        value: Value::Count(report.units.iter().map(|unit| unit.manual.len() as u64).sum()),
        detail: tongue.own("单位与指标的组合数", "pairs of unit and item"),
        mark: Mark::Plain,
    });
    figures
}

/// Is nothing to be said of it on a page?
fn clean(item: &VetoItem) -> bool {
    match item.note.as_str() {
        "passed" | "inapplicable" | "not-yet-due" | "not-in-force" | "excluded" => true,
        "unverified" => item.counts == (0, 0, 0),
        _ => false,
    }
}

/// Has nobody decided it?
fn open(item: &VetoItem) -> bool {
    matches!(item.note.as_str(), "open" | "manual" | "cannot-tell" | "untested" | "other-cadence")
}

fn forecast(report: &Semiannual, tongue: Tongue) -> Section {
    let bars: Vec<Vec<Cell>> = PREDICTIONS
        .iter()
        .map(|prediction| {
            let (text, mark) = words::prediction(*prediction);
            let share = count(report, *prediction);
            vec![Cell::said(text.get(tongue.0), mark), Cell::count(share.part, Mark::Plain), share.into()]
        })
        .collect();
    let spread = Table {
        sheet: tongue.own("预评分布", "Predictions"),
        heads: vec![
            Head::words(tongue.say("预评", "Prediction"), 28.0),
            Head::figures(tongue.say("单位", "Units")),
            Head::share(tongue.say("占比", "Share")),
        ],
        charts: vec![Chart {
            title: tongue.own("预评结果", "Predictions"),
            kind: ChartKind::Bars,
            label: 0,
            values: vec![1],
            marks: vec![Mark::Plain],
            told: Some(2),
            rows: 0..bars.len(),
            top: None,
            in_book: false,
        }],
        rows: bars,
        drawn: true,
        ..Table::default()
    };
    let rows = report
        .units
        .iter()
        .map(|unit| {
            let (text, mark) = words::prediction(unit.prediction);
            let all = unit.vetoes.len() as u64;
            let of = |test: &dyn Fn(&VetoItem) -> bool| unit.vetoes.iter().filter(|item| test(item)).count() as u64;
            let noted = |words: &'static [&'static str]| of(&move |item| words.contains(&item.note.as_str()));
            vec![
                Cell::said(text.get(tongue.0), mark),
                Cell::text(&unit.name),
                Cell::text(&unit.site),
                Ratio::new(all - of(&open), all).into(),
                Cell::count(noted(&["veto"]), Mark::Bad),
                Cell::count(noted(&["pending-review", "suspected"]), Mark::Doubtful),
                Cell::count(of(&open), Mark::Warning),
                Cell::count(noted(&["warn"]), Mark::Warning),
                Cell::count(unit.manual.len() as u64, Mark::Plain),
            ]
        })
        .collect();
    let table = Table {
        sheet: tongue.own("单位预评", "Units"),
        heads: vec![
            Head::words(tongue.say("预评", "Prediction"), 26.0).first(),
            Head::words(tongue.say("单位", "Unit"), 32.0).first(),
            Head::words(tongue.say("网站", "Site"), 18.0),
            Head::share(tongue.say("已判否决项", "Veto items decided")).first(),
            Head::figures(tongue.say("到线", "At the line")).first(),
            Head::figures(tongue.say("疑似", "Suspected")).first(),
            Head::figures(tongue.say("未定", "Open")),
            Head::figures(tongue.say("接近", "Near")),
            Head::figures(tongue.say("须人工", "Left to people")),
        ],
        rows,
        empty: tongue.own("没有登记单位。", "No unit is registered."),
        brief: 6,
        ..Table::default()
    };
    Section {
        id: "forecast".into(),
        title: tongue.own("单项否决预评", "What would be vetoed"),
        lead: vec![tongue.own(
            "只看否决项，按最严重的一项归类。有一项未定（包括须由人工核查的），就不说没有问题。",
            "Veto items alone, each unit by its gravest one. While one of them is open, also one that is left to a person, nothing is called clean.",
        )],
        blocks: vec![Block::Table(spread), Block::Table(table)],
    }
}

fn veto_row(unit: &Forecast, item: &VetoItem, tongue: Tongue, titles: &mut Titles) -> Vec<Cell> {
    let (text, mark) = words::note(&item.note);
    let (failed, suspected, undecided) = item.counts;
    vec![
        Cell::text(&unit.name),
        Cell::text(&unit.site),
        Cell::text(&format!("{} {}", item.item, item.title.get(tongue.0))),
        Cell::said(text.get(tongue.0), mark),
        Cell::count(failed, Mark::Bad),
        Cell::count(suspected, Mark::Doubtful),
        Cell::count(undecided, Mark::Quiet),
        item.remark.as_ref().map(|remark| Cell::text(remark.get(tongue.0))).into(),
        Cell::text(&titles.checklist(&item.checklist)),
    ]
}

fn vetoes(report: &Semiannual, tongue: Tongue, titles: &mut Titles) -> Section {
    let heads = || {
        vec![
            Head::words(tongue.say("单位", "Unit"), 30.0).first(),
            Head::words(tongue.say("网站", "Site"), 16.0),
            Head::words(tongue.say("否决项", "Veto item"), 46.0).first(),
            Head::words(tongue.say("情况", "How it stands"), 20.0).first(),
            Head::figures(tongue.say("不符合", "Failed")),
            Head::figures(tongue.say("疑似", "Suspected")),
            Head::figures(tongue.say("未定", "Undecided")),
            Head::words(tongue.say("说明", "Remark"), 50.0),
            Head::words(tongue.say("清单", "Checklist"), 34.0),
        ]
    };
    let grave = |item: &VetoItem| matches!(item.note.as_str(), "veto" | "pending-review" | "suspected" | "warn");
    let mut near = Vec::new();
    let mut all = Vec::new();
    let mut waiting: BTreeMap<(String, String, String), Vec<&str>> = BTreeMap::new();
    let mut nothing = 0_u64;
    for unit in &report.units {
        for item in &unit.vetoes {
            let row = veto_row(unit, item, tongue, titles);
            if grave(item) || (!clean(item) && !open(item)) {
                near.push((words::note(&item.note).1 != Mark::Bad, row.clone()));
            } else if open(item) {
                let told = words::note(&item.note).0.get(tongue.0).to_owned();
                let key = (item.checklist.clone(), format!("{} {}", item.item, item.title.get(tongue.0)), told);
                waiting.entry(key).or_default().push(&unit.name);
            } else {
                nothing += 1;
            }
            all.push(row);
        }
    }
    near.sort_by_key(|(later, _)| *later);
    let on_page = Table {
        caption: Some(tongue.own("到线、疑似和接近的否决项", "Veto items at the line, suspected, or near it")),
        heads: heads(),
        rows: near.into_iter().map(|(_, row)| row).collect(),
        empty: tongue.own("没有到线、疑似或接近的否决项。", "No veto item is at its line, suspected or near it."),
        brief: 5,
        shown: Shown::OnPage,
        wide: true,
        ..Table::default()
    };
    let waiting = Table {
        caption: Some(tongue.own("尚未判定的否决项", "Veto items that are open")),
        heads: vec![
            Head::words(tongue.say("否决项", "Veto item"), 40.0),
            Head::words(tongue.say("情况", "How it stands"), 18.0),
            Head::figures(tongue.say("单位数", "Units")),
            Head::words(tongue.say("单位", "Which"), 60.0),
        ],
        rows: waiting
            .into_iter()
            .map(|((_, item, told), units)| {
                vec![Cell::text(&item), Cell::text(&told), (units.len() as u64).into(), Cell::text(&some(&units, tongue))]
            })
            .collect(),
        empty: tongue.own("所有否决项都已判定。", "Every veto item is decided."),
        shown: Shown::OnPage,
        ..Table::default()
    };
    let in_book = Table {
        sheet: tongue.own("否决项", "Veto items"),
        heads: heads(),
        rows: all,
        empty: tongue.own("没有否决项。", "There are no veto items."),
        shown: Shown::InBook,
        ..Table::default()
    };
    let lead = match tongue.0 {
        Language::Zh => format!("其余 {nothing} 项（单位×指标）未见问题或不适用，全部列在 Excel 中。"),
        Language::En => {
            format!("Of {nothing} more (unit by item) nothing was found, or they do not apply; the workbook lists all.")
        }
    };
    Section {
        id: "vetoes".into(),
        title: tongue.own("否决项", "Veto items"),
        lead: vec![lead],
        blocks: vec![Block::Table(on_page), Block::Table(waiting), Block::Table(in_book)],
    }
}

/// Names in a line, not all of very many.
fn some(units: &[&str], tongue: Tongue) -> String {
    let mut told = units.iter().take(NAMED).copied().collect::<Vec<_>>().join(tongue.say("、", ", "));
    if units.len() > NAMED {
        told.push_str(&match tongue.0 {
            Language::Zh => format!("等 {} 个", units.len()),
            Language::En => format!(" and {} more", units.len() - NAMED),
        });
    }
    told
}

fn leftovers(report: &Semiannual, tongue: Tongue, titles: &Titles) -> Section {
    let names: BTreeMap<&str, &str> = report.units.iter().map(|unit| (unit.unit.as_str(), unit.name.as_str())).collect();
    let rows = report
        .open_from_before
        .iter()
        .map(|left| {
            vec![
                Cell::said(fixed::severity(left.severity).get(tongue.0), words::severity_mark(left.severity)),
                Cell::text(names.get(left.unit.as_str()).copied().unwrap_or(&left.unit)),
                left.since.into(),
                Cell::text(&titles.rule(&left.rule)),
                Cell::text(left.message.get(tongue.0)),
                Cell::address(&left.url),
            ]
        })
        .collect();
    let table = Table {
        sheet: tongue.own("回头看", "From years before"),
        heads: vec![
            Head::words(tongue.say("级别", "Severity"), 9.0).first(),
            Head::words(tongue.say("单位", "Unit"), 28.0).first(),
            Head::words(tongue.say("首次发现", "First seen"), 13.0).first(),
            Head::words(tongue.say("检查内容", "Rule"), 22.0),
            Head::words(tongue.say("问题", "Finding"), 60.0).first(),
            Head::words(tongue.say("网址", "Address"), 46.0),
        ],
        rows,
        empty: tongue.own("没有往年遗留的问题。", "Nothing of years before is open."),
        brief: 4,
        wide: true,
        ..Table::default()
    };
    Section {
        id: "leftovers".into(),
        title: tongue.own("回头看：往年未改的问题", "Open from years before"),
        lead: Vec::new(),
        blocks: vec![Block::Table(table)],
    }
}

fn manual(report: &Semiannual, tongue: Tongue, titles: &mut Titles) -> Section {
    let mut by_item: BTreeMap<(&str, &str), (&str, Vec<&str>)> = BTreeMap::new();
    let mut all = Vec::new();
    for unit in &report.units {
        for (checklist, item, title) in &unit.manual {
            let slot = by_item.entry((checklist, item)).or_insert_with(|| (title.get(tongue.0), Vec::new()));
            slot.1.push(&unit.name);
            all.push(vec![
                Cell::text(&unit.name),
                Cell::text(&unit.site),
                Cell::text(item),
                Cell::text(title.get(tongue.0)),
                Cell::text(&titles.checklist(checklist)),
            ]);
        }
    }
    let of = report.units.len() as u64;
    let rows = by_item
        .into_iter()
        .map(|((checklist, item), (title, units))| {
            vec![
                Cell::text(&format!("{item} {title}")),
                Cell::text(&titles.checklist(checklist)),
                Ratio::new(units.len() as u64, of).into(),
                Cell::text(&some(&units, tongue)),
            ]
        })
        .collect();
    let page = Table {
        heads: vec![
            Head::words(tongue.say("指标", "Item"), 44.0).first(),
            Head::words(tongue.say("清单", "Checklist"), 34.0),
            Head::share(tongue.say("单位", "Units")).first(),
            Head::words(tongue.say("单位名称", "Which"), 60.0),
        ],
        rows,
        empty: tongue.own("没有须由人工判断的指标。", "Nothing is left to people."),
        brief: 4,
        shown: Shown::OnPage,
        ..Table::default()
    };
    let book = Table {
        sheet: tongue.own("须人工判断", "Left to people"),
        heads: vec![
            Head::words(tongue.say("单位", "Unit"), 32.0),
            Head::words(tongue.say("网站", "Site"), 18.0),
            Head::words(tongue.say("指标", "Item"), 12.0),
            Head::words(tongue.say("内容", "What is asked"), 56.0),
            Head::words(tongue.say("清单", "Checklist"), 36.0),
        ],
        rows: all,
        empty: tongue.own("没有须由人工判断的指标。", "Nothing is left to people."),
        shown: Shown::InBook,
        ..Table::default()
    };
    Section {
        id: "manual".into(),
        title: tongue.own("须人工判断的指标", "What a person must decide"),
        lead: Vec::new(),
        blocks: vec![Block::Table(page), Block::Table(book)],
    }
}
