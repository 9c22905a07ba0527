//! What is wrong with the questions of a course as a whole: their names, the objectives and the
//! misconceptions they name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, suggestion};
use crate::course::GLOSSARY;
use crate::course::exercises::Exercise;
use crate::course::lesson::Lesson;
use crate::course::links::stem;
use crate::course::toml_file::{Faults, Kind, Origin, Table, Value, parse};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::markdown::Embed;
use crate::quiz::Question;

/// The keys of the texts that a quiz says; others are typed by learners, or names.
const SAID: [&str; 6] = ["prompt", "text", "feedback", "explain", "hints", "title"];

/// A file or a fence with questions, as it is written.
struct Written<'a> {
    file: &'a str,
    root: Table,
    /// The lesson whose objectives are meant where a question names no lesson.
    lesson: Option<&'a Lesson>,
}

/// What was seen of the course so far.
struct Seen<'a> {
    /// The ids of all objectives of the course.
    known: BTreeSet<&'a str>,
    /// The ids of quizzes and of scenarios, with the file each is in.
    quizzes: BTreeMap<String, &'a str>,
    scenarios: BTreeMap<String, &'a str>,
    questions: BTreeMap<String, String>,
    /// The ids of those that a question measures.
    objectives: BTreeSet<String>,
}

impl<'a> Checker<'a> {
    /// All quizzes and questions.
    pub(super) fn exercises(&mut self) {
        let course = self.course;
        let objectives = course.lessons().flat_map(Lesson::objectives);
        let mut seen = Seen {
            known: objectives.map(|objective| objective.id.as_str()).collect(),
            quizzes: BTreeMap::new(),
            scenarios: BTreeMap::new(),
            questions: BTreeMap::new(),
            objectives: BTreeSet::new(),
        };
        for lesson in course.lessons() {
            for embed in lesson.embeds() {
                let Embed::Question(fence) = &embed.embed else { continue };
                let faults = Faults::new(&lesson.file);
                let fence = lesson.written(fence);
                let root = parse(&fence.text, Origin::Fence(&fence.line_starts), &faults);
                let written = Written { file: &lesson.file, root, lesson: Some(lesson) };
                self.written(&written, &mut seen);
            }
            course.questions_in(lesson).for_each(|question| self.prediction(question));
        }
        for path in course.exercises.keys() {
            let Some(source) = course.source(path) else { continue };
            match course.exercise(path) {
                Some(Exercise::Quiz { quiz, faults, .. }) => {
                    self.found.extend(faults.iter().cloned());
                    let lesson = quiz
                        .as_deref()
                        .and_then(|quiz| course.lesson_of(quiz))
                        .or_else(|| course.lesson(stem(path)));
                    let ignored = Faults::new(path);
                    let root = parse(source, Origin::File, &ignored);
                    let written = Written { file: path, root, lesson };
                    self.quiz(&written, &mut seen);
                    let questions = quiz.iter().flat_map(|quiz| &quiz.questions);
                    questions.for_each(|question| self.prediction(question));
                }
                Some(Exercise::Scenario { scenario, faults, .. }) => {
                    self.found.extend(faults.iter().cloned());
                    if let Some(scenario) = scenario {
                        if let Some(first) = seen.scenarios.get(&scenario.id) {
                            let root = parse(source, Origin::File, &Faults::new(path));
                            let span = text(&root, "id").map_or(root.span, |(_, span)| span);
                            let what = format!("the scenario `{}`", scenario.id);
                            self.duplicate(path, span, &what, first);
                        } else {
                            seen.scenarios.insert(scenario.id.clone(), path);
                        }
                        self.asked(path, scenario);
                    }
                }
                Some(Exercise::Other) | None => {}
            }
        }
        self.unasked(&seen);
    }

    /// A quiz file: its name, what it draws from, its questions.
    fn quiz(&mut self, written: &Written<'a>, seen: &mut Seen<'a>) {
        if let Some((id, span)) = text(&written.root, "id") {
            if let Some(first) = seen.quizzes.get(id) {
                self.duplicate(written.file, span, &format!("the quiz `{id}`"), first);
                // Its questions may well begin with the id that it should have.
                let is_prefix = |fault: &Diagnostic| fault.code == "id-prefix";
                self.found.retain(|fault| !is_prefix(fault) || fault.file != written.file);
            } else {
                seen.quizzes.insert(id.to_owned(), written.file);
            }
        }
        if let Some(Value { kind: Kind::Array(values), .. }) = written.root.get("from") {
            let drawn: Vec<bool> =
                values.iter().map(|value| self.drawn_from(written.file, value)).collect();
            if drawn.iter().all(|&is_good| is_good) {
                self.pool(written);
            }
        }
        self.unused(written);
        self.written(written, seen);
    }

    /// A second thing of the same id; `what` with the id, `first` the file of the first.
    pub(super) fn duplicate(&mut self, file: &str, span: Span, what: &str, first: &str) {
        let message = format!("{what} is there already, in {first}");
        let fault = Diagnostic::error("duplicate-id", file, span, message);
        self.push(fault, "give each its own id");
    }

    /// A quiz that a test draws from: whether it holds questions. Where it only has errors of its
    /// own nothing follows from how many it holds: that too is `false`.
    fn drawn_from(&mut self, file: &str, value: &Value) -> bool {
        let Kind::Text(id) = &value.kind else { return false };
        let course = self.course;
        let Some(quiz) = course.quiz(id) else {
            if course.is_faulty_quiz(id) {
                self.faulty("unknown-quiz", file, value.span, &format!("the quiz `{id}`"));
                return false;
            }
            let message = format!("there is no quiz `{id}`");
            let fault = Diagnostic::error("unknown-quiz", file, value.span, message);
            let ids: Vec<&str> = course.quizzes().map(|quiz| quiz.id.as_str()).collect();
            self.push(fault, suggestion(id, ids, "name the id of a quiz"));
            return false;
        };
        let (message, hint) = if !quiz.questions.is_empty() && quiz.file == file {
            let message = format!("`{id}` is this quiz itself: its own questions are drawn anyway");
            (message, "name other quizzes")
        } else if quiz.questions.is_empty() && !self.has_errors(&quiz.file) {
            let message = format!("`{id}` has no questions of its own");
            (message, "name quizzes that hold questions")
        } else {
            return !self.has_errors(&quiz.file);
        };
        let fault = Diagnostic::error("no-questions", file, value.span, message);
        self.push(fault, hint);
        false
    }

    /// Whether the quiz at `path` has errors of its own.
    fn has_errors(&self, path: &str) -> bool {
        let Some(Exercise::Quiz { faults, .. }) = self.course.exercise(path) else { return false };
        faults.iter().any(|fault| fault.severity == Severity::Error)
    }

    /// Whether anybody can come to a quiz.
    fn unused(&mut self, written: &Written<'a>) {
        let Some(quiz) = self.course.quiz_at(written.file) else { return };
        let is_test = self.course.part_tested_by(quiz).is_some();
        if written.lesson.is_some() || is_test || !self.course.has_manifest() {
            return;
        }
        let named = format!("write `test = \"{}\"` under its `[[parts]]`", stem(written.file));
        let (message, hint) = if quiz.from.is_empty() {
            let linked = "name it after a lesson's id, or link it from a lesson";
            ("no lesson has this quiz", linked.to_owned())
        } else {
            ("no part has this test", named)
        };
        let fault = Diagnostic::warning("unused-quiz", written.file, Span::default(), message);
        self.push(fault, hint);
    }

    /// Whether the quizzes that a test draws from hold as many questions as it draws.
    fn pool(&mut self, written: &Written<'a>) {
        let Some(quiz) = self.course.quiz_at(written.file) else { return };
        let whole = self.course.pool_size(quiz);
        if let Some(from) = written.root.get("from")
            && whole == 0
            && !self.has_errors(written.file)
        {
            let message = "this test draws from no quiz, so that it asks nothing";
            let fault = Diagnostic::error("no-questions", written.file, from.span, message);
            self.push(fault, "name quizzes that hold questions");
            return;
        }
        let Some((draw, place)) = quiz.draw.zip(written.root.get("draw")) else { return };
        if !quiz.from.is_empty() && draw > whole + quiz.omitted {
            let message = format!("`draw = {draw}` of {whole} questions");
            let fault = Diagnostic::error("out-of-range", written.file, place.span, message);
            self.push(fault, "draw fewer, or name more quizzes in `from`");
        }
    }

    /// The questions of a file or a fence.
    fn written(&mut self, written: &Written<'a>, seen: &mut Seen<'a>) {
        let Some(Value { kind: Kind::Array(questions), .. }) = written.root.get("questions") else {
            return;
        };
        for question in questions {
            let Kind::Table(table) = &question.kind else { continue };
            if let Some((id, span)) = text(table, "id") {
                let place = format!("{}:{}", written.file, span.start);
                if let Some(other) = seen.questions.get(id).filter(|other| **other != place) {
                    let other = other.rsplit_once(':').map_or("", |(file, _)| file);
                    let message = format!("the question `{id}` is there already, in {other}");
                    let fault =
                        Diagnostic::error("duplicate-question", written.file, span, message);
                    self.push(fault, "give each question of the course its own id");
                } else {
                    seen.questions.insert(id.to_owned(), place);
                }
            }
            self.objective(written, table, seen);
            self.values(written.file, "", question);
            if let Some(question) = self.read_question(written, table) {
                self.placeholders(written.file, table, question);
            }
            if self.course.has_house_style() {
                self.given_away(written.file, written.lesson, table);
            }
        }
    }

    /// The question that was read from `table`, unless it has an error.
    fn read_question(&self, written: &Written<'a>, table: &Table) -> Option<&'a Question> {
        let in_file = self.course.quiz_at(written.file).into_iter();
        let in_fences = written.lesson.filter(|lesson| lesson.file == written.file);
        let in_fences = in_fences.into_iter().flat_map(|lesson| self.course.questions_in(lesson));
        let mut all = in_file.flat_map(|quiz| &quiz.questions).chain(in_fences);
        all.find(|question| question.places.question == table.span)
    }

    fn objective(&mut self, written: &Written<'a>, question: &Table, seen: &mut Seen<'a>) {
        let Some((name, span)) = text(question, "objective") else { return };
        let full = match (name.contains('#'), written.lesson) {
            (true, _) => name.to_owned(),
            (false, Some(lesson)) => format!("{}#{name}", lesson.id),
            (false, None) => return,
        };
        if seen.known.contains(full.as_str()) {
            seen.objectives.insert(full);
            return;
        }
        if self.is_unread(full.split('#').next().unwrap_or_default()) {
            return;
        }
        let message = format!("there is no objective `{name}`");
        let fault = Diagnostic::error("unknown-objective", written.file, span, message);
        let names: Vec<&str> = if name.contains('#') {
            seen.known.iter().copied().collect()
        } else {
            let own = written.lesson.map(Lesson::objectives).unwrap_or_default();
            own.iter().map(crate::course::Objective::name).collect()
        };
        let otherwise = match names.len() {
            0 => "the lesson has no list `## Objectives`".to_owned(),
            1..=8 => format!("known: {}", names.join(", ")),
            _ => "name an id of the list `## Objectives`, with its lesson: `lesson#id`".to_owned(),
        };
        self.push(fault, suggestion(name, names, &otherwise));
    }

    /// Whether the text of the lesson `id` is not known, so that its objectives are not: its file
    /// cannot be read, is not there or holds nothing. That is said of the file.
    fn is_unread(&self, id: &str) -> bool {
        let Some(lesson) = self.course.lesson(id) else { return false };
        let has_text = self.course.source(&lesson.file).is_some_and(|text| !text.trim().is_empty());
        lesson.unreadable().is_some() || !has_text
    }

    /// All texts of a question, and the misconceptions it names.
    fn values(&mut self, file: &str, key: &str, value: &Value) {
        match &value.kind {
            Kind::Text(slug) if key == "misconception" => {
                self.misconception(file, slug, value.span);
            }
            Kind::Text(text) => {
                self.quiz_text(file, value.span, text);
                if self.course.has_house_style() && SAID.contains(&key) {
                    self.quiz_words(file, value.span);
                }
            }
            Kind::Array(values) => values.iter().for_each(|value| self.values(file, key, value)),
            Kind::Table(table) => {
                for entry in &table.entries {
                    self.values(file, &entry.key, &entry.value);
                }
            }
            _ => {}
        }
    }

    fn misconception(&mut self, file: &str, slug: &str, span: Span) {
        if self.course.misconception(slug).is_none() && !self.is_unreadable(GLOSSARY) {
            if self.course.read_glossary().is_faulty_misconception(slug) {
                let what = format!("the misconception `{slug}`");
                return self.faulty("unknown-misconception", file, span, &what);
            }
            let message = format!("there is no misconception `{slug}`");
            let fault = Diagnostic::error("unknown-misconception", file, span, message);
            let slugs = self.course.misconceptions().iter().map(|one| one.slug.as_str());
            let hint = suggestion(
                slug,
                slugs,
                "add it to `assets/glossary.toml` under `[[misconceptions]]`",
            );
            self.push(fault, hint);
        }
    }

    /// Objectives that no question measures.
    fn unasked(&mut self, seen: &Seen<'a>) {
        let course = self.course;
        for lesson in course.lessons() {
            let named = lesson.objectives().iter().filter(|objective| objective.is_named);
            for objective in named.filter(|objective| !seen.objectives.contains(&objective.id)) {
                let message = format!("no question measures `{}`", objective.name());
                let fault =
                    Diagnostic::warning("unasked-objective", &lesson.file, objective.span, message);
                self.push(fault, "ask one, with this id as its `objective`");
            }
        }
    }
}

fn text<'t>(table: &'t Table, key: &str) -> Option<(&'t str, Span)> {
    match table.get(key) {
        Some(Value { kind: Kind::Text(text), span }) => Some((text, *span)),
        _ => None,
    }
}
