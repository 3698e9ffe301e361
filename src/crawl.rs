//! The crawl: plan → frontier → politeness → fetch → capture → new links. Never judges.

pub mod availability;
pub mod fetch;
pub mod forecast;
pub mod frontier;
pub mod keep;
pub mod politeness;
pub mod probes;
pub mod purpose;
#[cfg(all(feature = "browser", unix))]
pub mod render;
pub mod robots;
pub mod rounds;
pub mod sitemap;
pub mod traps;
pub mod visit;

use crate::error::{Error, Result};
use crate::plan::{Plan, Target};
use crate::run::RunFolder;
use crate::url::CanonicalUrl;
use fetch::Source;
use fetch::folder::Folder;
use fetch::live::Live;
use keep::Keep;

/// What the loop tells while it works; drawn by the terminal, ignored elsewhere.
pub trait Progress: Send + Sync {
    /// After every URL that ended: ended, still waiting, the last URL.
    fn step(&self, ended: u64, waiting: u64, url: &CanonicalUrl);
    /// A sentence worth telling at once (a host given up, a second look begins).
    fn say(&self, message: &str);
    /// Shall the crawl end what is under way and begin nothing more?
    fn wants_stop(&self) -> bool {
        false
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _ended: u64, _waiting: u64, _url: &CanonicalUrl) {}
    fn say(&self, _message: &str) {}
}

/// Gathers what the plan asks for into the run folder and finishes it. Whoever watches may stop it: [`Error::Stopped`], with everything
/// obtained committed, and another call goes on. `Ok` even when nothing was obtained: the folder says so.
/// WARC files are read into the folder instead; no request is sent for them.
pub async fn gather(plan: &Plan, folder: &mut RunFolder, progress: &dyn Progress) -> Result<()> {
    if let Target::Warc(files) = &plan.target {
        for note in folder.replay(files).await?.notes {
            progress.say(&note);
        }
        return Ok(());
    }
    match gather_into(plan, folder, progress).await {
        Err(Error::Stopped { .. }) => Err(Error::Stopped { path: folder.path().to_owned() }),
        ended => ended,
    }
}

/// Likewise into anything that keeps; a WARC target gathers nothing.
pub async fn gather_into<K: Keep>(plan: &Plan, keep: &mut K, progress: &dyn Progress) -> Result<()> {
    let (source, seeds) = match &plan.target {
        Target::Live(seeds) => (Source::Live(Live::new(&plan.config, seeds)?), seeds.clone()),
        Target::Folder { path, base } => {
            let folder = Folder::open(path, base, &plan.scope)?;
            let seeds = folder.seeds()?;
            if folder.is_loose() && !seeds.is_empty() {
                progress.say(
                    "文件夹没有首页，页面也不互相连通：按零散页面检查，缺少的链接目标和栏目不作判断 / no home page, and the pages do not \
                     hang together: judged as loose pages, what they lack is not judged",
                );
            }
            let live = if plan.config.folder_external { Some(Live::new(&plan.config, &[])?) } else { None };
            (Source::Folder(folder, live), seeds)
        }
        Target::Warc(_) => return keep.finish(true).await,
    };
    if matches!(source, Source::Live(_)) && plan.config.contact.trim().is_empty() {
        progress.say(
            "未设 contact：网站管理员无法联系到您 / no contact is set: webmasters cannot reach you (configuration: contact)",
        );
    }
    let crawl = rounds::Crawl::new(plan, source, keep, progress);
    #[cfg(all(feature = "browser", unix))]
    let crawl = crawl.showing(render::Screen::of(&plan.config)?);
    crawl.run(seeds).await
}
