//! Annual reports in files. A real one as PDF: its parts, tables and identities are read, nothing is found wrong with it, and one digit
//! changed breaks exactly the identities that the digit stands in. The same form as DOCX. And pages that are no reports.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use xuncha::checklist::calendar::Calendar;
use xuncha::checklist::columns::ColumnBook;
use xuncha::exchange::{Exchange, Gathering, Method};
use xuncha::facts::annual_report::{APPLICANTS, Amount, Column, HANDLING, PartKind, Row, TableKind};
use xuncha::facts::file::pdf::{self, Layout};
use xuncha::facts::site::SiteBuilder;
use xuncha::facts::{AnnualReport, File, Page, Site, page};
use xuncha::finding::{Locus, Observation, Outcome};
use xuncha::rules::{Context, Loaded};

/// The pages of the report as they are read from the file.
struct Drawn(Layout);

const HEIGHT: f32 = 842.0;

fn bytes() -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpora = std::env::var_os("XUNCHA_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    let file = corpora.join("gov-pages/annual-report-szfgs2024.pdf");
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is absent", file.display());
    }
    bytes
}

/// A file of these texts and tables.
fn file(text: serde_json::Value, tables: serde_json::Value) -> File {
    serde_json::from_value(serde_json::json!({
        "url": "http://www.gov.xuncha-demo.gov.cn/files/2024.pdf", "via": null, "name": "2024年报.pdf", "extension": "pdf",
        "media_type": "application/pdf", "served_name": null, "bytes": 412842, "digest": "", "kind": "pdf", "reading": "read",
        "text": text, "tables": tables, "pages": 6, "scanned_pages": 0, "entries": [], "cut": false,
    }))
    .unwrap()
}

fn site(file: &File) -> Site {
    let book = ColumnBook::load();
    let mut builder = SiteBuilder::new(|_: &xuncha::url::CanonicalUrl| true, &book);
    builder.add_file(file);
    builder.finish()
}

impl Drawn {
    /// Changes the digit at a place (page from 1, PDF coordinates of its lower left corner).
    fn change(&mut self, page: usize, x: f32, y: f32, from: char, to: char) {
        let spans = &mut self.0.pages[page - 1].spans;
        for span in spans.iter_mut().filter(|s| (HEIGHT - s.y - s.height - y).abs() < 1.5) {
            let width = span.width / span.text.chars().count() as f32;
            let at = ((x - span.x) / width).round();
            if at >= 0.0 && span.text.chars().nth(at as usize) == Some(from) && (span.x + at * width - x).abs() < 1.5 {
                span.text = span.text.chars().enumerate().map(|(n, c)| if n == at as usize { to } else { c }).collect();
                return;
            }
        }
        panic!("no {from} at {page} {x} {y}");
    }

    /// The file as its reader would give it.
    fn site(&self) -> Site {
        let text: Vec<String> = self.0.pages.iter().flat_map(|page| page.paragraphs()).collect();
        let tables: Vec<_> = self.0.pages.iter().flat_map(|page| page.tables()).collect();
        site(&file(serde_json::json!(text), serde_json::json!(tables)))
    }
}

fn ask(rule: &str, site: &Site) -> Vec<Observation> {
    let book = ColumnBook::load();
    let context =
        Context { as_of: jiff::civil::date(2025, 3, 20), site, book: &book, calendar: Calendar::built_in(), history: None };
    let entry = xuncha::rules::find(rule).unwrap();
    let Loaded::Report(rule) = (entry.load)(serde_json::json!({})).unwrap() else { panic!("{} is about reports", entry.id) };
    site.reports.iter().flat_map(|report| rule.observe(report, &context)).collect()
}

fn amount(report: &AnnualReport, kind: TableKind, row: Row, column: Column) -> Amount {
    report.table(kind).unwrap().cell(row, column).unwrap_or_else(|| panic!("{row:?} {column:?}")).amount.clone()
}

#[test]
fn a_real_report_is_read_whole_and_nothing_is_wrong_with_it() {
    let Some(bytes) = bytes() else { return };
    let contents = xuncha::facts::file::read(&bytes);
    let site = site(&file(serde_json::json!(contents.text), serde_json::json!(contents.tables)));
    assert_eq!(site.reports.len(), 1);
    let report = &site.reports[0];
    assert_eq!((report.year, report.body.as_deref()), (Some(2024), Some("淮安市人民政府")), "{}", report.title);
    assert_eq!(report.parts.iter().map(|p| p.kind).collect::<Vec<_>>(), PartKind::ALL);
    assert_eq!(report.parts.iter().map(|p| p.number).collect::<Vec<_>>(), (1..=6).map(Some).collect::<Vec<_>>());
    let kinds: Vec<TableKind> = report.tables.iter().map(|t| t.kind).collect();
    assert_eq!(kinds, [TableKind::Disclosure, TableKind::Requests, TableKind::Proceedings]);
    let requests = report.table(TableKind::Requests).unwrap();
    for row in [Row::NewRequests, Row::CarriedIn, Row::Handled, Row::CarriedOut].iter().chain(&HANDLING) {
        for column in APPLICANTS {
            assert!(matches!(requests.cell(*row, column).map(|c| &c.amount), Some(Amount::Whole(_))), "{row:?} {column:?}");
        }
    }
    for (kind, row, column, number) in [
        (TableKind::Requests, Row::NewRequests, Column::Total, 3119),
        (TableKind::Requests, Row::NotHeld, Column::LegalService, 10),
        (TableKind::Requests, Row::NotCorrected, Column::LegalService, 1),
        (TableKind::Requests, Row::OtherHandling, Column::Person, 108),
        (TableKind::Proceedings, Row::Review, Column::Upheld, 72),
        (TableKind::Proceedings, Row::Review, Column::Corrected, 64),
        (TableKind::Proceedings, Row::SuitAfterReview, Column::Pending, 6),
        (TableKind::Disclosure, Row::NormativeDocuments, Column::Repealed, 26),
        (TableKind::Disclosure, Row::Penalties, Column::Decisions, 3_985_758),
    ] {
        assert_eq!(amount(report, kind, row, column), Amount::Whole(number), "{row:?} {column:?}");
    }
    assert_eq!(amount(report, TableKind::Disclosure, Row::Fees, Column::FeeAmount), Amount::Decimal);
    assert_eq!(report.table(TableKind::Proceedings).unwrap().cells.len(), 15);
    for rule in [
        "annual-report-part",
        "annual-report-table",
        "annual-report-arithmetic",
        "annual-report-cell",
        "annual-report-text",
        "annual-report-period",
    ] {
        let outcomes: Vec<Outcome> = ask(rule, &site).iter().map(|o| o.outcome).collect();
        assert_eq!(outcomes, [Outcome::Passed], "{rule}: {:#?}", ask(rule, &site));
    }
    let figures: BTreeSet<i64> = report.statements.iter().map(|s| s.number).collect();
    assert!([3119, 34, 103, 351, 46].iter().all(|n| figures.contains(n)), "{:?}", report.statements);
}

#[test]
fn one_digit_changed_breaks_exactly_its_identities() {
    let Some(bytes) = bytes() else { return };
    let layout = pdf::layout(&bytes).unwrap();
    // Page, place and digit; the identities that it stands in; what one of the equations says.
    let cases = [
        (4, 271.5, 370.7, '1', '2', vec!["R2/person", "R1/newrequests"], "第一项 3002 + 第二项 34 = 第三项 2932 + 第四项 103"),
        (4, 269.7, 291.8, '7', '8', vec!["R3/person", "R1/partlydisclosed"], "总计 454 = 自然人 448 + 商业企业 7"),
        (
            5,
            507.5,
            426.1,
            '0',
            '9',
            vec!["R1/handled", "R2/total", "R3/total"],
            "第一项 3119 + 第二项 34 = 第三项 3059 + 第四项 103",
        ),
        (5, 269.7, 401.5, '3', '4', vec!["R1/carriedout", "R2/person"], "总计 103 = 自然人 104"),
        (5, 423.2, 548.1, '1', '7', vec!["R1/notcorrected", "R3/legalservice"], "法律服务机构 7"),
        (5, 205.1, 168.0, '1', '2', vec!["R4/review"], "总计 352 = 结果维持 72 + 结果纠正 64 + 其他结果 178 + 尚未审结 37"),
    ];
    for (page, x, y, from, to, identities, equation) in cases {
        let mut drawn = Drawn(layout.clone());
        drawn.change(page, x, y, from, to);
        let site = drawn.site();
        let observations = ask("annual-report-arithmetic", &site);
        assert!(observations.iter().all(|o| o.outcome == Outcome::Failed), "{observations:#?}");
        let broken: BTreeSet<String> =
            observations.iter().map(|o| if let Locus::Name(name) = &o.locus { name.clone() } else { String::new() }).collect();
        let expected: BTreeSet<String> = identities.iter().map(|i| i.to_lowercase()).collect();
        assert_eq!(broken.iter().map(|b| b.to_lowercase()).collect::<BTreeSet<_>>(), expected);
        assert!(observations.iter().any(|o| o.evidence["equation"].contains(equation)), "{equation}: {observations:#?}");
        for rule in ["annual-report-part", "annual-report-table", "annual-report-cell", "annual-report-period"] {
            assert!(ask(rule, &site).iter().all(|o| o.outcome == Outcome::Passed), "{rule}");
        }
    }
}

/// A cell of a DOCX table: text, columns, `r` begins a cell over rows, `c` continues it.
fn docx_cell(text: &str, columns: u32, merge: char) -> String {
    let merge = match merge {
        'r' => "<w:vMerge w:val=\"restart\"/>",
        'c' => "<w:vMerge/>",
        _ => "",
    };
    format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{columns}\"/>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
}

/// The table of requests with the figures of its first column; the other columns are 0.
fn docx_requests(figures: &[(&str, i64)]) -> String {
    const LEAVES: [(&str, &str); 21] = [
        ("", "（一）予以公开"),
        ("", "（二）部分公开"),
        ("（三）不予公开", "1.属于国家秘密"),
        ("", "2.其他法律行政法规禁止公开"),
        ("", "3.危及“三安全一稳定”"),
        ("", "4.保护第三方合法权益"),
        ("", "5.属于三类内部事务信息"),
        ("", "6.属于四类过程性信息"),
        ("", "7.属于行政执法案卷"),
        ("", "8.属于行政查询事项"),
        ("（四）无法提供", "1.本机关不掌握相关政府信息"),
        ("", "2.没有现成信息需要另行制作"),
        ("", "3.补正后申请内容仍不明确"),
        ("（五）不予处理", "1.信访举报投诉类申请"),
        ("", "2.重复申请"),
        ("", "3.要求提供公开出版物"),
        ("", "4.无正当理由大量反复申请"),
        ("", "5.要求行政机关确认或重新出具已获取信息"),
        ("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("", "3.其他"),
    ];
    let values = |label: &str| {
        let figure = figures.iter().find(|(name, _)| label.contains(name)).map_or(0, |(_, figure)| *figure);
        let row: String = (0..7).map(|n| docx_cell(&if n == 0 || n == 6 { figure } else { 0 }.to_string(), 1, '-')).collect();
        row
    };
    let mut rows = vec![
        format!(
            "{}{}",
            docx_cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 'r'),
            docx_cell("申请人情况", 7, '-')
        ),
        [docx_cell("", 3, 'c'), docx_cell("自然人", 1, 'r'), docx_cell("法人或其他组织", 5, '-'), docx_cell("总计", 1, 'r')]
            .concat(),
        [docx_cell("", 3, 'c'), docx_cell("", 1, 'c')]
            .into_iter()
            .chain(["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"].map(|t| docx_cell(t, 1, '-')))
            .chain([docx_cell("", 1, 'c')])
            .collect(),
    ];
    for label in ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"] {
        rows.push(docx_cell(label, 3, '-') + &values(label));
    }
    for (n, (group, label)) in LEAVES.iter().enumerate() {
        let first = docx_cell(if n == 0 { "三、本年度办理结果" } else { "" }, 1, if n == 0 { 'r' } else { 'c' });
        let middle = if n < 2 {
            docx_cell(label, 2, '-')
        } else {
            docx_cell(group, 1, if group.is_empty() { 'c' } else { 'r' }) + &docx_cell(label, 1, '-')
        };
        rows.push(first + &middle + &values(label));
    }
    rows.push(docx_cell("", 1, 'c') + &docx_cell("（七）总计", 2, '-') + &values("（七）总计"));
    rows.push(docx_cell("四、结转下年度继续办理", 3, '-') + &values("四、结转下年度继续办理"));
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(|row| format!("<w:tr>{row}</w:tr>")).collect::<String>())
}

fn docx(new: i64) -> Vec<u8> {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let requests =
        docx_requests(&[("新收", new), ("上年结转", 2), ("予以公开", 5), ("不掌握", 3), ("（七）", 8), ("结转下年度", 1)]);
    let body: String = [
        paragraph("某市司法局"),
        paragraph("2024年政府信息公开工作年度报告"),
        paragraph("本报告根据条例编制。统计期限自2024年1月1日起至2024年12月31日止。"),
        paragraph("一、总体情况"),
        paragraph("2024年，我局认真贯彻条例，主动公开各类信息。"),
        paragraph("二、主动公开政府信息情况"),
        paragraph("三、收到和处理政府信息公开申请情况"),
        requests,
        paragraph("四、政府信息公开行政复议、行政诉讼情况"),
        paragraph("没有发生。"),
        paragraph("五、存在的主要问题及改进情况"),
        paragraph("公开的针对性有待增强，下一步加强培训。"),
        paragraph("六、其他需要报告的事项"),
        paragraph("无。"),
    ]
    .concat();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"></Types>").unwrap();
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(xml.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_report_as_docx_is_read_like_a_page() {
    for (new, broken) in [(7, 0), (9, 2)] {
        let contents = xuncha::facts::file::read(&docx(new));
        let site = site(&file(serde_json::json!(contents.text), serde_json::json!(contents.tables)));
        assert_eq!(site.reports.len(), 1, "{contents:#?}");
        let report = &site.reports[0];
        assert_eq!((report.year, report.body.as_deref()), (Some(2024), Some("某市司法局")));
        let empty: Vec<Observation> = ask("annual-report-part", &site);
        assert_eq!(empty.len(), 1, "{empty:#?}");
        assert_eq!((empty[0].message.as_str(), &empty[0].locus), ("empty", &Locus::Name("disclosure".to_owned())));
        let sums = ask("annual-report-arithmetic", &site);
        let failed: Vec<&str> =
            sums.iter().filter(|o| o.outcome == Outcome::Failed).map(|o| o.evidence["equation"].as_str()).collect();
        assert_eq!(failed.len(), broken, "{sums:#?}");
        assert!(broken == 0 || failed.contains(&"第一项 9 + 第二项 2 = 第三项 8 + 第四项 1"), "{failed:?}");
    }
}

fn read_page(body: Vec<u8>) -> Option<Page> {
    page::read(&Exchange {
        url: xuncha::url::CanonicalUrl::parse("http://www.gov.xuncha-demo.gov.cn/a/b.html").unwrap(),
        method: Method::Get,
        gathering: Gathering::Pages,
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: body.into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        hops: 1,
        via: None,
        attempts: 1,
        look: 1,
        elapsed: None,
        profile: xuncha::exchange::Profile::Own,
    })
}

#[test]
fn pages_about_reports_are_no_reports() {
    let parts: String = PartKind::ALL
        .iter()
        .map(|kind| format!("<p>{}、{}</p><p>本部分说明有关情况。</p>", kind.number(), kind.label()))
        .collect();
    for title in [
        "国务院办公厅政府信息与政务公开办公室关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知",
        "关于报送2024年政府信息公开工作年度报告的通知",
        "2024年政府网站工作年度报表",
        "某市2024年法治政府建设年度报告",
        "2024年国民经济和社会发展统计公报",
        "2024年政府信息公开工作要点",
        "图解：某市2024年政府信息公开工作年度报告",
    ] {
        let html = format!(
            "<meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>发布日期：2025-01-20</p><div class=content>{parts}</div>"
        );
        assert_eq!(read_page(html.into_bytes()).unwrap().report, None, "{title}");
    }
}

#[test]
fn real_pages_hold_no_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpora = std::env::var_os("XUNCHA_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(corpora.join("gov-pages")) else {
        eprintln!("skipped: {} is absent", corpora.display());
        return;
    };
    let mut read = 0;
    for file in folder.flatten().map(|entry| entry.path()) {
        let Some(page) = read_page(std::fs::read(&file).unwrap()) else { continue };
        read += 1;
        assert_eq!(page.report, None, "{}", file.display());
    }
    assert!(read > 30, "only {read} pages");
}
