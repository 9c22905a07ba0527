//! One run of a scenario with what a picture of it needs.

use super::{Model, Scenario};
use crate::sim::time::SimDuration;
use crate::sim::{self, Metrics, Refused, Watch};

/// What happened in a run, kept in bounded memory; by model.
#[derive(Clone, Debug, PartialEq)]
pub enum History {
    /// Environments and the requests they ran.
    Platform(Box<sim::platform::History>),
    /// Every decision of the autoscaler.
    Knative(Vec<sim::knative::Tick>),
    /// Nothing happens in time.
    Exact,
}

impl History {
    /// When there is nothing more to be seen, in seconds since the start; 0 where nothing happens
    /// in time.
    pub fn end_s(&self) -> f64 {
        match self {
            Self::Platform(history) => history.end.as_secs_f64(),
            Self::Knative(ticks) => ticks.last().map_or(0.0, |tick| tick.at.as_secs_f64()),
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
        self.told(watch).map_err(|refused| refused.0)
    }

    fn told(&self, watch: Watch<'_>) -> Result<(Metrics, History), Refused> {
        let run = &self.run;
        Ok(match &self.model {
            Model::Platform(params) => {
                let (metrics, history) = sim::platform::history(params, run, watch)?;
                (metrics, History::Platform(Box::new(history)))
            }
            Model::Knative(params) => {
                let (metrics, ticks) = sim::knative::series(params, run)?;
                (metrics, History::Knative(ticks))
            }
            model => (model.run(run).map_err(Refused)?, History::Exact),
        })
    }

    /// How long the clock of a run is said to go; `None` where nothing happens in time.
    pub fn duration(&self) -> Option<SimDuration> {
        (!self.model.is_exact()).then_some(self.run.duration)
    }
}
