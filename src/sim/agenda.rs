//! What is to happen next: events in the order of their time, then of their class, then of when
//! they were planned.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::time::{SimTime, as_f64};
use super::{EVENTS_MAX, Refused, bounded};

/// What goes first among the events of one instant. Arrivals come after all of them, from their own
/// iterator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Something ends and frees what it held.
    Departure,
    /// Something has waited long enough.
    Expiry,
    /// Anything else that was planned.
    Timer,
}

/// The planned events of a run.
#[derive(Clone, Debug)]
pub(super) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    sequence: u64,
    taken: u64,
}

impl<T> Agenda<T> {
    /// Nothing planned.
    pub(super) const fn new() -> Self {
        Self { heap: BinaryHeap::new(), sequence: 0, taken: 0 }
    }

    /// Plans `event`.
    pub(super) fn plan(&mut self, at: SimTime, class: Class, event: T) {
        self.heap.push(Reverse(Entry { key: (at, class, self.sequence), event }));
        self.sequence += 1;
    }

    /// When the next event is.
    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| entry.key.0)
    }

    /// Takes the next event.
    pub(super) fn take(&mut self) -> Option<(SimTime, T)> {
        let Reverse(entry) = self.heap.pop()?;
        self.taken += 1;
        Some((entry.key.0, entry.event))
    }

    /// Takes the next event if it is not after `until`.
    pub(super) fn take_until(&mut self, until: SimTime) -> Option<(SimTime, T)> {
        if self.next_at()? <= until { self.take() } else { None }
    }

    /// Refuses to go on after more events than a run may have.
    pub(super) fn within_bounds(&self) -> Result<(), Refused> {
        if as_f64(self.taken) <= EVENTS_MAX { Ok(()) } else { bounded(as_f64(self.taken)) }
    }
}

#[derive(Clone, Debug)]
struct Entry<T> {
    key: (SimTime, Class, u64),
    event: T,
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departures_go_before_timers_and_equals_in_the_order_planned() {
        let mut agenda = Agenda::new();
        agenda.plan(SimTime(5), Class::Timer, "timer");
        agenda.plan(SimTime(5), Class::Departure, "first departure");
        agenda.plan(SimTime(5), Class::Departure, "second departure");
        agenda.plan(SimTime(5), Class::Expiry, "expiry");
        agenda.plan(SimTime(4), Class::Timer, "early");
        assert_eq!(agenda.take_until(SimTime(4)), Some((SimTime(4), "early")));
        assert_eq!(agenda.take_until(SimTime(4)), None);
        let rest: Vec<&str> =
            std::iter::from_fn(|| agenda.take().map(|(_, event)| event)).collect();
        assert_eq!(rest, ["first departure", "second departure", "expiry", "timer"]);
    }
}
