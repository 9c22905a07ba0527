//! What of the learner's own can be found.

use super::{Progress, relocate};
use crate::course::Course;
use crate::course::search::{Passage, Source, passages};

impl Progress {
    /// Everything that can be found: the course and the learner's notes, each at its place in the
    /// lesson as it is now. Reads every lesson.
    pub fn findable(&self, course: &Course) -> Vec<Passage> {
        let mut all = passages(course);
        for note in self.notes() {
            let Some(lesson) = course.lesson(&note.place.lesson) else { continue };
            let line = relocate(&note.place, lesson.source());
            let before = lesson.source().split_inclusive('\n').take(line.saturating_sub(1));
            all.push(Passage {
                source: Source::Note(lesson.id.clone()),
                place: format!("Your note · {} {}", lesson.number, lesson.title),
                title: String::new(),
                lines: vec![(before.map(str::len).sum(), note.text.clone())],
            });
        }
        all
    }
}
