//! `xuncha crawl TARGET`: the gathering half; leaves a run folder with its capture, judges nothing.

use super::options::AuditOptions;
use super::pipeline;
use super::progress::Bar;
use super::request;
use crate::error::Result;
use crate::judge::Material;
use crate::report::coverage::Fold;
use crate::{exit, plan};

/// Gathers every target in turn; 3 when a target gave nothing.
pub fn run(options: &AuditOptions) -> Result<u8> {
    let mut code = exit::CLEAN;
    for job in request::all(options)? {
        let plan = plan::make(job.request)?;
        let bar = Bar::new(&job.name);
        let folder = pipeline::gather(&plan, &job.out, &job.wishes, &bar);
        bar.done();
        let folder = folder?;
        let mut fold = Fold::new();
        folder.for_each_state(&mut |state| {
            fold.add(&state, plan.scope.contains(&state.url, None));
            Ok(())
        })?;
        let coverage = fold.finish();
        println!(
            "{}: 发现 {} 取得 {} / discovered {}, fetched {}",
            job.name, coverage.discovered, coverage.fetched, coverage.discovered, coverage.fetched
        );
        for (zh, en, truth) in [("站内", "own", &coverage.truth), ("站外", "external", &coverage.external.truth)] {
            let (dead, unverified): (u64, u64) = (truth.dead.values().sum(), truth.unverified.values().sum());
            let share = truth.unverified_share * 100.0;
            if truth.works + dead + unverified > 0 {
                let works = truth.works;
                println!(
                    "{zh}：有效 {works}，失效 {dead}，未能核实 {unverified} ({share:.1}%) / {en}: {works} work, {dead} dead, {unverified} unverified"
                );
            }
        }
        if let Some(capture) = folder.capture_path() {
            println!("{}", capture.display());
        }
        if coverage.fetched == 0 {
            println!("{}", request::nothing(&coverage, options.lang));
            code = pipeline::graver(code, exit::NOTHING);
        }
    }
    Ok(code)
}
