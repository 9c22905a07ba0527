//! Quizzes as files: what would take long if work were not bounded.

#![expect(clippy::disallowed_methods, reason = "a test of speed")]

use std::time::{Duration, Instant};

use coldstart::course::quiz_file::read_quiz;
use coldstart::quiz::sitting::Sitting;

/// A quiz of these questions.
fn quiz(questions: &[&str]) -> String {
    let mut source = "schema = 1\nid = \"t\"\ntitle = \"T\"\n".to_owned();
    for (index, body) in questions.iter().enumerate() {
        let id = format!("id = \"t.{index}\"\n");
        source.extend(["[[questions]]\n", &id, "prompt = \"Why?\"\n", body, "\n"]);
    }
    source
}

const GOOD: &str = r#"type = "single"
choices = [
  { text = "One", feedback = "no" },
  { text = "Two", correct = true, feedback = "yes" },
]"#;

/// Files that would take long if work were not bounded: each is read, and its faults found, at
/// once.
#[test]
fn enormous_quizzes_are_bounded() {
    let numbers: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    let many = |text: &str, count: usize| text.repeat(count);
    let siblings = format!(
        "type = \"numeric\"\nanswer = \"n\"\nparams = {{ n = [{}], m = [1, 2] }}\n",
        numbers.join(",")
    );
    let wrong = format!(
        "type = \"numeric\"\nanswer = 1\nwrong = [{}]",
        many("{ value = 2, feedback = \"f\" },", 25_000)
    );
    let blanks = format!("type = \"cloze\"\nblanks = [{}]", many("[\"a\"],", 100_000));
    let choices = format!(
        "type = \"single\"\nchoices = [{}]",
        many("{ text = \"a\", feedback = \"f\" },", 500)
    );
    let begun = Instant::now();
    for (body, code) in [
        (siblings, "too-many"),
        (wrong, "too-many"),
        (blanks, "wrong-count"),
        (choices, "wrong-count"),
    ] {
        let (read, diagnostics) = read_quiz("quizzes/t.toml", &quiz(&[&body, GOOD]));
        assert!(diagnostics.iter().any(|d| d.code == code), "{code}: {diagnostics:?}");
        assert_eq!(read.map(|quiz| (quiz.questions.len(), quiz.omitted)), Some((1, 1)));
    }
    let braces = "type = \"numeric\"\nanswer = \"n\"\nparams = { n = [1] }\nwrong = [{ value = 0, feedback = \"f\" }, { value = 2, feedback = \"f\" }]";
    let braces = quiz(&[braces]).replace("Why?", &many("{ ", 400_000));
    let read = read_quiz("quizzes/t.toml", &braces).0.expect("a quiz");
    assert_eq!(Sitting::new(&read, None, 1).asked().len(), 1);
    let spent = begun.elapsed();
    assert!(spent < Duration::from_secs(5), "{spent:?}");
}
