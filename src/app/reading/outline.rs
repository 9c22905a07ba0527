//! The headings of a lesson, to look at and to go to.

use crate::app::frame::{self, Area};
use crate::app::{Listing, Request, Size};
use crate::keymap::Action;
use crate::markdown::{self, BlockKind, Document};

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 1 to 6.
    pub(crate) level: u8,
    /// Its words.
    pub(crate) text: String,
    /// The byte of the source at which it begins.
    pub(super) offset: usize,
    /// The index of its block.
    pub(super) block: usize,
}

/// The headings of a text that stand in no other block.
pub(super) fn headings(document: &Document) -> Vec<Heading> {
    let blocks = document.blocks.iter().enumerate();
    let headings = blocks.filter_map(|(block, b)| match &b.kind {
        BlockKind::Heading { level, inlines, .. } => Some(Heading {
            level: *level,
            text: markdown::plain_text(inlines),
            offset: b.span.start,
            block,
        }),
        _ => None,
    });
    headings.collect()
}

/// The outline, open to choose from.
#[derive(Debug)]
pub(crate) struct Outline {
    headings: Vec<Heading>,
    list: Listing,
    area: Area,
}

impl Outline {
    pub(super) fn new(headings: Vec<Heading>, selected: usize) -> Self {
        Self { headings, list: Listing::at(selected), area: Area::default() }
    }

    /// Where the headings stand, those in view, and which of these is chosen.
    pub(crate) fn view(&self) -> (Area, &[Heading], usize) {
        let headings = self.headings.get(self.list.top..).unwrap_or(&[]);
        (self.area, headings, self.list.selected.saturating_sub(self.list.top))
    }

    pub(in crate::app) fn act(&mut self, action: Action) -> Vec<Request> {
        let page = usize::from(self.area.height);
        if self.list.act(action, self.headings.len(), page) {
            return Vec::new();
        }
        let chosen = self.headings.get(self.list.selected);
        match (action, chosen) {
            (Action::Open | Action::Right, Some(heading)) => {
                vec![Request::Close, Request::Jump(heading.offset)]
            }
            (Action::Outline, _) => vec![Request::Close],
            _ => Vec::new(),
        }
    }

    pub(in crate::app) fn settle(&mut self, size: Size) {
        self.area = frame::page(size)
            .outline
            .unwrap_or_else(|| frame::boxed(size, frame::over_text(size), self.headings.len()));
        let (at, height) = (self.list.selected, usize::from(self.area.height));
        self.list.reveal(at, at + 1, self.headings.len(), height);
    }
}
