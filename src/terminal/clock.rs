//! When the app is to be told the time: once when nothing was typed for a while, and for every
//! frame of what moves. Where nothing moves and the time was told, nobody is woken.

#![expect(clippy::disallowed_methods, reason = "this is where the screen's time comes in")]

use std::time::{Duration, Instant};

use crate::app::Event;
use crate::store::now;

/// The app is told the time once, when nothing was typed for this long.
const QUIET: Duration = Duration::from_secs(2);
/// Between two frames of what moves.
const FRAME: Duration = Duration::from_millis(50);
/// After a longer time, as of sleep, what moves goes on where it was.
const LONGEST: Duration = Duration::from_millis(500);

/// What is still to be told.
#[derive(Default)]
pub(super) struct Clock {
    /// When something was typed that was not followed by the time.
    typed: Option<Instant>,
    /// When the last frame was, while something moves.
    frame: Option<Instant>,
}

impl Clock {
    /// Something was typed.
    pub(super) fn typed(&mut self) {
        self.typed = Some(Instant::now());
    }

    /// How long to wait at most; `None`: for ever.
    pub(super) fn patience(&mut self, moves: bool) -> Option<Duration> {
        let now = Instant::now();
        self.frame = moves.then(|| self.frame.unwrap_or(now));
        let frame = self.frame.map(|last| last + FRAME);
        let quiet = self.typed.map(|typed| typed + QUIET);
        let next = frame.into_iter().chain(quiet).min()?;
        Some(next.saturating_duration_since(now))
    }

    /// What is to be told by now.
    pub(super) fn due(&mut self) -> Vec<Event> {
        let time = Instant::now();
        let mut events = Vec::new();
        if self.typed.take_if(|typed| *typed + QUIET <= time).is_some() {
            events.push(Event::Tick(now()));
        }
        if let Some(last) = self.frame.filter(|last| *last + FRAME <= time) {
            events.push(Event::Elapsed((time - last).min(LONGEST)));
            self.frame = Some(time);
        }
        events
    }
}
