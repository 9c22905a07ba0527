//! What follows a question or a prediction waits for the learner.

use std::borrow::Cow;

use coldstart::progress::RecordKind;

use crate::simulation::bare_urn;
use crate::traveller::{Setup, Traveller, course_with, pictures_of};

const LESSON: &str = r#"# Time is the third

## Of hands

```toml quiz
[[questions]]
id = "time.hands"
type = "single"
prompt = "How many hands has the clock?"
shuffle = false
choices = [
  { text = "Two", correct = true, feedback = "One for hours, one for minutes." },
  { text = "Three", feedback = "This one shows no seconds." },
]
```

Two hands it has, said the maker.[^1]

- It shows no seconds.

## Of the urn

```toml sim
URN[predict]
prompt = "Which share of the guests finds it cold?"
metric = "p_cold"
unit = "%"
tolerance_abs = 5
reveal = "Guests come in clusters."
```

```text output
cold_starts = 20
```

One in ten, said the urn.

## The end

Time goes by.

[^1]: A maker of clocks.
"#;

fn time(setup: Setup) -> Traveller {
    reading(LESSON, setup)
}

fn reading(lesson: &str, setup: Setup) -> Traveller {
    let course = course_with(|files| {
        let lesson = lesson.replace("URN", bare_urn());
        files.insert("lessons/2-further/1-time.md".to_owned(), Ok(Cow::Owned(lesson)));
    });
    Traveller::at(course, setup).typing("]<enter>")
}

fn tall() -> Traveller {
    time(Setup { size: (80, 50), ..Setup::default() })
}

const ANSWER: &str = "The text goes on after your answer.";
const PREDICTION: &str = "The text goes on after your prediction.";

#[test]
fn the_text_stops_at_a_question_and_goes_on_at_the_next_heading() {
    let screen = tall().screen();
    assert!(screen.contains(ANSWER) && screen.contains(PREDICTION), "{screen}");
    for given_away in ["Two hands it has", "It shows no seconds", "cold_starts", "One in ten"] {
        assert!(!screen.contains(given_away), "{given_away}: {screen}");
    }
    for open in ["Of the urn", "Time goes by.", "A maker of clocks."] {
        assert!(screen.contains(open), "{open}: {screen}");
    }
    pictures_of("withheld", time);
}

#[test]
fn an_answer_and_a_prediction_bring_it() {
    let answered = tall().typing("<enter>b<enter><esc>");
    let screen = answered.screen();
    assert!(screen.contains("Two hands it has") && !screen.contains(ANSWER), "{screen}");
    assert!(!screen.contains("One in ten"), "{screen}");
    let predicted = answered.typing("<tab><tab><tab><enter>50<enter>1<end><esc>");
    let screen = predicted.screen();
    assert!(screen.contains("One in ten") && screen.contains("cold_starts"), "{screen}");
}

#[test]
fn who_does_not_want_to_answer_reads_on() {
    let screen = tall().typing("x").screen();
    assert!(screen.contains("Two hands it has") && screen.contains(PREDICTION), "{screen}");
    let screen = tall().typing("xx").screen();
    assert!(screen.contains("One in ten") && screen.contains("cold_starts"), "{screen}");
    let screen = tall().typing("xxx").screen();
    assert!(screen.contains("Nothing in view waits"), "{screen}");
    let screen = tall().typing("<tab><tab><enter>").screen();
    assert!(screen.contains("Two hands it has") && screen.contains(PREDICTION), "{screen}");
}

#[test]
fn a_search_leads_into_it_and_a_lesson_read_before_is_open() {
    let screen = tall().typing("<esc>/One in ten<enter>").screen();
    assert!(screen.contains("One in ten, said the urn."), "{screen}");
    let read = vec![RecordKind::Read { lesson: "time".to_owned() }];
    let screen = time(Setup { size: (80, 50), records: read, ..Setup::default() }).screen();
    assert!(screen.contains("Two hands it has") && screen.contains("One in ten"), "{screen}");
}

#[test]
fn every_place_can_be_scrolled_to_and_back() {
    let mut traveller = time(Setup { size: (60, 14), ..Setup::default() });
    let top = traveller.screen();
    let mut seen = vec![top.clone()];
    for _ in 0..40 {
        traveller.press("<down>");
        if seen.last() != Some(&traveller.screen()) {
            seen.push(traveller.screen());
        }
    }
    assert!(seen.last().unwrap().contains("A maker of clocks."), "{}", seen.last().unwrap());
    let rows = seen.len();
    for _ in 0..rows {
        traveller.press("<up>");
    }
    assert_eq!(traveller.screen(), top);
}

#[test]
fn a_footnote_of_what_waits_leads_to_the_question_and_gives_nothing_away() {
    let small = time(Setup { size: (80, 16), ..Setup::default() });
    let screen = small.typing("<end><shift-tab><enter>").screen();
    assert!(screen.contains("How many hands") && screen.contains(ANSWER), "{screen}");
    assert!(!screen.contains("Two hands it has"), "{screen}");
}

#[test]
fn in_a_narrow_place_it_is_said_too_what_the_text_waits_for() {
    for size in [(60, 20), (40, 24)] {
        let screen = time(Setup { size, ..Setup::default() }).typing("}").screen();
        let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&format!("{ANSWER} x read on")), "{screen}");
    }
    let traveller = time(Setup { size: (40, 24), ..Setup::default() });
    let screen = traveller.typing("}<tab><tab><enter>").screen();
    assert!(screen.contains("Two hands it has"), "{screen}");
}

#[test]
fn a_lesson_whose_last_words_wait_is_not_read_to_its_end() {
    let lesson = LESSON.replace("## The end\n\nTime goes by.\n\n", "");
    let setup = Setup { size: (80, 50), ..Setup::default() };
    let mut traveller = reading(&lesson, setup).typing("<end>");
    let read = "read time".to_owned();
    assert!(!traveller.kept().contains(&read), "{:?}", traveller.kept());
    assert!(!traveller.screen().contains("Next  2.2"), "{}", traveller.screen());
    traveller.press("xx<end>");
    assert!(traveller.kept().contains(&read), "{}", traveller.screen());
    assert!(traveller.screen().contains("Next  2.2"), "{}", traveller.screen());
}
