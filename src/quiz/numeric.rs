//! `numeric`: a number within a tolerance.

/// The number asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeric {
    /// The right number, or the arithmetic over `params` that gives it.
    pub answer: Expression,
    /// The unit, shown beside the field; may be empty.
    pub unit: String,
    /// How far off is still right.
    pub tolerance: Tolerance,
    /// Diagnosed wrong numbers.
    pub wrong: Vec<WrongNumber>,
}

/// A number, or arithmetic over named values: `rate * 0.2`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number as written.
    Number(f64),
    /// Source of an arithmetic expression.
    Formula(String),
}

/// How far off is still right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// In the question's unit.
    Absolute(f64),
    /// In percent of the right number.
    Percent(f64),
}

/// A wrong number that tells how the learner came to it.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongNumber {
    /// The number.
    pub value: Expression,
    /// What is said.
    pub feedback: String,
    /// The misconception behind it, a slug of the glossary.
    pub misconception: Option<String>,
}
