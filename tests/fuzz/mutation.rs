//! Changes to files that know where keys, values and lines are: most of what comes out still
//! reads, and is wrong in one place.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::hostile;

/// One change at one place.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    at: Index,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// Another value behind a key.
    Value(String),
    /// A value so many arrays deep.
    Deeper(usize),
    /// Another key.
    Key(String),
    /// A key and its value are gone.
    DropEntry,
    /// A key and its value stand twice.
    RepeatEntry,
    DropLine,
    RepeatLine(usize),
    MoveLine(Index),
    Insert(String),
    Delete(usize),
    Cut,
    /// All line ends are `\r\n`.
    Windows,
    /// A mark of byte order comes first.
    Marked,
}

/// Values that are wrong in most places.
const VALUES: &[&str] = &[
    "inf",
    "-inf",
    "nan",
    "-nan",
    "-0.0",
    "0",
    "-1",
    "1",
    "2",
    "500",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1e308",
    "-1e308",
    "1e-320",
    "1e999",
    "0x7fffffffffffffff",
    "true",
    "false",
    "\"\"",
    "\" \"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[[], {}, 1, \"a\"]",
    "{ a = 1 }",
    "1979-05-27",
    "1979-05-27T07:32:00Z",
    "9999-12-31",
    "0000-01-01",
    "07:32:00",
    "\"\\u001b[31m\"",
    "\"\\u202e\"",
    "\"\\u0000\"",
    "\"\"\"\n\n\"\"\"",
    "[\"a\", \"a\"]",
    "[\"a\", 1]",
    "[1, 2, 3]",
    "[3, 2, 1, 0, -1, 99]",
    "\"{rate}\"",
    "\"{\"",
    "\"1/0\"",
    "\"1e308 * 10\"",
    "\"rate * rate\"",
    "\"{{1}}\"",
    "\"{{99}} {{0}} {{1}} {{1}}\"",
    "\"{{\"",
    "\"../../../etc/passwd\"",
    "\"/etc/passwd\"",
    "\"a/../../b\"",
    "\"lesson#x\"",
    "\"#\"",
    "\"a#b#c\"",
    "\"\\\\\"",
    "'",
    "\"",
    "\"\"\"",
    "'''",
    "[",
    "{",
    "]",
    "}",
    "#",
    "=",
    "\"single\"",
    "\"multiple\"",
    "\"numeric\"",
    "\"short\"",
    "\"order\"",
    "\"match\"",
    "\"cloze\"",
    "\"sort\"",
    "\"predict\"",
    "\"MultipleChoice\"",
    "\"ShortAnswer\"",
    "\"Tracing\"",
    "[[\"a\"], [\"b\", \"c\"]]",
    "[[], []]",
    "[\"\"]",
    "{ rate = [1, 2] }",
    "{ rate = [] }",
    "{ rate = [nan] }",
    "{ rate = [1e308, -1e308] }",
    "{ \"\" = [1] }",
    "[{ text = \"a\", correct = true, feedback = \"b\" }]",
    "[{ value = 1, feedback = \"b\" }]",
    "[{ pair = [0, 9], feedback = \"\" }]",
    "\"dark\"",
    "\"light\"",
    "\"#82bfdc\"",
    "\"#xyz\"",
    "\"red\"",
    "\"ctrl-c\"",
    "[\"ctrl-c\", \"q\"]",
    "[\"hyper-x\"]",
];

/// Keys of all the files that authors and learners write, and some of none.
const KEYS: &[&str] = &[
    "schema",
    "id",
    "title",
    "pass",
    "confidence",
    "draw",
    "from",
    "rev",
    "type",
    "objective",
    "prompt",
    "hints",
    "choices",
    "text",
    "correct",
    "feedback",
    "misconception",
    "explain",
    "source",
    "shuffle",
    "answer",
    "unit",
    "tolerance_abs",
    "tolerance_pct",
    "wrong",
    "value",
    "accept",
    "case_sensitive",
    "near",
    "match",
    "items",
    "swaps",
    "pair",
    "left",
    "right",
    "blanks",
    "bins",
    "bin",
    "scenario",
    "set",
    "metric",
    "params",
    "questions",
    "file",
    "minutes",
    "requires",
    "language",
    "license",
    "parts",
    "lessons",
    "lint",
    "style",
    "also",
    "number",
    "as_of",
    "url",
    "kind",
    "status",
    "note",
    "term",
    "short",
    "see",
    "name",
    "refutation",
    "extends",
    "colors",
    "roles",
    "marks",
    "fg",
    "bg",
    "bold",
    "keys",
    "context",
    "action",
    "help",
    "hint",
    "prompt.prompt",
    "answer.answer",
    "prompt.distractors",
    "context",
    "a.b.c.d",
    "\"\"",
    "''",
    "\"quoted key\"",
    "é",
    "titel",
    "[x]",
    "[[x]]",
    "",
];

/// Some changes.
pub(crate) fn mutations(count: Range<usize>) -> impl Strategy<Value = Vec<Mutation>> {
    let value = prop_oneof![
        12 => proptest::sample::select(VALUES).prop_map(str::to_owned),
        2 => (-9i64..1000).prop_map(|number| number.to_string()),
        2 => any::<f64>().prop_map(|number| format!("{number:?}")),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        3 => hostile::text(0..6).prop_map(|text| format!("{text:?}").replace("\\0", "\\u0000").replace("\\u{", "u{")),
        1 => hostile::text(0..6),
        1 => (1usize..3000).prop_map(|times| format!("\"{}\"", "long ".repeat(times))),
        1 => (1usize..600).prop_map(|times| format!("[{}]", "\"a\",".repeat(times))),
        1 => (1usize..30).prop_map(|times| format!("[{}]", "{ text = \"a\", feedback = \"b\" },".repeat(times))),
    ];
    let change = prop_oneof![
        10 => value.prop_map(Change::Value),
        1 => prop_oneof![1usize..5, 50usize..300].prop_map(Change::Deeper),
        4 => proptest::sample::select(KEYS).prop_map(|key| Change::Key(key.to_owned())),
        4 => Just(Change::DropEntry),
        2 => Just(Change::RepeatEntry),
        2 => Just(Change::DropLine),
        1 => (1usize..40).prop_map(Change::RepeatLine),
        2 => any::<Index>().prop_map(Change::MoveLine),
        3 => hostile::text(1..4).prop_map(Change::Insert),
        2 => (1usize..30).prop_map(Change::Delete),
        1 => Just(Change::Cut),
        1 => Just(Change::Windows),
        1 => Just(Change::Marked),
    ];
    let one = (any::<Index>(), change).prop_map(|(at, change)| Mutation { at, change });
    proptest::collection::vec(one, count)
}

/// `source` with these changes, one after the other.
pub(crate) fn mutated(source: &str, mutations: &[Mutation]) -> String {
    mutations.iter().fold(source.to_owned(), |source, mutation| mutation.applied(&source))
}

impl Mutation {
    fn applied(&self, source: &str) -> String {
        match &self.change {
            Change::Value(value) => {
                self.entry(source, |_, entry| format!("{} = {value}", &source[entry.key]))
            }
            Change::Deeper(depth) => self.entry(source, |_, entry| {
                let (open, close) = ("[".repeat(*depth), "]".repeat(*depth));
                format!("{} = {open}{}{close}", &source[entry.key], &source[entry.value])
            }),
            Change::Key(key) => {
                self.entry(source, |_, entry| format!("{key} = {}", &source[entry.value]))
            }
            Change::DropEntry => self.entry(source, |_, _| String::new()),
            Change::RepeatEntry => self.entry(source, |whole, _| {
                let separator = if whole.contains('\n') { "\n" } else { ", " };
                format!("{whole}{separator}{whole}")
            }),
            Change::DropLine => self.line(source, |_| Vec::new()),
            Change::RepeatLine(times) => self.line(source, |line| vec![line; *times]),
            Change::MoveLine(to) => self.moved_line(source, to),
            Change::Insert(text) => {
                let at = self.boundary(source);
                format!("{}{text}{}", &source[..at], &source[at..])
            }
            Change::Delete(bytes) => {
                let at = self.boundary(source);
                let end = source.ceil_char_boundary((at + bytes).min(source.len()));
                format!("{}{}", &source[..at], &source[end..])
            }
            Change::Cut => source[..self.boundary(source)].to_owned(),
            Change::Windows => source.replace('\n', "\r\n"),
            Change::Marked => format!("\u{feff}{source}"),
        }
    }

    fn boundary(&self, source: &str) -> usize {
        source.floor_char_boundary(self.at.index(source.len() + 1))
    }

    fn entry(&self, source: &str, change: impl FnOnce(&str, Entry) -> String) -> String {
        let entries = entries(source);
        if entries.is_empty() {
            return source.to_owned();
        }
        let entry = self.at.get(&entries).clone();
        let whole = entry.key.start..entry.value.end;
        let changed = change(&source[whole.clone()], entry);
        format!("{}{changed}{}", &source[..whole.start], &source[whole.end..])
    }

    fn line(&self, source: &str, change: impl FnOnce(&str) -> Vec<&str>) -> String {
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        if lines.is_empty() {
            return String::new();
        }
        let at = self.at.index(lines.len());
        [lines[..at].concat(), change(lines[at]).concat(), lines[at + 1..].concat()].concat()
    }

    fn moved_line(&self, source: &str, to: &Index) -> String {
        let mut lines: Vec<&str> = source.split_inclusive('\n').collect();
        if lines.is_empty() {
            return String::new();
        }
        let line = lines.remove(self.at.index(lines.len()));
        lines.insert(to.index(lines.len() + 1), line);
        lines.concat()
    }
}

/// A key and its value, inline tables' too.
#[derive(Clone, Debug)]
struct Entry {
    key: Range<usize>,
    value: Range<usize>,
}

/// The entries of a text that is TOML more or less.
fn entries(source: &str) -> Vec<Entry> {
    let bytes = source.as_bytes();
    let is_key =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"');
    let mut found = Vec::new();
    for (equals, _) in source.match_indices(" = ") {
        let start = bytes[..equals].iter().rposition(|&byte| !is_key(byte)).map_or(0, |at| at + 1);
        let value = equals + 3..value_end(source, equals + 3);
        if start < equals && source.is_char_boundary(start) {
            found.push(Entry { key: start..equals, value });
        }
    }
    found
}

/// Where the value that begins at `start` ends.
fn value_end(source: &str, start: usize) -> usize {
    let rest = &source[start..];
    if let Some(text) = rest.strip_prefix("\"\"\"") {
        return text.find("\"\"\"").map_or(source.len(), |at| start + at + 6);
    }
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '{' => depth += 1,
            ']' | '}' if depth > 0 => depth -= 1,
            ']' | '}' => return start + at,
            ',' | '\n' if depth == 0 => return start + at,
            _ => {}
        }
    }
    source.len()
}

#[test]
fn keys_and_values_are_found() {
    let source = "a = 1\nb = [\n { c = \"x, y\", d = 2 },\n]\ne = \"\"\"\nz\n\"\"\"\n";
    let found: Vec<(&str, &str)> = entries(source)
        .into_iter()
        .map(|entry| (&source[entry.key], &source[entry.value]))
        .collect();
    let array = "[\n { c = \"x, y\", d = 2 },\n]";
    assert_eq!(
        found,
        [("a", "1"), ("b", array), ("c", "\"x, y\""), ("d", "2 "), ("e", "\"\"\"\nz\n\"\"\"")]
    );
}
