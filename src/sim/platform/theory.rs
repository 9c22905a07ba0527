//! Which formulas hold for which parameters.

use super::{Params, Routing, Start};
use crate::sim::arrivals::Arrivals;
use crate::sim::law::Law;
use crate::sim::theory::{erlang, keep_alive, scale_rate, unlimited};
use crate::sim::time::as_f64;
use crate::sim::{Metrics, Run};

/// A run of so many keep-alives is hardly moved by how it began.
const SETTLED: f64 = 10.0;

/// The metrics that a formula gives, only where it holds for `params`; long-run values.
pub fn theory(params: &Params, run: &Run) -> Metrics {
    let mut metrics = Metrics::new();
    // Whatever a start costs ties the running to the cold, for which there is no formula.
    if params.start != Start::Free || !limited_by_concurrency_only(params) {
        return metrics;
    }
    if let Some((rate, service)) = params.arrivals.poisson_rate().zip(Some(params.service.mean_s()))
    {
        if params.scale_burst.is_some() || params.scale_per_s.is_some() {
            fluid(&mut metrics, params, run, rate);
        } else {
            loss(&mut metrics, params.max_concurrency, rate * service);
            kept(&mut metrics, (params, run), rate);
        }
    } else if params.scale_burst.is_none() && params.scale_per_s.is_none() {
        swing(&mut metrics, params);
    }
    metrics
}

fn limited_by_concurrency_only(params: &Params) -> bool {
    params.max_environments.is_none()
        && params.rps_limit.is_none()
        && params.retry.retries == 0
        && params.concurrency_per_env == 1
        && params.functions.len() < 2
        && params.functions.iter().all(|it| it.reserved.is_none())
}

/// O1 and O2.
fn loss(metrics: &mut Metrics, limit: Option<u64>, load: f64) {
    let (running, blocked) = match limit {
        Some(limit) => (erlang::carried(limit, load), erlang::blocked(limit, load)),
        None => (unlimited::running(1.0, load), 0.0),
    };
    metrics.insert("running_mean".to_owned(), running);
    metrics.insert("p_throttled".to_owned(), blocked);
}

/// O3, and O4 where nothing takes time; of a run that begins empty only where that is left out or
/// hardly counts.
fn kept(metrics: &mut Metrics, (params, run): (&Params, &Run), rate: f64) {
    let Some(kept_s) = params.keep_alive.map(super::SimDuration::as_secs_f64) else { return };
    let (warm_up_s, whole_s) = (run.warm_up.as_secs_f64(), run.duration.as_secs_f64());
    let is_settled = warm_up_s >= kept_s || whole_s >= SETTLED * kept_s;
    if params.provisioned > 0 || rate <= 0.0 || !is_settled {
        return;
    }
    let service = params.service.mean_s();
    if service == 0.0 {
        metrics.insert("p_cold".to_owned(), keep_alive::sparse_p_cold(rate, kept_s));
        metrics.insert("lifespan_mean_s".to_owned(), keep_alive::sparse_life_s(rate, kept_s));
    } else if matches!(params.service, Law::Exponential { .. })
        && params.routing == Routing::Lifo
        && let Some(exact) = keep_alive::exact(rate, service, kept_s, params.max_concurrency)
    {
        metrics.insert("p_cold".to_owned(), exact.p_cold);
        metrics.insert("idle_mean".to_owned(), exact.idle);
        metrics.insert("servers_mean".to_owned(), exact.servers);
        metrics.insert("wasted".to_owned(), exact.wasted());
    }
}

/// O11.
fn fluid(metrics: &mut Metrics, params: &Params, run: &Run, rate: f64) {
    let nothing_expires = params.keep_alive.is_none_or(|it| it >= run.duration);
    let (Some(burst), Some(per_s)) = (params.scale_burst, params.scale_per_s) else { return };
    if !nothing_expires
        || params.max_concurrency.is_some_and(|limit| is_met(limit, rate * params.service.mean_s()))
        || params.provisioned > 0
        || !matches!(params.service, Law::Exponential { .. })
    {
        return;
    }
    let Some(fluid) = scale_rate::fluid(rate, params.service.mean_s(), burst, per_s) else {
        return;
    };
    if fluid.last_s <= run.duration.as_secs_f64() && run.warm_up.is_zero() {
        metrics.insert("first_throttle_s".to_owned(), fluid.first_s);
        metrics.insert("last_throttle_s".to_owned(), fluid.last_s);
        metrics.insert("throttled".to_owned(), fluid.throttled);
    }
}

/// O12.
fn swing(metrics: &mut Metrics, params: &Params) {
    let Arrivals::Sine { mean_per_s, amplitude_per_s, period } = &params.arrivals else { return };
    let service = params.service.mean_s();
    if !matches!(params.service, Law::Exponential { .. }) || service <= 0.0 {
        return;
    }
    let wave = unlimited::sine(*mean_per_s, *amplitude_per_s, period.as_secs_f64(), service);
    if params.max_concurrency.is_none_or(|limit| !is_met(limit, wave.mean + wave.amplitude)) {
        metrics.insert("running_mean".to_owned(), wave.mean);
        metrics.insert("running_amplitude".to_owned(), wave.amplitude);
        metrics.insert("running_lag_s".to_owned(), wave.lag_s);
    }
}

/// Whether `limit` may be met where about `load` requests run: their number is Poisson, and ten
/// deviations above it never come.
fn is_met(limit: u64, load: f64) -> bool {
    as_f64(limit) <= load + 10.0 * load.sqrt() + 10.0
}
