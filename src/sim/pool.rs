//! Model `pool`: a fixed number of servers behind one queue, first come first served.

mod history;

pub use history::{History, Level, Served};

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::arrivals::Arrivals;
use super::histogram::Histogram;
use super::law::Law;
use super::metric::Definition;
use super::rng::{Draws, Stream};
use super::theory::{erlang, single_server};
use super::time::{SimDuration, SimTime, as_f64};
use super::{Metrics, Refused, Run, Watch, bounded, within};

/// The parameters of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When requests come.
    pub arrivals: Arrivals,
    /// How long a server works on one.
    pub service: Law,
    /// How many servers there are, 1 to a million.
    pub servers: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self { arrivals: Arrivals::default(), service: Law::default(), servers: 1 }
    }
}

/// The most servers.
const SERVERS_MAX: u64 = 1_000_000;

/// What the model measures, over the requests that arrive after the warm-up.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "wait_mean_s",
        unit: "s",
        meaning: "time in the queue before service, mean over all requests",
    },
    Definition {
        name: "wait_s_p99",
        unit: "s",
        meaning: "time in the queue that 99 % of all requests stay within",
    },
    Definition {
        name: "p_wait",
        unit: "",
        meaning: "share of all requests that find every server busy and wait",
    },
    Definition {
        name: "sojourn_mean_s",
        unit: "s",
        meaning: "time from arrival to departure, mean over all requests",
    },
    Definition {
        name: "sojourn_s_p50",
        unit: "s",
        meaning: "time from arrival to departure that 50 % of all requests stay within",
    },
    Definition {
        name: "sojourn_s_p95",
        unit: "s",
        meaning: "time from arrival to departure that 95 % of all requests stay within",
    },
    Definition {
        name: "sojourn_s_p99",
        unit: "s",
        meaning: "time from arrival to departure that 99 % of all requests stay within",
    },
    Definition {
        name: "utilisation",
        unit: "",
        meaning: "share of the servers' time between warm-up and end that they are busy",
    },
    Definition {
        name: "queue_max",
        unit: "requests",
        meaning: "most requests waiting at once, those in service not counted",
    },
];

/// A bound on the events of a run: an arrival and a departure for each request.
pub fn events(params: &Params, run: &Run) -> f64 {
    2.0 * params.arrivals.events(run.duration)
}

/// Simulates the queue. Each server's next free instant is enough: whoever comes first takes the
/// server that is free first.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    served(params, run, &mut Unrecorded)
}

/// The same run, with what its picture needs: the first requests one by one and the whole in ticks.
/// Refused with "cancelled" where `watch` ends it.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    let mut recorder = history::Recording::new(params, run, watch);
    let metrics = served(params, run, &mut recorder)?;
    Ok((metrics, recorder.history))
}

/// Is told each request as it comes; says whether to go on.
trait Recorder {
    fn request(&mut self, at: SimTime, start: SimTime, end: SimTime, waiting: usize) -> bool;
}

struct Unrecorded;

impl Recorder for Unrecorded {
    #[inline]
    fn request(&mut self, _: SimTime, _: SimTime, _: SimTime, _: usize) -> bool {
        true
    }
}

fn served(params: &Params, run: &Run, recorder: &mut impl Recorder) -> Result<Metrics, Refused> {
    within("servers", params.servers, 1..=SERVERS_MAX)?;
    params.arrivals.check()?;
    bounded(events(params, run))?;
    let mut pool = Pool::new(params.servers);
    let mut measured = Measured::new(run);
    let draws = Draws::new(run.seed);
    for (index, at) in (0..).zip(params.arrivals.times(run.seed, run.duration)) {
        let service = params.service.sample(&mut draws.at(Stream::Service, index));
        let start = pool.serve(at, service);
        let (end, waiting) = (start + service, pool.waiting.len());
        measured.request(at, start, end, waiting);
        if !recorder.request(at, start, end, waiting) {
            return Err(Refused::cancelled());
        }
    }
    Ok(measured.metrics(params.servers))
}

struct Pool {
    free_from: BinaryHeap<Reverse<SimTime>>,
    /// When the requests that wait will start, in order.
    waiting: VecDeque<SimTime>,
}

impl Pool {
    fn new(servers: u64) -> Self {
        Self {
            free_from: (0..servers).map(|_| Reverse(SimTime::ZERO)).collect(),
            waiting: VecDeque::new(),
        }
    }

    /// Takes the request that arrives at `at`; says when its service starts.
    #[inline]
    fn serve(&mut self, at: SimTime, service: SimDuration) -> SimTime {
        while self.waiting.front().is_some_and(|start| *start <= at) {
            self.waiting.pop_front();
        }
        let Some(mut free) = self.free_from.peek_mut() else { return at };
        let start = free.0.max(at);
        free.0 = start + service;
        drop(free);
        if start > at {
            self.waiting.push_back(start);
        }
        start
    }
}

/// What is counted of the requests that arrive between the warm-up and the end.
struct Measured {
    from: SimTime,
    until: SimTime,
    waits: Histogram,
    sojourns: Histogram,
    waited: u64,
    busy_ns: u128,
    queue_max: u64,
}

impl Measured {
    fn new(run: &Run) -> Self {
        Self {
            from: SimTime(run.warm_up.0),
            until: SimTime(run.duration.0),
            waits: Histogram::new(),
            sojourns: Histogram::new(),
            waited: 0,
            busy_ns: 0,
            queue_max: 0,
        }
    }

    #[inline]
    fn request(&mut self, at: SimTime, start: SimTime, end: SimTime, waiting: usize) {
        let busy = end.min(self.until) - start.max(self.from);
        self.busy_ns += u128::from(busy.0);
        if at < self.from {
            return;
        }
        self.waits.record(start - at);
        self.sojourns.record(end - at);
        self.waited += u64::from(start > at);
        self.queue_max = self.queue_max.max(waiting as u64);
    }

    fn metrics(&self, servers: u64) -> Metrics {
        let mut metrics = Metrics::new();
        let mut say = |name: &str, value: Option<f64>| {
            if let Some(value) = value {
                metrics.insert(name.to_owned(), value);
            }
        };
        let quantile = |of: &Histogram, q: f64| of.quantile(q).map(SimDuration::as_secs_f64);
        let count = as_f64(self.waits.count());
        say("wait_mean_s", self.waits.mean_s());
        say("wait_s_p99", quantile(&self.waits, 0.99));
        say("p_wait", (count > 0.0).then(|| as_f64(self.waited) / count));
        say("sojourn_mean_s", self.sojourns.mean_s());
        say("sojourn_s_p50", quantile(&self.sojourns, 0.5));
        say("sojourn_s_p95", quantile(&self.sojourns, 0.95));
        say("sojourn_s_p99", quantile(&self.sojourns, 0.99));
        let window = u128::from((self.until - self.from).0) * u128::from(servers);
        say("utilisation", share(self.busy_ns, window));
        say("queue_max", Some(as_f64(self.queue_max)));
        metrics
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share of two areas")]
fn share(part: u128, whole: u128) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The exact values in the steady state: for Poisson arrivals, fewer than the servers can take, and
/// exponential service (O5, and O6 where there is one server) or one server with any service (O6).
pub fn theory(params: &Params, _run: &Run) -> Metrics {
    let (Some(rate), service_s) = (params.arrivals.poisson_rate(), params.service.mean_s()) else {
        return Metrics::new();
    };
    let exponential = matches!(params.service, Law::Exponential { .. });
    let known = if exponential {
        delay(params.servers, rate, service_s)
    } else if params.servers == 1 {
        single(rate, service_s, params.service.cv())
    } else {
        None
    };
    let known = known.unwrap_or_default();
    known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn delay(servers: u64, rate: f64, service_s: f64) -> Option<Vec<(&'static str, f64)>> {
    let delay = erlang::delay(servers, rate, service_s)?;
    let mut known = vec![
        ("wait_mean_s", delay.wait_mean_s),
        ("wait_s_p99", delay.wait_quantile_s(0.99)),
        ("p_wait", delay.p_wait),
        ("sojourn_mean_s", delay.wait_mean_s + service_s),
        ("utilisation", delay.utilisation),
    ];
    if servers == 1 {
        for (name, q) in [("sojourn_s_p50", 0.5), ("sojourn_s_p95", 0.95), ("sojourn_s_p99", 0.99)]
        {
            known.push((name, single_server::sojourn_quantile_s(rate, 1.0 / service_s, q)?));
        }
    }
    Some(known)
}

fn single(rate: f64, service_s: f64, cv: f64) -> Option<Vec<(&'static str, f64)>> {
    let wait_mean_s = single_server::wait_mean_s(rate, 1.0 / service_s, cv)?;
    let utilisation = rate * service_s;
    Some(vec![
        ("wait_mean_s", wait_mean_s),
        ("p_wait", utilisation),
        ("sojourn_mean_s", wait_mean_s + service_s),
        ("utilisation", utilisation),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const S: fn(u64) -> SimDuration = SimDuration::from_secs;

    fn poisson(rate_per_s: f64, service: Law, servers: u64) -> Params {
        Params { arrivals: Arrivals::Poisson { rate_per_s }, service, servers }
    }

    fn exponential(rate_per_s: f64, servers: u64) -> Params {
        poisson(rate_per_s, Law::exponential(1.0).unwrap(), servers)
    }

    fn seeded(seed: u64, requests: f64, params: &Params) -> Run {
        let rate = params.arrivals.poisson_rate().unwrap();
        let duration = SimDuration::from_secs_f64(requests / rate);
        Run { seed, duration, warm_up: SimDuration(duration.0 / 50) }
    }

    #[test]
    fn a_day_at_the_counter() {
        let arrivals = Arrivals::Burst { at: SimTime(0), size: 5 };
        let params = Params { arrivals, service: Law::constant(3.0).unwrap(), servers: 2 };
        let metrics = run(&params, &Run { seed: 1, duration: S(9), warm_up: S(0) }).unwrap();
        for (name, value) in [
            ("wait_mean_s", 2.4),
            ("wait_s_p99", 6.0),
            ("p_wait", 0.6),
            ("sojourn_mean_s", 5.4),
            ("sojourn_s_p50", 6.0),
            ("sojourn_s_p95", 9.0),
            ("sojourn_s_p99", 9.0),
            ("utilisation", 15.0 / 18.0),
            ("queue_max", 3.0),
        ] {
            // Quantiles are good to three digits.
            let digits = if name.contains("_p") { value / 2000.0 } else { 1e-12 };
            assert!((metrics[name] - value).abs() <= digits, "{name}: {} {value}", metrics[name]);
        }
        assert_eq!(metrics.len(), DEFINITIONS.len());
        for name in metrics.keys() {
            assert!(super::super::metric::definition("pool", name).is_some(), "{name}");
        }
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        let metrics = run(&Params::default(), &Run { seed: 1, duration: S(9), warm_up: S(0) });
        let metrics = metrics.unwrap();
        let names: Vec<&str> = metrics.keys().map(String::as_str).collect();
        assert_eq!(names, ["queue_max", "utilisation"]);
        assert!(theory(&exponential(1.0, 1), &seeded(1, 10.0, &exponential(1.0, 1))).is_empty());
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        let refused = |params: &Params| {
            run(params, &Run { seed: 1, duration: S(1_000_000_000), warm_up: S(0) }).unwrap_err().0
        };
        assert_eq!(refused(&exponential(1.0, 0)), "servers must be in 1 to 1000000, not 0");
        assert!(refused(&exponential(f64::NAN, 1)).contains("rate_per_s"));
        assert!(refused(&exponential(1.0, 1)).contains("50 million"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Against a queue that is stepped request by request over a plain list of servers.
        #[test]
        fn the_same_as_a_plain_queue(
            gaps in prop::collection::vec(0u64..20, 1..60),
            servers in 1usize..5,
        ) {
            let mut clock = 0;
            let times: Vec<SimTime> = gaps.iter().map(|gap| { clock += gap; SimTime(clock) }).collect();
            let service = Law::Constant(SimDuration(17));
            let mut pool = Pool::new(servers as u64);
            let mut free = vec![0u64; servers];
            let mut starts = Vec::new();
            for at in &times {
                let first = free.iter_mut().min().unwrap();
                let start = (*first).max(at.0);
                *first = start + 17;
                starts.push(start);
                prop_assert_eq!(pool.serve(*at, SimDuration(17)).0, start);
                let waiting = starts.iter().filter(|start| **start > at.0).count();
                prop_assert_eq!(pool.waiting.len(), waiting);
            }
            let params =
                Params { arrivals: Arrivals::Trace(times), service, servers: servers as u64 };
            let end = SimDuration(clock + 17 * gaps.len() as u64);
            let metrics = run(&params, &Run { seed: 1, duration: end, warm_up: S(0) }).unwrap();
            // Work is conserved.
            let busy = metrics["utilisation"] * as_f64(end.0) * as_f64(servers as u64);
            prop_assert!((busy - as_f64(17 * gaps.len() as u64)).abs() < 1e-3);
        }
    }
}
