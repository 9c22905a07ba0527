//! The simulator as its users meet it: scenarios with the numbers they must give, and
//! `coldstart sim`.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on has failed; counts are small"
)]

#[path = "sim/cases.rs"]
mod cases;

use std::process::Command;

fn coldstart(arguments: &[&str]) -> (Option<i32>, String, String) {
    let data = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_coldstart"))
        .args(arguments)
        .current_dir(data.path())
        .env("COLDSTART_DATA_DIR", data.path())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn json_has_the_promised_shape() {
    let (code, out, err) = coldstart(&["sim", "keep-alive", "--json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["scenario"], "keep-alive");
    assert_eq!(json["model"], "platform");
    assert_eq!(json["seed"], 42);
    assert_eq!(json["duration_s"], 7200.0);
    assert_eq!(json["metrics"]["p_cold"], 1.0);
    assert!(json["theory"].is_object());
    let several = ["sim", "concurrency", "--duration", "2m", "--replications", "3", "--json"];
    let (_, out, _) = coldstart(&several);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let running = &json["metrics"]["running_mean"];
    assert!(running["mean"].is_f64() && running["ci95"].is_f64() && running["n"] == 3, "{running}");
    let (_, out, _) = coldstart(&["sim", "crossover", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(json["lines"].as_array().is_some_and(|lines| lines.len() >= 2), "{out}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let run =
        |seed| coldstart(&["sim", "concurrency", "--duration", "2m", "--seed", seed, "--csv"]).1;
    assert_eq!(run("5"), run("5"));
    assert_ne!(run("5"), run("6"));
    assert!(run("5").starts_with("replication,seed,attempts,"));
}

#[test]
fn values_are_turned_on_the_command_line_and_in_a_share_string() {
    let (code, turned, _) = coldstart(&["sim", "keep-alive", "--set", "keep_alive=25m", "--csv"]);
    assert_eq!(code, Some(0));
    assert_eq!(coldstart(&["sim", "keep-alive?keep_alive=25m", "--csv"]).1, turned);
    assert_eq!(coldstart(&["sim", "keep-alive?seed=42&arrivals.gap=5m", "--csv"]).0, Some(0));
    let (_, csv, _) = coldstart(&["sim", "keep-alive", "--replications", "4", "--csv"]);
    assert_eq!(csv.lines().count(), 5);
}

#[test]
fn what_cannot_be_run_is_said_on_one_line() {
    for (arguments, expected) in [
        (vec!["sim", "keep-alvie"], "did you mean `keep-alive`?"),
        (vec!["sim", "keep-alive", "--set", "keep_alvie=5m"], "--set keep_alvie=5m: unknown key"),
        (vec!["sim", "keep-alive", "--set", "keep_alive=5x"], "is no duration"),
        (vec!["sim", "keep-alive", "--set", "arrivals.gap=nan"], "must be finite"),
        (vec!["sim", "keep-alive", "--set", "memory_mb=-1"], "must be 128 to 32768"),
        (vec!["sim", "keep-alive", "--set", "x"], "write PATH=VALUE"),
        (vec!["sim", "keep-alive", "--duration", "1e12s"], "is no duration"),
        (
            vec!["sim", "keep-alive", "--set", "arrivals.gap=1ms", "--duration", "1000000000s"],
            "million events",
        ),
        (vec!["sim", "-"], "is no scenario"),
        (vec!["sim", "keep-alive", "--series"], "--csv or --json"),
        (vec!["sim", "crossover", "--series", "--csv"], "nothing happens in time"),
        (vec!["sim", "nowhere.toml"], "nowhere.toml"),
    ] {
        let (code, out, err) = coldstart(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(err.contains(expected) && err.trim_end().lines().count() == 1, "{err}");
    }
}

#[test]
fn explain_says_what_each_metric_means() {
    let (code, out, _) = coldstart(&["sim", "crossover", "--explain"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("vm_usd ($): ") && out.contains("A formula holds here for"), "{out}");
}

#[test]
fn a_run_is_given_over_time() {
    let (code, out, err) = coldstart(&["sim", "keep-alive", "--series", "--csv"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..4], ["at_s", "requests", "served", "cold_starts"]);
    assert!(rows.len() > 100 && rows.iter().all(|row| row.len() == rows[0].len()), "{out}");
    let column = |place: usize| -> f64 {
        rows[1..].iter().map(|row| row[place].parse::<f64>().unwrap()).sum()
    };
    assert_eq!((column(1), column(2), column(3)), (6.0, 6.0, 6.0));
    let (_, out, _) = coldstart(&["sim", "server-or-functions", "--series", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let columns = json["series"]["columns"].as_array().unwrap();
    assert!(columns.iter().any(|name| name == "functions.cold_starts"), "{columns:?}");
    let rows = json["series"]["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row.as_array().unwrap().len() == columns.len()));
}

/// Every shipped scenario in which something happens has a series, each row as long as its head.
#[test]
fn every_scenario_with_time_has_a_series() {
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenarios");
    let mut seen = 0;
    for entry in std::fs::read_dir(shipped).unwrap() {
        let path = entry.unwrap().path();
        let (code, out, err) = coldstart(&["sim", path.to_str().unwrap(), "--series", "--csv"]);
        if err.contains("nothing happens in time") {
            continue;
        }
        assert_eq!((code, err.as_str()), (Some(0), ""), "{}", path.display());
        let mut lines = out.lines().map(|line| line.split(',').count());
        let head = lines.next().unwrap();
        assert!(lines.all(|row| row == head), "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 10, "{seen} scenarios");
}

#[test]
fn a_scenario_comes_from_standard_input() {
    use std::io::Write as _;
    let text = std::fs::read_to_string("assets/scenarios/keep-alive.toml").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_coldstart"))
        .args(["sim", "-", "--csv"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(out, coldstart(&["sim", "keep-alive", "--csv"]).1);
}
