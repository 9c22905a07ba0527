//! Clients that all begin at 0 and each write one and the same row once: read the version, write if
//! the version is still that, else back off and begin again.

use super::record::{Attempt, Levels, Record};
use super::{Params, backoff};
use crate::sim::agenda::{Agenda, Class};
use crate::sim::rng::{Draws, Stream, Xoshiro256pp};
use crate::sim::time::{SimDuration, SimTime, as_f64};
use crate::sim::{Metrics, Refused, Run};

/// What reaches whom; every leg between client and row takes the network's time.
#[derive(Clone, Copy, Debug)]
enum Leg {
    ReadAsked,
    ReadAnswered(u64),
    WriteAsked(u64),
    WriteAnswered(bool),
}

struct Client {
    failures: u64,
    previous: SimDuration,
    waited: SimDuration,
    network: Xoshiro256pp,
    jitter: Xoshiro256pp,
}

pub(super) fn run<R: Record>(
    params: &Params,
    run: &Run,
    clients: u64,
    mut record: R,
) -> Result<(Metrics, R), Refused> {
    let draws = Draws::new(run.seed);
    let mut agenda = Agenda::new();
    let mut all: Vec<Client> = (0..clients)
        .map(|index| Client {
            failures: 0,
            previous: params.base,
            waited: SimDuration::ZERO,
            network: draws.at(Stream::Network, index),
            jitter: draws.at(Stream::Jitter, index),
        })
        .collect();
    for (index, client) in all.iter_mut().enumerate() {
        let at = SimTime::ZERO + params.network.sample(&mut client.network);
        agenda.plan(at, Class::Timer, (index, Leg::ReadAsked));
    }
    let mut tally = Tally::default();
    let (mut version, mut waiting) = (0, 0);
    while let Some((now, (index, leg))) = agenda.take() {
        agenda.within_bounds()?;
        let Some(client) = all.get_mut(index) else { continue };
        let (wait, next) = match leg {
            Leg::ReadAsked => {
                waiting -= u64::from(client.failures > 0);
                (SimDuration::ZERO, Leg::ReadAnswered(version))
            }
            Leg::ReadAnswered(seen) => (SimDuration::ZERO, Leg::WriteAsked(seen)),
            Leg::WriteAsked(seen) => {
                tally.writes += 1;
                let written = seen == version;
                version += u64::from(written);
                let is_first = client.failures == 0;
                record.attempted(now, Attempt { is_first, rejected: !written });
                (SimDuration::ZERO, Leg::WriteAnswered(written))
            }
            Leg::WriteAnswered(true) => {
                tally.completed(now);
                record.succeeded(now, client.failures + 1);
                record.levels(now, Levels { waiting, ..Levels::default() })?;
                continue;
            }
            Leg::WriteAnswered(false) => {
                client.failures += 1;
                waiting += 1;
                let wait = backoff::wait(
                    params,
                    client.failures,
                    &mut client.previous,
                    &mut client.jitter,
                );
                client.waited = client.waited + wait;
                (wait, Leg::ReadAsked)
            }
        };
        let at = now + wait + params.network.sample(&mut client.network);
        agenda.plan(at, Class::Timer, (index, next));
        record.levels(now, Levels { waiting, ..Levels::default() })?;
    }
    let waited: f64 = all.iter().map(|client| client.waited.as_secs_f64()).sum();
    Ok((tally.metrics(as_f64(clients), waited), record))
}

#[derive(Default)]
struct Tally {
    writes: u64,
    done: u64,
    sum_ns: u128,
    last: SimTime,
}

impl Tally {
    fn completed(&mut self, now: SimTime) {
        self.done += 1;
        self.sum_ns += u128::from(now.0);
        self.last = now;
    }

    #[expect(clippy::cast_precision_loss, reason = "a sum for a mean")]
    fn metrics(&self, clients: f64, waited_s: f64) -> Metrics {
        let (writes, done) = (as_f64(self.writes), as_f64(self.done));
        let mut metrics = Metrics::from([
            ("attempts".to_owned(), writes),
            ("p_rejected".to_owned(), (writes - done) / writes),
            ("amplification".to_owned(), writes / clients),
            ("success".to_owned(), done / clients),
            ("lost".to_owned(), clients - done),
            ("wait_mean_s".to_owned(), waited_s / clients),
            ("completion_ms_mean".to_owned(), self.sum_ns as f64 / 1e6 / done),
            ("completion_ms_last".to_owned(), self.last.as_secs_f64() * 1e3),
        ]);
        if self.last > SimTime::ZERO {
            metrics.insert("goodput_per_s".to_owned(), done / self.last.as_secs_f64());
        }
        metrics
    }
}
