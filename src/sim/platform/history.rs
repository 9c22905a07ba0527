//! What a picture of a run needs, in memory that does not grow with it: the first spans of
//! environments, and ticks whose width doubles when they run out.

mod requests;

pub use requests::{Fate, FunctionTick, LATENCY_SIZES, Latencies, Requests, Try};

use super::Params;
use super::counters::Counters;
use super::request::Request;
use crate::sim::Run;
use crate::sim::time::{SimDuration, SimTime};

/// What to keep of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Narration {
    /// Spans that end before this are not kept.
    pub from: SimTime,
    /// The most spans kept, the first to end.
    pub spans: usize,
    /// The width of a tick at first.
    pub tick: SimDuration,
    /// The most ticks; at least 2. When the run is longer their width doubles.
    pub ticks: usize,
}

impl Default for Narration {
    fn default() -> Self {
        Self { from: SimTime::ZERO, spans: 4096, tick: SimDuration::from_millis(100), ticks: 1024 }
    }
}

/// What an environment is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Starting.
    Init,
    /// Running at least one request.
    Busy,
    /// Waiting for a request.
    Idle,
    /// No more.
    Gone,
}

/// A time in which an environment did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which environment, in the order of creation.
    pub environment: u64,
    /// What it was doing.
    pub state: State,
    /// From when.
    pub from: SimTime,
    /// To when.
    pub to: SimTime,
}

/// What happened in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Requests that came.
    pub requests: u64,
    /// Later tries of requests that were turned away.
    pub retried: u64,
    /// Requests that ended.
    pub served: u64,
    /// Environments that started.
    pub cold_starts: u64,
    /// Tries turned away.
    pub throttled: u64,
    /// The most requests running at once.
    pub running_max: u64,
    /// The most environments at once.
    pub servers_max: u64,
    /// Nanoseconds of requests running.
    pub running_ns: u128,
    /// Nanoseconds of environments starting.
    pub init_ns: u128,
    /// Nanoseconds of environments running requests.
    pub busy_ns: u128,
    /// Nanoseconds of environments waiting.
    pub idle_ns: u128,
}

impl Tick {
    /// Both as one.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            retried: self.retried + other.retried,
            served: self.served + other.served,
            cold_starts: self.cold_starts + other.cold_starts,
            throttled: self.throttled + other.throttled,
            running_max: self.running_max.max(other.running_max),
            servers_max: self.servers_max.max(other.servers_max),
            running_ns: self.running_ns + other.running_ns,
            init_ns: self.init_ns + other.init_ns,
            busy_ns: self.busy_ns + other.busy_ns,
            idle_ns: self.idle_ns + other.idle_ns,
        }
    }
}

/// A run as told.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The first spans, in the order of their ends.
    pub spans: Vec<Span>,
    /// Spans for which there was no room.
    pub dropped: u64,
    /// Until when no span is missing.
    pub told_to: SimTime,
    /// When the run is over: its duration, or later where the last request ends later.
    pub end: SimTime,
    /// The width of each tick.
    pub tick: SimDuration,
    /// The ticks from 0 on, the last event's included.
    pub ticks: Vec<Tick>,
    /// What is told of requests.
    pub requests: Requests,
    /// The counters, the same as the kernel's.
    pub counters: Counters,
}

/// How many of each there are.
#[derive(Clone, Copy)]
pub(super) struct Levels {
    pub(super) running: u64,
    pub(super) busy: u64,
    pub(super) initialising: u64,
    pub(super) idle: u64,
}

/// Keeps spans and ticks within their bounds.
pub(super) struct Recorder {
    narration: Narration,
    spans: Vec<Span>,
    dropped: u64,
    /// When the first dropped span began.
    told_to: u64,
    width: u64,
    ticks: Vec<Tick>,
    /// What comes later (a drained request) counts in the last tick.
    latest: u64,
    requests: Requests,
}

impl Recorder {
    pub(super) fn new(params: &Params, narration: &Narration, run: &Run) -> Self {
        Self {
            narration: *narration,
            spans: Vec::new(),
            dropped: 0,
            told_to: u64::MAX,
            width: narration.tick.0.max(1),
            ticks: Vec::new(),
            latest: run.duration.0.saturating_sub(1),
            requests: Requests::new(params.functions.len(), run),
        }
    }

    /// The tick of `at`.
    pub(super) fn tick(&mut self, at: u64) -> &mut Tick {
        let at = at.min(self.latest);
        let most = u64::try_from(self.narration.ticks.max(2)).unwrap_or(u64::MAX);
        while at / self.width >= most {
            self.width = self.width.saturating_mul(2);
            let pairs = self.ticks.chunks(2);
            self.ticks = pairs
                .map(|pair| pair.iter().fold(Tick::default(), |sum, it| sum.merged(*it)))
                .collect();
        }
        let place = usize::try_from(at / self.width).unwrap_or(0);
        if place >= self.ticks.len() {
            self.ticks.resize(place + 1, Tick::default());
        }
        &mut self.ticks[place]
    }

    /// From `last` to `now` the levels did not change.
    pub(super) fn pass(&mut self, last: u64, now: u64, levels: Levels, running: &[u64]) {
        let now = now.min(self.latest.saturating_add(1));
        self.requests.pass(last, now, running);
        let mut from = last;
        if from < now {
            self.tick(now - 1);
        }
        while from < now {
            let to = now.min((from / self.width + 1).saturating_mul(self.width));
            let span = u128::from(to - from);
            let tick = self.tick(from);
            tick.running_max = tick.running_max.max(levels.running);
            tick.servers_max =
                tick.servers_max.max(levels.busy + levels.initialising + levels.idle);
            tick.running_ns += span * u128::from(levels.running);
            tick.init_ns += span * u128::from(levels.initialising);
            tick.busy_ns += span * u128::from(levels.busy);
            tick.idle_ns += span * u128::from(levels.idle);
            from = to;
        }
    }

    /// `request` tried at `at`, and ended at `end`.
    pub(super) fn tried(&mut self, request: &Request, at: u64, end: u64, fate: Fate) {
        self.requests.tried(request, (at, end), fate);
    }

    /// `environment` was in `state` from `from` to `to`.
    pub(super) fn span(&mut self, environment: u64, state: State, from: u64, to: u64) {
        let is_seen = to >= self.narration.from.0 && (from < to || state == State::Gone);
        if !is_seen || self.narration.spans == 0 {
            return;
        }
        if self.spans.len() == self.narration.spans {
            self.dropped += 1;
            self.told_to = self.told_to.min(from);
            return;
        }
        self.spans.push(Span { environment, state, from: SimTime(from), to: SimTime(to) });
    }

    pub(super) fn finish(mut self, counters: Counters) -> History {
        let end = self.latest.saturating_add(1).max(counters.last_end);
        self.requests.told_to = self.requests.told_to.min(SimTime(end));
        History {
            requests: self.requests,
            spans: self.spans,
            dropped: self.dropped,
            told_to: SimTime(self.told_to.min(end)),
            end: SimTime(end),
            tick: SimDuration(self.width),
            ticks: self.ticks,
            counters,
        }
    }
}
