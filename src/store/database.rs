//! The open SQLite file: how it is opened, its statements, and errors in words.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    time::Duration,
};

use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params,
};

use super::{migration::APPLICATION_ID, row::Row};
use crate::progress::Snapshot;

/// How long a write waits for other processes' writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection and the file that it had open, to be told from what stands at the path later.
#[derive(Debug)]
pub(super) struct Opened {
    connection: Connection,
    file: Option<FileId>,
}

type FileId = (u64, u64);

impl Opened {
    /// Opens the file at `path` for writing; it must exist.
    pub(super) fn at(path: &Path) -> rusqlite::Result<Self> {
        let before = file_id(path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(
            "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )?;
        Ok(Self { connection, file: before })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Whether the file that is open is the one that stands at `path`.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        self.file.is_some() && file_id(path) == self.file
    }
}

/// What tells a file from another that took its name.
#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// An open file can be neither renamed nor removed here: being there is enough.
#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    fs::metadata(path).ok().map(|_| (0, 0))
}

/// Opens the file at `path` for reading only, if it can be.
pub(super) fn read_only(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).ok()?;
    connection.busy_timeout(PATIENCE).ok()?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;").ok()?;
    Some(connection)
}

/// A write over the file-size limit (`ulimit -f`) raises a signal that kills the process; with a
/// handler in place it fails as a full disk does.
#[cfg(unix)]
pub(super) fn survive_file_size_limit() {
    let number = rustix::process::Signal::XFSZ.as_raw();
    // The flag is of no use: the error that the write returns says it all.
    let _ = signal_hook::flag::register(number, std::sync::Arc::default());
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn survive_file_size_limit() {}

/// Adds rows in one transaction; those that are there already are left alone. Returns how many
/// were new.
pub(super) fn insert(connection: &mut Connection, rows: &[Row]) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut new = 0;
    for row in rows {
        new += insert_one(&transaction, row)?;
    }
    transaction.commit()?;
    Ok(new)
}

/// Adds one row as part of a transaction; 1 if it was new.
pub(super) fn insert_one(connection: &Connection, row: &Row) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "INSERT INTO records (course, device, seq, at, kind, crc) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            row.course,
            row.device.to_string(),
            i64::try_from(row.seq).unwrap_or(i64::MAX),
            row.at.0,
            row.kind,
            row.crc,
        ])
}

/// All rows that are whole, in the order in which they were written, and how many are not.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<(Vec<Row>, usize)> {
    let mut statement =
        connection.prepare("SELECT course, device, seq, at, kind, crc FROM records ORDER BY id")?;
    let mut found = statement.query([])?;
    let (mut rows, mut damaged) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        match Row::read(row) {
            Some(row) => rows.push(row),
            None => damaged += 1,
        }
    }
    Ok((rows, damaged))
}

/// What can be read of a file that may be damaged anywhere: from its beginning up to the damage,
/// and from its end down to it. Also how many rows failed their checksum.
pub(super) fn salvage(connection: &Connection) -> (Vec<Row>, usize) {
    let (mut rows, mut damaged) = (Vec::new(), 0);
    let mut reached = i64::MIN;
    for sql in [
        "SELECT course, device, seq, at, kind, crc, id FROM records NOT INDEXED ORDER BY id",
        "SELECT course, device, seq, at, kind, crc, id FROM records NOT INDEXED ORDER BY id DESC",
    ] {
        let Ok(mut statement) = connection.prepare(sql) else { break };
        let Ok(mut found) = statement.query([]) else { break };
        let mut last = reached;
        loop {
            let row = match found.next() {
                Ok(Some(row)) => row,
                Ok(None) => return (rows, damaged),
                Err(_) => break,
            };
            last = row.get(6).unwrap_or(last);
            if reached != i64::MIN && last <= reached {
                return (rows, damaged);
            }
            match Row::read(row) {
                Some(row) => rows.push(row),
                None => damaged += 1,
            }
        }
        reached = last;
    }
    (rows, damaged)
}

/// What the first bytes of a file say, read without SQLite, which might write to it.
pub(super) enum Header {
    /// No SQLite file, or not ours.
    Foreign,
    /// Ours, of this version.
    Ours(i64),
}

/// Reads the header of the file at `path`.
pub(super) fn header(path: &Path) -> io::Result<Header> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(100).read_to_end(&mut bytes)?;
    let number = |at: usize| -> Option<i64> {
        let field: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(i64::from(i32::from_be_bytes(field)))
    };
    // <https://sqlite.org/fileformat2.html#the_database_header>
    let ours = bytes.starts_with(b"SQLite format 3\0") && number(68) == Some(APPLICATION_ID);
    match number(60) {
        Some(version) if ours && version >= 1 => Ok(Header::Ours(version)),
        _ => Ok(Header::Foreign),
    }
}

/// The version of the schema.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The course's snapshot, if it is whole.
pub(super) fn snapshot(connection: &Connection, course: &str) -> Option<Snapshot> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?));
    let (body, crc) = connection
        .query_row("SELECT body, crc FROM snapshots WHERE course = ?", [course], read)
        .ok()?;
    (crc32fast::hash(body.as_bytes()) == crc).then(|| serde_json::from_str(&body).ok())?
}

pub(super) fn save_snapshot(
    connection: &mut Connection,
    course: &str,
    snapshot: &Snapshot,
) -> rusqlite::Result<()> {
    let body = serde_json::to_string(snapshot)
        .map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))?;
    let crc = crc32fast::hash(body.as_bytes());
    connection
        .execute(
            "INSERT INTO snapshots (course, body, crc) VALUES (?, ?, ?)
             ON CONFLICT (course) DO UPDATE SET body = excluded.body, crc = excluded.crc",
            params![course, body, crc],
        )
        .map(drop)
}

pub(super) fn forget_snapshot(connection: &mut Connection, course: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM snapshots WHERE course = ?", [course]).map(drop)
}

pub(super) fn setting(connection: &Connection, key: &str) -> Option<String> {
    connection
        .query_row("SELECT value FROM settings WHERE key = ?", [key], |row| row.get(0))
        .optional()
        .ok()
        .flatten()
}

pub(super) fn set_setting(
    connection: &mut Connection,
    key: &str,
    value: &str,
) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO settings (key, value) VALUES (?, ?)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )
        .map(drop)
}

/// Whether `error` says that the file itself is damaged, or was never ours.
pub(super) fn is_damage(error: &Error) -> bool {
    match error {
        Error::SqliteFailure(failure, message) => match failure.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => true,
            ErrorCode::Unknown => message.as_deref().is_some_and(|m| m.starts_with("no such ")),
            _ => false,
        },
        Error::SqlInputError { msg, .. } => msg.starts_with("no such "),
        _ => false,
    }
}

/// The error as a learner reads it.
pub(super) fn in_words(error: &Error) -> String {
    let code = match error {
        Error::SqliteFailure(failure, _) => failure.code,
        _ => return error.to_string(),
    };
    match code {
        ErrorCode::DiskFull => "the disk is full".to_owned(),
        ErrorCode::SystemIoFailure => "the disk refuses to write (is it full?)".to_owned(),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another process holds the store".to_owned()
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => "it is read-only".to_owned(),
        ErrorCode::CannotOpen => "it cannot be opened or written".to_owned(),
        _ => error.to_string(),
    }
}
