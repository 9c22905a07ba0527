//! Testing out of a lesson: a few questions of its quiz instead of reading it.
//!
//! ```text
//!  1.4  Test out: The first request pays            the end   ● ● ●
//!
//!         ✓ Tested out   3 of 3
//!         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
//!
//!         1.4  The first request pays
//!         It counts as learned. Its quiz has 4 more questions for you.
//!
//!       ▸ On to 1.5  Counting what is in flight
//!         Read it all the same
//!         Take its whole quiz, 7 questions
//! ```

use super::{Answering, Origin, Stage, World};
use crate::app::sheet::{Sheet, piece};
use crate::app::{Destination, Request, Spot};
use crate::course::Lesson;
use crate::keymap::Action;
use crate::progress::{LEARNED, NO_TEST, RecordKind};
use crate::quiz::numeric::counted;
use crate::typeset::{Piece, Role, fit};

/// How many questions test out of a lesson; nothing where it has no test, or is learned.
pub(in crate::app) fn offered_test(lesson: &Lesson, world: &World<'_>) -> Option<usize> {
    let learned = world.glance.state(&lesson.id).learned();
    world.course.test_out_questions(lesson).filter(|_| !learned)
}

/// Where to go once it is over.
enum Way {
    Next(String),
    Lesson,
    Quiz(String),
}

impl Answering {
    /// Opens the test out of the lesson of this id; `reading`: the lesson is open already.
    pub(in crate::app) fn test_out(
        id: &str,
        reading: bool,
        world: &World<'_>,
    ) -> Result<Self, String> {
        let lesson = world.course.lesson(id);
        let lesson = lesson.ok_or_else(|| format!("There is no lesson `{id}`."))?;
        if world.glance.state(id).learned() {
            return Err(LEARNED.to_owned());
        }
        let sitting = world.progress.test_out(world.course, lesson, world.settings.seed);
        let origin = Origin::TestOut { lesson: id.to_owned(), reading };
        sitting.and_then(|sitting| Self::begin(origin, sitting)).ok_or_else(|| NO_TEST.to_owned())
    }

    pub(super) const fn is_test_out(&self) -> bool {
        matches!(self.origin, Origin::TestOut { .. })
    }

    /// What the test is about, above its first question.
    pub(super) fn deal(&self) -> Option<String> {
        let (at, of) = self.sitting.position();
        (self.is_test_out() && at == 1).then(|| {
            format!(
                "If all {of} are right, the lesson counts as learned; if not, you read it, and \
                 nothing is held against you."
            )
        })
    }

    /// Whether every question was answered right.
    pub(super) fn has_passed(&self) -> bool {
        self.sitting.right() == self.sitting.asked().len()
    }

    /// The record of a test that was just passed.
    pub(super) fn tested_out(&self) -> Option<RecordKind> {
        let Origin::TestOut { lesson, .. } = &self.origin else { return None };
        self.has_passed().then(|| RecordKind::TestedOut { lesson: lesson.clone() })
    }

    /// Opens the lesson of a test that was not passed.
    pub(super) fn on_to_the_lesson(&self) -> Vec<Request> {
        let Origin::TestOut { lesson, reading } = &self.origin else { return Vec::new() };
        let (right, of) = (self.sitting.right(), self.sitting.asked().len());
        let said = format!("{right} of {of} right, so here is the lesson.");
        vec![to_lesson(lesson, *reading), Request::Say(said)]
    }

    pub(super) fn act_tested_out(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let Origin::TestOut { lesson, reading } = self.origin.clone() else { return Vec::new() };
        let ways = ways(&lesson, world);
        let Stage::Over(listing) = &mut self.stage else { return Vec::new() };
        self.sheet.follow = true;
        if listing.act(action, ways.len(), self.height) {
            return Vec::new();
        }
        let chosen = ways.into_iter().nth(listing.selected);
        match (action, chosen) {
            (Action::Open, Some((_, Way::Lesson))) => vec![to_lesson(&lesson, reading)],
            (Action::Open, Some((_, Way::Quiz(id)))) => {
                vec![Request::Replace(Destination::Quiz(id))]
            }
            (Action::Open, Some((_, Way::Next(id)))) => {
                let next = Request::Replace(Destination::Lesson(id, Spot::LeftOff));
                // The lesson below gives its place to the next.
                if reading { vec![Request::Back, next] } else { vec![next] }
            }
            (Action::Back | Action::Leave, _) => vec![Request::Back],
            _ => Vec::new(),
        }
    }
}

/// To the lesson that the test is of; `reading`: it is open already, below.
fn to_lesson(id: &str, reading: bool) -> Request {
    if reading {
        return Request::Back;
    }
    Request::Replace(Destination::Lesson(id.to_owned(), Spot::LeftOff))
}

/// Where to go from a lesson that was tested out of, in words.
fn ways(lesson: &str, world: &World<'_>) -> Vec<(String, Way)> {
    let Some(lesson) = world.course.lesson(lesson) else { return Vec::new() };
    let next = world
        .course
        .lesson_after(lesson)
        .map(|next| (format!("On to {}  {}", next.number, next.title), Way::Next(next.id.clone())));
    let test = world.course.final_test_behind(lesson).map(|(_, test)| {
        let questions = counted(world.course.asked(test), "question");
        (format!("{}, {questions}", test.title), Way::Quiz(test.id.clone()))
    });
    let quiz = world.course.quiz_of(lesson).map(|quiz| {
        let questions = counted(world.course.asked(quiz), "question");
        (format!("Take its whole quiz, {questions}"), Way::Quiz(quiz.id.clone()))
    });
    let read = ("Read it all the same".to_owned(), Way::Lesson);
    [test, next, Some(read), quiz].into_iter().flatten().collect()
}

/// Lays out that the lesson counts as learned, and where to go from here.
pub(super) fn lay(answering: &Answering, selected: usize, sheet: &mut Sheet, world: &World<'_>) {
    let Some(lesson) = answering.lesson().and_then(|id| world.course.lesson(id)) else { return };
    let (sign, of) = (sheet.sign("✓", "+"), answering.sitting.asked().len());
    sheet.pieces([
        piece(format!("{sign} Tested out"), Role::Correct),
        piece(format!("   {} of {of}", answering.sitting.right()), Role::Strong),
    ]);
    let full = sheet.sign("━", "=").repeat(sheet.measure().min(48));
    sheet.pieces([piece(full, Role::Correct)]);
    sheet.gap();
    sheet.pieces([
        piece(format!("{}  ", lesson.number), Role::Muted),
        piece(fit(&lesson.title, sheet.measure().saturating_sub(8)), Role::Strong),
    ]);
    let left = world.course.quiz_of(lesson).and_then(|quiz| quiz.left_by_test_out(of));
    let text: Vec<String> =
        [Some("It counts as learned.".to_owned()), left].into_iter().flatten().collect();
    sheet.led(Vec::new(), &text.join(" "), Role::Body);
    sheet.gap();
    for (index, (words, _)) in ways(&lesson.id, world).into_iter().enumerate() {
        let rows = sheet.wrapped(vec![Piece::blank(2)], &words, Role::Body, 1);
        sheet.selectable(rows, index == selected);
    }
}
