//! HTML within Markdown: known tags have their effect, `<details>` folds, everything else stays
//! readable as dimmed source. Nothing is executed, fetched or dropped but comments.

use std::ops::Range;

use pulldown_cmark::{Event, Parser};

use super::comment::Comment;
use super::container::Container;
use super::inline::Builder;
use super::reader::Reader;
use super::source_map::Collected;
use super::{BlockKind, Inline, InlineKind, caps};
use crate::diagnostic::{Diagnostic, Span};
use crate::sanitize;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Text(&'t str),
    Tag(Tag<'t>),
    /// The inside of a comment.
    Comment(&'t str),
    /// A declaration, an instruction, a comment without an end.
    Other(&'t str),
}

/// A tag as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// In lower case.
    pub(super) name: String,
    pub(super) is_closing: bool,
    pub(super) is_self_closing: bool,
    pub(super) source: &'t str,
}

impl Tag<'_> {
    /// The value of an attribute, decoded and sanitised.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.source.get(1 + self.name.len()..)?;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
            let (key, after) = rest.split_at(end);
            let after = after.trim_start();
            let Some(value) = after.strip_prefix('=') else {
                if key.is_empty() {
                    return None;
                }
                rest = after;
                continue;
            };
            let (value, next) = value_of(value.trim_start());
            if key.eq_ignore_ascii_case(name) {
                return Some(sanitize::line(&decoded(value)).into_owned());
            }
            rest = next;
        }
    }
}

/// An attribute's value at the beginning of `text`, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    text.split_at(end)
}

/// The most bytes of a tag: a longer one is text, so that no input makes the search for its end
/// slow.
const TAG_BYTES: usize = 1024;

/// The pieces of `html` with their places; together they are all of it.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = (Range<usize>, Token<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        let (length, token) = token(rest);
        let range = at..at + length;
        at = range.end;
        Some((range, token))
    })
}

/// The first piece of `html`, which is not empty, and its length.
fn token(html: &str) -> (usize, Token<'_>) {
    if let Some((length, token)) = markup(html) {
        return (length, token);
    }
    // Text up to the next `<` that begins something.
    let mut end = html.chars().next().map_or(0, char::len_utf8);
    while let Some(next) = html.get(end..).and_then(|rest| rest.find('<')) {
        end += next;
        if html.get(end..).is_some_and(|rest| markup(rest).is_some()) {
            return (end, Token::Text(html.get(..end).unwrap_or(html)));
        }
        end += 1;
    }
    (html.len(), Token::Text(html))
}

/// The tag, comment or declaration at the beginning of `html`.
fn markup(html: &str) -> Option<(usize, Token<'_>)> {
    let rest = html.strip_prefix('<')?;
    let other = |terminator: &str| {
        let length = html.find(terminator).map_or(html.len(), |at| at + terminator.len());
        html.get(..length).map(|source| (length, Token::Other(source)))
    };
    if let Some(comment) = rest.strip_prefix("!--") {
        if let Some(length) =
            [">", "->"].iter().find_map(|end| comment.starts_with(end).then_some(4 + end.len()))
        {
            return Some((length, Token::Comment("")));
        }
        let Some((inside, _)) = comment.split_once("-->") else {
            return Some((html.len(), Token::Other(html)));
        };
        return Some((4 + inside.len() + 3, Token::Comment(inside)));
    }
    if rest.starts_with("![CDATA[") {
        return other("]]>");
    }
    if rest.starts_with('?') {
        return other("?>");
    }
    if rest
        .strip_prefix('!')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    {
        return other(">");
    }
    tag(html).map(|tag| (tag.source.len(), Token::Tag(tag)))
}

fn tag(html: &str) -> Option<Tag<'_>> {
    let rest = html.strip_prefix('<')?;
    let is_closing = rest.starts_with('/');
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name_length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_' | '.')))
        .filter(|&length| length < TAG_BYTES)?;
    let name = rest.get(..name_length)?.to_ascii_lowercase();
    let mut quote = None;
    for (at, b) in html.bytes().enumerate().take(TAG_BYTES).skip(1 + name_length) {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(open), _) if open == b => quote = None,
            (None, b'<') => return None,
            (None, b'>') => {
                let source = html.get(..=at)?;
                let is_self_closing = source.ends_with("/>");
                return Some(Tag { name, is_closing, is_self_closing, source });
            }
            _ => {}
        }
    }
    None
}

/// `text` with its entities decoded, by the Markdown parser's own table.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let name_length =
            after.bytes().take(32).take_while(|&b| b.is_ascii_alphanumeric() || b == b'#').count();
        let is_entity = name_length > 0 && after.as_bytes().get(name_length) == Some(&b';');
        let length = if is_entity { name_length + 1 } else { 0 };
        let (name, tail) = after.split_at(length);
        let entity = format!("&{name}");
        for event in Parser::new(&entity) {
            if let Event::Text(text) = event {
                out.push_str(&text);
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// What a tag does in running text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Marks what stands up to its end.
    Mark,
    /// Ends the line.
    Break,
    /// Stands for a picture.
    Image,
    /// Nothing that a terminal can show.
    Nothing,
    /// We do not know it.
    Unknown,
}

pub(super) fn effect(name: &str) -> Effect {
    match name {
        "sup" | "sub" | "kbd" | "b" | "strong" | "mark" | "i" | "em" | "u" | "ins" | "var"
        | "cite" | "dfn" | "code" | "samp" | "tt" | "del" | "s" | "strike" | "a" => Effect::Mark,
        "br" => Effect::Break,
        "img" => Effect::Image,
        "span" | "small" | "abbr" | "wbr" | "p" | "div" | "center" => Effect::Nothing,
        _ => Effect::Unknown,
    }
}

/// Whether the inside of such an element is not to be read as text with tags.
fn is_opaque(name: &str) -> bool {
    matches!(name, "script" | "style" | "pre" | "textarea" | "svg" | "math" | "title")
}

impl Reader<'_> {
    /// Reads an HTML block up to its end.
    pub(super) fn html_block(&mut self, span: Span, into: &mut Container) {
        let html = self.collect();
        Split { html: &html, span, start: 0, summary: false }.run(self, into);
    }

    /// The running text of a part of an HTML block.
    fn html_inlines(&mut self, html: &Collected, part: Range<usize>, whole: Span) -> Vec<Inline> {
        let source = html.text.get(part.clone()).unwrap_or("");
        let mut builder = Builder::new(0, false);
        for (range, token) in tokens(source) {
            let span = html.span(part.start + range.start, part.start + range.end, whole);
            match token {
                Token::Text(text) => html_text(&decoded(text), text, span, &mut builder),
                Token::Tag(tag) => builder.tag(&tag, span),
                Token::Comment(inside) => {
                    self.comment(inside, span);
                }
                Token::Other(source) => {
                    let source = sanitize::line(source).into_owned();
                    builder.push(InlineKind::Html(source), span);
                }
            }
        }
        builder.finish(self)
    }
}

/// Appends text whose line ends and indentation mean nothing.
fn html_text(text: &str, source: &str, span: Span, builder: &mut Builder) {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\r');
    let mut lines = text.split('\n').peekable();
    let mut is_first = true;
    while let Some(line) = lines.next() {
        if !is_first && !builder.is_at_line_start() {
            builder.push(InlineKind::SoftBreak, span);
        }
        let mut line = line;
        if !is_first || builder.is_at_line_start() {
            line = line.trim_start_matches(is_space);
        }
        if lines.peek().is_some() {
            line = line.trim_end_matches(is_space);
        }
        if !line.is_empty() {
            builder.text(line, span, source.contains(line));
        }
        is_first = false;
    }
}

/// An HTML block on its way to blocks.
struct Split<'h> {
    html: &'h Collected,
    span: Span,
    /// Where what was not handed on yet begins.
    start: usize,
    /// Whether that is a summary.
    summary: bool,
}

impl Split<'_> {
    fn run(mut self, reader: &mut Reader<'_>, into: &mut Container) {
        let html = &self.html.text;
        let opaque =
            tokens(html).any(|(_, token)| matches!(token, Token::Tag(tag) if is_opaque(&tag.name)));
        if !opaque {
            for (range, token) in tokens(html) {
                match token {
                    Token::Tag(tag) => self.tag(&tag, range, reader, into),
                    Token::Comment(inside) if !self.summary => {
                        self.flush(range.start, reader, into);
                        self.start = range.end;
                        let span = self.html.span(range.start, range.end, self.span);
                        comment(reader, inside, span, into);
                    }
                    Token::Other(source) if source.starts_with("<!--") => {
                        let span = self.html.span(range.start, range.end, self.span);
                        let what = "this comment has no end, so it swallows the rest of the text";
                        reader.report(
                            Diagnostic::error("unclosed-comment", "", span, what)
                                .hint("end it with `-->`"),
                        );
                    }
                    _ => {}
                }
            }
        }
        self.flush(html.len(), reader, into);
    }

    /// Handles a tag that stands between blocks; others belong to the text.
    fn tag(
        &mut self,
        tag: &Tag<'_>,
        range: Range<usize>,
        reader: &mut Reader<'_>,
        into: &mut Container,
    ) {
        let name = tag.name.as_str();
        let span = self.html.span(range.start, range.end, self.span);
        match (name, tag.is_closing) {
            ("summary", true) if self.summary => self.flush(range.start, reader, into),
            _ if self.summary => return,
            ("details", false) if into.nesting() < caps::NESTING => {
                self.flush(range.start, reader, into);
                into.open_details(span);
            }
            ("details", true) => {
                self.flush(range.start, reader, into);
                if !into.close_details(span.end) {
                    // It closes nothing: show it.
                    return;
                }
            }
            ("summary", false) => {
                self.flush(range.start, reader, into);
                self.summary = true;
            }
            ("hr", _) => {
                self.flush(range.start, reader, into);
                into.push(BlockKind::Rule, span);
            }
            ("p" | "div" | "center", _) => self.flush(range.start, reader, into),
            _ => return,
        }
        self.start = range.end;
    }

    /// Hands on what stands before byte `end`.
    fn flush(&mut self, end: usize, reader: &mut Reader<'_>, into: &mut Container) {
        let part = std::mem::replace(&mut self.start, end)..end;
        let is_summary = std::mem::take(&mut self.summary);
        let source = self.html.text.get(part.clone()).unwrap_or("");
        if source.trim().is_empty() {
            return;
        }
        let span = self.html.span(part.start, part.end, self.span);
        let unknown = |token| match token {
            Token::Tag(tag) => effect(&tag.name) == Effect::Unknown,
            Token::Other(_) => true,
            Token::Text(_) | Token::Comment(_) => false,
        };
        if !is_summary && tokens(source).any(|(_, token)| unknown(token)) {
            let lines = source.trim_matches('\n').trim_end();
            into.push(BlockKind::Html(sanitize::text(lines).into_owned()), span);
            return;
        }
        let mut inlines = reader.html_inlines(self.html, part, self.span);
        if is_summary {
            match into.set_summary(inlines, span.end) {
                Ok(()) => return,
                Err(summary) => inlines = summary,
            }
        }
        if !inlines.is_empty() {
            into.push(BlockKind::Paragraph(inlines), span);
        }
    }
}

/// A comment between blocks.
fn comment(reader: &mut Reader<'_>, inside: &str, span: Span, into: &mut Container) {
    match reader.comment(inside, span) {
        Comment::Alt(alt) => {
            if let Some(earlier) = into.set_alt(alt, span) {
                reader.report_lonely_alt(earlier);
            }
        }
        Comment::Id(id) => into.id = Some(id),
        Comment::Silent | Comment::NearMiss(_) => {}
    }
}
