//! A key with the modifiers held, in words of our own: the same app runs over other terminals.

use std::fmt;
use std::str::FromStr;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the keys of a keyboard")]
pub enum Key {
    /// A character as typed: shift is in it.
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// `F(1)` to `F(12)`.
    F(u8),
}

/// A key and the modifiers held with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Control was held.
    pub ctrl: bool,
    /// Alt (Option, Meta) was held.
    pub alt: bool,
    /// Shift was held; never set with a character.
    pub shift: bool,
}

impl Chord {
    /// The key alone.
    pub const fn key(key: Key) -> Self {
        Self { key, ctrl: false, alt: false, shift: false }
    }

    /// The character alone.
    pub const fn char(character: char) -> Self {
        Self::key(Key::Char(character))
    }

    /// The character that was typed, if no modifier makes it a command.
    pub const fn character(self) -> Option<char> {
        match self {
            Self { key: Key::Char(character), ctrl: false, alt: false, .. } => Some(character),
            _ => None,
        }
    }

    /// How the chord is written for people: `↵`, `⇥`, `^d`, `esc`; words instead of signs in
    /// `ascii`.
    pub fn label(self, ascii: bool) -> String {
        let mut label = String::new();
        if self.ctrl {
            label.push('^');
        }
        if self.alt {
            label.push_str("alt-");
        }
        if self.shift {
            label.push_str(if ascii { "shift-" } else { "⇧" });
        }
        let (sign, word) = self.key.names();
        match self.key {
            Key::Char(' ') | Key::F(_) => label.push_str(&self.key.to_string()),
            Key::Char(character) => label.push(character),
            _ => label.push_str(if ascii { word } else { sign }),
        }
        label
    }
}

impl Key {
    /// The sign on the status line and the word in files; empty for characters and function keys.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Char(_) | Self::F(_) => ("", ""),
            Self::Enter => ("↵", "enter"),
            Self::Esc => ("esc", "esc"),
            Self::Tab => ("⇥", "tab"),
            Self::Backspace => ("⌫", "backspace"),
            Self::Delete => ("del", "delete"),
            Self::Insert => ("ins", "insert"),
            Self::Up => ("↑", "up"),
            Self::Down => ("↓", "down"),
            Self::Left => ("←", "left"),
            Self::Right => ("→", "right"),
            Self::Home => ("home", "home"),
            Self::End => ("end", "end"),
            Self::PageUp => ("pgup", "page-up"),
            Self::PageDown => ("pgdn", "page-down"),
        }
    }

    const NAMED: [Self; 14] = [
        Self::Enter,
        Self::Esc,
        Self::Tab,
        Self::Backspace,
        Self::Delete,
        Self::Insert,
        Self::Up,
        Self::Down,
        Self::Left,
        Self::Right,
        Self::Home,
        Self::End,
        Self::PageUp,
        Self::PageDown,
    ];
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("space"),
            Self::Char(character) => write!(f, "{character}"),
            Self::F(number) => write!(f, "f{number}"),
            named => f.write_str(named.names().1),
        }
    }
}

impl fmt::Display for Chord {
    /// As the keymap file writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        self.key.fmt(f)
    }
}

impl FromStr for Chord {
    type Err = String;

    /// Reads what the keymap file writes; the error says what is wrong, for people.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut chord = Self::char(' ');
        let mut rest = text;
        loop {
            let (held, after) = match rest.split_once('-') {
                Some(("ctrl", after)) if !after.is_empty() => (&mut chord.ctrl, after),
                Some(("alt", after)) if !after.is_empty() => (&mut chord.alt, after),
                Some(("shift", after)) if !after.is_empty() => (&mut chord.shift, after),
                _ => break,
            };
            if std::mem::replace(held, true) {
                return Err(format!("`{text}` names a modifier twice"));
            }
            rest = after;
        }
        chord.key = key(rest).ok_or_else(|| format!("`{text}` is not a key"))?;
        match chord.key {
            Key::Char(character) if chord.shift && character != ' ' => Err(format!(
                "`{text}`: write the character that shift gives, as in `{}`",
                character.to_uppercase()
            )),
            Key::Char(_) => Ok(Self { shift: false, ..chord }),
            _ => Ok(chord),
        }
    }
}

fn key(name: &str) -> Option<Key> {
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return (!only.is_control() && !only.is_whitespace()).then_some(Key::Char(only));
    }
    if name == "space" {
        return Some(Key::Char(' '));
    }
    if let Some(number) = name.strip_prefix('f').and_then(|digits| digits.parse().ok()) {
        return (1..=12).contains(&number).then_some(Key::F(number));
    }
    Key::NAMED.into_iter().find(|key| key.names().1 == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_again() {
        for text in ["j", "?", "space", "ctrl-d", "shift-tab", "alt-backspace", "f1", "-", "ctrl--"]
        {
            assert_eq!(text.parse::<Chord>().unwrap().to_string(), text);
        }
        for text in ["", "hyper-x", "ctrl-ctrl-x", "f13", "shift-a", "ctrl-", "\u{1b}", "jj"] {
            assert!(text.parse::<Chord>().is_err(), "{text}");
        }
    }

    #[test]
    fn signs_have_words_in_ascii() {
        let label = |text: &str, ascii| text.parse::<Chord>().unwrap().label(ascii);
        assert_eq!(label("shift-tab", false), "⇧⇥");
        assert_eq!(label("shift-tab", true), "shift-tab");
        assert_eq!(label("ctrl-d", false), "^d");
        assert_eq!(label("space", false), "space");
    }
}
