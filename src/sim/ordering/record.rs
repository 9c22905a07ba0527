//! What the engine tells while it runs: to nobody, or to a recorder that keeps a history.

use std::collections::BTreeMap;

use super::Params;
use super::engine::Message;
use super::history::{Delivery, History, KEYS_TOLD, KeyHistory, Outcome, Tick};
use crate::sim::ticks::Ticks;
use crate::sim::time::SimTime;
use crate::sim::watched::Watched;
use crate::sim::{Refused, Run, Watch};

/// So many deliveries are told of one by one.
const DELIVERIES_MAX: usize = 4096;

/// How a delivery that was not dropped ended.
#[derive(Clone, Copy)]
pub(super) struct Delivered {
    pub(super) outcome: Outcome,
    /// Whether the consumer crashed after the effect.
    pub(super) crashed: bool,
    /// The greatest number of a message of the key that had its effect, this one's included.
    pub(super) latest: u64,
}

/// Who is told what happens.
pub(super) trait Record {
    /// A message with a key was sent.
    fn sent(&mut self, now: SimTime, key: usize);
    /// So many deliveries wait for their key.
    fn line(&mut self, now: SimTime, key: usize, waiting: usize);
    /// A consumer began with a message and will have its effect at `to`.
    fn began(&mut self, now: SimTime, to: SimTime, message: &Message);
    /// A consumer dropped a message because of a claim.
    fn dropped(&mut self, now: SimTime, message: &Message);
    /// The effect of a message happened.
    fn effect(&mut self, now: SimTime, message: &Message, delivered: Delivered);
    /// After each event. An error ends the run.
    fn happened(&mut self, now: SimTime) -> Result<(), Refused>;
}

/// Nobody is told.
pub(super) struct Nothing;

impl Record for Nothing {
    fn sent(&mut self, _: SimTime, _: usize) {}
    fn line(&mut self, _: SimTime, _: usize, _: usize) {}
    fn began(&mut self, _: SimTime, _: SimTime, _: &Message) {}
    fn dropped(&mut self, _: SimTime, _: &Message) {}
    fn effect(&mut self, _: SimTime, _: &Message, _: Delivered) {}
    fn happened(&mut self, _: SimTime) -> Result<(), Refused> {
        Ok(())
    }
}

/// Keeps a history within its bounds.
pub(super) struct Recorder<'w> {
    watched: Watched<'w>,
    ticks: Ticks<Tick>,
    keys: Vec<KeyHistory>,
    /// Deliveries waiting for each key told, and since when.
    lines: Vec<(u64, SimTime)>,
    /// Where the deliveries are told that have begun: by message and end.
    open: BTreeMap<(u64, SimTime), (usize, usize)>,
    deliveries: usize,
    told_until: SimTime,
    end: SimTime,
}

impl<'w> Recorder<'w> {
    pub(super) fn new(params: &Params, run: &Run, watch: Watch<'w>) -> Self {
        let told = usize::try_from(params.keys).unwrap_or(KEYS_TOLD).min(KEYS_TOLD);
        let ticks = Ticks::of(run.duration);
        let key = KeyHistory { ticks: ticks.clone(), deliveries: Vec::new() };
        Self {
            watched: Watched::new(watch),
            ticks,
            keys: vec![key; told],
            lines: vec![(0, SimTime::ZERO); told],
            open: BTreeMap::new(),
            deliveries: 0,
            told_until: SimTime::MAX,
            end: SimTime::ZERO,
        }
    }

    pub(super) fn finish(self) -> History {
        let Self { ticks, keys, told_until, end, .. } = self;
        History { ticks, keys, told_until, end }
    }

    /// Notes something of all keys and of one.
    fn note(&mut self, now: SimTime, key: usize, note: impl Fn(&mut Tick)) {
        note(self.ticks.at(now));
        if let Some(key) = self.keys.get_mut(key) {
            note(key.ticks.at(now));
        }
    }

    /// Tells of a delivery; where, unless there are too many.
    fn tell(&mut self, key: usize, delivery: Delivery) -> Option<(usize, usize)> {
        let told = self.keys.get_mut(key)?;
        if self.deliveries == DELIVERIES_MAX {
            self.told_until = self.told_until.min(delivery.from);
            return None;
        }
        self.deliveries += 1;
        told.deliveries.push(delivery);
        Some((key, told.deliveries.len() - 1))
    }
}

impl Record for Recorder<'_> {
    fn sent(&mut self, now: SimTime, key: usize) {
        self.note(now, key, |tick| tick.wanted += 1);
    }

    fn line(&mut self, now: SimTime, key: usize, waiting: usize) {
        let (Some(told), Some(line)) = (self.keys.get_mut(key), self.lines.get_mut(key)) else {
            return;
        };
        let (before, since) = *line;
        *line = (waiting as u64, now);
        told.ticks.between(since, now, |tick, _, _| tick.line = tick.line.max(before));
        let tick = told.ticks.at(now);
        tick.line = tick.line.max(waiting as u64);
    }

    fn began(&mut self, now: SimTime, to: SimTime, message: &Message) {
        let delivery = Delivery {
            message: message.number,
            nth: message.deliveries,
            from: now,
            to,
            outcome: Outcome::InOrder,
            crashed: false,
        };
        if let Some(place) = self.tell(message.key, delivery) {
            self.open.insert((message.number, to), place);
        }
    }

    fn dropped(&mut self, now: SimTime, message: &Message) {
        self.note(now, message.key, |tick| tick.dropped += 1);
        let delivery = Delivery {
            message: message.number,
            nth: message.deliveries,
            from: now,
            to: now,
            outcome: Outcome::Dropped,
            crashed: false,
        };
        self.tell(message.key, delivery);
    }

    fn effect(&mut self, now: SimTime, message: &Message, delivered: Delivered) {
        let Delivered { outcome, crashed, latest } = delivered;
        let number = message.number;
        self.note(now, message.key, |tick| {
            tick.applied += u64::from(outcome != Outcome::Double);
            tick.out_of_order += u64::from(outcome == Outcome::OutOfOrder);
            tick.doubled += u64::from(outcome == Outcome::Double);
            tick.crashes += u64::from(crashed);
            tick.stands = Some(number);
            tick.latest = latest;
        });
        if let Some((key, place)) = self.open.remove(&(number, now)) {
            let told = &mut self.keys[key].deliveries[place];
            told.outcome = outcome;
            told.crashed = crashed;
        }
    }

    fn happened(&mut self, now: SimTime) -> Result<(), Refused> {
        self.end = now;
        self.watched.event(now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Idempotency, Mode, history};
    use super::*;
    use crate::sim::Metrics;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use crate::sim::time::{SimDuration, as_f64};
    use proptest::prelude::*;

    fn run(duration_s: u64) -> Run {
        let duration = SimDuration::from_secs(duration_s);
        Run { seed: 1, duration, warm_up: SimDuration::ZERO }
    }

    fn told(params: &Params, run: &Run) -> (Metrics, History) {
        history(params, run, &mut |_| true).unwrap()
    }

    #[test]
    fn a_crash_holds_its_key_and_its_message_is_done_twice() {
        // A message a second for one key; each consumer crashes once in a while.
        let params = Params {
            arrivals: Arrivals::Every { gap: SimDuration::from_secs(1), count: Some(20), size: 1 },
            keys: 1,
            service: Law::constant(0.5).unwrap(),
            mode: Mode::Fifo,
            crash_p: 0.1,
            ..Params::default()
        };
        let (metrics, history) = told(&params, &run(60));
        let deliveries = &history.keys[0].deliveries;
        let crash = deliveries.iter().position(|delivery| delivery.crashed).unwrap();
        let (crashed, next) = (deliveries[crash], deliveries[crash + 1]);
        // The key does nothing for 30 s, then the same message again.
        assert_eq!(next.from, crashed.to + SimDuration::from_secs(30));
        assert_eq!((next.message, next.nth), (crashed.message, crashed.nth + 1));
        assert_eq!(next.outcome, Outcome::Double);
        assert!(metrics["double_effects"] >= 1.0 && metrics["blocked_max_s"] > 25.0);
        let line = history.keys[0].ticks.all().iter().map(|tick| tick.line).max();
        assert!(line.is_some_and(|line| line > 5), "{line:?}");
        // Effects in order leave the last message standing.
        let end = history.keys[0].ticks.all().iter().rev().find_map(|tick| tick.stands);
        assert_eq!(end, Some(20));
    }

    #[test]
    fn a_long_run_is_told_in_bounded_memory_and_can_be_stopped() {
        let params = Params {
            arrivals: Arrivals::Poisson { rate_per_s: 1000.0 },
            keys: 1000,
            duplicate_p: 0.5,
            ..Params::default()
        };
        let (_, history) = told(&params, &run(300));
        let deliveries: usize = history.keys.iter().map(|key| key.deliveries.len()).sum();
        assert_eq!((history.keys.len(), deliveries), (KEYS_TOLD, DELIVERIES_MAX));
        assert!(history.told_until < history.end);
        let mut asked = 0;
        let stopped = super::super::history(&params, &run(60), &mut |_| {
            asked += 1;
            asked < 3
        });
        assert_eq!(stopped.err(), Some(Refused("cancelled".to_owned())));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_told_is_what_is_counted(
            (rate_per_s, service_s, keys) in (1.0..50.0, 0.01..2.0, 1_u64..40),
            (duplicate_p, crash_p) in (0.0..1.0, 0.0..0.5),
            (fifo, claim, ttl_s) in
                (any::<bool>(), any::<bool>(), proptest::option::of(1_u64..60)),
            seed in any::<u64>(),
        ) {
            let params = Params {
                arrivals: Arrivals::Poisson { rate_per_s },
                keys,
                service: Law::exponential(service_s).unwrap(),
                mode: if fifo { Mode::Fifo } else { Mode::Standard },
                duplicate_p,
                crash_p,
                idempotency: if claim { Idempotency::Claim } else { Idempotency::None },
                ttl: ttl_s.map(SimDuration::from_secs),
            };
            let run = Run { seed, ..run(20) };
            let (metrics, history) = told(&params, &run);
            prop_assert_eq!(&metrics, &super::super::run(&params, &run).unwrap());
            let sum = |of: fn(&Tick) -> u64| as_f64(history.ticks.all().iter().map(of).sum());
            prop_assert_eq!(sum(|tick| tick.out_of_order), metrics["out_of_order"]);
            prop_assert_eq!(sum(|tick| tick.doubled), metrics["double_effects"]);
            // Everything that was wanted happens in the end, and every delivery ends in one way.
            prop_assert_eq!(sum(|tick| tick.wanted), sum(|tick| tick.applied));
            let deliveries = sum(|tick| tick.applied + tick.doubled + tick.dropped);
            prop_assert_eq!(deliveries, sum(|tick| tick.wanted) + metrics["duplicates"]);
            for key in &history.keys {
                if history.told_until == SimTime::MAX {
                    let count = |of: fn(&Tick) -> u64| {
                        key.ticks.all().iter().map(of).sum::<u64>()
                    };
                    let told = |outcome| {
                        key.deliveries.iter().filter(|one| one.outcome == outcome).count() as u64
                    };
                    prop_assert_eq!(told(Outcome::Double), count(|tick| tick.doubled));
                    prop_assert_eq!(told(Outcome::Dropped), count(|tick| tick.dropped));
                    prop_assert_eq!(told(Outcome::OutOfOrder), count(|tick| tick.out_of_order));
                }
                prop_assert!(key.deliveries.is_sorted_by_key(|delivery| delivery.from));
            }
        }
    }
}
