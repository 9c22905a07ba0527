//! Bytes from a terminal to chords and pasted text. Total: what is not a key (a terminal's late
//! replies, mouse reports, broken sequences) is dropped, so that it never answers a question.

use crate::keymap::{Chord, Key};

/// What somebody did at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A key with its modifiers.
    Chord(Chord),
    /// A bracketed paste, as it came.
    Paste(String),
}

/// A paste longer than this is cut, in bytes.
const PASTE_MAX: usize = 64 * 1024;
/// A terminal's reply longer than this is no reply, in bytes.
const REPLY_MAX: usize = 4 * 1024;

const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// The bytes read and not understood yet.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    bytes: Vec<u8>,
    pasting: Option<Vec<u8>>,
}

/// What stands at the front of the bytes.
enum Front {
    /// This many bytes make this; `None` for what is dropped.
    Whole(usize, Option<Typed>),
    /// More must come.
    Part,
}

impl Keys {
    /// Takes what was read.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether bytes wait for the rest of their sequence: an Escape key looks like the begin of
    /// one, so that its reader must wait a moment and then call [`Keys::next`] with `settled`.
    pub(crate) fn waits(&self) -> bool {
        !self.bytes.is_empty() && self.pasting.is_none()
    }

    /// The next key or paste; with `settled` no more bytes belong to those that wait.
    pub(crate) fn next(&mut self, settled: bool) -> Option<Typed> {
        loop {
            if self.pasting.is_some() {
                return self.paste();
            }
            match front(&self.bytes, settled) {
                Front::Part => return None,
                Front::Whole(count, typed) => {
                    let begins_paste = self.bytes.starts_with(b"\x1b[200~");
                    self.bytes.drain(..count.min(self.bytes.len()));
                    if begins_paste {
                        self.pasting = Some(Vec::new());
                    } else if typed.is_some() {
                        return typed;
                    }
                }
            }
        }
    }

    fn paste(&mut self) -> Option<Typed> {
        let end = self.bytes.windows(PASTE_END.len()).position(|part| part == PASTE_END);
        // The begin of the end mark may stand last: it waits for its rest.
        let ready = end.unwrap_or(self.bytes.len().saturating_sub(PASTE_END.len() - 1));
        let text = self.pasting.get_or_insert_default();
        let room = PASTE_MAX.saturating_sub(text.len());
        text.extend(self.bytes.drain(..ready).take(room));
        end?;
        self.bytes.drain(..PASTE_END.len());
        let text = self.pasting.take().unwrap_or_default();
        Some(Typed::Paste(String::from_utf8_lossy(&text).into_owned()))
    }
}

fn front(bytes: &[u8], settled: bool) -> Front {
    match bytes {
        [] => Front::Part,
        [ESC] if settled => key(1, Key::Esc),
        [ESC] => Front::Part,
        [ESC, b'[', rest @ ..] => csi(rest, settled),
        [ESC, b'O', rest @ ..] => ss3(rest, settled),
        [ESC, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => reply(bytes, rest, settled),
        [ESC, ESC, b'[' | b'O', ..] => alt(front(&bytes[1..], settled)),
        [ESC, ESC, ..] => key(1, Key::Esc),
        [ESC, rest @ ..] => alt(front(rest, settled)),
        [b'\r' | b'\n', ..] => key(1, Key::Enter),
        [b'\t', ..] => key(1, Key::Tab),
        [0x08 | 0x7f, ..] => key(1, Key::Backspace),
        [0, ..] => chord(1, ctrl(' ')),
        [byte @ 1..=26, ..] => chord(1, ctrl(char::from(byte - 1 + b'a'))),
        [byte @ 28..=31, ..] => chord(1, ctrl(char::from(byte - 28 + b'\\'))),
        _ => character(bytes, settled),
    }
}

fn key(count: usize, key: Key) -> Front {
    chord(count, Chord::key(key))
}

fn chord(count: usize, chord: Chord) -> Front {
    Front::Whole(count, Some(Typed::Chord(chord)))
}

const fn ctrl(letter: char) -> Chord {
    Chord { ctrl: true, ..Chord::char(letter) }
}

fn dropped(count: usize) -> Front {
    Front::Whole(count, None)
}

/// What follows an Escape that came with it.
fn alt(inner: Front) -> Front {
    match inner {
        Front::Whole(count, Some(Typed::Chord(inner))) => {
            chord(count + 1, Chord { alt: true, ..inner })
        }
        Front::Whole(count, _) => dropped(count + 1),
        Front::Part => Front::Part,
    }
}

/// `CSI`: parameters, intermediates, a final byte.
fn csi(rest: &[u8], settled: bool) -> Front {
    // The Linux console's F1 to F5.
    if let [b'[', letter @ b'A'..=b'E', ..] = rest {
        return key(4, Key::F(letter - b'A' + 1));
    }
    // Old mouse reports carry three bytes more; never asked for.
    if let [b'M', _, _, _, ..] = rest {
        return dropped(6);
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return unfinished(rest.is_empty(), rest.len() + 2, '[', settled);
    };
    let (parameters, last) = (&rest[..end], rest[end]);
    if !(0x40..=0x7e).contains(&last) {
        return dropped(end + 2); // Broken off: what interrupts it stays.
    }
    let typed = csi_key(parameters, last).map(Typed::Chord);
    Front::Whole(end + 3, typed)
}

/// A sequence whose end has not come: with `settled` it was a key with Alt, or is dropped.
fn unfinished(bare: bool, count: usize, introducer: char, settled: bool) -> Front {
    match (settled, bare) {
        (false, _) if count < REPLY_MAX => Front::Part,
        (true, true) => chord(2, Chord { alt: true, ..Chord::char(introducer) }),
        _ => dropped(count),
    }
}

fn csi_key(parameters: &[u8], last: u8) -> Option<Chord> {
    let text = std::str::from_utf8(parameters).ok()?;
    if text.starts_with(['<', '=', '>', '?']) {
        return None; // Mouse reports and replies.
    }
    let numbers: Vec<u32> = text
        .split(';')
        .map(|part| part.split(':').next().unwrap_or("").parse().unwrap_or(0))
        .collect();
    let number = |at: usize| numbers.get(at).copied().unwrap_or(0);
    let (key, modifiers) = match last {
        b'Z' => (Key::Tab, 2),
        b'u' => (unicode_key(number(0))?, number(1)),
        b'~' if number(0) == 27 => (unicode_key(number(2))?, number(1)),
        b'~' => (numbered_key(number(0))?, number(1)),
        letter => (lettered_key(letter)?, number(1)),
    };
    Some(with_modifiers(key, modifiers))
}

/// 1 + a bit each for Shift, Alt, Control.
fn with_modifiers(key: Key, modifiers: u32) -> Chord {
    let bits = modifiers.saturating_sub(1);
    let (shift, alt, ctrl) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
    match key {
        Key::Char(letter) if shift => {
            let upper = letter.to_uppercase().next().unwrap_or(letter);
            Chord { alt, ctrl, ..Chord::char(upper) }
        }
        key => Chord { key, ctrl, alt, shift },
    }
}

fn lettered_key(letter: u8) -> Option<Key> {
    Some(match letter {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'M' => Key::Enter,
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        // `R` with parameters is also the reply of a cursor position: F3 is not worth the risk.
        b'S' => Key::F(4),
        _ => return None,
    })
}

fn numbered_key(number: u32) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F(u8::try_from(number - 10).ok()?),
        17..=21 => Key::F(u8::try_from(number - 11).ok()?),
        23 | 24 => Key::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

fn unicode_key(code: u32) -> Option<Key> {
    Some(match code {
        9 => Key::Tab,
        13 => Key::Enter,
        27 => Key::Esc,
        127 => Key::Backspace,
        code => Key::Char(char::from_u32(code).filter(|letter| !letter.is_control())?),
    })
}

fn ss3(rest: &[u8], settled: bool) -> Front {
    match rest {
        [] => unfinished(true, 2, 'O', settled),
        [b'R', ..] => key(3, Key::F(3)),
        [letter, ..] => {
            Front::Whole(3, lettered_key(*letter).map(|key| Typed::Chord(Chord::key(key))))
        }
    }
}

/// `OSC`, `DCS` and their kin: a terminal's reply up to BEL or ST.
fn reply(bytes: &[u8], rest: &[u8], settled: bool) -> Front {
    let end = rest.iter().position(|&byte| byte < 0x20);
    match end.map(|at| (at, &rest[at..])) {
        Some((at, [0x07, ..])) => dropped(at + 3),
        Some((at, [ESC, b'\\', ..])) => dropped(at + 4),
        // Its rest may come late: it is waited for.
        None if !rest.is_empty() && rest.len() < REPLY_MAX => Front::Part,
        Some((_, [ESC])) => Front::Part,
        // Another key breaks it off.
        Some((at, _)) if at > 0 => dropped(at + 2),
        _ => unfinished(true, 2, char::from(bytes[1]), settled || end.is_some()),
    }
}

/// A character of UTF-8; what is none is dropped.
fn character(bytes: &[u8], settled: bool) -> Front {
    let head = &bytes[..bytes.len().min(4)];
    let (text, cut_short) = match std::str::from_utf8(head) {
        Ok(text) => (text, false),
        Err(error) => (
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or(""),
            error.error_len().is_none(),
        ),
    };
    match text.chars().next() {
        Some(letter) if letter.is_control() => dropped(letter.len_utf8()),
        Some(letter) => key(letter.len_utf8(), Key::Char(letter)),
        None if cut_short && !settled => Front::Part,
        None => dropped(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a terminal sends, as the words of a keymap; pastes in quotes.
    fn typed(bytes: &[u8]) -> String {
        let mut keys = Keys::default();
        keys.feed(bytes);
        std::iter::from_fn(|| keys.next(true)).map(word).collect::<Vec<_>>().join(" ")
    }

    fn word(typed: Typed) -> String {
        match typed {
            Typed::Chord(chord) => chord.to_string(),
            Typed::Paste(text) => format!("{text:?}"),
        }
    }

    #[test]
    fn keys_of_every_kind_of_terminal() {
        assert_eq!(
            typed(
                b"j
	"
            ),
            "j enter tab backspace"
        );
        assert_eq!(typed("é語".as_bytes()), "é 語");
        assert_eq!(typed(b""), "ctrl-c ctrl-z ctrl-\\");
        assert_eq!(typed(b"[AOB[1;5C"), "up down ctrl-right");
        assert_eq!(typed(b"[5~[6~[3~"), "page-up page-down delete");
        assert_eq!(typed(b"OP[11~[[A[24~"), "f1 f1 f1 f12");
        assert_eq!(typed(b"[Z[1;2A"), "shift-tab shift-up");
        assert_eq!(typed(b"x[A"), "alt-x alt-up");
        assert_eq!(typed(b"[97;5u[27;5;13~"), "ctrl-a ctrl-enter");
    }

    #[test]
    fn escape_alone_is_a_key_once_nothing_follows() {
        let mut keys = Keys::default();
        keys.feed(b"");
        assert_eq!(keys.next(false), None);
        assert!(keys.waits());
        assert_eq!(keys.next(true).map(word).as_deref(), Some("esc"));
        keys.feed(b"");
        assert_eq!(keys.next(false), None);
        keys.feed(b"[B");
        assert_eq!(keys.next(false).map(word).as_deref(), Some("down"));
    }

    #[test]
    fn late_replies_of_a_terminal_answer_nothing() {
        assert_eq!(typed(b"a]11;rgb:1818/1818/2525\\b"), "a b");
        assert_eq!(typed(b"a]10;rgb:cd/d6/f4b"), "a b");
        assert_eq!(typed(b"a[?62;22c[24;80R[?2026;2$yb"), "a b");
        assert_eq!(typed(b"aP>|xterm(390)\\b[<0;5;7Mc[I"), "a b c");
        // Cut in two by a slow line.
        let mut keys = Keys::default();
        keys.feed(b"]11;rgb:18");
        assert_eq!(keys.next(true), None);
        keys.feed(b"18/1818c");
        assert_eq!(keys.next(true).map(word).as_deref(), Some("c"));
    }

    #[test]
    fn a_paste_is_text_whatever_it_holds() {
        assert_eq!(typed(b"[200~q\r[A[201~x"), r#""q\r\u{1b}[A" x"#);
        let mut keys = Keys::default();
        keys.feed(b"[200~ab[20");
        assert_eq!(keys.next(true), None);
        keys.feed(b"1~");
        assert_eq!(keys.next(true), Some(Typed::Paste("ab".into())));
    }

    proptest! {
        /// Whatever comes, in whatever parts, the reader neither hangs nor grows.
        #[test]
        fn any_bytes_are_taken(parts in prop::collection::vec(prop::collection::vec(
            prop_oneof![Just(0x1b), Just(b'['), Just(b']'), Just(b'O'), Just(b';'), any::<u8>()], 0..12),
            0..12)) {
            let mut keys = Keys::default();
            for part in parts {
                keys.feed(&part);
                while keys.next(false).is_some() {}
            }
            while keys.next(true).is_some() {}
            prop_assert!(keys.bytes.len() < REPLY_MAX);
        }
    }
}
