//! What static HTML shows of accessibility (WCAG 2.2 A/AA, GB/T 37668): alternatives, labels, headings, landmarks.

use serde::{Deserialize, Serialize};

/// One element that a person or a screen reader would stumble over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// CSS path.
    pub selector: String,
    /// Line in the source, from 1, where known.
    pub line: Option<u32>,
    /// What to search for: the source attribute, the text, the name.
    pub text: String,
}

/// Facts about one page; lists hold the first 50 places, the counts are full.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Accessibility {
    /// Images in the page that carry meaning or link (not hidden, no decorative role).
    pub images: u32,
    /// Images without an `alt` attribute.
    pub without_alt: Vec<Place>,
    /// Full number of them.
    pub without_alt_count: u32,
    /// Controls for input that no label names.
    pub unlabelled: Vec<Place>,
    /// Full number of them.
    pub unlabelled_count: u32,
    /// Links without any text, alternative or label.
    pub nameless_links: Vec<Place>,
    /// Full number of them.
    pub nameless_link_count: u32,
    /// Frames without `title`.
    pub untitled_frames: Vec<Place>,
    /// Levels of the headings in document order, at most 200.
    pub headings: Vec<u8>,
    /// Landmark elements and roles present: `main`, `nav`, `header`, `footer`, `search` …, sorted.
    pub landmarks: Vec<String>,
    /// `<meta name=viewport content>`.
    pub viewport: Option<String>,
    /// Ids that occur more than once, at most 20.
    pub repeated_ids: Vec<String>,
    /// Does something move or play by itself (`marquee`, `blink`, `autoplay`)?
    pub moving: Vec<Place>,
}
