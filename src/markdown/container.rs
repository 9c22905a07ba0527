//! Blocks that stand beside each other in one container, and the event that begins each of them.

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Tag};

use super::inline::Run;
use super::reader::Reader;
use super::{Block, BlockKind, CalloutKind, Embed, Inline, InlineKind, Target, caps, link};
use crate::diagnostic::{Diagnostic, Span};
use crate::sanitize;

/// A container while it is read.
#[derive(Default)]
pub(super) struct Container {
    /// What stands in it so far, outside open `<details>`.
    pub(super) blocks: Vec<Block>,
    /// `[ ]` or `[x]` before its first paragraph.
    pub(super) checked: Option<bool>,
    /// The id that a comment in it gives.
    pub(super) id: Option<String>,
    /// The words of a comment for the figure that should follow.
    alt: Option<(String, Span)>,
    /// The `<details>` that are open, outermost first.
    details: Vec<OpenDetails>,
    nesting: usize,
}

/// A `<details>` whose end was not met yet.
struct OpenDetails {
    span: Span,
    summary: Vec<Inline>,
    blocks: Vec<Block>,
}

impl Container {
    /// An empty one, with `nesting` containers around it.
    pub(super) fn new(nesting: usize) -> Self {
        Self { nesting, ..Self::default() }
    }

    /// How many containers are around the next block.
    pub(super) fn nesting(&self) -> usize {
        self.nesting + self.details.len()
    }

    pub(super) fn push(&mut self, kind: BlockKind, span: Span) {
        let blocks = match self.details.last_mut() {
            Some(details) => &mut details.blocks,
            None => &mut self.blocks,
        };
        blocks.push(Block { kind, span });
    }

    /// The blocks that nothing can change any more.
    pub(super) fn take_closed(&mut self) -> Vec<Block> {
        std::mem::take(&mut self.blocks)
    }

    pub(super) fn open_details(&mut self, span: Span) {
        self.details.push(OpenDetails { span, summary: Vec::new(), blocks: Vec::new() });
    }

    /// Sets the summary of the innermost `<details>`, which ends at byte `end`; gives it back if
    /// there is none.
    pub(super) fn set_summary(
        &mut self,
        summary: Vec<Inline>,
        end: usize,
    ) -> Result<(), Vec<Inline>> {
        match self.details.last_mut() {
            Some(details) if details.summary.is_empty() => {
                details.summary = summary;
                details.span.end = details.span.end.max(end);
                Ok(())
            }
            _ => Err(summary),
        }
    }

    /// Closes the innermost `<details>` at byte `end`; false if none is open.
    pub(super) fn close_details(&mut self, end: usize) -> bool {
        let Some(OpenDetails { span, summary, blocks }) = self.details.pop() else { return false };
        let span = Span::new(span.start, end.max(span.end));
        self.push(BlockKind::Details { summary, blocks }, span);
        true
    }

    /// Keeps the words for the figure that should follow; gives back those of an earlier comment
    /// that no figure followed.
    pub(super) fn set_alt(&mut self, alt: String, span: Span) -> Option<Span> {
        self.alt.replace((alt, span)).map(|(_, span)| span)
    }
}

impl<'a> Reader<'a> {
    /// Reads the blocks up to the end of the container that was begun.
    pub(super) fn children(&mut self, nesting: usize) -> Container {
        let mut container = Container::new(nesting);
        while self.sibling(&mut container) {}
        self.close(container)
    }

    /// Ends a container: what is still open in it ends with it.
    pub(super) fn close(&mut self, mut container: Container) -> Container {
        self.expect_figure(&mut container);
        while let Some(open) = container.details.last() {
            let span = open.span;
            self.report(
                Diagnostic::error("unclosed-details", "", span, "this `<details>` is never closed")
                    .hint("write `</details>` on a line of its own, after an empty line"),
            );
            let end = open.blocks.last().map_or(span.end, |block| block.span.end);
            container.close_details(end);
        }
        container
    }

    /// Reads the next block into `into`; false at the container's end.
    pub(super) fn sibling(&mut self, into: &mut Container) -> bool {
        let Some((event, span)) = self.next() else { return false };
        match event {
            Event::End(_) => return false,
            Event::Start(tag) if !is_mark(&tag) => self.block(tag, span, into),
            Event::Rule => self.put(into, BlockKind::Rule, span),
            Event::Html(_) => {}
            event => {
                // The text of a tight list's item has no paragraph around it.
                self.put_back(event, span);
                let run = self.inlines(0);
                let end = run.end.max(span.start);
                self.paragraph(run, Span::new(span.start, end), false, into);
            }
        }
        true
    }

    /// Puts a block that is no figure.
    fn put(&mut self, into: &mut Container, kind: BlockKind, span: Span) {
        self.expect_figure(into);
        into.push(kind, span);
    }

    /// Reports the words of a comment that no figure follows.
    fn expect_figure(&mut self, into: &mut Container) {
        if let Some((_, span)) = into.alt.take() {
            self.report_lonely_alt(span);
        }
    }

    pub(super) fn report_lonely_alt(&mut self, span: Span) {
        let what = "no figure follows these words";
        self.report(
            Diagnostic::error("alt-without-figure", "", span, what)
                .hint("put a fence ```text figure straight after the comment"),
        );
    }

    fn block(&mut self, tag: Tag<'a>, span: Span, into: &mut Container) {
        let is_container =
            matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_));
        if is_container && into.nesting() >= caps::NESTING {
            return self.cut_nesting(span, into);
        }
        match tag {
            Tag::Paragraph => {
                let run = self.inlines(0);
                self.end();
                self.paragraph(run, span, true, into);
            }
            Tag::Heading { level, .. } => self.heading(level, span, into),
            Tag::BlockQuote(kind) => self.quote(kind, span, into),
            Tag::List(start) => {
                let list = self.list(start, into.nesting() + 1);
                self.put(into, BlockKind::List(list), span);
            }
            Tag::Table(alignments) => {
                let table = self.table(&alignments);
                self.put(into, BlockKind::Table(table), span);
            }
            Tag::CodeBlock(kind) => self.code(&kind, span, into),
            Tag::HtmlBlock => self.html_block(span, into),
            Tag::FootnoteDefinition(label) => self.footnote(&label, span, into.nesting() + 1),
            // The parser has no other blocks with our options.
            _ => self.skip(),
        }
    }

    fn cut_nesting(&mut self, span: Span, into: &mut Container) {
        self.skip();
        let what = "the text is cut here: it is nested too deeply";
        let finding = Diagnostic::error("nested-too-deeply", "", span, what);
        let most = format!("at most {} lists and quotes fit into each other", caps::NESTING);
        self.report(finding.hint(most));
        let notice = "The text is cut here: it is nested too deeply.".to_owned();
        self.put(into, BlockKind::Notice(notice), span);
    }

    fn heading(&mut self, level: HeadingLevel, span: Span, into: &mut Container) {
        let inlines = self.inlines(0).inlines;
        self.end();
        let anchor = self.anchors.next(&super::plain_text(&inlines));
        self.put(into, BlockKind::Heading { level: level as u8, inlines, anchor }, span);
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>, span: Span, into: &mut Container) {
        let blocks = self.children(into.nesting() + 1).blocks;
        let kind = match kind {
            None => return self.put(into, BlockKind::Quote(blocks), span),
            Some(BlockQuoteKind::Note) => CalloutKind::Note,
            Some(BlockQuoteKind::Tip) => CalloutKind::Tip,
            Some(BlockQuoteKind::Important) => CalloutKind::Important,
            Some(BlockQuoteKind::Warning) => CalloutKind::Warning,
            Some(BlockQuoteKind::Caution) => CalloutKind::Caution,
        };
        self.put(into, BlockKind::Callout { kind, blocks }, span);
    }

    /// Puts running text, or the panel that a paragraph `alone` stands for.
    fn paragraph(&mut self, run: Run, span: Span, alone: bool, into: &mut Container) {
        into.checked = into.checked.or(run.checked);
        if let Some(id) = run.id {
            into.id = Some(id);
        }
        if run.inlines.is_empty() {
            return;
        }
        let embed = if alone { self.embed(&run.inlines, span) } else { None };
        let kind = embed.map_or_else(|| BlockKind::Paragraph(run.inlines), BlockKind::Embed);
        self.put(into, kind, span);
    }

    /// The file that a paragraph of these inlines shows: its one link to a `.toml`, or
    /// `{{#quiz path}}`.
    fn embed(&self, inlines: &[Inline], span: Span) -> Option<Embed> {
        if let [Inline { kind: InlineKind::Link { target, inlines: label, .. }, .. }] = inlines {
            return match target {
                Target::File { path, anchor } if link::is_toml(path) && anchor.is_empty() => {
                    Some(Embed::File { path: path.clone(), label: super::plain_text(label) })
                }
                _ => None,
            };
        }
        let directive = self.slice(span).trim().strip_prefix("{{#quiz")?.strip_suffix("}}")?;
        let path = directive.trim().trim_matches('"');
        if !directive.starts_with([' ', '\t']) || path.is_empty() || path.contains(['\n', '}']) {
            return None;
        }
        let path = sanitize::line(path).into_owned();
        Some(Embed::File { label: path.clone(), path })
    }

    fn code(&mut self, opening: &CodeBlockKind<'a>, span: Span, into: &mut Container) {
        let tags = match opening {
            CodeBlockKind::Fenced(tags) => tags.as_ref(),
            CodeBlockKind::Indented => "",
        };
        let mut words = into.alt.take();
        let kind = self.fence(tags, span, &mut words);
        if let Some((_, comment)) = words {
            self.report_lonely_alt(comment);
        }
        into.push(kind, span);
    }
}

/// Whether an event belongs to running text.
pub(super) const fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => is_mark(tag),
        Event::End(_) | Event::Rule | Event::Html(_) => false,
        _ => true,
    }
}

/// Whether a tag begins a mark within running text.
const fn is_mark(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}
