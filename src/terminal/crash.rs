//! A panic of any thread: the terminal is given back first, then said what happened and where the
//! report is. The program ends with 101; what was recorded is saved.

use std::backtrace::Backtrace;
use std::fs;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use super::Message;
use super::guard::Screen;
use crate::content::printable;
use crate::sanitize;
use crate::store::now;

/// The exit code after a panic, as of every Rust program.
pub(crate) const EXIT: u8 = 101;

/// The thread whose faults are survived.
pub(super) const SIMULATOR: &str = "simulator";

/// Installs the hook. `folder` is where reports go, else the system's folder for such files.
pub(crate) fn install(screen: Screen, folder: Option<PathBuf>, sender: Sender<Message>) {
    let first = AtomicBool::new(true);
    panic::set_hook(Box::new(move |info| {
        // A fault of a simulation ends that simulation; the rest goes on.
        if thread::current().name() == Some(SIMULATOR) {
            let _ = write(&report(info), folder.as_deref());
            return;
        }
        screen.restore();
        // Later ones follow from the first.
        if first.swap(false, Ordering::SeqCst) {
            tell(info, folder.as_deref());
        }
        let _ = sender.send(Message::Panicked);
    }));
}

#[expect(clippy::print_stderr, reason = "the terminal was given back; this is what is left to say")]
fn tell(info: &PanicHookInfo<'_>, folder: Option<&Path>) {
    let report = report(info);
    eprintln!("coldstart stopped because of a fault of its own: {}", message(info));
    eprintln!("What was saved is safe.");
    match write(&report, folder) {
        Some(path) => eprintln!("Please report it with {}", printable(&path)),
        None => eprintln!("{report}"),
    }
}

/// What happened and where, on one line.
fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map_or_else(String::new, |place| format!(" ({place})"));
    sanitize::line(words.unwrap_or("no words")).into_owned() + &place
}

fn report(info: &PanicHookInfo<'_>) -> String {
    format!(
        "coldstart {} stopped\nthread: {}\n{}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        thread::current().name().unwrap_or("?"),
        message(info),
        Backtrace::force_capture()
    )
}

/// Writes the report where it can be written.
fn write(report: &str, folder: Option<&Path>) -> Option<PathBuf> {
    let folders = [folder.map(|folder| folder.join("crashes")), Some(std::env::temp_dir())];
    folders.into_iter().flatten().find_map(|folder| {
        fs::create_dir_all(&folder).ok()?;
        let path = folder.join(format!("coldstart-crash-{}.txt", now().compact()));
        fs::write(&path, report).ok()?;
        Some(path)
    })
}

/// Panics where `COLDSTART_PANIC` names this place, so that tests see what happens then.
#[cfg(debug_assertions)]
pub(crate) fn on_purpose(place: &str) {
    let wanted = std::env::var_os("COLDSTART_PANIC").is_some_and(|wanted| wanted == place);
    assert!(!wanted, "asked for in `{place}`");
}
