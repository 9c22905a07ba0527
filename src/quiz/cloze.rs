//! `cloze`: fill the blanks `{{1}}`, `{{2}}`, … of the prompt.

use super::short_answer::Near;

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
