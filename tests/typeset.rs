//! The rows of a lesson: pictures of each construct, and what holds for every text at every width.

#![expect(clippy::format_collect, reason = "a test may be slow")]
#![expect(clippy::disallowed_methods, reason = "a test measures how long layout takes")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use coldstart::markdown::{BlockKind, block_text, parse};
use coldstart::typeset::{
    Galley, LinkStyle, Measure, Panel, Place, Role, Row, Settings, Supplements, Syntax, Typesetter,
    gap, width, wrap_inlines,
};
use proptest::prelude::*;

fn settings(cells: u16) -> Settings {
    Settings { measure: Measure(cells), unfold: true, ..Settings::default() }
}

/// All rows of a text, as `show` prints them.
fn all_rows(source: &str, settings: &Settings, supplements: &Supplements) -> Vec<Row> {
    let mut setter = Typesetter::new(settings.clone());
    let mut rows: Vec<Row> = Vec::new();
    let blocks = parse(source).blocks;
    for (index, block) in blocks.iter().enumerate() {
        if let Some(before) = index.checked_sub(1) {
            rows.resize(rows.len() + gap(&blocks[before].kind, &block.kind), Row::default());
        }
        rows.extend(setter.rows(block, supplements));
    }
    rows.extend(setter.references());
    rows
}

fn lines(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.text().trim_end().to_owned()).collect()
}

/// Lays `source` out at `cells` and compares with a picture, whose first line is empty.
#[track_caller]
fn check(source: &str, cells: u16, picture: &str) {
    check_with(source, &settings(cells), &Supplements::default(), picture);
}

#[track_caller]
fn check_with(source: &str, settings: &Settings, supplements: &Supplements, picture: &str) {
    let found = lines(&all_rows(source, settings, supplements)).join("\n");
    let expected = picture.strip_prefix('\n').unwrap_or(picture).trim_end_matches('\n');
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}\n");
}

#[test]
fn headings_step_down_without_shouting() {
    check(
        "# The first request pays\n\ntext\n\n## Scaling out\n\nmore\n\n### Deeper\n\nend",
        40,
        "
The first request pays
━━━━━━━━━━━━━━━━━━━━━━

text


Scaling out

more

Deeper

end",
    );
}

#[test]
fn lists_hang_and_numbers_align_at_their_dots() {
    check(
        "- one that is so long that it wraps around\n  - two\n    - three\n      - four\n\n9. nine\n10. ten\n\n- [ ] open\n- [x] done",
        40,
        "
  • one that is so long that it wraps
    around
    ◦ two
      ▪ three
        ▪ four

   9. nine
  10. ten

  ☐ open
  ☑ done",
    );
}

#[test]
fn loose_items_are_apart_and_hold_blocks() {
    check(
        "1. first\n\n   > quoted\n\n2. second\n\n       code",
        40,
        "
  1. first

     ▏ quoted

  2. second

       code",
    );
}

#[test]
fn callouts_have_a_bar_a_glyph_and_a_word() {
    check(
        "> [!NOTE]\n> Treat it as a knob.\n>\n> - never as a fact\n\n> [!CAUTION]\n> Hot.",
        40,
        "
▌ ◇ Note
▌ Treat it as a knob.
▌
▌ • never as a fact

▌ ■ Caution
▌ Hot.",
    );
}

#[test]
fn table_columns_take_what_they_need_and_wrap_inside() {
    let table = "| Service | Timeout | What for |\n|---|--:|---|\n| AWS Lambda | 15 min | functions that are started by events |\n| Cloud Run | 60 min | containers |\n";
    check(
        table,
        60,
        "
Service      Timeout   What for
──────────   ───────   ────────────────────────────────────
AWS Lambda    15 min   functions that are started by events
Cloud Run     60 min   containers",
    );
    check(
        table,
        40,
        "
Service      Timeout   What for
──────────   ───────   ─────────────────
AWS Lambda    15 min   functions that
                       are started by
                       events

Cloud Run     60 min   containers",
    );
}

#[test]
fn a_table_takes_the_widths_that_make_it_lowest() {
    check(
        "| Step | An example | Handed over at this step |\n|---|---|---|\n| Virtual machine | Amazon EC2 | hardware and building |\n| Ready-made back end: BaaS | Firebase, Cloudflare | most of the program |\n",
        64,
        "
Step                An example          Handed over at this step
─────────────────   ─────────────────   ────────────────────────
Virtual machine     Amazon EC2          hardware and building

Ready-made back     Firebase,           most of the program
end: BaaS           Cloudflare",
    );
}

#[test]
fn a_table_too_wide_for_its_words_is_told_row_by_row() {
    check(
        "| Infrastructure | Responsibility | Virtualization |\n|---|---|---|\n| one | two | |\n| a longer value | b | c |",
        24,
        "
Table of 3 columns, told
row by row

Infrastructure: one
Responsibility: two
Virtualization:

Infrastructure: a longer
  value
Responsibility: b
Virtualization: c",
    );
}

#[test]
fn code_is_set_off_and_its_long_lines_carry_a_mark() {
    check(
        "```python\ndef f():\n\treturn 1\n\nanswer = first_function(argument) + second_function()\n```",
        44,
        "
    def f():
        return 1

    answer = first_function(argument) +
  ↪ second_function()",
    );
}

#[test]
fn tabs_count_in_the_width_of_a_figure() {
    let source = "<!-- alt: Four. -->\n```text figure\na\tb\tc\td\te\tf\n```\n";
    for row in all_rows(source, &settings(20), &Supplements::default()) {
        assert!(row.width() <= 20, "{row:?}");
    }
}

#[test]
fn colours_never_cut_a_cluster_and_a_moved_figure_takes_any_mark() {
    let source = format!("```rust\n{}\n```\n", "1\u{fe0f}\u{20e3}".repeat(60));
    let mut supplements = Supplements::default();
    supplements.code.insert(0, vec![vec![(Syntax::Constant, 1), (Syntax::Plain, 3)]]);
    for row in all_rows(&source, &settings(20), &supplements) {
        assert!(row.width() <= 20, "{row:?}");
    }
    let figure = format!("```text figure\n\u{301}\u{301}{}\n```\n", "<b>".repeat(22));
    for shift in 0..50 {
        supplements.shifts.insert(0, shift);
        for row in all_rows(&figure, &settings(20), &supplements) {
            assert!(row.width() <= 20, "{row:?}");
        }
    }
}

#[test]
fn quotes_nest() {
    check(
        "> outer\n>\n> > inner",
        30,
        "
▏ outer
▏
▏ ▏ inner",
    );
}

const FIGURE: &str = "<!-- alt: Ten boxes in a row. -->\n```text figure\n┌─┐ 0123456789 0123456789\n└─┘ abcdefghij klmnopqrst\n```\n";

#[test]
fn a_figure_too_wide_is_told_in_words_and_seen_through_a_window() {
    check(
        FIGURE,
        40,
        "
┌─┐ 0123456789 0123456789
└─┘ abcdefghij klmnopqrst",
    );
    let start = parse(FIGURE).blocks[0].span.start;
    let shifts = [(start, 3)].into_iter().collect();
    check_with(
        FIGURE,
        &Settings { unfold: false, ..settings(20) },
        &Supplements { shifts, ..Supplements::default() },
        "
Ten boxes in a row.

 0123456789 01234567
 abcdefghij klmnopqr
◂ 4–23 of 25 ▸",
    );
}

#[test]
fn on_paper_the_words_stand_for_a_figure_too_wide() {
    check(FIGURE, 20, "\nTen boxes in a row.\n(A drawing that\nneeds 25 columns.)");
    let bare = FIGURE.lines().skip(1).collect::<Vec<_>>().join("\n");
    check(
        &bare,
        20,
        "
┌─┐ 0123456789
↪ 0123456789
└─┘ abcdefghij
↪ klmnopqrst",
    );
}

#[test]
fn panels_are_boxes_with_their_action_in_the_border() {
    let source = "[Simulation: keep-alive](../x/keep-alive.toml)";
    let panel = Panel {
        kind: "Simulation".to_owned(),
        title: "When does an environment go cold?".to_owned(),
        lines: vec!["Keep-alive 5 min. Requests at random, one in 20 min on average.".to_owned()],
        action: "↵ predict".to_owned(),
    };
    let supplements =
        Supplements { panels: [(0, panel)].into_iter().collect(), ..Supplements::default() };
    check_with(
        source,
        &settings(60),
        &supplements,
        "
╭ Simulation ── When does an environment go cold? ─────────╮
│ Keep-alive 5 min. Requests at random, one in 20 min on   │
│ average.                                                 │
╰───────────────────────────────────────────── ↵ predict ──╯",
    );
    check_with(
        source,
        &settings(30),
        &supplements,
        "
╭ Simulation ────────────────╮
│ When does an environment   │
│ go cold?                   │
│ Keep-alive 5 min. Requests │
│ at random, one in 20 min   │
│ on average.                │
╰─────────────── ↵ predict ──╯",
    );
}

#[test]
fn asides_fold() {
    let source = "<details><summary>Hint</summary>\n\nCompare the gap.\n\n</details>";
    let folded = Settings { unfold: false, ..settings(40) };
    check_with(source, &folded, &Supplements::default(), "\n▸ Hint");
    check(source, 40, "\n▾ Hint\n\n  Compare the gap.");
    let rows = all_rows(source, &folded, &Supplements::default());
    assert!(rows[0].pieces.iter().all(|piece| piece.target.is_some()), "{rows:?}");
}

#[test]
fn footnotes_lead_there_and_back() {
    check(
        "Lambda[^a] runs.\n\n[^a]: Since 2014.",
        40,
        "
Lambda¹ runs.

────────────
¹ Since 2014.\u{a0}↩",
    );
}

#[test]
fn links_are_numbered_where_nothing_can_be_opened() {
    let numbered = Settings { links: LinkStyle::Numbered, ..settings(60) };
    check_with(
        "See [the guide](https://example.com/guide), [again](https://example.com/guide) and <https://a.example>.",
        &numbered,
        &Supplements::default(),
        "
See the guide[1], again[1] and https://a.example.
────────────
[1] https://example.com/guide",
    );
}

#[test]
fn inline_marks_stay_readable_without_styles() {
    let bare = Settings { bare: true, ..settings(70) };
    check_with(
        "Press <kbd>Ctrl</kbd>, `code`, ~~gone~~, H<sub>2</sub>O, x<sup>2</sup>, x<sup>ab</sup>, ![a plan](p/plan.png), [x](javascript:alert)",
        &bare,
        &Supplements::default(),
        "
Press [Ctrl], `code`, ~~gone~~, H₂O, x², x^ab, ▨\u{a0}a plan (picture:
plan.png), x (javascript:alert)",
    );
}

#[test]
fn every_mark_of_ours_has_an_ascii_form() {
    let source = format!(
        "# T\n\n- a\n  - b\n- [x] c\n\n> q\n\n> [!TIP]\n> t\n\n| a | b |\n|---|---|\n| c | d |\n\n---\n\n{FIGURE}\n[Quiz: q](q.toml)\n\n<details><summary>s</summary>\n\nd\n\n</details>\n\nf[^1] ![i](i.png) ~~s~~ x<sup>2</sup>\n\n```sh\n# ─── 0123456789 0123456789 0123456789 0123456789 0123456789\n```\n\n[^1]: note\n"
    );
    for cells in [20, 40, 80] {
        let ascii = Settings { ascii: true, ..settings(cells) };
        for line in lines(&all_rows(&source, &ascii, &Supplements::default())) {
            assert!(line.replace('\u{a0}', " ").is_ascii(), "{line}");
        }
    }
}

#[test]
fn deep_nesting_gives_up_its_margins_before_its_text() {
    let source = format!("{}deep down here", "- ".repeat(30));
    for cells in [20, 24, 33, 60] {
        let rows = all_rows(&source, &settings(cells), &Supplements::default());
        assert!(rows.iter().all(|row| row.width() <= usize::from(cells)), "{:?}", lines(&rows));
        let text = lines(&rows).concat();
        assert_eq!(text.matches(['•', '◦', '▪']).count(), 30, "{text}");
        assert!(lines(&rows).join(" ").contains("deep"), "{text}");
    }
}

#[test]
fn lines_break_as_the_line_breaking_algorithm_says() {
    // Samples in the manner of Unicode's LineBreakTest: `÷` where a line may break.
    for sample in [
        "one ÷two",
        "keep-÷alive",
        "“quoted ÷words” ÷here",
        "(in ÷brackets)",
        "30 ÷%, ÷$10.50",
        "end! ÷Next?",
        "50\u{a0}ms ÷later",
        "漢÷字÷、÷仮".replace("÷、", "、").as_str(),
        "「÷鍵÷」".replace('÷', "").as_str(),
        "and/÷or",
        "a…÷b",
        "em—÷dash".replace("em—", "em÷—").as_str(),
    ] {
        let text = sample.replace('÷', "");
        let parts: Vec<&str> = sample.split('÷').map(str::trim_end).collect();
        let inlines = match &parse(&text).blocks[0].kind {
            BlockKind::Paragraph(inlines) => inlines.clone(),
            other => panic!("{other:?}"),
        };
        let widest = parts.iter().map(|part| width(part)).max().unwrap();
        let rows = wrap_inlines(&inlines, widest, Role::Body);
        // Greedy lines end only where the sample allows.
        let mut allowed = vec![String::new()];
        for part in sample.split('÷') {
            allowed.push(format!("{}{part}", allowed.last().unwrap()));
        }
        let squeezed = |text: &str| text.replace(' ', "");
        let mut so_far = String::new();
        for row in &rows {
            so_far.push_str(&row.text());
            assert!(
                allowed.iter().any(|text| squeezed(text) == squeezed(&so_far)),
                "{sample}: {:?}",
                lines(&rows)
            );
        }
    }
}

/// A word that can be found again: letters and a number of its own.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-z]{1,9}",
        1 => Just("漢字仮名".to_owned()),
        1 => Just("e\u{301}tude".to_owned()),
        1 => Just("👩‍👩‍👧".to_owned()),
        1 => Just("**bold**".to_owned()),
        1 => Just("*slant*".to_owned()),
        1 => Just("`code`".to_owned()),
        1 => Just("[link](https://example.com/x)".to_owned()),
        1 => Just("keep-alive".to_owned()),
        1 => Just("日本語、「鍵」。".to_owned()),
        1 => Just("नमस्ते".to_owned()),
        1 => Just("ประเทศไทย".to_owned()),
        1 => Just("한국어".to_owned()),
        1 => Just("🇩🇪".to_owned()),
        1 => Just("1️⃣".to_owned()),
    ];
    prop::collection::vec(word, 1..30).prop_map(|words| words.join(" "))
}

/// Markdown of blocks inside blocks.
fn nested() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => words(),
        1 => words().prop_map(|text| format!("## {text}")),
        1 => words().prop_map(|text| format!("```\n{text}\n```")),
        1 => "[a-z]{1,60}".prop_map(|text| format!("```rust\nlet {text} = 1;\n```")),
        1 => (words(), words()).prop_map(|(a, b)| {
            format!("| head | {} |\n|---|--:|\n| {} | x |\n| y | z |", one_line(&a), one_line(&b))
        }),
    ];
    let block = leaf.prop_recursive(5, 24, 3, |inner| {
        let inside = prop::collection::vec(inner, 1..3).prop_map(|blocks| blocks.join("\n\n"));
        prop_oneof![
            inside.clone().prop_map(|text| prefixed(&text, "> ", "> ")),
            inside.clone().prop_map(|text| format!("> [!TIP]\n{}", prefixed(&text, "> ", "> "))),
            inside.clone().prop_map(|text| prefixed(&text, "- ", "  ")),
            inside.prop_map(|text| prefixed(&text, "123. ", "     ")),
        ]
    });
    prop::collection::vec(block, 1..4).prop_map(|blocks| blocks.join("\n\n"))
}

fn one_line(text: &str) -> String {
    text.replace('|', " ")
}

fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let line =
        |(index, line): (usize, &str)| format!("{}{line}", if index == 0 { first } else { rest });
    text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Whether all of `part` stands in `whole`, in order.
fn in_order(part: &[char], whole: &[char]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|c| rest.any(|other| other == c))
}

/// Whether `whole` holds every character at least as often as `part`.
fn holds_all(part: &[char], whole: &[char]) -> bool {
    let count = |text: &[char]| {
        let mut sorted = text.to_vec();
        sorted.sort_unstable();
        sorted
    };
    in_order(&count(part), &count(whole))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_row_is_wider_than_the_measure_and_no_text_is_lost(source in nested(), cells in 20u16..=200) {
        let document = parse(&source);
        let rows = all_rows(&source, &settings(cells), &Supplements::default());
        for row in &rows {
            prop_assert!(row.width() <= usize::from(cells), "{}: {:?}", row.width(), row.text());
            let merged = row.pieces.windows(2).all(|pair| pair[0].role != pair[1].role || pair[0].target != pair[1].target);
            prop_assert!(merged, "{row:?}");
            prop_assert!(row.pieces.iter().all(|piece| !piece.text.is_empty()));
        }
        let shown = letters(&lines(&rows).concat());
        let text: String = document.blocks.iter().map(block_text).collect();
        let wanted = letters(&text);
        prop_assert!(holds_all(&wanted, &shown), "{:#?}\n{text}", lines(&rows));
        if !source.contains("|---") {
            prop_assert!(in_order(&wanted, &shown), "{:#?}\n{text}", lines(&rows));
        }
    }

    #[test]
    fn words_that_fit_stay_whole_and_in_order(
        words in prop::collection::vec("[a-z]{1,10}", 1..60),
        cells in 10usize..80,
    ) {
        let text = words.join(" ");
        let BlockKind::Paragraph(inlines) = parse(&text).blocks[0].kind.clone() else { return Ok(()) };
        let rows = lines(&wrap_inlines(&inlines, cells, Role::Body));
        let found: Vec<&str> = rows.iter().flat_map(|row| row.split_whitespace()).collect();
        prop_assert_eq!(found, words.iter().map(String::as_str).collect::<Vec<_>>());
        // Greedy: the first word of a row did not fit on the one before.
        for pair in rows.windows(2) {
            let next = pair[1].split_whitespace().next().unwrap_or("");
            prop_assert!(pair[0].len() + 1 + next.len() > cells, "{:?}", rows);
        }
    }

    #[test]
    fn wrapping_again_changes_nothing(text in words(), cells in 20usize..100) {
        let inlines = |text: &str| match parse(text).blocks.first().map(|block| block.kind.clone()) {
            Some(BlockKind::Paragraph(inlines)) => inlines,
            _ => Vec::new(),
        };
        let once = lines(&wrap_inlines(&inlines(&text), cells, Role::Body));
        // Each row is a paragraph that fits on one row.
        for row in &once {
            let again = lines(&wrap_inlines(&inlines(row), cells, Role::Body));
            prop_assert!(again.len() <= 1, "{row:?} {again:?}");
        }
    }

    #[test]
    fn chinese_and_japanese_lines_never_begin_or_end_wrongly(
        text in "[漢字仮名。、「」（）]{1,60}", cells in 20usize..60,
    ) {
        let BlockKind::Paragraph(inlines) = parse(&text).blocks[0].kind.clone() else { return Ok(()) };
        let rows = lines(&wrap_inlines(&inlines, cells, Role::Body));
        // Only a run of marks that no line could hold may be split among itself.
        let unbroken = text.split(|c: char| "漢字仮名".contains(c)).any(|run| width(run) + 4 > cells);
        if !unbroken {
            for row in rows.iter().skip(1) {
                prop_assert!(!row.starts_with(['。', '、', '」', '）']), "{rows:?}");
            }
            for row in rows.iter().take(rows.len().saturating_sub(1)) {
                prop_assert!(!row.ends_with(['「', '（']), "{rows:?}");
            }
        }
    }

    #[test]
    fn a_galley_finds_its_place_again(
        source in nested(),
        a in 20u16..=120,
        b in 20u16..=120,
        steps in 0isize..200,
        height in 1usize..30,
    ) {
        let document = Arc::new(parse(&source));
        let mut galley = Galley::new(Arc::clone(&document), settings(a), Supplements::default());
        let top = galley.moved(Place::default(), steps, height);
        let offset = galley.offset_of(top);
        let narrow = galley.reset(settings(b), top);
        prop_assert_eq!(galley.offset_of(narrow), offset);
        let third = galley.reset(settings(33), narrow);
        prop_assert_eq!(galley.offset_of(third), offset);
        prop_assert_eq!(galley.reset(settings(a), third), top);
    }

    #[test]
    fn a_galley_shows_what_a_typesetter_sets(source in nested(), cells in 20u16..=120, height in 1usize..20) {
        let document = Arc::new(parse(&source));
        let all = lines(&all_rows(&source, &settings(cells), &Supplements::default()));
        let mut galley = Galley::new(document, settings(cells), Supplements::default());
        let mut seen = Vec::new();
        let mut top = Place::default();
        loop {
            let window = galley.window(top, height);
            prop_assert!(window.len() <= height);
            let page: Vec<Row> = window.iter().map(|(_, row)| row.clone()).collect();
            let new = lines(&page);
            if galley.is_last(top, height) {
                let kept = all.len() - seen.len();
                prop_assert_eq!(&new[new.len() - kept..], &all[seen.len()..]);
                break;
            }
            seen.extend(new);
            let next = window.last().map(|(place, _)| *place).unwrap();
            top = galley.moved(top, isize::try_from(height).unwrap(), usize::MAX >> 1);
            let after = galley.moved(next, 1, 1);
            // Not clamped by a page: simply the row after the last one seen.
            top = top.max(after);
        }
        prop_assert_eq!(galley.moved(galley.clone().end(height), isize::MIN + 1, height), Place::default());
    }
}

#[test]
fn only_blocks_that_are_looked_at_are_laid_out() {
    let source: String = (0..20_000).map(|line| format!("Paragraph {line} of many.\n\n")).collect();
    let document = Arc::new(parse(&source));
    let mut galley = Galley::new(document, settings(76), Supplements::default());
    assert_eq!(galley.window(Place::default(), 24).len(), 24);
    assert!(galley.laid_blocks() < 30, "{}", galley.laid_blocks());
    let middle = galley.place_of(source.find("Paragraph 12345").unwrap());
    assert_eq!(galley.window(middle, 1)[0].1.text(), "Paragraph 12345 of many.");
    let end = galley.end(24);
    assert!(galley.is_last(end, 24) && galley.laid_blocks() < 60, "{}", galley.laid_blocks());
}

#[test]
fn the_source_of_a_row_lies_in_the_source() {
    for source in ["# \u{1b}\u{1b}`", "</summary>\u{1b}# ", "&#27;&#27;", "<details>\u{200e}<!--"] {
        let settings = Settings { unfold: true, ..settings(20) };
        for row in all_rows(source, &settings, &Supplements::default()) {
            assert!(
                row.span.start <= row.span.end && row.span.end <= source.len(),
                "{source:?}: {row:?}"
            );
        }
    }
}

#[test]
fn an_enormous_table_and_an_enormous_line_are_set_soon() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(1000));
    let table = row("head") + &row("-") + &row("cell").repeat(20);
    let line = "word ".repeat(2_000_000);
    for source in [&table, &line] {
        let start = Instant::now();
        let rows = all_rows(source, &settings(80), &Supplements::default());
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        assert!(rows.iter().all(|row| row.width() <= 80));
        assert!(lines(&rows).iter().any(|line| line.contains("head") || line.contains("word")));
    }
}

#[test]
fn links_inside_a_text_lead_to_their_rows() {
    use coldstart::markdown::Target;
    let source = "Go[^n] to [end](#the-end).\n\n## The end\n\nHere.\n\n[^n]: A note.\n";
    let mut galley = Galley::new(Arc::new(parse(source)), settings(40), Supplements::default());
    let mut text_at = |target: Target| {
        let place = galley.place_of_target(&target).expect("a place");
        galley.window(place, 1)[0].1.text()
    };
    assert_eq!(text_at(Target::Anchor("the-end".to_owned())), "The end");
    assert_eq!(text_at(Target::Footnote(1)), "────────────");
    assert_eq!(text_at(Target::FootnoteReference(1)), "Go¹ to end.");
}
