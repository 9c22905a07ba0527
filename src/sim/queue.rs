//! A queue whose messages are fetched in batches by pollers that grow in number while messages wait,
//! each calling the function and waiting for it; what fails comes back when it is visible again, and
//! goes to the dead letters after too many receives.

mod engine;
mod history;
mod record;

pub use history::{Doing, History, Story, Tick};

use super::arrivals::Arrivals;
use super::law::Law;
use super::metric::Definition;
use super::time::{SimDuration, as_f64};
use super::{Metrics, Refused, Run, Watch, bounded, set_within, within};

/// What a scenario may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When messages are sent.
    pub arrivals: Arrivals,
    /// How long the function takes with one batch, however many messages are in it.
    pub service: Law,
    /// The most messages in a batch, 1 to 10,000.
    pub batch_size: u64,
    /// A batch that is not full waits so long from its oldest message's sending.
    pub batch_window: SimDuration,
    /// From a receive until the message can be received again, unless it is done by then.
    pub visibility: SimDuration,
    /// Receives until a message is given up, 1 to 1000.
    pub max_receive: u64,
    /// Pollers at first and after the queue was idle, 1 to 10,000.
    pub pollers_start: u64,
    /// How many are added in a minute, continuously, while a batch waits for one; 0 to 1e6.
    pub pollers_per_min: f64,
    /// The most pollers.
    pub pollers_max: u64,
    /// The most calls of the function at a time. `None`: as many as pollers.
    pub max_concurrency: Option<u64>,
    /// The messages that always fail, by number; the first is 1.
    pub poison: Vec<u64>,
    /// The share of all others that always fail, 0 to 1.
    pub poison_share: f64,
    /// Whether the function tells which messages failed, so that only they come back.
    pub partial_batch: bool,
    /// Whether messages are given up after `max_receive`; without, they come back until the run's
    /// duration is over.
    pub dead_letter: bool,
    /// What stands behind the function takes so many messages a second, one after the other; a call
    /// ends when its last message is through. `None`: no limit.
    pub backend_capacity_per_s: Option<f64>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_per_s: 10.0 },
            service: Law::Constant(SimDuration::from_millis(200)),
            batch_size: 10,
            batch_window: SimDuration::ZERO,
            visibility: SimDuration::from_secs(30),
            max_receive: 3,
            pollers_start: 5,
            pollers_per_min: 300.0,
            pollers_max: 1250,
            max_concurrency: None,
            poison: Vec::new(),
            poison_share: 0.0,
            partial_batch: false,
            dead_letter: true,
            backend_capacity_per_s: None,
        }
    }
}

/// What the metrics of this model mean.
pub const DEFINITIONS: &[Definition] = &[
    Definition { name: "messages", unit: "", meaning: "messages sent" },
    Definition {
        name: "deliveries",
        unit: "",
        meaning: "messages handed to the function, each as often as it was",
    },
    Definition { name: "done", unit: "", meaning: "messages that succeeded and left the queue" },
    Definition {
        name: "dead_lettered",
        unit: "",
        meaning: "messages given up after too many receives",
    },
    Definition {
        name: "duplicates",
        unit: "",
        meaning: "deliveries that succeeded after the message was already done or given up: work done twice",
    },
    Definition {
        name: "backlog_max",
        unit: "",
        meaning: "most messages at one time that waited to be received",
    },
    Definition {
        name: "age_max_s",
        unit: "s",
        meaning: "longest time from a message's sending until it was done or given up",
    },
    Definition {
        name: "drained_at_s",
        unit: "s",
        meaning: "when the last message was done or given up, since the start",
    },
    Definition {
        name: "pollers_max_seen",
        unit: "",
        meaning: "most pollers at one time, busy or not",
    },
];

/// Runs the model once.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    check(params)?;
    bounded(events(params, run))?;
    Ok(engine::run(params, run, record::Nothing)?.0)
}

/// Runs the model once and tells what a picture needs, with the same metrics.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    check(params)?;
    bounded(events(params, run))?;
    let (metrics, recorder) = engine::run(params, run, record::Recorder::new(run, watch))?;
    Ok((metrics, recorder.finish()))
}

/// No formula holds for this model.
pub const fn theory(_params: &Params, _run: &Run) -> Metrics {
    Metrics::new()
}

/// A bound on the work: each message is sent and received `max_receive` times at the most. Messages
/// that come back for ever are counted while it runs.
pub fn events(params: &Params, run: &Run) -> f64 {
    let messages = params.arrivals.events(run.duration);
    let failing = params.poison_share > 0.0 || !params.poison.is_empty();
    let receives = if failing { params.max_receive } else { 1 };
    messages * (1.0 + 2.0 * as_f64(receives) / as_f64(params.batch_size.max(1)))
}

fn check(params: &Params) -> Result<(), Refused> {
    for (name, value, most) in [
        ("batch_size", params.batch_size, 10_000),
        ("max_receive", params.max_receive, 1000),
        ("pollers_start", params.pollers_start, 10_000),
        ("pollers_max", params.pollers_max, 1_000_000),
    ] {
        within(name, value, 1..=most)?;
    }
    set_within("max_concurrency", params.max_concurrency, 1..=1_000_000)?;
    within("pollers_per_min", params.pollers_per_min, 0.0..=1e6)?;
    within("poison_share", params.poison_share, 0.0..=1.0)?;
    set_within("backend_capacity_per_s", params.backend_capacity_per_s, 1e-6..=1e9)?;
    if params.visibility.is_zero() {
        return Err(Refused("visibility must be longer than 0".to_owned()));
    }
    params.arrivals.check()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::acceptance::golden_run;

    #[test]
    fn what_seed_42_gives_for_ever() {
        let run = golden_run();
        let params = Params {
            arrivals: Arrivals::Poisson { rate_per_s: 50.0 },
            service: Law::Exponential { mean_s: 1.5 },
            poison_share: 0.02,
            visibility: SimDuration::from_secs(4),
            backend_capacity_per_s: Some(60.0),
            ..Params::default()
        };
        insta::assert_debug_snapshot!(super::run(&params, &run).unwrap(), @r#"
        {
            "age_max_s": 12.233383656,
            "backlog_max": 18.0,
            "dead_lettered": 94.0,
            "deliveries": 3251.0,
            "done": 2726.0,
            "drained_at_s": 70.770405316,
            "duplicates": 217.0,
            "messages": 2820.0,
            "pollers_max_seen": 93.0,
        }
        "#);
    }

    #[test]
    fn values_out_of_range_are_refused_with_the_range() {
        let run = Run {
            seed: 1,
            duration: SimDuration::from_secs(1_000_000_000),
            warm_up: SimDuration::ZERO,
        };
        let plain = Params::default();
        for (params, part) in [
            (Params { batch_size: 0, ..plain.clone() }, "batch_size must be in 1 to 10000, not 0"),
            (Params { poison_share: 2.0, ..plain.clone() }, "poison_share must be in 0 to 1"),
            (Params { pollers_per_min: f64::NAN, ..plain.clone() }, "pollers_per_min must be in"),
            (Params { visibility: SimDuration::ZERO, ..plain.clone() }, "visibility must be"),
            (plain, "a run may have 50 million"),
        ] {
            let refused = super::run(&params, &run).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused}");
        }
    }
}
