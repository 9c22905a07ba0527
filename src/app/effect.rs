//! What must be done.

use super::{CodeAt, Job};
use crate::progress::RecordKind;

/// Something the app wants done to the world. Doing it twice does no harm.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep a record; answered by `Recorded` or `RecordFailed`.
    Record(RecordKind),
    /// Colour a block of code; answered by `Highlighted`, or by nothing where the language is
    /// unknown.
    Highlight(CodeAt),
    /// Compute a simulation; answered by `SimFrame`s and `SimDone`, unless another comes before.
    Simulate(Box<Job>),
    /// What is being computed is not wanted any more.
    CancelSimulation,
    /// Keep a setting for the next time.
    SaveSetting(Setting),
    /// Open an address (http, https or mailto) in the learner's browser.
    OpenLink(String),
    /// Put text on the clipboard.
    Copy(String),
    /// Give the terminal back to the shell until it wakes the program.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// End the program.
    Quit,
}

/// A setting that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The name of the theme.
    Theme(String),
}
