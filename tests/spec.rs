//! The public examples of CommonMark and of its extensions: no visible text of the reference HTML
//! is lost, and all of it is in order.

#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test may panic")]

use coldstart::markdown::{Block, BlockKind, Embed, Inline, InlineKind, parse};
use coldstart::typeset::{Measure, Settings, Supplements, rows, width};

/// One example of a specification: Markdown and the HTML it stands for.
#[derive(serde::Deserialize)]
struct Example {
    suite: String,
    number: usize,
    markdown: String,
    html: String,
}

/// The 652 examples of CommonMark 0.31.2.
fn commonmark() -> Vec<Example> {
    serde_json::from_str(include_str!("data/commonmark-0.31.2.json")).unwrap()
}

/// Tables, task lists, strikethrough, footnotes, alerts, math and regressions.
fn extensions() -> Vec<Example> {
    let all: Vec<Example> = serde_json::from_str(include_str!("data/extensions.json")).unwrap();
    all.into_iter().filter(|e| !needs_other_options(e)).collect()
}

/// Examples of `^superscript^` and of `{#attributes}` of headings, which are text to us as they are
/// to GitHub.
fn needs_other_options(example: &Example) -> bool {
    example.suite == "regression"
        && (example.html.contains("<sup>")
            || ["{#", "{."].iter().any(|a| example.markdown.contains(a)))
}

/// The text that a browser shows of `html`, white space normalised.
fn visible_text(html: &str) -> String {
    shown_text(html).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that a browser shows of `html`, a space for each tag that ends a line or is unknown.
fn shown_text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&decoded(&rest[..at]));
        rest = &rest[at..];
        let length = markup_length(rest);
        if length == 0 {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let tag = &rest[..length];
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        match name.to_lowercase().as_str() {
            "img" => out.push_str(&alt(tag)),
            "a" | "b" | "code" | "del" | "em" | "i" | "kbd" | "q" | "s" | "span" | "strong"
            | "sub" | "sup" => {}
            _ if tag.starts_with("<!") || tag.starts_with("<?") => {}
            _ => out.push(' '),
        }
        rest = &rest[length..];
    }
    out.push_str(&decoded(rest));
    out
}

/// The length of the tag, comment, instruction or declaration at the beginning of `html`.
fn markup_length(html: &str) -> usize {
    let until = |end: &str| html.find(end).map_or(0, |at| at + end.len());
    if html.starts_with("<!-->") || html.starts_with("<!--->") {
        return until(">");
    }
    for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if html.starts_with(start) {
            return until(end);
        }
    }
    let begins =
        html[1..].trim_start_matches(['/', '!']).starts_with(|c: char| c.is_ascii_alphabetic());
    let mut quote = None;
    for (at, c) in html.char_indices().skip(1).filter(|_| begins) {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => return at + 1,
            (None, '<') => return 0,
            _ => {}
        }
    }
    0
}

fn alt(tag: &str) -> String {
    let value = tag.split_once("alt=\"").and_then(|(_, rest)| rest.split_once('"'));
    value.map_or_else(String::new, |(value, _)| decoded(value))
}

fn decoded(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// The text of our blocks; what is kept as HTML source counts with the text a browser shows of it.
fn our_text(blocks: &[Block]) -> String {
    let mut out = String::new();
    push_blocks(blocks, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => {
                push_inlines(inlines, out);
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    push_blocks(&item.blocks, out);
                    out.push('\n');
                }
            }
            BlockKind::Table(table) => {
                for cell in std::iter::once(&table.header).chain(&table.rows).flatten() {
                    push_inlines(cell, out);
                    out.push('\n');
                }
            }
            BlockKind::Code(code) => out.push_str(&code.text),
            BlockKind::Callout { blocks, .. } | BlockKind::Quote(blocks) => {
                push_blocks(blocks, out);
            }
            BlockKind::Footnote { blocks, .. } => push_blocks(blocks, out),
            BlockKind::Details { summary, blocks } => {
                push_inlines(summary, out);
                out.push('\n');
                push_blocks(blocks, out);
            }
            BlockKind::Html(source) => out.push_str(&visible_text(source)),
            BlockKind::Figure { text, .. } | BlockKind::Notice(text) => out.push_str(text),
            BlockKind::Embed(Embed::File { label, .. }) => out.push_str(label),
            BlockKind::Embed(Embed::Question(f) | Embed::Scenario(f) | Embed::Output(f)) => {
                out.push_str(&f.text);
            }
            BlockKind::Rule => {}
        }
        out.push('\n');
    }
}

fn push_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) | InlineKind::Math { text, .. } => {
                out.push_str(text);
            }
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Superscript(inner)
            | InlineKind::Subscript(inner)
            | InlineKind::Key(inner)
            | InlineKind::Link { inlines: inner, .. }
            | InlineKind::Image { inlines: inner, .. } => push_inlines(inner, out),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push('\n'),
            InlineKind::Html(source) => out.push_str(&shown_text(source)),
            InlineKind::Footnote { .. } => {}
        }
    }
}

/// Compares an example's text with ours.
fn compare(example: &Example, reference: &str, ours: &str) -> Option<String> {
    let Example { suite, number, markdown, html } = example;
    (reference != ours).then(|| {
        format!(
            "{suite} {number}:\n{markdown}\nHTML: {html}\nwanted: {reference:?}\nours:   {ours:?}\n"
        )
    })
}

#[test]
fn no_text_of_the_commonmark_examples_is_lost() {
    let examples = commonmark();
    assert_eq!(examples.len(), 652);
    let lost: Vec<String> = examples
        .iter()
        .filter_map(|e| compare(e, &visible_text(&e.html), &our_text(&parse(&e.markdown).blocks)))
        .collect();
    assert!(lost.is_empty(), "{} differ:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn no_text_of_the_extensions_is_lost() {
    let examples = extensions();
    assert!(examples.len() > 300, "{}", examples.len());
    let lost: Vec<String> = examples
        .iter()
        .filter_map(|e| {
            let (mut reference, mut ours) =
                (visible_text(&e.html), our_text(&parse(&e.markdown).blocks));
            if e.suite == "math" || e.suite == "regression" {
                // Prices keep their dollars with us, and a bell does not ring.
                reference = reference.replace('$', "").replace('\u{7}', "␇");
                ours = ours.replace('$', "");
            }
            if e.html.contains("footnote") {
                // Their definitions stand where they are written, ours at the end; their marks have
                // the number as text.
                let words = |text: &str| {
                    let mut words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
                    words.sort();
                    words.join(" ")
                };
                reference = words(&visible_text(&without_footnote_marks(&e.html)));
                ours = words(&ours);
            }
            compare(e, &reference, &ours)
        })
        .collect();
    assert!(lost.is_empty(), "{} differ:\n{}", lost.len(), lost.join("\n"));
}

/// `html` without `<sup class="footnote-…">…</sup>`.
fn without_footnote_marks(html: &str) -> String {
    let mut pieces = html.split("<sup class=\"footnote-");
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        out.push_str(piece.split_once("</sup>").map_or(piece, |(_, rest)| rest));
    }
    out
}

/// The visible characters of a text as they are compared with rows: raised and lowered digits count
/// as digits, soft hyphens and blanks not at all.
fn characters(text: &str) -> Vec<char> {
    let plain = |c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c);
    let lowered = |c| "₀₁₂₃₄₅₆₇₈₉".chars().position(|lowered| lowered == c);
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{ad}')
        .map(|c| {
            let digit = plain(c).or(lowered(c)).and_then(|digit| u32::try_from(digit).ok());
            digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
        })
        .collect()
}

/// Whether all of `wanted` stands in `shown` in this order, marks of ours in between.
fn stands_in(wanted: &[char], shown: &[char]) -> bool {
    let mut rest = shown.iter();
    wanted.iter().all(|c| rest.any(|other| other == c))
}

/// What is wrong with the rows of an example at a width.
fn row_faults(example: &Example, cells: u16) -> Option<String> {
    let settings = Settings { measure: Measure(cells), unfold: true, ..Settings::default() };
    let blocks = parse(&example.markdown).blocks;
    let mut text = String::new();
    let mut too_wide = None;
    for row in blocks.iter().flat_map(|block| rows(block, &settings, &Supplements::default())) {
        let line = row.text();
        if width(&line) > usize::from(cells) {
            too_wide = Some(line.clone());
        }
        text.push_str(&line);
    }
    let reference = match example.suite.as_str() {
        "math" | "regression" => visible_text(&example.html).replace('$', "").replace('\u{7}', "␇"),
        _ => visible_text(&without_footnote_marks(&example.html)),
    };
    let (mut wanted, mut shown) = (characters(&reference), characters(&text));
    if example.html.contains("<table") || example.html.contains("footnote") {
        // Cells stand beside each other, footnotes at the end.
        wanted.sort_unstable();
        shown.sort_unstable();
    }
    let lost = !stands_in(&wanted, &shown);
    (lost || too_wide.is_some()).then(|| {
        let Example { suite, number, markdown, .. } = example;
        format!("{suite} {number} at {cells}:\n{markdown}\nwanted {reference:?}\nrows {text:?}, too wide: {too_wide:?}\n")
    })
}

#[test]
fn no_example_loses_text_or_overflows_at_any_width() {
    let mut examples = commonmark();
    examples.extend(extensions());
    let faults: Vec<String> = [20, 33, 40, 60, 80, 120, 200]
        .into_iter()
        .flat_map(|cells| examples.iter().filter_map(move |example| row_faults(example, cells)))
        .collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
