//! Ticks of a run as points of a chart.

use super::{Axis, Unit};
use crate::sim::ticks::{Tick, Ticks};
use crate::sim::time::as_f64;

/// More points than this are not told apart on a screen.
pub(super) const POINTS: usize = 160;

/// A stretch of a run, in seconds, and what happened in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<T> {
    pub(super) from_s: f64,
    pub(super) to_s: f64,
    pub(super) tick: T,
}

/// The part of a run that is drawn, in seconds.
#[expect(clippy::struct_field_names, reason = "the unit is said at each")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from_s: f64,
    pub(super) to_s: f64,
    /// The moment shown: what comes later is not drawn.
    pub(super) at_s: f64,
}

impl Window {
    /// A run from its beginning to its end.
    pub(super) fn whole(at_s: f64, end_s: f64) -> Self {
        Self { from_s: 0.0, to_s: if end_s > 0.0 { end_s } else { 1.0 }, at_s: at_s.min(end_s) }
    }

    /// Time along it.
    pub(super) fn axis(&self) -> Axis {
        Axis {
            label: "time".to_owned(),
            unit: Unit::Seconds,
            from: self.from_s,
            to: self.to_s,
            log: false,
        }
    }

    /// The stretches of it up to the moment shown, at most `most`, none shorter than `least_s`.
    pub(super) fn stretches<T: Tick>(
        &self,
        ticks: &Ticks<T>,
        most: usize,
        least_s: f64,
    ) -> Vec<Stretch<T>> {
        let width = ticks.width().as_secs_f64();
        let first = whole(self.from_s / width);
        let last = whole((self.at_s.min(self.to_s) / width).floor()) + 1;
        let wanted = ((self.to_s - self.from_s) / as_f64(most.max(1) as u64)).max(least_s);
        let joined = whole((wanted / width - 1e-6).ceil()).max(1);
        let all = ticks.all();
        let shown = all.get(first..last.min(all.len())).unwrap_or_default();
        let stretch = |(at, part): (usize, &[T])| {
            let from_s = as_f64((first + at * joined) as u64) * width;
            let to_s = from_s + as_f64(part.len() as u64) * width;
            let tick = part.iter().copied().reduce(Tick::joined).unwrap_or_default();
            Stretch { from_s, to_s, tick }
        };
        shown.chunks(joined).enumerate().map(stretch).collect()
    }
}

/// What is counted in each stretch, a second, at its middle.
pub(super) fn rates<T>(stretches: &[Stretch<T>], of: impl Fn(&T) -> u64) -> Vec<(f64, f64)> {
    let rate = |one: &Stretch<T>| {
        let span = (one.to_s - one.from_s).max(1e-9);
        (one.from_s.midpoint(one.to_s), as_f64(of(&one.tick)) / span)
    };
    stretches.iter().map(rate).collect()
}

/// What was reached in each stretch, at its beginning.
pub(super) fn levels<T>(stretches: &[Stretch<T>], of: impl Fn(&T) -> u64) -> Vec<(f64, f64)> {
    stretches.iter().map(|one| (one.from_s, as_f64(of(&one.tick)))).collect()
}

/// What was counted by the end of each stretch, from nothing on.
pub(super) fn totals<T>(stretches: &[Stretch<T>], of: impl Fn(&T) -> u64) -> Vec<(f64, f64)> {
    let mut sum = 0;
    let start = stretches.first().map(|one| (one.from_s, 0.0));
    let total = |one: &Stretch<T>| {
        sum += of(&one.tick);
        (one.to_s, as_f64(sum))
    };
    start.into_iter().chain(stretches.iter().map(total)).collect()
}

/// What was counted in all of them.
pub(super) fn sum<T>(stretches: &[Stretch<T>], of: impl Fn(&T) -> u64) -> u64 {
    stretches.iter().map(|one| of(&one.tick)).sum()
}

/// An axis from 0 to a little above the greatest of `points`, and of `least`.
pub(super) fn upwards(label: &str, unit: Unit, least: f64, points: &[&[(f64, f64)]]) -> Axis {
    let greatest = points.iter().flat_map(|points| points.iter()).map(|point| point.1);
    let greatest = greatest.filter(|value| value.is_finite()).fold(least, f64::max);
    let to = if greatest > 0.0 { greatest * 1.05 } else { 1.0 };
    Axis { label: label.to_owned(), unit, from: 0.0, to, log: false }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is meant"
)]
const fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::time::{SimDuration, SimTime};

    #[derive(Clone, Copy, Default)]
    struct Count(u64);

    impl Tick for Count {
        fn joined(self, next: Self) -> Self {
            Self(self.0 + next.0)
        }
    }

    /// Ten seconds, in each of which as much happens as its number says.
    fn ticks() -> Ticks<Count> {
        let mut ticks = Ticks::<Count>::new(SimDuration::from_secs(1), 100);
        for second in 0..10 {
            ticks.at(SimTime(SimDuration::from_secs(second).0)).0 = second;
        }
        ticks
    }

    #[test]
    fn what_comes_later_is_not_drawn() {
        let stretches = Window::whole(4.5, 10.0).stretches(&ticks(), 10, 0.0);
        assert_eq!(sum(&stretches, |count| count.0), 1 + 2 + 3 + 4);
        assert_eq!(rates(&stretches, |count| count.0)[4], (4.5, 4.0));
        assert_eq!(totals(&stretches, |count| count.0).last(), Some(&(5.0, 10.0)));
    }

    #[test]
    fn fewer_points_are_longer_stretches() {
        let stretches = Window::whole(10.0, 10.0).stretches(&ticks(), 3, 0.0);
        let spans: Vec<(f64, f64)> = stretches.iter().map(|one| (one.from_s, one.to_s)).collect();
        assert_eq!(spans, [(0.0, 4.0), (4.0, 8.0), (8.0, 10.0)]);
        assert_eq!(rates(&stretches, |count| count.0)[2], (9.0, 8.5));
        let window = Window { from_s: 3.0, to_s: 6.0, at_s: 10.0 };
        let part = window.stretches(&ticks(), 100, 2.0);
        assert_eq!(levels(&part, |count| count.0), [(3.0, 7.0), (5.0, 11.0)]);
    }

    #[test]
    fn a_run_in_which_nothing_happens_has_an_axis() {
        let empty = Ticks::<Count>::new(SimDuration::from_secs(1), 8);
        let window = Window::whole(0.0, 0.0);
        assert!(window.stretches(&empty, 10, 0.0).is_empty());
        assert!(window.axis().to > window.axis().from);
        assert!(upwards("", Unit::Count, 0.0, &[&[]]).to > 0.9);
    }
}
