//! Where the learner stands.

use crate::contents::begun;
use crate::traveller::{Setup, Traveller, pictures};

#[test]
fn parts_and_lessons_with_what_was_reached() {
    pictures("progress", &begun(), "p");
}

#[test]
fn a_lesson_is_opened_from_it_and_esc_comes_back() {
    let traveller = Traveller::new(Setup { records: begun(), ..Setup::default() });
    let traveller = traveller.typing("pjj<enter>");
    assert!(traveller.screen().contains("1.2  Leaves differ"));
    let traveller = traveller.typing("<esc>");
    assert!(traveller.screen().contains("Where you stand"));
    assert!(!traveller.typing("<esc>").screen().contains("Where you stand"));
}
