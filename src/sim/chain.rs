//! Services that call services: what is left of their availability, and what keeps one slow or
//! failing service from taking the others with it.
//!
//! A client calls the first service. A service works on a call for its `service` time, then fails
//! with chance 1 − `availability`; if it did not, it makes its own `calls`, one after another, and
//! fails when one of them does. The caller waits, at most for the callee's `timeout`; a caller that
//! gave up does not stop the callee, which works on (that is how calls in flight pile up).

mod breaker;
mod engine;
mod history;

pub use history::{Change, Gate, History, Requests, Stretch};

use std::collections::BTreeSet;

use super::arrivals::Arrivals;
use super::law::Law;
use super::metric::Definition;
use super::theory::{chain as exact, single_server};
use super::time::SimDuration;
use super::{Metrics, Refused, Run, Watch, bounded, set_within, within};

/// The metrics of this model. After a service's name (`orders.availability`) each is said of the
/// calls to that service.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "availability",
        unit: "",
        meaning: "the share of requests that succeed in the end; of a service: the share of the \
                  calls to it, each try and each refused call among them, that succeed in time",
    },
    Definition {
        name: "latency_ms_p50",
        unit: "ms",
        meaning: "the time within which half of the requests have ended, well or badly; of a \
                  service: of the calls to it that were not refused",
    },
    Definition {
        name: "latency_ms_p95",
        unit: "ms",
        meaning: "the time within which 95 % of the requests have ended, well or badly; of a \
                  service: of the calls to it that were not refused",
    },
    Definition {
        name: "latency_ms_p99",
        unit: "ms",
        meaning: "the time within which 99 % of the requests have ended, well or badly; of a \
                  service: of the calls to it that were not refused",
    },
    Definition {
        name: "failed_fast",
        unit: "calls",
        meaning: "calls that an open breaker or a full bulkhead refused at once; of a service: \
                  those to it",
    },
    Definition {
        name: "in_flight_max",
        unit: "calls",
        meaning: "the most calls that services held at one time, those waiting for other services \
                  and those whose caller has given up among them; of a service: that it held",
    },
];

/// The client's requests and the services.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When requests come.
    pub arrivals: Arrivals,
    /// The services, 1 to 100; the client calls the first.
    pub services: Vec<Service>,
}

/// One service, and how it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its name, unlike any other and without dots.
    pub name: String,
    /// How long it works on a call, its own calls apart.
    pub service: Law,
    /// The share of calls that its own work does not fail, 0 to 1.
    pub availability: f64,
    /// The names of the services that it calls, in order; no service may call itself, not even by
    /// way of others.
    pub calls: Vec<String>,
    /// How many calls it works on at one time, those that wait for other services among them; the
    /// rest queue, first come first served. `None` is unlimited.
    pub servers: Option<u64>,
    /// How long its callers wait for a try before they take it for failed; `None` is for ever, as
    /// it is for all where callers hand over and wait for nothing.
    pub timeout: Option<SimDuration>,
    /// How often its callers try again, at once, after a try that failed or came too late; a
    /// refused call is not tried again. At most 100.
    pub retries: u32,
    /// Refuses calls after failures.
    pub breaker: Option<Breaker>,
    /// The most calls that it holds at one time, queued ones and those whose caller has given up
    /// among them; more are refused at once. `None` is unlimited.
    pub bulkhead: Option<u64>,
    /// Whether its callers hand the call over and go on, whatever becomes of it.
    pub is_async: bool,
}

/// When a breaker refuses calls, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// The failures within `window` that open it, 1 to 10⁶.
    pub threshold: u64,
    /// How long a failure counts.
    pub window: SimDuration,
    /// How long it refuses all calls before it lets one through on trial: if that succeeds the
    /// breaker closes, if not it refuses as long again.
    pub half_open_after: SimDuration,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            arrivals: Arrivals::Poisson { rate_per_s: 10.0 },
            services: vec![Service::default()],
        }
    }
}

impl Default for Service {
    fn default() -> Self {
        Self {
            name: "service".to_owned(),
            service: Law::default(),
            availability: 1.0,
            calls: Vec::new(),
            servers: None,
            timeout: None,
            retries: 0,
            breaker: None,
            bulkhead: None,
            is_async: false,
        }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            threshold: 5,
            window: SimDuration::from_secs(10),
            half_open_after: SimDuration::from_secs(30),
        }
    }
}

/// The work of a run: at most three events a call (its end, its timeout, its coming), if every call
/// is tried as often as it may be.
pub fn events(params: &Params, run: &Run) -> f64 {
    let calls = Graph::new(params).map_or(f64::NAN, |graph| graph.calls_max());
    3.0 * params.arrivals.expected(run.duration) * calls
}

/// Runs the requests through the services.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    called(params, run, &mut engine::Unrecorded)
}

/// The same run, with what its picture needs: ticks of each service and of the requests, and what
/// the breakers did. Refused with "cancelled" where `watch` ends it.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    let mut recording = history::Recording::new(params, run, watch);
    let metrics = called(params, run, &mut recording)?;
    Ok((metrics, recording.finish()))
}

fn called(
    params: &Params,
    run: &Run,
    recorder: &mut impl engine::Recorder,
) -> Result<Metrics, Refused> {
    let graph = Graph::new(params)?;
    bounded(3.0 * params.arrivals.expected(run.duration) * graph.calls_max())?;
    let times = params.arrivals.times(run.seed, run.duration);
    engine::Engine::new(&graph, run, recorder).run(times)
}

/// O14 where nothing but chance fails a call: no timeouts, breakers or bulkheads among the
/// services that the answer waits for. O6 where there is one service with one server.
pub fn theory(params: &Params, _run: &Run) -> Metrics {
    let mut metrics = Metrics::new();
    let Ok(graph) = Graph::new(params) else { return metrics };
    let by_service = graph.availabilities(|service| graph.is_plain(service));
    for (service, availability) in params.services.iter().zip(&by_service) {
        if let Some(availability) = availability {
            metrics.insert(format!("{}.availability", service.name), *availability);
        }
    }
    let first = &params.services[0];
    if let Some(Some(availability)) = by_service.first() {
        let availability = exact::with_retries(*availability, first.retries);
        metrics.insert("availability".to_owned(), availability);
        // Calls that nobody waits for count, too.
        if (0..params.services.len()).all(|service| graph.is_plain(service)) {
            metrics.insert("failed_fast".to_owned(), 0.0);
        }
    }
    let only = params.services.len() == 1 && first.servers == Some(1) && graph.is_plain(0);
    if let (true, Some(rate_per_s), Law::Exponential { mean_s }) =
        (only && first.retries == 0, params.arrivals.poisson_rate(), &first.service)
    {
        for (name, q) in QUANTILES {
            if let Some(t) = single_server::sojourn_quantile_s(rate_per_s, 1.0 / mean_s, q) {
                metrics.insert(name.to_owned(), 1e3 * t);
                metrics.insert(format!("{}.{name}", first.name), 1e3 * t);
            }
        }
    }
    metrics
}

/// What the availability of requests would be if nothing but chance failed calls: no timeouts,
/// breakers, bulkheads. `None` where the parameters cannot run.
pub fn by_chance_alone(params: &Params) -> Option<f64> {
    let graph = Graph::new(params).ok()?;
    let first = graph.availabilities(|_| true).first().copied().flatten()?;
    Some(exact::with_retries(first, params.services.first()?.retries))
}

const QUANTILES: [(&str, f64); 3] =
    [("latency_ms_p50", 0.5), ("latency_ms_p95", 0.95), ("latency_ms_p99", 0.99)];

/// The services with their calls as indices, checked.
struct Graph<'a> {
    services: &'a [Service],
    calls: Vec<Vec<usize>>,
    /// Each service after those that it calls.
    order: Vec<usize>,
}

impl<'a> Graph<'a> {
    fn new(params: &'a Params) -> Result<Self, Refused> {
        params.arrivals.check()?;
        let services = params.services.as_slice();
        if !(1..=100).contains(&services.len()) {
            let count = services.len();
            return Err(Refused(format!("services must be 1 to 100 services, not {count}")));
        }
        let mut names = BTreeSet::new();
        for service in services {
            check(service)?;
            if !names.insert(service.name.as_str()) {
                return Err(Refused(format!("two services are called `{}`", service.name)));
            }
        }
        if services[0].is_async {
            let name = &services[0].name;
            return Err(Refused(format!("`{name}` answers the client and cannot be async")));
        }
        let index = |caller: &Service, name: &String| {
            services.iter().position(|service| service.name == *name).ok_or_else(|| {
                Refused(format!("`{}` calls `{name}`, which is no service", caller.name))
            })
        };
        let calls = services
            .iter()
            .map(|service| service.calls.iter().map(|name| index(service, name)).collect())
            .collect::<Result<Vec<Vec<usize>>, Refused>>()?;
        let order = called_first(services, &calls)?;
        Ok(Self { services, calls, order })
    }

    /// The calls that a request makes if all are tried as often as they may be.
    fn calls_max(&self) -> f64 {
        let mut calls = vec![0.0; self.services.len()];
        for &service in &self.order {
            let own: f64 = self.calls[service].iter().map(|&callee| calls[callee]).sum();
            calls[service] = (f64::from(self.services[service].retries) + 1.0) * (1.0 + own);
        }
        calls[0]
    }

    /// Whether nothing but chance fails a call to a service.
    fn is_plain(&self, service: usize) -> bool {
        let service = &self.services[service];
        let is_waited_for_ever = service.timeout.is_none() || service.is_async;
        is_waited_for_ever && service.breaker.is_none() && service.bulkhead.is_none()
    }

    /// The availability of one try of each service, where nothing but chance fails it.
    fn availabilities(&self, is_plain: impl Fn(usize) -> bool) -> Vec<Option<f64>> {
        let mut found = vec![None; self.services.len()];
        for &service in &self.order {
            let callees =
                self.calls[service].iter().filter(|&&callee| !self.services[callee].is_async);
            let of_callees: Option<Vec<f64>> = callees
                .map(|&callee| {
                    let retries = self.services[callee].retries;
                    found[callee].map(|one| exact::with_retries(one, retries))
                })
                .collect();
            found[service] = of_callees.filter(|_| is_plain(service)).map(|factors| {
                let own = self.services[service].availability;
                exact::availability(factors.into_iter().chain([own]))
            });
        }
        found
    }
}

fn check(service: &Service) -> Result<(), Refused> {
    let name = &service.name;
    if name.is_empty() || name.contains('.') {
        return Err(Refused(format!("a service needs a name without dots, not `{name}`")));
    }
    let of = |param: &str| format!("{name}: {param}");
    within(&of("availability"), service.availability, 0.0..=1.0)?;
    within(&of("retries"), service.retries, 0..=100)?;
    if service.timeout.is_some_and(SimDuration::is_zero) {
        return Err(Refused(format!("{name}: timeout must be longer than 0")));
    }
    if service.servers == Some(0) {
        return Err(Refused(format!("{name}: servers must be at least 1")));
    }
    let threshold = service.breaker.map(|breaker| breaker.threshold);
    set_within(&of("threshold"), threshold, 1..=1_000_000)
}

/// The services in an order in which each comes after those that it calls.
fn called_first(services: &[Service], calls: &[Vec<usize>]) -> Result<Vec<usize>, Refused> {
    let mut order: Vec<usize> = Vec::new();
    let mut is_in = vec![false; calls.len()];
    while order.len() < calls.len() {
        let ready: Vec<usize> = (0..calls.len())
            .filter(|&service| !is_in[service] && calls[service].iter().all(|&to| is_in[to]))
            .collect();
        if ready.is_empty() {
            let name = is_in.iter().zip(services).find(|(is_in, _)| !**is_in);
            let name = name.map_or("", |(_, service)| service.name.as_str());
            return Err(Refused(format!("services call each other in a circle near `{name}`")));
        }
        for service in ready {
            is_in[service] = true;
            order.push(service);
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests;
