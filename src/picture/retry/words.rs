//! Retries in words.

use super::{capacity_per_s, outage};
use crate::picture::Unit;
use crate::picture::parts::{counted, number, seconds};
use crate::picture::series::{Stretch, Window, sum};
use crate::sim::metric::said;
use crate::sim::retry::{History, Params, Tick};
use crate::sim::time::{SimDuration, as_f64};

/// The time after an outage is told in so many parts.
const PARTS: u32 = 3;

pub(super) fn summary(params: &Params, window: &Window, stretches: &[Stretch<Tick>]) -> String {
    let [first, attempts, won, lost] = [
        sum(stretches, |tick| tick.first),
        sum(stretches, Tick::attempts),
        sum(stretches, |tick| tick.succeeded),
        sum(stretches, |tick| tick.lost),
    ];
    let at = seconds(window.at_s);
    match params.clients {
        Some(clients) => format!(
            "After {at} {} of {} are done, with {}.",
            number(won),
            counted(clients, "client", "clients"),
            counted(attempts, "write", "writes"),
        ),
        None => format!(
            "After {at} {} have begun with {}: {} succeeded, {} gave up.",
            counted(first, "call", "calls"),
            counted(attempts, "try", "tries"),
            number(won),
            number(lost),
        ),
    }
}

pub(super) fn timeline(
    params: &Params,
    history: &History,
    window: &Window,
    duration: SimDuration,
) -> Vec<String> {
    if let Some(clients) = params.clients {
        return writers(clients, history, window);
    }
    if params.capacity.is_none() && outage(params).is_none() {
        return chances(params, history, window);
    }
    let last = duration.as_secs_f64().min(window.to_s);
    let split = |from: f64, what: &'static str| {
        let width = (last - from).max(0.0) / f64::from(PARTS);
        (0..PARTS).map(move |part| {
            let start = width.mul_add(f64::from(part), from);
            (what, start, start + width)
        })
    };
    let mut parts: Vec<(&str, f64, f64)> = match outage(params) {
        Some((from, to)) => {
            let before = [("before the outage", 0.0, from), ("in the outage", from, to)];
            before.into_iter().chain(split(to, "up again")).collect()
        }
        None => split(0.0, "").collect(),
    };
    parts.retain(|part| part.1 < window.at_s && part.2 > part.1);
    let limit = capacity_per_s(params)
        .map(|capacity| format!("The service can do {}.", said(Unit::PerSecond, capacity)));
    limit
        .into_iter()
        .chain(parts.into_iter().filter_map(|part| told(part, history, window)))
        .collect()
}

/// What became of calls whose tries fail by chance.
fn chances(params: &Params, history: &History, window: &Window) -> Vec<String> {
    let all = window.stretches(&history.ticks, 1, 0.0);
    let [calls, tries, won, lost] = [
        sum(&all, |tick| tick.first),
        sum(&all, Tick::attempts),
        sum(&all, |tick| tick.succeeded),
        sum(&all, |tick| tick.lost),
    ];
    let mut lines = Vec::new();
    let of_layer = params.retries.map(|retries| retries.saturating_add(1));
    if let Some(most) = of_layer.and_then(|tries| tries.checked_pow(params.layers)) {
        let layers = counted(u64::from(params.layers), "layer", "layers");
        let most = counted(most, "try", "tries");
        lines.push(format!("With {layers} a call makes at most {most}."));
    }
    if calls > 0 {
        let each = said(Unit::Count, as_f64(tries) / as_f64(calls));
        let (calls, won) = (counted(calls, "call", "calls"), number(won));
        lines.push(format!("So far {calls} made {each} tries each."));
        lines.push(format!("{won} of them succeeded, {} gave up.", number(lost)));
    }
    if window.at_s >= window.to_s
        && let Some(&first) = history.tries.first().filter(|&&first| first > 0)
    {
        lines.push(format!("{} succeeded with the first try.", number(first)));
    }
    lines
}

/// One part of a run: what came, what was tried, what succeeded, a second.
fn told(
    (what, from_s, to_s): (&str, f64, f64),
    history: &History,
    window: &Window,
) -> Option<String> {
    let at_s = window.at_s.min(to_s);
    let part = Window { from_s, to_s, at_s }.stretches(&history.ticks, 1, 0.0);
    let span = part.last()?.to_s - part.first()?.from_s;
    let a_second = |of: fn(&Tick) -> u64| {
        let rate = as_f64(sum(&part, of)) / span.max(1e-9);
        said(Unit::Count, rate.round())
    };
    let what = if what.is_empty() { String::new() } else { format!(", {what}") };
    Some(format!(
        "{} to {}{what}: each second {} calls begin, {} tries come, {} succeed.",
        seconds(from_s.round()),
        seconds(at_s.round()),
        a_second(|tick| tick.first),
        a_second(Tick::attempts),
        a_second(|tick| tick.succeeded),
    ))
}

/// When a tenth, half, nearly all and all of the clients were done.
fn writers(clients: u64, history: &History, window: &Window) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut done, mut writes) = (0, 0);
    let mut marks =
        [(10, "A tenth"), (50, "Half"), (90, "Nine in ten"), (100, "All")].into_iter().peekable();
    for one in window.stretches(&history.ticks, usize::MAX, 0.0) {
        done += one.tick.succeeded;
        writes += one.tick.attempts();
        while let Some((_, who)) = marks.next_if(|mark| done * 100 >= mark.0 * clients) {
            let at = seconds(one.to_s.min(window.at_s));
            let writes = counted(writes, "write", "writes");
            lines.push(format!("{who} of the clients are done by {at}, after {writes}."));
        }
    }
    lines
}
