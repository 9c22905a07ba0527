//! Where a question is explained: what follows it in its lesson, else the section that speaks most
//! of what it asks.

use super::{Answering, Origin};
use crate::app::World;
use crate::course::search::{self, Index};
use crate::course::{Course, Lesson};
use crate::markdown::{self, Block, BlockKind, inlines, plain_text};
use crate::quiz::line::response_lines;
use crate::quiz::shown::Shown;
use crate::quiz::{Question, grade};

/// A section of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// The lesson's id.
    pub(super) lesson: String,
    /// Its number and, where there is one, the section's heading.
    pub(super) place: String,
    /// The byte of the source at which the line that fits best begins.
    pub(super) offset: usize,
}

impl Answering {
    /// Where the question is explained.
    pub(super) fn explained(&self, question: &Question, world: &World<'_>) -> Option<Paragraph> {
        let is_of_another = question.objective.as_deref().is_some_and(|id| id.contains('#'));
        let behind = match &self.origin {
            Origin::Flow { lesson, offset } if !is_of_another => {
                let lesson = world.course.lesson(lesson);
                lesson.and_then(|lesson| behind(lesson, *offset))
            }
            _ => None,
        };
        behind.or_else(|| find(question, self.lesson(), world.course))
    }
}

/// The paragraph for a question of `lesson`, unless its objective belongs to another.
pub(super) fn find(
    question: &Question,
    lesson: Option<&str>,
    course: &Course,
) -> Option<Paragraph> {
    let objective = question.objective.as_deref().unwrap_or("");
    let lesson = course.home_of(objective, lesson)?;
    let index = Index::new(search::explaining(lesson));
    let wanted = lesson.objective(objective);
    let words = [
        plain_text(&inlines(&question.prompt)),
        plain_text(&inlines(question.explain.as_deref().unwrap_or(""))),
        wanted.map_or_else(String::new, |objective| objective.text.clone()),
        answer(question),
    ]
    .join(" ");
    let hit = index.nearest(&words)?;
    Some(Paragraph { lesson: lesson.id.clone(), place: hit.place, offset: hit.offset })
}

/// What follows the question that stands at byte `offset` of its lesson, up to the next heading.
fn behind(lesson: &Lesson, offset: usize) -> Option<Paragraph> {
    let blocks = &lesson.document().blocks;
    let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading { .. });
    let at = blocks.iter().position(|block| block.span.start == offset)?;
    let heading = blocks.iter().take(at).rfind(is_heading).map(markdown::block_text);
    let behind = blocks.get(at + 1).filter(|block| !is_heading(block))?;
    let heading = heading.unwrap_or_else(|| lesson.title.clone());
    let place = format!("{} · {heading}", lesson.number);
    Some(Paragraph { lesson: lesson.id.clone(), place, offset: behind.span.start })
}

/// The right answer in words, and what is said of it.
fn answer(question: &Question) -> String {
    let (shown, solution) = (Shown::new(question, None, 1), question.solution());
    let said = grade(question, &solution).feedback.into_iter().map(|feedback| feedback.text);
    let lines = response_lines(question, &shown, &solution);
    lines.into_iter().chain(said).collect::<Vec<_>>().join(" ")
}
