//! Controls: what the learner may turn.

mod turning;

use super::{Reading, Scenario, Setting, bare_text, quantity};
use crate::course::toml_file::{Fields, Kind, Table, Value};
use crate::diagnostic::Span;
use crate::sanitize;
use crate::sim::time::SimDuration;

/// More controls of one scenario are refused.
const CONTROLS_MAX: usize = 12;
/// More words to choose from are refused.
const OPTIONS_MAX: usize = 20;

/// One parameter that the learner may turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Its path below `[params]`, as in `arrivals.gap`.
    pub param: String,
    /// What it is called.
    pub label: String,
    /// Between what.
    pub turn: Turn,
    span: Span,
}

/// Between what a parameter is turned.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Durations from `min` to `max`.
    Duration {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
        /// From one to the next.
        step: SimDuration,
        /// How the steps are spaced.
        scale: Scale,
    },
    /// Numbers from `min` to `max`.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
        /// From one to the next.
        step: f64,
        /// How the steps are spaced.
        scale: Scale,
    },
    /// Words, numbers or durations, as they are written bare.
    Options(Vec<String>),
}

/// How the steps of a control are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Each as far as the last.
    Linear,
    /// At round numbers, six to a decade (1, 1.5, 2, 3, 5, 7), for rates and costs.
    Log,
}

impl Control {
    /// The values at its ends, or all of its options, as they are written bare.
    pub fn bounds(&self) -> Vec<String> {
        match &self.turn {
            Turn::Duration { min, max, .. } => {
                vec![quantity::duration_text(*min), quantity::duration_text(*max)]
            }
            Turn::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
            Turn::Options(options) => options.clone(),
        }
    }
}

impl Reading<'_> {
    /// The controls in order; `None` for one that has an error.
    pub(super) fn controls(self, fields: &Fields<'_>) -> Vec<Option<Control>> {
        let tables = fields.tables("controls");
        if let Some(table) = tables.get(CONTROLS_MAX) {
            let message = format!("more than {CONTROLS_MAX} controls");
            self.faults().error("too-many", table.span, message);
        }
        tables.into_iter().take(CONTROLS_MAX).map(|table| self.control(table)).collect()
    }

    fn control(self, table: &Table) -> Option<Control> {
        let fields = Fields::new(table, self.faults());
        let param = fields.required_text("param", "a control");
        let label = fields.required_text("label", "a control");
        let turn = if fields.has("options") { self.options(&fields) } else { self.range(&fields) };
        fields.finish();
        let param = param?;
        Some(Control {
            param: param.value.to_owned(),
            label: sanitize::line(label?.value).into_owned(),
            turn: turn?,
            span: param.span,
        })
    }

    fn options(self, fields: &Fields<'_>) -> Option<Turn> {
        let values = fields.array("options")?;
        let place = fields.value("options").map_or(fields.span(), |value| value.span);
        if !(2..=OPTIONS_MAX).contains(&values.len()) {
            let message = format!("a control with {} options", values.len());
            let hint = format!("write 2 to {OPTIONS_MAX}");
            self.faults().error_hint("wrong-count", place, message, hint);
            return None;
        }
        let text = |value: &Value| {
            let text = bare_text(value);
            if text.trim().is_empty() {
                fields.wrong_type("options", value, "a text or a number");
                return None;
            }
            Some(text)
        };
        values.iter().map(text).collect::<Option<_>>().map(Turn::Options)
    }

    fn range(self, fields: &Fields<'_>) -> Option<Turn> {
        let whole = "a control";
        fields.expect("min", whole, "write `min`, `max` and `step`, or `options = […]`");
        fields.expect("max", whole, "write the largest value");
        fields.expect("step", whole, "write how far one step goes");
        let scale = match fields.has("scale").then(|| fields.one_of("scale", &["linear", "log"])) {
            Some(Some("log")) => Scale::Log,
            Some(None) => return None,
            _ => Scale::Linear,
        };
        let is_number = |value: &Value| matches!(value.kind, Kind::Integer(_) | Kind::Float(_));
        let turn = if fields.value("min").is_some_and(is_number) {
            let number = |key| fields.number(key, -1e15..=1e15).map(|number| number.value);
            let (min, max, step) = (number("min"), number("max"), number("step"));
            let (min, max, step) = (min?, max?, step?);
            (Turn::Number { min, max, step, scale }, min < max && step > 0.0, min > 0.0)
        } else {
            let span = |key| quantity::duration(fields, key);
            let (min, max, step) = (span("min"), span("max"), span("step"));
            let (min, max, step) = (min?, max?, step?);
            let is_right = min < max && !step.is_zero();
            (Turn::Duration { min, max, step, scale }, is_right, !min.is_zero())
        };
        let (turn, is_right, is_positive) = turn;
        if !is_right || (scale == Scale::Log && !is_positive) {
            let message = "a control goes from `min` up to `max` in steps above 0";
            let hint = "and `scale = \"log\"` begins above 0";
            self.faults().error_hint("out-of-range", fields.span(), message, hint);
            return None;
        }
        Some(turn)
    }

    /// Puts each control to its ends and reports what then is wrong with the scenario.
    pub(super) fn try_controls(self, scenario: &Scenario) {
        let mut seen: Vec<&str> = Vec::new();
        for control in &scenario.controls {
            if seen.contains(&control.param.as_str()) {
                let message = format!("`{}` has two controls", control.param);
                self.faults().error("duplicate-id", control.span, message);
            }
            seen.push(&control.param);
            for bound in control.bounds() {
                let fault = match Setting::new(&control.param, &bound) {
                    Ok(setting) => scenario.with(&[setting], self.files).err(),
                    Err(wrong) => {
                        self.faults().error("unusable-setting", control.span, wrong);
                        break;
                    }
                };
                if let Some(fault) = fault {
                    let message = format!("at `{bound}`: {}", fault.message);
                    let hint = fault.hint.unwrap_or_else(|| "narrow the control".to_owned());
                    self.faults().error_hint("unusable-setting", control.span, message, hint);
                    break;
                }
            }
        }
    }
}
