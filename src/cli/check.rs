//! `coldstart check`: everything that is wrong, with its place and what to write instead.

mod guessing;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anyhow::bail;
use clap::Args;
use serde::Serialize;

use super::{Global, NOT_GOOD, Opened, Target, print_json, today};
use crate::content::{self, ContentError, Directory, Embedded, Source as _};
use crate::course::tells::Tells;
use crate::course::{Course, Date};
use crate::diagnostic::{Diagnostic, Position, Severity};
use crate::quiz::numeric::counted;
use crate::sanitize;

/// More characters than this before or behind a fault are not shown.
const CONTEXT_MAX: usize = 160;

/// The options of `check`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// A course's folder, or one of its files [default: the course around here]
    path: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The day on which facts are judged, as in 2026-11-17
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Said first where nobody named a course and none is here.
const BUILT_IN: &str =
    "No course is here: this checks the one in the program. Name a folder to check another.";

/// What is checked: a course, or the part of it whose paths begin with `under`.
struct Checked {
    course: Course,
    under: Option<String>,
    root: Option<PathBuf>,
    /// What the user calls a file that belongs to no course.
    loose: Option<String>,
}

/// Checks and prints; 1 if there are errors.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let checked = find(global, options)?;
    let mut found = crate::course::check(&checked.course, options.today.unwrap_or_else(today));
    found.retain(|fault| checked.holds(&fault.file));
    let places = positions(&checked.course, &found);
    let with_places = || found.iter().zip(places.iter().copied());
    if checked.is_built_in() && !options.json {
        writeln!(out, "{BUILT_IN}\n")?;
    }
    if options.json {
        let findings: Vec<Finding<'_>> =
            with_places().map(|(fault, position)| checked.finding(fault, position)).collect();
        print_json(&findings, out)?;
    } else {
        let renderer = if global.is_coloured() { Renderer::styled() } else { Renderer::plain() };
        for (fault, position) in with_places() {
            writeln!(out, "{}\n", checked.rendered(fault, position, &renderer))?;
        }
        let guessing = guessing::lines(&checked.tells());
        for line in &guessing {
            writeln!(out, "{line}")?;
        }
        if !guessing.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "{}", checked.summary(&found))?;
    }
    let is_bad = found.iter().any(|fault| fault.severity == Severity::Error);
    Ok(if is_bad { NOT_GOOD } else { 0 })
}

fn find(global: &Global, options: &Options) -> anyhow::Result<Checked> {
    let Some(path) = &options.path else {
        let here = std::env::current_dir().ok().and_then(|here| content::root_above(&here));
        return Ok(match (&global.course, here) {
            (Some(folder), _) => folder_of(folder)?,
            (None, Some(folder)) => folder_of(&folder)?,
            (None, None) => {
                Checked { course: Embedded.open()?, under: None, root: None, loose: None }
            }
        });
    };
    let target = Target::from(path.as_str());
    let folder = Path::new(path);
    if target != Target::Stdin && folder.is_dir() {
        return Ok(folder_of(folder)?);
    }
    let target = if folder.exists() && target != Target::Stdin {
        Target::Path(folder.to_path_buf())
    } else {
        target
    };
    let is_toml =
        matches!(&target, Target::Path(path) if path.extension().is_some_and(|e| e == "toml"));
    let opened =
        if is_toml { Opened::quiz(global, &target)? } else { Opened::lesson(global, &target)? };
    if !opened.course.knows(&opened.file) {
        bail!("{target} is no lesson, quiz or scenario, nor another file of a course");
    }
    let loose = opened.file.starts_with("opened/").then(|| target.to_string());
    Ok(Checked { course: opened.course, under: Some(opened.file), root: opened.root, loose })
}

/// A folder: a course, a part of one, or lessons without a manifest.
fn folder_of(folder: &Path) -> Result<Checked, ContentError> {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    match content::course_around(&real) {
        Some(root) if root != real => {
            let under = format!("{}/", content::relative(&real, &root));
            let course = Directory::new(&root).open()?;
            Ok(Checked { course, under: Some(under), root: Some(root), loose: None })
        }
        _ => Ok(Checked {
            course: Directory::new(folder).open()?,
            under: None,
            root: Some(folder.to_path_buf()),
            loose: None,
        }),
    }
}

/// The positions of all of `found`, which is sorted: each file is gone through once.
fn positions(course: &Course, found: &[Diagnostic]) -> Vec<Position> {
    let mut positions = Vec::new();
    for of_file in found.chunk_by(|a, b| a.file == b.file) {
        let source = of_file.first().and_then(|fault| course.source(&fault.file));
        let (mut at, mut last) = (0, Position { line: 1, column: 1 });
        for fault in of_file {
            let Some(source) = source else {
                positions.push(course.position(fault));
                continue;
            };
            let place = source.floor_char_boundary(fault.span.start.min(source.len())).max(at);
            let step = Position::of(source.get(at..place).unwrap_or_default(), place - at);
            last = match step.line {
                1 => Position { line: last.line, column: last.column + step.column - 1 },
                _ => Position { line: last.line + step.line - 1, column: step.column },
            };
            at = place;
            positions.push(last);
        }
    }
    positions
}

/// A finding as JSON. The names are a contract.
#[derive(Serialize)]
struct Finding<'a> {
    severity: String,
    code: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    hint: Option<&'a str>,
}

impl Checked {
    fn holds(&self, file: &str) -> bool {
        match &self.under {
            None => true,
            Some(folder) if folder.ends_with('/') => file.starts_with(folder.as_str()),
            Some(one) => file == one,
        }
    }

    /// Whether it is the whole course in this program.
    const fn is_built_in(&self) -> bool {
        self.under.is_none() && self.root.is_none()
    }

    /// What choices give away, in a course or a folder; of one file too little could be said.
    fn tells(&self) -> Tells {
        if self.under.as_ref().is_some_and(|one| !one.ends_with('/')) {
            return Tells::default();
        }
        let quizzes = self.course.quizzes().filter(|quiz| self.holds(&quiz.file));
        let lessons = self.course.lessons().filter(|lesson| self.holds(&lesson.file));
        let flow = lessons.flat_map(|lesson| self.course.questions_in(lesson));
        Tells::of(quizzes.flat_map(|quiz| &quiz.questions).chain(flow))
    }

    fn finding<'a>(&'a self, fault: &'a Diagnostic, position: Position) -> Finding<'a> {
        Finding {
            severity: fault.severity.to_string(),
            code: fault.code,
            file: self.loose.as_deref().unwrap_or(&fault.file),
            line: position.line,
            column: position.column,
            message: &fault.message,
            hint: fault.hint.as_deref(),
        }
    }

    /// One fault, its source line with a caret, and the advice.
    fn rendered(&self, fault: &Diagnostic, position: Position, renderer: &Renderer) -> String {
        let level = match fault.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = sanitize::line(&fault.message);
        let path = self.shown(&fault.file);
        let mut group = Group::with_title(level.primary_title(message).id(fault.code));
        let excerpt = self.course.source(&fault.file).map(|source| Excerpt::of(source, fault));
        let mut counted = position.column;
        if let Some(excerpt) = excerpt.filter(|excerpt| !excerpt.line.is_empty()) {
            counted = excerpt.line.get(..excerpt.start).unwrap_or("").chars().count() + 1;
            let mark = AnnotationKind::Primary.span(excerpt.start..excerpt.end);
            let snippet = Snippet::source(excerpt.line).line_start(position.line);
            group = group.element(snippet.path(path.clone()).annotation(mark));
        } else {
            let origin = Origin::path(path.clone()).line(position.line);
            group = group.element(origin.char_column(position.column));
        }
        if let Some(hint) = &fault.hint {
            group = group.element(Level::HELP.message(sanitize::line(hint).into_owned()));
        }
        let text = renderer.render(&[group]);
        // The line shown may be cut or cleaned: the column is that of the file.
        let shown = format!("{path}:{}:{counted}\n", position.line);
        text.replacen(&shown, &format!("{path}:{}:{}\n", position.line, position.column), 1)
    }

    /// A path that the reader of the message can open.
    fn shown(&self, file: &str) -> String {
        if let Some(name) = &self.loose {
            return name.clone();
        }
        let Some(root) = &self.root else { return sanitize::line(file).into_owned() };
        let path = root.join(file);
        let here = std::env::current_dir().ok();
        let near = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
        let path = near.unwrap_or(path);
        content::printable(path.strip_prefix(".").unwrap_or(&path))
    }

    fn summary(&self, found: &[Diagnostic]) -> String {
        let count = |severity| found.iter().filter(|fault| fault.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let files = self.course.paths().filter(|path| self.holds(path)).count();
        let checked = counted(files, "file");
        if found.is_empty() {
            return format!("{checked} checked: nothing found");
        }
        let places: BTreeSet<&str> = found.iter().map(|fault| fault.file.as_str()).collect();
        format!(
            "{checked} checked: {} and {} in {}",
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(places.len(), "file"),
        )
    }
}

/// The line of a fault, fit to print, and the fault's place in it.
struct Excerpt {
    line: String,
    start: usize,
    end: usize,
}

impl Excerpt {
    fn of(source: &str, fault: &Diagnostic) -> Self {
        let start = source.floor_char_boundary(fault.span.start.min(source.len()));
        // A line may be as long as the file: only what is near is looked at.
        let near = 8 * CONTEXT_MAX;
        let from = source.floor_char_boundary(start.saturating_sub(near));
        let to = source.floor_char_boundary(start + near);
        let before = source.get(from..start).unwrap_or_default();
        let after = source.get(start..to).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or(before);
        let line_end = after.find(['\n', '\r']).unwrap_or(after.len());
        let length = fault.span.end.saturating_sub(start).min(line_end);
        let (marked, after) = after
            .get(..line_end)
            .and_then(|line| line.split_at_checked(line.floor_char_boundary(length)))
            .unwrap_or((after, ""));
        let skipped = before.chars().count().saturating_sub(CONTEXT_MAX);
        let mut line = String::new();
        if skipped > 0 {
            line.push('…');
        }
        line.push_str(&plain(&before.chars().skip(skipped).collect::<String>()));
        let start = line.len();
        line.push_str(&plain(&marked.chars().take(CONTEXT_MAX).collect::<String>()));
        let end = line.len();
        line.push_str(&plain(&after.chars().take(CONTEXT_MAX).collect::<String>()));
        Self { line, start, end }
    }
}

fn plain(text: &str) -> String {
    sanitize::line(text).into_owned()
}
