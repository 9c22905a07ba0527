//! What every metric means, said once: its unit, and of what it is a share or a mean; and how
//! its numbers are said.

mod words;

pub use words::{clock, decimals, digits, label, said, thousands};

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// As scenario files and `--json` name it.
    pub name: &'static str,
    /// The unit of its number; empty for counts and shares.
    pub unit: &'static str,
    /// What is counted or averaged, over what; one sentence without a full stop.
    pub meaning: &'static str,
}

/// How numbers are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A number of things a second.
    PerSecond,
    /// A share, said in percent.
    Share,
    /// Seconds, said as milliseconds to days.
    Seconds,
    /// US dollars.
    Usd,
    /// Megabytes.
    Megabytes,
}

/// The metrics of a model; empty for one that is not known.
pub fn definitions(model: &str) -> &'static [Definition] {
    match model {
        "chain" => super::chain::DEFINITIONS,
        "cost" => super::cost::DEFINITIONS,
        "fan-out" => super::fan_out::DEFINITIONS,
        "memory" => super::memory::DEFINITIONS,
        "knative" => super::knative::DEFINITIONS,
        "ordering" => super::ordering::DEFINITIONS,
        "queue" => super::queue::DEFINITIONS,
        "retry" => super::retry::DEFINITIONS,
        "platform" => super::platform::DEFINITIONS,
        "pool" => super::pool::DEFINITIONS,
        _ => &[],
    }
}

/// The definition of a model's metric; a dotted name (`orders.availability`, `duration_ms.512`) is
/// defined by the part of it that is a metric.
pub fn definition(model: &str, name: &str) -> Option<&'static Definition> {
    let find = |name: &str| definitions(model).iter().find(|definition| definition.name == name);
    find(name).or_else(|| find(name.rsplit_once('.')?.1)).or_else(|| find(name.rsplit_once('.')?.0))
}

/// The metrics said of a run where nothing asks for others, of any model, the most telling first.
pub const TELLING: [&str; 30] = [
    "p_cold",
    "p_throttled",
    "p_any_slow",
    "availability",
    "latency_ms_p50",
    "latency_ms_p99",
    "sojourn_s_p99",
    "wait_mean_s",
    "utilisation",
    "servers_max",
    "wasted",
    "cost_usd",
    "backlog_max",
    "age_max_s",
    "dead_lettered",
    "amplification",
    "goodput_per_s",
    "time_to_recover_s",
    "lost",
    "extra_load",
    "faas_usd",
    "vm_usd",
    "crossover_requests",
    "cheapest_mb",
    "fastest_mb",
    "pods_max",
    "cold_starts",
    "out_of_order",
    "double_effects",
    "blocked_max_s",
];
