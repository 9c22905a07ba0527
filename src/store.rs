//! The learner's records on disk.
//!
//! One SQLite file for each profile holds the records of all courses, append-only, each with a
//! checksum over its canonical text; the settings; and for each course one row that the first
//! frame is drawn from. The choices that keep acknowledged answers safe:
//!
//! - A rollback journal (`journal_mode = TRUNCATE`), never a write-ahead log: that needs shared
//!   memory, which home directories on a network do not have. `synchronous = FULL` makes the
//!   journal's truncation durable too, so a commit that returned has reached the disk.
//! - Every write is one `BEGIN IMMEDIATE` transaction that waits for other processes. A record is
//!   named by a device that is random for each run of the program and a sequence that counts in
//!   it, so that processes, machines, copies and restored backups never write under one name.
//! - Before and after each commit the open file is compared with what stands at its path: where
//!   the folder was removed, or another process put a damaged file aside, everything that is
//!   still readable moves to a new file before the write counts.
//! - A damaged file is renamed, never deleted; what is readable in it joins the newest good
//!   backup.
//! - What cannot be written stays in memory, and every later write tries it again.

mod backup;
mod database;
mod health;
mod location;
mod migration;
mod recovery;
mod row;
mod transfer;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use thiserror::Error;

use crate::progress::{Device, Record, RecordKind, Snapshot, Time};
pub use backup::Backup;
use database::Opened;
pub use health::Health;
use location::Location;
pub use location::{data_dir, now};
pub use migration::VERSION;
use row::Row;
pub use transfer::Imported;

/// What stops the store, split by what the caller does about it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The profile's name cannot be used: the command line is wrong.
    #[error(
        "profile {0:?}: a name has 1 to 64 letters, digits, '-', '_' or '.', and begins with a letter or a digit"
    )]
    Profile(String),
    /// The record is kept in memory and tried again with the next one: tell the learner once, go
    /// on, apply the record.
    #[error("not saved yet: {cause}")]
    Pending {
        /// The record as it will be stored.
        record: Box<Record>,
        /// Why, in words.
        cause: String,
    },
    /// The store cannot do this as it stands; nothing was changed.
    #[error("{0}")]
    Refused(String),
}

/// Whether records reach the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do.
    Saving,
    /// They live as long as the program, for this reason.
    NotSaved(NotSaved),
}

/// Why progress is not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// No data directory is known.
    NoPlace,
    /// The place cannot be written.
    Unwritable {
        /// Which.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// A newer version of the program wrote the store.
    Newer {
        /// The store.
        path: PathBuf,
        /// Its version; this program knows [`VERSION`].
        version: i64,
    },
}

impl fmt::Display for NotSaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("progress is not saved: ")?;
        match self {
            Self::NoPlace => f.write_str("no home directory; give --data-dir"),
            Self::Unwritable { path, cause } => write!(f, "{}: {cause}", path.display()),
            Self::Newer { path, version } => write!(
                f,
                "{} was written by a newer coldstart (store version {version}, this one knows \
                 {VERSION}); it is left as it is",
                path.display()
            ),
        }
    }
}

/// Something that happened to the store and that the learner is told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The store was damaged and put aside.
    Quarantined {
        /// Where it is now.
        aside: PathBuf,
        /// The backup that took its place.
        backup: Option<PathBuf>,
        /// How many records the store has now.
        records: usize,
    },
    /// This many records fail their checksum; they are left out, and left in the file.
    Damaged(usize),
    /// The store was brought to this program's version.
    Migrated {
        /// The version it had.
        from: i64,
        /// The copy made before.
        backup: PathBuf,
    },
    /// The store went away while it was open and was written anew.
    Rewritten {
        /// Where.
        path: PathBuf,
        /// How many records it has.
        records: usize,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quarantined { aside, backup, records } => {
                write!(f, "the progress store was damaged: kept as {}; ", aside.display())?;
                match backup {
                    Some(backup) => write!(f, "restored from {}", backup.display())?,
                    None => f.write_str("no backup to restore")?,
                }
                write!(f, ", {records} records")
            }
            Self::Damaged(1) => f.write_str("1 damaged record is left out"),
            Self::Damaged(count) => write!(f, "{count} damaged records are left out"),
            Self::Migrated { from, backup } => write!(
                f,
                "the progress store was brought from version {from} to {VERSION}; a copy is {}",
                backup.display()
            ),
            Self::Rewritten { path, records } => {
                write!(f, "{} was gone and is written anew, {records} records", path.display())
            }
        }
    }
}

/// The records, settings and snapshot of one profile, seen from one course. It can be sent to a
/// thread of its own; an append takes as long as the disk takes to be sure.
#[derive(Debug)]
pub struct Store {
    course: String,
    device: Device,
    seq: u64,
    disk: Disk,
    /// Appended and not on disk, in order: to be written, or (where nothing is saved) kept.
    pending: Vec<Record>,
    notices: Vec<Notice>,
    /// The latest time and the latest reset's among the records; `None` before they were read.
    latest: Option<Latest>,
    backed_up: bool,
}

/// Where the records go.
#[derive(Debug)]
enum Disk {
    /// To this file.
    File { location: Location, opened: Opened },
    /// Nowhere; what an unwritable file holds can be read.
    Nowhere { reason: NotSaved, location: Option<Location>, readable: Option<Connection> },
}

#[derive(Clone, Copy, Debug, Default)]
struct Latest {
    any: Option<Time>,
    reset: Option<Time>,
}

impl Latest {
    fn count(&mut self, record: &Record) {
        self.any = self.any.max(Some(record.at));
        if matches!(record.kind, RecordKind::Reset { .. }) {
            self.reset = self.reset.max(Some(record.at));
        }
    }
}

impl Store {
    /// Opens the store of `profile` in `data_dir`, as seen from `course`; makes it if there is
    /// none. It always opens, unless the profile's name is bad: [`Store::standing`] tells whether
    /// records reach the disk, `Store::notices` what had to be mended. `now` names what is put
    /// aside.
    pub fn open(
        data_dir: Option<&Path>,
        profile: &str,
        course: &str,
        now: Time,
    ) -> Result<Self, StoreError> {
        Self::open_with(data_dir, profile, course, (now, migration::STEPS))
    }

    fn open_with(
        data_dir: Option<&Path>,
        profile: &str,
        course: &str,
        (now, steps): (Time, &'static [migration::Step]),
    ) -> Result<Self, StoreError> {
        location::check_profile(profile)?;
        database::survive_file_size_limit();
        let mut notices = Vec::new();
        let disk = match data_dir {
            None => Disk::Nowhere { reason: NotSaved::NoPlace, location: None, readable: None },
            Some(data_dir) => {
                let location = Location::new(data_dir, profile, steps);
                match location.open(now, &mut notices) {
                    Ok(opened) => Disk::File { location, opened },
                    Err(reason) => {
                        let readable = database::read_only(&location.file());
                        Disk::Nowhere { reason, location: Some(location), readable }
                    }
                }
            }
        };
        Ok(Self {
            course: course.to_owned(),
            device: location::random_device(),
            seq: 0,
            disk,
            pending: Vec::new(),
            notices,
            latest: None,
            backed_up: false,
        })
    }

    /// The course's id.
    pub fn course(&self) -> &str {
        &self.course
    }

    /// Whether records reach the disk.
    pub fn standing(&self) -> Standing {
        match &self.disk {
            Disk::File { .. } => Standing::Saving,
            Disk::Nowhere { reason, .. } => Standing::NotSaved(reason.clone()),
        }
    }

    /// What the learner should be told, each once.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// How many appended records are not on disk.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The appended records that are not on disk, in order.
    pub fn unsaved(&self) -> &[Record] {
        &self.pending
    }

    /// The store's file, if a place for it is known.
    pub fn path(&self) -> Option<PathBuf> {
        self.location().map(Location::file)
    }

    /// Appends what happened at `at` and returns it as the record that it became. When it returns
    /// `Ok` of a store that saves, the record is on disk. [`StoreError::Pending`] holds the record
    /// too: it is kept, and written with the next one that can be.
    ///
    /// The record's time is `at`, but: nothing is stamped before a reset that it follows, and what
    /// only replaces (places, notes, bookmarks, resets) comes after all that is there, even where
    /// the clock went back.
    pub fn append(&mut self, kind: RecordKind, at: Time) -> Result<Record, StoreError> {
        let record = self.stamp(kind, at);
        self.pending.push(record.clone());
        if !self.backed_up {
            self.backed_up = true;
            self.back_up_daily(at);
        }
        match self.write_pending(at) {
            Ok(()) => Ok(record),
            Err(cause) => Err(StoreError::Pending { record: Box::new(record), cause }),
        }
    }

    /// Tries again to write what is pending; returns how many records are left.
    pub fn retry(&mut self, now: Time) -> Result<usize, StoreError> {
        self.write_pending(now).map_err(StoreError::Refused)?;
        Ok(self.pending.len())
    }

    /// All records of the course that are whole, those in memory too. Damage that shows is mended
    /// first, and told by [`Store::take_notices`].
    pub fn load(&mut self, now: Time) -> Result<Vec<Record>, StoreError> {
        let (rows, damaged) = self.rows(now)?;
        if damaged > 0 {
            self.notices.push(Notice::Damaged(damaged));
        }
        let mut latest = Latest::default();
        let stored = rows.iter().filter(|row| row.course == self.course).filter_map(Row::record);
        let records: Vec<Record> = stored.chain(self.pending.iter().cloned()).collect();
        for record in &records {
            latest.count(record);
        }
        self.latest = Some(latest);
        Ok(records)
    }

    /// What the first frame needs, as it was saved last. Cheap.
    pub fn snapshot(&self) -> Option<Snapshot> {
        database::snapshot(self.connection()?, &self.course)
    }

    /// Keeps what the next start's first frame needs. Losing it costs nothing but a moment.
    pub fn save_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let course = self.course.clone();
        self.write(|connection| database::save_snapshot(connection, &course, snapshot))
    }

    /// A setting of the profile.
    pub fn setting(&self, key: &str) -> Option<String> {
        database::setting(self.connection()?, key)
    }

    /// Keeps a setting of the profile.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|connection| database::set_setting(connection, key, value))
    }

    /// Appends a reset of one lesson or of the whole course, after a backup; returns the record
    /// and the backup. A store that is not saved has none.
    pub fn reset(
        &mut self,
        lesson: Option<&str>,
        now: Time,
    ) -> Result<(Record, Option<PathBuf>), StoreError> {
        let backup = match &self.disk {
            Disk::File { location, opened } => Some(
                backup::make(location, opened.connection(), now, backup::Kind::BeforeReset)
                    .map_err(|cause| {
                        StoreError::Refused(format!("no backup, no reset: {cause}"))
                    })?,
            ),
            Disk::Nowhere { .. } => None,
        };
        let record = self.append(RecordKind::Reset { lesson: lesson.map(str::to_owned) }, now)?;
        if backup.is_some() {
            let course = self.course.clone();
            self.write(|connection| database::forget_snapshot(connection, &course))?;
        }
        Ok((record, backup))
    }

    fn location(&self) -> Option<&Location> {
        match &self.disk {
            Disk::File { location, .. } => Some(location),
            Disk::Nowhere { location, .. } => location.as_ref(),
        }
    }

    fn connection(&self) -> Option<&Connection> {
        match &self.disk {
            Disk::File { opened, .. } => Some(opened.connection()),
            Disk::Nowhere { readable, .. } => readable.as_ref(),
        }
    }

    /// Gives `kind` its name and its time.
    fn stamp(&mut self, kind: RecordKind, at: Time) -> Record {
        if self.latest.is_none() && self.load(at).is_err() {
            self.latest = Some(Latest::default());
        }
        let mut latest = self.latest.unwrap_or_default();
        let replaces = matches!(
            kind,
            RecordKind::Placed(_)
                | RecordKind::Noted(_)
                | RecordKind::Bookmarked(_)
                | RecordKind::Reset { .. }
        );
        let floor = if replaces { latest.any } else { latest.reset };
        let at = floor.map_or(at, |floor| at.max(floor.plus_ms(1)));
        self.seq += 1;
        // What is not finite does not survive being written: the caller gets what is stored.
        let kind = RecordKind::from_json(&kind.to_json()).unwrap_or(kind);
        let record = Record { device: self.device, seq: self.seq, at, kind };
        latest.count(&record);
        self.latest = Some(latest);
        record
    }

    /// Writes all that is pending in one transaction; the cause in words if it cannot be.
    fn write_pending(&mut self, now: Time) -> Result<(), String> {
        let Disk::File { location, opened } = &mut self.disk else { return Ok(()) };
        if self.pending.is_empty() {
            return Ok(());
        }
        let rows: Vec<Row> =
            self.pending.iter().map(|record| Row::of(record, &self.course)).collect();
        recovery::insert(location, opened, &rows, (now, &mut self.notices))?;
        self.pending.clear();
        Ok(())
    }

    /// All rows of all courses that are whole, and how many are not.
    fn rows(&mut self, now: Time) -> Result<(Vec<Row>, usize), StoreError> {
        match &mut self.disk {
            Disk::File { location, opened } => {
                recovery::read(location, opened, (now, &mut self.notices))
                    .map_err(StoreError::Refused)
            }
            Disk::Nowhere { readable: Some(connection), .. } => Ok(database::salvage(connection)),
            Disk::Nowhere { readable: None, .. } => Ok((Vec::new(), 0)),
        }
    }

    /// Writes something other than records, which may fail.
    fn write(
        &mut self,
        run: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        match &mut self.disk {
            Disk::File { opened, .. } => run(opened.connection_mut())
                .map_err(|error| StoreError::Refused(database::in_words(&error))),
            Disk::Nowhere { reason, .. } => Err(StoreError::Refused(reason.to_string())),
        }
    }

    /// A backup once a day, before the first write of a run; that it fails stops nothing.
    fn back_up_daily(&mut self, now: Time) {
        if let Disk::File { location, opened } = &self.disk
            && backup::is_due(location, now)
        {
            let _ = backup::make(location, opened.connection(), now, backup::Kind::Daily);
        }
    }
}

#[cfg(test)]
mod tests;
