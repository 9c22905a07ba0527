//! Records to and from JSON Lines: one record a line, its canonical text with a checksum `crc` of
//! eight hexadecimal digits among its keys.

use std::io::{self, BufRead, Read as _, Write};

use rusqlite::TransactionBehavior;
use serde_json::Value;

use super::{Disk, Store, StoreError, database, recovery, row::Row};
use crate::progress::{Device, RECORD_VERSION, Time, write_sorted};

/// The longest line that is read, in bytes.
const LINE_MAX: u64 = 4 << 20;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records that were not there before.
    pub new: usize,
    /// Records that were.
    pub known: usize,
    /// Of the new ones, those of other courses than the store's.
    pub elsewhere: usize,
    /// Lines that are no whole record: the line's number, from 1, and why.
    pub bad: Vec<(usize, String)>,
}

impl Store {
    /// Writes all records of the course, those in memory too; returns how many. Damaged ones are
    /// left out.
    pub fn export(&mut self, out: &mut dyn Write, now: Time) -> Result<usize, StoreError> {
        let (rows, _) = self.rows(now)?;
        let pending = self.pending.iter().map(|record| Row::of(record, &self.course));
        let rows = rows.into_iter().filter(|row| row.course == self.course).chain(pending);
        let mut count = 0;
        for row in rows {
            writeln!(out, "{}", write_line(&row)).map_err(|error| in_words(&error))?;
            count += 1;
        }
        out.flush().map_err(|error| in_words(&error))?;
        Ok(count)
    }

    /// Adds the records of an export that are not there yet, in one transaction. Lines that are no
    /// whole record are reported and the rest comes in.
    pub fn import(&mut self, from: &mut dyn BufRead, now: Time) -> Result<Imported, StoreError> {
        let Disk::File { location, opened } = &mut self.disk else {
            let Disk::Nowhere { reason, .. } = &self.disk else { return Ok(Imported::default()) };
            return Err(StoreError::Refused(reason.to_string()));
        };
        // Brings the store back if it went away, and writes what waits.
        let pending: Vec<Row> =
            self.pending.iter().map(|record| Row::of(record, &self.course)).collect();
        recovery::insert(location, opened, &pending, (now, &mut self.notices))
            .map_err(StoreError::Refused)?;
        self.pending.clear();
        self.latest = None;
        let refused = |error: rusqlite::Error| StoreError::Refused(database::in_words(&error));
        let connection = opened.connection_mut();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(refused)?;
        let mut imported = Imported::default();
        let mut number = 0;
        while let Some(line) = next_line(from).map_err(|error| in_words(&error))? {
            number += 1;
            match line.and_then(|line| read_line(line.trim_start_matches('\u{feff}').trim())) {
                Ok(None) => {}
                Ok(Some(row)) => {
                    let new = database::insert_one(&transaction, &row).map_err(refused)?;
                    imported.new += new;
                    imported.known += 1 - new;
                    imported.elsewhere += usize::from(new == 1 && row.course != self.course);
                }
                Err(reason) => imported.bad.push((number, reason)),
            }
        }
        transaction.commit().map_err(refused)?;
        Ok(imported)
    }
}

fn in_words(error: &io::Error) -> StoreError {
    StoreError::Refused(error.to_string())
}

/// The next line, or why it cannot be read; `None` at the end.
fn next_line(from: &mut dyn BufRead) -> io::Result<Option<Result<String, String>>> {
    let mut bytes = Vec::new();
    if from.take(LINE_MAX).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') && bytes.len() as u64 >= LINE_MAX {
        skip_line(from)?;
        return Ok(Some(Err("the line is longer than any record".to_owned())));
    }
    Ok(Some(String::from_utf8(bytes).map_err(|_| "the line is not UTF-8".to_owned())))
}

fn skip_line(from: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = from.fill_buf()?;
        let (length, found) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        from.consume(length);
        if found {
            return Ok(());
        }
    }
}

/// The line of a row, without its end.
fn write_line(row: &Row) -> String {
    let line = row.line();
    format!(r#"{},"crc":"{:08x}"}}"#, line.strip_suffix('}').unwrap_or(&line), row.crc)
}

/// Reads a line; `Ok(None)` if it is blank.
fn read_line(line: &str) -> Result<Option<Row>, String> {
    if line.is_empty() {
        return Ok(None);
    }
    let value: Value =
        serde_json::from_str(line).map_err(|error| format!("not a record: {error}"))?;
    let Value::Object(mut fields) = value else { return Err("not a record".to_owned()) };
    let version = fields.get("v").and_then(Value::as_u64).ok_or("not a record: no version")?;
    if version > RECORD_VERSION {
        return Err(format!("written by a newer coldstart (version {version})"));
    }
    let crc = fields.remove("crc").ok_or("it has no checksum")?;
    let crc = crc.as_str().and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let row = row_of(&fields, crc.ok_or("its checksum is not eight hexadecimal digits")?);
    let row = row.ok_or("not a record: a part is missing or of the wrong kind")?;
    if crc32fast::hash(row.line().as_bytes()) != row.crc {
        return Err("its checksum does not hold".to_owned());
    }
    Ok(Some(row))
}

fn row_of(fields: &serde_json::Map<String, Value>, crc: u32) -> Option<Row> {
    let kind = fields.get("kind").filter(|kind| kind.is_object())?;
    let mut json = String::new();
    write_sorted(kind, &mut json);
    let device: Device = fields.get("device")?.as_str()?.parse().ok()?;
    let seq = fields.get("seq")?.as_u64().filter(|&seq| i64::try_from(seq).is_ok())?;
    let course = fields.get("course")?.as_str()?.to_owned();
    let at = Time(fields.get("at")?.as_i64()?);
    Some(Row { course, device, seq, at, kind: json, crc })
}
