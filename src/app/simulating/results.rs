//! What comes of a job: runs, estimates, verdicts; and what is kept of them.

use std::sync::Arc;

use super::{Ended, Part, Playback, Ran, Simulating};
use crate::app::World;
use crate::course::scenario::Estimate;
use crate::progress::{Predicted, RecordKind, Simulated};
use crate::sim::Metrics;

impl Simulating {
    /// A part of what is computed has come.
    pub(in crate::app) fn part(&mut self, number: u64, part: Part, world: &World<'_>) {
        if number != self.work.number {
            return;
        }
        match part {
            Part::Progress(done) => self.work.progress = Some(done),
            Part::Run { scenario, metrics, history, theory } => {
                let knobs = self.knobs.clone();
                // Until its own is there, the curve of the run before, at the knob's new place.
                let curve = self.ran.as_ref().and_then(|ran| ran.curve.as_ref()?.at(&scenario));
                let (estimate, curve) = (None, curve.map(Arc::new));
                let ran = Ran { scenario, knobs, metrics, history, theory, estimate, curve };
                self.begin(ran, world);
            }
            Part::Estimate(estimate) => self.estimated(estimate),
            Part::Curve(curve) => {
                if let Some(ran) = &mut self.ran {
                    ran.curve = Some(curve);
                }
            }
        }
    }

    /// A run is there: the first one plays, one that was turned is shown at its end.
    fn begin(&mut self, ran: Ran, world: &World<'_>) {
        let speed = self.playback;
        let is_first = self.ran.is_none();
        self.playback = Playback::new(ran.history.end_s());
        if is_first && !world.settings.no_motion && ran.history.plays() {
            self.playback.restart();
        } else {
            self.playback.keep_speed(&speed);
            self.playback.go_to_end();
            self.see();
        }
        self.ran = Some(ran);
    }

    /// Several runs are there: predictions and goals are held against them.
    fn estimated(&mut self, estimate: Arc<Estimate>) {
        let Some(ran) = &mut self.ran else { return };
        ran.estimate = Some(estimate);
        let means = ran.means();
        if ran.is_first() {
            self.judge();
        }
        if self.is_sandbox() {
            return;
        }
        let goals = self.start.goals.iter().enumerate();
        let reached = goals.filter(|(_, goal)| goal.when.holds(&means)).map(|(number, _)| number);
        let new: Vec<usize> = reached.filter(|number| !self.reached.contains(number)).collect();
        self.unkept = self.simulated(means);
        if !new.is_empty() {
            self.reached.extend(new);
            self.keep();
        }
    }

    /// Holds the prediction against the run as its author wrote it.
    pub(super) fn judge(&mut self) {
        let (Some(predict), Some(guess)) = (&self.start.predict, &mut self.guess) else { return };
        let ran = self.ran.as_ref().filter(|ran| ran.is_first());
        let simulated = ran.and_then(|ran| ran.estimate.as_ref()?.intervals.get(&predict.metric));
        let theory = ran.and_then(|ran| ran.theory.get(&predict.metric).copied());
        let judged = predict.judge(guess.number, simulated, theory);
        if !guess.kept {
            guess.kept = true;
            self.records.push(RecordKind::Predicted(Predicted {
                scenario: self.start.id.clone(),
                lesson: self.lesson.clone(),
                metric: predict.metric.clone(),
                value: predict.in_metric(guess.number),
                error: judged.error.map(|error| predict.in_metric(error)),
                confidence: guess.confidence,
            }));
        }
        self.judged = Some(judged);
    }

    fn simulated(&self, metrics: Metrics) -> Option<Simulated> {
        let ran = self.ran.as_ref()?;
        Some(Simulated {
            scenario: self.start.id.clone(),
            lesson: self.lesson.clone(),
            seed: ran.scenario.run.seed,
            params: ran.knobs.turned.clone(),
            metrics,
        })
    }

    /// Has the last run recorded.
    pub(super) fn keep(&mut self) {
        self.records.extend(self.unkept.take().map(RecordKind::Simulated));
    }

    /// All work is done, or it ended otherwise.
    pub(in crate::app) fn done(&mut self, number: u64, ended: &Ended) {
        if number != self.work.number {
            return;
        }
        self.work.busy = false;
        self.work.progress = None;
        match ended {
            Ended::Done if self.work.stale => self.work.wanted = Some(false),
            Ended::Done => {}
            // Another simulation was opened above this one.
            Ended::Cancelled => self.want_run(),
            Ended::Failed(reason) => {
                self.work.failed = Some(reason.clone());
                if self.judged.is_none() && self.ran.is_none() {
                    self.judge();
                }
            }
        }
    }
}
