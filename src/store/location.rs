//! Where the store stands on disk, who may have it open, and the world's answers it needs.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use etcetera::BaseStrategy as _;

use super::{StoreError, migration::Step};
use crate::progress::{Device, TextHash, Time};

/// How long a process waits for another that makes or mends the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// The folder of one profile, and the steps that bring its store up to date.
#[derive(Clone, Debug)]
pub(super) struct Location {
    folder: PathBuf,
    pub(super) steps: &'static [Step],
}

impl Location {
    pub(super) fn new(data_dir: &Path, profile: &str, steps: &'static [Step]) -> Self {
        Self { folder: data_dir.join("profiles").join(profile), steps }
    }

    /// The folder that holds everything of the profile.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The store.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.join("progress.db")
    }

    /// The folder of the backups.
    pub(super) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// A name beside the store that nothing else uses, for a file that will take its place.
    pub(super) fn draft(&self) -> PathBuf {
        self.folder.join(format!("progress.db.new-{}", random_device()))
    }

    /// Waits until no other process makes or mends the store. The folder is made if need be. Where
    /// the file system has no locks, goes on without.
    pub(super) fn lock(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join("progress.lock");
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
        let step = Duration::from_millis(5);
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                    std::thread::sleep(step);
                    waited += step;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::other("another process is mending it"));
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(file);
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Where data lives: `flag` (of `--data-dir`), `COLDSTART_DATA_DIR`, or the platform's data
/// directory; `None` where there is none of them.
pub fn data_dir(flag: Option<&Path>) -> Option<PathBuf> {
    let given = flag
        .map(Path::to_path_buf)
        .or_else(|| std::env::var_os("COLDSTART_DATA_DIR").map(PathBuf::from))
        .filter(|path| !path.as_os_str().is_empty());
    if let Some(path) = given {
        return Some(std::path::absolute(&path).unwrap_or(path));
    }
    let platform = etcetera::choose_base_strategy().ok()?.data_dir();
    platform.is_absolute().then(|| platform.join("coldstart"))
}

/// The present, by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the door through which time comes in")]
pub fn now() -> Time {
    let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => Time(ms(after)),
        Err(before) => Time(-ms(before.duration())),
    }
}

/// Names that are safe as a folder's on every system.
pub(super) fn check_profile(name: &str) -> Result<(), StoreError> {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let stem = name.split('.').next().unwrap_or("").to_ascii_lowercase();
    let reserved = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    let good = (1..=64).contains(&name.chars().count())
        && name.len() <= 200
        && name.chars().all(fine)
        && name.starts_with(char::is_alphanumeric)
        && !name.ends_with('.')
        && !reserved;
    if good { Ok(()) } else { Err(StoreError::Profile(name.to_owned())) }
}

/// A name for this run of the program. Where the system has no randomness to give, the clock and
/// the process make do.
pub(super) fn random_device() -> Device {
    let mut bytes = [0; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Device(u64::from_le_bytes(bytes)),
        Err(_) => Device(TextHash::of(&format!("{} {:?}", std::process::id(), now())).0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_name_and_never_a_path() {
        for good in ["default", "ana", "José", "team-7", "a.b_c", "学习者"] {
            assert!(check_profile(good).is_ok(), "{good}");
        }
        for bad in
            ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a\0", "NUL", "com1.x", "a."]
        {
            assert!(check_profile(bad).is_err(), "{bad:?}");
        }
        assert!(check_profile(&"x".repeat(65)).is_err());
    }
}
