//! How long requests took, the cold ones told apart.

use super::Told;
use crate::picture::{Bar, Bars, Body, Tone, Unit, View};
use crate::sim::metric;
use crate::sim::platform::{LATENCY_SIZES, Latencies};
use crate::sim::ticks::Tick;
use crate::sim::time::as_f64;

/// At most so many bars.
const BARS_MAX: usize = 8;
/// Which sizes are joined: none, those within 1, 2, 5 and 10, all of a decade.
const JOINED: [&[usize]; 3] = [&[1], &[2, 1, 2, 1], &[6]];

/// The histogram of what ended until the moment.
pub(super) fn view(told: &Told<'_>) -> View {
    let latencies = &told.history.requests.latencies;
    let at = told.shown.at.0;
    let until = if told.is_over() { u64::MAX } else { at };
    let width = latencies.width().0;
    let passed = latencies.all().iter().zip(0_u64..).take_while(|(_, n)| n * width < until);
    let sum = passed.fold(Latencies::default(), |sum, (tick, _)| sum.joined(*tick));
    let count: u64 = sum.warm.iter().chain(&sum.cold).map(|it| u64::from(*it)).sum();
    let cold: u64 = sum.cold.iter().map(|it| u64::from(*it)).sum();
    let has_cold_tone = told.params.start != crate::sim::platform::Start::Free;
    let marks = [(quantile(&sum, 0.5), "p50"), (quantile(&sum, 0.99), "p99")];
    let bars = groups(&sum).into_iter().map(|(from, to)| {
        let of = |counts: &[u32; LATENCY_SIZES]| -> u64 {
            counts.iter().take(to).skip(from).map(|it| u64::from(*it)).sum()
        };
        let (warm, cold) = (of(&sum.warm), of(&sum.cold));
        let share = as_f64(warm + cold) / as_f64(count.max(1));
        let of_group = marks.iter().filter(|(size, _)| (from..to).contains(size));
        let names: Vec<&str> = of_group.map(|mark| mark.1).collect();
        let said = if warm + cold == 0 { String::new() } else { metric::said(Unit::Share, share) };
        let number = metric::thousands(as_f64(warm + cold), 0);
        let note = format!("{number}   {said:>7}   {:<7}", names.join(" "));
        let parts = vec![(as_f64(warm), Tone::Busy), (as_f64(cold), Tone::Starting)];
        Bar { label: label(from, to), parts, note: Some(note) }
    });
    let mut legend = vec![(Tone::Busy, "warm".to_owned())];
    if has_cold_tone || cold > 0 {
        legend.push((Tone::Starting, "cold".to_owned()));
    }
    View {
        title: "latency of requests".to_owned(),
        body: Body::Bars(Bars { unit: Unit::Count, bars: bars.collect() }),
        legend,
    }
}

/// The size that a share `q` of all are not longer than.
fn quantile(sum: &Latencies, q: f64) -> usize {
    let both =
        || sum.warm.iter().zip(&sum.cold).map(|(warm, cold)| u64::from(*warm) + u64::from(*cold));
    let wanted = (q * as_f64(both().sum()) - 1e-6).ceil();
    let mut before = 0;
    both()
        .position(|count| {
            before += count;
            before > 0 && as_f64(before) >= wanted
        })
        .unwrap_or(LATENCY_SIZES)
}

/// Neighbouring sizes from the first to the last that something has, joined until they are few;
/// the shortest twentieth may be one.
fn groups(sum: &Latencies) -> Vec<(usize, usize)> {
    let of = |from: usize, to: usize| -> u64 {
        let both = sum.warm.iter().zip(&sum.cold).take(to).skip(from);
        both.map(|(warm, cold)| u64::from(*warm) + u64::from(*cold)).sum()
    };
    let all = of(0, LATENCY_SIZES);
    let mut found = Vec::new();
    for joined in JOINED {
        // The first size is all below a millisecond, alone.
        let mut groups = vec![(0, 1)];
        let mut steps = joined.iter().cycle();
        while let Some(&(_, from)) = groups.last().filter(|it| it.1 < LATENCY_SIZES) {
            let step = steps.next().copied().unwrap_or(1);
            groups.push((from, (from + step).min(LATENCY_SIZES)));
        }
        let holds = |&(from, to): &(usize, usize)| of(from, to) > 0;
        let first = groups.iter().position(holds);
        let last = groups.iter().rposition(holds);
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        found = groups.get(first..=last).unwrap_or_default().to_vec();
        let few = found.iter().take_while(|group| of(0, group.1) * 20 <= all).count();
        if found.len() > BARS_MAX && few > 1 {
            let end = found.get(few - 1).map_or(0, |group| group.1);
            found.splice(..few, [(0, end)]);
        }
        if found.len() <= BARS_MAX {
            break;
        }
    }
    found
}

/// From the least latency of a group to the greatest, as in `50–100 ms`.
fn label(from: usize, to: usize) -> String {
    let bound = |at: usize| Latencies::BOUNDS.get(at).copied().unwrap_or(f64::INFINITY);
    let (least, greatest) = (bound(from), bound(to));
    let said = |seconds: f64| metric::said(Unit::Seconds, seconds);
    if from == 0 {
        return format!("below {}", said(greatest));
    }
    if greatest.is_infinite() {
        return format!("above {}", said(least));
    }
    let (first, second) = (said(least), said(greatest));
    match (first.split_once(' '), second.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number}–{second}"),
        _ => format!("{first}–{second}"),
    }
}
