//! What is told of requests: the first tries one by one, all latencies by their size, and
//! functions side by side.

use super::super::request::Request;
use crate::sim::Run;
use crate::sim::ticks::{self, Ticks};
use crate::sim::time::{SimDuration, SimTime};

/// So many tries are told one by one.
const TRIES_MAX: usize = 4096;
/// So many functions are told side by side.
const FUNCTIONS_MAX: usize = 4;
/// Sizes of latencies: below a millisecond, six to each of five decades, and all above.
pub const LATENCY_SIZES: usize = 32;

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// An environment started for it.
    Cold,
    /// It found one.
    Warm,
    /// It was turned away.
    Throttled,
}

/// A request that tried to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// The number of the request, from 1.
    pub request: u64,
    /// Which function it is for.
    pub function: u32,
    /// How many of its tries failed before.
    pub failed: u32,
    /// When it first came.
    pub arrived: SimTime,
    /// When it tried.
    pub at: SimTime,
    /// When it ended; `at` of one that was turned away.
    pub end: SimTime,
    /// What became of it.
    pub fate: Fate,
}

/// How many requests ended in a stretch of time, by their latency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latencies {
    /// Of requests that found an environment.
    pub warm: [u32; LATENCY_SIZES],
    /// Of those for which one started.
    pub cold: [u32; LATENCY_SIZES],
}

impl ticks::Tick for Latencies {
    fn joined(mut self, next: Self) -> Self {
        let pairs = self.warm.iter_mut().zip(next.warm).chain(self.cold.iter_mut().zip(next.cold));
        for (mine, theirs) in pairs {
            *mine = mine.saturating_add(theirs);
        }
        self
    }
}

impl Latencies {
    /// The least latency of each size, in seconds, and what is above the last.
    pub const BOUNDS: [f64; LATENCY_SIZES + 1] = bounds();

    fn size(latency: SimDuration) -> usize {
        let seconds = latency.as_secs_f64();
        let above =
            Self::BOUNDS.iter().take_while(|bound| **bound <= seconds * (1.0 + 1e-12)).count();
        above.saturating_sub(1).min(LATENCY_SIZES - 1)
    }
}

const fn bounds() -> [f64; LATENCY_SIZES + 1] {
    const STEPS: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];
    const DECADES: [f64; 5] = [1e-3, 1e-2, 1e-1, 1.0, 10.0];
    let mut bounds = [0.0; LATENCY_SIZES + 1];
    let mut at = 0;
    while at < STEPS.len() * DECADES.len() {
        bounds[at + 1] = DECADES[at / STEPS.len()] * STEPS[at % STEPS.len()];
        at += 1;
    }
    bounds[LATENCY_SIZES - 1] = 100.0;
    bounds[LATENCY_SIZES] = f64::INFINITY;
    bounds
}

/// What happened to a function in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionTick {
    /// Tries.
    pub tries: u64,
    /// Tries turned away.
    pub throttled: u64,
    /// Nanoseconds of requests running.
    pub running_ns: u128,
    /// The most running at once.
    pub running_max: u64,
}

impl ticks::Tick for FunctionTick {
    fn joined(self, next: Self) -> Self {
        Self {
            tries: self.tries + next.tries,
            throttled: self.throttled + next.throttled,
            running_ns: self.running_ns + next.running_ns,
            running_max: self.running_max.max(next.running_max),
        }
    }
}

/// What is told of requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Requests {
    /// The first tries, in order.
    pub tries: Vec<Try>,
    /// Until when no try is missing.
    pub told_to: SimTime,
    /// All latencies, by when the requests ended.
    pub latencies: Ticks<Latencies>,
    /// The functions in order, where there are two to four.
    pub functions: Vec<Ticks<FunctionTick>>,
}

impl Requests {
    pub(super) fn new(functions: usize, run: &Run) -> Self {
        let told = if (2..=FUNCTIONS_MAX).contains(&functions) { functions } else { 0 };
        Self {
            tries: Vec::new(),
            told_to: SimTime::MAX,
            latencies: Ticks::of(run.duration),
            functions: (0..told).map(|_| Ticks::of(run.duration)).collect(),
        }
    }

    pub(super) fn tried(&mut self, request: &Request, (at, end): (u64, u64), fate: Fate) {
        let latency = SimDuration(end - request.arrived);
        let place = Latencies::size(latency);
        match fate {
            Fate::Cold => self.latencies.at(SimTime(end)).cold[place] += 1,
            Fate::Warm => self.latencies.at(SimTime(end)).warm[place] += 1,
            Fate::Throttled => {}
        }
        if let Some(function) = self.functions.get_mut(request.function as usize) {
            let tick = function.at(SimTime(at));
            tick.tries += 1;
            tick.throttled += u64::from(fate == Fate::Throttled);
        }
        if self.tries.len() < TRIES_MAX {
            self.tries.push(Try {
                request: request.index + 1,
                function: request.function,
                failed: request.tries,
                arrived: SimTime(request.arrived),
                at: SimTime(at),
                end: SimTime(end),
                fate,
            });
        } else {
            self.told_to = self.told_to.min(SimTime(at));
        }
    }

    /// From `from` to `to`, which lie in one tick, so many requests of each function ran.
    pub(super) fn pass(&mut self, from: u64, to: u64, running: &[u64]) {
        for (function, &running) in self.functions.iter_mut().zip(running) {
            let mut from = from;
            while from < to {
                let tick = function.at(SimTime(from));
                tick.running_max = tick.running_max.max(running);
                let width = function.width().0;
                let end = to.min((from / width + 1).saturating_mul(width));
                function.at(SimTime(from)).running_ns +=
                    u128::from(end - from) * u128::from(running);
                from = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_has_the_size_that_it_lies_in() {
        let bounds = Latencies::BOUNDS;
        assert!(bounds.is_sorted());
        for nanoseconds in [0, 1_000_000, 60_000_000, 960_000_000, 1_500_000_000, u64::MAX] {
            let latency = SimDuration(nanoseconds);
            let size = Latencies::size(latency);
            let seconds = latency.as_secs_f64();
            assert!(bounds[size] <= seconds * (1.0 + 1e-9), "{nanoseconds}");
            assert!(seconds < bounds[size + 1], "{nanoseconds}");
        }
    }
}
