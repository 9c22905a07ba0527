//! `order`: put the items in their order.

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
