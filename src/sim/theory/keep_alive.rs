//! O3 and O4: how many requests start cold when an idle environment is kept for a time T.

/// The most numbers of running requests that [`exact`] looks at; beyond it the answer would take
/// longer than a frame of the screen.
const STATES_MAX: usize = 500;

/// States less likely than this, relative to the likeliest, are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// What [`exact`] answers: long-run averages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeepAlive {
    /// The share of requests served that started cold.
    pub p_cold: f64,
    /// The mean number of idle environments.
    pub idle: f64,
    /// The mean number of environments, running or idle.
    pub servers: f64,
    /// The share of requests refused at the limit; 0 without one.
    pub p_rejected: f64,
}

impl KeepAlive {
    /// The mean number of environments running a request.
    pub fn running(&self) -> f64 {
        self.servers - self.idle
    }

    /// The share of environment time that is idle.
    pub fn wasted(&self) -> f64 {
        self.idle / self.servers
    }
}

/// Cold starts and idle environments under a keep-alive of `keep_alive_s` (T), exactly.
///
/// *Formula*: with π the Poisson law of mean λS, cut off at the limit c, and τ_n the first passage
/// time of the number running from n−1 to n:
/// `p_cold` = Σ π_{n−1} P(τ_n > T)/(1 − `p_rejected`), E\[idle\] = Σ λπ_{n−1} E\[min(τ_n, T)\],
/// servers = running + idle.
/// *Why*: last-in-first-out routing pairs each step up n−1→n with the last step down n→n−1, like
/// brackets, so the environment that is used again has been idle for exactly τ_n.
/// *Holds when* arrivals are Poisson of rate λ > 0, service is exponential with one mean S > 0 for
/// cold and warm requests (no `init`), routing is `lifo`, and the only limit, if any, is one on
/// the requests running. 0 ≤ T < ∞. `None` outside these ranges and where more than 500 numbers
/// of running requests matter (λS above about 330).
/// *Source*: first passage times of birth-and-death processes, S. Karlin and J. McGregor 1957.
pub fn exact(
    rate_per_s: f64,
    service_s: f64,
    keep_alive_s: f64,
    limit: Option<u64>,
) -> Option<KeepAlive> {
    let positive = rate_per_s > 0.0 && service_s > 0.0 && keep_alive_s >= 0.0;
    let load = rate_per_s * service_s;
    if !(positive && load.is_finite() && keep_alive_s.is_finite()) || limit == Some(0) {
        return None;
    }
    let limit = limit.map_or(usize::MAX, |c| usize::try_from(c).unwrap_or(usize::MAX));
    let states = running_law(load, limit)?;
    let p_rejected = if states.len() == limit.saturating_add(1) {
        states.last().copied().unwrap_or(0.0)
    } else {
        0.0
    };
    let mut cold = 0.0;
    let mut idle = 0.0;
    // In the state of the limit no step up happens; where the law is merely cut off, the last
    // state weighs nothing.
    for (n, &p) in (1..states.len()).zip(&states) {
        if p > NEGLIGIBLE {
            let passage = Passage::new(rate_per_s, 1.0 / service_s, n);
            cold += p * passage.longer_than(keep_alive_s);
            idle += rate_per_s * p * passage.mean_up_to(keep_alive_s);
        }
    }
    let accepted = 1.0 - p_rejected;
    let running = load * accepted;
    Some(KeepAlive { p_cold: cold / accepted, idle, servers: running + idle, p_rejected })
}

/// The law of the number running: Poisson of mean `load`, cut off at `limit`, from 0 to the last
/// number that matters.
fn running_law(load: f64, limit: usize) -> Option<Vec<f64>> {
    let mode = whole(load.min(1e9)).min(limit);
    if mode > STATES_MAX {
        return None;
    }
    // Weights relative to the mode, so that none overflows.
    let mut weights = vec![1.0; mode + 1];
    let mut weight = 1.0;
    for n in (1..=mode).rev() {
        weight *= real(n) / load;
        weights[n - 1] = weight;
    }
    weight = 1.0;
    for n in mode + 1..=limit {
        weight *= load / real(n);
        if weight < NEGLIGIBLE {
            break;
        }
        if n > STATES_MAX {
            return None;
        }
        weights.push(weight);
    }
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    Some(weights)
}

/// The first passage time of the number running from n−1 to n, as a mixture of exponentials:
/// its density is Σ λ v_j² e^{−θ_j t}, where θ are the eigenvalues of the (negated, symmetrised)
/// generator on 0..n−1 and v_j are the last components of its eigenvectors.
struct Passage {
    /// (weight, rate per second); the weights sum to 1.
    phases: Vec<(f64, f64)>,
}

impl Passage {
    fn new(up: f64, down: f64, n: usize) -> Self {
        let diagonal = (0..n).map(|k| up + real(k) * down).collect();
        let beside = (1..n).map(|k| -(up * real(k) * down).sqrt()).collect();
        let mut phases: Vec<(f64, f64)> = eigen_last(diagonal, beside)
            .into_iter()
            .map(|(rate, last)| (up * last * last / rate, rate))
            .collect();
        phases.sort_by(|one, other| one.1.total_cmp(&other.1));
        // The slowest phase has nearly all the weight and the least exact rate: what the others
        // leave is exact.
        let others: f64 = phases.iter().skip(1).map(|phase| phase.0).sum();
        if let Some(slowest) = phases.first_mut() {
            slowest.0 = 1.0 - others;
        }
        Self { phases }
    }

    /// P(τ > t).
    fn longer_than(&self, t: f64) -> f64 {
        self.phases.iter().map(|&(weight, rate)| weight * libm::exp(-rate * t)).sum()
    }

    /// E\[min(τ, t)\].
    fn mean_up_to(&self, t: f64) -> f64 {
        self.phases.iter().map(|&(weight, rate)| weight * -libm::expm1(-rate * t) / rate).sum()
    }
}

/// The eigenvalues of a symmetric tridiagonal matrix, each with the last component of its unit
/// eigenvector, by the implicit QL method (EISPACK `imtql2`, here with one row of the vectors).
#[expect(clippy::many_single_char_names, reason = "the names that the method is printed with")]
fn eigen_last(mut d: Vec<f64>, mut e: Vec<f64>) -> Vec<(f64, f64)> {
    let n = d.len();
    e.push(0.0);
    let mut z = vec![0.0; n];
    if let Some(last) = z.last_mut() {
        *last = 1.0;
    }
    for l in 0..n {
        // Three steps an eigenvalue are usual; the bound only guards against not-a-number.
        for _ in 0..100 {
            let split = |m: &usize| e[*m].abs() <= f64::EPSILON * (d[*m].abs() + d[*m + 1].abs());
            let m = (l..n - 1).find(split).unwrap_or(n - 1);
            if m == l {
                break;
            }
            ql_step((&mut d, &mut e, &mut z), l, m);
        }
    }
    d.into_iter().zip(z).collect()
}

/// One implicit QL step on the rows l..=m.
#[expect(clippy::many_single_char_names, reason = "the names that the method is printed with")]
fn ql_step((d, e, z): (&mut [f64], &mut [f64], &mut [f64]), l: usize, m: usize) {
    let shift = (d[l + 1] - d[l]) / (2.0 * e[l]);
    let root = libm::hypot(shift, 1.0);
    let mut g = d[m] - d[l] + e[l] / (shift + libm::copysign(root, shift));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let f = s * e[i];
        let b = c * e[i];
        let r = libm::hypot(f, g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        let turned = (d[i] - g) * s + 2.0 * c * b;
        p = s * turned;
        d[i + 1] = g + p;
        g = c * turned - b;
        let upper = z[i + 1];
        z[i + 1] = s * z[i] + c * upper;
        z[i] = c * z[i] - s * upper;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

/// The share of requests that start cold when requests are so sparse or short that they never
/// overlap: P(gap > T) = e^{−λT}.
///
/// *Holds when* S → 0 and arrivals are Poisson of rate λ. For other arrivals with independent gaps
/// the answer is the gap's own P(gap > T). *Source*: [`exact`] with π₀ = 1.
pub fn sparse_p_cold(rate_per_s: f64, keep_alive_s: f64) -> f64 {
    libm::exp(-rate_per_s * keep_alive_s)
}

/// The mean life of an environment of a sparse function, in seconds, from its first request until
/// it expires: (e^{λT} − 1)/λ. *Holds when* [`sparse_p_cold`] does. *Source*: the renewal argument
/// for the first gap longer than T.
pub fn sparse_life_s(rate_per_s: f64, keep_alive_s: f64) -> f64 {
    libm::expm1(rate_per_s * keep_alive_s) / rate_per_s
}

#[expect(clippy::cast_precision_loss, reason = "states stay far below 2^53")]
fn real(count: usize) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the caller gives a number from 0 to 10^9"
)]
fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    /// λ, S, T, limit, then `p_cold`, idle, servers, wasted and the share refused as printed.
    type Case = (f64, f64, f64, Option<u64>, [&'static str; 5]);

    const CASES: [Case; 9] = [
        (0.9, 1.991, 600.0, None, ["0.001329307", "5.900034", "7.691934", "0.7670417", "0"]),
        (0.1, 1.0, 10.0, None, ["0.4140545", "0.6570731", "0.7570731", "0.8679124", "0"]),
        (1.0, 1.0, 1.0, None, ["0.4965203", "0.6921027", "1.692103", "", "0"]),
        (1.0, 1.0, 10.0, None, ["0.07737383", "2.278075", "3.278075", "", "0"]),
        (0.02, 5.0, 120.0, None, ["0.1547341", "1.015425", "1.115425", "", "0"]),
        (10.0, 0.5, 5.0, None, ["0.02858223", "5.091619", "10.09162", "", "0"]),
        (50.0, 0.2, 2.0, None, ["0.01908503", "7.184005", "17.18401", "", "0"]),
        (2.0, 1.0, 5.0, Some(3), ["0.0197595", "1.362702", "2.94165", "", "0.2105263"]),
        (0.5, 4.0, 15.0, Some(6), ["0.1213546", "2.172857", "4.148688", "", "0.01208459"]),
    ];

    #[test]
    fn p3_exact() {
        for (rate, service, keep, limit, [p_cold, idle, servers, wasted, rejected]) in CASES {
            let answer = exact(rate, service, keep, limit).expect("in range");
            assert_printed(answer.p_cold, p_cold);
            assert_printed(answer.idle, idle);
            assert_printed(answer.servers, servers);
            assert_printed(answer.p_rejected, rejected);
            if !wasted.is_empty() {
                assert_printed(answer.wasted(), wasted);
            }
        }
    }

    /// P(τ > t) and E\[min(τ, t)\] another way: by uniformisation of the killed chain.
    fn uniformised(up: f64, down: f64, n: usize, t: f64) -> (f64, f64) {
        let pace = up + real(n) * down;
        let mut law = vec![0.0; n];
        law[n - 1] = 1.0;
        let mut jumps = libm::exp(-pace * t);
        let mut jumps_so_far = jumps;
        let (mut longer, mut mean) = (0.0, 0.0);
        for k in 1..5000 {
            let alive: f64 = law.iter().sum();
            longer += jumps * alive;
            mean += (1.0 - jumps_so_far) * alive / pace;
            let mut next = vec![0.0; n];
            for (i, p) in law.iter().enumerate() {
                let (rise, fall) = (up / pace, real(i) * down / pace);
                next[i] += p * (1.0 - rise - fall);
                if i > 0 {
                    next[i - 1] += p * fall;
                }
                if i + 1 < n {
                    next[i + 1] += p * rise;
                }
            }
            law = next;
            jumps *= pace * t / real(k);
            jumps_so_far += jumps;
        }
        (longer, mean)
    }

    #[test]
    fn the_passage_agrees_with_uniformisation() {
        for (up, down, n, t) in [(1.0, 1.0, 1, 3.0), (2.0, 1.0, 6, 5.0), (0.9, 0.5, 9, 40.0)] {
            let passage = Passage::new(up, down, n);
            let (longer, mean) = uniformised(up, down, n, t);
            assert!((passage.longer_than(t) - longer).abs() < 1e-10, "{up} {down} {n}");
            assert!((passage.mean_up_to(t) - mean).abs() < 1e-8 * mean, "{up} {down} {n}");
        }
    }

    #[test]
    fn p4_sparse() {
        for (rate, keep, p_cold, life) in [
            (1.0 / 600.0, 600.0, "0.36787944", "1030.9691"),
            (1.0 / 60.0, 300.0, "0.006737947", "8844.7895"),
            (1.0 / 1800.0, 900.0, "0.60653066", "1167.6983"),
        ] {
            assert_printed(sparse_p_cold(rate, keep), p_cold);
            assert_printed(sparse_life_s(rate, keep), life);
            let short = exact(rate, 1e-6, keep, None).expect("in range");
            assert!((short.p_cold - sparse_p_cold(rate, keep)).abs() < 1e-6);
        }
    }

    #[test]
    fn without_a_keep_alive_all_is_cold_and_nothing_idles() {
        let answer = exact(2.0, 1.0, 0.0, None).expect("in range");
        assert!((answer.p_cold - 1.0).abs() < 1e-12);
        assert!(answer.idle.abs() < 1e-12);
        assert!((answer.running() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_large_load_is_still_answered_and_a_huge_one_is_refused() {
        let answer = exact(100.0, 1.0, 60.0, Some(1000)).expect("in range");
        assert!(answer.p_cold > 0.0 && answer.p_cold < 0.01, "{answer:?}");
        assert!((answer.running() - 100.0).abs() < 1e-9);
        assert_eq!(exact(1e6, 1.0, 60.0, None), None);
        assert_eq!(exact(f64::NAN, 1.0, 60.0, None), None);
        assert_eq!(exact(1.0, 1.0, f64::INFINITY, None), None);
        assert_eq!(exact(1.0, 1.0, 60.0, Some(0)), None);
    }
}
