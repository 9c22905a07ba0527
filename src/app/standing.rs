//! Where the learner stands: parts, lessons, scores, and the objectives to revisit.

use super::frame::{self, Area};
use super::{Destination, Listing, Request, Spot, World};
use crate::keymap::Action;
use crate::progress::{LessonState, Mastery, Predicted};
use crate::quiz::Quiz;

/// The progress screen.
#[derive(Debug)]
pub(crate) struct Standing {
    lines: Vec<StandingLine>,
    /// The lines that can be opened.
    stops: Vec<usize>,
    list: Listing,
    area: Area,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum StandingLine {
    /// A part and how many of its lessons are learned.
    Part { index: usize, label: String, title: String, learned: usize, of: usize },
    /// A lesson.
    Lesson { id: String, title: String, state: LessonState, score: Option<f64> },
    /// The final test of a part.
    Test { id: String, title: String, state: LessonState, score: Option<f64> },
    /// What comes next, as a heading.
    Heading(&'static str),
    /// An objective that was not answered right the last time.
    Objective { lesson: String, text: String },
    /// How many runs were predicted, and how many of them rightly.
    Predictions { right: usize, of: usize },
    /// Air.
    Blank,
}

impl Standing {
    pub(super) fn new(world: &World<'_>) -> Self {
        let mut standing = Self {
            lines: Vec::new(),
            stops: Vec::new(),
            list: Listing::default(),
            area: Area::default(),
        };
        standing.settle(world);
        standing
    }

    /// Where the lines stand, those in view, and the chosen one among them.
    pub(crate) fn view(&self) -> (Area, &[StandingLine], Option<usize>) {
        let lines = self.lines.get(self.list.top..).unwrap_or(&[]);
        let chosen =
            self.stops.get(self.list.selected).map(|line| line.wrapping_sub(self.list.top));
        (self.area, lines, chosen)
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        let page = usize::from(self.area.height).max(2) - 1;
        if self.list.act(action, self.stops.len(), page) {
            return Vec::new();
        }
        match action {
            Action::Back | Action::Leave => vec![Request::Back],
            Action::Open => self.open(),
            _ => Vec::new(),
        }
    }

    fn open(&self) -> Vec<Request> {
        let chosen = self.stops.get(self.list.selected).and_then(|&line| self.lines.get(line));
        let there = match chosen {
            Some(StandingLine::Part { index, .. }) => Destination::Part(*index),
            Some(StandingLine::Test { id, .. }) => Destination::Quiz(id.clone()),
            Some(
                StandingLine::Lesson { id: lesson, .. } | StandingLine::Objective { lesson, .. },
            ) => Destination::Lesson(lesson.clone(), Spot::LeftOff),
            _ => return Vec::new(),
        };
        vec![Request::Go(there)]
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        self.lines = lines(world);
        let opens = |line: &StandingLine| {
            use StandingLine::{Lesson, Objective, Part, Test};
            matches!(line, Part { .. } | Lesson { .. } | Test { .. } | Objective { .. })
        };
        let stops = self.lines.iter().enumerate().filter(|(_, line)| opens(line));
        self.stops = stops.map(|(index, _)| index).collect();
        self.area = frame::page(world.size).text;
        self.list.selected = self.list.selected.min(self.stops.len().saturating_sub(1));
        let at = self.stops.get(self.list.selected).copied().unwrap_or(0);
        // Headings above the first entry stay in view with it.
        let from = if self.list.selected == 0 { 0 } else { at };
        let height = usize::from(self.area.height);
        self.list.reveal(from, at + 1, self.lines.len(), height);
    }
}

fn lines(world: &World<'_>) -> Vec<StandingLine> {
    let mut lines = revisit(world);
    lines.extend(predicted(world).into_iter().flat_map(|line| [line, StandingLine::Blank]));
    for (index, part) in world.course.parts.iter().enumerate() {
        lines.push(StandingLine::Part {
            index,
            label: part.label.clone(),
            title: world.course.title_of(part).to_owned(),
            learned: world.glance.learned(&part.lessons),
            of: part.lessons.len(),
        });
        lines.extend(part.lessons.iter().map(|lesson| StandingLine::Lesson {
            id: lesson.id.clone(),
            title: format!("{}  {}", lesson.number, lesson.title),
            state: world.glance.state(&lesson.id),
            score: world.glance.lessons.get(&lesson.id).and_then(|glance| glance.score),
        }));
        lines.extend(world.course.final_test_of(part).map(|quiz| test(quiz, world)));
        lines.push(StandingLine::Blank);
    }
    lines.pop();
    lines
}

fn test(quiz: &Quiz, world: &World<'_>) -> StandingLine {
    StandingLine::Test {
        id: quiz.id.clone(),
        title: quiz.title.clone(),
        state: world.progress.quiz_state(&quiz.id),
        score: world.progress.best_score(&quiz.id),
    }
}

/// How the predictions went, if there are any; those of scenarios that are gone do not count.
fn predicted(world: &World<'_>) -> Option<StandingLine> {
    let is_right = |predicted: &Predicted| {
        let path = format!("assets/scenarios/{}.toml", predicted.scenario);
        let predict = world.course.scenario_at(&path)?.predict.as_ref()?;
        let guess = predict.in_unit(predicted.value);
        let truth = predict.in_unit(predicted.value - predicted.error?);
        Some(predict.tolerance.holds(guess, truth))
    };
    let held: Vec<bool> = world.progress.predictions().filter_map(is_right).collect();
    let right = held.iter().filter(|right| **right).count();
    (!held.is_empty()).then_some(StandingLine::Predictions { right, of: held.len() })
}

/// The objectives whose last answer was not right, with what stands around them.
fn revisit(world: &World<'_>) -> Vec<StandingLine> {
    let mut lines = Vec::new();
    for lesson in world.course.lessons() {
        let Some(glance) = world.glance.lessons.get(&lesson.id) else { continue };
        for objective in lesson.objectives() {
            if glance.objectives.get(&objective.id) == Some(&Mastery::Revisit) {
                let (lesson, text) = (lesson.id.clone(), objective.text.clone());
                lines.push(StandingLine::Objective { lesson, text });
            }
        }
    }
    if !lines.is_empty() {
        lines.insert(0, StandingLine::Heading("To revisit"));
        lines.push(StandingLine::Blank);
    }
    lines
}
