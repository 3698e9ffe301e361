//! The command line: one file per subcommand: parse, call the library, choose the exit code.

pub mod checklists;
pub mod demo;
pub mod explain;
pub mod options;
pub mod progress;
pub mod rules;
pub mod target;
