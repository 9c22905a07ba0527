//! When requests come: processes as iterators over instants, in order, without allocation per
//! event.

use super::rng::{Draws, Stream, Xoshiro256pp};
use super::time::{SECONDS_MAX, SimDuration, SimTime, as_f64};

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

/// Rates above this are refused: two requests would share a nanosecond too often.
pub const RATE_MAX: f64 = 1e8;

impl Arrivals {
    /// Why this process cannot be run, if it cannot: a value out of range, instants out of order.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Poisson { rate_per_s } => checked_rate("rate_per_s", *rate_per_s),
            Self::Every { gap, count, size } => {
                if gap.is_zero() && count.is_none() {
                    return Err("gap must be longer than 0 where there is no count".to_owned());
                }
                checked_size(*size)
            }
            Self::Burst { size, .. } => checked_size(*size),
            Self::Steps { at, rate_per_s } => {
                if at.len() != rate_per_s.len() || at.is_empty() {
                    return Err("at and rate_per_s must be lists of one length".to_owned());
                }
                if !at.is_sorted_by(|a, b| a < b) {
                    return Err("the instants of steps must ascend".to_owned());
                }
                rate_per_s.iter().try_for_each(|&rate| checked_rate("rate_per_s", rate))
            }
            Self::Sine { mean_per_s, amplitude_per_s, period } => {
                checked_rate("mean_per_s", *mean_per_s)?;
                if !(0.0..=*mean_per_s).contains(amplitude_per_s) {
                    return Err("amplitude_per_s must be in 0 to mean_per_s".to_owned());
                }
                if period.is_zero() {
                    return Err("period must be longer than 0".to_owned());
                }
                Ok(())
            }
            Self::OnOff { rate_per_s, on, off } => {
                checked_rate("rate_per_s", *rate_per_s)?;
                if on.is_zero() || off.is_zero() {
                    return Err("on and off must be longer than 0".to_owned());
                }
                Ok(())
            }
            Self::Trace(times) if !times.is_sorted() => {
                Err("the instants of a trace must ascend".to_owned())
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
        self.gather(Draws::new(seed), &mut sources);
        for source in &mut sources {
            source.advance();
        }
        Times { sources, end: SimTime(duration.0) }
    }

    fn gather<'a>(&'a self, draws: Draws, sources: &mut Vec<Source<'a>>) {
        if let Self::Superposed(parts) = self {
            for part in parts {
                part.gather(draws, sources);
            }
            return;
        }
        let rng = draws.at(Stream::Arrivals, sources.len() as u64);
        sources.push(Source::new(self, rng));
    }
}

fn checked_rate(name: &str, rate: f64) -> Result<(), String> {
    if (0.0..=RATE_MAX).contains(&rate) {
        Ok(())
    } else {
        Err(format!("{name} must be in 0 to 1e8, not {rate}"))
    }
}

fn checked_size(size: u64) -> Result<(), String> {
    if (1..=50_000_000).contains(&size) {
        Ok(())
    } else {
        Err(format!("size must be in 1 to 50000000, not {size}"))
    }
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
    /// Until when an on-off process stays in its phase.
    phase_end: SimTime,
}

impl<'a> Source<'a> {
    fn new(process: &'a Arrivals, mut rng: Xoshiro256pp) -> Self {
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
        let mut source = Self { process, rng, next: SimTime::ZERO, given: 0, phase_end };
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
            if highest <= 0.0 || at.as_secs_f64() > SECONDS_MAX {
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
            if at < self.phase_end || self.next.as_secs_f64() > SECONDS_MAX {
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
