//! The final test of a part: its row in the list, and what is said about it.
//!
//! ```text
//! ▸ ◐ Final test: Introduction    15 questions    Final test: Introduction
//!                                                 15 questions · 80 % passes
//!
//!                                                 It asks about
//!                                                 ●  1.1  Somebody else's servers
//! ```

use super::super::canvas::Canvas;
use super::{MINUTES, percent, plain, state_sign};
use crate::app::World;
use crate::app::frame::Area;
use crate::course::{Lesson, Part};
use crate::progress::{Mastery, QuizProgress};
use crate::quiz::Quiz;
use crate::quiz::numeric::counted;
use crate::typeset::{Piece, Role, Row, wrap_inlines};

pub(super) fn row(canvas: &mut Canvas<'_>, line: Area, world: &World<'_>, quiz: &Quiz) {
    let (sign, role) = state_sign(canvas, world.progress.quiz_state(&quiz.id));
    let x = line.x + 4;
    canvas.text(x + 2, line.y, sign, canvas.style(role));
    let end = line.x + line.width - 2;
    let questions = counted(world.course.asked(quiz), "question");
    let room = end.saturating_sub(x + 4);
    let title = Area { x: x + 4, width: room.saturating_sub(MINUTES), ..line };
    let after = canvas.fitted(title, &quiz.title, canvas.style(Role::Emphasis));
    let best = world.progress.best_score(&quiz.id);
    let inside = best.map_or(questions, percent);
    if usize::from(end.saturating_sub(after)) > inside.len() + 1 {
        canvas.ending_at(end, line.y, &inside, Role::Muted);
    }
}

/// What is said about a test, as rows of a width.
pub(super) fn detail(
    canvas: &Canvas<'_>,
    (part, quiz): (&Part, &Quiz),
    world: &World<'_>,
    width: usize,
) -> Vec<Row> {
    let mut rows = wrap_inlines(&plain(&quiz.title), width, Role::Heading(1));
    let questions = counted(world.course.asked(quiz), "question");
    let part = if part.label.is_empty() { String::new() } else { format!("Part {}", part.label) };
    let facts = [part, questions, format!("{} passes", percent(quiz.pass))];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    rows.extend(wrap_inlines(&plain(&facts.join(canvas.signs.dot)), width, Role::Muted));
    let covered: Vec<&Lesson> = world.course.covered(quiz).collect();
    if !covered.is_empty() {
        rows.push(Row::default());
        rows.extend(wrap_inlines(&plain("It asks about"), width, Role::Muted));
    }
    rows.extend(covered.iter().flat_map(|lesson| asked_about(canvas, lesson, world, width)));
    rows.push(Row::default());
    for sentence in standing(quiz, &covered, world) {
        rows.extend(wrap_inlines(&plain(&sentence), width, Role::Body));
    }
    rows
}

/// A lesson that it asks about, with the sign of its state.
fn asked_about(canvas: &Canvas<'_>, lesson: &Lesson, world: &World<'_>, width: usize) -> Vec<Row> {
    let (sign, role) = state_sign(canvas, world.glance.state(&lesson.id));
    let number = format!("{}  ", lesson.number);
    let indent = 3 + number.len();
    let mut rows = wrap_inlines(&plain(&lesson.title), width.saturating_sub(indent), Role::Body);
    for (index, row) in rows.iter_mut().enumerate() {
        let lead = match index {
            0 => vec![
                Piece::new(sign, role),
                Piece::blank(2),
                Piece::new(number.clone(), Role::Muted),
            ],
            _ => vec![Piece::blank(indent)],
        };
        row.pieces.splice(0..0, lead);
    }
    rows
}

/// What each attempt draws from, if it does not ask everything.
fn draw(quiz: &Quiz, lessons: usize, world: &World<'_>) -> Option<String> {
    let pool = world.course.pool_size(quiz);
    let of = Some(pool).filter(|&pool| pool > world.course.asked(quiz))?;
    let of = counted(of, "question");
    let evenly = if lessons > 1 { ", evenly over the lessons" } else { "" };
    Some(format!("Each attempt draws from {of}{evenly}."))
}

/// Where the learner stands with a test, in sentences.
fn standing(quiz: &Quiz, covered: &[&Lesson], world: &World<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let taken = world.progress.quiz(&quiz.id);
    if let Some(open) = taken.and_then(QuizProgress::unfinished) {
        said.push(format!("Your test goes on after {} of {}.", open.scores.len(), open.of));
    }
    match taken.and_then(|taken| Some((taken.best()?, taken.passed()))) {
        Some((best, true)) => {
            said.push(format!("You passed: your best score is {}.", percent(best)));
        }
        Some((best, false)) => said.push(format!("Your best score is {}.", percent(best))),
        None => said.extend(draw(quiz, covered.len(), world)),
    }
    let objectives = covered.iter().flat_map(|lesson| lesson.objectives());
    let known: Vec<bool> = objectives
        .map(|objective| world.progress.objective(&objective.id).mastery() >= Mastery::Right)
        .collect();
    let right = known.iter().filter(|known| **known).count();
    if right > 0 {
        let of = counted(known.len(), "objective");
        said.push(format!("So far you have shown {right} of its {of}."));
    }
    said
}
