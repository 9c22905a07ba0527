//! Somebody who types keys, and a world around the app that keeps records in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use coldstart::app::{App, Effect, Event, Job, Opening, Part, Settings, Size, Start};
use coldstart::course::{Course, Files};
use coldstart::keymap::{Chord, Keymap};
use coldstart::progress::{Device, Progress, Record, RecordKind, Snapshot, Time};
use coldstart::theme::{Depth, Theme};
use coldstart::ui;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The sizes at which pictures are taken.
const SIZES: [(u16, u16); 3] = [(60, 20), (80, 24), (120, 40)];
/// The themes and depths in which pictures are taken.
const LOOKS: [(&str, Depth); 3] =
    [("dark", Depth::TrueColor), ("light", Depth::TrueColor), ("dark", Depth::None)];
/// 2026-11-23, 10:15 UTC.
const NOW: Time = Time(1_795_428_900_000);

/// A learner at the screen.
pub(crate) struct Traveller {
    pub(crate) app: App,
    /// What the app wanted done, records excepted.
    pub(crate) effects: Vec<Effect>,
    /// The records kept.
    pub(crate) records: Vec<Record>,
    /// Simulations are not computed at once but put aside.
    pub(crate) lazy: bool,
    /// What was put aside.
    pub(crate) jobs: Vec<Job>,
    size: Size,
}

/// How to begin: the size, the look, the records from before.
pub(crate) struct Setup {
    pub(crate) size: (u16, u16),
    pub(crate) look: (&'static str, Depth),
    pub(crate) ascii: bool,
    pub(crate) no_motion: bool,
    pub(crate) records: Vec<RecordKind>,
    pub(crate) opening: Opening,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            size: (80, 24),
            look: LOOKS[0],
            ascii: false,
            no_motion: false,
            records: Vec::new(),
            opening: Opening::Contents,
        }
    }
}

/// Types keys at the contents of the test course, at 80×24.
pub(crate) fn journey(keys: &str) -> Traveller {
    Traveller::new(Setup::default()).typing(keys)
}

/// The test course.
pub(crate) fn course() -> Arc<Course> {
    course_with(|_| {})
}

/// The test course, its files changed first.
pub(crate) fn course_with(change: impl FnOnce(&mut Files)) -> Arc<Course> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/course");
    let mut files = BTreeMap::new();
    gather(&root, &root, &mut files);
    change(&mut files);
    Arc::new(Course::open(files))
}

fn gather(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, Ok(Cow::Owned(fs::read_to_string(&path).unwrap())));
        }
    }
}

impl Traveller {
    pub(crate) fn new(setup: Setup) -> Self {
        Self::at(course(), setup)
    }

    pub(crate) fn at(course: Arc<Course>, setup: Setup) -> Self {
        let Setup { size: (width, height), look: (theme, depth), .. } = setup;
        let Setup { ascii, no_motion, records, opening, .. } = setup;
        let size = Size { width, height };
        let theme = theme.to_owned();
        let settings = Settings { theme, ascii, seed: Some(1), no_motion };
        let mut traveller = Self {
            app: App::new(
                Start {
                    course,
                    glance: Snapshot::default(),
                    keymap: Keymap::default(),
                    themes: Theme::built_in(depth),
                    settings,
                    size,
                    now: NOW,
                },
                if matches!(opening, Opening::Quiz(_)) { &opening } else { &Opening::Contents },
            )
            .0,
            effects: Vec::new(),
            records: Vec::new(),
            lazy: false,
            jobs: Vec::new(),
            size,
        };
        let before = records.into_iter().map(|kind| traveller.record(kind));
        let progress = Progress::fold(before.collect::<Vec<_>>());
        traveller.tell(Event::Loaded(Box::new(progress)));
        if let Opening::Lesson(id) = opening {
            traveller.open(&id);
        }
        traveller
    }

    /// Opens a lesson from the contents.
    fn open(&mut self, id: &str) {
        let lessons = course();
        let at = lessons.lessons().position(|lesson| lesson.id == id).unwrap();
        self.press("<home>");
        self.press(&"j".repeat(at));
        self.press("<enter>");
    }

    fn record(&mut self, kind: RecordKind) -> Record {
        let seq = self.records.len() as u64 + 1;
        let at = NOW.plus_ms(seq * 1000);
        let record = Record { device: Device(7), seq, at, kind };
        self.records.push(record.clone());
        record
    }

    /// Tells the app what happened, and does what it wants: records are kept at once.
    pub(crate) fn tell(&mut self, event: Event) {
        let mut wanted = self.app.update(event);
        while !wanted.is_empty() {
            let mut next = Vec::new();
            for effect in wanted {
                match effect {
                    Effect::Record(kind) => {
                        let record = self.record(kind);
                        next.extend(self.app.update(Event::Recorded(record)));
                    }
                    Effect::Simulate(job) if self.lazy => self.jobs.push(*job),
                    Effect::Simulate(job) => next.extend(self.simulate(&job)),
                    other => self.effects.push(other),
                }
            }
            wanted = next;
        }
    }

    /// Computes what was put aside.
    pub(crate) fn compute(&mut self, job: &Job) {
        for event in computed(job) {
            self.tell(event);
        }
    }

    /// Computes a simulation at once.
    fn simulate(&mut self, job: &Job) -> Vec<Effect> {
        computed(job).into_iter().flat_map(|event| self.app.update(event)).collect()
    }

    /// Types keys: characters as they are, others as `<enter>`, `<ctrl-d>`; `<lt>` is `<`.
    pub(crate) fn press(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|named| named.split_once('>'));
            let (name, after) = match named {
                Some(("lt", after)) => ("<", after),
                Some(found) => found,
                None => rest.split_at(first.len_utf8()),
            };
            let name = if name == " " { "space" } else { name };
            let chord: Chord = name.parse().unwrap_or_else(|error| panic!("{error}"));
            self.tell(Event::Chord(chord));
            rest = after;
        }
    }

    pub(crate) fn typing(mut self, keys: &str) -> Self {
        self.press(keys);
        self
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.size = Size { width, height };
        self.tell(Event::Resize(self.size));
    }

    fn buffer(&self) -> Buffer {
        let area = Rect::new(0, 0, self.size.width, self.size.height);
        let mut buffer = Buffer::empty(area);
        ui::draw(&self.app, area, &mut buffer);
        buffer
    }

    /// The screen as text, without blanks at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..self.size.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..self.size.width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    line.push_str(symbol);
                    skip = coldstart::typeset::width(symbol).max(1);
                }
                skip -= 1;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// A hash of what every cell looks like.
    fn look(&self) -> u64 {
        let buffer = self.buffer();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for cell in &buffer.content {
            for byte in format!("{:?}", cell.style()).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }

    /// What was kept, of the kinds that tests look at, in words.
    pub(crate) fn kept(&self) -> Vec<String> {
        let word = |record: &Record| match &record.kind {
            RecordKind::Placed(place) => format!("placed {}:{}", place.lesson, place.line),
            RecordKind::Read { lesson } => format!("read {lesson}"),
            RecordKind::Noted(noted) => format!("noted {:?}", noted.text.as_deref()),
            RecordKind::Bookmarked(mark) => format!("bookmark {}:{}", mark.place.line, mark.set),
            RecordKind::Answered(answered) => format!("answered {}", answered.question),
            other => format!("{other:?}"),
        };
        self.records.iter().map(word).collect()
    }
}

/// What happens when a simulation is computed.
fn computed(job: &Job) -> Vec<Event> {
    let mut parts = Vec::new();
    let ended = job.perform(&mut |part| {
        parts.push(part);
        true
    });
    let number = job.number;
    let frames = parts.into_iter().filter(|part| !matches!(part, Part::Progress(_)));
    let events = frames.map(|part| Event::SimFrame { number, part });
    events.chain([Event::SimDone { number, ended }]).collect()
}

/// Takes pictures of where the keys lead, at each size: the text, and below it a hash of the
/// styles in each theme. The text is the same in all of them.
pub(crate) fn pictures(name: &str, records: &[RecordKind], keys: &str) {
    pictures_from(name, (&Opening::Contents, records), keys);
}

/// The same from another opening than the contents.
pub(crate) fn pictures_from(name: &str, (opening, records): (&Opening, &[RecordKind]), keys: &str) {
    pictures_of(name, |setup| {
        let (opening, records) = (opening.clone(), records.to_vec());
        Traveller::new(Setup { records, opening, ..setup }).typing(keys)
    });
}

/// The same of travellers made otherwise.
pub(crate) fn pictures_of(name: &str, travel: impl Fn(Setup) -> Traveller) {
    for size in SIZES {
        let mut picture = String::new();
        let mut hashes = String::new();
        for look in LOOKS {
            let traveller = travel(Setup { size, look, ..Setup::default() });
            let screen = traveller.screen();
            assert!(picture.is_empty() || picture == screen, "{name}: the theme changes the text");
            picture = screen;
            let depth = if look.1 == Depth::None { "no colour" } else { look.0 };
            let _ = writeln!(hashes, "{depth} {:016x}", traveller.look());
        }
        let (width, height) = size;
        let settings = {
            let mut settings = insta::Settings::clone_current();
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_snapshot_path("snapshots");
            settings
        };
        settings.bind(|| {
            insta::assert_snapshot!(
                format!("{name}_{width}x{height}"),
                format!("{picture}{}\n{hashes}", "─".repeat(usize::from(width)))
            );
        });
    }
}
