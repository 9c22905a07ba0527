//! Where the learner stands.
//!
//! ```text
//!     To revisit
//!        ◐ estimate p50 and p99 from a share of cold starts
//!
//!   ▸ 1  Introduction                     ━━━━━━━━━─────── 4 of 7
//!        ● 1.1  Somebody else's servers                      83 %
//! ```

use crate::app::frame::Area;
use crate::app::{Standing, StandingLine};
use crate::quiz::numeric::counted;
use crate::typeset::Role;

use super::canvas::Canvas;
use super::contents::{percent, state_sign};

/// Where headings and the numbers of parts begin: behind the pointer.
const HEADING: u16 = 2;
/// Where the titles of parts begin, and below them the signs of lessons.
const TITLE: u16 = 5;

pub(super) fn draw(canvas: &mut Canvas<'_>, standing: &Standing) {
    let (area, lines, chosen) = standing.view();
    for ((index, line), y) in lines.iter().enumerate().zip(area.y..area.y + area.height) {
        let at = Area { y, height: 1, ..area };
        match line {
            StandingLine::Blank => {}
            StandingLine::Heading(text) => {
                canvas.fitted(indented(at), text, canvas.style(Role::Heading(2)));
            }
            StandingLine::Predictions { right, of } => {
                let runs = format!("{} predicted", counted(*of, "run"));
                canvas.fitted(indented(at), &runs, canvas.style(Role::Heading(3)));
                let said = format!("{right} rightly");
                canvas.ending_at(at.x + at.width - 1, y, &said, Role::Muted);
            }
            StandingLine::Part { label, title, learned, of, .. } => {
                part(canvas, at, (label, title), (*learned, *of));
            }
            StandingLine::Lesson { title, state, score, .. }
            | StandingLine::Test { title, state, score, .. } => {
                let (sign, role) = state_sign(canvas, *state);
                canvas.text(at.x + TITLE, y, sign, canvas.style(role));
                let score = score.map(percent).unwrap_or_default();
                canvas.ending_at(at.x + at.width - 1, y, &score, Role::Muted);
                words(canvas, at, title);
            }
            StandingLine::Objective { text, .. } => {
                let [_, begun, ..] = canvas.signs.states;
                canvas.text(at.x + TITLE, y, begun, canvas.style(Role::Partly));
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
    let line = Area { x: at.x + TITLE + 2, width: at.width.saturating_sub(TITLE + 9), ..at };
    canvas.fitted(line, text, canvas.style(Role::Body));
}

const fn indented(at: Area) -> Area {
    Area { x: at.x + HEADING, width: at.width.saturating_sub(HEADING), ..at }
}

fn part(
    canvas: &mut Canvas<'_>,
    at: Area,
    (label, title): (&str, &str),
    (learned, of): (usize, usize),
) {
    const BAR: u16 = 16;
    let end = at.x + at.width - 1;
    let count = format!("{learned} of {of}");
    canvas.ending_at(end, at.y, &count, Role::Muted);
    let bar = end.saturating_sub(BAR + 10);
    #[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
    canvas.bar(bar, at.y, BAR, learned as f64 / of.max(1) as f64);
    canvas.text(at.x + HEADING, at.y, label, canvas.style(Role::Muted));
    let x = at.x + if label.is_empty() { HEADING } else { TITLE };
    let width = bar.saturating_sub(x + 2);
    canvas.fitted(Area { x, width, ..at }, title, canvas.style(Role::Heading(3)));
}
