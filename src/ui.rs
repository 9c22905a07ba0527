//! Draws the app. Drawing reads: nothing here changes what it shows, and everything that has a
//! place on the screen was placed by the app.

mod canvas;
mod chrome;
mod contents;
mod help;
mod lesson;
mod links;
mod notes;
mod overlay;
mod part;
mod question;
mod search;
mod sheet;
mod simulation;
mod standing;

pub use links::{Link, links};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Screen, frame};
use canvas::Canvas;

/// Draws the app into the buffer. `area` must have the size that the app was told last; what does
/// not fit is left out.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let Some(theme) = app.theme() else { return };
    let mut canvas = Canvas::new(theme, app.world().settings.ascii, area, buffer);
    canvas.clear();
    if frame::too_small(app.world().size) {
        chrome::too_small(&mut canvas, app.world().size);
        return;
    }
    chrome::title(&mut canvas, app);
    match app.screen() {
        Some(Screen::Contents(contents)) => contents::draw(&mut canvas, contents, &app.world()),
        Some(Screen::Lesson(reading)) => lesson::draw(&mut canvas, reading, &app.world()),
        Some(Screen::Progress(standing)) => standing::draw(&mut canvas, standing),
        Some(Screen::Part(recalling)) => part::draw(&mut canvas, recalling, &app.world()),
        Some(Screen::Question(answering)) => {
            question::draw(&mut canvas, answering, &app.world());
        }
        Some(Screen::Simulation(simulating)) => {
            simulation::draw(&mut canvas, simulating, &app.world());
        }
        Some(Screen::Search(searching)) => search::draw(&mut canvas, searching, &app.world()),
        None => {}
    }
    if let Some(overlay) = app.overlay() {
        overlay::draw(&mut canvas, overlay, &app.world());
    }
    chrome::status(&mut canvas, app);
}

/// Where the terminal's cursor stands: where text is typed; elsewhere it is not seen. Column and
/// row, from 0.
pub fn cursor(app: &App) -> Option<(u16, u16)> {
    let world = app.world();
    if app.overlay().is_some() || frame::too_small(world.size) {
        return None;
    }
    match app.screen() {
        Some(Screen::Question(answering)) => question::cursor(answering, &world),
        Some(Screen::Simulation(simulating)) => simulation::cursor(simulating, &world),
        Some(Screen::Search(searching)) => Some(search::cursor(searching, &world)),
        _ => None,
    }
}
