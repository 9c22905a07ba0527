//! `coldstart list`: parts and lessons, and where the learner stands.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::{Global, print_json};
use crate::course::{Course, Lesson, Part, links};
use crate::progress::{Demands, LessonState, Progress};
use crate::quiz::summary::percent;
use crate::typeset;

/// The options of `list`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the list.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let course = global.open_course()?;
    let progress = global.progress(&course)?;
    if options.json {
        print_json(&contents(&course, &progress), out)?;
    } else {
        out.write_all(as_text(&course, &progress, global.ascii).as_bytes())?;
    }
    Ok(0)
}

/// The list as JSON. The names are a contract.
#[derive(Serialize)]
struct Contents<'a> {
    id: &'a str,
    title: &'a str,
    parts: Vec<ListedPart<'a>>,
}

#[derive(Serialize)]
struct ListedPart<'a> {
    title: &'a str,
    lessons: Vec<ListedLesson<'a>>,
}

#[derive(Serialize)]
struct ListedLesson<'a> {
    id: &'a str,
    number: &'a str,
    title: &'a str,
    minutes: u32,
    state: &'a str,
    score: Option<f64>,
    quiz: Option<&'a str>,
    scenarios: Vec<&'a str>,
}

fn contents<'a>(course: &'a Course, progress: &Progress) -> Contents<'a> {
    let lesson = |lesson: &'a Lesson| ListedLesson {
        id: &lesson.id,
        number: &lesson.number,
        title: &lesson.title,
        minutes: course.minutes(lesson),
        state: state(course, lesson, progress).name(),
        score: score(course, lesson, progress),
        quiz: course.quiz_of(lesson).map(|quiz| quiz.id.as_str()),
        scenarios: course.scenarios_in(lesson).into_iter().map(links::stem).collect(),
    };
    let part = |part: &'a Part| ListedPart {
        title: &part.title,
        lessons: part.lessons.iter().map(lesson).collect(),
    };
    Contents {
        id: &course.id,
        title: &course.title,
        parts: course.parts.iter().map(part).collect(),
    }
}

fn as_text(course: &Course, progress: &Progress, ascii: bool) -> String {
    let widest = |text: fn(&Lesson) -> &str| {
        course.lessons().map(|lesson| typeset::width(text(lesson))).max().unwrap_or(0)
    };
    let (numbers, titles) = (widest(|lesson| &lesson.number), widest(|lesson| &lesson.title));
    let ids = widest(|lesson| &lesson.id);
    let mut text = format!("{}\n", course.title);
    for part in &course.parts {
        text.push('\n');
        if !part.title.is_empty() {
            text.push_str(&part.title);
            text.push('\n');
        }
        for lesson in &part.lessons {
            let state = state(course, lesson, progress);
            let line = format!(
                "  {} {}  {}  {}  {:>3} min  {}{}",
                sign(state, ascii),
                padded(&lesson.number, numbers),
                padded(&lesson.title, titles),
                padded(&lesson.id, ids),
                course.minutes(lesson),
                state.name(),
                score(course, lesson, progress)
                    .map_or_else(String::new, |score| format!(", quiz {} %", percent(score))),
            );
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(typeset::width(text))))
}

fn state(course: &Course, lesson: &Lesson, progress: &Progress) -> LessonState {
    progress.state(&Demands::of(course, lesson))
}

/// The best score of the lesson's own quiz, 0 to 1.
fn score(course: &Course, lesson: &Lesson, progress: &Progress) -> Option<f64> {
    progress.quiz(&course.quiz_of(lesson)?.id)?.best()
}

const fn sign(state: LessonState, ascii: bool) -> &'static str {
    match (state, ascii) {
        (LessonState::New, false) => "○",
        (LessonState::Begun, false) => "◐",
        (LessonState::Done, false) => "●",
        (LessonState::Mastered, false) => "✦",
        (LessonState::New, true) => "[ ]",
        (LessonState::Begun, true) => "[/]",
        (LessonState::Done, true) => "[x]",
        (LessonState::Mastered, true) => "[*]",
    }
}
