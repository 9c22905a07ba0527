//! Silence, resizing, late replies, edited courses.

use std::fs;
use std::time::Duration;

use crate::desk::{Desk, Start};

/// The processor time of a process so far, in clock ticks.
pub fn ticks(pid: rustix::process::Pid) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn with_nothing_to_do_nothing_is_written_and_no_time_used() {
    for keys in ["", "\r", "Q", "/serv", "?"] {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::open(&Start::new(home.path()));
        desk.wait_for("Somebody else's servers");
        desk.type_keys(keys);
        desk.wait_quiet();
        // The one look at the clock after the last key is over.
        std::thread::sleep(Duration::from_millis(2200));
        let (bytes, time) = (desk.bytes().len(), ticks(desk.pid()));
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(desk.bytes().len(), bytes, "{keys:?}: {:?}", &desk.text()[bytes..]);
        assert_eq!(ticks(desk.pid()), time, "{keys:?}");
    }
}

#[test]
fn every_size_is_survived() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    for keys in ["", "\r", "<Q", "?", "<</serv"] {
        for key in keys.split_inclusive('<') {
            let (keys, escape) = key.strip_suffix('<').map_or((key, false), |keys| (keys, true));
            desk.type_keys(keys);
            if escape {
                desk.escape();
            }
        }
        for (columns, rows) in [(0, 0), (1, 1), (1, 200), (400, 1), (39, 12), (20, 5), (300, 90)] {
            desk.resize(columns, rows);
            std::thread::sleep(Duration::from_millis(4));
        }
        desk.resize(80, 24);
        desk.wait_quiet();
    }
    desk.wait_for("Search");
    desk.resize(38, 11);
    desk.wait_for("cells are needed");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}

#[test]
fn a_late_reply_about_colours_answers_no_question() {
    let home = tempfile::tempdir().unwrap();
    let arguments = ["--theme", "auto", "quiz", "what-is-serverless"];
    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_until("the question asked", || desk.text().contains("\x1b]11;?"));
    desk.wait_for("1 of ");
    desk.type_keys("\x1b]11;rgb:bbbb/bbbb/bbbb\x1b\\");
    desk.type_keys("\x1b]10;rgb:0000/0000/0000\x07");
    desk.wait_quiet();
    assert!(!desk.screen().contains('●'), "{}", desk.screen());
    desk.type_keys("b");
    desk.wait_for("● b");
    desk.type_keys("\x03");
    desk.wait_end();
}

#[test]
fn a_terminal_that_answers_is_believed() {
    let home = tempfile::tempdir().unwrap();
    let arguments = ["--theme", "auto"];
    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_until("the question asked", || desk.text().contains("\x1b]11;?"));
    desk.type_keys("\x1b]10;rgb:1010/1010/1010\x1b\\\x1b]11;rgb:fafa/fafa/fafa\x1b\\\x1b[?62;22c");
    desk.wait_for("Somebody else's servers");
    let parser = desk.screen_since(0);
    let cell = parser.screen().cell(10, 10).unwrap();
    assert!(matches!(cell.bgcolor(), vt100::Color::Idx(index) if index >= 230), "{cell:?}");
}

#[test]
fn a_course_being_written_is_shown_as_it_is_written() {
    let home = tempfile::tempdir().unwrap();
    let course = home.path().join("course");
    fs::create_dir(&course).unwrap();
    fs::write(course.join("tea.md"), "# Tea\n\nWater first.\n").unwrap();
    let arguments = ["--course", "course", "learn"];
    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_for("Tea");
    desk.type_keys("\r");
    desk.wait_for("Water first.");
    fs::write(course.join("tea.md"), "# Tea\n\nLeaves second.\n").unwrap();
    desk.wait_for("Leaves second.");
    // What is wrong by now is told, and when it is mended.
    fs::write(course.join("tea.md"), "# Tea\n\n[Three](fact:cups) cups.\n").unwrap();
    desk.wait_for("1 error: tea.md:3:14: there is no fact `cups`");
    fs::write(course.join("tea.md"), "# Tea\n\nThree cups.\n").unwrap();
    desk.wait_for("No errors any more.");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}

#[test]
fn pasted_text_is_text() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.type_keys("/");
    desk.wait_for("Beginnings of words");
    desk.type_keys("\x1b[200~ser\x1b[201~");
    desk.wait_for("result");
    assert!(desk.screen().contains("Search   ser"));
    desk.type_keys("\x03");
    desk.wait_end();
}

#[test]
fn many_runs_say_how_far_they_have_come() {
    let home = tempfile::tempdir().unwrap();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/p14-measured.toml");
    let long = ["sim", scenario, "--duration", "3000000s", "--replications", "400"];
    let mut desk = Desk::open(&Start { arguments: &long, ..Start::new(home.path()) });
    desk.wait_for("of 400 runs");
    desk.kill();
    // What is there at once says nothing of the sort.
    let short = ["sim", scenario, "--duration", "10000s", "--replications", "4"];
    let mut desk = Desk::open(&Start { arguments: &short, ..Start::new(home.path()) });
    assert_eq!(desk.wait_end().0, 0);
    assert!(!desk.text().contains("of 4 runs"), "{}", desk.text());
}
