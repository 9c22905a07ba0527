//! What a typed line asks for when it is no answer.

use crate::diagnostic::did_you_mean;

/// A command; `Unknown` holds the sentence that answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Hint,
    Skip,
    Quit,
    Again,
    Retry,
    Test,
    Outline,
    Fact(String),
    Term(String),
    Search(String),
    Note(String),
    Bookmark,
    Notes,
    Set(String),
    Run,
    Seed(String),
    Table,
    View(String),
    Done,
    See,
    Help,
    Unknown(String),
}

impl Command {
    /// Whether it can only be obeyed in a simulation.
    pub(crate) const fn is_for_simulations(&self) -> bool {
        matches!(
            self,
            Self::Set(_)
                | Self::Run
                | Self::Seed(_)
                | Self::Table
                | Self::View(_)
                | Self::Done
                | Self::See
        )
    }
}

/// What each command does, for `:help`.
pub(crate) const COMMANDS: [(&str, &str); 16] = [
    (":h", "a hint"),
    (":s", "skip the question (scores 0)"),
    (":q", "stop; what you answered is kept"),
    (":again", "hear the text and the question again"),
    (":retry", "after a quiz: go through the ones that were not right"),
    (":test", "in a lesson that you know: test out of it with a few questions"),
    (":outline", "the headings of this lesson"),
    (":fact ID", "a dated fact with its source; without ID: all facts of this lesson"),
    (":term WORD", "a word of the glossary; without WORD: all terms of this lesson"),
    (":search WORDS", "find words in the lessons, the glossary, the facts and your notes"),
    (":note TEXT", "keep a note at this place"),
    (":bookmark", "set or remove a bookmark at this place"),
    (":notes", "your notes and bookmarks, each with its place"),
    (":set, :run, :seed, :table, :view, :done", "in a simulation; :h tells there what they do"),
    (":see", "after a question that predicts: see it simulated"),
    (":help", "this list"),
];

const NAMES: [&str; 21] = [
    "hint", "skip", "quit", "again", "retry", "test", "outline", "fact", "term", "search", "note",
    "bookmark", "notes", "set", "run", "seed", "table", "view", "done", "see", "help",
];

/// The command that `line` gives: one with a colon always, the bare letters `h`, `s` and `q` where
/// they `can_be_answers` not.
pub(crate) fn command(line: &str, can_be_answers: bool) -> Option<Command> {
    let line = line.trim();
    if !can_be_answers {
        match line {
            "h" | "H" => return Some(Command::Hint),
            "s" | "S" => return Some(Command::Skip),
            "q" | "Q" => return Some(Command::Quit),
            _ => {}
        }
    }
    let rest = line.strip_prefix(':')?.trim_start();
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let argument = argument.trim().to_owned();
    Some(match name.to_lowercase().as_str() {
        "h" | "hint" => Command::Hint,
        "s" | "skip" => Command::Skip,
        "q" | "quit" | "exit" => Command::Quit,
        "a" | "again" => Command::Again,
        "r" | "retry" => Command::Retry,
        "t" | "test" => Command::Test,
        "o" | "outline" => Command::Outline,
        "fact" | "facts" => Command::Fact(argument),
        "term" | "terms" => Command::Term(argument),
        "search" => Command::Search(argument),
        "note" => Command::Note(argument),
        "bookmark" => Command::Bookmark,
        "notes" | "bookmarks" => Command::Notes,
        "set" => Command::Set(argument),
        "run" => Command::Run,
        "seed" => Command::Seed(argument),
        "table" => Command::Table,
        "view" => Command::View(argument),
        "done" => Command::Done,
        "see" => Command::See,
        "help" | "?" | "" => Command::Help,
        unknown => Command::Unknown(match did_you_mean(unknown, NAMES) {
            Some(meant) => format!("There is no command :{unknown}. Did you mean :{meant}?"),
            None => format!("There is no command :{unknown}. Type :help for all of them."),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_begin_with_a_colon_or_are_bare_letters() {
        assert_eq!(command(":h", true), Some(Command::Hint));
        assert_eq!(command("h", true), None);
        assert_eq!(command(" h ", false), Some(Command::Hint));
        assert_eq!(command("b", false), None);
        assert_eq!(command(":NOTE  two words ", true), Some(Command::Note("two words".to_owned())));
        assert_eq!(command(":notes", true), Some(Command::Notes));
        assert_eq!(command(":fact", false), Some(Command::Fact(String::new())));
        let sentence = "There is no command :outlin. Did you mean :outline?".to_owned();
        assert_eq!(command(":outlin", true), Some(Command::Unknown(sentence)));
    }
}
