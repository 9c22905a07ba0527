//! How the program is called again: what it advises to type opens the same course with the same
//! progress.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Global, Opened, Target};
use crate::content;
use crate::plain::{Invocation, quoted};
use crate::quiz::Quiz;
use crate::sanitize;

impl Global {
    /// The folder of the course of `--course`, which may name a part of it.
    pub(crate) fn root(&self) -> Option<PathBuf> {
        let named = self.course.as_ref()?;
        let around = named
            .canonicalize()
            .ok()
            .filter(|real| real.is_dir())
            .and_then(|real| content::course_around(&real).filter(|root| *root != real));
        Some(around.unwrap_or_else(|| named.clone()))
    }

    /// The program's name, with the options that make it open the course in `root` (`None`: the
    /// one in this program) for the same profile: as a shell takes it, and fit to print.
    pub(crate) fn program(&self, root: Option<&Path>) -> String {
        let mut program = "coldstart".to_owned();
        let mut add = |option: &str, value: &str| {
            let joint = if value.starts_with('-') { '=' } else { ' ' };
            let _ = write!(program, " {option}{joint}{}", quoted(value));
        };
        if let Some(root) = root {
            add("--course", &root.to_string_lossy());
        }
        if let Some(folder) = &self.data_dir {
            add("--data-dir", &folder.to_string_lossy());
        }
        if self.profile != super::DEFAULT_PROFILE {
            add("--profile", &self.profile);
        }
        sanitize::line(&program).into_owned()
    }

    /// As [`Global::program`], for the course that this command opens.
    pub(crate) fn own_program(&self) -> String {
        self.program(self.root().as_deref())
    }
}

impl Opened {
    /// The command that opens a quiz of the course, whose lesson was named by `target`.
    pub(crate) fn quiz_command(&self, global: &Global, target: &Target, quiz: &Quiz) -> String {
        let program = global.program(self.root.as_deref());
        let beside = quiz.file.strip_prefix("opened/");
        let name = match (target, beside) {
            (Target::Path(path), Some(beside)) => {
                path.with_file_name(beside).to_string_lossy().into_owned()
            }
            _ => quiz.id.clone(),
        };
        format!("{program} quiz {}", quoted(&sanitize::line(&name)))
    }

    /// How the program is called to come back to this lesson or quiz, which was named by `target`.
    pub(crate) fn invocation(&self, global: &Global, target: Option<&Target>) -> Invocation {
        let program = global.program(self.root.as_deref());
        let loose = target.filter(|_| self.is_loose()).map(|target| match target {
            Target::Path(path) => quoted(&path.to_string_lossy()),
            Target::Name(name) => quoted(name),
            Target::Stdin => "-".to_owned(),
        });
        Invocation { program, loose: loose.map(|file| sanitize::line(&file).into_owned()) }
    }
}
