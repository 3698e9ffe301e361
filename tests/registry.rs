//! The office's table of units and sites: read whole or not at all, written such that it reads the same.

#[path = "registry/cli.rs"]
mod cli;
#[path = "registry/columns.rs"]
mod columns;
#[path = "registry/profile.rs"]
mod profile;
#[path = "registry/table.rs"]
mod table;
