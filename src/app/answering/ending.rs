//! The end of a quiz: the score, what to read again.

use super::{World, said};
use crate::app::sheet::{Sheet, piece, with_note};
use crate::app::{Destination, Spot};
use crate::quiz::Confidence;
use crate::quiz::sitting::{Asked, Outcome, Sitting};
use crate::quiz::summary::{ObjectiveScore, Summary, percent, points};
use crate::typeset::{Piece, Role};

/// An entry of the summary: an objective or a lesson, how it went, and where it is explained.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// The headings above it, where something else begins: a section, and a lesson in it.
    section: Option<&'static str>,
    lesson: Option<String>,
    text: String,
    score: f64,
    of: usize,
    full: bool,
    about: About,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// An objective, as the questions name it.
    Objective(String),
    /// All of a lesson, by its id.
    Lesson(String),
}

/// The objectives that were asked for, those to read again first; of a test of several lessons
/// lesson by lesson, with those where all was right as one entry each.
pub(super) fn entries(sitting: &Sitting, lesson: Option<&str>, world: &World<'_>) -> Vec<Entry> {
    if lesson.is_none() {
        return by_lesson(sitting, world);
    }
    let objectives = sitting.summary().objectives;
    let mut entries: Vec<Entry> =
        objectives.into_iter().map(|scored| entry(scored, lesson, world)).collect();
    entries.sort_by_key(|entry| entry.full);
    if let Some(first) = entries.first_mut() {
        first.section = Some("What you showed");
    }
    entries
}

fn entry(scored: ObjectiveScore, lesson: Option<&str>, world: &World<'_>) -> Entry {
    Entry {
        section: None,
        lesson: None,
        text: world.course.objective_text(&scored.objective, lesson),
        score: scored.score,
        of: scored.of,
        full: scored.full(),
        about: About::Objective(scored.objective),
    }
}

/// What each lesson's objectives came to, in the course's order.
fn by_lesson(sitting: &Sitting, world: &World<'_>) -> Vec<Entry> {
    let objectives = sitting.summary().objectives;
    let of = |lesson: Option<&str>| -> Vec<Entry> {
        let home = |scored: &ObjectiveScore| world.course.home_of(&scored.objective, None);
        let is_here =
            |scored: &&ObjectiveScore| home(scored).map(|home| home.id.as_str()) == lesson;
        let here = objectives.iter().filter(is_here).cloned();
        let mut entries: Vec<Entry> = here.map(|scored| entry(scored, None, world)).collect();
        entries.sort_by_key(|entry| entry.full);
        entries
    };
    let (mut open, mut right) = (of(None), Vec::new());
    for lesson in world.course.lessons() {
        let mut entries = of(Some(&lesson.id));
        let named = format!("{}  {}", lesson.number, lesson.title);
        match entries.first_mut() {
            None => {}
            Some(first) if first.full => right.push(Entry {
                text: named,
                score: entries.iter().map(|entry| entry.score).sum(),
                of: entries.iter().map(|entry| entry.of).sum(),
                about: About::Lesson(lesson.id.clone()),
                ..entries.swap_remove(0)
            }),
            Some(first) => {
                first.lesson = Some(named);
                open.append(&mut entries);
            }
        }
    }
    for (entries, section) in [(&mut open, "Read again"), (&mut right, "All right")] {
        if let Some(first) = entries.first_mut() {
            first.section = Some(section);
        }
    }
    open.append(&mut right);
    open
}

/// Where an entry leads: to the lesson that it is about, or to the paragraph of its objective's
/// first question that was not right, else of its first.
pub(super) fn destination(
    entry: &Entry,
    sitting: &Sitting,
    lesson: Option<&str>,
    world: &World<'_>,
) -> Option<Destination> {
    let objective = match &entry.about {
        About::Lesson(id) => return Some(Destination::Lesson(id.clone(), Spot::Start)),
        About::Objective(objective) => objective.as_str(),
    };
    let asked: Vec<&Asked> = sitting
        .asked()
        .iter()
        .filter(|asked| asked.question.objective.as_deref() == Some(objective))
        .collect();
    let wrong = |asked: &&&Asked| !asked.first.as_ref().is_some_and(Outcome::is_right);
    let question = &asked.iter().find(wrong).or(asked.first())?.question;
    let paragraph = super::paragraph::find(question, lesson, world.course)?;
    Some(Destination::Lesson(paragraph.lesson, Spot::Offset(paragraph.offset)))
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
    for (index, entry) in entries.iter().enumerate() {
        headings(entry, sheet);
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

/// What stands above an entry.
fn headings(entry: &Entry, sheet: &mut Sheet) {
    if let Some(section) = entry.section {
        sheet.gap();
        sheet.pieces([piece(section, Role::Heading(2))]);
        sheet.gap();
    }
    if let Some(lesson) = &entry.lesson {
        sheet.gap();
        sheet.led(vec![Piece::blank(2)], lesson, Role::Muted);
    }
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
