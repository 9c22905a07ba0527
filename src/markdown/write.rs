//! Running text back to Markdown, for documents that we make: sound on its own, away from the
//! lesson it comes from.

use super::{Inline, InlineKind, Target, inlines, plain_text};

/// `text` as Markdown that reads as `text`: nothing in it is a mark. On one line.
pub fn escaped(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    unled(&marks_escaped(&text))
}

/// `inlines` as Markdown on one line: emphasis, code and links to the web stay; other links (to
/// facts, terms, lessons) become their words.
pub fn written(parts: &[Inline]) -> String {
    let mut out = String::new();
    push(parts, &mut out);
    let text = unled(&out.split_whitespace().collect::<Vec<_>>().join(" "));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = words(&plain_text(parts));
    // Marks that no longer stand beside the brackets of a link may mean something else.
    if words(&plain_text(&inlines(&text))) == plain { text } else { escaped(&plain) }
}

fn push(parts: &[Inline], out: &mut String) {
    for part in parts {
        let around = |out: &mut String, mark: &str, end: &str| {
            out.push_str(mark);
            push(part.inner(), out);
            out.push_str(end);
        };
        match &part.kind {
            InlineKind::Text(text) => out.push_str(&marks_escaped(text)),
            InlineKind::Code(text) => code(text, out),
            InlineKind::Emphasis(_) => around(out, "*", "*"),
            InlineKind::Strong(_) => around(out, "**", "**"),
            InlineKind::Strike(_) => around(out, "~~", "~~"),
            InlineKind::Superscript(_) => around(out, "<sup>", "</sup>"),
            InlineKind::Subscript(_) => around(out, "<sub>", "</sub>"),
            InlineKind::Key(_) => around(out, "<kbd>", "</kbd>"),
            InlineKind::Link { target: Target::Web(address), .. } => {
                around(out, "[", &format!("]({})", angled(address)));
            }
            InlineKind::Link { .. } | InlineKind::Image { .. } => push(part.inner(), out),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            InlineKind::Math { text, .. } => {
                out.push('$');
                out.push_str(text);
                out.push('$');
            }
            InlineKind::Footnote { .. } | InlineKind::Html(_) => {}
        }
    }
}

/// Code between as many backticks as it needs.
fn code(text: &str, out: &mut String) {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    for piece in [&fence, pad, text, pad, &fence] {
        out.push_str(piece);
    }
}

/// An address as a link may hold it.
fn angled(address: &str) -> String {
    let is_safe = |c: char| c.is_ascii_graphic() && !"()<>\\".contains(c);
    if address.chars().all(is_safe) {
        return address.to_owned();
    }
    let clean = address.chars().filter(|c| !c.is_control() && !"<>\\".contains(*c));
    format!("<{}>", clean.collect::<String>())
}

/// `text` with a backslash before every sign that could be a mark inside running text.
fn marks_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_mark = match c {
            '\\' | '`' | '*' | '[' | ']' | '~' | '$' => true,
            // Of a tag, a comment or an address.
            '<' => next.is_some_and(|c| c.is_alphanumeric() || "/!?".contains(c)),
            // Inside a word it is none.
            '_' => !(is_word(before) && is_word(next)),
            '&' => is_word(next) || next == Some('#'),
            '{' => next == Some('{'),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// `text` with a backslash where it would begin a heading, a list, a quote or a rule.
fn unled(text: &str) -> String {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let at = match text.chars().next() {
        Some('>') => Some(0),
        Some('#') if ends(text.trim_start_matches('#')) => Some(0),
        Some('+') if ends(text.trim_start_matches('+')) => Some(0),
        Some('-') if ends(text.trim_start_matches('-')) => Some(0),
        Some('=') if ends(text.trim_start_matches('=')) => Some(0),
        Some('0'..='9') => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let is_item = rest.strip_prefix(['.', ')']).is_some_and(ends);
            is_item.then_some(text.len() - rest.len())
        }
        _ => None,
    };
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => format!("{before}\\{after}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::{BlockKind, parse};

    fn check(source: &str, expected: &str) {
        assert_eq!(written(&inlines(source)), expected, "{source:?}");
    }

    #[test]
    fn what_leads_into_the_course_becomes_words() {
        check("A [cold start](term:cold-start) takes *long*", "A cold start takes *long*");
        check("See [the bill](6-bill.md#init), [15 min](fact:x)", "See the bill, 15 min");
        check("[Docs](https://a.b/c) and `x`", "[Docs](https://a.b/c) and `x`");
        check("\\$0.20 for `` a`b ``", "\\$0.20 for ``a`b``");
        check("![a picture](x.png) of **p_cold**", "a picture of **p_cold**");
        check("**[(a)](term:x)** b", "**(a)** b");
        // Without the brackets `*(b)*c` is no emphasis.
        check("*a* [*(b)*](term:y)c", "a (b)c");
        check("two\nlines", "two lines");
    }

    #[test]
    fn an_address_cannot_leave_its_link() {
        check("[a](<https://a.b/(c d)>)", "[a](<https://a.b/(c d)>)");
    }

    /// The document of `text` as an item of a list is one item with one paragraph.
    fn read_back(text: &str) -> Option<String> {
        let document = parse(&format!("- {text}\n"));
        let [block] = document.blocks.as_slice() else { return None };
        let BlockKind::List(list) = &block.kind else { return None };
        let [item] = list.items.as_slice() else { return None };
        match item.blocks.as_slice() {
            [] => Some(String::new()),
            [paragraph] if item.checked.is_none() => match &paragraph.kind {
                BlockKind::Paragraph(inlines) => Some(plain_text(inlines)),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn no_text_is_read_as_marks() {
        for text in [
            "# no heading",
            "- no item",
            "12) no item",
            "> no quote",
            "---",
            "===",
            "[x] no task",
            "{{#quiz a.toml}}",
            "[Quiz](a.toml)",
            "<b> &amp; $a$ ~~b~~ _c_ *d* `e` \\ snake_case",
            "<!-- pause -->",
            "| a | b |",
        ] {
            assert_eq!(read_back(&escaped(text)).as_deref(), Some(text), "{}", escaped(text));
        }
    }

    proptest! {
        #[test]
        fn every_text_reads_as_itself(text in "[-a-z0-9#>+=_*`~$&;:!()<>{}|.\\\\\\[\\]/ ]{0,24}") {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(read_back(&escaped(&text)), Some(text));
        }

        #[test]
        fn whatever_was_written_keeps_its_words(text in "[ab*_`~\\[\\]()<>&$ ]{0,24}") {
            let parts = inlines(&text);
            let words = plain_text(&parts).split_whitespace().collect::<Vec<_>>().join(" ");
            let again = read_back(&written(&parts));
            let again = again.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
            prop_assert_eq!(again, Some(words));
        }
    }
}
