//! `cloze`: fill the blanks `{{1}}`, `{{2}}`, … of the prompt.

use super::short_answer::{Near, matches};
use super::{Feedback, Verdict};

/// The blanks of the prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloze {
    /// In the order of their numbers.
    pub blanks: Vec<Blank>,
    /// Whether capitals matter.
    pub case_sensitive: bool,
}

/// One blank.
#[derive(Clone, Debug, PartialEq)]
pub struct Blank {
    /// Every text that is right.
    pub accept: Vec<String>,
    /// Diagnosed wrong texts.
    pub near: Vec<Near>,
}

impl Cloze {
    /// The share of blanks filled right. Each wrong one is told what its diagnosis says, or that
    /// it is wrong; `about` is the blank's number as in `(1)`.
    pub(crate) fn grade(&self, texts: &[String]) -> Verdict {
        let mut right = 0;
        let mut feedback = Vec::new();
        for (index, blank) in self.blanks.iter().enumerate() {
            let text = texts.get(index).map_or("", String::as_str);
            if matches(&blank.accept, text, self.case_sensitive) {
                right += 1;
                continue;
            }
            let near = blank.near.iter().find(|n| matches(&n.texts, text, self.case_sensitive));
            if let Some(near) = near {
                feedback.push(Feedback::new(&format!("({})", index + 1), false, &near.feedback));
            }
        }
        Verdict::share(right, self.blanks.len(), feedback)
    }

    /// For each blank whether `texts` fills it right.
    pub fn marks(&self, texts: &[String]) -> Vec<bool> {
        let fill = |index: usize| texts.get(index).map_or("", String::as_str);
        let blanks = self.blanks.iter().enumerate();
        blanks.map(|(i, b)| matches(&b.accept, fill(i), self.case_sensitive)).collect()
    }

    /// The first text accepted for each blank.
    pub(crate) fn solution(&self) -> Vec<String> {
        self.blanks.iter().map(|b| b.accept.first().cloned().unwrap_or_default()).collect()
    }
}
