//! Frames to the terminal, through ratatui and crossterm, with what they leave open:
//!
//! - A frame goes out in one write, as one update where the terminal knows how (CSI ? 2026), and
//!   a frame that changes nothing writes nothing.
//! - Terminals disagree on how wide some clusters are (emoji sequences, keycaps, flags: ratatui
//!   #925, #2431). The cells of such a cluster are blanked before, the cursor is placed anew
//!   behind it, and its row is always written whole, so that no neighbour is moved or hidden. Rows
//!   with wide characters are written whole too: a narrow one over half of them leaves its style.
//! - Links are hyperlinks (OSC 8), written around their cells: a cell's symbol cannot hold them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Size};

use crate::typeset;
use crate::ui::Link;

/// Draws frames.
pub(crate) struct Painter<W: Write> {
    terminal: Terminal<Output<W>>,
    /// The rows drawn last that hold links or wide clusters.
    special: BTreeMap<u16, (Vec<Cell>, Vec<Link>)>,
}

impl<W: Write> Painter<W> {
    /// A painter on a cleared terminal.
    pub(crate) fn new(writer: W, size: fn() -> io::Result<Size>) -> io::Result<Self> {
        let inner = CrosstermBackend::new(Update { bytes: Vec::new(), writer });
        let output = Output { inner, size, links: Vec::new(), cursor: false };
        Ok(Self { terminal: Terminal::new(output)?, special: BTreeMap::new() })
    }

    /// Draws a frame; `draw` fills the buffer and says where the links are, in the order of rows
    /// and columns, and where the cursor stands if it is to be seen.
    pub(crate) fn draw(
        &mut self,
        draw: impl FnOnce(&mut Buffer) -> (Vec<Link>, Option<Position>),
    ) -> io::Result<()> {
        self.terminal.autoresize()?;
        let (links, cursor) = {
            let mut frame = self.terminal.get_frame();
            let (mut links, cursor) = draw(frame.buffer_mut());
            links.retain(|link| is_address(&link.address));
            mark_rows(frame.buffer_mut(), &links, &mut self.special);
            (links, cursor)
        };
        self.terminal.backend_mut().links = links;
        self.terminal.apply_buffer_with_cursor(cursor).map(drop)
    }

    /// The next frame is painted whole: others wrote to the terminal.
    pub(crate) fn forget(&mut self) -> io::Result<()> {
        self.special.clear();
        self.terminal.backend_mut().cursor = true;
        self.terminal.clear()
    }
}

/// Marks the rows that must be written whole: those where links or wide clusters came, went or have
/// new neighbours.
fn mark_rows(
    buffer: &mut Buffer,
    links: &[Link],
    special: &mut BTreeMap<u16, (Vec<Cell>, Vec<Link>)>,
) {
    let width = usize::from(buffer.area.width).max(1);
    let old = std::mem::take(special);
    for (row, cells) in (0u16..).zip(buffer.content.chunks_mut(width)) {
        let here: Vec<Link> = links.iter().filter(|link| link.row == row).cloned().collect();
        let is_special = !here.is_empty() || cells.iter().any(is_wide);
        let before = old.get(&row);
        if !is_special && before.is_none() {
            continue;
        }
        let now = (cells.to_vec(), here);
        if before != Some(&now) {
            for cell in cells {
                cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            }
        }
        if is_special {
            special.insert(row, now);
        }
    }
}

/// A cluster that may take more than its first cell.
fn is_wide(cell: &Cell) -> bool {
    cell.symbol().len() > 2 && (is_disputed(cell) || typeset::width(cell.symbol()) > 1)
}

/// A cluster of several characters: terminals may disagree on its width.
fn is_disputed(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    symbol.len() > 2 && !symbol.is_ascii() && symbol.chars().nth(1).is_some()
}

/// Only what a browser may open, and nothing that could end the sequence that carries it.
fn is_address(address: &str) -> bool {
    let known = ["https://", "http://", "mailto:"];
    known.iter().any(|scheme| address.starts_with(scheme))
        && address.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

/// The terminal as ratatui writes to it.
struct Output<W: Write> {
    inner: CrosstermBackend<Update<W>>,
    size: fn() -> io::Result<Size>,
    links: Vec<Link>,
    /// Whether the cursor is seen.
    cursor: bool,
}

impl<W: Write> Output<W> {
    /// Writes neighbouring cells that need nothing special.
    fn run(&mut self, run: &mut Vec<(u16, u16, &Cell)>, link: Option<&str>) -> io::Result<()> {
        if run.is_empty() {
            return Ok(());
        }
        if let Some(address) = link {
            write!(self.inner, "\x1b]8;;{address}\x1b\\")?;
        }
        self.inner.draw(run.drain(..))?;
        if link.is_some() {
            write!(self.inner, "\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }

    fn disputed(&mut self, (x, y, cell): (u16, u16, &Cell)) -> io::Result<()> {
        let mut blank = cell.clone();
        blank.set_char(' ');
        let width = u16::try_from(typeset::width(cell.symbol())).unwrap_or(1).max(1);
        self.inner.draw((0..width).map(|column| (x + column, y, &blank)))?;
        self.inner.draw(std::iter::once((x, y, cell)))
    }
}

impl<W: Write> Backend for Output<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let links = std::mem::take(&mut self.links);
        let link_at = |x: u16, y: u16| {
            let link = links.iter().find(|link| link.row == y && link.columns.contains(&x));
            link.map(|link| link.address.as_str())
        };
        let blank = Cell::EMPTY;
        let (mut run, mut run_link) = (Vec::new(), None);
        for (x, y, cell) in content {
            // The last gate: no control character passes, whoever made it.
            let printable = !cell.symbol().chars().any(char::is_control);
            let cell = if printable { cell } else { &blank };
            let link = link_at(x, y);
            if link != run_link || is_disputed(cell) {
                self.run(&mut run, run_link)?;
                run_link = link;
            }
            if is_disputed(cell) {
                self.disputed((x, y, cell))?;
            } else {
                run.push((x, y, cell));
            }
        }
        self.run(&mut run, run_link)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.cursor) { self.inner.hide_cursor() } else { Ok(()) }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.cursor, true) { Ok(()) } else { self.inner.show_cursor() }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Asking the terminal would wait for its answer; nobody needs it.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        let update = &mut self.inner;
        write!(update, "{END}")?;
        Write::flush(update)
    }
}

/// Collects what makes one frame: crossterm flushes in between.
struct Update<W: Write> {
    bytes: Vec<u8>,
    writer: W,
}

const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
/// What crossterm writes after no cells at all.
const NOTHING: &[u8] = b"\x1b[39m\x1b[49m\x1b[59m\x1b[0m";

impl<W: Write> Write for Update<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Only the end of a frame lets it go.
    fn flush(&mut self) -> io::Result<()> {
        let Some(frame) = self.bytes.strip_suffix(END.as_bytes()) else { return Ok(()) };
        let mut whole = BEGIN.as_bytes().to_vec();
        whole.extend_from_slice(frame);
        whole.extend_from_slice(END.as_bytes());
        let changed = !frame.is_empty() && frame != NOTHING;
        self.bytes.clear();
        if changed { self.writer.write_all(&whole) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// What reached the terminal.
    #[derive(Clone, Default)]
    struct Wire(Rc<RefCell<Vec<u8>>>);

    impl Write for Wire {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Bench {
        wire: Wire,
        painter: Painter<Wire>,
        screen: vt100::Parser,
    }

    impl Bench {
        fn new() -> Self {
            let wire = Wire::default();
            let painter = Painter::new(wire.clone(), || Ok(Size::new(20, 4))).unwrap();
            Self { wire, painter, screen: vt100::Parser::new(4, 20, 0) }
        }

        /// Draws; gives the bytes that were written.
        fn draw(&mut self, rows: &[&str], links: &[Link], cursor: Option<Position>) -> String {
            self.draw_with(cursor, |buffer| {
                for (y, row) in (0u16..).zip(rows) {
                    buffer.set_stringn(0, y, row, 20, Style::new());
                }
                links.to_vec()
            })
        }

        fn draw_with(
            &mut self,
            cursor: Option<Position>,
            fill: impl FnOnce(&mut Buffer) -> Vec<Link>,
        ) -> String {
            self.painter.draw(|buffer| (fill(buffer), cursor)).unwrap();
            let bytes = std::mem::take(&mut *self.wire.0.borrow_mut());
            self.screen.process(&bytes);
            String::from_utf8(bytes).unwrap()
        }

        /// Each cell's text and colours.
        fn picture(&self) -> Vec<(String, vt100::Color, vt100::Color, bool)> {
            let places = (0..4).flat_map(|row| (0..20).map(move |column| (row, column)));
            places
                .filter_map(|(row, column)| self.screen.screen().cell(row, column))
                .filter(|cell| !cell.is_wide_continuation())
                .map(|cell| {
                    let text = cell.contents().trim().to_owned();
                    (text, cell.fgcolor(), cell.bgcolor(), cell.bold())
                })
                .collect()
        }
    }

    #[test]
    fn a_frame_is_one_update_and_no_change_is_no_byte() {
        let mut bench = Bench::new();
        let first = bench.draw(&["one", "two"], &[], None);
        assert!(first.starts_with(BEGIN) && first.ends_with(END), "{first:?}");
        assert_eq!(bench.draw(&["one", "two"], &[], None), "");
        let second = bench.draw(&["one", "twin"], &[], None);
        assert!(second.contains("\x1b[2;3Hin") && !second.contains("one"), "{second:?}");
        assert_eq!(bench.screen.screen().contents(), "one\ntwin");
    }

    #[test]
    fn after_forgetting_all_is_written_again() {
        let mut bench = Bench::new();
        bench.draw(&["one"], &[], None);
        bench.painter.forget().unwrap();
        bench.screen = vt100::Parser::new(4, 20, 0);
        bench.draw(&["one"], &[], None);
        assert_eq!(bench.screen.screen().contents(), "one");
    }

    #[test]
    fn a_disputed_cluster_never_moves_its_neighbours() {
        let mut bench = Bench::new();
        let text = bench.draw(&["a👩‍👩‍👧b", "1️⃣x"], &[], None);
        assert!(text.contains("\x1b[1;4H") && text.contains('b'), "{text:?}");
        assert_eq!(bench.screen.screen().cell(0, 3).unwrap().contents(), "b");
        // A neighbour that changes alone is written with its row.
        let text = bench.draw(&["a👩‍👩‍👧c", "1️⃣x"], &[], None);
        assert!(text.contains("👩‍👩‍👧") && text.contains('c'), "{text:?}");
    }

    #[test]
    fn no_control_character_passes() {
        let mut bench = Bench::new();
        let text = bench.draw_with(None, |buffer| {
            #[expect(clippy::disallowed_methods, reason = "the gate behind it is tested")]
            buffer[(1, 0)].set_symbol("\x1b]0;x\x07");
            vec![Link { row: 0, columns: 0..2, address: "https://x\x1b\\\x1b[31m".into() }]
        });
        assert!(!text.contains("\x1b]") && !text.contains("31m"), "{text:?}");
    }

    #[test]
    fn links_open_and_close_around_their_cells() {
        let mut bench = Bench::new();
        let link = [Link { row: 0, columns: 4..8, address: "https://a.example/b".into() }];
        let text = bench.draw(&["see here now"], &link, None);
        let opened = text.split("\x1b]8;;https://a.example/b\x1b\\").nth(1).unwrap();
        let inside = opened.split("\x1b]8;;\x1b\\").next().unwrap();
        assert!(inside.contains("here") && !inside.contains("now"), "{text:?}");
        let without = bench.draw(&["see here now"], &[], None);
        assert!(without.contains("here") && !without.contains("https"), "{without:?}");
    }

    #[test]
    fn the_cursor_is_shown_where_text_is_typed() {
        let mut bench = Bench::new();
        bench.draw(&["ab"], &[], Some(Position::new(2, 0)));
        assert!(!bench.screen.screen().hide_cursor());
        assert_eq!(bench.screen.screen().cursor_position(), (0, 2));
        assert!(bench.draw(&["ab"], &[], None).contains("\x1b[?25l"));
        assert_eq!(bench.draw(&["ab"], &[], None), "");
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
            let second = |buffer: &mut Buffer| {
                for (row, line) in (0u16..).zip(&two) {
                    buffer.set_stringn(0, row, line, 20, Style::new());
                }
                buffer.set_style(Rect::new(red, 0, 1, 4), Style::new().red().on_blue().bold());
                Vec::new()
            };
            let (mut over, mut fresh) = (Bench::new(), Bench::new());
            over.draw(&one, &[], None);
            over.draw_with(None, second);
            fresh.draw_with(None, second);
            prop_assert_eq!(over.picture(), fresh.picture());
        }
    }
}
