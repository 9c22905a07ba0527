//! The breaker in front of a service.

use std::collections::VecDeque;

use super::{Breaker, Gate};
use crate::sim::time::SimTime;

/// A breaker under way.
#[derive(Clone, Debug)]
pub(super) struct Switch {
    breaker: Breaker,
    state: State,
    /// The last failures while closed, at most as many as open the breaker.
    failures: VecDeque<SimTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    /// Refuses all until then; after that the next call is on trial.
    Open(SimTime),
    /// One call is on trial, the others are refused.
    Trying,
}

/// What a breaker says to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Pass,
    /// Passes on trial: its outcome decides.
    Trial,
    Refuse,
}

impl Switch {
    pub(super) const fn new(breaker: Breaker) -> Self {
        Self { breaker, state: State::Closed, failures: VecDeque::new() }
    }

    /// How it stands.
    pub(super) const fn gate(&self) -> Gate {
        match self.state {
            State::Closed => Gate::Closed,
            State::Open(_) => Gate::Open,
            State::Trying => Gate::Trying,
        }
    }

    /// A call comes.
    pub(super) fn ask(&mut self, now: SimTime) -> Answer {
        match self.state {
            State::Closed => Answer::Pass,
            State::Open(until) if now >= until => {
                self.state = State::Trying;
                Answer::Trial
            }
            State::Open(_) | State::Trying => Answer::Refuse,
        }
    }

    /// A call that passed has ended; what was begun before the breaker opened says nothing now.
    pub(super) fn heard(&mut self, now: SimTime, on_trial: bool, succeeded: bool) {
        match (self.state, succeeded) {
            (State::Trying, true) if on_trial => self.state = State::Closed,
            (State::Trying, false) if on_trial => self.open(now),
            (State::Closed, false) => {
                self.failures.push_back(now);
                let window = self.breaker.window;
                while self.failures.front().is_some_and(|&at| now - at > window) {
                    self.failures.pop_front();
                }
                if self.failures.len() as u64 >= self.breaker.threshold {
                    self.open(now);
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, now: SimTime) {
        self.failures.clear();
        self.state = State::Open(now + self.breaker.half_open_after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::time::SimDuration;

    fn second(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    #[test]
    fn failures_close_together_open_it_and_a_trial_decides() {
        let mut switch = Switch::new(Breaker {
            threshold: 2,
            window: SimDuration::from_secs(10),
            half_open_after: SimDuration::from_secs(30),
        });
        switch.heard(second(0), false, false);
        switch.heard(second(11), false, false);
        assert_eq!(switch.ask(second(11)), Answer::Pass, "the first failure is too old");
        switch.heard(second(12), false, true);
        switch.heard(second(21), false, false);
        assert_eq!(switch.ask(second(50)), Answer::Refuse);
        assert_eq!(switch.ask(second(51)), Answer::Trial);
        assert_eq!(switch.ask(second(51)), Answer::Refuse, "one at a time");
        switch.heard(second(52), false, true);
        assert_eq!(switch.ask(second(52)), Answer::Refuse, "an old call decides nothing");
        switch.heard(second(53), true, false);
        assert_eq!(switch.ask(second(82)), Answer::Refuse);
        assert_eq!(switch.ask(second(83)), Answer::Trial);
        switch.heard(second(84), true, true);
        assert_eq!(switch.ask(second(84)), Answer::Pass);
    }
}
