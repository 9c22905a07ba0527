//! The picture of the run at the moment shown.

use super::Simulating;
use crate::app::frame::Area;
use crate::picture::{self, Body, Picture, Shown, View};
use crate::sim::Metrics;
use crate::sim::time::SimTime;
use crate::typeset::Row;

/// The picture; before the end of a run that was predicted it gives no numbers away.
pub(super) fn picture(simulating: &Simulating) -> Picture {
    let Some(ran) = &simulating.ran else { return Picture::default() };
    let shows = simulating.shows_numbers();
    let nothing = Metrics::new();
    let before = simulating.before.as_ref().filter(|_| simulating.comparing && shows);
    let before = before.map(super::Ran::means);
    picture::of(&Shown {
        scenario: &ran.scenario,
        history: &ran.history,
        at: SimTime::from_secs_f64(simulating.playback.at()),
        estimate: ran.estimate.as_deref().filter(|_| shows),
        theory: if shows { &ran.theory } else { &nothing },
        curve: ran.curve.as_deref().filter(|_| shows),
        before: before.as_ref(),
    })
}

/// A view in a place, drawn or as a table.
pub(super) fn rows(view: &View, area: Area, (as_table, ascii): (bool, bool)) -> Vec<Row> {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    if !as_table {
        return picture::set(view, width, height, ascii);
    }
    let (title, legend) = (view.title.clone(), Vec::new());
    let table = View { title, body: Body::Table(picture::table(view)), legend };
    picture::set(&table, width, height, ascii)
}
