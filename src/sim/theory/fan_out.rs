//! O7: a request that waits for the slowest of `n` branches, or for the first `k` of them.

/// The chance that at least one of `n` branches lies in its slowest share `p`: 1 − (1 − p)ⁿ.
/// With p = 0.01: the chance that a request sees some leaf's p99.
///
/// *Holds when* the branches are independent and of one law; `p` in \[0, 1\].
/// *Source*: J. Dean, L. A. Barroso, *The Tail at Scale*, CACM 56 (2013).
pub fn any_slow(branches: u32, p: f64) -> f64 {
    -libm::expm1(f64::from(branches) * libm::log1p(-p))
}

/// The harmonic number H_n = 1 + 1/2 + … + 1/n; H₀ = 0.
pub fn harmonic(n: u32) -> f64 {
    // From the small terms to the large, so that none is lost.
    (1..=n).rev().map(|k| 1.0 / f64::from(k)).sum()
}

/// The mean of the slowest of `n` exponential branches of mean S, in the unit of S: S·H_n.
///
/// *Holds when* branches are independent and exponential. *Source*: A. Rényi 1953 (the gaps
/// between order statistics are exponential of rates n/S, …, 1/S).
pub fn slowest_mean(branches: u32, leaf_mean: f64) -> f64 {
    leaf_mean * harmonic(branches)
}

/// The mean of the `k`-th fastest of `n` exponential branches of mean S: S(H_n − H_{n−k}).
///
/// *Holds when* branches are independent and exponential and the rest is not waited for;
/// k ≤ n. *Source*: as [`slowest_mean`].
pub fn quorum_mean(branches: u32, quorum: u32, leaf_mean: f64) -> f64 {
    (0..quorum.min(branches)).map(|k| leaf_mean / f64::from(branches - k)).sum()
}

/// The quantile `q` of the slowest of `n` exponential branches of mean S: −S ln(1 − q^{1/n}).
/// `q` in (0, 1), `branches` ≥ 1.
///
/// *Holds when* branches are independent and exponential. *Source*: P(max ≤ t) = F(t)ⁿ.
pub fn slowest_quantile(branches: u32, leaf_mean: f64, q: f64) -> f64 {
    // 1 − q^{1/n} without cancellation.
    -leaf_mean * libm::log(-libm::expm1(libm::log(q) / f64::from(branches)))
}

/// The chance that at least `k` of `n` independent branches are done, each with chance `p`: the
/// upper tail of the binomial law.
///
/// *Source*: order statistics; P(X_(k) ≤ t) with p = F(t). O(n) steps.
pub fn at_least(branches: u32, quorum: u32, p: f64) -> f64 {
    if quorum == 0 || p >= 1.0 {
        return 1.0;
    }
    if quorum > branches || p <= 0.0 {
        return 0.0;
    }
    let n = f64::from(branches);
    let (log_p, log_rest) = (libm::log(p), libm::log1p(-p));
    let log_n = libm::lgamma(n + 1.0);
    let term = |k: u32| {
        let k = f64::from(k);
        let ways = log_n - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(ways + k * log_p + (n - k) * log_rest)
    };
    (quorum..=branches).map(term).sum::<f64>().min(1.0)
}

/// The share of branches done by `t` when a second try is sent after `hedge_at` and the first
/// answer counts: F(t) before, 1 − (1 − F(t))(1 − F(t − h)) after.
///
/// *Holds when* both tries are independent draws of one exponential law of mean S and the first is
/// not cancelled before the answer. *Source*: the minimum of two independent times.
pub fn hedged_cdf(t: f64, hedge_at: f64, leaf_mean: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    let second = (t - hedge_at).max(0.0);
    -libm::expm1(-(t + second) / leaf_mean)
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p7_slowest() {
        for (n, any, mean, p50, p99) in [
            (10, "0.095617925", "2.9289683", "2.7035552", "6.9032368"),
            (100, "0.63396766", "5.1873775", "4.9751468", "9.2053697"),
            (1000, "0.99995683", "7.4854709", "7.2746148", "11.50791"),
        ] {
            assert_printed(any_slow(n, 0.01), any);
            assert_printed(slowest_mean(n, 1.0), mean);
            assert_printed(slowest_quantile(n, 1.0, 0.5), p50);
            assert_printed(slowest_quantile(n, 1.0, 0.99), p99);
        }
    }

    #[test]
    fn a_quorum_of_all_is_the_slowest_and_of_one_the_fastest() {
        assert!((quorum_mean(10, 10, 2.0) - slowest_mean(10, 2.0)).abs() < 1e-12);
        assert!((quorum_mean(10, 1, 2.0) - 0.2).abs() < 1e-12);
        let t = slowest_quantile(10, 1.0, 0.99);
        assert!((at_least(10, 10, -libm::expm1(-t)) - 0.99).abs() < 1e-12);
        assert!((at_least(3, 2, 0.5) - 0.5).abs() < 1e-12);
        assert!((at_least(3, 0, 0.5) - 1.0).abs() < 1e-12);
        assert!(at_least(3, 4, 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_hedge_changes_nothing_before_it_is_sent() {
        assert!((hedged_cdf(1.0, 2.0, 1.0) + libm::expm1(-1.0)).abs() < 1e-15);
        assert!((hedged_cdf(3.0, 2.0, 1.0) + libm::expm1(-4.0)).abs() < 1e-15);
        assert!(hedged_cdf(0.0, 2.0, 1.0).abs() < 1e-15);
    }
}
