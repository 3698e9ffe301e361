//! What a reader should know of how the site was asked: what robots.txt kept from us, whose authority was used, which budget was spent.

use super::words::both;
use crate::facts::site::{Look, UrlState};
use crate::finding::Text;
use crate::plan::Plan;
use crate::unfetched::Reason;
use std::collections::{BTreeMap, BTreeSet};

/// Hosts and budgets that are named one by one.
const MOST_NAMED: usize = 5;
/// Different budgets that are counted.
const MOST_COUNTED: usize = 100;

/// A fold over the URL states of a run.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Own URLs that robots.txt excluded, by host.
    excluded: BTreeMap<String, u64>,
    /// URLs that a spent budget ended, by its name and value.
    budgets: BTreeMap<String, u64>,
    /// Hosts with recorded authority that were asked.
    authorised: BTreeSet<String>,
}

impl Access {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Access::default()
    }

    /// Takes a URL; `own`: inside the scope.
    pub fn add(&mut self, plan: &Plan, state: &UrlState, own: bool) {
        let answered = state.looks.iter().any(|look| matches!(look, Look::Answered { .. }));
        if answered && plan.config.authority_for(state.url.host()).is_some() && !self.authorised.contains(state.url.host()) {
            self.authorised.insert(state.url.host().to_owned());
        }
        if answered {
            return;
        }
        match state.looks.last() {
            Some(Look::Unfetched { reason: Reason::Robots, .. }) if own => {
                count(&mut self.excluded, state.url.host());
            }
            Some(Look::Unfetched { reason: Reason::Budget, detail, .. }) if detail.starts_with("max_") => {
                count(&mut self.budgets, detail);
            }
            _ => {}
        }
    }

    /// One note per matter.
    pub fn notes(&self, plan: &Plan) -> Vec<Text> {
        let mut notes = Vec::new();
        if !self.excluded.is_empty() {
            let all: u64 = self.excluded.values().sum();
            let (hosts, hosts_en) = named(&self.excluded);
            notes.push(both(
                &format!(
                    "robots.txt 不允许访问 {all} 个站内网址（{hosts}），这些页面没有检查，不能视为没有问题。请与网站或平台运营单位联系放行：\
                     xuncha letter access 可生成申请函。"
                ),
                &format!(
                    "robots.txt excludes {all} own URLs ({hosts_en}); they were not checked, which does not mean that all is well. Ask \
                     the operator of the site or platform for admission: `xuncha letter access` writes the request."
                ),
            ));
        }
        if !self.budgets.is_empty() {
            let all: u64 = self.budgets.values().sum();
            let (which, which_en) = named(&self.budgets);
            notes.push(both(
                &format!("预算用尽，{all} 个网址没有访问（{which}）。提高该项预算后重新运行，可检查其余部分。"),
                &format!(
                    "A spent budget left {all} URLs unvisited ({which_en}). Run again with more of that budget to check the rest."
                ),
            ));
        }
        for host in &self.authorised {
            let Some(authority) = plan.config.authority_for(host) else { continue };
            let (mut zh, mut en) = (Vec::new(), Vec::new());
            if authority.ignore_robots {
                zh.push("不受 robots.txt 限制".to_owned());
                en.push("robots.txt disregarded".to_owned());
            }
            if let Some(rate) = authority.rate {
                zh.push(format!("每秒 {rate} 次请求"));
                en.push(format!("{rate} requests a second"));
            }
            if let Some(n) = authority.at_once {
                zh.push(format!("同时 {n} 个请求"));
                en.push(format!("{n} requests at once"));
            }
            let (who, number, until) = (&authority.who, &authority.document_number, authority.until);
            notes.push(both(
                &format!("按授权访问 {host}：{}。依据：{who}，{number}，有效期至 {until}。", zh.join("，")),
                &format!("{host} was asked with authority: {}. Given by {who}, {number}, until {until}.", en.join(", ")),
            ));
        }
        notes
    }
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    if let Some(known) = counts.get_mut(key) {
        *known += 1;
    } else if counts.len() < MOST_COUNTED {
        counts.insert(key.to_owned(), 1);
    } else {
        *counts.entry("…".to_owned()).or_default() += 1;
    }
}

/// `name n` of the most frequent, and how many more there are; in Chinese and English.
fn named(counts: &BTreeMap<String, u64>) -> (String, String) {
    let mut sorted: Vec<(&String, &u64)> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let told: Vec<String> = sorted.iter().take(MOST_NAMED).map(|(name, n)| format!("{name}: {n}")).collect();
    match sorted.len().saturating_sub(MOST_NAMED) {
        0 => (told.join("，"), told.join(", ")),
        more => (format!("{} 等另 {more} 项", told.join("，")), format!("{} and {more} more", told.join(", "))),
    }
}
