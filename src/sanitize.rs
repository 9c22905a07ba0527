//! The one gate between other people's text and a terminal, a pipe or a log.
//!
//! Lessons are shared files, so nothing in them may reach a terminal as a control character, turn
//! the reading direction or hide text. What goes through here is shown or gone:
//!
//! | character | becomes |
//! |---|---|
//! | C0 controls, DEL | their pictures: `␛`, `␇`, `␡` |
//! | C1 controls, bidi marks, overrides and isolates, line and paragraph separators | `<U+009B>`, `<U+202E>` |
//! | zero-width, tag and other invisible characters | nothing |
//! | ZWJ, ZWNJ, variation selectors, flag tags | themselves where a script or an emoji needs them |
//! | a grapheme cluster of more than 64 bytes | its beginning and `…` |
//!
//! Whatever was through it once passes unchanged a second time.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

/// The most bytes one grapheme cluster may have.
const CLUSTER_BYTES: usize = 64;
const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';
const BLACK_FLAG: char = '\u{1F3F4}';
const CANCEL_TAG: char = '\u{E007F}';

/// `text` without anything that a terminal could obey or that would hide text. Line feeds and tabs
/// stay, and a carriage return before a line feed goes.
pub fn text(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    decide(text, |_, c, fate| match fate {
        Fate::Keep => out.push(c),
        Fate::Gone | Fate::LineEnd => {}
        Fate::Picture(picture) => out.push(picture),
        Fate::Number => write_number(&mut out, c),
    });
    if has_long_run(&out) {
        out = cap_clusters(&out);
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// As [`text`], on one line: each line end and each tab is a space.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|b| matches!(b, b'\n' | b'\r' | b'\t')) {
        return self::text(text);
    }
    let spaced = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    Cow::Owned(self::text(&spaced).into_owned())
}

/// Where `text` holds what [`text`] does not let through: the byte offset of each such character,
/// in order, and the character. Of an overlong cluster it is the first character that is cut.
pub fn findings(text: &str) -> Vec<(usize, char)> {
    if is_plain(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    decide(text, |at, c, fate| {
        if !matches!(fate, Fate::Keep | Fate::LineEnd) {
            found.push((at, c));
        }
    });
    if has_long_run(text) {
        for (at, cluster) in text.grapheme_indices(true) {
            if cluster.len() > CLUSTER_BYTES {
                let kept = kept_of_cluster(cluster).len();
                let first_cut = cluster.get(kept..).and_then(|cut| cut.chars().next());
                found.extend(first_cut.map(|c| (at + kept, c)));
            }
        }
        found.sort_unstable();
        found.dedup();
    }
    found
}

/// What happens to one character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    Gone,
    /// A carriage return that only belongs to the line feed after it.
    LineEnd,
    Picture(char),
    Number,
}

/// Whether nothing in `text` needs a closer look: the fast path for nearly all of it.
fn is_plain(text: &str) -> bool {
    // Without an early exit inside a chunk this is done many bytes at a time.
    let is_plain_ascii = |b: u8| matches!(b, b' '..=b'~' | b'\n' | b'\t');
    let others = |chunk: &[u8]| chunk.iter().filter(|&&b| !is_plain_ascii(b)).count();
    if text.as_bytes().chunks(32).all(|chunk| others(chunk) == 0) {
        return true;
    }
    let mut run = Stretch::default();
    text.chars().all(|c| !needs_a_look(c) && run.with(c))
}

/// Whether `text` may hold a cluster of more than [`CLUSTER_BYTES`].
fn has_long_run(text: &str) -> bool {
    let mut run = Stretch::default();
    !text.chars().all(|c| run.with(c))
}

/// The bytes since a character that surely began a cluster.
#[derive(Default)]
struct Stretch {
    bytes: usize,
    is_after_prepended: bool,
}

impl Stretch {
    /// Goes on to `c`; false if it may be in an overlong cluster.
    fn with(&mut self, c: char) -> bool {
        if starts_a_cluster(c) && !self.is_after_prepended {
            self.bytes = 0;
            return true;
        }
        self.bytes += c.len_utf8();
        self.is_after_prepended = is_prepended(c);
        self.bytes <= CLUSTER_BYTES - 8
    }
}

/// Marks that stand in one cluster with the character after them (`Grapheme_Cluster_Break=Prepend`).
const fn is_prepended(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
        | '\u{D4E}' | '\u{110BD}' | '\u{110CD}' | '\u{111C2}'..='\u{111C3}' | '\u{113D1}'
        | '\u{1193F}' | '\u{11941}' | '\u{11A3A}' | '\u{11A84}'..='\u{11A89}' | '\u{11D46}'
        | '\u{11F02}')
}

/// Whether `c` surely begins a grapheme cluster after anything but a prepended mark: common letters,
/// signs and lines of drawings only, since this is what makes the fast path fast. Pictographs are
/// none of them: they may go on after a joiner.
const fn starts_a_cluster(c: char) -> bool {
    matches!(c,
        '\n' | '\t' | ' '..='~' | '\u{A0}'..='\u{24F}' | '\u{370}'..='\u{482}'
        | '\u{48A}'..='\u{52F}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203B}'
        | '\u{2190}'..='\u{2193}' | '\u{2200}'..='\u{22FF}' | '\u{2500}'..='\u{25A9}'
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9D}')
        && c != '\u{AD}'
}

/// Whether `c` is a control, invisible, or a character whose place decides.
fn needs_a_look(c: char) -> bool {
    match c {
        ' '..='~' | '\n' | '\t' => false,
        '\u{A0}'..='\u{2FF}' => c == '\u{AD}',
        _ => outright(c) != Fate::Keep || depends(c),
    }
}

/// Whether the neighbours of `c` decide whether it stays.
const fn depends(c: char) -> bool {
    matches!(c, ZWNJ | ZWJ | '\u{FE00}'..='\u{FE0F}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
        || is_tag(c)
}

/// The fate of `c` wherever it stands; those that [`depends`] names count as kept here.
const fn outright(c: char) -> Fate {
    match c {
        '\n' | '\t' => Fate::Keep,
        '\0'..='\u{1F}' => match char::from_u32(0x2400 + c as u32) {
            Some(picture) => Fate::Picture(picture),
            None => Fate::Gone,
        },
        '\u{7F}' => Fate::Picture('\u{2421}'),
        // C1; Arabic letter mark; left-to-right and right-to-left marks; line and paragraph
        // separators with the embeddings and overrides; isolates and the deprecated controls.
        '\u{80}'..='\u{9F}'
        | '\u{61C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2066}'..='\u{206F}' => Fate::Number,
        _ if is_invisible(c) => Fate::Gone,
        _ => Fate::Keep,
    }
}

/// Characters that show nothing and that no script of the tables below needs.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        // Soft hyphen, grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian separator.
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        // Zero-width space, word joiner and invisible operators, Hangul fillers.
        | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        // Interlinear annotation and its unassigned neighbours; hieroglyph, shorthand and music
        // controls.
        | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}')
        // Everything of plane 14 but the tags: variation selectors 17 to 256, unassigned.
        || (matches!(c, '\u{E0000}'..='\u{EFFFF}') && !is_tag(c))
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..=CANCEL_TAG)
}

fn write_number(out: &mut String, c: char) {
    // Writing to a string does not fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}

/// Gives each character of `text` with its offset and its fate to `each`.
fn decide(text: &str, mut each: impl FnMut(usize, char, Fate)) {
    let mut kept = Kept::default();
    let mut flag_until = 0;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let rest = chars.as_str();
        let fate = if c == '\r' && rest.starts_with('\n') {
            Fate::LineEnd
        } else if !depends(c) {
            outright(c)
        } else {
            let stays = match c {
                ZWNJ | ZWJ => joiner_stays(c, kept, rest),
                _ if is_tag(c) => at < flag_until,
                _ => selector_stays(c, kept.last),
            };
            if stays { Fate::Keep } else { Fate::Gone }
        };
        if c == BLACK_FLAG {
            flag_until = at + c.len_utf8() + flag_tags(rest);
        }
        each(at, c, fate);
        kept.take(c, fate);
    }
}

/// The last characters that went through: what a joiner or a selector leans on.
#[derive(Clone, Copy, Default)]
struct Kept {
    last: Option<char>,
    /// The last one that is no mark on another: the base that an emoji sequence continues.
    base: Option<char>,
}

impl Kept {
    fn take(&mut self, c: char, fate: Fate) {
        match fate {
            Fate::Gone | Fate::LineEnd => return,
            Fate::Picture(picture) => self.last = Some(picture),
            Fate::Number => self.last = Some('>'),
            Fate::Keep => self.last = Some(c),
        }
        if !matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}') && !is_tag(c) {
            self.base = self.last;
        }
    }
}

/// Between two pictographs, or between two letters of a script that joins.
fn joiner_stays(joiner: char, kept: Kept, rest: &str) -> bool {
    let Some(next) = rest.chars().find(|&c| outright(c) != Fate::Gone) else { return false };
    let (Some(last), Some(base)) = (kept.last, kept.base) else { return false };
    let in_a_script = joins(last) && joins(next);
    in_a_script || (joiner == ZWJ && is_pictograph(base) && is_pictograph(next))
}

/// A presentation selector after a pictograph or a keycap's base, a Mongolian one after Mongolian.
fn selector_stays(selector: char, last: Option<char>) -> bool {
    let Some(last) = last else { return false };
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => matches!(last, '0'..='9' | '#' | '*') || is_pictograph(last),
        '\u{180B}'..='\u{180F}' => matches!(last, '\u{1820}'..='\u{18AA}'),
        _ => false,
    }
}

/// The bytes of the tags after a black flag, if they and their end make a valid flag of a region's
/// part, as in England's; otherwise 0.
fn flag_tags(rest: &str) -> usize {
    let tags = rest.chars().take_while(|&c| is_tag(c) && c != CANCEL_TAG).count();
    let letters = rest.chars().take(2).all(|c| matches!(c, '\u{E0061}'..='\u{E007A}'));
    let part = rest
        .chars()
        .take(tags)
        .all(|c| matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}'));
    let ended = rest.chars().nth(tags) == Some(CANCEL_TAG);
    if (3..=6).contains(&tags) && letters && part && ended {
        (tags + 1) * CANCEL_TAG.len_utf8()
    } else {
        0
    }
}

/// Whether `c` is an emoji that takes part in sequences (`Extended_Pictographic`). The rules of
/// cluster segmentation know: only such a character stays in one cluster after a pictograph and a
/// joiner.
fn is_pictograph(c: char) -> bool {
    if c.is_ascii() || c.is_alphanumeric() || depends(c) {
        return false;
    }
    let mut alone = String::from("a");
    alone.push(c);
    let mut joined = String::from("\u{231A}\u{200D}");
    joined.push(c);
    alone.graphemes(true).count() == 2 && joined.graphemes(true).count() == 1
}

/// Whether `c` is a letter or a mark of a script whose spelling needs ZWJ or ZWNJ: Arabic, Syriac,
/// N'Ko, Mandaic and their kin, the Indic scripts, Tibetan, Myanmar, Khmer, Mongolian.
fn joins(c: char) -> bool {
    if depends(c) || outright(c) != Fate::Keep {
        return false;
    }
    match c {
        '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' => true,
        '\u{620}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
            c.is_alphabetic()
        }
        // Viramas and nuktas are no letters by Unicode's count, so whole blocks.
        '\u{900}'..='\u{DFF}'
        | '\u{F00}'..='\u{FFF}'
        | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{17FF}'
        | '\u{1820}'..='\u{18AA}'
        | '\u{1900}'..='\u{1CFF}'
        | '\u{A800}'..='\u{A9FF}'
        | '\u{AA00}'..='\u{AADF}'
        | '\u{ABC0}'..='\u{ABFF}'
        | '\u{10A00}'..='\u{10A5F}'
        | '\u{11000}'..='\u{11FFF}' => !matches!(c, '\u{964}' | '\u{965}'),
        _ => false,
    }
}

/// `text` with every overlong cluster cut and marked.
fn cap_clusters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        if cluster.len() <= CLUSTER_BYTES {
            out.push_str(cluster);
        } else {
            out.push_str(kept_of_cluster(cluster));
            out.push('…');
        }
    }
    out
}

/// The beginning of an overlong cluster that stays: short enough to take `…`, and without a joiner
/// or half a flag at its end.
fn kept_of_cluster(cluster: &str) -> &str {
    let room = cluster.floor_char_boundary(CLUSTER_BYTES - '…'.len_utf8());
    let kept = cluster.get(..room).unwrap_or("");
    kept.trim_end_matches(|c| matches!(c, ZWJ | ZWNJ) || is_tag(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn controls_become_pictures_and_numbers() {
        assert_eq!(text("a\u{1b}[31mb\u{7}\u{8}\u{7f}"), "a␛[31mb␇␈␡");
        assert_eq!(text("\u{9b}31m \u{202e}gnp.exe"), "<U+009B>31m <U+202E>gnp.exe");
        assert_eq!(text("a\u{2028}b\u{200f}c\u{2066}d"), "a<U+2028>b<U+200F>c<U+2066>d");
    }

    #[test]
    fn invisible_characters_go() {
        assert_eq!(text("pass\u{200b}word\u{feff}\u{ad}\u{2060}"), "password");
        assert_eq!(text("a\u{e0041}\u{e0042}b\u{e0100}\u{fe00}"), "ab");
    }

    #[test]
    fn line_ends() {
        assert_eq!(text("a\r\nb\tc\rd"), "a\nb\tc␍d");
        assert_eq!(line("a\r\nb\tc\rd\n"), "a b c d ");
        assert!(matches!(line("plain"), Cow::Borrowed("plain")));
        assert!(matches!(text("plain ünïcödé 漢字"), Cow::Borrowed(_)));
    }

    #[test]
    fn emoji_sequences_stay_whole() {
        for whole in ["👩‍💻", "👨‍👩‍👧‍👦", "🏴‍☠️", "❤️‍🔥", "👩🏽‍🚀", "1️⃣", "#️⃣", "⚠️", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "✂︎", "🏳️‍🌈"]
        {
            assert_eq!(text(whole), whole);
            assert_eq!(findings(whole), []);
        }
    }

    #[test]
    fn joiners_stay_in_scripts_that_need_them() {
        for whole in ["می‌خواهم", "क्‍ष", "ක්‍රියා", "ക്‍ത", "ন্‌ত"]
        {
            assert_eq!(text(whole), whole);
        }
        assert_eq!(text("pass\u{200d}word \u{200c}x 👩\u{200d}x 👩\u{200d}"), "password x 👩x 👩");
        assert_eq!(text("👩\u{200d}\u{200d}💻"), "👩\u{200d}💻");
    }

    #[test]
    fn only_valid_flags_have_tags() {
        assert_eq!(text("🏴\u{e0067}\u{e0062}x"), "🏴x");
        assert_eq!(text("😀\u{e0067}\u{e0062}\u{e0065}\u{e007f}"), "😀");
        assert_eq!(text("🏴\u{e0031}\u{e0062}\u{e0065}\u{e007f}"), "🏴");
    }

    #[test]
    fn towers_of_marks_are_cut() {
        let tower = format!("e{}x", "\u{301}".repeat(500));
        let cut = text(&tower).into_owned();
        assert!(cut.starts_with("e\u{301}") && cut.ends_with("\u{301}…x"));
        assert!(cut.graphemes(true).all(|cluster| cluster.len() <= CLUSTER_BYTES));
        assert_eq!(findings(&tower), [(61, '\u{301}')]);
    }

    #[test]
    fn findings_name_place_and_character() {
        assert_eq!(findings("ok\r\nä\u{1b}x\u{202e}"), [(6, '\u{1b}'), (8, '\u{202e}')]);
        assert_eq!(findings("a\rb"), [(1, '\r')]);
        assert_eq!(findings("plain"), []);
    }

    /// Text in which everything that this module looks at is frequent.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            proptest::char::range('\0', '\u{a0}').prop_map(String::from),
            proptest::char::range('\u{2000}', '\u{2070}').prop_map(String::from),
            proptest::char::range('\u{e0000}', '\u{e0080}').prop_map(String::from),
            proptest::sample::select(vec![
                "👩",
                "\u{200d}",
                "\u{200c}",
                "\u{fe0f}",
                "🏽",
                "🏴",
                "💻",
                "é",
                "क",
                "्",
                "ष",
                "ی",
                "م",
                "🇩",
                "\u{301}",
                "ᄀ",
                "ᅡ",
                "ᆨ",
                "가",
                "\u{600}",
                "1",
                "\u{20e3}",
                "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
                "\r\n",
                "\u{180b}",
                "\u{1820}",
            ])
            .prop_map(String::from),
            (
                proptest::sample::select(vec!["\u{301}", "ᄀ", "\u{600}", "👩\u{200d}", "क्"]),
                0..40usize
            )
                .prop_map(|(mark, times)| mark.repeat(times)),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn nothing_dangerous_comes_out_and_twice_is_once(dirty in hostile()) {
            let clean = text(&dirty).into_owned();
            for c in clean.chars() {
                prop_assert!(c == '\n' || c == '\t' || !c.is_control(), "{c:?} in {clean:?}");
                prop_assert!(!matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                    | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'), "{clean:?}");
            }
            prop_assert!(clean.graphemes(true).all(|cluster| cluster.len() <= CLUSTER_BYTES));
            prop_assert_eq!(text(&clean), clean.as_str());
            prop_assert_eq!(findings(&clean), vec![]);
        }

        #[test]
        fn findings_are_what_changes(dirty in hostile()) {
            let unix = dirty.replace("\r\n", "\n");
            prop_assert_eq!(findings(&dirty).is_empty(), text(&unix) == unix.as_str());
        }

        #[test]
        fn one_line_is_one_line(dirty in hostile()) {
            let clean = line(&dirty).into_owned();
            prop_assert!(!clean.contains(['\n', '\t', '\r']));
            prop_assert_eq!(line(&clean), clean.as_str());
        }

        #[test]
        fn printable_text_is_unchanged(printable in "[ -~äöüßñçéА-яα-ω一-龥ぁ-んァ-ヶ가-힣ا-غ€→✓😀-😿]{0,80}") {
            prop_assert!(matches!(text(&printable), Cow::Borrowed(_)));
        }
    }
}
