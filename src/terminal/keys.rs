//! Keys as crossterm reads them, in words of our own.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::keymap::{Chord, Key};

/// What somebody did at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A key with its modifiers.
    Chord(Chord),
    /// A bracketed paste, as it came.
    Paste(String),
}

impl Typed {
    /// What an event says, if it is one of the keyboard.
    pub(crate) fn of(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Self::Chord),
            Event::Paste(text) => Some(Self::Paste(text)),
            _ => None,
        }
    }
}

fn chord(KeyEvent { code, modifiers, .. }: KeyEvent) -> Option<Chord> {
    let held = |modifier| modifiers.contains(modifier);
    let (ctrl, alt) = (held(KeyModifiers::CONTROL), held(KeyModifiers::ALT));
    let mut shift = held(KeyModifiers::SHIFT);
    let key = match code {
        KeyCode::Char(character) => {
            // Shift is in the character.
            shift = false;
            Key::Char(character)
        }
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => {
            shift = true;
            Key::Tab
        }
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(number @ 1..=12) => Key::F(number),
        _ => return None,
    };
    Some(Chord { key, ctrl, alt, shift })
}

/// Drops a terminal's late reply to a question about its colours (OSC 10, 11), which crossterm
/// hands on as keys: Alt-`]`, its characters, and Alt-`\` or ^G. A question must not be answered
/// by it. Used only where a terminal was asked and did not answer in time.
#[derive(Debug, Default)]
pub(crate) struct LateReply {
    inside: bool,
    length: usize,
}

/// A reply is no longer than this, in characters.
const REPLY_MAX: usize = 64;

impl LateReply {
    /// Whether the event is part of a late reply.
    pub(crate) fn holds(&mut self, event: &Event) -> bool {
        let Event::Key(KeyEvent { code: KeyCode::Char(character), modifiers, .. }) = event else {
            self.inside = false;
            return false;
        };
        let (alt, ctrl) = (*modifiers == KeyModifiers::ALT, *modifiers == KeyModifiers::CONTROL);
        match (self.inside, character) {
            (false, ']') if alt => *self = Self { inside: true, length: 0 },
            (true, '\\') if alt => self.inside = false,
            (true, 'g') if ctrl => self.inside = false,
            (true, _) if self.length < REPLY_MAX => self.length += 1,
            _ => {
                self.inside = false;
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn typed(code: KeyCode, modifiers: KeyModifiers) -> String {
        match Typed::of(key(code, modifiers)) {
            Some(Typed::Chord(chord)) => chord.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn chords_are_named_as_in_the_keymap() {
        assert_eq!(typed(KeyCode::Char('T'), KeyModifiers::SHIFT), "T");
        assert_eq!(typed(KeyCode::Char('d'), KeyModifiers::CONTROL), "ctrl-d");
        assert_eq!(typed(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab");
        assert_eq!(typed(KeyCode::Up, KeyModifiers::SHIFT), "shift-up");
        assert_eq!(typed(KeyCode::F(1), KeyModifiers::NONE), "f1");
        assert_eq!(typed(KeyCode::Null, KeyModifiers::NONE), "None");
        assert_eq!(Typed::of(Event::FocusGained), None);
    }

    #[test]
    fn a_late_reply_answers_nothing() {
        let mut late = LateReply::default();
        let mut kept = String::new();
        let mut feed = |character: char, modifiers| {
            if !late.holds(&key(KeyCode::Char(character), modifiers)) {
                kept.push(character);
            }
        };
        feed('a', KeyModifiers::NONE);
        for (end, modifier) in [('\\', KeyModifiers::ALT), ('g', KeyModifiers::CONTROL)] {
            feed(']', KeyModifiers::ALT);
            "11;rgb:1818/1818/2525".chars().for_each(|c| feed(c, KeyModifiers::NONE));
            feed(end, modifier);
            feed('b', KeyModifiers::NONE);
        }
        assert_eq!(kept, "abb");
    }
}
