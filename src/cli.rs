//! The command line: one file per subcommand: parse, call the library, choose the exit code.

pub mod accounts;
pub mod accuracy;
pub mod audit;
pub mod capture;
pub mod checklists;
pub mod crawl;
pub mod demo;
pub mod explain;
pub mod finished;
pub mod history;
pub mod judge;
pub mod letter;
pub mod office;
pub mod options;
pub mod outpost;
pub mod period;
pub mod pipeline;
pub mod plan;
pub mod polite;
pub mod progress;
pub mod registry;
pub mod request;
pub mod rules;
pub mod runs;
pub mod serve;
pub mod sites;
pub mod stop;
pub mod target;

use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::plan::Request;
use crate::report::terminal::Style;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use pipeline::{Output, Wishes};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::Path;

const AFTER: &str = "\
退出码 Exit codes:
  0  没有达到 --fail-on 的问题 / nothing at or above --fail-on
  1  有问题 / findings
  2  用法或配置有误，未发请求 / usage or configuration, nothing was fetched
  3  什么也没有取到，或每张评分表覆盖率不足 / nothing obtained, or every scorecard insufficient
  70 内部错误 / internal error
  130 被用户停止，可继续 / stopped by the user; the same command goes on

例 Examples:
  xuncha demo
  xuncha plan https://www.example.gov.cn/ --pages 8000 --allowed-hours 22:00-06:00
  xuncha audit https://www.example.gov.cn/ --out out/example
  xuncha audit build/ --base https://www.example.gov.cn/ --fail-on warning
  xuncha explain dead-link";

/// 巡查：有礼貌地抓取政府网站，对照公开清单检查、评分、出报告 · audits government websites politely
#[derive(Debug, Parser)]
#[command(name = "xuncha", version, after_help = AFTER, max_term_width = 110, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// 多说一些（可重复）/ say more on stderr (repeatable)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 在本机回环上演示：巡查自带样例站，写出报告，并与预埋问题核对 / audit the bundled fixture sites over loopback
    Demo(demo::Options),
    /// 抓取、判断、评分、出报告 / crawl, judge, score, report
    Audit(Box<options::AuditOptions>),
    /// 只抓取，存成 WARC / the gathering half: only a capture
    Crawl(Box<options::AuditOptions>),
    /// 只判断：从 WARC 出报告，不发请求 / the judging half: a report from captures, no request
    Judge(Box<options::AuditOptions>),
    /// 抓取前估算：页数、请求数、天数、完成日期；不访问网站 / pages, requests, days and finish date, before anything is fetched
    Plan(Box<plan::Options>),
    /// 写函件 / write a letter
    Letter {
        /// 哪一种 / which
        #[command(subcommand)]
        which: letter::Which,
    },
    /// 采集文件：合成自足的文件 / captures: make one that needs no other
    Capture(capture::Options),
    /// 把以往运行和探测记录汇成快照，供 --history 使用 / a snapshot of earlier runs and visits, for --history
    History(history::Options),
    /// 单位和网站名录：检查表格，提出栏目对应 / the office's units and sites: check a table, propose columns
    Sites {
        /// 做什么 / what to do
        #[command(subcommand)]
        asked: sites::Asked,
    },
    /// 政务新媒体账号 / new-media accounts
    Accounts {
        /// 做什么 / what is done
        #[command(subcommand)]
        asked: accounts::Asked,
    },
    /// 运行：列出、导入、用另外的清单重评 / runs: list, import, judge again
    Runs {
        /// 做什么 / what is done
        #[command(subcommand)]
        asked: runs::Asked,
    },
    /// 日报、季度通报、半年预评估 / the report of a day, a quarter, a half-year
    Report(period::Options),
    /// 全年调度：探测、巡查、报告、提醒 / the scheduler: visits, runs, reports, alerts
    Serve(serve::Options),
    /// 前哨：另一网络上的机器 / a machine on another network
    Outpost {
        /// 做什么 / what is done
        #[command(subcommand)]
        asked: outpost::Asked,
    },
    /// 解释一条规则：查什么、依据、好坏样例、怎么改 / what a rule looks at, why, and how to mend it
    Explain {
        /// 规则名，如 dead-link / rule id
        rule: Option<String>,
        /// 为全部规则各写一页 / a page for every rule
        #[arg(long, requires = "out")]
        all: bool,
        /// 写到哪个目录 / where the pages go
        #[arg(long, value_name = "DIR", requires = "all")]
        out: Option<std::path::PathBuf>,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 列出全部规则 / list the rules
    Rules {
        /// 语言 / language
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
    /// 在预埋问题的合成站点上测量规则的准确率和召回率 / measure precision and recall of the rules on synthetic sites
    Accuracy(accuracy::Options),
    /// Reads one fetched file from stdin: what our own children do, see `extract`.
    #[command(name = crate::extract::child::WORD, hide = true)]
    ReadFile {
        /// Bytes of address space.
        memory: u64,
        /// Processor seconds.
        processor: u64,
    },
    /// 列出清单，或显示其中一份 / list checklists, or show one
    Checklists {
        /// 不写即列出全部 / all of them when left out
        #[command(subcommand)]
        asked: Option<checklists::Asked>,
        /// 语言 / language
        #[arg(long, value_enum, default_value_t, global = true)]
        lang: Language,
    },
}

/// Runs the program and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let command = Arguments::command();
    let matches = match command.try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // --help and --version go to stdout and are no error.
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE } else { exit::CLEAN };
        }
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return exit::USAGE;
        }
    };
    start_log(arguments.verbose);
    match dispatch(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xuncha: {}", crate::report::plain::lines(&error.to_string()));
            match error {
                Error::Internal(_) => exit::INTERNAL,
                Error::Stopped { .. } => exit::STOPPED,
                _ => exit::USAGE,
            }
        }
    }
}

fn dispatch(command: Command) -> Result<u8> {
    let printed = |write: &dyn Fn(&mut dyn Write) -> Result<()>| -> Result<u8> {
        let mut text = Vec::new();
        write(&mut text)?;
        // A closed pipe (`| head`) is no error of ours.
        let _ = std::io::stdout().lock().write_all(&text);
        Ok(exit::CLEAN)
    };
    match command {
        Command::Demo(options) => demo::run(&options, &|request, out| demo_audit(request, out, options.lang)),
        Command::Audit(options) => audit::run(&options),
        Command::Crawl(options) => crawl::run(&options),
        Command::Judge(options) => judge::run(&options),
        Command::Plan(options) => printed(&|out| plan::run(&options, out).map(|_| ())),
        Command::Letter { which } => letter::run(&which),
        Command::Capture(options) => capture::run(&options),
        Command::History(options) => history::run(&options),
        Command::Sites { asked } => sites::run(&asked),
        Command::Accounts { asked } => accounts::run(&asked),
        Command::Runs { asked } => runs::run(&asked),
        Command::Outpost { asked } => outpost::run(&asked),
        Command::Report(options) => period::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Explain { rule, all, out: folder, lang } => {
            printed(&|out| explain::run(rule.as_deref(), all, folder.as_deref(), lang, out))
        }
        Command::Rules { lang } => printed(&|out| rules::list(lang, out)),
        Command::Accuracy(options) => accuracy::run(&options, &|request, out| demo_audit(request, out, Language::En)),
        Command::ReadFile { memory, processor } => {
            Ok(u8::try_from(crate::extract::child::run(memory, processor)).unwrap_or(exit::INTERNAL))
        }
        Command::Checklists { asked, lang } => {
            printed(&|out| checklists::print(asked.as_ref().unwrap_or(&checklists::Asked::List), lang, out))
        }
    }
}

/// One fixture site through the same pipeline as any other target.
fn demo_audit(request: Request, out: &Path, language: Language) -> Result<demo::Audited> {
    let wishes = Wishes { facts: true, ..Wishes::default() };
    let audited = pipeline::audit(request, out, &wishes, &crate::crawl::Silent)?;
    let outputs = [Output::Json(None), Output::Html(None)];
    pipeline::write_outputs(&audited.report, &outputs, out, language)?;
    let mut shown = Vec::new();
    crate::report::terminal::write(&audited.report, &Style::of_stdout(language), &[], &mut shown)
        .map_err(|e| Error::Internal(e.to_string()))?;
    Ok(demo::Audited { report: audited.report, shown: String::from_utf8_lossy(&shown).into_owned() })
}

fn start_log(verbose: u8) {
    let level = match verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}
