//! The terminal is taken over in one place and given back in one place.
//!
//! Everything that is changed (termios, alternate screen, cursor, bracketed paste, title) is put
//! back by [`Screen::restore`], whoever calls it: leaving, an error, a panic of any thread, a
//! signal, ^Z. All output goes through [`Screen::write`], so nothing is drawn once it was given
//! back.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::termios::{self, OptionalActions, Termios};

/// Title kept, alternate screen, alternate scroll (the wheel sends arrows), bracketed paste,
/// hidden cursor, cleared.
const ENTER: &str = "\x1b[22;0t\x1b]2;coldstart\x1b\\\x1b[?1049h\x1b[?1007s\x1b[?1007h\x1b[?2004h\
                     \x1b[?25l\x1b[0m\x1b[2J\x1b[H";

/// The same undone, last first; the end of a frame and of a link come first, as a frame may have
/// been cut short.
const LEAVE: &str = "\x1b[?2026l\x1b]8;;\x1b\\\x1b[0m\x1b[?2004l\x1b[?1007r\x1b[?25h\x1b[?1049l\
                     \x1b[23;0t";

/// The terminal while it is ours; clones are the same terminal.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Shared>);

struct Shared {
    cooked: Termios,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ours,
    GivenBack,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When standard input is no terminal or cannot be set.
    pub(crate) fn enter() -> io::Result<Self> {
        let cooked = termios::tcgetattr(rustix::stdio::stdin())?;
        let screen = Self(Arc::new(Shared { cooked, state: Mutex::new(State::GivenBack) }));
        screen.take()?;
        Ok(screen)
    }

    /// Takes the terminal over again after [`Screen::restore`]; does nothing while it is ours.
    pub(crate) fn take(&self) -> io::Result<()> {
        let mut state = self.state();
        if *state == State::Ours {
            return Ok(());
        }
        let mut raw = self.0.cooked.clone();
        raw.make_raw();
        termios::tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw)?;
        *state = State::Ours;
        write_all(ENTER.as_bytes())
    }

    /// Gives the terminal back as it was found. May be called from any thread, any number of
    /// times, also while another one draws.
    pub(crate) fn restore(&self) {
        let mut state = self.state_soon();
        if state.as_deref() == Some(&State::GivenBack) {
            return;
        }
        // A terminal that has hung up cannot be told anything; there is nobody left to see it.
        let _ = write_all(LEAVE.as_bytes());
        let stdin = rustix::stdio::stdin();
        let _ = termios::tcsetattr(stdin, OptionalActions::Now, &self.0.cooked);
        if let Some(state) = state.as_deref_mut() {
            *state = State::GivenBack;
        }
    }

    /// Writes to the terminal while it is ours; else drops the bytes.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let state = self.state();
        if *state == State::GivenBack { Ok(()) } else { write_all(bytes) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock, waited for no longer than a write may take: the thread that panicked may be the
    /// one that holds it.
    fn state_soon(&self) -> Option<MutexGuard<'_, State>> {
        for _ in 0..50 {
            match self.0.state.try_lock() {
                Ok(state) => return Some(state),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        None
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if Arc::strong_count(&self.0) == 1 {
            self.restore();
        }
    }
}

/// Writes all of it to standard output, past its buffer and its lock.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(stdout, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut ready = [PollFd::new(&stdout, PollFlags::OUT)];
                let _ = rustix::event::poll(&mut ready, None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
