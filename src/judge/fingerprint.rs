//! Identity of a finding across runs (design.md 2.10): rule id, subject key and locus; never origin, port, line, selector, parameters,
//! item or message.

use crate::finding::Locus;
use crate::text::fold;
use crate::url::CanonicalUrl;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// How an own subject enters a fingerprint: its kind and its path and query, index files folded.
pub fn own_key(kind: &str, url: &CanonicalUrl) -> String {
    format!("{kind}:{}", url.key())
}

/// How a subject on somebody else's host enters a fingerprint: in full.
pub fn external_key(kind: &str, url: &CanonicalUrl) -> String {
    format!("{kind}:{url}")
}

/// The fingerprint, 32 hex digits.
pub fn fingerprint(rule: &str, subject_key: &str, locus: &Locus) -> String {
    let mut hash = Sha256::new();
    // Lengths keep neighbouring parts from running into one another.
    for part in [rule, subject_key, &locus_key(locus)] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    HEXLOWER.encode(&hash.finalize()[..16])
}

/// A locus in words: part of the hash, and of the key of a template's fault.
pub fn locus_key(locus: &Locus) -> String {
    match locus {
        Locus::Whole => "whole".to_owned(),
        Locus::Target(target) => format!("target:{target}"),
        Locus::Name(name) => format!("name:{name}"),
        Locus::Text(text) => format!("text:{}", fold(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_and_the_spelling_of_an_index_do_not_matter() {
        let key = |url: &str| own_key("page", &CanonicalUrl::parse(url).expect("parses"));
        assert_eq!(key("http://127.0.0.1:8080/a/index.html"), key("https://www.x.gov.cn/a/"));
        assert_ne!(key("http://x.cn/a/?c=1"), key("http://x.cn/a/?c=2"));
        let text = |t: &str| fingerprint("injected-spam", "page:/", &Locus::Text(t.into()));
        assert_eq!(text("澳門　ＡＢＣ"), text("澳门abc"));
        assert_eq!(text("x").len(), 32);
    }

    #[test]
    fn parts_do_not_run_together() {
        let whole = |rule: &str, key: &str| fingerprint(rule, key, &Locus::Whole);
        assert_ne!(whole("a", "bc"), whole("ab", "c"));
        assert_ne!(
            fingerprint("a", "b", &Locus::Name("title".into())),
            fingerprint("a", "b", &Locus::Text("title".into())),
            "a field and a quoted word are different places"
        );
    }
}
