//! `sort`: put each item into its bin.

use super::{Feedback, Verdict};

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

impl Sorting {
    /// The share of items in their bin. Says what there is to say about each item, those in a
    /// wrong bin first.
    pub(crate) fn grade(&self, bins: &[Option<usize>]) -> Verdict {
        let marks = self.marks(bins);
        let said = |wanted: bool| {
            let items = self.items.iter().zip(&marks).filter(move |&(_, &mark)| mark == wanted);
            items.filter(|(item, _)| !item.feedback.is_empty())
        };
        let all = said(false).chain(said(true));
        let feedback = all.map(|(item, &mark)| Feedback::new(&item.text, mark, &item.feedback));
        let right = marks.iter().filter(|&&mark| mark).count();
        Verdict::share(right, self.items.len(), feedback.collect())
    }

    /// For each item whether `bins` puts it where it belongs.
    pub fn marks(&self, bins: &[Option<usize>]) -> Vec<bool> {
        let items = self.items.iter().enumerate();
        items.map(|(i, item)| bins.get(i).copied().flatten() == Some(item.bin)).collect()
    }
}
