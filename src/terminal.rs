//! The shell around the full-screen app.

mod guard;
pub(crate) mod highlight;
mod input;
mod keys;
mod paint;
mod signals;

/// What the threads around the run loop tell it.
#[derive(Debug)]
pub(crate) enum Message {
    /// Somebody typed.
    Typed(keys::Typed),
    /// A signal came.
    Signal(signals::Signal),
    /// There is no terminal any more.
    HungUp,
}
