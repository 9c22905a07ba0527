//! Where the learner stands.

use crate::app::frame::Area;
use crate::app::{Standing, StandingLine};
use crate::typeset::Role;

use super::canvas::Canvas;
use super::contents::{percent, state_sign};

pub(super) fn draw(canvas: &mut Canvas<'_>, standing: &Standing) {
    let (area, lines, chosen) = standing.view();
    for ((index, line), y) in lines.iter().enumerate().zip(area.y..area.y + area.height) {
        let at = Area { y, height: 1, ..area };
        match line {
            StandingLine::Blank => {}
            StandingLine::Heading(text) => {
                canvas.fitted(at, text, canvas.style(Role::Heading(2)));
            }
            StandingLine::Predictions { right, of } => {
                let runs = if *of == 1 { "1 run predicted" } else { "runs predicted" };
                let runs = if *of == 1 { runs.to_owned() } else { format!("{of} {runs}") };
                canvas.fitted(at, &runs, canvas.style(Role::Heading(3)));
                let said = format!("{right} rightly");
                canvas.ending_at(at.x + at.width - 1, y, &said, Role::Muted);
            }
            StandingLine::Part { title, learned, of } => part(canvas, at, title, (*learned, *of)),
            StandingLine::Lesson { title, state, score, .. }
            | StandingLine::Test { title, state, score, .. } => {
                let (sign, role) = state_sign(canvas, *state);
                canvas.text(at.x + 2, y, sign, canvas.style(role));
                let score = score.map(percent).unwrap_or_default();
                canvas.ending_at(at.x + at.width - 1, y, &score, Role::Muted);
                words(canvas, at, title);
            }
            StandingLine::Objective { text, .. } => {
                let [_, begun, ..] = canvas.signs.states;
                canvas.text(at.x + 2, y, begun, canvas.style(Role::Partly));
                words(canvas, at, text);
            }
        }
        if chosen == Some(index) {
            canvas.tint(at, canvas.theme().selected);
            canvas.text(at.x, y, canvas.signs.pointer, canvas.theme().selected);
        }
    }
}

fn words(canvas: &mut Canvas<'_>, at: Area, text: &str) {
    let line = Area { x: at.x + 4, width: at.width.saturating_sub(11), ..at };
    canvas.fitted(line, text, canvas.style(Role::Body));
}

fn part(canvas: &mut Canvas<'_>, at: Area, title: &str, (learned, of): (usize, usize)) {
    const BAR: u16 = 16;
    let end = at.x + at.width - 1;
    let count = format!("{learned} of {of}");
    canvas.ending_at(end, at.y, &count, Role::Muted);
    let bar = end.saturating_sub(BAR + 10);
    #[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
    canvas.bar(bar, at.y, BAR, learned as f64 / of.max(1) as f64);
    let width = bar.saturating_sub(at.x + 2);
    canvas.fitted(Area { width, ..at }, title, canvas.style(Role::Heading(3)));
}
