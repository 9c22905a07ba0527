//! A simulation: predicted, watched, turned.
//!
//! ```text
//!  1.4  When does an environment go cold?          0:42:10 / 2 h   ×500   ▶   seed 42
//!
//!  Environments through time                                                    1 of 4
//!  #1 ▒▓░░░░░✕
//!  #2           ▒▓░▓░░░░░✕
//!  #3                         ▒▓░░░░░✕
//!     ▒ starting  ▓ running  ░ idle  ✕ gone
//!
//!  3 of 7 requests were cold; two environments are idle.
//!
//!  ▸ Keep-alive     5 min  ──●──────────────       share cold       77.9 % ± 0.4
//!    Gap           20 min  ────────●────────         you said              100 %
//!                                                  ○ Fewer than 20 % cold
//!
//!  ←→ turn   space play   v view   r again   c compare   y share   ? help     esc back
//! ```
//!
//! Where there is room, numbers, verdict and goals stand at the right, two views at the left.

use crate::app::frame::{self, Area};
use crate::app::{Simulating, World};
use crate::typeset::{Role, width};

use super::canvas::Canvas;
use super::chrome::MARGIN;
use super::sheet;

pub(super) fn draw(canvas: &mut Canvas<'_>, simulating: &Simulating, world: &World<'_>) {
    if let Some(sheet) = simulating.sheet() {
        return sheet::draw(canvas, frame::page(world.size).text, sheet);
    }
    let bench = simulating.bench();
    for pane in &bench.panes {
        canvas.rows(pane.area, &pane.rows);
        let selected = pane.selected.and_then(|row| u16::try_from(row).ok());
        if let Some(row) = selected.filter(|&row| row < pane.area.height) {
            let y = pane.area.y + row;
            canvas.tint(Area { y, height: 1, ..pane.area }, canvas.theme().selected);
            canvas.text(pane.area.x, y, canvas.signs.pointer, canvas.theme().selected);
        }
    }
    if let Some((area, typing)) = &bench.typing {
        sheet::draw(canvas, *area, (typing, 0));
    }
}

/// Where the text cursor stands.
pub(super) fn cursor(simulating: &Simulating, world: &World<'_>) -> Option<(u16, u16)> {
    if let Some(sheet) = simulating.sheet() {
        return sheet::cursor(frame::page(world.size).text, sheet);
    }
    let (area, typing) = simulating.bench().typing.as_ref()?;
    sheet::cursor(*area, (typing, 0))
}

/// ` 1.4  When does an environment go cold?      0:42:10 / 2 h   ×500   ▶   seed 42`
pub(super) fn title(
    canvas: &mut Canvas<'_>,
    area: Area,
    simulating: &Simulating,
    world: &World<'_>,
) {
    let mut right = area.width.saturating_sub(MARGIN);
    if let Some(done) = simulating.progress() {
        let cells = (area.width / 4).clamp(8, 24);
        right = right.saturating_sub(cells);
        canvas.bar(right, area.y, cells, done);
        right = canvas.ending_at(right.saturating_sub(2), area.y, "computing", Role::Chrome);
    }
    let (number, title) = simulating.heading(world);
    if simulating.progress().is_none() {
        // The title comes first: what is said of the run takes what it leaves.
        let taken = 2 * usize::from(MARGIN) + width(&number) + width(&title) + 5;
        let room = usize::from(area.width).saturating_sub(taken).max(20);
        if let Some((text, role)) = standing(simulating, room, world) {
            right = canvas.ending_at(right, area.y, &text, role);
        }
    }
    let mut x = MARGIN;
    if !number.is_empty() {
        x = canvas.text(x, area.y, &format!("{number}  "), canvas.style(Role::Chrome));
    }
    let width = right.saturating_sub(x + 2);
    canvas.fitted(Area { x, width, ..area }, &title, canvas.style(Role::Strong));
}

/// Clock, speed, whether it plays, another seed than the author's: as much as fits.
fn standing(simulating: &Simulating, room: usize, world: &World<'_>) -> Option<(String, Role)> {
    let (playback, seed) = simulating.playback()?;
    let ascii = world.settings.ascii;
    let is_wide = world.size.width >= frame::WIDE;
    let seed =
        if is_wide || simulating.has_own_seed() { format!("seed {seed}") } else { String::new() };
    let state = match (playback.is_playing(), playback.is_over()) {
        (true, _) if ascii => ">",
        (true, _) => "▶",
        (false, true) => "end",
        (false, false) => "paused",
    };
    let (clock, pace) = (playback.clock(), playback.speed_text(ascii));
    // The most telling last: what has no room goes from the front.
    let mut said: Vec<&str> = vec![&seed];
    if playback.end() > 0.0 {
        said = vec![&seed, &pace, &clock, state];
    }
    let role = if simulating.is_sandbox() { Role::Partly } else { Role::Chrome };
    if simulating.is_sandbox() {
        said.push("sandbox");
    }
    let taken = |said: &[&str]| said.iter().map(|word| width(word) + 3).sum::<usize>();
    said.retain(|word| !word.is_empty());
    while said.len() > 1 && taken(&said) > room + 3 {
        said.remove(0);
    }
    // As they are read: the clock, how fast, whether it moves, what is special.
    let order = [clock.as_str(), pace.as_str(), state, seed.as_str(), "sandbox"];
    let words: Vec<&str> = order.into_iter().filter(|word| said.contains(word)).collect();
    Some((words.join("   "), role))
}
