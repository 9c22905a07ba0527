//! Runs of a scenario: one, or several with seeds of their own.

use std::collections::BTreeMap;

use super::Scenario;
use crate::sim::estimate::{Interval, over_replications};
use crate::sim::rng::replication_seed;
use crate::sim::time::as_f64;
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

/// A learner is told the means of so many runs, where that takes no longer than a moment.
const REPLICATIONS: u64 = 30;
/// All runs together take about so many events at most, but there is always one.
const EVENTS_WANTED: f64 = 3e6;

impl Scenario {
    /// How many runs a learner's numbers come from: 30, fewer of long ones, 1 where nothing is left
    /// to chance.
    pub fn replications_wanted(&self) -> u64 {
        if self.model.is_exact() {
            return 1;
        }
        let affordable = (EVENTS_WANTED / self.events().max(1.0)).clamp(1.0, 30.0);
        (1..=REPLICATIONS).rev().find(|&count| as_f64(count) <= affordable).unwrap_or(1)
    }

    /// Runs `count` times, at least once, with seeds that are derived from the scenario's.
    pub fn estimate(&self, count: u64) -> Result<Estimate, String> {
        let replications = (0..count.max(1)).map(|number| self.replication(number));
        Ok(Estimate::of(replications.collect::<Result<Vec<_>, _>>()?))
    }

    /// One run with the seed of this number; number 0 has the scenario's own.
    pub fn replication(&self, number: u64) -> Result<Replication, String> {
        let seed = replication_seed(self.run.seed, number);
        let metrics = self.metrics_of(&Run { seed, ..self.run })?;
        Ok(Replication { seed, metrics })
    }
}

impl Estimate {
    /// What `replications` say together.
    pub fn of(replications: Vec<Replication>) -> Self {
        let intervals = over_replications(replications.iter().map(|one| &one.metrics));
        Self { replications, intervals }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Written;
    use crate::course::Files;
    use crate::course::toml_file::Origin;

    #[test]
    fn long_runs_are_made_less_often() {
        let platform = |rate: &str, duration: &str| {
            format!(
                "id = 'x'\nschema = 1\ntitle = 'X'\nmodel = 'platform'\nduration = '{duration}'\n\
                 [params]\narrivals = {{ process = 'poisson', rate_per_s = {rate} }}\n\
                 service = {{ law = 'constant', mean = '1s' }}\n"
            )
        };
        let cost = "id = 'x'\nschema = 1\ntitle = 'X'\nmodel = 'cost'\n[params]\n\
                    requests_per_month = 1\nduration = '1s'\n";
        let wanted = |text: &str| {
            let files = Files::new();
            let written = Written { file: "x.toml", text, origin: Origin::File, files: &files };
            let (scenario, faults) = written.read(&[]);
            let scenario = scenario.unwrap_or_else(|| panic!("{faults:?}"));
            (scenario.replications_wanted(), scenario.events())
        };
        assert_eq!(wanted(&platform("1", "1h")).0, 30);
        let (some, events) = wanted(&platform("100", "1h"));
        assert!((2..30).contains(&some), "{some} of {events}");
        assert_eq!(wanted(&platform("1000", "2h")).0, 1);
        assert_eq!(wanted(cost).0, 1);
    }
}
