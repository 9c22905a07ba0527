use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::quiz::short_answer::ShortAnswer;
use crate::quiz::sitting::Sitting;
use crate::quiz::{self, QuestionKind};

fn question(quiz: usize, number: usize, objective: usize) -> Question {
    let kind = QuestionKind::Short(ShortAnswer {
        accept: vec!["yes".to_owned()],
        case_sensitive: false,
        near: Vec::new(),
    });
    Question {
        objective: Some(format!("aim-{objective}")),
        ..quiz::tests::question(&format!("quiz-{quiz}.{number}"), kind)
    }
}

/// A quiz with one question for each of `objectives`.
fn quiz(number: usize, objectives: &[usize]) -> Quiz {
    let of = |(index, &objective)| question(number, index, objective);
    Quiz {
        id: format!("quiz-{number}"),
        pass: 0.8,
        questions: objectives.iter().enumerate().map(of).collect(),
        file: format!("quizzes/lesson-{number}.toml"),
        ..Quiz::default()
    }
}

/// A final test of quizzes, each given by the objectives of its questions, its pools joined.
fn final_test(pools: &[Vec<usize>], draw: usize) -> Quiz {
    let pools: Vec<Quiz> = pools.iter().enumerate().map(|(n, aims)| quiz(n, aims)).collect();
    let from = pools.iter().map(|pool| pool.id.clone()).collect();
    let test = Quiz { id: "final".to_owned(), from, draw: Some(draw), ..quiz(99, &[]) };
    test.with_pools(|id| pools.iter().find(|pool| pool.id == id))
}

fn ids(questions: &[&Question]) -> Vec<String> {
    questions.iter().map(|question| question.id.clone()).collect()
}

/// Whether no key was drawn two times more than another that has something left.
fn is_even<'a>(
    pool: impl Iterator<Item = &'a Question>,
    drawn: &[&Question],
    key: impl Fn(&Question) -> String,
) -> bool {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for question in pool {
        counts.entry(key(question)).or_default().0 += 1;
    }
    for question in drawn {
        counts.entry(key(question)).or_default().1 += 1;
    }
    let most = counts.values().map(|(_, drawn)| *drawn).max().unwrap_or(0);
    counts.values().all(|(there, drawn)| drawn == there || drawn + 1 >= most)
}

fn pools() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(prop::collection::vec(0..4_usize, 0..9), 1..8)
}

fn source(question: &Question) -> String {
    question.id.split('.').next().unwrap_or_default().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_final_test_is_spread_over_its_quizzes_and_their_objectives(
        pools in pools(), draw in 1..20_usize, attempt in 1..9_u32, seed in prop::option::of(0..9_u64),
    ) {
        let test = final_test(&pools, draw);
        let asked = drawn(&test, seed, attempt);
        let known: BTreeSet<String> = ids(&asked).into_iter().collect();
        prop_assert_eq!(asked.len(), draw.min(test.questions.len()));
        prop_assert_eq!(known.len(), asked.len());
        prop_assert_eq!(ids(&asked), ids(&drawn(&test, seed, attempt)));
        prop_assert!(is_even(test.questions.iter(), &asked, source), "{:?}", ids(&asked));
        for number in 0..pools.len() {
            let name = format!("quiz-{number}");
            let of = |question: &&Question| source(question) == name;
            let asked: Vec<&Question> = asked.iter().copied().filter(of).collect();
            let objective = |q: &Question| q.objective.clone().unwrap_or_default();
            prop_assert!(is_even(test.questions.iter().filter(of), &asked, objective));
        }
    }

    #[test]
    fn a_quiz_that_draws_asks_for_its_objectives_evenly_and_in_its_own_order(
        aims in prop::collection::vec(0..4_usize, 1..12), draw in 1..12_usize, attempt in 1..9_u32,
    ) {
        let quiz = Quiz { draw: Some(draw), ..quiz(0, &aims) };
        let asked = drawn(&quiz, None, attempt);
        prop_assert_eq!(asked.len(), draw.min(aims.len()));
        let objective = |q: &Question| q.objective.clone().unwrap_or_default();
        prop_assert!(is_even(quiz.questions.iter(), &asked, objective));
        let places = asked.iter().map(|a| quiz.questions.iter().position(|q| q.id == a.id));
        prop_assert!(places.is_sorted());
    }

    #[test]
    fn a_test_asks_for_as_many_objectives_as_it_can(
        aims in prop::collection::vec(0..5_usize, 0..12), attempt in 1..9_u32, known in any::<u16>(),
    ) {
        let quiz = quiz(0, &aims);
        let knows = |id: &str| {
            let number = id.rsplit('.').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
            known >> number & 1 == 1
        };
        let test = quiz.test_out(knows, None, attempt);
        prop_assert_eq!(test.is_some(), aims.len() >= 2);
        let Some(test) = test else { return Ok(()) };
        prop_assert_eq!(test.questions.len(), aims.len().min(3));
        prop_assert!(test.pass > 1.0 - f64::EPSILON);
        let objectives: BTreeSet<&str> =
            (0..test.questions.len()).map(|index| objective_of(&test, index)).collect();
        let all: BTreeSet<usize> = aims.iter().copied().collect();
        prop_assert_eq!(objectives.len(), all.len().min(3));
        prop_assert_eq!(&test, &quiz.test_out(knows, None, attempt).unwrap());
    }
}

#[test]
fn every_question_of_a_pool_is_drawn_sooner_or_later() {
    let test = final_test(&[vec![0, 0, 0, 1], vec![0, 1, 2], vec![0; 8]], 5);
    let asked = |attempt| ids(&drawn(&test, None, attempt));
    let all: BTreeSet<String> = (1..200).flat_map(asked).collect();
    assert_eq!(all.len(), 15);
    assert_ne!(asked(1), asked(2));
    assert_ne!(asked(1), ids(&drawn(&test, Some(3), 1)));
}

#[test]
fn a_final_test_goes_from_quiz_to_quiz() {
    let test = final_test(&[vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 2]], 6);
    let sitting = Sitting::new(&test, None, 1);
    let quizzes: Vec<String> =
        sitting.asked().iter().map(|asked| source(&asked.question)).collect();
    let first: BTreeSet<&String> = quizzes.iter().take(3).collect();
    assert_eq!(first.len(), 3);
    assert_eq!(quizzes[..3], quizzes[3..]);
}

#[test]
fn a_second_test_asks_others_and_what_is_known_comes_last() {
    let quiz = quiz(0, &[0, 0, 1, 1, 2, 2]);
    let test = |known: &[String], attempt| -> BTreeSet<String> {
        let test = quiz.test_out(|id| known.iter().any(|k| k == id), None, attempt).unwrap();
        test.questions.into_iter().map(|question| question.id).collect()
    };
    let (first, second) = (test(&[], 1), test(&[], 2));
    assert_eq!((first.len(), second.len()), (3, 3));
    assert!(first.is_disjoint(&second));
    let known: Vec<String> = first.iter().cloned().collect();
    assert_eq!(test(&known, 1), second);
}
