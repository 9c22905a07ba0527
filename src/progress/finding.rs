//! What of the learner's own can be found.

use super::{Progress, offset_of_line, relocate};
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
            all.push(Passage {
                source: Source::Note(lesson.id.clone()),
                place: format!("Your note · {} {}", lesson.number, lesson.title),
                title: String::new(),
                lines: vec![(offset_of_line(lesson.source(), line), note.text.clone())],
            });
        }
        all
    }
}
