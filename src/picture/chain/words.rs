//! A run of a chain in words.

use std::fmt::Write as _;

use super::{Gate, Told, joined, sum};
use crate::picture::run::{about, number, things, when};
use crate::picture::{Tone, Unit};
use crate::sim::metric::{self, clock};
use crate::sim::time::as_f64;

/// So many events are told one by one.
const LINES: usize = 7;

/// How many requests succeeded, and which service holds most.
pub(super) fn summary(told: &Told<'_>) -> String {
    let all = joined(told.requests());
    let mut text =
        format!("{}, {} ended", when(told.shown, told.history.end), things(all.ended, "request"));
    if let Some(share) = all.availability() {
        let _ = write!(text, ", {} of them well", metric::said(Unit::Share, share));
    }
    if let Some((service, held)) = fullest(told)
        && held >= 0.5
    {
        let _ = write!(text, "; {} holds most calls, {}", told.name(service), about(held));
        if let Some(share) = told.of_late(service) {
            let _ =
                write!(text, ", and {} of those to it go well", metric::said(Unit::Share, share));
        }
    }
    text + "."
}

/// The service that holds most calls at the moment.
fn fullest(told: &Told<'_>) -> Option<(usize, f64)> {
    let held = |&service: &usize| (service, told.held(service));
    told.order.iter().map(held).max_by(|one, other| one.1.total_cmp(&other.1))
}

/// When services first failed and breakers first changed, then what came of it all.
pub(super) fn timeline(told: &Told<'_>) -> Vec<String> {
    let mut events: Vec<(f64, String)> = Vec::new();
    for &service in &told.order {
        let name = told.name(service);
        let health = told.health(service);
        if let Some(&(from, _, tone)) = health.runs.iter().find(|run| run.2 != Tone::Good) {
            let how = if tone == Tone::Bad { "most" } else { "some" };
            events.push((from, format!("{how} calls to {name} begin to fail")));
        }
        events.extend(breaker(told, service));
    }
    events.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lines: Vec<String> =
        events.iter().take(LINES).map(|(at, what)| format!("{}: {what}", clock(*at))).collect();
    let all = joined(told.requests());
    if all.ended > 0 {
        let end = clock(told.shown.at_s().min(told.history.end.as_secs_f64()));
        let late: u64 = told.order.iter().map(|&it| sum(told.stretches(it)).late).sum();
        let refused: u64 = told.order.iter().map(|&it| sum(told.stretches(it)).refused).sum();
        lines.push(format!(
            "By {end}: {} of {} succeeded; {} given up by their callers, {} refused at once",
            number(all.succeeded),
            things(all.ended, "request"),
            things(late, "call"),
            number(refused)
        ));
    }
    lines
}

/// The first opening of a breaker, and how it went on.
fn breaker(told: &Told<'_>, service: usize) -> Vec<(f64, String)> {
    let changes = told.history.changes.iter();
    let of = changes.filter(|it| it.service == service && it.at <= told.shown.at);
    let changes: Vec<_> = of.collect();
    let name = told.name(service);
    let count = |gate: Gate| changes.iter().filter(|it| it.gate == gate).count() as u64;
    let first = |gate: Gate, what: &str| {
        let at = changes.iter().find(|it| it.gate == gate)?.at.as_secs_f64();
        let more = match count(gate) - 1 {
            0 => String::new(),
            1 => ", and once more later".to_owned(),
            more => format!(", and {} times more later", metric::thousands(as_f64(more), 0)),
        };
        Some((at, format!("{what}{more}")))
    };
    let opened = first(Gate::Open, &format!("the breaker of {name} opens"));
    let closed = first(Gate::Closed, &format!("a call on trial closes the breaker of {name}"));
    opened.into_iter().chain(closed).collect()
}
