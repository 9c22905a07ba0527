//! Predictions: asked before the run is unlocked, held against it afterwards.

use super::{Names, Reading, parse_duration};
use crate::course::toml_file::{At, Fields, Table};
use crate::diagnostic::{Diagnostic, Span};
use crate::quiz::VerdictKind;
use crate::quiz::numeric::{amount, number_text, parse_number, with_unit};
use crate::sanitize;
use crate::sim::estimate::Interval;
use crate::sim::metric::{Definition, decimals, thousands};

pub use crate::quiz::numeric::Tolerance;

/// A prediction, asked before the run is unlocked.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    /// The question.
    pub prompt: String,
    /// The metric that answers it.
    pub metric: String,
    /// The unit of the answer.
    pub unit: String,
    /// What the metric is multiplied by to be in `unit`.
    pub factor: f64,
    /// How far off is still right.
    pub tolerance: Tolerance,
    /// What is said afterwards.
    pub reveal: String,
    /// Where the metric is written.
    pub place: Span,
}

/// How a guess stands beside the truth: theory where a formula holds, else the mean of the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Within the tolerance.
    pub is_right: bool,
    /// Right within the tolerance, partly right within twice of it; nothing where there is no
    /// truth.
    pub kind: Option<VerdictKind>,
    /// The truth in the unit of the answer, if the runs or theory gave it.
    pub truth: Option<f64>,
    /// How far the guess is above the truth, in the unit of the answer.
    pub error: Option<f64>,
    /// `You said 100 %. Simulated: 77.9 % ± 0.4 (theory 77.88 %).`
    pub said: String,
    /// `Wrong: 22.1 percentage points too high.`
    pub verdict: String,
}

/// A guess that is so many times the truth is told as a multiple.
const TIMES: f64 = 3.0;
/// So many times that no more is said than that it is more.
const TIMES_MOST: f64 = 1e6;
/// Digits of a number where nothing says how sure it is.
pub(in crate::course) const DIGITS: i32 = 4;
/// Digits of an error.
const ERROR_DIGITS: i32 = 3;

impl Predict {
    /// Reads a guess, in the unit of the answer: a number as answers to numeric questions are
    /// written, `77.9 %`, `1,000`, `5k`; where the unit is one of time also a duration, `20m`. The
    /// error is one sentence for the learner.
    pub fn parse_guess(&self, text: &str) -> Result<f64, String> {
        parse_number(text, &self.unit).or_else(|refusal| {
            let length = TIMES_IN_S.iter().find(|(unit, _)| *unit == self.unit);
            let (_, length) = length.ok_or_else(|| refusal.clone())?;
            let span = parse_duration(text).map_err(|_| refusal)?;
            Ok(span.as_secs_f64() / length)
        })
    }

    /// A value of the metric in the unit of the answer.
    pub fn in_unit(&self, metric_value: f64) -> f64 {
        metric_value * self.factor
    }

    /// A number in the unit of the answer as a value of the metric.
    pub fn in_metric(&self, in_unit: f64) -> f64 {
        in_unit / self.factor
    }

    /// A number of the unit with it: `77.88 %`, `16,268,542 requests`, `$5.60`.
    pub fn text(&self, in_unit: f64) -> String {
        with_unit(rounded(in_unit, DIGITS), &self.unit)
    }

    /// [`Self::text`] without a unit that is a word: `30`, not `30 environments`.
    pub fn short_text(&self, in_unit: f64) -> String {
        let is_word = self.unit.chars().count() > 3;
        if is_word { number_text(rounded(in_unit, DIGITS)) } else { self.text(in_unit) }
    }

    /// Holds `guess`, in the unit of the answer, against what the runs and theory say of the
    /// metric, both in the metric's own unit.
    pub fn judge(&self, guess: f64, simulated: Option<&Interval>, theory: Option<f64>) -> Judged {
        let is_number = |value: &f64| value.is_finite();
        let simulated = simulated.filter(|interval| interval.mean.is_finite());
        let theory = theory.filter(is_number).map(|value| self.in_unit(value));
        let truth = theory.or_else(|| simulated.map(|interval| self.in_unit(interval.mean)));
        let said = self.said(guess, simulated, theory);
        let Some(truth) = truth else {
            let verdict = "The run gave no number to hold it against.".to_owned();
            return Judged { is_right: false, kind: None, truth, error: None, said, verdict };
        };
        let kind = if self.tolerance.holds(guess, truth) {
            VerdictKind::Right
        } else if self.doubled().holds(guess, truth) {
            VerdictKind::Partly
        } else {
            VerdictKind::Wrong
        };
        // As exact as the number beside it: against 41 ± 2, 40 is 1 too low.
        let told = match (theory, simulated) {
            (None, Some(interval)) => self.mean_as_told(interval),
            _ => truth,
        };
        let off = match kind {
            _ if self.text(guess) == self.text(told) => "exactly that".to_owned(),
            VerdictKind::Right => self.distance(guess, told),
            _ => self.off(guess, told),
        };
        let verdict = match kind {
            VerdictKind::Partly => {
                format!("Partly: {off}; {} would have been right.", self.allowed())
            }
            kind => format!("{}: {off}.", kind.word()),
        };
        let (truth, error) = (Some(truth), Some(guess - truth));
        Judged {
            is_right: kind == VerdictKind::Right,
            kind: Some(kind),
            truth,
            error,
            said,
            verdict,
        }
    }

    fn said(&self, guess: f64, simulated: Option<&Interval>, theory: Option<f64>) -> String {
        let theory = theory.map(|value| self.text(value));
        let simulated = simulated.map(|interval| self.with_interval(interval));
        let truth = match (simulated, theory) {
            (Some(simulated), Some(theory)) if simulated == theory => {
                format!(" Simulated: {simulated}, as theory says.")
            }
            (Some(simulated), Some(theory)) => {
                format!(" Simulated: {simulated} (theory {theory}).")
            }
            (Some(simulated), None) => format!(" Simulated: {simulated}."),
            (None, Some(theory)) => format!(" Theory: {theory}."),
            (None, None) => String::new(),
        };
        format!("You said {}.{truth}", self.text(guess))
    }

    /// `77.9 % ± 0.4`; of a single run, and where all gave the same, the number alone.
    fn with_interval(&self, interval: &Interval) -> String {
        let mean = self.mean_as_told(interval);
        let Some((half, count)) = self.half(interval) else { return self.text(mean) };
        // Both end at the same digit: 63.0 ± 0.7.
        let sign = if mean < 0.0 { "-" } else { "" };
        let mean = amount(sign, &thousands(mean.abs(), count), &self.unit);
        format!("{mean} ± {}", thousands(half, count))
    }

    /// How far the mean may be off, and the decimals that it is told with; of a single run, and
    /// where all gave the same, nothing.
    fn half(&self, interval: &Interval) -> Option<(f64, usize)> {
        let (mean, half) = (self.in_unit(interval.mean), self.in_unit(interval.ci95));
        let is_known = interval.n >= 2 && half > mean.abs() * 1e-6;
        is_known.then(|| (half, decimals(half, 1)))
    }

    fn mean_as_told(&self, interval: &Interval) -> f64 {
        let mean = self.in_unit(interval.mean);
        self.half(interval).map_or(mean, |(_, count)| to_decimals(mean, count))
    }

    /// How far off, in words.
    fn off(&self, guess: f64, truth: f64) -> String {
        let (high, low) = (guess / truth, truth / guess);
        let about = |times: f64| match times {
            times if times > TIMES_MOST => "more than a million".to_owned(),
            times => format!("about {}", number_text(rounded(times, 2))),
        };
        if truth > 0.0 && guess > 0.0 && high >= TIMES {
            return format!("{} times too high", about(high));
        }
        if truth > 0.0 && guess > 0.0 && low >= TIMES {
            return format!("too low, it is {} times that", about(low));
        }
        self.distance(guess, truth)
    }

    /// How far off, as a difference.
    fn distance(&self, guess: f64, truth: f64) -> String {
        let off = self.difference(rounded((guess - truth).abs(), ERROR_DIGITS));
        format!("{off} too {}", if guess > truth { "high" } else { "low" })
    }

    /// A distance: of percentages in points.
    fn difference(&self, number: f64) -> String {
        match self.unit.as_str() {
            "%" if number_text(number) == "1" => "1 percentage point".to_owned(),
            "%" => format!("{} percentage points", number_text(number)),
            _ => with_unit(number, &self.unit),
        }
    }

    fn allowed(&self) -> String {
        match self.tolerance {
            Tolerance::Absolute(number) => format!("up to {}", self.difference(number)),
            Tolerance::Percent(percent) => format!("up to {} % of it", number_text(percent)),
        }
    }

    const fn doubled(&self) -> Tolerance {
        match self.tolerance {
            Tolerance::Absolute(number) => Tolerance::Absolute(2.0 * number),
            Tolerance::Percent(percent) => Tolerance::Percent(2.0 * percent),
        }
    }
}

/// Seconds in the units of time that answers may have.
const TIMES_IN_S: [(&str, f64); 4] = [("s", 1.0), ("ms", 1e-3), ("min", 60.0), ("h", 3600.0)];

/// `number` with `digits` digits, all of those before the point kept.
pub(in crate::course) fn rounded(number: f64, digits: i32) -> f64 {
    to_decimals(number, decimals(number, digits))
}

fn to_decimals(number: f64, count: usize) -> f64 {
    format!("{number:.count$}").parse().unwrap_or(number)
}

impl Reading<'_> {
    pub(super) fn predict(&self, table: &Table, names: Option<&Names>) -> Option<Predict> {
        let whole = "a prediction";
        let fields = Fields::new(table, self.faults());
        let prompt = fields.required_text("prompt", whole);
        let metric = fields.required_text("metric", whole);
        let unit = fields.text("unit");
        let reveal = fields.required_text("reveal", whole);
        let absolute = fields.number("tolerance_abs", 0.0..=1e15);
        let percent = fields.number("tolerance_pct", 0.0..=1000.0);
        let both = fields.has("tolerance_abs") && fields.has("tolerance_pct");
        let none = !fields.has("tolerance_abs") && !fields.has("tolerance_pct");
        if (both || none) && !self.faults().is_broken() {
            let message = "a prediction needs one of `tolerance_abs` and `tolerance_pct`";
            let hint = "`tolerance_abs` is in the unit of the answer";
            self.faults().error_hint("missing-key", table.span, message, hint);
        }
        fields.finish();
        let metric = metric?;
        let known = names.map(|names| self.metric(metric, names));
        let unit_of_metric = known.flatten().map(|definition| definition.unit);
        let factor = match (unit, unit_of_metric) {
            (Some(unit), Some(of_metric)) => self.factor(unit, of_metric),
            _ => Some(1.0),
        };
        let unit = unit.map_or_else(
            || unit_of_metric.unwrap_or_default().to_owned(),
            |unit| sanitize::line(unit.value).into_owned(),
        );
        if let Some(absolute) = absolute
            && known.flatten().is_some_and(Definition::is_share)
            && let Some(warning) = too_tolerant(self.faults().file(), absolute, &unit)
        {
            self.faults().add(warning);
        }
        let percent = percent.map(|number| Tolerance::Percent(number.value));
        let tolerance = absolute.map(|number| Tolerance::Absolute(number.value)).or(percent)?;
        Some(Predict {
            prompt: prompt?.value.to_owned(),
            metric: metric.value.to_owned(),
            place: metric.span,
            unit,
            factor: factor?,
            tolerance,
            reveal: reveal?.value.to_owned(),
        })
    }

    /// What a metric in the unit `of_metric` is multiplied by to be in `unit`.
    fn factor(&self, unit: At<&str>, of_metric: &str) -> Option<f64> {
        let factor = unit_factor(of_metric, unit.value);
        if factor.is_none() {
            let message = format!("this metric cannot be given in `{}`", unit.value);
            self.faults().error_hint("unknown-unit", unit.span, message, unit_advice(of_metric));
        }
        factor
    }
}

/// A warning where the absolute tolerance of a share, given in `unit`, holds every share there is.
pub(in crate::course) fn too_tolerant(
    file: &str,
    tolerance: At<f64>,
    unit: &str,
) -> Option<Diagnostic> {
    let (whole, hint) = match unit {
        "%" => (100.0, "write a smaller `tolerance_abs`"),
        _ => (1.0, "write `unit = \"%\"`"),
    };
    let message = "with this tolerance every answer is right";
    let warning = || Diagnostic::warning("too-tolerant", file, tolerance.span, message).hint(hint);
    (tolerance.value >= whole).then(warning)
}

/// Units that answers may have: (of the metric, of the answer, factor). Shares have none.
const UNITS_OF_ANSWERS: [(&str, &str, f64); 7] = [
    ("", "%", 100.0),
    ("s", "ms", 1e3),
    ("s", "min", 1.0 / 60.0),
    ("s", "h", 1.0 / 3600.0),
    ("ms", "s", 1e-3),
    ("$", "USD", 1.0),
    ("$", "cents", 100.0),
];

/// What to write instead of a unit that a metric in `of_metric` cannot be given in.
pub(in crate::course) fn unit_advice(of_metric: &str) -> String {
    let known: Vec<String> = UNITS_OF_ANSWERS
        .iter()
        .filter(|(from, ..)| *from == of_metric)
        .map(|(_, to, _)| format!("`{to}`"))
        .chain((!of_metric.is_empty()).then(|| format!("`{of_metric}`")))
        .collect();
    match known.len() {
        0 => "leave `unit` out".to_owned(),
        _ => format!("write {}", known.join(" or ")),
    }
}

/// What a metric in `of_metric` is multiplied by to be in `unit`, if it can be given in that.
pub(in crate::course) fn unit_factor(of_metric: &str, unit: &str) -> Option<f64> {
    if of_metric == unit || unit.is_empty() {
        return Some(1.0);
    }
    let known = UNITS_OF_ANSWERS.iter().find(|(from, to, _)| (*from, *to) == (of_metric, unit));
    // What is counted is given in the words that the author counts in.
    let is_word = |unit: &str| unit.len() > 3 && unit.chars().all(char::is_alphabetic);
    let is_count = is_word(unit) && (of_metric.is_empty() || is_word(of_metric));
    known.map(|&(.., factor)| factor).or_else(|| is_count.then_some(1.0))
}

#[cfg(test)]
mod tests;
