//! How many pods there should be: the decision of Knative's pod autoscaler, from two averages.

use crate::sim::time::{SimDuration, SimTime};

/// What an autoscaler is told once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// Concurrent requests that a pod should have.
    pub target: f64,
    /// At most so many times the ready pods at once.
    pub max_scale_up_rate: f64,
    /// At least the ready pods divided by this.
    pub max_scale_down_rate: f64,
    /// Panic begins where the panic average asks for so many times the ready pods.
    pub panic_threshold: f64,
    /// Panic ends so long after it was last called for.
    pub stable_window: SimDuration,
}

/// An autoscaler between two decisions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autoscaler {
    spec: Spec,
    panic: Option<Panic>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Panic {
    /// When it was last called for.
    since: SimTime,
    /// The most pods wanted in it; it never wants less.
    pods: f64,
}

impl Autoscaler {
    /// One that is not in panic.
    pub const fn new(spec: Spec) -> Self {
        Self { spec, panic: None }
    }

    /// Whether it is in panic.
    pub const fn panicking(&self) -> bool {
        self.panic.is_some()
    }

    /// The pods wanted `now`, by the mean concurrency over the stable and over the panic window and
    /// the number of ready pods.
    pub fn desired(&mut self, now: SimTime, stable: f64, panic: f64, ready: u64) -> u64 {
        let spec = self.spec;
        let ready = pods(ready.max(1));
        // Rounding outwards lets a slow rate still move by one pod.
        let most = (spec.max_scale_up_rate * ready).ceil();
        let least = (ready / spec.max_scale_down_rate).floor();
        let by_stable = (stable / spec.target).ceil();
        let by_panic = (panic / spec.target).ceil();
        if by_panic / ready >= spec.panic_threshold {
            let pods = self.panic.map_or(0.0, |panic| panic.pods);
            self.panic = Some(Panic { since: now, pods });
        } else if self.panic.is_some_and(|panic| panic.since + spec.stable_window < now) {
            self.panic = None;
        }
        let wanted = by_stable.max(least).min(most);
        let Some(panic) = &mut self.panic else { return whole(wanted) };
        panic.pods = panic.pods.max(wanted).max(by_panic.max(least).min(most));
        whole(panic.pods)
    }
}

/// As a real number; exact below 2⁵³.
pub(super) const fn pods(count: u64) -> f64 {
    crate::sim::time::as_f64(count)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of pods, at least 0; the cast saturates"
)]
const fn whole(pods: f64) -> u64 {
    pods as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(target: f64) -> Spec {
        Spec {
            target,
            max_scale_up_rate: 10.0,
            max_scale_down_rate: 10.0,
            panic_threshold: 2.0,
            stable_window: SimDuration::from_secs(60),
        }
    }

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    /// Decides at each (seconds, ready, (stable, panic)) in turn and expects so many pods.
    fn decides(spec: Spec, steps: &[(u64, u64, (f64, f64), u64)]) -> Autoscaler {
        let mut autoscaler = Autoscaler::new(spec);
        for &(seconds, ready, (stable, panic), wanted) in steps {
            let desired = autoscaler.desired(at(seconds), stable, panic, ready);
            assert_eq!(desired, wanted, "{seconds} s, {ready} ready, ({stable}, {panic})");
        }
        autoscaler
    }

    fn panic_since(autoscaler: &Autoscaler) -> Option<SimTime> {
        autoscaler.panic.map(|panic| panic.since)
    }

    #[test]
    fn follows_the_load_down_and_to_zero() {
        decides(spec(10.0), &[(0, 8, (100.0, 100.0), 10), (2, 8, (50.0, 50.0), 5)]);
        decides(spec(10.0), &[(0, 1, (1.0, 0.0), 1), (2, 1, (0.0, 0.0), 0)]);
        decides(spec(10.0), &[(0, 100, (1.0, 1.0), 10), (2, 10, (1.0, 1.0), 1)]);
        decides(spec(10.0), &[(0, 1, (50.0, 10.0), 5), (2, 1, (100.0, 10.0), 10)]);
        decides(spec(10.0), &[(0, 1, (1000.0, 1001.0), 10), (2, 10, (1000.0, 1001.0), 100)]);
        decides(spec(10.0), &[(0, 0, (1000.0, 888.0), 10)]);
    }

    #[test]
    fn panic_ends_after_a_slow_rise() {
        let steps = [(0, 10, (11.0, 25.0), 25), (30, 40, (30.0, 41.0), 41)];
        let autoscaler = decides(spec(1.0), &steps);
        assert_eq!(panic_since(&autoscaler), Some(at(0)));
        let autoscaler = decides(spec(1.0), &[steps[0], steps[1], (62, 55, (50.0, 56.0), 50)]);
        assert!(!autoscaler.panicking());
    }

    #[test]
    fn panic_goes_on_while_it_is_called_for() {
        let steps = [(0, 10, (11.0, 25.0), 25), (30, 40, (30.0, 80.0), 80)];
        assert_eq!(panic_since(&decides(spec(1.0), &steps)), Some(at(30)));
    }

    #[test]
    fn panic_ends_strictly_after_the_window() {
        let begun = (0, 10, (11.0, 25.0), 25);
        assert!(decides(spec(1.0), &[begun, (60, 55, (50.0, 56.0), 56)]).panicking());
        assert!(!decides(spec(1.0), &[begun, (61, 55, (50.0, 56.0), 50)]).panicking());
    }

    #[test]
    fn an_exponential_rise_is_followed() {
        let load = |load: f64| (load, load);
        let steps = [
            (0, 1, load(6.0), 6),
            (0, 6, load(36.0), 36),
            (1, 36, load(216.0), 216),
            (1, 216, load(1296.0), 1296),
            (2, 1296, load(1296.0), 1296),
        ];
        assert_eq!(panic_since(&decides(spec(1.0), &steps)), Some(at(1)));
    }

    #[test]
    fn panic_never_scales_down() {
        let steps = [
            (0, 1, (100.0, 100.0), 10),
            (0, 10, (100.0, 1000.0), 100),
            (30, 10, (1.0, 1.0), 100),
            (61, 10, (1.0, 1.0), 1),
        ];
        decides(spec(10.0), &steps);
    }

    #[test]
    fn slow_rates_still_move_by_a_pod() {
        let up = Spec { max_scale_up_rate: 1.1, ..spec(1.0) };
        decides(up, &[(0, 2, (3.0, 3.1), 3)]);
        let down = Spec { max_scale_down_rate: 1.1, ..spec(10.0) };
        decides(down, &[(0, 100, (1.0, 1.0), 90)]);
    }

    #[test]
    fn panic_takes_the_larger_of_both_averages() {
        for (stable, wanted) in [(50.0, 50), (20.0, 30)] {
            let mut autoscaler = Autoscaler::new(spec(1.0));
            autoscaler.panic = Some(Panic { since: at(0), pods: 5.0 });
            assert_eq!(autoscaler.desired(at(5), stable, 30.0, 5), wanted);
        }
    }

    #[test]
    fn one_decision() {
        decides(spec(10.0), &[(0, 1, (0.0, 0.0), 0)]);
        decides(spec(181.0), &[(0, 1, (21.0, 26.0), 1)]);
        decides(spec(10.0), &[(0, 1, (50.0, 49.0), 5)]);
        decides(spec(10.0), &[(0, 5, (50.0, 50.0), 5)]);
        decides(spec(10.0), &[(0, 1, (50.0, 100.0), 10)]);
    }
}
