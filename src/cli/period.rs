//! `xuncha report daily|quarterly|semiannual`: the report of a period, out of the store alone.

use super::office::OfficeOptions;
use crate::cadence::period::Period;
use crate::cadence::publish;
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use clap::Args;
use std::path::PathBuf;

/// Options of `report`.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 办公室 / the office
    #[command(flatten)]
    office: OfficeOptions,
    /// 哪一种 / which
    #[arg(value_enum)]
    cadence: Cadence,
    /// 哪一期：2026-02-17、2026Q1、2026H1；默认为上一期 / which period; the last one that is over when left out
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// 写到哪个目录 / folder that it is written to
    #[arg(long, value_name = "DIR", default_value = "xuncha-reports")]
    out: PathBuf,
    /// 语言 / language
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Makes the report.
pub fn run(options: &Options) -> Result<u8> {
    let period = match &options.period {
        Some(text) => Period::parse(text)?,
        None => Period::of(options.cadence, crate::clock::date_of(crate::clock::now())).before(),
    };
    if period.cadence() != options.cadence {
        return Err(Error::usage_with(
            format!("{period} 不是这种频次的一期 / is no period of this cadence"),
            "daily 2026-02-17 · quarterly 2026Q1 · semiannual 2026H1",
        ));
    }
    let desk = options.office.open()?;
    let written = desk.runtime.block_on(publish::write(&desk.store, &desk.office, period, &options.out))?;
    println!("{}", options.out.join(crate::store::runs::cadence_word(options.cadence)).join(format!("{period}.json")).display());
    let _ = (written, options.lang);
    Ok(exit::CLEAN)
}
