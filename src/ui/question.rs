//! A question, its verdict, the end of a quiz.

use crate::app::frame::{self, Area};
use crate::app::{Answering, Dot, QuizHeading, World};
use crate::quiz::VerdictKind;
use crate::typeset::Role;

use super::canvas::Canvas;
use super::chrome::MARGIN;
use super::sheet;

pub(super) fn draw(canvas: &mut Canvas<'_>, answering: &Answering, world: &World<'_>) {
    sheet::draw(canvas, frame::page(world.size).text, (answering.sheet(), answering.top()));
}

/// Where the text cursor stands.
pub(super) fn cursor(answering: &Answering, world: &World<'_>) -> Option<(u16, u16)> {
    sheet::cursor(frame::page(world.size).text, (answering.sheet(), answering.top()))
}

/// ` 1.4  Cold starts · 3 of 7                          ● ● ○ ○ ○ ○ ○`
pub(super) fn title(canvas: &mut Canvas<'_>, area: Area, heading: &QuizHeading, saving: bool) {
    let end = area.width.saturating_sub(MARGIN);
    let mut right = dots(canvas, (end, area.y), &heading.dots);
    if saving {
        right = canvas.ending_at(right, area.y, "saving", Role::Chrome).saturating_sub(2);
    }
    if !heading.place.is_empty() {
        right = canvas.ending_at(right, area.y, &heading.place, Role::Chrome).saturating_sub(2);
    }
    let mut x = MARGIN;
    if !heading.number.is_empty() {
        let number = format!("{}  ", heading.number);
        x = canvas.text(x, area.y, &number, canvas.style(Role::Chrome));
    }
    let width = right.saturating_sub(x);
    canvas.fitted(Area { x, width, ..area }, &heading.title, canvas.style(Role::Strong));
}

/// The dots, ending before a column; gives the column where something else may end.
fn dots(canvas: &mut Canvas<'_>, (end, y): (u16, u16), dots: &[Dot]) -> u16 {
    let cells = u16::try_from(dots.len() * 2).unwrap_or(u16::MAX);
    if dots.len() < 2 || cells > end / 2 {
        return end;
    }
    let [open, partly, full, _] = canvas.signs.states;
    let mut x = end.saturating_sub(cells.saturating_sub(1));
    let before = x.saturating_sub(3);
    for dot in dots {
        let (sign, role) = match dot {
            Dot::Done(VerdictKind::Right) => (full, Role::Correct),
            Dot::Done(VerdictKind::Partly) => (partly, Role::Partly),
            Dot::Done(VerdictKind::Wrong) => (canvas.signs.wrong, Role::Wrong),
            Dot::Skipped => (canvas.signs.skipped, Role::Muted),
            Dot::Now => (canvas.signs.now, Role::Accent),
            Dot::Open => (open, Role::Muted),
        };
        canvas.text(x, y, sign, canvas.style(role));
        x += 2;
    }
    before
}
