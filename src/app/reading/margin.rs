//! Notes and bookmarks beside the text.

use super::Reading;
use crate::app::{Effect, NoteEntry, Overlay, Request, World};
use crate::course::Lesson;
use crate::progress::{Bookmarked, NoteId, Place as Kept, RecordKind, offset_of_line, relocate};
use crate::typeset::{Galley, Place};

/// What stands beside a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A bookmark.
    Bookmark,
    /// A note.
    Note,
}

/// The notes and bookmarks of the lesson.
#[derive(Debug, Default)]
pub(super) struct Margin {
    kept: Vec<Annotation>,
    /// Where they stand in the layout.
    rows: Vec<(Place, Mark)>,
}

#[derive(Debug)]
struct Annotation {
    /// The line of the source, from 1, and the byte at which it begins.
    line: usize,
    offset: usize,
    place: Kept,
    /// A note's name and text; `None` for a bookmark.
    note: Option<(NoteId, String)>,
}

impl Margin {
    pub(super) fn of(lesson: &Lesson, world: &World<'_>) -> Self {
        let here = |place: &Kept| place.lesson == lesson.id;
        let notes = world.progress.notes().into_iter();
        let notes = notes.map(|note| (&note.place, Some((note.id, note.text.clone()))));
        let marks = world.progress.bookmarks().map(|(place, _)| (place, None));
        let kept = notes.chain(marks).filter(|(place, _)| here(place)).map(|(place, note)| {
            let line = relocate(place, lesson.source());
            let offset = offset_of_line(lesson.source(), line);
            Annotation { line, offset, place: place.clone(), note }
        });
        Self { kept: kept.collect(), rows: Vec::new() }
    }

    /// Finds the rows that the marks stand beside.
    pub(super) fn settle(&mut self, galley: &mut Galley) {
        let marks = self.kept.iter().map(|kept| {
            let mark = if kept.note.is_some() { Mark::Note } else { Mark::Bookmark };
            (galley.place_of(kept.offset), mark)
        });
        self.rows = marks.collect();
    }

    pub(super) fn mark(&self, place: Place) -> Option<Mark> {
        let here = self.rows.iter().filter(|(row, _)| *row == place).map(|(_, mark)| *mark);
        here.max_by_key(|mark| matches!(mark, Mark::Note))
    }
}

impl Reading {
    /// Sets a bookmark at the top row, or takes away the one that stands there.
    pub(super) fn bookmark(&mut self, world: &World<'_>) -> Vec<Request> {
        let Some((place, line)) = self.here(world) else { return Vec::new() };
        let there = self.margin.kept.iter().find(|k| k.note.is_none() && k.line == line);
        let (bookmarked, said) = Bookmarked::toggled(there.map(|old| old.place.clone()), place);
        let record = Effect::Record(RecordKind::Bookmarked(bookmarked));
        vec![Request::Effect(record), Request::Say(said.to_owned())]
    }

    /// Opens a note to write at the top row, or at what is in focus; the one that stands there if
    /// there is one.
    pub(super) fn note(&mut self, world: &World<'_>) -> Vec<Request> {
        let Some((place, line)) = self.here(world) else { return Vec::new() };
        let mut there = self.margin.kept.iter().filter(|kept| kept.line == line);
        let before = there.find_map(|kept| kept.note.as_ref().map(|note| (kept, note)));
        let entry = match before {
            Some((kept, (id, text))) => NoteEntry::new(kept.place.clone(), Some((*id, text))),
            None => NoteEntry::new(place, None),
        };
        vec![Request::Show(Overlay::Note(entry))]
    }

    /// The place of what is in focus, or of the first row in view that says something.
    fn here(&mut self, world: &World<'_>) -> Option<(Kept, usize)> {
        let lesson = world.course.lesson(&self.lesson)?;
        let first = self.view().find(|(_, row)| !row.pieces.is_empty()).map(|(place, _)| place);
        let focused = self.focus.as_ref().map(super::Focus::place);
        let row = focused.or(first).unwrap_or(self.top);
        let offset = self.galley.offset_of(row);
        let line = crate::diagnostic::Position::of(lesson.source(), offset).line;
        Some((Kept::at(&lesson.id, lesson.source(), line), line))
    }
}
