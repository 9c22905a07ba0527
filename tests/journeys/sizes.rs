//! Every screen and box at every small size, and a sample of the large ones.

use proptest::prelude::*;

use crate::traveller::{Setup, Traveller};

/// Keys to every screen and every box.
const PLACES: [&str; 18] = [
    "",
    "<enter>",
    "<enter><end>",
    "<enter><tab>",
    "p",
    "?",
    "<enter>?",
    "T",
    "N",
    "<enter>o",
    "<enter>g",
    "<enter>nA note",
    "Q",
    "Qab<enter>",
    "Qa<enter>1",
    "Qa<enter>1<enter>s<enter>12",
    "Qs<enter>s<enter><ctrl-s><enter>",
    "/wat",
];

#[test]
fn no_size_breaks_a_screen() {
    for place in PLACES {
        let mut traveller = Traveller::new(Setup::default()).typing(place);
        for height in 0..=30 {
            for width in (0..=60).step_by(if height < 14 { 1 } else { 7 }) {
                traveller.resize(width, height);
                let _ = traveller.screen();
            }
        }
        for (width, height) in [(1, 200), (400, 1), (70, 31), (95, 12), (109, 50), (130, 50)] {
            traveller.resize(width, height);
            let _ = traveller.screen();
        }
    }
}

#[test]
fn too_small_is_said_and_passes() {
    let mut traveller = Traveller::new(Setup::default()).typing("<enter>jjjj");
    let before = traveller.screen();
    traveller.resize(39, 11);
    assert!(traveller.screen().contains("At least 40×12"));
    traveller.resize(80, 24);
    assert_eq!(traveller.screen(), before);
}

#[test]
fn a_storm_of_sizes_ends_where_it_began() {
    let mut traveller = Traveller::new(Setup::default()).typing("<enter>jjjjjjjjjj");
    let before = traveller.screen();
    for step in 0u16..200 {
        traveller.resize(40 + step * 37 % 90, 12 + step * 17 % 40);
    }
    traveller.resize(80, 24);
    assert_eq!(traveller.screen(), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_break_the_app(
        keys in prop::collection::vec(0usize..KEYS.len(), 0..60),
        width in 0u16..130,
        height in 0u16..50,
    ) {
        let mut traveller = Traveller::new(Setup { size: (width, height), ..Setup::default() });
        for (count, key) in keys.into_iter().enumerate() {
            traveller.press(KEYS[key]);
            if count % 7 == 0 {
                let _ = traveller.screen();
            }
        }
        let _ = traveller.screen();
    }
}

/// Every key that means something somewhere, and a few that mean nothing.
const KEYS: [&str; 54] = [
    "<enter>",
    "<enter>",
    "<enter>",
    "<enter>",
    "<esc>",
    "<tab>",
    "<tab>",
    "<shift-tab>",
    "<up>",
    "<down>",
    "<left>",
    "<right>",
    "<home>",
    "<end>",
    "<page-up>",
    "<page-down>",
    "<backspace>",
    "<delete>",
    "<ctrl-w>",
    "<ctrl-u>",
    "<ctrl-left>",
    "<alt-f>",
    "<f1>",
    "<f7>",
    "/",
    "?",
    " ",
    "a",
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "s",
    "y",
    "x",
    "T",
    "N",
    "Q",
    "G",
    "[",
    "]",
    "{",
    "}",
    "ü",
];

#[test]
fn keys_at_any_size_do_no_harm() {
    let keys = "jjddGgf<tab><enter><esc>oj<enter>}{nx<enter>mN<esc>[]p<esc>T<esc>?<esc>";
    for size in [(0, 0), (1, 1), (20, 5), (40, 12), (41, 13), (200, 60)] {
        let _ = Traveller::new(Setup { size, ..Setup::default() })
            .typing("<enter>")
            .typing(keys)
            .screen();
    }
}
