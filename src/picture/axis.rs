//! Axes: where a value lies, and a few round numbers to read it by.

use super::{Axis, Unit};
use crate::sim::metric;

/// Values beyond this are drawn as if they were this.
const FAR: f64 = 1e300;

/// An axis that can be drawn: its ends are finite and apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    log: bool,
}

/// Round numbers along an axis.
pub(super) struct Ticks {
    /// Where (0 to 1) and what is written there.
    pub(super) at: Vec<(f64, String)>,
    /// The unit of them all; empty if they need none.
    pub(super) unit: &'static str,
}

impl Scale {
    /// The scale of `axis`; one that cannot be drawn gets ends that can.
    pub(super) fn of(axis: &Axis) -> Self {
        let end = |value: f64, other: f64| {
            if value.is_nan() { other } else { value.clamp(-FAR, FAR) }
        };
        let (mut from, mut to) = (end(axis.from, 0.0), end(axis.to, 1.0));
        if axis.log {
            if to <= 0.0 {
                (from, to) = (1.0, 10.0);
            } else if from <= 0.0 {
                from = to / 1e3;
            }
        }
        if from >= to || !(to - from).is_normal() {
            to = from + from.abs().max(1.0);
        }
        Self { from, to, log: axis.log }
    }

    /// Where `value` lies: 0 at the axis' beginning, 1 at its end; `None` of no number.
    pub(super) fn at(&self, value: f64) -> Option<f64> {
        if value.is_nan() {
            return None;
        }
        let value = value.clamp(-FAR, FAR);
        if self.log {
            let value = value.max(self.from * 1e-9).max(1e-300);
            let span = libm::log(self.to) - libm::log(self.from);
            return Some((libm::log(value) - libm::log(self.from)) / span);
        }
        // Halves, so that no difference overflows.
        Some((value / 2.0 - self.from / 2.0) / (self.to / 2.0 - self.from / 2.0))
    }

    /// At most `most` (at least 2) round numbers from end to end.
    pub(super) fn ticks(&self, unit: Unit, most: usize) -> Ticks {
        if self.log {
            self.log_ticks(unit, most.max(2))
        } else {
            self.even_ticks(unit, most.max(2))
        }
    }

    fn even_ticks(&self, unit: Unit, most: usize) -> Ticks {
        let form = Form::of(unit, self.from.abs().max(self.to.abs()));
        let (from, to) = (self.from * form.factor, self.to * form.factor);
        let step = step((to - from) / steps_of(most), &form);
        let mut at = Vec::new();
        let first = (from / step - 1e-9).ceil();
        for number in 0..=most {
            let value = (first + steps_of(number)) * step;
            let Some(place) = self.at(value / form.factor).filter(|it| *it <= 1.0 + 1e-9) else {
                break;
            };
            at.push((place.clamp(0.0, 1.0), form.text(value, step)));
        }
        Ticks { at, unit: form.unit }
    }

    /// At most `most` (at least 2) moments that are round for the length of the axis, as a clock
    /// shows them.
    pub(super) fn clock_ticks(&self, most: usize) -> Ticks {
        let form = Form::of(Unit::Seconds, self.to - self.from);
        let step = step((self.to - self.from) * form.factor / steps_of(most.max(2)), &form);
        let step = step / form.factor;
        let first = (self.from / step - 1e-9).ceil();
        let moments = (0..=most).map(|number| (first + steps_of(number)) * step);
        let at = moments.filter_map(|moment| {
            let place = self.at(moment).filter(|it| *it <= 1.0 + 1e-9)?;
            Some((place.clamp(0.0, 1.0), metric::clock(moment.round())))
        });
        Ticks { at: at.collect(), unit: "" }
    }

    fn log_ticks(&self, unit: Unit, most: usize) -> Ticks {
        let mut values: Vec<f64> = round_numbers(unit, &[1.0], self.from, self.to);
        if values.len() * 3 <= most {
            values = round_numbers(unit, &[1.0, 2.0, 5.0], self.from, self.to);
        }
        let stride = values.len().div_ceil(most).max(1);
        let label = |value: f64| match unit {
            Unit::Seconds | Unit::Share => metric::said(unit, value),
            _ => {
                let form = Form::of(unit, value);
                form.text(value * form.factor, value * form.factor)
            }
        };
        let place = |value: f64| Some((self.at(value)?.clamp(0.0, 1.0), label(value)));
        let unit = match unit {
            Unit::Usd => "$",
            Unit::Megabytes => "MB",
            _ => "",
        };
        Ticks { at: values.into_iter().step_by(stride).filter_map(place).collect(), unit }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful")]
const fn steps_of(number: usize) -> f64 {
    number as f64
}

/// The round numbers of a log axis from `from` to `to`: of time, those that clocks have.
fn round_numbers(unit: Unit, multiples: &[f64], from: f64, to: f64) -> Vec<f64> {
    let mut values = Vec::new();
    let inside = |value: f64| value >= from * (1.0 - 1e-9) && value <= to * (1.0 + 1e-9);
    if unit == Unit::Seconds {
        let clock: [f64; 8] = [60.0, 600.0, 3600.0, 36e3, 864e3, 864e4, 864e5, 864e6];
        let decades = (-9..=1).map(|power| 10f64.powi(power)).chain(clock);
        for decade in decades {
            values.extend(multiples.iter().map(|m| m * decade).filter(|it| inside(*it)));
        }
        return values;
    }
    #[expect(clippy::cast_possible_truncation, reason = "between -300 and 300")]
    let (first, last) = (libm::log10(from).floor() as i32, libm::log10(to).ceil() as i32);
    for power in first..=last {
        let decade = 10f64.powi(power);
        values.extend(multiples.iter().map(|m| m * decade).filter(|it| inside(*it)));
    }
    values
}

/// One way to write all numbers of an axis.
struct Form {
    factor: f64,
    after: &'static str,
    unit: &'static str,
    /// Steps beside those of tens.
    clock: &'static [f64],
}

impl Form {
    fn of(unit: Unit, greatest: f64) -> Self {
        let tens = |factor, after, unit| Self { factor, after, unit, clock: &[] };
        match unit {
            Unit::Seconds => match greatest {
                it if it <= 0.002 => tens(1e6, "", "us"),
                it if it <= 2.0 => tens(1e3, "", "ms"),
                it if it <= 120.0 => {
                    Self { clock: &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0], ..tens(1.0, "", "s") }
                }
                it if it <= 7200.0 => Self {
                    clock: &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0],
                    ..tens(1.0 / 60.0, "", "min")
                },
                it if it <= 172_800.0 => {
                    Self { clock: &[1.0, 2.0, 3.0, 6.0, 12.0], ..tens(1.0 / 3600.0, "", "h") }
                }
                _ => tens(1.0 / 86_400.0, "", "d"),
            },
            Unit::Share => tens(100.0, "", "%"),
            Unit::Megabytes => tens(1.0, "", "MB"),
            Unit::Usd | Unit::Count | Unit::PerSecond => {
                let own = if unit == Unit::Usd { "$" } else { "" };
                match greatest {
                    it if it >= 1e9 => tens(1e-9, " bn", own),
                    it if it >= 1e6 => tens(1e-6, " M", own),
                    it if it >= 1e4 => tens(1e-3, " k", own),
                    _ => tens(1.0, "", own),
                }
            }
        }
    }

    /// `value`, scaled, with the decimals that `step` needs.
    fn text(&self, value: f64, step: f64) -> String {
        if value.abs() < step * 1e-6 {
            return "0".to_owned();
        }
        let decimals = metric::decimals(step, 1).min(12);
        let number = metric::thousands(value.abs(), decimals);
        format!("{}{number}{}", if value < 0.0 { "-" } else { "" }, self.after)
    }
}

/// The next round step from `least` up.
fn step(least: f64, form: &Form) -> f64 {
    if let Some(clock) = form.clock.iter().find(|it| **it >= least * (1.0 - 1e-9))
        && least >= 0.5
    {
        return *clock;
    }
    if !(least.is_finite() && least > 1e-290) {
        return 1.0;
    }
    let decade = libm::pow(10.0, libm::log10(least).floor());
    let multiple = [1.0, 2.0, 5.0].into_iter().find(|it| it * decade >= least * (1.0 - 1e-9));
    decade * multiple.unwrap_or(10.0)
}

/// An axis' label with the unit of its numbers.
pub(super) fn label(axis: &Axis, unit: &str) -> String {
    match (axis.label.is_empty(), unit.is_empty()) {
        (false, false) => format!("{}, {unit}", axis.label),
        (true, _) => unit.to_owned(),
        (false, true) => axis.label.clone(),
    }
}
