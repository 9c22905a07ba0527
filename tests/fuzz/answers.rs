//! What learners type as answers, and the formulas that authors write.

use std::collections::BTreeMap;

use coldstart::quiz::formula::{evaluate, names};
use coldstart::quiz::line::parse_response;
use coldstart::quiz::numeric::{number_text, parse_number, with_unit};
use coldstart::quiz::shown::Shown;
use coldstart::quiz::{Question, grade};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{cases, courses, hostile};

/// Every question of the repository that can be asked.
fn questions() -> Vec<Question> {
    let read =
        |(file, source): &(String, String)| coldstart::course::quiz_file::read_quiz(file, source).0;
    courses::quizzes().iter().filter_map(read).flat_map(|quiz| quiz.questions).collect()
}

fn numberish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,4}",
        4 => proptest::sample::select(vec![
            ".", ",", " ", "'", "_", "-", "+", "−", "e", "E", "/", "%", "~", "$", "€", "k", "s", "ms", "GB", "MB", "requests/s",
            "million", "é", "½", "٣", "\u{a0}", "１", "inf", "nan", "0x", "1e308", "1e-308", "99999999999999999999", "!", "?",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn formula() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(vec![
            "1", "0", "2.5", "1e308", ".", "1e", "1e+", "_", "rate", "n", "ceil(", "floor(", "round(", "min(", "max(", "(", ")", ",",
            "+", "-", "*", "/", "−", "×", "÷", " ", "é", "\u{1b}", "日", "1_000", "((((((((((", "----------",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (1usize..1200).prop_map(|times| "(".repeat(times)),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn fuzz_numbers(text in numberish(), unit in proptest::sample::select(vec!["", "%", "s", "ms", "MB", "USD", "requests/s", "é", "×"])) {
        match parse_number(&text, unit) {
            Ok(number) => {
                prop_assert!(number.is_finite());
                let written = with_unit(number, unit);
                hostile::fit_line(&written)?;
                // What is written back is read as the same number, as far as it is shown.
                let read = parse_number(&written, unit);
                let near = |read: f64| (read - number).abs() <= 1e-6 + number.abs() * 1e-9;
                prop_assert!(read.clone().is_ok_and(near), "{text:?} is {number}, written {written:?}, read {read:?}");
            }
            Err(sentence) => prop_assert!(!sentence.is_empty()),
        }
    }

    #[test]
    fn fuzz_number_texts(number in any::<f64>()) {
        let text = number_text(number);
        hostile::fit_line(&text)?;
        if number.is_finite() {
            let read = parse_number(&text, "");
            let near = |read: f64| (read - number).abs() <= 1e-6 + number.abs() * 1e-9;
            prop_assert!(read.clone().is_ok_and(near), "{number} is written {text:?}, read {read:?}");
        }
    }

    #[test]
    fn fuzz_formulas(formula in formula(), rate in any::<f64>(), n in -100.0..100.0f64) {
        let values = BTreeMap::from([("rate".to_owned(), rate), ("n".to_owned(), n)]);
        match evaluate(&formula, &values) {
            Ok(value) => prop_assert!(value.is_finite()),
            Err(fault) => {
                prop_assert!(!fault.message.is_empty());
                prop_assert!(formula.get(fault.span.start..fault.span.end).is_some(), "{:?} of {formula:?}", fault.span);
            }
        }
        let _ = names(&formula);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn fuzz_answers(at in any::<Index>(), seed in any::<u64>(), lines in proptest::collection::vec(prop_oneof![
        numberish(), hostile::text(0..8), "[a-k0-9 ,;!?-]{0,14}",
    ], 1..20)) {
        static QUESTIONS: std::sync::OnceLock<Vec<Question>> = std::sync::OnceLock::new();
        let question = at.get(QUESTIONS.get_or_init(questions)).instance(Some(seed), 1).question;
        let shown = Shown::new(&question, Some(seed), 1);
        for line in &lines {
            match parse_response(&question, &shown, line) {
                Ok(answer) => {
                    let verdict = grade(&question, &answer.response);
                    prop_assert!((0.0..=1.0).contains(&verdict.score), "{}", verdict.score);
                }
                Err(sentence) => prop_assert!(!sentence.is_empty() && !sentence.contains('\n')),
            }
        }
    }
}
