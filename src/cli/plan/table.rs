//! The plan for people: tables by host and by address, what they rest on, and a sentence that sums them up.

use super::{Basis, Printed};
use crate::config::Config;
use crate::crawl::forecast::{Row, Strictest};
use crate::finding::Language;
use crate::report::plain;
use comfy_table::{Cell, CellAlignment, Table, presets};
use std::io::{self, Write};

/// Rows of a table.
const MOST_ROWS: usize = 30;

/// Prints it.
pub(super) fn write(printed: &Printed, config: &Config, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let zh = language == Language::Zh;
    let say = |zh_text: &str, en_text: &str| if zh { zh_text.to_owned() } else { en_text.to_owned() };
    let forecast = &printed.forecast;
    for target in &printed.targets {
        let basis = match (&target.basis, zh) {
            (Basis::Run { folder, finished }, true) => format!("按以往运行 {folder}（{finished}）"),
            (Basis::Run { folder, finished }, false) => format!("as in the earlier run {folder} ({finished})"),
            (Basis::Stated { pages }, true) => format!("按 --pages {pages}"),
            (Basis::Stated { pages }, false) => format!("as stated by --pages {pages}"),
            (Basis::Limit { pages }, true) => format!("按 --max-pages {pages} 的上限"),
            (Basis::Limit { pages }, false) => format!("at most, by --max-pages {pages}"),
            (Basis::Assumed { pages }, true) => {
                format!("没有依据，假定 {pages} 页；请用 --pages 写明，或用 --since 给出以往运行")
            }
            (Basis::Assumed { pages }, false) => {
                format!("nothing is known: {pages} pages are assumed; state --pages, or give an earlier run by --since")
            }
        };
        let line = match zh {
            true => format!("{}：{} 页，{} 次请求（{basis}）", target.target, target.pages, target.requests),
            false => format!("{}: {} pages, {} requests ({basis})", target.target, target.pages, target.requests),
        };
        writeln!(out, "{}", plain::line(&line))?;
        if let (Some(hosts), Some(requests)) = (target.external_hosts, target.external_requests) {
            let line = match zh {
                true => format!("  另有站外链接：{hosts} 个网站共约 {requests} 次请求，分散进行，不计入下表"),
                false => {
                    format!("  and external links: about {requests} requests to {hosts} origins, side by side, not in the tables")
                }
            };
            writeln!(out, "{line}")?;
        }
    }
    rows(&say("网站", "Host"), &forecast.hosts, zh, out)?;
    rows(&say("地址", "Address"), &forecast.addresses, zh, out)?;
    let known: usize = forecast.addresses.iter().map(|row| row.origins).sum();
    if known < forecast.hosts.len() {
        writeln!(
            out,
            "{}",
            say(
                "（部分网站的地址未知：共用同一地址的网站会更慢）",
                "(some addresses are not known: hosts that share one take longer)"
            )
        )?;
    }
    writeln!(out)?;
    if let Some(opens) = forecast.opens.filter(|opens| *opens > forecast.start) {
        writeln!(
            out,
            "{}",
            say(&format!("现在是安静时段，{} 开始", shown(opens)), &format!("quiet hours now: begins {}", shown(opens)))
        )?;
    }
    match (forecast.finish, forecast.days) {
        (Some(finish), Some(days)) => writeln!(
            out,
            "{}",
            say(
                &format!(
                    "合计 {} 页、{} 次请求，需 {}，最早完成于 {}（北京时间）",
                    forecast.pages,
                    forecast.requests,
                    lasting(days, true),
                    shown(finish)
                ),
                &format!(
                    "In all {} pages, {} requests: {}, done {} (Beijing time) at the earliest",
                    forecast.pages,
                    forecast.requests,
                    lasting(days, false),
                    shown(finish)
                ),
            )
        )?,
        _ => writeln!(out, "{}", say("在所给时段内无法完成", "It will not be done in the hours given"))?,
    }
    if forecast.beyond_budget > 0 {
        let n = forecast.beyond_budget;
        writeln!(
            out,
            "{}",
            say(
                &format!("预算不足：约 {n} 次请求将不会发出，相应网址记为“预算用尽”"),
                &format!("The budget is too small: about {n} requests will not be sent, their URLs end as `budget`")
            )
        )?;
    }
    if config.max_time > 0.0 && forecast.hosts.iter().chain(&forecast.addresses).any(|row| row.seconds > config.max_time) {
        writeln!(
            out,
            "{}",
            say("max_time 到时将停止，其余网址记为“预算用尽”", "max_time will end it before, the rest ends as `budget`")
        )?;
    }
    writeln!(out, "User-Agent: {}", printed.user_agent)?;
    if config.contact.is_empty() {
        writeln!(
            out,
            "{}",
            say(
                "未设 contact：网站管理员无法联系到您；请在配置中写明",
                "No contact is set: webmasters cannot reach you; set `contact`"
            )
        )?;
    }
    writeln!(
        out,
        "{}",
        say(
            "服务器应答慢、要求放慢（429、503、Retry-After）或本机有其他进程访问同一网站时会更久。",
            "It takes longer where servers answer slowly or ask for more time (429, 503, Retry-After), or where other processes of this machine ask the same hosts.",
        )
    )
}

fn rows(name: &str, rows: &[Row], zh: bool, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    let heads = match zh {
        true => ["网站数", "页数", "请求数", "间隔", "由何决定", "用时", "完成"],
        false => ["Origins", "Pages", "Requests", "Interval", "Decided by", "Takes", "Done"],
    };
    table.load_style(presets::NOTHING).set_header(std::iter::once(name).chain(heads));
    let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for row in rows.iter().take(MOST_ROWS) {
        table.add_row([
            Cell::new(plain::line(&row.name)),
            number(row.origins.to_string()),
            number(row.pages.to_string()),
            number(row.requests.to_string()),
            number(format!("{:.2} s", row.interval)),
            Cell::new(strictest(row.strictest, zh)),
            number(row.days.map_or("—".to_owned(), |days| lasting(days, zh))),
            Cell::new(row.finish.map_or("—".to_owned(), shown)),
        ]);
    }
    writeln!(out, "\n{}", table.trim_fmt())?;
    if rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS;
        writeln!(
            out,
            "{}",
            if zh { format!("… 另 {more} 项见 --format json") } else { format!("… {more} more in --format json") }
        )?;
    }
    Ok(())
}

fn strictest(what: Strictest, zh: bool) -> &'static str {
    match (what, zh) {
        (Strictest::Rate, true) => "速率",
        (Strictest::Rate, false) => "rate",
        (Strictest::Authority, true) => "授权",
        (Strictest::Authority, false) => "authority",
        (Strictest::CrawlDelay, _) => "Crawl-delay",
        (Strictest::Origins, true) => "其上网站",
        (Strictest::Origins, false) => "its origins",
    }
}

/// Days, hours or minutes.
fn lasting(days: f64, zh: bool) -> String {
    let (amount, unit) = match days {
        days if days >= 1.0 => (days, if zh { "天" } else { "days" }),
        days if days * 24.0 >= 1.0 => (days * 24.0, if zh { "小时" } else { "hours" }),
        days => ((days * 1440.0).max(1.0), if zh { "分钟" } else { "minutes" }),
    };
    format!("{amount:.1} {unit}")
}

fn shown(at: jiff::Timestamp) -> String {
    at.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string()
}
