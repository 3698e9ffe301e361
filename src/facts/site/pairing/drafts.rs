//! What pages keep for their pairs, on a shelf: nearly every article keeps something, and of few it is asked for again.

use super::super::gathered::Draft;
use crate::error::{Error, Result};
use crate::facts::pairs::draft::{PairDraft, Part};
use crate::shelf::{Place, Shelf};

/// What a page keeps of its part in memory.
#[derive(Debug, Clone, Copy)]
pub(in crate::facts::site) struct Paired {
    pub(super) part: Part,
    place: Place,
}

/// The drafts of all pages.
#[derive(Debug, Default)]
pub(in crate::facts::site) struct PairDrafts {
    shelf: Shelf,
    failed: Option<Error>,
}

impl PairDrafts {
    /// None yet; what does not fit into memory goes to the shelf.
    pub(in crate::facts::site) fn new(shelf: Shelf) -> Self {
        PairDrafts { shelf, failed: None }
    }

    /// Puts one away. What goes wrong is told when they are read.
    pub(in crate::facts::site) fn put(&mut self, draft: &PairDraft) -> Option<Paired> {
        let record = postcard::to_stdvec(draft).map_err(internal);
        match record.and_then(|record| self.shelf.put(&record)) {
            Ok(place) => Some(Paired { part: draft.part, place }),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }

    /// What kept one from being put away.
    pub(super) fn failure(&mut self) -> Option<Error> {
        self.failed.take()
    }

    /// That of a page.
    pub(super) fn of(&self, draft: &Draft) -> Result<Option<PairDraft>> {
        let Some(paired) = draft.pairing else { return Ok(None) };
        let mut record = Vec::new();
        self.shelf.get(paired.place, &mut record)?;
        postcard::from_bytes(&record).map(Some).map_err(internal)
    }
}

fn internal(why: postcard::Error) -> Error {
    Error::Internal(format!("pairs of pages: {why}"))
}
