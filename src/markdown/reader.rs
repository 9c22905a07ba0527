//! The stream of parser events with its caps, and what one text keeps while it is read.

use std::collections::VecDeque;

use pulldown_cmark::{Event, OffsetIter, Options, Parser};

use super::anchor::Anchors;
use super::caps::{self, Cut};
use super::container::Container;
use super::footnote::Footnotes;
use super::{Block, BlockKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::sanitize;

/// The top-level blocks of a text, each read when it is asked for, so that a long text is shown
/// before its end was read. Footnote definitions come last.
pub struct Blocks<'a> {
    reader: Reader<'a>,
    top: Container,
    ready: VecDeque<Block>,
    stage: Stage,
}

/// How far the text was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Text,
    Footnotes,
    End,
}

impl<'a> Blocks<'a> {
    /// The blocks of a whole text. A byte-order mark at its beginning is skipped.
    pub fn new(source: &'a str) -> Self {
        let bom = if source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self::starting_at(source, bom)
    }

    /// The blocks of what follows byte `offset` of a text, as after front matter; all spans are of
    /// the whole text. An `offset` that is no character's boundary is moved back to one.
    pub fn starting_at(source: &'a str, offset: usize) -> Self {
        let ready = VecDeque::new();
        let top = Container::new(0);
        Self { reader: Reader::new(source, offset), top, ready, stage: Stage::Text }
    }

    /// What was found in the blocks taken so far, in the order of the source.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.reader.into_diagnostics()
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            if let Some(block) = self.ready.pop_front() {
                return Some(block);
            }
            match self.stage {
                Stage::Text => {
                    if self.reader.sibling(&mut self.top) {
                        self.ready.extend(self.top.take_closed());
                    } else {
                        let top = std::mem::take(&mut self.top);
                        self.ready.extend(self.reader.close(top).blocks);
                        self.ready.extend(self.reader.cut_notice());
                        self.stage = Stage::Footnotes;
                    }
                }
                Stage::Footnotes => match self.reader.next_footnote() {
                    Some(block) => return Some(block),
                    None => self.stage = Stage::End,
                },
                Stage::End => return None,
            }
        }
    }
}

/// Reads events; its methods for the constructs stand in the files named after them.
pub(super) struct Reader<'a> {
    /// The whole text, as far as it is read.
    pub(super) source: &'a str,
    offset: usize,
    cut: Option<Cut>,
    events: OffsetIter<'a>,
    peeked: Option<(Event<'a>, Span)>,
    taken: usize,
    /// How many links and images are open.
    pub(super) links: usize,
    pub(super) anchors: Anchors,
    pub(super) footnotes: Footnotes,
    diagnostics: Vec<Diagnostic>,
    silenced: usize,
}

/// CommonMark with GitHub's extensions. Never the metadata options, which make text between two
/// `---` lines vanish.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str, offset: usize) -> Self {
        let (head, cut) = caps::head(source);
        let offset = head.floor_char_boundary(offset.min(head.len()));
        let body = head.get(offset..).unwrap_or("");
        Self {
            source: head,
            offset,
            cut,
            events: Parser::new_ext(body, options()).into_offset_iter(),
            peeked: None,
            taken: 0,
            links: 0,
            anchors: Anchors::default(),
            footnotes: Footnotes::default(),
            diagnostics: Vec::new(),
            silenced: 0,
        }
    }

    /// The next event with its place in the whole text; none at the end or at the cap.
    pub(super) fn next(&mut self) -> Option<(Event<'a>, Span)> {
        if let Some(event) = self.peeked.take() {
            return Some(event);
        }
        if self.taken >= caps::EVENTS {
            return None;
        }
        let (event, range) = self.events.next()?;
        self.taken += 1;
        Some((event, Span::from(range).shifted(self.offset)))
    }

    /// The next event, left in its place.
    pub(super) fn peek(&mut self) -> Option<&(Event<'a>, Span)> {
        if self.peeked.is_none() {
            self.peeked = self.next();
        }
        self.peeked.as_ref()
    }

    /// Puts back the event that was just taken.
    pub(super) fn put_back(&mut self, event: Event<'a>, span: Span) {
        self.peeked = Some((event, span));
    }

    /// Takes the end that closes what was begun.
    pub(super) fn end(&mut self) {
        match self.next() {
            Some((Event::End(_), _)) | None => {}
            Some((event, span)) => self.put_back(event, span),
        }
    }

    /// Skips everything up to and with the end of what was begun.
    pub(super) fn skip(&mut self) {
        let mut open = 1usize;
        while open > 0 {
            match self.next() {
                Some((Event::Start(_), _)) => open += 1,
                Some((Event::End(_), _)) => open -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// The source at `span`.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.start..span.end).unwrap_or("")
    }

    /// Keeps a diagnostic, unless there are too many to be read by anyone.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < caps::DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else {
            self.silenced += 1;
        }
    }

    /// `text` on one line, sanitised. Controls that the source does not hold as such, but as
    /// entities, are reported.
    pub(super) fn line(&mut self, text: &str, span: Span) -> String {
        let clean = sanitize::line(text).into_owned();
        if clean != text {
            self.report_decoded(text, span);
        }
        clean
    }

    /// Reports what `text` holds of controls that the source at `span` does not.
    pub(super) fn report_decoded(&mut self, text: &str, span: Span) {
        let raw = self.slice(span);
        let hidden = sanitize::findings(text).into_iter().find(|&(_, c)| !raw.contains(c));
        if let Some((_, c)) = hidden {
            let what = format!("an entity stands for the control character U+{:04X}", u32::from(c));
            self.report(
                Diagnostic::error("control-character", "", span, what)
                    .hint("write the character's name or its picture instead"),
            );
        }
    }

    /// The notice that stands where the text was cut, if it was.
    fn cut_notice(&mut self) -> Option<Block> {
        let next = if self.taken >= caps::EVENTS { self.events.next() } else { None };
        let (at, cut) = match (next, self.cut) {
            (Some((_, range)), _) => (range.start + self.offset, Cut::Events),
            (None, Some(cut)) => (self.source.len(), cut),
            (None, None) => return None,
        };
        let why = cut.reason();
        let span = Span::new(at, self.source.len().max(at));
        let what = format!("the text is cut here: {why}");
        let finding = Diagnostic::error("text-too-long", "", span, what);
        self.report(finding.hint(cut.advice()));
        Some(Block { kind: BlockKind::Notice(format!("The text is cut here: {why}.")), span })
    }

    fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        let body = self.source.get(self.offset..).unwrap_or("");
        for (at, c) in sanitize::findings(body) {
            // A lone carriage return is a line's end.
            if c != '\r' {
                let span = Span::new(at, at + c.len_utf8()).shifted(self.offset);
                let what = format!("the invisible or control character U+{:04X}", u32::from(c));
                self.report(
                    Diagnostic::error("control-character", "", span, what).hint("remove it"),
                );
            }
        }
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        if let (1.., Some(last)) = (self.silenced, self.diagnostics.last()) {
            let what = format!("{} more findings in this text", self.silenced);
            let more = Diagnostic::warning("more-findings", "", last.span, what);
            self.diagnostics.push(more);
        }
        self.diagnostics
    }
}
