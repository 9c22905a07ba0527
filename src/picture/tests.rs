//! What holds of every drawing, whatever is drawn: it keeps to its rectangle, in ASCII it is
//! ASCII, neighbours of one role are one piece, and its table has rows as long as its heads.

use proptest::prelude::*;

use super::*;
use crate::typeset;

/// Numbers that a run can give, and those that only a fault would.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -10.0..1e4f64,
        2 => -1e12..1e12f64,
        1 => prop_oneof![
            Just(f64::NAN),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
            Just(f64::MAX),
            Just(f64::MIN_POSITIVE),
            Just(0.0),
            Just(-0.0)
        ],
    ]
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z ]{1,20}",
        Just("漢字の名前".to_owned()),
        Just("naïve – 5 × 3 ± 2 …".to_owned()),
        Just("e\u{301}👩‍👩‍👧".to_owned()),
        "[a-z]{80,200}",
    ]
}

fn tone() -> impl Strategy<Value = Tone> {
    prop::sample::select(vec![
        Tone::Starting,
        Tone::Busy,
        Tone::Idle,
        Tone::Gone,
        Tone::Good,
        Tone::Doubtful,
        Tone::Bad,
        Tone::First,
        Tone::Second,
        Tone::Theory,
        Tone::Before,
    ])
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![
        Unit::Count,
        Unit::PerSecond,
        Unit::Share,
        Unit::Seconds,
        Unit::Usd,
        Unit::Megabytes,
    ])
}

fn lanes() -> impl Strategy<Value = Body> {
    let run = (number(), number(), tone());
    let marks = prop::collection::vec((number(), tone()), 0..8);
    let lane = (words(), prop::collection::vec(run, 0..12), marks)
        .prop_map(|(label, runs, marks)| Lane { label, runs, marks });
    let lanes = prop::collection::vec(lane, 0..20);
    (number(), number(), prop::option::of(number()), lanes, 0..3usize).prop_map(
        |(from_s, to_s, now_s, lanes, more)| {
            Body::Lanes(Lanes { from_s, to_s, now_s, lanes, more })
        },
    )
}

fn axis() -> impl Strategy<Value = Axis> {
    (words(), unit(), number(), number(), any::<bool>())
        .prop_map(|(label, unit, from, to, log)| Axis { label, unit, from, to, log })
}

fn chart() -> impl Strategy<Value = Body> {
    let stroke = prop::sample::select(vec![Stroke::Line, Stroke::Area, Stroke::Dots]);
    let line = (words(), tone(), stroke, prop::collection::vec((number(), number()), 0..40))
        .prop_map(|(name, tone, stroke, points)| Line { name, tone, stroke, points });
    (
        axis(),
        axis(),
        prop::collection::vec(line, 0..4),
        prop::collection::vec((number(), words(), tone()), 0..3),
        prop::collection::vec((number(), words()), 0..3),
        prop::collection::vec((number(), number(), words()), 0..3),
    )
        .prop_map(|(x, y, lines, levels, places, bands)| {
            Body::Chart(Chart { x, y, lines, levels, places, bands })
        })
}

fn bars() -> impl Strategy<Value = Body> {
    let parts = prop::collection::vec((number(), tone()), 0..4);
    let bar = (words(), parts, prop::option::of(words())).prop_map(|(label, parts, note)| Bar {
        label,
        parts,
        note,
    });
    (unit(), prop::collection::vec(bar, 0..20))
        .prop_map(|(unit, bars)| Body::Bars(Bars { unit, bars }))
}

fn map() -> impl Strategy<Value = Body> {
    let calls = prop::collection::vec((0..12usize, any::<bool>()), 0..4);
    let node = (words(), tone(), prop::option::of(number()), words(), calls)
        .prop_map(|(name, lamp, filled, note, calls)| Node { name, lamp, filled, note, calls });
    prop::collection::vec(node, 0..10).prop_map(|nodes| Body::Map(Map { nodes }))
}

fn rows_of_text() -> impl Strategy<Value = Body> {
    let cells = || prop::collection::vec(words(), 3);
    (cells(), prop::collection::vec(cells(), 0..30))
        .prop_map(|(heads, rows)| Body::Table(Table { heads, rows }))
}

fn view() -> impl Strategy<Value = View> {
    let grid = (prop::collection::vec(tone(), 0..300), 0..3usize)
        .prop_map(|(cells, more)| Body::Grid(Grid { cells, more }));
    let body = prop_oneof![
        lanes().boxed(),
        grid.boxed(),
        chart().boxed(),
        chart().boxed(),
        bars().boxed(),
        map().boxed(),
        rows_of_text().boxed()
    ];
    let legend = prop::collection::vec((tone(), words()), 0..5);
    let single =
        (words(), body, legend).prop_map(|(title, body, legend)| View { title, body, legend });
    single.prop_recursive(2, 4, 2, |inner| {
        (words(), inner.clone(), inner).prop_map(|(title, first, second)| View {
            title,
            body: Body::Pair(Box::new((first, second))),
            legend: Vec::new(),
        })
    })
}

fn size() -> impl Strategy<Value = (usize, usize)> {
    prop_oneof![
        Just((78, 11)),
        Just((118, 24)),
        Just((44, 8)),
        (0..12usize, 0..6usize),
        (0..130usize, 0..40usize)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]
    #[test]
    fn every_view_keeps_to_its_rectangle(
        view in view(),
        (width, height) in size(),
        ascii in any::<bool>(),
    ) {
        let rows = set(&view, width, height, ascii);
        prop_assert!(rows.len() <= height, "{} rows of {height}", rows.len());
        for row in &rows {
            prop_assert!(row.width() <= width, "{:?} is wider than {width}", row.text());
            prop_assert!(!ascii || row.text().is_ascii(), "{:?}", row.text());
            prop_assert!(!row.text().chars().any(char::is_control), "{:?}", row.text());
            let roles: Vec<_> = row.pieces.iter().map(|piece| piece.role).collect();
            prop_assert!(roles.windows(2).all(|pair| pair[0] != pair[1]), "{roles:?}");
        }
        let table = table(&view);
        prop_assert!(table.rows.iter().all(|row| row.len() == table.heads.len()), "{table:?}");
    }
}

/// The rows of a view as one text.
pub(super) fn drawn(view: &View, width: usize, height: usize, ascii: bool) -> String {
    let rows = set(view, width, height, ascii);
    rows.iter().map(|row| row.text().trim_end().to_owned() + "\n").collect()
}

fn time_axis(to: f64) -> Axis {
    Axis { label: "time".to_owned(), unit: Unit::Seconds, from: 0.0, to, log: false }
}

fn a_chart() -> View {
    let wave = |at: f64, height: f64| (at, 30.0 + height * (at / 180.0).sin());
    let line = |name: &str, tone, stroke, height| Line {
        name: name.to_owned(),
        tone,
        stroke,
        points: (0..=60).map(|at| wave(f64::from(at) * 20.0, height)).collect(),
    };
    let chart = Chart {
        x: time_axis(1200.0),
        y: Axis { label: "running".to_owned(), unit: Unit::Count, from: 0.0, to: 60.0, log: false },
        lines: vec![
            line("running", Tone::Busy, Stroke::Area, 18.0),
            line("theory", Tone::Theory, Stroke::Line, 9.0),
        ],
        levels: vec![(50.0, "limit 50".to_owned(), Tone::Bad)],
        places: vec![(900.0, "now".to_owned())],
        bands: Vec::new(),
    };
    View { title: String::new(), body: Body::Chart(chart), legend: Vec::new() }
}

#[test]
fn a_chart_shows_its_lines_levels_and_places() {
    for (width, height, ascii) in [(60, 11, false), (60, 11, true)] {
        let drawn = drawn(&a_chart(), width, height, ascii);
        for words in ["running", "limit 50", "now", "time, min", "theory", " 20"] {
            assert!(drawn.contains(words), "{words}:\n{drawn}");
        }
    }
}

#[test]
fn lanes_show_short_starts_and_the_end() {
    let lane = |label: &str, runs: &[(f64, f64, Tone)]| Lane {
        label: label.to_owned(),
        runs: runs.to_vec(),
        marks: Vec::new(),
    };
    let lanes = Lanes {
        from_s: 0.0,
        to_s: 100.0,
        now_s: None,
        lanes: vec![
            Lane {
                label: "requests".to_owned(),
                runs: Vec::new(),
                marks: vec![(0.0, Tone::Busy), (99.9, Tone::Busy)],
            },
            lane(
                "#1",
                &[
                    (0.0, 0.1, Tone::Starting),
                    (0.1, 0.2, Tone::Busy),
                    (0.2, 50.0, Tone::Idle),
                    (50.0, 100.0, Tone::Gone),
                ],
            ),
        ],
        more: 0,
    };
    let view = View { title: String::new(), body: Body::Lanes(lanes), legend: Vec::new() };
    let drawn = drawn(&view, 40, 5, false);
    let expected = "requests  ·                            ·\n\
                    #1        ▒▓░░░░░░░░░░░░░✕\n\
                    \u{20}         0             50             s\n";
    assert_eq!(drawn, expected);
}

#[test]
fn a_bar_is_as_long_as_its_value() {
    let bar = |label: &str, value: f64| Bar {
        label: label.to_owned(),
        parts: vec![(value, Tone::First)],
        note: None,
    };
    let bars = Bars { unit: Unit::Usd, bars: vec![bar("a", 1.0), bar("b", 0.5), bar("c", 0.0)] };
    let view = View { title: String::new(), body: Body::Bars(bars), legend: Vec::new() };
    let drawn = drawn(&view, 20, 3, false);
    assert_eq!(drawn, "a  ██████████  $1.00\nb  █████       $0.50\nc                 $0\n");
    assert_eq!(typeset::width(drawn.lines().next().unwrap()), 20);
}

#[test]
fn a_map_draws_its_calls() {
    let node = |name: &str, calls: &[(usize, bool)]| Node {
        name: name.to_owned(),
        lamp: Tone::Good,
        filled: Some(0.5),
        note: "4".to_owned(),
        calls: calls.to_vec(),
    };
    let map = Map {
        nodes: vec![
            node("web", &[(1, true), (2, false)]),
            node("orders", &[(3, true)]),
            node("mail", &[]),
            node("stock", &[]),
        ],
    };
    let view = View { title: String::new(), body: Body::Map(map), legend: Vec::new() };
    for (width, ascii) in [(70, false), (70, true), (30, false)] {
        let drawn = drawn(&view, width, 9, ascii);
        for name in ["web", "orders", "mail", "stock"] {
            assert!(drawn.contains(name), "{drawn}");
        }
    }
}

#[test]
fn a_place_on_the_axis_is_no_value_of_a_line_in_the_table() {
    let axis = |label: &str, unit: Unit| Axis {
        label: label.to_owned(),
        unit,
        from: 0.0,
        to: 10.0,
        log: false,
    };
    let chart = Chart {
        x: axis("requests", Unit::Count),
        y: axis("$", Unit::Usd),
        lines: Vec::new(),
        levels: vec![(2.0, "limit".to_owned(), Tone::Theory)],
        places: vec![(4.0, "now 4".to_owned()), (5.0, "before".to_owned())],
        bands: Vec::new(),
    };
    let view = View { title: String::new(), body: Body::Chart(chart), legend: Vec::new() };
    let rows = table(&view).rows;
    let texts: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(texts, ["limit|$2.00", "now 4|", "before: 5|"]);
}
