//! Reading.

use std::borrow::Cow;

use coldstart::app::{Effect, Event};
use coldstart::progress::Time;

use crate::contents::begun;
use crate::traveller::{Setup, Traveller, course_with, journey, pictures};

#[test]
fn a_lesson_from_its_title_to_its_end() {
    pictures("lesson_top", &[], "<enter>");
    pictures("lesson_middle", &[], "<enter> ");
    pictures("lesson_end", &[], "<enter><end>");
}

#[test]
fn what_is_in_focus_is_seen() {
    pictures("lesson_focus_link", &[], "<enter><tab>");
    pictures("lesson_focus_panel", &[], "<enter><end><shift-tab><shift-tab>");
}

#[test]
fn the_end_is_recorded_once() {
    let traveller = journey("<enter><end><home><end>");
    let read = traveller.kept().iter().filter(|kept| *kept == "read water").count();
    assert_eq!(read, 1);
    assert!(!journey("<enter>").kept().contains(&"read water".to_owned()));
}

#[test]
fn the_place_is_kept_when_leaving_and_when_idle_not_at_each_key() {
    let traveller = journey("<enter>jjjjjjjjj");
    assert_eq!(traveller.kept(), Vec::<String>::new());
    let mut idle = traveller;
    idle.tell(Event::Tick(Time(1)));
    idle.tell(Event::Tick(Time(2)));
    assert_eq!(idle.kept().len(), 1, "{:?}", idle.kept());
    let before = idle.screen();
    let back = idle.typing("<esc><enter>");
    assert_eq!(back.kept().len(), 1, "{:?}", back.kept());
    assert_eq!(back.screen(), before);
}

#[test]
fn a_restart_goes_on_at_the_same_line() {
    let first = journey("<enter>jjjjjjjjj<esc>");
    let records = first.records.iter().map(|record| record.kind.clone()).collect();
    let again = Traveller::new(Setup { records, ..Setup::default() }).typing("<enter>");
    assert_eq!(again.screen(), first.typing("<enter>").screen());
}

#[test]
fn a_resize_keeps_the_place_and_there_and_back_is_the_same() {
    for rows in 0..40 {
        let setup = Setup { size: (100, 30), ..Setup::default() };
        let mut traveller = Traveller::new(setup).typing("<enter>").typing(&"j".repeat(rows));
        let before = traveller.screen();
        traveller.resize(40, 30);
        let narrow = traveller.screen();
        traveller.resize(100, 30);
        assert_eq!(traveller.screen(), before, "after {rows} rows; narrow:\n{narrow}");
    }
}

#[test]
fn an_edited_course_keeps_the_place() {
    let mut traveller = journey("<enter>}}}");
    assert!(traveller.screen().lines().nth(2).unwrap().contains("How hard"));
    let path = "lessons/1-basics/1-water.md";
    let edited = course_with(|files| {
        let text = files[path].clone().unwrap().replace("## How hot", "New words.\n\n## How hot");
        files.insert(path.to_owned(), Ok(Cow::Owned(text)));
    });
    traveller.tell(Event::CourseChanged(edited));
    assert!(traveller.screen().lines().nth(2).unwrap().contains("How hard"));
    assert!(traveller.typing("<home>").screen().contains("New words."));
}

#[test]
fn a_link_leads_to_a_heading_of_another_lesson_and_back() {
    let there = journey("<enter>jjjjjj<tab><tab><tab><enter>");
    let screen = there.screen();
    assert!(screen.contains("1.2  Leaves differ"), "{screen}");
    assert!(there.typing("<esc>").screen().contains("1.1  Water comes first"));
}

#[test]
fn an_aside_unfolds_and_folds() {
    let setup = Setup { size: (100, 90), ..Setup::default() };
    // The test, term, fact, link, footnote, question, aside.
    let folded = Traveller::new(setup).typing("<enter><tab><tab><tab><tab><tab><tab><tab>");
    assert!(!folded.screen().contains("Chalk binds"));
    let open = folded.typing("<enter>");
    assert!(open.screen().contains("Chalk binds"), "{}", open.screen());
    assert!(!open.typing("<enter>").screen().contains("Chalk binds"));
}

#[test]
fn a_web_link_is_opened_or_copied_and_code_is_copied_unwrapped() {
    let mut traveller = journey("<enter><end>");
    let mut copied = Vec::new();
    for _ in 0..6 {
        traveller.press("<tab>y");
        copied = traveller.effects.clone();
        if copied.contains(&Effect::Copy("https://example.org/tea".to_owned())) {
            break;
        }
    }
    assert!(copied.contains(&Effect::Copy("https://example.org/tea".to_owned())), "{copied:?}");
    traveller.press("<enter>");
    let opened = Effect::OpenLink("https://example.org/tea".to_owned());
    assert!(traveller.effects.contains(&opened));
}

#[test]
fn the_next_lesson_follows_and_the_contents_stay_one_step_away() {
    let next = journey("<enter>]");
    assert!(next.screen().contains("1.2  Leaves differ"));
    let contents = next.typing("<esc>");
    assert!(contents.screen().contains("Tea, from leaf to cup"));
    assert!(journey("<enter>[").screen().contains("This is the first lesson."));
    let end = journey("<enter><end>").screen();
    assert!(end.contains("Next  1.2  Leaves differ"), "{end}");
}

#[test]
fn panels_say_what_is_known_of_their_quiz() {
    let text = |records| {
        let setup = Setup { records, size: (100, 60), ..Setup::default() };
        Traveller::new(setup).typing("<home><enter><end>").screen()
    };
    assert!(text(Vec::new()).contains("3 questions"));
    assert!(text(Vec::new()).contains("↵ start"));
    let answered = crate::lesson::answered();
    let screen = text(answered);
    // No score yet: two questions are open.
    assert!(screen.contains("3 questions · 1 answered · "), "{screen}");
    assert!(!screen.contains("best"), "{screen}");
    assert!(screen.contains("↵ go on"), "{screen}");
}

/// One right answer to the quiz of the first lesson.
pub(crate) fn answered() -> Vec<coldstart::progress::RecordKind> {
    use coldstart::progress::{Answered, RecordKind, StoredResponse};
    use coldstart::quiz::Response;
    let course = crate::traveller::course();
    let quiz = course.quiz("water").unwrap();
    let question = &quiz.questions[0];
    vec![RecordKind::Answered(Box::new(Answered {
        question: question.id.clone(),
        rev: 1,
        quiz: Some("water".to_owned()),
        lesson: Some("water".to_owned()),
        objective: Some("water#choose-temperature".to_owned()),
        attempt: 1,
        retry: false,
        of: 3,
        pass: 0.8,
        response: StoredResponse::of(question, &Response::Choices([0].into())),
        score: 1.0,
        confidence: None,
        hints: 0,
        seed: None,
        params: std::collections::BTreeMap::new(),
    }))]
}

#[test]
fn a_wide_figure_moves_sideways_and_back() {
    let path = "lessons/2-further/1-time.md";
    let course = course_with(|files| {
        let ruler = (0..30).map(|tens: u8| format!("{tens:-<10}")).collect::<Vec<_>>().concat();
        let figure = format!("# Time\n\n<!-- alt: a ruler -->\n```text figure\n{ruler}\n```\n");
        files.insert(path.to_owned(), Ok(Cow::Owned(figure)));
    });
    let traveller = Traveller::at(course, Setup::default()).typing("]<enter>");
    let before = traveller.screen();
    assert!(before.contains("0---------1---------2"), "{before}");
    let moved = traveller.typing("<right>");
    assert!(moved.screen().contains("--1---------2"), "{}", moved.screen());
    assert!(!moved.screen().contains("0---------1"));
    assert_eq!(moved.typing("<left>").screen(), before);
}

#[test]
fn code_is_coloured_when_the_colours_come() {
    use coldstart::typeset::Syntax;
    let mut traveller = journey("<enter><end>");
    let asked: Vec<_> = (0..40)
        .find_map(|_| {
            traveller.press("k");
            traveller.effects.iter().find_map(|effect| match effect {
                Effect::Highlight(code) => Some(vec![code.clone()]),
                _ => None,
            })
        })
        .unwrap();
    let before = traveller.screen();
    let lines = asked[0].code.text.lines().map(|line| vec![(Syntax::Keyword, line.len())]);
    let lines = lines.collect();
    traveller.tell(Event::Highlighted { code: asked[0].clone(), lines });
    assert_eq!(traveller.screen(), before);
}

#[test]
fn the_end_comes_back_after_a_taller_screen() {
    let mut traveller = journey("<enter><end>");
    let before = traveller.screen();
    for (width, height) in [(80, 40), (48, 33), (120, 60), (39, 11)] {
        traveller.resize(width, height);
    }
    traveller.resize(80, 24);
    assert_eq!(traveller.screen(), before);
}

#[test]
fn the_place_does_not_creep_from_restart_to_restart() {
    let place =
        |kept: &[String]| kept.iter().rev().find(|kept| kept.starts_with("placed")).cloned();
    for rows in 0..30 {
        let setup = Setup { size: (40, 12), ..Setup::default() };
        let first =
            Traveller::new(setup).typing("<enter>").typing(&"j".repeat(rows)).typing("<esc>");
        let left = place(&first.kept());
        let mut records = first.records;
        for size in [(60, 14), (40, 12), (90, 13)] {
            let kinds = records.iter().map(|record| record.kind.clone()).collect();
            let again = Traveller::new(Setup { size, records: kinds, ..Setup::default() });
            let again = again.typing("<enter><esc>");
            assert_eq!(place(&again.kept()), left, "{rows} rows down, at {size:?}");
            records = again.records;
        }
    }
}

#[test]
fn reasons_from_outside_are_shown_clean() {
    let mut traveller = journey("");
    traveller.tell(Event::NotSaved("/home/\u{1b}[2J\u{202e}x\u{2028}: read-only".to_owned()));
    let screen = traveller.screen();
    assert!(screen.contains("/home/␛[2J<U+202E>x<U+2028>: read-only"), "{screen}");
    traveller.tell(Event::Said("\u{9b}31m\nred".to_owned()));
    assert!(traveller.screen().contains("<U+009B>31m red"));
}

#[test]
fn what_could_not_be_saved_is_said_and_counts_all_the_same() {
    use coldstart::progress::{Device, Record, RecordKind};
    let mut traveller = journey("");
    let record = Record {
        device: Device(9),
        seq: 1,
        at: Time(5),
        kind: RecordKind::Read { lesson: "time".to_owned() },
    };
    traveller.tell(Event::RecordFailed { record, reason: "the disk is full".to_owned() });
    let screen = traveller.screen();
    assert!(screen.contains("Progress is not saved: the disk is full"), "{screen}");
    let later = traveller.typing("j").screen();
    assert!(later.contains("not saved") && later.contains('●'), "{later}");
}

#[test]
fn a_learner_from_before_goes_on() {
    let traveller = Traveller::new(Setup { records: begun(), ..Setup::default() });
    assert!(traveller.typing("<enter>").screen().contains("Two leaves"));
}
