//! What was seen and what was not: a fold over the URL states of a run.

use super::{Coverage, ExternalCoverage, Truths};
use crate::exchange::Gathering;
use crate::facts::site::{Look, Truth, UrlState, truth};
use crate::finding::{Certainty, Finding};
use std::collections::BTreeMap;

/// Rule and cause of pages that answer 200 and say that there is none.
const SOFT_404: &str = "soft-404";

/// Adds up how URLs ended, so that `discovered = fetched + sum(unfetched)` holds by construction.
#[derive(Debug, Clone, Default)]
pub struct Fold {
    own: Ends,
    external: Ends,
}

#[derive(Debug, Clone, Default)]
struct Ends {
    discovered: u64,
    fetched: u64,
    unfetched: BTreeMap<String, u64>,
    truth: Truths,
}

impl Ends {
    /// The truths with their share.
    fn told(mut self) -> Self {
        let unverified: u64 = self.truth.unverified.values().sum();
        if self.discovered > 0 {
            self.truth.unverified_share = (unverified as f64 / self.discovered as f64 * 10_000.0).round() / 10_000.0;
        }
        self
    }
}

impl Fold {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Fold::default()
    }

    /// Counts a URL; `own`: inside the scope. robots.txt, sitemaps and probes are asked for by us and are no discovered URLs.
    pub fn add(&mut self, state: &UrlState, own: bool) {
        if !matches!(state.gathering, Gathering::Pages | Gathering::LinkCheck | Gathering::Attachments) {
            return;
        }
        let ends = if own { &mut self.own } else { &mut self.external };
        ends.discovered += 1;
        match truth(&state.url, &state.looks) {
            Truth::Works => ends.truth.works += 1,
            Truth::Dead(cause) => *ends.truth.dead.entry(cause).or_default() += 1,
            Truth::Unverified(cause) => *ends.truth.unverified.entry(cause).or_default() += 1,
        }
        if state.looks.iter().any(|look| matches!(look, Look::Answered { .. })) {
            ends.fetched += 1;
            return;
        }
        let reason = state.looks.iter().rev().find_map(|look| match look {
            Look::Unfetched { reason, .. } => Some(*reason),
            Look::Answered { .. } => None,
        });
        // A URL without any look was still waiting when the run was cut.
        let reason = reason.unwrap_or(crate::unfetched::Reason::Stopped);
        *ends.unfetched.entry(reason.word().to_owned()).or_default() += 1;
    }

    /// Own pages that answered like pages and, as judging found, say that there is none: certain ones are dead, of suspected ones nobody
    /// knows.
    pub fn judged(&mut self, findings: &[Finding]) {
        let count = |certainty: Certainty| {
            let told = findings.iter().filter(|finding| finding.rule == SOFT_404 && finding.certainty == certainty);
            told.map(|finding| finding.occurrences.max(1)).sum()
        };
        self.say_there_is_none(count(Certainty::Certain), count(Certainty::Suspected));
    }

    fn say_there_is_none(&mut self, certain: u64, suspected: u64) {
        let truth = &mut self.own.truth;
        let certain = certain.min(truth.works);
        let suspected = suspected.min(truth.works - certain);
        truth.works -= certain + suspected;
        for (count, truths) in [(certain, &mut truth.dead), (suspected, &mut truth.unverified)] {
            if count > 0 {
                *truths.entry(SOFT_404.to_owned()).or_default() += count;
            }
        }
    }

    /// The counts.
    pub fn finish(self) -> Coverage {
        let (own, external) = (self.own.told(), self.external.told());
        Coverage {
            discovered: own.discovered,
            fetched: own.fetched,
            unfetched: own.unfetched,
            truth: own.truth,
            external: ExternalCoverage {
                discovered: external.discovered,
                fetched: external.fetched,
                unfetched: external.unfetched,
                truth: external.truth,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unfetched::Reason;
    use crate::url::CanonicalUrl;

    fn state(gathering: Gathering, looks: Vec<Look>) -> UrlState {
        UrlState { url: CanonicalUrl::parse("http://a.cn/").expect("parses"), gathering, hops: 0, via: None, looks }
    }

    fn answered(status: u16) -> Look {
        Look::Answered { status, redirect: None, media_type: None, challenge: None, at: jiff::Timestamp::UNIX_EPOCH }
    }

    fn lost(reason: Reason) -> Look {
        Look::Unfetched { reason, detail: String::new(), attempts: 1, at: jiff::Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_page_that_says_there_is_none_does_not_work() {
        let mut fold = Fold::new();
        (0..5).for_each(|_| fold.add(&state(Gathering::Pages, vec![answered(200)]), true));
        fold.say_there_is_none(2, 1);
        let truth = fold.finish().truth;
        assert_eq!((truth.works, truth.unverified_share), (2, 0.2));
        let of = |count| BTreeMap::from([("soft-404".to_owned(), count)]);
        assert_eq!((truth.dead, truth.unverified), (of(2), of(1)));
    }

    #[test]
    fn every_url_ends_somewhere() {
        let mut fold = Fold::new();
        fold.add(&state(Gathering::Pages, vec![answered(404), answered(404)]), true);
        fold.add(&state(Gathering::Pages, vec![lost(Reason::Reset), answered(200)]), true);
        fold.add(&state(Gathering::Pages, vec![lost(Reason::Reset), lost(Reason::Tls)]), true);
        fold.add(&state(Gathering::Pages, Vec::new()), true);
        fold.add(&state(Gathering::Robots, vec![answered(200)]), true);
        fold.add(&state(Gathering::LinkCheck, vec![lost(Reason::NameNotFound)]), false);
        let coverage = fold.finish();
        assert_eq!((coverage.discovered, coverage.fetched), (4, 2));
        assert_eq!(coverage.unfetched, BTreeMap::from([("tls".to_owned(), 1), ("stopped".to_owned(), 1)]));
        assert_eq!((coverage.external.discovered, coverage.external.fetched), (1, 0));
        let own = &coverage.truth;
        assert_eq!((own.works, own.unverified_share), (1, 0.5));
        assert_eq!(own.dead, BTreeMap::from([("404".to_owned(), 1)]));
        assert_eq!(own.unverified, BTreeMap::from([("tls".to_owned(), 1), ("not-looked-at".to_owned(), 1)]));
        assert_eq!(
            coverage.external.truth.unverified,
            BTreeMap::from([("one-look".to_owned(), 1)]),
            "nobody is dead at one look"
        );
    }

    #[test]
    fn answers_that_prove_nothing_have_a_sort() {
        let look = |status, challenge: Option<&str>| match answered(status) {
            Look::Answered { redirect, media_type, at, .. } => {
                Look::Answered { status, redirect, media_type, challenge: challenge.map(str::to_owned), at }
            }
            other => other,
        };
        for (look, sort) in [
            (look(412, Some("status-412")), "challenge"),
            (look(202, Some("ruishu")), "challenge"),
            (look(401, None), "login-wall"),
            (look(403, None), "forbidden"),
            (look(405, None), "client-error"),
            (look(429, None), "rate-limited"),
            (look(503, None), "server-error"),
            (look(999, None), "other-status"),
            (lost(Reason::TlsOutdated), "tls-outdated"),
            (lost(Reason::Trap), "trap"),
        ] {
            let mut fold = Fold::new();
            fold.add(&state(Gathering::Pages, vec![look.clone()]), true);
            assert_eq!(fold.finish().truth.unverified.keys().collect::<Vec<_>>(), [sort], "{look:?}");
        }
    }
}
