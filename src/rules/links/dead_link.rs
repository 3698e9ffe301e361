//! Every link, image and frame leads somewhere.
//!
//! Dead is what two looks agree on (404, 410, a name that does not exist, a redirect that ends nowhere). An answer that may be the
//! doing of a firewall, a login or a busy server is blocked, and nobody's fault until a person has looked. Files offered for download
//! belong to `dead-attachment`.

use crate::exchange::Gathering;
use crate::facts::links::Role;
use crate::facts::site::LinkTarget;
use crate::finding::Observation;
use crate::rules::{Context, Rule, following};
use serde::{Deserialize, Serialize};

/// Parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeadLink {
    /// Look at targets inside the scope.
    own: bool,
    /// Look at targets outside.
    external: bool,
    /// Elements that refer.
    roles: Vec<Role>,
}

impl Default for DeadLink {
    fn default() -> Self {
        DeadLink { own: true, external: true, roles: vec![Role::Anchor, Role::Image, Role::Frame] }
    }
}

impl Rule for DeadLink {
    type Subject = LinkTarget;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, target: &LinkTarget, _: &Context<'_>) -> Vec<Observation> {
        let asked = if target.own { self.own } else { self.external };
        if target.attachment || !asked {
            return vec![Observation::inapplicable()];
        }
        following::observe(target, &self.roles)
    }
}
