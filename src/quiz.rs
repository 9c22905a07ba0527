//! Questions, responses and grading. Pure: the same question, response and seed give the same
//! verdict on every machine.
//!
//! Text in these types is Markdown source as the author wrote it, sanitised; prompts may hold
//! blocks, everything else is one paragraph of inlines.

pub mod choice;
pub mod cloze;
pub mod matching;
pub mod numeric;
pub mod ordering;
pub mod short_answer;
pub mod sorting;

use std::collections::{BTreeMap, BTreeSet};

/// A quiz: an ordered pool of questions and what it takes to pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Quiz {
    /// Stable name, unique in the course.
    pub id: String,
    /// What the learner reads above it.
    pub title: String,
    /// The share of the score that passes, 0 to 1.
    pub pass: f64,
    /// Whether to ask "sure, think so, guess" before the verdict.
    pub confidence: bool,
    /// How many questions to draw from the pool; `None`: all.
    pub draw: Option<usize>,
    /// The quizzes whose questions make the pool of a final test.
    pub from: Vec<String>,
    /// The pool.
    pub questions: Vec<Question>,
    /// The file it was read from, relative to the course's root.
    pub file: String,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Stable, never reused, unique in the course.
    pub id: String,
    /// Raised when the meaning changes.
    pub rev: u32,
    /// The objective it measures: its id, or `lesson-id#objective` for another lesson's.
    pub objective: Option<String>,
    /// The stem.
    pub prompt: String,
    /// What is asked for and how it is graded.
    pub kind: QuestionKind,
    /// Helps, from the lightest to the strongest.
    pub hints: Vec<String>,
    /// The rationale, shown after every verdict.
    pub explain: Option<String>,
    /// Where it can be looked up, with a date.
    pub source: Option<String>,
    /// Named values to draw from, for siblings on a retake: `{rate}` in texts stands for one.
    pub params: BTreeMap<String, Vec<f64>>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum QuestionKind {
    /// `single` and `multiple`; `predict` with choices.
    Choice(choice::Choices),
    /// `numeric`
    Numeric(numeric::Numeric),
    /// `short`
    Short(short_answer::ShortAnswer),
    /// `order`
    Order(ordering::Ordering),
    /// `match`
    Match(matching::Matching),
    /// `cloze`
    Cloze(cloze::Cloze),
    /// `sort`
    Sort(sorting::Sorting),
}

/// What a learner answered. Indices are positions in the file, from 0, whatever the order shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// The ticked choices.
    Choices(BTreeSet<usize>),
    /// A number in the question's unit.
    Number(f64),
    /// A text.
    Text(String),
    /// The items from first to last.
    Order(Vec<usize>),
    /// For each left item, the right one.
    Pairs(Vec<Option<usize>>),
    /// For each blank, its text.
    Blanks(Vec<String>),
    /// For each item, its bin.
    Bins(Vec<Option<usize>>),
    /// Passed over: scores 0.
    Skipped,
}

/// How sure the learner said they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// "A guess".
    Guess,
    /// "I think so".
    ThinkSo,
    /// "Sure".
    Sure,
}

/// What grading says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// 0 to 1.
    pub score: f64,
    /// What is said about this answer, in the order to show.
    pub feedback: Vec<Feedback>,
}

/// Something said about a part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The part it is about, in words (a choice's text), or empty for the whole.
    pub about: String,
    /// Whether that part was right.
    pub correct: bool,
    /// What is said.
    pub text: String,
    /// The misconception behind it, a slug of the glossary.
    pub misconception: Option<String>,
}
