//! `numeric`: a number within a tolerance.

use std::collections::BTreeMap;

use super::{Feedback, Verdict, formula};
use crate::diagnostic::Span;

/// The number asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeric {
    /// The right number, or the arithmetic over `params` that gives it.
    pub answer: Expression,
    /// The unit, shown beside the field; may be empty.
    pub unit: String,
    /// How far off is still right.
    pub tolerance: Tolerance,
    /// Diagnosed wrong numbers.
    pub wrong: Vec<WrongNumber>,
}

/// A number, or arithmetic over named values: `rate * 0.2`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number as written.
    Number(f64),
    /// Source of an arithmetic expression.
    Formula(String),
    /// What the run gives that the question predicts; a number stands in its place before the
    /// question is asked.
    Simulated,
}

impl Expression {
    /// The number, where it depends on no params; always finite.
    pub fn value(&self) -> Option<f64> {
        self.value_with(&BTreeMap::new()).ok()
    }

    /// The number where `values` gives the params; always finite.
    pub(crate) fn value_with(&self, values: &BTreeMap<String, f64>) -> Result<f64, formula::Fault> {
        match self {
            Self::Number(number) if number.is_finite() => Ok(*number),
            Self::Number(number) => formula::evaluate(&number.to_string(), values),
            Self::Formula(source) => formula::evaluate(source, values),
            Self::Simulated => Err(formula::Fault {
                span: Span::default(),
                message: "not simulated yet".to_owned(),
            }),
        }
    }
}

/// How far off is still right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// In the question's unit.
    Absolute(f64),
    /// In percent of the right number.
    Percent(f64),
}

impl Tolerance {
    /// Whether `number` is near enough to `target`; rounding errors of the arithmetic never
    /// count.
    pub(crate) fn holds(self, number: f64, target: f64) -> bool {
        let allowed = match self {
            Self::Absolute(allowed) => allowed,
            Self::Percent(percent) => target.abs() * percent / 100.0,
        };
        (number - target).abs() <= allowed.max(0.0) + target.abs().max(1e-3) * 1e-9
    }
}

/// A wrong number that tells how the learner came to it.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongNumber {
    /// The number.
    pub value: Expression,
    /// What is said.
    pub feedback: String,
    /// The misconception behind it, a slug of the glossary.
    pub misconception: Option<String>,
}

impl Numeric {
    /// Right within the tolerance of the answer; else the nearest diagnosed number within the
    /// same tolerance speaks.
    pub(crate) fn grade(&self, number: f64) -> Verdict {
        let Some(answer) = self.answer.value() else {
            return Verdict::share(0, 1, Vec::new());
        };
        if number.is_finite() && self.tolerance.holds(number, answer) {
            return Verdict::share(1, 1, Vec::new());
        }
        let values = self.wrong.iter().filter_map(|wrong| Some((wrong.value.value()?, wrong)));
        let near = values.filter(|&(value, _)| self.tolerance.holds(number, value));
        let distance = |value: f64| (value - number).abs();
        let nearest = near.min_by(|(a, _), (b, _)| distance(*a).total_cmp(&distance(*b)));
        let feedback = nearest.map(|(_, wrong)| Feedback {
            misconception: wrong.misconception.clone(),
            ..Feedback::new(&with_unit(number, &self.unit), false, &wrong.feedback)
        });
        Verdict::share(0, 1, feedback.into_iter().collect())
    }
}

/// A count of what is kept in memory, to reckon with.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub const fn as_f64(count: usize) -> f64 {
    count as f64
}

/// `1 note`, `3 notes`.
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// `number` as people read it: thousands apart, at most six digits after the point.
pub fn number_text(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e15 || (number != 0.0 && number.abs() < 1e-6) {
        return format!("{number:e}");
    }
    let plain = format!("{:.6}", number.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        text = format!("{text}.{fraction}");
    }
    if number < 0.0 && text != "0" { format!("-{text}") } else { text }
}

/// A number with its unit: `5,000 requests/s`, `30 %`, `$0.40`, `1 message` in messages.
pub fn with_unit(number: f64, unit: &str) -> String {
    let is_below = number < 0.0;
    amount(if is_below { "-" } else { "" }, &number_text(number.abs()), unit)
}

/// A number that is written out, with its sign and its unit.
pub fn amount(sign: &str, number: &str, unit: &str) -> String {
    match unit {
        "$" | "USD" => format!("{sign}${}", cents(number)),
        "" => format!("{sign}{number}"),
        unit if number == "1" => format!("{sign}1 {}", singular(unit)),
        unit => format!("{sign}{number} {unit}"),
    }
}

/// An amount of dollars with both digits of its cents: `0.40`.
fn cents(text: &str) -> String {
    let is_short = text.rsplit_once('.').is_some_and(|(_, decimals)| decimals.len() == 1);
    format!("{text}{}", if is_short { "0" } else { "" })
}

/// `message` of `messages`, `try` of `tries`, `call at once` of `calls at once`; what is no English
/// plural stays.
fn singular(unit: &str) -> String {
    let end = unit.find(|c: char| !c.is_alphabetic()).unwrap_or(unit.len());
    let (word, rest) = unit.split_at(end);
    let one = match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None if word.len() > 3 && !word.ends_with("ss") => {
            word.strip_suffix('s').unwrap_or(word).to_owned()
        }
        None => word.to_owned(),
    };
    one + rest
}

/// Reads a number as people type one: `5,000`, `5 000`, `1e3`, `1/3`, `~30 %`, `$9.33`, `1,5`,
/// `5k`. A unit may follow; another unit of time or of data is converted to `unit`, and a
/// percentage is a share where the question has no unit. The error is one sentence for the
/// learner.
pub fn parse_number(text: &str, unit: &str) -> Result<f64, String> {
    let refusal = || match unit {
        "" => "Type a number, as in 5,000 or 0.25.".to_owned(),
        unit => format!("Type a number; it is taken in {unit}."),
    };
    let text: String = text.chars().map(plain_character).collect();
    let text = text.trim().trim_start_matches(['~', '≈', '=', '$', '€', '£', ' ']);
    // An amount below nothing, as it is written: -$5.
    let amount = text
        .strip_prefix("-$")
        .filter(|text| text.starts_with(|c: char| c == '.' || c.is_ascii_digit()));
    let (number, rest) = split_number(amount.unwrap_or(text));
    let mut number = plain_number(number).ok_or_else(refusal)?;
    if amount.is_some() {
        number = -number;
    }
    let mut rest = rest.trim();
    if let Some(divisor) = rest.strip_prefix('/') {
        let (divisor, after) = split_number(divisor.trim_start());
        if let Some(divisor) = plain_number(divisor) {
            number /= divisor;
            rest = after.trim();
        }
    }
    let factor = factor(rest, unit).ok_or_else(refusal)?;
    Some(number * factor).filter(|number| number.is_finite()).ok_or_else(refusal)
}

fn plain_character(c: char) -> char {
    match c {
        '−' | '–' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '’' => '\'',
        other => other,
    }
}

/// The number that `text` begins with, and what follows it.
fn split_number(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut end = usize::from(matches!(at(0), b'-' | b'+'));
    loop {
        let next = at(end + 1);
        end += match at(end) {
            b'.' | b',' | b'_' | b'\'' | b' ' if next.is_ascii_digit() => 1,
            b'0'..=b'9' | b'.' => 1,
            b'e' | b'E' if next.is_ascii_digit() => 2,
            b'e' | b'E' if matches!(next, b'-' | b'+') && at(end + 2).is_ascii_digit() => 3,
            _ => break,
        };
    }
    text.split_at_checked(end).unwrap_or(("", text))
}

/// The value of digits with separators: where both `.` and `,` stand, the last is the decimal
/// one; a lone comma divides thousands if three digits follow each of them, and not after a
/// leading 0.
fn plain_number(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '_' | '\'')).collect();
    let decimal_comma = match (digits.rfind('.'), digits.rfind(',')) {
        (Some(point), Some(comma)) => comma > point,
        (None, Some(_)) => {
            let mut groups = digits.split(',');
            let first = groups.next().unwrap_or_default().trim_start_matches(['-', '+']);
            let thousands = !matches!(first, "" | "0") && groups.all(|group| group.len() == 3);
            !thousands
        }
        _ => false,
    };
    let plain = if decimal_comma {
        digits.replace('.', "").replacen(',', ".", 1)
    } else {
        digits.replace(',', "")
    };
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// What a number followed by `suffix` is multiplied with to be in `unit`.
fn factor(suffix: &str, unit: &str) -> Option<f64> {
    let one = unit_name(&singular(unit));
    let (suffix, unit) = (unit_name(suffix), unit_name(unit));
    if suffix.is_empty() || suffix == unit || suffix == one {
        return Some(1.0);
    }
    if suffix == "%" {
        return unit.is_empty().then_some(0.01);
    }
    for scale in [&TIME[..], &DATA[..]] {
        let size = |name: &str| scale.iter().find(|(known, _)| *known == name).map(|&(_, s)| s);
        if let (Some(from), Some(to)) = (size(&suffix), size(&unit)) {
            return Some(from / to);
        }
    }
    for (word, size) in [("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("k", 1e3)] {
        if let Some(rest) = suffix.strip_prefix(word)
            && (rest.is_empty() || rest == unit)
        {
            return Some(size);
        }
    }
    let longer = suffix.len().max(unit.len()) - suffix.len().min(unit.len());
    let begun = suffix.len() >= 3 && unit.len() >= 3;
    (begun && longer > 0 && (unit.starts_with(&suffix) || suffix.starts_with(&unit))).then_some(1.0)
}

/// Seconds each.
const TIME: [(&str, f64); 7] = [
    ("ns", 1e-9),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("min", 60.0),
    ("h", 3600.0),
    ("d", 86400.0),
];

/// Bytes each; the providers' MB and GB stand for powers of 1,024 in memory sizes and of 1,000
/// elsewhere, so only sizes of one family are converted by the reader of the question: here 1,024.
const DATA: [(&str, f64); 7] = [
    ("b", 1.0),
    ("kb", 1024.0),
    ("mb", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("kib", 1024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
];

/// A unit as it is compared.
fn unit_name(unit: &str) -> String {
    let lower = unit.trim().trim_end_matches('.').to_lowercase();
    let name = match lower.as_str() {
        "percent" | "per cent" => "%",
        "second" | "seconds" | "sec" | "secs" => "s",
        "millisecond" | "milliseconds" | "msec" => "ms",
        "us" | "μs" | "microseconds" => "µs",
        "minute" | "minutes" | "mins" => "min",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "day" | "days" => "d",
        "dollar" | "dollars" | "$" | "us$" => "usd",
        "€" | "euro" | "euros" => "eur",
        "x" | "times" | "×" => "×",
        other => other,
    };
    name.replace(" per ", "/").replace("/second", "/s").replace(' ', "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        for (number, unit, text) in [
            (5000.0, "requests/s", "5,000 requests/s"),
            (1.0, "requests/s", "1 request/s"),
            (1.0, "tries", "1 try"),
            (1.0, "calls at once", "1 call at once"),
            (1.0, "ms", "1 ms"),
            (1.0, "GB-s", "1 GB-s"),
            (1.5, "mails", "1.5 mails"),
            (37.33, "$", "$37.33"),
            (-0.4, "USD", "-$0.40"),
            (-1.0, "", "-1"),
        ] {
            assert_eq!(with_unit(number, unit), text);
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, unit, expected) in [
            ("5,000", "", 5000.0),
            ("5 000", "", 5000.0),
            ("5'000", "", 5000.0),
            ("5_000", "", 5000.0),
            ("1e3", "", 1000.0),
            ("1.5e-3", "", 0.0015),
            ("1,5", "", 1.5),
            ("0,125", "", 0.125),
            ("1,000,000.5", "", 1_000_000.5),
            ("1.000,5", "", 1000.5),
            ("−3", "", -3.0),
            (".5", "", 0.5),
            ("1/4", "", 0.25),
            ("30%", "%", 30.0),
            ("30 percent", "%", 30.0),
            ("30 %", "", 0.3),
            ("~50", "s", 50.0),
            ("50 s", "s", 50.0),
            ("500ms", "s", 0.5),
            ("2 min", "s", 120.0),
            ("2 GB", "MB", 2048.0),
            ("$9.33", "USD", 9.33),
            ("9.33 dollars", "USD", 9.33),
            ("5k", "requests/s", 5000.0),
            ("-$0.40", "USD", -0.4),
            ("−$1", "USD", -1.0),
            ("5000 requests per second", "requests/s", 5000.0),
            ("5000 requests", "requests/s", 5000.0),
            ("1 request/s", "requests/s", 1.0),
            ("1 try", "tries", 1.0),
            ("5 million", "", 5e6),
            ("3 x", "×", 3.0),
        ] {
            let number = parse_number(text, unit).unwrap_or(f64::NAN);
            assert!((number - expected).abs() < 1e-9, "{text} in {unit}: {number}");
        }
        for (text, unit) in [
            ("", ""),
            ("many", "s"),
            ("5 s", "%"),
            ("30 %", "s"),
            ("1/0", ""),
            ("1e999", ""),
            ("-", ""),
            ("5 m", "ms"),
            ("nan", ""),
            ("inf", ""),
        ] {
            assert!(parse_number(text, unit).is_err(), "{text} in {unit}");
        }
    }

    #[test]
    fn numbers_are_written_as_people_read_them() {
        for (number, expected) in [
            (5000.0, "5,000"),
            (-1_234_567.25, "-1,234,567.25"),
            (0.1 + 0.2, "0.3"),
            (999.0, "999"),
            (-1e-9, "-1e-9"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e20, "1e20"),
        ] {
            assert_eq!(number_text(number), expected);
        }
    }

    fn numeric(answer: f64, tolerance: Tolerance, wrong: &[f64]) -> Numeric {
        let wrong = wrong.iter().map(|&value| WrongNumber {
            value: Expression::Number(value),
            feedback: format!("said for {value}"),
            misconception: None,
        });
        let (answer, unit) = (Expression::Number(answer), String::new());
        Numeric { answer, unit, tolerance, wrong: wrong.collect() }
    }

    #[test]
    fn the_nearest_diagnosis_within_the_tolerance_speaks() {
        let question = numeric(5000.0, Tolerance::Percent(1.0), &[0.0, 10000.0, 10100.0]);
        let said = |number: f64| {
            let verdict = question.grade(number);
            (verdict.score, verdict.feedback.first().map(|f| f.text.clone()))
        };
        assert_eq!(said(5049.0), (1.0, None));
        assert_eq!(said(5051.0), (0.0, None));
        assert_eq!(said(10_040.0), (0.0, Some("said for 10000".to_owned())));
        assert_eq!(said(10_060.0), (0.0, Some("said for 10100".to_owned())));
        assert_eq!(said(0.0), (0.0, Some("said for 0".to_owned())));
        assert_eq!(said(1.0), (0.0, None));
        assert_eq!(said(f64::NAN), (0.0, None));
    }

    #[test]
    fn rounding_errors_of_arithmetic_never_count() {
        let question = numeric(0.3, Tolerance::Absolute(0.0), &[]);
        assert!(question.grade(0.1 + 0.2).score > 0.5);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn what_is_written_is_read_back(number in -1e12..1e12f64) {
            let rounded = (number * 1e3).round() / 1e3;
            let read = parse_number(&number_text(rounded), "");
            prop_assert!(read.is_ok_and(|read| (read - rounded).abs() <= 1e-3), "{rounded}");
        }

        #[test]
        fn any_text_is_a_finite_number_or_refused(text in r"[-+~$ 0-9.,_'eE/%kmsé]{0,12}", unit in "(|%|s|MB|USD)") {
            if let Ok(number) = parse_number(&text, &unit) {
                prop_assert!(number.is_finite());
            }
        }
    }
}
