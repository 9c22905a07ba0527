//! Retries in words.

use super::{capacity_per_s, outage};
use crate::picture::Unit;
use crate::picture::parts::{counted, number, seconds};
use crate::picture::series::{Stretch, Window, sum};
use crate::sim::metric::said;
use crate::sim::retry::{Params, Tick};
use crate::sim::time::as_f64;

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
    window: &Window,
    stretches: &[Stretch<Tick>],
) -> Vec<String> {
    if let Some(clients) = params.clients {
        return writers(clients, window, stretches);
    }
    let mut parts = match outage(params) {
        Some((from, to)) => {
            let after = (window.to_s - to).max(0.0) / f64::from(PARTS);
            let mut parts = vec![("before the outage", 0.0, from), ("in the outage", from, to)];
            for part in 0..PARTS {
                let start = after.mul_add(f64::from(part), to);
                parts.push(("up again", start, start + after));
            }
            parts
        }
        None => {
            let width = window.to_s / f64::from(PARTS);
            let part = |part| {
                let start = width * f64::from(part);
                ("", start, start + width)
            };
            (0..PARTS).map(part).collect()
        }
    };
    parts.retain(|part| part.1 < window.at_s && part.2 > part.1);
    let mut lines: Vec<String> =
        parts.into_iter().filter_map(|part| told(part, window, stretches)).collect();
    if let Some(capacity) = capacity_per_s(params) {
        let text = format!("The service can do {}.", said(Unit::PerSecond, capacity));
        lines.insert(0, text);
    }
    lines
}

/// One part of a run: what came, what was tried, what succeeded, a second.
fn told(
    (what, from, to): (&str, f64, f64),
    window: &Window,
    stretches: &[Stretch<Tick>],
) -> Option<String> {
    let to = to.min(window.at_s);
    let within: Vec<Stretch<Tick>> = stretches
        .iter()
        .copied()
        .filter(|one| one.from_s >= from - 1e-9 && one.from_s < to)
        .collect();
    let span = within.last()?.to_s - within.first()?.from_s;
    let a_second = |of: fn(&Tick) -> u64| {
        let rate = as_f64(sum(&within, of)) / span.max(1e-9);
        said(Unit::PerSecond, rate.round())
    };
    let what = if what.is_empty() { String::new() } else { format!(", {what}") };
    Some(format!(
        "{} to {}{what}: {} calls, {} tries, {} succeed.",
        seconds(from.round()),
        seconds(to.round()),
        a_second(|tick| tick.first),
        a_second(Tick::attempts),
        a_second(|tick| tick.succeeded),
    ))
}

/// When a tenth, half, nearly all and all of the clients were done.
fn writers(clients: u64, window: &Window, stretches: &[Stretch<Tick>]) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut done, mut writes) = (0, 0);
    let mut marks =
        [(10, "A tenth"), (50, "Half"), (90, "Nine in ten"), (100, "All")].into_iter().peekable();
    for one in stretches {
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
