//! Keys to the app: anything pressed, pasted, resized, told, in any order, on any course.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use coldstart::app::{App, CodeAt, Effect, Event, Job, Opening, Settings, Size, Start};
use coldstart::course::{Course, Files};
use coldstart::keymap::{Chord, Key, Keymap};
use coldstart::progress::{Demands, Device, Place, Progress, Record, RecordKind, Snapshot, Time};
use coldstart::theme::{Depth, Theme};
use coldstart::typeset::Syntax;
use coldstart::ui;
use proptest::prelude::*;
use proptest::sample::Index;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{courses, hostile, slow_cases};

/// Something that happens to the app.
#[derive(Clone, Debug)]
enum Happening {
    Key(Chord),
    Keys(&'static str),
    Paste(String),
    Resize(u16, u16),
    Tick(i64),
    /// The course's files were edited: one of [`editions`].
    Edited(usize),
    Loaded(bool),
    /// From now on the disk is full, or no longer.
    Full(bool),
    NotSaved(String),
    Said(String),
    /// Colours for the code asked for last, right or not.
    Coloured(Vec<usize>),
    /// What was asked for last is computed, all of it or so many parts.
    Computed(usize),
    /// So many milliseconds pass.
    Elapsed(u64),
}

/// Keys that lead far into the app.
const WAYS: [&str; 20] = [
    "<enter>",
    "<enter><end>",
    "<enter><tab><enter>",
    "Q",
    "Q<enter>a<enter><enter>",
    "p",
    "?",
    "T",
    "N",
    "<enter>o",
    "<enter>g",
    "<enter>f",
    "<enter>nA note<enter>",
    "/cold",
    "<esc><esc><esc>",
    "<enter>b",
    "S",
    "S50<enter>1",
    "llv",
    "skeep_alive=1m<enter>",
];

fn chord() -> impl Strategy<Value = Chord> {
    let named = [
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::Backspace,
        Key::Delete,
        Key::Insert,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Home,
        Key::End,
        Key::PageUp,
        Key::PageDown,
        Key::F(1),
        Key::F(12),
        Key::F(255),
    ];
    let key = prop_oneof![
        5 => proptest::sample::select(named.to_vec()),
        5 => proptest::char::range('!', '~').prop_map(Key::Char),
        1 => Just(Key::Char(' ')),
        1 => any::<char>().prop_map(Key::Char),
    ];
    let held = prop_oneof![8 => Just((false, false, false)), 1 => any::<(bool, bool, bool)>()];
    (key, held).prop_map(|(key, (ctrl, alt, shift))| Chord { key, ctrl, alt, shift })
}

fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        4 => (40u16..140, 12u16..50),
        1 => (0u16..45, 0u16..15),
        1 => proptest::sample::select(vec![(0, 0), (1, 1), (1, 200), (400, 1), (40, 12), (39, 12), (300, 13), (41, 150)]),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        20 => chord().prop_map(Happening::Key),
        6 => proptest::sample::select(WAYS.to_vec()).prop_map(Happening::Keys),
        2 => hostile::text(0..8).prop_map(Happening::Paste),
        3 => size().prop_map(|(width, height)| Happening::Resize(width, height)),
        1 => prop_oneof![any::<i64>(), 0i64..1_000_000].prop_map(Happening::Tick),
        1 => (0usize..7).prop_map(Happening::Edited),
        1 => any::<bool>().prop_map(Happening::Loaded),
        1 => any::<bool>().prop_map(Happening::Full),
        1 => hostile::text(0..4).prop_map(Happening::NotSaved),
        1 => hostile::text(0..4).prop_map(Happening::Said),
        1 => proptest::collection::vec(0usize..20, 0..6).prop_map(Happening::Coloured),
        3 => prop_oneof![Just(usize::MAX), 0usize..6].prop_map(Happening::Computed),
        2 => prop_oneof![Just(50u64), any::<u64>()].prop_map(Happening::Elapsed),
    ]
}

/// What happens at a simulation, mostly.
fn turning() -> impl Strategy<Value = Happening> {
    let keys = [
        "<right>",
        "<left>",
        "<shift-right>",
        "H",
        "<down>",
        "<up>",
        " ",
        "r",
        "v",
        "V",
        "t",
        "c",
        "n",
        "d",
        "<esc>",
        "0",
        ".",
        ",",
        "+",
        "-",
        "<home>",
        "<end>",
        "y",
        "?",
        "<page-down>",
        "<page-up>",
        "skeep_alive=30m<enter>",
        "smemory_mb=-1<enter>",
        "s<enter>",
        "s=<enter>",
        "sduration=20s<enter>",
    ];
    prop_oneof![
        10 => proptest::sample::select(keys.to_vec()).prop_map(Happening::Keys),
        4 => prop_oneof![Just(usize::MAX), 0usize..6].prop_map(Happening::Computed),
        3 => prop_oneof![Just(50u64), any::<u64>()].prop_map(Happening::Elapsed),
        2 => happening(),
    ]
}

/// What an author makes of the course while it is read.
fn editions() -> &'static [Arc<Course>] {
    static ALL: OnceLock<Vec<Arc<Course>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let edited = |change: &dyn Fn(&str, &str) -> Option<String>| {
            let files = courses::journeys().iter().filter_map(|(path, text)| {
                Some((path.clone(), Ok(Cow::Owned(change(path, text.as_ref().ok()?)?))))
            });
            Arc::new(Course::open(files.collect::<Files>()))
        };
        let halved = |text: &str| text[..text.floor_char_boundary(text.len() / 2)].to_owned();
        let lesson = |path: &str| path.ends_with(".md");
        vec![
            courses::journeys_course(),
            courses::shipped_course(),
            edited(&|path, text| Some(if lesson(path) { halved(text) } else { text.to_owned() })),
            edited(&|path, text| {
                Some(if lesson(path) { format!("A new line.\n\n{text}") } else { text.to_owned() })
            }),
            edited(&|path, text| path.ends_with("course.toml").then(|| text.to_owned())),
            edited(&|path, text| Some(if lesson(path) { String::new() } else { halved(text) })),
            Arc::new(Course::open(Files::new())),
        ]
    })
}

/// The app and a world around it that keeps records in memory.
struct Learner {
    app: App,
    size: Size,
    records: Vec<Record>,
    full: bool,
    code: Option<CodeAt>,
    job: Option<Job>,
    quits: bool,
    /// More effects than this at once would never end.
    fault: Option<String>,
}

const NOW: Time = Time(1_795_428_900_000);

impl Learner {
    fn new(course: Arc<Course>, size: (u16, u16), opening: &Opening, looks: (usize, bool)) -> Self {
        Self::again(course, size, opening, looks, Vec::new())
    }

    /// A learner who has been here before.
    fn again(
        course: Arc<Course>,
        size: (u16, u16),
        opening: &Opening,
        looks: (usize, bool),
        records: Vec<Record>,
    ) -> Self {
        let progress = Progress::fold(records.clone());
        let size = Size { width: size.0, height: size.1 };
        let (depth, ascii) = looks;
        let depth = [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::TrueColor][depth % 4];
        let start = Start {
            glance: Snapshot::of(&progress, &Demands::of_all(&course)),
            course,
            keymap: Keymap::default(),
            themes: Theme::built_in(depth),
            settings: Settings { theme: "dark".to_owned(), ascii, seed: None, no_motion: ascii },
            size,
            now: NOW,
        };
        let (app, effects) = App::new(start, opening);
        let mut learner = Self {
            app,
            size,
            records,
            full: false,
            code: None,
            job: None,
            quits: false,
            fault: None,
        };
        learner.perform(effects);
        if !progress.is_empty() {
            learner.tell(Event::Loaded(Box::new(progress)));
        }
        learner
    }

    fn tell(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects);
    }

    fn perform(&mut self, mut wanted: Vec<Effect>) {
        for _ in 0..20 {
            let mut next = Vec::new();
            for effect in std::mem::take(&mut wanted) {
                next.extend(self.did(effect));
            }
            if next.is_empty() {
                return;
            }
            wanted = next;
        }
        self.fault = Some(format!("effects without end: {wanted:?}"));
    }

    fn did(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Record(kind) => {
                let seq = self.records.len() as u64 + 1;
                let record = Record { device: Device(7), seq, at: NOW.plus_ms(seq), kind };
                self.records.push(record.clone());
                let event = if self.full {
                    Event::RecordFailed { record, reason: "the disk is full".to_owned() }
                } else {
                    Event::Recorded(record)
                };
                return self.app.update(event);
            }
            Effect::Highlight(code) => self.code = Some(code),
            Effect::Simulate(job) => self.job = Some(*job),
            Effect::CancelSimulation => self.job = None,
            Effect::OpenLink(address) => {
                let known = ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|begin| address.starts_with(begin));
                if !known || hostile::unfit(&address).is_some() {
                    self.fault = Some(format!("opens {address:?}"));
                }
            }
            Effect::Copy(text) => {
                if hostile::fit_lines(&text.replace('\t', " ")).is_err() {
                    self.fault = Some(format!("copies {text:?}"));
                }
            }
            Effect::Quit => self.quits = true,
            Effect::SaveSetting(_) | Effect::Suspend | Effect::Redraw => {}
        }
        Vec::new()
    }

    fn press(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|named| named.split_once('>'));
            let (name, after) = named.unwrap_or_else(|| rest.split_at(first.len_utf8()));
            let name = if name == " " { "space" } else { name };
            self.tell(Event::Chord(name.parse().unwrap()));
            rest = after;
        }
    }

    fn happens(&mut self, happening: &Happening) {
        match happening {
            Happening::Key(chord) => self.tell(Event::Chord(*chord)),
            Happening::Keys(keys) => self.press(keys),
            Happening::Paste(text) => self.tell(Event::Text(text.clone())),
            Happening::Resize(width, height) => self.resize(*width, *height),
            Happening::Tick(at) => self.tell(Event::Tick(Time(*at))),
            Happening::Edited(edition) => {
                self.tell(Event::CourseChanged(Arc::clone(
                    &editions()[edition % editions().len()],
                )));
            }
            Happening::Loaded(all) => {
                let records = if *all { self.records.clone() } else { Vec::new() };
                self.tell(Event::Loaded(Box::new(Progress::fold(records))));
            }
            Happening::Full(full) => self.full = *full,
            Happening::NotSaved(reason) => self.tell(Event::NotSaved(reason.clone())),
            Happening::Said(text) => self.tell(Event::Said(text.clone())),
            Happening::Computed(parts) => self.compute(*parts),
            Happening::Elapsed(ms) => self.tell(Event::Elapsed(Duration::from_millis(*ms))),
            Happening::Coloured(bytes) => {
                if let Some(code) = self.code.clone() {
                    let line: Vec<_> = bytes.iter().map(|&bytes| (Syntax::String, bytes)).collect();
                    self.tell(Event::Highlighted { code, lines: vec![line; bytes.len()] });
                }
            }
        }
    }

    /// Computes so many parts of what was asked for last; the rest is given up.
    fn compute(&mut self, parts: usize) {
        let Some(job) = self.job.take() else { return };
        // Long runs would take the time of many short ones.
        if job.scenario.events() > 20_000.0 {
            return;
        }
        let mut told = Vec::new();
        let ended = job.perform(&mut |part| {
            told.push(part);
            told.len() < parts
        });
        for part in told {
            self.tell(Event::SimFrame { number: job.number, part });
        }
        self.tell(Event::SimDone { number: job.number, ended });
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.size = Size { width, height };
        self.tell(Event::Resize(self.size));
    }

    fn drawn(&self) -> Buffer {
        let area = Rect::new(0, 0, self.size.width, self.size.height);
        let mut buffer = Buffer::empty(area);
        ui::draw(&self.app, area, &mut buffer);
        buffer
    }

    /// The rows of the screen's middle, without the title and the status line.
    fn body(&self) -> Vec<String> {
        let buffer = self.drawn();
        let rows = (1..self.size.height.saturating_sub(1))
            .map(|y| (0..self.size.width).map(|x| buffer[(x, y)].symbol()).collect());
        rows.collect()
    }

    fn check(&self) -> Result<(), TestCaseError> {
        if let Some(fault) = &self.fault {
            return Err(TestCaseError::fail(fault.clone()));
        }
        let Size { width, height } = self.size;
        for cell in &self.drawn().content {
            hostile::fit_line(cell.symbol())?;
        }
        if let Some((x, y)) = ui::cursor(&self.app) {
            prop_assert!(x < width && y < height, "the cursor at {x},{y} of {width}×{height}");
        }
        for link in ui::links(&self.app) {
            hostile::fit_line(&link.address)?;
            prop_assert!(link.row < height && link.columns.start <= link.columns.end);
            prop_assert!(link.columns.end <= width, "{link:?} of {width}");
        }
        Ok(())
    }
}

/// Reads every lesson of a course and takes every quiz in a few keys.
pub(crate) fn through(course: &Arc<Course>) -> Result<(), TestCaseError> {
    let contents = [Opening::Contents];
    let lessons = course.lessons().map(|lesson| Opening::Lesson(lesson.id.clone()));
    let quizzes = course.quizzes().map(|quiz| Opening::Quiz(quiz.id.clone()));
    for opening in contents.into_iter().chain(lessons.take(6)).chain(quizzes.take(6)) {
        let mut learner = Learner::new(Arc::clone(course), (80, 24), &opening, (3, false));
        learner.check()?;
        for keys in [
            "<tab><enter>",
            "<esc>",
            "o<enter>",
            "gf<esc>",
            "a<enter><enter>",
            "1<enter>",
            "<ctrl-s>",
            "<end>",
            "?",
        ] {
            learner.press(keys);
            learner.check()?;
        }
        learner.resize(44, 13);
        learner.check()?;
    }
    Ok(())
}

fn opening(course: &Course, at: &Index) -> Opening {
    let mut all = vec![
        Opening::Contents,
        Opening::Lesson("none".to_owned()),
        Opening::Quiz("none".to_owned()),
    ];
    all.extend(course.lessons().map(|lesson| Opening::Lesson(lesson.id.clone())));
    all.extend(course.quizzes().map(|quiz| Opening::Quiz(quiz.id.clone())));
    at.get(&all).clone()
}

/// The line of the last place kept.
fn place_kept(records: &[Record]) -> Option<&Place> {
    records.iter().rev().find_map(|record| match &record.kind {
        RecordKind::Placed(place) => Some(place),
        _ => None,
    })
}

proptest! {
    #![proptest_config(slow_cases(120, 20))]

    #[test]
    fn fuzz_keys(
        edition in 0..2usize,
        at in any::<Index>(),
        size in size(),
        looks in (0..4usize, any::<bool>()),
        happenings in proptest::collection::vec(happening(), 1..60),
    ) {
        let course = Arc::clone(&editions()[edition]);
        let opening = opening(&course, &at);
        let mut learner = Learner::new(course, size, &opening, looks);
        for happening in &happenings {
            learner.happens(happening);
            learner.check()?;
        }
        // Whatever happened, one key leaves.
        learner.resize(80, 24);
        learner.quits = false;
        learner.press("<ctrl-c>");
        prop_assert!(learner.quits);
        learner.check()?;
    }

    #[test]
    fn fuzz_simulations(
        lesson in 0..6usize,
        size in size(),
        looks in (0..4usize, any::<bool>()),
        guess in prop_oneof![Just("50".to_owned()), "[0-9.,%kx ]{0,9}"],
        happenings in proptest::collection::vec(turning(), 1..40),
    ) {
        let course = courses::shipped_course();
        let mut learner = Learner::new(course, size, &Opening::Contents, looks);
        learner.press(&format!("{}S", "j".repeat(lesson)));
        learner.tell(Event::Text(guess));
        learner.press("<enter>1");
        for happening in &happenings {
            learner.happens(happening);
            learner.check()?;
        }
        learner.resize(80, 24);
        learner.press("<ctrl-c>");
        prop_assert!(learner.quits);
    }

    #[test]
    fn fuzz_place_is_kept_through_sizes(
        edition in 0..2usize,
        at in any::<Index>(),
        scrolls in proptest::collection::vec(proptest::sample::select(vec!["j", "d", "<page-down>", "k", "}", "<tab>", "<end>", "<home>"]), 0..20),
        sizes in proptest::collection::vec(size(), 1..12),
    ) {
        let course = Arc::clone(&editions()[edition]);
        let lessons: Vec<String> = course.lessons().map(|lesson| lesson.id.clone()).collect();
        let opening = Opening::Lesson(at.get(&lessons).clone());
        let mut learner = Learner::new(course, (80, 24), &opening, (3, false));
        learner.press(&scrolls.concat());
        learner.tell(Event::Tick(NOW));
        let (body, place) = (learner.body(), place_kept(&learner.records).cloned());
        for (nth, (width, height)) in sizes.iter().enumerate() {
            learner.resize(*width, *height);
            if nth % 3 == 0 {
                learner.tell(Event::Tick(NOW.plus_ms(nth as u64)));
            }
            learner.check()?;
        }
        learner.resize(80, 24);
        prop_assert_eq!(learner.body(), body);
        learner.tell(Event::Tick(NOW));
        prop_assert_eq!(place_kept(&learner.records).cloned(), place);
    }

    #[test]
    fn fuzz_place_is_kept_through_restarts(
        edition in 0..2usize,
        at in any::<Index>(),
        scrolls in proptest::collection::vec(proptest::sample::select(vec!["j", "d", "<page-down>", "k", "}"]), 0..20),
        sizes in proptest::collection::vec((40u16..140, 12u16..50), 1..5),
    ) {
        let course = Arc::clone(&editions()[edition]);
        let lessons: Vec<String> = course.lessons().map(|lesson| lesson.id.clone()).collect();
        let opening = Opening::Lesson(at.get(&lessons).clone());
        let mut learner = Learner::new(Arc::clone(&course), sizes[0], &opening, (3, false));
        learner.press(&scrolls.concat());
        learner.press("<ctrl-c>");
        let place = place_kept(&learner.records).cloned();
        let mut records = learner.records;
        for size in sizes {
            let mut learner = Learner::again(Arc::clone(&course), size, &opening, (3, false), records);
            learner.press("<ctrl-c>");
            prop_assert_eq!(place_kept(&learner.records).map(|place| place.line), place.as_ref().map(|place| place.line), "at {:?}", size);
            records = learner.records;
        }
    }
}
