//! `match`: for each left item its right one.

use super::{Feedback, Verdict};

/// Two columns to be matched.
#[derive(Clone, Debug, PartialEq)]
pub struct Matching {
    /// What is matched.
    pub left: Vec<String>,
    /// What it is matched with; may be longer, may serve twice.
    pub right: Vec<String>,
    /// For each left item the index of its right one, from 0.
    pub answer: Vec<usize>,
    /// Diagnosed wrong pairs.
    pub wrong: Vec<WrongPair>,
}

/// A pair that tells how the learner came to it.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongPair {
    /// Left and right index, from 0.
    pub pair: [usize; 2],
    /// What is said.
    pub feedback: String,
}

impl Matching {
    /// The share of left items with their right one.
    pub(crate) fn grade(&self, pairs: &[Option<usize>]) -> Verdict {
        let marks = self.marks(pairs);
        let mut feedback = Vec::new();
        for (left, chosen) in pairs.iter().enumerate().take(self.left.len()) {
            let Some(chosen) = *chosen else { continue };
            let wrong = self.wrong.iter().filter(|_| marks.get(left) == Some(&false));
            for wrong in wrong.filter(|wrong| wrong.pair == [left, chosen]) {
                feedback.push(Feedback::new(&self.pair_text(left, chosen), false, &wrong.feedback));
            }
        }
        let right = marks.iter().filter(|&&mark| mark).count();
        Verdict::share(right, self.left.len(), feedback)
    }

    /// For each left item whether `pairs` gives it its right one; equal texts on the right are
    /// the same.
    pub fn marks(&self, pairs: &[Option<usize>]) -> Vec<bool> {
        let text = |index: Option<usize>| index.and_then(|index| self.right.get(index));
        (0..self.left.len())
            .map(|left| {
                let chosen = text(pairs.get(left).copied().flatten());
                chosen.is_some() && chosen == text(self.answer.get(left).copied())
            })
            .collect()
    }

    fn pair_text(&self, left: usize, right: usize) -> String {
        let text = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
        format!("{} – {}", text(&self.left, left), text(&self.right, right))
    }
}
