//! A quiz being taken, or a question in the flow of a lesson.
//!
//! ```text
//!  1.4  Quiz · 3 of 7                                             ● ● ○ ○ ○ ○ ○
//!
//!         Keep-alive is 5 min; a timer sends one request every 20 min.
//!         Which share of requests is cold?
//!
//!           ● a  About 25 %                     ✗ your answer · you were sure
//!           ○ b  None: one environment stays warm
//!           ○ c  Practically all of them                                    ✓
//!
//!         ✗ Wrong
//!         5/20 is the share of time an environment is warm, not of requests.
//!         (time-vs-requests)
//!
//!         Every gap exceeds the keep-alive, so no request finds one.
//!         ↳ Scaling out is cold too
//! ```
//!
//! An answer is marked first and given with Enter; once given it is recorded, so that leaving
//! loses nothing and coming back goes on at the first open question.

mod asking;
mod draft;
mod ending;
mod paragraph;
mod testing_out;
mod told;

pub(super) use testing_out::offered_test;

use super::sheet::Sheet;
use super::sureness::{neighbour, said};
use super::{Destination, Effect, Listing, Request, Spot, World, frame};
use crate::keymap::{Action, Context};
use crate::progress::{Answered, RecordKind};
use crate::quiz::sitting::{self, Sitting};
use crate::quiz::{Confidence, Response, VerdictKind};
use crate::typeset::{Measure, Settings};
use draft::Draft;
use paragraph::Paragraph;

/// The state of a quiz being taken.
#[derive(Debug)]
pub(crate) struct Answering {
    origin: Origin,
    sitting: Sitting,
    stage: Stage,
    draft: Draft,
    /// How sure the learner said they are, before the answer was given.
    confidence: Option<Confidence>,
    /// What keeps the draft from being an answer.
    missing: Option<String>,
    /// How many questions were answered before this visit.
    resumed: usize,
    /// Where the current question is explained.
    paragraph: Option<Paragraph>,
    sheet: Sheet,
    top: usize,
    height: usize,
}

/// Where the questions come from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// A quiz, and the id of its lesson.
    Quiz { quiz: String, lesson: Option<String> },
    /// A question that stands in a lesson at this byte of its source.
    Flow { lesson: String, offset: usize },
    /// The test out of a lesson; `reading`: the lesson is open below.
    TestOut { lesson: String, reading: bool },
}

/// How far the current question is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// An answer is being made.
    Asking,
    /// It is made; how sure is it? The choice that the arrows are at, if any.
    HowSure(Option<Confidence>),
    /// It was given.
    Told,
    /// The quiz is over.
    Over(Listing),
}

/// What the title line says about a sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The lesson's number, or empty.
    pub(crate) number: String,
    /// The quiz's title.
    pub(crate) title: String,
    /// `3 of 7`, or how it ended.
    pub(crate) place: String,
    /// A dot for each question of the round.
    pub(crate) dots: Vec<Dot>,
}

/// A question of the round at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dot {
    /// Answered, with this verdict.
    Done(VerdictKind),
    /// Passed over.
    Skipped,
    /// The one that stands.
    Now,
    /// Still to come.
    Open,
}

impl Answering {
    /// Opens the quiz of this id where it was left.
    pub(super) fn quiz(id: &str, world: &World<'_>) -> Result<Self, String> {
        let quiz = world.course.quiz(id).ok_or_else(|| format!("There is no quiz `{id}`."))?;
        let lesson = world.course.lesson_of(quiz).map(|lesson| lesson.id.clone());
        let origin = Origin::Quiz { quiz: quiz.id.clone(), lesson };
        let playable = world.course.ready(quiz);
        let sitting = world.progress.sitting(&playable, world.settings.seed);
        Self::begin(origin, sitting).ok_or_else(|| format!("The quiz `{id}` has no questions."))
    }

    /// Opens the question at this byte of a lesson.
    pub(super) fn flow(lesson: &str, offset: usize, world: &World<'_>) -> Result<Self, String> {
        let absent = || "There is no question here.".to_owned();
        let found = world.course.lesson(lesson).ok_or_else(absent)?;
        let embed = found.embeds().iter().find(|embed| embed.span.start == offset);
        let crate::course::Embedded::Question(question) =
            world.course.embedded(found, embed.ok_or_else(absent)?)
        else {
            return Err(absent());
        };
        let simulated = || "The simulation of this question has faults: run `check`.".to_owned();
        let question = &world.course.ready_question(question).ok_or_else(simulated)?;
        let again = world.progress.last_answer(&question.id);
        let attempt = again.map_or(1, |(_, answered)| answered.attempt.saturating_add(1));
        let sitting = Sitting::inline(lesson, question, world.settings.seed, attempt);
        let origin = Origin::Flow { lesson: lesson.to_owned(), offset };
        Self::begin(origin, sitting).ok_or_else(absent)
    }

    fn begin(origin: Origin, sitting: Sitting) -> Option<Self> {
        let resumed = sitting.asked().iter().filter(|asked| asked.now.is_some()).count();
        let first = sitting.current().or_else(|| sitting.asked().first())?;
        let draft = Draft::new(&first.question, &first.shown);
        let over = sitting.current().is_none();
        Some(Self {
            origin,
            stage: if over { Stage::Over(Listing::default()) } else { Stage::Asking },
            draft,
            confidence: None,
            missing: None,
            resumed,
            paragraph: None,
            sheet: Sheet::default(),
            top: 0,
            height: 0,
            sitting,
        })
    }

    pub(super) const fn context(&self) -> Context {
        match self.stage {
            Stage::Asking => self.draft.context(),
            Stage::HowSure(_) => Context::Confidence,
            Stage::Told => Context::Verdict,
            Stage::Over(_) if self.is_test_out() => Context::List,
            Stage::Over(_) => Context::Summary,
        }
    }

    /// Whether an action does something now.
    pub(crate) fn offers(&self, action: Action) -> bool {
        match action {
            Action::Hint => {
                let hints = |asked: &sitting::Asked| asked.question.hints.len() > asked.hints;
                self.sitting.current().is_some_and(hints)
            }
            Action::Retry => self.sitting.asked().iter().any(sitting::Asked::is_open),
            Action::Source => self.paragraph.is_some(),
            Action::Simulation => self.predicted().is_some(),
            Action::Search | Action::Progress => false,
            _ => true,
        }
    }

    /// What is laid out.
    pub(crate) const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// The first line in view.
    pub(crate) const fn top(&self) -> usize {
        self.top
    }

    /// The title line.
    pub(crate) fn heading(&self, world: &World<'_>) -> Heading {
        let lesson = self.lesson().and_then(|id| world.course.lesson(id));
        let number = lesson.map(|lesson| lesson.number.clone()).or_else(|| self.part(world));
        let (at, of) = self.sitting.position();
        let place = match (&self.stage, self.sitting.is_retry(), of) {
            (Stage::Over(_), ..) => "the end".to_owned(),
            (_, _, 1) if self.is_flow() => String::new(),
            (_, true, _) => format!("again, {at} of {of}"),
            (_, false, _) => format!("{at} of {of}"),
        };
        let title = match &self.origin {
            Origin::Quiz { .. } => self.sitting.title().to_owned(),
            Origin::Flow { .. } => "Question".to_owned(),
            Origin::TestOut { .. } => {
                format!("Test out: {}", lesson.map_or("", |lesson| &lesson.title))
            }
        };
        Heading {
            number: number.unwrap_or_default(),
            title,
            place,
            dots: if self.is_flow() { Vec::new() } else { self.dots() },
        }
    }

    /// The part whose final test it is, by its number or letter.
    fn part(&self, world: &World<'_>) -> Option<String> {
        let Origin::Quiz { quiz, .. } = &self.origin else { return None };
        let part = world.course.part_tested_by(world.course.quiz(quiz)?)?;
        Some(part.label.clone())
    }

    fn dots(&self) -> Vec<Dot> {
        let (at, _) = self.sitting.position();
        let over = matches!(self.stage, Stage::Over(_));
        let dot = |(index, asked): (usize, &sitting::Asked)| match &asked.now {
            Some(outcome) if outcome.response == Response::Skipped => Dot::Skipped,
            Some(outcome) => Dot::Done(outcome.verdict.kind()),
            None if index + 1 == at && !over => Dot::Now,
            None => Dot::Open,
        };
        self.sitting.round().enumerate().map(dot).collect()
    }

    const fn is_flow(&self) -> bool {
        matches!(self.origin, Origin::Flow { .. })
    }

    /// The lesson that the questions are about.
    fn lesson(&self) -> Option<&str> {
        match &self.origin {
            Origin::Quiz { lesson, .. } => lesson.as_deref(),
            Origin::Flow { lesson, .. } | Origin::TestOut { lesson, .. } => Some(lesson),
        }
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let page = self.height.saturating_sub(2).max(1);
        match action {
            Action::PageDown => self.top += page,
            Action::PageUp => self.top = self.top.saturating_sub(page),
            _ => {
                return match &self.stage {
                    Stage::Asking => self.act_asking(action, world),
                    Stage::HowSure(_) => self.act_how_sure(action, world),
                    Stage::Told => self.act_told(action),
                    Stage::Over(_) => self.act_over(action, world),
                };
            }
        }
        Vec::new()
    }

    pub(super) fn typed(&mut self, text: &str) -> Vec<Request> {
        if self.stage == Stage::Asking {
            self.missing = None;
            self.draft.typed(text);
            self.sheet.follow = true;
        }
        Vec::new()
    }

    fn act_asking(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        self.missing = None;
        self.sheet.follow = true;
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Submit => return self.submit(world),
            Action::Hint => {
                if self.sitting.hint().is_none() {
                    let none = self.sitting.current().is_some_and(|a| a.question.hints.is_empty());
                    let text = if none { "There is no hint." } else { "There are no more hints." };
                    return vec![Request::Say(text.to_owned())];
                }
            }
            Action::Skip => {
                let skipped = self.sitting.skip();
                return self.tell(skipped, world);
            }
            Action::Confidence => {
                self.confidence = match self.confidence {
                    None => Some(Confidence::Sure),
                    Some(Confidence::Sure) => Some(Confidence::ThinkSo),
                    Some(Confidence::ThinkSo) => Some(Confidence::Guess),
                    Some(Confidence::Guess) => None,
                }
            }
            action => drop(self.draft.act(action)),
        }
        Vec::new()
    }

    /// Enter: on to what is open, or the answer.
    fn submit(&mut self, world: &World<'_>) -> Vec<Request> {
        if self.draft.goes_on() {
            return Vec::new();
        }
        let Some(asked) = self.sitting.current() else { return Vec::new() };
        match self.draft.response(&asked.question, &asked.shown) {
            Err(missing) => self.missing = Some(missing),
            Ok(_) if self.sitting.asks_confidence() && self.confidence.is_none() => {
                self.stage = Stage::HowSure(None);
            }
            Ok(response) => return self.answer(response, world),
        }
        Vec::new()
    }

    fn act_how_sure(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let Stage::HowSure(at) = self.stage else { return Vec::new() };
        self.sheet.follow = true;
        let chosen = match action {
            Action::Back | Action::Leave => {
                self.stage = Stage::Asking;
                return Vec::new();
            }
            Action::Down | Action::Up => {
                self.stage = Stage::HowSure(Some(neighbour(at, action == Action::Down)));
                return Vec::new();
            }
            Action::Sure => Some(Confidence::Sure),
            Action::ThinkSo => Some(Confidence::ThinkSo),
            Action::Guess => Some(Confidence::Guess),
            Action::Submit => at,
            _ => return Vec::new(),
        };
        self.confidence = chosen;
        let Some(asked) = self.sitting.current() else { return Vec::new() };
        match self.draft.response(&asked.question, &asked.shown) {
            Ok(response) => self.answer(response, world),
            Err(_) => Vec::new(),
        }
    }

    fn answer(&mut self, response: Response, world: &World<'_>) -> Vec<Request> {
        let answered = self.sitting.answer(response, self.confidence);
        self.tell(answered, world)
    }

    /// Shows the verdict and has the answer recorded.
    fn tell(&mut self, answered: Option<sitting::Answered>, world: &World<'_>) -> Vec<Request> {
        let Some(answered) = answered else { return Vec::new() };
        self.stage = Stage::Told;
        self.resumed = 0;
        self.sheet.to_verdict = true;
        self.paragraph = self.explained(&answered.question, world);
        let record = match self.origin {
            Origin::Quiz { .. } => Answered::in_quiz(&answered, self.lesson()),
            Origin::Flow { .. } | Origin::TestOut { .. } => {
                Answered::in_flow(&answered, self.lesson())
            }
        };
        let answered = RecordKind::Answered(Box::new(record));
        let records = [Some(answered), self.tested_out()].into_iter().flatten();
        records.map(|record| Request::Effect(Effect::Record(record))).collect()
    }

    fn act_told(&mut self, action: Action) -> Vec<Request> {
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Down => self.top += 1,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::Source => return self.source(),
            Action::Simulation => return self.see(),
            Action::Next => {
                self.sitting.advance();
                if self.is_flow() {
                    return vec![Request::Back];
                }
                if self.is_test_out() && self.sitting.is_finished() && !self.has_passed() {
                    return self.on_to_the_lesson();
                }
                self.stand();
            }
            _ => {}
        }
        Vec::new()
    }

    fn source(&self) -> Vec<Request> {
        let Some(paragraph) = &self.paragraph else {
            return vec![Request::Say("No paragraph of the course belongs to it.".to_owned())];
        };
        let spot = Spot::Offset(paragraph.offset);
        vec![Request::Go(Destination::Lesson(paragraph.lesson.clone(), spot))]
    }

    /// Begins with the question that stands, or ends.
    fn stand(&mut self) {
        self.top = 0;
        self.sheet.follow = false;
        (self.confidence, self.missing, self.paragraph) = (None, None, None);
        match self.sitting.current() {
            Some(asked) => {
                self.draft = Draft::new(&asked.question, &asked.shown);
                self.stage = Stage::Asking;
            }
            None => self.stage = Stage::Over(Listing::default()),
        }
    }

    fn act_over(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        if self.is_test_out() {
            return self.act_tested_out(action, world);
        }
        let entries = ending::entries(&self.sitting, self.lesson(), world);
        let Stage::Over(listing) = &mut self.stage else { return Vec::new() };
        self.sheet.follow = true;
        if listing.act(action, entries.len(), self.height) {
            // What stands above the first entry and below the last comes into view with it.
            match listing.selected {
                0 => self.top = 0,
                at if at + 1 == entries.len() => self.top = self.sheet.lines.len(),
                _ => {}
            }
            return Vec::new();
        }
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Open => {
                let entry = entries.get(listing.selected);
                let there = entry.and_then(|entry| {
                    ending::destination(entry, &self.sitting, self.lesson(), world)
                });
                let nothing = || Request::Say("There is nothing to read again.".to_owned());
                return vec![there.map_or_else(nothing, Request::Go)];
            }
            Action::Retry => {
                if self.sitting.retry_wrong() == 0 {
                    return vec![Request::Say("Everything was right.".to_owned())];
                }
                self.resumed = 0;
                self.stand();
            }
            Action::Again => return self.again(world),
            _ => {}
        }
        Vec::new()
    }

    /// Begins the next attempt.
    fn again(&mut self, world: &World<'_>) -> Vec<Request> {
        let Origin::Quiz { quiz, .. } = &self.origin else { return Vec::new() };
        let Some(quiz) = world.course.quiz(quiz) else { return Vec::new() };
        // The last record of this attempt may still be on its way to the store.
        let attempt = world.progress.next_attempt(&quiz.id).max(self.sitting.attempt() + 1);
        let playable = world.course.ready(quiz);
        self.sitting = Sitting::new(&playable, world.settings.seed, attempt);
        self.resumed = 0;
        self.stand();
        Vec::new()
    }

    /// Opens it as it was left, now that it is known: the records came, or the text changed. An
    /// answer being made stays.
    pub(super) fn reopen(&mut self, world: &World<'_>) {
        if self.draft.is_untouched() && self.stage == Stage::Asking {
            let anew = match &self.origin {
                Origin::Quiz { quiz, .. } => Self::quiz(quiz, world),
                Origin::Flow { lesson, offset } => Self::flow(lesson, *offset, world),
                // Other questions would come in the place of those that are left.
                Origin::TestOut { .. } if self.sitting.asked().iter().any(|a| a.now.is_some()) => {
                    return;
                }
                Origin::TestOut { lesson, reading } => Self::test_out(lesson, *reading, world),
            };
            if let Ok(anew) = anew {
                *self = anew;
            }
        }
    }

    /// Lays out what is shown.
    pub(super) fn settle(&mut self, world: &World<'_>) {
        let area = frame::page(world.size).text;
        self.height = usize::from(area.height);
        let settings = Settings {
            measure: Measure(area.width),
            ascii: world.settings.ascii,
            ..Settings::default()
        };
        let mut sheet = Sheet::new(settings, self.height);
        let follow = self.sheet.follow || sheet.has_moved(&self.sheet);
        let to_verdict = self.sheet.to_verdict;
        match &self.stage {
            Stage::Asking | Stage::HowSure(_) => asking::lay(self, &mut sheet, world),
            Stage::Told => told::lay(self, &mut sheet, world),
            Stage::Over(listing) if self.is_test_out() => {
                testing_out::lay(self, listing.selected, &mut sheet, world);
            }
            Stage::Over(listing) => {
                let entries = ending::entries(&self.sitting, self.lesson(), world);
                let met = ending::met(&self.sitting, world);
                ending::lay(&self.sitting, &entries, (listing.selected, &met), &mut sheet);
            }
        }
        self.sheet = sheet;
        let last = self.sheet.lines.len().saturating_sub(self.height);
        if to_verdict {
            self.top = self.sheet.reveal_verdict(self.top, self.height);
        } else if follow {
            self.top = self.sheet.reveal(self.top, self.height);
        }
        self.top = self.top.min(last);
    }
}
