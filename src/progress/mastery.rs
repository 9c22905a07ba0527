//! Where a learner stands with a lesson, a quiz, an objective.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Answered, Device, Place, Time, time::DAY_MS};
use crate::course::{Course, Lesson};

/// An answer counts as right from this score on; below 1 only by what arithmetic loses.
pub(super) const RIGHT: f64 = 1.0 - 1e-9;

/// The state of a lesson.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum LessonState {
    /// No record.
    #[default]
    New,
    /// Any record.
    Begun,
    /// Read to its last line and its quiz passed, or tested out.
    Done,
    /// Every objective answered right at least twice, at least a day apart.
    Mastered,
}

impl LessonState {
    /// Whether it counts as learned.
    pub const fn learned(self) -> bool {
        matches!(self, Self::Done | Self::Mastered)
    }

    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Begun => "begun",
            Self::Done => "done",
            Self::Mastered => "mastered",
        }
    }
}

impl fmt::Display for LessonState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a course asks of a lesson's learner: the measure of its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// The lesson's id.
    pub lesson: String,
    /// The id of the lesson's own quiz, if it has one.
    pub quiz: Option<String>,
    /// The lesson's objectives, as `lesson#objective`.
    pub objectives: Vec<String>,
}

impl Demands {
    /// What `lesson` asks for. Reads the lesson and its quiz.
    pub fn of(course: &Course, lesson: &Lesson) -> Self {
        Self {
            lesson: lesson.id.clone(),
            quiz: course.quiz_of(lesson).map(|quiz| quiz.id.clone()),
            objectives: lesson.objectives().iter().map(|objective| objective.id.clone()).collect(),
        }
    }

    /// What each lesson asks for.
    pub fn of_all(course: &Course) -> Vec<Self> {
        course.lessons().map(|lesson| Self::of(course, lesson)).collect()
    }
}

/// What is known of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LessonProgress {
    /// The first record's time.
    pub begun: Time,
    /// The last record's time.
    pub last: Time,
    /// How many records count.
    pub records: usize,
    /// When its last line was reached first.
    pub read: Option<Time>,
    /// When it was tested out of first.
    pub tested_out: Option<Time>,
    /// Where the learner is in it.
    pub place: Option<Place>,
}

/// What is known of an objective.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ObjectiveProgress {
    /// How many answers measured it, skipped ones too.
    pub asked: u32,
    /// How many of them were right.
    pub right: u32,
    /// When it was first answered right.
    pub right_first: Option<Time>,
    /// When it was last answered right.
    pub right_last: Option<Time>,
    /// The score of the last answer, 0 to 1.
    pub last_score: f64,
}

/// How well an objective is known.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Mastery {
    /// Never asked.
    #[default]
    New,
    /// Asked; the last answer was not right.
    Revisit,
    /// The last answer was right, and it is not yet mastered.
    Right,
    /// Answered right at least twice, at least a day apart.
    Mastered,
}

impl Mastery {
    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Revisit => "revisit",
            Self::Right => "right",
            Self::Mastered => "mastered",
        }
    }
}

impl ObjectiveProgress {
    pub(super) fn count(&mut self, score: f64, at: Time) {
        self.asked = self.asked.saturating_add(1);
        self.last_score = score;
        if score >= RIGHT {
            self.right = self.right.saturating_add(1);
            self.right_first = Some(self.right_first.map_or(at, |first| first.min(at)));
            self.right_last = Some(self.right_last.map_or(at, |last| last.max(at)));
        }
    }

    /// Right at least twice, at least a day apart.
    pub fn is_mastered(&self) -> bool {
        match (self.right_first, self.right_last) {
            (Some(first), Some(last)) => self.right >= 2 && last.since(first) >= DAY_MS,
            _ => false,
        }
    }

    /// How well it is known. What was mastered stays so.
    pub fn mastery(&self) -> Mastery {
        if self.is_mastered() {
            Mastery::Mastered
        } else if self.asked == 0 {
            Mastery::New
        } else if self.last_score >= RIGHT {
            Mastery::Right
        } else {
            Mastery::Revisit
        }
    }
}

/// What is known of a quiz.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuizProgress {
    /// The attempts in the order in which they were begun.
    pub attempts: Vec<Attempt>,
}

/// One attempt at a quiz, perhaps over several runs of the program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// The number that ordered the choices, from 1.
    pub number: u32,
    /// The seed asked for on the command line.
    pub seed: Option<u64>,
    /// How many questions it has.
    pub of: u32,
    /// The share of the score that passes, 0 to 1.
    pub pass: f64,
    /// When it was begun.
    pub begun: Time,
    /// The last answer's time.
    pub last: Time,
    /// The first answer's score for each question, 0 to 1.
    pub scores: BTreeMap<String, f64>,
    /// The runs of the program that wrote it.
    pub(super) devices: Vec<Device>,
}

impl Attempt {
    /// The score, 0 to 1; a question not answered yet counts 0.
    pub fn score(&self) -> f64 {
        let of = self.scores.len().max(usize::try_from(self.of).unwrap_or(usize::MAX)).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a quiz has fewer than 2^52 questions")]
        let share = self.scores.values().sum::<f64>() / of as f64;
        share.clamp(0.0, 1.0)
    }

    /// Whether its score passes.
    pub fn passed(&self) -> bool {
        self.score() + 1e-9 >= self.pass
    }

    /// Whether every question was answered or skipped.
    pub fn finished(&self) -> bool {
        self.scores.len() >= usize::try_from(self.of).unwrap_or(usize::MAX)
    }
}

impl QuizProgress {
    /// The best attempt's score, 0 to 1; `None` before one was finished or passed: an attempt
    /// under way has no score yet.
    pub fn best(&self) -> Option<f64> {
        let scored = self.attempts.iter().filter(|attempt| attempt.finished() || attempt.passed());
        scored.map(Attempt::score).max_by(f64::total_cmp)
    }

    /// Whether any attempt passed.
    pub fn passed(&self) -> bool {
        self.attempts.iter().any(Attempt::passed)
    }

    /// The number that the next attempt takes, from 1.
    pub fn next_attempt(&self) -> u32 {
        self.attempts.iter().map(|attempt| attempt.number).max().unwrap_or(0).saturating_add(1)
    }

    /// The last attempt, if it was left before its end: it can be taken up again.
    pub fn unfinished(&self) -> Option<&Attempt> {
        self.attempts.last().filter(|attempt| !attempt.finished())
    }

    /// Counts an answer to a question of the quiz.
    ///
    /// An answer joins the attempt that its run of the program is at; from another run, the last
    /// one of the same number and seed that waits for this question (it was taken up again after a
    /// pause); else it begins an attempt. So two machines that took the quiz side by side keep two
    /// attempts when their records are merged.
    pub(super) fn count(&mut self, answered: &Answered, device: Device, at: Time) {
        if answered.retry {
            return;
        }
        let same =
            |attempt: &Attempt| attempt.number == answered.attempt && attempt.seed == answered.seed;
        let own = |attempt: &Attempt| same(attempt) && attempt.devices.contains(&device);
        let open = |attempt: &Attempt| {
            !attempt.finished() && !attempt.scores.contains_key(&answered.question)
        };
        let own_last = self.attempts.iter().rposition(own);
        let joined = match own_last {
            Some(index) => Some(index).filter(|&index| self.attempts.get(index).is_some_and(open)),
            None => self.attempts.iter().rposition(|attempt| same(attempt) && open(attempt)),
        };
        let index = joined.unwrap_or_else(|| {
            let (number, seed) = (answered.attempt, answered.seed);
            self.attempts.push(Attempt { number, seed, begun: at, ..Attempt::default() });
            self.attempts.len() - 1
        });
        let Some(attempt) = self.attempts.get_mut(index) else { return };
        if !attempt.devices.contains(&device) {
            attempt.devices.push(device);
        }
        attempt.of = answered.of;
        attempt.pass = answered.pass;
        attempt.last = attempt.last.max(at);
        attempt.scores.insert(answered.question.clone(), answered.score.clamp(0.0, 1.0));
    }
}
