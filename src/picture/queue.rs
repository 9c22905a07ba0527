//! A queue: messages in lanes from their sending to their end, the backlog and the pollers that
//! work it off.

mod stories;
mod words;

use super::parts::{bar, legend, line, lines, number, pair, view};
use super::series::{POINTS, Stretch, Window, levels, sum, totals, upwards};
use super::{Bar, Bars, Body, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::queue::{History, Params, Tick};

/// Up to so many messages the lanes are what tells most.
const FEW: u64 = 40;

pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let window = Window::whole(shown.at_s(), history.end.as_secs_f64());
    let stretches = window.stretches(&history.ticks, POINTS, 0.0);
    let lanes = stories::view(history, &window);
    let flow = flow(&window, &stretches);
    let few = history.ticks.all().iter().map(|tick| tick.sent).sum::<u64>() <= FEW;
    let mut views = if few { vec![lanes, flow] } else { vec![flow, lanes] };
    views.push(ages(&window, &stretches));
    views.push(ends(&stretches));
    Picture {
        views,
        summary: words::summary(&window, &stretches),
        timeline: words::timeline(params, history, &window, &stretches),
    }
}

/// Where messages are, over the pollers.
fn flow(window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let backlog = levels(stretches, |tick| tick.backlog);
    let in_flight = levels(stretches, |tick| tick.in_flight);
    let pollers = levels(stretches, |tick| tick.pollers);
    let busy = levels(stretches, |tick| tick.busy);
    let waiting = lines(
        window.axis(),
        upwards("messages", Unit::Count, 0.0, &[&backlog, &in_flight]),
        vec![
            line("waiting", Tone::Idle, Stroke::Area, backlog),
            line("in flight or hidden", Tone::Busy, Stroke::Line, in_flight),
        ],
    );
    let fleet = lines(
        window.axis(),
        upwards("pollers", Unit::Count, 0.0, &[&pollers, &busy]),
        vec![
            line("pollers", Tone::Before, Stroke::Line, pollers),
            line("with a call", Tone::Busy, Stroke::Line, busy),
        ],
    );
    pair(
        "Backlog and pollers",
        view("Messages", Body::Chart(waiting)),
        view("Pollers", Body::Chart(fleet)),
    )
}

/// How old the oldest is, over what has left.
fn ages(window: &Window, stretches: &[Stretch<Tick>]) -> View {
    let seconds = |one: &Stretch<Tick>| (one.to_s.min(window.at_s), one.tick.age.as_secs_f64());
    let age: Vec<(f64, f64)> = stretches.iter().map(seconds).collect();
    let done = totals(stretches, |tick| tick.done);
    let failed = totals(stretches, |tick| tick.dead_lettered);
    let oldest = lines(
        window.axis(),
        upwards("age of the oldest", Unit::Seconds, 0.0, &[&age]),
        vec![line("age of the oldest", Tone::Doubtful, Stroke::Line, age)],
    );
    let y = upwards("messages", Unit::Count, 0.0, &[&done, &failed]);
    let mut parts = vec![line("done", Tone::Good, Stroke::Area, done)];
    if failed.last().is_some_and(|last| last.1 > 0.0) {
        parts.push(line("dead letters", Tone::Bad, Stroke::Line, failed));
    }
    let leaving = lines(window.axis(), y, parts);
    pair(
        "Age and what has left",
        view("Age of the oldest", Body::Chart(oldest)),
        view("Have left", Body::Chart(leaving)),
    )
}

/// What became of the messages, and what it took.
fn ends(stretches: &[Stretch<Tick>]) -> View {
    let [sent, delivered, done, dead] = counts(stretches);
    let open = sent.saturating_sub(done + dead);
    let first = delivered.min(sent);
    let again = delivered - first;
    let bars = vec![
        bar("done", &[(done, Tone::Good)]),
        bar("dead letters", &[(dead, Tone::Bad)]),
        bar("still to do", &[(open, Tone::Idle)]),
        Bar {
            note: (again > 0).then(|| format!("{}, {again} again", number(delivered))),
            ..bar("deliveries", &[(first, Tone::Busy), (again, Tone::Doubtful)])
        },
    ];
    View {
        title: "What became of them".to_owned(),
        body: Body::Bars(Bars { unit: Unit::Count, bars }),
        legend: legend(&[(Tone::Busy, "received first"), (Tone::Doubtful, "received again")]),
    }
}

/// Sent, delivered, done, given up.
fn counts(stretches: &[Stretch<Tick>]) -> [u64; 4] {
    [
        sum(stretches, |tick| tick.sent),
        sum(stretches, |tick| tick.delivered),
        sum(stretches, |tick| tick.done),
        sum(stretches, |tick| tick.dead_lettered),
    ]
}
