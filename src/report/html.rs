//! The html form of a report.
