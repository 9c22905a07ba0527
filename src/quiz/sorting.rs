//! `sort`: put each item into its bin.

/// Bins and the items that belong in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorting {
    /// The bins' names, 2 to 7.
    pub bins: Vec<String>,
    /// The items.
    pub items: Vec<SortItem>,
}

/// One item to be put into a bin.
#[derive(Clone, Debug, PartialEq)]
pub struct SortItem {
    /// Its words.
    pub text: String,
    /// The index of its bin, from 0.
    pub bin: usize,
    /// What is said about it.
    pub feedback: String,
}
