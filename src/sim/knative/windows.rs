//! Mean concurrency over the long and the short window, in buckets of one second.

use std::collections::VecDeque;

use crate::sim::time::{NS_PER_S, SimTime, as_f64};

/// What has been measured. Areas are requests × nanoseconds, so sums are exact.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    /// Full seconds, the newest last, no more than the long window has.
    buckets: VecDeque<u128>,
    stable_len: usize,
    panic_len: usize,
    stable_sum: u128,
    panic_sum: u128,
    /// The second under way.
    open: u128,
    seen: SimTime,
}

impl Windows {
    /// Windows of so many seconds, at least 1 each; the short one is not the longer.
    pub(super) fn new(stable_len: usize, panic_len: usize) -> Self {
        Self {
            buckets: VecDeque::with_capacity(stable_len),
            stable_len,
            panic_len,
            stable_sum: 0,
            panic_sum: 0,
            open: 0,
            seen: SimTime::ZERO,
        }
    }

    /// `in_flight` requests were in the system from the last call up to `now`.
    pub(super) fn advance(&mut self, now: SimTime, in_flight: u64) {
        while self.seen < now {
            let second_ends = SimTime((self.seen.0 / NS_PER_S + 1) * NS_PER_S);
            let until = second_ends.min(now);
            self.open += u128::from(in_flight) * u128::from((until - self.seen).0);
            self.seen = until;
            if until == second_ends {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        if self.buckets.len() == self.stable_len {
            self.stable_sum -= self.buckets.pop_front().unwrap_or_default();
        }
        self.buckets.push_back(self.open);
        self.stable_sum += self.open;
        self.panic_sum += self.open;
        if let Some(left) = self.buckets.len().checked_sub(self.panic_len + 1) {
            self.panic_sum -= self.buckets.get(left).copied().unwrap_or_default();
        } else if self.panic_len == self.stable_len {
            self.panic_sum = self.stable_sum;
        }
        self.open = 0;
    }

    /// The means over both windows, or over as much of them as there has been.
    pub(super) fn means(&self) -> (f64, f64) {
        let seconds = self.buckets.len();
        let stable = mean(self.stable_sum, seconds.min(self.stable_len));
        (stable, mean(self.panic_sum, seconds.min(self.panic_len)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sum for a mean")]
fn mean(area: u128, seconds: usize) -> f64 {
    if seconds == 0 { 0.0 } else { area as f64 / 1e9 / as_f64(seconds as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_the_last_full_seconds() {
        let at = |seconds: f64| SimTime::from_secs_f64(seconds);
        let mut windows = Windows::new(6, 2);
        assert_eq!(windows.means(), (0.0, 0.0));
        windows.advance(at(0.5), 0);
        windows.advance(at(1.0), 4);
        assert_eq!(windows.means(), (2.0, 2.0));
        windows.advance(at(3.9), 6);
        assert_eq!(windows.means(), (14.0 / 3.0, 6.0));
        windows.advance(at(4.0), 6);
        windows.advance(at(6.0), 0);
        assert_eq!(windows.means(), (20.0 / 6.0, 0.0));
        windows.advance(at(7.0), 3);
        assert_eq!(windows.means(), (21.0 / 6.0, 1.5));
        windows.advance(at(100.0), 0);
        assert_eq!(windows.means(), (0.0, 0.0));

        let mut same = Windows::new(2, 2);
        for (second, load) in [(1.0, 1), (2.0, 2), (3.0, 3), (4.0, 4)] {
            same.advance(at(second), load);
        }
        assert_eq!(same.means(), (3.5, 3.5));
    }
}
