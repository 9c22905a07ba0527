//! What the first frame needs, kept beside the records so that it is read without folding them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::course::Lesson;

use super::{Demands, LessonState, Mastery, Place, Progress};

/// Where the learner stood when it was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where the learner left off; its lesson is the one to go on with.
    pub last: Option<Place>,
    /// By lesson id; new lessons are not in it.
    pub lessons: BTreeMap<String, LessonGlance>,
    /// How many records it was taken from.
    pub records: usize,
}

/// A lesson at a glance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LessonGlance {
    /// Its state.
    pub state: LessonState,
    /// Whether its last line was reached.
    pub read: bool,
    /// The best score at its quiz, 0 to 1.
    pub score: Option<f64>,
    /// Where the learner is in it.
    pub place: Option<Place>,
    /// How well its objectives are known, by `lesson#objective`; what was never asked is not in it.
    pub objectives: BTreeMap<String, Mastery>,
}

impl Snapshot {
    /// The snapshot of `progress`, for lessons of which so much is asked.
    pub fn of(progress: &Progress, demands: &[Demands]) -> Self {
        let mut lessons = BTreeMap::new();
        for demand in demands {
            let glance = LessonGlance::of(progress, demand);
            if glance != LessonGlance::default() {
                lessons.insert(demand.lesson.clone(), glance);
            }
        }
        Self { last: progress.last_place().cloned(), lessons, records: progress.len() }
    }

    /// The state of a lesson.
    pub fn state(&self, lesson: &str) -> LessonState {
        self.lessons.get(lesson).map_or(LessonState::New, |glance| glance.state)
    }

    /// How many of these lessons are learned.
    pub fn learned<'l>(&self, lessons: impl IntoIterator<Item = &'l Lesson>) -> usize {
        lessons.into_iter().filter(|lesson| self.state(&lesson.id).learned()).count()
    }
}

impl LessonGlance {
    /// `progress` in the lesson of which so much is asked.
    pub fn of(progress: &Progress, demands: &Demands) -> Self {
        let lesson = progress.lesson(&demands.lesson);
        let objectives = demands.objectives.iter().filter_map(|id| {
            let mastery = progress.objective(id).mastery();
            (mastery != Mastery::New).then(|| (id.clone(), mastery))
        });
        Self {
            state: progress.state(demands),
            read: lesson.is_some_and(|lesson| lesson.read.is_some()),
            score: demands.quiz.as_ref().and_then(|quiz| progress.quiz(quiz)?.best()),
            place: lesson.and_then(|lesson| lesson.place.clone()),
            objectives: objectives.collect(),
        }
    }
}
