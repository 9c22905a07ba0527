//! What a picture of the fan-out needs.

use super::{Params, Recorder};
use crate::sim::histogram::Histogram;
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Run, Watch};

/// So many requests are kept one by one, the first.
const ASKED_MAX: usize = 64;

/// So many branches are kept of each.
const BRANCHES_MAX: usize = 64;

/// The watch is asked once in so many branches.
const WATCHED: u64 = 50_000;

/// A run as told. Requests do not meet, so they are told one after another: the next is asked when
/// the one before is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The first requests.
    pub asked: Vec<Asked>,
    /// How many requests there were in all.
    pub requests: u64,
    /// How many of them had a slow branch.
    pub any_slow: u64,
    /// What 99 % of single tries stay under.
    pub slow: SimDuration,
    /// When the last of the requests that are kept was done.
    pub end: SimTime,
    /// How long first tries took.
    pub leaf: Histogram,
    /// How long requests took.
    pub latency: Histogram,
}

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// When it was asked.
    pub at: SimTime,
    /// How long it took until enough branches had answered.
    pub latency: SimDuration,
    /// Whether a branch was slow.
    pub is_any_slow: bool,
    /// How many branches were asked a second time.
    pub hedges: u64,
    /// Its branches, the slowest first; where there are more than are kept, the slowest.
    pub branches: Vec<Branch>,
    /// How many more there were.
    pub more: u64,
    /// How many first tries took how long: counts by [`eighth`].
    pub eighths: Vec<u32>,
}

/// The eighth of a doubling that a span lies in, counted from a nanosecond on.
pub const fn eighth(span: SimDuration) -> usize {
    let bits = (span.0 | 1).ilog2();
    let below = if bits >= 3 { span.0 >> (bits - 3) } else { span.0 << (3 - bits) };
    (8 * bits) as usize + (below & 7) as usize
}

/// Where an eighth begins, in seconds.
pub fn eighth_begins_s(eighth: usize) -> f64 {
    let whole = u32::try_from(eighth / 8).unwrap_or(u32::MAX).min(63);
    let part = as_f64((eighth % 8) as u64);
    (1.0 + part / 8.0) * as_f64(1u64 << whole) / 1e9
}

/// One branch of a request, in time since it was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// Its place among the branches, from 0.
    pub index: usize,
    /// When its first try answers, or would.
    pub first: SimDuration,
    /// When it answers.
    pub end: SimDuration,
    /// Whether it was asked a second time.
    pub is_hedged: bool,
}

/// Writes a history while the run goes on.
pub(super) struct Recording<'a> {
    history: &'a mut History,
    watch: Watch<'a>,
    hedge_at: Option<SimDuration>,
    quorum: usize,
    /// The branches of the request at hand, if it is kept.
    branches: Vec<Branch>,
    eighths: Vec<u32>,
    unwatched: u64,
    /// About how much of the run's duration goes by with a request.
    step_s: f64,
}

impl<'a> Recording<'a> {
    pub(super) fn new(
        params: &Params,
        run: &Run,
        history: &'a mut History,
        watch: Watch<'a>,
    ) -> Self {
        let quorum = usize::try_from(super::quorum(params)).unwrap_or(usize::MAX);
        Self {
            history,
            watch,
            hedge_at: params.hedge_at,
            quorum,
            branches: Vec::new(),
            eighths: Vec::new(),
            unwatched: 0,
            step_s: run.duration.as_secs_f64() / super::requests(params, run).max(1.0),
        }
    }

    fn is_kept(&self) -> bool {
        self.history.asked.len() < ASKED_MAX
    }

    fn keep(&mut self, latency: SimDuration, is_any_slow: bool) {
        let hedges = self.branches.iter().filter(|branch| branch.is_hedged).count() as u64;
        self.branches
            .sort_by(|one, other| other.end.cmp(&one.end).then(one.index.cmp(&other.index)));
        let more = self.branches.len().saturating_sub(BRANCHES_MAX) as u64;
        self.branches.truncate(BRANCHES_MAX);
        let (at, branches) = (self.history.end, self.branches.clone());
        self.history.end = at + latency;
        let eighths = std::mem::take(&mut self.eighths);
        self.history.asked.push(Asked {
            at,
            latency,
            is_any_slow,
            hedges,
            branches,
            more,
            eighths,
        });
    }
}

impl Recorder for Recording<'_> {
    fn slow(&mut self, slow: SimDuration) {
        self.history.slow = slow;
    }

    fn first_tries(&mut self, branches: &[SimDuration]) {
        for &branch in branches {
            self.history.leaf.record(branch);
        }
        self.branches.clear();
        if self.is_kept() {
            let branch = |(index, &first)| Branch { index, first, end: first, is_hedged: false };
            self.branches.extend(branches.iter().enumerate().map(branch));
            self.eighths.clear();
            for &branch in branches {
                let eighth = eighth(branch);
                self.eighths.resize(self.eighths.len().max(eighth + 1), 0);
                self.eighths[eighth] += 1;
            }
        }
        self.unwatched += branches.len() as u64;
    }

    fn answers(&mut self, branches: &[SimDuration]) {
        let Some(hedge_at) = self.hedge_at else { return };
        let in_time = self.branches.iter().filter(|branch| branch.first <= hedge_at).count();
        if in_time >= self.quorum {
            return;
        }
        for (branch, &end) in self.branches.iter_mut().zip(branches) {
            (branch.end, branch.is_hedged) = (end, branch.first > hedge_at);
        }
    }

    fn done(&mut self, latency: SimDuration, is_any_slow: bool) -> bool {
        if self.is_kept() {
            self.keep(latency, is_any_slow);
        }
        self.history.requests += 1;
        self.history.any_slow += u64::from(is_any_slow);
        self.history.latency.record(latency);
        if self.unwatched < WATCHED {
            return true;
        }
        self.unwatched = 0;
        (self.watch)(SimTime::from_secs_f64(self.step_s * as_f64(self.history.requests)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{history, run};
    use super::*;
    use crate::sim::law::Law;
    use proptest::prelude::*;

    fn at(seed: u64) -> Run {
        Run { seed, duration: SimDuration::from_secs(10), warm_up: SimDuration::ZERO }
    }

    #[test]
    fn what_does_not_change_is_told_as_it_is() {
        let hedge_at = Some(SimDuration::from_millis(100));
        let leaf = Law::constant(0.25).unwrap();
        let params = Params { requests: 70, branches: 3, leaf, hedge_at, ..Params::default() };
        let (_, told) = history(&params, &at(1), &mut |_| true).unwrap();
        assert_eq!((told.asked.len(), told.requests), (64, 70));
        let second = &told.asked[1];
        assert_eq!((second.at.as_secs_f64(), second.hedges, second.more), (0.25, 3, 0));
        let branch = second.branches[2];
        assert_eq!((branch.index, branch.is_hedged), (2, true));
        assert_eq!((branch.first, branch.end), (branch.end, SimDuration::from_millis(250)));
        assert_eq!(told.end.as_secs_f64(), 16.0);
    }

    #[test]
    fn eighths_lie_one_behind_the_other() {
        let mut last = 0;
        for ns in (0..2000).chain([1 << 40, (1 << 40) + (1 << 37), u64::MAX]) {
            let found = eighth(SimDuration(ns));
            assert!(found >= last && found < 512, "{ns}");
            assert!(eighth_begins_s(found) * 1e9 <= as_f64(ns.max(1)) + 1e-6, "{ns}");
            assert!(eighth_begins_s(found + 1) * 1e9 > as_f64(ns) || found == 511, "{ns}");
            last = found;
        }
        assert_eq!(eighth(SimDuration((1 << 40) + (1 << 37))), 321);
    }

    #[test]
    fn a_run_that_is_called_off_says_so() {
        let params = Params { requests: 10_000, branches: 100, ..Params::default() };
        let refused = history(&params, &at(1), &mut |_| false);
        assert_eq!(refused.unwrap_err().0, "cancelled");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_same_numbers_as_a_plain_run(
            seed: u64,
            requests in 1..200u64,
            branches in 1..150u32,
            answers in 1..150u32,
            hedge_ms in prop::option::of(0..3000u64),
        ) {
            let params = Params {
                requests,
                branches,
                leaf: Law::exponential(1.0).unwrap(),
                quorum: Some(answers.min(branches)),
                hedge_at: hedge_ms.map(SimDuration::from_millis),
                ..Params::default()
            };
            let (metrics, told) = history(&params, &at(seed), &mut |_| true).unwrap();
            prop_assert_eq!(&metrics, &run(&params, &at(seed)).unwrap());
            prop_assert_eq!(told.requests, requests);
            prop_assert_eq!(told.leaf.count(), requests * u64::from(branches));
            prop_assert!((metrics["p_any_slow"] - as_f64(told.any_slow) / as_f64(requests)).abs() < 1e-12);
            for asked in &told.asked {
                prop_assert_eq!(asked.branches.len() as u64 + asked.more, u64::from(branches));
                prop_assert!(asked.branches.len() <= 64);
                prop_assert!(asked.branches.windows(2).all(|pair| pair[0].end >= pair[1].end));
                if answers >= branches {
                    prop_assert_eq!(asked.branches[0].end, asked.latency);
                }
            }
            if told.asked.len() as u64 == requests {
                let hedges: u64 = told.asked.iter().map(|asked| asked.hedges).sum();
                let tries = as_f64(requests * u64::from(branches));
                prop_assert!((metrics["extra_load"] - as_f64(hedges) / tries).abs() < 1e-12);
            }
        }
    }
}
