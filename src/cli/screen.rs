//! The full screen: everything it needs is gathered, and what is left to say is said at the end.

use std::cell::Cell;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::config::{keymap, themes};
use super::{Colour, Global, Opened};
use crate::app::{App, Event, Opening, Settings, Size, Start};
use crate::content::{Directory, Source as _, printable};
use crate::course::{self, Course};
use crate::diagnostic::Severity;
use crate::plain::quoted;
use crate::sanitize;
use crate::store::{self, Store};
use crate::terminal::{self, Ending, Leftover, Session, detect};
use crate::theme::Theme;

/// The exit code where answers could not be saved.
const NOT_SAVED: u8 = 1;

/// Shows the course until it is left; gives the exit code.
pub(crate) fn show(
    global: &Global,
    opened: Opened,
    opening: &Opening,
    seed: Option<u64>,
) -> anyhow::Result<u8> {
    if let Some(reason) = detect::no_screen() {
        bail!("the full screen needs a terminal: {reason}");
    }
    let store = global.open_store(&opened.course)?;
    let program = global.program(opened.root.as_deref());
    let depth = detect::depth(match global.color {
        Colour::Auto => detect::Colour::Auto,
        Colour::Always => detect::Colour::Always,
        Colour::Never => detect::Colour::Never,
    });
    let mut remarks = Vec::new();
    let themes = themes(depth, &mut remarks);
    let (theme, late_reply) = theme(global, &store, &themes)?;
    let size = terminal::size().context("the size of the terminal")?;
    let reload = opened.root.clone().map(|root| {
        let reload = reload(root.clone());
        (root, reload)
    });
    let start = Start {
        course: Arc::new(opened.course),
        glance: store.snapshot().unwrap_or_default(),
        keymap: keymap(&mut remarks),
        themes,
        settings: Settings { theme, ascii: global.ascii, seed, no_motion: global.no_motion },
        size: Size { width: size.width, height: size.height },
        now: store::now(),
    };
    let (mut app, effects) = App::new(start, opening);
    for remark in remarks {
        app.update(Event::Said(remark));
    }
    let reports = store::data_dir(global.data_dir.as_deref());
    let session = Session { app, effects, store, watched: reload, late_reply, reports };
    let ending = terminal::run(session).context("the terminal")?;
    Ok(farewell(&ending, &program))
}

/// Opens the course in a folder again, and tells an author what is wrong with it by now.
fn reload(root: PathBuf) -> terminal::Reload {
    let faulty = Cell::new(false);
    Box::new(move |tell| {
        let course = match Directory::new(&root).open() {
            Ok(course) => Arc::new(course),
            Err(error) => return tell(Event::Said(error.to_string())),
        };
        tell(Event::CourseChanged(Arc::clone(&course)));
        let errors = errors(&course);
        if let Some(said) = &errors {
            tell(Event::Said(said.clone()));
        } else if faulty.get() {
            tell(Event::Said("No errors any more.".to_owned()));
        }
        faulty.set(errors.is_some());
    })
}

/// How many errors a course has, and the first one.
fn errors(course: &Course) -> Option<String> {
    let found = course::check(course, super::today());
    let mut errors = found.iter().filter(|fault| fault.severity == Severity::Error);
    let first = errors.next()?;
    let count = match errors.count() {
        0 => "1 error".to_owned(),
        others => format!("{} errors", others + 1),
    };
    let place = course.position(first);
    let said = format!("{count}: {}:{place}: {}", first.file, first.message);
    Some(sanitize::line(&said).into_owned())
}

/// The theme to begin with, and whether the terminal may still answer a question about it.
fn theme(global: &Global, store: &Store, themes: &[Theme]) -> anyhow::Result<(String, bool)> {
    let known = |name: &str| themes.iter().any(|theme| theme.name == name);
    match global.theme.as_deref() {
        Some("auto") => {
            let (name, late_reply) = detect::theme_of_terminal();
            Ok((name.to_owned(), late_reply))
        }
        Some(name) if known(name) => Ok((name.to_owned(), false)),
        Some(name) => {
            let names: Vec<&str> = themes.iter().map(|theme| theme.name.as_str()).collect();
            bail!(
                "there is no theme `{}`; there are auto, {}",
                sanitize::line(name),
                names.join(", ")
            )
        }
        None => {
            let kept = store.setting("theme").filter(|name| known(name));
            Ok((kept.unwrap_or_else(|| detect::suggested_theme().to_owned()), false))
        }
    }
}

/// Says what is left to say, on the terminal that was given back.
fn farewell(ending: &Ending, program: &str) -> u8 {
    match ending {
        Ending::Left(left) if !left.lines.is_empty() => say_unsaved(left, program),
        _ => ending.code(),
    }
}

/// Says what could not be saved, where it is now and how `program` takes it in; gives the exit code.
pub(super) fn say_unsaved(left: &Leftover, program: &str) -> u8 {
    let mut err = io::stderr().lock();
    let count = left.lines.len();
    if left.expected {
        let _ = writeln!(err, "coldstart: {}", sanitize::line(&left.cause));
        return 0;
    }
    let _ = writeln!(
        err,
        "coldstart: {count} of your records could not be saved: {}",
        sanitize::line(&left.cause)
    );
    if let Some(path) = export(left) {
        let (shown, typed) = (printable(&path), quoted(&path.to_string_lossy()));
        let _ = writeln!(err, "They are in {shown}; once there is room, take them in with");
        let _ = writeln!(err, "    {program} progress import {}", sanitize::line(&typed));
    } else {
        let _ = writeln!(err, "Keep these lines for `{program} progress import`:");
        for line in &left.lines {
            let _ = writeln!(err, "{line}");
        }
    }
    NOT_SAVED
}

/// Writes what could not be saved where it can be written.
fn export(left: &Leftover) -> Option<PathBuf> {
    let name = format!("coldstart-unsaved-{}.jsonl", store::now().compact());
    let text = left.lines.join("\n") + "\n";
    let folders = [std::env::current_dir().ok(), Some(std::env::temp_dir())];
    folders.into_iter().flatten().find_map(|folder| {
        let path = folder.join(&name);
        let written = fs::write(&path, &text);
        if written.is_err() {
            // What was cut off half-way must not be taken for the whole.
            let _ = fs::remove_file(&path);
        }
        written.ok().map(|()| path)
    })
}
