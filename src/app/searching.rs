//! Full-text search.
//!
//! ```text
//!  Search                                                          12 results
//!
//!    Search  cold sta▏
//!
//!    1.4 · Scaling out is cold too
//!      The other thirty each wait: they are cold starts, and nobody was idle.
//!  ▸ Glossary · cold start
//!      A request that waits until an environment was made for it.
//! ```
//!
//! The index is made when the first letter is typed; results follow every key.

use std::ops::Range;

use super::text_field::TextField;
use super::{Destination, Listing, Overlay, PopUp, Request, Spot, World, frame};
use crate::course::search::{Hit, Index, Source};
use crate::keymap::Action;

/// The state of a search.
#[derive(Debug, Default)]
pub(crate) struct Searching {
    field: TextField,
    index: Option<Index>,
    found: Vec<Found>,
    list: Listing,
    /// How many results fit.
    page: usize,
}

/// A result as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// Where it stands, in words.
    pub(crate) place: String,
    /// The part of the matching line that fits.
    pub(crate) line: String,
    /// The bytes of `line` that match.
    pub(crate) marks: Vec<Range<usize>>,
    hit: Hit,
}

/// The most results shown.
const LIMIT: usize = 50;
/// The lines above the results: the field and what stands around it.
pub(crate) const ABOVE: u16 = 2;
/// The lines of a result.
pub(crate) const LINES: u16 = 2;

impl Searching {
    pub(super) fn new() -> Self {
        Self { field: TextField::new(), ..Self::default() }
    }

    /// What is searched for.
    pub(crate) const fn field(&self) -> &TextField {
        &self.field
    }

    /// How many results there are.
    pub(crate) const fn count(&self) -> usize {
        self.found.len()
    }

    /// The results in view, and which of them is chosen.
    pub(crate) fn view(&self) -> (&[Found], usize) {
        let found = self.found.get(self.list.top..).unwrap_or(&[]);
        (
            found.get(..self.page.min(found.len())).unwrap_or(found),
            self.list.selected - self.list.top,
        )
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Submit => return self.open(world),
            Action::Down | Action::Up | Action::PageDown | Action::PageUp => {
                self.list.act(action, self.found.len(), self.page);
            }
            action => {
                let before = self.field.text().to_owned();
                if self.field.act(action) && self.field.text() != before {
                    self.find(world);
                }
            }
        }
        Vec::new()
    }

    pub(super) fn typed(&mut self, text: &str, world: &World<'_>) -> Vec<Request> {
        self.field.insert(text);
        self.find(world);
        Vec::new()
    }

    fn find(&mut self, world: &World<'_>) {
        let index =
            self.index.get_or_insert_with(|| Index::new(world.progress.findable(world.course)));
        let hits = index.find(self.field.text(), LIMIT);
        self.list = Listing::default();
        self.found = hits
            .into_iter()
            .map(|hit| {
                let (line, marks) = (String::new(), Vec::new());
                Found { place: hit.place.clone(), line, marks, hit }
            })
            .collect();
    }

    fn open(&self, world: &World<'_>) -> Vec<Request> {
        let Some(found) = self.found.get(self.list.selected) else { return Vec::new() };
        let at = |lesson: &String| {
            let spot = Spot::Offset(found.hit.offset);
            vec![Request::Go(Destination::Lesson(lesson.clone(), spot))]
        };
        let pop_up = match &found.hit.source {
            Source::Lesson(id) => {
                return vec![Request::Go(Destination::Lesson(id.clone(), Spot::LeftOff))];
            }
            Source::Section(lesson) | Source::Note(lesson) => return at(lesson),
            Source::Term(id) => PopUp::term(id, world),
            Source::Fact(id) => PopUp::fact(id, world),
        };
        match pop_up {
            Ok(pop_up) => vec![Request::Show(Overlay::PopUp(pop_up))],
            Err(reason) => vec![Request::Say(reason)],
        }
    }

    pub(super) fn course_changed(&mut self, world: &World<'_>) {
        self.index = None;
        if !self.field.text().is_empty() {
            self.find(world);
        }
    }

    /// Lays out what is in view.
    pub(super) fn settle(&mut self, world: &World<'_>) {
        let area = frame::page(world.size).text;
        let lines = usize::from(LINES);
        self.page = (usize::from(area.height.saturating_sub(ABOVE)) / lines).max(1);
        let selected = self.list.selected;
        self.list.reveal(selected, selected + 1, self.found.len(), self.page);
        let width = usize::from(area.width.saturating_sub(4));
        let in_view = self.found.iter_mut().skip(self.list.top).take(self.page);
        for found in in_view {
            (found.line, found.marks) = found.hit.excerpt(width);
        }
    }
}
