//! Code: set off by an indent, long lines wrapped with a mark, coloured where colours are known.
//!
//! ```text
//!     def handler(event, context):
//!         return answer(event["a rather long name"],
//!   ↪ event["another"])
//! ```

use unicode_segmentation::GraphemeCursor;

use crate::diagnostic::Span;
use crate::markdown::Code;

use super::inline::Flow;
use super::page::Page;
use super::width::width;
use super::{Piece, Role, Syntax, glyphs};

pub(super) fn set(page: &mut Page<'_>, code: &Code, span: Span) {
    let supplements = page.supplements;
    let tokens = supplements.code.get(&span.start);
    let lines = Lines::of(code, span);
    let mut at = 0;
    for (index, line) in code.text.split('\n').enumerate() {
        let tokens = tokens.and_then(|lines| lines.get(index)).map_or(&[][..], Vec::as_slice);
        set_line(page, line, tokens, lines.span(index, at, line.len()));
        at += line.len() + 1;
    }
}

/// HTML that is not understood: its source, stepping back.
pub(super) fn html(page: &mut Page<'_>, text: &str, span: Span) {
    let mut at = span.start;
    for line in text.trim_end_matches('\n').split('\n') {
        let here = Span::new(at.min(span.end), (at + line.len()).min(span.end));
        if line.trim().is_empty() {
            page.blank(1, here);
        } else {
            let indent = line.len() - line.trim_start_matches(' ').len();
            let mut flow = Flow::default();
            flow.push(line.get(indent..).unwrap_or(line).trim_end(), Role::Muted, None, here);
            let blank = || Piece::blank(indent.min(8));
            page.within(blank(), blank(), here, |page| page.flow(&flow));
        }
        at += line.len() + 1;
    }
}

/// Where the lines of a block of code stand in the source, as far as its span tells.
struct Lines {
    /// The byte at which the text begins.
    first: usize,
    /// What a container puts before each line.
    indent: usize,
    end: usize,
}

impl Lines {
    fn of(code: &Code, span: Span) -> Self {
        let lines = code.text.split('\n').count();
        let fence = 3 + code.language.len() + 1;
        let extra =
            (span.end.saturating_sub(span.start)).saturating_sub(code.text.len() + fence + 4);
        Self { first: span.start + fence, indent: extra / (lines + 1), end: span.end }
    }

    fn span(&self, index: usize, at: usize, length: usize) -> Span {
        let start = (self.first + at + self.indent * (index + 1)).min(self.end);
        Span::new(start, (start + length).min(self.end))
    }
}

fn set_line(page: &mut Page<'_>, line: &str, tokens: &[(Syntax, usize)], span: Span) {
    let space = page.safe_space();
    let hang = super::width(page.glyphs.wrapped);
    let indent = if space >= 40 { 2 + hang } else { hang };
    if line.trim().is_empty() {
        page.blank(1, span);
        return;
    }
    let flow = coloured(page, line, tokens, span);
    let first = Piece::blank(indent);
    if page.safe_space() >= indent + width(flow.text()) {
        let mut pieces = vec![first];
        pieces.extend(flow.all());
        page.row(pieces, span);
        return;
    }
    let mark = format!("{:>indent$}", page.glyphs.wrapped);
    page.within(first, Piece::new(mark, Role::Marker), span, |page| page.flow(&flow));
}

/// The first end of a cluster at or after byte `at`: colours do not cut what is one character.
fn cluster_end(line: &str, at: usize) -> usize {
    let at = line.ceil_char_boundary(at);
    let mut cursor = GraphemeCursor::new(at, line.len(), true);
    match cursor.is_boundary(line, 0) {
        Ok(true) => at,
        _ => cursor.next_boundary(line, 0).ok().flatten().unwrap_or(line.len()),
    }
}

/// The tokens of a line as runs; what they do not cover is plain. Tabs reach to the next fourth
/// cell.
fn coloured(page: &Page<'_>, line: &str, tokens: &[(Syntax, usize)], span: Span) -> Flow {
    let mut flow = Flow::default();
    let (mut at, mut cells) = (0, 0);
    let rest = [(Syntax::Plain, line.len())];
    for &(syntax, length) in tokens.iter().chain(&rest) {
        let to = cluster_end(line, (at + length).min(line.len()));
        let text = line.get(at..to).unwrap_or("");
        let here = Span::new((span.start + at).min(span.end), (span.start + to).min(span.end));
        for (index, part) in text.split('\t').enumerate() {
            if index > 0 {
                let blanks = 4 - cells % 4;
                flow.push(&" ".repeat(blanks), Role::Code(syntax), None, here);
                cells += blanks;
            }
            cells += width(part);
            if page.settings.ascii && !part.is_ascii() {
                let plain: String = part.chars().map(glyphs::drawn_in_ascii).collect();
                flow.push(&plain, Role::Code(syntax), None, here);
            } else {
                flow.push(part, Role::Code(syntax), None, here);
            }
        }
        at = to;
    }
    flow
}
