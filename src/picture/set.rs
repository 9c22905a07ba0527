//! A view as rows for a screen: its body, and below it what the tones mean.

use super::canvas::Canvas;
use super::chart::Neighbour;
use super::{Axis, Body, Chart, Tone, View, bars, chart, grid, lanes, map, table};
use crate::typeset::{self, Role, Row};

/// Side by side, each view of a pair has at least so many cells.
const SIDE_LEAST: usize = 36;
/// The cells between them.
const SIDE_GAP: usize = 4;

/// The rows of `view`: at most `height`, each at most `width` cells, legend and labels included.
/// With `ascii` they hold nothing but ASCII.
pub fn set(view: &View, width: usize, height: usize, ascii: bool) -> Vec<Row> {
    let mut canvas = Canvas::new(width, height, ascii);
    place(view, &mut canvas, Neighbour::default());
    canvas.into_rows()
}

/// Draws `view` on all of `canvas`.
fn place(view: &View, canvas: &mut Canvas, neighbour: Neighbour) {
    if let Body::Pair(pair) = &view.body {
        return place_pair(pair, &view.legend, canvas);
    }
    let legend = match &view.body {
        Body::Chart(chart) if view.legend.is_empty() => chart::legend(chart),
        _ => view.legend.clone(),
    };
    let legend = rows_of(&legend, view, canvas);
    let below = match (legend.len(), canvas.height) {
        (_, 0..=3) | (0, _) => 0,
        (rows, 4..=9) => rows.min(1),
        (rows, 10..=13) => rows.min(2),
        (rows, _) => rows.min(3) + 1,
    };
    let shown = below.min(legend.len());
    let mut inside = Canvas::new(canvas.width, canvas.height - below, canvas.ascii);
    match &view.body {
        Body::Lanes(it) => lanes::draw(it, &mut inside),
        Body::Grid(it) => grid::draw(it, &mut inside),
        Body::Chart(it) => chart::draw(it, &mut inside, neighbour),
        Body::Bars(it) => bars::draw(it, &mut inside),
        Body::Map(it) => map::draw(it, &mut inside),
        Body::Table(it) => table::draw(it, &mut inside),
        Body::Pair(_) => {}
    }
    canvas.paste(0, 0, &inside);
    for (row, legend) in legend.iter().take(shown).enumerate() {
        canvas.paste(0, canvas.height - shown + row, legend);
    }
}

/// The legend in rows of signs with their words.
fn rows_of(legend: &[(Tone, String)], view: &View, canvas: &Canvas) -> Vec<Canvas> {
    let mut rows: Vec<Canvas> = Vec::new();
    let mut at = 0;
    for (tone, words) in legend {
        let sign = sample(*tone, view, canvas.ascii);
        let wide = typeset::width(&sign) + 1 + typeset::width(words);
        if rows.is_empty() || (at > 0 && at + 3 + wide > canvas.width) {
            rows.push(Canvas::new(canvas.width, 1, canvas.ascii));
            at = 0;
        }
        let Some(row) = rows.last_mut() else { break };
        let start = if at == 0 { 0 } else { at + 3 };
        let end = row.text(start, 0, &sign, tone.role());
        at = row.text(end + 1, 0, words, Role::Muted).max(end);
    }
    rows
}

/// The sign of a tone as the body draws it.
fn sample(tone: Tone, view: &View, ascii: bool) -> String {
    let line = match &view.body {
        Body::Chart(it) => chart::line_of(it, tone).map(|line| (it, line)),
        _ => None,
    };
    match line {
        Some((of, line)) => chart::sample(of, line, ascii),
        None => tone.sign(ascii).to_owned(),
    }
}

/// Two views: over each other where they share their axis or there is no room beside each other.
fn place_pair(pair: &(View, View), legend: &[(Tone, String)], canvas: &mut Canvas) {
    let (first, second) = (pair_of(&pair.0, legend), pair_of(&pair.1, legend));
    let shares_axis = match (&first.body, &second.body) {
        (Body::Chart(one), Body::Chart(other)) => shares_only_x(one, other),
        _ => false,
    };
    let (width, height) = (canvas.width, canvas.height);
    let fits_beside = width >= 2 * SIDE_LEAST + SIDE_GAP;
    let alone = Neighbour::default();
    if fits_beside && !(shares_axis && height >= 8) {
        let left = (width - SIDE_GAP) / 2;
        titled(&first, canvas, (0, 0), (left, height), alone);
        let right = (width - left - SIDE_GAP, height);
        return titled(&second, canvas, (left + SIDE_GAP, 0), right, alone);
    }
    if height < 8 {
        return titled(&first, canvas, (0, 0), (width, height), alone);
    }
    let gutter = match (&first.body, &second.body) {
        (Body::Chart(one), Body::Chart(other)) if shares_axis => {
            chart::widest_gutter(one, width).max(chart::widest_gutter(other, width))
        }
        _ => 0,
    };
    let gap = usize::from(height >= 16);
    // The second has the numbers of the axis for both.
    let upper = match (shares_axis, height) {
        (true, 16..) => (height - gap) * 3 / 5,
        (true, _) => {
            height.div_ceil(2) + usize::from(has_legend(&first)).min(height.saturating_sub(9))
        }
        (false, _) => (height - gap) / 2,
    };
    titled(&first, canvas, (0, 0), (width, upper), Neighbour { is_below: shares_axis, gutter });
    let top = upper + gap;
    let rest = (width, height - top);
    titled(&second, canvas, (0, top), rest, Neighbour { is_below: false, gutter });
}

fn has_legend(view: &View) -> bool {
    match &view.body {
        Body::Chart(chart) if view.legend.is_empty() => !chart::legend(chart).is_empty(),
        _ => !view.legend.is_empty(),
    }
}

/// A view of a pair has the pair's legend where it has none.
fn pair_of(view: &View, legend: &[(Tone, String)]) -> View {
    let mut view = view.clone();
    if view.legend.is_empty() {
        view.legend = legend.to_vec();
    }
    view
}

/// Whether two charts share the axis across but not the one upwards, so that one belongs below the
/// other; two that share both are for comparing.
fn shares_only_x(one: &Chart, other: &Chart) -> bool {
    let is_same = |one: &Axis, other: &Axis| {
        (one.unit, one.log) == (other.unit, other.log)
            && one.from.to_bits() == other.from.to_bits()
            && one.to.to_bits() == other.to.to_bits()
    };
    is_same(&one.x, &other.x) && !is_same(&one.y, &other.y)
}

/// Draws `view` at a place of `canvas` under its title, which is what a chart measures.
fn titled(
    view: &View,
    canvas: &mut Canvas,
    (x, y): (usize, usize),
    (width, height): (usize, usize),
    neighbour: Neighbour,
) {
    let mut view = view.clone();
    let mut title = usize::from(height >= 6 && !view.title.is_empty());
    if let Body::Chart(chart) = &mut view.body
        && !view.title.is_empty()
    {
        chart.y.label.clone_from(&view.title);
        title = 0;
    }
    let mut inside = Canvas::new(width, height - title, canvas.ascii);
    place(&view, &mut inside, neighbour);
    if title > 0 {
        let title = typeset::fit(&view.title, width);
        canvas.text(x, y, &title, Role::Strong);
    }
    canvas.paste(x, y + title, &inside);
}
