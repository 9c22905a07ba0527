//! What each metric of this model means.

use crate::sim::metric::Definition;

const fn metric(name: &'static str, unit: &'static str, meaning: &'static str) -> Definition {
    Definition { name, unit, meaning }
}

/// The metrics of this model.
pub const DEFINITIONS: &[Definition] = &[
    metric("requests", "", "requests that came after the warm-up; the following count these"),
    metric("attempts", "", "tries of requests, the first and all retries"),
    metric("served", "", "requests that ran to their end, also after the last arrival"),
    metric("cold_starts", "", "requests served for which a new environment started"),
    metric("throttled", "", "tries turned away at a limit"),
    metric("lost", "", "requests turned away that had no retry left"),
    metric("p_cold", "", "cold starts as a share of requests served"),
    metric("p_throttled", "", "tries turned away as a share of all tries"),
    metric("servers_mean", "", "environments, averaged over time"),
    metric("running_mean", "", "requests running (starts included), averaged over time"),
    metric("idle_mean", "", "environments without a request, averaged over time"),
    metric("wasted", "", "idle time as a share of the time of all environments"),
    metric("servers_max", "", "the most environments at one time"),
    metric("served_per_env_max", "", "the most requests that one environment served"),
    metric(
        "in_flight_end",
        "",
        "requests running or waiting for a retry when the duration was over",
    ),
    metric(
        "lifespan_mean_s",
        "s",
        "from the creation of an environment to its end, averaged over \
        those that ended within the duration",
    ),
    metric(
        "latency_ms_mean",
        "ms",
        "from a request's coming to its end (waits for retries \
        included), averaged over requests served",
    ),
    metric("latency_ms_p50", "ms", "the latency that half of the requests served stay within"),
    metric("latency_ms_p95", "ms", "the latency that 95 % of the requests served stay within"),
    metric("latency_ms_p99", "ms", "the latency that 99 % of the requests served stay within"),
    metric("latency_ms_p999", "ms", "the latency that 99.9 % of the requests served stay within"),
    metric("latency_ms_max", "ms", "the longest latency of a request served"),
    metric("first_throttle_s", "s", "when a try was first turned away"),
    metric("last_throttle_s", "s", "when a try was last turned away"),
    metric(
        "running_amplitude",
        "",
        "how far the requests running swing about their mean with a \
        sine of arrivals, over whole periods",
    ),
    metric(
        "running_lag_s",
        "s",
        "how long after the arrivals' the swing of the requests running \
        comes",
    ),
    metric("last_end_s", "s", "when the last request ended"),
    metric(
        "gb_seconds",
        "GB·s",
        "memory times the time requests ran, starts included, over \
        requests served; only where each has an environment to itself",
    ),
    metric(
        "cost_usd",
        "$",
        "requests served, their gigabyte-seconds (at the lower price where \
        they ran on what was provisioned) and what was provisioned, at list price on x86 without a \
        free tier; only where each request has an environment to itself",
    ),
    metric(
        "provisioned_used",
        "",
        "the time that requests ran on provisioned environments as a share \
        of the time that those were held for them",
    ),
];
