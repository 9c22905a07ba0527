//! Quiz files, and the questions in the flow of a lesson: TOML to [`Quiz`] and [`Question`].
//!
//! Every fault of a file is reported. A question with an error is left out and counted, the rest
//! of the quiz opens; so a question is never graded by half of what its author wrote.

mod kinds;
pub(super) mod numbers;
mod prediction;

use std::cell::Cell;
use std::collections::BTreeMap;

use super::links::stem;
use super::toml_file::{self, Faults, Fields, Origin, Table};
use super::{lint_quiz, mdbook_quiz};
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::Fence;
use crate::quiz::{Places, Question, Quiz};
use crate::sanitize;

/// A larger file is refused.
const BYTES_MAX: usize = 1 << 20;
/// A quiz with more questions is refused beyond them.
pub(super) const QUESTIONS_MAX: usize = 500;
const PASS_DEFAULT: f64 = 0.8;

/// Reads a quiz, of our format or of mdbook-quiz's. `file` is its path relative to the course's
/// root. No quiz comes back only from a text that holds none; one with nothing but faulty
/// questions is empty.
pub fn read_quiz(file: &str, source: &str) -> (Option<Quiz>, Vec<Diagnostic>) {
    let faults = Faults::new(file);
    if source.len() > BYTES_MAX {
        faults.error("too-large", Span::new(0, 0), "a quiz file of more than 1 MiB");
        return (None, faults.into_diagnostics());
    }
    let root = toml_file::parse(source, Origin::File, &faults);
    let quiz = if mdbook_quiz::is_one(&root) {
        Some(mdbook_quiz::read(&root, &faults))
    } else {
        whole_quiz(&root, &faults)
    };
    (quiz, faults.into_diagnostics())
}

/// Reads the question in a fence of the lesson `file`. There should be one; each that can be
/// asked comes back, findings are about places of the lesson.
pub fn read_questions(file: &str, fence: &Fence) -> (Vec<Question>, Vec<Diagnostic>) {
    let faults = Faults::new(file);
    let root = toml_file::parse(&fence.text, Origin::Fence(&fence.line_starts), &faults);
    let start = fence.line_starts.first().copied().unwrap_or(0);
    let fields = Fields::new(&root, &faults);
    if !fields.has("questions") && !faults.is_broken() {
        let message = "a quick check needs one `[[questions]]` table";
        let hint = "begin the fence with `[[questions]]`";
        faults.error_hint("missing-key", Span::new(start, start), message, hint);
    }
    let (questions, _) = questions(&fields, "");
    if let [_, second, ..] = questions.as_slice() {
        let message = "a quick check asks one question";
        let hint = "give each question a fence of its own, or make a quiz file of them";
        faults.error_hint("several-questions", second.places.id, message, hint);
    }
    fields.finish();
    (questions, faults.into_diagnostics())
}

fn whole_quiz(root: &Table, faults: &Faults<'_>) -> Option<Quiz> {
    let fields = Fields::new(root, faults);
    fields.expect("schema", "a quiz file", "begin with `schema = 1`");
    if let Some(schema) = fields.integer("schema", 0..=i64::MAX)
        && schema.value != 1
    {
        let message = format!("`schema = {}` is not known here", schema.value);
        faults.error_hint("unknown-schema", schema.span, message, "write `schema = 1`");
    }
    let id = fields.required_text("id", "a quiz");
    let id =
        id.map_or_else(|| stem(faults.file()).to_owned(), |id| name(id.value, id.span, faults));
    let title = fields.required_text("title", "a quiz").map(|title| sanitize::line(title.value));
    let pass = fields.number("pass", 0.0..=1.0).map_or(PASS_DEFAULT, |pass| pass.value);
    let confidence = fields.boolean("confidence").unwrap_or(false);
    let draw = fields.integer("draw", 1..=1000);
    let from = fields.texts("from").unwrap_or_default();
    if !fields.has("from") && !fields.has("questions") && !faults.is_broken() {
        let hint = "write `[[questions]]` tables, or `from = [\"quiz-id\"]`";
        faults.error_hint("missing-key", root.span, "a quiz needs questions", hint);
    }
    let (questions, omitted) = questions(&fields, &id);
    let pool = questions.len() + omitted;
    if let Some(draw) = draw
        && from.is_empty()
        && usize::try_from(draw.value).is_ok_and(|count| count > pool)
    {
        let message = format!("`draw = {}` of {pool} questions", draw.value);
        faults.error_hint("out-of-range", draw.span, message, "draw fewer, or write more");
    }
    let is_quiz = fields.has("questions") || fields.has("from");
    fields.finish();
    is_quiz.then(|| Quiz {
        title: title.map_or_else(|| id.clone(), std::borrow::Cow::into_owned),
        id,
        pass,
        confidence,
        draw: draw.and_then(|draw| usize::try_from(draw.value).ok()),
        from_spans: from.iter().map(|name| name.span).collect(),
        sources: BTreeMap::new(),
        from: from.into_iter().map(|name| name.value.to_owned()).collect(),
        questions,
        omitted,
        file: faults.file().to_owned(),
    })
}

/// A name of letters, digits, `.`, `-` and `_`; what is not is reported.
fn name(text: &str, span: Span, faults: &Faults<'_>) -> String {
    if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        let message = format!("`{}` cannot be an id", sanitize::line(text));
        faults.error_hint("bad-id", span, message, "use letters, digits, `.`, `-` and `_`");
    }
    sanitize::line(text).into_owned()
}

/// The questions that can be asked, and how many cannot.
fn questions(fields: &Fields<'_>, quiz: &str) -> (Vec<Question>, usize) {
    let faults = fields.faults();
    let broken: Vec<Span> = faults.spans();
    let tables = fields.tables("questions");
    if let Some(table) = tables.get(QUESTIONS_MAX) {
        let message = format!("more than {QUESTIONS_MAX} questions");
        faults.error("too-many", table.span, message);
    }
    let mut asked: BTreeMap<String, Span> = BTreeMap::new();
    let mut good = Vec::new();
    for (index, table) in tables.iter().enumerate().take(QUESTIONS_MAX) {
        let end = tables.get(index + 1).map_or(usize::MAX, |next| next.span.start);
        let cut = broken.iter().any(|fault| (table.span.start..end).contains(&fault.start));
        let read = Reading { faults, forgiven: Cell::new(0) }.question(table, quiz);
        let Some(question) = read.filter(|_| !cut) else { continue };
        if asked.insert(question.id.clone(), question.places.id).is_some() {
            let message = format!("a second question `{}`", question.id);
            let hint = "each question needs an id of its own, in the whole course";
            faults.error_hint("duplicate-id", question.places.id, message, hint);
            continue;
        }
        good.push(question);
    }
    let omitted = tables.len() - good.len();
    (good, omitted)
}

/// Reads one question.
struct Reading<'a> {
    faults: &'a Faults<'a>,
    /// Errors that `check` fails on and a learner need not suffer from.
    forgiven: Cell<usize>,
}

const TYPES: [&str; 9] =
    ["single", "multiple", "numeric", "short", "order", "match", "cloze", "sort", "predict"];

impl Reading<'_> {
    /// The question, unless it has an error.
    fn question(&self, table: &Table, quiz: &str) -> Option<Question> {
        let before = self.faults.errors();
        let fields = Fields::new(table, self.faults);
        fields.expect("type", "a question", "write `type = \"single\"`");
        let kind = fields.one_of("type", &TYPES)?;
        let id = fields.required_text("id", "a question");
        let prompt = fields.required_text("prompt", "a question");
        let objective = fields.text("objective");
        let params = self.params(&fields);
        let mut places = Places {
            question: table.span,
            id: id.map_or(table.span, |id| id.span),
            objective: objective.or(id).map_or(table.span, |text| text.span),
            misconceptions: Vec::new(),
        };
        let rev = fields.integer("rev", 1..=1_000_000).map_or(1, |rev| rev.value);
        let hints = fields.texts("hints").unwrap_or_default();
        let explain = fields.text("explain");
        let source = fields.text("source");
        let prediction = if kind == "predict" { prediction::prediction(&fields) } else { None };
        let kind = self.kind(kind, &fields, &params, &mut places);
        let id = id.map(|id| (name(id.value, id.span, self.faults), id.span));
        fields.finish();
        let question = Question {
            id: id.as_ref().map(|(id, _)| id.clone())?,
            rev: u32::try_from(rev).unwrap_or(1),
            objective: objective.map(|text| sanitize::line(text.value).into_owned()),
            prompt: prompt?.value.to_owned(),
            kind: kind?,
            hints: hints.into_iter().map(|hint| hint.value.to_owned()).collect(),
            explain: explain.map(|text| text.value.to_owned()),
            source: source.map(|text| text.value.to_owned()),
            params,
            prediction,
            places,
        };
        lint_quiz::lint(&question, table, self.faults);
        self.id_prefix(&question, quiz);
        (self.faults.errors() - before == self.forgiven.get()).then_some(question)
    }

    fn id_prefix(&self, question: &Question, quiz: &str) {
        let own = question.id.strip_prefix(quiz).is_some_and(|rest| rest.starts_with('.'));
        if !quiz.is_empty() && !own {
            let message = format!("the id `{}` does not begin with its quiz's", question.id);
            let hint = format!("write `{quiz}.` and a name; but never rename what was published");
            self.faults.warning_hint("id-prefix", question.places.id, message, hint);
        }
    }
}

#[cfg(test)]
mod tests;
