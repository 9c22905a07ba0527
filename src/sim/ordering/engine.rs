//! One run: deliveries start when their key lets them, have their effect at the end of their
//! service, and are acknowledged unless the consumer crashes first.

use std::collections::VecDeque;

use super::history::Outcome;
use super::record::{Delivered, Record};
use super::{Idempotency, Mode, Params};
use crate::sim::agenda::{Agenda, Class};
use crate::sim::rng::{Draws, Stream};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

/// A message that was not acknowledged comes back so long after the crash; a second copy of one
/// comes within this time.
const VISIBILITY: SimDuration = SimDuration::from_secs(30);

#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    /// Later messages have greater numbers, from 1.
    pub(super) number: u64,
    sent: SimTime,
    pub(super) key: usize,
    /// Deliveries begun.
    pub(super) deliveries: u64,
    /// Deliveries that are still to be acknowledged.
    open: u64,
    /// Whether it had its effect.
    done: bool,
    claimed: Option<SimTime>,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// The greatest number of a message that had its effect.
    latest: u64,
    /// Whether a delivery is under way or to come back.
    busy: bool,
    /// Deliveries that wait for it, with the time of their coming.
    line: VecDeque<(usize, SimTime)>,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Effect(usize),
    Copy(usize),
    Back(usize),
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
        messages: Vec::new(),
        free: Vec::new(),
        keys: Vec::new(),
        tally: Tally {
            from: SimTime(run.warm_up.0),
            until: SimTime(run.duration.0),
            ..Tally::default()
        },
        record,
    };
    for (number, sent) in (1..).zip(params.arrivals.times(run.seed, run.duration)) {
        engine.advance(sent)?;
        engine.send(sent, number);
        engine.record.happened(sent)?;
    }
    engine.advance(SimTime::MAX)?;
    let metrics = engine.tally.metrics(run.duration.saturating_sub(run.warm_up));
    Ok((metrics, engine.record))
}

struct Engine<'a, R> {
    params: &'a Params,
    draws: Draws,
    agenda: Agenda<Event>,
    messages: Vec<Message>,
    free: Vec<usize>,
    keys: Vec<Key>,
    tally: Tally,
    record: R,
}

impl<R: Record> Engine<'_, R> {
    fn advance(&mut self, until: SimTime) -> Result<(), Refused> {
        while let Some((now, event)) = self.agenda.take_until(until) {
            self.agenda.within_bounds()?;
            match event {
                Event::Effect(message) => self.effect(now, message),
                Event::Copy(message) => self.come(now, message),
                Event::Back(message) => self.start(now, message),
            }
            self.record.happened(now)?;
        }
        Ok(())
    }

    fn send(&mut self, now: SimTime, number: u64) {
        let key = self.draws.at(Stream::Key, number).below(self.params.keys);
        let Ok(key) = usize::try_from(key) else { return };
        if key >= self.keys.len() {
            self.keys.resize_with(key + 1, Key::default);
        }
        let mut duplicate = self.draws.at(Stream::Duplicate, number);
        let twice = duplicate.chance(self.params.duplicate_p);
        let message = Message {
            number,
            sent: now,
            key,
            deliveries: 0,
            open: 1 + u64::from(twice),
            done: false,
            claimed: None,
        };
        self.record.sent(now, key);
        let index = self.free.pop().unwrap_or(self.messages.len());
        if let Some(place) = self.messages.get_mut(index) {
            *place = message;
        } else {
            self.messages.push(message);
        }
        if twice {
            let later = SimDuration(duplicate.below(VISIBILITY.0));
            self.agenda.plan(now + later, Class::Timer, Event::Copy(index));
        }
        self.come(now, index);
    }

    /// A delivery is there; its key may not be ready for it.
    fn come(&mut self, now: SimTime, index: usize) {
        if self.params.mode == Mode::Standard {
            self.start(now, index);
            return;
        }
        let key = self.messages[index].key;
        self.keys[key].line.push_back((index, now));
        self.record.line(now, key, self.keys[key].line.len());
        if !self.keys[key].busy {
            self.serve(now, key);
        }
    }

    /// Starts what waits for the key, until something takes time.
    fn serve(&mut self, now: SimTime, key: usize) {
        self.keys[key].busy = false;
        while !self.keys[key].busy
            && let Some((index, came)) = self.keys[key].line.pop_front()
        {
            self.tally.waited(self.messages[index].sent, now - came);
            self.record.line(now, key, self.keys[key].line.len());
            self.keys[key].busy = self.begin(now, index);
        }
    }

    fn start(&mut self, now: SimTime, index: usize) {
        let key = self.messages[index].key;
        if !self.begin(now, index) && self.params.mode == Mode::Fifo {
            self.serve(now, key);
        }
    }

    /// Begins a delivery; false if the consumer drops it at once.
    fn begin(&mut self, now: SimTime, index: usize) -> bool {
        let message = &mut self.messages[index];
        message.deliveries += 1;
        self.tally.delivered(message);
        if self.params.idempotency == Idempotency::Claim {
            let holds = message
                .claimed
                .is_some_and(|claimed| self.params.ttl.is_none_or(|ttl| now < claimed + ttl));
            if holds {
                self.record.dropped(now, message);
                self.acknowledge(index);
                return false;
            }
            message.claimed = Some(now);
        }
        let mut rng = self.draws.at(Stream::Service, draw_of(message));
        let service = self.params.service.sample(&mut rng);
        self.record.began(now, now + service, message);
        self.agenda.plan(now + service, Class::Departure, Event::Effect(index));
        true
    }

    fn effect(&mut self, now: SimTime, index: usize) {
        let message = &mut self.messages[index];
        let key = &mut self.keys[message.key];
        let outcome = Outcome::of(message.done, message.number < key.latest);
        self.tally.effect(now, message, outcome);
        message.done = true;
        key.latest = key.latest.max(message.number);
        let crashed = self.params.crash_p > 0.0
            && self.draws.at(Stream::Crash, draw_of(message)).chance(self.params.crash_p);
        let latest = key.latest;
        self.record.effect(now, message, Delivered { outcome, crashed, latest });
        if crashed {
            self.agenda.plan(now + VISIBILITY, Class::Expiry, Event::Back(index));
            return;
        }
        let key = message.key;
        self.acknowledge(index);
        if self.params.mode == Mode::Fifo {
            self.serve(now, key);
        }
    }

    fn acknowledge(&mut self, index: usize) {
        let message = &mut self.messages[index];
        message.open -= 1;
        if message.open == 0 {
            self.free.push(index);
        }
    }
}

/// The index of a delivery's draws.
const fn draw_of(message: &Message) -> u64 {
    message.number.wrapping_mul(1 << 20).wrapping_add(message.deliveries)
}

#[derive(Default)]
struct Tally {
    from: SimTime,
    until: SimTime,
    out_of_order: u64,
    duplicates: u64,
    double_effects: u64,
    done: u64,
    blocked_max: SimDuration,
}

impl Tally {
    fn delivered(&mut self, message: &Message) {
        self.duplicates += u64::from(message.deliveries > 1 && message.sent >= self.from);
    }

    /// Before the effect is noted in the message.
    fn effect(&mut self, now: SimTime, message: &Message, outcome: Outcome) {
        self.done += u64::from(!message.done && self.from <= now && now < self.until);
        if message.sent < self.from {
            return;
        }
        self.double_effects += u64::from(outcome == Outcome::Double);
        self.out_of_order += u64::from(outcome == Outcome::OutOfOrder);
    }

    fn waited(&mut self, sent: SimTime, span: SimDuration) {
        if sent >= self.from {
            self.blocked_max = self.blocked_max.max(span);
        }
    }

    fn metrics(&self, span: SimDuration) -> Metrics {
        let mut metrics = Metrics::from([
            ("out_of_order".to_owned(), as_f64(self.out_of_order)),
            ("duplicates".to_owned(), as_f64(self.duplicates)),
            ("double_effects".to_owned(), as_f64(self.double_effects)),
            ("blocked_max_s".to_owned(), self.blocked_max.as_secs_f64()),
        ]);
        if !span.is_zero() {
            let throughput = as_f64(self.done) / span.as_secs_f64();
            metrics.insert("throughput_per_s".to_owned(), throughput);
        }
        metrics
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::acceptance::accept;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;

    fn at(seed: u64) -> Run {
        Run { seed, duration: SimDuration::from_secs(100), warm_up: SimDuration::ZERO }
    }

    fn busy() -> Params {
        Params {
            arrivals: Arrivals::Poisson { rate_per_s: 100.0 },
            duplicate_p: 0.25,
            crash_p: 0.2,
            ..Params::default()
        }
    }

    fn metrics(params: &Params) -> Metrics {
        super::super::run(params, &at(1)).unwrap()
    }

    fn as_expected(params: &Params, share: f64) {
        let theory = super::super::theory(params, &at(1));
        let exact: Vec<(&str, f64)> = theory
            .iter()
            .filter(|(_, value)| **value > 0.0)
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        assert!(!exact.is_empty());
        accept(|seed| super::super::run(params, &at(seed)), &exact, share);
    }

    #[test]
    fn doubles_are_counted_as_chance_has_them() {
        as_expected(&busy(), 0.03);
        as_expected(&Params { mode: Mode::Fifo, keys: 1000, ..busy() }, 0.03);
        let claim = Params { idempotency: Idempotency::Claim, ..busy() };
        as_expected(&claim, 0.03);
        assert_eq!(metrics(&claim)["double_effects"], 0.0);
    }

    #[test]
    fn order_costs_waiting_and_saves_nothing_from_being_done_twice() {
        let standard = metrics(&busy());
        assert!(standard["out_of_order"] > 100.0, "{standard:?}");
        assert_eq!(standard["blocked_max_s"], 0.0);
        let fifo = metrics(&Params { mode: Mode::Fifo, keys: 1000, ..busy() });
        assert_eq!(fifo["out_of_order"], 0.0);
        assert!(fifo["double_effects"] > 1000.0, "{fifo:?}");
        // A crash keeps all later messages of the key for 30 s.
        assert!(fifo["blocked_max_s"] > 30.0, "{fifo:?}");
    }

    #[test]
    fn a_key_takes_one_message_at_a_time() {
        // Five at once for one key, a second each: the last waits for all before it.
        let params = Params {
            arrivals: Arrivals::Burst { at: SimTime::ZERO, size: 5 },
            keys: 1,
            service: Law::constant(1.0).unwrap(),
            mode: Mode::Fifo,
            ..Params::default()
        };
        assert_eq!(metrics(&params)["blocked_max_s"], 4.0);
        assert_eq!(metrics(&params)["throughput_per_s"], 0.05);
        let standard = metrics(&Params { mode: Mode::Standard, ..params });
        assert_eq!((standard["blocked_max_s"], standard["out_of_order"]), (0.0, 0.0));
    }

    #[test]
    fn a_claim_that_runs_out_lets_a_message_be_done_again() {
        let claim = |ttl| Params {
            duplicate_p: 0.0,
            idempotency: Idempotency::Claim,
            ttl: Some(SimDuration::from_secs(ttl)),
            ..busy()
        };
        // What crashed comes back 30 s later.
        assert!(metrics(&claim(20))["double_effects"] > 1000.0);
        assert_eq!(metrics(&claim(300))["double_effects"], 0.0);
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        assert_eq!(metrics(&busy()), metrics(&busy()));
        assert_ne!(metrics(&busy()), super::super::run(&busy(), &at(2)).unwrap());
    }
}
