//! What a learner who knows everything types in line mode.

use coldstart::course::scenario::Scenario;
use coldstart::course::{self, Course};
use coldstart::quiz::line::response_lines;
use coldstart::quiz::sitting::Sitting;
use coldstart::quiz::{QuestionKind, Quiz, Response};

/// What to type for a right answer to every question of a sitting.
pub(crate) fn right_lines(mut sitting: Sitting) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(asked) = sitting.current() {
        let solution = asked.question.solution();
        let shown = response_lines(&asked.question, &asked.shown, &solution);
        let head = |line: &String, end: char| line.split(end).next().unwrap_or("").to_owned();
        lines.push(match (&asked.question.kind, &solution) {
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

/// What to type for a right answer to everything a lesson asks.
pub(crate) fn right_lines_of(course: &Course, lesson: &course::Lesson) -> Vec<String> {
    let take = |quiz: &Quiz| right_lines(Sitting::new(&course.playable(quiz), None, 1));
    let asked = lesson.embeds().iter().flat_map(|embed| match course.embedded(lesson, embed) {
        course::Embedded::Quiz(quiz) => take(quiz),
        course::Embedded::Question(question) => {
            right_lines(Sitting::inline(&lesson.id, question, None, 1))
        }
        course::Embedded::Scenario { .. } => {
            course.scenario_of(lesson, embed).map_or_else(Vec::new, through)
        }
        _ => Vec::new(),
    });
    asked.collect()
}

/// What to type to go through a simulation: the truth where theory knows it, and on.
fn through(scenario: &Scenario) -> Vec<String> {
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
