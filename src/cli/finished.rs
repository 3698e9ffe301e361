//! Finished run folders, opened to be looked at again.

use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::run::{RunFolder, State};
use std::fs;
use std::path::Path;

/// Opens a run folder that is complete, with the plan that made it.
pub fn open(path: &Path) -> Result<(Plan, RunFolder)> {
    let file = path.join("plan.json");
    let text = fs::read(&file).map_err(|_| {
        Error::usage_with(
            format!("{}: 不是运行目录 / is no run folder", path.display()),
            "给出 --out 所写的目录 / give a folder that --out wrote",
        )
    })?;
    let plan: Plan = serde_json::from_slice(&text).map_err(|e| Error::Located {
        file,
        line: e.line().max(1),
        column: e.column().max(1),
        message: e.to_string(),
        hint: Some("由其他版本写成 / written by another version".into()),
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::Internal(format!("runtime: {e}")))?;
    let (run, state) = runtime.block_on(RunFolder::open(path, &plan))?;
    if state != State::Complete {
        return Err(Error::usage_with(
            format!("{}: 运行尚未完成 / the run is not finished", path.display()),
            "先用原来的参数续跑 / finish it with its own options first",
        ));
    }
    Ok((plan, run))
}
