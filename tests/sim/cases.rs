//! Scenarios with the numbers they must give: files as an author writes them, with a table
//! `[expect]`, or several.
//!
//! - `set`: settings as `--set` takes them; none: the scenario as it stands.
//! - `metrics`: values that one run gives exactly; or with `replications`, within 4 standard errors
//!   of the mean over so many seeds.
//! - `within_pct`: how far off at most, 1 with replications; with `approximate` only this counts,
//!   for values that are no exact ones: a fluid's, or another simulator's.
//! - `theory_within_pct`: how far off the formula may be where the value was rounded.
//! - `long`: for the run of all cases only, which takes minutes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use coldstart::course::Files;
use coldstart::course::scenario::{Scenario, Setting, Written};
use coldstart::course::toml_file::Origin;
use coldstart::sim::estimate::{Interval, student95};
use toml::{Table, Value};

/// One `[expect]`.
struct Case {
    what: String,
    scenario: Scenario,
    replications: Option<u64>,
    within_pct: f64,
    theory_within_pct: f64,
    is_approximate: bool,
    is_long: bool,
    metrics: Vec<(String, f64)>,
}

fn number(value: &Value) -> f64 {
    value.as_float().unwrap_or_else(|| value.as_integer().unwrap() as f64)
}

impl Case {
    fn read(name: &str, scenario: &Scenario, expected: &Table) -> Self {
        let known = [
            "set",
            "metrics",
            "replications",
            "within_pct",
            "theory_within_pct",
            "approximate",
            "long",
        ];
        let unknown = expected.keys().find(|key| !known.contains(&key.as_str()));
        assert_eq!(unknown, None, "{name}");
        let texts: Vec<&str> = match expected.get("set") {
            Some(set) => set.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect(),
            None => Vec::new(),
        };
        let settings: Vec<Setting> = texts.iter().map(|it| Setting::parse(it).unwrap()).collect();
        let turned = scenario.with(&settings, &Files::new());
        let shown =
            texts.iter().filter(|it| !it.starts_with("duration") && !it.starts_with("warm"));
        let shown = shown.copied().collect::<Vec<_>>().join(" ");
        let is = |key: &str| expected.get(key).is_some_and(|it| it.as_bool().unwrap());
        let metrics = expected["metrics"].as_table().unwrap();
        let replications = expected.get("replications").map(|it| it.as_integer().unwrap());
        let exactly = if replications.is_some() { 1.0 } else { 1e-7 };
        Self {
            what: format!("{} {shown}", name.trim_end_matches(".toml")).trim_end().to_owned(),
            scenario: turned.unwrap_or_else(|fault| panic!("{name}: {fault:?}")),
            replications: replications.map(i64::unsigned_abs),
            within_pct: expected.get("within_pct").map_or(exactly, number),
            theory_within_pct: expected.get("theory_within_pct").map_or(2e-4, number),
            is_approximate: is("approximate"),
            is_long: is("long"),
            metrics: metrics.iter().map(|(name, value)| (name.clone(), number(value))).collect(),
        }
    }

    /// Rows of a table: exact, simulated, the difference in standard errors and percent. The
    /// faults come beside them.
    fn run(&self) -> (String, Vec<String>) {
        let (mut rows, mut faults) = (String::new(), Vec::new());
        let estimate = self.scenario.estimate(self.replications.unwrap_or(1)).unwrap();
        for (metric, exact) in &self.metrics {
            let Some(interval) = estimate.intervals.get(metric) else {
                faults.push(format!("{}: the run gives no `{metric}`", self.what));
                continue;
            };
            let off = interval.mean - exact;
            let errors = standard_errors(off, interval);
            let pct = 100.0 * off / exact;
            let is_near = off.abs() <= self.within_pct / 100.0 * exact.abs() + 1e-12;
            let is_sure = self.is_approximate
                || self.replications.is_none()
                || errors.is_none_or(|errors| errors.abs() <= 4.0);
            let shown = errors.map_or_else(String::new, |errors| format!("{errors:+.2}"));
            let row = format!(
                "{} | {metric} | {exact} | {:.7} | {shown} | {pct:+.3}",
                self.what, interval.mean
            );
            if !(is_near && is_sure) {
                faults.push(row.clone());
            }
            let _ = writeln!(rows, "| {row} |");
        }
        (rows, faults)
    }
}

/// How many standard errors `off` is; `None` where every run gave the same.
fn standard_errors(off: f64, interval: &Interval) -> Option<f64> {
    let error = interval.ci95 / student95(interval.n.saturating_sub(1));
    (interval.n > 1 && error > 0.0).then(|| off / error)
}

/// All cases, by file.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut root: Table = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = match root.remove("expect") {
            Some(Value::Array(several)) => several,
            Some(one) => vec![one],
            None => panic!("{name}: no [expect]"),
        };
        let text = root.to_string();
        let files = Files::new();
        let written = Written { file: &name, text: &text, origin: Origin::File, files: &files };
        let (scenario, faults) = written.read(&[]);
        let scenario = scenario.unwrap_or_else(|| panic!("{name}: {faults:?}"));
        cases
            .extend(expected.iter().map(|it| Case::read(&name, &scenario, it.as_table().unwrap())));
    }
    cases
}

#[test]
fn scenarios_give_the_numbers_they_must() {
    let cases = cases();
    assert!(cases.len() >= 90, "only {} cases", cases.len());
    let (mut rows, mut faults) = (String::new(), Vec::new());
    for case in cases.iter().filter(|case| !case.is_long) {
        let (row, found) = case.run();
        rows.push_str(&row);
        faults.extend(found);
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    printed_in_how_we_know(&rows);
}

/// The page "How we know" prints some of `rows`: metric, exact, simulated, standard errors.
fn printed_in_how_we_know(rows: &str) {
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = rows.lines().map(cells).collect();
    let metrics: BTreeSet<&String> = rows.iter().map(|row| &row[1]).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("lessons/appendix/1-how-we-know.md")).unwrap();
    let mut printed = 0;
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let shown = cells(line);
        if shown.len() != 5 || !metrics.contains(&shown[1]) {
            continue;
        }
        let holds = rows.iter().any(|row| row[1..5] == shown[1..]);
        assert!(holds, "no case gives {line}");
        printed += 1;
    }
    assert!(printed >= 30, "{printed} rows");
}

/// Prints the table of `docs/validation.md`: `cargo test --release --test sim -- --ignored --nocapture`.
#[test]
#[ignore = "more than a thousand million requests"]
fn all_cases_at_full_length() {
    let mut faults = Vec::new();
    println!("| case | metric | exact | simulated | standard errors off | % off |");
    println!("|---|---|---:|---:|---:|---:|");
    let cases = cases();
    for case in &cases {
        let is_shortened = |longer: &Case| longer.is_long && longer.what == case.what;
        if !case.is_long && cases.iter().any(is_shortened) {
            continue;
        }
        let (rows, found) = case.run();
        print!("{rows}");
        faults.extend(found);
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Where a formula holds, `theory` says the same number.
#[test]
fn theory_agrees_with_what_is_expected() {
    let mut compared = 0;
    for case in cases() {
        let theory = case.scenario.theory();
        for (metric, exact) in &case.metrics {
            if let Some(theory) = theory.get(metric) {
                let off = (theory - exact).abs();
                let bound = case.theory_within_pct / 100.0 * exact.abs();
                assert!(off <= bound, "{}: `{metric}` {theory}, not {exact}", case.what);
                compared += 1;
            }
        }
    }
    assert!(compared >= 100, "{compared} compared");
}
