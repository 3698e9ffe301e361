//! A fault that nearly all pages share is one fault of their template (design.md 2.12).

use super::answers::Answers;
use super::fingerprint::locus_key;
use super::questions::Question;
use crate::facts::Site;
use crate::facts::links::Region;
use crate::facts::site::LinkTarget;
use crate::finding::{Certainty, Locus};
use crate::rules::Loaded;
use crate::url::CanonicalUrl;
use std::collections::{BTreeMap, BTreeSet};

/// How the key begins that stands for all pages of a template's fault.
pub const KEY: &str = "template:";
/// Fewer pages are no template.
const LEAST_PAGES: u64 = 3;

/// Do so many of all make a template's fault: at least 80 %, and at least three?
pub fn is_of_template(pages: u64, of: u64) -> bool {
    pages >= LEAST_PAGES && u128::from(pages) * 10 >= u128::from(of) * 8
}

/// Puts page failures of equal judgement, locus, message and certainty together where they hold on nearly all pages that the
/// judgement decided. Yields the keys that stand for the pages of each such fault as one subject.
pub fn merge(answers: &mut Answers, questions: &[Question<'_>]) -> Vec<String> {
    let mut groups: BTreeMap<(usize, String, Certainty, Locus), Vec<usize>> = BTreeMap::new();
    for (index, failure) in answers.failures.iter().enumerate() {
        if questions.get(failure.question).is_some_and(|q| matches!(q.rule, Loaded::Page(_))) {
            let said = &failure.observation;
            let key = (failure.question, said.message.clone(), said.certainty, said.locus.clone());
            groups.entry(key).or_default().push(index);
        }
    }
    let mut faults = Vec::new();
    for ((question, _, _, locus), failures) in groups {
        let pages: BTreeSet<&CanonicalUrl> = failures.iter().map(|i| &answers.failures[*i].url).collect();
        let decided = answers.decided.get(&question).copied().unwrap_or_default();
        if !is_of_template(pages.len() as u64, decided) {
            continue;
        }
        let rule = questions.get(question).map_or("", |q| q.judgement.rule.as_str());
        let key = format!("{KEY}{rule}:{}", locus_key(&locus));
        for index in &failures {
            answers.failures[*index].template = Some(faults.len());
        }
        faults.push(key);
    }
    faults
}

/// Is a link target referred to by a template: from nearly all pages, or from the head or bottom of most of its pages?
pub fn refers(target: &LinkTarget, site: &Site) -> bool {
    let framed = target.sources.iter().filter(|s| matches!(s.region, Region::Header | Region::Footer)).count();
    is_of_template(target.pages, site.pages.len() as u64) || target.pages >= LEAST_PAGES && framed * 2 > target.sources.len()
}

#[cfg(test)]
mod tests {
    use super::is_of_template;

    #[test]
    fn four_fifths_and_at_least_three() {
        assert!(is_of_template(3, 3));
        assert!(is_of_template(80, 100));
        assert!(!is_of_template(79, 100));
        assert!(!is_of_template(2, 2));
    }
}
