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

/// Installs the hook. `folder` is where reports go, else the system's folder for such files.
pub(crate) fn install(screen: Screen, folder: Option<PathBuf>, sender: Sender<Message>) {
    let first = AtomicBool::new(true);
    panic::set_hook(Box::new(move |info| {
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
    let payload = info.payload();
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map_or_else(String::new, |place| format!(" ({place})"));
    let message = sanitize::line(words.unwrap_or("no words")).into_owned() + &place;
    let name = thread::current().name().unwrap_or("?").to_owned();
    let report = format!(
        "coldstart {} stopped\nthread: {name}\n{message}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        Backtrace::force_capture()
    );
    eprintln!("coldstart stopped because of a fault of its own: {message}");
    eprintln!("What was saved is safe.");
    match write(&report, folder) {
        Some(path) => eprintln!("Please report it with {}", printable(&path)),
        None => eprintln!("{report}"),
    }
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
