//! The public cases with chance, by the rule of acceptance.

use super::super::*;
use super::{exponential, for_seconds, poisson, seconds};
use crate::sim::acceptance::accept;

/// Holds `requests` requests in all, after a warm-up, against `expected` to a share.
fn holds(params: &Params, requests: f64, expected: &[(&str, f64)], share: f64) {
    let rate = params.arrivals.poisson_rate().unwrap();
    let memory = params.keep_alive.map_or(0.0, SimDuration::as_secs_f64);
    let warm_up = 10.0 * memory.max(params.service.mean_s());
    let duration = warm_up + requests / 30.0 / rate;
    let run_of = |seed| Run { seed, duration: seconds(duration), warm_up: seconds(warm_up) };
    accept(|seed| run(params, &run_of(seed)), expected, share);
}

/// A limit far off, as none.
fn unlimited(rate: f64, service: Law) -> Params {
    Params { max_concurrency: None, ..Params::new(poisson(rate), service) }
}

#[test]
fn running_is_rate_times_service_whatever_its_law() {
    for (rate, service, running) in [(0.9, 1.991, 1.7919), (10.0, 0.2, 2.0), (500.0, 0.2, 100.0)] {
        for law in [
            exponential(service),
            Law::constant(service).unwrap(),
            Law::lognormal_of_mean(service, 0.5).unwrap(),
            Law::pareto(service, 3.0).unwrap(),
        ] {
            let params = Params { keep_alive: Some(seconds(10.0)), ..unlimited(rate, law) };
            holds(&params, 300_000.0, &[("running_mean", running)], 0.01);
        }
    }
}

#[test]
fn keep_alive_under_lifo_is_exact() {
    keep_alive_cases(1.5e6);
}

#[test]
#[ignore = "150 million requests, enough cold starts in every case"]
fn keep_alive_under_lifo_is_exact_at_full_length() {
    keep_alive_cases(f64::INFINITY);
}

/// The cases of the keep-alive, each with the requests it needs, or `most`.
fn keep_alive_cases(most: f64) {
    // λ, S, T, limit → p_cold, idle, servers, wasted, p_rejected; requests for the cold starts.
    #[rustfmt::skip]
    let cases = [
        (0.9, 1.991, 600.0, None, 0.001_329_307, 5.900_034, 7.691_934, 0.767_041_7, 0.0, 125e6),
        (0.1, 1.0, 10.0, None, 0.414_054_5, 0.657_073_1, 0.757_073_1, 0.867_912_4, 0.0, 6e5),
        (1.0, 1.0, 1.0, None, 0.496_520_3, 0.692_102_7, 1.692_103, 0.409_019_1, 0.0, 6e5),
        (1.0, 1.0, 10.0, None, 0.077_373_83, 2.278_075, 3.278_075, 0.694_943, 0.0, 2.5e6),
        (0.02, 5.0, 120.0, None, 0.154_734_1, 1.015_425, 1.115_425, 0.910_348, 0.0, 1.2e6),
        (10.0, 0.5, 5.0, None, 0.028_582_23, 5.091_619, 10.091_62, 0.504_539, 0.0, 6e6),
        (50.0, 0.2, 2.0, None, 0.019_085_03, 7.184_005, 17.184_01, 0.418_063, 0.0, 9e6),
        (2.0, 1.0, 5.0, Some(3), 0.019_759_5, 1.362_702, 2.941_65, 0.463_244_1, 0.210_526_3, 1e6),
        (0.5, 4.0, 15.0, Some(6), 0.121_354_6, 2.172_857, 4.148_688, 0.523_745_5, 0.012_084_59, 1.5e6),
    ];
    for (rate, service, kept, limit, p_cold, idle, servers, wasted, p_rejected, requests) in cases {
        let params = Params {
            keep_alive: Some(seconds(kept)),
            max_concurrency: limit,
            ..Params::new(poisson(rate), exponential(service))
        };
        let theory = theory(&params, &for_seconds(1.0));
        for (name, value) in [("p_cold", p_cold), ("idle_mean", idle), ("servers_mean", servers)] {
            assert!((theory[name] / value - 1.0).abs() < 1e-5, "{name}: {theory:?}");
        }
        // The rule's share follows the rarest events, the cold starts of all seeds together.
        let cut = f64::min(requests, most);
        let cold = cut * p_cold;
        let share = if cold >= 1.6e5 {
            0.01
        } else if cold >= 1.8e4 {
            0.03
        } else {
            0.1
        };
        holds(&params, cut, &[("p_cold", p_cold), ("idle_mean", idle)], share);
        holds(&params, cut, &[("servers_mean", servers), ("wasted", wasted)], share.min(0.01));
        if p_rejected > 0.0 {
            holds(&params, cut, &[("p_throttled", p_rejected)], 0.03);
        }
    }
}

#[test]
fn without_service_only_gaps_count() {
    for (rate, kept, p_cold, life) in [
        (1.0 / 600.0, 600.0, 0.367_879_44, 1030.9691),
        (1.0 / 60.0, 300.0, 0.006_737_947, 8844.7895),
        (1.0 / 1800.0, 900.0, 0.606_530_66, 1167.6983),
    ] {
        let service = Law::constant(0.0).unwrap();
        let params = Params { keep_alive: Some(seconds(kept)), ..unlimited(rate, service) };
        let theory = theory(&params, &for_seconds(1.0));
        assert!((theory["p_cold"] / p_cold - 1.0).abs() < 1e-7);
        assert!((theory["lifespan_mean_s"] / life - 1.0).abs() < 1e-7);
        let requests = (2e5 / p_cold).min(3e6);
        let share = if requests * p_cold >= 1.6e5 { 0.01 } else { 0.03 };
        holds(&params, requests, &[("p_cold", p_cold), ("lifespan_mean_s", life)], share);
    }
}

#[test]
fn erlangs_formula_is_the_share_throttled() {
    for (limit, load, blocked) in
        [(1, 0.5, 0.333_333_33), (2, 1.0, 0.2), (5, 3.0, 0.110_054_35), (10, 8.0, 0.121_661_06)]
    {
        for law in [exponential(load), Law::constant(load).unwrap()] {
            let params = Params { max_concurrency: Some(limit), ..Params::new(poisson(1.0), law) };
            let requests = 2e5 / blocked;
            holds(&params, requests, &[("p_throttled", blocked)], 0.01);
        }
    }
}

#[test]
fn a_limited_growth_throttles_as_the_fluid_does() {
    for (rate, service, first, last, throttled, share) in [
        (5000.0, 1.0, 0.229, 39.0, 75_160.0, 0.02),
        (4000.0, 0.5, 0.365, 9.5, 8_344.5, 0.07),
        (20_000.0, 0.5, 0.053, 89.5, 800_077.0, 0.02),
    ] {
        let params = Params {
            scale_burst: Some(1000.0),
            scale_per_s: Some(100.0),
            keep_alive: None,
            ..unlimited(rate, exponential(service))
        };
        let seeds = 6;
        let run_of = |seed| Run { seed, ..for_seconds(last + 5.0) };
        let runs: Vec<Metrics> =
            (1..=seeds).map(|seed| run(&params, &run_of(seed)).unwrap()).collect();
        let near = |name: &str, value: f64, within: f64| {
            let mean = runs.iter().map(|it| it[name]).sum::<f64>() / as_f64(seeds);
            assert!((mean - value).abs() <= within, "{name}: {mean} of {value}");
        };
        near("throttled", throttled, share * throttled);
        near("first_throttle_s", first, 0.07 * first);
        // The last one comes up to 1.2 s after the fluid's.
        near("last_throttle_s", last + 0.6, 0.6);
        assert!((theory(&params, &run_of(1))["throttled"] / throttled - 1.0).abs() < 1e-3);
    }
}

#[test]
fn running_swings_with_a_sine() {
    let cases = [
        (10.0, 5.0, 60.0, 10.0, 100.0, 34.531_056, 7.720_117_3, 200.0),
        (100.0, 80.0, 300.0, 30.0, 3000.0, 2032.1592, 26.784_923, 9.0),
    ];
    for (mean_per_s, amplitude_per_s, period, service, mean, amplitude, lag, periods) in cases {
        let arrivals = Arrivals::Sine { mean_per_s, amplitude_per_s, period: seconds(period) };
        let params =
            Params { max_concurrency: None, ..Params::new(arrivals, exponential(service)) };
        let run_of = |seed| Run {
            seed,
            duration: seconds(period * (periods + 5.0)),
            warm_up: seconds(period * 5.0),
        };
        let expected =
            [("running_mean", mean), ("running_amplitude", amplitude), ("running_lag_s", lag)];
        let theory = theory(&params, &run_of(1));
        for (name, value) in expected {
            assert!((theory[name] / value - 1.0).abs() < 1e-7, "{name}: {theory:?}");
        }
        accept(|seed| run(&params, &run_of(seed)), &expected, 0.01);
    }
}

fn w1(routing: Routing) -> Params {
    Params {
        start: Start::Service(exponential(2.244)),
        routing,
        ..Params::new(poisson(0.9), exponential(1.991))
    }
}

#[test]
fn the_measured_workload_in_short() {
    // 3 M requests have 4,000 cold starts: enough for the means over time, not for 1 % of p_cold.
    for (routing, p_cold, servers, idle) in [
        (Routing::Newest, 0.001_328_1, 7.6934, 5.9012),
        (Routing::Lifo, 0.001_333_3, 7.6921, 5.8999),
    ] {
        let params = w1(routing);
        holds(&params, 3e6, &[("p_cold", p_cold)], 0.06);
        holds(&params, 3e6, &[("servers_mean", servers), ("idle_mean", idle)], 0.01);
    }
    let dense = Params {
        keep_alive: Some(seconds(120.0)),
        start: Start::Service(exponential(4.0)),
        routing: Routing::Newest,
        ..Params::new(poisson(0.2), exponential(1.5))
    };
    let expected = [("p_cold", 0.019_680_7), ("servers_mean", 2.58877), ("running_mean", 0.309_81)];
    holds(&dense, 1.2e6, &expected, 0.03);
}

#[test]
#[ignore = "180 million requests, the full length of the measured workload"]
fn the_measured_workload_at_full_length() {
    for (routing, p_cold, servers, running, idle) in [
        (Routing::Newest, 0.001_328_1, 7.6934, 1.7922, 5.9012),
        (Routing::Lifo, 0.001_333_3, 7.6921, 1.7922, 5.8999),
    ] {
        let expected = [("servers_mean", servers), ("running_mean", running), ("idle_mean", idle)];
        holds(&w1(routing), 90e6, &[("p_cold", p_cold)], 0.01);
        holds(&w1(routing), 90e6, &expected, 0.005);
    }
    holds(&w1(Routing::Newest), 90e6, &[("wasted", 0.767), ("lifespan_mean_s", 6436.5)], 0.01);
}
