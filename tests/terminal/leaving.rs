//! However the program ends or stops, the terminal is given back.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::desk::{Desk, Start, answered};

#[test]
fn quitting_gives_the_terminal_back() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    assert!(desk.screen_since(0).screen().alternate_screen());
    desk.type_keys("q");
    assert_eq!(desk.wait_end().0, 0);
    desk.assert_given_back();
}

#[test]
fn signals_are_obeyed_at_once_and_nothing_is_lost() {
    let screens = [("", "Contents"), ("\r", "back"), ("Qs\r?", "close"), ("/serv", "result")];
    let signals = [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT];
    for (signal, (keys, shown)) in signals.into_iter().zip(screens) {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::open(&Start::new(home.path()));
        desk.wait_for("Somebody else's servers");
        desk.type_keys(keys);
        if !keys.is_empty() {
            desk.wait_for(shown);
        }
        desk.signal(signal);
        let (code, took) = desk.wait_end();
        assert_eq!(code, 128 + u32::try_from(signal.as_raw()).unwrap());
        assert!(took < Duration::from_millis(300), "{signal:?} took {took:?}");
        desk.assert_given_back();
        let expected: &[&str] = if keys.starts_with('Q') { &["question"] } else { &[] };
        assert_eq!(answered(home.path()).len(), expected.len(), "{signal:?}");
    }
}

#[test]
fn stopped_and_woken_at_another_size_all_is_painted_again() {
    let home = tempfile::tempdir().unwrap();
    let shell = "set -m; $COLDSTART; echo stopped:$?; read line; fg >/dev/null; echo left:$?";
    let mut desk = Desk::open(&Start { shell: Some(shell), ..Start::new(home.path()) });
    desk.wait_for("Somebody else's servers");
    desk.type_keys("\x1a");
    desk.wait_for("stopped:");
    // The shell has its terminal: lines are edited, the screen is the first one.
    desk.assert_given_back();
    desk.resize(100, 30);
    let before = desk.bytes().len();
    desk.type_keys("on\r");
    desk.wait_until("the contents at 100×30", || {
        let parser = desk.screen_since(before);
        let screen = parser.screen();
        let last = screen.rows(0, 100).nth(29).unwrap_or_default();
        screen.alternate_screen()
            && screen.contents().contains("Somebody else's servers")
            && last.trim_end().ends_with("quit")
            && last.trim_end().chars().count() > 90
    });
    desk.type_keys("q");
    desk.wait_for("left:0");
    desk.wait_end();
    desk.assert_given_back();
}

#[test]
fn stopped_by_others_and_continued_all_is_painted_again() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.signal(Signal::STOP);
    std::thread::sleep(Duration::from_millis(50));
    let before = desk.bytes().len();
    desk.signal(Signal::CONT);
    desk.wait_until("the contents again", || {
        desk.screen_since(before).screen().contents().contains("Somebody else's servers")
    });
    desk.type_keys("q");
    assert_eq!(desk.wait_end().0, 0);
}

/// Runs the program in a terminal of its own inside of the terminal, and takes that one away;
/// how long the program lives on.
fn taken_away(start: &str) -> Duration {
    let home = tempfile::tempdir().unwrap();
    let shell =
        format!("exec script -qfc \"{start} sh -c 'echo \\$\\$ >pid; exec $COLDSTART'\" /dev/null");
    let mut desk = Desk::open(&Start { shell: Some(&shell), ..Start::new(home.path()) });
    desk.wait_for("Somebody else's servers");
    let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
    let process = std::path::PathBuf::from("/proc").join(pid.trim());
    assert!(process.exists());
    desk.kill();
    let begun = Instant::now();
    // A zombie has ended too.
    let lives =
        || std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while lives() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it lives on");
        std::thread::sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_terminal_behind_it_the_program_ends() {
    let took = taken_away("");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_hang_up_that_nobody_signals_ends_it_too() {
    // A session without a controlling terminal gets no signal: only reading tells.
    let took = taken_away("setsid -w");
    assert!(took < Duration::from_secs(1), "{took:?}");
}
