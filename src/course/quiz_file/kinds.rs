//! The types of questions, each read from the keys of its table.

use std::collections::{BTreeMap, BTreeSet};

use super::Reading;
use crate::course::toml_file::{At, Fields, Kind, Table, Value};
use crate::diagnostic::Span;
use crate::quiz::choice::{Choice, Choices};
use crate::quiz::cloze::{Blank, Cloze};
use crate::quiz::matching::{Matching, WrongPair};
use crate::quiz::ordering::{Ordering, Swap};
use crate::quiz::short_answer::{Near, ShortAnswer};
use crate::quiz::sorting::{SortItem, Sorting};
use crate::quiz::{Places, QuestionKind};
use crate::sanitize;

/// Choices and bins; more are not weighed but skimmed.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=7;
/// Blanks of a cloze.
const BLANKS: std::ops::RangeInclusive<usize> = 1..=20;
/// Items of the other types: each has a letter.
const ITEMS: std::ops::RangeInclusive<usize> = 2..=26;

impl Reading<'_> {
    /// What the question asks for; nothing where a needed key is missing or of the wrong type,
    /// which is then reported.
    pub(super) fn kind(
        &self,
        kind: &str,
        fields: &Fields<'_>,
        params: &BTreeMap<String, Vec<f64>>,
        places: &mut Places,
    ) -> Option<QuestionKind> {
        match kind {
            "single" => self.choices(fields, false, places).map(QuestionKind::Choice),
            "multiple" => self.choices(fields, true, places).map(QuestionKind::Choice),
            "numeric" => self.numeric(fields, params, places).map(QuestionKind::Numeric),
            "short" => self.short(fields).map(QuestionKind::Short),
            "order" => self.order(fields).map(QuestionKind::Order),
            "match" => self.matching(fields).map(QuestionKind::Match),
            "cloze" => self.cloze(fields).map(QuestionKind::Cloze),
            "sort" => self.sorting(fields).map(QuestionKind::Sort),
            _ if fields.has("choices") => {
                self.choices(fields, false, places).map(QuestionKind::Choice)
            }
            // Without `answer` it is the simulator's number.
            _ => self.numeric(fields, params, places).map(QuestionKind::Numeric),
        }
    }

    fn choices(&self, fields: &Fields<'_>, multiple: bool, places: &mut Places) -> Option<Choices> {
        let hint = "write `choices = [{ text = \"…\", correct = true, feedback = \"…\" }, …]`";
        fields.expect("choices", "a question of this type", hint);
        let list = fields.entry("choices")?;
        let shuffle = fields.boolean("shuffle").unwrap_or(true);
        let list = fields.array("choices").map(|_| list)?;
        let tables = fields.tables("choices");
        self.count("choices", tables.len(), &CHOICES, list.key_span);
        let mut choices = Vec::new();
        for table in tables {
            let fields = Fields::new(table, self.faults);
            let text = fields.required_text("text", "a choice");
            choices.push(Choice {
                text: text.map_or("", |text| text.value).to_owned(),
                correct: fields.boolean("correct").unwrap_or(false),
                feedback: self.feedback(&fields, "a choice"),
                misconception: misconception(&fields, places),
            });
            fields.finish();
        }
        self.distinct("choices", choices.iter().map(|choice| choice.text.as_str()), list.key_span);
        let correct = choices.iter().filter(|choice| choice.correct).count();
        let (message, hint) = match correct {
            0 => ("no choice is correct".to_owned(), "mark the right one with `correct = true`"),
            n if n == choices.len() => {
                ("every choice is correct".to_owned(), "a choice needs something to decide against")
            }
            n if n > 1 && !multiple => {
                (format!("{n} choices are correct"), "keep one, or write `type = \"multiple\"`")
            }
            _ => return Some(Choices { choices, multiple, shuffle }),
        };
        self.faults.error_hint("correct-choices", list.key_span, message, hint);
        None
    }

    fn short(&self, fields: &Fields<'_>) -> Option<ShortAnswer> {
        let accept = self.texts(fields, "accept", 1..=100)?;
        let case_sensitive = fields.boolean("case_sensitive").unwrap_or(false);
        let near = fields.tables("near").into_iter();
        let near = near.map(|table| self.near(table)).collect();
        Some(ShortAnswer { accept: owned(&accept), case_sensitive, near })
    }

    fn near(&self, table: &Table) -> Near {
        let fields = Fields::new(table, self.faults);
        let hint = "write `match = [\"what they typed\"]`";
        fields.expect("match", "a diagnosed answer", hint);
        let texts = fields.texts("match").unwrap_or_default();
        let feedback = self.feedback(&fields, "a diagnosed answer");
        fields.finish();
        Near { texts: owned(&texts), feedback }
    }

    fn order(&self, fields: &Fields<'_>) -> Option<Ordering> {
        let items = self.texts(fields, "items", ITEMS)?;
        let mut swaps = Vec::new();
        for table in fields.tables("swaps") {
            let fields = Fields::new(table, self.faults);
            let pair = self.pair(&fields, items.len(), items.len());
            let feedback = self.feedback(&fields, "a swap");
            if let Some(At { value: [first, second], span }) = pair {
                if first == second {
                    self.faults.error("bad-pair", span, "a swap needs two different items");
                }
                swaps.push(Swap { pair: [first.min(second), first.max(second)], feedback });
            }
            fields.finish();
        }
        Some(Ordering { items: owned(&items), swaps })
    }

    fn matching(&self, fields: &Fields<'_>) -> Option<Matching> {
        let left = self.texts(fields, "left", ITEMS);
        let right = self.texts(fields, "right", ITEMS);
        fields.expect(
            "answer",
            "a matching",
            "write `answer = [1, 2]`: the right one of each left item",
        );
        let values = fields.array("answer");
        let wrong_tables = fields.tables("wrong");
        let (left, right, values) = (left?, right?, values?);
        let answer: Vec<usize> =
            values.iter().filter_map(|value| self.index("answer", value, right.len())).collect();
        if values.len() != left.len() {
            let span = fields.entry("answer").map_or(fields.span(), |entry| entry.value.span);
            let message =
                format!("`answer` has {} numbers for {} left items", values.len(), left.len());
            self.faults.error_hint(
                "wrong-count",
                span,
                message,
                "write one number for each left item",
            );
        }
        let mut wrong = Vec::new();
        for table in wrong_tables {
            let fields = Fields::new(table, self.faults);
            let pair = self.pair(&fields, left.len(), right.len());
            let feedback = self.feedback(&fields, "a wrong pair");
            if let Some(At { value: pair, span }) = pair {
                if answer.get(pair[0]) == Some(&pair[1]) {
                    let message = "this pair is right by `answer`";
                    self.faults.error("bad-pair", span, message);
                }
                wrong.push(WrongPair { pair, feedback });
            }
            fields.finish();
        }
        Some(Matching { left: owned(&left), right: owned(&right), answer, wrong })
    }

    fn cloze(&self, fields: &Fields<'_>) -> Option<Cloze> {
        fields.expect("blanks", "a cloze", "write `blanks = [[\"accepted\", \"variants\"], …]`");
        let case_sensitive = fields.boolean("case_sensitive").unwrap_or(false);
        let near_values = fields.array("near");
        let values = fields.array("blanks")?;
        let span = fields.entry("blanks").map_or(fields.span(), |entry| entry.key_span);
        self.count("blanks", values.len(), &BLANKS, span);
        let mut blanks: Vec<Blank> = Vec::new();
        for value in values.iter().take(*BLANKS.end()) {
            let accept = self.accepted(fields, value);
            blanks.push(Blank { accept, near: Vec::new() });
        }
        if let Some(near) = near_values {
            self.near_of_blanks(fields, near, &mut blanks);
        }
        self.placeholders(fields, blanks.len());
        Some(Cloze { blanks, case_sensitive })
    }

    /// The texts of one blank: a list, or a single text.
    fn accepted(&self, fields: &Fields<'_>, value: &Value) -> Vec<String> {
        let texts = match &value.kind {
            Kind::Text(text) => vec![text.clone()],
            Kind::Array(values) => {
                let texts = values.iter().filter_map(|value| fields.text_of("blanks", value));
                texts.map(str::to_owned).collect()
            }
            _ => {
                fields.wrong_type("blanks", value, "a list of accepted texts for each blank");
                return Vec::new();
            }
        };
        if texts.iter().all(|text| text.trim().is_empty()) {
            self.faults.error("blank", value.span, "a blank that accepts no text");
        }
        texts
    }

    /// `near = [[{ match, feedback }], …]`: one list for each blank.
    fn near_of_blanks(&self, fields: &Fields<'_>, values: &[Value], blanks: &mut [Blank]) {
        if let Some(extra) = values.get(blanks.len()) {
            let message = format!("`near` has {} lists for {} blanks", values.len(), blanks.len());
            let hint = "write one list for each blank, an empty one where there is nothing to say";
            self.faults.error_hint("wrong-count", extra.span, message, hint);
        }
        for (value, blank) in values.iter().zip(blanks) {
            let Kind::Array(list) = &value.kind else {
                fields.wrong_type(
                    "near",
                    value,
                    "a list `[{ match = […], feedback = \"…\" }]` for each blank",
                );
                continue;
            };
            let tables = list.iter().filter_map(|value| fields.table_of("near", value));
            blank.near = tables.map(|table| self.near(table)).collect();
        }
    }

    /// Each of `{{1}}` to `{{n}}` stands in the prompt, and no other.
    fn placeholders(&self, fields: &Fields<'_>, blanks: usize) {
        let Some(prompt) = fields.text("prompt") else { return };
        let named: BTreeSet<usize> = placeholders_of(prompt.value);
        for number in (1..=blanks).filter(|number| !named.contains(number)) {
            let message = format!("blank {number} has no place in the prompt");
            let hint = format!("write `{{{{{number}}}}}` where it belongs");
            self.faults.error_hint("blanks", prompt.span, message, hint);
        }
        for number in named.into_iter().filter(|number| !(1..=blanks).contains(number)) {
            let message = format!("`{{{{{number}}}}}` has no list in `blanks`");
            let hint = format!("there are {blanks} blanks, counted from 1");
            self.faults.error_hint("blanks", prompt.span, message, hint);
        }
    }

    fn sorting(&self, fields: &Fields<'_>) -> Option<Sorting> {
        let bins = self.texts(fields, "bins", CHOICES);
        let hint = "write `items = [{ text = \"…\", bin = 1, feedback = \"…\" }, …]`";
        fields.expect("items", "a sorting", hint);
        let list = fields.entry("items")?;
        let list = fields.array("items").map(|_| list)?;
        let tables = fields.tables("items");
        self.count("items", tables.len(), &ITEMS, list.key_span);
        let mut items = Vec::new();
        for table in tables {
            let fields = Fields::new(table, self.faults);
            let text = fields.required_text("text", "an item");
            fields.expect("bin", "an item", "write `bin = 1`, counted from 1");
            let of = bins.as_ref().map_or(usize::MAX, Vec::len);
            let bin = fields.value("bin").and_then(|value| self.index("bin", value, of));
            items.push(SortItem {
                text: text.map_or("", |text| text.value).to_owned(),
                bin: bin.unwrap_or(0),
                feedback: self.feedback(&fields, "an item"),
            });
            fields.finish();
        }
        self.distinct("items", items.iter().map(|item| item.text.as_str()), list.key_span);
        Some(Sorting { bins: owned(&bins?), items })
    }

    /// A required list of different texts.
    fn texts<'t>(
        &self,
        fields: &Fields<'t>,
        key: &'static str,
        range: std::ops::RangeInclusive<usize>,
    ) -> Option<Vec<At<&'t str>>> {
        fields.expect(key, "a question of this type", &format!("write `{key} = [\"…\", \"…\"]`"));
        let list = fields.entry(key)?;
        let texts = fields.texts(key)?;
        self.count(key, texts.len(), &range, list.key_span);
        for text in texts.iter().filter(|text| text.value.trim().is_empty()) {
            self.faults.error("blank", text.span, format!("a blank text in `{key}`"));
        }
        if key != "right" {
            self.distinct(key, texts.iter().map(|text| text.value), list.key_span);
        }
        Some(texts)
    }

    fn count(&self, key: &str, count: usize, range: &std::ops::RangeInclusive<usize>, span: Span) {
        if range.contains(&count) {
            return;
        }
        if self.faults.is_broken() {
            self.faults.add_unsaid();
        } else {
            let message = format!("`{key}` has {count} entries");
            let hint = format!("{} to {} can be asked", range.start(), range.end());
            self.faults.error_hint("wrong-count", span, message, hint);
        }
    }

    /// Answers are remembered by their text: no two may be the same.
    fn distinct<'t>(&self, key: &str, texts: impl Iterator<Item = &'t str>, span: Span) {
        let mut seen = BTreeSet::new();
        for text in texts.filter(|text| !text.trim().is_empty()) {
            if !seen.insert(text.trim()) {
                let message = format!("`{key}` holds \"{}\" twice", sanitize::line(text));
                self.faults.error("duplicate-text", span, message);
            }
        }
    }

    /// What is said about a part; `check` fails without it, learners go on.
    pub(super) fn feedback(&self, fields: &Fields<'_>, part: &str) -> String {
        let before = self.faults.errors();
        let missing = !fields.has("feedback")
            || fields.text("feedback").is_some_and(|text| text.value.trim().is_empty());
        if missing && !self.faults.is_broken() {
            let message = format!("{part} without feedback");
            let hint =
                "tell those who choose it what is right or wrong about it: `feedback = \"…\"`";
            self.faults.error_hint("missing-feedback", fields.span(), message, hint);
            self.forgiven.set(self.forgiven.get() + self.faults.errors() - before);
        }
        fields.text("feedback").map_or_else(String::new, |text| text.value.to_owned())
    }

    /// `pair = [first, second]`, counted from 1 in the file, from 0 here.
    fn pair(&self, fields: &Fields<'_>, first: usize, second: usize) -> Option<At<[usize; 2]>> {
        fields.expect("pair", "a diagnosed pair", "write `pair = [1, 2]`, counted from 1");
        let entry = fields.entry("pair")?;
        let values = fields.array("pair")?;
        let [a, b] = values else {
            let message = format!("`pair` has {} numbers", values.len());
            self.faults.error_hint(
                "wrong-count",
                entry.value.span,
                message,
                "write `pair = [1, 2]`",
            );
            return None;
        };
        let (a, b) = (self.index("pair", a, first), self.index("pair", b, second));
        Some(At { value: [a?, b?], span: entry.value.span })
    }

    /// A number from 1 to `of`, as an index from 0.
    fn index(&self, key: &str, value: &Value, of: usize) -> Option<usize> {
        let Kind::Integer(number) = value.kind else {
            if value.kind != Kind::Unusable {
                let message =
                    format!("`{key}` counts in whole numbers, this is {}", value.kind.name());
                self.faults.error("wrong-type", value.span, message);
            }
            return None;
        };
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let index = index.filter(|&index| index < of);
        if index.is_none() {
            let message = format!("there is no number {number} here");
            let hint = format!("counted from 1, the last is {of}");
            self.faults.error_hint("out-of-range", value.span, message, hint);
        }
        index
    }
}

/// A misconception and its place, which `places` takes down.
pub(super) fn misconception(fields: &Fields<'_>, places: &mut Places) -> Option<String> {
    let text = fields.text("misconception")?;
    let slug = sanitize::line(text.value).into_owned();
    places.misconceptions.push((slug.clone(), text.span));
    Some(slug)
}

fn owned(texts: &[At<&str>]) -> Vec<String> {
    texts.iter().map(|text| text.value.to_owned()).collect()
}

/// The numbers of the `{{n}}` in a prompt.
fn placeholders_of(prompt: &str) -> BTreeSet<usize> {
    let after_braces = prompt.split("{{").skip(1);
    after_braces.filter_map(|rest| rest.split_once("}}")?.0.trim().parse().ok()).collect()
}
