//! How long a client waits before it tries again.

use super::{Backoff, Jitter, Params};
use crate::sim::rng::Xoshiro256pp;
use crate::sim::time::SimDuration;

/// The wait before a retry; `doublings` is how often the wait has doubled by now. `previous` is the
/// last wait, which decorrelated jitter builds upon; it begins as `base`.
pub(super) fn wait(
    params: &Params,
    doublings: u64,
    previous: &mut SimDuration,
    rng: &mut Xoshiro256pp,
) -> SimDuration {
    if params.backoff == Backoff::None {
        return SimDuration::ZERO;
    }
    let nominal = nominal(params, doublings);
    let half = SimDuration(nominal.0 / 2);
    match params.jitter {
        Jitter::None => nominal,
        Jitter::Equal => SimDuration(nominal.0 - half.0) + upto(half, rng),
        Jitter::Full => upto(nominal, rng),
        Jitter::Decorrelated => {
            let spread = previous.saturating_mul(3).saturating_sub(params.base);
            *previous = (params.base + upto(spread, rng)).min(params.cap);
            *previous
        }
    }
}

/// The wait before chance spreads it.
pub(super) fn nominal(params: &Params, doublings: u64) -> SimDuration {
    match params.backoff {
        Backoff::None => SimDuration::ZERO,
        Backoff::Fixed => params.base,
        Backoff::Exponential => {
            let times = u32::try_from(doublings).ok().and_then(|shift| 1_u64.checked_shl(shift));
            params.base.saturating_mul(times.unwrap_or(u64::MAX)).min(params.cap)
        }
    }
}

/// Uniform in 0 to `span`.
fn upto(span: SimDuration, rng: &mut Xoshiro256pp) -> SimDuration {
    SimDuration(rng.below(span.0.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_jitter_stays_inside() {
        let params = Params {
            base: SimDuration::from_millis(100),
            cap: SimDuration::from_millis(1000),
            jitter: Jitter::None,
            ..Params::default()
        };
        let mut rng = Xoshiro256pp::seeded(1);
        let mut previous = params.base;
        let milliseconds: Vec<u64> = [0, 1, 2, 3, 4, 63, 64, u64::MAX]
            .map(|i| wait(&params, i, &mut previous, &mut rng).0 / 1_000_000)
            .to_vec();
        assert_eq!(milliseconds, [100, 200, 400, 800, 1000, 1000, 1000, 1000]);

        for (jitter, least, most) in
            [(Jitter::Equal, 200, 400), (Jitter::Full, 0, 400), (Jitter::Decorrelated, 100, 1000)]
        {
            let params = Params { jitter, ..params.clone() };
            for _ in 0..1000 {
                let wait = wait(&params, 2, &mut previous, &mut rng);
                assert!(wait >= SimDuration::from_millis(least), "{jitter:?} {wait:?}");
                assert!(wait <= SimDuration::from_millis(most), "{jitter:?} {wait:?}");
            }
        }
        let none = Params { backoff: Backoff::None, ..params.clone() };
        assert_eq!(wait(&none, 5, &mut previous, &mut rng), SimDuration::ZERO);
        let fixed = Params { backoff: Backoff::Fixed, ..params };
        assert_eq!(wait(&fixed, 5, &mut previous, &mut rng), SimDuration::from_millis(100));
    }
}
