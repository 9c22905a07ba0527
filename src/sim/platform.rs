//! Autoscaled environments: each request takes an idle environment, or a new one starts for it,
//! or it is throttled; an environment idle for the keep-alive is gone.
//!
//! Two engines give one meaning. The *kernel* counts as fast as it can; the *narrated* engine
//! keeps what a picture needs. A property test holds their counters equal. At equal times the
//! order is departure, expiry, retry, arrival, so that an environment idle for exactly the
//! keep-alive is gone.

mod counters;
mod definitions;
mod history;
mod kernel;
mod limits;
mod narrated;
mod pool;
mod request;
#[cfg(test)]
mod tests;
mod theory;

pub use counters::{Counters, Flow, Wave};
pub use definitions::DEFINITIONS;
pub use history::{
    Fate, FunctionTick, History, LATENCY_SIZES, Latencies, Narration, Requests, Span, State, Tick,
    Try,
};
pub use narrated::{Moment, Narrator};
pub use request::{Backoff, Jitter, Retry};
pub use theory::theory;

use super::arrivals::Arrivals;
use super::law::Law;
use super::time::{SimDuration, as_f64};
use super::{Metrics, Refused, Run, Watch};

/// The most functions one account may have here.
pub const FUNCTIONS_MAX: usize = 100;

/// The most environments that may be provisioned.
pub const PROVISIONED_MAX: u32 = 100_000;

/// Which of the idle environments takes a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// The most recently used.
    #[default]
    Lifo,
    /// The most recently created.
    Newest,
    /// The least recently used.
    Fifo,
    /// Any, all equally likely.
    Random,
}

/// What a cold request pays.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Nothing: a new environment is as fast as an old one.
    Free,
    /// An initialisation before its service.
    Init(Law),
    /// A service of its own instead of the warm one.
    Service(Law),
}

/// A function that shares the account with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name, the prefix of its metrics.
    pub name: String,
    /// Its weight among the requests; positive.
    pub share: f64,
    /// Concurrency kept for it alone, which is also its limit; otherwise it shares what is left.
    pub reserved: Option<u64>,
}

/// The parameters; `None` means unlimited.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// When requests come.
    pub arrivals: Arrivals,
    /// How long a (warm) request runs.
    pub service: Law,
    /// What a cold request pays.
    pub start: Start,
    /// How long an environment stays idle before it is gone.
    pub keep_alive: Option<SimDuration>,
    /// Which idle environment takes a request.
    pub routing: Routing,
    /// Requests running at once, over all functions.
    pub max_concurrency: Option<u64>,
    /// Environments alive at once, over all functions.
    pub max_environments: Option<u64>,
    /// Requests that one environment runs at once; at least 1.
    pub concurrency_per_env: u32,
    /// Environments that are there from the start, used first, and never gone.
    pub provisioned: u32,
    /// New environments that may start at once: the capacity of a token bucket, full at first.
    /// Alone it is never refilled.
    pub scale_burst: Option<f64>,
    /// Tokens for new environments a second. Alone, one second's worth may start at once.
    pub scale_per_s: Option<f64>,
    /// Requests that may begin to run in each second of the clock.
    pub rps_limit: Option<f64>,
    /// Memory of an environment, in MB.
    pub memory_mb: f64,
    /// What a throttled request does.
    pub retry: Retry,
    /// The functions; empty means one without a name.
    pub functions: Vec<Function>,
}

impl Params {
    /// These arrivals and services with every other parameter at its default.
    pub fn new(arrivals: Arrivals, service: Law) -> Self {
        Self {
            arrivals,
            service,
            start: Start::Free,
            keep_alive: Some(SimDuration::from_secs(600)),
            routing: Routing::Lifo,
            max_concurrency: Some(1000),
            max_environments: None,
            concurrency_per_env: 1,
            provisioned: 0,
            scale_burst: None,
            scale_per_s: None,
            rps_limit: None,
            memory_mb: 512.0,
            retry: Retry::default(),
            functions: Vec::new(),
        }
    }

    /// Refuses values out of range, with the reason.
    fn checked(&self) -> Result<(), Refused> {
        let positive = |value: Option<f64>| value.is_none_or(|it| it.is_finite() && it >= 0.0);
        let reserved: u64 =
            self.functions.iter().filter_map(|it| it.reserved).fold(0, u64::saturating_add);
        let refusal = if self.concurrency_per_env == 0 {
            "`concurrency_per_env` must be at least 1"
        } else if self.provisioned > PROVISIONED_MAX {
            "`provisioned` must be at most 100000"
        } else if !positive(self.scale_burst) || !positive(self.scale_per_s) {
            "`scale_burst` and `scale_per_s` must be finite and not negative"
        } else if !positive(self.rps_limit) {
            "`rps_limit` must be finite and not negative"
        } else if !(self.memory_mb.is_finite() && self.memory_mb > 0.0) {
            "`memory_mb` must be finite and positive"
        } else if self.functions.len() > FUNCTIONS_MAX {
            "`functions` must be at most 100"
        } else if self.functions.len() > 1 && self.provisioned > 0 {
            "`provisioned` is for one function; this scenario has several"
        } else if self.functions.iter().any(|it| !(it.share.is_finite() && it.share > 0.0)) {
            "`share` of a function must be finite and positive"
        } else if self.max_concurrency.is_some_and(|limit| reserved > limit) {
            "`reserved` of all functions together must not exceed `max_concurrency`"
        } else {
            self.arrivals.check()?;
            return self.retry.checked();
        };
        Err(Refused(refusal.to_owned()))
    }
}

/// The most events that `params` can cause in `run`.
pub fn events(params: &Params, run: &Run) -> f64 {
    let each = 2.0 + as_f64(u64::from(params.retry.retries));
    params.arrivals.events(run.duration) * each
}

/// All counters of one run, by the kernel.
pub fn count(params: &Params, run: &Run) -> Result<Counters, Refused> {
    params.checked()?;
    super::bounded(events(params, run))?;
    Ok(kernel::count(params, run))
}

/// The metrics of one run.
pub fn run(params: &Params, run: &Run) -> Result<Metrics, Refused> {
    Ok(count(params, run)?.metrics(params, run))
}

/// One run with everything a picture needs, in bounded memory.
pub fn narrate(params: &Params, run: &Run, narration: &Narration) -> Result<History, Refused> {
    let mut narrator = narrator(params, run, narration)?;
    while narrator.step() {}
    Ok(narrator.into_history())
}

/// So many events pass between two looks at the watch.
const WATCHED: u32 = 4096;

/// One run and its metrics, the same as [`run`]'s, with what a picture of it needs.
pub fn history(
    params: &Params,
    run: &Run,
    watch: Watch<'_>,
) -> Result<(Metrics, History), Refused> {
    let tick = SimDuration(run.duration.0.div_ceil(512));
    let narration = Narration { tick, ..Narration::default() };
    let mut narrator = narrator(params, run, &narration)?;
    let mut events = 0_u32;
    while narrator.step() {
        events = events.wrapping_add(1);
        if events.is_multiple_of(WATCHED) && !watch(narrator.moment().now) {
            return Err(Refused("cancelled".to_owned()));
        }
    }
    let history = narrator.into_history();
    Ok((history.counters.metrics(params, run), history))
}

/// The same run, to be taken step by step.
pub fn narrator<'a>(
    params: &'a Params,
    run: &Run,
    narration: &Narration,
) -> Result<Narrator<'a>, Refused> {
    params.checked()?;
    super::bounded(events(params, run))?;
    Ok(Narrator::new(params, run, narration))
}
