//! The test at the start of a lesson that lets a learner pass by it.
//!
//! Its answers are kept like those to questions in the flow of the lesson, without the quiz's name:
//! they measure objectives and are no attempt at the quiz.

use std::collections::{BTreeMap, BTreeSet};

use super::mastery::RIGHT;
use super::{Answered, Progress, RecordKind};
use crate::course::{Course, Lesson};
use crate::quiz::sitting::Sitting;

/// Why a learned lesson has no test.
pub const LEARNED: &str = "You have learned this lesson already.";
/// Why another lesson has none.
pub const NO_TEST: &str = "This lesson has no test: it has to be read.";

impl Progress {
    /// The next test out of `lesson`; `None` where it has no quiz, or one of too few questions. May
    /// simulate.
    pub fn test_out(&self, course: &Course, lesson: &Lesson, seed: Option<u64>) -> Option<Sitting> {
        course.test_out_questions(lesson)?;
        let quiz = course.ready(course.quiz_of(lesson)?);
        let ids: BTreeSet<&str> = quiz.questions.iter().map(|q| q.id.as_str()).collect();
        let mut last: BTreeMap<&str, f64> = BTreeMap::new();
        let mut before = 0;
        for answered in self.answers().filter(|it| ids.contains(it.question.as_str())) {
            last.insert(&answered.question, answered.score);
            if answered.quiz.is_none() {
                before = before.max(answered.attempt);
            }
        }
        let knows = |id: &str| last.get(id).is_some_and(|score| *score >= RIGHT);
        let attempt = before.saturating_add(1);
        let test = quiz.test_out(knows, seed, attempt)?;
        Some(Sitting::new(&test, seed, attempt))
    }

    /// The answers that count, in the order of time.
    fn answers(&self) -> impl Iterator<Item = &Answered> {
        self.counting().into_iter().filter_map(|record| match &record.kind {
            RecordKind::Answered(answered) => Some(&**answered),
            _ => None,
        })
    }
}
