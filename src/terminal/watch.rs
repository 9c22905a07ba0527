//! Tells when the files of a course were edited.

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::Message;
use crate::app::Event;

/// Reads the course anew and tells what has become of it.
pub type Reload = Box<dyn Fn(&mut dyn FnMut(Event)) + Send>;

/// An editor writes a file in several steps: they are over when this long nothing happens.
const QUIET: Duration = Duration::from_millis(120);

/// Watches as long as the watcher that comes back lives.
pub(crate) fn start(
    root: &Path,
    reload: Reload,
    sender: Sender<Message>,
) -> notify::Result<RecommendedWatcher> {
    let (tell, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the files is an event too, and no change.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = tell.send(());
        }
    })?;
    let parts = ["lessons", "quizzes", "assets"].map(|part| root.join(part));
    if parts.iter().any(|part| part.is_dir()) {
        for part in parts.iter().filter(|part| part.is_dir()) {
            watcher.watch(part, RecursiveMode::Recursive)?;
        }
    } else {
        watcher.watch(root, RecursiveMode::Recursive)?;
    }
    let work = move || {
        while changes.recv().is_ok() {
            while changes.recv_timeout(QUIET).is_ok() {}
            let mut heard = true;
            reload(&mut |event| heard &= sender.send(Message::Event(Box::new(event))).is_ok());
            if !heard {
                return;
            }
        }
    };
    thread::Builder::new().name("watch".into()).spawn(work).map_err(notify::Error::io)?;
    Ok(watcher)
}
