//! XML parts of documents as a stream of a few events; what breaks off keeps what was read before.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// What a walker sees.
pub(super) enum Node<'a> {
    /// An element begins; its name without prefix. An empty element begins and ends.
    Open(&'a str, &'a Attributes<'a>),
    /// It ends.
    Close(&'a str),
    /// Text with its entities resolved.
    Text(&'a str),
}

/// Attributes of an element.
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// Value of an attribute by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
        Some(quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), Cow::into_owned))
    }

    /// Value as a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }
}

/// Walks a part until its end, its break or the first false of the visitor. True when it ended well.
pub(super) fn walk(bytes: &[u8], visit: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    let text = decode(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(event) => event,
            Err(_) => return false,
        };
        let goes_on = match event {
            Event::Start(tag) => visit(Node::Open(tag.local_name().as_ref(), &Attributes(&tag))),
            Event::Empty(tag) => {
                visit(Node::Open(tag.local_name().as_ref(), &Attributes(&tag))) && visit(Node::Close(tag.local_name().as_ref()))
            }
            Event::End(tag) => visit(Node::Close(tag.local_name().as_ref())),
            Event::Text(text) => visit(Node::Text(&text)),
            Event::CData(text) => visit(Node::Text(&text)),
            Event::GeneralRef(entity) => {
                let one = match entity.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or_default().to_owned(),
                };
                visit(Node::Text(&one))
            }
            _ => true,
        };
        if !goes_on {
            return true;
        }
    }
}

/// The text of a part: its byte order mark, else its declaration, else UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let label = rest.trim_start_matches(['"', '\'']).split(['"', '\'', '?']).next()?;
        encoding_rs::Encoding::for_label(label.as_bytes()).filter(|e| e.is_ascii_compatible())
    });
    declared.unwrap_or(encoding_rs::UTF_8).decode(bytes).0
}
