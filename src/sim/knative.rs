//! Pods under Knative's autoscaler: it measures concurrency over a long and a short window, decides
//! every two seconds, and panics where the short one runs away.

mod decision;
mod engine;
mod history;
mod windows;

pub use decision::{Autoscaler, Spec};
pub use history::{History, Stretch};

use super::arrivals::Arrivals;
use super::law::Law;
use super::metric::Definition;
use super::time::{SimDuration, SimTime};
use super::{Metrics, Refused, Run, Watch, bounded, set_within, within};

/// What a scenario may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When requests come.
    pub arrivals: Arrivals,
    /// How long a request takes in a pod.
    pub service: Law,
    /// Requests that a pod takes at a time, 1 to 100,000; more wait for one. `None`: unlimited, and
    /// the autoscaler reckons with 100.
    pub container_concurrency: Option<u64>,
    /// The share of that concurrency that the autoscaler aims at, 0.1 to 1.
    pub target_utilization: f64,
    /// The long window, 6 s to 1 h, in whole seconds.
    pub stable_window: SimDuration,
    /// The short window as a percentage of the long one, 1 to 100; at least 1 s.
    pub panic_window_percent: f64,
    /// Panic begins where the short window asks for so many times the ready pods, 1.1 to 10.
    pub panic_threshold: f64,
    /// At most so many times the ready pods in one decision, above 1.
    pub max_scale_up_rate: f64,
    /// At least the ready pods divided by this in one decision, above 1.
    pub max_scale_down_rate: f64,
    /// How long the last pod stays after none is wanted.
    pub scale_to_zero_grace: SimDuration,
    /// From the decision until a pod is ready.
    pub pod_start: SimDuration,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_per_s: 10.0 },
            service: Law::Constant(SimDuration::from_millis(200)),
            container_concurrency: None,
            target_utilization: 0.7,
            stable_window: SimDuration::from_secs(60),
            panic_window_percent: 10.0,
            panic_threshold: 2.0,
            max_scale_up_rate: 1000.0,
            max_scale_down_rate: 2.0,
            scale_to_zero_grace: SimDuration::from_secs(30),
            pod_start: SimDuration::from_secs(3),
        }
    }
}

/// What the autoscaler saw and wanted at one decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// When.
    pub at: SimTime,
    /// Mean requests in the system over the long window.
    pub stable: f64,
    /// The same over the short one.
    pub panic: f64,
    /// Pods wanted.
    pub desired: u64,
    /// Pods that took requests before the decision.
    pub ready: u64,
    /// Requests that waited for a pod.
    pub waiting: u64,
    /// Whether it is in panic.
    pub panicking: bool,
}

/// What the metrics of this model mean.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "pods_max",
        unit: "",
        meaning: "most pods at one time, ready, starting or finishing their last requests",
    },
    Definition {
        name: "panic_enter_s",
        unit: "s",
        meaning: "when the autoscaler first panicked, since the start",
    },
    Definition {
        name: "panic_exit_s",
        unit: "s",
        meaning: "when that first panic ended, since the start",
    },
    Definition {
        name: "cold_starts",
        unit: "",
        meaning: "requests that came when no pod was ready",
    },
    Definition {
        name: "latency_ms_p50",
        unit: "ms",
        meaning: "from a request's arrival to its answer, half are below; waiting for a pod counts",
    },
    Definition {
        name: "latency_ms_p99",
        unit: "ms",
        meaning: "from a request's arrival to its answer, 99 % are below; waiting for a pod counts",
    },
];

/// Runs the model once.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    observed(params, run, &mut |_: Tick| {})
}

/// Runs the model once and keeps every decision.
pub fn series(params: &Params, run: &Run) -> Result<(Metrics, Vec<Tick>), Refused> {
    let mut ticks = Vec::new();
    let metrics = observed(params, run, &mut |tick: Tick| ticks.push(tick))?;
    Ok((metrics, ticks))
}

/// The same run, with what its picture needs: decisions and waiting requests in stretches of time.
/// Refused with "cancelled" where `watch` ends it.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    let mut recording = history::Recording::new(run, watch);
    let metrics = observed(params, run, &mut recording)?;
    Ok((metrics, recording.finish()))
}

fn observed(
    params: &Params,
    run: &Run,
    recorder: &mut impl engine::Recorder,
) -> Result<Metrics, Refused> {
    check(params)?;
    bounded(events(params, run))?;
    engine::run(params, run, recorder)
}

/// No formula holds for this model.
pub const fn theory(_params: &Params, _run: &Run) -> Metrics {
    Metrics::new()
}

/// A bound on the work but for starting pods, which are counted while it runs.
pub fn events(params: &Params, run: &Run) -> f64 {
    2.0 * params.arrivals.expected(run.duration) + run.duration.as_secs_f64() / 2.0
}

fn check(params: &Params) -> Result<(), Refused> {
    for (name, value, least, most) in [
        ("target_utilization", params.target_utilization, 0.1, 1.0),
        ("stable_window in seconds", params.stable_window.as_secs_f64(), 6.0, 3600.0),
        ("panic_window_percent", params.panic_window_percent, 1.0, 100.0),
        ("panic_threshold", params.panic_threshold, 1.1, 10.0),
        ("max_scale_up_rate", params.max_scale_up_rate, 1.01, 1e6),
        ("max_scale_down_rate", params.max_scale_down_rate, 1.01, 1e6),
    ] {
        within(name, value, least..=most)?;
    }
    set_within("container_concurrency", params.container_concurrency, 1..=100_000)?;
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
            service: Law::Exponential { mean_s: 0.5 },
            container_concurrency: Some(4),
            ..Params::default()
        };
        insta::assert_debug_snapshot!(super::run(&params, &run).unwrap(), @r#"
        {
            "cold_starts": 0.0,
            "latency_ms_p50": 366.34624,
            "latency_ms_p99": 2496.659456,
            "panic_enter_s": 2.0,
            "pods_max": 53.0,
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
            (Params { target_utilization: 0.0, ..plain.clone() }, "target_utilization must be in"),
            (Params { panic_threshold: f64::NAN, ..plain.clone() }, "panic_threshold must be in"),
            (Params { container_concurrency: Some(0), ..plain.clone() }, "container_concurrency"),
            (plain, "a run may have 50 million"),
        ] {
            let refused = super::run(&params, &run).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused}");
        }
    }
}
