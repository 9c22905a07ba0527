//! `single` and `multiple`: tick one or several of the choices.

use std::collections::BTreeSet;

use super::{Feedback, Verdict};

/// The choices and how they are ticked.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// 2 to 7, in the order of the file.
    pub choices: Vec<Choice>,
    /// Several may be ticked.
    pub multiple: bool,
    /// Shown in another order each attempt.
    pub shuffle: bool,
}

/// One choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its words.
    pub text: String,
    /// Whether it belongs to the answer.
    pub correct: bool,
    /// What is said to who ticked it.
    pub feedback: String,
    /// The misconception it stands for, a slug of the glossary.
    pub misconception: Option<String>,
}

impl Choices {
    /// One tick: 1 if it is correct. Several: right ticks less wrong ones, at least 0, as a share
    /// of the correct choices. Says what there is to say about each tick, then about each correct
    /// choice that was left out (of several; a single question shows its answer itself).
    pub(crate) fn grade(&self, ticked: &BTreeSet<usize>) -> Verdict {
        let right = self.correct().filter(|index| ticked.contains(index)).count();
        let wrong = ticked.len() - right;
        let feedback = self.feedback(ticked);
        if self.multiple {
            Verdict::share(right.saturating_sub(wrong), self.correct().count(), feedback)
        } else {
            Verdict::share(usize::from(right == 1 && wrong == 0), 1, feedback)
        }
    }

    /// The indices of the correct choices.
    fn correct(&self) -> impl Iterator<Item = usize> + '_ {
        self.choices.iter().enumerate().filter(|(_, choice)| choice.correct).map(|(index, _)| index)
    }

    /// The ticks that score 1.
    pub(crate) fn solution(&self) -> BTreeSet<usize> {
        let ticks = if self.multiple { usize::MAX } else { 1 };
        self.correct().take(ticks).collect()
    }

    fn feedback(&self, ticked: &BTreeSet<usize>) -> Vec<Feedback> {
        let said = |choice: &Choice, missed: bool| Feedback {
            about: choice.text.clone(),
            correct: choice.correct && !missed,
            missed,
            text: choice.feedback.clone(),
            misconception: choice.misconception.clone().filter(|_| !choice.correct),
        };
        let chosen = ticked.iter().filter_map(|&index| self.choices.get(index));
        let missed = self.correct().filter(|index| self.multiple && !ticked.contains(index));
        let missed = missed.filter_map(|index| self.choices.get(index));
        let all = chosen.map(|c| said(c, false)).chain(missed.map(|c| said(c, true)));
        all.filter(|said| said.missed || !said.text.is_empty()).collect()
    }
}
