//! Numbers of questions: the params that make siblings, answers, tolerances, diagnosed numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::Reading;
use super::kinds::misconception;
use crate::course::toml_file::{At, Fields, Kind, Table, Value};
use crate::diagnostic::{Span, did_you_mean};
use crate::quiz::Places;
use crate::quiz::formula;
use crate::quiz::numeric::{Expression, Numeric, Tolerance, WrongNumber, number_text};

/// No answer of ours is beyond.
const NUMBERS: RangeInclusive<f64> = -1e15..=1e15;
/// More values of one param are refused.
const VALUES_MAX: usize = 1000;
/// More siblings of one question cannot be checked.
const SIBLINGS_MAX: usize = 1000;
/// More diagnosed numbers of one question are refused.
const WRONG_MAX: usize = 30;

pub(in crate::course) type Params = BTreeMap<String, Vec<f64>>;

impl Reading<'_> {
    /// `params = { rate = [200, 400], gap = { min = 10, max = 60, step = 10 } }`.
    pub(super) fn params(&self, fields: &Fields<'_>) -> Params {
        let mut params = Params::new();
        let Some(table) = fields.table("params") else { return params };
        let mut siblings = 1usize;
        for entry in &table.entries {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let named = entry.key.starts_with(|c: char| c.is_ascii_lowercase())
                && entry.key.chars().all(plain)
                && formula::names(&entry.key).contains(&entry.key);
            if !named {
                let message = format!("`{}` cannot name a param", entry.key);
                let hint = "use small letters, digits and `_`, a letter first";
                self.faults.error_hint("bad-id", entry.key_span, message, hint);
                continue;
            }
            let values = match &entry.value.kind {
                Kind::Table(range) => self.range(range),
                _ => self.list(fields, &entry.value),
            };
            siblings = siblings.saturating_mul(values.len().max(1));
            if !values.is_empty() {
                params.insert(entry.key.clone(), values);
            }
        }
        if siblings > SIBLINGS_MAX {
            let message = format!("{siblings} siblings, at most {SIBLINGS_MAX} can be checked");
            self.faults.error_hint("too-many", table.span, message, "give fewer values");
            params.clear();
        }
        params
    }

    fn list(&self, fields: &Fields<'_>, value: &Value) -> Vec<f64> {
        let hint = "write a list, as in `[200, 400, 800]`, or `{ min = 10, max = 60, step = 10 }`";
        let Kind::Array(values) = &value.kind else {
            fields.wrong_type("params", value, "a list of numbers, or a range");
            return Vec::new();
        };
        if !(1..=VALUES_MAX).contains(&values.len()) {
            let message = format!("a param with {} values", values.len());
            self.faults.error_hint("wrong-count", value.span, message, hint);
            return Vec::new();
        }
        values.iter().filter_map(|value| fields.number_of("params", value)).collect()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    #[expect(clippy::cast_precision_loss, reason = "at most a thousand steps")]
    fn range(&self, table: &Table) -> Vec<f64> {
        let fields = Fields::new(table, self.faults);
        for key in ["min", "max"] {
            fields.expect(key, "a range", "write `{ min = 10, max = 60, step = 10 }`");
        }
        let min = fields.number("min", NUMBERS);
        let max = fields.number("max", NUMBERS);
        let step = fields.number("step", NUMBERS).map_or(1.0, |step| step.value);
        fields.finish();
        let (Some(min), Some(max)) = (min, max) else { return Vec::new() };
        let steps = ((max.value - min.value) / step + 1e-9).floor();
        if !(step > 0.0 && steps >= 0.0 && steps < VALUES_MAX as f64) {
            let message = "a range that gives no values, or more than a thousand";
            let hint = "`max` must not be below `min`, `step` must be above 0";
            self.faults.error_hint("out-of-range", table.span, message, hint);
            return Vec::new();
        }
        (0..=steps as usize).map(|n| min.value + step * n as f64).collect()
    }

    /// `answer`, `unit`, `tolerance_abs` or `tolerance_pct`, `wrong`.
    pub(super) fn numeric(
        &self,
        fields: &Fields<'_>,
        params: &Params,
        places: &mut Places,
    ) -> Option<Numeric> {
        let is_prediction = matches!(fields.text("type"), Some(At { value: "predict", .. }));
        let simulated = is_prediction && !fields.has("answer");
        let answer = if simulated {
            Some(At { value: Expression::Simulated, span: fields.span() })
        } else {
            fields.expect("answer", "a numeric question", "write `answer = 42`, without quotes");
            fields.value("answer").and_then(|value| self.expression(fields, "answer", value))
        };
        let unit = fields.text("unit").map_or("", |unit| unit.value.trim());
        let tolerance = self.tolerance(fields);
        if simulated && !fields.has("tolerance_abs") && !fields.has("tolerance_pct") {
            let message = "a simulated number needs `tolerance_abs` or `tolerance_pct`";
            let hint = "`tolerance_abs` is in the unit of the answer";
            self.faults.error_hint("missing-key", fields.span(), message, hint);
        }
        let mut wrong = Vec::new();
        let tables = fields.tables("wrong");
        if let Some(table) = tables.get(WRONG_MAX) {
            let message = format!("more than {WRONG_MAX} diagnosed numbers");
            self.faults.error("too-many", table.span, message);
        }
        for table in tables.into_iter().take(WRONG_MAX) {
            let fields = Fields::new(table, self.faults);
            fields.expect("value", "a diagnosed number", "write `value = 42`");
            let value =
                fields.value("value").and_then(|value| self.expression(&fields, "value", value));
            let feedback = self.feedback(&fields, "a diagnosed number");
            let misconception = misconception(&fields, places);
            if let Some(At { value, span }) = value {
                wrong.push(At { value: WrongNumber { value, feedback, misconception }, span });
            }
            fields.finish();
        }
        if wrong.len() < 2 && !self.faults.is_broken() {
            let message = format!("wrong numbers with feedback: {}", wrong.len());
            let hint = "diagnose two at least: `wrong = [{ value = 0, feedback = \"…\" }, …]`";
            self.faults.warning_hint("few-diagnoses", fields.span(), message, hint);
        }
        let answer = answer?;
        if !simulated {
            self.siblings(&answer, &wrong, tolerance, params);
        }
        Some(Numeric {
            answer: answer.value,
            unit: crate::sanitize::line(unit).into_owned(),
            tolerance,
            wrong: wrong.into_iter().map(|wrong| wrong.value).collect(),
        })
    }

    fn tolerance(&self, fields: &Fields<'_>) -> Tolerance {
        let absolute = fields.number("tolerance_abs", 0.0..=1e15);
        let percent = fields.number("tolerance_pct", 0.0..=100.0);
        match (absolute, percent) {
            (Some(_), Some(percent)) => {
                let message = "two tolerances";
                let hint = "keep `tolerance_abs` or `tolerance_pct`";
                self.faults.error_hint("two-tolerances", percent.span, message, hint);
                Tolerance::Percent(percent.value)
            }
            (Some(absolute), None) => Tolerance::Absolute(absolute.value),
            (None, Some(percent)) => Tolerance::Percent(percent.value),
            (None, None) => Tolerance::Absolute(0.0),
        }
    }

    /// A number, or a text that is a formula.
    fn expression(&self, fields: &Fields<'_>, key: &str, value: &Value) -> Option<At<Expression>> {
        let expression = if let Kind::Text(text) = &value.kind {
            Expression::Formula(text.clone())
        } else {
            let number = fields.number_of(key, value)?;
            if !NUMBERS.contains(&number) {
                let message =
                    format!("`{key}` must be {:e} to {:e}", NUMBERS.start(), NUMBERS.end());
                self.faults.error("out-of-range", value.span, message);
                return None;
            }
            Expression::Number(number)
        };
        Some(At { value: expression, span: value.span })
    }

    /// Computes every sibling: each must have an answer, and no diagnosed number may be right.
    fn siblings(
        &self,
        answer: &At<Expression>,
        wrong: &[At<WrongNumber>],
        tolerance: Tolerance,
        params: &Params,
    ) {
        let siblings = combinations(params);
        let mut reported: BTreeSet<usize> = BTreeSet::new();
        for values in &siblings {
            let right = match answer.value.value_with(values) {
                Ok(right) => right,
                Err(fault) => {
                    return self.formula_fault(answer.span, &answer.value, &fault, values);
                }
            };
            for (index, at) in wrong.iter().enumerate() {
                if reported.contains(&index) {
                    continue;
                }
                match at.value.value.value_with(values) {
                    Err(fault) => {
                        reported.insert(index);
                        self.formula_fault(at.span, &at.value.value, &fault, values);
                    }
                    Ok(value) if tolerance.holds(value, right) => {
                        reported.insert(index);
                        self.right_diagnosis(at.span, right, siblings.len());
                    }
                    Ok(_) => {}
                }
            }
        }
    }

    fn right_diagnosis(&self, span: Span, right: f64, siblings: usize) {
        let number = number_text(right);
        let message = format!("this number counts as right: the answer is {number}");
        if siblings == 1 {
            let hint = "diagnose another number, or make the tolerance smaller";
            self.faults.error_hint("right-diagnosis", span, message, hint);
        } else {
            let hint = "for these params its feedback is never said";
            self.faults.warning_hint("right-diagnosis", span, message, hint);
        }
    }

    fn formula_fault(
        &self,
        span: Span,
        written: &Expression,
        fault: &formula::Fault,
        values: &BTreeMap<String, f64>,
    ) {
        // Where the file has the formula in plain quotes, the fault's place in it is known.
        let place = match written {
            Expression::Formula(text) if span.end.saturating_sub(span.start) == text.len() + 2 => {
                fault.span.shifted(span.start + 1)
            }
            _ => span,
        };
        let formula = match written {
            Expression::Formula(text) => text.as_str(),
            _ => "",
        };
        let (message, hint) = said(fault, formula, values);
        self.faults.error_hint("formula", place, message, hint);
    }
}

/// What is wrong with `formula`, which has no value for these `values` of the params, and what to
/// write instead.
pub(in crate::course) fn said(
    fault: &formula::Fault,
    formula: &str,
    values: &BTreeMap<String, f64>,
) -> (String, String) {
    let used = formula::names(formula);
    if fault.is_of_values() && !used.is_empty() {
        let used = values.iter().filter(|(name, _)| used.contains(*name));
        let used: Vec<String> =
            used.map(|(name, &value)| format!("{name} = {}", number_text(value))).collect();
        let message = format!("the value is not finite where {}", used.join(" and "));
        return (message, "leave that value out of `params`".to_owned());
    }
    let known = values.keys().map(String::as_str);
    let meant = fault.unknown().and_then(|name| did_you_mean(name, known));
    let names: Vec<String> = values.keys().map(|name| format!("`{name}`")).collect();
    let hint = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "write a number, or arithmetic over `params`".to_owned(),
        None => format!("known here: {}", names.join(", ")),
    };
    (fault.message.clone(), hint)
}

/// Every choice of one value for each param; a single empty one without params.
pub(in crate::course) fn combinations(params: &Params) -> Vec<BTreeMap<String, f64>> {
    let mut all = vec![BTreeMap::new()];
    for (name, values) in params {
        let with = |known: &BTreeMap<String, f64>, value: f64| {
            let mut next = known.clone();
            next.insert(name.clone(), value);
            next
        };
        all = all.iter().flat_map(|known| values.iter().map(move |&v| with(known, v))).collect();
    }
    all
}
