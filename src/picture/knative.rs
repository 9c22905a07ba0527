//! Pods under the autoscaler: what the two windows see, the pods that they ask for, who waits.

use std::fmt::Write as _;

use super::parts::{line, lines as chart, view};
use super::run::{self, about, number, things, time, up, when};
use super::{Axis, Body, Chart, Line, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::knative::{History, Params, Stretch};
use crate::sim::metric::{clock, said};
use crate::sim::ticks::Tick as _;
use crate::sim::time::{SimTime, as_f64};

/// A pod with unlimited concurrency counts as this many.
const UNLIMITED: u64 = 100;
/// So many panics are told one by one.
const PANICS_TOLD: usize = 3;

/// The picture of a run.
pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let told = Told::new(shown, params, history);
    let both = Box::new((told.shaded("", told.averages()), told.shaded("", told.pods())));
    let both = view("what the windows see, and the pods for it", Body::Pair(both));
    Picture {
        views: vec![both, told.waiting(), told.latency()],
        summary: told.summary(),
        timeline: told.timeline(),
    }
}

/// A run and the moment of it that is shown.
struct Told<'a> {
    shown: &'a Shown<'a>,
    params: &'a Params,
    history: &'a History,
    /// The middle of each stretch in seconds, joined to what a line needs, up to the moment.
    stretches: Vec<(f64, Stretch)>,
}

impl<'a> Told<'a> {
    fn new(shown: &'a Shown<'a>, params: &'a Params, history: &'a History) -> Self {
        let width = history.width.as_secs_f64();
        let each = run::stride(history.stretches.len());
        let mut stretches = Vec::new();
        let mut from = 0.0;
        for group in history.stretches.chunks(each) {
            let to = from + as_f64(group.len() as u64) * width;
            if from >= shown.at_s() {
                break;
            }
            if let Some(joined) = group.iter().copied().reduce(Stretch::joined) {
                stretches.push((from, joined));
            }
            from = to;
        }
        Self { shown, params, history, stretches }
    }

    fn time(&self) -> Axis {
        time(self.shown.scenario.run.duration, self.history.end)
    }

    /// Concurrent requests that a pod should have.
    fn target(&self) -> f64 {
        let concurrency = self.params.container_concurrency.unwrap_or(UNLIMITED);
        as_f64(concurrency) * self.params.target_utilization
    }

    /// A line through the stretches in which something was decided.
    fn through(
        &self,
        name: &str,
        tone: Tone,
        stroke: Stroke,
        of: impl Fn(&Stretch) -> f64,
    ) -> Line {
        let decided = self.stretches.iter().filter(|(_, stretch)| stretch.decisions > 0);
        line(name, tone, stroke, decided.map(|(at, stretch)| (*at, of(stretch))).collect())
    }

    /// The stretches of time in panic, up to the moment.
    fn panics(&self) -> Vec<(f64, f64)> {
        let begun = self.history.panics.iter().filter(|panic| panic.0 <= self.shown.at);
        begun.map(|&(from, to)| (from.as_secs_f64(), to.min(self.shown.at).as_secs_f64())).collect()
    }

    /// A chart with panics shaded and named in its legend.
    fn shaded(&self, title: &str, mut chart: Chart) -> View {
        let panics = self.panics();
        chart.bands = panics.iter().map(|&(from, to)| (from, to, String::new())).collect();
        let lines = chart.lines.iter().filter(|line| !line.name.is_empty());
        let mut legend: Vec<(Tone, String)> =
            lines.map(|line| (line.tone, line.name.clone())).collect();
        if !panics.is_empty() {
            legend.push((Tone::Idle, "panic".to_owned()));
        }
        View { legend, ..view(title, Body::Chart(chart)) }
    }

    fn averages(&self) -> Chart {
        let target = self.target();
        let lines = vec![
            self.through("room in the ready pods", Tone::Theory, Stroke::Line, |it| {
                as_f64(it.ready) * target
            }),
            self.through("short window", Tone::Second, Stroke::Line, |it| it.panic),
            self.through("long window", Tone::First, Stroke::Line, |it| it.stable),
        ];
        let all = self.history.stretches.iter();
        let most = all.map(|it| it.stable.max(it.panic)).fold(0.0, f64::max);
        chart(self.time(), up("requests at once", Unit::Count, most), lines)
    }

    fn pods(&self) -> Chart {
        let lines = vec![
            self.through("ready", Tone::Busy, Stroke::Area, |it| as_f64(it.ready)),
            self.through("wanted", Tone::Second, Stroke::Line, |it| as_f64(it.desired)),
        ];
        let all = self.history.stretches.iter();
        let most = all.map(|it| it.desired.max(it.ready)).max().unwrap_or(0);
        chart(self.time(), up("pods", Unit::Count, as_f64(most)), lines)
    }

    fn waiting(&self) -> View {
        let points = self.stretches.iter().map(|(at, it)| (*at, as_f64(it.waiting_max))).collect();
        let most = self.history.stretches.iter().map(|it| it.waiting_max).max().unwrap_or(0);
        let lines = vec![line("", Tone::Doubtful, Stroke::Area, points)];
        let y = up("requests waiting for a pod", Unit::Count, as_f64(most));
        self.shaded("requests waiting for a pod", chart(self.time(), y, lines))
    }

    fn latency(&self) -> View {
        let slowest = |it: &Stretch| {
            if it.answered > 0 { it.latency_max.as_secs_f64() } else { f64::NAN }
        };
        let points = self.stretches.iter().map(|(at, it)| (*at, slowest(it))).collect();
        let most = self.history.stretches.iter().map(|it| it.latency_max).max();
        let lines = vec![line("", Tone::First, Stroke::Line, points)];
        let y = up("slowest request", Unit::Seconds, most.unwrap_or_default().as_secs_f64());
        self.shaded("the slowest request", chart(self.time(), y, lines))
    }

    /// All that has happened.
    fn whole(&self) -> Stretch {
        let all = self.stretches.iter().map(|(_, stretch)| *stretch);
        all.reduce(Stretch::joined).unwrap_or_default()
    }

    fn in_panic(&self) -> bool {
        let at = self.shown.at;
        self.history.panics.iter().any(|&(from, to)| from <= at && at < to)
    }

    fn summary(&self) -> String {
        let all = self.whole();
        let when = when(self.shown, self.history.end);
        let came = things(all.requests, "request");
        let mut text = format!("{when}, {came} came, {} found no pod ready", number(all.cold));
        let _ = write!(text, "; at most {} wanted", things(all.desired, "pod"));
        if let Some((_, now)) = self.stretches.iter().rfind(|(_, it)| it.decisions > 0)
            && self.shown.at < self.history.end
        {
            let calm = if self.in_panic() { "In panic" } else { "Now" };
            let _ = write!(
                text,
                ". {calm}: the short window sees {} at once, the long one {}; {} ready, {} wanted",
                about(now.panic),
                about(now.stable),
                number(now.ready),
                number(now.desired)
            );
        }
        text + "."
    }

    fn timeline(&self) -> Vec<String> {
        let mut events = self.panics_told();
        let most = self.stretches.iter().rev().max_by_key(|(_, it)| it.desired);
        if let Some((at, most)) = most.filter(|(_, most)| most.desired > 0) {
            events.push((*at, format!("{} wanted, the most", things(most.desired, "pod"))));
        }
        events.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut lines: Vec<String> =
            events.into_iter().map(|(at, what)| format!("{}: {what}", clock(at))).collect();
        let all = self.whole();
        if all.waiting_max > 0 {
            let slowest = said(Unit::Seconds, all.latency_max.as_secs_f64());
            let waiting = things(all.waiting_max, "request");
            lines.push(format!("At most {waiting} waited at once; the slowest took {slowest}"));
        }
        lines
    }

    /// The first panics with their ends.
    fn panics_told(&self) -> Vec<(f64, String)> {
        let at = self.shown.at;
        let begun = self.history.panics.iter().filter(|panic| panic.0 <= at);
        let mut events = Vec::new();
        for &(from, to) in begun.clone().take(PANICS_TOLD) {
            let (seen, ready) = (about(self.near(from).panic), self.near(from).ready);
            let ready = things(ready, "pod");
            let text = format!("panic begins; the short window sees {seen} at once, {ready} ready");
            events.push((from.as_secs_f64(), text));
            if to <= at && to < self.history.end {
                let length = said(Unit::Seconds, (to - from).as_secs_f64());
                events.push((to.as_secs_f64(), format!("panic ends after {length}")));
            }
        }
        if let Some(&(from, _)) = begun.clone().nth(PANICS_TOLD) {
            let more = (begun.count() - PANICS_TOLD) as u64;
            events
                .push((from.as_secs_f64(), format!("{} more from here on", things(more, "panic"))));
        }
        events
    }

    /// The stretch of a moment.
    fn near(&self, at: SimTime) -> Stretch {
        let place = usize::try_from(at.0 / self.history.width.0.max(1)).unwrap_or(usize::MAX);
        self.history.stretches.get(place).copied().unwrap_or_default()
    }
}
