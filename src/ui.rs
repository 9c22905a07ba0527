//! Draws the app. Drawing reads: nothing here changes what it shows, and everything that has a
//! place on the screen was placed by the app.

mod canvas;
mod chrome;
mod contents;
mod help;
mod lesson;
mod notes;
mod overlay;
mod standing;

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
        None => {}
    }
    if let Some(overlay) = app.overlay() {
        overlay::draw(&mut canvas, overlay, &app.world());
    }
    chrome::status(&mut canvas, app);
}
