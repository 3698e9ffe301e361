//! What the workbook makes of proposals: exported, imported as it is, corrected, imported, proposed and imported again.

use crate::checklist::columns::ColumnBook;
use crate::error::{Error, Result};
use crate::registry::columns::{Corrected, Taken, merge, read_bytes, with_known, write_xlsx};
use crate::registry::propose::Line;
use crate::registry::sheet::{self, Sheet};
use crate::registry::{Binding, BindingState, Registry};
use crate::url::CanonicalUrl;
use std::collections::BTreeMap;
use std::path::Path;

/// Ids of columns by unit and address; none where no duty names them.
pub type Truths = BTreeMap<(String, CanonicalUrl), Option<String>>;

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cycle {
    /// Rows of the workbook.
    pub rows: u64,
    /// Bindings after it was imported as it was.
    pub untouched: u64,
    /// Of these, confirmed.
    pub confirmed_untouched: u64,
    /// Bindings confirmed after it was corrected.
    pub confirmed: u64,
    /// Of these, not as they were grown.
    pub confirmed_wrongly: u64,
    /// Bindings that were lost or changed when proposals were imported once more.
    pub lost: u64,
}

/// Runs it.
pub(super) fn run(lines: &[Line], truths: &Truths, book: &ColumnBook) -> Result<Cycle> {
    let written = write_xlsx(lines, book)?;
    let first = taken(&written, book)?;
    let bindings = merge(Vec::new(), first.said, first.proposed);
    let confirmed = |bindings: &[Binding]| bindings.iter().filter(|b| b.state == BindingState::Confirmed).count() as u64;
    let mut cycle = Cycle {
        rows: lines.len() as u64,
        untouched: bindings.len() as u64,
        confirmed_untouched: confirmed(&bindings),
        ..Cycle::default()
    };
    let corrected = taken(&correct(&written, truths, book)?, book)?;
    let bindings = merge(bindings, corrected.said, corrected.proposed);
    cycle.confirmed = confirmed(&bindings);
    cycle.confirmed_wrongly = cycle.confirmed_untouched;
    for binding in bindings.iter().filter(|binding| binding.state == BindingState::Confirmed) {
        let truth = truths.get(&(binding.unit.clone(), binding.url.clone()));
        cycle.confirmed_wrongly += u64::from(truth.is_some_and(|column| *column != binding.column));
    }
    let again = taken(&write_xlsx(&with_known(lines.to_vec(), &bindings), book)?, book)?;
    let after = merge(bindings.clone(), again.said, again.proposed);
    cycle.lost = bindings.iter().filter(|binding| !after.contains(binding)).count() as u64;
    // A proposal that was never exported must not undo what was said either.
    let bare = merge(after, Vec::new(), lines.iter().filter_map(|line| line.binding.clone()).collect());
    cycle.lost +=
        bindings.iter().filter(|binding| binding.state != BindingState::Proposed && !bare.contains(binding)).count() as u64;
    Ok(cycle)
}

fn taken(bytes: &[u8], book: &ColumnBook) -> Result<Corrected> {
    match read_bytes(Path::new("columns.xlsx"), bytes, book, &Registry::default())? {
        Taken::Whole(corrected) => Ok(corrected),
        Taken::Nothing(faults) => Err(Error::Internal(format!("our own workbook: {} faults: {}", faults.len(), faults[0]))),
    }
}

/// The workbook as somebody who knows the truth corrects it, row by row.
fn correct(written: &[u8], truths: &Truths, book: &ColumnBook) -> Result<Vec<u8>> {
    let sheets = sheet::read_bytes(Path::new("columns.xlsx"), written)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| Error::Internal(format!("corrected workbook: {e}"));
    let mut headed = false;
    for sheet in sheets.iter().filter(|sheet| sheet.name.starts_with("栏目")) {
        let Some(heads) = Heads::of(sheet) else { continue };
        for (number, cells) in &sheet.rows {
            let mut row: Vec<String> = (0..heads.count).map(|at| cells.get(&at).cloned().unwrap_or_default()).collect();
            if *number == 1 {
                if !std::mem::replace(&mut headed, true) {
                    writer.write_record(&row).map_err(failed)?;
                }
                continue;
            }
            let url = CanonicalUrl::parse(&row[heads.url as usize]).ok();
            let truth = url.and_then(|url| truths.get(&(row[heads.unit as usize].clone(), url)));
            if let Some(truth) = truth {
                row[heads.column as usize] =
                    truth.as_deref().and_then(|id| book.find(id)).map_or_else(|| "无".to_owned(), |entry| entry.name.clone());
                "确认".clone_into(&mut row[heads.verdict as usize]);
            }
            writer.write_record(&row).map_err(failed)?;
        }
    }
    writer.into_inner().map_err(|e| Error::Internal(format!("corrected workbook: {e}")))
}

struct Heads {
    count: u32,
    url: u32,
    unit: u32,
    column: u32,
    verdict: u32,
}

impl Heads {
    fn of(sheet: &Sheet) -> Option<Self> {
        let heads = sheet.rows.get(&1)?;
        let at = |name: &str| heads.iter().find(|(_, head)| *head == name).map(|(at, _)| *at);
        let count = heads.keys().max()? + 1;
        Some(Heads { count, url: at("网址")?, unit: at("单位编码")?, column: at("对应栏目")?, verdict: at("确认")? })
    }
}
