//! The thread that owns the store: a commit takes as long as the disk takes, a key must not.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::Message;
use crate::app::Event;
use crate::progress::{Progress, RecordKind, Snapshot, Time};
use crate::store::{Notice, Standing, Store, StoreError, now};

/// What the store is to do.
enum Order {
    Keep(RecordKind, Time),
    Set(&'static str, String),
    /// Answer once all before is done.
    Sync(Sender<()>),
    /// The end: keep the snapshot, try once more what is not on disk, and answer.
    Finish(Box<Snapshot>, Sender<Leftover>),
}

/// What could not be saved by the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftover {
    /// Each record as a line of an export.
    pub lines: Vec<String>,
    /// Why, in words.
    pub cause: String,
    /// The learner was told at the start that nothing is saved here.
    pub expected: bool,
}

/// The way to the store's thread.
pub(crate) struct Saver {
    orders: Sender<Order>,
}

/// How long after a failure the store tries again by itself; it also does with each new record.
const RETRY: Duration = Duration::from_secs(5);

impl Saver {
    /// Starts the thread: it reads all records first.
    pub(crate) fn start(store: Store, sender: Sender<Message>) -> io::Result<Self> {
        let (orders, received) = mpsc::channel();
        thread::Builder::new().name("store".into()).spawn(move || {
            Keeper { store, sender, cause: String::new() }.run(&received);
        })?;
        Ok(Self { orders })
    }

    pub(crate) fn keep(&self, kind: RecordKind) {
        let _ = self.orders.send(Order::Keep(kind, now()));
    }

    pub(crate) fn set(&self, key: &'static str, value: String) {
        let _ = self.orders.send(Order::Set(key, value));
    }

    /// Waits until all that was given is done and told; gives up after `patience`.
    pub(crate) fn sync(&self, patience: Duration) {
        let (answer, answered) = mpsc::channel();
        let _ = self.orders.send(Order::Sync(answer));
        let _ = answered.recv_timeout(patience);
    }

    /// Ends the work: all that was given before is done first. Gives up after `patience`.
    pub(crate) fn finish(self, snapshot: Snapshot, patience: Duration) -> Leftover {
        let (answer, answered) = mpsc::channel();
        let _ = self.orders.send(Order::Finish(Box::new(snapshot), answer));
        answered.recv_timeout(patience).unwrap_or_default()
    }
}

struct Keeper {
    store: Store,
    sender: Sender<Message>,
    /// Why the last append failed.
    cause: String,
}

impl Keeper {
    fn run(&mut self, orders: &Receiver<Order>) {
        self.load();
        loop {
            let order = if self.is_behind() {
                orders.recv_timeout(RETRY)
            } else {
                orders.recv().map_err(Into::into)
            };
            match order {
                Ok(Order::Keep(kind, at)) => self.keep(kind, at),
                Ok(Order::Set(key, value)) => {
                    if let Err(error) = self.store.set_setting(key, &value) {
                        self.say(format!("The setting is not kept: {error}"));
                    }
                }
                Ok(Order::Sync(answer)) => {
                    let _ = answer.send(());
                }
                Ok(Order::Finish(snapshot, answer)) => {
                    // Losing it costs the next start a moment.
                    let _ = self.store.save_snapshot(&snapshot);
                    let _ = answer.send(self.leftover());
                    return;
                }
                Err(mpsc::RecvTimeoutError::Timeout) => self.retry(),
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.sender.send(Message::Event(Box::new(event)));
    }

    fn say(&self, text: String) {
        self.tell(Event::Said(text));
    }

    fn load(&mut self) {
        let records = self.store.load(now());
        for notice in self.store.take_notices() {
            self.say(sentence(&notice));
        }
        match records {
            Ok(records) => self.tell(Event::Loaded(Box::new(Progress::fold(records)))),
            Err(error) => self.say(format!("Earlier progress cannot be read: {error}")),
        }
        if let Standing::NotSaved(reason) = self.store.standing() {
            self.tell(Event::NotSaved(reason.to_string()));
        }
    }

    fn keep(&mut self, kind: RecordKind, at: Time) {
        #[cfg(debug_assertions)]
        super::crash::on_purpose("worker");
        match self.store.append(kind, at) {
            Ok(record) => {
                self.cause.clear();
                self.tell(Event::Recorded(record));
            }
            Err(StoreError::Pending { record, cause }) => {
                self.cause.clone_from(&cause);
                self.tell(Event::RecordFailed { record: *record, reason: cause });
            }
            Err(error) => self.say(format!("Not saved: {error}")),
        }
        for notice in self.store.take_notices() {
            self.say(sentence(&notice));
        }
    }

    fn is_behind(&self) -> bool {
        !self.cause.is_empty() && self.store.pending() > 0
    }

    fn retry(&mut self) {
        if matches!(self.store.retry(now()), Ok(0)) {
            self.cause.clear();
            self.say("Everything is saved again.".to_owned());
        }
    }

    fn leftover(&mut self) -> Leftover {
        let _ = self.store.retry(now());
        if self.store.pending() == 0 {
            return Leftover::default();
        }
        let (expected, cause) = match self.store.standing() {
            Standing::NotSaved(reason) => (true, reason.to_string()),
            Standing::Saving => (false, std::mem::take(&mut self.cause)),
        };
        let course = self.store.course().to_owned();
        let lines = self.store.unsaved().iter().map(|record| record.to_line(&course)).collect();
        Leftover { lines, cause, expected }
    }
}

fn sentence(notice: &Notice) -> String {
    let text = notice.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).chain(['.']).collect()
    })
}
