//! What stands around every screen: the title line and the status line.
//!
//! ```text
//!  Introduction · 1.4  The first request pays        ━━━━━━━━━──────── 6 min left
//!  ↑↓ scroll   ⇥ next link   o outline   / search   ? help               esc back
//! ```

use crate::app::frame::{self, Area};
use crate::app::{App, Overlay, Reading, Recalling, Screen, Searching, Size, World};
use crate::keymap::{Action, Binding, Context};
use crate::typeset::{Role, width};

use super::canvas::Canvas;

/// The cells left and right of both lines.
pub(super) const MARGIN: u16 = 2;
/// The cells between two entries.
const GAP: u16 = 3;

/// What a screen says in the title line.
struct Title {
    /// What stands around it: steps back, dropped first.
    before: String,
    number: String,
    text: String,
    /// The share of something done, 0 to 1.
    bar: Option<f64>,
    right: String,
}

/// The hint of a screen that is too small.
pub(super) fn too_small(canvas: &mut Canvas<'_>, size: Size) {
    let Size { width: least, height: lines } = frame::SMALLEST;
    let times = canvas.signs.times;
    let text = format!("At least {least}{times}{lines} cells are needed.");
    let style = canvas.style(Role::Notice);
    let x = u16::from(usize::from(size.width) > width(&text) + 1);
    canvas.fitted(Area { x, y: size.height / 2, width: size.width, height: 1 }, &text, style);
}

/// The title line.
pub(super) fn title(canvas: &mut Canvas<'_>, app: &App) {
    let area = frame::chrome(app.world().size).title;
    let Some(screen) = app.screen() else { return };
    if area.height == 0 {
        return;
    }
    let title = match screen {
        Screen::Contents(_) => of_contents(canvas, &app.world()),
        Screen::Lesson(reading) => of_lesson(canvas, reading, &app.world()),
        Screen::Progress(_) => of_progress(canvas, &app.world()),
        Screen::Part(recalling) => of_part(canvas, recalling, &app.world()),
        Screen::Search(searching) => of_search(searching),
        Screen::Question(answering) => {
            let heading = answering.heading(&app.world());
            return super::question::title(canvas, area, &heading, app.is_saving());
        }
        Screen::Simulation(simulating) => {
            return super::simulation::title(canvas, area, simulating, &app.world());
        }
    };
    paint_title(canvas, area, &title);
}

fn of_contents(canvas: &Canvas<'_>, world: &World<'_>) -> Title {
    let course = world.course;
    Title { before: String::new(), text: course.title.clone(), ..of_progress(canvas, world) }
}

fn of_progress(canvas: &Canvas<'_>, world: &World<'_>) -> Title {
    let course = world.course;
    let (bar, right) = learned(world.glance.learned(course.lessons()), course.lessons().count());
    Title {
        before: format!("{}{}", course.title, canvas.signs.dot),
        number: String::new(),
        text: "Where you stand".to_owned(),
        bar: Some(bar),
        right,
    }
}

fn of_part(canvas: &Canvas<'_>, recalling: &Recalling, world: &World<'_>) -> Title {
    let Some(part) = recalling.part(world) else { return of_progress(canvas, world) };
    let (bar, right) = learned(world.glance.learned(&part.lessons), part.lessons.len());
    Title {
        before: format!("Where you stand{}", canvas.signs.dot),
        number: part.label.clone(),
        text: world.course.title_of(part).to_owned(),
        bar: Some(bar),
        right,
    }
}

/// How much is learned, as a share and in words.
fn learned(learned: usize, of: usize) -> (f64, String) {
    #[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
    let share = learned as f64 / of.max(1) as f64;
    (share, format!("{learned} of {of} learned"))
}

fn of_search(searching: &Searching) -> Title {
    let right = match searching.count() {
        0 => String::new(),
        1 => "1 result".to_owned(),
        count => format!("{count} results"),
    };
    Title {
        before: String::new(),
        number: String::new(),
        text: "Search".to_owned(),
        bar: None,
        right,
    }
}

fn of_lesson(canvas: &Canvas<'_>, reading: &Reading, world: &World<'_>) -> Title {
    let lesson = world.course.lesson(reading.id());
    let part = lesson.and_then(|lesson| world.course.part_of(lesson));
    let minutes = lesson.and_then(|lesson| lesson.minutes).unwrap_or(0);
    #[expect(clippy::cast_possible_truncation, reason = "at most the minutes of a lesson")]
    let left = (f64::from(minutes) * (1.0 - reading.share())).ceil() as i64;
    let right = match (reading.is_at_end(), left) {
        (true, _) => "end".to_owned(),
        (false, 1..) => format!("{left} min left"),
        (false, _) => String::new(),
    };
    let part = part.map_or("", |part| part.title.as_str());
    let part = if part.is_empty() { &world.course.title } else { part };
    Title {
        before: format!("{part}{}", canvas.signs.dot),
        number: lesson.map_or_else(String::new, |lesson| lesson.number.clone()),
        text: lesson.map_or_else(String::new, |lesson| lesson.title.clone()),
        bar: Some(reading.share()),
        right,
    }
}

fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn paint_title(canvas: &mut Canvas<'_>, area: Area, title: &Title) {
    let end = area.width.saturating_sub(MARGIN);
    let mut right = end;
    if !title.right.is_empty() {
        right = canvas.ending_at(end, area.y, &title.right, Role::Chrome).saturating_sub(2);
    }
    if let Some(done) = title.bar {
        // The words come first: the bar takes what they leave.
        let words = MARGIN + GAP + cells(&title.number) + 2 + cells(&title.text);
        let bar = right.saturating_sub(words).min(area.width / 4).clamp(8, 26);
        right = right.saturating_sub(bar);
        canvas.bar(right, area.y, bar, done);
    }
    let needed = cells(&title.before) + cells(&title.number) + cells(&title.text) + 2;
    let room = right.saturating_sub(MARGIN + GAP);
    let mut x = MARGIN;
    if needed <= room {
        x = canvas.text(x, area.y, &title.before, canvas.style(Role::Chrome));
    }
    if !title.number.is_empty() {
        let number = format!("{}  ", title.number);
        x = canvas.text(x, area.y, &number, canvas.style(Role::Chrome));
    }
    let width = (room + MARGIN).saturating_sub(x);
    canvas.fitted(Area { x, width, ..area }, &title.text, canvas.style(Role::Strong));
}

/// The status line: the keys that matter now, or a line for the learner.
pub(super) fn status(canvas: &mut Canvas<'_>, app: &App) {
    let area = frame::chrome(app.world().size).status;
    let back = back(app);
    let mut right = area.width.saturating_sub(MARGIN);
    if let Some((keys, word)) = back {
        right = canvas.ending_at(right, area.y, &word, Role::Chrome).saturating_sub(1);
        right = canvas.ending_at(right, area.y, &keys, Role::Body).saturating_sub(GAP);
    }
    if app.trouble().is_some() {
        right = canvas.ending_at(right, area.y, "not saved", Role::Wrong).saturating_sub(GAP);
    }
    let room = right.saturating_sub(MARGIN);
    if let Some(notice) = app.notice() {
        let style = canvas.style(Role::Accent);
        canvas.fitted(Area { x: MARGIN, width: room, ..area }, notice, style);
        return;
    }
    let mut x = MARGIN;
    for (keys, word) in fitting(hints(app), room) {
        x = canvas.text(x, area.y, &keys, canvas.style(Role::Body));
        x = canvas.text(x + 1, area.y, &word, canvas.style(Role::Chrome)) + GAP;
    }
}

/// The step back, at the right end.
fn back(app: &App) -> Option<(String, String)> {
    let context = app.context();
    let (action, word) = match (context, app.overlay()) {
        (Context::Contents, _) => (Action::Leave, "quit"),
        (_, Some(_)) => (Action::Back, "close"),
        (_, None) => (Action::Back, "back"),
    };
    let World { keymap, settings, .. } = app.world();
    let chord = keymap.chord(context, action)?;
    Some((chord.label(settings.ascii), word.to_owned()))
}

/// The keys and words of what can be done here, the most telling first, help last.
fn hints(app: &App) -> Vec<(String, String)> {
    let World { keymap, settings, .. } = app.world();
    let context = app.context();
    let mut hints: Vec<(String, String)> = Vec::new();
    for binding in keymap.bindings(context) {
        let Binding { action, chords, hint: Some(word), .. } = binding else { continue };
        if action == Action::Back || !matters(app, action) {
            continue;
        }
        let Some(chord) = chords.first() else { continue };
        let keys = chord.label(settings.ascii);
        match hints.last_mut() {
            Some((before, same)) if *same == word => {
                // Up before down, as on the keyboard.
                let up_first = matches!(action, Action::Up | Action::Left | Action::MoveUp);
                let (first, second) = if up_first { (&keys, &*before) } else { (&*before, &keys) };
                let join = if settings.ascii { "/" } else { "" };
                *before = format!("{first}{join}{second}");
            }
            _ => hints.push((keys, word)),
        }
    }
    hints
}

/// As many hints as fit; help, the last, stays longest.
fn fitting(mut hints: Vec<(String, String)>, room: u16) -> Vec<(String, String)> {
    let needed = |hints: &[(String, String)]| -> u16 {
        let each = hints.iter().map(|(keys, word)| cells(keys) + 1 + cells(word) + GAP);
        each.sum::<u16>().saturating_sub(GAP)
    };
    while needed(&hints) > room && !hints.is_empty() {
        let least = hints.len().saturating_sub(2);
        hints.remove(least);
    }
    hints
}

/// Whether an action does something now.
fn matters(app: &App, action: Action) -> bool {
    if app.overlay().is_some() {
        let opens = match app.overlay() {
            Some(Overlay::PopUp(pop_up)) => pop_up.opens().is_some(),
            _ => true,
        };
        return match action {
            Action::Search | Action::Progress => false,
            Action::Open => opens,
            _ => true,
        };
    }
    match app.screen() {
        Some(Screen::Lesson(reading)) => reading.offers(action, &app.world()),
        Some(Screen::Contents(contents)) => contents.offers(action, &app.world()),
        Some(Screen::Question(answering)) => answering.offers(action),
        Some(Screen::Simulation(simulating)) => simulating.offers(action),
        Some(Screen::Search(searching)) => action == Action::Help || searching.count() > 0,
        _ => action != Action::Progress,
    }
}
