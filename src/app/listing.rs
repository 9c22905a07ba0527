//! A list with one entry chosen and a window on it: the part that all lists share.

use crate::keymap::Action;

/// Which entry is chosen, and which is the first in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// From 0; below the count, or 0.
    pub(crate) selected: usize,
    /// The first line in view.
    pub(crate) top: usize,
}

impl Listing {
    /// A list with this entry chosen.
    pub(crate) const fn at(selected: usize) -> Self {
        Self { selected, top: 0 }
    }

    /// Moves the choice; `false`: the action moves nothing. `page` is what a page holds.
    pub(crate) fn act(&mut self, action: Action, count: usize, page: usize) -> bool {
        let last = count.saturating_sub(1);
        self.selected = match action {
            Action::Down => self.selected + 1,
            Action::Up => self.selected.saturating_sub(1),
            Action::PageDown => self.selected + page.max(1),
            Action::PageUp => self.selected.saturating_sub(page.max(1)),
            Action::First => 0,
            Action::Last => last,
            _ => return false,
        }
        .min(last);
        true
    }

    /// Moves the window of `height` lines over `total` so that the lines `from..to` are in view.
    pub(crate) fn reveal(&mut self, from: usize, to: usize, total: usize, height: usize) {
        self.top = self.top.max(to.saturating_sub(height)).min(from);
        self.top = self.top.min(total.saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_stays_in_the_list_and_in_view() {
        let mut list = Listing::default();
        assert!(list.act(Action::Last, 50, 10));
        list.reveal(list.selected, list.selected + 1, 50, 10);
        assert_eq!(list, Listing { selected: 49, top: 40 });
        assert!(list.act(Action::PageUp, 50, 10));
        list.reveal(list.selected, list.selected + 1, 50, 10);
        assert_eq!(list, Listing { selected: 39, top: 39 });
        assert!(list.act(Action::Down, 0, 0));
        assert_eq!(list.selected, 0);
        assert!(!list.act(Action::Copy, 50, 10));
    }
}
