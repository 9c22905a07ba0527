//! Controls: what the learner may turn.

mod turning;

use super::{Reading, Scenario, Setting, bare_text, quantity};
use crate::course::toml_file::{Fields, Kind, Table, Value};
use crate::diagnostic::{Span, did_you_mean};
use crate::quiz::numeric::{number_text, parse_number};
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

impl Control {
    /// Reads a value as a learner types it, `25m`, `25 min`, `1,000`, `5k`, and gives it as it is
    /// written bare. The error is a sentence that says what to write.
    pub fn typed(&self, text: &str) -> Result<String, String> {
        let text = text.trim();
        let outside = || match &self.turn {
            Turn::Options(options) => format!("{} is one of {}.", self.label, listed(options)),
            _ => format!("{} goes {}.", self.label, self.range_words()),
        };
        match &self.turn {
            Turn::Duration { min, max, .. } => {
                let unitless = || format!("Give it with its unit, as in {}.", bare_words_of(*max));
                let has_unit = text.chars().any(char::is_alphabetic);
                let span = quantity::parse_duration(text).ok().or_else(|| {
                    let seconds = has_unit.then(|| parse_number(text, "s").ok()).flatten()?;
                    Some(SimDuration::from_secs_f64(seconds)).filter(|_| seconds >= 0.0)
                });
                let span = span.ok_or_else(unitless)?;
                let inside = (*min..=*max).contains(&span);
                inside.then(|| quantity::duration_text(span)).ok_or_else(outside)
            }
            Turn::Number { min, max, .. } => {
                // Zero has no sign.
                let number = parse_number(text, "")? + 0.0;
                let inside = (*min..=*max).contains(&number);
                inside.then(|| number.to_string()).ok_or_else(outside)
            }
            Turn::Options(options) => {
                let same = |option: &&String| {
                    option.eq_ignore_ascii_case(text)
                        || bare_words(option).eq_ignore_ascii_case(text)
                };
                options.iter().find(same).cloned().ok_or_else(|| {
                    let meant = did_you_mean(text, options.iter().map(String::as_str));
                    let meant = meant.map(|meant| format!(" Did you mean {meant}?"));
                    format!("{}{}", outside(), meant.unwrap_or_default())
                })
            }
        }
    }

    /// Why nobody can turn it to `bare`, a value as it is written bare, if that is so.
    pub(super) fn refusal(&self, bare: &str) -> Option<String> {
        // A list is not written bare.
        if bare.is_empty() || self.typed(bare).is_ok() {
            return None;
        }
        let (param, words) = (&self.param, bare_words(bare));
        let range = match self.turn {
            Turn::Options(_) => format!("is {}", self.range_words()),
            _ => format!("goes {}", self.range_words()),
        };
        Some(format!("`{param}` {range}, so that nobody can turn it to {words}"))
    }

    /// Between what it is turned, in words: `from 0 s to 30 min`, `one of lifo, fifo`.
    pub fn range_words(&self) -> String {
        match (&self.turn, self.bounds().as_slice()) {
            (Turn::Options(options), _) => format!("one of {}", listed(options)),
            (_, [min, max]) => format!("from {} to {}", bare_words(min), bare_words(max)),
            _ => String::new(),
        }
    }
}

fn listed(options: &[String]) -> String {
    let words: Vec<String> = options.iter().map(|option| bare_words(option)).collect();
    words.join(", ")
}

/// A value that is written bare as people read it: `5m` is `5 min`, `100000` is `100,000`, `true`
/// is `yes`.
pub fn bare_words(text: &str) -> String {
    match text {
        "true" => return "yes".to_owned(),
        "false" => return "no".to_owned(),
        _ => {}
    }
    if let Ok(number) = text.parse::<f64>() {
        return number_text(number);
    }
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    match (quantity::parse_duration(text), text.split_at_checked(unit_at)) {
        (Ok(_), Some((number, "m"))) => format!("{number} min"),
        (Ok(_), Some((number, unit))) => format!("{number} {}", unit.trim()),
        _ => text.to_owned(),
    }
}

fn bare_words_of(span: SimDuration) -> String {
    bare_words(&quantity::duration_text(span))
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
            (Turn::Number { min, max, step, scale }, min < max, step > 0.0, min > 0.0)
        } else {
            let span = |key| quantity::duration(fields, key);
            let (min, max, step) = (span("min"), span("max"), span("step"));
            let (min, max, step) = (min?, max?, step?);
            (Turn::Duration { min, max, step, scale }, min < max, !step.is_zero(), !min.is_zero())
        };
        let (turn, goes_up, has_step, is_positive) = turn;
        let (key, hint) = if !goes_up {
            ("min", "write a `min` below `max`")
        } else if !has_step {
            ("step", "write a `step` above 0")
        } else if scale == Scale::Log && !is_positive {
            ("min", "write a `min` above 0, which `scale = \"log\"` needs")
        } else {
            return Some(turn);
        };
        let place = fields.value(key).map_or(fields.span(), |value| value.span);
        let message = "a control goes from `min` up to `max` in steps above 0";
        self.faults().error_hint("out-of-range", place, message, hint);
        None
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

#[cfg(test)]
mod tests {
    use super::*;

    fn control(turn: Turn) -> Control {
        let (param, label) = ("keep_alive".to_owned(), "Keep-alive".to_owned());
        Control { param, label, turn, span: Span::default() }
    }

    #[test]
    fn values_are_read_as_people_type_them() {
        let second = SimDuration::from_secs;
        let duration = control(Turn::Duration {
            min: second(0),
            max: second(1800),
            step: second(60),
            scale: Scale::Linear,
        });
        let number = control(Turn::Number { min: 0.0, max: 1e6, step: 1.0, scale: Scale::Log });
        let options = ["lifo", "fifo"].map(str::to_owned).to_vec();
        let options = control(Turn::Options(options));
        let switch = control(Turn::Options(["false", "true"].map(str::to_owned).to_vec()));
        assert_eq!(switch.range_words(), "one of no, yes");
        for (control, text, bare) in [
            (&duration, "25m", "25m"),
            (&duration, "25 min", "25m"),
            (&duration, "1.5 minutes", "90s"),
            (&duration, "0s", "0s"),
            (&number, "1,000", "1000"),
            (&number, "5k", "5000"),
            (&number, "20 %", "0.2"),
            (&number, "-0", "0"),
            (&options, " LIFO", "lifo"),
            (&switch, "yes", "true"),
            (&switch, "false", "false"),
        ] {
            assert_eq!(control.typed(text).as_deref(), Ok(bare), "{text}");
        }
        for (control, text, sentence) in [
            (&duration, "25", "Give it with its unit, as in 30 min."),
            (&duration, "-5m", "Give it with its unit, as in 30 min."),
            (&duration, "2h", "Keep-alive goes from 0 s to 30 min."),
            (&number, "2 million", "Keep-alive goes from 0 to 1,000,000."),
            (&number, "much", "Type a number, as in 5,000 or 0.25."),
            (&options, "lfo", "Keep-alive is one of lifo, fifo. Did you mean lifo?"),
        ] {
            assert_eq!(control.typed(text).as_ref().unwrap_err(), sentence, "{text}");
        }
    }

    #[test]
    fn bare_values_have_words() {
        for (bare, words) in [
            ("5m", "5 min"),
            ("900ms", "900 ms"),
            ("1.991s", "1.991 s"),
            ("100000", "100,000"),
            ("0.5", "0.5"),
            ("lifo", "lifo"),
            ("none", "none"),
        ] {
            assert_eq!(bare_words(bare), words);
        }
    }
}
