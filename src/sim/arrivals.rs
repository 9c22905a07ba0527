//! When requests come: processes as iterators over instants, in order, without allocation per
//! event.

use super::rng::{Draws, Stream, Xoshiro256pp};
use super::time::{SimDuration, SimTime, as_f64};
use super::{Refused, within};

/// An arrival process.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Without memory, at a constant rate.
    Poisson {
        /// Requests a second.
        rate_per_s: f64,
    },
    /// `size` at 0, again after each gap.
    Every {
        /// From one instant to the next.
        gap: SimDuration,
        /// At how many instants; `None` until the end.
        count: Option<u64>,
        /// Requests at an instant.
        size: u64,
    },
    /// All at one instant.
    Burst {
        /// When.
        at: SimTime,
        /// How many.
        size: u64,
    },
    /// Poisson with a rate that changes at instants; nothing before the first.
    Steps {
        /// When the rate changes, ascending.
        at: Vec<SimTime>,
        /// The rate from then on, one for each instant.
        rate_per_s: Vec<f64>,
    },
    /// Poisson with a rate that swings, upwards first: mean + amplitude · sin(2πt / period).
    Sine {
        /// The mean rate.
        mean_per_s: f64,
        /// At most the mean.
        amplitude_per_s: f64,
        /// From peak to peak.
        period: SimDuration,
    },
    /// Poisson in exponential phases, nothing between them; 0 falls in a phase or between two as
    /// often as any other instant does.
    OnOff {
        /// The rate in a phase.
        rate_per_s: f64,
        /// A phase's mean length.
        on: SimDuration,
        /// The mean gap between two phases.
        off: SimDuration,
    },
    /// Recorded instants, ascending.
    Trace(Vec<SimTime>),
    /// Several processes at once.
    Superposed(Vec<Self>),
}

impl Default for Arrivals {
    /// Nothing ever comes.
    fn default() -> Self {
        Self::Superposed(Vec::new())
    }
}

/// Rates above this are refused: two requests would share a nanosecond too often.
pub const RATE_MAX: f64 = 1e8;

impl Arrivals {
    /// Whether so many come and no more, however long a run is.
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Every { count, .. } => count.is_some(),
            Self::Burst { .. } | Self::Trace(_) => true,
            Self::Superposed(parts) => parts.iter().all(Self::is_counted),
            Self::Poisson { .. } | Self::Steps { .. } | Self::Sine { .. } | Self::OnOff { .. } => {
                false
            }
        }
    }

    /// Why this process cannot be run, if it cannot: a value out of range, instants out of order.
    pub fn check(&self) -> Result<(), Refused> {
        match self {
            Self::Poisson { rate_per_s } => checked_rate("rate_per_s", *rate_per_s),
            Self::Every { gap, count, size } => {
                if gap.is_zero() && count.is_none() {
                    return Err(Refused(
                        "gap must be longer than 0 where there is no count".to_owned(),
                    ));
                }
                checked_size(*size)
            }
            Self::Burst { size, .. } => checked_size(*size),
            Self::Steps { at, rate_per_s } => {
                if at.len() != rate_per_s.len() || at.is_empty() {
                    return Err(Refused(
                        "at and rate_per_s must be lists of one length".to_owned(),
                    ));
                }
                if !at.is_sorted_by(|a, b| a < b) {
                    return Err(Refused("the instants of steps must ascend".to_owned()));
                }
                rate_per_s.iter().try_for_each(|&rate| checked_rate("rate_per_s", rate))
            }
            Self::Sine { mean_per_s, amplitude_per_s, period } => {
                checked_rate("mean_per_s", *mean_per_s)?;
                if !(0.0..=*mean_per_s).contains(amplitude_per_s) {
                    return Err(Refused("amplitude_per_s must be in 0 to mean_per_s".to_owned()));
                }
                if period.is_zero() {
                    return Err(Refused("period must be longer than 0".to_owned()));
                }
                Ok(())
            }
            Self::OnOff { rate_per_s, on, off } => {
                checked_rate("rate_per_s", *rate_per_s)?;
                if on.min(off).0 < 1_000_000 {
                    return Err(Refused("on and off must be at least 1 ms".to_owned()));
                }
                Ok(())
            }
            Self::Trace(times) if !times.is_sorted() => {
                Err(Refused("the instants of a trace must ascend".to_owned()))
            }
            Self::Trace(_) => Ok(()),
            Self::Superposed(parts) => parts.iter().try_for_each(Self::check),
        }
    }

    /// How many arrivals to expect in [0, `duration`).
    pub fn expected(&self, duration: SimDuration) -> f64 {
        let seconds = duration.as_secs_f64();
        match self {
            Self::Poisson { rate_per_s } => rate_per_s * seconds,
            Self::Every { gap, count, size } => {
                let instants = match gap.0 {
                    _ if duration.is_zero() => 0,
                    0 => count.unwrap_or(0),
                    gap => duration.0.div_ceil(gap).min(count.unwrap_or(u64::MAX)),
                };
                as_f64(instants) * as_f64(*size)
            }
            Self::Burst { at, size } if at.0 < duration.0 => as_f64(*size),
            Self::Burst { .. } => 0.0,
            Self::Steps { at, rate_per_s } => at
                .iter()
                .zip(rate_per_s)
                .enumerate()
                .map(|(step, (from, rate))| {
                    let until = at.get(step + 1).map_or(duration.0, |next| next.0.min(duration.0));
                    rate * SimDuration(until.saturating_sub(from.0)).as_secs_f64()
                })
                .sum(),
            Self::Sine { mean_per_s, amplitude_per_s, period } => {
                let omega = std::f64::consts::TAU / period.as_secs_f64();
                mean_per_s * seconds + amplitude_per_s * (1.0 - libm::cos(omega * seconds)) / omega
            }
            Self::OnOff { rate_per_s, on, off } => {
                let (on, off) = (on.as_secs_f64(), off.as_secs_f64());
                rate_per_s * seconds * on / (on + off)
            }
            Self::Trace(times) => as_f64(times.partition_point(|at| at.0 < duration.0) as u64),
            Self::Superposed(parts) => parts.iter().map(|part| part.expected(duration)).sum(),
        }
    }

    /// How many events to expect in [0, `duration`): arrivals, and the phases between them.
    pub fn events(&self, duration: SimDuration) -> f64 {
        let phases = match self {
            Self::OnOff { on, off, .. } => as_f64(duration.0) / as_f64((*on + *off).0.max(1)),
            Self::Superposed(parts) => {
                return parts.iter().map(|part| part.events(duration)).sum();
            }
            _ => 0.0,
        };
        self.expected(duration) + phases
    }

    /// The mean number of arrivals a second over [0, `duration`).
    pub fn mean_rate_per_s(&self, duration: SimDuration) -> f64 {
        if duration.is_zero() { 0.0 } else { self.expected(duration) / duration.as_secs_f64() }
    }

    /// Whether arrivals are Poisson at a constant rate, and at which.
    pub fn poisson_rate(&self) -> Option<f64> {
        match self {
            Self::Poisson { rate_per_s } => Some(*rate_per_s),
            Self::Superposed(parts) if !parts.is_empty() => {
                parts.iter().map(Self::poisson_rate).sum()
            }
            _ => None,
        }
    }

    /// The arrivals in [0, `duration`), in order; the same for the same `seed`.
    pub fn times(&self, seed: u64, duration: SimDuration) -> Times<'_> {
        let mut sources = Vec::new();
        let end = SimTime(duration.0);
        self.gather(Draws::new(seed), end, &mut sources);
        for source in &mut sources {
            source.advance();
        }
        Times { sources, end }
    }

    fn gather<'a>(&'a self, draws: Draws, end: SimTime, sources: &mut Vec<Source<'a>>) {
        if let Self::Superposed(parts) = self {
            for part in parts {
                part.gather(draws, end, sources);
            }
            return;
        }
        let rng = draws.at(Stream::Arrivals, sources.len() as u64);
        sources.push(Source::new(self, rng, end));
    }
}

fn checked_rate(name: &str, rate: f64) -> Result<(), Refused> {
    within(name, rate, 0.0..=RATE_MAX)
}

fn checked_size(size: u64) -> Result<(), Refused> {
    within("size", size, 1..=50_000_000)
}

/// The arrivals of a process, in order.
#[derive(Clone, Debug)]
pub struct Times<'a> {
    sources: Vec<Source<'a>>,
    end: SimTime,
}

impl Iterator for Times<'_> {
    type Item = SimTime;

    #[inline]
    fn next(&mut self) -> Option<SimTime> {
        let next = match self.sources.as_mut_slice() {
            [only] => only,
            several => several.iter_mut().min_by_key(|source| source.next)?,
        };
        let at = next.next;
        if at >= self.end {
            return None;
        }
        next.advance();
        Some(at)
    }
}

/// One process underway.
#[derive(Clone, Debug)]
struct Source<'a> {
    process: &'a Arrivals,
    rng: Xoshiro256pp,
    /// The arrival to give next; [`SimTime::MAX`] when there is none.
    next: SimTime,
    /// Arrivals given so far, `next` included; of steps, the step.
    given: u64,
    /// The run's end: nothing after it is looked for.
    end: SimTime,
    /// Until when an on-off process stays in its phase.
    phase_end: SimTime,
}

impl<'a> Source<'a> {
    fn new(process: &'a Arrivals, mut rng: Xoshiro256pp, end: SimTime) -> Self {
        let phase_end = match process {
            Arrivals::OnOff { on, off, .. } => {
                let (on, off) = (on.as_secs_f64(), off.as_secs_f64());
                if rng.chance(on / (on + off)) {
                    SimTime::from_secs_f64(on * rng.exponential())
                } else {
                    SimTime::ZERO
                }
            }
            _ => SimTime::MAX,
        };
        let mut source = Self { process, rng, next: SimTime::ZERO, given: 0, end, phase_end };
        if let Arrivals::OnOff { .. } = process
            && phase_end == SimTime::ZERO
        {
            source.next_phase();
        }
        source
    }

    #[inline]
    fn advance(&mut self) {
        self.next = match *self.process {
            Arrivals::Poisson { rate_per_s } => self.after_gap(rate_per_s),
            Arrivals::Every { gap, count, size } => every(self.given, gap, count, size),
            Arrivals::Burst { at, size } => {
                if self.given < size {
                    at
                } else {
                    SimTime::MAX
                }
            }
            Arrivals::Steps { ref at, ref rate_per_s } => return self.step(at, rate_per_s),
            Arrivals::Sine { mean_per_s, amplitude_per_s, period } => {
                self.thinned(mean_per_s, amplitude_per_s, period)
            }
            Arrivals::OnOff { rate_per_s, .. } => self.in_phase(rate_per_s),
            Arrivals::Trace(ref times) => usize::try_from(self.given)
                .ok()
                .and_then(|given| times.get(given))
                .copied()
                .unwrap_or(SimTime::MAX),
            Arrivals::Superposed(_) => SimTime::MAX,
        };
        self.given += 1;
    }

    /// One exponential gap after the last arrival.
    #[inline]
    fn after_gap(&mut self, rate_per_s: f64) -> SimTime {
        if rate_per_s <= 0.0 {
            return SimTime::MAX;
        }
        self.next + SimDuration::from_secs_f64(self.rng.exponential() / rate_per_s)
    }

    /// A unit exponential is used up by the area under the rate.
    fn step(&mut self, at: &[SimTime], rates: &[f64]) {
        let mut area = self.rng.exponential();
        let mut now = self.next;
        let mut step = at.partition_point(|from| *from <= now);
        loop {
            let rate = step.checked_sub(1).and_then(|step| rates.get(step)).copied().unwrap_or(0.0);
            let until = at.get(step).copied().unwrap_or(SimTime::MAX);
            let left = rate * (until - now).as_secs_f64();
            if area < left {
                self.next = now + SimDuration::from_secs_f64(area / rate);
                return;
            }
            if until == SimTime::MAX {
                self.next = SimTime::MAX;
                return;
            }
            area -= left;
            now = until;
            step += 1;
        }
    }

    /// Candidates at the highest rate, kept as often as the rate then is of it.
    fn thinned(&mut self, mean: f64, amplitude: f64, period: SimDuration) -> SimTime {
        let highest = mean + amplitude;
        let omega = std::f64::consts::TAU / period.as_secs_f64();
        let mut at = self.next;
        loop {
            if highest <= 0.0 || at >= self.end {
                return SimTime::MAX;
            }
            at = at + SimDuration::from_secs_f64(self.rng.exponential() / highest);
            // The phase within the period keeps the sine's argument small and exact.
            let within = SimDuration(at.0 % period.0).as_secs_f64();
            if self.rng.unit() * highest < mean + amplitude * libm::sin(omega * within) {
                return at;
            }
        }
    }

    fn in_phase(&mut self, rate_per_s: f64) -> SimTime {
        loop {
            let at = self.after_gap(rate_per_s);
            if at < self.phase_end || self.next >= self.end {
                return at;
            }
            self.next_phase();
        }
    }

    /// Moves to the start of the next phase; an exponential gap begun before it may be begun anew.
    fn next_phase(&mut self) {
        let Arrivals::OnOff { on, off, .. } = *self.process else { return };
        let mut span = |mean: SimDuration| {
            SimDuration::from_secs_f64(mean.as_secs_f64() * self.rng.exponential())
        };
        let (off, on) = (span(off), span(on));
        self.next = self.phase_end + off;
        self.phase_end = self.next + on;
    }
}

fn every(given: u64, gap: SimDuration, count: Option<u64>, size: u64) -> SimTime {
    let instant = given / size.max(1);
    if count.is_some_and(|count| instant >= count) {
        return SimTime::MAX;
    }
    SimTime(gap.0.saturating_mul(instant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::estimate::Moments;
    use proptest::prelude::*;

    const S: fn(u64) -> SimDuration = SimDuration::from_secs;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_secs_f64(seconds)
    }

    fn seconds(process: &Arrivals, duration: SimDuration) -> Vec<f64> {
        process.times(1, duration).map(SimTime::as_secs_f64).collect()
    }

    #[test]
    fn fixed_processes_come_when_they_say() {
        let every = |count, size| Arrivals::Every { gap: S(10), count, size };
        for (process, expected) in [
            (every(None, 1), vec![0.0, 10.0, 20.0]),
            (every(Some(2), 2), vec![0.0, 0.0, 10.0, 10.0]),
            (Arrivals::Burst { at: at(5.0), size: 3 }, vec![5.0; 3]),
            (Arrivals::Burst { at: at(30.0), size: 3 }, vec![]),
            (Arrivals::Trace(vec![at(1.0), at(29.0), at(30.0)]), vec![1.0, 29.0]),
            (Arrivals::Poisson { rate_per_s: 0.0 }, vec![]),
            (Arrivals::default(), vec![]),
            (
                Arrivals::Superposed(vec![
                    every(None, 1),
                    Arrivals::Superposed(vec![Arrivals::Trace(vec![at(1.0), at(10.0)])]),
                ]),
                vec![0.0, 1.0, 10.0, 10.0, 20.0],
            ),
        ] {
            assert_eq!(process.check(), Ok(()));
            assert_eq!(seconds(&process, S(30)), expected, "{process:?}");
            assert_eq!(process.expected(S(30)), as_f64(expected.len() as u64), "{process:?}");
        }
        let at_once = Arrivals::Every { gap: S(0), count: Some(3), size: 1 };
        assert_eq!(seconds(&at_once, S(1)), [0.0; 3]);
        assert_eq!(at_once.expected(S(1)), 3.0);
    }

    fn chancy() -> Vec<Arrivals> {
        let sine = |mean_per_s, amplitude_per_s, period| Arrivals::Sine {
            mean_per_s,
            amplitude_per_s,
            period: S(period),
        };
        let steps = Arrivals::Steps {
            at: vec![at(100.0), at(200.0), at(900.0)],
            rate_per_s: vec![5.0, 0.0, 50.0],
        };
        vec![
            Arrivals::Poisson { rate_per_s: 3.0 },
            sine(10.0, 10.0, 60),
            sine(2.0, 1.0, 1700),
            steps.clone(),
            Arrivals::OnOff { rate_per_s: 20.0, on: S(2), off: S(8) },
            Arrivals::Superposed(vec![Arrivals::Poisson { rate_per_s: 1.0 }, steps]),
        ]
    }

    #[test]
    fn counts_are_as_expected() {
        for process in chancy() {
            let mut counts = Moments::default();
            for seed in 0..200 {
                let mut last = SimTime::ZERO;
                let mut count = 0;
                for at in process.times(seed, S(1000)) {
                    assert!(last <= at && at < SimTime(S(1000).0));
                    last = at;
                    count += 1;
                }
                counts.add(as_f64(count));
            }
            let expected = process.expected(S(1000));
            let off = (counts.mean() - expected) / counts.standard_error();
            assert!(off.abs() < 4.0, "{process:?}: {} of {expected}", counts.mean());
            if !matches!(process, Arrivals::OnOff { .. }) {
                let dispersion = counts.variance() / counts.mean();
                assert!((dispersion - 1.0).abs() < 0.5, "{process:?}: {dispersion}");
            }
        }
    }

    /// Rates hold where they say, not only on the whole.
    #[test]
    fn rates_change_when_they_say() {
        let count = |process: &Arrivals, from: f64, until: f64| {
            let all = (0..100).flat_map(|seed| process.times(seed, S(1000)));
            let within = all.filter(|time| (at(from)..at(until)).contains(time)).count();
            as_f64(within as u64) / 100.0
        };
        let steps = &chancy()[3];
        assert_eq!(count(steps, 0.0, 100.0), 0.0);
        assert_eq!(count(steps, 200.0, 900.0), 0.0);
        assert!((count(steps, 100.0, 150.0) - 250.0).abs() < 8.0);
        assert!((count(steps, 900.0, 1000.0) - 5000.0).abs() < 30.0);
        // Half a period of 10 + 10 sin: 30·10 + 20·30/π up, 30·10 − 20·30/π down.
        let sine = &chancy()[1];
        assert!((count(sine, 0.0, 30.0) - 490.986).abs() < 10.0);
        assert!((count(sine, 30.0, 60.0) - 109.014).abs() < 5.0);
        // Stationary from the start.
        let phases = &chancy()[4];
        assert!((count(phases, 0.0, 10.0) - 40.0).abs() < 14.0);
    }

    #[test]
    fn one_process_of_a_superposition_does_not_change_another() {
        let poisson = Arrivals::Poisson { rate_per_s: 1.0 };
        let alone = seconds(&poisson, S(100));
        let with = |other| seconds(&Arrivals::Superposed(vec![poisson.clone(), other]), S(100));
        let burst = with(Arrivals::Burst { at: at(50.0), size: 2 });
        assert_eq!(burst.len(), alone.len() + 2);
        assert!(alone.iter().all(|time| burst.contains(time)));
    }

    #[test]
    fn phases_are_work_too() {
        let ms = SimDuration::from_millis;
        let quiet = Arrivals::OnOff { rate_per_s: 0.0, on: ms(1), off: ms(1) };
        assert_eq!(quiet.events(S(1000)), 500_000.0);
        assert_eq!(quiet.times(1, S(1000)).next(), None);
    }

    /// The same nanoseconds on every machine, for ever.
    #[test]
    fn golden_arrivals() {
        let golden = chancy().into_iter().map(|process| {
            let times: Vec<u64> = process.times(42, S(2000)).map(|time| time.0).collect();
            let sum = times.iter().fold(0u64, |sum, time| sum.wrapping_add(*time));
            format!("{} {} {} … {} {sum}\n", times[0], times[1], times[2], times.len())
        });
        insta::assert_snapshot!(golden.collect::<String>(), @r"
        189208053 325531472 942772985 … 6126 6135799217306335
        28381208 120967435 554219485 … 20128 19916479585401905
        189208053 806449566 827885983 … 4293 3940956387129742
        100113524832 100195318884 100565663792 … 55861 80237307153650417
        3322552783 3324566528 3378120297 … 7508 7194910904402688
        567624158 976594416 2828318955 … 57282 81509382400809012
        ");
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        for process in [
            Arrivals::Poisson { rate_per_s: f64::NAN },
            Arrivals::Poisson { rate_per_s: -1.0 },
            Arrivals::Every { gap: S(0), count: None, size: 1 },
            Arrivals::Every { gap: S(1), count: None, size: 0 },
            Arrivals::Steps { at: vec![at(1.0)], rate_per_s: vec![] },
            Arrivals::Steps { at: vec![at(1.0), at(1.0)], rate_per_s: vec![1.0, 2.0] },
            Arrivals::Sine { mean_per_s: 1.0, amplitude_per_s: 2.0, period: S(1) },
            Arrivals::Sine { mean_per_s: 1.0, amplitude_per_s: 1.0, period: S(0) },
            Arrivals::OnOff { rate_per_s: 1.0, on: S(1), off: SimDuration(1) },
            Arrivals::Trace(vec![at(2.0), at(1.0)]),
            Arrivals::Superposed(vec![Arrivals::Burst { at: at(0.0), size: 0 }]),
        ] {
            assert!(process.check().is_err(), "{process:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn superposition_is_the_sorted_union(
            traces in prop::collection::vec(prop::collection::vec(0u64..1000, 0..20), 0..5),
            duration in 0u64..1200,
        ) {
            let mut union: Vec<u64> = traces.concat();
            union.retain(|time| *time < duration);
            union.sort_unstable();
            let parts = traces.into_iter().map(|mut times| {
                times.sort_unstable();
                Arrivals::Trace(times.into_iter().map(SimTime).collect())
            });
            let process = Arrivals::Superposed(parts.collect());
            let duration = SimDuration(duration);
            let times: Vec<u64> = process.times(0, duration).map(|time| time.0).collect();
            prop_assert_eq!(process.expected(duration), as_f64(times.len() as u64));
            prop_assert_eq!(times, union);
        }
    }
}
