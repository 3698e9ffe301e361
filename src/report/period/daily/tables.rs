//! The tables of a daily report: new findings, what is near a veto, the holiday ahead, failures, stale columns, dead links, every site.

use super::super::outline::{Block, Cell, Head, Mark, Section, Table, Tongue, Value};
use super::super::words::{self, Titles};
use super::super::{Daily, Level};
use crate::finding::Language;
use crate::report::words as fixed;

fn section(id: &str, title: &str, lead: Vec<String>, table: Table) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), lead, blocks: vec![Block::Table(table)] }
}

/// What appeared or came back since yesterday.
pub fn news(report: &Daily, tongue: Tongue, titles: &Titles) -> Section {
    let mut all: Vec<_> = report.sites.iter().flat_map(|site| site.news.iter().map(move |news| (site, news))).collect();
    all.sort_by_key(|(_, news)| std::cmp::Reverse((news.severity, news.certain)));
    let shown = all.len() as u64;
    let rows = all
        .into_iter()
        .map(|(site, news)| {
            let certain = if news.certain { ("确定", "certain") } else { ("疑似", "suspected") };
            vec![
                Cell::said(fixed::severity(news.severity).get(tongue.0), words::severity_mark(news.severity)),
                Cell::said(tongue.say(certain.0, certain.1), if news.certain { Mark::Plain } else { Mark::Doubtful }),
                Cell::text(words::news_kind(&news.kind).get(tongue.0)),
                Cell::text(&site.name),
                Cell::text(&news.unit),
                Cell::text(&titles.rule(&news.rule)),
                Cell::text(news.message.get(tongue.0)),
                Cell::address(&news.url),
            ]
        })
        .collect();
    let fresh = report.findings.appeared + report.findings.returned;
    let lead = match (fresh.saturating_sub(shown), tongue.0) {
        (0, _) => Vec::new(),
        (left, Language::Zh) => vec![format!("共 {fresh} 个，每站最多列 50 个；未列 {left} 个。")],
        (left, Language::En) => vec![format!("{fresh} in all, at most 50 of a site are listed; {left} are not.")],
    };
    let table = Table {
        sheet: tongue.own("新发现问题", "New findings"),
        heads: vec![
            Head::words(tongue.say("级别", "Severity"), 9.0).first(),
            Head::words(tongue.say("确定性", "Certainty"), 10.0).first(),
            Head::words(tongue.say("来由", "Kind"), 9.0),
            Head::words(tongue.say("网站", "Site"), 26.0).first(),
            Head::words(tongue.say("单位", "Unit"), 16.0),
            Head::words(tongue.say("检查内容", "Rule"), 20.0),
            Head::words(tongue.say("问题", "Finding"), 60.0).first(),
            Head::words(tongue.say("网址", "Address"), 44.0),
        ],
        rows,
        empty: tongue.own("没有新发现的问题。", "No new findings."),
        brief: 6,
        wide: true,
        ..Table::default()
    };
    section("news", tongue.say("新发现问题", "New findings"), lead, table)
}

/// Items of the day's judgement near a veto.
pub fn near(report: &Daily, tongue: Tongue, titles: &mut Titles) -> Section {
    let mut rows = Vec::new();
    for site in &report.sites {
        for near in &site.near {
            let (text, mark) = words::note(&near.note);
            rows.push(vec![
                Cell::said(text.get(tongue.0), mark),
                Cell::text(&site.name),
                Cell::text(&near.unit),
                Cell::text(&titles.item(&near.checklist, &near.item)),
                Cell::text(&titles.checklist(&near.checklist)),
            ]);
        }
    }
    let table = Table {
        sheet: tongue.own("接近否决", "Near a veto"),
        heads: vec![
            Head::words(tongue.say("情况", "How it stands"), 20.0).first(),
            Head::words(tongue.say("网站", "Site"), 30.0).first(),
            Head::words(tongue.say("单位", "Unit"), 18.0),
            Head::words(tongue.say("指标", "Item"), 50.0).first(),
            Head::words(tongue.say("清单", "Checklist"), 36.0),
        ],
        rows,
        empty: tongue.own("没有接近单项否决的指标。", "No item is near a veto."),
        brief: 4,
        ..Table::default()
    };
    section("near", tongue.say("接近单项否决的指标", "Items near a veto"), Vec::new(), table)
}

/// What was told at once.
pub fn alerts(report: &Daily, tongue: Tongue) -> Section {
    let table = Table {
        sheet: tongue.own("当日告警", "Alerts"),
        heads: vec![Head::words(tongue.say("告警", "Alert"), 110.0).first()],
        rows: report.alerts.iter().map(|alert| vec![Cell::text(alert.get(tongue.0))]).collect(),
        empty: tongue.own("当日没有发出告警。", "Nothing was told at once."),
        brief: 5,
        ..Table::default()
    };
    section("alerts", tongue.say("当日告警", "Alerts"), Vec::new(), table)
}

/// Columns that will pass their window inside of a holiday.
pub fn holiday(report: &Daily, tongue: Tongue) -> Section {
    let (lead, rows) = match &report.holiday {
        None => (Vec::new(), Vec::new()),
        Some(ahead) => {
            let lead = match tongue.0 {
                Language::Zh => {
                    format!("{} 至 {} 放假。下列栏目现在未超期，放假期间将超期，请节前更新。", ahead.from, ahead.to)
                }
                Language::En => format!(
                    "Days off from {} to {}. These columns are within their window now and will pass it inside of the holiday.",
                    ahead.from, ahead.to
                ),
            };
            let rows = ahead
                .columns
                .iter()
                .map(|(site, name, url, passes)| vec![(*passes).into(), Cell::text(site), Cell::text(name), Cell::address(url)])
                .collect();
            (vec![lead], rows)
        }
    };
    let empty = match &report.holiday {
        None => tongue.own("十天内没有长假。", "No long holiday begins within ten days."),
        Some(_) => tongue.own("没有栏目将在放假期间超期。", "No column will pass its window inside of it."),
    };
    let table = Table {
        sheet: tongue.own("节前提醒", "Holiday"),
        heads: vec![
            Head::words(tongue.say("超期日", "Passes on"), 13.0).first(),
            Head::words(tongue.say("网站编码", "Site"), 20.0).first(),
            Head::words(tongue.say("栏目", "Column"), 30.0).first(),
            Head::words(tongue.say("网址", "Address"), 60.0),
        ],
        rows,
        empty,
        brief: 5,
        ..Table::default()
    };
    section("holiday", tongue.say("节前提醒", "Before the holiday"), lead, table)
}

/// Failed visits with time and cause.
pub fn failures(report: &Daily, tongue: Tongue) -> Section {
    let mut rows = Vec::new();
    for site in &report.sites {
        for (at, cause) in &site.failures {
            let reason = fixed::reason(cause);
            rows.push(vec![Cell::text(&site.name), Cell::text(&site.id), Cell::text(at), Cell::text(reason.get(tongue.0))]);
        }
    }
    let table = Table {
        sheet: tongue.own("探测失败", "Failed visits"),
        heads: vec![
            Head::words(tongue.say("网站", "Site"), 34.0),
            Head::words(tongue.say("编码", "Id"), 18.0),
            Head::words(tongue.say("时间", "Time"), 11.0),
            Head::words(tongue.say("原因", "Cause"), 46.0),
        ],
        rows,
        empty: tongue.own("当日没有失败的探测。", "No visit failed."),
        ..Table::default()
    };
    section("failures", tongue.say("探测失败", "Failed visits"), Vec::new(), table)
}

/// Columns beyond their window (E23).
pub fn stale(report: &Daily, tongue: Tongue) -> Section {
    let mut rows = Vec::new();
    for site in &report.sites {
        for column in &site.stale_columns {
            rows.push(vec![
                Cell::text(&site.name),
                Cell::text(&column.unit),
                Cell::text(&column.name),
                column.newest.into(),
                Value::Whole(column.beyond.saturating_add(i64::from(column.window))).into(),
                Value::Count(u64::from(column.window)).into(),
                Cell::marked(Value::Whole(column.beyond), Mark::Bad),
                Cell::address(&column.url),
            ]);
        }
    }
    let table = Table {
        sheet: tongue.own("不更新栏目", "Stale columns"),
        heads: vec![
            Head::words(tongue.say("网站", "Site"), 28.0),
            Head::words(tongue.say("单位", "Unit"), 16.0),
            Head::words(tongue.say("栏目", "Column"), 24.0),
            Head::words(tongue.say("最后更新", "Last update"), 13.0),
            Head::figures(tongue.say("未更新天数", "Days without")),
            Head::figures(tongue.say("时限（天）", "Window")),
            Head::figures(tongue.say("超期（天）", "Beyond it")),
            Head::words(tongue.say("网址", "Address"), 50.0),
        ],
        rows,
        empty: tongue.own("没有超期的栏目。", "No column is beyond its window."),
        wide: true,
        ..Table::default()
    };
    section("stale", tongue.say("不更新栏目", "Stale columns"), Vec::new(), table)
}

/// Dead links of home pages.
pub fn dead(report: &Daily, tongue: Tongue) -> Section {
    let mut rows = Vec::new();
    for site in &report.sites {
        rows.extend(site.home_dead.iter().map(|url| vec![Cell::text(&site.name), Cell::text(&site.id), Cell::address(url)]));
    }
    let table = Table {
        sheet: tongue.own("首页死链", "Dead links"),
        heads: vec![
            Head::words(tongue.say("网站", "Site"), 34.0),
            Head::words(tongue.say("编码", "Id"), 18.0),
            Head::words(tongue.say("失效的网址", "Dead address"), 80.0),
        ],
        rows,
        empty: tongue.own("首页没有死链。", "No dead links on home pages."),
        ..Table::default()
    };
    section("dead", tongue.say("首页死链", "Dead links of home pages"), Vec::new(), table)
}

/// Every site.
pub fn sites(report: &Daily, tongue: Tongue) -> Section {
    let levelled = |value: Value, level: Level| Cell::marked(value, level.into());
    let rows = report
        .sites
        .iter()
        .map(|site| {
            let certificate = site.certificate.as_ref();
            let left = certificate.map(|(_, _, left)| *left);
            let expiring = match left {
                Some(left) if left < 0 => Mark::Bad,
                Some(left) if left <= super::CERTIFICATE_DAYS => Mark::Warning,
                _ => Mark::Plain,
            };
            let note = site.run.note.as_deref().map(|note| words::half(note, tongue.0)).unwrap_or_default();
            let cut = site.run.id.is_some() && !site.run.complete;
            let run = match (cut, note.is_empty()) {
                (true, true) => tongue.own("未完成", "not complete"),
                (true, false) => format!("{}{}{note}", tongue.say("未完成", "not complete"), tongue.say("；", "; ")),
                (false, _) => note.to_owned(),
            };
            vec![
                Cell::text(&site.name),
                Cell::text(&site.id),
                Cell::text(words::state(&site.state).get(tongue.0)),
                Value::Visits(site.visits).into(),
                Cell { mark: site.week_level.into(), ..site.week.into() },
                match &site.second {
                    Some((_, week)) => (*week).into(),
                    None => Cell { value: Value::None, mark: Mark::Quiet },
                },
                match site.home_days {
                    Some(days) => levelled(Value::Whole(days), site.home_level),
                    None => levelled(Value::None, Level::Unknown),
                },
                Cell { mark: site.stale_level.into(), ..site.stale.into() },
                levelled(Value::Count(site.empty), site.empty_level),
                Cell::count(site.home_dead.len() as u64, Mark::Warning),
                Cell::count(site.new_pages, Mark::Plain),
                Cell::count(site.findings.appeared + site.findings.returned, Mark::Warning),
                Cell::count(site.findings.open.all(), Mark::Plain),
                left.map_or_else(Cell::default, |left| Cell::marked(Value::Whole(left), expiring)),
                site.run.id.as_ref().map(|_| site.run.coverage).into(),
                Cell::text(&run),
            ]
        })
        .collect();
    let table = Table {
        sheet: tongue.own("各网站", "Sites"),
        heads: vec![
            Head::words(tongue.say("网站", "Site"), 30.0),
            Head::words(tongue.say("编码", "Id"), 16.0),
            Head::words(tongue.say("状态", "State"), 11.0),
            Head::words(tongue.say("当日探测", "Visits"), 12.0),
            Head::share(tongue.say("7 天失败", "Failed, 7 days")),
            Head::share(tongue.say("第二观测点", "Second vantage")),
            Head::figures(tongue.say("首页（天）", "Home, days")),
            Head::share(tongue.say("超期栏目", "Stale columns")),
            Head::figures(tongue.say("空白栏目", "Empty columns")),
            Head::figures(tongue.say("首页死链", "Dead links")),
            Head::figures(tongue.say("新页", "New pages")),
            Head::figures(tongue.say("新问题", "New findings")),
            Head::figures(tongue.say("未解决", "Open")),
            Head::figures(tongue.say("证书（天）", "Certificate, days")),
            Head::share(tongue.say("取得", "Fetched")),
            Head::words(tongue.say("备注", "Note"), 30.0),
        ],
        rows,
        empty: tongue.own("没有登记网站。", "No site is registered."),
        wide: true,
        ..Table::default()
    };
    let lead = tongue.own(
        "“当日探测”为连得通/有效次数：绿为打开，蓝为连得通但被拒（不算不通），红为失败，虚线框为我方故障而作废。“–”为无法判断。",
        "Visits: reached / valid. Green answered, blue reached and refused (not down), red failed, dashed void because our line failed. “–”: cannot tell.",
    );
    section("sites", tongue.say("各网站情况", "Every site"), vec![lead], table)
}
