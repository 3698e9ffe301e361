//! Exit codes (design.md section 6). Precedence when several apply: 2, 70, 3 (nothing obtained), 1, 3, 0.

/// Nothing at or above `--fail-on`.
pub const CLEAN: u8 = 0;
/// Findings at or above `--fail-on`, or a score below `--min-score`.
pub const FINDINGS: u8 = 1;
/// The command line or a configuration file is wrong; nothing was fetched.
pub const USAGE: u8 = 2;
/// Nothing was obtained, or every scorecard is insufficient.
pub const NOTHING: u8 = 3;
/// A bug of ours: a rule panicked; the rest of the report still stands.
pub const INTERNAL: u8 = 70;
/// The user stopped the crawl (Ctrl-C); it can go on. As shells count a SIGINT.
pub const STOPPED: u8 = 130;
