//! Help made from the keymap, and the choice of a theme.

use crate::app::frame::{self, Area};
use crate::app::{Help, HelpLine, KEYS_WIDTH, Themes, World};
use crate::typeset::Role;

use super::canvas::Canvas;

pub(super) fn draw(canvas: &mut Canvas<'_>, help: &Help) {
    let area = help.area();
    canvas.boxed(area, help.title, "");
    let surface = canvas.theme().surface;
    let style = |canvas: &Canvas<'_>, role| surface.patch(canvas.style(role));
    for (line, y) in help.view().iter().zip(area.y..area.y + area.height) {
        match line {
            HelpLine::Blank => {}
            HelpLine::Section(name) => {
                canvas.text(area.x, y, name, style(canvas, Role::Heading(2)));
            }
            HelpLine::Keys(keys, text) => {
                let left = Area { x: area.x, y, width: KEYS_WIDTH - 2, height: 1 };
                canvas.fitted(left, keys, style(canvas, Role::Strong));
                let x = area.x + KEYS_WIDTH;
                let width = area.width.saturating_sub(KEYS_WIDTH);
                canvas.fitted(Area { x, y, width, height: 1 }, text, style(canvas, Role::Body));
            }
        }
    }
    let more = Area { x: area.x - 3, ..area };
    super::contents::scrolled(canvas, more, help.more());
}

pub(super) fn themes(canvas: &mut Canvas<'_>, themes: &Themes, world: &World<'_>) {
    let (names, chosen) = themes.view();
    let area = frame::boxed(world.size, 30, names.len());
    canvas.boxed(area, "Theme", "");
    let surface = canvas.theme().surface;
    for ((index, name), y) in names.iter().enumerate().zip(area.y..area.y + area.height) {
        let line = Area { y, height: 1, ..area };
        let words = Area { x: area.x + 2, width: area.width - 2, ..line };
        canvas.fitted(words, name, surface.patch(canvas.style(Role::Body)));
        if index == chosen {
            canvas.tint(line, canvas.theme().selected);
            canvas.text(area.x, y, canvas.signs.pointer, canvas.theme().selected);
        }
    }
}
