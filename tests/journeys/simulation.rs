//! A simulation: predicted, watched, turned, kept.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use coldstart::app::{Effect, Event};
use coldstart::course::Course;
use coldstart::course::scenario::Setting;
use coldstart::progress::{Predicted, RecordKind, Simulated};
use coldstart::quiz::Confidence;

use crate::traveller::{Setup, Traveller, course_with, pictures_of};

const SCENARIO: &str = r#"schema = 1
id = "urn"
title = "How often is the urn cold?"
model = "platform"
seed = 42
duration = "2h"

[params]
arrivals = { process = "poisson", rate_per_s = 0.02 }
service = { law = "exponential", mean = "5s" }
keep_alive = "2m"

[[controls]]
param = "keep_alive"
label = "Kept warm"
min = "0s"
max = "10m"
step = "30s"

[[controls]]
param = "arrivals.rate_per_s"
label = "Guests a second"
min = 0.01
max = 0.1
step = 0.01

[[controls]]
param = "routing"
label = "Who pours"
options = ["lifo", "fifo"]

[predict]
prompt = "A guest comes every 50 s on average, and the urn stays warm for 2 minutes. Which share of the guests finds it cold?"
metric = "p_cold"
unit = "%"
tolerance_abs = 5
reveal = "Guests come in clusters: most find the urn that the guest before them warmed."

[[goals]]
text = "Let fewer than 5 % of the guests wait."
when = "p_cold < 0.05"
feedback = "A longer memory costs idle warmth."
reached_by = { keep_alive = "10m" }

[describe]
alt = "Urns through time, cold, warm and gone."
"#;

/// The urn without knobs, prediction and goal.
pub(crate) fn bare_urn() -> &'static str {
    SCENARIO.split("[[controls]]").next().unwrap()
}

/// The test course with a simulation in its third lesson.
pub(crate) fn urn_course() -> Arc<Course> {
    course_of(SCENARIO)
}

fn course_of(scenario: &str) -> Arc<Course> {
    course_with(|files| {
        let lesson = "# Time is the third\n\nThree minutes are often enough.\n\n\
                      [Simulation: the urn](../../assets/scenarios/urn.toml)\n\nThe end.\n";
        let mut put = |path: &str, text: &str| {
            files.insert(path.to_owned(), Ok(Cow::Owned(text.to_owned())));
        };
        put("lessons/2-further/1-time.md", lesson);
        put("assets/scenarios/urn.toml", scenario);
    })
}

/// At the simulation, opened from the contents.
const OPEN: &str = "]S";
/// Predicted as well, and the run seen to its end.
const SEEN: &str = "]S50<enter>1<end>";

fn urn(setup: Setup) -> Traveller {
    Traveller::at(urn_course(), setup)
}

fn journey(keys: &str) -> Traveller {
    urn(Setup::default()).typing(keys)
}

/// So many seconds pass before the screen, in frames.
fn wait(traveller: &mut Traveller, seconds: u64) {
    for _ in 0..seconds * 20 {
        if traveller.app.wants_frames() {
            traveller.tell(Event::Elapsed(Duration::from_millis(50)));
        }
    }
}

fn predictions(traveller: &Traveller) -> Vec<&Predicted> {
    let kinds = traveller.records.iter().filter_map(|record| match &record.kind {
        RecordKind::Predicted(predicted) => Some(predicted),
        _ => None,
    });
    kinds.collect()
}

fn runs(traveller: &Traveller) -> Vec<&Simulated> {
    let kinds = traveller.records.iter().filter_map(|record| match &record.kind {
        RecordKind::Simulated(simulated) => Some(simulated),
        _ => None,
    });
    kinds.collect()
}

#[test]
fn the_way_through_a_simulation() {
    let still = |keys: &'static str| move |setup| urn(setup).typing(keys);
    pictures_of("simulation_predicting", still("]S50 "));
    pictures_of("simulation_wrong_input", still("]Sabout half<enter>"));
    pictures_of("simulation_how_sure", still("]S50<enter>"));
    pictures_of("simulation_running", |setup| {
        let mut traveller = urn(setup).typing("]S50<enter>1");
        wait(&mut traveller, 5);
        traveller
    });
    pictures_of("simulation_verdict", still(SEEN));
    pictures_of("simulation_picture", still("]S50<enter>1<end>v"));
    pictures_of("simulation_turned", still("]S50<enter>1<end><right><right><right>"));
    pictures_of("simulation_table", still("]S50<enter>1<end>vt"));
    pictures_of("simulation_sandbox", still("]S50<enter>1<end>vskeep_aliv=1m<enter>"));
    pictures_of("simulation_definitions", still("]S50<enter>1<end>d"));
    pictures_of("simulation_no_motion", |setup| {
        urn(Setup { no_motion: true, ..setup }).typing("]S50<enter>1")
    });
    pictures_of("simulation_ascii", |setup| {
        urn(Setup { ascii: true, ..setup }).typing("]S50<enter>1<end>v<right>")
    });
    pictures_of("simulation_panel", still("]<enter>"));
}

#[test]
fn the_smallest_screen_has_words_and_a_smaller_one_a_hint() {
    let mut traveller = journey(SEEN);
    traveller.resize(40, 12);
    let screen = traveller.screen();
    assert!(screen.contains("share cold"), "{screen}");
    assert!(screen.contains("Kept warm"), "{screen}");
    traveller.press("<page-down><page-down><page-down>");
    assert!(traveller.screen().contains("clusters"), "{}", traveller.screen());
    traveller.resize(39, 12);
    assert!(traveller.screen().contains("cells are needed"));
    assert!(!traveller.app.wants_frames());
}

#[test]
fn nothing_can_be_turned_or_seen_before_the_prediction() {
    let traveller = journey("]S<right><down><tab>");
    assert!(traveller.screen().contains("Your prediction"), "{}", traveller.screen());
    assert!(!traveller.app.wants_frames());
    assert!(traveller.typing("<enter>").screen().contains("Type a number"));
    let traveller = journey("]Smany<enter>");
    assert!(traveller.screen().contains("it is taken in %"), "{}", traveller.screen());
    assert_eq!(traveller.kept(), Vec::<String>::new());
}

#[test]
fn a_prediction_is_kept_with_how_far_off_it_was_and_how_sure() {
    let traveller = journey("]S50<enter>1");
    let kept = predictions(&traveller);
    assert_eq!(kept.len(), 1);
    let predicted = kept[0];
    assert_eq!((predicted.scenario.as_str(), predicted.value), ("urn", 0.5));
    assert_eq!(predicted.confidence, Some(Confidence::Sure));
    // Theory: 15.47 %.
    assert!((predicted.error.unwrap() - 0.345_266).abs() < 1e-4, "{predicted:?}");
    // Said before, it is not asked again.
    let traveller = journey("]S15<tab><tab><tab><enter><end>");
    assert_eq!(predictions(&traveller)[0].confidence, Some(Confidence::Guess));
    assert!(traveller.screen().contains("✓ Right"), "{}", traveller.screen());
}

#[test]
fn the_run_plays_to_its_end_and_only_then_says_what_came_out() {
    let mut traveller = journey("]S50<enter><enter>");
    assert!(traveller.app.wants_frames());
    assert!(traveller.screen().contains('▶'));
    wait(&mut traveller, 3);
    let screen = traveller.screen();
    assert!(!screen.contains("Simulated") && !screen.contains("15."), "{screen}");
    wait(&mut traveller, 20);
    assert!(!traveller.app.wants_frames());
    let screen = traveller.screen();
    assert!(screen.contains("2:00:00 / 2 h") && screen.contains("✗ Wrong"), "{screen}");
    assert!(screen.contains("theory 15.47 %"), "{screen}");
    assert_eq!(runs(&traveller).len(), 1);
}

#[test]
fn time_is_stopped_stepped_and_made_faster() {
    let mut traveller = journey("]S50<enter>1");
    wait(&mut traveller, 1);
    traveller.press(" ");
    assert!(!traveller.app.wants_frames());
    assert!(traveller.screen().contains("paused"), "{}", traveller.screen());
    traveller.press("<home>..");
    assert!(traveller.screen().contains("0:03:20"), "{}", traveller.screen());
    traveller.press(",");
    assert!(traveller.screen().contains("0:01:40"), "{}", traveller.screen());
    let before = traveller.screen();
    traveller.press("++");
    assert!(before.contains("×500") && traveller.screen().contains("×2,000"));
    traveller.press("r");
    assert!(traveller.app.wants_frames());
    // A box over it holds it.
    traveller.press("?");
    assert!(!traveller.app.wants_frames());
}

#[test]
fn without_motion_the_run_is_shown_complete() {
    let setup = Setup { no_motion: true, ..Setup::default() };
    let traveller = urn(setup).typing("]S50<enter>1");
    assert!(!traveller.app.wants_frames());
    assert!(traveller.screen().contains("✗ Wrong"), "{}", traveller.screen());
}

#[test]
fn a_prediction_made_before_unlocks_the_run_until_it_is_reset() {
    let before = journey(SEEN);
    let records: Vec<RecordKind> = before.records.iter().map(|r| r.kind.clone()).collect();
    let again = |records: Vec<RecordKind>| urn(Setup { records, ..Setup::default() }).typing(OPEN);
    let traveller = again(records.clone());
    assert!(traveller.app.wants_frames());
    assert!(traveller.screen().contains("you said"), "{}", traveller.screen());
    let traveller = traveller.typing("<end>");
    assert!(traveller.screen().contains("You said 50 %"), "{}", traveller.screen());
    assert_eq!(predictions(&traveller).len(), 1);
    let reset = RecordKind::Reset { lesson: None };
    let traveller = again(records.into_iter().chain([reset]).collect());
    assert!(traveller.screen().contains("Your prediction"), "{}", traveller.screen());
}

#[test]
fn without_a_prediction_nothing_is_locked() {
    let (before, rest) = SCENARIO.split_once("[predict]").unwrap();
    let (_, goals) = rest.split_once("[[goals]]").unwrap();
    let scenario = format!("{before}[[goals]]{goals}");
    let traveller = Traveller::at(course_of(&scenario), Setup::default()).typing(OPEN);
    assert!(traveller.app.wants_frames());
    assert!(traveller.screen().contains("share cold"), "{}", traveller.screen());
}

#[test]
fn a_knob_changes_the_run_and_the_goal_is_reached() {
    let traveller = journey(SEEN).typing("<right>");
    let screen = traveller.screen();
    assert!(screen.contains("150 s") && screen.contains("before"), "{screen}");
    assert!(!traveller.app.wants_frames());
    assert!(screen.contains("2:00:00 / 2 h"), "{screen}");
    let mut traveller = traveller.typing("LL");
    assert!(traveller.screen().contains("● Let fewer"), "{}", traveller.screen());
    // What was before all the turns is what it is held against.
    let reached = runs(&traveller).last().unwrap().params.clone();
    assert_eq!(reached.get("keep_alive").map(String::as_str), Some("10m"));
    traveller.press("c");
    assert!(!traveller.screen().contains("before"));
    traveller.press("0");
    assert!(traveller.screen().contains("2 min"), "{}", traveller.screen());
    traveller.press("<down><down><right>");
    assert!(traveller.screen().contains("fifo"), "{}", traveller.screen());
}

#[test]
fn what_is_shared_opens_the_same_run() {
    let traveller = journey(SEEN).typing("<right>ny");
    let copied = traveller.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some("urn?seed=43&keep_alive=150s"));
    let settings = ["seed=43", "keep_alive=150s"].map(|text| Setting::parse(text).unwrap());
    let (course, path) = (urn_course(), "assets/scenarios/urn.toml");
    let (scenario, faults) = course.scenario_with(path, &settings);
    assert_eq!(scenario.map(|it| it.run.seed), Some(43), "{faults:?}");
    let again = journey(SEEN).typing("y");
    assert!(again.screen().contains("Copied: urn"), "{}", again.screen());
}

#[test]
fn a_simulation_inside_a_lesson_has_no_name_to_share() {
    let course = course_with(|files| {
        let lesson = format!("# Time is the third\n\n```toml sim\n{SCENARIO}```\n");
        files.insert("lessons/2-further/1-time.md".to_owned(), Ok(Cow::Owned(lesson)));
    });
    let traveller = Traveller::at(course, Setup::default()).typing(SEEN).typing("y");
    let screen = traveller.screen();
    assert!(screen.contains("no name to share"), "{screen}");
    assert!(!traveller.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
}

#[test]
fn the_sandbox_sets_anything_and_keeps_nothing() {
    let traveller = journey(SEEN);
    let kept = traveller.records.len();
    let traveller = traveller.typing("sservice.mean=20 s<enter>");
    assert!(traveller.screen().contains("sandbox"), "{}", traveller.screen());
    let mut traveller = traveller.typing("r<end>");
    traveller.tell(Event::Tick(coldstart::progress::Time(1_795_428_999_000)));
    assert_eq!(traveller.records.len(), kept);
    let traveller = traveller.typing("skeep_aliv=1m<enter>");
    assert!(traveller.screen().contains("did you mean"), "{}", traveller.screen());
    let traveller = traveller.typing("<esc>s<enter>");
    assert!(!traveller.screen().contains("sandbox"), "{}", traveller.screen());
}

#[test]
fn results_of_an_older_job_are_ignored() {
    let mut traveller = journey("]S50<enter>");
    traveller.lazy = true;
    traveller.press("1");
    let first = traveller.jobs.pop().unwrap();
    traveller.compute(&first);
    traveller.press("<end><right><right>");
    let (newer, older) = (traveller.jobs.pop().unwrap(), traveller.jobs.pop().unwrap());
    traveller.compute(&newer);
    let screen = traveller.screen();
    assert!(screen.contains("3 min"), "{screen}");
    traveller.compute(&older);
    assert_eq!(traveller.screen(), screen);
}

#[test]
fn leaving_gives_up_what_is_computed_and_keeps_the_prediction() {
    let mut traveller = journey("]S50<enter>");
    traveller.lazy = true;
    traveller.press("1");
    assert!(traveller.screen().contains("being computed"), "{}", traveller.screen());
    traveller.press("<esc>");
    assert!(traveller.effects.contains(&Effect::CancelSimulation));
    assert_eq!(predictions(&traveller).len(), 1);
    assert_eq!(predictions(&traveller)[0].error, None);
}

#[test]
fn the_panel_in_the_lesson_asks_opens_and_comes_back() {
    let traveller = journey("]<enter>");
    let before = traveller.screen();
    assert!(before.contains("Which share of the guests"), "{before}");
    let traveller = traveller.typing("<enter>50<enter>1<end><esc>");
    let after = traveller.screen();
    assert!(after.contains("You said 50 %; it was 15.47 %."), "{after}");
    assert!(after.contains("Three minutes are often enough."));
}

#[test]
fn two_simulations_one_above_the_other_both_end() {
    // A knob is turned, the lesson found by the search, and the simulation opened once more.
    let mut traveller = journey(SEEN);
    traveller.lazy = true;
    traveller.press("<right>/third<enter><enter>");
    let jobs: Vec<_> = traveller.jobs.drain(..).collect();
    assert_eq!(jobs.len(), 2, "{}", traveller.screen());
    // The older job was given up for the newer one.
    let cancelled = coldstart::app::Ended::Cancelled;
    traveller.tell(Event::SimDone { number: jobs[0].number, ended: cancelled });
    traveller.compute(&jobs[1]);
    assert!(traveller.screen().contains("2 min"), "{}", traveller.screen());
    traveller.lazy = false;
    traveller.press("<esc><esc><esc>");
    assert!(traveller.screen().contains("started cold (18.2 %)"), "{}", traveller.screen());
}

#[test]
fn the_progress_screen_says_how_predictions_went() {
    let traveller = journey("]S50<enter>1<end><esc>p");
    assert!(traveller.screen().contains("1 run predicted"), "{}", traveller.screen());
    assert!(traveller.screen().contains("0 rightly"), "{}", traveller.screen());
}

#[test]
fn a_recorded_result_waits_for_the_prediction() {
    let lesson = "# Time is the third\n\n[Simulation: the urn](../../assets/scenarios/urn.toml)\n\n\
                  ```text output\np_cold = 0.23\n```\n";
    let course = course_with(|files| {
        let mut put = |path: &str, text: &str| {
            files.insert(path.to_owned(), Ok(Cow::Owned(text.to_owned())));
        };
        put("lessons/2-further/1-time.md", lesson);
        put("assets/scenarios/urn.toml", SCENARIO);
    });
    let traveller = Traveller::at(course, Setup::default()).typing("]<enter>");
    let before = traveller.screen();
    assert!(before.contains("after your prediction") && !before.contains("0.23"), "{before}");
    let after = traveller.typing("<enter>50<enter>1<esc>").screen();
    assert!(after.contains("p_cold = 0.23"), "{after}");
}

#[test]
fn another_knob_chosen_while_it_computes_does_not_end_the_first_run() {
    let mut traveller = journey("]S50<enter>");
    traveller.lazy = true;
    traveller.press("1");
    let job = traveller.jobs.pop().unwrap();
    let mut parts = Vec::new();
    job.perform(&mut |part| {
        parts.push(part);
        true
    });
    let number = job.number;
    let is_run = |part: &coldstart::app::Part| matches!(part, coldstart::app::Part::Run { .. });
    let run = parts.into_iter().find(is_run).unwrap();
    traveller.tell(Event::SimFrame { number, part: run });
    traveller.press("<down>");
    assert!(traveller.app.wants_frames() && traveller.jobs.is_empty());
    // Seen to its end before all runs are there, it gives no number away yet.
    traveller.press("<end>");
    let screen = traveller.screen();
    assert!(screen.contains("More runs are being computed"), "{screen}");
    assert!(!screen.contains("Simulated") && !screen.contains("latency"), "{screen}");
    traveller.press("<right>");
    assert!(traveller.screen().contains("still being computed"), "{}", traveller.screen());
    traveller.compute(&job);
    assert!(traveller.screen().contains("✗ Wrong"), "{}", traveller.screen());
    // Then the curve of the other knob alone.
    assert!(!traveller.jobs.pop().unwrap().runs);
}

#[test]
fn without_room_for_a_picture_the_verdict_comes_first() {
    let small = Setup { size: (40, 12), no_motion: true, ..Setup::default() };
    let traveller = urn(small).typing("]S99<enter>1");
    let screen = traveller.screen();
    let first = screen.lines().find(|line| !line.trim().is_empty()).unwrap();
    assert!(first.contains("Wrong"), "{screen}");
    let turned = traveller.typing("<right>").screen();
    assert!(!turned.contains("Wrong") && turned.contains("before"), "{turned}");
}
