//! A run that is watched: now and then it says how far it has come, and is told whether to go on.

use super::time::SimTime;
use super::{Refused, Watch};

/// Events from one question to the next.
const EVENTS: u32 = 4096;

/// Asks its watch every few thousand events.
pub(super) struct Watched<'w> {
    watch: Watch<'w>,
    left: u32,
}

impl<'w> Watched<'w> {
    /// Asks at the first event.
    pub(super) fn new(watch: Watch<'w>) -> Self {
        Self { watch, left: 0 }
    }

    /// At every event that may end the run.
    pub(super) fn event(&mut self, now: SimTime) -> Result<(), Refused> {
        self.count();
        self.ask(now)
    }

    /// At every event that may not.
    pub(super) fn count(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Where the run may end.
    pub(super) fn ask(&mut self, now: SimTime) -> Result<(), Refused> {
        if self.left > 0 {
            return Ok(());
        }
        self.left = EVENTS;
        if (self.watch)(now) { Ok(()) } else { Err(Refused("cancelled".to_owned())) }
    }
}
