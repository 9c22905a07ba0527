//! Full-text search.

use crate::traveller::{Setup, Traveller, journey, pictures};

#[test]
fn results_follow_every_letter() {
    pictures("search_empty", &[], "/");
    pictures("search_found", &[], "/wat<down>");
}

#[test]
fn enter_opens_the_place_and_esc_comes_back() {
    let traveller = journey("/hard");
    let found = traveller.screen();
    let traveller = traveller.typing("<enter>");
    assert!(!traveller.screen().contains("result"), "{}", traveller.screen());
    assert!(traveller.screen().to_lowercase().contains("hard"));
    assert_eq!(traveller.typing("<esc>").screen(), found);
}

#[test]
fn terms_facts_and_own_notes_are_found() {
    let found = |keys: &str| journey(keys).screen();
    assert!(found("/glossary").contains("Nothing found."));
    let screen = found("<enter>nMy zebra remark<enter><esc>/zebra");
    assert!(screen.contains("Your note") && screen.contains("My zebra remark"), "{screen}");
}

#[test]
fn a_typo_is_forgiven_and_nonsense_finds_nothing() {
    assert!(journey("/temprature").screen().contains("result"));
    assert!(journey("/xyzzyplugh").screen().contains("Nothing found."));
}

#[test]
fn where_a_result_stands_needs_no_more_than_ascii() {
    let traveller = Traveller::new(Setup { ascii: true, ..Setup::default() });
    let screen = traveller.typing("/water").screen();
    assert!(screen.contains("  1.1 - How hard") && !screen.contains('·'), "{screen}");
}
