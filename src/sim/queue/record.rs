//! What the engine tells while it runs: to nobody, or to a recorder that keeps a history.

use std::collections::BTreeMap;

use super::engine::Message;
use super::history::{Doing, History, Story, Tick};
use crate::sim::ticks::Ticks;
use crate::sim::time::{SimDuration, SimTime};
use crate::sim::watched::Watched;
use crate::sim::{Refused, Run, Watch};

/// So many messages are told of one by one.
const STORIES_MAX: usize = 200;
/// And so many changes of what they do.
const CHANGES_MAX: usize = 8192;

/// Who is told what happens.
pub(super) trait Record {
    /// A message was sent.
    fn sent(&mut self, now: SimTime, message: &Message);
    /// A batch was received for the `receive`th time, by a call of the function.
    fn received(&mut self, now: SimTime, batch: usize, messages: &[Message], receive: u32);
    /// A message is done; its call is about to end.
    fn done(&mut self, now: SimTime, message: &Message);
    /// The call of a batch's `receive`th receive ended, for the healthy messages as it should or not.
    fn ended(&mut self, now: SimTime, batch: usize, receive: u32, succeeded: bool);
    /// What is left of a batch can be received again.
    fn visible(&mut self, now: SimTime, messages: &[Message]);
    /// A message went to the dead letters.
    fn given_up(&mut self, now: SimTime, message: &Message);
    /// The run is over for messages that would come back for ever.
    fn dropped(&mut self, messages: &[Message]);
    /// Before the pollers look: so many messages wait.
    fn waiting(&mut self, now: SimTime, backlog: u64);
    /// After all that happens at an instant: messages that wait, pollers, and those that are busy.
    /// An error ends the run.
    fn levels(
        &mut self,
        now: SimTime,
        backlog: u64,
        pollers: u64,
        busy: u64,
    ) -> Result<(), Refused>;
}

/// Nobody is told.
pub(super) struct Nothing;

impl Record for Nothing {
    fn sent(&mut self, _: SimTime, _: &Message) {}
    fn received(&mut self, _: SimTime, _: usize, _: &[Message], _: u32) {}
    fn done(&mut self, _: SimTime, _: &Message) {}
    fn ended(&mut self, _: SimTime, _: usize, _: u32, _: bool) {}
    fn visible(&mut self, _: SimTime, _: &[Message]) {}
    fn given_up(&mut self, _: SimTime, _: &Message) {}
    fn dropped(&mut self, _: &[Message]) {}
    fn waiting(&mut self, _: SimTime, _: u64) {}
    fn levels(&mut self, _: SimTime, _: u64, _: u64, _: u64) -> Result<(), Refused> {
        Ok(())
    }
}

/// Keeps a history within its bounds.
pub(super) struct Recorder<'w> {
    watched: Watched<'w>,
    ticks: Ticks<Tick>,
    stories: Vec<Story>,
    /// Calls for each story's message that run.
    calls: Vec<u32>,
    /// The stories whose messages a running call has, by its batch and receive.
    called: BTreeMap<(usize, u32), Vec<usize>>,
    changes: usize,
    told_until: SimTime,
    /// Messages that are neither done nor given up, by their sending.
    live: BTreeMap<SimTime, u64>,
    alive: u64,
    oldest: Option<SimTime>,
    last: SimTime,
    end: SimTime,
    levels: Tick,
}

impl<'w> Recorder<'w> {
    pub(super) fn new(run: &Run, watch: Watch<'w>) -> Self {
        Self {
            watched: Watched::new(watch),
            ticks: Ticks::of(run.duration),
            stories: Vec::new(),
            calls: Vec::new(),
            called: BTreeMap::new(),
            changes: 0,
            told_until: SimTime::MAX,
            live: BTreeMap::new(),
            alive: 0,
            oldest: None,
            last: SimTime::ZERO,
            end: SimTime::ZERO,
            levels: Tick::default(),
        }
    }

    pub(super) fn finish(self) -> History {
        History {
            ticks: self.ticks,
            stories: self.stories,
            told_until: self.told_until,
            end: self.end,
        }
    }

    /// Which story is of this message, if any: they are of the first ones.
    fn story_of(&self, message: &Message) -> Option<usize> {
        let place = usize::try_from(message.number).ok()?.checked_sub(1)?;
        (place < self.stories.len()).then_some(place)
    }

    /// The tick of a moment at which something happens.
    fn at(&mut self, now: SimTime) -> &mut Tick {
        self.end = now;
        self.watched.count();
        self.ticks.at(now)
    }

    fn change(&mut self, now: SimTime, story: Option<usize>, doing: Doing) {
        let Some(story) = story.and_then(|place| self.stories.get_mut(place)) else { return };
        if self.changes >= CHANGES_MAX {
            self.told_until = self.told_until.min(now);
            return;
        }
        self.changes += 1;
        story.changes.push((now, doing));
    }

    fn leaves(&mut self, message: &Message) {
        self.alive -= 1;
        if let Some(same) = self.live.get_mut(&message.sent) {
            *same -= 1;
            if *same == 0 {
                self.live.remove(&message.sent);
            }
        }
    }
}

impl Record for Recorder<'_> {
    fn sent(&mut self, now: SimTime, message: &Message) {
        self.at(now).sent += 1;
        *self.live.entry(now).or_default() += 1;
        self.alive += 1;
        if self.stories.len() < STORIES_MAX {
            let (number, poison) = (message.number, message.poison);
            self.stories.push(Story { number, poison, changes: Vec::new() });
            self.calls.push(0);
            self.change(now, self.story_of(message), Doing::Waiting);
        }
    }

    fn received(&mut self, now: SimTime, batch: usize, messages: &[Message], receive: u32) {
        self.at(now).delivered += messages.len() as u64;
        let told: Vec<usize> = messages.iter().filter_map(|one| self.story_of(one)).collect();
        for &story in &told {
            self.calls[story] += 1;
            self.change(now, Some(story), Doing::Working(receive));
        }
        if !told.is_empty() {
            self.called.insert((batch, receive), told);
        }
    }

    fn done(&mut self, now: SimTime, message: &Message) {
        self.at(now).done += 1;
        self.leaves(message);
        self.change(now, self.story_of(message), Doing::Done);
    }

    fn ended(&mut self, now: SimTime, batch: usize, receive: u32, succeeded: bool) {
        self.end = now;
        for story in self.called.remove(&(batch, receive)).into_iter().flatten() {
            self.calls[story] -= 1;
            let told = &self.stories[story];
            let Some(&(last, doing)) = told.changes.last() else { continue };
            match doing {
                Doing::Working(_) if self.calls[story] == 0 => {
                    self.change(now, Some(story), Doing::Hidden);
                }
                Doing::Done if last == now => {}
                Doing::Done | Doing::DoneAgain | Doing::DeadLettered
                    if succeeded && !told.poison =>
                {
                    self.change(now, Some(story), Doing::DoneAgain);
                }
                _ => {}
            }
        }
    }

    fn visible(&mut self, now: SimTime, messages: &[Message]) {
        for message in messages {
            self.change(now, self.story_of(message), Doing::Waiting);
        }
    }

    fn given_up(&mut self, now: SimTime, message: &Message) {
        self.at(now).dead_lettered += 1;
        self.leaves(message);
        self.change(now, self.story_of(message), Doing::DeadLettered);
    }

    fn dropped(&mut self, messages: &[Message]) {
        for message in messages {
            self.leaves(message);
        }
    }

    fn waiting(&mut self, now: SimTime, backlog: u64) {
        let tick = self.ticks.at(now);
        tick.backlog = tick.backlog.max(backlog);
    }

    fn levels(
        &mut self,
        now: SimTime,
        backlog: u64,
        pollers: u64,
        busy: u64,
    ) -> Result<(), Refused> {
        self.watched.ask(now)?;
        let before = self.levels;
        let oldest = self.oldest;
        let in_flight = self.alive.saturating_sub(backlog);
        self.ticks.between(self.last, now, |tick, _, to| {
            raise(tick, &before);
            tick.age = tick.age.max(oldest.map_or(SimDuration::ZERO, |sent| to.since(sent)));
        });
        self.oldest = self.live.keys().next().copied();
        self.levels = Tick { backlog, pollers, busy, in_flight, ..Tick::default() };
        raise(self.ticks.at(now), &self.levels);
        self.last = now;
        Ok(())
    }
}

/// Levels are never below what they were at some moment of the tick.
fn raise(tick: &mut Tick, levels: &Tick) {
    tick.backlog = tick.backlog.max(levels.backlog);
    tick.pollers = tick.pollers.max(levels.pollers);
    tick.busy = tick.busy.max(levels.busy);
    tick.in_flight = tick.in_flight.max(levels.in_flight);
}

#[cfg(test)]
mod tests {
    use super::super::{Params, history};
    use super::*;
    use crate::sim::Metrics;
    use crate::sim::arrivals::Arrivals;
    use crate::sim::law::Law;
    use crate::sim::time::as_f64;
    use proptest::prelude::*;

    fn seconds(seconds: u64) -> SimTime {
        SimTime(SimDuration::from_secs(seconds).0)
    }

    fn run(duration_s: u64) -> Run {
        let duration = SimDuration::from_secs(duration_s);
        Run { seed: 1, duration, warm_up: SimDuration::ZERO }
    }

    fn told(params: &Params, run: &Run) -> (Metrics, History) {
        history(params, run, &mut |_| true).unwrap()
    }

    fn burst(size: u64) -> Params {
        Params { arrivals: Arrivals::Burst { at: SimTime::ZERO, size }, ..Params::default() }
    }

    #[test]
    fn the_stories_of_a_batch_with_a_poison_message() {
        let params = Params {
            poison: vec![2],
            service: Law::constant(1.0).unwrap(),
            partial_batch: true,
            ..burst(3)
        };
        let (_, history) = told(&params, &run(1));
        let healthy = vec![
            (seconds(0), Doing::Waiting),
            (seconds(0), Doing::Working(1)),
            (seconds(1), Doing::Done),
        ];
        assert_eq!(history.stories[0].changes, healthy);
        assert_eq!(history.stories[2].changes, healthy);
        let poison = [
            (0, Doing::Waiting),
            (0, Doing::Working(1)),
            (1, Doing::Hidden),
            (30, Doing::Waiting),
            (30, Doing::Working(2)),
            (31, Doing::Hidden),
            (60, Doing::Waiting),
            (60, Doing::Working(3)),
            (61, Doing::Hidden),
            (90, Doing::DeadLettered),
        ];
        assert_eq!(history.stories[1].changes, poison.map(|(at, doing)| (seconds(at), doing)));
        assert!(history.stories[1].poison && !history.stories[0].poison);
        assert_eq!((history.end, history.told_until), (seconds(90), SimTime::MAX));
        let oldest = history.ticks.all().iter().map(|tick| tick.age).max();
        assert_eq!(oldest, Some(SimDuration::from_secs(90)));
    }

    #[test]
    fn work_done_twice_is_told() {
        let params = Params {
            service: Law::constant(40.0).unwrap(),
            visibility: SimDuration::from_secs(15),
            ..burst(1)
        };
        let (metrics, history) = told(&params, &run(1));
        let again: Vec<SimTime> = history.stories[0]
            .changes
            .iter()
            .filter(|(_, doing)| *doing == Doing::DoneAgain)
            .map(|&(at, _)| at)
            .collect();
        assert_eq!(again, [seconds(55), seconds(70)]);
        assert_eq!(metrics["duplicates"], 2.0);
    }

    #[test]
    fn a_long_run_is_told_in_bounded_memory() {
        let params = Params {
            arrivals: Arrivals::Poisson { rate_per_s: 5.0 },
            poison_share: 0.5,
            dead_letter: false,
            batch_size: 1,
            visibility: SimDuration::from_secs(1),
            service: Law::constant(0.01).unwrap(),
            ..Params::default()
        };
        let (_, history) = told(&params, &run(200));
        assert!(history.ticks.all().len() <= 1024);
        assert_eq!(history.stories.len(), STORIES_MAX);
        let changes: usize = history.stories.iter().map(|story| story.changes.len()).sum();
        assert_eq!(changes, CHANGES_MAX);
        assert!(history.told_until < history.end, "{:?}", history.end);
    }

    #[test]
    fn a_run_that_is_watched_can_be_stopped() {
        let params = Params { batch_size: 1, ..burst(100_000) };
        let mut asked = Vec::new();
        let stopped = history(&params, &run(1), &mut |now| {
            asked.push(now);
            asked.len() < 3
        });
        assert_eq!(stopped.err(), Some(Refused("cancelled".to_owned())));
        assert_eq!(asked.len(), 3);
        assert!(asked.is_sorted() && asked[2] > SimTime::ZERO, "{asked:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_told_is_what_is_counted(
            rate_per_s in 1.0..50.0,
            service_s in 0.01..20.0,
            visibility_s in 1_u64..30,
            (batch_size, max_receive, cap) in (1_u64..20, 1_u64..5, 1_u64..20),
            (poison_share, partial_batch, dead_letter) in
                (0.0..0.5, any::<bool>(), any::<bool>()),
            seed in any::<u64>(),
        ) {
            let params = Params {
                arrivals: Arrivals::Poisson { rate_per_s },
                service: Law::exponential(service_s).unwrap(),
                visibility: SimDuration::from_secs(visibility_s),
                batch_size,
                max_receive,
                max_concurrency: Some(cap),
                poison_share,
                partial_batch,
                dead_letter,
                ..Params::default()
            };
            let run = Run { seed, ..run(20) };
            let (metrics, history) = told(&params, &run);
            prop_assert_eq!(&metrics, &super::super::run(&params, &run).unwrap());
            let all = history.ticks.all();
            let sum = |of: fn(&Tick) -> u64| as_f64(all.iter().map(of).sum());
            prop_assert_eq!(sum(|tick| tick.sent), metrics["messages"]);
            prop_assert_eq!(sum(|tick| tick.delivered), metrics["deliveries"]);
            prop_assert_eq!(sum(|tick| tick.done), metrics["done"]);
            prop_assert_eq!(sum(|tick| tick.dead_lettered), metrics["dead_lettered"]);
            let most = |of: fn(&Tick) -> u64| as_f64(all.iter().map(of).max().unwrap_or(0));
            prop_assert_eq!(most(|tick| tick.pollers), metrics["pollers_max_seen"]);
            prop_assert_eq!(most(|tick| tick.backlog), metrics["backlog_max"]);
            let age = all.iter().map(|tick| tick.age.as_secs_f64()).fold(0.0, f64::max);
            if dead_letter {
                prop_assert_eq!(age, metrics["age_max_s"]);
            }
            for story in &history.stories {
                prop_assert!(story.changes.is_sorted_by_key(|&(at, _)| at));
                let ends = story.changes.iter().filter(|(_, doing)| {
                    matches!(doing, Doing::Done | Doing::DeadLettered)
                });
                prop_assert!(ends.count() <= 1);
            }
            let sent = all.iter().map(|tick| tick.sent).sum::<u64>();
            // What would come back for ever is dropped when the run is over, in flight or not.
            if dead_letter && history.stories.len() as u64 == sent {
                let again = history.stories.iter().flat_map(|story| &story.changes);
                let again = again.filter(|(_, doing)| *doing == Doing::DoneAgain).count();
                prop_assert_eq!(as_f64(again as u64), metrics["duplicates"]);
            }
        }
    }
}
