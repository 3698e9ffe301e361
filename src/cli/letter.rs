//! `xuncha letter …`: letters of the office.

use super::polite::PoliteOptions;
use super::target;
use crate::config;
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::plan::Target;
use crate::report::letter::{Admission, Form};

use clap::{Args, Subcommand};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Which letter.
#[derive(Debug, Clone, Subcommand)]
pub enum Which {
    /// 向网站或平台运营单位商请放行 / ask the operator of a site or platform for admission
    Access(Box<Access>),
}

/// What is typed for a request for admission.
#[derive(Debug, Clone, Args)]
pub struct Access {
    /// 网址，可多个 / URLs
    #[arg(value_name = "TARGET", required = true)]
    targets: Vec<String>,
    /// 收函单位 / the operator
    #[arg(long, value_name = "NAME", default_value = "")]
    to: String,
    /// 发函单位 / the body that asks
    #[arg(long, value_name = "NAME", default_value = "")]
    office: String,
    /// 本函文号 / number of this letter
    #[arg(long, value_name = "NUMBER", default_value = "")]
    number: String,
    /// 检查依据，照写入函；不写则不提 / on what the audit is founded, as the letter shall say; nothing is said without it
    #[arg(long, value_name = "TEXT", default_value = "")]
    basis: String,
    /// 访问的来源 IP，可重复 / addresses that requests come from, repeatable
    #[arg(long, value_name = "IP")]
    source: Vec<std::net::IpAddr>,
    /// 开始日期 / first day
    #[arg(long, value_name = "DATE")]
    from: Option<jiff::civil::Date>,
    /// 结束日期 / last day
    #[arg(long, value_name = "DATE")]
    until: Option<jiff::civil::Date>,
    /// 以往运行的 report.json：写明 robots.txt 排除了多少网址 / report.json of an earlier run: tells how much robots.txt excluded
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// 每台主机每秒请求数 / requests per second and host
    #[arg(long, value_name = "R", allow_negative_numbers = true)]
    rate: Option<f64>,
    /// 形式：md、html、txt / form
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// 写到文件 / write to a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 配置文件 / configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 提示的语言 / language of hints
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    #[command(flatten)]
    polite: PoliteOptions,
}

/// Writes the letter, and tells on stderr what is still blank in it.
pub fn run(which: &Which) -> Result<u8> {
    let Which::Access(options) = which;
    let mut flags: BTreeMap<String, String> =
        options.polite.flags().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    flags.extend(options.rate.map(|rate| ("rate".to_owned(), rate.to_string())));
    let loaded = config::load(options.config.as_deref(), &|name| std::env::var(name).ok(), &flags)?;
    let config = loaded.config;
    if let (Some(from), Some(until)) = (options.from, options.until)
        && until < from
    {
        return Err(Error::usage(format!("--until {until} 早于 / is before --from {from}")));
    }
    let mut hosts: Vec<String> = Vec::new();
    for text in &options.targets {
        let Target::Live(seeds) = target::parse(text, None)? else {
            return Err(Error::usage(format!("{text}: 请给出网址 / give a URL")));
        };
        for seed in seeds {
            let host = seed.authority().to_owned();
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
    }
    let excluded = match &options.report {
        Some(path) => excluded(path, &hosts)?,
        None => Vec::new(),
    };
    let letter = Admission {
        office: options.office.clone(),
        operator: options.to.clone(),
        document_number: options.number.clone(),
        basis: options.basis.clone(),
        hosts,
        rate: config.rate,
        at_once: config.at_once,
        quiet_hours: config.quiet_hours.clone(),
        allowed_hours: config.allowed_hours.clone(),
        user_agent: crate::crawl::fetch::live::user_agent(&config.contact),
        sources: options.source.iter().map(ToString::to_string).collect(),
        from: options.from,
        until: options.until,
        contact: config.contact.clone(),
        excluded,
        date: Some(crate::clock::date_of(crate::clock::now())),
    };
    let text = letter.render(options.format)?;
    match &options.out {
        Some(path) => {
            std::fs::write(path, text).map_err(|e| Error::io(path, e))?;
            println!("{}", path.display());
        }
        None => {
            // A closed pipe is no error of ours.
            let _ = std::io::stdout().lock().write_all(text.as_bytes());
        }
    }
    let blanks: Vec<String> = letter.blanks().iter().map(|blank| blank.get(options.lang).to_owned()).collect();
    if !blanks.is_empty() {
        match options.lang {
            Language::Zh => eprintln!("xuncha: 函中尚有空白待填：{}", blanks.join("；")),
            Language::En => eprintln!("xuncha: still blank in the letter: {}", blanks.join("; ")),
        }
    }
    Ok(exit::CLEAN)
}

/// How many own URLs robots.txt excluded in the run of a report.
fn excluded(path: &std::path::Path, hosts: &[String]) -> Result<Vec<(String, u64)>> {
    let text = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    let report: serde_json::Value = serde_json::from_slice(&text).map_err(|e| Error::Located {
        file: path.to_owned(),
        line: e.line().max(1),
        column: e.column().max(1),
        message: e.to_string(),
        hint: Some("给出 report.json / give a report.json".into()),
    })?;
    let host = report["site"]["host"].as_str().unwrap_or_default();
    let n = report["coverage"]["unfetched"]["robots"].as_u64().unwrap_or(0);
    if !hosts.iter().any(|known| known == host) {
        return Err(Error::usage(format!("{}: {host} 不在所给网址中 / is none of the targets", path.display())));
    }
    Ok((n > 0).then(|| (host.to_owned(), n)).into_iter().collect())
}
