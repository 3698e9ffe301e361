//! Plan × subjects → findings. Never fetches; sees a run only as [`Material`].

mod answers;
pub mod baseline;
pub mod confirmation;
mod findings;
pub mod fingerprint;
pub mod memory;
mod parties;
mod questions;
mod renderings;
pub mod select;
pub mod snapshot;
pub mod stored;
mod subjects;
mod templates;
#[cfg(test)]
mod trial;
pub mod waiver;

use crate::checklist::calendar::Calendar;
use crate::error::Result;
use crate::facts::probes::Probes;
use crate::facts::site::{Ends, UrlState};
use crate::facts::{File, History, Page, Rendering, Site};
use crate::finding::{Finding, Outcome, Text};
use crate::plan::Plan;
use crate::shelf::Shelf;
use crate::url::CanonicalUrl;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a run tells about itself; taken from the capture (`warcinfo` and last record), so that audit and judge agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Id recorded in the capture; of a foreign WARC its digest.
    pub id: String,
    /// First instant.
    pub started_at: Timestamp,
    /// Last instant.
    pub finished_at: Timestamp,
    /// Did every discovered URL end fetched or unfetched without the run being cut?
    pub complete: bool,
    /// SHA-256 of the capture file(s), hex.
    pub capture_sha256: String,
    /// Seeds.
    pub seeds: Vec<CanonicalUrl>,
    /// Gatherings that the capture holds; a foreign WARC holds pages only.
    pub gatherings: Vec<crate::exchange::Gathering>,
    /// Rows of the report's `run.inputs`: name and digest.
    pub inputs: BTreeMap<String, String>,
    /// Pages of the run that it went on from and its own, when they fell so far that what is missing must not count as gone; it is not
    /// complete then.
    #[serde(default)]
    pub shrunk: Option<(u64, u64)>,
}

/// A finished gathering, however it is stored.
pub trait Material {
    /// About the run.
    fn info(&self) -> &RunInfo;
    /// Every page in canonical URL order.
    fn for_each_page(&self, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()>;
    /// Every URL state in canonical URL order.
    fn for_each_state(&self, visit: &mut dyn FnMut(UrlState) -> Result<()>) -> Result<()>;
    /// Every file that was fetched and read, in canonical URL order.
    fn for_each_file(&self, visit: &mut dyn FnMut(File) -> Result<()>) -> Result<()>;
    /// Answers to the planned probes.
    fn probes(&self) -> Result<Probes>;
    /// An empty shelf for what judging puts away until it is told.
    fn shelf(&self) -> Shelf {
        Shelf::in_memory()
    }
    /// What a browser showed of pages, in canonical URL order.
    fn renderings(&self) -> Result<Vec<Rendering>> {
        Ok(Vec::new())
    }
}

/// How the subjects of one item ended for one unit. Subjects, not observations.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Subjects with outcome passed.
    pub passed: u64,
    /// Subjects with a certain failure, each page of a template's fault for itself: what shares and coverage are reckoned from.
    pub failed: u64,
    /// Subjects with suspected failures only.
    pub suspected: u64,
    /// Subjects whose failures are all waived.
    pub waived: u64,
    /// Subjects that do not let us decide.
    pub cannot_tell: u64,
    /// Subjects not seen.
    pub untested: u64,
    /// Subjects that it does not concern.
    pub inapplicable: u64,
    /// Why cannot tell or untested, by rendered message (Chinese, a newline, English), with counts and one example each.
    pub undecided: BTreeMap<String, (u64, Option<CanonicalUrl>)>,
    /// Subject keys that failed (certain), with the message key of the worst: what veto counts, `excludes`, per-subject points and
    /// ladder count. All pages of a template's fault are one key (`template:…`).
    pub failed_subjects: BTreeMap<String, String>,
}

/// All that judging yields; findings in canonical order (severity, rule, url, fingerprint) without points yet.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Findings.
    pub findings: Vec<Finding>,
    /// Tally per (index into `Plan::bound`, unit id).
    pub tallies: BTreeMap<(usize, String), Tally>,
    /// Subject key of each finding, by fingerprint and unit: ties findings to `failed_subjects`.
    pub subject_keys: BTreeMap<(String, String), Vec<String>>,
    /// Rules that panicked, with the subject: exit 70.
    pub panics: Vec<String>,
    /// Facts for the report that judging had at hand.
    pub site: SiteIdentity,
    /// What a reader of the report should know beside: waivers that expired or cover nothing, findings gone since the baseline.
    pub notes: Vec<Text>,
    /// Findings of the baseline that are gone; none without a baseline.
    pub gone: Option<u64>,
    /// How the subjects of [`Given::watch`] ended, by unit, rule and subject key: the least decided of several answers. One that was not
    /// met at all is absent.
    pub watched: BTreeMap<(String, String, String), Outcome>,
    /// What was given beside plan and material, by name, with digests.
    pub inputs: BTreeMap<String, String>,
}

/// What the capture says about who runs the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteIdentity {
    /// SiteName meta of the home page, or its title.
    pub name: Option<String>,
    /// Site code of footer or meta.
    pub site_id_code: Option<String>,
    /// The content management system that its pages betray.
    pub platform: Option<String>,
}

/// Worst-first order of outcomes for a subject with several observations.
pub fn worse(a: Outcome, b: Outcome) -> Outcome {
    let rank = |o: Outcome| match o {
        Outcome::Failed => 0,
        Outcome::CannotTell => 1,
        Outcome::Untested => 2,
        Outcome::Passed => 3,
        Outcome::Inapplicable => 4,
    };
    if rank(a) <= rank(b) { a } else { b }
}

/// What the office gave beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--waivers`.
    pub waivers: waiver::Waivers,
    /// `--baseline`.
    pub baseline: Option<baseline::Baseline>,
    /// `--history`.
    pub history: Option<History>,
    /// `--confirm`.
    pub confirmations: confirmation::Confirmations,
    /// Rule and subject key of what an office has open: how these ended is told, too ([`Judged::watched`]).
    pub watch: BTreeSet<(String, String)>,
    /// Digests of the files that these were read from, by name: rows of the report's `run.inputs`.
    pub inputs: BTreeMap<String, String>,
}

/// The day of judgement: `--as-of`, or the day in Shanghai on which the capture ended.
pub fn day(plan: &Plan, info: &RunInfo) -> jiff::civil::Date {
    plan.as_of.unwrap_or_else(|| crate::clock::date_of(info.finished_at))
}

/// Judges. Pure: same plan and material, same result.
pub fn judge(plan: &Plan, material: &dyn Material) -> Result<Judged> {
    judge_with(plan, material, &Given::default())
}

/// [`judge`] with waivers and a baseline.
pub fn judge_with(plan: &Plan, material: &dyn Material, given: &Given) -> Result<Judged> {
    judge_seeing(plan, material, given, &mut |_| ())
}

/// [`judge_with`], and the site as a whole is shown on the way, once: to gather it again is one more pass over everything.
pub fn judge_seeing(plan: &Plan, material: &dyn Material, given: &Given, see: &mut dyn FnMut(&Site)) -> Result<Judged> {
    let questions = questions::Question::all(plan, &material.info().gatherings)?;
    answer(plan, material, given, &questions, see)
}

/// Two passes over the material: the first folds site facts, the second asks about pages; then everything else is asked.
fn answer(
    plan: &Plan,
    material: &dyn Material,
    given: &Given,
    questions: &[questions::Question<'_>],
    see: &mut dyn FnMut(&Site),
) -> Result<Judged> {
    let as_of = day(plan, material.info());
    let mut renderings = renderings::Renderings::of(material.renderings()?);
    let (fold, ends) = fold(plan, material, &mut renderings)?;
    let (mut parties, whole) = fold.finish(questions, &ends);
    let mut judged = Judged { site: identity(&whole), inputs: given.inputs.clone(), ..Judged::default() };
    see(&whole);
    drop(whole);
    let mut asking: Vec<subjects::Asking<'_, '_>> =
        parties.iter().map(|party| subjects::Asking::new(plan, party, questions, as_of, given, material.shelf())).collect();
    if asking.iter().any(subjects::Asking::asks_pages) {
        material.for_each_page(&mut |page| {
            if is_subject(&page, &ends) {
                let unit = parties::unit_of(plan, &page);
                for (party, asking) in parties.iter().zip(&mut asking) {
                    if party.unit.is_none() || party.unit == unit {
                        asking.page(&page)?;
                    }
                }
            }
            Ok(())
        })?;
    }
    // Something of every URL, and nothing is asked of it any more.
    drop(ends);
    if asking.iter().any(subjects::Asking::asks_files) {
        material.for_each_file(&mut |file| {
            let unit = parties::unit_of_file(plan, &file);
            for (party, asking) in parties.iter().zip(&mut asking) {
                if party.unit.is_none() || party.unit == unit {
                    asking.file(&file)?;
                }
            }
            Ok(())
        })?;
    }
    let mut answered = Vec::new();
    for (party, asking) in parties.iter().zip(asking) {
        let (answers, watched, panics) = asking.finish()?;
        judged.panics.extend(panics);
        judged.watched.extend(watched.into_iter().map(|((rule, key), outcome)| ((party.id.clone(), rule, key), outcome)));
        answered.push(answers);
    }
    if let Some(error) = parties.iter().find_map(|party| party.site.failure()) {
        return Err(error);
    }
    let (mut told, mut found_by) = (Vec::new(), Vec::new());
    for (index, (party, answers)) in parties.iter_mut().zip(answered).enumerate() {
        let found = findings::find(plan, party, questions, &answers)?;
        found_by.extend(found.findings.into_iter().map(|finding| (index, finding)));
        told.push((answers, found.subjects));
        // Nothing is asked about its site any more.
        party.site = Rc::default();
    }
    let (settled, shared) = findings::settle(plan, &parties, found_by);
    judged.findings = settled;
    renderings.prove(&mut judged.findings);
    judged.notes = given.waivers.apply(&mut judged.findings, as_of);
    let mut heard = given.confirmations.apply(&mut judged.findings);
    judged.notes.append(&mut heard.notes);
    judged.notes.extend(renderings.notes());
    judged.notes.extend(material.info().shrunk.map(has_shrunk));
    judged.notes.extend(Calendar::built_in().ends_soon(as_of).map(calendar_ends));
    judged.gone = given.baseline.as_ref().map(|baseline| baseline.apply(&mut judged.findings));
    count(&mut judged, plan, questions, &parties, told, &shared, &heard)?;
    judged.findings.sort_by(canonical);
    judged.panics.sort();
    judged.panics.dedup();
    Ok(judged)
}

/// First pass: site facts of every party.
fn fold<'p>(
    plan: &'p Plan,
    material: &dyn Material,
    renderings: &mut renderings::Renderings,
) -> Result<(parties::Fold<'p>, Ends)> {
    let mut ends = Ends::default();
    let mut fold = parties::Fold::new(plan, material.info(), material.shelf());
    material.for_each_state(&mut |state| {
        fold.add_end(&state);
        ends.add(&state);
        Ok(())
    })?;
    material.for_each_page(&mut |page| {
        if is_subject(&page, &ends) {
            fold.add_page(&page);
            renderings.add(&page);
        }
        Ok(())
    })?;
    material.for_each_file(&mut |file| {
        fold.add_file(&file);
        Ok(())
    })?;
    fold.add_probes(&material.probes()?);
    Ok((fold, ends))
}

/// The site as a whole, with nothing judged: what a snapshot of history is made of.
pub fn whole_site(plan: &Plan, material: &dyn Material) -> Result<Rc<Site>> {
    let (fold, ends) = fold(plan, material, &mut renderings::Renderings::default())?;
    Ok(fold.finish(&[], &ends).1)
}

/// The site of each unit of the plan, in its order, with nothing judged: what proposals of columns are made of.
pub fn unit_sites(plan: &Plan, material: &dyn Material) -> Result<Vec<(String, std::rc::Rc<Site>)>> {
    let (fold, ends) = fold(plan, material, &mut renderings::Renderings::default())?;
    let (parties, _) = fold.finish(&[], &ends);
    Ok(parties.into_iter().filter(|party| party.unit.is_some()).map(|party| (party.id, party.site)).collect())
}

/// What to do when the calendar of working days runs out.
pub fn calendar_ends(end: jiff::civil::Date) -> Text {
    Text {
        zh: format!("工作日历只到 {end}：请按国务院办公厅下一年节假日安排的通知补充，否则此后以工作日计的期限无法判断"),
        en: format!(
            "The calendar of working days ends on {end}: add the State Council's notice for the next year, or limits in working days cannot be told beyond it"
        ),
    }
}

/// Said of a run that got far fewer pages than the one before.
fn has_shrunk((before, now): (u64, u64)) -> Text {
    let less = before.saturating_sub(now) * 100 / before.max(1);
    Text {
        zh: format!(
            "本次只取得 {now} 页，上次 {before} 页，少了 {less}%：多半是抓取受阻，不是网页消失；缺少的内容不作为问题判断。请查明原因后重新抓取"
        ),
        en: format!(
            "Only {now} pages were obtained, {before} the time before, {less}% fewer: more likely the crawl was hindered than the pages are \
             gone, and nothing missing is held against the site. Find out why and crawl again"
        ),
    }
}

/// What answered 200 and is no challenge is a page; anything else shows nothing of the site.
fn is_subject(page: &Page, ends: &Ends) -> bool {
    page.status == 200 && !ends.is_challenged(&page.url)
}

/// The answers of one party, and the subjects of its findings by fingerprint.
type Told = (answers::Answers, BTreeMap<String, BTreeSet<String>>);

/// Closes the tallies, now that it is known which failures are waived and which are a template's.
fn count(
    judged: &mut Judged,
    plan: &Plan,
    questions: &[questions::Question<'_>],
    parties: &[parties::Party],
    told: Vec<Told>,
    shared: &BTreeSet<String>,
    heard: &confirmation::Heard,
) -> Result<()> {
    let waived: BTreeSet<(String, String)> = judged
        .findings
        .iter()
        .filter(|finding| finding.state.as_deref() == Some("waived"))
        .map(|finding| (finding.fingerprint.clone(), finding.unit.clone()))
        .collect();
    for (party, (answers, subjects)) in parties.iter().zip(told) {
        let end = |failure: &answers::Failure<'_>| {
            let is_shared = shared.contains(failure.print);
            let unit = if is_shared { &plan.operator } else { &party.id };
            let is_in =
                |set: &BTreeSet<(String, String)>| !set.is_empty() && set.contains(&(failure.print.to_owned(), unit.clone()));
            answers::End {
                waived: is_in(&waived),
                confirmed: is_in(&heard.confirmed),
                rejected: is_in(&heard.rejected),
                elsewhere: is_shared && party.id != plan.operator,
            }
        };
        let around = answers::Around { plan, questions, bounds: &party.bounds };
        let mut tallies = answers.close(&around, &end)?;
        for bound in &party.bounds {
            let tally = tallies.remove(bound).unwrap_or_default();
            judged.tallies.insert((*bound, party.id.clone()), tally);
        }
        for (print, subjects) in subjects {
            let unit = if shared.contains(&print) { &plan.operator } else { &party.id };
            let keys = judged.subject_keys.entry((print, unit.clone())).or_default();
            keys.extend(subjects);
            keys.sort();
            keys.dedup();
        }
    }
    Ok(())
}

/// Canonical order of findings: severity (veto first), rule, url, fingerprint, unit.
fn canonical(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let key = |f: &Finding| (std::cmp::Reverse(f.severity), f.rule.clone(), f.url.clone(), f.fingerprint.clone(), f.unit.clone());
    key(a).cmp(&key(b))
}

fn identity(site: &Site) -> SiteIdentity {
    let platform = site.platform.as_ref().map(|(platform, ..)| platform.word().to_owned());
    let Some(home) = site.home.as_deref() else { return SiteIdentity { platform, ..SiteIdentity::default() } };
    let filled = |text: &str| Some(text.to_owned()).filter(|t| !t.trim().is_empty());
    SiteIdentity {
        platform,
        name: home.meta("SiteName").and_then(filled).or_else(|| filled(home.title())),
        site_id_code: home.footer.site_id_code.clone().or_else(|| home.meta("SiteIDCode").and_then(filled)),
    }
}
