//! The summary of a part.

use coldstart::progress::{Noted, Place, Predicted, RecordKind};

use crate::contents::begun;
use crate::final_test::tested;
use crate::simulation::urn_course;
use crate::traveller::{Setup, Traveller, pictures, pictures_of};

/// The first lesson is done, with a note; the second is begun.
fn learner() -> Vec<RecordKind> {
    let course = crate::traveller::course();
    let source = course.lesson("water").unwrap().source();
    let place = Place::at("water", source, 16);
    let text = Some("Ours comes out of the tap at 14 °dH".to_owned());
    let mut records = begun();
    records.push(RecordKind::TestedOut { lesson: "water".to_owned() });
    records.push(RecordKind::Noted(Noted { note: None, place, text }));
    records
}

#[test]
fn a_part_line_opens_what_was_learned_of_it() {
    pictures("part", &learner(), "p<home><enter>");
}

#[test]
fn a_prediction_stands_beside_what_the_run_said() {
    let predicted = Predicted {
        scenario: "urn".to_owned(),
        lesson: Some("time".to_owned()),
        metric: "p_cold".to_owned(),
        value: 0.5,
        error: Some(0.4),
        confidence: None,
    };
    let read = RecordKind::Read { lesson: "time".to_owned() };
    pictures_of("part_predicted", |setup| {
        let records = vec![RecordKind::Predicted(predicted.clone()), read.clone()];
        Traveller::at(urn_course(), Setup { records, ..setup }).typing("p<home><enter>]")
    });
}

fn learned() -> Traveller {
    learned_at((80, 24))
}

fn learned_at(size: (u16, u16)) -> Traveller {
    let setup = Setup { size, records: learner(), ..Setup::default() };
    Traveller::new(setup).typing("p<home><enter>")
}

#[test]
fn it_scrolls_like_a_lesson_and_esc_goes_back() {
    let low = |keys: &str| learned_at((60, 14)).typing(keys).screen();
    let first = low("");
    assert!(first.contains("1  Basics") && first.contains('↓'), "{first}");
    let scrolled = low("jj");
    assert!(scrolled.contains('↑') && scrolled.contains("  ● 1.1 Water"), "{scrolled}");
    for there_and_back in ["jjkk", "<end><home>", "<space><page-up>", "du"] {
        assert_eq!(low(there_and_back), first, "{there_and_back}");
    }
    // What is chosen is always in view.
    assert!(low("<end><enter>").contains("Leaves differ"));
    assert!(learned().typing("<esc>").screen().contains("▸ 1  Basics"));
    assert!(learned().typing("q").screen().contains("▸ 1  Basics"));
    assert!(!learned().typing("q<esc>").screen().contains("Where you stand"));
}

#[test]
fn enter_opens_the_lesson_chosen_and_tab_chooses() {
    assert!(learned().typing("<enter>").screen().contains("1.1  Water comes first"));
    let second = learned().typing("<tab><enter>");
    assert!(second.screen().contains("1.2  Leaves differ"), "{}", second.screen());
    let again = learned().typing("<tab><tab><tab><shift-tab><enter>");
    assert!(again.screen().contains("1.1  Water comes first"));
    // Back from the lesson the summary stands as it was left.
    assert_eq!(learned().typing("<enter><esc>").screen(), learned().screen());
    assert!(second.typing("<esc>").screen().contains("2 of 2 learned"));
}

#[test]
fn the_final_test_stands_last_and_is_opened_from_it() {
    let part = Traveller::at(tested(), Setup::default()).typing("p<enter>");
    let low = part.typing("<end><tab><tab>");
    assert!(low.screen().contains("○ Final test: Basics"), "{}", low.screen());
    assert!(low.screen().contains("Not taken yet: 4 questions, 80 % passes."), "{}", low.screen());
    let test = low.typing("<enter>");
    assert!(test.screen().contains("1 of 4"), "{}", test.screen());
    assert!(test.typing("<ctrl-s>s<enter><esc>").screen().contains("Half taken"));
    pictures_of("part_test", |setup| Traveller::at(tested(), setup).typing("p<enter><tab><tab>"));
}

#[test]
fn the_next_part_and_the_end_of_parts() {
    let next = learned().typing("]");
    assert!(next.screen().contains("2  Further on"), "{}", next.screen());
    assert!(next.typing("]").screen().contains("This is the last part."));
    assert!(learned().typing("[").screen().contains("This is the first part."));
    assert_eq!(learned().typing("][").screen(), learned().screen());
}

#[test]
fn what_is_learned_meanwhile_shows() {
    let mut traveller = Traveller::new(Setup::default()).typing("p<enter>");
    let before = traveller.screen();
    assert!(before.contains("Not begun yet."), "{before}");
    // The end of the lesson is reached, and a note written.
    traveller.press("<enter><end>nMine<enter><esc>");
    let after = traveller.screen();
    assert!(
        after.contains("0 of 2 learned") && after.contains("Begun, not learned yet"),
        "{after}"
    );
    assert!(after.contains("Temperature first, then time.") && after.contains("Mine"), "{after}");
}

#[test]
fn no_size_loses_the_place() {
    let mut traveller = learned().typing("<tab>");
    let there = traveller.screen();
    for size in [(40, 12), (30, 8), (200, 60), (80, 24)] {
        traveller.resize(size.0, size.1);
    }
    assert_eq!(traveller.screen(), there);
}
