mod simulations;
mod tests_of_lessons;

use proptest::prelude::*;

use super::*;
use crate::course::Files;
use crate::progress::{Bookmarked, Device, Noted, Time};

const MANIFEST: &str = "schema = 1\nid = \"c\"\ntitle = \"C\"\nlanguage = \"en\"\n[[parts]]\ntitle = \"P\"\n\
    [[parts.lessons]]\nid = \"one\"\nfile = \"one.md\"\nminutes = 2\n\
    [[parts.lessons]]\nid = \"two\"\nfile = \"two.md\"\nminutes = 1\n";

const ONE: &str = r#"# The first

## Objectives

- Say what is cold. <!-- #cold -->

## Text

A start is [cold](term:cold) within [3 s](fact:f.s).

```toml quiz
[[questions]]
id = "one.check"
type = "short"
objective = "cold"
prompt = "The word?"
hints = ["Not warm."]
accept = ["cold"]
explain = "It has four letters."
```

Between.

[Quiz: one](../quizzes/one.toml)

## Key points

- The end.
"#;

const QUIZ: &str = r#"schema = 1
id = "one"
title = "One"
confidence = true
pass = 0.5

[[questions]]
id = "one.a"
type = "single"
shuffle = false
objective = "cold"
prompt = "Which?"
choices = [
  { text = "This", correct = true, feedback = "Yes, this." },
  { text = "That", feedback = "No, not that.", misconception = "thatism" },
]
source = "A book, 2026"

[[questions]]
id = "one.b"
type = "numeric"
objective = "cold"
prompt = "How many?"
unit = "s"
answer = 3
tolerance_abs = 0
wrong = [{ value = 4, feedback = "One too many." }, { value = 2, feedback = "One short." }]
"#;

const FACTS: &str = "[[facts]]\nid = \"f.s\"\nvalue = \"3 s\"\nas_of = 2026-11-17\nsource = \"A page\"\nkind = \"limit\"\nstatus = \"verified\"\n";
const GLOSSARY: &str = "[[terms]]\nid = \"cold\"\nterm = \"cold\"\nshort = \"Not warm.\"\nsee = \"one\"\n\
    [[misconceptions]]\nid = \"thatism\"\nname = \"That is this\"\nrefutation = \"It is not.\"\n";

fn course() -> Course {
    course_with(QUIZ)
}

fn course_with(quiz: &str) -> Course {
    let files = [
        ("lessons/course.toml", MANIFEST),
        ("lessons/one.md", ONE),
        ("lessons/two.md", "# The second\n\nWords.\n"),
        ("quizzes/one.toml", quiz),
        ("assets/facts.toml", FACTS),
        ("assets/glossary.toml", GLOSSARY),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned().into())));
    Course::open(Files::from(files))
}

const SETTINGS: Settings = Settings { width: 80, ascii: false, seed: None };

/// Plays lines, as the shell does; gives the output of each turn and what the progress is then.
struct Played {
    outputs: Vec<String>,
    progress: Progress,
    over: bool,
}

fn play(mut session: Session<'_>, lines: &[&str], ends: bool) -> Played {
    let mut progress = session.progress.clone();
    let mut seq = u64::try_from(progress.len()).unwrap();
    let mut outputs = Vec::new();
    let mut turn = session.start();
    let mut lines = lines.iter();
    loop {
        for kind in turn.records {
            seq += 1;
            let at = Time(1_000 * i64::try_from(seq).unwrap());
            let record = Record { device: Device(1), seq, at, kind };
            session.recorded(&record);
            progress.apply(&record);
        }
        outputs.push(turn.output);
        turn = match lines.next() {
            Some(line) => session.line(line),
            None if ends && !session.is_over() => session.end_of_input(),
            None => break,
        };
    }
    Played { outputs, progress, over: session.is_over() }
}

fn lesson<'a>(course: &'a Course, progress: &Progress, start: Start) -> Session<'a> {
    Session::lesson(course, progress.clone(), course.lesson("one").unwrap(), start, SETTINGS)
}

/// What was kept on the screen, or came from another machine.
fn with(kinds: Vec<RecordKind>) -> Progress {
    Progress::fold((1..).zip(kinds).map(|(seq, kind)| {
        let at = Time(i64::try_from(seq).unwrap());
        Record { device: Device(2), seq, at, kind }
    }))
}

#[test]
fn what_is_kept_is_listed_by_place_and_cannot_move_the_cursor() {
    let course = course();
    let source = course.lesson("one").unwrap().source();
    let line = |words: &str| 1 + source.lines().position(|line| line.contains(words)).unwrap();
    let place = |words: &str| Place::at("one", source, line(words));
    let noted = |place: Place, text: &str| {
        RecordKind::Noted(Noted { note: None, place, text: Some(text.to_owned()) })
    };
    let progress = with(vec![
        noted(Place::at("gone", "text", 1), "Old"),
        noted(place("Between."), "Later \u{1b}[2Jthan\u{202e} that"),
        RecordKind::Bookmarked(Bookmarked { place: place("A start is"), set: true }),
    ]);
    let session = lesson(&course, &progress, Start::Top);
    let played = play(session, &[":note Here", ":notes"], false);
    let listed = "\
3 notes, 1 bookmark:
- Bookmark in lesson 1.1, The first, at \"Text\": A start is cold within 3 s.
- Note in lesson 1.1, The first, at \"Text\": Here
- Note in lesson 1.1, The first, at \"Text\": Later ␛[2Jthan<U+202E> that
- Note in gone, a lesson that is no longer in the course: Old
? (a word or a few)
";
    assert_eq!(played.outputs[2], listed);
    // A bookmark is set, and taken away again where it stands.
    let session = lesson(&course, &Progress::default(), Start::Top);
    let played = play(session, &[":bookmark", ":notes", ":bookmark", ":notes"], false);
    assert!(played.outputs[1].starts_with("Bookmark set.\n"), "{}", played.outputs[1]);
    assert!(played.outputs[2].starts_with("0 notes, 1 bookmark:\n"), "{}", played.outputs[2]);
    assert!(played.outputs[3].starts_with("Bookmark removed.\n"), "{}", played.outputs[3]);
    assert!(
        played.outputs[4].starts_with("No notes and no bookmarks yet."),
        "{}",
        played.outputs[4]
    );
}

#[test]
fn a_lesson_is_said_asked_and_scored() {
    let course = course();
    let played = play(
        lesson(&course, &Progress::default(), Start::Top),
        &["warm", "b !", "4 s", "", ""],
        true,
    );
    let text = played.outputs.concat();
    let expected = "\
Lesson 1.1, The first, 2 minutes. Type :help for the commands, :fact for the
dated facts, :term for the terms in it.
Know this already? Type :test, and 2 questions test you out.

# The first

## Objectives

- Say what is cold.

## Text

A start is cold within 3 s.

Question:
The word?
? (a word or a few)
Wrong: warm.
The answer: cold
It has four letters.

Between.

Quiz: One
2 questions.
Behind an answer, ! says that you are sure, ? that you guess, as in: b !

Question 1 of 2:
Which?
  a) This
  b) That
? (a–b)
Wrong: No, not that.
Misconception: That is this. It is not.
The answer: a) This
Source: A book, 2026

Question 2 of 2:
How many?
? (number, s)
Wrong: 4 s. One too many.
The answer: 3 s

By objective:
  0 of 2: Say what is cold. Read again: lesson 1.1, The first.
Sure, and wrong: 1. Those are worth another look.
Not right yet: 2. Type :retry to go through them again, or an empty line to go
on.
Score: 0 of 2 (0 %), not passed

## Key points

- The end.

End of lesson 1.1, The first. Next: lesson 1.2, The second.
Go on with: coldstart learn two --plain
Score: 0 of 2 (0 %), not passed
";
    assert_eq!(text, expected);
    assert!(played.over);
    assert!(played.progress.lesson("one").is_some_and(|lesson| lesson.read.is_some()));
}

#[test]
fn right_answers_pass_and_nothing_waits_behind_the_quiz() {
    let course = course();
    let played =
        play(lesson(&course, &Progress::default(), Start::Top), &["cold", "a", "3"], false);
    assert!(played.over);
    let last = played.outputs.last().unwrap();
    assert!(last.starts_with("Right: 3 s.\n"), "{last}");
    assert!(last.ends_with("Score: 2 of 2 (100 %), passed\n"), "{last}");
    assert!(played.progress.quiz("one").is_some_and(crate::progress::QuizProgress::passed));
    assert_eq!(played.progress.objective("one#cold").right, 3);
}

#[test]
fn commands_leave_the_question_standing() {
    let course = course();
    let played = play(
        lesson(&course, &Progress::default(), Start::Top),
        &[
            ":h",
            ":h",
            "h",
            ":outline",
            ":fact",
            ":fact f.x",
            ":term COLD",
            ":term warm",
            ":term co",
            ":again",
            ":note look here",
            ":retry",
            ":nope",
            ":search here",
            ":search zebra",
        ],
        false,
    );
    let said = |turn: usize| played.outputs[turn].as_str();
    assert_eq!(said(1), "Hint: Not warm.\n? (a word or a few)\n");
    assert_eq!(said(2), "No more hints.\n? (a word or a few)\n");
    assert!(said(3).starts_with("Wrong: h."), "a bare letter can be a word: {}", said(3));
    assert!(said(4).contains("\n  - Text (you are here)\n"), "{}", said(4));
    assert!(said(5).starts_with("f.s: 3 s, checked 2026-11-17. Source: A page.\n"), "{}", said(5));
    assert!(said(6).starts_with("No fact f.x. Did you mean f.s?\n"), "{}", said(6));
    assert!(said(7).starts_with("cold: Not warm.\n"), "{}", said(7));
    assert!(said(8).starts_with("The glossary has no warm.\n"), "{}", said(8));
    assert!(said(9).starts_with("The glossary has no co. Did you mean cold?\n"), "{}", said(9));
    assert!(said(10).starts_with("Between.\n\nQuiz: One\n"), "{}", said(10));
    assert!(said(10).ends_with("? (a–b)\n"), "{}", said(10));
    assert!(said(11).starts_with("Noted.\n"), "{}", said(11));
    assert!(said(12).starts_with("First answer, or :s to skip.\n? "), "{}", said(12));
    assert!(said(13).starts_with("There is no command :nope."), "{}", said(13));
    assert!(
        said(14).starts_with("1 result:\n- Your note · 1.1 The first: look here\n? "),
        "{}",
        said(14)
    );
    assert!(said(15).starts_with("Nothing found for zebra.\n"), "{}", said(15));
    let notes = played.progress.notes();
    assert_eq!((notes.len(), notes[0].text.as_str()), (1, "look here"));
}

#[test]
fn a_note_of_another_machine_reaches_no_terminal_as_it_likes() {
    let course = course();
    let place = place(course.lesson("one").unwrap(), 0);
    let text = Some("look\u{1b}[2J \u{202e}here".to_owned());
    let kind = RecordKind::Noted(Noted { note: None, place, text });
    let progress = Progress::fold([Record { device: Device(7), seq: 1, at: Time(1), kind }]);
    let played = play(lesson(&course, &progress, Start::Top), &[":search look"], false);
    let said = &played.outputs[1];
    assert!(said.contains("look␛[2J <U+202E>here"), "{said:?}");
}

#[test]
fn the_wrong_ones_are_asked_again_and_the_score_stays() {
    let course = course();
    let played = play(
        lesson(&course, &Progress::default(), Start::Top),
        &["cold", "a", ":s", ":retry", "3"],
        false,
    );
    let last = played.outputs.last().unwrap();
    assert!(last.starts_with("Right: 3 s.\n"), "{last}");
    assert!(
        last.contains("Again: 1 of 1 right. The score stays.\nScore: 1 of 2 (50 %), passed\n"),
        "{last}"
    );
    assert!(played.over);
    assert_eq!(played.progress.objective("one#cold").right, 3);
}

#[test]
fn who_stops_goes_on_where_they_were() {
    let course = course();
    let first = play(lesson(&course, &Progress::default(), Start::Top), &["cold", "b", "q"], true);
    assert!(first.over);
    assert!(first.outputs.last().unwrap().contains("Stopped, 1 of 2 questions open."));
    assert!(first.progress.lesson("one").is_some_and(|lesson| lesson.read.is_none()));

    let (left, start) = where_left_off(&course, &first.progress).unwrap();
    assert_eq!((left.id.as_str(), start), ("one", Start::LeftOff));
    let second = play(lesson(&course, &first.progress, start), &["3", ""], false);
    assert!(
        second.outputs[0].starts_with("Going on with lesson 1.1, The first, at \"Text\"."),
        "{}",
        second.outputs[0]
    );
    assert!(!second.outputs[0].contains("The word?"), "{}", second.outputs[0]);
    assert!(second.outputs[0].contains("2 questions, 1 answered before."));
    assert!(second.outputs[1].contains("Score: 1 of 2 (50 %), passed"));
    assert!(second.over);
    let (left, _) = where_left_off(&course, &second.progress).unwrap();
    assert_eq!(left.id, "two");
}

#[test]
fn a_quiz_left_after_its_score_is_not_asked_again() {
    let course = course();
    let first =
        play(lesson(&course, &Progress::default(), Start::Top), &["cold", "b", "3", ":q"], true);
    let (left, start) = where_left_off(&course, &first.progress).unwrap();
    assert_eq!(left.id, "one");
    let second = play(lesson(&course, &first.progress, start), &[], true);
    assert!(!second.outputs.concat().contains("Quiz:"), "{}", second.outputs.concat());
    assert!(second.progress.lesson("one").is_some_and(|lesson| lesson.read.is_some()));
}

#[test]
fn a_new_learner_begins_with_the_first_lesson() {
    let course = course();
    let (left, start) = where_left_off(&course, &Progress::default()).unwrap();
    assert_eq!((left.id.as_str(), start), ("one", Start::Top));
}

#[test]
fn a_quiz_alone_ends_with_its_score() {
    let course = course();
    let quiz = course.quiz("one").unwrap();
    let session = Session::quiz(&course, Progress::default(), quiz, SETTINGS);
    let played = play(session, &["b", "3"], true);
    assert!(played.outputs.concat().ends_with("Score: 1 of 2 (50 %), passed\n"));
    assert!(played.progress.lesson("one").is_some_and(|lesson| lesson.read.is_none()));
    let played = play(Session::quiz(&course, Progress::default(), quiz, SETTINGS), &["b"], true);
    let last = played.outputs.last().unwrap();
    assert_eq!(last, "Stopped, 1 of 2 questions open. What you answered is kept.\n");
}

#[test]
fn a_bad_line_is_asked_again() {
    let course = course();
    let quiz = course.quiz("one").unwrap();
    let session = Session::quiz(&course, Progress::default(), quiz, SETTINGS);
    let played = play(session, &["z", "", "a"], false);
    assert_eq!(played.outputs[1], "`z` is not one of the letters a to b.\n? (a–b)\n");
    assert_eq!(played.outputs[2], "Type an answer, or :s to skip.\n? (a–b)\n");
    assert!(played.outputs[3].starts_with("Right: Yes, this.\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_lines_end_well_and_no_control_character_comes_out(
        lines in prop::collection::vec(
            prop_oneof![
                "\\PC{0,10}", "[a-d0-9 !?]{0,5}", ":[a-z]{1,7}( \\PC{0,6})?", Just("\u{1b}[2J\u{202e}a".to_owned()),
            ],
            0..12,
        ),
    ) {
        let course = course();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let played = play(lesson(&course, &Progress::default(), Start::Top), &lines, true);
        prop_assert!(played.over);
        let text = played.outputs.concat();
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        prop_assert!(!text.contains('\u{202e}'), "a bidi override");
    }
}

#[test]
fn one_misconception_behind_two_choices_is_told_once() {
    let more = r#"
[[questions]]
id = "one.c"
type = "multiple"
shuffle = false
objective = "cold"
prompt = "Which ones?"
choices = [
  { text = "This", correct = true, feedback = "Yes, this." },
  { text = "That", feedback = "No, not that.", misconception = "thatism" },
  { text = "Those", feedback = "Nor those.", misconception = "thatism" },
]
"#;
    let course = course_with(&format!("{QUIZ}{more}"));
    let played =
        play(lesson(&course, &Progress::default(), Start::Top), &["cold", "a", "3", "b, c"], false);
    let said = played.outputs.last().unwrap();
    assert!(said.contains("No, not that.") && said.contains("Nor those."), "{said}");
    assert_eq!(said.matches("Misconception: That is this. It is not.").count(), 1, "{said}");
}
