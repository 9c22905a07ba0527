//! What the learner keeps at the place that was said last: a note, a bookmark.

use super::{Session, place};
use crate::progress::{Bookmarked, Noted, RecordKind, offset_of_line};

impl Session<'_> {
    /// Keeps a note; gives what to say.
    pub(super) fn note(&mut self, text: &str) -> String {
        let Some(lesson) = self.lesson else {
            return "A note belongs to a lesson; this quiz stands in none.".to_owned();
        };
        if text.is_empty() {
            return "Type the note behind it, as in :note ask about this.".to_owned();
        }
        let place = place(lesson, self.here);
        let text = Some(text.to_owned());
        self.records.push(RecordKind::Noted(Noted { note: None, place, text }));
        "Noted.".to_owned()
    }

    /// Sets a bookmark, or takes away the one that stands there; gives what to say.
    pub(super) fn bookmark(&mut self) -> String {
        let Some(lesson) = self.lesson else {
            return "A bookmark belongs to a lesson; this quiz stands in none.".to_owned();
        };
        let place = place(lesson, self.here);
        let offset = offset_of_line(lesson.source(), place.line);
        let kept = self.progress.kept(self.course);
        let there = kept.into_iter().find(|kept| {
            kept.note.is_none() && kept.place.lesson == lesson.id && kept.offset == offset
        });
        let (bookmarked, said) = Bookmarked::toggled(there.map(|old| old.place), place);
        self.records.push(RecordKind::Bookmarked(bookmarked));
        said.to_owned()
    }
}
