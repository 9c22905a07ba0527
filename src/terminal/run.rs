//! The run loop.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use ratatui::layout::{Position, Size};

use super::clock::Clock;
use super::guard::Screen;
use super::highlight::Highlighter;
use super::keys::Typed;
use super::paint::Painter;
use super::saver::{Leftover, Saver};
use super::signals::{self, Signal};
use super::simulator::Simulator;
use super::watch::{self, Reload};
use super::{Message, crash, input, outside};
use crate::app::{self, App, CodeAt, Effect, Event, Setting};
use crate::store::{Store, now};
use crate::ui;

/// What a run of the full screen begins with.
pub struct Session {
    /// The app.
    pub app: App,
    /// What it wants done first.
    pub effects: Vec<Effect>,
    /// Where records go.
    pub store: Store,
    /// The folder of a course that is being written, and how to read it anew.
    pub watched: Option<(PathBuf, Reload)>,
    /// The terminal was asked for its colours and may still answer.
    pub late_reply: bool,
    /// Where reports of crashes go.
    pub reports: Option<PathBuf>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The learner left.
    Left(Leftover),
    /// A signal of this number asked to.
    Signal(i32),
    /// The terminal went away.
    HungUp,
    /// A fault of the program's own; it was told.
    Panicked,
}

impl Ending {
    /// The code to exit with.
    pub fn code(&self) -> u8 {
        match self {
            Self::Left(left) if left.lines.is_empty() || left.expected => 0,
            Self::Left(_) => 1,
            // As a shell would say it.
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
            Self::HungUp => 129,
            Self::Panicked => crash::EXIT,
        }
    }
}

/// How long what is not saved yet may take when the learner leaves.
const LEAVING: Duration = Duration::from_secs(10);
/// The same, at each of two steps, when somebody else wants the program gone.
const HURRIED: Duration = Duration::from_millis(90);

/// Shows the app until it is left.
///
/// # Errors
/// When the terminal cannot be taken over.
pub fn run(session: Session) -> io::Result<Ending> {
    let Session { app, effects, store, watched, late_reply, reports } = session;
    // The depth was decided already; crossterm would decide again.
    crossterm::style::force_color_output(true);
    let (sender, messages) = mpsc::channel();
    let screen = Screen::enter()?;
    crash::install(screen.clone(), reports, sender.clone());
    signals::listen(sender.clone(), screen.clone())?;
    let painter = Painter::new(ToScreen(screen.clone()), size)?;
    let mut shell =
        Shell { app, painter, screen: screen.clone(), workers: Workers::default(), sender };
    // The first frame waits for nothing.
    let drawn = catch_unwind(AssertUnwindSafe(|| shell.draw()));
    let saver = Saver::start(store, shell.sender.clone())?;
    let ending = match drawn {
        Err(_) => Ending::Panicked,
        Ok(Err(_)) => Ending::HungUp,
        Ok(Ok(())) => {
            input::listen(shell.sender.clone(), late_reply)?;
            let watcher = watched
                .and_then(|(root, reload)| watch::start(&root, reload, shell.sender.clone()).ok());
            let run = AssertUnwindSafe(|| shell.run(&messages, &saver, effects));
            let ending = catch_unwind(run).unwrap_or(Ending::Panicked);
            drop(watcher);
            ending
        }
    };
    screen.restore();
    let patience = if matches!(ending, Ending::Left(_)) { LEAVING } else { HURRIED };
    saver.sync(patience);
    if ending != Ending::Panicked {
        shell.catch_up(&messages);
    }
    let leftover = saver.finish(shell.app.glance().clone(), patience);
    Ok(match ending {
        Ending::Left(_) => Ending::Left(leftover),
        ending => ending,
    })
}

struct Shell {
    app: App,
    painter: Painter<ToScreen>,
    screen: Screen,
    workers: Workers,
    sender: Sender<Message>,
}

/// The threads that are started when they are first needed.
#[derive(Default)]
struct Workers {
    /// The way to the one that colours code.
    highlight: Option<Sender<CodeAt>>,
    /// The one that computes simulations.
    simulator: Option<Simulator>,
}

impl Shell {
    fn run(&mut self, messages: &Receiver<Message>, saver: &Saver, first: Vec<Effect>) -> Ending {
        if let Some(ending) = self.perform(first, saver) {
            return ending;
        }
        let mut clock = Clock::default();
        loop {
            let message = match clock.patience(self.app.wants_frames()) {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => messages.recv_timeout(patience),
            };
            let mut next = match message {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ending::HungUp,
            };
            while let Some(message) = next {
                if matches!(message, Message::Typed(_)) {
                    clock.typed();
                }
                if let Some(ending) = self.hear(message, saver) {
                    return ending;
                }
                next = messages.try_recv().ok();
            }
            for event in clock.due() {
                if let Some(ending) = self.hear(Message::Event(Box::new(event)), saver) {
                    return ending;
                }
            }
            if self.draw().is_err() {
                return Ending::HungUp;
            }
        }
    }

    /// Takes a message; how the run ends, if it does.
    fn hear(&mut self, message: Message, saver: &Saver) -> Option<Ending> {
        let event = match message {
            Message::Event(event) => *event,
            Message::Typed(typed) => {
                #[cfg(debug_assertions)]
                crash::on_purpose("update");
                match typed {
                    Typed::Chord(chord) => Event::Chord(chord),
                    Typed::Paste(text) => Event::Text(text),
                }
            }
            Message::Signal(Signal::Resized) => resized(),
            Message::Signal(Signal::Stop) => return self.stop(),
            Message::Signal(Signal::Continue) => return self.resume(),
            Message::Signal(Signal::Leave(number)) => {
                return Some(self.leave(saver, Ending::Signal(number)));
            }
            Message::HungUp => return Some(self.leave(saver, Ending::HungUp)),
            Message::Panicked => return Some(Ending::Panicked),
        };
        let effects = self.app.update(event);
        self.perform(effects, saver)
    }

    /// Takes what was recorded since the last frame: the next start begins with it.
    fn catch_up(&mut self, messages: &Receiver<Message>) {
        while let Ok(message) = messages.try_recv() {
            if let Message::Event(event) = message {
                self.app.update(*event);
            }
        }
    }

    /// Lets the app keep where the learner is.
    fn leave(&mut self, saver: &Saver, ending: Ending) -> Ending {
        let effects = self.app.update(Event::Tick(now()));
        self.perform(effects, saver);
        ending
    }

    fn perform(&mut self, effects: Vec<Effect>, saver: &Saver) -> Option<Ending> {
        for effect in effects {
            match effect {
                Effect::Record(kind) => saver.keep(kind),
                Effect::Highlight(code) => self.colour(code),
                Effect::Simulate(job) => {
                    let sender = || self.sender.clone();
                    let start = || Simulator::start(sender());
                    self.workers.simulator.get_or_insert_with(start).compute(*job);
                }
                Effect::CancelSimulation => {
                    self.workers.simulator.iter().for_each(Simulator::cancel);
                }
                Effect::SaveSetting(Setting::Theme(name)) => saver.set("theme", name),
                Effect::OpenLink(address) => self.open(&address),
                Effect::Copy(text) => {
                    // A terminal that is gone is noticed when the next frame is drawn.
                    let _ = self.screen.write(&outside::clipboard(&text));
                }
                Effect::Redraw => {
                    if self.painter.forget().is_err() {
                        return Some(Ending::HungUp);
                    }
                }
                Effect::Suspend => {
                    if let Some(ending) = self.stop() {
                        return Some(ending);
                    }
                }
                Effect::Quit => return Some(Ending::Left(Leftover::default())),
            }
        }
        None
    }

    /// Gives the terminal to the shell; goes on after `fg`.
    fn stop(&mut self) -> Option<Ending> {
        self.screen.restore();
        signals::stop();
        self.resume()
    }

    /// Takes the terminal over again: others wrote to it, and it may have another size.
    fn resume(&mut self) -> Option<Ending> {
        let taken = self.screen.take().and_then(|()| self.painter.forget());
        // A resize asks for nothing but a new layout.
        let effects = self.app.update(resized());
        debug_assert!(!effects.contains(&Effect::Quit));
        taken.is_err().then_some(Ending::HungUp)
    }

    fn open(&mut self, address: &str) {
        let said = outside::open(address).unwrap_or_else(|| {
            let _ = self.screen.write(&outside::clipboard(address));
            format!("No browser here; the address is copied: {address}")
        });
        self.app.update(Event::Said(said));
    }

    /// Has a block of code coloured, by a thread that is started for the first one.
    fn colour(&mut self, code: CodeAt) {
        if !Highlighter::may_know(&code.code.language) {
            return;
        }
        let sender = self.sender.clone();
        let way = self.workers.highlight.get_or_insert_with(|| {
            let (way, asked) = mpsc::channel();
            // Without the thread code stays plain.
            let _ = thread::Builder::new()
                .name("highlighter".into())
                .spawn(move || highlight(&asked, &sender));
            way
        });
        let _ = way.send(code);
    }

    fn draw(&mut self) -> io::Result<()> {
        #[cfg(debug_assertions)]
        crash::on_purpose("draw");
        let app = &self.app;
        self.painter.draw(|buffer| {
            ui::draw(app, buffer.area, buffer);
            let cursor = ui::cursor(app).map(|(x, y)| Position::new(x, y));
            (ui::links(app), cursor)
        })
    }
}

fn highlight(asked: &Receiver<CodeAt>, sender: &Sender<Message>) {
    let highlighter = Highlighter::new();
    while let Ok(code) = asked.recv() {
        let Some(lines) = highlighter.lines(&code.code.language, &code.code.text) else { continue };
        let event = Box::new(Event::Highlighted { code, lines });
        if sender.send(Message::Event(event)).is_err() {
            return;
        }
    }
}

/// The terminal's size; a terminal that does not know its own has 80 columns and 24 rows.
pub fn size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    Ok(match (size.ws_col, size.ws_row) {
        (0, 0) => Size::new(80, 24),
        (columns, rows) => Size::new(columns, rows),
    })
}

fn resized() -> Event {
    let Size { width, height } = size().unwrap_or(Size::new(80, 24));
    Event::Resize(app::Size { width, height })
}

/// The terminal as something to write to.
struct ToScreen(Screen);

impl Write for ToScreen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
