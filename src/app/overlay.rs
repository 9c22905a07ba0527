//! A box over a screen: at most one, closed by the key that goes back.

use super::{Help, NoteEntry, Notes, Outline, PopUp, Request, Themes, World};
use crate::keymap::{Action, Context};

/// A box and its state.
#[derive(Debug)]
pub(crate) enum Overlay {
    /// The keys of this screen.
    Help(Help),
    /// The themes to choose from.
    Themes(Themes),
    /// The headings of the lesson.
    Outline(Outline),
    /// A fact or a term.
    PopUp(PopUp),
    /// Notes and bookmarks.
    Notes(Notes),
    /// A note being written.
    Note(NoteEntry),
}

impl Overlay {
    pub(super) const fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Themes(_) | Self::Notes(_) => Context::List,
            Self::Outline(_) => Context::Outline,
            Self::PopUp(_) => Context::PopUp,
            Self::Note(_) => Context::TextField,
        }
    }

    pub(super) fn act(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        match self {
            Self::Help(help) => help.act(action),
            Self::Themes(themes) => themes.act(action),
            Self::Outline(outline) => outline.act(action),
            Self::PopUp(pop_up) => pop_up.act(action),
            Self::Notes(notes) => notes.act(action, world),
            Self::Note(note) => note.act(action),
        }
    }

    pub(super) fn typed(&mut self, text: &str) -> Vec<Request> {
        if let Self::Note(note) = self {
            note.typed(text);
        }
        Vec::new()
    }

    /// What closing it without a choice undoes.
    pub(super) fn closed(self) -> Vec<Request> {
        match self {
            Self::Themes(themes) => themes.closed(),
            _ => Vec::new(),
        }
    }

    pub(super) fn settle(&mut self, world: &World<'_>) {
        match self {
            Self::Help(help) => help.settle(world.size),
            Self::Outline(outline) => outline.settle(world.size),
            Self::PopUp(pop_up) => pop_up.settle(world.size),
            Self::Notes(notes) => notes.settle(world),
            Self::Themes(_) | Self::Note(_) => {}
        }
    }
}
