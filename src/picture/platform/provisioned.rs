//! What runs against what was provisioned; above that level requests start cold.

use super::{Told, ceiling, mean, up};
use crate::picture::{Body, Chart, Line, Stroke, Tone, Unit, View};
use crate::sim::metric;
use crate::sim::time::as_f64;

/// Demand above, cold starts below.
pub(super) fn view(told: &Told<'_>) -> View {
    let (demand, cold) = (demand(told), cold_starts(told));
    let title = "demand against what is provisioned".to_owned();
    View { title, body: Body::Pair(Box::new((demand, cold))), legend: Vec::new() }
}

fn demand(told: &Told<'_>) -> View {
    let level = f64::from(told.params.provisioned) * f64::from(told.params.concurrency_per_env);
    let running =
        told.ticks().into_iter().map(|(at, long, tick)| (at, mean(tick.running_ns, long)));
    let running: Vec<(f64, f64)> = running.collect();
    let within = running.iter().map(|(at, it)| (*at, it.min(level))).collect();
    let tick_s = told.tick_s();
    let all = told.history.ticks.iter().map(|tick| mean(tick.running_ns, tick_s));
    let most = all.fold(0.0, f64::max);
    let highest = if level <= 3.0 * most.max(1.0) { most.max(level) } else { most };
    let mut lines = vec![
        line("above: on demand", Tone::Starting, Stroke::Area, running),
        line("on what is provisioned", Tone::Busy, Stroke::Area, within),
    ];
    if let Some(theory) = ceiling::theory(told) {
        lines.push(line("theory", Tone::Theory, Stroke::Line, theory));
    }
    let name = format!("provisioned {}", metric::said(Unit::Count, level));
    let chart = Chart {
        x: told.time(),
        y: up("requests running", Unit::Count, highest),
        lines,
        levels: vec![(level, name, Tone::Good)],
        places: Vec::new(),
        bands: Vec::new(),
    };
    View { title: "demand".to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}

fn line(name: &str, tone: Tone, stroke: Stroke, points: Vec<(f64, f64)>) -> Line {
    Line { name: name.to_owned(), tone, stroke, points }
}

fn cold_starts(told: &Told<'_>) -> View {
    let whole =
        Told { shown: &crate::picture::Shown { at: told.history.end, ..*told.shown }, ..*told };
    let rate = |(at, long, tick): (f64, f64, crate::sim::platform::Tick)| {
        (at, 60.0 * as_f64(tick.cold_starts) / long)
    };
    let points: Vec<(f64, f64)> = told.ticks().into_iter().map(rate).collect();
    let greatest = whole.ticks().into_iter().map(|it| rate(it).1).fold(0.0, f64::max);
    let chart = Chart {
        x: told.time(),
        y: up("cold starts a minute", Unit::Count, greatest),
        lines: vec![line("", Tone::Starting, Stroke::Area, points)],
        levels: Vec::new(),
        places: Vec::new(),
        bands: Vec::new(),
    };
    View { title: "cold starts".to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}
