//! The terminal form of a report.
