//! `lessons/course.toml`, or a folder of lessons without one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::lesson::{Declared, front_matter_of, notice, title_of};
use super::toml_file::{At, Faults, Fields, Origin, Table, parse};
use super::{Course, FACTS, Files, GLOSSARY, Lesson, MANIFEST, Part, exercises, links};
use crate::sanitize;

/// Opens a course: reads the manifest and the titles.
pub(super) fn open(files: &Arc<Files>) -> Course {
    let faults = Faults::new(MANIFEST);
    let mut course = match files.get(MANIFEST) {
        Some(Ok(source)) => {
            let root = parse(source, Origin::File, &faults);
            let mut course = declared(&root, files, &faults);
            if course.parts.is_empty() {
                course.parts = folder(files);
            }
            course
        }
        Some(Err(_)) => Course { has_manifest: true, ..found(files) },
        None => found(files),
    };
    course.manifest_faults = faults.into_diagnostics();
    course
}

/// The course of a folder without a manifest.
fn found(files: &Arc<Files>) -> Course {
    let parts = folder(files);
    let lessons = parts.first().map_or(&[][..], |part| &part.lessons);
    let title = match lessons {
        [only] => only.title.clone(),
        _ => "Lessons".to_owned(),
    };
    Course { id: "lessons".to_owned(), title, parts, ..empty(files) }
}

fn folder(files: &Arc<Files>) -> Vec<Part> {
    let mut lessons: Vec<Lesson> = Vec::new();
    let markdown = files.keys().filter(|path| is_markdown(path));
    for (at, path) in markdown.enumerate() {
        let number = (at + 1).to_string();
        lessons.push(build(files, path.clone(), number, Declared::default()));
    }
    let mut parts = vec![Part { lessons, ..Part::default() }];
    distinguish(&mut parts);
    parts
}

/// The course with the lesson in `file` added at its end, if it has none there.
pub(super) fn include(mut course: Course, file: &str) -> Course {
    if course.lesson_at(file).is_none() && is_markdown(file) && course.files.contains_key(file) {
        let label = following(&course.parts).to_string();
        let files = Arc::clone(&course.files);
        let lesson = build(&files, file.to_owned(), format!("{label}.1"), Declared::default());
        let title = "Opened file".to_owned();
        course.parts.push(Part { title, lessons: vec![lesson], label, ..Part::default() });
        distinguish(&mut course.parts);
    }
    course
}

/// Whether a path names a lesson.
pub(super) fn is_markdown(path: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

fn declared(root: &Table, files: &Arc<Files>, faults: &Faults<'_>) -> Course {
    let fields = Fields::new(root, faults);
    fields.expect("schema", "a course", "write `schema = 1`");
    if let Some(schema) = fields.integer("schema", i64::MIN..=i64::MAX)
        && schema.value != 1
    {
        let message = format!("`schema = {}` is not known here", schema.value);
        faults.error_hint("unknown-schema", schema.span, message, "write `schema = 1`");
    }
    let id = fields.required_text("id", "a course");
    if let Some(id) = id {
        check_id(id, "a course", faults);
    }
    let title = fields.required_text("title", "a course");
    for known in ["language", "license"] {
        fields.text(known);
    }
    let house_style = fields.table("lint").is_some_and(|table| {
        let lint = Fields::new(table, faults);
        let style = lint.one_of("style", &["coldstart", "none"]);
        lint.finish();
        style == Some("coldstart")
    });
    fields.expect("parts", "a course", "write `[[parts]]` with a title and `[[parts.lessons]]`");
    let tables = fields.tables("parts");
    let mut parts: Vec<Part> = Vec::new();
    for table in tables {
        parts.push(part(table, &parts, files, faults));
    }
    fields.finish();
    check_names(&parts, faults);
    distinguish(&mut parts);
    Course {
        id: id.map_or_else(|| "course".to_owned(), |id| line(id.value)),
        title: title.map_or_else(|| "A course".to_owned(), |title| line(title.value)),
        parts,
        house_style,
        has_manifest: true,
        ..empty(files)
    }
}

fn empty(files: &Arc<Files>) -> Course {
    Course {
        id: String::new(),
        title: String::new(),
        parts: Vec::new(),
        files: Arc::clone(files),
        has_manifest: false,
        house_style: false,
        manifest_faults: Vec::new(),
        facts: OnceLock::new(),
        glossary: OnceLock::new(),
        exercises: exercises::unread(files),
        simulated: super::predicted::Simulated::default(),
    }
}

/// One part of the manifest, behind those `before` it.
fn part(table: &Table, before: &[Part], files: &Arc<Files>, faults: &Faults<'_>) -> Part {
    let fields = Fields::new(table, faults);
    let title = fields.required_text("title", "a part");
    let is_appendix = fields.boolean("appendix").unwrap_or(false);
    let number = part_number(&fields, before, faults).unwrap_or_else(|| following(before));
    let label = if is_appendix { letter(before) } else { number.to_string() };
    fields.expect("lessons", "a part", "write `[[parts.lessons]]` with an id and a file");
    let mut lessons: Vec<Lesson> = Vec::new();
    for table in fields.tables("lessons") {
        let declared = declaration(table, faults);
        let Some(file) = &declared.file else { continue };
        let path = match links::resolve(MANIFEST, &file.value) {
            Ok(path) => path,
            Err(refusal) => {
                let message = format!("`{}` {refusal}", file.value);
                let hint = "write a path relative to `lessons/`";
                faults.error_hint("outside-course", file.span, message, hint);
                continue;
            }
        };
        if !files.contains_key(&path) {
            let message = format!("there is no file `{path}`");
            let hint = nearest(&path, files);
            faults.error_hint("missing-file", file.span, message, hint);
        }
        let number = format!("{label}.{}", lessons.len() + 1);
        lessons.push(build(files, path, number, declared));
    }
    let test = fields.text("test").and_then(|test| final_test(test, before, files, faults));
    fields.finish();
    let title = title.map_or_else(String::new, |title| line(title.value));
    Part { title, lessons, is_appendix, label, test }
}

/// The path of the quiz that a part names as its final test.
fn final_test(
    test: At<&str>,
    before: &[Part],
    files: &Files,
    faults: &Faults<'_>,
) -> Option<String> {
    let path = format!("quizzes/{}.toml", test.value);
    if !files.contains_key(&path) {
        let message = format!("there is no file `{path}`");
        let quizzes = files.keys().filter_map(|path| path.strip_prefix("quizzes/"));
        let ids = quizzes.filter_map(|name| name.strip_suffix(".toml"));
        let hint = crate::diagnostic::did_you_mean(test.value, ids).map_or_else(
            || "name a quiz in `quizzes/` by its file, without `.toml`".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        faults.error_hint("missing-file", test.span, message, hint);
        return None;
    }
    if let Some(other) = before.iter().find(|part| part.test.as_deref() == Some(&*path)) {
        let message = format!("the part `{}` has this test already", other.title);
        faults.error_hint("duplicate-file", test.span, message, "give each part its own");
        return None;
    }
    Some(path)
}

/// The number that the manifest gives a part; it goes up from part to part.
fn part_number(fields: &Fields<'_>, before: &[Part], faults: &Faults<'_>) -> Option<u32> {
    let given = fields.integer("number", 1..=99)?;
    let number = u32::try_from(given.value).ok()?;
    let least = following(before);
    if number < least {
        let message = format!("part {number} stands behind part {}", least - 1);
        let hint = format!("write `number = {least}` or more, or leave it out");
        faults.error_hint("out-of-range", given.span, message, hint);
        return None;
    }
    Some(number)
}

/// The number after those of the parts before.
fn following(before: &[Part]) -> u32 {
    before.iter().filter_map(|part| part.label.parse::<u32>().ok()).max().unwrap_or(0) + 1
}

/// The letter of the next appendix.
fn letter(before: &[Part]) -> String {
    let appendices = before.iter().filter(|part| part.is_appendix).count();
    ('A'..='Z').nth(appendices).unwrap_or('Z').to_string()
}

fn nearest(path: &str, files: &Files) -> String {
    let lessons = files.keys().map(String::as_str).filter(|path| is_markdown(path));
    crate::diagnostic::did_you_mean(path, lessons).map_or_else(
        || "write the path of an `.md` file relative to `lessons/`".to_owned(),
        |meant| format!("did you mean `{}`?", links::relative(MANIFEST, meant)),
    )
}

fn declaration(table: &Table, faults: &Faults<'_>) -> Declared {
    let fields = Fields::new(table, faults);
    let owned = |text: At<&str>| At { value: text.value.to_owned(), span: text.span };
    let id = fields.required_text("id", "a lesson");
    if let Some(id) = id {
        check_id(id, "a lesson", faults);
    }
    let file = fields.required_text("file", "a lesson");
    let title = fields.text("title");
    let minutes = fields.integer("minutes", 1..=600);
    let requires = fields.texts("requires");
    fields.finish();
    Declared {
        id: id.map(owned),
        file: file.map(owned),
        title: title.map(owned),
        minutes: minutes.and_then(|minutes| {
            let value = u32::try_from(minutes.value).ok()?;
            Some(At { value, span: minutes.span })
        }),
        requires: requires.map(|names| names.into_iter().map(owned).collect()),
    }
}

fn check_id(id: At<&str>, whole: &str, faults: &Faults<'_>) {
    let plain = id.value.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    if !plain {
        let message = format!("`{}` cannot name {whole}", id.value);
        faults.error_hint("bad-id", id.span, message, "write letters, digits, `-` and `_`");
    } else if id.value.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("`{}` would be taken for a number", id.value);
        faults.error_hint("bad-id", id.span, message, "begin with a letter");
    }
}

/// Names that are there twice, and names that nobody has.
fn check_names(parts: &[Part], faults: &Faults<'_>) {
    let lessons = || parts.iter().flat_map(|part| &part.lessons);
    let ids: BTreeSet<&str> = lessons().map(|lesson| lesson.id.as_str()).collect();
    let (mut seen, mut files) = (BTreeSet::new(), BTreeMap::new());
    let mut before: BTreeSet<&str> = BTreeSet::new();
    for lesson in lessons() {
        if let Some(id) = &lesson.declared.id
            && !seen.insert(id.value.as_str())
        {
            let message = format!("the lesson `{}` is there twice", id.value);
            faults.error_hint("duplicate-id", id.span, message, "give each lesson its own id");
        }
        if let Some(file) = &lesson.declared.file
            && let Some(other) = files.insert(lesson.file.as_str(), lesson.id.as_str())
        {
            let message = format!("this file is already the lesson `{other}`");
            faults.error("duplicate-file", file.span, message);
        }
        for required in lesson.declared.requires.iter().flatten() {
            check_requirement(required, lesson, &ids, faults);
            if ids.contains(required.value.as_str())
                && required.value != lesson.id
                && !before.contains(required.value.as_str())
            {
                let message = format!("`{}` comes later in the course", required.value);
                let hint = "order the lessons so that each comes after those it requires";
                faults.warning_hint("requires-later", required.span, message, hint);
            }
        }
        before.insert(&lesson.id);
    }
}

fn check_requirement(
    required: &At<String>,
    lesson: &Lesson,
    ids: &BTreeSet<&str>,
    faults: &Faults<'_>,
) {
    if required.value == lesson.id {
        faults.error("unknown-lesson", required.span, "a lesson cannot require itself");
    } else if !ids.contains(required.value.as_str()) {
        let message = format!("there is no lesson `{}`", required.value);
        let hint = crate::diagnostic::did_you_mean(&required.value, ids.iter().copied())
            .map_or_else(
                || "name the id of a lesson of this course".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
        faults.error_hint("unknown-lesson", required.span, message, hint);
    }
}

/// A name or a title, fit to be shown on one line.
fn line(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// A lesson of what the manifest and the file itself say; the manifest wins.
fn build(files: &Arc<Files>, path: String, number: String, declared: Declared) -> Lesson {
    let source = files.get(&path).and_then(|file| file.as_deref().ok());
    let (front, front_faults) = front_matter_of(&path, source.unwrap_or_default());
    let value = |first: &Option<At<String>>, second: &Option<At<String>>| {
        first.as_ref().or(second.as_ref()).map(|at| line(&at.value))
    };
    let id = value(&declared.id, &front.id).unwrap_or_else(|| line(links::stem(&path)));
    let title = value(&declared.title, &front.title)
        .or_else(|| source.and_then(|source| title_of(source, front.end)).map(|title| line(&title)))
        .filter(|title| !title.trim().is_empty())
        .unwrap_or_else(|| id.clone());
    let minutes = declared.minutes.or(front.minutes).map(|at| at.value);
    let requires = declared.requires.as_ref().or(front.requires.as_ref());
    let requires = requires.into_iter().flatten().map(|at| at.value.clone()).collect();
    let missing = match files.get(&path) {
        Some(Ok(_)) => None,
        Some(Err(unreadable)) => Some(notice(&title, &path, &unreadable.reason)),
        None => Some(notice(&title, &path, "the file is not there")),
    };
    Lesson {
        id,
        number,
        title,
        minutes,
        requires,
        file: path,
        declared,
        front,
        front_faults,
        files: Arc::clone(files),
        missing,
        contents: OnceLock::new(),
        inlined: OnceLock::new(),
    }
}

/// Gives a lesson whose id another one has a name of its own, so that both can be read.
fn distinguish(parts: &mut [Part]) {
    let mut seen = BTreeSet::new();
    let mut suffixes: BTreeMap<String, usize> = BTreeMap::new();
    for lesson in parts.iter_mut().flat_map(|part| &mut part.lessons) {
        let wanted = lesson.id.clone();
        while !seen.insert(lesson.id.clone()) {
            let suffix = suffixes.entry(wanted.clone()).or_insert(1);
            *suffix += 1;
            lesson.id = format!("{wanted}-{suffix}");
        }
    }
}

/// Whether a `.toml` file may be a quiz or a scenario: all but those that have a meaning already.
pub(super) fn is_exercise(path: &str) -> bool {
    let toml = std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    toml && ![MANIFEST, FACTS, GLOSSARY].contains(&path)
}
