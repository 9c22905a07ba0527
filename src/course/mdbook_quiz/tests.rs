#![expect(clippy::float_cmp, reason = "0 and 1 are exact")]

use super::*;
use crate::course::quiz_file::read_quiz;
use crate::diagnostic::Severity;
use crate::quiz::line::prompt_line;
use crate::quiz::{Response, grade};

const FILE: &str = r#"
[multipart]
q = "**Context:** a shared beginning."

[[questions]]
type = "MultipleChoice"
prompt.prompt = "Which keyword binds?"
answer.answer = "let"
prompt.distractors = ["var", "def"]
context = "Because."
id = "11111111-2222-3333-4444-555555555555"

[[questions]]
type = "MultipleChoice"
multipart = "q"
prompt.prompt = "Which hold?"
prompt.sortAnswers = true
answer.answer = ["Zeta", "Alpha"]
prompt.distractors = ["Beta"]

[[questions]]
type = "ShortAnswer"
prompt.prompt = "How does a comment begin?"
answer.answer = "//"
answer.alternatives = ["two slashes"]

[[questions]]
type = "Tracing"
prompt.program = """
fn main() { print(1); print(2); }
"""
answer.doesCompile = true
answer.stdout = """
1
2
"""

[[questions]]
type = "Tracing"
prompt.program = "fn main() { x }"
answer.doesCompile = false
answer.lineNumber = 1

[[questions]]
type = "MultipleChoice"
prompt.prompt = "Where does it stand?"
prompt.answerIndex = 1
answer.answer = "middle"
prompt.distractors = ["first", "last"]
"#;

#[test]
fn each_type_becomes_one_of_ours() {
    let (quiz, diagnostics) = read_quiz("quizzes/ch01-hello.toml", FILE);
    let quiz = quiz.expect("a quiz");
    assert!(diagnostics.iter().all(|d| d.severity == Severity::Warning), "{diagnostics:#?}");
    assert_eq!(diagnostics.len(), 3);
    assert_eq!((quiz.id.as_str(), quiz.questions.len(), quiz.omitted), ("ch01-hello", 6, 0));
    assert_eq!(quiz.questions[1].id, "ch01-hello.2");
    assert_eq!(quiz.questions[1].prompt, "**Context:** a shared beginning.\n\nWhich hold?");
    let prompts: Vec<String> = quiz.questions.iter().map(prompt_line).collect();
    assert_eq!(prompts[..2], ["? (a–c)", "? (several of a–c, e.g. a c)"]);
    let texts = |question: &Question| -> Vec<String> {
        let QuestionKind::Choice(kind) = &question.kind else { panic!() };
        assert!(!kind.shuffle);
        kind.choices.iter().map(|choice| choice.text.clone()).collect()
    };
    assert_eq!(texts(&quiz.questions[1]), ["Alpha", "Beta", "Zeta"]);
    assert_eq!(texts(&quiz.questions[5]), ["first", "middle", "last"]);
    for question in &quiz.questions {
        assert_eq!(grade(question, &question.solution()).score, 1.0, "{}", question.id);
    }
}

#[test]
fn programs_are_answered_by_output_or_error() {
    let quiz = read_quiz("quizzes/ch01-hello.toml", FILE).0.expect("a quiz");
    for (index, text, score) in [
        (2, "//", 1.0),
        (2, "Two slashes.", 1.0),
        (3, "1 2", 1.0),
        (3, "error", 0.0),
        (4, "Does not compile", 1.0),
        (4, "error in line 1", 1.0),
        (4, "1", 0.0),
    ] {
        let verdict = grade(&quiz.questions[index], &Response::Text(text.to_owned()));
        assert_eq!(verdict.score, score, "{text}");
    }
}

#[test]
fn a_question_without_a_right_answer_is_left_out() {
    let text = "[[questions]]\ntype = 'MultipleChoice'\nprompt.prompt = '?'\n\
        prompt.distractors = ['a', 'b']\nanswer.answer = []\n";
    let (quiz, found) = read_quiz("quizzes/x.toml", text);
    assert_eq!(quiz.map(|quiz| (quiz.questions.len(), quiz.omitted)), Some((0, 1)));
    assert!(found.iter().any(|fault| fault.code == "correct-choices"), "{found:?}");
}

#[test]
fn a_program_that_prints_nothing_can_be_answered() {
    let text = "[[questions]]\ntype = 'Tracing'\nprompt.program = 'fn main() {}'\n\
        answer.doesCompile = true\nanswer.stdout = ''\n";
    let question = read_quiz("quizzes/x.toml", text).0.expect("a quiz").questions.remove(0);
    assert!(question.prompt.contains("If it prints nothing, answer `nothing`"));
    for (text, score) in [("nothing", 1.0), ("error", 0.0), ("", 0.0)] {
        assert_eq!(grade(&question, &Response::Text(text.to_owned())).score, score, "{text}");
    }
    assert_eq!(grade(&question, &question.solution()).score, 1.0);
}

#[test]
fn a_program_under_the_wrong_key_is_understood() {
    let slip = FILE.replace("prompt.program = \"fn", "prompt.prompt = \"fn");
    let (quiz, diagnostics) = read_quiz("quizzes/x.toml", &slip);
    assert_eq!(quiz.map(|quiz| (quiz.questions.len(), quiz.omitted)), Some((6, 0)));
    assert!(diagnostics.iter().any(|d| d.code == "missing-key"));
}

#[test]
fn a_faulty_question_leaves_the_others() {
    let broken = FILE.replace("answer.doesCompile = false", "answer.doesCompil = false");
    let (quiz, diagnostics) = read_quiz("quizzes/x.toml", &broken);
    let errors: Vec<&str> = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(errors, ["a `Tracing` needs `doesCompile`"]);
    assert_eq!(quiz.map(|quiz| (quiz.questions.len(), quiz.omitted)), Some((5, 1)));
}
