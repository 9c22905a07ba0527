//! The pictures of scenarios as a learner meets them: turning a control changes what is drawn, in
//! the direction that theory says; at a moment nothing is drawn that comes later.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; scenarios are files of this repository"
)]

use std::fs;
use std::path::Path;

use coldstart::course::Files;
use coldstart::course::scenario::{History, Scenario, Setting, Written};
use coldstart::course::toml_file::Origin;
use coldstart::picture::{self, Body, Picture, Shown, Stroke, View};
use coldstart::sim::Metrics;
use coldstart::sim::time::SimTime;

/// What a control does between two of its values: the metric that must rise or fall.
struct Turn {
    scenario: &'static str,
    param: &'static str,
    from: &'static str,
    to: &'static str,
    metric: &'static str,
    rises: bool,
}

const fn turn(
    scenario: &'static str,
    param: &'static str,
    (from, to): (&'static str, &'static str),
    metric: &'static str,
    rises: bool,
) -> Turn {
    Turn { scenario, param, from, to, metric, rises }
}

const TURNS: &[Turn] = &[
    turn("keep-alive", "keep_alive", ("0s", "30m"), "p_cold", false),
    turn("keep-alive", "arrivals.gap", ("1m", "40m"), "p_cold", true),
    turn("keep-alive", "init.mean", ("0s", "3s"), "latency_ms_mean", true),
    turn("keep-alive", "service.mean", ("20ms", "2s"), "latency_ms_mean", true),
    turn("random-gaps", "keep_alive", ("0s", "1h"), "p_cold", false),
    turn("random-gaps", "arrivals.rate_per_s", ("0.0002", "0.2"), "p_cold", false),
    turn("random-gaps", "service.mean", ("50ms", "30s"), "running_mean", true),
    turn("concurrency", "arrivals.rate_per_s", ("1", "500"), "p_throttled", true),
    turn("concurrency", "service.mean", ("50ms", "2s"), "p_throttled", true),
    turn("concurrency", "max_concurrency", ("5", "200"), "p_throttled", false),
    turn(
        "noisy-neighbour",
        "functions.orders.reserved",
        ("none", "30"),
        "orders.p_throttled",
        false,
    ),
    turn(
        "noisy-neighbour",
        "functions.reports.reserved",
        ("none", "5"),
        "orders.p_throttled",
        false,
    ),
    turn("noisy-neighbour", "functions.reports.share", ("1", "10"), "orders.requests", false),
    turn("noisy-neighbour", "max_concurrency", ("50", "150"), "orders.p_throttled", false),
    turn("ramp", "arrivals.rate_per_s", ("200", "4000"), "p_throttled", true),
    turn("ramp", "service.mean", ("400ms", "2s"), "last_throttle_s", true),
    turn("ramp", "scale_burst", ("500", "3000"), "p_throttled", false),
    turn("ramp", "scale_per_s", ("50", "300"), "p_throttled", false),
    turn("provisioned", "provisioned", ("0", "24"), "cold_starts", false),
    turn("provisioned", "arrivals.amplitude_per_s", ("0", "2"), "provisioned_used", false),
    turn("provisioned", "keep_alive", ("0s", "15m"), "p_cold", false),
    turn("provisioned", "memory_mb", ("128", "3008"), "cost_usd", true),
    turn("crossover", "requests_per_month", ("100000", "1000000000"), "faas_usd", true),
    turn("crossover", "duration", ("10ms", "2s"), "crossover_requests", false),
    turn("crossover", "memory_mb", ("128", "3072"), "crossover_requests", false),
    turn("crossover", "free_tier", ("false", "true"), "faas_usd", false),
    turn("crossover", "vm_usd_per_month", ("5", "500"), "crossover_requests", true),
    turn("memory-tuning", "cpu_ms_at_1769", ("5", "2000"), "duration_ms.512", true),
    turn("memory-tuning", "io_ms", ("0", "2000"), "cheapest_mb", false),
    turn("memory-tuning", "arch", ("x86_64", "arm64"), "cost_usd_per_million.512", false),
];

fn scenario(name: &str, settings: &[Setting]) -> Scenario {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("assets/scenarios/{name}.toml");
    let text = fs::read_to_string(root.join(&file)).unwrap();
    let files = Files::new();
    let written = Written { file: &file, text: &text, origin: Origin::File, files: &files };
    let (scenario, faults) = written.read(settings);
    scenario.unwrap_or_else(|| panic!("{name}: {faults:?}"))
}

fn told(scenario: &Scenario) -> (Metrics, History) {
    scenario.history(&mut |_| true).unwrap()
}

/// The picture of a run at a share of it.
fn pictured(scenario: &Scenario, history: &History, share: f64) -> Picture {
    let theory = scenario.theory();
    let at = SimTime::from_secs_f64(history.end_s() * share);
    let (estimate, curve, before) = (None, None, None);
    picture::of(&Shown { scenario, history, at, estimate, theory: &theory, curve, before })
}

fn drawn(view: &View, width: usize, height: usize, ascii: bool) -> String {
    let rows = picture::set(view, width, height, ascii);
    assert!(rows.len() <= height, "{}: {} rows", view.title, rows.len());
    let line = |row: &coldstart::typeset::Row| {
        assert!(row.width() <= width, "{}: {:?}", view.title, row.text());
        row.text() + "\n"
    };
    rows.iter().map(line).collect()
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = TURNS.iter().map(|turn| turn.scenario).collect();
    names.dedup();
    names
}

#[test]
fn turning_a_control_changes_the_picture_as_theory_says() {
    let mut wrong = Vec::new();
    for turn in TURNS {
        let at = |value: &str| {
            let setting = Setting::new(turn.param, value).unwrap();
            let scenario = scenario(turn.scenario, &[setting]);
            let (metrics, history) = told(&scenario);
            let picture = pictured(&scenario, &history, 1.0);
            let shows = picture.views.iter().map(|view| drawn(view, 78, 11, false));
            (metrics.get(turn.metric).copied(), shows.collect::<String>())
        };
        let ((before, picture_before), (after, picture_after)) = (at(turn.from), at(turn.to));
        let name = format!("{} {} {}→{}", turn.scenario, turn.param, turn.from, turn.to);
        // Where nothing is turned away, there is no last time of it.
        let (before, after) = (before.unwrap_or(0.0), after.unwrap_or(0.0));
        let is_right = if turn.rises { after > before } else { after < before };
        if !is_right {
            wrong.push(format!("{name}: {} from {before} to {after}", turn.metric));
        }
        if picture_before == picture_after {
            wrong.push(format!("{name}: the picture stays as it is"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_of_these_scenarios_is_turned() {
    for name in names() {
        for control in &scenario(name, &[]).controls {
            let is_turned = |turn: &&Turn| turn.scenario == name && turn.param == control.param;
            assert!(TURNS.iter().any(|turn| is_turned(&turn)), "{name}: {}", control.param);
        }
    }
}

#[test]
fn every_view_fits_the_smallest_screen_in_both_alphabets() {
    for name in names() {
        let scenario = scenario(name, &[]);
        let (_, history) = told(&scenario);
        for share in [0.0, 0.37, 1.0] {
            let picture = pictured(&scenario, &history, share);
            assert!(picture.views.len() > 1 && picture.timeline.len() <= 9, "{name}");
            assert!(picture.summary.ends_with('.'), "{name}: {}", picture.summary);
            for view in &picture.views {
                for (width, height) in [(78, 11), (118, 24), (40, 8), (20, 4), (3, 2), (0, 0)] {
                    drawn(view, width, height, false);
                    let plain = drawn(view, width, height, true);
                    assert!(plain.is_ascii(), "{name}, {}: {plain}", view.title);
                }
                assert!(!view.title.is_empty(), "{name}");
            }
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
    for name in names() {
        let scenario = scenario(name, &[]);
        let (_, history) = told(&scenario);
        for share in [0.0, 0.25, 0.6] {
            let at = history.end_s() * share;
            // What is counted in a stretch of time stands in its middle.
            let stretch = history.end_s() / 120.0;
            for view in pictured(&scenario, &history, share).views {
                let latest = latest(&view);
                assert!(latest <= at + stretch, "{name}, {}: {latest} at {at}", view.title);
            }
        }
    }
}

/// The table of a view says what its drawing shows, for those who cannot see it.
#[test]
fn every_view_is_a_table_too() {
    for name in names() {
        let scenario = scenario(name, &[]);
        let (_, history) = told(&scenario);
        for view in pictured(&scenario, &history, 0.7).views {
            let table = picture::table(&view);
            let title = &view.title;
            assert!(table.rows.iter().all(|row| row.len() == table.heads.len()), "{name}, {title}");
            let is_empty_grid = matches!(&view.body, Body::Grid(grid) if grid.cells.is_empty());
            let is_measured_later = title == "metrics" && scenario.theory().is_empty();
            let may_be_empty = is_empty_grid || is_measured_later;
            assert!(may_be_empty || !table.rows.is_empty(), "{name}, {title}");
        }
    }
}
