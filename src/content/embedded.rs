//! The course that comes in this program.

use std::borrow::Cow;

use include_dir::{Dir, include_dir};

use super::{ContentError, Source};
use crate::course::Files;

const LESSONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lessons");
const QUIZZES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/quizzes");
const ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// The course that comes in this program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Source for Embedded {
    fn files(&self) -> Result<Files, ContentError> {
        let mut files = Files::new();
        for (folder, dir) in [("lessons", &LESSONS), ("quizzes", &QUIZZES), ("assets", &ASSETS)] {
            gather(folder, dir, &mut files);
        }
        Ok(files)
    }

    fn names(&self) -> (String, String) {
        ("serverless".to_owned(), "Serverless".to_owned())
    }
}

fn gather(folder: &str, dir: &Dir<'static>, files: &mut Files) {
    for file in dir.files() {
        let path = format!("{folder}/{}", file.path().to_string_lossy().replace('\\', "/"));
        let text = file.contents_utf8().unwrap_or_default();
        files.insert(path, Ok(Cow::Borrowed(text)));
    }
    for inner in dir.dirs() {
        gather(folder, inner, files);
    }
}
