//! The contents: parts and lessons, and what is known about the one chosen.
//!
//! ```text
//!  1  Introduction                             The first request pays
//!     ● Somebody else's servers    83 %  12 m  1.4 · 12 minutes · quiz
//!   ▸ ◐ The first request pays     quiz  12 m
//! ```

use super::frame::{self, Overview};
use super::{Destination, Listing, Request, Source, Spot, World};
use crate::course::{Course, Embedded, Lesson, PlacedEmbed};
use crate::keymap::{Action, Context};
use crate::progress::Snapshot;

/// The state of the contents.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The lessons in order, by part and place in it.
    lessons: Vec<(usize, usize)>,
    /// The list: which lesson is chosen, which line is the first in view.
    list: Listing,
    /// The learner chose a lesson.
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
    /// A lesson, by its index in the course.
    Lesson(usize),
    /// Air.
    Blank,
}

impl Contents {
    /// The contents, with the lesson chosen that the learner goes on with.
    pub(super) fn new(course: &Course, glance: &Snapshot) -> Self {
        let mut contents = Self {
            lessons: lessons(course),
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
        self.list.selected = course.lessons().position(|lesson| lesson.id == id).unwrap_or(0);
    }

    /// The lesson chosen.
    pub(crate) fn lesson<'c>(&self, course: &'c Course) -> Option<&'c Lesson> {
        self.nth(course, self.list.selected)
    }

    /// The lesson of this index.
    pub(crate) fn nth<'c>(&self, course: &'c Course, index: usize) -> Option<&'c Lesson> {
        let (part, place) = *self.lessons.get(index)?;
        course.parts.get(part)?.lessons.get(place)
    }

    /// The lines in view, and which lesson is chosen.
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
        if self.list.act(action, self.lessons.len(), page) {
            return Vec::new();
        }
        match action {
            Action::Open | Action::Right => self.open(world),
            Action::Resume => self.resume(world),
            Action::Quiz => self.quiz(world),
            Action::Simulation => self.simulation(world),
            Action::NextPart => self.turn(1),
            Action::PreviousPart => self.turn(-1),
            Action::Back => how_to_quit(world),
            _ => Vec::new(),
        }
    }

    /// Whether an action does something now.
    pub(crate) fn offers(&self, action: Action, world: &World<'_>) -> bool {
        let quiz = |lesson| world.course.quiz_of(lesson);
        match action {
            Action::Quiz => self.lesson(world.course).and_then(quiz).is_some(),
            Action::Resume => {
                self.lesson(world.course).map(|l| l.id.as_str())
                    != next_up(world.course, world.glance).as_deref()
            }
            _ => true,
        }
    }

    fn open(&self, world: &World<'_>) -> Vec<Request> {
        let lesson = self.lesson(world.course);
        let to = |lesson: &Lesson| Destination::Lesson(lesson.id.clone(), Spot::LeftOff);
        lesson.map(|lesson| Request::Go(to(lesson))).into_iter().collect()
    }

    fn resume(&mut self, world: &World<'_>) -> Vec<Request> {
        if let Some(id) = next_up(world.course, world.glance) {
            self.choose(world.course, &id);
        }
        self.open(world)
    }

    fn quiz(&self, world: &World<'_>) -> Vec<Request> {
        let quiz = self.lesson(world.course).and_then(|lesson| world.course.quiz_of(lesson));
        vec![quiz.map_or_else(
            || Request::Say("This lesson has no quiz of its own.".to_owned()),
            |quiz| Request::Go(Destination::Quiz(quiz.id.clone())),
        )]
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
        vec![
            first.map_or_else(
                || Request::Say("This lesson has no simulation.".to_owned()),
                Request::Go,
            ),
        ]
    }

    /// To the first lesson of the next part, or of this part or the one before.
    fn turn(&mut self, direction: isize) -> Vec<Request> {
        let Some(&(part, place)) = self.lessons.get(self.list.selected) else { return Vec::new() };
        let wanted = match direction {
            1.. => part + 1,
            _ if place > 0 => part,
            _ => part.saturating_sub(1),
        };
        if let Some(first) = self.lessons.iter().position(|&(part, _)| part == wanted) {
            self.list.selected = first;
        }
        Vec::new()
    }

    pub(super) fn course_changed(&mut self, old: &Course, new: &Course) {
        let chosen = self.lesson(old).map(|lesson| lesson.id.clone());
        self.lessons = lessons(new);
        self.choose(new, &chosen.unwrap_or_default());
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        let body = frame::chrome(world.size).body;
        let height = usize::from(body.height);
        let all = self.entries(world.course, None);
        let part = self.lessons.get(self.list.selected).map(|&(part, _)| part);
        self.lines = if all.len() <= height { all } else { self.entries(world.course, part) };
        self.overview = frame::overview(world.size, self.lines.len());
        let chosen = Entry::Lesson(self.list.selected);
        let at = self.lines.iter().position(|&line| line == chosen).unwrap_or(0);
        // The name of the part stays in view with its first lesson.
        let from = match self.lines.get(at.wrapping_sub(1)) {
            Some(Entry::Part(_)) => at - 1,
            _ => at,
        };
        let height = usize::from(self.overview.list.height);
        self.list.reveal(from, at + 1, self.lines.len(), height);
    }

    /// The lines of the list, with the lessons of all parts or of one.
    fn entries(&self, course: &Course, open: Option<usize>) -> Vec<Entry> {
        let mut lines = Vec::new();
        for (index, part) in course.parts.iter().enumerate() {
            if !part.title.is_empty() {
                lines.push(Entry::Part(index));
            }
            if open.is_none_or(|open| open == index) {
                let here = self.lessons.iter().enumerate();
                let here = here.filter(|(_, (part, _))| *part == index);
                lines.extend(here.map(|(lesson, _)| Entry::Lesson(lesson)));
                lines.push(Entry::Blank);
            }
        }
        while lines.last() == Some(&Entry::Blank) {
            lines.pop();
        }
        lines
    }
}

fn lessons(course: &Course) -> Vec<(usize, usize)> {
    let parts = course.parts.iter().enumerate();
    parts.flat_map(|(part, p)| (0..p.lessons.len()).map(move |place| (part, place))).collect()
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
