//! The lines of a question, laid out: what drawing paints and scrolling moves over.

use std::ops::Range;

use super::text_field::TextField;
use crate::markdown;
use crate::typeset::{self, Piece, Role, Row, Settings, Supplements, clusters, width};

/// A line of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) row: Row,
    pub(crate) mark: LineMark,
}

/// What a line is besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum LineMark {
    /// Text.
    #[default]
    None,
    /// The keys act here.
    Selected,
    /// What is selected goes on here.
    Continued,
    /// These cells are a field to type in.
    Field(Range<u16>),
}

/// A question, laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
    /// The line and the column of the text cursor.
    pub(crate) cursor: Option<(usize, u16)>,
    settings: Settings,
    /// The lines that are in view at once.
    height: usize,
    /// The lines that the keys act on.
    focus: Range<usize>,
    /// The line of the verdict.
    verdict: Option<usize>,
    /// The focus is to be in view.
    pub(in crate::app) follow: bool,
    /// The verdict is to come into view.
    pub(in crate::app) to_verdict: bool,
}

impl Sheet {
    pub(in crate::app) fn new(settings: Settings, height: usize) -> Self {
        Self { settings, height, ..Self::default() }
    }

    /// The column's width in cells.
    pub(in crate::app) fn measure(&self) -> usize {
        self.settings.measure.cells()
    }

    /// Whether only ASCII is to be seen.
    pub(in crate::app) const fn ascii(&self) -> bool {
        self.settings.ascii
    }

    /// A sign or, in ASCII, what stands for it.
    pub(in crate::app) const fn sign(
        &self,
        sign: &'static str,
        ascii: &'static str,
    ) -> &'static str {
        if self.settings.ascii { ascii } else { sign }
    }

    pub(in crate::app) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.row.pieces.is_empty()) {
            self.lines.push(Line::default());
        }
    }

    pub(in crate::app) fn push(&mut self, row: Row, mark: LineMark) {
        self.lines.push(Line { row, mark });
    }

    /// A line of pieces.
    pub(in crate::app) fn pieces(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        let mut row = Row::default();
        pieces.into_iter().for_each(|piece| row.push(piece));
        self.push(row, LineMark::None);
    }

    /// A bar, the share `done` (0 to 1) of it full.
    pub(in crate::app) fn bar(&mut self, done: f64) {
        let (full, open) = (self.sign("━", "="), self.sign("─", "-"));
        let row = bar(self.measure().min(40), done, [full, open]);
        self.push(row, LineMark::None);
    }

    /// Text with blocks.
    pub(in crate::app) fn blocks(&mut self, source: &str) {
        let document = markdown::parse(source);
        let mut before = None;
        for block in &document.blocks {
            let gap = before.map_or(0, |before| typeset::gap(before, &block.kind));
            self.lines.extend(std::iter::repeat_n(Line::default(), gap));
            for row in typeset::rows(block, &self.settings, &Supplements::default()) {
                self.push(row, LineMark::None);
            }
            before = Some(&block.kind);
        }
    }

    /// One paragraph behind `lead`, its further lines indented as deep.
    pub(in crate::app) fn led(&mut self, lead: Vec<Piece>, source: &str, role: Role) {
        for row in self.wrapped(lead, source, role, 0) {
            self.push(row, LineMark::None);
        }
    }

    /// The rows of one paragraph behind `lead`, `reserved` cells at the right left free.
    pub(in crate::app) fn wrapped(
        &self,
        lead: Vec<Piece>,
        source: &str,
        role: Role,
        reserved: usize,
    ) -> Vec<Row> {
        let indent: usize = lead.iter().map(|piece| width(&piece.text)).sum();
        let room = self.measure().saturating_sub(indent + reserved).max(8);
        let rows = typeset::wrap_with(&self.settings, &markdown::inlines(source), room, role);
        let rows = if rows.is_empty() { vec![Row::default()] } else { rows };
        let mut lead = Some(lead);
        rows.into_iter()
            .map(|row| {
                let mut whole = Row { span: row.span, ..Row::default() };
                let before = lead.take().unwrap_or_else(|| vec![Piece::blank(indent)]);
                before.into_iter().chain(row.pieces).for_each(|piece| whole.push(piece));
                whole
            })
            .collect()
    }

    /// Lines that the keys act on, where `selected`.
    pub(in crate::app) fn selectable(&mut self, rows: Vec<Row>, selected: bool) {
        let from = self.lines.len();
        for (index, row) in rows.into_iter().enumerate() {
            let mark = match (selected, index) {
                (false, _) => LineMark::None,
                (true, 0) => LineMark::Selected,
                (true, _) => LineMark::Continued,
            };
            self.push(row, mark);
        }
        if selected {
            self.focus = from..self.lines.len();
        }
    }

    /// Things to choose from, with air between them where all of it stays in view.
    pub(in crate::app) fn choices(&mut self, choices: Vec<Vec<Row>>, selected: Option<usize>) {
        /// The lines that may follow.
        const AFTER: usize = 3;
        let count: usize = choices.iter().map(Vec::len).sum();
        let airy = self.lines.len() + count + choices.len() + AFTER <= self.height;
        for (index, rows) in choices.into_iter().enumerate() {
            if airy && index > 0 {
                self.gap();
            }
            self.selectable(rows, selected == Some(index));
        }
    }

    /// The last line holds a field with the keys in it.
    pub(in crate::app) fn focus_field(&mut self, column: u16) {
        let line = self.lines.len().saturating_sub(1);
        self.focus = line..line + 1;
        self.cursor = Some((line, column));
    }

    /// The next line is the verdict.
    pub(in crate::app) fn begin_verdict(&mut self) {
        self.verdict = Some(self.lines.len());
    }

    /// The lines from this one on must come into view.
    pub(in crate::app) fn focus_from(&mut self, line: usize) {
        self.focus = line..self.lines.len();
    }

    /// Whether the place of what was laid out before is another now: what the keys act on may have
    /// gone out of view.
    pub(in crate::app) fn has_moved(&self, before: &Self) -> bool {
        let place = |sheet: &Self| (sheet.settings.measure, sheet.height);
        !before.lines.is_empty() && place(before) != place(self)
    }

    /// The top that brings the focus into view, moved as little as need be; with one line of what
    /// stands around it.
    pub(in crate::app) fn reveal(&self, top: usize, height: usize) -> usize {
        if self.focus.is_empty() {
            return top;
        }
        let (from, to) = (self.focus.start.saturating_sub(1), self.focus.end + 1);
        top.max(to.saturating_sub(height)).min(from)
    }

    /// The top that shows the verdict and as much before it as fits with all that follows.
    pub(in crate::app) fn reveal_verdict(&self, top: usize, height: usize) -> usize {
        let Some(verdict) = self.verdict else { return top };
        let all = self.lines.len().saturating_sub(height);
        all.min(verdict.saturating_sub(height / 3))
    }
}

/// A bar of `cells`, the share `done` (0 to 1) of it full; `signs` are those of the full and of the
/// open part.
pub(in crate::app) fn bar(cells: usize, done: f64, signs: [&str; 2]) -> Row {
    let whole = u16::try_from(cells).unwrap_or(u16::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and the cells")]
    #[expect(clippy::cast_sign_loss, reason = "between 0 and the cells")]
    let full = (f64::from(whole) * done.clamp(0.0, 1.0)).round() as usize;
    let mut row = Row::default();
    row.push(piece(signs[0].repeat(full), Role::Accent));
    row.push(piece(signs[1].repeat(cells.saturating_sub(full)), Role::Line));
    row
}

/// A piece of text that stands as it is.
pub(in crate::app) fn piece(text: impl Into<String>, role: Role) -> Piece {
    Piece::new(text, role)
}

/// `left` with `right` at the end of the line where both fit; else `right` below, indented.
pub(in crate::app) fn with_note(mut rows: Vec<Row>, note: Vec<Piece>, measure: usize) -> Vec<Row> {
    let needed: usize = note.iter().map(|piece| width(&piece.text)).sum();
    if needed == 0 {
        return rows;
    }
    match rows.first_mut() {
        Some(first) if first.width() + needed + 2 <= measure => {
            first.push(Piece::blank(measure - first.width() - needed));
            for piece in note {
                first.push(piece);
            }
        }
        _ => {
            let mut row = Row::default();
            row.push(Piece::blank(measure.saturating_sub(needed).min(6)));
            for piece in note {
                row.push(piece);
            }
            rows.push(row);
        }
    }
    rows
}

/// A field: its label, what is typed, what stands behind it; its width, and whether the keys go
/// there.
pub(in crate::app) fn field(
    (label, field, unit): (&str, &TextField, &str),
    (cells, focused): (usize, bool),
    sheet: &mut Sheet,
) {
    let lead = width(label) + 2;
    let cells = cells.min(sheet.measure().saturating_sub(lead + width(unit) + 3)).max(8);
    let (text, at) = window(field, cells);
    let blank = cells.saturating_sub(width(&text));
    let mut row = Row::default();
    row.push(Piece::blank(2));
    row.push(piece(label, if focused { Role::Strong } else { Role::Muted }));
    row.push(piece(format!(" {text}"), Role::Body));
    row.push(Piece::blank(blank + 1));
    if !unit.is_empty() {
        row.push(piece(format!(" {unit}"), Role::Muted));
    }
    let column = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
    sheet.push(row, LineMark::Field(column(lead)..column(lead + cells + 2)));
    if focused {
        sheet.focus_field(column(lead + 1 + at));
    }
}

/// The part of the text around the cursor that fits, and the cursor's cell in it.
fn window(field: &TextField, cells: usize) -> (String, usize) {
    let (before, after) = field.parts();
    let room = cells.saturating_sub(1);
    let mut shown: Vec<(&str, usize)> = Vec::new();
    let mut used = 0;
    for cluster in clusters(before).collect::<Vec<_>>().into_iter().rev() {
        if used + cluster.1 > room {
            break;
        }
        used += cluster.1;
        shown.push(cluster);
    }
    let mut text: String = shown.iter().rev().map(|(cluster, _)| *cluster).collect();
    let mut left = cells - used;
    for (cluster, wide) in clusters(after) {
        if wide > left {
            break;
        }
        left -= wide;
        text.push_str(cluster);
    }
    (text, used)
}

/// The sign of a choice.
pub(in crate::app) const fn tick(sheet: &Sheet, ticked: bool, multiple: bool) -> &'static str {
    match (multiple, ticked) {
        (true, true) => sheet.sign("[×]", "[x]"),
        (true, false) => "[ ]",
        (false, true) => sheet.sign("●", "(o)"),
        (false, false) => sheet.sign("○", "( )"),
    }
}
