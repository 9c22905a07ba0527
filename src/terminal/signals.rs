//! Signals become messages to the run loop.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::{Message, guard::Screen};

/// How long the run loop may take to save and leave before it is left for it. With what follows,
/// a signal is obeyed in under 300 ms whatever the loop is doing.
const PATIENCE: Duration = Duration::from_millis(220);

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The terminal has another size.
    Resized,
    /// Stop until `fg`.
    Stop,
    /// Running again after a stop that was not ours.
    Continue,
    /// Save and leave; exit with 128 + this number.
    Leave(i32),
}

/// Starts the thread that waits for signals.
pub(crate) fn listen(sender: Sender<Message>, screen: Screen) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for number in signals.forever() {
            let signal = match number {
                SIGWINCH => Signal::Resized,
                SIGTSTP => Signal::Stop,
                SIGCONT => Signal::Continue,
                number => Signal::Leave(number),
            };
            let heard = sender.send(Message::Signal(signal)).is_ok();
            if let Signal::Leave(number) = signal {
                if heard {
                    thread::sleep(PATIENCE);
                }
                leave(&screen, number);
            }
        }
    })?;
    Ok(())
}

/// Stops this process and its kin (a shell waits for all of them), as ^Z would; returns after
/// `fg`.
pub(crate) fn stop() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::STOP);
}

#[expect(clippy::exit, clippy::disallowed_methods, reason = "the run loop did not answer in time")]
fn leave(screen: &Screen, number: i32) {
    screen.restore();
    std::process::exit(128 + number);
}
