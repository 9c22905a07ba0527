//! Conditions over metrics: `p_cold < 0.20 and cost_usd <= 5`.

use std::collections::BTreeMap;
use std::fmt;

/// Comparisons that must all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Joined by `and`; at least one.
    pub comparisons: Vec<Comparison>,
}

/// One comparison of a metric with a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The metric's name.
    pub metric: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what, in the metric's unit.
    pub number: f64,
}

/// How a metric is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Other,
}

/// As they are written, the longer ones first.
const OPERATORS: [(&str, Operator); 6] = [
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("==", Operator::Equal),
    ("!=", Operator::Other),
    ("<", Operator::Less),
    (">", Operator::More),
];

impl Condition {
    /// Reads a condition; the error says in one line what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let parts = words.split(|&word| word == "and").map(|part| comparison(&part.join(" ")));
        Ok(Self { comparisons: parts.collect::<Result<_, _>>()? })
    }

    /// Whether it holds; a metric that a run did not give compares as false.
    pub fn holds(&self, metrics: &BTreeMap<String, f64>) -> bool {
        self.comparisons.iter().all(|comparison| {
            metrics.get(&comparison.metric).is_some_and(|&value| comparison.holds(value))
        })
    }
}

impl Comparison {
    /// Whether `value` of the metric satisfies it.
    pub fn holds(&self, value: f64) -> bool {
        match self.operator {
            Operator::Less => value < self.number,
            Operator::AtMost => value <= self.number,
            Operator::More => value > self.number,
            Operator::AtLeast => value >= self.number,
            Operator::Equal => is_same(value, self.number),
            Operator::Other => !is_same(value, self.number),
        }
    }
}

/// Equal but for the last bits.
fn is_same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-300)
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = OPERATORS.iter().find(|(_, operator)| *operator == self.operator);
        let operator = written.map_or("", |(written, _)| written);
        write!(f, "{} {operator} {}", self.metric, self.number)
    }
}

fn comparison(text: &str) -> Result<Comparison, String> {
    let shape = || format!("`{text}` is no comparison: write `p_cold < 0.20`, joined by `and`");
    let at = text.find(['<', '>', '=', '!']).ok_or_else(shape)?;
    let (metric, rest) = text.split_at(at);
    let (number, operator) = OPERATORS
        .iter()
        .find_map(|&(written, operator)| Some((rest.strip_prefix(written)?, operator)))
        .ok_or_else(shape)?;
    let metric = metric.trim().to_owned();
    let number: f64 = number.trim().parse().map_err(|_| shape())?;
    if metric.is_empty() || metric.contains(' ') || !number.is_finite() {
        return Err(shape());
    }
    Ok(Comparison { metric, operator, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_joined_by_and_must_all_hold() {
        let metrics: BTreeMap<String, f64> =
            [("p_cold".to_owned(), 0.1), ("served".to_owned(), 10.0)].into();
        for (text, expected) in [
            ("p_cold < 0.20", true),
            ("p_cold<0.05", false),
            ("p_cold <= 0.1 and served == 10", true),
            ("p_cold >= 0.1  and  served != 10", false),
            ("served > 1e1", false),
            ("unknown < 1", false),
        ] {
            assert_eq!(Condition::parse(text).unwrap().holds(&metrics), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_said() {
        for text in ["", "p_cold", "p_cold < ", "< 3", "a < 1 or b < 2", "a < 1 and", "a < nan"] {
            assert!(Condition::parse(text).unwrap_err().contains("no comparison"), "{text}");
        }
    }
}
