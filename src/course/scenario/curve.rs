//! Curves: a metric over the range of a control.

use super::control::{Control, Scale, Turn};
use super::{Scenario, Setting, parse_duration};
use crate::course::Files;
use crate::sim::Watch;
use crate::sim::time::{SimDuration, SimTime};

/// A metric over the range of a control, every other parameter as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The parameter that is turned.
    pub param: String,
    /// What its control is called.
    pub label: String,
    /// The metric's name.
    pub metric: String,
    /// The parameter's present value, as `x` of the points.
    pub here: f64,
    /// Along the range, in order.
    pub points: Vec<CurvePoint>,
    /// The points are spaced by equal multiples.
    pub log: bool,
    /// `x` is seconds; else a number as the author writes it.
    pub is_duration: bool,
}

/// One value of the parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The parameter; durations in seconds.
    pub x: f64,
    /// The metric of one run with the scenario's seed.
    pub simulated: Option<f64>,
    /// What theory says, where a formula holds.
    pub theory: Option<f64>,
}

impl Curve {
    /// The same curve with the mark where `scenario` is; `None` where it has no such parameter.
    pub fn at(&self, scenario: &Scenario) -> Option<Self> {
        let here = amount(&scenario.written(&self.param)?, self.is_duration)?;
        Some(Self { here, ..self.clone() })
    }
}

impl Scenario {
    /// `metric` at `points` values of the control's range (fewer where it has fewer steps); `None`
    /// for a control of words, or where `watch` said to stop: it is asked before each point.
    pub fn curve(
        &self,
        control: &Control,
        (metric, points): (&str, usize),
        files: &Files,
        watch: Watch<'_>,
    ) -> Option<Curve> {
        let is_duration = matches!(control.turn, Turn::Duration { .. });
        let (Turn::Duration { scale, .. } | Turn::Number { scale, .. }) = control.turn else {
            return None;
        };
        let mut along = Vec::new();
        for text in control.spread(points) {
            if !watch(SimTime::ZERO) {
                return None;
            }
            let Some(x) = amount(&text, is_duration) else { continue };
            let turned = Setting::new(&control.param, &text)
                .ok()
                .and_then(|setting| self.with(&[setting], files).ok());
            let Some(turned) = turned else { continue };
            let simulated = turned.metrics().ok().and_then(|metrics| metrics.get(metric).copied());
            let theory = turned.theory().get(metric).copied();
            along.push(CurvePoint { x, simulated, theory });
        }
        Some(Curve {
            param: control.param.clone(),
            label: control.label.clone(),
            metric: metric.to_owned(),
            here: amount(&self.written(&control.param)?, is_duration)?,
            points: along,
            log: scale == Scale::Log,
            is_duration,
        })
    }
}

/// A bare value as a number: durations in seconds.
pub(super) fn amount(text: &str, is_duration: bool) -> Option<f64> {
    if is_duration {
        return parse_duration(text).ok().map(SimDuration::as_secs_f64);
    }
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}
