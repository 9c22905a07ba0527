//! `progress` and `doctor` as a learner and as a script meet them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use coldstart::progress::{RecordKind, Time};
use coldstart::store::Store;

const MANIFEST: &str = "schema = 1\nid = \"small\"\ntitle = \"A small course\"\n[[parts]]\n\
    title = \"Part\"\n[[parts.lessons]]\nid = \"one\"\nfile = \"one.md\"\nminutes = 7\n\
    [[parts.lessons]]\nid = \"two\"\nfile = \"two.md\"\n";
const ONE: &str = "# The first\n\n## Objectives\n\n- Know the word. <!-- #know -->\n\n## Key points\n\n\
    - Cold is the word.\n";
const QUIZ: &str = "schema = 1\nid = \"one\"\ntitle = \"One\"\n[[questions]]\nid = \"one.word\"\n\
    type = \"short\"\nobjective = \"know\"\nprompt = \"Which word?\"\naccept = [\"cold\"]\n";

/// A learner with a machine of their own.
struct Learner {
    home: tempfile::TempDir,
}

impl Learner {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let files = [
            ("lessons/course.toml", MANIFEST),
            ("lessons/one.md", ONE),
            ("quizzes/one.toml", QUIZ),
        ];
        for (path, text) in files.into_iter().chain([("lessons/two.md", "# The second\n")]) {
            let path = home.path().join("course").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { home }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Runs the program in the learner's home; gives its exit code, output and errors.
    fn types(&self, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_coldstart"))
            .args(["--course", "course"])
            .args(arguments)
            .current_dir(self.home.path())
            .env("COLDSTART_DATA_DIR", self.data())
            .env("HOME", self.home.path())
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who does not read closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.types(arguments, "")
    }

    /// What `run` prints, where it must be well.
    fn well(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}: {out}");
        out
    }

    fn learns(&self) {
        let (code, out, err) = self.types(&["quiz", "one"], "cold\n");
        assert_eq!(code, Some(0), "{out}{err}");
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.well(&["progress", "--json"])).unwrap()
    }
}

#[test]
fn where_i_stand_is_printed_and_is_json() {
    let ana = Learner::new();
    assert!(ana.well(&["progress"]).contains("○ 1.1  The first"), "nothing is begun");
    ana.learns();
    let text = ana.well(&["progress"]);
    for part in [
        "A small course\n0 of 2 lessons learned · 1 begun · 1 of 1 objectives right\n",
        "begun      100 %   1 of 1\n",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() <= 80));
    assert!(ana.well(&["--ascii", "progress"]).is_ascii());
    let json = ana.json();
    let one = &json["lessons"][0];
    assert_eq!((&json["course"], &one["id"]), (&"small".into(), &"one".into()));
    assert_eq!((&one["state"], &one["read"]), (&"begun".into(), &false.into()));
    assert_eq!((one["score"].as_f64(), one["mastered"].as_u64()), (Some(1.0), Some(0)));
    assert_eq!(one["objectives"]["know"]["right"], 1);
    assert_eq!(json["lessons"][1]["score"], serde_json::Value::Null);
    assert_eq!(json["records"], 1);
}

#[test]
fn what_was_learned_comes_with_its_key_points() {
    let ana = Learner::new();
    ana.learns();
    let mut store = Store::open(Some(&ana.data()), "default", "small", Time(0)).unwrap();
    store.append(RecordKind::Read { lesson: "one".to_owned() }, Time(0)).unwrap();
    drop(store);
    let text = ana.well(&["progress"]);
    assert!(text.contains("1 of 2 lessons learned"), "{text}");
    assert!(
        text.contains("Worth keeping\n  1.1  The first\n       •  Cold is the word.\n"),
        "{text}"
    );
    assert!(text.ends_with("Begin with  coldstart --course course learn two\n"), "{text}");
}

#[test]
fn an_export_is_merged_on_another_machine_and_never_written_over() {
    let (ana, other) = (Learner::new(), Learner::new());
    ana.learns();
    let file = ana.home.path().join("my progress.jsonl");
    let name = file.to_str().unwrap();
    let told = ana.well(&["progress", "export", name]);
    assert_eq!(told, format!("1 record written to {name}\n"));
    let before = fs::read(&file).unwrap();
    let (code, _, err) = ana.run(&["progress", "export", name]);
    assert_eq!(code, Some(2));
    assert!(err.contains("is there already") && err.lines().count() == 1, "{err}");
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(ana.well(&["progress", "export", "-"]).into_bytes(), before);

    assert_eq!(other.well(&["progress", "import", name]), "1 record added, 0 known before\n");
    assert_eq!(other.well(&["progress", "import", name]), "0 records added, 1 known before\n");
    assert_eq!(other.json(), ana.json());
}

#[test]
fn bad_lines_of_an_import_are_named_and_the_rest_comes_in() {
    let (ana, other) = (Learner::new(), Learner::new());
    ana.learns();
    let good = ana.well(&["progress", "export", "-"]);
    fs::write(other.home.path().join("x.jsonl"), format!("not a record\u{1b}[2J\n{good}")).unwrap();
    let (code, out, err) = other.run(&["progress", "import", "x.jsonl"]);
    assert_eq!((code, out.as_str()), (Some(2), "1 record added, 0 known before\n"));
    assert!(err.contains("x.jsonl:1: not a record") && !err.contains('\u{1b}'), "{err}");
    let (code, _, err) = other.types(&["progress", "import", "-"], "[]\n");
    assert_eq!(code, Some(2));
    assert!(err.contains("standard input:1: not a record"), "{err}");
    for missing in ["nowhere.jsonl", "."] {
        let (code, _, err) = other.run(&["progress", "import", missing]);
        assert_eq!((code, err.lines().count()), (Some(2), 1), "{err}");
    }
}

#[test]
fn a_reset_asks_and_keeps_a_backup() {
    let ana = Learner::new();
    ana.learns();
    let (code, out, _) = ana.types(&["progress", "reset", "1.1"], "no\n");
    assert_eq!(code, Some(0));
    assert!(
        out.contains("Start again in 1.1 The first? 1 answer, 0 notes and 0 bookmarks"),
        "{out}"
    );
    assert!(out.ends_with("Nothing was reset.\n"), "{out}");
    let (code, _, err) = ana.run(&["progress", "reset"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("--yes"), "{err}");
    assert_eq!(ana.json()["lessons"][0]["state"], "begun");

    let exported = ana.well(&["progress", "export", "-"]);
    let (_, out, _) = ana.types(&["progress", "reset", "one"], "yes\n");
    let (_, kept) = out.split_once("kept in ").unwrap();
    let (backup, advice) = kept.split_once('\n').unwrap();
    assert_eq!(ana.json()["lessons"][0]["state"], "new");
    // The way back, as advised; and away again.
    let store = advice.trim().strip_prefix("To go back, copy it over ").unwrap();
    let store = store.strip_suffix(" while coldstart is closed.").unwrap();
    let reset = fs::read(store).unwrap();
    fs::copy(backup, store).unwrap();
    assert_eq!(ana.json()["lessons"][0]["state"], "begun");
    fs::write(store, reset).unwrap();
    assert_eq!(ana.json()["lessons"][0]["state"], "new");
    // What was reset does not come back with an old export.
    fs::write(ana.home.path().join("old.jsonl"), exported).unwrap();
    ana.well(&["progress", "import", "old.jsonl"]);
    assert_eq!(ana.json()["lessons"][0]["state"], "new");
    ana.learns();
    assert_eq!(ana.json()["lessons"][0]["state"], "begun");
    ana.well(&["progress", "reset", "--yes"]);
    assert_eq!(ana.json()["lessons"][0]["state"], "new");
}

#[test]
fn progress_survives_a_renamed_file_and_reordered_lessons() {
    let ana = Learner::new();
    ana.learns();
    let before = ana.json()["lessons"][0].clone();
    let course = ana.home.path().join("course");
    fs::create_dir(course.join("lessons/moved")).unwrap();
    fs::rename(course.join("lessons/one.md"), course.join("lessons/moved/1.md")).unwrap();
    let manifest = MANIFEST.replace("one.md", "moved/1.md");
    let (head, lessons) = manifest.split_once("[[parts.lessons]]").unwrap();
    let (one, two) = lessons.split_once("[[parts.lessons]]").unwrap();
    let manifest = format!("{head}[[parts.lessons]]{two}[[parts.lessons]]{one}");
    fs::write(course.join("lessons/course.toml"), manifest).unwrap();
    fs::write(course.join("quizzes/one.toml"), QUIZ.replace("Which word?", "Which word is it?"))
        .unwrap();
    assert_eq!(ana.json()["lessons"][1], before);
}

#[test]
fn without_a_place_to_save_it_says_so() {
    let ana = Learner::new();
    fs::write(ana.data(), "in the way").unwrap();
    for arguments in [&["progress"][..], &["progress", "--json"]] {
        let (code, _, err) = ana.run(arguments);
        assert_eq!(code, Some(0));
        assert!(err.contains("progress is not saved: "), "{err}");
    }
    let (code, out, _) = ana.run(&["doctor"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("saved         no: "), "{out}");
    let (code, _, err) = ana.run(&["--profile", "../x", "progress"]);
    assert_eq!((code, err.lines().count()), (Some(2), 1), "{err}");
}

#[test]
fn a_damaged_store_is_told_and_the_doctor_names_what_was_put_aside() {
    let ana = Learner::new();
    ana.learns();
    let store = ana.data().join("profiles/default/progress.db");
    fs::write(&store, "Dear diary").unwrap();
    let (code, _, err) = ana.run(&["progress"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("the progress store was damaged: kept as "), "{err}");
    let doctor = ana.well(&["doctor"]);
    assert!(
        doctor.contains("put aside     ~/data/profiles/default/progress.db.corrupt-"),
        "{doctor}"
    );
    assert!(doctor.contains("integrity     good"), "{doctor}");
}

#[cfg(unix)]
#[test]
fn the_doctor_looks_at_the_learners_own_keys_and_themes() {
    let ana = Learner::new();
    let none = "\nYour own\n  keys          ~/.config/coldstart/keymap.toml, not there\n  themes        \
                ~/.config/coldstart/themes, not there\n";
    let doctor = ana.well(&["doctor"]);
    assert!(doctor.contains(none), "{doctor}");
    let own = ana.home.path().join(".config/coldstart");
    fs::create_dir_all(own.join("themes")).unwrap();
    fs::write(own.join("keymap.toml"), "[lesson]\nopenn = [\"x\"]\n").unwrap();
    fs::write(own.join("themes/a.toml"), "name = \"a\"\nsurface = 3\n").unwrap();
    let doctor = ana.well(&["doctor"]);
    for fault in [
        "  keys          ~/.config/coldstart/keymap.toml:",
        "  themes        ~/.config/coldstart/themes/a.toml:",
    ] {
        let (_, told) = doctor.split_once(fault).unwrap_or_else(|| panic!("{fault}: {doctor}"));
        assert!(told.starts_with(" 1:1: ") || told.starts_with(" 2:1: "), "{doctor}");
    }
    fs::write(own.join("keymap.toml"), "").unwrap();
    fs::remove_file(own.join("themes/a.toml")).unwrap();
    let good = "  keys          ~/.config/coldstart/keymap.toml\n  themes        ~/.config/coldstart/themes\n";
    let doctor = ana.well(&["doctor"]);
    assert!(doctor.contains(good), "{doctor}");
}

#[test]
fn the_doctor_tells_what_a_bug_report_needs() {
    let ana = Learner::new();
    ana.learns();
    let doctor = ana.well(&["doctor"]);
    for part in [
        concat!("coldstart ", env!("CARGO_PKG_VERSION"), "\n"),
        "\n  TERM ",
        "\n  input         no terminal\n",
        "\n  id            small\n",
        "\n  from          course\n",
        "\n  data          ~/data\n",
        "\n  saved         yes\n",
        "\n  integrity     good\n",
        "\n  records       1 of this course; 0 damaged; ",
    ] {
        assert!(doctor.contains(part), "{part:?} in {doctor}");
    }
    let (code, out, _) = ana.run(&["--course", "nowhere", "doctor"]);
    assert_eq!(code, Some(2), "--course is given twice: {out}");
}

const URN: &str = "schema = 1\nid = \"urn\"\ntitle = \"The urn\"\nmodel = \"memory\"\n\
    [params]\ncpu_ms_at_1769 = 100\nio_ms = 50\n[predict]\nprompt = \"How long does it take?\"\n\
    metric = \"duration_ms.1769\"\ntolerance_abs = 5\nreveal = \"So long.\"\n";

/// A learner of a lesson with a simulation, who predicts, notes and passes.
fn learned() -> Learner {
    let ana = Learner::new();
    let course = ana.home.path().join("course");
    fs::create_dir_all(course.join("assets/scenarios")).unwrap();
    fs::write(course.join("assets/scenarios/urn.toml"), URN).unwrap();
    let points = "## Key points\n\n- Cold is *the* [word](term:word), not `warm`.\n";
    let run = "## The run\n\n[Simulation: the urn](../assets/scenarios/urn.toml)\n\n";
    let lesson = ONE.replace("## Key points\n\n- Cold is the word.\n", &format!("{run}{points}"));
    fs::write(course.join("lessons/one.md"), lesson).unwrap();
    let script = "100\n:note Ask # why\u{1b}[31m\u{202e}\n:done\ncold\n";
    let (code, out, err) = ana.types(&["learn", "one", "--plain"], script);
    assert_eq!(code, Some(0), "{out}{err}");
    ana
}

#[test]
fn what_was_learned_is_a_document_to_keep() {
    let ana = learned();
    let notes = ana.well(&["progress", "--notes"]);
    insta::assert_snapshot!(notes);
    assert_eq!(coldstart::sanitize::findings(&notes), []);
    // Read by a Markdown reader it is what it says.
    let document = coldstart::markdown::parse(&notes);
    assert!(document.diagnostics.is_empty(), "{:?}", document.diagnostics);
    let text: Vec<String> = document.blocks.iter().map(coldstart::markdown::block_text).collect();
    assert!(text.contains(&"Cold is the word, not warm.".to_owned()), "{text:?}");
    // Laid out, where colours are asked for.
    let laid = ana.well(&["--color", "always", "progress", "--notes"]);
    assert!(laid.contains("\u{1b}[") && !laid.contains("## "), "{laid}");
    let (code, _, err) = ana.run(&["progress", "--notes", "--json"]);
    assert!(code == Some(2) && err.contains("cannot be used with"), "{err}");
}

#[test]
fn before_anything_is_learned_it_is_said_what_to_do() {
    let ana = Learner::new();
    let out = ana.well(&["progress", "--notes"]);
    let expected = "Nothing is learned yet.\n\
        Read a lesson to its end and pass its quiz:  coldstart --course course learn one\n\
        The key points of every lesson:  coldstart --course course progress --notes --all\n";
    assert_eq!(out, expected);
    let all = ana.well(&["progress", "--notes", "--all"]);
    let expected = "# A small course\n\n## 1 Part\n\n### 1.1 The first\n\n- Cold is the word.\n";
    assert_eq!(all, expected);
    // A note is kept even where nothing is learned yet.
    ana.types(&["learn", "one", "--plain"], ":note Mine\n");
    let out = ana.well(&["progress", "--notes"]);
    assert!(out.contains("## Begun, not learned yet\n\n- 1.1 The first: "), "{out}");
    assert!(out.contains("\n  - Mine"), "{out}");
}
