//! `xuncha report daily|quarterly|semiannual`: the report of a period, out of the store alone: on the terminal, as JSON, page and workbook.

use super::office::{Desk, OfficeOptions};
use crate::cadence::period::Period;
use crate::cadence::publish::{self, File};
use crate::cadence::unit;
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::exit;
use crate::finding::Language;
use crate::report::period::{Periodic, terminal};
use crate::report::terminal::Style;
use clap::{Args, ValueEnum};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 终端一屏 / a screen of the terminal
    Terminal,
    /// 网页，可打印 / a page, fit for print
    Html,
    /// Excel 工作簿，带图表 / an Excel workbook with charts
    Xlsx,
    /// 数据 / the values
    Json,
}

impl Format {
    fn file(self) -> Option<File> {
        match self {
            Format::Terminal => None,
            Format::Html => Some(File::Html),
            Format::Xlsx => Some(File::Xlsx),
            Format::Json => Some(File::Json),
        }
    }
}

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
    /// 只出这个单位的报告，可重复 / the report of this unit instead; repeatable
    #[arg(long, value_name = "UNIT")]
    unit: Vec<String>,
    /// 每个单位各出一份 / one report of every unit
    #[arg(long, conflicts_with = "unit")]
    every_unit: bool,
    /// 写到哪个目录 / folder that it is written to
    #[arg(long, value_name = "DIR", default_value = "xuncha-reports")]
    out: PathBuf,
    /// 输出形式，逗号分隔 / outputs, separated by commas
    #[arg(long, value_enum, value_name = "F", value_delimiter = ',', default_value = "terminal,html,xlsx,json")]
    format: Vec<Format>,
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
    let mut files: Vec<File> = options.format.iter().filter_map(|format| format.file()).collect();
    files.sort();
    files.dedup();
    if options.every_unit || !options.unit.is_empty() {
        units(options, &desk, period, &files)?;
    } else {
        let report = desk.runtime.block_on(publish::make(&desk.store, &desk.office, period))?;
        let written = publish::keep(&report, period, &files, options.lang, &options.out)?;
        show(options, &report, &written, options.format.contains(&Format::Terminal))?;
    }
    Ok(exit::CLEAN)
}

/// The reports of units, one after the other. On the terminal one unit is shown; of several the files are named.
fn units(options: &Options, desk: &Desk, period: Period, files: &[File]) -> Result<()> {
    let shared = desk.runtime.block_on(unit::Desk::of(&desk.store, &desk.office, period))?;
    let ids = if options.every_unit { shared.units() } else { options.unit.clone() };
    if ids.is_empty() {
        return Err(Error::usage_with("名册里没有单位 / the registry has no unit", "xuncha sites import"));
    }
    let screen = options.format.contains(&Format::Terminal) && ids.len() == 1;
    for id in ids {
        let report = desk.runtime.block_on(shared.report(&desk.store, &id))?;
        let written = publish::keep_unit(report.clone(), period, files, options.lang, &options.out)?;
        show(options, &Periodic::Unit(Box::new(report)), &written, screen)?;
    }
    Ok(())
}

/// Shows a report, or names the files that it is in.
fn show(options: &Options, report: &Periodic, written: &[PathBuf], screen: bool) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let told = match screen {
        true => terminal::write(report, &Style::of_stdout(options.lang), written, &mut out),
        false => written.iter().try_for_each(|path| writeln!(out, "{}", path.display())),
    };
    // A reader that closed the pipe has seen enough.
    match told.and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::io("<stdout>", error)),
        _ => Ok(()),
    }
}
