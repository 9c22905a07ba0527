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
        test: course.final_test_of(part).map(test),
    };
    Contents {
        id: &course.id,
        title: &course.title,
        parts: course.parts.iter().map(part).collect(),
    }
}

/// A line of the list: a lesson, or the final test of a part, which has no number.
struct Line<'a> {
    state: LessonState,
    number: &'a str,
    title: &'a str,
    id: &'a str,
    /// How long it is, and how it went.
    said: String,
}

fn as_text(course: &Course, progress: &Progress, ascii: bool) -> String {
    let parts: Vec<Vec<Line<'_>>> =
        course.parts.iter().map(|part| lines(course, part, progress)).collect();
    let widest = |column: fn(&Line<'_>) -> usize| parts.iter().flatten().map(column).max();
    let numbers = widest(|line| typeset::width(line.number)).unwrap_or(0);
    let titles = widest(|line| typeset::width(line.title)).unwrap_or(0);
    let ids = widest(|line| typeset::width(line.id)).unwrap_or(0);
    let mut text = format!("{}\n", course.title);
    for (part, lines) in course.parts.iter().zip(&parts) {
        text.push('\n');
        if !part.title.is_empty() {
            text.push_str(&part.title);
            text.push('\n');
        }
        for line in lines {
            let (sign, number) = (sign(line.state, ascii), padded(line.number, numbers));
            let (title, id) = (padded(line.title, titles), padded(line.id, ids));
            let line = format!("  {sign} {number}  {title}  {id}  {}", line.said);
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// The lessons of a part, and its final test under them.
fn lines<'a>(course: &'a Course, part: &'a Part, progress: &Progress) -> Vec<Line<'a>> {
    let went = |what: &str, score: Option<f64>| {
        score.map_or_else(String::new, |score| format!(", {what} {} %", percent(score)))
    };
    let of_lesson = |lesson: &'a Lesson| {
        let state = state(course, lesson, progress);
        let went = went("quiz", score(course, lesson, progress));
        Line {
            state,
            number: &lesson.number,
            title: &lesson.title,
            id: &lesson.id,
            said: format!("{:>3} min  {}{went}", course.minutes(lesson), state.name()),
        }
    };
    let of_test = |quiz: &'a Quiz| {
        let asked = course.asked(quiz);
        let questions = if asked == 1 { "question" } else { "questions" };
        let went = went("best", progress.best_score(&quiz.id));
        Line {
            state: progress.quiz_state(&quiz.id),
            number: "",
            title: &quiz.title,
            id: &quiz.id,
            said: format!("{asked:>3} {questions}{went}"),
        }
    };
    let test = course.final_test_of(part).map(of_test);
    part.lessons.iter().map(of_lesson).chain(test).collect()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(typeset::width(text))))
}

fn state(course: &Course, lesson: &Lesson, progress: &Progress) -> LessonState {
    progress.state(&Demands::of(course, lesson))
}

/// The best score of the lesson's own quiz, 0 to 1.
fn score(course: &Course, lesson: &Lesson, progress: &Progress) -> Option<f64> {
    progress.best_score(&course.quiz_of(lesson)?.id)
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
