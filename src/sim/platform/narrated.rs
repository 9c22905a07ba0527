//! The narrated engine: the same meaning as the kernel, told event by event. It keeps the spans
//! and ticks that a picture needs, in bounded memory, and is written plainly: every expiry is an
//! event, every area is integrated by its level.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::counters::Counters;
use super::history::{Fate, Levels, Recorder};
use super::kernel::Window;
use super::limits::Limits;
use super::request::{Request, Source};
use super::{History, Narration, Params, Routing, State};
use crate::sim::Run;
use crate::sim::arrivals::Times;
use crate::sim::time::{SimDuration, SimTime};

/// What happens, in the order of classes at equal times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// An environment's start is over.
    Ready,
    /// A request ends in an environment.
    Departure { environment: u64, begun: u64, request: Request },
    /// An environment has been idle for the keep-alive.
    Expiry { environment: u64 },
    /// A request tries again.
    Retry(Request),
    /// A request comes.
    Arrival(Request),
}

impl Event {
    fn class(self) -> u8 {
        match self {
            Self::Ready | Self::Departure { .. } => 0,
            Self::Expiry { .. } => 1,
            Self::Retry(_) => 2,
            Self::Arrival(_) => 3,
        }
    }
}

struct Environment {
    born: u64,
    ready: u64,
    /// Since when it is idle, or runs.
    since: u64,
    /// The number of its idle spell among all.
    spell: u64,
    served: u64,
    busy: u32,
    function: u32,
    /// Its key in the order of routing, while it has room.
    key: u64,
}

/// How things stand right after an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// When the event was.
    pub now: SimTime,
    /// Requests that have come.
    pub arrived: u64,
    /// Requests that have ended.
    pub served: u64,
    /// Requests that gave up.
    pub lost: u64,
    /// Requests running.
    pub running: u64,
    /// Requests waiting for another try.
    pub waiting: u64,
    /// Environments.
    pub servers: u64,
    /// Environments with a request.
    pub busy: u64,
    /// Environments without one.
    pub idle: u64,
}

/// A run under way.
pub struct Narrator<'a> {
    params: &'a Params,
    source: Source<'a>,
    arrivals: Times<'a>,
    window: Window,
    counters: Counters,
    limits: Limits,
    events: BinaryHeap<Reverse<(u64, u8, u64, Event)>>,
    scheduled: u64,
    next_arrival: Option<Request>,
    /// Idle environments by when they are gone and by the number of the spell.
    expiries: BTreeSet<(u64, u64, u64)>,
    spells: u64,
    environments: BTreeMap<u64, Environment>,
    created: u64,
    uses: u64,
    /// Those with room by function: in the order of routing, or (random) as an array.
    ordered: Vec<BTreeSet<(u64, u64)>>,
    unordered: Vec<Vec<u64>>,
    provisioned: Vec<u64>,
    running: Vec<u64>,
    initialising: u64,
    moment: Moment,
    warm: bool,
    ended: bool,
    recorder: Recorder,
}

impl<'a> Narrator<'a> {
    pub(super) fn new(params: &'a Params, run: &Run, narration: &Narration) -> Self {
        let window = Window::of(run);
        let functions = params.functions.len().max(1);
        let mut narrator = Self {
            params,
            source: Source::new(params, run.seed),
            arrivals: params.arrivals.times(run.seed, run.duration),
            window,
            counters: Counters::new(params, window),
            limits: Limits::new(params),
            events: BinaryHeap::new(),
            scheduled: 0,
            next_arrival: None,
            expiries: BTreeSet::new(),
            spells: 0,
            environments: BTreeMap::new(),
            created: 0,
            uses: 0,
            ordered: vec![BTreeSet::new(); functions],
            unordered: vec![Vec::new(); functions],
            provisioned: Vec::new(),
            running: vec![0; functions],
            initialising: 0,
            moment: Moment::default(),
            warm: false,
            ended: false,
            recorder: Recorder::new(params, narration, run),
        };
        for _ in 0..params.provisioned {
            let environment = narrator.create(0, 0, 0);
            narrator.environments.entry(environment).and_modify(|it| it.busy = 0);
            narrator.moment.idle += 1;
            narrator.provisioned.push(environment);
        }
        narrator.schedule_arrival();
        narrator
    }

    /// How things stand.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// Goes on until `to`; false when nothing is left to happen.
    pub fn advance(&mut self, to: SimTime) -> bool {
        loop {
            match self.next() {
                Some((at, _)) if at <= to.0 => self.step(),
                next => return next.is_some(),
            };
        }
    }

    /// What has been recorded so far; the counters are whole only at the end.
    pub fn into_history(mut self) -> History {
        self.end_window(u64::MAX);
        let (to, keep_alive) = (self.window.to, self.keep_alive());
        for (id, environment) in &self.environments {
            if environment.busy == 0 {
                let end = to.min(environment.since.saturating_add(keep_alive));
                self.recorder.span(*id, State::Idle, environment.since, end);
            }
        }
        self.recorder.finish(self.counters)
    }

    /// When the next event is and of which class; the run is over with its last departure.
    fn next(&self) -> Option<(u64, u8)> {
        let event = self.events.peek().map(|&Reverse((at, class, ..))| (at, class));
        let arrival = self.next_arrival.map(|it| (it.arrived, 3));
        let others = event.into_iter().chain(arrival).min();
        let expiry = self.expiries.first().map(|&(at, ..)| (at, 1));
        expiry.into_iter().chain(others).min()
    }

    fn take(&mut self, class: u8) -> Option<Event> {
        match class {
            1 => self.expiries.pop_first().map(|(.., environment)| Event::Expiry { environment }),
            3 => self.next_arrival.take().map(Event::Arrival),
            _ => self.events.pop().map(|Reverse((.., event))| event),
        }
    }

    /// The next event; false if there is none.
    pub fn step(&mut self) -> bool {
        let Some((now, class)) = self.next() else { return false };
        let Some(event) = self.take(class) else { return false };
        if !self.warm && (now > self.window.from || now == self.window.from && class >= 2) {
            self.warm = true;
            self.counters.servers_max = self.moment.servers;
        }
        self.end_window(now.saturating_sub(1));
        self.pass(now);
        match event {
            Event::Ready => self.initialising -= 1,
            Event::Departure { environment, begun, request } => {
                self.depart(environment, begun, &request);
            }
            Event::Expiry { environment } => self.expire(environment),
            Event::Retry(request) => {
                self.moment.waiting -= 1;
                self.attempt(request);
            }
            Event::Arrival(request) => {
                self.moment.arrived += 1;
                self.attempt(request);
                self.schedule_arrival();
            }
        }
        true
    }

    /// What is in flight is counted once, when everything up to the window's end has happened.
    fn end_window(&mut self, upto: u64) {
        if !self.ended && upto >= self.window.to {
            self.pass(self.window.to);
            self.ended = true;
            self.counters.in_flight_end = self.moment.running + self.moment.waiting;
            if !self.warm {
                self.warm = true;
                self.counters.servers_max = self.moment.servers;
            }
        }
    }

    /// Time goes on to `now` with everything as it is.
    fn pass(&mut self, now: u64) {
        let (last, moment) = (self.moment.now.0, self.moment);
        if now <= last {
            return;
        }
        let counted = self.window.overlap(last, now);
        self.counters.idle_ns += counted * u128::from(moment.idle);
        self.counters.servers_ns += counted * u128::from(moment.servers);
        for (flow, &running) in self.counters.flows.iter_mut().zip(&self.running) {
            flow.running_ns += counted * u128::from(running);
        }
        let levels = Levels {
            running: moment.running,
            busy: moment.busy.saturating_sub(self.initialising),
            initialising: self.initialising,
            idle: moment.idle,
        };
        self.recorder.pass(last, now, levels, &self.running);
        self.moment.now = SimTime(now);
    }

    fn schedule(&mut self, at: u64, event: Event) {
        self.events.push(Reverse((at, event.class(), self.scheduled, event)));
        self.scheduled += 1;
    }

    fn schedule_arrival(&mut self) {
        if let Some(at) = self.arrivals.next() {
            self.next_arrival = Some(self.source.request(self.moment.arrived, at.0));
        }
    }

    fn counted(&self, request: &Request) -> bool {
        request.arrived >= self.window.from
    }

    fn attempt(&mut self, request: Request) {
        let (now, function) = (self.moment.now.0, request.function as usize);
        let counted = self.counted(&request);
        let first = request.tries == 0;
        if counted {
            self.counters.flows[function].attempts += 1;
            self.counters.flows[function].requests += u64::from(first);
        }
        let tick = self.recorder.tick(now);
        tick.requests += u64::from(first);
        tick.retried += u64::from(!first);
        let admitted = self.limits.admits(function, now);
        let found = if admitted { self.find(&request) } else { None };
        if let Some(environment) = found {
            self.wake(environment);
            let ready = self.environments.get(&environment).map_or(now, |it| it.ready.max(now));
            let end = ready.saturating_add(self.source.warm(&request));
            self.recorder.tried(&request, now, end, Fate::Warm);
            self.serve(request, environment, end);
        } else if admitted && self.limits.grows(self.moment.servers, now) {
            self.start(request);
        } else {
            self.throttle(&request);
        }
    }

    /// A new environment for `request`.
    fn start(&mut self, request: Request) {
        let now = self.moment.now.0;
        let (start, service) = self.source.cold(&request);
        let ready = now.saturating_add(start);
        let environment = self.create(now, ready, request.function);
        self.moment.busy += 1;
        if start > 0 {
            self.initialising += 1;
            self.schedule(ready, Event::Ready);
            self.recorder.span(environment, State::Init, now, ready);
        }
        if self.counted(&request) {
            self.counters.flows[request.function as usize].cold_starts += 1;
        }
        self.recorder.tick(now).cold_starts += 1;
        if now >= self.window.from {
            self.counters.servers_max = self.counters.servers_max.max(self.moment.servers);
        }
        if self.params.concurrency_per_env > 1 {
            self.add(environment);
        }
        let end = ready.saturating_add(service);
        self.recorder.tried(&request, now, end, Fate::Cold);
        self.serve(request, environment, end);
    }

    /// `environment` takes a request more; its idle spell, if any, is over.
    fn wake(&mut self, environment: u64) {
        let now = self.moment.now.0;
        let Some(it) = self.environments.get_mut(&environment) else { return };
        if it.busy == 0 {
            self.recorder.span(environment, State::Idle, it.since, now);
            let keep_alive = self.params.keep_alive.map_or(u64::MAX, |it| it.0);
            self.expiries.remove(&(it.since.saturating_add(keep_alive), it.spell, environment));
            it.since = now;
            self.moment.idle -= 1;
            self.moment.busy += 1;
        }
        it.busy += 1;
        let has_room = it.busy < self.params.concurrency_per_env;
        if environment < u64::from(self.params.provisioned) {
            if !has_room {
                self.provisioned.pop();
            }
        } else if has_room {
            self.add(environment);
        }
    }

    /// The environment for `request`, out of the order of routing.
    fn find(&mut self, request: &Request) -> Option<u64> {
        if let Some(&environment) = self.provisioned.last() {
            return Some(environment);
        }
        let function = request.function as usize;
        let ordered = &mut self.ordered[function];
        let unordered = &mut self.unordered[function];
        match self.params.routing {
            Routing::Lifo | Routing::Newest => ordered.pop_last().map(|(_, it)| it),
            Routing::Fifo => ordered.pop_first().map(|(_, it)| it),
            Routing::Random if unordered.is_empty() => None,
            Routing::Random => {
                let place = self.source.pick(request, unordered.len());
                Some(unordered.swap_remove(place))
            }
        }
    }

    /// `environment` has room from now on; one that already had moves to where its use puts it.
    fn add(&mut self, environment: u64) {
        self.uses += 1;
        let Some(it) = self.environments.get_mut(&environment) else { return };
        let function = it.function as usize;
        match self.params.routing {
            Routing::Random => {
                let unordered = &mut self.unordered[function];
                if !unordered.contains(&environment) {
                    unordered.push(environment);
                }
            }
            Routing::Newest => {
                it.key = environment;
                self.ordered[function].insert((environment, environment));
            }
            Routing::Lifo | Routing::Fifo => {
                self.ordered[function].remove(&(it.key, environment));
                it.key = self.uses;
                self.ordered[function].insert((self.uses, environment));
            }
        }
    }

    fn serve(&mut self, request: Request, environment: u64, end: u64) {
        let (now, function) = (self.moment.now.0, request.function as usize);
        self.limits.begin(function);
        self.running[function] += 1;
        self.moment.running += 1;
        if let Some(it) = self.environments.get_mut(&environment) {
            it.served += 1;
            if request.arrived >= self.window.from {
                self.counters.served_per_env_max = self.counters.served_per_env_max.max(it.served);
            }
        }
        if let Some(wave) = &mut self.counters.wave {
            wave.ran(now, end);
        }
        self.schedule(end, Event::Departure { environment, begun: now, request });
    }

    fn depart(&mut self, environment: u64, begun: u64, request: &Request) {
        let (now, function) = (self.moment.now.0, request.function as usize);
        self.limits.end(function);
        self.running[function] -= 1;
        self.moment.running -= 1;
        self.moment.served += 1;
        self.counters.last_end = now;
        if self.counted(request) {
            self.counters.flows[function].served += 1;
            self.counters.billed_ns += u128::from(now - begun);
            if environment < u64::from(self.params.provisioned) {
                self.counters.billed_provisioned_ns += u128::from(now - begun);
            }
            self.counters.latency.record(SimDuration(now - request.arrived));
        }
        self.recorder.tick(now).served += 1;
        let keep_alive = self.keep_alive();
        let Some(it) = self.environments.get_mut(&environment) else { return };
        let was_full = it.busy == self.params.concurrency_per_env;
        it.busy -= 1;
        if it.busy == 0 {
            self.recorder.span(environment, State::Busy, it.since.max(it.ready), now);
            it.since = now;
            self.spells += 1;
            it.spell = self.spells;
            self.moment.busy -= 1;
            self.moment.idle += 1;
        }
        let (is_idle, spell) = (it.busy == 0, it.spell);
        if environment < u64::from(self.params.provisioned) {
            if was_full {
                self.provisioned.push(environment);
            }
            return;
        }
        self.add(environment);
        if is_idle && let Some(at) = now.checked_add(keep_alive) {
            self.expiries.insert((at, spell, environment));
        }
    }

    fn expire(&mut self, environment: u64) {
        let now = self.moment.now.0;
        let Some(it) = self.environments.remove(&environment) else { return };
        let function = it.function as usize;
        self.ordered[function].remove(&(it.key, environment));
        if let Some(place) = self.unordered[function].iter().position(|&other| other == environment)
        {
            self.unordered[function].swap_remove(place);
        }
        self.moment.idle -= 1;
        self.moment.servers -= 1;
        self.recorder.span(environment, State::Idle, it.since, now);
        self.recorder.span(environment, State::Gone, now, now.max(self.window.to));
        if now >= self.window.from && now < self.window.to {
            self.counters.gone += 1;
            self.counters.lifespan_ns += u128::from(now - it.born);
        }
    }

    fn throttle(&mut self, request: &Request) {
        let (now, function) = (self.moment.now.0, request.function as usize);
        let counted = self.counted(request);
        if counted {
            self.counters.throttle(function, now);
        }
        self.recorder.tick(now).throttled += 1;
        self.recorder.tried(request, now, now, Fate::Throttled);
        if let Some((at, again)) = self.source.again(request, now) {
            self.moment.waiting += 1;
            self.schedule(at, Event::Retry(again));
        } else {
            self.moment.lost += 1;
            self.counters.flows[function].lost += u64::from(counted);
        }
    }

    /// A new environment that runs one request.
    fn create(&mut self, now: u64, ready: u64, function: u32) -> u64 {
        let id = self.created;
        self.created += 1;
        self.moment.servers += 1;
        let new = Environment {
            born: now,
            ready,
            since: now,
            spell: 0,
            served: 0,
            busy: 1,
            function,
            key: 0,
        };
        self.environments.insert(id, new);
        id
    }

    fn keep_alive(&self) -> u64 {
        self.params.keep_alive.map_or(u64::MAX, |it| it.0)
    }
}
