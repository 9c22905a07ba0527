//! The command line's contract: names, JSON, exit codes, one clear line about what is wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coldstart"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("COLDSTART_DATA_DIR", self.path().join("data"))
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    }

    /// Takes a quiz in the line mode with these lines as answers; its exit code.
    fn takes(&self, quiz: &str, lines: &str) -> Option<i32> {
        let mut command = self.command(&["quiz", quiz, "--course", "small", "--plain"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        child.wait().unwrap().code()
    }

    fn folder(&self, files: &[(&str, &str)]) -> &Self {
        for (path, text) in files {
            let path = self.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        self
    }
}

const MANIFEST: &str = "schema = 1\nid = \"small\"\ntitle = \"A small course\"\n[[parts]]\ntitle = \"Part\"\n\
    [[parts.lessons]]\nid = \"one\"\nfile = \"one.md\"\nminutes = 7\n\
    [[parts.lessons]]\nid = \"two\"\nfile = \"two.md\"\n";
const QUIZ: &str = "schema = 1\nid = \"one\"\ntitle = \"One\"\n[[questions]]\nid = \"one.word\"\n\
    type = \"short\"\nobjective = \"know\"\nprompt = \"Which word?\"\naccept = [\"cold\"]\n";
const SCENARIO: &str = "schema = 1\nid = \"gap\"\nmodel = \"memory\"\ntitle = \"A gap\"\n[params]\n\
    cpu_ms_at_1769 = 100\nio_ms = 50\n";

fn small() -> Home {
    let home = Home::new();
    home.folder(&[
        ("small/lessons/course.toml", MANIFEST),
        ("small/lessons/one.md", "# The *first*\n\n## Objectives\n\n- Know it. <!-- #know -->\n"),
        ("small/lessons/two.md", "# The second\n\n[Run](../assets/scenarios/gap.toml)\n"),
        ("small/quizzes/one.toml", QUIZ),
        ("small/assets/scenarios/gap.toml", SCENARIO),
    ]);
    home
}

#[test]
fn list_names_parts_and_lessons() {
    let home = small();
    let (code, out, err) = home.run(&["list", "--course", "small"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let expected = "A small course\n\nPart\n  ○ 1.1  The first   one    7 min  new\n  \
                    ○ 1.2  The second  two    3 min  new\n";
    assert_eq!(out, expected);
    let (_, out, _) = home.run(&["list", "--course", "small", "--ascii"]);
    assert!(out.contains("  [ ] 1.1  The first"), "{out}");
    assert!(out.is_ascii(), "{out}");
    let (_, out, _) = home.run(&["list"]);
    assert!(out.contains("1.3") && out.contains("faas-vs-baas"), "{out}");
}

#[test]
fn list_as_json_has_the_promised_shape() {
    let home = small();
    let (code, out, _) = home.run(&["list", "--json", "--course", "small"]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let lesson = |id: &str, number: &str, title: &str, minutes: u32| {
        serde_json::json!({
            "id": id, "number": number, "title": title, "minutes": minutes, "state": "new",
            "score": null, "quiz": null, "scenarios": [],
        })
    };
    let mut one = lesson("one", "1.1", "The first", 7);
    one["quiz"] = "one".into();
    let mut two = lesson("two", "1.2", "The second", 3);
    two["scenarios"] = serde_json::json!(["gap"]);
    let expected = serde_json::json!({
        "id": "small", "title": "A small course",
        "parts": [{ "title": "Part", "lessons": [one, two], "test": null }],
    });
    assert_eq!(json, expected);
}

#[test]
fn a_parts_final_test_is_listed_and_its_score_is_kept() {
    let home = small();
    let file = |path: &str| std::fs::read_to_string(home.path().join("small").join(path)).unwrap();
    let manifest = file("lessons/course.toml");
    let manifest = manifest.replace("title = \"Part\"", "title = \"Part\"\ntest = \"whole\"");
    home.folder(&[
        ("small/lessons/course.toml", &manifest),
        (
            "small/quizzes/whole.toml",
            "schema = 1\nid = \"whole\"\ntitle = \"Test of the part\"\ndraw = 1\nfrom = [\"one\"]\n",
        ),
    ]);
    let (_, out, _) = home.run(&["list", "--course", "small"]);
    assert!(out.contains("○      Test of the part  whole    1 question\n"), "{out}");
    assert_eq!(home.takes("whole", "cold\n"), Some(0));
    let (_, out, _) = home.run(&["list", "--course", "small"]);
    assert!(out.contains("●      Test of the part  whole    1 question, best 100 %\n"), "{out}");
    let (_, out, _) = home.run(&["list", "--json", "--course", "small"]);
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    let expected = serde_json::json!({
        "id": "whole", "title": "Test of the part", "questions": 1, "state": "done", "score": 1.0,
    });
    assert_eq!(list["parts"][0]["test"], expected);
    let (_, out, _) = home.run(&["progress", "--json", "--course", "small"]);
    let progress: serde_json::Value = serde_json::from_str(&out).unwrap();
    let expected = serde_json::json!([{ "id": "whole", "state": "done", "score": 1.0 }]);
    assert_eq!(progress["tests"], expected);
    let (_, out, _) = home.run(&["progress", "--course", "small"]);
    assert!(out.contains("●      Test of the part"), "{out}");
    assert!(out.contains("100 %"), "{out}");
    let (_, out, _) = home.run(&["learn", "two", "--course", "small", "--plain"]);
    let end = "This ends part 1, whose final test asks 1\nquestion.\n\
               Take the test with: coldstart --course small quiz whole --plain\n";
    assert!(out.contains(end), "{out}");
}

#[test]
fn list_shows_what_was_learned() {
    let home = small();
    assert_eq!(home.takes("one", "cold\n\n"), Some(0));
    let (_, out, _) = home.run(&["list", "--json", "--course", "small"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let lesson = &json["parts"][0]["lessons"][0];
    assert_eq!((&lesson["state"], &lesson["score"]), (&"begun".into(), &1.0.into()), "{lesson}");
    let (_, out, _) = home.run(&["list", "--course", "small"]);
    assert!(out.contains("◐ 1.1") && out.contains("begun, quiz 100 %"), "{out}");
    let (_, out, _) = home.run(&["list", "--course", "small", "--profile", "other"]);
    assert!(!out.contains("begun"), "{out}");
}

#[test]
fn a_folder_of_lessons_is_a_course() {
    let home = Home::new();
    home.folder(&[("notes/2-b.md", "# Bee\n"), ("notes/1-a.md", "# Ay\n"), ("notes/x.txt", "x")]);
    let (code, out, _) = home.run(&["list", "--course", "notes"]);
    assert_eq!(code, Some(0));
    assert_eq!(out, "notes\n\n  ○ 1  Ay   1-a    1 min  new\n  ○ 2  Bee  2-b    1 min  new\n");
    let (_, out, _) = home.run(&["list", "--course", "notes", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(json["id"].as_str().unwrap().starts_with("folder-"), "{json}");
}

#[test]
fn bad_usage_is_two_and_one_clear_line() {
    let home = small();
    home.folder(&[("broken/lessons/course.toml", "parts = [\n"), ("empty/x.txt", "")]);
    for (arguments, message) in [
        (&["list", "--course", "none"][..], "coldstart: none: is not there\n"),
        (&["list", "--course", "empty"], "coldstart: empty: holds no lessons (`.md` files)\n"),
        (
            &["learn", "six-trait"],
            "coldstart: there is no lesson `six-trait`; did you mean `six-traits`? `coldstart \
             list` names what there is\n",
        ),
        (
            &["learn", "9.9"],
            "coldstart: there is no lesson `9.9`; `coldstart list` names what there is\n",
        ),
        (
            &["quiz", "six-trait"],
            "coldstart: there is no quiz `six-trait`; did you mean `six-traits`? `coldstart \
             list` names what there is\n",
        ),
        (&["learn", "small/none.md"], "coldstart: small/none.md: is not there\n"),
        (
            &["learn", "x\u{1b}[31m"],
            "coldstart: there is no lesson `x␛[31m`; `coldstart list` names what there is\n",
        ),
    ] {
        let (code, out, err) = home.run(arguments);
        assert_eq!((code, out.as_str(), err.as_str()), (Some(2), "", message), "{arguments:?}");
    }
    for arguments in [&["lst"][..], &["list", "--jsn"], &["check", "a", "b"], &["--color", "blue"]]
    {
        let (code, out, err) = home.run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
}

/// Runs a command as it was printed, in a shell; gives what it prints.
#[cfg(unix)]
fn typed(home: &Home, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_coldstart")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(home.path()).env("PATH", path).stdin(Stdio::null());
    // Where the progress is, too, is in the command.
    shell.env("COLDSTART_DATA_DIR", home.path().join("elsewhere")).env_remove("NO_COLOR");
    let output = shell.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command}");
    String::from_utf8(output.stdout).unwrap()
}

/// What follows `lead` on its line, or what stands between two `lead`s of one character.
#[cfg(unix)]
fn advised<'a>(said: &'a str, lead: &str) -> &'a str {
    assert!(said.contains(lead), "no {lead:?}: {said}");
    let (_, command) = said.split_once(lead).unwrap();
    let end = if lead == "`" { '`' } else { '\n' };
    command.split(end).next().unwrap()
}

#[cfg(unix)]
#[test]
fn what_it_advises_to_type_opens_the_same_course_and_progress() {
    let home = small();
    std::fs::rename(home.path().join("small"), home.path().join("my course")).unwrap();
    let manifest = MANIFEST.replace("title = \"Part\"", "title = \"Part\"\ntest = \"one\"");
    let linked = "# The first\n\n## Key points\n\n- It is cold.\n\n[Quiz](../quizzes/one.toml)\n";
    home.folder(&[
        ("my course/lessons/course.toml", &manifest),
        ("my course/lessons/one.md", linked),
    ]);
    let ann = ["--course", "my course", "--data-dir", "ann's data", "--profile", "ann"];
    let run = |arguments: &[&str]| {
        let (_, out, err) = home.run(&[&ann, arguments].concat());
        (out, err)
    };
    let called = r"coldstart --course 'my course' --data-dir 'ann'\''s data' --profile ann";
    let advises = |said: &str, lead: &str, rest: &str, shows: &str| {
        let command = advised(said, lead);
        assert_eq!(command, format!("{called} {rest}"), "{said}");
        let out = typed(&home, command);
        assert!(out.contains(shows), "{command}: {out}");
    };
    let (_, wrong) = run(&["learn", "on"]);
    let (_, list) = wrong.split_once('?').unwrap();
    advises(list, "`", "list", "○ 1.1  The first");
    let (nothing, _) = run(&["progress", "--notes"]);
    advises(&nothing, "its quiz:  ", "learn one", "Lesson 1.1, The first");
    advises(&nothing, "every lesson:  ", "progress --notes --all", "It is cold.");
    let (stopped, _) = run(&["learn"]);
    advises(&stopped, "Go on from here with: ", "learn --plain", "Going on with lesson 1.1");
    let (report, _) = run(&["progress"]);
    advises(&report, "Go on with  ", "learn one", "Lesson 1.1, The first");
    let (shown, _) = run(&["show", "one"]);
    assert!(!shown.contains("coldstart quiz"), "{shown}");
    let (shown, _) = run(&["show", "one", "--width", "200"]);
    let action = advised(&shown, "─ coldstart ").split(" ─").next().unwrap();
    assert!(typed(&home, &format!("coldstart {action}")).starts_with("Quiz: One"), "{shown}");

    let mut command = home.command(&ann);
    command.args(["learn", "one"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"cold\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let (report, _) = run(&["progress"]);
    advises(&report, "predictions, to keep:\n  ", "progress --notes", "It is cold.");
    advises(&report, "Begin with  ", "learn two", "Lesson 1.2, The second");
    let (end, _) = run(&["learn", "my course/lessons/two.md"]);
    let real = home.path().canonicalize().unwrap().join("my course");
    let absolute = called.replace("my course", real.to_str().unwrap());
    let test = advised(&end, "Take the test with: ");
    assert_eq!(test, format!("{absolute} quiz one --plain"));
    assert!(typed(&home, test).starts_with("Quiz: One"));
    assert!(!home.path().join("elsewhere").exists(), "all was about the same progress");
}

#[cfg(unix)]
#[test]
fn a_lesson_of_no_course_is_opened_again_by_its_path() {
    let home = small();
    home.folder(&[("a b/x.md", "# Loose\n\n[Quiz](x.toml)\n"), ("a b/x.toml", QUIZ)]);
    let (_, out, _) = home.run(&["learn", "a b/x.md"]);
    let again = advised(&out, "Open it again with: ");
    assert_eq!(again, "coldstart learn 'a b/x.md' --plain");
    assert!(typed(&home, again).contains("Loose"));
    let (_, out, _) = home.run(&["show", "a b/x.md"]);
    assert!(out.contains("coldstart quiz 'a b/x.toml'"), "{out}");
    assert!(typed(&home, "coldstart quiz 'a b/x.toml'").starts_with("Quiz: One"));
}

#[test]
fn a_folder_of_a_course_opens_the_whole_course() {
    let home = small();
    let (_, whole, _) = home.run(&["list", "--json", "--course", "small"]);
    for folder in ["small/lessons", "small/assets/scenarios"] {
        assert_eq!(
            home.run(&["list", "--json", "--course", folder]),
            (Some(0), whole.clone(), String::new())
        );
    }
    let (_, doctor, _) = home.run(&["doctor", "--course", "small/lessons"]);
    assert!(doctor.contains("\n  id            small\n"), "{doctor}");
    let (code, out, err) = home.run(&["list", "--course", "small/lessons/course.toml"]);
    let said = "coldstart: small/lessons/course.toml: is no folder: give the folder that holds \
                `lessons/`\n";
    assert_eq!((code, out.as_str(), err.as_str()), (Some(2), "", said));
    // The same progress, whether a lesson of a plain folder is named by its id or by its path.
    home.folder(&[("notes/a.md", "# Ay\n"), ("notes/b.md", "# Bee\n")]);
    home.run(&["learn", "notes/a.md", "--course", "notes"]);
    let (_, out, _) = home.run(&["learn", "--course", "notes"]);
    assert!(out.starts_with("Lesson 2, Bee"), "{out}");
}

#[test]
fn check_says_which_course_it_checks_where_none_is_here() {
    let home = small();
    let first = "No course is here: this checks the one in the program. Name a folder to check \
                 another.\n\n";
    let (code, out, _) = home.run(&["check"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with(first), "{out}");
    let inside = |arguments: &[&str], folder: &str| {
        let output =
            home.command(arguments).current_dir(home.path().join(folder)).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!inside(&["check"], "small/lessons").contains("No course"));
    for arguments in
        [&["check", "--json"][..], &["check", "small"], &["check", "--course", "small"]]
    {
        assert!(!inside(arguments, "").contains("No course"), "{arguments:?}");
    }
}

#[test]
fn a_mistyped_option_of_check_is_no_lesson() {
    let home = small();
    let (code, out, err) = home.run(&["check", "--jsn"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.starts_with("error: unexpected argument '--jsn'") && err.contains("'--json'"),
        "{err}"
    );
    let (_, help, _) = home.run(&["check", "--help"]);
    assert!(help.contains("A course's folder, or one of its files [default:"), "{help}");
}

#[test]
fn help_and_version_are_good_ends() {
    let home = Home::new();
    let (code, out, _) = home.run(&["--version"]);
    assert_eq!((code, out), (Some(0), format!("coldstart {}\n", env!("CARGO_PKG_VERSION"))));
    for arguments in [&["--help"][..], &["-h"], &["help", "check"], &["list", "--help"]] {
        let (code, out, err) = home.run(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(out.contains("Usage: coldstart"), "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
    }
}

#[test]
fn completions_name_every_command() {
    let home = Home::new();
    let (_, help, _) = home.run(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"check") && commands.contains(&"list"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = home.run(&["completions", shell]);
        assert_eq!(code, Some(0), "{shell}");
        for command in &commands {
            assert!(out.contains(command), "{shell} does not know {command}");
        }
    }
    assert_eq!(home.run(&["completions", "csh"]).0, Some(2));
}

#[test]
fn a_closed_pipe_is_a_good_end() {
    let home = Home::new();
    for arguments in [&["completions", "bash"][..], &["list", "--json"], &["check", "--json"]] {
        let mut child =
            home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let code = child.wait().unwrap().code();
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn what_was_typed_comes_back_through_the_gate() {
    let home = Home::new();
    let typed = "\u{9b}31m\u{1b}[2J\u{202e}x";
    let path = format!("./{typed}.md");
    for arguments in [
        &[typed] as &[&str],
        &["show", typed],
        &["show", &path],
        &["quiz", typed],
        &["learn", typed],
        &["check", typed],
        &["check", "--today", typed],
        &["progress", "import", typed],
        &["progress", "reset", typed],
        &["list", "--course", typed],
        &["list", "--profile", typed],
        &["list", "--color", typed],
    ] {
        let (code, out, err) = home.run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err:?}");
        assert!(!err.is_empty(), "{arguments:?}");
        assert_eq!(coldstart::sanitize::findings(&err), [], "{arguments:?}: {err:?}");
    }
}

#[test]
fn check_tells_what_guessing_would_give() {
    let home = small();
    let question = |id: usize| {
        format!(
            "[[questions]]\nid = \"two.{id}\"\ntype = \"single\"\nprompt = \"Which?\"\n\
             choices = [{{ text = \"the long one\", correct = true, feedback = \"Yes.\" }}, \
             {{ text = \"short\", feedback = \"No.\" }}]\n"
        )
    };
    let quiz = (0..40).map(question).collect::<String>();
    let flow = "# The second\n\n```toml quiz\n[[questions]]\nid = \"two.flow\"\ntype = \"multiple\"\n\
        prompt = \"Which?\"\nchoices = [{ text = \"a\", correct = true, feedback = \"Yes.\" }, \
        { text = \"b\", correct = true, feedback = \"Yes.\" }, { text = \"c\", feedback = \"No.\" }]\n```\n";
    home.folder(&[
        ("small/quizzes/two.toml", &format!("schema = 1\nid = \"two\"\ntitle = \"Two\"\n{quiz}")),
        ("small/lessons/two.md", flow),
    ]);
    let (code, out, err) = home.run(&["check", "small"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let told = "\
40 questions with one right choice, 1 with several; 83 choices in all
  the longest is right     40 of 40   100 %   by chance 50 %: it pays to guess so
  the shortest is right    0 of 40      0 %   by chance 50 %
  mean length              right 11 characters, wrong 5
  the right one stands at  a 15  b 25   by chance 20 each

";
    let (_, end) = out.split_once(told).unwrap_or_else(|| panic!("{out}"));
    assert!(end.contains(" files checked: ") && end.lines().count() == 1, "{end}");
    // One file says too little, and findings as JSON are findings alone.
    for arguments in [&["check", "small/quizzes/two.toml"][..], &["check", "small", "--json"]] {
        let (_, out, _) = home.run(arguments);
        assert!(!out.contains("by chance"), "{out}");
    }
    let (_, out, _) = home.run(&["check", "small/lessons"]);
    assert!(out.contains("1 question with several right choices; 3 choices in all\n"), "{out}");
    assert!(!out.contains("longest is right"), "{out}");
}

#[test]
fn the_line_mode_says_how_to_come_back_to_this_course_and_whether_anything_is_kept() {
    let home = small();
    home.folder(&[
        ("my course/lessons/course.toml", MANIFEST),
        ("my course/lessons/one.md", "# The first\n\n[Quiz](../quizzes/one.toml)\n"),
        ("my course/lessons/two.md", "# The second\n"),
        ("my course/quizzes/one.toml", QUIZ),
        ("no-folder", ""),
    ]);
    let (_, out, _) = home.run(&["learn", "one", "--course", "my course", "--profile", "mara"]);
    let back = "Go on from here with: coldstart --course 'my course' --profile mara learn --plain";
    assert!(out.contains("What you answered is kept.") && out.contains(back), "{out}");
    let (_, out, _) = home.run(&["learn", "small/lessons/one.md"]);
    let (before, _) = out.split_once("small learn --plain").unwrap();
    assert!(before.contains("coldstart --course "), "{out}");
    let unsaved = ["learn", "one", "--course", "my course", "--data-dir", "no-folder"];
    let (_, out, _) = home.run(&unsaved);
    assert!(out.contains("questions open. Nothing was saved."), "{out}");
    assert!(!out.contains("is kept") && !out.contains("Go on from here"), "{out}");
    let (_, out, _) = home.run(&["progress", "--notes", "--course", "my course"]);
    assert!(out.contains("coldstart --course 'my course' learn one\n"), "{out}");
    let (_, out, _) = home.run(&["progress", "--course", "small"]);
    assert!(out.contains("with  coldstart --course small learn"), "{out}");
}
