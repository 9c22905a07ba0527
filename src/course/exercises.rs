//! What there is to do in a course: quizzes, questions in the flow, simulations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::lesson::prose_words;
use super::scenario::{Scenario, Setting, Written};
use super::toml_file::{Faults, Kind, Origin, parse};
use super::{
    Course, FACTS, Files, GLOSSARY, Lesson, MANIFEST, Part, PlacedEmbed, Refusal, links, manifest,
    quiz_file,
};
use crate::diagnostic::Diagnostic;
use crate::markdown::Embed;
use crate::quiz::{Question, Quiz};

/// The `.toml` files that can be opened from a lesson, each read when it is first asked for.
pub(super) type Exercises = BTreeMap<String, OnceLock<Exercise>>;

/// A file that can be opened from a lesson.
#[derive(Debug)]
pub(super) enum Exercise {
    Quiz {
        quiz: Option<Box<Quiz>>,
        faults: Vec<Diagnostic>,
    },
    Scenario {
        title: String,
        predicts: bool,
        /// What can be run, unless it has an error.
        scenario: Option<Box<Scenario>>,
        faults: Vec<Diagnostic>,
    },
    /// A file of another kind: settings, themes.
    Other,
}

/// What an embed of a lesson is, once its file was looked into.
#[derive(Clone, Debug)]
pub enum Embedded<'a> {
    /// A quiz to take.
    Quiz(&'a Quiz),
    /// One question.
    Question(&'a Question),
    /// A simulation: its path, or nothing where it stands in the lesson itself; and its title.
    Scenario {
        /// The path of its file relative to the root.
        path: Option<&'a str>,
        /// Its title.
        title: &'a str,
    },
    /// The result recorded of the simulation before it.
    Output,
    /// It cannot be opened, and why.
    Broken(String),
}

/// The questions and simulations that stand in a lesson's text, by the byte their block begins at.
#[derive(Debug, Default)]
pub(super) struct Inlined {
    pub(super) questions: BTreeMap<usize, Question>,
    pub(super) scenarios: BTreeMap<usize, Scenario>,
    pub(super) faults: Vec<Diagnostic>,
}

/// All files of a course that may be exercises, none of them read.
pub(super) fn unread(files: &Files) -> Exercises {
    let paths = files.keys().filter(|path| manifest::is_exercise(path));
    paths.map(|path| (path.clone(), OnceLock::new())).collect()
}

impl Course {
    /// The quiz of this id.
    pub fn quiz(&self, id: &str) -> Option<&Quiz> {
        self.quiz_at(&format!("quizzes/{id}.toml"))
            .filter(|quiz| quiz.id == id)
            .or_else(|| self.quizzes().find(|quiz| quiz.id == id))
    }

    /// The quiz in the file at `path`, relative to the root.
    pub fn quiz_at(&self, path: &str) -> Option<&Quiz> {
        match self.exercise(path)? {
            Exercise::Quiz { quiz, .. } => quiz.as_deref(),
            Exercise::Scenario { .. } | Exercise::Other => None,
        }
    }

    /// Whether the file at `path` is one that a course gives a meaning to: a lesson, a quiz, a
    /// scenario, the manifest, the facts, the glossary.
    pub fn knows(&self, path: &str) -> bool {
        self.lesson_at(path).is_some()
            || [MANIFEST, FACTS, GLOSSARY].contains(&path)
            || !matches!(self.exercise(path), None | Some(Exercise::Other))
    }

    /// The lesson's own quiz: `quizzes/<lesson id>.toml`.
    pub fn quiz_of(&self, lesson: &Lesson) -> Option<&Quiz> {
        self.quiz_at(&own_quiz(lesson))
    }

    /// Whether there is a file for the lesson's own quiz; nothing is read for it.
    pub fn has_quiz(&self, lesson: &Lesson) -> bool {
        self.source(&own_quiz(lesson)).is_some()
    }

    /// How many questions the test out of `lesson` asks; `None` where it has no quiz, or one of too
    /// few questions.
    pub fn test_out_questions(&self, lesson: &Lesson) -> Option<usize> {
        self.quiz_of(lesson)?.test_out_questions()
    }

    /// What a part is called; the course's title where it has none of its own.
    pub fn title_of<'a>(&'a self, part: &'a Part) -> &'a str {
        if part.title.is_empty() { &self.title } else { &part.title }
    }

    /// The final test of a part.
    pub fn final_test_of(&self, part: &Part) -> Option<&Quiz> {
        self.quiz_at(part.test.as_deref()?)
    }

    /// The part that ends with `lesson`, and its final test.
    pub fn final_test_behind(&self, lesson: &Lesson) -> Option<(&Part, &Quiz)> {
        let part = self.part_of(lesson)?;
        part.lessons.last().filter(|last| last.id == lesson.id)?;
        Some((part, self.final_test_of(part)?))
    }

    /// The part whose final test this is.
    pub fn part_tested_by(&self, quiz: &Quiz) -> Option<&Part> {
        self.parts.iter().find(|part| part.test.as_deref() == Some(&*quiz.file))
    }

    /// The lessons that a test asks about: those whose quizzes it draws from, in its order.
    pub fn covered<'a>(&'a self, test: &'a Quiz) -> impl Iterator<Item = &'a Lesson> {
        let quizzes = test.from.iter().filter_map(|id| self.quiz(id));
        quizzes.filter_map(|quiz| self.lesson_of(quiz))
    }

    /// All quizzes, by path. Reads every `.toml` file of the course.
    pub fn quizzes(&self) -> impl Iterator<Item = &Quiz> {
        self.exercises.keys().filter_map(|path| self.quiz_at(path))
    }

    /// Whether `id` is the name of a quiz file that no quiz could be read from.
    pub(super) fn is_faulty_quiz(&self, id: &str) -> bool {
        let is_faulty =
            |path: &String| matches!(self.exercise(path), Some(Exercise::Quiz { quiz: None, .. }));
        self.exercises.keys().any(|path| links::stem(path) == id && is_faulty(path))
    }

    /// The quiz as it is taken: with the questions of the quizzes that it draws from.
    pub fn playable(&self, quiz: &Quiz) -> Quiz {
        quiz.with_pools(|id| self.quiz(id))
    }

    /// How many questions a quiz has with those of the quizzes that it draws from, each once.
    pub fn pool_size(&self, quiz: &Quiz) -> usize {
        let pools = quiz.from.iter().filter_map(|id| self.quiz(id));
        let questions = pools.chain([quiz]).flat_map(|pool| &pool.questions);
        questions.map(|question| question.id.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// How many questions an attempt at a quiz asks; of one that draws from others, what its file
    /// says: no other is read for it.
    pub fn asked(&self, quiz: &Quiz) -> usize {
        match quiz.draw {
            Some(draw) if !quiz.from.is_empty() => draw,
            Some(draw) => draw.min(self.pool_size(quiz)),
            None => self.pool_size(quiz),
        }
    }

    /// The lesson whose own quiz this is, or that has it in its flow.
    pub fn lesson_of(&self, quiz: &Quiz) -> Option<&Lesson> {
        self.lesson(quiz.lesson()).or_else(|| self.lesson(&quiz.id)).or_else(|| {
            self.lessons().find(|lesson| {
                lesson.embeds().iter().any(|embed| match &embed.embed {
                    Embed::File { path, .. } => {
                        self.resolve_path(&lesson.file, path).is_ok_and(|path| path == quiz.file)
                    }
                    _ => false,
                })
            })
        })
    }

    /// What `embed` of `lesson` is.
    pub fn embedded<'a>(&'a self, lesson: &'a Lesson, embed: &PlacedEmbed) -> Embedded<'a> {
        match &embed.embed {
            Embed::File { path, .. } => match self.resolve_path(&lesson.file, path) {
                Ok(path) => self.exercise_at(path),
                Err(refusal) => Embedded::Broken(format!("`{path}` {refusal}")),
            },
            Embed::Question(_) => {
                let question = inlined(lesson).questions.get(&embed.span.start);
                question.map_or_else(
                    || Embedded::Broken("this question has faults: run `check`".to_owned()),
                    Embedded::Question,
                )
            }
            Embed::Scenario(_) => {
                let scenario = inlined(lesson).scenarios.get(&embed.span.start);
                let title = scenario.map_or("Simulation", |scenario| &scenario.title);
                Embedded::Scenario { path: None, title }
            }
            Embed::Output(_) => Embedded::Output,
        }
    }

    /// The questions that stand in the text of `lesson` itself, in order.
    pub fn questions_in<'a>(&'a self, lesson: &'a Lesson) -> impl Iterator<Item = &'a Question> {
        inlined(lesson).questions.values()
    }

    /// Minutes as measured: words/200 + 0.6 for each question + 2 for each simulation.
    pub fn measured_minutes(&self, lesson: &Lesson) -> f64 {
        let words = prose_words(&lesson.document().blocks);
        let questions = self.questions_in(lesson).count()
            + self.quizzes_with(lesson).iter().map(|quiz| self.asked(quiz).min(100)).sum::<usize>();
        let simulations = lesson
            .embeds()
            .iter()
            .filter(|embed| matches!(self.embedded(lesson, embed), Embedded::Scenario { .. }))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
        let minutes = words as f64 / 200.0 + questions as f64 * 0.6 + simulations as f64 * 2.0;
        minutes
    }

    /// The lesson's own quiz and those in its flow, each once.
    pub fn quizzes_with<'a>(&'a self, lesson: &'a Lesson) -> Vec<&'a Quiz> {
        let mut quizzes: Vec<&Quiz> = Vec::new();
        let flow = lesson.embeds().iter().filter_map(|embed| match self.embedded(lesson, embed) {
            Embedded::Quiz(quiz) => Some(quiz),
            _ => None,
        });
        for quiz in flow.chain(self.quiz_of(lesson)) {
            if !quizzes.iter().any(|other| other.file == quiz.file) {
                quizzes.push(quiz);
            }
        }
        quizzes
    }

    /// The paths of the simulations in the flow of `lesson`.
    pub fn scenarios_in<'a>(&'a self, lesson: &'a Lesson) -> Vec<&'a str> {
        let paths = lesson.embeds().iter().filter_map(|embed| match self.embedded(lesson, embed) {
            Embedded::Scenario { path, .. } => path,
            _ => None,
        });
        paths.collect()
    }

    /// The scenario of this id.
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenario_at(&format!("assets/scenarios/{id}.toml"))
            .filter(|scenario| scenario.id == id)
            .or_else(|| self.scenarios().map(|(_, scenario)| scenario).find(|one| one.id == id))
    }

    /// The scenario in the file at `path`, relative to the root, unless it has an error.
    pub fn scenario_at(&self, path: &str) -> Option<&Scenario> {
        match self.exercise(path)? {
            Exercise::Scenario { scenario, .. } => scenario.as_deref(),
            Exercise::Quiz { .. } | Exercise::Other => None,
        }
    }

    /// All scenarios that can be run, with their paths. Reads every `.toml` file of the course.
    pub fn scenarios(&self) -> impl Iterator<Item = (&str, &Scenario)> {
        self.exercises.keys().filter_map(|path| Some((path.as_str(), self.scenario_at(path)?)))
    }

    /// The ids and paths of all scenarios; one with an error goes by the name of its file.
    pub fn scenario_names(&self) -> Vec<(&str, &str)> {
        let named = |path: &'_ String| match self.exercise(path)? {
            Exercise::Scenario { scenario: Some(scenario), .. } => Some(scenario.id.as_str()),
            _ => None,
        };
        let is_scenario =
            |path: &&String| matches!(self.exercise(path), Some(Exercise::Scenario { .. }));
        let paths = self.exercises.keys().filter(is_scenario);
        paths
            .map(|path| (named(path).unwrap_or_else(|| links::stem(path)), path.as_str()))
            .collect()
    }

    /// Whether the file at `path` is a scenario, even one with an error.
    pub fn is_scenario(&self, path: &str) -> bool {
        matches!(self.exercise(path), Some(Exercise::Scenario { .. }))
    }

    /// The path of the scenario of this id. A file of that name is tried first, so that the others
    /// need not be read.
    pub fn scenario_file(&self, id: &str) -> Option<&str> {
        let has_id = |path: &&String| match self.exercise(path) {
            Some(Exercise::Scenario { scenario: Some(scenario), .. }) => scenario.id == id,
            Some(Exercise::Scenario { scenario: None, .. }) => links::stem(path) == id,
            _ => false,
        };
        let mut likely = self.exercises.keys().filter(|path| links::stem(path) == id);
        let found = likely.find(has_id).or_else(|| self.exercises.keys().find(has_id));
        found.map(String::as_str)
    }

    /// The scenario that `embed` of `lesson` is or links to, unless it has an error.
    pub fn scenario_of<'a>(
        &'a self,
        lesson: &'a Lesson,
        embed: &PlacedEmbed,
    ) -> Option<&'a Scenario> {
        match &embed.embed {
            Embed::File { path, .. } => {
                self.scenario_at(self.resolve_path(&lesson.file, path).ok()?)
            }
            Embed::Scenario(_) => inlined(lesson).scenarios.get(&embed.span.start),
            Embed::Question(_) | Embed::Output(_) => None,
        }
    }

    /// The scenario in the file at `path` with `settings` put into it, and what is wrong with it.
    pub fn scenario_with(
        &self,
        path: &str,
        settings: &[Setting],
    ) -> (Option<Scenario>, Vec<Diagnostic>) {
        let text = self.source(path).unwrap_or_default();
        Written { file: path, text, origin: Origin::File, files: &self.files }.read(settings)
    }

    pub(super) fn exercise(&self, path: &str) -> Option<&Exercise> {
        let cell = self.exercises.get(path)?;
        Some(cell.get_or_init(|| read(path, self.source(path).unwrap_or_default(), &self.files)))
    }

    fn exercise_at<'a>(&'a self, path: &'a str) -> Embedded<'a> {
        match self.exercise(path) {
            Some(Exercise::Quiz { quiz: Some(quiz), .. }) => Embedded::Quiz(quiz),
            Some(Exercise::Quiz { quiz: None, .. }) => {
                Embedded::Broken(format!("`{path}` cannot be used: run `check`"))
            }
            Some(Exercise::Scenario { title, .. }) => {
                Embedded::Scenario { path: Some(path), title }
            }
            Some(Exercise::Other) => {
                Embedded::Broken(format!("`{path}` is neither a quiz nor a simulation"))
            }
            None => Embedded::Broken(format!("`{path}` {}", Refusal::Missing)),
        }
    }
}

/// The path of the lesson's own quiz, there or not.
fn own_quiz(lesson: &Lesson) -> String {
    format!("quizzes/{}.toml", lesson.id)
}

/// The questions and simulations in the text of `lesson`; read once and kept.
pub(super) fn inlined(lesson: &Lesson) -> &Inlined {
    lesson.inlined.get_or_init(|| {
        let mut inlined = Inlined::default();
        for embed in lesson.embeds() {
            match &embed.embed {
                Embed::Question(fence) => {
                    let (questions, faults) =
                        quiz_file::read_questions(&lesson.file, &lesson.written(fence));
                    inlined.faults.extend(faults);
                    let first = questions.into_iter().next();
                    inlined.questions.extend(first.map(|question| (embed.span.start, question)));
                }
                Embed::Scenario(fence) => {
                    let fence = lesson.written(fence);
                    let origin = Origin::Fence(&fence.line_starts);
                    let (file, text, files) = (&lesson.file, &fence.text, &lesson.files);
                    let (scenario, faults) = Written { file, text, origin, files }.read(&[]);
                    inlined.faults.extend(faults);
                    inlined.scenarios.extend(scenario.map(|scenario| (embed.span.start, scenario)));
                }
                Embed::File { .. } | Embed::Output(_) => {}
            }
        }
        inlined
    })
}

/// Reads a `.toml` file: one with a model is a scenario, one with questions or in a folder of
/// quizzes a quiz.
fn read(path: &str, source: &str, files: &Files) -> Exercise {
    let faults = Faults::new(path);
    let root = parse(source, Origin::File, &faults);
    let is_in = |folder: &str| path.split('/').rev().skip(1).any(|part| part == folder);
    let has_questions = root.get("questions").is_some() || root.get("from").is_some();
    if !has_questions && (root.get("model").is_some() || is_in("scenarios")) {
        let title = match root.get("title").map(|value| &value.kind) {
            Some(Kind::Text(title)) => title.clone(),
            _ => links::stem(path).to_owned(),
        };
        let predicts = root.get("predict").is_some();
        let written = Written { file: path, text: source, origin: Origin::File, files };
        let (scenario, faults) = written.read(&[]);
        return Exercise::Scenario { title, predicts, scenario: scenario.map(Box::new), faults };
    }
    if !has_questions && !is_in("quizzes") {
        return Exercise::Other;
    }
    let (quiz, faults) = quiz_file::read_quiz(path, source);
    Exercise::Quiz { quiz: quiz.map(Box::new), faults }
}
