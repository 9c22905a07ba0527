//! Bars to compare:
//!
//! ```text
//! 60–80 ms    ▓▓▓▓▓▓▓▓▓▓▓▓   83 %
//! 900 ms–1 s  ▒▒▒            17 %
//! ```

use super::canvas::Canvas;
use super::{Bar, Bars};
use crate::sim::metric;
use crate::typeset::{self, Role};

/// Parts of a cell, filled from the left.
const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Where bars are drawn: from which column, how many, and what fills them all.
#[derive(Clone, Copy)]
struct Field {
    left: usize,
    room: usize,
    greatest: f64,
}

/// Draws `bars` on all of `canvas`.
pub(super) fn draw(bars: &Bars, canvas: &mut Canvas) {
    let (width, height) = (canvas.width, canvas.height);
    if width < 4 || height == 0 {
        return;
    }
    let kept = if bars.bars.len() > height { height - 1 } else { bars.bars.len() };
    let shown = bars.bars.get(..kept).unwrap_or(&bars.bars);
    let notes: Vec<String> = shown.iter().map(|bar| note(bars, bar)).collect();
    let widest =
        |texts: &mut dyn Iterator<Item = usize>, most: usize| texts.max().unwrap_or(0).min(most);
    let label = widest(&mut shown.iter().map(|bar| typeset::width(&bar.label)), width * 2 / 5);
    let value = widest(&mut notes.iter().map(|note| typeset::width(note)), width * 2 / 5);
    let left = if label == 0 { 0 } else { label + 2 };
    let room = width.saturating_sub(left + if value == 0 { 0 } else { value + 2 });
    let greatest = bars.bars.iter().map(total).fold(0.0, f64::max);
    let leading = if kept * 2 <= height + 1 && height >= 5 && kept <= 6 { 2 } else { 1 };
    let is_plain = is_plain(bars);
    let field = Field { left, room, greatest };
    for (row, (bar, note)) in shown.iter().zip(&notes).enumerate() {
        let y = row * leading;
        canvas.text(0, y, &typeset::fit(&bar.label, label), Role::Body);
        if is_plain && !canvas.ascii {
            fine(bar, field, canvas, y);
        } else {
            coarse(bar, field, canvas, y);
        }
        canvas.text_to(width, y, &typeset::fit(note, value), Role::Body);
    }
    if kept < bars.bars.len() {
        let hidden = bars.bars.len() - kept;
        canvas.text(0, kept, &format!("and {hidden} more"), Role::Muted);
    }
}

fn note(bars: &Bars, bar: &Bar) -> String {
    bar.note.clone().unwrap_or_else(|| metric::said(bars.unit, total(bar)))
}

/// What a bar's parts are together; what is no number counts nothing.
fn total(bar: &Bar) -> f64 {
    let sum: f64 =
        bar.parts.iter().map(|part| part.0).filter(|it| it.is_finite() && *it > 0.0).sum();
    sum.min(f64::MAX)
}

/// Whether all bars are of one tone, so that no sign need tell them apart.
fn is_plain(bars: &Bars) -> bool {
    let mut tones = bars.bars.iter().flat_map(|bar| &bar.parts).map(|part| part.1);
    let first = tones.next();
    tones.all(|tone| Some(tone) == first)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a few cells"
)]
fn steps(value: f64, greatest: f64, room: usize) -> usize {
    if greatest <= 0.0 || !value.is_finite() || value <= 0.0 {
        return 0;
    }
    // Something is never nothing.
    ((value / greatest * room as f64).round() as usize).max(1).min(room)
}

/// One part, to an eighth of a cell.
fn fine(bar: &Bar, field: Field, canvas: &mut Canvas, y: usize) {
    let Field { left, room, greatest } = field;
    let role = bar.parts.first().map_or(Role::Body, |part| part.1.role());
    let eighths = steps(total(bar), greatest, room * 8);
    for column in 0..eighths / 8 {
        canvas.put(left + column, y, '█', role);
    }
    if !eighths.is_multiple_of(8) {
        let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or(' ');
        canvas.put(left + eighths / 8, y, rest, role);
    }
}

/// Parts end to end in whole cells, each by its sign.
fn coarse(bar: &Bar, field: Field, canvas: &mut Canvas, y: usize) {
    let Field { left, room, greatest } = field;
    let (mut sum, mut at) = (0.0, 0);
    for &(value, tone) in &bar.parts {
        if !(value.is_finite() && value > 0.0) {
            continue;
        }
        sum += value;
        let end = steps(sum, greatest, room).max((at + 1).min(room));
        for column in at..end {
            canvas.sign(left + column, y, tone.sign(canvas.ascii), tone.role());
        }
        at = end;
    }
}
