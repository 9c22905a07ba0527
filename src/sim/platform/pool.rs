//! Where environments with room for a request wait, one pool a function and a type a policy.

use std::collections::{BinaryHeap, VecDeque};

/// An environment's place in the kernel's slab.
pub(super) type Slot = u32;

/// Environments with room, in the order of a routing policy. Idle ones are gone after the
/// keep-alive; since that is the same for all, they go in the order in which they fell idle.
pub(super) trait Pool {
    /// Whether the order of expiries among other events matters to the policy. Otherwise they
    /// need no events: they are noticed when someone looks.
    const EXPIRES_IN_ORDER: bool;

    /// An empty pool.
    fn new() -> Self;
    /// The environment for the next request, now out of the pool.
    fn take(&mut self, pick: impl FnMut(usize) -> usize) -> Option<Slot>;
    /// `slot` runs a request more and still has room: right after `take`, or new.
    fn put_busy(&mut self, slot: Slot, created: u64);
    /// A request ended in `slot`, which was full or not, and still runs others.
    fn freed(&mut self, slot: Slot, created: u64, was_full: bool);
    /// The last request ended in `slot` at `now`.
    fn idle(&mut self, slot: Slot, created: u64, was_full: bool, now: u64);
    /// Takes out the environment that has been idle longest, if since `latest` or before.
    fn expired(&mut self, latest: u64) -> Option<(Slot, u64)>;
    /// `slot` was idle and has been taken.
    fn woken(&mut self, slot: Slot);
}

/// For one request an environment: idle ones by the time since when, oldest first. Taking the
/// newest (or the oldest) keeps the times in order, so neither a search nor an event is needed.
pub(super) struct Stack<const NEWEST_FIRST: bool> {
    idle: VecDeque<(u64, Slot)>,
}

impl<const NEWEST_FIRST: bool> Pool for Stack<NEWEST_FIRST> {
    const EXPIRES_IN_ORDER: bool = false;

    fn new() -> Self {
        Self { idle: VecDeque::new() }
    }

    #[inline]
    fn take(&mut self, _pick: impl FnMut(usize) -> usize) -> Option<Slot> {
        let taken = if NEWEST_FIRST { self.idle.pop_back() } else { self.idle.pop_front() };
        taken.map(|(_, slot)| slot)
    }

    fn put_busy(&mut self, _slot: Slot, _created: u64) {}

    fn freed(&mut self, _slot: Slot, _created: u64, _was_full: bool) {}

    #[inline]
    fn idle(&mut self, slot: Slot, _created: u64, _was_full: bool, now: u64) {
        self.idle.push_back((now, slot));
    }

    #[inline]
    fn expired(&mut self, latest: u64) -> Option<(Slot, u64)> {
        let &(since, slot) = self.idle.front()?;
        (since <= latest).then(|| self.idle.pop_front())?;
        Some((slot, since))
    }

    fn woken(&mut self, _slot: Slot) {}
}

/// For every other case: an order of those with room beside a queue of the idle.
pub(super) struct Shared<O> {
    order: O,
    idle: Ring,
    since: Vec<u64>,
}

impl<O: Order> Pool for Shared<O> {
    const EXPIRES_IN_ORDER: bool = O::BY_PLACE;

    fn new() -> Self {
        Self { order: O::default(), idle: Ring::default(), since: Vec::new() }
    }

    fn take(&mut self, pick: impl FnMut(usize) -> usize) -> Option<Slot> {
        self.order.take(pick)
    }

    fn put_busy(&mut self, slot: Slot, created: u64) {
        self.order.add(slot, created);
    }

    fn freed(&mut self, slot: Slot, created: u64, was_full: bool) {
        if was_full {
            self.order.add(slot, created);
        } else {
            self.order.touch(slot);
        }
    }

    fn idle(&mut self, slot: Slot, created: u64, was_full: bool, now: u64) {
        self.freed(slot, created, was_full);
        self.idle.push(slot);
        *grown(&mut self.since, slot, 0) = now;
    }

    fn expired(&mut self, latest: u64) -> Option<(Slot, u64)> {
        let slot = self.idle.first()?;
        let since = self.since[slot as usize];
        if since > latest {
            return None;
        }
        self.idle.remove(slot);
        self.order.remove(slot);
        Some((slot, since))
    }

    fn woken(&mut self, slot: Slot) {
        self.idle.remove(slot);
    }
}

/// The order of a routing policy among environments with room.
pub(super) trait Order: Default {
    /// Whether what is taken depends on the order in which others went.
    const BY_PLACE: bool = false;

    /// `slot`, the `created`th environment, has room from now on.
    fn add(&mut self, slot: Slot, created: u64);
    /// Takes the policy's choice out.
    fn take(&mut self, pick: impl FnMut(usize) -> usize) -> Option<Slot>;
    /// `slot`, which has room, was used.
    fn touch(&mut self, _slot: Slot) {}
    /// `slot`, which has room, is gone.
    fn remove(&mut self, slot: Slot);
}

/// By last use, a request's beginning or end; the latest or the earliest first.
#[derive(Default)]
pub(super) struct ByUse<const LATEST_FIRST: bool> {
    ring: Ring,
}

impl<const LATEST_FIRST: bool> Order for ByUse<LATEST_FIRST> {
    fn add(&mut self, slot: Slot, _created: u64) {
        self.ring.push(slot);
    }

    fn take(&mut self, _pick: impl FnMut(usize) -> usize) -> Option<Slot> {
        let slot = if LATEST_FIRST { self.ring.last() } else { self.ring.first() }?;
        self.ring.remove(slot);
        Some(slot)
    }

    fn touch(&mut self, slot: Slot) {
        self.ring.remove(slot);
        self.ring.push(slot);
    }

    fn remove(&mut self, slot: Slot) {
        self.ring.remove(slot);
    }
}

/// The latest created first. Those gone stay in the heap until they come up or outnumber the rest.
#[derive(Default)]
pub(super) struct ByCreation {
    heap: BinaryHeap<(u64, Slot)>,
    /// The number of the environment with room in each slot, plus one; 0: none.
    present: Vec<u64>,
    count: usize,
}

impl Order for ByCreation {
    fn add(&mut self, slot: Slot, created: u64) {
        *grown(&mut self.present, slot, 0) = created + 1;
        self.count += 1;
        if self.heap.len() > 2 * self.count + 64 {
            let present = &self.present;
            self.heap.retain(|&(created, slot)| present[slot as usize] == created + 1);
        }
        self.heap.push((created, slot));
    }

    fn take(&mut self, _pick: impl FnMut(usize) -> usize) -> Option<Slot> {
        loop {
            let (created, slot) = self.heap.pop()?;
            if self.present[slot as usize] == created + 1 {
                self.remove(slot);
                return Some(slot);
            }
        }
    }

    fn remove(&mut self, slot: Slot) {
        self.present[slot as usize] = 0;
        self.count -= 1;
    }
}

/// Any, from an array in which the last takes the place of one that leaves.
#[derive(Default)]
pub(super) struct Anyone {
    slots: Vec<Slot>,
    places: Vec<usize>,
}

impl Order for Anyone {
    const BY_PLACE: bool = true;

    fn add(&mut self, slot: Slot, _created: u64) {
        *grown(&mut self.places, slot, 0) = self.slots.len();
        self.slots.push(slot);
    }

    fn take(&mut self, mut pick: impl FnMut(usize) -> usize) -> Option<Slot> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slots[pick(self.slots.len())];
        self.remove(slot);
        Some(slot)
    }

    fn remove(&mut self, slot: Slot) {
        let place = self.places[slot as usize];
        self.slots.swap_remove(place);
        if let Some(&moved) = self.slots.get(place) {
            self.places[moved as usize] = place;
        }
    }
}

/// A queue from which any slot can leave: links by slot, with a root behind the last.
struct Ring {
    /// Before and after each slot's successor; index 0 is the root, slot n is at n + 1.
    links: Vec<(u32, u32)>,
}

impl Default for Ring {
    fn default() -> Self {
        Self { links: vec![(0, 0)] }
    }
}

impl Ring {
    fn first(&self) -> Option<Slot> {
        self.links[0].1.checked_sub(1)
    }

    fn last(&self) -> Option<Slot> {
        self.links[0].0.checked_sub(1)
    }

    /// Behind the last.
    fn push(&mut self, slot: Slot) {
        let at = slot + 1;
        let last = self.links[0].0;
        *grown(&mut self.links, at, (0, 0)) = (last, 0);
        self.links[last as usize].1 = at;
        self.links[0].0 = at;
    }

    fn remove(&mut self, slot: Slot) {
        let (before, after) = self.links[slot as usize + 1];
        self.links[before as usize].1 = after;
        self.links[after as usize].0 = before;
    }
}

/// The element at `slot`, after the vector has grown to hold it.
fn grown<T: Copy>(all: &mut Vec<T>, slot: Slot, empty: T) -> &mut T {
    let at = slot as usize;
    if at >= all.len() {
        all.resize(at + 1, empty);
    }
    &mut all[at]
}
