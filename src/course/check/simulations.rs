//! What only a run can tell: whether goals can be reached, whether recorded results still hold.

use super::Checker;
use crate::course::scenario::{Scenario, predict};
use crate::course::toml_file::{At, Faults};
use crate::course::{Course, Lesson, predicted};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::markdown::{Embed, Fence};
use crate::quiz::numeric::{Expression, Numeric, Tolerance, with_unit};
use crate::quiz::prediction::Prediction;
use crate::quiz::{Question, QuestionKind};
use crate::sim::Metrics;
use crate::sim::metric::Definition;
use crate::sim::time::as_f64;

/// What one run of the checks may simulate in all, in events: some seconds.
pub(super) const EVENTS_MAX: f64 = 100e6;

/// A longer run is not made.
const RUN_EVENTS_MAX: f64 = 20e6;

/// More digits behind the point are not compared.
const DECIMALS_MAX: usize = 15;

impl<'a> Checker<'a> {
    /// What a learner is asked of `scenario`: whether its prediction has an answer, whether each
    /// goal is out of reach at first and reached by what its author says.
    pub(super) fn asked(&mut self, file: &str, scenario: &Scenario) {
        let goal = scenario.goals.first().map(|goal| goal.span);
        let predict = scenario.predict.as_ref();
        let Some(place) = goal.or(predict.map(|predict| predict.place)) else { return };
        let Some(before) = self.simulated(file, place, scenario) else { return };
        if let Some(predict) = predict
            && !before.get(&predict.metric).is_some_and(|number| number.is_finite())
        {
            let message = format!("the simulation gives no number for `{}`", predict.metric);
            let fault = Diagnostic::error("no-number", file, predict.place, message);
            self.push(fault, "nothing of the kind happens in the run: predict another metric");
        }
        for goal in &scenario.goals {
            if goal.when.holds(&before) {
                let message = "this goal is reached before anything is turned";
                let fault = Diagnostic::warning("goal-reached", file, goal.span, message);
                self.push(fault, "ask for more, or begin elsewhere");
            }
            if goal.reached_by.is_empty() {
                if !goal.when.holds(&before) {
                    let message = "nobody has tried whether this goal can be reached";
                    let fault = Diagnostic::warning("untried-goal", file, goal.span, message);
                    self.push(fault, "write `reached_by = { … }`");
                }
                continue;
            }
            let Ok(turned) = scenario.with(&goal.reached_by, &self.course.files) else { continue };
            let Some(after) = self.simulated(file, goal.reached_by_span, &turned) else { continue };
            if goal.when.holds(&after) {
                continue;
            }
            let values: Vec<String> = goal
                .when
                .comparisons
                .iter()
                .map(|comparison| match after.get(&comparison.metric) {
                    Some(value) => format!("`{}` is {value:.6}", comparison.metric),
                    None => format!("`{}` has no value", comparison.metric),
                })
                .collect();
            let message = "these settings do not reach the goal".to_owned();
            let fault = Diagnostic::error("goal-not-reached", file, goal.reached_by_span, message);
            self.push(fault, format!("with them {}", values.join(", ")));
        }
    }

    /// The metrics of one run, unless it would be too much or is refused: that is reported.
    fn simulated(&mut self, file: &str, span: Span, scenario: &Scenario) -> Option<Metrics> {
        let events = scenario.events();
        if events > self.events_left.min(RUN_EVENTS_MAX) {
            self.not_simulated(file, span);
            return None;
        }
        self.events_left -= events;
        match scenario.metrics() {
            Ok(metrics) => Some(metrics),
            Err(reason) => {
                self.error("too-much-work", file, span, reason);
                None
            }
        }
    }

    fn not_simulated(&mut self, file: &str, span: Span) {
        let message = "not run: this simulation is too much for a check";
        let fault = Diagnostic::warning("not-simulated", file, span, message);
        self.push(fault, "shorten `duration`");
    }

    /// A question that predicts: whether its scenario is there and can be run as it says, and
    /// whether the number it asks for is what the simulator gives.
    pub(super) fn prediction(&mut self, question: &Question) {
        let Some(prediction) = &question.prediction else { return };
        let turned = match self.course.predicted(prediction) {
            Ok((_, turned)) => turned,
            Err(fault) => return self.found.push(fault),
        };
        let QuestionKind::Numeric(numeric) = &question.kind else { return };
        let metric = prediction.metric.as_deref().unwrap_or_default();
        if let Tolerance::Absolute(value) = numeric.tolerance
            && turned.definition(metric).is_some_and(Definition::is_share)
        {
            let tolerance = At { value, span: prediction.places.unit };
            self.found.extend(predict::too_tolerant(&prediction.file, tolerance, &numeric.unit));
        }
        let mut most = RUN_EVENTS_MAX;
        if numeric.answer == Expression::Simulated {
            most = predicted::EVENTS_MAX;
        } else if !turned.theory().contains_key(metric) {
            let cost = turned.events() * as_f64(turned.replications_wanted());
            if cost > self.events_left.min(RUN_EVENTS_MAX) {
                let place = prediction.places.scenario;
                return self.not_simulated(&prediction.file, place);
            }
            self.events_left -= cost;
        }
        match Course::simulated(prediction, &turned, &numeric.unit, most) {
            Err(fault) => self.found.push(fault),
            Ok(now) => self.held(prediction, numeric, now),
        }
    }

    /// The author's numbers of a question held against the simulator's.
    fn held(&mut self, prediction: &Prediction, numeric: &Numeric, now: f64) {
        let (file, places) = (&prediction.file, &prediction.places);
        let said = with_unit(predict::rounded(now, predict::DIGITS), &numeric.unit);
        let answer = numeric.answer.value();
        if let (Some(answer), Some(place)) = (answer, places.answer)
            && !numeric.tolerance.holds(answer, now)
        {
            let written = with_unit(answer, &numeric.unit);
            let message = format!("the answer is {written}, the simulator gives {said}");
            let fault = Diagnostic::error("prediction-differs", file, place, message);
            self.push(fault, "leave `answer` out to ask for the simulator's number");
        }
        if answer.is_some() {
            return;
        }
        for (wrong, place) in numeric.wrong.iter().zip(&places.wrong) {
            if wrong.value.value().is_some_and(|value| numeric.tolerance.holds(value, now)) {
                let message = format!("this number counts as right: the simulator gives {said}");
                let fault = Diagnostic::error("right-diagnosis", file, *place, message);
                self.push(fault, "diagnose another number, or make the tolerance smaller");
            }
        }
    }

    /// The simulations in the text of `lesson`, and the results recorded of them.
    pub(super) fn recorded(&mut self, lesson: &'a Lesson) {
        let course = self.course;
        let (mut before, mut measured) = (None, None);
        for embed in lesson.embeds() {
            match &embed.embed {
                Embed::File { .. } | Embed::Scenario(_) => {
                    if let Some(scenario) = course.scenario_of(lesson, embed) {
                        if matches!(embed.embed, Embed::Scenario(_)) {
                            self.asked(&lesson.file, scenario);
                        }
                        (before, measured) = (Some(scenario), None);
                    }
                }
                Embed::Output(fence) => {
                    let Some(scenario) = before else { continue };
                    if measured.is_none() {
                        measured = self.simulated(&lesson.file, embed.span, scenario);
                    }
                    if let Some(metrics) = &measured {
                        let fence = lesson.written(fence);
                        self.output(&lesson.file, &fence, scenario, metrics);
                    }
                }
                Embed::Question(_) => {}
            }
        }
    }

    /// The lines `metric = value` of one recorded result.
    fn output(&mut self, file: &str, fence: &Fence, scenario: &Scenario, metrics: &Metrics) {
        let faults = Faults::new(file);
        for (line, &start) in fence.text.lines().zip(&fence.line_starts) {
            if line.trim().is_empty() {
                continue;
            }
            let span = Span::new(start, start + line.trim_end().len());
            let written = line.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
            let Some((name, value)) = written.filter(|(_, value)| is_number(value)) else {
                let hint = written.and_then(|(name, value)| {
                    let metric = scenario.definition(name)?;
                    without_unit(value, metric, *metrics.get(name)?)
                });
                let hint =
                    hint.unwrap_or_else(|| "write one metric a line: `p_cold = 0.1213`".to_owned());
                faults.error_hint("bad-output", span, "this is no `metric = value`", hint);
                continue;
            };
            let Some(&now) = metrics.get(name) else {
                let message = format!("the simulation gives no metric `{name}`");
                let hint = did_you_mean(name, metrics.keys().map(String::as_str)).map_or_else(
                    || format!("`sim {}` prints them all", scenario.id),
                    |meant| format!("did you mean `{meant}`?"),
                );
                faults.error_hint("unknown-metric", span, message, hint);
                continue;
            };
            let decimals = value.split_once('.').map_or(0, |(_, digits)| digits.len());
            let now = format!("{now:.*}", decimals.min(DECIMALS_MAX));
            if now != value {
                let message = format!("recorded as {value}, the simulation now gives {now}");
                faults.error_hint(
                    "output-differs",
                    span,
                    message,
                    format!("write `{name} = {now}`"),
                );
            }
        }
        self.found.extend(faults.into_diagnostics());
    }
}

/// What to write instead of `value`, if it is a number of `metric` with a unit: that of the
/// simulation, `now`, alone.
fn without_unit(value: &str, metric: &Definition, now: f64) -> Option<String> {
    let number = value.trim_start_matches(['$', '-']);
    let share = if metric.is_share() { ", a share of 0 to 1" } else { "" };
    let now = predict::rounded(now, predict::DIGITS);
    let hint = format!("write a number without its unit{share}: `{} = {now}`", metric.name);
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(hint)
}

/// Whether `text` is a number in digits, with a point at most.
fn is_number(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().all(plain) && text.parse::<f64>().is_ok()
}
