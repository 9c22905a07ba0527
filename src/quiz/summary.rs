//! The end of a sitting in figures.

use super::numeric::number_text;

/// How a sitting went.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The sum of the questions' scores; a question weighs 1.
    pub score: f64,
    /// How many questions there were.
    pub of: usize,
    /// Whether the share reaches the pass mark.
    pub passed: bool,
    /// The score by objective, in the order first asked.
    pub objectives: Vec<ObjectiveScore>,
    /// How many were passed over or not reached.
    pub skipped: usize,
    /// How many were wrong although the learner was sure.
    pub sure_and_wrong: usize,
    /// How many were right although the learner guessed.
    pub guessed_and_right: usize,
}

/// The score of the questions of one objective.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveScore {
    /// The objective as the questions name it.
    pub objective: String,
    /// The sum of scores.
    pub score: f64,
    /// How many questions measured it.
    pub of: usize,
}

impl ObjectiveScore {
    /// Whether every question of it was right.
    pub fn full(&self) -> bool {
        percent(share(self.score, self.of)) >= 100
    }
}

impl Summary {
    /// The share of the score in percent, rounded to a whole number.
    pub fn percent(&self) -> u32 {
        percent(share(self.score, self.of))
    }

    /// `Score: 5 of 6 (83 %), passed`
    pub fn line(&self) -> String {
        let outcome = if self.passed { "passed" } else { "not passed" };
        let score = points(self.score);
        format!("Score: {score} of {} ({} %), {outcome}", self.of, self.percent())
    }
}

/// Points as people read them, with at most two decimals.
pub fn points(score: f64) -> String {
    number_text((score * 100.0).round() / 100.0)
}

/// A share, 0 to 1, in percent: a whole number, and 100 only for all of it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100")]
pub fn percent(share: f64) -> u32 {
    let most = if share >= 1.0 - 1e-9 { 100.0 } else { 99.0 };
    (share * 100.0).round().clamp(0.0, most) as u32
}

/// The part that `score` is of `of` points, 0 to 1; 0 where there are none.
#[expect(clippy::cast_precision_loss, reason = "a quiz has far fewer than 2^52 questions")]
fn share(score: f64, of: usize) -> f64 {
    if of == 0 { 0.0 } else { score / of as f64 }
}
