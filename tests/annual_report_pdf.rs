//! A real annual report as PDF: its parts, tables and identities are read, nothing is found wrong with it, and one digit changed
//! breaks exactly the identities that the digit stands in.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

use pdf_oxide::document::PdfDocument;
use pdf_oxide::elements::PathOperation;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xuncha::checklist::calendar::Calendar;
use xuncha::checklist::columns::ColumnBook;
use xuncha::facts::annual_report::pdf_grid::{self, Ruling, Span};
use xuncha::facts::annual_report::{APPLICANTS, Amount, Column, HANDLING, PartKind, Row, TableKind};
use xuncha::facts::site::SiteBuilder;
use xuncha::facts::{AnnualReport, File, Site};
use xuncha::finding::{Locus, Observation, Outcome};
use xuncha::rules::{Context, Loaded};

/// Characters and lines of each page, y growing downwards.
struct Drawn {
    pages: Vec<(Vec<Span>, Vec<Ruling>)>,
}

const HEIGHT: f32 = 842.0;

fn real_report() -> Option<Drawn> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpora = std::env::var_os("XUNCHA_CORPORA").map_or_else(|| root.join("../shared/corpora"), PathBuf::from);
    let file = corpora.join("gov-pages/annual-report-szfgs2024.pdf");
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("skipped: {} is absent", file.display());
        return None;
    };
    let document = PdfDocument::from_bytes(bytes).unwrap();
    let pages = (0..document.page_count().unwrap()).map(|page| drawn(&document, page)).collect();
    Some(Drawn { pages })
}

fn drawn(document: &PdfDocument, page: usize) -> (Vec<Span>, Vec<Ruling>) {
    let spans = document.extract_chars(page).unwrap().into_iter().map(|c| Span {
        page: page as u32 + 1,
        x: c.bbox.x,
        y: HEIGHT - c.bbox.y - c.bbox.height,
        w: c.bbox.width,
        h: c.bbox.height,
        text: c.char.to_string(),
    });
    let mut rulings = Vec::new();
    for path in document.extract_paths(page).unwrap() {
        let mut at = (0.0, 0.0);
        for operation in &path.operations {
            match operation {
                PathOperation::MoveTo(x, y) => at = (*x, *y),
                PathOperation::LineTo(x, y) => {
                    let (upper, lower) = (HEIGHT - at.1.max(*y), HEIGHT - at.1.min(*y));
                    rulings.push(Ruling { x: at.0.min(*x), y: upper, x2: at.0.max(*x), y2: lower });
                    at = (*x, *y);
                }
                _ => {}
            }
        }
    }
    (spans.collect(), rulings)
}

impl Drawn {
    /// Changes the character at a place (page from 1, PDF coordinates of its lower left corner).
    fn change(&mut self, page: usize, x: f32, y: f32, from: &str, to: &str) {
        let spans = &mut self.pages[page - 1].0;
        let hit = |s: &&mut Span| (s.x - x).abs() < 1.5 && (HEIGHT - s.y - s.h - y).abs() < 1.5;
        let span = spans.iter_mut().find(hit).unwrap_or_else(|| panic!("nothing at {page} {x} {y}"));
        assert_eq!(span.text, from);
        span.text = to.to_owned();
    }

    /// The file as its reader would give it: paragraphs with the words of the tables, and the tables.
    fn file(&self) -> File {
        let mut text: Vec<String> = Vec::new();
        let mut tables = Vec::new();
        for (number, (spans, rulings)) in self.pages.iter().enumerate() {
            let mut lines: Vec<(f32, Vec<&Span>)> = Vec::new();
            let mut sorted: Vec<&Span> = spans.iter().collect();
            sorted.sort_by(|a, b| (a.y + a.h).total_cmp(&(b.y + b.h)));
            for span in sorted {
                match lines.last_mut() {
                    Some((foot, line)) if span.y + span.h - *foot < 4.0 => line.push(span),
                    _ => lines.push((span.y + span.h, vec![span])),
                }
            }
            let mut goes_on = false;
            for (_, mut line) in lines {
                line.sort_by(|a, b| a.x.total_cmp(&b.x));
                let words: String = line.iter().map(|s| s.text.as_str()).collect();
                match text.last_mut() {
                    Some(last) if goes_on => last.push_str(&words),
                    _ => text.push(words),
                }
                let right = line.last().map_or(0.0, |s| s.x + s.w);
                goes_on = right > 505.0 && line.iter().all(|s| s.h > 12.0);
            }
            tables.extend(pdf_grid::tables(number as u32 + 1, spans, rulings));
        }
        serde_json::from_value(serde_json::json!({
            "url": "http://www.gov.xuncha-demo.gov.cn/files/2024.pdf", "via": null, "name": "2024年报.pdf", "extension": "pdf",
            "media_type": "application/pdf", "served_name": null, "bytes": 412842, "digest": "", "kind": "pdf", "reading": "read",
            "text": text, "tables": tables, "pages": 6, "scanned_pages": 0, "entries": [], "cut": false,
        }))
        .unwrap()
    }

    fn site(&self) -> Site {
        let book = ColumnBook::load();
        let mut builder = SiteBuilder::new(|_: &xuncha::url::CanonicalUrl| true, &book);
        builder.add_file(&self.file());
        builder.finish()
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
    let Some(drawn) = real_report() else { return };
    let site = drawn.site();
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
    // Page, place and digit; the identities that it stands in; what one of the equations says.
    let cases = [
        (4, 271.5, 370.7, "1", "2", vec!["R2/person", "R1/newrequests"], "第一项 3002 + 第二项 34 = 第三项 2932 + 第四项 103"),
        (4, 269.7, 291.8, "7", "8", vec!["R3/person", "R1/partlydisclosed"], "总计 454 = 自然人 448 + 商业企业 7"),
        (
            5,
            507.5,
            426.1,
            "0",
            "9",
            vec!["R1/handled", "R2/total", "R3/total"],
            "第一项 3119 + 第二项 34 = 第三项 3059 + 第四项 103",
        ),
        (5, 269.7, 401.5, "3", "4", vec!["R1/carriedout", "R2/person"], "总计 103 = 自然人 104"),
        (5, 423.2, 548.1, "1", "7", vec!["R1/notcorrected", "R3/legalservice"], "法律服务机构 7"),
        (5, 205.1, 168.0, "1", "2", vec!["R4/review"], "总计 352 = 结果维持 72 + 结果纠正 64 + 其他结果 178 + 尚未审结 37"),
    ];
    for (page, x, y, from, to, identities, equation) in cases {
        let Some(mut drawn) = real_report() else { return };
        drawn.change(page, x, y, from, to);
        let site = drawn.site();
        let observations = ask("annual-report-arithmetic", &site);
        assert!(observations.iter().all(|o| o.outcome == Outcome::Failed), "{observations:#?}");
        let broken: BTreeSet<String> =
            observations.iter().map(|o| if let Locus::Name(name) = &o.locus { name.clone() } else { String::new() }).collect();
        let expected: BTreeSet<String> = identities.iter().map(|i| i.replace('R', "r")).collect();
        assert_eq!(broken.iter().map(|b| b.to_lowercase()).collect::<BTreeSet<_>>(), expected);
        assert!(observations.iter().any(|o| o.evidence["equation"].contains(equation)), "{equation}: {observations:#?}");
        for rule in ["annual-report-part", "annual-report-table", "annual-report-cell", "annual-report-period"] {
            assert!(ask(rule, &site).iter().all(|o| o.outcome == Outcome::Passed), "{rule}");
        }
    }
}
