//! A crawl that survives whatever ends it, and one that goes on from an earlier run.

#[path = "server/fault.rs"]
mod fault;

mod durable {
    pub mod kills;
    pub mod remembering;
    pub mod since;
    pub mod site;
    pub mod stopping;
}
