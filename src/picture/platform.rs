//! Environments that come and go: lanes, a grid, latencies, the load against its ceilings.

mod ceiling;
mod environments;
mod functions;
mod latency;
mod provisioned;
mod words;

use super::{Axis, Picture, Shown, Tone, Unit};
use crate::sim::arrivals::Arrivals;
use crate::sim::platform::{Fate, History, Params, Start, State, Tick};
use crate::sim::time::as_f64;

/// A chart over time has about so many points.
const POINTS: usize = 120;

/// The picture of a run, what the scenario is about first.
pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let told = Told { shown, params, history };
    let mut views = Vec::new();
    if params.functions.len() > 1 {
        views.extend(functions::side_by_side(&told));
        views.push(functions::bars(&told));
    }
    if params.provisioned > 0 {
        views.push(provisioned::view(&told));
        views.push(provisioned::cost(&told));
    }
    let is_about_ceilings = history.counters.total().throttled > 0
        || params.scale_burst.is_some()
        || params.scale_per_s.is_some();
    if is_about_ceilings {
        views.push(ceiling::view(&told));
    }
    // Of a run that is told only at its very beginning there is nothing to be seen in lanes.
    if history.told_to.as_secs_f64() > 0.002 * told.duration_s() {
        views.push(environments::lanes(&told));
    }
    views.push(environments::grid(&told));
    views.push(latency::view(&told));
    let runs_several = history.ticks.iter().any(|tick| tick.running_max > 2);
    if !is_about_ceilings && params.provisioned == 0 && runs_several {
        views.push(ceiling::view(&told));
    }
    Picture { views, summary: words::summary(&told), timeline: words::timeline(&told) }
}

/// A run and the moment of it that is shown.
#[derive(Clone, Copy)]
struct Told<'a> {
    shown: &'a Shown<'a>,
    params: &'a Params,
    history: &'a History,
}

/// What has happened up to a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    requests: u64,
    cold: u64,
    warm: u64,
    throttled: u64,
}

/// How many environments there are of each state, and how many have been created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    starting: u64,
    busy: u64,
    idle: u64,
    created: u64,
}

impl Standing {
    fn alive(&self) -> u64 {
        self.starting + self.busy + self.idle
    }
}

impl Told<'_> {
    /// The moment shown, in seconds, at most the end of the run.
    fn at_s(&self) -> f64 {
        self.shown.at_s().min(self.end_s())
    }

    fn end_s(&self) -> f64 {
        self.history.end.as_secs_f64()
    }

    fn is_over(&self) -> bool {
        self.shown.at >= self.history.end
    }

    /// How long requests come, in seconds.
    fn duration_s(&self) -> f64 {
        self.shown.scenario.run.duration.as_secs_f64()
    }

    fn tick_s(&self) -> f64 {
        self.history.tick.as_secs_f64()
    }

    /// Time from the start of the run to its end.
    fn time(&self) -> Axis {
        let to = self.duration_s().max(1e-9);
        Axis { label: "time".to_owned(), unit: Unit::Seconds, from: 0.0, to, log: false }
    }

    /// The ticks up to the moment shown, joined to at most [`POINTS`] in the whole run: the middle
    /// and the length of each in seconds, and what it counted.
    fn stretches<T: Copy>(
        &self,
        ticks: &[T],
        width_s: f64,
        join: fn(T, T) -> T,
    ) -> Vec<(f64, f64, T)> {
        let all = (self.duration_s() / width_s).ceil().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "there are at most a few thousand ticks"
        )]
        let each = (all as usize).div_ceil(POINTS).max(1);
        let at = if self.is_over() { f64::INFINITY } else { self.at_s() };
        let mut stretches = Vec::new();
        let mut from = 0.0;
        for group in ticks.chunks(each) {
            let to = (from + as_f64(group.len() as u64) * width_s).min(self.duration_s());
            if from >= at || to <= from {
                break;
            }
            if let Some(sum) = group.iter().copied().reduce(join) {
                stretches.push((f64::midpoint(from, to), to - from, sum));
            }
            from = to;
        }
        stretches
    }

    fn ticks(&self) -> Vec<(f64, f64, Tick)> {
        self.stretches(&self.history.ticks, self.tick_s(), Tick::merged)
    }

    /// What has happened up to the moment: to the request as far as tries are told, else to a tick.
    fn counts(&self) -> Counts {
        let requests = &self.history.requests;
        let mut counts = Counts::default();
        if self.shown.at <= requests.told_to {
            for it in requests.tries.iter().take_while(|it| it.at <= self.shown.at) {
                counts.requests += u64::from(it.failed == 0);
                counts.cold += u64::from(it.fate == Fate::Cold);
                counts.warm += u64::from(it.fate == Fate::Warm);
                counts.throttled += u64::from(it.fate == Fate::Throttled);
            }
            return counts;
        }
        let mut from = 0.0;
        let mut retried = 0;
        for tick in &self.history.ticks {
            if from > self.at_s() {
                break;
            }
            counts.requests += tick.requests;
            counts.cold += tick.cold_starts;
            counts.throttled += tick.throttled;
            retried += tick.retried;
            from += self.tick_s();
        }
        counts.warm = (counts.requests + retried).saturating_sub(counts.cold + counts.throttled);
        counts
    }

    /// How the environments stand at the moment: exactly as far as they are told, else as in most
    /// of its tick.
    fn standing(&self) -> Standing {
        let provisioned = u64::from(self.params.provisioned);
        if self.shown.at > self.history.told_to {
            let place = self.shown.at.0 / self.history.tick.0.max(1);
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            let last = self.history.ticks.len().saturating_sub(1);
            let tick = self.history.ticks.get(place.min(last)).copied().unwrap_or_default();
            let level = |ns: u128| mean(ns, self.tick_s()).round();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of environments, not negative"
            )]
            let count = |ns: u128| level(ns) as u64;
            return Standing {
                starting: count(tick.init_ns),
                busy: count(tick.busy_ns),
                idle: count(tick.idle_ns),
                created: self.counts().cold + provisioned,
            };
        }
        let mut standing =
            Standing { created: self.counts().cold + provisioned, ..Standing::default() };
        let at = self.shown.at;
        for span in self.history.spans.iter().filter(|it| it.from <= at && at < it.to) {
            match span.state {
                State::Init => standing.starting += 1,
                State::Busy => standing.busy += 1,
                State::Idle => standing.idle += 1,
                State::Gone => {}
            }
        }
        standing
    }

    /// Whether a start takes its time here.
    fn has_starts(&self) -> bool {
        matches!(self.params.start, Start::Init(_))
    }

    /// The requests that would run at `at_s` if nothing turned them away: their rate times their
    /// duration, where the rate is known.
    fn wanted(&self, at_s: f64) -> Option<f64> {
        Some(rate(&self.params.arrivals, at_s)? * self.params.service.mean_s())
    }
}

/// Requests a second at a moment, on average.
fn rate(arrivals: &Arrivals, at_s: f64) -> Option<f64> {
    Some(match arrivals {
        Arrivals::Poisson { rate_per_s } => *rate_per_s,
        Arrivals::Steps { at, rate_per_s } => {
            let begun = at.iter().take_while(|at| at.as_secs_f64() <= at_s).count();
            begun.checked_sub(1).and_then(|step| rate_per_s.get(step)).copied().unwrap_or(0.0)
        }
        Arrivals::Sine { mean_per_s, amplitude_per_s, period } => {
            let turn = std::f64::consts::TAU * at_s / period.as_secs_f64();
            mean_per_s + amplitude_per_s * libm::sin(turn)
        }
        Arrivals::Superposed(parts) if !parts.is_empty() => {
            let mut sum = 0.0;
            for part in parts {
                sum += rate(part, at_s)?;
            }
            sum
        }
        _ => return None,
    })
}

/// Nanoseconds of something over a time in seconds: how many of it there were on average.
fn mean(ns: u128, over_s: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more than 53 bits")]
    let sum = ns as f64 / 1e9;
    if over_s > 0.0 { sum / over_s } else { 0.0 }
}

/// Counting upwards from 0, with some room above `greatest`.
fn up(label: &str, unit: Unit, greatest: f64) -> Axis {
    let to = if greatest > 0.0 && greatest.is_finite() { greatest * 1.12 } else { 1.0 };
    Axis { label: label.to_owned(), unit, from: 0.0, to, log: false }
}

/// What the tones of environments mean.
fn legend(told: &Told<'_>) -> Vec<(Tone, String)> {
    let mut legend = Vec::new();
    if told.has_starts() {
        legend.push((Tone::Starting, "starting".to_owned()));
    }
    legend.push((Tone::Busy, "running".to_owned()));
    legend.push((Tone::Idle, "idle".to_owned()));
    legend.push((Tone::Gone, "gone".to_owned()));
    legend
}
