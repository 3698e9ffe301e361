//! `xuncha demo`: audits the bundled fixture sites over loopback, writes every report, compares with the planted truth.

mod compare;
mod server;
mod site;
mod tally;

pub use compare::{Difference, compare};
pub use server::Server;
pub use site::{Expected, Fault, FixtureSite, FixtureUnit, Host, Route, SiteFile, ids};
pub use tally::{Counted, count};

use crate::config::{Config, Render};
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::plan::{Request, Target};
use crate::report::Report;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Instant;

/// File that marks a folder as a demo's output: only such a folder is emptied by the next demo.
const MARK: &str = "xuncha-demo.txt";
/// Sites audited at once.
const AT_ONCE: usize = 2;

/// Options of `xuncha demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// 报告写到哪里 / Where the reports go
    #[arg(long, default_value = "xuncha-demo")]
    pub out: PathBuf,
    /// 输出语言 / Language of what is printed
    #[arg(long, value_enum, default_value_t)]
    pub lang: Language,
    /// 只检查这些站点 / Only these sites
    #[arg(long = "site", value_name = "SITE")]
    pub sites: Vec<String>,
    /// 只提供该站点，直到按 Ctrl-C；不检查 / Only serve this site until Ctrl-C, without an audit
    #[arg(long, value_name = "SITE", conflicts_with = "sites")]
    pub serve: Option<String>,
}

/// How one site went.
struct Outcome {
    site: Arc<FixtureSite>,
    folder: PathBuf,
    seconds: f64,
    audited: Result<Audited>,
}

/// What auditing one site gave: the reports lie in its folder.
#[derive(Debug)]
pub struct Audited {
    /// The report.
    pub report: Report,
    /// Its scorecards as shown in a terminal.
    pub shown: String,
}

/// Audits one prepared request into a folder.
pub type Audit<'a> = &'a (dyn Fn(Request, &Path) -> Result<Audited> + Sync);

/// Runs the demo; the exit code is 0 when every planted fault was found and nothing else was reported.
pub fn run(options: &Options, audit: Audit<'_>) -> Result<u8> {
    if let Some(id) = &options.serve {
        return serve(id, options.lang);
    }
    let started = Instant::now();
    let ids = if options.sites.is_empty() { ids() } else { options.sites.clone() };
    let sites = ids.iter().map(|id| FixtureSite::load(id).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    prepare(&options.out, &ids)?;
    let mut agree = true;
    let mut told = std::io::stdout();
    audit_all(&sites, &options.out, audit, |outcome| {
        agree &= tell(&mut told, &outcome, options.lang)?;
        Ok(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let line = match (options.lang, agree) {
        (Language::Zh, true) => format!("演示通过：{} 个站点的问题全部查出，没有误报，用时 {seconds:.1} 秒。", sites.len()),
        (Language::Zh, false) => format!("演示未通过：结果与预设问题不一致（见上），用时 {seconds:.1} 秒。"),
        (Language::En, true) => {
            format!("Demo holds: every planted fault of {} sites found, nothing else reported, in {seconds:.1} s.", sites.len())
        }
        (Language::En, false) => format!("Demo does not hold: findings differ from the planted truth (above), {seconds:.1} s."),
    };
    write(&mut told, &format!("\n{line}\n"))?;
    Ok(if agree { exit::CLEAN } else { exit::FINDINGS })
}

/// Audits every site, at most [`AT_ONCE`] at a time, and hands over the outcomes in the order of `sites`.
fn audit_all(
    sites: &[Arc<FixtureSite>],
    out: &Path,
    audit: Audit<'_>,
    mut done: impl FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let queue = Mutex::new(sites.iter().enumerate());
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(sites.len()) {
            let (send, queue) = (send.clone(), &queue);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, site)) = next else { return };
                    let folder = out.join(&site.id);
                    let started = Instant::now();
                    let audited = audit_site(site, &folder, audit);
                    let seconds = started.elapsed().as_secs_f64();
                    let outcome = Outcome { site: Arc::clone(site), folder, seconds, audited };
                    if send.send((index, outcome)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = std::collections::BTreeMap::new();
        let mut next = 0;
        for (index, outcome) in receive {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&next) {
                next += 1;
                done(outcome)?;
            }
        }
        Ok(())
    })
}

fn audit_site(site: &Arc<FixtureSite>, folder: &Path, audit: Audit<'_>) -> Result<Audited> {
    let server = Server::start(Arc::clone(site))?;
    audit(request(site, server.port()), folder)
}

/// What is asked of a site that a server offers on `port`. Fast, because it is our own; never anywhere but on loopback.
pub fn request(site: &FixtureSite, port: u16) -> Request {
    Request {
        target: Target::Live(site.file.seeds.clone()),
        units: site.units(),
        operator: Some(site.file.operator.clone()),
        checklists: site.file.checklists.clone(),
        texts: Vec::new(),
        cadence: None,
        as_of: Some(site.file.as_of),
        config: Config {
            rate: 100.0,
            at_once: 8,
            timeout: 10.0,
            connect_timeout: 5.0,
            second_look_after: 2.0,
            resolve: site.resolve(port),
            only_resolved: true,
            allow_private: true,
            // The same report on every machine, whatever is installed there.
            render: Render::Never,
            ..Config::default()
        },
        seed: None,
        columns: Vec::new(),
        bindings: Vec::new(),
    }
}

/// Makes the output folder ready: a demo's own old output goes, anything else is left alone and refused.
fn prepare(out: &Path, ids: &[String]) -> Result<()> {
    let occupied = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !out.join(MARK).exists() {
        return Err(Error::usage_with(
            format!("{} 不是空文件夹 / is not empty", out.display()),
            "换一个 --out / choose another --out",
        ));
    }
    fs::create_dir_all(out).map_err(|e| Error::io(out, e))?;
    let mark = out.join(MARK);
    fs::write(&mark, "xuncha demo\n").map_err(|e| Error::io(&mark, e))?;
    for id in ids {
        let folder = out.join(id);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|e| Error::io(&folder, e))?;
        }
    }
    Ok(())
}

/// Tells how a site went, and whether truth and findings agree.
fn tell(told: &mut impl Write, outcome: &Outcome, language: Language) -> Result<bool> {
    let Outcome { site, folder, seconds, audited } = outcome;
    let mut text = format!("\n━━ {} · {} ({seconds:.1} s)\n", site.id, site.file.title.get(language));
    let Audited { report, shown } = match audited {
        Ok(audited) => audited,
        Err(error) => {
            text.push_str(&format!("   ✗ {error}\n"));
            write(told, &text)?;
            return Ok(false);
        }
    };
    text.push_str(shown);
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
    for name in ["report.html", "report.json"] {
        text.push_str(&format!("   {}\n", folder.join(name).display()));
    }
    let difference = compare(&site.expected.faults, &report.findings);
    text.push_str(&difference_in_words(&difference, site.expected.faults.len(), language));
    if !report.run.internal_errors.is_empty() {
        text.push_str(&format!("   ✗ {}\n", report.run.internal_errors.join("\n     ")));
    }
    write(told, &text)?;
    Ok(difference.is_empty() && report.run.complete && report.run.internal_errors.is_empty())
}

/// One line when all agree, else every missing and every unexpected one.
pub fn difference_in_words(difference: &Difference<'_>, planted: usize, language: Language) -> String {
    let zh = language == Language::Zh;
    let mut text = if difference.is_empty() {
        if zh {
            format!("   ✓ 预设 {planted} 处问题全部查出，没有误报\n")
        } else {
            format!("   ✓ all {planted} planted faults found, nothing else reported\n")
        }
    } else {
        let (missing, unexpected) = (difference.missing.len(), difference.unexpected.len());
        if zh {
            format!("   ✗ 预设 {planted} 处：漏报 {missing}，多报 {unexpected}\n")
        } else {
            format!("   ✗ {planted} planted: {missing} missing, {unexpected} unexpected\n")
        }
    };
    for fault in &difference.missing {
        let word = if zh { "漏报" } else { "missing" };
        text.push_str(&format!("     {word} [{}] {} — {}\n", fault.rule, fault.url, fault.note));
    }
    for finding in &difference.unexpected {
        let word = if zh { "多报" } else { "unexpected" };
        let message = finding.message.get(language);
        text.push_str(&format!("     {word} [{}] {} — {message} ({})\n", finding.rule, finding.url, finding.unit));
    }
    text
}

/// Serves a site until Ctrl-C and says how to audit it.
fn serve(id: &str, language: Language) -> Result<u8> {
    let site = Arc::new(FixtureSite::load(id)?);
    let server = Server::start(Arc::clone(&site))?;
    let mut command = String::from("xuncha audit");
    for seed in &site.file.seeds {
        command.push_str(&format!(" {seed}"));
    }
    for resolve in site.resolve(server.port()) {
        command.push_str(&format!(" --resolve {resolve}"));
    }
    command.push_str(&format!(" --only-resolved --allow-private --rate 100 --as-of {}", site.file.as_of));
    if let [unit] = site.file.units.as_slice()
        && let Some(kind) = &unit.kind
    {
        command.push_str(&format!(" --kind {kind} --unit {}", unit.name));
    }
    let line = match language {
        Language::Zh => format!("正在 127.0.0.1:{} 提供 {id}，按 Ctrl-C 结束。另开终端运行：", server.port()),
        Language::En => format!("Serving {id} on 127.0.0.1:{} until Ctrl-C. In another terminal:", server.port()),
    };
    write(&mut std::io::stdout(), &format!("{line}\n\n{command}\n"))?;
    let at = "127.0.0.1";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| Error::io(at, e))?;
    runtime.block_on(tokio::signal::ctrl_c()).map_err(|e| Error::io(at, e))?;
    Ok(exit::CLEAN)
}

fn write(told: &mut impl Write, text: &str) -> Result<()> {
    match told.write_all(text.as_bytes()).and_then(|()| told.flush()) {
        // A closed pipe (`| head`) is no error of ours: the reports are still written.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::io("<stdout>", error)),
        _ => Ok(()),
    }
}
