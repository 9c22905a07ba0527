//! The metrics as a table: what was simulated beside what theory says and what was before.

use super::{Body, Shown, Table, View};
use crate::sim::metric;

/// The table of all metrics; those that the scenario asks for come first.
pub(super) fn view(shown: &Shown<'_>) -> View {
    let is_exact = shown.scenario.model.is_exact();
    let mut heads = vec![String::new(), if is_exact { "exactly" } else { "simulated" }.to_owned()];
    let runs = shown.estimate.map_or(0, |estimate| estimate.replications.len());
    if runs > 1 {
        heads.push("± 95 %".to_owned());
    }
    if !shown.theory.is_empty() {
        heads.push("theory".to_owned());
    }
    if shown.before.is_some() {
        heads.push("before".to_owned());
    }
    let rows = order(shown).into_iter().map(|name| row(shown, &name, runs > 1)).collect();
    let title = if runs > 1 { format!("metrics of {runs} runs") } else { "metrics".to_owned() };
    View { title, body: Body::Table(Table { heads, rows }), legend: Vec::new() }
}

fn row(shown: &Shown<'_>, name: &str, several: bool) -> Vec<String> {
    let mut row = vec![metric::label(name)];
    let interval = shown.estimate.and_then(|estimate| estimate.intervals.get(name));
    let told = interval.map(|interval| match shown.scenario.definition(name) {
        Some(definition) => definition.said_with(interval, 1),
        None => (metric::digits(interval.mean), None),
    });
    let (mean, off) = told.unwrap_or_default();
    row.push(mean);
    if several {
        row.push(off.unwrap_or_default());
    }
    let said = |value: Option<&f64>| value.map_or_else(String::new, |it| shown.said(name, *it));
    if !shown.theory.is_empty() {
        row.push(said(shown.theory.get(name)));
    }
    if let Some(before) = shown.before {
        row.push(said(before.get(name)));
    }
    row
}

/// The names: what is asked, what is to be reached, what theory knows, all others.
fn order(shown: &Shown<'_>) -> Vec<String> {
    let scenario = shown.scenario;
    let mut names: Vec<&String> = Vec::new();
    names.extend(scenario.predict.as_ref().map(|predict| &predict.metric));
    let conditions = scenario.goals.iter().map(|goal| &goal.when);
    names.extend(conditions.flat_map(|it| &it.comparisons).map(|comparison| &comparison.metric));
    names.extend(shown.theory.keys());
    names.extend(shown.estimate.into_iter().flat_map(|estimate| estimate.intervals.keys()));
    let mut ordered: Vec<String> = Vec::new();
    for name in names {
        if !ordered.contains(name) {
            ordered.push(name.clone());
        }
    }
    ordered
}
