//! Lines of running text: broken where Unicode's line breaking algorithm (UAX 14) allows, never
//! inside a grapheme cluster, never inside a word that fits.

use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::GraphemeCursor;

use super::inline::Flow;

/// Where lines go.
pub(super) trait Column {
    /// The cells of the next line.
    fn space(&self) -> usize;
    /// The cells of the lines after the next.
    fn steady_space(&self) -> usize;
    /// Takes a line.
    fn line(&mut self, flow: &Flow, line: Line);
}

/// Bytes of a flow's text that stand on one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line was broken at a soft hyphen, which now shows.
    pub(super) hyphen: bool,
}

/// Breaks `flow` into the lines of `column`.
pub(super) fn wrap(flow: &Flow, column: &mut impl Column) {
    let mut open = Open::default();
    let mut from = 0;
    each_word(flow, |to, forced| {
        open.word(flow, Word::of(flow, from, to), column);
        if forced {
            open.emit(flow, column, true);
            open.restart(to);
        }
        from = to;
    });
    if open.filled {
        open.emit(flow, column, false);
    }
}

/// The widest that `flow` gets without breaking it, and its widest unbreakable word.
pub(super) fn extent(flow: &Flow) -> Extent {
    let mut extent = Extent::default();
    let (mut line, mut from) = (0, 0);
    let (mut joined, mut spaced) = (0, true);
    each_word(flow, |to, forced| {
        let word = Word::of(flow, from, to);
        let cells = word.cells + usize::from(word.soft);
        extent.line = extent.line.max(line + cells);
        extent.part = extent.part.max(cells);
        joined = if spaced { cells } else { joined + cells };
        extent.word = extent.word.max(joined);
        spaced = word.blanks > 0 || forced;
        line = if forced { 0 } else { line + word.cells + word.blanks };
        from = to;
    });
    extent
}

/// How much room a flow wants.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// The cells of its widest line if nothing is broken.
    pub(super) line: usize,
    /// The cells of its widest word between blanks.
    pub(super) word: usize,
    /// The cells of its widest part between two places where a line may break.
    pub(super) part: usize,
}

/// Calls `found(end, forced)` for each part of the text between two places to break at.
fn each_word(flow: &Flow, mut found: impl FnMut(usize, bool)) {
    let text = flow.text();
    for (end, opportunity) in linebreaks(text) {
        let last = end >= text.len();
        let forced = opportunity == BreakOpportunity::Mandatory && (!last || text.ends_with('\n'));
        if forced || last || may_break(flow, end) {
            found(end, forced && !last);
        }
    }
}

/// What UAX 14 leaves to taste: options (`-n`), words of code and addresses stay whole, and so do
/// clusters; a unit stays beside its number.
fn may_break(flow: &Flow, at: usize) -> bool {
    let bytes = flow.text().as_bytes();
    let byte = |index: Option<usize>| index.and_then(|index| bytes.get(index));
    let before = byte(at.checked_sub(1)).copied().unwrap_or(b' ');
    let in_word = before != b' ' && before.is_ascii();
    if in_word && (flow.is_code_at(at) || in_address(bytes, at)) {
        return false;
    }
    let two_before = byte(at.checked_sub(2));
    if before == b'-' && !is_letter(two_before) {
        return false;
    }
    if before == b' '
        && two_before.is_some_and(u8::is_ascii_digit)
        && is_unit(bytes.get(at..).unwrap_or(&[]))
    {
        return false;
    }
    bytes.get(at).is_none_or(u8::is_ascii) || at_cluster(flow, at)
}

/// Whether a text begins with a unit of time, of data or a share.
fn is_unit(text: &[u8]) -> bool {
    const UNITS: [&str; 13] =
        ["%", "ns", "ms", "s", "min", "h", "B", "KB", "MB", "GB", "TB", "GB-s", "USD"];
    let is_in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'-');
    let length = text.iter().take_while(is_in_word).count();
    let word = text.get(..length).unwrap_or(&[]);
    let goes_on = text.get(length).is_some_and(|byte| !byte.is_ascii());
    !goes_on && UNITS.iter().any(|unit| unit.as_bytes() == word)
}

/// Whether the word around `at` is an address (`https://…`), as far as can be seen from there.
fn in_address(bytes: &[u8], at: usize) -> bool {
    const SIGHT: usize = 200;
    let before = bytes.get(at.saturating_sub(SIGHT)..at).unwrap_or(&[]);
    let word = before.rsplit(|&byte| byte == b' ').next().unwrap_or(&[]);
    word.windows(3).any(|three| three == b"://")
}

fn is_letter(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

fn at_cluster(flow: &Flow, at: usize) -> bool {
    let text = flow.text();
    flow.is_edge(at)
        || GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

/// A part that is not broken if it fits, and the blanks after it.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    /// Where its visible part ends.
    end: usize,
    cells: usize,
    blanks: usize,
    /// It ends in a soft hyphen, which takes a cell if the line breaks there.
    soft: bool,
}

impl Word {
    fn of(flow: &Flow, start: usize, next: usize) -> Self {
        let text = flow.slice(start, next);
        let shown = text.trim_end_matches([' ', '\n']);
        let end = start + shown.len();
        let blanks = text.len() - shown.len();
        Self { start, end, cells: flow.cells(start, end), blanks, soft: shown.ends_with('\u{ad}') }
    }
}

/// The line that is being filled.
#[derive(Default)]
struct Open {
    start: usize,
    end: usize,
    cells: usize,
    /// Something stands on it.
    filled: bool,
    soft: bool,
}

impl Open {
    fn restart(&mut self, at: usize) {
        *self = Self { start: at, end: at, cells: 0, filled: false, soft: false };
    }

    fn emit(&mut self, flow: &Flow, column: &mut impl Column, forced: bool) {
        let hyphen = self.soft && !forced;
        column.line(flow, Line { start: self.start, end: self.end, hyphen });
    }

    fn word(&mut self, flow: &Flow, word: Word, column: &mut impl Column) {
        let needed = word.cells + usize::from(word.soft);
        if self.filled && self.cells + needed > column.space() {
            self.emit(flow, column, false);
            self.restart(word.start);
        }
        let mut cells = word.cells;
        if !self.filled {
            if self.cells + needed > column.space() {
                self.restart(word.start);
            }
            if needed > column.space() && needed <= column.steady_space() {
                column.line(flow, Line { start: word.start, end: word.start, hyphen: false });
            }
            if needed > column.space() {
                cells = self.overlong(flow, word, column);
            }
        }
        self.cells += cells + word.blanks;
        self.soft = word.soft;
        if word.end > word.start {
            self.end = word.end;
            self.filled = true;
        }
    }

    /// Splits a word that no line takes, between clusters. What remains begins at `self.start`;
    /// gives its cells.
    fn overlong(&mut self, flow: &Flow, word: Word, column: &mut impl Column) -> usize {
        // Where the line may end without offending the next one, and the cells up to there.
        let (mut safe, mut safe_cells) = (word.start, 0);
        let (mut at, mut cells) = (word.start, 0);
        for (cluster, wide) in flow.clusters(word.start, word.end) {
            while cells + wide > column.space() && at > self.start {
                let cut = if safe > self.start { (safe, safe_cells) } else { (at, cells) };
                column.line(flow, Line { start: self.start, end: cut.0, hyphen: false });
                self.start = cut.0;
                cells -= cut.1;
                (safe, safe_cells) = (cut.0, 0);
            }
            cells += wide;
            at += cluster.len();
            let next = flow.slice(at, word.end).chars().next();
            if !cluster.ends_with(is_opening) && !next.is_some_and(is_closing) {
                (safe, safe_cells) = (at, cells);
            }
        }
        cells
    }
}

/// What no line ends with.
fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '「' | '『' | '（' | '【' | '《' | '〈' | '［' | '｛' | '“' | '‘' | '«'
    )
}

/// What no line starts with.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '}'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '］'
            | '｝'
            | '”'
            | '’'
            | '»'
            | '。'
            | '、'
            | '，'
            | '．'
            | '！'
            | '？'
            | '：'
            | '；'
            | '.'
            | ','
            | '!'
            | '?'
            | ':'
            | ';'
            | '…'
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Role, wrap_inlines};
    use crate::diagnostic::Span;
    use crate::markdown::{Inline, InlineKind};

    fn wrapped(text: &str, cells: usize) -> Vec<String> {
        let span = Span::new(0, text.len());
        let inlines = [Inline { kind: InlineKind::Text(text.to_owned()), span }];
        wrap_inlines(&inlines, cells, Role::Body).iter().map(super::super::Row::text).collect()
    }

    #[test]
    fn lines_break_at_blanks_and_never_inside_a_word_that_fits() {
        assert_eq!(wrapped("cold starts are slow", 11), ["cold starts", "are slow"]);
        assert_eq!(wrapped("a keep-alive of", 9), ["a keep-", "alive of"]);
        assert_eq!(wrapped("use -n or --flag here", 8), ["use -n", "or", "--flag", "here"]);
        assert_eq!(wrapped("at https://a.b/c-d?e", 17), ["at", "https://a.b/c-d?e"]);
        assert_eq!(wrapped("it took 250 ms, or 12 %", 11), ["it took", "250 ms, or", "12 %"]);
        assert_eq!(wrapped("in 2 steps of 4 sorts", 6), ["in 2", "steps", "of 4", "sorts"]);
        assert_eq!(wrapped("one verylongword two", 6), ["one", "verylo", "ngword", "two"]);
    }

    #[test]
    fn chinese_and_japanese_break_between_characters_but_not_before_a_full_stop() {
        assert_eq!(wrapped("今日は、世界。", 6), ["今日", "は、世", "界。"]);
        assert_eq!(wrapped("これは「鍵」です", 8), ["これは", "「鍵」で", "す"]);
        assert_eq!(wrapped("abcdefgh。", 8), ["abcdefg", "h。"]);
    }

    #[test]
    fn clusters_stay_whole() {
        assert_eq!(wrapped("👩‍👩‍👧👩‍👩‍👧", 3), ["👩‍👩‍👧", "👩‍👩‍👧"]);
        assert_eq!(wrapped("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn a_soft_hyphen_shows_where_the_line_breaks_there() {
        assert_eq!(wrapped("Rechen\u{ad}zentrum", 8), ["Rechen-", "zentrum"]);
        assert_eq!(wrapped("Rechen\u{ad}zentrum", 20), ["Rechenzentrum"]);
    }
}
