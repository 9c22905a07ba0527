//! The words in the boxes of a lesson, the marks of its objectives, and what a block holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::World;
use crate::app::answering::offered_test;
use crate::course::scenario::{Predict, Scenario};
use crate::course::{Embedded, Lesson};
use crate::keymap::{Action, Context};
use crate::markdown::{self, Block, BlockKind, Code};
use crate::progress::{Mastery, QuizProgress};
use crate::quiz::numeric::counted;
use crate::quiz::summary::{percent, points};
use crate::quiz::{Question, Quiz};
use crate::typeset::{Panel, Role, width};

/// The boxes of a lesson, by the byte their block begins at. A recorded result waits for the
/// prediction, unless what follows that panel was `revealed`.
pub(super) fn of(
    lesson: &Lesson,
    revealed: &BTreeSet<usize>,
    world: &World<'_>,
) -> BTreeMap<usize, Panel> {
    let mut panels = BTreeMap::new();
    let mut before = None;
    for embed in lesson.embeds() {
        if let Some(scenario) = world.course.scenario_of(lesson, embed) {
            before = Some(scenario).filter(|_| !revealed.contains(&embed.span.start));
        }
        let panel = match world.course.embedded(lesson, embed) {
            Embedded::Quiz(quiz) => of_quiz(quiz, world),
            Embedded::Question(question) => of_question(question, world),
            Embedded::Scenario { title, .. } => match world.course.scenario_of(lesson, embed) {
                Some(scenario) => of_scenario(scenario, world),
                None => Panel { title: title.to_owned(), ..broken(FAULTY.to_owned()) },
            },
            Embedded::Broken(reason) => broken(reason),
            Embedded::Output => match before.filter(|scenario| is_open(scenario, world)) {
                Some(_) => Panel { lines: vec![WITHHELD.to_owned()], ..Panel::default() },
                None => continue,
            },
        };
        panels.insert(embed.span.start, panel);
    }
    panels
}

/// What is offered below the title: to test out of a lesson that is not learned yet.
pub(super) fn offers(
    lesson: &Lesson,
    blocks: &[Block],
    world: &World<'_>,
) -> BTreeMap<usize, Panel> {
    let title = blocks.first().filter(|b| matches!(b.kind, BlockKind::Heading { level: 1, .. }));
    let offer = title.zip(offered_test(lesson, world)).map(|(title, questions)| {
        let panel = Panel {
            title: "Know this already?".to_owned(),
            lines: vec![format!("{questions} questions test you out.")],
            action: action_words(Action::Test, "test out", world),
            ..Panel::default()
        };
        (title.span.start, panel)
    });
    offer.into_iter().collect()
}

fn of_quiz(quiz: &Quiz, world: &World<'_>) -> Panel {
    let pool = world.course.playable(quiz);
    if pool.asked() == 0 {
        let reason = "None of its questions can be asked: run `check`.".to_owned();
        return Panel { title: quiz.title.clone(), ..broken(reason) };
    }
    let questions = counted(pool.asked(), "question");
    let taken = world.progress.quiz(&quiz.id);
    let dot = if world.settings.ascii { " - " } else { " · " };
    let needed = format!("{dot}{} % passes", percent(quiz.pass));
    let open = taken.and_then(QuizProgress::unfinished);
    let answered = open.map(|open| format!("{dot}{} answered", open.scores.len()));
    let (standing, action) = match (taken, taken.and_then(QuizProgress::best)) {
        (Some(taken), Some(best)) => {
            let of = taken.attempts.last().map_or(1, |attempt| attempt.of);
            let score = points(best * f64::from(of));
            let passed = if taken.passed() { ", passed" } else { "" };
            let action = if taken.passed() { "take it again" } else { "try again" };
            (format!("{dot}best {score} of {of}{passed}"), action)
        }
        _ => (needed, "start"),
    };
    let action = if open.is_some() { "go on" } else { action };
    let standing = format!("{}{standing}", answered.unwrap_or_default());
    let omitted = (pool.omitted > 0)
        .then(|| format!("Left out, because they have faults: {}.", pool.omitted));
    let lines = [Some(format!("{questions}{standing}")), omitted];
    Panel {
        kind: "Quiz".to_owned(),
        title: quiz.title.clone(),
        lines: lines.into_iter().flatten().collect(),
        action: action_words(Action::Open, action, world),
    }
}

/// The words for an action, behind the key that does it.
pub(super) fn action_words(action: Action, words: &str, world: &World<'_>) -> String {
    let key = world.keymap.chord(Context::Lesson, action);
    let label = key.map(|key| key.label(world.settings.ascii));
    label.map_or_else(|| words.to_owned(), |label| format!("{label} {words}"))
}

fn of_question(question: &Question, world: &World<'_>) -> Panel {
    let asked = question.instance(None, 1).question;
    let prompt = markdown::parse(&asked.prompt);
    let text = prompt.blocks.first().map(markdown::block_text).unwrap_or_default();
    let last = world.progress.last_answer(&question.id).map(|(_, answer)| answer.score);
    let (standing, action) = match last {
        None => (None, "answer"),
        Some(score) if score >= 0.999 => (Some("You answered it right."), "answer again"),
        Some(score) if score > 0.0 => (Some("You answered it partly."), "answer again"),
        Some(_) => (Some("Not answered right yet."), "answer again"),
    };
    let lines = [Some(text), standing.map(str::to_owned)].into_iter().flatten().collect();
    Panel {
        kind: "Question".to_owned(),
        title: String::new(),
        lines,
        action: action_words(Action::Open, action, world),
    }
}

/// What stands in the place of a recorded result that would give a prediction away.
const WITHHELD: &str = "The recorded result shows after your prediction.";

/// Whether a prediction of it is still to be made.
pub(super) fn is_open(scenario: &Scenario, world: &World<'_>) -> bool {
    scenario.predict.is_some()
        && world.progress.prediction(&scenario.id).is_none()
        && world.progress.simulations(&scenario.id).is_empty()
}

/// What is said of a simulation that cannot be run.
const FAULTY: &str = "This simulation has faults: run `check`.";

fn of_scenario(scenario: &Scenario, world: &World<'_>) -> Panel {
    let prompt = |predict: &Predict| {
        let prompt = markdown::parse(&predict.prompt);
        prompt.blocks.first().map(markdown::block_text).unwrap_or_default()
    };
    let asked = scenario.predict.as_ref();
    let last = world.progress.prediction(&scenario.id);
    let last = asked.zip(last).filter(|(predict, last)| last.metric == predict.metric);
    let mut lines: Vec<String> = asked.map(prompt).into_iter().collect();
    let action = match (asked, last) {
        (Some(_), None) => "predict, then run it",
        (Some(_), Some(_)) => "run it again",
        (None, _) => "run it",
    };
    if let Some((predict, last)) = last {
        let said = predict.text(predict.in_unit(last.value));
        let truth = last.error.map(|error| predict.text(predict.in_unit(last.value - error)));
        let truth = truth.map_or_else(String::new, |truth| format!("; it was {truth}"));
        lines.push(format!("You said {said}{truth}."));
    } else if asked.is_none() {
        lines.extend(scenario.goals.iter().map(|goal| goal.text.clone()));
    }
    Panel {
        kind: "Simulation".to_owned(),
        title: scenario.title.clone(),
        lines,
        action: action_words(Action::Open, action, world),
    }
}

fn broken(reason: String) -> Panel {
    let lines = vec![reason];
    Panel { kind: "Cannot be opened".to_owned(), lines, ..Panel::default() }
}

/// The marks of the objectives, by the byte their item begins at.
pub(super) fn objectives(lesson: &Lesson, world: &World<'_>) -> BTreeMap<usize, (String, Role)> {
    let glance = world.glance.lessons.get(&lesson.id);
    let mark = |id: &str| match glance.and_then(|glance| glance.objectives.get(id)) {
        Some(Mastery::Mastered) => ("✦", "#", Role::Correct),
        Some(Mastery::Right) => ("●", "*", Role::Correct),
        Some(Mastery::Revisit) => ("◐", "@", Role::Partly),
        Some(Mastery::New) | None => ("○", "o", Role::Marker),
    };
    let marked = lesson.objectives().iter().map(|objective| {
        let (glyph, ascii, role) = mark(&objective.id);
        let glyph = if world.settings.ascii { ascii } else { glyph };
        (objective.span.start, (glyph.to_owned(), role))
    });
    marked.collect()
}

/// Calls for every block of code in a block, with the byte at which it begins.
pub(super) fn each_code(block: &Block, found: &mut impl FnMut(usize, &Code)) {
    match &block.kind {
        BlockKind::Code(code) => found(block.span.start, code),
        BlockKind::Callout { blocks, .. }
        | BlockKind::Quote(blocks)
        | BlockKind::Details { blocks, .. }
        | BlockKind::Footnote { blocks, .. } => blocks.iter().for_each(|b| each_code(b, found)),
        BlockKind::List(list) => {
            let inner = list.items.iter().flat_map(|item| &item.blocks);
            inner.for_each(|block| each_code(block, found));
        }
        _ => {}
    }
}

/// The figures that are wider than the measure: where they begin, and how far they can be moved.
pub(super) fn wide_figures(blocks: &[&Block], measure: usize) -> Vec<(usize, usize)> {
    let widest = |text: &str| {
        // As drawn: a tab is four blanks.
        text.lines().map(|line| width(&line.replace('\t', "    "))).max().unwrap_or(0)
    };
    let wide = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Figure { text, .. } => {
            let over = widest(text).checked_sub(measure).filter(|&over| over > 0)?;
            Some((block.span.start, over))
        }
        _ => None,
    });
    wide.collect()
}
