//! Cells to draw on, and how they become rows: neighbours of one role are one piece.

use crate::typeset::{self, Piece, Role, Row};

/// One cell; a wide cluster is followed by a `Rest`.
#[derive(Clone, Debug, Default, PartialEq)]
enum Cell {
    #[default]
    Blank,
    Char(char, Role),
    Cluster(String, Role),
    Rest,
}

/// A rectangle of cells. What is drawn outside of it is lost.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) ascii: bool,
    cells: Vec<Cell>,
}

impl Canvas {
    /// Blank; sizes beyond any screen are cut.
    pub(super) fn new(width: usize, height: usize, ascii: bool) -> Self {
        let (width, height) = (width.min(1000), height.min(1000));
        Self { width, height, ascii, cells: vec![Cell::Blank; width * height] }
    }

    fn cell(&mut self, x: usize, y: usize) -> Option<&mut Cell> {
        if x >= self.width { None } else { self.cells.get_mut(y * self.width + x) }
    }

    /// Draws `c`, one cell wide; in ASCII what stands for it.
    pub(super) fn put(&mut self, x: usize, y: usize, c: char, role: Role) {
        let c = if self.ascii { plain(c) } else { c };
        self.part(x, y);
        if let Some(cell) = self.cell(x, y) {
            *cell = if c == ' ' { Cell::Blank } else { Cell::Char(c, role) };
        }
    }

    /// A wide cluster that has a cell here is taken away, so that none is cut in two.
    fn part(&mut self, x: usize, y: usize) {
        let mut first = x;
        while first > 0 && first < self.width && self.is_rest(first, y) {
            first -= 1;
        }
        let mut end = first + 1;
        while self.is_rest(end, y) {
            end += 1;
        }
        if end > first + 1 {
            for column in first..end {
                if let Some(cell) = self.cell(column, y) {
                    *cell = Cell::Blank;
                }
            }
        }
    }

    fn is_rest(&self, x: usize, y: usize) -> bool {
        x < self.width && self.cells.get(y * self.width + x) == Some(&Cell::Rest)
    }

    /// Draws the first character of `sign`.
    pub(super) fn sign(&mut self, x: usize, y: usize, sign: &str, role: Role) {
        self.put(x, y, sign.chars().next().unwrap_or(' '), role);
    }

    /// Draws `c` where nothing is.
    pub(super) fn under(&mut self, x: usize, y: usize, c: char, role: Role) {
        if self.is_blank(x, y) {
            self.put(x, y, c, role);
        }
    }

    /// Whether nothing is drawn at a place, which may be outside.
    pub(super) fn is_blank(&self, x: usize, y: usize) -> bool {
        x >= self.width || self.cells.get(y * self.width + x).is_none_or(|it| *it == Cell::Blank)
    }

    /// What is drawn at a place, if it is a single character.
    pub(super) fn at(&self, x: usize, y: usize) -> Option<char> {
        match self.cells.get(y * self.width + x) {
            Some(Cell::Char(c, _)) if x < self.width => Some(*c),
            _ => None,
        }
    }

    /// Draws `text` from `x` on, cut at the right end; where it ends.
    pub(super) fn text(&mut self, x: usize, y: usize, text: &str, role: Role) -> usize {
        let mut at = x;
        for (cluster, wide) in typeset::clusters(&typeset::fit(text, self.width.saturating_sub(x)))
        {
            let wide = if self.ascii { usize::from(wide > 0) } else { wide };
            if wide == 0 || at + wide > self.width {
                continue;
            }
            let mut chars = cluster.chars();
            match (chars.next(), chars.next()) {
                (Some(' '), None) => self.put(at, y, ' ', role),
                (Some(c), None) if wide == 1 => self.put(at, y, c, role),
                _ if self.ascii => self.put(at, y, '?', role),
                _ => {
                    for column in at..at + wide {
                        self.part(column, y);
                    }
                    if let Some(cell) = self.cell(at, y) {
                        *cell = Cell::Cluster(cluster.to_owned(), role);
                    }
                    for rest in at + 1..at + wide {
                        if let Some(cell) = self.cell(rest, y) {
                            *cell = Cell::Rest;
                        }
                    }
                }
            }
            at += wide;
        }
        at
    }

    /// Draws `text` so that it ends before `end`.
    pub(super) fn text_to(&mut self, end: usize, y: usize, text: &str, role: Role) {
        let text = typeset::fit(text, end);
        self.text(end.saturating_sub(typeset::width(&text)), y, &text, role);
    }

    /// Draws all of `other` with its corner at `x`, `y`.
    pub(super) fn paste(&mut self, x: usize, y: usize, other: &Self) {
        for row in 0..other.height {
            for column in 0..other.width.min(self.width.saturating_sub(x)) {
                let Some(from) = other.cells.get(row * other.width + column) else { continue };
                if let Some(cell) = self.cell(x + column, y + row) {
                    cell.clone_from(from);
                }
            }
        }
    }

    /// The rows down to the last on which something is drawn.
    pub(super) fn into_rows(self) -> Vec<Row> {
        if self.width == 0 {
            return Vec::new();
        }
        let mut rows: Vec<Row> = self.cells.chunks(self.width).map(row).collect();
        while rows.last().is_some_and(|row| row.pieces.is_empty()) {
            rows.pop();
        }
        rows
    }
}

/// Cells as pieces: blanks go with what stands before them, those at the end are left out.
fn row(cells: &[Cell]) -> Row {
    let mut row = Row::default();
    let mut blanks = 0;
    for cell in cells {
        let (text, role) = match cell {
            Cell::Blank => {
                blanks += 1;
                continue;
            }
            Cell::Rest => continue,
            Cell::Char(c, role) => (c.to_string(), *role),
            Cell::Cluster(text, role) => (text.clone(), *role),
        };
        match row.pieces.last_mut() {
            Some(last) => last.text.push_str(&" ".repeat(blanks)),
            None => row.push(Piece::new(" ".repeat(blanks), role)),
        }
        blanks = 0;
        row.push(Piece::new(text, role));
    }
    row
}

/// What stands for `c` where only ASCII may.
pub(super) fn plain(c: char) -> char {
    match c {
        ' '..='~' => c,
        '–' | '—' | '−' | '─' | '╌' | '┄' | '╴' | '━' => '-',
        '…' | '·' | '⋅' | '░' => '.',
        '×' => 'x',
        'µ' => 'u',
        '±' | '≈' => '~',
        '→' | '▶' | '▸' | '≥' => '>',
        '←' | '◂' | '≤' => '<',
        '│' | '┊' | '╎' | '▍' | '▎' | '▏' => '|',
        '▲' | '↑' => '^',
        '▼' | '↓' | '✓' => 'v',
        '\u{2500}'..='\u{257f}' => '+',
        '█' | '▇' | '▆' | '▅' | '▄' | '▉' | '▊' | '▋' | '▌' | '▓' => '#',
        '▁' | '▂' | '▃' => '_',
        '▒' => 'o',
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        _ => '?',
    }
}
