//! What a picture of the pool needs.

use super::{Params, Recorder};
use crate::sim::ticks::{Tick, Ticks};
use crate::sim::time::{SimTime, as_f64};
use crate::sim::{Run, Watch};

/// So many requests are kept one by one, the first.
const SERVED_MAX: usize = 4096;

/// The watch is asked once in so many requests.
const WATCHED: u64 = 4096;

/// A run as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The first requests, in the order of their coming.
    pub served: Vec<Served>,
    /// How many came after those.
    pub more: u64,
    /// How many servers there are.
    pub servers: u64,
    /// When the last request has left, or no more come.
    pub end: SimTime,
    moves: Ticks<Moves>,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// When it came.
    pub at: SimTime,
    /// When its service began.
    pub start: SimTime,
    /// When it left.
    pub end: SimTime,
    /// The server that worked on it, from 0.
    pub server: usize,
}

/// A stretch of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Where it begins, in seconds.
    pub from_s: f64,
    /// Where it ends, in seconds.
    pub to_s: f64,
    /// Requests that came.
    pub arrivals: u64,
    /// Requests waiting, mean over the time.
    pub queue_mean: f64,
    /// The most requests waiting at once.
    pub queue_max: u64,
    /// Requests waiting at its end.
    pub queue_end: u64,
    /// Servers busy, mean over the time.
    pub busy_mean: f64,
}

/// How many moved, and the sums of when, from which levels follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moves {
    came: Moved,
    began: Moved,
    left: Moved,
    queue_max: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moved {
    count: u64,
    when_ns: u128,
}

impl Moved {
    fn add(&mut self, at: SimTime) {
        self.count += 1;
        self.when_ns += u128::from(at.0);
    }

    fn joined(self, next: Self) -> Self {
        Self { count: self.count + next.count, when_ns: self.when_ns + next.when_ns }
    }

    /// The time from each of these moves to `until`, in all.
    #[expect(clippy::cast_precision_loss, reason = "an area for a mean")]
    fn before(self, until: u64) -> f64 {
        (u128::from(until) * u128::from(self.count)).saturating_sub(self.when_ns) as f64
    }
}

impl Tick for Moves {
    fn joined(self, next: Self) -> Self {
        Self {
            came: self.came.joined(next.came),
            began: self.began.joined(next.began),
            left: self.left.joined(next.left),
            queue_max: self.queue_max.max(next.queue_max),
        }
    }
}

impl History {
    /// The run in stretches of equal length, from 0 on without a gap.
    pub fn levels(&self) -> Vec<Level> {
        let width = self.moves.width().0;
        let (mut from, mut waiting, mut busy) = (0u64, 0u64, 0u64);
        let level = |moves: &Moves| {
            let to = from.saturating_add(width);
            let mean = |held: u64, into: Moved, out: Moved| {
                let area = as_f64(held) * as_f64(width) + into.before(to) - out.before(to);
                (area / as_f64(width)).max(0.0)
            };
            let queue_mean = mean(waiting, moves.came, moves.began);
            let busy_mean = mean(busy, moves.began, moves.left);
            let queue_max = moves.queue_max.max(waiting);
            waiting = (waiting + moves.came.count).saturating_sub(moves.began.count);
            busy = (busy + moves.began.count).saturating_sub(moves.left.count);
            let level = Level {
                from_s: SimTime(from).as_secs_f64(),
                to_s: SimTime(to).as_secs_f64(),
                arrivals: moves.came.count,
                queue_mean,
                queue_max,
                queue_end: waiting,
                busy_mean,
            };
            from = to;
            level
        };
        self.moves.all().iter().map(level).collect()
    }
}

/// Writes a history while the run goes on.
pub(super) struct Recording<'a> {
    pub(super) history: History,
    watch: Watch<'a>,
    requests: u64,
    /// From when each server that was ever needed is free.
    free_from: Vec<SimTime>,
}

impl<'a> Recording<'a> {
    pub(super) fn new(params: &Params, run: &Run, watch: Watch<'a>) -> Self {
        let history = History {
            served: Vec::new(),
            more: 0,
            servers: params.servers,
            end: SimTime(run.duration.0),
            moves: Ticks::of(run.duration),
        };
        Self { history, watch, requests: 0, free_from: Vec::new() }
    }

    /// The first server that is free: requests begin in the order of their coming, so that there
    /// never are more than the pool has.
    fn server(&mut self, start: SimTime, end: SimTime) -> usize {
        let free = self.free_from.iter().position(|from| *from <= start);
        let server = free.unwrap_or(self.free_from.len());
        if let Some(from) = self.free_from.get_mut(server) {
            *from = end;
        } else {
            self.free_from.push(end);
        }
        server
    }
}

impl Recorder for Recording<'_> {
    fn request(&mut self, at: SimTime, start: SimTime, end: SimTime, waiting: usize) -> bool {
        if self.history.served.len() < SERVED_MAX {
            let server = self.server(start, end);
            self.history.served.push(Served { at, start, end, server });
        } else {
            self.history.more += 1;
        }
        let moves = &mut self.history.moves;
        moves.at(end).left.add(end);
        moves.at(start).began.add(start);
        let tick = moves.at(at);
        tick.came.add(at);
        tick.queue_max = tick.queue_max.max(waiting as u64);
        self.history.end = self.history.end.max(end);
        self.requests += 1;
        !self.requests.is_multiple_of(WATCHED) || (self.watch)(at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{history, run};
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use crate::sim::time::SimDuration;
    use proptest::prelude::*;

    fn seconds(seed: u64, seconds: u64) -> Run {
        let (duration, warm_up) = (SimDuration::from_secs(seconds), SimDuration::ZERO);
        Run { seed, duration, warm_up }
    }

    #[test]
    fn levels_follow_from_the_moves() {
        let arrivals = Arrivals::Burst { at: SimTime(0), size: 5 };
        let params = Params { arrivals, service: Law::constant(3.0).unwrap(), servers: 2 };
        let (_, told) = history(&params, &seconds(1, 9), &mut |_| true).unwrap();
        let levels = told.levels();
        let at = |second: f64| {
            *levels.iter().find(|level| level.from_s <= second && second < level.to_s).unwrap()
        };
        assert_eq!((at(1.0).queue_end, at(1.0).busy_mean), (3, 2.0));
        assert_eq!((at(4.0).queue_end, at(4.0).queue_max), (1, 1));
        assert_eq!((at(7.0).queue_end, at(7.0).busy_mean.round()), (0, 1.0));
        assert_eq!(levels[0].queue_max, 3);
        let servers: Vec<usize> = told.served.iter().map(|served| served.server).collect();
        assert_eq!(servers, [0, 1, 0, 1, 0]);
        assert_eq!(told.end, SimTime::from_secs_f64(9.0));
    }

    #[test]
    fn a_run_that_is_called_off_says_so() {
        let arrivals = Arrivals::Poisson { rate_per_s: 1000.0 };
        let params = Params { arrivals, ..Params::default() };
        let refused = history(&params, &seconds(1, 60), &mut |at| at < SimTime::from_secs_f64(9.0));
        assert_eq!(refused.unwrap_err().0, "cancelled");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_same_numbers_as_a_plain_run(
            seed: u64,
            rate_per_s in 0.1..60.0f64,
            mean in 0.001..3.0f64,
            servers in 1..40u64,
        ) {
            let service = Law::exponential(mean).unwrap();
            let params = Params { arrivals: Arrivals::Poisson { rate_per_s }, service, servers };
            let at = seconds(seed, 100);
            let (metrics, told) = history(&params, &at, &mut |_| true).unwrap();
            prop_assert_eq!(&metrics, &run(&params, &at).unwrap());
            let levels = told.levels();
            prop_assert!(levels.len() <= 1024 && told.served.len() <= SERVED_MAX);
            prop_assert!(told.served.iter().all(|served| (served.server as u64) < servers));
            let came: u64 = levels.iter().map(|level| level.arrivals).sum();
            prop_assert_eq!(came, told.served.len() as u64 + told.more);
            if let (Some(level), true) = (levels.last(), came > 0) {
                prop_assert_eq!(level.queue_end, 0);
            }
            let queue_max = levels.iter().map(|level| level.queue_max).max().unwrap_or(0);
            prop_assert_eq!(as_f64(queue_max), metrics["queue_max"]);
            // Little's law over the whole run.
            let waited: f64 = told.served.iter().map(|one| (one.start - one.at).as_secs_f64()).sum();
            let area: f64 = levels.iter().map(|one| one.queue_mean * (one.to_s - one.from_s)).sum();
            prop_assert!(told.more > 0 || (waited - area).abs() <= 1e-6 * waited.max(1.0));
        }
    }
}
