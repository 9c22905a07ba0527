//! Tables.

use pulldown_cmark::{Event, Tag};

use super::reader::Reader;
use super::{Alignment, Inline, Table};

impl Reader<'_> {
    /// Reads a table up to its end.
    pub(super) fn table(&mut self, alignments: &[pulldown_cmark::Alignment]) -> Table {
        let alignments: Vec<Alignment> = alignments.iter().map(|&a| alignment(a)).collect();
        let columns = alignments.len();
        let mut table = Table { alignments, header: Vec::new(), rows: Vec::new() };
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::TableHead) => table.header = self.cells(columns),
                Event::Start(Tag::TableRow) => {
                    let row = self.cells(columns);
                    table.rows.push(row);
                }
                Event::Start(_) => self.skip(),
                _ => break,
            }
        }
        // Only a text that is cut in the midst of its header has none.
        table.header.resize_with(columns, Vec::new);
        table
    }

    /// Reads the cells of a row up to its end.
    fn cells(&mut self, columns: usize) -> Vec<Vec<Inline>> {
        let mut cells = Vec::with_capacity(columns);
        while let Some((event, _)) = self.next() {
            if !matches!(event, Event::Start(_)) {
                break;
            }
            cells.push(self.inlines(0).inlines);
            self.end();
        }
        cells.resize_with(columns, Vec::new);
        cells
    }
}

const fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}
