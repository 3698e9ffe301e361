//! Every URL ever offered, in 16 bytes each, however long it is.
//!
//! An entry is the upper 104 bits of a 128-bit fingerprint and 24 bits of what is known of a URL that waits. The set is split into
//! shards that grow one by one: a single table would need half as much again at the moment at which it doubles.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Shards; chosen by the fingerprint's first byte.
const SHARDS: usize = 256;
/// Bits of an entry that are not fingerprint.
const STATE_BITS: u32 = 24;
/// The bit that says that the URL has had its turn.
const TAKEN: u32 = 1 << 23;
/// Most hops that an entry can tell apart.
const MOST_HOPS: u32 = (1 << 15) - 1;
/// Most redirects that an entry can tell apart.
const MOST_REDIRECTS: u32 = (1 << 8) - 1;

/// Fingerprint and state in one word; equal when the fingerprints are.
#[derive(Debug, Clone, Copy)]
struct Entry(u128);

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.0 >> STATE_BITS == other.0 >> STATE_BITS
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The shard has used the first byte; what follows is as random.
        state.write_u64((self.0 >> 48) as u64);
    }
}

/// A fingerprint is a hash already.
#[derive(Debug, Default, Clone, Copy)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// What is known of a URL that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// Has it had its turn?
    pub(super) taken: bool,
    /// Fewest hops of an offer.
    pub(super) hops: u32,
    /// Fewest redirects of an offer.
    pub(super) redirects: u32,
}

/// The set.
#[derive(Debug)]
pub(super) struct Seen(Vec<HashSet<Entry, BuildHasherDefault<AsItIs>>>);

impl Default for Seen {
    fn default() -> Self {
        Seen((0..SHARDS).map(|_| HashSet::default()).collect())
    }
}

impl Seen {
    fn shard(fingerprint: u128) -> usize {
        (fingerprint >> 120) as usize
    }

    /// What is known of a URL; none when it was never offered.
    pub(super) fn get(&self, fingerprint: u128) -> Option<Known> {
        let Entry(entry) = *self.0.get(Self::shard(fingerprint))?.get(&Entry(fingerprint))?;
        let state = (entry as u32) & ((1 << STATE_BITS) - 1);
        Some(Known { taken: state & TAKEN != 0, hops: state >> 8 & MOST_HOPS, redirects: state & MOST_REDIRECTS })
    }

    /// Notes what is known of a URL now.
    pub(super) fn set(&mut self, fingerprint: u128, known: Known) {
        let taken = if known.taken { TAKEN } else { 0 };
        let state = taken | known.hops.min(MOST_HOPS) << 8 | known.redirects.min(MOST_REDIRECTS);
        let entry = fingerprint >> STATE_BITS << STATE_BITS | u128::from(state);
        if let Some(shard) = self.0.get_mut(Self::shard(fingerprint)) {
            shard.replace(Entry(entry));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_keeps_what_it_is_told_and_nothing_of_others() {
        let mut seen = Seen::default();
        let print = |n: u32| xxhash_rust::xxh3::xxh3_128(&n.to_le_bytes());
        for n in 0..20_000 {
            assert_eq!(seen.get(print(n)), None);
            seen.set(print(n), Known { taken: n % 3 == 0, hops: n, redirects: n % 300 });
        }
        for n in 0..20_000 {
            let known = Known { taken: n % 3 == 0, hops: n.min(MOST_HOPS), redirects: (n % 300).min(MOST_REDIRECTS) };
            assert_eq!(seen.get(print(n)), Some(known));
        }
        seen.set(print(7), Known { taken: true, hops: 1, redirects: 0 });
        assert_eq!(seen.get(print(7)), Some(Known { taken: true, hops: 1, redirects: 0 }), "replaced, not doubled");
    }
}
