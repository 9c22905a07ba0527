//! TOML files of a course as trees in which every value knows its place.
//!
//! [`parse`] reports every fault of the syntax at once and still gives what could be read;
//! [`Fields`] takes a table apart, names what is missing, of the wrong type or out of range, and
//! tells unknown keys by their nearest known one.

mod fields;

pub use fields::{At, Fields};

use std::cell::{Cell, RefCell};

use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

use super::date::Date;
use crate::diagnostic::{Diagnostic, Position, Severity, Span};
use crate::sanitize;

/// More segments of one dotted key than this are refused: depth costs stack.
const KEY_SEGMENTS_MAX: usize = 16;

/// So many faults of one file are worth reading.
const FAULTS_MAX: usize = 100;

/// A value and the bytes of the file it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it stands in the file.
    pub span: Span,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text, sanitised.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number, never −0.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A list.
    Array(Vec<Value>),
    /// Named values.
    Table(Table),
    /// What no file of ours may hold (reported when it was read): a time of day, infinity, …
    Unusable,
}

impl Kind {
    /// What it is called in messages, with its article.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Boolean(_) => "`true` or `false`",
            Self::Date(_) => "a date",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
            Self::Unusable => "an unusable value",
        }
    }
}

/// Named values in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries, by place.
    pub entries: Vec<Entry>,
    /// Where the table stands: its header, or its braces.
    pub span: Span,
}

/// One `key = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, sanitised.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// What it is set to.
    pub value: Value,
}

impl Table {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The text of `key`, if it is one.
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What is wrong with one file, collected while it is read.
#[derive(Debug)]
pub struct Faults<'a> {
    file: &'a str,
    list: RefCell<Vec<Diagnostic>>,
    broken: Cell<bool>,
    errors: Cell<usize>,
}

impl<'a> Faults<'a> {
    /// Nothing found yet in `file`.
    pub const fn new(file: &'a str) -> Self {
        Self {
            file,
            list: RefCell::new(Vec::new()),
            broken: Cell::new(false),
            errors: Cell::new(0),
        }
    }

    /// The file's path.
    pub const fn file(&self) -> &'a str {
        self.file
    }

    /// Whether the syntax itself was at fault, so that what is missing may only have been unread.
    pub const fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// Whether something wrong was found inside `span`, so that what is read there may be a wreck.
    pub fn is_wreck(&self, span: Span) -> bool {
        let list = self.list.borrow();
        list.iter().any(|fault| {
            fault.code == "toml-syntax" && (span.start..=span.end).contains(&fault.span.start)
        })
    }

    /// How many errors were found so far, those that are not kept among them.
    pub const fn errors(&self) -> usize {
        self.errors.get()
    }

    /// The places of what was found so far.
    pub fn spans(&self) -> Vec<Span> {
        self.list.borrow().iter().map(|fault| fault.span).collect()
    }

    /// Adds an error without a hint.
    pub fn error(&self, code: &'static str, span: Span, message: impl Into<String>) {
        self.add(Diagnostic::error(code, self.file, span, message));
    }

    /// Adds an error with advice.
    pub fn error_hint(
        &self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(Diagnostic::error(code, self.file, span, message).hint(hint));
    }

    /// Adds a warning with advice.
    pub fn warning_hint(
        &self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(Diagnostic::warning(code, self.file, span, message).hint(hint));
    }

    /// Adds that `what`, with its id, is in the same file twice, first in the line `first`.
    pub fn duplicate(&self, span: Span, what: &str, first: usize) {
        let message = format!("{what} is there already, in line {first}");
        self.error_hint("duplicate-id", span, message, "give each its own id");
    }

    /// Adds a finding as it is; beyond a hundred no more are kept.
    pub fn add(&self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors.set(self.errors.get() + 1);
        }
        let mut list = self.list.borrow_mut();
        if list.len() < FAULTS_MAX {
            list.push(super::printable(diagnostic));
        }
    }

    /// Counts an error that need not be said: what is wrong comes from faults that were.
    pub fn add_unsaid(&self) {
        self.errors.set(self.errors.get() + 1);
    }

    /// What was found, in the order of finding.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.list.into_inner()
    }
}

/// The line of `source` that `span` begins in, from 1.
pub fn line_of(source: &str, span: Span) -> usize {
    Position::of(source, span.start).line
}

/// Where a TOML text stands in its file.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The text is the file.
    File,
    /// The text is a fence of a lesson: where in the lesson each of its lines begins.
    Fence(&'a [usize]),
}

/// Reads `source`; every fault goes to `faults`. The table holds whatever could be read, all spans
/// are of the file.
pub fn parse(source: &str, origin: Origin<'_>, faults: &Faults<'_>) -> Table {
    let places = Places::new(source, origin);
    if let Some(span) = deep_key(source) {
        faults.broken.set(true);
        let message = format!("a key of more than {KEY_SEGMENTS_MAX} parts");
        faults.error_hint("toml-syntax", places.of(span), message, "no key here has more than two");
        return Table::default();
    }
    let (root, errors) = DeTable::parse_recoverable(source);
    faults.broken.set(!errors.is_empty());
    let end = Span::new(source.len(), source.len());
    let mut errors: Vec<(Span, &toml::de::Error)> =
        errors.iter().map(|error| (error.span().map_or(end, Span::from), error)).collect();
    errors.sort_by_key(|&(span, _)| span);
    for (span, error) in errors {
        let message = sanitize::line(error.message());
        if message.contains("duplicate key") {
            faults.error_hint("toml-syntax", places.of(span), message, "keep one of them");
        } else {
            faults.error("toml-syntax", places.of(span), message);
        }
    }
    let span = places.of(Span::from(root.span()));
    let reading = Reading { places: &places, faults };
    reading.table(root.get_ref(), span)
}

/// The first key with too many dots, if there is one.
fn deep_key(source: &str) -> Option<Span> {
    let (mut dots, mut start) = (0, 0);
    for token in toml_parser::Source::new(source).lex() {
        match token.kind() {
            TokenKind::Dot => dots += 1,
            TokenKind::Whitespace
            | TokenKind::Atom
            | TokenKind::BasicString
            | TokenKind::LiteralString => {}
            _ => (dots, start) = (0, token.span().end()),
        }
        if dots >= KEY_SEGMENTS_MAX {
            return Some(Span::new(start, token.span().end()));
        }
    }
    None
}

/// From places in the text to places in the file.
struct Places<'a> {
    lines: Vec<(usize, usize)>,
    origin: Origin<'a>,
}

impl<'a> Places<'a> {
    fn new(source: &str, origin: Origin<'a>) -> Self {
        let lines = match origin {
            Origin::File => Vec::new(),
            Origin::Fence(starts) => {
                let ends = source.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
                let begins = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
                begins.zip(starts.iter().copied()).collect()
            }
        };
        Self { lines, origin }
    }

    fn of(&self, span: Span) -> Span {
        match self.origin {
            Origin::File => span,
            Origin::Fence(_) => {
                let start = self.offset(span.start);
                Span::new(start, self.offset(span.end).max(start))
            }
        }
    }

    fn offset(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|&(begin, _)| begin <= at).saturating_sub(1);
        self.lines.get(line).map_or(at, |&(begin, in_file)| in_file + at - begin)
    }
}

struct Reading<'a> {
    places: &'a Places<'a>,
    faults: &'a Faults<'a>,
}

impl Reading<'_> {
    fn table(&self, table: &DeTable<'_>, span: Span) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| {
                let key_span = self.places.of(Span::from(key.span()));
                Entry {
                    key: self.text(key.get_ref(), key_span),
                    key_span,
                    value: self.value(value.get_ref(), self.places.of(Span::from(value.span()))),
                }
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Table { entries, span }
    }

    fn value(&self, value: &DeValue<'_>, span: Span) -> Value {
        let kind = match value {
            DeValue::String(text) => Kind::Text(self.text(text, span)),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Kind::Integer(number),
                    Err(_) => self.unusable(span, "this number is too large"),
                }
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Kind::Float(number + 0.0),
                _ => self.unusable(span, "numbers must be finite"),
            },
            DeValue::Boolean(truth) => Kind::Boolean(*truth),
            DeValue::Datetime(moment) => match (moment.date, moment.time) {
                (Some(date), None) => Date::new(i32::from(date.year), date.month, date.day)
                    .map_or_else(|| self.unusable(span, "there is no such day"), Kind::Date),
                _ => self.unusable(span, "a day without a time of day is meant here"),
            },
            DeValue::Array(values) => Kind::Array(
                values
                    .iter()
                    .map(|value| {
                        self.value(value.get_ref(), self.places.of(Span::from(value.span())))
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Kind::Table(self.table(table, span)),
        };
        Value { kind, span }
    }

    /// `text` as it may be shown, its lines ended by line feeds alone.
    fn text(&self, text: &str, span: Span) -> String {
        if let Some((_, found)) = sanitize::findings(text).first() {
            let message = format!("a text with the control character U+{:04X}", u32::from(*found));
            let hint = "take it out: it would be shown as a picture of itself";
            self.faults.error_hint("control-character", span, message, hint);
        }
        sanitize::text(text).into_owned()
    }

    fn unusable(&self, span: Span, message: &str) -> Kind {
        if !self.faults.is_wreck(span) {
            self.faults.error("out-of-range", span, message);
        }
        Kind::Unusable
    }
}

#[cfg(test)]
mod tests;
