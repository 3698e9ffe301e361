//! `xuncha serve --no-web`: the scheduler of an office, until it is told to stop.

use super::office::OfficeOptions;
use super::stop::Stoppable;
use crate::cadence::{alerts, feasible, scheduler::Scheduler};
use crate::crawl::Progress;
use crate::error::{Error, Result};
use crate::exit;
use crate::url::CanonicalUrl;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// Options of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 办公室 / the office
    #[command(flatten)]
    office: OfficeOptions,
    /// 只运行调度，不开网页（目前必须）/ the scheduler alone, without web pages (needed for now)
    #[arg(long)]
    no_web: bool,
    /// 运行到这一天结束为止 / until the end of this day
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// 只检查调度是否在运行：在则 0，不在则 1 / only tell whether the scheduler is alive: 0, else 1
    #[arg(long)]
    alive: bool,
}

/// Says what the crawls have to say, with the site they speak of in it.
struct Lines;

impl Progress for Lines {
    fn step(&self, _ended: u64, _waiting: u64, _url: &CanonicalUrl) {}
    fn say(&self, message: &str) {
        let now = crate::clock::now().to_zoned(crate::clock::shanghai()).strftime("%F %T").to_string();
        eprintln!("{now} {}", crate::report::plain::lines(message));
    }
}

/// Runs.
pub fn run(options: &Options) -> Result<u8> {
    let desk = options.office.open()?;
    if options.alive {
        return desk.runtime.block_on(async {
            let silent = alerts::is_silent(&desk.store, crate::clock::now()).await?;
            println!(
                "{}",
                if silent {
                    "调度没有在运行 / the scheduler is not running"
                } else {
                    "调度在运行 / the scheduler is running"
                }
            );
            Ok(if silent { exit::FINDINGS } else { exit::CLEAN })
        });
    }
    if !options.no_web {
        return Err(Error::usage_with("网页尚未提供 / there are no web pages yet", "xuncha serve --no-web"));
    }
    let now = crate::clock::now();
    desk.runtime.block_on(feasible::check(&desk.store, &desk.office, &desk.config, now))?;
    if let Some(file) = crate::clock::simulated() {
        eprintln!("演练：时钟由 {} 给出 / a rehearsal: its clock is {}", file.display(), file.display());
    }
    let until: Option<Timestamp> = options.until.map(crate::clock::end_of);
    let progress: Arc<dyn Progress> = Arc::new(Owned::new());
    let mut scheduler = Scheduler::new(desk.store.clone(), desk.office, desk.config, progress.clone())?;
    progress.say("调度开始 / the scheduler begins");
    let ended = desk.runtime.block_on(scheduler.run(until));
    desk.runtime.block_on(desk.store.close());
    ended?;
    progress.say("调度结束 / the scheduler ends");
    Ok(exit::CLEAN)
}

/// [`Lines`] that Ctrl-C stops, for as long as the program runs.
struct Owned(Stoppable<'static>);

impl Owned {
    fn new() -> Self {
        Owned(Stoppable::new(&Lines))
    }
}

impl Progress for Owned {
    fn step(&self, ended: u64, waiting: u64, url: &CanonicalUrl) {
        self.0.step(ended, waiting, url);
    }
    fn say(&self, message: &str) {
        self.0.say(message);
    }
    fn wants_stop(&self) -> bool {
        self.0.wants_stop()
    }
}
