//! The marks that the typesetter adds to a text, in two alphabets.

use crate::markdown::CalloutKind;

/// One alphabet of marks.
pub(super) struct Glyphs {
    /// Bullets by depth; the last one serves all deeper lists.
    pub(super) bullets: [&'static str; 3],
    /// An open task.
    pub(super) open: &'static str,
    /// A done task.
    pub(super) done: &'static str,
    /// The bar of a quote.
    pub(super) quote: &'static str,
    /// The bar of a callout.
    pub(super) bar: &'static str,
    /// A thin line: rules, tables, the second level of headings.
    pub(super) thin: &'static str,
    /// A heavy line: the first level of headings.
    pub(super) heavy: &'static str,
    /// A broken line: deeper headings.
    pub(super) broken: &'static str,
    /// A line of code goes on here.
    pub(super) wrapped: &'static str,
    /// What can be unfolded.
    pub(super) folded: &'static str,
    /// What can be folded.
    pub(super) unfolded: &'static str,
    /// Back to where a footnote was mentioned.
    pub(super) back: &'static str,
    /// An image.
    pub(super) image: &'static str,
    /// What the text says about itself.
    pub(super) notice: &'static str,
    /// More to the left, more to the right.
    pub(super) more: [&'static str; 2],
    /// A box: top left, top right, bottom left, bottom right, horizontal, vertical.
    pub(super) frame: [&'static str; 6],
}

/// For terminals that know Unicode.
pub(super) static UNICODE: Glyphs = Glyphs {
    bullets: ["•", "◦", "▪"],
    open: "☐",
    done: "☑",
    quote: "▏ ",
    bar: "▌ ",
    thin: "─",
    heavy: "━",
    broken: "╌",
    wrapped: "↪ ",
    folded: "▸ ",
    unfolded: "▾ ",
    back: "↩",
    image: "▨\u{a0}",
    notice: "▲ ",
    more: ["◂", "▸"],
    frame: ["╭", "╮", "╰", "╯", "─", "│"],
};

/// For all others.
pub(super) static ASCII: Glyphs = Glyphs {
    bullets: ["*", "-", "+"],
    open: "[ ]",
    done: "[x]",
    quote: "> ",
    bar: "| ",
    thin: "-",
    heavy: "=",
    broken: "~",
    wrapped: "\\ ",
    folded: "+ ",
    unfolded: "- ",
    back: "^",
    image: "#\u{a0}",
    notice: "! ",
    more: ["<", ">"],
    frame: ["+", "+", "+", "+", "-", "|"],
};

/// The glyph and the word of a callout: never colour alone.
pub(super) fn callout(kind: CalloutKind, ascii: bool) -> (&'static str, &'static str) {
    let (unicode, plain, word) = match kind {
        CalloutKind::Note => ("◇", "i", "Note"),
        CalloutKind::Tip => ("✦", "*", "Tip"),
        CalloutKind::Important => ("◆", "!", "Important"),
        CalloutKind::Warning => ("▲", "!!", "Warning"),
        CalloutKind::Caution => ("■", "!!!", "Caution"),
    };
    (if ascii { plain } else { unicode }, word)
}

/// `number` as a raised mark.
pub(super) fn raised(number: usize, ascii: bool) -> String {
    let digits = number.to_string();
    if ascii { format!("[{digits}]") } else { superscript(&digits).unwrap_or(digits) }
}

/// `text` raised, if each of its characters has a raised form.
pub(super) fn superscript(text: &str) -> Option<String> {
    translate(text, "0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
}

/// `text` lowered, if each of its characters has a lowered form.
pub(super) fn subscript(text: &str) -> Option<String> {
    translate(text, "0123456789+-=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ")
}

fn translate(text: &str, from: &str, to: &str) -> Option<String> {
    let pair = |c| from.chars().zip(to.chars()).find(|&(plain, _)| plain == c);
    text.chars().map(|c| pair(c).map(|(_, moved)| moved)).collect()
}

/// A drawing's character in ASCII, of the same width; others stay.
pub(super) fn drawn_in_ascii(c: char) -> char {
    match c {
        '─' | '━' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍' | '═' | '╴' | '╶' | '╸' | '╺' | '╼' | '╾' => {
            '-'
        }
        '│' | '┃' | '┆' | '┇' | '┊' | '┋' | '╎' | '╏' | '║' | '╵' | '╷' | '╹' | '╻' | '╽' | '╿' => {
            '|'
        }
        '╱' => '/',
        '╲' => '\\',
        '╳' | '✗' | '✘' | '✕' => 'x',
        '░' | '·' => '.',
        '↓' | '▼' | '▾' | '✓' | '✔' => 'v',
        '\u{2500}'..='\u{257f}' => '+',
        '▒' => ':',
        '\u{2580}'..='\u{259f}' | '■' | '▪' => '#',
        '\u{2800}' => ' ',
        '\u{2801}'..='\u{28ff}' | '●' | '•' | '◆' => '*',
        '○' | '◦' | '◇' => 'o',
        '←' | '◀' | '◂' | '◄' => '<',
        '→' | '▶' | '▸' | '►' => '>',
        '↑' | '▲' | '▴' => '^',
        _ => c,
    }
}
