//! The rules of style of the house: they hold where the manifest asks for them.

use super::Checker;
use super::lessons::heading_text;
use crate::course::lesson::prose_words;
use crate::course::tells::{GiveAway, give_away};
use crate::course::toml_file::{Kind, Table};
use crate::course::{Embedded, Lesson};
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::{Block, BlockKind, Inline, InlineKind};
use crate::quiz::{Question, QuestionKind};

/// Words that say nothing, or more than is true; with what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("simply", "take it out: what is simple shows"),
    ("just", "take it out"),
    ("seamless", "say what the reader will not notice"),
    ("seamlessly", "say what the reader will not notice"),
    ("powerful", "say what it can do"),
    ("leverage", "write `use`"),
    ("leverages", "write `uses`"),
    ("leveraging", "write `using`"),
    ("leveraged", "write `used`"),
];

/// A claim that a lesson may quote from a wrong answer, and never make.
const CLAIMS: &[(&str, &str)] = &[("unlimited", "name the limit, with its date")];

const MINUTES_MAX: f64 = 15.0;
const CODE_LINES_MAX: usize = 25;
const QUESTIONS_MIN: usize = 3;
/// Words of prose: those of code, figures and the list of sources are not counted.
const WORDS: std::ops::RangeInclusive<usize> = 900..=1_400;

impl Checker<'_> {
    /// Everything about the style of one lesson.
    ///
    /// An appendix is there to be looked up: it is neither learned nor asked about, and may be as
    /// long as its matter.
    pub(super) fn style(&mut self, lesson: &Lesson) {
        let is_appendix = self.course.part_of(lesson).is_some_and(|part| part.is_appendix);
        self.sources(lesson);
        if !is_appendix {
            self.sections(lesson);
        }
        self.minutes(lesson, if is_appendix { f64::INFINITY } else { MINUTES_MAX });
        self.predictions(lesson);
        self.prose(lesson, &lesson.document().blocks);
        for objective in lesson.objectives().iter().filter(|objective| !objective.is_named) {
            let message = "this objective has no id that questions can name";
            let fault =
                Diagnostic::warning("unnamed-objective", &lesson.file, objective.span, message);
            self.push(fault, "end it with a comment such as `<!-- #estimate-cold-share -->`");
        }
    }

    fn sources(&mut self, lesson: &Lesson) {
        let mut texts = lesson.document().blocks.iter().filter_map(heading_text);
        if !texts.any(|text| text.trim().eq_ignore_ascii_case("Sources")) {
            self.no_list(lesson, "no-sources", "Sources");
        }
    }

    fn no_list(&mut self, lesson: &Lesson, code: &'static str, heading: &str) {
        let message = format!("this lesson has no list `## {heading}`");
        self.found.push(Diagnostic::warning(code, &lesson.file, title_span(lesson), message));
    }

    fn sections(&mut self, lesson: &Lesson) {
        let blocks = &lesson.document().blocks;
        let span = title_span(lesson);
        if lesson.objectives().is_empty() {
            self.no_list(lesson, "no-objectives", "Objectives");
        }
        if lesson.key_points().is_empty() {
            self.no_list(lesson, "no-key-points", "Key points");
        }
        let words = prose_words(blocks);
        if !WORDS.contains(&words) {
            let message = format!("this lesson has {words} words");
            let fault = Diagnostic::warning("word-count", &lesson.file, span, message);
            self.push(fault, format!("{} to {} make ten minutes", WORDS.start(), WORDS.end()));
        }
        let questions = self.course.questions_in(lesson).count()
            + self
                .course
                .quizzes_with(lesson)
                .iter()
                .map(|quiz| quiz.questions.len())
                .sum::<usize>();
        if questions < QUESTIONS_MIN {
            let message = format!("this lesson asks {questions} questions");
            let fault = Diagnostic::warning("few-questions", &lesson.file, span, message);
            self.push(fault, format!("ask {QUESTIONS_MIN} at least"));
        }
    }

    fn minutes(&mut self, lesson: &Lesson, longest: f64) {
        let measured = self.course.measured_minutes(lesson);
        let place = [
            (&lesson.declared.minutes, crate::course::MANIFEST),
            (&lesson.front.minutes, lesson.file.as_str()),
        ];
        let declared = place.into_iter().find_map(|(at, file)| at.map(|at| (at, file)));
        let (file, span) =
            declared.map_or((lesson.file.as_str(), Span::default()), |(at, file)| (file, at.span));
        let said = declared.map_or(0.0, |(at, _)| f64::from(at.value));
        if measured > longest || said > longest {
            let message = format!("`{}` takes {:.1} minutes", lesson.id, measured.max(said));
            let fault = Diagnostic::warning("too-long", file, span, message);
            self.push(fault, format!("split it: at most {longest} minutes"));
        } else if declared.is_some() && (said - measured).abs() > (measured * 0.2).max(2.0) {
            let message = format!("`{}` takes {measured:.1} minutes as measured", lesson.id);
            let fault = Diagnostic::warning("minutes-off", file, span, message);
            self.push(fault, format!("write `minutes = {:.0}`", measured.ceil()));
        }
    }

    fn predictions(&mut self, lesson: &Lesson) {
        for embed in lesson.embeds() {
            let Embedded::Scenario { path, .. } = self.course.embedded(lesson, embed) else {
                continue;
            };
            if !self.is_predicted(lesson, embed.span.start, path) {
                let message = "a simulation without a prediction before it";
                let fault = Diagnostic::warning("no-prediction", &lesson.file, embed.span, message);
                self.push(fault, "give the scenario a `[predict]` table, or ask a question first");
            }
        }
    }

    fn prose(&mut self, lesson: &Lesson, blocks: &[Block]) {
        for block in blocks {
            for text in block.texts() {
                self.words(lesson, text);
            }
            if let BlockKind::Code(code) = &block.kind {
                let lines = code.text.lines().count();
                if lines > CODE_LINES_MAX {
                    let message = format!("{lines} lines of code at once");
                    let fault = Diagnostic::warning("long-code", &lesson.file, block.span, message);
                    self.push(fault, format!("show the {CODE_LINES_MAX} that matter"));
                }
            }
            for inner in block.inner() {
                self.prose(lesson, inner);
            }
        }
    }

    fn words(&mut self, lesson: &Lesson, inlines: &[Inline]) {
        for inline in inlines {
            if let InlineKind::Text(_) = inline.kind {
                let file = lesson.file.as_str();
                let source = self.course.source(file).unwrap_or_default();
                let text = source.get(inline.span.start..inline.span.end).unwrap_or_default();
                self.banned_in(file, inline.span.start, text, BANNED);
                self.banned_in(file, inline.span.start, text, CLAIMS);
            }
            self.words(lesson, inline.inner());
        }
    }

    /// The banned words in a text of a quiz, which stands at `span`.
    pub(super) fn quiz_words(&mut self, file: &str, span: Span) {
        let source = self.course.source(file).unwrap_or_default();
        let text = source.get(span.start..span.end).unwrap_or_default();
        self.banned_in(file, span.start, text, BANNED);
    }

    /// Whether the right choice of a question, which is written as `table`, stands out by its
    /// length. What every course is warned of is not said again.
    pub(super) fn given_away(&mut self, file: &str, lesson: Option<&Lesson>, table: &Table) {
        let Some(Kind::Text(id)) = table.get("id").map(|id| &id.kind) else { return };
        let is_it = |question: &&Question| question.id == *id;
        let quiz = self.course.quiz_at(file);
        let question = match (quiz, lesson) {
            (Some(quiz), _) => quiz.questions.iter().find(is_it),
            (None, Some(lesson)) => self.course.questions_in(lesson).find(is_it),
            (None, None) => None,
        };
        let Some(Question { kind: QuestionKind::Choice(kind), .. }) = question else { return };
        let Some(GiveAway { choice, longer, right, wrong }) = give_away(kind) else { return };
        let span = choice_span(table, choice).unwrap_or(table.span);
        let is_known = |fault: &Diagnostic| {
            (fault.code, fault.span) == ("longest-is-correct", span) && fault.file == file
        };
        if self.found.iter().any(is_known) {
            return;
        }
        let message = if longer {
            format!("the right answer takes {right} characters, every wrong one at most {wrong}")
        } else {
            format!("the right answer takes {right} characters, every wrong one at least {wrong}")
        };
        let fault = Diagnostic::warning("length-tells", file, span, message);
        self.push(fault, "make them alike: readers who know nothing compare lengths");
    }

    fn banned_in(&mut self, file: &str, at: usize, text: &str, words: &[(&str, &str)]) {
        let mut start = 0;
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            let found = words.iter().find(|(banned, _)| banned.eq_ignore_ascii_case(word));
            if let Some((banned, hint)) = found {
                let span = Span::new(at + start, at + start + word.len());
                let message = format!("`{banned}` is a word that the house style avoids");
                self.push(Diagnostic::warning("banned-word", file, span, message), *hint);
            }
            start += word.len();
            let separator = text.get(start..).and_then(|rest| rest.chars().next());
            start += separator.map_or(0, char::len_utf8);
        }
    }
}

/// Where the text of a choice is written.
fn choice_span(question: &Table, choice: usize) -> Option<Span> {
    let Kind::Array(choices) = &question.get("choices")?.kind else { return None };
    let Kind::Table(choice) = &choices.get(choice)?.kind else { return None };
    choice.get("text").map(|text| text.span)
}

/// Where the title of `lesson` stands.
fn title_span(lesson: &Lesson) -> Span {
    let mut blocks = lesson.document().blocks.iter();
    let title = blocks.find(|block| matches!(block.kind, BlockKind::Heading { .. }));
    title.map_or(Span::default(), |block| block.span)
}
