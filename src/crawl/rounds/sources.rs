//! Sitemaps as sources of pages.

use super::{Crawl, waiting};
use crate::crawl::frontier::Waiting;
use crate::crawl::keep::Keep;
use crate::crawl::visit::{Access, End};
use crate::crawl::{purpose, sitemap};
use crate::error::Result;
use crate::exchange::{Exchange, Gathering, decode_body};
use crate::url::CanonicalUrl;
use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;

impl<K: Keep> Crawl<'_, K> {
    /// Reads the sitemaps of the seeds' origins. Their pages come after all linked ones, one hop below the deepest, because no
    /// link says how far they are.
    pub(super) async fn sitemaps(&mut self, seeds: &[Waiting]) -> Result<()> {
        let mut files: VecDeque<(Waiting, u32)> = VecDeque::new();
        let mut origins = Vec::new();
        for seed in seeds {
            if origins.contains(&seed.url.origin()) {
                continue;
            }
            origins.push(seed.url.origin());
            let mut aside = Vec::new();
            let access = self.visitor.access(&seed.url, &mut aside, &Mutex::default()).await;
            for end in aside {
                self.keep_aside(end).await?;
            }
            let Access::Rules(rules) = &*access else { continue };
            let mut named = rules.sitemaps().to_vec();
            if named.is_empty() {
                named.push("/sitemap.xml".into());
            }
            files.extend(named.iter().filter_map(|name| self.sitemap_file(&seed.url, name, 1)));
        }
        let mut pages = Vec::new();
        let mut read = HashSet::new();
        let hops = (self.frontier.deepest() + 1).min(self.plan.config.max_hops);
        while let Some((file, depth)) = files.pop_front() {
            if read.len() >= sitemap::MOST_FILES || !read.insert(file.url.clone()) {
                continue;
            }
            self.stop_if_wanted()?;
            let visit = self.visit(file.clone()).await;
            if let End::Answered(exchange, _) = &visit.end {
                if let Some(target) = exchange.redirect().filter(|_| file.redirects < self.plan.config.max_redirects) {
                    let next = self.sitemap_file(&file.url, target.as_str(), depth);
                    files.extend(next.map(|(next, depth)| (Waiting { redirects: file.redirects + 1, ..next }, depth)));
                } else if (200..300).contains(&exchange.status) {
                    let found = read_sitemap(exchange, self.plan.config.max_bytes).await;
                    if depth < sitemap::DEEPEST {
                        files.extend(found.children.iter().filter_map(|name| self.sitemap_file(&file.url, name, depth + 1)));
                    }
                    for name in &found.pages {
                        if let Ok(url) = file.url.join(name, encoding_rs::UTF_8)
                            && self.plan.scope.contains(&url, None)
                            && !purpose::is_file(&url)
                            && !self.frontier.knows(&url)
                        {
                            pages.push(waiting(url, Gathering::Pages, hops, Some(file.url.clone())));
                        }
                    }
                }
            }
            for end in visit.aside {
                self.keep_aside(end).await?;
            }
            self.keep_aside(visit.end).await?;
        }
        self.offer(pages).await
    }

    /// A sitemap that may be read: on the host that names it, or inside the scope.
    fn sitemap_file(&self, base: &CanonicalUrl, name: &str, depth: u32) -> Option<(Waiting, u32)> {
        let url = base.join(name, encoding_rs::UTF_8).ok()?;
        if url.host() != base.host() && !self.plan.scope.contains(&url, None) {
            return None;
        }
        // Hop count 1: the patience for seeds does not concern it.
        Some((waiting(url, Gathering::Sitemap, 1, Some(base.clone())), depth))
    }
}

async fn read_sitemap(exchange: &Exchange, max: u64) -> sitemap::Sitemap {
    let exchange = exchange.clone();
    let read = tokio::task::spawn_blocking(move || match decode_body(&exchange, max) {
        Ok(body) => sitemap::read(&body, max),
        Err(_) => sitemap::Sitemap::default(),
    });
    read.await.unwrap_or_default()
}
