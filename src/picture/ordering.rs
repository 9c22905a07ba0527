//! Messages with keys: a lane for each key with what came late or twice, and the balance of effects
//! made against effects wanted.

mod words;

use super::parts::{bar, legend, line, lines, pair, view};
use super::series::{POINTS, Stretch, Window, sum, totals, upwards};
use super::{Bar, Bars, Body, Lane, Lanes, Picture, Shown, Stroke, Table, Tone, Unit, View};
use crate::sim::ordering::{Delivery, History, KeyHistory, Mode, Outcome, Params, Tick};
use crate::sim::time::as_f64;

/// What a key has come to at the moment shown.
#[derive(Clone, Copy, Debug, Default)]
struct Balance {
    wanted: u64,
    applied: u64,
    doubled: u64,
    out_of_order: u64,
    /// The message whose effect happened last.
    stands: u64,
    /// The latest message whose effect happened.
    latest: u64,
}

impl Balance {
    fn of(stretches: &[Stretch<Tick>]) -> Self {
        let last = stretches.iter().rev();
        Self {
            wanted: sum(stretches, |tick| tick.wanted),
            applied: sum(stretches, |tick| tick.applied),
            doubled: sum(stretches, |tick| tick.doubled),
            out_of_order: sum(stretches, |tick| tick.out_of_order),
            stands: last.clone().find_map(|one| one.tick.stands).unwrap_or(0),
            latest: last.map(|one| one.tick.latest).max().unwrap_or(0),
        }
    }

    /// Whether what stands is older than what was to stand.
    const fn is_stale(&self) -> bool {
        self.stands < self.latest
    }
}

pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let window = Window::whole(shown.at_s(), history.end.as_secs_f64());
    let keys: Vec<Balance> = history
        .keys
        .iter()
        .map(|key| Balance::of(&window.stretches(&key.ticks, POINTS, 0.0)))
        .collect();
    let stretches = window.stretches(&history.ticks, POINTS, 0.0);
    let all = Balance::of(&stretches);
    Picture {
        views: vec![
            deliveries(params, history, &window, &keys),
            balance(params, &keys, &all),
            growth(params, history, &window, &stretches),
            standing(&keys),
        ],
        summary: words::summary(&window, &all, &stretches),
        timeline: words::timeline(history, &window),
    }
}

/// A lane for each key.
fn deliveries(params: &Params, history: &History, window: &Window, keys: &[Balance]) -> View {
    let is_fifo = params.mode == Mode::Fifo;
    let until = window.at_s.min(history.told_until.as_secs_f64());
    let lane = |(number, (key, balance)): (usize, (&KeyHistory, &Balance))| {
        let extra = match balance.doubled {
            0 => String::new(),
            more => format!(" +{more}"),
        };
        let label = format!("key {}{extra}", number + 1);
        lane(key, label, until, is_fifo)
    };
    let lanes: Vec<Lane> = history.keys.iter().zip(keys).enumerate().map(lane).collect();
    let more = usize::try_from(params.keys).unwrap_or(usize::MAX).saturating_sub(lanes.len());
    let mut signs = vec![(Tone::Busy, "delivered"), (Tone::Bad, "done twice")];
    let has = |tone: Tone| lanes.iter().flat_map(|lane| &lane.marks).any(|mark| mark.1 == tone);
    for (tone, words) in [
        (Tone::Doubtful, "out of order"),
        (Tone::Good, "dropped: was done"),
        (Tone::Second, "crash"),
    ] {
        if has(tone) {
            signs.push((tone, words));
        }
    }
    if is_fifo {
        signs.push((Tone::Idle, "held back"));
    }
    let body = Body::Lanes(Lanes {
        from_s: window.from_s,
        to_s: window.to_s,
        now_s: (window.at_s < window.to_s).then_some(window.at_s),
        lanes,
        more,
    });
    View { legend: legend(&signs), ..view("Deliveries by key", body) }
}

fn lane(key: &KeyHistory, label: String, until: f64, is_fifo: bool) -> Lane {
    let mut lane = Lane { label, ..Lane::default() };
    let told: Vec<&Delivery> =
        key.deliveries.iter().take_while(|one| one.from.as_secs_f64() <= until).collect();
    let mut held: Option<f64> = None;
    for one in &told {
        let (from, to) = (one.from.as_secs_f64(), one.to.as_secs_f64());
        if let Some(since) = held.take() {
            lane.runs.push((since, from, Tone::Idle));
        }
        if one.outcome != Outcome::Dropped {
            lane.runs.push((from, to.min(until), Tone::Busy));
        }
        if to > until {
            continue;
        }
        let mark = match one.outcome {
            Outcome::Double => Some(Tone::Bad),
            Outcome::OutOfOrder => Some(Tone::Doubtful),
            Outcome::Dropped => Some(Tone::Good),
            Outcome::InOrder => one.crashed.then_some(Tone::Second),
        };
        lane.marks.extend(mark.map(|tone| (to, tone)));
        held = (one.crashed && is_fifo).then_some(to);
    }
    if let Some(since) = held {
        lane.runs.push((since, until, Tone::Idle));
    }
    lane
}

/// Effects made against effects wanted, of all keys and of each.
fn balance(params: &Params, keys: &[Balance], all: &Balance) -> View {
    let row = |label: &str, balance: &Balance| {
        let missing = balance.wanted.saturating_sub(balance.applied);
        let made = balance.applied + balance.doubled;
        let note = match (balance.doubled, missing) {
            (0, 0) => format!("{made} of {}: right", balance.wanted),
            (0, missing) => format!("{made} of {}: {missing} to come", balance.wanted),
            (more, 0) => format!("{made} of {}: {more} too many", balance.wanted),
            (more, missing) => {
                format!("{made} of {}: {more} too many, {missing} to come", balance.wanted)
            }
        };
        let parts =
            [(balance.applied, Tone::Good), (balance.doubled, Tone::Bad), (missing, Tone::Idle)];
        Bar { note: Some(note), ..bar(label, &parts) }
    };
    let mut bars = Vec::new();
    // One bar for all would press those of many keys together.
    if params.keys > keys.len() as u64 || keys.len() < 4 {
        bars.push(row("all", all));
    }
    let named = keys.iter().enumerate();
    bars.extend(named.map(|(number, key)| row(&format!("key {}", number + 1), key)));
    View {
        legend: legend(&[
            (Tone::Good, "made once"),
            (Tone::Bad, "made again"),
            (Tone::Idle, "still to come"),
        ]),
        ..view("Balance", Body::Bars(Bars { unit: Unit::Count, bars }))
    }
}

/// Crashes and what comes of them, as they add up, over those that wait for their key.
fn growth(
    params: &Params,
    history: &History,
    window: &Window,
    stretches: &[Stretch<Tick>],
) -> View {
    let crashes = totals(stretches, |tick| tick.crashes);
    let doubled = totals(stretches, |tick| tick.doubled);
    let dropped = totals(stretches, |tick| tick.dropped);
    let y = upwards("so far", Unit::Count, 0.0, &[&crashes, &doubled, &dropped]);
    let mut parts = vec![
        line("effects too many", Tone::Bad, Stroke::Area, doubled),
        line("crashes", Tone::Doubtful, Stroke::Line, crashes),
    ];
    if dropped.last().is_some_and(|last| last.1 > 0.0) {
        parts.push(line("dropped: were done", Tone::Good, Stroke::Line, dropped));
    }
    let grown = view("Effects too many", Body::Chart(lines(window.axis(), y, parts)));
    if params.mode == Mode::Standard {
        return grown;
    }
    let mut held: Vec<(f64, f64)> = Vec::new();
    for key in &history.keys {
        for (at, one) in window.stretches(&key.ticks, POINTS, 0.0).iter().enumerate() {
            if held.len() <= at {
                held.push((one.from_s, 0.0));
            }
            held[at].1 += as_f64(one.tick.line);
        }
    }
    let y = upwards("held back", Unit::Count, 0.0, &[&held]);
    let lines_of = vec![line("wait for their key", Tone::Doubtful, Stroke::Area, held)];
    let waiting = view("Held back", Body::Chart(lines(window.axis(), y, lines_of)));
    pair("Too many, and held back", grown, waiting)
}

/// For effects that replace each other: which message stands, and which should.
fn standing(keys: &[Balance]) -> View {
    let heads = ["key", "wanted", "made", "twice", "late", "latest", "stands", ""];
    let row = |(number, key): (usize, &Balance)| {
        let message = |number: u64| if number == 0 { "-".to_owned() } else { format!("#{number}") };
        vec![
            (number + 1).to_string(),
            key.wanted.to_string(),
            (key.applied + key.doubled).to_string(),
            key.doubled.to_string(),
            key.out_of_order.to_string(),
            message(key.latest),
            message(key.stands),
            if key.is_stale() { "old" } else { "" }.to_owned(),
        ]
    };
    let body = Body::Table(Table {
        heads: heads.map(str::to_owned).to_vec(),
        rows: keys.iter().enumerate().map(row).collect(),
    });
    view("What stands if the last write wins", body)
}
