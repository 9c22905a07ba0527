//! Panics, and places that are no terminal.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::desk::{Desk, Start, answered, program};

#[test]
fn after_a_panic_anywhere_the_terminal_is_given_back_and_a_report_written() {
    // The last answer is recorded by the thread that panics.
    for (place, keys, kept) in [("update", "q", 0), ("draw", "", 0), ("worker", "Qs", 0)] {
        let home = tempfile::tempdir().unwrap();
        let variables = [("COLDSTART_PANIC", place)];
        let start = Start { variables: &variables, ..Start::new(home.path()) };
        let mut desk = Desk::open(&start);
        if place != "draw" {
            desk.wait_for("Somebody else's servers");
        }
        desk.type_keys(keys);
        assert_eq!(desk.wait_end().0, 101, "{place}");
        desk.assert_given_back();
        let text = desk.text();
        assert!(text.contains(&format!("asked for in `{place}`")), "{place}: {text}");
        let reports: Vec<_> =
            std::fs::read_dir(home.path().join("data/crashes")).unwrap().flatten().collect();
        assert_eq!(reports.len(), 1, "{place}");
        let report = std::fs::read_to_string(reports[0].path()).unwrap();
        assert!(report.contains(&format!("asked for in `{place}`")), "{report}");
        // The words come after the screen was given back, not on it.
        let back = text.rfind("\x1b[?1049l").unwrap();
        assert!(text[back..].contains("stopped because of a fault"), "{place}");
        assert_eq!(answered(home.path()).len(), kept, "{place}");
    }
}

#[test]
fn what_was_answered_before_a_panic_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.type_keys("Qs");
    desk.wait_for("Skipped");
    desk.wait_quiet();
    desk.type_keys("\x03");
    desk.wait_end();
    let variables = [("COLDSTART_PANIC", "update")];
    let mut desk = Desk::open(&Start { variables: &variables, ..Start::new(home.path()) });
    desk.wait_for("Somebody else's servers");
    desk.type_keys("Q");
    assert_eq!(desk.wait_end().0, 101);
    assert_eq!(answered(home.path()).len(), 1);
}

#[test]
fn where_there_is_no_terminal_no_escape_byte_is_written() {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(program())
        .args(["quiz", "what-is-serverless"])
        .env("COLDSTART_DATA_DIR", home.path())
        .env("TERM", "xterm-256color")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b":q\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    assert!(String::from_utf8_lossy(&output.stdout).contains("? ("));
}

#[test]
fn a_terminal_that_can_do_nothing_gets_lines() {
    for term in ["dumb", ""] {
        let home = tempfile::tempdir().unwrap();
        let variables = [("TERM", term)];
        let start = Start {
            variables: &variables,
            arguments: &["quiz", "what-is-serverless"],
            ..Start::new(home.path())
        };
        let mut desk = Desk::open(&start);
        desk.wait_for("? (");
        desk.type_keys(":q\n");
        desk.wait_end();
        assert!(!desk.text().contains('\x1b'), "{:?}", desk.text());
    }
}
