//! The line mode: a lesson or a quiz as lines of text, one after another, answered line by line.
//! No boxes, no columns, no cursor: for a screen reader, a serial line, a script.
//!
//! A [`Session`] is pure. The shell gives it lines, commits the records of each [`Turn`] and only
//! then prints the turn's output: a verdict is seen after its answer is safe.

mod asking;
mod command;
mod flow;
mod invocation;
mod keeping;
mod lookup;
mod simulating;
mod simulation;
mod testing_out;
mod text;

use std::collections::VecDeque;

use crate::course::scenario::Scenario;
use crate::course::{Course, Lesson};
use crate::diagnostic::Position;
use crate::markdown::Block;
use crate::progress::{Answered, Place, Progress, Record, RecordKind};
use crate::quiz::line::parse_response;
use crate::quiz::sitting::{self, Sitting};
use crate::quiz::{Question, QuestionKind, Quiz};
use crate::sanitize;

use command::{COMMANDS, Command, command};
use simulation::Simulation;
use testing_out::TestOut;
use text::Speaker;

pub use flow::where_left_off;
pub use invocation::{Invocation, quoted};

/// How a session speaks.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The cells of a line of running text, 20 to 500.
    pub width: usize,
    /// Our own signs in ASCII; texts of the course stay as they are.
    pub ascii: bool,
    /// Orders choices and draws numbers; without one they are the same for everybody.
    pub seed: Option<u64>,
}

/// Where a lesson begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At its first line.
    Top,
    /// Where the learner was last.
    LeftOff,
}

/// What comes of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// What to store before the output is shown.
    pub records: Vec<RecordKind>,
    /// What to print: whole lines, sanitised, without escape sequences.
    pub output: String,
}

/// A lesson or a quiz being taken in line mode.
#[derive(Debug)]
pub struct Session<'a> {
    course: &'a Course,
    progress: Progress,
    settings: Settings,
    invocation: Invocation,
    /// Answers are kept beyond this session.
    keeps: bool,
    speaker: Speaker,
    lesson: Option<&'a Lesson>,
    /// The lesson is read as a whole, not only asked about.
    reads: bool,
    steps: VecDeque<Step<'a>>,
    stop: Option<Stop>,
    /// What was said since the last answer, for `:again`.
    passage: Vec<String>,
    out: Vec<String>,
    records: Vec<RecordKind>,
    /// The byte of the lesson that was said last.
    here: usize,
    score: Option<String>,
    passed: Option<bool>,
    over: bool,
}

/// What comes next.
#[derive(Clone, Debug)]
enum Step<'a> {
    Say(&'a Block),
    Ask(&'a Question, usize),
    Take(&'a Quiz, usize),
    Simulate(&'a Scenario, usize),
    Note(String),
}

/// What the learner is asked for.
#[derive(Debug)]
enum Stop {
    /// An answer to a question in the flow of the lesson.
    Check(Sitting),
    /// An answer to a question of a quiz; the lesson's id, if it is one's.
    Quiz(Sitting, Option<String>),
    /// After a quiz with wrong answers: again, or on.
    After(Sitting, Option<String>),
    /// An answer to a question of the test out of the lesson.
    Test(Box<TestOut>),
    /// A prediction, before a simulation is run.
    Predict(Box<Simulation>),
    /// What to turn in a simulation that was run, or to go on.
    Sandbox(Box<Simulation>),
    /// After a question that predicts: its simulation, or on.
    Offer(Box<Simulation>),
}

/// What comes behind a simulation.
#[derive(Debug)]
enum Then {
    /// The next step of the lesson.
    GoOn,
    /// The next question of a quiz.
    Quiz(Box<Sitting>, Option<String>),
    /// The next question of the test out of the lesson.
    Test(Box<TestOut>),
}

impl<'a> Session<'a> {
    /// Begins a lesson.
    pub fn lesson(
        course: &'a Course,
        progress: Progress,
        lesson: &'a Lesson,
        start: Start,
        settings: Settings,
    ) -> Self {
        let mut session = Self::new(course, progress, Some(lesson), settings);
        session.reads = true;
        session.open(lesson, start);
        session
    }

    /// Begins a quiz on its own.
    pub fn quiz(
        course: &'a Course,
        progress: Progress,
        quiz: &'a Quiz,
        settings: Settings,
    ) -> Self {
        let mut session = Self::new(course, progress, course.lesson_of(quiz), settings);
        session.steps.push_back(Step::Take(quiz, 0));
        session
    }

    fn new(
        course: &'a Course,
        progress: Progress,
        lesson: Option<&'a Lesson>,
        settings: Settings,
    ) -> Self {
        Self {
            course,
            progress,
            settings,
            invocation: Invocation::default(),
            keeps: true,
            speaker: Speaker::new(settings.width, settings.ascii),
            lesson,
            reads: false,
            steps: VecDeque::new(),
            stop: None,
            passage: Vec::new(),
            out: Vec::new(),
            records: Vec::new(),
            here: 0,
            score: None,
            passed: None,
            over: false,
        }
    }

    /// Says everything up to the first question.
    pub fn start(&mut self) -> Turn {
        self.go_on();
        self.turn()
    }

    /// Takes one line that was typed, without its end.
    pub fn line(&mut self, line: &str) -> Turn {
        let line = sanitize::line(line).into_owned();
        let Some(stop) = self.stop.take() else { return self.turn() };
        match command(&line, stop.can_be_typed()) {
            Some(command) => self.obey(command, stop),
            None => self.take(&line, stop),
        }
        self.turn()
    }

    /// The input has ended: what needs no answer is said, then the session is over.
    pub fn end_of_input(&mut self) -> Turn {
        while !self.over {
            match self.stop.take() {
                Some(Stop::After(..)) => self.leave_quiz(),
                Some(Stop::Sandbox(simulation) | Stop::Offer(simulation)) => {
                    self.leave_simulation(simulation.then);
                }
                None => self.go_on(),
                Some(stop) => {
                    self.stop = Some(stop);
                    self.leave();
                }
            }
        }
        self.turn()
    }

    /// Takes note of a record that was stored.
    pub fn recorded(&mut self, record: &Record) {
        self.progress.apply(record);
    }

    /// Where the learner stands, with what was stored so far.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether there is nothing left to ask.
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the last quiz that was taken to its end was passed.
    pub const fn passed(&self) -> Option<bool> {
        self.passed
    }

    fn turn(&mut self) -> Turn {
        let mut output = self.out.join("\n");
        if !output.is_empty() {
            output.push('\n');
        }
        self.out.clear();
        // What is said may come from records of another machine, too.
        let output = sanitize::text(&output).into_owned();
        Turn { records: std::mem::take(&mut self.records), output }
    }

    /// Says lines, apart from those before.
    fn say(&mut self, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        if self.out.last().is_some_and(|line| !line.is_empty()) {
            self.out.push(String::new());
        }
        if !self.passage.is_empty() {
            self.passage.push(String::new());
        }
        self.passage.extend(lines.iter().cloned());
        self.out.extend(lines);
    }

    /// Says lines that belong to those before.
    fn mention_in_passage(&mut self, lines: Vec<String>) {
        self.passage.extend(lines.iter().cloned());
        self.out.extend(lines);
    }

    /// Says lines that `:again` does not repeat.
    fn mention(&mut self, lines: Vec<String>) {
        self.out.extend(lines);
    }

    fn obey(&mut self, command: Command, stop: Stop) {
        match command {
            Command::Skip => return self.skip(stop),
            Command::Quit => {
                self.stop = Some(stop);
                return self.leave();
            }
            Command::Retry => return self.retry(stop),
            Command::Test => return self.test(stop),
            Command::Hint => return self.hint(stop),
            _ => {}
        }
        if command.is_for_simulations() {
            return self.obey_simulating(command, stop);
        }
        let prompt = self.prompt_of(&stop);
        self.stop = Some(stop);
        let lines = match command {
            Command::Again => return self.mention(self.passage.clone()),
            Command::Outline => match self.lesson {
                Some(lesson) => lookup::outline(&self.speaker, lesson, self.here),
                None => vec!["This quiz stands in no lesson.".to_owned()],
            },
            Command::Fact(id) => lookup::fact(&mut self.speaker, self.course, self.lesson, &id),
            Command::Term(word) => lookup::term(&mut self.speaker, self.course, self.lesson, &word),
            Command::Search(words) => {
                lookup::search(&mut self.speaker, self.course, &self.progress, &words)
            }
            Command::Note(text) => vec![self.note(&text)],
            Command::Bookmark => vec![self.bookmark()],
            Command::Notes => lookup::notes(&self.speaker, self.course, &self.progress),
            Command::Unknown(sentence) => vec![sentence],
            _ => COMMANDS.iter().map(|(name, what)| format!("{name}  {what}")).collect(),
        };
        self.mention(lines);
        self.mention(prompt);
    }

    /// Takes a line as an answer.
    fn take(&mut self, line: &str, stop: Stop) {
        let stop = match stop {
            Stop::Predict(simulation) => return self.predicted(line, simulation),
            Stop::Sandbox(simulation) => return self.played(line, simulation),
            Stop::Offer(simulation) => return self.passed_over(line, *simulation),
            stop => stop,
        };
        let Some(sitting) = stop.sitting_asked() else {
            // After a quiz: any line goes on, and a line with words is the next answer.
            self.leave_quiz();
            if !line.trim().is_empty()
                && let Some(next) = self.stop.take()
            {
                self.take(line, next);
            }
            return;
        };
        let Some(asked) = sitting.current() else { return self.go_on() };
        match parse_response(&asked.question, &asked.shown, line) {
            Ok(answer) => {
                self.answered(stop, |sitting| sitting.answer(answer.response, answer.confidence));
            }
            Err(sentence) => {
                let sentence = self.speaker.own(&sentence);
                let prompt = self.prompt_of(&stop);
                self.stop = Some(stop);
                self.mention(vec![sentence]);
                self.mention(prompt);
            }
        }
    }

    fn skip(&mut self, stop: Stop) {
        match stop {
            Stop::After(..) => self.leave_quiz(),
            Stop::Predict(simulation) => {
                let then = self.unpredicted(simulation);
                self.go_on_if(then);
            }
            Stop::Sandbox(simulation) | Stop::Offer(simulation) => {
                self.leave_simulation(simulation.then);
            }
            stop => self.answered(stop, Sitting::skip),
        }
    }

    /// Records an answer, says the verdict, goes on.
    fn answered(
        &mut self,
        mut stop: Stop,
        answer: impl FnOnce(&mut Sitting) -> Option<sitting::Answered>,
    ) {
        let in_flow = matches!(stop, Stop::Check(_) | Stop::Test(_));
        let lesson = match &stop {
            Stop::Check(_) | Stop::Test(_) => self.lesson.map(|lesson| lesson.id.clone()),
            Stop::Quiz(_, lesson) | Stop::After(_, lesson) => lesson.clone(),
            Stop::Predict(_) | Stop::Sandbox(_) | Stop::Offer(_) => None,
        };
        let Some(sitting) = stop.sitting_mut() else { return self.go_on() };
        let Some(answered) = answer(sitting) else { return self.go_on() };
        let record = if in_flow {
            Answered::in_flow(&answered, lesson.as_deref())
        } else {
            Answered::in_quiz(&answered, lesson.as_deref())
        };
        self.records.push(RecordKind::Answered(Box::new(record)));
        let verdict =
            sitting.current().map(|asked| asking::verdict(&mut self.speaker, self.course, asked));
        let predicted = sitting.current().and_then(|asked| asked.question.prediction.clone());
        sitting.advance();
        self.say(verdict.unwrap_or_default());
        self.passage.clear();
        let then = match stop {
            Stop::Quiz(sitting, lesson) | Stop::After(sitting, lesson) => {
                Then::Quiz(Box::new(sitting), lesson)
            }
            Stop::Test(test) => Then::Test(test),
            _ => Then::GoOn,
        };
        match predicted.and_then(|prediction| self.simulation_of(&prediction)) {
            Some(simulation) => self.offer(simulation, then),
            None => self.go_on_to(then),
        }
    }

    fn hint(&mut self, mut stop: Stop) {
        let Some(sitting) = stop.sitting_mut() else {
            return self.obey_simulating(Command::Hint, stop);
        };
        let hint = sitting.hint().map(str::to_owned);
        let several = sitting.current().is_some_and(|asked| asked.hints > 0);
        let lines = match hint {
            Some(hint) => self.speaker.short(&hint, "Hint: ", 0),
            None if several => vec!["No more hints.".to_owned()],
            None => vec!["There is no hint.".to_owned()],
        };
        let prompt = self.prompt_of(&stop);
        self.stop = Some(stop);
        self.mention(lines);
        self.mention(prompt);
    }

    fn retry(&mut self, stop: Stop) {
        let Stop::After(mut sitting, lesson) = stop else {
            self.mention(vec!["First answer, or :s to skip.".to_owned()]);
            let prompt = self.prompt_of(&stop);
            self.mention(prompt);
            self.stop = Some(stop);
            return;
        };
        sitting.retry_wrong();
        self.passage.clear();
        self.go_on_with(sitting, lesson);
    }

    /// The line that says what to type.
    fn prompt_of(&self, stop: &Stop) -> Vec<String> {
        match stop {
            Stop::Check(_) | Stop::Quiz(..) | Stop::Test(_) => {
                let prompt = |asked| asking::prompt(&self.speaker, asked);
                let asked = stop.sitting_asked().and_then(Sitting::current);
                asked.map(prompt).into_iter().collect()
            }
            Stop::After(..) => vec!["? (:retry, or an empty line to go on)".to_owned()],
            Stop::Predict(_) | Stop::Sandbox(_) | Stop::Offer(_) => {
                Self::prompt_of_simulation(stop)
            }
        }
    }
}

/// The place of a byte of a lesson.
fn place(lesson: &Lesson, offset: usize) -> Place {
    let source = lesson.source();
    Place::at(&lesson.id, source, Position::of(source, offset).line)
}

impl Then {
    const fn is_lesson(&self) -> bool {
        matches!(self, Self::GoOn)
    }
}

impl Stop {
    fn sitting_mut(&mut self) -> Option<&mut Sitting> {
        match self {
            Self::Check(sitting) | Self::Quiz(sitting, _) | Self::After(sitting, _) => {
                Some(sitting)
            }
            Self::Test(test) => Some(&mut test.sitting),
            Self::Predict(_) | Self::Sandbox(_) | Self::Offer(_) => None,
        }
    }

    /// The sitting whose question waits for an answer.
    fn sitting_asked(&self) -> Option<&Sitting> {
        match self {
            Self::Check(sitting) | Self::Quiz(sitting, _) => Some(sitting),
            Self::Test(test) => Some(&test.sitting),
            _ => None,
        }
    }

    /// Whether a bare letter could be the answer.
    fn can_be_typed(&self) -> bool {
        let Some(sitting) = self.sitting_asked() else { return false };
        sitting.current().is_some_and(|asked| match &asked.question.kind {
            QuestionKind::Short(_) | QuestionKind::Cloze(_) => true,
            // The eighth letter is `h`.
            QuestionKind::Choice(kind) => kind.choices.len() > 7,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests;
