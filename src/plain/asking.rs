//! Questions and verdicts as lines.

use std::collections::BTreeSet;

use crate::course::Course;
use crate::markdown::parse;
use crate::quiz::line::{prompt_line, response_lines};
use crate::quiz::shown::letter;
use crate::quiz::sitting::{Asked, Outcome};
use crate::quiz::{Feedback, QuestionKind, Response, Verdict, VerdictKind};

use super::text::Speaker;

/// The stem and its parts, without the line that says what to type.
pub(crate) fn question(speaker: &mut Speaker, asked: &Asked) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &parse(&with_blanks(asked)).blocks {
        lines.extend(speaker.block(block));
    }
    let shown = &asked.shown;
    let lettered = |speaker: &mut Speaker, lines: &mut Vec<String>, texts: &[&str]| {
        for (place, text) in texts.iter().enumerate() {
            lines.extend(speaker.short(text, &format!("{}) ", letter(place)), 2));
        }
    };
    let numbered = |speaker: &mut Speaker, lines: &mut Vec<String>, texts: &[&str]| {
        for (place, text) in texts.iter().enumerate() {
            lines.extend(speaker.short(text, &format!("{}) ", place + 1), 2));
        }
    };
    match &asked.question.kind {
        QuestionKind::Choice(kind) => {
            let texts = |&item: &usize| kind.choices.get(item).map(|choice| choice.text.as_str());
            let texts: Vec<&str> = shown.items.iter().filter_map(texts).collect();
            lettered(speaker, &mut lines, &texts);
        }
        QuestionKind::Order(kind) => {
            numbered(speaker, &mut lines, &in_order(&kind.items, &shown.items));
        }
        QuestionKind::Match(kind) => {
            numbered(speaker, &mut lines, &in_order(&kind.left, &shown.items));
            lines.push("Each belongs to one of:".to_owned());
            lettered(speaker, &mut lines, &in_order(&kind.right, &shown.right));
        }
        QuestionKind::Sort(kind) => {
            let text = |&item: &usize| kind.items.get(item).map(|item| item.text.as_str());
            let texts: Vec<&str> = shown.items.iter().filter_map(text).collect();
            numbered(speaker, &mut lines, &texts);
            lines.push("Each belongs in one of:".to_owned());
            lettered(speaker, &mut lines, &in_order(&kind.bins, &shown.right));
        }
        QuestionKind::Numeric(_) | QuestionKind::Short(_) | QuestionKind::Cloze(_) => {}
    }
    lines
}

/// The line that says what to type.
pub(crate) fn prompt(speaker: &Speaker, asked: &Asked) -> String {
    speaker.own(&prompt_line(&asked.question))
}

fn in_order<'a>(texts: &'a [String], order: &[usize]) -> Vec<&'a str> {
    order.iter().filter_map(|&index| texts.get(index)).map(String::as_str).collect()
}

/// The prompt; the blanks of a cloze are named.
fn with_blanks(asked: &Asked) -> String {
    let prompt = &asked.question.prompt;
    let QuestionKind::Cloze(kind) = &asked.question.kind else { return prompt.clone() };
    let numbers = 1..=kind.blanks.len();
    numbers.fold(prompt.clone(), |text, number| {
        text.replace(&format!("{{{{{number}}}}}"), &format!("(blank {number})"))
    })
}

/// The verdict, what is said about the answer, the right answer, the rationale and the source.
pub(crate) fn verdict(speaker: &mut Speaker, course: &Course, asked: &Asked) -> Vec<String> {
    let Some(Outcome { response, verdict, .. }) = &asked.now else { return Vec::new() };
    let mut lines = verdict_line(speaker, asked, response, verdict);
    let about_whole = matches!(&asked.question.kind, QuestionKind::Choice(kind) if !kind.multiple)
        || matches!(asked.question.kind, QuestionKind::Numeric(_) | QuestionKind::Short(_));
    if !about_whole {
        for said in &verdict.feedback {
            let label = part_label(said, &asked.question.kind);
            lines.extend(speaker.short(&said.text, &label, 2));
        }
    }
    let mut told = BTreeSet::new();
    for said in &verdict.feedback {
        let slug = said.misconception.as_deref().filter(|_| !said.correct);
        let known = slug.and_then(|slug| course.misconception(slug));
        if let Some(known) = known.filter(|known| told.insert(&known.slug)) {
            let text = format!("{} {}", sentence(&known.name), known.refutation);
            lines.extend(speaker.short(&text, "Misconception: ", 0));
        }
    }
    if verdict.kind() != VerdictKind::Right {
        lines.extend(answer_lines(speaker, asked));
    }
    if let Some(explain) = &asked.question.explain {
        for block in &parse(explain).blocks {
            lines.extend(speaker.block(block));
        }
    }
    if let Some(source) = &asked.question.source {
        lines.extend(speaker.short(source, "Source: ", 0));
    }
    lines
}

/// `Right:`, `Partly:` or `Wrong:` and what it comes to.
fn verdict_line(
    speaker: &mut Speaker,
    asked: &Asked,
    response: &Response,
    verdict: &Verdict,
) -> Vec<String> {
    // A skip is no verdict, only scored like a wrong answer.
    if *response == Response::Skipped {
        return vec!["Skipped.".to_owned()];
    }
    let word = format!("{}: ", verdict.kind().word());
    let said = verdict.feedback.first().map(|said| said.text.as_str());
    let text = match (&asked.question.kind, response) {
        (QuestionKind::Choice(kind), Response::Choices(_)) if !kind.multiple => {
            let own = response_lines(&asked.question, &asked.shown, response).join(" ");
            said.map_or(own, str::to_owned)
        }
        (QuestionKind::Choice(kind), Response::Choices(ticked)) => {
            let correct = |index: &usize| kind.choices.get(*index).is_some_and(|c| c.correct);
            let right = ticked.iter().filter(|index| correct(index)).count();
            let of = kind.choices.iter().filter(|choice| choice.correct).count();
            match ticked.len() - right {
                0 if right == of => format!("all {of} of them."),
                wrong => format!("{right} of {of} right ones, {wrong} wrong ones."),
            }
        }
        (QuestionKind::Numeric(_) | QuestionKind::Short(_), _) => {
            let own = response_lines(&asked.question, &asked.shown, response).join(" ");
            match said {
                Some(said) => format!("{} {said}", sentence(&own)),
                None => sentence(&own),
            }
        }
        (QuestionKind::Order(kind), Response::Order(order)) => {
            counted(&kind.marks(order), "in their place")
        }
        (QuestionKind::Match(kind), Response::Pairs(pairs)) => counted(&kind.marks(pairs), "right"),
        (QuestionKind::Cloze(kind), Response::Blanks(texts)) => {
            counted(&kind.marks(texts), "right")
        }
        (QuestionKind::Sort(kind), Response::Bins(bins)) => counted(&kind.marks(bins), "right"),
        _ => String::new(),
    };
    speaker.short(&text, &word, 0)
}

fn counted(marks: &[bool], what: &str) -> String {
    let right = marks.iter().filter(|&&mark| mark).count();
    match marks.len() {
        of if of == right => format!("all {of} {what}."),
        of => format!("{right} of {of} {what}."),
    }
}

/// What a piece of feedback is about.
fn part_label(said: &Feedback, kind: &QuestionKind) -> String {
    let mark = match (said.missed, said.correct) {
        (true, _) => "missed",
        (false, true) => "right",
        (false, false) => "wrong",
    };
    let about = crate::markdown::plain_text(&crate::markdown::inlines(&said.about));
    match kind {
        QuestionKind::Choice(_) | QuestionKind::Sort(_) => format!("{about} ({mark}): "),
        QuestionKind::Cloze(_) => format!("Blank {about}: "),
        _ => format!("{about}: "),
    }
}

/// The right answer, in one line where it is one thing.
fn answer_lines(speaker: &mut Speaker, asked: &Asked) -> Vec<String> {
    let solution = asked.question.solution();
    let parts = response_lines(&asked.question, &asked.shown, &solution);
    match parts.as_slice() {
        [] => Vec::new(),
        [one] => speaker.short(one, "The answer: ", 0),
        several => {
            let mut lines = vec!["The answer:".to_owned()];
            for part in several {
                lines.extend(speaker.short(part, "", 2));
            }
            lines
        }
    }
}

/// `text` with a full stop, unless it has an end.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':', '…']) || text.is_empty() {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
