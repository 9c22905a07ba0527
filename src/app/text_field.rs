//! A line of text being typed. The cursor stands between grapheme clusters, so that no key ever
//! takes half of what looks like one character.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::keymap::Action;
use crate::sanitize;

/// The text and where the next character goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    /// A byte offset at a cluster's boundary.
    cursor: usize,
    /// The most characters it takes.
    limit: usize,
}

/// The limit of a field that says nothing else, in characters.
const LIMIT: usize = 2000;

impl TextField {
    /// An empty field.
    pub fn new() -> Self {
        Self { limit: LIMIT, ..Self::default() }
    }

    /// A field with text in it, the cursor at its end.
    pub fn with(text: &str) -> Self {
        let mut field = Self::new();
        field.insert(text);
        field
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte at which the next character goes.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// The text before and after the cursor.
    pub fn parts(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Puts text at the cursor, as typed or pasted: line ends become spaces, control characters
    /// become visible, what exceeds the limit is dropped.
    pub fn insert(&mut self, text: &str) {
        let clean = sanitize::line(text);
        let room = self.limit.saturating_sub(self.text.chars().count());
        let end = clean.char_indices().nth(room).map_or(clean.len(), |(at, _)| at);
        let fitting = clean.get(..end).unwrap_or("");
        self.text.insert_str(self.cursor, fitting);
        self.cursor = self.boundary_from(self.cursor + fitting.len());
    }

    /// Does an editing action; `false`: it is none.
    pub fn act(&mut self, action: Action) -> bool {
        match action {
            Action::Left => self.cursor = self.before(),
            Action::Right => self.cursor = self.after(),
            Action::WordLeft => self.cursor = self.word_before(),
            Action::WordRight => self.cursor = self.word_after(),
            Action::First => self.cursor = 0,
            Action::Last => self.cursor = self.text.len(),
            Action::DeleteLeft => self.delete(self.before(), self.cursor),
            Action::DeleteRight => self.delete(self.cursor, self.after()),
            Action::DeleteWord => self.delete(self.word_before(), self.cursor),
            Action::DeleteLine => self.delete(0, self.cursor),
            _ => return false,
        }
        true
    }

    fn delete(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = self.boundary_from(from);
    }

    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// The first boundary of clusters at or after a byte: joining marks may have moved it.
    fn boundary_from(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        match cursor.is_boundary(&self.text, 0) {
            Ok(true) => at,
            _ => cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len()),
        }
    }

    fn word_before(&self) -> usize {
        let starts = self.text.unicode_word_indices().map(|(start, _)| start);
        starts.take_while(|&start| start < self.cursor).last().unwrap_or(0)
    }

    fn word_after(&self) -> usize {
        let ends = self.text.unicode_word_indices().map(|(start, word)| start + word.len());
        ends.into_iter().find(|&end| end > self.cursor).unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The field as `text|after the cursor`, after actions on `start`.
    fn after(start: &str, actions: &[Action]) -> String {
        let mut field = TextField::with(start);
        for &action in actions {
            assert!(field.act(action));
        }
        let (before, after) = field.parts();
        format!("{before}|{after}")
    }

    #[test]
    fn what_looks_like_one_character_is_one() {
        assert_eq!(after("ae\u{301}", &[Action::Left]), "a|e\u{301}");
        assert_eq!(after("x👩‍🚀", &[Action::DeleteLeft]), "x|");
        assert_eq!(after("🇨🇭!", &[Action::First, Action::DeleteRight]), "|!");
    }

    #[test]
    fn words_are_skipped_and_deleted_whole() {
        assert_eq!(after("cold start", &[Action::WordLeft]), "cold |start");
        assert_eq!(after("cold start", &[Action::WordLeft, Action::WordLeft]), "|cold start");
        assert_eq!(after("cold start", &[Action::First, Action::WordRight]), "cold| start");
        assert_eq!(after("cold start", &[Action::DeleteWord]), "cold |");
        assert_eq!(after("cold start", &[Action::DeleteLine]), "|");
    }

    #[test]
    fn a_paste_is_one_clean_line_within_the_limit() {
        let mut field = TextField::new();
        field.insert("a\nb\u{1b}[2J");
        assert!(!field.text().contains(['\n', '\u{1b}']));
        field.insert(&"x".repeat(5000));
        assert_eq!(field.text().chars().count(), LIMIT);
    }

    proptest! {
        #[test]
        fn no_editing_breaks_the_cursor(
            pieces in prop::collection::vec("[a \u{301}👩\u{200d}🚀🇨🇭é]{0,4}", 0..6),
            actions in prop::collection::vec(0usize..10, 0..24),
        ) {
            const ACTIONS: [Action; 10] = [
                Action::Left, Action::Right, Action::WordLeft, Action::WordRight, Action::First,
                Action::Last, Action::DeleteLeft, Action::DeleteRight, Action::DeleteWord,
                Action::DeleteLine,
            ];
            let mut field = TextField::new();
            for (index, &action) in actions.iter().enumerate() {
                field.act(ACTIONS[action]);
                if let Some(piece) = pieces.get(index) {
                    field.insert(piece);
                }
                let boundaries: Vec<usize> = field.text().grapheme_indices(true).map(|(at, _)| at)
                    .chain([field.text().len()]).collect();
                prop_assert!(boundaries.contains(&field.cursor()));
            }
        }
    }
}
