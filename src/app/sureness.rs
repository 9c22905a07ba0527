//! How sure one is of an answer: asked once it is made.

use std::fmt::Write as _;

use super::World;
use super::sheet::{Sheet, piece, tick};
use crate::keymap::{Action, Context};
use crate::quiz::Confidence;
use crate::typeset::{Role, width};

/// `How sure are you?   1 sure   2 think so   3 a guess`
/// It is asked now, or was said.
pub(in crate::app) fn how_sure(
    (asking, at): (bool, Option<Confidence>),
    sheet: &mut Sheet,
    world: &World<'_>,
) {
    if !asking && at.is_none() {
        return;
    }
    sheet.gap();
    let first = sheet.lines.len();
    let question = piece("How sure are you?", if asking { Role::Strong } else { Role::Muted });
    let mut ways = Vec::new();
    for (confidence, action) in [
        (Confidence::Sure, Action::Sure),
        (Confidence::ThinkSo, Action::ThinkSo),
        (Confidence::Guess, Action::Guess),
    ] {
        let chosen = at == Some(confidence);
        let mut label = String::new();
        if let Some(chord) = world.keymap.chord(Context::Confidence, action).filter(|_| asking) {
            let _ = write!(label, "{} ", chord.label(world.settings.ascii));
        }
        let dot = tick(sheet, chosen, false);
        ways.push([
            piece(format!("   {label}"), Role::Key),
            piece(format!("{dot} "), if chosen { Role::Accent } else { Role::Muted }),
            piece(said(confidence), if chosen { Role::Strong } else { Role::Body }),
        ]);
    }
    let cells: usize = ways.iter().flatten().map(|piece| width(&piece.text)).sum();
    if width(&question.text) + cells <= sheet.measure() {
        sheet.pieces([question].into_iter().chain(ways.into_iter().flatten()));
    } else {
        sheet.pieces([question]);
        if cells <= sheet.measure() {
            sheet.pieces(ways.into_iter().flatten());
        } else {
            for way in ways {
                sheet.pieces(way);
            }
        }
    }
    if asking {
        sheet.focus_from(first);
    }
}

/// The next way of being sure in a direction; less sure is down.
pub(in crate::app) const fn neighbour(at: Option<Confidence>, down: bool) -> Confidence {
    match (at, down) {
        (None, true) | (Some(Confidence::ThinkSo | Confidence::Sure), false) => Confidence::Sure,
        (Some(Confidence::Sure), true) | (Some(Confidence::Guess), false) => Confidence::ThinkSo,
        _ => Confidence::Guess,
    }
}

/// How being sure is called.
pub(in crate::app) const fn said(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Sure => "sure",
        Confidence::ThinkSo => "think so",
        Confidence::Guess => "a guess",
    }
}
