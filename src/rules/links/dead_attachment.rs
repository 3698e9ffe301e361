//! Every file offered for download can be downloaded.
//!
//! The same two looks as for `dead-link`; a file is told apart because the remedy is another: the file has to be uploaded again.

use crate::exchange::Gathering;
use crate::facts::site::LinkTarget;
use crate::finding::Observation;
use crate::rules::{Context, Rule, following};
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeadAttachment {}

impl Rule for DeadAttachment {
    type Subject = LinkTarget;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, target: &LinkTarget, _: &Context<'_>) -> Vec<Observation> {
        if !target.attachment {
            return vec![Observation::inapplicable()];
        }
        following::observe(target, &[])
    }
}
