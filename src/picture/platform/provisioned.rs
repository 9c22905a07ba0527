//! What runs against what was provisioned; above that level requests start cold.

use super::{Told, ceiling, mean, up};
use crate::picture::{Bar, Bars, Body, Chart, Line, Stroke, Tone, Unit, View};
use crate::sim::metric;
use crate::sim::prices::{Arch, Prices};
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
    View { title: "cold starts a minute".to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}

/// What an hour costs as it is, and if all of it ran on demand; of the whole run.
pub(super) fn cost(told: &Told<'_>) -> View {
    let prices = Prices::default();
    let counters = &told.history.counters;
    let run = &told.shown.scenario.run;
    let counted_s = run.duration.saturating_sub(run.warm_up).as_secs_f64().max(1e-9);
    let gb = told.params.memory_mb / 1024.0;
    // Gigabyte-seconds an hour.
    let hourly = |ns: u128| mean(ns, counted_s) * gb * 3600.0;
    let on_held = hourly(counters.billed_provisioned_ns);
    let all = hourly(counters.billed_ns);
    let held = f64::from(told.params.provisioned) * gb * 3600.0;
    let requests = as_f64(counters.total().served) / counted_s * 3600.0 * prices.request.usd;
    let on_demand = prices.gb_second_usd(Arch::X86);
    let bar =
        |label: &str, parts: Vec<(f64, Tone)>| Bar { label: label.to_owned(), parts, note: None };
    let bars = vec![
        bar(
            "as it is",
            vec![
                (held * prices.provisioned(Arch::X86).usd, Tone::Idle),
                (on_held * prices.provisioned_run(Arch::X86).usd, Tone::Busy),
                ((all - on_held) * on_demand, Tone::Starting),
                (requests, Tone::Second),
            ],
        ),
        bar("all on demand", vec![(all * on_demand, Tone::Starting), (requests, Tone::Second)]),
    ];
    let places = held * f64::from(told.params.concurrency_per_env);
    let used = metric::said(Unit::Share, on_held / places.max(1e-12));
    let pays = metric::said(Unit::Share, prices.provisioned_break_even(Arch::X86));
    let legend = [
        (Tone::Idle, format!("held ready: {used} used, pays from {pays}")),
        (Tone::Busy, "running on it".to_owned()),
        (Tone::Starting, "running on demand".to_owned()),
        (Tone::Second, "requests".to_owned()),
    ];
    View {
        title: "what an hour costs".to_owned(),
        body: Body::Bars(Bars { unit: Unit::Usd, bars }),
        legend: legend.to_vec(),
    }
}
