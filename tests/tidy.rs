//! Holds the shape of the code: who may name whom, what pure code may not touch, how long a file
//! may be. Every finding names a file and a line.

#![expect(
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on has failed; offsets are of matches in the same text"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The lines of the architecture: a module may name only modules of lower lines.
const LINES: &[(&str, u8)] = &[
    ("diagnostic", 0),
    ("sanitize", 0),
    ("markdown", 1),
    ("sim", 1),
    ("quiz", 2),
    ("typeset", 2),
    ("course", 3),
    ("picture", 4),
    ("progress", 4),
    ("keymap", 5),
    ("theme", 5),
    ("app", 6),
    ("ui", 7),
    ("plain", 7),
    ("content", 8),
    ("store", 8),
    ("terminal", 9),
    ("author", 10),
    ("classroom", 10),
    ("lab", 10),
    ("cli", 11),
];

/// The last line of pure code.
const LAST_PURE: u8 = 7;

/// What pure code may not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::os",
    "Instant",
    "SystemTime",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "crossterm",
    "rusqlite",
    "notify",
    "thread_local!",
];

/// Names that say nothing about the domain.
const EMPTY_NAMES: &[&str] =
    &["mod", "utils", "util", "common", "helpers", "helper", "manager", "handler", "core", "misc"];

const CODE_LINES_MAX: usize = 500;
const LINES_MAX: usize = 800;

#[test]
fn every_source_file_keeps_the_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    assert!(files.len() > 10, "the walk found only {} files", files.len());
    let findings: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            findings(&name, &text)
        })
        .collect();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn each_rule_finds_its_fault() {
    for (file, text, expected) in [
        (
            "src/quiz.rs",
            "use crate::course::Course;",
            "src/quiz.rs:1: `quiz` may not name `course`",
        ),
        (
            "src/quiz.rs",
            "\nuse crate::{diagnostic::Span, typeset};",
            "src/quiz.rs:2: `quiz` may not name `typeset`",
        ),
        (
            "src/quiz.rs",
            "use crate::{\n    diagnostic::Span,\n    store::Store,\n};",
            "src/quiz.rs:3: `quiz` may not name `store`",
        ),
        (
            "src/sim/pool.rs",
            "let t = Instant::now();",
            "src/sim/pool.rs:1: pure code may not name `Instant`",
        ),
        (
            "src/app.rs",
            "use ratatui::Frame;",
            "src/app.rs:1: only `theme`, `ui` and the shell may name `ratatui`",
        ),
        (
            "src/ui/lesson.rs",
            "let red = Color::Red;",
            "src/ui/lesson.rs:1: colours belong to `theme`",
        ),
        ("src/course/utils.rs", "", "src/course/utils.rs:1: `utils` says nothing about the domain"),
        ("src/stray.rs", "", "src/stray.rs:1: `stray` has no line in the architecture"),
        (
            "src/quiz.rs",
            "static SEEN: Mutex<u8> = Mutex::new(0);",
            "src/quiz.rs:1: one process holds many learners: no statics with state",
        ),
    ] {
        assert_eq!(findings(file, text), [expected], "{text}");
    }
    let long = "let x = 1;\n".repeat(CODE_LINES_MAX + 1);
    assert_eq!(findings("src/quiz.rs", &long), ["src/quiz.rs:1: 501 lines of code, at most 500"]);
    let fine = "//! std::fs\nuse crate::diagnostic::Span; // crate::cli\nlet s = \"std::env\";\n\
                #[cfg(test)]\nmod tests { use std::fs; }";
    assert_eq!(findings("src/quiz.rs", fine), Vec::<String>::new());
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// All findings about one file.
fn findings(file: &str, text: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let module = inside.split('/').next().unwrap_or(inside);
    let mut found = Vec::new();
    let stem = inside.rsplit('/').next().unwrap_or(inside);
    if EMPTY_NAMES.contains(&stem) {
        found.push(format!("{file}:1: `{stem}` says nothing about the domain"));
        return found;
    }
    let code = production_code(text);
    sizes(file, text, &code, &mut found);
    if matches!(inside, "main" | "lib") {
        return found;
    }
    let Some(line) = line_of(module) else {
        found.push(format!("{file}:1: `{module}` has no line in the architecture"));
        return found;
    };
    for (number, row) in code.iter().enumerate().map(|(index, row)| (index + 1, row)) {
        let mut say = |what: String| found.push(format!("{file}:{number}: {what}"));
        if line <= LAST_PURE {
            for word in IMPURE.iter().filter(|word| names(row, word)) {
                say(format!("pure code may not name `{word}`"));
            }
            if row.contains("static ")
                && ["Mutex", "RwLock", "OnceLock", "LazyLock", "Atomic", "Cell"]
                    .iter()
                    .any(|cell| row.contains(cell))
            {
                say("one process holds many learners: no statics with state".to_owned());
            }
            if names(row, "ratatui") && !matches!(module, "theme" | "ui") {
                say("only `theme`, `ui` and the shell may name `ratatui`".to_owned());
            }
            if module != "theme" && names(row, "Color::") {
                say("colours belong to `theme`".to_owned());
            }
        }
    }
    for (number, named) in crate_names(&code) {
        if named != module && line_of(&named).is_some_and(|other| other >= line) {
            found.push(format!("{file}:{number}: `{module}` may not name `{named}`"));
        }
    }
    found
}

fn line_of(module: &str) -> Option<u8> {
    LINES.iter().find(|(name, _)| *name == module).map(|&(_, line)| line)
}

fn sizes(file: &str, text: &str, code: &[String], found: &mut Vec<String>) {
    let counted = code.iter().filter(|row| counts(row)).count();
    let constants = text.contains("// tidy: a table of constants");
    if counted > CODE_LINES_MAX && !constants {
        found.push(format!("{file}:1: {counted} lines of code, at most {CODE_LINES_MAX}"));
    }
    let total = text.lines().count();
    if total > LINES_MAX && !constants {
        found.push(format!("{file}:1: {total} lines with tests, at most {LINES_MAX}"));
    }
}

/// Whether a line holds code: blank ones and comments do not.
fn counts(row: &str) -> bool {
    !row.trim().is_empty()
}

/// The lines before the tests, without comments and the insides of string literals.
fn production_code(text: &str) -> Vec<String> {
    let before_tests = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    before_tests.lines().map(without_comments_and_strings).collect()
}

fn without_comments_and_strings(row: &str) -> String {
    let mut kept = String::new();
    let mut in_string = false;
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => {
                chars.next();
            }
            '"' => in_string = !in_string,
            '\'' if !in_string && chars.peek() == Some(&'"') => {
                chars.next();
            }
            '/' if !in_string && chars.peek() == Some(&'/') => break,
            _ if in_string => {}
            _ => kept.push(c),
        }
    }
    kept
}

/// Whether `row` names `word` as a word of its own.
fn names(row: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    row.match_indices(word).any(|(at, _)| {
        let before = row[..at].chars().next_back();
        let after = row[at + word.len()..].chars().next();
        let ends_open = word.ends_with(|c: char| !part_of_word(c));
        !before.is_some_and(part_of_word) && (ends_open || !after.is_some_and(part_of_word))
    })
}

/// The modules named as `crate::name` or in a group `crate::{name, …}`, with their lines.
fn crate_names(code: &[String]) -> Vec<(usize, String)> {
    let text = code.join("\n");
    let mut found = Vec::new();
    for (at, matched) in text.match_indices("crate::") {
        let rest = &text[at + matched.len()..];
        let line = |offset: usize| text[..offset].matches('\n').count() + 1;
        if let Some(group) = rest.strip_prefix('{') {
            let start = at + matched.len() + 1;
            found.extend(group_heads(group).map(|(offset, name)| (line(start + offset), name)));
        } else {
            found.push((line(at), leading_word(rest)));
        }
    }
    found
}

/// The first words of the members of a group, up to its closing brace.
fn group_heads(group: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let mut depth = 0;
    let mut expects_name = true;
    let mut heads = Vec::new();
    for (offset, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects_name = true,
            c if expects_name && depth == 0 && (c.is_alphabetic() || c == '_') => {
                heads.push((offset, leading_word(&group[offset..])));
                expects_name = false;
            }
            _ => {}
        }
    }
    heads.into_iter()
}

fn leading_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
