//! The contents.

use coldstart::progress::{Place, RecordKind};

use crate::traveller::{Setup, Traveller, course, journey, pictures};

/// A learner who has read the first lesson and is in the middle of the second.
pub(crate) fn begun() -> Vec<RecordKind> {
    let course = course();
    let leaves = course.lesson("leaves").unwrap();
    vec![
        RecordKind::Read { lesson: "water".to_owned() },
        RecordKind::Placed(Place::at("leaves", leaves.source(), 7)),
    ]
}

#[test]
fn a_new_learner_sees_where_to_begin() {
    pictures("contents_new", &[], "");
}

#[test]
fn a_returning_learner_stands_where_they_left_off() {
    pictures("contents_begun", &begun(), "");
    let screen = Traveller::new(Setup { records: begun(), ..Setup::default() }).typing("<enter>");
    assert!(screen.screen().contains("1.2  Leaves differ"));
}

#[test]
fn keys_move_the_choice_and_stop_at_the_ends() {
    let chosen = |keys: &str| {
        let screen = journey(keys).screen();
        let line = screen.lines().find(|line| line.contains('▸')).unwrap().to_owned();
        line.split('○').nth(1).unwrap().trim().split("  ").next().unwrap().to_owned()
    };
    assert_eq!(chosen("j"), "Leaves differ");
    assert_eq!(chosen("kkk"), "Water comes first");
    assert_eq!(chosen("]"), "Time is the third");
    assert_eq!(chosen("][["), "Water comes first");
    assert!(chosen("<end>jj").starts_with("The ceremony"));
}

#[test]
fn q_quits_from_the_top_and_esc_does_not() {
    use coldstart::app::Effect;
    let traveller = journey("<esc>");
    assert!(traveller.effects.is_empty());
    assert!(traveller.screen().contains("q quits"));
    assert_eq!(journey("q").effects, [Effect::Quit]);
    assert_eq!(journey("<enter><ctrl-c>").effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_title_is_cut_only_where_the_line_ends() {
    let setup = Setup { size: (120, 40), ..Setup::default() };
    let screen = Traveller::new(setup).screen();
    assert!(screen.contains("quiz   8 min"), "{screen}");
    let long = screen.lines().find(|line| line.contains("The ceremony")).unwrap();
    assert!(long.contains("bowls and everythi"), "{long}");
}

#[test]
fn in_ascii_nothing_around_the_text_needs_more() {
    let setup = Setup { ascii: true, ..Setup::default() };
    let screen = Traveller::new(setup).screen();
    assert!(screen.is_ascii(), "{screen}");
}
