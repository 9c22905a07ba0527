//! What was learned, as a Markdown document to keep: key points, the learner's own notes, their
//! predictions beside what the runs said.
//!
//! One builder makes it of a course, to print, and of one part, to read on the screen.

use super::{
    Demands, LessonGlance, LessonState, Note, Predicted, Progress, QuizProgress, offset_of_line,
    relocate,
};
use crate::course::scenario::Predict;
use crate::course::{Course, Lesson, Part};
use crate::markdown::{Block, BlockKind, block_text, escaped, parse, plain_text, written};
use crate::quiz::Quiz;
use crate::quiz::numeric::counted;
use crate::quiz::summary::percent;

/// Of which lessons the key points are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of those that are learned.
    Learned,
    /// Of every one.
    All,
}

/// A document, and where its entries begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notebook {
    /// The document, as Markdown.
    pub text: String,
    /// What has a heading of its own, in the order of the text.
    pub entries: Vec<Entry>,
}

/// What has a heading of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The byte of the text that the heading begins at.
    pub offset: usize,
    /// What it is about.
    pub subject: Subject,
}

/// What an entry is about, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A lesson.
    Lesson(String),
    /// The final test of a part.
    Test(String),
}

impl Notebook {
    /// What is to be kept of `course`; `None` where nothing is.
    pub fn of_course(course: &Course, progress: &Progress, scope: Scope) -> Option<Self> {
        let mut pages = Pages::new(Learner::of(course, progress), 3);
        pages.title(1, &course.title);
        let (learned, of) = (pages.learner.learned(), course.lessons().count());
        if scope == Scope::Learned || learned > 0 {
            pages.paragraph(&format!("{learned} of {} learned.", counted(of, "lesson")));
        }
        for part in &course.parts {
            let wanted = |lesson: &&Lesson| match scope {
                Scope::Learned => pages.learner.state(lesson).learned(),
                Scope::All => !lesson.key_points().is_empty() || pages.learner.has_own(lesson),
            };
            let lessons: Vec<&Lesson> = part.lessons.iter().filter(wanted).collect();
            let test = course.final_test_of(part).filter(|quiz| match scope {
                Scope::Learned => progress.quiz_state(&quiz.id).learned(),
                Scope::All => progress.quiz(&quiz.id).is_some(),
            });
            if lessons.is_empty() && test.is_none() {
                continue;
            }
            if !part.title.is_empty() {
                pages.title(2, &format!("{} {}", part.label, part.title));
            }
            for lesson in lessons {
                pages.heading(lesson);
                if scope == Scope::All && pages.learner.state(lesson) == LessonState::Begun {
                    pages.standing(lesson, "");
                }
                pages.points(lesson);
                pages.own(lesson);
            }
            if let Some(quiz) = test {
                pages.test(quiz);
            }
        }
        if scope == Scope::Learned {
            pages.begun();
        }
        pages.lost();
        let is_empty = pages.notebook.entries.is_empty() && pages.listed == 0;
        (!is_empty).then_some(pages.notebook)
    }

    /// The summary of one part: what was learned, and what is still to come.
    pub fn of_part(course: &Course, part: &Part, progress: &Progress) -> Self {
        let mut pages = Pages::new(Learner::of(course, progress), 2);
        pages.title(1, course.title_of(part));
        for lesson in &part.lessons {
            pages.heading(lesson);
            let glance = pages.learner.glance(lesson);
            // The points tell what the simulations will show: not before they were read.
            if glance.state.learned() {
                pages.points(lesson);
            } else if glance.read {
                pages.standing(lesson, "");
                pages.points(lesson);
            } else if lesson.objectives().is_empty() {
                pages.standing(lesson, "");
            } else {
                pages.standing(lesson, " You will be able to");
                pages.objectives(lesson);
            }
            pages.own(lesson);
        }
        if let Some(quiz) = course.final_test_of(part) {
            pages.test(quiz);
        }
        pages.notebook
    }
}

/// What the learner did, as far as it is kept here.
struct Learner<'a> {
    course: &'a Course,
    progress: &'a Progress,
    notes: Vec<&'a Note>,
}

impl<'a> Learner<'a> {
    fn of(course: &'a Course, progress: &'a Progress) -> Self {
        Self { course, progress, notes: progress.notes() }
    }

    fn glance(&self, lesson: &Lesson) -> LessonGlance {
        LessonGlance::of(self.progress, &Demands::of(self.course, lesson))
    }

    fn state(&self, lesson: &Lesson) -> LessonState {
        self.glance(lesson).state
    }

    /// How many lessons are learned.
    fn learned(&self) -> usize {
        self.course.lessons().filter(|lesson| self.state(lesson).learned()).count()
    }

    fn has_own(&self, lesson: &Lesson) -> bool {
        !self.notes_in(lesson).is_empty() || !self.predictions_in(lesson).is_empty()
    }

    /// The notes on `lesson`, each with the words of the heading it stands under.
    fn notes_in(&self, lesson: &Lesson) -> Vec<(&'a Note, String)> {
        let own = self.notes.iter().filter(|note| note.place.lesson == lesson.id);
        let mut own: Vec<(usize, &Note)> =
            own.map(|note| (relocate(&note.place, lesson.source()), *note)).collect();
        own.sort_by_key(|(line, note)| (*line, note.id));
        own.into_iter().map(|(line, note)| (note, heading_at(lesson, line))).collect()
    }

    /// The predictions made in `lesson`, in the order of its text, with what they were about.
    fn predictions_in(&self, lesson: &Lesson) -> Vec<(&'a Predicted, &'a Predict)> {
        let mut found = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let Some(lesson) = self.course.lesson(&lesson.id) else { return found };
        for embed in lesson.embeds() {
            let Some(scenario) = self.course.scenario_of(lesson, embed) else { continue };
            let Some(predicted) = self.progress.prediction(&scenario.id) else { continue };
            let Some(predict) = &scenario.predict else { continue };
            let here = predicted.lesson.as_ref().is_none_or(|id| *id == lesson.id);
            // A number of another metric says nothing about the question as it is now.
            if here && predict.metric == predicted.metric && !seen.contains(&&*scenario.id) {
                seen.push(&scenario.id);
                found.push((predicted, predict));
            }
        }
        found
    }
}

/// The words of the heading that a line of `lesson` stands under; nothing below the title alone.
fn heading_at(lesson: &Lesson, line: usize) -> String {
    let end = offset_of_line(lesson.source(), line + 1);
    let above = lesson.document().blocks.iter().take_while(|block| block.span.start < end);
    let headings = above.filter_map(|block| match &block.kind {
        BlockKind::Heading { level, inlines, .. } => Some((*level, plain_text(inlines))),
        _ => None,
    });
    headings.last().filter(|(level, _)| *level > 1).map(|(_, words)| words).unwrap_or_default()
}

/// A document in the making.
struct Pages<'a> {
    learner: Learner<'a>,
    /// The level of an entry's heading.
    level: usize,
    notebook: Notebook,
    /// How many entries stand in lists that belong to no lesson.
    listed: usize,
}

impl<'a> Pages<'a> {
    fn new(learner: Learner<'a>, level: usize) -> Self {
        Self { learner, level, notebook: Notebook::default(), listed: 0 }
    }

    /// Begins a block, with a blank line before it.
    fn block(&mut self) -> &mut String {
        let text = &mut self.notebook.text;
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn title(&mut self, level: usize, words: &str) {
        let words = escaped(words);
        // A sign at the end would be taken for the heading's own.
        let words = words.strip_suffix('#').map_or(words.clone(), |start| format!("{start}\\#"));
        let line = format!("{} {words}\n", "#".repeat(level));
        self.block().push_str(&line);
    }

    fn paragraph(&mut self, markdown: &str) {
        let text = self.block();
        text.push_str(markdown);
        text.push('\n');
    }

    /// A list; with air between its entries if they are long.
    fn list(&mut self, entries: &[String], airy: bool) {
        if entries.is_empty() {
            return;
        }
        let lines: Vec<String> = entries.iter().map(|entry| format!("- {entry}\n")).collect();
        let lines = lines.join(if airy { "\n" } else { "" });
        self.block().push_str(&lines);
    }

    fn heading(&mut self, lesson: &Lesson) {
        self.entry(Subject::Lesson(lesson.id.clone()), &named(lesson));
    }

    fn entry(&mut self, subject: Subject, words: &str) {
        let offset = self.notebook.text.len() + usize::from(!self.notebook.text.is_empty());
        self.notebook.entries.push(Entry { offset, subject });
        self.title(self.level, words);
    }

    /// A final test, and how it went.
    fn test(&mut self, quiz: &Quiz) {
        self.entry(Subject::Test(quiz.id.clone()), &quiz.title);
        let taken = self.learner.progress.quiz(&quiz.id);
        let best = taken.and_then(QuizProgress::best).map(percent);
        let questions = counted(self.learner.course.asked(quiz), "question");
        let said = match (best, percent(quiz.pass)) {
            (Some(best), _) if self.learner.progress.quiz_state(&quiz.id).learned() => {
                format!("Passed: your best score is {best} %.")
            }
            (Some(best), pass) => {
                format!("Not passed yet: your best score is {best} %, {pass} % passes.")
            }
            (None, pass) if taken.is_some() => format!("Half taken: {questions}, {pass} % passes."),
            (None, pass) => format!("Not taken yet: {questions}, {pass} % passes."),
        };
        self.paragraph(&format!("*{said}*"));
    }

    /// That a lesson is not learned yet, and what is missing; then how the text goes on.
    fn standing(&mut self, lesson: &Lesson, then: &str) {
        let said = match self.learner.state(lesson) {
            LessonState::New => "Not begun yet.".to_owned(),
            _ => format!("Begun, not learned yet: {}.", self.missing(lesson)),
        };
        self.paragraph(&format!("*{said}{then}*"));
    }

    /// What a begun lesson waits for.
    fn missing(&self, lesson: &Lesson) -> String {
        let glance = self.learner.glance(lesson);
        let end = (!glance.read).then(|| "its end is not reached".to_owned());
        let quiz = self.learner.course.quiz_of(lesson).and_then(|quiz| {
            let taken = self.learner.progress.quiz(&quiz.id);
            match (taken.is_some_and(QuizProgress::passed), glance.score) {
                (true, _) => None,
                (false, Some(score)) => {
                    let (score, pass) = (percent(score), percent(quiz.pass));
                    Some(format!("its quiz is at {score} %, {pass} % passes"))
                }
                (false, None) if taken.is_some() => Some("its quiz is half taken".to_owned()),
                (false, None) => Some("its quiz is not taken".to_owned()),
            }
        });
        end.into_iter().chain(quiz).collect::<Vec<_>>().join(", ")
    }

    fn points(&mut self, lesson: &Lesson) {
        let points: Vec<String> =
            lesson.key_point_items().map(|item| on_one_line(&item.blocks)).collect();
        if points.is_empty() {
            self.paragraph("*It has no list of key points.*");
        }
        self.list(&points, false);
    }

    fn objectives(&mut self, lesson: &Lesson) {
        let all = lesson.objectives().iter().map(|objective| escaped(&objective.text));
        self.list(&all.collect::<Vec<_>>(), false);
    }

    /// The learner's own notes on a lesson, and their predictions.
    fn own(&mut self, lesson: &Lesson) {
        let notes = self.notes(lesson);
        if !notes.is_empty() {
            self.paragraph("*Your notes*");
            self.list(&notes, false);
        }
        let predictions = self.predictions(lesson);
        if !predictions.is_empty() {
            self.paragraph("*Your predictions*");
            self.list(&predictions, true);
        }
    }

    fn notes(&self, lesson: &Lesson) -> Vec<String> {
        let notes = self.learner.notes_in(lesson).into_iter();
        notes.map(|(note, heading)| placed(&note.text, &heading)).collect()
    }

    fn predictions(&self, lesson: &Lesson) -> Vec<String> {
        let predictions = self.learner.predictions_in(lesson).into_iter();
        predictions.map(|(predicted, predict)| confronted(predicted, predict)).collect()
    }

    /// What is begun and not learned, with the learner's own notes and predictions.
    fn begun(&mut self) {
        let open = |lesson: &&Lesson| self.learner.state(lesson) == LessonState::Begun;
        let lessons: Vec<&Lesson> = self.learner.course.lessons().filter(open).collect();
        if lessons.is_empty() {
            return;
        }
        let entry = |lesson: &&Lesson| {
            let own = self.notes(lesson).into_iter().chain(self.predictions(lesson));
            let first = format!("{}: {}.", escaped(&named(lesson)), self.missing(lesson));
            let lines = [first].into_iter().chain(own.map(|one| one.replace('\n', "\n  ")));
            lines.collect::<Vec<_>>().join("\n  - ")
        };
        let entries: Vec<String> = lessons.iter().map(entry).collect();
        self.listed += entries.iter().filter(|entry| entry.contains('\n')).count();
        self.title(2, "Begun, not learned yet");
        self.list(&entries, false);
    }

    /// Notes on lessons that the course no longer has.
    fn lost(&mut self) {
        let course = self.learner.course;
        let lost =
            self.learner.notes.iter().filter(|note| course.lesson(&note.place.lesson).is_none());
        let lost: Vec<String> = lost.map(|note| placed(&note.text, &note.place.lesson)).collect();
        if !lost.is_empty() {
            self.listed += lost.len();
            self.title(2, "Notes on lessons that are gone");
            self.list(&lost, false);
        }
    }
}

fn named(lesson: &Lesson) -> String {
    format!("{} {}", lesson.number, lesson.title)
}

/// A note and the place it belongs to.
fn placed(text: &str, place: &str) -> String {
    match place {
        "" => escaped(text),
        place => format!("{} *(at \"{}\")*", escaped(text), escaped(place)),
    }
}

/// A question, what was predicted, and what the run said.
fn confronted(predicted: &Predicted, predict: &Predict) -> String {
    let guess = predict.in_unit(predicted.value);
    let truth = predicted.error.map(|error| predicted.value - error);
    let judged = predict.judge(guess, None, truth);
    let number = |number: f64| format!("**{}**", escaped(&predict.text(number)));
    let truth = judged.truth.map(|truth| format!("; the run said {}", number(truth)));
    let truth = truth.unwrap_or_default();
    let said = format!("You predicted {}{truth}. {}", number(guess), escaped(&judged.verdict));
    format!("{}\\\n  {said}", on_one_line(&parse(&predict.prompt).blocks))
}

/// Blocks as running Markdown; marks outlive only in paragraphs.
fn on_one_line(blocks: &[Block]) -> String {
    let texts = blocks.iter().map(|block| match &block.kind {
        BlockKind::Paragraph(inlines) => written(inlines),
        _ => escaped(&block_text(block)),
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
