//! Files made byte by byte, as their formats ask.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A ZIP of these members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("member begins");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("archive ends").into_inner()
}

/// A ZIP with one stored member whose name is in GBK, not flagged as anything.
pub fn zip_gbk(name: &str, content: &[u8]) -> Vec<u8> {
    let raw = encoding_rs::GBK.encode(name).0.into_owned();
    let crc = crc32(content);
    let (size, length) = (content.len() as u32, raw.len() as u16);
    let mut out = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    for number in [crc, size, size] {
        out.extend(number.to_le_bytes());
    }
    out.extend(length.to_le_bytes());
    out.extend([0, 0]);
    out.extend(&raw);
    out.extend(content);
    let directory = out.len() as u32;
    out.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
    for number in [crc, size, size] {
        out.extend(number.to_le_bytes());
    }
    out.extend(length.to_le_bytes());
    out.extend([0; 16]);
    out.extend(&raw);
    let end = out.len() as u32;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend((end - directory).to_le_bytes());
    out.extend(directory.to_le_bytes());
    out.extend([0, 0]);
    // The sixteen bytes after the name's length hold comment, disk, attributes and the place of the member, which is 0.
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

const TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;

const PACKAGE: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// A DOCX with this body.
pub fn docx(body: &str) -> Vec<u8> {
    let main = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    zip(&[("[Content_Types].xml", TYPES), ("word/document.xml", main.as_bytes())])
}

/// A DOCX whose main part is this large and not compressed: nothing about it but its size is wrong.
pub fn docx_large(megabytes: usize) -> Vec<u8> {
    let mut main =
        br#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>"#.to_vec();
    main.resize(main.len() + (megabytes << 20), b'x');
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in [("[Content_Types].xml", TYPES), ("word/document.xml", &main)] {
        writer.start_file(name, stored).expect("member begins");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("archive ends").into_inner()
}

/// A paragraph of a DOCX.
pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// An XLSX of one sheet with this `sheetData`.
pub fn xlsx(sheet: &str, rest: &str) -> Vec<u8> {
    let workbook = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="主动公开目录" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let data = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData>{rest}</worksheet>"#
    );
    zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", data.as_bytes()),
    ])
}

/// A compound file with these streams.
pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).expect("memory takes it");
    for (name, bytes) in streams {
        file.create_stream(name).and_then(|mut stream| stream.write_all(bytes)).expect("stream is written");
    }
    file.flush().expect("memory takes it");
    file.into_inner().into_inner()
}

/// A Word binary of two pieces: the first in UTF-16, the second in eight bits.
pub fn doc(wide: &str, narrow: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = wide.encode_utf16().collect();
    let mut main = vec![0u8; 0x800];
    let put = |main: &mut Vec<u8>, at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(&mut main, 0, &0xa5ecu16.to_le_bytes());
    put(&mut main, 2, &0x00c1u16.to_le_bytes());
    put(&mut main, 6, &0x0804u16.to_le_bytes());
    put(&mut main, 0x0a, &0x0200u16.to_le_bytes());
    put(&mut main, 0x4c, &((units.len() + narrow.len()) as u32).to_le_bytes());
    let first = main.len() as u32;
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let second = main.len() as u32;
    main.extend(narrow);
    let mut plc = Vec::new();
    for place in [0, units.len() as u32, (units.len() + narrow.len()) as u32] {
        plc.extend(place.to_le_bytes());
    }
    for place in [first, (second * 2) | 0x4000_0000] {
        plc.extend([0, 0]);
        plc.extend(place.to_le_bytes());
        plc.extend([0, 0]);
    }
    let mut clx = vec![2];
    clx.extend((plc.len() as u32).to_le_bytes());
    clx.extend(plc);
    put(&mut main, 0x1a2, &0u32.to_le_bytes());
    put(&mut main, 0x1a6, &(clx.len() as u32).to_le_bytes());
    // A stream this large lies outside the small sectors, as Word's do.
    main.resize(main.len().max(8_192), 0);
    compound(&[("WordDocument", &main), ("1Table", &clx)])
}

/// A workbook of Excel 97: a label and a number.
pub fn xls(label: &str, number: f64) -> Vec<u8> {
    let record = |id: u16, data: &[u8]| [&id.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let begin = |kind: u16| {
        let mut data = 0x0600u16.to_le_bytes().to_vec();
        data.extend(kind.to_le_bytes());
        data.extend([0xbb, 0x0d, 0xcc, 0x07, 0, 0, 0, 0, 6, 0, 0, 0]);
        record(0x0809, &data)
    };
    let text = |text: &str, wide: bool| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let count = (units.len() / 2) as u16;
        let mut data = if wide { count.to_le_bytes().to_vec() } else { vec![count as u8] };
        data.push(1);
        data.extend(units);
        data
    };
    let globals = [begin(5), record(0x42, &1200u16.to_le_bytes())].concat();
    let sheet_name = text("目录", false);
    let place = (globals.len() + 4 + 6 + sheet_name.len() + 4) as u32;
    let bound = record(0x85, &[&place.to_le_bytes()[..], &[0, 0], &sheet_name].concat());
    let cell = |row: u16, column: u16| [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    let labelled = record(0x0204, &[cell(0, 0), text(label, true)].concat());
    let numbered = record(0x0203, &[cell(0, 1), number.to_le_bytes().to_vec()].concat());
    let end = record(0x0a, &[]);
    let mut book = [globals, bound, end.clone(), begin(0x10), labelled, numbered, end].concat();
    book.resize(book.len().max(8_192), 0);
    compound(&[("Workbook", &book)])
}

/// A PDF of these objects (from 1), with its table of places; `trailer` stands beside `/Root 1 0 R`.
pub fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").bytes()));
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes());
    out
}

/// A stream object.
pub fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A page in a font with a predefined character map and no ToUnicode, as Chinese programs write it: codes of `map`.
pub fn pdf_chinese(map: &str, lines: &[Vec<u8>]) -> Vec<u8> {
    let mut content = String::new();
    for (at, line) in lines.iter().enumerate() {
        let hex: String = line.iter().map(|byte| format!("{byte:02x}")).collect();
        content.push_str(&format!("BT /F1 12 Tf 72 {} Td <{hex}> Tj ET\n", 720 - at * 20));
    }
    pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>".into(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 7 0 R >>".into(),
            format!("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{map} /DescendantFonts [5 0 R] >>"),
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 6 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>".into(),
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>".into(),
            stream("", &content),
        ],
        "",
    )
}

/// A page that shows a picture and nothing else.
pub fn pdf_scan() -> Vec<u8> {
    pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>".into(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>"
                .into(),
            stream("/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8", "abcd"),
            stream("", "q 595 0 0 842 0 0 cm /I Do Q"),
        ],
        "",
    )
}

/// A PDF that needs a password which nobody here knows.
pub fn pdf_encrypted() -> Vec<u8> {
    let secret: String = (0..32u8).map(|n| format!("{:02x}", n.wrapping_mul(37).wrapping_add(11))).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".into(),
        stream("", "\u{1}\u{2}scrambled"),
    ];
    objects.push(format!("<< /Filter /Standard /V 1 /R 2 /P -44 /O <{secret}> /U <{secret}> >>"));
    pdf(&objects, "/Encrypt 5 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]")
}

/// A DOCX with a password, as Word writes it: a compound file round the scrambled package.
pub fn docx_encrypted() -> Vec<u8> {
    let scrambled: Vec<u8> = (0..9_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    compound(&[("EncryptionInfo", &[4, 0, 4, 0, 0x40, 0, 0, 0]), ("EncryptedPackage", &scrambled)])
}

/// A DOCX whose main part inflates to this many megabytes.
pub fn docx_bomb(megabytes: usize) -> Vec<u8> {
    let mut main =
        br#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>"#.to_vec();
    main.resize(main.len() + (megabytes << 20), b' ');
    zip(&[("[Content_Types].xml", TYPES), ("word/document.xml", &main)])
}

/// An OFD of one page: each line as a text object, or only a picture.
pub fn ofd(lines: &[&str]) -> Vec<u8> {
    let root = r#"<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;
    let document = r#"<?xml version="1.0" encoding="UTF-8"?><ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>"#;
    let mut layer = String::new();
    for (at, line) in lines.iter().enumerate() {
        layer.push_str(&format!(
            r#"<ofd:TextObject ID="{}" Boundary="25 {} 160 5" Font="2" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 8 4">{line}</ofd:TextCode></ofd:TextObject>"#,
            at + 10,
            20 + at * 8
        ));
    }
    if lines.is_empty() {
        layer.push_str(r#"<ofd:ImageObject ID="9" Boundary="0 0 210 297" ResourceID="3"/>"#);
    }
    let page = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{layer}</ofd:Layer></ofd:Content></ofd:Page>"#
    );
    zip(&[
        ("OFD.xml", root.as_bytes()),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
    ])
}

/// A RAR archive (version 5) of one stored file.
pub fn rar5(name: &str, content: &[u8]) -> Vec<u8> {
    let block = |header: &[u8], data: &[u8]| {
        let size = [header.len() as u8];
        [&crc32(&[&size, header].concat()).to_le_bytes()[..], &size, header, data].concat()
    };
    let size = content.len() as u8;
    let file = [&[2, 2, size, 0, size, 0, 0, 0, name.len() as u8][..], name.as_bytes()].concat();
    [b"Rar!\x1a\x07\x01\x00".to_vec(), block(&[1, 0, 0], &[]), block(&file, content), block(&[5, 0, 0], &[])].concat()
}

/// A RAR archive (version 4) of one stored file with a name in GBK.
pub fn rar4(name: &str, content: &[u8]) -> Vec<u8> {
    let raw = encoding_rs::GBK.encode(name).0.into_owned();
    let mut file = vec![0, 0, 0x74, 0, 0x80];
    file.extend((32 + raw.len() as u16).to_le_bytes());
    let size = content.len() as u32;
    file.extend(size.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.push(2);
    file.extend([0; 8]);
    file.extend([20, 0x30]);
    file.extend((raw.len() as u16).to_le_bytes());
    file.extend([0x20, 0, 0, 0]);
    file.extend(raw);
    let main = [0xcf, 0x90, 0x73, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0];
    [&b"Rar!\x1a\x07\x00"[..], &main, &file, content, &[0xc4, 0x3d, 0x7b, 0, 0x40, 7, 0]].concat()
}
