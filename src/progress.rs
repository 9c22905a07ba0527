//! Where the learner stands: a fold of records in the order (time, device, sequence).
//!
//! Records are a set: merging two machines' records in any order, any number of times, gives the
//! same progress. A [`RecordKind::Reset`] takes away what comes before it in that order and is
//! itself a record, so that a merge does not bring back what was reset. Scores are as they were
//! recorded: nothing here grades.

mod finding;
mod kept;
mod mastery;
pub mod notebook;
mod place;
mod record;
mod response;
mod sitting;
mod snapshot;
mod testing_out;
mod time;

use std::collections::{BTreeMap, BTreeSet};

pub use kept::{Kept, offset_of_line};
pub use mastery::{
    Attempt, Demands, LessonProgress, LessonState, Mastery, ObjectiveProgress, QuizProgress,
};
pub use place::{Place, TextHash, relocate};
pub use record::{
    Answered, Bookmarked, Device, Head, NoteId, Noted, Predicted, RECORD_VERSION, Record,
    RecordKind, Simulated, line_of, write_sorted,
};
pub use response::StoredResponse;
pub use snapshot::{LessonGlance, Snapshot};
pub use testing_out::{LEARNED, NO_TEST};
pub use time::{DAY_MS, Time};

/// The records and what they add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    records: BTreeSet<Record>,
    fold: Fold,
}

/// A note of the learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Its name, for changing and deleting it.
    pub id: NoteId,
    /// The place it belongs to.
    pub place: Place,
    /// The text.
    pub text: String,
    /// When it was last changed.
    pub at: Time,
}

/// What the records that count add up to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Fold {
    lessons: BTreeMap<String, LessonProgress>,
    quizzes: BTreeMap<String, QuizProgress>,
    objectives: BTreeMap<String, ObjectiveProgress>,
    notes: BTreeMap<NoteId, Note>,
    bookmarks: BTreeMap<Place, Time>,
    /// The last one of each scenario.
    predictions: BTreeMap<String, Predicted>,
    last_place: Option<Place>,
    unknown: usize,
}

impl Progress {
    /// The progress that `records` add up to, in whatever order and however often they come.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Self {
        let mut progress = Self { records: records.into_iter().collect(), fold: Fold::default() };
        progress.refold();
        progress
    }

    /// Adds one record. The result is the same as folding all records anew; it is cheap for a
    /// record that comes last in fold order and is no reset.
    pub fn apply(&mut self, record: &Record) {
        let last = self.records.last().is_none_or(|last| last < record);
        if !self.records.insert(record.clone()) {
            return;
        }
        if last && !matches!(record.kind, RecordKind::Reset { .. }) {
            self.fold.count(record);
        } else {
            self.refold();
        }
    }

    /// Adds all of `records`.
    pub fn merge(&mut self, records: impl IntoIterator<Item = Record>) {
        self.records.extend(records);
        self.refold();
    }

    /// All records in fold order, with those that a reset took away.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter()
    }

    /// The records that no reset took away, in fold order.
    pub fn counting(&self) -> Vec<&Record> {
        live(&self.records)
    }

    /// How many records there are, with those that a reset took away.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are no records at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many records that count are of kinds that only a newer version knows.
    pub fn unknown(&self) -> usize {
        self.fold.unknown
    }

    /// The state of the lesson of which so much is asked.
    pub fn state(&self, demands: &Demands) -> LessonState {
        let mastered = !demands.objectives.is_empty()
            && demands.objectives.iter().all(|id| self.objective(id).is_mastered());
        let Some(lesson) = self.lesson(&demands.lesson) else {
            return if mastered { LessonState::Mastered } else { LessonState::New };
        };
        let passed = demands
            .quiz
            .as_ref()
            .is_none_or(|quiz| self.quiz(quiz).is_some_and(QuizProgress::passed));
        if mastered {
            LessonState::Mastered
        } else if lesson.tested_out.is_some() || (lesson.read.is_some() && passed) {
            LessonState::Done
        } else {
            LessonState::Begun
        }
    }

    /// What is known of a lesson; `None` without a record.
    pub fn lesson(&self, id: &str) -> Option<&LessonProgress> {
        self.fold.lessons.get(id)
    }

    /// What is known of a quiz; `None` without an answer.
    pub fn quiz(&self, id: &str) -> Option<&QuizProgress> {
        self.fold.quizzes.get(id)
    }

    /// The state of a quiz that stands for itself: done once it is passed.
    pub fn quiz_state(&self, id: &str) -> LessonState {
        match self.quiz(id) {
            None => LessonState::New,
            Some(quiz) if quiz.passed() => LessonState::Done,
            Some(_) => LessonState::Begun,
        }
    }

    /// The best score at a quiz, 0 to 1; see [`QuizProgress::best`].
    pub fn best_score(&self, id: &str) -> Option<f64> {
        self.quiz(id).and_then(QuizProgress::best)
    }

    /// The number that the next attempt at a quiz takes, from 1.
    pub fn next_attempt(&self, quiz: &str) -> u32 {
        self.quiz(quiz).map_or(1, QuizProgress::next_attempt)
    }

    /// What is known of an objective, named `lesson#objective`.
    pub fn objective(&self, id: &str) -> ObjectiveProgress {
        self.fold.objectives.get(id).copied().unwrap_or_default()
    }

    /// Where the learner was last, in whichever lesson.
    pub fn last_place(&self) -> Option<&Place> {
        self.fold.last_place.as_ref()
    }

    /// The last answer to a question that counts, and when it was given.
    pub fn last_answer(&self, question: &str) -> Option<(Time, &Answered)> {
        self.counting().into_iter().rev().find_map(|record| match &record.kind {
            RecordKind::Answered(answered) if answered.question == question => {
                Some((record.at, answered.as_ref()))
            }
            _ => None,
        })
    }

    /// The runs of a scenario that count, in the order of time.
    pub fn simulations(&self, scenario: &str) -> Vec<&Simulated> {
        let runs = self.counting().into_iter().filter_map(|record| match &record.kind {
            RecordKind::Simulated(simulated) => Some(simulated),
            _ => None,
        });
        runs.filter(|simulated| simulated.scenario == scenario).collect()
    }

    /// The last prediction of each scenario, by its id.
    pub fn predictions(&self) -> impl Iterator<Item = &Predicted> {
        self.fold.predictions.values()
    }

    /// The last prediction made of a scenario that counts.
    pub fn prediction(&self, scenario: &str) -> Option<&Predicted> {
        self.fold.predictions.get(scenario)
    }

    /// The notes, by lesson and line.
    pub fn notes(&self) -> Vec<&Note> {
        let mut notes: Vec<&Note> = self.fold.notes.values().collect();
        notes.sort_by_key(|note| (&note.place.lesson, note.place.line, note.id));
        notes
    }

    /// The bookmarks, by lesson and line, with the time at which they were set.
    pub fn bookmarks(&self) -> impl Iterator<Item = (&Place, Time)> {
        self.fold.bookmarks.iter().map(|(place, at)| (place, *at))
    }

    fn refold(&mut self) {
        let mut fold = Fold::default();
        for record in live(&self.records) {
            fold.count(record);
        }
        self.fold = fold;
    }
}

/// The records that no later reset takes away, in fold order.
fn live(records: &BTreeSet<Record>) -> Vec<&Record> {
    let mut lessons: BTreeSet<&str> = BTreeSet::new();
    let mut live = Vec::with_capacity(records.len());
    for record in records.iter().rev() {
        match &record.kind {
            RecordKind::Reset { lesson: None } => break,
            RecordKind::Reset { lesson: Some(lesson) } => {
                lessons.insert(lesson);
            }
            kind if kind.lesson().is_some_and(|lesson| lessons.contains(lesson)) => {}
            _ => live.push(record),
        }
    }
    live.reverse();
    live
}

impl Fold {
    /// Counts a record that comes after all that were counted before.
    fn count(&mut self, record: &Record) {
        if let Some(lesson) = record.kind.lesson() {
            let first = LessonProgress { begun: record.at, ..LessonProgress::default() };
            let lesson = self.lessons.entry(lesson.to_owned()).or_insert(first);
            lesson.records += 1;
            lesson.last = record.at;
            lesson.count(&record.kind, record.at);
        }
        match &record.kind {
            RecordKind::Placed(place) => self.last_place = Some(place.clone()),
            RecordKind::Answered(answered) => self.answered(answered, record),
            RecordKind::Noted(noted) => self.noted(noted, record),
            RecordKind::Bookmarked(Bookmarked { place, set: true }) => {
                self.bookmarks.insert(place.clone(), record.at);
            }
            RecordKind::Bookmarked(Bookmarked { place, set: false }) => {
                self.bookmarks.remove(place);
            }
            RecordKind::Predicted(predicted) => {
                self.predictions.insert(predicted.scenario.clone(), predicted.clone());
            }
            RecordKind::Unknown { .. } => self.unknown += 1,
            RecordKind::Read { .. }
            | RecordKind::TestedOut { .. }
            | RecordKind::Simulated(_)
            | RecordKind::Reset { .. } => {}
        }
    }

    fn answered(&mut self, answered: &Answered, record: &Record) {
        if let Some(objective) = &answered.objective {
            let objective = self.objectives.entry(objective.clone()).or_default();
            objective.count(answered.score, record.at);
        }
        if let Some(quiz) = &answered.quiz {
            let quiz = self.quizzes.entry(quiz.clone()).or_default();
            quiz.count(answered, record.device, record.at);
        }
    }

    fn noted(&mut self, noted: &Noted, record: &Record) {
        let id = noted.note.unwrap_or(NoteId { device: record.device, seq: record.seq });
        match &noted.text {
            None => {
                self.notes.remove(&id);
            }
            Some(text) => {
                let (place, text) = (noted.place.clone(), text.clone());
                self.notes.insert(id, Note { id, place, text, at: record.at });
            }
        }
    }
}

impl LessonProgress {
    fn count(&mut self, kind: &RecordKind, at: Time) {
        match kind {
            RecordKind::Placed(place) => self.place = Some(place.clone()),
            RecordKind::Read { .. } => self.read = self.read.or(Some(at)),
            RecordKind::TestedOut { .. } => self.tested_out = self.tested_out.or(Some(at)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
