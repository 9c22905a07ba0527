//! Moments and the time between them, safe against clocks that jump.

use serde::{Deserialize, Serialize};

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

    /// The day in the calendar, UTC: year, month 1 to 12, day 1 to 31.
    pub fn date(self) -> (i64, u8, u8) {
        // Days to a civil date by eras of 400 years that begin on 1 March (Howard Hinnant).
        let days = self.0.div_euclid(86_400_000) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
    }

    /// As `20261123T101500Z`, UTC: sorts by time and is fit for a file's name.
    pub fn compact(self) -> String {
        let (year, month, day) = self.date();
        let second = self.0.div_euclid(1000).rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_dates() {
        for (ms, date, compact) in [
            (0, (1970, 1, 1), "19700101T000000Z"),
            (-1, (1969, 12, 31), "19691231T235959Z"),
            (951_782_400_000, (2000, 2, 29), "20000229T000000Z"),
            (1_795_428_900_000, (2026, 11, 23), "20261123T101500Z"),
            (-62_135_596_800_000, (1, 1, 1), "00010101T000000Z"),
        ] {
            assert_eq!(Time(ms).date(), date);
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
