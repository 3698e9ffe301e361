//! The semiannual pre-assessment: what an inspection would say of each unit as far as a machine can tell, with what is near a line, what a
//! person must still decide, and what is open from last year (回头看). Never "passed" while a veto item is open.

use super::office::Office;
use super::period::Period;
use super::quarterly::{self, DEEP, Names};
use crate::error::Result;
use crate::finding::Severity;
use crate::report::period::{Forecast, Leftover, Prediction, Semiannual, VetoItem};
use crate::store::Store;
use crate::store::findings::severity_of;
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;

/// Schema word.
const SCHEMA: &str = "xuncha.semiannual/1";

/// Makes the report of a half-year.
pub async fn report(store: &Store, office: &Office, period: Period) -> Result<Semiannual> {
    let (from, to) = period.bounds();
    let watched = store.watched().await?;
    let names = Names::of(store, &watched).await?;
    let runs: BTreeMap<i64, i64> = store
        .newest_runs(&DEEP, &office.vantage, from, to)
        .await?
        .into_iter()
        .map(|run| (run.site_no, run.assessment_no))
        .collect();
    let mut units = Vec::new();
    for (site_no, unit_no) in &names.entries {
        let Some((unit, name, _)) = names.units.get(unit_no) else { continue };
        let site = names.sites.get(site_no).cloned().unwrap_or_default();
        let (vetoes, manual) = match runs.get(site_no) {
            Some(assessment_no) => items(store, *assessment_no, *unit_no).await?,
            None => (Vec::new(), Vec::new()),
        };
        let prediction = if runs.contains_key(site_no) { predict(&vetoes) } else { Prediction::NotSeen };
        units.push(Forecast { unit: unit.clone(), name: name.clone(), site, prediction, vetoes, manual });
    }
    units.sort_by(|a, b| (a.prediction, &a.unit, &a.site).cmp(&(b.prediction, &b.unit, &b.site)));
    Ok(Semiannual {
        schema: SCHEMA.to_owned(),
        period: period.to_string(),
        office: office.name.clone(),
        standing: quarterly::report(store, office, period).await?,
        units,
        open_from_before: leftovers(store, &names, period).await?,
    })
}

type Manual = (String, String, crate::finding::Text);

/// Veto items and manual items of a unit's scorecards.
async fn items(store: &Store, assessment_no: i64, unit_no: i64) -> Result<(Vec<VetoItem>, Vec<Manual>)> {
    let (mut vetoes, mut manual) = (Vec::new(), Vec::new());
    for card in store.cards_of(assessment_no).await?.into_iter().filter(|card| card.unit_no == unit_no) {
        let Some(card) = store.card(assessment_no, unit_no, &card.checklist).await? else { continue };
        for item in card.items {
            if item.manual.is_some() {
                manual.push((card.checklist.clone(), item.id.clone(), item.title.clone()));
            }
            if item.severity != Severity::Veto {
                continue;
            }
            let outcome = serde_json::to_value(item.outcome).ok().and_then(|word| word.as_str().map(str::to_owned));
            vetoes.push(VetoItem {
                checklist: card.checklist.clone(),
                item: item.id,
                title: item.title,
                note: item.note.or(outcome).unwrap_or_default(),
                counts: (item.failed, item.suspected, item.cannot_tell + item.untested),
                remark: item.remark,
            });
        }
    }
    Ok((vetoes, manual))
}

/// The gravest state of the veto items. An item that only a person decides leaves the prediction open: nobody has looked.
fn predict(vetoes: &[VetoItem]) -> Prediction {
    let of = |item: &VetoItem| match item.note.as_str() {
        "veto" => Prediction::Fails,
        "pending-review" | "suspected" => Prediction::FailsIfConfirmed,
        "open" | "manual" | "cannot-tell" | "untested" | "other-cadence" => Prediction::Open,
        "warn" => Prediction::NearLine,
        _ => Prediction::NoVetoFound,
    };
    vetoes.iter().map(of).min().unwrap_or(Prediction::Open)
}

/// Findings first seen before the year of the period and open at its end.
async fn leftovers(store: &Store, names: &Names, period: Period) -> Result<Vec<Leftover>> {
    let new_year = date(period.first().year(), 1, 1);
    let before = new_year.yesterday().map_or(0, |day| crate::clock::end_of(day).as_second());
    let (_, to) = period.bounds();
    let old: Vec<_> = store.standing_at(to).await?.into_iter().filter(|stood| stood.open && stood.first_at <= before).collect();
    let texts = store.told(&old.iter().map(|stood| stood.no).collect::<Vec<_>>()).await?;
    let mut leftovers = Vec::new();
    for stood in old {
        let Some((url, message)) = texts.get(&stood.no).cloned() else { continue };
        let Ok(since) = Timestamp::from_second(stood.first_at) else { continue };
        leftovers.push(Leftover {
            unit: names.units.get(&stood.unit_no).map(|(id, ..)| id.clone()).unwrap_or_default(),
            rule: stood.rule,
            severity: severity_of(stood.severity),
            since: crate::clock::date_of(since),
            url,
            message,
        });
    }
    leftovers.sort_by(|a, b| (b.severity, a.since, &a.unit, &a.url).cmp(&(a.severity, b.since, &b.unit, &b.url)));
    Ok(leftovers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_called_clean_while_a_veto_item_is_open() {
        let item = |note: &str| VetoItem {
            checklist: "c".into(),
            item: "i".into(),
            title: Default::default(),
            note: note.into(),
            counts: (0, 0, 0),
            remark: None,
        };
        let predicted = |notes: &[&str]| predict(&notes.iter().map(|note| item(note)).collect::<Vec<_>>());
        assert_eq!(predicted(&["passed", "inapplicable"]), Prediction::NoVetoFound);
        assert_eq!(predicted(&["passed", "manual"]), Prediction::Open);
        assert_eq!(predicted(&["warn", "passed"]), Prediction::NearLine);
        assert_eq!(predicted(&["warn", "open", "passed"]), Prediction::Open);
        assert_eq!(predicted(&["pending-review", "open"]), Prediction::FailsIfConfirmed);
        assert_eq!(predicted(&["passed", "veto", "open"]), Prediction::Fails);
        assert_eq!(predicted(&[]), Prediction::Open);
    }
}
