//! The whole shipped course in line mode, every question of every pool answered right once and
//! wrong once: the verdict, and what is said about the answer given.

use coldstart::content::{Embedded, Source as _};
use coldstart::course::Course;
use coldstart::markdown::{inlines, plain_text};
use coldstart::plain::{Session, Settings, Start};
use coldstart::progress::Progress;
use coldstart::quiz::sitting::Sitting;
use coldstart::quiz::{Question, QuestionKind, Quiz, Response, Verdict, VerdictKind, grade};

use crate::answers::{lines, sitting_of, through};

const SETTINGS: Settings = Settings { width: 80, ascii: false, seed: None };

/// An answer that is not right, and of which the author has something to say.
fn mistake(question: &Question) -> Response {
    match (&question.kind, question.solution()) {
        (QuestionKind::Choice(kind), _) => {
            Response::Choices(kind.choices.iter().position(|it| !it.correct).into_iter().collect())
        }
        (QuestionKind::Numeric(kind), _) => {
            let wrong = kind.wrong.iter().filter_map(|wrong| wrong.value.value());
            let is_wrong = |number: &f64| {
                grade(question, &Response::Number(*number)).kind() == VerdictKind::Wrong
            };
            Response::Number(wrong.into_iter().find(is_wrong).expect("there is one"))
        }
        (QuestionKind::Short(kind), _) => Response::Text(kind.near[0].texts[0].clone()),
        (QuestionKind::Order(kind), Response::Order(mut order)) => {
            let [first, second] = kind.swaps[0].pair;
            order.swap(first, second);
            Response::Order(order)
        }
        (QuestionKind::Match(kind), Response::Pairs(mut pairs)) => {
            let [left, right] = kind.wrong[0].pair;
            pairs[left] = Some(right);
            Response::Pairs(pairs)
        }
        (QuestionKind::Cloze(kind), Response::Blanks(mut texts)) => {
            let blank =
                kind.blanks.iter().position(|blank| !blank.near.is_empty()).expect("there is one");
            texts[blank].clone_from(&kind.blanks[blank].near[0].texts[0]);
            Response::Blanks(texts)
        }
        (QuestionKind::Sort(kind), Response::Bins(mut bins)) => {
            bins[0] = Some((kind.items[0].bin + 1) % kind.bins.len());
            Response::Bins(bins)
        }
        (_, solution) => panic!("{}: {solution:?} answers no such question", question.id),
    }
}

/// A text as a line of words, without the marks of code.
fn squashed(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the verdict and everything said about the answer are in the output.
#[track_caller]
fn is_told(output: &str, question: &Question, verdict: &Verdict) {
    let word = format!("{}:", verdict.kind().word());
    let is_said = output.lines().any(|line| line.starts_with(&word));
    assert!(is_said, "{}: {word} {output}", question.id);
    let output = squashed(output);
    for said in &verdict.feedback {
        let text = squashed(&plain_text(&inlines(&said.text)));
        assert!(output.contains(&text), "{}: `{text}` is not in {output}", question.id);
    }
}

/// Answers every question of a sitting in a session; gives how many were asked.
#[track_caller]
fn answer_all(session: &mut Session<'_>, sitting: Sitting, respond: fn(&Question) -> Response) {
    let questions: Vec<Question> = sitting.asked().iter().map(|it| it.question.clone()).collect();
    let typed = lines(sitting, &respond);
    assert_eq!(questions.len(), typed.len());
    for (question, line) in questions.iter().zip(typed) {
        let verdict = grade(question, &respond(question));
        is_told(&session.line(&line).output, question, &verdict);
    }
}

fn everything(course: &Course, quiz: &Quiz) -> Quiz {
    Quiz { draw: None, ..course.playable(quiz) }
}

#[test]
fn every_question_of_every_pool_right_once_and_wrong_once() {
    let course = Embedded.open().expect("opens");
    let mut walked = 0;
    for quiz in course.lessons().filter_map(|lesson| course.quiz_of(lesson)) {
        let whole = everything(&course, quiz);
        let solution: fn(&Question) -> Response = Question::solution;
        for (respond, passes) in [(solution, true), (mistake, false)] {
            let mut session = Session::quiz(&course, Progress::default(), &whole, SETTINGS);
            session.start();
            answer_all(&mut session, Sitting::new(&whole, None, 1), respond);
            session.end_of_input();
            assert_eq!(session.passed(), Some(passes), "{}", quiz.id);
        }
        walked += whole.questions.len();
    }
    assert!(walked >= 80, "{walked} questions");
}

#[test]
fn every_lesson_with_a_mistake_in_every_answer() {
    let course = Embedded.open().expect("opens");
    for lesson in course.lessons() {
        let progress = Progress::default();
        let mut session = Session::lesson(&course, progress, lesson, Start::Top, SETTINGS);
        session.start();
        for embed in lesson.embeds() {
            if let Some(sitting) = sitting_of(&course, lesson, embed) {
                answer_all(&mut session, sitting, mistake);
            } else if let Some(scenario) = course.scenario_of(lesson, embed) {
                for line in through(scenario) {
                    session.line(&line);
                }
            }
        }
        session.end_of_input();
        assert!(session.is_over(), "{}", lesson.id);
        let has_quiz = course.quiz_of(lesson).is_some();
        assert_eq!(session.passed(), has_quiz.then_some(false), "{}", lesson.id);
    }
}
