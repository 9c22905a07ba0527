//! Functions that share an account, side by side.

use super::{Told, mean, up};
use crate::picture::{Bar, Bars, Body, Chart, Line, Stroke, Tone, Unit, View};
use crate::sim::metric;
use crate::sim::platform::{Flow, FunctionTick, Params};
use crate::sim::ticks::{Tick, Ticks};
use crate::sim::time::as_f64;

/// The first two functions, each against what it may use; `None` where that is not told.
pub(super) fn side_by_side(told: &Told<'_>) -> Option<View> {
    let (first, second) = (one(told, 0)?, one(told, 1)?);
    Some(View {
        title: "two functions against their ceilings".to_owned(),
        body: Body::Pair(Box::new((first, second))),
        legend: Vec::new(),
    })
}

/// What a function may use: what is kept for it alone, else what the others leave.
fn ceiling(params: &Params, function: usize) -> Option<(f64, &'static str)> {
    if let Some(reserved) = params.functions.get(function)?.reserved {
        return Some((as_f64(reserved), "reserved"));
    }
    let kept: u64 = params.functions.iter().filter_map(|it| it.reserved).sum();
    Some((as_f64(params.max_concurrency?.saturating_sub(kept)), "shared"))
}

fn one(told: &Told<'_>, function: usize) -> Option<View> {
    let ticks = told.history.requests.functions.get(function)?;
    let name = &told.params.functions.get(function)?.name;
    let width = ticks.width().as_secs_f64();
    let stretches = told.stretches(ticks.all(), width, FunctionTick::joined);
    let most = told.history.requests.functions.iter().flat_map(Ticks::all);
    let most = most.map(|tick| as_f64(tick.running_max)).fold(0.0, f64::max);
    let ceilings = (0..told.params.functions.len()).filter_map(|it| ceiling(told.params, it));
    // Both have one scale, so that they can be compared.
    let highest = ceilings.map(|it| it.0).filter(|it| *it <= 3.0 * most).fold(most, f64::max);
    let level = ceiling(told.params, function).filter(|it| it.0 <= highest);
    let level = level
        .map(|(at, kind)| (at, format!("{kind} {}", metric::said(Unit::Count, at)), Tone::Bad));
    let (tries, away) = stretches
        .iter()
        .fold((0, 0), |(tries, away), (.., it)| (tries + it.tries, away + it.throttled));
    let share = metric::said(Unit::Share, as_f64(away) / as_f64(tries.max(1)));
    let line = |name: &str, tone, points| Line {
        name: name.to_owned(),
        tone,
        stroke: Stroke::Area,
        points,
    };
    let mut lines = vec![line(name, Tone::Busy, running(told, function)?)];
    if let Some(together) = together(told, function) {
        lines.insert(0, line("with the others", Tone::Idle, together));
    }
    let chart = Chart {
        x: told.time(),
        y: up("running", Unit::Count, highest),
        lines,
        levels: level.into_iter().collect(),
        places: Vec::new(),
        bands: Vec::new(),
    };
    let title = format!("{name}: {share} turned away");
    Some(View { title, body: Body::Chart(chart), legend: Vec::new() })
}

/// The requests of a function that run, on average.
fn running(told: &Told<'_>, function: usize) -> Option<Vec<(f64, f64)>> {
    let ticks = told.history.requests.functions.get(function)?;
    let width = ticks.width().as_secs_f64();
    let stretches = told.stretches(ticks.all(), width, FunctionTick::joined);
    Some(stretches.iter().map(|(at, long, it)| (*at, mean(it.running_ns, *long))).collect())
}

/// The same of all functions that share its places, if it shares them.
fn together(told: &Told<'_>, function: usize) -> Option<Vec<(f64, f64)>> {
    let functions = &told.params.functions;
    let is_shared = |it: &usize| functions.get(*it).is_some_and(|it| it.reserved.is_none());
    let sharing: Vec<usize> = (0..functions.len()).filter(is_shared).collect();
    if !sharing.contains(&function) || sharing.len() < 2 {
        return None;
    }
    let mut sum = running(told, function)?;
    for other in sharing.into_iter().filter(|it| *it != function) {
        for (mine, theirs) in sum.iter_mut().zip(running(told, other)?) {
            mine.1 += theirs.1;
        }
    }
    Some(sum)
}

/// What became of the tries of each function in the whole run.
pub(super) fn bars(told: &Told<'_>) -> View {
    let bar = |(name, flow): (&String, &Flow)| {
        let share = as_f64(flow.throttled) / as_f64(flow.attempts.max(1));
        let said = metric::said(Unit::Share, share);
        Bar {
            label: name.clone(),
            parts: vec![(as_f64(flow.served), Tone::Good), (as_f64(flow.throttled), Tone::Bad)],
            note: Some(format!("{said} turned away")),
        }
    };
    let names = told.params.functions.iter().map(|function| &function.name);
    let bars = names.zip(&told.history.counters.flows).map(bar).collect();
    View {
        title: "served and turned away, in the whole run".to_owned(),
        body: Body::Bars(Bars { unit: Unit::Count, bars }),
        legend: vec![(Tone::Good, "served".to_owned()), (Tone::Bad, "turned away".to_owned())],
    }
}
