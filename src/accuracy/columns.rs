//! How often columns are proposed rightly: generated units in four manners, alone and under paths of a platform, whose columns are
//! known; and what the office's workbook makes of the proposals.

mod cycle;
mod vary;

use super::bureau::{Bureau, grow};
use super::ground;
use super::manner::{Manner, Writer};
use super::random::Random;
use super::source::Source;
use crate::checklist::columns::ColumnBook;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::facts::page;
use crate::facts::site::{Look, UrlState};
use crate::judge::{self, memory::Memory};
use crate::plan::{self, Plan, Request, Target, Unit};
use crate::registry::propose::{Line, MOST_OF_ALIKE, Required, SURE, Seen, propose};
use crate::scope::{Scope, ScopeRule};
use crate::url::CanonicalUrl;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Units that share a platform, of every ten.
const ON_A_PLATFORM: u64 = 4;
/// Kinds of body that take turns.
const KINDS: [&str; 3] = ["public-security-bureau", "civil-air-defence-office", "county-government"];
/// Day of the crawl.
const DAY: Date = date(2026, 6, 18);
/// Wrongs kept in words.
const MOST_WRONG: usize = 2_000;

/// A column as it was grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Id in the book; none: no duty names it.
    pub column: Option<String>,
    /// Name on the site.
    pub name: String,
    /// How the name was made.
    pub naming: &'static str,
}

/// What was counted of one way of naming, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Columns grown.
    pub columns: u64,
    /// Proposed rightly.
    pub right: u64,
    /// Of these, as being only alike.
    pub right_unsure: u64,
    /// Proposed wrongly, as being only alike.
    pub wrong_unsure: u64,
    /// Proposed wrongly.
    pub wrong: u64,
    /// Not proposed.
    pub missing: u64,
}

impl Count {
    /// Share of columns proposed rightly; 1 without columns.
    pub fn share(&self) -> f64 {
        if self.columns == 0 { 1.0 } else { self.right as f64 / self.columns as f64 }
    }

    fn add(&mut self, other: &Count) {
        self.columns += other.columns;
        self.right += other.right;
        self.right_unsure += other.right_unsure;
        self.wrong_unsure += other.wrong_unsure;
        self.wrong += other.wrong;
        self.missing += other.missing;
    }
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Units grown.
    pub units: u64,
    /// Of these, under paths of a platform.
    pub on_platforms: u64,
    /// Pages read.
    pub pages: u64,
    /// By manner and by way of naming.
    pub counts: BTreeMap<(&'static str, &'static str), Count>,
    /// Proposals sure enough for an office to confirm at a glance that are wrong.
    pub sure_and_wrong: u64,
    /// What the workbook made of them.
    pub cycle: cycle::Cycle,
    /// What went wrong, in words.
    pub wrongs: Vec<String>,
}

impl Measured {
    /// All together.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.counts.values().for_each(|count| total.add(count));
        total
    }

    /// What does not hold of what is promised, in words.
    pub fn shortfalls(&self) -> Vec<String> {
        const LEAST: f64 = 0.95;
        let total = self.total();
        let mut all = Vec::new();
        if total.share() < LEAST {
            all.push(format!("columns proposed rightly: {} of {}", total.right, total.columns));
        }
        if self.sure_and_wrong + self.cycle.confirmed_wrongly > 0 {
            all.push(format!(
                "confirmed wrongly: {} at a glance, {} in the workbook",
                self.sure_and_wrong, self.cycle.confirmed_wrongly
            ));
        }
        if self.cycle.lost > 0 {
            all.push(format!("lost between two imports: {}", self.cycle.lost));
        }
        all
    }

    /// The figures as a page.
    pub fn page(&self, seed: u64) -> String {
        let total = self.total();
        let mut text = format!(
            "# Columns proposed\n\nMade by `xuncha accuracy --columns {}`; same seed, same figures. Seed {seed}, {} units in four CMS manners, {} of \
             them under paths of platforms, {} pages read.\n\n",
            self.units, self.units, self.on_platforms, self.pages
        );
        text.push_str("| naming | manner | columns | right | of these unsure | wrong, unsure | wrong | missing | share |\n");
        text.push_str("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        let mut row = |naming: &str, manner: &str, count: &Count| {
            let Count { columns, right, right_unsure, wrong_unsure, wrong, missing } = count;
            let share = count.share() * 100.0;
            text.push_str(&format!(
                "| {naming} | {manner} | {columns} | {right} | {right_unsure} | {wrong_unsure} | {wrong} | {missing} | {share:.2} % |\n"
            ));
        };
        let mut namings: Vec<&str> = self.counts.keys().map(|(_, naming)| *naming).collect();
        namings.sort_unstable();
        namings.dedup();
        for naming in namings {
            let mut all = Count::default();
            self.counts.iter().filter(|((_, of), _)| *of == naming).for_each(|(_, count)| all.add(count));
            row(naming, "all", &all);
        }
        for manner in Manner::ALL {
            let mut all = Count::default();
            self.counts.iter().filter(|((of, _), _)| *of == manner.word()).for_each(|(_, count)| all.add(count));
            row("all", manner.word(), &all);
        }
        row("all", "all", &total);
        let cycle = &self.cycle;
        text.push_str(&format!(
            "\n- Proposals of confidence {SURE} or more that are wrong, so that confirming them at a glance would be: {}.\n\
             - The workbook of all units has {} rows. Imported as it was: {} bindings, {} of them confirmed.\n\
             - Corrected to the truth and imported: {} confirmed, {} of them wrongly. Proposed, exported and imported again: {} lost or changed.\n",
            self.sure_and_wrong, cycle.rows, cycle.untouched, cycle.confirmed_untouched, cycle.confirmed, cycle.confirmed_wrongly, cycle.lost
        ));
        text
    }
}

/// What one host showed.
struct Outcome {
    units: u64,
    platform: bool,
    pages: u64,
    counts: BTreeMap<(&'static str, &'static str), Count>,
    sure_and_wrong: u64,
    wrongs: Vec<String>,
    lines: Vec<Line>,
    truths: cycle::Truths,
}

/// Grows and reads so many units, and counts. The figures do not depend on the number of processors.
pub fn measure(seed: u64, units: Range<u64>, source: &Source, progress: &(dyn Fn(u64) + Sync)) -> Result<Measured> {
    let hosts = hosts(units);
    let book = ColumnBook::load();
    let trees: Vec<Plan> = KINDS
        .iter()
        .map(|kind| ground::plan(grow::Address { host: "www.tree.gov.cn", https: false }, kind, DAY, source))
        .collect::<Result<_>>()?;
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let outcomes: Mutex<BTreeMap<usize, Outcome>> = Mutex::new(BTreeMap::new());
    let work = || -> Result<()> {
        while let Some((at, numbers)) =
            usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|at| Some((at, hosts.get(at)?)))
        {
            let outcome = host(seed, at as u64, numbers, source, &trees, &book)?;
            let count = outcome.units;
            outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(at, outcome);
            progress(done.fetch_add(count, Ordering::Relaxed) + count);
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        hands.into_iter().try_for_each(|hand| hand.join().unwrap_or_else(|_| Err(Error::Internal("a host panicked".into()))))
    })?;
    let mut measured = Measured::default();
    let (mut lines, mut truths) = (Vec::new(), cycle::Truths::new());
    for outcome in outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values() {
        measured.units += outcome.units;
        measured.on_platforms += if outcome.platform { outcome.units } else { 0 };
        measured.pages += outcome.pages;
        measured.sure_and_wrong += outcome.sure_and_wrong;
        for (key, count) in outcome.counts {
            measured.counts.entry(key).or_default().add(&count);
        }
        let room = MOST_WRONG.saturating_sub(measured.wrongs.len());
        measured.wrongs.extend(outcome.wrongs.into_iter().take(room));
        lines.extend(outcome.lines);
        truths.extend(outcome.truths);
    }
    measured.cycle = cycle::run(&lines, &truths, &book)?;
    Ok(measured)
}

/// Which units share a host: of every ten the last four.
fn hosts(units: Range<u64>) -> Vec<Vec<u64>> {
    let mut hosts: Vec<Vec<u64>> = Vec::new();
    for unit in units {
        let shares = unit % 10 > 10 - ON_A_PLATFORM;
        match hosts.last_mut() {
            Some(host) if shares => host.push(unit),
            _ => hosts.push(vec![unit]),
        }
    }
    hosts
}

/// Grows the units of one host, reads them, and holds the proposals against what was grown.
fn host(seed: u64, at: u64, numbers: &[u64], source: &Source, trees: &[Plan], book: &ColumnBook) -> Result<Outcome> {
    let manner = Manner::ALL[at as usize % Manner::ALL.len()];
    let name = format!("www.c{at}.gov.cn");
    let address = grow::Address { host: &name, https: at.is_multiple_of(2) };
    let platform = numbers.len() > 1;
    let mut memory = Memory::new(instant()?);
    let writer = Writer::new(manner, &source.templates[manner.at()])?;
    let mut grown: Vec<(Unit, Bureau, BTreeMap<String, Truth>)> = Vec::new();
    for number in numbers {
        let mut random = Random::new(seed ^ 0xC01).fork(number + 1);
        let kind = (*number as usize + at as usize) % KINDS.len();
        let prefix = if platform { format!("/u{number}") } else { String::new() };
        let paths = |place: &grow::Place<'_>| format!("{prefix}{}", manner.path(place));
        let around = grow::Around { plan: &trees[kind], content: &source.content, paths: &paths };
        let mut bureau = grow::grow(&around, &mut random, address, KINDS[kind], DAY)?;
        if platform {
            move_home(&mut bureau, &format!("{prefix}/"));
        }
        let truth = vary::vary(&mut bureau, &mut random, book, &paths);
        for (path, html) in writer.write(&bureau)? {
            let exchange = ground::exchange(ground::absolute(&bureau, &path)?, html.into_bytes(), instant()?);
            page::read(&exchange).into_iter().for_each(|page| memory.add_page(page));
        }
        let path = platform.then(|| format!("{prefix}/"));
        let rule = ScopeRule { host: Some(name.clone()), path, ..ScopeRule::default() };
        let scope = Scope { include: vec![rule], exclude: Vec::new() };
        let unit = Unit { id: format!("unit-{number}"), name: bureau.unit.clone(), kind: Some(KINDS[kind].to_owned()), scope };
        grown.push((unit, bureau, truth));
    }
    let root = CanonicalUrl::parse(&format!("{}://{name}/", if address.https { "https" } else { "http" }))
        .map_err(|e| Error::Internal(e.to_string()))?;
    if platform {
        let links: String = numbers.iter().map(|n| format!("<li><a href=\"/u{n}/\">第{n}单位</a></li>")).collect();
        let html =
            format!("<html><head><title>政务公开平台</title></head><body><h1>政务公开平台</h1><ul>{links}</ul></body></html>");
        page::read(&ground::exchange(root.clone(), html.into_bytes(), instant()?))
            .into_iter()
            .for_each(|page| memory.add_page(page));
    }
    everything_else_answers(&mut memory)?;
    let mut request = Request::new(Target::Live(vec![root.clone()]), Config::default());
    request.units = grown.iter().map(|(unit, ..)| unit.clone()).collect();
    let plan = plan::make(request)?;
    let mut outcome = Outcome {
        units: numbers.len() as u64,
        platform,
        pages: memory.pages().len() as u64,
        counts: BTreeMap::new(),
        sure_and_wrong: 0,
        wrongs: Vec::new(),
        lines: Vec::new(),
        truths: cycle::Truths::new(),
    };
    for (id, facts) in judge::unit_sites(&plan, &memory)? {
        let (Some((unit, bureau, truth)), Some(planned)) = (grown.iter().find(|(unit, ..)| unit.id == id), plan.unit(&id)) else {
            continue;
        };
        let required: Vec<Required> =
            plan.required_columns(planned).into_iter().map(|(column, within)| Required { column, within }).collect();
        let seen = Seen {
            unit: &id,
            name: &unit.name,
            site: &name,
            kind: unit.kind.as_deref(),
            facts: &facts,
            book: &plan.book,
            required: &required,
        };
        let lines = propose(&seen);
        let mut of_url = BTreeMap::new();
        for (path, truth) in truth {
            of_url.insert(ground::absolute(bureau, path)?, truth.clone());
        }
        compare(manner.word(), &unit.name, &of_url, &lines, &mut outcome);
        outcome.truths.extend(of_url.into_iter().map(|(url, truth)| ((id.clone(), url), truth.column)));
        outcome.lines.extend(lines);
    }
    Ok(outcome)
}

fn instant() -> Result<jiff::Timestamp> {
    let day = DAY.at(4, 0, 0, 0).to_zoned(crate::clock::shanghai()).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(day.timestamp())
}

/// The home page of a unit on a platform is the root of its path.
fn move_home(bureau: &mut Bureau, to: &str) {
    if let Some(mut home) = bureau.pages.remove("/") {
        to.clone_into(&mut home.path);
        bureau.pages.insert(to.to_owned(), home);
    }
}

/// Link targets that were not grown answer.
fn everything_else_answers(memory: &mut Memory) -> Result<()> {
    let at = instant()?;
    let own: BTreeSet<&CanonicalUrl> = memory.pages().iter().map(|page| &page.url).collect();
    let links = memory.pages().iter().flat_map(|page| &page.links).filter_map(|link| link.target.as_ref());
    let targets: BTreeSet<CanonicalUrl> = links.filter(|url| !own.contains(url)).cloned().collect();
    for url in targets {
        let look = Look::Answered { status: 200, redirect: None, media_type: None, challenge: None, at };
        memory.add_state(UrlState { url, gathering: Gathering::LinkCheck, hops: 1, via: None, looks: vec![look] });
    }
    Ok(())
}

fn compare(manner: &'static str, unit: &str, truth: &BTreeMap<CanonicalUrl, Truth>, lines: &[Line], outcome: &mut Outcome) {
    let of_url: BTreeMap<&CanonicalUrl, &Line> =
        lines.iter().filter_map(|line| Some((&line.binding.as_ref()?.url, line))).collect();
    for (url, truth) in truth {
        let count = outcome.counts.entry((manner, truth.naming)).or_default();
        count.columns += 1;
        let binding = of_url.get(url).and_then(|line| line.binding.as_ref());
        let proposed = binding.and_then(|binding| binding.column.as_ref());
        let confidence = binding.map_or(0.0, |binding| binding.confidence);
        let unsure = confidence <= MOST_OF_ALIKE;
        if proposed == truth.column.as_ref() {
            count.right += 1;
            count.right_unsure += u64::from(unsure && proposed.is_some());
            continue;
        }
        match proposed {
            None => count.missing += 1,
            Some(_) if unsure => count.wrong_unsure += 1,
            Some(_) => count.wrong += 1,
        }
        outcome.sure_and_wrong += u64::from(proposed.is_some() && confidence >= SURE);
        outcome.wrongs.push(format!(
            "{manner} {unit} {url} ({}): “{}” is {}, proposed {} ({confidence})",
            truth.naming,
            truth.name,
            truth.column.as_deref().unwrap_or("no duty"),
            proposed.map_or("nothing", String::as_str),
        ));
    }
    // Whatever is proposed surely and was not grown as a column is wrong, too.
    for line in lines {
        let Some(binding) = line.binding.as_ref().filter(|binding| binding.confidence >= SURE && binding.column.is_some()) else {
            continue;
        };
        if !truth.contains_key(&binding.url) {
            outcome.sure_and_wrong += 1;
            outcome.wrongs.push(format!(
                "{manner} {unit} {}: “{}” was grown as no column, proposed {:?}",
                binding.url, binding.name, binding.column
            ));
        }
    }
}
