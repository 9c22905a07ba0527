//! The screens, one file each, and what they may ask of the app. No screen holds another.

use std::sync::Arc;

use super::{
    Answering, Contents, Effect, Overlay, Reading, Recalling, Searching, Setting, Settings,
    Simulating, Size, Source, Standing,
};
use crate::course::Course;
use crate::keymap::{Action, Context, Keymap};
use crate::progress::{Progress, Snapshot, Time};

/// What every screen may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World<'a> {
    pub(crate) course: &'a Arc<Course>,
    pub(crate) progress: &'a Progress,
    pub(crate) glance: &'a Snapshot,
    pub(crate) settings: &'a Settings,
    pub(crate) keymap: &'a Keymap,
    pub(crate) size: Size,
    pub(crate) now: Time,
    /// How many screens were opened before.
    pub(crate) serial: u64,
}

/// What a screen asks of the app.
#[derive(Debug)]
pub(crate) enum Request {
    /// Something to be done to the world.
    Effect(Effect),
    /// A screen to open above this one.
    Go(Destination),
    /// A screen to open in the place of this one.
    Replace(Destination),
    /// One step back.
    Back,
    /// A box to open over this screen.
    Show(Overlay),
    /// The box to close.
    Close,
    /// The lesson shown is to be read on from this byte of its source.
    Jump(usize),
    /// A setting to change.
    Set(Setting),
    /// A line for the learner.
    Say(String),
}

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A lesson, by id.
    Lesson(String, Spot),
    /// A quiz, by id.
    Quiz(String),
    /// The test out of a lesson; `reading`: the lesson is open already.
    TestOut { lesson: String, reading: bool },
    /// The question that stands in the flow of a lesson at this byte of its source.
    Question { lesson: String, offset: usize },
    /// A simulation, and the lesson it is opened from.
    Simulation { source: Source, lesson: Option<String> },
    /// The search.
    Search,
    /// Where the learner stands.
    Progress,
    /// The summary of a part, by its index.
    Part(usize),
}

/// Where in a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Where the learner left it.
    LeftOff,
    /// The beginning.
    Start,
    /// A heading, by the name that links give it.
    Heading(String),
    /// A byte of the source.
    Offset(usize),
}

/// A screen and its state.
#[derive(Debug)]
pub(crate) enum Screen {
    Contents(Contents),
    Lesson(Box<Reading>),
    Progress(Standing),
    Part(Box<Recalling>),
    Question(Box<Answering>),
    Search(Box<Searching>),
    Simulation(Box<Simulating>),
}

impl Screen {
    /// The screen of a destination, or why there is none.
    pub(super) fn open(destination: Destination, world: &World<'_>) -> Result<Self, String> {
        match destination {
            Destination::Lesson(id, spot) => {
                Reading::open(&id, &spot, world).map(|reading| Self::Lesson(Box::new(reading)))
            }
            Destination::Progress => Ok(Self::Progress(Standing::new(world))),
            Destination::Part(part) => {
                Recalling::open(part, world).map(|recalling| Self::Part(Box::new(recalling)))
            }
            Destination::Quiz(id) => {
                Answering::quiz(&id, world).map(|answering| Self::Question(Box::new(answering)))
            }
            Destination::TestOut { lesson, reading } => {
                Answering::test_out(&lesson, reading, world)
                    .map(|answering| Self::Question(Box::new(answering)))
            }
            Destination::Question { lesson, offset } => Answering::flow(&lesson, offset, world)
                .map(|answering| Self::Question(Box::new(answering))),
            Destination::Simulation { source, lesson } => Simulating::open(source, lesson, world)
                .map(|simulating| Self::Simulation(Box::new(simulating))),
            Destination::Search => Ok(Self::Search(Box::new(Searching::new()))),
        }
    }

    pub(super) const fn context(&self) -> Context {
        match self {
            Self::Contents(_) => Context::Contents,
            Self::Lesson(_) => Context::Lesson,
            Self::Progress(_) => Context::List,
            Self::Part(_) => Context::Part,
            Self::Question(answering) => answering.context(),
            Self::Search(_) => Context::Search,
            Self::Simulation(simulating) => simulating.context(),
        }
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Contents(contents) => contents.act(action, world),
            Self::Lesson(reading) => reading.act(action, world),
            Self::Progress(standing) => standing.act(action),
            Self::Part(recalling) => recalling.act(action, world),
            Self::Question(answering) => answering.act(action, world),
            Self::Search(searching) => searching.act(action, world),
            Self::Simulation(simulating) => simulating.act(action, world),
        }
    }

    /// Takes characters that are bound to nothing.
    pub(super) fn typed(&mut self, text: &str, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Question(answering) => answering.typed(text),
            Self::Search(searching) => searching.typed(text, world),
            Self::Simulation(simulating) => simulating.typed(text),
            Self::Contents(_) | Self::Lesson(_) | Self::Progress(_) | Self::Part(_) => Vec::new(),
        }
    }

    /// Lays out what is shown, after anything changed. Asks only for effects and lines.
    pub(super) fn settle(&mut self, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Contents(contents) => contents.settle(world),
            Self::Lesson(reading) => return reading.settle(world),
            Self::Progress(standing) => standing.settle(world),
            Self::Part(recalling) => recalling.settle(world),
            Self::Question(answering) => answering.settle(world),
            Self::Search(searching) => searching.settle(world),
            Self::Simulation(simulating) => return simulating.settle(world),
        }
        Vec::new()
    }

    /// What is to be kept before the screen is covered, closed or left alone for a while.
    pub(super) fn leave(&mut self, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Lesson(reading) => reading.leave(world),
            Self::Simulation(simulating) => simulating.leave(),
            Self::Contents(_)
            | Self::Progress(_)
            | Self::Part(_)
            | Self::Question(_)
            | Self::Search(_) => Vec::new(),
        }
    }

    /// What is to be done before the screen is closed.
    pub(super) fn close(&mut self, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Simulation(simulating) => simulating.close(),
            _ => self.leave(world),
        }
    }

    /// All records were read: what was opened before is opened as it was left.
    pub(super) fn loaded(&mut self, world: &World<'_>) {
        match self {
            Self::Contents(contents) => contents.suggest(world.course, world.glance),
            Self::Question(answering) => answering.reopen(world),
            Self::Lesson(reading) => reading.complete(world),
            Self::Simulation(simulating) => simulating.loaded(world),
            Self::Part(recalling) => recalling.renew(world),
            Self::Progress(_) | Self::Search(_) => {}
        }
    }

    pub(super) fn course_changed(&mut self, old: &World<'_>, new: &World<'_>) {
        match self {
            Self::Contents(contents) => contents.course_changed(old.course, new.course),
            Self::Lesson(reading) => reading.course_changed(old, new),
            Self::Progress(standing) => standing.settle(new),
            Self::Part(recalling) => recalling.renew(new),
            Self::Question(answering) => answering.reopen(new),
            Self::Search(searching) => searching.course_changed(new),
            Self::Simulation(simulating) => simulating.course_changed(new),
        }
    }
}
