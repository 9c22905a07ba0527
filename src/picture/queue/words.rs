//! A queue in words.

use super::counts;
use crate::picture::parts::{counted, number, seconds};
use crate::picture::series::{Stretch, Window};
use crate::sim::queue::{Doing, History, Params, Story, Tick};
use crate::sim::time::SimTime;

/// More lines are not read.
const LINES: usize = 8;

pub(super) fn summary(window: &Window, stretches: &[Stretch<Tick>]) -> String {
    let [sent, delivered, done, dead] = counts(stretches);
    let open = sent.saturating_sub(done + dead);
    let at = seconds(window.at_s);
    let left = match open {
        0 => String::new(),
        _ => format!(", {} still to do", number(open)),
    };
    format!(
        "After {at} {} of {} are done, {} are with the dead letters{left}; {} so far.",
        number(done),
        messages(sent),
        number(dead),
        counted(delivered, "delivery", "deliveries"),
    )
}

pub(super) fn timeline(
    params: &Params,
    history: &History,
    window: &Window,
    stretches: &[Stretch<Tick>],
) -> Vec<String> {
    let mut lines: Vec<(f64, String)> = Vec::new();
    if let Some(bad) = history.stories.iter().find(|story| story.poison) {
        lines.extend(failures(params, history, bad));
    } else {
        lines.extend(drained(stretches, window));
        lines.extend(history.stories.iter().flat_map(doubles));
        lines.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    lines.retain(|line| line.0 <= window.at_s);
    let hidden = lines.len().saturating_sub(LINES);
    if hidden > 0 {
        // The beginning and the end are what is told.
        lines.drain(LINES / 2..LINES / 2 + hidden);
    }
    lines.into_iter().map(|(_, text)| text).collect()
}

/// What happens to a message that fails, and to those that are received with it.
fn failures(params: &Params, history: &History, bad: &Story) -> Vec<(f64, String)> {
    let same = |other: &&Story| !other.poison && other.changes == bad.changes;
    let with_it = history.stories.iter().filter(same).count() as u64;
    let too = match with_it {
        0 => String::new(),
        _ => format!(", and {} with it", messages(with_it)),
    };
    let name = format!("message {}", bad.number);
    let mut lines = Vec::new();
    let (mut receives, mut hidden_until) = (0, SimTime::ZERO);
    for &(at, doing) in &bad.changes {
        let when = seconds(at.as_secs_f64());
        let text = match doing {
            Doing::Working(receive) => {
                receives = receive;
                hidden_until = at + params.visibility;
                format!("At {when} {name} is received {}{too}.", times(receive))
            }
            Doing::Hidden => {
                let until = seconds(hidden_until.as_secs_f64());
                format!("At {when} the function fails; {name} is hidden until {until}{too}.")
            }
            Doing::DeadLettered => {
                format!(
                    "At {when} {name} goes to the dead letters{too}, after {}.",
                    counted(u64::from(receives), "receive", "receives")
                )
            }
            Doing::DoneAgain | Doing::Done | Doing::Waiting => continue,
        };
        lines.push((at.as_secs_f64(), text));
    }
    let healthy = history.stories.iter().filter(|story| !story.poison);
    let ends = |story: &Story| {
        let end = story.changes.iter().find(|change| change.1 == Doing::Done)?;
        Some(end.0.as_secs_f64())
    };
    let done: Vec<f64> = healthy.filter_map(ends).collect();
    if let Some(last) = done.iter().copied().reduce(f64::max) {
        let text = format!("By {} {} are done.", seconds(last), messages(done.len() as u64));
        lines.push((last, text));
    }
    lines.sort_by(|one, other| one.0.total_cmp(&other.0));
    lines
}

/// When a message was done that was done before.
fn doubles(story: &Story) -> impl Iterator<Item = (f64, String)> + '_ {
    let again = story.changes.iter().filter(|change| change.1 == Doing::DoneAgain);
    again.map(|&(at, _)| {
        let at = at.as_secs_f64();
        let number = story.number;
        let why = "a call took longer than it was hidden";
        (at, format!("At {} message {number} is done again: {why}.", seconds(at)))
    })
}

/// How a backlog comes and goes.
fn drained(stretches: &[Stretch<Tick>], window: &Window) -> Vec<(f64, String)> {
    let mut lines = Vec::new();
    let Some(peak) = stretches.iter().max_by_key(|one| one.tick.backlog) else { return lines };
    if peak.tick.backlog > 0 {
        let waiting = messages(peak.tick.backlog);
        let text = format!("At {} {waiting} wait, the most.", seconds(peak.from_s));
        lines.push((peak.from_s, text));
    }
    let after = stretches.iter().filter(|one| one.from_s > peak.from_s);
    for share in [2, 10] {
        let below = |one: &&Stretch<Tick>| one.tick.backlog <= peak.tick.backlog / share;
        if let Some(one) = after.clone().find(below) {
            let what = if share == 2 { "half" } else { "a tenth" };
            let text = format!(
                "At {} {what} of them still wait, with {}.",
                seconds(one.from_s),
                counted(one.tick.pollers, "poller", "pollers")
            );
            lines.push((one.from_s, text));
        }
    }
    let [sent, _, done, dead] = counts(stretches);
    if sent > 0 && done + dead == sent && window.at_s >= window.to_s {
        let most = stretches.iter().map(|one| one.tick.pollers).max().unwrap_or(0);
        let most = counted(most, "poller", "pollers");
        let text = format!(
            "At {} nothing is left to do, a double neither; there were at most {most}.",
            seconds(window.to_s)
        );
        lines.push((window.to_s, text));
    }
    lines
}

fn messages(count: u64) -> String {
    counted(count, "message", "messages")
}

fn times(receive: u32) -> String {
    match receive {
        1 => "for the first time".to_owned(),
        2 => "for the second time".to_owned(),
        3 => "for the third time".to_owned(),
        more => format!("for the {more}th time"),
    }
}
