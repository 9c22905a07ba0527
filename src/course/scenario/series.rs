//! A run as numbers over time, for tables and plots of others.

use super::{History, Scenario};
use crate::sim::ticks::{Tick, Ticks};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{chain, fan_out, knative, ordering, platform, pool, queue, retry};

/// What was counted in each stretch of a run, the first column being when it begins, in seconds.
/// Of a fan-out a row is a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, each as long as the columns; a number that there is not is NaN.
    pub rows: Vec<Vec<f64>>,
}

impl Scenario {
    /// The run of a history as numbers over time; empty where nothing happens in time.
    pub fn series(&self, history: &History) -> Series {
        let (History::Twin(both), Some(beside)) = (history, &self.beside) else {
            return series(self, history);
        };
        let mut all = series(self, &both.0);
        let other = series(self, &both.1);
        let names = other.columns.iter().skip(1).map(|name| format!("{}.{name}", beside.name));
        all.columns.extend(names);
        all.join(&other);
        all
    }
}

impl Series {
    fn new<const N: usize>(columns: [&str; N], rows: impl Iterator<Item = [f64; N]>) -> Self {
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        Self { columns, rows: rows.map(|row| row.to_vec()).collect() }
    }

    /// Puts the columns of `other` behind, each row with the last one of `other` that has begun.
    fn join(&mut self, other: &Self) {
        let begins = |row: &Vec<f64>| row.first().copied().unwrap_or(0.0);
        let missing = vec![f64::NAN; other.columns.len().saturating_sub(1)];
        for row in &mut self.rows {
            let at = begins(row);
            let begun = other.rows.partition_point(|row| begins(row) <= at);
            let found = begun.checked_sub(1).and_then(|last| other.rows.get(last)?.get(1..));
            row.extend_from_slice(found.unwrap_or(&missing));
        }
    }
}

fn series(scenario: &Scenario, history: &History) -> Series {
    match history {
        History::Platform(history) => of_platform(history),
        History::Pool(history) => of_pool(history),
        History::Queue(history) => of_queue(&history.ticks),
        History::Retry(history) => of_retry(&history.ticks),
        History::Chain(history) => of_chain(scenario, history),
        History::FanOut(history) => of_fan_out(history),
        History::Knative(history) => of_knative(history),
        History::Ordering(history) => of_ordering(&history.ticks),
        History::Twin(_) | History::Exact => Series::default(),
    }
}

/// The beginning of the `place`th stretch, in seconds.
fn begin_s(place: usize, width: SimDuration) -> f64 {
    as_f64(place as u64) * width.as_secs_f64()
}

fn of_platform(history: &platform::History) -> Series {
    let width = as_f64(history.tick.0.max(1));
    #[expect(clippy::cast_precision_loss, reason = "a mean over a stretch")]
    let mean = |ns: u128| ns as f64 / width;
    let columns = [
        "at_s",
        "requests",
        "served",
        "cold_starts",
        "throttled",
        "running_max",
        "servers_max",
        "running_mean",
        "starting_mean",
        "busy_mean",
        "idle_mean",
    ];
    let row = |(place, tick): (usize, &platform::Tick)| {
        [
            begin_s(place, history.tick),
            as_f64(tick.requests),
            as_f64(tick.served),
            as_f64(tick.cold_starts),
            as_f64(tick.throttled),
            as_f64(tick.running_max),
            as_f64(tick.servers_max),
            mean(tick.running_ns),
            mean(tick.init_ns),
            mean(tick.busy_ns),
            mean(tick.idle_ns),
        ]
    };
    Series::new(columns, history.ticks.iter().enumerate().map(row))
}

fn of_pool(history: &pool::History) -> Series {
    let columns = ["at_s", "arrivals", "queue_mean", "queue_max", "busy_mean"];
    let row = |level: &pool::Level| {
        let (queue_max, arrivals) = (as_f64(level.queue_max), as_f64(level.arrivals));
        [level.from_s, arrivals, level.queue_mean, queue_max, level.busy_mean]
    };
    Series::new(columns, history.levels().iter().map(row))
}

fn ticked<T: Tick, const N: usize>(
    ticks: &Ticks<T>,
    columns: [&str; N],
    row: impl Fn(f64, &T) -> [f64; N],
) -> Series {
    let width = ticks.width();
    let rows = ticks.all().iter().enumerate().map(|(place, tick)| row(begin_s(place, width), tick));
    Series::new(columns, rows)
}

fn of_queue(ticks: &Ticks<queue::Tick>) -> Series {
    let columns = [
        "at_s",
        "sent",
        "delivered",
        "done",
        "dead_lettered",
        "backlog_max",
        "in_flight_max",
        "pollers_max",
        "busy_max",
        "age_max_s",
    ];
    ticked(ticks, columns, |at_s, tick| {
        [
            at_s,
            as_f64(tick.sent),
            as_f64(tick.delivered),
            as_f64(tick.done),
            as_f64(tick.dead_lettered),
            as_f64(tick.backlog),
            as_f64(tick.in_flight),
            as_f64(tick.pollers),
            as_f64(tick.busy),
            tick.age.as_secs_f64(),
        ]
    })
}

fn of_retry(ticks: &Ticks<retry::Tick>) -> Series {
    let columns = [
        "at_s",
        "first_tries",
        "retries",
        "rejected",
        "timed_out",
        "wasted",
        "succeeded",
        "lost",
        "waiting_max",
        "in_service_max",
        "in_line_max",
    ];
    ticked(ticks, columns, |at_s, tick| {
        [
            at_s,
            as_f64(tick.first),
            as_f64(tick.retries),
            as_f64(tick.rejected),
            as_f64(tick.timed_out),
            as_f64(tick.wasted),
            as_f64(tick.succeeded),
            as_f64(tick.lost),
            as_f64(tick.waiting),
            as_f64(tick.in_service),
            as_f64(tick.in_line),
        ]
    })
}

fn of_ordering(ticks: &Ticks<ordering::Tick>) -> Series {
    let columns =
        ["at_s", "wanted", "applied", "out_of_order", "doubled", "dropped", "crashes", "line_max"];
    ticked(ticks, columns, |at_s, tick| {
        [
            at_s,
            as_f64(tick.wanted),
            as_f64(tick.applied),
            as_f64(tick.out_of_order),
            as_f64(tick.doubled),
            as_f64(tick.dropped),
            as_f64(tick.crashes),
            as_f64(tick.line),
        ]
    })
}

fn of_knative(history: &knative::History) -> Series {
    let columns =
        ["at_s", "stable", "panic", "desired", "ready", "waiting_max", "requests", "cold"];
    let row = |(place, stretch): (usize, &knative::Stretch)| {
        [
            begin_s(place, history.width),
            stretch.stable,
            stretch.panic,
            as_f64(stretch.desired),
            as_f64(stretch.ready),
            as_f64(stretch.waiting_max),
            as_f64(stretch.requests),
            as_f64(stretch.cold),
        ]
    };
    Series::new(columns, history.stretches.iter().enumerate().map(row))
}

fn of_fan_out(history: &fan_out::History) -> Series {
    let columns = ["at_s", "latency_ms", "any_slow", "hedges"];
    let row = |asked: &fan_out::Asked| {
        let slow = as_f64(u64::from(asked.is_any_slow));
        let at_s = asked.at.since(SimTime::ZERO).as_secs_f64();
        [at_s, asked.latency.as_ms_f64(), slow, as_f64(asked.hedges)]
    };
    Series::new(columns, history.asked.iter().map(row))
}

/// The requests of the client, then four columns a service.
fn of_chain(scenario: &Scenario, history: &chain::History) -> Series {
    let super::Model::Chain(params) = &scenario.model else { return Series::default() };
    let mut columns = vec!["at_s".to_owned(), "ended".to_owned(), "succeeded".to_owned()];
    for service in &params.services {
        for name in ["entered", "refused", "failed", "in_flight_max"] {
            columns.push(format!("{}.{name}", service.name));
        }
    }
    let of_requests = history.requests.iter().enumerate();
    let rows = of_requests.map(|(place, requests)| {
        let at_s = begin_s(place, history.width);
        let mut row = vec![at_s, as_f64(requests.ended), as_f64(requests.succeeded)];
        for stretches in &history.services {
            let Some(stretch) = stretches.get(place) else {
                row.extend([f64::NAN; 4]);
                continue;
            };
            let counts = [stretch.entered, stretch.refused, stretch.failed, stretch.in_flight_max];
            row.extend(counts.map(as_f64));
        }
        row
    });
    Series { rows: rows.collect(), columns }
}
