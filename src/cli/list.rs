//! `coldstart list`: parts and lessons, and where the learner stands.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::{Global, print_json};
use crate::course::{Course, Lesson, Part, links};
use crate::progress::{Demands, LessonState, Progress};
use crate::quiz::Quiz;
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
    test: Option<ListedTest<'a>>,
}

/// The final test of a part.
#[derive(Serialize)]
struct ListedTest<'a> {
    id: &'a str,
    title: &'a str,
    questions: usize,
    state: &'a str,
    score: Option<f64>,
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
    let test = |quiz: &'a Quiz| ListedTest {
        id: &quiz.id,
        title: &quiz.title,
        questions: course.asked(quiz),
        state: progress.quiz_state(&quiz.id).name(),
        score: progress.best_score(&quiz.id),
    };
    let part = |part: &'a Part| ListedPart {
        title: &part.title,
        lessons: part.lessons.iter().map(lesson).collect(),
        test: course.test_of(part).map(test),
    };
    Contents {
        id: &course.id,
        title: &course.title,
        parts: course.parts.iter().map(part).collect(),
    }
}

/// How wide the columns are.
struct Columns {
    numbers: usize,
    titles: usize,
    ids: usize,
}

fn as_text(course: &Course, progress: &Progress, ascii: bool) -> String {
    let tests = || course.parts.iter().filter_map(|part| course.test_of(part));
    let widest = |lesson: fn(&Lesson) -> &str, test: fn(&Quiz) -> &str| {
        let said = course.lessons().map(lesson).chain(tests().map(test));
        said.map(typeset::width).max().unwrap_or(0)
    };
    let columns = Columns {
        numbers: widest(|lesson| &lesson.number, |_| ""),
        titles: widest(|lesson| &lesson.title, |quiz| &quiz.title),
        ids: widest(|lesson| &lesson.id, |quiz| &quiz.id),
    };
    let mut text = format!("{}\n", course.title);
    for part in &course.parts {
        text.push('\n');
        if !part.title.is_empty() {
            text.push_str(&part.title);
            text.push('\n');
        }
        let lessons = part.lessons.iter();
        let lessons = lessons.map(|lesson| line(course, lesson, progress, (&columns, ascii)));
        let last = course.test_of(part);
        let last = last.map(|quiz| test_line(course, quiz, progress, (&columns, ascii)));
        for line in lessons.chain(last) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn line(
    course: &Course,
    lesson: &Lesson,
    progress: &Progress,
    (columns, ascii): (&Columns, bool),
) -> String {
    let state = state(course, lesson, progress);
    let score = score(course, lesson, progress);
    let score = score.map_or_else(String::new, |score| format!(", quiz {} %", percent(score)));
    format!(
        "  {} {}  {}  {}  {:>3} min  {}{score}",
        sign(state, ascii),
        padded(&lesson.number, columns.numbers),
        padded(&lesson.title, columns.titles),
        padded(&lesson.id, columns.ids),
        course.minutes(lesson),
        state.name(),
    )
}

/// The final test of a part, under its lessons.
fn test_line(
    course: &Course,
    quiz: &Quiz,
    progress: &Progress,
    (columns, ascii): (&Columns, bool),
) -> String {
    let best = progress.best_score(&quiz.id);
    let best = best.map_or_else(String::new, |best| format!(", best {} %", percent(best)));
    format!(
        "  {} {}  {}  {}  {:>3} {}{best}",
        sign(progress.quiz_state(&quiz.id), ascii),
        padded("", columns.numbers),
        padded(&quiz.title, columns.titles),
        padded(&quiz.id, columns.ids),
        course.asked(quiz),
        if course.asked(quiz) == 1 { "question" } else { "questions" },
    )
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
