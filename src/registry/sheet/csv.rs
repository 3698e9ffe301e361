//! CSV: UTF-8 with or without a byte order mark, UTF-16 with one, GB18030; cells divided by tabs, commas or semicolons.

use super::{Room, Sheet};
use crate::error::{Error, Result};
use csv::{ErrorKind, ReaderBuilder};
use std::borrow::Cow;
use std::path::Path;

/// Reads it.
pub(super) fn read(file: &Path, bytes: &[u8]) -> Result<Sheet> {
    let text = decode(bytes).ok_or_else(|| {
        Error::usage_with(
            format!(
                "{}: 不是表格，也不是 UTF-8 或 GB18030 文本 / is no workbook and no text in UTF-8 or GB18030",
                file.display()
            ),
            "另存为 xlsx 或 CSV UTF-8 / save it as xlsx or as CSV UTF-8",
        )
    })?;
    if let Some(line) = open_quote(&text) {
        return Err(Error::Located {
            file: file.to_owned(),
            line,
            column: 1,
            message: "引号没有闭合 / a quote is not closed".into(),
            hint: Some("补上后引号；单元格里的引号写成两个 / close it; a quote inside of a cell is written twice".into()),
        });
    }
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut room = Room::new();
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|e| match e.into_kind() {
            ErrorKind::Io(source) => Error::io(file, source),
            other => Error::usage(format!("{}: {other:?}", file.display())),
        })?;
        for (column, cell) in (0..).zip(record.iter()) {
            room.put(&mut sheet, (row, column), cell.to_owned()).map_err(|full| full.error(file, ""))?;
        }
    }
    Ok(sheet)
}

/// The text; none when it is none.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (text, wrong) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes),
        },
    };
    (!wrong && !text.contains('\0')).then_some(text)
}

/// What divides the cells: of tab, comma and semicolon the one that occurs most outside of quotes in the first lines.
fn delimiter(text: &str) -> u8 {
    const LOOKED_AT: usize = 8_192;
    let mut counts = [(b'\t', 0), (b',', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(LOOKED_AT) {
        quoted ^= byte == b'"';
        if !quoted {
            counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, count)| *count += 1);
        }
    }
    // Blanks and commas stand inside of cells; where there are tabs at all in every line, they divide.
    let lines = text.lines().take(5).filter(|line| !line.trim().is_empty());
    let tabbed = lines.clone().count() > 0 && lines.clone().all(|line| line.contains('\t'));
    if tabbed {
        b'\t'
    } else {
        counts[1..].iter().max_by_key(|(mark, count)| (*count, *mark == b',')).map_or(b',', |(mark, _)| *mark)
    }
}

/// The line of a quote that is never closed: with an odd number of them one is.
fn open_quote(text: &str) -> Option<usize> {
    let mut open = None;
    for (number, line) in (1..).zip(text.split('\n')) {
        for _ in line.bytes().filter(|b| *b == b'"') {
            open = if open.is_some() { None } else { Some(number) };
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let sheet = read(Path::new("t.csv"), bytes).expect("reads");
        sheet.rows.into_values().map(|cells| cells.into_values().collect()).collect()
    }

    #[test]
    fn encodings_and_dividers_are_recognised() {
        let expected = vec![vec!["单位".to_owned(), "网址".to_owned()], vec!["县公安局".to_owned(), "a,b\nc".to_owned()]];
        let text = "单位,网址\r\n县公安局,\"a,b\nc\"\r\n";
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected);
        assert_eq!(cells(&encoding_rs::GB18030.encode(text).0), expected);
        assert_eq!(cells("单位;网址\n县公安局;\"a,b\nc\"\n".as_bytes()), expected);
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("单位\t网址\n县公安局\t局".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(cells(&utf16)[1], ["县公安局", "局"]);
    }

    #[test]
    fn what_is_no_text_and_what_never_ends_is_refused() {
        assert!(read(Path::new("t"), &[0xFF, 0xD8, 0xFF, 0x00, 0x01]).is_err());
        assert!(read(Path::new("t"), b"a\0b").is_err());
        match read(Path::new("t"), "单位,网址\n\"县公安局,x\n乙,y\n".as_bytes()) {
            Err(Error::Located { line, .. }) => assert_eq!(line, 2),
            other => panic!("{other:?}"),
        }
    }
}
