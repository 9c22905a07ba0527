//! Taking a quiz: which question stands, what was answered, what comes next. Shared by the full
//! screen and the line mode; it knows neither keys nor lines.

use std::collections::BTreeMap;

use super::draw::drawn;
use super::shown::Shown;
use super::summary::{ObjectiveScore, Summary};
use super::{Confidence, Question, Quiz, Response, Verdict, VerdictKind, grade};

/// A learner's way through a quiz, from the first question to the summary, and through the wrong
/// ones again if they want.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    quiz: String,
    title: String,
    pass: f64,
    confidence: bool,
    seed: Option<u64>,
    attempt: u32,
    asked: Vec<Asked>,
    /// Indices into `asked`: what this round asks.
    round: Vec<usize>,
    at: usize,
    retry: u32,
}

/// A question of a sitting and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The question, its numbers drawn.
    pub question: Question,
    /// The numbers drawn.
    pub params: BTreeMap<String, f64>,
    /// The order of its parts.
    pub shown: Shown,
    /// How many hints are revealed.
    pub hints: usize,
    /// The first answer, which counts.
    pub first: Option<Outcome>,
    /// The answer of the round under way.
    pub now: Option<Outcome>,
}

impl Asked {
    /// The hints revealed so far.
    pub fn revealed(&self) -> &[String] {
        self.question.hints.get(..self.hints).unwrap_or(&self.question.hints)
    }

    /// Whether it is still to be got right: its last answer was not, or there is none.
    pub fn is_open(&self) -> bool {
        let last = self.now.as_ref().or(self.first.as_ref());
        !last.is_some_and(Outcome::is_right)
    }
}

/// An answer and what was said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What was answered.
    pub response: Response,
    /// How sure they were, if they said so.
    pub confidence: Option<Confidence>,
    /// The verdict; without feedback where only its score was remembered.
    pub verdict: Verdict,
}

impl Outcome {
    /// Whether all of it was right.
    pub fn is_right(&self) -> bool {
        self.verdict.kind() == VerdictKind::Right
    }
}

/// What a record of an answer needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The quiz's id; for a question in the flow of a lesson, the lesson's.
    pub quiz: String,
    /// The question, its numbers drawn.
    pub question: Question,
    /// What was answered.
    pub response: Response,
    /// 0 to 1.
    pub score: f64,
    /// How sure they were, if they said so.
    pub confidence: Option<Confidence>,
    /// How many hints were revealed before.
    pub hints: usize,
    /// Which attempt at the quiz, from 1.
    pub attempt: u32,
    /// The seed, if the learner gave one.
    pub seed: Option<u64>,
    /// The numbers drawn.
    pub params: BTreeMap<String, f64>,
    /// The question's place in the quiz as drawn, from 1.
    pub position: usize,
    /// How many questions were drawn.
    pub of: usize,
    /// The pass mark, 0 to 1.
    pub pass: f64,
    /// Answered again after the summary: counts for the objective, not for the quiz's score.
    pub retry: bool,
}

impl Sitting {
    /// Begins a quiz; `attempt` counts from 1. Questions drawn from a pool, the order of their
    /// parts and their numbers depend on the quiz, the attempt and the seed alone. The pools of
    /// a final test are joined before, by [`Quiz::with_pools`].
    pub fn new(quiz: &Quiz, seed: Option<u64>, attempt: u32) -> Self {
        let questions = drawn(quiz, seed, attempt);
        let asked: Vec<Asked> = questions.into_iter().map(|q| ask(q, seed, attempt)).collect();
        Self {
            quiz: quiz.id.clone(),
            title: quiz.title.clone(),
            pass: quiz.pass,
            confidence: quiz.confidence,
            seed,
            attempt,
            round: (0..asked.len()).collect(),
            asked,
            at: 0,
            retry: 0,
        }
    }

    /// Begins with one question that stands in the flow of the lesson `lesson`.
    pub fn inline(lesson: &str, question: &Question, seed: Option<u64>, attempt: u32) -> Self {
        let quiz = Quiz {
            id: lesson.to_owned(),
            pass: 1.0,
            questions: vec![question.clone()],
            ..Quiz::default()
        };
        Self::new(&quiz, seed, attempt)
    }

    /// The quiz's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The share of the score that passes, 0 to 1.
    pub const fn pass(&self) -> f64 {
        self.pass
    }

    /// Which attempt this is, from 1.
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Whether to ask how sure the learner is.
    pub const fn asks_confidence(&self) -> bool {
        self.confidence
    }

    /// Whether the wrong ones are being gone through again.
    pub const fn is_retry(&self) -> bool {
        self.retry > 0
    }

    /// Every question drawn, in order.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// The question that stands; none at the end of the round.
    pub fn current(&self) -> Option<&Asked> {
        self.round.get(self.at).and_then(|&index| self.asked.get(index))
    }

    fn current_mut(&mut self) -> Option<&mut Asked> {
        let index = *self.round.get(self.at)?;
        self.asked.get_mut(index)
    }

    /// The place of the current question in this round, from 1, and the round's length.
    pub fn position(&self) -> (usize, usize) {
        ((self.at + 1).min(self.round.len()), self.round.len())
    }

    /// The questions of this round, in order.
    pub fn round(&self) -> impl Iterator<Item = &Asked> {
        self.round.iter().filter_map(|&index| self.asked.get(index))
    }

    /// Reveals the next hint of the current question.
    pub fn hint(&mut self) -> Option<&str> {
        let asked = self.current_mut().filter(|asked| asked.now.is_none())?;
        let hint = asked.question.hints.get(asked.hints)?;
        asked.hints += 1;
        Some(hint)
    }

    /// Answers the current question, which stays until [`Sitting::advance`]. A question is answered
    /// once a round: later answers, and answers at the end, are not taken.
    pub fn answer(
        &mut self,
        response: Response,
        confidence: Option<Confidence>,
    ) -> Option<Answered> {
        let index = *self.round.get(self.at)?;
        let (of, retry) = (self.asked.len(), self.retry > 0);
        let asked = self.asked.get_mut(index).filter(|asked| asked.now.is_none())?;
        let verdict = grade(&asked.question, &response);
        let outcome = Outcome { response: response.clone(), confidence, verdict };
        let score = outcome.verdict.score;
        asked.now = Some(outcome.clone());
        asked.first.get_or_insert(outcome);
        Some(Answered {
            quiz: self.quiz.clone(),
            question: asked.question.clone(),
            response,
            score,
            confidence,
            hints: asked.hints,
            attempt: self.attempt,
            seed: self.seed,
            params: asked.params.clone(),
            position: index + 1,
            of,
            pass: self.pass,
            retry,
        })
    }

    /// Passes over the current question: an answer that scores 0.
    pub fn skip(&mut self) -> Option<Answered> {
        self.answer(Response::Skipped, None)
    }

    /// Goes on to the next question of the round, or to its end; false where there is none.
    pub fn advance(&mut self) -> bool {
        let more = self.at < self.round.len();
        self.at += usize::from(more);
        more
    }

    /// Whether the round has ended.
    pub fn is_finished(&self) -> bool {
        self.at >= self.round.len()
    }

    /// Takes over an answer given earlier in this attempt, as its record remembers it: it is not
    /// graded again. Goes on to the first question that is not answered yet. False for a question
    /// that was not drawn.
    pub fn restore(&mut self, question: &str, response: Response, score: f64) -> bool {
        let found = self.asked.iter_mut().find(|asked| asked.question.id == question);
        let Some(asked) = found else { return false };
        let score = if score.is_finite() { score.clamp(0.0, 1.0) } else { 0.0 };
        let verdict = Verdict { score, feedback: Vec::new() };
        let outcome = Outcome { response, confidence: None, verdict };
        asked.first.get_or_insert_with(|| outcome.clone());
        asked.now.get_or_insert(outcome);
        let open = self
            .round
            .iter()
            .position(|&index| self.asked.get(index).is_some_and(|asked| asked.now.is_none()));
        self.at = open.unwrap_or(self.round.len());
        true
    }

    /// Begins a round of the questions that were not right the last time; their parts stand in
    /// another order. Returns how many there are; 0 changes nothing.
    pub fn retry_wrong(&mut self) -> usize {
        let open = self.asked.iter().enumerate().filter(|(_, asked)| asked.is_open());
        let open: Vec<usize> = open.map(|(index, _)| index).collect();
        if open.is_empty() {
            return 0;
        }
        self.retry += 1;
        for &index in &open {
            let Some(asked) = self.asked.get_mut(index) else { continue };
            let order = format!("{} again {}", asked.question.id, self.retry);
            let question = Question { id: order, ..asked.question.clone() };
            asked.shown = Shown::new(&question, self.seed, self.attempt);
            asked.now = None;
            asked.hints = 0;
        }
        self.round = open;
        self.at = 0;
        self.round.len()
    }

    /// How many questions were right at the first answer.
    pub fn right(&self) -> usize {
        let firsts = self.asked.iter().filter_map(|asked| asked.first.as_ref());
        firsts.filter(|first| first.is_right()).count()
    }

    /// How it went, by the first answers; what was not answered scores 0.
    pub fn summary(&self) -> Summary {
        let mut objectives: Vec<ObjectiveScore> = Vec::new();
        let mut summary = Summary {
            score: 0.0,
            of: self.asked.len(),
            passed: false,
            objectives: Vec::new(),
            skipped: 0,
            sure_and_wrong: 0,
            guessed_and_right: 0,
        };
        for asked in &self.asked {
            let first = asked.first.as_ref();
            let score = first.map_or(0.0, |outcome| outcome.verdict.score);
            let passed_over = first.is_none_or(|outcome| outcome.response == Response::Skipped);
            summary.score += score;
            summary.skipped += usize::from(passed_over);
            match first.map(|outcome| (outcome.confidence, outcome.verdict.kind())) {
                Some((Some(Confidence::Sure), VerdictKind::Wrong)) => summary.sure_and_wrong += 1,
                Some((Some(Confidence::Guess), VerdictKind::Right)) => {
                    summary.guessed_and_right += 1;
                }
                _ => {}
            }
            let Some(objective) = asked.question.objective.clone() else { continue };
            match objectives.iter_mut().find(|known| known.objective == objective) {
                Some(known) => {
                    known.score += score;
                    known.of += 1;
                }
                None => objectives.push(ObjectiveScore { objective, score, of: 1 }),
            }
        }
        summary.objectives = objectives;
        summary.passed = passes(summary.score, summary.of, self.pass);
        summary
    }
}

#[expect(clippy::cast_precision_loss, reason = "a quiz has far fewer than 2^52 questions")]
fn passes(score: f64, of: usize, pass: f64) -> bool {
    of > 0 && score / of as f64 >= pass - 1e-9
}

fn ask(question: &Question, seed: Option<u64>, attempt: u32) -> Asked {
    let instance = question.instance(seed, attempt);
    Asked {
        shown: Shown::new(&instance.question, seed, attempt),
        question: instance.question,
        params: instance.params,
        hints: 0,
        first: None,
        now: None,
    }
}
