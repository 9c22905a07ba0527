//! `predict`: which run of which scenario a question predicts.

use std::collections::BTreeMap;

use crate::diagnostic::Span;

/// The run that is predicted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prediction {
    /// The file that the question stands in: a path of `scenario` is relative to it.
    pub file: String,
    /// The scenario's id or path, as written.
    pub scenario: String,
    /// Parameters set for the run, by path as in `arrivals.gap`, values as written bare.
    pub set: BTreeMap<String, String>,
    /// The metric that is asked for.
    pub metric: Option<String>,
    /// Where its parts stand in the file.
    pub places: Places,
}

/// Where the parts of a prediction stand in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places {
    /// The scenario's name.
    pub scenario: Span,
    /// Each value of `set`, in the order of their paths.
    pub set: Vec<Span>,
    /// The metric's name; the question where none is written.
    pub metric: Span,
    /// The unit; the metric's place where none is written.
    pub unit: Span,
    /// The author's answer, if one is written.
    pub answer: Option<Span>,
    /// The diagnosed wrong numbers.
    pub wrong: Vec<Span>,
}
