//! What a picture of a run needs.

use crate::sim::ticks::{self, Ticks};
use crate::sim::time::SimTime;

/// The first so many keys are told of one by one.
pub const KEYS_TOLD: usize = 16;

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Messages sent: effects that are wanted.
    pub wanted: u64,
    /// Effects that happened for the first time, in their order or not.
    pub applied: u64,
    /// Of those, the ones after that of a later message.
    pub out_of_order: u64,
    /// Effects that happened once more.
    pub doubled: u64,
    /// Deliveries that were dropped because of a claim.
    pub dropped: u64,
    /// Consumers that crashed after their effect.
    pub crashes: u64,
    /// The most deliveries at one time that waited for the ones before them of their key.
    pub line: u64,
    /// The message whose effect happened last, if any did: what stands.
    pub stands: Option<u64>,
    /// The greatest number among the messages whose effect had happened by then.
    pub latest: u64,
}

impl ticks::Tick for Tick {
    fn joined(self, next: Self) -> Self {
        Self {
            wanted: self.wanted + next.wanted,
            applied: self.applied + next.applied,
            out_of_order: self.out_of_order + next.out_of_order,
            doubled: self.doubled + next.doubled,
            dropped: self.dropped + next.dropped,
            crashes: self.crashes + next.crashes,
            line: self.line.max(next.line),
            stands: next.stands.or(self.stands),
            latest: self.latest.max(next.latest),
        }
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its effect happened for the first time, after those of all earlier messages that happened.
    InOrder,
    /// Its effect happened for the first time, after that of a later message of the same key.
    OutOfOrder,
    /// Its effect happened once more.
    Double,
    /// It was dropped because of a claim.
    Dropped,
}

impl Outcome {
    /// Of an effect that had happened before or not, and after that of a later message or not.
    pub(super) const fn of(is_done: bool, is_late: bool) -> Self {
        match (is_done, is_late) {
            (true, _) => Self::Double,
            (false, true) => Self::OutOfOrder,
            (false, false) => Self::InOrder,
        }
    }
}

/// One delivery of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message's number; later messages have greater ones, from 1.
    pub message: u64,
    /// Which of the message's deliveries it is, from 1.
    pub nth: u64,
    /// When the consumer began.
    pub from: SimTime,
    /// When its effect happened, or it was dropped.
    pub to: SimTime,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the consumer crashed after the effect.
    pub crashed: bool,
}

/// One key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyHistory {
    /// The run in stretches of equal length.
    pub ticks: Ticks<Tick>,
    /// Its deliveries, in the order of their beginning.
    pub deliveries: Vec<Delivery>,
}

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// All keys together.
    pub ticks: Ticks<Tick>,
    /// The first keys.
    pub keys: Vec<KeyHistory>,
    /// From then on deliveries are not told one by one, because they are too many.
    pub told_until: SimTime,
    /// The last event.
    pub end: SimTime,
}
