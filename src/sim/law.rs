//! How long something takes: laws of durations, checked when they are made, with samples that are
//! the same on every machine.

use super::rng::Xoshiro256pp;
use super::time::{SECONDS_MAX, SimDuration};

/// A law of durations. Make one with the functions below, which check their ranges.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same.
    Constant(SimDuration),
    /// Without memory.
    Exponential {
        /// The mean in seconds.
        mean_s: f64,
    },
    /// The absolute value of a normal: folded at zero, since nothing takes negative time.
    Normal {
        /// The mean before folding, in seconds.
        mean_s: f64,
        /// The standard deviation before folding, in seconds.
        sigma_s: f64,
    },
    /// e to the power of a normal.
    Lognormal {
        /// The logarithm of the median in seconds.
        mu: f64,
        /// The standard deviation of the logarithm.
        sigma: f64,
    },
    /// A sum of exponential parts, their number made a real.
    Gamma {
        /// The number of parts.
        shape: f64,
        /// The mean of a part in seconds.
        scale_s: f64,
    },
    /// A power of an exponential.
    Weibull {
        /// Below 1 a heavier tail than the exponential's, above 1 a lighter one.
        shape: f64,
        /// In seconds; 63 % are below it.
        scale_s: f64,
    },
    /// A power law: heavy tail.
    Pareto {
        /// The power; the mean is finite above 1, the variance above 2.
        shape: f64,
        /// The least value in seconds.
        least_s: f64,
    },
    /// One of two exponentials with the same share of the total time each.
    Hyperexponential {
        /// How likely the first is.
        p_first: f64,
        /// The first's mean in seconds.
        first_s: f64,
        /// The second's mean in seconds.
        second_s: f64,
    },
    /// Measured: (probability, seconds) points of the quantile function, straight between them and
    /// flat outside.
    Empirical(Vec<(f64, f64)>),
}

impl Law {
    /// Always `seconds`; 0 is allowed.
    pub fn constant(seconds: f64) -> Result<Self, String> {
        if !(0.0..=SECONDS_MAX).contains(&seconds) {
            return Err(out_of_range("a constant duration", "0 to 1e9 s", seconds));
        }
        Ok(Self::Constant(SimDuration::from_secs_f64(seconds)))
    }

    /// Exponential with a mean in seconds.
    pub fn exponential(mean_s: f64) -> Result<Self, String> {
        Ok(Self::Exponential { mean_s: checked_seconds("mean", mean_s)? })
    }

    /// Normal with a mean and a standard deviation in seconds, folded at zero.
    pub fn normal(mean_s: f64, sigma_s: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        if !(0.0..=SECONDS_MAX).contains(&sigma_s) {
            return Err(out_of_range("sigma", "0 to 1e9 s", sigma_s));
        }
        Ok(Self::Normal { mean_s, sigma_s })
    }

    /// Lognormal with a median in seconds; `sigma` of the logarithm, 0 to 5.
    pub fn lognormal(median_s: f64, sigma: f64) -> Result<Self, String> {
        let median_s = checked_seconds("median", median_s)?;
        Ok(Self::Lognormal { mu: libm::log(median_s), sigma: checked_sigma(sigma)? })
    }

    /// Lognormal with a mean in seconds and `sigma` of the logarithm, 0 to 5.
    pub fn lognormal_of_mean(mean_s: f64, sigma: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        let sigma = checked_sigma(sigma)?;
        Ok(Self::Lognormal { mu: libm::log(mean_s) - sigma * sigma / 2.0, sigma })
    }

    /// Lognormal with a mean in seconds and a coefficient of variation, 0 to 1000.
    pub fn lognormal_of_cv(mean_s: f64, cv: f64) -> Result<Self, String> {
        if !(0.0..=1000.0).contains(&cv) {
            return Err(out_of_range("cv", "0 to 1000", cv));
        }
        Self::lognormal_of_mean(mean_s, libm::log1p(cv * cv).sqrt())
    }

    /// Gamma with a mean in seconds and a shape, 0.01 to 1e6.
    pub fn gamma(mean_s: f64, shape: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        if !(0.01..=1e6).contains(&shape) {
            return Err(out_of_range("shape", "0.01 to 1e6", shape));
        }
        Ok(Self::Gamma { shape, scale_s: mean_s / shape })
    }

    /// Gamma with a mean in seconds and a coefficient of variation, 0.001 to 10.
    pub fn gamma_of_cv(mean_s: f64, cv: f64) -> Result<Self, String> {
        if !(0.001..=10.0).contains(&cv) {
            return Err(out_of_range("cv", "0.001 to 10", cv));
        }
        Self::gamma(mean_s, 1.0 / (cv * cv))
    }

    /// Weibull with a mean in seconds and a shape, 0.1 to 100.
    pub fn weibull(mean_s: f64, shape: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        if !(0.1..=100.0).contains(&shape) {
            return Err(out_of_range("shape", "0.1 to 100", shape));
        }
        Ok(Self::Weibull { shape, scale_s: mean_s / libm::tgamma(1.0 + 1.0 / shape) })
    }

    /// Pareto with a mean in seconds and a shape above 1, at most 1000.
    pub fn pareto(mean_s: f64, shape: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        if !(1.001..=1000.0).contains(&shape) {
            return Err(out_of_range("shape", "1.001 to 1000 (the mean must be finite)", shape));
        }
        Ok(Self::Pareto { shape, least_s: mean_s * (shape - 1.0) / shape })
    }

    /// Hyperexponential with a mean in seconds and a coefficient of variation, 1 to 1000.
    pub fn hyperexponential(mean_s: f64, cv: f64) -> Result<Self, String> {
        let mean_s = checked_seconds("mean", mean_s)?;
        if !(1.0..=1000.0).contains(&cv) {
            return Err(out_of_range("cv", "1 to 1000", cv));
        }
        let square = cv * cv;
        let p_first = f64::midpoint(1.0, ((square - 1.0) / (square + 1.0)).sqrt());
        let (first_s, second_s) = (mean_s / (2.0 * p_first), mean_s / (2.0 * (1.0 - p_first)));
        Ok(Self::Hyperexponential { p_first, first_s, second_s })
    }

    /// The law through measured (probability, seconds) points, both ascending.
    pub fn empirical(points: Vec<(f64, f64)>) -> Result<Self, String> {
        if points.is_empty() || points.len() > 10_000 {
            return Err(format!("an empirical law has 1 to 10000 points, not {}", points.len()));
        }
        for &(p, seconds) in &points {
            if !(0.0..=1.0).contains(&p) {
                return Err(out_of_range("a probability", "0 to 1", p));
            }
            if !(0.0..=SECONDS_MAX).contains(&seconds) {
                return Err(out_of_range("a measured duration", "0 to 1e9 s", seconds));
            }
        }
        if !points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1) {
            return Err("the points of an empirical law must ascend".to_owned());
        }
        Ok(Self::Empirical(points))
    }

    /// One duration.
    #[inline]
    pub fn sample(&self, rng: &mut Xoshiro256pp) -> SimDuration {
        match *self {
            Self::Constant(span) => span,
            // Here as well, so that the most frequent law is drawn without a call.
            Self::Exponential { mean_s } => SimDuration::from_secs_f64(mean_s * rng.exponential()),
            _ => SimDuration::from_secs_f64(self.sample_s(rng)),
        }
    }

    /// One duration in seconds, not rounded.
    pub fn sample_s(&self, rng: &mut Xoshiro256pp) -> f64 {
        match *self {
            Self::Constant(span) => span.as_secs_f64(),
            Self::Exponential { mean_s } => mean_s * rng.exponential(),
            Self::Normal { mean_s, sigma_s } => (mean_s + sigma_s * rng.normal()).abs(),
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * rng.normal()),
            Self::Gamma { shape, scale_s } => scale_s * gamma(shape, rng),
            Self::Weibull { shape, scale_s } => scale_s * libm::pow(rng.exponential(), 1.0 / shape),
            Self::Pareto { shape, least_s } => least_s * libm::exp(rng.exponential() / shape),
            Self::Hyperexponential { p_first, first_s, second_s } => {
                let mean_s = if rng.chance(p_first) { first_s } else { second_s };
                mean_s * rng.exponential()
            }
            Self::Empirical(ref points) => interpolated(points, rng.unit()),
        }
    }

    /// The mean in seconds.
    pub fn mean_s(&self) -> f64 {
        match *self {
            Self::Constant(span) => span.as_secs_f64(),
            Self::Exponential { mean_s } => mean_s,
            Self::Normal { mean_s, sigma_s } => folded_mean(mean_s, sigma_s),
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Self::Gamma { shape, scale_s } => shape * scale_s,
            Self::Weibull { shape, scale_s } => scale_s * libm::tgamma(1.0 + 1.0 / shape),
            Self::Pareto { shape, least_s } => least_s * shape / (shape - 1.0),
            Self::Hyperexponential { p_first, first_s, second_s } => {
                p_first * first_s + (1.0 - p_first) * second_s
            }
            Self::Empirical(ref points) => empirical_moments(points).0,
        }
    }

    /// The coefficient of variation: standard deviation over mean; 0 for a constant, infinite where
    /// the variance is.
    pub fn cv(&self) -> f64 {
        match *self {
            Self::Constant(_) => 0.0,
            Self::Exponential { .. } => 1.0,
            Self::Normal { mean_s, sigma_s } => {
                let mean = folded_mean(mean_s, sigma_s);
                (mean_s * mean_s + sigma_s * sigma_s - mean * mean).max(0.0).sqrt() / mean
            }
            Self::Lognormal { sigma, .. } => libm::expm1(sigma * sigma).sqrt(),
            Self::Gamma { shape, .. } => 1.0 / shape.sqrt(),
            Self::Weibull { shape, .. } => {
                let mean = libm::tgamma(1.0 + 1.0 / shape);
                (libm::tgamma(1.0 + 2.0 / shape) / (mean * mean) - 1.0).max(0.0).sqrt()
            }
            Self::Pareto { shape, .. } if shape <= 2.0 => f64::INFINITY,
            Self::Pareto { shape, .. } => 1.0 / (shape * (shape - 2.0)).sqrt(),
            Self::Hyperexponential { p_first, first_s, second_s } => {
                let mean = self.mean_s();
                let square = p_first * first_s * first_s + (1.0 - p_first) * second_s * second_s;
                (2.0 * square / (mean * mean) - 1.0).max(0.0).sqrt()
            }
            Self::Empirical(ref points) => {
                let (mean, square) = empirical_moments(points);
                if mean > 0.0 { (square / (mean * mean) - 1.0).max(0.0).sqrt() } else { 0.0 }
            }
        }
    }

    /// The share of durations that are at most `seconds`, where that has a closed form (gamma has
    /// none).
    pub fn share_within(&self, seconds: f64) -> Option<f64> {
        if seconds < 0.0 {
            return Some(0.0);
        }
        match *self {
            Self::Constant(span) => Some(f64::from(span.as_secs_f64() <= seconds)),
            Self::Exponential { mean_s } => Some(-libm::expm1(-seconds / mean_s)),
            Self::Normal { mean_s, sigma_s } if sigma_s > 0.0 => Some(
                normal_share((seconds - mean_s) / sigma_s)
                    - normal_share((-seconds - mean_s) / sigma_s),
            ),
            Self::Normal { mean_s, .. } => Some(f64::from(mean_s <= seconds)),
            Self::Lognormal { mu, sigma } if sigma > 0.0 => {
                Some(normal_share((libm::log(seconds) - mu) / sigma))
            }
            Self::Lognormal { mu, .. } => Some(f64::from(libm::exp(mu) <= seconds)),
            Self::Weibull { shape, scale_s } => {
                Some(-libm::expm1(-libm::pow(seconds / scale_s, shape)))
            }
            Self::Pareto { least_s, .. } if seconds <= least_s => Some(0.0),
            Self::Pareto { shape, least_s } => Some(1.0 - libm::pow(least_s / seconds, shape)),
            Self::Hyperexponential { p_first, first_s, second_s } => {
                let within = |mean_s: f64| -libm::expm1(-seconds / mean_s);
                Some(p_first * within(first_s) + (1.0 - p_first) * within(second_s))
            }
            Self::Gamma { .. } | Self::Empirical(_) => None,
        }
    }

    /// The duration in seconds that a share `q` in [0, 1) is below, where it has a closed form or a
    /// closed distribution to invert (gamma has neither).
    pub fn quantile_s(&self, q: f64) -> Option<f64> {
        match *self {
            Self::Constant(span) => Some(span.as_secs_f64()),
            Self::Exponential { mean_s } => Some(-mean_s * libm::log1p(-q)),
            Self::Weibull { shape, scale_s } => {
                Some(scale_s * libm::pow(-libm::log1p(-q), 1.0 / shape))
            }
            Self::Pareto { shape, least_s } => Some(least_s * libm::pow(1.0 - q, -1.0 / shape)),
            Self::Empirical(ref points) => Some(interpolated(points, q)),
            Self::Gamma { .. } => None,
            Self::Normal { .. } | Self::Lognormal { .. } | Self::Hyperexponential { .. } => {
                self.bisected(q)
            }
        }
    }

    fn bisected(&self, q: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, self.mean_s());
        while self.share_within(high)? < q && high < 1e300 {
            high *= 2.0;
        }
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if self.share_within(middle)? < q { low = middle } else { high = middle }
        }
        Some(high)
    }
}

impl Default for Law {
    fn default() -> Self {
        Self::Constant(SimDuration::ZERO)
    }
}

fn checked_seconds(name: &str, seconds: f64) -> Result<f64, String> {
    if (1e-9..=SECONDS_MAX).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(out_of_range(name, "1 ns to 1e9 s", seconds))
    }
}

fn checked_sigma(sigma: f64) -> Result<f64, String> {
    if (0.0..=5.0).contains(&sigma) {
        Ok(sigma)
    } else {
        Err(out_of_range("sigma", "0 to 5", sigma))
    }
}

fn out_of_range(name: &str, range: &str, value: f64) -> String {
    format!("{name} must be in {range}, not {value}")
}

/// The share of a standard normal below `x`.
fn normal_share(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

fn folded_mean(mean: f64, sigma: f64) -> f64 {
    if sigma <= 0.0 {
        return mean;
    }
    let z = mean / sigma;
    let density = libm::exp(-0.5 * z * z) * (2.0 / std::f64::consts::PI).sqrt();
    sigma * density + mean * (1.0 - 2.0 * normal_share(-z))
}

/// Gamma with scale 1, by Marsaglia and Tsang.
fn gamma(shape: f64, rng: &mut Xoshiro256pp) -> f64 {
    if shape < 1.0 {
        // Gamma(k) is gamma(k + 1) times u^(1/k), and −ln u is exponential.
        let boosted = gamma(shape + 1.0, rng);
        return boosted * libm::exp(-rng.exponential() / shape);
    }
    let centre = shape - 1.0 / 3.0;
    let spread = 1.0 / (9.0 * centre).sqrt();
    loop {
        let normal = rng.normal();
        let root = 1.0 + spread * normal;
        if root <= 0.0 {
            continue;
        }
        let cube = root * root * root;
        let height = rng.unit_open();
        let square = normal * normal;
        if height < 1.0 - 0.0331 * square * square
            || libm::log(height) < 0.5 * square + centre * (1.0 - cube + libm::log(cube))
        {
            return centre * cube;
        }
    }
}

/// The quantile function through `points` at `p`.
fn interpolated(points: &[(f64, f64)], p: f64) -> f64 {
    let after = points.partition_point(|&(at, _)| at <= p);
    match (after.checked_sub(1).and_then(|at| points.get(at)), points.get(after)) {
        (Some(&(p0, s0)), Some(&(p1, s1))) => s0 + (s1 - s0) * (p - p0) / (p1 - p0),
        (Some(&(_, seconds)), None) | (None, Some(&(_, seconds))) => seconds,
        (None, None) => 0.0,
    }
}

/// The mean and the mean square of the law through `points`.
fn empirical_moments(points: &[(f64, f64)]) -> (f64, f64) {
    let (Some(&(p_first, first)), Some(&(p_last, last))) = (points.first(), points.last()) else {
        return (0.0, 0.0);
    };
    let flat = [(p_first, first), (1.0 - p_last, last)];
    let mut mean: f64 = flat.iter().map(|(p, s)| p * s).sum();
    let mut square: f64 = flat.iter().map(|(p, s)| p * s * s).sum();
    for pair in points.windows(2) {
        let (share, a, b) = (pair[1].0 - pair[0].0, pair[0].1, pair[1].1);
        mean += share * f64::midpoint(a, b);
        square += share * (a * a + a * b + b * b) / 3.0;
    }
    (mean, square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::{Draws, Stream};
    use crate::sim::time::as_f64;

    fn laws() -> Vec<(&'static str, Law)> {
        let points = vec![(0.1, 0.123), (0.5, 0.149), (0.9, 0.259), (1.0, 0.351)];
        [
            ("constant", Law::constant(0.06)),
            ("exponential", Law::exponential(1.991)),
            ("normal", Law::normal(0.01, 0.002)),
            ("normal, folded", Law::normal(1.0, 2.0)),
            ("lognormal", Law::lognormal(0.02, 0.3)),
            ("lognormal of a cv", Law::lognormal_of_cv(1.0, 2.0)),
            ("gamma", Law::gamma(3.0, 2.5)),
            ("gamma below 1", Law::gamma(3.0, 0.4)),
            ("gamma of a cv", Law::gamma_of_cv(1.0, 0.5)),
            ("weibull", Law::weibull(1.0, 0.7)),
            ("weibull above 1", Law::weibull(1.0, 3.0)),
            ("pareto", Law::pareto(1.0, 6.0)),
            ("hyperexponential", Law::hyperexponential(1.0, 2.0)),
            ("empirical", Law::empirical(points)),
        ]
        .map(|(name, law)| (name, law.unwrap()))
        .to_vec()
    }

    /// Means within 5 standard errors; the standard deviation, whose error depends on the fourth
    /// moment, within 4 %.
    #[test]
    fn samples_have_the_moments_of_their_law() {
        const N: u64 = 200_000;
        for (name, law) in laws() {
            let draws = Draws::new(5);
            let mut moments = crate::sim::estimate::Moments::default();
            for index in 0..N {
                moments.add(law.sample(&mut draws.at(Stream::Service, index)).as_secs_f64());
            }
            let (mean, sigma) = (law.mean_s(), law.mean_s() * law.cv());
            let error = sigma / as_f64(N).sqrt();
            assert!(
                (moments.mean() - mean).abs() <= 5.0 * error + 1e-9,
                "{name}: {moments:?} {mean}"
            );
            let ratio = if sigma > 0.0 { moments.variance().sqrt() / sigma } else { 1.0 };
            assert!((ratio - 1.0).abs() < 0.04, "{name}: standard deviation × {ratio}");
        }
    }

    /// The share of samples up to each quantile, within 5 standard errors of a binomial: 25 points
    /// of the distribution, the tails among them.
    #[test]
    fn samples_have_the_quantiles_of_their_law() {
        const N: u64 = 200_000;
        for (name, law) in laws() {
            if matches!(law, Law::Constant(_)) || law.quantile_s(0.5).is_none() {
                continue;
            }
            let mut rng = Xoshiro256pp::seeded(11);
            let mut samples: Vec<f64> = (0..N).map(|_| law.sample_s(&mut rng)).collect();
            samples.sort_by(f64::total_cmp);
            let inner = (1..20).map(|step| f64::from(step) / 20.0);
            for q in inner.chain([0.0001, 0.001, 0.01, 0.99, 0.999, 0.9999]) {
                let at = law.quantile_s(q).unwrap();
                if matches!(law, Law::Empirical(_)) && q < 0.1 {
                    assert_eq!(at, 0.123);
                    continue;
                }
                let below = as_f64(samples.partition_point(|&sample| sample <= at) as u64);
                let error = (q * (1.0 - q) * as_f64(N)).sqrt();
                let off = (below - q * as_f64(N)) / error;
                assert!(off.abs() < 5.0, "{name} at {q}: {off:.1} standard errors");
                if let Some(share) = law.share_within(at) {
                    assert!((share - q).abs() < 1e-9, "{name} at {q}: {share}");
                }
            }
        }
    }

    /// The third and fourth moments of the ziggurats, and the far tails that their layers end in.
    #[test]
    fn the_ziggurats_have_the_right_tails() {
        const N: u32 = 1_000_000;
        let mut rng = Xoshiro256pp::seeded(3);
        let (mut cubes, mut fourths, mut beyond, mut negative) = (0.0, 0.0, 0u32, 0u32);
        let mut beyond_exponential = 0u32;
        for _ in 0..N {
            let x = rng.normal();
            cubes += x * x * x;
            fourths += x * x * x * x;
            beyond += u32::from(x.abs() > 3.7);
            negative += u32::from(x < 0.0);
            beyond_exponential += u32::from(rng.exponential() > 8.0);
        }
        assert!((cubes / f64::from(N)).abs() < 5.0 * 15f64.sqrt() / 1000.0);
        assert!((fourths / f64::from(N) - 3.0).abs() < 5.0 * 96f64.sqrt() / 1000.0);
        // Beyond 3.7 lies 2.156·10⁻⁴ of a normal, beyond 8 lies 3.355·10⁻⁴ of an exponential.
        assert!(beyond.abs_diff(216) < 75, "{beyond}");
        assert!(beyond_exponential.abs_diff(335) < 92, "{beyond_exponential}");
        assert!(negative.abs_diff(500_000) < 2500, "{negative}");
    }

    /// The same nanoseconds on every machine, for ever.
    #[test]
    fn golden_samples() {
        let draws = Draws::new(42);
        let golden = laws().into_iter().map(|(name, law)| {
            let of = |index| law.sample(&mut draws.at(Stream::Service, index)).0;
            // Enough draws to leave the ziggurats' fast path.
            let sum = (0..2000).map(of).fold(0u64, u64::wrapping_add);
            format!("{name}: {} {} {} … {sum}\n", of(0), of(1), of(2))
        });
        insta::assert_snapshot!(golden.collect::<String>(), @r"
        constant: 60000000 60000000 60000000 … 120000000000
        exponential: 2028565414 6751800654 1646516073 … 4021585579217
        normal: 12201400 5682646 11657470 … 20024992095
        normal, folded: 3201400044 3317354309 2657469521 … 3589051272226
        lognormal: 27825205 10465971 25645105 … 41971151451
        lognormal of a cv: 1807001754 28917885 1279723444 … 2076141144706
        gamma: 5069105152 347242959 4355743701 … 6031900851221
        gamma below 1: 11480544125 175818235 2744191293 … 6075737586621
        gamma of a cv: 1550996731 222961450 1373378917 … 2001743261780
        weibull: 811378768 4521341863 602229673 … 2044443820387
        weibull above 1: 1126845629 1682446601 1051130756 … 2001451502985
        pareto: 987567640 1466490114 956483587 … 2006293642794
        hyperexponential: 4780028871 49562680 86469107 … 1861855533265
        empirical: 267098671 246131844 179787131 … 357047470172
        ");
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for law in [
            Law::constant(-1.0),
            Law::constant(f64::NAN),
            Law::exponential(0.0),
            Law::exponential(f64::INFINITY),
            Law::exponential(1e308),
            Law::normal(1.0, -1.0),
            Law::lognormal(1.0, 50.0),
            Law::lognormal_of_cv(1.0, f64::NAN),
            Law::gamma(1.0, 0.0),
            Law::weibull(1.0, 1e-3),
            Law::pareto(1.0, 1.0),
            Law::hyperexponential(1.0, 0.5),
            Law::empirical(vec![]),
            Law::empirical(vec![(0.5, 1.0), (0.4, 2.0)]),
            Law::empirical(vec![(0.5, 2.0), (0.6, 1.0)]),
            Law::empirical(vec![(0.5, f64::NAN)]),
        ] {
            assert!(law.is_err(), "{law:?}");
        }
        assert_eq!(
            Law::pareto(1.0, 1.0).unwrap_err(),
            "shape must be in 1.001 to 1000 (the mean must be finite), not 1"
        );
        assert_eq!(Law::pareto(1.0, 1.5).unwrap().cv(), f64::INFINITY);
    }
}
