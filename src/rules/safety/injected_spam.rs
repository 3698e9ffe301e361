//! No advertising for betting, pornography or pirate streams was injected into the page.
//!
//! Never a word alone: police and lottery offices write of such things every day. A phrase of the lexicon counts in a short line that
//! is no sentence and stands at an edge of the text or between official paragraphs, at an edge of the title, or as the text of a link
//! that is hidden or leads to a host that is no government's, or in what only search engines read (keywords, description, a title that a
//! script sets); and only where the page does not write about that subject. The answer is always suspected: a person confirms.

use crate::exchange::Gathering;
use crate::facts::Page;
use crate::facts::document::TextBlock;
use crate::facts::links::{Link, Role};
use crate::facts::page_kind::PageKind;
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
        let mut answers: Vec<Observation> = reader.title(&page.document.title).into_iter().collect();
        if let Some(title) = page.document.scripted_title.as_deref().filter(|_| answers.is_empty()) {
            answers.extend(reader.title(title));
        }
        answers.extend(reader.metas());
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
                if !is_advertising(&line) {
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
        let said = |word: &&String| subject.contains(word.as_str()) || title.contains(word.as_str());
        class.related.iter().any(|word| said(&word)) || class.hints.iter().filter(said).count() >= 2
    }

    /// The same for what stands in the head. A list has rows about everything: only its own name says what it is about.
    fn is_about(&self, class: &Class) -> bool {
        if !matches!(self.page.kind, PageKind::Home | PageKind::Column) {
            return self.writes_of(class);
        }
        let mut names = format!("{} {}", self.page.document.best_title, self.page.document.title);
        self.page.breadcrumb.iter().flat_map(|trail| trail.names()).for_each(|name| names.push_str(name));
        let names = fold(&names);
        class.related.iter().any(|word| names.contains(word.as_str()))
    }

    /// What only search engines read.
    fn metas(&self) -> Option<Observation> {
        const NAMES: [&str; 2] = ["keywords", "description"];
        let tags = self.page.meta.iter().filter(|tag| NAMES.contains(&tag.name.trim().to_ascii_lowercase().as_str()));
        for tag in tags {
            let folded = fold(&tag.content);
            let Some((class, phrase)) = lexicon::spam().phrase(&folded) else { continue };
            let warned = lexicon::spam().warns(&self.added(&folded, phrase));
            if folded.chars().count() <= 4 * LINE && !warned && !self.is_about(class) {
                let answer = self.observation("meta", class, phrase, &tag.content, Locus::Name("meta".to_owned()));
                return Some(answer.with("name", tag.name.as_str()).seen(Location::text(&self.page.url, tag.content.as_str())));
            }
        }
        None
    }

    /// What was added to what the page calls itself: only that may warn. The name of a police office warns of nothing.
    fn added(&self, folded: &str, phrase: &str) -> String {
        let document = &self.page.document;
        let metas = ["ArticleTitle", "SiteName", "ColumnName"].into_iter().filter_map(|name| self.page.meta(name));
        let own = document.h1.iter().map(String::as_str).chain([document.best_title.as_str()]).chain(metas).map(fold);
        let own = own.filter(|own| own.chars().count() >= 4 && !own.contains(phrase));
        own.fold(folded.replace(phrase, ""), |rest, own| rest.replace(own.as_str(), ""))
    }

    fn title(&self, title: &str) -> Option<Observation> {
        let folded = fold(title);
        let (class, phrase) = lexicon::spam().phrase(&folded).or_else(|| lexicon::spam().segment(&folded))?;
        let rest = self.added(&folded, phrase);
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
        if !(near_edge || replaced) || in_text || lexicon::spam().warns(&rest) || self.is_about(class) {
            return None;
        }
        let official = self.page.meta("ArticleTitle").unwrap_or_default();
        Some(
            self.observation("title", class, phrase, title, Locus::Text(title.to_owned()))
                .prove("ArticleTitle", official)
                .seen(Location::text(&self.page.url, title)),
        )
    }

    fn lines(&self) -> Vec<Observation> {
        let main = &self.page.document.main;
        let mut answers = Vec::new();
        for (at, block) in main.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|i| main.get(i));
            let after = main.get(at + 1);
            for line in [Some(block.text.as_str()), tail(block)].into_iter().flatten() {
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
            let text = format!("{}|{}", link.text, link.title.as_deref().unwrap_or_default());
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

/// What stands after the last full stop of a paragraph: a line that was glued to the text.
fn tail(block: &TextBlock) -> Option<&str> {
    let at = block.text.rfind(['。', '！', '？', '；'])?;
    let tail = block.text[at..].trim_start_matches(['。', '！', '？', '；', ' ', '”', '）', ')']);
    (!tail.is_empty()).then_some(tail)
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

/// A line that announces what follows it, as before a list, or sums up what stood before: no sentence of an ordinary report.
fn is_heading(text: &str) -> bool {
    const SIGNS: [&str; 6] = ["如下", "以下", "下列", "名单", "以上", "上述"];
    let announces = text.trim_end().ends_with(['：', ':']) || SIGNS.iter().any(|sign| text.contains(sign));
    text.chars().count() <= LINE && (announces || !text.contains(['。', '！', '？']))
}

/// A short line that is no sentence and holds nothing but names of what is advertised says nothing about the subject.
fn is_advertising(line: &str) -> bool {
    let spam = lexicon::spam();
    let short = line.chars().count() <= LINE;
    short && (spam.phrase(line).is_some() || spam.word(line).is_some() && !is_sentence(line) && !spam.warns(line))
}

/// Government hosts and those that may speak of lotteries by law.
fn is_official(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    hosts::is_government(&host)
        || lexicon::spam().lottery.hosts.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}
