//! A quarterly report in the order of reading (regulations.md 8.2): how many were looked at, rankings within comparison groups, classes of
//! problems, what became of findings, units by item, trend; new media by themselves.

pub(super) mod ranking;

use super::outline::{
    Block, Cell, Chart, ChartKind, Figure, Head, HeatMap, Mark, Outline, Section, Table, Tongue, Value, harmless,
};
use super::words::{self, Titles};
use super::{AccountRow, Quarterly, Ratio};
use crate::finding::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Classes of problems that are drawn.
const DRAWN: usize = 15;

/// What stands where.
pub(super) fn outline(report: &Quarterly, language: Language) -> Outline {
    let tongue = Tongue(language);
    let mut titles = Titles::of(language);
    let office = harmless(&report.office);
    let title = match (language, office.is_empty()) {
        (Language::Zh, _) => format!("{office}网站检查季度通报"),
        (Language::En, true) => "Quarterly report on websites".to_owned(),
        (Language::En, false) => format!("{office}: quarterly report on websites"),
    };
    let mut sections = ranking::sections(report, None, tongue, &mut titles);
    sections.extend(rest(report, tongue, &mut titles));
    let note = tongue.own("比例均列分子和分母", "every share with numerator and denominator");
    Outline {
        language,
        title,
        facts: vec![words::spoken(&report.period, language), note],
        figures: figures(report, tongue),
        sections,
    }
}

fn figures(report: &Quarterly, tongue: Tongue) -> Vec<Figure> {
    let distinct = |of: &dyn Fn(&super::Group) -> Vec<(String, String)>| {
        report.groups.iter().flat_map(of).collect::<BTreeSet<_>>().len() as u64
    };
    let keys = |standings: &[super::Standing]| standings.iter().map(|s| (s.unit.clone(), s.site.clone())).collect::<Vec<_>>();
    let vetoed = distinct(&|group| keys(&group.vetoed));
    let unrated = distinct(&|group| keys(&group.unrated));
    let under_any = tongue.say("任一清单下", "under any checklist");
    let mut figures = vec![
        Figure {
            label: tongue.own("已检查单位", "Units looked at"),
            value: Value::Share(report.checked),
            detail: tongue.own("本期有深度扫描的单位/纳入监管的单位", "units with a deep scan / units that are watched"),
            mark: match report.checked {
                Ratio { of: 0, .. } => Mark::Quiet,
                Ratio { part, of } if part < of => Mark::Warning,
                _ => Mark::Good,
            },
        },
        Figure {
            label: tongue.own("单项否决", "Vetoed"),
            value: Value::Count(vetoed),
            detail: under_any.to_owned(),
            mark: match vetoed {
                0 if report.checked.part == 0 => Mark::Quiet,
                0 => Mark::Good,
                _ => Mark::Bad,
            },
        },
        Figure {
            label: tongue.own("未评", "Not rated"),
            value: Value::Count(unrated),
            detail: format!("{under_any}{}", tongue.say("，原因见各表", "; each with its cause")),
            mark: if unrated > 0 { Mark::Warning } else { Mark::Plain },
        },
    ];
    figures.extend(rates(report, tongue));
    figures
}

/// Rates of mending and what is open.
pub(super) fn rates(report: &Quarterly, tongue: Tongue) -> Vec<Figure> {
    let findings = &report.findings;
    vec![
        Figure {
            label: tongue.own("整改率", "Rectified"),
            value: Value::Share(report.rectified),
            detail: tongue.own("期末已消失的问题/本期出现过的问题", "findings gone at the end / findings open at any time in it"),
            mark: Mark::Plain,
        },
        Figure {
            label: tongue.own("复发率", "Recurred"),
            value: Value::Share(report.recurred),
            detail: tongue.own("复发的问题/消失过或复发的问题", "findings that came back / findings that went or came back"),
            mark: match report.recurred {
                Ratio { of: 0, .. } => Mark::Quiet,
                Ratio { part: 0, .. } => Mark::Good,
                _ => Mark::Warning,
            },
        },
        super::daily::open(findings, tongue),
        Figure {
            label: tongue.own("新发现问题", "New findings"),
            value: Value::Count(findings.appeared + findings.returned),
            detail: match tongue.0 {
                Language::Zh => format!("首次 {}，复发 {}；消失 {}", findings.appeared, findings.returned, findings.gone),
                Language::En => {
                    format!("{} first seen, {} back again; {} gone", findings.appeared, findings.returned, findings.gone)
                }
            },
            mark: Mark::Plain,
        },
    ]
}

/// What stands below the rankings, also in a pre-assessment.
pub(super) fn rest(report: &Quarterly, tongue: Tongue, titles: &mut Titles) -> Vec<Section> {
    vec![
        problems(report, tongue),
        heats(report, tongue, titles),
        trend(report, tongue, titles),
        not_run(report, tongue),
        accounts(&report.accounts, tongue),
    ]
}

fn problems(report: &Quarterly, tongue: Tongue) -> Section {
    let rows: Vec<Vec<Cell>> = report
        .problems
        .iter()
        .map(|problem| {
            vec![
                Cell::text(problem.title.get(tongue.0)),
                Cell::text(&problem.rule),
                Ratio::new(problem.units, report.checked.part).into(),
                Cell::count(problem.findings, Mark::Plain),
                Cell::count(problem.suspected, Mark::Doubtful),
                Cell::count(problem.occurrences, Mark::Plain),
            ]
        })
        .collect();
    let chart = Chart {
        title: tongue.own("问题类别（确定、疑似）", "Classes of problems (certain, suspected)"),
        kind: ChartKind::Bars,
        label: 0,
        values: vec![3, 4],
        marks: vec![Mark::Plain, Mark::Doubtful],
        told: None,
        rows: 0..rows.len().min(DRAWN),
        top: None,
        in_book: false,
    };
    let table = Table {
        sheet: tongue.own("问题类别", "Problems"),
        heads: vec![
            Head::words(tongue.say("检查内容", "What is looked at"), 34.0).first(),
            Head::words(tongue.say("规则", "Rule"), 26.0),
            Head::share(tongue.say("单位", "Units")).first(),
            Head::figures(tongue.say("确定", "Certain")).first(),
            Head::figures(tongue.say("疑似", "Suspected")).first(),
            Head::figures(tongue.say("处数", "Places")),
        ],
        charts: if rows.is_empty() { Vec::new() } else { vec![chart] },
        rows,
        empty: tongue.own("没有发现问题。", "No findings."),
        brief: 5,
        ..Table::default()
    };
    Section {
        id: "problems".into(),
        title: tongue.own("主要问题", "Classes of problems"),
        lead: vec![tongue.own(
            "按问题数排列；“单位”为有此类问题的单位/已检查单位。疑似问题须复核，不扣分、不否决。",
            "Most findings first; units: those that have it / those looked at. What is suspected has to be reviewed; it takes no points.",
        )],
        blocks: vec![Block::Table(table)],
    }
}

/// Names of units by id, as the rankings tell them.
pub(super) fn names(report: &Quarterly) -> BTreeMap<&str, &str> {
    let standings = report.groups.iter().flat_map(|group| group.ranked.iter().chain(&group.vetoed).chain(&group.unrated));
    standings.map(|standing| (standing.unit.as_str(), standing.name.as_str())).collect()
}

fn heats(report: &Quarterly, tongue: Tongue, titles: &mut Titles) -> Section {
    let names = names(report);
    let blocks = report
        .heat
        .iter()
        .filter(|heat| !heat.rows.is_empty() && !heat.items.is_empty())
        .map(|heat| {
            let title = titles.checklist(&heat.checklist);
            let line = |text: &str| harmless(text);
            Block::Heat(HeatMap {
                sheet: format!("{} {}", tongue.say("热力图", "Heat"), heat.checklist),
                caption: line(&title),
                items: heat.items.iter().map(|(id, title)| (line(id), line(title.get(tongue.0)))).collect(),
                rows: heat
                    .rows
                    .iter()
                    .map(|(unit, cells)| (line(names.get(unit.as_str()).copied().unwrap_or(unit)), cells.clone()))
                    .collect(),
            })
        })
        .collect();
    Section {
        id: "heat".into(),
        title: tongue.own("单位与指标", "Units by item"),
        lead: vec![tongue.own(
            "每格为该单位在该指标上失去的份额：数字为百分数，100 为全部失去，或不计分指标有问题。",
            "Each cell: the share of the item's points that the unit lost, in percent; 100 is all of it, or faults of an item without points.",
        )],
        blocks,
    }
}

fn trend(report: &Quarterly, tongue: Tongue, titles: &mut Titles) -> Section {
    let lists: BTreeSet<&str> = report.trend.iter().map(|(_, list, ..)| list.as_str()).collect();
    let mut periods: Vec<&str> = Vec::new();
    for (period, ..) in &report.trend {
        if !periods.contains(&period.as_str()) {
            periods.push(period);
        }
    }
    let known: BTreeMap<(&str, &str), (f64, u64)> =
        report.trend.iter().map(|(period, list, mean, units)| ((period.as_str(), list.as_str()), (*mean, *units))).collect();
    let mut heads = vec![Head::words(tongue.say("时期", "Period"), 20.0).first()];
    for list in &lists {
        let title = titles.checklist(list);
        heads.push(Head::figures(&harmless(&title)).first());
        heads.push(Head::figures(tongue.say("单位", "Units")));
    }
    let rows: Vec<Vec<Cell>> = periods
        .iter()
        .map(|period| {
            let mut row = vec![Cell::text(&words::spoken(period, tongue.0))];
            for list in &lists {
                let cell = known.get(&(*period, *list));
                row.push(cell.map(|(mean, _)| Cell::from(Value::Points(*mean))).into());
                row.push(cell.map(|(_, units)| *units).into());
            }
            row
        })
        .collect();
    let chart = Chart {
        title: tongue.own("平均得分", "Mean scores"),
        kind: ChartKind::Lines,
        label: 0,
        values: (0..lists.len()).map(|at| 1 + 2 * at).collect(),
        marks: Vec::new(),
        told: None,
        rows: 0..rows.len(),
        top: None,
        in_book: false,
    };
    let table = Table {
        sheet: tongue.own("趋势", "Trend"),
        heads,
        charts: if rows.is_empty() { Vec::new() } else { vec![chart] },
        rows,
        empty: tongue.own("还没有可比的平均得分。", "There is no mean score yet."),
        ..Table::default()
    };
    Section {
        id: "trend".into(),
        title: tongue.own("趋势", "Trend"),
        lead: vec![tongue.own(
            "每份清单下参加排名的单位的平均得分；清单换版的时期不宜直接相比。",
            "Mean scores of the ranked units, by checklist; periods with another version of a checklist do not compare directly.",
        )],
        blocks: vec![Block::Table(table)],
    }
}

fn not_run(report: &Quarterly, tongue: Tongue) -> Section {
    let table = Table {
        sheet: tongue.own("未检查网站", "Not looked at"),
        heads: vec![
            Head::words(tongue.say("网站编码", "Site"), 24.0).first(),
            Head::words(tongue.say("原因", "Cause"), 70.0).first(),
        ],
        rows: report
            .not_run
            .iter()
            .map(|(site, cause)| vec![Cell::text(site), Cell::text(words::half(cause, tongue.0))])
            .collect(),
        empty: tongue.own("所有网站都已检查。", "Every site was looked at."),
        brief: 4,
        ..Table::default()
    };
    Section {
        id: "not-run".into(),
        title: tongue.own("本期未检查的网站", "Sites not looked at"),
        lead: Vec::new(),
        blocks: vec![Block::Table(table)],
    }
}

/// New media, never mixed with the sites.
pub(super) fn accounts(accounts: &[AccountRow], tongue: Tongue) -> Section {
    let rows = accounts
        .iter()
        .map(|account| {
            let word = match account.state.as_str() {
                "closed" => crate::report::words::both("已注销", "closed"),
                other => words::state(other),
            };
            let marks: Vec<String> =
                account.marks.iter().map(|mark| words::account_mark(mark).get(tongue.0).to_owned()).collect();
            vec![
                Cell::text(&account.unit),
                Cell::text(&account.medium),
                Cell::text(&account.name),
                Cell::text(word.get(tongue.0)),
                account.last_post.into(),
                match account.days {
                    Some(days) => Cell::marked(Value::Whole(days), account.level.into()),
                    None => Cell { value: Value::None, mark: Mark::Quiet },
                },
                Cell::said(words::level(account.level).get(tongue.0), account.level.into()),
                account.said_by.as_deref().map(Cell::text).into(),
                if marks.is_empty() { Cell::default() } else { Cell::said(&marks.join(tongue.say("、", ", ")), Mark::Warning) },
            ]
        })
        .collect();
    let table = Table {
        sheet: tongue.own("政务新媒体", "New media"),
        heads: vec![
            Head::words(tongue.say("单位", "Unit"), 20.0),
            Head::words(tongue.say("平台", "Medium"), 14.0),
            Head::words(tongue.say("账号", "Account"), 28.0),
            Head::words(tongue.say("状态", "State"), 11.0),
            Head::words(tongue.say("最后发布", "Last post"), 13.0),
            Head::figures(tongue.say("未更新天数", "Days without")),
            Head::words(tongue.say("程度", "Level"), 11.0),
            Head::words(tongue.say("登记人", "Said by"), 14.0),
            Head::words(tongue.say("其他情况", "Other marks"), 24.0),
        ],
        rows,
        empty: tongue.own("没有登记政务新媒体。", "No account is registered."),
        ..Table::default()
    };
    Section {
        id: "accounts".into(),
        title: tongue.own("政务新媒体", "New media"),
        lead: vec![tongue.own("单独列示，不计入网站得分。", "By themselves: no part of any site's score.")],
        blocks: vec![Block::Table(table)],
    }
}
