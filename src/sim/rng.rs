//! Chance, the same on every machine for ever: splitmix64 to seed, xoshiro256++ for draws, and one
//! independent generator for each (seed, stream, index), so that two policies meet the same
//! requests and their difference is policy, not noise.

use super::time::as_f64;
use super::ziggurat;

/// The generator that seeds others; also a good hash.
#[derive(Clone, Debug)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// A generator at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    #[inline]
    pub const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mixed(self.state)
    }
}

/// 2⁶⁴ divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
const fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The generator of draws, xoshiro256++ 1.0.
#[derive(Clone, Debug)]
pub struct Xoshiro256pp {
    state: [u64; 4],
}

impl Xoshiro256pp {
    /// A generator at `seed`, spread by splitmix64.
    #[inline]
    pub const fn seeded(seed: u64) -> Self {
        let mut seeds = SplitMix64::new(seed);
        let state = [seeds.next_u64(), seeds.next_u64(), seeds.next_u64(), seeds.next_u64()];
        Self { state }
    }

    /// A generator in `state`, which must not be all zero.
    pub const fn from_state(state: [u64; 4]) -> Self {
        Self { state }
    }

    /// The next 64 bits.
    #[inline]
    pub const fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        as_f64(self.next_u64() >> 11) * STEP
    }

    /// Uniform in (0, 1], a multiple of 2⁻⁵³: safe to take the logarithm of.
    #[inline]
    pub fn unit_open(&mut self) -> f64 {
        as_f64((self.next_u64() >> 11) + 1) * STEP
    }

    /// Uniform in [low, high).
    #[inline]
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of probability `p` happens.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform among 0, …, `n` − 1 without bias; 0 if `n` is 0.
    #[expect(clippy::cast_possible_truncation, reason = "the low half of the product is meant")]
    pub const fn below(&mut self, n: u64) -> u64 {
        loop {
            let product = self.next_u64() as u128 * n as u128;
            // The lowest 2⁶⁴ mod n values would make the first results more likely than the rest.
            if n == 0 || product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// Exponential of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        ziggurat::exponential(self)
    }

    /// Normal of mean 0 and standard deviation 1.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        ziggurat::normal(self)
    }
}

/// 2⁻⁵³.
const STEP: f64 = 1.0 / as_f64(1 << 53);

/// What a draw is for. The numbers are part of what a seed means and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// When requests come; the index is the arrival process.
    Arrivals = 1,
    /// How long a request's service takes.
    Service = 2,
    /// How long an environment's start takes.
    Init = 3,
    /// Which idle environment, function or server takes a request.
    Routing = 4,
    /// Whether an attempt fails.
    Failure = 5,
    /// How a backoff is spread.
    Jitter = 6,
    /// How long a leg of the network takes.
    Network = 7,
    /// How long a branch of a fan-out takes.
    Leaf = 8,
    /// Which key a message has.
    Key = 9,
    /// Whether a message is delivered twice.
    Duplicate = 10,
    /// Whether a consumer crashes.
    Crash = 11,
    /// Whether a message is poison.
    Poison = 12,
    /// Which function a request is for.
    Function = 13,
}

/// The source of all chance in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// All draws of `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The generator of the `index`th thing in `stream`; always the same one.
    #[inline]
    pub const fn at(self, stream: Stream, index: u64) -> Xoshiro256pp {
        self.of(stream).at(index)
    }

    /// The draws of `stream`, for a caller that makes many.
    #[inline]
    pub const fn of(self, stream: Stream) -> StreamDraws {
        StreamDraws { base: mixed(self.seed ^ (stream as u64).wrapping_mul(GOLDEN)) }
    }
}

/// All draws of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamDraws {
    base: u64,
}

impl StreamDraws {
    /// The generator of the `index`th thing; always the same one.
    #[inline]
    pub const fn at(self, index: u64) -> Xoshiro256pp {
        Xoshiro256pp::seeded(mixed(self.base.wrapping_add(index.wrapping_mul(GOLDEN))))
    }
}

/// The seed of the `replication`th run, from 0; the first is `seed` itself.
pub const fn replication_seed(seed: u64, replication: u64) -> u64 {
    if replication == 0 { seed } else { mixed(seed ^ mixed(replication.wrapping_mul(GOLDEN))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_outputs() {
        let mut splitmix = SplitMix64::new(0);
        for expected in [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
            0xf88b_b8a8_724c_81ec,
            0x1b39_896a_51a8_749b,
        ] {
            assert_eq!(splitmix.next_u64(), expected);
        }
        let mut xoshiro = Xoshiro256pp::from_state([1, 2, 3, 4]);
        for expected in [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
        ] {
            assert_eq!(xoshiro.next_u64(), expected);
        }
    }

    #[test]
    fn units_stay_in_their_intervals() {
        let mut least = Xoshiro256pp::from_state([0, 0, 0, 1]);
        assert!(least.clone().unit() < 1.0 && least.unit_open() > 0.0);
        let mut rng = Xoshiro256pp::seeded(7);
        for _ in 0..10_000 {
            assert!((0.0..1.0).contains(&rng.unit()));
            let open = rng.unit_open();
            assert!(open > 0.0 && open <= 1.0);
        }
    }

    #[test]
    fn below_is_uniform_and_total() {
        let mut rng = Xoshiro256pp::seeded(1);
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[usize::try_from(rng.below(6)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 400), "{counts:?}");
        // Two thirds of 2⁶⁴: a biased reduction would give the lower half twice as often.
        let n = u64::MAX / 3 * 2;
        let low = (0..30_000).filter(|_| rng.below(n) < n / 2).count();
        assert!(low.abs_diff(15_000) < 400, "{low}");
    }

    #[test]
    fn streams_and_indices_are_apart() {
        let draws = Draws::new(42);
        let first = |stream, index| draws.at(stream, index).next_u64();
        let mut seen = std::collections::BTreeSet::new();
        for stream in [Stream::Arrivals, Stream::Service, Stream::Init] {
            for index in 0..1000 {
                assert!(seen.insert(first(stream, index)));
            }
        }
        assert_eq!(first(Stream::Service, 3), Draws::new(42).at(Stream::Service, 3).next_u64());
        assert_eq!(replication_seed(9, 0), 9);
        assert_ne!(replication_seed(9, 1), replication_seed(9, 2));
    }
}
