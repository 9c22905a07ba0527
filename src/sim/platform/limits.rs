//! What may run at once and how fast it may grow.

use super::Params;
use crate::sim::time::{NS_PER_S, as_f64};

/// The limits and how much of each is used.
pub(super) struct Limits {
    /// Which group of concurrency each function counts in; the last is that of all unreserved.
    groups: Vec<usize>,
    running: Vec<u64>,
    limit: Vec<u64>,
    environments: u64,
    bucket: Option<Bucket>,
    rate: Option<Rate>,
}

impl Limits {
    pub(super) fn new(params: &Params) -> Self {
        let mut limit: Vec<u64> = params.functions.iter().filter_map(|it| it.reserved).collect();
        let unreserved = limit.len();
        let kept: u64 = limit.iter().fold(0, |sum, &it| sum.saturating_add(it));
        limit.push(params.max_concurrency.map_or(u64::MAX, |all| all.saturating_sub(kept)));
        let mut reserved = 0..unreserved;
        let groups = params.functions.iter().map(|it| {
            if it.reserved.is_some() { reserved.next().unwrap_or(unreserved) } else { unreserved }
        });
        let mut groups: Vec<usize> = groups.collect();
        if groups.is_empty() {
            groups.push(unreserved);
        }
        Self {
            groups,
            running: vec![0; limit.len()],
            limit,
            environments: params.max_environments.unwrap_or(u64::MAX),
            bucket: Bucket::new(params),
            rate: params.rps_limit.map(Rate::new),
        }
    }

    /// Whether one more request of `function` may run.
    #[inline]
    pub(super) fn admits(&mut self, function: usize, now: u64) -> bool {
        let group = self.groups[function];
        self.running[group] < self.limit[group]
            && self.rate.as_mut().is_none_or(|rate| rate.admits(now))
    }

    /// Whether a new environment may start beside `alive` ones; if so its token is taken.
    #[inline]
    pub(super) fn grows(&mut self, alive: u64, now: u64) -> bool {
        alive < self.environments && self.bucket.as_mut().is_none_or(|bucket| bucket.take(now))
    }

    /// A request of `function` runs.
    #[inline]
    pub(super) fn begin(&mut self, function: usize) {
        self.running[self.groups[function]] += 1;
        if let Some(rate) = &mut self.rate {
            rate.begun += 1;
        }
    }

    /// A request of `function` has ended.
    #[inline]
    pub(super) fn end(&mut self, function: usize) {
        self.running[self.groups[function]] -= 1;
    }

    /// Requests running now.
    pub(super) fn running(&self) -> u64 {
        self.running.iter().sum()
    }
}

/// The token bucket of new environments: full at first, capped at the burst, one token each.
struct Bucket {
    tokens: f64,
    burst: f64,
    per_ns: f64,
    filled_at: u64,
}

impl Bucket {
    fn new(params: &Params) -> Option<Self> {
        let burst = match (params.scale_burst, params.scale_per_s) {
            (Some(burst), _) => burst,
            (None, Some(per_s)) => per_s.max(1.0),
            (None, None) => return None,
        };
        let per_ns = params.scale_per_s.unwrap_or(0.0) / 1e9;
        Some(Self { tokens: burst, burst, per_ns, filled_at: 0 })
    }

    fn take(&mut self, now: u64) -> bool {
        let filled = self.tokens + as_f64(now - self.filled_at) * self.per_ns;
        self.tokens = filled.min(self.burst);
        self.filled_at = now;
        // A token filled in many small steps may miss the last bit.
        let has_one = self.tokens >= 1.0 - 1e-9;
        if has_one {
            self.tokens = (self.tokens - 1.0).max(0.0);
        }
        has_one
    }
}

/// Requests that begin in a second of the clock: after n seconds at most ⌊n × limit⌋ in all that
/// had a chance, so that a fraction is honoured in the long run.
struct Rate {
    per_s: f64,
    second: u64,
    begun: u64,
}

impl Rate {
    fn new(per_s: f64) -> Self {
        Self { per_s, second: 0, begun: 0 }
    }

    fn admits(&mut self, now: u64) -> bool {
        let second = now / NS_PER_S;
        if second != self.second {
            (self.second, self.begun) = (second, 0);
        }
        let allowed =
            (as_f64(second + 1) * self.per_s).floor() - (as_f64(second) * self.per_s).floor();
        as_f64(self.begun) < allowed
    }
}
