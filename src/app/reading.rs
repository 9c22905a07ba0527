//! A lesson being read.
//!
//! ```text
//!  1.4  The first request pays                     ━━━━━━━━━──────── 6 min left
//!
//!         Scaling out is cold too
//!
//!         At 09:00:00 forty requests arrive together. Ten environments are
//!       ▸ idle, so ten requests are answered at once.
//!
//!         ╭ Quiz ── Cold starts ──────────────────────────────╮
//!         │ 7 questions · best 5 of 7                         │
//!         ╰───────────────────────────────────── ↵ try again ─╯
//! ```
//!
//! The place is kept as a row of a lazy galley; what shows is laid out by [`Reading::settle`],
//! after every change, so that drawing only reads.

mod focus;
mod margin;
mod opening;
mod outline;
mod panels;
mod withholding;

pub(crate) use margin::Mark;
pub(crate) use outline::{Heading, Outline};

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{CodeAt, Destination, Effect, Overlay, Request, Spot, World, frame, placed};
use crate::course::Lesson;
use crate::diagnostic::Position;
use crate::keymap::Action;
use crate::markdown::{Block, BlockKind, Target};
use crate::progress::{RecordKind, offset_of_line, relocate};
use crate::typeset::{Galley, LinkStyle, Measure, Place, Row, Settings, Supplements, Syntax};
use focus::Focus;
use margin::Margin;
use withholding::Withheld;

/// The state of a lesson being read.
#[derive(Debug)]
pub(crate) struct Reading {
    lesson: String,
    galley: Galley,
    /// The galley holds the whole text; of a long one it begins with what the first frame shows.
    whole: bool,
    /// The row at the top.
    top: Place,
    /// The page that ends the text as it was shown, and the place further down that the reader had
    /// before a change of size; that place comes back with the size.
    held: Option<(Place, Place)>,
    /// The byte at the top when the lesson was opened where it was left, and the line left: as long
    /// as the reader has not moved, that line is the place.
    opened: Option<(usize, usize)>,
    /// The rows that fit.
    height: usize,
    focus: Option<Focus>,
    /// Bytes of the source to go back to, after jumps inside the lesson.
    back: Vec<usize>,
    headings: Vec<Heading>,
    margin: Margin,
    /// What waits for an answer.
    withheld: Withheld,
    /// The panels behind which the text goes on without one.
    revealed: BTreeSet<usize>,
    /// Nothing waits: the lesson was read to its end before, or is being written.
    is_open: bool,
    /// How many records that was taken over from; `None`: it is to be taken over anew.
    seen: Option<usize>,
    /// The blocks of code whose colours were asked for.
    asked: BTreeSet<usize>,
    /// The line last recorded as the learner's place.
    kept: Option<usize>,
    /// The last line was reached.
    read: bool,
    /// The share of the text up to the last row in view, 0 to 1.
    share: f64,
}

/// What follows the last row of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    /// Number and title of the next lesson.
    pub(crate) next: Option<(String, String)>,
}

/// The rows kept free below the last one, for the ending.
const ENDING: usize = 4;

impl Reading {
    /// The lesson of this id, at a spot; or why it cannot be read.
    pub(super) fn open(id: &str, spot: &Spot, world: &World<'_>) -> Result<Self, String> {
        let lesson = world.course.lesson(id);
        let lesson = lesson.ok_or_else(|| format!("There is no lesson `{id}`."))?;
        let head = match spot {
            Spot::Start => lesson.head(0),
            Spot::LeftOff => lesson.head(left_off(lesson, world).unwrap_or(0)),
            Spot::Heading(_) | Spot::Offset(_) => None,
        };
        let whole = head.is_none();
        let document = head.map_or_else(|| lesson.document().clone(), Arc::new);
        let mut reading = Self {
            lesson: lesson.id.clone(),
            headings: outline::headings(&document),
            galley: Galley::new(document, settings(world), Supplements::default()),
            whole,
            top: Place::default(),
            held: None,
            opened: None,
            height: 0,
            focus: None,
            back: Vec::new(),
            margin: Margin::default(),
            withheld: Withheld::default(),
            revealed: BTreeSet::new(),
            is_open: world.glance.lessons.get(&lesson.id).is_some_and(|glance| glance.read),
            seen: None,
            asked: BTreeSet::new(),
            kept: None,
            read: false,
            share: 0.0,
        };
        reading.measure(world);
        reading.refresh(world);
        reading.go(spot, lesson, world);
        Ok(reading)
    }

    /// Goes to a spot of the lesson.
    fn go(&mut self, spot: &Spot, lesson: &Lesson, world: &World<'_>) {
        let target = |name: &String| Target::Anchor(name.clone());
        let was_left = matches!(spot, Spot::LeftOff);
        let left = was_left.then(|| left_off(lesson, world)).flatten();
        let place = match spot {
            Spot::Start => None,
            Spot::Heading(name) => self.galley.place_of_target(&target(name)),
            Spot::Offset(offset) => Some(self.led_to(*offset, world)),
            Spot::LeftOff => left.map(|offset| self.led_to(offset, world)),
        };
        self.show(place.unwrap_or_default());
        self.opened = left.map(|offset| {
            let line = Position::of(lesson.source(), offset).line;
            (self.galley.offset_of(self.top), line)
        });
    }

    /// Goes to a spot, to come back from it with one step.
    pub(super) fn visit(&mut self, spot: &Spot, world: &World<'_>) {
        if let Some(lesson) = world.course.lesson(&self.lesson) {
            self.back.push(self.galley.offset_of(self.top));
            self.go(spot, lesson, world);
        }
    }

    /// Goes to a byte of the source, to come back from it with one step.
    pub(super) fn jump(&mut self, offset: usize) {
        self.back.push(self.galley.offset_of(self.top));
        let place = self.galley.place_of(offset);
        self.show(place);
    }

    /// Puts a row at the top, or as near to it as the end allows. The blank rows before a block
    /// stay out of view.
    fn show(&mut self, place: Place) {
        let blank = |galley: &mut Galley, at: Place| {
            galley.window(at, 1).first().is_some_and(|(_, row)| row.pieces.is_empty())
        };
        let mut place = place;
        while blank(&mut self.galley, place) {
            let next = Place { row: place.row + 1, ..place };
            if self.galley.window(next, 1).first().is_none_or(|(found, _)| *found != next) {
                break;
            }
            place = next;
        }
        let end = self.galley.end(self.page());
        self.top = place.min(end);
        self.focus = None;
    }

    /// The id of the lesson.
    pub(crate) fn id(&self) -> &str {
        &self.lesson
    }

    /// The rows in view, from the top.
    pub(crate) fn view(&self) -> impl Iterator<Item = (Place, &Row)> {
        self.galley.view(self.top, self.height)
    }

    /// The share of the text that was in view, 0 to 1, as of the last row.
    pub(crate) const fn share(&self) -> f64 {
        self.share
    }

    /// Whether a piece of a row is what the next key acts on.
    pub(crate) fn is_focused(&self, place: Place, piece: usize) -> bool {
        self.focus.as_ref().is_some_and(|focus| focus.holds(place, piece))
    }

    /// Whether something in view is in focus: the next key then acts on nothing else.
    pub(crate) const fn has_focus(&self) -> bool {
        self.focus.is_some()
    }

    /// The glyph beside a row.
    pub(crate) fn mark(&self, place: Place) -> Option<Mark> {
        self.margin.mark(place)
    }

    /// The headings, and which of them the top row stands under.
    pub(crate) fn headings(&self) -> (&[Heading], Option<usize>) {
        let top = self.top;
        let under = self.headings.iter().rposition(|heading| heading.block <= top.block);
        (&self.headings, under)
    }

    /// What follows the last row, if that is in view.
    pub(crate) fn ending(&self, world: &World<'_>) -> Option<Ending> {
        let lesson = world.course.lesson(&self.lesson).filter(|_| self.is_at_end())?;
        let next = world.course.lesson_after(lesson);
        Some(Ending { next: next.map(|next| (next.number.clone(), next.title.clone())) })
    }

    /// Whether the last row is in view.
    pub(crate) fn is_at_end(&self) -> bool {
        self.share >= 1.0
    }

    /// Whether an action does something now.
    pub(crate) fn offers(&self, action: Action, world: &World<'_>) -> bool {
        let items = focus::items(&self.galley, self.top, self.height);
        let any = |wanted: fn(&Target) -> bool| items.iter().any(|item| wanted(&item.target));
        match action {
            Action::NextFocus => !items.is_empty(),
            Action::Open => self.focus.is_some() || any(|t| matches!(t, Target::Embed(_))),
            Action::Fact => any(|target| matches!(target, Target::Fact(_))),
            Action::Term => any(|target| matches!(target, Target::Term(_))),
            Action::ReadOn => self.held_back_in_view().is_some(),
            Action::NextLesson => self.ending(world).is_some_and(|ending| ending.next.is_some()),
            Action::Progress => false,
            _ => true,
        }
    }

    /// The rows of a page: the ending must fit below the last row.
    const fn page(&self) -> usize {
        let ending = if self.height > 2 * ENDING { ENDING } else { 0 };
        if self.height > ending { self.height - ending } else { 1 }
    }

    /// Takes over the whole of a text of which only the beginning was read.
    pub(super) fn complete(&mut self, world: &World<'_>) {
        let Some(lesson) = world.course.lesson(&self.lesson).filter(|_| !self.whole) else {
            return;
        };
        let offset = self.galley.offset_of(self.top);
        self.set(lesson, Supplements::default(), world);
        self.top = self.led_to(offset, world);
    }

    /// Sets the whole text of the lesson.
    fn set(&mut self, lesson: &Lesson, supplements: Supplements, world: &World<'_>) {
        self.galley = Galley::new(lesson.document().clone(), settings(world), supplements);
        self.headings = outline::headings(lesson.document());
        self.whole = true;
        (self.seen, self.focus, self.held) = (None, None, None);
        self.asked.clear();
        self.refresh(world);
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        self.complete(world);
        match action {
            Action::Down => self.scroll(1),
            Action::Up => self.scroll(-1),
            Action::HalfPageDown => self.scroll(self.rows(2)),
            Action::HalfPageUp => self.scroll(-self.rows(2)),
            Action::PageDown => self.scroll(self.rows(1)),
            Action::PageUp => self.scroll(-self.rows(1)),
            Action::First => self.top = Place::default(),
            Action::Last => self.top = self.galley.end(self.page()),
            Action::NextHeading => self.turn_to_heading(1),
            Action::PreviousHeading => self.turn_to_heading(-1),
            Action::NextFocus => return self.cycle(1),
            Action::PreviousFocus => return self.cycle(-1),
            Action::Left => self.shift(-8),
            Action::Right => self.shift(8),
            Action::Open => return self.open_focused(world),
            Action::Fact => return self.open_next_fact(world),
            Action::Term => return self.open_next_term(world),
            Action::Quiz => return self.open_quiz(world),
            Action::Test => return self.test_out(),
            Action::ReadOn => return self.read_on(world),
            Action::Outline => return self.open_outline(),
            Action::Copy => return self.copy(),
            Action::Bookmark => return self.bookmark(world),
            Action::Note => return self.note(world),
            Action::NextLesson => return self.turn(world, 1),
            Action::PreviousLesson => return self.turn(world, -1),
            Action::Back => return self.step_back(),
            Action::Leave => return vec![Request::Back],
            _ => {}
        }
        Vec::new()
    }

    /// The rows of a page (one stays in view), or of a part of it.
    fn rows(&self, parts: usize) -> isize {
        isize::try_from((self.height.saturating_sub(1) / parts).max(1)).unwrap_or(1)
    }

    fn scroll(&mut self, rows: isize) {
        self.top = self.galley.moved(self.top, rows, self.page());
    }

    fn turn_to_heading(&mut self, direction: isize) {
        let top = self.top;
        let found = if direction > 0 {
            self.headings.iter().find(|heading| heading.block > top.block)
        } else {
            self.headings.iter().rev().find(|heading| heading.block < top.block)
        };
        match (found.map(|heading| heading.offset), direction) {
            (Some(offset), _) => {
                let place = self.galley.place_of(offset);
                self.show(place);
            }
            (None, 1..) => self.top = self.galley.end(self.page()),
            (None, _) => self.top = Place::default(),
        }
    }

    fn step_back(&mut self) -> Vec<Request> {
        if self.focus.take().is_some() {
            return Vec::new();
        }
        let Some(offset) = self.back.pop() else { return vec![Request::Back] };
        let place = self.galley.place_of(offset);
        self.show(place);
        Vec::new()
    }

    fn turn(&self, world: &World<'_>, direction: isize) -> Vec<Request> {
        let lesson = world.course.lesson(&self.lesson);
        let next = lesson.and_then(|lesson| match direction {
            1.. => world.course.lesson_after(lesson),
            _ => world.course.lesson_before(lesson),
        });
        vec![next.map_or_else(
            || {
                let which = if direction > 0 { "last" } else { "first" };
                Request::Say(format!("This is the {which} lesson."))
            },
            |next| Request::Replace(Destination::Lesson(next.id.clone(), Spot::LeftOff)),
        )]
    }

    fn open_outline(&mut self) -> Vec<Request> {
        let (headings, under) = self.headings();
        if headings.is_empty() {
            return vec![Request::Say("This lesson has no headings.".to_owned())];
        }
        let outline = Outline::new(headings.to_vec(), under.unwrap_or(0));
        vec![Request::Show(Overlay::Outline(outline))]
    }

    /// Moves wide figures in view sideways.
    fn shift(&mut self, cells: isize) {
        let measure = self.galley.settings().measure.cells();
        let wide = panels::wide_figures(&self.visible_blocks(), measure);
        if wide.is_empty() {
            return;
        }
        self.top = self.galley.supplement(self.top, |supplements| {
            for (offset, most) in wide {
                let shift = supplements.shifts.entry(offset).or_default();
                *shift = shift.saturating_add_signed(cells).min(most);
            }
        });
    }

    /// The top-level blocks in view.
    fn visible_blocks(&self) -> Vec<&Block> {
        let mut indices: Vec<usize> = self.view().map(|(place, _)| place.block).collect();
        indices.dedup();
        let blocks = &self.galley.document().blocks;
        indices.into_iter().filter_map(|index| blocks.get(index)).collect()
    }

    /// Lays out what shows; asks for colours of code and records that the end was reached.
    pub(super) fn settle(&mut self, world: &World<'_>) -> Vec<Request> {
        if let Some((_, wanted)) = self.held.take().filter(|(shown, _)| *shown == self.top) {
            self.top = wanted;
        }
        self.measure(world);
        self.refresh(world);
        let end = self.galley.end(self.page());
        if self.top > end {
            self.held = Some((end, self.top));
            self.top = end;
        }
        self.galley.prepare(self.top, self.height);
        self.margin.settle(&mut self.galley);
        self.keep_focus_in_view();
        self.share = self.share_in_view(world);
        let mut requests: Vec<Request> = self.colours().into_iter().map(Request::Effect).collect();
        let shown = !frame::too_small(world.size);
        let known = world.glance.lessons.get(&self.lesson).is_some_and(|glance| glance.read);
        if self.is_at_end() && shown && !known && !self.read {
            self.read = true;
            let lesson = self.lesson.clone();
            requests.push(Request::Effect(Effect::Record(RecordKind::Read { lesson })));
        }
        requests
    }

    /// Takes over the size of the screen.
    fn measure(&mut self, world: &World<'_>) {
        self.height = usize::from(frame::page(world.size).text.height);
        let wanted = settings(world);
        if *self.galley.settings() != wanted {
            self.top = self.galley.reset(wanted, self.top);
            (self.focus, self.seen) = (None, None);
        }
    }

    /// Takes over what was recorded since: what waits, the words of panels, notes and bookmarks.
    fn refresh(&mut self, world: &World<'_>) {
        if self.seen == Some(world.progress.len()) {
            return;
        }
        let Some(lesson) = world.course.lesson(&self.lesson) else { return };
        self.withhold(lesson, world);
        let mut offers = panels::offers(lesson, &self.galley.document().blocks, world);
        offers.extend(self.withheld.offers(world));
        let withheld = self.withheld.blocks();
        let shown = self.galley.supplements();
        if (&offers, &withheld) != (&shown.offers, &shown.withheld) {
            self.top = self.galley.supplement(self.top, |supplements| {
                supplements.offers = offers;
                supplements.withheld = withheld;
            });
        }
        if !self.whole {
            return;
        }
        self.seen = Some(world.progress.len());
        self.margin = Margin::of(lesson, world);
        let panels = panels::of(lesson, &self.revealed, world);
        let marks = panels::objectives(lesson, world);
        if (&panels, &marks)
            != (&self.galley.supplements().panels, &self.galley.supplements().marks)
        {
            self.top = self.galley.supplement(self.top, |supplements| {
                supplements.panels = panels;
                supplements.marks = marks;
            });
        }
    }

    fn share_in_view(&mut self, world: &World<'_>) -> f64 {
        let ends = self.whole && !self.withheld.holds_the_end(&self.galley.document().blocks);
        if ends && self.galley.is_last(self.top, self.page()) {
            return 1.0;
        }
        let last = self.view().last().map_or(0, |(_, row)| row.span.end);
        let length = world.course.lesson(&self.lesson).map_or(1, |lesson| lesson.source().len());
        #[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
        let share = last as f64 / length.max(1) as f64;
        share.min(0.99)
    }

    /// What to ask for: the colours of the code in view.
    fn colours(&mut self) -> Vec<Effect> {
        let mut found = Vec::new();
        for block in self.visible_blocks() {
            panels::each_code(block, &mut |offset, code| {
                if !code.language.is_empty() && !self.asked.contains(&offset) {
                    let lesson = self.lesson.clone();
                    found.push(CodeAt { lesson, offset, code: code.clone() });
                }
            });
        }
        self.asked.extend(found.iter().map(|code| code.offset));
        found.into_iter().map(Effect::Highlight).collect()
    }

    /// Takes the colours of a block of code; `false`: they are not for this text.
    pub(super) fn highlighted(&mut self, at: &CodeAt, lines: &[Vec<(Syntax, usize)>]) -> bool {
        let mut known = false;
        for block in &self.galley.document().blocks {
            panels::each_code(block, &mut |offset, code| {
                known |= offset == at.offset && *code == at.code;
            });
        }
        if at.lesson != self.lesson || !known {
            return false;
        }
        self.top = self.galley.supplement(self.top, |supplements| {
            supplements.code.insert(at.offset, lines.to_vec());
        });
        true
    }

    /// The record of the place, if it is another than the one last recorded.
    pub(super) fn leave(&mut self, world: &World<'_>) -> Vec<Request> {
        let Some(lesson) = world.course.lesson(&self.lesson) else { return Vec::new() };
        let line = self.line(lesson);
        if self.kept == Some(line) || frame::too_small(world.size) {
            return Vec::new();
        }
        self.kept = Some(line);
        vec![Request::Effect(Effect::Record(placed(lesson, line)))]
    }

    /// The line of the source at the top, from 1.
    fn line(&mut self, lesson: &Lesson) -> usize {
        let offset = self.galley.offset_of(self.top);
        match self.opened {
            Some((at, line)) if at == offset => line,
            _ => Position::of(lesson.source(), offset).line,
        }
    }

    /// Takes over an edited text, at the same words.
    pub(super) fn course_changed(&mut self, old: &World<'_>, new: &World<'_>) {
        let Some(lesson) = new.course.lesson(&self.lesson) else { return };
        let place = old.course.lesson(&self.lesson).map(|before| {
            let line = self.line(before);
            crate::progress::Place::at(&before.id, before.source(), line)
        });
        self.opened = None;
        // Who edits a text wants to see it.
        self.is_open = true;
        let unfolded = self.galley.supplements().unfolded.clone();
        let supplements = Supplements { unfolded, ..Supplements::default() };
        self.set(lesson, supplements, new);
        self.back.clear();
        let line = place.map_or(1, |place| relocate(&place, lesson.source()));
        let place = self.galley.place_of(offset_of_line(lesson.source(), line));
        self.show(place);
    }
}

/// The byte of the source where the learner left the lesson.
fn left_off(lesson: &Lesson, world: &World<'_>) -> Option<usize> {
    let place = world.glance.lessons.get(&lesson.id)?.place.as_ref()?;
    let line = relocate(place, lesson.source());
    Some(offset_of_line(lesson.source(), line))
}

/// How texts are set on this screen.
pub(super) fn settings(world: &World<'_>) -> Settings {
    Settings {
        measure: Measure(frame::page(world.size).text.width),
        ascii: world.settings.ascii,
        bare: false,
        links: LinkStyle::Bare,
        unfold: false,
    }
}

/// The text of a block for the clipboard, not wrapped.
fn text_of(block: &Block) -> String {
    match &block.kind {
        BlockKind::Code(code) => code.text.clone(),
        BlockKind::Figure { text, .. } => text.clone(),
        _ => crate::markdown::block_text(block),
    }
}
