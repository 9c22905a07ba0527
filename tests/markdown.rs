//! Lessons to blocks: every construct that authors write, and hostile and enormous texts, which all
//! give a document, fast, with what is cut said so.

#![expect(clippy::string_slice, reason = "a test may panic, and its texts are its own")]
#![expect(clippy::disallowed_methods, reason = "these tests measure how long reading takes")]

#[path = "support/pieces.rs"]
mod pieces;

use std::time::{Duration, Instant};

use coldstart::diagnostic::{Diagnostic, Position, Span};
use coldstart::markdown::{
    Block, BlockKind, Blocks, Document, Embed, Inline, InlineKind, Table, block_text, inlines,
    parse, plain_text,
};
use coldstart::sanitize;
use proptest::prelude::*;

use pieces::PIECES;

/// The blocks of a text, one line each, indented by nesting.
fn shown(source: &str) -> String {
    let mut out = String::new();
    show(&parse(source).blocks, 0, &mut out);
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(text);
    out.push('\n');
}

fn show(blocks: &[Block], depth: usize, out: &mut String) {
    for block in blocks {
        let (head, inner): (String, Vec<&[Block]>) = match &block.kind {
            BlockKind::Heading { level, inlines, anchor } => {
                (format!("h{level} #{anchor} {}", plain_text(inlines)), vec![])
            }
            BlockKind::Paragraph(inlines) => (format!("p {}", plain_text(inlines)), vec![]),
            BlockKind::List(list) => {
                let kind = list.start.map_or("list".to_owned(), |start| format!("list {start}"));
                line(out, depth, &format!("{kind} tight={}", list.tight));
                for item in &list.items {
                    let id = item.id.as_ref().map_or(String::new(), |id| format!(" #{id}"));
                    let checked = item.checked.map_or("", |c| if c { " [x]" } else { " [ ]" });
                    line(out, depth + 1, &format!("item{checked}{id}"));
                    show(&item.blocks, depth + 2, out);
                }
                continue;
            }
            BlockKind::Table(Table { alignments, header, rows }) => {
                let row = |row: &Vec<Vec<Inline>>| {
                    row.iter().map(|c| plain_text(c)).collect::<Vec<_>>().join("|")
                };
                let rows: Vec<_> = rows.iter().map(row).collect();
                (format!("table {alignments:?} {} / {}", row(header), rows.join(" / ")), vec![])
            }
            BlockKind::Code(code) => (format!("code {} {:?}", code.language, code.text), vec![]),
            BlockKind::Callout { kind, blocks } => (format!("{kind:?}"), vec![blocks]),
            BlockKind::Figure { text, alt } => (format!("figure {text:?} {alt:?}"), vec![]),
            BlockKind::Quote(blocks) => ("quote".to_owned(), vec![blocks]),
            BlockKind::Rule => ("rule".to_owned(), vec![]),
            BlockKind::Html(source) => (format!("html {source:?}"), vec![]),
            BlockKind::Details { summary, blocks } => {
                (format!("details {}", plain_text(summary)), vec![blocks])
            }
            BlockKind::Footnote { number, label, blocks } => {
                (format!("footnote {number} {label}"), vec![blocks])
            }
            BlockKind::Embed(embed) => (format!("{embed:?}"), vec![]),
            BlockKind::Notice(text) => (format!("notice {text}"), vec![]),
        };
        line(out, depth, head.trim_end());
        for blocks in inner {
            show(blocks, depth + 1, out);
        }
    }
}

fn check(source: &str, expected: &str) {
    let unindented = |line| str::strip_prefix(line, "        ").unwrap_or(line);
    let expected: Vec<&str> = expected.trim_start().lines().map(unindented).collect();
    assert_eq!(shown(source).lines().collect::<Vec<_>>(), expected, "\n{source}");
}

/// What is reported about a text: `line:column code`.
fn reported(source: &str) -> Vec<String> {
    let show = |d: &Diagnostic| format!("{} {}", Position::of(source, d.span.start), d.code);
    parse(source).diagnostics.iter().map(show).collect()
}

#[test]
fn a_lesson() {
    check(
        "# Cold *starts*\n\n## Objectives\n\n- Estimate the share. <!-- #estimate -->\n- [x] Tell\n\n## Objectives\n\n1. one\n\n   two\n3. three\n\n---\n> q\n> > r\n",
        "
        h1 #cold-starts Cold starts
        h2 #objectives Objectives
        list tight=true
          item #estimate
            p Estimate the share.
          item [x]
            p Tell
        h2 #objectives-1 Objectives
        list 1 tight=false
          item
            p one
            p two
          item
            p three
        rule
        quote
          p q
          quote
            p r",
    );
}

#[test]
fn loose_items_have_ids_and_marks_too() {
    check(
        "- [ ] a <!-- #x -->\n\n- [X] b\n\n  <!-- #y.z -->\n\n- c\n  - d <!-- #inner -->\n",
        "
        list tight=false
          item [ ] #x
            p a
          item [x] #y.z
            p b
          item
            p c
            list tight=true
              item #inner
                p d",
    );
}

#[test]
fn tables_and_code() {
    check(
        "| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | *2* |\n| 1 | 2 | 3 | 4 | 5 |\n\n```rust,ignore x\nfn f() {}\n\n```\n\n    indented\n      more\n",
        "
        table [None, Left, Center, Right] a|b|c|d / 1|2|| / 1|2|3|4
        code rust \"fn f() {}\\n\"
        code  \"indented\\n  more\"",
    );
}

#[test]
fn callouts_and_folded_blocks() {
    check(
        "> [!WARNING]\n> careful\n\n<details><summary>A <b>hint</b></summary>\n\nfolded *text*\n\n<details>\n<summary>Inner</summary>\n\n- a\n\n</details>\n\n</details>\n\nafter\n",
        "
        Warning
          p careful
        details A hint
          p folded text
          details Inner
            list tight=true
              item
                p a
        p after",
    );
    check(
        "<details open>\n<summary>S &amp; T</summary>\nplain\ntext <p>and &eacute;\n</details>\n",
        "
        details S & T
          p plain text
          p and é",
    );
}

#[test]
fn what_is_not_closed_is_not_lost() {
    check("<details><summary>S\n\ninside\n", "\n        details S\n          p inside");
    assert_eq!(reported("a\n\n<details>\n\nb\n"), ["3:1 unclosed-details"]);
    check("a\n\n</details>\n", "\n        p a\n        html \"</details>\"");
    check("a\n\n<!-- b\n\nc\n", "\n        p a\n        html \"<!-- b\\n\\nc\"");
    assert_eq!(reported("a\n\n<!-- b\n\nc\n"), ["3:1 unclosed-comment"]);
}

#[test]
fn html_is_shown() {
    check(
        "<div align=center>\n<b>Hello</b>,\n  <kbd>w</kbd>orld\n</div>\n\n<table>\n<tr><td>a</td></tr>\n</table>\n\n<hr>\n",
        "
        p Hello, world
        html \"<table>\\n<tr><td>a</td></tr>\\n</table>\"
        rule",
    );
    check(
        "<script>\nlet a = \"<p>\";\n</script>\n",
        "\n        html \"<script>\\nlet a = \\\"<p>\\\";\\n</script>\"",
    );
}

#[test]
fn figures_have_words() {
    let figure = "<!-- alt: two boxes\n     and an arrow -->\n```text figure\n[a]--[b]\n```\n";
    check(figure, "\n        figure \"[a]--[b]\" Some(\"two boxes and an arrow\")");
    assert!(reported(figure).is_empty());
    check("```text figure\nx\n```", "\n        figure \"x\" None");
    assert_eq!(reported("<!-- alt: a -->\n\ntext\n"), ["1:1 alt-without-figure"]);
    assert_eq!(reported("<!-- alt: a -->\n"), ["1:1 alt-without-figure"]);
    assert_eq!(reported("<!-- alt: a -->\n```rust\n```\n"), ["1:1 alt-without-figure"]);
}

#[test]
fn panels_in_the_flow() {
    check(
        "[Quiz: *cold* starts](../../quizzes/x.toml)\n\n{{#quiz ../../quizzes/y_z.toml}}\n\nsee [it](../x.toml)\n\n[web](https://a.b/x.toml)\n",
        "
        File { path: \"../../quizzes/x.toml\", label: \"Quiz: cold starts\" }
        File { path: \"../../quizzes/y_z.toml\", label: \"../../quizzes/y_z.toml\" }
        p see it
        p web",
    );
}

#[test]
fn fences_know_where_their_lines_stand() {
    let source = "ä\n\n- x\n\n  ```toml quiz\n  a = 1\n\n  b = \"é\"\n  ```\n\n> ~~~ text output\r\n> c\r\n> ~~~\n\n```toml sim\nd\n```\n";
    let mut fences = Vec::new();
    let document = parse(source);
    every_block(
        &document.blocks,
        &mut |block, _| {
            if let BlockKind::Embed(Embed::Question(f) | Embed::Scenario(f) | Embed::Output(f)) =
                &block.kind
            {
                fences.push(f.clone());
            }
        },
        0,
    );
    let texts: Vec<_> = fences.iter().map(|f| f.text.as_str()).collect();
    assert_eq!(texts, ["a = 1\n\nb = \"é\"\n", "c\n", "d\n"]);
    for fence in fences {
        assert_eq!(fence.line_starts.len(), fence.text.lines().count());
        for (line, &start) in fence.text.lines().zip(&fence.line_starts) {
            assert!(source[start..].starts_with(line), "{line:?} {start}");
        }
    }
}

#[test]
fn footnotes_are_numbered_by_mention_and_come_last() {
    check(
        "[^b]: second, see [^d]\n\na[^A] b[^b] again[^a] none[^x]\n\n[^a]: first\n[^c]: unused\n[^a]: double\n[^d]: deep\n\nend\n",
        "
        p a b again none[^x]
        p end
        footnote 1 a
          p first
        footnote 2 b
          p second, see
        footnote 3 d
          p deep
        footnote 4 c
          p unused
        footnote 5 a
          p double",
    );
    let mut numbers = Vec::new();
    let document = parse("[^b]: see [^d] and [^a]\n[^a]: x\n[^d]: y\n\nz[^a] [^b]");
    every_block(
        &document.blocks,
        &mut |block, _| {
            if let BlockKind::Paragraph(inlines) = &block.kind {
                numbers.extend(inlines.iter().filter_map(|i| match i.kind {
                    InlineKind::Footnote { number, .. } => Some(number),
                    _ => None,
                }));
            }
        },
        0,
    );
    assert_eq!(numbers, [1, 2, 3, 1]);
}

#[test]
fn comments_are_silent_and_near_misses_reported() {
    let source =
        "a\n\n<!-- pause -->\n\n<!-- speaker_note: say\n\nthis -->\n\n<!-- anything else -->\nb\n";
    check(source, "\n        p a\n        p b");
    assert!(reported(source).is_empty());
    assert_eq!(
        reported("a\n\n<!-- puase -->\n\nb <!-- speaker-note: x -->\n- c <!-- # id -->\n"),
        ["3:1 comment-near-miss", "5:3 comment-near-miss", "6:5 comment-near-miss"]
    );
}

#[test]
fn old_line_ends_are_line_ends() {
    check(
        "# a\r\rb\rc\r\n\r\n- d\r\n",
        "\n        h1 #a a\n        p b c\n        list tight=true\n          item\n            p d",
    );
    check("```\r\na\r\nb\r\n```\r\n", "\n        code  \"a\\nb\"");
    assert!(reported("a\rb\r\nc").is_empty());
}

#[test]
fn text_between_rules_does_not_vanish() {
    check("---\na: b\n---\nc\n", "\n        rule\n        h2 #a-b a: b\n        p c");
    check("+++\na\n+++\n", "\n        p +++ a +++");
}

#[test]
fn front_matter_is_skipped_and_spans_are_of_the_whole() {
    let source = "---\nid: x\n---\n# Ä title\n\ntext\u{7}\n";
    let mut blocks = Blocks::starting_at(source, 14);
    let spans: Vec<_> = blocks.by_ref().map(|block| block.span).collect();
    let texts: Vec<_> = spans.iter().map(|span| &source[span.start..span.end]).collect();
    assert_eq!(texts, ["# Ä title\n", "text\u{7}\n"]);
    let found = blocks.into_diagnostics();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span, Span::new(30, 31));
    check("\u{feff}# a\n", "\n        h1 #a a");
    assert!(Blocks::starting_at("äb", 1).next().is_some());
    assert!(Blocks::starting_at("a", 9).next().is_none());
}

#[test]
fn the_text_of_blocks() {
    let source = "- a *b*\n- c\n\n  d\n\n| e | f |\n|---|---|\n| g | h |\n\n```\ni\n```\n";
    let texts: Vec<_> = parse(source).blocks.iter().map(block_text).collect();
    assert_eq!(texts, ["a b\nc\nd", "e\tf\ng\th", "i"]);
}

/// Texts that try to bring a control or a direction character to the terminal, by every door.
const HOSTILE: [&str; 18] = [
    "\u{1b}[31mred\u{1b}[0m \u{9b}31m \u{7}\u{8}",
    "&#27;[31m &#x9b;31m &#x202e; &#7; &lrm; &rlm; &ZeroWidthSpace; &shy; &#127;",
    "a*\u{1b}*[31m &#27;**[2J** \u{1b}~~]0;x~~\u{7}",
    "# head\u{1b}ing &#27; \u{202e}",
    "`code \u{1b}[31m \u{202e}`",
    "```sh\u{1b} &#27;\n\u{1b}]0;title\u{7}\n```",
    "    \u{1b}[31m",
    "| a\u{1b} | &#27; |\n|---|---|\n| \u{202e} | \u{9b} |",
    "[text\u{1b}](https://a.b/\u{1b}]8;; \"title \u{1b} &#27;\")",
    "[x](https://a.b/&#27;&#x202e;) [x](<fact:\u{1b}>) [x](term:&#27;) [x](#a%1b) [x](a&#27;.md)",
    "![alt \u{1b} &#27;](pic\u{1b}.png \"&#27;\")",
    "<kbd>\u{1b}</kbd> <x-\u{1b}> <b title=\"\u{1b}\">x",
    "<div title=\"\u{1b}\">\n&#27;[31m \u{1b} &#x202e;\n<img alt='&#27;' src='&#27;'>\n</div>",
    "<table><td>\u{1b}</table>\n\n<details><summary>&#27;\u{202e}</summary>\n\nx\n\n</details>",
    "a[^\u{1b}]\n\n[^\u{1b}]: \u{1b} &#27;",
    "<!-- alt: \u{1b} -->\n```text figure\n\u{1b}\n```\n\n```toml quiz\n\u{1b}\n```",
    "$\u{1b}x^2$ $$\u{1b}$$ <a\u{1b}@b.c> <https://a.b/\u{1b}>",
    "[q\u{1b}](x\u{1b}.toml)\n\n{{#quiz \u{1b}.toml}}\n\n- a <!-- #i\u{1b} -->",
];

#[test]
fn no_control_character_comes_through_and_each_is_reported() {
    for source in HOSTILE {
        let document = parse(source);
        // The debug form writes controls as escapes; every text of the document is in it.
        let all = format!("{:?}", document.blocks);
        for escape in ["\\u{1b}", "\\u{9b}", "\\u{7}", "\\u{8}", "\\u{7f}", "\\u{202e}", "\\u{200"]
        {
            assert!(!all.contains(escape), "{escape} in {all}");
        }
        assert!(all.contains('␛') || all.contains("<U+"), "{source:?} {all}");
        let codes: Vec<_> = document.diagnostics.iter().map(|d| d.code).collect();
        assert!(codes.contains(&"control-character"), "{source:?} {codes:?}");
        let short = format!("{:?}", inlines(source));
        assert!(!short.contains("\\u{1b}") && !short.contains("\\u{202e}"), "{short}");
    }
}

#[test]
fn controls_are_reported_where_they_stand() {
    assert_eq!(
        reported("a\n\nb \u{1b}[0m &#27; *&#x202e;*\n"),
        ["3:3 control-character", "3:8 control-character", "3:15 control-character"]
    );
    assert!(reported("plain\r\ntext 👩\u{200d}💻 &amp; می\u{200c}خواهم 👩&zwj;💻\n").is_empty());
    let many = parse(&"\u{1b} ".repeat(5000));
    assert_eq!(many.diagnostics.len(), 201);
    assert_eq!(many.diagnostics.last().map(|d| d.code), Some("more-findings"));
}

#[test]
fn what_is_too_much_is_cut_with_a_notice() {
    let long = "a line of text\n".repeat(100_000);
    let deep = format!("{}x", "> ".repeat(50_000));
    let lists = "- ".repeat(80) + "x";
    let busy = "*a* ".repeat(100_000);
    for (text, why) in [(&long, "longer"), (&deep, "deep"), (&lists, "deep"), (&busy, "parts")] {
        let document = parse(text);
        assert!(has_notice(&document), "{why}");
        let said = document.diagnostics.iter().any(|d| d.message.contains(why));
        assert!(said, "{:?}", document.diagnostics);
    }
    assert!(!has_notice(&parse(&"a line of text\n".repeat(60_000))));
    assert!(!has_notice(&parse(&(String::from("> ").repeat(64) + "x"))));
    let huge = "# a\n\ntext *and* more\n\n".repeat(5_000_000);
    let start = Instant::now();
    assert!(has_notice(&parse(&huge)));
    assert!(start.elapsed() < Duration::from_secs(2));
}

/// The pathological cases of cmark and comrak, and a few of our own.
fn pathological() -> Vec<(&'static str, String)> {
    let r = |text: &str, times: usize| text.repeat(times);
    let lines = |n: usize, f: &dyn Fn(usize) -> String| (0..n).map(f).collect::<String>();
    vec![
        ("nested strong emphasis", r("*a **a ", 65_000) + "b" + &r(" a** a*", 65_000)),
        ("emphasis closers", r("a_ ", 65_000)),
        ("emphasis openers", r("_a ", 65_000)),
        ("link closers", r("a]", 65_000)),
        ("link openers", r("[a", 65_000)),
        ("mismatched openers and closers", r("*a_ ", 50_000)),
        ("multiples of three", String::from("a**b") + &r("c* ", 50_000)),
        ("link openers and emphasis closers", r("[ a_", 50_000)),
        ("brackets and parentheses", r("[ (](", 80_000)),
        ("image openers", r("![[]()", 80_000)),
        ("hard link and emphasis", String::from("**x [a*b**c*](d)")),
        ("nested brackets", r("[", 50_000) + "a" + &r("]", 50_000)),
        ("nested quotes", r("> ", 50_000) + "a"),
        ("nested quotes, one line each", lines(1_000, &|n| r(">", n) + "a\n")),
        ("nested lists", lines(1_000, &|n| r("  ", n) + "* a\n")),
        ("nested lists on one line", r("* ", 50_000) + "a"),
        ("backticks", lines(1_400, &|n| String::from("e") + &r("`", n))),
        ("unclosed links", r("[a](<b", 30_000)),
        ("more unclosed links", r("[a](b", 30_000)),
        ("unclosed comments", String::from("</") + &r("<!--", 250_000)),
        ("empty lines in nested lists", r("- ", 30_000) + "x" + &r("\n", 30_000)),
        (
            "empty lines in a quote's lists",
            String::from("> ") + &r("- ", 30_000) + "x\n" + &r(">\n", 30_000),
        ),
        ("emphasis in nested quotes", r(">", 100_000) + &r("a*", 100_000)),
        ("lazy lines after nested quotes", r(">", 50_000) + "a\n" + &r("b\n", 100_000)),
        ("tables", r("a\n-\n", 100_000)),
        (
            "a table of 1,000 columns",
            r("|a", 1_000) + "\n" + &r("|-", 1_000) + "\n" + &r("|b\n", 100_000),
        ),
        ("references", lines(20_000, &|n| format!("[{n}]: u\n\n[{n}]\n"))),
        ("footnotes", lines(20_000, &|n| format!("[^{n}]: u[^{}]\n\n", n + 1))),
        ("mentions of footnotes", String::from("[^a]: x\n\n") + &r("[^a]", 200_000)),
        ("tags", r("<b>", 100_000) + &r("</i>", 100_000)),
        ("nested tags", r("<b>", 100_000) + &r("</b>", 100_000)),
        ("half a tag", r("<a \"", 200_000)),
        ("half a tag in a block", String::from("<div>\n") + &r("<a '\" ", 100_000)),
        ("tags in a block", String::from("<div>\n") + &r("<b>a</b>", 100_000)),
        ("details", r("<details>\n", 50_000)),
        ("details with summaries", r("<details><summary>a\n\n", 40_000)),
        ("details one after the other", r("<details>\n\na\n\n</details>\n\n", 30_000)),
        ("entities", r("&#27;", 200_000)),
        ("controls", r("\u{1b}", 1_000_000)),
        ("headings of the same words", r("# a\n", 60_000)),
        ("headings that look numbered", lines(30_000, &|n| format!("# a-{n}\n# a\n"))),
        ("one cluster", String::from("e") + &r("\u{301}", 400_000)),
        ("joiners", r("\u{200d}", 300_000)),
        ("ampersands in a block", String::from("<p>") + &r("&", 500_000)),
        ("bare addresses", r("https://a.b ", 80_000)),
        ("bare addresses in brackets", r("(http://a", 100_000)),
        ("an address with many ends", String::from("http://a.b/") + &r(").", 300_000)),
        ("dollars", r("$a $", 200_000)),
        ("quiz directives", r("{{#quiz ", 100_000)),
    ]
}

/// Every block of a document, with those inside others.
fn every_block(blocks: &[Block], each: &mut impl FnMut(&Block, usize), depth: usize) {
    for block in blocks {
        each(block, depth);
        match &block.kind {
            BlockKind::List(list) => {
                for item in &list.items {
                    every_block(&item.blocks, each, depth + 1);
                }
            }
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Details { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => every_block(blocks, each, depth + 1),
            _ => {}
        }
    }
}

fn has_notice(document: &Document) -> bool {
    let mut found = false;
    every_block(
        &document.blocks,
        &mut |block, _| found |= matches!(block.kind, BlockKind::Notice(_)),
        0,
    );
    found
}

#[test]
fn pathological_texts_are_fast() {
    for (name, text) in pathological() {
        let start = Instant::now();
        let document = parse(&text);
        let took = start.elapsed();
        let mut deepest = 0;
        every_block(&document.blocks, &mut |_, depth| deepest = deepest.max(depth), 0);
        if std::env::var_os("SHOW_TIMES").is_some() {
            eprintln!("{took:>10.1?} {:>7} {deepest:>3} {name}", text.len());
        }
        assert!(!document.blocks.is_empty() || text.starts_with('\u{200d}'), "{name}");
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
        assert!(deepest <= 65, "{name} is {deepest} deep");
    }
}

/// Text in which Markdown's own characters are frequent.
fn markdown_like() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(PIECES);
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check_inlines(source: &str, inlines: &[Inline], outer: Span) -> Result<(), TestCaseError> {
    for inline in inlines {
        check_span(source, inline.span, outer)?;
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) | InlineKind::Html(text) => {
                prop_assert!(!text.is_empty() || !matches!(inline.kind, InlineKind::Text(_)));
                prop_assert_eq!(sanitize::text(text), text.as_str());
                prop_assert!(!text.contains('\n') && !text.contains('\r'), "{:?}", text);
            }
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Superscript(inner)
            | InlineKind::Subscript(inner)
            | InlineKind::Key(inner)
            | InlineKind::Link { inlines: inner, .. } => check_inlines(source, inner, inline.span)?,
            InlineKind::Image { .. }
            | InlineKind::SoftBreak
            | InlineKind::HardBreak
            | InlineKind::Footnote { .. }
            | InlineKind::Math { .. } => {}
        }
    }
    Ok(())
}

fn check_span(source: &str, span: Span, outer: Span) -> Result<(), TestCaseError> {
    prop_assert!(
        outer.start <= span.start && span.start <= span.end && span.end <= outer.end,
        "{span:?} in {outer:?} of {source:?}"
    );
    prop_assert!(source.get(span.start..span.end).is_some(), "{span:?} of {source:?}");
    Ok(())
}

/// Spans lie within the source and within their container's; texts are sanitised.
fn check_blocks(source: &str, blocks: &[Block], outer: Span) -> Result<(), TestCaseError> {
    for block in blocks {
        let span = block.span;
        check_span(source, span, outer)?;
        let text = block_text(block);
        prop_assert_eq!(sanitize::text(&text), text.as_str());
        match &block.kind {
            BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => {
                check_inlines(source, inlines, span)?;
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    check_span(source, item.span, span)?;
                    check_blocks(source, &item.blocks, item.span)?;
                }
            }
            BlockKind::Table(table) => {
                for row in std::iter::once(&table.header).chain(&table.rows) {
                    prop_assert_eq!(row.len(), table.alignments.len());
                    row.iter().try_for_each(|cell| check_inlines(source, cell, span))?;
                }
            }
            BlockKind::Details { summary, blocks } => {
                check_inlines(source, summary, span)?;
                check_blocks(source, blocks, span)?;
            }
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Footnote { blocks, .. } => {
                check_blocks(source, blocks, span)?;
            }
            BlockKind::Embed(Embed::Question(f) | Embed::Scenario(f) | Embed::Output(f)) => {
                prop_assert_eq!(f.line_starts.len(), f.text.split_inclusive('\n').count());
                prop_assert!(f.line_starts.iter().all(|&at| span.start <= at && at <= span.end));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_document(source: &str) -> Result<(), TestCaseError> {
    let document = parse(source);
    let whole = Span::new(0, source.len());
    check_blocks(source, &document.blocks, whole)?;
    for diagnostic in &document.diagnostics {
        check_span(source, diagnostic.span, whole)?;
    }
    let anchors: Vec<_> = document
        .blocks
        .iter()
        .filter_map(|b| match &b.kind {
            BlockKind::Heading { anchor, .. } => Some(anchor),
            _ => None,
        })
        .collect();
    let unique: std::collections::BTreeSet<_> = anchors.iter().collect();
    prop_assert_eq!(anchors.len(), unique.len());
    check_inlines(source, &inlines(source), whole)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_text_is_a_document(source in markdown_like()) {
        check_document(&source)?;
    }

    #[test]
    fn random_text_is_a_document(source in any::<String>()) {
        check_document(&source)?;
    }

    #[test]
    fn a_start_anywhere_gives_spans_of_the_whole(source in markdown_like(), offset in 0..200usize) {
        let blocks: Vec<_> = Blocks::starting_at(&source, offset).collect();
        check_blocks(&source, &blocks, Span::new(0, source.len()))?;
    }
}
