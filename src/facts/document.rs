//! Title, headings and text of a page.

use serde::{Deserialize, Serialize};

/// The readable part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// `<title>`, squeezed.
    pub title: String,
    /// Every `<h1>`, squeezed.
    pub h1: Vec<String>,
    /// Title to show: header value, `<h1>`, ArticleTitle, ColumnName, `<title>` without the site's name.
    pub best_title: String,
    /// `<html lang>`.
    pub lang: Option<String>,
    /// Text of the main content in document order, one block per paragraph-like element, squeezed; at most 2 MiB in all.
    pub main: Vec<TextBlock>,
    /// Text outside the main content (navigation, footer …), squeezed, in document order; at most 256 KiB.
    pub around: Vec<TextBlock>,
    /// Was text cut at its limit?
    pub cut: bool,
}

impl Document {
    /// The main text as one string, blocks separated by newlines.
    pub fn main_text(&self) -> String {
        let mut text = String::new();
        for block in &self.main {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&block.text);
        }
        text
    }
}

/// One paragraph-like piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TextBlock {
    /// Squeezed text.
    pub text: String,
    /// Hidden by an inline style, the hidden attribute or an enclosing `<noscript>`; the cause in a word.
    pub hidden: Option<String>,
}
