//! Exponential and normal draws by the ziggurat of Marsaglia and Tsang with 256 layers: one draw of
//! 64 bits, one multiplication and one comparison in 99 of 100 cases.

mod table;

use super::rng::Xoshiro256pp;
use super::time::as_f64;
use table::{EXPONENTIAL_X, EXPONENTIAL_Y, NORMAL_X, NORMAL_Y};

/// 2⁻⁵³.
const STEP: f64 = 1.0 / as_f64(1 << 53);

/// The layer (low 8 bits), a sign (the next) and a fraction in [0, 1) (high 53) of one draw.
#[inline]
fn split(bits: u64) -> (usize, bool, f64) {
    let [layer, ..] = bits.to_le_bytes();
    (usize::from(layer), bits & 0x100 != 0, as_f64(bits >> 11) * STEP)
}

/// Exponential of mean 1.
#[inline]
pub(super) fn exponential(rng: &mut Xoshiro256pp) -> f64 {
    let (layer, _, fraction) = split(rng.next_u64());
    let x = fraction * EXPONENTIAL_X[layer];
    if x < EXPONENTIAL_X[layer + 1] {
        return x;
    }
    let (x, after) = exponential_outside(layer, x, rng.clone());
    *rng = after;
    x
}

/// What becomes of a draw outside the rectangle of its layer. The generator goes by value, so that
/// its state need not be in memory for the many draws inside.
#[cold]
#[inline(never)]
fn exponential_outside(layer: usize, x: f64, mut rng: Xoshiro256pp) -> (f64, Xoshiro256pp) {
    let (mut layer, mut x) = (layer, x);
    loop {
        if layer == 0 {
            return (EXPONENTIAL_X[1] - libm::log(rng.unit_open()), rng);
        }
        let (below, above) = (EXPONENTIAL_Y[layer], EXPONENTIAL_Y[layer + 1]);
        if below + (above - below) * rng.unit() < libm::exp(-x) {
            return (x, rng);
        }
        let (next, _, fraction) = split(rng.next_u64());
        (layer, x) = (next, fraction * EXPONENTIAL_X[next]);
        if x < EXPONENTIAL_X[layer + 1] {
            return (x, rng);
        }
    }
}

/// Normal of mean 0 and standard deviation 1.
#[inline]
pub(super) fn normal(rng: &mut Xoshiro256pp) -> f64 {
    loop {
        let (layer, negative, fraction) = split(rng.next_u64());
        let signed = |x: f64| if negative { -x } else { x };
        let x = fraction * NORMAL_X[layer];
        if x < NORMAL_X[layer + 1] {
            return signed(x);
        }
        if layer == 0 {
            return signed(normal_tail(rng));
        }
        let (below, above) = (NORMAL_Y[layer], NORMAL_Y[layer + 1]);
        if below + (above - below) * rng.unit() < libm::exp(-0.5 * x * x) {
            return signed(x);
        }
    }
}

/// A normal beyond the last layer, by Marsaglia's exponential majorant.
fn normal_tail(rng: &mut Xoshiro256pp) -> f64 {
    let edge = NORMAL_X[1];
    loop {
        let x = -libm::log(rng.unit_open()) / edge;
        let y = -libm::log(rng.unit_open());
        if 2.0 * y >= x * x {
            return edge + x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All layers have one area, and the heights are those of the curve.
    #[test]
    fn the_tables_are_ziggurats() {
        let exponential = |x: f64| libm::exp(-x);
        holds(&EXPONENTIAL_X, &EXPONENTIAL_Y, exponential, exponential(EXPONENTIAL_X[1]));
        let tail = (std::f64::consts::PI / 2.0).sqrt()
            * libm::erfc(NORMAL_X[1] / std::f64::consts::SQRT_2);
        holds(&NORMAL_X, &NORMAL_Y, |x| libm::exp(-0.5 * x * x), tail);
    }

    fn holds(xs: &[f64; 257], ys: &[f64; 257], curve: impl Fn(f64) -> f64, tail: f64) {
        let area = xs[1] * ys[1] + tail;
        assert!((xs[0] * ys[1] - area).abs() < 1e-14);
        for layer in 1..256 {
            assert!((ys[layer] - curve(xs[layer])).abs() < 1e-15, "{layer}");
            let of_layer = xs[layer] * (ys[layer + 1] - ys[layer]);
            assert!((of_layer - area).abs() < 1e-13, "{layer}: {of_layer} {area}");
        }
        assert_eq!((xs[256], ys[256]), (0.0, 1.0));
    }
}
