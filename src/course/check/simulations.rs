//! What only a run can tell: whether goals can be reached, whether recorded results still hold.

use std::collections::BTreeSet;

use super::Checker;
use crate::course::Lesson;
use crate::course::scenario::Scenario;
use crate::course::toml_file::Faults;
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::markdown::{Embed, Fence};
use crate::sim::Metrics;

/// What one run of the checks may simulate in all, in events: some seconds.
pub(super) const EVENTS_MAX: f64 = 100e6;

/// A longer run is not made.
const RUN_EVENTS_MAX: f64 = 20e6;

/// More digits behind the point are not compared.
const DECIMALS_MAX: usize = 15;

impl<'a> Checker<'a> {
    /// One scenario of a file or a fence that can be run: its name and its goals.
    pub(super) fn scenario(
        &mut self,
        file: &str,
        scenario: &Scenario,
        seen: &mut BTreeSet<String>,
    ) {
        if !seen.insert(scenario.id.clone()) {
            let message = format!("another scenario is called `{}` already", scenario.id);
            self.error("duplicate-id", file, Span::default(), message);
        }
        self.goals(file, scenario);
    }

    /// Whether each goal is out of reach at first and reached by what its author says.
    pub(super) fn goals(&mut self, file: &str, scenario: &Scenario) {
        let Some(at_first) = scenario.goals.first().map(|goal| goal.span) else { return };
        let Some(before) = self.simulated(file, at_first, scenario) else { return };
        for goal in &scenario.goals {
            if goal.when.holds(&before) {
                let message = "this goal is reached before anything is turned";
                let fault = Diagnostic::warning("goal-reached", file, goal.span, message);
                self.push(fault, "ask for more, or begin elsewhere");
            }
            if goal.reached_by.is_empty() {
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
            let message = "not run: this simulation is too much for a check";
            let fault = Diagnostic::warning("not-simulated", file, span, message);
            self.push(fault, "shorten `duration`");
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

    /// The simulations in the text of `lesson`, and the results recorded of them.
    pub(super) fn recorded(&mut self, lesson: &'a Lesson) {
        let course = self.course;
        let (mut before, mut measured) = (None, None);
        for embed in lesson.embeds() {
            match &embed.embed {
                Embed::File { .. } | Embed::Scenario(_) => {
                    if let Some(scenario) = course.scenario_of(lesson, embed) {
                        if matches!(embed.embed, Embed::Scenario(_)) {
                            self.goals(&lesson.file, scenario);
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
                let hint = "write one metric a line: `p_cold = 0.1213`";
                faults.error_hint("bad-output", span, "this is no `metric = value`", hint);
                continue;
            };
            let Some(&now) = metrics.get(name) else {
                let message = format!("the simulation gives no metric `{name}`");
                let hint = did_you_mean(name, metrics.keys().map(String::as_str)).map_or_else(
                    || format!("`coldstart sim {}` prints them all", scenario.id),
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

/// Whether `text` is a number in digits, with a point at most.
fn is_number(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().all(plain) && text.parse::<f64>().is_ok()
}
