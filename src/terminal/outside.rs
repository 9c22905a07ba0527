//! What leaves the program: addresses to a browser, text to the clipboard.

use std::process::{Command, Stdio};
use std::thread;

/// The programs that open an address, in the order in which they are tried.
#[cfg(target_os = "macos")]
const OPENERS: &[&str] = &["open"];
/// The programs that open an address, in the order in which they are tried.
#[cfg(not(target_os = "macos"))]
const OPENERS: &[&str] = &["xdg-open", "wslview"];

/// Opens an address in the learner's browser; says what became of it. Where there is no screen for
/// a browser, `None`: it is better copied.
pub(crate) fn open(address: &str) -> Option<String> {
    let known = ["https://", "http://", "mailto:"];
    if !known.iter().any(|scheme| address.starts_with(scheme)) {
        return Some("Only web and mail addresses are opened.".to_owned());
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let graphical = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"].iter().any(|n| set(n));
    if !graphical {
        return None;
    }
    let opened = OPENERS.iter().any(|opener| spawn(opener, address));
    opened.then(|| "Opened in your browser.".to_owned())
}

/// Starts a program that is left alone; its output goes nowhere.
fn spawn(program: &str, address: &str) -> bool {
    let started = Command::new(program)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return false };
    // Somebody must hear that it ended.
    let waiting = thread::Builder::new().name("browser".into()).spawn(move || child.wait());
    waiting.is_ok()
}

/// The bytes that put text on the clipboard of the terminal's owner, also over a remote line
/// (OSC 52).
pub(crate) fn clipboard(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let copy = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
    // Writing to memory does not fail.
    let _ = crossterm::queue!(bytes, copy);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_are_opened() {
        for address in ["file:///etc/passwd", "javascript:alert(1)", "-x", ""] {
            assert_eq!(open(address).as_deref(), Some("Only web and mail addresses are opened."));
        }
    }

    #[test]
    fn copied_text_travels_encoded() {
        assert_eq!(clipboard("a\x1b"), b"\x1b]52;c;YRs=\x1b\\");
    }
}
