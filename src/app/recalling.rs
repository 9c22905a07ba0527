//! The summary of a part: what was learned, the learner's own notes and predictions, what is still
//! to come.
//!
//! ```text
//!  1  Introduction                                  ━━━━━━━━━──────── 4 of 7 learned
//!
//!         Introduction
//!         ━━━━━━━━━━━━
//!         4 of 7 lessons learned.
//!
//!      ●  1.1 Somebody else's servers
//!
//!           • The provider provisions, patches, scales, pays for idle …
//! ```

use std::sync::Arc;

use super::frame::{self, Area};
use super::reading::settings;
use super::{Destination, Request, Spot, World};
use crate::course::Part;
use crate::keymap::Action;
use crate::markdown;
use crate::progress::notebook::Notebook;
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
    /// The rows that the lessons' headings begin on.
    headings: Vec<Place>,
    /// The lesson that Enter opens, by its place in the part.
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

    /// The lesson whose heading begins on a row, by its id.
    pub(crate) fn lesson_at(&self, place: Place) -> Option<&str> {
        self.id(self.headings.iter().position(|heading| *heading == place)?)
    }

    /// Whether a row belongs to the heading of the lesson chosen.
    pub(crate) fn is_chosen(&self, place: Place) -> bool {
        let chosen = self.headings.get(self.chosen);
        chosen.is_some_and(|heading| heading.block == place.block && *heading <= place)
    }

    /// Whether rows are hidden above and below.
    pub(crate) const fn more(&self) -> (bool, bool) {
        self.more
    }

    /// The lessons of the part by their ids, and which of them is chosen.
    pub(crate) fn lessons(&self) -> (impl Iterator<Item = &str>, usize) {
        (self.notebook.lessons.iter().map(|(_, id)| id.as_str()), self.chosen)
    }

    fn id(&self, lesson: usize) -> Option<&str> {
        self.notebook.lessons.get(lesson).map(|(_, id)| id.as_str())
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
                let lesson = self.id(self.chosen).map(str::to_owned);
                let there = |id| Request::Go(Destination::Lesson(id, Spot::LeftOff));
                return lesson.map(there).into_iter().collect();
            }
            Action::Back | Action::Leave => return vec![Request::Back],
            _ => {}
        }
        Vec::new()
    }

    fn scroll(&mut self, rows: isize) {
        self.top = self.galley.moved(self.top, rows, usize::from(self.area.height));
    }

    /// Chooses a lesson and brings its heading into view, with what follows it.
    fn choose(&mut self, lesson: usize) {
        let Some(&heading) = self.headings.get(lesson) else { return };
        self.chosen = lesson;
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
        let offsets = self.notebook.lessons.iter().map(|(offset, _)| *offset);
        let offsets: Vec<usize> = offsets.collect();
        self.headings = offsets.into_iter().map(|offset| self.galley.place_of(offset)).collect();
        self.follow();
    }

    /// The lesson chosen is one in view: else the first there, or the one that the text is of.
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
        // The same lesson stays where it was on the screen, as far as it can.
        let offset = self.galley.offset_of(self.top);
        let under = self.notebook.lessons.iter().rposition(|(at, _)| *at <= offset);
        let into = under.and_then(|at| self.notebook.lessons.get(at));
        let into = into.map_or(offset, |(at, _)| offset - at);
        let start = under.and_then(|at| notebook.lessons.get(at)).map_or(0, |(at, _)| *at);
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
