//! A run of environments in words.

use std::fmt::Write as _;

use super::Told;
use crate::picture::Unit;
use crate::sim::metric;
use crate::sim::platform::{Fate, Try};
use crate::sim::time::as_f64;

/// So many tries are told one by one.
const LINES: usize = 8;

/// How many requests there were until the moment, how many of them cold, and what stands now.
pub(super) fn summary(told: &Told<'_>) -> String {
    let counts = told.counts();
    let when = if told.is_over() {
        format!("In {}", metric::said(Unit::Seconds, told.duration_s()))
    } else {
        format!("By {}", metric::clock(told.at_s()))
    };
    let served = counts.cold + counts.warm;
    let number = |count: u64| metric::thousands(as_f64(count), 0);
    let mut text = format!("{when}, {} came", things(counts.requests, "request"));
    if served > 0 {
        let share = metric::said(Unit::Share, as_f64(counts.cold) / as_f64(served));
        let _ = write!(
            text,
            ": {} started cold ({share}), {} found an environment warm",
            number(counts.cold),
            number(counts.warm)
        );
    }
    if counts.throttled > 0 {
        let tries = served + counts.throttled;
        let share = metric::said(Unit::Share, as_f64(counts.throttled) / as_f64(tries));
        let _ = write!(text, "; {} turned away ({share})", number(counts.throttled));
    }
    if told.is_over() {
        return text + ".";
    }
    let standing = told.standing();
    let alive = standing.alive();
    let verb = if alive == 1 { "is" } else { "are" };
    let _ = write!(text, ". Now {} {verb} there", things(alive, "environment"));
    let mut parts = Vec::new();
    for (count, word) in
        [(standing.starting, "starting"), (standing.busy, "running"), (standing.idle, "idle")]
    {
        if count > 0 {
            parts.push(if count == alive {
                word.to_owned()
            } else {
                format!("{} {word}", number(count))
            });
        }
    }
    if !parts.is_empty() {
        let _ = write!(text, ", {}", parts.join(", "));
    }
    text + "."
}

fn things(count: u64, thing: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {thing}{s}", metric::thousands(as_f64(count), 0))
}

/// The first requests one by one, then the others in a line.
pub(super) fn timeline(told: &Told<'_>) -> Vec<String> {
    let tries = told.history.requests.tries.iter().take_while(|it| it.at <= told.shown.at);
    let mut lines: Vec<String> = tries.take(LINES).map(|it| one(told, it)).collect();
    let counts = told.counts();
    let all = counts.cold + counts.warm + counts.throttled;
    let rest = all.saturating_sub(lines.len() as u64);
    if rest > 0 {
        let first = told.history.requests.tries.get(..LINES).unwrap_or_default();
        let of = |fate| first.iter().filter(|it| it.fate == fate).count() as u64;
        let parts = [
            (counts.cold.saturating_sub(of(Fate::Cold)), "cold"),
            (counts.warm.saturating_sub(of(Fate::Warm)), "warm"),
            (counts.throttled.saturating_sub(of(Fate::Throttled)), "turned away"),
        ];
        let said: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", metric::thousands(as_f64(count), 0)))
            .collect();
        let until = metric::clock(told.at_s());
        let more = metric::thousands(as_f64(rest), 0);
        lines.push(format!("Then {more} more until {until}: {}", said.join(", ")));
    }
    lines
}

fn one(told: &Told<'_>, it: &Try) -> String {
    let of = told.params.functions.get(it.function as usize);
    let of = of.map_or_else(String::new, |function| format!(" ({})", function.name));
    let latency = metric::said(Unit::Seconds, it.end.since(it.arrived).as_secs_f64());
    let at = metric::clock(it.at.as_secs_f64());
    let again = match it.failed {
        0 => String::new(),
        tries => format!(", try {},", tries + 1),
    };
    let fate = match it.fate {
        Fate::Cold => format!("started cold ({latency})"),
        Fate::Warm => format!("found an environment warm ({latency})"),
        Fate::Throttled => "was turned away".to_owned(),
    };
    format!("Request {}{of}{again} at {at} {fate}", it.request)
}
