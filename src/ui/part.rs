//! The summary of a part: one column of text, the state of each lesson beside its heading, the list
//! of them at its side.

use crate::app::frame::{self, Area};
use crate::app::{Recalling, World};
use crate::progress::LessonState;
use crate::progress::notebook::Subject;
use crate::typeset::Role;

use super::canvas::Canvas;
use super::contents::state_sign;

pub(super) fn draw(canvas: &mut Canvas<'_>, recalling: &Recalling, world: &World<'_>) {
    let area = recalling.area();
    for ((place, row), y) in recalling.view().zip(area.y..area.y + area.height) {
        if let Some(subject) = recalling.subject_at(place) {
            let (sign, role) = state_sign(canvas, state(subject, world));
            canvas.text(area.x.saturating_sub(2), y, sign, canvas.style(role));
        }
        canvas.row(area.x, y, row);
        if recalling.is_chosen(place) {
            canvas.tint(Area { y, height: 1, ..area }, canvas.theme().selected);
        }
    }
    let [above, below] = canvas.signs.more;
    let (x, style) = (area.x + area.width + 1, canvas.style(Role::Accent));
    let (hidden_above, hidden_below) = recalling.more();
    if hidden_above {
        canvas.text(x, area.y, above, style);
    }
    if hidden_below {
        canvas.text(x, area.y + area.height.saturating_sub(1), below, style);
    }
    if let Some(area) = frame::page(world.size).outline {
        subjects(canvas, area, recalling, world);
    }
}

/// What the text is about, beside it; what Enter opens in the accent.
fn subjects(canvas: &mut Canvas<'_>, area: Area, recalling: &Recalling, world: &World<'_>) {
    let (subjects, chosen) = recalling.subjects();
    for ((index, subject), y) in subjects.enumerate().zip(area.y..area.y + area.height) {
        let role = if index == chosen { Role::Accent } else { Role::Muted };
        if index == chosen {
            canvas.text(area.x, y, canvas.signs.pointer, canvas.style(role));
        }
        let (sign, sign_role) = state_sign(canvas, state(subject, world));
        canvas.text(area.x + 2, y, sign, canvas.style(sign_role));
        let title = match subject {
            Subject::Lesson(id) => world.course.lesson(id).map(|lesson| &lesson.title),
            Subject::Test(id) => world.course.quiz(id).map(|quiz| &quiz.title),
        };
        let line = Area { x: area.x + 4, y, width: area.width.saturating_sub(4), height: 1 };
        canvas.fitted(line, title.map_or("", String::as_str), canvas.style(role));
    }
}

fn state(subject: &Subject, world: &World<'_>) -> LessonState {
    match subject {
        Subject::Lesson(id) => world.glance.state(id),
        Subject::Test(id) => world.progress.quiz_state(id),
    }
}
