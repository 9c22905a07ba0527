//! What `show` writes, byte by byte.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::format_collect,
    reason = "a test fails by panicking"
)]

use std::io::{self, Write};

use coldstart::cli::show::{Printing, show};
use coldstart::theme::{Depth, Theme};
use coldstart::typeset::{LinkStyle, Measure, Settings, Supplements};

fn settings(cells: u16) -> Settings {
    Settings { measure: Measure(cells), unfold: true, ..Settings::default() }
}

fn shown(source: &str, options: &Printing<'_>) -> String {
    let mut out = Vec::new();
    show(&mut out, source, options, Supplements::default()).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn plain(source: &str) -> String {
    let settings = Settings { bare: true, links: LinkStyle::Numbered, ..settings(60) };
    shown(
        source,
        &Printing {
            settings,
            theme: None,
            hyperlinks: false,
            highlight: true,
            margin: 0,
            start: 0,
        },
    )
}

fn styled(source: &str, depth: Depth) -> String {
    let themes = Theme::built_in(depth);
    let settings = settings(60);
    let theme = themes.first();
    shown(
        source,
        &Printing { settings, theme, hyperlinks: true, highlight: true, margin: 0, start: 0 },
    )
}

/// The text without the sequences that are ours: SGR, and OSC 8 with a printable address.
fn without_own_sequences(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        left.push_str(&rest[..at]);
        rest = &rest[at..];
        let sgr = rest
            .strip_prefix("\x1b[")
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
        let link = rest
            .strip_prefix("\x1b]8;;")
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_graphic() && c != '\\'));
        rest = match (sgr.and_then(|rest| rest.strip_prefix('m')), link) {
            (Some(rest), _) => rest,
            (None, Some(link)) => link.strip_prefix("\x1b\\").expect("a link that ends"),
            _ => panic!("a sequence that is not ours: {:?}", &rest[..rest.len().min(20)]),
        };
    }
    left + rest
}

const HOSTILE: &str = "# T\u{1b}]0;title\u{7} &#27;[31m &#x9b;1m &#x202e;\n\n\
    a\u{1b}[2J*b\u{8}*\u{9b}31m c\u{202e}d\u{2066}e\u{200b}f\u{e0041}g\rh\u{7f}\n\n\
    [x](https://e.example/\u{1b}\\\u{7}\u{9c}%1b \"t\u{1b}[1m\") ![a\u{1b}[5m](p\u{1b}c.png) <https://e.example/ü\u{202e}>\n\n\
    | h\u{1b}[7m | \u{1b}P |\n|---|---|\n| \u{1b}_x | \u{9d}8;; |\n\n\
    ```p\u{1b}y\nx = \"\u{1b}[31m\" # \u{202e}\u{0}\t\u{b}\u{c}\n```\n\n\
    ~~~text figure\n\u{1b}[1m┌─┐\u{2028}\n~~~\n\n<b\u{1b}>\n\n<div>\u{1b}[3m</div>\n\n\
    - [ ] \u{1b}c\n- &#27;&#7;\n\n> [!NOTE]\n> \u{1b}#8\n\n[q\u{1b}](a\u{1b}.toml)\n\n\
    <details><summary>\u{1b}[1m</summary>\n\n\u{85}\u{2029}\n\n</details>\n\n$\u{1b}$ `\u{1b}` f[^\u{1b}]\n\n[^\u{1b}]: \u{1b}x\n";

#[test]
fn hostile_text_writes_nothing_but_our_own_sequences_and_line_ends() {
    for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::TrueColor] {
        let left = without_own_sequences(&styled(HOSTILE, depth));
        let bad = |c: &char| {
            (c.is_control() && *c != '\n')
                || matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{200b}')
                || ('\u{e0000}'..='\u{e007f}').contains(c)
        };
        assert_eq!(left.chars().find(bad), None, "{left:?}");
        assert!(left.contains('␛'), "controls show as pictures: {left:?}");
    }
    assert!(!plain(HOSTILE).contains('\x1b'));
}

#[test]
fn a_pipe_gets_no_escape_byte() {
    let text = plain("# T\n\n**b** [l](https://e.example) `c`\n\n```rust\nfn main() {}\n```\n");
    assert!(text.chars().all(|c| !c.is_control() || c == '\n'), "{text:?}");
    assert!(text.contains("[1] https://e.example") && !text.contains(" \n"), "{text:?}");
}

#[test]
fn a_run_of_one_style_is_one_sequence() {
    let text = styled("**one *two* three** four\n\n> [!NOTE]\n> x\n", Depth::Sixteen);
    let first = text.lines().next().unwrap_or_default();
    // Strong, strong emphasis, strong again, and back.
    assert_eq!(first.matches("\x1b[").count(), 4, "{first:?}");
    assert!(
        text.lines().all(|line| !line.contains("\x1b[")
            || line.ends_with("\x1b[0m")
            || !line.ends_with('m'))
    );
    let link = styled("[a *b* c](https://e.example/x)", Depth::Sixteen);
    assert_eq!(link.matches("\x1b]8;;https://e.example/x\x1b\\").count(), 1, "{link:?}");
    assert_eq!(link.matches("\x1b]8;;\x1b\\").count(), 1, "{link:?}");
}

#[test]
fn colours_are_those_of_the_depth() {
    let source = "## T\n\n`c` [l](https://e.example)\n\n```rust\nfn main() { let x = 1; }\n```\n";
    assert!(styled(source, Depth::TrueColor).contains("38;2;"));
    let indexed = styled(source, Depth::Indexed);
    assert!(indexed.contains("38;5;") && !indexed.contains("38;2;"));
    let sixteen = styled(source, Depth::Sixteen);
    assert!(!sixteen.contains("38;") && sixteen.contains("\x1b[0;"));
    let none = styled(source, Depth::None);
    let digits = |part: &str| part.split('m').next().unwrap_or("").to_owned();
    let all: Vec<String> = none.split("\x1b[").skip(1).map(digits).collect();
    let weights = ["0", "1", "2", "3", "4", "7", "9"];
    assert!(all.iter().flat_map(|part| part.split(';')).all(|n| weights.contains(&n)), "{all:?}");
}

#[test]
fn code_is_coloured_unless_told_otherwise() {
    let source = "```rust\nfn main() { let x = \"s\"; }\n```\n";
    let themes = Theme::built_in(Depth::Sixteen);
    let options = |highlight| Printing {
        settings: settings(60),
        theme: themes.first(),
        hyperlinks: true,
        highlight,
        margin: 0,
        start: 0,
    };
    let (coloured, plain) = (shown(source, &options(true)), shown(source, &options(false)));
    assert!(coloured.matches("\x1b[").count() > plain.matches("\x1b[").count() + 4, "{coloured:?}");
    assert_eq!(without_own_sequences(&coloured), without_own_sequences(&plain));
}

/// A reader that goes away after the first bytes.
struct Closed(usize);

impl Write for Closed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = self.0.min(bytes.len());
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn long() -> String {
    (0..20_000).map(|line| format!("Paragraph {line} of a long text.\n\n")).collect()
}

#[test]
fn a_closed_pipe_is_a_good_end() {
    let options = Printing {
        settings: settings(60),
        theme: None,
        hyperlinks: false,
        highlight: false,
        margin: 0,
        start: 0,
    };
    for taken in [0, 1, 100, 40_000] {
        let result = show(&mut Closed(taken), &long(), &options, Supplements::default());
        assert!(result.is_ok(), "{result:?}");
    }
}

#[test]
fn the_first_block_is_written_before_the_others_are_set() {
    struct Writes(Vec<usize>);
    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let options = Printing {
        settings: settings(60),
        theme: None,
        hyperlinks: false,
        highlight: false,
        margin: 0,
        start: 0,
    };
    let mut writes = Writes(Vec::new());
    show(&mut writes, &long(), &options, Supplements::default()).expect("writes");
    assert_eq!(writes.0.first(), Some(&"Paragraph 0 of a long text.\n".len()));
    assert!(writes.0.len() < 40, "{}", writes.0.len());
}
