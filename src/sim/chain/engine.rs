//! The events of a chain: calls that come, end, and are given up.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::breaker::{Answer, Switch};
use super::{Gate, Graph, QUANTILES};
use crate::sim::histogram::Histogram;
use crate::sim::rng::{Draws, SplitMix64, Stream};
use crate::sim::time::{SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

/// Is told what happens; services by their place.
pub(super) trait Recorder {
    /// Whether to go on; asked at each event.
    fn goes_on(&mut self, now: SimTime) -> bool;
    /// A call comes to a service, which then holds so many.
    fn entered(&mut self, now: SimTime, service: usize, in_flight: u64);
    /// A call is refused at once.
    fn refused(&mut self, now: SimTime, service: usize);
    /// A service lets go of a call.
    fn left(&mut self, now: SimTime, service: usize);
    /// A caller hears of a call.
    fn heard(&mut self, now: SimTime, service: usize, outcome: Outcome);
    /// A breaker stands so.
    fn gate(&mut self, now: SimTime, service: usize, gate: Gate);
    /// A request of a client ends that came then.
    fn ended(&mut self, now: SimTime, came: SimTime, succeeded: bool);
}

/// What a caller hears of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed,
    /// Nothing, in the time that it waits.
    Late,
}

/// A run of which only the numbers are wanted.
pub(super) struct Unrecorded;

impl Recorder for Unrecorded {
    #[inline]
    fn goes_on(&mut self, _: SimTime) -> bool {
        true
    }
    #[inline]
    fn entered(&mut self, _: SimTime, _: usize, _: u64) {}
    #[inline]
    fn refused(&mut self, _: SimTime, _: usize) {}
    #[inline]
    fn left(&mut self, _: SimTime, _: usize) {}
    #[inline]
    fn heard(&mut self, _: SimTime, _: usize, _: Outcome) {}
    #[inline]
    fn gate(&mut self, _: SimTime, _: usize, _: Gate) {}
    #[inline]
    fn ended(&mut self, _: SimTime, _: SimTime, _: bool) {}
}

/// Who waits for a call.
#[derive(Clone, Copy, Debug)]
enum Caller {
    /// The client, whose request came then.
    Client(SimTime),
    /// A call in progress.
    Call(usize),
    /// Nobody: it was handed over.
    Nobody,
}

/// What a call is apart from its try.
#[derive(Clone, Copy, Debug)]
struct Order {
    service: usize,
    caller: Caller,
    /// Names the call's chance: the same whatever else happens.
    key: u64,
    /// Whether the request came after the warm-up.
    counts: bool,
}

/// A try of a call that a service holds.
#[derive(Clone, Copy, Debug)]
struct Call {
    order: Order,
    tries_before: u32,
    began: SimTime,
    /// How many of the service's own calls are done.
    calls_done: usize,
    /// Whether the breaker let it through on trial.
    on_trial: bool,
    /// Whether the caller still waits.
    awaited: bool,
    /// Tells this use of the place from others.
    generation: u64,
}

impl Call {
    /// Names the chance of this try.
    const fn chance(&self) -> u64 {
        mixed(self.order.key, self.tries_before as u64)
    }
}

/// Calls that end come before calls that are given up at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Worked,
    GivenUp,
}

/// In the order in which they happen; the third is the order of their making.
type Event = (SimTime, Kind, u64, usize);

/// What is known of a service, or of the whole.
#[derive(Default)]
struct Tally {
    calls: u64,
    succeeded: u64,
    failed_fast: u64,
    latency: Histogram,
    in_flight: u64,
    in_flight_max: u64,
}

impl Tally {
    fn enter(&mut self, is_measured: bool) {
        self.in_flight += 1;
        if is_measured {
            self.in_flight_max = self.in_flight_max.max(self.in_flight);
        }
    }

    fn write(&self, prefix: &str, metrics: &mut Metrics) {
        if self.calls > 0 {
            let availability = as_f64(self.succeeded) / as_f64(self.calls);
            metrics.insert(format!("{prefix}availability"), availability);
        }
        for (name, q) in QUANTILES {
            if let Some(latency) = self.latency.quantile(q) {
                metrics.insert(format!("{prefix}{name}"), latency.as_ms_f64());
            }
        }
        metrics.insert(format!("{prefix}failed_fast"), as_f64(self.failed_fast));
        metrics.insert(format!("{prefix}in_flight_max"), as_f64(self.in_flight_max));
    }
}

/// A run under way.
pub(super) struct Engine<'a, R> {
    recorder: &'a mut R,
    graph: &'a Graph<'a>,
    draws: Draws,
    warm: SimTime,
    now: SimTime,
    made: u64,
    agenda: BinaryHeap<Reverse<Event>>,
    calls: Vec<Call>,
    free: Vec<usize>,
    switches: Vec<Option<Switch>>,
    busy: Vec<u64>,
    queues: Vec<VecDeque<usize>>,
    tallies: Vec<Tally>,
    total: Tally,
    /// Outcomes still to be told to those who wait: (order, tries before, whether it may be tried
    /// again, whether it succeeded).
    outcomes: Vec<(Order, u32, bool, bool)>,
}

impl<'a, R: Recorder> Engine<'a, R> {
    pub(super) fn new(graph: &'a Graph<'a>, run: &Run, recorder: &'a mut R) -> Self {
        let services = graph.services;
        Self {
            recorder,
            graph,
            draws: Draws::new(run.seed),
            warm: SimTime(run.warm_up.0),
            now: SimTime::ZERO,
            made: 0,
            agenda: BinaryHeap::new(),
            calls: Vec::new(),
            free: Vec::new(),
            switches: services.iter().map(|service| service.breaker.map(Switch::new)).collect(),
            busy: vec![0; services.len()],
            queues: services.iter().map(|_| VecDeque::new()).collect(),
            tallies: services.iter().map(|_| Tally::default()).collect(),
            total: Tally::default(),
            outcomes: Vec::new(),
        }
    }

    pub(super) fn run(
        mut self,
        arrivals: impl Iterator<Item = SimTime>,
    ) -> Result<Metrics, Refused> {
        for (index, at) in (0..).zip(arrivals) {
            self.advance(at)?;
            self.now = at;
            let caller = Caller::Client(at);
            let counts = at >= self.warm;
            self.begin(Order { service: 0, caller, key: mixed(index, 0), counts }, 0);
            self.settle();
        }
        self.advance(SimTime::MAX)?;
        let mut metrics = Metrics::new();
        self.total.write("", &mut metrics);
        for (service, tally) in self.graph.services.iter().zip(&self.tallies) {
            tally.write(&format!("{}.", service.name), &mut metrics);
        }
        Ok(metrics)
    }

    /// Does everything until `until`, what happens then included.
    fn advance(&mut self, until: SimTime) -> Result<(), Refused> {
        while let Some(&Reverse((at, kind, stamp, place))) = self.agenda.peek()
            && at <= until
        {
            self.agenda.pop();
            self.now = at;
            if !self.recorder.goes_on(at) {
                return Err(Refused::cancelled());
            }
            match kind {
                Kind::Worked => self.worked(place),
                Kind::GivenUp => self.given_up(place, stamp),
            }
            self.settle();
        }
        Ok(())
    }

    /// A call comes to its service.
    fn begin(&mut self, order: Order, tries_before: u32) {
        let of = order.service;
        let service = &self.graph.services[of];
        self.tallies[of].calls += u64::from(order.counts);
        let is_full = service.bulkhead.is_some_and(|most| self.tallies[of].in_flight >= most);
        let answer = match &mut self.switches[of] {
            _ if is_full => Answer::Refuse,
            Some(switch) => switch.ask(self.now),
            None => Answer::Pass,
        };
        self.gate(of);
        if answer == Answer::Refuse {
            self.tallies[of].failed_fast += u64::from(order.counts);
            self.total.failed_fast += u64::from(order.counts);
            self.recorder.refused(self.now, of);
            self.outcomes.push((order, tries_before, false, false));
            return;
        }
        let is_measured = self.now >= self.warm;
        self.tallies[of].enter(is_measured);
        self.total.enter(is_measured);
        self.recorder.entered(self.now, of, self.tallies[of].in_flight);
        self.made += 1;
        let generation = self.made;
        let place = self.place(Call {
            order,
            tries_before,
            began: self.now,
            calls_done: 0,
            on_trial: answer == Answer::Trial,
            awaited: true,
            generation,
        });
        // Nobody waits for what was handed over, so nobody gives up.
        let patience = service.timeout.filter(|_| !service.is_async);
        if let Some(timeout) = patience {
            self.agenda.push(Reverse((self.now + timeout, Kind::GivenUp, generation, place)));
        }
        if service.servers.is_some_and(|most| self.busy[of] >= most) {
            self.queues[of].push_back(place);
        } else {
            self.work(place);
        }
    }

    fn place(&mut self, call: Call) -> usize {
        if let Some(place) = self.free.pop() {
            self.calls[place] = call;
            return place;
        }
        self.calls.push(call);
        self.calls.len() - 1
    }

    /// A server takes up a call.
    fn work(&mut self, place: usize) {
        let call = self.calls[place];
        let of = call.order.service;
        self.busy[of] += 1;
        let mut rng = self.draws.at(Stream::Service, call.chance());
        let span = self.graph.services[of].service.sample(&mut rng);
        self.agenda.push(Reverse((self.now + span, Kind::Worked, call.generation, place)));
    }

    /// A service has done its own work on a call.
    fn worked(&mut self, place: usize) {
        let call = self.calls[place];
        let availability = self.graph.services[call.order.service].availability;
        let fails = availability < 1.0
            && !self.draws.at(Stream::Failure, call.chance()).chance(availability);
        if fails {
            self.end(place, false);
        } else {
            self.go_on(place);
        }
    }

    /// A call makes its next own call, or ends well.
    fn go_on(&mut self, place: usize) {
        let Call { order, calls_done, .. } = self.calls[place];
        let Some(&callee) = self.graph.calls[order.service].get(calls_done) else {
            self.end(place, true);
            return;
        };
        self.calls[place].calls_done += 1;
        let key = mixed(self.calls[place].chance(), calls_done as u64 + 1);
        let is_async = self.graph.services[callee].is_async;
        let waits = if is_async { Caller::Nobody } else { Caller::Call(place) };
        self.begin(Order { service: callee, caller: waits, key, ..order }, 0);
        if is_async {
            self.go_on(place);
        }
    }

    /// A service lets go of a call.
    fn end(&mut self, place: usize, succeeded: bool) {
        let call = self.calls[place];
        let of = call.order.service;
        self.busy[of] -= 1;
        self.tallies[of].in_flight -= 1;
        self.total.in_flight -= 1;
        self.calls[place].generation = 0;
        self.free.push(place);
        self.recorder.left(self.now, of);
        if call.awaited {
            self.answer(&call, if succeeded { Outcome::Done } else { Outcome::Failed });
        }
        if let Some(next) = self.queues[of].pop_front() {
            self.work(next);
        }
    }

    /// A caller's patience ends, if the call has not.
    fn given_up(&mut self, place: usize, generation: u64) {
        let call = self.calls[place];
        if call.generation == generation && call.awaited {
            self.calls[place].awaited = false;
            self.answer(&call, Outcome::Late);
        }
    }

    /// The recorder learns how a breaker stands.
    fn gate(&mut self, service: usize) {
        if let Some(Some(switch)) = self.switches.get(service) {
            self.recorder.gate(self.now, service, switch.gate());
        }
    }

    /// The caller hears of a try.
    fn answer(&mut self, call: &Call, outcome: Outcome) {
        let succeeded = outcome == Outcome::Done;
        self.recorder.heard(self.now, call.order.service, outcome);
        let Order { service, counts, .. } = call.order;
        if counts {
            let tally = &mut self.tallies[service];
            tally.succeeded += u64::from(succeeded);
            tally.latency.record(self.now - call.began);
        }
        if let Some(switch) = &mut self.switches[service] {
            switch.heard(self.now, call.on_trial, succeeded);
        }
        self.gate(service);
        self.outcomes.push((call.order, call.tries_before, true, succeeded));
    }

    /// Tells outcomes to those who wait until nobody has anything left to do at this instant.
    fn settle(&mut self) {
        while let Some((order, tries_before, may_retry, succeeded)) = self.outcomes.pop() {
            let retries = self.graph.services[order.service].retries;
            if !succeeded && may_retry && tries_before < retries {
                self.begin(order, tries_before + 1);
                continue;
            }
            if let Caller::Client(came) = order.caller {
                self.recorder.ended(self.now, came, succeeded);
            }
            match order.caller {
                Caller::Client(at) if order.counts => {
                    self.total.calls += 1;
                    self.total.succeeded += u64::from(succeeded);
                    self.total.latency.record(self.now - at);
                }
                Caller::Call(place) if succeeded => self.go_on(place),
                Caller::Call(place) => self.end(place, false),
                Caller::Client(_) | Caller::Nobody => {}
            }
        }
    }
}

/// A number that names the `nth` thing under `key`.
const fn mixed(key: u64, nth: u64) -> u64 {
    SplitMix64::new(key ^ nth.wrapping_mul(0xd6e8_feb8_6659_fd93)).next_u64()
}
