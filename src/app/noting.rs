//! Notes and bookmarks: writing one, and the list of all.

use super::frame::{self, Area};
use super::text_field::TextField;
use super::{Destination, Effect, Listing, Request, Spot, World};
use crate::keymap::Action;
use crate::progress::{Bookmarked, Kept, NoteId, Noted, Place, RecordKind};

/// The notes and bookmarks of all lessons.
#[derive(Debug)]
pub(crate) struct Notes {
    kept: Vec<Kept>,
    list: Listing,
    area: Area,
}

/// The lines that an entry takes.
const LINES: usize = 3;

impl Notes {
    pub(super) fn new(world: &World<'_>) -> Self {
        Self {
            kept: world.progress.kept(world.course),
            list: Listing::default(),
            area: Area::default(),
        }
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
        self.kept = world.progress.kept(world.course);
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
