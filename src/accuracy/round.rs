//! One round: grow a site, plant, dress, read, judge, compare.

use super::bureau::{Address, Bureau, PageModel, Sent};
use super::ground::{self, Ground};
use super::manner::Writer;
use super::plant::{self, Plant, Planted, Speaker, What};
use super::random::Random;
use super::source::Source;
use super::{Options, Tally};
use crate::error::{Error, Result};
use crate::exchange::Gathering;
use crate::facts::links::Role;
use crate::facts::probes::{Probes, RandomPath};
use crate::facts::site::{Look, UrlState};
use crate::facts::{File, Page};
use crate::finding::Finding;
use crate::judge::memory::Memory;
use crate::judge::{Given, judge_with};
use crate::unfetched::Reason;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// What a round showed.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// By rule.
    pub rules: BTreeMap<String, Tally>,
    /// Pages read.
    pub pages: u64,
    /// What went wrong, in words.
    pub wrong: Vec<String>,
}

/// Rounds that share a site: what they plant differs, and pages that no plant changes are read once.
pub const ON_ONE_SITE: u64 = 6;

/// Runs a round on its site.
pub fn run(options: &Options, number: u64, source: &Source, ground: &Ground) -> Result<Outcome> {
    let mut random = Random::new(options.seed ^ 0x5EED).fork(number + 1);
    let plants = &source.plants;
    let mut bureau = ground.bureau.clone();
    let mut planted = sow(number, plants, ground.manner.word(), &mut bureau, &mut random)?;
    for one in &planted {
        let plant = &plants[one.plant];
        let place = one.at.first().map_or("the site", String::as_str);
        tracing::debug!("round {number}: {}: {} at {place}", plant.rule, plant.heading);
    }
    let writer = Writer::new(ground.manner, &source.templates[ground.manner.at()])?;
    // What a page shows, its later pages show, too.
    for one in &mut planted {
        let later: Vec<String> =
            one.at.iter().filter_map(|at| bureau.pages.get(at)).flat_map(|page| writer.later(page)).collect();
        one.at.extend(later);
    }
    let written = writer.write(&bureau)?;
    if let Some(folder) = &options.keep {
        keep(&folder.join(format!("round-{number}")), &written)?;
    }
    let memory = read(&bureau, written, ground)?;
    let history = plant::history(&bureau)?;
    let given = Given { history, ..Given::default() };
    let address = Address { host: &bureau.host, https: bureau.https };
    let moved = (bureau.host != ground.bureau.host).then(|| ground::plan(address, &bureau.kind, bureau.as_of, source));
    let judged = judge_with(moved.transpose()?.as_ref().unwrap_or(&ground.plan), &memory, &given)?;
    let mut outcome = compare(plants, &planted, &judged.findings, &bureau.origin());
    outcome.pages = memory.pages().len() as u64;
    for text in judged.panics {
        outcome.wrong.push(format!("panic: {text}"));
    }
    let place = format!("round {number} ({}, {}, {})", ground.manner.word(), bureau.kind, bureau.as_of);
    outcome.wrong.iter_mut().for_each(|text| text.insert_str(0, &format!("{place}: ")));
    Ok(outcome)
}

/// Writes pages where a person (or `xuncha audit`) can open them.
fn keep(folder: &Path, written: &[(String, String)]) -> Result<()> {
    for (path, html) in written {
        let name = path.trim_start_matches('/').replace(['?', '&', '='], "-");
        let name = if name.is_empty() || name.ends_with('/') { format!("{name}index.html") } else { name };
        let file = folder.join(name);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
        }
        std::fs::write(&file, html).map_err(|e| Error::io(&file, e))?;
    }
    Ok(())
}

/// Puts one fault and one near-miss of every rule into the site, where they fit; those of one rule take turns over the rounds. Plants
/// that touch the whole site share it only when they touch different parts.
fn sow(number: u64, plants: &[Plant], manner: &str, bureau: &mut Bureau, random: &mut Random) -> Result<Vec<Planted>> {
    let mut rules: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, plant) in plants.iter().enumerate() {
        let day = plant.what.after.as_deref().map(|day| format!("{}-{day}", bureau.as_of.year()));
        let here = plant.what.manners.is_empty() || plant.what.manners.iter().any(|word| word == manner);
        if !here || day.is_some_and(|day| bureau.as_of.to_string() < day) {
            continue;
        }
        let kind = plant.what.kinds.is_empty() || plant.what.kinds.contains(&bureau.kind);
        if kind && plant.what.https.is_none_or(|https| https == bureau.https) {
            let (faults, near) = rules.entry(plant.rule).or_default();
            if plant.near { near.push(at) } else { faults.push(at) }
        }
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // Columns whose entries take nothing more.
    let mut closed: BTreeSet<String> = BTreeSet::new();
    let mut touched: BTreeSet<String> = BTreeSet::new();
    // Lists of which it matters what an earlier run saw: one plant each.
    let mut seen_before: BTreeSet<String> = BTreeSet::new();
    let mut planted = Vec::new();
    let mut speaker = Speaker::new(random.fork(99));
    let mut order: Vec<&str> = rules.keys().copied().collect();
    random.shuffle(&mut order);
    // The choice stays for two rounds, so that a fault and a near-miss that cannot share a site both come in.
    let choose = |rule: &str, list: &[usize]| {
        let turn = Random::new(xxhash_rust::xxh3::xxh3_64(rule.as_bytes())).fork(number / 2).below(list.len());
        list.get(turn).copied()
    };
    // A site on another host is another site: only every other pair of rounds has one.
    let may_move = (number / 2).is_multiple_of(2);
    let places = |plant: &Plant| match plant.what.on.as_str() {
        "site" => 0,
        _ => bureau.pages.values().filter(|page| plant::fits(&plant.what, page, &bureau.kind)).count(),
    };
    // What a plant says of the host has to be of the host that the site is to have; those that fit in few places choose first, and whole
    // columns before their entries are taken.
    let rank = |rule: &&str| {
        let chosen: Vec<usize> =
            rules.get(rule).into_iter().flat_map(|(faults, near)| [choose(rule, faults), choose(rule, near)]).flatten().collect();
        let any = |is: &dyn Fn(&What) -> bool| chosen.iter().any(|at| is(&plants[*at].what));
        if any(&|what| what.host.is_some()) {
            return (0, 0);
        }
        let fewest = chosen.iter().map(|at| places(&plants[*at])).min().unwrap_or_default();
        match fewest {
            0..=8 => (1, fewest),
            _ if any(&|what| takes_rows(what) || what.drop_newest_reports) => (2, fewest),
            _ => (3, fewest),
        }
    };
    order.sort_by_cached_key(rank);
    for rule in order {
        let Some((faults, near)) = rules.get(rule) else { continue };
        let chosen = [choose(rule, faults), choose(rule, near)];
        // A site-wide fault and the near-miss of the same part would undo one another, and there is one home page: they take turns.
        let turns = chosen.into_iter().flatten().any(|at| matches!(plants[at].what.on.as_str(), "site" | "home"))
            || matches!(chosen, [Some(a), Some(b)] if shares(&plants[a].what.touches, |part| plants[b].what.touches.contains(part)));
        // Where there is one page for both, the one that comes first takes it: each is first in every other round.
        let mut both = [(chosen[0], 0), (chosen[1], 1)];
        if !number.is_multiple_of(2) {
            both.reverse();
        }
        for (at, turn) in both {
            let Some(at) = at.filter(|_| !turns || number % 2 == turn) else { continue };
            let plant = &plants[at];
            if plant.what.host.is_some() && !may_move {
                continue;
            }
            let mut touches = plant.what.touches.clone();
            // Plants that name their part share the home page.
            if plant.what.on == "home" && touches.is_empty() {
                touches.push("home".to_owned());
            }
            // A run has one history.
            touches.extend(plant.what.history.as_ref().map(|_| "history".to_owned()));
            if shares(&touches, |part| touched.contains(part)) {
                continue;
            }
            if plant.what.on == "site" {
                touched.extend(touches);
                planted.push(plant::put(at, plant, bureau, None, &mut speaker)?);
                continue;
            }
            let kind = bureau.kind.clone();
            let free: Vec<String> = bureau
                .pages
                .values()
                .filter(|page| plant::fits(&plant.what, page, &kind) && !taken.contains(&page.path))
                .filter(|page| page.crumbs.iter().all(|(_, path)| !closed.contains(path)))
                .filter(|page| {
                    plant::concerned(&plant.what, page, bureau).is_some_and(|all| all.iter().all(|path| !taken.contains(path)))
                })
                .filter(|page| !takes_rows(&plant.what) || !holds_taken(bureau, page, &taken))
                .filter(|page| {
                    plant.what.earlier_run.is_none() || !page.crumbs.iter().any(|(_, list)| seen_before.contains(list))
                })
                .map(|page| page.path.clone())
                .collect();
            let Some(path) = free.get(random.below(free.len())) else { continue };
            touched.extend(touches);
            if plant.what.on != "home" {
                taken.insert(path.clone());
            }
            if plant.what.earlier_run.is_some() {
                seen_before.extend(bureau.pages.get(path).and_then(|page| page.crumbs.last()).map(|(_, list)| list.clone()));
            }
            let concerned = bureau.pages.get(path).and_then(|page| plant::concerned(&plant.what, page, bureau));
            taken.extend(concerned.into_iter().flatten());
            // A column whose entries change, or whose name in their trails, gives them to nobody else; any other change leaves them alone.
            if plant.what.on == "column" && (takes_rows(&plant.what) || plant.what.title.is_some()) {
                closed.insert(path.clone());
            }
            if takes_rows(&plant.what)
                && let Some(page) = bureau.pages.get(path)
            {
                taken.extend(page.rows.iter().map(|row| row.path.clone()));
            }
            let known: BTreeSet<String> = bureau.pages.keys().cloned().collect();
            let put = plant::put(at, plant, bureau, Some(path), &mut speaker)?;
            // A page that was moved in time has another address.
            taken.extend(put.pages.iter().filter(|_| plant.what.on != "home").cloned());
            taken.extend(bureau.pages.keys().filter(|path| !known.contains(*path)).cloned());
            planted.push(put);
        }
    }
    Ok(planted)
}

/// Does it change what becomes of the entries of its column, or is it about what the column holds?
fn takes_rows(what: &What) -> bool {
    what.drop
        || what.on == "column" && !what.remove.is_empty()
        || what.rows.is_some()
        || what.rows_age.is_some()
        || what.rows_files.is_some()
        || !what.rows_ages.is_empty()
        || what.elsewhere.is_some()
        || what.under.is_some()
}

/// Has anything in the list or below the page been taken by another plant?
fn holds_taken(bureau: &Bureau, page: &PageModel, taken: &BTreeSet<String>) -> bool {
    page.rows.iter().any(|row| taken.contains(&row.path))
        || taken.iter().filter_map(|path| bureau.pages.get(path)).any(|p| p.crumbs.iter().any(|(_, path)| *path == page.path))
}

fn shares(parts: &[String], has: impl Fn(&String) -> bool) -> bool {
    parts.iter().any(has)
}

/// The site as the crawl would have seen it.
fn read(bureau: &Bureau, written: Vec<(String, String)>, ground: &Ground) -> Result<Memory> {
    let at = ground.at;
    let mut memory = Memory::new(at);
    let absolute = |path: &str| ground::absolute(bureau, path);
    let mut pages: Vec<Page> = Vec::with_capacity(written.len());
    let mut ends: BTreeMap<CanonicalUrl, &str> = BTreeMap::new();
    for (url, end) in &bureau.ends {
        ends.insert(absolute(url)?, end);
    }
    let as_written = Sent::default();
    for (path, html) in written {
        // What ends in another way is no page, though lists still lead there.
        if !ends.contains_key(&absolute(&path)?) {
            let sent = bureau.pages.get(&path).map_or(&as_written, |page| &page.sent);
            let asked = bureau.elapsed.get(&path).or_else(|| bureau.elapsed.get("")).filter(|times| !times.is_empty());
            let elapsed = asked.map(|times| times[pages.len() % times.len()]);
            pages.extend(ground.page(bureau, &path, html, sent)?.map(|mut page| {
                page.transport.elapsed = elapsed.or(page.transport.elapsed);
                page
            }));
        }
    }
    count_hops(&mut pages, &absolute("/")?);
    let own: BTreeSet<CanonicalUrl> = pages.iter().map(|page| page.url.clone()).collect();
    let targets: BTreeSet<CanonicalUrl> = pages
        .iter()
        .flat_map(|page| &page.links)
        .filter_map(|link| link.target.clone())
        .chain(ends.keys().cloned())
        .filter(|url| !own.contains(url))
        .collect();
    let mut probes = probes(bureau)?;
    for (path, same) in &bureau.random_paths {
        let (url, wanted) = (absolute("/xuncha-3f9a1c.html")?, absolute(path)?);
        if let Some(page) = pages.iter().find(|page| page.url == wanted) {
            let digest = if *same { page.digest.clone() } else { String::new() };
            let (title, simhash) = (page.document.title.clone(), page.simhash.map_or(0, |print| print.hash));
            probes.random_paths.push(RandomPath { url, status: 200, landed: None, digest, title, simhash });
        }
    }
    pages.into_iter().for_each(|page| memory.add_page(page));
    for url in targets {
        let end = ends.get(&url).copied().unwrap_or("200");
        memory.add_state(state(&url, end, at)?);
    }
    memory.info_mut().gatherings.push(Gathering::Attachments);
    for (path, facts) in &bureau.files {
        if !facts.is_empty() {
            memory.add_file(file(absolute(path)?, facts)?);
        }
    }
    let gathered = [
        (Gathering::RandomPath, !probes.random_paths.is_empty()),
        (Gathering::SecondProfile, !probes.second_profiles.is_empty()),
        (Gathering::Certificate, !probes.certificates.is_empty()),
        (Gathering::Aaaa, !probes.addresses.is_empty()),
        (Gathering::Search, !probes.searches.is_empty()),
        (Gathering::SecurityTxt, !probes.security.is_empty()),
    ];
    memory.info_mut().gatherings.extend(gathered.into_iter().filter(|(_, done)| *done).map(|(gathering, _)| gathering));
    *memory.probes_mut() = probes;
    Ok(memory)
}

fn probes(bureau: &Bureau) -> Result<Probes> {
    toml::from_str(&bureau.probes).map_err(|e| Error::Internal(format!("probes of a plant: {e}")))
}

/// Sets how many links each page is away from the home page; one that no link leads to stays where it was.
fn count_hops(pages: &mut [Page], home: &CanonicalUrl) {
    let places: BTreeMap<CanonicalUrl, usize> = pages.iter().enumerate().map(|(at, page)| (page.url.clone(), at)).collect();
    let mut hops: Vec<Option<u32>> = vec![None; pages.len()];
    let mut next: VecDeque<usize> = places.get(home).copied().into_iter().collect();
    next.iter().for_each(|at| hops[*at] = Some(0));
    while let Some(at) = next.pop_front() {
        let below = hops[at].unwrap_or_default() + 1;
        for target in pages[at].links.iter().filter(|l| l.role == Role::Anchor).filter_map(|l| places.get(l.target.as_ref()?)) {
            if hops[*target].is_none() {
                hops[*target] = Some(below);
                next.push_back(*target);
            }
        }
    }
    pages.iter_mut().zip(hops).for_each(|(page, hops)| page.hops = hops.unwrap_or(page.hops));
}

/// How a target that is no page ended. A status, the word of a reason or `> URL` for a redirect is one look, several stand side by side;
/// a single one that is neither 200 nor a redirect was looked at twice.
fn state(url: &CanonicalUrl, end: &str, at: jiff::Timestamp) -> Result<UrlState> {
    let answered = |status, redirect| Look::Answered { status, redirect, media_type: None, challenge: None, at };
    let wrong = |word: &str| Error::Internal(format!("{end}: {word} is no end"));
    let mut looks: Vec<Look> = Vec::new();
    let mut words = end.split_whitespace();
    while let Some(word) = words.next() {
        looks.push(match word.parse::<u16>() {
            Ok(status) => answered(status, None),
            Err(_) if word == ">" => {
                let target = words.next().ok_or_else(|| wrong(word))?;
                let target = url.join(target, encoding_rs::UTF_8).map_err(|_| wrong(target))?;
                answered(302, Some(target))
            }
            Err(_) => {
                let reason = Reason::of_word(word).ok_or_else(|| wrong(word))?;
                Look::Unfetched { reason, detail: String::new(), attempts: 1, at }
            }
        });
    }
    if let [look] = looks.as_slice()
        && end != "200"
        && !end.starts_with('>')
    {
        looks.push(look.clone());
    }
    Ok(UrlState { url: url.clone(), gathering: Gathering::LinkCheck, hops: 1, via: None, looks })
}

/// A file's facts as written; what is not written has its plain value.
fn file(url: CanonicalUrl, facts: &str) -> Result<File> {
    let extension = url.extension().unwrap_or_default();
    let wrong = |e: &dyn std::fmt::Display| Error::Internal(format!("file of a plant: {e}"));
    let plain = serde_json::json!({
        "url": url, "via": null, "name": format!("附件.{extension}"), "extension": extension, "media_type": null, "served_name": null,
        "bytes": 20480, "digest": "", "kind": extension, "reading": "read", "text": [], "tables": [], "pages": null,
        "scanned_pages": null, "entries": [], "cut": false,
    });
    let mut all = plain.as_object().cloned().unwrap_or_default();
    let given: serde_json::Map<String, serde_json::Value> = toml::from_str(facts).map_err(|e| wrong(&e))?;
    all.extend(given);
    serde_json::from_value(all.into()).map_err(|e| wrong(&e))
}

/// Holds what was reported against what was planted.
fn compare(plants: &[Plant], planted: &[Planted], findings: &[Finding], origin: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut hit = vec![false; planted.len()];
    for finding in findings {
        let mut explained = false;
        let mut near = None;
        for (index, one) in planted.iter().enumerate() {
            let plant = &plants[one.plant];
            let own = plant.rule == finding.rule;
            if !own && !plant.what.also.contains(&finding.rule) {
                continue;
            }
            let of_list =
                || finding.url.as_str().strip_prefix(origin).is_some_and(|path| one.lists.iter().any(|list| list == path));
            if !shows(one, finding, origin) && (own || !of_list()) {
                continue;
            }
            // What another rule rightly says of a near-miss is no alarm either.
            if plant.near && own {
                near = Some(plant);
            } else {
                explained = true;
                hit[index] |= own;
            }
        }
        if explained {
            continue;
        }
        let tally = outcome.rules.entry(finding.rule.clone()).or_default();
        let why = match near {
            Some(plant) => {
                tally.near_alarms += 1;
                format!("near-miss reported ({})", plant.heading)
            }
            None => {
                tally.alarms += 1;
                "nobody planted this".to_owned()
            }
        };
        outcome.wrong.push(format!("{}: {why}: {} {}", finding.rule, finding.url, finding.message.en));
    }
    for (one, hit) in planted.iter().zip(hit) {
        let plant = &plants[one.plant];
        let tally = outcome.rules.entry(plant.rule.to_owned()).or_default();
        if plant.near {
            tally.near += 1;
            continue;
        }
        tally.planted += 1;
        tally.found += u64::from(hit);
        if !hit {
            outcome.wrong.push(format!(
                "{}: missed ({}) at {}",
                plant.rule,
                plant.heading,
                one.at.first().map_or("the site", String::as_str)
            ));
        }
    }
    outcome
}

/// Is this finding about that plant's place?
fn shows(planted: &Planted, finding: &Finding, origin: &str) -> bool {
    let here = |url: &CanonicalUrl| {
        let is = |at: &String| url.as_str() == at || url.as_str().strip_prefix(origin).is_some_and(|path| path == at);
        planted.at.is_empty() || planted.at.iter().any(is)
    };
    let placed = here(&finding.url) || finding.locations.iter().any(|location| here(&location.url));
    let quoted = planted.text.as_deref().is_none_or(|text| {
        finding.message.zh.contains(text)
            || finding.evidence.values().any(|value| value.contains(text))
            || finding.locations.iter().any(|l| l.text.as_deref().is_some_and(|t| t.contains(text)))
    });
    placed && quoted
}
