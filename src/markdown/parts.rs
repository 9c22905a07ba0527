//! What stands inside blocks and pieces of running text: the one place that knows it of all kinds.

use super::{Block, BlockKind, Inline, InlineKind};

impl Block {
    /// The running texts of the block itself, in order; those of blocks inside it are theirs.
    pub fn texts(&self) -> Vec<&[Inline]> {
        match &self.kind {
            BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => vec![inlines],
            BlockKind::Details { summary, .. } => vec![summary],
            BlockKind::Table(table) => {
                table.header.iter().chain(table.rows.iter().flatten()).map(Vec::as_slice).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The blocks inside it: one slice for each item of a list, one for other containers.
    pub fn inner(&self) -> Vec<&[Self]> {
        match &self.kind {
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Details { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => vec![blocks],
            BlockKind::List(list) => list.items.iter().map(|item| item.blocks.as_slice()).collect(),
            _ => Vec::new(),
        }
    }
}

impl Inline {
    /// The pieces inside it.
    pub fn inner(&self) -> &[Self] {
        match &self.kind {
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Superscript(inner)
            | InlineKind::Subscript(inner)
            | InlineKind::Key(inner)
            | InlineKind::Link { inlines: inner, .. }
            | InlineKind::Image { inlines: inner, .. } => inner,
            InlineKind::Text(_)
            | InlineKind::Code(_)
            | InlineKind::SoftBreak
            | InlineKind::HardBreak
            | InlineKind::Footnote { .. }
            | InlineKind::Math { .. }
            | InlineKind::Html(_) => &[],
        }
    }

    /// As [`Inline::inner`], to change them.
    pub(super) fn inner_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.kind {
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Superscript(inner)
            | InlineKind::Subscript(inner)
            | InlineKind::Key(inner)
            | InlineKind::Link { inlines: inner, .. }
            | InlineKind::Image { inlines: inner, .. } => Some(inner),
            _ => None,
        }
    }
}
