//! What a learner types in line mode who knows everything, or answers as a test wants.

use coldstart::course::scenario::Scenario;
use coldstart::course::{self, Course};
use coldstart::quiz::line::response_lines;
use coldstart::quiz::sitting::Sitting;
use coldstart::quiz::{Question, QuestionKind, Response};

/// What to type for a right answer to every question of a sitting.
pub(crate) fn right_lines(sitting: Sitting) -> Vec<String> {
    lines(sitting, &Question::solution)
}

/// What to type for a right answer to everything a lesson asks.
pub(crate) fn right_lines_of(course: &Course, lesson: &course::Lesson) -> Vec<String> {
    let embeds = lesson.embeds().iter();
    embeds
        .flat_map(|embed| match sitting_of(course, lesson, embed) {
            Some(sitting) => right_lines(sitting),
            None => course.scenario_of(lesson, embed).map_or_else(Vec::new, through),
        })
        .collect()
}

/// The sitting of a quiz or a question in the flow of a lesson.
pub(crate) fn sitting_of(
    course: &Course,
    lesson: &course::Lesson,
    embed: &course::PlacedEmbed,
) -> Option<Sitting> {
    match course.embedded(lesson, embed) {
        course::Embedded::Quiz(quiz) => Some(Sitting::new(&course.playable(quiz), None, 1)),
        course::Embedded::Question(question) => {
            Some(Sitting::inline(&lesson.id, question, None, 1))
        }
        _ => None,
    }
}

/// What to type for these responses to the questions of a sitting.
pub(crate) fn lines(mut sitting: Sitting, respond: &dyn Fn(&Question) -> Response) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(asked) = sitting.current() {
        let response = respond(&asked.question);
        let shown = response_lines(&asked.question, &asked.shown, &response);
        let head = |line: &String, end: char| line.split(end).next().unwrap_or("").to_owned();
        lines.push(match (&asked.question.kind, &response) {
            (QuestionKind::Numeric(_), Response::Number(number)) => number.to_string(),
            (QuestionKind::Short(_), Response::Text(text)) => text.clone(),
            (QuestionKind::Cloze(_), Response::Blanks(texts)) => texts.join("; "),
            (QuestionKind::Order(_), _) => {
                shown.iter().map(|line| head(line, '.')).collect::<Vec<_>>().join(" ")
            }
            _ => shown.iter().map(|line| head(line, ')')).collect::<Vec<_>>().join(" "),
        });
        sitting.skip();
        sitting.advance();
    }
    lines
}

/// What to type to go through a simulation: the truth where theory knows it, and on.
pub(crate) fn through(scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(predict) = &scenario.predict {
        let theory = scenario.theory().get(&predict.metric).copied();
        lines.push(theory.map_or_else(|| ":s".to_owned(), |it| predict.in_unit(it).to_string()));
    }
    if !scenario.controls.is_empty() {
        lines.push(String::new());
    }
    lines
}
