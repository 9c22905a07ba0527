//! Where in the source the text of a block of code or HTML came from: a container may indent each
//! of its lines, so that it is no slice of the source.

use crate::diagnostic::Span;

/// Text collected piece by piece, each with its place in the source.
#[derive(Default)]
pub(super) struct Collected {
    /// The whole text.
    pub(super) text: String,
    /// Offset in `text` and in the source, of each piece.
    pieces: Vec<(usize, usize)>,
}

impl Collected {
    /// Appends a piece that begins at `at` in the source.
    pub(super) fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }

    /// The place in the source of byte `offset` of the text.
    pub(super) fn source_offset(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|&(start, _)| start <= offset);
        match after.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(&(start, at)) => at + (offset - start),
            None => offset,
        }
    }

    /// The place in the source of a part of the text, within `whole`.
    pub(super) fn span(&self, start: usize, end: usize, whole: Span) -> Span {
        let start = self.source_offset(start).clamp(whole.start, whole.end);
        // The end belongs to the piece of the byte before it.
        let end = end.checked_sub(1).map_or(start, |last| self.source_offset(last) + 1);
        Span::new(start, end.clamp(start, whole.end))
    }

    /// Where each line of the text begins in the source.
    pub(super) fn line_starts(&self) -> Vec<usize> {
        let mut start = 0;
        self.text
            .split_inclusive('\n')
            .map(|line| {
                let at = self.source_offset(start);
                start += line.len();
                at
            })
            .collect()
    }
}
