//! A text that is laid out where it is looked at: a place in it, the rows from there, and the way
//! from any byte of the source to its row and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::markdown::{Block, BlockKind, Document, Inline, InlineKind, Target};

use super::page::between;
use super::{Row, Settings, Supplements, gap, rows};

/// A row of a galley: the `row`-th of the `block`-th top-level block, the blank rows before the
/// block included. Places are in reading order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The index of the block in the document.
    pub block: usize,
    /// The index of the row in the block.
    pub row: usize,
}

/// A document at a measure. Blocks are laid out when they are first looked at.
#[derive(Clone, Debug)]
pub struct Galley {
    document: Arc<Document>,
    settings: Settings,
    supplements: Supplements,
    laid: BTreeMap<usize, Vec<Row>>,
    /// The last place that a change of layout gave, and the source it stands for: so that
    /// changing back gives the place from before.
    held: Option<(Place, Anchor)>,
}

/// A row by its source: the `nth` of those of `block` that begin at `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Anchor {
    block: usize,
    offset: usize,
    nth: usize,
}

impl Galley {
    /// A galley of which nothing is laid out yet.
    pub fn new(document: Arc<Document>, settings: Settings, supplements: Supplements) -> Self {
        Self { document, settings, supplements, laid: BTreeMap::new(), held: None }
    }

    /// What is laid out.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// How it is laid out.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is set beside the text.
    pub fn supplements(&self) -> &Supplements {
        &self.supplements
    }

    /// Changes the settings; gives the place that now shows what `top` showed. Changing back
    /// without moving in between gives `top` again.
    pub fn reset(&mut self, settings: Settings, top: Place) -> Place {
        self.relaid(top, |galley| galley.settings = settings)
    }

    /// Changes what stands beside the text, as [`Galley::reset`] does.
    pub fn supplement(&mut self, top: Place, change: impl FnOnce(&mut Supplements)) -> Place {
        self.relaid(top, |galley| change(&mut galley.supplements))
    }

    fn relaid(&mut self, top: Place, change: impl FnOnce(&mut Self)) -> Place {
        let anchor = match self.held {
            Some((place, anchor)) if place == top => anchor,
            _ => self.anchor(top),
        };
        change(self);
        self.laid.clear();
        let place = self.place_of_anchor(anchor);
        self.held = Some((place, anchor));
        place
    }

    /// The rows of one block with the blank rows before it; empty past the end.
    fn laid(&mut self, block: usize) -> &[Row] {
        if !self.laid.contains_key(&block) {
            let rows = self.lay(block);
            self.laid.insert(block, rows);
        }
        self.laid.get(&block).map_or(&[], Vec::as_slice)
    }

    fn lay(&self, index: usize) -> Vec<Row> {
        let Some(block) = self.document.blocks.get(index) else { return Vec::new() };
        if self.supplements.withheld.contains(&block.span.start) {
            return Vec::new();
        }
        let mut all = Vec::new();
        if let Some(before) = index.checked_sub(1).and_then(|index| self.document.blocks.get(index))
        {
            let span = between(before.span, block.span);
            let blank = Row { pieces: Vec::new(), span };
            all.resize(gap(&before.kind, &block.kind), blank);
        }
        all.append(&mut rows(block, &self.settings, &self.supplements));
        all
    }

    /// How many blocks are laid out at present.
    pub fn laid_blocks(&self) -> usize {
        self.laid.len()
    }

    /// Lays out what `height` rows from `top` on show, for [`Galley::view`].
    pub fn prepare(&mut self, top: Place, height: usize) {
        let mut needed = height + top.row;
        let mut block = top.block;
        while needed > 0 && block < self.document.blocks.len() {
            needed = needed.saturating_sub(self.laid(block).len());
            block += 1;
        }
    }

    /// The rows from `top` on, at most `height`, as far as they are laid out.
    pub fn view(&self, top: Place, height: usize) -> impl Iterator<Item = (Place, &Row)> {
        let blocks = top.block..self.document.blocks.len();
        blocks
            .map_while(|block| Some((block, self.laid.get(&block)?)))
            .flat_map(|(block, rows)| {
                rows.iter().enumerate().map(move |(row, laid)| (Place { block, row }, laid))
            })
            .skip(top.row)
            .take(height)
    }

    /// The rows from `top` on, at most `height`.
    pub fn window(&mut self, top: Place, height: usize) -> Vec<(Place, Row)> {
        self.prepare(top, height);
        self.view(top, height).map(|(place, row)| (place, row.clone())).collect()
    }

    /// `rows` further on (or back), but not past the page of `height` rows that ends the text.
    pub fn moved(&mut self, place: Place, rows: isize, height: usize) -> Place {
        let steps = rows.unsigned_abs();
        if rows <= 0 {
            return self.back(place, steps);
        }
        let end = self.end(height);
        let ahead = self.ahead(place, steps);
        // A place past the last page (after a change of size) stays where it is.
        ahead.min(end.max(place))
    }

    fn ahead(&mut self, place: Place, steps: usize) -> Place {
        let mut row = place.row + steps;
        let mut block = place.block;
        loop {
            let here = self.laid(block).len();
            if row < here {
                return Place { block, row };
            }
            if block + 1 >= self.document.blocks.len() {
                return Place { block, row: here.saturating_sub(1) };
            }
            row -= here;
            block += 1;
        }
    }

    fn back(&mut self, place: Place, mut steps: usize) -> Place {
        let mut at = place;
        while steps > at.row {
            let Some(block) = at.block.checked_sub(1) else { return Place::default() };
            steps -= at.row;
            at = Place { block, row: self.laid(block).len() };
        }
        Place { row: at.row - steps, ..at }
    }

    /// The top of the last page of `height` rows.
    pub fn end(&mut self, height: usize) -> Place {
        let Some(last) = self.document.blocks.len().checked_sub(1) else { return Place::default() };
        let past = Place { block: last, row: self.laid(last).len() };
        self.back(past, height.max(1))
    }

    /// Whether the page of `height` rows from `place` on shows the last row.
    pub fn is_last(&mut self, place: Place, height: usize) -> bool {
        self.end(height) <= place
    }

    /// The row that shows byte `offset` of the source; where nothing shows it, the next row.
    pub fn place_of(&mut self, offset: usize) -> Place {
        let block = self.block_of(offset);
        if self.laid(block).is_empty() {
            return self.ahead(Place { block, row: 0 }, 0);
        }
        self.place_of_anchor(Anchor { block, offset, nth: 0 })
    }

    /// The byte of the source at which the row at `place` begins.
    pub fn offset_of(&mut self, place: Place) -> usize {
        match self.held {
            Some((held, anchor)) if held == place => anchor.offset,
            _ => self.anchor(place).offset,
        }
    }

    fn anchor(&mut self, place: Place) -> Anchor {
        let start = self.document.blocks.get(place.block).map_or(0, |block| block.span.start);
        let rows = self.laid(place.block);
        let offset = rows.get(place.row).map_or(start, |row| row.span.start);
        let before = rows.iter().take(place.row).filter(|row| row.span.start == offset).count();
        Anchor { block: place.block, offset, nth: before }
    }

    fn place_of_anchor(&mut self, anchor: Anchor) -> Place {
        let block = anchor.block;
        let rows = self.laid(block);
        // The rows are in the order of the source, but for what stands at one place twice.
        let begin =
            rows.iter().map(|row| row.span.start).filter(|&start| start <= anchor.offset).max();
        let Some(begin) = begin else { return Place { block, row: 0 } };
        let mut same = rows.iter().enumerate().filter(|(_, row)| row.span.start == begin);
        let exact = if begin == anchor.offset { anchor.nth } else { 0 };
        let first = same.next().map_or(0, |(row, _)| row);
        let row = same.take(exact).last().map_or(first, |(row, _)| row);
        Place { block, row }
    }

    /// The block that shows byte `offset`: the last that begins at or before it, footnotes (which
    /// stand last) only if they hold it.
    fn block_of(&self, offset: usize) -> usize {
        let blocks = &self.document.blocks;
        let is_note = |block: &Block| matches!(block.kind, BlockKind::Footnote { .. });
        let notes = blocks.iter().rev().take_while(|block| is_note(block)).count();
        let flow = blocks.len() - notes;
        let holds = |block: &Block| (block.span.start..block.span.end).contains(&offset);
        if let Some(note) = blocks.iter().skip(flow).position(holds) {
            return flow + note;
        }
        let text = blocks.get(..flow).unwrap_or(blocks);
        let after = text.partition_point(|block| block.span.start <= offset);
        let found = after.saturating_sub(1);
        // The blank rows between two blocks belong to the second.
        let in_gap = text.get(found).is_some_and(|block| block.span.end <= offset) && after < flow;
        if in_gap { after } else { found }
    }

    /// Where a link inside the text leads: a heading, a footnote and back, a panel, an aside.
    pub fn place_of_target(&mut self, target: &Target) -> Option<Place> {
        self.offset_of_target(target).map(|offset| self.place_of(offset))
    }

    /// The byte of the source that a target inside the text leads to, shown or withheld.
    pub fn offset_of_target(&self, target: &Target) -> Option<usize> {
        Some(match target {
            Target::Anchor(anchor) => self.find(&|block| match &block.kind {
                BlockKind::Heading { anchor: here, .. } if here == anchor => Some(block.span.start),
                _ => None,
            })?,
            Target::Footnote(number) => self.find(&|block| match &block.kind {
                BlockKind::Footnote { number: here, .. } if here == number => {
                    Some(block.span.start)
                }
                _ => None,
            })?,
            Target::FootnoteReference(number) => self
                .find(&|block| block.texts().into_iter().find_map(|text| mention(text, *number)))?,
            Target::Embed(offset) | Target::Details(offset) => *offset,
            _ => return None,
        })
    }

    fn find(&self, wanted: &dyn Fn(&Block) -> Option<usize>) -> Option<usize> {
        find_in(&self.document.blocks, wanted)
    }
}

fn find_in(blocks: &[Block], wanted: &dyn Fn(&Block) -> Option<usize>) -> Option<usize> {
    blocks.iter().find_map(|block| {
        wanted(block)
            .or_else(|| block.inner().into_iter().find_map(|blocks| find_in(blocks, wanted)))
    })
}

/// Where the footnote of this number is mentioned.
fn mention(inlines: &[Inline], wanted: usize) -> Option<usize> {
    inlines.iter().find_map(|inline| match &inline.kind {
        InlineKind::Footnote { number, .. } if *number == wanted => Some(inline.span.start),
        _ => mention(inline.inner(), wanted),
    })
}
