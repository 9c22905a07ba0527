//! What the learner keeps at places of the lessons: notes and bookmarks, as they can be listed.

use super::{Bookmarked, NoteId, Place, Progress, relocate};
use crate::course::Course;

/// A note or a bookmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The lesson's number and title; its id, if the course has no such lesson any more.
    pub lesson: String,
    /// The text of the note, or of the line that was marked.
    pub text: String,
    /// The note's name; `None` for a bookmark.
    pub note: Option<NoteId>,
    /// Where it was put.
    pub place: Place,
    /// The byte of the lesson's source where it is now.
    pub offset: usize,
}

impl Bookmarked {
    /// The bookmark at `there` taken away, or one set at `place` where there is none; and what to
    /// say of it.
    pub fn toggled(there: Option<Place>, place: Place) -> (Self, &'static str) {
        match there {
            Some(place) => (Self { place, set: false }, "Bookmark removed."),
            None => (Self { place, set: true }, "Bookmark set."),
        }
    }
}

impl Progress {
    /// All notes and bookmarks, by lesson and place.
    pub fn kept(&self, course: &Course) -> Vec<Kept> {
        let notes = self.notes().into_iter().map(|n| (&n.place, Some(n.id), n.text.as_str()));
        let marks = self.bookmarks().map(|(place, _)| (place, None, ""));
        let mut all: Vec<((usize, usize), Kept)> = notes
            .chain(marks)
            .map(|(place, note, text)| {
                let order = course.lessons().position(|lesson| lesson.id == place.lesson);
                let lesson = course.lesson(&place.lesson);
                let source = lesson.map_or("", |lesson| lesson.source());
                let line = relocate(place, source);
                let text = if note.is_some() { text.to_owned() } else { words(source, line) };
                let lesson = lesson.map_or_else(
                    || place.lesson.clone(),
                    |lesson| format!("{}  {}", lesson.number, lesson.title),
                );
                let (place, offset) = (place.clone(), offset_of_line(source, line));
                ((order.unwrap_or(usize::MAX), line), Kept { lesson, text, note, place, offset })
            })
            .collect();
        all.sort_by_key(|(order, _)| *order);
        all.into_iter().map(|(_, kept)| kept).collect()
    }
}

/// The words of a line of the source, from 1, without its marks.
fn words(source: &str, line: usize) -> String {
    let from = source.lines().skip(line.saturating_sub(1));
    let text = from.into_iter().find(|line| line.chars().any(char::is_alphanumeric));
    let mut text = text.unwrap_or("").trim_start_matches(['#', '>', ' ']);
    // A sign of a list; `*` may begin emphasis as well.
    while let Some(rest) = ["- ", "* ", "+ "].iter().find_map(|sign| text.strip_prefix(sign)) {
        text = rest.trim_start_matches(['>', ' ']);
    }
    let text = crate::markdown::plain_text(&crate::markdown::inlines(text));
    // A row of a table: its cells.
    let Some(row) = text.strip_prefix('|') else { return text };
    let cells = row.split('|').map(str::trim).filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join(", ")
}

/// The byte at which a line, from 1, begins.
pub fn offset_of_line(source: &str, line: usize) -> usize {
    let before = source.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_line_is_said_without_its_marks() {
        let source = "## *Tea*\n\n| Step | [Leaf](term:leaf) |\n|---|---|\n| 1 | two | |\n";
        assert_eq!(words(source, 1), "Tea");
        assert_eq!(words(source, 3), "Step, Leaf");
        assert_eq!(words(source, 4), "1, two");
        assert_eq!(words("> - **Two** leaves", 1), "Two leaves");
    }
}
