use std::{borrow::Cow, collections::BTreeMap};

use super::*;
use crate::progress::{Device, Place, Record, RecordKind, StoredResponse, Time};

fn course() -> Course {
    let lesson = |title: &str, objective: &str| {
        format!(
            "# {title}\n\n## Objectives\n\n- {objective} <!-- #a -->\n- Say why <!-- #b -->\n\n\
             ## Key points\n\n- One point that is worth keeping\n"
        )
    };
    let manifest = "schema = 1\nid = \"c\"\ntitle = \"A course\"\n\n[[parts]]\ntitle = \"First part\"\n\
        [[parts.lessons]]\nid = \"one\"\nfile = \"one.md\"\n[[parts.lessons]]\nid = \"two\"\nfile = \"two.md\"\n\
        [[parts]]\ntitle = \"Second part\"\n[[parts.lessons]]\nid = \"three\"\nfile = \"three.md\"\n";
    let long = "A lesson whose title is much too long for the column that it stands in, by far";
    let files = [
        ("lessons/course.toml", manifest.to_owned()),
        ("lessons/one.md", lesson("Somebody else's servers", "Tell them apart")),
        (
            "lessons/two.md",
            lesson(long, "Count what is in flight, in one's head, at any load and on any day"),
        ),
        ("lessons/three.md", lesson("冷たい開始", "Do it")),
    ];
    let files: crate::course::Files =
        files.into_iter().map(|(path, text)| (path.to_owned(), Ok(Cow::Owned(text)))).collect();
    Course::open(files)
}

fn answer(objective: &str, score: f64) -> RecordKind {
    RecordKind::Answered(Box::new(crate::progress::Answered {
        question: "q".to_owned(),
        rev: 1,
        quiz: None,
        lesson: objective.split('#').next().map(str::to_owned),
        objective: Some(objective.to_owned()),
        attempt: 1,
        retry: false,
        of: 1,
        pass: 1.0,
        response: StoredResponse::Skipped,
        score,
        confidence: None,
        hints: 0,
        seed: None,
        params: BTreeMap::new(),
    }))
}

fn progress() -> Progress {
    let kinds = [
        RecordKind::Read { lesson: "one".to_owned() },
        answer("one#a", 1.0),
        answer("two#a", 0.0),
        RecordKind::Placed(Place::at("two", "text", 1)),
    ];
    Progress::fold((1..).zip(kinds).map(|(seq, kind)| {
        let at = Time(i64::try_from(seq).unwrap());
        Record { device: Device(1), seq, at, kind }
    }))
}

fn text(progress: &Progress, width: usize, ascii: bool) -> String {
    let rows = report(&course(), progress, Form { width, ascii }, "coldstart");
    let lines: Vec<String> = rows.iter().map(|row| row.text().trim_end().to_owned()).collect();
    lines.join("\n")
}

#[test]
fn a_picture_at_80_columns() {
    insta::assert_snapshot!(text(&progress(), 80, false));
}

#[test]
fn a_picture_at_44_columns_in_ascii() {
    insta::assert_snapshot!(text(&progress(), 44, true));
}

#[test]
fn a_picture_of_a_course_not_begun() {
    insta::assert_snapshot!(text(&Progress::default(), 76, false));
}

#[test]
fn no_row_is_wider_than_asked() {
    for width in 0..130 {
        for row in report(&course(), &progress(), Form { width, ascii: false }, "coldstart") {
            assert!(row.width() <= width.clamp(40, 100), "{width}: {:?}", row.text());
        }
    }
}
