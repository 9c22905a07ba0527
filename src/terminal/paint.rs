//! Frames to bytes: only what changed is written, in one piece, and nothing that changed nothing.
//!
//! Terminals disagree on how wide some clusters are (emoji sequences, keycaps, flags, ambiguous
//! signs). After each of them the cursor is placed anew, and its cells are blanked before, so that
//! a disagreement never moves or hides a neighbour.

use std::fmt::Write as _;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// A link on the screen: `columns` of `row` open `address`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) row: u16,
    pub(crate) columns: Range<u16>,
    pub(crate) address: String,
}

/// What is to be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) buffer: Buffer,
    /// In the order of rows and columns.
    pub(crate) links: Vec<Link>,
    /// Where the cursor stands, if it is to be seen.
    pub(crate) cursor: Option<Position>,
}

/// What the terminal shows, and how to change it.
#[derive(Debug, Default)]
pub(crate) struct Painter {
    shown: Frame,
    /// The terminal may show anything.
    unknown: bool,
}

impl Painter {
    /// The next frame is painted whole: after a resize, or when others wrote to the terminal.
    pub(crate) fn forget(&mut self) {
        self.unknown = true;
    }

    /// The bytes that make the terminal show `frame`; none when it does already.
    pub(crate) fn paint(&mut self, frame: Frame) -> Vec<u8> {
        let mut out = Out::default();
        if self.unknown || self.shown.buffer.area != frame.buffer.area {
            out.text.push_str("\x1b[0m\x1b[2J");
            let buffer = Buffer::empty(frame.buffer.area);
            self.shown = Frame { buffer, links: Vec::new(), cursor: self.shown.cursor };
            self.unknown = false;
        }
        for row in 0..frame.buffer.area.height {
            out.row(row, &self.shown, &frame);
        }
        out.finish_cells();
        out.cursor(self.shown.cursor, frame.cursor);
        self.shown = frame;
        if out.text.is_empty() {
            return Vec::new();
        }
        // As one update, where the terminal knows how.
        format!("\x1b[?2026h{}\x1b[?2026l", out.text).into_bytes()
    }
}

/// Bytes being written, and the state in which they leave the terminal.
#[derive(Default)]
struct Out {
    text: String,
    /// Where the cursor certainly is.
    at: Option<(u16, u16)>,
    /// Between frames: nothing special.
    look: Look,
    link: bool,
    cells: bool,
}

type Look = (Color, Color, Color, Modifier);

fn look(cell: &Cell) -> Look {
    (cell.fg, cell.bg, cell.underline_color, cell.modifier)
}

impl Out {
    /// Writes what changed in a row.
    fn row(&mut self, row: u16, shown: &Frame, frame: &Frame) {
        let (old, new) = (cells(&shown.buffer, row), cells(&frame.buffer, row));
        let (old_links, links) = (links_of(&shown.links, row), links_of(&frame.links, row));
        if old == new && old_links == links {
            return;
        }
        let whole = old_links != links || old.iter().chain(new).any(is_disputed);
        let blank_from = trailing_blanks(new);
        let mut column = 0;
        while column < new.len() {
            let cell = &new[column];
            let width = cell_width(cell).min(new.len() - column);
            if column >= blank_from {
                if whole || old[column..] != new[column..] {
                    self.erase_rest(row, column);
                }
                break;
            }
            if whole || old[column..column + width] != new[column..column + width] {
                let place = (u16::try_from(column).unwrap_or(u16::MAX), row);
                self.address(links.iter().find(|link| link.columns.contains(&place.0)));
                self.cell(cell, place, width);
            }
            column += width;
        }
        self.address(None);
    }

    fn erase_rest(&mut self, row: u16, column: usize) {
        self.address(None);
        self.go((u16::try_from(column).unwrap_or(u16::MAX), row));
        self.look(Look::default());
        self.text.push_str("\x1b[K");
    }

    fn cell(&mut self, cell: &Cell, place: (u16, u16), width: usize) {
        let symbol = printable(cell.symbol());
        self.look(look(cell));
        self.go(place);
        if is_disputed(cell) {
            self.text.extend(std::iter::repeat_n(' ', width));
            self.at = None;
            self.go(place);
            self.text.push_str(symbol);
            self.at = None;
        } else {
            self.text.push_str(symbol);
            let width = u16::try_from(width).unwrap_or(1);
            self.at = is_certain(symbol).then_some((place.0 + width, place.1));
        }
        self.cells = true;
    }

    fn go(&mut self, (column, row): (u16, u16)) {
        if self.at != Some((column, row)) {
            let _ = write!(self.text, "\x1b[{};{}H", row + 1, column + 1);
            self.at = Some((column, row));
        }
    }

    fn look(&mut self, wanted: Look) {
        if self.look == wanted {
            return;
        }
        self.look = wanted;
        let (fg, bg, underline, modifier) = wanted;
        self.text.push_str("\x1b[0");
        for (flag, code) in MODIFIERS {
            if modifier.contains(*flag) {
                let _ = write!(self.text, ";{code}");
            }
        }
        colour(&mut self.text, fg, 30);
        colour(&mut self.text, bg, 40);
        underline_colour(&mut self.text, underline);
        self.text.push('m');
    }

    /// Opens or closes a hyperlink (OSC 8).
    fn address(&mut self, link: Option<&Link>) {
        if self.link {
            self.text.push_str("\x1b]8;;\x1b\\");
        }
        self.link = false;
        if let Some(link) = link.filter(|link| is_address(&link.address)) {
            let _ = write!(self.text, "\x1b]8;;{}\x1b\\", link.address);
            self.link = true;
        }
    }

    fn finish_cells(&mut self) {
        self.look(Look::default());
    }

    fn cursor(&mut self, old: Option<Position>, new: Option<Position>) {
        match new {
            Some(place) if self.cells || old != new => {
                self.at = None;
                self.go((place.x, place.y));
                if old.is_none() {
                    self.text.push_str("\x1b[?25h");
                }
            }
            None if old.is_some() => self.text.push_str("\x1b[?25l"),
            _ => {}
        }
    }
}

const MODIFIERS: &[(Modifier, u8)] = &[
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::REVERSED, 7),
    (Modifier::CROSSED_OUT, 9),
];

fn colour(out: &mut String, colour: Color, base: u8) {
    let bright = base + 60;
    let _ = match colour {
        Color::Reset => Ok(()),
        Color::Rgb(r, g, b) => write!(out, ";{};2;{r};{g};{b}", base + 8),
        Color::Indexed(index) => write!(out, ";{};5;{index}", base + 8),
        Color::Black => write!(out, ";{base}"),
        Color::Red => write!(out, ";{}", base + 1),
        Color::Green => write!(out, ";{}", base + 2),
        Color::Yellow => write!(out, ";{}", base + 3),
        Color::Blue => write!(out, ";{}", base + 4),
        Color::Magenta => write!(out, ";{}", base + 5),
        Color::Cyan => write!(out, ";{}", base + 6),
        Color::Gray => write!(out, ";{}", base + 7),
        Color::DarkGray => write!(out, ";{bright}"),
        Color::LightRed => write!(out, ";{}", bright + 1),
        Color::LightGreen => write!(out, ";{}", bright + 2),
        Color::LightYellow => write!(out, ";{}", bright + 3),
        Color::LightBlue => write!(out, ";{}", bright + 4),
        Color::LightMagenta => write!(out, ";{}", bright + 5),
        Color::LightCyan => write!(out, ";{}", bright + 6),
        Color::White => write!(out, ";{}", bright + 7),
    };
}

fn underline_colour(out: &mut String, colour: Color) {
    let _ = match colour {
        Color::Rgb(r, g, b) => write!(out, ";58:2::{r}:{g}:{b}"),
        Color::Indexed(index) => write!(out, ";58:5:{index}"),
        _ => Ok(()),
    };
}

fn cells(buffer: &Buffer, row: u16) -> &[Cell] {
    let Rect { width, .. } = buffer.area;
    let start = usize::from(row) * usize::from(width);
    buffer.content.get(start..start + usize::from(width)).unwrap_or_default()
}

fn links_of(links: &[Link], row: u16) -> &[Link] {
    let start = links.partition_point(|link| link.row < row);
    let end = links.partition_point(|link| link.row <= row);
    &links[start..end]
}

/// The column from which a row is blank in the terminal's own colours.
fn trailing_blanks(row: &[Cell]) -> usize {
    let blank = Cell::EMPTY;
    row.iter().rposition(|cell| *cell != blank).map_or(0, |last| {
        // The second half of a wide cluster is an empty cell too.
        last + cell_width(&row[last])
    })
}

fn cell_width(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { symbol.width().max(1) }
}

/// A cluster on whose width terminals may disagree enough to harm a neighbour.
fn is_disputed(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    symbol.len() > 1 && (symbol.chars().nth(1).is_some() || symbol.width() != 1)
}

/// Whether every terminal moves its cursor by the same for this symbol.
fn is_certain(symbol: &str) -> bool {
    symbol.chars().all(|letter| letter.is_ascii() || (letter < '\u{300}' && letter.is_alphabetic()))
}

/// The last gate before the terminal: no control character passes, whoever made it.
fn printable(symbol: &str) -> &str {
    if symbol.is_empty() || symbol.chars().any(char::is_control) { " " } else { symbol }
}

/// Only what a browser may open, and nothing that could end the sequence that carries it.
fn is_address(address: &str) -> bool {
    let known = ["https://", "http://", "mailto:"];
    known.iter().any(|scheme| address.starts_with(scheme))
        && address.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::{Style, Stylize as _};

    fn frame(lines: &[&str]) -> Frame {
        let area = Rect::new(0, 0, 20, 4);
        let mut buffer = Buffer::empty(area);
        for (row, line) in (0u16..).zip(lines) {
            buffer.set_stringn(0, row, line, 20, Style::new());
        }
        Frame { buffer, links: Vec::new(), cursor: None }
    }

    fn shown(bytes: &[Vec<u8>]) -> vt100::Parser {
        let mut parser = vt100::Parser::new(4, 20, 0);
        bytes.iter().for_each(|part| parser.process(part));
        parser
    }

    /// Each cell's text and colours.
    fn picture(parser: &vt100::Parser) -> Vec<(String, vt100::Color, vt100::Color, bool)> {
        let places = (0..4).flat_map(|row| (0..20).map(move |column| (row, column)));
        places
            .filter_map(|(row, column)| parser.screen().cell(row, column))
            .filter(|cell| !cell.is_wide_continuation())
            .map(|cell| {
                let text = cell.contents().trim().to_owned();
                (text, cell.fgcolor(), cell.bgcolor(), cell.bold())
            })
            .collect()
    }

    #[test]
    fn what_changed_is_written_and_nothing_else() {
        let mut painter = Painter::default();
        let first = painter.paint(frame(&["one", "two"]));
        assert_eq!(painter.paint(frame(&["one", "two"])), b"");
        let second = painter.paint(frame(&["one", "twin"]));
        assert_eq!(second, b"\x1b[?2026h\x1b[2;3Hin\x1b[?2026l");
        assert_eq!(shown(&[first, second]).screen().contents(), "one\ntwin");
    }

    #[test]
    fn after_forgetting_all_is_written_again() {
        let mut painter = Painter::default();
        painter.paint(frame(&["one"]));
        painter.forget();
        let again = painter.paint(frame(&["one"]));
        assert_eq!(shown(&[again]).screen().contents(), "one");
    }

    #[test]
    fn a_disputed_cluster_never_moves_its_neighbours() {
        let mut painter = Painter::default();
        let bytes = painter.paint(frame(&["a👩‍👩‍👧b", "1️⃣x"]));
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\x1b[1;4Hb"), "{text:?}");
        let parser = shown(&[text.into_bytes()]);
        assert_eq!(parser.screen().cell(0, 3).unwrap().contents(), "b");
    }

    #[test]
    fn no_control_character_passes() {
        let mut painter = Painter::default();
        let mut frame = frame(&["abc"]);
        #[expect(clippy::disallowed_methods, reason = "the gate that stands behind it is tested")]
        frame.buffer[(1, 0)].set_symbol("\x1b]0;x\x07");
        frame.links =
            vec![Link { row: 0, columns: 0..2, address: "https://x\x1b\\\x1b[31m".into() }];
        let text = String::from_utf8(painter.paint(frame)).unwrap();
        assert!(!text.contains("\x1b]") && !text.contains("31m"), "{text:?}");
    }

    #[test]
    fn links_open_and_close_around_their_cells() {
        let mut painter = Painter::default();
        let mut linked = frame(&["see here now"]);
        linked.links = vec![Link { row: 0, columns: 4..8, address: "https://a.example/b".into() }];
        let text = String::from_utf8(painter.paint(linked.clone())).unwrap();
        assert!(text.contains("\x1b]8;;https://a.example/b\x1b\\h"), "{text:?}");
        assert!(text.contains("\x1b]8;;\x1b\\"));
        assert_eq!(painter.paint(linked), b"");
        let without = String::from_utf8(painter.paint(frame(&["see here now"]))).unwrap();
        assert!(without.contains("here") && !without.contains("https"), "{without:?}");
    }

    #[test]
    fn the_cursor_is_shown_where_text_is_typed() {
        let mut painter = Painter::default();
        let mut typing = frame(&["ab"]);
        typing.cursor = Some(Position::new(2, 0));
        let first = painter.paint(typing.clone());
        assert!(!shown(std::slice::from_ref(&first)).screen().hide_cursor());
        assert_eq!(shown(&[first]).screen().cursor_position(), (0, 2));
        assert_eq!(painter.paint(typing), b"");
        assert!(painter.paint(frame(&["ab"])).ends_with(b"\x1b[?25l\x1b[?2026l"));
    }

    proptest! {
        /// However two frames differ, the terminal shows the second one after it was painted over
        /// the first, colours included.
        #[test]
        fn painting_over_ends_where_painting_fresh_does(
            one in prop::collection::vec("[a-c é─語 ]{0,12}", 0..4),
            two in prop::collection::vec("[a-c é─語 ]{0,12}", 0..4),
            red in 0u16..20) {
            let one: Vec<&str> = one.iter().map(String::as_str).collect();
            let two: Vec<&str> = two.iter().map(String::as_str).collect();
            let mut second = frame(&two);
            second.buffer.set_style(Rect::new(red, 0, 1, 4), Style::new().red().on_blue().bold());
            let mut painter = Painter::default();
            let over = shown(&[painter.paint(frame(&one)), painter.paint(second.clone())]);
            let fresh = shown(&[Painter::default().paint(second)]);
            prop_assert_eq!(picture(&over), picture(&fresh));
        }
    }
}
