//! Records: lines that an import gets, true ones, changed ones and invented ones; and what is
//! folded of them, in any order.

use std::io::Cursor;

use coldstart::progress::{
    Answered, Bookmarked, Device, NoteId, Noted, Place, Predicted, Progress, QuizProgress, Record,
    RecordKind, Simulated, StoredResponse, TextHash, Time, relocate,
};
use coldstart::quiz::Confidence;
use coldstart::store::Store;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{cases, hostile, slow_cases};

const NOW: Time = Time(1_795_428_900_000);

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[ab]", 1 => hostile::text(0..4)]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![3 => 0.0..1.0f64, 1 => any::<f64>().prop_filter("finite", |number| number.is_finite()), 1 => proptest::sample::select(vec![-0.0, 5.0, -1.0, 1e308])]
}

fn place() -> impl Strategy<Value = Place> {
    let line = prop_oneof![0usize..40, Just(usize::MAX)];
    (name(), line.clone(), any::<u64>(), proptest::option::of(name()), line).prop_map(
        |(lesson, line, text, heading, below)| Place {
            lesson,
            line,
            text: TextHash(text),
            heading,
            below,
        },
    )
}

fn response() -> impl Strategy<Value = StoredResponse> {
    let hash = || any::<u64>().prop_map(TextHash);
    let pairs = || proptest::collection::vec((hash(), proptest::option::of(hash())), 0..4);
    prop_oneof![
        proptest::collection::vec(hash(), 0..4)
            .prop_map(|ticked| StoredResponse::Choices { ticked }),
        number().prop_map(|value| StoredResponse::Number { value }),
        hostile::text(0..4).prop_map(|text| StoredResponse::Text { text }),
        proptest::collection::vec(hash(), 0..4).prop_map(|items| StoredResponse::Order { items }),
        pairs().prop_map(|pairs| StoredResponse::Pairs { pairs }),
        pairs().prop_map(|items| StoredResponse::Bins { items }),
        proptest::collection::vec(hostile::text(0..3), 0..3)
            .prop_map(|texts| StoredResponse::Blanks { texts }),
        Just(StoredResponse::Skipped),
    ]
}

fn answered() -> impl Strategy<Value = RecordKind> {
    let ids = (
        name(),
        proptest::option::of("[ab]"),
        proptest::option::of("[ab]"),
        proptest::option::of("[ab]#[ab]"),
    );
    let counts = (
        any::<u32>(),
        prop_oneof![1u32..4, any::<u32>()],
        any::<bool>(),
        prop_oneof![0u32..4, any::<u32>()],
        any::<u32>(),
    );
    let drawn = (
        proptest::option::of(any::<u64>()),
        proptest::collection::btree_map("[a-z]{1,3}", number(), 0..3),
    );
    (ids, counts, (number(), number()), response(), confidence(), drawn).prop_map(
        |(
            (question, quiz, lesson, objective),
            (rev, attempt, retry, of, hints),
            (pass, score),
            response,
            confidence,
            (seed, params),
        )| {
            RecordKind::Answered(Box::new(Answered {
                question,
                rev,
                quiz,
                lesson,
                objective,
                attempt,
                retry,
                of,
                pass,
                response,
                score,
                confidence,
                hints,
                seed,
                params,
            }))
        },
    )
}

fn confidence() -> impl Strategy<Value = Option<Confidence>> {
    proptest::option::of(proptest::sample::select(vec![
        Confidence::Guess,
        Confidence::ThinkSo,
        Confidence::Sure,
    ]))
}

fn predicted() -> impl Strategy<Value = RecordKind> {
    let error = proptest::option::of(number());
    (name(), proptest::option::of(name()), name(), number(), error, confidence()).prop_map(
        |(scenario, lesson, metric, value, error, confidence)| {
            let of = Predicted { scenario, lesson, metric, value, error, confidence };
            RecordKind::Predicted(of)
        },
    )
}

fn kind() -> impl Strategy<Value = RecordKind> {
    let note = (0u64..3, 0u64..6).prop_map(|(device, seq)| NoteId { device: Device(device), seq });
    prop_oneof![
        place().prop_map(RecordKind::Placed),
        name().prop_map(|lesson| RecordKind::Read { lesson }),
        answered(),
        answered(),
        answered(),
        predicted(),
        (name(), any::<u64>(), proptest::collection::btree_map(name(), number(), 0..3)).prop_map(
            |(scenario, seed, metrics)| {
                RecordKind::Simulated(Simulated {
                    scenario,
                    lesson: None,
                    seed,
                    params: std::collections::BTreeMap::new(),
                    metrics,
                })
            }
        ),
        (proptest::option::of(note), place(), proptest::option::of(hostile::text(0..5)))
            .prop_map(|(note, place, text)| RecordKind::Noted(Noted { note, place, text })),
        (place(), any::<bool>())
            .prop_map(|(place, set)| RecordKind::Bookmarked(Bookmarked { place, set })),
        name().prop_map(|lesson| RecordKind::TestedOut { lesson }),
        proptest::option::of(name()).prop_map(|lesson| RecordKind::Reset { lesson }),
        json_object().prop_map(|json| RecordKind::from_json(&json).unwrap()),
    ]
}

/// A JSON object as nobody wrote it.
fn json_object() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("18446744073709551615".to_owned()),
        Just("1e400".to_owned()),
        (-1e300..1e300f64).prop_map(|number| format!("{number:?}")),
        hostile::text(0..3).prop_map(|text| serde_json::to_string(&text).unwrap()),
        proptest::sample::select(vec![
            "placed",
            "read",
            "answered",
            "predicted",
            "simulated",
            "noted",
            "bookmarked",
            "tested-out",
            "reset",
            "skipped",
            "number",
        ])
        .prop_map(|word| format!("{word:?}")),
    ];
    let key = proptest::sample::select(vec![
        "type", "lesson", "line", "text", "heading", "below", "question", "rev", "attempt", "of",
        "pass", "response", "score", "place", "set", "note", "value", "x",
    ]);
    let value = leaf.prop_recursive(3, 12, 3, move |inner| {
        let entry =
            (key.clone(), inner.clone()).prop_map(|(key, value)| format!("{key:?}:{value}"));
        prop_oneof![
            proptest::collection::vec(inner, 0..3)
                .prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(entry, 0..6)
                .prop_map(|entries| format!("{{{}}}", entries.join(","))),
        ]
    });
    value
        .prop_map(|json| if json.starts_with('{') { json } else { format!("{{\"type\":{json}}}") })
        .prop_filter("no JSON", |json| serde_json::from_str::<serde_json::Value>(json).is_ok())
}

fn record() -> impl Strategy<Value = Record> {
    let at = prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>(), -3i64..3];
    let seq = prop_oneof![6 => 0u64..9, 1 => Just(i64::MAX.unsigned_abs()), 1 => Just(u64::MAX)];
    (0u64..3, seq, at, kind()).prop_map(|(device, seq, at, kind)| Record {
        device: Device(device),
        seq,
        at: Time(at),
        kind,
    })
}

/// A record's line as an export writes it.
fn line(record: &Record, course: &str) -> String {
    let canonical = record.to_line(course);
    let crc = crc32fast::hash(canonical.as_bytes());
    format!("{},\"crc\":\"{crc:08x}\"}}", canonical.strip_suffix('}').unwrap())
}

fn store(dir: &tempfile::TempDir) -> Store {
    Store::open(Some(dir.path()), "default", "c", NOW).unwrap()
}

/// Some lines, true ones and others.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        6 => record().prop_map(|record| line(&record, "c")),
        1 => (record(), name()).prop_map(|(record, course)| line(&record, &course)),
        1 => record().prop_map(|record| record.to_line("c")),
        1 => json_object(),
        1 => hostile::text(0..6),
        1 => (1usize..4000).prop_map(|deep| "[".repeat(deep)),
        1 => (1usize..4000).prop_map(|deep| "{\"v\":".repeat(deep)),
    ];
    let flip = proptest::option::weighted(0.3, (any::<Index>(), any::<u8>()));
    let one = (text, flip).prop_map(|(text, flip)| {
        let mut bytes = text.into_bytes();
        if let (Some((at, byte)), false) = (flip, bytes.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    proptest::collection::vec(one, 0..12).prop_map(|lines| lines.join(&b'\n'))
}

fn check_progress(progress: &Progress) -> Result<(), TestCaseError> {
    for quiz in ["a", "b"] {
        let best = progress.quiz(quiz).and_then(QuizProgress::best);
        prop_assert!(best.is_none_or(|best| (0.0..=1.0).contains(&best)), "{best:?}");
        prop_assert!(progress.next_attempt(quiz) >= 1);
    }
    for lesson in ["a", "b"] {
        for source in ["", "# A\n\none\n\n## B\n\ntwo\n", "word"] {
            let place = progress.lesson(lesson).and_then(|lesson| lesson.place.as_ref());
            let line = place.map_or(1, |place| relocate(place, source));
            prop_assert!(line >= 1 && line <= source.lines().count().max(1), "{line}");
        }
    }
    let _ =
        (progress.notes(), progress.bookmarks().count(), progress.unknown(), progress.last_place());
    Ok(())
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn fuzz_fold_in_any_order(records in proptest::collection::vec(record(), 0..16), by in any::<u64>()) {
        let mut shuffled = records.clone();
        shuffled.sort_by_key(|record| TextHash::of(&format!("{by} {}", record.to_line("c"))).0);
        let folded = Progress::fold(records);
        prop_assert_eq!(&Progress::fold(shuffled.clone()), &folded);
        let mut applied = Progress::default();
        for record in &shuffled {
            applied.apply(record);
        }
        prop_assert_eq!(&applied, &folded);
        check_progress(&folded)?;
    }

    #[test]
    fn fuzz_kinds(json in json_object(), kind in kind()) {
        let read = RecordKind::from_json(&json).unwrap();
        prop_assert_eq!(RecordKind::from_json(&read.to_json()).map(|kind| kind.to_json()), Some(read.to_json()));
        let written = kind.to_json();
        prop_assert_eq!(RecordKind::from_json(&written).map(|kind| kind.to_json()), Some(written));
        let _ = RecordKind::from_json(&crate::pieces::PIECES.concat());
    }
}

proptest! {
    // The disk is waited for.
    #![proptest_config(slow_cases(12, 100))]

    #[test]
    fn fuzz_imports(one in lines(), other in lines()) {
        let (left, right) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mut left, mut right) = (store(&left), store(&right));
        let first = left.import(&mut Cursor::new(&one), NOW).unwrap();
        let count = one.split(|&byte| byte == b'\n').count();
        prop_assert!(first.new + first.known + first.bad.len() <= count);
        for (number, reason) in &first.bad {
            prop_assert!((1..=count).contains(number));
            hostile::fit_line(reason)?;
        }
        // Twice is once, and the order does not matter.
        prop_assert_eq!(left.import(&mut Cursor::new(&one), NOW).unwrap().new, 0);
        left.import(&mut Cursor::new(&other), NOW).unwrap();
        right.import(&mut Cursor::new(&other), NOW).unwrap();
        right.import(&mut Cursor::new(&one), NOW).unwrap();
        let exported = |store: &mut Store| {
            let mut out = Vec::new();
            store.export(&mut out, NOW).unwrap();
            let mut lines: Vec<String> = String::from_utf8(out).unwrap().lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let (ours, theirs) = (exported(&mut left), exported(&mut right));
        prop_assert_eq!(&ours, &theirs);
        let (ours, theirs) = (left.load(NOW).unwrap(), right.load(NOW).unwrap());
        prop_assert!(left.take_notices().is_empty(), "what was imported is damaged");
        prop_assert_eq!(Progress::fold(ours), Progress::fold(theirs));
    }
}
