//! The box over a screen.

use crate::app::{Overlay, PopUp, World};
use crate::keymap::{Action, Context};

use super::canvas::Canvas;
use super::{help, lesson, notes};

pub(super) fn draw(canvas: &mut Canvas<'_>, overlay: &Overlay, world: &World<'_>) {
    match overlay {
        Overlay::Help(open) => help::draw(canvas, open),
        Overlay::Themes(open) => help::themes(canvas, open, world),
        Overlay::Outline(_) => lesson::choose(canvas, overlay, world),
        Overlay::PopUp(open) => pop_up(canvas, open, world),
        Overlay::Notes(open) => notes::list(canvas, open),
        Overlay::Note(open) => notes::entry(canvas, open, world),
    }
}

/// A fact or a term.
fn pop_up(canvas: &mut Canvas<'_>, pop_up: &PopUp, world: &World<'_>) {
    let (area, rows) = pop_up.view();
    let title = format!("{}{}{}", pop_up.kind, canvas.signs.dot, pop_up.title);
    let key = world.keymap.chord(Context::PopUp, Action::Open);
    let key = key.map(|key| key.label(world.settings.ascii)).unwrap_or_default();
    let keys = pop_up.opens().map_or_else(String::new, |word| format!("{key} {word}"));
    canvas.boxed(area, &title, &keys);
    let surface = canvas.theme().surface;
    for (row, y) in rows.iter().zip(area.y..area.y + area.height) {
        let mut x = area.x;
        for piece in &row.pieces {
            let style = surface.patch(canvas.style(piece.role));
            x = canvas.text(x, y, &piece.text, style);
        }
    }
}
