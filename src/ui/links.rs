//! Where the addresses of the web are on the screen, for terminals that open them by a click.

use std::ops::Range;

use crate::app::{App, Screen, frame};
use crate::markdown::Target;
use crate::typeset::width;

/// A link on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// From 0.
    pub row: u16,
    /// From 0.
    pub columns: Range<u16>,
    /// As the author wrote it.
    pub address: String,
}

/// The links in view, in the order of rows and columns. A box over the screen hides them all.
pub fn links(app: &App) -> Vec<Link> {
    let (Some(Screen::Lesson(reading)), None) = (app.screen(), app.overlay()) else {
        return Vec::new();
    };
    let text = frame::page(app.world().size).text;
    let mut links = Vec::new();
    for ((_, row), y) in reading.view().zip(text.y..text.y.saturating_add(text.height)) {
        let mut x = text.x;
        for piece in &row.pieces {
            let from = x;
            x = x.saturating_add(u16::try_from(width(&piece.text)).unwrap_or(u16::MAX));
            if let Some(Target::Web(address)) = &piece.target {
                links.push(Link { row: y, columns: from..x, address: address.clone() });
            }
        }
    }
    links
}
