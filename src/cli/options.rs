//! Options of `audit`, `crawl` and `judge`, as typed; nothing resolved here.

use crate::checklist::Cadence;
use crate::finding::{Language, Severity};
use clap::Args;
use std::path::PathBuf;

/// Options shared by the halves and the whole.
#[derive(Debug, Clone, Args)]
pub struct AuditOptions {
    /// 网址、网页文件夹或 WARC 文件 / a URL, a folder of built pages, or a WARC file
    #[arg(value_name = "TARGET", required = true)]
    pub targets: Vec<String>,
    /// 清单名或 .toml 文件，可重复 / checklist id or file, repeatable
    #[arg(long, short = 'c', value_name = "C")]
    pub checklist: Vec<String>,
    /// 机构类型，如 public-security-bureau：加上该类清单 / kind of body: adds its checklist
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// 单位名称，用于报告 / name of the unit, for reports
    #[arg(long, value_name = "NAME")]
    pub unit: Option<String>,
    /// 只判断该频次（及更频繁）的条目 / only items of this cadence or a more frequent one
    #[arg(long, value_enum)]
    pub cadence: Option<Cadence>,
    /// 运行目录；未完成则续跑，已完成则只重出报告 / run folder; unfinished: resumes, complete: reported again without a request
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 以前的运行目录：只重新抓取和读取有变化的网页 / an earlier run folder: only what has changed is fetched and read again
    #[arg(long, value_name = "DIR")]
    pub since: Option<PathBuf>,
    /// 与 --since 同用：全部重新抓取和读取，只与上次比较页数 / with --since: fetch and read everything, only compare page counts
    #[arg(long)]
    pub full: bool,
    /// 输出：terminal、json、html，可带 =路径 / outputs, each with an optional =PATH
    #[arg(long, value_name = "F[=PATH]", value_delimiter = ',', default_value = "terminal,json,html")]
    pub format: Vec<String>,
    /// 报告中列出每页读到的事实 / list the facts of every page in report.json
    #[arg(long)]
    pub facts: bool,
    /// 最多抓取页数 / most pages fetched
    #[arg(long, value_name = "N")]
    pub max_pages: Option<u64>,
    /// 每台主机每秒请求数 / requests per second and host
    #[arg(long, value_name = "R", allow_negative_numbers = true)]
    pub rate: Option<f64>,
    /// 单个响应的秒数 / seconds for one response
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub timeout: Option<f64>,
    /// 由脚本填充的页面用浏览器打开 / show pages that scripts fill to a browser
    #[arg(long, value_enum)]
    pub render: Option<crate::config::Render>,
    /// 判断日期 YYYY-MM-DD（默认为抓取之日）/ day of judgement, default: that of the capture
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
    /// 达到该级别即退出码 1 / least severity that makes exit code 1
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// 任何评分低于此值即退出码 1 / a lower score makes exit code 1
    #[arg(long, value_name = "N")]
    pub min_score: Option<f64>,
    /// 基线：以前的 report.json；已知问题不计入 --fail-on / a former report.json; known findings do not count for --fail-on
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// 豁免清单 / waivers
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// 以往情况的快照（xuncha history 生成）/ what earlier runs saw, made by xuncha history
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// 人工复核意见：确认或驳回的疑似项 / suspected findings that a person confirmed or rejected
    #[arg(long, value_name = "FILE")]
    pub confirm: Option<PathBuf>,
    /// 配置文件（可含 [[unit]]）/ configuration file, may hold [[unit]] tables
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 语言 / language of what is printed
    #[arg(long, value_enum, default_value_t)]
    pub lang: Language,
    /// 指定解析 HOST:PORT:ADDR（ADDR 可带端口）/ where a host really is; ADDR may carry a port
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<String>,
    /// 只访问 --resolve 指定的主机 / reach only hosts given by --resolve
    #[arg(long)]
    pub only_resolved: bool,
    /// 允许由链接或重定向到达的内网地址 / allow private addresses reached by link or redirect
    #[arg(long)]
    pub allow_private: bool,
    /// 抓取记录的位置，none 为不留 / where the capture goes; none keeps none
    #[arg(long, value_name = "none|FILE")]
    pub capture: Option<String>,
    /// 文件夹：绝对链接的站内网址 / folder: where absolute own links point to
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
    /// 文件夹：也检查外部链接（会发请求）/ folder: check external links too (sends requests)
    #[arg(long)]
    pub external: bool,
    /// 礼貌 / politeness
    #[command(flatten)]
    pub polite: super::polite::PoliteOptions,
}
