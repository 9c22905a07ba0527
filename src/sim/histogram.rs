//! A histogram of spans: 1024 buckets to a doubling, so that a quantile is within 0.05 % (three
//! significant digits) whatever its size; count, sum, least and greatest are exact.

use super::time::{SimDuration, as_f64};

/// Buckets to a doubling: 2¹⁰.
const DOUBLING_BITS: u32 = 10;

/// How often spans of each size were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Half the size of the other counts, so that the busy ones stay in the nearest cache; a run has
    /// at most 50 million events.
    counts: Vec<u32>,
    count: u64,
    sum: u128,
    least: u64,
    greatest: u64,
}

impl Histogram {
    /// An empty one.
    pub const fn new() -> Self {
        Self { counts: Vec::new(), count: 0, sum: 0, least: u64::MAX, greatest: 0 }
    }

    /// Counts one span. Grows only when a span is longer than every one before.
    #[inline]
    pub fn record(&mut self, span: SimDuration) {
        let index = bucket(span.0);
        if index >= self.counts.len() {
            self.grow(index);
        }
        self.counts[index] = self.counts[index].saturating_add(1);
        self.count += 1;
        self.sum += u128::from(span.0);
        self.least = self.least.min(span.0);
        self.greatest = self.greatest.max(span.0);
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        if self.count == 0 {
            self.least = u64::MAX;
        }
        // To the end of the doubling, so that growth is rare.
        self.counts.resize((index | ((1 << DOUBLING_BITS) - 1)) + 1, 0);
    }

    /// Adds everything that `other` has seen.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.counts.len() < other.counts.len() {
            self.grow(other.counts.len() - 1);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine = mine.saturating_add(*theirs);
        }
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// How many spans were counted.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The mean, exact to the nanosecond; `None` of nothing.
    pub fn mean_s(&self) -> Option<f64> {
        let nanoseconds = self.sum.checked_div(u128::from(self.count))?;
        let rest = u64::try_from(self.sum % u128::from(self.count)).unwrap_or(0);
        let whole = u64::try_from(nanoseconds).unwrap_or(u64::MAX);
        Some((as_f64(whole) + as_f64(rest) / as_f64(self.count)) / 1e9)
    }

    /// The longest span, exact; `None` of nothing.
    pub fn max(&self) -> Option<SimDuration> {
        (self.count > 0).then_some(SimDuration(self.greatest))
    }

    /// The shortest span, exact; `None` of nothing.
    pub fn min(&self) -> Option<SimDuration> {
        (self.count > 0).then_some(SimDuration(self.least))
    }

    /// The least span that at least a share `q` of all are not longer than, within 0.05 %, the longest
    /// exactly; `None` of nothing.
    pub fn quantile(&self, q: f64) -> Option<SimDuration> {
        let rank = rank(q, self.count)?;
        if rank == self.count {
            return self.max();
        }
        let mut before = 0;
        let index = self.counts.iter().position(|count| {
            before += u64::from(*count);
            before >= rank
        })?;
        Some(SimDuration(middle(index).clamp(self.least, self.greatest)))
    }

    /// The buckets that hold something, shortest first: (least, first beyond, count).
    pub fn buckets(&self) -> impl Iterator<Item = (SimDuration, SimDuration, u64)> + '_ {
        let filled = self.counts.iter().enumerate().filter(|&(_, count)| *count > 0);
        filled.map(|(index, &count)| {
            (SimDuration(least_of(index)), SimDuration(least_of(index + 1)), u64::from(count))
        })
    }
}

/// The rank, from 1, of the `q` quantile of `count` values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and the rank is clamped to what there is"
)]
fn rank(q: f64, count: u64) -> Option<u64> {
    // A rank that is whole but for rounding is that rank.
    let rank = (q * as_f64(count) - 1e-6).ceil() as u64;
    (count > 0).then(|| rank.clamp(1, count))
}

#[inline]
fn bucket(ns: u64) -> usize {
    let shift = (u64::BITS - ns.leading_zeros()).saturating_sub(DOUBLING_BITS + 1);
    let index = (u64::from(shift) << DOUBLING_BITS) + (ns >> shift);
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn least_of(index: usize) -> u64 {
    let index = index as u64;
    let shift = (index >> DOUBLING_BITS).saturating_sub(1);
    let within = index - (shift << DOUBLING_BITS);
    u64::try_from(u128::from(within) << shift).unwrap_or(u64::MAX)
}

fn middle(index: usize) -> u64 {
    let (least, beyond) = (least_of(index), least_of(index + 1));
    least + (beyond - least) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(spans: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::new();
        for span in spans {
            histogram.record(SimDuration(span));
        }
        histogram
    }

    #[test]
    fn an_empty_one_knows_nothing() {
        for empty in [Histogram::new(), Histogram::default()] {
            assert_eq!((empty.count(), empty.quantile(0.5)), (0, None));
            assert_eq!((empty.mean_s(), empty.min(), empty.max()), (None, None, None));
        }
        let mut default = Histogram::default();
        default.record(SimDuration(7));
        assert_eq!(default.min(), Some(SimDuration(7)));
    }

    #[test]
    fn quantiles_are_ranks() {
        let histogram = of(1..=1000);
        for (q, span) in [(0.0, 1), (0.5, 500), (0.95, 950), (0.99, 990), (0.999, 999), (1.0, 1000)]
        {
            assert_eq!(histogram.quantile(q), Some(SimDuration(span)), "{q}");
        }
        assert_eq!(histogram.mean_s(), Some(500.5e-9));
        let ends = of([0, u64::MAX]);
        assert_eq!(ends.quantile(0.5), Some(SimDuration::ZERO));
        assert_eq!(ends.max(), Some(SimDuration::MAX));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn every_quantile_is_within_a_twentieth_of_a_percent(
            mut spans in prop::collection::vec((0u32..64, any::<u64>()), 1..200),
            q in 0.0..=1.0f64,
        ) {
            let mut spans: Vec<u64> = spans.drain(..).map(|(shift, bits)| bits >> shift).collect();
            let histogram = of(spans.iter().copied());
            spans.sort_unstable();
            let rank = usize::try_from(rank(q, spans.len() as u64).unwrap()).unwrap();
            let exact = spans[rank - 1];
            let found = histogram.quantile(q).unwrap().0;
            prop_assert!(as_f64(found.abs_diff(exact)) <= as_f64(exact) / 2000.0, "{found} {exact}");
            prop_assert_eq!(histogram.max(), spans.last().map(|span| SimDuration(*span)));
            prop_assert_eq!(histogram.min(), spans.first().map(|span| SimDuration(*span)));
            let counted: u64 = histogram.buckets().map(|(_, _, count)| count).sum();
            prop_assert_eq!(counted, spans.len() as u64);
            for &span in &spans {
                let inside = |(from, beyond, _): (SimDuration, SimDuration, u64)| {
                    from.0 <= span && (span < beyond.0 || beyond == SimDuration::MAX)
                };
                prop_assert!(histogram.buckets().any(inside));
            }
        }

        #[test]
        fn merging_is_recording_all(
            one in prop::collection::vec(any::<u32>(), 0..50),
            other in prop::collection::vec(any::<u64>(), 0..50),
        ) {
            let mut merged = of(one.iter().map(|span| u64::from(*span)));
            merged.merge(&of(other.iter().copied()));
            let all = of(one.iter().map(|span| u64::from(*span)).chain(other));
            prop_assert_eq!(merged.buckets().collect::<Vec<_>>(), all.buckets().collect::<Vec<_>>());
            prop_assert_eq!(
                (merged.mean_s(), merged.min(), merged.max()),
                (all.mean_s(), all.min(), all.max())
            );
        }
    }
}
