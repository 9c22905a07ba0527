//! Questions, responses and grading. Pure: the same question, response and seed give the same
//! verdict on every machine.
//!
//! Text in these types is Markdown source as the author wrote it, sanitised; prompts may hold
//! blocks, everything else is one paragraph of inlines.
//!
//! [`sitting::Sitting`] takes a learner through a quiz, [`grade`] judges one response,
//! [`Question::instance`] draws the numbers of a question with `params`, [`shown::Shown`] is the
//! order in which its parts are shown, and [`mod@line`] reads an answer typed as one line of text.

pub mod choice;
pub mod cloze;
pub mod draw;
pub mod formula;
pub mod instance;
pub mod line;
pub mod matching;
pub mod numeric;
pub mod ordering;
pub mod prediction;
pub mod short_answer;
pub mod shown;
pub mod sitting;
pub mod sorting;
pub mod summary;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Span;

/// A quiz: an ordered pool of questions and what it takes to pass.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Where each name of `from` stands in the file.
    pub from_spans: Vec<Span>,
    /// The pool.
    pub questions: Vec<Question>,
    /// The quiz that each question came from, by its id, once the pools of `from` are joined.
    pub sources: BTreeMap<String, String>,
    /// How many questions of the file cannot be asked as they are written.
    pub omitted: usize,
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
    /// For `predict`: the run that is predicted.
    pub prediction: Option<prediction::Prediction>,
    /// Where the author wrote it.
    pub places: Places,
}

/// Where the parts of a question stand in its file, for findings about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The question's own place: its header.
    pub question: Span,
    /// Its id.
    pub id: Span,
    /// Its objective; its id where it names none.
    pub objective: Span,
    /// The misconceptions that its answers stand for.
    pub misconceptions: Vec<(String, Span)>,
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

/// A verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerdictKind {
    /// Nothing of it: the score is 0.
    Wrong,
    /// Some of it.
    Partly,
    /// All of it: the score is 1.
    Right,
}

impl VerdictKind {
    /// The word that learners read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "Wrong",
            Self::Partly => "Partly",
            Self::Right => "Right",
        }
    }
}

impl Verdict {
    /// The verdict for a score of `right` out of `of` parts; nothing to get right is wrong.
    pub(crate) fn share(right: usize, of: usize, feedback: Vec<Feedback>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a question has a handful of parts")]
        let score = if of == 0 { 0.0 } else { right.min(of) as f64 / of as f64 };
        Self { score, feedback }
    }

    /// The verdict in one word.
    pub fn kind(&self) -> VerdictKind {
        kind_of(self.score)
    }
}

/// What a score from 0 to 1 is called.
pub fn kind_of(score: f64) -> VerdictKind {
    if score >= 1.0 - 1e-9 {
        VerdictKind::Right
    } else if score > 1e-9 {
        VerdictKind::Partly
    } else {
        VerdictKind::Wrong
    }
}

/// Something said about a part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The part it is about, in words (a choice's text), or empty for the whole.
    pub about: String,
    /// Whether that part was right.
    pub correct: bool,
    /// The part belongs to the answer and was left out.
    pub missed: bool,
    /// What is said.
    pub text: String,
    /// The misconception behind it, a slug of the glossary.
    pub misconception: Option<String>,
}

impl Feedback {
    /// Something said about `about`, which was right or wrong.
    pub(crate) fn new(about: &str, correct: bool, text: &str) -> Self {
        let (about, text) = (about.to_owned(), text.to_owned());
        Self { about, correct, missed: false, text, misconception: None }
    }
}

/// Judges a response. Total: a response of another kind than the question's, or one that names
/// parts that do not exist, is wrong in those parts.
pub fn grade(question: &Question, response: &Response) -> Verdict {
    match (&question.kind, response) {
        (QuestionKind::Choice(kind), Response::Choices(ticked)) => kind.grade(ticked),
        (QuestionKind::Numeric(kind), Response::Number(number)) => kind.grade(*number),
        (QuestionKind::Short(kind), Response::Text(text)) => kind.grade(text),
        (QuestionKind::Order(kind), Response::Order(order)) => kind.grade(order),
        (QuestionKind::Match(kind), Response::Pairs(pairs)) => kind.grade(pairs),
        (QuestionKind::Cloze(kind), Response::Blanks(texts)) => kind.grade(texts),
        (QuestionKind::Sort(kind), Response::Bins(bins)) => kind.grade(bins),
        _ => Verdict { score: 0.0, feedback: Vec::new() },
    }
}

impl Question {
    /// The response that scores 1; for a number that cannot be computed, a skip.
    pub fn solution(&self) -> Response {
        match &self.kind {
            QuestionKind::Choice(kind) => Response::Choices(kind.solution()),
            QuestionKind::Numeric(kind) => {
                kind.answer.value().map_or(Response::Skipped, Response::Number)
            }
            QuestionKind::Short(kind) => {
                Response::Text(kind.accept.first().cloned().unwrap_or_default())
            }
            QuestionKind::Order(kind) => Response::Order((0..kind.items.len()).collect()),
            QuestionKind::Match(kind) => {
                Response::Pairs(kind.answer.iter().copied().map(Some).collect())
            }
            QuestionKind::Cloze(kind) => Response::Blanks(kind.solution()),
            QuestionKind::Sort(kind) => {
                Response::Bins(kind.items.iter().map(|item| Some(item.bin)).collect())
            }
        }
    }

    /// The objective with its lesson, `lesson-id#objective`; `lesson` is the one the question
    /// stands in.
    pub fn objective_in(&self, lesson: &str) -> Option<String> {
        let objective = self.objective.as_deref()?;
        Some(if objective.contains('#') {
            objective.to_owned()
        } else {
            format!("{lesson}#{objective}")
        })
    }
}

impl Quiz {
    /// The lesson whose own quiz this is: the stem of its file, else its id.
    pub fn lesson(&self) -> &str {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".toml").filter(|stem| !stem.is_empty()).unwrap_or(&self.id)
    }

    /// How many questions an attempt asks, once the quizzes it draws `from` are in it.
    pub fn asked(&self) -> usize {
        let pool = self.questions.len();
        self.draw.map_or(pool, |draw| draw.min(pool))
    }

    /// The same quiz with the questions of the quizzes it draws `from`, their objectives named
    /// with their lessons. A quiz that `lookup` does not know adds nothing.
    #[must_use]
    pub fn with_pools<'a>(&self, lookup: impl Fn(&str) -> Option<&'a Self>) -> Self {
        let mut whole = self.clone();
        for pool in self.from.iter().filter_map(|id| lookup(id)) {
            for question in &pool.questions {
                whole.sources.entry(question.id.clone()).or_insert_with(|| pool.id.clone());
            }
            whole.questions.extend(pool.questions.iter().map(|question| Question {
                objective: question.objective_in(pool.lesson()),
                ..question.clone()
            }));
        }
        let mut seen = BTreeSet::new();
        whole.questions.retain(|question| seen.insert(question.id.clone()));
        whole
    }
}

#[cfg(test)]
pub(crate) mod tests;
