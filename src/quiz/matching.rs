//! `match`: for each left item its right one.

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
