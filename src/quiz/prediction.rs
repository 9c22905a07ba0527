//! `predict`: which run of which scenario a question predicts.

use std::collections::BTreeMap;

/// The run that is predicted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// The scenario's id or path, as written.
    pub scenario: Option<String>,
    /// Parameters set for the run, by path as in `arrivals.gap`, values as written.
    pub set: BTreeMap<String, String>,
    /// The metric that is asked for.
    pub metric: Option<String>,
}
