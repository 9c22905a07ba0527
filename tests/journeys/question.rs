//! Questions of every kind, their verdicts, the end of a quiz.

use coldstart::app::Opening;
use coldstart::progress::RecordKind;
use coldstart::quiz::Confidence;

use crate::traveller::{Setup, Traveller, course_with, journey, pictures_from};

/// In the quiz that has every kind of question, without asking how sure one is.
fn types(keys: &str) -> Traveller {
    Traveller::new(Setup { opening: Opening::Quiz("types".into()), ..Setup::default() })
        .typing(keys)
}

/// The score of each answer recorded.
fn scores(traveller: &Traveller) -> Vec<(String, f64)> {
    let answers = traveller.records.iter().filter_map(|record| match &record.kind {
        RecordKind::Answered(answered) => Some((answered.question.clone(), answered.score)),
        _ => None,
    });
    answers.collect()
}

/// Skips questions.
fn skipping(count: usize) -> String {
    // In a text field `s` is a letter.
    let kinds = ["s", "s", "<ctrl-s>", "<ctrl-s>", "s", "s", "<ctrl-s>", "s"];
    kinds.iter().take(count).flat_map(|skip| [skip, "<enter>"]).collect()
}

#[test]
fn each_kind_asked_and_answered() {
    for (index, (kind, answer)) in [
        ("single", "b"),
        ("multiple", "ac"),
        ("numeric", "30"),
        ("short", "salt"),
        ("order", "J"),
        ("match", "cb"),
        ("cloze", "chalk<enter>foam"),
        ("sort", "ab"),
    ]
    .into_iter()
    .enumerate()
    {
        let opening = Opening::Quiz("types".into());
        let asked = format!("{}{answer}", skipping(index));
        pictures_from(&format!("question_{kind}"), (&opening, &[]), &asked);
        // What is still open is filled in first.
        let rest = match kind {
            "match" => "<down><right>",
            "sort" => "a",
            _ => "",
        };
        pictures_from(
            &format!("verdict_{kind}"),
            (&opening, &[]),
            &format!("{asked}{rest}<enter>"),
        );
    }
}

#[test]
fn the_end_of_a_quiz() {
    let opening = Opening::Quiz("types".into());
    let keys = format!("a<enter><enter>ac<enter><enter>{}", "");
    let rest = ["<ctrl-s>", "<ctrl-s>", "s", "s", "<ctrl-s>", "s"].map(|k| format!("{k}<enter>"));
    pictures_from("summary", (&opening, &[]), &(keys + &rest.concat()));
}

#[test]
fn a_slip_can_be_undone_before_enter() {
    let traveller = types("ab<up>");
    assert!(traveller.screen().contains("● a"), "{}", traveller.screen());
    assert!(traveller.kept().is_empty());
    let traveller = traveller.typing("<enter>");
    assert_eq!(scores(&traveller), [("types.single".to_owned(), 1.0)]);
    // A second Enter goes on and answers nothing.
    assert!(traveller.typing("<enter>").screen().contains("2 of 8"));
}

#[test]
fn letters_answer_until_the_verdict() {
    // `q`, `j` and `n` mean something elsewhere; here they are no choices.
    let traveller = types("qjn");
    assert!(traveller.screen().contains("1 of 8"));
    assert!(traveller.typing("<enter>").screen().contains("Mark one first: a to c."));
}

#[test]
fn in_a_text_field_everything_is_text() {
    let traveller = types(&skipping(3)).typing("qs?h/ n");
    assert!(traveller.screen().contains(" qs?h/ n"), "{}", traveller.screen());
    assert_eq!(scores(&traveller).len(), 3);
}

#[test]
fn every_kind_can_be_answered_right_with_the_keyboard_alone() {
    let mut traveller = types("<down><enter><enter>");
    traveller.press("<down> <down> <enter><enter>4 min<enter><enter>Chalk<enter><enter>");
    assert!(traveller.screen().contains("5 of 8"), "{}", traveller.screen());
    // Sort the items by moving the one that belongs first to the top, and so on.
    for (place, item) in
        ["Boil the water", "Let it stand", "Pour it on", "Pour it off"].into_iter().enumerate()
    {
        let line =
            |screen: &str, text: &str| screen.lines().position(|line| line.contains(text)).unwrap();
        let screen = traveller.screen();
        let from = line(&screen, item);
        let at = screen.lines().position(|line| line.contains('▸')).unwrap();
        let step = if from > at { "<down>" } else { "<up>" };
        let lines: Vec<&str> = screen.lines().collect();
        let moves = lines[from.min(at)..from.max(at)].iter().filter(|l| !l.trim().is_empty());
        traveller.press(&step.repeat(moves.count()));
        traveller.press(&(place + 1).to_string());
    }
    traveller.press("<enter><enter>");
    for partner in ["70 °C", "90 °C", "100 °C"] {
        let screen = traveller.screen();
        let legend = screen.lines().find(|line| line.contains("4 °C")).unwrap();
        let before = legend.split(partner).next().unwrap().trim_end();
        traveller.press(&before.chars().last().unwrap().to_string());
    }
    traveller.press("<enter><enter>lime<enter>film<enter><enter>");
    for _ in 0..3 {
        let screen = traveller.screen();
        let item = screen.lines().find(|line| line.contains('▸')).unwrap();
        traveller.press(if item.contains("limestone") { "a" } else { "b" });
    }
    traveller.press("<enter>");
    let wrong: Vec<_> = scores(&traveller).into_iter().filter(|(_, score)| *score < 1.0).collect();
    assert_eq!(wrong, [], "{}", traveller.screen());
    assert!(traveller.typing("<enter>").screen().contains("Passed"));
}

const PREDICTING: &str = r#"schema = 1
id = "guess"
title = "A guess"

[[questions]]
id = "guess.share"
type = "predict"
prompt = "Which share is cold where it is kept for 25 min?"
scenario = "gap"
set = { keep_alive = "25m", service = { mean = "50ms" } }
metric = "p_cold"
unit = "%"
tolerance_abs = 1
wrong = [{ value = 0, feedback = "The first one is." }, { value = 100, feedback = "No." }]
"#;

const GAP: &str = r#"schema = 1
id = "gap"
title = "When does it go cold?"
model = "platform"
duration = "2h"

[params]
arrivals = { process = "every", gap = "20m" }
service = { law = "constant", mean = "60ms" }
init = { law = "constant", mean = "900ms" }
keep_alive = "5m"

[[controls]]
param = "keep_alive"
label = "Keep-alive"
min = "0s"
max = "30m"
step = "1m"

[predict]
prompt = "Which share is cold?"
metric = "p_cold"
unit = "%"
tolerance_abs = 10
reveal = "Every gap is longer."
"#;

#[test]
fn what_was_predicted_can_be_seen() {
    let course = course_with(|files| {
        files.insert("quizzes/guess.toml".into(), Ok(PREDICTING.into()));
        files.insert("assets/scenarios/gap.toml".into(), Ok(GAP.into()));
    });
    let opening = Opening::Quiz("guess".into());
    let traveller = Traveller::at(course, Setup { opening, ..Setup::default() });
    assert!(!traveller.screen().contains("see it simulated"), "before the answer");
    let traveller = traveller.typing("100<enter>");
    let screen = traveller.screen();
    assert!(screen.contains("16.67 %") && screen.contains("see it simulated"), "{screen}");
    let traveller = traveller.typing("s");
    let screen = traveller.screen();
    assert!(screen.contains("When does it go cold?") && screen.contains("25 min"), "{screen}");
    assert!(!screen.contains("Which share is cold?"), "it was asked already: {screen}");
    let traveller = traveller.typing("<esc>");
    assert!(traveller.screen().contains("16.67 %"), "{}", traveller.screen());
    let runs = traveller.records.iter().filter_map(|record| match &record.kind {
        RecordKind::Simulated(simulated) => Some(&simulated.params),
        _ => None,
    });
    for params in runs {
        assert_eq!(params.get("keep_alive").map(String::as_str), Some("25m"));
    }
}

#[test]
fn how_sure_one_is_is_asked_for_and_kept() {
    let said = |keys: &str| {
        let traveller = journey(keys);
        traveller.records.iter().find_map(|record| match &record.kind {
            RecordKind::Answered(answered) => Some(answered.confidence),
            _ => None,
        })
    };
    assert_eq!(said("Qa<enter>"), None);
    assert_eq!(said("Qa<enter>1"), Some(Some(Confidence::Sure)));
    assert_eq!(said("Qa<enter><down><down><enter>"), Some(Some(Confidence::ThinkSo)));
    assert_eq!(said("Qa<enter>g"), Some(Some(Confidence::Guess)));
    assert_eq!(said("Qa<enter><enter>"), Some(None));
    // Said before, it is not asked again; and one may go back and choose another answer.
    assert_eq!(said("Qa<tab><enter>"), Some(Some(Confidence::Sure)));
    assert_eq!(said("Qa<enter><esc>b<enter>2"), Some(Some(Confidence::ThinkSo)));
}

#[test]
fn left_half_way_a_quiz_goes_on_where_it_was_left() {
    let traveller = types("a<enter><enter>ab<enter><enter>");
    let records = traveller.records.iter().map(|record| record.kind.clone()).collect();
    let opening = Opening::Quiz("types".into());
    let again = Traveller::new(Setup { records, opening, ..Setup::default() });
    assert!(again.screen().contains("3 of 8"), "{}", again.screen());
    assert!(again.screen().contains("2 answered before"));
}

#[test]
fn leaving_asks_nothing_and_the_paragraph_is_a_key_away() {
    let traveller = types("b<enter>");
    let before = traveller.screen();
    let traveller = traveller.typing("b");
    assert!(traveller.screen().contains("min left"), "{}", traveller.screen());
    let traveller = traveller.typing("<esc>");
    assert_eq!(traveller.screen(), before);
    assert!(!traveller.typing("<esc>").screen().contains("of 8"));
}

#[test]
fn the_wrong_ones_are_asked_again_and_count_for_objectives_only() {
    let traveller = types(&format!("a<enter><enter>{}", "s<enter>"));
    let rest = ["<ctrl-s>", "<ctrl-s>", "s", "s", "<ctrl-s>", "s"].map(|k| format!("{k}<enter>"));
    let traveller = traveller.typing(&rest.concat()).typing("r");
    assert!(traveller.screen().contains("again, 1 of 7"), "{}", traveller.screen());
    let traveller = traveller.typing("ab<enter>");
    let last = traveller.records.last().unwrap();
    let RecordKind::Answered(answered) = &last.kind else { panic!("{last:?}") };
    assert!(answered.retry && answered.score > 0.99);
}

#[test]
fn hints_come_one_by_one() {
    let traveller = types("h");
    assert!(traveller.screen().contains("Hint 1 of 2"));
    assert!(!traveller.screen().contains("Hint 2 of 2"));
    let traveller = traveller.typing("hh");
    assert!(traveller.screen().contains("Hotter than a bath."));
    assert!(traveller.screen().contains("There are no more hints."));
}

#[test]
fn how_sure_is_asked_whole_at_forty_cells_and_stays_in_view_through_a_change_of_size() {
    for ascii in [false, true] {
        let mut traveller = Traveller::new(Setup { ascii, ..Setup::default() }).typing("Qa<enter>");
        let long = "How hot for a green leaf?";
        assert!(traveller.screen().contains(long), "{}", traveller.screen());
        traveller.resize(40, 12);
        let screen = traveller.screen();
        for words in ["How sure are you?", "sure", "think so", "a guess"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
    }
}

#[test]
fn where_it_is_explained_needs_no_more_than_ascii() {
    let traveller = Traveller::new(Setup { ascii: true, ..Setup::default() });
    let screen = traveller.typing("Qa<enter>1").screen();
    let link = screen.lines().find(|line| line.contains("> 1.1")).unwrap();
    assert!(link.contains("> 1.1 - "), "{link}");
}
