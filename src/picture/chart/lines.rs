//! The lines of a chart: thin ones of dots, eight to a cell; areas of eighths of a cell.

use super::super::canvas::Canvas;
use super::{Plot, cells, whole};
use crate::picture::{Chart, Line, Stroke, Tone};

/// Parts of a cell, filled from below.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn draw(chart: &Chart, plot: &Plot, canvas: &mut Canvas) {
    for line in chart.lines.iter().filter(|line| line.stroke == Stroke::Area) {
        area(line, is_hatched(chart, line.tone), plot, canvas);
    }
    for line in chart.lines.iter().filter(|line| line.stroke != Stroke::Area) {
        match line.stroke {
            Stroke::Dots => dots(line, plot, canvas),
            _ => thin(line, has_areas(chart), plot, canvas),
        }
    }
}

/// Whether the `step`th dot of a line is drawn: what tells lines apart beside their colours. Over
/// areas, which fill whole cells, they are told apart by longer strokes.
const fn is_drawn(tone: Tone, is_over: bool, step: usize) -> bool {
    match tone {
        Tone::Theory if is_over => step % 8 < 4,
        Tone::Second if is_over => step % 12 < 8,
        Tone::Theory => step.is_multiple_of(3),
        Tone::Before => step.is_multiple_of(4),
        Tone::Second => step % 8 < 5,
        Tone::Bad => step % 5 < 3,
        _ => true,
    }
}

fn has_areas(chart: &Chart) -> bool {
    chart.lines.iter().any(|line| line.stroke == Stroke::Area)
}

/// Whether an area is filled with the sign of its tone: one among several that is not the main one.
fn is_hatched(chart: &Chart, tone: Tone) -> bool {
    let areas = chart.lines.iter().filter(|line| line.stroke == Stroke::Area).count();
    areas > 1 && !matches!(tone, Tone::Busy | Tone::First)
}

/// What stands for a line's dots in ASCII.
const fn letter(tone: Tone) -> char {
    match tone {
        Tone::Starting => 'o',
        Tone::Idle => '.',
        Tone::Gone => 'x',
        Tone::Doubtful => '%',
        Tone::Bad => '!',
        Tone::Second => '=',
        Tone::Theory => '-',
        Tone::Before => '\'',
        Tone::Busy | Tone::Good | Tone::First => '*',
    }
}

/// How a line is drawn, in a few cells.
pub(in crate::picture) fn sample(chart: &Chart, line: &Line, ascii: bool) -> String {
    let (tone, stroke, is_over) = (line.tone, line.stroke, has_areas(chart));
    match (stroke, ascii) {
        (Stroke::Area, _) if ascii || is_hatched(chart, tone) => tone.sign(ascii).to_owned(),
        (Stroke::Area, _) => "▆".to_owned(),
        (Stroke::Dots, true) => letter(tone).to_string(),
        (Stroke::Dots, false) => "•".to_owned(),
        (Stroke::Line, true) => letter(tone).to_string().repeat(2),
        (Stroke::Line, false) => {
            let dot = |step| u32::from(is_drawn(tone, is_over, step));
            let cell = |at: usize| char::from_u32(0x2800 + 0x02 * dot(at) + 0x10 * dot(at + 1));
            let cells = if is_over { [0, 2, 4, 6, 8].as_slice() } else { &[0, 2, 4] };
            cells.iter().filter_map(|at| cell(*at)).collect()
        }
    }
}

/// One point of its own for each.
fn dots(line: &Line, plot: &Plot, canvas: &mut Canvas) {
    let sign = if canvas.ascii { letter(line.tone) } else { '•' };
    for &(x, y) in &line.points {
        let place = |x, y| Some((plot.column(plot.x.at(x)?)?, plot.row(plot.y.at(y)?)?));
        if let Some((column, row)) = place(x, y).filter(|_| y.is_finite()) {
            canvas.put(plot.left + column, plot.top + row, sign, line.tone.role());
        }
    }
}

/// Filled from the axis up: in each column the greatest value there, or one between neighbours.
fn area(line: &Line, is_hatched: bool, plot: &Plot, canvas: &mut Canvas) {
    for (column, share) in shares(line, plot).into_iter().enumerate() {
        let Some(share) = share else { continue };
        let eighths = whole(share.clamp(0.0, 1.0) * cells(8 * plot.height));
        for row in 0..plot.height {
            let filled = eighths.saturating_sub(8 * (plot.height - 1 - row)).min(8);
            let (x, y) = (plot.left + column, plot.top + row);
            let role = line.tone.role();
            if canvas.ascii || is_hatched {
                if filled >= 4 {
                    canvas.sign(x, y, line.tone.sign(canvas.ascii), role);
                }
            } else if canvas.is_blank(x, y) {
                canvas.put(x, y, EIGHTHS.get(filled).copied().unwrap_or('█'), role);
            } else if filled >= 4 {
                // Over another area no gap is left between the two.
                canvas.put(x, y, '█', role);
            }
        }
    }
}

/// The height of an area at each column of the plot.
fn shares(line: &Line, plot: &Plot) -> Vec<Option<f64>> {
    let mut shares: Vec<Option<f64>> = vec![None; plot.width];
    let mut before: Option<(f64, f64)> = None;
    for &(x, y) in &line.points {
        let (Some(x), Some(y)) = (plot.x.at(x), plot.y.at(y).filter(|_| y.is_finite())) else {
            before = None;
            continue;
        };
        let at = x * cells(plot.width - 1);
        if let Some((from, height)) = before {
            let first = whole(from.ceil());
            for (column, share) in shares.iter_mut().enumerate().skip(first) {
                let column = cells(column);
                if column > at {
                    break;
                }
                let between = height + (y - height) * ((column - from) / (at - from).max(1e-9));
                *share = Some(share.map_or(between, |it| it.max(between)));
            }
        }
        if let Some(share) = plot.column(x).and_then(|column| shares.get_mut(column)) {
            *share = Some(share.map_or(y, |it| it.max(y)));
        }
        before = Some((at, y));
    }
    shares
}

/// A thin line through all points; in ASCII one letter a cell.
fn thin(line: &Line, is_over: bool, plot: &Plot, canvas: &mut Canvas) {
    let (across, up) = if canvas.ascii { (1, 1) } else { (2, 4) };
    let drawn = |step| is_drawn(line.tone, is_over, step);
    let mut raster = Raster::new(plot.width * across, plot.height * up);
    let mut before: Option<(f64, f64)> = None;
    for &(x, y) in &line.points {
        let shares = plot.x.at(x).zip(plot.y.at(y)).filter(|_| y.is_finite());
        let Some((x, y)) = shares else {
            before = None;
            continue;
        };
        // Far outside it does not matter where.
        let x = x.clamp(-1.0, 2.0) * cells(raster.width - 1);
        let y = (1.0 - y.clamp(-1.0, 2.0)) * cells(raster.height - 1);
        match before {
            Some(from) => raster.line(from, (x, y), drawn),
            None => raster.line((x, y), (x, y), drawn),
        }
        before = Some((x, y));
    }
    let role = line.tone.role();
    for row in 0..plot.height {
        for column in 0..plot.width {
            let (x, y) = (plot.left + column, plot.top + row);
            if canvas.ascii {
                if raster.is_set(column, row) {
                    canvas.put(x, y, letter(line.tone), role);
                }
                continue;
            }
            let own = raster.braille(column, row);
            if own != 0 {
                let there = canvas.at(x, y).map_or(0, |c| u32::from(c).wrapping_sub(0x2800));
                let there = if there < 0x100 { there } else { 0 };
                canvas.put(x, y, char::from_u32(0x2800 + (own | there)).unwrap_or(' '), role);
            }
        }
    }
}

/// Dots that are set or not.
struct Raster {
    width: usize,
    height: usize,
    dots: Vec<bool>,
    /// How many steps the line has gone.
    steps: usize,
}

impl Raster {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, dots: vec![false; width * height], steps: 0 }
    }

    fn is_set(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dots.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// A straight line, dot by dot.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), is_drawn: impl Fn(usize) -> bool) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let count = whole(across.abs().max(down.abs()).ceil());
        for step in 0..=count {
            if step == 0 && count > 0 && self.steps > 0 {
                continue;
            }
            let share = cells(step) / cells(count.max(1));
            let (x, y) = (from.0 + across * share, from.1 + down * share);
            let inside = x > -0.5 && y > -0.5;
            let (x, y) = (whole(x), whole(y));
            if inside && x < self.width && y < self.height && is_drawn(self.steps) {
                self.dots[y * self.width + x] = true;
            }
            self.steps += 1;
        }
    }

    /// The dots of a cell as the number of its braille sign.
    fn braille(&self, column: usize, row: usize) -> u32 {
        const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let mut sum = 0;
        for (down, dots) in DOTS.iter().enumerate() {
            for (across, dot) in dots.iter().enumerate() {
                sum |= if self.is_set(2 * column + across, 4 * row + down) { *dot } else { 0 };
            }
        }
        sum
    }
}
