//! No file offered for download holds whole numbers of people: identity numbers, bank cards, mobile telephones of the people in a list.
//!
//! Lists of names leak in tables that nobody opens again. As on pages, masked numbers pass, codes of organisations are no people, and
//! lists with a basis of their own are left to a person. A file that could not be read is untested.

use crate::exchange::Gathering;
use crate::facts::File;
use crate::facts::file::Reading as Ended;
use crate::finding::Observation;
use crate::rules::privacy::{self, Reading};
use crate::rules::{Context, Rule};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentPrivacy {}

impl Rule for AttachmentPrivacy {
    type Subject = File;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Attachments];

    fn observe(&self, file: &File, context: &Context<'_>) -> Vec<Observation> {
        if file.reading != Ended::Read && file.text.is_empty() && file.tables.is_empty() {
            return vec![Observation::untested("unread")];
        }
        let page = file.via.as_ref().and_then(|via| context.site.pages.get(via));
        let title = page.map(|page| page.title.as_str()).unwrap_or_default();
        let about = format!("{} {} {title}", file.name, file.served_name.as_deref().unwrap_or_default());
        let cells = file.tables.iter().flat_map(|table| table.rows.iter().flatten()).map(|cell| cell.text.as_str());
        let lines: Vec<&str> = file.text.iter().map(String::as_str).chain(cells).collect();
        let answers = privacy::observe(&Reading { url: &file.url, about, own: lines.len(), lines }, context.as_of);
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}
