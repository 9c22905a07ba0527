//! Notes and bookmarks: writing one, and the list of all.

use super::frame::{self, Area};
use super::text_field::TextField;
use super::{Destination, Effect, Listing, Request, Spot, World};
use crate::keymap::Action;
use crate::progress::{Bookmarked, NoteId, Noted, Place, RecordKind, relocate};

/// The notes and bookmarks of all lessons.
#[derive(Debug)]
pub(crate) struct Notes {
    kept: Vec<Kept>,
    list: Listing,
    area: Area,
}

/// A note or a bookmark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// The lesson's number and title.
    pub(crate) lesson: String,
    /// The text of the note, or of the line that was marked.
    pub(crate) text: String,
    /// The note's name; `None` for a bookmark.
    pub(crate) note: Option<NoteId>,
    place: Place,
    /// The byte of the lesson's source where it is now.
    offset: usize,
}

/// The lines that an entry takes.
const LINES: usize = 3;

impl Notes {
    pub(super) fn new(world: &World<'_>) -> Self {
        Self { kept: kept(world), list: Listing::default(), area: Area::default() }
    }

    /// The entries in view, and which of them is chosen.
    pub(crate) fn view(&self) -> (&[Kept], usize) {
        let kept = self.kept.get(self.list.top..).unwrap_or(&[]);
        (kept, self.list.selected.saturating_sub(self.list.top))
    }

    /// Where they stand.
    pub(crate) const fn area(&self) -> Area {
        self.area
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let page = usize::from(self.area.height) / LINES;
        if self.list.act(action, self.kept.len(), page) {
            return Vec::new();
        }
        let Some(kept) = self.kept.get(self.list.selected) else {
            return if action == Action::Open { vec![Request::Close] } else { Vec::new() };
        };
        match action {
            Action::Open => kept.open(world),
            Action::Delete => vec![Request::Effect(Effect::Record(kept.deleted()))],
            _ => Vec::new(),
        }
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        self.kept = kept(world);
        let lines = (self.kept.len() * LINES).saturating_sub(1).max(2);
        self.area = frame::boxed(world.size, frame::over_text(world.size), lines);
        self.list.selected = self.list.selected.min(self.kept.len().saturating_sub(1));
        let (at, page) = (self.list.selected, (usize::from(self.area.height) + 1) / LINES);
        self.list.reveal(at, at + 1, self.kept.len(), page.max(1));
    }
}

impl Kept {
    fn open(&self, world: &World<'_>) -> Vec<Request> {
        let id = self.place.lesson.clone();
        if world.course.lesson(&id).is_none() {
            return vec![Request::Say("Its lesson is no longer in the course.".to_owned())];
        }
        let there = Destination::Lesson(id, Spot::Offset(self.offset));
        vec![Request::Close, Request::Go(there)]
    }

    fn deleted(&self) -> RecordKind {
        let place = self.place.clone();
        match self.note {
            Some(note) => RecordKind::Noted(Noted { note: Some(note), place, text: None }),
            None => RecordKind::Bookmarked(Bookmarked { place, set: false }),
        }
    }
}

/// Everything kept, by lesson and place.
fn kept(world: &World<'_>) -> Vec<Kept> {
    let notes = world.progress.notes();
    let notes = notes.into_iter().map(|n| (&n.place, Some(n.id), n.text.as_str()));
    let marks = world.progress.bookmarks().map(|(place, _)| (place, None, ""));
    let mut all: Vec<((usize, usize), Kept)> = notes
        .chain(marks)
        .map(|(place, note, text)| {
            let order = world.course.lessons().position(|lesson| lesson.id == place.lesson);
            let lesson = world.course.lesson(&place.lesson);
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
pub(super) fn offset_of_line(source: &str, line: usize) -> usize {
    let before = source.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum()
}

/// A note being written.
#[derive(Debug)]
pub(crate) struct NoteEntry {
    field: TextField,
    place: Place,
    note: Option<NoteId>,
}

impl NoteEntry {
    /// A new note at a place, or a note there being changed.
    pub(super) fn new(place: Place, before: Option<(NoteId, &str)>) -> Self {
        let field = before.map_or_else(TextField::new, |(_, text)| TextField::with(text));
        Self { field, place, note: before.map(|(id, _)| id) }
    }

    /// What is written, and where.
    pub(crate) const fn field(&self) -> &TextField {
        &self.field
    }

    /// Whether an older note is changed.
    pub(crate) const fn is_change(&self) -> bool {
        self.note.is_some()
    }

    pub(super) fn typed(&mut self, text: &str) {
        self.field.insert(text);
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        if action != Action::Submit {
            self.field.act(action);
            return Vec::new();
        }
        let text = self.field.text().trim();
        let text = (!text.is_empty()).then(|| text.to_owned());
        if text.is_none() && self.note.is_none() {
            return vec![Request::Close];
        }
        let said = if text.is_some() { "Noted." } else { "The note is deleted." };
        let noted = Noted { note: self.note, place: self.place.clone(), text };
        let record = Effect::Record(RecordKind::Noted(noted));
        vec![Request::Effect(record), Request::Close, Request::Say(said.to_owned())]
    }
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
