//! `single` and `multiple`: tick one or several of the choices.

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
