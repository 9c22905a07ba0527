use super::*;
use crate::markdown::Embed;

/// A course of files written as `path: text`.
pub(super) fn course(files: &[(&str, &str)]) -> Course {
    let files = files.iter().map(|(path, text)| {
        let text: Result<Cow<'static, str>, Unreadable> = Ok(Cow::Owned((*text).to_owned()));
        ((*path).to_owned(), text)
    });
    Course::open(files.collect())
}

const COURSE: &str = "schema = 1\nid = 'c'\ntitle = 'T'\n[[parts]]\ntitle = 'One'\n\
    [[parts.lessons]]\nid = 'a'\nfile = '1/a.md'\nminutes = 3\n\
    [[parts.lessons]]\nid = 'b'\nfile = '1/b.md'\nrequires = ['a']\n";

const LESSON: &str = "---\nid: a\n---\n```\n# no\n```\n# A *title*\n\n## Objectives\n\n\
    - Count *things*. <!-- #count -->\n- See them.\n\nText.\n\n## Key points\n\n1. One.\n2. Two.\n\n## Do\n\n\
    > [Quiz](../../quizzes/x.toml)\n\n- Do:\n\n  [Run](../../assets/scenarios/s.toml)\n\n\
    ```toml quiz\n[[questions]]\nid = 'a.q'\ntype = 'short'\nobjective = 'count'\nprompt = '?'\naccept = ['x']\n```\n";

const QUIZ: &str = "schema = 1\nid = 'x'\ntitle = 'X'\n[[questions]]\nid = 'x.q'\ntype = 'short'\n\
    objective = 'a#count'\nprompt = '?'\naccept = ['x']\n";

fn whole() -> Course {
    course(&[
        (MANIFEST, COURSE),
        ("lessons/1/a.md", LESSON),
        ("lessons/1/b.md", "Bee\n===\n\n[up](a.md#objectives) and [out](../../../x.md)\n"),
        ("quizzes/x.toml", QUIZ),
        ("quizzes/b.toml", &QUIZ.replace("'x", "'b")),
        ("assets/scenarios/s.toml", "model = 'platform'\ntitle = 'S'\n"),
        (
            "assets/facts.toml",
            "[[facts]]\nid = 'f'\nvalue = '1'\nas_of = 2026-01-01\nsource = 's'\nkind = 'limit'\nstatus = 'verified'\n",
        ),
        (
            "assets/glossary.toml",
            "[[terms]]\nid = 't'\nterm = 'T'\nshort = 's'\n[[misconceptions]]\nid = 'm'\nname = 'M'\nrefutation = 'no'\n",
        ),
    ])
}

#[test]
fn a_course_opens_with_numbers_and_titles() {
    let course = whole();
    assert_eq!((course.id.as_str(), course.title.as_str()), ("c", "T"));
    let line = |lesson: &Lesson| format!("{} {} {}", lesson.number, lesson.id, lesson.title);
    assert_eq!(course.lessons().map(line).collect::<Vec<_>>(), ["1.1 a A title", "1.2 b Bee"]);
    let a = course.lesson("a").unwrap();
    assert_eq!(course.lesson_numbered("1.2").unwrap().requires, ["a"]);
    assert_eq!(course.lesson_after(a).unwrap().id, "b");
    assert!(course.lesson_before(a).is_none());
    assert_eq!(course.minutes(a), 3);
    assert_eq!(course.minutes(course.lesson("b").unwrap()), 1);
    assert_eq!(course.fact("f").unwrap().value, "1");
    assert_eq!(course.term("t").unwrap().term, "T");
    assert_eq!(course.misconception("m").unwrap().name, "M");
}

#[test]
fn titles_and_findings_are_one_line_each() {
    let manifest = COURSE
        .replace("'T'", r#""T\nU""#)
        .replace("'One'", r#""O\tne""#)
        .replace("id = 'b'", r#""id" = "b\nb""#);
    let course = course(&[(MANIFEST, &manifest), ("lessons/1/a.md", "# A\ttab\n")]);
    assert_eq!((course.title.as_str(), course.parts[0].title.as_str()), ("T U", "O ne"));
    let titles: Vec<_> = course.lessons().map(|l| (l.id.as_str(), l.title.as_str())).collect();
    assert_eq!(titles, [("a", "A tab"), ("b b", "b b")]);
    let found = check(&course, Date::new(2026, 11, 23).unwrap());
    assert!(found.iter().any(|fault| fault.message.contains("`b b` cannot name a lesson")));
    assert!(found.iter().all(|fault| !fault.message.contains('\n')));
}

#[test]
fn a_title_loses_the_signs_that_close_it_and_none_of_its_own() {
    for (heading, title) in [("# A title ##", "A title"), ("# C#", "C#"), ("# F# #", "F#")] {
        let course = course(&[(MANIFEST, COURSE), ("lessons/1/a.md", heading)]);
        assert_eq!(course.lesson("a").unwrap().title, title);
    }
}

#[test]
fn a_lesson_knows_its_objectives_and_what_there_is_to_do() {
    let course = whole();
    let a = course.lesson("a").unwrap();
    let objectives: Vec<_> =
        a.objectives().iter().map(|o| (o.id.as_str(), o.text.as_str())).collect();
    assert_eq!(objectives, [("a#count", "Count things."), ("a#see-them", "See them.")]);
    assert_eq!(a.key_points(), ["One.", "Two."]);
    let embeds: Vec<String> = a
        .embeds()
        .iter()
        .map(|embed| match course.embedded(a, embed) {
            Embedded::Quiz(quiz) => format!("quiz {}", quiz.id),
            Embedded::Question(question) => format!("question {}", question.id),
            Embedded::Scenario { path, title } => format!("scenario {path:?} {title}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(embeds, ["quiz x", "scenario Some(\"assets/scenarios/s.toml\") S", "question a.q"]);
    assert!(matches!(a.embeds()[2].embed, Embed::Question(_)));
    assert_eq!(course.quiz("x").unwrap().file, "quizzes/x.toml");
    let b = course.lesson("b").unwrap();
    assert_eq!(course.quiz_of(b).unwrap().id, "b");
    assert_eq!(course.lesson_of(course.quiz("x").unwrap()).unwrap().id, "a");
}

#[test]
fn links_lead_inside_the_course_or_nowhere() {
    let course = whole();
    let b = course.lesson("b").unwrap();
    let link = |path: &str| Target::File { path: path.to_owned(), anchor: "objectives".to_owned() };
    let target = link("a.md");
    match course.resolve(b, &target).unwrap().unwrap() {
        Destination::Lesson(lesson, anchor) => {
            assert_eq!((lesson.id.as_str(), anchor), ("a", "objectives"));
        }
        Destination::File(file) => panic!("{file}"),
    }
    for (path, refusal) in [
        ("../../../x.md", Refusal::Outside),
        ("/x.md", Refusal::Absolute),
        ("c.md", Refusal::Missing),
    ] {
        assert_eq!(course.resolve(b, &link(path)).unwrap().unwrap_err(), refusal, "{path}");
    }
    assert!(course.resolve(b, &Target::Web("https://x".to_owned())).is_none());
}

#[test]
fn a_folder_of_lessons_needs_no_manifest() {
    let course = course(&[
        ("2-two.md", "no heading"),
        ("1-one.md", "# One"),
        ("sub/1-one.md", "# Other"),
        ("notes.txt", ""),
    ]);
    let course = course.named("folder-1", "Folder");
    assert_eq!((course.id.as_str(), course.title.as_str()), ("folder-1", "Folder"));
    let line = |lesson: &Lesson| format!("{} {} {}", lesson.number, lesson.id, lesson.title);
    assert_eq!(
        course.lessons().map(line).collect::<Vec<_>>(),
        ["1 1-one One", "2 2-two 2-two", "3 1-one-2 Other"]
    );
}

#[test]
fn a_file_that_cannot_be_read_leaves_a_notice_and_the_rest() {
    let mut files: Files = BTreeMap::new();
    files.insert(MANIFEST.to_owned(), Ok(Cow::Borrowed(COURSE)));
    files.insert("lessons/1/a.md".to_owned(), Err("is not UTF-8".to_owned().into()));
    files.insert("lessons/1/b.md".to_owned(), Ok(Cow::Borrowed("# B\n")));
    let course = Course::open(files);
    let a = course.lesson("a").unwrap();
    assert_eq!(a.unreadable(), Some("is not UTF-8"));
    assert!(a.source().contains("lessons/1/a.md: is not UTF-8"), "{}", a.source());
    assert_eq!(a.document().blocks.len(), 2);
    assert_eq!(course.lesson("b").unwrap().title, "B");
}

#[test]
fn a_manifest_in_pieces_still_opens() {
    let course = course(&[(MANIFEST, "id = \nparts = 3\n"), ("lessons/a.md", "# A\n")]);
    assert_eq!(course.lessons().map(|lesson| lesson.title.as_str()).collect::<Vec<_>>(), ["A"]);
}

#[test]
fn places_in_a_fence_hold_behind_characters_that_are_not_shown() {
    let text = "# A\n\n- x\n\n  ```toml quiz\n  [[questions]]\n  id = 'a'\n  \
                prompt = '\u{202e}\u{202e}ü' # ü\n  type = 'short'\n  accpet = ['ü']\n  ```\n";
    let course = course(&[("a.md", text)]);
    let faults = check(&course, "2026-11-23".parse().unwrap());
    let places: Vec<String> =
        faults.iter().map(|fault| format!("{} {}", course.position(fault), fault.code)).collect();
    assert!(places.contains(&"8:12 control-character".to_owned()), "{places:?}");
    assert!(places.contains(&"10:3 unknown-key".to_owned()), "{places:?}");
}

#[test]
fn parts_keep_the_numbers_they_are_given_and_appendices_have_letters() {
    let part = |name: &str, more: &str| {
        format!(
            "[[parts]]\ntitle = '{name}'\n{more}[[parts.lessons]]\nid = '{name}'\nfile = '{name}.md'\n"
        )
    };
    let manifest = [
        "schema = 1\nid = 'c'\ntitle = 'T'\n".to_owned(),
        part("first", ""),
        part("fourth", "number = 4\n"),
        part("late", "number = 2\n"),
        part("beside", "appendix = true\n"),
        part("next", ""),
        part("more", "appendix = true\n"),
    ];
    let files = [(MANIFEST, manifest.concat()), ("lessons/opened.md", "# Opened\n".to_owned())];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let course = course(&files).including("lessons/opened.md");
    let numbers: Vec<&str> = course.lessons().map(|lesson| lesson.number.as_str()).collect();
    assert_eq!(numbers, ["1.1", "4.1", "5.1", "A.1", "6.1", "B.1", "7.1"]);
    let told: Vec<&str> =
        course.manifest_faults.iter().map(|fault| fault.message.as_str()).collect();
    assert!(told.contains(&"part 2 stands behind part 4"), "{told:?}");
}
