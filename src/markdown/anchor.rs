//! The anchors of headings, by GitHub's rule: what links to `#…` name.

use std::collections::BTreeMap;

/// The anchors given out so far.
#[derive(Default)]
pub(super) struct Anchors {
    /// Each anchor with the number that the next heading of the same words gets.
    taken: BTreeMap<String, usize>,
}

impl Anchors {
    /// The anchor of a heading of these words, unique among those before it.
    pub(super) fn next(&mut self, words: &str) -> String {
        let slug = slug(words);
        let Some(&seen) = self.taken.get(&slug) else {
            self.taken.insert(slug.clone(), 1);
            return slug;
        };
        let mut number = seen;
        let unique = loop {
            let candidate = format!("{slug}-{number}");
            number += 1;
            if !self.taken.contains_key(&candidate) {
                break candidate;
            }
        };
        self.taken.insert(slug, number);
        self.taken.insert(unique.clone(), 1);
        unique
    }
}

/// Lower case; letters, digits, `-` and `_` stay, each space is a `-`, the rest goes.
fn slug(words: &str) -> String {
    words
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' | '\n' => Some('-'),
            '-' | '_' => Some(c),
            _ if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_slugs() {
        assert_eq!(slug("Key points"), "key-points");
        assert_eq!(slug("What's a *cold* start?"), "whats-a-cold-start");
        assert_eq!(slug("A & B — c_d-e"), "a--b--c_d-e");
        assert_eq!(slug("Größe 2.0 日本"), "größe-20-日本");
    }

    #[test]
    fn repeated_headings_are_numbered() {
        let mut anchors = Anchors::default();
        let given: Vec<_> = ["A", "a-1", "A", "a", "a-1"].iter().map(|w| anchors.next(w)).collect();
        assert_eq!(given, ["a", "a-1", "a-2", "a-3", "a-1-1"]);
    }
}
