//! Durations, counts and shares as authors write them.

use crate::course::toml_file::{Fields, Kind, Value};
use crate::sim::time::{SECONDS_MAX, SimDuration};

/// Units of durations by their length in seconds, the longest names first.
const UNITS: [(&str, f64); 8] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
];

/// What authors write where nothing bounds.
const UNLIMITED: &str = "none";

/// What is wrong with a duration beyond what is simulated.
const TOO_LONG: &str = "is longer than 1,000,000,000 s";

/// Reads a duration such as `900ms`, `1.991s`, `20m` or `2h`; the error says in a few words what is
/// wrong.
pub fn parse_duration(text: &str) -> Result<SimDuration, &'static str> {
    let text = text.trim();
    let unit_at = text.find(|c: char| c.is_alphabetic() || c == 'µ').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let length = UNITS.iter().find(|(name, _)| *name == unit.trim()).map(|&(_, length)| length);
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let number = number.trim();
    let (Some(length), Ok(number), true) =
        (length, number.parse::<f64>(), number.chars().all(plain))
    else {
        return Err("is no duration");
    };
    let seconds = number * length;
    if seconds > SECONDS_MAX {
        return Err(TOO_LONG);
    }
    Ok(SimDuration::from_secs_f64(seconds))
}

/// `span` in the largest unit that says it in full: `90s`, `2h`, `1.991s`.
pub fn duration_text(span: SimDuration) -> String {
    let whole = [(86_400, "d"), (3600, "h"), (60, "m")]
        .into_iter()
        .find(|(length, _)| span.0 > 0 && span.0.is_multiple_of(length * 1_000_000_000));
    match whole {
        Some((length, unit)) => format!("{}{unit}", span.0 / (length * 1_000_000_000)),
        None if span.0 > 0 && span.0 < 1_000_000_000 && span.0.is_multiple_of(1_000) => {
            format!("{}ms", span.as_ms_f64())
        }
        None => format!("{}s", span.as_secs_f64()),
    }
}

/// A duration, 0 or more; of another type or unreadable is reported.
pub(super) fn duration(fields: &Fields<'_>, key: &'static str) -> Option<SimDuration> {
    duration_of(fields, key, fields.value(key)?)
}

/// A duration above 0.
pub(super) fn positive_duration(fields: &Fields<'_>, key: &'static str) -> Option<SimDuration> {
    let span = duration(fields, key)?;
    if span.is_zero() {
        let place = fields.value(key).map_or(fields.span(), |value| value.span);
        fields.faults().error("out-of-range", place, format!("`{key}` must be longer than 0"));
        return None;
    }
    Some(span)
}

/// `value` of `key` as a duration.
pub(super) fn duration_of(fields: &Fields<'_>, key: &str, value: &Value) -> Option<SimDuration> {
    let hint = "write a number and its unit: `\"900ms\"`, `\"1.991s\"`, `\"20m\"`, `\"2h\"`";
    match &value.kind {
        Kind::Text(text) => match parse_duration(text) {
            Ok(span) => Some(span),
            Err(wrong) => {
                let message = format!("`{key}`: \"{}\" {wrong}", crate::sanitize::line(text));
                let hint = if wrong == TOO_LONG { "write less" } else { hint };
                fields.faults().error_hint("bad-duration", value.span, message, hint);
                None
            }
        },
        Kind::Integer(_) | Kind::Float(_) => {
            let message = format!("`{key}` has no unit");
            fields.faults().error_hint("bad-duration", value.span, message, hint);
            None
        }
        _ => {
            fields.wrong_type(key, value, "a duration such as `\"20m\"`");
            None
        }
    }
}

/// The durations of a list.
pub(super) fn durations(fields: &Fields<'_>, key: &'static str) -> Option<Vec<SimDuration>> {
    let values = fields.array(key)?;
    values.iter().map(|value| duration_of(fields, key, value)).collect()
}

/// The numbers of a list, 0 or more.
pub(super) fn amounts(fields: &Fields<'_>, key: &'static str, most: f64) -> Option<Vec<f64>> {
    let values = fields.array(key)?;
    let amount = |value: &Value| {
        let number = fields.number_of(key, value)?;
        if !(0.0..=most).contains(&number) {
            let message = format!("`{key}` must hold numbers of 0 to {most}");
            fields.faults().error("out-of-range", value.span, message);
            return None;
        }
        Some(number)
    };
    values.iter().map(amount).collect()
}

/// Whether `key` says `"none"`: nothing bounds.
pub(super) fn is_unlimited(fields: &Fields<'_>, key: &'static str) -> bool {
    matches!(fields.value(key), Some(Value { kind: Kind::Text(text), .. }) if text == UNLIMITED)
}

/// A duration, or `None` for `"none"`; the outer `None` where nothing usable is written.
#[expect(clippy::option_option, reason = "what is written, and whether anything is")]
pub(super) fn duration_or_none(
    fields: &Fields<'_>,
    key: &'static str,
) -> Option<Option<SimDuration>> {
    if is_unlimited(fields, key) { Some(None) } else { duration(fields, key).map(Some) }
}

/// A whole number of `least` to `most`.
pub(super) fn count(fields: &Fields<'_>, key: &'static str, least: u64, most: u64) -> Option<u64> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let number = fields.integer(key, whole(least)..=whole(most))?;
    u64::try_from(number.value).ok()
}

/// A whole number of `least` to `most`, or `None` for `"none"`.
#[expect(clippy::option_option, reason = "what is written, and whether anything is")]
pub(super) fn count_or_none(
    fields: &Fields<'_>,
    key: &'static str,
    least: u64,
    most: u64,
) -> Option<Option<u64>> {
    if is_unlimited(fields, key) { Some(None) } else { count(fields, key, least, most).map(Some) }
}

/// A number of `range`, above its start.
pub(super) fn positive(fields: &Fields<'_>, key: &'static str, most: f64) -> Option<f64> {
    let number = fields.number(key, 0.0..=most)?;
    if number.value <= 0.0 {
        let message = format!("`{key}` must be more than 0");
        fields.faults().error("out-of-range", number.span, message);
        return None;
    }
    Some(number.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, ns, shown) in [
            ("900ms", 900_000_000, "900ms"),
            ("1.991s", 1_991_000_000, "1.991s"),
            ("20m", 1_200_000_000_000, "20m"),
            ("2h", 7_200_000_000_000, "2h"),
            ("0s", 0, "0s"),
            ("90 s", 90_000_000_000, "90s"),
            ("1d", 86_400_000_000_000, "1d"),
            (".5s", 500_000_000, "500ms"),
        ] {
            assert_eq!(parse_duration(text), Ok(SimDuration(ns)), "{text}");
            assert_eq!(duration_text(SimDuration(ns)), shown);
        }
        for text in ["", "5", "s", "-1s", "1e3s", "nans", "infs", "1.2.3s", "5 minutes", "2h30m"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        assert_eq!(parse_duration("1000000000001s"), Err("is longer than 1,000,000,000 s"));
    }
}
