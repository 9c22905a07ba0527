//! Notes and bookmarks: the list, and a note being written.

use ratatui::style::{Modifier, Style};

use crate::app::frame::{self, Area};
use crate::app::text_field::TextField;
use crate::app::{NoteEntry, Notes, World};
use crate::typeset::{Role, clusters};

use super::canvas::Canvas;

pub(super) fn list(canvas: &mut Canvas<'_>, notes: &Notes) {
    let area = notes.area();
    canvas.boxed(area, "Notes and bookmarks", "");
    let surface = canvas.theme().surface;
    let style = |canvas: &Canvas<'_>, role| surface.patch(canvas.style(role));
    let (kept, chosen) = notes.view();
    if kept.is_empty() {
        let text = "None yet. In a lesson, n writes a note and m sets a bookmark.";
        canvas.fitted(area, text, style(canvas, Role::Muted));
        return;
    }
    let bottom = area.y + area.height;
    for ((index, entry), y) in kept.iter().enumerate().zip((area.y..bottom).step_by(3)) {
        let [bookmark, note] = canvas.signs.marks;
        let sign = if entry.note.is_some() { note } else { bookmark };
        let line = Area { y, height: 1, ..area };
        canvas.text(area.x, y, sign, style(canvas, Role::Accent));
        let words = Area { x: area.x + 2, width: area.width - 2, ..line };
        canvas.fitted(words, &entry.text, style(canvas, Role::Body));
        if y + 1 < bottom {
            let below = Area { y: y + 1, ..words };
            canvas.fitted(below, &entry.lesson, style(canvas, Role::Muted));
        }
        if index == chosen {
            canvas.tint(line, canvas.theme().selected);
        }
    }
}

pub(super) fn entry(canvas: &mut Canvas<'_>, note: &NoteEntry, world: &World<'_>) {
    let area = frame::boxed(world.size, frame::over_text(world.size), 3);
    let title = if note.is_change() { "Change the note" } else { "A note to this place" };
    canvas.boxed(area, title, "");
    field(canvas, area, note.field());
}

/// Paints a text field into an area, wrapped by characters, with its cursor in view.
pub(super) fn field(canvas: &mut Canvas<'_>, area: Area, field: &TextField) {
    let style = canvas.theme().surface.patch(canvas.style(Role::Body));
    let cursor_style = style.add_modifier(Modifier::REVERSED);
    let cells = lay(field, usize::from(area.width.max(2)));
    let cursor_line = cells.iter().find(|cell| cell.cursor).map_or(0, |cell| cell.line);
    let height = usize::from(area.height.max(1));
    let first = (cursor_line + 1).saturating_sub(height);
    for cell in cells.iter().filter(|cell| (first..first + height).contains(&cell.line)) {
        let x = area.x + u16::try_from(cell.column).unwrap_or(0);
        let y = area.y + u16::try_from(cell.line - first).unwrap_or(0);
        let style: Style = if cell.cursor { cursor_style } else { style };
        canvas.text(x, y, cell.text, style);
    }
}

struct Cell<'t> {
    line: usize,
    column: usize,
    text: &'t str,
    cursor: bool,
}

/// The characters of a field on lines of a width; the cursor has a cell, also behind the last.
fn lay(field: &TextField, width: usize) -> Vec<Cell<'_>> {
    let (mut line, mut column, mut byte) = (0, 0, 0);
    let mut cells = Vec::new();
    for (text, wide) in clusters(field.text()).chain([(" ", 1)]) {
        if column + wide > width {
            (line, column) = (line + 1, 0);
        }
        cells.push(Cell { line, column, text, cursor: byte == field.cursor() });
        column += wide;
        byte += text.len();
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_wraps_and_the_cursor_always_has_a_cell() {
        let field = TextField::with("aaaa世界b");
        let cells = lay(&field, 5);
        let lines: Vec<usize> = cells.iter().map(|cell| cell.line).collect();
        assert_eq!(lines, [0, 0, 0, 0, 1, 1, 1, 2]);
        assert!(cells.iter().filter(|cell| cell.cursor).count() == 1);
        assert_eq!(lay(&TextField::new(), 5).len(), 1);
    }
}
