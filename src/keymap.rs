//! Which key means what, where. The default keys and the help screens come from one file,
//! `assets/keymap.toml`; a learner's own file changes keys. Keys exist only here.

pub mod chord;
mod file;

pub use chord::{Chord, Key};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// A place where keys act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// On every screen that has no other use for the key.
    Everywhere,
    /// Parts and lessons.
    Contents,
    /// A lesson being read.
    Lesson,
    /// The summary of a part.
    Part,
    /// The headings of a lesson.
    Outline,
    /// A list to choose from: help, themes, progress, notes.
    List,
    /// The help of a screen.
    Help,
    /// A fact or a term in a box.
    PopUp,
    /// A line of text being typed.
    TextField,
    /// The search screen: a text field with results.
    Search,
    /// A question whose answer is being chosen.
    Question,
    /// Several choices may be ticked.
    Ticking,
    /// Items are put in order.
    Ordering,
    /// Items are matched or sorted.
    Pairing,
    /// An answer is typed.
    Answer,
    /// How sure of the answer one is.
    Confidence,
    /// A question that was answered.
    Verdict,
    /// The end of a quiz.
    Summary,
    /// A prediction is typed.
    Prediction,
    /// A simulation that was run.
    Simulation,
    /// A parameter is typed.
    Sandbox,
}

/// What becomes of a typed character that is bound in no place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typing {
    /// It is a command of an outer place.
    Commands,
    /// Letters and digits answer; other signs are commands of an outer place.
    Answers,
    /// It is text.
    Text,
}

impl Context {
    /// The place that is asked next for a chord's action.
    const fn outer(self) -> Option<Self> {
        match self {
            Self::Everywhere => None,
            Self::Search | Self::Answer | Self::Prediction | Self::Sandbox => Some(Self::TextField),
            Self::Ticking | Self::Ordering | Self::Pairing => Some(Self::Question),
            _ => Some(Self::Everywhere),
        }
    }

    const fn typing(self) -> Typing {
        match self {
            Self::TextField | Self::Search | Self::Answer | Self::Prediction | Self::Sandbox => {
                Typing::Text
            }
            Self::Question | Self::Ticking | Self::Ordering | Self::Pairing => Typing::Answers,
            _ => Typing::Commands,
        }
    }

    /// Whether the chord is left to outer places.
    fn passes(self, chord: Chord) -> bool {
        match (self.typing(), chord.character()) {
            (Typing::Commands, _) | (_, None) => true,
            // What kind of answer it is, the question's own keys stay.
            (Typing::Answers, Some(_)) if self.outer() == Some(Self::Question) => true,
            (Typing::Answers, Some(character)) => !character.is_alphanumeric(),
            (Typing::Text, Some(_)) => false,
        }
    }
}

/// What is meant by a key, whatever the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the keymap file says in one line what each does where")]
pub enum Action {
    Search,
    Progress,
    Themes,
    Notes,
    Help,
    Back,
    Leave,
    Quit,
    Suspend,
    Redraw,
    Down,
    Up,
    HalfPageDown,
    HalfPageUp,
    PageDown,
    PageUp,
    First,
    Last,
    Left,
    Right,
    Open,
    Close,
    Resume,
    Quiz,
    Test,
    ReadOn,
    NextPart,
    PreviousPart,
    NextHeading,
    PreviousHeading,
    NextFocus,
    PreviousFocus,
    Outline,
    Term,
    Fact,
    Bookmark,
    Note,
    Copy,
    NextLesson,
    PreviousLesson,
    Delete,
    Submit,
    WordLeft,
    WordRight,
    DeleteLeft,
    DeleteRight,
    DeleteWord,
    DeleteLine,
    Mark,
    Hint,
    Skip,
    Confidence,
    Sure,
    ThinkSo,
    Guess,
    MoveDown,
    MoveUp,
    NextField,
    PreviousField,
    Next,
    Source,
    Retry,
    Again,
    Simulation,
    Pause,
    NextView,
    PreviousView,
    AsTable,
    Slower,
    Faster,
    StepOn,
    StepBack,
    FarLeft,
    FarRight,
    Restore,
    Compare,
    NewSeed,
    Definitions,
    Sandbox,
}

/// An action in a place, its keys and what people read about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it acts.
    pub context: Context,
    /// What it does.
    pub action: Action,
    /// The keys, the most telling first; none where a learner took them away.
    pub chords: Vec<Chord>,
    /// One line of help.
    pub help: String,
    /// The word on the status line, if it belongs there.
    pub hint: Option<String>,
}

/// All bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
    lookup: BTreeMap<(Context, Chord), Action>,
}

/// The text of the default keymap.
const DEFAULT: &str = include_str!("../assets/keymap.toml");

impl Default for Keymap {
    /// The keys that come with the program.
    fn default() -> Self {
        Self::of(file::read("assets/keymap.toml", DEFAULT, None).0)
    }
}

impl Keymap {
    /// The same keymap with the changes of a learner's file, and what is wrong with that file.
    /// Entries with errors change nothing.
    pub fn with_file(&self, file: &str, source: &str) -> (Self, Vec<Diagnostic>) {
        let (bindings, diagnostics) = file::read(file, source, Some(&self.bindings));
        (Self::of(bindings), diagnostics)
    }

    fn of(bindings: Vec<Binding>) -> Self {
        let lookup = bindings
            .iter()
            .flat_map(|b| b.chords.iter().map(|&chord| ((b.context, chord), b.action)))
            .collect();
        Self { bindings, lookup }
    }

    /// What the chord means in the place, if anything.
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        if let Some(&action) = self.lookup.get(&(context, chord)) {
            return Some(action);
        }
        let outer = context.outer().filter(|_| context.passes(chord))?;
        self.action(outer, chord)
    }

    /// The bindings that act in the place, its own first, in the order of the file. Bindings of
    /// outer places keep only the keys that reach here.
    pub fn bindings(&self, context: Context) -> Vec<Binding> {
        let mut found: Vec<Binding> = Vec::new();
        let mut place = Some(context);
        while let Some(here) = place {
            for binding in self.bindings.iter().filter(|b| b.context == here) {
                let mut reaching = binding.clone();
                reaching.chords.retain(|&c| self.action(context, c) == Some(binding.action));
                if !reaching.chords.is_empty() && !found.iter().any(|b| b.action == reaching.action)
                {
                    found.push(reaching);
                }
            }
            place = here.outer();
        }
        found
    }

    /// The most telling key for an action in a place.
    pub fn chord(&self, context: Context, action: Action) -> Option<Chord> {
        let mut place = Some(context);
        while let Some(here) = place {
            let here_bound =
                self.bindings.iter().filter(|b| b.context == here && b.action == action);
            let reaching = here_bound
                .flat_map(|b| b.chords.iter().copied())
                .find(|&chord| self.action(context, chord) == Some(action));
            if reaching.is_some() {
                return reaching;
            }
            place = here.outer();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(context: Context, chord: &str) -> Option<Action> {
        Keymap::default().action(context, chord.parse().unwrap())
    }

    #[test]
    fn the_default_file_has_no_fault() {
        let (bindings, diagnostics) = file::read("assets/keymap.toml", DEFAULT, None);
        assert_eq!(diagnostics, []);
        assert!(bindings.iter().all(|b| !b.help.is_empty() && !b.chords.is_empty()));
    }

    #[test]
    fn a_place_answers_before_what_is_around_it() {
        assert_eq!(action(Context::Lesson, "j"), Some(Action::Down));
        assert_eq!(action(Context::Lesson, "/"), Some(Action::Search));
        assert_eq!(action(Context::Contents, "esc"), Some(Action::Back));
        assert_eq!(action(Context::Lesson, "ctrl-c"), Some(Action::Quit));
    }

    #[test]
    fn letters_answer_a_question_and_nothing_else() {
        assert_eq!(action(Context::Question, "q"), None);
        assert_eq!(action(Context::Question, "T"), None);
        assert_eq!(action(Context::Question, "?"), Some(Action::Help));
        assert_eq!(action(Context::Question, "ctrl-c"), Some(Action::Quit));
    }

    #[test]
    fn in_a_text_field_only_enter_esc_f1_and_chords_act() {
        for typed in ["q", "?", "/", "space", "T"] {
            assert_eq!(action(Context::TextField, typed), None, "{typed}");
            assert_eq!(action(Context::Search, typed), None, "{typed}");
        }
        assert_eq!(action(Context::Search, "f1"), Some(Action::Help));
        assert_eq!(action(Context::Search, "enter"), Some(Action::Submit));
        assert_eq!(action(Context::Search, "ctrl-w"), Some(Action::DeleteWord));
    }

    #[test]
    fn help_lists_only_keys_that_reach() {
        let keymap = Keymap::default();
        let help = keymap.bindings(Context::Search);
        let of = |action| help.iter().find(|b| b.action == action);
        assert_eq!(of(Action::Themes), None);
        assert_eq!(of(Action::Help).unwrap().chords, ["f1".parse().unwrap()]);
        assert_eq!(keymap.chord(Context::Search, Action::Help), Some("f1".parse().unwrap()));
    }
}
