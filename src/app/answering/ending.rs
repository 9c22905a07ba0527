//! The end of a quiz: the score, what to read again.

use super::{World, said};
use crate::app::sheet::{Sheet, piece, with_note};
use crate::app::{Destination, Spot};
use crate::quiz::sitting::{Asked, Sitting};
use crate::quiz::summary::{Summary, percent, points};
use crate::quiz::{Confidence, VerdictKind};
use crate::typeset::{Piece, Role};

/// An entry of the summary: an objective, how it went, and where it is explained.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    text: String,
    score: f64,
    of: usize,
    full: bool,
    pub(super) destination: Option<Destination>,
}

/// The objectives that were asked for, those to read again first.
pub(super) fn entries(sitting: &Sitting, lesson: Option<&str>, world: &World<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = sitting
        .summary()
        .objectives
        .iter()
        .map(|scored| {
            let (home, name) = scored
                .objective
                .split_once('#')
                .map_or((lesson, scored.objective.as_str()), |(l, name)| (Some(l), name));
            let home = home.and_then(|id| world.course.lesson(id));
            let objective =
                home.and_then(|home| home.objectives().iter().find(|known| known.name() == name));
            Entry {
                text: objective.map_or_else(|| name.replace('-', " "), |known| known.text.clone()),
                score: scored.score,
                of: scored.of,
                full: scored.full(),
                destination: destination(sitting, &scored.objective, lesson, world),
            }
        })
        .collect();
    entries.sort_by_key(|entry| entry.full);
    entries
}

/// The paragraph of the objective's first question that was not right, else of its first.
fn destination(
    sitting: &Sitting,
    objective: &str,
    lesson: Option<&str>,
    world: &World<'_>,
) -> Option<Destination> {
    let asked: Vec<&Asked> = sitting
        .asked()
        .iter()
        .filter(|asked| asked.question.objective.as_deref() == Some(objective))
        .collect();
    let wrong = |asked: &&&Asked| verdict(asked) != Some(VerdictKind::Right);
    let question = &asked.iter().find(wrong).or(asked.first())?.question;
    let paragraph = super::paragraph::find(question, lesson, world.course)?;
    Some(Destination::Lesson(paragraph.lesson, Spot::Offset(paragraph.offset)))
}

fn verdict(asked: &Asked) -> Option<VerdictKind> {
    asked.first.as_ref().map(|outcome| outcome.verdict.kind())
}

/// Names and refutations of the misconceptions met, each once.
pub(super) fn met(sitting: &Sitting, world: &World<'_>) -> Vec<(String, String)> {
    let mut met: Vec<(String, String)> = Vec::new();
    let outcomes = sitting.asked().iter().filter_map(|asked| asked.first.as_ref());
    for slug in outcomes
        .flat_map(|outcome| &outcome.verdict.feedback)
        .filter_map(|feedback| feedback.misconception.as_deref())
    {
        let Some(known) = world.course.misconception(slug) else { continue };
        if !met.iter().any(|(name, _)| *name == known.name) {
            met.push((known.name.clone(), known.refutation.clone()));
        }
    }
    met
}

pub(super) fn lay(
    sitting: &Sitting,
    entries: &[Entry],
    (selected, met): (usize, &[(String, String)]),
    sheet: &mut Sheet,
) {
    let summary = sitting.summary();
    head(&summary, sitting.pass(), sheet);
    if !entries.is_empty() {
        sheet.gap();
        sheet.pieces([piece("What you showed", Role::Heading(2))]);
        sheet.gap();
    }
    for (index, entry) in entries.iter().enumerate() {
        let (sign, role) = match (entry.full, entry.score > 0.0) {
            (true, _) => (sheet.sign("✓", "+"), Role::Correct),
            (false, true) => (sheet.sign("◐", "~"), Role::Partly),
            (false, false) => (sheet.sign("✗", "x"), Role::Wrong),
        };
        let lead = vec![piece(format!("  {sign}  "), role)];
        let score = points(entry.score);
        let note = vec![piece(format!("{score} of {}", entry.of), Role::Muted), Piece::blank(1)];
        let rows = sheet.wrapped(lead, &entry.text, Role::Body, 12);
        let rows = with_note(rows, note, sheet.measure());
        sheet.selectable(rows, index == selected);
    }
    if !met.is_empty() {
        sheet.gap();
        sheet.pieces([piece("Misconceptions met", Role::Heading(2))]);
    }
    for (name, refutation) in met {
        sheet.gap();
        sheet.led(vec![Piece::blank(2)], name, Role::Strong);
        sheet.led(vec![Piece::blank(2)], refutation, Role::Body);
    }
    remarks(&summary, sheet);
}

fn head(summary: &Summary, pass: f64, sheet: &mut Sheet) {
    let (sign, word, role) = if summary.passed {
        (sheet.sign("✓", "+"), "Passed", Role::Correct)
    } else {
        (sheet.sign("◐", "~"), "Not passed yet", Role::Partly)
    };
    let score = points(summary.score);
    sheet.pieces([
        piece(format!("{sign} {word}"), role),
        piece(format!("   {score} of {}", summary.of), Role::Strong),
        piece(format!("   {} %", summary.percent()), Role::Body),
        piece(format!("   {} % passes", percent(pass)), Role::Muted),
    ]);
    let cells = sheet.measure().min(48);
    let share = f64::from(summary.percent()) / 100.0;
    #[expect(clippy::cast_precision_loss, reason = "a few cells")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to cells")]
    let done = ((cells as f64) * share).round() as usize;
    let (full, open) = (sheet.sign("━", "="), sheet.sign("─", "-"));
    sheet.pieces([
        piece(full.repeat(done.min(cells)), role),
        piece(open.repeat(cells.saturating_sub(done)), Role::Line),
    ]);
}

fn remarks(summary: &Summary, sheet: &mut Sheet) {
    sheet.gap();
    let times = |count: usize| if count == 1 { "once".into() } else { format!("{count} times") };
    if summary.sure_and_wrong > 0 {
        let times = times(summary.sure_and_wrong);
        let sure = said(Confidence::Sure);
        let text = format!("You were {sure} and wrong {times}: those are worth a second look.");
        sheet.led(Vec::new(), &text, Role::Body);
    }
    if summary.guessed_and_right > 0 {
        let times = times(summary.guessed_and_right);
        let text = format!("You guessed right {times}: next time you will know.");
        sheet.led(Vec::new(), &text, Role::Body);
    }
    if summary.skipped > 0 {
        let text = format!("Skipped: {}.", summary.skipped);
        sheet.led(Vec::new(), &text, Role::Muted);
    }
}
