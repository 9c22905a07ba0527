//! The search: a field, and what was found.

use ratatui::style::Modifier;

use crate::app::frame::{self, Area};
use crate::app::{Found, SEARCH_ABOVE, SEARCH_LINES, Searching, World};
use crate::typeset::{Role, clusters, width};

use super::canvas::Canvas;

/// What stands before the field.
const LABEL: &str = "Search  ";

pub(super) fn draw(canvas: &mut Canvas<'_>, searching: &Searching, world: &World<'_>) {
    let area = frame::page(world.size).text;
    field(canvas, searching, area);
    let results =
        Area { y: area.y + SEARCH_ABOVE, height: area.height.saturating_sub(SEARCH_ABOVE), ..area };
    let (found, chosen) = searching.view();
    for (index, one) in found.iter().enumerate() {
        let Some(y) = u16::try_from(index).ok().map(|index| results.y + index * SEARCH_LINES)
        else {
            break;
        };
        result(canvas, Area { y, height: SEARCH_LINES, ..results }, one, index == chosen);
    }
    if found.is_empty() {
        let text = if searching.field().text().trim().is_empty() {
            "Lessons, glossary, facts and your notes. Beginnings of words are enough."
        } else {
            "Nothing found."
        };
        canvas.fitted(Area { height: 1, ..results }, text, canvas.style(Role::Muted));
    }
}

fn field(canvas: &mut Canvas<'_>, searching: &Searching, area: Area) {
    canvas.text(area.x, area.y, LABEL, canvas.style(Role::Strong));
    let place = place(area);
    canvas.tint(place, canvas.field());
    let (text, _) = shown(searching, place);
    let style = canvas.style(Role::Body).patch(canvas.field());
    canvas.text(place.x + 1, place.y, &text, style);
}

/// The cells of the field.
fn place(area: Area) -> Area {
    let label = u16::try_from(width(LABEL)).unwrap_or(0);
    Area { x: area.x + label, width: area.width.saturating_sub(label), height: 1, ..area }
}

/// The end of what was typed up to the cursor, as far as it fits, and what follows; and the cell
/// of the cursor.
fn shown(searching: &Searching, place: Area) -> (String, u16) {
    let (before, after) = searching.field().parts();
    let room = usize::from(place.width.saturating_sub(3));
    let mut skip = width(before).saturating_sub(room);
    let mut text = String::new();
    for (cluster, wide) in clusters(before) {
        if skip == 0 {
            text.push_str(cluster);
        } else {
            skip = skip.saturating_sub(wide);
        }
    }
    let at = width(&text);
    for (cluster, wide) in clusters(after) {
        if width(&text) + wide > room {
            break;
        }
        text.push_str(cluster);
    }
    (text, u16::try_from(at).unwrap_or(u16::MAX))
}

fn result(canvas: &mut Canvas<'_>, area: Area, found: &Found, chosen: bool) {
    if chosen {
        canvas.tint(area, canvas.theme().selected);
    }
    let patch = |canvas: &Canvas<'_>, role| {
        let style = canvas.style(role);
        match (chosen, role) {
            (false, _) => style,
            // A match stays one, also where both are marked the same.
            (true, Role::Match) => style.add_modifier(Modifier::UNDERLINED),
            (true, _) => style.patch(canvas.theme().selected),
        }
    };
    let place = Area { x: area.x + 2, width: area.width.saturating_sub(2), height: 1, ..area };
    let words = found.place.replacen(" · ", canvas.signs.dot, 1);
    canvas.fitted(place, &words, patch(canvas, Role::Muted));
    if chosen {
        let pointer = canvas.signs.pointer;
        canvas.text(area.x, area.y, pointer, canvas.theme().selected);
    }
    let (mut x, y, mut from) = (area.x + 4, area.y + 1, 0);
    for mark in &found.marks {
        x = canvas.text(
            x,
            y,
            found.line.get(from..mark.start).unwrap_or(""),
            patch(canvas, Role::Body),
        );
        x = canvas.text(
            x,
            y,
            found.line.get(mark.clone()).unwrap_or(""),
            patch(canvas, Role::Match),
        );
        from = mark.end;
    }
    canvas.text(x, y, found.line.get(from..).unwrap_or(""), patch(canvas, Role::Body));
}

/// Where the text cursor stands.
pub(super) fn cursor(searching: &Searching, world: &World<'_>) -> (u16, u16) {
    let place = place(frame::page(world.size).text);
    let (_, at) = shown(searching, place);
    (place.x + 1 + at, place.y)
}
