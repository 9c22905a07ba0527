//! Footnotes with a way back, and the addresses of numbered links.
//!
//! ```text
//! ─────
//! ¹ What it says. ↩
//! ```

use crate::diagnostic::Span;
use crate::markdown::{Block, BlockKind, Target};

use super::glyphs::raised;
use super::inline::Flow;
use super::page::{Page, between};
use super::{Piece, Role, gap};

pub(super) fn set(page: &mut Page<'_>, number: usize, blocks: &[Block], span: Span) {
    let start = Span::new(span.start, span.start);
    if number == 1 {
        line(page, start);
    }
    let target = Target::FootnoteReference(number);
    let mark = format!("{} ", raised(number, page.settings.ascii));
    let hang = super::width(&mark);
    let first = Piece { text: mark, role: Role::Footnote, target: Some(target.clone()) };
    page.within(first, Piece::blank(hang), span, |page| {
        let end = Span::new(span.end, span.end);
        let way_back = |flow: &mut Flow, glyph: &str| {
            flow.push("\u{a0}", Role::Muted, None, end);
            flow.push(glyph, Role::Footnote, Some(&target), end);
        };
        let glyph = page.glyphs.back;
        let mut before: Option<&Block> = None;
        for (index, block) in blocks.iter().enumerate() {
            if let Some(before) = before {
                page.blank(gap(&before.kind, &block.kind), between(before.span, block.span));
            }
            before = Some(block);
            match &block.kind {
                BlockKind::Paragraph(inlines) if index + 1 == blocks.len() => {
                    let mut flow = Flow::of(inlines, Role::Body, page);
                    way_back(&mut flow, glyph);
                    page.flow(&flow);
                }
                _ => page.block(block),
            }
        }
        if !blocks.last().is_some_and(|last| matches!(last.kind, BlockKind::Paragraph(_))) {
            let mut flow = Flow::default();
            flow.push(glyph, Role::Footnote, Some(&target), end);
            page.flow(&flow);
        }
    });
}

/// `addresses` with their numbers from 1.
pub(super) fn references(page: &mut Page<'_>, addresses: &[String]) {
    let nowhere = Span::default();
    if !addresses.is_empty() {
        line(page, nowhere);
    }
    let digits = addresses.len().to_string().len();
    for (index, address) in addresses.iter().enumerate() {
        let mark = format!("{:>cells$} ", format!("[{}]", index + 1), cells = digits + 2);
        let hang = super::width(&mark);
        page.within(Piece::new(mark, Role::Muted), Piece::blank(hang), nowhere, |page| {
            let target = address.contains(':').then(|| Target::Web(address.clone()));
            let mut flow = Flow::default();
            flow.push(address, Role::Link, target.as_ref(), nowhere);
            page.flow(&flow);
        });
    }
}

/// The short line above notes.
fn line(page: &mut Page<'_>, span: Span) {
    let cells = page.safe_space().min(12);
    page.row(vec![Piece::new(page.glyphs.thin.repeat(cells), Role::Line)], span);
}
