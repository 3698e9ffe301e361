//! What was seen and what was not: a fold over the URL states of a run.

use super::{Coverage, ExternalCoverage};
use crate::exchange::Gathering;
use crate::facts::site::{Look, UrlState};
use std::collections::BTreeMap;

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

    /// The counts.
    pub fn finish(self) -> Coverage {
        Coverage {
            discovered: self.own.discovered,
            fetched: self.own.fetched,
            unfetched: self.own.unfetched,
            external: ExternalCoverage {
                discovered: self.external.discovered,
                fetched: self.external.fetched,
                unfetched: self.external.unfetched,
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
    }
}
