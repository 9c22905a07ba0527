//! The requests running against their ceiling, and below it those turned away.

use super::{Told, mean, up};
use crate::picture::{Body, Chart, Line, Stroke, Tone, Unit, View};
use crate::sim::metric;
use crate::sim::time::as_f64;

/// A ceiling so many times as high as what runs is not drawn.
const FAR: f64 = 1.6;

/// Running above, turned away below; only the first where nothing can be turned away.
pub(super) fn view(told: &Told<'_>) -> View {
    let running = running(told);
    if told.history.counters.total().throttled == 0 {
        return running;
    }
    let title = "running against its ceiling".to_owned();
    let away = turned_away(told);
    View { title, body: Body::Pair(Box::new((running, away))), legend: Vec::new() }
}

fn running(told: &Told<'_>) -> View {
    let stretches = told.ticks();
    let mean_line = stretches.iter().map(|(at, long, tick)| (*at, mean(tick.running_ns, *long)));
    // In steps: between two stretches nothing is known.
    let most_line = stretches.iter().flat_map(|(at, long, tick)| {
        let most = as_f64(tick.running_max);
        [(at - long / 2.0, most), (at + long / 2.0, most)]
    });
    let (mean_line, most_line): (Vec<_>, Vec<_>) = (mean_line.collect(), most_line.collect());
    // All of the run counts, so that the axis does not jump while it goes on.
    let most = told.history.ticks.iter().map(|tick| as_f64(tick.running_max)).fold(0.0, f64::max);
    let mut lines = vec![line("running, on average", Tone::Busy, Stroke::Area, mean_line)];
    let mut highest = most;
    if let Some(budget) = budget(told) {
        let wanted = wanted(told);
        highest = highest.max(wanted.iter().map(|it| it.1).fold(0.0, f64::max));
        lines.push(line("wanted", Tone::Theory, Stroke::Line, wanted));
        lines.push(line("may run", Tone::Second, Stroke::Line, budget));
    } else {
        lines.push(line("most at once", Tone::First, Stroke::Line, most_line));
        let theory = theory(told).map(|it| line("theory", Tone::Theory, Stroke::Line, it));
        lines.extend(theory);
    }
    let mut levels = Vec::new();
    if let Some(limit) = told.params.max_concurrency.map(as_f64).filter(|it| *it <= highest * FAR) {
        levels.push((limit, format!("limit {}", metric::thousands(limit, 0)), Tone::Bad));
        highest = highest.max(limit);
    }
    let chart = Chart {
        x: told.time(),
        y: up("requests running", Unit::Count, highest),
        lines,
        levels,
        places: Vec::new(),
        bands: Vec::new(),
    };
    View { title: "requests running".to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}

fn line(name: &str, tone: Tone, stroke: Stroke, points: Vec<(f64, f64)>) -> Line {
    Line { name: name.to_owned(), tone, stroke, points }
}

/// What would run if nothing were turned away.
fn wanted(told: &Told<'_>) -> Vec<(f64, f64)> {
    along(told, |at| told.wanted(at))
}

/// A value at each of a hundred moments of the whole run, as far as there is one.
fn along(told: &Told<'_>, value: impl Fn(f64) -> Option<f64>) -> Vec<(f64, f64)> {
    let moments = (0..=100_u64).map(|part| as_f64(part) / 100.0 * told.duration_s());
    moments.filter_map(|at| Some((at, value(at)?))).collect()
}

/// How many may run: what may start at once, and what is added to it every second.
fn budget(told: &Told<'_>) -> Option<Vec<(f64, f64)>> {
    let params = told.params;
    let (burst, per_s) = match (params.scale_burst, params.scale_per_s) {
        (None, None) => return None,
        (burst, per_s) => (burst.or(per_s).unwrap_or(0.0), per_s.unwrap_or(0.0)),
    };
    let limit = params.max_concurrency.map_or(f64::INFINITY, as_f64);
    Some(along(told, |at| Some((burst + per_s * at).min(limit))))
}

/// What theory says of the requests running: their mean, with its swing where there is one.
pub(super) fn theory(told: &Told<'_>) -> Option<Vec<(f64, f64)>> {
    let theory = told.shown.theory;
    let mean = *theory.get("running_mean")?;
    let swing = theory.get("running_amplitude").copied().zip(theory.get("running_lag_s").copied());
    let period = match &told.params.arrivals {
        crate::sim::arrivals::Arrivals::Sine { period, .. } => period.as_secs_f64(),
        _ => 1.0,
    };
    Some(along(told, |at| {
        Some(swing.map_or(mean, |(amplitude, lag)| {
            mean + amplitude * libm::sin(std::f64::consts::TAU * (at - lag) / period)
        }))
    }))
}

fn turned_away(told: &Told<'_>) -> View {
    let points =
        told.ticks().into_iter().map(|(at, long, tick)| (at, as_f64(tick.throttled) / long));
    let points: Vec<(f64, f64)> = points.collect();
    // The greatest of the whole run, so that the axis stands still.
    let whole =
        Told { shown: &crate::picture::Shown { at: told.history.end, ..*told.shown }, ..*told };
    let rates = whole.ticks().into_iter().map(|(_, long, tick)| as_f64(tick.throttled) / long);
    let greatest = rates.fold(0.0, f64::max);
    let chart = Chart {
        x: told.time(),
        y: up("turned away a second", Unit::PerSecond, greatest),
        lines: vec![line("", Tone::Bad, Stroke::Area, points)],
        levels: Vec::new(),
        places: Vec::new(),
        bands: Vec::new(),
    };
    View { title: "turned away".to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}
