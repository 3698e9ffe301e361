//! What is read of each format, without a child: the readers are pure.

use super::made::*;
use xuncha::facts::file::{Contents, FileKind, Reading, read};

fn text(contents: &Contents) -> String {
    contents.text.join("\n")
}

#[track_caller]
fn is(contents: &Contents, kind: FileKind, reading: Reading) {
    assert_eq!((contents.kind, &contents.reading), (kind, &reading), "{contents:?}");
}

#[test]
fn docx_gives_paragraphs_and_tables_with_their_spans() {
    let cell = |text: &str, properties: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text));
    let rows = [
        format!("<w:tr>{}{}</w:tr>", cell("部门", r#"<w:vMerge w:val="restart"/>"#), cell("件数", r#"<w:gridSpan w:val="2"/>"#)),
        format!("<w:tr>{}{}{}</w:tr>", cell("", "<w:vMerge/>"), cell("本年", ""), cell("上年", "")),
        format!("<w:tr>{}{}{}</w:tr>", cell("公安局", ""), cell("12", ""), cell("9", "")),
    ];
    let deleted = "<w:p><w:del><w:r><w:delText>旧稿</w:delText></w:r></w:del><w:r><w:t>第一条 &amp; 为了</w:t></w:r><w:r><w:tab/><w:t>加强管理</w:t></w:r></w:p>";
    let body = format!("{deleted}{}<w:tbl>{}</w:tbl>{}", paragraph("表一 办件情况"), rows.concat(), paragraph("完"));
    let contents = read(&docx(&body));
    is(&contents, FileKind::Docx, Reading::Read);
    assert_eq!(contents.text, ["第一条 & 为了 加强管理", "表一 办件情况", "部门 | 件数", "本年 | 上年", "公安局 | 12 | 9", "完"]);
    assert_eq!(contents.tables.len(), 1);
    let table = &contents.tables[0];
    assert_eq!(table.caption.as_deref(), Some("表一 办件情况"));
    let grid: Vec<Vec<&str>> =
        table.grid().iter().map(|row| row.iter().map(|cell| cell.map_or("-", |c| c.text.as_str())).collect()).collect();
    assert_eq!(grid, [["部门", "件数", "件数"], ["部门", "本年", "上年"], ["公安局", "12", "9"]]);
}

#[test]
fn workbooks_of_both_generations_are_tables() {
    let row = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>事项</t></is></c><c r="D2"><v>2024</v></c></row><row r="3"><c r="B3" t="inlineStr"><is><t>年度报告</t></is></c><c r="D3"><v>1.5</v></c></row>"#;
    let contents = read(&xlsx(row, r#"<mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>"#));
    is(&contents, FileKind::Xlsx, Reading::Read);
    assert_eq!(contents.tables[0].caption.as_deref(), Some("主动公开目录"));
    let grid: Vec<Vec<String>> =
        contents.tables[0].grid().iter().map(|r| r.iter().map(|c| c.map_or("-".into(), |c| c.text.clone())).collect()).collect();
    assert_eq!(grid, [["", "事项", "事项", "2024"], ["", "年度报告", "", "1.5"]]);
    assert!(text(&contents).contains("年度报告 | 1.5"));

    let contents = read(&xls("行政处罚", 42.0));
    is(&contents, FileKind::Xls, Reading::Read);
    assert_eq!(text(&contents), "目录\n行政处罚 | 42");
}

#[test]
fn a_word_binary_is_read_by_its_pieces() {
    let gbk = encoding_rs::GBK.encode("（此件公开发布）\r").0.into_owned();
    let contents = read(&doc("关于做好防汛工作的通知\r\u{13} HYPERLINK \"x\" \u{14}链接\u{15}文字\u{7}单元格\u{7}\r", &gbk));
    is(&contents, FileKind::Doc, Reading::Read);
    assert_eq!(contents.text, ["关于做好防汛工作的通知", "链接文字", "单元格", "（此件公开发布）"]);
    let mut main = vec![0u8; 4_096];
    main[..2].copy_from_slice(&0xa5ecu16.to_le_bytes());
    main[2..4].copy_from_slice(&0x00c1u16.to_le_bytes());
    main[0x0a..0x0c].copy_from_slice(&0x0100u16.to_le_bytes());
    is(&read(&compound(&[("WordDocument", &main)])), FileKind::Doc, Reading::Encrypted);
}

#[test]
fn chinese_pdfs_without_unicode_maps_are_read() {
    let lines = ["关于印发办法的通知", "2024年第1条 为了加强管理（试行），tel 12345。"];
    let gbk: Vec<Vec<u8>> = lines.iter().map(|line| encoding_rs::GBK.encode(line).0.into_owned()).collect();
    let ucs: Vec<Vec<u8>> = lines.iter().map(|line| line.encode_utf16().flat_map(u16::to_be_bytes).collect()).collect();
    for (map, codes) in [("GBK-EUC-H", gbk), ("UniGB-UCS2-H", ucs)] {
        let contents = read(&pdf_chinese(map, &codes));
        is(&contents, FileKind::Pdf, Reading::Read);
        assert_eq!(text(&contents).replace(' ', ""), lines.join("\n").replace(' ', ""), "{map}");
        assert_eq!((contents.pages, contents.scanned_pages), (Some(1), Some(0)));
    }
    let contents = read(&pdf_scan());
    is(&contents, FileKind::Pdf, Reading::Read);
    assert_eq!((contents.pages, contents.scanned_pages, contents.text.len()), (Some(1), Some(1), 0));
    is(&read(&pdf_encrypted()), FileKind::Pdf, Reading::Encrypted);
}

#[test]
fn neighbouring_cells_of_digits_stay_apart() {
    let content = "BT /F1 12 Tf 1 0 0 1 74 700 Tm (72) Tj ET BT /F1 12 Tf 1 0 0 1 94 700 Tm (64) Tj ET BT /F1 12 Tf 1 0 0 1 130 700 Tm (178) Tj ET";
    let bytes = pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>".into(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
                .into(),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".into(),
            stream("", &format!("{content}\n70 690 m 300 690 l S")),
        ],
        "",
    );
    assert_eq!(read(&bytes).text, ["72 64 178"]);
    let layout = xuncha::facts::file::pdf::layout(&bytes).expect("reads");
    let page = &layout.pages[0];
    let spans: Vec<(&str, i32)> = page.spans.iter().map(|span| (span.text.as_str(), span.x.round() as i32)).collect();
    assert_eq!(spans, [("72", 74), ("64", 94), ("178", 130)]);
    assert!(page.rules.iter().any(|rule| rule.is_horizontal() && (rule.y - 152.0).abs() < 1.0), "{:?}", page.rules);
}

#[test]
fn the_annual_report_of_the_corpus_is_read() {
    let folder = std::env::var("XUNCHA_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    let Ok(bytes) = std::fs::read(format!("{folder}/gov-pages/annual-report-szfgs2024.pdf")) else {
        eprintln!("skipped: no corpora in {folder}");
        return;
    };
    let contents = read(&bytes);
    is(&contents, FileKind::Pdf, Reading::Read);
    assert_eq!((contents.pages, contents.scanned_pages), (Some(6), Some(0)));
    assert!(contents.text.iter().any(|line| line == "72 64 178 37 351 13 4 8 1 26 12 1 1 6 20"), "{:#?}", contents.text);
    assert!(
        contents.text.iter().any(|line| line.starts_with("本报告由") && line.ends_with("）。")),
        "lines of a paragraph are joined"
    );
}

#[test]
fn ofd_text_and_ofd_pictures() {
    let contents = read(&ofd(&["电子证照", "第二行"]));
    is(&contents, FileKind::Ofd, Reading::Read);
    assert_eq!(contents.text, ["电子证照", "第二行"]);
    let contents = read(&ofd(&[]));
    assert_eq!((contents.pages, contents.scanned_pages), (Some(1), Some(1)));
    let contents = read(&ofd(&["\u{a4}\u{a4}\u{a4}"]));
    assert_eq!(contents.scanned_pages, Some(1), "glyphs without characters are no text layer");
}

#[test]
fn plain_text_in_any_charset_rtf_and_html() {
    let contents = read(&encoding_rs::GBK.encode("序号,事项\r\n1,行政处罚\r\n").0);
    is(&contents, FileKind::Text, Reading::Read);
    assert_eq!(contents.text, ["序号,事项", "1,行政处罚"]);
    let rtf = b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 SimSun;}}\\'cd\\'a8\\'d6\\'aa\\par \\u31532?\\u19968?\\u26465?\\par{\\*\\x hidden}}";
    let contents = read(rtf);
    is(&contents, FileKind::Rtf, Reading::Read);
    assert_eq!(contents.text, ["通知", "第一条"]);
    let contents =
        read("<html><head><style>p{}</style><title>出错</title></head><body><p>您访问的文件不存在</p></body>".as_bytes());
    is(&contents, FileKind::Html, Reading::Read);
    assert_eq!(contents.text, ["出错", "您访问的文件不存在"]);
}

#[test]
fn archives_are_listed_and_their_documents_read() {
    let inner = docx(&paragraph("压缩包里的文件"));
    let contents = read(&zip(&[("表格/说明.docx", &inner), ("图.png", b"\x89PNG\r\n\x1a\n")]));
    is(&contents, FileKind::Zip, Reading::Read);
    assert_eq!(contents.entries, ["表格/说明.docx", "图.png"]);
    assert_eq!(contents.text, ["〔表格/说明.docx〕", "压缩包里的文件"]);
    let contents = read(&zip_gbk("申请表.txt", "填表".as_bytes()));
    is(&contents, FileKind::Zip, Reading::Read);
    assert_eq!(contents.entries, ["申请表.txt"]);
    let one = zip(&[("a.txt", b"text")]);
    let two = zip(&[("one.zip", &one)]);
    is(&read(&two), FileKind::Zip, Reading::Read);
    assert_eq!(read(&two).entries, ["one.zip", "one.zip/a.txt"]);
    is(&read(&zip(&[("two.zip", &two)])), FileKind::Zip, Reading::Limit("depth".into()));
    for bytes in [rar5("通知.doc", b"content"), rar4("通知.doc", b"content")] {
        let contents = read(&bytes);
        is(&contents, FileKind::Rar, Reading::Read);
        assert_eq!(contents.entries, ["通知.doc"]);
        assert!(matches!(read(&bytes[..bytes.len() - 12]).reading, Reading::Damaged(_)));
    }
}

#[test]
fn pictures_and_random_bytes_are_what_they_are() {
    is(&read(b"\x89PNG\r\n\x1a\n...."), FileKind::Image, Reading::Unread);
    let noise: Vec<u8> = (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761).rotate_left(n % 13) >> 24) as u8).collect();
    is(&read(&noise), FileKind::Unknown, Reading::Unread);
    is(&read(b""), FileKind::Unknown, Reading::Unread);
}
