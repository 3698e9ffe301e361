//! A title that a script sets: `document.title = '…'`. Attackers give a page one title for search engines and another for readers.

use crate::facts::tree::Tree;
use crate::text::{shorten, squeeze};

/// The first literal that an inline script of the page assigns to `document.title`.
pub(super) fn title(tree: &Tree) -> Option<String> {
    let scripts = tree.named("script").filter(|id| tree.attr(*id, "src").is_none());
    scripts.filter_map(|id| assigned(&tree.raw_text(id))).next()
}

fn assigned(script: &str) -> Option<String> {
    script.match_indices("document.title").find_map(|(at, name)| {
        let rest = script[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let title = shorten(&squeeze(&unescaped(&rest[1..], quote)?), 600);
        Some(title).filter(|title| !title.is_empty())
    })
}

/// A literal up to its closing quote, escapes read; none when it goes on beyond what a title has.
fn unescaped(text: &str, quote: char) -> Option<String> {
    const MOST: usize = 2_000;
    let mut out = String::new();
    let mut rest = text.chars();
    for _ in 0..MOST {
        match rest.next()? {
            c if c == quote => return Some(out),
            '\\' => match rest.next()? {
                'u' => out.push(code(&mut rest, 4)?),
                'x' => out.push(code(&mut rest, 2)?),
                'n' | 'r' | 't' => out.push(' '),
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

fn code(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let written: String = rest.by_ref().take(digits).collect();
    char::from_u32(u32::from_str_radix(&written, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::assigned;

    #[test]
    fn literals_only() {
        assert_eq!(assigned("if(a){document.title='某县政府';}").as_deref(), Some("某县政府"));
        assert_eq!(assigned(r#"document.title = "\u67d0\u53bf";"#).as_deref(), Some("某县"));
        for script in
            ["var t=document.title;", "document.title==='x'", "document.title=name+'x'", "document.title='", "title='x'"]
        {
            assert_eq!(assigned(script), None, "{script}");
        }
    }
}
