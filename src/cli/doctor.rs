//! `coldstart doctor`: what the terminal can do, where things are, how the store is. Made to be
//! pasted into a bug report: the home directory is written `~`, and nothing that came from outside
//! can move the cursor.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Global, config};
use crate::course::Course;
use crate::sanitize;
use crate::store::{self, Health, NotSaved, Standing, Store, VERSION};
use crate::theme::{Depth, suggested};

/// `doctor` takes none but the global ones.
#[derive(Args, Debug)]
pub(super) struct Options {}

/// Prints the report. It is good even where everything else is not.
pub(super) fn run(global: &Global, _: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let course = global.open_course().map_err(|error| format!("{error:#}"));
    let data_dir = store::data_dir(global.data_dir.as_deref());
    let root = global.root();
    let id = course.as_ref().map_or("unknown", |course| course.id.as_str());
    let mut store = Store::open(data_dir.as_deref(), &global.profile, id, store::now())?;
    let given = [
        (global.course.is_some(), "--course"),
        (global.data_dir.is_some(), "--data-dir"),
        (global.theme.is_some(), "--theme"),
        (global.ascii, "--ascii"),
        (global.plain, "--plain"),
        (global.no_motion, "--no-motion"),
    ];
    let mut patient = Patient {
        course: course.as_ref().map_err(String::as_str),
        root: root.as_deref(),
        store: &mut store,
        profile: &global.profile,
        data_dir: data_dir.as_deref(),
        options: given.into_iter().filter(|(given, _)| *given).map(|(_, name)| name).collect(),
    };
    out.write_all(report(&mut patient).as_bytes())?;
    Ok(0)
}

/// What the doctor looks at.
struct Patient<'a> {
    /// The course; why there is none, in words.
    course: Result<&'a Course, &'a str>,
    /// Where the course came from; `None`: from inside the program.
    root: Option<&'a Path>,
    /// The store of the profile.
    store: &'a mut Store,
    /// The profile.
    profile: &'a str,
    /// The data directory, if one is known.
    data_dir: Option<&'a Path>,
    /// The global options that were given.
    options: Vec<&'static str>,
}

/// The report, lines with their ends.
fn report(patient: &mut Patient<'_>) -> String {
    let mut sheet = Sheet { text: String::new(), home: home() };
    sheet.title(&format!("coldstart {}", env!("CARGO_PKG_VERSION")));
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    sheet.entry("system", format!("{} {}", env::consts::OS, env::consts::ARCH));
    sheet.entry("build", build);
    if !patient.options.is_empty() {
        sheet.entry("options", patient.options.join(" "));
    }
    terminal(&mut sheet);
    own(&mut sheet);
    course(&mut sheet, patient);
    let notices = patient.store.take_notices();
    progress(&mut sheet, patient, &patient.store.health());
    for notice in notices {
        sheet.entry("notice", notice);
    }
    sheet.text
}

/// Titles, and entries in two columns.
struct Sheet {
    text: String,
    home: Option<PathBuf>,
}

impl Sheet {
    fn title(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(title);
        self.text.push('\n');
    }

    fn entry(&mut self, name: &str, value: impl Display) {
        let value = self.discreet(&value.to_string());
        let value = sanitize::line(&value);
        let line = format!("  {name:<14}{value}");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// `text` with the home directory written `~`.
    fn discreet(&self, text: &str) -> String {
        match self.home.as_ref().and_then(|home| home.to_str()) {
            Some(home) if home.len() > 1 => text.replace(home, "~"),
            _ => text.to_owned(),
        }
    }

    fn path(&mut self, name: &str, path: Option<&Path>) {
        match path {
            Some(path) => self.entry(name, path.display()),
            None => self.entry(name, "none"),
        }
    }

    /// A file or folder that need not be there; a fault names its file.
    fn own(&mut self, name: &str, path: Option<&Path>, faults: &[String]) {
        match (faults.first(), path) {
            (Some(fault), _) => self.entry(name, fault),
            (None, Some(path)) if path.exists() => self.path(name, Some(path)),
            (None, Some(path)) => self.entry(name, format!("{}, not there", path.display())),
            (None, None) => self.path(name, None),
        }
    }
}

fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn terminal(sheet: &mut Sheet) {
    sheet.title("Terminal");
    for name in ["TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "TERM_PROGRAM"] {
        let value = variable(name);
        sheet.entry(name, value.as_deref().unwrap_or("not set"));
    }
    for (name, meaning) in
        [("TMUX", "inside tmux"), ("STY", "inside screen"), ("SSH_TTY", "over ssh")]
    {
        if variable(name).is_some() {
            sheet.entry(name, meaning);
        }
    }
    let (term, no_color) = (variable("TERM"), variable("NO_COLOR"));
    let depth =
        Depth::promised(variable("COLORTERM").as_deref(), term.as_deref(), no_color.as_deref());
    sheet.entry("colours", colours(depth));
    sheet.entry("background", suggested(variable("COLORFGBG").as_deref()));
    match crossterm::terminal::size() {
        Ok((columns, rows)) => sheet.entry("size", format!("{columns} columns, {rows} rows")),
        Err(_) => sheet.entry("size", "unknown"),
    }
    let (input, output) = (io::stdin().is_terminal(), io::stdout().is_terminal());
    let kind = |terminal| if terminal { "a terminal" } else { "no terminal" };
    sheet.entry("input", kind(input));
    sheet.entry("output", kind(output));
    sheet.entry("locale", locale());
    let mode = match term.as_deref() {
        None | Some("" | "dumb") => "line mode: TERM promises no cursor",
        Some(_) if !(input && output) => "line mode: not both ends are a terminal",
        Some(_) => "full screen",
    };
    sheet.entry("mode", mode);
}

const fn colours(depth: Depth) -> &'static str {
    match depth {
        Depth::TrueColor => "all (24 bits)",
        Depth::Indexed => "256",
        Depth::Sixteen => "16",
        Depth::None => "none",
    }
}

/// The locale that counts for characters, and whether it promises UTF-8.
fn locale() -> String {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.into_iter().find_map(|name| {
        variable(name).filter(|value| !value.is_empty()).map(|value| (name, value))
    });
    match locale {
        Some((name, value)) => {
            let lower = value.to_ascii_lowercase();
            let utf8 = lower.contains("utf-8") || lower.contains("utf8");
            let hint = if utf8 { "UTF-8" } else { "not UTF-8: try --ascii if marks look wrong" };
            format!("{name}={value} ({hint})")
        }
        None => "not set: try --ascii if marks look wrong".to_owned(),
    }
}

/// Where the learner's own keys and themes are, and the first fault in them.
fn own(sheet: &mut Sheet) {
    sheet.title("Your own");
    let mut faults = Vec::new();
    config::keymap(&mut faults);
    sheet.own("keys", config::keymap_file().as_deref(), &faults);
    faults.clear();
    config::themes(Depth::TrueColor, &mut faults);
    sheet.own("themes", config::themes_folder().as_deref(), &faults);
}

fn course(sheet: &mut Sheet, patient: &Patient<'_>) {
    sheet.title("Course");
    match patient.course {
        Ok(course) => {
            sheet.entry("id", &course.id);
            sheet.entry("title", &course.title);
            sheet.entry("lessons", course.lessons().count());
            let unreadable: Vec<&str> = course
                .lessons()
                .filter(|lesson| lesson.unreadable().is_some())
                .map(|lesson| lesson.id.as_str())
                .collect();
            if !unreadable.is_empty() {
                sheet.entry("unreadable", unreadable.join(", "));
            }
        }
        Err(reason) => sheet.entry("unusable", reason),
    }
    match patient.root {
        Some(root) => sheet.path("from", Some(root)),
        None => sheet.entry("from", "inside the program"),
    }
}

fn progress(sheet: &mut Sheet, patient: &Patient<'_>, health: &Health) {
    sheet.title("Progress");
    sheet.entry("profile", patient.profile);
    sheet.path("data", patient.data_dir);
    sheet.path("store", health.path.as_deref());
    match &health.standing {
        Standing::Saving => sheet.entry("saved", "yes"),
        Standing::NotSaved(reason) => sheet.entry("saved", format!("no: {}", bare(reason))),
    }
    match health.version {
        Some(version) if version == VERSION => sheet.entry("version", version),
        Some(version) => sheet.entry("version", format!("{version}; this program's is {VERSION}")),
        None => {}
    }
    let journal = health.journal.as_deref().unwrap_or("none");
    sheet.entry("SQLite", format!("{}, journal {journal}", health.sqlite));
    match &health.integrity {
        Ok(()) => sheet.entry("integrity", "good"),
        Err(findings) => sheet.entry("integrity", format!("damaged: {}", findings.join("; "))),
    }
    let elsewhere = match health.elsewhere {
        0 => String::new(),
        count => format!(", {count} of others"),
    };
    let records = format!("{} of this course{elsewhere}", health.records);
    sheet
        .entry("records", format!("{records}; {} damaged; {} bytes", health.damaged, health.bytes));
    if health.pending > 0 {
        sheet.entry("not on disk", health.pending);
    }
    let newest = health
        .backups
        .first()
        .map_or(String::new(), |newest| format!(", the newest of {}", newest.made));
    sheet.entry("backups", format!("{}{newest}", health.backups.len()));
    for aside in &health.aside {
        sheet.path("put aside", Some(aside));
    }
}

/// A reason without the words that the entry's name says already.
fn bare(reason: &NotSaved) -> String {
    let reason = reason.to_string();
    reason.strip_prefix("progress is not saved: ").map_or(reason.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::{RecordKind, Time};

    fn report_on(store: &mut Store) -> String {
        let mut patient = Patient {
            course: Err("no such folder"),
            root: Some(Path::new("/srv/course\u{1b}[2J")),
            store,
            profile: "default",
            data_dir: None,
            options: vec!["--ascii"],
        };
        report(&mut patient)
    }

    #[test]
    fn nothing_in_it_moves_the_cursor() {
        let text = report_on(&mut Store::open(None, "default", "c", Time(0)).unwrap());
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(text.contains("/srv/course"), "{text}");
        assert!(text.contains("saved         no: no home directory"), "{text}");
    }

    #[test]
    fn a_store_is_described() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(Some(dir.path()), "default", "c", Time(0)).unwrap();
        store.append(RecordKind::Read { lesson: "a".to_owned() }, Time(0)).unwrap();
        let text = report_on(&mut store);
        for part in [
            "saved         yes",
            "integrity     good",
            "records       1 of this course; 0 damaged",
            "journal truncate",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn the_home_directory_is_not_told() {
        let mut sheet = Sheet { text: String::new(), home: Some(PathBuf::from("/home/ana")) };
        sheet.entry("data", "/home/ana/.local/share/coldstart");
        assert_eq!(sheet.text, "  data          ~/.local/share/coldstart\n");
    }
}
