//! Moments and the time between them, safe against clocks that jump.

use serde::{Deserialize, Serialize};

use crate::course::Date;

/// A moment: milliseconds since 1970-01-01T00:00:00Z, negative before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A day in milliseconds: two right answers this far apart make an objective mastered.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;

impl Time {
    /// The milliseconds from `earlier` to this moment; 0 when the clock went backwards.
    pub fn since(self, earlier: Self) -> u64 {
        u64::try_from(i128::from(self.0) - i128::from(earlier.0)).unwrap_or(0)
    }

    /// The moment `ms` milliseconds later, at most the last one there is.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add_unsigned(ms))
    }

    /// The day in the calendar, UTC; the calendar's first or last for a moment outside it.
    pub const fn date(self) -> Date {
        Date::from_days(self.0.div_euclid(DAY_MS.cast_signed()))
    }

    /// As `20261123T101500Z`, UTC: sorts by time and is fit for a file's name.
    pub fn compact(self) -> String {
        let day = self.date().to_string().replace('-', "");
        let second = self.0.div_euclid(1000).rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{day}T{hour:02}{minute:02}{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_dates() {
        for (ms, date, compact) in [
            (0, "1970-01-01", "19700101T000000Z"),
            (-1, "1969-12-31", "19691231T235959Z"),
            (951_782_400_000, "2000-02-29", "20000229T000000Z"),
            (1_795_428_900_000, "2026-11-23", "20261123T101500Z"),
            (-62_135_596_800_000, "0001-01-01", "00010101T000000Z"),
        ] {
            assert_eq!(Time(ms).date().to_string(), date);
            assert_eq!(Time(ms).compact(), compact);
        }
    }

    #[test]
    fn no_interval_is_negative_and_no_time_overflows() {
        assert_eq!(Time(5).since(Time(9)), 0);
        assert_eq!(Time(i64::MAX).since(Time(i64::MIN)), u64::MAX);
        assert_eq!(Time(i64::MIN).since(Time(i64::MAX)), 0);
        assert_eq!(Time(i64::MAX).plus_ms(1), Time(i64::MAX));
        let _ = (Time(i64::MIN).date(), Time(i64::MAX).compact());
    }
}
