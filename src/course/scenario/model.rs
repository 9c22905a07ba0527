//! The models, and how each reads its parameters.

mod chain;
mod cost;
mod fan_out;
mod knative;
mod memory;
mod ordering;
mod platform;
mod pool;
mod queue;
mod retry;

use super::Reading;
use crate::course::toml_file::{At, Fields, Table};
use crate::diagnostic::did_you_mean;
use crate::sim::time::SimDuration;
use crate::sim::{self, Metrics, Run};

/// What is simulated, with its parameters.
#[derive(Clone, Debug)]
pub enum Model {
    /// A month's bill.
    Cost(Box<sim::cost::Params>),
    /// The tuning curve.
    Memory(Box<sim::memory::Params>),
    /// The pod autoscaler.
    Knative(Box<sim::knative::Params>),
    /// Services calling services.
    Chain(Box<sim::chain::Params>),
    /// Order and doubles of messages.
    Ordering(Box<sim::ordering::Params>),
    /// Scaling by the length of a queue.
    Queue(Box<sim::queue::Params>),
    /// Autoscaled environments.
    Platform(Box<sim::platform::Params>),
    /// Fixed servers, one queue.
    Pool(Box<sim::pool::Params>),
    /// The slowest of many branches.
    FanOut(Box<sim::fan_out::Params>),
    /// Clients that try again.
    Retry(Box<sim::retry::Params>),
}

/// The names of the models, as scenario files write them.
const NAMES: [&str; 10] = [
    "chain", "cost", "fan-out", "knative", "memory", "ordering", "platform", "pool", "queue",
    "retry",
];

/// The models in which nothing takes its time.
const WITHOUT_DURATION: [&str; 2] = ["cost", "memory"];

/// A trial of the parameters may take so many events.
const TRIAL_EVENTS_MAX: f64 = 1000.0;

impl Model {
    /// As scenario files name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Cost(_) => "cost",
            Self::Memory(_) => "memory",
            Self::Knative(_) => "knative",
            Self::Chain(_) => "chain",
            Self::Ordering(_) => "ordering",
            Self::Queue(_) => "queue",
            Self::Platform(_) => "platform",
            Self::Pool(_) => "pool",
            Self::FanOut(_) => "fan-out",
            Self::Retry(_) => "retry",
        }
    }

    /// Whether nothing is left to chance and nothing takes its time.
    pub fn is_exact(&self) -> bool {
        !has_duration(self.name())
    }

    /// Whether a run is over when its duration is: not where what comes is counted, and a run goes
    /// on until it is through.
    pub fn ends_in_time(&self) -> bool {
        let is_counted = match self {
            Self::Queue(params) => params.dead_letter && params.arrivals.is_counted(),
            Self::Retry(params) => params.clients.is_some(),
            Self::FanOut(params) => params.arrivals.is_none(),
            _ => false,
        };
        !is_counted && !self.is_exact()
    }

    /// The metrics of one run, or in one line why it is not begun.
    pub fn run(&self, run: &Run) -> Result<Metrics, String> {
        let metrics = match self {
            Self::Cost(params) => sim::cost::run(params, run),
            Self::Memory(params) => sim::memory::run(params, run),
            Self::Knative(params) => sim::knative::run(params, run),
            Self::Chain(params) => sim::chain::run(params, run),
            Self::Ordering(params) => sim::ordering::run(params, run),
            Self::Queue(params) => sim::queue::run(params, run),
            Self::Platform(params) => sim::platform::run(params, run),
            Self::Pool(params) => sim::pool::run(params, run),
            Self::FanOut(params) => sim::fan_out::run(params, run),
            Self::Retry(params) => sim::retry::run(params, run),
        };
        metrics.map_err(|refused| refused.0)
    }

    /// What theory says, by the same names, where a formula holds.
    pub fn theory(&self, run: &Run) -> Metrics {
        match self {
            Self::Cost(params) => sim::cost::theory(params, run),
            Self::Memory(params) => sim::memory::theory(params, run),
            Self::Knative(params) => sim::knative::theory(params, run),
            Self::Chain(params) => sim::chain::theory(params, run),
            Self::Ordering(params) => sim::ordering::theory(params, run),
            Self::Queue(params) => sim::queue::theory(params, run),
            Self::Platform(params) => sim::platform::theory(params, run),
            Self::Pool(params) => sim::pool::theory(params, run),
            Self::FanOut(params) => sim::fan_out::theory(params, run),
            Self::Retry(params) => sim::retry::theory(params, run),
        }
    }

    /// About how many events a run takes, at most.
    pub fn events(&self, run: &Run) -> f64 {
        match self {
            Self::Cost(params) => sim::cost::events(params, run),
            Self::Memory(params) => sim::memory::events(params, run),
            Self::Knative(params) => sim::knative::events(params, run),
            Self::Chain(params) => sim::chain::events(params, run),
            Self::Ordering(params) => sim::ordering::events(params, run),
            Self::Queue(params) => sim::queue::events(params, run),
            Self::Platform(params) => sim::platform::events(params, run),
            Self::Pool(params) => sim::pool::events(params, run),
            Self::FanOut(params) => sim::fan_out::events(params, run),
            Self::Retry(params) => sim::retry::events(params, run),
        }
    }

    /// The services, functions or sizes that have metrics of their own.
    pub(super) fn parts(&self) -> Vec<String> {
        match self {
            Self::Cost(_)
            | Self::Knative(_)
            | Self::Ordering(_)
            | Self::Queue(_)
            | Self::Pool(_)
            | Self::FanOut(_)
            | Self::Retry(_) => Vec::new(),
            Self::Memory(params) => params.sizes_mb.iter().map(u32::to_string).collect(),
            Self::Chain(params) => {
                params.services.iter().map(|service| service.name.clone()).collect()
            }
            Self::Platform(params) => {
                params.functions.iter().map(|function| function.name.clone()).collect()
            }
        }
    }

    /// Why a run would be refused, as far as an instant of one tells: parameters that are right one
    /// by one and wrong together.
    fn refusal(&self) -> Option<String> {
        let instant = Run { seed: 0, duration: SimDuration(1), warm_up: SimDuration::ZERO };
        if self.events(&instant) > TRIAL_EVENTS_MAX {
            return None;
        }
        self.run(&instant).err()
    }
}

/// Whether a scenario of `model` says how long it runs.
pub(super) fn has_duration(model: &str) -> bool {
    !WITHOUT_DURATION.contains(&model)
}

/// Whether the parameters count the requests or clients, so that no time ends a run.
pub(super) fn is_counted(model: &str, params: Option<&Table>) -> bool {
    let counts = |key| params.is_some_and(|params| params.get(key).is_some());
    (model == "fan-out" && counts("requests")) || (model == "retry" && counts("clients"))
}

/// Advice that names the models.
pub(super) fn known() -> String {
    let names: Vec<String> = NAMES.iter().map(|name| format!("`{name}`")).collect();
    format!("known models: {}", names.join(", "))
}

impl Reading<'_> {
    /// Whether there is a model of this name; that there is none is reported.
    pub(super) fn knows(self, name: At<&str>) -> bool {
        let is_known = NAMES.contains(&name.value);
        if !is_known {
            let message = format!("there is no model `{}`", name.value);
            let hint = did_you_mean(name.value, NAMES)
                .map_or_else(known, |meant| format!("did you mean `{meant}`?"));
            self.faults().error_hint("unknown-model", name.span, message, hint);
        }
        is_known
    }

    /// The model `name` with its parameters, unless one of them is wrong or missing.
    pub(super) fn model(self, name: &str, params: &Table) -> Option<Model> {
        let before = self.faults().errors();
        let fields = Fields::new(params, self.faults());
        let model = match name {
            "cost" => Some(Model::Cost(Box::new(self.cost(&fields)))),
            "memory" => Some(Model::Memory(Box::new(self.memory(&fields)))),
            "knative" => self.knative(&fields).map(Box::new).map(Model::Knative),
            "chain" => self.chain(&fields).map(Box::new).map(Model::Chain),
            "ordering" => self.ordering(&fields).map(Box::new).map(Model::Ordering),
            "queue" => self.queue(&fields).map(Box::new).map(Model::Queue),
            "platform" => self.platform(&fields).map(Box::new).map(Model::Platform),
            "pool" => self.pool(&fields).map(Box::new).map(Model::Pool),
            "fan-out" => self.fan_out(&fields).map(Box::new).map(Model::FanOut),
            "retry" => self.retry(&fields).map(Box::new).map(Model::Retry),
            _ => None,
        };
        fields.finish();
        let model = model.filter(|_| self.faults().errors() == before)?;
        if let Some(reason) = model.refusal() {
            self.refuse(params, &reason);
            return None;
        }
        Some(model)
    }
}
