//! The contents: parts and lessons, and what is known about the one chosen.
//!
//! ```text
//!  1  Introduction                             The first request pays
//!     ● Somebody else's servers    83 %  12 m  1.4 · 12 minutes · quiz
//!   ▸ ◐ The first request pays     quiz  12 m
//!     ○ Final test: Introduction  15 questions
//! ```

use super::answering::offered_test;
use super::frame::{self, Overview};
use super::{Destination, Listing, Request, Source, Spot, World};
use crate::course::{Course, Embedded, Lesson, Part, PlacedEmbed};
use crate::keymap::{Action, Context};
use crate::progress::Snapshot;
use crate::quiz::Quiz;

/// The state of the contents.
#[derive(Debug)]
pub(crate) struct Contents {
    /// What can be chosen, in order.
    items: Vec<Item>,
    /// The list: which item is chosen, which line is the first in view.
    list: Listing,
    /// The learner chose an item.
    chosen: bool,
    /// The lines of the list, shown or not.
    lines: Vec<Entry>,
    overview: Overview,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A part, by its index.
    Part(usize),
    /// What can be chosen, by its index.
    Item(usize),
    /// Air.
    Blank,
}

/// What can be chosen, by the index of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item {
    part: usize,
    /// The lesson's place in its part; the part's final test has none.
    place: Option<usize>,
}

/// What is chosen, or shown on a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Choice<'c> {
    Lesson(&'c Lesson),
    /// The final test of a part.
    Test(&'c Part, &'c Quiz),
}

impl Contents {
    /// The contents, with the lesson chosen that the learner goes on with.
    pub(super) fn new(course: &Course, glance: &Snapshot) -> Self {
        let mut contents = Self {
            items: items(course),
            list: Listing::default(),
            chosen: false,
            lines: Vec::new(),
            overview: Overview::default(),
        };
        contents.suggest(course, glance);
        contents
    }

    /// Chooses the lesson that the learner goes on with, unless they chose one.
    pub(super) fn suggest(&mut self, course: &Course, glance: &Snapshot) {
        if let Some(id) = next_up(course, glance).filter(|_| !self.chosen) {
            self.choose(course, &id);
        }
    }

    fn choose(&mut self, course: &Course, id: &str) {
        let is_it = |choice: Option<Choice<'_>>| match choice {
            Some(Choice::Lesson(lesson)) => lesson.id == id,
            Some(Choice::Test(_, quiz)) => quiz.id == id,
            None => false,
        };
        let mut indices = 0..self.items.len();
        self.list.selected = indices.find(|&index| is_it(self.nth(course, index))).unwrap_or(0);
    }

    /// What is chosen.
    pub(crate) fn choice<'c>(&self, course: &'c Course) -> Option<Choice<'c>> {
        self.nth(course, self.list.selected)
    }

    /// The lesson chosen.
    fn lesson<'c>(&self, course: &'c Course) -> Option<&'c Lesson> {
        match self.choice(course)? {
            Choice::Lesson(lesson) => Some(lesson),
            Choice::Test(..) => None,
        }
    }

    /// What stands at this index.
    pub(crate) fn nth<'c>(&self, course: &'c Course, index: usize) -> Option<Choice<'c>> {
        let item = self.items.get(index)?;
        let part = course.parts.get(item.part)?;
        match item.place {
            Some(place) => part.lessons.get(place).map(Choice::Lesson),
            None => course.final_test_of(part).map(|quiz| Choice::Test(part, quiz)),
        }
    }

    /// The lines in view, and which item is chosen.
    pub(crate) fn view(&self) -> (&[Entry], usize) {
        let lines = self.lines.get(self.list.top..).unwrap_or(&[]);
        (lines, self.list.selected)
    }

    /// Whether lines are hidden above and below.
    pub(crate) fn more(&self) -> (bool, bool) {
        let height = usize::from(self.overview.list.height);
        (self.list.top > 0, self.list.top + height < self.lines.len())
    }

    /// Where list and detail stand.
    pub(crate) const fn overview(&self) -> Overview {
        self.overview
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        self.chosen = true;
        let page = usize::from(self.overview.list.height).max(2) - 1;
        if self.list.act(action, self.items.len(), page) {
            return Vec::new();
        }
        match action {
            Action::Open | Action::Right => self.open(world),
            Action::Resume => self.resume(world),
            Action::Quiz => self.quiz(world),
            Action::Test => self.test(world),
            Action::Simulation => self.simulation(world),
            Action::NextPart => self.turn(1),
            Action::PreviousPart => self.turn(-1),
            Action::Back => how_to_quit(world),
            _ => Vec::new(),
        }
    }

    /// Whether an action does something now.
    pub(crate) fn offers(&self, action: Action, world: &World<'_>) -> bool {
        match action {
            Action::Quiz => {
                let quiz = |lesson| world.course.quiz_of(lesson);
                self.lesson(world.course).and_then(quiz).is_some()
            }
            Action::Test => {
                let lesson = self.lesson(world.course);
                lesson.is_some_and(|lesson| offered_test(lesson, world).is_some())
            }
            Action::Resume => {
                self.lesson(world.course).map(|l| l.id.as_str())
                    != next_up(world.course, world.glance).as_deref()
            }
            _ => true,
        }
    }

    fn open(&self, world: &World<'_>) -> Vec<Request> {
        let to = |choice| match choice {
            Choice::Lesson(lesson) => Destination::Lesson(lesson.id.clone(), Spot::LeftOff),
            Choice::Test(_, quiz) => Destination::Quiz(quiz.id.clone()),
        };
        self.choice(world.course).map(|choice| Request::Go(to(choice))).into_iter().collect()
    }

    /// The test chosen, or the quiz of the lesson chosen.
    fn quiz_chosen<'c>(&self, course: &'c Course) -> Option<&'c Quiz> {
        match self.choice(course)? {
            Choice::Lesson(lesson) => course.quiz_of(lesson),
            Choice::Test(_, quiz) => Some(quiz),
        }
    }

    fn resume(&mut self, world: &World<'_>) -> Vec<Request> {
        if let Some(id) = next_up(world.course, world.glance) {
            self.choose(world.course, &id);
        }
        self.open(world)
    }

    fn quiz(&self, world: &World<'_>) -> Vec<Request> {
        vec![self.quiz_chosen(world.course).map_or_else(
            || Request::Say("This lesson has no quiz of its own.".to_owned()),
            |quiz| Request::Go(Destination::Quiz(quiz.id.clone())),
        )]
    }

    /// The test out of the lesson chosen, or the test chosen.
    fn test(&self, world: &World<'_>) -> Vec<Request> {
        let choice = self.choice(world.course);
        let to = choice.map(|choice| match choice {
            Choice::Lesson(lesson) => {
                Destination::TestOut { lesson: lesson.id.clone(), reading: false }
            }
            Choice::Test(_, quiz) => Destination::Quiz(quiz.id.clone()),
        });
        to.map(Request::Go).into_iter().collect()
    }

    /// Opens the first simulation of the lesson.
    fn simulation(&self, world: &World<'_>) -> Vec<Request> {
        let first = self.lesson(world.course).and_then(|lesson| {
            let source = |embed: &PlacedEmbed| match world.course.embedded(lesson, embed) {
                Embedded::Scenario { path: Some(path), .. } => Some(Source::File(path.to_owned())),
                Embedded::Scenario { path: None, .. } => Some(Source::Fence(embed.span.start)),
                _ => None,
            };
            let source = lesson.embeds().iter().find_map(source)?;
            Some(Destination::Simulation { source, lesson: Some(lesson.id.clone()) })
        });
        vec![first.map_or_else(
            || {
                let what = self.lesson(world.course).map_or("test", |_| "lesson");
                Request::Say(format!("This {what} has no simulation."))
            },
            Request::Go,
        )]
    }

    /// To the first lesson of the next part, or of this part or the one before.
    fn turn(&mut self, direction: isize) -> Vec<Request> {
        let Some(&Item { part, place }) = self.items.get(self.list.selected) else {
            return Vec::new();
        };
        let wanted = match direction {
            1.. => part + 1,
            _ if place != Some(0) => part,
            _ => part.saturating_sub(1),
        };
        if let Some(first) = self.items.iter().position(|item| item.part == wanted) {
            self.list.selected = first;
        }
        Vec::new()
    }

    pub(super) fn course_changed(&mut self, old: &Course, new: &Course) {
        let chosen = self.choice(old).map(|choice| match choice {
            Choice::Lesson(lesson) => lesson.id.clone(),
            Choice::Test(_, quiz) => quiz.id.clone(),
        });
        self.items = items(new);
        self.choose(new, &chosen.unwrap_or_default());
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        let body = frame::chrome(world.size).body;
        let height = usize::from(body.height);
        let part = self.items.get(self.list.selected).map(|item| item.part);
        let fits = |lines: &Vec<Entry>| lines.len() <= height;
        let all = Some(self.entries(world.course, |_| true)).filter(fits);
        let one = || self.entries(world.course, |index| Some(index) == part);
        self.lines = all.unwrap_or_else(one);
        self.overview = frame::overview(world.size, self.lines.len());
        let chosen = Entry::Item(self.list.selected);
        let at = self.lines.iter().position(|&line| line == chosen).unwrap_or(0);
        // The name of the part stays in view with its first lesson.
        let from = match self.lines.get(at.wrapping_sub(1)) {
            Some(Entry::Part(_)) => at - 1,
            _ => at,
        };
        let height = usize::from(self.overview.list.height);
        self.list.reveal(from, at + 1, self.lines.len(), height);
    }

    /// The lines of the list, with what is in the parts that are `open`; air stands behind those.
    fn entries(&self, course: &Course, open: impl Fn(usize) -> bool) -> Vec<Entry> {
        let mut lines = Vec::new();
        for (index, part) in course.parts.iter().enumerate() {
            if !part.title.is_empty() {
                lines.push(Entry::Part(index));
            }
            if !open(index) {
                continue;
            }
            let here = self.items.iter().enumerate().filter(|(_, item)| item.part == index);
            lines.extend(here.map(|(at, _)| Entry::Item(at)));
            lines.push(Entry::Blank);
        }
        while lines.last() == Some(&Entry::Blank) {
            lines.pop();
        }
        lines
    }
}

/// The lessons of each part, then its test.
fn items(course: &Course) -> Vec<Item> {
    let mut items = Vec::new();
    for (index, part) in course.parts.iter().enumerate() {
        let places = (0..part.lessons.len()).map(Some);
        let test = course.final_test_of(part).map(|_| None);
        items.extend(places.chain(test).map(|place| Item { part: index, place }));
    }
    items
}

/// The lesson to go on with: the one that was open last or, where that is learned, the next one
/// that is not.
fn next_up(course: &Course, glance: &Snapshot) -> Option<String> {
    let last = glance.last.as_ref().and_then(|place| course.lesson(&place.lesson));
    let Some(last) = last else { return course.lessons().next().map(|l| l.id.clone()) };
    let from = course.lessons().skip_while(|lesson| lesson.id != last.id);
    let open = |lesson: &&Lesson| !glance.state(&lesson.id).learned();
    Some(from.into_iter().find(open).unwrap_or(last).id.clone())
}

fn how_to_quit(world: &World<'_>) -> Vec<Request> {
    let key = world.keymap.chord(Context::Contents, Action::Leave);
    let label = key.map_or_else(|| "^c".to_owned(), |key| key.label(world.settings.ascii));
    vec![Request::Say(format!("This is the first screen: {label} quits."))]
}
