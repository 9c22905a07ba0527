use proptest::prelude::*;

use super::{Played, SETTINGS, play};
use crate::course::{Course, Files};
use crate::plain::{Session, Start};
use crate::progress::{Predicted, Progress, RecordKind, Simulated};
use crate::quiz::Confidence;

const LESSON: &str = r#"# Cold

Before.

[Simulation: gap](gap.toml)

Between.

```toml sim
model = "cost"
[params]
requests_per_month = 3_000_000
duration = "200ms"
memory_mb = 512
vm_usd_per_month = 30.368
```

[Simulation: broken](scenarios/broken.toml)

```toml quiz
[[questions]]
id = "cold.word"
type = "short"
prompt = "The word?"
accept = ["cold"]
```
"#;

const GAP: &str = r#"schema = 1
id = "gap"
title = "When does it go *cold*?"
model = "platform"
seed = 42
duration = "2h"

[params]
arrivals = { process = "every", gap = "20m" }
service = { law = "constant", mean = "60ms" }
init = { law = "constant", mean = "900ms" }
keep_alive = "5m"

[[controls]]
param = "keep_alive"
label = "Keep-alive"
min = "0s"
max = "30m"
step = "1m"

[[controls]]
param = "routing"
label = "Which one serves"
options = ["lifo", "fifo"]

[predict]
prompt = "A request comes every 20 min. Which share is cold?"
metric = "p_cold"
unit = "%"
tolerance_abs = 10
reveal = "Every gap is longer."

[[goals]]
text = "Make fewer than 20 % cold."
when = "p_cold < 0.20"
feedback = "The provider pays."
reached_by = { keep_alive = "25m" }
"#;

const QUIZ: &str = r#"schema = 1
id = "guess"
title = "Guesses"

[[questions]]
id = "guess.share"
type = "predict"
objective = "o"
prompt = "Which share is cold with a keep-alive of 25 min?"
scenario = "../gap.toml"
set = { keep_alive = "25m" }
metric = "p_cold"
unit = "%"
tolerance_abs = 1
wrong = [{ value = 0, feedback = "The first one, too." }, { value = 100, feedback = "No." }]

[[questions]]
id = "guess.choice"
type = "predict"
objective = "o"
prompt = "And with 5 min?"
scenario = "gap"
shuffle = false
choices = [
  { text = "All", correct = true, feedback = "Yes." },
  { text = "None", feedback = "No." },
]

[[questions]]
id = "guess.broken"
type = "predict"
objective = "o"
prompt = "And of nothing?"
scenario = "gap"
metric = "first_throttle_s"
tolerance_abs = 1
wrong = [{ value = 0, feedback = "No." }, { value = 100, feedback = "No." }]
"#;

fn course() -> Course {
    let files = [
        ("cold.md", LESSON),
        ("gap.toml", GAP),
        ("quizzes/guess.toml", QUIZ),
        ("scenarios/broken.toml", "schema = 1\nid = \"broken\"\ntitle = \"Broken\"\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Ok(text.into())));
    Course::open(Files::from(files))
}

fn plays(course: &Course, progress: &Progress, lines: &[&str], ends: bool) -> Played {
    let lesson = course.lesson("cold").unwrap();
    let session = Session::lesson(course, progress.clone(), lesson, Start::Top, SETTINGS);
    play(session, lines, ends)
}

fn predictions(played: &Played) -> Vec<&Predicted> {
    let records = played.progress.records();
    let of = records.filter_map(|record| match &record.kind {
        RecordKind::Predicted(predicted) => Some(predicted),
        _ => None,
    });
    of.collect()
}

fn runs(played: &Played) -> Vec<&Simulated> {
    let records = played.progress.records();
    let of = records.filter_map(|record| match &record.kind {
        RecordKind::Simulated(simulated) => Some(simulated),
        _ => None,
    });
    of.collect()
}

#[test]
fn a_simulation_is_predicted_run_and_turned() {
    let course = course();
    let played = plays(
        &course,
        &Progress::default(),
        &["80 !", ":set keep_alive 25 min", ":run", "", "cold"],
        false,
    );
    assert!(played.over);
    let said = |turn: usize| played.outputs[turn].as_str();
    let asked = "\
Simulation: When does it go cold?
Keep-alive: 5 min.
A request comes every 20 min.
? Which share is cold? (number, %)
";
    assert!(said(0).ends_with(asked), "{}", said(0));
    let ran = "\
You said 80 %. Simulated: 100 %.
Partly: 20 percentage points too low; up to 10 percentage points would have been
right.
Every gap is longer.

Timeline of the run with seed 42:
  Request 1 at 0:00 started cold (960 ms).
  Request 2 at 20:00 started cold (960 ms).
  Request 3 at 40:00 started cold (960 ms).
  Request 4 at 1:00:00 started cold (960 ms).
  Request 5 at 1:20:00 started cold (960 ms).
  Request 6 at 1:40:00 started cold (960 ms).

The same in 30 runs of 2 h, from seed 42 on:
  Share cold: 100 %
";
    assert!(said(1).starts_with(ran), "{}", said(1));
    let sandbox = "\
Goal: Make fewer than 20 % cold.

You can turn, as in :set keep_alive 30m:
  keep_alive, Keep-alive: 5 min, from 0 s to 30 min
  routing, Which one serves: one of lifo, fifo
? (:set KEY VALUE, :run, :seed N, :done; empty line goes on)
";
    assert!(said(1).ends_with(sandbox), "{}", said(1));
    assert!(said(2).starts_with("Keep-alive: 25 min. :run runs it.\n? ("), "{}", said(2));
    assert!(said(3).contains("\n  Share cold: 16.7 %; before 100 %\n"), "{}", said(3));
    let reached = "\nGoal reached: Make fewer than 20 % cold.\nThe provider pays.\n? (";
    assert!(said(3).contains(reached), "{}", said(3));
    let computed = "\nBetween.\n\nSimulation:\n\nComputed:\n  Functions: $5.60; theory $5.60\n";
    assert!(said(4).starts_with(computed), "{}", said(4));
    let broken = "Left out here: the simulation \"Broken\" has faults: run `check`.\n";
    assert!(said(4).contains(broken), "{}", said(4));

    let predicted = predictions(&played);
    assert_eq!(predicted.len(), 1);
    let Predicted { scenario, lesson, metric, value, error, confidence } = predicted[0];
    assert_eq!((scenario.as_str(), lesson.as_deref()), ("gap", Some("cold")));
    assert_eq!((metric.as_str(), *confidence), ("p_cold", Some(Confidence::Sure)));
    assert!((value - 0.8).abs() < 1e-12 && (error.unwrap() + 0.2).abs() < 1e-12);
    let runs = runs(&played);
    let turned: Vec<_> = runs.iter().map(|run| run.params.get("keep_alive")).collect();
    assert_eq!(turned, [None, Some(&"25m".to_owned()), None]);
    assert_eq!((runs[0].seed, runs[0].metrics["p_cold"]), (42, 1.0));
}

#[test]
fn a_skipped_prediction_unlocks_and_leaves_no_record() {
    let course = course();
    for skip in ["s", ":s"] {
        let played = plays(&course, &Progress::default(), &[skip], false);
        assert!(played.outputs[1].starts_with("Every gap is longer.\n"), "{}", played.outputs[1]);
        assert!(played.outputs[1].contains("Share cold: 100 %"));
        assert_eq!((predictions(&played).len(), runs(&played).len()), (0, 1));
    }
}

#[test]
fn what_was_predicted_is_said_and_may_be_said_again() {
    let course = course();
    let first = plays(&course, &Progress::default(), &["25"], true);
    let second = plays(&course, &first.progress, &["100 ?"], true);
    let before = "The last time you said 25 %; it was 100 %. Predict again, or :s to go to the run";
    assert!(second.outputs[0].contains(before), "{}", second.outputs[0]);
    assert!(second.outputs[1].contains("Right: exactly that."), "{}", second.outputs[1]);
    assert_eq!(predictions(&second).len(), 2);
    let reached = plays(&course, &first.progress, &["1", ":set keep_alive 25m", ":run"], true);
    let third = plays(&course, &reached.progress, &["1"], true);
    assert!(third.outputs[1].contains("\n1 goal reached.\n"), "{}", third.outputs[1]);
    assert_eq!(second.progress.prediction("gap").unwrap().confidence, Some(Confidence::Guess));
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_write() {
    let course = course();
    let lines = [
        ":run",
        "",
        "much",
        "h",
        "100",
        ":set",
        ":set keepalive 5m",
        ":set keep_alive",
        "keep-alive 2h",
        ":set routing lfo",
        "routing = fifo",
        ":seed x",
        ":seed 7",
        ":table",
        "words",
        ":h",
        ":view",
        ":view 1",
        ":view 99",
        ":done",
        ":run",
    ];
    let played = plays(&course, &Progress::default(), &lines, false);
    for (turn, begins) in [
        (1, "First your prediction, or :s to run it without one.\n? Which"),
        (2, "Type a number, or :s to run it without a prediction.\n? Which"),
        (3, "Type a number; it is taken in %.\n? Which"),
        (4, "Type the number that you expect in %; the run is held against it."),
        (6, "Write what and how, as in :set keep_alive 30m.\n? (:set"),
        (7, "There is no keepalive to turn. Did you mean keep_alive?\n"),
        (8, "Keep-alive goes from 0 s to 30 min.\n"),
        (9, "Keep-alive goes from 0 s to 30 min.\n"),
        (10, "Which one serves is one of lifo, fifo. Did you mean lifo?\n"),
        (11, "Which one serves: fifo. :run runs it.\n"),
        (12, "A seed is a whole number, as in :seed 7.\n"),
        (13, "The same in 30 runs of 2 h, from seed 7 on:\n  The same as before: share cold,"),
        (14, "The same in 30 runs of 2 h, from seed 7 on:\n  Attempts: 6\n"),
        (15, "Nothing is asked here. To turn something write :set keep_alive 30m; an empty\n"),
        (16, "You can turn, as in :set keep_alive 30m:\n"),
        (17, "In 2 h, 6 requests came: 6 started cold (100 %)"),
        (18, "Environments over time:\n  - requests; what: 6 times;"),
        (19, "In 2 h, 6 requests came"),
        (21, "That belongs to a simulation; here a question is asked.\n? (a word"),
    ] {
        let said = &played.outputs[turn];
        assert!(said.starts_with(begins), "{turn}: {said}");
    }
    assert_eq!(runs(&played)[1].seed, 7);
}

#[test]
fn what_has_no_control_can_be_set_too_and_all_of_it_shared() {
    let course = course();
    let lines = [
        "100",
        ":set arrivals.gap 4m",
        ":set keep_alive 10m",
        ":run",
        ":h",
        ":set arrivals.gapp 4m",
    ];
    let played = plays(&course, &Progress::default(), &lines, false);
    let said = |turn: usize| played.outputs[turn].as_str();
    assert!(said(2).starts_with("arrivals.gap: 4 min, which has no control:"));
    assert!(said(4).contains("Share cold: 3.33 %; before 100 %"), "{}", said(4));
    let shared = "coldstart sim 'gap?arrivals.gap=4m&keep_alive=10m'";
    assert!(said(5).contains(shared), "{}", said(5));
    assert!(said(6).starts_with("There is no arrivals.gapp to turn."), "{}", said(6));
}

#[test]
fn what_has_no_control_reaches_no_goal_and_is_not_recorded() {
    let course = course();
    let lines =
        ["100", ":set arrivals.gap 4m", ":run", ":set seed 3", ":set arrivals.gap 20m", ":run"];
    let played = plays(&course, &Progress::default(), &lines, false);
    assert_eq!(runs(&played).len(), 1, "{:?}", runs(&played));
    assert!(!played.outputs[3].contains("Goal reached"), "{}", played.outputs[3]);
    assert!(played.outputs[4].starts_with("seed: 3. :run runs it."), "{}", played.outputs[4]);
    assert!(played.outputs[6].contains("from seed 3 on"), "{}", played.outputs[6]);
}

#[test]
fn a_seed_stays_the_last_one_said() {
    let course = course();
    let lines = ["100", ":seed 18446744073709551615", ":set seed 3", ":run", ":seed"];
    let played = plays(&course, &Progress::default(), &lines, false);
    let seeds: Vec<u64> = runs(&played).iter().map(|run| run.seed).collect();
    assert_eq!(seeds, [42, u64::MAX, 3, 4]);
}

#[test]
fn the_end_of_input_ends_it_and_what_was_predicted_is_kept() {
    let course = course();
    let none = plays(&course, &Progress::default(), &[], true);
    assert!(none.over && none.outputs[1].starts_with("Stopped."), "{}", none.outputs[1]);
    let one = plays(&course, &Progress::default(), &["100"], true);
    assert!(one.over);
    assert!(one.outputs[2].contains("The word?"), "{}", one.outputs[2]);
    assert_eq!(predictions(&one).len(), 1);
    let quit = plays(&course, &Progress::default(), &["100", ":q"], true);
    assert!(quit.over && quit.outputs[2].starts_with("Stopped."));
}

#[test]
fn what_a_question_predicts_is_simulated_and_can_be_seen() {
    let course = course();
    let quiz = course.quiz("guess").unwrap();
    let taken = |lines: &[&str], ends| {
        play(Session::quiz(&course, Progress::default(), quiz, SETTINGS), lines, ends)
    };
    let played = taken(&["17 %", ":see", ":set keep_alive 5m", ":run", ":done", "a", ""], false);
    let said = |turn: usize| played.outputs[turn].as_str();
    assert!(said(0).contains("Left out, because they have faults: 1.\n"), "{}", said(0));
    let offer = "Right: 17 %.\n? (:see to see it simulated, or an empty line to go on)\n";
    assert_eq!(said(1), offer);
    assert!(said(2).starts_with("Simulation: When does it go cold?\nKeep-alive: 25 min.\n"));
    assert!(said(2).contains("\n  Share cold: 16.7 %\n"), "{}", said(2));
    assert!(said(4).contains("Share cold: 100 %; before 16.7 %"), "{}", said(4));
    assert!(said(5).starts_with("\nQuestion 2 of 2:\nAnd with 5 min?\n"), "{}", said(5));
    assert!(said(7).ends_with("Score: 2 of 2 (100 %), passed\n"), "{}", said(7));
    let runs = runs(&played);
    assert_eq!((runs.len(), runs[0].params["keep_alive"].as_str()), (2, "25m"));

    // A script that knows of no offers types the next answer.
    let played = taken(&["100", "b", ":see", ":done"], true);
    assert!(played.outputs[1].starts_with("Wrong: 100 %. No.\nThe answer: 16.67 %\n"));
    assert!(played.outputs[2].contains("\nWrong: No.\n"), "{}", played.outputs[2]);
    assert!(played.outputs.concat().contains("Score: 0 of 2 (0 %), not passed"));
    let ended = taken(&["17"], true);
    assert!(ended.over && ended.outputs[2].contains("Stopped, 1 of 2 questions open."));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_lines_end_well(
        lines in prop::collection::vec(
            prop_oneof![
                "\\PC{0,10}", "[0-9]{0,5}( [!?])?",
                ":(set|run|seed|done|table|h|s|again)( (keep_alive|routing|\\PC{0,4})( [0-9]{1,9}[smh]?)?)?",
                Just("\u{1b}[2J\u{202e}a".to_owned()),
            ],
            0..8,
        ),
    ) {
        let course = course();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let played = plays(&course, &Progress::default(), &lines, true);
        prop_assert!(played.over);
        let text = played.outputs.concat();
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        prop_assert!(!text.contains('\u{202e}'), "a bidi override");
    }
}
