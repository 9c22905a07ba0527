//! The course that comes in the program is clean, whole, and the one in the repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use coldstart::content::{Directory, Embedded, Source as _};
use coldstart::course::tells::Tells;
use coldstart::course::{Course, check};
use coldstart::markdown::{self, BlockKind, Inline, InlineKind, Target, plain_text};

/// The day on which its facts are judged.
const TODAY: &str = "2026-11-23";

fn findings(course: &Course) -> Vec<String> {
    check(course, TODAY.parse().unwrap())
        .iter()
        .map(|fault| {
            let position = course.position(fault);
            format!("{}:{position}: {} {}", fault.file, fault.code, fault.message)
        })
        .collect()
}

#[test]
fn nothing_is_wrong_with_the_shipped_course() {
    let course = Embedded.open().unwrap();
    assert_eq!(findings(&course), Vec::<String>::new());
    assert!(course.has_manifest() && course.has_house_style());
    assert!(course.lessons().count() >= 3);
}

#[test]
fn the_embedded_course_is_the_one_in_the_repository() {
    let embedded = Embedded.files().unwrap();
    let repository = Directory::new(Path::new(env!("CARGO_MANIFEST_DIR"))).files().unwrap();
    let names = |files: &coldstart::course::Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&embedded), names(&repository));
    for (path, text) in &repository {
        assert_eq!(embedded[path].as_ref().unwrap(), text.as_ref().unwrap(), "{path}");
    }
}

#[test]
fn every_lesson_can_be_read_and_asked_about() {
    let course = Embedded.open().unwrap();
    for lesson in course.lessons() {
        assert_eq!(lesson.unreadable(), None, "{}", lesson.id);
        if course.part_of(lesson).unwrap().is_appendix {
            continue;
        }
        assert!(!lesson.objectives().is_empty(), "{}", lesson.id);
        assert!(!lesson.key_points().is_empty(), "{}", lesson.id);
        let quiz = course.quiz_of(lesson).unwrap_or_else(|| panic!("{} has no quiz", lesson.id));
        assert_eq!(quiz.omitted, 0, "{}", lesson.id);
        assert!(course.questions_in(lesson).count() >= 2, "{}", lesson.id);
        let minutes = course.measured_minutes(lesson);
        assert!((8.0..=15.0).contains(&minutes), "{} takes {minutes:.1} minutes", lesson.id);
    }
}

/// Neither length nor place of a choice tells more often than chance that it is the right one.
#[test]
fn guessing_does_not_pay_in_the_shipped_course() {
    let course = Embedded.open().unwrap();
    let flow = course.lessons().flat_map(|lesson| course.questions_in(lesson));
    let tells = Tells::of(course.quizzes().flat_map(|quiz| &quiz.questions).chain(flow));
    assert!(tells.single > 40, "{tells:?}");
    assert!(!tells.longest.pays() && !tells.shortest.pays(), "{tells:?}");
    assert_ne!(tells.is_uneven(), Some(true), "{tells:?}");
}

/// A fault put into the shipped course is found: that it is clean says something.
#[test]
fn a_fault_in_the_shipped_course_is_found() {
    for (path, from, to, expected) in [
        ("assets/facts.toml", "id = \"lambda.timeout\"", "id = \"lambda.time\"", "unknown-fact"),
        ("assets/glossary.toml", "id = \"serverless\"", "id = \"server-less\"", "unknown-term"),
        ("quizzes/six-traits.toml", "misconception = \"", "misconception = \"x", "misconception"),
        ("lessons/course.toml", "minutes = ", "minutes = 1", "too-long"),
    ] {
        let mut files = Embedded.files().unwrap();
        let text = files[path].clone().unwrap();
        assert!(text.contains(from), "{path} has no `{from}`");
        files.insert(path.to_owned(), Ok(text.replacen(from, to, 1).into()));
        let found = findings(&Course::open(files));
        assert!(found.iter().any(|line| line.contains(expected)), "{expected}: {found:?}");
    }
}

/// The lines of the outline: what it says, and the links to where it is taught.
fn outline() -> Vec<(String, Vec<Inline>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/outline.md");
    let document = markdown::parse(&std::fs::read_to_string(file).unwrap());
    let tables = document.blocks.into_iter().filter_map(|block| match block.kind {
        BlockKind::Table(table) => Some(table.rows),
        _ => None,
    });
    let links = |cell: &[Inline]| {
        let links = cell.iter().filter(|inline| matches!(inline.kind, InlineKind::Link { .. }));
        links.cloned().collect()
    };
    tables.flatten().map(|row| (plain_text(&row[0]), links(&row[1]))).collect()
}

#[test]
fn every_line_of_the_outline_is_taught_under_a_heading() {
    let course = Embedded.open().unwrap();
    let lines = outline();
    assert_eq!(lines.len(), 47);
    for (line, links) in lines {
        assert!(!links.is_empty(), "`{line}` is taught nowhere");
        for link in links {
            let InlineKind::Link { target: Target::File { path, anchor }, inlines, .. } = link.kind
            else {
                panic!("`{line}` is taught outside the course");
            };
            let file = path.strip_prefix("../").unwrap();
            let lesson = course.lesson_at(file).unwrap_or_else(|| panic!("no lesson {file}"));
            let heading = lesson.document().blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Heading { anchor: of, inlines, .. } if *of == anchor => Some(inlines),
                _ => None,
            });
            let heading = heading.unwrap_or_else(|| panic!("{file} has no heading #{anchor}"));
            let named = format!("{} {}", lesson.number, plain_text(heading));
            assert_eq!(plain_text(&inlines), named);
        }
    }
}
