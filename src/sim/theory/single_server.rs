//! O6: one server and its queue.

/// The mean time from arrival to departure of an M/M/1 queue, in seconds: 1/(μ − λ).
/// `None` where it is not stable (λ ≥ μ).
///
/// *Holds when* arrivals are Poisson of rate λ, service is exponential of rate μ, first come first
/// served. *Source*: L. Kleinrock, *Queueing Systems* I, §3.2.
pub fn sojourn_mean_s(rate_per_s: f64, service_per_s: f64) -> Option<f64> {
    stable(rate_per_s, service_per_s).then(|| 1.0 / (service_per_s - rate_per_s))
}

/// The time from arrival to departure that a share `q` of requests stays under, in seconds:
/// −ln(1 − q)/(μ − λ). `q` in \[0, 1). `None` where the queue is not stable.
///
/// *Holds when* [`sojourn_mean_s`] does: the whole stay is then exponential. *Source*: the same.
pub fn sojourn_quantile_s(rate_per_s: f64, service_per_s: f64, q: f64) -> Option<f64> {
    sojourn_mean_s(rate_per_s, service_per_s).map(|mean| -libm::log1p(-q) * mean)
}

/// The mean wait before service of an M/G/1 queue, in seconds: ρ(1 + cv²)/(2μ(1 − ρ)), ρ = λ/μ.
/// `None` where the queue is not stable.
///
/// *Holds when* arrivals are Poisson; service has any law of mean 1/μ and coefficient of variation
/// `cv` ≥ 0 (0 constant, 1 exponential). *Source*: Pollaczek 1930, Khinchine 1932.
pub fn wait_mean_s(rate_per_s: f64, service_per_s: f64, cv: f64) -> Option<f64> {
    stable(rate_per_s, service_per_s).then(|| {
        let rho = rate_per_s / service_per_s;
        rho * (1.0 + cv * cv) / (2.0 * service_per_s * (1.0 - rho))
    })
}

fn stable(rate_per_s: f64, service_per_s: f64) -> bool {
    rate_per_s >= 0.0 && rate_per_s < service_per_s
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p6_markov_queue() {
        for (rate, mean, quantiles) in [
            (0.5, "2", ["1.3862944", "5.9914645", "9.2103404"]),
            (0.9, "10", ["6.9314718", "29.957323", "46.051702"]),
        ] {
            let w = sojourn_mean_s(rate, 1.0).expect("stable");
            assert!((w - mean.parse::<f64>().expect("a number")).abs() < 1e-12);
            for (q, printed) in [0.5, 0.95, 0.99].into_iter().zip(quantiles) {
                assert_printed(sojourn_quantile_s(rate, 1.0, q).expect("stable"), printed);
            }
        }
    }

    #[test]
    fn p6_pollaczek_khinchine() {
        for (cv, wait) in [(0.0, 4.5), (2.0, 22.5), (1.0, 9.0)] {
            assert!((wait_mean_s(0.9, 1.0, cv).expect("stable") - wait).abs() < 1e-12);
        }
    }

    #[test]
    fn an_overloaded_server_has_no_steady_state() {
        assert_eq!(sojourn_mean_s(1.0, 1.0), None);
        assert_eq!(sojourn_quantile_s(2.0, 1.0, 0.5), None);
        assert_eq!(wait_mean_s(f64::NAN, 1.0, 1.0), None);
    }
}
