//! The site has a channel by which people can ask questions online: a form to write to, or a public list of messages.
//!
//! Petitions and reports of offences are channels of their own and do not count, surveys and interviews neither. None is missing while
//! anything on the site is called so: a mailbox drawn by script or kept on another host is for a person to look at.

use crate::checklist::columns::ColumnMatch;
use crate::exchange::Gathering;
use crate::facts::Site;
use crate::facts::form::Purpose;
use crate::facts::links::Role;
use crate::facts::site::PageSummary;
use crate::finding::{Location, Observation, RootCause};
use crate::rules::places::{column_of, columns_of, is_named};
use crate::rules::{Context, Rule};
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsultationChannel {
    /// Ids of the columns of consultation.
    columns: Vec<String>,
}

impl Default for ConsultationChannel {
    fn default() -> Self {
        ConsultationChannel { columns: vec!["consultation".to_owned()] }
    }
}

/// Channels that do not count (国办秘函〔2019〕19号: 网上信访、纪检举报等专门渠道除外).
const OTHER_CHANNELS: [&str; 8] = ["信访", "纪检", "举报", "访谈", "调查", "征集", "找错", "依申请"];
/// Words by which such a channel is called.
const NAMES: [&str; 12] = ["信箱", "留言", "咨询", "写信", "来信", "互动", "问政", "建言", "提问", "12345", "诉求", "问答"];
/// Fewer links than this make a home page that is drawn by script.
const FEWEST_LINKS: usize = 5;

impl Rule for ConsultationChannel {
    type Subject = Site;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, site: &Site, context: &Context<'_>) -> Vec<Observation> {
        let counts = |page: &PageSummary| {
            let column = column_of(site, &page.url).map(|c| fold(&c.name)).unwrap_or_default();
            let title = fold(&page.title);
            !OTHER_CHANNELS.iter().any(|w| column.contains(w) || title.contains(w))
        };
        let offers =
            |page: &&PageSummary| (page.offers.forms.contains(&Purpose::Message) || page.offers.messages > 0) && counts(page);
        if site.pages.values().any(|page| offers(&&**page)) {
            return vec![Observation::passed()];
        }
        if let Some(column) = columns_of(site, &self.columns).next() {
            return vec![
                Observation::cannot_tell("no-form")
                    .with("column", column.name.as_str())
                    .seen(Location { text: Some(column.name.clone()), ..Location::page(&column.url) }),
            ];
        }
        let called = |text: &str| {
            let text = fold(text);
            NAMES.iter().any(|w| text.contains(w))
                && !OTHER_CHANNELS.iter().any(|w| text.contains(w))
                && text.chars().count() <= 16
        };
        // 投诉建议 may lead to another body's platform that answers questions, too.
        let entries: Vec<_> = self.columns.iter().filter_map(|id| context.book.find(id)).collect();
        let may_be = |text: &str| called(text) || entries.iter().any(|entry| is_named(entry, text));
        let named = site.targets.values().flat_map(|t| t.sources.iter().map(move |s| (t, s))).find(|(_, s)| may_be(&s.text));
        if let Some((target, source)) = named {
            let place = Location { text: Some(source.text.to_string()), ..Location::page(&source.page) };
            let answer = Observation::cannot_tell("link-unclear").with("text", &*source.text);
            return vec![answer.with("url", target.url.as_str()).seen(place)];
        }
        let Some(home) = &site.home else {
            return vec![Observation::untested("incomplete")];
        };
        let place = Location::page(&home.url);
        let like = site
            .columns
            .values()
            .any(|c| matches!(&c.matched, ColumnMatch::Like(ids) if ids.iter().any(|id| self.columns.contains(id))));
        let scripted = home.links.iter().filter(|l| l.role == Role::Anchor && l.target.is_some()).count() < FEWEST_LINKS
            || home.links.iter().any(|l| l.target.is_none() && called(&l.text));
        if like || scripted {
            return vec![Observation::cannot_tell("scripted").seen(place)];
        }
        if !site.complete {
            return vec![Observation::untested("incomplete").seen(place)];
        }
        let answer = Observation::failed("none").prove("pages-seen", site.pages.len().to_string());
        vec![answer.seen(place).cause(RootCause::Column)]
    }
}
