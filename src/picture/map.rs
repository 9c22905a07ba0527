//! Services and the calls between them, from left to right where there is room:
//!
//! ```text
//! ● web ────┬──▶ ● orders ──▶ ● stock
//! ▓▓░░░░ 12 │    ▓▓▓▓░░ 31    ▓░░░░░ 4
//!           └┄┄▶ ✗ mail
//! ```

use super::canvas::Canvas;
use super::{Map, Node, Tone};
use crate::typeset::{self, Role};

/// The cells of a bar that shows how much room is taken.
const BAR: usize = 8;
/// The least cells between two columns of services.
const GAP: usize = 7;
/// Directions that a line leaves a cell in.
const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const UP: u8 = 4;
const DOWN: u8 = 8;
/// The caller waits; where no line of a cell says so, nobody does.
const FIRM: u8 = 16;

/// Draws `map` on all of `canvas`.
pub(super) fn draw(map: &Map, canvas: &mut Canvas) {
    if canvas.width < 4 || canvas.height == 0 || map.nodes.is_empty() {
        return;
    }
    match Layout::of(map, canvas.width, canvas.height) {
        Some(layout) => layout.draw(map, canvas),
        None => tree(map, canvas),
    }
}

/// Where each service stands.
struct Layout {
    /// The column of each node, and its corner.
    columns: Vec<usize>,
    places: Vec<(usize, usize)>,
    /// Where each column begins.
    starts: Vec<usize>,
}

/// The calls of a node that go where they may: to later nodes.
fn calls(map: &Map, node: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
    let all = map.nodes.get(node).map(|node| node.calls.as_slice()).unwrap_or_default();
    all.iter().copied().filter(move |&(to, _)| to > node && to < map.nodes.len())
}

fn node_width(node: &Node) -> usize {
    let first = 2 + typeset::width(&node.name);
    let bar = if node.filled.is_some() { BAR + 1 } else { 0 };
    first.max(bar + typeset::width(&node.note))
}

impl Layout {
    /// `None` where it does not fit.
    fn of(map: &Map, width: usize, height: usize) -> Option<Self> {
        let mut columns = vec![0_usize; map.nodes.len()];
        for node in 0..map.nodes.len() {
            let next = columns.get(node)? + 1;
            for (to, _) in calls(map, node) {
                let column = columns.get_mut(to)?;
                *column = next.max(*column);
            }
        }
        let count = columns.iter().max()? + 1;
        let mut widths = vec![0; count];
        let mut counts = vec![0; count];
        for (node, &column) in map.nodes.iter().zip(&columns) {
            widths[column] = node_width(node).max(widths[column]);
            counts[column] += 1;
        }
        let tallest = counts.iter().max()? * 3 - 1;
        let least = widths.iter().sum::<usize>() + GAP * (count - 1);
        if least > width || tallest > height {
            return None;
        }
        let gap = (GAP + (width - least) / count.max(2)).min(14);
        let mut starts = Vec::new();
        let mut x = 0;
        for wide in &widths {
            starts.push(x);
            x += wide + gap;
        }
        let mut seen = vec![0; count];
        let mut places = Vec::new();
        for &column in &columns {
            let lead = (tallest - (counts[column] * 3 - 1)) / 2;
            places.push((starts[column], lead + 3 * seen[column]));
            seen[column] += 1;
        }
        Some(Self { columns, places, starts })
    }

    fn draw(&self, map: &Map, canvas: &mut Canvas) {
        for (node, &(x, y)) in map.nodes.iter().zip(&self.places) {
            lamp(node, canvas, x, y);
            canvas.text(x + 2, y, &node.name, Role::Body);
            load(node, canvas, x, y + 1);
        }
        let cells = vec![0_u8; canvas.width * canvas.height];
        let mut wires = Wires { width: canvas.width, cells, kind: 0 };
        let mut heads = Vec::new();
        for node in 0..map.nodes.len() {
            for (to, waits) in calls(map, node) {
                wires.kind = if waits { FIRM } else { 0 };
                heads.extend(self.line(map, node, to, &mut wires));
            }
        }
        for (place, &line) in wires.cells.iter().enumerate() {
            let (x, y) = (place % canvas.width, place / canvas.width);
            if line != 0 {
                canvas.under(x, y, sign(line), Role::Line);
            }
        }
        for (x, y) in heads {
            canvas.put(x, y, '▶', Role::Muted);
        }
    }

    /// Draws the way from one service to another; where its head is.
    fn line(&self, map: &Map, from: usize, to: usize, wires: &mut Wires) -> Option<(usize, usize)> {
        let (&(x, y), &(to_x, to_y)) = (self.places.get(from)?, self.places.get(to)?);
        let start = x + 2 + typeset::width(&map.nodes.get(from)?.name) + 1;
        let turn = self.starts.get(self.columns.get(from)? + 1)?.checked_sub(4)?;
        let head = to_x.checked_sub(2)?;
        let mut set = |x, y, way| wires.set(x, y, way);
        for x in start..turn {
            set(x, y, LEFT | RIGHT);
        }
        if y == to_y {
            set(turn, y, LEFT | RIGHT);
        } else {
            let (upper, lower) = (y.min(to_y), y.max(to_y));
            set(turn, y, LEFT | if to_y > y { DOWN } else { UP });
            for y in upper + 1..lower {
                set(turn, y, UP | DOWN);
            }
            set(turn, to_y, RIGHT | if to_y > y { UP } else { DOWN });
        }
        for x in turn + 1..head {
            set(x, to_y, LEFT | RIGHT);
        }
        Some((head, to_y))
    }
}

/// Which ways lines leave each cell.
struct Wires {
    width: usize,
    cells: Vec<u8>,
    kind: u8,
}

impl Wires {
    fn set(&mut self, x: usize, y: usize, way: u8) {
        if let Some(cell) = self.cells.get_mut(y * self.width + x) {
            *cell |= way | self.kind;
        }
    }
}

fn sign(line: u8) -> char {
    let is_loose = line & FIRM == 0;
    match line & !FIRM {
        3 if is_loose => '┄',
        12 if is_loose => '┆',
        1..=3 => '─',
        4 | 8 | 12 => '│',
        way if way == LEFT | DOWN => '┐',
        way if way == LEFT | UP => '┘',
        way if way == RIGHT | DOWN => '┌',
        way if way == RIGHT | UP => '└',
        way if way == LEFT | RIGHT | DOWN => '┬',
        way if way == LEFT | RIGHT | UP => '┴',
        way if way == RIGHT | UP | DOWN => '├',
        way if way == LEFT | UP | DOWN => '┤',
        _ => '┼',
    }
}

fn lamp(node: &Node, canvas: &mut Canvas, x: usize, y: usize) {
    canvas.sign(x, y, node.lamp.sign(canvas.ascii), node.lamp.role());
}

/// How much of a service's room is taken, and its note; where they end.
fn load(node: &Node, canvas: &mut Canvas, x: usize, y: usize) -> usize {
    let mut at = x;
    if let Some(filled) = node.filled.filter(|it| !it.is_nan()) {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of eight cells"
        )]
        let full = (filled.clamp(0.0, 1.0) * BAR as f64).ceil() as usize;
        let tone = if filled >= 1.0 { Tone::Bad } else { Tone::Busy };
        for column in 0..BAR {
            let is_full = column < full;
            let sign = if is_full { Tone::Busy } else { Tone::Idle }.sign(canvas.ascii);
            canvas.sign(x + column, y, sign, if is_full { tone.role() } else { Role::Line });
        }
        at += BAR + 1;
    }
    canvas.text(at, y, &node.note, Role::Muted)
}

/// The same as an indented list, for narrow screens.
fn tree(map: &Map, canvas: &mut Canvas) {
    let mut rows: Vec<(usize, usize, bool)> = Vec::new();
    let mut seen = vec![false; map.nodes.len()];
    for node in 0..map.nodes.len() {
        if !seen.get(node).copied().unwrap_or(true) {
            branch(map, node, (0, true), &mut rows, &mut seen);
        }
    }
    let kept = if rows.len() > canvas.height { canvas.height - 1 } else { rows.len() };
    let deepest = rows.iter().map(|row| row.1).max().unwrap_or(0);
    let named = map.nodes.iter().map(|node| typeset::width(&node.name)).max().unwrap_or(0);
    let side = (3 * deepest + 2 + named + 2).min(canvas.width * 2 / 3);
    for (y, &(node, depth, waits)) in rows.iter().take(kept).enumerate() {
        let Some(it) = map.nodes.get(node) else { continue };
        let x = 3 * depth;
        if depth > 0 {
            canvas.put(x - 3, y, '└', Role::Line);
            canvas.put(x - 2, y, if waits { '─' } else { '┄' }, Role::Line);
        }
        lamp(it, canvas, x, y);
        let name = typeset::fit(&it.name, side.saturating_sub(x + 4));
        canvas.text(x + 2, y, &name, Role::Body);
        load(it, canvas, side, y);
    }
    if kept < rows.len() {
        canvas.text(0, kept, &format!("and {} more", rows.len() - kept), Role::Muted);
    }
}

/// `node` and what it calls, each service once.
fn branch(
    map: &Map,
    node: usize,
    (depth, waits): (usize, bool),
    rows: &mut Vec<(usize, usize, bool)>,
    seen: &mut [bool],
) {
    // Deeper than any screen is wide.
    if depth > 64 {
        return;
    }
    if let Some(seen) = seen.get_mut(node) {
        if *seen {
            return;
        }
        *seen = true;
    }
    rows.push((node, depth, waits));
    for (to, waits) in calls(map, node) {
        branch(map, to, (depth + 1, waits), rows, seen);
    }
}
