//! What one request brings along: its draws, and when it comes again after a throttle. The draws
//! belong to the request's index, so two policies meet the same requests.

use super::{Params, Start};
use crate::sim::Refused;
use crate::sim::rng::{Draws, Stream, StreamDraws};
use crate::sim::time::{SimDuration, as_f64};

/// How the wait grows from try to try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backoff {
    /// Always the base.
    Fixed,
    /// The base, doubled after each try, up to the cap.
    #[default]
    Exponential,
}

/// How a wait of `d` is spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Exactly `d`.
    #[default]
    None,
    /// Uniform in [`d`/2, `d`).
    Equal,
    /// Uniform in [0, `d`).
    Full,
    /// Uniform in [base, 3 × the wait before), up to the cap.
    Decorrelated,
}

/// What a throttled request does.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// Tries after the first; 0: none.
    pub retries: u32,
    /// How the wait grows.
    pub backoff: Backoff,
    /// The waits themselves, the last one for all further tries; empty: by `backoff`.
    pub delays: Vec<SimDuration>,
    /// The first wait.
    pub base: SimDuration,
    /// The longest wait.
    pub cap: SimDuration,
    /// How a wait is spread.
    pub jitter: Jitter,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            retries: 0,
            backoff: Backoff::Exponential,
            delays: Vec::new(),
            base: SimDuration::from_millis(100),
            cap: SimDuration::from_secs(20),
            jitter: Jitter::None,
        }
    }
}

/// The most tries after the first.
const RETRIES_MAX: u32 = 1_000;

impl Retry {
    pub(super) fn checked(&self) -> Result<(), Refused> {
        if self.retries > RETRIES_MAX {
            return Err(Refused("`retries` must be at most 1000".to_owned()));
        }
        Ok(())
    }

    /// The wait after the failed try number `tries` (from 0) of `request`, `before` being the wait
    /// before it; `None`: it gives up.
    pub(super) fn wait(&self, draws: Draws, request: &Request) -> Option<SimDuration> {
        if request.tries >= self.retries {
            return None;
        }
        let planned = self.planned(request.tries).as_secs_f64();
        if self.jitter == Jitter::None {
            return Some(self.planned(request.tries));
        }
        let mut rng = draws.at(Stream::Jitter, draw_of(request));
        Some(SimDuration::from_secs_f64(match self.jitter {
            Jitter::None => planned,
            Jitter::Equal => planned / 2.0 + rng.unit() * planned / 2.0,
            Jitter::Full => rng.unit() * planned,
            Jitter::Decorrelated => {
                let base = self.base.as_secs_f64();
                let before = request.waited.as_secs_f64().max(base);
                (base + (3.0 * before - base) * rng.unit()).min(self.cap.as_secs_f64())
            }
        }))
    }

    fn planned(&self, tries: u32) -> SimDuration {
        if let Some(last) = self.delays.last() {
            return *usize::try_from(tries).ok().and_then(|it| self.delays.get(it)).unwrap_or(last);
        }
        match self.backoff {
            Backoff::Fixed => self.base,
            Backoff::Exponential => {
                let doubled = self.base.saturating_mul(1u64.checked_shl(tries).unwrap_or(u64::MAX));
                doubled.min(self.cap)
            }
        }
    }
}

/// A request on its way, at first or again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Request {
    /// Its place among all requests, from 0.
    pub(super) index: u64,
    /// When it first came, in ns.
    pub(super) arrived: u64,
    /// Tries that failed.
    pub(super) tries: u32,
    /// Which function it is for.
    pub(super) function: u32,
    /// The last wait.
    pub(super) waited: SimDuration,
}

/// The index of a draw made once a try.
fn draw_of(request: &Request) -> u64 {
    request.index | u64::from(request.tries) << 40
}

/// Draws for requests.
pub(super) struct Source<'a> {
    params: &'a Params,
    draws: Draws,
    service: StreamDraws,
    /// Sums of the functions' shares up to each, over their total.
    shares: Vec<f64>,
}

impl<'a> Source<'a> {
    pub(super) fn new(params: &'a Params, seed: u64) -> Self {
        let total: f64 = params.functions.iter().map(|it| it.share).sum();
        let mut sum = 0.0;
        let shares = params.functions.iter().map(|it| {
            sum += it.share;
            sum / total
        });
        let draws = Draws::new(seed);
        let service = draws.of(Stream::Service);
        Self { params, draws, service, shares: shares.collect() }
    }

    /// The request number `index`, arriving now.
    #[inline]
    pub(super) fn request(&self, index: u64, arrived: u64) -> Request {
        let function = if self.shares.len() < 2 {
            0
        } else {
            let at = self.draws.at(Stream::Function, index).unit();
            let found = self.shares.iter().position(|&upto| at < upto);
            u32::try_from(found.unwrap_or(self.shares.len() - 1)).unwrap_or(0)
        };
        Request { index, arrived, tries: 0, function, waited: SimDuration::ZERO }
    }

    /// How long a warm request runs.
    #[inline]
    pub(super) fn warm(&self, request: &Request) -> u64 {
        self.params.service.sample(&mut self.service.at(request.index)).0
    }

    /// How long a cold request's environment starts, and how long the request then runs.
    #[inline]
    pub(super) fn cold(&self, request: &Request) -> (u64, u64) {
        match &self.params.start {
            Start::Free => (0, self.warm(request)),
            Start::Init(law) => {
                (law.sample(&mut self.draws.at(Stream::Init, request.index)).0, self.warm(request))
            }
            Start::Service(law) => {
                (0, law.sample(&mut self.draws.at(Stream::Init, request.index)).0)
            }
        }
    }

    /// The request again after its throttle, and when; `None`: it is lost.
    pub(super) fn again(&self, request: &Request, now: u64) -> Option<(u64, Request)> {
        let waited = self.params.retry.wait(self.draws, request)?;
        let again = Request { tries: request.tries + 1, waited, ..*request };
        Some((now.saturating_add(waited.0), again))
    }

    /// Any of `n`, for the routing of `request`.
    pub(super) fn pick(&self, request: &Request, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        let picked = self.draws.at(Stream::Routing, draw_of(request)).below(n);
        usize::try_from(picked).unwrap_or(0)
    }
}

/// The gigabyte-seconds of `ns` at `memory_mb`.
pub(super) fn gb_seconds(ns: u64, memory_mb: f64) -> f64 {
    as_f64(ns) / 1e9 * (memory_mb / 1024.0)
}
