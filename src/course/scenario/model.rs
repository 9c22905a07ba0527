//! The models, and how each reads its parameters.

mod pool;

use super::Reading;
use crate::course::toml_file::{At, Fields, Table};
use crate::diagnostic::did_you_mean;
use crate::sim::{Metrics, Run, pool as pool_model};

/// What is simulated, with its parameters.
#[derive(Clone, Debug)]
pub enum Model {
    /// Fixed servers, one queue.
    Pool(pool_model::Params),
}

/// The names of the models, as scenario files write them.
const NAMES: [&str; 1] = ["pool"];

/// The models in which nothing is left to chance or takes its time.
const WITHOUT_DURATION: [&str; 2] = ["cost", "memory"];

impl Model {
    /// As scenario files name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pool(_) => "pool",
        }
    }

    /// The metrics of one run, or in one line why it is not begun.
    pub fn run(&self, run: &Run) -> Result<Metrics, String> {
        let metrics = match self {
            Self::Pool(params) => pool_model::run(params, run),
        };
        metrics.map_err(|refused| refused.0)
    }

    /// What theory says, by the same names, where a formula holds.
    pub fn theory(&self, run: &Run) -> Metrics {
        match self {
            Self::Pool(params) => pool_model::theory(params, run),
        }
    }

    /// About how many events a run takes, at most.
    pub fn events(&self, run: &Run) -> f64 {
        match self {
            Self::Pool(params) => pool_model::events(params, run),
        }
    }

    /// The services, functions or sizes that have metrics of their own.
    pub(super) fn parts(&self) -> Vec<String> {
        match self {
            Self::Pool(_) => Vec::new(),
        }
    }
}

/// Whether a scenario of `model` says how long it runs.
pub(super) fn has_duration(model: &str) -> bool {
    !WITHOUT_DURATION.contains(&model)
}

/// Advice that names the models.
pub(super) fn known() -> String {
    let names: Vec<String> = NAMES.iter().map(|name| format!("`{name}`")).collect();
    format!("known models: {}", names.join(", "))
}

impl Reading<'_> {
    /// The model `name` with its parameters, unless one of them is wrong or missing.
    pub(super) fn model(self, name: At<&str>, params: &Table) -> Option<Model> {
        let before = self.faults().errors();
        let fields = Fields::new(params, self.faults());
        let model = match name.value {
            "pool" => self.pool(&fields).map(Model::Pool),
            _ => {
                let message = format!("there is no model `{}`", name.value);
                let hint = did_you_mean(name.value, NAMES)
                    .map_or_else(known, |meant| format!("did you mean `{meant}`?"));
                self.faults().error_hint("unknown-model", name.span, message, hint);
                return None;
            }
        };
        fields.finish();
        model.filter(|_| self.faults().errors() == before)
    }
}
