//! Every selected page, or a column as a whole, offers a file of a certain kind or name.
//!
//! With `per = "column"` the first page of a column answers for it: a file offered on any of its list pages or of the pages that these
//! list will do. A column that was not fetched whole does not lack what was not looked at.

use crate::exchange::Gathering;
use crate::facts::attachments::Attachment;
use crate::facts::links::Role;
use crate::facts::site::Column;
use crate::facts::{Page, Site};
use crate::finding::{Location, Locus, Observation, RootCause, Text};
use crate::rules::own_words::{self, Pattern};
use crate::rules::{Context, Rule};
use crate::text::fold;
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentPresent {
    /// Extensions that will do, lower case; none: every one.
    #[serde(default)]
    extensions: Vec<String>,
    /// What the name of the file holds, folded.
    #[serde(default)]
    name: Option<Pattern>,
    /// Fewest files.
    #[serde(default)]
    at_least: Option<u32>,
    /// Each page for itself, or a column as a whole.
    #[serde(default)]
    per: Per,
    /// The finding in the office's own words.
    #[serde(default)]
    says: Option<Text>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Per {
    /// Each selected page.
    #[default]
    Page,
    /// Each selected column: its list pages and what they list.
    Column,
}

impl Rule for AttachmentPresent {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, context: &Context<'_>) -> Vec<Observation> {
        match self.per {
            Per::Page => {
                let count = page.attachments.iter().filter(|file| self.takes(file)).count();
                vec![self.answer(count, page, page.title(), page.document.cut.then_some("cut"))]
            }
            Per::Column => match context.site.columns.get(&page.url) {
                Some(column) => vec![self.of_column(page, column, context.site)],
                None => vec![Observation::inapplicable()],
            },
        }
    }
}

impl AttachmentPresent {
    fn takes(&self, file: &Attachment) -> bool {
        self.takes_name(&file.extension, &file.name)
    }

    fn takes_name(&self, extension: &str, name: &str) -> bool {
        let extension = self.extensions.is_empty() || self.extensions.iter().any(|e| e.eq_ignore_ascii_case(extension));
        extension && self.name.as_ref().is_none_or(|pattern| pattern.is_in(&fold(name)))
    }

    fn of_column(&self, page: &Page, column: &Column, site: &Site) -> Observation {
        let listed = column.items.iter().filter_map(|item| item.url.as_ref());
        let held: BTreeSet<&CanonicalUrl> = column.pages.iter().chain(listed.clone()).collect();
        let mut files: BTreeSet<&CanonicalUrl> = BTreeSet::new();
        for target in held.iter().flat_map(|page| site.own_targets(page)).filter(|target| target.attachment) {
            if files.contains(&target.url) {
                continue;
            }
            let extension = extension_of(&target.url);
            let offers = target.sources.iter().filter(|source| source.role == Role::Anchor && held.contains(&source.page));
            if offers.into_iter().any(|source| self.takes_name(&extension, &source.text)) {
                files.insert(&target.url);
            }
        }
        // A row of the list may be the file itself.
        for item in &column.items {
            if let Some(url) = &item.url
                && site.targets.get(url).is_some_and(|target| target.attachment)
                && self.takes_name(&extension_of(url), &item.title)
            {
                files.insert(url);
            }
        }
        let unseen = || listed.clone().any(|url| !site.pages.contains_key(url) && !is_file(site, url));
        let doubt = if column.script_filled {
            Some("scripted")
        } else if !column.complete || unseen() {
            Some("incomplete")
        } else {
            None
        };
        self.answer(files.len(), page, &column.name, doubt)
    }

    fn answer(&self, count: usize, page: &Page, place: &str, doubt: Option<&str>) -> Observation {
        let least = self.at_least.unwrap_or(1) as usize;
        if count >= least {
            return Observation::passed();
        }
        let wanted = self.wanted();
        let locus = Locus::Name(wanted.clone());
        let say = |observation: Observation| observation.with("place", place).with("wanted", wanted.as_str()).at(locus.clone());
        match doubt {
            Some("incomplete") => return say(Observation::untested("incomplete")),
            Some(key) => return say(Observation::cannot_tell(key)),
            None => {}
        }
        let observation = say(own_words::failed("missing", self.says.as_ref()))
            .with("count", count)
            .with("least", least)
            .prove("files", count.to_string())
            .seen(Location::text(&page.url, place));
        if self.per == Per::Column { observation.cause(RootCause::Column) } else { observation }
    }

    /// What is looked for, in words.
    fn wanted(&self) -> String {
        let name = self.name.as_ref().map(|pattern| pattern.text().to_owned());
        let kinds = (!self.extensions.is_empty()).then(|| self.extensions.join("/"));
        let words: Vec<String> = name.into_iter().chain(kinds).collect();
        if words.is_empty() { "*".to_owned() } else { words.join(" ") }
    }
}

fn is_file(site: &Site, url: &CanonicalUrl) -> bool {
    site.targets.get(url).is_some_and(|target| target.attachment)
}

fn extension_of(url: &CanonicalUrl) -> String {
    url.path().rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default()
}
