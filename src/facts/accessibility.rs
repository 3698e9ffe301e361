//! What static HTML shows of accessibility (WCAG 2.2 A/AA, GB/T 37668): alternatives, labels, headings, landmarks.
//!
//! Only what the source itself decides is noted: what is hidden, left to assistive technology on purpose (`aria-hidden`), or may be
//! filled by a script is no place to stumble over.

mod read;

pub(super) use read::read;

use crate::url::CanonicalUrl;
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
    /// What it refers to (picture, frame, link), where it refers to something.
    pub target: Option<CanonicalUrl>,
}

/// Something that moves or plays by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moving {
    /// Where.
    pub place: Place,
    /// `marquee`, `blink`, `audio`, `video`.
    pub element: String,
    /// Can a visitor stop it: controls, or a handler that stops it?
    pub stoppable: bool,
    /// Does it make no sound?
    pub silent: bool,
}

/// One heading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text or that of the picture inside, squeezed, at most 80 characters; empty when there is none.
    pub text: String,
    /// Line in the source.
    pub line: Option<u32>,
}

/// Facts about one page; lists hold the first 50 places, the counts are full.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Accessibility {
    /// `<html lang>`, or `xml:lang` where only that is there; none without the attribute. May be empty.
    pub language: Option<String>,
    /// Has the page an `<html>` start tag of its own? A fragment that another page takes in has none.
    pub whole: bool,
    /// Images in the page that carry meaning or link (not hidden, no decorative role).
    pub images: u32,
    /// Images without any text alternative, `alt=""` being one.
    pub without_alt: Vec<Place>,
    /// Full number of them.
    pub without_alt_count: u32,
    /// Controls for input (not hidden, not disabled, no buttons).
    pub controls: u32,
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
    /// Headings in document order, at most 200.
    pub headings: Vec<Heading>,
    /// Landmark elements and roles present: `main`, `nav`, `header`, `footer`, `search` …, sorted.
    pub landmarks: Vec<String>,
    /// Is there a link to a place of the page itself among the first links (跳到正文)?
    pub skip_link: bool,
    /// `<meta name=viewport content>`.
    pub viewport: Option<String>,
    /// Ids that occur more than once and that a label or another attribute refers to, at most 20.
    pub repeated_ids: Vec<String>,
    /// What moves or plays by itself.
    pub moving: Vec<Moving>,
}
