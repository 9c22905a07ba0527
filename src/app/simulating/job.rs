//! The work of a simulation: done by a thread of the shell, told part by part.

use std::sync::Arc;

use crate::course::Files;
use crate::course::scenario::{Control, Curve, Estimate, History, Replication, Scenario};
use crate::sim::time::as_f64;
use crate::sim::{Metrics, Watch};

/// What is to be computed of a scenario.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number: answers to an older one are ignored.
    pub number: u64,
    /// The scenario with everything that was turned.
    pub scenario: Arc<Scenario>,
    /// The files of the course, as turning needs them.
    pub files: Arc<Files>,
    /// The run itself and what several runs say, or the curve alone.
    pub runs: bool,
    /// The control over whose range a metric is to be followed, and that metric.
    pub curve: Option<(Control, String)>,
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// A part of the work that is done.
#[derive(Clone, Debug)]
pub enum Part {
    /// So much of all of it, 0 to 1.
    Progress(f64),
    /// One run.
    Run {
        /// Of what.
        scenario: Arc<Scenario>,
        /// Its metrics.
        metrics: Metrics,
        /// What happened in it.
        history: Arc<History>,
        /// What theory says.
        theory: Metrics,
    },
    /// What several runs say.
    Estimate(Arc<Estimate>),
    /// A metric over the range of a control.
    Curve(Arc<Curve>),
}

/// How a piece of work ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything was told.
    Done,
    /// Somebody said to stop.
    Cancelled,
    /// It cannot be simulated, for this reason in one line.
    Failed(String),
}

/// The points of a curve, where they do not take too long.
const POINTS: u32 = 25;
/// A curve of fewer points says nothing.
const POINTS_LEAST: f64 = 5.0;
/// All points of a curve together take about so many events at most.
const CURVE_EVENTS: f64 = 4e6;

impl Job {
    /// Does the work; `tell` takes each part and says whether to go on.
    pub fn perform(&self, tell: &mut dyn FnMut(Part) -> bool) -> Ended {
        let mut told = Told { tell, goes_on: true };
        let ended = if self.runs { self.run(&mut told) } else { Ok(()) };
        if told.goes_on && ended.is_ok() {
            self.follow(&mut told);
        }
        match ended {
            _ if !told.goes_on => Ended::Cancelled,
            Ok(()) => Ended::Done,
            Err(reason) => Ended::Failed(reason),
        }
    }

    /// The run with its history, then several runs.
    fn run(&self, told: &mut Told<'_>) -> Result<(), String> {
        let count = self.scenario.replications_wanted();
        let whole = as_f64(count) + f64::from(self.points());
        let end = self.scenario.run.duration.as_secs_f64().max(1e-9);
        let watch: Watch<'_> =
            &mut |now| told.tell(Part::Progress((now.as_secs_f64() / end).min(1.0) / whole));
        let (metrics, history) = self.scenario.history(watch)?;
        let theory = self.scenario.theory();
        let seed = self.scenario.run.seed;
        let mut replications = vec![Replication { seed, metrics: metrics.clone() }];
        let (scenario, history) = (Arc::clone(&self.scenario), Arc::new(history));
        if !told.tell(Part::Run { scenario, metrics, history, theory }) {
            return Ok(());
        }
        for number in 1..count {
            replications.push(self.scenario.replication(number)?);
            if !told.tell(Part::Progress(as_f64(number + 1) / whole)) {
                return Ok(());
            }
        }
        told.tell(Part::Estimate(Arc::new(Estimate::of(replications))));
        Ok(())
    }

    /// The curve.
    fn follow(&self, told: &mut Told<'_>) {
        let Some((control, metric)) = &self.curve else { return };
        let points = self.points();
        let runs = if self.runs { as_f64(self.scenario.replications_wanted()) } else { 0.0 };
        let whole = runs + f64::from(points);
        let mut done = runs;
        let wanted = usize::try_from(points).unwrap_or(0);
        if wanted == 0 {
            return;
        }
        let watch: Watch<'_> = &mut |_| {
            let goes_on = told.tell(Part::Progress((done / whole).min(1.0)));
            done += 1.0;
            goes_on
        };
        let curve = self.scenario.curve(control, (metric, wanted), &self.files, watch);
        if let Some(curve) = curve.filter(|curve| curve.points.len() > 1) {
            told.tell(Part::Curve(Arc::new(curve)));
        }
    }

    fn points(&self) -> u32 {
        let affordable = CURVE_EVENTS / self.scenario.events().max(1.0);
        if self.curve.is_none() || affordable < POINTS_LEAST {
            return 0;
        }
        (1..=POINTS).rev().find(|&points| f64::from(points) <= affordable).unwrap_or(0)
    }
}

/// Who is told, and whether they still listen.
struct Told<'a> {
    tell: &'a mut dyn FnMut(Part) -> bool,
    goes_on: bool,
}

impl Told<'_> {
    fn tell(&mut self, part: Part) -> bool {
        self.goes_on = self.goes_on && (self.tell)(part);
        self.goes_on
    }
}
