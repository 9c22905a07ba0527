//! The thread that computes simulations: the newest job counts, an older one is given up.

#![expect(clippy::disallowed_methods, reason = "work that takes long is told of now and then")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{Message, crash};
use crate::app::{Ended, Event, Job, Part};

/// Work that takes no longer is not accompanied by a bar.
const PATIENCE: Duration = Duration::from_millis(900);
/// How often it is told how far the work has come.
const BETWEEN: Duration = Duration::from_millis(120);

/// The way to the thread.
pub(super) struct Simulator {
    jobs: Sender<Job>,
    /// The number of the job that is wanted; 0: none.
    wanted: Arc<AtomicU64>,
}

impl Simulator {
    /// Starts the thread. Without one nothing is computed, and nothing else suffers.
    pub(super) fn start(sender: Sender<Message>) -> Self {
        let (jobs, asked) = mpsc::channel();
        let wanted = Arc::new(AtomicU64::new(0));
        let newest = Arc::clone(&wanted);
        let work = move || work(&asked, &newest, &sender);
        let _ = thread::Builder::new().name(crash::SIMULATOR.into()).spawn(work);
        Self { jobs, wanted }
    }

    /// Computes a job instead of what is being computed.
    pub(super) fn compute(&self, job: Job) {
        self.wanted.store(job.number, Ordering::Relaxed);
        let _ = self.jobs.send(job);
    }

    /// Gives up what is being computed.
    pub(super) fn cancel(&self) {
        self.wanted.store(0, Ordering::Relaxed);
    }
}

fn work(asked: &Receiver<Job>, wanted: &AtomicU64, sender: &Sender<Message>) {
    while let Ok(job) = asked.recv() {
        let number = job.number;
        let tell = |event| sender.send(Message::Event(Box::new(event))).is_ok();
        let begun = Instant::now();
        let mut told = begun;
        let mut take = |part| {
            if wanted.load(Ordering::Relaxed) != number {
                return false;
            }
            if matches!(part, Part::Progress(_)) {
                let now = Instant::now();
                if now - begun < PATIENCE || now - told < BETWEEN {
                    return true;
                }
                told = now;
            }
            tell(Event::SimFrame { number, part })
        };
        // A fault of a model's must not take the screen along.
        let perform = AssertUnwindSafe(|| {
            #[cfg(debug_assertions)]
            crash::on_purpose("simulate");
            job.perform(&mut take)
        });
        let ended = catch_unwind(perform);
        let fault = || {
            Ended::Failed(
                "a fault of the program's own; it is reported in the data directory".to_owned(),
            )
        };
        let ended = ended.unwrap_or_else(|_| fault());
        if !tell(Event::SimDone { number, ended }) {
            return;
        }
    }
}
