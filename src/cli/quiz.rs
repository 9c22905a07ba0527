//! `coldstart quiz`: one quiz, on its own.

use std::io::Write;

use anyhow::{anyhow, bail};
use clap::Args;

use super::{Global, NOT_GOOD, Opened, Target, line_mode, screen};
use crate::app::Opening;
use crate::course::Course;
use crate::course::quiz_file::read_quiz;
use crate::diagnostic::{Position, Severity};
use crate::plain::Session;
use crate::progress::Progress;
use crate::quiz::Quiz;
use crate::{sanitize, store};

/// The options of `quiz`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// The quiz's id or path, or its lesson's id or number
    quiz: String,
    /// Orders choices and draws numbers; without it they are the same for everybody
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Takes the quiz on the full screen, or line by line: then the exit code says whether it was
/// passed.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let target = Target::from(options.quiz.as_str());
    let opened = Opened::quiz(global, &target)?;
    if !global.is_plain() {
        let opening = Opening::Quiz(find(&opened.course, &opened.file)?.id.clone());
        return screen::show(global, opened, &opening, options.seed);
    }
    let invocation = opened.invocation(global, Some(&target));
    let Opened { course, file, .. } = opened;
    let quiz = find(&course, &file)?;
    let mut store = global.open_store(&course)?;
    let records = store.load(store::now()).unwrap_or_default();
    let settings = line_mode::settings(global, options.seed);
    let session = Session::quiz(&course, Progress::fold(records), quiz, settings);
    let mut session = session.called(invocation);
    let code =
        line_mode::run(&course, &mut session, &mut store, &mut std::io::stdin().lock(), out)?;
    Ok(if session.passed() == Some(true) { code } else { NOT_GOOD })
}

/// The quiz in `file`, if it has a question that can be asked; the error names the first fault.
fn find<'a>(course: &'a Course, file: &str) -> anyhow::Result<&'a Quiz> {
    let quiz = course.quiz_at(file);
    if let Some(quiz) = quiz.filter(|quiz| course.pool_size(quiz) > 0) {
        return Ok(quiz);
    }
    let source = course.source(file).unwrap_or_default();
    let (_, faults) = read_quiz(file, source);
    let name = sanitize::line(file).into_owned();
    match faults.into_iter().find(|fault| fault.severity == Severity::Error) {
        Some(fault) => {
            let at = Position::of(source, fault.span.start);
            Err(anyhow!("{name}:{at}: {}", fault.message))
        }
        None => bail!("{name}: this quiz has no questions"),
    }
}
