//! What is counted in a run, as integers, and the metrics made of it.
//!
//! A request counts where it first came in the window from `warm_up` to `duration`; what happens
//! to it later counts with it, for what is in flight at the end is drained. Times (of running,
//! of idling, of being alive) count as far as they lie in the window.

use super::request::gb_seconds;
use super::{Params, kernel::Window};
use crate::sim::arrivals::Arrivals;
use crate::sim::histogram::Histogram;
use crate::sim::prices::{Arch, Prices};
use crate::sim::time::{SimDuration, as_f64};
use crate::sim::{Metrics, Run};

/// What is counted for each function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Requests that came.
    pub requests: u64,
    /// Their tries.
    pub attempts: u64,
    /// Requests that ran to their end.
    pub served: u64,
    /// Requests served for which an environment started.
    pub cold_starts: u64,
    /// Tries turned away.
    pub throttled: u64,
    /// Requests that gave up.
    pub lost: u64,
    /// Nanoseconds of requests running (starts included) in the window.
    pub running_ns: u128,
}

/// The counters of one run; both engines keep the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Counters {
    /// By function, in their order; at least one.
    pub flows: Vec<Flow>,
    /// Nanoseconds of environments without a request.
    pub idle_ns: u128,
    /// Nanoseconds of environments.
    pub servers_ns: u128,
    /// Nanoseconds that are paid for: of counted requests running, starts included.
    pub billed_ns: u128,
    /// Those of them on provisioned environments, which have another price.
    pub billed_provisioned_ns: u128,
    /// The most environments at once.
    pub servers_max: u64,
    /// The most requests that one environment served.
    pub served_per_env_max: u64,
    /// Requests running or waiting for another try when the window ended.
    pub in_flight_end: u64,
    /// Environments gone in the window, and the nanoseconds they lived.
    pub gone: u64,
    /// See `gone`.
    pub lifespan_ns: u128,
    /// From a request's coming to its end.
    pub latency: Histogram,
    /// When the first counted try was turned away, in ns.
    pub first_throttle: Option<u64>,
    /// When the last one was.
    pub last_throttle: Option<u64>,
    /// When the last request ended, in ns.
    pub last_end: u64,
    /// The running requests against a sine.
    pub wave: Option<Wave>,
}

impl Counters {
    pub(super) fn new(params: &Params, window: Window) -> Self {
        Self {
            flows: vec![Flow::default(); params.functions.len().max(1)],
            idle_ns: 0,
            servers_ns: 0,
            billed_ns: 0,
            billed_provisioned_ns: 0,
            servers_max: 0,
            served_per_env_max: 0,
            in_flight_end: 0,
            gone: 0,
            lifespan_ns: 0,
            latency: Histogram::new(),
            first_throttle: None,
            last_throttle: None,
            last_end: 0,
            wave: Wave::of(&params.arrivals, window),
        }
    }

    /// A counted try was turned away.
    pub(super) fn throttle(&mut self, function: usize, now: u64) {
        self.flows[function].throttled += 1;
        self.first_throttle.get_or_insert(now);
        self.last_throttle = Some(now);
    }

    /// All flows together.
    pub fn total(&self) -> Flow {
        self.flows.iter().fold(Flow::default(), |sum, flow| Flow {
            requests: sum.requests + flow.requests,
            attempts: sum.attempts + flow.attempts,
            served: sum.served + flow.served,
            cold_starts: sum.cold_starts + flow.cold_starts,
            throttled: sum.throttled + flow.throttled,
            lost: sum.lost + flow.lost,
            running_ns: sum.running_ns + flow.running_ns,
        })
    }

    /// The metrics. What has no meaning (a share of nothing, a throttle that never was) is absent.
    pub fn metrics(&self, params: &Params, run: &Run) -> Metrics {
        let window = Window::of(run);
        let mut metrics = Metrics::new();
        flow_metrics(&mut metrics, "", &self.total(), window);
        if !params.functions.is_empty() {
            for (function, flow) in params.functions.iter().zip(&self.flows) {
                flow_metrics(&mut metrics, &format!("{}.", function.name), flow, window);
            }
        }
        self.environment_metrics(&mut metrics, params, window);
        self.latency_metrics(&mut metrics);
        if let Some(wave) = &self.wave {
            wave.metrics(&mut metrics);
        }
        metrics
    }

    fn environment_metrics(&self, metrics: &mut Metrics, params: &Params, window: Window) {
        let provisioned_ns = window.span().saturating_mul(u64::from(params.provisioned));
        let places = as_f64(provisioned_ns) * f64::from(params.concurrency_per_env);
        let mut set = |name: &str, value: f64| {
            if value.is_finite() {
                metrics.insert(name.to_owned(), value);
            }
        };
        let span = as_f64(window.span());
        set("servers_mean", real(self.servers_ns) / span);
        set("idle_mean", real(self.idle_ns) / span);
        set("wasted", real(self.idle_ns) / real(self.servers_ns));
        set("servers_max", as_f64(self.servers_max));
        set("served_per_env_max", as_f64(self.served_per_env_max));
        set("in_flight_end", as_f64(self.in_flight_end));
        set("lifespan_mean_s", real(self.lifespan_ns) / 1e9 / as_f64(self.gone));
        set("last_end_s", as_f64(self.last_end) / 1e9);
        set("first_throttle_s", self.first_throttle.map_or(f64::NAN, as_f64) / 1e9);
        set("last_throttle_s", self.last_throttle.map_or(f64::NAN, as_f64) / 1e9);
        set("provisioned_used", real(self.billed_provisioned_ns) / places);
        // Where requests share an environment, another meter runs.
        if params.concurrency_per_env == 1 {
            let gb_s = gb_seconds(clamped(self.billed_ns), params.memory_mb);
            set("gb_seconds", gb_s);
            set("cost_usd", self.cost_usd(params, gb_s, provisioned_ns));
        }
    }

    fn cost_usd(&self, params: &Params, gb_s: f64, provisioned_ns: u64) -> f64 {
        let prices = Prices::default();
        let on_provisioned = gb_seconds(clamped(self.billed_provisioned_ns), params.memory_mb);
        as_f64(self.total().served) * prices.request.usd
            + (gb_s - on_provisioned) * prices.gb_second_usd(Arch::X86)
            + on_provisioned * prices.provisioned_run(Arch::X86).usd
            + gb_seconds(provisioned_ns, params.memory_mb) * prices.provisioned(Arch::X86).usd
    }

    fn latency_metrics(&self, metrics: &mut Metrics) {
        let latency = &self.latency;
        let values = [
            ("latency_ms_mean", latency.mean_s().map(|it| it * 1e3)),
            ("latency_ms_max", latency.max().map(SimDuration::as_ms_f64)),
            ("latency_ms_p50", latency.quantile(0.5).map(SimDuration::as_ms_f64)),
            ("latency_ms_p95", latency.quantile(0.95).map(SimDuration::as_ms_f64)),
            ("latency_ms_p99", latency.quantile(0.99).map(SimDuration::as_ms_f64)),
            ("latency_ms_p999", latency.quantile(0.999).map(SimDuration::as_ms_f64)),
        ];
        metrics.extend(values.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?))));
    }
}

fn flow_metrics(metrics: &mut Metrics, prefix: &str, flow: &Flow, window: Window) {
    let mut set = |name: &str, value: f64| {
        if value.is_finite() {
            metrics.insert(format!("{prefix}{name}"), value);
        }
    };
    set("requests", as_f64(flow.requests));
    set("attempts", as_f64(flow.attempts));
    set("served", as_f64(flow.served));
    set("cold_starts", as_f64(flow.cold_starts));
    set("throttled", as_f64(flow.throttled));
    set("lost", as_f64(flow.lost));
    set("p_cold", as_f64(flow.cold_starts) / as_f64(flow.served));
    set("p_throttled", as_f64(flow.throttled) / as_f64(flow.attempts));
    set("running_mean", real(flow.running_ns) / as_f64(window.span()));
}

/// How the requests running follow a sine of arrivals, over whole periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    omega: f64,
    window: Window,
    sine: f64,
    cosine: f64,
}

impl Wave {
    fn of(arrivals: &Arrivals, window: Window) -> Option<Self> {
        let Arrivals::Sine { period, .. } = arrivals else { return None };
        let periods = window.span().checked_div(period.0).filter(|&it| it > 0)?;
        let to = window.from + periods * period.0;
        let omega = std::f64::consts::TAU / period.as_secs_f64();
        Some(Self { omega, window: Window { from: window.from, to }, sine: 0.0, cosine: 0.0 })
    }

    /// A request ran from `begin` to `end`.
    pub(super) fn ran(&mut self, begin: u64, end: u64) {
        let (begin, end) = (begin.max(self.window.from), end.min(self.window.to));
        if begin < end {
            let (at_begin, at_end) = (self.phase(begin), self.phase(end));
            self.sine += libm::cos(at_begin) - libm::cos(at_end);
            self.cosine += libm::sin(at_end) - libm::sin(at_begin);
        }
    }

    fn phase(&self, at: u64) -> f64 {
        self.omega * (as_f64(at) / 1e9)
    }

    fn metrics(&self, metrics: &mut Metrics) {
        let scale = 2.0 / (self.omega * as_f64(self.window.span()) / 1e9);
        let (sine, cosine) = (self.sine * scale, self.cosine * scale);
        let amplitude = (sine * sine + cosine * cosine).sqrt();
        let lag = libm::atan2(-cosine, sine);
        let lag = if lag < 0.0 { lag + std::f64::consts::TAU } else { lag };
        metrics.insert("running_amplitude".to_owned(), amplitude);
        metrics.insert("running_lag_s".to_owned(), lag / self.omega);
    }
}

/// A sum of nanoseconds as a real number.
#[expect(clippy::cast_precision_loss, reason = "a mean needs no more than 53 bits")]
fn real(ns: u128) -> f64 {
    ns as f64
}

fn clamped(ns: u128) -> u64 {
    u64::try_from(ns).unwrap_or(u64::MAX)
}
