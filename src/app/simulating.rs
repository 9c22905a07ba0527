//! A simulation: what will happen is predicted, the run is watched, its knobs are turned.
//!
//! ```text
//!  1.4  When does an environment go cold?        0:42:10 / 2 h   ×500  ▶  seed 42
//!
//!  Environments through time                                              1 of 4
//!     ·      · ·        ·
//!  #1 ▒▓░░░░░✕
//!  #2          ▒▓░▓░░░░░✕
//!
//!  3 of 7 requests were cold; two environments are idle.
//!
//!  ▸ Keep-alive     5 min  ──●──────────    share cold
//!    Gap           20 min  ──────●──────    you said       100 %
//!                                           simulated     77.9 % ± 0.4
//! ```
//!
//! The run is computed whole by a thread of the shell, faster than it can be seen; what is watched
//! is a playhead over it. Turning a knob gives up what is being computed and begins anew.

mod acting;
mod bench;
mod drawing;
mod figures;
mod job;
mod knobs;
mod playback;
mod predicting;
mod results;
mod told;

pub(crate) use bench::Bench;
pub use job::{Ended, Job, Part};
pub(crate) use playback::Playback;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::sheet::Sheet;
use super::text_field::TextField;
use super::{Effect, Request, World};
use crate::course::scenario::{Control, Curve, Estimate, History, Judged, Scenario};
use crate::keymap::{Action, Context};
use crate::progress::{RecordKind, Simulated};
use crate::quiz::Confidence;
use crate::quiz::prediction::Prediction;
use crate::sim::Metrics;
use knobs::Knobs;

/// Where a simulation comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file of the course, by its path.
    File(String),
    /// A fence of the lesson at this byte of its source.
    Fence(usize),
    /// What a question predicted, set as the question says.
    Predicted(Box<Prediction>),
}

/// The state of a simulation.
#[derive(Debug)]
pub(crate) struct Simulating {
    source: Source,
    lesson: Option<String>,
    /// As its author wrote it.
    start: Arc<Scenario>,
    stage: Stage,
    /// The prediction being typed.
    field: TextField,
    /// What keeps it from being one.
    missing: Option<String>,
    confidence: Option<Confidence>,
    guess: Option<Guess>,
    knobs: Knobs,
    /// Which knob the keys turn.
    selected: usize,
    /// The parameter being typed in the sandbox, and what is wrong with it.
    typing: Option<(TextField, Option<String>)>,
    work: Work,
    ran: Option<Ran>,
    before: Option<Ran>,
    comparing: bool,
    /// Knobs are being turned one step after the other: what was before all of them stays.
    in_streak: bool,
    playback: Playback,
    judged: Option<Judged>,
    /// The first run was seen to its end.
    seen: bool,
    reached: BTreeSet<usize>,
    /// What is to be kept at the next rest.
    unkept: Option<Simulated>,
    records: Vec<RecordKind>,
    looking: Looking,
    sheet: Sheet,
    bench: Bench,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Looking {
    /// The place among the views.
    view: usize,
    /// Views are shown as tables.
    as_table: bool,
    /// The first line in view of what is longer than its place.
    top: usize,
}

/// How far the learner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A prediction is typed.
    Predicting,
    /// It is made; how sure is it?
    HowSure(Option<Confidence>),
    /// The run is unlocked.
    Running,
}

/// A prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Guess {
    /// In the unit of the answer.
    number: f64,
    confidence: Option<Confidence>,
    /// It is in the records.
    kept: bool,
}

/// What the shell computes.
#[derive(Clone, Debug, Default, PartialEq)]
struct Work {
    /// The number of the last job; answers to others are ignored.
    number: u64,
    /// A job is to be given out: with the run, or the curve alone.
    wanted: Option<bool>,
    /// A job is under way.
    busy: bool,
    /// Its curve is of another knob than the chosen one.
    stale: bool,
    /// How far it is, where it takes long.
    progress: Option<f64>,
    /// Why there is no run.
    failed: Option<String>,
}

/// A run with everything that is known of it.
#[derive(Clone, Debug)]
struct Ran {
    scenario: Arc<Scenario>,
    knobs: Knobs,
    metrics: Metrics,
    history: Arc<History>,
    theory: Metrics,
    estimate: Option<Arc<Estimate>>,
    curve: Option<Arc<Curve>>,
}

impl Ran {
    /// The means of what several runs gave; until they are there, what the one gave.
    fn means(&self) -> Metrics {
        self.estimate.as_ref().map_or_else(
            || self.metrics.clone(),
            |estimate| {
                let means = estimate.intervals.iter();
                means.map(|(name, interval)| (name.clone(), interval.mean)).collect()
            },
        )
    }

    /// As the author wrote it.
    fn is_first(&self) -> bool {
        self.knobs == Knobs::default()
    }
}

impl Simulating {
    /// Opens the simulation, or says why it cannot be.
    pub(super) fn open(
        source: Source,
        lesson: Option<String>,
        world: &World<'_>,
    ) -> Result<Self, String> {
        let (start, knobs) = find(&source, lesson.as_deref(), world)
            .ok_or_else(|| "This simulation has faults: run `check`.".to_owned())?;
        let work = Work { number: world.serial << 32, ..Work::default() };
        let mut simulating = Self {
            source,
            lesson,
            start: Arc::new(start),
            stage: Stage::Predicting,
            field: TextField::new(),
            missing: None,
            confidence: None,
            guess: None,
            knobs,
            selected: 0,
            typing: None,
            work,
            ran: None,
            before: None,
            comparing: true,
            in_streak: false,
            playback: Playback::default(),
            judged: None,
            seen: false,
            reached: BTreeSet::new(),
            unkept: None,
            records: Vec::new(),
            looking: Looking::default(),
            sheet: Sheet::default(),
            bench: Bench::default(),
        };
        simulating.remember(world);
        Ok(simulating)
    }

    /// What the records say: a prediction made before unlocks the run, goals reached stay reached.
    fn remember(&mut self, world: &World<'_>) {
        let goals = self.start.goals.iter().enumerate();
        let reached = goals.filter(|(_, goal)| {
            let runs = world.progress.simulations(&self.start.id);
            runs.iter().any(|run| goal.when.holds(&run.metrics))
        });
        self.reached.extend(reached.map(|(number, _)| number));
        if self.stage == Stage::Running {
            return;
        }
        let Some(predict) = &self.start.predict else { return self.unlock() };
        let last = world.progress.prediction(&self.start.id);
        if let Some(last) = last.filter(|last| last.metric == predict.metric) {
            let number = predict.in_unit(last.value);
            self.guess = Some(Guess { number, confidence: last.confidence, kept: true });
            self.unlock();
        }
    }

    /// The run may begin.
    fn unlock(&mut self) {
        self.stage = Stage::Running;
        self.missing = None;
        self.want_run();
    }

    pub(super) const fn context(&self) -> Context {
        match (self.stage, &self.typing) {
            (_, Some(_)) => Context::Sandbox,
            (Stage::Predicting, _) => Context::Prediction,
            (Stage::HowSure(_), _) => Context::Confidence,
            (Stage::Running, _) => Context::Simulation,
        }
    }

    /// Whether an action does something now.
    pub(crate) fn offers(&self, action: Action) -> bool {
        let plays = self.playback.end() > 0.0;
        match action {
            Action::Search | Action::Progress => false,
            Action::Left | Action::Right => !self.start.controls.is_empty(),
            Action::Up | Action::Down => self.start.controls.len() > 1,
            Action::Pause | Action::Again | Action::Last | Action::Slower | Action::Faster => plays,
            Action::Compare => self.before.is_some(),
            Action::NextView => self.bench.views > 1,
            _ => true,
        }
    }

    /// The title: number of the lesson, title.
    pub(crate) fn heading(&self, world: &World<'_>) -> (String, String) {
        let lesson = self.lesson.as_deref().and_then(|id| world.course.lesson(id));
        let number = lesson.map_or_else(String::new, |lesson| lesson.number.clone());
        (number, self.start.title.clone())
    }

    /// The playhead, once there is a run, and the seed.
    pub(crate) fn playback(&self) -> Option<(&Playback, u64)> {
        let ran = self.ran.as_ref()?;
        Some((&self.playback, ran.scenario.run.seed))
    }

    /// Whether the seed is not the author's.
    pub(crate) const fn has_own_seed(&self) -> bool {
        self.knobs.seed.is_some()
    }

    /// Whether parameters were set that the author gave no knob for.
    pub(crate) const fn is_sandbox(&self) -> bool {
        !self.knobs.free.is_empty()
    }

    /// Whether time passes on the screen.
    pub(super) const fn is_playing(&self) -> bool {
        self.playback.is_playing()
    }

    /// How far what is computed has come, where it takes long.
    pub(crate) const fn progress(&self) -> Option<f64> {
        self.work.progress
    }

    /// The prediction as it is laid out, and the first line in view; nothing once the run is there.
    pub(crate) fn sheet(&self) -> Option<(&Sheet, usize)> {
        (self.ran.is_none() || self.stage != Stage::Running)
            .then_some((&self.sheet, self.looking.top))
    }

    /// What is laid out of the run.
    pub(crate) const fn bench(&self) -> &Bench {
        &self.bench
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        match action {
            Action::PageDown => self.looking.top += 6,
            Action::PageUp => self.looking.top = self.looking.top.saturating_sub(6),
            _ if self.typing.is_some() => return self.act_typing(action, world),
            _ => {
                return match self.stage {
                    Stage::Predicting => self.act_predicting(action),
                    Stage::HowSure(at) => self.act_how_sure(action, at),
                    Stage::Running => self.act_running(action, world),
                };
            }
        }
        Vec::new()
    }

    pub(super) fn typed(&mut self, text: &str) -> Vec<Request> {
        if let Some((field, wrong)) = &mut self.typing {
            field.insert(text);
            *wrong = None;
        } else if self.stage == Stage::Predicting {
            self.field.insert(text);
            self.missing = None;
            self.sheet.follow = true;
        }
        Vec::new()
    }

    /// What is to be kept and computed since the last time.
    fn requests(&mut self, world: &World<'_>) -> Vec<Request> {
        let mut effects: Vec<Effect> = self.records.drain(..).map(Effect::Record).collect();
        if let Some(runs) = self.work.wanted.take() {
            effects.extend(self.job(runs, world).map(|job| Effect::Simulate(Box::new(job))));
        }
        effects.into_iter().map(Request::Effect).collect()
    }

    fn job(&mut self, runs: bool, world: &World<'_>) -> Option<Job> {
        let files = world.course.files();
        match self.knobs.scenario(&self.start, files) {
            Ok(scenario) => {
                self.work.number += 1;
                self.work.busy = true;
                self.work.stale = false;
                self.work.progress = None;
                self.work.failed = None;
                let curve = self.curve();
                let (number, files) = (self.work.number, Arc::clone(files));
                Some(Job { number, scenario: Arc::new(scenario), files, runs, curve })
            }
            Err(reason) => {
                self.work.failed = Some(reason);
                None
            }
        }
    }

    /// The knob over whose range a metric is followed: the chosen one, where it has numbers.
    fn curve(&self) -> Option<(Control, String)> {
        use crate::course::scenario::Turn;
        let control = self.start.controls.get(self.selected)?;
        let metric = self.metric()?;
        (!matches!(control.turn, Turn::Options(_))).then(|| (control.clone(), metric))
    }

    /// The metric that matters most: what is predicted, or the first goal's.
    fn metric(&self) -> Option<String> {
        let predicted = self.start.predict.as_ref().map(|predict| predict.metric.clone());
        let goal = self.start.goals.first().and_then(|goal| goal.when.comparisons.first());
        predicted.or_else(|| goal.map(|comparison| comparison.metric.clone()))
    }

    fn want_run(&mut self) {
        self.work.wanted = Some(true);
    }

    /// So much time passed before the screen.
    pub(super) fn pass(&mut self, elapsed: Duration) {
        if self.playback.pass(elapsed) {
            self.see();
            self.keep();
        }
    }

    /// The end of a run was seen.
    fn see(&mut self) {
        if !self.seen {
            self.seen = true;
            // On a small screen the verdict comes first.
            self.looking.view = 0;
            self.looking.top = 0;
        }
    }

    /// Lays out what is shown; asks for what is to be kept and computed.
    pub(super) fn settle(&mut self, world: &World<'_>) -> Vec<Request> {
        let requests = self.requests(world);
        if self.sheet().is_some() {
            self.lay_sheet(world);
        } else {
            self.lay_bench(world);
        }
        requests
    }

    /// What is to be kept before the screen is covered, closed or left alone for a while.
    pub(super) fn leave(&mut self) -> Vec<Request> {
        self.in_streak = false;
        self.keep();
        self.records.drain(..).map(Effect::Record).map(Request::Effect).collect()
    }

    /// What is to be done when the screen is closed.
    pub(super) fn close(&mut self) -> Vec<Request> {
        // A prediction that no run confronted counts all the same.
        if self.guess.is_some_and(|guess| !guess.kept) {
            self.judge();
        }
        let mut requests = self.leave();
        if self.work.busy {
            requests.push(Request::Effect(Effect::CancelSimulation));
        }
        requests
    }

    /// All records are read.
    pub(super) fn loaded(&mut self, world: &World<'_>) {
        self.remember(world);
    }

    pub(super) fn course_changed(&mut self, world: &World<'_>) {
        if let Some((start, knobs)) = find(&self.source, self.lesson.as_deref(), world) {
            self.start = Arc::new(start);
            self.selected = 0;
            self.knobs = knobs;
            if self.stage == Stage::Running {
                self.want_run();
            }
        }
    }
}

/// The scenario as it is opened, and what is turned in it from the start.
fn find(source: &Source, lesson: Option<&str>, world: &World<'_>) -> Option<(Scenario, Knobs)> {
    let untouched = |scenario: &Scenario| (scenario.clone(), Knobs::default());
    match source {
        Source::File(path) => world.course.scenario_at(path).map(untouched),
        Source::Fence(offset) => {
            let lesson = world.course.lesson(lesson?)?;
            let embed = lesson.embeds().iter().find(|embed| embed.span.start == *offset)?;
            world.course.scenario_of(lesson, embed).map(untouched)
        }
        Source::Predicted(prediction) => {
            let (start, _) = world.course.predicted(prediction).ok()?;
            // What was to be predicted was asked by the question.
            let mut start = start.clone();
            start.predict = None;
            let knobs = Knobs::set(&prediction.set, &start);
            Some((start, knobs))
        }
    }
}
