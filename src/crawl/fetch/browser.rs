//! Chromium, as a place where a page's scripts run. It never reaches the network: each request that it would make is paused, handed
//! to us, answered out of `fetch/live` through the gate, and recorded; its own way out leads nowhere (a proxy at a closed port, a
//! resolver that knows no name). It is driven through a pair of pipes, so that no port is open, and it ends when we end, however we end.

mod pipe;
mod process;
mod routes;
mod tab;

pub use tab::{Desk, Ended, Shelf, Showing};

use crate::config::Config;
use crate::url::CanonicalUrl;
use pipe::Pipe;
use process::Process;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Commands that are looked for, in this order.
const COMMANDS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// A browser that does not answer by then has not started.
const STARTS: Duration = Duration::from_secs(30);
/// Pages that one process is shown; then a new one takes its place, whatever they left behind.
pub const PAGES_EACH: u32 = 40;

/// Why a browser cannot be used any more, or a page not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// It does not answer.
    Hung,
    /// It, or the process of the page, is gone.
    Crashed,
    /// It takes more memory than it may.
    Memory,
    /// It refused a command that cannot be done without.
    Refused(String),
}

impl Broken {
    /// The cause in a word.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Broken::Hung => "hung",
            Broken::Crashed | Broken::Refused(_) => "crashed",
            Broken::Memory => "memory",
        }
    }
}

/// A running browser.
#[derive(Debug)]
pub struct Browser {
    // Before the process: what it hears first is that nobody speaks to it any more.
    pipe: Pipe,
    process: Process,
    context: String,
    /// Name and version.
    name: String,
    pages: u32,
}

/// The browser's command, as configured or found.
pub fn command(config: &Config) -> Option<PathBuf> {
    let wanted = config.browser.trim();
    if wanted.contains('/') {
        return is_program(Path::new(wanted)).then(|| PathBuf::from(wanted));
    }
    let path = std::env::var_os("PATH")?;
    let named: &[&str] = if wanted.is_empty() { &COMMANDS } else { &[wanted] };
    named.iter().find_map(|name| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file)))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

impl Browser {
    /// Starts one with an empty profile; the error says why it did not.
    pub async fn start(command: &Path) -> Result<Self, String> {
        let (process, pipe) = Process::start(command).map_err(|error| format!("{}: {error}", command.display()))?;
        let mut browser = Browser { pipe, process, context: String::new(), name: String::new(), pages: 0 };
        let begun = tokio::time::timeout(STARTS, browser.begin()).await.unwrap_or(Err(Broken::Hung));
        match begun {
            Ok(()) => Ok(browser),
            Err(broken) => {
                let said = browser.process.said();
                browser.end().await;
                Err(format!("{}: {}{}{said}", command.display(), broken.word(), if said.is_empty() { "" } else { ": " }))
            }
        }
    }

    async fn begin(&mut self) -> Result<(), Broken> {
        let version = self.pipe.ask("Browser.getVersion", json!({})).await?;
        self.name = version["product"].as_str().unwrap_or("Chromium").to_owned();
        let context = self.pipe.ask("Target.createBrowserContext", json!({ "disposeOnDetach": true })).await?;
        self.context = context["browserContextId"].as_str().ok_or(Broken::Crashed)?.to_owned();
        // Nothing is ever written that a page would have us download.
        let deny = json!({ "behavior": "deny", "browserContextId": self.context });
        self.pipe.ask("Browser.setDownloadBehavior", deny).await.map(drop)
    }

    /// Name and version.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Has it been shown as many pages as one process is?
    pub fn is_worn(&self) -> bool {
        self.pages >= PAGES_EACH
    }

    /// Shows it a page. A browser that is not [`Showing::alive`] after it has to be ended.
    pub async fn show(&mut self, page: &CanonicalUrl, agent: &str, time: Duration, desk: &mut Desk<'_>) -> Showing {
        self.pages += 1;
        tab::show(&mut self.pipe, &self.process, &self.context, page, agent, time, desk).await
    }

    /// Ends it and waits until nothing of it is left.
    pub async fn end(self) {
        let Browser { pipe, process, .. } = self;
        drop(pipe);
        process.end().await;
    }
}
