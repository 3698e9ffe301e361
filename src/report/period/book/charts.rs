//! The sheet of charts: Excel's own, drawing the cells of the other sheets, one below the other.

use super::super::outline::{Chart as Wanted, ChartKind, Mark, Table};
use super::{Done, Written};
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker,
    ChartPoint, ChartSolidFill, ChartType, Color, Worksheet,
};

/// Width of a chart in pixels.
const WIDTH: u32 = 900;
/// Height of a row of a sheet in pixels.
const ROW: u32 = 20;
/// Height of a page of A4 on its side, when a chart is as wide as it.
const PAGE: u32 = 700;
/// Colours of lines, as on pages.
const LINES: [u32; 6] = [0x3F_74_B5, 0xC2_37_5C, 0x3F_9A_6C, 0xA8_79_1A, 0x6D_3F_B5, 0x56_61_73];

fn colour(mark: Mark) -> Color {
    Color::RGB(match mark {
        Mark::Plain => 0x3F_74_B5,
        Mark::Good => 0x3F_9A_6C,
        Mark::Warning => 0xDB_A5_2F,
        Mark::Bad => 0xC2_37_5C,
        Mark::Doubtful => 0xA5_85_DA,
        Mark::Quiet => 0x9A_A5_B4,
    })
}

fn fill(mark: Mark) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour(mark)));
    format
}

/// All charts.
pub fn sheet(name: &str, charts: &[(Written, &Table, &Wanted)]) -> Done<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false);
    let (mut row, mut used) = (0, 0);
    let mut breaks = Vec::new();
    for (written, table, wanted) in charts {
        if wanted.rows.is_empty() {
            continue;
        }
        let (chart, height) = draw(written, table, wanted);
        // A chart is not cut by the end of a page of paper.
        if used > 0 && used + height > PAGE {
            breaks.push(row);
            used = 0;
        }
        sheet.insert_chart_with_offset(row, 0, &chart, 10, 10)?;
        let rows = height.div_ceil(ROW) + 2;
        row += rows;
        used += rows * ROW;
    }
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    Ok(sheet)
}

/// A chart and its height.
fn draw(written: &Written, table: &Table, wanted: &Wanted) -> (Chart, u32) {
    let count = u32::try_from(wanted.rows.len()).unwrap_or(u32::MAX);
    let several = wanted.values.len() > 1;
    let (kind, height) = match wanted.kind {
        ChartKind::Bars if several => (ChartType::BarStacked, 110 + 24 * count.min(60)),
        ChartKind::Bars => (ChartType::Bar, 90 + 24 * count.min(60)),
        ChartKind::Columns => (ChartType::Column, 300),
        ChartKind::Lines => (ChartType::Line, 340),
    };
    let mut chart = Chart::new(kind);
    chart.set_width(WIDTH).set_height(height);
    chart.set_alt_text(super::cells::cut(&wanted.title, 250));
    chart.title().set_name(&super::cells::cut(&wanted.title, 250)).set_font(ChartFont::new().set_size(13).set_bold());
    let (first, last) = (index(wanted.rows.start), index(wanted.rows.end.saturating_sub(1)));
    let at = |column: usize| {
        let (column, share) = written.columns.get(column).copied().unwrap_or_default();
        // Of a share its last cell is drawn: the percent.
        if share { column.saturating_add(2) } else { column }
    };
    let label = at(wanted.label);
    for (which, column) in wanted.values.iter().enumerate() {
        let mark = wanted.marks.get(which).copied().unwrap_or_default();
        let column = at(*column);
        let series = chart.add_series();
        series
            .set_name((written.sheet.as_str(), 0, column))
            .set_categories((written.sheet.as_str(), first, label, last, label))
            .set_values((written.sheet.as_str(), first, column, last, column));
        if wanted.kind == ChartKind::Lines {
            let hue = Color::RGB(LINES[which % LINES.len()]);
            let mut line = ChartFormat::new();
            line.set_line(ChartLine::new().set_color(hue).set_width(2.25));
            series.set_format(&mut line).set_marker(ChartMarker::new().set_automatic());
            series.set_data_label(
                ChartDataLabel::new().show_value().set_num_format("0.00").set_position(ChartDataLabelPosition::Above),
            );
            continue;
        }
        series.set_format(&mut fill(mark)).set_gap(50);
        // Zeros of a stack would only be in the way.
        let number = if several { "0;-0;;" } else { "General" };
        series.set_data_label(ChartDataLabel::new().show_value().set_num_format(number));
        if !several {
            let points: Vec<ChartPoint> = wanted
                .rows
                .clone()
                .map(|row| {
                    let own = table.rows.get(row).and_then(|cells| cells.get(wanted.label)).map(|cell| cell.mark);
                    ChartPoint::new().set_format(&mut fill(own.filter(|own| *own != Mark::Plain).unwrap_or(mark)))
                })
                .collect();
            series.set_points(&points);
        }
    }
    if wanted.kind == ChartKind::Bars {
        // Lying bars: the first row is the highest, and the values are told at the bars.
        chart.y_axis().set_reverse();
        chart.x_axis().set_major_gridlines(false).set_hidden(true).set_min(0);
        if let Some(top) = wanted.top {
            chart.x_axis().set_max(top);
        }
    } else if wanted.kind == ChartKind::Columns {
        chart.y_axis().set_min(0).set_major_gridlines(false);
    }
    if several || wanted.kind == ChartKind::Lines {
        chart.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        chart.legend().set_hidden();
    }
    (chart, height)
}

/// The row of a sheet that holds a row of its table, below the head.
fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX - 1).saturating_add(1)
}
