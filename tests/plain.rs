//! The line mode as a learner and as a script meet it: the program, its pipes, its exit codes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use coldstart::content::{Embedded, Source as _};
use coldstart::plain::quoted;
use coldstart::quiz::sitting::Sitting;

use answers::{right_lines, right_lines_of};

#[path = "support/answers.rs"]
mod answers;
#[path = "plain/walk.rs"]
mod walk;

const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/line-mode");

struct Ended {
    code: i32,
    out: String,
    err: String,
}

/// A learner with a data folder of their own.
struct Learner {
    data: tempfile::TempDir,
    course: Option<&'static str>,
}

impl Learner {
    fn new() -> Self {
        Self { data: tempfile::tempdir().expect("a folder"), course: Some(COURSE) }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coldstart"));
        command.args(self.course.iter().flat_map(|course| ["--course", course]));
        command.arg("--data-dir").arg(self.data.path()).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with these lines as its input.
    fn types(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
        let mut child = self.command(arguments).spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A program that ends before it has read everything closes the pipe.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn last_line(text: &str) -> &str {
    text.lines().next_back().unwrap_or_default()
}

#[test]
fn a_lesson_through_a_pipe() {
    let script = "h\nten\n10 min ?\n:fact\n:term\n:outline\n\
                  a !\nb c\n1.5 l\nsmoke\n2 1 3\n1c 2b\n212; 0\n1a 2b\n:retry\n:q\n";
    let learner = Learner::new();
    let ended = learner.types(&["learn", "kettle", "--seed", "3"], script);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.chars().all(|c| c == '\n' || !c.is_control()));
    let data = learner.data.path().to_string_lossy();
    insta::assert_snapshot!(ended.out.replace(&*data, "DATA").replace(COURSE, "COURSE"));
}

#[test]
fn every_answer_right() {
    let learner = Learner::new();
    let course = coldstart::content::Directory::new(Path::new(COURSE)).open().expect("opens");
    let lesson = course.lesson("kettle").expect("a lesson");
    let script = right_lines_of(&course, lesson).join("\n");
    let ended = learner.types(&["learn", "kettle", "--plain"], script);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.out.matches("\nRight: ").count(), 9, "{}", ended.out);
    assert_eq!(last_line(&ended.out), "Score: 8 of 8 (100 %), passed");
    let list = learner.types(&["list", "--json"], "");
    let list: serde_json::Value = serde_json::from_str(&list.out).expect("JSON");
    let lesson = &list["parts"][0]["lessons"][0];
    assert_eq!((&lesson["state"], &lesson["score"]), (&"done".into(), &1.0.into()));
    let next = learner.types(&["--plain"], "");
    assert!(next.out.starts_with("Lesson 1.2, The teapot, 1 minute."), "{}", next.out);
    assert!(next.out.contains("End of lesson 1.2"), "{}", next.out);
}

#[test]
fn who_leaves_goes_on_there() {
    let learner = Learner::new();
    let first = learner.types(&["learn", "kettle"], "3\r\n:s\r\n:s\r\n");
    assert_eq!(first.code, 0);
    assert!(first.out.contains("Stopped, 6 of 8 questions open."), "{}", first.out);
    let second = learner.types(&["learn"], ":s\n:s\n:s\n:s\n:s\n:s\n");
    assert!(second.out.starts_with("Going on with lesson 1.1, The kettle"), "{}", second.out);
    assert!(second.out.contains("8 questions, 2 answered before."), "{}", second.out);
    assert_eq!(last_line(&second.out), "Score: 0 of 8 (0 %), not passed");
}

#[test]
fn the_exit_code_of_a_quiz_says_whether_it_was_passed() {
    let learner = Learner::new();
    let course = coldstart::content::Directory::new(Path::new(COURSE)).open().expect("opens");
    let quiz = course.quiz("kettle").expect("a quiz");
    let right = right_lines(Sitting::new(quiz, None, 1)).join("\n");
    let ended = learner.types(&["quiz", "kettle"], right);
    assert_eq!((ended.code, last_line(&ended.out)), (0, "Score: 8 of 8 (100 %), passed"));
    let ended = learner.types(&["quiz", "1.1", "--plain"], "");
    assert_eq!(ended.code, 1);
    assert!(last_line(&ended.out).starts_with("Stopped, 8 of 8 questions open."));
    let path = format!("{COURSE}/quizzes/kettle.toml");
    let ended = learner.types(&["quiz", &path], "s\ns\ns\n:s\ns\ns\n:s\ns\n");
    assert_eq!((ended.code, last_line(&ended.out)), (1, "Score: 0 of 8 (0 %), not passed"));
    let ended = learner.types(&["quiz", "kettel"], "");
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert_eq!(ended.err.lines().count(), 1);
    assert!(ended.err.contains("`kettle`"), "{}", ended.err);
}

#[test]
fn a_faulty_quiz_is_refused_with_its_place_and_a_faulty_question_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("q.toml");
    let good =
        "[[questions]]\nid = \"q.a\"\ntype = \"short\"\nprompt = \"Yes?\"\naccept = [\"yes\"]\n";
    let bad = "[[questions]]\nid = \"q.b\"\ntype = \"short\"\nprompt = \"Yes?\"\naccept = 3\n";
    let head = "schema = 1\nid = \"q\"\ntitle = \"Q\"\n";
    let learner = Learner { course: None, ..Learner::new() };
    std::fs::write(&path, format!("{head}{bad}")).expect("written");
    let path = path.to_str().expect("UTF-8");
    let ended = learner.types(&["quiz", path], "");
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("q.toml:8:10: `accept` must be a list"), "{}", ended.err);
    std::fs::write(path, format!("{head}{bad}{good}")).expect("written");
    let ended = learner.types(&["quiz", path], "yes\n");
    assert_eq!((ended.code, last_line(&ended.out)), (0, "Score: 1 of 1 (100 %), passed"));
    assert!(ended.out.contains("Left out, because they have faults: 1."), "{}", ended.out);
}

#[test]
fn notes_are_listed_with_their_places() {
    let learner = Learner::new();
    let ended = learner.types(&["learn", "kettle"], ":notes\n:note Ask about this\n:q\n");
    let none = "No notes and no bookmarks yet. In a lesson, :note TEXT keeps a note at the place";
    assert!(ended.out.contains(none), "{}", ended.out);
    let again = learner.types(&["learn", "whistle"], ":notes\n:help\n:q\n");
    let listed = "1 note, 0 bookmarks:\n- Note in lesson 1.1, The kettle, at \"";
    assert!(again.out.contains(listed), "{}", again.out);
    assert!(again.out.contains("\": Ask about this\n"), "{}", again.out);
    assert!(again.out.contains("\n:notes  your notes and bookmarks"), "{}", again.out);
}

#[test]
fn hostile_lines_are_answered_and_never_echoed() {
    let input = b"\x1b[2J\x9b1m\xff\xfe\n\0\n:fact \x1b]0;x\x07\n:note \xe2\x80\xae\n:q\n";
    let ended = Learner::new().types(&["learn", "kettle"], input);
    assert_eq!(ended.code, 0);
    assert!(ended.out.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", ended.out);
    assert!(!ended.out.contains('\u{202e}'));
}

#[test]
fn nobody_reading_is_a_good_end() {
    let mut child = Learner::new().command(&["learn", "kettle"]).spawn().expect("runs");
    drop(child.stdout.take());
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_seed_orders_the_choices_and_no_seed_orders_them_for_everybody() {
    let asked = |seed: Option<&str>| {
        let seed = seed.map(|seed| ["--seed", seed]);
        let arguments: Vec<&str> =
            ["quiz", "kettle"].into_iter().chain(seed.into_iter().flatten()).collect();
        Learner::new().types(&arguments, "").out
    };
    assert_eq!(asked(None), asked(None));
    assert_eq!(asked(Some("5")), asked(Some("5")));
    assert!((0..8).any(|seed: u32| asked(Some(&seed.to_string())) != asked(None)));
}

/// Reads until a line begins with `mark`.
fn wait_for(child: &mut Child, mark: &str) {
    let out = child.stdout.as_mut().expect("a pipe");
    for line in BufReader::new(out).lines() {
        if line.expect("text").starts_with(mark) {
            return;
        }
    }
    panic!("no line begins with {mark}");
}

#[test]
fn a_verdict_that_was_seen_survives_a_kill() {
    let learner = Learner::new();
    let mut child = learner.command(&["quiz", "kettle"]).spawn().expect("runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b":s\n:s\n").expect("written");
    wait_for(&mut child, "Question 3 of 8");
    child.kill().expect("killed");
    child.wait().expect("ends");
    let ended = learner.types(&["quiz", "kettle"], "");
    assert!(ended.out.contains("8 questions, 2 answered before."), "{}", ended.out);
}

#[test]
fn a_simulation_through_a_pipe() {
    let learner = Learner::new();
    let script = "40 %, I think\n40 !\n:set keep_alive 15m\n:run\n\n60\n:see\n";
    let ended = learner.types(&["learn", "whistle"], script);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.chars().all(|c| c == '\n' || !c.is_control()));
    let ascii = Learner::new().types(&["--ascii", "learn", "whistle"], script);
    assert!(ended.out.contains('±'));
    assert_eq!(ascii.out, ended.out.replace('±', "+-").replace('–', "-"));
    insta::assert_snapshot!(ended.out);
    let export = learner.data.path().join("export.jsonl");
    learner.types(&["progress", "export", export.to_str().expect("UTF-8")], "");
    let export = std::fs::read_to_string(export).expect("an export");
    let predicted: Vec<&str> =
        export.lines().filter(|line| line.contains(r#""type":"predicted""#)).collect();
    assert_eq!(predicted.len(), 1, "{export}");
    assert!(predicted[0].contains(r#""confidence":"sure""#), "{}", predicted[0]);
    assert!(predicted[0].contains(r#""value":0.4"#), "{}", predicted[0]);
    let turned = r#""params":{"keep_alive":"15m"}"#;
    assert_eq!(export.matches(r#""type":"simulated""#).count(), 3, "{export}");
    assert_eq!(export.matches(turned).count(), 1, "{export}");
}

#[test]
fn a_prediction_that_was_confronted_survives_a_kill() {
    let learner = Learner::new();
    let mut child = learner.command(&["learn", "whistle"]).spawn().expect("runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"40\n").expect("written");
    wait_for(&mut child, "? (:set");
    child.kill().expect("killed");
    child.wait().expect("ends");
    let ended = learner.types(&["learn", "whistle"], "");
    assert!(ended.out.contains("The last time you said 40 %; it was 36.79 %."), "{}", ended.out);
}

/// A full disk, as a limit on the size of files.
#[cfg(unix)]
#[test]
fn what_cannot_be_saved_is_told_once_and_given_back_at_the_end() {
    let learner = Learner::new();
    learner.types(&["quiz", "kettle"], ":s\n");
    let store = learner.data.path().join("profiles/default/progress.db");
    let kilobytes = std::fs::metadata(store).expect("the store").len() / 1024;
    let script = format!("ulimit -f {kilobytes} || exit 99; exec \"$0\" \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_coldstart")]);
    command.args(["--course", COURSE, "--data-dir"]).arg(learner.data.path());
    command.args(["quiz", "kettle"]).env("TMPDIR", learner.data.path());
    command.current_dir(learner.data.path()).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("runs");
    let notes = format!(":note {}\n", "long ".repeat(100)).repeat(60);
    child.stdin.take().expect("a pipe").write_all(notes.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ends");
    let (out, err) = (output.stdout.escape_ascii(), output.stderr.escape_ascii());
    let (out, err) = (out.to_string(), err.to_string());
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert_eq!(out.matches("Note: not saved yet").count(), 1, "{out}");
    assert_eq!(out.matches("Noted.").count(), 60);
    assert!(err.contains("could not be saved"), "{err}");
    // The command that takes them in opens the same store.
    let data = quoted(&learner.data.path().to_string_lossy());
    let command =
        format!("coldstart --course {} --data-dir {data} progress import", quoted(COURSE));
    assert!(err.contains(&command), "{err}");
}

#[test]
fn the_shipped_course_from_its_first_line_to_its_last() {
    let learner = Learner { course: None, ..Learner::new() };
    let course = Embedded.open().expect("opens");
    for lesson in course.lessons() {
        let lines = right_lines_of(&course, lesson);
        let ended = learner.types(&["--plain"], lines.join("\n"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        let begin = format!("Lesson {}, {},", lesson.number, lesson.title);
        assert!(ended.out.starts_with(&begin), "{}", ended.out);
        // A prediction that no formula gives is skipped, a simulation is left by an empty line.
        let answers = lines.iter().filter(|line| !line.is_empty() && *line != ":s").count();
        assert_eq!(ended.out.matches("\nRight: ").count(), answers, "{}", ended.out);
        assert!(!ended.out.contains("Left out here"), "{}", ended.out);
        // An appendix asks nothing: to have read it is enough.
        let is_asked = course.quiz_of(lesson).is_some();
        let passed = last_line(&ended.out).ends_with("(100 %), passed");
        assert_eq!(passed, is_asked, "{}", ended.out);
    }
    let list = learner.types(&["list", "--json"], "");
    let states = list.out.matches("\"state\": \"done\"").count();
    assert_eq!(states, course.lessons().count(), "{}", list.out);
}
