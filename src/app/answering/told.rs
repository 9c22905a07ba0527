//! A question that was answered: verdict, what is said about this answer, why it is so.

use super::asking::filled;
use super::{Answering, World, said};
use crate::app::sheet::{LineMark, Sheet, piece, tick, with_note};
use crate::app::{Destination, Request, Source};
use crate::quiz::numeric::with_unit;
use crate::quiz::prediction::Prediction;
use crate::quiz::shown::letter;
use crate::quiz::sitting::{Asked, Outcome};
use crate::quiz::summary::percent;
use crate::quiz::{Confidence, Feedback, QuestionKind, Response, VerdictKind};
use crate::typeset::{Piece, Role};

impl Answering {
    /// What the question that stands predicts.
    pub(super) fn predicted(&self) -> Option<&Prediction> {
        self.sitting.current().and_then(|asked| asked.question.prediction.as_ref())
    }

    /// The simulation of what the question that stands predicts.
    pub(super) fn see(&self) -> Vec<Request> {
        let Some(prediction) = self.predicted() else {
            return vec![Request::Say("This question predicts no simulation.".to_owned())];
        };
        let source = Source::Predicted(Box::new(prediction.clone()));
        let lesson = self.lesson().map(str::to_owned);
        vec![Request::Go(Destination::Simulation { source, lesson })]
    }
}

/// Lays out the question that stands, with its verdict.
pub(super) fn lay(answering: &Answering, sheet: &mut Sheet, world: &World<'_>) {
    let Some(asked) = answering.sitting.current() else { return };
    let Some(outcome) = &asked.now else { return };
    sheet.blocks(&prompt(asked, &outcome.response));
    sheet.gap();
    // Where each part has its own feedback beside it, the verdict on all of them comes first.
    let beside = match &asked.question.kind {
        QuestionKind::Match(_) | QuestionKind::Sort(_) => true,
        QuestionKind::Choice(kind) => kind.multiple,
        _ => false,
    };
    if !beside {
        answer(asked, outcome, sheet);
        sheet.gap();
    }
    sheet.begin_verdict();
    verdict(outcome, sheet);
    if beside {
        sheet.gap();
        answer(asked, outcome, sheet);
    }
    for feedback in outcome.verdict.feedback.iter().filter(|_| !beside) {
        said_about(feedback, asked, sheet, world);
    }
    if let Some(explain) = &asked.question.explain {
        sheet.gap();
        sheet.blocks(explain);
    }
    sources(answering, asked, sheet);
}

fn prompt(asked: &Asked, response: &Response) -> String {
    match response {
        Response::Blanks(texts) => {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            filled(&asked.question.prompt, &texts)
        }
        _ => asked.question.prompt.clone(),
    }
}

fn verdict(outcome: &Outcome, sheet: &mut Sheet) {
    let kind = outcome.verdict.kind();
    let mut pieces = vec![match (kind, &outcome.response) {
        (_, Response::Skipped) => piece("Skipped", Role::Muted),
        (kind, _) => piece(format!("{} {}", sign(sheet, kind), kind.word()), role(kind)),
    }];
    if kind == VerdictKind::Partly {
        let share = percent(outcome.verdict.score);
        pieces.push(piece(format!("   {share} %"), Role::Body));
    }
    if let Some(confidence) = outcome.confidence {
        let words = match confidence {
            Confidence::Guess => "you said it was a guess".to_owned(),
            Confidence::ThinkSo => "you thought so".to_owned(),
            Confidence::Sure => format!("you were {}", said(confidence)),
        };
        let words = format!("{}{words}", sheet.sign(" · ", " - "));
        pieces.push(piece(words, Role::Muted));
    }
    sheet.pieces(pieces);
}

const fn sign(sheet: &Sheet, kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Right => sheet.sign("✓", "+"),
        VerdictKind::Partly => sheet.sign("◐", "~"),
        VerdictKind::Wrong => sheet.sign("✗", "x"),
    }
}

const fn role(kind: VerdictKind) -> Role {
    match kind {
        VerdictKind::Right => Role::Correct,
        VerdictKind::Partly => Role::Partly,
        VerdictKind::Wrong => Role::Wrong,
    }
}

/// Whether a part was right, as a sign.
const fn mark(sheet: &Sheet, right: bool) -> (&'static str, Role) {
    if right {
        (sheet.sign("✓", "+"), Role::Correct)
    } else {
        (sheet.sign("✗", "x"), Role::Wrong)
    }
}

/// The answer part by part, with what would have been right.
fn answer(asked: &Asked, outcome: &Outcome, sheet: &mut Sheet) {
    let right = outcome.is_right();
    match (&asked.question.kind, &outcome.response) {
        (QuestionKind::Choice(_), _) => choices(asked, outcome, sheet),
        (QuestionKind::Numeric(kind), response) => {
            let given = match response {
                Response::Number(number) => with_unit(*number, &kind.unit),
                _ => String::new(),
            };
            let solution = match asked.question.solution() {
                Response::Number(number) => with_unit(number, &kind.unit),
                _ => String::new(),
            };
            texts((&given, &solution, right), sheet);
        }
        (QuestionKind::Short(_), response) => {
            let given = match response {
                Response::Text(text) => text.as_str(),
                _ => "",
            };
            let solution = match asked.question.solution() {
                Response::Text(text) => text,
                _ => String::new(),
            };
            texts((given, &solution, right), sheet);
        }
        (QuestionKind::Cloze(kind), response) => {
            let given = match response {
                Response::Blanks(texts) => texts.clone(),
                _ => vec![String::new(); kind.blanks.len()],
            };
            let marks = kind.marks(&given);
            let Response::Blanks(solution) = asked.question.solution() else { return };
            for (index, solution) in solution.iter().enumerate() {
                let text = given.get(index).map_or("", String::as_str);
                let right = marks.get(index).copied().unwrap_or(false);
                part((&format!("({})", index + 1), text, right, solution), sheet);
            }
        }
        (QuestionKind::Order(kind), response) => order(&kind.items, response, sheet),
        (QuestionKind::Match(kind), response) => {
            let given = match response {
                Response::Pairs(pairs) => pairs.clone(),
                _ => vec![None; kind.left.len()],
            };
            let marks = kind.marks(&given);
            let lines = asked.shown.items.iter().map(|&item| Pair {
                item: kind.left.get(item).map_or("", String::as_str),
                given: named(&kind.right, given.get(item).copied().flatten()),
                right: marks.get(item).copied().unwrap_or(false),
                solution: named(&kind.right, kind.answer.get(item).copied()),
            });
            lines.enumerate().for_each(|(place, pair)| pair.lay(place, outcome, sheet));
        }
        (QuestionKind::Sort(kind), response) => {
            let given = match response {
                Response::Bins(bins) => bins.clone(),
                _ => vec![None; kind.items.len()],
            };
            let marks = kind.marks(&given);
            let lines = asked.shown.items.iter().map(|&item| Pair {
                item: kind.items.get(item).map_or("", |item| &item.text),
                given: named(&kind.bins, given.get(item).copied().flatten()),
                right: marks.get(item).copied().unwrap_or(false),
                solution: named(&kind.bins, kind.items.get(item).map(|item| item.bin)),
            });
            lines.enumerate().for_each(|(place, pair)| pair.lay(place, outcome, sheet));
        }
    }
}

fn named(list: &[String], index: Option<usize>) -> &str {
    index.and_then(|index| list.get(index)).map_or("", String::as_str)
}

/// An item with what it was given and what it should have been.
struct Pair<'a> {
    item: &'a str,
    given: &'a str,
    right: bool,
    solution: &'a str,
}

impl Pair<'_> {
    fn lay(&self, place: usize, outcome: &Outcome, sheet: &mut Sheet) {
        let (sign, role) = mark(sheet, self.right);
        let lead =
            vec![piece(format!("  {sign} "), role), piece(format!("{}  ", place + 1), Role::Muted)];
        sheet.led(lead, self.item, Role::Body);
        let arrow = sheet.sign("→", "->");
        let lead = vec![Piece::blank(7)];
        if self.right {
            sheet.led(lead, self.solution, Role::Correct);
        } else if self.given.is_empty() {
            sheet.led(lead, &format!("{arrow} {}", escaped(self.solution)), Role::Strong);
        } else {
            let text = format!("~~{}~~ {arrow} {}", escaped(self.given), escaped(self.solution));
            sheet.led(lead, &text, Role::Strong);
        }
        let pair = format!("{} – {}", self.item, self.given);
        let about = |feedback: &&Feedback| feedback.about == self.item || feedback.about == pair;
        for feedback in outcome.verdict.feedback.iter().filter(about) {
            sheet.led(vec![Piece::blank(7)], &feedback.text, Role::Muted);
        }
    }
}

/// Text that is to stand as it is inside of marks.
fn escaped(text: &str) -> String {
    crate::markdown::plain_text(&crate::markdown::inlines(text))
        .chars()
        .flat_map(|c| (c.is_ascii_punctuation()).then_some('\\').into_iter().chain([c]))
        .collect()
}

fn choices(asked: &Asked, outcome: &Outcome, sheet: &mut Sheet) {
    let QuestionKind::Choice(kind) = &asked.question.kind else { return };
    let empty = std::collections::BTreeSet::new();
    let ticked = match &outcome.response {
        Response::Choices(ticked) => ticked,
        _ => &empty,
    };
    for (place, &item) in asked.shown.items.iter().enumerate() {
        let Some(choice) = kind.choices.get(item) else { continue };
        let yours = ticked.contains(&item);
        let (sign, role) = mark(sheet, choice.correct);
        let note = match (yours, choice.correct, kind.multiple) {
            (true, ..) => vec![piece(format!("{sign} your answer"), role)],
            (false, true, true) => vec![piece(format!("{sign} belongs to it"), role)],
            (false, true, false) => vec![piece(sign, role)],
            (false, false, _) => Vec::new(),
        };
        let text_role = match (yours, choice.correct) {
            (true, false) => Role::Wrong,
            (_, true) => Role::Correct,
            _ => Role::Muted,
        };
        let lead = vec![
            piece("  ", Role::Body),
            piece(tick(sheet, yours, kind.multiple), text_role),
            piece(format!(" {}  ", letter(place)), Role::Muted),
        ];
        let body = if yours || choice.correct { Role::Body } else { Role::Muted };
        let rows = sheet.wrapped(lead, &choice.text, body, 16);
        for row in with_note(rows, note, sheet.measure()) {
            sheet.push(row, LineMark::None);
        }
        let about = |feedback: &&Feedback| kind.multiple && feedback.about == choice.text;
        for feedback in outcome.verdict.feedback.iter().filter(about) {
            sheet.led(vec![Piece::blank(9)], &feedback.text, Role::Muted);
        }
    }
}

/// What was typed and what would have been right.
fn texts((given, solution, right): (&str, &str, bool), sheet: &mut Sheet) {
    if !given.is_empty() {
        let (sign, role) = mark(sheet, right);
        sheet.pieces([
            piece("  Your answer   ", Role::Muted),
            piece(given, Role::Strong),
            piece(format!("   {sign}"), role),
        ]);
    }
    if !right && !solution.is_empty() {
        sheet.pieces([piece("  Right answer  ", Role::Muted), piece(solution, Role::Correct)]);
    }
}

/// One blank of a cloze.
fn part((label, text, right, solution): (&str, &str, bool, &str), sheet: &mut Sheet) {
    let (sign, role) = mark(sheet, right);
    let mut pieces =
        vec![piece(format!("  {sign} "), role), piece(format!("{label}  "), Role::Muted)];
    if right {
        pieces.push(piece(text, Role::Strong));
    } else {
        if !text.is_empty() {
            pieces.push(piece(text, Role::Strike));
            pieces.push(piece(" ", Role::Body));
        }
        let arrow = sheet.sign("→", "->");
        pieces.push(piece(format!("{arrow} "), Role::Muted));
        pieces.push(piece(solution, Role::Correct));
    }
    sheet.pieces(pieces);
}

/// The order given; what stands wrong says where it belongs.
fn order(items: &[String], response: &Response, sheet: &mut Sheet) {
    let right: Vec<usize> = (0..items.len()).collect();
    let given = match response {
        Response::Order(order) => order,
        _ => &right,
    };
    let skipped = !matches!(response, Response::Order(_));
    for (place, &item) in given.iter().enumerate() {
        let (sign, role) = mark(sheet, item == place);
        let sign = if skipped { " " } else { sign };
        let lead =
            vec![piece(format!("  {sign} "), role), piece(format!("{}  ", place + 1), Role::Muted)];
        let note = if item == place {
            Vec::new()
        } else {
            vec![piece(format!("belongs at {}", item + 1), Role::Strong)]
        };
        let rows = sheet.wrapped(lead, named(items, Some(item)), Role::Body, 15);
        for row in with_note(rows, note, sheet.measure()) {
            sheet.push(row, LineMark::None);
        }
    }
}

fn said_about(feedback: &Feedback, asked: &Asked, sheet: &mut Sheet, world: &World<'_>) {
    if feedback.text.is_empty() && feedback.misconception.is_none() {
        return;
    }
    sheet.gap();
    let single = matches!(&asked.question.kind, QuestionKind::Choice(kind) if !kind.multiple);
    if !single && !feedback.about.is_empty() {
        let (sign, role) = mark(sheet, feedback.correct);
        sheet.led(vec![piece(format!("{sign} "), role)], &feedback.about, Role::Strong);
    }
    let lead = if single { Vec::new() } else { vec![Piece::blank(2)] };
    sheet.led(lead.clone(), &feedback.text, Role::Body);
    let Some(slug) = &feedback.misconception else { return };
    let known = world.course.misconception(slug);
    let name = known.map_or(slug.as_str(), |known| known.name.as_str());
    if feedback.text.is_empty() {
        sheet.led(lead.clone(), known.map_or("", |known| &known.refutation), Role::Body);
    }
    sheet.led(lead, &format!("Misconception: {name}"), Role::Muted);
}

fn sources(answering: &Answering, asked: &Asked, sheet: &mut Sheet) {
    let source = asked.question.source.as_deref();
    if source.is_none() && answering.paragraph.is_none() {
        return;
    }
    sheet.gap();
    if let Some(source) = source {
        sheet.led(vec![piece("Source: ", Role::Muted)], source, Role::Muted);
    }
    if let Some(paragraph) = &answering.paragraph {
        let arrow = sheet.sign("↳ ", "> ");
        let place = paragraph.place.replacen(" · ", sheet.sign(" · ", " - "), 1);
        sheet.pieces([piece(arrow, Role::Accent), piece(place, Role::Link)]);
    }
}
