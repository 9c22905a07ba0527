//! Numbers as people read them: in a unit that fits their size, with as many digits as mean
//! something.

use super::{Definition, Unit};
use crate::sim::estimate::Interval;

/// What is said of a number that is none.
const NOTHING: &str = "-";
/// So many digits are said of a number whose spread is not known.
const DIGITS: i32 = 3;
/// Of a smaller share, in per cent, only that is said.
const SHARE_LEAST: f64 = 1e-6;
/// So many digits of one that a person wants to look at closely.
const DIGITS_CLOSE: i32 = 6;

/// A number in the form that fits its size: `number · factor` between `before` and `after`.
struct Form {
    factor: f64,
    before: &'static str,
    after: &'static str,
}

impl Form {
    fn of(unit: Unit, value: f64) -> Self {
        let size = value.abs();
        let (factor, before, after) = match unit {
            Unit::Count if size >= 999.5e6 => (1e-9, "", " billion"),
            Unit::Count if size >= 9.9995e6 => (1e-6, "", " million"),
            Unit::Count => (1.0, "", ""),
            Unit::PerSecond => (1.0, "", "/s"),
            Unit::Share => (100.0, "", " %"),
            Unit::Seconds if size >= 2.0 * 86_400.0 => (1.0 / 86_400.0, "", " d"),
            Unit::Seconds if size >= 2.0 * 3600.0 => (1.0 / 3600.0, "", " h"),
            Unit::Seconds if size >= 120.0 => (1.0 / 60.0, "", " min"),
            Unit::Seconds if size >= 0.9995 || size == 0.0 => (1.0, "", " s"),
            Unit::Seconds if size >= 0.000_999_5 => (1e3, "", " ms"),
            Unit::Seconds => (1e6, "", " us"),
            Unit::Usd if size >= 999.5e6 => (1e-9, "$", " billion"),
            Unit::Usd if size >= 9.9995e6 => (1e-6, "$", " million"),
            Unit::Usd => (1.0, "$", ""),
            Unit::Megabytes => (1.0, "", " MB"),
        };
        Self { factor, before, after }
    }

    fn text(&self, value: f64, decimals: usize) -> String {
        let scaled = value * self.factor;
        let number = thousands(scaled.abs(), decimals);
        let is_zero = number.bytes().all(|b| matches!(b, b'0' | b'.'));
        let sign = if scaled < 0.0 && !is_zero { "-" } else { "" };
        format!("{sign}{}{number}{}", self.before, self.after)
    }
}

/// `value` in three digits; seconds, shares and money in a unit that fits their size.
pub fn said(unit: Unit, value: f64) -> String {
    with_digits(unit, value, DIGITS)
}

fn with_digits(unit: Unit, value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return NOTHING.to_owned();
    }
    let form = Form::of(unit, value);
    let scaled = value * form.factor;
    let is_dollars = unit == Unit::Usd && form.after.is_empty();
    let wanted = match unit {
        // 99.957 % is not 100 %: what is missing has its digits too.
        Unit::Share if scaled > 99.0 && scaled < 100.0 => decimals(100.0 - scaled, 2).max(1),
        Unit::Usd if is_dollars => decimals(scaled, digits).max(2),
        _ => decimals(scaled, digits),
    };
    let wanted = if unit == Unit::Usd && scaled.abs() >= 0.995 { wanted.min(2) } else { wanted };
    let is_nothing = scaled.abs() <= 0.0;
    if unit == Unit::Share && !is_nothing && scaled.abs() < SHARE_LEAST {
        return "< 0.000001 %".to_owned();
    }
    let is_whole = scaled.fract().abs() <= 0.0 && (unit != Unit::Usd || is_nothing);
    let text = form.text(value, if is_whole { 0 } else { wanted });
    let least = if is_dollars { 2 } else { 0 };
    without_zeros(&text, least)
}

impl Definition {
    /// How its numbers are said: the unit, and what they are multiplied by to be in it; `None` for
    /// a unit of its own.
    pub fn unit(&self) -> Option<(Unit, f64)> {
        Some(match self.unit {
            "" if self.is_share() => (Unit::Share, 1.0),
            "" => (Unit::Count, 1.0),
            "/s" => (Unit::PerSecond, 1.0),
            "s" => (Unit::Seconds, 1.0),
            "ms" => (Unit::Seconds, 1e-3),
            "$" => (Unit::Usd, 1.0),
            "MB" => (Unit::Megabytes, 1.0),
            _ => return None,
        })
    }

    /// Whether it is a share, between 0 and 1 as a rule.
    pub fn is_share(&self) -> bool {
        self.unit.is_empty() && self.meaning.contains("share")
    }

    /// `value` as people read it: `77.9 %`, `961 ms`, `$0.014`, `16.3 million requests`.
    pub fn said(&self, value: f64) -> String {
        self.with_digits(value, DIGITS)
    }

    /// The same with six digits, for those who compare.
    pub fn said_closely(&self, value: f64) -> String {
        self.with_digits(value, DIGITS_CLOSE)
    }

    fn with_digits(&self, value: f64, digits: i32) -> String {
        match self.unit() {
            Some((unit, factor)) => with_digits(unit, value * factor, digits),
            None => format!("{} {}", with_digits(Unit::Count, value, digits), self.unit),
        }
    }

    /// A mean and how far it may be off, down to `digits` digits of that: `77.9 % ± 0.4`. The
    /// second is `None` of a single run, or where all runs gave the same.
    pub fn said_with(&self, interval: &Interval, digits: i32) -> (String, Option<String>) {
        let (unit, factor) = self.unit().unwrap_or((Unit::Count, 1.0));
        let (mean, off) = (interval.mean * factor, interval.ci95 * factor);
        let form = Form::of(unit, mean);
        if !(mean.is_finite() && off.is_finite() && off > 0.0) {
            let close = if digits > 1 { DIGITS_CLOSE } else { DIGITS };
            return (self.with_digits(interval.mean, close), None);
        }
        let decimals = decimals(off * form.factor, digits);
        let own = if self.unit().is_none() { format!(" {}", self.unit) } else { String::new() };
        let off = Form { before: form.before, after: "", ..form }.text(off, decimals);
        (form.text(mean, decimals) + &own, Some(off))
    }
}

/// A metric's name in words: `p_cold` is "share cold", `latency_ms_p99` is "latency p99".
pub fn label(name: &str) -> String {
    let said = |part: &str| {
        let words = part.split('_').enumerate().filter_map(|(at, word)| match word {
            "p" if at == 0 => Some("share"),
            "s" if part.ends_with("_per_s") => Some("second"),
            "ms" | "usd" | "s" | "mb" => None,
            "p999" => Some("p99.9"),
            "faas" => Some("functions"),
            "vm" => Some("machines"),
            "gb" => Some("GB"),
            "env" => Some("environment"),
            word => Some(word),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    name.split('.').map(said).collect::<Vec<_>>().join(": ")
}

/// A moment of a run as a clock shows it: `0:03`, `42:10`, `1:05:00`, after 2 days `3 d 4:00:00`;
/// with decimals where seconds are too coarse.
pub fn clock(seconds: f64) -> String {
    if !seconds.is_finite() {
        return NOTHING.to_owned();
    }
    let seconds = seconds.max(0.0);
    let (minutes, rest) = ((seconds / 60.0).floor(), seconds % 60.0);
    let decimals = match seconds {
        _ if rest.fract() < 1e-9 => 0,
        it if it < 10.0 => 2,
        it if it < 100.0 => 1,
        _ => 0,
    };
    let width = if decimals == 0 { 2 } else { 3 + decimals };
    // Rounded down: 59.99 is not 60.
    let scale = [1.0, 10.0, 100.0].get(decimals).copied().unwrap_or(1.0);
    let rest = (rest * scale + 1e-6).floor() / scale;
    if minutes < 60.0 {
        return format!("{minutes:.0}:{rest:0width$.decimals$}");
    }
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    if hours < 48.0 {
        return format!("{hours:.0}:{minutes:02.0}:{rest:0width$.decimals$}");
    }
    let (days, hours) = ((hours / 24.0).floor(), hours % 24.0);
    format!("{days:.0} d {hours:.0}:{minutes:02.0}:{rest:0width$.decimals$}")
}

/// `number` (not negative) with so many decimals, and commas between thousands.
pub fn thousands(number: f64, decimals: usize) -> String {
    let shown = format!("{number:.decimals$}");
    let (whole, rest) = match shown.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (shown.as_str(), None),
    };
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    rest.map_or_else(|| text.clone(), |rest| format!("{text}.{rest}"))
}

/// A said number without the zeros at its end, but with at least so many decimals.
fn without_zeros(text: &str, least: usize) -> String {
    let Some((whole, rest)) = text.split_once('.') else { return text.to_owned() };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (decimals, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let kept = decimals.trim_end_matches('0').len().max(least).min(decimals.len());
    let decimals = decimals.get(..kept).unwrap_or(decimals);
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{whole}{point}{decimals}{after}")
}

/// How many decimals show `wanted` digits of `number`.
pub fn decimals(number: f64, wanted: i32) -> usize {
    let magnitude = number.abs();
    if !(1e-12..1e15).contains(&magnitude) {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "between -12 and 15")]
    let whole = libm::log10(magnitude).floor() as i32 + 1;
    usize::try_from(wanted - whole).unwrap_or(0)
}

/// A number with six digits, without zeros at its end and without a unit: what a difference is
/// said in.
pub fn digits(number: f64) -> String {
    let shown = format!("{number:.*}", decimals(number, DIGITS_CLOSE));
    if !shown.contains('.') {
        return shown;
    }
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::metric::definition;

    #[test]
    fn numbers_are_said_in_a_unit_that_fits() {
        for (unit, value, words) in [
            (Unit::Share, 0.7788, "77.9 %"),
            (Unit::Share, 1.0, "100 %"),
            (Unit::Share, 0.999_57, "99.957 %"),
            (Unit::Share, 0.001_329, "0.133 %"),
            (Unit::Share, 0.0, "0 %"),
            (Unit::Share, 1.4e-17, "< 0.000001 %"),
            (Unit::Seconds, 0.9612, "961 ms"),
            (Unit::Seconds, 0.9999, "1 s"),
            (Unit::Seconds, 39.2, "39.2 s"),
            (Unit::Seconds, 1031.0, "17.2 min"),
            (Unit::Seconds, 7200.0, "2 h"),
            (Unit::Seconds, 0.0, "0 s"),
            (Unit::Seconds, 0.000_02, "20 us"),
            (Unit::Usd, 0.0143, "$0.0143"),
            (Unit::Usd, 0.014, "$0.014"),
            (Unit::Usd, 0.5, "$0.50"),
            (Unit::Usd, 5.6, "$5.60"),
            (Unit::Usd, 0.0, "$0"),
            (Unit::Usd, 1234.5, "$1,234.50"),
            (Unit::Usd, -2.0, "-$2.00"),
            (Unit::Count, 39.42, "39.4"),
            (Unit::Count, 75_160.0, "75,160"),
            (Unit::Count, 16_268_542.0, "16.3 million"),
            (Unit::Count, 1e9, "1 billion"),
            (Unit::PerSecond, 99.5, "99.5/s"),
            (Unit::Megabytes, 1769.0, "1,769 MB"),
            (Unit::Count, f64::NAN, "-"),
            (Unit::Usd, f64::INFINITY, "-"),
        ] {
            assert_eq!(said(unit, value), words);
        }
    }

    #[test]
    fn a_mean_has_the_digits_of_its_interval() {
        let p_cold = definition("platform", "p_cold").unwrap();
        let interval = Interval { mean: 0.7788, ci95: 0.0041, n: 30 };
        assert_eq!(p_cold.said_with(&interval, 1), ("77.9 %".to_owned(), Some("0.4".to_owned())));
        assert_eq!(p_cold.said_with(&interval, 2), ("77.88 %".to_owned(), Some("0.41".to_owned())));
        let cost = definition("platform", "cost_usd").unwrap();
        let interval = Interval { mean: 1234.5, ci95: 56.7, n: 30 };
        assert_eq!(cost.said_with(&interval, 2), ("$1,234".to_owned(), Some("$57".to_owned())));
        let single = Interval { mean: 0.961_234_5, ci95: 0.0, n: 1 };
        assert_eq!(p_cold.said_with(&single, 1), ("96.1 %".to_owned(), None));
    }

    #[test]
    fn moments_are_said_as_a_clock_shows_them() {
        for (seconds, words) in [
            (0.0, "0:00"),
            (3.0, "0:03"),
            (0.25, "0:00.25"),
            (42.56, "0:42.5"),
            (59.99, "0:59.9"),
            (150.4, "2:30"),
            (2530.0, "42:10"),
            (3900.0, "1:05:00"),
            (273_600.0, "3 d 4:00:00"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(clock(seconds), words);
        }
    }

    #[test]
    fn names_are_words() {
        for (name, words) in [
            ("p_cold", "share cold"),
            ("latency_ms_p999", "latency p99.9"),
            ("goodput_per_s", "goodput per second"),
            ("orders.availability", "orders: availability"),
        ] {
            assert_eq!(label(name), words);
        }
    }

    #[test]
    fn shares_are_known_by_what_they_mean() {
        for (model, share, count) in [
            ("platform", "p_cold", "served"),
            ("platform", "wasted", "running_mean"),
            ("retry", "success", "amplification"),
            ("chain", "availability", "in_flight_max"),
            ("fan-out", "extra_load", "latency_ms_mean"),
            ("pool", "utilisation", "queue_max"),
        ] {
            assert!(definition(model, share).unwrap().is_share(), "{share}");
            assert!(!definition(model, count).unwrap().is_share(), "{count}");
        }
    }

    #[test]
    fn numbers_show_the_digits_that_mean_something() {
        for (number, shown) in [
            (0.0, "0"),
            (12.0, "12"),
            (0.121_354_6, "0.121355"),
            (1_234_567.8, "1234568"),
            (0.000_012_345_67, "0.0000123457"),
        ] {
            assert_eq!(digits(number), shown);
        }
    }
}
