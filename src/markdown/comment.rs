//! Comments: the few that are commands, and those that were probably meant to be.

use crate::diagnostic::{Diagnostic, Span, edit_distance};
use crate::sanitize;

/// What a comment says to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comment {
    /// `<!-- alt: … -->`: the figure after it in words.
    Alt(String),
    /// `<!-- #id -->`: the objective's id.
    Id(String),
    /// `<!-- pause -->`, `<!-- speaker_note: … -->` and every comment that is none of ours.
    Silent,
    /// Nearly one of ours: what was probably meant.
    NearMiss(&'static str),
}

/// Reads the inside of `<!--` … `-->`.
pub(super) fn read(inside: &str) -> Comment {
    let inside = inside.trim();
    if let Some(id) = inside.strip_prefix('#') {
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        return match id {
            // `<!-- ### -->` and the like are drawings, not ids.
            "" => Comment::Silent,
            _ if id.starts_with('#') => Comment::Silent,
            _ if id.chars().all(valid) => Comment::Id(id.to_owned()),
            _ => Comment::NearMiss("#objective-id"),
        };
    }
    if inside == "pause" {
        return Comment::Silent;
    }
    if inside.starts_with("speaker_note:") {
        return Comment::Silent;
    }
    if let Some(alt) = inside.strip_prefix("alt:") {
        let words: Vec<&str> = alt.split_whitespace().collect();
        return Comment::Alt(sanitize::line(&words.join(" ")).into_owned());
    }
    near_miss(inside).map_or(Comment::Silent, Comment::NearMiss)
}

/// The command that `inside` is a slip away from.
fn near_miss(inside: &str) -> Option<&'static str> {
    let (head, has_colon) = match inside.split_once(':') {
        Some((head, _)) => (head.trim(), true),
        None => (inside, false),
    };
    if head.len() > 20 {
        let first = inside.split_whitespace().next()?;
        return (!has_colon && first == "speaker_note").then_some("speaker_note:");
    }
    let head = head.to_lowercase().replace(['-', ' '], "_");
    let close = |known: &str, slips: usize| edit_distance(&head, known) <= slips;
    if close("speaker_note", 2) {
        return Some("speaker_note:");
    }
    if close("pause", 1) && head != "cause" {
        return Some("pause");
    }
    let alt = if has_colon {
        matches!(head.as_str(), "alt" | "atl" | "lat" | "altt" | "alt_text")
    } else {
        head.split('_').next() == Some("alt")
    };
    alt.then_some("alt:")
}

/// The finding about a comment that nearly is a command.
pub(super) fn near_miss_diagnostic(meant: &str, span: Span) -> Diagnostic {
    let message = "this comment is nearly a command, so it is probably misspelled";
    Diagnostic::error("comment-near-miss", "", span, message)
        .hint(format!("write `<!-- {meant}{} -->`", if meant.ends_with(':') { " …" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        assert_eq!(read(" pause "), Comment::Silent);
        assert_eq!(read(" speaker_note: say\nthis "), Comment::Silent);
        assert_eq!(read(" alt: two\n   boxes "), Comment::Alt("two boxes".into()));
        assert_eq!(read(" #estimate-cold-share "), Comment::Id("estimate-cold-share".into()));
    }

    #[test]
    fn near_misses() {
        for (inside, meant) in [
            ("puase", "pause"),
            ("Pause", "pause"),
            ("pauses", "pause"),
            ("pause:", "pause"),
            ("Alt: boxes", "alt:"),
            ("alt boxes", "alt:"),
            ("alt-text: boxes", "alt:"),
            ("speaker-note: x", "speaker_note:"),
            ("speaker_notes: x", "speaker_note:"),
            ("Speaker note: x", "speaker_note:"),
            ("speaker_note x and a lot more text", "speaker_note:"),
            ("# id", "#objective-id"),
            ("#two words", "#objective-id"),
        ] {
            assert_eq!(read(inside), Comment::NearMiss(meant), "{inside}");
        }
    }

    #[test]
    fn other_comments_are_nobodys_business() {
        for inside in [
            "",
            "TODO: more",
            "also this",
            "all: x",
            "end_slide",
            "cause",
            "####",
            "paste it",
            "note: x",
        ] {
            assert_eq!(read(inside), Comment::Silent, "{inside}");
        }
    }
}
