//! Messages with keys through one queue: what comes out of order, what is done twice, and what an
//! idempotency store saves.

mod engine;
mod history;
mod record;

pub use history::{Delivery, History, KEYS_TOLD, KeyHistory, Outcome, Tick};

use super::arrivals::Arrivals;
use super::law::Law;
use super::metric::Definition;
use super::time::{SimDuration, as_f64};
use super::{Metrics, Refused, Run, Watch, bounded, within};

/// What a scenario may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When messages are sent.
    pub arrivals: Arrivals,
    /// How many keys there are, each as likely, 1 to 100,000.
    pub keys: u64,
    /// How long a consumer takes with a message.
    pub service: Law,
    /// What the queue promises.
    pub mode: Mode,
    /// The share of messages that the queue delivers once more, at any time within 30 s, 0 to 1.
    pub duplicate_p: f64,
    /// The share of deliveries whose consumer crashes when the effect has happened and before it
    /// says so, 0 to 0.99; the message comes back 30 s later.
    pub crash_p: f64,
    /// What the consumer does against double effects.
    pub idempotency: Idempotency,
    /// How long a claim holds. `None`: for ever.
    pub ttl: Option<SimDuration>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_per_s: 10.0 },
            keys: 10,
            service: Law::Exponential { mean_s: 0.2 },
            mode: Mode::Standard,
            duplicate_p: 0.0,
            crash_p: 0.0,
            idempotency: Idempotency::None,
            ttl: None,
        }
    }
}

/// What the queue promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every message is delivered as soon as it is there.
    Standard,
    /// Those of a key one after the other: the next when the one before is acknowledged.
    Fifo,
}

/// What a consumer does before it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Nothing.
    None,
    /// It claims the message in a store by a conditional write, and drops it at once where the claim
    /// is taken.
    Claim,
}

/// What the metrics of this model mean.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "out_of_order",
        unit: "",
        meaning: "messages whose effect first happened after that of a later message of the same key",
    },
    Definition {
        name: "duplicates",
        unit: "",
        meaning: "deliveries beyond the first of each message",
    },
    Definition {
        name: "double_effects",
        unit: "",
        meaning: "effects beyond the first of each message",
    },
    Definition {
        name: "throughput_per_s",
        unit: "/s",
        meaning: "messages whose effect first happened while messages are sent, a second",
    },
    Definition {
        name: "blocked_max_s",
        unit: "s",
        meaning: "longest time that a message waited for the ones before it of its key",
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
    let recorder = record::Recorder::new(params, run, watch);
    let (metrics, recorder) = engine::run(params, run, recorder)?;
    Ok((metrics, recorder.finish()))
}

/// The expected counts: each message is delivered once, again with `duplicate_p`, and after every
/// crash; each delivery has its effect unless a claim that holds for ever prevents it.
pub fn theory(params: &Params, run: &Run) -> Metrics {
    let span = run.duration.saturating_sub(run.warm_up);
    let Some(rate) = params.arrivals.poisson_rate() else { return Metrics::new() };
    let messages = rate * span.as_secs_f64();
    let more = match (params.idempotency, params.ttl) {
        (Idempotency::None, _) => (1.0 + params.duplicate_p) / (1.0 - params.crash_p) - 1.0,
        // A claim stops the second delivery, and what was not done does not crash.
        (Idempotency::Claim, None) => params.duplicate_p + params.crash_p,
        (Idempotency::Claim, Some(_)) => return Metrics::new(),
    };
    let double = if params.idempotency == Idempotency::None { more } else { 0.0 };
    [("duplicates", messages * more), ("double_effects", messages * double)]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

/// The work to expect.
pub fn events(params: &Params, run: &Run) -> f64 {
    let messages = params.arrivals.expected(run.duration);
    messages * (1.0 + 2.0 * (1.0 + params.duplicate_p) / (1.0 - params.crash_p))
        + as_f64(params.keys)
}

fn check(params: &Params) -> Result<(), Refused> {
    within("keys", params.keys, 1..=100_000)?;
    within("duplicate_p", params.duplicate_p, 0.0..=1.0)?;
    within("crash_p", params.crash_p, 0.0..=0.99)?;
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
            mode: Mode::Fifo,
            duplicate_p: 0.1,
            crash_p: 0.05,
            idempotency: Idempotency::Claim,
            ttl: Some(SimDuration::from_secs(20)),
            ..Params::default()
        };
        insta::assert_debug_snapshot!(super::run(&params, &run).unwrap(), @r#"
        {
            "blocked_max_s": 727.347683889,
            "double_effects": 379.0,
            "duplicates": 438.0,
            "out_of_order": 0.0,
            "throughput_per_s": 4.218181818181818,
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
            (Params { keys: 0, ..plain.clone() }, "keys must be in 1 to 100000, not 0"),
            (Params { crash_p: 1.0, ..plain.clone() }, "crash_p must be in 0 to 0.99, not 1"),
            (Params { duplicate_p: f64::NAN, ..plain.clone() }, "duplicate_p must be in 0 to 1"),
            (plain, "a run may have 50 million"),
        ] {
            let refused = super::run(&params, &run).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused}");
        }
    }
}
