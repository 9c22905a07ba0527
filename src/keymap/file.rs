//! The keymap file: total, every fault with its place.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as NameError;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Action, Binding, Chord, Context};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::sanitize;

/// Reads a keymap file. With `base` it is a learner's file: its entries replace the keys of the
/// base's. Without, it is the default file, which gives help too.
pub(super) fn read(
    file: &str,
    source: &str,
    base: Option<&[Binding]>,
) -> (Vec<Binding>, Vec<Diagnostic>) {
    let mut reader = Reader { file, base, bindings: Vec::new(), diagnostics: Vec::new() };
    match DeTable::parse(source) {
        Ok(table) => reader.contexts(table.get_ref()),
        Err(error) => {
            let span = error.span().map_or_else(Span::default, Span::from);
            reader.error("keymap-syntax", span, error.message().to_owned());
        }
    }
    let Reader { bindings, mut diagnostics, .. } = reader;
    let changes = without_conflicts(file, base.unwrap_or(&[]), bindings, &mut diagnostics);
    let mut all = base.map_or_else(Vec::new, <[Binding]>::to_vec);
    for Change { binding, .. } in changes {
        match all.iter_mut().find(|b| (b.context, b.action) == (binding.context, binding.action)) {
            Some(old) => old.chords = binding.chords,
            None => all.push(binding),
        }
    }
    // They quote the file.
    for diagnostic in &mut diagnostics {
        diagnostic.message = sanitize::line(&diagnostic.message).into_owned();
    }
    (all, diagnostics)
}

/// An entry of the file and where its keys stand.
struct Change {
    binding: Binding,
    span: Span,
}

struct Reader<'a> {
    file: &'a str,
    base: Option<&'a [Binding]>,
    bindings: Vec<Change>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: String) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(code, self.file, span, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn contexts(&mut self, table: &DeTable<'_>) {
        for (name, value) in in_order(table) {
            let span = Span::from(name.span());
            let Ok(context) = context(name.get_ref()) else {
                let known = self.base.unwrap_or(&[]).iter().map(|b| name_of(b.context));
                let known: Vec<String> = known.collect();
                let meant = did_you_mean(name.get_ref(), known.iter().map(String::as_str));
                let hint = meant.map(|meant| format!("did you mean `{meant}`?"));
                self.error(
                    "unknown-place",
                    span,
                    format!("no place is named `{name}`", name = name.get_ref()),
                )
                .hint = hint;
                continue;
            };
            if let DeValue::Table(entries) = value.get_ref() {
                self.entries(context, entries);
            } else {
                let message = format!("`{}` must be a table of actions", name.get_ref());
                self.error("keymap-shape", span, message);
            }
        }
    }

    fn entries(&mut self, context: Context, entries: &DeTable<'_>) {
        for (name, value) in in_order(entries) {
            let span = Span::from(name.span());
            let known = action(name.get_ref()).ok().filter(|&action| {
                self.base.is_none_or(|base| {
                    base.iter().any(|b| (b.context, b.action) == (context, action))
                })
            });
            let Some(action) = known else {
                self.unknown_action(context, name.get_ref(), span);
                continue;
            };
            let Some((keys, help, hint)) = self.parts(value) else { continue };
            let chords = self.chords(keys);
            let binding = Binding { context, action, chords, help, hint };
            self.bindings.push(Change { binding, span: Span::from(keys.span()) });
        }
    }

    fn unknown_action(&mut self, context: Context, name: &str, span: Span) {
        let here = self.base.unwrap_or(&[]).iter().filter(|b| b.context == context);
        let names: Vec<String> = here.map(|b| action_name(b.action)).collect();
        let hint = did_you_mean(name, names.iter().map(String::as_str))
            .map(|meant| format!("did you mean `{meant}`?"));
        let message = format!("`{}` has no action `{name}`", name_of(context));
        self.error("unknown-action", span, message).hint = hint;
    }

    /// The keys, the help and the hint of an entry: a bare array, or a table.
    fn parts<'v>(
        &mut self,
        value: &'v Spanned<DeValue<'v>>,
    ) -> Option<(&'v Spanned<DeValue<'v>>, String, Option<String>)> {
        let table = match value.get_ref() {
            DeValue::Array(_) => return Some((value, String::new(), None)),
            DeValue::Table(table) => table,
            _ => {
                let message = "keys are written as `[\"j\", \"down\"]`".to_owned();
                self.error("keymap-shape", value.span().into(), message);
                return None;
            }
        };
        for (key, _) in in_order(table) {
            if !["keys", "help", "hint"].contains(&key.get_ref().as_ref()) {
                let message = format!("unknown key `{}`", key.get_ref());
                self.error("keymap-shape", key.span().into(), message);
            }
        }
        let Some(keys) = table.get("keys") else {
            self.error("keymap-shape", value.span().into(), "`keys` is missing".to_owned());
            return None;
        };
        let text = |name| table.get(name).and_then(|v| v.get_ref().as_str()).map(str::to_owned);
        Some((keys, text("help").unwrap_or_default(), text("hint")))
    }

    fn chords(&mut self, keys: &Spanned<DeValue<'_>>) -> Vec<Chord> {
        let DeValue::Array(array) = keys.get_ref() else {
            let message = "keys are written as `[\"j\", \"down\"]`".to_owned();
            self.error("keymap-shape", keys.span().into(), message);
            return Vec::new();
        };
        let mut chords = Vec::new();
        for key in array {
            let span = Span::from(key.span());
            match key.get_ref().as_str().map(str::parse::<Chord>) {
                Some(Ok(chord)) => chords.push(chord),
                Some(Err(message)) => {
                    self.error("unknown-key", span, message);
                }
                None => {
                    self.error("unknown-key", span, "a key is a text in quotes".to_owned());
                }
            }
        }
        chords
    }
}

/// The changes that give each chord one meaning in each place; the others are reported. A key
/// that the file itself takes away from an action is free.
fn without_conflicts(
    file: &str,
    base: &[Binding],
    changes: Vec<Change>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Change> {
    let named: Vec<(Context, Action)> =
        changes.iter().map(|c| (c.binding.context, c.binding.action)).collect();
    let mut taken: BTreeMap<(Context, Chord), Action> = base
        .iter()
        .filter(|b| !named.contains(&(b.context, b.action)))
        .flat_map(|b| b.chords.iter().map(|&chord| ((b.context, chord), b.action)))
        .collect();
    let mut kept = Vec::new();
    for change in changes {
        let Binding { context, action, chords, .. } = &change.binding;
        let clash = chords.iter().find_map(|&chord| {
            clashes(&taken, *context, chord).map(|(place, other)| (chord, place, other))
        });
        if let Some((chord, place, other)) = clash {
            let message = format!(
                "`{chord}` for `{}` is already `{}` in `{}`",
                action_name(*action),
                action_name(other),
                name_of(place)
            );
            let hint = "give the other action other keys in this file, or choose another key";
            diagnostics
                .push(Diagnostic::error("key-conflict", file, change.span, message).hint(hint));
            continue;
        }
        taken.extend(chords.iter().map(|&chord| ((*context, chord), *action)));
        kept.push(change);
    }
    kept
}

/// What the chord already means in a place that the context reaches, or that reaches it.
fn clashes(
    taken: &BTreeMap<(Context, Chord), Action>,
    context: Context,
    chord: Chord,
) -> Option<(Context, Action)> {
    taken
        .iter()
        .find(|&(&(place, other), _)| {
            other == chord && (reaches(context, place, chord) || reaches(place, context, chord))
        })
        .map(|(&(place, _), &action)| (place, action))
}

/// Whether the chord, pressed in `from`, must mean what it means in `to`: the same place, or the
/// one around all. A field of text, and a kind of question, take over keys of the place that they
/// are a kind of on purpose.
fn reaches(from: Context, to: Context, chord: Chord) -> bool {
    let mut place = from;
    loop {
        if place == to {
            return from == to || to == Context::Everywhere;
        }
        match place.outer() {
            Some(outer) if place.passes(chord) => place = outer,
            _ => return false,
        }
    }
}

/// Entries in the order of the file, which a sorted table does not keep.
fn in_order<'t, 'a>(
    table: &'t DeTable<'a>,
) -> Vec<(&'t Spanned<std::borrow::Cow<'a, str>>, &'t Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn context(name: &str) -> Result<Context, NameError> {
    Context::deserialize(IntoDeserializer::<NameError>::into_deserializer(name))
}

fn action(name: &str) -> Result<Action, NameError> {
    Action::deserialize(IntoDeserializer::<NameError>::into_deserializer(name))
}

fn name_of(context: Context) -> String {
    kebab(&format!("{context:?}"))
}

fn action_name(action: Action) -> String {
    kebab(&format!("{action:?}"))
}

/// `HalfPageDown` to `half-page-down`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use crate::keymap::{Action, Chord, Context, Keymap};

    /// What is said about the learner's file, one line a finding: `line:column code message`.
    fn findings(source: &str) -> String {
        let (_, diagnostics) = Keymap::default().with_file("keymap.toml", source);
        let line = |d: &crate::diagnostic::Diagnostic| {
            let place = crate::diagnostic::Position::of(source, d.span.start);
            format!("{place} {} {}\n", d.code, d.message)
        };
        diagnostics.iter().map(line).collect()
    }

    #[test]
    fn a_learner_changes_keys() {
        let (keymap, diagnostics) =
            Keymap::default().with_file("k", "[lesson]\ndown = [\"w\", \"down\"]\n");
        assert_eq!(diagnostics, []);
        assert_eq!(keymap.action(Context::Lesson, Chord::char('w')), Some(Action::Down));
        assert_eq!(keymap.action(Context::Lesson, Chord::char('j')), None);
        assert_eq!(keymap.action(Context::Lesson, Chord::char('k')), Some(Action::Up));
    }

    #[test]
    fn keys_can_be_swapped() {
        assert_eq!(findings("[lesson]\ndown = [\"k\"]\nup = [\"j\"]\n"), "");
    }

    #[test]
    fn what_is_said_of_a_fault_is_one_line() {
        let (_, found) =
            Keymap::default().with_file("k.toml", "[lesson]\ndown = [\"\\nx\\u001b\"]\n");
        let messages: Vec<&str> = found.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages, ["` x␛` is not a key"]);
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let source =
            "[lesson]\nupp = [\"w\"]\ndown = [\"ctrl-shift-nope\"]\n[lessen]\n[contents]\nup = 3\n";
        assert_eq!(
            findings(source),
            "2:1 unknown-action `lesson` has no action `upp`\n\
             3:9 unknown-key `ctrl-shift-nope` is not a key\n\
             4:2 unknown-place no place is named `lessen`\n\
             6:6 keymap-shape keys are written as `[\"j\", \"down\"]`\n"
        );
        assert!(findings("[lesson").contains("keymap-syntax"));
    }

    #[test]
    fn one_key_with_two_meanings_is_an_error_and_changes_nothing() {
        assert_eq!(
            findings("[lesson]\ndown = [\"o\"]\n"),
            "2:8 key-conflict `o` for `down` is already `outline` in `lesson`\n"
        );
        assert_eq!(
            findings("[everywhere]\nsearch = [\"j\"]\n"),
            "2:10 key-conflict `j` for `search` is already `down` in `contents`\n"
        );
        let (keymap, _) = Keymap::default().with_file("k", "[lesson]\ndown = [\"o\"]\n");
        assert_eq!(keymap, Keymap::default());
    }
}
