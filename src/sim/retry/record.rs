//! What the engines tell while they run: to nobody, or to a recorder that keeps a history.

use super::history::{History, TRIES_TOLD, Tick};
use crate::sim::ticks::Ticks;
use crate::sim::time::{SimDuration, SimTime};
use crate::sim::watched::Watched;
use crate::sim::{Refused, Watch};

/// Ticks are 12.5 ms long at first, so that doubled they are 100 ms.
const TICK: SimDuration = SimDuration(12_500_000);
/// More ticks are joined.
const TICKS_MAX: usize = 2048;

/// One try.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    /// Whether it is its call's first.
    pub(super) is_first: bool,
    /// Whether it was turned away at once.
    pub(super) rejected: bool,
}

/// How many there are at a moment.
#[derive(Clone, Copy, Default)]
pub(super) struct Levels {
    /// Clients that wait for their next try.
    pub(super) waiting: u64,
    /// Tries in service.
    pub(super) in_service: u64,
    /// Tries that wait for a place in service.
    pub(super) in_line: u64,
}

/// Who is told what happens.
pub(super) trait Record {
    /// A try reached the service.
    fn attempted(&mut self, now: SimTime, attempt: Attempt);
    /// A client stopped waiting for a try.
    fn timed_out(&mut self, now: SimTime);
    /// A try was served whose client had stopped waiting.
    fn wasted(&mut self, now: SimTime);
    /// A call succeeded with its `tries`th try.
    fn succeeded(&mut self, now: SimTime, tries: u64);
    /// A call gave up.
    fn lost(&mut self, now: SimTime);
    /// After each event. An error ends the run.
    fn levels(&mut self, now: SimTime, levels: Levels) -> Result<(), Refused>;
}

/// Nobody is told.
pub(super) struct Nothing;

impl Record for Nothing {
    fn attempted(&mut self, _: SimTime, _: Attempt) {}
    fn timed_out(&mut self, _: SimTime) {}
    fn wasted(&mut self, _: SimTime) {}
    fn succeeded(&mut self, _: SimTime, _: u64) {}
    fn lost(&mut self, _: SimTime) {}
    fn levels(&mut self, _: SimTime, _: Levels) -> Result<(), Refused> {
        Ok(())
    }
}

/// Keeps a history within its bounds.
pub(super) struct Recorder<'w> {
    watched: Watched<'w>,
    ticks: Ticks<Tick>,
    tries: [u64; TRIES_TOLD + 1],
    last: SimTime,
    levels: Levels,
}

impl<'w> Recorder<'w> {
    pub(super) fn new(watch: Watch<'w>) -> Self {
        Self {
            watched: Watched::new(watch),
            ticks: Ticks::new(TICK, TICKS_MAX),
            tries: [0; TRIES_TOLD + 1],
            last: SimTime::ZERO,
            levels: Levels::default(),
        }
    }

    pub(super) fn finish(self) -> History {
        History { ticks: self.ticks, tries: self.tries, end: self.last }
    }
}

impl Record for Recorder<'_> {
    fn attempted(&mut self, now: SimTime, attempt: Attempt) {
        let tick = self.ticks.at(now);
        tick.first += u64::from(attempt.is_first);
        tick.retries += u64::from(!attempt.is_first);
        tick.rejected += u64::from(attempt.rejected);
    }

    fn timed_out(&mut self, now: SimTime) {
        self.ticks.at(now).timed_out += 1;
    }

    fn wasted(&mut self, now: SimTime) {
        self.ticks.at(now).wasted += 1;
    }

    fn succeeded(&mut self, now: SimTime, tries: u64) {
        self.ticks.at(now).succeeded += 1;
        let tries = usize::try_from(tries).unwrap_or(usize::MAX);
        self.tries[tries.saturating_sub(1).min(TRIES_TOLD)] += 1;
    }

    fn lost(&mut self, now: SimTime) {
        self.ticks.at(now).lost += 1;
    }

    fn levels(&mut self, now: SimTime, levels: Levels) -> Result<(), Refused> {
        self.watched.event(now)?;
        let before = self.levels;
        self.ticks.between(self.last, now, |tick, _, _| raise(tick, before));
        raise(self.ticks.at(now), levels);
        self.levels = levels;
        self.last = now;
        Ok(())
    }
}

/// Levels are never below what they were at some moment of the tick.
fn raise(tick: &mut Tick, levels: Levels) {
    tick.waiting = tick.waiting.max(levels.waiting);
    tick.in_service = tick.in_service.max(levels.in_service);
    tick.in_line = tick.in_line.max(levels.in_line);
}

#[cfg(test)]
mod tests {
    use super::super::{Backoff, Jitter, Outage, Params, history};
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use crate::sim::time::as_f64;
    use crate::sim::{Metrics, Run};
    use proptest::prelude::*;

    fn run(duration_s: u64) -> Run {
        let duration = SimDuration::from_secs(duration_s);
        Run { seed: 1, duration, warm_up: SimDuration::ZERO }
    }

    fn told(params: &Params, run: &Run) -> (Metrics, History) {
        history(params, run, &mut |_| true).unwrap()
    }

    fn sum(history: &History, of: fn(&Tick) -> u64) -> f64 {
        as_f64(history.ticks.all().iter().map(of).sum())
    }

    #[test]
    fn a_client_does_not_wait_for_ever_and_the_service_does_not_know() {
        // One place, a second each, three calls at once that wait 1.5 s: the first is served at 1 s;
        // the second is in service when its client goes, the third in the line. Both are served.
        let params = Params {
            arrivals: Arrivals::Burst { at: SimTime::ZERO, size: 4 },
            capacity: Some(1),
            queue: 2,
            timeout: Some(SimDuration::from_millis(1500)),
            service: Law::constant(1.0).unwrap(),
            retries: Some(0),
            ..Params::default()
        };
        let (metrics, history) = told(&params, &run(10));
        assert_eq!((metrics["success"], metrics["lost"]), (0.25, 3.0));
        assert_eq!((metrics["p_rejected"], metrics["p_wasted"]), (0.25, 2.0 / 3.0));
        assert_eq!(sum(&history, |tick| tick.timed_out), 2.0);
        assert_eq!(sum(&history, |tick| tick.wasted), 2.0);
        assert_eq!(history.end, SimTime::from_secs_f64(3.0));
        // Who waits long enough gets it.
        let patient = Params { timeout: Some(SimDuration::from_secs(3)), ..params };
        let (metrics, _) = told(&patient, &run(10));
        assert_eq!((metrics["success"], metrics["p_wasted"]), (0.75, 0.0));
    }

    #[test]
    fn an_outage_of_seconds_can_stay_for_ever() {
        let params = Params {
            arrivals: Arrivals::Poisson { rate_per_s: 80.0 },
            capacity: Some(10),
            queue: 1000,
            timeout: Some(SimDuration::from_secs(1)),
            outage: Some(Outage {
                at: SimTime::from_secs_f64(30.0),
                lasts: SimDuration::from_secs(10),
            }),
            retries: Some(5),
            ..Params::default()
        };
        // Load is back at 80 % of what the service can do, and nearly nothing of it succeeds.
        let (storm, history) = told(&params, &run(180));
        let width = history.ticks.width().as_secs_f64();
        let late = history
            .ticks
            .all()
            .iter()
            .enumerate()
            .filter(|(tick, _)| (100.0..180.0).contains(&(as_f64(*tick as u64) * width)));
        let (first, succeeded) = late.fold((0, 0), |(first, succeeded), (_, tick)| {
            (first + tick.first, succeeded + tick.succeeded)
        });
        assert!(first > 6000 && succeeded * 10 < first, "{succeeded} of {first}");
        assert!(storm["p_wasted"] > 0.5, "{storm:?}");
        // A budget for retries lets it recover; no retries do as well.
        for calm in
            [Params { budget: Some(0.1), ..params.clone() }, Params { retries: Some(0), ..params }]
        {
            let (calm, _) = told(&calm, &run(180));
            assert!(calm["success"] > 0.9, "{calm:?}");
        }
    }

    #[test]
    fn clients_that_contend_are_told_too() {
        let params = Params {
            clients: Some(100),
            jitter: Jitter::Full,
            base: SimDuration::from_millis(5),
            cap: SimDuration::from_secs(2),
            ..Params::default()
        };
        let (metrics, history) = told(&params, &run(1));
        assert_eq!(metrics, super::super::run(&params, &run(1)).unwrap());
        assert_eq!(sum(&history, |tick| tick.first), 100.0);
        assert_eq!(sum(&history, Tick::attempts), metrics["attempts"]);
        assert_eq!(sum(&history, |tick| tick.succeeded), 100.0);
        assert_eq!(history.tries.iter().sum::<u64>(), 100);
        let waiting = history.ticks.all().iter().map(|tick| tick.waiting).max();
        assert!(waiting.is_some_and(|waiting| (50..100).contains(&waiting)), "{waiting:?}");
    }

    #[test]
    fn a_run_that_is_watched_can_be_stopped() {
        for clients in [None, Some(1000)] {
            let params = Params {
                clients,
                arrivals: Arrivals::Poisson { rate_per_s: 1000.0 },
                ..Params::default()
            };
            let mut asked = Vec::new();
            let stopped = history(&params, &run(100), &mut |now| {
                asked.push(now);
                asked.len() < 3
            });
            assert_eq!(stopped.err(), Some(Refused("cancelled".to_owned())));
            assert!(asked.len() == 3 && asked.is_sorted(), "{asked:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_told_is_what_is_counted(
            (rate_per_s, service_s) in (1.0..100.0, 0.001..2.0),
            (capacity, queue, timeout_ms) in
                (proptest::option::of(1_u64..20), 0_u64..50, proptest::option::of(1_u64..5000)),
            (p_fail, retries, layers) in (0.0..0.9, 0_u64..5, 1_u32..3),
            (budget, outage_s) in (proptest::option::of(0.0..1.0), proptest::option::of(0_u64..20)),
            (backoff, jitter) in (
                prop_oneof![Just(Backoff::None), Just(Backoff::Fixed), Just(Backoff::Exponential)],
                prop_oneof![
                    Just(Jitter::None), Just(Jitter::Equal), Just(Jitter::Full),
                    Just(Jitter::Decorrelated),
                ],
            ),
            seed in any::<u64>(),
        ) {
            let params = Params {
                arrivals: Arrivals::Poisson { rate_per_s },
                service: Law::exponential(service_s).unwrap(),
                capacity,
                queue,
                timeout: timeout_ms.map(SimDuration::from_millis),
                p_fail,
                retries: Some(retries),
                layers,
                budget,
                outage: outage_s.map(|at| Outage {
                    at: SimTime::from_secs_f64(as_f64(at)),
                    lasts: SimDuration::from_secs(3),
                }),
                backoff,
                jitter,
                ..Params::default()
            };
            let run = Run { seed, ..run(20) };
            let (metrics, history) = told(&params, &run);
            prop_assert_eq!(&metrics, &super::super::run(&params, &run).unwrap());
            prop_assert_eq!(sum(&history, Tick::attempts), metrics["attempts"]);
            prop_assert_eq!(sum(&history, |tick| tick.lost), metrics["lost"]);
            let (calls, won) = (sum(&history, |tick| tick.first), sum(&history, |tick| tick.succeeded));
            prop_assert_eq!(calls, won + metrics["lost"]);
            prop_assert_eq!(as_f64(history.tries.iter().sum()), won);
            prop_assert_eq!(sum(&history, |tick| tick.timed_out), sum(&history, |tick| tick.wasted));
            let most = |of: fn(&Tick) -> u64| history.ticks.all().iter().map(of).max().unwrap_or(0);
            prop_assert!(most(|tick| tick.in_service) <= capacity.unwrap_or(u64::MAX));
            prop_assert!(most(|tick| tick.in_line) <= queue);
            prop_assert!(history.ticks.all().len() <= TICKS_MAX);
        }
    }
}
