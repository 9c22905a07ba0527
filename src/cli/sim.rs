//! `coldstart sim`: a scenario, run without a screen.

mod table;
mod waiting;

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{anyhow, bail};
use clap::{ArgGroup, Args};
use indicatif::ProgressBar;
use serde::Serialize;

use super::{Global, Opened, Target, print_json};
use crate::course::Course;
use crate::course::scenario::{Estimate, Model, Scenario, Series, Setting, setting_at};
use crate::diagnostic::{Diagnostic, Severity};
use crate::sim::cost::Line;
use crate::{sanitize, sim};

/// The most runs of one call.
const REPLICATIONS_MAX: u64 = 10_000;
/// The most events of one call.
const EVENTS_MAX: f64 = 20e9;

/// The options of `sim`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("form").args(["json", "csv", "explain"]))]
pub(super) struct Options {
    /// The scenario's id or path, or `-` for standard input; values may follow, as in
    /// `keep-alive?seed=42&keep_alive=5m`
    scenario: String,
    /// Turn a parameter, as in `keep_alive=5m` or `arrivals.gap=20m`
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The seed of the (first) run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How long requests arrive, as in 2h
    #[arg(long, value_name = "T")]
    duration: Option<String>,
    /// Run so often, with seeds derived from the first, and give means with their intervals
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=REPLICATIONS_MAX))]
    replications: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print a table for programs, one line a run
    #[arg(long)]
    csv: bool,
    /// With --csv or --json: the run over time, one line a stretch of it
    #[arg(long, conflicts_with_all = ["replications", "explain"])]
    series: bool,
    /// Say what each metric means
    #[arg(long)]
    explain: bool,
}

/// A scenario that was run.
struct Ran {
    scenario: Scenario,
    estimate: Estimate,
    theory: BTreeMap<String, f64>,
    /// Whether replications were asked for.
    is_estimate: bool,
}

/// What `count` runs say together; `bar` shows how far they have come.
fn estimate(scenario: &Scenario, count: u64, bar: &ProgressBar) -> Result<Estimate, String> {
    let replications = (0..count).map(|number| {
        let replication = scenario.replication(number);
        bar.inc(1);
        replication
    });
    let replications: Result<Vec<_>, _> = replications.collect();
    bar.finish_and_clear();
    replications.map(Estimate::of)
}

/// Runs the scenario and prints its metrics.
pub(super) fn run(global: &Global, options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    let scenario = scenario(global, options)?;
    let count = options.replications.unwrap_or(1);
    #[expect(clippy::cast_precision_loss, reason = "at most ten thousand")]
    let events = scenario.events() * count as f64;
    if events > EVENTS_MAX {
        bail!("{count} runs would take about {:.0} million events: run fewer", events / 1e6);
    }
    let estimate = estimate(&scenario, count, &waiting::bar(count, events, global.ascii))
        .map_err(|reason| anyhow!("{}: {reason}", scenario.id))?;
    let theory = scenario.theory();
    let series = options.series.then(|| series(&scenario, options)).transpose()?;
    let ran = Ran { scenario, estimate, theory, is_estimate: options.replications.is_some() };
    if options.json {
        print_json(&ran.json(series.as_ref()), out)?;
    } else if let Some(series) = series {
        csv(&series, out)?;
    } else if options.csv {
        ran.csv(out)?;
    } else {
        table::print(&ran, options.explain, out)?;
    }
    Ok(0)
}

/// The run over time.
fn series(scenario: &Scenario, options: &Options) -> anyhow::Result<Series> {
    if !(options.csv || options.json) {
        bail!("--series goes with --csv or --json");
    }
    let told = scenario.history(&mut |_| true);
    let (_, history) = told.map_err(|reason| anyhow!("{}: {reason}", scenario.id))?;
    let series = scenario.series(&history);
    if series.columns.is_empty() {
        bail!("{}: nothing happens in time here, so there is no series", scenario.id);
    }
    Ok(series)
}

/// A series as a table for programs; a number that there is not is empty.
fn csv(series: &Series, out: &mut dyn Write) -> std::io::Result<()> {
    let heads: Vec<String> = series.columns.iter().map(|name| quoted(name)).collect();
    writeln!(out, "{}", heads.join(","))?;
    for row in &series.rows {
        let said = |value: &f64| if value.is_finite() { value.to_string() } else { String::new() };
        let values: Vec<String> = row.iter().map(said).collect();
        writeln!(out, "{}", values.join(","))?;
    }
    Ok(())
}

/// The scenario that was named, with its settings; the error is the first fault, on one line.
fn scenario(global: &Global, options: &Options) -> anyhow::Result<Scenario> {
    let (name, shared) = match options.scenario.split_once('?') {
        Some((name, shared)) if !shared.is_empty() => (name, shared),
        _ => (options.scenario.as_str(), ""),
    };
    let mut written: Vec<(String, Setting)> = Vec::new();
    for text in shared.split('&').filter(|text| !text.is_empty()) {
        written.push((format!("?{text}"), parsed(text)?));
    }
    for text in &options.set {
        written.push((format!("--set {text}"), parsed(text)?));
    }
    if let Some(seed) = options.seed {
        let setting = Setting::beside("seed", &seed.to_string());
        written.push((format!("--seed {seed}"), setting.map_err(|wrong| anyhow!("{wrong}"))?));
    }
    if let Some(duration) = &options.duration {
        let setting = Setting::beside("duration", duration);
        let shown = format!("--duration {duration}");
        written.push((shown.clone(), setting.map_err(|wrong| anyhow!("{shown}: {wrong}"))?));
    }
    let target = Target::from(name);
    let Opened { course, file, .. } = Opened::scenario(global, &target)?;
    if !course.is_scenario(&file) {
        bail!("{target} is no scenario (a `.toml` file with a `model`)");
    }
    let settings: Vec<Setting> = written.iter().map(|(_, setting)| setting.clone()).collect();
    let (scenario, faults) = course.scenario_with(&file, &settings);
    match (scenario, faults.iter().find(|fault| fault.severity == Severity::Error)) {
        (_, Some(fault)) => {
            let file = if file.starts_with("opened/") { target.to_string() } else { file };
            Err(refusal(&course, fault, &file, &written))
        }
        (Some(scenario), None) => Ok(scenario),
        (None, None) => Err(anyhow!("{target} cannot be used: run `check`")),
    }
}

fn parsed(text: &str) -> anyhow::Result<Setting> {
    Setting::parse(text).map_err(|wrong| anyhow!("--set {}: {wrong}", sanitize::line(text)))
}

/// A fault on one line: of the setting that made it, or of the file with line and column.
fn refusal(
    course: &Course,
    fault: &Diagnostic,
    file: &str,
    written: &[(String, Setting)],
) -> anyhow::Error {
    let hint = fault.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
    let of_setting = setting_at(fault.span).and_then(|number| written.get(number));
    let place = match of_setting {
        Some((shown, _)) => shown.clone(),
        None => format!("{file}:{}", course.position(fault)),
    };
    anyhow!("{}: {}{hint}", sanitize::line(&place), fault.message)
}

/// What was measured, as JSON. The names are a contract.
#[derive(Serialize)]
struct Json<'a> {
    scenario: &'a str,
    model: &'a str,
    seed: u64,
    duration_s: f64,
    metrics: BTreeMap<&'a str, Measured>,
    /// The lines of a bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<BillLine>>,
    theory: &'a BTreeMap<String, f64>,
    /// The run over time, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<JsonSeries<'a>>,
}

/// A run over time; a number that there is not is null.
#[derive(Serialize)]
struct JsonSeries<'a> {
    columns: &'a [String],
    rows: &'a [Vec<f64>],
}

/// One line of a bill.
#[derive(Serialize)]
struct BillLine {
    name: &'static str,
    quantity: f64,
    unit: &'static str,
    usd: f64,
}

/// A metric of one run, or of several.
#[derive(Serialize)]
#[serde(untagged)]
enum Measured {
    One(f64),
    /// `ci95` is absent (null) of a single run, of whose spread nothing is known.
    Several {
        mean: f64,
        ci95: Option<f64>,
        n: u64,
    },
}

impl Ran {
    fn json<'a>(&'a self, series: Option<&'a Series>) -> Json<'a> {
        let measured = self.estimate.intervals.iter().map(|(name, interval)| {
            let (mean, n) = (interval.mean, interval.n);
            let ci95 = (n > 1).then_some(interval.ci95);
            let measured = if self.is_estimate {
                Measured::Several { mean, ci95, n }
            } else {
                Measured::One(mean)
            };
            (name.as_str(), measured)
        });
        Json {
            scenario: &self.scenario.id,
            model: self.scenario.model.name(),
            seed: self.scenario.run.seed,
            duration_s: self.scenario.run.duration.as_secs_f64(),
            metrics: measured.collect(),
            lines: self.lines(),
            theory: &self.theory,
            series: series.map(|it| JsonSeries { columns: &it.columns, rows: &it.rows }),
        }
    }

    /// The bill line by line, of the model that has one.
    fn lines(&self) -> Option<Vec<BillLine>> {
        let Model::Cost(params) = &self.scenario.model else { return None };
        let lines = sim::cost::lines(params).ok()?;
        let line = |Line { name, quantity, unit, usd }| BillLine { name, quantity, unit, usd };
        Some(lines.into_iter().map(line).collect())
    }

    /// One row a replication; a metric that one lacks is empty there.
    fn csv(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let names: Vec<&String> = self.estimate.intervals.keys().collect();
        let heads: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        writeln!(out, "replication,seed,{}", heads.join(","))?;
        for (number, replication) in self.estimate.replications.iter().enumerate() {
            let value = |name: &&String| {
                replication.metrics.get(*name).map_or_else(String::new, f64::to_string)
            };
            let values: Vec<String> = names.iter().map(value).collect();
            writeln!(out, "{},{},{}", number + 1, replication.seed, values.join(","))?;
        }
        Ok(())
    }
}

/// A name as a field of a table for programs.
fn quoted(name: &str) -> String {
    let name = sanitize::line(name);
    if name.contains([',', '"']) {
        return format!("\"{}\"", name.replace('"', "\"\""));
    }
    name.into_owned()
}
