//! A simulation in a terminal: predicted, played, left, known again; computed beside the screen.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::desk::{Desk, Start};
use crate::watching::ticks;

const SCENARIO: &str = r#"schema = 1
id = "urn"
title = "How often is the urn cold?"
model = "platform"
seed = 42
duration = "2h"

[params]
arrivals = { process = "poisson", rate_per_s = 0.02 }
service = { law = "exponential", mean = "5s" }
keep_alive = "2m"

[[controls]]
param = "keep_alive"
label = "Kept warm"
min = "0s"
max = "10m"
step = "30s"

[predict]
prompt = "Which share of the guests finds the urn cold?"
metric = "p_cold"
unit = "%"
tolerance_abs = 5
reveal = "Guests come in clusters."
"#;

/// A folder with one lesson and its simulation.
fn course(home: &Path) -> String {
    let root = home.join("course");
    fs::create_dir_all(root.join("assets/scenarios")).unwrap();
    fs::write(root.join("assets/scenarios/urn.toml"), SCENARIO).unwrap();
    let lesson = "# The urn\n\nIt is warm.\n\n[Simulation: the urn](assets/scenarios/urn.toml)\n";
    fs::write(root.join("1-urn.md"), lesson).unwrap();
    root.to_str().unwrap().to_owned()
}

#[test]
fn a_simulation_is_predicted_played_and_known_again() {
    let home = tempfile::tempdir().unwrap();
    let root = course(home.path());
    let arguments = ["--course", root.as_str()];
    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_for("The urn");
    desk.type_keys("S");
    desk.wait_for("Your prediction");
    desk.type_keys("50\r1");
    desk.wait_for("▶");
    // It moves by itself.
    let before = desk.bytes().len();
    desk.wait_until("the next frames", || desk.bytes().len() > before + 20);
    desk.type_keys("++++");
    desk.wait_for("2:00:00 / 2 h");
    desk.wait_for("✗ Wrong");
    // Nobody is woken any more, and nothing is written.
    std::thread::sleep(Duration::from_millis(2300));
    let (bytes, time) = (desk.bytes().len(), ticks(desk.pid()));
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(desk.bytes().len(), bytes, "{:?}", &desk.text()[bytes..]);
    assert_eq!(ticks(desk.pid()), time);
    // A knob is turned many times; what comes is the last.
    desk.type_keys("llllll");
    desk.wait_for("5 min");
    desk.escape();
    desk.wait_for("1 · 3 minutes");
    desk.type_keys("q");
    assert_eq!(desk.wait_end().0, 0);
    desk.assert_given_back();
    // The next time it is not asked again.
    let arguments = ["--course", root.as_str(), "--no-motion"];
    let mut desk = Desk::open(&Start { arguments: &arguments, ..Start::new(home.path()) });
    desk.wait_for("The urn");
    desk.wait_quiet();
    desk.type_keys("S");
    desk.wait_for("You said 50 %");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
    desk.assert_given_back();
}

#[test]
#[cfg(debug_assertions)]
fn a_fault_of_the_simulator_leaves_the_screen_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let root = course(home.path());
    let start = Start {
        arguments: &["--course", root.as_str()],
        variables: &[("COLDSTART_PANIC", "simulate")],
        ..Start::new(home.path())
    };
    let mut desk = Desk::open(&start);
    desk.wait_for("The urn");
    desk.type_keys("S50\r1");
    desk.wait_for("This cannot be simulated");
    desk.escape();
    desk.type_keys("q");
    assert_eq!(desk.wait_end().0, 0);
    desk.assert_given_back();
    assert_eq!(fs::read_dir(home.path().join("data/crashes")).unwrap().count(), 1);
}
