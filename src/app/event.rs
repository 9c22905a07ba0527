//! What happened.

use std::sync::Arc;
use std::time::Duration;

use super::{CodeAt, Ended, Part, Size};
use crate::course::Course;
use crate::keymap::Chord;
use crate::progress::{Progress, Record, Time};
use crate::typeset::Syntax;

/// Something that happened in the world, told to the app.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key was pressed.
    Chord(Chord),
    /// Text was pasted.
    Text(String),
    /// The screen has another size.
    Resize(Size),
    /// It is this moment, and nothing was pressed for a while (two seconds will do).
    Tick(Time),
    /// The course's files were edited.
    CourseChanged(Arc<Course>),
    /// All records are read and folded.
    Loaded(Box<Progress>),
    /// A record was kept.
    Recorded(Record),
    /// A record could not be kept; it counts until the program ends.
    RecordFailed {
        /// What was to be kept.
        record: Record,
        /// Why it was not, in a few words.
        reason: String,
    },
    /// Nothing will be kept, for this reason in a few words; it counts until the program ends.
    NotSaved(String),
    /// A block of code was coloured: for each line, its tokens and their lengths in bytes.
    Highlighted {
        /// What was asked for.
        code: CodeAt,
        /// The colours.
        lines: Vec<Vec<(Syntax, usize)>>,
    },
    /// A part of a simulation is computed.
    SimFrame {
        /// The number of the job.
        number: u64,
        /// The part.
        part: Part,
    },
    /// A simulation is computed, or is not.
    SimDone {
        /// The number of the job.
        number: u64,
        /// How it ended.
        ended: Ended,
    },
    /// So much time passed since the last frame, while the app wanted frames.
    Elapsed(Duration),
    /// An effect ended in something worth a line, as in "copied" or "no browser found".
    Said(String),
}
