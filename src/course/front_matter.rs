//! The block between two `---` lines at the first byte of a lesson: flat `key: value` lines.
//!
//! Only a block that looks like one is taken off, so that no text between two rules ever vanishes.

use super::toml_file::{At, Faults};
use crate::diagnostic::{Span, did_you_mean};

const KEYS: [&str; 4] = ["id", "title", "minutes", "requires"];

/// What a lesson says about itself before it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Where the lesson's text begins.
    pub(super) end: usize,
    pub(super) id: Option<At<String>>,
    pub(super) title: Option<At<String>>,
    pub(super) minutes: Option<At<u32>>,
    pub(super) requires: Option<Vec<At<String>>>,
}

/// A line of the block: where it begins, and its text without the line's end.
type Line<'a> = (usize, &'a str);

/// Reads the front matter of `source`; faults go to `faults`.
pub(super) fn read(source: &str, faults: &Faults<'_>) -> FrontMatter {
    let Some((lines, end)) = block(source) else { return FrontMatter::default() };
    let mut found = FrontMatter { end, ..FrontMatter::default() };
    let mut seen: Vec<&str> = Vec::new();
    for (at, line) in lines {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let Some((key, value)) = key_and_value(line) else {
            let span = Span::new(at, at + line.len());
            let hint = "write `key: value`, one a line";
            faults.error_hint("front-matter", span, "front matter is flat", hint);
            continue;
        };
        let key_span = Span::new(at, at + key.len());
        if seen.contains(&key) {
            faults.error("front-matter", key_span, format!("`{key}` is there twice"));
            continue;
        }
        seen.push(key);
        found.take((key, key_span), trimmed(value, at + line.len() - value.len()), faults);
    }
    found
}

impl FrontMatter {
    fn take(&mut self, (key, key_span): (&str, Span), value: At<&str>, faults: &Faults<'_>) {
        let text = unquoted(value);
        let owned = At { value: text.value.to_owned(), span: text.span };
        match key {
            "id" => self.id = Some(owned),
            "title" => self.title = Some(owned),
            "minutes" => match text.value.parse() {
                Ok(minutes @ 1..=600) => {
                    self.minutes = Some(At { value: minutes, span: text.span });
                }
                _ => faults.error("out-of-range", text.span, "`minutes` must be 1 to 600"),
            },
            "requires" => self.requires = Some(names(value)),
            _ => {
                let hint = did_you_mean(key, KEYS).map_or_else(
                    || "known here: `id`, `title`, `minutes`, `requires`".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                let message = format!("unknown key `{key}` in the front matter");
                faults.error_hint("unknown-key", key_span, message, hint);
            }
        }
    }
}

/// The lines of the block and where the text after it begins.
fn block(source: &str) -> Option<(Vec<Line<'_>>, usize)> {
    let mut lines = Vec::new();
    let mut at = 0;
    for (number, whole) in source.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let begin = at;
        at += whole.len();
        if number == 0 {
            if line.trim_end() != "---" {
                return None;
            }
        } else if line.trim_end() == "---" {
            let first = lines.iter().find(|(_, line): &&Line<'_>| !line.trim().is_empty());
            return first
                .is_none_or(|(_, line)| key_and_value(line).is_some())
                .then_some((lines, at))
                .filter(|(lines, _)| !lines.is_empty());
        } else if belongs(line) {
            lines.push((begin, line));
        } else {
            return None;
        }
    }
    None
}

/// Whether a line can stand in front matter, if only by mistake.
fn belongs(line: &str) -> bool {
    line.trim().is_empty()
        || line.starts_with([' ', '\t', '#'])
        || line.starts_with("- ")
        || key_and_value(line).is_some()
}

fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let apart = value.is_empty() || value.starts_with([' ', '\t']);
    (is_key && apart).then_some((key, value))
}

fn trimmed(value: &str, at: usize) -> At<&str> {
    let text = value.trim();
    let start = at + (value.len() - value.trim_start().len());
    At { value: text, span: Span::new(start, start + text.len()) }
}

fn unquoted(value: At<&str>) -> At<&str> {
    for quote in ['"', '\''] {
        let inside = value.value.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        if let Some(text) = inside {
            return At { value: text, span: Span::new(value.span.start + 1, value.span.end - 1) };
        }
    }
    value
}

/// `[a, b]` or `a, b`.
fn names(value: At<&str>) -> Vec<At<String>> {
    let opened = value.value.strip_prefix('[');
    let start = value.span.start + usize::from(opened.is_some());
    let text = opened.unwrap_or(value.value);
    let text = text.strip_suffix(']').unwrap_or(text);
    let mut at = start;
    let mut found = Vec::new();
    for piece in text.split(',') {
        let name = unquoted(trimmed(piece, at));
        at += piece.len() + 1;
        if !name.value.is_empty() {
            found.push(At { value: name.value.to_owned(), span: name.span });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Position;

    fn check(source: &str, body: &str, expected: &[&str]) -> FrontMatter {
        let faults = Faults::new("x.md");
        let found = read(source, &faults);
        assert_eq!(source.get(found.end..), Some(body), "{source}");
        let line = |fault: &crate::diagnostic::Diagnostic| {
            format!("{} {}", Position::of(source, fault.span.start), fault.message)
        };
        let lines: Vec<String> = faults.into_diagnostics().iter().map(line).collect();
        assert_eq!(lines, expected, "{source}");
        found
    }

    #[test]
    fn a_flat_block_is_read() {
        let source = "---\nid: cold\ntitle: \"Cold: starts\"\nminutes: 12\n# why\nrequires: [a, 'b']\n---\n# T\n";
        let found = check(source, "# T\n", &[]);
        let text = |at: &At<String>| {
            assert_eq!(source.get(at.span.start..at.span.end), Some(at.value.as_str()));
            at.value.clone()
        };
        assert_eq!(found.id.as_ref().map(text).as_deref(), Some("cold"));
        assert_eq!(found.title.as_ref().map(text).as_deref(), Some("Cold: starts"));
        assert_eq!(found.minutes.map(|at| at.value), Some(12));
        let names: Vec<String> = found.requires.iter().flatten().map(text).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn text_between_two_rules_never_vanishes() {
        for source in [
            "---\nSome text.\n\nMore text.\n---\nrest",
            "---\n\n---\n",
            "---\n---\n",
            "---\nid: x\n",
            "---\nid: x\nSo it was: text.\n---\n",
            "\n---\nid: x\n---\n",
            "--- \n- a list\n---\n",
        ] {
            let expected = if source == "---\n\n---\n" { "" } else { source };
            check(source, expected, &[]);
        }
    }

    #[test]
    fn faults_have_their_places() {
        check(
            "---\r\ntitel: x\r\nminutes: 0\r\nid: a\r\nid: b\r\ntags:\r\n  - x\r\n---\r\nrest",
            "rest",
            &[
                "2:1 unknown key `titel` in the front matter",
                "3:10 `minutes` must be 1 to 600",
                "5:1 `id` is there twice",
                "6:1 unknown key `tags` in the front matter",
                "7:1 front matter is flat",
            ],
        );
    }
}
