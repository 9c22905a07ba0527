//! Where a question is explained: the section of its lesson that speaks most of what it asks.

use crate::course::Course;
use crate::course::search::{self, Index};
use crate::markdown::{inlines, plain_text};
use crate::quiz::Question;

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

/// The paragraph for a question of `lesson`, unless its objective belongs to another.
pub(super) fn find(
    question: &Question,
    lesson: Option<&str>,
    course: &Course,
) -> Option<Paragraph> {
    let objective = question.objective.as_deref().unwrap_or("");
    let id = objective.split_once('#').map(|(lesson, _)| lesson).or(lesson)?;
    let lesson = course.lesson(id)?;
    let index = Index::new(search::explaining(lesson));
    let wanted = course
        .lesson(id)?
        .objectives()
        .iter()
        .find(|known| known.name() == objective.rsplit('#').next().unwrap_or(objective));
    let words = [
        plain_text(&inlines(&question.prompt)),
        plain_text(&inlines(question.explain.as_deref().unwrap_or(""))),
        wanted.map_or_else(String::new, |objective| objective.text.clone()),
    ]
    .join(" ");
    let hit = index.find(&words, 1).into_iter().next()?;
    Some(Paragraph { lesson: lesson.id.clone(), place: hit.place, offset: hit.offset })
}
