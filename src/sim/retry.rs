//! Clients that try again, against a service that fails: at random, in an outage, for want of
//! capacity, or because they all want the same row.

mod backoff;
mod calls;
mod contention;
mod history;
mod record;

pub use history::{History, TRIES_TOLD, Tick};

use super::arrivals::Arrivals;
use super::law::Law;
use super::metric::Definition;
use super::theory::retries;
use super::time::{SimDuration, SimTime, as_f64};
use super::{Metrics, Refused, Run, Watch, bounded, set_within, within};

/// What a scenario may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// So many clients that begin at 0 and write one row once, under optimistic locking, trying
    /// until they succeed; then only `network`, `backoff`, `jitter`, `base` and `cap` matter, and
    /// the wait has doubled once before the first retry. At most 7,000. `None`: calls that arrive.
    pub clients: Option<u64>,
    /// The time of each of the four legs of such a write: read and its answer, write and its answer.
    pub network: Law,
    /// When calls begin.
    pub arrivals: Arrivals,
    /// Attempts in service at a time; one more waits in the line or is turned away at once. `None`:
    /// unlimited.
    pub capacity: Option<u64>,
    /// Attempts that may wait for a place in service, first come, first served.
    pub queue: u64,
    /// A client waits so long for an attempt and then takes it for failed; the service does not know
    /// that, and serves it all the same. `None`: for ever.
    pub timeout: Option<SimDuration>,
    /// How long an attempt takes in service.
    pub service: Law,
    /// While it lasts every attempt is turned away at once.
    pub outage: Option<Outage>,
    /// The share of served attempts that fail at their end, 0 to 1.
    pub p_fail: f64,
    /// Tries of a layer after its first; `None`: unlimited.
    pub retries: Option<u64>,
    /// How waits grow.
    pub backoff: Backoff,
    /// How chance spreads them.
    pub jitter: Jitter,
    /// The wait before the first retry, before chance spreads it.
    pub base: SimDuration,
    /// The longest wait.
    pub cap: SimDuration,
    /// Retries allowed for each call that begins, 0 to 1000: a bucket that starts with 10 tokens and
    /// never has more, gains this for each call and pays one for each retry; where it cannot, the
    /// call is lost. `None`: unlimited.
    pub budget: Option<f64>,
    /// Clients of clients that each retry, 1 to 10.
    pub layers: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            clients: None,
            network: Law::Normal { mean_s: 0.010, sigma_s: 0.002 },
            arrivals: Arrivals::Poisson { rate_per_s: 10.0 },
            capacity: None,
            queue: 0,
            timeout: None,
            service: Law::Constant(SimDuration::from_millis(100)),
            outage: None,
            p_fail: 0.0,
            retries: Some(3),
            backoff: Backoff::Exponential,
            jitter: Jitter::None,
            base: SimDuration::from_millis(100),
            cap: SimDuration::from_secs(20),
            budget: None,
            layers: 1,
        }
    }
}

/// When the service is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// From then on.
    pub at: SimTime,
    /// For so long.
    pub lasts: SimDuration,
}

impl Outage {
    /// When the service is up again.
    pub fn end(self) -> SimTime {
        self.at + self.lasts
    }
}

/// How waits grow from one retry to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// There is none.
    None,
    /// Always `base`.
    Fixed,
    /// `base`, and twice as long each time, up to `cap`.
    Exponential,
}

/// How chance spreads a wait v.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// v.
    None,
    /// From v/2 to v.
    Equal,
    /// From 0 to v.
    Full,
    /// From `base` to three times the last wait, up to `cap`, whatever v is.
    Decorrelated,
}

/// What the metrics of this model mean.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "attempts",
        unit: "",
        meaning: "tries that reached the service, of all calls",
    },
    Definition {
        name: "offered",
        unit: "erlangs",
        meaning: "attempts a second while calls arrive, times the mean service: the servers they would keep busy",
    },
    Definition {
        name: "p_rejected",
        unit: "",
        meaning: "share of attempts turned away while calls arrive: no capacity, an outage, or a row that has changed",
    },
    Definition { name: "amplification", unit: "", meaning: "attempts for each call" },
    Definition {
        name: "goodput_per_s",
        unit: "/s",
        meaning: "calls that succeeded while calls arrive, a second",
    },
    Definition { name: "success", unit: "", meaning: "share of calls that succeeded in the end" },
    Definition { name: "lost", unit: "", meaning: "calls that gave up" },
    Definition {
        name: "wait_mean_s",
        unit: "s",
        meaning: "mean time a call spent waiting for its next try, summed over its tries",
    },
    Definition {
        name: "time_to_recover_s",
        unit: "s",
        meaning: "from the outage's end until no more calls wait, for their next try or in the line, than ever did before the outage",
    },
    Definition {
        name: "p_wasted",
        unit: "",
        meaning: "share of attempts served while calls arrive whose client had stopped waiting",
    },
    Definition {
        name: "completion_ms_mean",
        unit: "ms",
        meaning: "mean time from a call's beginning to its success, of calls that succeeded",
    },
    Definition {
        name: "completion_ms_last",
        unit: "ms",
        meaning: "when the last call succeeded, since the start",
    },
];

/// Runs the model once.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    check(params)?;
    bounded(events(params, run))?;
    let (metrics, _) = told(params, run, record::Nothing)?;
    Ok(metrics)
}

/// Runs the model once and tells what a picture needs, with the same metrics.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    check(params)?;
    bounded(events(params, run))?;
    let (metrics, recorder) = told(params, run, record::Recorder::new(watch))?;
    Ok((metrics, recorder.finish()))
}

fn told<R: record::Record>(params: &Params, run: &Run, record: R) -> Result<(Metrics, R), Refused> {
    match params.clients {
        Some(clients) => contention::run(params, run, clients, record),
        None => calls::run(params, run, record),
    }
}

/// A bound on the work, where one is known beforehand; a run that meets more events than are allowed
/// is refused while it runs.
pub fn events(params: &Params, run: &Run) -> f64 {
    match params.clients {
        Some(clients) => as_f64(clients) * as_f64(clients),
        None => 2.0 * params.arrivals.events(run.duration),
    }
}

/// What theory says: of independent failures at any number of layers; of a loss system whose refused
/// calls come back after long random waits. Empty where neither holds.
pub fn theory(params: &Params, _run: &Run) -> Metrics {
    let plain = params.clients.is_none()
        && params.outage.is_none()
        && params.budget.is_none()
        && params.queue == 0
        && params.timeout.is_none();
    let Some(retries) = params.retries.and_then(|retries| u32::try_from(retries).ok()) else {
        return Metrics::new();
    };
    match params.capacity {
        None if plain => independent(params, retries),
        Some(capacity) if plain && params.layers == 1 && params.p_fail <= 0.0 => {
            fixed_point(params, capacity, retries)
        }
        _ => Metrics::new(),
    }
}

/// Each layer's tries fail independently with the probability that the layer within gives up.
fn independent(params: &Params, retries: u32) -> Metrics {
    let (mut p, mut amplification, mut wait_s) = (params.p_fail, 1.0, Some(0.0));
    for _ in 0..params.layers {
        let tries = retries::attempts(p, retries);
        amplification *= tries;
        let own = mean_wait_s(params, p, retries);
        wait_s = wait_s.zip(own).map(|(within, own): (f64, f64)| tries * within + own);
        p = 1.0 - retries::success(p, retries);
    }
    let mut metrics = Metrics::from([
        ("amplification".to_owned(), amplification),
        ("success".to_owned(), 1.0 - p),
    ]);
    if let Some(wait_s) = wait_s {
        metrics.insert("wait_mean_s".to_owned(), wait_s);
    }
    metrics
}

/// The mean wait of one layer's call whose tries fail with probability `p`; not known for
/// decorrelated jitter, and not summed over more than 10,000 retries.
fn mean_wait_s(params: &Params, p: f64, retries: u32) -> Option<f64> {
    let share = match params.jitter {
        Jitter::None => 1.0,
        Jitter::Equal => 0.75,
        Jitter::Full => 0.5,
        Jitter::Decorrelated => return None,
    };
    if retries > 10_000 {
        return None;
    }
    let (mut reached, mut sum) = (1.0, 0.0);
    for retry in 0..u64::from(retries) {
        reached *= p;
        sum += reached * backoff::nominal(params, retry).as_secs_f64();
    }
    Some(share * sum)
}

fn fixed_point(params: &Params, capacity: u64, retries: u32) -> Metrics {
    let service_s = params.service.mean_s();
    let spread = matches!(params.jitter, Jitter::Equal | Jitter::Full);
    let long = backoff::nominal(params, 0).as_secs_f64()
        * if params.jitter == Jitter::Full { 0.5 } else { 0.75 }
        >= 400.0 * service_s;
    let Some(rate) = params.arrivals.poisson_rate().filter(|_| spread && long && service_s > 0.0)
    else {
        return Metrics::new();
    };
    let settled = retries::fixed_point(capacity, rate * service_s, retries);
    Metrics::from([
        ("offered".to_owned(), settled.offered),
        ("p_rejected".to_owned(), settled.p_rejected),
        ("goodput_per_s".to_owned(), settled.carried / service_s),
        ("success".to_owned(), 1.0 - settled.lost),
    ])
}

fn check(params: &Params) -> Result<(), Refused> {
    set_within("clients", params.clients, 1..=7000)?;
    within("p_fail", params.p_fail, 0.0..=1.0)?;
    within("queue", params.queue, 0..=1_000_000)?;
    set_within("budget", params.budget, 0.0..=1000.0)?;
    within("layers", params.layers, 1..=10)?;
    set_within("retries", params.retries, 0..=1_000_000)?;
    if params.timeout.is_some_and(SimDuration::is_zero) {
        return Err(Refused("timeout must be longer than 0".to_owned()));
    }
    if params.cap < params.base {
        return Err(Refused("cap must not be shorter than base".to_owned()));
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
        let open = Params {
            arrivals: Arrivals::Poisson { rate_per_s: 50.0 },
            service: Law::Exponential { mean_s: 0.1 },
            capacity: Some(6),
            outage: Some(Outage {
                at: SimTime::from_secs_f64(20.0),
                lasts: SimDuration::from_secs(5),
            }),
            p_fail: 0.05,
            jitter: Jitter::Full,
            budget: Some(0.2),
            ..Params::default()
        };
        insta::assert_debug_snapshot!(super::run(&open, &run).unwrap(), @r#"
        {
            "amplification": 1.200709219858156,
            "attempts": 3386.0,
            "completion_ms_last": 60172.123866,
            "completion_ms_mean": 116.64133206180048,
            "goodput_per_s": 37.32727272727273,
            "lost": 765.0,
            "offered": 6.150909090909091,
            "p_rejected": 0.3683121489801951,
            "success": 0.7287234042553191,
            "time_to_recover_s": 0.0,
            "wait_mean_s": 0.011350891292198581,
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
            (Params { p_fail: f64::NAN, ..plain.clone() }, "p_fail must be in 0 to 1, not NaN"),
            (Params { clients: Some(0), ..plain.clone() }, "clients must be in 1 to 7000"),
            (Params { layers: 11, ..plain.clone() }, "layers must be in 1 to 10"),
            (Params { budget: Some(-1.0), ..plain.clone() }, "budget must be in 0 to 1000"),
            (Params { cap: SimDuration::ZERO, ..plain.clone() }, "cap must not be shorter"),
            (plain, "a run may have 50 million"),
        ] {
            let refused = super::run(&params, &run).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused}");
        }
    }
}
