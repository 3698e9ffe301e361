//! A daily report in the order of reading: the indicators of a site-group monitor (regulations.md E22), what is at a line, what is new,
//! then the detail tables (E23) and every site.

mod tables;

use super::outline::{Block, Cell, Chart, ChartKind, Figure, Head, Mark, Outline, Section, Table, Tongue, Value, harmless};
use super::words::{self, Titles};
use super::{Daily, DailySite, Level, Ratio};
use crate::finding::Language;

/// Days before its end from which a certificate is told.
const CERTIFICATE_DAYS: i64 = 30;
/// Ages of home pages that share a bar: up to so many days. The third ends where the warning does, two weeks.
const AGES: [(i64, Mark); 3] = [(7, Mark::Good), (10, Mark::Good), (14, Mark::Warning)];

/// What stands where.
pub(super) fn outline(report: &Daily, language: Language) -> Outline {
    let tongue = Tongue(language);
    let mut titles = Titles::of(language);
    let day = match language {
        Language::Zh => format!("{}年{}月{}日", report.day.year(), report.day.month(), report.day.day()),
        Language::En => report.day.to_string(),
    };
    let office = harmless(&report.office);
    let title = match (language, office.is_empty()) {
        (Language::Zh, _) => format!("{office}网站监测日报"),
        (Language::En, true) => "Daily report on websites".to_owned(),
        (Language::En, false) => format!("{office}: daily report on websites"),
    };
    let states: Vec<String> =
        report.states.iter().map(|(word, count)| format!("{} {count}", harmless(words::state(word).get(language)))).collect();
    Outline {
        language,
        title,
        facts: vec![
            day,
            format!("{} {}", tongue.say("网站", "Sites"), report.sites.len()),
            states.join(tongue.say("，", ", ")),
            tongue.own("比例均列分子和分母", "every share with numerator and denominator"),
        ]
        .into_iter()
        .filter(|fact| !fact.is_empty())
        .collect(),
        figures: figures(report, tongue),
        sections: vec![
            at_line(report, tongue),
            tables::news(report, tongue, &titles),
            tables::near(report, tongue, &mut titles),
            tables::alerts(report, tongue),
            tables::holiday(report, tongue),
            homes(report, tongue),
            tables::failures(report, tongue),
            tables::stale(report, tongue),
            tables::dead(report, tongue),
            tables::sites(report, tongue),
            super::quarterly::accounts(&report.accounts, tongue),
        ],
    }
}

/// `1.5`, rounded half up; a dash of nothing.
fn average(part: u64, of: u64) -> String {
    if of == 0 {
        return "–".to_owned();
    }
    let tenths = (u128::from(part) * 20 + u128::from(of)) / (u128::from(of) * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn figures(report: &Daily, tongue: Tongue) -> Vec<Figure> {
    let looked = report.looked.part;
    let each = |count: u64| match tongue.0 {
        Language::Zh => format!("平均 {} 个/站（{count}/{looked}）", average(count, looked)),
        Language::En => format!("{} a site ({count}/{looked})", average(count, looked)),
    };
    // Of nothing that could be told, nothing is well.
    let grave = |share: Ratio| match share {
        Ratio { of: 0, .. } => Mark::Quiet,
        Ratio { part: 0, .. } => Mark::Good,
        _ => Mark::Bad,
    };
    let unless_unseen = |mark: Mark| if looked == 0 { Mark::Quiet } else { mark };
    let findings = &report.findings;
    let fresh = findings.appeared + findings.returned;
    let figure = |label: &str, value: Value, detail: String, mark: Mark| Figure { label: label.to_owned(), value, detail, mark };
    vec![
        figure(
            tongue.say("监测不连通", "Unreachable"),
            Value::Share(report.unreachable),
            tongue.own("近 7 天到线的网站/探测次数足够的网站", "sites at the line in 7 days / sites with enough visits"),
            grave(report.unreachable),
        ),
        figure(
            tongue.say("首页不更新", "Stale home pages"),
            Value::Share(report.stale_homes),
            tongue.own("超过两周的网站/能判断的网站", "sites beyond two weeks / sites where it could be told"),
            grave(report.stale_homes),
        ),
        figure(
            tongue.say("首页死链", "Dead links of home pages"),
            Value::Count(report.home_dead),
            each(report.home_dead),
            unless_unseen(if report.home_dead > 0 { Mark::Warning } else { Mark::Good }),
        ),
        figure(tongue.say("更新量", "New pages"), Value::Count(report.new_pages), each(report.new_pages), Mark::Plain),
        figure(
            tongue.say("新发现问题", "New findings"),
            Value::Count(fresh),
            match tongue.0 {
                Language::Zh => format!("首次 {}，复发 {}；消失 {}", findings.appeared, findings.returned, findings.gone),
                Language::En => {
                    format!("{} first seen, {} back again; {} gone", findings.appeared, findings.returned, findings.gone)
                }
            },
            if fresh > 0 { Mark::Warning } else { unless_unseen(Mark::Good) },
        ),
        open(findings, tongue),
        figure(
            tongue.say("当日已检查", "Looked at"),
            Value::Share(report.looked),
            tongue.own("有当日运行的网站/每日监测的网站", "sites with a run / sites watched daily"),
            match report.looked {
                Ratio { of: 0, .. } => Mark::Quiet,
                Ratio { part, of } if part < of => Mark::Warning,
                _ => Mark::Good,
            },
        ),
        figure(
            tongue.say("作废轮次", "Void rounds"),
            Value::Share(report.rounds),
            tongue.own("我方线路故障的轮次/探测轮次，不计入网站", "rounds when our own line failed / rounds; no site is blamed"),
            match report.rounds {
                Ratio { of: 0, .. } => Mark::Quiet,
                Ratio { part: 0, .. } => Mark::Good,
                _ => Mark::Warning,
            },
        ),
    ]
}

/// Findings that are open, by severity.
pub(super) fn open(findings: &super::Movement, tongue: Tongue) -> Figure {
    let all = findings.open.all();
    let kinds = words::by_severity(findings.open, tongue);
    let suspected = match (findings.suspected, tongue.0) {
        (0, _) => String::new(),
        (n, Language::Zh) => format!("（其中疑似 {n}）"),
        (n, Language::En) => format!(" (of these {n} suspected)"),
    };
    Figure {
        label: tongue.own("未解决问题", "Open findings"),
        value: Value::Count(all),
        detail: format!("{kinds}{suspected}"),
        mark: if findings.open.veto > 0 { Mark::Bad } else { Mark::Plain },
    }
}

/// Everything at a line or inside of its margin (regulations.md 1.8), the gravest first.
fn at_line(report: &Daily, tongue: Tongue) -> Section {
    let mut rows: Vec<(Level, Vec<Cell>)> = Vec::new();
    for site in &report.sites {
        for (level, what, how) in indicators(site, tongue) {
            if level < Level::Warning {
                continue;
            }
            let word = words::level(level);
            rows.push((
                level,
                vec![
                    Cell::said(word.get(tongue.0), level.into()),
                    Cell::text(&site.name),
                    Cell::text(&site.id),
                    Cell::text(what),
                    Cell::text(&how),
                ],
            ));
        }
    }
    rows.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let table = Table {
        sheet: tongue.own("到线与预警", "At a line"),
        heads: vec![
            Head::words(tongue.say("程度", "Level"), 10.0).first(),
            Head::words(tongue.say("网站", "Site"), 30.0).first(),
            Head::words(tongue.say("编码", "Id"), 16.0),
            Head::words(tongue.say("指标", "Indicator"), 18.0).first(),
            Head::words(tongue.say("情况", "How it stands"), 60.0).first(),
        ],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        empty: tongue.own("没有到线或预警的网站。", "No site is at a line or near it."),
        brief: 8,
        ..Table::default()
    };
    Section {
        id: "lines".into(),
        title: tongue.own("到线与预警", "At a line, or near it"),
        lead: vec![
            tongue.own(
                "到线：达到单项否决的界限；预警：进入提前提醒的范围。",
                "At the line: a veto would be due. Warning: inside of the margin before it.",
            ),
            unknown(report, tongue),
        ],
        blocks: vec![Block::Table(table)],
    }
}

/// Of how many sites nobody could tell: they are neither at a line nor well.
fn unknown(report: &Daily, tongue: Tongue) -> String {
    let all = report.sites.len() as u64;
    let of = |level: &dyn Fn(&DailySite) -> Level| {
        let unknown = report.sites.iter().filter(|site| level(site) == Level::Unknown).count() as u64;
        Ratio::new(unknown, all).text()
    };
    let reach = of(&|site| site.week_level);
    let (home, columns) = (of(&|site| site.home_level), of(&|site| site.stale_level));
    match tongue.0 {
        Language::Zh => format!("无法判断的网站：不连通 {reach}，首页更新 {home}，栏目 {columns}；见“各网站情况”。"),
        Language::En => format!("Could not be told: reachability {reach}, home page {home}, columns {columns}; see every site."),
    }
}

/// Level, name and wording of each indicator of a site.
fn indicators<'t>(site: &DailySite, tongue: Tongue) -> Vec<(Level, &'t str, String)> {
    let zh = tongue.0 == Language::Zh;
    let mut told = Vec::new();
    let second = match &site.second {
        Some((at, week)) if zh => format!("；第二观测点 {at}：{}", week.text()),
        Some((at, week)) => format!("; second vantage {at}: {}", week.text()),
        None if zh => "；无第二观测点，须人工核实".to_owned(),
        None => "; no second vantage: a person has to check".to_owned(),
    };
    let week = if zh { format!("7 天内失败 {}", site.week.text()) } else { format!("failed in 7 days {}", site.week.text()) };
    told.push((site.week_level, if zh { "不连通" } else { "Unreachable" }, week + &second));
    if let (Some(newest), Some(days)) = (site.home_newest, site.home_days) {
        let how = if zh { format!("最新 {newest}，已 {days} 天") } else { format!("newest {newest}, {days} days ago") };
        told.push((site.home_level, if zh { "首页不更新" } else { "Stale home page" }, how));
    }
    told.push((
        site.stale_level,
        if zh { "栏目不更新" } else { "Stale columns" },
        if zh { format!("超期栏目 {}", site.stale.text()) } else { format!("beyond their window {}", site.stale.text()) },
    ));
    let empty = if zh { format!("{} 个", site.empty) } else { site.empty.to_string() };
    told.push((site.empty_level, if zh { "空白栏目" } else { "Empty columns" }, empty));
    if let Some((host, until, left)) = &site.certificate
        && *left <= CERTIFICATE_DAYS
    {
        let level = if *left < 0 { Level::Line } else { Level::Warning };
        let how = match (zh, *left < 0) {
            (true, true) => format!("{host} 的证书 {until} 已过期"),
            (true, false) => format!("{host} 的证书 {until} 到期，还剩 {left} 天"),
            (false, true) => format!("the certificate of {host} expired on {until}"),
            (false, false) => format!("the certificate of {host} ends on {until}, in {left} days"),
        };
        told.push((level, if zh { "证书" } else { "Certificate" }, how));
    }
    if site.injected > 0 {
        let how = if zh {
            format!("新出现疑似挂码、暗链或被劫持的链接 {} 处", site.injected)
        } else {
            format!("new findings that betray an intrusion: {}", site.injected)
        };
        told.push((Level::Warning, if zh { "安全" } else { "Intrusion" }, how));
    }
    told
}

/// How old home pages are.
fn homes(report: &Daily, tongue: Tongue) -> Section {
    let zh = tongue.0 == Language::Zh;
    let mut bands: Vec<(String, Mark, u64)> = Vec::new();
    let mut least = 0;
    for (most, mark) in AGES {
        bands.push((if zh { format!("{least}–{most} 天") } else { format!("{least}–{most} days") }, mark, 0));
        least = most + 1;
    }
    bands.push((if zh { format!("{least} 天以上") } else { format!("{least} days or more") }, Mark::Bad, 0));
    bands.push((tongue.own("无法判断", "cannot tell"), Mark::Quiet, 0));
    for site in &report.sites {
        let at = match site.home_days {
            Some(days) => AGES.iter().position(|(most, _)| days <= *most).unwrap_or(AGES.len()),
            None => AGES.len() + 1,
        };
        bands[at].2 += 1;
    }
    let all = report.sites.len() as u64;
    let rows: Vec<Vec<Cell>> = bands
        .into_iter()
        .map(|(name, mark, count)| vec![Cell::said(&name, mark), Cell::count(count, Mark::Plain), Ratio::new(count, all).into()])
        .collect();
    let chart = Chart {
        title: tongue.own("首页最近更新", "Age of home pages"),
        kind: ChartKind::Bars,
        label: 0,
        values: vec![1],
        marks: vec![Mark::Plain],
        told: Some(2),
        rows: 0..rows.len(),
        top: None,
        in_book: false,
    };
    let table = Table {
        sheet: tongue.own("首页更新", "Home pages"),
        heads: vec![
            Head::words(tongue.say("距上次更新", "Since the last update"), 20.0),
            Head::figures(tongue.say("网站", "Sites")),
            Head::share(tongue.say("占比", "Share")),
        ],
        rows,
        charts: vec![chart],
        drawn: true,
        ..Table::default()
    };
    Section {
        id: "homes".into(),
        title: tongue.own("首页更新", "Home pages"),
        lead: Vec::new(),
        blocks: vec![Block::Table(table)],
    }
}
