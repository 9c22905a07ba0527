//! Lines laid out from top to bottom: text, choices, fields.

use crate::app::frame::Area;
use crate::app::{LineMark, Sheet};
use crate::typeset::Role;

use super::canvas::Canvas;

/// Paints a sheet from the line `top` on.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, (sheet, top): (&Sheet, usize)) {
    let lines = sheet.lines.iter().skip(top);
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
    more(canvas, area, (sheet, top));
}

/// Signs that there is more above and below.
fn more(canvas: &mut Canvas<'_>, area: Area, (sheet, top): (&Sheet, usize)) {
    let [above, below] = canvas.signs.more;
    let x = area.x.saturating_sub(2);
    let style = canvas.style(Role::Accent);
    if top > 0 {
        canvas.text(x, area.y, above, style);
    }
    if top + usize::from(area.height) < sheet.lines.len() {
        canvas.text(x, area.y + area.height.saturating_sub(1), below, style);
    }
}

/// Where the text cursor stands.
pub(super) fn cursor(area: Area, (sheet, top): (&Sheet, usize)) -> Option<(u16, u16)> {
    let (line, column) = sheet.cursor?;
    let row = u16::try_from(line.checked_sub(top)?).ok()?;
    (row < area.height && column < area.width).then_some((area.x + column, area.y + row))
}
