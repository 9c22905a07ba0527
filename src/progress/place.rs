//! A place in a text that survives edits of the text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A stable 64-bit hash of a text: how choices and lines are remembered.
///
/// FNV-1a over the UTF-8 bytes, each run of white space taken as one space, none at the ends. It
/// never changes: records made years ago are held against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextHash(pub u64);

impl TextHash {
    /// The hash of `text`.
    pub fn of(text: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut feed = |byte: u8| {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        };
        for (index, word) in text.split_whitespace().enumerate() {
            if index > 0 {
                feed(b' ');
            }
            word.bytes().for_each(&mut feed);
        }
        Self(hash)
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for TextHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TextHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A line of a lesson, remembered so that it is found again in an edited text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The lesson's id.
    pub lesson: String,
    /// The line of the source, from 1.
    pub line: usize,
    /// The hash of that line's text.
    pub text: TextHash,
    /// The nearest heading at or above the line, as a link would name it; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// How many lines the line stands below that heading (or below the text's beginning).
    #[serde(default)]
    pub below: usize,
}

impl Place {
    /// The place of `line` (from 1; clamped to the text) in the source of `lesson`.
    pub fn at(lesson: &str, source: &str, line: usize) -> Self {
        let mut place = Self {
            lesson: lesson.to_owned(),
            line: line.max(1),
            text: TextHash::of(""),
            heading: None,
            below: 0,
        };
        let mut number = 0;
        for scanned in Lines::new(source).take(line.max(1)) {
            number = scanned.number;
            place.text = TextHash::of(scanned.text);
            place.below = scanned.number - scanned.heading;
            if scanned.number == scanned.heading {
                place.heading = Some(anchor(scanned.text));
            }
        }
        place.line = number.max(1);
        place
    }
}

/// The line, from 1, at which `place` stands in `source`, which may have been edited since: the
/// same words, best under the same heading and nearest to where they were; else as far below the
/// heading as before; else the same number. At most the last line, at least 1.
pub fn relocate(place: &Place, source: &str) -> usize {
    if let Some(line) = same_words(place, source) {
        return line;
    }
    let mut count = 0;
    let mut sections: Vec<(usize, bool)> = Vec::new();
    for line in Lines::new(source) {
        count = line.number;
        if line.number == line.heading {
            let wanted = place.heading.as_ref().is_some_and(|name| *name == anchor(line.text));
            sections.push((line.number, wanted));
        }
    }
    let section = sections
        .iter()
        .enumerate()
        .filter(|(_, (_, wanted))| *wanted)
        .min_by_key(|(_, (start, _))| start.saturating_add(place.below).abs_diff(place.line));
    let line = match section {
        Some((index, (start, _))) => {
            let end = sections.get(index + 1).map_or(count, |(next, _)| next - 1);
            start.saturating_add(place.below).min(end)
        }
        None => place.line,
    };
    line.clamp(1, count.max(1))
}

/// The best line with the words of `place`; `None` where they are gone or say too little (blank
/// lines and fences stand everywhere).
fn same_words(place: &Place, source: &str) -> Option<usize> {
    let mut heading: Option<(usize, String)> = None;
    let mut best: Option<((bool, usize), usize)> = None;
    for line in Lines::new(source) {
        if line.number == line.heading {
            heading = Some((line.number, anchor(line.text)));
        }
        let telling = line.text.chars().any(char::is_alphanumeric);
        if !telling || TextHash::of(line.text) != place.text {
            continue;
        }
        let elsewhere = heading.as_ref().map(|(_, name)| name) != place.heading.as_ref();
        let rank = (elsewhere, line.number.abs_diff(place.line));
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, line.number));
        }
    }
    best.map(|(_, line)| line)
}

/// A line of a source and the heading it stands under.
struct Line<'a> {
    /// From 1.
    number: usize,
    text: &'a str,
    /// The line of the nearest heading at or above; 0 before the first.
    heading: usize,
}

/// The lines of a source, with headings told from `#` inside fences.
struct Lines<'a> {
    numbered: std::iter::Enumerate<std::str::Lines<'a>>,
    fence: Option<(char, usize)>,
    heading: usize,
}

impl<'a> Lines<'a> {
    fn new(source: &'a str) -> Self {
        Self { numbered: source.lines().enumerate(), fence: None, heading: 0 }
    }

    fn is_heading(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| trimmed.chars().take_while(|&c| c == mark).count());
        match (self.fence, mark) {
            (None, Some(mark)) if length >= 3 => self.fence = Some((mark, length)),
            (Some((open, opened)), Some(mark)) if mark == open && length >= opened => {
                self.fence = None;
            }
            (None, _) => {
                let level = trimmed.chars().take_while(|&c| c == '#').count();
                let spaced = trimmed.chars().nth(level).is_none_or(char::is_whitespace);
                return (1..=6).contains(&level) && spaced;
            }
            (Some(_), _) => {}
        }
        false
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let (index, text) = self.numbered.next()?;
        let number = index + 1;
        if self.is_heading(text) {
            self.heading = number;
        }
        Some(Line { number, text, heading: self.heading })
    }
}

/// A heading's line as a link names it: letters and digits in lower case, blanks as hyphens.
fn anchor(line: &str) -> String {
    line.trim_matches(|c: char| c == '#' || c.is_whitespace())
        .chars()
        .filter_map(|c| match c {
            ' ' | '-' => Some('-'),
            '_' => Some('_'),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "# One\n\nalpha beta\n\n## Two\n\ngamma\n```sh\n# not a heading\nls\n```\n\n## Three\n\ngamma\n\ndelta\n";

    #[test]
    fn an_unchanged_text_gives_every_line_back() {
        for line in 1..=TEXT.lines().count() {
            assert_eq!(relocate(&Place::at("l", TEXT, line), TEXT), line, "line {line}");
        }
    }

    #[test]
    fn a_place_follows_its_words_and_its_heading() {
        let gamma = Place::at("l", TEXT, 15);
        assert_eq!(gamma.heading.as_deref(), Some("three"));
        assert_eq!(gamma.below, 2);
        // Lines put in before it.
        let edited = TEXT.replace("alpha beta\n", "alpha\n\nnew\n\nmore\n");
        assert_eq!(relocate(&gamma, &edited), 19);
        // The line itself reworded: as far below its heading as before.
        let edited = TEXT.replace("## Three", "intro\n\n## Three").replace("delta", "epsilon");
        let delta = Place::at("l", TEXT, 17);
        assert_eq!(edited.lines().nth(relocate(&delta, &edited) - 1), Some("epsilon"));
        // The section moved to the front.
        let moved = "## Three\n\ngamma\n\ndelta\n\n# One\n\n## Two\n\ngamma\n";
        assert_eq!(relocate(&gamma, moved), 3);
        // Everything gone.
        assert_eq!(relocate(&gamma, "short\n"), 1);
        assert_eq!(relocate(&gamma, ""), 1);
        // A record of another machine may say anything.
        let far = Place { line: usize::MAX, below: usize::MAX, text: TextHash(0), ..gamma };
        assert_eq!(relocate(&far, TEXT), TEXT.lines().count());
    }

    #[test]
    fn the_hash_is_stable_and_blind_to_layout() {
        assert_eq!(TextHash::of("").to_string(), "cbf29ce484222325");
        assert_eq!(TextHash::of("a").to_string(), "af63dc4c8601ec8c");
        assert_eq!(TextHash::of(" About\t25 % \n"), TextHash::of("About 25 %"));
        assert_ne!(TextHash::of("About 25 %"), TextHash::of("About 25%"));
    }

    proptest! {
        #[test]
        fn relocating_stays_inside_any_text(
            before in "([#a-c`~ ]{0,6}\n){0,12}",
            after in "([#a-c`~ ]{0,6}\n){0,12}",
            line in 0usize..40,
        ) {
            let place = Place::at("l", &before, line);
            prop_assert!(place.line >= 1 && place.line <= before.lines().count().max(1));
            let found = relocate(&place, &after);
            prop_assert!(found >= 1 && found <= after.lines().count().max(1));
        }

        #[test]
        fn telling_lines_survive_an_insertion(
            lines in proptest::collection::vec("[a-z]{4,8}", 1..20),
            at in 0usize..20,
            added in 0usize..9,
            line in 0usize..20,
        ) {
            let mut unique = lines.clone();
            unique.sort();
            unique.dedup();
            prop_assume!(unique.len() == lines.len());
            let line = line % lines.len();
            let place = Place::at("l", &lines.join("\n"), line + 1);
            let mut edited = lines.clone();
            for _ in 0..added {
                edited.insert(at.min(lines.len()), "NEW LINE".to_owned());
            }
            let found = relocate(&place, &edited.join("\n"));
            prop_assert_eq!(&edited[found - 1], &lines[line]);
        }
    }
}
