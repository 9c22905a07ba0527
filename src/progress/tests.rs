use proptest::prelude::*;

use super::*;
use crate::quiz::Confidence;

const DAY: i64 = 86_400_000;

fn record(device: u64, seq: u64, at: i64, kind: RecordKind) -> Record {
    Record { device: Device(device), seq, at: Time(at), kind }
}

/// An answer to `question` (of lesson `l`, quiz `l`, 2 questions, pass 0.8).
fn answered(question: &str, attempt: u32, score: f64) -> Answered {
    Answered {
        question: question.to_owned(),
        rev: 1,
        quiz: Some("l".to_owned()),
        lesson: Some("l".to_owned()),
        objective: Some("l#o".to_owned()),
        attempt,
        retry: false,
        of: 2,
        pass: 0.8,
        response: StoredResponse::Skipped,
        score,
        confidence: None,
        hints: 0,
        seed: None,
        params: BTreeMap::new(),
    }
}

fn answer(question: &str, attempt: u32, score: f64) -> RecordKind {
    RecordKind::Answered(Box::new(answered(question, attempt, score)))
}

fn read(lesson: &str) -> RecordKind {
    RecordKind::Read { lesson: lesson.to_owned() }
}

fn demands() -> Demands {
    Demands {
        lesson: "l".to_owned(),
        quiz: Some("l".to_owned()),
        objectives: vec!["l#o".to_owned()],
    }
}

/// Records of one device, a second apart.
fn story(kinds: impl IntoIterator<Item = RecordKind>) -> Vec<Record> {
    (1..)
        .zip(kinds)
        .map(|(seq, kind)| record(1, seq, i64::try_from(seq).unwrap() * 1000, kind))
        .collect()
}

fn state(kinds: impl IntoIterator<Item = RecordKind>) -> LessonState {
    Progress::fold(story(kinds)).state(&demands())
}

#[test]
fn a_lesson_is_new_then_begun_then_done() {
    assert_eq!(state([]), LessonState::New);
    let place = Place::at("l", "# L\n", 1);
    assert_eq!(state([RecordKind::Placed(place)]), LessonState::Begun);
    assert_eq!(state([read("l")]), LessonState::Begun);
    assert_eq!(state([answer("a", 1, 1.0), answer("b", 1, 1.0)]), LessonState::Begun);
    assert_eq!(state([read("l"), answer("a", 1, 1.0)]), LessonState::Begun);
    assert_eq!(state([read("l"), answer("a", 1, 1.0), answer("b", 1, 0.6)]), LessonState::Done);
    assert_eq!(state([read("l"), answer("a", 1, 1.0), answer("b", 1, 0.5)]), LessonState::Begun);
    assert_eq!(state([RecordKind::TestedOut { lesson: "l".to_owned() }]), LessonState::Done);
    let no_quiz = Demands { quiz: None, ..demands() };
    assert_eq!(Progress::fold(story([read("l")])).state(&no_quiz), LessonState::Done);
}

#[test]
fn the_last_prediction_counts_until_it_is_reset() {
    let predicted = |value: f64, lesson: Option<&str>| {
        RecordKind::Predicted(Predicted {
            scenario: "s".to_owned(),
            lesson: lesson.map(str::to_owned),
            metric: "p_cold".to_owned(),
            value,
            error: Some(value - 0.5),
            confidence: Some(Confidence::Sure),
        })
    };
    let last = |kinds: Vec<RecordKind>| {
        Progress::fold(story(kinds)).prediction("s").map(|predicted| predicted.value)
    };
    let reset = RecordKind::Reset { lesson: Some("l".to_owned()) };
    let (first, second) = (predicted(0.1, None), predicted(0.2, Some("l")));
    assert_eq!(last(vec![]), None);
    assert_eq!(last(vec![first.clone(), second.clone()]), Some(0.2));
    assert_eq!(last(vec![first.clone(), second, reset]), Some(0.1));
    let json = first.to_json();
    assert_eq!(
        json,
        r#"{"confidence":"sure","error":-0.4,"metric":"p_cold","scenario":"s","type":"predicted","value":0.1}"#
    );
    assert_eq!(RecordKind::from_json(&json), Some(first));
    let old = r#"{"metric":"m","scenario":"s","type":"predicted","value":1.0}"#;
    assert_eq!(RecordKind::from_json(old).unwrap().to_json(), old);
    let wild = Predicted { error: Some(f64::NAN), ..last_of(old) };
    assert_eq!(RecordKind::Predicted(wild).to_json(), old);
}

fn last_of(json: &str) -> Predicted {
    match RecordKind::from_json(json) {
        Some(RecordKind::Predicted(predicted)) => predicted,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_best_attempt_counts_and_a_retry_does_not() {
    let mut retry = answered("b", 1, 1.0);
    retry.retry = true;
    let missed = [read("l"), answer("a", 1, 1.0), answer("b", 1, 0.0)];
    let retried = missed.clone().into_iter().chain([RecordKind::Answered(Box::new(retry))]);
    let progress = Progress::fold(story(retried));
    assert_eq!(progress.quiz("l").unwrap().best(), Some(0.5));
    assert_eq!(progress.state(&demands()), LessonState::Begun);
    assert_eq!(progress.objective("l#o").right, 2);

    let passed = missed.into_iter().chain([answer("a", 2, 1.0), answer("b", 2, 1.0)]);
    let worse = passed.chain([answer("a", 3, 0.0), answer("b", 3, 0.0)]);
    let progress = Progress::fold(story(worse));
    assert_eq!(progress.quiz("l").unwrap().best(), Some(1.0));
    assert_eq!(progress.next_attempt("l"), 4);
    assert_eq!(progress.state(&demands()), LessonState::Done);
}

#[test]
fn an_attempt_is_taken_up_again_after_the_program_was_killed() {
    let progress = Progress::fold([
        record(1, 1, 1000, answer("a", 1, 1.0)),
        record(2, 1, 2000, answer("b", 1, 1.0)),
    ]);
    let quiz = progress.quiz("l").unwrap();
    assert_eq!(quiz.attempts.len(), 1);
    assert!(quiz.passed() && quiz.unfinished().is_none());
}

#[test]
fn an_attempt_under_way_has_no_score_unless_it_passes_already() {
    let best = |score| {
        let progress = Progress::fold([record(1, 1, 1000, answer("a", 1, score))]);
        progress.quiz("l").unwrap().best()
    };
    assert_eq!(best(0.0), None);
    let under_way =
        Progress::fold(story([answer("a", 1, 1.0), answer("b", 1, 0.5), answer("a", 2, 0.0)]));
    assert_eq!(under_way.quiz("l").unwrap().best(), Some(0.75));
    assert!(under_way.quiz("l").unwrap().unfinished().is_some());
}

#[test]
fn two_machines_side_by_side_keep_two_attempts() {
    let progress = Progress::fold([
        record(1, 1, 1000, answer("a", 1, 0.0)),
        record(2, 1, 1500, answer("a", 1, 1.0)),
        record(1, 2, 2000, answer("b", 1, 0.0)),
        record(2, 2, 2500, answer("b", 1, 1.0)),
    ]);
    let scores: Vec<f64> =
        progress.quiz("l").unwrap().attempts.iter().map(Attempt::score).collect();
    assert_eq!(scores, [0.0, 1.0]);
}

#[test]
fn mastered_takes_two_right_answers_a_day_apart() {
    let at = |times: &[i64]| {
        let right = |(seq, at): (u32, &i64)| record(1, seq.into(), *at, answer("a", seq, 1.0));
        Progress::fold((1..).zip(times).map(right)).state(&demands())
    };
    assert_eq!(at(&[0]), LessonState::Begun);
    assert_eq!(at(&[0, DAY - 1]), LessonState::Begun);
    assert_eq!(at(&[0, DAY]), LessonState::Mastered);
    assert_eq!(at(&[0, 1, DAY]), LessonState::Mastered);
    let none = Demands { objectives: Vec::new(), ..demands() };
    assert_ne!(Progress::fold(story([read("l")])).state(&none), LessonState::Mastered);
}

#[test]
fn a_check_in_the_flow_counts_for_the_objective_only() {
    let mut inline = answered("a", 1, 1.0);
    inline.quiz = None;
    let progress = Progress::fold(story([RecordKind::Answered(Box::new(inline))]));
    assert!(progress.quiz("l").is_none());
    assert_eq!(progress.objective("l#o").mastery(), Mastery::Right);
}

#[test]
fn a_reset_takes_away_what_is_before_it_and_a_merge_does_not_bring_it_back() {
    let before = story([read("l"), read("m"), answer("a", 1, 1.0)]);
    let reset = record(1, 4, 4000, RecordKind::Reset { lesson: Some("l".to_owned()) });
    let mut progress = Progress::fold(before.iter().cloned().chain([reset]));
    assert_eq!(progress.state(&demands()), LessonState::New);
    assert_eq!(progress.objective("l#o"), ObjectiveProgress::default());
    assert!(progress.lesson("m").is_some() && progress.quiz("l").is_none());
    progress.merge(before);
    assert_eq!(progress.state(&demands()), LessonState::New);
    assert_eq!(progress.len(), 4);
    progress.apply(&record(1, 5, 5000, read("l")));
    assert_eq!(progress.state(&demands()), LessonState::Begun);
    progress.apply(&record(2, 1, 6000, RecordKind::Reset { lesson: None }));
    assert!(progress.lesson("m").is_none() && progress.last_place().is_none());
}

#[test]
fn notes_are_made_changed_and_deleted() {
    let place = Place::at("l", "# L\n\nwords\n", 3);
    let note = |note, text: Option<&str>| {
        let text = text.map(str::to_owned);
        RecordKind::Noted(Noted { note, place: place.clone(), text })
    };
    let made = NoteId { device: Device(1), seq: 1 };
    let kinds =
        [note(None, Some("first")), note(None, Some("second")), note(Some(made), Some("changed"))];
    let mut progress = Progress::fold(story(kinds));
    let texts: Vec<&str> = progress.notes().iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["changed", "second"]);
    progress.apply(&record(1, 9, 9000, note(Some(made), None)));
    assert_eq!(progress.notes().len(), 1);
}

#[test]
fn a_bookmark_is_set_and_taken_away() {
    let place = Place::at("l", "# L\n\nwords\n", 3);
    let mark = |set| RecordKind::Bookmarked(Bookmarked { place: place.clone(), set });
    let set = Progress::fold(story([mark(true)]));
    assert_eq!(set.bookmarks().map(|(place, _)| place).collect::<Vec<_>>(), [&place]);
    assert_eq!(Progress::fold(story([mark(true), mark(false)])).bookmarks().count(), 0);
}

#[test]
fn the_canonical_text_is_pinned() {
    let mut kind = answered("l.a", 1, 0.5);
    kind.response = StoredResponse::Choices { ticked: vec![TextHash::of("About 25 %")] };
    kind.confidence = Some(Confidence::ThinkSo);
    kind.params = BTreeMap::from([("rate".to_owned(), 400.0)]);
    let record = record(0xabc, 7, -1, RecordKind::Answered(Box::new(kind)));
    assert_eq!(
        record.to_line("c\"1"),
        concat!(
            r#"{"at":-1,"course":"c\"1","device":"0000000000000abc","kind":{"attempt":1,"#,
            r#""confidence":"think-so","lesson":"l","objective":"l#o","of":2,"#,
            r#""params":{"rate":400.0},"pass":0.8,"question":"l.a","quiz":"l","#,
            r#""response":{"ticked":["1812dcc6947e5eb0"],"type":"choices"},"rev":1,"#,
            r#""score":0.5,"type":"answered"},"seq":7,"v":1}"#
        )
    );
}

#[test]
fn what_a_newer_version_wrote_is_kept_and_skipped() {
    let json = r#"{"type":"dreamt","of":{"b":1,"a":[2.50,null]}}"#;
    let kind = RecordKind::from_json(json).unwrap();
    let sorted = r#"{"of":{"a":[2.5,null],"b":1},"type":"dreamt"}"#;
    assert_eq!(kind, RecordKind::Unknown { json: sorted.to_owned() });
    assert_eq!(kind.to_json(), sorted);
    let progress = Progress::fold(story([kind]));
    assert_eq!((progress.unknown(), progress.len()), (1, 1));
    // A known kind in another shape is no less kept.
    let odd = RecordKind::from_json(r#"{"type":"read","chapter":"x"}"#).unwrap();
    assert!(matches!(odd, RecordKind::Unknown { .. }));
    assert_eq!(RecordKind::from_json("[1]"), None);
}

#[test]
fn numbers_that_are_not_finite_do_not_make_a_record_unreadable() {
    let mut odd = answered("a", 1, f64::NAN);
    odd.params = BTreeMap::from([("x".to_owned(), f64::INFINITY)]);
    odd.response = StoredResponse::Number { value: f64::NEG_INFINITY };
    let kind = RecordKind::Answered(Box::new(odd));
    let back = RecordKind::from_json(&kind.to_json()).unwrap();
    assert!(matches!(back, RecordKind::Answered(answered) if answered.score == 0.0));
}

fn kinds() -> impl Strategy<Value = RecordKind> {
    let lesson = prop_oneof![Just("l".to_owned()), Just("m".to_owned())];
    let place = (lesson.clone(), 1usize..9).prop_map(|(lesson, line)| {
        Place::at(&lesson, "# A\n\none\n\n## B\n\ntwo\n\nthree\n", line)
    });
    let note = prop_oneof![
        Just(None),
        (0u64..3, 0u64..6).prop_map(|(d, seq)| Some(NoteId { device: Device(d), seq }))
    ];
    prop_oneof![
        place.clone().prop_map(RecordKind::Placed),
        lesson.clone().prop_map(|lesson| RecordKind::Read { lesson }),
        ("[ab]", 1u32..3, 0u8..3, any::<bool>()).prop_map(|(question, attempt, score, retry)| {
            let score = f64::from(score) / 2.0;
            RecordKind::Answered(Box::new(Answered {
                retry,
                ..answered(&question, attempt, score)
            }))
        }),
        (note, place.clone(), proptest::option::of("[a-z]{1,5}"))
            .prop_map(|(note, place, text)| RecordKind::Noted(Noted { note, place, text })),
        (place, any::<bool>())
            .prop_map(|(place, set)| RecordKind::Bookmarked(Bookmarked { place, set })),
        lesson.clone().prop_map(|lesson| RecordKind::TestedOut { lesson }),
        proptest::option::of(lesson).prop_map(|lesson| RecordKind::Reset { lesson }),
        "[a-z]{3}"
            .prop_map(|name| RecordKind::Unknown { json: format!(r#"{{"type":"{name}!"}}"#) }),
    ]
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let time =
        prop_oneof![Just(i64::MIN), Just(i64::MAX), -3i64..3, (0i64..4).prop_map(|d| d * DAY)];
    let one = (0u64..3, 0u64..6, time, kinds())
        .prop_map(|(device, seq, at, kind)| record(device, seq, at, kind));
    proptest::collection::vec(one, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_fold_does_not_depend_on_the_order(records in records(), by in any::<u64>()) {
        let mut shuffled = records.clone();
        shuffled.sort_by_key(|record| {
            TextHash::of(&format!("{by} {}", record.to_line("c"))).0
        });
        prop_assert_eq!(Progress::fold(records), Progress::fold(shuffled));
    }

    #[test]
    fn merging_is_idempotent_and_commutative(a in records(), b in records()) {
        let mut ab = Progress::fold(a.clone());
        ab.merge(b.clone());
        let mut ba = Progress::fold(b.clone());
        ba.merge(a);
        prop_assert_eq!(&ab, &ba);
        ba.merge(b);
        prop_assert_eq!(&ab, &ba);
    }

    #[test]
    fn applying_one_by_one_is_folding(records in records()) {
        let mut applied = Progress::default();
        for record in &records {
            applied.apply(record);
        }
        prop_assert_eq!(applied, Progress::fold(records));
    }

    #[test]
    fn a_kind_is_read_back_as_it_was_written(kind in kinds()) {
        let json = kind.to_json();
        let back = RecordKind::from_json(&json).unwrap();
        prop_assert_eq!(back.to_json(), json);
        prop_assert_eq!(back, kind);
    }

    #[test]
    fn scores_and_states_are_total(records in records()) {
        let progress = Progress::fold(records);
        let snapshot = Snapshot::of(&progress, &[demands()]);
        prop_assert_eq!(snapshot.state("l"), progress.state(&demands()));
        if let Some(best) = progress.quiz("l").and_then(QuizProgress::best) {
            prop_assert!((0.0..=1.0).contains(&best));
        }
        let json = serde_json::to_string(&snapshot).unwrap();
        prop_assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
    }
}
