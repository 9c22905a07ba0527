//! The kernel: counts a run without telling it. Departures wait in a heap, there is one next
//! arrival, idle time is added up when an idle spell ends, so nothing is stored that grows with
//! the run, and nothing is allocated once the most environments have been seen.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::counters::Counters;
use super::limits::Limits;
use super::pool::{Anyone, ByCreation, ByUse, Pool, Shared, Slot, Stack};
use super::request::{Request, Source};
use super::{Params, Routing};
use crate::sim::Run;
use crate::sim::time::SimDuration;

/// The part of a run that counts, in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The end of the warm-up.
    pub(super) from: u64,
    /// The end of the run.
    pub(super) to: u64,
}

impl Window {
    pub(super) fn of(run: &Run) -> Self {
        Self { from: run.warm_up.0.min(run.duration.0), to: run.duration.0 }
    }

    pub(super) fn span(self) -> u64 {
        self.to - self.from
    }

    /// How much of [`begin`, `end`) lies in the window.
    #[inline]
    pub(super) fn overlap(self, begin: u64, end: u64) -> u128 {
        u128::from(end.min(self.to).saturating_sub(begin.max(self.from)))
    }
}

/// Counts `params` over `run` by the kernel for their routing.
pub(super) fn count(params: &Params, run: &Run) -> Counters {
    let alone = params.concurrency_per_env == 1;
    match params.routing {
        Routing::Lifo if alone => Kernel::<Stack<true>>::new(params, run).run(run),
        Routing::Fifo if alone => Kernel::<Stack<false>>::new(params, run).run(run),
        Routing::Lifo => Kernel::<Shared<ByUse<true>>>::new(params, run).run(run),
        Routing::Fifo => Kernel::<Shared<ByUse<false>>>::new(params, run).run(run),
        Routing::Newest => Kernel::<Shared<ByCreation>>::new(params, run).run(run),
        Routing::Random => Kernel::<Shared<Anyone>>::new(params, run).run(run),
    }
}

/// An environment.
struct Environment {
    born: u64,
    created: u64,
    /// When it fell idle; meant only while it is.
    since: u64,
    /// When its start is over.
    ready: u64,
    served: u64,
    busy: u32,
    function: u32,
}

struct Kernel<'a, P> {
    params: &'a Params,
    source: Source<'a>,
    window: Window,
    keep_alive: u64,
    counters: Counters,
    limits: Limits,
    /// Ends of requests: time, then order of beginning, then slot, in one number.
    departures: BinaryHeap<Reverse<u128>>,
    begun: u32,
    /// Tries to come: time, then order of throttling.
    retries: BinaryHeap<Reverse<(u64, u64, Request)>>,
    turned_away: u64,
    environments: Vec<Environment>,
    free: Vec<Slot>,
    created: u64,
    alive: u64,
    pools: Vec<P>,
    /// Provisioned environments with room, the last used last.
    provisioned: Vec<Slot>,
}

impl<'a, P: Pool> Kernel<'a, P> {
    fn new(params: &'a Params, run: &Run) -> Self {
        let window = Window::of(run);
        let mut kernel = Self {
            params,
            source: Source::new(params, run.seed),
            window,
            keep_alive: params.keep_alive.map_or(u64::MAX, |it| it.0),
            counters: Counters::new(params, window),
            limits: Limits::new(params),
            departures: BinaryHeap::new(),
            begun: 0,
            retries: BinaryHeap::new(),
            turned_away: 0,
            environments: Vec::new(),
            free: Vec::new(),
            created: 0,
            alive: 0,
            pools: (0..params.functions.len().max(1)).map(|_| P::new()).collect(),
            provisioned: Vec::new(),
        };
        for _ in 0..params.provisioned {
            let slot = kernel.create(0, 0, 0);
            kernel.environments[slot as usize].busy = 0;
            kernel.provisioned.push(slot);
        }
        kernel
    }

    fn run(mut self, run: &Run) -> Counters {
        let mut warm = false;
        for (index, arrived) in (0..).zip(self.params.arrivals.times(run.seed, run.duration)) {
            if !warm && arrived.0 >= self.window.from {
                self.warm_up();
                warm = true;
            }
            self.pass(arrived.0);
            let request = self.source.request(index, arrived.0);
            self.attempt(request, arrived.0);
        }
        if !warm {
            self.warm_up();
        }
        self.pass(self.window.to);
        let waiting = u64::try_from(self.retries.len()).unwrap_or(u64::MAX);
        self.counters.in_flight_end = self.limits.running() + waiting;
        self.pass(u64::MAX);
        self.finish();
        self.counters
    }

    /// The environments there at the end of the warm-up count for the most at once.
    fn warm_up(&mut self) {
        self.pass(self.window.from);
        self.expire(self.window.from);
        self.counters.servers_max = self.counters.servers_max.max(self.alive);
    }

    /// Departures and retries up to `now`, the departures of an instant first.
    #[inline]
    fn pass(&mut self, now: u64) {
        while let Some(&Reverse((at, _, request))) = self.retries.peek() {
            if at > now {
                break;
            }
            self.depart(at);
            self.retries.pop();
            self.attempt(request, at);
        }
        self.depart(now);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the number are meant")]
    fn depart(&mut self, now: u64) {
        while let Some(&Reverse(next)) = self.departures.peek() {
            let at = (next >> 64) as u64;
            if at > now {
                break;
            }
            self.departures.pop();
            self.end(next as Slot, at);
        }
    }

    #[inline]
    fn end(&mut self, slot: Slot, now: u64) {
        if P::EXPIRES_IN_ORDER && now > 0 {
            self.expire(now - 1);
        }
        let environment = &mut self.environments[slot as usize];
        let was_full = environment.busy == self.params.concurrency_per_env;
        environment.busy -= 1;
        let function = environment.function as usize;
        self.limits.end(function);
        if environment.busy == 0 {
            environment.since = now;
        }
        if slot < self.params.provisioned {
            if was_full {
                self.provisioned.push(slot);
            }
        } else if environment.busy == 0 {
            self.pools[function].idle(slot, environment.created, was_full, now);
        } else {
            self.pools[function].freed(slot, environment.created, was_full);
        }
    }

    #[inline]
    fn attempt(&mut self, request: Request, now: u64) {
        let function = request.function as usize;
        let counted = request.arrived >= self.window.from;
        let flow = &mut self.counters.flows[function];
        flow.attempts += u64::from(counted);
        flow.requests += u64::from(counted && request.tries == 0);
        self.expire(now);
        let admitted = self.limits.admits(function, now);
        let found = if admitted { self.find(&request, now) } else { None };
        if let Some(slot) = found {
            let warm = self.source.warm(&request);
            let begin = self.environments[slot as usize].ready.max(now);
            self.serve(&request, slot, now, begin.saturating_add(warm));
        } else if admitted && self.limits.grows(self.alive, now) {
            let (start, service) = self.source.cold(&request);
            let ready = now.saturating_add(start);
            let slot = self.create(now, ready, request.function);
            self.counters.flows[function].cold_starts += u64::from(counted);
            if now >= self.window.from {
                self.counters.servers_max = self.counters.servers_max.max(self.alive);
            }
            if self.params.concurrency_per_env > 1 {
                let created = self.environments[slot as usize].created;
                self.pools[function].put_busy(slot, created);
            }
            self.serve(&request, slot, now, ready.saturating_add(service));
        } else {
            self.throttle(&request, now, counted);
        }
    }

    /// An environment with room for `request`, which it takes on.
    #[inline]
    fn find(&mut self, request: &Request, now: u64) -> Option<Slot> {
        let function = request.function as usize;
        let room = self.params.concurrency_per_env;
        if let Some(&slot) = self.provisioned.last() {
            let environment = &mut self.environments[slot as usize];
            if environment.busy == 0 {
                self.counters.idle_ns += self.window.overlap(environment.since, now);
            }
            environment.busy += 1;
            if environment.busy == room {
                self.provisioned.pop();
            }
            return Some(slot);
        }
        let source = &self.source;
        let pool = &mut self.pools[function];
        let slot = pool.take(|n| source.pick(request, n))?;
        let environment = &mut self.environments[slot as usize];
        if environment.busy == 0 {
            pool.woken(slot);
            self.counters.idle_ns += self.window.overlap(environment.since, now);
        }
        environment.busy += 1;
        if environment.busy < room {
            pool.put_busy(slot, environment.created);
        }
        Some(slot)
    }

    /// `request` runs in `slot` from now to `end`.
    #[inline]
    fn serve(&mut self, request: &Request, slot: Slot, now: u64, end: u64) {
        let function = request.function as usize;
        self.limits.begin(function);
        self.departures
            .push(Reverse(u128::from(end) << 64 | u128::from(self.begun) << 32 | u128::from(slot)));
        self.begun = self.begun.wrapping_add(1);
        let environment = &mut self.environments[slot as usize];
        environment.served += 1;
        let counters = &mut self.counters;
        let flow = &mut counters.flows[function];
        flow.running_ns += self.window.overlap(now, end);
        if let Some(wave) = &mut counters.wave {
            wave.ran(now, end);
        }
        counters.last_end = counters.last_end.max(end);
        if request.arrived >= self.window.from {
            flow.served += 1;
            counters.billed_ns += u128::from(end - now);
            if slot < self.params.provisioned {
                counters.billed_provisioned_ns += u128::from(end - now);
            }
            counters.latency.record(SimDuration(end - request.arrived));
            counters.served_per_env_max = counters.served_per_env_max.max(environment.served);
        }
    }

    fn throttle(&mut self, request: &Request, now: u64, counted: bool) {
        let function = request.function as usize;
        if counted {
            self.counters.throttle(function, now);
        }
        if let Some((at, again)) = self.source.again(request, now) {
            self.retries.push(Reverse((at, self.turned_away, again)));
            self.turned_away += 1;
        } else {
            self.counters.flows[function].lost += u64::from(counted);
        }
    }

    /// A new environment that runs one request.
    fn create(&mut self, now: u64, ready: u64, function: u32) -> Slot {
        let created = self.created;
        self.created += 1;
        self.alive += 1;
        let new = Environment { born: now, created, since: 0, ready, served: 0, busy: 1, function };
        if let Some(slot) = self.free.pop() {
            self.environments[slot as usize] = new;
            return slot;
        }
        self.environments.push(new);
        Slot::try_from(self.environments.len() - 1).unwrap_or(Slot::MAX)
    }

    /// Environments whose keep-alive is over at `now` are gone.
    #[inline]
    fn expire(&mut self, now: u64) {
        let Some(latest) = now.checked_sub(self.keep_alive) else { return };
        for function in 0..self.pools.len() {
            while let Some((slot, since)) = self.pools[function].expired(latest) {
                self.gone(slot, since);
                self.free.push(slot);
            }
        }
    }

    fn gone(&mut self, slot: Slot, since: u64) {
        let end = since.saturating_add(self.keep_alive);
        let environment = &self.environments[slot as usize];
        self.counters.idle_ns += self.window.overlap(since, end);
        self.counters.servers_ns += self.window.overlap(environment.born, end);
        self.alive -= 1;
        if end >= self.window.from && end < self.window.to {
            self.counters.gone += 1;
            self.counters.lifespan_ns += u128::from(end - environment.born);
        }
    }

    /// Everything is idle; what still lives counts up to the window's end.
    fn finish(&mut self) {
        for function in 0..self.pools.len() {
            while let Some((slot, since)) = self.pools[function].expired(u64::MAX) {
                self.gone(slot, since);
            }
        }
        for slot in 0..self.params.provisioned {
            let since = self.environments[slot as usize].since;
            self.counters.idle_ns += self.window.overlap(since, u64::MAX);
            self.counters.servers_ns += self.window.overlap(0, u64::MAX);
        }
    }
}
