//! Environments over time and at a moment.

use std::collections::BTreeMap;

use super::{Told, legend};
use crate::picture::{Body, Grid, Lane, Lanes, Tone, View};
use crate::sim::metric;
use crate::sim::platform::{Fate, State};
use crate::sim::time::{SimTime, as_f64};

/// So few environments are shown over the whole run.
const FEW: u64 = 12;
/// So few requests too.
const REQUESTS_FEW: u64 = 100;
/// Else a window of the run is shown in which about so many requests come.
const REQUESTS_IN_WINDOW: f64 = 16.0;
/// And in which one request could run so often.
const SERVICES_IN_WINDOW: f64 = 4.0;
/// The moment shown is at this share of the window.
const AT_IN_WINDOW: f64 = 0.8;
/// More lanes are never drawn.
const LANES_MAX: usize = 60;
/// More cells of a grid are never drawn.
const CELLS_MAX: usize = 4000;
/// So many environments keep their place in the grid when they are gone.
const PLACES_KEPT: u64 = 120;

/// What an environment did: from when to when, in seconds.
type Runs = Vec<(f64, f64, Tone)>;

/// The requests, and a lane an environment.
pub(super) fn lanes(told: &Told<'_>) -> View {
    let history = told.history;
    let at = told.shown.at.min(history.told_to).min(history.requests.told_to);
    let (from_s, to_s) = window(told, at.as_secs_f64());
    let mut by_environment: BTreeMap<u64, Runs> = BTreeMap::new();
    for span in &history.spans {
        let (from, to) = (span.from.as_secs_f64(), span.to.min(at).as_secs_f64());
        let is_gone = span.state == State::Gone;
        if span.from > at || to < from_s || from > to_s || (is_gone && from < from_s) {
            continue;
        }
        let runs = by_environment.entry(span.environment).or_default();
        runs.push((from, if is_gone { from } else { to }, tone(span.state)));
    }
    let mut environments = merged(by_environment);
    // Where they come and go, the newest are above, so that what happens now is seen.
    let is_gone = |lane: &&Lane| lane.runs.last().is_some_and(|run| run.2 == Tone::Gone);
    if from_s > 0.0 && environments.iter().filter(is_gone).count() * 2 > environments.len() {
        environments.reverse();
    }
    let more = environments.len().saturating_sub(LANES_MAX);
    environments.truncate(LANES_MAX);
    let mut lanes = vec![requests(told, at, from_s, to_s)];
    lanes.append(&mut environments);
    let mut legend = legend(told);
    if history.counters.total().throttled > 0 {
        legend.push((Tone::Bad, "turned away".to_owned()));
    }
    let now_s = (!told.is_over()).then_some(at.as_secs_f64());
    let title = if at < told.shown.at.min(history.end) {
        format!("environments until {}", metric::clock(at.as_secs_f64()))
    } else {
        "environments over time".to_owned()
    };
    View { title, body: Body::Lanes(Lanes { from_s, to_s, now_s, lanes, more }), legend }
}

/// A lane an environment; neighbours that did the same all the time share one.
fn merged(by_environment: BTreeMap<u64, Runs>) -> Vec<Lane> {
    let mut groups: Vec<(u64, u64, Runs)> = Vec::new();
    for (environment, mut runs) in by_environment {
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        match groups.last_mut() {
            Some((_, last, same)) if *same == runs && *last + 1 == environment => {
                *last = environment;
            }
            _ => groups.push((environment, environment, runs)),
        }
    }
    let lane = |(first, last, runs): (u64, u64, _)| {
        let several = if first == last { String::new() } else { format!("–{}", last + 1) };
        Lane { label: format!("#{}{several}", first + 1), runs, marks: Vec::new() }
    };
    groups.into_iter().map(lane).collect()
}

/// What is drawn of the run: all of it where there are few environments, else a part that moves.
fn window(told: &Told<'_>, at_s: f64) -> (f64, f64) {
    let all = (0.0, told.duration_s());
    let history = told.history;
    let total = history.counters.total();
    let created = history.spans.iter().map(|span| span.environment + 1).max().unwrap_or(0);
    if history.dropped == 0 && (created <= FEW || total.requests <= REQUESTS_FEW) {
        return all;
    }
    let each = told.duration_s() / as_f64(total.requests.max(1));
    let service = told.params.service.mean_s() * SERVICES_IN_WINDOW;
    let span = (each * REQUESTS_IN_WINDOW).max(service).min(told.duration_s());
    let from = (at_s - AT_IN_WINDOW * span).clamp(0.0, (told.end_s() - span).max(0.0));
    (from, from + span)
}

/// The lane of requests: how each of them began.
fn requests(told: &Told<'_>, at: SimTime, from_s: f64, to_s: f64) -> Lane {
    let tries = told.history.requests.tries.iter().filter(|it| it.at <= at);
    let marks = tries
        .map(|it| {
            let tone = match it.fate {
                Fate::Cold if told.has_starts() => Tone::Starting,
                Fate::Cold | Fate::Warm => Tone::Busy,
                Fate::Throttled => Tone::Bad,
            };
            (it.at.as_secs_f64(), tone)
        })
        .filter(|mark| mark.0 >= from_s && mark.0 <= to_s)
        .collect();
    Lane { label: "requests".to_owned(), runs: Vec::new(), marks }
}

const fn tone(state: State) -> Tone {
    match state {
        State::Init => Tone::Starting,
        State::Busy => Tone::Busy,
        State::Idle => Tone::Idle,
        State::Gone => Tone::Gone,
    }
}

/// The environments at the moment; those gone keep their places as long as there are not many.
pub(super) fn grid(told: &Told<'_>) -> View {
    let standing = told.standing();
    let at = told.shown.at;
    let cells: Vec<Tone> = if at <= told.history.told_to {
        let mut now: BTreeMap<u64, Tone> = BTreeMap::new();
        for span in told.history.spans.iter().filter(|it| it.from <= at && at < it.to) {
            now.insert(span.environment, tone(span.state));
        }
        if standing.alive() == 0 {
            Vec::new()
        } else if standing.created <= PLACES_KEPT {
            let gone = |it| now.get(&it).copied().unwrap_or(Tone::Gone);
            (0..standing.created).map(gone).collect()
        } else {
            now.into_values().filter(|tone| *tone != Tone::Gone).collect()
        }
    } else {
        let kinds = [
            (standing.busy, Tone::Busy),
            (standing.starting, Tone::Starting),
            (standing.idle, Tone::Idle),
        ];
        let cells = kinds.into_iter().flat_map(|(count, tone)| {
            std::iter::repeat_n(tone, usize::try_from(count).unwrap_or(CELLS_MAX).min(CELLS_MAX))
        });
        cells.collect()
    };
    let more = cells.len().saturating_sub(CELLS_MAX);
    let cells = cells.into_iter().take(CELLS_MAX).collect();
    let counts = [
        (Tone::Starting, standing.starting),
        (Tone::Busy, standing.busy),
        (Tone::Idle, standing.idle),
        (Tone::Gone, standing.created.saturating_sub(standing.alive())),
    ];
    let legend = legend(told).into_iter().map(|(tone, name)| {
        let count = counts.iter().find(|(of, _)| *of == tone).map_or(0, |it| it.1);
        (tone, format!("{name} {}", metric::thousands(as_f64(count), 0)))
    });
    let title = "environments now".to_owned();
    View { title, body: Body::Grid(Grid { cells, more }), legend: legend.collect() }
}
