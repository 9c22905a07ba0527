//! What can be opened in view: one after the other, with one of them in focus.

use super::{Reading, text_of};
use crate::app::{Effect, Request};
use crate::markdown::{Block, BlockKind, Target};
use crate::typeset::{Galley, Place};

/// A link, fact, term, panel or aside in view: all the pieces that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Focus {
    pub(super) target: Target,
    /// Rows and the pieces in them; never empty.
    pieces: Vec<(Place, usize)>,
}

impl Focus {
    pub(super) fn holds(&self, place: Place, piece: usize) -> bool {
        self.pieces.contains(&(place, piece))
    }

    /// Its first row.
    pub(super) fn place(&self) -> Place {
        self.pieces.first().map_or_else(Place::default, |(place, _)| *place)
    }

    /// Whether the next piece shows the same thing: beside its last piece, or at the begin of the
    /// row below where it broke.
    fn goes_on(&self, target: &Target, place: Place, piece: usize, begins_row: bool) -> bool {
        let Some(&(last, last_piece)) = self.pieces.last() else { return false };
        let boxed = matches!(target, Target::Embed(_) | Target::Details(_));
        self.target == *target
            && (boxed
                || (place == last && piece == last_piece + 1)
                || (place != last && begins_row && place.block == last.block))
    }
}

/// Everything in view that can be opened, in reading order.
pub(super) fn items(galley: &Galley, top: Place, height: usize) -> Vec<Focus> {
    let mut items: Vec<Focus> = Vec::new();
    let mut unbroken = false;
    for (place, row) in galley.view(top, height) {
        let mut begins_row = true;
        for (index, piece) in row.pieces.iter().enumerate() {
            let Some(target) = &piece.target else {
                if !piece.text.trim().is_empty() {
                    (begins_row, unbroken) = (false, false);
                }
                continue;
            };
            let at = (place, index);
            match items.last_mut() {
                Some(last) if last.goes_on(target, place, index, begins_row && unbroken) => {
                    last.pieces.push(at);
                }
                _ => items.push(Focus { target: target.clone(), pieces: vec![at] }),
            }
            (begins_row, unbroken) = (false, true);
        }
    }
    items
}

impl Reading {
    fn items(&self) -> Vec<Focus> {
        items(&self.galley, self.top, self.height)
    }

    /// Puts the next thing in view into focus, or the one before.
    pub(super) fn cycle(&mut self, direction: isize) -> Vec<Request> {
        let items = self.items();
        let now = self.focus.as_ref().and_then(|focus| items.iter().position(|i| i == focus));
        let next = match (now, direction) {
            (None, 1..) => 0,
            (None, _) => items.len().saturating_sub(1),
            (Some(at), 1..) => (at + 1) % items.len(),
            (Some(at), _) => (at + items.len() - 1) % items.len(),
        };
        self.focus = items.get(next).cloned();
        if self.focus.is_none() {
            return vec![Request::Say("Nothing in view can be opened.".to_owned())];
        }
        Vec::new()
    }

    /// The thing in focus if it is of the kind, else the next one in view that is: into focus.
    pub(super) fn focus_next(&mut self, wanted: fn(&Target) -> bool) -> Option<Target> {
        let items = self.items();
        let at = self.focus.as_ref().and_then(|focus| items.iter().position(|i| i == focus));
        let after = items.iter().skip(at.unwrap_or(0));
        let found = after.chain(&items).find(|item| wanted(&item.target))?.clone();
        self.focus = Some(found);
        self.focus.as_ref().map(|focus| focus.target.clone())
    }

    /// The first panel in view.
    pub(super) fn panel_in_view(&self) -> Option<Target> {
        let items = self.items().into_iter();
        items.map(|item| item.target).find(|target| matches!(target, Target::Embed(_)))
    }

    /// Drops a focus that went out of view, and finds its pieces again where they changed.
    pub(super) fn keep_focus_in_view(&mut self) {
        if let Some(focus) = self.focus.take() {
            let same = |item: &Focus| item.target == focus.target && item.place() == focus.place();
            let items = self.items();
            self.focus = items
                .iter()
                .find(|item| same(item))
                .or_else(|| {
                    // Scrolled so that only its lower rows are in view.
                    let rest = |item: &&Focus| focus.pieces.ends_with(&item.pieces);
                    items.iter().find(rest)
                })
                .cloned();
        }
    }

    /// Copies the address in focus, or the block in focus, or the first in view.
    pub(super) fn copy(&self) -> Vec<Request> {
        if let Some(Focus { target: Target::Web(address), .. }) = &self.focus {
            return vec![Request::Effect(Effect::Copy(address.clone()))];
        }
        let blocks = &self.galley.document().blocks;
        let focused = self.focus.as_ref().and_then(|focus| blocks.get(focus.place().block));
        let telling = |block: &&Block| {
            !matches!(block.kind, BlockKind::Heading { .. } | BlockKind::Rule | BlockKind::Embed(_))
        };
        let first = || self.visible_blocks().into_iter().find(telling);
        match focused.or_else(first) {
            Some(block) => vec![Request::Effect(Effect::Copy(text_of(block)))],
            None => vec![Request::Say("Nothing in view can be copied.".to_owned())],
        }
    }
}
