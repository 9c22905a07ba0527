//! Markdown to rows: at any width, with anything beside the text, wherever one goes in it.

use std::sync::Arc;

use coldstart::markdown::{Block, BlockKind, Document, block_text, parse};
use coldstart::typeset::{
    Galley, LinkStyle, Measure, Panel, Place, Role, Row, Settings, Supplements, Syntax, Typesetter,
    clusters, fit, width, wrap_with,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{cases, hostile};

/// Something a reader does.
#[derive(Clone, Debug)]
enum Step {
    Move(isize, usize),
    Resize(Settings),
    Unfold(Index),
    Shift(Index, usize),
    Withhold(Index),
    Find(usize),
    End(usize),
    Window(usize),
}

fn settings() -> impl Strategy<Value = Settings> {
    let links = prop_oneof![Just(LinkStyle::Bare), Just(LinkStyle::Numbered)];
    let measure = prop_oneof![8 => 20u16..=200, 1 => Just(500u16), 1 => 0u16..=20];
    (measure, any::<bool>(), any::<bool>(), links, any::<bool>()).prop_map(
        |(cells, ascii, bare, links, unfold)| Settings {
            measure: Measure(cells),
            ascii,
            bare,
            links,
            unfold,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let far = prop_oneof![6 => -40isize..40, 1 => Just(isize::MAX), 1 => Just(isize::MIN)];
    let height = prop_oneof![6 => 0usize..60, 1 => Just(usize::MAX)];
    prop_oneof![
        4 => (far, height.clone()).prop_map(|(rows, height)| Step::Move(rows, height)),
        2 => settings().prop_map(Step::Resize),
        1 => any::<Index>().prop_map(Step::Unfold),
        1 => any::<Index>().prop_map(Step::Withhold),
        1 => (any::<Index>(), prop_oneof![0usize..200, Just(usize::MAX)]).prop_map(|(at, cells)| Step::Shift(at, cells)),
        1 => prop_oneof![0usize..4000, Just(usize::MAX)].prop_map(Step::Find),
        1 => height.clone().prop_map(Step::End),
        2 => (0usize..60).prop_map(Step::Window),
    ]
}

/// Where blocks begin, those inside others too.
fn starts(blocks: &[Block], found: &mut Vec<usize>) {
    for block in blocks {
        found.push(block.span.start);
        match &block.kind {
            BlockKind::List(list) => {
                for item in &list.items {
                    found.push(item.span.start);
                    starts(&item.blocks, found);
                }
            }
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Details { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => starts(blocks, found),
            _ => {}
        }
    }
}

/// Something beside every block: panels with sanitised words, colours that do not fit the code.
fn beside(document: &Document, words: &str, tokens: &[usize]) -> Supplements {
    let mut supplements = Supplements::default();
    let mut all = Vec::new();
    starts(&document.blocks, &mut all);
    let words = coldstart::sanitize::line(words).into_owned();
    for (nth, &start) in all.iter().enumerate() {
        let panel = Panel {
            kind: words.clone(),
            title: words.chars().rev().filter(|c| c.is_alphanumeric()).collect(),
            lines: vec![words.clone(); nth % 3],
            action: if nth % 2 == 0 { String::new() } else { words.clone() },
        };
        supplements.panels.insert(start, panel);
        let line = tokens.iter().map(|&bytes| (Syntax::Keyword, bytes)).collect::<Vec<_>>();
        supplements.code.insert(start, vec![line; nth % 4]);
        if nth % 3 == 0 {
            supplements.shifts.insert(start, tokens.first().copied().unwrap_or(0));
            supplements.marks.insert(start, ("✓".to_owned(), Role::Correct));
        }
    }
    supplements
}

fn check_rows<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    cells: usize,
    source: &str,
) -> Result<(), TestCaseError> {
    for row in rows {
        let text = row.text();
        hostile::fit_line(&text)?;
        // A single cluster that is wider than the line is not broken.
        let widest = clusters(&text).map(|(_, cells)| cells).max().unwrap_or(0);
        prop_assert!(row.width() <= cells || widest > 8, "{} of {cells}: {text:?}", row.width());
        prop_assert!(
            row.span.start <= row.span.end && row.span.end <= source.len(),
            "{:?}",
            row.span
        );
    }
    Ok(())
}

fn follow(
    galley: &mut Galley,
    top: Place,
    step: &Step,
    source: &str,
) -> Result<Place, TestCaseError> {
    match step {
        Step::Move(rows, height) => {
            let end = galley.end(*height);
            let to = galley.moved(top, *rows, *height);
            prop_assert!(to <= end.max(top), "{to:?} is past {end:?}");
            prop_assert!(*rows < 0 || to >= top.min(end), "{rows} from {top:?} to {to:?}");
            prop_assert!(*rows > 0 || to <= top);
            Ok(to)
        }
        Step::Resize(settings) => {
            let before = galley.settings().clone();
            let there = galley.reset(settings.clone(), top);
            let back = galley.reset(before, there);
            prop_assert_eq!(back, top, "there and back");
            Ok(galley.reset(settings.clone(), back))
        }
        Step::Unfold(at) => {
            let start = some_start(galley, at);
            Ok(galley.supplement(top, |beside| {
                if !beside.unfolded.remove(&start) {
                    beside.unfolded.insert(start);
                }
            }))
        }
        Step::Shift(at, cells) => {
            let start = some_start(galley, at);
            Ok(galley.supplement(top, |beside| {
                beside.shifts.insert(start, *cells);
            }))
        }
        Step::Withhold(at) => {
            let blocks = &galley.document().blocks;
            let start = if blocks.is_empty() { 0 } else { at.get(blocks).span.start };
            let toggle = |beside: &mut Supplements| {
                if !beside.withheld.remove(&start) {
                    beside.withheld.insert(start);
                }
            };
            let there = galley.supplement(top, toggle);
            let back = galley.supplement(there, toggle);
            prop_assert_eq!(back, top, "held back and shown again");
            Ok(galley.supplement(back, toggle))
        }
        Step::Find(offset) => {
            let found = galley.place_of(*offset);
            let again = galley.offset_of(found);
            prop_assert!(again <= source.len());
            let _ = galley.place_of(again);
            Ok(found)
        }
        Step::End(height) => {
            let end = galley.end(*height);
            prop_assert!(galley.is_last(end, *height));
            Ok(end)
        }
        Step::Window(height) => {
            let cells = galley.settings().measure.cells();
            let rows = galley.window(top, *height);
            prop_assert!(rows.len() <= *height);
            prop_assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
            check_rows(rows.iter().map(|(_, row)| row), cells, source)?;
            Ok(top)
        }
    }
}

fn some_start(galley: &Galley, at: &Index) -> usize {
    let mut all = Vec::new();
    starts(&galley.document().blocks, &mut all);
    if all.is_empty() { 0 } else { *at.get(&all) }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn fuzz_rows(
        source in hostile::text(0..50),
        settings in settings(),
        words in hostile::text(0..6),
        tokens in proptest::collection::vec(0usize..9, 0..5),
    ) {
        let document = parse(&source);
        // Blocks join lines: a tower of marks may grow by the blank below it.
        for block in &document.blocks {
            hostile::fit_lines(&block_text(block).replace('\t', " "))?;
        }
        let supplements = beside(&document, &words, &tokens);
        let mut setter = Typesetter::new(settings.clone());
        let mut rows: Vec<Row> = document.blocks.iter().flat_map(|block| setter.rows(block, &supplements)).collect();
        rows.extend(setter.references());
        check_rows(&rows, settings.measure.cells(), &source)?;
    }

    #[test]
    fn fuzz_galley(
        source in hostile::text(0..50),
        settings in settings(),
        steps in proptest::collection::vec(step(), 1..16),
    ) {
        let document = Arc::new(parse(&source));
        let supplements = beside(&document, "word", &[1, 2]);
        let mut galley = Galley::new(document, settings, supplements);
        let mut top = Place::default();
        for step in &steps {
            top = follow(&mut galley, top, step, &source)?;
        }
    }

    #[test]
    fn fuzz_widths(text in hostile::text(0..12), cells in 0usize..60, settings in settings()) {
        let clean = coldstart::sanitize::line(&text);
        let cut = fit(&clean, cells);
        prop_assert!(width(&cut) <= cells, "{cut:?} at {cells}");
        prop_assert!(width(&clean) > cells || cut == clean);
        let sum: usize = clusters(&clean).map(|(_, cells)| cells).sum();
        prop_assert_eq!(sum, width(&clean));
        let inlines = coldstart::markdown::inlines(&text);
        let widest = clusters(&clean).map(|(_, cells)| cells).max().unwrap_or(0).max(2);
        for row in wrap_with(&settings, &inlines, cells, Role::Body) {
            hostile::fit_line(&row.text())?;
            prop_assert!(row.width() <= cells.max(widest), "{:?} at {cells}", row.text());
        }
    }
}
