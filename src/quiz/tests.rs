//! Grading, sittings and lines of text over whole questions.

#![expect(clippy::float_cmp, reason = "shares of few parts are exact")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::choice::{Choice, Choices};
use super::cloze::{Blank, Cloze};
use super::line::{parse_response, prompt_line, response_lines};
use super::matching::{Matching, WrongPair};
use super::numeric::{Expression, Numeric, Tolerance, WrongNumber};
use super::ordering::{Ordering, Swap};
use super::short_answer::{Near, ShortAnswer};
use super::shown::Shown;
use super::sitting::Sitting;
use super::sorting::{SortItem, Sorting};
use super::*;

fn texts(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

/// A question that other tests may ask, too.
pub(crate) fn question(id: &str, kind: QuestionKind) -> Question {
    Question {
        id: id.to_owned(),
        rev: 1,
        objective: Some(format!("of-{id}")),
        prompt: "Which?".to_owned(),
        kind,
        hints: texts("first second"),
        explain: None,
        source: None,
        params: BTreeMap::new(),
        prediction: None,
        places: Places::default(),
    }
}

fn choices(marks: &[bool], multiple: bool) -> QuestionKind {
    let choice = |(index, &correct): (usize, &bool)| Choice {
        text: format!("choice {index}"),
        correct,
        feedback: format!("said about {index}"),
        misconception: Some(format!("slug-{index}")),
    };
    let choices = marks.iter().enumerate().map(choice).collect();
    QuestionKind::Choice(Choices { choices, multiple, shuffle: true })
}

fn order() -> QuestionKind {
    let swaps = vec![Swap { pair: [1, 2], feedback: "two before three".to_owned() }];
    QuestionKind::Order(Ordering { items: texts("one two three four five"), swaps })
}

fn matching() -> QuestionKind {
    QuestionKind::Match(Matching {
        left: texts("queue topic bus"),
        right: texts("SQS SNS EventBridge Kinesis"),
        answer: vec![0, 1, 2],
        wrong: vec![WrongPair { pair: [1, 0], feedback: "one consumer".to_owned() }],
    })
}

fn cloze() -> QuestionKind {
    let near = vec![Near { texts: texts("warm"), feedback: "the other way".to_owned() }];
    QuestionKind::Cloze(Cloze {
        blanks: vec![
            Blank { accept: texts("cold chilly"), near },
            Blank { accept: texts("900"), near: Vec::new() },
        ],
        case_sensitive: false,
    })
}

fn sorting() -> QuestionKind {
    let item = |text: &str, bin| SortItem {
        text: text.to_owned(),
        bin,
        feedback: format!("{text} belongs there"),
    };
    QuestionKind::Sort(Sorting {
        bins: texts("yours theirs"),
        items: vec![item("code", 0), item("patches", 1), item("data", 0), item("racks", 1)],
    })
}

fn short() -> QuestionKind {
    QuestionKind::Short(ShortAnswer {
        accept: texts("idempotent idempotency"),
        case_sensitive: false,
        near: vec![Near { texts: vec!["exactly once".to_owned()], feedback: "a wish".to_owned() }],
    })
}

fn numeric() -> QuestionKind {
    QuestionKind::Numeric(Numeric {
        answer: Expression::Formula("rate * 0.2".to_owned()),
        unit: "%".to_owned(),
        tolerance: Tolerance::Percent(1.0),
        wrong: vec![WrongNumber {
            value: Expression::Formula("rate / 2".to_owned()),
            feedback: "half of {rate}".to_owned(),
            misconception: None,
        }],
    })
}

fn all_kinds() -> Vec<Question> {
    let mut number = question("numeric", numeric());
    number.params = BTreeMap::from([("rate".to_owned(), vec![200.0, 400.0, 800.0])]);
    vec![
        question("single", choices(&[false, true, false], false)),
        question("multiple", choices(&[true, true, false, true, false], true)),
        number.instance(None, 1).question,
        question("short", short()),
        question("order", order()),
        question("match", matching()),
        question("cloze", cloze()),
        question("sort", sorting()),
    ]
}

fn quiz(questions: Vec<Question>) -> Quiz {
    Quiz {
        id: "cold-starts".to_owned(),
        title: "Cold starts".to_owned(),
        pass: 0.8,
        confidence: true,
        questions,
        file: "quizzes/cold-starts.toml".to_owned(),
        ..Quiz::default()
    }
}

fn ticks(ticked: &[usize]) -> Response {
    Response::Choices(ticked.iter().copied().collect())
}

#[test]
fn the_solution_of_every_kind_is_right_and_a_skip_is_wrong() {
    for question in all_kinds() {
        let verdict = grade(&question, &question.solution());
        assert_eq!(verdict.kind(), VerdictKind::Right, "{}", question.id);
        assert!(verdict.feedback.iter().all(|said| said.correct), "{}", question.id);
        assert_eq!(grade(&question, &Response::Skipped).score, 0.0);
    }
}

#[test]
fn wrong_ticks_of_a_multiple_question_cost_right_ones() {
    let question = question("m", choices(&[true, true, false, true, false], true));
    for (ticked, expected) in [
        (&[0, 1, 3][..], 1.0),
        (&[0, 1], 2.0 / 3.0),
        (&[0, 1, 2], 1.0 / 3.0),
        (&[0, 2, 4], 0.0),
        (&[0, 1, 2, 3, 4], 1.0 / 3.0),
        (&[], 0.0),
        (&[99], 0.0),
    ] {
        let score = grade(&question, &ticks(ticked)).score;
        assert!((score - expected).abs() < 1e-12, "{ticked:?}: {score}");
    }
    let said = grade(&question, &ticks(&[0, 2])).feedback;
    let marks: Vec<_> = said.iter().map(|f| (f.about.as_str(), f.correct, f.missed)).collect();
    assert_eq!(
        marks,
        [
            ("choice 0", true, false),
            ("choice 2", false, false),
            ("choice 1", false, true),
            ("choice 3", false, true),
        ]
    );
}

#[test]
fn a_single_question_speaks_about_the_choice_made() {
    let question = question("s", choices(&[false, true, false], false));
    let wrong = grade(&question, &ticks(&[2]));
    assert_eq!((wrong.score, wrong.feedback.len()), (0.0, 1));
    assert_eq!(wrong.feedback[0].text, "said about 2");
    assert_eq!(wrong.feedback[0].misconception.as_deref(), Some("slug-2"));
    let right = grade(&question, &ticks(&[1]));
    assert_eq!((right.score, right.feedback[0].misconception.clone()), (1.0, None));
    assert_eq!(grade(&question, &ticks(&[0, 1])).score, 0.0);
}

#[test]
fn order_counts_positions_and_names_swaps() {
    let question = question("o", order());
    let said = |order: &[usize]| grade(&question, &Response::Order(order.to_vec()));
    let swapped = said(&[0, 2, 1, 3, 4]);
    assert!((swapped.score - 0.6).abs() < 1e-12);
    assert_eq!(swapped.feedback[0].text, "two before three");
    assert_eq!(swapped.feedback[0].about, "three before two");
    assert_eq!(said(&[1, 2, 3, 4, 0]).score, 0.0);
    assert_eq!(said(&[0, 0, 0, 0, 0]).score, 0.2);
    assert_eq!(said(&[]).score, 0.0);
}

#[test]
fn parts_are_counted_and_diagnosed() {
    let matched = question("m", matching());
    let verdict = grade(&matched, &Response::Pairs(vec![Some(0), Some(0), None]));
    assert!((verdict.score - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(verdict.feedback[0].about, "topic – SQS");

    let blanks = question("c", cloze());
    let verdict = grade(&blanks, &Response::Blanks(vec!["Warm".to_owned(), "900".to_owned()]));
    assert_eq!((verdict.score, verdict.kind()), (0.5, VerdictKind::Partly));
    assert_eq!(
        (verdict.feedback[0].about.as_str(), verdict.feedback[0].text.as_str()),
        ("(1)", "the other way")
    );

    let sorted = question("s", sorting());
    let verdict = grade(&sorted, &Response::Bins(vec![Some(0), Some(0), Some(0), None]));
    assert_eq!(verdict.score, 0.5);
    let about: Vec<_> = verdict.feedback.iter().map(|f| f.about.as_str()).collect();
    assert_eq!(about, ["patches", "racks", "code", "data"]);

    let word = question("w", short());
    let verdict = grade(&word, &Response::Text("exactly-once".to_owned()));
    assert_eq!((verdict.score, verdict.feedback[0].text.as_str()), (0.0, "a wish"));
}

#[test]
fn params_make_siblings_with_their_own_answers() {
    let mut sibling = question("n", numeric());
    sibling.prompt = "{rate} a second".to_owned();
    sibling.params = BTreeMap::from([("rate".to_owned(), vec![200.0, 400.0, 8000.0])]);
    let mut seen = BTreeSet::new();
    for attempt in 1..40 {
        let instance = sibling.instance(None, attempt);
        assert_eq!(instance, sibling.instance(None, attempt));
        let rate = instance.params["rate"];
        assert_eq!(grade(&instance.question, &Response::Number(rate * 0.2)).score, 1.0);
        let said = grade(&instance.question, &Response::Number(rate / 2.0)).feedback;
        assert_eq!(said[0].text, format!("half of {}", numeric::number_text(rate)));
        assert_eq!(sibling.instance_with(instance.params.clone()), instance);
        seen.insert(instance.question.prompt);
    }
    let seen: Vec<_> = seen.into_iter().collect();
    assert_eq!(seen, ["200 a second", "400 a second", "8,000 a second"]);
}

#[test]
fn a_sitting_goes_through_the_questions_and_the_wrong_ones_again() {
    let mut sitting = Sitting::new(&quiz(all_kinds()), None, 1);
    let mut wrong = 0;
    while let Some(asked) = sitting.current() {
        let solution = asked.question.solution();
        let (position, of) = sitting.position();
        assert_eq!(of, 8);
        let answered = if position % 2 == 0 {
            wrong += 1;
            sitting.skip()
        } else {
            sitting.answer(solution, Some(Confidence::Sure))
        };
        let answered = answered.expect("taken once");
        assert_eq!((answered.position, answered.of, answered.retry), (position, 8, false));
        assert!(sitting.skip().is_none(), "a second answer is not taken");
        assert!(sitting.advance());
    }
    assert!(!sitting.advance());
    let summary = sitting.summary();
    assert_eq!(summary.line(), "Score: 4 of 8 (50 %), not passed");
    assert_eq!((summary.skipped, wrong), (4, 4));
    let open = summary.objectives.iter().filter(|objective| !objective.full());
    assert_eq!(
        open.map(|objective| objective.objective.as_str()).collect::<Vec<_>>(),
        ["of-multiple", "of-short", "of-match", "of-sort"]
    );

    assert_eq!(sitting.retry_wrong(), 4);
    while let Some(asked) = sitting.current() {
        let solution = asked.question.solution();
        assert!(sitting.answer(solution, None).is_some_and(|answered| answered.retry));
        sitting.advance();
    }
    assert_eq!(sitting.retry_wrong(), 0);
    assert_eq!(sitting.summary().line(), summary.line(), "a retry changes no score");
}

#[test]
fn hints_come_one_by_one_until_the_answer() {
    let mut sitting = Sitting::inline("lesson", &all_kinds()[0], None, 1);
    assert_eq!(sitting.hint(), Some("first"));
    assert_eq!(sitting.hint(), Some("second"));
    assert_eq!(sitting.hint(), None);
    let answered = sitting.answer(ticks(&[1]), None).expect("taken");
    assert_eq!((answered.hints, answered.score, answered.quiz.as_str()), (2, 1.0, "lesson"));
    assert_eq!(sitting.current().map(|asked| asked.revealed().len()), Some(2));
}

#[test]
fn answers_given_before_are_taken_over_and_not_graded_again() {
    let mut sitting = Sitting::new(&quiz(all_kinds()), None, 1);
    assert!(sitting.restore("single", ticks(&[0]), 1.0));
    assert!(sitting.restore("numeric", Response::Number(3.0), f64::NAN));
    assert!(!sitting.restore("gone", Response::Skipped, 1.0));
    assert_eq!(sitting.current().map(|asked| asked.question.id.as_str()), Some("multiple"));
    assert_eq!(sitting.summary().score, 1.0);
}

#[test]
fn a_pool_is_drawn_from_alike_for_everybody_and_anew_for_each_attempt() {
    let pool = Quiz { draw: Some(3), ..quiz(all_kinds()) };
    let ids = |seed, attempt| -> Vec<String> {
        let sitting = Sitting::new(&pool, seed, attempt);
        sitting.asked().iter().map(|asked| asked.question.id.clone()).collect()
    };
    assert_eq!(ids(None, 1), ids(None, 1));
    assert_eq!(ids(None, 1).len(), 3);
    let all: BTreeSet<String> = (1..30).flat_map(|attempt| ids(None, attempt)).collect();
    assert_eq!(all.len(), 8);
    assert!((0..9).any(|seed| ids(Some(seed), 1) != ids(None, 1)));
    assert_eq!(Sitting::new(&Quiz { draw: Some(99), ..pool }, None, 1).asked().len(), 8);
}

#[test]
fn a_final_test_joins_its_pools_and_keeps_objectives_apart() {
    let other =
        Quiz { id: "other".to_owned(), file: "quizzes/intro.toml".to_owned(), ..quiz(all_kinds()) };
    let test = Quiz { questions: Vec::new(), from: texts("other gone"), ..quiz(Vec::new()) };
    let whole = test.with_pools(|id| (id == "other").then_some(&other));
    assert_eq!(whole.questions.len(), 8);
    assert_eq!(whole.questions[0].objective.as_deref(), Some("intro#of-single"));
}

#[test]
fn an_empty_quiz_is_never_passed() {
    let sitting = Sitting::new(&quiz(Vec::new()), None, 1);
    assert!(sitting.is_finished());
    assert_eq!(sitting.summary().line(), "Score: 0 of 0 (0 %), not passed");
}

/// The questions with their parts in the order of the file.
fn unshuffled() -> BTreeMap<String, (Question, Shown)> {
    let shown = |question: &Question| {
        let mut shown = Shown::new(question, None, 1);
        shown.items.sort_unstable();
        shown.right.sort_unstable();
        shown
    };
    let questions = all_kinds().into_iter();
    questions.map(|question| (question.id.clone(), (question.clone(), shown(&question)))).collect()
}

#[test]
fn lines_are_read_as_people_type_them() {
    let questions = unshuffled();
    let pairs = |list: &[usize]| list.iter().copied().map(Some).collect::<Vec<_>>();
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    for (id, line, expected) in [
        ("single", "b", ticks(&[1])),
        ("single", " B) ", ticks(&[1])),
        ("single", "2", ticks(&[1])),
        ("multiple", "a c", ticks(&[0, 2])),
        ("multiple", "ac", ticks(&[0, 2])),
        ("multiple", "a, c and e", ticks(&[0, 2, 4])),
        ("multiple", "none", ticks(&[])),
        ("numeric", "1,600 %", Response::Number(1600.0)),
        ("short", "Idempotent", Response::Text("Idempotent".to_owned())),
        ("order", "3 1 2 4 5", Response::Order(vec![2, 0, 1, 3, 4])),
        ("order", "3,1,2,4,5", Response::Order(vec![2, 0, 1, 3, 4])),
        ("order", "31245", Response::Order(vec![2, 0, 1, 3, 4])),
        ("match", "1a 2c 3d", Response::Pairs(pairs(&[0, 2, 3]))),
        ("match", "3-d, 1=A; 2 c", Response::Pairs(pairs(&[0, 2, 3]))),
        ("match", "1a2c3d", Response::Pairs(pairs(&[0, 2, 3]))),
        ("match", "1a 2- 3d", Response::Pairs(vec![Some(0), None, Some(3)])),
        ("sort", "1a 2b 3a 4b", Response::Bins(pairs(&[0, 1, 0, 1]))),
        ("cloze", "cold; 900", Response::Blanks(words(&["cold", "900"]))),
        ("cloze", "cold, 900", Response::Blanks(words(&["cold", "900"]))),
    ] {
        let (question, shown) = &questions[id];
        let answer = parse_response(question, shown, line).map(|answer| answer.response);
        assert_eq!(answer, Ok(expected), "{id}: {line}");
    }
}

#[test]
fn a_suffix_says_how_sure() {
    let questions = unshuffled();
    for (id, line, expected) in [
        ("single", "b !", Some(Confidence::Sure)),
        ("single", "b?", Some(Confidence::Guess)),
        ("single", "b", None),
        ("short", "idempotent !", Some(Confidence::Sure)),
        ("short", "idempotent!", None),
        ("numeric", "30% ?", Some(Confidence::Guess)),
    ] {
        let (question, shown) = &questions[id];
        let answer = parse_response(question, shown, line).map(|answer| answer.confidence);
        assert_eq!(answer, Ok(expected), "{id}: {line}");
    }
}

#[test]
fn bad_lines_get_one_clear_sentence() {
    let questions = unshuffled();
    for (id, line, expected) in [
        ("single", "", "Type an answer, or :s to skip."),
        ("single", "d", "`d` is not one of the letters a to c."),
        ("single", "ab", "Choose one letter."),
        ("single", "!", "Type letters from a to c."),
        ("multiple", "a z", "`z` is not one of the letters a to e."),
        ("numeric", "lots", "Type a number; it is taken in %."),
        ("order", "1 2 2 4 5", "Type each number from 1 to 5 once, in order."),
        ("order", "1 2", "Type each number from 1 to 5 once, in order."),
        (
            "match",
            "1a 9c",
            "Type pairs of a number from 1 to 3 and a letter from a to d, as in 1a 2b.",
        ),
        ("match", "1a", "Still without a letter: 2, 3 (type 2- to leave it so)."),
        ("match", "1a 1b", "Number 1 stands twice."),
        ("cloze", "cold", "Type 2 texts with ; between them."),
    ] {
        let (question, shown) = &questions[id];
        assert_eq!(
            parse_response(question, shown, line).err().as_deref(),
            Some(expected),
            "{id}: {line}"
        );
    }
}

#[test]
fn the_prompt_says_what_to_type() {
    let questions = unshuffled();
    for (id, expected) in [
        ("single", "? (a–c)"),
        ("multiple", "? (several of a–e, e.g. a c)"),
        ("numeric", "? (number, %)"),
        ("short", "? (a word or a few)"),
        ("order", "? (order, e.g. 3 1 2 4 5)"),
        ("match", "? (pairs, e.g. 1a 2c)"),
        ("cloze", "? (2 texts, with ; between)"),
        ("sort", "? (pairs, e.g. 1a 2b)"),
    ] {
        assert_eq!(prompt_line(&questions[id].0), expected);
    }
}

/// Any response, fitting a question or not.
fn any_response() -> impl Strategy<Value = Response> {
    let index = 0..9usize;
    let some = proptest::option::of(index.clone());
    prop_oneof![
        proptest::collection::btree_set(index.clone(), 0..7).prop_map(Response::Choices),
        any::<f64>().prop_map(Response::Number),
        "\\PC{0,12}".prop_map(Response::Text),
        proptest::collection::vec(index, 0..8).prop_map(Response::Order),
        proptest::collection::vec(some.clone(), 0..8).prop_map(Response::Pairs),
        proptest::collection::vec(some, 0..8).prop_map(Response::Bins),
        proptest::collection::vec("\\PC{0,6}", 0..4).prop_map(Response::Blanks),
        Just(Response::Skipped),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_response_to_every_question_has_a_score(response in any_response()) {
        for question in all_kinds() {
            let verdict = grade(&question, &response);
            prop_assert!((0.0..=1.0).contains(&verdict.score));
            let _ = response_lines(&question, &Shown::new(&question, None, 1), &response);
        }
    }

    #[test]
    fn every_line_is_an_answer_or_gets_a_sentence(line in "\\PC{0,24}") {
        for (question, shown) in unshuffled().values() {
            match parse_response(question, shown, &line) {
                Ok(answer) => prop_assert!((0.0..=1.0).contains(&grade(question, &answer.response).score)),
                Err(sentence) => prop_assert!(!sentence.is_empty()),
            }
        }
    }

    #[test]
    fn the_order_shown_does_not_change_the_score(seed in any::<u64>(), attempt in 0..9u32) {
        for question in all_kinds() {
            let shown = Shown::new(&question, Some(seed), attempt);
            let lines = response_lines(&question, &shown, &question.solution());
            prop_assert!(!lines.is_empty());
            if let QuestionKind::Order(_) = question.kind {
                prop_assert!(!shown.items.is_sorted());
                let typed: Vec<&str> = lines.iter().filter_map(|l| l.split('.').next()).collect();
                let answer = parse_response(&question, &shown, &typed.join(" "));
                prop_assert_eq!(answer.map(|a| grade(&question, &a.response).score), Ok(1.0));
            }
        }
    }
}

#[test]
fn a_share_is_100_only_if_all_is_right() {
    let shown = [0.0, 0.004, 0.5, 5.0 / 6.0, 0.996, 1.0].map(summary::percent);
    assert_eq!(shown, [0, 0, 50, 83, 99, 100]);
}
