//! What `doctor` tells about the store.

use std::{collections::BTreeSet, fs, path::PathBuf};

use super::{Backup, Disk, Standing, Store, backup, database};

/// The state of the store; looking changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether records reach the disk.
    pub standing: Standing,
    /// The store's file, if a place for it is known.
    pub path: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// The schema's version in the file.
    pub version: Option<i64>,
    /// SQLite's version.
    pub sqlite: &'static str,
    /// The journal mode in use.
    pub journal: Option<String>,
    /// `Ok` if SQLite finds nothing wrong with the file; else its first findings.
    pub integrity: Result<(), Vec<String>>,
    /// Whole records of the course.
    pub records: usize,
    /// Whole records of other courses.
    pub elsewhere: usize,
    /// Records that fail their checksum.
    pub damaged: usize,
    /// How many runs of the program, on whatever machines, wrote the course's records.
    pub devices: usize,
    /// Appended and not on disk.
    pub pending: usize,
    /// Copies, newest first.
    pub backups: Vec<Backup>,
    /// Damaged stores that were put aside.
    pub aside: Vec<PathBuf>,
}

impl Store {
    /// Looks at everything; takes as long as reading the whole store.
    pub fn health(&self) -> Health {
        let path = self.path();
        let connection = self.connection();
        let (rows, damaged) = connection.map(database::salvage).unwrap_or_default();
        let (own, other): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.course == self.course);
        let location = self.location();
        Health {
            standing: self.standing(),
            bytes: path.as_ref().and_then(|path| fs::metadata(path).ok()).map_or(0, |m| m.len()),
            path,
            version: connection.and_then(|c| database::version(c).ok()),
            sqlite: rusqlite::version(),
            journal: connection
                .and_then(|c| c.pragma_query_value(None, "journal_mode", |row| row.get(0)).ok()),
            integrity: self.integrity(),
            records: own.len(),
            elsewhere: other.len(),
            damaged,
            devices: own.iter().map(|row| row.device).collect::<BTreeSet<_>>().len(),
            pending: self.pending.len(),
            backups: location.map(backup::list).unwrap_or_default(),
            aside: location.map(super::Location::aside).unwrap_or_default(),
        }
    }

    fn integrity(&self) -> Result<(), Vec<String>> {
        let Some(connection) = self.connection() else { return Ok(()) };
        let mut findings: Vec<String> = Vec::new();
        let looked = connection.pragma_query(None, "integrity_check", |row| {
            findings.push(row.get(0)?);
            Ok(())
        });
        if let Err(error) = looked {
            findings.push(database::in_words(&error));
        }
        findings.truncate(8);
        if findings == ["ok"] { Ok(()) } else { Err(findings) }
    }

    /// Whether anything is kept on disk.
    pub fn saves(&self) -> bool {
        matches!(self.disk, Disk::File { .. })
    }
}

impl super::Location {
    /// Damaged stores that were put aside, by name.
    fn aside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder()).into_iter().flatten().flatten();
        let mut aside: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
                name.starts_with("progress.db.corrupt-") && !name.ends_with("-journal")
            })
            .collect();
        aside.sort();
        aside
    }
}
