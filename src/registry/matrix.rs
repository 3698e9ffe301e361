//! The matrix pages of a site (政务新媒体矩阵) beside the accounts of the registry: who is not listed, still listed though closed, listed
//! under another name, with a dead code image. A page that names none of the accounts (pictures only, filled by script) tells nothing.

use super::{Account, AccountState};
use crate::facts::Page;
use crate::facts::links::Role;
use crate::facts::page::Glance;
use crate::facts::page_kind::PageKind;
use crate::facts::site::{Site, TargetOutcome};
use crate::text::fold;
use crate::url::CanonicalUrl;
use std::collections::BTreeSet;

/// Characters of a title of a matrix page at most: news about the matrix has longer ones.
const LONGEST_TITLE: usize = 20;
/// Bytes of folded text kept at most.
const MOST_TEXT: usize = 1 << 20;

/// Is it a matrix page by its title? Articles about the matrix are not.
pub fn is_matrix(glance: &Glance) -> bool {
    let title = fold(&glance.title);
    glance.kind != PageKind::Article
        && title.chars().count() <= LONGEST_TITLE
        && (title.ends_with("新媒体矩阵") || title.ends_with("政务新媒体") || title.ends_with("新媒体账号"))
}

/// What the matrix pages of a run show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// The pages, in canonical order.
    pub pages: Vec<CanonicalUrl>,
    /// Does one of them show more only by script, or was its text cut? Then nothing is said to be missing.
    partial: bool,
    /// Their texts, folded, one per line.
    text: String,
    /// What they link to.
    targets: BTreeSet<CanonicalUrl>,
    /// Those of them that are dead.
    dead: BTreeSet<CanonicalUrl>,
    /// Code images with their alternative texts, folded.
    images: Vec<(CanonicalUrl, String)>,
}

impl Matrix {
    /// Takes a matrix page of a site in.
    pub fn add(&mut self, page: &Page, site: &Site) {
        self.pages.push(page.url.clone());
        self.partial |= page.document.cut || (page.by_script.is_some() && !page.rendered);
        let blocks = page.document.main.iter().chain(&page.document.around).filter(|block| block.hidden.is_none());
        blocks.for_each(|block| self.say(&block.text));
        for link in &page.links {
            self.say(&link.text);
            link.title.iter().chain(&link.other_texts).for_each(|text| self.say(text));
            let Some(target) = &link.target else { continue };
            if site.targets.get(target).is_some_and(|known| matches!(known.outcome, TargetOutcome::Dead { .. })) {
                self.dead.insert(target.clone());
            }
            if link.role == Role::Image {
                let about = format!("{} {}", link.text, link.title.as_deref().unwrap_or_default());
                self.images.push((target.clone(), fold(&about)));
            }
            self.targets.insert(target.clone());
        }
    }

    fn say(&mut self, text: &str) {
        let text = fold(text);
        if text.is_empty() {
            return;
        }
        if self.text.len() + text.len() > MOST_TEXT {
            self.partial = true;
            return;
        }
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// Does the name stand somewhere, on its own or within more words?
    fn shows(&self, name: &str) -> bool {
        !name.is_empty() && self.text.contains(name)
    }

    /// Does the name stand on its own, between marks and ends of texts? `某县公安` does not in `某县公安交警`.
    fn shows_alone(&self, name: &str) -> bool {
        !name.is_empty() && self.text.split(|c: char| !c.is_alphanumeric()).any(|piece| piece == name)
    }

    /// Does the account number stand there, and not as a part of a longer one?
    fn shows_number(&self, number: &str) -> bool {
        let is_free = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        !number.is_empty()
            && self.text.match_indices(number).any(|(at, _)| {
                is_free(self.text[..at].chars().next_back()) && is_free(self.text[at + number.len()..].chars().next())
            })
    }
}

/// An account beside what the matrix pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// They show it.
    Shown,
    /// They do not show it.
    Missing,
    /// It is closed and still shown.
    ClosedButShown,
    /// They show its number or address under another name.
    Renamed,
    /// They show it, and its code image is dead.
    DeadCode,
}

impl Listed {
    /// The word of its mark in the store.
    pub fn word(self) -> &'static str {
        match self {
            Listed::Shown => "listed",
            Listed::Missing => "missing",
            Listed::ClosedButShown => "closed-shown",
            Listed::Renamed => "renamed",
            Listed::DeadCode => "dead-code",
        }
    }
}

/// Compares accounts with the matrix pages of a run, names folded. `own`: whose accounts must be there; those of other units (subordinates
/// of the operator) are told of when they are shown, never missed. `complete`: was everything fetched? Nothing is missed otherwise, nor where
/// no account at all is shown.
pub fn compare(accounts: &[Account], matrix: &Matrix, own: &BTreeSet<&str>, complete: bool) -> Vec<(String, Listed)> {
    let seen: Vec<Option<Listed>> = accounts
        .iter()
        .map(|account| {
            let name = fold(&account.name);
            let named = matrix.shows(&name);
            let address = account.address.as_deref().and_then(|address| CanonicalUrl::parse(address).ok());
            let linked = address.as_ref().is_some_and(|address| matrix.targets.contains(address));
            let pointed = linked || account.number.as_deref().is_some_and(|number| matrix.shows_number(&fold(number)));
            if account.state == AccountState::Closed {
                return (matrix.shows_alone(&name) || pointed).then_some(Listed::ClosedButShown);
            }
            let mut codes = matrix.images.iter().filter(|(_, about)| !name.is_empty() && about.contains(&name));
            match (named, pointed) {
                (true, _) if codes.any(|(image, _)| matrix.dead.contains(image)) => Some(Listed::DeadCode),
                (true, _) if linked && address.as_ref().is_some_and(|address| matrix.dead.contains(address)) => {
                    Some(Listed::DeadCode)
                }
                (true, _) => Some(Listed::Shown),
                (false, true) => Some(Listed::Renamed),
                (false, false) => None,
            }
        })
        .collect();
    let told = complete && !matrix.partial && seen.iter().flatten().any(|listed| *listed != Listed::ClosedButShown);
    let one = |(account, listed): (&Account, Option<Listed>)| match listed {
        Some(listed) => Some((account.id.clone(), listed)),
        None if account.state == AccountState::Closed || !told || !own.contains(account.unit.as_str()) => None,
        None => Some((account.id.clone(), Listed::Missing)),
    };
    accounts.iter().zip(seen).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str, number: &str, state: AccountState) -> Account {
        Account {
            id: id.into(),
            unit: "gaj".into(),
            medium: "微信公众号".into(),
            name: name.into(),
            number: Some(number.into()),
            address: None,
            state,
            filed_on: None,
            closed_on: None,
        }
    }

    fn matrix(lines: &[&str]) -> Matrix {
        let mut matrix = Matrix::default();
        lines.iter().for_each(|line| matrix.say(line));
        matrix
    }

    fn told(accounts: &[Account], matrix: &Matrix, complete: bool) -> Vec<(String, Listed)> {
        compare(accounts, matrix, &BTreeSet::from(["gaj"]), complete)
    }

    #[test]
    fn what_is_not_listed_closed_or_renamed_is_told() {
        use AccountState::{Closed, Running};
        let accounts = [
            account("a", "平安某县", "pamx", Running),
            account("b", "某县交警", "mxjj", Running),
            account("c", "旧号", "jiuhao", Closed),
            account("d", "旧名", "xinming", Running),
            account("e", "已注销号", "yizhuxiao", Closed),
            account("f", "平安", "pingan", Closed),
        ];
        let page = matrix(&["政务新媒体矩阵", "平安　某县", "旧号", "新名（微信号：XinMing）"]);
        let expected = [("a", Listed::Shown), ("b", Listed::Missing), ("c", Listed::ClosedButShown), ("d", Listed::Renamed)];
        assert_eq!(told(&accounts, &page, true), expected.map(|(id, listed)| (id.to_owned(), listed)));
    }

    #[test]
    fn nothing_is_missed_of_what_was_not_seen_whole() {
        let accounts =
            [account("a", "平安某县", "pamx", AccountState::Running), account("b", "某县交警", "mxjj", AccountState::Running)];
        let missed = |matrix: &Matrix, complete| told(&accounts, matrix, complete).iter().any(|(_, l)| *l == Listed::Missing);
        assert!(missed(&matrix(&["平安某县"]), true));
        assert!(!missed(&matrix(&["平安某县"]), false));
        assert!(!missed(&matrix(&["政务新媒体矩阵"]), true), "pictures only");
        assert!(!missed(&Matrix { partial: true, ..matrix(&["平安某县"]) }, true));
    }
}
