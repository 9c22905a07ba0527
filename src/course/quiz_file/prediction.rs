//! `predict`: the run that a question predicts, as it is written.

use std::collections::BTreeMap;

use crate::course::toml_file::{Fields, Kind, Table, Value};
use crate::diagnostic::Span;
use crate::quiz::prediction::{Places, Prediction};
use crate::sanitize;

/// The run that is predicted; nothing where no scenario is named, which is then reported.
pub(super) fn prediction(fields: &Fields<'_>) -> Option<Prediction> {
    let mut set = BTreeMap::new();
    if let Some(table) = fields.table("set") {
        flatten("", table, &mut set);
    }
    let line = |text: &str| sanitize::line(text).into_owned();
    let of_choices = fields.has("choices");
    let scenario = fields.required_text("scenario", "a prediction");
    if !of_choices {
        let hint = "write `metric = \"p_cold\"`, or `choices = […]`";
        fields.expect("metric", "a prediction of a number", hint);
    }
    let metric = fields.text("metric");
    let metric_place = metric.map_or(fields.span(), |metric| metric.span);
    let place = |key: &'static str| fields.value(key).map(|value| value.span);
    let wrong = fields.tables("wrong").into_iter();
    let value_place = |table: &Table| table.get("value").map_or(table.span, |value| value.span);
    let scenario = scenario?;
    Some(Prediction {
        file: fields.faults().file().to_owned(),
        scenario: line(scenario.value),
        places: Places {
            scenario: scenario.span,
            set: set.values().map(|(_, span)| *span).collect(),
            metric: metric_place,
            unit: if of_choices { None } else { place("unit") }.unwrap_or(metric_place),
            answer: if of_choices { None } else { place("answer") },
            wrong: if of_choices { Vec::new() } else { wrong.map(value_place).collect() },
        },
        set: set.into_iter().map(|(path, (value, _))| (path, value)).collect(),
        metric: metric.map(|metric| line(metric.value)),
    })
}

/// Nested tables as paths: `arrivals = { gap = "20m" }` is `arrivals.gap`.
fn flatten(path: &str, table: &Table, set: &mut BTreeMap<String, (String, Span)>) {
    for entry in &table.entries {
        let key = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        match &entry.value.kind {
            Kind::Table(inner) => flatten(&key, inner, set),
            _ => {
                set.insert(key, (bare(&entry.value), entry.value.span));
            }
        }
    }
}

/// A value as it is written on a command line.
fn bare(value: &Value) -> String {
    match &value.kind {
        Kind::Text(text) => sanitize::line(text).into_owned(),
        Kind::Integer(number) => number.to_string(),
        Kind::Float(number) => number.to_string(),
        Kind::Boolean(truth) => truth.to_string(),
        Kind::Date(date) => date.to_string(),
        Kind::Array(values) => {
            let inside: Vec<String> = values.iter().map(quoted).collect();
            format!("[{}]", inside.join(", "))
        }
        Kind::Table(_) | Kind::Unusable => String::new(),
    }
}

fn quoted(value: &Value) -> String {
    match &value.kind {
        Kind::Text(text) => format!("'{}'", sanitize::line(text).replace('\'', "")),
        _ => bare(value),
    }
}
