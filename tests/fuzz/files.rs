//! The files of authors and learners, changed where it hurts: every one is read or refused with
//! findings that point into it, and a course made of them can be checked, read and drawn.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use coldstart::course::quiz_file::read_quiz;
use coldstart::course::search::{Index, passages};
use coldstart::course::{Course, Date, Files, check};
use coldstart::diagnostic::{Diagnostic, Span};
use coldstart::keymap::{Context, Keymap};
use coldstart::quiz::line::{parse_response, prompt_line, response_lines};
use coldstart::quiz::sitting::Sitting;
use coldstart::quiz::{Question, Quiz, Response, grade};
use coldstart::theme::{Depth, Theme};
use proptest::prelude::*;
use proptest::sample::Index as Pick;

use crate::mutation::{Mutation, mutated, mutations};
use crate::{cases, courses, hostile, keys, lines, slow_cases};

/// Reading and checking small files takes milliseconds; this is for a busy machine.
const LONG: Duration = Duration::from_secs(10);

fn check_span(source: &str, span: Span) -> Result<(), TestCaseError> {
    prop_assert!(span.start <= span.end, "{span:?}");
    prop_assert!(source.get(span.start..span.end).is_some(), "{span:?} of {} bytes", source.len());
    Ok(())
}

fn check_findings(file: &str, source: &str, found: &[Diagnostic]) -> Result<(), TestCaseError> {
    for finding in found {
        prop_assert_eq!(&finding.file, file);
        prop_assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{finding:?}");
        check_span(source, finding.span)
            .map_err(|error| TestCaseError::fail(format!("{finding:?}: {error}")))?;
    }
    Ok(())
}

/// What can be said about any question that was let in.
fn check_question(question: &Question, seed: u64) -> Result<(), TestCaseError> {
    let drawn = question.instance(Some(seed), 1).question;
    let solution = drawn.solution();
    let verdict = grade(&drawn, &solution);
    prop_assert!(
        verdict.score > 1.0 - 1e-9 || solution == Response::Skipped,
        "{:?} scores {} at {drawn:?}",
        solution,
        verdict.score
    );
    prop_assert!(prompt_line(&drawn).starts_with("? ("));
    for text in [&drawn.prompt, &drawn.id].into_iter().chain(&drawn.hints) {
        hostile::sanitised(text)?;
    }
    Ok(())
}

/// Takes a quiz with the right answers; all of them count.
fn check_quiz(quiz: &Quiz, seed: u64) -> Result<(), TestCaseError> {
    quiz.questions.iter().try_for_each(|question| check_question(question, seed))?;
    prop_assert!((0.0..=1.0).contains(&quiz.pass));
    hostile::fit_line(&quiz.title)?;
    hostile::fit_line(&quiz.id)?;
    let mut sitting = Sitting::new(quiz, Some(seed), 1);
    let mut right = 0.0;
    let mut left = quiz.questions.len();
    while let Some(asked) = sitting.current() {
        prop_assert!(left > 0, "more questions than there are");
        left -= 1;
        let solution = asked.question.solution();
        for line in response_lines(&asked.question, &asked.shown, &solution) {
            hostile::sanitised(&line)?;
        }
        let (_, _) = (asked.revealed(), parse_response(&asked.question, &asked.shown, "a"));
        if solution != Response::Skipped {
            right += 1.0;
        }
        sitting.answer(solution, None);
        sitting.advance();
    }
    let summary = sitting.summary();
    prop_assert!(
        summary.score <= right + 1e-9 && summary.score > right - 1e-6,
        "{} of {right}",
        summary.score
    );
    prop_assert!(summary.percent() <= 100);
    hostile::fit_line(&summary.line())
}

fn check_quiz_file(file: &str, source: &str, seed: u64) -> Result<(), TestCaseError> {
    let start = Instant::now();
    let (quiz, found) = read_quiz(file, source);
    prop_assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    check_findings(file, source, &found)?;
    if let Some(quiz) = &quiz {
        check_quiz(quiz, seed)?;
        for question in &quiz.questions {
            let places = &question.places;
            for span in [places.question, places.id, places.objective] {
                check_span(source, span)?;
            }
        }
    }
    Ok(())
}

/// A course with some of its files changed.
fn changed(files: &Files, changes: &[(Pick, Vec<Mutation>)]) -> Files {
    let mut files = files.clone();
    let names: Vec<String> = files.keys().cloned().collect();
    for (at, mutations) in changes {
        let name = at.get(&names);
        if let Some(Ok(source)) = files.get(name) {
            let source = mutated(source, mutations);
            files.insert(name.clone(), Ok(Cow::Owned(source)));
        }
    }
    files
}

fn check_course(files: &Files, seed: u64) -> Result<(), TestCaseError> {
    let start = Instant::now();
    let course = Arc::new(Course::open(files.clone()));
    let found = check(&course, Date::new(2026, 11, 23).unwrap());
    prop_assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    for finding in &found {
        let _ = course.position(finding);
        if let Some(Ok(source)) = files.get(&finding.file) {
            check_findings(&finding.file, source, std::slice::from_ref(finding))?;
        } else {
            prop_assert_eq!(finding.span, Span::default(), "{:?}", finding);
        }
    }
    for text in course
        .lessons()
        .flat_map(|lesson| [&lesson.title, &lesson.id])
        .chain([&course.title, &course.id])
    {
        hostile::fit_line(text)?;
    }
    course.quizzes().try_for_each(|quiz| check_quiz(&course.playable(quiz), seed))?;
    for hit in Index::new(passages(&course)).find("the word", 20) {
        hostile::fit_line(&hit.excerpt(40).0)?;
    }
    lines::through(&course, seed)?;
    keys::through(&course)?;
    prop_assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    Ok(())
}

const CONTEXTS: [Context; 17] = [
    Context::Everywhere,
    Context::Contents,
    Context::Lesson,
    Context::Outline,
    Context::List,
    Context::Help,
    Context::PopUp,
    Context::TextField,
    Context::Search,
    Context::Question,
    Context::Ticking,
    Context::Ordering,
    Context::Pairing,
    Context::Answer,
    Context::Confidence,
    Context::Verdict,
    Context::Summary,
];

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn fuzz_quiz_files(at in any::<Pick>(), mutations in mutations(1..6), seed in any::<u64>()) {
        let (file, source) = at.get(courses::quizzes());
        check_quiz_file(file, &mutated(source, &mutations), seed)?;
    }

    #[test]
    fn fuzz_quiz_files_of_anything(source in hostile::text(0..40), seed in any::<u64>()) {
        check_quiz_file("quizzes/a.toml", &source, seed)?;
    }

    #[test]
    fn fuzz_themes(mutations in mutations(1..4), extends in any::<bool>(), depth in 0..4usize) {
        let whole = courses::text("assets/themes/high-contrast.toml");
        let part = "extends = \"dark\"\n\n[colors]\naccent = [\"#82bfdc\", \"cyan\"]\n\n[roles]\nlink = { fg = \"accent\", bold = true }\n";
        let source = mutated(if extends { part } else { &whole }, &mutations);
        let depth = [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::TrueColor][depth];
        if let Err(finding) = Theme::parse("themes/mine.toml", &source, depth) {
            hostile::fit_line(&finding.message)?;
            check_span(&source, finding.span)?;
        }
    }

    #[test]
    fn fuzz_keymaps(mutations in mutations(1..6), own in any::<bool>()) {
        let whole = courses::text("assets/keymap.toml");
        let part = "[lesson]\ndown = [\"n\", \"down\"]\n\n[everywhere]\nhelp = [\"f1\", \"ctrl-h\"]\n";
        let source = mutated(if own { part } else { &whole }, &mutations);
        let (keymap, found) = Keymap::default().with_file("keymap.toml", &source);
        check_findings("keymap.toml", &source, &found)?;
        for context in CONTEXTS {
            for binding in keymap.bindings(context) {
                hostile::fit_line(&binding.help)?;
                prop_assert!(binding.chords.iter().all(|&chord| keymap.action(context, chord) == Some(binding.action)));
            }
        }
    }
}

proptest! {
    #![proptest_config(slow_cases(60, 20))]

    #[test]
    fn fuzz_courses(
        course in any::<Pick>(),
        changes in proptest::collection::vec((any::<Pick>(), mutations(1..5)), 1..4),
        seed in any::<u64>(),
    ) {
        check_course(&changed(course.get(courses::small()), &changes), seed)?;
    }

    #[test]
    fn fuzz_manifests_facts_and_glossaries(file in 0..3usize, mutations in mutations(1..7), seed in any::<u64>()) {
        let file = ["lessons/course.toml", "assets/facts.toml", "assets/glossary.toml"][file];
        let mut files = courses::journeys().clone();
        let source = mutated(files[file].as_ref().unwrap(), &mutations);
        files.insert(file.to_owned(), Ok(Cow::Owned(source)));
        check_course(&files, seed)?;
    }

    #[test]
    fn fuzz_lessons_of_anything(source in hostile::text(0..60), seed in any::<u64>()) {
        let mut files = Files::new();
        files.insert("a.md".to_owned(), Ok(Cow::Owned(source)));
        files.insert("quizzes/x.toml".to_owned(), courses::journeys()["quizzes/water.toml"].clone());
        check_course(&files, seed)?;
    }
}
