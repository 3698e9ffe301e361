//! Probes: what no link leads to, asked for when everything else has ended, because a rule of the plan wants to know. Each is a safe
//! GET, a handshake or a look-up, through the same gate as every other request.

mod choice;

use super::fetch::Source;
use super::frontier::Waiting;
use super::keep::Keep;
use super::rounds::Crawl;
use super::visit::{End, unfetched};
use crate::error::Result;
use crate::exchange::{Gathering, Profile};
use crate::facts::probes::Looked;
use crate::run::Left;
use crate::url::CanonicalUrl;
use choice::Choice;
use std::collections::{BTreeSet, HashMap};

/// What was asked before, so that a run that goes on does not ask again: with the digest of the body, and where it redirected to.
type Asked = HashMap<(Gathering, String, Profile), (Option<String>, Option<CanonicalUrl>)>;

impl Source {
    /// Does it ask a server at all?
    pub(super) fn is_live(&self) -> bool {
        matches!(self, Source::Live(_))
    }
}

impl<K: Keep> Crawl<'_, K> {
    /// Makes every probe that the plan wants.
    pub(super) async fn probes(&mut self, seeds: &[Waiting]) -> Result<()> {
        let wanted: BTreeSet<Gathering> = self.plan.gatherings.iter().copied().filter(|g| g.is_probe()).collect();
        if wanted.is_empty() || !self.visitor.asks_servers() {
            return Ok(());
        }
        let mut choice = Choice::new(&self.plan.scope);
        seeds.iter().for_each(|seed| choice.add_seed(&seed.url));
        self.keep
            .left(&mut |left| {
                if let Left::Ended(one) = left
                    && one.gathering == Gathering::Pages
                {
                    choice.add_ended(&one.url);
                }
            })
            .await?;
        self.keep.show_glances(&mut |page| choice.add_page(page)).await?;
        let probed = self.keep.probed().await?.into_iter();
        let asked: Asked = probed.map(|one| ((one.gathering, one.subject, one.profile), (one.digest, one.redirect))).collect();
        for url in choice.origins() {
            if wanted.contains(&Gathering::Certificate) && url.scheme() == "https" {
                self.certificate(&url, &asked).await?;
            }
            if wanted.contains(&Gathering::Aaaa) {
                self.addresses(&url, &asked).await?;
            }
        }
        // A site that gave no page has nothing to compare the other answers with.
        if !self.obtained {
            return Ok(());
        }
        let of = |gathering: Gathering, urls: Vec<CanonicalUrl>| {
            urls.into_iter().filter(move |_| wanted.contains(&gathering)).map(move |url| (gathering, url, None))
        };
        let mut questions: Vec<(Gathering, CanonicalUrl, Option<CanonicalUrl>)> = Vec::new();
        questions.extend(of.clone()(Gathering::SecurityTxt, choice.security_texts()));
        questions.extend(of.clone()(Gathering::RandomPath, choice.random_paths()));
        for (gathering, url, via) in questions {
            self.ask(gathering, url, via, Profile::Own, &asked).await?;
        }
        if self.plan.gatherings.contains(&Gathering::Search) {
            for (url, wanted) in choice.searches(crate::clock::now()) {
                self.ask(Gathering::Search, url, Some(wanted), Profile::Own, &asked).await?;
            }
        }
        if self.plan.gatherings.contains(&Gathering::SecondProfile) {
            for (url, digest) in choice.fronts() {
                self.second_profile(url, &digest, &asked).await?;
            }
        }
        Ok(())
    }

    /// Asks for one URL and where its redirects lead inside the scope. The digest of the first body.
    async fn ask(
        &mut self,
        gathering: Gathering,
        url: CanonicalUrl,
        via: Option<CanonicalUrl>,
        profile: Profile,
        asked: &Asked,
    ) -> Result<Option<String>> {
        let (mut at, mut from, mut first) = (url, via.clone(), None);
        for redirects in 0..=self.plan.config.max_redirects {
            if let Some((digest, redirect)) = asked.get(&(gathering, at.to_string(), profile)) {
                if redirects == 0 {
                    first.clone_from(digest);
                }
                match redirect.clone().filter(|next| *next != at && self.plan.scope.contains(next, None)) {
                    Some(next) => {
                        from = via.clone().or(Some(at));
                        at = next;
                        continue;
                    }
                    None => break,
                }
            }
            // Hop count 1: the patience for seeds does not concern it.
            let waiting = Waiting { url: at.clone(), gathering, hops: 1, via: from, redirects, until: None, look: 1, profile };
            self.stop_if_wanted()?;
            let visit = self.visit(waiting).await;
            for end in visit.aside {
                self.keep_aside(end).await?;
            }
            let next = match &visit.end {
                End::Answered(exchange, _) => {
                    if redirects == 0 {
                        first = choice::digest(exchange);
                    }
                    exchange.redirect()
                }
                End::Unfetched(_) => None,
            };
            self.record(&visit.end).await?;
            match next.filter(|next| *next != at && self.plan.scope.contains(next, None)) {
                Some(next) => {
                    from = via.clone().or(Some(at));
                    at = next;
                }
                None => break,
            }
        }
        Ok(first)
    }

    /// The page as a search engine and as its visitors are shown it, and once more as we are: what differs then is not theirs alone.
    async fn second_profile(&mut self, url: CanonicalUrl, own: &str, asked: &Asked) -> Result<()> {
        let mut differs = false;
        for profile in [Profile::SearchEngine, Profile::SearchReferrer] {
            let digest = self.ask(Gathering::SecondProfile, url.clone(), None, profile, asked).await?;
            differs |= digest.as_deref() != Some(own);
        }
        if differs {
            self.ask(Gathering::SecondProfile, url, None, Profile::Own, asked).await?;
        }
        Ok(())
    }

    async fn certificate(&mut self, url: &CanonicalUrl, asked: &Asked) -> Result<()> {
        if asked.contains_key(&(Gathering::Certificate, url.host().to_owned(), Profile::Own)) {
            return Ok(());
        }
        match self.hear(self.visitor.certificate(url)).await {
            Ok(shaken) => self.keep.keep_looked(&Looked::Certificate(shaken.certificate), &shaken.chain).await,
            Err(failure) => {
                let waiting = Waiting {
                    url: url.clone(),
                    gathering: Gathering::Certificate,
                    hops: 0,
                    via: None,
                    redirects: 0,
                    until: None,
                    look: 1,
                    profile: Profile::Own,
                };
                self.record(&unfetched(&waiting, failure, 1)).await
            }
        }
    }

    async fn addresses(&mut self, url: &CanonicalUrl, asked: &Asked) -> Result<()> {
        if asked.contains_key(&(Gathering::Aaaa, url.host().to_owned(), Profile::Own)) {
            return Ok(());
        }
        match self.visitor.addresses(url).await {
            Some(addresses) => self.keep.keep_looked(&Looked::Addresses(addresses), &[]).await,
            None => Ok(()),
        }
    }
}
