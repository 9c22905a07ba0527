//! Blocks that hold blocks beside a bar: callouts, quotes, folded asides; and notices.
//!
//! ```text
//! ▌ ◇ Note                      ▏ a quote               ▸ Hint
//! ▌ What it says.
//! ```

use crate::diagnostic::Span;
use crate::markdown::{Block, CalloutKind, Inline, Target};

use super::inline::Flow;
use super::page::Page;
use super::{Piece, Role, glyphs};

pub(super) fn set(page: &mut Page<'_>, kind: CalloutKind, blocks: &[Block], span: Span) {
    let role = Role::Callout(kind);
    let bar = Piece::new(page.glyphs.bar, role);
    let (glyph, word) = glyphs::callout(kind, page.settings.ascii);
    page.within(bar.clone(), bar, span, |page| {
        page.words(&format!("{glyph} {word}"), role, Span::new(span.start, span.start));
        page.blocks(blocks, false);
    });
}

pub(super) fn quote(page: &mut Page<'_>, blocks: &[Block], span: Span) {
    let bar = Piece::new(page.glyphs.quote, Role::Marker);
    page.within(bar.clone(), bar, span, |page| page.blocks(blocks, false));
}

pub(super) fn details(page: &mut Page<'_>, summary: &[Inline], blocks: &[Block], span: Span) {
    let open = page.settings.unfold || page.supplements.unfolded.contains(&span.start);
    let target = Target::Details(span.start);
    let mark = if open { page.glyphs.unfolded } else { page.glyphs.folded };
    let hang = super::width(mark);
    let marker = Piece { text: mark.to_owned(), role: Role::Accent, target: Some(target.clone()) };
    page.within(marker, Piece::blank(hang), span, |page| {
        let mut flow = Flow::of(summary, Role::Strong, page);
        if flow.is_empty() {
            flow.push("Details", Role::Strong, None, Span::new(span.start, span.start));
        }
        flow.lead_to(&target);
        page.flow(&flow);
        if open {
            page.blank(1, Span::new(span.start, span.start));
            page.blocks(blocks, false);
        }
    });
}

pub(super) fn notice(page: &mut Page<'_>, text: &str, span: Span) {
    let mark = page.glyphs.notice;
    let hang = super::width(mark);
    page.within(Piece::new(mark, Role::Notice), Piece::blank(hang), span, |page| {
        page.words(text, Role::Notice, span);
    });
}
