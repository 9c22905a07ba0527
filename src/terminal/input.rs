//! The thread that reads the keyboard.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::Message;
use super::keys::Keys;

/// How long an Escape waits for what may belong to it. A terminal sends a key's bytes at once;
/// a slow line may part them.
const ESCAPE_MS: i64 = 25;

/// Starts the thread; it ends with [`Message::HungUp`] when there is nothing left to read.
pub(crate) fn listen(sender: Sender<Message>) -> io::Result<()> {
    thread::Builder::new().name("keyboard".into()).spawn(move || {
        read_on(&sender);
        let _ = sender.send(Message::HungUp);
    })?;
    Ok(())
}

fn read_on(sender: &Sender<Message>) {
    let mut keys = Keys::default();
    let mut buffer = [0u8; 4096];
    let mut settled = false;
    loop {
        // What still waits after a moment waits for as long as it takes.
        settled = !wait(keys.waits() && !settled);
        if !settled {
            match rustix::io::read(rustix::stdio::stdin(), &mut buffer) {
                Ok(0) => return,
                Ok(count) => keys.feed(buffer.get(..count).unwrap_or_default()),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return,
            }
        }
        while let Some(typed) = keys.next(settled) {
            if sender.send(Message::Typed(typed)).is_err() {
                return;
            }
        }
    }
}

/// Waits until there is something to read; `false` when nothing came for a moment, which only
/// `briefly` ends the waiting.
fn wait(briefly: bool) -> bool {
    let moment = Timespec { tv_sec: 0, tv_nsec: ESCAPE_MS * 1_000_000 };
    let stdin = rustix::stdio::stdin();
    loop {
        let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
        match rustix::event::poll(&mut ready, briefly.then_some(&moment)) {
            Ok(count) => return count > 0,
            Err(Errno::INTR | Errno::AGAIN) => {}
            // Reading will tell what is wrong.
            Err(_) => return true,
        }
    }
}
