//! `order`: put the items in their order.

use super::{Feedback, Verdict};

/// The items, right order first to last.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordering {
    /// In the right order.
    pub items: Vec<String>,
    /// What is said when a pair stands the wrong way round.
    pub swaps: Vec<Swap>,
}

/// Two items that are easily put the wrong way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Swap {
    /// Indices of items, from 0, the earlier first.
    pub pair: [usize; 2],
    /// What is said.
    pub feedback: String,
}

impl Ordering {
    /// The share of positions that hold the right item: two neighbours swapped among five score
    /// 3/5, everything moved by one place scores 0.
    pub(crate) fn grade(&self, order: &[usize]) -> Verdict {
        let right = self.marks(order).iter().filter(|&&mark| mark).count();
        let place = |item: usize| order.iter().position(|&placed| placed == item);
        let mut feedback = Vec::new();
        for swap in &self.swaps {
            let [first, second] = swap.pair;
            let (Some(a), Some(b)) = (place(first), place(second)) else { continue };
            if b < a && self.items.get(first) != self.items.get(second) {
                feedback.push(Feedback::new(&self.swap_text(swap), false, &swap.feedback));
            }
        }
        if right == self.items.len() {
            feedback.clear();
        }
        Verdict::share(right, self.items.len(), feedback)
    }

    /// For each position whether `order` holds the right item there; equal texts are the same.
    pub fn marks(&self, order: &[usize]) -> Vec<bool> {
        let placed = |position: usize| order.get(position).and_then(|&item| self.items.get(item));
        let items = self.items.iter().enumerate();
        items.map(|(position, item)| placed(position) == Some(item)).collect()
    }

    fn swap_text(&self, swap: &Swap) -> String {
        let text = |index: usize| self.items.get(index).cloned().unwrap_or_default();
        format!("{} before {}", text(swap.pair[1]), text(swap.pair[0]))
    }
}
