//! Ticks: a run in stretches of equal length, in memory that does not grow with the run. When they
//! run out, neighbours are joined and every tick is twice as long.

use super::time::{SimDuration, SimTime};

/// What is counted in a stretch of time, and can be joined with what the next one counted.
pub trait Tick: Copy + Default {
    /// Both stretches as one.
    #[must_use]
    fn joined(self, next: Self) -> Self;
}

/// The ticks of a run, from 0 on without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticks<T> {
    width: u64,
    most: usize,
    all: Vec<T>,
}

impl<T: Tick> Ticks<T> {
    /// None yet; they are `width` long at first, and never more than `most` (at least 2).
    pub fn new(width: SimDuration, most: usize) -> Self {
        Self { width: width.0.max(1), most: most.max(2), all: Vec::new() }
    }

    /// Enough of them for a picture of a run of `duration`: 512 or a few fewer.
    pub fn of(duration: SimDuration) -> Self {
        Self::new(SimDuration(duration.0.div_ceil(512)), 1024)
    }

    /// The tick of a moment.
    pub fn at(&mut self, moment: SimTime) -> &mut T {
        let most = u64::try_from(self.most).unwrap_or(u64::MAX);
        while moment.0 / self.width >= most {
            self.width = self.width.saturating_mul(2);
            let pairs = self.all.chunks(2);
            self.all = pairs
                .map(|pair| match *pair {
                    [first, second] => first.joined(second),
                    [first] => first.joined(T::default()),
                    _ => T::default(),
                })
                .collect();
        }
        let place = usize::try_from(moment.0 / self.width).unwrap_or(0);
        if place >= self.all.len() {
            self.all.resize(place + 1, T::default());
        }
        &mut self.all[place]
    }

    /// Notes something in every tick between two moments, the later one left out: `note` is told
    /// the tick and the stretch of it that lies between them.
    pub fn between(
        &mut self,
        from: SimTime,
        to: SimTime,
        mut note: impl FnMut(&mut T, SimTime, SimTime),
    ) {
        if from >= to {
            return;
        }
        self.at(SimTime(to.0 - 1));
        let mut start = from;
        while start < to {
            let end = (start.0 / self.width).saturating_add(1).saturating_mul(self.width);
            let end = to.min(SimTime(end));
            note(self.at(start), start, end);
            start = end;
        }
    }

    /// How long each is.
    pub fn width(&self) -> SimDuration {
        SimDuration(self.width)
    }

    /// The ticks so far.
    pub fn all(&self) -> &[T] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    struct Count(u32);

    impl Tick for Count {
        fn joined(self, next: Self) -> Self {
            Self(self.0 + next.0)
        }
    }

    #[test]
    fn when_they_run_out_they_are_twice_as_long() {
        let mut ticks = Ticks::<Count>::new(SimDuration::from_secs(1), 4);
        for second in 0..10 {
            ticks.at(SimTime(second * 1_000_000_000)).0 += 1;
        }
        assert_eq!(ticks.width(), SimDuration::from_secs(4));
        assert_eq!(ticks.all(), [Count(4), Count(4), Count(2)]);
    }

    #[test]
    fn a_stretch_is_noted_in_each_tick_it_touches() {
        let mut ticks = Ticks::<Count>::new(SimDuration(10), 4);
        let mut seen = Vec::new();
        ticks.between(SimTime(5), SimTime(45), |tick, from, to| {
            tick.0 += 1;
            seen.push((from.0, to.0));
        });
        // 45 ns do not fit in four ticks of 10 ns, so that they are of 20 ns.
        assert_eq!(seen, [(5, 20), (20, 40), (40, 45)]);
        assert_eq!(ticks.all(), [Count(1), Count(1), Count(1)]);
        ticks.between(SimTime(45), SimTime(45), |_, _, _| unreachable!());
        ticks.between(SimTime(u64::MAX - 1), SimTime(u64::MAX), |tick, _, _| tick.0 += 1);
        assert_eq!(ticks.all().iter().map(|count| count.0).sum::<u32>(), 4);
    }

    #[test]
    fn a_moment_far_away_costs_no_memory() {
        let mut ticks = Ticks::<Count>::new(SimDuration(1), 8);
        ticks.at(SimTime::ZERO).0 += 1;
        ticks.at(SimTime(u64::MAX)).0 += 1;
        assert!(ticks.all().len() <= 8);
        assert_eq!(ticks.all().iter().map(|count| count.0).sum::<u32>(), 2);
    }
}
