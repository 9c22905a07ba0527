use std::borrow::Cow;
use std::collections::BTreeMap;

use super::*;
use crate::course::Files;
use crate::markdown::{BlockKind, parse};
use crate::progress::{
    Answered, Device, NoteId, Noted, Place, Record, RecordKind, StoredResponse, TextHash, Time,
};

const MANIFEST: &str = "schema = 1\nid = \"c\"\ntitle = \"A course *of* tests\"\n\
    [[parts]]\ntitle = \"First\"\n\
    [[parts.lessons]]\nid = \"one\"\nfile = \"one.md\"\n\
    [[parts.lessons]]\nid = \"two\"\nfile = \"two.md\"\n\
    [[parts]]\ntitle = \"Second\"\n\
    [[parts.lessons]]\nid = \"three\"\nfile = \"three.md\"\n\
    [[parts.lessons]]\nid = \"four\"\nfile = \"four.md\"\n";

const ONE: &str = "# The first\n\n## Objectives\n\n- Say it <!-- #say -->\n\n## What it is\n\nWords.\n\n\
    [Simulation: the urn](../assets/scenarios/urn.toml)\n\n## Key points\n\n\
    - A [cold start](term:cold) takes `init` and costs \\$1, *once*.\n\
    - See [the second](two.md), [its source](https://example.org/a).\n";

const URN: &str = "schema = 1\nid = \"urn\"\ntitle = \"The urn\"\nmodel = \"memory\"\n\
    [params]\ncpu_ms_at_1769 = 100\nio_ms = 50\n\
    [predict]\nprompt = \"It waits *long*.\\n\\nHow long?\"\nmetric = \"duration_ms.1769\"\n\
    tolerance_abs = 5\nreveal = \"So long.\"\n";

fn quiz(id: &str) -> String {
    format!(
        "schema = 1\nid = \"{id}\"\ntitle = \"Quiz\"\npass = 0.8\n[[questions]]\nid = \"{id}.word\"\n\
         type = \"short\"\nprompt = \"Which?\"\naccept = [\"it\"]\n"
    )
}

fn course() -> Course {
    let lesson = |title: &str| {
        format!(
            "# {title}\n\n## Objectives\n\n- Do *it* <!-- #do -->\n\n## Key points\n\n- A point.\n"
        )
    };
    opened([
        ("lessons/course.toml", MANIFEST.to_owned()),
        ("lessons/one.md", ONE.to_owned()),
        ("lessons/two.md", lesson("The second")),
        ("lessons/three.md", lesson("The third in C#")),
        ("lessons/four.md", "# The fourth\n\nNothing to keep.\n".to_owned()),
        ("quizzes/two.toml", quiz("two")),
        ("quizzes/three.toml", quiz("three")),
        ("assets/scenarios/urn.toml", URN.to_owned()),
    ])
}

fn opened<const N: usize>(files: [(&str, String); N]) -> Course {
    let files = files.map(|(path, text)| (path.to_owned(), Ok(Cow::Owned(text))));
    Course::open(Files::from(files))
}

fn progress(kinds: impl IntoIterator<Item = RecordKind>) -> Progress {
    Progress::fold((1..).zip(kinds).map(|(seq, kind)| {
        let at = Time(i64::try_from(seq).unwrap());
        Record { device: Device(1), seq, at, kind }
    }))
}

fn read(lesson: &str) -> RecordKind {
    RecordKind::Read { lesson: lesson.to_owned() }
}

fn note(lesson: &str, line: usize, text: &str) -> RecordKind {
    let course = course();
    let source = course.lesson(lesson).map_or("", |lesson| lesson.source());
    let place = Place::at(lesson, source, line);
    RecordKind::Noted(Noted { note: None, place, text: Some(text.to_owned()) })
}

fn predicted(metric: &str, value: f64, error: Option<f64>) -> RecordKind {
    RecordKind::Predicted(Predicted {
        scenario: "urn".to_owned(),
        lesson: Some("one".to_owned()),
        metric: metric.to_owned(),
        value,
        error,
        confidence: None,
    })
}

/// One lesson learned, two begun, notes on both and on one that is gone.
fn learner() -> Progress {
    progress([
        note("one", 9, "Why # this?\n- and <b>that</b>"),
        note("one", 1, "Above all"),
        read("one"),
        predicted("duration_ms.1769", 100.0, Some(-50.0)),
        note("three", 5, "Ask Ana"),
        read("three"),
        note("gone", 3, "Where was it?"),
        RecordKind::Placed(Place::at("two", "", 1)),
    ])
}

fn kept(progress: &Progress, scope: Scope) -> String {
    Notebook::of_course(&course(), progress, scope).map(|book| book.text).unwrap_or_default()
}

#[test]
fn a_notebook_of_what_was_learned() {
    insta::assert_snapshot!(kept(&learner(), Scope::Learned));
}

#[test]
fn a_notebook_of_every_lesson() {
    insta::assert_snapshot!(kept(&learner(), Scope::All));
}

#[test]
fn a_summary_of_a_part() {
    let course = course();
    let summary = |part: usize| Notebook::of_part(&course, &course.parts[part], &learner());
    let book = summary(0);
    insta::assert_snapshot!(book.text);
    insta::assert_snapshot!("a_summary_of_a_part_half_read", summary(1).text);
    for entry in &book.entries {
        let line = book.text.get(entry.offset..).unwrap().lines().next().unwrap();
        let begins = match &entry.subject {
            Subject::Lesson(id) => course.lesson(id).unwrap().number.clone(),
            Subject::Test(id) => course.quiz(id).unwrap().title.clone(),
        };
        assert!(line.starts_with(&format!("## {begins}")), "{line}");
    }
}

#[test]
fn nothing_is_kept_of_nothing() {
    assert_eq!(kept(&Progress::default(), Scope::Learned), "");
    let opened = progress([RecordKind::Placed(Place::at("two", "", 1))]);
    assert_eq!(kept(&opened, Scope::Learned), "", "begun, and nothing of the learner's own");
    let noted = kept(&progress([note("two", 5, "Mine")]), Scope::Learned);
    assert!(noted.contains("- 1.2 The second: its end is not reached, its quiz is not taken."));
    assert!(noted.contains("\n  - Mine *(at \"Objectives\")*\n"), "{noted}");
    assert!(!kept(&Progress::default(), Scope::All).contains("Begun"));
}

#[test]
fn a_prediction_is_told_only_of_the_question_it_answered() {
    let of = |metric: &str, error| {
        kept(&progress([read("one"), predicted(metric, 7.0, error)]), Scope::Learned)
    };
    let told = of("duration_ms.1769", None);
    let expected = "You predicted **7 ms**. The run gave no number to hold it against.";
    assert!(told.contains(expected), "{told}");
    assert!(!of("duration_ms.128", None).contains("predict"));
}

#[test]
fn whatever_was_noted_the_document_keeps_its_shape() {
    let shape = |text: &str| {
        let text = kept(&progress([read("one"), note("one", 9, text)]), Scope::Learned);
        let document = parse(&text);
        let kinds = document.blocks.iter().map(|block| std::mem::discriminant(&block.kind));
        (kinds.collect::<Vec<_>>(), document.diagnostics.len())
    };
    let plain = shape("plain");
    for text in
        ["# x", "- x\n- y", "```\nx", "<!-- pause -->", "<details>", "[^1]: x", "> [!NOTE]\n> x"]
    {
        assert_eq!(shape(text), plain, "{text:?}");
    }
}

#[test]
fn an_edited_note_is_kept_as_it_is_now() {
    let place = Place { text: TextHash(7), ..Place::at("one", ONE, 9) };
    let id = NoteId { device: Device(1), seq: 2 };
    let changed = |text: Option<&str>| Noted {
        note: Some(id),
        place: place.clone(),
        text: text.map(str::to_owned),
    };
    let of = |last| {
        kept(
            &progress([read("one"), note("one", 9, "Old"), RecordKind::Noted(last)]),
            Scope::Learned,
        )
    };
    assert!(of(changed(Some("New"))).contains("- New *(at \"What it is\")*\n"));
    assert!(!of(changed(None)).contains("Your notes"));
}

#[test]
fn links_that_lead_into_the_course_do_not_leave_it() {
    let document = parse(&kept(&learner(), Scope::All));
    let lists = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::List(_)));
    let text: Vec<String> = lists.map(block_text).collect();
    assert!(text[0].contains("A cold start takes init and costs $1, once."), "{text:?}");
}

/// The course with a final test of its first part.
fn tested() -> Course {
    let manifest = MANIFEST.replace("\"First\"", "\"First\"\ntest = \"final\"");
    opened([
        ("lessons/course.toml", manifest),
        ("lessons/one.md", ONE.to_owned()),
        ("quizzes/final.toml", quiz("final").replace("\"Quiz\"", "\"Final test: First\"")),
    ])
}

fn answered(attempt: u32, of: u32, score: f64) -> RecordKind {
    RecordKind::Answered(Box::new(Answered {
        question: format!("final.{attempt}"),
        rev: 1,
        lesson: None,
        quiz: Some("final".to_owned()),
        objective: None,
        attempt,
        of,
        pass: 0.8,
        response: StoredResponse::Skipped,
        score,
        retry: false,
        confidence: None,
        hints: 0,
        seed: None,
        params: BTreeMap::new(),
    }))
}

#[test]
fn the_final_test_of_a_part_says_how_it_went() {
    let course = tested();
    let part = &course.parts[0];
    let said = |kinds: &[RecordKind]| {
        let progress = progress(kinds.iter().cloned());
        let book = Notebook::of_part(&course, part, &progress);
        let last = book.entries.last().unwrap();
        assert_eq!(last.subject, Subject::Test("final".to_owned()));
        let kept = |scope| {
            let kept = Notebook::of_course(&course, &progress, scope);
            kept.is_some_and(|kept| kept.text.contains("### Final test: First\n"))
        };
        (book.text.get(last.offset..).unwrap().to_owned(), kept(Scope::Learned), kept(Scope::All))
    };
    let heading = "## Final test: First\n\n";
    let cases: [(&[RecordKind], &str, bool, bool); 4] = [
        (&[], "*Not taken yet: 1 question, 80 % passes.*\n", false, false),
        (&[answered(1, 2, 1.0)], "*Half taken: 1 question, 80 % passes.*\n", false, true),
        (
            &[answered(1, 1, 0.5)],
            "*Not passed yet: your best score is 50 %, 80 % passes.*\n",
            false,
            true,
        ),
        (
            &[answered(1, 1, 0.5), answered(2, 1, 1.0)],
            "*Passed: your best score is 100 %.*\n",
            true,
            true,
        ),
    ];
    for (records, words, learned, all) in cases {
        assert_eq!(said(records), (format!("{heading}{words}"), learned, all));
    }
}
