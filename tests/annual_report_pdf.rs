//! A real annual report as PDF: its parts, tables and identities are read, nothing is found wrong with it, and one digit changed
//! breaks exactly the identities that the digit stands in.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xuncha::checklist::calendar::Calendar;
use xuncha::checklist::columns::ColumnBook;
use xuncha::facts::annual_report::{APPLICANTS, Amount, Column, HANDLING, PartKind, Row, TableKind};
use xuncha::facts::file::pdf::{self, Layout};
use xuncha::facts::site::SiteBuilder;
use xuncha::facts::{AnnualReport, File, Site};
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
