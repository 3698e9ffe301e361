//! A report of a period as one HTML file that opens anywhere: no script, nothing from the network, fit for A4.
//!
//! The template and its style are `reports/templates/period.*`. Every value is escaped by the template engine, what charts say by
//! [`crate::report::chart`]; the page's content security policy allows its own style and nothing else.

use super::outline::{self, Block, ChartKind, HeatMap, Mark, Outline, Shown, Tongue};
use super::{Cell as Heat, Periodic, Visited};
use crate::error::{Error, Result};
use crate::finding::Language;
use crate::report::chart;
use crate::report::html::view::convert;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../../reports/templates/period.html.jinja");
const STYLE: &str = include_str!("../../../reports/templates/period.css");
const NAME: &str = "period.html";

#[derive(Serialize)]
struct View {
    title: String,
    facts: Vec<String>,
    figures: Vec<Figure>,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    big: String,
    small: String,
    detail: String,
    mark: &'static str,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
    lead: Vec<String>,
    blocks: Vec<Part>,
}

#[derive(Serialize, Default)]
struct Part {
    kind: &'static str,
    caption: Option<String>,
    heads: Vec<(String, bool)>,
    rows: Vec<Vec<Cell>>,
    empty: String,
    /// Drawn by [`crate::report::chart`], which escapes what it is given.
    charts: Vec<String>,
    table: bool,
    wide: bool,
    mark: &'static str,
    items: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    href: Option<String>,
    mark: &'static str,
    sign: &'static str,
    /// Likewise.
    drawn: Option<String>,
}

/// The file of a report.
pub fn render(report: &Periodic, language: Language) -> Result<String> {
    render_with(TEMPLATE, report, language)
}

/// [`render`] with an office's own template. A name that the template uses and nobody gives is an error, not a blank.
pub fn render_with(template: &str, report: &Periodic, language: Language) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| Error::Internal(error.to_string()))?);
    let wrong = |error: minijinja::Error| Error::usage(format!("报告模板有误 / report template: {error:#}"));
    environment.add_template(NAME, template).map_err(wrong)?;
    let template = environment.get_template(NAME).map_err(wrong)?;
    let view = view(&report.outline(language));
    let view = serde_json::to_value(view).map_err(|error| Error::Internal(format!("report: {error}")))?;
    let values = context! {
        r => convert(view),
        english => language == Language::En,
        policy => "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        style => Value::from_safe_string(STYLE.to_owned()),
        version => env!("CARGO_PKG_VERSION"),
    };
    template.render(values).map_err(wrong)
}

fn view(outline: &Outline) -> View {
    let figures = outline.figures.iter().map(|figure| {
        let text = figure.value.text();
        // `1/17 (5.9%)`: the parts large, the share beside them.
        let (big, small) = match (&figure.value, text.split_once(' ')) {
            (outline::Value::Share(_), Some((parts, share))) => (parts.to_owned(), share.to_owned()),
            _ => (text, String::new()),
        };
        Figure { label: figure.label.clone(), big, small, detail: figure.detail.clone(), mark: figure.mark.key() }
    });
    let tongue = Tongue(outline.language);
    let mut sections = Vec::new();
    for section in &outline.sections {
        let blocks: Vec<Part> = section
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(at, block)| part(block, &format!("{}-{at}", section.id), tongue))
            .collect();
        if !blocks.is_empty() {
            sections.push(Section { id: section.id.clone(), title: section.title.clone(), lead: section.lead.clone(), blocks });
        }
    }
    View { title: outline.title.clone(), facts: outline.facts.clone(), figures: figures.collect(), sections }
}

fn part(block: &Block, id: &str, tongue: Tongue) -> Option<Part> {
    match block {
        Block::Note(mark, text) => Some(Part { kind: "note", caption: Some(text.clone()), mark: mark.key(), ..Part::default() }),
        Block::Heat(map) => Some(heat(map, id, tongue)),
        Block::Table(table) if table.shown == Shown::InBook => None,
        Block::Table(table) => Some(Part {
            kind: "table",
            caption: table.caption.clone(),
            heads: table.heads.iter().map(|head| (head.text.clone(), head.figures)).collect(),
            rows: if table.drawn {
                Vec::new()
            } else {
                table.rows.iter().map(|row| row.iter().map(|value| cell(value, tongue)).collect()).collect()
            },
            empty: table.empty.clone(),
            charts: charts(table, id),
            table: !table.drawn,
            wide: table.wide && !table.rows.is_empty(),
            ..Part::default()
        }),
    }
}

fn cell(cell: &outline::Cell, tongue: Tongue) -> Cell {
    let text = cell.value.text();
    let href = match &cell.value {
        // Only what is fetched as a page may be clicked: a page can name `javascript:`.
        outline::Value::Address(url) if url.starts_with("http://") || url.starts_with("https://") => Some(url.clone()),
        _ => None,
    };
    // Figures say without colour how grave they are; words say it themselves, changes by their sign.
    let spoken = matches!(cell.value, outline::Value::Text(_) | outline::Value::Address(_) | outline::Value::Change(_));
    let sign = match cell.mark {
        Mark::Bad if !spoken => "‼",
        Mark::Warning if !spoken => "!",
        _ => "",
    };
    let drawn = match &cell.value {
        outline::Value::Visits(visits) => Some(strip(*visits, tongue)),
        _ => None,
    };
    Cell { text, href, mark: cell.mark.key(), sign, drawn }
}

fn strip(visits: Visited, tongue: Tongue) -> String {
    let parts = [
        ("good", visits.answered, tongue.own("打开", "answered")),
        ("blocked", visits.blocked, tongue.own("被拒", "refused")),
        ("bad", visits.failed, tongue.own("失败", "failed")),
        ("void", visits.void, tongue.own("作废", "void")),
    ];
    chart::strip(tongue.say("当日探测", "Visits"), &parts)
}

fn charts(table: &outline::Table, id: &str) -> Vec<String> {
    let drawn = table.charts.iter().enumerate().filter(|(_, chart)| !chart.in_book);
    drawn.map(|(at, chart)| draw(table, chart, &format!("{id}-c{at}"))).collect()
}

fn draw(table: &outline::Table, chart: &outline::Chart, id: &str) -> String {
    let rows = table.rows.get(chart.rows.clone()).unwrap_or_default();
    let value = |row: &[outline::Cell], at: usize| row.get(at).and_then(|cell| cell.value.number());
    let text = |row: &[outline::Cell], at: usize| row.get(at).map(|cell| cell.value.text()).unwrap_or_default();
    let name = |at: usize| table.heads.get(at).map(|head| head.text.clone()).unwrap_or_default();
    if chart.kind == ChartKind::Lines {
        let places: Vec<String> = rows.iter().map(|row| text(row, chart.label)).collect();
        let lines: Vec<chart::Line> = chart
            .values
            .iter()
            .map(|at| chart::Line { name: name(*at), points: rows.iter().map(|row| value(row, *at)).collect() })
            .collect();
        return chart::lines(id, &chart.title, &places, &lines, &outline::points_text);
    }
    let class = |at: usize| chart.marks.get(at).copied().unwrap_or_default().key();
    let bars: Vec<chart::Bar> = rows
        .iter()
        .map(|row| chart::Bar {
            label: text(row, chart.label),
            parts: chart
                .values
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    // A row that is marked colours its only bar.
                    let own = row.get(chart.label).map(|cell| cell.mark).filter(|mark| *mark != Mark::Plain);
                    let class = own.filter(|_| chart.values.len() == 1).map_or_else(|| class(at), Mark::key);
                    (class, value(row, *column).unwrap_or_default())
                })
                .collect(),
            told: match chart.told {
                Some(at) => text(row, at),
                None => {
                    let told = chart.values.iter().filter(|at| value(row, **at).is_some_and(|value| value != 0.0));
                    let told: Vec<String> = told.map(|at| text(row, *at)).collect();
                    if told.is_empty() { "0".to_owned() } else { told.join(" + ") }
                }
            },
        })
        .collect();
    let legend: Vec<(&str, String)> = chart.values.iter().enumerate().map(|(at, column)| (class(at), name(*column))).collect();
    chart::bars(id, &chart.title, &bars, &legend)
}

fn heat(map: &HeatMap, id: &str, tongue: Tongue) -> Part {
    let drawing = chart::Heat {
        heads: map.items.iter().map(|(id, _)| id.clone()).collect(),
        rows: map
            .rows
            .iter()
            .map(|(name, cells)| (name.clone(), cells.iter().map(|cell| shade(*cell, tongue)).collect()))
            .collect(),
    };
    Part {
        kind: "heat",
        caption: Some(map.caption.clone()),
        charts: chart::heat(id, &map.caption, &drawing),
        items: map.items.clone(),
        ..Part::default()
    }
}

fn shade(cell: Heat, tongue: Tongue) -> chart::Shade {
    let (class, told) = match cell {
        Heat::Inapplicable => ("h-na", "–".to_owned()),
        Heat::Undecided => ("h-open", "?".to_owned()),
        Heat::Suspected => ("h-doubtful", tongue.own("疑", "s")),
        Heat::Passed | Heat::Lost(0) => ("h0", "·".to_owned()),
        Heat::Lost(thousandths) => {
            let class = match thousandths {
                ..=200 => "h1",
                201..=400 => "h2",
                401..=600 => "h3",
                601..=800 => "h4",
                _ => "h5",
            };
            // A little is not nothing, and nearly all is not all.
            let percent = if thousandths < 1_000 { ((thousandths + 5) / 10).clamp(1, 99) } else { 100 };
            (class, percent.to_string())
        }
    };
    chart::Shade { class, told }
}
