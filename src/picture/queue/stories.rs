//! The lanes of the first messages.

use std::collections::{BTreeMap, BTreeSet};

use crate::picture::parts::legend;
use crate::picture::series::Window;
use crate::picture::{Body, Lane, Lanes, Tone, View};
use crate::sim::queue::{Doing, History, Story};

/// Up to so many messages each has a lane; of more, those that do the same share one.
const LANES: usize = 16;

/// The lanes, bad messages first.
pub(super) fn view(history: &History, window: &Window) -> View {
    let mut groups = grouped(&history.stories);
    groups.sort_by_key(|group| (!group.0.poison, group.0.number));
    let until = window.at_s.min(history.told_until.as_secs_f64());
    let lanes: Vec<Lane> =
        groups.iter().map(|(story, others)| lane(story, others, until)).collect();
    let sent: u64 = history.ticks.all().iter().map(|tick| tick.sent).sum();
    let told = history.stories.len();
    let title = if sent > told as u64 {
        format!("The first {told} messages")
    } else {
        "Messages".to_owned()
    };
    let marks = lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.1);
    let runs = lanes.iter().flat_map(|lane| &lane.runs).map(|run| run.2);
    let seen: BTreeSet<Tone> = marks.chain(runs).collect();
    let mut legend = legend(&[
        (Tone::Idle, "waiting"),
        (Tone::Busy, "in flight"),
        (Tone::Second, "received again"),
        (Tone::Before, "hidden"),
        (Tone::Good, "done"),
        (Tone::Doubtful, "done again"),
        (Tone::Bad, "dead letter"),
    ]);
    legend.retain(|(tone, _)| seen.contains(tone));
    View {
        title,
        body: Body::Lanes(Lanes {
            from_s: window.from_s,
            to_s: lanes_end(history, window),
            now_s: (window.at_s < window.to_s).then_some(window.at_s),
            lanes,
            more: 0,
        }),
        legend,
    }
}

/// When the last of the messages told of is through: the others' time would press them together.
fn lanes_end(history: &History, window: &Window) -> f64 {
    let last = history.stories.iter().filter_map(|story| story.changes.last());
    let last = last.map(|change| change.0.as_secs_f64()).fold(0.0, f64::max);
    if last > 0.0 { last.min(window.to_s) } else { window.to_s }
}

/// Messages that do the same at the same time, and the numbers of the others of each group.
fn grouped(stories: &[Story]) -> Vec<(&Story, Vec<u32>)> {
    if stories.len() <= LANES {
        return stories.iter().map(|story| (story, Vec::new())).collect();
    }
    let mut places: BTreeMap<(bool, &[_]), usize> = BTreeMap::new();
    let mut groups: Vec<(&Story, Vec<u32>)> = Vec::new();
    for story in stories {
        let next = groups.len();
        let place = *places.entry((story.poison, &story.changes)).or_insert(next);
        match groups.get_mut(place) {
            Some(group) => group.1.push(story.number),
            None => groups.push((story, Vec::new())),
        }
    }
    groups
}

fn lane(story: &Story, others: &[u32], until: f64) -> Lane {
    let told: Vec<(f64, Doing)> = story
        .changes
        .iter()
        .map(|&(at, doing)| (at.as_secs_f64(), doing))
        .take_while(|change| change.0 <= until)
        .collect();
    let mut lane = Lane::default();
    for (place, &(at, doing)) in told.iter().enumerate() {
        let to = told.get(place + 1).map_or(until, |next| next.0);
        match doing {
            Doing::Waiting if to > at => lane.runs.push((at, to, Tone::Idle)),
            Doing::Working(receive) => {
                lane.runs.push((at, to, Tone::Busy));
                if receive > 1 {
                    lane.marks.push((at, Tone::Second));
                }
            }
            Doing::Hidden => lane.runs.push((at, to, Tone::Before)),
            Doing::Waiting => {}
            Doing::Done => lane.marks.push((at, Tone::Good)),
            Doing::DeadLettered => lane.marks.push((at, Tone::Bad)),
            Doing::DoneAgain => lane.marks.push((at, Tone::Doubtful)),
        }
    }
    let receives = told.iter().rev().find_map(|change| match change.1 {
        Doing::Working(receive) => Some(receive),
        _ => None,
    });
    lane.label = label(story, others, receives.unwrap_or(0));
    lane
}

/// `bad #7 x3`: a message, and how often it was received.
fn label(story: &Story, others: &[u32], receives: u32) -> String {
    let before = if story.poison { "bad " } else { "" };
    let number = story.number;
    let count = u32::try_from(others.len()).unwrap_or(u32::MAX);
    let last = others.last().copied().unwrap_or(number);
    let numbers = match count {
        0 => format!("#{number}"),
        _ if last == number.saturating_add(count) => format!("#{number}-{last}"),
        _ => format!("#{number} +{count}"),
    };
    let times = if receives == 0 { String::new() } else { format!(" x{receives}") };
    format!("{before}{numbers}{times}")
}
