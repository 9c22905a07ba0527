//! Reads courses: the one in this program, or a folder.

mod directory;
mod embedded;

pub use directory::Directory;
pub use embedded::Embedded;

use std::path::{Path, PathBuf};

use crate::course::{Course, Files, MANIFEST, Unreadable};
use crate::diagnostic::Position;
use crate::sanitize;

/// The bytes of one file that are read; a lesson that goes on is cut, another file refused.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// More files than this are not looked for beside a lesson that belongs to no course.
const NEIGHBOURS_MAX: usize = 200;

/// A place that courses are read from.
pub trait Source {
    /// All files of the course. A file that cannot be read is there with the reason.
    fn files(&self) -> Result<Files, ContentError>;

    /// A name for progress and a title, for a course without a manifest.
    fn names(&self) -> (String, String);

    /// Opens the course.
    fn open(&self) -> Result<Course, ContentError> {
        let (id, title) = self.names();
        Ok(Course::open(self.files()?).named(&id, &title))
    }
}

/// Why nothing can be read at a path.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct ContentError {
    /// The path as the user wrote it, fit to print.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl ContentError {
    fn unreadable(path: &Path, unreadable: &Unreadable) -> Self {
        let mut error = Self::new(path, unreadable.reason.clone());
        if unreadable.position != (Position { line: 1, column: 1 }) {
            error.path = format!("{}:{}", error.path, unreadable.position);
        }
        error
    }

    /// Something is wrong with `path`.
    pub fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: printable(path), reason: reason.into() }
    }
}

/// A file of a course that the user named by its path.
#[derive(Debug)]
pub struct Located {
    /// The course it belongs to, with the file in it.
    pub course: Course,
    /// Its path in the course.
    pub file: String,
    /// The folder of the course; `None`: the embedded one.
    pub root: Option<PathBuf>,
}

/// The course that the file at `path` belongs to: that of the nearest folder above it with a
/// manifest, else `course`, else the embedded one, with the file added to it.
pub fn locate(path: &Path, course: Option<&Path>) -> Result<Located, ContentError> {
    let refused = |error: std::io::Error| ContentError::new(path, reason(&error));
    let real = path.canonicalize().map_err(refused)?;
    if real.is_dir() {
        return Err(ContentError::new(path, "is a folder, not a file"));
    }
    let named = || course.map(|root| root.canonicalize().unwrap_or_else(|_| root.to_path_buf()));
    let root = root_above(&real).or_else(named);
    let (mut files, (id, title)) = match &root {
        Some(root) => (Directory::new(root).files()?, Directory::new(root).names()),
        None => (Embedded.files()?, Embedded.names()),
    };
    let inside = root.as_ref().filter(|root| real.starts_with(root));
    let file = match inside {
        Some(root) => relative(&real, root),
        None => format!("opened/{}", relative(&real, real.parent().unwrap_or(&real))),
    };
    if !files.contains_key(&file) {
        let text = directory::text(path)?;
        neighbours(&text, &file, &real, &mut files);
        files.insert(file.clone(), Ok(text.into()));
    }
    let course = Course::open(files).named(&id, &title).including(&file);
    Ok(Located { course, file, root })
}

/// Takes in the files that the lesson `text`, a file of no course, links to beside and below it.
fn neighbours(text: &str, file: &str, real: &Path, files: &mut Files) {
    let (Some(folder), Some((prefix, _))) = (real.parent(), file.rsplit_once('/')) else { return };
    if !may_name_files(text) {
        return;
    }
    let mut paths = std::collections::BTreeSet::new();
    for block in crate::markdown::Blocks::new(text) {
        crate::course::links::paths_of(&block, &mut paths);
    }
    for path in paths.into_iter().take(NEIGHBOURS_MAX) {
        let Ok(key) = crate::course::links::resolve(file, &path) else { continue };
        let Some(inside) = key.strip_prefix(prefix).and_then(|key| key.strip_prefix('/')) else {
            continue;
        };
        if let Some(read) = directory::neighbour(folder, inside) {
            files.entry(key).or_insert(read);
        }
    }
}

/// Whether `text` may link to other files, as far as can be seen without reading it as Markdown:
/// most texts that are no part of a course link to the web at most, and need no second reading.
fn may_name_files(text: &str) -> bool {
    const ELSEWHERE: [&str; 6] = ["http://", "https://", "mailto:", "fact:", "term:", "#"];
    let leads_here = |(at, opening): (usize, &str)| {
        let target = text.get(at + opening.len()..).unwrap_or("");
        !ELSEWHERE.iter().any(|start| target.starts_with(start))
    };
    text.contains("]:")
        || text.contains("{{#")
        || text.contains("<img")
        || text.match_indices("](").any(leads_here)
}

/// The course that the folder `path` is, or is a part of: a folder with a manifest, or one of the
/// folders that such a course is made of.
pub fn course_around(path: &Path) -> Option<PathBuf> {
    let root = root_above(path)?;
    let inside = path.strip_prefix(&root).ok()?;
    let first = inside.components().next().map(|part| part.as_os_str().to_owned());
    first.is_none_or(|first| directory::FOLDERS.iter().any(|name| first == *name)).then_some(root)
}

/// The nearest folder at or above `path` that holds a manifest.
pub fn root_above(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_path_buf)
}

/// Bytes as text: refuses what is not UTF-8, saying where; takes the mark of byte order off.
pub fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unreadable::from("is UTF-16: save it as UTF-8".to_owned()));
    }
    let error = match String::from_utf8(bytes) {
        Ok(text) => {
            let marked = text.starts_with('\u{feff}');
            return Ok(if marked { text.chars().skip(1).collect() } else { text });
        }
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let valid = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let byte = bytes.get(at).copied().unwrap_or_default();
    let reason = format!("is not UTF-8: the byte 0x{byte:02x}");
    Err(Unreadable { reason, position: Position::of(&valid, at) })
}

/// As [`decode`], for bytes that may have been cut in the middle of a character.
pub fn decode_cut(mut bytes: Vec<u8>) -> Result<String, Unreadable> {
    if bytes.len() > FILE_BYTES_MAX {
        let begins = bytes.iter().rposition(|byte| byte & 0xc0 != 0x80);
        bytes.truncate(begins.unwrap_or(bytes.len()));
    }
    decode(bytes)
}

/// `path` relative to `root`, with `/`.
pub fn relative(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// `path` as it may be printed.
pub fn printable(path: &Path) -> String {
    sanitize::line(&path.to_string_lossy()).into_owned()
}

/// An error of the operating system in few words.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read".to_owned(),
        _ => error.to_string(),
    }
}
