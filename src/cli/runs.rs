//! `xuncha runs`: what was run and imported; import of a run folder; a judgement again with other checklists.

use super::finished;
use super::office::{Desk, OfficeOptions};
use crate::audit::Wishes;
use crate::cadence::period::Period;
use crate::cadence::prepare;
use crate::cadence::quarterly::DEEP;
use crate::cadence::work::{self, Judged};
use crate::checklist::Cadence;
use crate::checklist::columns::{ColumnBook, ColumnEntry};
use crate::error::{Error, Result};
use crate::exit;
use crate::plan;
use crate::run::RunFolder;
use crate::store::registry::Watched;
use clap::Subcommand;
use comfy_table::{Table, presets};
use std::path::{Path, PathBuf};

/// What is done.
#[derive(Debug, Clone, Subcommand)]
pub enum Asked {
    /// 列出一段时间的运行 / list the runs of a period
    List {
        /// 2026-02-17、2026Q1、2026H1
        #[arg(long, value_name = "PERIOD")]
        period: String,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 导入运行目录；重复导入不重复计 / take a run folder in; twice is once
    Import {
        /// 运行目录 / the run folder
        folder: PathBuf,
        /// 网站编码 / site id
        #[arg(long)]
        site: String,
        /// 按哪种频次计 / the cadence that it counts for
        #[arg(long, value_enum)]
        cadence: Option<Cadence>,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 用另外的清单重新评判一期的采集，不发请求；历史用当时的快照 / judge the captures of a period by other checklists, without a request, with the history of then
    Again {
        /// 2026Q1、2026H1
        #[arg(long, value_name = "PERIOD")]
        period: String,
        /// 清单名或文件，可重复 / checklist id or file, repeatable
        #[arg(long, short = 'c', value_name = "C", required = true)]
        checklist: Vec<String>,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
}

/// Does it.
pub fn run(asked: &Asked) -> Result<u8> {
    match asked {
        Asked::List { period, office } => {
            let desk = office.open()?;
            println!("{}", list(&desk, Period::parse(period)?)?);
            Ok(exit::CLEAN)
        }
        Asked::Import { folder, site, cadence, office } => {
            let desk = office.open()?;
            import(&desk, folder, site, *cadence)
        }
        Asked::Again { period, checklist, office } => {
            let desk = office.open()?;
            again(&desk, Period::parse(period)?, checklist)
        }
    }
}

fn watched(desk: &Desk, id: &str) -> Result<Watched> {
    let all = desk.runtime.block_on(desk.store.watched())?;
    let near = crate::checklist::place::suggest(id, all.iter().map(|site| site.site.id.as_str()));
    let found = all.into_iter().find(|site| site.site.id == id);
    found.ok_or_else(|| {
        let message = format!("没有网站 {id} / no site is called {id}");
        near.map_or_else(|| Error::usage(&*message), |near| Error::usage_with(&*message, near))
    })
}

fn import(desk: &Desk, folder: &Path, site: &str, cadence: Option<Cadence>) -> Result<u8> {
    let site = watched(desk, site)?;
    let (mut plan, run) = finished::open(folder)?;
    prepare::charge(&mut plan, &site)?;
    let cadence = cadence.or(plan.cadence);
    let begun = run.info().map(|info| info.started_at.as_second()).unwrap_or_default();
    let bindings = desk.runtime.block_on(desk.store.bindings(Some(site.no)))?;
    let given = desk.runtime.block_on(work::given(&desk.store, site.no, begun))?;
    let judged = Judged::of(plan, run, &Wishes::default(), given, &bindings)?;
    let imported = desk.runtime.block_on(work::keep(&desk.store, &site, cadence, &desk.office.vantage, Some(folder), &judged))?;
    if imported.known {
        println!("已经导入过 / was imported before");
    } else {
        let told = imported.told;
        println!(
            "新问题 {}，复发 {}，消失 {}，仍在 {}，未能核对 {} / {} new, {} back, {} gone, {} still there, {} not looked at",
            told.appeared,
            told.returned,
            told.gone,
            told.stayed,
            told.unseen,
            told.appeared,
            told.returned,
            told.gone,
            told.stayed,
            told.unseen
        );
    }
    Ok(exit::CLEAN)
}

/// Judges again what a period's runs kept. Nothing is asked of any site.
fn again(desk: &Desk, period: Period, checklists: &[String]) -> Result<u8> {
    let (from, to) = period.bounds();
    let runs = desk.runtime.block_on(desk.store.newest_runs(&DEEP, &desk.office.vantage, from, to))?;
    let all = desk.runtime.block_on(desk.store.watched())?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["单位 unit", "清单 checklist", "当时 then", "重评 again"]);
    let mut code = exit::NOTHING;
    for row in runs {
        let Some(site) = all.iter().find(|site| site.no == row.site_no) else { continue };
        let Some(folder) = row.folder.as_ref().map(PathBuf::from).filter(|folder| folder.join("run.db").is_file()) else {
            eprintln!("{}: 运行目录不在，不能重评 / its run folder is gone, it cannot be judged again", row.id);
            continue;
        };
        let (mut old, done) = finished::open(&folder)?;
        drop(done);
        prepare::charge(&mut old, site)?;
        let request = plan::Request {
            target: old.target.clone(),
            units: old.units.clone(),
            operator: Some(old.operator.clone()),
            checklists: checklists.to_vec(),
            texts: Vec::new(),
            cadence: old.cadence,
            as_of: old.as_of,
            config: old.config.clone(),
            seed: None,
            bindings: old.bindings.clone(),
            columns: own_columns(&old.book),
        };
        let mut plan = plan::make(request)?;
        // What was crawled is what was crawled.
        plan.scope = old.scope.clone();
        plan.gatherings = old.gatherings.clone();
        let (run, _) = desk.runtime.block_on(RunFolder::open(&folder, &plan))?;
        let begun = run.info().map(|info| info.started_at.as_second()).unwrap_or_default();
        let bindings = desk.runtime.block_on(desk.store.bindings(Some(site.no)))?;
        let mut given = desk.runtime.block_on(work::given(&desk.store, site.no, begun))?;
        given.watch.clear();
        let judged = Judged::of(plan, run, &Wishes::default(), given, &bindings)?;
        desk.runtime.block_on(work::keep_again(&desk.store, site, &judged))?;
        let then = desk.runtime.block_on(desk.store.cards_of(row.assessment_no))?;
        let ids = desk.runtime.block_on(desk.store.unit_ids())?;
        let shown = |score: Option<f64>| score.map_or_else(|| "–".to_owned(), crate::score::points_text);
        for card in &judged.audited.report.scorecards {
            let was = then.iter().find(|was| was.checklist == card.checklist && ids.get(&was.unit_no) == Some(&card.unit));
            table.add_row([&card.unit, &card.checklist, &shown(was.and_then(|was| was.score)), &shown(card.score)]);
        }
        code = exit::CLEAN;
    }
    println!("{table}");
    Ok(code)
}

fn list(desk: &Desk, period: Period) -> Result<Table> {
    let (from, to) = period.bounds();
    let all = [Cadence::Daily, Cadence::Quarterly, Cadence::Semiannual];
    let runs = desk.runtime.block_on(desk.store.runs(&all, from, to))?;
    let sites = desk.runtime.block_on(desk.store.sites())?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["网站 site", "结束 ended", "完整 complete", "取得 fetched", "新页 new", "编号 id"]);
    for run in runs {
        let site = sites.iter().find(|(no, _)| *no == run.site_no).map(|(_, site)| site.id.clone()).unwrap_or_default();
        let ended = jiff::Timestamp::from_second(run.finished_at)
            .map(|at| at.to_zoned(crate::clock::shanghai()).strftime("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default();
        let complete = if run.complete { "是 yes" } else { "否 no" };
        let fetched = format!("{}/{}", run.fetched, run.discovered);
        table.add_row([&site, &ended, complete, &fetched, &run.new_pages.to_string(), &run.id]);
    }
    Ok(table)
}

/// Entries of a book that are not the built-in one's.
fn own_columns(book: &ColumnBook) -> Vec<ColumnEntry> {
    let built_in = ColumnBook::load();
    book.entries.iter().filter(|entry| built_in.find(&entry.id) != Some(entry)).cloned().collect()
}
