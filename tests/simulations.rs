//! The simulations of the course: their pictures fit every screen, every control turns the numbers
//! the way theory says, and every goal is reached by what is said to reach it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use coldstart::course::Files;
use coldstart::course::scenario::{History, Scenario, Setting, Written};
use coldstart::course::toml_file::Origin;
use coldstart::picture::{self, Body, Picture, Shown, Stroke, View};
use coldstart::sim::time::SimTime;
use coldstart::typeset;

/// Where turning a control from its first value to its last moves a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}
use Way::{Down, Up};

/// Scenario, what is set before, control, metric, and where it moves.
const TURNS: &[(&str, &str, &str, &str, Way)] = &[
    ("keep-alive", "", "keep_alive", "p_cold", Down),
    ("keep-alive", "", "arrivals.gap", "p_cold", Up),
    ("keep-alive", "", "init.mean", "latency_ms_mean", Up),
    ("keep-alive", "", "service.mean", "latency_ms_mean", Up),
    ("random-gaps", "", "keep_alive", "p_cold", Down),
    ("random-gaps", "", "arrivals.rate_per_s", "p_cold", Down),
    ("random-gaps", "", "service.mean", "running_mean", Up),
    ("runtimes", "", "init.preset", "latency_ms_p99", Up),
    ("runtimes", "", "keep_alive", "p_cold", Down),
    ("runtimes", "", "arrivals.rate_per_s", "p_cold", Down),
    ("runtimes", "", "service.mean", "latency_ms_p50", Up),
    ("burst", "", "arrivals.2.size", "cold_starts", Up),
    ("burst", "", "arrivals.1.size", "p_cold", Down),
    ("burst", "", "init.mean", "latency_ms_p50", Up),
    ("burst", "", "provisioned", "cold_starts", Down),
    ("counter", "", "service.mean", "served_per_env_max", Down),
    ("counter", "", "arrivals.count", "served_per_env_max", Up),
    ("counter", "", "keep_alive", "served_per_env_max", Up),
    ("concurrency", "", "arrivals.rate_per_s", "p_throttled", Up),
    ("concurrency", "", "service.mean", "p_throttled", Up),
    ("concurrency", "", "max_concurrency", "p_throttled", Down),
    ("slow-database", "", "service.mean", "p_throttled", Up),
    ("slow-database", "", "max_concurrency", "p_throttled", Down),
    ("slow-database", "", "arrivals.rate_per_s", "p_throttled", Up),
    ("two-gates", "", "service.mean", "running_mean", Up),
    ("two-gates", "service.mean=200ms", "max_concurrency", "p_throttled", Down),
    ("two-gates", "", "rps_limit", "p_throttled", Down),
    ("many-in-one", "", "concurrency_per_env", "servers_max", Down),
    ("many-in-one", "", "concurrency_per_env", "cold_starts", Down),
    ("many-in-one", "", "service.mean", "servers_max", Up),
    ("many-in-one", "", "service.mean", "latency_ms_p50", Up),
    ("noisy-neighbour", "", "functions.orders.reserved", "orders.p_throttled", Down),
    ("noisy-neighbour", "", "functions.reports.reserved", "orders.p_throttled", Down),
    ("noisy-neighbour", "", "functions.reports.share", "orders.requests", Down),
    ("noisy-neighbour", "", "max_concurrency", "orders.p_throttled", Down),
    ("ramp", "", "arrivals.rate_per_s", "p_throttled", Up),
    ("ramp", "", "service.mean", "p_throttled", Up),
    ("ramp", "", "scale_burst", "p_throttled", Down),
    ("ramp", "", "scale_per_s", "p_throttled", Down),
    ("provisioned", "", "provisioned", "cold_starts", Down),
    ("provisioned", "", "arrivals.amplitude_per_s", "provisioned_used", Down),
    ("provisioned", "", "keep_alive", "p_cold", Down),
    ("provisioned", "", "memory_mb", "cost_usd", Up),
    ("crossover", "", "requests_per_month", "faas_usd", Up),
    ("crossover", "", "duration", "crossover_requests", Down),
    ("crossover", "", "memory_mb", "crossover_requests", Down),
    ("crossover", "", "free_tier", "faas_usd", Down),
    ("crossover", "", "vm_usd_per_month", "crossover_requests", Up),
    ("monthly-bill", "", "requests_per_month", "faas_usd", Up),
    ("monthly-bill", "", "duration", "faas_usd", Up),
    ("monthly-bill", "", "memory_mb", "faas_usd", Up),
    ("monthly-bill", "", "free_tier", "faas_usd", Up),
    ("borrowed-percent", "", "requests_per_month", "faas_usd", Up),
    ("borrowed-percent", "", "duration", "crossover_requests", Down),
    ("memory-tuning", "", "cpu_ms_at_1769", "duration_ms.512", Up),
    ("memory-tuning", "", "io_ms", "cheapest_mb", Down),
    ("memory-tuning", "", "arch", "cost_usd_per_million.512", Down),
    ("five-hops", "", "services.mail.async", "availability", Up),
    ("five-hops", "", "services.mail.async", "latency_ms_p50", Down),
    ("five-hops", "", "services.stock.async", "availability", Up),
    ("five-hops", "", "services.tax.retries", "availability", Up),
    ("waiting-chain", "", "services.invoice.async", "latency_ms_p50", Down),
    ("waiting-chain", "", "services.payment.async", "order.in_flight_max", Down),
    ("waiting-chain", "", "services.invoice.service.mean", "order.in_flight_max", Up),
    ("poison-message", "", "partial_batch", "dead_lettered", Down),
    ("poison-message", "", "partial_batch", "deliveries", Down),
    ("poison-message", "", "batch_size", "dead_lettered", Up),
    ("poison-message", "", "visibility", "age_max_s", Up),
    ("poison-message", "", "max_receive", "deliveries", Up),
    ("poison-message", "partial_batch=true", "service.mean", "duplicates", Up),
    ("queue-drain", "", "arrivals.size", "drained_at_s", Up),
    ("queue-drain", "", "batch_size", "drained_at_s", Down),
    ("queue-drain", "", "service.mean", "drained_at_s", Up),
    ("queue-drain", "", "pollers_per_min", "drained_at_s", Down),
    ("queue-drain", "", "pollers_per_min", "pollers_max_seen", Up),
    ("queue-drain", "", "max_concurrency", "drained_at_s", Down),
    ("retry-storm", "", "outage.for", "success", Down),
    ("retry-storm", "", "retries", "amplification", Up),
    ("retry-storm", "", "retries", "success", Down),
    ("retry-storm", "", "base", "wait_mean_s", Up),
    ("retry-storm", "", "base", "offered", Down),
    ("retry-storm", "retries=3", "jitter", "wait_mean_s", Down),
    ("retry-storm", "", "budget", "amplification", Down),
    ("retry-storm", "", "budget", "success", Up),
    ("retry-layers", "", "layers", "amplification", Up),
    ("retry-layers", "", "retries", "amplification", Up),
    ("retry-layers", "", "p_fail", "success", Down),
    ("retry-layers", "", "jitter", "wait_mean_s", Down),
    ("retry-layers", "", "budget", "amplification", Down),
    ("herd", "", "jitter", "completion_ms_last", Down),
    ("herd", "", "jitter", "attempts", Down),
    ("herd", "", "backoff", "completion_ms_last", Up),
    ("herd", "", "clients", "attempts", Up),
    ("herd", "", "cap", "completion_ms_last", Up),
    ("double-charge", "", "mode", "blocked_max_s", Down),
    ("double-charge", "", "mode", "out_of_order", Up),
    ("double-charge", "", "idempotency", "double_effects", Down),
    ("double-charge", "", "crash_p", "double_effects", Up),
    ("double-charge", "", "duplicate_p", "duplicates", Up),
    ("double-charge", "", "keys", "blocked_max_s", Down),
    ("idempotent-consumer", "", "ttl", "double_effects", Down),
    ("idempotent-consumer", "", "crash_p", "double_effects", Up),
    ("slow-dependency", "", "services.fraud.service.mean", "availability", Down),
    ("slow-dependency", "", "services.fraud.service.mean", "fraud.in_flight_max", Up),
    ("slow-dependency", "", "services.fraud.timeout", "checkout.in_flight_max", Up),
    ("slow-dependency", "", "services.fraud.timeout", "latency_ms_p50", Up),
    ("slow-dependency", "", "services.fraud.bulkhead", "fraud.in_flight_max", Down),
    ("slow-dependency", "", "services.fraud.bulkhead", "failed_fast", Up),
    ("slow-dependency", "", "services.fraud.breaker.threshold", "failed_fast", Down),
    ("slow-dependency", "", "services.fraud.breaker.threshold", "availability", Down),
    ("slow-dependency", "", "services.fraud.async", "availability", Up),
    ("slow-dependency", "", "services.fraud.async", "latency_ms_p99", Down),
    ("fragile-database", "", "max_concurrency", "duplicates", Up),
    ("fragile-database", "", "backend_capacity_per_s", "drained_at_s", Down),
    ("fan-out-tail", "", "branches", "p_any_slow", Up),
    ("fan-out-tail", "", "branches", "latency_ms_p50", Up),
    ("fan-out-tail", "", "leaf.sigma", "latency_ms_p99", Up),
    ("fan-out-tail", "", "hedge_at", "latency_ms_p99", Down),
    ("fan-out-tail", "", "hedge_at", "extra_load", Up),
    ("fan-out-tail", "", "quorum", "latency_ms_p50", Down),
    ("panic-window", "", "arrivals.2.rate_per_s.1", "pods_max", Up),
    ("panic-window", "", "stable_window", "panic_exit_s", Up),
    ("panic-window", "", "panic_window_percent", "latency_ms_p99", Up),
    ("panic-window", "", "panic_threshold", "panic_enter_s", Up),
    ("panic-window", "", "pod_start", "pods_max", Up),
    ("panic-window", "", "pod_start", "cold_starts", Up),
    ("server-or-functions", "", "arrivals.rate_per_s", "p_wait", Up),
    ("server-or-functions", "", "arrivals.rate_per_s", "functions.wasted", Down),
    ("server-or-functions", "", "service.mean", "utilisation", Up),
    ("server-or-functions", "", "servers", "p_wait", Down),
    ("server-or-functions", "", "servers", "utilisation", Down),
    ("server-or-functions", "", "beside.keep_alive", "functions.p_cold", Down),
    ("server-or-functions", "", "beside.keep_alive", "functions.wasted", Up),
    ("server-or-functions", "", "beside.init.mean", "functions.latency_ms_mean", Up),
    ("warm-and-late", "", "arrivals.rate_per_s", "sojourn_s_p99", Up),
    ("warm-and-late", "", "beside.provisioned", "functions.cold_starts", Down),
    ("warm-and-late", "", "beside.service.mean", "functions.latency_ms_p99", Up),
];

/// Runs of which the means are compared.
const RUNS: u64 = 5;

fn read(id: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/scenarios/{id}.toml"));
    let text = fs::read_to_string(path).unwrap();
    let (file, files) = (format!("{id}.toml"), Files::new());
    let written = Written { file: &file, text: &text, origin: Origin::File, files: &files };
    let (scenario, faults) = written.read(&[]);
    assert!(faults.is_empty(), "{id}: {faults:?}");
    scenario.unwrap()
}

fn turned(scenario: &Scenario, settings: &[Setting]) -> Scenario {
    scenario.with(settings, &Files::new()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn mean(scenario: &Scenario, metric: &str) -> f64 {
    let estimate = scenario.estimate(RUNS).unwrap();
    estimate.intervals.get(metric).map_or(f64::NAN, |interval| interval.mean)
}

/// The picture at a share of the run.
fn drawn(scenario: &Scenario, share: f64) -> Picture {
    let (_, history) = scenario.history(&mut |_| true).unwrap();
    seen(scenario, &history, share)
}

fn seen(scenario: &Scenario, history: &History, share: f64) -> Picture {
    let theory = scenario.theory();
    picture::of(&Shown {
        scenario,
        history,
        at: SimTime::from_secs_f64(history.end_s() * share),
        estimate: None,
        theory: &theory,
        curve: None,
        before: None,
    })
}

/// The names of the simulations of the course.
fn ids() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenarios");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_control_moves_the_numbers_and_the_picture() {
    let mut wrong = Vec::new();
    for &(id, before, param, metric, way) in TURNS {
        let mut scenario = read(id);
        if !before.is_empty() {
            scenario = turned(&scenario, &[Setting::parse(before).unwrap()]);
        }
        let control = scenario.controls.iter().find(|control| control.param == param).unwrap();
        let bounds = control.bounds();
        let [first, .., last] = bounds.as_slice() else { panic!("{id} {param}: {bounds:?}") };
        let ends =
            [first, last].map(|value| turned(&scenario, &[Setting::new(param, value).unwrap()]));
        let [low, high] = [0, 1].map(|end| mean(&ends[end], metric));
        let moves = if way == Up { low < high } else { low > high };
        if !moves {
            wrong.push(format!("{id}: {metric} from {low} to {high}, {param} {first} to {last}"));
        }
        let [low, high] = [0, 1].map(|end| drawn(&ends[end], 1.0));
        if low.views == high.views {
            wrong.push(format!("{id}: {param} does not move the picture"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_of_the_course_is_turned() {
    for id in ids() {
        for control in read(&id).controls {
            let is_turned =
                TURNS.iter().any(|turn| (turn.0, turn.2) == (&id, control.param.as_str()));
            assert!(is_turned, "{id}: nobody turns {}", control.param);
        }
    }
}

#[test]
fn every_goal_is_reached_by_what_is_said_to_reach_it_and_not_at_once() {
    for id in ids() {
        let scenario = read(&id);
        for goal in &scenario.goals {
            let reached = |scenario: &Scenario| {
                let estimate = scenario.estimate(RUNS).unwrap();
                let means = estimate.intervals.iter();
                goal.when.holds(&means.map(|(name, one)| (name.clone(), one.mean)).collect())
            };
            assert!(!reached(&scenario), "{id}: reached at once: {}", goal.text);
            let settled = turned(&scenario, &goal.reached_by);
            assert!(reached(&settled), "{id}: not reached: {}", goal.text);
        }
    }
}

#[test]
fn every_view_fits_every_screen_at_every_moment() {
    for id in ids() {
        fits(&id, &read(&id));
    }
}

/// What an author may write, or a learner turn, and nobody has in mind.
const ODD: &[(&str, &str)] = &[
    ("poison-message", "arrivals.size=1"),
    ("poison-message", "visibility=1ms service.mean=10h max_receive=1000"),
    ("poison-message", "dead_letter=false duration=1h visibility=1s"),
    ("queue-drain", "arrivals.size=1 service.mean=0s"),
    ("queue-drain", "arrivals.at=10s"),
    ("queue-drain", "poison_share=1 arrivals.size=1000"),
    ("retry-storm", "outage.at=10m"),
    ("retry-storm", "outage.at=0s outage.for=1h"),
    ("retry-storm", "duration=1ms"),
    ("retry-storm", "capacity=0 layers=2"),
    ("retry-storm", "service.mean=1ns capacity=none"),
    ("retry-layers", "retries=none p_fail=0.9"),
    ("retry-layers", "retries=1000000 layers=10 p_fail=0"),
    ("herd", "clients=1"),
    ("herd", "backoff=none jitter=full clients=200"),
    ("double-charge", "keys=100000"),
    ("double-charge", "keys=1 crash_p=0.9"),
    ("double-charge", "arrivals.rate_per_s=0"),
    ("double-charge", "duration=1ms"),
    ("double-charge", "duplicate_p=1 mode=standard idempotency=claim ttl=1s"),
];

#[test]
fn odd_runs_have_pictures_too() {
    for &(id, settings) in ODD {
        let settings: Vec<Setting> =
            settings.split(' ').map(|setting| Setting::parse(setting).unwrap()).collect();
        fits(id, &turned(&read(id), &settings));
    }
}

/// Every view at some moments, on screens of some sizes.
fn fits(id: &str, scenario: &Scenario) {
    let (_, history) = scenario.history(&mut |_| true).unwrap();
    for share in [0.0, 0.01, 0.4, 1.0] {
        let picture = seen(scenario, &history, share);
        assert!(picture.timeline.len() <= 24, "{id}: {:?}", picture.timeline);
        assert!(!picture.summary.is_empty() && !picture.views.is_empty(), "{id}");
        for view in &picture.views {
            for (width, height) in [(78, 11), (40, 8), (78, 18), (118, 24), (20, 3)] {
                for ascii in [false, true] {
                    let rows = picture::set(view, width, height, ascii);
                    assert!(rows.len() <= height, "{id} {}", view.title);
                    for row in rows {
                        let text = row.text();
                        assert!(typeset::width(&text) <= width, "{id} {}: {text}", view.title);
                        assert!(!ascii || text.is_ascii(), "{id} {}: {text}", view.title);
                    }
                }
            }
            let table = picture::table(view);
            assert!(!table.heads.is_empty(), "{id} {}", view.title);
        }
    }
}

/// The latest moment that a view draws, in seconds: of lanes, and of areas, which are what was
/// measured (thin lines may be theory).
fn latest(view: &View) -> f64 {
    match &view.body {
        Body::Lanes(lanes) => {
            let runs = lanes.lanes.iter().flat_map(|lane| &lane.runs).map(|run| run.1);
            let marks = lanes.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.0);
            runs.chain(marks).fold(0.0, f64::max)
        }
        Body::Chart(chart) => {
            let areas = chart.lines.iter().filter(|line| line.stroke == Stroke::Area);
            areas.flat_map(|line| &line.points).map(|point| point.0).fold(0.0, f64::max)
        }
        Body::Pair(pair) => latest(&pair.0).max(latest(&pair.1)),
        _ => 0.0,
    }
}

#[test]
fn nothing_is_drawn_before_it_has_happened() {
    for id in ids() {
        let scenario = read(&id);
        let (_, history) = scenario.history(&mut |_| true).unwrap();
        for share in [0.0, 0.25, 0.6] {
            let at = history.end_s() * share;
            // What is counted in a stretch of time stands in its middle.
            let stretch = history.end_s() / 120.0;
            for view in seen(&scenario, &history, share).views {
                let latest = latest(&view);
                assert!(latest <= at + stretch, "{id}, {}: {latest} at {at}", view.title);
            }
        }
    }
}

/// The table of a view says what its drawing shows, for those who cannot see it.
#[test]
fn every_view_is_a_table_too() {
    for id in ids() {
        let scenario = read(&id);
        let (_, history) = scenario.history(&mut |_| true).unwrap();
        for view in seen(&scenario, &history, 0.7).views {
            let table = picture::table(&view);
            let title = &view.title;
            assert!(table.rows.iter().all(|row| row.len() == table.heads.len()), "{id}, {title}");
            let is_empty_grid = matches!(&view.body, Body::Grid(grid) if grid.cells.is_empty());
            let is_measured_later = title == "metrics" && scenario.theory().is_empty();
            let may_be_empty = is_empty_grid || is_measured_later;
            assert!(may_be_empty || !table.rows.is_empty(), "{id}, {title}");
        }
    }
}

/// The params that the program knows below `path` in the scenarios of `model`: what it names where
/// one is unknown. A path is "" or ends with a dot.
fn known_params(model: &str, path: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    for folder in ["assets/scenarios", "tests/scenarios"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let head = text.split("\n[").next().unwrap();
            if !head.contains(&format!("model = \"{model}\"")) {
                continue;
            }
            let files = Files::new();
            let written =
                Written { file: "a.toml", text: &text, origin: Origin::File, files: &files };
            let unknown = Setting::new(&format!("{path}zzzzzzzzzzzz"), "1").unwrap();
            let (_, faults) = written.read(&[unknown]);
            let hints = faults.iter().filter(|fault| fault.message.contains("zzzzzzzzzzzz"));
            let hints = hints.filter_map(|fault| fault.hint.as_deref()?.strip_prefix("known here"));
            known.extend(
                hints.flat_map(|hint| hint.split('`').skip(1).step_by(2)).map(String::from),
            );
        }
    }
    known
}

/// The models that the program names where one is unknown.
fn known_models() -> BTreeSet<String> {
    let (files, text) = (Files::new(), "model = \"zzzzzzzzzzzz\"");
    let written = Written { file: "a.toml", text, origin: Origin::File, files: &files };
    let (_, faults) = written.read(&[]);
    let mut hints = faults.iter().filter_map(|fault| fault.hint.as_deref());
    let names = hints.find_map(|hint| hint.strip_prefix("known models: ")).unwrap();
    names.split('`').skip(1).step_by(2).map(String::from).collect()
}

/// docs/scenarios.md names every param of every model that the program knows.
#[test]
fn every_param_is_told_of_in_the_section_of_its_model() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenarios.md");
    let docs = fs::read_to_string(docs).unwrap();
    let sections: BTreeMap<&str, &str> =
        docs.split("\n### `").skip(1).map(|section| section.split_once('`').unwrap()).collect();
    let below = |model: &str| match model {
        "platform" => ["", "retry.", "functions.1."].as_slice(),
        "chain" => &["", "services.1.", "services.1.breaker."],
        "cost" => &["", "extras."],
        "retry" => &["", "outage."],
        _ => &[""],
    };
    let models = known_models();
    for model in models.iter().map(String::as_str) {
        let section = sections.get(model).unwrap_or_else(|| panic!("no section of {model}"));
        let code: BTreeSet<&str> = section
            .split('`')
            .skip(1)
            .step_by(2)
            .flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .collect();
        for path in below(model) {
            let known = known_params(model, path);
            assert!(known.len() > 1, "{model}: {path} {known:?}");
            let untold: Vec<&String> =
                known.iter().filter(|param| !code.contains(param.as_str())).collect();
            assert!(untold.is_empty(), "{model}: {path} {untold:?}");
        }
    }
    assert!(sections.keys().copied().eq(models.iter().map(String::as_str)), "{sections:?}");
}
