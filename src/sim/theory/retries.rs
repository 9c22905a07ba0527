//! O8 and O9: how much load retries add, and how long clients wait between them.

use super::erlang;

/// The mean number of attempts per request with at most `retries` tries after the first:
/// (1 − p^{r+1})/(1 − p), which is r + 1 at p = 1.
///
/// *Holds when* attempts fail independently with chance `p` in \[0, 1\]. *Source*: the mean of a
/// geometric law cut off at r + 1.
pub fn attempts(p_fail: f64, retries: u32) -> f64 {
    // The sum itself, which also holds at p = 1 and loses no digits near it.
    let mut sum = 0.0;
    let mut power = 1.0;
    for _ in 0..=retries {
        sum += power;
        power *= p_fail;
        if power == 0.0 {
            break;
        }
    }
    sum
}

/// The share of requests that succeed in the end: 1 − p^{r+1}. *Holds when* [`attempts`] does.
pub fn success(p_fail: f64, retries: u32) -> f64 {
    1.0 - libm::pow(p_fail, f64::from(retries) + 1.0)
}

/// The most attempts that reach the bottom of `layers` layers that each retry: (r + 1)^k.
///
/// *Holds when* everything fails; each layer multiplies. *Source*: M. Brooker, *Timeouts, retries,
/// and backoff with jitter*, Amazon Builders' Library.
pub fn worst_amplification(retries: u32, layers: u32) -> f64 {
    libm::pow(f64::from(retries) + 1.0, f64::from(layers))
}

/// A loss system whose refused requests come back; see [`fixed_point`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retried {
    /// The load offered with retries, a′, in Erlangs.
    pub offered: f64,
    /// The share of attempts refused, B.
    pub p_rejected: f64,
    /// The load carried, a(1 − B^{r+1}), in Erlangs.
    pub carried: f64,
    /// The share of requests lost after the last try, B^{r+1}.
    pub lost: f64,
}

/// The load that a group of `c` servers sees when refused requests retry up to `retries` times.
///
/// *Formula*: the smallest solution of a′ = a(1 − B^{r+1})/(1 − B), B = Erlang B(c, a′): what a
/// system that starts without backlog settles at. *Holds when* retries look like fresh Poisson
/// arrivals, which needs a mean random backoff of at least 400·S. `load` a ≥ 0 in Erlangs.
/// *Source*: J. W. Cohen 1957; the approximation of Erlang's loss system with repeated calls.
pub fn fixed_point(servers: u64, load: f64, retries: u32) -> Retried {
    // The right side rises with a′ and lies in [a, (r+1)a]: from below, the steps climb to the
    // smallest solution.
    let mut offered = load;
    for _ in 0..100_000 {
        let next = load * attempts(erlang::blocked(servers, offered), retries);
        let step = next - offered;
        offered = next;
        if step <= 1e-14 * offered || step.is_nan() {
            break;
        }
    }
    let p_rejected = erlang::blocked(servers, offered);
    let lost = libm::pow(p_rejected, f64::from(retries) + 1.0);
    Retried { offered, p_rejected, carried: load * (1.0 - lost), lost }
}

/// How a client draws its wait within the backoff's bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The bound itself.
    None,
    /// Half the bound, and a uniform draw from the other half: ¾ of it in the mean.
    Equal,
    /// A uniform draw from 0 to the bound: ½ of it in the mean.
    Full,
}

/// The bound on the wait before retry `i` (from 0), in seconds: min(cap, b·2^i).
pub fn backoff_s(base_s: f64, cap_s: f64, i: u32) -> f64 {
    cap_s.min(base_s * libm::pow(2.0, f64::from(i)))
}

/// The mean of all waits of a request that uses all its `retries`, in seconds: Σd without jitter,
/// ¾Σd with equal and ½Σd with full jitter, where d_i = min(cap, b·2^i).
///
/// *Holds* always. *Source*: M. Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog,
/// 2015.
pub fn waits_s(base_s: f64, cap_s: f64, retries: u32, spread: Spread) -> f64 {
    let bounds: f64 = (0..retries).map(|i| backoff_s(base_s, cap_s, i)).sum();
    match spread {
        Spread::None => bounds,
        Spread::Equal => 0.75 * bounds,
        Spread::Full => 0.5 * bounds,
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p8_independent_failures() {
        assert_printed(attempts(0.5, 3), "1.875");
        assert_printed(success(0.5, 3), "0.9375");
        assert_printed(attempts(0.9, 3), "3.439");
        assert_printed(success(0.9, 3), "0.3439");
        assert!((attempts(1.0, 3) - 4.0).abs() < 1e-15);
        assert!((worst_amplification(3, 3) - 64.0).abs() < 1e-12);
    }

    #[test]
    fn p8_fixed_point() {
        for (load, servers, offered, p_rejected, carried, lost) in [
            (8.0, 10, "10.394061", "0.23258189", "7.9765904", "0.0029261969"),
            (12.0, 10, "29.153379", "0.67264847", "9.5434032", "0.2047164"),
            (110.0, 100, "225.23411", "0.55946618", "99.223245", "0.097970504"),
        ] {
            let point = fixed_point(servers, load, 3);
            assert_printed(point.offered, offered);
            assert_printed(point.p_rejected, p_rejected);
            assert_printed(point.carried, carried);
            assert_printed(point.lost, lost);
        }
    }

    #[test]
    fn without_retries_the_fixed_point_is_erlang_b() {
        let point = fixed_point(10, 8.0, 0);
        assert!((point.offered - 8.0).abs() < 1e-12);
        assert!((point.p_rejected - erlang::blocked(10, 8.0)).abs() < 1e-12);
        assert!(fixed_point(10, 0.0, 3).lost.abs() < 1e-12);
    }

    #[test]
    fn p9_waits() {
        for (base, cap, n, none, equal, full) in
            [(0.1, 20.0, 5, 3.1, 2.325, 1.55), (1.0, 300.0, 10, 811.0, 608.25, 405.5)]
        {
            assert!((waits_s(base, cap, n, Spread::None) - none).abs() < 1e-9);
            assert!((waits_s(base, cap, n, Spread::Equal) - equal).abs() < 1e-9);
            assert!((waits_s(base, cap, n, Spread::Full) - full).abs() < 1e-9);
        }
    }
}
