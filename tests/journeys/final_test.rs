//! The final test of a part: its row, its questions, what is to be read again.

use std::sync::Arc;

use coldstart::course::{Course, Files};
use coldstart::progress::RecordKind;

use crate::traveller::{Setup, Traveller, course_with, pictures_of};

const TEST: &str = "schema = 1\nid = \"basics\"\ntitle = \"Final test: Basics\"\npass = 0.8\n\
    draw = 4\nfrom = [\"water\", \"types\", \"leaves\"]\n";
const LEAVES: &str = "schema = 1\nid = \"leaves\"\ntitle = \"Leaves\"\n\n[[questions]]\n\
    id = \"leaves.count\"\ntype = \"numeric\"\nobjective = \"name-parts\"\n\
    prompt = \"How many leaves are picked with the bud?\"\nanswer = 2\ntolerance_abs = 0\n\
    wrong = [{ value = 3, feedback = \"One too many.\" }, { value = 1, feedback = \"One more.\" }]\n";

/// The test course with a test at the end of its first part.
pub(crate) fn tested() -> Arc<Course> {
    course_with(with_a_test)
}

fn with_a_test(files: &mut Files) {
    let manifest = files["lessons/course.toml"].as_deref().unwrap_or_default();
    let manifest = manifest.replace("\"Basics\"", "\"Basics\"\ntest = \"basics\"");
    files.insert("lessons/course.toml".to_owned(), Ok(manifest.into()));
    files.insert("quizzes/basics.toml".to_owned(), Ok(TEST.into()));
    files.insert("quizzes/leaves.toml".to_owned(), Ok(LEAVES.into()));
}

fn at_the_test(setup: Setup) -> Traveller {
    Traveller::at(tested(), setup).typing("jj")
}

/// Answers four questions: what is right is typed where it is known, all else skipped.
fn through(mut traveller: Traveller, knows: &[(&str, &str)]) -> Traveller {
    for _ in 0..4 {
        let screen = traveller.screen();
        match knows.iter().find(|(words, _)| screen.contains(words)) {
            Some((_, keys)) => traveller.press(keys),
            None if screen.contains("^s skip") => traveller.press("<ctrl-s>"),
            None => traveller.press("s"),
        }
        traveller.press("<enter>");
    }
    traveller
}

const LEAVES_RIGHT: (&str, &str) = ("How many leaves", "2<enter>");

#[test]
fn it_stands_at_the_end_of_its_part() {
    pictures_of("final_test_contents", at_the_test);
    let small = Setup { size: (80, 12), ..Setup::default() };
    let screen = at_the_test(small).screen();
    assert!(screen.contains("▸ ○ Final test: Basics"), "{screen}");
}

#[test]
fn where_all_lessons_do_not_fit_a_part_folds_with_its_test() {
    let more = |files: &mut Files, count: usize| {
        let manifest = files["lessons/course.toml"].as_deref().unwrap_or_default();
        let lesson =
            |n| format!("\n[[parts.lessons]]\nid = \"more-{n}\"\nfile = \"more-{n}.md\"\n");
        let lessons: String = (0..count).map(lesson).collect();
        let manifest = format!("{manifest}{lessons}");
        files.insert("lessons/course.toml".to_owned(), Ok(manifest.into()));
        let text = |n| (format!("lessons/more-{n}.md"), Ok(format!("# More {n}\n").into()));
        files.extend((0..count).map(text));
    };
    let screen = |count: usize| {
        let course = course_with(|files| {
            with_a_test(files);
            more(files, count);
        });
        Traveller::at(course, Setup::default()).typing("]").screen()
    };
    let (all, folded) = (screen(10), screen(15));
    assert!(all.contains("Leaves differ") && all.contains("Final test: Basics"), "{all}");
    assert!(!folded.contains("Leaves differ") && folded.contains("More 14"), "{folded}");
    assert!(folded.contains("Basics") && !folded.contains("Final test: Basics"), "{folded}");
}

#[test]
fn it_draws_from_each_quiz_and_says_by_lesson_what_to_read_again() {
    pictures_of("final_test_end", |setup| {
        through(at_the_test(setup).typing("<enter>"), &[LEAVES_RIGHT])
    });
    let traveller = through(at_the_test(Setup::default()).typing("<enter>"), &[LEAVES_RIGHT]);
    let asked: Vec<(String, Option<String>)> = traveller
        .records
        .iter()
        .filter_map(|record| match &record.kind {
            RecordKind::Answered(answered) => {
                assert_eq!(answered.quiz.as_deref(), Some("basics"));
                assert_eq!(answered.lesson, None);
                Some((answered.question.clone(), answered.objective.clone()))
            }
            _ => None,
        })
        .collect();
    for quiz in ["water.", "types.", "leaves."] {
        assert!(asked.iter().any(|(question, _)| question.starts_with(quiz)), "{asked:?}");
    }
    assert!(
        asked.contains(&("leaves.count".into(), Some("leaves#name-parts".into()))),
        "{asked:?}"
    );
}

#[test]
fn answers_count_for_the_lessons_objectives_at_once_and_the_score_is_kept() {
    let traveller = through(at_the_test(Setup::default()).typing("<enter>"), &[LEAVES_RIGHT]);
    let traveller = traveller.typing("<esc>");
    let screen = traveller.screen();
    assert!(screen.contains("◐ Final test: Basics"), "{screen}");
    assert!(screen.contains("25 %"), "{screen}");
    let progress = traveller.typing("p");
    assert!(progress.screen().contains("◐ Final test: Basics"), "{}", progress.screen());
    let lesson = progress.typing("<esc>k").screen();
    assert!(lesson.contains("●  name the parts that are picked"), "{lesson}");
}

#[test]
fn a_test_left_half_way_goes_on_there() {
    let traveller = at_the_test(Setup::default()).typing("<enter><ctrl-s>s<enter><esc>");
    let screen = traveller.screen();
    assert!(screen.contains("Your test goes on after 1 of 4."), "{screen}");
    let screen = traveller.typing("Q").screen();
    assert!(screen.contains("2 of 4"), "{screen}");
}

#[test]
fn it_is_opened_from_the_progress_screen_too() {
    let traveller = Traveller::at(tested(), Setup::default()).typing("pjjj<enter>");
    assert!(traveller.screen().contains("Final test: Basics"));
    assert!(traveller.screen().contains("1 of 4"), "{}", traveller.screen());
}

#[test]
fn a_test_that_asks_everything_draws_from_nothing() {
    let course = course_with(|files| {
        with_a_test(files);
        let own =
            LEAVES.replace("\"leaves\"", "\"basics\"").replace("leaves.count", "basics.count");
        files.insert("quizzes/basics.toml".to_owned(), Ok(own.into()));
    });
    let screen = Traveller::at(course, Setup::default()).typing("jj").screen();
    assert!(screen.contains("▸ ○ Leaves") && screen.contains("1 question"), "{screen}");
    assert!(!screen.contains("draws from"), "{screen}");
}

#[test]
fn the_ends_of_a_long_summary_are_one_key_away() {
    let small = Setup { size: (60, 12), ..Setup::default() };
    let mut traveller = through(at_the_test(small).typing("<enter>"), &[]);
    let first = traveller.screen();
    traveller.press("<end>");
    let last = traveller.screen();
    traveller.press("jjjjjjjj");
    assert_eq!(traveller.screen(), last);
    assert_ne!(last, first);
    traveller.press("<home>");
    assert_eq!(traveller.screen(), first);
}
