//! The shell around the full-screen app: the terminal is taken over and given back, what happens
//! becomes events, what must be done is done, and what changed is drawn.
//!
//! ```text
//! keyboard ─┐                         ┌─ store (Record, SaveSetting)
//! signals ──┤  Message    App::update │  highlighter (Highlight)
//! files ────┼─────────▶ run loop ─────┤  simulator (Simulate)
//! store ────┘              │ Effects  └─ browser, clipboard, stop, leave
//!                          ▼
//!                 ui::draw → Painter → one write
//! ```
//!
//! The loop waits without a clock unless something moves on the screen; with nothing to do it
//! neither wakes nor writes.

mod clock;
mod crash;
pub mod detect;
mod guard;
pub(crate) mod highlight;
mod input;
mod keys;
mod outside;
mod paint;
mod run;
mod saver;
mod signals;
mod simulator;
mod watch;

pub use run::{Ending, Session, run, size};
pub use saver::Leftover;
pub use watch::Reload;

use crate::app::Event;

/// What the threads around the run loop tell it.
#[derive(Debug)]
enum Message {
    /// Somebody typed.
    Typed(keys::Typed),
    /// A signal came.
    Signal(signals::Signal),
    /// Something happened that the app knows what to do about.
    Event(Box<Event>),
    /// There is no terminal any more.
    HungUp,
    /// A thread panicked; the terminal was given back and it was said.
    Panicked,
}
