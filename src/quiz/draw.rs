//! Which questions of a pool are asked: spread over the quizzes and the objectives that they come
//! from, and left to chance beyond that. Pure: quiz, attempt and seed give the same ones to
//! everybody.

use std::collections::BTreeMap;

use super::shown::Draw;
use super::{Question, Quiz};

/// How many questions the test out of a lesson asks.
const TEST_OUT_QUESTIONS: usize = 3;
/// With fewer questions a quiz is no test.
const TEST_OUT_QUESTIONS_MIN: usize = 2;

/// The questions of this attempt: those of one quiz in its order, those of several as drawn, one
/// quiz after the other.
pub(super) fn drawn(quiz: &Quiz, seed: Option<u64>, attempt: u32) -> Vec<&Question> {
    let (pool, count) = (quiz.questions.len(), quiz.asked());
    if count >= pool {
        return quiz.questions.iter().collect();
    }
    let mut draw = Draw::new(&format!("draw of {}", quiz.id), seed, attempt);
    let by_source = grouped(0..pool, |index| source_of(quiz, index));
    let spread = by_source.into_iter().map(|group| {
        let mut by_objective = grouped(group, |index| objective_of(quiz, index));
        for group in &mut by_objective {
            shuffle(group, &mut draw);
        }
        shuffle(&mut by_objective, &mut draw);
        in_turn(&by_objective)
    });
    let mut by_source: Vec<Vec<usize>> = spread.collect();
    shuffle(&mut by_source, &mut draw);
    let mut chosen = in_turn(&by_source);
    chosen.truncate(count);
    if by_source.len() == 1 {
        chosen.sort_unstable();
    }
    chosen.into_iter().filter_map(|index| quiz.questions.get(index)).collect()
}

impl Quiz {
    /// How many questions the test out of its lesson asks; `None` where the quiz has too few.
    pub fn test_out_questions(&self) -> Option<usize> {
        let questions = self.questions.len().min(TEST_OUT_QUESTIONS);
        (questions >= TEST_OUT_QUESTIONS_MIN).then_some(questions)
    }

    /// What a test of `asked` questions leaves of the quiz, in a sentence.
    pub fn left_by_test_out(&self, asked: usize) -> Option<String> {
        match self.questions.len().saturating_sub(asked) {
            0 => None,
            1 => Some("Its quiz has one more question for you.".to_owned()),
            more => Some(format!("Its quiz has {more} more questions for you.")),
        }
    }

    /// The test that lets a learner pass by the quiz's lesson: a few of its questions, one for each
    /// objective where there are as many, and all must be right. A further attempt asks others, as
    /// far as there are any; what the learner `knows`, by the questions' ids, comes last. `None`
    /// where there are too few.
    #[must_use]
    pub fn test_out(
        &self,
        knows: impl Fn(&str) -> bool,
        seed: Option<u64>,
        attempt: u32,
    ) -> Option<Self> {
        let asked = self.test_out_questions()?;
        let is_known = |index: usize| self.questions.get(index).is_some_and(|q| knows(&q.id));
        let mut draw = Draw::new(&format!("test of {}", self.id), seed, 0);
        let mut groups = grouped(0..self.questions.len(), |index| objective_of(self, index));
        let before = usize::try_from(attempt.saturating_sub(1)).unwrap_or(0);
        let from_each = asked.div_ceil(groups.len());
        for group in &mut groups {
            shuffle(group, &mut draw);
            turn(group, before.saturating_mul(from_each));
            group.sort_by_key(|&index| is_known(index));
        }
        shuffle(&mut groups, &mut draw);
        turn(&mut groups, before.saturating_mul(asked));
        groups.sort_by_key(|group| group.iter().all(|&index| is_known(index)));
        let mut chosen = in_turn(&groups);
        chosen.truncate(asked);
        chosen.sort_unstable();
        let chosen = chosen.into_iter().filter_map(|index| self.questions.get(index).cloned());
        let questions = chosen.collect();
        Some(Self { pass: 1.0, confidence: false, draw: None, questions, ..self.clone() })
    }
}

/// The quiz that a question of a joined pool comes from.
fn source_of(quiz: &Quiz, index: usize) -> &str {
    let id = quiz.questions.get(index).map(|question| question.id.as_str());
    id.and_then(|id| quiz.sources.get(id)).map_or("", String::as_str)
}

fn objective_of(quiz: &Quiz, index: usize) -> &str {
    quiz.questions.get(index).and_then(|question| question.objective.as_deref()).unwrap_or("")
}

/// `items` apart by their key, in the order in which the keys are first met.
fn grouped<'a>(
    items: impl IntoIterator<Item = usize>,
    key: impl Fn(usize) -> &'a str,
) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for item in items {
        let place = *places.entry(key(item)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

/// The first of each group, then the second of each that has one, and so on: of every length that is
/// cut from it, no group gave two more than another that has some left.
fn in_turn(groups: &[Vec<usize>]) -> Vec<usize> {
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    let round = |round: usize| groups.iter().filter_map(move |group| group.get(round)).copied();
    (0..longest).flat_map(round).collect()
}

fn shuffle<T: Clone>(items: &mut Vec<T>, draw: &mut Draw) {
    let order = draw.shuffled(items.len());
    *items = order.into_iter().filter_map(|index| items.get(index).cloned()).collect();
}

/// Begins `by` items later; what was before comes last.
fn turn<T>(items: &mut [T], by: usize) {
    if let Some(by) = by.checked_rem(items.len()) {
        items.rotate_left(by);
    }
}

#[cfg(test)]
mod tests;
