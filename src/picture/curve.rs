//! A metric over the range of a control: what was simulated, what theory says, where we stand.

use super::{Axis, Body, Chart, Line, Shown, Stroke, Tone, Unit, View};
use crate::course::scenario::Curve;
use crate::sim::metric;

/// The view of `curve`, unless nothing of it can be drawn.
pub(super) fn view(shown: &Shown<'_>, curve: &Curve) -> Option<View> {
    let definition = shown.scenario.definition(&curve.metric)?;
    let (unit, factor) = definition.unit().unwrap_or((Unit::Count, 1.0));
    let points = |of: fn(&crate::course::scenario::CurvePoint) -> Option<f64>| -> Vec<(f64, f64)> {
        curve.points.iter().map(|it| (it.x, of(it).map_or(f64::NAN, |y| y * factor))).collect()
    };
    let (simulated, theory) = (points(|it| it.simulated), points(|it| it.theory));
    let before = shown.before.and_then(|it| it.get(&curve.metric)).map(|it| it * factor);
    let values = simulated.iter().chain(&theory).map(|point| point.1).filter(|it| it.is_finite());
    let (least, greatest) = values
        .clone()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
    let (from, to) = (curve.points.first()?.x, curve.points.last()?.x);
    if !greatest.is_finite() || from >= to {
        return None;
    }
    let lines = [
        ("theory", Tone::Theory, Stroke::Line, theory),
        ("simulated", Tone::First, Stroke::Dots, simulated),
    ];
    let lines = lines.into_iter().filter(|line| line.3.iter().any(|point| point.1.is_finite()));
    let place = format!("now {}", said_x(curve, curve.here));
    let levels = before.map(|value| (value, "before".to_owned(), Tone::Before));
    let chart = Chart {
        x: Axis {
            label: curve.label.clone(),
            unit: if curve.is_duration { Unit::Seconds } else { Unit::Count },
            from,
            to,
            log: curve.log && from > 0.0,
        },
        y: Axis {
            label: metric::label(&curve.metric),
            unit,
            from: least.min(0.0),
            to: match unit {
                Unit::Share if greatest > 0.5 => 1.0,
                _ if greatest <= 0.0 => 1.0,
                _ => greatest * 1.05,
            },
            log: false,
        },
        lines: lines
            .map(|(name, tone, stroke, points)| Line {
                name: name.to_owned(),
                tone,
                stroke,
                points,
            })
            .collect(),
        levels: levels.into_iter().collect(),
        places: vec![(curve.here, place)],
        bands: Vec::new(),
    };
    let title = format!("{} over {}", metric::label(&curve.metric), curve.label);
    Some(View { title, body: Body::Chart(chart), legend: Vec::new() })
}

fn said_x(curve: &Curve, x: f64) -> String {
    metric::said(if curve.is_duration { Unit::Seconds } else { Unit::Count }, x)
}
