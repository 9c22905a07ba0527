//! One run of a scenario with what a picture of it needs.

use super::{Model, Scenario};
use crate::sim::time::SimDuration;
use crate::sim::{self, Metrics, Refused, Run, Watch};

/// What happened in a run, kept in bounded memory; by model.
#[derive(Clone, Debug, PartialEq)]
pub enum History {
    /// Environments and the requests they ran.
    Platform(Box<sim::platform::History>),
    /// The decisions of the autoscaler.
    Knative(Box<sim::knative::History>),
    /// Services and the calls between them.
    Chain(Box<sim::chain::History>),
    /// Requests and their branches.
    FanOut(Box<sim::fan_out::History>),
    /// Servers and their queue.
    Pool(Box<sim::pool::History>),
    /// Messages from their sending to their end.
    Queue(Box<sim::queue::History>),
    /// Tries and what came of them.
    Retry(Box<sim::retry::History>),
    /// Deliveries by key.
    Ordering(Box<sim::ordering::History>),
    /// The first model's, and that of the one beside it.
    Twin(Box<(Self, Self)>),
    /// Nothing happens in time.
    Exact,
}

impl History {
    /// When there is nothing more to be seen, in seconds since the start; 0 where nothing happens
    /// in time.
    pub fn end_s(&self) -> f64 {
        match self {
            Self::Platform(history) => history.end.as_secs_f64(),
            Self::Knative(history) => history.end.as_secs_f64(),
            Self::Chain(history) => history.end.as_secs_f64(),
            Self::FanOut(history) => history.end.as_secs_f64(),
            Self::Pool(history) => history.end.as_secs_f64(),
            Self::Queue(history) => history.end.as_secs_f64(),
            Self::Retry(history) => history.end.as_secs_f64(),
            Self::Ordering(history) => history.end.as_secs_f64(),
            Self::Twin(both) => both.0.end_s().max(both.1.end_s()),
            Self::Exact => 0.0,
        }
    }

    /// Whether something happens in time.
    pub fn plays(&self) -> bool {
        self.end_s() > 0.0
    }
}

impl Scenario {
    /// One run with the scenario's seed: its metrics, and what a picture needs. `watch` is told
    /// the time of the run now and then and says whether to go on.
    pub fn history(&self, watch: Watch<'_>) -> Result<(Metrics, History), String> {
        let (mut metrics, history) = told(&self.model, &self.run, watch)?;
        let Some(beside) = &self.beside else { return Ok((metrics, history)) };
        let (of_beside, other) = told(&beside.model, &self.run, watch)?;
        metrics.extend(beside.prefixed(of_beside));
        Ok((metrics, History::Twin(Box::new((history, other)))))
    }

    /// How long a run is; `None` where nothing happens in time, or the run itself shows it.
    pub fn duration(&self) -> Option<SimDuration> {
        self.model.ends_in_time().then_some(self.run.duration)
    }
}

fn told(model: &Model, run: &Run, watch: Watch<'_>) -> Result<(Metrics, History), String> {
    let told = match model {
        Model::Platform(params) => sim::platform::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Platform(Box::new(history)))),
        Model::Knative(params) => sim::knative::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Knative(Box::new(history)))),
        Model::Chain(params) => sim::chain::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Chain(Box::new(history)))),
        Model::FanOut(params) => sim::fan_out::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::FanOut(Box::new(history)))),
        Model::Pool(params) => sim::pool::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Pool(Box::new(history)))),
        Model::Queue(params) => sim::queue::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Queue(Box::new(history)))),
        Model::Retry(params) => sim::retry::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Retry(Box::new(history)))),
        Model::Ordering(params) => sim::ordering::history(params, run, watch)
            .map(|(metrics, history)| (metrics, History::Ordering(Box::new(history)))),
        model => model.run(run).map(|metrics| (metrics, History::Exact)).map_err(Refused),
    };
    told.map_err(|refused| refused.0)
}
