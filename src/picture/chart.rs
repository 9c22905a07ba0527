//! Lines over an axis:
//!
//! ```text
//! requests running
//! 60 ┊╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ limit
//! 40 ┊   ⣀⡠⠤⠔⠒⠉⠉⠒⠤⣀
//! 20 ┊⢀⠔⠁          ⠉⠒⠤
//!  0 ┊─────────────────────────
//!     0        10        20
//!                  time, min
//! ```

mod lines;

use super::axis::{self, Scale, Ticks};
use super::canvas::Canvas;
use super::{Chart, Line, Tone};
use crate::typeset::{self, Role};

pub(super) use lines::sample;

/// The inside of a chart, and how values lie in it.
pub(super) struct Plot {
    /// The cell of its upper left corner.
    left: usize,
    top: usize,
    /// Its cells, at least one each way.
    width: usize,
    height: usize,
    x: Scale,
    y: Scale,
}

impl Plot {
    /// The column of a share of the width, if it is inside.
    fn column(&self, share: f64) -> Option<usize> {
        let last = cells(self.width - 1);
        (-1e-9..=1.0 + 1e-9).contains(&share).then(|| whole(share * last).min(self.width - 1))
    }

    /// The row of a share of the height, from above, if it is inside.
    fn row(&self, share: f64) -> Option<usize> {
        let last = cells(4 * self.height - 1);
        let inside = (-1e-9..=1.0 + 1e-9).contains(&share);
        inside.then(|| (whole((1.0 - share) * last) / 4).min(self.height - 1))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a screen has few cells")]
const fn cells(count: usize) -> f64 {
    count as f64
}

/// The nearest whole number of cells; 0 for what is below.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is meant"
)]
fn whole(value: f64) -> usize {
    value.max(0.0).round() as usize
}

/// How a chart stands to another that has the same axis across.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Neighbour {
    /// The other is below and has the numbers of the axis for both.
    pub(super) is_below: bool,
    /// The columns that both leave on the left, at least.
    pub(super) gutter: usize,
}

/// Draws `chart` on all of `canvas`.
pub(super) fn draw(chart: &Chart, canvas: &mut Canvas, neighbour: Neighbour) {
    let (width, height) = (canvas.width, canvas.height);
    if width < 4 || height == 0 {
        return;
    }
    let (x, y) = (Scale::of(&chart.x), Scale::of(&chart.y));
    let has_head = height >= 4 && (!chart.y.label.is_empty() || !chart.places.is_empty());
    let below = if neighbour.is_below { 0 } else { rows_below(height) };
    let rows = height - usize::from(has_head) - below;
    let y_ticks = y.ticks(chart.y.unit, (rows / 2).clamp(2, 6));
    let gutter = gutter(&y_ticks, width).max(neighbour.gutter.min(width / 3));
    let plot = Plot {
        left: gutter,
        top: usize::from(has_head),
        width: width - gutter,
        height: rows.max(1),
        x,
        y,
    };
    y_axis(&plot, &y_ticks, canvas);
    if has_head {
        let label = axis::label(&chart.y, y_ticks.unit);
        let end = canvas.text(0, 0, &label, Role::Muted);
        places(chart, &plot, canvas, end + 2);
    } else {
        places(chart, &plot, canvas, width);
    }
    if below > 0 {
        x_axis(chart, &plot, canvas, below);
    }
    bands(chart, &plot, canvas);
    lines::draw(chart, &plot, canvas);
    levels(chart, &plot, canvas);
}

/// How many rows go to the line below, its numbers, and its label where that has a row of its own.
fn rows_below(height: usize) -> usize {
    match height {
        0..=2 => 0,
        3..=6 => 1,
        _ => 2,
    }
}

/// The most columns that a chart of `width` leaves on the left, however high it is.
pub(super) fn widest_gutter(chart: &Chart, width: usize) -> usize {
    let of = |most| gutter(&Scale::of(&chart.y).ticks(chart.y.unit, most), width);
    (2..=6).map(of).max().unwrap_or(0)
}

/// The columns before the plot.
fn gutter(ticks: &Ticks, width: usize) -> usize {
    let widest = ticks.at.iter().map(|(_, text)| typeset::width(text)).max().unwrap_or(0);
    if width < 20 || widest + 1 > width / 3 { 0 } else { widest + 2 }
}

fn y_axis(plot: &Plot, ticks: &Ticks, canvas: &mut Canvas) {
    if plot.left < 2 {
        return;
    }
    let mut taken = None;
    for (share, text) in &ticks.at {
        let Some(row) = plot.row(*share).filter(|row| Some(*row) != taken) else { continue };
        canvas.text_to(plot.left - 1, plot.top + row, text, Role::Muted);
        taken = Some(row);
    }
}

/// The line below the plot (where there is room), round numbers, and what they count.
fn x_axis(chart: &Chart, plot: &Plot, canvas: &mut Canvas, rows: usize) {
    let mut y = plot.top + plot.height;
    let ticks = plot.x.ticks(chart.x.unit, (plot.width / 9).clamp(2, 9));
    let columns: Vec<(usize, &str)> = ticks
        .at
        .iter()
        .filter_map(|(share, text)| Some((plot.left + plot.column(*share)?, text.as_str())))
        .collect();
    if rows > 1 {
        for column in 0..plot.width {
            canvas.put(plot.left + column, y, '─', Role::Line);
        }
        for (column, _) in &columns {
            canvas.put(*column, y, '┬', Role::Line);
        }
        y += 1;
    }
    let label = axis::label(&chart.x, ticks.unit);
    let label_width = typeset::width(&label);
    let has_room = label_width + 8 < plot.width;
    let end = if has_room { canvas.width - label_width - 2 } else { canvas.width };
    let mut free = plot.left.saturating_sub(1);
    for (column, text) in columns {
        let wide = typeset::width(text);
        let start = column.saturating_sub(wide / 2).max(plot.left).max(free);
        if start > column || start + wide > end {
            continue;
        }
        canvas.text(start, y, text, Role::Muted);
        free = start + wide + 1;
    }
    if has_room {
        canvas.text_to(canvas.width, y, &label, Role::Muted);
    }
}

/// Shaded stretches, their names at the top.
fn bands(chart: &Chart, plot: &Plot, canvas: &mut Canvas) {
    for (from, to, name) in &chart.bands {
        let (Some(from), Some(to)) = (plot.x.at(*from), plot.x.at(*to)) else { continue };
        if from > 1.0 || to < 0.0 || from > to {
            continue;
        }
        let (Some(first), Some(last)) =
            (plot.column(from.clamp(0.0, 1.0)), plot.column(to.clamp(0.0, 1.0)))
        else {
            continue;
        };
        for row in 0..plot.height {
            for column in first..=last {
                canvas.put(plot.left + column, plot.top + row, '░', Role::Line);
            }
        }
        if !name.is_empty() {
            let room = last + 1 - first;
            let name = typeset::fit(name, room.max(3).min(plot.width - first));
            canvas.text(plot.left + first, plot.top, &name, Role::Muted);
        }
    }
}

/// Upright lines where something is, their names in the row above the plot from column `free` on.
fn places(chart: &Chart, plot: &Plot, canvas: &mut Canvas, mut free: usize) {
    for (at, name) in &chart.places {
        let Some(column) = plot.x.at(*at).and_then(|share| plot.column(share)) else { continue };
        let column = plot.left + column;
        for row in 0..plot.height {
            canvas.put(column, plot.top + row, '┊', Role::Muted);
        }
        let wide = typeset::width(name);
        if name.is_empty() || plot.top == 0 || wide > canvas.width {
            continue;
        }
        let start = column.saturating_sub(wide / 2).max(free).min(canvas.width - wide);
        if start >= free {
            canvas.text(start, 0, name, Role::Body);
            free = start + wide + 2;
        }
    }
}

/// Broken lines at heights worth knowing, each with its name where nothing else is.
fn levels(chart: &Chart, plot: &Plot, canvas: &mut Canvas) {
    for (value, name, tone) in &chart.levels {
        let Some(row) = plot.y.at(*value).and_then(|share| plot.row(share)) else { continue };
        let y = plot.top + row;
        for column in 0..plot.width {
            let x = plot.left + column;
            if canvas.is_blank(x, y) || matches!(canvas.at(x, y), Some('░' | '┊')) {
                canvas.put(x, y, '╌', tone.role());
            }
        }
        name_level(name, tone.role(), plot, canvas, row);
    }
}

fn name_level(name: &str, role: Role, plot: &Plot, canvas: &mut Canvas, row: usize) {
    let name = format!(" {} ", typeset::fit(name, plot.width.saturating_sub(4)));
    let wide = typeset::width(&name);
    if name.trim().is_empty() || wide + 2 > plot.width {
        return;
    }
    let right = plot.left + plot.width - wide - 1;
    let left = plot.left + 1;
    let rows = [Some(row), row.checked_sub(1), Some(row + 1).filter(|it| *it < plot.height)];
    let dash = if canvas.ascii { '-' } else { '╌' };
    let free = |canvas: &Canvas, x: usize, y: usize| {
        (x..x + wide).all(|x| canvas.is_blank(x, y) || canvas.at(x, y) == Some(dash))
    };
    let places = rows.into_iter().flatten().flat_map(|row| [(right, row), (left, row)]);
    let place = places.into_iter().find(|&(x, row)| free(canvas, x, plot.top + row));
    let (x, row) = place.unwrap_or((right, row));
    for column in x..x + wide {
        canvas.put(column, plot.top + row, ' ', Role::Body);
    }
    canvas.text(x + 1, plot.top + row, name.trim(), role);
}

/// What a chart's legend says where the view has none: its lines by name, if there are several.
pub(super) fn legend(chart: &Chart) -> Vec<(Tone, String)> {
    let named = chart.lines.iter().filter(|line| !line.name.is_empty());
    let legend: Vec<(Tone, String)> = named.map(|line| (line.tone, line.name.clone())).collect();
    if legend.len() > 1 { legend } else { Vec::new() }
}

/// The line that a tone in the legend stands for.
pub(super) fn line_of(chart: &Chart, tone: Tone) -> Option<&Line> {
    chart.lines.iter().find(|line| line.tone == tone)
}
