//! `check` finds every fault of every file in one run, each at its line and column.
//!
//! Each folder of `tests/courses` is a course with faults; its `expected.txt` lists all of them. To
//! write the lists anew, set `UPDATE_EXPECTED=1`, and read the difference.

#![expect(
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use coldstart::content::{Directory, Embedded, Source as _};
use coldstart::course::{Course, check};
use coldstart::diagnostic::Diagnostic;
use proptest::prelude::*;

const TODAY: &str = "2026-11-23";

/// What is found in the course at `dir`: `file:line:column code`, one a line.
fn found(dir: &Path) -> String {
    let course = Directory::new(dir).open().unwrap_or_else(|error| panic!("{error}"));
    let faults = check(&course, TODAY.parse().unwrap());
    let line = |fault: &Diagnostic| {
        let position = course.position(fault);
        format!("{}:{position} {} {}\n", fault.file, fault.severity, fault.code)
    };
    faults.iter().map(line).collect::<Vec<_>>().concat()
}

/// As [`found`], with what is said of each, and what to write instead.
fn said(dir: &Path) -> String {
    let course = Directory::new(dir).open().unwrap_or_else(|error| panic!("{error}"));
    let faults = check(&course, TODAY.parse().unwrap());
    let line = |fault: &Diagnostic| {
        let hint = fault.hint.as_deref().unwrap_or("(no advice)");
        format!("{}:{} {}\n  {hint}\n", fault.file, course.position(fault), fault.message)
    };
    faults.iter().map(line).collect::<Vec<_>>().concat()
}

/// The fixtures: folders with faults, and what should be found there.
fn courses() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/courses");
    let mut dirs: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    dirs.into_iter()
        .map(|dir| {
            let expected = fs::read_to_string(dir.join("expected.txt")).unwrap_or_default();
            (dir, expected)
        })
        .collect()
}

#[test]
fn every_fault_is_found_at_its_place_in_one_run() {
    for (dir, expected) in courses() {
        let found = found(&dir);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(dir.join("expected.txt"), &found).unwrap();
            continue;
        }
        assert!(found == expected, "{}\n{}", dir.display(), difference(&expected, &found));
    }
}

#[test]
fn every_fault_is_told_in_one_line_and_what_to_write_instead_in_another() {
    let (dir, list) = (fixture("advice"), fixture("advice").join("said.txt"));
    let said = said(&dir);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&list, &said).unwrap();
    }
    let expected = fs::read_to_string(&list).unwrap();
    assert!(said == expected, "{}", difference(&expected, &said));
}

fn difference(expected: &str, found: &str) -> String {
    let (wanted, got): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), found.lines().collect());
    let missing = wanted.iter().filter(|line| !got.contains(line)).map(|line| format!("- {line}"));
    let extra = got.iter().filter(|line| !wanted.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(extra).collect::<Vec<_>>().join("\n")
}

/// Every rule that the sources name has a fault in a fixture, or is met by a test of its own.
#[test]
fn every_rule_has_a_fault_that_breaks_it() {
    // Too large for a fixture: see `files_that_cannot_be_read_are_named_and_the_rest_is_checked`.
    let elsewhere = ["unreadable-file", "text-too-long", "more-findings", "nested-too-deeply"];
    // The folder refuses such a file before it is read; `course::quiz_file` has a test.
    let guarded = ["too-large"];
    let mut broken: BTreeSet<String> =
        elsewhere.into_iter().chain(guarded).map(String::from).collect();
    for (_, expected) in courses() {
        let codes = expected.lines().filter_map(|line| line.rsplit(' ').next());
        broken.extend(codes.map(String::from));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rules = BTreeSet::new();
    for folder in ["course", "markdown"] {
        codes_below(&root.join(folder), &mut rules);
    }
    assert!(rules.len() > 50, "found only {} rules", rules.len());
    let untested: Vec<&String> = rules.difference(&broken).collect();
    assert!(untested.is_empty(), "no fixture breaks {untested:?}");
}

/// The codes that the sources below `folder` report.
fn codes_below(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_below(&path, codes);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["error(", "warning(", "error_hint(", "warning_hint("] {
            for (at, _) in code.match_indices(call) {
                let argument = code[at + call.len()..].trim_start();
                let name = argument.strip_prefix('"').and_then(|rest| rest.split('"').next());
                codes.extend(name.map(String::from));
            }
        }
    }
}

fn coldstart(arguments: &[&str], dir: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_coldstart"))
        .args(arguments)
        .current_dir(dir)
        .env("COLDSTART_DATA_DIR", dir)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/courses").join(name)
}

#[test]
fn a_finding_shows_its_line_and_what_to_write_instead() {
    let (code, out, err) =
        coldstart(&["check", "lessons/1/text.md", "--today", TODAY], &fixture("lessons"));
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let first = "warning[heading-skip]: this heading skips from level 2 to level 4\n \
                 --> lessons/1/text.md:5:1\n  |\n5 | #### Two levels down\n  | \
                 ^^^^^^^^^^^^^^^^^^^^\n  |\n  = help: write `###`\n\n";
    assert!(out.starts_with(first), "{out}");
    let raw = "error[control-character]: the invisible or control character U+001B\n  --> \
               lessons/1/text.md:47:12\n   |\n47 | A raw one: ␛[1m.";
    assert!(out.contains(raw), "{out}");
    assert!(out.contains("text.md:47:39\n"), "columns are those of the file: {out}");
    assert!(!out.contains('\x1b'), "{out:?}");
    assert!(out.ends_with("1 file checked: 8 errors and 5 warnings in 1 file\n"), "{out}");
}

#[test]
fn colour_comes_only_when_asked_for_in_a_pipe() {
    let dir = fixture("folder");
    let (_, out, _) = coldstart(&["check", ".", "--color", "always"], &dir);
    assert!(out.contains("\x1b["), "{out}");
    let (_, out, _) = coldstart(&["check", "."], &dir);
    assert!(!out.contains('\x1b'), "{out}");
}

#[test]
fn json_has_the_promised_shape() {
    let (code, out, _) = coldstart(&["check", ".", "--json", "--today", TODAY], &fixture("folder"));
    assert_eq!(code, Some(1));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let expected = serde_json::json!({
        "severity": "error",
        "code": "unknown-lesson",
        "file": "1-first.md",
        "line": 3,
        "column": 22,
        "message": "there is no lesson `3-third`",
        "hint": "name the id of a lesson",
    });
    assert_eq!(json[0], expected);
    let keys = ["severity", "code", "file", "line", "column", "message", "hint"];
    for finding in json.as_array().unwrap() {
        assert!(keys.iter().all(|key| finding.get(key).is_some()), "{finding}");
    }
}

#[test]
fn one_file_or_one_folder_of_a_course_can_be_checked() {
    let course = fixture("quizzes");
    let (code, out, _) = coldstart(&["check", "quizzes/numbers.toml"], &course);
    assert_eq!(code, Some(1));
    assert!(out.contains("quizzes/numbers.toml:19:17") && !out.contains("choice.toml"), "{out}");
    let (_, out, _) = coldstart(&["check", "lessons"], &course);
    assert!(out.ends_with("4 files checked: nothing found\n"), "{out}");
    let (_, out, _) = coldstart(&["check", "lists", "--course", "."], &course);
    assert!(out.ends_with("1 file checked: nothing found\n"), "{out}");
    let facts = fixture("manifest").join("assets/facts.toml");
    let (_, out, _) = coldstart(&["check", facts.to_str().unwrap(), "--today", TODAY], &course);
    assert!(out.contains("facts.toml:28:6") && !out.contains("course.toml"), "{out}");
    // Around the working folder, where no path is named.
    let (_, out, _) = coldstart(&["check", "--today", TODAY], &course.join("quizzes"));
    assert!(out.contains("choice.toml:12:1") && out.contains("lists.toml:10:1"), "{out}");
}

#[test]
fn a_lesson_of_no_course_is_checked_with_what_stands_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let lesson = "# L\n\n[a](b.md#b), [b](c.md), [c](sub/d.md), [15 minutes](fact:lambda.timeout)\n\n\
                  [Quiz](q.toml)\n";
    fs::write(dir.path().join("a.md"), lesson).unwrap();
    fs::write(dir.path().join("b.md"), "# B\n").unwrap();
    fs::write(dir.path().join("q.toml"), "[[questions]]\nid = 3\n").unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    fs::write(dir.path().join("sub/d.md"), "# D\n").unwrap();
    let (code, out, err) = coldstart(&["check", "a.md", "--json"], dir.path());
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let places: Vec<String> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}:{} {}", finding["line"], finding["column"], finding["message"]))
        .collect();
    assert_eq!(places, ["3:18 \"`c.md` is not in the course\""]);
    assert_eq!(json[0]["file"], "a.md");
    let (_, out, _) = coldstart(&["check", "./a.md"], dir.path());
    assert!(out.contains("--> ./a.md:3:18\n"), "{out}");
}

#[test]
fn a_name_of_a_file_reaches_no_terminal_as_it_likes() {
    let dir = tempfile::tempdir().unwrap();
    let name = "a\u{9b}2J\u{202e}\u{7f}.md";
    fs::write(dir.path().join(name), "# A\n\n[b](b.md)\n").unwrap();
    let (_, out, _) = coldstart(&["check", ".", "--json"], dir.path());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json[0]["file"], name);
    let (_, text, _) = coldstart(&["check", "."], dir.path());
    for text in [out, text] {
        assert_eq!(coldstart::sanitize::findings(&text), [], "{text:?}");
    }
}

#[test]
fn what_cannot_be_checked_is_named_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bytes.md"), b"# a\n\xff\n").unwrap();
    fs::write(dir.path().join("notes.txt"), b"text").unwrap();
    fs::write(dir.path().join("x.toml"), b"a = 1\n").unwrap();
    fs::create_dir(dir.path().join("empty")).unwrap();
    for (arguments, message) in [
        (&["check", "none.md"][..], "coldstart: none.md: is not there\n"),
        (&["check", "bytes.md"], "coldstart: bytes.md:2:1: is not UTF-8: the byte 0xff\n"),
        (&["check", "notes.txt"], "coldstart: notes.txt is no lesson (an `.md` file)\n"),
        (
            &["check", "x.toml"],
            "coldstart: x.toml is no lesson, quiz or scenario, nor another file of a course\n",
        ),
        (&["check", "empty"], "coldstart: empty: holds no lessons (`.md` files)\n"),
        (&["check", "--course", "none"], "coldstart: none: is not there\n"),
        (
            &["check", "--course", "notes.txt"],
            "coldstart: notes.txt: is no folder: give the folder that holds `lessons/`\n",
        ),
        (
            &["check", "six-trait"],
            "coldstart: there is no lesson `six-trait`; did you mean `six-traits`? `coldstart \
             list` names what there is\n",
        ),
    ] {
        let (code, out, err) = coldstart(arguments, dir.path());
        assert_eq!((code, out.as_str(), err.as_str()), (Some(2), "", message), "{arguments:?}");
    }
    let (code, _, err) = coldstart(&["check", "--jsn"], dir.path());
    assert_eq!(code, Some(2));
    assert!(err.contains("unexpected argument '--jsn'") && err.contains("'--json'"), "{err}");
    let (code, _, err) = coldstart(&["check", "--today", "23 November"], dir.path());
    assert_eq!(code, Some(2));
    assert!(err.contains("`23 November` is no day such as 2026-11-17"), "{err}");
}

/// A course of one lesson that is fine, for the files of a test to stand beside.
fn course_in(dir: &Path, lessons: &[&str]) {
    let mut manifest =
        "schema = 1\nid = \"c\"\ntitle = \"C\"\n[[parts]]\ntitle = \"P\"\n".to_owned();
    for lesson in lessons {
        let entry = ["[[parts.lessons]]\nid = '", lesson, "'\nfile = '", lesson, ".md'\n"];
        manifest.push_str(&entry.concat());
    }
    for folder in ["lessons", "quizzes", "assets"] {
        fs::create_dir(dir.join(folder)).unwrap();
    }
    fs::write(dir.join("lessons/course.toml"), manifest).unwrap();
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_rest_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let write = |name: &str, bytes: &[u8]| fs::write(dir.join(name), bytes).unwrap();
    course_in(dir, &["a-fine", "b-utf16", "c-bytes", "d-long", "e-deep", "f-many", "g-dos"]);
    write("lessons/a-fine.md", b"# Fine\n\n[gone](gone.md) [8](fact:seats)\n");
    write("lessons/b-utf16.md", b"\xff\xfe#\x00 \x00A\x00\n\x00");
    write("lessons/c-bytes.md", "# A\n\n\u{fc}ber: \u{e9}\n".as_bytes());
    let mut bytes = fs::read(dir.join("lessons/c-bytes.md")).unwrap();
    bytes.extend(b"and \xe9 in Latin-1\n");
    write("lessons/c-bytes.md", &bytes);
    write(
        "lessons/d-long.md",
        format!("# Long\n\n{}", format!("{:x>99}\n", "").repeat(50_000)).as_bytes(),
    );
    write("lessons/e-deep.md", format!("# Deep\n\n{}x\n", "> ".repeat(70)).as_bytes());
    write("lessons/f-many.md", format!("# Many\n\n{}\n", "\u{202e}x\n".repeat(500)).as_bytes());
    write(
        "lessons/g-dos.md",
        b"\xef\xbb\xbf---\r\nid: g-dos\r\n---\r\n# Dos\r\n\r\n[gone](gone.md)\r\n",
    );
    write("quizzes/a-fine.toml", "# \u{fc}\n".repeat(300_000).as_bytes());
    write("quizzes/b.toml", b"schema = 1\n\xc3\x28 = 1\n");
    // Whether its lesson has the objective, and whether there is the fact, cannot be known.
    let question = "[[questions]]\nid = 'b-utf16.q'\ntype = 'short'\nobjective = 'o'\n\
                    prompt = 'P?'\naccept = ['a']\nnear = [{ match = ['b'], feedback = 'B.' }]\n";
    let quiz = ["schema = 1\nid = 'b-utf16'\ntitle = 'Q'\n", question].concat();
    write("quizzes/b-utf16.toml", quiz.as_bytes());
    write("assets/facts.toml", b"\xfe\xff\x00[");
    write("lessons/.hidden.md", b"\xff");
    write("lessons/picture.png", b"\x89PNG\xff");
    let lines = found(dir);
    let expected = "\
assets/facts.toml:1:1 error unreadable-file
lessons/a-fine.md:3:8 error missing-link
lessons/b-utf16.md:1:1 error unreadable-file
lessons/c-bytes.md:4:5 error unreadable-file
lessons/d-long.md:10488:1 error text-too-long
lessons/e-deep.md:3:129 error nested-too-deeply
lessons/g-dos.md:6:8 error missing-link
quizzes/a-fine.toml:1:1 error unreadable-file
quizzes/b.toml:2:1 error unreadable-file
";
    let many: Vec<&str> = lines.lines().filter(|line| line.contains("f-many")).collect();
    assert_eq!(many.len(), 201, "{many:?}");
    assert_eq!(many[0], "lessons/f-many.md:3:1 error control-character");
    assert!(many[200].ends_with("warning more-findings") || many[199].ends_with("more-findings"));
    let others: String =
        lines.split_inclusive('\n').filter(|line| !line.contains("f-many")).collect();
    assert_eq!(others, expected);
}

#[cfg(unix)]
#[test]
fn nothing_outside_a_course_is_read_and_nothing_blocks() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "# Secret\n").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    course_in(dir, &["fine", "pipe", "out", "device", "folder", "inside", "loop"]);
    fs::write(dir.join("lessons/fine.md"), "# Fine\n").unwrap();
    let made = Command::new("mkfifo").arg(dir.join("lessons/pipe.md")).status().unwrap();
    assert!(made.success());
    fs::create_dir(dir.join("lessons/sub")).unwrap();
    fs::write(dir.join("lessons/sub/sub.md"), "# Sub\n").unwrap();
    symlink(outside.path().join("secret.md"), dir.join("lessons/out.md")).unwrap();
    symlink("/dev/zero", dir.join("lessons/device.md")).unwrap();
    symlink("sub", dir.join("lessons/folder.md")).unwrap();
    symlink("sub/sub.md", dir.join("lessons/inside.md")).unwrap();
    symlink("loop.md", dir.join("lessons/loop.md")).unwrap();
    symlink(outside.path(), dir.join("assets/away")).unwrap();
    let course = Directory::new(dir).open().unwrap();
    let messages: Vec<String> = check(&course, TODAY.parse().unwrap())
        .iter()
        .map(|fault| format!("{} {}", fault.file, fault.message))
        .collect();
    let loops = messages.iter().find(|message| message.contains("loop.md")).unwrap();
    assert!(loops.starts_with("lessons/loop.md the file is a link: "), "{loops}");
    let others: Vec<&String> =
        messages.iter().filter(|message| !message.contains("loop.md")).collect();
    assert_eq!(
        others,
        [
            "assets/away the file is a link out of the course",
            "lessons/device.md the file is a link out of the course",
            "lessons/folder.md the file is a link to a folder; only links to files are followed",
            "lessons/out.md the file is a link out of the course",
            "lessons/pipe.md the file is no regular file",
            "lessons/sub/sub.md this lesson is not in the manifest, so that nobody can open it",
        ]
    );
    assert_eq!(course.lesson("inside").unwrap().title, "Sub");
    assert!(!course.lesson("out").unwrap().source().contains("Secret"));
    // Named outright, a pipe is refused as well, and nothing waits for it.
    let (code, out, err) = coldstart(&["check", "lessons/pipe.md"], dir);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("lessons/pipe.md:1:1"), "{out}");
    let pipe = outside.path().join("pipe.md");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (code, _, err) = coldstart(&["check", pipe.to_str().unwrap()], dir);
    assert_eq!(code, Some(2));
    assert!(err.ends_with("pipe.md: is no regular file\n"), "{err}");
    let (code, _, err) = coldstart(&["check", "/dev/zero"], dir);
    assert_eq!((code, err.as_str()), (Some(2), "coldstart: /dev/zero: is no regular file\n"));
}

/// Pieces that mean something somewhere: the more of them meet, the more can go wrong.
const PIECES: &[&str] = &[
    "[[questions]]\n",
    "[[parts.lessons]]\n",
    "choices = [",
    "{ text = ",
    "\"",
    "'''",
    "= ",
    "\n",
    "]",
    "}",
    "inf",
    "-9223372036854775808",
    "2026-11-23",
    "[a](fact:x)",
    "```toml quiz\n",
    "```\n",
    "# ",
    "> ",
    "- ",
    "---\n",
    "id: x\n",
    "<!-- #",
    " -->",
    "<details>",
    "{{1}}",
    "{{#quiz ",
    "\u{202e}",
    "\u{1b}",
    "\r\n",
    "\u{feff}",
    "ü",
    "👩‍👩‍👧",
    "|",
    "[^1]",
    "pair = [0, 1]",
    "answer = \"a / 0\"",
    "params = { a = [1] }",
];

/// One file of the shipped course, cut in several places and mended with [`PIECES`].
fn damaged() -> impl Strategy<Value = (String, String)> {
    let files = Embedded.files().unwrap();
    let texts: Vec<(String, String)> = files
        .into_iter()
        .filter(|(path, _)| !path.contains("themes"))
        .map(|(path, text)| (path, text.unwrap().into_owned()))
        .collect();
    let piece = prop::sample::select(PIECES);
    let cut = (any::<prop::sample::Index>(), 0..40_usize, prop::collection::vec(piece, 0..4));
    let cuts = prop::collection::vec(cut, 1..5);
    (prop::sample::select(texts), cuts).prop_map(|((path, mut text), cuts)| {
        for (place, length, pieces) in cuts {
            let start = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, &pieces.concat());
        }
        (path, text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    /// However a file of the shipped course is damaged, the course opens and is checked, and every
    /// finding points into its file.
    #[test]
    fn no_damage_to_a_file_is_too_much((path, text) in damaged()) {
        let mut files = Embedded.files().unwrap();
        // Running all scenarios for each damaged file would take minutes: only a damaged one runs.
        files.retain(|other, _| *other == path || !other.starts_with("assets/scenarios/"));
        files.insert(path, Ok(text.into()));
        let course = Course::open(files);
        for fault in check(&course, TODAY.parse().unwrap()) {
            let source = course.source(&fault.file).unwrap_or_default();
            let span = fault.span;
            prop_assert!(span.start <= span.end && span.end <= source.len(), "{fault:?}");
            prop_assert!(source.is_char_boundary(span.start), "{fault:?}");
            prop_assert!(!fault.message.contains('\u{1b}'), "{fault:?}");
        }
        for lesson in course.lessons() {
            prop_assert!(course.minutes(lesson) >= 1);
            prop_assert!(!lesson.title.is_empty() && !lesson.id.is_empty());
        }
    }
}

#[test]
fn a_text_from_standard_input_is_checked() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coldstart"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"# T\n\n[x](term:zzz)\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(out.contains("--> standard input:3:10\n"), "{out}");
}

/// Work is bounded on a file of nothing but faults, and on one far too large.
#[test]
fn a_file_of_faults_alone_is_cut_short() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.md"), format!("# A\n\n{}", "[x](fact:y) **b** ".repeat(20_000)))
        .unwrap();
    fs::write(dir.path().join("b.md"), format!("# B\n\n{}", "word ".repeat(4_000_000))).unwrap();
    let (code, out, _) = coldstart(&["check", "a.md", "--json"], dir.path());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let findings = json.as_array().unwrap();
    assert_eq!((code, findings.len()), (Some(1), 501));
    assert_eq!((&findings[1]["line"], &findings[1]["column"]), (&3.into(), &28.into()));
    assert_eq!(findings[500]["message"], "19500 more findings in this file");
    let (_, out, _) = coldstart(&["check", "b.md"], dir.path());
    assert!(
        out.starts_with("error[text-too-long]: the text is cut here: it is longer than 1 MiB"),
        "{out}"
    );
}
