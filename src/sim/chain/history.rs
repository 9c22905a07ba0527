//! What a picture of the chain needs.

use super::Params;
use super::engine::{Outcome, Recorder};
use crate::sim::ticks::{Tick, Ticks};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Run, Watch};

/// So many changes of breakers are kept, the first.
const CHANGES_MAX: usize = 4096;

/// The watch is asked once in so many events.
const WATCHED: u64 = 4096;

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The requests of the client, in stretches of [`History::width`].
    pub requests: Vec<Requests>,
    /// What each service did, in the same stretches.
    pub services: Vec<Vec<Stretch>>,
    /// How long a stretch is.
    pub width: SimDuration,
    /// What breakers did, in order; each begins closed.
    pub changes: Vec<Change>,
    /// Until when all changes were kept, if not to the end.
    pub changes_until: Option<SimTime>,
    /// When the last request has ended, or no more come; calls that nobody waits for may go on.
    pub end: SimTime,
}

/// How a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gate {
    /// It lets calls through.
    #[default]
    Closed,
    /// It refuses them.
    Open,
    /// One call is on trial, the others are refused.
    Trying,
}

/// A breaker that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: SimTime,
    /// Of which service, by place.
    pub service: usize,
    /// What it is now.
    pub gate: Gate,
}

/// What became of the requests that ended in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// How many ended.
    pub ended: u64,
    /// How many of them well.
    pub succeeded: u64,
    /// Nanoseconds that they took, together.
    pub latency_ns: u128,
    /// The longest of them.
    pub latency_max: SimDuration,
}

/// What a service did in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stretch {
    /// Calls that it took in.
    pub entered: u64,
    /// Calls that were refused at once.
    pub refused: u64,
    /// Calls of which their callers heard that they are done.
    pub done: u64,
    /// Calls of which their callers heard that they failed.
    pub failed: u64,
    /// Calls that their callers gave up.
    pub late: u64,
    /// Calls that it holds, mean over the time.
    pub in_flight_mean: f64,
    /// The most calls that it held at once.
    pub in_flight_max: u64,
}

impl Stretch {
    /// The share of the calls it was asked for that went well; none if nobody heard of any.
    pub fn availability(&self) -> Option<f64> {
        let heard = self.done + self.failed + self.late + self.refused;
        (heard > 0).then(|| as_f64(self.done) / as_f64(heard))
    }
}

impl Requests {
    /// The share that ended well.
    pub fn availability(&self) -> Option<f64> {
        (self.ended > 0).then(|| as_f64(self.succeeded) / as_f64(self.ended))
    }

    /// How long they took, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "a sum for a mean")]
    pub fn latency_mean_s(&self) -> Option<f64> {
        (self.ended > 0).then(|| self.latency_ns as f64 / 1e9 / as_f64(self.ended))
    }
}

impl Tick for Requests {
    fn joined(self, next: Self) -> Self {
        Self {
            ended: self.ended + next.ended,
            succeeded: self.succeeded + next.succeeded,
            latency_ns: self.latency_ns + next.latency_ns,
            latency_max: self.latency_max.max(next.latency_max),
        }
    }
}

/// Counts of a stretch, and the sums of when calls entered and left.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    entered: u64,
    entered_ns: u128,
    left: u64,
    left_ns: u128,
    refused: u64,
    done: u64,
    failed: u64,
    late: u64,
    in_flight_max: u64,
}

impl Tick for Counts {
    fn joined(self, next: Self) -> Self {
        Self {
            entered: self.entered + next.entered,
            entered_ns: self.entered_ns + next.entered_ns,
            left: self.left + next.left,
            left_ns: self.left_ns + next.left_ns,
            refused: self.refused + next.refused,
            done: self.done + next.done,
            failed: self.failed + next.failed,
            late: self.late + next.late,
            in_flight_max: self.in_flight_max.max(next.in_flight_max),
        }
    }
}

/// The counts of one service as stretches.
fn stretches(counts: &Ticks<Counts>) -> Vec<Stretch> {
    let width = counts.width().0;
    let (mut from, mut held) = (0u64, 0u64);
    let stretch = |count: &Counts| {
        let to = from.saturating_add(width);
        let until = |moved: u64, when_ns: u128| {
            (u128::from(to) * u128::from(moved)).saturating_sub(when_ns)
        };
        let gained = until(count.entered, count.entered_ns) + u128::from(held) * u128::from(width);
        let lost = until(count.left, count.left_ns);
        #[expect(clippy::cast_precision_loss, reason = "an area for a mean")]
        let in_flight_mean = gained.saturating_sub(lost) as f64 / as_f64(width);
        let in_flight_max = count.in_flight_max.max(held);
        held = (held + count.entered).saturating_sub(count.left);
        from = to;
        Stretch {
            entered: count.entered,
            refused: count.refused,
            done: count.done,
            failed: count.failed,
            late: count.late,
            in_flight_mean,
            in_flight_max,
        }
    };
    counts.all().iter().map(stretch).collect()
}

/// Writes a history while the run goes on.
pub(super) struct Recording<'a> {
    watch: Watch<'a>,
    events: u64,
    requests: Ticks<Requests>,
    services: Vec<Ticks<Counts>>,
    gates: Vec<Gate>,
    changes: Vec<Change>,
    changes_until: Option<SimTime>,
    end: SimTime,
    /// When the last call has ended.
    last: SimTime,
}

impl<'a> Recording<'a> {
    pub(super) fn new(params: &Params, run: &Run, watch: Watch<'a>) -> Self {
        let services = params.services.len();
        Self {
            watch,
            events: 0,
            requests: Ticks::of(run.duration),
            services: vec![Ticks::of(run.duration); services],
            gates: vec![Gate::Closed; services],
            changes: Vec::new(),
            changes_until: None,
            end: SimTime(run.duration.0),
            last: SimTime(run.duration.0),
        }
    }

    pub(super) fn finish(mut self) -> History {
        // Then all are of the same width and length.
        self.requests.at(self.last);
        for counts in &mut self.services {
            counts.at(self.last);
        }
        History {
            services: self.services.iter().map(stretches).collect(),
            requests: self.requests.all().to_vec(),
            width: self.requests.width(),
            changes: self.changes,
            changes_until: self.changes_until,
            end: self.end,
        }
    }
}

impl Recorder for Recording<'_> {
    fn goes_on(&mut self, now: SimTime) -> bool {
        self.events += 1;
        !self.events.is_multiple_of(WATCHED) || (self.watch)(now)
    }

    fn entered(&mut self, now: SimTime, service: usize, in_flight: u64) {
        let counts = self.services[service].at(now);
        counts.entered += 1;
        counts.entered_ns += u128::from(now.0);
        counts.in_flight_max = counts.in_flight_max.max(in_flight);
    }

    fn refused(&mut self, now: SimTime, service: usize) {
        self.services[service].at(now).refused += 1;
    }

    fn left(&mut self, now: SimTime, service: usize) {
        let counts = self.services[service].at(now);
        counts.left += 1;
        counts.left_ns += u128::from(now.0);
        self.last = self.last.max(now);
    }

    fn heard(&mut self, now: SimTime, service: usize, outcome: Outcome) {
        let counts = self.services[service].at(now);
        match outcome {
            Outcome::Done => counts.done += 1,
            Outcome::Failed => counts.failed += 1,
            Outcome::Late => counts.late += 1,
        }
    }

    fn gate(&mut self, now: SimTime, service: usize, gate: Gate) {
        if self.gates[service] == gate {
            return;
        }
        self.gates[service] = gate;
        if self.changes.len() < CHANGES_MAX {
            self.changes.push(Change { at: now, service, gate });
        } else {
            self.changes_until.get_or_insert(now);
        }
    }

    fn ended(&mut self, now: SimTime, came: SimTime, succeeded: bool) {
        (self.end, self.last) = (self.end.max(now), self.last.max(now));
        let requests = self.requests.at(now);
        requests.ended += 1;
        requests.succeeded += u64::from(succeeded);
        requests.latency_ns += u128::from((now - came).0);
        requests.latency_max = requests.latency_max.max(now - came);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Breaker, Service, history, run};
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use proptest::prelude::*;

    fn at(seed: u64, seconds: u64) -> Run {
        Run { seed, duration: SimDuration::from_secs(seconds), warm_up: SimDuration::ZERO }
    }

    /// A front that needs a back which is slow or fails.
    fn pair(mean_s: f64, availability: f64) -> Params {
        let back = Service {
            name: "back".to_owned(),
            service: Law::exponential(mean_s).unwrap(),
            availability,
            timeout: Some(SimDuration::from_millis(500)),
            breaker: Some(Breaker {
                threshold: 3,
                window: SimDuration::from_secs(10),
                half_open_after: SimDuration::from_secs(5),
            }),
            ..Service::default()
        };
        let front = Service {
            name: "front".to_owned(),
            calls: vec!["back".to_owned()],
            service: Law::constant(0.05).unwrap(),
            ..Service::default()
        };
        Params { arrivals: Arrivals::Poisson { rate_per_s: 5.0 }, services: vec![front, back] }
    }

    #[test]
    fn a_breaker_opens_tries_and_closes() {
        let (_, told) = history(&pair(0.4, 0.9), &at(1, 300), &mut |_| true).unwrap();
        let gates: Vec<Gate> = told.changes.iter().map(|change| change.gate).collect();
        assert_eq!(gates[..2], [Gate::Open, Gate::Trying]);
        assert!(gates.contains(&Gate::Closed));
        let open = told.changes[0];
        assert_eq!(open.service, 1);
        assert!(told.changes[1].at >= open.at + SimDuration::from_secs(5));
        let lasting = told.changes.windows(2).filter(|pair| pair[0].gate == Gate::Open);
        for pair in lasting {
            assert_eq!(pair[1].gate, Gate::Trying);
        }
        let late: u64 = told.services[1].iter().map(|stretch| stretch.late).sum();
        assert!(late > 10, "{late}");
    }

    #[test]
    fn a_run_that_is_called_off_says_so() {
        let refused = history(&pair(0.1, 1.0), &at(1, 3000), &mut |_| false);
        assert_eq!(refused.unwrap_err().0, "cancelled");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_same_numbers_as_a_plain_run(
            seed: u64,
            mean_s in 0.01..2.0f64,
            availability in 0.0..=1.0f64,
            retries in 0..4u32,
            bulkhead in prop::option::of(1..20u64),
            servers in prop::option::of(1..10u64),
            is_async: bool,
        ) {
            let mut params = pair(mean_s, availability);
            params.services[1] =
                Service { servers, retries, bulkhead, is_async, ..params.services[1].clone() };
            let (metrics, told) = history(&params, &at(seed, 60), &mut |_| true).unwrap();
            prop_assert_eq!(&metrics, &run(&params, &at(seed, 60)).unwrap());
            prop_assert!(told.requests.len() <= 1024);
            for (place, service) in told.services.iter().enumerate() {
                prop_assert_eq!(service.len(), told.requests.len());
                let name = &params.services[place].name;
                let most = service.iter().map(|stretch| stretch.in_flight_max).max().unwrap();
                prop_assert_eq!(as_f64(most), metrics[&format!("{name}.in_flight_max")]);
                let refused: u64 = service.iter().map(|stretch| stretch.refused).sum();
                prop_assert_eq!(as_f64(refused), metrics[&format!("{name}.failed_fast")]);
                let all = service.iter().fold(Stretch::default(), |sum, one| Stretch {
                    done: sum.done + one.done,
                    failed: sum.failed + one.failed,
                    late: sum.late + one.late,
                    refused: sum.refused + one.refused,
                    ..sum
                });
                if let Some(availability) = all.availability() {
                    let exact = metrics[&format!("{name}.availability")];
                    prop_assert!((availability - exact).abs() < 1e-12, "{name}");
                }
                for stretch in service {
                    let mean = stretch.in_flight_mean;
                    prop_assert!(mean <= as_f64(stretch.in_flight_max) + 1e-9, "{stretch:?}");
                }
            }
            let succeeded: u64 = told.requests.iter().map(|one| one.succeeded).sum();
            let ended: u64 = told.requests.iter().map(|one| one.ended).sum();
            if ended > 0 {
                let share = as_f64(succeeded) / as_f64(ended);
                prop_assert!((metrics["availability"] - share).abs() < 1e-12);
            }
        }
    }
}
