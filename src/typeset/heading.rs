//! Headings: weight and white space tell the levels apart; only the title carries a line.
//!
//! ```text
//! The first request pays
//! ━━━━━━━━━━━━━━━━━━━━━━
//! ```

use crate::diagnostic::Span;
use crate::markdown::Inline;

use super::inline::Flow;
use super::page::Page;
use super::wrap::extent;
use super::{Piece, Role};

pub(super) fn set(page: &mut Page<'_>, level: u8, inlines: &[Inline]) {
    let flow = Flow::of(inlines, Role::Heading(level), page);
    page.flow(&flow);
    let line = match level {
        1 => page.glyphs.heavy,
        _ if !page.settings.bare => return,
        2 => page.glyphs.thin,
        _ => page.glyphs.broken,
    };
    let Some(span) = flow.whole_span() else { return };
    let cells = extent(&flow).line.min(page.safe_space());
    page.row(vec![Piece::new(line.repeat(cells), Role::Line)], Span::new(span.end, span.end));
}

/// A thematic break: a short line in the middle.
pub(super) fn rule(page: &mut Page<'_>, span: Span) {
    let space = page.safe_space();
    let cells = (space / 3).max(1);
    let line = Piece::new(page.glyphs.thin.repeat(cells), Role::Line);
    page.row(vec![Piece::blank((space - cells) / 2), line], span);
}
