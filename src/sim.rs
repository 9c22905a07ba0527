//! The simulator: discrete events, and the same numbers for the same seed on every machine.
//!
//! - [`time`], [`rng`], [`law`], [`arrivals`]: whole nanoseconds, chance, how long things take, when
//!   requests come.
//! - [`ticks`]: what a picture of a run needs, in bounded memory.
//! - [`histogram`], [`estimate`], [`metric`]: what is measured, how sure it is, what it means.
//! - [`chain`]: services that call services. [`fan_out`]: the slowest of many branches.
//! - [`platform`]: environments that come and go with the load.
//! - [`cost`], [`memory`]: exact models of a bill; [`prices`] is what they calculate with.
//! - [`knative`]: pods under an autoscaler.
//! - [`ordering`]: order by key, duplicates, idempotency.
//! - [`queue`]: batches, pollers, dead letters.
//! - [`retry`]: clients that try again.
//! - [`theory`]: the closed forms that the models are held against.
//! - [`pool`]: fixed servers behind one queue.
//!
//! Each model has `Params`, `run`, `theory` (where a formula holds) and `events`, a bound on its
//! work. The engine calculates with + − × ÷ and square roots, tables, and `libm`, whose results do
//! not depend on the platform.

#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "the same seed gives the same numbers, to the last bit")
)]

#[cfg(test)]
mod acceptance;
mod agenda;
pub mod arrivals;
pub mod chain;
pub mod cost;
pub mod estimate;
pub mod fan_out;
pub mod histogram;
pub mod knative;
pub mod law;
pub mod memory;
pub mod metric;
pub mod ordering;
pub mod platform;
pub mod pool;
pub mod prices;
pub mod queue;
pub mod retry;
pub mod rng;
pub mod theory;
pub mod ticks;
pub mod time;
mod watched;
mod ziggurat;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use time::{SimDuration, SimTime};

/// What every model is told beside its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The same seed gives the same numbers.
    pub seed: u64,
    /// Requests arrive in [0, `duration`); what is in flight then is finished.
    pub duration: SimDuration,
    /// Statistics before this are discarded.
    pub warm_up: SimDuration,
}

/// Numbers by the names of their metrics; one without a value (a mean of nothing) is absent.
/// Metrics of a service, function or size have dotted names.
pub type Metrics = BTreeMap<String, f64>;

/// Refuses a parameter outside its range.
fn within<T: Copy + PartialOrd + Display>(
    name: &str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), Refused> {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    Err(Refused(format!("{name} must be in {least} to {most}, not {value}")))
}

/// Refuses a parameter that is set, but outside its range.
fn set_within<T: Copy + PartialOrd + Display>(
    name: &str,
    value: Option<T>,
    range: RangeInclusive<T>,
) -> Result<(), Refused> {
    value.map_or(Ok(()), |value| within(name, value, range))
}

/// Why a run was not begun, one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    /// A run that its [`Watch`] ended.
    pub fn cancelled() -> Self {
        Self("cancelled".to_owned())
    }
}

/// Told how far a run has come, now and then; says whether to go on.
pub type Watch<'a> = &'a mut dyn FnMut(SimTime) -> bool;

/// More events than this are refused in one run.
pub const EVENTS_MAX: f64 = 50e6;

/// Refuses more events than a run may have.
pub fn bounded(events: f64) -> Result<(), Refused> {
    if events <= EVENTS_MAX {
        return Ok(());
    }
    let millions = (events / 1e6).ceil();
    Err(Refused(format!(
        "this would take about {millions} million events, and a run may have 50 million: shorten \
         the duration or lower the rate"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_bounded() {
        assert_eq!(bounded(EVENTS_MAX), Ok(()));
        assert_eq!(
            bounded(1e9).unwrap_err().to_string(),
            "this would take about 1000 million events, and a run may have 50 million: shorten the \
             duration or lower the rate"
        );
        assert!(bounded(f64::NAN).is_err());
    }
}
