//! The quarterly report: rankings within comparison groups, classes of problems, rates of mending, units by item.
//!
//! Ranked are units of one kind under one version of one checklist, with a score and enough coverage. Below the floor is 未评 with its cause,
//! never last; vetoed ones stand apart; ties share a rank.

mod tables;

use super::daily::accounts;
use super::movement::Moved;
use super::office::Office;
use super::period::Period;
use crate::checklist::Cadence;
use crate::error::Result;
use crate::finding::Text;
use crate::report::period::{Before, Group, Quarterly, Ratio, Standing};
use crate::report::summary::percent;
use crate::store::Store;
use crate::store::cards::{CardRow, RunRow};
use crate::store::registry::Watched;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Schema word.
const SCHEMA: &str = "xuncha.quarterly/1";
/// Deep scans: a pre-assessment asks all that a quarterly one does.
pub const DEEP: [Cadence; 2] = [Cadence::Quarterly, Cadence::Semiannual];
/// Lower bounds of the bands of scores, in percent of the full mark.
const BANDS: [u32; 5] = [90, 80, 70, 60, 0];
/// Periods of the trend.
const TREND: usize = 6;

/// A unit on a site: what is ranked.
type Entry = (i64, i64);

/// Units and sites by number.
#[derive(Debug, Default)]
pub struct Names {
    /// Unit id, name and kind by number.
    pub units: BTreeMap<i64, (String, String, Option<String>)>,
    /// Site id by number.
    pub sites: BTreeMap<i64, String>,
    /// Which units are watched on which site.
    pub entries: BTreeSet<Entry>,
}

impl Names {
    /// Those of the registry.
    pub async fn of(store: &Store, watched: &[Watched]) -> Result<Self> {
        let units = store.units().await?;
        let numbers: HashMap<&str, i64> = units.iter().map(|(no, unit)| (unit.id.as_str(), *no)).collect();
        let mut entries = BTreeSet::new();
        for site in watched {
            entries.extend(site.units.iter().filter_map(|(unit, _)| Some((site.no, *numbers.get(unit.id.as_str())?))));
        }
        Ok(Names {
            units: units.iter().map(|(no, unit)| (*no, (unit.id.clone(), unit.name.clone(), unit.kind.clone()))).collect(),
            sites: watched.iter().map(|site| (site.no, site.site.id.clone())).collect(),
            entries,
        })
    }
}

/// Makes the report of a quarter, or of any other period by its deep scans.
pub async fn report(store: &Store, office: &Office, period: Period) -> Result<Quarterly> {
    let (from, to) = period.bounds();
    let watched = store.watched().await?;
    let names = Names::of(store, &watched).await?;
    let runs = store.newest_runs(&DEEP, &office.vantage, from, to).await?;
    let moved = Moved {
        events: store.events(from, to).await?,
        before: store.standing_at(from).await?,
        after: store.standing_at(to).await?,
    };
    let mut groups = ranking(store, office, &names, &watched, period).await?;
    tables::rates(store, &names, &runs, &mut groups).await?;
    let checked: BTreeSet<i64> = runs.iter().map(|run| run.site_no).collect();
    let all: BTreeSet<i64> = names.entries.iter().map(|(_, unit)| *unit).collect();
    let seen: BTreeSet<i64> = names.entries.iter().filter(|(site, _)| checked.contains(site)).map(|(_, unit)| *unit).collect();
    let heat = tables::heat(store, &names, &runs, &groups).await?;
    Ok(Quarterly {
        schema: SCHEMA.to_owned(),
        period: period.to_string(),
        office: office.name.clone(),
        checked: Ratio::new(seen.len() as u64, all.len() as u64),
        problems: tables::problems(store, &runs).await?,
        findings: moved.movement(&|_, _| true),
        rectified: moved.rectified(&|_, _| true),
        recurred: moved.recurred(&|_, _| true),
        not_run: not_run(store, &watched, &checked, period).await?,
        heat,
        trend: trend(store, office, &names, period, &groups).await?,
        groups,
        accounts: accounts(store, period.last(), to).await?,
    })
}

/// The rankings of a period, with the standing of the period before.
pub async fn ranking(store: &Store, office: &Office, names: &Names, watched: &[Watched], period: Period) -> Result<Vec<Group>> {
    let mut groups = standings(store, office, names, period).await?;
    let before = standings(store, office, names, period.before()).await?;
    let mut known: HashMap<(&str, &str, &str), (&Group, &Standing)> = HashMap::new();
    for group in &before {
        for standing in group.ranked.iter().chain(&group.vetoed).chain(&group.unrated) {
            known.insert((&group.checklist, &standing.unit, &standing.site), (group, standing));
        }
    }
    let again = again(store, office, names, period.before()).await?;
    for group in &mut groups {
        let sha256 = group.sha256.clone();
        for standing in group.ranked.iter_mut().chain(&mut group.vetoed).chain(&mut group.unrated) {
            let Some((then, was)) = known.get(&(group.checklist.as_str(), standing.unit.as_str(), standing.site.as_str())) else {
                continue;
            };
            let other_checklist = then.sha256 != sha256;
            let key = (sha256.clone(), standing.unit.clone(), standing.site.clone());
            let again = if other_checklist { again.get(&key).copied().flatten() } else { None };
            standing.before = Some(Before { score: was.score, rank: was.rank, other_checklist, again });
        }
    }
    unseen(&mut groups, store, office, names, watched, period).await?;
    Ok(groups)
}

/// Scores of a period's runs under other checklists than they were judged by first, by digest, unit and site.
async fn again(
    store: &Store,
    office: &Office,
    names: &Names,
    period: Period,
) -> Result<BTreeMap<(String, String, String), Option<f64>>> {
    let (from, to) = period.bounds();
    let mut scores = BTreeMap::new();
    for run in store.newest_runs(&DEEP, &office.vantage, from, to).await? {
        for (assessment_no, ..) in store.judged_again(run.no).await? {
            for card in store.cards_of(assessment_no).await? {
                let unit = names.units.get(&card.unit_no).map(|(id, ..)| id.clone()).unwrap_or_default();
                let site = names.sites.get(&run.site_no).cloned().unwrap_or_default();
                scores.insert((card.sha256, unit, site), card.score);
            }
        }
    }
    Ok(scores)
}

/// Groups with their rankings, without a look back.
async fn standings(store: &Store, office: &Office, names: &Names, period: Period) -> Result<Vec<Group>> {
    let (from, to) = period.bounds();
    let runs: BTreeMap<i64, RunRow> =
        store.newest_runs(&DEEP, &office.vantage, from, to).await?.into_iter().map(|run| (run.assessment_no, run)).collect();
    type Key = (String, String, String, Option<String>);
    let mut groups: BTreeMap<Key, Vec<(CardRow, i64)>> = BTreeMap::new();
    for card in store.cards(&DEEP, from, to).await? {
        let Some(run) = runs.get(&card.assessment_no) else { continue };
        if !names.entries.contains(&(run.site_no, card.unit_no)) {
            continue;
        }
        let kind = names.units.get(&card.unit_no).and_then(|(_, _, kind)| kind.clone());
        let key = (card.checklist.clone(), card.version.clone(), card.sha256.clone(), kind);
        groups.entry(key).or_default().push((card, run.site_no));
    }
    Ok(groups
        .into_iter()
        .map(|((checklist, version, sha256, kind), cards)| group(checklist, version, sha256, kind, cards, names))
        .collect())
}

/// One group: who is ranked, who stands apart, who is not rated.
fn group(
    checklist: String,
    version: String,
    sha256: String,
    kind: Option<String>,
    cards: Vec<(CardRow, i64)>,
    names: &Names,
) -> Group {
    let mut group = Group {
        checklist,
        version,
        sha256,
        kind,
        ranked: Vec::new(),
        vetoed: Vec::new(),
        unrated: Vec::new(),
        verdicts: BTreeMap::new(),
        pass_rate: Ratio::default(),
        bands: BANDS.map(|band| (band, 0)).to_vec(),
        mean: None,
    };
    for (card, site_no) in cards {
        let (unit, name, _) = names.units.get(&card.unit_no).cloned().unwrap_or_default();
        let mut standing = Standing {
            rank: None,
            unit,
            name,
            site: names.sites.get(&site_no).cloned().unwrap_or_default(),
            verdict: card.verdict.clone(),
            score: card.score,
            out_of: card.out_of,
            coverage: card.coverage,
            findings: card.findings,
            before: None,
            per_page: Vec::new(),
            why: None,
        };
        *group.verdicts.entry(card.verdict.clone()).or_default() += 1;
        match (card.verdict.as_str(), card.score) {
            ("vetoed", _) => group.vetoed.push(standing),
            ("insufficient", _) => {
                standing.why = Some(below_floor(&card));
                group.unrated.push(standing);
            }
            (_, Some(_)) => group.ranked.push(standing),
            (_, None) => {
                standing.why = Some(Text {
                    zh: "此清单不计分，只列结论".into(),
                    en: "this checklist gives no points: only its verdict is told".into(),
                });
                group.unrated.push(standing);
            }
        }
    }
    rank(&mut group.ranked);
    let by_unit = |a: &Standing, b: &Standing| (&a.unit, &a.site).cmp(&(&b.unit, &b.site));
    group.vetoed.sort_by(by_unit);
    group.unrated.sort_by(by_unit);
    let count = |word: &str| group.verdicts.get(word).copied().unwrap_or(0);
    group.pass_rate = Ratio::new(count("passed"), count("passed") + count("failed") + count("vetoed"));
    for standing in &group.ranked {
        let (Some(score), Some(out_of)) = (standing.score, standing.out_of.filter(|full| *full > 0.0)) else { continue };
        let share = score * 100.0 / out_of;
        if let Some(band) = group.bands.iter_mut().find(|(least, _)| share >= f64::from(*least)) {
            band.1 += 1;
        }
    }
    let sum: i128 = group.ranked.iter().filter_map(|standing| standing.score).map(ten_thousandths).sum();
    group.mean = (!group.ranked.is_empty()).then(|| sum as f64 / group.ranked.len() as f64 / 10_000.0);
    group
}

/// Scores as whole ten-thousandths: equal is equal.
fn ten_thousandths(score: f64) -> i128 {
    (score * 10_000.0).round() as i128
}

/// Best first; ties share a rank, and the next one counts all before it.
fn rank(ranked: &mut [Standing]) {
    let key = |standing: &Standing| ten_thousandths(standing.score.unwrap_or_default());
    ranked.sort_by(|a, b| key(b).cmp(&key(a)).then_with(|| (&a.unit, &a.site).cmp(&(&b.unit, &b.site))));
    let mut last: Option<(i128, u64)> = None;
    for (at, standing) in ranked.iter_mut().enumerate() {
        let rank = match last {
            Some((score, rank)) if score == key(standing) => rank,
            _ => at as u64 + 1,
        };
        last = Some((key(standing), rank));
        standing.rank = Some(rank);
    }
}

fn below_floor(card: &CardRow) -> Text {
    Text {
        zh: format!("覆盖率 {} 低于 {}，未评", percent(card.coverage), percent(card.coverage_floor)),
        en: format!("not rated: coverage {} is below {}", percent(card.coverage), percent(card.coverage_floor)),
    }
}

/// Units whose site had no run: unrated in every group of their kind, with the cause.
async fn unseen(
    groups: &mut [Group],
    store: &Store,
    office: &Office,
    names: &Names,
    watched: &[Watched],
    period: Period,
) -> Result<()> {
    let (from, to) = period.bounds();
    let run: BTreeSet<i64> =
        store.newest_runs(&DEEP, &office.vantage, from, to).await?.into_iter().map(|run| run.site_no).collect();
    let causes: BTreeMap<String, String> = not_run(store, watched, &run, period).await?.into_iter().collect();
    for (site_no, unit_no) in names.entries.iter().filter(|(site, _)| !run.contains(site)) {
        let Some((unit, name, kind)) = names.units.get(unit_no) else { continue };
        let site = names.sites.get(site_no).cloned().unwrap_or_default();
        let cause = causes.get(&site).cloned().unwrap_or_default();
        for group in groups.iter_mut().filter(|group| group.kind == *kind) {
            group.unrated.push(Standing {
                rank: None,
                unit: unit.clone(),
                name: name.clone(),
                site: site.clone(),
                verdict: "not-run".into(),
                score: None,
                out_of: None,
                coverage: 0.0,
                findings: 0,
                before: None,
                per_page: Vec::new(),
                why: Some(Text { zh: format!("未评：{cause}"), en: format!("not rated: {cause}") }),
            });
        }
    }
    Ok(())
}

/// Sites without a deep scan in the period, with the cause.
async fn not_run(store: &Store, watched: &[Watched], run: &BTreeSet<i64>, period: Period) -> Result<Vec<(String, String)>> {
    let mut causes = Vec::new();
    for site in watched.iter().filter(|site| !run.contains(&site.no)) {
        let state = site.site.standing.on(period.last());
        let mut cause = match state {
            crate::registry::SiteState::Running => "未安排深度扫描 / no deep scan was planned".to_owned(),
            crate::registry::SiteState::Redesign => "已报备升级改版 / filed as being redesigned".to_owned(),
            crate::registry::SiteState::Suspended => "已报备临时关停 / filed as suspended".to_owned(),
            crate::registry::SiteState::Closed => "已下线 / closed".to_owned(),
        };
        for cadence in DEEP {
            let of_period = Period::of(cadence, period.last()).to_string();
            for job in store.jobs_of(cadence, &of_period).await?.into_iter().filter(|job| job.site_no == site.no) {
                cause = job.why.unwrap_or_else(|| job.state.word().to_owned());
            }
        }
        causes.push((site.site.id.clone(), cause));
    }
    Ok(causes)
}

/// Mean scores of the periods before, oldest first, of the checklists that are ranked now.
async fn trend(
    store: &Store,
    office: &Office,
    names: &Names,
    period: Period,
    groups: &[Group],
) -> Result<Vec<(String, String, f64, u64)>> {
    let lists: BTreeSet<&str> = groups.iter().filter(|g| g.mean.is_some()).map(|g| g.checklist.as_str()).collect();
    let mut periods = vec![period];
    while periods.len() < TREND {
        periods.push(periods[periods.len() - 1].before());
    }
    let mut trend = Vec::new();
    for period in periods.into_iter().rev() {
        let standings = standings(store, office, names, period).await?;
        for list in &lists {
            let scores: Vec<i128> = standings
                .iter()
                .filter(|group| group.checklist == *list)
                .flat_map(|group| &group.ranked)
                .filter_map(|standing| standing.score.map(ten_thousandths))
                .collect();
            if !scores.is_empty() {
                let mean = scores.iter().sum::<i128>() as f64 / scores.len() as f64 / 10_000.0;
                trend.push((period.to_string(), (*list).to_owned(), mean, scores.len() as u64));
            }
        }
    }
    Ok(trend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(unit: &str, score: f64) -> Standing {
        Standing {
            rank: None,
            unit: unit.into(),
            name: unit.into(),
            site: "s".into(),
            verdict: "passed".into(),
            score: Some(score),
            out_of: Some(100.0),
            coverage: 1.0,
            findings: 0,
            before: None,
            per_page: Vec::new(),
            why: None,
        }
    }

    #[test]
    fn ties_share_a_rank_and_the_next_counts_all_before() {
        let mut all =
            vec![standing("c", 81.34), standing("a", 90.0), standing("d", 81.3401), standing("b", 90.0), standing("e", 12.5)];
        rank(&mut all);
        let told: Vec<(&str, u64)> = all.iter().map(|s| (s.unit.as_str(), s.rank.unwrap())).collect();
        assert_eq!(told, [("a", 1), ("b", 1), ("d", 3), ("c", 4), ("e", 5)]);
    }
}
