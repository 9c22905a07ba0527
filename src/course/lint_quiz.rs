//! What makes a question worse than it could be, as warnings with places.

use super::toml_file::{Faults, Fields, Table};
use crate::diagnostic::Span;
use crate::quiz::{Question, QuestionKind};

/// A correct choice this much longer than the longest other one gives itself away.
const LONGER_FACTOR: f64 = 1.5;
/// … and by this many characters.
const LONGER_CHARACTERS: usize = 15;

/// Warns about `question`, which was read from `table`.
pub(crate) fn lint(question: &Question, table: &Table, faults: &Faults<'_>) {
    // A reader of its own: it never reports unknown keys, the question's own has done so.
    let quiet = Faults::new(faults.file());
    let fields = Fields::new(table, &quiet);
    let prompt = fields.entry("prompt").map_or(table.span, |entry| entry.value.span);
    if question.objective.is_none() {
        let message = "a question without an objective";
        let hint = "name what it measures: `objective = \"…\"`, an id of the lesson's objectives";
        faults.warning_hint("no-objective", question.places.id, message, hint);
    }
    if let Some(word) = negative_stem(&question.prompt) {
        let message = format!("the question asks for what is {word}");
        let hint = "ask for what holds: readers overlook a negation";
        faults.warning_hint("negative-stem", prompt, message, hint);
    }
    if let QuestionKind::Choice(choices) = &question.kind {
        let tables = fields.tables("choices");
        let span = |index: usize| tables.get(index).map_or(table.span, |table| text_span(table));
        for (index, choice) in choices.choices.iter().enumerate() {
            if let Some(phrase) = of_the_above(&choice.text) {
                let message = format!("\"{phrase}\" as a choice");
                let hint = "choices are shuffled and each should stand for an idea of its own; \
                            use `type = \"multiple\"`";
                faults.warning_hint("of-the-above", span(index), message, hint);
            }
        }
        let texts = choices.choices.iter().map(|choice| (choice.text.as_str(), choice.correct));
        if let Some(index) = gives_itself_away(&texts.collect::<Vec<_>>()) {
            let message = "the correct choice is conspicuously longer than the others";
            let hint = "shorten it, or give the others as much detail";
            faults.warning_hint("longest-is-correct", span(index), message, hint);
        }
    }
}

fn text_span(table: &Table) -> Span {
    table.get("text").map_or(table.span, |value| value.span)
}

/// The negation in the question of `prompt`: "which … is not …?", "all of these except …".
fn negative_stem(prompt: &str) -> Option<&'static str> {
    let shouted = |word: &str| {
        let mut words = prompt.split(|c: char| !c.is_alphanumeric());
        words.any(|other| other == word)
    };
    if shouted("NOT") {
        return Some("not so");
    }
    if shouted("EXCEPT") {
        return Some("the exception");
    }
    let asks =
        prompt.split_inclusive(['.', '?', '!', '\n', ':']).filter(|part| part.ends_with('?'));
    for sentence in asks {
        let lower = sentence.to_lowercase().replace('’', "'");
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|w| !w.is_empty())
            .collect();
        let which = words.iter().position(|word| *word == "which");
        let Some(rest) = which.and_then(|at| words.get(at..)) else { continue };
        if rest.iter().any(|w| {
            matches!(*w, "not" | "isn't" | "aren't" | "doesn't" | "don't" | "cannot" | "can't")
        }) {
            return Some("not so");
        }
        if rest.iter().any(|word| matches!(*word, "except" | "false" | "incorrect" | "untrue")) {
            return Some("false");
        }
    }
    None
}

/// The phrase that leans on the order of choices.
fn of_the_above(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    [
        "all of the above",
        "none of the above",
        "both of the above",
        "all the above",
        "all of these",
        "none of these",
        "both a and b",
    ]
    .into_iter()
    .find(|phrase| lower.contains(phrase))
}

/// The one correct choice that is much longer than every other.
fn gives_itself_away(choices: &[(&str, bool)]) -> Option<usize> {
    let length = |text: &str| text.chars().count();
    let mut correct = choices.iter().enumerate().filter(|(_, (_, correct))| *correct);
    let (index, (text, _)) = correct.next()?;
    if correct.next().is_some() {
        return None;
    }
    let others =
        choices.iter().filter(|(_, correct)| !correct).map(|(text, _)| length(text)).max()?;
    #[expect(clippy::cast_precision_loss, reason = "texts of some hundred characters")]
    let longer = length(text) as f64 > others as f64 * LONGER_FACTOR;
    (longer && length(text) >= others + LONGER_CHARACTERS).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_that_ask_for_the_opposite_are_found() {
        for prompt in [
            "Which of these is NOT a trait?",
            "Which statement is not true?",
            "All of these scale EXCEPT",
            "Read on. Which one isn’t billed?",
            "Which of these is false?",
        ] {
            assert!(negative_stem(prompt).is_some(), "{prompt}");
        }
        for prompt in [
            "It does not scale. Which limit was hit?",
            "Which limit was hit? It does not scale.",
            "Why is the second request not cold?",
            "Which notes fit?",
        ] {
            assert_eq!(negative_stem(prompt), None, "{prompt}");
        }
    }

    #[test]
    fn the_only_long_choice_gives_itself_away() {
        let long = "Because the environment was frozen and its clock stood still";
        assert_eq!(gives_itself_away(&[("No reason", false), (long, true)]), Some(1));
        assert_eq!(gives_itself_away(&[("No reason", true), (long, false)]), None);
        assert_eq!(gives_itself_away(&[(long, true), (long, false)]), None);
        assert_eq!(gives_itself_away(&[("No", false), ("Certainly", true)]), None);
        assert_eq!(gives_itself_away(&[("No", false), (long, true), (long, true)]), None);
    }
}
