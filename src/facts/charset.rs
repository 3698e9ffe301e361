//! Charset by BOM, header, meta, detection, in that order; gb2312 and gbk mean GB18030 (WHATWG labels).

use serde::{Deserialize, Serialize};

/// What was declared and what was used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Charset {
    /// Label in the Content-Type header, lower case, as written.
    pub header: Option<String>,
    /// Label in the page's own meta, lower case, as written.
    pub meta: Option<String>,
    /// WHATWG name of the encoding that was used, lower case.
    pub used: String,
    /// Which of bom, header, meta, detection decided.
    pub by: String,
    /// Characters that could not be decoded (U+FFFD produced by decoding).
    pub damaged: u64,
}
