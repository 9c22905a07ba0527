//! A course: the files of an author, read.
//!
//! [`Course::open`] reads no more than the manifest and the titles; lessons, quizzes, facts and
//! glossary are read when they are first asked for and kept. Nothing fails: a file that cannot be
//! read leaves a note in its place and a fault that [`check`] reports with all the others.

mod check;
pub mod date;
mod exercises;
mod facts;
mod front_matter;
mod glossary;
mod lesson;
pub mod links;
mod lint_quiz;
mod manifest;
mod mdbook_quiz;
mod predicted;
pub mod quiz_file;
pub mod scenario;
pub mod search;
pub mod tells;
pub mod toml_file;

pub use check::check;
pub use date::Date;
pub use exercises::Embedded;
pub use facts::{Fact, FactKind, Status};
pub use glossary::{Misconception, Term};
pub use lesson::{Lesson, Objective, PlacedEmbed};
pub use links::Refusal;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Diagnostic, Position};
use crate::markdown::Target;
use crate::sanitize;

use exercises::Exercises;
use facts::Facts;
use glossary::Glossary;

/// The manifest's path in a course.
pub const MANIFEST: &str = "lessons/course.toml";
/// Where the dated facts stand.
pub const FACTS: &str = "assets/facts.toml";
/// Where the terms and the misconceptions stand.
pub const GLOSSARY: &str = "assets/glossary.toml";

/// The files of a course by their path relative to its root, with `/`; or why one cannot be read.
pub type Files = BTreeMap<String, Result<Cow<'static, str>, Unreadable>>;

/// Why a file of a course cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, as a sentence goes on after the file's name: "is not UTF-8".
    pub reason: String,
    /// Where, for a fault of the bytes.
    pub position: Position,
}

impl From<String> for Unreadable {
    fn from(reason: String) -> Self {
        Self { reason, position: Position { line: 1, column: 1 } }
    }
}

/// A course, open.
#[derive(Debug)]
pub struct Course {
    /// Progress is kept under this name.
    pub id: String,
    /// What stands above the contents.
    pub title: String,
    /// The parts in order; without a manifest there is one, without a title.
    pub parts: Vec<Part>,
    files: Arc<Files>,
    has_manifest: bool,
    house_style: bool,
    manifest_faults: Vec<Diagnostic>,
    facts: OnceLock<Facts>,
    glossary: OnceLock<Glossary>,
    exercises: Exercises,
    simulated: predicted::Simulated,
}

/// A part of a course.
#[derive(Debug, Default)]
pub struct Part {
    /// Its title; empty where there is only one.
    pub title: String,
    /// Its lessons in order.
    pub lessons: Vec<Lesson>,
    /// Whether it stands beside the course: read to look something up, not learned.
    pub is_appendix: bool,
    /// What its lessons have before their point: a number, one more than that of the part before
    /// or what the manifest says, or an appendix' letter; empty in a course without parts.
    pub label: String,
    /// The path of its final test's file, relative to the root; the file is there.
    pub test: Option<String>,
}

/// Where a link of a lesson leads inside the course.
#[derive(Clone, Copy, Debug)]
pub enum Destination<'a> {
    /// To a lesson, and to a heading of it where the anchor is not empty.
    Lesson(&'a Lesson, &'a str),
    /// To another file of the course, by its path.
    File(&'a str),
}

impl Course {
    /// Opens the course that `files` hold. Reads the manifest and the lessons' titles only.
    pub fn open(files: Files) -> Self {
        manifest::open(&Arc::new(files))
    }

    /// Names a course that has no manifest of its own; one that has keeps its names.
    #[must_use]
    pub fn named(mut self, id: &str, title: &str) -> Self {
        if !self.has_manifest {
            id.clone_into(&mut self.id);
            title.clone_into(&mut self.title);
        }
        self
    }

    /// The same course with the lesson in `file` added at its end, if it has no such lesson and the
    /// file is one.
    #[must_use]
    pub fn including(self, file: &str) -> Self {
        manifest::include(self, file)
    }

    /// Where a diagnostic of this course points to, as people count.
    pub fn position(&self, diagnostic: &Diagnostic) -> Position {
        match self.files.get(&diagnostic.file) {
            Some(Ok(source)) => Position::of(source, diagnostic.span.start),
            Some(Err(unreadable)) => unreadable.position,
            None => Position { line: 1, column: 1 },
        }
    }

    /// Whether the author wrote a manifest.
    pub const fn has_manifest(&self) -> bool {
        self.has_manifest
    }

    /// Whether the manifest asks for the rules of style (`[lint] style = "coldstart"`).
    pub const fn has_house_style(&self) -> bool {
        self.house_style
    }

    /// All lessons in order.
    pub fn lessons(&self) -> impl DoubleEndedIterator<Item = &Lesson> {
        self.parts.iter().flat_map(|part| &part.lessons)
    }

    /// The lesson of this id.
    pub fn lesson(&self, id: &str) -> Option<&Lesson> {
        self.lessons().find(|lesson| lesson.id == id)
    }

    /// The lesson that an objective belongs to; `lesson` is the one whose question names it.
    pub fn home_of(&self, objective: &str, lesson: Option<&str>) -> Option<&Lesson> {
        self.lesson(objective.split_once('#').map(|(home, _)| home).or(lesson)?)
    }

    /// What an objective says, as [`Course::home_of`] finds it; else its name in words.
    pub fn objective_text(&self, objective: &str, lesson: Option<&str>) -> String {
        let home = self.home_of(objective, lesson);
        let known = home.and_then(|home| home.objective(objective));
        let name = objective.split_once('#').map_or(objective, |(_, name)| name);
        known.map_or_else(|| name.replace('-', " "), |known| known.text.clone())
    }

    /// The lesson of this number, as in `1.4`.
    pub fn lesson_numbered(&self, number: &str) -> Option<&Lesson> {
        self.lessons().find(|lesson| lesson.number == number)
    }

    /// The lesson that stands in this file, a path relative to the root.
    pub fn lesson_at(&self, file: &str) -> Option<&Lesson> {
        self.lessons().find(|lesson| lesson.file == file)
    }

    /// The part that `lesson` stands in.
    pub fn part_of(&self, lesson: &Lesson) -> Option<&Part> {
        self.parts.iter().find(|part| part.lessons.iter().any(|other| other.id == lesson.id))
    }

    /// The lesson after `lesson`.
    pub fn lesson_after(&self, lesson: &Lesson) -> Option<&Lesson> {
        self.lessons().skip_while(|other| other.id != lesson.id).nth(1)
    }

    /// The lesson before `lesson`.
    pub fn lesson_before(&self, lesson: &Lesson) -> Option<&Lesson> {
        self.lessons().rev().skip_while(|other| other.id != lesson.id).nth(1)
    }

    /// The fact of this id.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts().iter().find(|fact| fact.id == id)
    }

    /// All facts in the order of their file.
    pub fn facts(&self) -> &[Fact] {
        &self.read_facts().all
    }

    /// The term of this id.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.terms().iter().find(|term| term.id == id)
    }

    /// All terms in the order of their file.
    pub fn terms(&self) -> &[Term] {
        &self.read_glossary().terms
    }

    /// The misconception of this slug.
    pub fn misconception(&self, slug: &str) -> Option<&Misconception> {
        self.misconceptions().iter().find(|misconception| misconception.slug == slug)
    }

    /// All misconceptions in the order of their file.
    pub fn misconceptions(&self) -> &[Misconception] {
        &self.read_glossary().misconceptions
    }

    /// The files, as turning a scenario needs them.
    pub const fn files(&self) -> &Arc<Files> {
        &self.files
    }

    /// The text of a file, by its path relative to the root.
    pub fn source(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|file| file.as_deref().ok())
    }

    /// The paths of all files, also of those that cannot be read.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The root-relative path of `path`, written in the file `from`.
    pub fn resolve_path(&self, from: &str, path: &str) -> Result<&str, Refusal> {
        let resolved = links::resolve(from, path)?;
        self.files.get_key_value(&resolved).map(|(key, _)| key.as_str()).ok_or(Refusal::Missing)
    }

    /// Where `target`, a link of `lesson`, leads inside the course; `None` for links of other kinds.
    pub fn resolve<'a>(
        &'a self,
        lesson: &'a Lesson,
        target: &'a Target,
    ) -> Option<Result<Destination<'a>, Refusal>> {
        match target {
            Target::Anchor(anchor) => Some(Ok(Destination::Lesson(lesson, anchor))),
            Target::File { path, anchor } => {
                Some(self.resolve_path(&lesson.file, path).map(|file| {
                    self.lesson_at(file)
                        .map_or(Destination::File(file), |other| Destination::Lesson(other, anchor))
                }))
            }
            _ => None,
        }
    }

    fn read_facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::read(FACTS, self.source(FACTS).unwrap_or_default()))
    }

    fn read_glossary(&self) -> &Glossary {
        self.glossary
            .get_or_init(|| Glossary::read(GLOSSARY, self.source(GLOSSARY).unwrap_or_default()))
    }
}

/// A finding whose words, which quote the author, are one line fit to print.
fn printable(finding: Diagnostic) -> Diagnostic {
    let message = sanitize::line(&finding.message).into_owned();
    let hint = finding.hint.map(|hint| sanitize::line(&hint).into_owned());
    Diagnostic { message, hint, ..finding }
}

#[cfg(test)]
mod tests;
