//! Bounds on hostile input, applied between tokenizer and tree builder.
//!
//! Several steps of the HTML algorithm cost time proportional to the depth of open elements or to the number of attributes of a
//! tag, for every token. Browsers cap nesting too (at 512 elements in Blink); what is dropped here no reader would see.

use super::sink::Sink;
use super::{Id, NONE, Tree};
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Deepest nesting that is kept.
const MAX_DEPTH: u32 = 400;

/// Most nodes of a page, whatever its size.
const MAX_NODES: usize = 1_500_000;

/// Sum over all tags of (attributes squared) that is parsed; an ordinary page of 5 MB stays below a tenth of it.
const MAX_ATTRIBUTE_WORK: u64 = 400_000_000;

struct Bound {
    builder: TreeBuilder<Id, Sink>,
    max_nodes: usize,
    full: Cell<bool>,
    /// End tags to swallow, by name: their start tags were dropped.
    dropped: RefCell<HashMap<String, u32>>,
}

impl Bound {
    /// Should the parser not see this token?
    fn drops(&self, token: &Token) -> bool {
        let sink = &self.builder.sink;
        if self.full.get() || sink.len() >= self.max_nodes {
            if !self.full.replace(true) {
                sink.mark_cut();
            }
            return !matches!(token, Token::EOFToken);
        }
        let Token::TagToken(tag) = token else { return false };
        match tag.kind {
            TagKind::StartTag => {
                // Script and style must pass: the tokenizer has to be told that raw text follows.
                if sink.depth() < MAX_DEPTH || matches!(&*tag.name, "script" | "style" | "title" | "textarea" | "br" | "img") {
                    return false;
                }
                sink.mark_cut();
                *self.dropped.borrow_mut().entry(tag.name.to_string()).or_default() += 1;
                true
            }
            TagKind::EndTag => {
                let mut dropped = self.dropped.borrow_mut();
                match dropped.get_mut(&*tag.name) {
                    Some(count) if *count > 0 => {
                        *count -= 1;
                        true
                    }
                    _ => {
                        sink.close(&tag.name);
                        false
                    }
                }
            }
        }
    }
}

impl TokenSink for Bound {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if self.drops(&token) {
            return TokenSinkResult::Continue;
        }
        let void = matches!(&token, Token::TagToken(tag) if tag.kind == TagKind::StartTag && is_void(&tag.name));
        let before = self.builder.sink.current.get();
        let result = self.builder.process_token(token, line);
        if void && before != NONE {
            self.builder.sink.current.set(before);
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Parses with all bounds.
pub(super) fn parse(source: &str) -> Tree {
    let kept = affordable(source);
    let cut = kept < source.len();
    let source = &source[..kept];
    // Scripting off: the content of <noscript> is parsed, so that what hides there is seen.
    let builder = TreeBuilder::new(
        Sink::new(),
        TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() },
    );
    let bound = Bound {
        builder,
        max_nodes: (source.len() / 2 + 1_000).min(MAX_NODES),
        full: Cell::new(false),
        dropped: RefCell::new(HashMap::new()),
    };
    let tokenizer = Tokenizer::new(bound, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    while let TokenizerResult::Script(_) | TokenizerResult::EncodingIndicator(_) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut tree = tokenizer.sink.builder.sink.finish();
    tree.cut |= cut;
    tree
}

/// How many bytes of the source can be parsed before tags with masses of attributes make it too dear. Attributes are guessed by
/// counting what may separate them between `<` and `>`; slashes of a quoted value (base64 pictures) count a quarter.
fn affordable(source: &str) -> usize {
    let bytes = source.as_bytes();
    let (mut work, mut quarters, mut inside, mut quote) = (0u64, 0u64, false, 0u8);
    for (at, byte) in bytes.iter().copied().enumerate() {
        if !inside {
            (inside, quarters, quote) = (byte == b'<', 0, 0);
            continue;
        }
        match byte {
            b'>' => {
                work += (quarters / 4) * (quarters / 4);
                inside = false;
            }
            b'"' | b'\'' if quote == 0 && bytes[at - 1] == b'=' => quote = byte,
            _ if quote == byte => quote = 0,
            b'/' if quote != 0 => quarters += 1,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'"' | b'\'' => {
                quarters += 4;
                if work + (quarters / 4) * (quarters / 4) > MAX_ATTRIBUTE_WORK && source.is_char_boundary(at) {
                    return at;
                }
            }
            _ => {}
        }
    }
    source.len()
}
