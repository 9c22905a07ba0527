//! Courses to start from: the shipped one, the one of the journeys, those with known faults.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use coldstart::content::{Embedded, Source as _};
use coldstart::course::{Course, Files};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn gather(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else if path.extension().is_some_and(|end| end == "md" || end == "toml") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, Ok(Cow::Owned(fs::read_to_string(&path).unwrap())));
        }
    }
}

fn folder(path: &str) -> Files {
    let mut files = BTreeMap::new();
    gather(&root().join(path), &root().join(path), &mut files);
    files
}

/// The files of the course of the journeys.
pub(crate) fn journeys() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| folder("tests/journeys/course"))
}

/// The course of the journeys.
pub(crate) fn journeys_course() -> Arc<Course> {
    static COURSE: OnceLock<Arc<Course>> = OnceLock::new();
    Arc::clone(COURSE.get_or_init(|| Arc::new(Course::open(journeys().clone()))))
}

/// The course in the program.
pub(crate) fn shipped_course() -> Arc<Course> {
    static COURSE: OnceLock<Arc<Course>> = OnceLock::new();
    Arc::clone(COURSE.get_or_init(|| Arc::new(Embedded.open().unwrap())))
}

/// Courses whose files are small enough to be changed and read again many times.
pub(crate) fn small() -> &'static [Files] {
    static ALL: OnceLock<Vec<Files>> = OnceLock::new();
    ALL.get_or_init(|| {
        let faulty = fs::read_dir(root().join("tests/courses")).unwrap();
        let mut names: Vec<String> =
            faulty.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
        names.sort();
        let faulty = names.iter().map(|name| folder(&format!("tests/courses/{name}")));
        std::iter::once(journeys().clone()).chain(faulty).collect()
    })
}

/// Every quiz file of the repository.
pub(crate) fn quizzes() -> &'static [(String, String)] {
    static ALL: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let shipped = Embedded.files().unwrap();
        let all = small().iter().chain([&shipped]).flatten();
        let texts =
            all.filter_map(|(path, text)| Some((path.clone(), text.as_ref().ok()?.to_string())));
        texts
            .filter(|(path, text)| {
                path.ends_with(".toml")
                    && (text.contains("[[questions]]") || text.contains("questions = "))
            })
            .collect()
    })
}
