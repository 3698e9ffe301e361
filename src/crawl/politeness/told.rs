//! What the gates have to say while nobody asks them: that they pause, go on, slow down.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Most sentences that wait to be heard; a run that nobody watches forgets the oldest.
const MOST: usize = 100;

/// Sentences in the order said.
#[derive(Debug, Default)]
pub(super) struct Told {
    said: Mutex<VecDeque<String>>,
    more: Notify,
}

impl Told {
    /// Says a sentence.
    pub(super) fn say(&self, sentence: String) {
        tracing::info!("{sentence}");
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == MOST {
            said.pop_front();
        }
        said.push_back(sentence);
        drop(said);
        self.more.notify_one();
    }

    /// The next sentence, when there is one.
    pub(super) async fn next(&self) -> String {
        loop {
            let more = self.more.notified();
            if let Some(sentence) = self.said.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
                return sentence;
            }
            more.await;
        }
    }
}
