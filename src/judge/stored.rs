//! A judgement as it is kept beside its run: taken over by a later run whose plan, inputs and material are the same to the byte.

use super::{Judged, SiteIdentity, Tally};
use crate::finding::{Finding, Outcome, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// [`Judged`] with maps that JSON can hold.
#[derive(Debug, Deserialize)]
struct Stored {
    /// What it was judged from; see [`write`].
    key: String,
    findings: Vec<Finding>,
    tallies: Vec<((usize, String), Tally)>,
    subject_keys: Vec<((String, String), Vec<String>)>,
    site: SiteIdentity,
    notes: Vec<Text>,
    gone: Option<u64>,
    watched: Vec<((String, String, String), Outcome)>,
    inputs: BTreeMap<String, String>,
}

/// The same by reference, to be written.
#[derive(Debug, Serialize)]
struct Storing<'a> {
    key: &'a str,
    findings: &'a [Finding],
    tallies: Vec<(&'a (usize, String), &'a Tally)>,
    subject_keys: Vec<(&'a (String, String), &'a Vec<String>)>,
    site: &'a SiteIdentity,
    notes: &'a [Text],
    gone: Option<u64>,
    watched: Vec<(&'a (String, String, String), &'a Outcome)>,
    inputs: &'a BTreeMap<String, String>,
}

/// Is it worth keeping? Not where a rule panicked: a bug is met again, not taken over.
pub fn is_worth_keeping(judged: &Judged) -> bool {
    judged.panics.is_empty()
}

/// Writes a judgement. `key` stands for everything that it follows from.
pub fn write(key: &str, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let storing = Storing {
        key,
        findings: &judged.findings,
        tallies: judged.tallies.iter().collect(),
        subject_keys: judged.subject_keys.iter().collect(),
        site: &judged.site,
        notes: &judged.notes,
        gone: judged.gone,
        watched: judged.watched.iter().collect(),
        inputs: &judged.inputs,
    };
    serde_json::to_writer(out, &storing).map_err(io::Error::from)
}

/// The judgement in these bytes, if it follows from the same; none otherwise, and of bytes that are none.
pub fn read(key: &str, bytes: &[u8]) -> Option<Judged> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    (stored.key == key).then(|| Judged {
        findings: stored.findings,
        tallies: stored.tallies.into_iter().collect(),
        subject_keys: stored.subject_keys.into_iter().collect(),
        panics: Vec::new(),
        site: stored.site,
        notes: stored.notes,
        gone: stored.gone,
        watched: stored.watched.into_iter().collect(),
        inputs: stored.inputs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_under_its_key_alone() {
        let mut judged = Judged { gone: Some(3), ..Judged::default() };
        judged.tallies.insert((7, "unit".into()), Tally { failed: 2, ..Tally::default() });
        judged.subject_keys.insert(("print".into(), "unit".into()), vec!["http://x.cn/".into()]);
        judged.notes.push(Text { zh: "注".into(), en: "note".into() });
        let mut bytes = Vec::new();
        write("key", &judged, &mut bytes).unwrap();
        assert!(is_worth_keeping(&judged));
        let again = read("key", &bytes).expect("the same key");
        assert_eq!(format!("{again:?}"), format!("{judged:?}"));
        assert!(read("other", &bytes).is_none());
        assert!(read("key", &bytes[1..]).is_none());
        judged.panics.push("rule".into());
        assert!(!is_worth_keeping(&judged));
    }
}
