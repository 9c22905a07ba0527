//! Services and the calls between them: a map with lamps, what becomes of requests, the breakers.

mod words;

use super::parts::{line, lines as chart, view};
use super::run::{self, about, time, up};
use super::{Axis, Body, Lane, Lanes, Map, Node, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::chain::{Gate, History, Params, Requests, Service, Stretch, by_chance_alone};
use crate::sim::time::SimTime;

/// From this share of good calls on, a service does well.
const WELL: f64 = 0.95;
/// Below this share of good calls, it does badly.
const BADLY: f64 = 0.5;
/// A lamp tells of the last so-manieth part of the run.
const GLANCE: f64 = 48.0;

/// The picture of a run.
pub(super) fn of(shown: &Shown<'_>, params: &Params, history: &History) -> Picture {
    let told = Told::new(shown, params, history);
    let fates = [told.availability(), told.lanes()];
    let loads = [told.in_flight(), told.latency()];
    // What can happen comes first.
    let rest = if params.services.iter().any(can_fail) {
        fates.into_iter().chain(loads)
    } else {
        loads.into_iter().chain(fates)
    };
    let views = std::iter::once(told.map()).chain(rest).collect();
    Picture { views, summary: words::summary(&told), timeline: words::timeline(&told) }
}

/// A run and the moment of it that is shown.
struct Told<'a> {
    shown: &'a Shown<'a>,
    params: &'a Params,
    history: &'a History,
    /// The services in an order in which each comes before those that it calls.
    order: Vec<usize>,
    /// How many stretches have begun.
    begun: usize,
    /// The same, but none after requests have ceased to come: what a lamp tells of.
    coming: usize,
}

impl<'a> Told<'a> {
    fn new(shown: &'a Shown<'a>, params: &'a Params, history: &'a History) -> Self {
        let width = history.width.0.max(1);
        let stretches = |until: u64| {
            let begun = usize::try_from(until.div_ceil(width)).unwrap_or(usize::MAX);
            begun.min(history.requests.len())
        };
        Self {
            shown,
            params,
            history,
            order: callers_first(&params.services),
            begun: stretches(shown.at.0),
            coming: stretches(shown.at.0.min(shown.scenario.run.duration.0)),
        }
    }

    fn width_s(&self) -> f64 {
        self.history.width.as_secs_f64()
    }

    fn time(&self) -> Axis {
        time(self.shown.scenario.run.duration, self.history.end)
    }

    fn name(&self, service: usize) -> &str {
        self.params.services.get(service).map_or("", |service| service.name.as_str())
    }

    /// The stretches of a service up to the moment.
    fn stretches(&self, service: usize) -> &[Stretch] {
        let all = self.history.services.get(service).map(Vec::as_slice).unwrap_or_default();
        all.get(..self.begun.min(all.len())).unwrap_or_default()
    }

    /// The same, but none after requests have ceased to come.
    fn come(&self, service: usize) -> &[Stretch] {
        let all = self.stretches(service);
        all.get(..self.coming.min(all.len())).unwrap_or_default()
    }

    /// The calls that a service holds at the moment, or when the last request came.
    fn held(&self, service: usize) -> f64 {
        self.come(service).last().map_or(0.0, |last| last.in_flight_mean)
    }

    fn requests(&self) -> &[Requests] {
        self.history.requests.get(..self.begun).unwrap_or_default()
    }

    /// How a breaker stands at the moment.
    fn gate(&self, service: usize) -> Gate {
        let changes = self.history.changes.iter();
        let until = changes.take_while(|change| change.at <= self.shown.at);
        until.filter(|change| change.service == service).last().map_or(Gate::Closed, |it| it.gate)
    }

    /// The share of good calls of late.
    fn of_late(&self, service: usize) -> Option<f64> {
        let all = self.come(service);
        let glance = f64::max(1.0, self.time().to / GLANCE / self.width_s());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few stretches"
        )]
        let glance = glance.ceil() as usize;
        let late = all.get(all.len().saturating_sub(glance)..).unwrap_or_default();
        sum(late).availability()
    }

    fn lamp(&self, service: usize) -> Tone {
        match (self.gate(service), self.of_late(service)) {
            (Gate::Open, _) => Tone::Bad,
            (Gate::Trying, _) => Tone::Doubtful,
            (Gate::Closed, share) => share.map_or(Tone::Idle, tone),
        }
    }

    fn map(&self) -> View {
        let place_of = |service: usize| self.order.iter().position(|other| *other == service);
        let node = |&service: &usize| {
            let it = self.params.services.get(service)?;
            let held = self.held(service);
            let room = it.bulkhead.or(it.servers);
            let called = |name: &String| {
                let callee = self.params.services.iter().position(|other| other.name == *name)?;
                Some((place_of(callee)?, !self.params.services.get(callee)?.is_async))
            };
            let state = match self.gate(service) {
                Gate::Open => ", refused",
                Gate::Trying => ", on trial",
                Gate::Closed => "",
            };
            let what = if room.is_some() { "" } else { " in flight" };
            Some(Node {
                name: it.name.clone(),
                lamp: self.lamp(service),
                filled: room.map(|room| held / crate::sim::time::as_f64(room.max(1))),
                note: format!("{}{what}{state}", about(held)),
                calls: it.calls.iter().filter_map(called).collect(),
            })
        };
        let nodes = self.order.iter().filter_map(node).collect();
        let mut legend = legend("well", "some fail", "most fail");
        legend.push((Tone::Busy, "calls in flight, of the room for them".to_owned()));
        View { legend, ..view("services", Body::Map(Map { nodes })) }
    }

    /// The share of requests that succeed against what chance alone would leave.
    fn availability(&self) -> View {
        let requests = self.requests();
        let stride = run::stride(self.history.requests.len());
        let point = |(place, group): (usize, &[Requests])| {
            let share = joined(group).availability().unwrap_or(f64::NAN);
            (self.middle(place * stride, group.len()), share)
        };
        let points = requests.chunks(stride).enumerate().map(point).collect();
        let lines = vec![line("requests that succeed", Tone::First, Stroke::Line, points)];
        let mut chart = chart(self.time(), run::share("requests that succeed"), lines);
        if let Some(product) = by_chance_alone(self.params) {
            let said = crate::sim::metric::said(Unit::Share, product);
            chart.levels.push((product, format!("product of availabilities {said}"), Tone::Theory));
        }
        view("availability, end to end", Body::Chart(chart))
    }

    fn middle(&self, first: usize, count: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "about a thousand stretches")]
        let middle = first as f64 + count as f64 / 2.0;
        (middle * self.width_s()).min(self.time().to)
    }

    /// How each service does over time, and how its breaker stands.
    fn lanes(&self) -> View {
        let mut lanes = Vec::new();
        for &service in &self.order {
            lanes.push(Lane { label: self.name(service).to_owned(), ..self.health(service) });
            if self.params.services.get(service).is_some_and(|it| it.breaker.is_some()) {
                lanes.push(self.breaker(service));
            }
        }
        let time = self.time();
        let now_s = (self.shown.at < self.history.end).then(|| self.shown.at_s());
        let lanes = Lanes { from_s: 0.0, to_s: time.to, now_s, lanes, more: 0 };
        let legend = legend("well, closed", "some fail, on trial", "most fail, open");
        View { legend, ..view("services and breakers over time", Body::Lanes(lanes)) }
    }

    fn health(&self, service: usize) -> Lane {
        let stride = run::stride(self.history.requests.len());
        let mut runs: Vec<(f64, f64, Tone)> = Vec::new();
        for (place, group) in self.stretches(service).chunks(stride).enumerate() {
            let Some(share) = sum(group).availability() else { continue };
            let middle = self.middle(place * stride, group.len());
            #[expect(clippy::cast_precision_loss, reason = "a few stretches")]
            let half = group.len() as f64 * self.width_s() / 2.0;
            let (from, to, tone) =
                (middle - half, (middle + half).min(self.shown.at_s()), tone(share));
            match runs.last_mut() {
                Some(last) if last.2 == tone => last.1 = to,
                _ => runs.push((from, to, tone)),
            }
        }
        Lane { runs, ..Lane::default() }
    }

    fn breaker(&self, service: usize) -> Lane {
        let now = self
            .shown
            .at
            .min(self.history.end)
            .min(self.history.changes_until.unwrap_or(SimTime::MAX));
        let mut runs = Vec::new();
        let (mut since, mut gate) = (SimTime::ZERO, Gate::Closed);
        let changes =
            self.history.changes.iter().filter(|it| it.service == service && it.at <= now);
        for change in changes {
            runs.push((since.as_secs_f64(), change.at.as_secs_f64(), gate_tone(gate)));
            (since, gate) = (change.at, change.gate);
        }
        runs.push((since.as_secs_f64(), now.as_secs_f64(), gate_tone(gate)));
        Lane { label: " breaker".to_owned(), runs, marks: Vec::new() }
    }

    /// Calls that the two fullest services hold.
    fn in_flight(&self) -> View {
        let peak = |service: &usize| {
            let all = self.history.services.get(*service).map(Vec::as_slice).unwrap_or_default();
            all.iter().map(|stretch| stretch.in_flight_max).max().unwrap_or(0)
        };
        let mut fullest = self.order.clone();
        fullest.sort_by_key(|service| std::cmp::Reverse(peak(service)));
        let most = fullest.first().map_or(0, peak);
        let most = crate::sim::time::as_f64(most);
        let stride = run::stride(self.history.requests.len());
        let mut lines: Vec<_> = fullest
            .iter()
            .zip([Tone::First, Tone::Second])
            .map(|(&service, tone)| {
                let point = |(place, group): (usize, &[Stretch])| {
                    (self.middle(place * stride, group.len()), mean_in_flight(group))
                };
                let points = self.stretches(service).chunks(stride).enumerate().map(point);
                line(self.name(service), tone, Stroke::Line, points.collect())
            })
            .collect();
        lines.reverse();
        let y = up("calls in flight", Unit::Count, most);
        view("what piles up", Body::Chart(chart(self.time(), y, lines)))
    }

    fn latency(&self) -> View {
        let stride = run::stride(self.history.requests.len());
        let (mut means, mut slowest) = (Vec::new(), Vec::new());
        for (place, group) in self.requests().chunks(stride).enumerate() {
            let (x, all) = (self.middle(place * stride, group.len()), joined(group));
            let greatest = (all.ended > 0).then(|| all.latency_max.as_secs_f64());
            means.push((x, all.latency_mean_s().unwrap_or(f64::NAN)));
            slowest.push((x, greatest.unwrap_or(f64::NAN)));
        }
        let all = self.history.requests.iter().map(|it| it.latency_max);
        let most = all.max().unwrap_or_default().as_secs_f64();
        let lines = vec![
            line("slowest request", Tone::Second, Stroke::Line, slowest),
            line("mean", Tone::First, Stroke::Line, means),
        ];
        let y = up("until a request ended", Unit::Seconds, most);
        view("latency of requests", Body::Chart(chart(self.time(), y, lines)))
    }
}

/// Whether calls to a service can be anything but well.
fn can_fail(service: &Service) -> bool {
    let gives_up = service.timeout.is_some() && !service.is_async;
    service.availability < 1.0
        || gives_up
        || service.breaker.is_some()
        || service.bulkhead.is_some()
}

/// The services from the first on, each before those that it calls; those that nobody calls last.
fn callers_first(services: &[Service]) -> Vec<usize> {
    let calls = |service: &Service| -> Vec<usize> {
        let place = |name: &String| services.iter().position(|other| other.name == *name);
        service.calls.iter().filter_map(place).collect()
    };
    let calls: Vec<Vec<usize>> = services.iter().map(calls).collect();
    let mut order: Vec<usize> = Vec::new();
    while order.len() < services.len() {
        // No service calls itself by way of others, so that there always is one.
        let next = (0..services.len()).find(|service| {
            let is_called = |(caller, calls): (usize, &Vec<usize>)| {
                !order.contains(&caller) && calls.contains(service)
            };
            !order.contains(service) && !calls.iter().enumerate().any(is_called)
        });
        let Some(next) = next else { break };
        order.push(next);
    }
    order
}

fn tone(share: f64) -> Tone {
    if share >= WELL {
        Tone::Good
    } else if share >= BADLY {
        Tone::Doubtful
    } else {
        Tone::Bad
    }
}

const fn gate_tone(gate: Gate) -> Tone {
    match gate {
        Gate::Closed => Tone::Good,
        Gate::Trying => Tone::Doubtful,
        Gate::Open => Tone::Bad,
    }
}

fn legend(good: &str, doubtful: &str, bad: &str) -> Vec<(Tone, String)> {
    [(Tone::Good, good), (Tone::Doubtful, doubtful), (Tone::Bad, bad)]
        .map(|(tone, words)| (tone, words.to_owned()))
        .to_vec()
}

/// What a service did in several stretches.
fn sum(stretches: &[Stretch]) -> Stretch {
    stretches.iter().fold(Stretch::default(), |sum, one| Stretch {
        entered: sum.entered + one.entered,
        refused: sum.refused + one.refused,
        done: sum.done + one.done,
        failed: sum.failed + one.failed,
        late: sum.late + one.late,
        in_flight_mean: one.in_flight_mean,
        in_flight_max: sum.in_flight_max.max(one.in_flight_max),
    })
}

fn mean_in_flight(stretches: &[Stretch]) -> f64 {
    let sum: f64 = stretches.iter().map(|stretch| stretch.in_flight_mean).sum();
    #[expect(clippy::cast_precision_loss, reason = "a few stretches")]
    let count = stretches.len() as f64;
    if count > 0.0 { sum / count } else { f64::NAN }
}

fn joined(requests: &[Requests]) -> Requests {
    use crate::sim::ticks::Tick as _;
    requests.iter().copied().reduce(Requests::joined).unwrap_or_default()
}
