//! A buffer to paint text on, by roles, inside its bounds.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::frame::Area;
use crate::sanitize;
use crate::theme::Theme;
use crate::typeset::{Role, Row, fit, width};

/// The signs around the text, in the alphabet of the screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    /// Corners from top left, clockwise; horizontal; vertical.
    pub(super) frame: [&'static str; 6],
    /// New, begun, done, mastered.
    pub(super) states: [&'static str; 4],
    /// The done and the open part of a bar.
    pub(super) bar: [&'static str; 2],
    /// What is chosen.
    pub(super) pointer: &'static str,
    /// A bookmark and a note.
    pub(super) marks: [&'static str; 2],
    /// More above and below.
    pub(super) more: [&'static str; 2],
    /// A wrong answer.
    pub(super) wrong: &'static str,
    /// A question passed over.
    pub(super) skipped: &'static str,
    /// The question that stands.
    pub(super) now: &'static str,
    /// Between two measures.
    pub(super) times: &'static str,
    /// Between words of one line.
    pub(super) dot: &'static str,
}

const SIGNS: Signs = Signs {
    frame: ["╭", "╮", "╯", "╰", "─", "│"],
    states: ["○", "◐", "●", "✦"],
    bar: ["━", "─"],
    pointer: "▸",
    marks: ["⚑", "✎"],
    more: ["↑", "↓"],
    wrong: "✗",
    skipped: "–",
    now: "◉",
    times: "×",
    dot: " · ",
};

const ASCII: Signs = Signs {
    frame: ["+", "+", "+", "+", "-", "|"],
    states: ["o", "@", "*", "#"],
    bar: ["=", "-"],
    pointer: ">",
    marks: ["*", "+"],
    more: ["^", "v"],
    wrong: "x",
    skipped: "-",
    now: "?",
    times: "x",
    dot: " - ",
};

/// Where everything is painted.
pub(super) struct Canvas<'a> {
    theme: &'a Theme,
    area: Rect,
    buffer: &'a mut Buffer,
    ascii: bool,
    /// The signs to use.
    pub(super) signs: Signs,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(theme: &'a Theme, ascii: bool, area: Rect, buffer: &'a mut Buffer) -> Self {
        let area = area.intersection(buffer.area);
        let signs = if ascii { ASCII } else { SIGNS };
        Self { theme, area, buffer, ascii, signs }
    }

    pub(super) const fn theme(&self) -> &'a Theme {
        self.theme
    }

    pub(super) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The ground of a text field: without colours a line under it.
    pub(super) fn field(&self) -> Style {
        let surface = self.theme.surface;
        if surface.bg.is_some() { surface } else { surface.add_modifier(Modifier::UNDERLINED) }
    }

    /// Empties everything.
    pub(super) fn clear(&mut self) {
        let Rect { width, height, .. } = self.area;
        self.fill(Area { x: 0, y: 0, width, height }, self.theme.background);
    }

    /// Makes an area blank in a style.
    pub(super) fn fill(&mut self, area: Area, style: Style) {
        let rect = self.on_buffer(area);
        for y in rect.top()..rect.bottom() {
            for x in rect.left()..rect.right() {
                self.buffer[(x, y)].reset();
            }
        }
        self.buffer.set_style(rect, self.theme.background.patch(style));
    }

    /// Lays a style over an area.
    pub(super) fn tint(&mut self, area: Area, style: Style) {
        let rect = self.on_buffer(area);
        self.buffer.set_style(rect, style);
    }

    /// The part of an area that there is.
    fn on_buffer(&self, area: Area) -> Rect {
        let rect = Rect {
            x: self.area.x.saturating_add(area.x),
            y: self.area.y.saturating_add(area.y),
            width: area.width,
            height: area.height,
        };
        rect.intersection(self.area)
    }

    /// Paints text as far as it fits on the screen; gives the column after it.
    pub(super) fn text(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        self.clipped(Area { x, y, width: u16::MAX, height: 1 }, text, style)
    }

    /// Paints text into the first line of an area, cut where it is too long; gives the column
    /// after it.
    pub(super) fn fitted(&mut self, area: Area, text: &str, style: Style) -> u16 {
        let fitting = fit(text, usize::from(area.width));
        let fitting = if self.ascii { fitting.replace('…', "~") } else { fitting };
        self.clipped(area, &fitting, style)
    }

    /// Paints text as far as it fits. All text of the screen comes through here.
    fn clipped(&mut self, area: Area, text: &str, style: Style) -> u16 {
        let (right, bottom) = (self.area.width, self.area.height);
        let Area { x, y, width, .. } = area;
        if x >= right || y >= bottom {
            return x;
        }
        let room = usize::from(width.min(right - x));
        let (at, line) = (self.area.x + x, self.area.y + y);
        let clean = sanitize::line(text);
        let (end, _) = self.buffer.set_stringn(at, line, clean, room, style);
        end - self.area.x
    }

    /// Paints text that ends before the column `end`; gives the column it begins at.
    pub(super) fn ending_at(&mut self, end: u16, y: u16, text: &str, role: Role) -> u16 {
        let cells = u16::try_from(width(text)).unwrap_or(u16::MAX);
        let x = end.saturating_sub(cells);
        self.text(x, y, text, self.style(role));
        x
    }

    /// Paints a row of pieces from a place on.
    pub(super) fn row(&mut self, x: u16, y: u16, row: &Row) {
        let mut at = x;
        for piece in &row.pieces {
            at = self.text(at, y, &piece.text, self.style(piece.role));
        }
    }

    /// Paints rows from the top of an area down, as far as they fit; gives the line after them.
    pub(super) fn rows(&mut self, area: Area, rows: &[Row]) -> u16 {
        let mut y = area.y;
        for row in rows.iter().take(usize::from(area.height)) {
            self.row(area.x, y, row);
            y += 1;
        }
        y
    }

    /// A bar of `cells`, the share `done` (0 to 1) of it full.
    pub(super) fn bar(&mut self, x: u16, y: u16, cells: u16, done: f64) {
        let [full, open] = self.signs.bar;
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and the cells")]
        #[expect(clippy::cast_sign_loss, reason = "between 0 and the cells")]
        let filled = (f64::from(cells) * done.clamp(0.0, 1.0)).round() as usize;
        let rest = usize::from(cells).saturating_sub(filled);
        let after = self.text(x, y, &full.repeat(filled), self.style(Role::Accent));
        self.text(after, y, &open.repeat(rest), self.style(Role::Line));
    }

    /// Paints a box around an area, with a title and the keys that matter in its frame, and makes
    /// the inside blank.
    pub(super) fn boxed(&mut self, inner: Area, title: &str, keys: &str) {
        let outer = Area {
            x: inner.x.saturating_sub(3),
            y: inner.y.saturating_sub(2),
            width: inner.width + 6,
            height: inner.height + 4,
        };
        let surface = self.theme.surface;
        let around = Area { x: outer.x.saturating_sub(2), width: outer.width + 4, ..outer };
        self.fill(around, Style::new());
        self.fill(outer, surface);
        let line = surface.patch(self.style(Role::Panel));
        let [top_left, top_right, bottom_right, bottom_left, across, down] = self.signs.frame;
        let inside = usize::from(outer.width).saturating_sub(2);
        let (right, bottom) = (outer.x + outer.width - 1, outer.y + outer.height - 1);
        let border = across.repeat(inside);
        self.text(outer.x, outer.y, &format!("{top_left}{border}{top_right}"), line);
        self.text(outer.x, bottom, &format!("{bottom_left}{border}{bottom_right}"), line);
        for y in outer.y + 1..bottom {
            self.text(outer.x, y, down, line);
            self.text(right, y, down, line);
        }
        let room = u16::try_from(inside).unwrap_or(0).saturating_sub(4);
        if !title.is_empty() {
            let title = fit(title, usize::from(room));
            let strong = surface.patch(self.style(Role::PanelTitle));
            self.text(outer.x + 2, outer.y, &format!(" {title} "), strong);
        }
        let cells = u16::try_from(width(keys)).unwrap_or(u16::MAX);
        if !keys.is_empty() && cells <= room {
            let accent = surface.patch(self.style(Role::Accent));
            self.text(right.saturating_sub(cells + 3), bottom, &format!(" {keys} "), accent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Depth;

    #[test]
    fn no_text_reaches_the_screen_as_it_likes() {
        let theme = Theme::named("dark", Depth::None).unwrap();
        let area = Rect::new(0, 0, 20, 1);
        let mut buffer = Buffer::empty(area);
        let mut canvas = Canvas::new(&theme, false, area, &mut buffer);
        canvas.text(0, 0, "a\u{202e}b\u{1b}[2J", Style::new());
        let shown: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(shown.trim_end(), "a<U+202E>b␛[2J");
    }
}
