//! No advertising for betting, pornography or pirate streams was injected into the page.
//!
//! Never a word alone: police and lottery offices write of such things every day. A phrase of the lexicon counts in a short line that
//! is no sentence and stands at an edge of the text or between official paragraphs, at an edge of the title, or as the text of a link
//! that is hidden or leads to a host that is no government's; and only where the page does not write about that subject. The answer is
//! always suspected: a person confirms.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document::TextBlock;
use crate::facts::links::{Link, Role};
use crate::finding::{Location, Locus, Observation};
use crate::rules::lexicon::{self, Class};
use crate::rules::{Context, Rule, hosts};
use crate::text::{fold, shorten};
use crate::url::CanonicalUrl;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// No parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InjectedSpam {}

/// Longest line that can be an injected one, in characters of folded text.
const LINE: usize = 80;
/// Most answers about one page: one proves it, a few help to clean it.
const ANSWERS: usize = 20;
/// Most places told of one answer.
const PLACES: usize = 50;

impl Rule for InjectedSpam {
    type Subject = Page;
    const GATHERINGS: &'static [Gathering] = &[Gathering::Pages];

    fn observe(&self, page: &Page, _: &Context<'_>) -> Vec<Observation> {
        let reader = Reader { page, subject: OnceCell::new() };
        let mut answers: Vec<Observation> = reader.title().into_iter().collect();
        answers.extend(reader.lines());
        answers.extend(reader.links());
        answers.truncate(ANSWERS);
        if answers.is_empty() { vec![Observation::passed()] } else { answers }
    }
}

struct Reader<'a> {
    page: &'a Page,
    /// Folded text of everything but short lines with phrases: what the page is about. Made only when a phrase was seen.
    subject: OnceCell<String>,
}

impl Reader<'_> {
    /// Does the page itself write of what a class is about? Then a phrase of it is no break.
    fn writes_of(&self, class: &Class) -> bool {
        let subject = self.subject.get_or_init(|| {
            let mut text = fold(&self.page.document.best_title);
            text.push('\n');
            for block in &self.page.document.main {
                let line = fold(&block.text);
                if !(line.chars().count() <= LINE && lexicon::spam().phrase(&line).is_some()) {
                    text.push_str(&without_spam_edges(&line));
                    text.push('\n');
                }
            }
            if let Some(trail) = &self.page.breadcrumb {
                trail.steps.iter().for_each(|step| text.push_str(&fold(&step.name)));
            }
            text
        });
        let title = fold(&self.page.document.title);
        class.related.iter().any(|word| subject.contains(word.as_str()) || title.contains(word.as_str()))
    }

    fn title(&self) -> Option<Observation> {
        let title = &self.page.document.title;
        let folded = fold(title);
        let (class, phrase) = lexicon::spam().phrase(&folded)?;
        let rest = folded.replace(phrase, "");
        let edge = folded.chars().count().min(LINE) / 2;
        let at = folded.find(phrase).map_or(0, |at| folded[..at].chars().count());
        let near_edge = at <= edge.min(12) || at + phrase.chars().count() + 12 >= folded.chars().count();
        // A title that the text repeats is the article's own.
        let in_text = self.page.document.main.iter().any(|block| {
            let line = fold(&block.text);
            line.contains(phrase) && line.chars().count() > LINE
        });
        // A slogan in place of a common word may stand anywhere (办公室欧洲杯投注2022年通报); a broadcast may be announced in the middle.
        let replaced = matches!(class.id.as_str(), "betting" | "porn");
        if !(near_edge || replaced) || in_text || lexicon::spam().warns(&rest) || self.writes_of(class) {
            return None;
        }
        let official = self.page.meta("ArticleTitle").unwrap_or_default();
        Some(
            self.observation("title", class, phrase, title, Locus::Text(title.clone()))
                .prove("ArticleTitle", official)
                .seen(Location::text(&self.page.url, title.clone())),
        )
    }

    fn lines(&self) -> Vec<Observation> {
        let main = &self.page.document.main;
        let mut answers = Vec::new();
        for (at, block) in main.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|i| main.get(i));
            let after = main.get(at + 1);
            for line in [Some(block.text.as_str()), tail(block, after.is_none())].into_iter().flatten() {
                if let Some(answer) = self.line(line, before, after, at <= 1 || at + 2 >= main.len()) {
                    answers.push(answer);
                    break;
                }
            }
        }
        for block in &self.page.document.around {
            answers.extend(self.line(&block.text, None, None, true));
        }
        answers.sort_by(|a, b| a.locus.cmp(&b.locus));
        answers.dedup_by(|a, b| a.locus == b.locus);
        answers
    }

    /// Is this line an injected one?
    fn line(&self, line: &str, before: Option<&TextBlock>, after: Option<&TextBlock>, edge: bool) -> Option<Observation> {
        if line.len() > LINE * 4 {
            return None;
        }
        let folded = fold(line);
        if folded.chars().count() > LINE {
            return None;
        }
        let (class, phrase) = lexicon::spam().phrase(&folded)?;
        if self.is_link(&folded, phrase) {
            return None; // judged as a link, by where it leads
        }
        let neighbours = [before, after];
        let official = neighbours.iter().flatten().any(|block| is_sentence(&block.text));
        let warned = lexicon::spam().warns(&folded)
            || neighbours.iter().flatten().any(|b| lexicon::spam().warns(&fold(&b.text)) && is_heading(&b.text));
        if is_sentence(line) || warned || !(edge || official) || self.writes_of(class) {
            return None;
        }
        Some(
            self.observation("text", class, phrase, line, Locus::Text(line.to_owned()))
                .seen(Location::text(&self.page.url, line)),
        )
    }

    /// Is the phrase in this line the text of a link?
    fn is_link(&self, line: &str, phrase: &str) -> bool {
        self.page.links.iter().filter(|link| link.role == Role::Anchor && !link.text.is_empty()).any(|link| {
            let text = fold(&link.text);
            text.contains(phrase) && line.contains(&text)
        })
    }

    fn links(&self) -> Vec<Observation> {
        let mut answers: Vec<Observation> = Vec::new();
        let concealed: BTreeSet<&CanonicalUrl> = self.page.concealed.iter().map(|link| &link.target).collect();
        for link in self.page.links.iter().filter(|link| link.role == Role::Anchor) {
            let Some(target) = &link.target else { continue };
            let host = target.host();
            let hidden = link.hidden.is_some() || concealed.contains(target);
            if host == self.page.url.host() && !hidden || is_official(host) {
                continue;
            }
            let text = format!("{} {}", link.text, link.title.as_deref().unwrap_or_default());
            let loud = hidden || hosts::advertises(host).is_some();
            let Some((class, phrase)) =
                lexicon::spam_link(&text, host, hidden).filter(|(class, _)| loud || !self.writes_of(class))
            else {
                continue;
            };
            let phrase = phrase.as_str();
            let shown = if link.text.is_empty() { link.title.as_deref().unwrap_or_default() } else { &link.text };
            let place = place(self.page, link, shown);
            // One host, one injection: it is removed as one.
            let locus = Locus::Target(host.to_owned());
            if let Some(known) = answers.iter_mut().find(|answer| answer.locus == locus) {
                known.occurrences += 1;
                known.locations.push(place);
                continue;
            }
            answers.push(
                self.observation("link", class, phrase, shown, locus)
                    .with("target", target.as_str())
                    .prove("href", link.raw.clone())
                    .prove("hidden", link.hidden.clone().unwrap_or_default())
                    .seen(place),
            );
        }
        answers.iter_mut().for_each(|answer| answer.locations.truncate(PLACES));
        answers
    }

    fn observation(&self, key: &str, class: &Class, phrase: &str, quote: &str, locus: Locus) -> Observation {
        let quote = shorten(quote, 100);
        Observation::failed(key)
            .suspected()
            .at(locus)
            .with("quote", quote.as_str())
            .with("class", class.id.as_str())
            .prove("quote", quote)
            .prove("phrase", phrase)
            .prove("class", class.id.as_str())
    }
}

fn place(page: &Page, link: &Link, text: &str) -> Location {
    Location {
        selector: Some(link.selector.clone()).filter(|s| !s.is_empty()),
        line: link.line,
        ..Location::text(&page.url, text)
    }
}

/// What stands after the last full stop of the last paragraph: a line that was glued to the text.
fn tail(block: &TextBlock, last: bool) -> Option<&str> {
    let at = block.text.rfind(['。', '！', '？', '；'])?;
    let tail = block.text[at..].trim_start_matches(['。', '！', '？', '；', ' ', '”', '）', ')']);
    (last && !tail.is_empty()).then_some(tail)
}

/// A line without its part after the last full stop, when that part holds a phrase: the injected end says nothing about the subject.
fn without_spam_edges(line: &str) -> String {
    match line.rfind('。') {
        Some(at) if lexicon::spam().phrase(&line[at..]).is_some() => line[..at].to_owned(),
        _ => line.to_owned(),
    }
}

/// Sentences have full stops, or are long.
fn is_sentence(text: &str) -> bool {
    text.contains(['。', '！', '？', '；', '：']) || text.chars().count() > LINE
}

/// A line that announces what follows it, as before a list.
fn is_heading(text: &str) -> bool {
    text.chars().count() <= LINE
}

/// Government hosts and those that may speak of lotteries by law.
fn is_official(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // xn--zfr164b is 政务.
    host == "gov.cn"
        || host.ends_with(".gov.cn")
        || host.ends_with(".xn--zfr164b")
        || lexicon::spam().lottery.hosts.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}
