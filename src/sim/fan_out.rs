//! A request that asks many branches at once and waits for all of them, or for the first few.

mod history;

pub use history::{Asked, Branch, History, eighth, eighth_begins_s};

use super::arrivals::Arrivals;
use super::histogram::Histogram;
use super::law::Law;
use super::metric::Definition;
use super::rng::{Draws, Stream, Xoshiro256pp};
use super::theory::fan_out as exact;
use super::time::{SimDuration, SimTime, as_f64};
use super::{Metrics, Refused, Run, Watch, bounded, within};

/// The metrics of this model.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "latency_ms_mean",
        unit: "ms",
        meaning: "from asking until enough branches have answered, mean over requests",
    },
    Definition {
        name: "latency_ms_p50",
        unit: "ms",
        meaning: "the time within which half of the requests are answered",
    },
    Definition {
        name: "latency_ms_p99",
        unit: "ms",
        meaning: "the time within which 99 % of requests are answered",
    },
    Definition {
        name: "latency_ms_p999",
        unit: "ms",
        meaning: "the time within which 99.9 % of requests are answered",
    },
    Definition {
        name: "p_any_slow",
        unit: "",
        meaning: "the share of requests of which at least one branch answers later than 99 % of \
                  single tries do",
    },
    Definition {
        name: "extra_load",
        unit: "",
        meaning: "second tries sent, as a share of the first tries",
    },
];

/// Who is asked and how long it takes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When requests come. They do not meet, so only their number matters.
    pub arrivals: Option<Arrivals>,
    /// The number of requests where there are no `arrivals`, 1 to 5·10⁷.
    pub requests: u64,
    /// Branches that each request asks, 1 to 100,000.
    pub branches: u32,
    /// How long a try of a branch takes; tries are independent.
    pub leaf: Law,
    /// Answers that a request waits for, 1 to `branches`; `None` waits for all.
    pub quorum: Option<u32>,
    /// After this long, each branch that has not answered is asked a second time, and its first
    /// answer counts; not once the request is done.
    pub hedge_at: Option<SimDuration>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arrivals: None,
            requests: 10_000,
            branches: 10,
            leaf: Law::Exponential { mean_s: 0.01 },
            quorum: None,
            hedge_at: None,
        }
    }
}

/// The work of a run: a branch asked is an event, a second try another.
pub fn events(params: &Params, run: &Run) -> f64 {
    let tries = if params.hedge_at.is_some() { 2.0 } else { 1.0 };
    requests(params, run) * f64::from(params.branches) * tries
}

/// Asks and waits.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    asked(params, run, Unrecorded)
}

/// The same run, with what its picture needs: the first requests branch by branch, and how long
/// branches and requests took. Refused with "cancelled" where `watch` ends it.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    let mut told = History::default();
    let metrics = asked(params, run, history::Recording::new(params, run, &mut told, watch))?;
    Ok((metrics, told))
}

/// Is told each request, step by step.
trait Recorder {
    /// How long single tries stay under but for one in a hundred.
    fn slow(&mut self, slow: SimDuration);
    /// How long the first try of each branch takes.
    fn first_tries(&mut self, branches: &[SimDuration]);
    /// How long each branch takes, second tries counted.
    fn answers(&mut self, branches: &[SimDuration]);
    /// How long the request takes; says whether to go on.
    fn done(&mut self, latency: SimDuration, is_any_slow: bool) -> bool;
}

struct Unrecorded;

impl Recorder for Unrecorded {
    #[inline]
    fn slow(&mut self, _: SimDuration) {}

    #[inline]
    fn first_tries(&mut self, _: &[SimDuration]) {}

    #[inline]
    fn answers(&mut self, _: &[SimDuration]) {}

    #[inline]
    fn done(&mut self, _: SimDuration, _: bool) -> bool {
        true
    }
}

fn asked(params: &Params, run: &Run, recorder: impl Recorder) -> Result<Metrics, Refused> {
    check(params)?;
    bounded(events(params, run))?;
    let mut asking = Asking::new(params, run.seed, recorder);
    let cancelled = |goes_on| if goes_on { Ok(()) } else { Err(Refused::cancelled()) };
    if let Some(arrivals) = &params.arrivals {
        let warm = SimTime(run.warm_up.0);
        for (index, at) in (0..).zip(arrivals.times(run.seed, run.duration)) {
            if at >= warm {
                cancelled(asking.request(index))?;
            }
        }
    } else {
        (0..params.requests).try_for_each(|index| cancelled(asking.request(index)))?;
    }
    Ok(asking.metrics())
}

/// O7: order statistics, for every leaf whose distribution has a closed form; the mean where the
/// leaf is exponential and nothing is hedged.
pub fn theory(params: &Params, run: &Run) -> Metrics {
    let mut metrics = Metrics::new();
    let jumps = matches!(params.leaf, Law::Constant(_) | Law::Empirical(_))
        || matches!(params.leaf, Law::Normal { sigma_s, .. } if sigma_s <= 0.0)
        || matches!(params.leaf, Law::Lognormal { sigma, .. } if sigma <= 0.0);
    if check(params).is_err() || jumps {
        return metrics;
    }
    let (branches, quorum) = (params.branches, quorum(params));
    if params.hedge_at.is_none() {
        metrics.insert("p_any_slow".to_owned(), exact::any_slow(branches, 0.01));
        metrics.insert("extra_load".to_owned(), 0.0);
        if let Law::Exponential { mean_s } = params.leaf {
            let mean_ms = 1e3 * exact::quorum_mean(branches, quorum, mean_s);
            metrics.insert("latency_ms_mean".to_owned(), mean_ms);
        }
    }
    if params.leaf.share_within(1.0).is_none() {
        return metrics;
    }
    let leaf_within = |t: f64| params.leaf.share_within(t).unwrap_or(f64::NAN);
    let hedge_at = params.hedge_at.map(SimDuration::as_secs_f64);
    let within = |t: f64| match hedge_at {
        Some(hedge_at) => exact::hedged(t, hedge_at, leaf_within),
        None => leaf_within(t),
    };
    let done = |t: f64| exact::at_least(branches, quorum, within(t));
    let expected = requests(params, run);
    for (name, q) in QUANTILES {
        // The quantile of a run with hardly a request above it is not that of the law.
        if expected * (1.0 - q) < BEYOND_LEAST {
            continue;
        }
        if let Some(t) = inverse(done, q, params.leaf.mean_s()) {
            metrics.insert(name.to_owned(), 1e3 * t);
        }
    }
    if let Some(hedge_at) = hedge_at {
        let p = leaf_within(hedge_at);
        metrics.insert("extra_load".to_owned(), exact::extra_load(branches, quorum, p));
        let slow = params.leaf.quantile_s(0.99).filter(|_| quorum == branches);
        if let Some(slow) = slow {
            let p_any_slow = exact::any_slow(branches, 1.0 - within(slow));
            metrics.insert("p_any_slow".to_owned(), p_any_slow);
        }
    }
    metrics
}

/// A quantile has so many requests of a run above it, or a formula is not held against it.
const BEYOND_LEAST: f64 = 10.0;
const QUANTILES: [(&str, f64); 3] =
    [("latency_ms_p50", 0.5), ("latency_ms_p99", 0.99), ("latency_ms_p999", 0.999)];

fn quorum(params: &Params) -> u32 {
    params.quorum.unwrap_or(params.branches)
}

fn requests(params: &Params, run: &Run) -> f64 {
    params
        .arrivals
        .as_ref()
        .map_or(as_f64(params.requests), |arrivals| arrivals.events(run.duration))
}

fn check(params: &Params) -> Result<(), Refused> {
    if let Some(arrivals) = &params.arrivals {
        arrivals.check()?;
    } else {
        within("requests", params.requests, 1..=50_000_000)?;
    }
    within("branches", params.branches, 1..=100_000)?;
    within("quorum", quorum(params), 1..=params.branches)
}

/// The t with `share(t)` = q, of a share that rises from 0.
fn inverse(share: impl Fn(f64) -> f64, q: f64, scale: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, scale);
    while share(high) < q {
        high *= 2.0;
        if high > 1e12 {
            return None;
        }
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if share(middle) < q { low = middle } else { high = middle }
    }
    share(high).is_finite().then_some(high)
}

/// A run under way.
struct Asking<'a, R> {
    recorder: R,
    params: &'a Params,
    draws: Draws,
    quorum: usize,
    /// What 99 % of single tries stay under.
    slow: SimDuration,
    /// The branches of the request at hand.
    branches: Vec<SimDuration>,
    latency: Histogram,
    requests: u64,
    any_slow: u64,
    hedges: u64,
}

impl<'a, R: Recorder> Asking<'a, R> {
    fn new(params: &'a Params, seed: u64, mut recorder: R) -> Self {
        let slow_s = params.leaf.quantile_s(0.99).unwrap_or_else(|| sampled_p99_s(&params.leaf));
        let slow = SimDuration::from_secs_f64(slow_s);
        recorder.slow(slow);
        Self {
            recorder,
            params,
            draws: Draws::new(seed),
            quorum: usize::try_from(quorum(params)).unwrap_or(usize::MAX),
            slow,
            branches: Vec::new(),
            latency: Histogram::new(),
            requests: 0,
            any_slow: 0,
            hedges: 0,
        }
    }

    fn request(&mut self, index: u64) -> bool {
        let mut rng = self.draws.at(Stream::Leaf, index);
        let leaf = &self.params.leaf;
        self.branches.clear();
        self.branches.extend((0..self.params.branches).map(|_| leaf.sample(&mut rng)));
        self.recorder.first_tries(&self.branches);
        if let Some(hedge_at) = self.params.hedge_at {
            self.hedge(hedge_at, &mut rng);
        }
        self.recorder.answers(&self.branches);
        let latency = if self.quorum == self.branches.len() {
            self.branches.iter().copied().max().unwrap_or_default()
        } else {
            *self.branches.select_nth_unstable(self.quorum - 1).1
        };
        self.latency.record(latency);
        self.requests += 1;
        let is_any_slow = self.branches.iter().any(|&branch| branch > self.slow);
        self.any_slow += u64::from(is_any_slow);
        self.recorder.done(latency, is_any_slow)
    }

    /// Second tries for the branches that are late, unless enough are not.
    fn hedge(&mut self, hedge_at: SimDuration, rng: &mut Xoshiro256pp) {
        let in_time = self.branches.iter().filter(|&&branch| branch <= hedge_at).count();
        if in_time >= self.quorum {
            return;
        }
        for branch in self.branches.iter_mut().filter(|branch| **branch > hedge_at) {
            self.hedges += 1;
            *branch = (*branch).min(hedge_at + self.params.leaf.sample(rng));
        }
    }

    fn metrics(&self) -> Metrics {
        let mut metrics = Metrics::new();
        let Some(mean_s) = self.latency.mean_s() else { return metrics };
        metrics.insert("latency_ms_mean".to_owned(), 1e3 * mean_s);
        for (name, q) in QUANTILES {
            if let Some(latency) = self.latency.quantile(q) {
                metrics.insert(name.to_owned(), latency.as_ms_f64());
            }
        }
        let requests = as_f64(self.requests);
        metrics.insert("p_any_slow".to_owned(), as_f64(self.any_slow) / requests);
        let first_tries = requests * f64::from(self.params.branches);
        metrics.insert("extra_load".to_owned(), as_f64(self.hedges) / first_tries);
        metrics
    }
}

/// The p99 of a law without a closed form, from a sample that is the same for every seed.
fn sampled_p99_s(leaf: &Law) -> f64 {
    let mut rng = Xoshiro256pp::seeded(0);
    let mut histogram = Histogram::new();
    for _ in 0..200_000 {
        histogram.record(leaf.sample(&mut rng));
    }
    histogram.quantile(0.99).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::super::acceptance::accept;
    use super::*;

    fn at(seed: u64) -> Run {
        Run { seed, duration: SimDuration::from_secs(100), warm_up: SimDuration::ZERO }
    }

    fn exponential(branches: u32, requests: u64) -> Params {
        let leaf = Law::exponential(1.0).unwrap();
        Params { requests, branches, leaf, ..Params::default() }
    }

    /// Holds the run against the named metrics of its own theory.
    #[track_caller]
    fn accept_theory(params: &Params, names: &[&str], share: f64) {
        let theory = theory(params, &at(1));
        let expected: Vec<(&str, f64)> = names.iter().map(|&name| (name, theory[name])).collect();
        accept(|seed| run(params, &at(seed)), &expected, share);
    }

    #[test]
    fn a_quorum_does_not_wait_for_the_tail() {
        let params = Params { quorum: Some(9), ..exponential(10, 5400) };
        accept_theory(&params, &["latency_ms_mean", "latency_ms_p50", "latency_ms_p99"], 0.01);
    }

    #[test]
    fn a_hedge_trades_a_little_load_for_the_tail() {
        let hedge_at = Some(SimDuration::from_millis(2996));
        let params = Params { hedge_at, ..exponential(10, 10_000) };
        let names = ["latency_ms_p50", "latency_ms_p99", "p_any_slow", "extra_load"];
        accept_theory(&params, &names, 0.03);
        let some = Params { quorum: Some(9), ..params };
        accept_theory(&some, &["latency_ms_p99", "extra_load"], 0.03);
    }

    #[test]
    fn other_leaves_have_order_statistics_too() {
        let leaf = Law::lognormal(0.02, 0.5).unwrap();
        let params = Params { leaf, ..exponential(20, 5400) };
        accept_theory(&params, &["latency_ms_p50", "latency_ms_p99", "p_any_slow"], 0.01);
        // Gamma has no closed form: its p99 is sampled.
        let leaf = Law::gamma(1.0, 2.0).unwrap();
        let params = Params { leaf, ..exponential(10, 20_000) };
        let p = run(&params, &at(3)).unwrap()["p_any_slow"];
        assert!((p - 0.0956).abs() < 0.008, "{p}");
    }

    #[test]
    fn constant_branches_are_exact() {
        let leaf = Law::constant(0.25).unwrap();
        let arrivals = Arrivals::Every { gap: SimDuration::from_secs(1), count: None, size: 1 };
        let params = Params { arrivals: Some(arrivals), leaf, ..exponential(3, 0) };
        let metrics = run(&params, &at(1)).unwrap();
        for (name, exact) in
            [("latency_ms_mean", 250.0), ("latency_ms_p999", 250.0), ("p_any_slow", 0.0)]
        {
            assert!((metrics[name] - exact).abs() < 1e-9, "{name}: {}", metrics[name]);
        }
        assert_eq!(theory(&params, &at(1)), Metrics::new());
        let hedged = Params { hedge_at: Some(SimDuration::from_millis(100)), ..params };
        let metrics = run(&hedged, &at(1)).unwrap();
        assert!((metrics["extra_load"] - 1.0).abs() < 1e-12);
        assert!((metrics["latency_ms_mean"] - 250.0).abs() < 1e-9);
    }

    #[test]
    fn more_branches_meet_the_same_first_ones() {
        let mean = |branches| run(&exponential(branches, 100), &at(5)).unwrap()["latency_ms_mean"];
        assert!(mean(10) < mean(11) && mean(11) < mean(50));
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for params in [
            exponential(0, 10),
            exponential(10, 0),
            Params { quorum: Some(11), ..exponential(10, 10) },
            Params { quorum: Some(0), ..exponential(10, 10) },
            exponential(100_000, 50_000_000),
        ] {
            assert!(run(&params, &at(1)).is_err(), "{params:?}");
        }
    }
}
