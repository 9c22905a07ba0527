//! What a picture of a run needs.

use crate::sim::ticks::{self, Ticks};
use crate::sim::time::{SimDuration, SimTime};

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Messages sent.
    pub sent: u64,
    /// Messages handed to the function, each as often as it was.
    pub delivered: u64,
    /// Messages done.
    pub done: u64,
    /// Messages given up.
    pub dead_lettered: u64,
    /// The most messages at one time that waited to be received.
    pub backlog: u64,
    /// The most pollers at one time, busy or not.
    pub pollers: u64,
    /// The most pollers at one time whose call of the function ran.
    pub busy: u64,
    /// The most messages at one time that were neither done nor given up and did not wait to be
    /// received: at work, or hidden after a failure.
    pub in_flight: u64,
    /// The greatest age of a message that was neither done nor given up.
    pub age: SimDuration,
}

impl ticks::Tick for Tick {
    fn joined(self, next: Self) -> Self {
        Self {
            sent: self.sent + next.sent,
            delivered: self.delivered + next.delivered,
            done: self.done + next.done,
            dead_lettered: self.dead_lettered + next.dead_lettered,
            backlog: self.backlog.max(next.backlog),
            pollers: self.pollers.max(next.pollers),
            busy: self.busy.max(next.busy),
            in_flight: self.in_flight.max(next.in_flight),
            age: self.age.max(next.age),
        }
    }
}

/// What a message does from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// It can be received.
    Waiting,
    /// The function works on it, so many times received.
    Working(u32),
    /// The function failed with it, and it cannot be received yet.
    Hidden,
    /// It is done.
    Done,
    /// It is with the dead letters.
    DeadLettered,
    /// It was done or given up before, and the function succeeded with it again.
    DoneAgain,
}

/// One message from its sending on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its number; the first is 1.
    pub number: u32,
    /// Whether it always fails.
    pub poison: bool,
    /// What it did from when on, in the order of time; the first is its sending.
    pub changes: Vec<(SimTime, Doing)>,
}

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The run in stretches of equal length, up to its last event.
    pub ticks: Ticks<Tick>,
    /// The first messages, in the order of their sending.
    pub stories: Vec<Story>,
    /// From then on the stories are not told to their end, because they are too long.
    pub told_until: SimTime,
    /// When the last thing happened to a message.
    pub end: SimTime,
}
