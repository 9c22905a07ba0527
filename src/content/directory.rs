//! A course in a folder. Other people's folders: nothing outside is read, nothing blocks, work is
//! bounded.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{ContentError, FILE_BYTES_MAX, Source, decode_cut, printable, reason, relative};
use crate::course::{Files, MANIFEST, Unreadable};

/// The folders of a course with a manifest.
pub(super) const FOLDERS: [&str; 3] = ["lessons", "quizzes", "assets"];
/// Beside lessons, the files whose text is read: what courses are written in, and traces.
const TEXTS: [&str; 3] = ["toml", "txt", "csv"];
/// Bounds on the folder: more than any course needs.
const ENTRIES_MAX: usize = 20_000;
const BYTES_MAX: usize = 64 << 20;
const DEPTH_MAX: usize = 16;

/// A course in a folder.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The course at `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }
}

impl Source for Directory {
    fn files(&self) -> Result<Files, ContentError> {
        let refused = |error: std::io::Error| ContentError::new(&self.root, reason(&error));
        let root = self.root.canonicalize().map_err(refused)?;
        if !root.is_dir() {
            let reason = "is no folder: give the folder that holds `lessons/`";
            return Err(ContentError::new(&self.root, reason));
        }
        let mut walk = Walk { root: &root, files: Files::new(), entries: 0, bytes: 0 };
        let manifest = fs::symlink_metadata(root.join(MANIFEST)).is_ok();
        let result = if manifest {
            FOLDERS.iter().try_for_each(|folder| {
                let folder = root.join(folder);
                if folder.symlink_metadata().is_ok() { walk.entry(&folder, 0) } else { Ok(()) }
            })
        } else {
            walk.folder(&root, 0)
        };
        result.map_err(|reason| ContentError::new(&self.root, reason))?;
        if !walk.files.keys().any(|path| is_lesson(path)) && !manifest {
            return Err(ContentError::new(&self.root, "holds no lessons (`.md` files)"));
        }
        Ok(walk.files)
    }

    fn names(&self) -> (String, String) {
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in root.to_string_lossy().bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let title =
            root.file_name().map_or_else(|| "Lessons".into(), |name| printable(name.as_ref()));
        (format!("folder-{hash:016x}"), title)
    }
}

/// One walk through a course's folders.
struct Walk<'a> {
    root: &'a Path,
    files: Files,
    entries: usize,
    bytes: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), String> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(reason(&error)),
            Err(_) => return Ok(()),
        };
        let mut paths = Vec::new();
        for entry in entries.flatten() {
            self.entries += 1;
            if self.entries > ENTRIES_MAX {
                return Err(format!("holds more than {ENTRIES_MAX} files: is this a course?"));
            }
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if !hidden {
                paths.push(entry.path());
            }
        }
        paths.sort();
        paths.iter().try_for_each(|path| self.entry(path, depth + 1))
    }

    /// Takes one entry of a folder in.
    fn entry(&mut self, path: &Path, depth: usize) -> Result<(), String> {
        let name = relative(path, self.root);
        let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
        let (path, metadata) = if metadata.is_symlink() {
            match self.followed(path) {
                Ok((path, metadata)) => (Cow::Owned(path), metadata),
                Err(reason) => {
                    self.files.insert(name, Err(reason.into()));
                    return Ok(());
                }
            }
        } else {
            (Cow::Borrowed(path), metadata)
        };
        if metadata.is_dir() {
            return if depth < DEPTH_MAX { self.folder(&path, depth) } else { Ok(()) };
        }
        if !is_text(&name) {
            if metadata.is_file() {
                self.files.insert(name, Ok(Cow::Borrowed("")));
            }
            return Ok(());
        }
        let read = regular_text(&path, is_lesson(&name));
        self.bytes += read.as_ref().map_or(0, String::len);
        if self.bytes > BYTES_MAX {
            return Err(format!("holds more than {} MiB of text", BYTES_MAX >> 20));
        }
        self.files.insert(name, read.map(Cow::Owned));
        Ok(())
    }

    /// What a symbolic link leads to, if that is a file inside the course.
    fn followed(&self, path: &Path) -> Result<(PathBuf, fs::Metadata), String> {
        let real = path.canonicalize().map_err(|error| format!("is a link: {}", reason(&error)))?;
        if !real.starts_with(self.root) {
            return Err("is a link out of the course".to_owned());
        }
        let metadata = real.metadata().map_err(|error| reason(&error))?;
        if metadata.is_dir() {
            return Err("is a link to a folder; only links to files are followed".to_owned());
        }
        Ok((real, metadata))
    }
}

/// The file at `path` below `folder`, if it is there and inside.
pub(super) fn neighbour(
    folder: &Path,
    path: &str,
) -> Option<Result<Cow<'static, str>, Unreadable>> {
    let real = folder.join(path).canonicalize().ok()?;
    if !real.starts_with(folder) || !real.is_file() {
        return None;
    }
    if !is_text(path) {
        return Some(Ok(Cow::Borrowed("")));
    }
    Some(regular_text(&real, is_lesson(path)).map(Cow::Owned))
}

/// The text of the file at `path`.
pub(super) fn text(path: &Path) -> Result<String, ContentError> {
    let lesson = path.extension().is_none_or(|extension| extension != "toml");
    regular_text(path, lesson).map_err(|unreadable| ContentError::unreadable(path, &unreadable))
}

/// The text of a regular file; others (pipes, devices) are refused without waiting for them.
fn regular_text(path: &Path, cut: bool) -> Result<String, Unreadable> {
    let file = open(path).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    if !metadata.is_file() {
        return Err("is no regular file".to_owned().into());
    }
    let limit = FILE_BYTES_MAX as u64 + 4096;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() > FILE_BYTES_MAX && !cut {
        return Err(format!("is larger than {} MiB", FILE_BYTES_MAX >> 20).into());
    }
    decode_cut(bytes)
}

/// Opens a file without waiting for a writer at the other end, should it be a pipe.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    let kind = path.metadata()?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(std::io::Error::other("is no regular file"));
    }
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn is_lesson(path: &str) -> bool {
    extension(path).eq_ignore_ascii_case("md")
}

fn is_text(path: &str) -> bool {
    is_lesson(path) || TEXTS.iter().any(|text| extension(path).eq_ignore_ascii_case(text))
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}
