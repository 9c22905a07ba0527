//! One run: at each instant first what was planned, then what is sent, then the pollers look.

use std::collections::{BTreeSet, VecDeque};

use super::Params;
use super::record::Record;
use crate::sim::agenda::{Agenda, Class};
use crate::sim::rng::{Draws, Stream};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) sent: SimTime,
    /// The first is 1.
    pub(super) number: u32,
    pub(super) poison: bool,
}

/// Messages that are received together, again and again until they leave.
#[derive(Debug, Default)]
struct Batch {
    messages: Vec<Message>,
    receives: u64,
    /// When it was to be received again.
    visible: SimTime,
    /// Whether it waits to be received again.
    waits: bool,
    /// Events planned for it; its place is free when there are none and no messages.
    planned: u64,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The call of the function ends that was the batch's `receive`th, and had so many healthy
    /// messages, and poison or not.
    Ended {
        batch: usize,
        receive: u32,
        healthy: u32,
        poisoned: bool,
    },
    Visible(usize),
    PollerAdded,
    WindowOver,
}

pub(super) fn run<R: Record>(
    params: &Params,
    run: &Run,
    record: R,
) -> Result<(Metrics, R), Refused> {
    let mut engine = Engine::new(params, run, record);
    let mut sendings = (1..).zip(params.arrivals.times(run.seed, run.duration)).peekable();
    loop {
        let sending = sendings.peek().map(|&(_, at)| at);
        let now = match (sending, engine.agenda.next_at()) {
            (Some(sending), Some(planned)) => sending.min(planned),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => break,
        };
        while let Some((_, event)) = engine.agenda.take_until(now) {
            engine.agenda.within_bounds()?;
            engine.happen(now, event);
        }
        while let Some((number, _)) = sendings.next_if(|&(_, at)| at == now) {
            engine.send(now, number);
        }
        engine.tally.backlog(now, engine.backlog);
        engine.record.waiting(now, engine.backlog);
        engine.poll(now);
        engine.record.levels(now, engine.backlog, engine.ramp.pollers, engine.busy)?;
    }
    Ok((engine.tally.metrics(), engine.record))
}

struct Engine<'a, R> {
    params: &'a Params,
    poison: BTreeSet<u64>,
    draws: Draws,
    end: SimTime,
    agenda: Agenda<Event>,
    fresh: VecDeque<Message>,
    batches: Vec<Batch>,
    free: Vec<usize>,
    /// Batches that are visible again.
    returned: VecDeque<usize>,
    /// Messages in `fresh` and `returned`.
    backlog: u64,
    busy: u64,
    calls: u64,
    ramp: Ramp,
    window_planned: bool,
    backend_free: SimTime,
    tally: Tally,
    record: R,
}

impl<'a, R: Record> Engine<'a, R> {
    fn new(params: &'a Params, run: &Run, record: R) -> Self {
        Self {
            params,
            poison: params.poison.iter().copied().collect(),
            draws: Draws::new(run.seed),
            end: SimTime(run.duration.0),
            agenda: Agenda::new(),
            fresh: VecDeque::new(),
            batches: Vec::new(),
            free: Vec::new(),
            returned: VecDeque::new(),
            backlog: 0,
            busy: 0,
            calls: 0,
            ramp: Ramp::new(params),
            window_planned: false,
            backend_free: SimTime::ZERO,
            tally: Tally { from: SimTime(run.warm_up.0), ..Tally::default() },
            record,
        }
    }

    fn send(&mut self, now: SimTime, number: u64) {
        let share = self.params.poison_share;
        let poison = self.poison.contains(&number)
            || (share > 0.0 && self.draws.at(Stream::Poison, number).chance(share));
        // As many as fit in 32 bits are more than a run may have.
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let message = Message { sent: now, number, poison };
        self.fresh.push_back(message);
        self.backlog += 1;
        self.record.sent(now, &message);
        self.tally.sent(now);
    }

    fn happen(&mut self, now: SimTime, event: Event) {
        match event {
            Event::Ended { batch, receive, healthy, poisoned } => {
                self.ended(now, batch, u64::from(healthy), poisoned);
                let succeeded = !poisoned || self.params.partial_batch;
                self.record.ended(now, batch, receive, succeeded);
                self.release(batch);
            }
            Event::Visible(batch) => self.visible(now, batch),
            Event::PollerAdded => self.ramp.planned = false,
            Event::WindowOver => self.window_planned = false,
        }
    }

    fn ended(&mut self, now: SimTime, index: usize, healthy: u64, poisoned: bool) {
        self.busy -= 1;
        let batch = &mut self.batches[index];
        batch.planned -= 1;
        if !poisoned || self.params.partial_batch {
            let before = batch.messages.len();
            let (tally, record) = (&mut self.tally, &mut self.record);
            batch.messages.retain(|message| {
                if !message.poison {
                    tally.done(now, message.sent);
                    record.done(now, message);
                }
                message.poison
            });
            let left = (before - batch.messages.len()) as u64;
            if batch.waits {
                self.backlog -= left;
            }
            // Those that had left before, done by an overlapping call or given up.
            self.tally.again(now, healthy - left);
        }
    }

    fn visible(&mut self, now: SimTime, index: usize) {
        let batch = &mut self.batches[index];
        batch.planned -= 1;
        let spent = batch.receives >= self.params.max_receive;
        if spent && self.params.dead_letter {
            for message in batch.messages.drain(..) {
                self.tally.given_up(now, message.sent);
                self.record.given_up(now, &message);
            }
        } else if spent && now >= self.end {
            self.record.dropped(&batch.messages);
            batch.messages.clear();
        } else if !batch.messages.is_empty() {
            batch.waits = true;
            batch.visible = now;
            self.backlog += batch.messages.len() as u64;
            self.record.visible(now, &batch.messages);
            self.returned.push_back(index);
        }
        self.release(index);
    }

    /// Gives a batch's place to another one if nothing is left of it.
    fn release(&mut self, index: usize) {
        let batch = &mut self.batches[index];
        if batch.planned == 0 && batch.messages.is_empty() && !batch.waits {
            batch.receives = 0;
            self.free.push(index);
        }
    }

    /// Free pollers take what there is to take.
    fn poll(&mut self, now: SimTime) {
        self.ramp.look(now);
        let mut blocked = false;
        while let Some(fresh) = self.next_is_fresh(now) {
            if self.busy >= self.ramp.pollers {
                blocked = true;
                break;
            }
            let index = if fresh { self.gather() } else { self.returned.pop_front() };
            if let Some(index) = index {
                self.receive(now, index);
            }
        }
        self.tally.pollers(now, self.ramp.pollers);
        if self.backlog == 0 && self.busy == 0 {
            self.ramp.rest();
        }
        if let Some(at) = self.ramp.wait(now, blocked) {
            self.agenda.plan(at, Class::Timer, Event::PollerAdded);
        }
        if let Some(oldest) = self.fresh.front()
            && !blocked
            && !self.window_planned
        {
            self.window_planned = true;
            let over = oldest.sent + self.params.batch_window;
            self.agenda.plan(over, Class::Timer, Event::WindowOver);
        }
    }

    /// Whether the next batch to take is made of fresh messages or is one that came back; `None` if
    /// there is none to take yet.
    fn next_is_fresh(&mut self, now: SimTime) -> Option<bool> {
        while let Some(&index) = self.returned.front() {
            if !self.batches[index].messages.is_empty() {
                break;
            }
            self.returned.pop_front();
            self.batches[index].waits = false;
            self.release(index);
        }
        let returned = self.returned.front().map(|&index| self.batches[index].visible);
        let fresh = self.fresh.front().map(|oldest| oldest.sent).filter(|&sent| {
            self.fresh.len() as u64 >= self.params.batch_size
                || sent + self.params.batch_window <= now
        });
        match (fresh, returned) {
            (Some(sent), Some(visible)) => Some(sent <= visible),
            (fresh, returned) => fresh.map(|_| true).or(returned.map(|_| false)),
        }
    }

    /// A new batch of the oldest fresh messages.
    fn gather(&mut self) -> Option<usize> {
        let index = self.free.pop().unwrap_or_else(|| {
            self.batches.push(Batch::default());
            self.batches.len() - 1
        });
        let size = usize::try_from(self.params.batch_size).ok()?.min(self.fresh.len());
        self.batches[index].messages.extend(self.fresh.drain(..size));
        Some(index)
    }

    fn receive(&mut self, now: SimTime, index: usize) {
        let batch = &mut self.batches[index];
        let messages = batch.messages.len() as u64;
        let healthy = batch.messages.iter().filter(|message| !message.poison).count();
        batch.receives += 1;
        batch.waits = false;
        batch.planned += 2;
        self.backlog -= messages;
        self.busy += 1;
        self.tally.delivered(now, messages);
        // A batch has at most 10,000 messages; one that comes back for ever counts on.
        let receive = u32::try_from(batch.receives).unwrap_or(u32::MAX);
        let poisoned = (healthy as u64) < messages;
        let healthy = u32::try_from(healthy).unwrap_or(u32::MAX);
        self.record.received(now, index, &batch.messages, receive);
        let service = self.params.service.sample(&mut self.draws.at(Stream::Service, self.calls));
        self.calls += 1;
        let mut end = now + service;
        if let Some(rate) = self.params.backend_capacity_per_s {
            let takes = SimDuration::from_secs_f64(as_f64(messages) / rate);
            self.backend_free = self.backend_free.max(now) + takes;
            end = end.max(self.backend_free);
        }
        let ended = Event::Ended { batch: index, receive, healthy, poisoned };
        self.agenda.plan(end, Class::Departure, ended);
        self.agenda.plan(now + self.params.visibility, Class::Expiry, Event::Visible(index));
    }
}

/// How many pollers there are.
struct Ramp {
    start: u64,
    most: u64,
    /// From one poller to the next while a batch waits.
    gap: SimDuration,
    pollers: u64,
    /// How long batches have waited, up to `seen`.
    waited: SimDuration,
    waiting: bool,
    seen: SimTime,
    planned: bool,
}

impl Ramp {
    fn new(params: &Params) -> Self {
        let most = params.pollers_max.min(params.max_concurrency.unwrap_or(u64::MAX));
        let start = params.pollers_start.min(most);
        Self {
            start,
            most,
            gap: SimDuration::from_secs_f64(60.0 / params.pollers_per_min),
            pollers: start,
            waited: SimDuration::ZERO,
            waiting: false,
            seen: SimTime::ZERO,
            planned: false,
        }
    }

    fn look(&mut self, now: SimTime) {
        if self.waiting {
            self.waited = self.waited + (now - self.seen);
        }
        self.seen = now;
        let added = self.waited.0 / self.gap.0.max(1);
        self.pollers = self.start.saturating_add(added).min(self.most);
    }

    fn rest(&mut self) {
        self.waited = SimDuration::ZERO;
        self.pollers = self.start;
    }

    /// Notes whether a batch waits for a poller, and says when there is one more to be planned.
    fn wait(&mut self, now: SimTime, waiting: bool) -> Option<SimTime> {
        self.waiting = waiting;
        if !waiting || self.planned || self.pollers >= self.most {
            return None;
        }
        let gap = self.gap.0.max(1);
        let at = now.checked_add(SimDuration(gap - self.waited.0 % gap))?;
        self.planned = true;
        Some(at)
    }
}

#[derive(Default)]
struct Tally {
    from: SimTime,
    messages: u64,
    deliveries: u64,
    done: u64,
    dead_lettered: u64,
    duplicates: u64,
    backlog_max: u64,
    age_max: SimDuration,
    drained_at: Option<SimTime>,
    pollers_max: u64,
}

impl Tally {
    fn sent(&mut self, now: SimTime) {
        self.messages += u64::from(now >= self.from);
    }

    fn delivered(&mut self, now: SimTime, messages: u64) {
        if now >= self.from {
            self.deliveries += messages;
        }
    }

    fn again(&mut self, now: SimTime, messages: u64) {
        if now >= self.from {
            self.duplicates += messages;
        }
    }

    fn done(&mut self, now: SimTime, sent: SimTime) {
        self.done += u64::from(self.left(now, sent));
    }

    fn given_up(&mut self, now: SimTime, sent: SimTime) {
        self.dead_lettered += u64::from(self.left(now, sent));
    }

    fn left(&mut self, now: SimTime, sent: SimTime) -> bool {
        let counts = sent >= self.from;
        if counts {
            self.age_max = self.age_max.max(now - sent);
            self.drained_at = Some(now);
        }
        counts
    }

    fn backlog(&mut self, now: SimTime, backlog: u64) {
        if now >= self.from {
            self.backlog_max = self.backlog_max.max(backlog);
        }
    }

    fn pollers(&mut self, now: SimTime, pollers: u64) {
        if now >= self.from {
            self.pollers_max = self.pollers_max.max(pollers);
        }
    }

    fn metrics(&self) -> Metrics {
        let mut metrics: Metrics = [
            ("messages", self.messages),
            ("deliveries", self.deliveries),
            ("done", self.done),
            ("dead_lettered", self.dead_lettered),
            ("duplicates", self.duplicates),
            ("backlog_max", self.backlog_max),
            ("pollers_max_seen", self.pollers_max),
        ]
        .map(|(name, count)| (name.to_owned(), as_f64(count)))
        .into();
        if let Some(at) = self.drained_at {
            metrics.insert("age_max_s".to_owned(), self.age_max.as_secs_f64());
            metrics.insert("drained_at_s".to_owned(), at.as_secs_f64());
        }
        metrics
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use proptest::prelude::*;

    fn metrics(params: &Params, duration_s: u64) -> Metrics {
        let run = Run {
            seed: 1,
            duration: SimDuration::from_secs(duration_s),
            warm_up: SimDuration::ZERO,
        };
        super::super::run(params, &run).unwrap()
    }

    fn burst(size: u64) -> Arrivals {
        Arrivals::Burst { at: SimTime::ZERO, size }
    }

    fn seconds(seconds: f64) -> Law {
        Law::constant(seconds).unwrap()
    }

    #[test]
    fn one_poison_message_takes_its_batch_along() {
        let params = Params { arrivals: burst(10), poison: vec![7], ..Params::default() };
        let whole = metrics(&params, 1);
        assert_eq!((whole["deliveries"], whole["done"], whole["dead_lettered"]), (30.0, 0.0, 10.0));
        assert_eq!((whole["drained_at_s"], whole["age_max_s"]), (90.0, 90.0));

        let partial = metrics(&Params { partial_batch: true, ..params.clone() }, 1);
        let counts = (partial["deliveries"], partial["done"], partial["dead_lettered"]);
        assert_eq!(counts, (12.0, 9.0, 1.0));

        // Without dead letters they come back every 30 s for as long as the run lasts.
        let kept = metrics(&Params { dead_letter: false, ..params }, 301);
        assert_eq!((kept["deliveries"], kept["done"], kept["dead_lettered"]), (110.0, 0.0, 0.0));
    }

    #[test]
    fn ten_thousand_messages_drain_while_pollers_grow() {
        let params = Params {
            arrivals: burst(10_000),
            service: seconds(1.0),
            batch_size: 1,
            ..Params::default()
        };
        let metrics = metrics(&params, 1);
        // 5 pollers and 5 more each second: 5t + 2.5t² = 10,000 at t = 62.3 s, and one service.
        assert!((metrics["drained_at_s"] - 63.2).abs() < 1.0, "{metrics:?}");
        assert!((metrics["pollers_max_seen"] - 316.0).abs() < 5.0, "{metrics:?}");
        assert_eq!((metrics["backlog_max"], metrics["done"]), (10_000.0, 10_000.0));
        assert_eq!(metrics["duplicates"], 0.0);
    }

    #[test]
    fn a_cap_below_the_load_lets_the_backlog_grow() {
        let params = Params {
            arrivals: Arrivals::Every { gap: SimDuration::from_millis(100), count: None, size: 40 },
            service: seconds(0.2),
            batch_size: 1,
            max_concurrency: Some(50),
            pollers_start: 50,
            ..Params::default()
        };
        // 400 a second come, 50 every 0.2 s go: 150 a second stay.
        let backlog = metrics(&params, 100)["backlog_max"];
        assert!((backlog - 15_000.0).abs() < 100.0, "{backlog}");
        let behind = Params { max_concurrency: Some(500), pollers_start: 500, ..params };
        let open = metrics(&behind, 100)["backlog_max"];
        assert_eq!(open, 40.0);
        // More pollers do not help what stands behind them.
        let database = Params { backend_capacity_per_s: Some(250.0), ..behind };
        let metrics = metrics(&database, 100);
        assert!((metrics["drained_at_s"] - 160.0).abs() < 1.0, "{metrics:?}");
    }

    #[test]
    fn a_visibility_shorter_than_the_service_does_work_twice() {
        let params = Params {
            arrivals: burst(1),
            service: seconds(40.0),
            visibility: SimDuration::from_secs(15),
            ..Params::default()
        };
        // Received at 0, 15 and 30; done at 40 by the first, again at 55 and 70.
        let counts = metrics(&params, 1);
        assert_eq!((counts["deliveries"], counts["done"]), (3.0, 1.0));
        assert_eq!((counts["duplicates"], counts["dead_lettered"]), (2.0, 0.0));
        // With two receives it is given up at 30 although it succeeds at 40.
        let counts = metrics(&Params { max_receive: 2, ..params }, 1);
        assert_eq!((counts["done"], counts["dead_lettered"]), (0.0, 1.0));
        assert_eq!(counts["duplicates"], 2.0);
    }

    #[test]
    fn a_window_gathers_a_batch() {
        let params = Params {
            arrivals: Arrivals::Every { gap: SimDuration::from_secs(1), count: Some(14), size: 1 },
            service: seconds(0.5),
            batch_window: SimDuration::from_secs(20),
            ..Params::default()
        };
        // Ten make a batch at 9 s, the other four wait from 10 s to 30 s.
        let metrics = metrics(&params, 60);
        assert_eq!((metrics["done"], metrics["drained_at_s"]), (14.0, 30.5));
        assert_eq!((metrics["backlog_max"], metrics["age_max_s"]), (10.0, 20.5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_message_is_done_or_given_up(
            rate_per_s in 1.0..50.0,
            service_s in 0.01..20.0,
            visibility_s in 1_u64..30,
            (batch_size, max_receive, cap) in (1_u64..20, 1_u64..5, 1_u64..20),
            (poison_share, partial_batch, seed) in (0.0..0.5, any::<bool>(), any::<u64>()),
        ) {
            let params = Params {
                arrivals: Arrivals::Poisson { rate_per_s },
                service: Law::exponential(service_s).unwrap(),
                visibility: SimDuration::from_secs(visibility_s),
                batch_size,
                max_receive,
                max_concurrency: Some(cap),
                poison_share,
                partial_batch,
                ..Params::default()
            };
            let run = Run {
                seed,
                duration: SimDuration::from_secs(20),
                warm_up: SimDuration::ZERO,
            };
            let metrics = super::super::run(&params, &run).unwrap();
            prop_assert_eq!(metrics["messages"], metrics["done"] + metrics["dead_lettered"]);
            prop_assert!(metrics["deliveries"] >= metrics["done"] + metrics["duplicates"]);
            prop_assert!(metrics["deliveries"] <= metrics["messages"] * as_f64(max_receive));
            prop_assert!(metrics["pollers_max_seen"] <= as_f64(cap));
            prop_assert_eq!(&metrics, &super::super::run(&params, &run).unwrap());
        }
    }
}
