//! What a picture of the autoscaler needs.

use super::Tick;
use super::engine::Recorder;
use crate::sim::ticks::{self, Ticks};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Run, Watch};

/// So many panics are kept, the first.
const PANICS_MAX: usize = 256;

/// The watch is asked once in so many events.
const WATCHED: u64 = 4096;

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The run in stretches of [`History::width`], from 0 on; in the first of them nothing may have
    /// been decided yet.
    pub stretches: Vec<Stretch>,
    /// How long a stretch is: never shorter than from one decision to the next.
    pub width: SimDuration,
    /// The first panics, from when to when; one that did not end lasts to the end.
    pub panics: Vec<(SimTime, SimTime)>,
    /// When the last request was answered, or no more come.
    pub end: SimTime,
}

/// What was decided in a stretch of time, and what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stretch {
    /// Decisions made.
    pub decisions: u64,
    /// Mean requests in the system over the long window, mean over the decisions.
    pub stable: f64,
    /// The same over the short one.
    pub panic: f64,
    /// The most pods wanted.
    pub desired: u64,
    /// Pods that took requests before the decision, at the last of them.
    pub ready: u64,
    /// The most requests that waited for a pod.
    pub waiting_max: u64,
    /// Requests that came.
    pub requests: u64,
    /// Requests that came when no pod was ready.
    pub cold: u64,
    /// Requests that were answered.
    pub answered: u64,
    /// How long the slowest of them took.
    pub latency_max: SimDuration,
}

impl ticks::Tick for Stretch {
    fn joined(self, next: Self) -> Self {
        let decisions = self.decisions + next.decisions;
        let mean = |mine: f64, theirs: f64| {
            let sum = mine * as_f64(self.decisions) + theirs * as_f64(next.decisions);
            if decisions == 0 { 0.0 } else { sum / as_f64(decisions) }
        };
        Self {
            decisions,
            stable: mean(self.stable, next.stable),
            panic: mean(self.panic, next.panic),
            desired: self.desired.max(next.desired),
            ready: if next.decisions > 0 { next.ready } else { self.ready },
            waiting_max: self.waiting_max.max(next.waiting_max),
            requests: self.requests + next.requests,
            cold: self.cold + next.cold,
            answered: self.answered + next.answered,
            latency_max: self.latency_max.max(next.latency_max),
        }
    }
}

/// Writes a history while the run goes on.
pub(super) struct Recording<'a> {
    watch: Watch<'a>,
    events: u64,
    stretches: Ticks<Stretch>,
    panics: Vec<(SimTime, SimTime)>,
    /// Since when it is in panic.
    panic: Option<SimTime>,
    end: SimTime,
}

impl<'a> Recording<'a> {
    pub(super) fn new(run: &Run, watch: Watch<'a>) -> Self {
        let width = SimDuration(run.duration.0.div_ceil(512)).max(SimDuration::from_secs(2));
        let end = SimTime(run.duration.0);
        let stretches = Ticks::new(width, 1024);
        Self { watch, events: 0, stretches, panics: Vec::new(), panic: None, end }
    }

    pub(super) fn finish(mut self) -> History {
        self.calm(self.end);
        self.stretches.at(self.end);
        History {
            stretches: self.stretches.all().to_vec(),
            width: self.stretches.width(),
            panics: self.panics,
            end: self.end,
        }
    }

    fn calm(&mut self, now: SimTime) {
        if let Some(since) = self.panic.take()
            && self.panics.len() < PANICS_MAX
        {
            self.panics.push((since, now));
        }
    }
}

impl Recorder for Recording<'_> {
    fn decided(&mut self, tick: Tick) {
        use ticks::Tick as _;
        if tick.panicking {
            self.panic.get_or_insert(tick.at);
        } else {
            self.calm(tick.at);
        }
        let stretch = self.stretches.at(tick.at);
        *stretch = stretch.joined(Stretch {
            decisions: 1,
            stable: tick.stable,
            panic: tick.panic,
            desired: tick.desired,
            ready: tick.ready,
            waiting_max: tick.waiting,
            ..Stretch::default()
        });
    }

    fn came(&mut self, at: SimTime, is_cold: bool, waiting: usize) {
        let stretch = self.stretches.at(at);
        stretch.requests += 1;
        stretch.cold += u64::from(is_cold);
        stretch.waiting_max = stretch.waiting_max.max(waiting as u64);
    }

    fn answered(&mut self, now: SimTime, came: SimTime) {
        let stretch = self.stretches.at(now);
        stretch.answered += 1;
        stretch.latency_max = stretch.latency_max.max(now - came);
        self.end = self.end.max(now);
    }

    fn goes_on(&mut self, now: SimTime) -> bool {
        self.events += 1;
        !self.events.is_multiple_of(WATCHED) || (self.watch)(now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Params, history, run, series};
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use proptest::prelude::*;

    fn at(seed: u64, seconds: u64) -> Run {
        Run { seed, duration: SimDuration::from_secs(seconds), warm_up: SimDuration::ZERO }
    }

    #[test]
    fn a_long_run_takes_no_more_room_than_a_short_one() {
        let arrivals = Arrivals::Poisson { rate_per_s: 0.1 };
        let params = Params { arrivals, ..Params::default() };
        let (_, told) = history(&params, &at(1, 100_000), &mut |_| true).unwrap();
        assert!((500..=1024).contains(&told.stretches.len()), "{}", told.stretches.len());
        let requests: u64 = told.stretches.iter().map(|stretch| stretch.requests).sum();
        assert!((9_000..=11_000).contains(&requests));
    }

    #[test]
    fn a_run_that_is_called_off_says_so() {
        let params = Params::default();
        let refused = history(&params, &at(1, 10_000), &mut |at| at < SimTime::from_secs_f64(99.0));
        assert_eq!(refused.unwrap_err().0, "cancelled");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_same_numbers_as_a_plain_run(
            seed: u64,
            rate_per_s in 0.1..40.0f64,
            limit in prop::option::of(1..20u64),
            threshold in 1.1..10.0f64,
            seconds in 4..400u64,
        ) {
            let params = Params {
                arrivals: Arrivals::Poisson { rate_per_s },
                service: Law::exponential(0.5).unwrap(),
                container_concurrency: limit,
                panic_threshold: threshold,
                ..Params::default()
            };
            let (metrics, told) = history(&params, &at(seed, seconds), &mut |_| true).unwrap();
            prop_assert_eq!(&metrics, &run(&params, &at(seed, seconds)).unwrap());
            let cold: u64 = told.stretches.iter().map(|stretch| stretch.cold).sum();
            prop_assert_eq!(as_f64(cold), metrics["cold_starts"]);
            let (_, ticks) = series(&params, &at(seed, seconds)).unwrap();
            // Short runs have a stretch for each decision.
            for tick in &ticks {
                let place = usize::try_from(tick.at.0 / told.width.0).unwrap();
                let stretch = told.stretches[place];
                prop_assert_eq!((stretch.decisions, stretch.stable), (1, tick.stable));
                prop_assert_eq!((stretch.desired, stretch.ready), (tick.desired, tick.ready));
                let in_panic = |&(from, to): &(SimTime, SimTime)| from <= tick.at && tick.at < to;
                prop_assert!(told.panics.iter().any(in_panic) == tick.panicking || tick.at >= told.end);
            }
            let entered = told.panics.first().map(|panic| panic.0.as_secs_f64());
            prop_assert_eq!(entered, metrics.get("panic_enter_s").copied());
        }
    }
}
