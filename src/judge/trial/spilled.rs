//! What goes over a shelf on disk is judged as what stays in memory.

use super::*;
use crate::facts::probes::Probes;
use crate::facts::site::UrlState;
use crate::facts::{File, Page};
use crate::judge::{Material, RunInfo};
use crate::shelf::Shelf;

/// Every place that refers to a target, as it is.
#[derive(Deserialize, serde::Serialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Referred {}
impl Rule for Referred {
    type Subject = LinkTarget;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];
    fn observe(&self, target: &LinkTarget, _: &Context<'_>) -> Vec<Observation> {
        let mut observation = Observation::failed("referred").with("pages", target.pages as i64).count(target.occurrences);
        for (n, source) in target.sources.iter().enumerate() {
            let shown = format!("{:?} {} {:?} {:?}", source.role, source.raw, source.region, source.hidden);
            observation = observation.prove(&format!("{n:02}"), shown).seen(Location {
                selector: Some(source.selector.to_string()),
                line: source.line,
                text: Some(source.text.to_string()),
                ..Location::page(&source.page)
            });
        }
        vec![observation]
    }
}

/// A run whose judgement is put on disk as soon as there is any of it.
struct OnDisk<'a>(&'a Memory, &'a Path);

impl Material for OnDisk<'_> {
    fn info(&self) -> &RunInfo {
        self.0.info()
    }
    fn for_each_page(&self, visit: &mut dyn FnMut(Page) -> crate::error::Result<()>) -> crate::error::Result<()> {
        self.0.for_each_page(visit)
    }
    fn for_each_state(&self, visit: &mut dyn FnMut(UrlState) -> crate::error::Result<()>) -> crate::error::Result<()> {
        self.0.for_each_state(visit)
    }
    fn for_each_file(&self, visit: &mut dyn FnMut(File) -> crate::error::Result<()>) -> crate::error::Result<()> {
        self.0.for_each_file(visit)
    }
    fn probes(&self) -> crate::error::Result<Probes> {
        self.0.probes()
    }
    fn shelf(&self) -> Shelf {
        Shelf::in_folder(self.1).with_bound(1)
    }
}

#[test]
fn the_same_is_found_over_a_shelf_on_disk() {
    let mut plan = plan(vec![
        (judgement("word", json!({})), "error"),
        (judgement("word", json!({ "word": "甲", "suspected": true })), "warning"),
        (judgement("referred", json!({})), "warning"),
        (judgement("dead", json!({})), "error"),
    ]);
    plan.units = vec![unit("portal", None), unit("gaj", Some("/gaj"))];
    plan.operator = "portal".into();
    let mut pages = Vec::new();
    for n in 0..140 {
        let place = if n % 3 == 0 { "/gaj" } else { "/a" };
        let mut page = page(&format!("{place}/{n}"), if n % 7 == 0 { "甲错" } else { "错" });
        page.links = vec![link("/menu", Region::Header), link(&format!("/gone/{}", n % 5), Region::Main)];
        page.links.push(Link { hidden: Some("style".into()), times: 3, ..link("/menu", Region::Main) });
        page.links.push(Link { role: Role::Guess, ..link("/script", Region::Unknown) });
        for (at, link) in page.links.iter_mut().enumerate() {
            link.text = format!("第{}条", n % 4);
            link.selector = format!("#m>a:nth-of-type({at})");
            link.line = (n % 2 == 0).then_some(n);
        }
        pages.push(page);
    }
    let mut memory = memory(pages);
    (0..5).for_each(|n| memory.add_status(&url(&format!("/gone/{n}")), 404, 2));
    let folder = tempfile::tempdir().expect("a folder");
    let entry = |id: &str| ENTRIES.iter().find(|e| e.id == id).expect("is one of ours");
    let told = |material: &dyn Material| {
        let gathered = &material.info().gatherings;
        let questions: Vec<Question<'_>> =
            plan.judgements.iter().map(|j| Question::with(j, entry(&j.rule), gathered).expect("loads")).collect();
        answer(&plan, material, &Given::default(), &questions, &mut |_| ()).expect("judges")
    };
    let (plain, spilled) = (told(&memory), told(&OnDisk(&memory, folder.path())));
    assert!(plain.findings.len() > 10, "{}", plain.findings.len());
    let menu = plain.findings.iter().find(|f| f.rule == "referred" && f.url == url("/menu")).expect("is referred to");
    assert_eq!((menu.locations.len(), menu.evidence.len()), (50, 50), "the first fifty of each unit's pages");
    assert_eq!(plain.findings, spilled.findings);
    assert_eq!((&plain.tallies, &plain.subject_keys), (&spilled.tallies, &spilled.subject_keys));
    assert_eq!(folder.path().read_dir().expect("reads").count(), 0, "nothing is left behind");
}

#[test]
fn a_disk_that_takes_nothing_is_no_judgement() {
    let plan = plan(vec![(judgement("word", json!({})), "error")]);
    let memory = memory(vec![page("/a", "错")]);
    let gone = Path::new("/nonexistent/folder");
    let questions = vec![Question::with(&plan.judgements[0], &ENTRIES[0], &memory.info().gatherings).expect("loads")];
    assert!(answer(&plan, &OnDisk(&memory, gone), &Given::default(), &questions, &mut |_| ()).is_err());
    // Not even when only the places of links are lost.
    let mut linked = page("/a", "好");
    linked.links = vec![link("/b", Region::Main)];
    let memory = super::memory(vec![linked]);
    assert!(answer(&plan, &OnDisk(&memory, gone), &Given::default(), &questions, &mut |_| ()).is_err());
}
