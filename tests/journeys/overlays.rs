//! Boxes over a screen.

use coldstart::app::{Effect, Event, Setting};

use crate::contents::begun;
use crate::traveller::{Setup, Traveller, course_with, journey, pictures};

#[test]
fn help_is_made_from_the_keys_of_the_screen() {
    pictures("help_contents", &[], "?");
    pictures("help_lesson", &[], "<enter>?");
    assert_eq!(journey("<enter>").screen(), journey("<enter>??").screen());
    assert_eq!(journey("<enter>").screen(), journey("<enter>?<esc>").screen());
}

#[test]
fn a_theme_is_tried_at_once_and_kept_by_enter_only() {
    let screen = journey("T").screen();
    assert!(["▸ dark", "light", "high-contrast"].iter().all(|name| screen.contains(name)));
    let kept = journey("Tj<enter>");
    assert_eq!(kept.effects, [Effect::SaveSetting(Setting::Theme("light".to_owned()))]);
    assert_eq!(kept.app.theme().unwrap().name, "light");
    let tried = journey("Tj");
    assert_eq!(tried.app.theme().unwrap().name, "light");
    let undone = tried.typing("<esc>");
    assert_eq!(undone.app.theme().unwrap().name, "dark");
    assert!(undone.effects.is_empty());
}

#[test]
fn a_fact_opens_with_its_source_and_date() {
    pictures("fact", &[], "<enter>jj<tab><tab><tab>f");
    let traveller = journey("<enter>jjjjjjf<enter>");
    let link = Effect::OpenLink("https://example.org/tea/green".to_owned());
    assert!(traveller.effects.contains(&link), "{:?}", traveller.effects);
}

#[test]
fn a_term_opens_and_leads_to_its_lesson() {
    pictures("term", &[], "<enter>g");
    let traveller = journey("<enter>g<enter>");
    assert!(traveller.screen().contains("1.2  Leaves differ"));
    assert!(traveller.typing("<esc>").screen().contains("1.1  Water comes first"));
}

#[test]
fn the_outline_leads_to_a_heading_and_esc_back() {
    pictures("outline", &[], "<enter>o");
    let there = journey("<enter>ojjj<enter>");
    let screen = there.screen();
    assert!(screen.lines().nth(2).unwrap().contains("How hard"), "{screen}");
    assert_eq!(there.typing("<esc>").screen(), journey("<enter>").screen());
}

#[test]
fn notes_are_written_listed_changed_and_deleted() {
    let traveller = journey("<enter>nSoft water only.<enter>");
    assert!(traveller.screen().contains('✎'), "{}", traveller.screen());
    let listed = traveller.typing("N");
    assert!(listed.screen().contains("Soft water only."));
    let opened = listed.typing("<enter>n<backspace>!<enter>");
    let texts: Vec<String> =
        opened.kept().into_iter().filter(|kept| kept.starts_with("noted")).collect();
    assert_eq!(texts, ["noted Some(\"Soft water only.\")", "noted Some(\"Soft water only!\")"]);
    let deleted = opened.typing("Nx");
    assert!(deleted.screen().contains("None yet"), "{}", deleted.screen());
    pictures("note", &[], "<enter>nWhat I think about the water");
    pictures("notes", &[], "<enter>nSoft water only.<enter>jjjjjmN");
}

#[test]
fn a_bookmark_is_set_and_taken_away_by_the_same_key() {
    let traveller = journey("<enter>m");
    assert!(traveller.screen().contains('⚑'));
    let traveller = traveller.typing("m");
    assert!(!traveller.screen().contains('⚑'));
    assert_eq!(traveller.kept(), ["bookmark 1:true", "bookmark 1:false"]);
}

#[test]
fn what_the_app_adds_to_a_lesson_is_ascii_where_asked() {
    let setup = Setup { ascii: true, records: begun(), size: (100, 40), ..Setup::default() };
    let screen = Traveller::new(setup).typing("c").screen();
    assert!(screen.is_ascii(), "{screen}");
    let setup = Setup { ascii: true, records: begun(), ..Setup::default() };
    let mut traveller = Traveller::new(setup);
    assert!(traveller.screen().is_ascii(), "{}", traveller.screen());
    traveller.resize(30, 8);
    assert!(traveller.screen().is_ascii(), "{}", traveller.screen());
}

#[test]
fn every_box_in_ascii_needs_no_more() {
    for keys in ["?", "T", "N"] {
        let setup = Setup { ascii: true, ..Setup::default() };
        let screen = Traveller::new(setup).typing(keys).screen();
        assert!(screen.is_ascii(), "{keys}: {screen}");
    }
}

#[test]
fn a_note_half_written_outlives_an_edit_of_the_course() {
    let mut traveller = journey("<enter>nSoft water");
    traveller.tell(Event::CourseChanged(course_with(|_| {})));
    let kept = traveller.typing(" only.<enter>").kept();
    assert!(kept.contains(&"noted Some(\"Soft water only.\")".to_owned()), "{kept:?}");
    let mut traveller = journey("<enter>o");
    traveller.tell(Event::CourseChanged(course_with(|_| {})));
    assert_eq!(traveller.screen(), journey("<enter>").screen());
}
