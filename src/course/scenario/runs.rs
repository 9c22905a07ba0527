//! Runs of a scenario: one, or several with seeds of their own.

use std::collections::BTreeMap;

use super::Scenario;
use crate::sim::estimate::{Interval, over_replications};
use crate::sim::rng::replication_seed;
use crate::sim::{Metrics, Run};

/// One run among several.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// The seed it ran with; the first has the scenario's own.
    pub seed: u64,
    /// What was measured.
    pub metrics: Metrics,
}

/// What several runs say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The runs in order.
    pub replications: Vec<Replication>,
    /// The mean of each metric with its interval.
    pub intervals: BTreeMap<String, Interval>,
}

impl Scenario {
    /// Runs `count` times, at least once, with seeds that are derived from the scenario's.
    pub fn estimate(&self, count: u64) -> Result<Estimate, String> {
        let replication = |number| {
            let seed = replication_seed(self.run.seed, number);
            let metrics = self.model.run(&Run { seed, ..self.run })?;
            Ok::<_, String>(Replication { seed, metrics })
        };
        let replications = (0..count.max(1)).map(replication).collect::<Result<Vec<_>, _>>()?;
        let intervals = over_replications(replications.iter().map(|one| &one.metrics));
        Ok(Estimate { replications, intervals })
    }
}
