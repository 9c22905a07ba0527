//! The thread that reads the keyboard.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event;
use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;

use super::Message;
use super::keys::{LateReply, Typed};

/// Starts the thread; it ends with [`Message::HungUp`] when there is nothing left to read.
/// `late_reply`: the terminal was asked something and may still answer.
pub(crate) fn listen(sender: Sender<Message>, late_reply: bool) -> io::Result<()> {
    thread::Builder::new().name("keyboard".into()).spawn(move || {
        let mut late = late_reply.then(LateReply::default);
        while is_there() {
            if read(&sender, &mut late).is_err() {
                break;
            }
        }
        let _ = sender.send(Message::HungUp);
    })?;
    Ok(())
}

/// How long crossterm may look for what is there; with nothing it would not look.
const GLANCE: Duration = Duration::from_millis(1);

/// Reads what can be read. crossterm's feature `use-dev-tty` is on for this: its other reader
/// forgets a key that comes together with a change of the size, until the next key.
fn read(sender: &Sender<Message>, late: &mut Option<LateReply>) -> io::Result<()> {
    while event::poll(GLANCE)? {
        let event = event::read()?;
        if late.as_mut().is_some_and(|late| late.holds(&event)) {
            continue;
        }
        if let Some(typed) = Typed::of(event) {
            sender.send(Message::Typed(typed)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
    }
    Ok(())
}

/// Waits until there is something to read; `false` when there never will be. crossterm does not
/// see the end of its input: it would read nothing, for ever, with the processor at full load.
fn is_there() -> bool {
    let stdin = rustix::stdio::stdin();
    loop {
        let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
        match rustix::event::poll(&mut ready, None) {
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => return false,
            Ok(_) => {
                let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
                let waiting = rustix::io::ioctl_fionread(stdin).unwrap_or(0);
                return !ready[0].revents().intersects(gone) && waiting > 0;
            }
        }
    }
}
