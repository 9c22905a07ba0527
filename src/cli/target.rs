//! What the user names: a lesson or a quiz by id, number or path.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::Global;
use crate::content::{self, Embedded, FILE_BYTES_MAX, Located, Source};
use crate::course::{Course, Lesson};
use crate::diagnostic::did_you_mean;
use crate::sanitize;

/// What an argument is: with a `/`, an ending of ours, or `-` it is a path, else an id or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The id of a lesson or quiz, or a lesson's number.
    Name(String),
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

/// A course, and the file in it that the user named.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The course.
    pub(crate) course: Course,
    /// The file's path in the course.
    pub(crate) file: String,
    /// The folder of the course; `None`: the one in this program.
    pub(crate) root: Option<PathBuf>,
}

impl From<&str> for Target {
    fn from(argument: &str) -> Self {
        let ending = Path::new(argument).extension();
        let is_ours = ending.is_some_and(|ending| {
            ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("toml")
        });
        if argument == "-" {
            Self::Stdin
        } else if is_ours || argument.contains(['/', std::path::MAIN_SEPARATOR]) {
            Self::Path(PathBuf::from(argument))
        } else {
            Self::Name(argument.to_owned())
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(&sanitize::line(name)),
            Self::Path(path) => f.write_str(&content::printable(path)),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

impl Opened {
    /// The course and the lesson that `target` names.
    pub(crate) fn lesson(global: &Global, target: &Target) -> anyhow::Result<Self> {
        let opened = Self::open(global, target, |course, name| {
            find_lesson(global, course, name).map(|lesson| lesson.file.clone())
        })?;
        if opened.course.lesson_at(&opened.file).is_none() {
            bail!("{target} is no lesson (an `.md` file)");
        }
        Ok(opened)
    }

    /// The course and the quiz that `target` names. The file may still hold no quiz.
    pub(crate) fn quiz(global: &Global, target: &Target) -> anyhow::Result<Self> {
        Self::open(global, target, |course, name| find_quiz(global, course, name))
    }

    /// The course and the scenario that `target` names. The file may still hold no scenario.
    pub(crate) fn scenario(global: &Global, target: &Target) -> anyhow::Result<Self> {
        if *target == Target::Stdin {
            return Self::standard_input(global, "toml");
        }
        Self::open(global, target, find_scenario)
    }

    /// Whether the file belongs to no course.
    pub(crate) fn is_loose(&self) -> bool {
        self.file.starts_with("opened/")
    }

    /// The lesson that was named, if the file is one.
    pub(crate) fn as_lesson(&self) -> Option<&Lesson> {
        self.course.lesson_at(&self.file)
    }

    fn open(
        global: &Global,
        target: &Target,
        find: impl Fn(&Course, &str) -> anyhow::Result<String>,
    ) -> anyhow::Result<Self> {
        match target {
            Target::Name(name) => {
                let course = global.open_course()?;
                let file = find(&course, name)?;
                Ok(Self { course, file, root: global.root() })
            }
            Target::Path(path) => {
                let Located { course, file, root } =
                    content::locate(path, global.root().as_deref())?;
                Ok(Self { course, file, root })
            }
            Target::Stdin => Self::standard_input(global, "md"),
        }
    }

    /// A course with standard input as a file more.
    fn standard_input(global: &Global, extension: &str) -> anyhow::Result<Self> {
        let file = format!("opened/standard input.{extension}");
        let source: Box<dyn Source> = match global.root() {
            Some(folder) => Box::new(content::Directory::new(&folder)),
            None => Box::new(Embedded),
        };
        let (mut files, (id, title)) = (source.files()?, source.names());
        let mut bytes = Vec::new();
        let limit = FILE_BYTES_MAX as u64 + 4096;
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        let text = content::decode_cut(bytes)
            .map_err(|fault| anyhow!("standard input {}", fault.reason))?;
        files.insert(file.clone(), Ok(text.into()));
        let course = Course::open(files).named(&id, &title).including(&file);
        Ok(Self { course, file, root: None })
    }
}

/// The lesson of this id or number; the error says which one may have been meant.
pub(crate) fn find_lesson<'a>(
    global: &Global,
    course: &'a Course,
    name: &str,
) -> anyhow::Result<&'a Lesson> {
    course.lesson(name).or_else(|| course.lesson_numbered(name)).ok_or_else(|| {
        let ids = course.lessons().map(|lesson| lesson.id.as_str());
        unknown(global, "lesson", name, did_you_mean(name, ids))
    })
}

/// The file of the quiz of this id, or of the lesson of this id or number.
fn find_quiz(global: &Global, course: &Course, name: &str) -> anyhow::Result<String> {
    let of_lesson = || {
        let lesson = course.lesson(name).or_else(|| course.lesson_numbered(name))?;
        course.quiz_of(lesson)
    };
    if let Some(quiz) = course.quiz(name).or_else(of_lesson) {
        return Ok(quiz.file.clone());
    }
    let ids: Vec<&str> = course.quizzes().map(|quiz| quiz.id.as_str()).collect();
    Err(unknown(global, "quiz", name, did_you_mean(name, ids)))
}

/// The file of the scenario of this id, also of one that has an error.
fn find_scenario(course: &Course, name: &str) -> anyhow::Result<String> {
    if let Some(path) = course.scenario_file(name) {
        return Ok(path.to_owned());
    }
    let known: Vec<(&str, &str)> = course.scenario_names();
    let ids = known.iter().map(|&(id, _)| id);
    let meant = did_you_mean(name, ids.clone())
        .map_or_else(String::new, |meant| format!(" did you mean `{meant}`?"));
    let all: Vec<&str> = ids.collect();
    let all = if all.is_empty() { "the course has none".to_owned() } else { all.join(", ") };
    Err(anyhow!("there is no scenario `{}`;{meant} known: {all}", sanitize::line(name)))
}

fn unknown(global: &Global, what: &str, name: &str, meant: Option<&str>) -> anyhow::Error {
    let name = sanitize::line(name);
    let meant = meant.map_or_else(String::new, |meant| format!(" did you mean `{meant}`?"));
    let program = global.own_program();
    anyhow!("there is no {what} `{name}`;{meant} `{program} list` names what there is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_names() {
        for (argument, expected) in [
            ("cold-starts", Target::Name("cold-starts".to_owned())),
            ("1.4", Target::Name("1.4".to_owned())),
            ("-", Target::Stdin),
            ("a.md", Target::Path("a.md".into())),
            ("A.MD", Target::Path("A.MD".into())),
            ("x.toml", Target::Path("x.toml".into())),
            ("./x", Target::Path("./x".into())),
        ] {
            assert_eq!(Target::from(argument), expected, "{argument}");
        }
    }
}
