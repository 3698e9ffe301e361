//! Going on where an earlier part of the run stopped.

use super::*;
use crate::facts::page::Glance;
use std::collections::BTreeMap;

impl<K: Keep> Crawl<'_, K> {
    /// Takes up what an earlier part of the run left: nothing, where there was none.
    pub(super) async fn resume(&mut self) -> Result<()> {
        let Crawl { keep, frontier, kept_aside, redirects, doubtful, doubted_at, budget, ended, obtained, .. } = self;
        let mut done = Ok(());
        let mut take = |left: Left| -> Result<()> {
            match left {
                Left::Ended(one) if is_aside(one.gathering) => {
                    kept_aside.insert((one.url, one.gathering));
                }
                Left::Ended(one) => {
                    // What ended for want of budget, or as one of a trap, took nothing from it.
                    if one.gathering == Gathering::Pages && !matches!(one.reason, Some(Reason::Budget | Reason::Trap)) {
                        *obtained |= one.answered;
                        *budget = budget.saturating_sub(1);
                    }
                    if let Some(target) = &one.redirect {
                        redirects.insert(fingerprint(&one.url), fingerprint(target));
                    }
                    *ended += 1;
                    frontier.ended(&one.url);
                }
                Left::Waits(one) if !is_aside(one.gathering) => {
                    let redirects = one.redirects;
                    frontier.offer(Waiting { redirects, ..waiting(one.url, one.gathering, one.hops, one.via) })?;
                }
                Left::LookedOnce(state, redirects) if !is_aside(state.gathering) && state.looks.iter().all(was_doubtful) => {
                    doubtful.push(Waiting { redirects, ..waiting(state.url, state.gathering, state.hops, state.via) })?;
                    *doubted_at = Some(Instant::now());
                }
                Left::Waits(_) | Left::LookedOnce(..) => {}
            }
            Ok(())
        };
        keep.left(&mut |left| {
            if done.is_ok() {
                done = take(left);
            }
        })
        .await?;
        done?;
        if let Some(ledger) = self.keep.ledger().await? {
            self.visitor.take_up(&ledger);
        }
        self.weigh_again().await
    }

    /// Weighs the pages of the earlier part again, hop count by hop count, as it weighed them: traps are known by what pages showed.
    async fn weigh_again(&mut self) -> Result<()> {
        let mut shown: BTreeMap<u32, Vec<Waiting>> = BTreeMap::new();
        let mut show =
            |page: Glance| shown.entry(page.hops).or_default().push(waiting(page.url, Gathering::Pages, page.hops, page.via));
        self.keep.show_glances(&mut show).await?;
        for pages in shown.into_values() {
            self.traps.weigh()?;
            for waiting in &pages {
                self.traps.say(waiting);
            }
            for waiting in pages.into_iter().filter(|waiting| self.traps.weighs(waiting)).collect::<Vec<_>>() {
                if let Some(page) = self.keep.page(&waiting.url).await? {
                    self.traps.saw(&waiting, &page)?;
                }
            }
        }
        Ok(())
    }
}
