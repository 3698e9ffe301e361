//! When a page is shown to a browser, so that its scripts fill it.

use serde::{Deserialize, Serialize};

/// `--render`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Render {
    /// Never: what scripts fill stays cannot tell.
    Never,
    /// Where the page as sent is a shell, a challenge, or a column whose list scripts fill; without a browser: never.
    #[default]
    Auto,
    /// Every page.
    Always,
}

impl Render {
    /// All of them.
    pub const ALL: [Render; 3] = [Render::Never, Render::Auto, Render::Always];

    /// The word used in configuration and options.
    pub fn word(self) -> &'static str {
        match self {
            Render::Never => "never",
            Render::Auto => "auto",
            Render::Always => "always",
        }
    }

    /// Can this program show pages to a browser at all?
    pub fn is_built_in() -> bool {
        cfg!(all(feature = "browser", unix))
    }
}
