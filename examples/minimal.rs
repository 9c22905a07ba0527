//! The least that a full-screen reader does: a file, a terminal, keys to scroll. What coldstart's
//! first frame and keys are measured against (`benches/peers/first_frame.py`).

#![expect(clippy::expect_used, reason = "an example may stop where it cannot go on")]

use std::fmt::Write as _;

use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::style::{Style, Stylize as _};
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(path).expect("a text");
    let lines: Vec<Line<'_>> = text
        .lines()
        .map(|line| {
            let heading = line.starts_with('#');
            Line::styled(line, if heading { Style::new().bold() } else { Style::new() })
        })
        .collect();
    let mut terminal = ratatui::init();
    let mut top = 0u16;
    loop {
        let frame = terminal.draw(|frame| {
            let mut status = String::new();
            let _ = write!(status, "line {top}, j k q");
            let [body, bar] = ratatui::layout::Layout::vertical([
                ratatui::layout::Constraint::Min(0),
                ratatui::layout::Constraint::Length(1),
            ])
            .areas(frame.area());
            frame.render_widget(Paragraph::new(Text::from(lines.clone())).scroll((top, 0)), body);
            frame.render_widget(Line::from(status).dim(), bar);
        });
        frame.expect("a frame");
        if let Event::Key(key) = event::read().expect("a key") {
            match key.code {
                KeyCode::Char('j') => top = top.saturating_add(1),
                KeyCode::Char('k') => top = top.saturating_sub(1),
                KeyCode::Char('q') => break,
                _ => {}
            }
        }
    }
    ratatui::restore();
}
