//! One page in the browser: opened, let come to rest, read, pictured, closed. Bounded in time, requests, bytes and size.

mod reading;
mod requests;

pub use requests::Shelf;

use super::Broken;
use super::pipe::{Message, Pipe};
use super::process::Process;
use crate::crawl::fetch::Failure;
use crate::crawl::politeness::patience::Clock;
use crate::crawl::visit::End;
use crate::crawl::visit::asset::{Got, Wanted};
use crate::url::CanonicalUrl;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::time::Instant;

/// Nothing under way for so long, and the page has not grown meanwhile: it has come to rest.
const QUIET: Duration = Duration::from_millis(500);
/// A page that is not one yet (a challenge) is given so long to become one.
const PATIENT: Duration = Duration::from_secs(5);
/// A command that is not answered by then never will be.
const ANSWERS: Duration = Duration::from_secs(10);
/// How often time and memory are looked at.
const LOOKS: Duration = Duration::from_millis(50);

/// Who asks on behalf of the browser, and what it has been given before.
pub struct Desk<'a> {
    /// Sends a request through the gate.
    pub ask: &'a (dyn Fn(Wanted) -> BoxFuture<'static, Got> + Sync),
    /// Is a URL the plan's own?
    pub own: &'a (dyn Fn(&CanonicalUrl) -> bool + Sync),
    /// Scripts and styles by URL: each is asked for once a run.
    pub kept: &'a mut Shelf,
}

/// What a browser showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The page as it stood then, and the status of its document.
    Shown(String, u16),
    /// It leads elsewhere.
    Moved(CanonicalUrl),
    /// Nothing; why, in a word, and what is to be said beside.
    Failed(String, String),
}

/// All that came of showing a page.
#[derive(Debug)]
pub struct Showing {
    /// What was shown.
    pub ended: Ended,
    /// Had it come to rest?
    pub settled: bool,
    /// Requests answered.
    pub requests: u32,
    /// Requests not sent, or not answered, by cause.
    pub refused: BTreeMap<String, u32>,
    /// Dialogs dismissed.
    pub dialogs: u32,
    /// Windows not opened.
    pub windows: u32,
    /// Screenshot with width and height.
    pub picture: Option<(Bytes, u32, u32)>,
    /// Records for the capture.
    pub ends: Vec<End>,
    /// Was the page asked for at all? What went wrong before says nothing about it.
    pub begun: bool,
    /// Can the browser be shown another page?
    pub alive: bool,
}

/// A request that the browser waits for.
struct Paused {
    id: String,
    session: String,
    url: CanonicalUrl,
    keeps: bool,
    main: bool,
}

struct Tab<'a, 'd> {
    pipe: &'a mut Pipe,
    desk: &'a mut Desk<'d>,
    page: &'a CanonicalUrl,
    session: String,
    frame: String,
    clock: Clock,
    running: FuturesUnordered<BoxFuture<'static, (Paused, Got)>>,
    /// Those that run, so that none is lost when the page has to end.
    open: HashMap<String, CanonicalUrl>,
    awaited: Option<u64>,
    answer: Option<Result<Value, String>>,
    /// Has the document been loaded, and when did anything happen last?
    loaded: bool,
    last: Instant,
    /// Elements when the page was quiet last.
    size: Option<u64>,
    loads: u32,
    /// The document that was loaded, and its status.
    document: Option<CanonicalUrl>,
    status: u16,
    bytes: u64,
    /// The page is being read: what it asks for now changes nothing any more.
    closing: bool,
    moved: Option<CanonicalUrl>,
    failed: Option<Failure>,
    showing: Showing,
}

/// Shows a page.
pub(super) async fn show(
    pipe: &mut Pipe,
    process: &Process,
    context: &str,
    page: &CanonicalUrl,
    agent: &str,
    time: Duration,
    desk: &mut Desk<'_>,
) -> Showing {
    let showing = Showing {
        ended: Ended::Failed("hung".into(), String::new()),
        settled: false,
        requests: 0,
        refused: BTreeMap::new(),
        dialogs: 0,
        windows: 0,
        picture: None,
        ends: Vec::new(),
        begun: false,
        alive: true,
    };
    let mut tab = Tab {
        pipe,
        desk,
        page,
        session: String::new(),
        frame: String::new(),
        clock: Clock::start(),
        running: FuturesUnordered::new(),
        open: HashMap::new(),
        awaited: None,
        answer: None,
        loaded: false,
        last: Instant::now(),
        size: None,
        loads: 0,
        document: None,
        status: 0,
        bytes: 0,
        closing: false,
        moved: None,
        failed: None,
        showing,
    };
    let ended = tab.go(process, context, agent, time).await;
    tab.abandon();
    let mut showing = tab.showing;
    match ended {
        Ok(ended) => showing.ended = ended,
        Err(broken) => {
            let detail = if let Broken::Refused(detail) = &broken { detail.clone() } else { String::new() };
            showing.ended = Ended::Failed(broken.word().to_owned(), detail);
            showing.alive = false;
        }
    }
    showing
}

impl Tab<'_, '_> {
    async fn go(&mut self, process: &Process, context: &str, agent: &str, time: Duration) -> Result<Ended, Broken> {
        let target = self.open(context, agent).await?;
        self.clock = Clock::start();
        self.showing.begun = true;
        let ended = self.visit(process, time).await?;
        self.closing = true;
        let ended = match ended {
            Some(ended) => ended,
            None => match self.read().await {
                // It was just loading itself anew.
                Err(Broken::Refused(_)) => self.read().await?,
                read => read?,
            },
        };
        // A page that would not let go is asked once and then left to the end of its browser.
        self.pipe.ask("Target.closeTarget", json!({ "targetId": target })).await?;
        Ok(ended)
    }

    /// Opens a tab that asks us for everything.
    async fn open(&mut self, context: &str, agent: &str) -> Result<String, Broken> {
        let tab = json!({ "url": "about:blank", "browserContextId": context });
        let target = text(&self.pipe.ask("Target.createTarget", tab).await?, "targetId")?;
        let attach = json!({ "targetId": target, "flatten": true });
        self.session = text(&self.pipe.ask("Target.attachToTarget", attach).await?, "sessionId")?;
        let tree = self.call("Page.getFrameTree", json!({})).await?;
        self.frame = text(&tree["frameTree"]["frame"], "id")?;
        self.call("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] })).await?;
        let children = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        self.call("Target.setAutoAttach", children).await?;
        let told = json!({ "userAgent": agent, "acceptLanguage": "zh-CN,zh;q=0.9,en;q=0.5", "platform": "Linux x86_64" });
        self.call("Emulation.setUserAgentOverride", told).await?;
        let screen = json!({ "width": reading::WIDTH, "height": reading::HEIGHT, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", screen).await?;
        self.call("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Shanghai" })).await?;
        self.call("Page.enable", json!({})).await?;
        self.call("Inspector.enable", json!({})).await?;
        Ok(target)
    }

    /// Loads the page and lets it come to rest. How it ended, where there is nothing to be read.
    async fn visit(&mut self, process: &Process, time: Duration) -> Result<Option<Ended>, Broken> {
        self.loaded = false;
        self.last = Instant::now();
        self.pipe.send("Page.navigate", json!({ "url": self.page.as_str() }), Some(&self.session)).await?;
        let mut looked = Instant::now();
        loop {
            if let Some(failure) = self.failed.take() {
                return Ok(Some(Ended::Failed(failure.reason.word().to_owned(), failure.detail)));
            }
            if let Some(to) = self.moved.take() {
                return Ok(Some(Ended::Moved(to)));
            }
            let whole = (200..300).contains(&self.status);
            let quiet = if whole { QUIET } else { PATIENT };
            // Looked at in the middle and at the end of the quiet time.
            if self.loaded && self.running.is_empty() && self.last.elapsed() >= quiet / 2 {
                let size = self.size().await?;
                if size.is_some() && size == self.size {
                    self.showing.settled = true;
                    return Ok(None);
                }
                (self.size, self.last) = (size, Instant::now());
            }
            if self.clock.spent() >= time {
                // Without a document there is nothing that could be read.
                let nothing = self.status == 0;
                return Ok(nothing.then(|| Ended::Failed("timeout".to_owned(), format!("{} s", time.as_secs()))));
            }
            if looked.elapsed() >= LOOKS * 5 {
                looked = Instant::now();
                process.check_memory()?;
            }
            self.step(Instant::now() + LOOKS).await?;
        }
    }

    /// A command of this page, and its answer.
    async fn call(&mut self, method: &str, params: Value) -> Result<Value, Broken> {
        let until = Instant::now() + ANSWERS;
        let id = self.pipe.send(method, params, Some(&self.session)).await?;
        (self.awaited, self.answer) = (Some(id), None);
        loop {
            if let Some(answer) = self.answer.take() {
                return answer.map_err(Broken::Refused);
            }
            if Instant::now() >= until {
                return Err(Broken::Hung);
            }
            self.step(until).await?;
        }
    }

    /// Takes the next thing that happens, if it does in time.
    async fn step(&mut self, until: Instant) -> Result<(), Broken> {
        let Tab { pipe, running, .. } = self;
        tokio::select! {
            biased;
            message = pipe.receive() => self.hear(message?).await,
            Some((paused, got)) = running.next(), if !running.is_empty() => self.pass_on(paused, got).await,
            () = tokio::time::sleep_until(until) => Ok(()),
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Broken> {
        let (method, params, session) = match message {
            Message::Answer { id, result } => {
                if self.awaited == Some(id) {
                    self.answer = Some(result);
                }
                return Ok(());
            }
            Message::Event { method, params, session } => (method, params, session.unwrap_or_default()),
        };
        let own = session == self.session && params["frameId"].as_str() == Some(self.frame.as_str());
        match method.as_str() {
            "Fetch.requestPaused" => return self.paused(&params, session).await,
            "Page.frameStartedLoading" if own => self.loaded = false,
            "Page.frameStoppedLoading" if own => self.loaded = true,
            "Page.javascriptDialogOpening" => {
                self.showing.dialogs = self.showing.dialogs.saturating_add(1);
                let accept = params["type"].as_str() == Some("beforeunload");
                self.pipe.send("Page.handleJavaScriptDialog", json!({ "accept": accept }), Some(&session)).await?;
            }
            "Page.windowOpen" => self.showing.windows = self.showing.windows.saturating_add(1),
            "Target.attachedToTarget" => return self.attached(&params).await,
            "Inspector.targetCrashed" if session == self.session => return Err(Broken::Crashed),
            "Target.detachedFromTarget" if params["sessionId"].as_str() == Some(self.session.as_str()) => {
                return Err(Broken::Crashed);
            }
            // What else it tells is no sign of life of the page.
            _ => return Ok(()),
        }
        self.stirred();
        Ok(())
    }

    /// Something happened: the quiet begins anew.
    fn stirred(&mut self) {
        (self.size, self.last) = (None, Instant::now());
    }

    /// A frame or worker of the page asks us, too; a window is closed.
    async fn attached(&mut self, params: &Value) -> Result<(), Broken> {
        let info = &params["targetInfo"];
        let Some(session) = params["sessionId"].as_str().filter(|session| *session != self.session) else { return Ok(()) };
        if info["type"].as_str() == Some("page") {
            self.showing.windows = self.showing.windows.saturating_add(1);
            return self.pipe.send("Target.closeTarget", json!({ "targetId": info["targetId"] }), None).await.map(drop);
        }
        self.pipe.send("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] }), Some(session)).await?;
        self.pipe.send("Runtime.runIfWaitingForDebugger", json!({}), Some(session)).await.map(drop)
    }
}

fn text(value: &Value, name: &str) -> Result<String, Broken> {
    value[name].as_str().map(str::to_owned).ok_or(Broken::Crashed)
}
