//! Testing out of a lesson: a few questions of its quiz, in the place of what was asked; then on
//! from there, or to the end.

use super::{Session, Stop};
use crate::course::Lesson;
use crate::progress::{Demands, LEARNED, NO_TEST, RecordKind};
use crate::quiz::numeric::counted;
use crate::quiz::sitting::Sitting;

/// A test under way.
#[derive(Debug)]
pub(super) struct TestOut {
    pub(super) sitting: Sitting,
    /// What waits behind it.
    before: Stop,
    /// What `:again` said there.
    passage: Vec<String>,
}

impl Session<'_> {
    /// How to test out of `lesson`, unless it has no test or is learned.
    pub(super) fn offer_test(&self, lesson: &Lesson) -> Vec<String> {
        let Some(questions) = self.course.test_out_questions(lesson) else { return Vec::new() };
        if self.has_learned(lesson) {
            return Vec::new();
        }
        let text =
            format!("Know this already? Type :test, and {questions} questions test you out.");
        self.speaker.wrapped(&text, "", 0)
    }

    fn has_learned(&self, lesson: &Lesson) -> bool {
        self.progress.state(&Demands::of(self.course, lesson)).learned()
    }

    /// Begins the test, if there is one here and now.
    pub(super) fn test(&mut self, stop: Stop) {
        match self.test_now(&stop) {
            Ok(sitting) => {
                let questions = counted(sitting.asked().len(), "question");
                let text = format!(
                    "Test: {questions}. If all are right, the lesson counts as learned; if not, it \
                     goes on from here, and nothing is held against you."
                );
                let passage = std::mem::take(&mut self.passage);
                let lines = self.speaker.wrapped(&text, "", 0);
                self.say(lines);
                self.go_on_testing(Box::new(TestOut { sitting, before: stop, passage }));
            }
            Err(sentence) => {
                let prompt = self.prompt_of(&stop);
                self.stop = Some(stop);
                self.mention(vec![sentence.to_owned()]);
                self.mention(prompt);
            }
        }
    }

    /// The test that can be taken at `stop`, or why there is none.
    fn test_now(&self, stop: &Stop) -> Result<Sitting, &'static str> {
        let lesson =
            self.lesson.filter(|_| self.reads).ok_or("Only a lesson can be tested out of.")?;
        if self.has_learned(lesson) {
            return Err(LEARNED);
        }
        match stop {
            Stop::Test(_) => return Err("This is the test."),
            Stop::After(..) => return Err("You have taken the quiz: it shows what you know."),
            Stop::Quiz(sitting, _) if sitting.asked().iter().any(|asked| asked.first.is_some()) => {
                return Err("The quiz has begun: it shows what you know.");
            }
            _ => {}
        }
        let sitting = self.progress.test_out(self.course, lesson, self.settings.seed);
        sitting.ok_or(NO_TEST)
    }

    /// Asks the next question of the test, or ends it.
    pub(super) fn go_on_testing(&mut self, test: Box<TestOut>) {
        if test.sitting.is_finished() {
            return self.end_test(*test);
        }
        let (position, of) = test.sitting.position();
        self.ask(&test.sitting, format!("Question {position} of {of}:"));
        self.stop = Some(Stop::Test(test));
    }

    fn end_test(&mut self, test: TestOut) {
        let Some(lesson) = self.lesson else { return };
        let (right, of) = (test.sitting.right(), test.sitting.asked().len());
        if right < of {
            let said = format!("Test: {right} of {of} right. The lesson goes on.");
            let lines = self.speaker.wrapped(&said, "", 0);
            self.say(lines);
            return self.stand_again(test);
        }
        self.records.push(RecordKind::TestedOut { lesson: lesson.id.clone() });
        let learned = format!(
            "Tested out: {right} of {of} right. Lesson {}, {}, counts as learned.",
            lesson.number, lesson.title
        );
        let left = self.course.quiz_of(lesson).and_then(|quiz| quiz.left_by_test_out(of));
        let said = left.map_or_else(|| learned.clone(), |left| format!("{learned} {left}"));
        let lines = self.and_what_is_next(said, lesson);
        self.say(lines);
        self.steps.clear();
        self.over = true;
    }

    /// Asks again what had waited behind the test.
    fn stand_again(&mut self, test: TestOut) {
        let TestOut { before, passage, .. } = test;
        match &before {
            Stop::Check(sitting) => self.ask(sitting, "Question:".to_owned()),
            Stop::Quiz(sitting, _) => {
                let (position, of) = sitting.position();
                self.ask(sitting, format!("Question {position} of {of}:"));
            }
            _ => {
                let prompt = self.prompt_of(&before);
                self.say(prompt);
            }
        }
        self.passage = passage;
        self.stop = Some(before);
    }
}
