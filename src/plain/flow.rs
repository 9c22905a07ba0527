//! The way through a lesson: what is said, where it stops, how a quiz ends.

use super::{Session, Start, Step, Stop, asking, lookup, place};
use crate::course::{Course, Embedded, Lesson};
use crate::diagnostic::Position;
use crate::markdown::BlockKind;
use crate::progress::{Progress, RecordKind, relocate};
use crate::quiz::numeric::counted;
use crate::quiz::sitting::Sitting;
use crate::quiz::summary::{ObjectiveScore, Summary, points};
use crate::quiz::{Question, Quiz};

/// The lesson to go on with: the last one, where there is something left in it to answer; else the
/// next that was neither read to its end nor tested out of.
pub fn where_left_off<'a>(course: &'a Course, progress: &Progress) -> Option<(&'a Lesson, Start)> {
    let was_read = |lesson: &&Lesson| {
        let known = progress.lesson(&lesson.id);
        known.is_some_and(|known| known.read.is_some() || known.tested_out.is_some())
    };
    let last = progress.last_place().and_then(|place| Some((course.lesson(&place.lesson)?, place)));
    let Some((last, place)) = last else {
        return course.lessons().next().map(|lesson| (lesson, Start::Top));
    };
    let line = relocate(place, last.source());
    let ahead = last
        .embeds()
        .iter()
        .any(|embed| Position::of(last.source(), embed.span.start).line >= line);
    let known = progress.lesson(&last.id);
    let tested_out = known.is_some_and(|it| it.tested_out.is_some() && it.read.is_none());
    if (ahead && !tested_out) || !was_read(&last) {
        return Some((last, Start::LeftOff));
    }
    let after = course.lessons().skip_while(|lesson| lesson.id != last.id).skip(1);
    let next = after.chain(course.lessons()).find(|lesson| !was_read(lesson));
    next.map(|lesson| (lesson, Start::LeftOff)).or(Some((last, Start::Top)))
}

impl<'a> Session<'a> {
    /// Nothing is kept beyond this session.
    pub const fn keep_nothing(&mut self) {
        self.keeps = false;
    }

    /// Lines up the steps of a lesson.
    pub(super) fn open(&mut self, lesson: &'a Lesson, start: Start) {
        let course = self.course;
        let from = match start {
            Start::Top => lesson.text_start(),
            Start::LeftOff => self.left_off(lesson),
        };
        for block in &lesson.document().blocks {
            if block.span.end <= from {
                continue;
            }
            if !matches!(block.kind, BlockKind::Embed(_)) {
                self.steps.push_back(Step::Say(block));
            }
            let inside = |embed: &&crate::course::PlacedEmbed| {
                (block.span.start..block.span.end).contains(&embed.span.start)
            };
            for embed in lesson.embeds().iter().filter(inside) {
                let step = match course.embedded(lesson, embed) {
                    Embedded::Question(question) => Step::Ask(question, embed.span.start),
                    Embedded::Quiz(quiz) => Step::Take(quiz, embed.span.start),
                    Embedded::Broken(why) => Step::Note(format!("Left out here: {why}.")),
                    Embedded::Scenario { title, .. } => match course.scenario_of(lesson, embed) {
                        Some(scenario) => Step::Simulate(scenario, embed.span.start),
                        None => Step::Note(format!(
                            "Left out here: the simulation \"{title}\" has faults: run `check`."
                        )),
                    },
                    Embedded::Output => continue,
                };
                self.steps.push_back(step);
            }
        }
        let linked = |own: &&Quiz| {
            lesson.embeds().iter().any(|embed| match course.embedded(lesson, embed) {
                Embedded::Quiz(quiz) => quiz.file == own.file,
                _ => false,
            })
        };
        // A quiz that the text does not link stands behind its end.
        if let Some(own) = course.quiz_of(lesson).filter(|own| !linked(own)) {
            let asked = self.progress.quiz(&own.id).is_some_and(|quiz| quiz.unfinished().is_none());
            let at = lesson.source().len();
            if start == Start::Top || !asked {
                self.steps.push_back(Step::Take(own, at));
            }
        }
        self.greet(lesson, from);
    }

    /// The byte to go on at.
    fn left_off(&self, lesson: &Lesson) -> usize {
        let place = self.progress.lesson(&lesson.id).and_then(|lesson| lesson.place.as_ref());
        let Some(place) = place else { return lesson.text_start() };
        let line = relocate(place, lesson.source());
        let before = lesson.source().split_inclusive('\n').take(line.saturating_sub(1));
        before.map(str::len).sum::<usize>().max(lesson.text_start())
    }

    fn greet(&mut self, lesson: &Lesson, from: usize) {
        let number = if lesson.number.is_empty() { "" } else { &format!(" {}", lesson.number) };
        let minutes = self.course.minutes(lesson);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        let mut first = format!("Lesson{number}, {}, {minutes} {unit}.", lesson.title);
        if from > lesson.text_start() {
            let heading = lookup::heading_at(lesson, from);
            let at = heading.map(|heading| format!(" at \"{heading}\"")).unwrap_or_default();
            first = format!("Going on with lesson{number}, {},{at}.", lesson.title);
        }
        let facts = lookup::advice(lesson);
        let text = format!("{first} Type :help for the commands{facts}.");
        let mut lines = self.speaker.wrapped(&text, "", 0);
        lines.extend(self.offer_test(lesson));
        self.say(lines);
    }

    /// Says what comes up to the next question, or to the end.
    pub(super) fn go_on(&mut self) {
        while let Some(step) = self.steps.pop_front() {
            match step {
                Step::Say(block) => {
                    self.here = block.span.start;
                    let lines = self.speaker.block(block);
                    self.say(lines);
                }
                Step::Note(text) => {
                    let lines = self.speaker.wrapped(&text, "", 0);
                    self.say(lines);
                }
                Step::Ask(question, at) => {
                    if self.check(question, at) {
                        return;
                    }
                }
                Step::Simulate(scenario, at) => {
                    if self.simulate(scenario, at) {
                        return;
                    }
                }
                Step::Take(quiz, at) => {
                    if self.begin(quiz, at) {
                        return;
                    }
                }
            }
        }
        self.end();
    }

    /// Goes on behind a quiz that had waited after its score.
    pub(super) fn leave_quiz(&mut self) {
        if self.reads {
            self.out.push(String::new());
        }
        self.go_on();
    }

    /// Stops at a place of the lesson.
    pub(super) fn stop_at(&mut self, at: usize) {
        self.here = at;
        if let Some(lesson) = self.lesson.filter(|_| self.reads) {
            self.records.push(RecordKind::Placed(place(lesson, at)));
        }
    }

    /// Asks a question in the flow; false where it cannot be asked.
    fn check(&mut self, question: &Question, at: usize) -> bool {
        self.stop_at(at);
        let Some(question) = self.course.ready_question(question) else {
            let text = "Left out here: the simulation of a question has faults: run `check`.";
            let lines = self.speaker.wrapped(text, "", 0);
            self.say(lines);
            return false;
        };
        let question = &question;
        let lesson = self.lesson.map_or("", |lesson| &lesson.id);
        let attempt = self.progress.last_answer(&question.id);
        let attempt = attempt.map_or(1, |(_, answered)| answered.attempt.saturating_add(1));
        let sitting = Sitting::inline(lesson, question, self.settings.seed, attempt);
        self.ask(&sitting, "Question:".to_owned());
        self.stop = Some(Stop::Check(sitting));
        true
    }

    /// Begins a quiz, or goes on with one that was left; false where it has no questions.
    fn begin(&mut self, quiz: &Quiz, at: usize) -> bool {
        self.stop_at(at);
        let whole = self.course.ready(quiz);
        let sitting = self.progress.sitting(&whole, self.settings.seed);
        let count = sitting.asked().len();
        let questions = counted(count, "question");
        let mut lines = self.speaker.short(&quiz.title, "Quiz: ", 0);
        if count == 0 {
            lines.push("None of its questions can be asked.".to_owned());
            self.say(lines);
            return false;
        }
        let answered = sitting.asked().iter().filter(|asked| asked.first.is_some()).count();
        lines.push(match answered {
            0 => format!("{questions}."),
            _ => format!("{questions}, {answered} answered before."),
        });
        if whole.omitted > 0 {
            lines.push(format!("Left out, because they have faults: {}.", whole.omitted));
        }
        if whole.confidence {
            let advice = "Behind an answer, ! says that you are sure, ? that you guess, as in: b !";
            lines.extend(self.speaker.wrapped(advice, "", 0));
        }
        self.say(lines);
        let lesson = self.course.lesson_of(quiz).map(|lesson| lesson.id.clone());
        self.go_on_with(sitting, lesson);
        true
    }

    /// Asks the next question of a quiz, or ends it.
    pub(super) fn go_on_with(&mut self, sitting: Sitting, lesson: Option<String>) {
        if sitting.is_finished() {
            return self.sum_up(sitting, lesson);
        }
        let (position, of) = sitting.position();
        let again = if sitting.is_retry() { ", again" } else { "" };
        self.ask(&sitting, format!("Question {position} of {of}{again}:"));
        self.stop = Some(Stop::Quiz(sitting, lesson));
    }

    pub(super) fn ask(&mut self, sitting: &Sitting, label: String) {
        let Some(asked) = sitting.current() else { return };
        let mut lines = vec![label];
        lines.extend(asking::question(&mut self.speaker, asked));
        lines.push(asking::prompt(&self.speaker, asked));
        self.say(lines);
    }

    /// The end of a quiz: by objective, what to read again, the score.
    fn sum_up(&mut self, sitting: Sitting, lesson: Option<String>) {
        let summary = sitting.summary();
        let mut lines = Vec::new();
        if sitting.is_retry() {
            let of = sitting.round().count();
            let right = of - sitting.round().filter(|asked| asked.is_open()).count();
            lines.push(format!("Again: {right} of {of} right. The score stays."));
        } else {
            lines.extend(self.by_objective(&summary, lesson.as_deref()));
            if summary.sure_and_wrong > 0 {
                let count = summary.sure_and_wrong;
                lines.push(format!("Sure, and wrong: {count}. Those are worth another look."));
            }
        }
        let open = sitting.asked().iter().filter(|asked| asked.is_open()).count();
        if open > 0 {
            let text = format!(
                "Not right yet: {open}. Type :retry to go through them again, or an empty line to go on."
            );
            lines.extend(self.speaker.wrapped(&text, "", 0));
        }
        let score = summary.line();
        lines.push(score.clone());
        self.say(lines);
        self.passed = Some(summary.passed);
        self.score = Some(score);
        self.pass_by();
        if open > 0 {
            self.stop = Some(Stop::After(sitting, lesson));
        } else {
            self.go_on();
        }
    }

    /// What was asked lies behind: who stops now goes on with what comes next.
    pub(super) fn pass_by(&mut self) {
        let here = self.here;
        let next = self.steps.iter().find_map(|step| match step {
            Step::Say(block) => Some(block.span.start),
            Step::Ask(_, at) | Step::Take(_, at) | Step::Simulate(_, at) => Some(*at),
            Step::Note(_) => None,
        });
        let end = self.lesson.map_or(0, |lesson| lesson.source().len());
        self.stop_at(next.unwrap_or(end));
        self.here = here;
    }

    fn by_objective(&self, summary: &Summary, lesson: Option<&str>) -> Vec<String> {
        if summary.objectives.is_empty() {
            return Vec::new();
        }
        if lesson.is_none() {
            return self.by_lesson(summary);
        }
        let mut lines = vec!["By objective:".to_owned()];
        for scored in &summary.objectives {
            let home = self.course.home_of(&scored.objective, lesson);
            let again = match home {
                Some(home) if !scored.full() => {
                    format!(" Read again: lesson {}, {}.", home.number, home.title)
                }
                _ => String::new(),
            };
            lines.extend(self.objective(scored, lesson, &again));
        }
        lines
    }

    /// What a test of several lessons came to: the objectives of those to read again, then the
    /// others.
    fn by_lesson(&self, summary: &Summary) -> Vec<String> {
        let home = |scored: &ObjectiveScore| self.course.home_of(&scored.objective, None);
        let mut lines = vec!["By lesson:".to_owned()];
        let mut right = Vec::new();
        for lesson in self.course.lessons() {
            let here = summary.objectives.iter();
            let here: Vec<&ObjectiveScore> = here
                .filter(|scored| home(scored).is_some_and(|home| home.id == lesson.id))
                .collect();
            let name = format!("lesson {}, {}", lesson.number, lesson.title);
            if here.is_empty() {
                continue;
            }
            if here.iter().all(|scored| scored.full()) {
                let of: usize = here.iter().map(|scored| scored.of).sum();
                right.extend(self.speaker.wrapped(
                    &format!("{name}: {of} of {of}."),
                    "All right: ",
                    0,
                ));
                continue;
            }
            lines.extend(self.speaker.wrapped(&format!("{name}."), "Read again: ", 0));
            lines.extend(here.iter().flat_map(|scored| self.objective(scored, None, "")));
        }
        let of_none = summary.objectives.iter().filter(|scored| home(scored).is_none());
        lines.extend(of_none.flat_map(|scored| self.objective(scored, None, "")));
        lines.append(&mut right);
        lines
    }

    /// The score and the words of an objective, in a quiz of `lesson`, and what is to be done about
    /// it.
    fn objective(&self, scored: &ObjectiveScore, lesson: Option<&str>, then: &str) -> Vec<String> {
        let text = self.course.objective_text(&scored.objective, lesson);
        let text = format!("{}{then}", asking::sentence(&text));
        self.speaker.wrapped(&text, &format!("{} of {}: ", points(scored.score), scored.of), 2)
    }

    /// Everything was said.
    fn end(&mut self) {
        self.over = true;
        let Some(lesson) = self.lesson.filter(|_| self.reads) else { return };
        let source = lesson.source();
        self.records.push(RecordKind::Placed(place(lesson, source.len())));
        self.records.push(RecordKind::Read { lesson: lesson.id.clone() });
        let text = format!("End of lesson {}, {}.", lesson.number, lesson.title);
        let mut lines = self.and_what_is_next(text, lesson);
        lines.extend(self.score.clone());
        self.say(lines);
    }

    /// The learner leaves before the end.
    pub(super) fn leave(&mut self) {
        self.over = true;
        let stop = self.stop.take();
        let left = match &stop {
            Some(Stop::Quiz(sitting, _)) if !sitting.is_retry() => {
                let open = sitting.asked().iter().filter(|asked| asked.first.is_none()).count();
                format!("Stopped, {open} of {} questions open.", sitting.asked().len())
            }
            _ => "Stopped.".to_owned(),
        };
        let kept = if self.keeps { "What you answered is kept." } else { "Nothing was saved." };
        let mut lines = self.speaker.wrapped(&format!("{left} {kept}"), "", 0);
        if self.reads && self.keeps {
            lines.push(self.way_back());
        }
        self.say(lines);
    }
}
