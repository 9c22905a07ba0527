//! What a month costs by the request, and on a machine that always runs. Exact: no chance, no time.

use super::metric::Definition;
use super::prices::{Arch, HOURS_PER_MONTH, Prices};
use super::theory::bill;
use super::time::{SimDuration, as_f64};
use super::{Metrics, Refused, Run, set_within, within};

/// The metrics of this model.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "faas_usd",
        unit: "$",
        meaning: "the month's bill for the functions with everything beside them, the sum of the \
                  bill's lines",
    },
    Definition {
        name: "vm_usd",
        unit: "$",
        meaning: "the month's bill for as many machines as the month's mean rate needs, at least \
                  one",
    },
    Definition {
        name: "crossover_requests",
        unit: "requests",
        meaning: "the fewest requests a month at which the functions cost as much as the machines",
    },
];

/// A month's load and what it is billed by.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Requests a month, 0 to 10¹².
    pub requests_per_month: f64,
    /// How long a request runs, 0 to 15 minutes; billed in whole milliseconds, rounded up.
    pub duration: SimDuration,
    /// The memory of an environment, 128 to 32,768 MB; 1 GB is 1,024 MB.
    pub memory_mb: f64,
    /// The processor.
    pub arch: Arch,
    /// Whether the month's free requests and GB-seconds are taken off.
    pub free_tier: bool,
    /// What one machine costs a month, 0 to 10⁹ dollars; without it nothing is compared.
    pub vm_usd_per_month: Option<f64>,
    /// The requests a second that one machine can serve; without it one machine serves all.
    pub vm_capacity_per_s: Option<f64>,
    /// Environments held ready the whole month, 0 to 10⁶. Requests are billed as if on demand.
    pub provisioned: u64,
    /// What comes beside the functions.
    pub extras: Extras,
    /// What things cost.
    pub prices: Prices,
}

/// What comes beside the functions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extras {
    /// Whether every request comes through an HTTP API.
    pub http_api: bool,
    /// Logs taken in a month, in GB.
    pub logs_gb: f64,
    /// Traffic through one NAT gateway a month, in GB; `None` without a gateway.
    pub nat_gb: Option<f64>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            requests_per_month: 1e6,
            duration: SimDuration::from_millis(100),
            memory_mb: 512.0,
            arch: Arch::X86,
            free_tier: false,
            vm_usd_per_month: None,
            vm_capacity_per_s: None,
            provisioned: 0,
            extras: Extras::default(),
            prices: Prices::default(),
        }
    }
}

/// One line of the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is paid for.
    pub name: &'static str,
    /// How much of it, after what is free.
    pub quantity: f64,
    /// What one of it is.
    pub unit: &'static str,
    /// What it costs a month.
    pub usd: f64,
}

/// The bill of the functions, line by line; what is not used has no line, but requests and compute
/// always have one.
pub fn lines(params: &Params) -> Result<Vec<Line>, Refused> {
    check(params)?;
    Ok(lines_at(params, params.requests_per_month))
}

/// What `requests` a month cost as functions, and on machines where there is a price for them.
pub fn bills(params: &Params, requests: f64) -> Result<(f64, Option<f64>), Refused> {
    check(params)?;
    Ok((faas_usd(params, requests), vm_usd(params, requests)))
}

/// The month's metrics.
pub fn run(params: &Params, _run: &Run) -> Result<Metrics, Refused> {
    check(params)?;
    let requests = params.requests_per_month;
    let mut metrics = Metrics::from([("faas_usd".to_owned(), faas_usd(params, requests))]);
    if let Some(vm) = vm_usd(params, requests) {
        metrics.insert("vm_usd".to_owned(), vm);
    }
    if let Some(requests) = crossover(params) {
        metrics.insert("crossover_requests".to_owned(), requests);
    }
    Ok(metrics)
}

/// O10, where neither free tier, price steps, fixed lines nor a second machine play a part.
pub fn theory(params: &Params, _run: &Run) -> Metrics {
    let mut metrics = Metrics::new();
    let fixed = params.provisioned > 0
        || params.extras.logs_gb > 0.0
        || params.extras.nat_gb.is_some()
        || params.vm_capacity_per_s.is_some();
    let [first, ..] = params.prices.compute(params.arch);
    let in_first_step = |requests: f64| requests * gb_seconds(params) <= first.up_to;
    if params.free_tier || fixed || check(params).is_err() {
        return metrics;
    }
    let front_usd = if params.extras.http_api { params.prices.http_api.usd } else { 0.0 };
    let each = bill::per_request_usd(
        params.prices.request.usd + front_usd,
        params.memory_mb / MB_PER_GB,
        billed_s(params.duration),
        first.usd,
    );
    if in_first_step(params.requests_per_month) {
        metrics.insert("faas_usd".to_owned(), params.requests_per_month * each);
    }
    if let Some(vm) = params.vm_usd_per_month {
        let crossover = bill::crossover_requests(vm, each);
        if in_first_step(crossover) {
            metrics.insert("crossover_requests".to_owned(), crossover);
        }
    }
    metrics
}

/// The work of a run: next to none.
pub const fn events(_params: &Params, _run: &Run) -> f64 {
    1.0
}

const MB_PER_GB: f64 = 1024.0;
const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3600.0;

/// More requests a month than this are not looked at.
const REQUESTS_MAX: f64 = 1e12;

/// The part of `duration` that is paid for, in seconds: whole milliseconds, rounded up.
pub(super) fn billed_s(duration: SimDuration) -> f64 {
    as_f64(duration.0.div_ceil(1_000_000)) / 1e3
}

/// The GB-seconds of one request.
fn gb_seconds(params: &Params) -> f64 {
    params.memory_mb / MB_PER_GB * billed_s(params.duration)
}

fn check(params: &Params) -> Result<(), Refused> {
    within("requests_per_month", params.requests_per_month, 0.0..=REQUESTS_MAX)?;
    within("duration in seconds", params.duration.as_secs_f64(), 0.0..=900.0)?;
    within("memory_mb", params.memory_mb, 128.0..=32_768.0)?;
    set_within("vm_usd_per_month", params.vm_usd_per_month, 0.0..=1e9)?;
    set_within("vm_capacity_per_s", params.vm_capacity_per_s, 1e-6..=1e9)?;
    within("provisioned", as_f64(params.provisioned), 0.0..=1e6)?;
    within("extras.logs_gb", params.extras.logs_gb, 0.0..=1e9)?;
    set_within("extras.nat_gb", params.extras.nat_gb, 0.0..=1e9)
}

fn lines_at(params: &Params, requests: f64) -> Vec<Line> {
    let prices = &params.prices;
    let (free_requests, free_gb_seconds) =
        if params.free_tier { (prices.free_requests, prices.free_gb_seconds) } else { (0.0, 0.0) };
    let paid_requests = (requests - free_requests).max(0.0);
    let paid_gb_seconds = (requests * gb_seconds(params) - free_gb_seconds).max(0.0);
    let line = |name, quantity, unit, usd_each: f64| Line {
        name,
        quantity,
        unit,
        usd: quantity * usd_each,
    };
    let mut lines = vec![
        line("Requests", paid_requests, prices.request.unit, prices.request.usd),
        Line {
            name: "Compute",
            quantity: paid_gb_seconds,
            unit: "GB-second",
            usd: bill::tiered_usd(paid_gb_seconds, prices.compute(params.arch)),
        },
    ];
    if params.provisioned > 0 {
        let held = as_f64(params.provisioned) * params.memory_mb / MB_PER_GB * SECONDS_PER_MONTH;
        let price = prices.provisioned(params.arch);
        lines.push(line("Provisioned concurrency", held, price.unit, price.usd));
    }
    if params.extras.http_api {
        lines.push(line("HTTP API", requests, prices.http_api.unit, prices.http_api.usd));
    }
    if params.extras.logs_gb > 0.0 {
        lines.push(line("Logs", params.extras.logs_gb, prices.logs_gb.unit, prices.logs_gb.usd));
    }
    if let Some(traffic_gb) = params.extras.nat_gb {
        let hour = prices.nat_hour;
        lines.push(line("NAT gateway, standing", HOURS_PER_MONTH, hour.unit, hour.usd));
        lines.push(line("NAT gateway, traffic", traffic_gb, prices.nat_gb.unit, prices.nat_gb.usd));
    }
    lines
}

fn faas_usd(params: &Params, requests: f64) -> f64 {
    lines_at(params, requests).iter().map(|line| line.usd).sum()
}

/// How many machines serve `requests` a month, evenly spread; at least one.
fn machines(params: &Params, requests: f64) -> f64 {
    params
        .vm_capacity_per_s
        .map_or(1.0, |capacity| (requests / (capacity * SECONDS_PER_MONTH)).ceil().max(1.0))
}

fn vm_usd(params: &Params, requests: f64) -> Option<f64> {
    params.vm_usd_per_month.map(|usd| usd * machines(params, requests))
}

/// The fewest requests a month at which the functions cost as much as the machines: within a
/// number of machines the functions' bill only rises, so each number of machines is looked at in
/// turn.
fn crossover(params: &Params) -> Option<f64> {
    let vm = params.vm_usd_per_month?;
    let each_machine = params.vm_capacity_per_s.map_or(REQUESTS_MAX, |c| c * SECONDS_PER_MONTH);
    let mut machines = 1.0;
    let mut from = 0.0;
    // The price of a request is the same but for a few steps, so that beyond the first thousand
    // machines a crossing would have been met before; the bound keeps the work small.
    while from < REQUESTS_MAX && machines <= 1000.0 {
        let usd = vm * machines;
        let to = (each_machine * machines).min(REQUESTS_MAX);
        if faas_usd(params, to) >= usd {
            return Some(first_reaching(params, usd, from, to));
        }
        from = to;
        machines += 1.0;
    }
    None
}

/// The fewest requests in `low..=high` for which the functions cost `usd`; at `high` they do.
fn first_reaching(params: &Params, usd: f64, mut low: f64, mut high: f64) -> f64 {
    if faas_usd(params, low) >= usd {
        return low;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if faas_usd(params, middle) >= usd { high = middle } else { low = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = Run { seed: 1, duration: SimDuration::ZERO, warm_up: SimDuration::ZERO };

    fn month(millions: f64, memory_mb: f64, milliseconds: u64, free_tier: bool) -> Params {
        Params {
            requests_per_month: millions * 1e6,
            duration: SimDuration::from_millis(milliseconds),
            memory_mb,
            free_tier,
            ..Params::default()
        }
    }

    fn metric(params: &Params, name: &str) -> f64 {
        run(params, &RUN).unwrap()[name]
    }

    #[track_caller]
    fn assert_usd(params: &Params, usd: f64, half: f64) {
        let found = metric(params, "faas_usd");
        assert!((found - usd).abs() <= half, "{found} is not {usd}");
    }

    #[test]
    fn p10_bills() {
        assert_usd(&month(1.0, 512.0, 200, false), 1.866_67, 5e-6);
        assert_usd(&month(3.0, 1536.0, 120, true), 2.733_338, 5e-7);
        assert_usd(&month(100.0, 1024.0, 300, true), 513.134_32, 5e-6);
    }

    #[test]
    fn p10_crossover() {
        let params = Params { vm_usd_per_month: Some(30.368), ..month(1.0, 512.0, 200, false) };
        assert!((metric(&params, "crossover_requests") - 16_268_542.0).abs() < 0.5);
        assert!((metric(&params, "vm_usd") - 30.368).abs() < 1e-12);
        let theory = theory(&params, &RUN);
        for name in ["crossover_requests", "faas_usd"] {
            let exact = theory[name];
            assert!((metric(&params, name) - exact).abs() < 1e-9 * exact, "{name}");
        }
    }

    #[test]
    fn the_lessons_bills() {
        assert_usd(&month(3.0, 512.0, 120, true), 0.40, 5e-7);
        assert_usd(&month(3.0, 512.0, 120, false), 3.60, 5e-5);
        assert_usd(&month(5.0, 512.0, 200, false), 9.33, 5e-3);
        let ready = Params { provisioned: 10, ..month(0.0, 1024.0, 100, false) };
        assert_usd(&ready, 109.50, 5e-3);
        let logged = Params {
            extras: Extras { logs_gb: 20.48, ..Extras::default() },
            ..month(0.0, 128.0, 100, false)
        };
        assert_usd(&logged, 10.24, 1e-9);
    }

    #[test]
    fn beside_the_functions_each_thing_has_a_line() {
        let params = Params {
            extras: Extras { http_api: true, logs_gb: 2.0, nat_gb: Some(100.0) },
            provisioned: 1,
            ..month(2.0, 1024.0, 100, true)
        };
        let lines = lines(&params).unwrap();
        let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
        assert_eq!(
            names,
            [
                "Requests",
                "Compute",
                "Provisioned concurrency",
                "HTTP API",
                "Logs",
                "NAT gateway, standing",
                "NAT gateway, traffic"
            ]
        );
        let usd: Vec<f64> = lines.iter().map(|line| (line.usd * 1e4).round() / 1e4).collect();
        assert_eq!(usd, [0.2, 0.0, 10.9501, 2.0, 1.0, 32.85, 4.5]);
        assert!(
            (metric(&params, "faas_usd") - lines.iter().map(|l| l.usd).sum::<f64>()).abs() < 1e-9
        );
    }

    #[test]
    fn large_months_reach_the_lower_steps() {
        // 20 bn GB-s: 6 at the first price, 9 at the second, 5 at the third.
        let x86 = month(20_000.0, 1024.0, 1000, false);
        assert_usd(
            &x86,
            4000.0 + 6e9 * 0.000_016_666_7 + 9e9 * 0.000_015 + 5e9 * 0.000_013_333_4,
            1e-4,
        );
        let arm = Params { arch: Arch::Arm, ..x86 };
        assert_usd(
            &arm,
            4000.0 + 7.5e9 * 0.000_013_333_4 + 11.25e9 * 0.000_012_000_1 + 1.25e9 * 0.000_010_666_7,
            1e-4,
        );
    }

    #[test]
    fn a_part_of_a_millisecond_is_a_millisecond() {
        let mut params = month(1.0, 1024.0, 2, false);
        let two = metric(&params, "faas_usd");
        params.duration = SimDuration(1_000_001);
        assert!((metric(&params, "faas_usd") - two).abs() < 1e-15);
    }

    #[test]
    fn the_free_tier_moves_the_crossover_out_and_more_machines_are_bought() {
        let params = Params { vm_usd_per_month: Some(30.368), ..month(1.0, 512.0, 200, true) };
        // 0.20 + 6.66668 dollars are free.
        let moved = metric(&params, "crossover_requests");
        assert!((moved - 19_947_114.38).abs() < 0.01, "{moved}");
        let small = Params { vm_capacity_per_s: Some(1.0), ..params.clone() };
        // One machine serves 2.6 M requests: at 10 M there are four, and never do they cost less.
        let small = Params { requests_per_month: 10e6, ..small };
        assert!((metric(&small, "vm_usd") - 4.0 * 30.368).abs() < 1e-9);
        assert!(!run(&small, &RUN).unwrap().contains_key("crossover_requests"));
        assert_eq!(theory(&small, &RUN), Metrics::new());
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for (params, name) in [
            (month(-1.0, 512.0, 1, false), "requests_per_month"),
            (month(f64::NAN, 512.0, 1, false), "requests_per_month"),
            (month(1.0, 1e308, 1, false), "memory_mb"),
            (month(1.0, 512.0, 900_001, false), "duration"),
            (Params { vm_capacity_per_s: Some(0.0), ..Params::default() }, "vm_capacity_per_s"),
        ] {
            let refused = run(&params, &RUN).unwrap_err().to_string();
            assert!(refused.starts_with(name), "{refused}");
        }
    }
}
