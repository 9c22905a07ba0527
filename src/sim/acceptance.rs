//! What the tests of models share: the rule by which a model is held against theory, and the run
//! whose numbers stay for ever.

use super::estimate::Moments;
use super::rng::replication_seed;
use super::time::SimDuration;
use super::{Metrics, Refused, Run};

/// The run of golden numbers: a minute, of which the first seconds do not count.
pub(super) fn golden_run() -> Run {
    Run { seed: 42, duration: SimDuration::from_secs(60), warm_up: SimDuration::from_secs(5) }
}

/// The number of fixed seeds.
pub(super) const SEEDS: u64 = 30;

/// Runs the model at the fixed seeds and holds each metric's mean against its exact value: within 4
/// standard errors, and within `share` of it (0.01 where all seeds together count at least 1.6·10⁵
/// events, 0.03 at least 1.8·10⁴).
pub(super) fn accept(
    run: impl Fn(u64) -> Result<Metrics, Refused>,
    expected: &[(&str, f64)],
    share: f64,
) {
    let runs: Vec<Metrics> = (0..SEEDS).map(|i| run(replication_seed(1, i)).unwrap()).collect();
    for &(name, exact) in expected {
        let mut moments = Moments::default();
        for metrics in &runs {
            moments.add(*metrics.get(name).unwrap_or_else(|| panic!("no metric `{name}`")));
        }
        let (mean, error) = (moments.mean(), moments.standard_error());
        assert!(
            (mean - exact).abs() <= 4.0 * error && (mean - exact).abs() <= share * exact.abs(),
            "{name}: {mean} ± {error}, exactly {exact}: {:.2} standard errors, {:.3} %",
            (mean - exact) / error,
            100.0 * (mean - exact) / exact,
        );
    }
}
