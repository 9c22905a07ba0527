//! A question, its verdict, the end of a quiz.

use crate::app::frame::{self, Area};
use crate::app::{Answering, Dot, LineMark, QuizHeading, World};
use crate::quiz::VerdictKind;
use crate::typeset::Role;

use super::canvas::Canvas;
use super::chrome::MARGIN;

pub(super) fn draw(canvas: &mut Canvas<'_>, answering: &Answering, world: &World<'_>) {
    let area = frame::page(world.size).text;
    let sheet = answering.sheet();
    let lines = sheet.lines.iter().skip(answering.top());
    for (line, y) in lines.zip(area.y..area.y + area.height) {
        canvas.row(area.x, y, &line.row);
        match &line.mark {
            LineMark::None => {}
            LineMark::Selected | LineMark::Continued => {
                let whole = Area { y, height: 1, ..area };
                canvas.tint(whole, canvas.theme().selected);
                if line.mark == LineMark::Selected {
                    canvas.text(area.x, y, canvas.signs.pointer, canvas.theme().selected);
                }
            }
            LineMark::Field(cells) => {
                let width = cells.end.saturating_sub(cells.start);
                let x = area.x + cells.start;
                canvas.tint(Area { x, y, width, height: 1 }, canvas.field());
            }
        }
    }
    more(canvas, area, answering);
}

/// Signs that there is more above and below.
fn more(canvas: &mut Canvas<'_>, area: Area, answering: &Answering) {
    let [above, below] = canvas.signs.more;
    let x = area.x.saturating_sub(2);
    let style = canvas.style(Role::Accent);
    if answering.top() > 0 {
        canvas.text(x, area.y, above, style);
    }
    if answering.top() + usize::from(area.height) < answering.sheet().lines.len() {
        canvas.text(x, area.y + area.height.saturating_sub(1), below, style);
    }
}

/// Where the text cursor stands.
pub(super) fn cursor(answering: &Answering, world: &World<'_>) -> Option<(u16, u16)> {
    let area = frame::page(world.size).text;
    let (line, column) = answering.sheet().cursor?;
    let row = u16::try_from(line.checked_sub(answering.top())?).ok()?;
    (row < area.height && column < area.width).then_some((area.x + column, area.y + row))
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
