//! Pages that scripts fill are shown to a browser when everything else has ended; what they turn out to lead to is crawled then, and so
//! on until nothing is left. A page that could not be shown stays what it was, with the reason; the crawl goes on.

use super::fetch::browser::{self, Browser, Desk, Ended, Shelf, Showing};
use super::fetch::live::user_agent;
use super::keep::Keep;
use super::rounds::{Crawl, waiting};
use super::visit::{End, Visitor};
use crate::capture::{Rendered, challenge, rendered};
use crate::config::{Config, Render};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Method, Profile, browser_agent};
use crate::facts::Rendering;
use crate::facts::rendering::Picture;
use crate::run::Discovered;
use crate::url::CanonicalUrl;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Pages that are chosen at a time.
const AT_A_TIME: u32 = 64;
/// Challenges of one origin in a row that a browser does not pass either, after which it is not tried there again.
const WALL: u32 = 3;
/// Browsers in a row that did not start or broke, after which no more is started.
const GIVES_UP: u32 = 5;
/// How often a crawl asks whether it shall stop, while a page is shown.
const STOP_CHECK: Duration = Duration::from_millis(200);

/// The browser of a crawl, and what it has learned.
#[derive(Debug)]
pub struct Screen {
    command: PathBuf,
    running: Option<Browser>,
    shelf: Shelf,
    /// Challenges in a row that were not passed, by origin.
    walls: HashMap<String, u32>,
    /// Browsers in a row that broke.
    broken: u32,
}

impl Screen {
    /// The browser that the configuration wants; none when no page is shown to one.
    ///
    /// # Errors
    /// Every page is to be shown to one, and there is none.
    pub fn of(config: &Config) -> Result<Option<Self>> {
        if config.render == Render::Never {
            return Ok(None);
        }
        let command = browser::command(config);
        if command.is_none() && (config.render == Render::Always || !config.browser.trim().is_empty()) {
            return Err(Error::usage_with(
                "找不到浏览器 Chromium / no browser was found",
                "安装 chromium（Debian: apt-get install chromium），或在配置中写 browser = \"路径\" / install chromium, or name it: browser = \"PATH\"",
            ));
        }
        let of = |command| Screen { command, running: None, shelf: Shelf::default(), walls: HashMap::new(), broken: 0 };
        Ok(command.map(of))
    }

    async fn end(&mut self) {
        if let Some(browser) = self.running.take() {
            browser.end().await;
        }
    }
}

impl<K: Keep> Crawl<'_, K> {
    /// Shows the pages that want it, as far as known, to a browser. False when there was none.
    pub(super) async fn render(&mut self) -> Result<bool> {
        let Some(mut screen) = self.screen.take() else { return Ok(false) };
        let done = self.render_with(&mut screen).await;
        screen.end().await;
        self.screen = Some(screen);
        done
    }

    async fn render_with(&mut self, screen: &mut Screen) -> Result<bool> {
        let mut any = false;
        loop {
            let pages = self.keep.unrendered(self.plan.config.render, AT_A_TIME).await?;
            if pages.is_empty() || screen.broken >= GIVES_UP {
                return Ok(any);
            }
            if !any {
                self.progress.say("以浏览器打开由脚本填充的页面 / showing pages that scripts fill to a browser");
            }
            any = true;
            for page in pages {
                self.stop_if_wanted()?;
                if screen.running.as_ref().is_some_and(Browser::is_worn) {
                    screen.end().await;
                }
                if screen.running.is_none() {
                    match Browser::start(&screen.command).await {
                        Ok(browser) => screen.running = Some(browser),
                        Err(why) => {
                            screen.broken += 1;
                            self.progress.say(&format!("浏览器无法启动 / the browser does not start: {why}"));
                            break;
                        }
                    }
                }
                self.render_page(screen, page).await?;
                if screen.broken >= GIVES_UP {
                    break;
                }
            }
            if screen.broken >= GIVES_UP {
                self.progress.say(&format!(
                    "浏览器连续 {GIVES_UP} 次出错，不再使用 / the browser broke {GIVES_UP} times in a row and is not used any more"
                ));
            }
        }
    }

    async fn render_page(&mut self, screen: &mut Screen, page: Discovered) -> Result<()> {
        let origin = page.url.origin();
        let Some(browser) = &mut screen.running else { return Ok(()) };
        let name = browser.name().to_owned();
        if screen.walls.get(&origin).is_some_and(|row| *row >= WALL) {
            let rendering = nothing(&page.url, name, "challenge", "");
            return self.keep_rendering(rendering, None, None).await.map(drop);
        }
        let agent = browser_agent(&user_agent(&self.plan.config.contact));
        let time = Duration::try_from_secs_f64(self.plan.config.render_timeout).unwrap_or(Duration::from_secs(15));
        let (visitor, of, hops) = (self.visitor.clone(), page.url.clone(), page.hops);
        let ask = move |wanted| -> BoxFuture<'static, _> {
            let (visitor, of): (Arc<Visitor>, CanonicalUrl) = (visitor.clone(), of.clone());
            Box::pin(async move { visitor.asset(&wanted, &of, hops).await })
        };
        let scope = &self.plan.scope;
        let own = |url: &CanonicalUrl| scope.contains(url, None);
        let mut desk = Desk { ask: &ask, own: &own, kept: &mut screen.shelf };
        let shown = browser.show(&page.url, &agent, time, &mut desk);
        let stopped = async {
            while !self.progress.wants_stop() {
                tokio::time::sleep(STOP_CHECK).await;
            }
        };
        let showing = tokio::select! {
            biased;
            showing = self.hear(shown) => showing,
            // The page is shown anew when the run goes on.
            () = stopped => return self.stop_if_wanted(),
        };
        if showing.alive {
            screen.broken = 0;
        } else {
            screen.broken += 1;
            screen.end().await;
        }
        // Its turn comes again.
        if !showing.begun {
            return Ok(());
        }
        self.take_showing(screen, page, name, showing).await
    }

    /// Keeps what was shown, and takes what it leads to.
    async fn take_showing(&mut self, screen: &mut Screen, page: Discovered, name: String, showing: Showing) -> Result<()> {
        let Showing { ended, settled, requests, refused, dialogs, windows, picture, ends, .. } = showing;
        for end in ends {
            match &end {
                End::Answered(exchange, _) if exchange.gathering != Gathering::Render => self.keep_aside(end).await?,
                End::Unfetched(unfetched) if unfetched.gathering != Gathering::Render => self.keep_aside(end).await?,
                _ => self.record(&end).await?,
            }
        }
        let mut rendering = Rendering { settled, requests, refused, dialogs, windows, ..nothing(&page.url, name, "", "") };
        rendering.failed = None;
        let fail = |rendering: &mut Rendering, word: &str, detail: String| {
            (rendering.failed, rendering.detail) = (Some(word.to_owned()), detail);
        };
        let from = waiting(page.url.clone(), Gathering::Pages, page.hops, page.via.clone());
        let mut shown = None;
        match ended {
            Ended::Shown(html, status) => {
                let exchange = exchange(&page, html, status);
                let sign = challenge::sign(&exchange);
                let row = screen.walls.entry(page.url.origin()).or_default();
                *row = if sign.is_some() { *row + 1 } else { 0 };
                match sign {
                    Some(sign) => fail(&mut rendering, "challenge", sign),
                    None if !(200..300).contains(&status) => fail(&mut rendering, &format!("status-{status}"), String::new()),
                    None => shown = Some(exchange),
                }
            }
            Ended::Moved(to) => {
                let gathering = super::purpose::of_url(self.plan, &to);
                let next = waiting(to.clone(), gathering, page.hops + 1, Some(page.url.clone()));
                self.offer(vec![next]).await?;
                fail(&mut rendering, "moved", to.to_string());
            }
            Ended::Failed(word, detail) => fail(&mut rendering, &word, detail),
        }
        let picture = picture.filter(|_| shown.is_some()).map(|(png, width, height)| {
            let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&png));
            rendering.picture = Some(Picture { sha256, bytes: png.len() as u64, width, height });
            png
        });
        if let Some(why) = &rendering.failed {
            self.progress.say(&format!("{}: 浏览器未能打开 / not shown: {why} {}", page.url, rendering.detail));
        }
        // First what it leads to, then its end: a run that is killed in between shows it again.
        if let Some(exchange) = &shown {
            let read = exchange.clone();
            let facts = tokio::task::spawn_blocking(move || crate::facts::page::read(&read)).await.unwrap_or_default();
            if let Some(facts) = facts {
                let links = facts.links.iter().filter_map(|link| Some((link.role, link.target.clone()?)));
                let found = self.linked(&from, links);
                self.offer(found).await?;
            }
        }
        self.keep_rendering(rendering, shown, picture).await
    }

    async fn keep_rendering(
        &mut self,
        rendering: Rendering,
        shown: Option<Exchange>,
        picture: Option<bytes::Bytes>,
    ) -> Result<()> {
        let at = shown.as_ref().map_or_else(crate::clock::now, |exchange| exchange.at);
        let kept = Rendered { rendering, page: shown, picture_at: None };
        self.keep.keep_rendered(kept, picture.as_ref(), at).await.map(drop)
    }
}

/// The page as shown, in the form of an answer.
fn exchange(page: &Discovered, html: String, status: u16) -> Exchange {
    Exchange {
        url: page.url.clone(),
        method: Method::Get,
        gathering: Gathering::Pages,
        status,
        headers: vec![("content-type".to_owned(), rendered::CONTENT_TYPE.to_owned())],
        body: html.into(),
        at: crate::clock::now(),
        hops: page.hops,
        via: page.via.clone(),
        attempts: 1,
        look: rendered::LOOK,
        elapsed: None,
        profile: Profile::Browser,
    }
}

/// A page of which nothing was shown.
fn nothing(url: &CanonicalUrl, browser: String, word: &str, detail: &str) -> Rendering {
    Rendering {
        url: url.clone(),
        browser,
        failed: Some(word.to_owned()),
        detail: detail.to_owned(),
        settled: false,
        requests: 0,
        refused: Default::default(),
        dialogs: 0,
        windows: 0,
        picture: None,
    }
}
