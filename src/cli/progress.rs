//! `coldstart progress`: where I stand, and the records out, in and reset.

mod notes;
mod report;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::{Global, UNUSABLE, print_json, show, target};
use crate::content::printable;
use crate::course::{Course, Lesson, Objective};
use crate::progress::notebook::Scope;
use crate::progress::{Demands, LessonGlance, Place, Progress, RecordKind, Snapshot, Time};
use crate::quiz::numeric::counted;
use crate::sanitize;
use crate::store::{self, Standing, Store};

/// The options of `progress`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print what you learned as a document to keep: key points, your notes, your predictions
    #[arg(long, conflicts_with = "json")]
    notes: bool,
    /// With --notes: the key points of every lesson, learned or not
    #[arg(long, requires = "notes")]
    all: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

/// What to do with the records.
#[derive(Debug, Subcommand)]
enum Action {
    /// Write all records of this course to a new file, one JSON object a line
    Export {
        /// The file, which must not exist yet; `-` is standard output
        file: PathBuf,
    },
    /// Merge the records of an exported file into the store
    Import {
        /// The file; `-` is standard input
        file: PathBuf,
    },
    /// Start again, in one lesson or in the whole course; keeps a backup
    Reset {
        /// The lesson's id or number; without it the whole course
        lesson: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Prints where the learner stands, or does what is asked with the records.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let course = global.open_course()?;
    let mut store = global.open_store(&course)?;
    let now = store::now();
    let code = match &options.action {
        None => {
            let progress = load(&mut store, now)?;
            if options.json {
                print_json(&as_json(&course, &progress), out)?;
            } else if options.notes {
                let scope = if options.all { Scope::All } else { Scope::Learned };
                notes::print(global, &course, &progress, scope, out)?;
            } else {
                print(global, &course, &progress, out)?;
            }
            0
        }
        Some(Action::Export { file }) => {
            if let Some(told) = export(&mut store, file, out, now)? {
                writeln!(out, "{told}")?;
            }
            0
        }
        Some(Action::Import { file }) => {
            let outcome = import(&mut store, file, &mut io::stdin().lock(), now)?;
            renew_snapshot(&mut store, &course, now)?;
            writeln!(out, "{}", outcome.summary)?;
            outcome.bad.iter().for_each(|line| say(line));
            if outcome.bad.is_empty() { 0 } else { UNUSABLE }
        }
        Some(Action::Reset { lesson, yes }) => {
            let lesson = lesson
                .as_ref()
                .map(|name| target::find_lesson(global, &course, name))
                .transpose()?;
            if !yes && !confirmed(&load(&mut store, now)?, lesson, out)? {
                writeln!(out, "Nothing was reset.")?;
            } else {
                writeln!(out, "{}", reset(&mut store, &course, lesson, now)?)?;
            }
            0
        }
    };
    store.take_notices().iter().for_each(|notice| say(&notice.to_string()));
    if let Standing::NotSaved(reason) = store.standing() {
        say(&reason.to_string());
    }
    Ok(code)
}

/// One line to standard error.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "coldstart: {}", sanitize::line(line));
}

fn print(
    global: &Global,
    course: &Course,
    progress: &Progress,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let on_screen = io::IsTerminal::is_terminal(&io::stdout()) && !super::is_dumb();
    let theme = show::theme(global, on_screen)?;
    let columns = show::columns(None, on_screen);
    let form = report::Form { width: usize::from(columns.0), ascii: global.ascii };
    let printing = show::laid_out(global, theme.as_ref(), columns);
    let rows = report::report(course, progress, form, &global.own_program());
    Ok(show::rows(out, &rows, &printing)?)
}

/// Asks, and reads one line from standard input. That there is nobody to answer is bad usage.
fn confirmed(
    progress: &Progress,
    lesson: Option<&Lesson>,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    write!(out, "{}", question(progress, lesson))?;
    out.flush()?;
    let mut answer = String::new();
    if io::stdin().lock().take(1024).read_line(&mut answer)? == 0 {
        writeln!(out)?;
        bail!("nobody answered, nothing was reset; --yes resets without asking");
    }
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "yes" | "y"))
}

/// The progress that the store's records add up to.
fn load(store: &mut Store, now: Time) -> anyhow::Result<Progress> {
    Ok(Progress::fold(store.load(now)?))
}

/// The stable JSON shape. `read` says whether the last line was reached, `score` is the best
/// attempt's at the lesson's quiz (0 to 1, `null` without one), `mastered` the number of mastered
/// objectives; `objectives` maps each objective's name in its lesson to how it stands. `tests` are
/// the parts' final tests with the best attempt's score.
fn as_json(course: &Course, progress: &Progress) -> Value {
    let lessons: Vec<Value> = course
        .lessons()
        .map(|lesson| {
            let demands = Demands::of(course, lesson);
            let glance = LessonGlance::of(progress, &demands);
            let objectives = objectives(lesson, progress);
            let mastered = lesson.objectives().iter();
            let mastered = mastered.filter(|o| progress.objective(&o.id).is_mastered()).count();
            json!({
                "id": lesson.id,
                "state": glance.state.name(),
                "read": glance.read,
                "score": glance.score,
                "mastered": mastered,
                "objectives": objectives,
            })
        })
        .collect();
    let tests: Vec<Value> = course
        .parts
        .iter()
        .filter_map(|part| course.final_test_of(part))
        .map(|quiz| {
            json!({
                "id": quiz.id,
                "state": progress.quiz_state(&quiz.id).name(),
                "score": progress.best_score(&quiz.id),
            })
        })
        .collect();
    json!({
        "course": course.id,
        "lessons": lessons,
        "tests": tests,
        "records": progress.len(),
    })
}

fn objectives(lesson: &Lesson, progress: &Progress) -> Map<String, Value> {
    let entry = |objective: &Objective| {
        let known = progress.objective(&objective.id);
        let value = json!({
            "state": known.mastery().name(),
            "asked": known.asked,
            "right": known.right,
        });
        (objective.name().to_owned(), value)
    };
    lesson.objectives().iter().map(entry).collect()
}

/// Writes all records to `file`, which must not exist, or to `out` for `-`. Returns what to tell.
fn export(
    store: &mut Store,
    file: &Path,
    out: &mut dyn Write,
    now: Time,
) -> anyhow::Result<Option<String>> {
    if file == Path::new("-") {
        store.export(out, now)?;
        return Ok(None);
    }
    let name = printable(file);
    let mut target = match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{name}: is there already and is left as it is; give another name")
        }
        Err(error) => return Err(error).with_context(|| name),
    };
    let written = store
        .export(&mut target, now)
        .map_err(anyhow::Error::from)
        .and_then(|count| Ok((count, target.sync_all()?)));
    match written {
        Ok((count, ())) => Ok(Some(format!("{} written to {name}", counted(count, "record")))),
        Err(error) => {
            // Half an export helps nobody; it was made a moment ago, so nothing else is lost.
            let _ = fs::remove_file(file);
            Err(error.context(name))
        }
    }
}

/// What an import has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// What came in.
    summary: String,
    /// One line for each line of the file that is no record, with file and number.
    bad: Vec<String>,
}

/// Merges the records of `file`, or of `input` for `-`.
fn import(
    store: &mut Store,
    file: &Path,
    input: &mut dyn BufRead,
    now: Time,
) -> anyhow::Result<Outcome> {
    let (name, imported) = if file == Path::new("-") {
        ("standard input".to_owned(), store.import(input, now)?)
    } else {
        let name = printable(file);
        let opened = File::open(file).and_then(|opened| {
            let is_file = opened.metadata()?.is_file();
            is_file.then_some(opened).ok_or_else(|| io::Error::other("it is not a file"))
        });
        let opened = opened.with_context(|| name.clone())?;
        let imported = store.import(&mut BufReader::new(opened), now);
        (name.clone(), imported.with_context(|| name)?)
    };
    let elsewhere = match imported.elsewhere {
        0 => String::new(),
        count => format!("; {count} of them of other courses"),
    };
    let added = counted(imported.new, "record");
    let summary = format!("{added} added, {} known before{elsewhere}", imported.known);
    let line =
        |(number, reason): (usize, String)| format!("{name}:{number}: {}", sanitize::line(&reason));
    Ok(Outcome { summary, bad: imported.bad.into_iter().map(line).collect() })
}

/// What a reset would take away, as a question that ends before the answer.
fn question(progress: &Progress, lesson: Option<&Lesson>) -> String {
    let of = |kind: &RecordKind| lesson.is_none_or(|lesson| kind.lesson() == Some(&lesson.id));
    let answers = progress
        .counting()
        .iter()
        .filter(|record| matches!(record.kind, RecordKind::Answered(_)) && of(&record.kind))
        .count();
    let here = |place: &Place| lesson.is_none_or(|lesson| place.lesson == lesson.id);
    let notes = progress.notes().iter().filter(|note| here(&note.place)).count();
    let bookmarks = progress.bookmarks().filter(|(place, _)| here(place)).count();
    let what = match lesson {
        Some(lesson) => format!("{} {}", lesson.number, sanitize::line(&lesson.title)),
        None => "the whole course".to_owned(),
    };
    format!(
        "Start again in {what}? {}, {} and {} no longer count. A backup is kept.\nType yes to go on: ",
        counted(answers, "answer"),
        counted(notes, "note"),
        counted(bookmarks, "bookmark"),
    )
}

/// Resets; returns what to tell.
fn reset(
    store: &mut Store,
    course: &Course,
    lesson: Option<&Lesson>,
    now: Time,
) -> anyhow::Result<String> {
    let (_, backup) = store.reset(lesson.map(|lesson| lesson.id.as_str()), now)?;
    renew_snapshot(store, course, now)?;
    let what = match lesson {
        Some(lesson) => format!("{} is new again", lesson.id),
        None => "The course is new again".to_owned(),
    };
    Ok(match backup {
        Some(backup) => {
            let backup = printable(&backup);
            let store = store.path().map_or_else(String::new, |store| printable(&store));
            format!(
                "{what}. What was before is kept in {backup}\n\
                 To go back, copy it over {store} while coldstart is closed."
            )
        }
        None => format!("{what}, as long as this program runs."),
    })
}

/// Brings what the next first frame shows up to the records. A store that is not saved has none.
fn renew_snapshot(store: &mut Store, course: &Course, now: Time) -> anyhow::Result<()> {
    if store.saves() {
        let progress = load(store, now)?;
        store.save_snapshot(&Snapshot::of(&progress, &Demands::of_all(course)))?;
    }
    Ok(())
}
