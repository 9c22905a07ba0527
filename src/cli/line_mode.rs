//! The line mode over standard input and output: answers are committed before they are judged.

use std::fmt::Display;
use std::io::{BufRead, Read as _, Write};

use super::{Global, screen};
use crate::course::Course;
use crate::plain::{Session, Settings, Turn};
use crate::progress::{Demands, Snapshot};
use crate::sanitize;
use crate::store::{self, Standing, Store, StoreError};
use crate::terminal::Leftover;

/// A longer line is cut.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// Running text in a pipe, and on terminals wider than this.
const WIDTH_MAX: u16 = 80;

/// How a session speaks here.
pub(super) fn settings(global: &Global, seed: Option<u64>) -> Settings {
    let columns = crossterm::terminal::size().map_or(WIDTH_MAX, |(columns, _)| columns);
    let width = if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        columns.clamp(20, WIDTH_MAX)
    } else {
        WIDTH_MAX
    };
    Settings { width: usize::from(width), ascii: global.ascii, seed }
}

/// Takes the session from its beginning to its end, or to the end of `input`; the exit code is 0
/// unless records could not be saved.
pub(super) fn run(
    course: &Course,
    session: &mut Session<'_>,
    store: &mut Store,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut told = false;
    for notice in store.take_notices() {
        note(out, &notice)?;
    }
    if let Standing::NotSaved(why) = store.standing() {
        told = true;
        session.keep_nothing();
        note(out, &why)?;
    }
    let turn = session.start();
    deliver(turn, session, store, out, &mut told)?;
    while !session.is_over() {
        let turn = match next_line(input) {
            Some(line) => session.line(&line),
            None => session.end_of_input(),
        };
        deliver(turn, session, store, out, &mut told)?;
    }
    let demands = Demands::of_all(course);
    // Only the first frame of the full screen reads it: without it that frame shows less.
    let _ = store.save_snapshot(&Snapshot::of(session.progress(), &demands));
    Ok(leftover(store, &session.invocation().program))
}

/// Tries once more to save what was not; the exit code says whether everything is safe now.
fn leftover(store: &mut Store, program: &str) -> u8 {
    if store.standing() != Standing::Saving || store.pending() == 0 {
        return 0;
    }
    let cause = match store.retry(store::now()) {
        Err(error) => error.to_string(),
        Ok(_) => return 0,
    };
    let course = store.course().to_owned();
    let lines = store.unsaved().iter().map(|record| record.to_line(&course)).collect();
    screen::say_unsaved(&Leftover { lines, cause, expected: false }, program)
}

/// One line about the store.
fn note(out: &mut dyn Write, what: &dyn Display) -> std::io::Result<()> {
    writeln!(out, "Note: {}", sanitize::line(&what.to_string()))
}

/// Commits a turn's records, then prints its output.
fn deliver(
    turn: Turn,
    session: &mut Session<'_>,
    store: &mut Store,
    out: &mut dyn Write,
    told: &mut bool,
) -> std::io::Result<()> {
    for kind in turn.records {
        match store.append(kind, store::now()) {
            Ok(record) => session.recorded(&record),
            Err(StoreError::Pending { record, cause }) => {
                session.recorded(&record);
                if !std::mem::replace(told, true) {
                    note(out, &format!("not saved yet: {cause}. It is tried again."))?;
                }
            }
            Err(other) if !std::mem::replace(told, true) => note(out, &other)?,
            Err(_) => {}
        }
    }
    out.write_all(turn.output.as_bytes())?;
    out.flush()
}

/// The next line without its end; nothing at the end of the input, or where it cannot be read.
fn next_line(input: &mut dyn BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let mut limited = input.take(LINE_BYTES_MAX);
    match limited.read_until(b'\n', &mut bytes) {
        Ok(0) | Err(_) => return None,
        Ok(_) => {}
    }
    if limited.limit() == 0 && !bytes.ends_with(b"\n") {
        let _ = input.skip_until(b'\n');
    }
    while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        bytes.pop();
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whatever_they_hold() {
        let long = "x".repeat(100_000);
        let text = format!("a\r\nb\n{long}\n\u{e9}\nlast");
        let mut input = std::io::Cursor::new(text.into_bytes());
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input) {
            lines.push(line);
        }
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [1, 1, 65_536, 2, 4]);
        let mut broken = std::io::Cursor::new(b"\xff\n".to_vec());
        assert_eq!(next_line(&mut broken).as_deref(), Some("\u{fffd}"));
    }
}
