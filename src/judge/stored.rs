//! A judgement as it is kept beside its run: taken over by a later run whose plan, inputs and material are the same to the byte.

use super::{Judged, SiteIdentity, Tally};
use crate::error::{Error, Result};
use crate::finding::{Finding, Outcome, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// [`Judged`] with maps that JSON can hold.
#[derive(Debug, Serialize, Deserialize)]
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

/// A judgement in bytes. `key` stands for everything that it follows from. None when it is not worth keeping: a rule panicked.
pub fn write(key: &str, judged: &Judged) -> Result<Option<Vec<u8>>> {
    if !judged.panics.is_empty() {
        return Ok(None);
    }
    let stored = Stored {
        key: key.to_owned(),
        findings: judged.findings.clone(),
        tallies: judged.tallies.clone().into_iter().collect(),
        subject_keys: judged.subject_keys.clone().into_iter().collect(),
        site: judged.site.clone(),
        notes: judged.notes.clone(),
        gone: judged.gone,
        watched: judged.watched.clone().into_iter().collect(),
        inputs: judged.inputs.clone(),
    };
    serde_json::to_vec(&stored).map(Some).map_err(|e| Error::Internal(format!("judgement as JSON: {e}")))
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
        let bytes = write("key", &judged).unwrap().unwrap();
        let again = read("key", &bytes).expect("the same key");
        assert_eq!(format!("{again:?}"), format!("{judged:?}"));
        assert!(read("other", &bytes).is_none());
        assert!(read("key", &bytes[1..]).is_none());
        judged.panics.push("rule".into());
        assert!(write("key", &judged).unwrap().is_none(), "a bug is met again, not taken over");
    }
}
