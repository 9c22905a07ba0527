//! What pictures of a run have in common: its time, its counts, lines through it.

use super::{Axis, Line, Shown, Unit};
use crate::sim::metric;
use crate::sim::time::{SimDuration, SimTime, as_f64};

/// A line over time has about so many points.
const POINTS: usize = 90;

/// Time from the start to the end of a run; what is drained after `duration` counts where it takes
/// long.
pub(super) fn time(duration: SimDuration, end: SimTime) -> Axis {
    let (duration, end) = (duration.as_secs_f64(), end.as_secs_f64());
    let to = if end > 1.05 * duration { end } else { duration };
    Axis { label: "time".to_owned(), unit: Unit::Seconds, from: 0.0, to: to.max(1e-9), log: false }
}

/// Upwards from 0, with some room above `greatest`.
pub(super) fn up(label: &str, unit: Unit, greatest: f64) -> Axis {
    let to = if greatest > 0.0 && greatest.is_finite() { greatest * 1.1 } else { 1.0 };
    Axis { label: label.to_owned(), unit, from: 0.0, to, log: false }
}

/// Shares, from none to all.
pub(super) fn share(label: &str) -> Axis {
    Axis { label: label.to_owned(), unit: Unit::Share, from: 0.0, to: 1.0, log: false }
}

/// The greatest y of some lines.
pub(super) fn greatest(lines: &[Line]) -> f64 {
    let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1);
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// How many of `count` stretches make up one point of a line.
pub(super) fn stride(count: usize) -> usize {
    count.div_ceil(POINTS).max(1)
}

/// `3 requests`, `1 request`, `1,200 requests`.
pub(super) fn things(count: u64, thing: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {thing}{s}", number(count))
}

pub(super) fn number(count: u64) -> String {
    metric::thousands(as_f64(count), 0)
}

/// A mean of things: whole from 10 on.
pub(super) fn about(mean: f64) -> String {
    metric::thousands(mean, usize::from(mean < 9.95 && mean > 0.05))
}

/// `By 2:10`, or of the whole run `In 3 min`.
pub(super) fn when(shown: &Shown<'_>, end: SimTime) -> String {
    if shown.at >= end {
        let duration = shown.scenario.run.duration.as_secs_f64();
        return format!("In {}", metric::said(Unit::Seconds, duration));
    }
    format!("By {}", metric::clock(shown.at_s()))
}
