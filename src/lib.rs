//! xuncha 巡查: crawls government websites politely, checks what it saw against disclosure checklists, scores and reports.
//!
//! The flow is in ARCHITECTURE.md. Imports point down only; `tests/layers.rs` holds the table.

pub mod accuracy;
pub mod audit;
pub mod cadence;
pub mod capture;
pub mod checklist;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crawl;
pub mod error;
pub mod exchange;
pub mod exit;
pub mod extract;
pub mod facts;
pub mod finding;
pub mod judge;
pub mod plan;
pub mod registry;
pub mod report;
pub mod rules;
pub mod run;
pub mod scope;
pub mod score;
pub mod shelf;
pub mod store;
pub mod text;
pub mod unfetched;
pub mod url;
pub mod whole;
