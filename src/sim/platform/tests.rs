//! The public cases, the properties, and both engines held against each other.

use proptest::prelude::*;

use super::*;
use crate::sim::time::SimTime;

fn seconds(s: f64) -> SimDuration {
    SimDuration::from_secs_f64(s)
}

fn poisson(rate_per_s: f64) -> Arrivals {
    Arrivals::Poisson { rate_per_s }
}

fn exponential(mean_s: f64) -> Law {
    Law::exponential(mean_s).unwrap()
}

fn constant(s: f64) -> Law {
    Law::constant(s).unwrap()
}

fn for_seconds(duration: f64) -> Run {
    Run { seed: 1, duration: seconds(duration), warm_up: SimDuration::ZERO }
}

#[test]
fn a_run_that_still_fills_up_has_no_theory_of_what_is_kept() {
    let mut params = Params::new(poisson(3000.0), exponential(0.1));
    params.keep_alive = Some(seconds(600.0));
    let told = |duration: f64, warm_up: f64| {
        let run = Run { warm_up: seconds(warm_up), ..for_seconds(duration) };
        let theory = theory(&params, &run);
        assert!(theory.contains_key("running_mean"));
        theory.contains_key("wasted")
    };
    assert!(!told(120.0, 20.0) && told(1200.0, 600.0) && told(1e5, 0.0));
}

/// The metrics by name, checked to be the same from both engines.
fn metrics(params: &Params, run: &Run) -> Metrics {
    let told = narrate(params, run, &Narration::default()).unwrap();
    let counted = count(params, run).unwrap();
    assert_eq!(counted, told.counters);
    counted.metrics(params, run)
}

#[track_caller]
fn exactly(metrics: &Metrics, expected: &[(&str, f64)]) {
    for &(name, value) in expected {
        let found = metrics.get(name).copied();
        assert!(
            found.is_some_and(|it| (it - value).abs() < 1e-9),
            "{name}: {found:?}, not {value}"
        );
    }
}

#[test]
fn a_gap_longer_than_the_keep_alive_makes_the_next_request_cold() {
    let arrivals = Arrivals::Every { gap: seconds(10.0), count: Some(10), size: 1 };
    for (keep_alive, cold) in [(5.0, 10.0), (7.5, 5.0), (9.5, 1.0)] {
        let params = Params {
            start: Start::Init(constant(2.0)),
            keep_alive: Some(seconds(keep_alive)),
            ..Params::new(arrivals.clone(), constant(1.0))
        };
        let metrics = metrics(&params, &for_seconds(100.0));
        exactly(&metrics, &[("requests", 10.0), ("served", 10.0), ("cold_starts", cold)]);
    }
}

#[test]
fn an_environment_idle_for_exactly_the_keep_alive_is_gone() {
    let arrivals = Arrivals::Every { gap: seconds(10.0), count: Some(10), size: 1 };
    for (keep_alive, cold) in [(9.0, 10.0), (9.000_000_001, 1.0)] {
        let params = Params {
            keep_alive: Some(seconds(keep_alive)),
            ..Params::new(arrivals.clone(), constant(1.0))
        };
        exactly(&metrics(&params, &for_seconds(100.0)), &[("cold_starts", cold)]);
    }
}

fn a_hundred_at_once() -> Params {
    Params {
        start: Start::Init(constant(0.2)),
        max_concurrency: Some(40),
        ..Params::new(Arrivals::Burst { at: SimTime::ZERO, size: 100 }, constant(0.8))
    }
}

#[test]
fn a_burst_beyond_the_limit_is_throttled() {
    let metrics = metrics(&a_hundred_at_once(), &for_seconds(10.0));
    exactly(
        &metrics,
        &[
            ("cold_starts", 40.0),
            ("throttled", 60.0),
            ("lost", 60.0),
            ("served", 40.0),
            ("first_throttle_s", 0.0),
            ("last_throttle_s", 0.0),
            ("latency_ms_max", 1000.0),
            ("running_mean", 4.0),
            ("servers_mean", 40.0),
            ("last_end_s", 1.0),
            ("gb_seconds", 20.0),
            ("cost_usd", 40.0 * 0.2e-6 + 20.0 * 0.000_016_666_7),
        ],
    );
}

#[test]
fn retries_after_1_2_and_4_seconds_lose_nothing() {
    let retry =
        Retry { retries: 3, delays: [1.0, 2.0, 4.0].map(seconds).to_vec(), ..Retry::default() };
    let metrics = metrics(&Params { retry, ..a_hundred_at_once() }, &for_seconds(10.0));
    exactly(
        &metrics,
        &[("attempts", 180.0), ("cold_starts", 40.0), ("lost", 0.0), ("last_end_s", 3.8)],
    );
}

#[test]
fn what_is_in_flight_at_the_end_is_drained() {
    let params =
        Params::new(Arrivals::Every { gap: seconds(1.0), count: None, size: 1 }, constant(5.0));
    exactly(
        &metrics(&params, &for_seconds(10.0)),
        &[("requests", 10.0), ("served", 10.0), ("in_flight_end", 4.0), ("last_end_s", 14.0)],
    );
}

#[test]
fn a_reserved_share_shields_from_a_noisy_neighbour() {
    let function =
        |name: &str, share, reserved| Function { name: name.to_owned(), share, reserved };
    let params = |reserved| Params {
        max_concurrency: Some(10),
        functions: vec![function("noisy", 99.0, None), function("quiet", 1.0, reserved)],
        ..Params::new(poisson(100.0), exponential(1.0))
    };
    let open = metrics(&params(None), &for_seconds(100.0));
    let shielded = metrics(&params(Some(5)), &for_seconds(100.0));
    assert!(open["quiet.p_throttled"] > 0.8, "{open:?}");
    assert!(shielded["quiet.p_throttled"] < 0.05, "{shielded:?}");
    let sum = |name: &str| shielded[&format!("noisy.{name}")] + shielded[&format!("quiet.{name}")];
    for name in ["requests", "attempts", "served", "cold_starts", "throttled", "lost"] {
        assert!((sum(name) - shielded[name]).abs() < 0.5, "{name}");
    }
}

#[test]
fn provisioned_environments_are_used_first_and_are_never_cold() {
    let params = Params {
        provisioned: 10,
        start: Start::Init(constant(1.0)),
        ..Params::new(Arrivals::Burst { at: SimTime::ZERO, size: 15 }, constant(1.0))
    };
    exactly(
        &metrics(&params, &for_seconds(100.0)),
        &[("cold_starts", 5.0), ("servers_max", 15.0), ("servers_mean", 15.0)],
    );
}

/// 10 s on what is held, 10 s on demand (starts are paid for), 1,000 s held, each of 1 GB.
#[test]
fn what_runs_on_provisioned_environments_has_its_own_price() {
    let params = Params {
        provisioned: 10,
        start: Start::Init(constant(1.0)),
        memory_mb: 1024.0,
        ..Params::new(Arrivals::Burst { at: SimTime::ZERO, size: 15 }, constant(1.0))
    };
    let metrics = metrics(&params, &for_seconds(100.0));
    let cost = 15.0 * 0.2e-6 + 10.0 * 9.7222e-6 + 10.0 * 16.6667e-6 + 1000.0 * 4.1667e-6;
    assert!((metrics["cost_usd"] - cost).abs() < 1e-12, "{}", metrics["cost_usd"]);
    assert!((metrics["provisioned_used"] - 0.01).abs() < 1e-12);
    assert!((metrics["gb_seconds"] - 20.0).abs() < 1e-12);
}

#[test]
fn growth_has_a_burst_and_a_rate() {
    let params = Params {
        scale_burst: Some(10.0),
        scale_per_s: Some(2.0),
        ..Params::new(
            Arrivals::Every { gap: seconds(1.0), count: Some(6), size: 20 },
            constant(100.0),
        )
    };
    let metrics = metrics(&params, &for_seconds(10.0));
    exactly(&metrics, &[("cold_starts", 20.0), ("throttled", 100.0), ("first_throttle_s", 0.0)]);
}

#[test]
fn a_rate_limit_holds_in_each_second() {
    let params = Params {
        rps_limit: Some(2.5),
        ..Params::new(Arrivals::Every { gap: seconds(0.1), count: None, size: 1 }, constant(0.01))
    };
    exactly(&metrics(&params, &for_seconds(4.0)), &[("served", 10.0), ("throttled", 30.0)]);
}

#[test]
fn an_environment_may_run_several_requests() {
    let params = Params {
        concurrency_per_env: 8,
        start: Start::Init(constant(2.0)),
        ..Params::new(Arrivals::Burst { at: SimTime::ZERO, size: 20 }, constant(1.0))
    };
    let metrics = metrics(&params, &for_seconds(100.0));
    exactly(
        &metrics,
        &[("cold_starts", 3.0), ("latency_ms_max", 3000.0), ("served_per_env_max", 8.0)],
    );
    assert!(!metrics.contains_key("cost_usd"), "shared time is not paid for by request");
}

/// What a seed means is part of the contract: these numbers never change.
#[test]
fn a_seed_gives_the_same_numbers_for_ever() {
    let params = Params {
        start: Start::Service(exponential(2.244)),
        max_concurrency: Some(4),
        keep_alive: Some(seconds(10.0)),
        retry: Retry { retries: 2, jitter: Jitter::Full, ..Retry::default() },
        ..Params::new(poisson(0.9), exponential(1.991))
    };
    let counters = count(&params, &for_seconds(100_000.0)).unwrap();
    let total = counters.total();
    assert_eq!(
        (total.requests, total.attempts, total.cold_starts, total.lost, total.running_ns),
        GOLDEN
    );
}

const GOLDEN: (u64, u64, u64, u64, u128) = (89_747, 104_204, 5_236, 5_863, 169_084_533_909_193);

#[test]
fn values_out_of_range_are_refused_with_the_reason() {
    let base = || Params::new(poisson(1.0), constant(1.0));
    let twice = vec![Function { name: "a".to_owned(), share: 1.0, reserved: Some(600) }; 2];
    for (params, word) in [
        (Params { concurrency_per_env: 0, ..base() }, "concurrency_per_env"),
        (Params { scale_burst: Some(f64::NAN), ..base() }, "scale_burst"),
        (Params { rps_limit: Some(-1.0), ..base() }, "rps_limit"),
        (Params { memory_mb: 0.0, ..base() }, "memory_mb"),
        (Params { functions: twice, ..base() }, "reserved"),
        (Params { arrivals: poisson(1e8), ..base() }, "million"),
    ] {
        let refused = run(&params, &for_seconds(10.0)).unwrap_err().to_string();
        assert!(refused.contains(word), "{refused}");
    }
}

fn laws() -> impl Strategy<Value = Law> {
    prop_oneof![
        Just(constant(0.0)),
        Just(constant(1.0)),
        (0.01..5.0f64).prop_map(exponential),
        (0.1..3.0f64).prop_map(|mean| Law::lognormal(mean, 1.0).unwrap()),
    ]
}

fn loads() -> impl Strategy<Value = Arrivals> {
    prop_oneof![
        (0.05..8.0f64).prop_map(poisson),
        (1u64..4, 1u64..5).prop_map(|(gap, size)| Arrivals::Every {
            gap: SimDuration::from_secs(gap),
            count: None,
            size
        }),
        proptest::collection::vec(0u64..120, 0..60).prop_map(|mut times| {
            times.sort_unstable();
            Arrivals::Trace(times.into_iter().map(|s| SimTime(s * 500_000_000)).collect())
        }),
        (0.5..4.0f64).prop_map(|mean_per_s| Arrivals::Sine {
            mean_per_s,
            amplitude_per_s: mean_per_s / 2.0,
            period: seconds(20.0)
        }),
    ]
}

fn routings() -> impl Strategy<Value = Routing> {
    prop_oneof![
        Just(Routing::Lifo),
        Just(Routing::Newest),
        Just(Routing::Fifo),
        Just(Routing::Random)
    ]
}

fn retry() -> impl Strategy<Value = Retry> {
    let backoff = prop_oneof![Just(Backoff::Fixed), Just(Backoff::Exponential)];
    let jitter = prop_oneof![
        Just(Jitter::None),
        Just(Jitter::Equal),
        Just(Jitter::Full),
        Just(Jitter::Decorrelated)
    ];
    (0u32..4, backoff, jitter, proptest::collection::vec(0u64..5, 0..3)).prop_map(
        |(retries, backoff, jitter, delays)| Retry {
            retries,
            backoff,
            jitter,
            delays: delays.into_iter().map(SimDuration::from_secs).collect(),
            base: seconds(1.0),
            cap: seconds(5.0),
        },
    )
}

prop_compose! {
    fn limits()(
        max_concurrency in proptest::option::of(1u64..12),
        max_environments in proptest::option::of(0u64..12),
        scale_burst in proptest::option::of(0.0..6.0f64),
        scale_per_s in proptest::option::of(0.0..2.0f64),
        rps_limit in proptest::option::of(0.0..4.0f64),
        functions in 0usize..4,
        reserved in proptest::option::of(0u64..3),
    ) -> Params {
        let reserved = reserved.filter(|_| max_concurrency.is_none_or(|it| it > 3));
        let functions = (0..functions).map(|i| Function {
            name: format!("f{i}"),
            share: 1.0 + as_f64(i as u64),
            reserved: reserved.filter(|_| i == 0),
        });
        Params {
            max_concurrency,
            max_environments,
            scale_burst,
            scale_per_s,
            rps_limit,
            functions: functions.collect(),
            ..Params::new(poisson(1.0), constant(1.0))
        }
    }
}

prop_compose! {
    fn scenarios()(
        limits in limits(),
        arrivals in loads(),
        service in laws(),
        start in prop_oneof![
            Just(Start::Free), laws().prop_map(Start::Init), laws().prop_map(Start::Service)
        ],
        keep_alive in proptest::option::of(0u64..20),
        routing in routings(),
        concurrency_per_env in prop_oneof![Just(1u32), 1u32..4],
        provisioned in prop_oneof![Just(0u32), 0u32..4],
        retry in retry(),
    ) -> Params {
        let provisioned = if limits.functions.len() > 1 { 0 } else { provisioned };
        Params {
            arrivals,
            service,
            start,
            keep_alive: keep_alive.map(SimDuration::from_secs),
            routing,
            concurrency_per_env,
            provisioned,
            retry,
            ..limits
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn both_engines_count_the_same(
        params in scenarios(), seed: u64, warm_up in prop_oneof![Just(0u64), 0u64..40, 60u64..80],
    ) {
        let run = Run { seed, duration: seconds(60.0), warm_up: SimDuration::from_secs(warm_up) };
        let told = narrate(&params, &run, &Narration::default()).unwrap();
        prop_assert_eq!(count(&params, &run).unwrap(), told.counters);
    }

    #[test]
    fn a_history_has_the_metrics_of_its_run(params in scenarios(), seed: u64) {
        let run = Run { seed, duration: seconds(60.0), warm_up: SimDuration::from_secs(5) };
        let (metrics, history) = history(&params, &run, &mut |_| true).unwrap();
        prop_assert_eq!(super::run(&params, &run).unwrap(), metrics);
        prop_assert!(history.spans.len() <= 4096);
        prop_assert_eq!(history.dropped == 0, history.told_to == history.end);
    }

    #[test]
    fn nothing_is_lost_at_any_event(params in scenarios(), seed: u64) {
        let run = Run { seed, duration: seconds(60.0), warm_up: SimDuration::ZERO };
        let mut narrator = Narrator::new(&params, &run, &Narration::default());
        while narrator.step() {
            let at = narrator.moment();
            prop_assert_eq!(at.arrived, at.served + at.lost + at.running + at.waiting);
            prop_assert_eq!(at.servers, at.busy + at.idle);
            prop_assert!(at.busy <= at.running);
            prop_assert!(params.concurrency_per_env > 1 || at.busy == at.running);
            prop_assert!(params.max_concurrency.is_none_or(|limit| at.running <= limit));
            let most = params.max_environments.map(|it| it.max(u64::from(params.provisioned)));
            prop_assert!(most.is_none_or(|limit| at.servers <= limit));
        }
        let history = narrator.into_history();
        let total = history.counters.total();
        prop_assert_eq!(total.requests, total.served + total.lost);
        prop_assert_eq!(total.attempts, total.served + total.throttled);
        if params.concurrency_per_env == 1 {
            let all = history.counters.idle_ns + total.running_ns;
            prop_assert_eq!(all, history.counters.servers_ns);
        }
        let ticks = &history.ticks;
        prop_assert_eq!(ticks.iter().map(|it| it.requests).sum::<u64>(), total.requests);
        prop_assert_eq!(ticks.iter().map(|it| it.throttled).sum::<u64>(), total.throttled);
        prop_assert_eq!(ticks.iter().map(|it| it.cold_starts).sum::<u64>(), total.cold_starts);
        prop_assert_eq!(ticks.iter().map(|it| it.idle_ns).sum::<u128>(), history.counters.idle_ns);
        prop_assert_eq!(ticks.iter().map(|it| it.running_ns).sum::<u128>(), total.running_ns);
    }

    #[test]
    fn more_of_everything_never_hurts_without_init(
        arrivals in loads(), service in laws(), seed: u64,
        keep_alive in 0u64..20, longer in 0u64..10, limit in 1u64..10, provisioned in 0u32..5,
    ) {
        let run = Run { seed, duration: seconds(60.0), warm_up: SimDuration::ZERO };
        let params = |keep_alive, limit, provisioned| Params {
            keep_alive: Some(SimDuration::from_secs(keep_alive)),
            max_concurrency: Some(limit),
            provisioned,
            ..Params::new(arrivals.clone(), service.clone())
        };
        let of = |params: Params| count(&params, &run).unwrap().total();
        let base = of(params(keep_alive, limit, provisioned));
        prop_assert!(of(params(keep_alive + longer, limit, provisioned)).cold_starts <= base.cold_starts);
        prop_assert!(of(params(keep_alive, limit + longer, provisioned)).throttled <= base.throttled);
        prop_assert!(of(params(keep_alive, limit, provisioned + 1)).cold_starts <= base.cold_starts);
    }
}

#[test]
fn with_an_init_one_environment_more_can_mean_one_cold_start_more() {
    // On demand the second request, of 9 s, starts an environment of its own, and the first one's is
    // free again in time for all others. The provisioned one is held by those 9 s.
    let lasting = [1.0, 9.0, 1.0, 1.0, 30.0];
    let points = vec![(0.6, 1.0), (0.600_001, 9.0), (0.8, 9.0), (0.800_001, 30.0)];
    let came = [6.0, 11.0, 12.0, 13.0, 14.0].map(|at| SimTime(seconds(at).0)).to_vec();
    let params = |provisioned| Params {
        start: Start::Init(constant(5.0)),
        keep_alive: Some(seconds(12.0)),
        provisioned,
        ..Params::new(Arrivals::Trace(came.clone()), Law::empirical(points.clone()).unwrap())
    };
    let draws_them = |&seed: &u64| {
        let params = params(0);
        let source = request::Source::new(&params, seed);
        let drawn = (0..).map(|index| source.warm(&source.request(index, 0)));
        drawn.zip(lasting).all(|(drawn, lasts)| drawn == seconds(lasts).0)
    };
    let seed = (0..10_000).find(draws_them).unwrap();
    let run = Run { seed, ..for_seconds(60.0) };
    exactly(&metrics(&params(0), &run), &[("requests", 5.0), ("cold_starts", 2.0)]);
    exactly(&metrics(&params(1), &run), &[("requests", 5.0), ("cold_starts", 3.0)]);
}

#[test]
fn a_limited_growth_throttles_when_the_fluid_does() {
    for (rate, service, first, last) in
        [(5000.0, 1.0, 0.229, 39.0), (4000.0, 0.5, 0.365, 9.5), (20_000.0, 0.5, 0.053, 89.5)]
    {
        let params = Params {
            scale_burst: Some(1000.0),
            scale_per_s: Some(100.0),
            keep_alive: None,
            max_concurrency: None,
            ..Params::new(poisson(rate), exponential(service))
        };
        let seeds = 6;
        let run_of = |seed| Run { seed, ..for_seconds(last + 5.0) };
        let runs: Vec<Metrics> =
            (1..=seeds).map(|seed| run(&params, &run_of(seed)).unwrap()).collect();
        let near = |name: &str, value: f64, within: f64| {
            let mean = runs.iter().map(|it| it[name]).sum::<f64>() / as_f64(seeds);
            assert!((mean - value).abs() <= within, "{name}: {mean} of {value}");
        };
        near("first_throttle_s", first, 0.07 * first);
        // The last one comes up to 1.2 s after the fluid's.
        near("last_throttle_s", last + 0.6, 0.6);
    }
}
