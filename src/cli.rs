//! The command line. Its names, options and exit codes are a contract: scripts rely on them.

mod check;
mod completions;
mod config;
mod doctor;
mod invocation;
mod learn;
mod line_mode;
mod list;
mod progress;
mod quiz;
mod screen;
pub mod show;
mod sim;
mod target;

pub(crate) use target::{Opened, Target};

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;

use crate::content::{Directory, Embedded, Source as _};
use crate::course::{Course, Date};
use crate::progress::Progress;
use crate::store::{self, Store};

/// Whose progress it is where nobody is named.
const DEFAULT_PROFILE: &str = "default";
/// `check` found errors, or a quiz was not passed.
const NOT_GOOD: u8 = 1;
/// Bad usage or unusable input.
const UNUSABLE: u8 = 2;

/// A course on serverless computing that you read, predict and get asked about.
#[derive(Debug, Parser)]
#[command(name = "coldstart", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What holds for all commands.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The folder of another course than the one in this program
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) course: Option<PathBuf>,
    /// Where progress is kept [default: the platform's data folder, or `COLDSTART_DATA_DIR`]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Whose progress, where several people share a machine
    #[arg(long, global = true, value_name = "NAME", default_value = DEFAULT_PROFILE)]
    pub(crate) profile: String,
    /// dark, light, high-contrast, or auto: ask the terminal
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) theme: Option<String>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    /// No box drawing, no symbols beyond ASCII
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// Line by line instead of full screen
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    /// Nothing on the screen moves by itself
    #[arg(long, global = true)]
    pub(crate) no_motion: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    // Documented here, so that the help stays short: on a terminal, unless `NO_COLOR` is set.
    Auto,
    // In pipes and files too.
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the course at a lesson, or where you left off; the same without a command
    Learn(learn::Options),
    /// Take one quiz
    Quiz(quiz::Options),
    /// Parts and lessons, and where you stand
    List(list::Options),
    /// Print a lesson, laid out
    Show(show::Options),
    /// Run a scenario without a screen and print its metrics
    Sim(sim::Options),
    /// Find what is wrong in a course, a lesson or a quiz
    Check(check::Options),
    /// Where you stand; records out, in and reset
    Progress(progress::Options),
    /// What to paste into a bug report: the terminal, paths, the store's health
    Doctor(doctor::Options),
    /// Print what makes a shell complete these commands
    Completions(completions::Options),
}

/// Runs the command line `arguments`, the program's name first; prints what is wrong, once.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // It says again what was typed.
                let text = error.render().to_string();
                let _ = write!(io::stderr(), "{}", crate::sanitize::text(&text));
            } else {
                let _ = error.print();
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNUSABLE));
        }
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = run(&cli, &mut out);
    // What was said before something went wrong comes before the error.
    let result = match (result, out.flush()) {
        (Ok(_), Err(error)) => Err(error.into()),
        (result, _) => result,
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let line = format!("{error:#}");
            let _ = writeln!(io::stderr(), "coldstart: {}", crate::sanitize::line(&line));
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run(cli: &Cli, out: &mut dyn Write) -> anyhow::Result<u8> {
    let learn = Command::Learn(learn::Options::default());
    match cli.command.as_ref().unwrap_or(&learn) {
        Command::Learn(options) => learn::run(&cli.global, options, out),
        Command::Quiz(options) => quiz::run(&cli.global, options, out),
        Command::List(options) => list::run(&cli.global, options, out),
        Command::Show(options) => show::run(&cli.global, options, out),
        Command::Sim(options) => sim::run(&cli.global, options, out),
        Command::Check(options) => check::run(&cli.global, options, out),
        Command::Progress(options) => progress::run(&cli.global, options, out),
        Command::Doctor(options) => doctor::run(&cli.global, options, out),
        Command::Completions(options) => completions::run(options, out),
    }
}

/// Prints `value` as JSON, with escapes for whatever a terminal could obey (in a file's name, say).
pub(crate) fn print_json(value: &impl Serialize, out: &mut dyn Write) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    let mut from = 0;
    for (at, c) in crate::sanitize::findings(&json) {
        write!(out, "{}", json.get(from..at).unwrap_or_default())?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        from = at + c.len_utf8();
    }
    writeln!(out, "{}", json.get(from..).unwrap_or_default())?;
    Ok(())
}

/// Whether nobody reads the output any more: a good end, as in `show | head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

impl Global {
    /// The course of `--course`, else the one in this program.
    pub(crate) fn open_course(&self) -> anyhow::Result<Course> {
        Ok(match self.root() {
            Some(folder) => Directory::new(&folder).open()?,
            None => Embedded.open()?,
        })
    }

    /// The learner's store for `course`.
    pub(crate) fn open_store(&self, course: &Course) -> anyhow::Result<Store> {
        let folder = store::data_dir(self.data_dir.as_deref());
        Store::open(folder.as_deref(), &self.profile, &course.id, store::now())
            .context("the learner's progress")
    }

    /// Where the learner stands in `course`.
    pub(crate) fn progress(&self, course: &Course) -> anyhow::Result<Progress> {
        let records = self.open_store(course)?.load(store::now());
        Ok(Progress::fold(records.unwrap_or_default()))
    }

    /// Whether to write colours to standard output.
    pub(crate) fn is_coloured(&self) -> bool {
        let wanted = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => io::stdout().is_terminal() && !is_dumb() && wanted(),
        }
    }

    /// Whether learning goes line by line: asked for, or nothing else is possible.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain || !io::stdin().is_terminal() || !io::stdout().is_terminal() || is_dumb()
    }
}

/// Whether the terminal knows nothing but lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// Today, by this machine's clock, in UTC.
fn today() -> Date {
    store::now().date()
}
