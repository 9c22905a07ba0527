//! Testing out of a lesson, and the final test of several.

use super::*;
use crate::progress::{Demands, LessonState};

fn state(course: &Course, progress: &Progress) -> LessonState {
    progress.state(&Demands::of(course, course.lesson("one").unwrap()))
}

#[test]
fn who_knows_a_lesson_tests_out_of_it() {
    let course = course();
    let session = lesson(&course, &Progress::default(), Start::Top);
    let played = play(session, &[":test", "a", "3 s"], false);
    assert!(played.over);
    let expected = "\
Test: 2 questions. If all are right, the lesson counts as learned; if not, it
goes on from here, and nothing is held against you.

Question 1 of 2:
Which?
  a) This
  b) That
? (a–b)
";
    assert_eq!(played.outputs[1], expected);
    let expected = "\
Right: 3 s.

Tested out: 2 of 2 right. Lesson 1.1, The first, counts as learned. Next: lesson
1.2, The second.
Go on with: coldstart learn two --plain
";
    assert_eq!(played.outputs[3], expected);
    assert_eq!(state(&course, &played.progress), LessonState::Done);
    assert_eq!(played.progress.quiz("one"), None);
    assert_eq!(played.progress.objective("one#cold").asked, 2);
    // It need not be read any more, and is offered no more.
    let next = where_left_off(&course, &played.progress).map(|(lesson, _)| lesson.id.as_str());
    assert_eq!(next, Some("two"));
    let again = play(lesson(&course, &played.progress, Start::Top), &[":test"], false);
    assert!(!again.outputs[0].contains(":test"), "{}", again.outputs[0]);
    assert!(again.outputs[1].starts_with("You have learned this lesson already.\n? ("));
}

#[test]
fn one_wrong_answer_and_the_lesson_goes_on_where_it_waited() {
    let course = course();
    let session = lesson(&course, &Progress::default(), Start::Top);
    let lines = [":test", "b", "3", "cold", "a !", ":test", "3", ""];
    let played = play(session, &lines, true);
    let expected = "\
Right: 3 s.

Test: 1 of 2 right. The lesson goes on.

Question:
The word?
? (a word or a few)
";
    assert_eq!(played.outputs[3], expected);
    assert!(played.outputs[4].starts_with("Right: cold."), "{}", played.outputs[4]);
    assert!(played.outputs[6].starts_with("The quiz has begun"), "{}", played.outputs[6]);
    let text = played.outputs.concat();
    assert!(text.contains("Score: 2 of 2 (100 %), passed"), "{text}");
    // The wrong answer of the test is not the quiz's.
    let attempts = &played.progress.quiz("one").unwrap().attempts;
    assert_eq!((attempts.len(), attempts[0].number), (1, 1));
    assert_eq!(state(&course, &played.progress), LessonState::Done);
}

#[test]
fn a_test_can_be_skipped_through_left_and_taken_at_the_quiz() {
    let course = course();
    let session = lesson(&course, &Progress::default(), Start::Top);
    let played = play(session, &["cold", ":test", "s", ":s", ":test", ":again", ":q"], false);
    assert!(played.over);
    assert!(played.outputs[3].contains("Skipped."), "{}", played.outputs[3]);
    assert!(played.outputs[4].contains("Test: 0 of 2 right."), "{}", played.outputs[4]);
    assert!(played.outputs[4].contains("Question 1 of 2:\nWhich?"), "{}", played.outputs[4]);
    assert!(played.outputs[5].contains("Test: 2 questions."), "{}", played.outputs[5]);
    assert_eq!(state(&course, &played.progress), LessonState::Begun);
    assert_eq!(played.progress.quiz("one"), None);
}

#[test]
fn without_a_quiz_there_is_no_test() {
    let course = course();
    let two = course.lesson("two").unwrap();
    let session = Session::lesson(&course, Progress::default(), two, Start::Top, SETTINGS);
    let played = play(session, &[], true);
    assert!(!played.outputs[0].contains(":test"), "{}", played.outputs[0]);
    let quiz = course.quiz("one").unwrap();
    let session = Session::quiz(&course, Progress::default(), quiz, SETTINGS);
    let played = play(session, &[":test"], false);
    assert!(played.outputs[1].starts_with("Only a lesson can be tested out of."));
}

#[test]
fn a_final_test_says_lesson_by_lesson_what_to_read_again() {
    let one = "[[questions]]\nid = \"one.a\"\ntype = \"short\"\nobjective = \"cold\"\n\
        prompt = \"First?\"\naccept = [\"yes\"]\n";
    let two = "[[questions]]\nid = \"two.a\"\ntype = \"short\"\nobjective = \"warm\"\n\
        prompt = \"Second?\"\naccept = [\"yes\"]\n";
    let head = |id: &str| format!("schema = 1\nid = \"{id}\"\ntitle = \"{id}\"\n");
    let manifest = MANIFEST.replace("title = \"P\"", "title = \"P\"\ntest = \"final\"");
    let lesson = |aim: &str, id: &str| {
        format!("# The {id}\n\n## Objectives\n\n- Say what is {aim}. <!-- #{aim} -->\n")
    };
    let files = [
        ("lessons/course.toml", manifest),
        ("lessons/one.md", lesson("cold", "one")),
        ("lessons/two.md", lesson("warm", "two")),
        ("quizzes/one.toml", format!("{}{one}", head("one"))),
        ("quizzes/two.toml", format!("{}{two}", head("two"))),
        ("quizzes/final.toml", format!("{}from = [\"one\", \"two\"]\n", head("final"))),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Ok(text.into())));
    let course = Course::open(Files::from(files));
    let test = course.quiz("final").unwrap();
    let session = Session::quiz(&course, Progress::default(), test, SETTINGS);
    let played = play(session, &["no", "yes"], false);
    let expected = "\
Right: yes.

By lesson:
Read again: lesson 1.1, The one.
  0 of 1: Say what is cold.
All right: lesson 1.2, The two: 1 of 1.
Not right yet: 1. Type :retry to go through them again, or an empty line to go
on.
Score: 1 of 2 (50 %), not passed
";
    assert_eq!(played.outputs[2], expected);
    let last = course.lesson("two").unwrap();
    let session = Session::lesson(&course, played.progress, last, Start::Top, SETTINGS);
    let said = play(session, &["yes"], true).outputs.concat();
    let wanted = "This ends part 1, whose final test asks 2 questions.\n\
                  Take the test with: coldstart quiz final --plain\n";
    assert!(said.contains(wanted), "{said}");
}
