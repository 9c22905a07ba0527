//! Rows of text; and the table that any view is, for those who cannot see it.

use super::canvas::Canvas;
use super::run;
use super::{Bars, Body, Chart, Grid, Lanes, Map, Table, Tone, Unit, View};
use crate::sim::metric;
use crate::typeset::{self, Role};

/// The cells between two columns.
const GAP: usize = 3;
/// A chart's table has at most so many rows.
const ROWS_OF_CHART: usize = 24;
/// The table of lanes has at most so many.
const ROWS_OF_LANES: usize = 200;

/// Draws `table` on all of `canvas`.
pub(super) fn draw(table: &Table, canvas: &mut Canvas) {
    if canvas.width == 0 || canvas.height == 0 {
        return;
    }
    let mut widths = widths(table);
    fit(&mut widths, canvas.width);
    let has_heads = table.heads.iter().any(|head| !head.is_empty());
    let mut y = 0;
    if has_heads {
        draw_row(&table.heads, &widths, canvas, y, Role::TableHeader);
        y += 1;
        let room = canvas.height.saturating_sub(y);
        if room > table.rows.len() && canvas.height >= 5 {
            let wide: usize = widths.iter().map(|wide| wide + GAP).sum();
            for column in 0..wide.saturating_sub(GAP) {
                canvas.put(column, y, '─', Role::Line);
            }
            y += 1;
        }
    }
    let room = canvas.height - y.min(canvas.height);
    let kept = if table.rows.len() > room { room.saturating_sub(1) } else { table.rows.len() };
    for row in table.rows.iter().take(kept) {
        draw_row(row, &widths, canvas, y, Role::Body);
        y += 1;
    }
    if kept < table.rows.len() {
        canvas.text(0, y, &format!("and {} more", table.rows.len() - kept), Role::Muted);
    }
}

fn widths(table: &Table) -> Vec<usize> {
    let mut widths: Vec<usize> = table.heads.iter().map(|head| typeset::width(head)).collect();
    for row in &table.rows {
        for (column, cell) in row.iter().enumerate() {
            let wide = typeset::width(cell);
            match widths.get_mut(column) {
                Some(width) => *width = wide.max(*width),
                None => widths.push(wide),
            }
        }
    }
    widths
}

/// Brings columns down to `room`: the first gives way down to 12 cells, then the last ones go.
fn fit(widths: &mut Vec<usize>, room: usize) {
    let sum = |widths: &[usize]| widths.iter().map(|wide| wide + GAP).sum::<usize>() - GAP;
    while !widths.is_empty() && sum(widths) > room {
        let over = sum(widths) - room;
        let least = if widths.len() == 1 { 0 } else { 12 };
        if let Some(first) = widths.first_mut()
            && first.saturating_sub(over) >= least.min(*first)
        {
            *first -= over.min(*first);
            return;
        }
        widths.pop();
    }
}

fn draw_row(cells: &[String], widths: &[usize], canvas: &mut Canvas, y: usize, role: Role) {
    let mut x = 0;
    for (column, (cell, &wide)) in cells.iter().zip(widths).enumerate() {
        let cell = typeset::fit(cell, wide);
        if column == 0 {
            canvas.text(x, y, &cell, role);
        } else {
            canvas.text_to(x + wide, y, &cell, role);
        }
        x += wide + GAP;
    }
}

/// What `view` shows as rows of text.
pub fn table(view: &View) -> Table {
    match &view.body {
        Body::Lanes(lanes) => of_lanes(lanes, &view.legend),
        Body::Grid(grid) => of_grid(grid, &view.legend),
        Body::Chart(chart) => of_chart(chart),
        Body::Bars(bars) => of_bars(bars, &view.legend),
        Body::Map(map) => of_map(map),
        Body::Table(table) => table.clone(),
        Body::Pair(pair) => {
            let (first, second) = (table(&pair.0), table(&pair.1));
            let columns = first.heads.len().max(second.heads.len());
            let mut rows = first.rows;
            rows.push(Vec::new());
            rows.push(second.heads);
            rows.extend(second.rows);
            let mut heads = first.heads;
            for row in rows.iter_mut().chain([&mut heads]) {
                row.resize(columns, String::new());
            }
            Table { heads, rows }
        }
    }
}

fn texts<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// What the legend calls `tone`.
fn name(tone: Tone, legend: &[(Tone, String)]) -> String {
    let named = legend.iter().find(|(other, _)| *other == tone).map(|(_, name)| name.clone());
    named.unwrap_or_else(|| {
        match tone {
            Tone::Starting => "starting",
            Tone::Busy => "running",
            Tone::Idle => "idle",
            Tone::Gone => "gone",
            Tone::Good => "good",
            Tone::Doubtful => "doubtful",
            Tone::Bad => "bad",
            Tone::First => "first",
            Tone::Second => "second",
            Tone::Theory => "theory",
            Tone::Before => "before",
        }
        .to_owned()
    })
}

fn of_lanes(lanes: &Lanes, legend: &[(Tone, String)]) -> Table {
    let mut rows = Vec::new();
    let said = |at: f64| metric::clock(at);
    for lane in &lanes.lanes {
        if lane.runs.is_empty() && !lane.marks.is_empty() {
            let last = lane.marks.last().map_or(0.0, |mark| mark.0);
            let first = lane.marks.first().map_or(0.0, |mark| mark.0);
            let count = format!("{} times", lane.marks.len());
            rows.push(vec![lane.label.clone(), count, said(first), said(last)]);
        }
        for &(from, to, tone) in &lane.runs {
            rows.push(vec![lane.label.clone(), name(tone, legend), said(from), said(to)]);
        }
    }
    rows.truncate(ROWS_OF_LANES);
    Table { heads: texts(["", "what", "from", "to"]), rows }
}

fn of_grid(grid: &Grid, legend: &[(Tone, String)]) -> Table {
    let mut tones: Vec<Tone> = grid.cells.clone();
    tones.sort_unstable();
    tones.dedup();
    let count = |tone: Tone| grid.cells.iter().filter(|it| **it == tone).count();
    let mut rows: Vec<Vec<String>> =
        tones.into_iter().map(|tone| vec![name(tone, legend), counted(count(tone))]).collect();
    if grid.more > 0 {
        rows.push(vec!["not shown".to_owned(), counted(grid.more)]);
    }
    Table { heads: texts(["what", "how many"]), rows }
}

fn counted(count: usize) -> String {
    run::number(u64::try_from(count).unwrap_or(u64::MAX))
}

fn said(unit: Unit, value: f64, is_place: bool) -> String {
    if unit == Unit::Seconds && is_place { metric::clock(value) } else { metric::said(unit, value) }
}

/// A row for each of a few places along the axis, a column a line.
fn of_chart(chart: &Chart) -> Table {
    let mut heads = vec![chart.x.label.clone()];
    heads.extend(chart.lines.iter().map(|line| match line.name.as_str() {
        "" => chart.y.label.clone(),
        name => name.to_owned(),
    }));
    let longest = chart.lines.iter().map(|line| line.points.as_slice()).max_by_key(|it| it.len());
    let points = longest.unwrap_or_default();
    let stride = points.len().div_ceil(ROWS_OF_CHART).max(1);
    let is_time = chart.x.label.is_empty() || chart.x.label == "time";
    let mut rows = Vec::new();
    for &(x, _) in points.iter().step_by(stride) {
        let mut row = vec![said(chart.x.unit, x, is_time)];
        row.extend(chart.lines.iter().map(|line| {
            let at = line.points.iter().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()));
            at.map_or_else(String::new, |point| said(chart.y.unit, point.1, false))
        }));
        rows.push(row);
    }
    for (value, name, _) in &chart.levels {
        let mut row = vec![name.clone(), said(chart.y.unit, *value, false)];
        row.resize(heads.len().max(2), String::new());
        rows.push(row);
    }
    for (at, name) in chart.places.iter().filter(|(_, name)| !name.is_empty()) {
        // A place on the axis, not a value of a line: it stands where places stand.
        let at = said(chart.x.unit, *at, is_time);
        let is_said = name.contains(&at);
        rows.push(vec![if is_said { name.clone() } else { format!("{name}: {at}") }]);
    }
    heads.resize(heads.len().max(2), String::new());
    for row in &mut rows {
        row.resize(heads.len(), String::new());
    }
    Table { heads, rows }
}

fn of_bars(bars: &Bars, legend: &[(Tone, String)]) -> Table {
    let mut tones: Vec<Tone> = bars.bars.iter().flat_map(|it| &it.parts).map(|it| it.1).collect();
    tones.sort_unstable();
    tones.dedup();
    let mut heads = vec![String::new()];
    if tones.len() > 1 {
        heads.extend(tones.iter().map(|tone| name(*tone, legend)));
    }
    heads.push("together".to_owned());
    let row = |bar: &super::Bar| {
        let of = |tone: Tone| bar.parts.iter().filter(|it| it.1 == tone).map(|it| it.0).sum();
        let mut row = vec![bar.label.clone()];
        if tones.len() > 1 {
            row.extend(tones.iter().map(|tone| metric::said(bars.unit, of(*tone))));
        }
        let sum = bar.parts.iter().map(|it| it.0).sum();
        row.push(bar.note.clone().unwrap_or_else(|| metric::said(bars.unit, sum)));
        row
    };
    Table { heads, rows: bars.bars.iter().map(row).collect() }
}

fn of_map(map: &Map) -> Table {
    let row = |node: &super::Node| {
        let called = |&(to, waits): &(usize, bool)| {
            let name = map.nodes.get(to)?.name.clone();
            Some(if waits { name } else { format!("{name} (not waited for)") })
        };
        let calls: Vec<String> = node.calls.iter().filter_map(called).collect();
        let state = match node.lamp {
            Tone::Good => "well",
            Tone::Doubtful => "doubtful",
            Tone::Bad => "failing",
            Tone::Idle => "idle",
            _ => "at work",
        };
        // What waits for room has none: its number stands beside.
        let filled = node.filled.map(|it| metric::said(Unit::Share, it.min(1.0)));
        let filled = filled.unwrap_or_default();
        vec![node.name.clone(), state.to_owned(), filled, node.note.clone(), calls.join(", ")]
    };
    let heads = texts(["service", "state", "room taken", "", "calls"]);
    Table { heads, rows: map.nodes.iter().map(row).collect() }
}
