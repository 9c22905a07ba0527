//! The summary of a part: what was learned, the learner's own notes and predictions, what is still
//! to come, and the final test.
//!
//! ```text
//!  Where you stand · 1  Introduction               ━━━━━━━━━────────  4 of 7 learned
//!
//!         Introduction
//!         ━━━━━━━━━━━━
//!
//!      ●  1.1 Somebody else's servers
//!
//!           • The provider provisions, patches, scales, pays for idle …
//!
//!      ○  Final test: Introduction
//! ```

use std::sync::Arc;

use super::frame::{self, Area};
use super::reading::settings;
use super::{Destination, Request, Spot, World};
use crate::course::Part;
use crate::keymap::Action;
use crate::markdown;
use crate::progress::notebook::{Entry, Notebook, Subject};
use crate::typeset::{Galley, Place, Row, Supplements};

/// The state of a part's summary.
#[derive(Debug)]
pub(crate) struct Recalling {
    /// The part's index.
    part: usize,
    notebook: Notebook,
    galley: Galley,
    /// The row at the top.
    top: Place,
    area: Area,
    /// The rows that the headings of its entries begin on.
    headings: Vec<Place>,
    /// The entry that Enter opens.
    chosen: usize,
    /// Whether rows are hidden above and below.
    more: (bool, bool),
    /// How many records it was made from.
    seen: usize,
}

impl Recalling {
    /// The summary of the part of this index; or why there is none.
    pub(super) fn open(part: usize, world: &World<'_>) -> Result<Self, String> {
        let here = world.course.parts.get(part).ok_or("This part is gone.")?;
        let notebook = Notebook::of_part(world.course, here, world.progress);
        let mut recalling = Self {
            part,
            galley: galley(&notebook, world),
            notebook,
            top: Place::default(),
            area: Area::default(),
            headings: Vec::new(),
            chosen: 0,
            more: (false, false),
            seen: world.progress.len(),
        };
        recalling.settle(world);
        Ok(recalling)
    }

    /// The part that it is about.
    pub(crate) fn part<'w>(&self, world: &World<'w>) -> Option<&'w Part> {
        world.course.parts.get(self.part)
    }

    /// Where the rows stand.
    pub(crate) const fn area(&self) -> Area {
        self.area
    }

    /// The rows in view.
    pub(crate) fn view(&self) -> impl Iterator<Item = (Place, &Row)> {
        self.galley.view(self.top, usize::from(self.area.height))
    }

    /// What begins on a row.
    pub(crate) fn subject_at(&self, place: Place) -> Option<&Subject> {
        self.subject(self.headings.iter().position(|heading| *heading == place)?)
    }

    /// Whether a row belongs to the heading of the entry chosen.
    pub(crate) fn is_chosen(&self, place: Place) -> bool {
        let chosen = self.headings.get(self.chosen);
        chosen.is_some_and(|heading| heading.block == place.block && *heading <= place)
    }

    /// Whether rows are hidden above and below.
    pub(crate) const fn more(&self) -> (bool, bool) {
        self.more
    }

    /// What it has entries about, and which of them is chosen.
    pub(crate) fn subjects(&self) -> (impl Iterator<Item = &Subject>, usize) {
        (self.notebook.entries.iter().map(|entry| &entry.subject), self.chosen)
    }

    fn subject(&self, entry: usize) -> Option<&Subject> {
        self.notebook.entries.get(entry).map(|entry| &entry.subject)
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let page = isize::try_from(self.area.height).unwrap_or(1).max(2) - 1;
        match action {
            Action::Down => self.scroll(1),
            Action::Up => self.scroll(-1),
            Action::HalfPageDown => self.scroll(page / 2),
            Action::HalfPageUp => self.scroll(-page / 2),
            Action::PageDown => self.scroll(page),
            Action::PageUp => self.scroll(-page),
            Action::First => self.top = Place::default(),
            Action::Last => self.top = self.galley.end(usize::from(self.area.height)),
            Action::NextFocus => self.choose(self.chosen + 1),
            Action::PreviousFocus => self.choose(self.chosen.saturating_sub(1)),
            Action::NextPart => return turn(Some(self.part + 1), world),
            Action::PreviousPart => return turn(self.part.checked_sub(1), world),
            Action::Open => {
                let there = self.subject(self.chosen).cloned().map(|subject| match subject {
                    Subject::Lesson(id) => Destination::Lesson(id, Spot::LeftOff),
                    Subject::Test(id) => Destination::Quiz(id),
                });
                return there.map(Request::Go).into_iter().collect();
            }
            Action::Back | Action::Leave => return vec![Request::Back],
            _ => {}
        }
        Vec::new()
    }

    fn scroll(&mut self, rows: isize) {
        self.top = self.galley.moved(self.top, rows, usize::from(self.area.height));
    }

    /// Chooses an entry and brings its heading into view, with what follows it.
    fn choose(&mut self, entry: usize) {
        let Some(&heading) = self.headings.get(entry) else { return };
        self.chosen = entry;
        let height = usize::from(self.area.height);
        let lower = self.galley.moved(self.top, isize::try_from(height / 2).unwrap_or(1), 1);
        if heading < self.top || heading > lower {
            self.top = heading.min(self.galley.end(height));
        }
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        if self.seen != world.progress.len() {
            self.renew(world);
        }
        self.area = frame::page(world.size).text;
        let wanted = settings(world);
        if *self.galley.settings() != wanted {
            self.top = self.galley.reset(wanted, self.top);
        }
        let height = usize::from(self.area.height);
        self.top = self.top.min(self.galley.end(height));
        self.galley.prepare(self.top, height);
        let is_end = self.galley.is_last(self.top, height);
        self.more = (self.top > Place::default(), !is_end);
        let entries = self.notebook.entries.iter();
        self.headings = entries.map(|entry| self.galley.place_of(entry.offset)).collect();
        self.follow();
    }

    /// The entry chosen is one in view: else the first there, or the one that the text is of.
    fn follow(&mut self) {
        let bottom = self.view().last().map_or(self.top, |(place, _)| place);
        let in_view = |heading: &Place| (self.top..=bottom).contains(heading);
        if self.headings.get(self.chosen).is_some_and(in_view) {
            return;
        }
        let first = self.headings.iter().position(in_view);
        let above = || self.headings.iter().rposition(|heading| *heading < self.top);
        self.chosen = first.or_else(above).unwrap_or(0);
    }

    /// Takes over what was recorded since, or another course.
    pub(super) fn renew(&mut self, world: &World<'_>) {
        self.seen = world.progress.len();
        self.part = self.part.min(world.course.parts.len().saturating_sub(1));
        let Some(part) = self.part(world) else { return };
        let notebook = Notebook::of_part(world.course, part, world.progress);
        if notebook == self.notebook {
            return;
        }
        // The same entry stays where it was on the screen, as far as it can.
        let offset = self.galley.offset_of(self.top);
        let under = self.notebook.entries.iter().rposition(|entry| entry.offset <= offset);
        let begin = |entries: &[Entry]| {
            under.and_then(|at| entries.get(at)).map_or(0, |entry| entry.offset)
        };
        let into = offset - begin(&self.notebook.entries);
        let start = begin(&notebook.entries);
        self.notebook = notebook;
        self.galley = galley(&self.notebook, world);
        self.top = self.galley.place_of(start + into);
    }
}

/// To another part, if there is one.
fn turn(part: Option<usize>, world: &World<'_>) -> Vec<Request> {
    let there = part.filter(|&part| part < world.course.parts.len());
    vec![there.map_or_else(
        || {
            let which = if part.is_none() { "first" } else { "last" };
            Request::Say(format!("This is the {which} part."))
        },
        |part| Request::Replace(Destination::Part(part)),
    )]
}

fn galley(notebook: &Notebook, world: &World<'_>) -> Galley {
    let document = Arc::new(markdown::parse(&notebook.text));
    Galley::new(document, settings(world), Supplements::default())
}
