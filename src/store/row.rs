//! A record as the table holds it: its canonical text in parts, and a checksum.

use rusqlite::types::ValueRef;

use crate::progress::{Device, Head, Record, RecordKind, Time, line_of};

/// A whole row: its checksum holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) course: String,
    pub(super) device: Device,
    pub(super) seq: u64,
    pub(super) at: Time,
    /// Canonical JSON.
    pub(super) kind: String,
    pub(super) crc: u32,
}

impl Row {
    /// The row of `record` in `course`.
    pub(super) fn of(record: &Record, course: &str) -> Self {
        let mut row = Self {
            course: course.to_owned(),
            device: record.device,
            seq: record.seq,
            at: record.at,
            kind: record.kind.to_json(),
            crc: 0,
        };
        row.crc = crc32fast::hash(row.line().as_bytes());
        row
    }

    /// The record's canonical text.
    pub(super) fn line(&self) -> String {
        let Self { course, device, seq, at, kind, .. } = self;
        line_of(&Head { course, device: *device, seq: *seq, at: *at }, kind)
    }

    /// The record; `None` if its kind is no JSON object.
    pub(super) fn record(&self) -> Option<Record> {
        let kind = RecordKind::from_json(&self.kind)?;
        Some(Record { device: self.device, seq: self.seq, at: self.at, kind })
    }

    /// Reads the columns `course, device, seq, at, kind, crc`; `None` where the checksum, or
    /// anything else about them, does not hold.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> Option<Self> {
        let text = |column: usize| match row.get_ref(column) {
            Ok(ValueRef::Text(bytes)) => String::from_utf8(bytes.to_vec()).ok(),
            _ => None,
        };
        let number = |column: usize| match row.get_ref(column) {
            Ok(ValueRef::Integer(number)) => Some(number),
            _ => None,
        };
        let row = Self {
            course: text(0)?,
            device: text(1)?.parse().ok()?,
            seq: u64::try_from(number(2)?).ok()?,
            at: Time(number(3)?),
            kind: text(4)?,
            crc: u32::try_from(number(5)?).ok()?,
        };
        (crc32fast::hash(row.line().as_bytes()) == row.crc).then_some(row)
    }
}
