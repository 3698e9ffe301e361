//! The two tables of the terminal: scorecards, and findings by rule.

use super::{Style, denominators, figures, verdict_paint};
use crate::finding::{Certainty, Severity};
use crate::report::{Report, plain, words};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table, TableStyle};
use std::collections::BTreeMap;

/// A line above, below the header and at the end: the eye needs no more.
const LINES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// An empty table in the manner of all, as wide as the terminal at most.
pub fn table(style: &Style) -> Table {
    let mut table = Table::new();
    table.load_style(LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(style.width);
    if style.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

fn number(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn header(style: &Style, names: &[(&str, &str)]) -> Vec<Cell> {
    names.iter().map(|(zh, en)| Cell::new(style.say(zh, en)).add_attribute(Attribute::Bold)).collect()
}

/// Scorecards with verdict, score, coverage and denominators.
pub(super) fn scorecards(report: &Report, style: &Style) -> Table {
    let mut table = table(style);
    let narrow = style.width < 80;
    let several = report.site.units.len() > 1;
    let mut names = vec![
        if several { ("单位 / 清单", "Unit / checklist") } else { ("清单", "Checklist") },
        ("结论", "Verdict"),
        ("得分", "Score"),
        ("覆盖率", "Coverage"),
        ("已判/适用", "Decided"),
    ];
    if !narrow {
        names.extend([("未判", "Undecided"), ("豁免", "Waived"), ("人工", "Manual")]);
    }
    table.set_header(header(style, &names));
    for card in &report.scorecards {
        let title = plain::line(card.title.get(style.language));
        let name = if several { format!("{}\n{title}", plain::line(report.unit_name(&card.unit))) } else { title.into_owned() };
        let (score, coverage) = figures(card);
        let [decided, undecided, waived, manual] = denominators(card);
        let colour = match verdict_paint(card.verdict) {
            "1;32" => Color::Green,
            "1;31" => Color::Red,
            "1;33" => Color::Yellow,
            "1;36" => Color::Cyan,
            _ => Color::Magenta,
        };
        let verdict = Cell::new(words::card_verdict(card).get(style.language)).fg(colour).add_attribute(Attribute::Bold);
        let mut row = vec![Cell::new(name), verdict, number(score), number(coverage), number(decided)];
        if !narrow {
            row.extend([number(undecided), number(waived), number(manual)]);
        }
        table.add_row(row);
    }
    table
}

/// Findings by rule: certain ones by severity, suspected ones apart.
pub(super) fn by_rule(report: &Report, style: &Style) -> Table {
    let mut rules: BTreeMap<&str, [u64; 5]> = BTreeMap::new();
    for finding in &report.findings {
        let column = match (finding.certainty, finding.severity) {
            (Certainty::Suspected, _) => 4,
            (_, Severity::Veto) => 0,
            (_, Severity::Error) => 1,
            (_, Severity::Warning) => 2,
            (_, Severity::Notice) => 3,
        };
        rules.entry(&finding.rule).or_default()[column] += 1;
    }
    let mut rows: Vec<(&str, [u64; 5])> = rules.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut table = table(style);
    table.set_header(header(
        style,
        &[
            ("检查规则", "Rule"),
            ("否决", "Veto"),
            ("错误", "Error"),
            ("警示", "Warning"),
            ("提示", "Notice"),
            ("疑似", "Suspected"),
        ],
    ));
    for (rule, counts) in rows {
        let title = report.rule_title(rule);
        let name = match title.get(style.language) {
            title if title == rule => rule.to_owned(),
            title => format!("{} ({rule})", plain::line(title)),
        };
        let mut row = vec![Cell::new(name)];
        row.extend(counts.iter().map(|n| number(if *n == 0 { "·".to_owned() } else { n.to_string() })));
        table.add_row(row);
    }
    table
}
