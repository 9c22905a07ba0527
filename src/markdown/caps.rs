//! How much of a text is read. What lies beyond is cut with a notice, so that no file can make the
//! reader slow or overflow the stack.

/// Bytes of a source; a longer one is cut after its last whole line.
pub(super) const SOURCE_BYTES: usize = 1 << 20;
/// Events taken from the parser: starts, ends and pieces of text.
pub(super) const EVENTS: usize = 200_000;
/// Blocks within blocks, and apart from them, running text within running text.
pub(super) const NESTING: usize = 64;
/// Diagnostics about one text; one more says that there were others.
pub(super) const DIAGNOSTICS: usize = 200;

/// The weight of the marks at a line's beginning from which on a text is cut: more than 100 quotes
/// or lists begin there, or some stand behind an indentation of more than 1,000 columns. Blocks that
/// deep make every later line slow to read.
const LINE_WEIGHT: usize = 1000;

/// Why a text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Length,
    Depth,
    Events,
}

impl Cut {
    /// The reason, to follow "it is cut here: ".
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Length => "it is longer than 1 MiB",
            Self::Depth => "it is nested too deeply",
            Self::Events => "it has too many parts",
        }
    }

    /// What to write instead.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::Length | Self::Events => "split it into several files",
            Self::Depth => "write it with fewer levels",
        }
    }
}

/// As much of `source` as is read, and why no more: at most [`SOURCE_BYTES`], whole lines if it has
/// any, and no line that begins with hundreds of quotes or lists.
pub(super) fn head(source: &str) -> (&str, Option<Cut>) {
    let head = shortened(source);
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        if line.len() > 2 * LINE_WEIGHT / 10 && weight(line) > LINE_WEIGHT {
            return (head.get(..start).unwrap_or(""), Some(Cut::Depth));
        }
        start += line.len();
    }
    (head, (head.len() < source.len()).then_some(Cut::Length))
}

fn shortened(source: &str) -> &str {
    if source.len() <= SOURCE_BYTES {
        return source;
    }
    let end = source.floor_char_boundary(SOURCE_BYTES);
    let head = source.get(..end).unwrap_or("");
    // A line that is most of the text is cut in its midst rather than dropped.
    match head.rfind('\n') {
        Some(line_end) if line_end > SOURCE_BYTES / 2 => head.get(..=line_end).unwrap_or(head),
        _ => head,
    }
}

/// The weight of the marks of quotes and lists at the beginning of `line`: 10 for each and half a
/// column of white space; 0 for a rule like `- - -`.
fn weight(line: &str) -> usize {
    let bytes = line.trim_end().as_bytes();
    let (mut columns, mut marks, mut at) = (0, 0, 0);
    let is_space = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t'));
    while let Some(&b) = bytes.get(at) {
        at += 1;
        match b {
            b' ' => columns += 1,
            b'\t' => columns += 4,
            b'>' => marks += 1,
            b'-' | b'*' | b'+' if is_space(at) => marks += 1,
            b'0'..=b'9' => {
                let digits =
                    bytes.iter().skip(at).take(9).take_while(|b| b.is_ascii_digit()).count();
                at += digits;
                if !matches!(bytes.get(at), Some(b'.' | b')')) || !is_space(at + 1) {
                    break;
                }
                at += 1;
                marks += 1;
            }
            _ => break,
        }
    }
    let is_rule = bytes.first().is_some_and(|first| {
        matches!(first, b'-' | b'*')
            && bytes.iter().all(|b| b == first || matches!(b, b' ' | b'\t'))
    });
    if is_rule || marks == 0 { 0 } else { 10 * marks + columns / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_line_end() {
        assert_eq!(head("short"), ("short", None));
        let lines = "12345678\n".repeat(200_000);
        let (kept, cut) = head(&lines);
        assert_eq!(cut, Some(Cut::Length));
        assert!(
            kept.len() <= SOURCE_BYTES && kept.len() > SOURCE_BYTES - 9 && kept.ends_with('\n')
        );
        let one_line = "ä".repeat(SOURCE_BYTES);
        assert_eq!(head(&one_line).0.len(), SOURCE_BYTES);
    }

    #[test]
    fn deep_lines_are_cut() {
        let deep = format!("a\n{}b\nc\n", "> ".repeat(300));
        assert_eq!(head(&deep), ("a\n", Some(Cut::Depth)));
        for line in ["- ", "* a\n", "1. ", ">"] {
            let many = format!("{}b", line.repeat(300));
            assert_eq!(head(&many).1, (!line.contains('a')).then_some(Cut::Depth), "{line}");
        }
        for harmless in ["- - ".repeat(200), "*".repeat(900), " ".repeat(5000), "> a".repeat(900)] {
            assert_eq!(head(&harmless).1, None);
        }
        assert_eq!(head(&format!("{}- a", " ".repeat(3000))).1, Some(Cut::Depth));
    }
}
