//! What the learner sees and does, as data. [`App::update`] takes what happened and says what must
//! be done; drawing is somebody else's, and so is the world: no clock, no disk, no terminal.

mod answering;
mod contents;
mod effect;
mod event;
pub mod frame;
mod helping;
mod listing;
mod noting;
mod overlay;
mod popping;
mod reading;
mod recalling;
mod screen;
mod searching;
mod sheet;
mod simulating;
mod standing;
mod sureness;
pub mod text_field;
mod view;

pub(crate) use answering::{Answering, Dot, Heading as QuizHeading};
pub(crate) use contents::{Choice, Contents, Entry};
pub use effect::{Effect, Setting};
pub use event::Event;
pub(crate) use helping::{Help, HelpLine, KEYS_WIDTH, Themes};
pub(crate) use listing::Listing;
pub(crate) use noting::{NoteEntry, Notes};
pub(crate) use overlay::Overlay;
pub(crate) use popping::PopUp;
pub(crate) use reading::{Ending, Heading, Mark, Outline, Reading};
pub(crate) use recalling::Recalling;
pub(crate) use screen::{Destination, Request, Screen, Spot, World};
pub(crate) use searching::{ABOVE as SEARCH_ABOVE, Found, LINES as SEARCH_LINES, Searching};
pub(crate) use sheet::{LineMark, Sheet};
pub use simulating::{Ended, Job, Part};
pub(crate) use simulating::{Simulating, Source};
pub(crate) use standing::{Standing, StandingLine};

use std::sync::Arc;
use std::time::Duration;

use crate::course::{Course, Lesson};
use crate::keymap::{Action, Chord, Keymap};
use crate::progress::{Demands, LessonGlance, Progress, Record, RecordKind, Snapshot, Time};
use crate::sanitize;
use crate::theme::Theme;

/// The size of the screen in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A block of code of a lesson, to be coloured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAt {
    /// The lesson's id.
    pub lesson: String,
    /// The byte of the lesson's source at which the block begins.
    pub offset: usize,
    /// The code.
    pub code: crate::markdown::Code,
}

/// What the learner or the command line has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The name of the theme.
    pub theme: String,
    /// Only ASCII is drawn around the lessons.
    pub ascii: bool,
    /// The order of choices comes from this instead of the attempt.
    pub seed: Option<u64>,
    /// Nothing moves by itself: runs are shown complete.
    pub no_motion: bool,
}

/// What an app begins with.
#[derive(Debug)]
pub struct Start {
    /// The course.
    pub course: Arc<Course>,
    /// Where the learner stood at the end of the last time; all records come later, with `Loaded`.
    pub glance: Snapshot,
    /// The keys.
    pub keymap: Keymap,
    /// The themes to choose from, at the terminal's depth.
    pub themes: Vec<Theme>,
    /// The settings.
    pub settings: Settings,
    /// The screen's size.
    pub size: Size,
    /// Now.
    pub now: Time,
}

/// Where an app opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// At the contents, on the lesson where the learner left off.
    Contents,
    /// At the lesson of this id, where the learner left it.
    Lesson(String),
    /// At the quiz of this id.
    Quiz(String),
}

/// The whole state of the full-screen mode.
#[derive(Debug)]
pub struct App {
    course: Arc<Course>,
    progress: Progress,
    glance: Snapshot,
    keymap: Keymap,
    themes: Vec<Theme>,
    settings: Settings,
    size: Size,
    now: Time,
    /// The screens on the way here; the last is shown. Never empty.
    screens: Vec<Screen>,
    overlay: Option<Overlay>,
    /// One line for the learner, until the next key.
    notice: Option<String>,
    /// How many records are on their way to the store.
    saving: usize,
    /// Why progress is not kept.
    trouble: Option<String>,
    /// How many screens were opened.
    serial: u64,
}

/// The most screens to go back through.
const DEPTH: usize = 32;

impl App {
    /// An app and what it wants done first.
    pub fn new(start: Start, opening: &Opening) -> (Self, Vec<Effect>) {
        let Start { course, glance, keymap, themes, settings, size, now } = start;
        let contents = Contents::new(&course, &glance);
        let mut app = Self {
            course,
            progress: Progress::default(),
            glance,
            keymap,
            themes,
            settings,
            size,
            now,
            screens: vec![Screen::Contents(contents)],
            overlay: None,
            notice: None,
            saving: 0,
            trouble: None,
            serial: 0,
        };
        let request = match opening {
            Opening::Contents => None,
            Opening::Lesson(id) => Some(Destination::Lesson(id.clone(), Spot::LeftOff)),
            Opening::Quiz(id) => Some(Destination::Quiz(id.clone())),
        };
        let effects = app.perform(request.map(Request::Go).into_iter().collect());
        (app, effects)
    }

    /// Takes what happened; what must be done for it comes back.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Chord(chord) => self.pressed(chord),
            Event::Text(text) => self.typed(&text),
            Event::Resize(size) => self.resized(size),
            Event::Tick(now) => self.ticked(now),
            Event::CourseChanged(course) => self.course_changed(course),
            Event::Loaded(progress) => self.loaded(*progress),
            Event::Recorded(record) => self.recorded(&record),
            Event::RecordFailed { record, reason } => self.record_failed(&record, &reason),
            Event::NotSaved(reason) => self.not_saved(&reason),
            Event::Highlighted { code, lines } => self.highlighted(&code, &lines),
            Event::Said(text) => self.said(&text),
            Event::SimFrame { number, part } => {
                self.simulated(|it, world| it.part(number, part.clone(), world))
            }
            Event::SimDone { number, ended } => self.simulated(|it, _| it.done(number, &ended)),
            Event::Elapsed(elapsed) => self.elapsed(elapsed),
        }
    }

    fn pressed(&mut self, chord: Chord) -> Vec<Effect> {
        self.notice = None;
        let context = self.context();
        match (self.keymap.action(context, chord), chord.character()) {
            (Some(action), _) => self.act(action),
            (None, Some(character)) => self.typed(character.encode_utf8(&mut [0; 4])),
            (None, None) => Vec::new(),
        }
    }

    fn typed(&mut self, text: &str) -> Vec<Effect> {
        let (world, screen, overlay) = self.parts();
        let requests = match (overlay, screen) {
            (Some(overlay), _) => overlay.typed(text),
            (None, Some(screen)) => screen.typed(text, &world),
            (None, None) => Vec::new(),
        };
        self.perform(requests)
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => self.quit(),
            Action::Leave if self.is_at_top() => self.quit(),
            Action::Suspend => vec![Effect::Suspend],
            Action::Redraw => vec![Effect::Redraw],
            Action::Back | Action::Leave => self.back(action),
            Action::Help => self.help(),
            Action::Themes => {
                let themes = Themes::new(&self.theme_names(), &self.settings.theme);
                self.perform(vec![Request::Show(Overlay::Themes(themes))])
            }
            Action::Notes => {
                let notes = Notes::new(&self.world());
                self.perform(vec![Request::Show(Overlay::Notes(notes))])
            }
            Action::Progress => self.perform(vec![Request::Go(Destination::Progress)]),
            Action::Search => self.perform(vec![Request::Go(Destination::Search)]),
            _ => self.act_here(action),
        }
    }

    /// An action that belongs to what is shown.
    fn act_here(&mut self, action: Action) -> Vec<Effect> {
        let (world, screen, overlay) = self.parts();
        let requests = match (overlay, screen) {
            (Some(overlay), _) => overlay.act(action, &world),
            (None, Some(screen)) => screen.act(action, &world),
            (None, None) => Vec::new(),
        };
        self.perform(requests)
    }

    fn back(&mut self, action: Action) -> Vec<Effect> {
        if let Some(overlay) = self.overlay.take() {
            let requests = overlay.closed();
            return self.perform(requests);
        }
        let (world, screen, _) = self.parts();
        let requests = screen.map_or_else(Vec::new, |screen| screen.act(action, &world));
        self.perform(requests)
    }

    fn help(&mut self) -> Vec<Effect> {
        if matches!(self.overlay, Some(Overlay::Help(_))) {
            self.overlay = None;
            return Vec::new();
        }
        let context = self.context();
        let help = Help::new(context, &self.keymap, self.settings.ascii);
        self.perform(vec![Request::Show(Overlay::Help(help))])
    }

    fn quit(&mut self) -> Vec<Effect> {
        let mut effects = self.leaving();
        effects.push(Effect::Quit);
        effects
    }

    /// What the shown screen keeps before it is covered or closed.
    fn leaving(&mut self) -> Vec<Effect> {
        let (world, screen, _) = self.parts();
        let requests = screen.map_or_else(Vec::new, |screen| screen.leave(&world));
        self.effects(requests)
    }

    fn resized(&mut self, size: Size) -> Vec<Effect> {
        self.size = size;
        self.perform(Vec::new())
    }

    fn ticked(&mut self, now: Time) -> Vec<Effect> {
        self.now = now;
        self.leaving()
    }

    fn course_changed(&mut self, course: Arc<Course>) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.course, course);
        self.look_again();
        let mut screens = std::mem::take(&mut self.screens);
        let new = self.world();
        let old = World { course: &before, ..new };
        for screen in &mut screens {
            screen.course_changed(&old, &new);
        }
        self.screens = screens;
        // What they show may be gone; a note half written must not be.
        self.overlay.take_if(|overlay| matches!(overlay, Overlay::Outline(_) | Overlay::PopUp(_)));
        self.perform(Vec::new())
    }

    fn loaded(&mut self, progress: Progress) -> Vec<Effect> {
        let made: Vec<Record> = self.progress.records().cloned().collect();
        self.progress = progress;
        self.progress.merge(made);
        self.look_again();
        let mut screens = std::mem::take(&mut self.screens);
        let world = self.world();
        for screen in &mut screens {
            screen.loaded(&world);
        }
        self.screens = screens;
        self.perform(Vec::new())
    }

    fn recorded(&mut self, record: &Record) -> Vec<Effect> {
        self.saving = self.saving.saturating_sub(1);
        self.progress.apply(record);
        self.look_at(record.kind.lesson());
        // The questions of a final test measure objectives of other lessons.
        if let RecordKind::Answered(answered) = &record.kind {
            let home = answered.objective.as_deref().and_then(|id| id.split_once('#'));
            let home = home.map(|(lesson, _)| lesson);
            self.look_at(home.filter(|home| answered.lesson.as_deref() != Some(*home)));
        }
        self.perform(Vec::new())
    }

    fn record_failed(&mut self, record: &Record, reason: &str) -> Vec<Effect> {
        let effects = self.recorded(record);
        let reason = sanitize::line(reason).into_owned();
        if self.trouble.is_none() {
            self.notice = Some(format!("Progress is not saved: {reason}"));
        }
        self.trouble = Some(reason);
        effects
    }

    fn not_saved(&mut self, reason: &str) -> Vec<Effect> {
        let reason = sanitize::line(reason).into_owned();
        self.notice = Some(reason.clone());
        self.trouble = Some(reason);
        Vec::new()
    }

    fn highlighted(
        &mut self,
        code: &CodeAt,
        lines: &[Vec<(crate::typeset::Syntax, usize)>],
    ) -> Vec<Effect> {
        for screen in &mut self.screens {
            if let Screen::Lesson(reading) = screen
                && reading.highlighted(code, lines)
            {
                break;
            }
        }
        self.perform(Vec::new())
    }

    /// Tells every simulation what was computed; each knows its own jobs.
    fn simulated(&mut self, tell: impl Fn(&mut Simulating, &World<'_>)) -> Vec<Effect> {
        let mut screens = std::mem::take(&mut self.screens);
        let world = self.world();
        for screen in &mut screens {
            if let Screen::Simulation(simulating) = screen {
                tell(simulating, &world);
            }
        }
        self.screens = screens;
        self.perform(Vec::new())
    }

    fn elapsed(&mut self, elapsed: Duration) -> Vec<Effect> {
        if let Some(Screen::Simulation(simulating)) = self.screens.last_mut() {
            simulating.pass(elapsed);
        }
        self.perform(Vec::new())
    }

    fn said(&mut self, text: &str) -> Vec<Effect> {
        self.notice = Some(sanitize::line(text).into_owned());
        Vec::new()
    }

    /// Takes the glance of all lessons anew.
    fn look_again(&mut self) {
        self.glance = Snapshot::of(&self.progress, &Demands::of_all(&self.course));
    }

    /// Takes the glance of one lesson anew.
    fn look_at(&mut self, lesson: Option<&str>) {
        self.glance.last = self.progress.last_place().cloned().or(self.glance.last.take());
        if let Some(lesson) = lesson.and_then(|id| self.course.lesson(id)) {
            let glance = LessonGlance::of(&self.progress, &Demands::of(&self.course, lesson));
            self.glance.lessons.insert(lesson.id.clone(), glance);
        }
    }

    /// Does what screens and overlays asked for, lays out what is shown, and gives the effects.
    fn perform(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let mut effects = self.effects(requests);
        let (world, screen, overlay) = self.parts();
        let mut settled = screen.map_or_else(Vec::new, |screen| screen.settle(&world));
        if let Some(overlay) = overlay {
            overlay.settle(&world);
        }
        settled.retain(|request| matches!(request, Request::Effect(_) | Request::Say(_)));
        effects.extend(self.effects(settled));
        effects
    }

    fn effects(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for request in requests {
            match request {
                Request::Effect(effect) => effects.push(effect),
                Request::Say(text) => self.notice = Some(text),
                Request::Show(overlay) => self.overlay = Some(overlay),
                Request::Close => self.overlay = None,
                Request::Back => effects.extend(self.pop()),
                Request::Go(Destination::Lesson(id, spot)) if self.reads(&id) => {
                    self.visit(&spot);
                }
                Request::Go(destination) => effects.extend(self.go(destination, false)),
                Request::Replace(destination) => effects.extend(self.go(destination, true)),
                Request::Set(Setting::Theme(name)) => self.settings.theme = name,
                Request::Jump(offset) => self.jump(offset),
            }
        }
        self.saving += effects.iter().filter(|e| matches!(e, Effect::Record(_))).count();
        effects
    }

    fn pop(&mut self) -> Vec<Effect> {
        if self.screens.len() < 2 {
            return Vec::new();
        }
        let effects = self.closing();
        self.screens.pop();
        effects
    }

    /// Opens a screen above the one shown, or in its place.
    fn go(&mut self, destination: Destination, replacing: bool) -> Vec<Effect> {
        let opened = Screen::open(destination, &self.world());
        let screen = match opened {
            Ok(screen) => screen,
            Err(reason) => {
                self.notice = Some(reason);
                return Vec::new();
            }
        };
        let replaces = replacing && self.screens.len() > 1;
        let effects = if replaces { self.closing() } else { self.leaving_uncounted() };
        self.serial += 1;
        self.overlay = None;
        if replaces {
            self.screens.pop();
        } else if self.screens.len() >= DEPTH {
            self.screens.remove(1);
        }
        self.screens.push(screen);
        effects
    }

    /// As [`App::leaving`], for a caller that counts the records itself.
    fn leaving_uncounted(&mut self) -> Vec<Effect> {
        let before = self.saving;
        let effects = self.leaving();
        self.saving = before;
        effects
    }

    /// What the shown screen wants done before it is closed, for a caller that counts the records.
    fn closing(&mut self) -> Vec<Effect> {
        let before = self.saving;
        let (world, screen, _) = self.parts();
        let requests = screen.map_or_else(Vec::new, |screen| screen.close(&world));
        let effects = self.effects(requests);
        self.saving = before;
        effects
    }

    fn jump(&mut self, offset: usize) {
        if let Some(Screen::Lesson(reading)) = self.screens.last_mut() {
            reading.jump(offset);
        }
    }

    /// Whether this lesson is shown.
    fn reads(&self, id: &str) -> bool {
        matches!(self.screens.last(), Some(Screen::Lesson(reading)) if reading.id() == id)
    }

    /// Goes to a spot of the lesson shown.
    fn visit(&mut self, spot: &Spot) {
        self.overlay = None;
        let (world, screen, _) = self.parts();
        if let Some(Screen::Lesson(reading)) = screen {
            reading.visit(spot, &world);
        }
    }

    fn is_at_top(&self) -> bool {
        self.screens.len() == 1 && self.overlay.is_none()
    }

    fn parts(&mut self) -> (World<'_>, Option<&mut Screen>, Option<&mut Overlay>) {
        let world = World {
            course: &self.course,
            progress: &self.progress,
            glance: &self.glance,
            settings: &self.settings,
            keymap: &self.keymap,
            size: self.size,
            now: self.now,
            serial: self.serial,
        };
        (world, self.screens.last_mut(), self.overlay.as_mut())
    }
}

/// The record of being at a line of a lesson.
fn placed(lesson: &Lesson, line: usize) -> RecordKind {
    RecordKind::Placed(crate::progress::Place::at(&lesson.id, lesson.source(), line))
}
