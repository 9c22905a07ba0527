//! Clients that try again: what is offered against what succeeds, the tries of each tenth of a
//! second, and how many tries a call takes.

mod words;

use super::parts::{bar, legend, line, lines, view};
use super::series::{POINTS, Stretch, Window, levels, rates, sum, totals, upwards};
use super::{Bar, Bars, Body, Chart, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::metric::decimals;
use crate::sim::retry::{History, Params, TRIES_TOLD, Tick};
use crate::sim::time::as_f64;

/// The strip of tries shows so much of a run.
const STRIP_S: f64 = 12.0;
/// So much of it lies before an outage.
const BEFORE_OUTAGE_S: f64 = 1.0;
/// The tries of so long are counted together.
const SLOT_S: f64 = 0.1;

pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let window = Window::whole(shown.at_s(), history.end.as_secs_f64());
    let stretches = window.stretches(&history.ticks, POINTS, 0.0);
    let is_chance = params.capacity.is_none() && outage(params).is_none();
    let views = match params.clients {
        Some(clients) => vec![
            strip(params, history, &window),
            writers(clients, &window, &stretches),
            tries(history, &window, &stretches),
        ],
        // Nothing changes while it runs: what counts is how many tries a call takes.
        None if is_chance => vec![
            layers(params),
            amplification(params, history, &window),
            tries(history, &window, &stretches),
            storm(params, &window, &stretches),
        ],
        None => vec![
            goodput(params, &window, &stretches),
            storm(params, &window, &stretches),
            waiting(&window, &stretches),
            strip(params, history, &window),
            amplification(params, history, &window),
        ],
    };
    Picture {
        views,
        summary: words::summary(params, &window, &stretches),
        timeline: words::timeline(params, history, &window, shown.scenario.run.duration),
    }
}

/// Calls that the service can do in a second, where it has a limit.
fn capacity_per_s(params: &Params) -> Option<f64> {
    let service_s = params.service.mean_s();
    let capacity = as_f64(params.capacity?);
    (service_s > 0.0).then(|| capacity / service_s)
}

/// The outage from when to when, in seconds.
fn outage(params: &Params) -> Option<(f64, f64)> {
    let outage = params.outage.filter(|outage| !outage.lasts.is_zero())?;
    Some((outage.at.as_secs_f64(), outage.end().as_secs_f64()))
}

/// Marks the outage, as far as it has come, and the capacity.
fn marked(mut chart: Chart, params: &Params, window: &Window) -> Chart {
    if let Some((from, to)) = outage(params)
        && from < window.at_s
    {
        chart.bands.push((from, to.min(window.at_s), "down".to_owned()));
    }
    if let Some(level) = capacity_per_s(params).filter(|level| *level <= chart.y.to) {
        chart.levels.push((level, "capacity".to_owned(), Tone::Theory));
    }
    chart
}

/// What comes to the service against what it is worth.
fn storm(params: &Params, window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let offered = rates(stretches, Tick::attempts);
    let goodput = rates(stretches, |tick| tick.succeeded);
    let least = capacity_per_s(params).unwrap_or(0.0);
    let y = upwards("a second", Unit::PerSecond, least, &[&offered, &goodput]);
    let chart = lines(
        window.axis(),
        y,
        vec![
            line("calls that succeed", Tone::Good, Stroke::Area, goodput),
            line("tries offered", Tone::Bad, Stroke::Line, offered),
        ],
    );
    view("Offered against goodput", Body::Chart(marked(chart, params, window)))
}

/// The calls that begin against those that succeed: the load is as before, and the goodput is not.
fn goodput(params: &Params, window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let calls = rates(stretches, |tick| tick.first);
    let goodput = rates(stretches, |tick| tick.succeeded);
    let least = capacity_per_s(params).unwrap_or(0.0);
    let y = upwards("calls a second", Unit::PerSecond, least, &[&calls, &goodput]);
    let succeed = line("succeed", Tone::Good, Stroke::Area, goodput);
    let begin = line("begin", Tone::Second, Stroke::Line, calls);
    let chart = lines(window.axis(), y, vec![succeed, begin]);
    view("Load and goodput", Body::Chart(marked(chart, params, window)))
}

/// Who waits: clients for their next try, tries for a place in service.
fn waiting(window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let waiting = levels(stretches, |tick| tick.waiting);
    let in_line = levels(stretches, |tick| tick.in_line);
    let y = upwards("waiting", Unit::Count, 0.0, &[&waiting, &in_line]);
    let clients = line("clients, for their next try", Tone::Doubtful, Stroke::Line, waiting);
    let tries = line("tries, in the line", Tone::Second, Stroke::Line, in_line);
    view("Who waits", Body::Chart(lines(window.axis(), y, vec![clients, tries])))
}

/// The tries of each tenth of a second, in a few seconds of the run.
fn strip(params: &Params, history: &History, window: &Window) -> View {
    let end = window.to_s;
    let start = match outage(params) {
        Some((from, _)) if end > STRIP_S => (from - BEFORE_OUTAGE_S).clamp(0.0, end - STRIP_S),
        _ => 0.0,
    };
    let part = Window { from_s: start, to_s: end.min(start + STRIP_S), at_s: window.at_s };
    let slots = part.stretches(&history.ticks, usize::MAX, SLOT_S);
    let count = |of: fn(&Tick) -> u64| -> Vec<(f64, f64)> {
        let slot = |(at, rate): (f64, f64)| (at, rate * SLOT_S);
        rates(&slots, of).into_iter().map(slot).collect()
    };
    let all = count(Tick::attempts);
    let some = match params.clients {
        Some(_) => {
            line("of these, in time", Tone::Good, Stroke::Line, count(|tick| tick.succeeded))
        }
        None => line("of these, first tries", Tone::Second, Stroke::Line, count(|tick| tick.first)),
    };
    let y = upwards("in 100 ms", Unit::Count, 0.0, &[&all]);
    let what = if params.clients.is_some() { "writes" } else { "tries" };
    let mut chart = lines(part.axis(), y, vec![line(what, Tone::First, Stroke::Area, all), some]);
    chart = marked(chart, params, &part);
    chart.levels.clear();
    view("Tries in each 100 ms", Body::Chart(chart))
}

/// Tries for each call before, during and after the outage, and by how many tries calls succeeded.
fn amplification(params: &Params, history: &History, window: &Window) -> View {
    let mut bars = Vec::new();
    let phases = match outage(params) {
        Some((from, to)) => vec![
            ("before the outage", 0.0, from),
            ("in the outage", from, to),
            ("after it", to, window.to_s),
        ],
        None => vec![("all the time", 0.0, window.to_s)],
    };
    for (label, from_s, to_s) in phases {
        let part = Window { from_s, to_s, at_s: window.at_s };
        let ticks = part.stretches(&history.ticks, 1, 0.0);
        let first = sum(&ticks, |tick| tick.first);
        let retries = sum(&ticks, |tick| tick.retries);
        if first == 0 {
            continue;
        }
        let tries = as_f64(first + retries) / as_f64(first);
        bars.push(Bar {
            label: label.to_owned(),
            parts: vec![(1.0, Tone::First), (tries - 1.0, Tone::Bad)],
            note: Some(format!("{tries:.*}", decimals(tries, 2))),
        });
    }
    View {
        legend: legend(&[(Tone::First, "the first try of a call"), (Tone::Bad, "its retries")]),
        ..view("Tries for each call", Body::Bars(Bars { unit: Unit::Count, bars }))
    }
}

/// The most that each layer can make of one call.
fn layers(params: &Params) -> View {
    let mut bars = vec![bar("one call", &[(1, Tone::First)])];
    let mut most = Some(1_u64);
    for layer in 1..=params.layers {
        let tries = params.retries.map(|retries| retries.saturating_add(1));
        most = most.zip(tries).and_then(|(most, tries)| most.checked_mul(tries));
        let label = match layer {
            1 => "after 1 layer".to_owned(),
            more => format!("after {more} layers"),
        };
        match most {
            Some(most) => bars.push(bar(&label, &[(most, Tone::First)])),
            None => bars
                .push(Bar { note: Some("no limit".to_owned()), ..bar(&label, &[(1, Tone::Bad)]) }),
        }
    }
    view("Tries at most, layer by layer", Body::Bars(Bars { unit: Unit::Count, bars }))
}

/// Clients that are done, and those that wait for their next try.
fn writers(clients: u64, window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let done = totals(stretches, |tick| tick.succeeded);
    let waiting = levels(stretches, |tick| tick.waiting);
    let y = upwards("clients", Unit::Count, as_f64(clients), &[&done]);
    let chart = lines(
        window.axis(),
        y,
        vec![
            line("are done", Tone::Good, Stroke::Line, done),
            line("wait for their next try", Tone::Doubtful, Stroke::Line, waiting),
        ],
    );
    view("Clients", Body::Chart(chart))
}

/// By how many tries calls succeeded.
fn tries(history: &History, window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let lost = sum(stretches, |tick| tick.lost);
    if window.at_s < window.to_s {
        let won = sum(stretches, |tick| tick.succeeded);
        let tried = sum(stretches, Tick::attempts);
        let bars = vec![
            bar("succeeded", &[(won, Tone::Good)]),
            bar("failed tries", &[(tried.saturating_sub(won), Tone::Bad)]),
            bar("gave up", &[(lost, Tone::Gone)]),
        ];
        return view("So far", Body::Bars(Bars { unit: Unit::Count, bars }));
    }
    let named = |(at, &calls): (usize, &u64)| {
        let label = match at + 1 {
            1 => "1 try".to_owned(),
            more if more > TRIES_TOLD => format!("{more} and more"),
            more => format!("{more} tries"),
        };
        bar(&label, &[(calls, Tone::Good)])
    };
    // Of what nobody needed nothing is said, but for what lies between.
    let needed = history.tries.iter().rposition(|&calls| calls > 0).map_or(0, |most| most + 1);
    let mut bars: Vec<Bar> = history.tries.iter().take(needed).enumerate().map(named).collect();
    if lost > 0 || bars.is_empty() {
        bars.push(bar("gave up", &[(lost, Tone::Bad)]));
    }
    view("Succeeded after", Body::Bars(Bars { unit: Unit::Count, bars }))
}
