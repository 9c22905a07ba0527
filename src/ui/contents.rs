//! The contents: the list of parts and lessons, and what is said about the lesson chosen.

mod final_test;

use crate::app::frame::Area;
use crate::app::{Choice, Contents, Entry, World};
use crate::course::{Lesson, Part};
use crate::keymap::{Action, Context};
use crate::markdown::{self, BlockKind};
use crate::progress::{LessonState, Mastery, QuizProgress};
use crate::quiz::numeric::counted;
use crate::quiz::summary;
use crate::typeset::{Role, Row, wrap_inlines};

use super::canvas::Canvas;

/// The cells of "12 min" and the air before it.
const MINUTES: u16 = 8;
/// The cells of "quiz" or "100 %" and the air before it.
const INSIDE: u16 = 7;

pub(super) fn draw(canvas: &mut Canvas<'_>, contents: &Contents, world: &World<'_>) {
    let overview = contents.overview();
    let list = overview.list;
    let (lines, selected) = contents.view();
    for (entry, y) in lines.iter().zip(list.y..list.y + list.height) {
        let line = Area { y, height: 1, ..list };
        match *entry {
            Entry::Blank => {}
            Entry::Part(index) => part(canvas, line, world, index),
            Entry::Item(index) => {
                match contents.nth(world.course, index) {
                    Some(Choice::Lesson(found)) => lesson(canvas, line, world, found),
                    Some(Choice::Test(_, found)) => final_test::row(canvas, line, world, found),
                    None => {}
                }
                if index == selected {
                    choose(canvas, line);
                }
            }
        }
    }
    scrolled(canvas, list, contents.more());
    let Some(area) = overview.detail else { return };
    let width = usize::from(area.width);
    let rows = match contents.choice(world.course) {
        Some(Choice::Lesson(lesson)) => detail(canvas, lesson, world, width),
        Some(Choice::Test(part, quiz)) => final_test::detail(canvas, (part, quiz), world, width),
        None => Vec::new(),
    };
    canvas.rows(area, &rows);
    if overview.beside {
        // The line is as long as what it parts.
        let [.., down] = canvas.signs.frame;
        let longest = u16::try_from(rows.len().max(lines.len())).unwrap_or(u16::MAX);
        for y in area.y..area.y + area.height.min(longest) {
            canvas.text(area.x - 3, y, down, canvas.style(Role::Line));
        }
    }
}

/// Signs at the left end where lines are hidden.
pub(super) fn scrolled(canvas: &mut Canvas<'_>, area: Area, (above, below): (bool, bool)) {
    let [up, down] = canvas.signs.more;
    let last = area.y + area.height.saturating_sub(1);
    for (hidden, y, sign) in [(above, area.y, up), (below, last, down)] {
        if hidden {
            canvas.text(area.x + 1, y, sign, canvas.style(Role::Muted));
        }
    }
}

fn part(canvas: &mut Canvas<'_>, line: Area, world: &World<'_>, index: usize) {
    let Some(part) = world.course.parts.get(index) else { return };
    let x = canvas.text(line.x + 3, line.y, &part.label, canvas.style(Role::Muted));
    let width = line.width.saturating_sub(x + 2 - line.x + MINUTES + 2);
    let title = Area { x: x + 2, width, ..line };
    canvas.fitted(title, &part.title, canvas.style(Role::Heading(3)));
    let end = line.x + line.width - 2;
    canvas.ending_at(end, line.y, &duration(part), Role::Muted);
}

/// How long a part takes, as in `2 h 01`.
fn duration(part: &Part) -> String {
    let minutes: u32 = part.lessons.iter().filter_map(|lesson| lesson.minutes).sum();
    match (minutes / 60, minutes % 60) {
        (0, 0) => String::new(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

fn lesson(canvas: &mut Canvas<'_>, line: Area, world: &World<'_>, lesson: &Lesson) {
    let state = world.glance.state(&lesson.id);
    let (sign, role) = state_sign(canvas, state);
    let x = line.x + 4;
    canvas.text(x + 2, line.y, sign, canvas.style(role));
    let end = line.x + line.width - 2;
    if let Some(minutes) = lesson.minutes {
        canvas.ending_at(end, line.y, &format!("{minutes} min"), Role::Muted);
    }
    let score = world.glance.lessons.get(&lesson.id).and_then(|glance| glance.score);
    let inside = match score {
        Some(score) => percent(score),
        None if world.course.has_quiz(lesson) => "quiz".to_owned(),
        None => String::new(),
    };
    // The title comes first: what is inside stands beside it where both fit.
    let room = end.saturating_sub(x + 4 + MINUTES);
    let title = Area { x: x + 4, width: room, ..line };
    let after = canvas.fitted(title, &lesson.title, canvas.style(Role::Body));
    if after + INSIDE <= title.x + room {
        canvas.ending_at(end.saturating_sub(MINUTES), line.y, &inside, Role::Muted);
    }
}

/// The line of what is chosen.
fn choose(canvas: &mut Canvas<'_>, line: Area) {
    let bar = Area { x: line.x + 3, width: line.width.saturating_sub(4), ..line };
    canvas.tint(bar, canvas.theme().selected);
    let pointer = canvas.style(Role::Accent).patch(canvas.theme().selected);
    canvas.text(line.x + 4, line.y, canvas.signs.pointer, pointer);
}

/// The sign of a state and its role.
pub(super) fn state_sign(canvas: &Canvas<'_>, state: LessonState) -> (&'static str, Role) {
    let [new, begun, done, mastered] = canvas.signs.states;
    match state {
        LessonState::New => (new, Role::Muted),
        LessonState::Begun => (begun, Role::Accent),
        LessonState::Done => (done, Role::Correct),
        LessonState::Mastered => (mastered, Role::Correct),
    }
}

/// A share as people say it.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", summary::percent(share))
}

/// What is said about a lesson, as rows of a width.
fn detail(canvas: &Canvas<'_>, lesson: &Lesson, world: &World<'_>, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut say = |text: &str, role| {
        rows.extend(wrap_inlines(&plain(text), width, role));
    };
    say(&lesson.title, Role::Heading(1));
    say(&facts(canvas, lesson, world), Role::Muted);
    say("", Role::Body);
    if !lesson.objectives().is_empty() {
        rows.push(Row::default());
        rows.extend(wrap_inlines(&plain("You will be able to"), width, Role::Muted));
    }
    for objective in lesson.objectives() {
        let glance = world.glance.lessons.get(&lesson.id);
        let mastery = glance.and_then(|glance| glance.objectives.get(&objective.id));
        rows.extend(marked(canvas, &objective.text, mastery.copied(), width));
    }
    let standing = standing(lesson, world);
    if !standing.is_empty() {
        rows.push(Row::default());
        for sentence in standing {
            rows.extend(wrap_inlines(&plain(&sentence), width, Role::Body));
        }
    }
    rows
}

/// Text without any marking in it, as running text.
fn plain(text: &str) -> Vec<markdown::Inline> {
    let span = crate::diagnostic::Span::default();
    vec![markdown::Inline { kind: markdown::InlineKind::Text(text.to_owned()), span }]
}

/// Number, minutes, and what is inside.
fn facts(canvas: &Canvas<'_>, lesson: &Lesson, world: &World<'_>) -> String {
    let mut facts = vec![lesson.number.clone()];
    facts.push(match world.course.minutes(lesson) {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    });
    if let Some(quiz) = world.course.quiz_of(lesson) {
        facts.push(counted(world.course.asked(quiz), "question"));
    }
    facts.join(canvas.signs.dot)
}

/// An objective with the mark of how well it is known.
fn marked(canvas: &Canvas<'_>, text: &str, mastery: Option<Mastery>, width: usize) -> Vec<Row> {
    use crate::typeset::Piece;
    let [new, begun, done, mastered] = canvas.signs.states;
    let (sign, role) = match mastery {
        None | Some(Mastery::New) => (new, Role::Muted),
        Some(Mastery::Revisit) => (begun, Role::Partly),
        Some(Mastery::Right) => (done, Role::Correct),
        Some(Mastery::Mastered) => (mastered, Role::Correct),
    };
    let mut rows = wrap_inlines(&plain(text), width.saturating_sub(3), Role::Body);
    for (index, row) in rows.iter_mut().enumerate() {
        let sign = if index == 0 { format!("{sign}  ") } else { "   ".to_owned() };
        row.pieces.insert(0, Piece::new(sign, role));
    }
    rows
}

/// Where the learner stands with the lesson, in sentences.
fn standing(lesson: &Lesson, world: &World<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let unlearned = |id: &&String| !world.glance.state(id).learned();
    let before = lesson.requires.iter().filter(unlearned);
    let before: Vec<String> = before
        .filter_map(|id| world.course.lesson(id))
        .map(|before| format!("{} {}", before.number, before.title))
        .collect();
    let glance = world.glance.lessons.get(&lesson.id);
    if let Some(place) = glance.and_then(|glance| glance.place.as_ref()) {
        let heading = place.heading.as_ref().and_then(|anchor| heading(lesson, anchor));
        if let Some(heading) = heading {
            let [open, close] = if world.settings.ascii { ["\"", "\""] } else { ["“", "”"] };
            said.push(format!("You stopped at {open}{heading}{close}."));
        }
    } else if !before.is_empty() {
        said.push(format!("Best read after {}.", before.join(" and ")));
    }
    let first = world.course.lessons().next().is_some_and(|first| first.id == lesson.id);
    if first && world.glance.lessons.is_empty() {
        said.extend(how_to_begin(world));
    }
    let taken = world.course.quiz_of(lesson).and_then(|quiz| world.progress.quiz(&quiz.id));
    if let Some(open) = taken.and_then(QuizProgress::unfinished) {
        said.push(format!("Your quiz goes on after {} of {}.", open.scores.len(), open.of));
    }
    if let Some(score) = glance.and_then(|glance| glance.score) {
        said.push(format!("Your best quiz score is {}.", percent(score)));
    }
    said
}

/// What a new learner does first.
fn how_to_begin(world: &World<'_>) -> Option<String> {
    let key = world.keymap.chord(Context::Contents, Action::Open)?;
    Some(format!("Press {} to begin.", key.label(world.settings.ascii)))
}

/// The words of the heading that links give this name; none for the lesson's own title.
fn heading(lesson: &Lesson, anchor: &str) -> Option<String> {
    lesson.document().blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Heading { level: 2.., inlines, anchor: here } if here == anchor => {
            Some(markdown::plain_text(inlines))
        }
        _ => None,
    })
}
