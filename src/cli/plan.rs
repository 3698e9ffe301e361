//! `xuncha plan TARGET…`: pages, requests, days and finish date by host and by address, before anything is asked of a site.

mod earlier;
mod table;

use super::polite::PoliteOptions;
use super::target;
use crate::config::{self, Config};
use crate::crawl::fetch::live::System;
use crate::crawl::fetch::names::{Lookup, parse_resolve};
use crate::crawl::forecast::{Forecast, Load, forecast};
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::exit;
use crate::finding::Language;
use crate::plan::{self, Target};
use crate::url::CanonicalUrl;

use clap::Args;
use earlier::Earlier;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Pages of a site of which nothing is known.
const ASSUMED_PAGES: u64 = 5_000;
/// Own files and broken links that are asked for beside a hundred pages, where nothing is known.
const ASSUMED_BESIDE: u64 = 20;
/// robots.txt, sitemaps and probes of a site.
const ASIDE: u64 = 20;
/// A name that cannot be looked up in this time has no known address.
const LOOKUP: Duration = Duration::from_secs(5);

/// What is typed.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 网址，可多个 / URLs
    #[arg(value_name = "TARGET", required = true)]
    targets: Vec<String>,
    /// 每个目标预计页数 / pages expected of each target
    #[arg(long, value_name = "N")]
    pages: Option<u64>,
    /// 以往运行的目录：按其页数、请求数和 Crawl-delay 估算，可重复 / folder of an earlier run to reckon from, repeatable
    #[arg(long, value_name = "RUN_FOLDER")]
    since: Vec<PathBuf>,
    /// 清单名或 .toml 文件 / checklist id or file
    #[arg(long, short = 'c', value_name = "C")]
    checklist: Vec<String>,
    /// 输出：table 或 json / table or json
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// 何时开始，RFC 3339，默认现在 / when it begins, default: now
    #[arg(long, value_name = "TIME")]
    start: Option<jiff::Timestamp>,
    /// 最多抓取页数 / most pages fetched
    #[arg(long, value_name = "N")]
    max_pages: Option<u64>,
    /// 每台主机每秒请求数 / requests per second and host
    #[arg(long, value_name = "R", allow_negative_numbers = true)]
    rate: Option<f64>,
    /// 配置文件 / configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 指定解析 HOST:PORT:ADDR / where a host really is
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    resolve: Vec<String>,
    /// 不查询域名 / look no name up
    #[arg(long)]
    only_resolved: bool,
    /// 语言 / language
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    #[command(flatten)]
    polite: PoliteOptions,
}

/// How the plan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// What the figures of a target rest on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
enum Basis {
    /// An earlier run.
    Run { folder: String, finished: String },
    /// `--pages`.
    Stated { pages: u64 },
    /// `--max-pages`: at most these.
    Limit { pages: u64 },
    /// Nothing is known.
    Assumed { pages: u64 },
}

/// A target and what its figures rest on.
#[derive(Debug, Clone, Serialize)]
struct Expected {
    target: String,
    basis: Basis,
    pages: u64,
    requests: u64,
    external_hosts: Option<u64>,
    external_requests: Option<u64>,
}

/// All that is printed.
#[derive(Debug, Serialize)]
struct Printed {
    schema: &'static str,
    user_agent: String,
    targets: Vec<Expected>,
    forecast: Forecast,
}

/// Reckons and prints; nothing is fetched. Names are looked up, unless `--only-resolved`.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<u8> {
    let loaded = config::load(options.config.as_deref(), &|name| std::env::var(name).ok(), &flags(options))?;
    let config = &loaded.config;
    let mut earlier = options.since.iter().map(|folder| Earlier::read(folder)).collect::<Result<Vec<_>>>()?;
    let (mut targets, mut loads): (Vec<Expected>, BTreeMap<String, Load>) = Default::default();
    for text in &options.targets {
        let Target::Live(seeds) = target::parse(text, None)? else {
            return Err(Error::usage_with(
                format!("{text}: 只有网址需要计划 / only URLs need a plan"),
                "文件夹和 WARC 不发请求 / folders and captures send no request",
            ));
        };
        let mut request = plan::Request::new(Target::Live(seeds.clone()), config.clone());
        request.units = loaded.units.clone();
        request.operator = loaded.operator.clone();
        request.checklists = if options.checklist.is_empty() { loaded.checklists.clone() } else { options.checklist.clone() };
        let plan = plan::make(request)?;
        let found = earlier.iter_mut().find(|run| run.covers(&seeds));
        let (expected, own) = match found {
            Some(run) => run.expected(text, config.max_pages),
            None => assumed(text, &seeds, config, options.pages, plan.gatherings.contains(&Gathering::LinkCheck)),
        };
        targets.push(expected);
        for load in own {
            match loads.get_mut(&load.origin) {
                // Two targets at one origin add up.
                Some(known) => {
                    known.pages += load.pages;
                    known.requests += load.requests;
                    known.delay = known.delay.max(load.delay);
                }
                None => {
                    loads.insert(load.origin.clone(), load);
                }
            }
        }
    }
    let mut loads: Vec<Load> = loads.into_values().collect();
    find_addresses(config, &mut loads)?;
    let forecast = forecast(config, &loads, options.start.unwrap_or_else(crate::clock::now));
    let user_agent = crate::crawl::fetch::live::user_agent(&config.contact);
    let printed = Printed { schema: "xuncha.plan/1", user_agent, targets, forecast };
    let written = match options.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &printed).map_err(std::io::Error::from).and_then(|()| writeln!(out))
        }
        Format::Table => table::write(&printed, config, options.lang, out),
    };
    written.map_err(|e| Error::io("<stdout>", e))?;
    Ok(exit::CLEAN)
}

fn flags(options: &Options) -> BTreeMap<String, String> {
    let own = [
        ("max_pages", options.max_pages.map(|v| v.to_string())),
        ("rate", options.rate.map(|v| v.to_string())),
        ("resolve", (!options.resolve.is_empty()).then(|| options.resolve.join(","))),
        ("only_resolved", options.only_resolved.then(|| "true".to_owned())),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
    own.chain(options.polite.flags()).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Of a site that no earlier run covers.
fn assumed(text: &str, seeds: &[CanonicalUrl], config: &Config, stated: Option<u64>, checks: bool) -> (Expected, Vec<Load>) {
    let (basis, pages) = match (stated, config.max_pages) {
        (Some(pages), most) => {
            let pages = if most == 0 { pages } else { pages.min(most) };
            (Basis::Stated { pages }, pages)
        }
        (None, 0) => (Basis::Assumed { pages: ASSUMED_PAGES }, ASSUMED_PAGES),
        (None, most) => (Basis::Limit { pages: most }, most),
    };
    let beside = if checks { pages.saturating_mul(ASSUMED_BESIDE) / 100 } else { 0 };
    let requests = pages.saturating_add(beside + ASIDE);
    let loads = seeds.iter().take(1).map(|seed| Load {
        origin: seed.origin(),
        host: seed.host().to_owned(),
        addresses: Vec::new(),
        pages,
        requests,
        delay: None,
    });
    let expected = Expected { target: text.to_owned(), basis, pages, requests, external_hosts: None, external_requests: None };
    (expected, loads.collect())
}

/// Where the hosts are: as configured, or as the name system says.
fn find_addresses(config: &Config, loads: &mut [Load]) -> Result<()> {
    let configured = config.resolve.iter().map(|text| parse_resolve(text)).collect::<Result<Vec<_>>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::Internal(format!("runtime: {e}")))?;
    for load in loads {
        let host = load.host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = host.parse::<IpAddr>() {
            load.addresses = vec![address];
            continue;
        }
        load.addresses = configured.iter().filter(|known| known.host == load.host).map(|known| known.address).collect();
        if load.addresses.is_empty() && !config.only_resolved {
            let look = async { tokio::time::timeout(LOOKUP, System.lookup(load.host.clone())).await };
            if let Ok(Ok(found)) = runtime.block_on(look) {
                load.addresses = found.into_iter().take(4).collect();
            }
        }
        load.addresses.sort_unstable();
        load.addresses.dedup();
    }
    // A look-up that hangs must not hold the program.
    runtime.shutdown_background();
    Ok(())
}
