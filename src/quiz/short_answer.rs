//! `short`: a word or a few.

use super::{Feedback, Verdict};

/// The text asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortAnswer {
    /// Every text that is right.
    pub accept: Vec<String>,
    /// Whether capitals matter.
    pub case_sensitive: bool,
    /// Diagnosed wrong texts.
    pub near: Vec<Near>,
}

/// Wrong texts that call for the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The texts.
    pub texts: Vec<String>,
    /// What is said.
    pub feedback: String,
}

impl ShortAnswer {
    pub(crate) fn grade(&self, text: &str) -> Verdict {
        let right = matches(&self.accept, text, self.case_sensitive);
        let near = self.near.iter().find(|near| matches(&near.texts, text, self.case_sensitive));
        let near = near.filter(|_| !right);
        let feedback = near.map(|near| Feedback::new(text.trim(), false, &near.feedback));
        Verdict::share(usize::from(right), 1, feedback.into_iter().collect())
    }
}

/// Whether `text` is one of `accepted` as people compare texts: spaces, hyphens, quotation marks
/// and punctuation at the ends do not matter, nor do capitals unless `case_sensitive`.
pub(crate) fn matches(accepted: &[String], text: &str, case_sensitive: bool) -> bool {
    let text = fold(text, case_sensitive);
    !text.is_empty() && accepted.iter().any(|accepted| fold(accepted, case_sensitive) == text)
}

/// `text` without what does not matter. Text that is nothing but punctuation keeps it: `+` can be
/// an answer.
fn fold(text: &str, case_sensitive: bool) -> String {
    let plain: String = text.chars().map(plain_character).collect();
    let mut words = Vec::new();
    for word in plain.split_whitespace() {
        let word = word
            .trim_matches(|c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | '`'));
        words.extend(word.split('-').filter(|part| !part.is_empty()));
    }
    let mut folded = words.join(" ");
    if folded.is_empty() {
        folded = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    if case_sensitive { folded } else { folded.to_lowercase() }
}

/// Typographic signs as their plain ones.
fn plain_character(c: char) -> char {
    match c {
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' | '«' | '»' | '″' => '"',
        '…' => '.',
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        matches(&[a.to_owned()], b, false)
    }

    #[test]
    fn what_does_not_matter_is_folded() {
        for typed in ["cold start", "Cold  Start", "cold-start.", " `cold start` ", "“Cold‑start”!"]
        {
            assert!(same("cold start", typed), "{typed}");
        }
        for typed in ["cold", "coldstart", "", " ", "."] {
            assert!(!same("cold start", typed), "{typed}");
        }
    }

    #[test]
    fn signs_alone_stay() {
        assert!(same("+", "+"));
        assert!(!same("+", "-"));
        assert!(!same("!", "?"));
        assert!(same("don't", "don’t"));
    }

    #[test]
    fn capitals_matter_when_asked() {
        assert!(!matches(&["GiB".to_owned()], "gib", true));
        assert!(matches(&["GiB".to_owned()], "GiB", true));
    }
}
