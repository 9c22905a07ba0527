//! How the program is called from a shell, for the lines that say how to go on.

use std::fmt::Write as _;

use super::Session;
use crate::course::Lesson;
use crate::quiz::numeric::counted;

/// Beside letters and digits, what no shell takes for a sign of its own.
const BARE: &str = "/._-+,:@%";

/// How the program is called so that it opens the same course with the same progress again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The program with its options, as a shell takes them.
    pub program: String,
    /// The file of the lesson, as a shell takes it, where it belongs to no course.
    pub loose: Option<String>,
}

impl Default for Invocation {
    fn default() -> Self {
        Self { program: "coldstart".to_owned(), loose: None }
    }
}

/// `word` as a shell takes it for one word.
pub fn quoted(word: &str) -> String {
    let is_bare = |c: char| c.is_alphanumeric() || BARE.contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(is_bare) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

impl Session<'_> {
    /// The same session of a program that is called so.
    #[must_use]
    pub fn called(mut self, invocation: Invocation) -> Self {
        self.invocation = invocation;
        self
    }

    /// How the program is called.
    pub const fn invocation(&self) -> &Invocation {
        &self.invocation
    }

    /// What comes behind `lesson`, in sentences behind `said`; then, each on a line that can be
    /// copied, the commands that open it.
    pub(super) fn and_what_is_next(&self, said: String, lesson: &Lesson) -> Vec<String> {
        let (mut said, mut commands) = (said, Vec::new());
        let program = &self.invocation.program;
        if let Some((part, quiz)) = self.course.final_test_behind(lesson) {
            let questions = counted(self.course.asked(quiz), "question");
            let _ =
                write!(said, " This ends part {}, whose final test asks {questions}.", part.label);
            let quiz = quoted(&quiz.id);
            commands.push(format!("Take the test with: {program} quiz {quiz} --plain"));
        }
        if let Some(next) = self.course.lesson_after(lesson) {
            let _ = write!(said, " Next: lesson {}, {}.", next.number, next.title);
            let next = quoted(&next.id);
            commands.push(format!("Go on with: {program} learn {next} --plain"));
        }
        let mut lines = self.speaker.wrapped(&said, "", 0);
        lines.append(&mut commands);
        lines
    }

    /// How to come back to where a lesson was left.
    pub(super) fn way_back(&self) -> String {
        let Invocation { program, loose } = &self.invocation;
        match loose {
            Some(file) => format!("Open it again with: {program} learn {file} --plain"),
            None => format!("Go on from here with: {program} learn --plain"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn a_word_of_a_shell_stays_one_word() {
        for (word, expected) in [
            ("my-course/lessons", "my-course/lessons"),
            ("C+é_1.0,a:b@c%", "C+é_1.0,a:b@c%"),
            ("my course", "'my course'"),
            ("ann's", r"'ann'\''s'"),
            ("$HOME", "'$HOME'"),
            ("~/x", "'~/x'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected, "{word}");
        }
    }
}
