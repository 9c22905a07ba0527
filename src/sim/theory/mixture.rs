//! O13: percentiles where a few requests are cold and the rest are warm.

/// The share of a lognormal law at or below `x`: Φ((ln x − ln m)/σ), with median m and σ > 0.
/// `x` and `median` in one unit.
pub fn lognormal_cdf(x: f64, median: f64, sigma: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let z = libm::log(x / median) / sigma;
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The value that a share `q` of all requests stays under, when a share `p_cold` follows the law
/// `cold` and the rest the law `warm` (both as their distribution functions, of times ≥ 0).
///
/// *Formula*: the t that solves (1 − p)F_w(t) + pF_c(t) = q. *Holds* always; it shows that a p99
/// does not see cold starts until their share nears 1 %. `q` in (0, 1). `None` where no time below
/// 10³⁰⁰ reaches `q`. *Source*: the law of total probability.
pub fn quantile(
    q: f64,
    p_cold: f64,
    warm: impl Fn(f64) -> f64,
    cold: impl Fn(f64) -> f64,
) -> Option<f64> {
    let share = |t: f64| (1.0 - p_cold) * warm(t) + p_cold * cold(t);
    let mut high = 1e-9;
    while share(high) < q {
        high *= 2.0;
        if high > 1e300 {
            return None;
        }
    }
    let mut low = if high > 1e-9 { 0.5 * high } else { 0.0 };
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if share(middle) < q {
            low = middle;
        } else {
            high = middle;
        }
    }
    (!share(high).is_nan()).then_some(high)
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    fn p13(p_cold: f64, q: f64) -> f64 {
        let warm = |t| lognormal_cdf(t, 20.0, 0.3);
        let cold = |t| lognormal_cdf(t, 400.0, 0.4);
        quantile(q, p_cold, warm, cold).expect("reached")
    }

    #[test]
    fn p13_mixture() {
        assert_printed(p13(0.005, 0.5), "20.03782");
        assert_printed(p13(0.005, 0.99), "43.2917");
        assert_printed(p13(0.005, 0.999), "560.0987");
        assert_printed(p13(0.02, 0.99), "400");
        assert!((p13(0.02, 0.99) - 400.0).abs() < 1e-6);
    }

    #[test]
    fn a_quantile_that_is_never_reached_is_none() {
        assert_eq!(quantile(0.5, 0.0, |_| 0.2, |_| 0.2), None);
        assert_eq!(quantile(0.5, 0.0, |_| f64::NAN, |_| 0.2), None);
    }
}
