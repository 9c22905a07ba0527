//! What a picture of a run needs.

use crate::sim::ticks::{self, Ticks};
use crate::sim::time::SimTime;

/// Calls are told apart by their tries up to this number; those of more tries are told together.
pub const TRIES_TOLD: usize = 8;

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// First tries of calls.
    pub first: u64,
    /// All other tries.
    pub retries: u64,
    /// Tries that were turned away: no capacity, an outage, or a row that has changed.
    pub rejected: u64,
    /// Tries whose client stopped waiting.
    pub timed_out: u64,
    /// Tries that were served although their client had stopped waiting.
    pub wasted: u64,
    /// Calls that succeeded.
    pub succeeded: u64,
    /// Calls that gave up.
    pub lost: u64,
    /// The most clients at one time that waited for their next try.
    pub waiting: u64,
    /// The most tries in service at one time.
    pub in_service: u64,
    /// The most tries at one time that waited for a place in service.
    pub in_line: u64,
}

impl ticks::Tick for Tick {
    fn joined(self, next: Self) -> Self {
        Self {
            first: self.first + next.first,
            retries: self.retries + next.retries,
            rejected: self.rejected + next.rejected,
            timed_out: self.timed_out + next.timed_out,
            wasted: self.wasted + next.wasted,
            succeeded: self.succeeded + next.succeeded,
            lost: self.lost + next.lost,
            waiting: self.waiting.max(next.waiting),
            in_service: self.in_service.max(next.in_service),
            in_line: self.in_line.max(next.in_line),
        }
    }
}

impl Tick {
    /// All tries.
    pub const fn attempts(&self) -> u64 {
        self.first + self.retries
    }
}

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The run in stretches of equal length, up to its last event.
    pub ticks: Ticks<Tick>,
    /// Calls that succeeded at their first try, at their second, and so on; the last is of all that
    /// took more.
    pub tries: [u64; TRIES_TOLD + 1],
    /// The last event.
    pub end: SimTime,
}
