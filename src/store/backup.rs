//! Copies of the store: one a day and one before each step that cannot be taken back.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{
    database::{self, Header},
    location::Location,
};
use crate::progress::{DAY_MS, Time};

/// How many of each kind are kept.
const KEEP: usize = 5;

/// Why a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Daily,
    BeforeReset,
    BeforeMigration,
}

impl Kind {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Daily => "",
            Self::BeforeReset => "-before-reset",
            Self::BeforeMigration => "-before-migration",
        }
    }
}

/// A copy of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it stands.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was made, UTC, as in its name: `20261123T101500Z`.
    pub made: String,
}

/// All copies, newest first.
pub(super) fn list(location: &Location) -> Vec<Backup> {
    let mut backups: Vec<Backup> = fs::read_dir(location.backups())
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let made = name.strip_prefix("progress-")?.strip_suffix(".db")?.get(..16)?.to_owned();
            Some(Backup { path: entry.path(), bytes: entry.metadata().ok()?.len(), made })
        })
        .collect();
    backups.sort_by(|a, b| (&b.made, &b.path).cmp(&(&a.made, &a.path)));
    backups
}

/// Whether the newest daily copy is not of this day or the day before it (or is of the future,
/// when the clock was wrong).
pub(super) fn is_due(location: &Location, now: Time) -> bool {
    let recent = Time(now.0.saturating_sub_unsigned(DAY_MS)).compact()..=now.compact();
    !list(location)
        .iter()
        .any(|backup| recent.contains(&backup.made) && kind_of(&backup.path) == Some(Kind::Daily))
}

/// Copies what `connection` sees, checks the copy, and only then gives it its name. Returns where
/// it stands.
pub(super) fn make(
    location: &Location,
    connection: &Connection,
    now: Time,
    kind: Kind,
) -> Result<PathBuf, String> {
    let folder = location.backups();
    let words = |error: io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(words)?;
    let path = free_name(&folder.join(format!("progress-{}{}", now.compact(), kind.suffix())));
    let draft = path.with_extension("draft");
    let copied = draft
        .to_str()
        .ok_or_else(|| "the name of its folder is not UTF-8".to_owned())
        .and_then(|draft| {
            let copied = connection.execute("VACUUM INTO ?", [draft]);
            copied.map_err(|error| database::in_words(&error))
        })
        .and_then(|_| if is_good(&draft) { Ok(()) } else { Err("the copy is damaged".to_owned()) })
        .and_then(|()| settle(&draft, &path).map_err(words));
    if let Err(cause) = copied {
        let _ = fs::remove_file(&draft);
        return Err(cause);
    }
    for old in list(location).into_iter().filter(|old| kind_of(&old.path) == Some(kind)).skip(KEEP)
    {
        let _ = fs::remove_file(old.path);
    }
    Ok(path)
}

/// The newest copy that is whole.
pub(super) fn newest_good(location: &Location) -> Option<Backup> {
    list(location).into_iter().find(|backup| is_good(&backup.path))
}

/// Whether a copy can be read from end to end.
pub(super) fn is_good(path: &Path) -> bool {
    let Some(connection) = database::read_only(path) else { return false };
    let check: Result<String, _> =
        connection.pragma_query_value(None, "integrity_check", |row| row.get(0));
    matches!(database::header(path), Ok(Header::Ours(_)))
        && check.is_ok_and(|answer| answer == "ok")
}

/// Gives `draft`, once it is on disk, the name `path`.
pub(super) fn settle(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    fs::rename(draft, path)?;
    if let Some(folder) = path.parent() {
        // Not every file system can sync a folder; the rename is done in any case.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

fn kind_of(path: &Path) -> Option<Kind> {
    let stem = path.file_stem()?.to_str()?;
    let named = [Kind::BeforeReset, Kind::BeforeMigration];
    Some(named.into_iter().find(|kind| stem.contains(kind.suffix())).unwrap_or(Kind::Daily))
}

/// `path` with `ending` behind its name, whatever the name's encoding.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// `base.db`, or with a number where that name is taken.
fn free_name(base: &Path) -> PathBuf {
    let numbered = |number: u32| match number {
        1 => with_ending(base, ".db"),
        _ => with_ending(base, &format!("-{number}.db")),
    };
    let free = (1..=999).map(numbered).find(|name| !name.exists());
    free.unwrap_or_else(|| numbered(1000))
}
