//! How sure a number is: Student intervals over replications, and over batches of one long run.

use std::collections::BTreeMap;

use super::Metrics;
use super::time::as_f64;

/// A mean with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Half the width of the interval; 0 for a single value, of which nothing is known.
    pub ci95: f64,
    /// How many values.
    pub n: u64,
}

/// A mean and a variance, value by value, without keeping the values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    n: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Counts one value.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        let off = value - self.mean;
        self.mean += off / as_f64(self.n);
        self.squares += off * (value - self.mean);
    }

    /// How many values.
    pub const fn count(&self) -> u64 {
        self.n
    }

    /// Their mean; 0 of none.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Their unbiased variance; 0 of fewer than two.
    pub fn variance(&self) -> f64 {
        if self.n < 2 { 0.0 } else { self.squares / as_f64(self.n - 1) }
    }

    /// The standard error of the mean; 0 of fewer than two.
    pub fn standard_error(&self) -> f64 {
        if self.n < 2 { 0.0 } else { (self.variance() / as_f64(self.n)).sqrt() }
    }

    /// The mean with its interval.
    pub fn interval(&self) -> Interval {
        let ci95 = student95(self.n.saturating_sub(1)) * self.standard_error();
        Interval { mean: self.mean, ci95, n: self.n }
    }
}

/// Each metric's mean over `runs` and its interval; of a metric that some run lacks, over the runs
/// that have it.
pub fn over_replications<'a>(
    runs: impl IntoIterator<Item = &'a Metrics>,
) -> BTreeMap<String, Interval> {
    let mut moments: BTreeMap<String, Moments> = BTreeMap::new();
    for (name, &value) in runs.into_iter().flatten() {
        match moments.get_mut(name) {
            Some(of_name) => of_name.add(value),
            None => moments.entry(name.clone()).or_default().add(value),
        }
    }
    moments.into_iter().map(|(name, of_name)| (name, of_name.interval())).collect()
}

/// Means of equal batches of one long run of dependent values: batches that are long enough are
/// nearly independent, so that their spread tells how sure the whole mean is.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchMeans {
    batch_size: u64,
    in_batch: u64,
    sum: f64,
    /// The means of whole batches, halved in number when there are twice `BATCHES`.
    means: Vec<f64>,
}

/// At least as many batches, once there are enough values.
const BATCHES: usize = 32;

impl Default for BatchMeans {
    fn default() -> Self {
        Self { batch_size: 1, in_batch: 0, sum: 0.0, means: Vec::with_capacity(2 * BATCHES) }
    }
}

impl BatchMeans {
    /// Counts the next value.
    pub fn add(&mut self, value: f64) {
        self.sum += value;
        self.in_batch += 1;
        if self.in_batch < self.batch_size {
            return;
        }
        self.means.push(self.sum / as_f64(self.batch_size));
        (self.sum, self.in_batch) = (0.0, 0);
        if self.means.len() == 2 * BATCHES {
            for batch in 0..BATCHES {
                self.means[batch] = f64::midpoint(self.means[2 * batch], self.means[2 * batch + 1]);
            }
            self.means.truncate(BATCHES);
            self.batch_size *= 2;
        }
    }

    /// The mean over whole batches with its interval; `n` is the number of batches.
    pub fn interval(&self) -> Interval {
        let mut moments = Moments::default();
        for &mean in &self.means {
            moments.add(mean);
        }
        moments.interval()
    }
}

/// How many standard errors a two-sided 95 % interval spans with so many degrees of freedom
/// (Student's t, exact to three decimals up to 30, then by Cornish and Fisher's expansion).
pub fn student95(degrees: u64) -> f64 {
    const TABLE: [f64; 31] = [
        0.0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
        2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060,
        2.056, 2.052, 2.048, 2.045, 2.042,
    ];
    let in_table = usize::try_from(degrees).ok().and_then(|degrees| TABLE.get(degrees));
    in_table.copied().unwrap_or_else(|| {
        let z: f64 = 1.959_963_984_540_054;
        let n = as_f64(degrees);
        let (cube, fifth) = (z * z * z, z * z * z * z * z);
        z + (cube + z) / (4.0 * n) + (5.0 * fifth + 16.0 * cube + 3.0 * z) / (96.0 * n * n)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::Xoshiro256pp;

    #[test]
    fn moments_of_a_few_values() {
        let mut moments = Moments::default();
        for value in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            moments.add(value);
        }
        assert_eq!((moments.count(), moments.mean()), (8, 5.0));
        assert!((moments.variance() - 32.0 / 7.0).abs() < 1e-12);
        let interval = moments.interval();
        assert!((interval.ci95 - 2.365 * (32.0 / 56.0f64).sqrt()).abs() < 1e-12);
        let mut single = Moments::default();
        single.add(3.0);
        assert_eq!(single.interval(), Interval { mean: 3.0, ci95: 0.0, n: 1 });
    }

    #[test]
    fn students_quantiles() {
        assert_eq!(student95(1), 12.706);
        assert_eq!(student95(29), 2.045);
        for (degrees, exact) in [(31, 2.0395), (40, 2.0211), (100, 1.984), (1000, 1.9623)] {
            assert!(
                (student95(degrees) - exact).abs() < 0.002,
                "{degrees}: {}",
                student95(degrees)
            );
        }
    }

    #[test]
    fn a_metric_that_a_run_lacks_counts_where_it_is() {
        let run = |metrics: &[(&str, f64)]| -> Metrics {
            metrics.iter().map(|&(name, value)| (name.to_owned(), value)).collect()
        };
        let runs = [run(&[("a", 1.0), ("b", 5.0)]), run(&[("a", 3.0)])];
        let estimates = over_replications(&runs);
        assert_eq!((estimates["a"].mean, estimates["a"].n), (2.0, 2));
        assert_eq!((estimates["b"].mean, estimates["b"].n), (5.0, 1));
    }

    /// Of a process with memory, intervals of single values would hold the mean far too seldom.
    #[test]
    fn batch_means_cover_the_mean_of_dependent_values() {
        let mut covered = 0;
        for seed in 0..200 {
            let mut rng = Xoshiro256pp::seeded(seed);
            let (mut batches, mut value) = (BatchMeans::default(), 0.0);
            for _ in 0..20_000 {
                value = 0.9 * value + rng.normal();
                batches.add(value);
            }
            let interval = batches.interval();
            assert!((32..64).contains(&interval.n));
            covered += u32::from(interval.mean.abs() <= interval.ci95);
        }
        assert!((180..=198).contains(&covered), "{covered} of 200, 190 expected");
    }
}
