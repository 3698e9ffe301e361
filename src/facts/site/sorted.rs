//! Looking things up in a sorted list of digests: a map of everything on a site takes twice its memory.

/// The entries of a key in a list that is sorted by it.
pub(super) fn of<K: Ord, V>(sorted: &[(K, V)], key: K) -> &[(K, V)] {
    let from = sorted.partition_point(|(known, _)| *known < key);
    let length = sorted[from..].partition_point(|(known, _)| *known == key);
    &sorted[from..from + length]
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn all_entries_of_a_key_and_no_others() {
        let sorted = [(1, 'a'), (3, 'b'), (3, 'c'), (4, 'd')];
        assert_eq!(of(&sorted, 3), [(3, 'b'), (3, 'c')]);
        assert_eq!(of(&sorted, 4), [(4, 'd')]);
        for absent in [0, 2, 5] {
            assert_eq!(of(&sorted, absent), []);
        }
    }
}
