//! Strict parsing of checklist files with place and nearest name.
