//! The params that a question's texts name in braces: whether each stands for a number.

use std::collections::BTreeMap;

use super::Checker;
use crate::course::quiz_file::numbers::{combinations, said};
use crate::course::toml_file::{Kind, Table, Value};
use crate::diagnostic::Diagnostic;
use crate::quiz::{Question, formula, instance};

/// The keys of a question whose texts no learner reads.
const UNSAID: [&str; 10] = [
    "answer",
    "id",
    "metric",
    "misconception",
    "objective",
    "params",
    "scenario",
    "set",
    "type",
    "value",
];

impl Checker<'_> {
    /// The texts in braces of `question`, which is written as `table`: each must have a value
    /// whatever is drawn, or learners see the braces.
    pub(super) fn placeholders(&mut self, file: &str, table: &Table, question: &Question) {
        if !question.params.is_empty() {
            let drawn = combinations(&question.params);
            self.placeholders_of(file, table, &drawn);
        }
    }

    fn placeholders_of(&mut self, file: &str, table: &Table, drawn: &[BTreeMap<String, f64>]) {
        let said = table.entries.iter().filter(|entry| !UNSAID.contains(&entry.key.as_str()));
        for entry in said {
            self.placeholders_in(file, &entry.value, drawn);
        }
    }

    fn placeholders_in(&mut self, file: &str, value: &Value, drawn: &[BTreeMap<String, f64>]) {
        match &value.kind {
            Kind::Array(values) => {
                for value in values {
                    self.placeholders_in(file, value, drawn);
                }
            }
            Kind::Table(table) => self.placeholders_of(file, table, drawn),
            Kind::Text(text) => {
                for (_, inner) in instance::formulas(text) {
                    let wrong = drawn.iter().find_map(|values| {
                        let fault = formula::evaluate(inner, values).err()?;
                        Some(said(&fault, inner, values))
                    });
                    let Some((message, hint)) = wrong else { continue };
                    let span = self.narrowed(file, value.span, &format!("{{{inner}}}"));
                    self.push(Diagnostic::error("formula", file, span, message), hint);
                }
            }
            _ => {}
        }
    }
}
