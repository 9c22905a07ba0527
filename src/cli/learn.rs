//! `coldstart learn`: a lesson, from its top or from where the learner left off.

use std::io::Write;

use anyhow::Context as _;
use clap::Args;

use super::{Global, Opened, Target, line_mode, screen};
use crate::app::Opening;
use crate::plain::{Session, Start, where_left_off};
use crate::progress::Progress;
use crate::store;

/// The options of `learn`.
#[derive(Args, Debug, Default)]
pub(super) struct Options {
    /// A lesson's id, number or path [default: where you left off]
    lesson: Option<String>,
    /// Orders choices and draws numbers; without it they are the same for everybody
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Opens the course on the full screen, or goes through the lesson line by line.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let target = options.lesson.as_deref().map(Target::from);
    let opened = if let Some(target) = &target {
        Opened::lesson(global, target)?
    } else {
        let (course, root) = (global.open_course()?, global.root());
        Opened { course, file: String::new(), root }
    };
    if !global.is_plain() {
        let opening = match opened.as_lesson() {
            Some(lesson) => Opening::Lesson(lesson.id.clone()),
            None => Opening::Contents,
        };
        return screen::show(global, opened, &opening, options.seed);
    }
    let invocation = opened.invocation(global, target.as_ref());
    let file = target.map(|_| opened.file);
    let course = opened.course;
    let mut store = global.open_store(&course)?;
    let records = store.load(store::now()).unwrap_or_default();
    let progress = Progress::fold(records);
    let (lesson, start) = match &file {
        Some(file) => {
            let lesson = course.lesson_at(file).context("this is no lesson")?;
            (lesson, Start::Top)
        }
        None => where_left_off(&course, &progress).context("this course has no lessons")?,
    };
    let settings = line_mode::settings(global, options.seed);
    let session = Session::lesson(&course, progress, lesson, start, settings);
    let mut session = session.called(invocation);
    line_mode::run(&course, &mut session, &mut store, &mut std::io::stdin().lock(), out)
}
