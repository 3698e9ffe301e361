//! `xuncha judge FILE.warc.gz…`: the judging half; a report from captures, without a request.
//!
//! Of our own capture the units, scope, configuration, checklists and day of judgement are taken from it unless options say otherwise,
//! so that the report is byte for byte that of the audit that kept it.

use super::options::AuditOptions;
use super::{audit, target};
use crate::error::{Error, Result};
use crate::plan::Target;

/// Judges every capture in turn.
pub fn run(options: &AuditOptions) -> Result<u8> {
    for text in &options.targets {
        if !matches!(target::parse(text, None)?, Target::Warc(_)) {
            return Err(Error::usage_with(
                format!("{text}: judge 只读 WARC / judge reads captures only"),
                "网址和文件夹用 xuncha audit / for URLs and folders use xuncha audit",
            ));
        }
    }
    audit::run(options)
}
