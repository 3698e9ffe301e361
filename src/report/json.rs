//! The json form of a report.
