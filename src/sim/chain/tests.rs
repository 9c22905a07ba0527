use super::super::acceptance::accept;
use super::*;

fn service(name: &str, service: Law, calls: &[&str]) -> Service {
    let calls = calls.iter().map(|&name| name.to_owned()).collect();
    Service { name: name.to_owned(), service, calls, ..Service::default() }
}

fn seconds(seconds: f64) -> Law {
    Law::constant(seconds).unwrap()
}

/// One request a second, at 0, 1, …
fn every_second(services: Vec<Service>) -> Params {
    let gap = SimDuration::from_secs(1);
    Params { arrivals: Arrivals::Every { gap, count: None, size: 1 }, services }
}

fn at(seed: u64, duration_s: u64, warm_up_s: u64) -> Run {
    let (duration, warm_up) =
        (SimDuration::from_secs(duration_s), SimDuration::from_secs(warm_up_s));
    Run { seed, duration, warm_up }
}

#[track_caller]
fn assert_metrics(params: &Params, duration_s: u64, expected: &[(&str, f64)]) {
    let metrics = run(params, &at(1, duration_s, 0)).unwrap();
    for (name, exact) in expected {
        let found = metrics.get(*name).unwrap_or_else(|| panic!("no `{name}` in {metrics:?}"));
        assert!((found - exact).abs() <= 5e-4 * exact.abs(), "{name}: {found}, not {exact}");
    }
}

/// A front that needs a slow back: 0.1 s and then 10 s.
fn slow(change: impl Fn(&mut Service)) -> Params {
    let mut back = service("back", seconds(10.0), &[]);
    change(&mut back);
    every_second(vec![service("front", seconds(0.1), &["back"]), back])
}

#[test]
fn o14_availability_is_the_product() {
    let mut services = vec![
        service("a", seconds(0.01), &["b", "c"]),
        service("b", seconds(0.02), &["d"]),
        service("c", seconds(0.01), &[]),
        service("d", seconds(0.01), &[]),
    ];
    for (service, availability) in services.iter_mut().zip([0.999, 0.9, 0.95, 0.98]) {
        service.availability = availability;
    }
    let arrivals = Arrivals::Poisson { rate_per_s: 60.0 };
    let params = Params { arrivals, services };
    let theory = theory(&params, &at(1, 100, 0));
    assert!((theory["availability"] - 0.999 * 0.9 * 0.95 * 0.98).abs() < 1e-12);
    let expected: Vec<(&str, f64)> =
        ["availability", "a.availability", "b.availability", "c.availability"]
            .into_iter()
            .map(|name| (name, theory[name]))
            .collect();
    accept(|seed| run(&params, &at(seed, 100, 0)), &expected, 0.01);
}

#[test]
fn o14_retries_try_the_whole_branch_again() {
    let mut params = Params {
        arrivals: Arrivals::Poisson { rate_per_s: 60.0 },
        services: vec![
            service("a", seconds(0.01), &["b"]),
            service("b", seconds(0.01), &["c"]),
            service("c", seconds(0.01), &[]),
        ],
    };
    for (service, availability) in params.services.iter_mut().zip([0.99, 0.8, 0.7]) {
        service.availability = availability;
        service.retries = 1;
    }
    let c = 1.0 - 0.3 * 0.3;
    let b = 1.0 - (1.0 - 0.8 * c) * (1.0 - 0.8 * c);
    let a = 1.0 - (1.0 - 0.99 * b) * (1.0 - 0.99 * b);
    let expected = [("availability", a), ("c.availability", 0.7), ("b.availability", 0.8 * c)];
    let theory = theory(&params, &at(1, 100, 0));
    for (name, exact) in expected {
        assert!((theory[name] - exact).abs() < 1e-12, "{name}");
    }
    accept(|seed| run(&params, &at(seed, 100, 0)), &expected, 0.01);
}

#[test]
fn o6_a_service_with_one_server_is_a_markov_queue() {
    let mut only = service("only", Law::exponential(1.0).unwrap(), &[]);
    only.servers = Some(1);
    let params = Params { arrivals: Arrivals::Poisson { rate_per_s: 0.5 }, services: vec![only] };
    let exact = theory(&params, &at(1, 1, 0));
    assert!((exact["latency_ms_p99"] - 9210.3404).abs() < 1e-3);
    let names = ["latency_ms_p50", "latency_ms_p95", "only.latency_ms_p99"];
    let expected: Vec<(&str, f64)> = names.into_iter().map(|name| (name, exact[name])).collect();
    accept(|seed| run(&params, &at(seed, 30_000, 100)), &expected, 0.01);
}

#[test]
fn times_add_up_along_the_calls() {
    let params = every_second(vec![
        service("a", seconds(0.1), &["b", "c"]),
        service("b", seconds(0.2), &["c"]),
        service("c", seconds(0.05), &[]),
    ]);
    assert_metrics(
        &params,
        50,
        &[
            ("availability", 1.0),
            ("latency_ms_p50", 400.0),
            ("latency_ms_p99", 400.0),
            ("b.latency_ms_p50", 250.0),
            ("c.latency_ms_p99", 50.0),
            ("failed_fast", 0.0),
            ("in_flight_max", 3.0),
            ("c.in_flight_max", 1.0),
        ],
    );
}

#[test]
fn a_timeout_frees_the_caller_but_not_the_callee() {
    // Calls come to the back at 0.1, 1.1, … and stay 10 s.
    assert_metrics(
        &slow(|_| ()),
        100,
        &[
            ("latency_ms_p50", 10_100.0),
            ("front.in_flight_max", 11.0),
            ("back.in_flight_max", 10.0),
        ],
    );
    assert_metrics(
        &slow(|back| back.timeout = Some(SimDuration::from_millis(500))),
        100,
        &[
            ("availability", 0.0),
            ("latency_ms_p99", 600.0),
            ("front.in_flight_max", 1.0),
            ("back.in_flight_max", 10.0),
            ("failed_fast", 0.0),
        ],
    );
}

#[test]
fn retries_multiply_the_load_of_what_is_slow() {
    let params = slow(|back| {
        back.timeout = Some(SimDuration::from_millis(200));
        back.retries = 2;
    });
    assert_metrics(
        &params,
        100,
        &[("latency_ms_p50", 700.0), ("back.latency_ms_p50", 200.0), ("back.in_flight_max", 30.0)],
    );
}

#[test]
fn a_bulkhead_holds_what_a_service_can_take_in() {
    // Three calls in each ten seconds get in, the other seven are refused at once.
    let params = slow(|back| back.bulkhead = Some(3));
    assert_metrics(
        &params,
        100,
        &[
            ("availability", 0.3),
            ("failed_fast", 70.0),
            ("back.failed_fast", 70.0),
            ("front.failed_fast", 0.0),
            ("back.in_flight_max", 3.0),
            ("latency_ms_p50", 100.0),
            ("latency_ms_p95", 10_100.0),
        ],
    );
}

#[test]
fn an_open_breaker_refuses_and_tries_again() {
    let params = slow(|back| {
        back.timeout = Some(SimDuration::from_millis(500));
        back.breaker = Some(Breaker {
            threshold: 3,
            window: SimDuration::from_secs(10),
            half_open_after: SimDuration::from_secs(20),
        });
    });
    // Failures at 0.6, 1.6, 2.6 open it until 22.6; the call of 23.1 is on trial, fails at 23.6 and
    // opens it until 43.6; then 44.1, 65.1, 86.1. Of 100 calls 3 + 4 pass.
    assert_metrics(
        &params,
        100,
        &[
            ("availability", 0.0),
            ("failed_fast", 93.0),
            ("latency_ms_p50", 100.0),
            ("latency_ms_p99", 600.0),
            ("back.latency_ms_p50", 500.0),
            ("back.in_flight_max", 3.0),
        ],
    );
}

#[test]
fn what_is_handed_over_is_not_waited_for() {
    let params = slow(|back| {
        back.is_async = true;
        back.availability = 0.0;
        back.retries = 1;
    });
    assert_metrics(
        &params,
        100,
        &[("availability", 1.0), ("latency_ms_p99", 100.0), ("back.in_flight_max", 20.0)],
    );
    assert!((theory(&params, &at(1, 100, 0))["availability"] - 1.0).abs() < 1e-12);
}

#[test]
fn nobody_gives_up_on_what_was_handed_over() {
    let waited_for = slow(|back| back.timeout = Some(SimDuration::from_millis(200)));
    assert_metrics(&waited_for, 100, &[("back.availability", 0.0)]);
    let handed_over = slow(|back| {
        back.timeout = Some(SimDuration::from_millis(200));
        back.is_async = true;
    });
    assert_metrics(
        &handed_over,
        100,
        &[("back.availability", 1.0), ("back.latency_ms_p50", 10_000.0)],
    );
}

#[test]
fn a_service_with_few_servers_queues_the_rest() {
    // Two at a time, five seconds each: the request of second t waits longer and longer.
    let mut params = every_second(vec![service("only", seconds(5.0), &[])]);
    params.services[0].servers = Some(2);
    assert_metrics(&params, 4, &[("latency_ms_p50", 5000.0), ("latency_ms_p99", 8000.0)]);
    // With one more, waiting for another service holds a server too.
    let mut params = slow(|_| ());
    params.services[0].servers = Some(1);
    assert_metrics(&params, 3, &[("latency_ms_p99", 3.0 * 10_100.0 - 2000.0)]);
}

#[test]
fn a_change_of_policy_meets_the_same_chance() {
    let build = |retries: u32| {
        let mut params = slow(|back| {
            back.service = Law::exponential(0.2).unwrap();
            back.availability = 0.9;
            back.retries = retries;
        });
        params.arrivals = Arrivals::Poisson { rate_per_s: 5.0 };
        run(&params, &at(7, 1000, 0)).unwrap()["availability"]
    };
    let (none, one, two) = (build(0), build(1), build(2));
    assert!(none < one && one < two, "{none} {one} {two}");
    assert!((build(1) - one).abs() < f64::EPSILON);
}

#[test]
fn that_no_call_fails_fast_is_theory_only_where_none_can() {
    let is_told = |change: fn(&mut Service)| {
        let params = slow(|back| {
            back.is_async = true;
            change(back);
        });
        theory(&params, &at(1, 100, 0)).contains_key("failed_fast")
    };
    assert!(is_told(|_| ()) && !is_told(|back| back.bulkhead = Some(3)));
}

#[test]
fn warm_up_is_not_counted() {
    let params = slow(|back| back.bulkhead = Some(3));
    let all = run(&params, &at(1, 100, 0)).unwrap();
    let late = run(&params, &at(1, 100, 50)).unwrap();
    assert!((all["failed_fast"] - 70.0).abs() < 1e-9 && (late["failed_fast"] - 35.0).abs() < 1e-9);
}

#[test]
fn what_cannot_run_is_refused() {
    let change = |change: fn(&mut Params)| {
        let mut params = slow(|_| ());
        change(&mut params);
        run(&params, &at(1, 10, 0)).unwrap_err().to_string()
    };
    for (refused, words) in [
        (change(|p| p.services.clear()), "1 to 100 services"),
        (change(|p| p.services[1].calls.push("front".into())), "in a circle"),
        (change(|p| p.services[1].calls.push("nobody".into())), "`back` calls `nobody`"),
        (change(|p| p.services[1].name = "front".into()), "two services are called `front`"),
        (change(|p| p.services[0].is_async = true), "cannot be async"),
        (change(|p| p.services[0].availability = 1.5), "availability must be"),
        (change(|p| p.services[0].availability = f64::NAN), "availability must be"),
        (change(|p| p.services[0].timeout = Some(SimDuration::ZERO)), "timeout must be"),
        (change(|p| p.services[0].retries = 1000), "retries must be"),
        (change(|p| p.arrivals = Arrivals::Poisson { rate_per_s: 1e8 }), "million events"),
    ] {
        assert!(refused.contains(words), "{refused}");
    }
}
