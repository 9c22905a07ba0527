//! The column that rows are set into: its measure, the margins of the blocks that are open, and
//! the rows so far.

use crate::diagnostic::Span;
use crate::markdown::{Block, BlockKind, Inline};

use super::glyphs::{ASCII, Glyphs, UNICODE};
use super::inline::Flow;
use super::width::width;
use super::wrap::{Column, Line};
use super::{
    Piece, Role, Row, Settings, Supplements, callout, code, figure, footnote, gap, heading, list,
    panel, table,
};

/// Margins never leave less than this to the text.
const LEAST: usize = 10;

/// Rows in the making.
pub(super) struct Page<'a> {
    pub(super) settings: &'a Settings,
    pub(super) supplements: &'a Supplements,
    pub(super) glyphs: &'static Glyphs,
    /// The addresses of numbered links, in order of their numbers from 1.
    pub(super) references: &'a mut Vec<String>,
    /// How many lists are open.
    pub(super) depth: usize,
    measure: usize,
    /// The cells that the margins take on the next row, and on the rows after it.
    taken: (usize, usize),
    margins: Vec<Margin>,
    rows: Vec<Row>,
}

/// What stands left of the text of a block: a mark on its first row, a bar or blanks on the others.
struct Margin {
    first: Option<Piece>,
    rest: Piece,
    rest_width: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        supplements: &'a Supplements,
        references: &'a mut Vec<String>,
    ) -> Self {
        let glyphs = if settings.ascii { &ASCII } else { &UNICODE };
        let measure = settings.measure.cells();
        let (margins, rows) = (Vec::new(), Vec::new());
        Self {
            settings,
            supplements,
            glyphs,
            references,
            depth: 0,
            measure,
            taken: (0, 0),
            margins,
            rows,
        }
    }

    /// The same page at a measure of `cells`, which may be below the least of a lesson.
    pub(super) fn narrowed(mut self, cells: usize) -> Self {
        self.measure = cells.max(1);
        self
    }

    pub(super) fn finish(self) -> Vec<Row> {
        self.rows
    }

    /// Sets one block, whatever it is. Its first row begins where the block begins.
    pub(super) fn block(&mut self, block: &Block) {
        let first = self.rows.len();
        self.construct(block);
        if let Some(row) = self.rows.get_mut(first) {
            row.span.start = row.span.start.min(block.span.start);
        }
    }

    fn construct(&mut self, block: &Block) {
        let span = block.span;
        match &block.kind {
            BlockKind::Heading { level, inlines, .. } => heading::set(self, *level, inlines),
            BlockKind::Paragraph(inlines) => self.inlines(inlines, Role::Body),
            BlockKind::List(list) => list::set(self, list),
            BlockKind::Table(table) => table::set(self, table, span),
            BlockKind::Code(code) => code::set(self, code, span),
            BlockKind::Callout { kind, blocks } => callout::set(self, *kind, blocks, span),
            BlockKind::Figure { text, alt } => figure::set(self, text, alt.as_deref(), span),
            BlockKind::Quote(blocks) => callout::quote(self, blocks, span),
            BlockKind::Rule => heading::rule(self, span),
            BlockKind::Html(text) => code::html(self, text, span),
            BlockKind::Details { summary, blocks } => callout::details(self, summary, blocks, span),
            BlockKind::Footnote { number, blocks, .. } => {
                footnote::set(self, *number, blocks, span);
            }
            BlockKind::Embed(embed) => panel::set(self, embed, span),
            BlockKind::Notice(text) => callout::notice(self, text, span),
        }
    }

    /// Sets blocks with the gaps between them; `tight` leaves the gaps out.
    pub(super) fn blocks(&mut self, blocks: &[Block], tight: bool) {
        let mut before: Option<&Block> = None;
        for block in blocks {
            if let Some(before) = before.filter(|_| !tight) {
                self.blank(gap(&before.kind, &block.kind), between(before.span, block.span));
            }
            self.block(block);
            before = Some(block);
        }
    }

    /// Sets running text.
    pub(super) fn inlines(&mut self, inlines: &[Inline], role: Role) {
        let flow = Flow::of(inlines, role, self);
        self.flow(&flow);
    }

    /// Sets running text that is ready.
    pub(super) fn flow(&mut self, flow: &Flow) {
        super::wrap::wrap(flow, self);
    }

    /// Sets words of ours that stand for the source at `span`.
    pub(super) fn words(&mut self, words: &str, role: Role, span: Span) {
        let mut flow = Flow::default();
        flow.push(words, role, None, span);
        self.flow(&flow);
    }

    /// The cells that the next row has for its text.
    pub(super) fn space(&self) -> usize {
        self.measure.saturating_sub(self.taken.0).max(1)
    }

    /// The cells that rows after the next have for their text.
    pub(super) fn steady_space(&self) -> usize {
        self.measure.saturating_sub(self.taken.1).max(1)
    }

    /// The cells that every row to come has.
    pub(super) fn safe_space(&self) -> usize {
        self.space().min(self.steady_space())
    }

    /// Sets `inside` right of `first` on its first row and of `rest` on the others. Where that
    /// would leave too little to the text, `rest` is left out; nothing of `first` is ever lost.
    pub(super) fn within(
        &mut self,
        first: Piece,
        rest: Piece,
        span: Span,
        inside: impl FnOnce(&mut Self),
    ) {
        let (first_width, rest_width) = (width(&first.text), width(&rest.text));
        if self.space() < first_width + LEAST && self.space() < self.steady_space() {
            self.row(Vec::new(), span);
        }
        if self.space() <= first_width {
            self.words(first.text.trim(), first.role, span);
            inside(self);
            return;
        }
        let roomy = self.steady_space() >= rest_width + LEAST;
        let rest = if roomy { rest } else { Piece::blank(0) };
        let rest_width = if roomy { rest_width } else { 0 };
        let first = Some(first);
        let level = self.margins.len();
        self.margins.push(Margin { first, rest, rest_width });
        self.measure_margins();
        inside(self);
        if self.margins.last().is_some_and(Margin::owes_a_mark) {
            self.row(Vec::new(), span);
        }
        self.margins.truncate(level);
        self.measure_margins();
    }

    fn measure_margins(&mut self) {
        let next = self.margins.iter().map(Margin::next_width).sum();
        let rest = self.margins.iter().map(|margin| margin.rest_width).sum();
        self.taken = (next, rest);
    }

    /// Ends a row: the margins, then `pieces`.
    pub(super) fn row(&mut self, pieces: Vec<Piece>, span: Span) {
        if self.margins.is_empty() {
            self.rows.push(Row { pieces, span });
            return;
        }
        let mut row = Row { pieces: Vec::with_capacity(self.margins.len() + pieces.len()), span };
        for margin in &mut self.margins {
            row.push(margin.first.take().unwrap_or_else(|| margin.rest.clone()));
        }
        self.taken.0 = self.taken.1;
        if pieces.is_empty() {
            trim_end(&mut row);
        }
        for piece in pieces {
            row.push(piece);
        }
        self.rows.push(row);
    }

    /// `count` rows without text of their own; bars go on through them.
    pub(super) fn blank(&mut self, count: usize, span: Span) {
        for _ in 0..count {
            let mut row = Row { pieces: Vec::new(), span };
            for margin in &self.margins {
                row.push(margin.rest.clone());
            }
            trim_end(&mut row);
            self.rows.push(row);
        }
    }
}

impl Margin {
    /// Nothing inside made a row yet, and the mark has to be seen.
    fn owes_a_mark(&self) -> bool {
        self.first.as_ref().is_some_and(|piece| !piece.text.is_empty())
    }

    fn next_width(&self) -> usize {
        self.first.as_ref().map_or(self.rest_width, |piece| width(&piece.text))
    }
}

impl Column for Page<'_> {
    fn space(&self) -> usize {
        Page::space(self)
    }

    fn steady_space(&self) -> usize {
        Page::steady_space(self)
    }

    fn line(&mut self, flow: &Flow, line: Line) {
        self.row(flow.pieces(line), flow.span(line));
    }
}

/// The source of the blank rows between two neighbours: before the second begins, so that whoever
/// looks for its beginning finds its text.
pub(super) fn between(before: Span, after: Span) -> Span {
    Span::new(before.end.min(after.start.saturating_sub(1)), after.start)
}

/// Takes trailing blanks off a row.
pub(super) fn trim_end(row: &mut Row) {
    while let Some(last) = row.pieces.last_mut() {
        let kept = last.text.trim_end_matches(' ').len();
        last.text.truncate(kept);
        if kept > 0 {
            return;
        }
        row.pieces.pop();
    }
}
