//! O2 and O12: as many servers as there are requests.

use std::f64::consts::TAU;

/// The mean number running when nothing is ever turned away: λS.
///
/// *Holds when* arrivals are Poisson of rate λ and the service time has any law of mean S; the
/// number running is then itself Poisson. `rate_per_s` ≥ 0, `service_s` ≥ 0.
/// *Source*: M/G/∞; Takács, *Introduction to the Theory of Queues*, 1962.
pub fn running(rate_per_s: f64, service_s: f64) -> f64 {
    rate_per_s * service_s
}

/// The mean number running where some are turned away and cold requests take another time:
/// λ(1 − `p_rejected`)(`p_cold` · `cold_s` + (1 − `p_cold`) · `warm_s`).
///
/// *Holds* always, for long-run averages; `p_cold` is the share of the requests *served*.
/// *Source*: Little's law.
pub fn running_mixed(
    rate_per_s: f64,
    p_rejected: f64,
    p_cold: f64,
    warm_cold_s: (f64, f64),
) -> f64 {
    let (warm_s, cold_s) = warm_cold_s;
    rate_per_s * (1.0 - p_rejected) * (p_cold * cold_s + (1.0 - p_cold) * warm_s)
}

/// How the number running follows a rate that goes up and down; see [`sine`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wave {
    /// The mean number running.
    pub mean: f64,
    /// Half the swing of the number running.
    pub amplitude: f64,
    /// How long the peak of the number running comes after the peak of the rate, in seconds.
    pub lag_s: f64,
}

/// The number running under the rate λ₀ + A sin(2πt/P).
///
/// *Formula*: with μ = 1/S and ω = 2π/P: mean λ₀S, amplitude A/√(μ² + ω²), lag atan2(ω, μ)/ω.
/// *Holds when* arrivals are Poisson of that rate (|A| ≤ λ₀), service is exponential of mean
/// S > 0, nothing is turned away, long after the start. `period_s` P > 0.
/// *Source*: S. G. Eick, W. A. Massey, W. Whitt, *M_t/G/∞ queues with sinusoidal arrival rates*,
/// Management Science 39 (1993).
pub fn sine(mean_per_s: f64, amplitude_per_s: f64, period_s: f64, service_s: f64) -> Wave {
    let mu = 1.0 / service_s;
    let omega = TAU / period_s;
    Wave {
        mean: mean_per_s * service_s,
        amplitude: amplitude_per_s / (mu * mu + omega * omega).sqrt(),
        lag_s: libm::atan2(omega, mu) / omega,
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p2_running() {
        assert_printed(running(0.9, 1.991), "1.7919");
        assert_printed(running(10.0, 0.2), "2");
        assert_printed(running(500.0, 0.2), "100");
    }

    #[test]
    fn running_mixed_weighs_cold_and_warm() {
        assert!((running_mixed(0.9, 0.0, 0.0, (1.991, 9.0)) - 1.7919).abs() < 1e-12);
        assert!((running_mixed(10.0, 0.5, 0.25, (1.0, 3.0)) - 7.5).abs() < 1e-12);
    }

    #[test]
    fn p12_sine() {
        let slow = sine(10.0, 5.0, 60.0, 10.0);
        assert_printed(slow.mean, "100");
        assert_printed(slow.amplitude, "34.531056");
        assert_printed(slow.lag_s, "7.7201173");
        let wide = sine(100.0, 80.0, 300.0, 30.0);
        assert_printed(wide.mean, "3000");
        assert_printed(wide.amplitude, "2032.1592");
        assert_printed(wide.lag_s, "26.784923");
    }
}
