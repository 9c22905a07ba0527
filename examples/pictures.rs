//! Draws the pictures of the README: the app itself, keys typed at it, its cells as SVG.
//! `cargo run --example pictures` writes them to `docs/pictures/`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use coldstart::app::{App, Effect, Event, Job, Opening, Settings, Size, Start};
use coldstart::content::{Embedded, Source as _};
use coldstart::course::Course;
use coldstart::keymap::{Chord, Keymap};
use coldstart::progress::{Device, Progress, Record, RecordKind, Snapshot, Time};
use coldstart::theme::{Depth, Theme};
use coldstart::{typeset, ui};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

/// Each picture: its name, the theme, and the keys that lead there from the contents.
const PICTURES: [(&str, &str, &str); 6] = [
    ("contents", "dark", "j"),
    ("lesson", "dark", "<home><enter><page-down><page-down><page-down>"),
    ("lesson-light", "light", "<home>jj<enter><page-down><page-down>"),
    ("question", "dark", "<home>Qa<enter>1"),
    ("search", "dark", "/who pays"),
    ("simulation", "dark", "<home>jjjjS40<enter>2<right><right><right>"),
];
const SIZE: Size = Size { width: 100, height: 32 };
/// 2026-11-23, 10:15 UTC.
const NOW: Time = Time(1_795_428_900_000);
/// A cell in SVG units.
const CELL: (f64, f64) = (8.4, 18.0);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    fs::create_dir_all(&folder)?;
    for (name, theme, keys) in PICTURES {
        fs::write(folder.join(format!("{name}.svg")), svg(&screen(theme, keys)?))?;
    }
    Ok(())
}

/// The screen after the keys were typed, everything recorded at once.
fn screen(theme: &str, keys: &str) -> Result<Buffer, String> {
    let start = Start {
        course: Arc::new(Course::open(Embedded.files().unwrap_or_default())),
        glance: Snapshot::default(),
        keymap: Keymap::default(),
        themes: Theme::built_in(Depth::TrueColor),
        settings: Settings {
            theme: theme.to_owned(),
            ascii: false,
            seed: Some(1),
            no_motion: true,
        },
        size: SIZE,
        now: NOW,
    };
    let (mut app, _) = App::new(start, &Opening::Contents);
    let mut kept = 0;
    tell(&mut app, &mut kept, Event::Loaded(Box::new(Progress::fold(before()))));
    for chord in chords(keys)? {
        tell(&mut app, &mut kept, Event::Chord(chord));
    }
    let area = Rect::new(0, 0, SIZE.width, SIZE.height);
    let mut buffer = Buffer::empty(area);
    ui::draw(&app, area, &mut buffer);
    Ok(buffer)
}

/// What the learner of the pictures did before: read the first lesson.
fn before() -> Vec<Record> {
    let kind = RecordKind::Read { lesson: "what-is-serverless".to_owned() };
    vec![Record { device: Device(1), seq: 1, at: Time(NOW.0 - 86_400_000), kind }]
}

/// Tells the app what happened and keeps the records it wants kept.
fn tell(app: &mut App, kept: &mut u64, event: Event) {
    let mut wanted = app.update(event);
    while let Some(effect) = wanted.pop() {
        if let Effect::Simulate(job) = &effect {
            for event in computed(job) {
                wanted.extend(app.update(event));
            }
        }
        if let Effect::Record(kind) = effect {
            *kept += 1;
            let record = Record { device: Device(2), seq: *kept, at: NOW, kind };
            wanted.extend(app.update(Event::Recorded(record)));
        }
    }
}

/// What happens when a simulation is computed.
fn computed(job: &Job) -> Vec<Event> {
    let (number, mut events) = (job.number, Vec::new());
    let ended = job.perform(&mut |part| {
        events.push(Event::SimFrame { number, part });
        true
    });
    events.push(Event::SimDone { number, ended });
    events
}

/// Characters as they are, other keys as `<enter>`.
fn chords(keys: &str) -> Result<Vec<Chord>, String> {
    let mut chords = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|named| named.split_once('>'));
        let (name, after) = named.unwrap_or_else(|| rest.split_at(first.len_utf8()));
        chords.push(if name == " " { "space" } else { name }.parse::<Chord>()?);
        rest = after;
    }
    Ok(chords)
}

/// The cells as a picture.
fn svg(buffer: &Buffer) -> String {
    let Rect { width, height, .. } = buffer.area;
    let (w, h) = (f64::from(width) * CELL.0, f64::from(height) * CELL.1);
    let ground = buffer.content.first().map_or(Color::Reset, |cell| cell.bg);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, monospace\" \
         font-size=\"14\">\n<rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        w + 24.0,
        h + 24.0,
        hex(ground, "#181825")
    );
    for y in 0..height {
        let row: Vec<&Cell> = (0..width).filter_map(|x| buffer.cell((x, y))).collect();
        row_svg(&mut svg, &row, f64::from(y) * CELL.1, ground);
    }
    svg.push_str("</svg>\n");
    svg
}

/// One row: for each run of cells that look alike a rectangle, then, above all of these, its text.
fn row_svg(svg: &mut String, row: &[&Cell], top: f64, ground: Color) {
    let mut column = 0;
    let mut texts = String::new();
    for run in row.chunk_by(|a, b| (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)) {
        let start = column;
        column += run.len();
        let Some(first) = run.first() else { continue };
        let (mut fg, mut bg) = (hex(first.fg, "#cdd6f4"), hex(first.bg, "#181825"));
        let reversed = first.modifier.contains(Modifier::REVERSED);
        if reversed {
            std::mem::swap(&mut fg, &mut bg);
        }
        if first.bg != ground || reversed {
            let (x, width) = (across(start), across(run.len()));
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{bg}\"/>",
                CELL.1
            );
        }
        let text = run_text(run);
        let words = text.trim();
        if words.is_empty() {
            continue;
        }
        let indent = text.len() - text.trim_start().len();
        let _ = writeln!(
            texts,
            "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
             xml:space=\"preserve\" fill=\"{fg}\"{}>{}</text>",
            across(start + indent),
            top + CELL.1 * 0.76,
            across(typeset::width(words)),
            attributes(first.modifier),
            words.replace('&', "&amp;").replace('<', "&lt;")
        );
    }
    svg.push_str(&texts);
}

/// So many cells in SVG units.
fn across(cells: usize) -> f64 {
    f64::from(u16::try_from(cells).unwrap_or(u16::MAX)) * CELL.0
}

/// The symbols of a run; the second cell of a wide symbol holds none.
fn run_text(run: &[&Cell]) -> String {
    let mut text = String::new();
    let mut skip = 0;
    for cell in run {
        if skip == 0 {
            text.push_str(cell.symbol());
            skip = typeset::width(cell.symbol()).max(1);
        }
        skip -= 1;
    }
    text
}

fn attributes(modifier: Modifier) -> String {
    [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
        (Modifier::DIM, " opacity=\"0.6\""),
    ]
    .iter()
    .filter(|(flag, _)| modifier.contains(*flag))
    .map(|(_, attribute)| *attribute)
    .collect()
}

fn hex(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => default.to_owned(),
    }
}
