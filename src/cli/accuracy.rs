//! `xuncha accuracy`: measures the rules on synthetic sites with known faults, and holds the figures against an earlier table.

use super::demo;
use crate::accuracy::fields::{self, Labelled};
use crate::accuracy::source::Source;
use crate::accuracy::{self, Measured, Options as Amount, table};
use crate::error::{Error, Result};
use crate::exit;
use clap::Args;
use std::path::PathBuf;

/// What is measured, and where it goes.
#[derive(Debug, Args)]
pub struct Options {
    /// 种子：同一种子，同样的站点和数字 / same seed, same sites, same figures
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// 轮数：每轮每条规则一处问题和一处近似 / rounds, each with one fault and one near-miss of every rule
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// 从第几轮起 / the first round
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// 每条规则至少这么多处问题和近似：不足的规则另加轮次 / so many faults and near-misses of every rule: further rounds for those that lack some
    #[arg(long, default_value_t = 0)]
    least: u64,
    /// 只测栏目对应的提议：这么多个生成的单位 / only how rightly columns are proposed, on so many generated units
    #[arg(long, value_name = "UNITS", conflicts_with_all = ["rounds", "first", "least", "rule", "sites", "labelled", "shown", "keep", "against"])]
    columns: Option<u64>,
    /// 只测这些规则 / only these rules
    #[arg(long, value_delimiter = ',')]
    rule: Vec<String>,
    /// 也检查自带的示例站点 / audit the fixture sites, too
    #[arg(long)]
    sites: bool,
    /// 有标注的真实页面（含 labels.jsonl 的文件夹）：逐要素核对 / labelled pages: a folder with labels.jsonl
    #[arg(long, value_name = "FOLDER")]
    labelled: Vec<PathBuf>,
    /// 同上，只列出，不设下限 / the same, printed without a floor
    #[arg(long, value_name = "FOLDER")]
    shown: Vec<PathBuf>,
    /// 用这个文件夹（形如 fixtures）里的问题描述，不用程序自带的 / plants of a folder like `fixtures` instead of those built in
    #[arg(long)]
    fixtures: Option<PathBuf>,
    /// 各轮的页面写到这个文件夹，供人查看 / write the pages of every round there, to be looked at
    #[arg(long)]
    keep: Option<PathBuf>,
    /// 结果写到这个文件（Markdown） / write the page to a file
    #[arg(long)]
    out: Option<PathBuf>,
    /// 与这个文件里的表格比较，变差即失败 / compare with the table in a file; a drop fails
    #[arg(long)]
    against: Option<PathBuf>,
}

/// Runs it. `audit` gathers and judges a fixture site.
pub fn run(options: &Options, audit: demo::Audit<'_>) -> Result<u8> {
    if let Some(unknown) = options.rule.iter().find(|id| crate::rules::find(id).is_none()) {
        return Err(Error::usage_with(format!("没有这条规则 / no rule {unknown}"), "xuncha rules"));
    }
    let source = Source::read(options.fixtures.as_deref(), &options.rule)?;
    if let Some(units) = options.columns {
        return columns(options, units, &source);
    }
    let end = options.first.checked_add(options.rounds);
    let rounds = options.first..end.ok_or_else(|| Error::usage("--first 太大 / --first is too large"))?;
    let amount = Amount { seed: options.seed, rounds, least: options.least, keep: options.keep.clone() };
    let bar = indicatif::ProgressBar::new(options.rounds);
    let generated = accuracy::measure(&amount, &source, &|done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let mut all = Everything { seed: options.seed, least: options.least, generated, sites: None, labelled: Vec::new() };
    if options.sites {
        let out = std::env::temp_dir().join(format!("xuncha-accuracy-{}", std::process::id()));
        let counted = demo::count(&out, audit);
        // Nobody looks at these runs again; that a folder of the system's temporary ones stays is no reason to fail.
        let _ = std::fs::remove_dir_all(&out);
        all.sites = Some(counted?);
    }
    let folders = options.labelled.iter().map(|folder| (folder, true));
    for (folder, gated) in folders.chain(options.shown.iter().map(|folder| (folder, false))) {
        let name = folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned());
        let mut labelled = fields::measure(folder)?;
        labelled.fields.iter_mut().for_each(|field| field.required &= gated);
        all.labelled.push((name, labelled));
    }
    let earlier = match &options.against {
        Some(file) => table::earlier(&std::fs::read_to_string(file).map_err(|e| Error::io(file, e))?),
        None => std::collections::BTreeMap::new(),
    };
    let shortfalls = all.shortfalls(&earlier);
    let text = all.page();
    match &options.out {
        Some(file) => std::fs::write(file, &text).map_err(|e| Error::io(file, e))?,
        None => print!("{text}"),
    }
    for wrong in all.wrong() {
        eprintln!("{}", crate::report::plain::lines(&wrong));
    }
    for shortfall in &shortfalls {
        eprintln!("{shortfall}");
    }
    Ok(if shortfalls.is_empty() { exit::CLEAN } else { exit::FINDINGS })
}

/// Measures proposals of columns.
fn columns(options: &Options, units: u64, source: &Source) -> Result<u8> {
    let bar = indicatif::ProgressBar::new(units);
    let measured = accuracy::columns::measure(options.seed, 0..units, source, &|done| bar.set_position(done))?;
    bar.finish_and_clear();
    let text = measured.page(options.seed);
    match &options.out {
        Some(file) => std::fs::write(file, &text).map_err(|e| Error::io(file, e))?,
        None => print!("{text}"),
    }
    let shortfalls = measured.shortfalls();
    for line in measured.wrongs.iter().chain(&shortfalls) {
        eprintln!("{}", crate::report::plain::lines(line));
    }
    Ok(if shortfalls.is_empty() { exit::CLEAN } else { exit::FINDINGS })
}

/// All that was measured.
struct Everything {
    seed: u64,
    least: u64,
    generated: Measured,
    sites: Option<demo::Counted>,
    labelled: Vec<(String, Labelled)>,
}

impl Everything {
    fn shortfalls(&self, earlier: &std::collections::BTreeMap<String, (f64, f64)>) -> Vec<String> {
        let mut all = table::shortfalls(&self.generated, earlier, self.least);
        all.extend(self.sites.iter().flat_map(|sites| &sites.wrong).cloned());
        for (name, labelled) in &self.labelled {
            let below = labelled.fields.iter().filter(|field| field.required && !field.holds());
            all.extend(below.map(|f| {
                format!("{name}: {}: {} of {} right, {} of {} absent ones filled", f.name, f.right, f.labelled, f.filled, f.null)
            }));
        }
        all
    }

    fn wrong(&self) -> Vec<String> {
        let mut all = self.generated.wrong.clone();
        for (name, labelled) in &self.labelled {
            all.extend(labelled.wrong.iter().map(|wrong| format!("{name}: {wrong}")));
        }
        all
    }

    fn page(&self) -> String {
        let mut text = format!(
            "# Accuracy\n\nMade by `xuncha accuracy`; same seed, same figures. Precision and recall are counted by rule.\n\n\
             ## Generated bureau sites\n\nSeed {}, {} rounds, {} pages judged, four CMS manners, three kinds of body. Every round plants one fault and one\n\
             near-miss of each rule where they fit, later rounds only those of rules that lack some; all that is reported beside the plants is an alarm.\n\n",
            self.seed, self.generated.rounds, self.generated.pages
        );
        text.push_str(&table::markdown(&self.generated.rules));
        if let Some(sites) = &self.sites {
            text.push_str(&format!(
                "\n## Fixture sites\n\n{} sites, crawled over loopback by all their checklists.\n\n",
                sites.sites
            ));
            text.push_str(&table::plain(&sites.rules));
        }
        for (name, labelled) in &self.labelled {
            text.push_str(&format!("\n## Fields read: {name}\n\n{} pages.\n\n", labelled.pages));
            text.push_str(&table::fields(labelled));
        }
        text
    }
}
