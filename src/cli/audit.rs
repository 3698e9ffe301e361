//! `xuncha audit TARGET…`: one run folder and one report per target.

use super::options::AuditOptions;
use super::pipeline::{self, Output};
use super::progress::Bar;
use super::request;
use crate::error::Result;
use crate::exit;

/// Audits every target in turn; the exit code is the gravest.
pub fn run(options: &AuditOptions) -> Result<u8> {
    let outputs = options.format.iter().map(|f| Output::parse(f)).collect::<Result<Vec<_>>>()?;
    // Every target is understood before the first is touched.
    let jobs = request::all(options)?;
    let mut code = exit::CLEAN;
    for job in jobs {
        let bar = Bar::new(&job.name);
        let audited = pipeline::audit(job.request, &job.out, &job.wishes, &bar);
        bar.done();
        let audited = audited?;
        pipeline::write_outputs(&audited.report, &outputs, &job.out, options.lang)?;
        if audited.report.coverage.fetched == 0 {
            eprintln!("xuncha: {}", request::nothing(&audited.report.coverage, options.lang));
        }
        code = pipeline::graver(code, audited.exit);
    }
    Ok(code)
}
