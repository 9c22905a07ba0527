//! Siblings of a question: the same question with other numbers, drawn from its `params`.

use std::collections::BTreeMap;

use super::numeric::{Expression, number_text};
use super::shown::Draw;
use super::{Question, QuestionKind, formula};

/// A question with its numbers drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The question; its texts and formulas hold numbers, its `params` are empty.
    pub question: Question,
    /// The numbers drawn, by name; goes into the record of an answer.
    pub params: BTreeMap<String, f64>,
}

impl Question {
    /// The sibling of this attempt: without a seed the same for everybody.
    pub fn instance(&self, seed: Option<u64>, attempt: u32) -> Instance {
        let mut draw = Draw::new(&format!("params of {}", self.id), seed, attempt);
        let drawn = self.params.iter().filter_map(|(name, values)| {
            let value = values.get(draw.below(values.len()))?;
            Some((name.clone(), *value))
        });
        self.instance_with(drawn.collect())
    }

    /// The sibling with these numbers, as a record remembers them.
    pub fn instance_with(&self, params: BTreeMap<String, f64>) -> Instance {
        let mut question = self.clone();
        question.params.clear();
        if !params.is_empty() {
            question.each_text(&mut |text| *text = substituted(text, &params));
            question.each_expression(&mut |expression| {
                if let Ok(value) = expression.value_with(&params) {
                    *expression = Expression::Number(value);
                }
            });
        }
        Instance { question, params }
    }

    /// Every text a learner reads or types against.
    pub(crate) fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.prompt);
        self.hints.iter_mut().for_each(&mut *change);
        self.explain.iter_mut().for_each(&mut *change);
        self.source.iter_mut().for_each(&mut *change);
        match &mut self.kind {
            QuestionKind::Choice(kind) => {
                for choice in &mut kind.choices {
                    change(&mut choice.text);
                    change(&mut choice.feedback);
                }
            }
            QuestionKind::Numeric(kind) => {
                kind.wrong.iter_mut().for_each(|wrong| change(&mut wrong.feedback));
            }
            QuestionKind::Short(kind) => {
                kind.accept.iter_mut().for_each(&mut *change);
                kind.near.iter_mut().for_each(|near| near.each_text(change));
            }
            QuestionKind::Order(kind) => {
                kind.items.iter_mut().for_each(&mut *change);
                kind.swaps.iter_mut().for_each(|swap| change(&mut swap.feedback));
            }
            QuestionKind::Match(kind) => {
                kind.left.iter_mut().chain(&mut kind.right).for_each(&mut *change);
                kind.wrong.iter_mut().for_each(|wrong| change(&mut wrong.feedback));
            }
            QuestionKind::Cloze(kind) => {
                for blank in &mut kind.blanks {
                    blank.accept.iter_mut().for_each(&mut *change);
                    blank.near.iter_mut().for_each(|near| near.each_text(change));
                }
            }
            QuestionKind::Sort(kind) => {
                kind.bins.iter_mut().for_each(&mut *change);
                for item in &mut kind.items {
                    change(&mut item.text);
                    change(&mut item.feedback);
                }
            }
        }
    }

    fn each_expression(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        if let QuestionKind::Numeric(kind) = &mut self.kind {
            change(&mut kind.answer);
            kind.wrong.iter_mut().for_each(|wrong| change(&mut wrong.value));
        }
    }
}

impl super::short_answer::Near {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.texts.iter_mut().for_each(&mut *change);
        change(&mut self.feedback);
    }
}

/// The longest formula in a text, in bytes.
const LONGEST: usize = 200;

/// `text` with `{name}` and `{arithmetic over names}` as numbers. Braces that hold anything else,
/// and the `{{1}}` of a cloze, stay.
fn substituted(text: &str, params: &BTreeMap<String, f64>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, inner) in formulas(text) {
        let Ok(number) = formula::evaluate(inner, params) else { continue };
        out.push_str(text.get(done..start - 1).unwrap_or_default());
        out.push_str(&number_text(number));
        done = start + inner.len() + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// What stands in the braces of `text` that may be arithmetic over names, right or wrong, and the
/// byte it begins at, behind its brace.
pub(crate) fn formulas(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + next + 1;
        let after = text.get(start..).unwrap_or_default();
        at = start;
        if after.starts_with('{') {
            at += 1;
            continue;
        }
        let near = after.get(..after.floor_char_boundary(LONGEST)).unwrap_or(after);
        let inner = near.split_once('}').map(|(inner, _)| inner);
        if let Some(inner) = inner.filter(|inner| !formula::names(inner).is_empty()) {
            found.push((start, inner));
            at += inner.len() + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arithmetic_become_numbers_and_the_rest_stays() {
        let params = BTreeMap::from([("rate".to_owned(), 4000.0)]);
        for (text, expected) in [
            ("{rate} a second", "4,000 a second"),
            ("{rate / 8} and {{1}} and {other} and {2} {", "500 and {{1}} and {other} and {2} {"),
            ("{ {rate} }", "{ 4,000 }"),
            ("{{{rate}", "{{4,000"),
        ] {
            assert_eq!(substituted(text, &params), expected);
        }
    }
}
