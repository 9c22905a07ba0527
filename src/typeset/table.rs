//! Tables: columns by need, words wrapped inside their cells. Where a column would be too narrow
//! for its longest word, each row is told as `label: value`.
//!
//! ```text
//! Service       Timeout   Memory
//! ───────────   ───────   ──────
//! AWS Lambda     15 min    10 GB
//! ```

use crate::diagnostic::Span;
use crate::markdown::{Alignment, Inline, Table};

use super::inline::Flow;
use super::page::{Page, between};
use super::wrap::{Column, Extent, Line, extent, wrap};
use super::{Piece, Role, Row};

pub(super) fn set(page: &mut Page<'_>, table: &Table, span: Span) {
    let header = flows(page, &table.header, Role::TableHeader);
    let rows: Vec<Vec<Flow>> = table.rows.iter().map(|row| flows(page, row, Role::Body)).collect();
    let space = page.safe_space();
    let extents = extents(&header, &rows);
    let gaps = |gap: usize| gap * extents.len().saturating_sub(1);
    let fitted = [3, 2].into_iter().find_map(|gap| {
        let room = space.checked_sub(gaps(gap))?;
        let candidates = widths(&extents, room, gap == 3);
        Some((lowest(candidates, &header, &rows)?, gap))
    });
    match fitted {
        Some((widths, gap)) => Grid { widths, gap, table, span }.set(page, &header, &rows),
        None => labelled(page, header, rows, span),
    }
}

fn flows(page: &mut Page<'_>, cells: &[Vec<Inline>], role: Role) -> Vec<Flow> {
    cells.iter().map(|cell| Flow::of(cell, role, page)).collect()
}

/// What each column wants.
fn extents(header: &[Flow], rows: &[Vec<Flow>]) -> Vec<Extent> {
    let mut columns: Vec<Extent> = header.iter().map(extent).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            let cell = extent(cell);
            column.line = column.line.max(cell.line);
            column.word = column.word.max(cell.word);
            column.part = column.part.max(cell.part);
        }
    }
    for column in &mut columns {
        column.line = column.line.max(1);
        column.word = column.word.max(1);
        column.part = column.part.max(1);
    }
    columns
}

/// What the columns' widths can be in `room` cells: all that they want, or at least their longest
/// words (or, unless `roomy`, the longest parts of words), with the rest shared out: evenly, or
/// first to one column.
fn widths(extents: &[Extent], room: usize, roomy: bool) -> Vec<Vec<usize>> {
    let wanted: usize = extents.iter().map(|column| column.line).sum();
    if wanted <= room {
        return vec![extents.iter().map(|column| column.line).collect()];
    }
    let least = |part: fn(&Extent) -> usize| -> Option<Vec<usize>> {
        let least: Vec<usize> = extents.iter().map(part).collect();
        (least.iter().sum::<usize>() <= room).then_some(least)
    };
    let least =
        least(|column| column.word).or_else(|| least(|column| column.part).filter(|_| !roomy));
    let Some(least) = least else { return Vec::new() };
    let spare = room - least.iter().sum::<usize>();
    let mut candidates = vec![least.clone()];
    for (index, column) in extents.iter().enumerate() {
        let mut favoured = least.clone();
        if let Some(width) = favoured.get_mut(index).filter(|width| column.line - **width <= spare)
        {
            *width = column.line;
            candidates.push(favoured);
        }
    }
    for candidate in &mut candidates {
        level(candidate, extents, room);
    }
    candidates
}

/// Cells of a table up to which its height is tried out.
const TRIED_MAX: usize = 300;

/// The widths at which the table is lowest; of equals the first.
fn lowest(candidates: Vec<Vec<usize>>, header: &[Flow], rows: &[Vec<Flow>]) -> Option<Vec<usize>> {
    if candidates.len() < 2 || header.len() * rows.len() > TRIED_MAX {
        return candidates.into_iter().next();
    }
    let height = |row: &[Flow], widths: &[usize]| {
        let lines = row.iter().zip(widths).map(|(flow, &width)| {
            let mut cell = Cell::new(width);
            wrap(flow, &mut cell);
            cell.lines.len()
        });
        lines.max().unwrap_or(0)
    };
    candidates.into_iter().min_by_key(|widths| {
        height(header, widths) + rows.iter().map(|row| height(row, widths)).sum::<usize>()
    })
}

/// Gives what is left of `room` to the narrowest columns that still want something, so that the
/// widest text gives way first.
fn level(widths: &mut [usize], extents: &[Extent], room: usize) {
    let mut left = room.saturating_sub(widths.iter().sum());
    while left > 0 {
        let hungry = widths.iter().zip(extents).filter(|(width, column)| **width < column.line);
        let Some(narrowest) = hungry.map(|(width, _)| *width).min() else { return };
        for (width, column) in widths.iter_mut().zip(extents) {
            if *width == narrowest && *width < column.line && left > 0 {
                *width += 1;
                left -= 1;
            }
        }
    }
}

/// A column of one cell.
pub(super) struct Cell {
    width: usize,
    pub(super) lines: Vec<Line>,
}

impl Cell {
    pub(super) fn new(width: usize) -> Self {
        Self { width: width.max(1), lines: Vec::new() }
    }
}

impl Column for Cell {
    fn space(&self) -> usize {
        self.width
    }

    fn steady_space(&self) -> usize {
        self.width
    }

    fn line(&mut self, _: &Flow, line: Line) {
        self.lines.push(line);
    }
}

/// A table whose columns fit.
struct Grid<'a> {
    widths: Vec<usize>,
    gap: usize,
    table: &'a Table,
    span: Span,
}

impl Grid<'_> {
    fn set(&self, page: &mut Page<'_>, header: &[Flow], rows: &[Vec<Flow>]) {
        let start = Span::new(self.span.start, self.span.start);
        self.row(page, header, &self.wrapped(header), start);
        let mut line = Vec::new();
        for (index, &width) in self.widths.iter().enumerate() {
            if index > 0 {
                line.push(Piece::blank(self.gap));
            }
            line.push(Piece::new(page.glyphs.thin.repeat(width), Role::Line));
        }
        page.row(line, start);
        let wrapped: Vec<Vec<Vec<Line>>> = rows.iter().map(|row| self.wrapped(row)).collect();
        let airy = wrapped.iter().flatten().any(|lines| lines.len() > 1);
        let mut before = start;
        for (index, (row, lines)) in rows.iter().zip(&wrapped).enumerate() {
            if airy && index > 0 {
                page.blank(1, Span::new(before.end, before.end));
            }
            let span = row.iter().find_map(Flow::whole_span).unwrap_or(before);
            self.row(page, row, lines, span);
            before = span;
        }
    }

    fn wrapped(&self, row: &[Flow]) -> Vec<Vec<Line>> {
        let lines = |(flow, &width)| {
            let mut cell = Cell::new(width);
            wrap(flow, &mut cell);
            cell.lines
        };
        row.iter().zip(&self.widths).map(lines).collect()
    }

    fn row(&self, page: &mut Page<'_>, row: &[Flow], lines: &[Vec<Line>], span: Span) {
        let height = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
        for index in 0..height {
            let mut set = Row::default();
            // Blanks wait until something stands right of them.
            let mut blanks = 0;
            for (column, (flow, &width)) in row.iter().zip(&self.widths).enumerate() {
                let line = lines.get(column).and_then(|lines| lines.get(index));
                let shown = line.map_or(0, |line| flow.cells_shown(*line));
                let free = width.saturating_sub(shown);
                let before = match self.table.alignments.get(column) {
                    Some(Alignment::Right) => free,
                    Some(Alignment::Center) => free / 2,
                    _ => 0,
                };
                blanks += before;
                if let Some(line) = line.filter(|_| shown > 0) {
                    if blanks > 0 {
                        set.push(Piece::blank(blanks));
                    }
                    for piece in flow.pieces(*line) {
                        set.push(piece);
                    }
                    blanks = 0;
                }
                blanks += free - before + self.gap;
            }
            page.row(set.pieces, span);
        }
    }
}

/// The rows one below the other, each cell behind its column's name.
fn labelled(page: &mut Page<'_>, header: Vec<Flow>, rows: Vec<Vec<Flow>>, span: Span) {
    let start = Span::new(span.start, span.start);
    let notice = format!("Table of {} columns, told row by row", header.len());
    page.words(&notice, Role::Muted, start);
    if rows.is_empty() {
        for label in header {
            page.flow(&label);
        }
        return;
    }
    for row in rows {
        let here = row.iter().find_map(Flow::whole_span).unwrap_or(start);
        page.blank(1, between(here, here));
        for (label, value) in header.iter().zip(row) {
            let mut flow = label.clone();
            if !flow.is_empty() {
                flow.push(": ", Role::TableHeader, None, here);
            }
            flow.append(value);
            page.within(Piece::blank(0), Piece::blank(2), here, |page| page.flow(&flow));
        }
    }
}
