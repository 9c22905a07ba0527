//! Quiz files of the mdbook-quiz format, read into our own types: `MultipleChoice`, `ShortAnswer`
//! and `Tracing`. They have no feedback for each answer, which is a warning here.

use std::collections::{BTreeMap, BTreeSet};

use super::links::stem;
use super::quiz_file::QUESTIONS_MAX;
use super::toml_file::{At, Faults, Fields, Kind, Table};
use crate::quiz::choice::{Choice, Choices};
use crate::quiz::short_answer::{Near, ShortAnswer};
use crate::quiz::{Places, Question, QuestionKind, Quiz};
use crate::sanitize;

const TYPES: [&str; 3] = ["MultipleChoice", "ShortAnswer", "Tracing"];

/// Whether a file is of this format: no `schema`, and questions whose type or prompt is its own.
pub(crate) fn is_one(root: &Table) -> bool {
    let Some(Kind::Array(questions)) = root.get("questions").map(|value| &value.kind) else {
        return false;
    };
    root.get("schema").is_none()
        && questions.iter().any(|question| {
            let Kind::Table(question) = &question.kind else { return false };
            let kind = question.get("type").map(|value| &value.kind);
            let named = matches!(kind, Some(Kind::Text(kind)) if TYPES.contains(&kind.as_str()));
            named || matches!(question.get("prompt").map(|p| &p.kind), Some(Kind::Table(_)))
        })
}

/// The quiz; a question that cannot be read is left out and counted.
pub(crate) fn read(root: &Table, faults: &Faults<'_>) -> Quiz {
    let fields = Fields::new(root, faults);
    let id = stem(faults.file()).to_owned();
    let multipart = shared_texts(&fields);
    let tables = fields.tables("questions");
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut questions: Vec<Question> = Vec::new();
    if let Some(table) = tables.get(QUESTIONS_MAX) {
        faults.error("too-many", table.span, format!("more than {QUESTIONS_MAX} questions"));
    }
    for (index, table) in tables.iter().enumerate().take(QUESTIONS_MAX) {
        let before = faults.errors();
        let question = question(table, &format!("{id}.{}", index + 1), &multipart, faults);
        let question = question.filter(|_| faults.errors() == before);
        let Some(question) = question else { continue };
        if !ids.insert(question.id.clone()) {
            let message = format!("a second question `{}`", question.id);
            faults.error("duplicate-id", question.places.id, message);
            continue;
        }
        questions.push(question);
    }
    fields.finish();
    Quiz {
        title: id.clone(),
        id,
        pass: 0.8,
        omitted: tables.len() - questions.len(),
        questions,
        file: faults.file().to_owned(),
        ..Quiz::default()
    }
}

/// `[multipart]`: texts that several questions begin with, by name.
fn shared_texts(fields: &Fields<'_>) -> BTreeMap<String, String> {
    let Some(table) = fields.table("multipart") else { return BTreeMap::new() };
    let texts = table.entries.iter().filter_map(|entry| {
        let text = fields.text_of("multipart", &entry.value)?;
        Some((entry.key.clone(), text.to_owned()))
    });
    texts.collect()
}

fn question(
    table: &Table,
    fallback_id: &str,
    multipart: &BTreeMap<String, String>,
    faults: &Faults<'_>,
) -> Option<Question> {
    let fields = Fields::new(table, faults);
    fields.expect("type", "a question", "write `type = \"MultipleChoice\"`");
    let kind = fields.one_of("type", &TYPES)?;
    fields.expect("prompt", "a question", "write `prompt.prompt = \"…\"`");
    fields.expect("answer", "a question", "write `answer.answer = \"…\"`");
    let id = fields.text("id");
    let context = fields.text("context");
    let part = fields.text("multipart");
    let prompt = fields.table("prompt").map(|table| Fields::new(table, faults));
    let answer = fields.table("answer").map(|table| Fields::new(table, faults));
    fields.finish();
    let (prompt, answer) = (prompt?, answer?);
    let (stem, kind) = match kind {
        "MultipleChoice" => multiple_choice(&prompt, &answer, faults)?,
        "ShortAnswer" => short_answer(&prompt, &answer)?,
        _ => tracing(&prompt, &answer)?,
    };
    prompt.finish();
    answer.finish();
    let stem = with_part(stem, part, multipart, faults);
    let span = id.map_or(table.span, |id| id.span);
    let question = Question {
        id: id.map_or_else(|| fallback_id.to_owned(), |id| sanitize::line(id.value).into_owned()),
        rev: 1,
        objective: None,
        prompt: stem,
        kind,
        hints: Vec::new(),
        explain: context.map(|context| context.value.trim_end().to_owned()),
        source: None,
        params: BTreeMap::new(),
        prediction: None,
        places: Places {
            question: table.span,
            id: span,
            objective: span,
            misconceptions: Vec::new(),
        },
    };
    Some(question)
}

/// `stem` after the shared text that `part` names.
fn with_part(
    stem: String,
    part: Option<At<&str>>,
    multipart: &BTreeMap<String, String>,
    faults: &Faults<'_>,
) -> String {
    let Some(part) = part else { return stem };
    if let Some(shared) = multipart.get(part.value) {
        return format!("{}\n\n{stem}", shared.trim_end());
    }
    let message = format!("`{}` is no part of `[multipart]`", part.value);
    faults.error("unknown-word", part.span, message);
    stem
}

fn multiple_choice(
    prompt: &Fields<'_>,
    answer: &Fields<'_>,
    faults: &Faults<'_>,
) -> Option<(String, QuestionKind)> {
    let stem = prompt.required_text("prompt", "a prompt");
    let hint = "write `prompt.distractors = [\"…\"]`";
    prompt.expect("distractors", "a `MultipleChoice`", hint);
    let distractors = prompt.texts("distractors");
    let sorted = prompt.boolean("sortAnswers").unwrap_or(false);
    let index = prompt.integer("answerIndex", 0..=25);
    answer.expect("answer", "an answer", "write `answer.answer = \"…\"`");
    let right = answer.entry("answer")?;
    let multiple = matches!(right.value.kind, Kind::Array(_));
    let right: Vec<&str> = if multiple {
        answer.texts("answer")?.into_iter().map(|text| text.value).collect()
    } else {
        vec![answer.text("answer")?.value]
    };
    let (stem, distractors) = (stem?, distractors?);
    if right.is_empty() {
        let hint = "write `answer.answer = \"…\"`";
        faults.error_hint("correct-choices", stem.span, "no choice is correct", hint);
    }
    let choice = |text: &str, correct: bool| Choice {
        text: text.trim_end().to_owned(),
        correct,
        feedback: String::new(),
        misconception: None,
    };
    let mut choices: Vec<Choice> =
        distractors.iter().map(|text| choice(text.value, false)).collect();
    let at = index.and_then(|index| usize::try_from(index.value).ok()).unwrap_or(0);
    let at = at.min(choices.len());
    choices.splice(at..at, right.into_iter().map(|text| choice(text, true)));
    if sorted {
        choices.sort_by(|a, b| a.text.cmp(&b.text));
    }
    if !(2..=26).contains(&choices.len()) {
        let message = format!("a question with {} choices", choices.len());
        faults.error("wrong-count", stem.span, message);
    }
    let message = "choices without feedback";
    let hint = "the format has none; `context` is shown after every answer";
    faults.warning_hint("missing-feedback", stem.span, message, hint);
    let shuffle = !sorted && index.is_none();
    let kind = QuestionKind::Choice(Choices { choices, multiple, shuffle });
    Some((stem.value.trim_end().to_owned(), kind))
}

fn short_answer(prompt: &Fields<'_>, answer: &Fields<'_>) -> Option<(String, QuestionKind)> {
    let stem = prompt.required_text("prompt", "a prompt");
    prompt.ignore("response");
    let right = answer.required_text("answer", "an answer");
    let others = answer.texts("alternatives").unwrap_or_default();
    let accept = right.iter().chain(&others).map(|text| text.value.to_owned()).collect();
    let kind = ShortAnswer { accept, case_sensitive: false, near: Vec::new() };
    right?;
    Some((stem?.value.trim_end().to_owned(), QuestionKind::Short(kind)))
}

/// A program: what does it print, or does it not compile?
fn tracing(prompt: &Fields<'_>, answer: &Fields<'_>) -> Option<(String, QuestionKind)> {
    let program = if prompt.has("program") || !prompt.has("prompt") {
        prompt.required_text("program", "a `Tracing`")
    } else {
        let text = prompt.text("prompt");
        if let Some(text) = text {
            let message = "a `Tracing` with its program under `prompt`";
            let hint = "write `prompt.program = \"…\"`";
            prompt.faults().warning_hint("missing-key", text.span, message, hint);
        }
        text
    };
    let hint = "write `answer.doesCompile = true`";
    answer.expect("doesCompile", "a `Tracing`", hint);
    let compiles = answer.boolean("doesCompile");
    if compiles == Some(true) {
        answer.expect("stdout", "a program that compiles", "write `answer.stdout = \"…\"`");
    }
    let output = answer.text("stdout").map(|output| output.value.trim_end().to_owned());
    let line = answer.integer("lineNumber", 1..=100_000).map(|line| line.value);
    let (program, compiles) = (program?, compiles?);
    let stem = format!(
        "What does this program print? If it prints nothing, answer `nothing`; if it does not \
         compile, answer `error`.\n\n```\n{}\n```",
        program.value.trim_end()
    );
    let refusals = ["error", "does not compile", "compiler error", "no"];
    let mut refusals: Vec<String> = refusals.map(str::to_owned).into();
    let kind = if compiles {
        let near = Near { texts: refusals, feedback: "It compiles.".to_owned() };
        // An empty line is no answer.
        let output = output.map(|o| if o.is_empty() { "nothing".to_owned() } else { o });
        ShortAnswer { accept: vec![output?], case_sensitive: true, near: vec![near] }
    } else {
        if let Some(line) = line {
            refusals.extend([
                format!("error in line {line}"),
                format!("error {line}"),
                format!("line {line}"),
            ]);
        }
        ShortAnswer { accept: refusals, case_sensitive: false, near: Vec::new() }
    };
    Some((stem, QuestionKind::Short(kind)))
}

#[cfg(test)]
mod tests;
