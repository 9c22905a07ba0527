//! A terminal with the program in it.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal};

/// Long enough for a busy machine; nothing waits for it but a failing test.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal with a program in it.
pub struct Desk {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    /// Everything that was written to the terminal.
    output: Arc<Mutex<Vec<u8>>>,
    size: (u16, u16),
}

/// What to start.
pub struct Start<'a> {
    pub home: &'a Path,
    pub arguments: &'a [&'a str],
    pub variables: &'a [(&'a str, &'a str)],
    /// A shell line instead of the program; `$COLDSTART` is the program.
    pub shell: Option<&'a str>,
}

impl<'a> Start<'a> {
    pub fn new(home: &'a Path) -> Self {
        Self { home, arguments: &[], variables: &[], shell: None }
    }
}

pub fn program() -> &'static str {
    env!("CARGO_BIN_EXE_coldstart")
}

impl Desk {
    /// The program in a terminal of 80×24.
    pub fn open(start: &Start<'_>) -> Self {
        let size = (80, 24);
        let pty = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(start.shell.map_or(program(), |_| "bash"));
        match start.shell {
            Some(line) => command.args(["--norc", "--noprofile", "-c", line]),
            None => command.args(start.arguments),
        }
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap());
        command.env("COLDSTART", program());
        command.env("HOME", start.home);
        command.env("TERM", "xterm-256color");
        command.env("COLDSTART_DATA_DIR", start.home.join("data"));
        command.cwd(start.home);
        for (name, value) in start.variables {
            if value.is_empty() { command.env_remove(name) } else { command.env(name, value) }
        }
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let output = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pty.master.try_clone_reader().unwrap();
        let heard = Arc::clone(&output);
        let listen = move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                heard.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        };
        std::thread::Builder::new().name("terminal".into()).spawn(listen).unwrap();
        let writer = pty.master.take_writer().unwrap();
        Self { child, master: pty.master, writer, output, size }
    }

    /// Types keys as a terminal sends them.
    pub fn type_keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Skips the question asked. What is typed while a text is asked for is text: ^S skips there,
    /// `s` elsewhere.
    pub fn skip(&mut self) {
        self.wait_for(" skip");
        let is_text = !self.screen().contains(" s skip");
        self.type_keys(if is_text { "\x13" } else { "s" });
        self.wait_for("Skipped");
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.master.resize(pty_size(self.size)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    pub fn pid(&self) -> Pid {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        Pid::from_raw(id).unwrap()
    }

    /// Types Escape alone: a terminal's next byte would make another key of it.
    pub fn escape(&mut self) {
        self.type_keys("\x1b");
        std::thread::sleep(Duration::from_millis(60));
    }

    /// All bytes written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.output.lock().unwrap().clone()
    }

    /// What was written so far, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// The emulator's state after all bytes from `from` on.
    pub fn screen_since(&self, from: usize) -> vt100::Parser {
        let mut parser = vt100::Parser::new(self.size.1, self.size.0, 0);
        parser.process(&self.bytes()[from..]);
        parser
    }

    pub fn screen(&self) -> String {
        self.screen_since(0).screen().contents()
    }

    /// Waits until the screen shows `text`.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, || self.screen().contains(text));
    }

    pub fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < PATIENCE, "no {what:?} on\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until nothing was written for a moment.
    pub fn wait_quiet(&self) {
        let mut length = usize::MAX;
        while self.bytes().len() != length {
            length = self.bytes().len();
            std::thread::sleep(Duration::from_millis(120));
        }
    }

    /// Waits for the program's end; its exit code and how long it took.
    pub fn wait_end(&mut self) -> (u32, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let took = begun.elapsed();
                std::thread::sleep(Duration::from_millis(50));
                return (status.exit_code(), took);
            }
            if begun.elapsed() > PATIENCE {
                let screen = self.screen();
                self.child.kill().unwrap();
                panic!("it does not end\n{screen}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }

    /// Whether the terminal is as it was found: the first screen, a visible cursor, no pasting
    /// mode, no style, and lines edited by the terminal.
    pub fn assert_given_back(&self) {
        let parser = self.screen_since(0);
        let screen = parser.screen();
        assert!(!screen.alternate_screen(), "alternate screen");
        assert!(!screen.hide_cursor(), "hidden cursor");
        assert!(!screen.bracketed_paste(), "bracketed paste");
        let text = self.text();
        assert_eq!(text.matches("\x1b[22;0t").count(), text.matches("\x1b[23;0t").count(), "title");
        assert!(self.is_cooked(), "raw mode");
    }

    /// Whether the terminal echoes and edits lines.
    pub fn is_cooked(&self) -> bool {
        let path = self.master.tty_name().unwrap();
        let slave = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
        let settings = rustix::termios::tcgetattr(slave.as_fd()).unwrap();
        settings
            .local_modes
            .contains(rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// The ids of the questions answered, in order, as the program exports them.
pub fn answered(home: &Path) -> Vec<String> {
    let mut store = coldstart::store::Store::open(
        Some(&home.join("data")),
        "default",
        "serverless",
        coldstart::store::now(),
    )
    .unwrap();
    let records = store.load(coldstart::store::now()).unwrap();
    let progress = coldstart::progress::Progress::fold(records);
    let answers = progress.records().filter_map(|record| match &record.kind {
        coldstart::progress::RecordKind::Answered(answered) => Some(answered.question.clone()),
        _ => None,
    });
    answers.collect()
}
