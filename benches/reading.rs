//! Reading: Markdown to blocks to rows, the search and the check. `cargo bench --bench reading`

use std::fmt::Write as _;
use std::sync::Arc;

use coldstart::content::{Embedded, Source};
use coldstart::course::{self, Course, Date, search};
use coldstart::markdown::{self, Document};
use coldstart::typeset::{self, Galley, Place, Settings, Supplements};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// A megabyte of what lessons are made of: headings, prose with styles and links, lists, tables,
/// code, callouts.
fn text() -> String {
    let mut text = String::with_capacity(1 << 20);
    let mut section = 0;
    while text.len() < 1_000_000 {
        section += 1;
        let _ = write!(
            text,
            "## Section {section}\n\n\
             An *environment* that has been idle for **longer than its keep-alive** is gone, and \
             the next request starts another: see [section {section}](#section-{section}) and \
             `keep_alive = {section}`. What follows is long enough to be wrapped at any measure \
             that a terminal has, and then some more words to be sure of a third row.\n\n\
             - the first of a list, with `code` in it\n\
             - the second, which goes on for so long that it has to be wrapped at the measure of \
             the column\n    1. and a list within it\n    2. of two\n\n\
             | rate | cold | warm |\n|---:|---:|---|\n| {section} | 0.5 | a |\n| 2 | 0.25 | b |\n\n\
             ```python\ndef handler(event, context):\n    return {{\"section\": {section}}}\n```\n\n\
             > [!NOTE]\n> What is said beside the text, in its own words.\n\n"
        );
    }
    text
}

#[divan::bench]
fn markdown_parses_a_megabyte(bencher: Bencher) {
    let text = text();
    bencher.counter(BytesCount::of_str(&text)).bench(|| markdown::parse(&text));
}

#[divan::bench]
fn a_megabyte_is_typeset(bencher: Bencher) {
    let text = text();
    let document = markdown::parse(&text);
    let (settings, supplements) = (Settings::default(), Supplements::default());
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let rows = |block| typeset::rows(block, &settings, &supplements).len();
        document.blocks.iter().map(rows).sum::<usize>()
    });
}

/// What a learner waits for once the text is read: one screen of rows, from its start or its end.
#[divan::bench(args = ["start", "end"])]
fn the_first_window_of_a_megabyte(bencher: Bencher, from: &str) {
    let document: Arc<Document> = Arc::new(markdown::parse(&text()));
    bencher.bench(|| {
        let document = Arc::clone(&document);
        let mut galley = Galley::new(document, Settings::default(), Supplements::default());
        let top = if from == "end" { galley.end(22) } else { Place::default() };
        galley.window(top, 22)
    });
}

/// The shipped course, of which nothing is parsed yet.
fn course() -> Course {
    Embedded.open().unwrap_or_else(|_| Course::open(course::Files::new()))
}

#[divan::bench]
fn the_course_opens(bencher: Bencher) {
    bencher.bench(course);
}

#[divan::bench]
fn the_course_is_indexed(bencher: Bencher) {
    bencher.with_inputs(course).bench_refs(|course| search::Index::new(search::passages(course)));
}

#[divan::bench]
fn a_word_is_found_in_the_course(bencher: Bencher) {
    let index = search::Index::new(search::passages(&course()));
    bencher.bench(|| index.find("cold strat keep", 20));
}

#[divan::bench]
fn the_course_is_checked(bencher: Bencher) {
    let Some(today) = Date::new(2026, 11, 23) else { return };
    bencher.with_inputs(course).bench_refs(|course| course::check(course, today));
}
