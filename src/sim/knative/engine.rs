//! One run: requests take the least loaded ready pod or wait for one; the autoscaler looks every two
//! seconds, and at once when a request finds no pod at all.

use std::collections::{BTreeSet, VecDeque};

use super::decision::{Autoscaler, Spec, pods};
use super::windows::Windows;
use super::{Params, Tick};
use crate::sim::agenda::{Agenda, Class};
use crate::sim::histogram::Histogram;
use crate::sim::rng::{Draws, Stream};
use crate::sim::time::{NS_PER_S, SimDuration, SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

/// From one decision to the next.
const TICK: SimDuration = SimDuration::from_secs(2);

/// A pod with unlimited concurrency counts as this many.
const UNLIMITED: u64 = 100;

/// No more pods than this are ever wanted.
const PODS_MAX: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
enum Event {
    Done { pod: usize, arrived: SimTime },
    Ready(usize),
    Tick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Starting,
    Ready,
    /// Takes no more requests, or does not come up any more.
    Leaving,
}

#[derive(Clone, Copy, Debug)]
struct Pod {
    state: State,
    load: u64,
}

/// Is told what happens.
pub(super) trait Recorder {
    /// A decision.
    fn decided(&mut self, tick: Tick);
    /// A request comes and finds no pod ready, or one; then so many wait.
    #[inline]
    fn came(&mut self, _at: SimTime, _is_cold: bool, _waiting: usize) {}
    /// A request is answered that came then.
    #[inline]
    fn answered(&mut self, _now: SimTime, _came: SimTime) {}
    /// Whether to go on; asked at each event.
    #[inline]
    fn goes_on(&mut self, _now: SimTime) -> bool {
        true
    }
}

impl<F: FnMut(Tick)> Recorder for F {
    #[inline]
    fn decided(&mut self, tick: Tick) {
        self(tick);
    }
}

pub(super) fn run(
    params: &Params,
    run: &Run,
    recorder: &mut impl Recorder,
) -> Result<Metrics, Refused> {
    let mut engine = Engine::new(params, run);
    engine.agenda.plan(SimTime::ZERO + TICK, Class::Timer, Event::Tick);
    let mut arrivals = (0..).zip(params.arrivals.times(run.seed, run.duration)).peekable();
    let end = SimTime(run.duration.0);
    loop {
        let until = arrivals.peek().map_or(SimTime::MAX, |&(_, at)| at);
        if let Some((now, event)) = engine.agenda.take_until(until) {
            if now >= end && engine.in_flight == 0 {
                break;
            }
            engine.agenda.within_bounds()?;
            if !recorder.goes_on(now) {
                return Err(Refused::cancelled());
            }
            engine.happen(now, event, recorder);
        } else if let Some((index, at)) = arrivals.next() {
            let is_cold = engine.ready.is_empty();
            engine.arrive(at, index);
            recorder.came(at, is_cold, engine.queue.len());
        } else {
            break;
        }
    }
    Ok(engine.tally.metrics())
}

struct Engine<'a> {
    params: &'a Params,
    draws: Draws,
    agenda: Agenda<Event>,
    autoscaler: Autoscaler,
    windows: Windows,
    limit: u64,
    pods: Vec<Pod>,
    free: Vec<usize>,
    /// The pods that take requests, by load.
    ready: BTreeSet<(u64, usize)>,
    /// The pods on their way, the newest last.
    starting: VecDeque<usize>,
    queue: VecDeque<(u64, SimTime)>,
    in_flight: u64,
    /// Since when none is wanted.
    unwanted_since: Option<SimTime>,
    tally: Tally,
}

impl<'a> Engine<'a> {
    fn new(params: &'a Params, run: &Run) -> Self {
        let concurrency = as_f64(params.container_concurrency.unwrap_or(UNLIMITED));
        let stable_s = params.stable_window.0.div_ceil(NS_PER_S).max(1);
        let panic_s = (as_f64(stable_s) * params.panic_window_percent / 100.0).round();
        let spec = Spec {
            target: concurrency * params.target_utilization,
            max_scale_up_rate: params.max_scale_up_rate,
            max_scale_down_rate: params.max_scale_down_rate,
            panic_threshold: params.panic_threshold,
            stable_window: params.stable_window,
        };
        Self {
            params,
            draws: Draws::new(run.seed),
            agenda: Agenda::new(),
            autoscaler: Autoscaler::new(spec),
            windows: Windows::new(seconds(as_f64(stable_s)), seconds(panic_s)),
            limit: params.container_concurrency.unwrap_or(u64::MAX),
            pods: Vec::new(),
            free: Vec::new(),
            ready: BTreeSet::new(),
            starting: VecDeque::new(),
            queue: VecDeque::new(),
            in_flight: 0,
            unwanted_since: None,
            tally: Tally { from: SimTime(run.warm_up.0), ..Tally::default() },
        }
    }

    fn happen(&mut self, now: SimTime, event: Event, recorder: &mut impl Recorder) {
        self.windows.advance(now, self.in_flight);
        match event {
            Event::Done { pod, arrived } => {
                self.done(now, pod, arrived);
                recorder.answered(now, arrived);
            }
            Event::Ready(pod) => self.come_up(now, pod),
            Event::Tick => {
                let tick = self.decide(now);
                recorder.decided(tick);
                self.agenda.plan(now + TICK, Class::Timer, Event::Tick);
            }
        }
    }

    fn arrive(&mut self, now: SimTime, index: u64) {
        self.windows.advance(now, self.in_flight);
        self.in_flight += 1;
        self.tally.arrived(now, self.ready.is_empty());
        self.queue.push_back((index, now));
        if self.ready.is_empty() && self.starting.is_empty() {
            self.start(now);
        }
        self.dispatch(now);
    }

    fn dispatch(&mut self, now: SimTime) {
        while let Some(&(load, pod)) = self.ready.first()
            && load < self.limit
            && let Some((index, arrived)) = self.queue.pop_front()
        {
            self.ready.remove(&(load, pod));
            self.ready.insert((load + 1, pod));
            self.pods[pod].load += 1;
            let service = self.params.service.sample(&mut self.draws.at(Stream::Service, index));
            self.agenda.plan(now + service, Class::Departure, Event::Done { pod, arrived });
        }
    }

    fn done(&mut self, now: SimTime, index: usize, arrived: SimTime) {
        self.in_flight -= 1;
        self.tally.answered(now, arrived);
        let pod = &mut self.pods[index];
        let load = pod.load;
        pod.load -= 1;
        if pod.state == State::Ready {
            self.ready.remove(&(load, index));
            self.ready.insert((load - 1, index));
            self.dispatch(now);
        } else if load == 1 {
            self.free.push(index);
        }
    }

    fn come_up(&mut self, now: SimTime, index: usize) {
        if self.pods[index].state == State::Leaving {
            self.free.push(index);
            return;
        }
        // All take as long to start, and the newest are given up first: this is the oldest.
        self.starting.pop_front();
        self.pods[index].state = State::Ready;
        self.ready.insert((0, index));
        self.dispatch(now);
    }

    fn decide(&mut self, now: SimTime) -> Tick {
        let (stable, panic) = self.windows.means();
        let ready = self.ready.len() as u64;
        let before = self.autoscaler.panicking();
        let desired = self.autoscaler.desired(now, stable, panic, ready).min(PODS_MAX);
        let panicking = self.autoscaler.panicking();
        self.tally.panicked(now, before, panicking);
        self.scale(now, self.kept(now, desired));
        if desired > 0 {
            self.unwanted_since = None;
        } else {
            self.unwanted_since.get_or_insert(now);
        }
        let waiting = self.queue.len() as u64;
        Tick { at: now, stable, panic, desired, ready, waiting, panicking }
    }

    /// The last pod stays for a while.
    fn kept(&self, now: SimTime, desired: u64) -> u64 {
        let over =
            self.unwanted_since.is_some_and(|since| now >= since + self.params.scale_to_zero_grace);
        let none = self.ready.is_empty() && self.starting.is_empty();
        let last = u64::from(!over && !none);
        desired.max(last)
    }

    fn scale(&mut self, now: SimTime, wanted: u64) {
        let count = |engine: &Self| (engine.ready.len() + engine.starting.len()) as u64;
        while count(self) < wanted {
            self.start(now);
        }
        while count(self) > wanted {
            if let Some(newest) = self.starting.pop_back() {
                self.pods[newest].state = State::Leaving;
            } else if let Some((load, idlest)) = self.ready.pop_first() {
                self.pods[idlest].state = State::Leaving;
                if load == 0 {
                    self.free.push(idlest);
                }
            }
        }
        self.tally.pods((self.pods.len() - self.free.len()) as u64);
    }

    fn start(&mut self, now: SimTime) {
        let pod = Pod { state: State::Starting, load: 0 };
        let index = self.free.pop().unwrap_or(self.pods.len());
        if let Some(place) = self.pods.get_mut(index) {
            *place = pod;
        } else {
            self.pods.push(pod);
        }
        self.starting.push_back(index);
        self.agenda.plan(now + self.params.pod_start, Class::Timer, Event::Ready(index));
        self.tally.pods((self.pods.len() - self.free.len()) as u64);
    }
}

/// A number of buckets.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and 3600, by the parameters' ranges"
)]
fn seconds(seconds: f64) -> usize {
    seconds.max(1.0) as usize
}

#[derive(Default)]
struct Tally {
    from: SimTime,
    pods_max: u64,
    cold_starts: u64,
    panic_enter: Option<SimTime>,
    panic_exit: Option<SimTime>,
    latency: Histogram,
}

impl Tally {
    fn pods(&mut self, pods: u64) {
        self.pods_max = self.pods_max.max(pods);
    }

    fn arrived(&mut self, now: SimTime, cold: bool) {
        self.cold_starts += u64::from(cold && now >= self.from);
    }

    fn answered(&mut self, now: SimTime, arrived: SimTime) {
        if arrived >= self.from {
            self.latency.record(now - arrived);
        }
    }

    fn panicked(&mut self, now: SimTime, before: bool, after: bool) {
        if after && !before {
            self.panic_enter.get_or_insert(now);
        }
        if before && !after {
            self.panic_exit.get_or_insert(now);
        }
    }

    fn metrics(&self) -> Metrics {
        let latency_ms = |q| self.latency.quantile(q).map(SimDuration::as_ms_f64);
        let seconds = |at: Option<SimTime>| at.map(SimTime::as_secs_f64);
        [
            ("pods_max", Some(pods(self.pods_max))),
            ("cold_starts", Some(as_f64(self.cold_starts))),
            ("panic_enter_s", seconds(self.panic_enter)),
            ("panic_exit_s", seconds(self.panic_exit)),
            ("latency_ms_p50", latency_ms(0.5)),
            ("latency_ms_p99", latency_ms(0.99)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::series;
    use super::*;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;

    fn observed(params: &Params, duration_s: u64) -> (Metrics, Vec<Tick>) {
        let run = Run {
            seed: 1,
            duration: SimDuration::from_secs(duration_s),
            warm_up: SimDuration::ZERO,
        };
        let first = series(params, &run).unwrap();
        assert_eq!(first.0, super::super::run(params, &run).unwrap());
        first
    }

    fn every(milliseconds: u64, count: u64) -> Arrivals {
        Arrivals::Every { gap: SimDuration::from_millis(milliseconds), count: Some(count), size: 1 }
    }

    fn ten_at_a_time() -> Params {
        Params {
            arrivals: every(100, 3000),
            service: Law::constant(1.0).unwrap(),
            container_concurrency: Some(10),
            ..Params::default()
        }
    }

    #[test]
    fn from_zero_a_steady_load_gets_the_pods_that_the_target_asks_for() {
        let (metrics, ticks) = observed(&ten_at_a_time(), 300);
        // The first pod starts at once and is ready at 3 s: 30 requests came before.
        assert_eq!(metrics["cold_starts"], 30.0);
        // Ten requests at a time, seven wanted in a pod: two pods in the end.
        let last = ticks.last().unwrap();
        assert_eq!((last.stable, last.desired, last.ready, last.panicking), (10.0, 2, 2, false));
        assert_eq!(metrics["latency_ms_p50"].round(), 1000.0);
        assert!(metrics["latency_ms_p99"] > 1500.0, "{metrics:?}");
    }

    #[test]
    fn without_requests_the_last_pod_goes_after_window_and_grace() {
        let params = Params { arrivals: every(100, 100), ..ten_at_a_time() };
        let (_, ticks) = observed(&params, 300);
        let gone = ticks.iter().rfind(|tick| tick.ready > 0).unwrap().at;
        let unwanted = ticks.iter().rfind(|tick| tick.desired > 0).unwrap().at;
        // The last request ends by 12 s and leaves the long window within a minute.
        assert!(unwanted <= SimTime::from_secs_f64(72.0), "{unwanted:?}");
        assert!(gone >= unwanted + SimDuration::from_secs(30), "{gone:?}");
        assert!(gone <= unwanted + SimDuration::from_secs(34), "{gone:?}");
        // A request after that finds nothing ready again.
        let again = Arrivals::Superposed(vec![
            every(100, 100),
            Arrivals::Burst { at: SimTime::from_secs_f64(250.0), size: 1 },
        ]);
        let (metrics, _) = observed(&Params { arrivals: again, ..params }, 300);
        assert_eq!(metrics["cold_starts"], 31.0);
    }

    #[test]
    fn a_surge_is_met_in_panic_and_nothing_scales_down_in_it() {
        // One request at a time for 200 s, then twenty.
        let params = Params {
            arrivals: Arrivals::Superposed(vec![
                Arrivals::Poisson { rate_per_s: 1.0 },
                Arrivals::Steps { at: vec![SimTime::from_secs_f64(200.0)], rate_per_s: vec![19.0] },
            ]),
            service: Law::constant(1.0).unwrap(),
            container_concurrency: Some(2),
            ..Params::default()
        };
        let (metrics, ticks) = observed(&params, 500);
        let surge = ticks.iter().find(|tick| tick.panicking && tick.at.as_secs_f64() > 200.0);
        assert!(surge.unwrap().at <= SimTime::from_secs_f64(206.0), "{surge:?}");
        for pair in ticks.windows(2) {
            if pair[0].panicking && pair[1].panicking {
                assert!(pair[1].desired >= pair[0].desired, "{pair:?}");
            }
        }
        let last = ticks.last().unwrap();
        assert!(!last.panicking && (12..=18).contains(&last.desired), "{last:?}");
        assert!(metrics["pods_max"] >= 14.0, "{metrics:?}");
    }

    #[test]
    fn panic_is_timed() {
        // Nothing but a burst: ten requests at once, wanted by two pods where none is ready.
        let params =
            Params { arrivals: Arrivals::Burst { at: SimTime::ZERO, size: 10 }, ..ten_at_a_time() };
        let (metrics, _) = observed(&params, 100);
        // Up to 6 s the short window asks for two pods where one is ready at the most.
        assert_eq!(metrics["panic_enter_s"], 2.0);
        assert_eq!(metrics["cold_starts"], 10.0);
        let exit = metrics["panic_exit_s"];
        assert!(exit > 62.0 && exit < 70.0, "{exit}");
        let calm = Params { panic_threshold: 10.0, ..params };
        assert!(!observed(&calm, 100).0.contains_key("panic_enter_s"));
    }
}
