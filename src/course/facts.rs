//! Dated facts: `assets/facts.toml`.

use super::Date;
use super::toml_file::{Faults, Fields, Origin, Table, line_of, parse};
use crate::diagnostic::{Diagnostic, Span};

/// One number of the world, and who says so, and when it was looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What lessons name: `lambda.timeout`.
    pub id: String,
    /// The spelling to use.
    pub value: String,
    /// Other spellings of the same.
    pub also: Vec<String>,
    /// The value as a number, in `unit`.
    pub number: Option<f64>,
    /// The unit of `number`.
    pub unit: Option<String>,
    /// The day it was checked.
    pub as_of: Date,
    /// Who says so.
    pub source: String,
    /// Where to read it.
    pub url: Option<String>,
    /// What kind of fact it is.
    pub kind: FactKind,
    /// How sure it is.
    pub status: Status,
    /// What else is to be said.
    pub note: Option<String>,
    /// Where it stands in the file.
    pub span: Span,
}

/// Kinds of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// A quota of a platform.
    Limit,
    /// What something costs.
    Price,
    /// How a platform acts.
    Behaviour,
    /// What somebody measured.
    Measurement,
    /// What happened: never stale.
    History,
}

impl FactKind {
    /// Their names in the file.
    const NAMES: [&'static str; 5] = ["limit", "price", "behaviour", "measurement", "history"];

    fn named(name: &str) -> Self {
        match name {
            "limit" => Self::Limit,
            "price" => Self::Price,
            "behaviour" => Self::Behaviour,
            "measurement" => Self::Measurement,
            _ => Self::History,
        }
    }
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Looked up at its origin.
    Verified,
    /// Told by somebody who is not its origin.
    Secondary,
    /// Sources contradict each other.
    Disputed,
}

impl Status {
    /// Their names in the file.
    const NAMES: [&'static str; 3] = ["verified", "secondary", "disputed"];

    fn named(name: &str) -> Self {
        match name {
            "verified" => Self::Verified,
            "secondary" => Self::Secondary,
            _ => Self::Disputed,
        }
    }
}

/// The days after which a fact that may change is stale.
pub(super) const STALE_DAYS: i64 = 180;

impl Fact {
    /// How sure it is and since when, as in "checked 2026-11-17".
    pub fn standing(&self) -> String {
        let status = match self.status {
            Status::Verified => "checked",
            Status::Secondary => "from a secondary source, seen",
            Status::Disputed => "disputed, last seen",
        };
        format!("{status} {}", self.as_of)
    }

    /// Whether it should be looked up again on the day `today`.
    pub fn is_stale(&self, today: Date) -> bool {
        self.kind != FactKind::History && today.days() - self.as_of.days() > STALE_DAYS
    }

    /// The spellings, the preferred one first.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.value).chain(&self.also).map(String::as_str)
    }

    /// Whether `text` holds one of the spellings, whatever the case and the kind of space.
    pub fn stands_in(&self, text: &str) -> bool {
        let text = loose(text);
        self.spellings().any(|spelling| holds(&text, &loose(spelling)))
    }
}

/// Lower case, with plain single spaces and plain minus signs.
fn loose(text: &str) -> String {
    let text = text.replace(['\u{2010}', '\u{2011}', '\u{2212}'], "-").to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `part` stands in `text` without cutting a number or a word: "5 s" not in "15 s".
fn holds(text: &str, part: &str) -> bool {
    !part.is_empty()
        && text.match_indices(part).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let mut after = text.get(at + part.len()..).unwrap_or_default().chars();
            let (next, second) = (after.next(), after.next());
            let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let digits_go_on = part.ends_with(|c: char| c.is_ascii_digit())
                && matches!(next, Some('.' | ','))
                && second.is_some_and(|c| c.is_ascii_digit());
            let digits_before =
                part.starts_with(|c: char| c.is_ascii_digit()) && matches!(before, Some('.' | ','));
            !joined(before) && !joined(next) && !digits_go_on && !digits_before
        })
}

/// The facts file, read.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) all: Vec<Fact>,
    /// The ids of those that have errors.
    broken: Vec<String>,
    pub(super) faults: Vec<Diagnostic>,
}

impl Facts {
    pub(super) fn read(file: &str, source: &str) -> Self {
        let faults = Faults::new(file);
        let root = parse(source, Origin::File, &faults);
        let fields = Fields::new(&root, &faults);
        fields.ignore("schema");
        let mut facts: Vec<Fact> = Vec::new();
        let mut broken = Vec::new();
        for table in fields.tables("facts") {
            let Some(fact) = fact(table, &faults) else {
                broken.extend(table.text("id").map(str::to_owned));
                continue;
            };
            if let Some(first) = facts.iter().find(|other| other.id == fact.id) {
                let what = format!("the fact `{}`", fact.id);
                faults.duplicate(fact.span, &what, line_of(source, first.span));
            } else {
                facts.push(fact);
            }
        }
        fields.finish();
        Self { all: facts, broken, faults: faults.into_diagnostics() }
    }

    /// Whether a fact of this id is there, with errors.
    pub(super) fn is_faulty(&self, id: &str) -> bool {
        self.broken.iter().any(|broken| broken == id)
    }
}

fn fact(table: &Table, faults: &Faults<'_>) -> Option<Fact> {
    let fields = Fields::new(table, faults);
    let text = |key| fields.text(key).map(|text| text.value.to_owned());
    let id = fields.required_text("id", "a fact");
    let value = fields.required_text("value", "a fact");
    let also = fields.texts("also").unwrap_or_default();
    let number = fields.number("number", f64::MIN..=f64::MAX).map(|number| number.value);
    fields.expect("as_of", "a fact", "write the day it was checked: `as_of = 2026-11-17`");
    let as_of = fields.date("as_of");
    let source = fields.required_text("source", "a fact");
    fields.expect(
        "kind",
        "a fact",
        "write `kind = \"limit\"`, price, behaviour, measurement or history",
    );
    let kind = fields.one_of("kind", &FactKind::NAMES);
    fields.expect("status", "a fact", "write `status = \"verified\"`, secondary or disputed");
    let status = fields.one_of("status", &Status::NAMES);
    let (unit, url, note) = (text("unit"), text("url"), text("note"));
    if let Some(url) = fields.text("url")
        && !url.value.starts_with("https://")
        && !url.value.starts_with("http://")
    {
        faults.error("bad-url", url.span, "`url` must begin with https:// or http://");
    }
    fields.finish();
    let id = id?;
    Some(Fact {
        id: id.value.to_owned(),
        value: value?.value.to_owned(),
        also: also.iter().map(|text| text.value.to_owned()).collect(),
        number,
        unit,
        as_of: as_of?.value,
        source: source?.value.to_owned(),
        url,
        kind: FactKind::named(kind?),
        status: Status::named(status?),
        note,
        span: id.span,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_whole_in_the_words() {
        let fact = Facts::read(
            "f",
            "[[facts]]\nid='a'\nvalue='15 minutes'\nalso=['900 s','$0.20']\nas_of=2026-01-01\n\
             source='s'\nkind='limit'\nstatus='verified'",
        );
        assert_eq!(fact.faults, []);
        let fact = &fact.all[0];
        for text in ["at most 15\u{a0}minutes", "15 Minutes.", "(900 s)", "for $0.20, or"] {
            assert!(fact.stands_in(text), "{text}");
        }
        for text in ["115 minutes", "1,900 s", "$0.205", "900 seconds", ""] {
            assert!(!fact.stands_in(text), "{text}");
        }
        assert!(!fact.is_stale("2026-06-30".parse().unwrap()));
        assert!(fact.is_stale("2026-07-01".parse().unwrap()));
    }
}
