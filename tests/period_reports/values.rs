//! Reports by hand, as large and as hostile as they come.

use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use xuncha::finding::{Severity, Text};
use xuncha::report::period::*;

/// What pages have tried: markup, formulas, control characters, directions, length.
pub const HOSTILE: [&str; 6] = [
    "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil.example/\",\"点我\")",
    "+1+cmd|' /C calc'!A0",
    "\u{1b}[2J\u{7}\u{202e}gnp.exe\u{0}\r\n]]>&amp;--></td></svg></style>",
    "@SUM(1+1)*cmd",
    "-2+3",
];

/// Whose names reports hold.
#[derive(Clone, Copy, PartialEq)]
pub enum Names {
    /// Of an office as there are many.
    Plain,
    /// Of nobody one wants to meet.
    Hostile,
    /// In English, so that any Chinese is ours.
    Ascii,
}

const BUREAUS: [&str; 20] = [
    "公安局",
    "教育局",
    "民政局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源和规划局",
    "住房和城乡建设局",
    "交通运输局",
    "水务局",
    "农业农村局",
    "文化和旅游局",
    "卫生健康委员会",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "国防动员办公室",
    "城市管理局",
    "信访局",
];

pub fn name(at: usize, names: Names) -> String {
    match names {
        Names::Plain if at < BUREAUS.len() => format!("青麓县{}", BUREAUS[at]),
        Names::Plain => format!("青麓县第{at}办事处"),
        Names::Ascii => format!("Bureau {at}"),
        Names::Hostile if at % 7 == 6 => format!("{at}{}", "很长的单位名称😀".repeat(5_000)),
        Names::Hostile => format!("{}{at}", HOSTILE[at % HOSTILE.len()]),
    }
}

fn text(zh: &str, en: &str, at: usize, names: Names) -> Text {
    match names {
        Names::Hostile => Text { zh: HOSTILE[at % HOSTILE.len()].to_owned(), en: HOSTILE[(at + 1) % HOSTILE.len()].to_owned() },
        _ => Text { zh: zh.to_owned(), en: en.to_owned() },
    }
}

fn url(at: usize, names: Names) -> String {
    match names {
        Names::Hostile if at.is_multiple_of(2) => "javascript:alert(document.cookie)".to_owned(),
        Names::Hostile => format!("http://a.example/\"><script>{at}</script>"),
        _ => format!("http://www.bureau{at}.example.gov.cn/zwgk/{}/index_{at}.html", 100 + at),
    }
}

fn day(at: usize) -> Date {
    date(2026, 1, 1).saturating_add(jiff::Span::new().days((at % 40) as i64))
}

pub fn movement(scale: u64) -> Movement {
    Movement {
        appeared: 7 * scale,
        returned: 2 * scale,
        gone: 11 * scale,
        open: BySeverity { veto: scale, error: 12 * scale, warning: 30 * scale, notice: 5 * scale },
        suspected: 3 * scale,
    }
}

fn accounts(names: Names) -> Vec<AccountRow> {
    let row = |at: usize, level: Level, days: Option<i64>, marks: &[&str]| AccountRow {
        unit: format!("u{at}"),
        medium: text("微信公众号", "WeChat", at, names)
            .zh
            .replace("微信公众号", if names == Names::Ascii { "WeChat" } else { "微信公众号" }),
        name: name(at, names),
        state: if at == 3 { "closed" } else { "running" }.into(),
        last_post: days.map(|_| day(at)),
        days,
        level,
        said_by: Some("A. N.".into()),
        marks: marks.iter().map(ToString::to_string).collect(),
    };
    vec![
        row(0, Level::Well, Some(3), &[]),
        row(1, Level::Line, Some(19), &["dead-code"]),
        row(2, Level::Warning, Some(12), &["renamed", "missing"]),
        row(3, Level::Unknown, None, &[]),
    ]
}

pub fn daily(count: usize, names: Names) -> Daily {
    let sites: Vec<DailySite> = (0..count)
        .map(|at| {
            let grave = at % 9 == 4;
            let near = at % 9 == 7;
            let days = if grave {
                17
            } else if near {
                12
            } else {
                (at % 8) as i64
            };
            let stale: Vec<StaleColumn> = (0..if grave {
                11
            } else if near {
                7
            } else {
                at % 2
            })
                .map(|which| StaleColumn {
                    name: text("通知公告", "Notices", at + which, names)
                        .zh
                        .replace("通知公告", if names == Names::Ascii { "Notices" } else { "通知公告" }),
                    url: url(at + which, names),
                    unit: format!("u{at}"),
                    newest: date(2025, 6, 1),
                    window: 183,
                    beyond: 60 + which as i64,
                })
                .collect();
            let level = if grave {
                Level::Line
            } else if near {
                Level::Warning
            } else {
                Level::Well
            };
            DailySite {
                id: format!("s{at:03}"),
                name: name(at, names),
                units: vec![format!("u{at}")],
                state: if at % 20 == 19 { "redesign" } else { "running" }.into(),
                visits: Visited {
                    answered: 18,
                    failed: u64::from(grave) * 3,
                    blocked: u64::from(near) * 3,
                    void: (at % 3) as u64,
                },
                failures: if grave {
                    vec![("09:12:31".into(), "connect-timeout".into()), ("10:00:02".into(), "refused".into())]
                } else {
                    Vec::new()
                },
                week: Ratio::new(
                    if grave {
                        9
                    } else if near {
                        6
                    } else {
                        0
                    },
                    147,
                ),
                week_level: level,
                second: grave.then(|| ("second".to_owned(), Ratio::new(8, 147))),
                home_newest: (at % 11 != 10).then(|| date(2026, 2, 10)),
                home_days: (at % 11 != 10).then_some(days),
                home_level: if at % 11 == 10 { Level::Unknown } else { level },
                stale: Ratio::new(stale.len() as u64, 24),
                stale_level: level,
                stale_columns: stale,
                empty: if grave { 5 } else { 0 },
                empty_level: if grave { Level::Line } else { Level::Well },
                new_pages: (at % 5) as u64 * 3,
                home_dead: (0..at % 3).map(|which| url(at + which, names)).collect(),
                certificate: Some((
                    format!("www.bureau{at}.example.gov.cn"),
                    date(2026, 3, 1),
                    if near {
                        12
                    } else if at % 13 == 12 {
                        -2
                    } else {
                        200
                    },
                )),
                findings: movement(1),
                injected: u64::from(at == 5),
                news: (0..at % 3)
                    .map(|which| News {
                        kind: if which == 0 { "appeared" } else { "returned" }.into(),
                        severity: [Severity::Veto, Severity::Error, Severity::Warning][(at + which) % 3],
                        certain: which == 0,
                        rule: "dead-link".into(),
                        unit: format!("u{at}"),
                        url: url(at, names),
                        message: text(
                            "首页“政策文件”的链接打不开（404）",
                            "The link “Policies” on the home page does not open (404)",
                            at,
                            names,
                        ),
                    })
                    .collect(),
                near: if near {
                    let (checklist, item) = ("national-inspection-2019".into(), "V1-1".into());
                    vec![NearItem { checklist, item, unit: format!("u{at}"), note: "pending-review".into() }]
                } else {
                    Vec::new()
                },
                run: RunNote {
                    id: (at % 10 != 9).then(|| format!("run-{at}")),
                    complete: at % 10 != 8,
                    coverage: Ratio::new(180, if at % 10 == 9 { 0 } else { 200 }),
                    note: (at % 10 == 9).then(|| "未安排 / none was planned".to_owned()),
                },
            }
        })
        .collect();
    let of = |level: Level| sites.iter().filter(|site| site.week_level == level).count() as u64;
    let mut states = BTreeMap::new();
    sites.iter().for_each(|site| *states.entry(site.state.clone()).or_insert(0) += 1);
    Daily {
        schema: "xuncha.daily/1".into(),
        day: date(2026, 2, 12),
        office: if names == Names::Ascii { "Qinglu County".into() } else { "青麓县政务公开办".into() },
        rounds: Ratio::new(1, 24),
        unreachable: Ratio::new(of(Level::Line), count as u64),
        stale_homes: Ratio::new(of(Level::Line), count as u64),
        looked: Ratio::new(sites.iter().filter(|site| site.run.id.is_some()).count() as u64, count as u64),
        new_pages: sites.iter().map(|site| site.new_pages).sum(),
        home_dead: sites.iter().map(|site| site.home_dead.len() as u64).sum(),
        findings: movement(4),
        states,
        holiday: Some(Holiday {
            from: date(2026, 2, 15),
            to: date(2026, 2, 23),
            columns: (0..count.min(6))
                .map(|at| (format!("s{at:03}"), name(at, names), url(at, names), date(2026, 2, 16)))
                .collect(),
        }),
        alerts: vec![text(
            "青麓县自然资源和规划局网站 7 天内失败 9/147 (6.1%)，达到界限",
            "Site s005 failed 9/147 (6.1%) in 7 days: at the line",
            0,
            names,
        )],
        accounts: accounts(names),
        sites,
    }
}

fn standing(at: usize, rank: Option<u64>, score: Option<f64>, verdict: &str, names: Names) -> Standing {
    Standing {
        rank,
        unit: format!("u{at}"),
        name: name(at, names),
        site: format!("s{at:03}"),
        verdict: verdict.into(),
        score,
        out_of: score.map(|_| 100.0),
        coverage: 0.9431,
        findings: 10 + at as u64,
        before: None,
        per_page: if at == 0 { vec![("D4-1".into(), Ratio::new(7, 1_900))] } else { Vec::new() },
        why: None,
    }
}

/// The score of the unit that ranks so and so, counted from 0.
pub fn score(at: usize) -> f64 {
    (9_650 - 231 * at as i64).max(0) as f64 / 100.0 + 0.0025
}

pub fn quarterly(count: usize, names: Names) -> Quarterly {
    let (vetoed, unrated) = (count / 10, count / 10);
    let ranked = count - vetoed - unrated;
    let group = |checklist: &str, kind: Option<&str>| {
        let mut group = Group {
            checklist: checklist.into(),
            version: "2019.1".into(),
            sha256: "0123456789abcdef".repeat(4),
            kind: kind.map(str::to_owned),
            ranked: (0..ranked)
                .map(|at| {
                    standing(at, Some(at as u64 + 1), Some(score(at)), if at + 2 < ranked { "passed" } else { "failed" }, names)
                })
                .collect(),
            vetoed: (ranked..ranked + vetoed).map(|at| standing(at, None, Some(71.5), "vetoed", names)).collect(),
            unrated: (ranked + vetoed..count)
                .map(|at| Standing {
                    verdict: if at % 2 == 0 { "insufficient" } else { "not-run" }.into(),
                    why: Some(if at % 2 == 0 {
                        text("覆盖率 41.0% 低于 70.0%，未评", "not rated: coverage 41.0% is below 70.0%", at, names)
                    } else {
                        Text {
                            zh: "未评：已报备升级改版 / filed as being redesigned".into(),
                            en: "not rated: 已报备升级改版 / filed as being redesigned".into(),
                        }
                    }),
                    ..standing(at, None, None, "insufficient", names)
                })
                .collect(),
            verdicts: BTreeMap::from([
                ("passed".to_owned(), ranked.saturating_sub(2) as u64),
                ("failed".to_owned(), ranked.min(2) as u64),
                ("vetoed".to_owned(), vetoed as u64),
                ("insufficient".to_owned(), unrated as u64),
            ]),
            pass_rate: Ratio::new(ranked.saturating_sub(2) as u64, (ranked + vetoed) as u64),
            bands: Vec::new(),
            mean: Some(83.4567),
        };
        let scores: Vec<f64> = group.ranked.iter().filter_map(|standing| standing.score).collect();
        let mut above = f64::INFINITY;
        for least in [90_u32, 80, 70, 60, 0] {
            let within = scores.iter().filter(|score| **score >= f64::from(least) && **score < above).count();
            group.bands.push((least, within as u64));
            above = f64::from(least);
        }
        for (at, standing) in group.ranked.iter_mut().enumerate() {
            standing.before = match at {
                // The same checklist; another one with and without a second judgement; none.
                0 => Some(Before { score: Some(90.0), rank: Some(4), other_checklist: false, again: None }),
                1 => Some(Before { score: Some(60.0), rank: Some(1), other_checklist: true, again: Some(97.0) }),
                2 => Some(Before { score: Some(61.0), rank: Some(2), other_checklist: true, again: None }),
                3 => None,
                _ => Some(Before { score: Some(score(at) - 1.5), rank: Some(at as u64), other_checklist: false, again: None }),
            };
        }
        group
    };
    let rules = [
        "dead-link",
        "column-freshness",
        "required-column",
        "footer-element",
        "document-element",
        "text-alternative",
        "unknown-rule",
    ];
    let items: Vec<(String, Text)> = (0..31)
        .map(|at| (format!("D{}-{}", at / 5 + 1, at % 5 + 1), text("栏目按期更新", "Columns are updated in time", at, names)))
        .collect();
    let cell = |unit: usize, item: usize| match (unit * 7 + item * 3) % 17 {
        0 => Cell::Undecided,
        1 => Cell::Inapplicable,
        2 => Cell::Suspected,
        3 => Cell::Lost(1_000),
        4 => Cell::Lost(250),
        5 => Cell::Lost(3),
        6 => Cell::Lost(620),
        _ => Cell::Passed,
    };
    let lists = ["national-inspection-2019", "public-security-bureau"];
    let mut trend = Vec::new();
    for (at, period) in ["2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"].into_iter().enumerate() {
        for (which, list) in lists.iter().enumerate() {
            if (at, which) != (2, 1) {
                trend.push((period.to_owned(), (*list).to_owned(), 74.25 + at as f64 * 2.0 - which as f64 * 3.5, 17));
            }
        }
    }
    Quarterly {
        schema: "xuncha.quarterly/1".into(),
        period: "2026Q1".into(),
        office: if names == Names::Ascii { "Qinglu County".into() } else { "青麓县政务公开办".into() },
        checked: Ratio::new(count.saturating_sub(1) as u64, count as u64),
        groups: vec![group(lists[0], None), group(lists[1], Some("public-security-bureau"))],
        problems: rules
            .iter()
            .enumerate()
            .map(|(at, rule)| Problem {
                rule: (*rule).to_owned(),
                title: text(
                    ["失效链接", "栏目不更新", "缺少规定栏目", "页脚要素不全", "公文要素不全", "图片缺少替代文本", "其他"][at],
                    "A class of problems",
                    at,
                    names,
                ),
                units: (count as u64).saturating_sub(1).min(14 - at as u64),
                findings: 340 / (at as u64 + 1),
                suspected: [0, 40, 90, 0, 12, 0, 3][at],
                occurrences: 900 / (at as u64 + 1),
            })
            .collect(),
        findings: movement(20),
        rectified: Ratio::new(653, 659),
        recurred: Ratio::new(8, 134),
        not_run: vec![("s019".into(), "已报备升级改版 / filed as being redesigned".into())],
        heat: vec![Heat {
            checklist: lists[0].into(),
            rows: (0..count).map(|unit| (format!("u{unit}"), (0..items.len()).map(|item| cell(unit, item)).collect())).collect(),
            items,
        }],
        trend,
        accounts: accounts(names),
    }
}

pub fn semiannual(count: usize, names: Names) -> Semiannual {
    let notes = ["passed", "inapplicable", "veto", "pending-review", "open", "manual", "warn", "below-threshold", "cannot-tell"];
    let units = (0..count)
        .map(|at| {
            let prediction = match at % 10 {
                0 => Prediction::Fails,
                1 => Prediction::FailsIfConfirmed,
                2 => Prediction::NearLine,
                3 => Prediction::NotSeen,
                _ => Prediction::Open,
            };
            let noted = |which: usize| match (prediction, which) {
                (Prediction::Fails, 0) => "veto",
                (Prediction::FailsIfConfirmed, 0) => "pending-review",
                (Prediction::NearLine, 0) => "warn",
                (_, 3) if prediction != Prediction::NearLine => notes[4 + at % 2],
                (_, 4) => "inapplicable",
                _ => "passed",
            };
            let titles = [
                ("站点无法访问", "Site unreachable"),
                ("首页不更新", "Home page not updated"),
                ("栏目不更新", "Columns not updated"),
                ("安全事故", "Incidents"),
                ("互动回应差", "No answers"),
            ];
            let vetoes = (0..5).map(|which| VetoItem {
                checklist: "national-inspection-2019".into(),
                item: format!("V{}-1", which + 1),
                title: text(titles[which].0, titles[which].1, at + which, names),
                note: noted(which).into(),
                counts: (
                    u64::from(noted(which) == "veto") * 12,
                    u64::from(noted(which) == "pending-review") * 2,
                    u64::from(which == 3),
                ),
                remark: (which == 0)
                    .then(|| text("7 天内失败 9/147 (6.1%)，界限 5%", "failed in 7 days 9/147 (6.1%), line 5%", at, names)),
            });
            let vetoes: Vec<VetoItem> = if prediction == Prediction::NotSeen { Vec::new() } else { vetoes.collect() };
            Forecast {
                unit: format!("u{at}"),
                name: name(at, names),
                site: format!("s{at:03}"),
                prediction,
                vetoes,
                manual: vec![
                    (
                        "national-inspection-2019".into(),
                        "V1-2".into(),
                        text("泄露国家秘密", "State secrets disclosed", at, names),
                    ),
                    (
                        "national-inspection-2019".into(),
                        "V1-4".into(),
                        text("安全攻击处置不力", "Attacks not dealt with", at, names),
                    ),
                ],
            }
        })
        .collect();
    let mut standing = quarterly(count, names);
    standing.period = "2026H1".into();
    Semiannual {
        schema: "xuncha.semiannual/1".into(),
        period: "2026H1".into(),
        office: standing.office.clone(),
        standing,
        units,
        open_from_before: (0..count.min(7))
            .map(|at| Leftover {
                unit: format!("u{at}"),
                rule: "footer-element".into(),
                severity: [Severity::Error, Severity::Warning][at % 2],
                since: date(2025, 3, 5),
                url: url(at, names),
                message: text("页脚缺少网站标识码", "The footer has no site code", at, names),
            })
            .collect(),
    }
}

/// What is sent to a unit on two sites; `count` items, and as many findings.
pub fn unit(count: usize, names: Names) -> OfUnit {
    let quarterly = quarterly(count, names);
    let standing = quarterly.groups.iter().flat_map(|group| &group.ranked).next().cloned();
    let items = (0..count).map(|at| UnitItem {
        item: format!("P{at}"),
        title: text("栏目按期更新", "Columns are updated in time", at, names),
        severity: [Severity::Veto, Severity::Error, Severity::Warning][at % 3],
        note: ["passed", "failed", "suspected", "manual", "untested", "inapplicable"][at % 6].into(),
        points: (at % 4 != 3).then_some(2.0),
        deducted: if at % 6 == 1 { 1.5 } else { 0.0 },
        counts: (at as u64 % 3, at as u64 % 2, at as u64 % 5),
        remark: (at % 5 == 0).then(|| text("按季度核对", "asked every quarter", at, names)),
    });
    let findings = (0..count).map(|at| UnitFinding {
        fingerprint: format!("{at:016x}"),
        rule: "dead-link".into(),
        severity: [Severity::Veto, Severity::Error, Severity::Warning, Severity::Notice][at % 4],
        certain: at % 3 != 2,
        message: text("链接“办事指南”打不开（404）", "The link “Service guide” does not open (404)", at, names),
        fix: text("改正地址，或删除链接", "Correct the address, or remove the link", at, names),
        url: url(at, names),
        text: (at % 2 == 0).then(|| name(at, names)),
        occurrences: at as u64 + 1,
        evidence: BTreeMap::from([("status".to_owned(), "404".to_owned()), ("looked".to_owned(), name(at, names))]),
        since: (at % 7 != 6).then(|| day(at)),
        responsible: (at % 5 == 4).then(|| name(at + 1, names)),
    });
    let card = UnitCard {
        checklist: "bureau-quarterly".into(),
        version: "2021.1".into(),
        title: text("部门政务公开季度测评", "Quarterly score sheet of bureaus", 0, names),
        verdict: "passed".into(),
        score: Some(86.5),
        out_of: Some(100.0),
        decided: Ratio::new(41, 45),
        reason: text("得分 86.5，及格线 60", "86.5 points; the line is 60", 0, names),
        ranked: quarterly.groups.first().map_or(0, |group| group.ranked.len() as u64),
        standing,
        items: items.collect(),
    };
    let checked = UnitSite {
        site: "s0".into(),
        name: name(0, names),
        address: Some(url(0, names)),
        state: "running".into(),
        run: RunNote { id: Some("run-0".into()), complete: false, coverage: Ratio::new(180, 200), note: None },
        as_of: Some("2026-02-20".into()),
        cards: vec![
            UnitCard {
                checklist: "national-inspection-2019".into(),
                verdict: "vetoed".into(),
                score: None,
                standing: None,
                ..card.clone()
            },
            card,
        ],
        certain: BySeverity { veto: 1, error: 4, warning: 5, notice: 3 },
        suspected: count as u64,
        findings: findings.collect(),
    };
    let unseen = UnitSite {
        site: "s1".into(),
        name: name(1, names),
        run: RunNote { id: None, complete: false, coverage: Ratio::default(), note: None },
        as_of: None,
        cards: Vec::new(),
        certain: BySeverity::default(),
        suspected: 0,
        findings: Vec::new(),
        ..checked.clone()
    };
    OfUnit {
        schema: "xuncha.unit/1".into(),
        period: "2026Q1".into(),
        office: name(2, names),
        unit: "u0".into(),
        name: name(0, names),
        sites: if count == 0 { Vec::new() } else { vec![checked, unseen] },
        accounts: quarterly.accounts,
    }
}

/// All four.
pub fn all(count: usize, names: Names) -> [Periodic; 4] {
    [
        Periodic::Daily(Box::new(daily(count, names))),
        Periodic::Quarterly(Box::new(quarterly(count, names))),
        Periodic::Semiannual(Box::new(semiannual(count, names))),
        Periodic::Unit(Box::new(unit(count, names))),
    ]
}
