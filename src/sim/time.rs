//! Simulated time: whole nanoseconds, so that sums are exact on every machine. All arithmetic
//! saturates; 2⁶⁴ ns are 584 years.

use std::ops::{Add, Sub};

/// Nanoseconds in a second.
pub const NS_PER_S: u64 = 1_000_000_000;

/// The longest span that a scenario may name, in seconds.
pub const SECONDS_MAX: f64 = 1e9;

/// An instant: nanoseconds since the run's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub u64);

/// A span of nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(pub u64);

impl SimTime {
    /// The start of every run.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const MAX: Self = Self(u64::MAX);

    /// `seconds` after the start, rounded half up to a nanosecond; negative and NaN are 0.
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self(nanoseconds(seconds))
    }

    /// Seconds since the start.
    pub fn as_secs_f64(self) -> f64 {
        seconds(self.0)
    }

    /// The span since `earlier`; zero if that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// The instant `span` later, if there is one.
    pub const fn checked_add(self, span: SimDuration) -> Option<Self> {
        match self.0.checked_add(span.0) {
            Some(ns) => Some(Self(ns)),
            None => None,
        }
    }
}

impl SimDuration {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// Longer than any run.
    pub const MAX: Self = Self(u64::MAX);

    /// A span of whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(NS_PER_S))
    }

    /// A span of whole milliseconds.
    pub const fn from_millis(milliseconds: u64) -> Self {
        Self(milliseconds.saturating_mul(1_000_000))
    }

    /// `seconds`, rounded half up to a nanosecond; negative and NaN are 0.
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self(nanoseconds(seconds))
    }

    /// In seconds.
    pub fn as_secs_f64(self) -> f64 {
        seconds(self.0)
    }

    /// In milliseconds.
    pub fn as_ms_f64(self) -> f64 {
        as_f64(self.0) / 1e6
    }

    /// The span without `other`, at least zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `times` this span.
    #[must_use]
    pub const fn saturating_mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;

    fn add(self, span: SimDuration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for SimTime {
    type Output = SimDuration;

    fn sub(self, earlier: Self) -> SimDuration {
        self.since(earlier)
    }
}

impl Add for SimDuration {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// A count as a real number, exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts and spans of a run stay far below 2⁵³")]
pub const fn as_f64(count: u64) -> f64 {
    count as f64
}

fn seconds(ns: u64) -> f64 {
    as_f64(ns) / 1e9
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, takes NaN for 0 and rounds towards zero, which the half makes half up"
)]
fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9 + 0.5) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_half_up_and_saturate() {
        for (seconds, ns) in [
            (0.0, 0),
            (1.5e-9, 2),
            (1.4e-9, 1),
            (1.991, 1_991_000_000),
            (-3.0, 0),
            (f64::NAN, 0),
            (f64::INFINITY, u64::MAX),
            (1e9, 1_000_000_000_000_000_000),
        ] {
            assert_eq!(SimDuration::from_secs_f64(seconds), SimDuration(ns), "{seconds}");
        }
        assert_eq!(SimTime(5) - SimTime(9), SimDuration::ZERO);
        assert_eq!(SimTime::MAX + SimDuration(1), SimTime::MAX);
        assert_eq!(SimTime::MAX.checked_add(SimDuration(1)), None);
        assert_eq!(SimDuration::from_millis(1500).as_secs_f64(), 1.5);
        assert_eq!(SimDuration(1_500_000).as_ms_f64(), 1.5);
    }
}
