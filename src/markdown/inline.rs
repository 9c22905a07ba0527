//! Running text: from parser events and from HTML to inlines.

use std::borrow::Cow;

use pulldown_cmark::{Event, LinkType, Tag};

use super::container::is_inline;
use super::html::{self, Token};
use super::reader::Reader;
use super::{Inline, InlineKind, caps, comment, link};
use crate::diagnostic::Span;
use crate::sanitize;

/// Running text as it was read.
#[derive(Default)]
pub(super) struct Run {
    pub(super) inlines: Vec<Inline>,
    /// The id that a comment in it gives.
    pub(super) id: Option<String>,
    /// The mark of a task before it.
    pub(super) checked: Option<bool>,
    /// Where the last event ended.
    pub(super) end: usize,
}

impl Reader<'_> {
    /// Reads running text up to the next end or block, `nesting` marks deep. Marks that are nested
    /// too deeply lose their effect; their text stays.
    pub(super) fn inlines(&mut self, nesting: usize) -> Run {
        let mut builder = Builder::new(nesting, self.links > 0);
        let mut run = Run::default();
        let mut flat = 0usize;
        while let Some((event, span)) = self.next() {
            match event {
                Event::End(_) if flat > 0 => flat -= 1,
                _ if is_inline(&event) => {}
                _ => {
                    self.put_back(event, span);
                    break;
                }
            }
            run.end = run.end.max(span.end);
            match event {
                Event::Start(_) if builder.nesting() >= caps::NESTING => flat += 1,
                Event::Start(tag) => {
                    let links = usize::from(matches!(tag, Tag::Link { .. } | Tag::Image { .. }));
                    self.links += links;
                    let inner = self.inlines(builder.nesting() + 1);
                    self.links -= links;
                    self.end();
                    run.id = inner.id.or(run.id);
                    let kind = self.marked(tag, inner.inlines, span);
                    builder.push(kind, span);
                }
                Event::InlineHtml(source) => {
                    self.inline_html(&source, span, &mut builder, &mut run);
                }
                Event::TaskListMarker(checked) => run.checked = Some(checked),
                event => self.leaf(event, span, &mut builder),
            }
        }
        run.inlines = builder.finish(self);
        run
    }

    fn leaf(&mut self, event: Event<'_>, span: Span, builder: &mut Builder) {
        match event {
            Event::Text(text) => {
                let is_verbatim = self.slice(span) == text.as_ref();
                builder.text(&text, span, is_verbatim);
            }
            Event::Code(text) => {
                let text = self.line(&text, span);
                builder.push(InlineKind::Code(text), span);
            }
            Event::InlineMath(text) if is_money(&text) => {
                for (number, line) in format!("${text}$").split('\n').enumerate() {
                    if number > 0 {
                        builder.push(InlineKind::SoftBreak, span);
                    }
                    builder.text(line.trim_end_matches('\r'), span, true);
                }
            }
            Event::InlineMath(text) => {
                let text = self.line(&text, span);
                builder.push(InlineKind::Math { display: false, text }, span);
            }
            Event::DisplayMath(text) => {
                let text = sanitize::text(&text).trim_matches('\n').to_owned();
                builder.push(InlineKind::Math { display: true, text }, span);
            }
            Event::FootnoteReference(label) => {
                let number = self.footnotes.mention(&label);
                let label = self.line(&label, span);
                builder.push(InlineKind::Footnote { number, label }, span);
            }
            Event::SoftBreak => builder.push(InlineKind::SoftBreak, span),
            Event::HardBreak => builder.push(InlineKind::HardBreak, span),
            _ => {}
        }
    }

    fn marked(&mut self, tag: Tag<'_>, inlines: Vec<Inline>, span: Span) -> InlineKind {
        match tag {
            Tag::Strong => InlineKind::Strong(inlines),
            Tag::Strikethrough => InlineKind::Strike(inlines),
            Tag::Superscript => InlineKind::Superscript(inlines),
            Tag::Subscript => InlineKind::Subscript(inlines),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.report_decoded(&dest_url, span);
                let is_bare_email =
                    link_type == LinkType::Email && !dest_url.starts_with("mailto:");
                let target = if is_bare_email {
                    link::target(&format!("mailto:{dest_url}"))
                } else {
                    link::target(&dest_url)
                };
                InlineKind::Link { target, title: self.line(&title, span), inlines }
            }
            Tag::Image { dest_url, title, .. } => {
                let address = self.line(&dest_url, span);
                InlineKind::Image { address, title: self.line(&title, span), inlines }
            }
            _ => InlineKind::Emphasis(inlines),
        }
    }

    /// One tag, comment or declaration within running text.
    fn inline_html(&mut self, source: &str, span: Span, builder: &mut Builder, run: &mut Run) {
        match html::tokens(source).next() {
            Some((range, Token::Tag(tag))) if range.len() == source.len() => {
                builder.tag(&tag, span);
            }
            Some((_, Token::Comment(inside))) => match self.comment(inside, span) {
                comment::Comment::Id(id) => run.id = Some(id),
                comment::Comment::Alt(_) => self.report_lonely_alt(span),
                _ => {}
            },
            _ => builder.push(InlineKind::Html(sanitize::line(source).into_owned()), span),
        }
    }

    /// Reads a comment and reports it if it nearly is a command.
    pub(super) fn comment(&mut self, inside: &str, span: Span) -> comment::Comment {
        let comment = comment::read(inside);
        if let comment::Comment::NearMiss(meant) = comment {
            self.report(comment::near_miss_diagnostic(meant, span));
        }
        comment
    }
}

/// Whether what stands between two `$` is no formula but text between two prices, as in
/// "$5/month or $10".
fn is_money(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['\\', '^', '_', '=', '{'])
}

/// Inlines of one level while they are collected: joins neighbouring text, pairs HTML tags.
pub(super) struct Builder {
    out: Vec<Inline>,
    text: String,
    text_span: Option<Span>,
    /// Whether `text` is just what the source has at its span.
    is_copy: bool,
    /// Pieces of `text` that the source writes otherwise and that hold controls.
    suspects: Vec<(Span, String)>,
    found: Vec<(Span, String)>,
    open: Vec<Open>,
    nesting: usize,
    /// Whether it stands within a link, where addresses are text.
    in_link: bool,
}

/// A tag whose end was not met yet; its source stands in the list until then.
struct Open {
    name: String,
    /// Its place in the list.
    at: usize,
    address: Option<String>,
    title: String,
}

impl Builder {
    pub(super) const fn new(nesting: usize, in_link: bool) -> Self {
        Self {
            out: Vec::new(),
            text: String::new(),
            text_span: None,
            is_copy: false,
            suspects: Vec::new(),
            found: Vec::new(),
            open: Vec::new(),
            nesting,
            in_link,
        }
    }

    /// How many marks are around the next inline.
    fn nesting(&self) -> usize {
        self.nesting + self.open.len()
    }

    /// Appends text; `is_verbatim` if the source has it just so.
    pub(super) fn text(&mut self, text: &str, span: Span, is_verbatim: bool) {
        if !is_verbatim && !sanitize::findings(text).is_empty() {
            self.suspects.push((span, text.to_owned()));
        }
        let follows = self.text_span.is_none_or(|all| self.is_copy && all.end == span.start);
        self.is_copy = is_verbatim && follows;
        self.text.push_str(text);
        self.text_span = Some(self.text_span.map_or(span, |all| Span::new(all.start, span.end)));
    }

    pub(super) fn push(&mut self, kind: InlineKind, span: Span) {
        self.flush();
        self.out.push(Inline { kind, span });
    }

    /// Whether a line's end would be the first thing in the list or follow another.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.text.is_empty()
            && self.out.last().is_none_or(|last| {
                matches!(last.kind, InlineKind::SoftBreak | InlineKind::HardBreak)
            })
    }

    fn flush(&mut self) {
        let Some(span) = self.text_span.take() else { return };
        let mut text = std::mem::take(&mut self.text);
        if let Cow::Owned(clean) = sanitize::text(&text) {
            self.found.append(&mut self.suspects);
            text = clean;
            self.is_copy = false;
        }
        self.suspects.clear();
        let in_link = self.in_link || self.open.iter().any(|open| open.name == "a");
        if !in_link && text.contains("://") {
            self.push_linked(&text, span);
        } else if !text.is_empty() {
            self.out.push(Inline { kind: InlineKind::Text(text), span });
        }
    }

    /// Appends `text` with each bare web address in it a link.
    fn push_linked(&mut self, text: &str, span: Span) {
        // Where the text is no copy of its source, all pieces have the place of the whole.
        let is_copy = self.is_copy && text.len() == span.end - span.start;
        let place = |start: usize, end: usize| {
            if is_copy { Span::new(start, end).shifted(span.start) } else { span }
        };
        let piece = |start: usize, end: usize| {
            let part = text.get(start..end).filter(|part| !part.is_empty())?;
            Some(Inline { kind: InlineKind::Text(part.to_owned()), span: place(start, end) })
        };
        let mut at = 0;
        while let Some(range) = text.get(at..).and_then(link::bare_address) {
            let (start, end) = (at + range.start, at + range.end);
            self.out.extend(piece(at, start));
            let target = link::target(text.get(start..end).unwrap_or(""));
            let inlines = piece(start, end).into_iter().collect();
            let kind = InlineKind::Link { target, title: String::new(), inlines };
            self.out.push(Inline { kind, span: place(start, end) });
            at = end;
        }
        self.out.extend(piece(at, text.len()));
    }

    /// Appends a tag: a known one has its effect, an unknown one stays as it is written.
    pub(super) fn tag(&mut self, tag: &html::Tag<'_>, span: Span) {
        let name = tag.name.as_str();
        match html::effect(name) {
            html::Effect::Break => return self.push(InlineKind::HardBreak, span),
            html::Effect::Image if !tag.is_closing => {
                let text = |name| tag.attribute(name).unwrap_or_default();
                let alt = InlineKind::Text(text("alt"));
                let inlines = vec![Inline { kind: alt, span }];
                let (address, title) = (text("src"), text("title"));
                return self.push(InlineKind::Image { address, title, inlines }, span);
            }
            html::Effect::Nothing => return,
            html::Effect::Mark if tag.is_closing && (self.close(name, span) || name == "a") => {
                return;
            }
            html::Effect::Mark if tag.is_closing => {}
            html::Effect::Mark if !tag.is_self_closing => {
                let address = tag.attribute("href");
                if name == "a" && address.is_none() {
                    return;
                }
                if self.nesting() < caps::NESTING {
                    self.flush();
                    let title = tag.attribute("title").unwrap_or_default();
                    let at = self.out.len();
                    self.open.push(Open { name: name.to_owned(), at, address, title });
                }
            }
            _ => {}
        }
        self.push(InlineKind::Html(sanitize::line(tag.source).into_owned()), span);
    }

    /// Wraps everything since the matching tag; false if there is none.
    fn close(&mut self, name: &str, span: Span) -> bool {
        let Some(place) = self.open.iter().rposition(|open| open.name == name) else {
            return false;
        };
        self.flush();
        // Tags opened since then and not closed stay as they are written.
        let Some(open) = self.open.drain(place..).next() else { return false };
        let inner: Vec<Inline> = self.out.drain(open.at + 1..).collect();
        let Some(start) = self.out.pop().map(|tag| tag.span.start) else { return false };
        let span = Span::new(start, span.end.max(start));
        match wrapped(open, inner) {
            Ok(kind) => self.out.push(Inline { kind, span }),
            Err(inner) => self.out.extend(inner),
        }
        true
    }

    /// The finished list, without white space at its end if it is the outermost.
    pub(super) fn finish(mut self, reader: &mut Reader<'_>) -> Vec<Inline> {
        self.flush();
        for (span, text) in &self.found {
            reader.report_decoded(text, *span);
        }
        if self.nesting == 0 {
            while let Some(last) = self.out.last_mut() {
                match &mut last.kind {
                    InlineKind::SoftBreak => {
                        self.out.pop();
                    }
                    InlineKind::Text(text) => {
                        text.truncate(text.trim_end_matches(' ').len());
                        if !text.is_empty() {
                            break;
                        }
                        self.out.pop();
                    }
                    _ => break,
                }
            }
        }
        self.out
    }
}

/// What a closed tag makes of what it holds; gives that back if it cannot hold it.
fn wrapped(open: Open, inner: Vec<Inline>) -> Result<InlineKind, Vec<Inline>> {
    Ok(match open.name.as_str() {
        "sup" => InlineKind::Superscript(inner),
        "sub" => InlineKind::Subscript(inner),
        "kbd" => InlineKind::Key(inner),
        "b" | "strong" | "mark" => InlineKind::Strong(inner),
        "del" | "s" | "strike" => InlineKind::Strike(inner),
        "code" | "samp" | "tt" => {
            let is_text = |inline: &Inline| {
                matches!(inline.kind, InlineKind::Text(_) | InlineKind::SoftBreak)
            };
            if !inner.iter().all(is_text) {
                return Err(inner);
            }
            InlineKind::Code(super::plain_text(&inner))
        }
        "a" => InlineKind::Link {
            target: link::target(&open.address.unwrap_or_default()),
            title: open.title,
            inlines: inner,
        },
        _ => InlineKind::Emphasis(inner),
    })
}

/// What stands before each line of a text that must not begin a block: white space to the rules of
/// emphasis, and no indentation to the rules of blocks.
const GUARD: char = '\u{A0}';

/// Reads a text of one paragraph, such as a choice or feedback: nothing in it is a heading, a list,
/// a quote or any other block, whatever it begins with. Its line ends are soft breaks, empty lines
/// hard ones. Use [`super::parse`] for texts that may hold blocks.
pub fn inlines(source: &str) -> Vec<Inline> {
    let trimmed = source.trim_start();
    let offset = source.len() - trimmed.len();
    let source = caps::head(trimmed.trim_end()).0;
    let guard = GUARD.len_utf8();
    let mut guarded = String::with_capacity(source.len() + 16);
    // Where the guards stand in the guarded text.
    let mut guards = Vec::new();
    for line in source.split_inclusive('\n') {
        guards.push(guarded.len());
        guarded.push(GUARD);
        guarded.push_str(line);
    }
    let mut reader = Reader::new(&guarded, 0);
    // The paragraph's start.
    reader.next();
    let mut inlines = reader.inlines(0).inlines;
    let unguarded = |at: usize| {
        let before = guards.partition_point(|&start| start < at);
        offset + at.saturating_sub(before * guard).min(source.len())
    };
    unguard(&mut inlines, &unguarded, true);
    inlines
}

/// Takes the guards out of the text, and out of the spans.
fn unguard(inlines: &mut Vec<Inline>, offset: &impl Fn(usize) -> usize, at_start: bool) {
    let mut at_line_start = at_start;
    for inline in inlines.iter_mut() {
        inline.span = Span::new(offset(inline.span.start), offset(inline.span.end));
        let was_at_line_start = at_line_start;
        at_line_start = false;
        match &mut inline.kind {
            InlineKind::Text(text) if was_at_line_start => {
                if let Some(rest) = text.strip_prefix(GUARD) {
                    *text = rest.to_owned();
                }
            }
            InlineKind::Code(text) | InlineKind::Math { text, .. } => {
                *text = text.replace(" \u{A0}", " ").replace("\n\u{A0}", "\n");
            }
            InlineKind::SoftBreak | InlineKind::HardBreak => at_line_start = true,
            _ => {
                if let Some(inner) = inline.inner_mut() {
                    unguard(inner, offset, was_at_line_start);
                }
            }
        }
    }
    inlines.retain(|inline| !matches!(&inline.kind, InlineKind::Text(text) if text.is_empty()));
    // An empty line was two line ends with a guard between them.
    let mut was_break = false;
    inlines.retain_mut(|inline| {
        let is_break = matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak);
        let keeps = !(is_break && was_break);
        was_break = is_break;
        keeps
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{BlockKind, Target, parse, plain_text};

    /// The inlines of a text's only paragraph, written with their marks.
    fn shown(source: &str) -> String {
        match parse(source).blocks.as_slice() {
            [block] => match &block.kind {
                BlockKind::Paragraph(inlines) => show(inlines),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        }
    }

    fn show(inlines: &[Inline]) -> String {
        let mark = |name: &str, inner: &[Inline]| format!("{name}({})", show(inner));
        let one = |inline: &Inline| match &inline.kind {
            InlineKind::Text(text) => text.clone(),
            InlineKind::Code(text) => format!("`{text}`"),
            InlineKind::Emphasis(inner) => mark("em", inner),
            InlineKind::Strong(inner) => mark("strong", inner),
            InlineKind::Strike(inner) => mark("del", inner),
            InlineKind::Superscript(inner) => mark("sup", inner),
            InlineKind::Subscript(inner) => mark("sub", inner),
            InlineKind::Key(inner) => mark("kbd", inner),
            InlineKind::Link { target, inlines, .. } => mark(&format!("{target:?}"), inlines),
            InlineKind::Image { inlines, .. } => mark("img", inlines),
            InlineKind::SoftBreak => "⏎".to_owned(),
            InlineKind::HardBreak => "⏎⏎".to_owned(),
            InlineKind::Footnote { number, .. } => format!("[{number}]"),
            InlineKind::Math { text, .. } => format!("math({text})"),
            InlineKind::Html(source) => format!("html({source})"),
        };
        inlines.iter().map(one).collect()
    }

    #[test]
    fn marks() {
        assert_eq!(shown("a *b **c*** ~~d~~ `e  f`"), "a em(b strong(c)) del(d) `e  f`");
        assert_eq!(shown("a\nb  \nc\\\nd<br>e"), "a⏎b⏎⏎c⏎⏎d⏎⏎e");
        assert_eq!(shown("![a *b*](c.png)"), "img(a em(b))");
        assert_eq!(shown("[a](fact:x.y)"), "Fact(\"x.y\")(a)");
        assert_eq!(shown("<me@x.org>"), "Web(\"mailto:me@x.org\")(me@x.org)");
    }

    #[test]
    fn known_tags_have_their_effect_and_unknown_ones_stay() {
        assert_eq!(shown("10<sup>**3**</sup> H<sub>2</sub>O"), "10sup(strong(3)) Hsub(2)O");
        assert_eq!(shown("<kbd>q</kbd> <b>b <i>i</i></b>"), "kbd(q) strong(b em(i))");
        assert_eq!(shown("a <x-y z=\"1\">b</x-y>"), "a html(<x-y z=\"1\">)bhtml(</x-y>)");
        assert_eq!(shown("a <b>b *c* d"), "a html(<b>)b em(c) d");
        assert_eq!(shown("a </b> <b><i>b</b>"), "a html(</b>) strong(html(<i>)b)");
        assert_eq!(shown("<a name=\"x\"></a>b <a href=\"#c\">c</a>"), "b Anchor(\"c\")(c)");
        assert_eq!(shown("a <img src=b.png alt='c &amp; d'>"), "a img(c & d)");
        assert_eq!(shown("<code>a b</code> <samp>*c*</samp>"), "`a b` em(c)");
    }

    #[test]
    fn comments_show_nothing() {
        assert_eq!(shown("a <!-- pause --> b"), "a  b");
        assert_eq!(shown("a <!-- anything -->"), "a");
    }

    #[test]
    fn bare_addresses_are_links() {
        assert_eq!(
            shown("see https://a.b/c, *https://d.e/f_g_h*."),
            "see Web(\"https://a.b/c\")(https://a.b/c), em(Web(\"https://d.e/f_g_h\")(https://d.e/f_g_h))."
        );
        assert_eq!(shown("[https://a.b](#c)"), "Anchor(\"c\")(https://a.b)");
        assert_eq!(shown("<a href='#c'>https://a.b</a>"), "Anchor(\"c\")(https://a.b)");
        let text = "ä https://a.b/c d https://e.f";
        let places: Vec<_> = inlines(text)
            .iter()
            .map(|i| text.get(i.span.start..i.span.end).unwrap().to_owned())
            .collect();
        assert_eq!(places, ["ä ", "https://a.b/c", " d ", "https://e.f"]);
    }

    #[test]
    fn prices_are_no_formulas() {
        assert_eq!(shown("$x^2$ and $$y$$"), "math(x^2) and math(y)");
        assert_eq!(shown("from $5/$ to"), "from $5/$ to");
        assert_eq!(shown("$0.20 and $0.40 a month"), "$0.20 and $0.40 a month");
    }

    #[test]
    fn texts_of_one_paragraph_are_no_blocks() {
        for text in [
            "1. first",
            "> 100 ms",
            "# 5",
            "- a",
            "+ 5",
            "a\n===",
            "    four",
            "<p>",
            "[^1]: x",
            "| a |\n|---|",
            "***",
            "10)",
        ] {
            let inlines = inlines(text);
            let words = text.trim();
            let html: String = inlines
                .iter()
                .map(|inline| match &inline.kind {
                    InlineKind::Html(source) => source.clone(),
                    InlineKind::SoftBreak => "\n".to_owned(),
                    _ => plain_text(std::slice::from_ref(inline)),
                })
                .collect();
            assert_eq!(html, if text == "<p>" { "" } else { words }, "{text}");
        }
        assert_eq!(show(&inlines("**a** _b_ `c\nd`\n\ne")), "strong(a) em(b) `c d`⏎e");
        assert!(inlines("").is_empty() && inlines("  \n ").is_empty());
    }

    #[test]
    fn spans_of_one_paragraph_are_of_its_text() {
        let text = "ab *c*\nd `e`";
        let all = inlines(text);
        let pieces: Vec<_> =
            all.iter().map(|i| text.get(i.span.start..i.span.end).unwrap()).collect();
        assert_eq!(pieces, ["ab ", "*c*", "\n", "d ", "`e`"]);
    }

    #[test]
    fn marks_nested_too_deeply_keep_their_text() {
        let deep = format!("{}x{}", "<b>".repeat(300), "</b>".repeat(300));
        assert!(shown(&deep).contains('x'));
        let deep = format!("{}x{}", "*a **b ".repeat(500), "** *".repeat(500));
        assert!(shown(&deep).contains('x'));
        let target = |inline: &Inline| match &inline.kind {
            InlineKind::Link { target, .. } => Some(target.clone()),
            _ => None,
        };
        let all = inlines("[a](javascript:x)");
        assert_eq!(all.first().and_then(target), Some(Target::Refused("javascript:x".into())));
    }
}
