//! A request and its branches; how long branches take and how long requests; how often a request
//! meets a slow branch.

use std::fmt::Write as _;

use super::parts::{line, lines as chart, view};
use super::run::{self, number, things};
use super::{Axis, Body, Lane, Lanes, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::fan_out::{Asked, Branch, History, Params, eighth, eighth_begins_s};
use crate::sim::histogram::Histogram;
use crate::sim::metric::{self, said};
use crate::sim::theory::fan_out::any_slow;
use crate::sim::time::{SimDuration, as_f64};

/// So many requests are told one by one.
const LINES: usize = 7;
/// The chance of a slow branch is drawn for so many branches at least.
const BRANCHES: u32 = 300;

/// The picture of a run.
pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let told = Told::new(shown, params, history);
    Picture {
        views: vec![told.lanes(), told.spread(), told.slow()],
        summary: told.summary(),
        timeline: told.timeline(),
    }
}

/// A run and the moment of it that is shown.
struct Told<'a> {
    params: &'a Params,
    history: &'a History,
    /// The requests that have been asked.
    asked: &'a [Asked],
    /// The requests that are done.
    done: &'a [Asked],
    /// How long the last one that was asked has taken so far.
    elapsed: SimDuration,
    is_over: bool,
}

impl<'a> Told<'a> {
    fn new(shown: &Shown<'_>, params: &'a Params, history: &'a History) -> Self {
        let all = history.asked.as_slice();
        let begun = all.iter().take_while(|asked| asked.at <= shown.at).count();
        let asked = all.get(..begun).unwrap_or_default();
        let done = asked.iter().take_while(|it| it.at + it.latency <= shown.at).count();
        let done = asked.get(..done).unwrap_or_default();
        let elapsed = asked.last().map_or(SimDuration::ZERO, |last| shown.at - last.at);
        Self { params, history, asked, done, elapsed, is_over: shown.at >= history.end }
    }

    /// The branches of the request at hand, the slowest first.
    fn lanes(&self) -> View {
        let ends = self.history.asked.iter().filter_map(|asked| asked.branches.first());
        let to_s = ends.map(|branch| branch.end).max().unwrap_or_default().as_secs_f64();
        let (mut lanes, mut more) = (Vec::new(), 0);
        if let Some(asked) = self.asked.last() {
            lanes = asked.branches.iter().map(|branch| self.lane(asked, branch)).collect();
            more = usize::try_from(asked.more).unwrap_or(usize::MAX);
        }
        let now_s = (!self.is_over).then(|| self.elapsed.as_secs_f64());
        let lanes = Lanes { from_s: 0.0, to_s: to_s.max(1e-9), now_s, lanes, more };
        let mut legend = vec![(Tone::Busy, "asked".to_owned())];
        if self.params.hedge_at.is_some() {
            legend.push((Tone::Second, "asked a second time".to_owned()));
        }
        if self.params.quorum.is_some_and(|quorum| quorum < self.params.branches) {
            legend.push((Tone::Idle, "not waited for".to_owned()));
        }
        legend.push((Tone::Good, "answered".to_owned()));
        let slow = said(Unit::Seconds, self.history.slow.as_secs_f64());
        legend.push((Tone::Bad, format!("answered after {slow}, as 1 in 100 does")));
        let title = match self.asked.len() {
            0 => "the branches of a request".to_owned(),
            count => format!("the branches of request {count}, the slowest first"),
        };
        View { title, body: Body::Lanes(lanes), legend }
    }

    fn lane(&self, asked: &Asked, branch: &Branch) -> Lane {
        let label = format!("#{}", branch.index + 1);
        let seconds = SimDuration::as_secs_f64;
        // Of a request that is done there is nothing left to wait for.
        let until = if self.elapsed >= asked.latency { SimDuration::MAX } else { self.elapsed };
        let end = branch.end.min(until);
        let waited = end.min(asked.latency);
        let again = self.params.hedge_at.filter(|_| branch.is_hedged).unwrap_or(SimDuration::MAX);
        let mut runs = vec![(0.0, seconds(waited.min(again)), Tone::Busy)];
        if again < waited {
            runs.push((seconds(again), seconds(waited), Tone::Second));
        }
        if waited < end {
            runs.push((seconds(waited), seconds(end), Tone::Idle));
        }
        let tone = if branch.end > self.history.slow { Tone::Bad } else { Tone::Good };
        let marks =
            if branch.end <= until { vec![(seconds(branch.end), tone)] } else { Vec::new() };
        Lane { label, runs, marks }
    }

    /// How long branches took, and how long requests: of those that are done, of all in the end.
    fn spread(&self) -> View {
        let (leaf, requests) = if self.is_over {
            (counts_of(&self.history.leaf), counts_of(&self.history.latency))
        } else {
            let mut leaf = Vec::new();
            let mut requests = Vec::new();
            for asked in self.done {
                for (place, &count) in asked.eighths.iter().enumerate() {
                    add(&mut leaf, place, u64::from(count));
                }
                add(&mut requests, eighth(asked.latency), 1);
            }
            (leaf, requests)
        };
        let all = counts_of(&self.history.leaf);
        let shortest = self.history.leaf.quantile(0.002).min(self.history.latency.min());
        let first = shortest.map_or(0, eighth).saturating_sub(1);
        let longest = self.history.latency.max().max(self.history.leaf.quantile(0.9999));
        let last = longest.map_or(first, eighth).max(all.len().saturating_sub(1)).max(first) + 1;
        let points = |counts: &[u64]| shares(counts, first, last);
        let lines = vec![
            line("branches", Tone::First, Stroke::Area, points(&leaf)),
            line("requests", Tone::Second, Stroke::Line, points(&requests)),
        ];
        let most = run::greatest(&lines);
        let x = Axis {
            label: "time until the answer".to_owned(),
            unit: Unit::Seconds,
            from: eighth_begins_s(first),
            to: eighth_begins_s(last),
            log: true,
        };
        let mut chart = chart(x, run::up("share", Unit::Share, most), lines);
        let slow = self.history.slow.as_secs_f64();
        chart.places.push((slow, format!("a branch's p99, {}", said(Unit::Seconds, slow))));
        let title = if self.is_over {
            "how long a branch takes, and a request".to_owned()
        } else {
            format!(
                "how long a branch takes, and a request: {}",
                things(count(self.done), "request")
            )
        };
        view(&title, Body::Chart(chart))
    }

    /// The chance to meet a slow branch over the number of branches.
    fn slow(&self) -> View {
        let branches = self.params.branches;
        let most = BRANCHES.max(branches.saturating_mul(2));
        let mut points = Vec::new();
        let mut at = 1.0;
        while at <= f64::from(most) * 1.0001 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most 2·10⁵"
            )]
            let whole = f64::round(at) as u32;
            points.push((f64::from(whole), any_slow(whole, 0.01)));
            at *= 1.06;
        }
        points.dedup();
        let mut lines = vec![line(
            "1 − 0.99ⁿ, where nothing is asked twice",
            Tone::Theory,
            Stroke::Line,
            points,
        )];
        if let Some(share) = self.any_slow() {
            let here = vec![(f64::from(branches), share)];
            lines.push(line("simulated", Tone::First, Stroke::Dots, here));
        }
        let x = Axis {
            label: "branches".to_owned(),
            unit: Unit::Count,
            from: 1.0,
            to: f64::from(most),
            log: true,
        };
        let mut chart = chart(x, run::share("requests with a slow branch"), lines);
        let branches = branches_said(u64::from(branches));
        chart.places.push((f64::from(self.params.branches), branches));
        view("requests that meet a slow branch", Body::Chart(chart))
    }

    /// The share of requests with a slow branch, of those that are done.
    fn any_slow(&self) -> Option<f64> {
        let (slow, all) = self.counted();
        (all > 0).then(|| as_f64(slow) / as_f64(all))
    }

    fn counted(&self) -> (u64, u64) {
        if self.is_over {
            return (self.history.any_slow, self.history.requests);
        }
        (self.done.iter().filter(|asked| asked.is_any_slow).count() as u64, count(self.done))
    }

    fn summary(&self) -> String {
        let (slow, all) = self.counted();
        let Some(share) = self.any_slow() else {
            let branches = branches_said(u64::from(self.params.branches));
            return format!("The first request asks {branches}.");
        };
        let mut text = format!(
            "{} of {} met a slow branch ({})",
            number(slow),
            things(all, "request"),
            said(Unit::Share, share)
        );
        if self.is_over {
            let (leaf, request) = (&self.history.leaf, &self.history.latency);
            let median = |of: &Histogram| {
                of.quantile(0.5)
                    .map_or_else(String::new, |it| said(Unit::Seconds, it.as_secs_f64()))
            };
            let _ = write!(
                text,
                "; half of the branches answer within {}, half of the requests within {}",
                median(leaf),
                median(request)
            );
        }
        text + "."
    }

    /// The first requests, one by one.
    fn timeline(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, asked) in self.done.iter().take(LINES).enumerate() {
            let latency = said(Unit::Seconds, asked.latency.as_secs_f64());
            let mut text = format!("Request {} took {latency}", place + 1);
            if let Some(slowest) = asked.branches.first() {
                let end = said(Unit::Seconds, slowest.end.as_secs_f64());
                let _ = write!(text, "; its slowest branch was #{}, {end}", slowest.index + 1);
                if asked.is_any_slow {
                    text += ", slower than 99 % of branches are";
                }
            }
            if asked.hedges > 0 {
                let _ = write!(text, "; {} asked a second time", number(asked.hedges));
            }
            lines.push(text);
        }
        let more = count(self.done).saturating_sub(lines.len() as u64);
        if more > 0 {
            let rest = self.done.get(LINES..).unwrap_or_default();
            let longest = rest.iter().map(|asked| asked.latency).max().unwrap_or_default();
            let longest = metric::said(Unit::Seconds, longest.as_secs_f64());
            lines.push(format!("Then {} more, the longest took {longest}", number(more)));
        }
        lines
    }
}

fn count(asked: &[Asked]) -> u64 {
    asked.len() as u64
}

fn add(counts: &mut Vec<u64>, place: usize, more: u64) {
    counts.resize(counts.len().max(place + 1), 0);
    if let Some(count) = counts.get_mut(place) {
        *count += more;
    }
}

/// A histogram by eighths of a doubling.
fn counts_of(histogram: &Histogram) -> Vec<u64> {
    let mut counts = Vec::new();
    for (from, _, count) in histogram.buckets() {
        add(&mut counts, eighth(from), count);
    }
    counts
}

/// The counts from `first` to `last` as shares of all, each in the middle of its eighth.
fn shares(counts: &[u64], first: usize, last: usize) -> Vec<(f64, f64)> {
    let all: u64 = counts.iter().sum();
    let of = |place: usize| counts.get(place).copied().unwrap_or(0);
    let point = |place: usize| {
        // Where nothing is near there is no line either, so that it does not hide what is.
        let near = of(place) + of(place + 1) + place.checked_sub(1).map_or(0, of);
        let share = if near == 0 { f64::NAN } else { as_f64(of(place)) / as_f64(all) };
        (f64::midpoint(eighth_begins_s(place), eighth_begins_s(place + 1)), share)
    };
    if all == 0 { Vec::new() } else { (first..last).map(point).collect() }
}

fn branches_said(count: u64) -> String {
    if count == 1 { "1 branch".to_owned() } else { format!("{} branches", number(count)) }
}
