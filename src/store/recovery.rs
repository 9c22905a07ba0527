//! Opening a store that may be missing, old, new, damaged or gone, and mending it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{
    NotSaved, Notice,
    backup::{self, Kind},
    database::{self, Header, Opened},
    location::Location,
    migration,
    row::Row,
};
use crate::progress::Time;

/// What a look at the file says.
enum Look {
    Fine(Opened),
    Older(Opened, i64),
    Newer(i64),
    Missing,
    Damaged,
    Unusable(String),
}

impl Location {
    /// Opens the store; makes, migrates or mends it first if need be.
    pub(super) fn open(&self, now: Time, notices: &mut Vec<Notice>) -> Result<Opened, NotSaved> {
        if let Look::Fine(opened) = self.look() {
            return Ok(opened);
        }
        // Only one process at a time makes or mends; who had to wait looks again.
        let unwritable = |cause: String| NotSaved::Unwritable { path: self.file(), cause };
        let _lock = self.lock().map_err(|error| unwritable(error.to_string()))?;
        match self.look() {
            Look::Fine(opened) => Ok(opened),
            Look::Older(opened, from) => self.migrate(opened, from, (now, notices)),
            Look::Newer(version) => Err(NotSaved::Newer { path: self.file(), version }),
            Look::Missing => {
                self.make(None)?;
                self.opened()
            }
            Look::Damaged => self.mend(now, notices),
            Look::Unusable(cause) => Err(unwritable(cause)),
        }
    }

    fn look(&self) -> Look {
        let path = self.file();
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Look::Missing,
            Err(error) => return Look::Unusable(error.to_string()),
            Ok(metadata) if !metadata.is_file() => {
                return Look::Unusable("it is not a file".to_owned());
            }
            Ok(_) => {}
        }
        // SQLite takes an empty file for an empty database; ours are never empty.
        let version = match database::header(&path) {
            Ok(Header::Ours(version)) => version,
            Ok(Header::Foreign) => return Look::Damaged,
            Err(error) => return Look::Unusable(error.to_string()),
        };
        let newest = migration::newest(self.steps);
        if version > newest {
            return Look::Newer(version);
        }
        let opened = Opened::at(&path).and_then(|opened| {
            let read_only = opened.connection().is_readonly("main")?;
            Ok((database::version(opened.connection())?, opened, read_only))
        });
        match opened {
            Ok((_, _, true)) => Look::Unusable("it is read-only".to_owned()),
            Ok((version, opened, false)) if version < newest => Look::Older(opened, version),
            Ok((_, opened, false)) => Look::Fine(opened),
            Err(error) if database::is_damage(&error) => Look::Damaged,
            Err(error) => Look::Unusable(database::in_words(&error)),
        }
    }

    /// Puts a store at its place: a new one, or a copy of `from`.
    fn make(&self, from: Option<&Path>) -> Result<(), NotSaved> {
        let unwritable = |cause: String| NotSaved::Unwritable { path: self.file(), cause };
        self.sweep();
        let draft = self.draft();
        let drafted = match from {
            Some(backup) => fs::copy(backup, &draft).map(drop).map_err(|error| error.to_string()),
            None => Connection::open(&draft)
                .and_then(|mut connection| {
                    connection.execute_batch("PRAGMA journal_mode = MEMORY")?;
                    migration::run(&mut connection, 0, self.steps)
                })
                .map_err(|error| database::in_words(&error)),
        };
        let made = drafted
            .and_then(|()| backup::settle(&draft, &self.file()).map_err(|error| error.to_string()));
        if made.is_err() {
            let _ = fs::remove_file(&draft);
        }
        made.map_err(unwritable)
    }

    /// Removes drafts that a killed process left; the lock is held, so nobody is at them.
    fn sweep(&self) {
        for entry in fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("progress.db.new-")) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn opened(&self) -> Result<Opened, NotSaved> {
        Opened::at(&self.file()).map_err(|error| NotSaved::Unwritable {
            path: self.file(),
            cause: database::in_words(&error),
        })
    }

    fn migrate(
        &self,
        mut opened: Opened,
        from: i64,
        (now, notices): (Time, &mut Vec<Notice>),
    ) -> Result<Opened, NotSaved> {
        let unwritable = |cause: String| NotSaved::Unwritable { path: self.file(), cause };
        let backup = backup::make(self, opened.connection(), now, Kind::BeforeMigration)
            .map_err(|cause| unwritable(format!("no backup, no migration: {cause}")))?;
        migration::run(opened.connection_mut(), from, self.steps)
            .map_err(|error| unwritable(database::in_words(&error)))?;
        notices.push(Notice::Migrated { from, backup });
        Ok(opened)
    }

    /// Puts the damaged file aside, the newest good backup in its place, and adds to it what can
    /// be read of the damaged one and of the other backups: records are a set, so more of them is
    /// never wrong. The lock is held.
    fn mend(&self, now: Time, notices: &mut Vec<Notice>) -> Result<Opened, NotSaved> {
        let unwritable = |cause: String| NotSaved::Unwritable { path: self.file(), cause };
        let backups = backup::list(self).into_iter().map(|backup| backup.path);
        let salvaged: Vec<Row> = std::iter::once(self.file())
            .chain(backups)
            .filter_map(|path| database::read_only(&path))
            .flat_map(|connection| database::salvage(&connection).0)
            .collect();
        let aside = self.put_aside(now).map_err(|error| unwritable(error.to_string()))?;
        let backup = backup::newest_good(self).map(|backup| backup.path);
        self.make(backup.as_deref())?;
        let mut opened = match self.look() {
            Look::Fine(opened) => opened,
            Look::Older(opened, from) => self.migrate(opened, from, (now, notices))?,
            _ => return Err(unwritable("it cannot be restored".to_owned())),
        };
        let records = database::insert(opened.connection_mut(), &salvaged)
            .and_then(|_| database::all(opened.connection()))
            .map_err(|error| unwritable(database::in_words(&error)))?
            .0
            .len();
        notices.push(Notice::Quarantined { aside, backup, records });
        Ok(opened)
    }

    /// Renames the store and what SQLite keeps beside it, which must not touch its successor.
    fn put_aside(&self, now: Time) -> io::Result<PathBuf> {
        let named = |number: u32| match number {
            1 => self.folder().join(format!("progress.db.corrupt-{}", now.compact())),
            _ => self.folder().join(format!("progress.db.corrupt-{}-{number}", now.compact())),
        };
        let aside = (1..=999).map(named).find(|path| !path.exists());
        let aside = aside.ok_or_else(|| io::Error::other("too many damaged stores"))?;
        fs::rename(self.file(), &aside)?;
        for companion in ["-journal", "-wal", "-shm"] {
            let beside = backup::with_ending(&self.file(), companion);
            if beside.exists() {
                fs::rename(beside, backup::with_ending(&aside, companion))?;
            }
        }
        Ok(aside)
    }
}

/// Writes `rows` and sees to it that they stand in the file at the store's path.
pub(super) fn insert(
    location: &Location,
    opened: &mut Opened,
    rows: &[Row],
    (now, notices): (Time, &mut Vec<Notice>),
) -> Result<(), String> {
    // Twice: after it was gone or damaged once, it may be so once more, and no oftener.
    for _ in 0..2 {
        if !opened.is_at(&location.file()) {
            rewrite(location, opened, (now, notices))?;
        }
        match database::insert(opened.connection_mut(), rows) {
            Ok(_) if opened.is_at(&location.file()) => return Ok(()),
            Ok(_) => {}
            Err(error) if database::is_damage(&error) => {
                remedy(location, opened, (now, notices))?;
            }
            Err(error) => return Err(database::in_words(&error)),
        }
    }
    Err("the store keeps going away".to_owned())
}

/// Reads all rows that are whole, and counts those that are not.
pub(super) fn read(
    location: &Location,
    opened: &mut Opened,
    (now, notices): (Time, &mut Vec<Notice>),
) -> Result<(Vec<Row>, usize), String> {
    match database::all(opened.connection()) {
        Ok(found) => Ok(found),
        Err(error) if database::is_damage(&error) => {
            remedy(location, opened, (now, notices))?;
            database::all(opened.connection()).map_err(|error| database::in_words(&error))
        }
        Err(error) => Err(database::in_words(&error)),
    }
}

/// Mends a store whose damage showed only while it was in use.
fn remedy(
    location: &Location,
    opened: &mut Opened,
    (now, notices): (Time, &mut Vec<Notice>),
) -> Result<(), String> {
    let _lock = location.lock().map_err(|error| error.to_string())?;
    let mended = if opened.is_at(&location.file()) {
        location.mend(now, notices)
    } else {
        // Another process was faster.
        location.opened()
    };
    *opened = mended.map_err(|reason| reason.to_string())?;
    Ok(())
}

/// The file that is open no longer stands at its path: opens what stands there, or makes it, and
/// adds what the open file still gives.
fn rewrite(
    location: &Location,
    opened: &mut Opened,
    (now, notices): (Time, &mut Vec<Notice>),
) -> Result<(), String> {
    let gone = !location.file().exists();
    let held = database::salvage(opened.connection()).0;
    let mut fresh = location.open(now, notices).map_err(|reason| match reason {
        NotSaved::Unwritable { cause, .. } => cause,
        other => other.to_string(),
    })?;
    database::insert(fresh.connection_mut(), &held).map_err(|error| database::in_words(&error))?;
    *opened = fresh;
    if gone {
        notices.push(Notice::Rewritten { path: location.file(), records: held.len() });
    }
    Ok(())
}
