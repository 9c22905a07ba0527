//! Testing out of a lesson: three questions instead of reading it.

use coldstart::progress::RecordKind;

use crate::traveller::{Setup, Traveller, course_with, journey, pictures, pictures_of};

/// Answers the three questions of the test, all of them right or one of them wrong.
fn answering(mut traveller: Traveller, all_right: bool) -> Traveller {
    for _ in 0..3 {
        let screen = traveller.screen();
        let letter = |text: &str| {
            let line = screen.lines().find(|line| line.contains(text)).unwrap();
            let before = line.split(text).next().unwrap().trim_end();
            before.chars().next_back().unwrap().to_string()
        };
        if screen.contains("green") && screen.contains("40 °C") {
            let text = if all_right { "70 °C" } else { "100 °C" };
            traveller.press(&letter(text));
        } else if screen.contains("signs of hard water") {
            traveller.press(&letter("A film on the tea"));
            traveller.press(&letter("Scale in the kettle"));
        } else {
            traveller.press("4");
        }
        traveller.press("<enter><enter>");
    }
    traveller
}

fn tested_out() -> RecordKind {
    RecordKind::TestedOut { lesson: "water".to_owned() }
}

#[test]
fn a_new_lesson_offers_it_below_its_title() {
    pictures("testing_out_offer", &[], "<enter>");
    pictures("testing_out_focus", &[], "<enter><tab>");
    let other = journey("<enter>]").screen();
    assert!(!other.contains("Know this already?"), "{other}");
    let narrow = Traveller::new(Setup { size: (40, 16), ..Setup::default() }).typing("<enter>");
    assert!(narrow.screen().contains("t test out"), "{}", narrow.screen());
    let ascii = Traveller::new(Setup { ascii: true, ..Setup::default() }).typing("<enter>");
    assert!(ascii.screen().contains("-- Know this already?"), "{}", ascii.screen());
}

#[test]
fn its_key_works_in_the_lesson_and_in_the_contents_and_so_does_enter_on_it() {
    for keys in ["<enter>t", "t", "<enter><tab><enter>"] {
        let screen = journey(keys).screen();
        assert!(screen.contains("1.1  Test out: Water comes first"), "{keys}: {screen}");
        assert!(screen.contains("1 of 3") && screen.contains("If all 3 are right"), "{screen}");
    }
    // Enter without a choice never begins a test.
    let screen = journey("<enter><enter>").screen();
    assert!(!screen.contains("1 of 3"), "{screen}");
    let none = journey("]t").screen();
    assert!(none.contains("This lesson has no test"), "{none}");
}

#[test]
fn all_right_and_the_lesson_counts_as_learned() {
    pictures_of("testing_out_passed", |setup| {
        answering(Traveller::new(setup).typing("<enter>t"), true)
    });
    let traveller = answering(journey("<enter>t"), true);
    let answers: Vec<_> = traveller
        .records
        .iter()
        .filter_map(|record| match &record.kind {
            RecordKind::Answered(answered) => Some(answered),
            _ => None,
        })
        .collect();
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().all(|it| it.quiz.is_none() && it.lesson.as_deref() == Some("water")));
    assert!(traveller.records.iter().any(|record| record.kind == tested_out()));
    let traveller = traveller.typing("<esc>");
    assert!(!traveller.screen().contains("Know this already?"), "{}", traveller.screen());
    let traveller = traveller.typing("<esc>");
    let screen = traveller.screen();
    assert!(
        screen.contains("1 of 4 learned") && screen.contains("● Water comes first"),
        "{screen}"
    );
    // No attempt at the quiz was made.
    assert!(screen.contains("quiz   8 min"), "{screen}");
    let again = traveller.typing("t").screen();
    assert!(again.contains("You have learned this lesson already."), "{again}");
}

#[test]
fn from_the_end_it_goes_on_to_the_next_lesson_or_into_this_one_or_its_quiz() {
    for keys in ["<enter>t", "t"] {
        for (steps, wanted) in
            [("", "1.2  Leaves differ"), ("j", "1.1  Water comes first"), ("jj", "1.1  Water  ")]
        {
            let traveller = answering(journey(keys), true).typing(&format!("{steps}<enter>"));
            let screen = traveller.screen();
            assert!(
                screen.lines().next().unwrap_or_default().contains(wanted),
                "{wanted}: {screen}"
            );
        }
    }
    // The next lesson took the place of this one.
    let traveller = answering(journey("<enter>t"), true).typing("<enter><esc>");
    assert!(traveller.screen().contains("Tea, from leaf to cup"), "{}", traveller.screen());
}

#[test]
fn behind_the_last_lesson_of_a_part_waits_its_final_test() {
    let course = course_with(|files| {
        let manifest = files["lessons/course.toml"].as_deref().unwrap_or_default();
        let manifest = manifest.replace("\"Basics\"", "\"Basics\"\ntest = \"basics\"").replace(
            "[[parts.lessons]]\nid = \"leaves\"",
            "[[parts]]\ntitle = \"Leaves\"\n\n[[parts.lessons]]\nid = \"leaves\"",
        );
        files.insert("lessons/course.toml".to_owned(), Ok(manifest.into()));
        let test = "schema = 1\nid = \"basics\"\ntitle = \"Final test: Basics\"\n\
            from = [\"water\"]\n";
        files.insert("quizzes/basics.toml".to_owned(), Ok(test.into()));
    });
    let traveller = answering(Traveller::at(course, Setup::default()).typing("t"), true);
    let screen = traveller.screen();
    assert!(screen.contains("▸ Final test: Basics, 3 questions"), "{screen}");
    assert!(screen.contains("On to 2.1  Leaves differ"), "{screen}");
    let screen = traveller.typing("<enter>").screen();
    assert!(screen.lines().next().unwrap_or_default().contains("Final test: Basics"), "{screen}");
}

#[test]
fn one_wrong_and_the_lesson_opens_without_harm() {
    for keys in ["<enter>t", "t"] {
        let traveller = answering(journey(keys), false);
        let screen = traveller.screen();
        assert!(screen.contains("2 of 3 right, so here is the lesson."), "{screen}");
        assert!(screen.contains("Know this already?"), "{screen}");
        assert!(!traveller.records.iter().any(|record| record.kind == tested_out()));
        let contents = traveller.typing("<esc>").screen();
        assert!(contents.contains("◐ Water comes first"), "{contents}");
        assert!(contents.contains("0 of 4 learned") && contents.contains("quiz   8 min"));
    }
    pictures_of("testing_out_failed", |setup| answering(Traveller::new(setup).typing("t"), false));
}

#[test]
fn a_test_that_is_left_begins_anew_as_another_attempt() {
    let traveller = journey("<enter>t").typing("s<enter><esc>").typing("t");
    assert!(traveller.screen().contains("1 of 3"), "{}", traveller.screen());
    let traveller = answering(traveller, true);
    let attempts: Vec<u32> = traveller
        .records
        .iter()
        .filter_map(|record| match &record.kind {
            RecordKind::Answered(answered) => Some(answered.attempt),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [1, 2, 2, 2]);
    assert!(traveller.screen().contains("Tested out"), "{}", traveller.screen());
}

#[test]
fn where_the_quiz_asks_how_sure_one_is_the_test_does_not() {
    let screen = journey("t").typing("b<enter>").screen();
    assert!(screen.contains("next"), "{screen}");
    assert!(!screen.contains("How sure"), "{screen}");
}
