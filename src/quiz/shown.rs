//! The order in which the parts of a question are shown: a hash of question and attempt, so the
//! same for everybody, or of a seed.

use super::{Question, QuestionKind};

/// The parts in the order shown; each number is a part's index in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Choices, items to order or to sort, or the left column of a matching.
    pub items: Vec<usize>,
    /// The right column of a matching, or the bins of a sorting (never shuffled).
    pub right: Vec<usize>,
}

impl Shown {
    /// The order for this attempt. Items to be put in order never stand in the right one.
    pub fn new(question: &Question, seed: Option<u64>, attempt: u32) -> Self {
        let mut draw = Draw::new(&question.id, seed, attempt);
        let in_file = |count: usize| (0..count).collect::<Vec<_>>();
        let mut shuffled = |count: usize| draw.shuffled(count);
        match &question.kind {
            QuestionKind::Choice(kind) if kind.shuffle => {
                Self { items: shuffled(kind.choices.len()), right: Vec::new() }
            }
            QuestionKind::Choice(kind) => {
                Self { items: in_file(kind.choices.len()), right: Vec::new() }
            }
            QuestionKind::Order(kind) => {
                let mut items = shuffled(kind.items.len());
                if items.is_sorted() && items.len() > 1 {
                    items.rotate_left(1);
                }
                Self { items, right: Vec::new() }
            }
            QuestionKind::Match(kind) => {
                Self { items: in_file(kind.left.len()), right: shuffled(kind.right.len()) }
            }
            QuestionKind::Sort(kind) => {
                Self { items: shuffled(kind.items.len()), right: in_file(kind.bins.len()) }
            }
            QuestionKind::Numeric(_) | QuestionKind::Short(_) | QuestionKind::Cloze(_) => {
                Self::default()
            }
        }
    }

    /// The place, from 0, at which the part with this index in the file is shown.
    pub fn place_of(&self, item: usize) -> Option<usize> {
        self.items.iter().position(|&shown| shown == item)
    }
}

/// The letter of the choice shown at this place, from 0: `a` to `z`, then `?`.
pub fn letter(place: usize) -> char {
    u8::try_from(place).ok().filter(|&n| n < 26).map_or('?', |n| char::from(b'a' + n))
}

/// Numbers that look drawn by chance and depend on a name, an attempt and perhaps a seed alone.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(name: &str, seed: Option<u64>, attempt: u32) -> Self {
        let mut draw = Self(0xcbf2_9ce4_8422_2325);
        draw.stir(name.as_bytes());
        draw.stir(&attempt.to_le_bytes());
        if let Some(seed) = seed {
            draw.stir(&seed.to_le_bytes());
        }
        draw
    }

    /// FNV-1a.
    fn stir(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The next number, by splitmix64.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `count` − 1; 0 where there is none.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// 0 to `count` − 1 in drawn order (Fisher and Yates).
    pub(crate) fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn shuffling_reaches_every_order_about_equally_often() {
        let mut seen = BTreeMap::new();
        for attempt in 0..6000 {
            *seen.entry(Draw::new("q", None, attempt).shuffled(3)).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| (850..1150).contains(count)), "{seen:?}");
    }

    #[test]
    fn the_order_is_pinned_for_all_times() {
        assert_eq!(Draw::new("cold-starts.gap", None, 1).shuffled(5), [3, 0, 1, 2, 4]);
        assert_eq!(Draw::new("cold-starts.gap", Some(7), 1).shuffled(5), [4, 2, 1, 0, 3]);
    }
}
