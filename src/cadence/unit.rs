//! The report of one unit: what the office sends to it. Of the deep scan of the period, or of a day's look.

use super::daily::{accounts, note_of};
use super::office::Office;
use super::period::Period;
use super::quarterly::{DEEP, Names, ranking};
use crate::checklist::Cadence;
use crate::error::{Error, Result};
use crate::finding::{Certainty, Finding};
use crate::report::period::{BySeverity, Group, OfUnit, Ratio, RunNote, Standing, UnitCard, UnitFinding, UnitItem, UnitSite};
use crate::score::{ItemScore, Scorecard};
use crate::store::Store;
use crate::store::cards::{CardRow, RunRow};
use crate::store::findings::severity_of;
use crate::store::registry::Watched;
use jiff::Timestamp;

const SCHEMA: &str = "xuncha.unit/1";
/// Findings of a site that are told; the counts are of all.
const MOST_FINDINGS: i64 = 5_000;

/// What the reports of several units of one period share.
#[derive(Debug)]
pub struct Desk<'o> {
    office: &'o Office,
    period: Period,
    watched: Vec<Watched>,
    names: Names,
    groups: Vec<Group>,
    runs: Vec<RunRow>,
}

impl<'o> Desk<'o> {
    /// Reads what all of them need.
    pub async fn of(store: &Store, office: &'o Office, period: Period) -> Result<Self> {
        let (from, to) = period.bounds();
        let watched = store.watched().await?;
        let names = Names::of(store, &watched).await?;
        let daily = period.cadence() == Cadence::Daily;
        let groups = if daily { Vec::new() } else { ranking(store, office, &names, &watched, period).await? };
        let runs = store.newest_runs(if daily { &[Cadence::Daily] } else { &DEEP }, &office.vantage, from, to).await?;
        Ok(Desk { office, period, watched, names, groups, runs })
    }

    /// Ids of all units, in order.
    pub fn units(&self) -> Vec<String> {
        let mut ids: Vec<String> =
            self.names.entries.iter().filter_map(|(_, unit_no)| Some(self.names.units.get(unit_no)?.0.clone())).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The report of a unit.
    pub async fn report(&self, store: &Store, unit: &str) -> Result<OfUnit> {
        let Some((unit_no, (id, name, _))) = self.names.units.iter().find(|(_, (id, ..))| id == unit) else {
            let near = crate::checklist::place::suggest(unit, self.names.units.values().map(|(id, ..)| id.as_str()));
            let message = format!("名册里没有单位 {unit} / the registry has no unit {unit}");
            return Err(near.map_or_else(|| Error::usage(&*message), |near| Error::usage_with(&*message, near)));
        };
        let mut sites = Vec::new();
        for site in self.watched.iter().filter(|site| self.names.entries.contains(&(site.no, *unit_no))) {
            sites.push(self.site(store, site, *unit_no, id).await?);
        }
        let (_, to) = self.period.bounds();
        let accounts = accounts(store, self.period.last(), to).await?;
        Ok(OfUnit {
            schema: SCHEMA.to_owned(),
            period: self.period.to_string(),
            office: self.office.name.clone(),
            unit: id.clone(),
            name: name.clone(),
            sites,
            accounts: accounts.into_iter().filter(|account| account.unit == *id).collect(),
        })
    }

    async fn site(&self, store: &Store, site: &Watched, unit_no: i64, unit: &str) -> Result<UnitSite> {
        let run = self.runs.iter().find(|run| run.site_no == site.no);
        let mut told = UnitSite {
            site: site.site.id.clone(),
            name: site.site.name.clone(),
            address: site.site.addresses.first().map(ToString::to_string),
            state: site.site.standing.on(self.period.last()).word().to_owned(),
            run: RunNote { id: None, complete: false, coverage: Ratio::default(), note: None },
            as_of: None,
            cards: Vec::new(),
            certain: BySeverity::default(),
            suspected: 0,
            findings: Vec::new(),
        };
        let Some(run) = run else { return Ok(told) };
        told.run = note_of(run);
        told.as_of = Some(run.as_of.to_string());
        for row in store.cards_of(run.assessment_no).await?.into_iter().filter(|row| row.unit_no == unit_no) {
            if let Some(card) = store.card(run.assessment_no, unit_no, &row.checklist).await? {
                told.cards.push(self.card(row, card, unit, &site.site.id));
            }
        }
        for count in store.counts(run.assessment_no).await?.into_iter().filter(|count| count.unit_no == unit_no) {
            match count.certain {
                true => told.certain.add(severity_of(count.severity), count.findings),
                false => told.suspected += count.findings,
            }
        }
        let sighted = store.sighted(run.assessment_no, unit_no, 0, MOST_FINDINGS).await?;
        told.findings = sighted.into_iter().map(|(finding, since)| line(finding, since, unit)).collect();
        Ok(told)
    }

    fn card(&self, row: CardRow, card: Scorecard, unit: &str, site: &str) -> UnitCard {
        let group = self
            .groups
            .iter()
            .find(|group| group.checklist == row.checklist && group.sha256 == row.sha256 && place(group, unit, site).is_some());
        UnitCard {
            checklist: row.checklist,
            version: row.version,
            title: card.title,
            verdict: row.verdict,
            score: row.score,
            out_of: row.out_of,
            decided: Ratio::new(card.decided, card.applicable),
            reason: card.reason,
            standing: group.and_then(|group| place(group, unit, site)).cloned(),
            ranked: group.map_or(0, |group| group.ranked.len() as u64),
            items: card.items.into_iter().map(item).collect(),
        }
    }
}

fn place<'g>(group: &'g Group, unit: &str, site: &str) -> Option<&'g Standing> {
    let mut all = group.ranked.iter().chain(&group.vetoed).chain(&group.unrated);
    all.find(|standing| standing.unit == unit && standing.site == site)
}

fn item(item: ItemScore) -> UnitItem {
    let outcome = serde_json::to_value(item.outcome).ok().and_then(|word| word.as_str().map(str::to_owned));
    UnitItem {
        item: item.id,
        title: item.title,
        severity: item.severity,
        note: item.note.or(outcome).unwrap_or_default(),
        points: item.points,
        deducted: item.deducted,
        counts: (item.failed, item.suspected, item.cannot_tell + item.untested),
        remark: item.remark,
    }
}

fn line(finding: Finding, since: i64, unit: &str) -> UnitFinding {
    UnitFinding {
        text: finding.locations.first().and_then(|place| place.text.clone()),
        fingerprint: finding.fingerprint,
        rule: finding.rule,
        severity: finding.severity,
        certain: finding.certainty == Certainty::Certain,
        message: finding.message,
        fix: finding.fix,
        url: finding.url.to_string(),
        occurrences: finding.occurrences,
        evidence: finding.evidence,
        since: Timestamp::from_second(since).ok().map(crate::clock::date_of),
        responsible: Some(finding.responsible).filter(|responsible| responsible != unit),
    }
}
