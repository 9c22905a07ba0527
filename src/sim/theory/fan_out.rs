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
/// *Source*: order statistics; P(X_(k) ≤ t) with p = F(t).
pub fn at_least(branches: u32, quorum: u32, p: f64) -> f64 {
    if quorum == 0 || p >= 1.0 {
        return 1.0;
    }
    if quorum > branches || p <= 0.0 {
        return 0.0;
    }
    if quorum == branches {
        return libm::pow(p, f64::from(branches));
    }
    let n = f64::from(branches);
    // From the largest term of the tail outwards, until terms add nothing.
    let mode = (quorum..=branches).find(|&k| f64::from(k + 1) >= (n + 1.0) * p).unwrap_or(branches);
    let k = f64::from(mode);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let top = libm::exp(ways + k * libm::log(p) + (n - k) * libm::log1p(-p));
    let odds = p / (1.0 - p);
    let (mut sum, mut term) = (top, top);
    for k in mode..branches {
        term *= odds * f64::from(branches - k) / f64::from(k + 1);
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    term = top;
    for k in (quorum + 1..=mode).rev() {
        term *= f64::from(k) / (f64::from(branches - k + 1) * odds);
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    sum.min(1.0)
}

/// The share of branches done by `t` when a second try is sent after `hedge_at` and the first
/// answer counts: 1 − (1 − F(t))(1 − F(t − h)).
///
/// *Holds when* both tries are independent draws of the law whose distribution function is `within`
/// (0 for negative times), and the first is not cancelled before the answer. *Source*: the minimum
/// of two independent times.
pub fn hedged(t: f64, hedge_at: f64, within: impl Fn(f64) -> f64) -> f64 {
    1.0 - (1.0 - within(t)) * (1.0 - within(t - hedge_at))
}

/// The second tries sent per branch, when they are sent at a time by which a branch is done with
/// chance `p`, and only while fewer than `k` of the `n` branches are done:
/// E\[(n − J)·1(J < k)\]/n with J binomial; 1 − p where all are waited for.
///
/// *Source*: (n − j)·C(n, j) = n·C(n−1, j), which leaves (1 − p)·P(J′ < k) with J′ of n − 1.
pub fn extra_load(branches: u32, quorum: u32, p: f64) -> f64 {
    (1.0 - p) * (1.0 - at_least(branches.saturating_sub(1), quorum, p))
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
    fn the_tail_of_the_binomial_law_is_exact_far_from_the_middle() {
        let direct = |n: u32, k: u32, p: f64| -> f64 {
            (k..=n)
                .map(|j| {
                    let ways: f64 = (0..j).map(|i| f64::from(n - i) / f64::from(i + 1)).product();
                    ways * libm::pow(p, f64::from(j)) * libm::pow(1.0 - p, f64::from(n - j))
                })
                .sum()
        };
        for (n, k, p) in [(10, 3, 0.9), (10, 9, 0.1), (50, 25, 0.5), (60, 2, 0.99), (7, 6, 0.3)] {
            let (found, exact) = (at_least(n, k, p), direct(n, k, p));
            assert!(
                (found - exact).abs() < 1e-12 * exact.max(1e-3),
                "{n} {k} {p}: {found} {exact}"
            );
        }
        assert!((at_least(10_000, 10, 0.5) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_hedge_changes_nothing_before_it_is_sent() {
        let within = |t: f64| if t > 0.0 { -libm::expm1(-t) } else { 0.0 };
        assert!((hedged(1.0, 2.0, within) - within(1.0)).abs() < 1e-15);
        assert!((hedged(3.0, 2.0, within) - within(4.0)).abs() < 1e-15);
        assert!(hedged(0.0, 2.0, within).abs() < 1e-15);
        assert!((extra_load(10, 10, 0.9) - 0.1).abs() < 1e-12);
        // Of three, two are waited for: J = 0 sends three, J = 1 two, J = 2 none.
        assert!((extra_load(3, 2, 0.5) - (3.0 / 8.0 + 2.0 * 3.0 / 8.0) / 3.0).abs() < 1e-12);
    }
}
