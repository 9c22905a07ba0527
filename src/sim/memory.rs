//! The tuning curve: what a request takes and costs at each size of memory. Exact.
//!
//! Processor time comes with memory: 1,769 MB give one processor. A request is one thread, so above
//! that it gets no faster; below, its processor time is stretched by 1,769/size. What it waits for
//! others takes the same at every size.

use super::cost::billed_s;
use super::metric::Definition;
use super::prices::{Arch, Prices};
use super::theory::bill;
use super::time::SimDuration;
use super::{Metrics, Refused, Run, within};

/// The metrics of this model.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "duration_ms",
        unit: "ms",
        meaning: "how long a request runs at this size of memory",
    },
    Definition {
        name: "cost_usd_per_million",
        unit: "$",
        meaning: "what a million requests cost at this size of memory, the charge by request \
                  included, each duration billed in whole milliseconds",
    },
    Definition {
        name: "cheapest_mb",
        unit: "MB",
        meaning: "the size at which a million requests cost least, the smallest of equals",
    },
    Definition {
        name: "fastest_mb",
        unit: "MB",
        meaning: "the size at which a request runs shortest, the smallest of equals",
    },
];

/// The memory that comes with one whole processor, in MB.
pub const MB_PER_PROCESSOR: f64 = 1769.0;

/// A request's work and the sizes to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// The processor time of a request on a whole processor, 0 to 900,000 ms.
    pub cpu_ms_at_1769: f64,
    /// What a request waits for others, 0 to 900,000 ms.
    pub io_ms: f64,
    /// The sizes to try, 1 to 1,000 of them, each 128 to 10,240 MB.
    pub sizes_mb: Vec<u32>,
    /// The processor that the price is for.
    pub arch: Arch,
    /// What things cost.
    pub prices: Prices,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            cpu_ms_at_1769: 100.0,
            io_ms: 50.0,
            sizes_mb: vec![128, 256, 512, 1024, 1769, 3008],
            arch: Arch::X86,
            prices: Prices::default(),
        }
    }
}

/// The curve's metrics.
pub fn run(params: &Params, _run: &Run) -> Result<Metrics, Refused> {
    check(params)?;
    let mut metrics = Metrics::new();
    let mut sizes = params.sizes_mb.clone();
    sizes.sort_unstable();
    let (mut cheapest, mut fastest) = ((f64::INFINITY, 0), (f64::INFINITY, 0));
    for size in sizes {
        let duration_ms = duration_ms(params, size);
        let cost = cost_usd_per_million(params, size);
        metrics.insert(format!("duration_ms.{size}"), duration_ms);
        metrics.insert(format!("cost_usd_per_million.{size}"), cost);
        if cost < cheapest.0 {
            cheapest = (cost, size);
        }
        if duration_ms < fastest.0 {
            fastest = (duration_ms, size);
        }
    }
    metrics.insert("cheapest_mb".to_owned(), f64::from(cheapest.1));
    metrics.insert("fastest_mb".to_owned(), f64::from(fastest.1));
    Ok(metrics)
}

/// Nothing: the model is its own formula.
pub const fn theory(_params: &Params, _run: &Run) -> Metrics {
    Metrics::new()
}

/// The work of a run: one step a size.
#[expect(clippy::cast_precision_loss, reason = "there are at most 1,000 sizes")]
pub const fn events(params: &Params, _run: &Run) -> f64 {
    params.sizes_mb.len() as f64
}

/// How long a request runs with `size_mb`, in milliseconds.
fn duration_ms(params: &Params, size_mb: u32) -> f64 {
    let share = (f64::from(size_mb) / MB_PER_PROCESSOR).min(1.0);
    params.cpu_ms_at_1769 / share + params.io_ms
}

fn cost_usd_per_million(params: &Params, size_mb: u32) -> f64 {
    let billed = billed_s(SimDuration::from_secs_f64(duration_ms(params, size_mb) / 1e3));
    let gb = f64::from(size_mb) / 1024.0;
    let prices = &params.prices;
    1e6 * bill::per_request_usd(prices.request.usd, gb, billed, prices.gb_second_usd(params.arch))
}

fn check(params: &Params) -> Result<(), Refused> {
    for (name, value) in [("cpu_ms_at_1769", params.cpu_ms_at_1769), ("io_ms", params.io_ms)] {
        within(name, value, 0.0..=900_000.0)?;
    }
    if !(1..=1000).contains(&params.sizes_mb.len()) {
        let count = params.sizes_mb.len();
        return Err(Refused(format!("sizes_mb must have 1 to 1000 sizes, not {count}")));
    }
    params.sizes_mb.iter().try_for_each(|&size| within("sizes_mb", size, 128..=10_240))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = Run { seed: 1, duration: SimDuration::ZERO, warm_up: SimDuration::ZERO };

    fn curve(cpu_ms_at_1769: f64, io_ms: f64, sizes_mb: &[u32]) -> Metrics {
        let params =
            Params { cpu_ms_at_1769, io_ms, sizes_mb: sizes_mb.to_vec(), ..Params::default() };
        run(&params, &RUN).unwrap()
    }

    #[test]
    fn work_for_the_processor_gets_shorter_at_about_the_same_cost() {
        let curve = curve(1000.0, 0.0, &[512, 1024, 1769, 3008]);
        assert!((curve["duration_ms.512"] - 3_455.078_125).abs() < 1e-9);
        assert!((curve["duration_ms.1024"] - 1_727.539_062_5).abs() < 1e-9);
        assert!((curve["duration_ms.1769"] - 1000.0).abs() < 1e-9);
        let (half, full) = (curve["cost_usd_per_million.512"], curve["cost_usd_per_million.1024"]);
        assert!((half / full - 1.0).abs() < 1e-3, "{half} {full}");
        assert!((curve["cheapest_mb"] - 1769.0).abs() < 1e-9, "1 s is billed without rounding");
    }

    #[test]
    fn one_thread_gets_no_faster_above_one_processor() {
        let curve = curve(100.0, 50.0, &[3008, 1769, 10_240]);
        assert!((curve["duration_ms.10240"] - 150.0).abs() < 1e-9);
        assert!((curve["fastest_mb"] - 1769.0).abs() < 1e-9);
        assert!(curve["cost_usd_per_million.3008"] > curve["cost_usd_per_million.1769"]);
    }

    #[test]
    fn waiting_costs_with_every_megabyte() {
        let curve = curve(0.0, 200.0, &[128, 512]);
        assert!((curve["cost_usd_per_million.512"] - 1.866_67).abs() < 5e-6);
        assert!((curve["cheapest_mb"] - 128.0).abs() < 1e-9);
        assert!((curve["fastest_mb"] - 128.0).abs() < 1e-9, "the smallest of equals");
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for params in [
            Params { cpu_ms_at_1769: -1.0, ..Params::default() },
            Params { io_ms: f64::NAN, ..Params::default() },
            Params { sizes_mb: vec![], ..Params::default() },
            Params { sizes_mb: vec![64], ..Params::default() },
        ] {
            assert!(run(&params, &RUN).is_err(), "{params:?}");
        }
    }
}
