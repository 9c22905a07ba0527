//! O11: a limit on how fast environments may be added, as a fluid.

/// What a sudden load meets when the budget of environments grows steadily; see [`fluid`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttling {
    /// When the first request is refused, in seconds after the load begins.
    pub first_s: f64,
    /// When the last request is refused, in seconds after the load begins.
    pub last_s: f64,
    /// How many requests are refused in between.
    pub throttled: f64,
}

/// Refusals under a load that jumps from nothing to λ while the number of environments may be at
/// most C(t) = C₀ + rt. `None` where nothing is refused, or where it never ends (r = 0).
///
/// *Formula*: from t₁, where λS(1 − e^{−t/S}) = C(t), to t₂ = (λS − C₀ − rS)/r; refused
/// ∫(λ − C(t)/S − r) dt between them.
/// *Holds when* service is exponential of mean S, nothing expires and there is no other limit;
/// good to 2 % for large loads and 7 % for small ones. t₂ is the fluid's: a simulated last refusal
/// comes up to 1.2 s later. `rate_per_s` λ, `service_s` S, `burst` C₀, `per_s` r.
/// *Source*: dN/dt = λ − N/S with N held at C(t).
pub fn fluid(rate_per_s: f64, service_s: f64, burst: f64, per_s: f64) -> Option<Throttling> {
    let load = rate_per_s * service_s;
    let last_s = (load - burst - per_s * service_s) / per_s;
    if !(last_s > 0.0 && last_s.is_finite() && service_s > 0.0) {
        return None;
    }
    let over = |t: f64| load * -libm::expm1(-t / service_s) - burst - per_s * t;
    // The excess is concave and is highest where λe^{−t/S} = r.
    let top = service_s * libm::log(rate_per_s / per_s);
    if !(top > 0.0 && over(top) > 0.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, top);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if over(middle) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    let refused_until =
        |t: f64| (rate_per_s - burst / service_s - per_s) * t - per_s * t * t / (2.0 * service_s);
    let throttled = refused_until(last_s) - refused_until(high);
    (last_s > high).then_some(Throttling { first_s: high, last_s, throttled })
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p11_fluid() {
        for (rate, service, first, last, throttled) in [
            (5000.0, 1.0, "0.229", 39.0, "75160"),
            (4000.0, 0.5, "0.365", 9.5, "8344.5"),
            (20000.0, 0.5, "0.053", 89.5, "800077"),
        ] {
            let fluid = fluid(rate, service, 1000.0, 100.0).expect("throttled");
            assert_printed(fluid.first_s, first);
            assert!((fluid.last_s - last).abs() < 1e-9);
            assert_printed(fluid.throttled, throttled);
        }
    }

    #[test]
    fn a_load_below_the_burst_is_not_throttled() {
        assert_eq!(fluid(900.0, 1.0, 1000.0, 100.0), None);
        assert_eq!(fluid(1050.0, 1.0, 1000.0, 100.0), None);
        assert_eq!(fluid(5000.0, 1.0, 1000.0, 0.0), None);
    }
}
