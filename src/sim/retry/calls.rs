//! Calls that arrive, whatever happened to the ones before.

use std::collections::VecDeque;

use super::record::{Attempt, Levels, Record};
use super::{Outage, Params, backoff};
use crate::sim::agenda::{Agenda, Class};
use crate::sim::histogram::Histogram;
use crate::sim::rng::{Draws, Stream};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

/// The retry budget's bucket holds at most so many tokens, and starts with them.
const BUDGET_BURST: f64 = 10.0;

#[derive(Clone, Copy, Debug)]
struct Call {
    index: u64,
    arrived: SimTime,
    /// Attempts made.
    attempts: u64,
    waited: SimDuration,
    /// The last wait.
    previous: SimDuration,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// An attempt was served in time.
    Served(Call),
    /// One was served whose client had stopped waiting.
    Wasted,
    /// A client stops waiting for an attempt that is in service.
    Late(Call),
    /// A client stops waiting for the attempt with this place in the line, if it is still there.
    LateInLine(u64),
    Retry(Call),
}

/// An attempt in the line for a place.
#[derive(Clone, Copy, Debug)]
struct InLine {
    call: Call,
    deadline: SimTime,
    /// Whether its client has stopped waiting; the service does not know.
    abandoned: bool,
}

pub(super) fn run<R: Record>(
    params: &Params,
    run: &Run,
    record: R,
) -> Result<(Metrics, R), Refused> {
    let mut engine = Engine {
        params,
        draws: Draws::new(run.seed),
        agenda: Agenda::new(),
        running: 0,
        line: VecDeque::new(),
        left_line: 0,
        tokens: BUDGET_BURST,
        recovery: Recovery {
            outage: params.outage,
            waiting: 0,
            held: 0,
            usual: 0,
            changed: SimTime::ZERO,
            recovered: None,
        },
        tally: Tally {
            from: SimTime(run.warm_up.0),
            until: SimTime(run.duration.0),
            ..Tally::default()
        },
        record,
    };
    for (index, arrived) in (0..).zip(params.arrivals.times(run.seed, run.duration)) {
        engine.advance(arrived)?;
        let call =
            Call { index, arrived, attempts: 0, waited: SimDuration::ZERO, previous: params.base };
        engine.begin(call)?;
    }
    engine.advance(SimTime::MAX)?;
    let span = run.duration.saturating_sub(run.warm_up).as_secs_f64();
    Ok((engine.metrics(span), engine.record))
}

struct Engine<'a, R> {
    params: &'a Params,
    draws: Draws,
    agenda: Agenda<Event>,
    running: u64,
    line: VecDeque<InLine>,
    /// How many have left the line: the place of its first.
    left_line: u64,
    tokens: f64,
    recovery: Recovery,
    tally: Tally,
    record: R,
}

impl<R: Record> Engine<'_, R> {
    /// Everything planned up to `until`.
    fn advance(&mut self, until: SimTime) -> Result<(), Refused> {
        while let Some((now, event)) = self.agenda.take_until(until) {
            self.agenda.within_bounds()?;
            self.recovery.look(now);
            match event {
                Event::Served(call) => self.served(now, call),
                Event::Wasted => self.wasted(now),
                Event::Late(call) => self.late(now, call),
                Event::LateInLine(place) => self.late_in_line(now, place),
                Event::Retry(call) => {
                    self.recovery.waiting -= 1;
                    self.attempt(now, call);
                }
            }
            self.tell(now)?;
        }
        self.recovery.look(until);
        Ok(())
    }

    fn tell(&mut self, now: SimTime) -> Result<(), Refused> {
        self.recovery.note(now, self.line.len());
        let (waiting, in_line) = (self.recovery.waiting, self.line.len() as u64);
        self.record.levels(now, Levels { waiting, in_service: self.running, in_line })
    }

    fn begin(&mut self, call: Call) -> Result<(), Refused> {
        if let Some(budget) = self.params.budget {
            self.tokens = (self.tokens + budget).min(BUDGET_BURST);
        }
        self.attempt(call.arrived, call);
        self.tell(call.arrived)
    }

    fn attempt(&mut self, now: SimTime, mut call: Call) {
        call.attempts += 1;
        let down = self.params.outage.is_some_and(|outage| outage.at <= now && now < outage.end());
        let full = self.params.capacity.is_some_and(|capacity| self.running >= capacity);
        let has_line = full && (self.line.len() as u64) < self.params.queue;
        let rejected = down || (full && !has_line);
        self.tally.attempted(now, &call, rejected);
        self.record.attempted(now, Attempt { is_first: call.attempts == 1, rejected });
        if rejected {
            self.failed(now, call);
            return;
        }
        let deadline = self.params.timeout.map_or(SimTime::MAX, |timeout| now + timeout);
        let attempt = InLine { call, deadline, abandoned: false };
        if !full {
            self.start(now, attempt);
            return;
        }
        if deadline < SimTime::MAX {
            let place = self.left_line + self.line.len() as u64;
            self.agenda.plan(deadline, Class::Timer, Event::LateInLine(place));
        }
        self.line.push_back(attempt);
    }

    fn start(&mut self, now: SimTime, attempt: InLine) {
        let InLine { call, deadline, abandoned } = attempt;
        self.running += 1;
        let service =
            self.params.service.sample(&mut self.draws.at(Stream::Service, draw_of(&call)));
        let end = now + service;
        if end <= deadline && !abandoned {
            self.agenda.plan(end, Class::Departure, Event::Served(call));
            return;
        }
        self.agenda.plan(end, Class::Departure, Event::Wasted);
        if !abandoned {
            self.agenda.plan(deadline, Class::Timer, Event::Late(call));
        }
    }

    /// A place in service is free.
    fn leave(&mut self, now: SimTime) {
        self.running -= 1;
        if let Some(next) = self.line.pop_front() {
            self.left_line += 1;
            self.start(now, next);
        }
    }

    fn served(&mut self, now: SimTime, call: Call) {
        self.leave(now);
        self.tally.served(now);
        let p = self.params.p_fail;
        if p > 0.0 && self.draws.at(Stream::Failure, draw_of(&call)).chance(p) {
            self.failed(now, call);
        } else {
            self.tally.succeeded(now, &call);
            self.record.succeeded(now, call.attempts);
        }
    }

    fn wasted(&mut self, now: SimTime) {
        self.leave(now);
        self.tally.wasted(now);
        self.record.wasted(now);
    }

    fn late(&mut self, now: SimTime, call: Call) {
        self.record.timed_out(now);
        self.failed(now, call);
    }

    fn late_in_line(&mut self, now: SimTime, place: u64) {
        let place = place.checked_sub(self.left_line).and_then(|place| usize::try_from(place).ok());
        if let Some(waiting) = place.and_then(|place| self.line.get_mut(place)) {
            waiting.abandoned = true;
            let call = waiting.call;
            self.late(now, call);
        }
    }

    /// The innermost layer that has a try left waits and tries again.
    fn failed(&mut self, now: SimTime, mut call: Call) {
        let Some(retry) = self.retry_of(call.attempts) else {
            self.lost(now, &call);
            return;
        };
        if self.params.budget.is_some() {
            if self.tokens < 1.0 {
                self.lost(now, &call);
                return;
            }
            self.tokens -= 1.0;
        }
        let mut rng = self.draws.at(Stream::Jitter, draw_of(&call));
        let wait = backoff::wait(self.params, retry, &mut call.previous, &mut rng);
        call.waited = call.waited + wait;
        self.recovery.waiting += 1;
        self.agenda.plan(now + wait, Class::Timer, Event::Retry(call));
    }

    fn lost(&mut self, now: SimTime, call: &Call) {
        self.tally.lost(call);
        self.record.lost(now);
    }

    /// Which retry (from 0) of its layer the next attempt is, after `attempts` have failed. Each
    /// layer counts its tries as a digit of the attempts' number in base retries + 1: where the last
    /// digits are 0, the layers within have given up.
    fn retry_of(&self, attempts: u64) -> Option<u64> {
        let Some(retries) = self.params.retries else { return Some(attempts - 1) };
        if retries == 0 {
            return None;
        }
        let mut number = attempts;
        for _ in 0..self.params.layers {
            let digit = number % (retries + 1);
            if digit > 0 {
                return Some(digit - 1);
            }
            number /= retries + 1;
        }
        None
    }

    fn metrics(&self, span_s: f64) -> Metrics {
        let mut metrics = self.tally.metrics(span_s, self.params.service.mean_s());
        if let Some(seconds) = self.recovery.seconds() {
            metrics.insert("time_to_recover_s".to_owned(), seconds);
        }
        if self.params.timeout.is_some() && self.tally.served_in_window > 0 {
            let wasted = as_f64(self.tally.wasted_in_window) / as_f64(self.tally.served_in_window);
            metrics.insert("p_wasted".to_owned(), wasted);
        }
        metrics
    }
}

/// The index of an attempt's draws.
const fn draw_of(call: &Call) -> u64 {
    call.index.wrapping_mul(1 << 24).wrapping_add(call.attempts)
}

/// How many calls wait, against how many usually do.
struct Recovery {
    outage: Option<Outage>,
    /// Calls that wait for their next try.
    waiting: u64,
    /// Calls that wait for that or for a place in service.
    held: u64,
    /// The most of them before the outage.
    usual: u64,
    /// When their number last changed.
    changed: SimTime,
    recovered: Option<SimTime>,
}

impl Recovery {
    /// After something happened `now`.
    fn note(&mut self, now: SimTime, in_line: usize) {
        let held = self.waiting + in_line as u64;
        if held == self.held {
            return;
        }
        self.held = held;
        self.changed = now;
        if self.outage.is_some_and(|outage| now < outage.at) {
            self.usual = self.usual.max(held);
        }
    }

    /// Before something happens `now`, or after everything has.
    fn look(&mut self, now: SimTime) {
        if self.recovered.is_some() || self.held > self.usual {
            return;
        }
        if let Some(outage) = self.outage
            && now >= outage.end()
        {
            self.recovered = Some(self.changed.max(outage.end()));
        }
    }

    fn seconds(&self) -> Option<f64> {
        Some(self.recovered?.since(self.outage?.end()).as_secs_f64())
    }
}

#[derive(Default)]
struct Tally {
    from: SimTime,
    until: SimTime,
    calls: u64,
    attempts: u64,
    won: u64,
    gave_up: u64,
    attempts_in_window: u64,
    rejected_in_window: u64,
    won_in_window: u64,
    served_in_window: u64,
    wasted_in_window: u64,
    waited_ns: u128,
    completion: Histogram,
    last: SimTime,
}

impl Tally {
    fn in_window(&self, now: SimTime) -> bool {
        self.from <= now && now < self.until
    }

    fn counts(&self, call: &Call) -> bool {
        call.arrived >= self.from
    }

    fn attempted(&mut self, now: SimTime, call: &Call, rejected: bool) {
        if self.in_window(now) {
            self.attempts_in_window += 1;
            self.rejected_in_window += u64::from(rejected);
        }
        if self.counts(call) {
            self.calls += u64::from(call.attempts == 1);
            self.attempts += 1;
        }
    }

    fn served(&mut self, now: SimTime) {
        self.served_in_window += u64::from(self.in_window(now));
    }

    fn wasted(&mut self, now: SimTime) {
        self.served(now);
        self.wasted_in_window += u64::from(self.in_window(now));
    }

    fn succeeded(&mut self, now: SimTime, call: &Call) {
        self.won_in_window += u64::from(self.in_window(now));
        if self.counts(call) {
            self.won += 1;
            self.waited_ns += u128::from(call.waited.0);
            self.completion.record(now.since(call.arrived));
            self.last = now;
        }
    }

    fn lost(&mut self, call: &Call) {
        if self.counts(call) {
            self.gave_up += 1;
            self.waited_ns += u128::from(call.waited.0);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a sum for a mean")]
    fn metrics(&self, span_s: f64, service_s: f64) -> Metrics {
        let mut metrics = Metrics::from([
            ("attempts".to_owned(), as_f64(self.attempts)),
            ("lost".to_owned(), as_f64(self.gave_up)),
        ]);
        let mut share = |name: &str, part: f64, of: f64| {
            if of > 0.0 {
                metrics.insert(name.to_owned(), part / of);
            }
        };
        let calls = as_f64(self.calls);
        share("offered", as_f64(self.attempts_in_window) * service_s, span_s);
        share("p_rejected", as_f64(self.rejected_in_window), as_f64(self.attempts_in_window));
        share("goodput_per_s", as_f64(self.won_in_window), span_s);
        share("amplification", as_f64(self.attempts), calls);
        share("success", as_f64(self.won), calls);
        share("wait_mean_s", self.waited_ns as f64 / 1e9, calls);
        if let Some(mean) = self.completion.mean_s() {
            metrics.insert("completion_ms_mean".to_owned(), mean * 1e3);
            metrics.insert("completion_ms_last".to_owned(), self.last.as_secs_f64() * 1e3);
        }
        metrics
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Backoff, Jitter};
    use super::*;
    use crate::sim::acceptance::accept;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;

    fn seconds(duration: u64, warm_up: u64) -> impl Fn(u64) -> Run {
        let (duration, warm_up) =
            (SimDuration::from_secs(duration), SimDuration::from_secs(warm_up));
        move |seed| Run { seed, duration, warm_up }
    }

    #[test]
    fn independent_failures_multiply_attempts_as_computed() {
        for (p_fail, attempts, success) in [(0.5, 1.875, 0.9375), (0.9, 3.439, 0.3439)] {
            let params = Params {
                p_fail,
                arrivals: Arrivals::Poisson { rate_per_s: 100.0 },
                ..Params::default()
            };
            let exact = [("amplification", attempts), ("success", success)];
            let at = seconds(60, 0);
            accept(|seed| super::super::run(&params, &at(seed)), &exact, 0.01);
            let theory = super::super::theory(&params, &at(1));
            for (name, value) in exact {
                assert!((theory[name] - value).abs() < 1e-12, "{name}");
            }
        }
    }

    #[test]
    fn three_layers_of_three_retries_make_64_attempts_of_one_call() {
        let params = Params {
            p_fail: 1.0,
            layers: 3,
            arrivals: Arrivals::Burst { at: SimTime::ZERO, size: 2 },
            ..Params::default()
        };
        let run = seconds(1, 0)(1);
        let metrics = super::super::run(&params, &run).unwrap();
        assert_eq!((metrics["attempts"], metrics["amplification"]), (128.0, 64.0));
        assert_eq!((metrics["success"], metrics["lost"]), (0.0, 2.0));
        assert_eq!(super::super::theory(&params, &run)["amplification"], 64.0);
        assert!(!metrics.contains_key("completion_ms_mean"));
    }

    #[test]
    fn the_wait_of_a_call_that_never_succeeds() {
        for (base_s, cap_s, retries, means) in
            [(0.1, 20.0, 5, [3.1, 2.325, 1.55]), (1.0, 300.0, 10, [811.0, 608.25, 405.5])]
        {
            for (jitter, mean) in [Jitter::None, Jitter::Equal, Jitter::Full].into_iter().zip(means)
            {
                let params = Params {
                    p_fail: 1.0,
                    retries: Some(retries),
                    jitter,
                    base: SimDuration::from_secs_f64(base_s),
                    cap: SimDuration::from_secs_f64(cap_s),
                    arrivals: Arrivals::Burst { at: SimTime::ZERO, size: 1000 },
                    ..Params::default()
                };
                let at = seconds(1, 0);
                let theory = super::super::theory(&params, &at(1))["wait_mean_s"];
                assert!((theory - mean).abs() < 1e-9, "{theory} {mean}");
                if jitter == Jitter::None {
                    let metrics = super::super::run(&params, &at(1)).unwrap();
                    assert!((metrics["wait_mean_s"] - mean).abs() < 1e-9);
                } else {
                    accept(
                        |seed| super::super::run(&params, &at(seed)),
                        &[("wait_mean_s", mean)],
                        0.01,
                    );
                }
            }
        }
    }

    #[test]
    fn an_outage_is_over_when_nobody_waits_any_more() {
        // One call a second for 100 s, down from 10 s to 20 s, one retry every second without
        // chance: the calls of 10 … 19 all succeed at 20 s, together with the one that begins then.
        let params = Params {
            arrivals: Arrivals::Every { gap: SimDuration::from_secs(1), count: None, size: 1 },
            outage: Some(Outage {
                at: SimTime::from_secs_f64(10.0),
                lasts: SimDuration::from_secs(10),
            }),
            retries: None,
            backoff: Backoff::Fixed,
            jitter: Jitter::None,
            base: SimDuration::from_secs(1),
            ..Params::default()
        };
        let metrics = super::super::run(&params, &seconds(100, 0)(1)).unwrap();
        assert_eq!(metrics["time_to_recover_s"], 0.0);
        assert_eq!((metrics["attempts"], metrics["success"]), (155.0, 1.0));
        assert_eq!(metrics["p_rejected"], 55.0 / 155.0);
        // Served one at a time, the ten that wait fall in with the one a second that comes.
        let narrow = Params {
            capacity: Some(1),
            service: Law::constant(0.5).unwrap(),
            base: SimDuration::from_millis(700),
            ..params
        };
        let metrics = super::super::run(&narrow, &seconds(100, 0)(1)).unwrap();
        assert!(metrics["time_to_recover_s"] > 8.0, "{metrics:?}");
        assert_eq!(metrics["success"], 1.0);
    }

    #[test]
    fn a_budget_bounds_amplification() {
        let params = Params {
            p_fail: 1.0,
            budget: Some(0.1),
            arrivals: Arrivals::Poisson { rate_per_s: 100.0 },
            ..Params::default()
        };
        let metrics = super::super::run(&params, &seconds(100, 0)(1)).unwrap();
        let amplification = metrics["amplification"];
        assert!(amplification > 1.099 && amplification < 1.102, "{amplification}");
    }
}
