//! Order and doubles in words.

use super::Balance;
use crate::picture::parts::{counted, number, seconds};
use crate::picture::series::{Stretch, Window, sum};
use crate::sim::ordering::{Delivery, History, Outcome, Tick};

/// More lines are not read.
const LINES: usize = 8;

pub(super) fn summary(window: &Window, all: &Balance, stretches: &[Stretch<Tick>]) -> String {
    let dropped = sum(stretches, |tick| tick.dropped);
    let dropped = match dropped {
        0 => String::new(),
        some => format!(", {} dropped because they were done", number(some)),
    };
    let balance = match all.doubled {
        0 => "nothing is done twice".to_owned(),
        more => format!("{} too many", counted(more, "effect", "effects")),
    };
    format!(
        "After {}: {} for {} wanted, {balance}, {} out of order{dropped}.",
        seconds(window.at_s),
        counted(all.applied + all.doubled, "effect", "effects"),
        number(all.wanted),
        number(all.out_of_order),
    )
}

/// The first crashes, doubles, drops and messages out of order.
pub(super) fn timeline(history: &History, window: &Window) -> Vec<String> {
    let until = window.at_s;
    let mut told: Vec<(usize, &Delivery)> = history
        .keys
        .iter()
        .enumerate()
        .flat_map(|(key, told)| told.deliveries.iter().map(move |one| (key + 1, one)))
        .filter(|(_, one)| one.to.as_secs_f64() <= until)
        .filter(|(_, one)| one.crashed || one.outcome != Outcome::InOrder)
        .collect();
    told.sort_by_key(|(key, one)| (one.to, *key));
    let hidden = told.len().saturating_sub(LINES - 1);
    let mut lines: Vec<String> =
        told.iter().take(LINES - 1).map(|(key, one)| sentence(*key, one)).collect();
    match hidden {
        0 => {}
        1 => lines.extend(told.last().map(|(key, one)| sentence(*key, one))),
        more => lines.push(format!("And {more} more like these.")),
    }
    lines
}

fn sentence(key: usize, one: &Delivery) -> String {
    let at = seconds(one.to.as_secs_f64());
    let message = format!("message {} of key {key}", one.message);
    let crash = if one.crashed { ", and its consumer crashes" } else { "" };
    match one.outcome {
        Outcome::InOrder => format!("At {at} {message} is done{crash} before it says so."),
        Outcome::OutOfOrder => {
            format!("At {at} {message} is done after a later one of its key{crash}.")
        }
        Outcome::Double => format!("At {at} {message} is done again{crash}."),
        Outcome::Dropped => format!("At {at} {message} comes again and is dropped: it was done."),
    }
}
