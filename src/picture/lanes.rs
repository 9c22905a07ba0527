//! A lane for each thing that lives through time:
//!
//! ```text
//! requests  ·      · ·          ·
//! #1        ▒▓░░░░░▓░▓░░░✕
//! #2               ▒▓░░░░░✕
//!           0      10      20
//! ```

use super::axis::Scale;
use super::canvas::Canvas;
use super::{Axis, Lane, Lanes, Tone, Unit};
use crate::typeset::{self, Role};

/// Draws `lanes` on all of `canvas`, the last row for the time.
pub(super) fn draw(lanes: &Lanes, canvas: &mut Canvas) {
    if canvas.width < 4 || canvas.height == 0 {
        return;
    }
    let below = usize::from(canvas.height >= 3) + usize::from(canvas.height >= 8);
    let room = canvas.height - below;
    let widest = lanes.lanes.iter().map(|lane| typeset::width(&lane.label)).max().unwrap_or(0);
    let label = widest.min(canvas.width / 4);
    let left = if label == 0 { 0 } else { label + 2 };
    let axis = Axis {
        label: String::new(),
        unit: Unit::Seconds,
        from: lanes.from_s,
        to: lanes.to_s,
        log: false,
    };
    let field = Field { left, width: canvas.width - left, scale: Scale::of(&axis) };
    let hidden = lanes.lanes.len().saturating_sub(room) + lanes.more;
    let kept = if hidden > 0 { room.saturating_sub(1).max(1) } else { room };
    // A few lanes stand apart, and stay so while others come.
    let count = lanes.lanes.len();
    let leading = if count <= 8 && room >= 17 { 2 } else { 1 };
    for (place, lane) in lanes.lanes.iter().take(kept).enumerate() {
        let row = place * leading;
        canvas.text(0, row, &typeset::fit(&lane.label, label), Role::Muted);
        draw_lane(lane, &field, canvas, row);
    }
    let drawn = (kept.min(count) * leading).min(room);
    let hidden = count - kept.min(count) + lanes.more;
    if hidden > 0 && drawn < room {
        canvas.text(left, drawn, &format!("and {hidden} more"), Role::Muted);
    }
    if let Some(column) = lanes.now_s.and_then(|now| field.column(now)) {
        for row in 0..drawn {
            canvas.under(left + column, row, '┊', Role::Line);
        }
    }
    if below > 0 {
        time(&axis, &field, canvas, below, drawn + usize::from(hidden > 0));
    }
}

/// Where time runs.
struct Field {
    left: usize,
    width: usize,
    scale: Scale,
}

impl Field {
    fn place(&self, at: f64) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a screen has few cells")]
        self.scale.at(at).map(|share| share * self.width as f64)
    }

    /// The column in which `at` falls, if it is inside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and the cast saturates"
    )]
    fn column(&self, at: f64) -> Option<usize> {
        let place = self.place(at).filter(|it| *it > -1e-9)?;
        let column = place.max(0.0).floor() as usize;
        // What happens at the very end is still seen.
        if column == self.width { column.checked_sub(1) } else { Some(column) }
            .filter(|column| *column < self.width)
    }

    /// The columns that a stretch of time touches.
    fn columns(&self, from: f64, to: f64) -> Option<(usize, usize)> {
        let (start, end) = (self.place(from)?, self.place(to)?);
        #[expect(clippy::cast_precision_loss, reason = "a screen has few cells")]
        let width = self.width as f64;
        if end < start || end < 0.0 || start >= width || self.width == 0 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the width"
        )]
        let (first, last) =
            (start.max(0.0).floor() as usize, (end.min(width) - 1e-9).max(0.0).floor() as usize);
        Some((first, last.max(first)))
    }
}

fn draw_lane(lane: &Lane, field: &Field, canvas: &mut Canvas, row: usize) {
    let tones = cells_of(lane, field);
    for (column, tone) in tones.iter().enumerate() {
        if let Some(tone) = tone {
            let sign = tone.sign(canvas.ascii);
            // A cross among signs that fill their cells is not to be missed.
            let role = if *tone == Tone::Gone { Role::Muted } else { tone.role() };
            canvas.sign(field.left + column, row, sign, role);
        }
    }
    for &(at, tone) in &lane.marks {
        if let Some(column) = field.column(at) {
            let sign = mark(tone, canvas.ascii);
            canvas.put(field.left + column, row, sign, tone.role());
        }
    }
}

/// What each cell of a lane shows: short stretches of something are seen before long ones of
/// waiting, but do not take the last cell of those.
fn cells_of(lane: &Lane, field: &Field) -> Vec<Option<Tone>> {
    let mut tones: Vec<Option<Tone>> = vec![None; field.width];
    let mut taken = 0;
    for (place, &(from, to, tone)) in lane.runs.iter().enumerate() {
        let Some((first, last)) = field.columns(from, to).filter(|_| is_event(tone)) else {
            continue;
        };
        let last = if tone == Tone::Gone { first } else { last };
        let start = match tones.get(first).copied().flatten() {
            Some(other) if other != tone && tone != Tone::Gone => {
                let pushed = first.max(taken.min(first + 1));
                let later = lane.runs.get(place + 1..).unwrap_or_default();
                if pushed > last && !leaves_room(later, field, pushed) {
                    continue;
                }
                pushed
            }
            _ => first,
        };
        for column in start..=last.max(start) {
            if let Some(cell) = tones.get_mut(column) {
                *cell = Some(tone);
            }
        }
        taken = last.max(start) + 1;
    }
    for &(from, to, tone) in lane.runs.iter().filter(|run| !is_event(run.2)) {
        let Some((first, last)) = field.columns(from, to) else { continue };
        for cell in tones.iter_mut().take(last + 1).skip(first) {
            cell.get_or_insert(tone);
        }
    }
    tones
}

/// Whether the stretch of waiting that comes next keeps a cell when `column` is taken from it.
fn leaves_room(later: &[(f64, f64, Tone)], field: &Field, column: usize) -> bool {
    let Some(&(from, to, tone)) = later.first() else { return true };
    if is_event(tone) {
        return true;
    }
    let Some((_, last)) = field.columns(from, to) else { return true };
    let next = later.get(1).and_then(|run| field.columns(run.0, run.1)).map(|columns| columns.0);
    next.map_or(last + 1, |next| next.min(last + 1)) > column + 1
}

/// Whether something happens, so that it must be seen however short it is.
const fn is_event(tone: Tone) -> bool {
    !matches!(tone, Tone::Idle | Tone::Theory | Tone::Before)
}

/// The sign of a moment.
fn mark(tone: Tone, ascii: bool) -> char {
    match tone {
        Tone::Busy | Tone::First if ascii => '|',
        Tone::Busy | Tone::First => '·',
        _ => tone.sign(ascii).chars().next().unwrap_or(' '),
    }
}

/// Whether a part of a long run is shown, whose moments are better told as a clock tells them.
fn is_far_from_start(axis: &Axis) -> bool {
    let span = axis.to - axis.from;
    span >= 60.0 && axis.from > span
}

/// Round times in the last row, a line above them where there is room.
fn time(axis: &Axis, field: &Field, canvas: &mut Canvas, rows: usize, drawn: usize) {
    let first = if rows > 1 { drawn } else { drawn.min(canvas.height - 1) };
    let ticks = if is_far_from_start(axis) {
        field.scale.clock_ticks((field.width / 11).clamp(2, 6))
    } else {
        field.scale.ticks(axis.unit, (field.width / 9).clamp(2, 9))
    };
    let mut y = first;
    if rows > 1 {
        for column in 0..field.width {
            canvas.put(field.left + column, y, '─', Role::Line);
        }
        for (share, _) in &ticks.at {
            if let Some(column) = field.column_of(*share) {
                canvas.put(field.left + column, y, '┬', Role::Line);
            }
        }
        y += 1;
    }
    let unit = ticks.unit;
    let end = canvas.width.saturating_sub(typeset::width(unit) + 1);
    let mut free = 0;
    for (share, text) in &ticks.at {
        let Some(column) = field.column_of(*share) else { continue };
        let wide = typeset::width(text);
        let start = (field.left + column).saturating_sub(wide / 2).max(field.left);
        if start >= free && start + wide <= end {
            canvas.text(start, y, text, Role::Muted);
            free = start + wide + 1;
        }
    }
    canvas.text_to(canvas.width, y, unit, Role::Muted);
}

impl Field {
    fn column_of(&self, share: f64) -> Option<usize> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a few cells"
        )]
        let column = (share.clamp(0.0, 1.0) * self.width as f64) as usize;
        (self.width > 0).then(|| column.min(self.width - 1))
    }
}
