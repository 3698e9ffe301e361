//! Figures of the three tables that add up, and go on from those of the year before.

use super::Figures;
use crate::accuracy::random::Random;
use crate::facts::annual_report::{APPLICANTS, Column, Format, HANDLING, PROCEEDINGS, RESULTS, Row};

/// What is often done with an application; the other ways of handling are rare.
const USUAL: [Row; 6] =
    [Row::Disclosed, Row::PartlyDisclosed, Row::NotHeld, Row::InternalAffairs, Row::Petition, Row::OtherHandling];

/// Figures of a year in its format.
pub(super) fn draw(random: &mut Random, format: Format, before: Option<&Figures>) -> Figures {
    let mut figures = Figures::new();
    let past = |row: Row, column: Column| -> Option<i64> { before?.get(&(row, column))?.parse().ok() };
    requests(random, format, &past, &mut figures);
    proceedings(random, &mut figures);
    disclosed(random, format, &past, &mut figures);
    figures
}

fn put(figures: &mut Figures, row: Row, column: Column, number: i64) {
    figures.insert((row, column), number.to_string());
}

/// The rows between the second and the total; the 2019 format has no division of （六）.
pub(super) fn handling(format: Format) -> Vec<Row> {
    let only_2021 = |row: &Row| matches!(row, Row::NotCorrected | Row::FeeUnpaid);
    HANDLING.into_iter().filter(|row| format == Format::Of2021 || !only_2021(row)).collect()
}

fn requests(random: &mut Random, format: Format, past: &dyn Fn(Row, Column) -> Option<i64>, figures: &mut Figures) {
    let rows = handling(format);
    for column in APPLICANTS.into_iter().filter(|column| *column != Column::Total) {
        let new = match column {
            Column::Person => random.between(3, 26),
            Column::Company => random.between(0, 6),
            _ => i64::from(random.chance(12)),
        };
        let carried_in = past(Row::CarriedOut, column).unwrap_or(0);
        let open = match column {
            Column::Person => random.between(0, 3),
            _ => i64::from(random.chance(10)),
        };
        let out = open.min(new + carried_in);
        let mut counts: Vec<i64> = vec![0; rows.len()];
        for _ in 0..new + carried_in - out {
            let row = if random.chance(85) { USUAL[random.below(USUAL.len())] } else { rows[random.below(rows.len())] };
            if let Some(at) = rows.iter().position(|known| *known == row) {
                counts[at] += 1;
            }
        }
        put(figures, Row::NewRequests, column, new);
        put(figures, Row::CarriedIn, column, carried_in);
        for (row, count) in rows.iter().zip(&counts) {
            put(figures, *row, column, *count);
        }
        put(figures, Row::Handled, column, counts.iter().sum());
        put(figures, Row::CarriedOut, column, out);
    }
    let all = [Row::NewRequests, Row::CarriedIn].into_iter().chain(rows).chain([Row::Handled, Row::CarriedOut]);
    for row in all {
        total(figures, row, &APPLICANTS);
    }
}

/// The last of the columns is the sum of the others.
fn total(figures: &mut Figures, row: Row, columns: &[Column]) {
    let sum = columns.iter().filter(|column| **column != Column::Total);
    let sum: i64 = sum.filter_map(|column| figures.get(&(row, *column))?.parse::<i64>().ok()).sum();
    put(figures, row, Column::Total, sum);
}

fn proceedings(random: &mut Random, figures: &mut Figures) {
    for row in PROCEEDINGS {
        let most = if row == Row::Review { 3 } else { 1 };
        for column in RESULTS.into_iter().filter(|column| *column != Column::Total) {
            let some = random.chance(if column == Column::Upheld { 60 } else { 15 });
            put(figures, row, column, if some { random.between(1, most) } else { 0 });
        }
        total(figures, row, &RESULTS);
    }
}

fn disclosed(random: &mut Random, format: Format, past: &dyn Fn(Row, Column) -> Option<i64>, figures: &mut Figures) {
    let decisions = [(Row::Permits, 20, 900), (Row::Penalties, 5, 400), (Row::Coercion, 0, 30)];
    for row in [Row::Rules, Row::NormativeDocuments] {
        let issued = if row == Row::Rules { 0 } else { random.between(0, 6) };
        match format {
            Format::Of2021 => {
                let then = past(row, Column::InForce).or_else(|| past(row, Column::DisclosedTotal));
                let then = then.unwrap_or(if row == Row::Rules { 0 } else { random.between(9, 40) });
                let repealed = random.between(0, then.min(3));
                put(figures, row, Column::Issued, issued);
                put(figures, row, Column::Repealed, repealed);
                put(figures, row, Column::InForce, then + issued - repealed);
            }
            Format::Of2019 => {
                let then = past(row, Column::DisclosedTotal);
                let then = then.unwrap_or(if row == Row::Rules { 0 } else { random.between(9, 40) });
                put(figures, row, Column::NewlyMade, issued);
                put(figures, row, Column::NewlyDisclosed, issued);
                put(figures, row, Column::DisclosedTotal, then + issued);
            }
        }
    }
    for (row, least, most) in decisions {
        put(figures, row, Column::Decisions, random.between(least, most));
        if format == Format::Of2019 {
            put(figures, row, Column::PreviousItems, random.between(4, 90));
            put(figures, row, Column::Change, random.between(-4, 6));
        }
    }
    match format {
        Format::Of2021 => {
            let amount = format!("{}.{}", random.between(0, 240), random.between(1, 9));
            figures.insert((Row::Fees, Column::FeeAmount), if random.chance(40) { "0".to_owned() } else { amount });
        }
        Format::Of2019 => {
            for column in [Column::PreviousItems, Column::Change] {
                put(figures, Row::OtherServices, column, random.between(0, 8));
                put(figures, Row::Fees, column, random.between(0, 3));
            }
            put(figures, Row::OtherServices, Column::Decisions, random.between(0, 60));
            put(figures, Row::Procurement, Column::ProcurementItems, random.between(1, 12));
            let amount = format!("{}.{}万元", random.between(8, 700), random.between(1, 9));
            figures.insert((Row::Procurement, Column::ProcurementAmount), amount);
        }
    }
}
