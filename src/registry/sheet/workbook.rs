//! Workbooks: XLSX as a stream of cells, XLS and ET after a look at how large they would become.

use super::{MOST_COLUMNS, Room, Sheet};
use crate::error::{Error, Result};
use calamine::{Data, DataRef, DataType, Dimensions, Reader, Xls, XlsError, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

/// Sheets read of one workbook.
const MOST_SHEETS: usize = 60;
/// Bytes that the parts of a workbook may unpack to.
const MOST_UNPACKED: u64 = 256 << 20;
/// Cells that the reader of the old format sets up for one sheet, empty ones included.
const MOST_CELLS: u64 = 3_000_000;

fn broken(file: &Path, why: impl std::fmt::Display) -> Error {
    Error::usage_with(
        format!("{}: 表格读不出来 / the workbook cannot be read: {why}", file.display()),
        "用 Excel 或 WPS 打开，另存为 xlsx / open it in Excel or WPS, and save it as xlsx",
    )
}

fn locked(file: &Path) -> Error {
    Error::usage_with(
        format!("{}: 表格有密码 / the workbook has a password", file.display()),
        "去掉密码再试 / save it without one",
    )
}

/// Reads an Office Open XML workbook.
pub(super) fn read_xlsx(file: &Path, bytes: &[u8]) -> Result<Vec<Sheet>> {
    unpacks_within_bounds(file, bytes)?;
    let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsxError::Password) => return Err(locked(file)),
        Err(error) => return Err(broken(file, error)),
    };
    let mut room = Room::new();
    let mut sheets = Vec::new();
    for name in book.sheet_names().iter().take(MOST_SHEETS) {
        let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
        // A sheet that is a chart has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { continue };
        while let Some(cell) = cells.next_cell().map_err(|e| broken(file, e))? {
            let (row, column) = cell.get_position();
            let text = shown(cell.get_value());
            room.put(&mut sheet, (row.saturating_add(1), column), text).map_err(|full| full.error(file, name))?;
        }
        drop(cells);
        let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        spread(&mut sheet, &merged, &mut room).map_err(|full| full.error(file, name))?;
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// What a few kilobytes unpack to may fill the memory: every part is unpacked once into nothing.
fn unpacks_within_bounds(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(file, e))?;
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|e| broken(file, e))?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|e| broken(file, e))?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            broken(file, format!("解开后大于 {} MB / more than {} MB unpacked", MOST_UNPACKED >> 20, MOST_UNPACKED >> 20))
        })?;
    }
    Ok(())
}

/// Reads a workbook in a compound file.
pub(super) fn read_xls(file: &Path, bytes: &[u8]) -> Result<Vec<Sheet>> {
    let stream = stream(bytes).ok_or_else(|| broken(file, "没有工作簿 / holds no workbook"))?;
    if largest(&stream) > MOST_CELLS {
        return Err(broken(file, "单元格太多 / too many cells"));
    }
    let mut book: Xls<_> = match Xls::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsError::Password) => return Err(locked(file)),
        Err(error) => return Err(broken(file, error)),
    };
    let mut room = Room::new();
    let mut sheets = Vec::new();
    for name in book.sheet_names().iter().take(MOST_SHEETS) {
        let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
        if let Ok(range) = book.worksheet_range(name) {
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let at = (top.saturating_add(row as u32).saturating_add(1), left.saturating_add(column as u32));
                room.put(&mut sheet, at, text_of(value)).map_err(|full| full.error(file, name))?;
            }
            let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
            spread(&mut sheet, &merged, &mut room).map_err(|full| full.error(file, name))?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|name| compound.is_stream(name))?;
    let mut stream = Vec::new();
    compound.open_stream(name).ok()?.take(super::MOST_BYTES).read_to_end(&mut stream).ok()?;
    Some(stream)
}

/// Cells of the largest sheet of a BIFF stream, from its first to its last: what a reader that keeps them side by side needs room for.
fn largest(stream: &[u8]) -> u64 {
    const BEGIN: u16 = 0x0809;
    // Formula, multiple numbers, multiple blanks, shared string, blank, number, text, truth value, number in short.
    const CELLS: [u16; 9] = [0x0006, 0x00BD, 0x00BE, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E];
    let word = |at: usize| stream.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let (mut at, mut largest) = (0, 0);
    let mut area: Option<(u16, u16, u16, u16)> = None;
    let size = |area: Option<(u16, u16, u16, u16)>| {
        area.map_or(0, |(top, bottom, left, right)| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1))
    };
    while let (Some(kind), Some(length)) = (word(at), word(at + 2)) {
        if kind == BEGIN {
            largest = largest.max(size(area.take()));
        }
        if let (true, Some(row), Some(column)) = (CELLS.contains(&kind), word(at + 4), word(at + 6)) {
            let last = match kind {
                0x00BD | 0x00BE => word(at + 2 + usize::from(length)).unwrap_or(column).max(column),
                _ => column,
            };
            let (top, bottom, left, right) = area.unwrap_or((row, row, column, last));
            area = Some((top.min(row), bottom.max(row), left.min(column), right.max(last)));
        }
        at += 4 + usize::from(length);
    }
    largest.max(size(area))
}

/// Gives the text of merged cells to every row that is filled and that they cover.
fn spread(sheet: &mut Sheet, merged: &[Dimensions], room: &mut Room) -> std::result::Result<(), super::Full> {
    for area in merged {
        let (top, left) = (area.start.0.saturating_add(1), area.start.1);
        let (bottom, right) = (area.end.0.saturating_add(1), area.end.1.min(MOST_COLUMNS - 1));
        let Some(text) = sheet.rows.get(&top).and_then(|row| row.get(&left)).cloned() else { continue };
        if top > bottom || left > right {
            continue;
        }
        let rows: Vec<u32> = sheet.rows.range(top..=bottom).map(|(row, _)| *row).collect();
        for row in rows {
            for column in left..=right {
                if sheet.rows.get(&row).is_some_and(|cells: &BTreeMap<u32, String>| !cells.contains_key(&column)) {
                    room.put(sheet, (row, column), text.clone())?;
                }
            }
        }
    }
    Ok(())
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => text_of(&Data::from(other.clone())),
    }
}

/// A value as a reader of the sheet sees it: whole numbers without a point, days as such.
fn text_of(value: &Data) -> String {
    match value {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.as_string().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u16]) -> Vec<u8> {
        [kind, body.len() as u16 * 2].iter().chain(body).flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn the_room_of_an_old_workbook_is_known_before() {
        let near = [record(0x0809, &[0, 0]), record(0x0203, &[0, 0, 0]), record(0x0203, &[9, 3, 0])].concat();
        assert_eq!(largest(&near), 40);
        let far = [near.clone(), record(0x0809, &[0, 0]), record(0x0203, &[0, 0, 0]), record(0x0203, &[65_535, 255, 0])].concat();
        assert_eq!(largest(&far), 65_536 * 256);
        assert_eq!(largest(&record(0x00BE, &[2, 0, 15, 15, 15, 249])), 250);
        assert_eq!(largest(&[1, 2, 3]), 0);
    }
}
