//! O1 and O5: Erlang's formulas for a group of `c` servers.

/// Erlang B: the share of requests that find all `c` servers busy and are turned away.
///
/// *Formula*: B₀ = 1, B_k = aB_{k−1}/(k + aB_{k−1}); *answer*: B_c.
/// *Holds when* requests arrive as a Poisson process, those turned away do not come back, and the
/// service time has any law of mean S; `load` a = λS in Erlangs, a ≥ 0.
/// *Source*: A. K. Erlang, 1917; R. B. Cooper, *Introduction to Queueing Theory*, §3.3.
pub fn blocked(servers: u64, load: f64) -> f64 {
    let mut share = 1.0;
    for k in 1..=servers {
        let offered = load * share;
        share = offered / (real(k) + offered);
        if share == 0.0 {
            break;
        }
    }
    share
}

/// The mean number of busy servers of a loss system: a(1 − B), in Erlangs.
///
/// *Holds when* [`blocked`] does. *Source*: Little's law over the requests that are served.
pub fn carried(servers: u64, load: f64) -> f64 {
    load * (1.0 - blocked(servers, load))
}

/// An M/M/c queue in its steady state; see [`delay`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// The share of requests that wait at all (Erlang C).
    pub p_wait: f64,
    /// The mean wait before service over all requests, in seconds.
    pub wait_mean_s: f64,
    /// The rate at which the wait of those who wait decays: c/S − λ, per second.
    pub decay_per_s: f64,
    /// The share of time that a server is busy: λS/c.
    pub utilisation: f64,
}

impl Delay {
    /// The wait that a share `q` of all requests stays under, in seconds (0 where they do not
    /// wait): P(W > t) = C e^{−(c/S − λ)t} solved for t.
    pub fn wait_quantile_s(&self, q: f64) -> f64 {
        if self.p_wait <= 1.0 - q {
            0.0
        } else {
            libm::log(self.p_wait / (1.0 - q)) / self.decay_per_s
        }
    }
}

/// Erlang C: the wait for one of `c` servers. `None` where the queue grows without end (λS ≥ c).
///
/// *Formula*: C = cB/(c − a(1 − B)); W_q = C/(c/S − λ); P(W_q > t) = C e^{−(c/S − λ)t}.
/// *Holds when* arrivals are Poisson, service is exponential, one queue, first come first served,
/// nobody leaves. `rate_per_s` λ > 0, `service_s` S > 0.
/// *Source*: A. K. Erlang, 1917; L. Kleinrock, *Queueing Systems* I, §3.5.
pub fn delay(servers: u64, rate_per_s: f64, service_s: f64) -> Option<Delay> {
    let c = real(servers);
    let load = rate_per_s * service_s;
    if !(load > 0.0 && load < c && service_s > 0.0) {
        return None;
    }
    let b = blocked(servers, load);
    let p_wait = c * b / (c - load * (1.0 - b));
    let decay_per_s = c / service_s - rate_per_s;
    Some(Delay { p_wait, wait_mean_s: p_wait / decay_per_s, decay_per_s, utilisation: load / c })
}

/// A count as a real number; counts here stay far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "numbers of servers stay far below 2^53")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    #[test]
    fn p1_blocked() {
        for (servers, load, printed) in [
            (1, 0.5, "0.33333333"),
            (2, 1.0, "0.2"),
            (5, 3.0, "0.11005435"),
            (10, 8.0, "0.12166106"),
            (10, 12.0, "0.30192504"),
            (100, 90.0, "0.02695738"),
            (1000, 950.0, "0.0036492937"),
        ] {
            assert_printed(blocked(servers, load), printed);
        }
        assert!((blocked(2, 1.0) - 0.2).abs() < 1e-15);
    }

    #[test]
    fn no_server_blocks_all_and_no_load_blocks_none() {
        assert!((blocked(0, 3.0) - 1.0).abs() < f64::EPSILON);
        assert!(blocked(5, 0.0).abs() < f64::EPSILON);
        assert!((carried(5, 3.0) - 3.0 * (1.0 - 0.110_054_35)).abs() < 1e-7);
    }

    #[test]
    fn p5_delay() {
        for (servers, rate, p_wait, mean, p99) in [
            (2, 1.5, "0.64285714", "1.2857143", "8.3266749"),
            (5, 4.0, "0.55411255", "0.55411255", "4.0147827"),
            (10, 9.0, "0.66873152", "0.66873152", "4.2027976"),
            (50, 45.0, "0.36386447", "0.072772893", "0.71883927"),
        ] {
            let delay = delay(servers, rate, 1.0).expect("stable");
            assert_printed(delay.p_wait, p_wait);
            assert_printed(delay.wait_mean_s, mean);
            assert_printed(delay.wait_quantile_s(0.99), p99);
            assert!(delay.wait_quantile_s(0.1).abs() < f64::EPSILON, "nine in ten wait at most");
        }
    }

    #[test]
    fn an_overloaded_queue_has_no_steady_state() {
        assert_eq!(delay(2, 2.0, 1.0), None);
        assert_eq!(delay(0, 1.0, 1.0), None);
        assert_eq!(delay(2, f64::NAN, 1.0), None);
    }
}
