//! `short`: a word or a few.

/// The text asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortAnswer {
    /// Every text that is right.
    pub accept: Vec<String>,
    /// Whether capitals matter.
    pub case_sensitive: bool,
    /// Diagnosed wrong texts.
    pub near: Vec<Near>,
}

/// Wrong texts that call for the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The texts.
    pub texts: Vec<String>,
    /// What is said.
    pub feedback: String,
}
