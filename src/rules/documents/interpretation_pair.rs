//! A normative document has an interpretation (政策解读), and the two link to each other.
//!
//! Judged of documents of the body itself, in force, from a day on. Missing is only what was looked for in columns of interpretation
//! that were seen as a whole.

use crate::exchange::Gathering;
use crate::facts::document_kind::DocumentKind;
use crate::facts::pairs::{Pair, PairKind, of_first};
use crate::facts::particulars::Particulars;
use crate::facts::{Page, Site};
use crate::finding::{Location, Locus, Observation};
use crate::rules::holdings::{self, Whose, whose};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which links a pair has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Links {
    /// From each to the other.
    Both,
    /// From the document to the interpretation.
    Forward,
    /// From one of them to the other.
    Either,
    /// None: a pair is enough.
    None,
}

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterpretationPair {
    /// Kinds of document that have to be interpreted.
    kinds: Vec<DocumentKind>,
    /// Documents from this day on.
    since: Option<Date>,
    /// Which links they have to have.
    links: Links,
    /// Columns that hold interpretations.
    columns: Vec<String>,
}

impl Default for InterpretationPair {
    fn default() -> Self {
        InterpretationPair {
            kinds: vec![DocumentKind::NormativeDocument],
            since: Some(jiff::civil::date(2018, 6, 1)),
            links: Links::Both,
            columns: vec!["interpretation".to_owned(), "interpretation-by-head".to_owned()],
        }
    }
}

/// A document as young as this may still get its interpretation in time.
const YOUNG: i32 = 7;

impl Rule for InterpretationPair {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        let kind = &page.document_kind;
        if !self.kinds.contains(&kind.kind) || page.status != 200 {
            return vec![Observation::inapplicable()];
        }
        // Lists of documents, repeals and prolongations explain themselves.
        let title = fold(page.title());
        let bookkeeping =
            ["废止", "失效", "清理", "继续有效", "有效期", "目录", "任免", "表彰"].iter().any(|word| title.contains(word));
        let repealed = page.validity().map(fold).is_some_and(|v| ["失效", "废止", "无效"].iter().any(|word| v.contains(word)));
        let owner = whose(page, context.site);
        if bookkeeping || repealed || owner == Whose::Superior {
            return vec![Observation::inapplicable()];
        }
        let date = page.written_date().or(page.publish_date());
        if date.is_some_and(|date| self.since.is_some_and(|since| date < since)) {
            return vec![Observation::inapplicable()];
        }
        let pairs = of_first(&context.site.pairs, PairKind::Interpretation, &page.url);
        let sure: Vec<&Pair> = pairs.iter().filter(|pair| pair.sure).collect();
        if !sure.is_empty() {
            return if kind.sure { self.linked(page, &sure, context.site) } else { vec![Observation::passed()] };
        }
        vec![
            self.missing(page, pairs, owner, date, context)
                .with("title", page.title())
                .at(Locus::Name("interpretation".to_owned())),
        ]
    }
}

impl InterpretationPair {
    /// There is one: do they link to each other?
    fn linked(&self, page: &Page, pairs: &[&Pair], site: &Site) -> Vec<Observation> {
        let forward = pairs.iter().any(|pair| pair.linked_forward);
        let back = pairs.iter().any(|pair| pair.linked_back);
        let (wants_forward, wants_back) = match self.links {
            Links::Both => (!forward, !back),
            Links::Forward => (!forward, false),
            Links::Either => (!forward && !back, false),
            Links::None => (false, false),
        };
        // What stands on another site, or in a file, cannot be asked for a link.
        let seen: Vec<&&Pair> = pairs.iter().filter(|pair| site.pages.contains_key(&pair.second)).collect();
        let mut found = Vec::new();
        let place = |observation: Observation, direction: &str, of: &Pair| {
            let title = site.pages.get(&of.second).map_or(of.second.as_str(), |other| other.title.as_str());
            observation
                .at(Locus::Name(direction.to_owned()))
                .with("title", page.title())
                .with("interpretation", title)
                .with("url", of.second.as_str())
                .prove("interpretation", of.second.as_str())
                .prove("pair", of.evidence.clone())
                .seen(Location::text(&page.url, page.title()))
        };
        if let Some(pair) = pairs.first().filter(|_| wants_forward) {
            // The block is there, and what it holds was not read: a script may fill it.
            let scripted = matches!(page.particulars.as_deref(), Some(Particulars::Document(related)) if related.scripted);
            let named = scripted || labelled(page, &["相关解读", "解读链接", "政策解读", "文件解读", "关联解读", "解读材料"]);
            found.push(if named {
                place(Observation::cannot_tell("block-unread"), "forward", pair)
            } else {
                place(Observation::failed("forward-missing"), "forward", pair)
            });
        }
        if let Some(pair) = seen.first().filter(|_| wants_back) {
            let named = matches!(site.particulars.get(&pair.second), Some(Particulars::Interpretation(i)) if i.names_source);
            found.push(if named {
                place(Observation::cannot_tell("block-unread"), "back", pair)
            } else {
                place(Observation::failed("back-missing"), "back", pair).seen(Location::page(&pair.second))
            });
        }
        if found.is_empty() { vec![Observation::passed()] } else { found }
    }

    /// There is none that is sure.
    fn missing(&self, page: &Page, pairs: &[Pair], owner: Whose, date: Option<Date>, context: &Context<'_>) -> Observation {
        let here = Location::text(&page.url, page.title());
        let evidence = page.document_kind.evidence.join("; ");
        let doubt =
            |key: &str| -> Observation { Observation::cannot_tell(key).seen(here.clone()).prove("kind", evidence.clone()) };
        if !page.document_kind.sure {
            return doubt("unsure");
        }
        if let Some(pair) = pairs.first() {
            return doubt("alike").with("url", pair.second.as_str()).prove("pair", pair.evidence.clone());
        }
        if owner == Whose::Unknown {
            return doubt("other-body");
        }
        let Some(date) = date else { return doubt("undated") };
        let shown = page.publish_date().unwrap_or(date);
        if (context.as_of - shown).get_days() <= YOUNG {
            return Observation::inapplicable();
        }
        if labelled(page, &["相关解读", "解读链接", "政策解读", "文件解读", "关联解读", "解读材料", "起草说明"])
        {
            return doubt("block-unread").with("interpretation", "").with("url", page.url.as_str());
        }
        let site = context.site;
        let holdings = holdings::of(site, &self.columns);
        if holdings.scripted {
            return doubt("scripted");
        }
        if holdings.columns.is_empty() {
            return if site.complete { doubt("no-column") } else { Observation::untested("incomplete").seen(here) };
        }
        let seconds: BTreeSet<&CanonicalUrl> = site.pairs.iter().filter(|pair| pair.sure).map(|pair| &pair.second).collect();
        // A row of those columns whose page was not seen, and that is tied to nothing, may be the one.
        let unseen = holdings.columns.iter().flat_map(|column| &column.items).any(|item| {
            let after = item.date.is_none_or(|day| (day - shown).get_days() >= -30);
            after && item.url.as_ref().is_some_and(|url| !site.pages.contains_key(url) && !seconds.contains(url))
        });
        if !holdings.complete || unseen {
            return Observation::untested("incomplete").seen(here);
        }
        let items: usize = holdings.columns.iter().map(|column| column.items.len()).sum();
        Observation::failed("missing")
            .with("date", date)
            .seen(here)
            .prove("kind", evidence)
            .prove("date", date.to_string())
            .prove("interpretations-seen", items.to_string())
            .prove("columns", holdings.columns.iter().map(|c| c.url.as_str()).collect::<Vec<_>>().join(" "))
    }
}

/// Does a short line of the page carry one of these labels?
fn labelled(page: &Page, labels: &[&str]) -> bool {
    const LINE: usize = 16;
    let navigation = |text: &str| page.links.iter().any(|link| fold(&link.text) == text);
    page.document.main.iter().filter(|block| block.text.chars().count() <= LINE).any(|block| {
        let line = fold(&block.text);
        labels.iter().any(|label| line.contains(label)) && !navigation(&line)
    })
}
