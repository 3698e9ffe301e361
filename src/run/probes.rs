//! Answers to probes as rows of `run.db`: one per question, apart from the URLs of the site.

use super::rows::{column, damaged};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Gathering, Profile};
use crate::facts::Page;
use crate::facts::probes::{Answered, Looked, Probes};
use crate::unfetched::Unfetched;
use crate::url::CanonicalUrl;
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;
use std::io::Read;

/// Every answer, in canonical order.
pub(super) const PROBES: &str = "SELECT facts FROM probe ORDER BY gathering, subject, profile";
/// The pages that answers speak of.
pub(super) const PAGES: &str = "SELECT facts, hops, via FROM page p JOIN look l ON l.url = p.url AND l.gathering = 'pages'
        AND l.look = (SELECT max(look) FROM look m WHERE m.url = p.url AND m.gathering = 'pages')
    WHERE p.url IN (SELECT subject FROM probe UNION SELECT via FROM probe) ORDER BY p.url";

/// One answer as stored: JSON, deflated.
#[derive(Debug, Clone)]
pub(super) struct ProbeRow {
    pub(super) gathering: Gathering,
    pub(super) subject: String,
    pub(super) profile: Profile,
    pub(super) via: Option<CanonicalUrl>,
    pub(super) facts: Vec<u8>,
}

/// A question that an earlier part of the run asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// What for.
    pub gathering: Gathering,
    /// Of what: a URL, or a host.
    pub subject: String,
    /// As whom.
    pub profile: Profile,
    /// SHA-256 of the decoded body, hex, where there was one.
    pub digest: Option<String>,
    /// Where the answer redirected to.
    pub redirect: Option<CanonicalUrl>,
}

impl Probed {
    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        let answer = match read(row)? {
            Some(Kept::Answered(answer)) => Some(answer),
            _ => None,
        };
        Ok(Probed {
            gathering: Gathering::of_word(&column::<String>(row, "gathering")?).ok_or_else(|| damaged(&"gathering"))?,
            subject: column(row, "subject")?,
            profile: Profile::of_word(&column::<String>(row, "profile")?).ok_or_else(|| damaged(&"profile"))?,
            digest: answer.as_ref().map(|a| a.digest.clone()).filter(|digest| !digest.is_empty()),
            redirect: answer.and_then(|a| a.redirect),
        })
    }
}

/// What a row holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kept {
    /// An answer.
    Answered(Box<Answered>),
    /// A certificate or addresses.
    Looked(Looked),
}

impl ProbeRow {
    /// Of an exchange.
    pub(super) fn of_exchange(exchange: &Exchange) -> Result<Self> {
        Ok(ProbeRow {
            gathering: exchange.gathering,
            subject: exchange.url.to_string(),
            profile: exchange.profile,
            via: exchange.via.clone(),
            facts: deflate(&Kept::Answered(Box::new(Answered::of(exchange))))?,
        })
    }

    /// Of a question without an answer: it was asked, and shows nothing.
    pub(super) fn of_unfetched(unfetched: &Unfetched) -> Self {
        ProbeRow {
            gathering: unfetched.gathering,
            subject: unfetched.url.to_string(),
            profile: Profile::Own,
            via: unfetched.via.clone(),
            facts: Vec::new(),
        }
    }

    /// Of a handshake or a look-up.
    pub(super) fn of_looked(looked: &Looked) -> Result<Self> {
        Ok(ProbeRow {
            gathering: looked.gathering(),
            subject: looked.host().to_owned(),
            profile: Profile::Own,
            via: None,
            facts: deflate(&Kept::Looked(looked.clone()))?,
        })
    }
}

fn deflate(kept: &Kept) -> Result<Vec<u8>> {
    let failed = |e: String| Error::Internal(format!("probe: {e}"));
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut encoder, kept).map_err(|e| failed(e.to_string()))?;
    encoder.finish().map_err(|e| failed(e.to_string()))
}

/// A row back; none where there was no answer.
pub(super) fn read(row: &SqliteRow) -> Result<Option<Kept>> {
    let facts: Vec<u8> = column(row, "facts")?;
    if facts.is_empty() {
        return Ok(None);
    }
    let mut json = Vec::new();
    ZlibDecoder::new(facts.as_slice()).read_to_end(&mut json).map_err(|e| damaged(&e))?;
    serde_json::from_slice(&json).map(Some).map_err(|e| damaged(&e))
}

/// What the rows show together.
pub(super) fn assemble(kept: Vec<Kept>, pages: &BTreeMap<CanonicalUrl, Page>) -> Probes {
    let (mut answers, mut looked) = (Vec::new(), Vec::new());
    for one in kept {
        match one {
            Kept::Answered(answer) => answers.push(*answer),
            Kept::Looked(one) => looked.push(one),
        }
    }
    crate::facts::probes::assemble(&answers, looked, pages)
}
