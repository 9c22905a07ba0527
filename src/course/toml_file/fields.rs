//! Taking a table apart by the names it should have.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use super::{Entry, Faults, Kind, Table, Value};
use crate::course::date::Date;
use crate::diagnostic::{Span, did_you_mean};

/// The name of a key, as the code that reads it says it.
type Key = &'static str;

/// Something and the place it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// What was read.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// One table being read. Every method names a key; [`Fields::finish`] then reports the keys that
/// no method named. A value of the wrong type or out of range is reported and read as absent.
#[derive(Debug)]
pub struct Fields<'a> {
    table: &'a Table,
    faults: &'a Faults<'a>,
    known: RefCell<Vec<Key>>,
}

impl<'a> Fields<'a> {
    /// Begins to read `table`.
    pub const fn new(table: &'a Table, faults: &'a Faults<'a>) -> Self {
        Self { table, faults, known: RefCell::new(Vec::new()) }
    }

    /// Where the table stands.
    pub const fn span(&self) -> Span {
        self.table.span
    }

    /// Where faults of this table go.
    pub const fn faults(&self) -> &'a Faults<'a> {
        self.faults
    }

    /// Whether `key` is written at all.
    pub fn has(&self, key: &'static str) -> bool {
        self.entry(key).is_some()
    }

    /// The entry of `key`: its place and its value of any kind.
    pub fn entry(&self, key: &'static str) -> Option<&'a Entry> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        self.table.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`, of any kind.
    pub fn value(&self, key: &'static str) -> Option<&'a Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Reports `key` as missing from `whole` ("a question") with advice on what to write, unless
    /// it is there or the syntax is broken.
    pub fn expect(&self, key: &'static str, whole: &str, hint: &str) {
        if !self.has(key) && !self.faults.is_broken() {
            let message = format!("{whole} needs `{key}`");
            self.faults.error_hint("missing-key", self.table.span, message, hint);
        }
    }

    /// A text.
    pub fn text(&self, key: &'static str) -> Option<At<&'a str>> {
        let value = self.value(key)?;
        let text = self.text_of(key, value)?;
        Some(At { value: text, span: value.span })
    }

    /// A text that must be there and not be blank.
    pub fn required_text(&self, key: &'static str, whole: &str) -> Option<At<&'a str>> {
        self.expect(key, whole, &format!("write `{key} = \"…\"`"));
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            let message = format!("`{key}` is blank");
            self.faults.error("blank", text.span, message);
            return None;
        }
        Some(text)
    }

    /// One of `words`.
    pub fn one_of(&self, key: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = words.iter().copied().find(|&word| word == text.value);
        if found.is_none() {
            let message = format!("`{key}` cannot be \"{}\"", text.value);
            self.faults.error_hint("unknown-word", text.span, message, choose(text.value, words));
        }
        found
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Option<Vec<At<&'a str>>> {
        let values = self.array(key)?;
        Some(
            values
                .iter()
                .filter_map(|value| {
                    let text = self.text_of(key, value)?;
                    Some(At { value: text, span: value.span })
                })
                .collect(),
        )
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let Kind::Boolean(truth) = value.kind else {
            self.mistyped(key, value, "`true` or `false`", "true");
            return None;
        };
        Some(truth)
    }

    /// A whole number of `range`.
    pub fn integer(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<At<i64>> {
        let value = self.value(key)?;
        let Kind::Integer(number) = value.kind else {
            let example = 6.clamp(*range.start(), *range.end()).to_string();
            self.mistyped(key, value, "a whole number", &example);
            return None;
        };
        if !range.contains(&number) {
            let message = format!("`{key}` must be {} to {}", range.start(), range.end());
            let hint = if number < *range.start() {
                format!("write {} or more", range.start())
            } else {
                format!("write {} or less", range.end())
            };
            self.faults.error_hint("out-of-range", value.span, message, hint);
            return None;
        }
        Some(At { value: number, span: value.span })
    }

    /// A finite number of `range`.
    pub fn number(&self, key: &'static str, range: RangeInclusive<f64>) -> Option<At<f64>> {
        let value = self.value(key)?;
        let number = self.number_of(key, value)?;
        if !range.contains(&number) {
            let message = format!("`{key}` must be {} to {}", range.start(), range.end());
            let hint = if number < *range.start() {
                format!("write {} or more", range.start())
            } else {
                format!("write {} or less", range.end())
            };
            self.faults.error_hint("out-of-range", value.span, message, hint);
            return None;
        }
        Some(At { value: number, span: value.span })
    }

    /// A day.
    pub fn date(&self, key: &'static str) -> Option<At<Date>> {
        let value = self.value(key)?;
        let Kind::Date(date) = value.kind else {
            self.mistyped(key, value, "a day, without quotes", "2026-11-17");
            return None;
        };
        Some(At { value: date, span: value.span })
    }

    /// A list of anything.
    pub fn array(&self, key: &'static str) -> Option<&'a [Value]> {
        let value = self.value(key)?;
        let Kind::Array(values) = &value.kind else {
            self.mistyped(key, value, "a list", "[ … ]");
            return None;
        };
        Some(values)
    }

    /// A table.
    pub fn table(&self, key: &'static str) -> Option<&'a Table> {
        let value = self.value(key)?;
        self.table_of(key, value)
    }

    /// The tables of a list (`[[key]]`, or `key = [{ … }]`); none if it is not there.
    pub fn tables(&self, key: &'static str) -> Vec<&'a Table> {
        if !self.has(key) {
            return Vec::new();
        }
        let values = self.array(key).unwrap_or_default();
        values.iter().filter_map(|value| self.table_of(key, value)).collect()
    }

    /// `value` as a text of the list or table `key`.
    pub fn text_of(&self, key: &str, value: &'a Value) -> Option<&'a str> {
        let Kind::Text(text) = &value.kind else {
            let example = match &value.kind {
                Kind::Integer(number) => format!("\"{number}\""),
                Kind::Float(number) => format!("\"{number}\""),
                Kind::Date(date) => format!("\"{date}\""),
                _ => "\"…\"".to_owned(),
            };
            self.mistyped(key, value, "a text in quotes", &example);
            return None;
        };
        Some(text)
    }

    /// `value` as a number of the list or table `key`.
    pub fn number_of(&self, key: &str, value: &Value) -> Option<f64> {
        match value.kind {
            Kind::Float(number) => Some(number),
            #[expect(clippy::cast_precision_loss, reason = "authors write small numbers")]
            Kind::Integer(number) => Some(number as f64),
            _ => {
                self.mistyped(key, value, "a number", "6");
                None
            }
        }
    }

    /// `value` as a table of the list `key`.
    pub fn table_of(&self, key: &str, value: &'a Value) -> Option<&'a Table> {
        let Kind::Table(table) = &value.kind else {
            self.mistyped(key, value, "a table", "{ … }");
            return None;
        };
        Some(table)
    }

    /// Reports that `value` of `key` is not `wanted`, which says what to write ("a duration such as
    /// `20m`").
    pub fn wrong_type(&self, key: &str, value: &Value, wanted: &str) {
        if let Some(message) = self.mistaken(key, value, wanted) {
            self.faults.error("wrong-type", value.span, message);
        }
    }

    /// Reports that `value` of `key`, or in the list `key`, is not `wanted` ("a whole number"), with
    /// an example of it.
    fn mistyped(&self, key: &str, value: &Value, wanted: &str, example: &str) {
        let Some(message) = self.mistaken(key, value, wanted) else { return };
        // A number in quotes is the number that was meant.
        let meant = match &value.kind {
            Kind::Text(text) if wanted.ends_with("number") => {
                Some(text.trim()).filter(|text| text.parse::<i64>().is_ok())
            }
            _ => None,
        };
        let example = meant.unwrap_or(example);
        let is_whole =
            self.table.entries.iter().any(|entry| std::ptr::eq(&raw const entry.value, value));
        let written = if is_whole { format!("{key} = {example}") } else { example.to_owned() };
        self.faults.error_hint("wrong-type", value.span, message, format!("write `{written}`"));
    }

    /// That `value` of `key` is not `wanted`, unless that was reported in another way.
    fn mistaken(&self, key: &str, value: &Value, wanted: &str) -> Option<String> {
        let is_new = value.kind != Kind::Unusable && !self.faults.is_wreck(value.span);
        is_new.then(|| format!("`{key}` must be {wanted}, this is {}", value.kind.name()))
    }

    /// Takes `key` as known without reading it.
    pub fn ignore(&self, key: &'static str) {
        let _ = self.entry(key);
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        let known = self.known.into_inner();
        for entry in &self.table.entries {
            if !known.contains(&entry.key.as_str()) {
                let message = format!("unknown key `{}`", entry.key);
                let hint = choose(&entry.key, &known);
                self.faults.error_hint("unknown-key", entry.key_span, message, hint);
            }
        }
    }
}

/// Advice for `word`, which is none of `words`.
fn choose(word: &str, words: &[&str]) -> String {
    did_you_mean(word, words.iter().copied()).map_or_else(
        || {
            let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("known here: {}", all.join(", "))
        },
        |meant| format!("did you mean `{meant}`?"),
    )
}
