//! One run of one site, from its job to the store: plan, gather, judge with what is known of the past, import. Every step may be repeated:
//! after a kill the same job goes on in its folder, and what was imported is not imported again.

use super::listing::Listing;
use super::office::Office;
use super::prepare;
use super::seen::Seen;
use crate::audit::{self, Wishes};
use crate::checklist::Cadence;
use crate::config::Config;
use crate::crawl::Progress;
use crate::error::{Error, Result};
use crate::facts::Site;
use crate::judge::{self, Given, snapshot};
use crate::plan::Plan;
use crate::registry::Binding;
use crate::report::Report;
use crate::rules;
use crate::run::RunFolder;
use crate::store::Store;
use crate::store::registry::Watched;
use crate::store::runs::{Basis, Import, Imported, PageMark};
use crate::whole;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run is made of.
#[derive(Debug, Clone)]
pub struct Order {
    /// The site.
    pub site: Watched,
    /// Its cadence.
    pub cadence: Cadence,
    /// When it was begun first: its day of judgement, and how far history reaches.
    pub begun: Timestamp,
    /// Its folder.
    pub folder: PathBuf,
    /// The last full run of the site, for conditional requests.
    pub since: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug)]
pub struct Done {
    /// What was told.
    pub report: Report,
    /// What the store took; none: the site gave nothing, and a run that saw nothing says nothing of it.
    pub imported: Option<Imported>,
}

/// Runs an order.
pub async fn run(store: &Store, office: &Office, config: &Config, order: Order, progress: Arc<dyn Progress>) -> Result<Done> {
    let bindings = store.bindings(Some(order.site.no)).await?;
    let day = crate::clock::date_of(order.begun);
    let profile = store.profile().await?;
    let plan = prepare::plan(office, config, &profile, &order.site, &bindings, order.cadence, day)?;
    let wishes = Wishes { since: order.since.clone(), ..Wishes::default() };
    let given = given(store, order.site.no, order.begun.as_second()).await?;
    let folder = order.folder.clone();
    // Crawling and judging are long and partly synchronous: a thread of their own, with its own runtime.
    let judged = tokio::task::spawn_blocking(move || -> Result<Judged> {
        let run = audit::gather(&plan, &folder, &wishes, &*progress)?;
        Judged::of(plan, run, &wishes, given, &bindings)
    });
    let judged = judged.await.map_err(|e| Error::Internal(format!("a run panicked: {e}")))??;
    write_report(&judged.audited.report, &order.folder)?;
    if judged.audited.report.coverage.fetched == 0 {
        return Ok(Done { report: judged.audited.report, imported: None });
    }
    let imported = keep(store, &order.site, Some(order.cadence), &office.vantage, Some(&order.folder), &judged).await?;
    Ok(Done { report: judged.audited.report, imported: Some(imported) })
}

/// What the office knows of a site at an instant.
pub async fn given(store: &Store, site_no: i64, until: i64) -> Result<Given> {
    let history = store.history(site_no, until).await?;
    let mut given = Given { watch: store.watch(site_no).await?, ..Given::default() };
    if let Some(history) = history {
        let text = serde_json::to_vec(&history).map_err(|e| Error::Internal(format!("history: {e}")))?;
        given.inputs.insert("history".into(), HEXLOWER.encode(&Sha256::digest(&text)));
        given.history = Some(history);
    }
    Ok(given)
}

/// A judged run with all that the store keeps of it.
#[derive(Debug)]
pub struct Judged {
    /// Report, subjects, what became of what is open.
    pub audited: audit::Audited,
    /// What daily reports speak of.
    seen: serde_json::Value,
    /// What later runs are judged with.
    earlier: crate::facts::history::EarlierRun,
    pages: Vec<PageMark>,
    listing: Option<Listing>,
    asked: BTreeSet<String>,
    asked_items: BTreeSet<(String, String)>,
    shrunk: bool,
    plan_sha256: String,
}

impl Judged {
    /// Judges a finished run folder.
    pub fn of(plan: Plan, run: RunFolder, wishes: &Wishes, given: Given, bindings: &[Binding]) -> Result<Self> {
        let info = run.info().ok_or_else(|| Error::Internal("the run folder is not finished".into()))?;
        let kept = |site: &Site| {
            (Seen::of(&plan, site, bindings), snapshot::earlier_run(info, site), Listing::of(&plan, &run, info, site))
        };
        let mut of_site = None;
        let audited = audit::tell_seeing(&plan, &run, wishes, &given, &mut |site| of_site = Some(kept(site)))?;
        let (seen, earlier, listing) = match of_site {
            Some(kept) => kept,
            // The judgement was taken over from the run before.
            None => kept(&*judge::whole_site(&plan, &run)?),
        };
        let seen = serde_json::to_value(seen).map_err(|e| Error::Internal(format!("seen: {e}")))?;
        let mut pages = Vec::new();
        run.for_each_mark(&mut |mark| {
            pages.push(PageMark { url: mark.url.to_string(), etag: mark.etag, modified: mark.modified, digest: mark.digest });
            Ok(())
        })?;
        let text = serde_json::to_vec(&plan).map_err(|e| Error::Internal(format!("plan: {e}")))?;
        Ok(Judged {
            audited,
            seen,
            earlier,
            pages,
            listing: listing?,
            asked: plan.judgements.iter().map(|judgement| judgement.rule.clone()).collect(),
            asked_items: asked_items(&plan),
            shrunk: info.shrunk.is_some(),
            plan_sha256: HEXLOWER.encode(&Sha256::digest(&text)),
        })
    }
}

/// Items that a plan asks, by checklist.
fn asked_items(plan: &Plan) -> BTreeSet<(String, String)> {
    let item = |bound: &crate::plan::Bound| {
        let list = plan.checklists.get(bound.checklist)?;
        Some((list.id.clone(), list.items.get(bound.item)?.id.clone()))
    };
    plan.bound.iter().filter_map(item).collect()
}

/// Imports an official judgement; twice is once.
pub async fn keep(
    store: &Store,
    site: &Watched,
    cadence: Option<Cadence>,
    vantage: &str,
    folder: Option<&Path>,
    judged: &Judged,
) -> Result<Imported> {
    let folder = folder.map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display().to_string());
    put(store, site, cadence, vantage, folder, judged, Basis::Official).await
}

/// Imports a judgement of another plan beside the official one.
pub async fn keep_again(store: &Store, site: &Watched, judged: &Judged) -> Result<Imported> {
    put(store, site, None, "", None, judged, Basis::Again).await
}

async fn put(
    store: &Store,
    site: &Watched,
    cadence: Option<Cadence>,
    vantage: &str,
    folder: Option<String>,
    judged: &Judged,
    basis: Basis,
) -> Result<Imported> {
    let page_rules: BTreeSet<String> =
        rules::all().iter().filter(|entry| entry.subject == "page").map(|entry| entry.id.to_owned()).collect();
    let import = Import {
        site_no: site.no,
        report: &judged.audited.report,
        subject_keys: &judged.audited.subject_keys,
        watched: &judged.audited.watched,
        asked: &judged.asked,
        asked_items: &judged.asked_items,
        page_rules: &page_rules,
        cadence,
        vantage,
        folder,
        shrunk: judged.shrunk,
        facts: judged.seen.clone(),
        pages: &judged.pages,
        basis,
        plan_sha256: &judged.plan_sha256,
        at: crate::clock::now().as_second(),
    };
    let imported = store.import(&import).await?;
    if basis == Basis::Official {
        store.put_earlier_run(site.no, imported.run_no, &judged.earlier).await?;
        if let Some(listing) = &judged.listing {
            listing.note(store, site).await?;
        }
    }
    Ok(imported)
}

/// The report beside its run, as `audit` writes it: what a notice will quote.
fn write_report(report: &Report, folder: &Path) -> Result<()> {
    let path = folder.join("report.json");
    whole::write(&path, |file| crate::report::json::write(report, file).map_err(|e| Error::io(&path, e)))
}
