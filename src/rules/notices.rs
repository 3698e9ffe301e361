//! A page that every site should have, looked for by the words of its links: shared by the rules about privacy and contact.

use crate::facts::links::Role;
use crate::facts::{Page, Site};
use crate::finding::Location;
use crate::text::fold;

/// Fewer links on the home page: most of it comes by script.
const LEAST_LINKS: usize = 8;

/// What was found.
pub(super) enum Seen {
    /// A link that says so.
    Here,
    /// No link of any page says so.
    Nowhere,
    /// Not everything was seen, or the page comes by script, or its language is none that we know words of.
    Unsure,
    /// The home page was not fetched.
    NoPages,
}

/// Looks at the home page first, then at every link of the site. A link whose folded text is no name of such a page does not count.
pub(super) fn look(site: &Site, words: &[String], is_name: &dyn Fn(&str) -> bool) -> Seen {
    let Some(home) = &site.home else { return Seen::NoPages };
    let says = |text: &str| {
        let text = fold(text);
        words.iter().any(|word| text.contains(word.as_str()))
    };
    let names = |text: &str| says(text) && is_name(&fold(text));
    let on_home = home.links.iter().filter(|link| link.role == Role::Anchor).any(|link| {
        let mail = link.raw.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) || link.raw.starts_with("tel:");
        names(&link.text)
            || link.other_texts.iter().any(|text| names(text))
            || link.title.as_deref().is_some_and(names)
            || (link.raw.len() < 300 && says(&link.raw))
            || (mail && says("contact"))
    });
    let at_bottom = says(&home.footer.text);
    let elsewhere = || {
        site.targets.values().any(|target| target.sources.iter().any(|source| source.role == Role::Anchor && names(&source.text)))
    };
    if on_home || at_bottom || elsewhere() {
        return Seen::Here;
    }
    let links = home.links.iter().filter(|link| link.role == Role::Anchor && link.target.is_some()).count();
    if links < LEAST_LINKS || home.footer.scripted || !site.complete || !speaks_a_known_language(home) {
        return Seen::Unsure;
    }
    Seen::Nowhere
}

/// Is the page named to be in a language of which the words above hold some?
fn speaks_a_known_language(page: &Page) -> bool {
    const KNOWN: [&str; 16] = ["zh", "en", "de", "fr", "es", "pt", "it", "nl", "ru", "uk", "ja", "ko", "pl", "sv", "da", "tr"];
    let named = page.accessibility.language.as_deref().unwrap_or_default().to_ascii_lowercase();
    let primary = named.split(['-', '_']).next().unwrap_or_default();
    KNOWN.contains(&primary)
}

/// Where a person looks.
pub(super) fn home(site: &Site) -> Option<Location> {
    let home = site.home.as_ref()?;
    let title = Some(home.document.title.clone()).filter(|title| !title.is_empty());
    Some(Location { text: title, ..Location::page(&home.url) })
}
