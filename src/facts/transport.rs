//! How a page came: how long it took, and what its server asks of browsers.

use super::tree::{ROOT, Tree};
use crate::exchange::Exchange;
use serde::{Deserialize, Serialize};

/// Facts that the response tells beside the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transport {
    /// Milliseconds from sending the request to the end of the response; none where nobody measured them.
    pub elapsed: Option<u32>,
    /// Does the page, or its response, have browsers upgrade its own insecure references (`upgrade-insecure-requests`)?
    pub upgrades_insecure: bool,
}

/// Directives that take insecure references away before anybody asks for them.
const UPGRADES: [&str; 2] = ["upgrade-insecure-requests", "block-all-mixed-content"];

pub(super) fn read(tree: &Tree, exchange: &Exchange) -> Transport {
    let says = |policy: &str| {
        let policy = policy.to_ascii_lowercase();
        UPGRADES.iter().any(|directive| policy.contains(directive))
    };
    let by_header = exchange.headers.iter().filter(|(name, _)| name == "content-security-policy").any(|(_, value)| says(value));
    let by_tag = || {
        tree.descendants(ROOT).filter_map(|id| tree.element(id)).any(|e| {
            e.name() == "meta"
                && e.attr("http-equiv").is_some_and(|v| v.trim().eq_ignore_ascii_case("content-security-policy"))
                && e.attr("content").is_some_and(says)
        })
    };
    Transport { elapsed: exchange.elapsed, upgrades_insecure: by_header || by_tag() }
}
