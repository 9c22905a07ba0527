//! Running text: inlines flattened to one string with runs of roles, ready to be broken.

use crate::diagnostic::Span;
use crate::markdown::{Inline, InlineKind, Target};

use super::glyphs::{Glyphs, raised, subscript, superscript};
use super::page::Page;
use super::width::{clusters, width};
use super::wrap::Line;
use super::{LinkStyle, Piece, Role};

/// One string and what its parts are.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    text: String,
    runs: Vec<Run>,
}

/// A part of a flow with one role, up to where the next begins.
#[derive(Clone, Debug)]
struct Run {
    start: usize,
    role: Role,
    target: Option<Target>,
    span: Span,
}

impl Flow {
    /// The flow of `inlines`, whose plain text has `role`.
    pub(super) fn of(inlines: &[Inline], role: Role, page: &mut Page<'_>) -> Self {
        let mut setting = Setting {
            flow: Self::default(),
            glyphs: page.glyphs,
            ascii: page.settings.ascii,
            bare: page.settings.bare,
            references: match page.settings.links {
                LinkStyle::Numbered => Some(&mut *page.references),
                LinkStyle::Bare => None,
            },
        };
        setting.inlines(inlines, role, None);
        setting.flow
    }

    /// Appends text that came from `span`; tabs and line ends become blanks.
    pub(super) fn push(&mut self, text: &str, role: Role, target: Option<&Target>, span: Span) {
        if text.is_empty() {
            return;
        }
        self.runs.push(Run { start: self.text.len(), role, target: target.cloned(), span });
        if text.contains(['\n', '\t', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
            let blank = |c: char| {
                c.is_whitespace() && (c < ' ' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
            };
            self.text.extend(text.chars().map(|c| if blank(c) { ' ' } else { c }));
        } else {
            self.text.push_str(text);
        }
    }

    /// Ends the line here, whatever its length.
    pub(super) fn end_line(&mut self, span: Span) {
        let role = self.runs.last().map_or(Role::Body, |run| run.role);
        self.runs.push(Run { start: self.text.len(), role, target: None, span });
        self.text.push('\n');
    }

    /// Appends all of `other`.
    pub(super) fn append(&mut self, other: Self) {
        let by = self.text.len();
        self.text.push_str(&other.text);
        self.runs.extend(other.runs.into_iter().map(|run| Run { start: run.start + by, ..run }));
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The span of all of it.
    pub(super) fn whole_span(&self) -> Option<Span> {
        let (first, last) = (self.runs.first()?, self.runs.last()?);
        Some(Span::new(first.span.start, last.span.end.max(first.span.start)))
    }

    /// The index of the run that holds byte `at`.
    fn run_at(&self, at: usize) -> usize {
        self.runs.partition_point(|run| run.start <= at).saturating_sub(1)
    }

    fn run_end(&self, index: usize) -> usize {
        self.runs.get(index + 1).map_or(self.text.len(), |run| run.start)
    }

    /// Whether a run begins at byte `at`.
    pub(super) fn is_edge(&self, at: usize) -> bool {
        self.runs.get(self.run_at(at)).is_some_and(|run| run.start == at)
    }

    /// Whether the bytes before and after `at` are in one run of code.
    pub(super) fn is_code_at(&self, at: usize) -> bool {
        self.runs
            .get(self.run_at(at))
            .is_some_and(|run| run.start < at && matches!(run.role, Role::CodeSpan | Role::Code(_)))
    }

    /// The parts of `start..end` in one run each.
    fn parts(&self, start: usize, end: usize) -> impl Iterator<Item = (&str, &Run)> {
        let first = self.run_at(start);
        self.runs.iter().enumerate().skip(first).take_while(move |(_, run)| run.start < end).map(
            move |(index, run)| {
                (self.slice(run.start.max(start), self.run_end(index).min(end)), run)
            },
        )
    }

    /// The clusters of `start..end`; none reaches over the edge of a run, because runs are drawn
    /// one by one.
    pub(super) fn clusters(&self, start: usize, end: usize) -> impl Iterator<Item = (&str, usize)> {
        self.parts(start, end).flat_map(|(text, _)| clusters(text))
    }

    /// The cells of `start..end`.
    pub(super) fn cells(&self, start: usize, end: usize) -> usize {
        if self.slice(start, end).is_ascii() {
            return end.saturating_sub(start);
        }
        self.parts(start, end).map(|(text, _)| width(text)).sum()
    }

    /// The pieces of a line, neighbours of one kind merged.
    pub(super) fn pieces(&self, line: Line) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (text, run) in self.parts(line.start, line.end) {
            match pieces.last_mut() {
                Some(last) if last.role == run.role && last.target == run.target => {
                    push_shown(&mut last.text, text);
                }
                _ => {
                    let mut shown = String::with_capacity(text.len());
                    push_shown(&mut shown, text);
                    if !shown.is_empty() {
                        pieces.push(Piece {
                            text: shown,
                            role: run.role,
                            target: run.target.clone(),
                        });
                    }
                }
            }
        }
        if let Some(last) = pieces.last_mut().filter(|_| line.hyphen) {
            last.text.push('-');
        }
        pieces
    }

    /// The pieces of all of it.
    pub(super) fn all(&self) -> Vec<Piece> {
        self.pieces(Line { start: 0, end: self.text.len(), hyphen: false })
    }

    /// The cells that a line takes once it is drawn.
    pub(super) fn cells_shown(&self, line: Line) -> usize {
        self.cells(line.start, line.end) + usize::from(line.hyphen)
    }

    /// Lets every part that opens nothing open `target`.
    pub(super) fn lead_to(&mut self, target: &Target) {
        for run in &mut self.runs {
            run.target.get_or_insert_with(|| target.clone());
        }
    }

    /// The source of a line.
    pub(super) fn span(&self, line: Line) -> Span {
        let start = self.source(line.start);
        let last = line.end.saturating_sub(1).max(line.start);
        let end = if line.end > line.start { self.source(last) + 1 } else { start };
        // What stands for other characters may be longer than they are.
        let most = self.runs.get(self.run_at(last)).map_or(end, |run| run.span.end);
        Span::new(start, end.min(most).max(start))
    }

    /// The byte of the source that byte `at` came from.
    fn source(&self, at: usize) -> usize {
        self.runs.get(self.run_at(at)).map_or(0, |run| {
            (run.span.start + at.saturating_sub(run.start)).min(run.span.end.max(run.span.start))
        })
    }
}

/// Soft hyphens show only where a line breaks at them.
fn push_shown(shown: &mut String, text: &str) {
    if text.is_ascii() || !text.contains('\u{ad}') {
        shown.push_str(text);
    } else {
        shown.extend(text.chars().filter(|&c| c != '\u{ad}'));
    }
}

/// Inlines on their way into a flow.
struct Setting<'a> {
    flow: Flow,
    glyphs: &'static Glyphs,
    ascii: bool,
    bare: bool,
    references: Option<&'a mut Vec<String>>,
}

impl Setting<'_> {
    fn inlines(&mut self, inlines: &[Inline], role: Role, target: Option<&Target>) {
        for inline in inlines {
            self.inline(inline, role, target);
        }
    }

    fn inline(&mut self, inline: &Inline, role: Role, target: Option<&Target>) {
        let span = inline.span;
        match &inline.kind {
            InlineKind::Text(text) => self.flow.push(text, role, target, span),
            InlineKind::Code(text) => {
                self.marked("`", text, within(role, Role::CodeSpan), (target, span));
            }
            InlineKind::Emphasis(inner) => {
                self.inlines(inner, within(role, Role::Emphasis), target);
            }
            InlineKind::Strong(inner) => self.inlines(inner, within(role, Role::Strong), target),
            InlineKind::Strike(inner) => self.strike(inner, role, (target, span)),
            InlineKind::Superscript(inner) => {
                self.shifted(inner, role, (target, span), ("^", superscript));
            }
            InlineKind::Subscript(inner) => {
                self.shifted(inner, role, (target, span), ("_", subscript));
            }
            InlineKind::Key(inner) => self.key(inner, (target, span)),
            InlineKind::Link { target, inlines, .. } => self.link(target, inlines, role, span),
            InlineKind::Image { address, inlines, .. } => {
                self.image(address, inlines, (target, span));
            }
            InlineKind::SoftBreak => self.flow.push(" ", role, target, span),
            InlineKind::HardBreak => self.flow.end_line(span),
            InlineKind::Footnote { number, .. } => {
                let mark = raised(*number, self.ascii);
                self.flow.push(&mark, Role::Footnote, Some(&Target::Footnote(*number)), span);
            }
            InlineKind::Math { display, text } => self.math(*display, text, (target, span)),
            InlineKind::Html(text) => self.flow.push(text, Role::Muted, target, span),
        }
    }

    /// Text in a role of its own, between marks where no style will show it.
    fn marked(&mut self, mark: &str, text: &str, role: Role, (target, span): Place<'_>) {
        let mark = if self.bare { mark } else { "" };
        self.flow.push(mark, role, target, Span::new(span.start, span.start));
        self.flow.push(text, role, target, span);
        self.flow.push(mark, role, target, Span::new(span.end, span.end));
    }

    fn strike(&mut self, inner: &[Inline], role: Role, (target, span): Place<'_>) {
        let mark = if self.bare || self.ascii { "~~" } else { "" };
        self.flow.push(mark, Role::Strike, target, Span::new(span.start, span.start));
        self.inlines(inner, within(role, Role::Strike), target);
        self.flow.push(mark, Role::Strike, target, Span::new(span.end, span.end));
    }

    fn shifted(
        &mut self,
        inner: &[Inline],
        role: Role,
        (target, span): Place<'_>,
        (mark, shift): (&str, fn(&str) -> Option<String>),
    ) {
        let plain = match inner {
            [Inline { kind: InlineKind::Text(text), .. }] if !self.ascii => shift(text),
            _ => None,
        };
        if let Some(shifted) = plain {
            self.flow.push(&shifted, role, target, span);
        } else {
            self.flow.push(mark, role, target, Span::new(span.start, span.start));
            self.inlines(inner, role, target);
        }
    }

    fn key(&mut self, inner: &[Inline], (target, span): Place<'_>) {
        let (open, close) = if self.bare || self.ascii { ("[", "]") } else { ("", "") };
        self.flow.push(open, Role::Key, target, Span::new(span.start, span.start));
        self.inlines(inner, Role::Key, target);
        self.flow.push(close, Role::Key, target, Span::new(span.end, span.end));
    }

    fn link(&mut self, target: &Target, inner: &[Inline], role: Role, span: Span) {
        let end = Span::new(span.end, span.end);
        let address = address_of(target);
        let before = self.flow.text.len();
        let words = if matches!(target, Target::Refused(_)) { role } else { link_role(target) };
        self.inlines(inner, words, Some(target));
        if self.flow.text.len() == before {
            self.flow.push(&address, words, Some(target), span);
            return;
        }
        if matches!(target, Target::Refused(_)) {
            self.flow.push(&format!(" ({address})"), Role::Muted, None, end);
            return;
        }
        let spelled =
            self.flow.slice(before, self.flow.text.len()) == address.trim_start_matches("mailto:");
        let Some(references) = self.references.as_deref_mut() else { return };
        if spelled || !matches!(target, Target::Web(_) | Target::File { .. }) {
            return;
        }
        let known = references.iter().position(|known| *known == address);
        let index = known.unwrap_or_else(|| {
            references.push(address);
            references.len() - 1
        });
        self.flow.push(&format!("[{}]", index + 1), Role::Muted, Some(target), end);
    }

    fn image(&mut self, address: &str, inner: &[Inline], (target, span): Place<'_>) {
        let (start, end) = (Span::new(span.start, span.start), Span::new(span.end, span.end));
        let name = address.rsplit(['/', '\\']).next().unwrap_or(address);
        self.flow.push(self.glyphs.image, Role::Muted, target, start);
        self.inlines(inner, Role::Emphasis, target);
        let note =
            if name.is_empty() { " (picture)".to_owned() } else { format!(" (picture: {name})") };
        self.flow.push(&note, Role::Muted, target, end);
    }

    fn math(&mut self, display: bool, text: &str, (target, span): Place<'_>) {
        if display && !self.flow.is_empty() && !self.flow.text.ends_with('\n') {
            self.flow.end_line(Span::new(span.start, span.start));
        }
        self.flow.push(text.trim(), Role::Emphasis, target, span);
        if display {
            self.flow.end_line(Span::new(span.end, span.end));
        }
    }
}

/// What an inline opens, and where it came from.
type Place<'a> = (Option<&'a Target>, Span);

/// The role of `inner` text inside text of the role `outer`.
fn within(outer: Role, inner: Role) -> Role {
    use Role::{Body, CodeSpan, Correct, Emphasis, Muted, Partly, Strong, StrongEmphasis, Wrong};
    match (outer, inner) {
        (Emphasis, Strong) | (Strong, Emphasis) | (StrongEmphasis, Strong | Emphasis) => {
            StrongEmphasis
        }
        (Body | Emphasis | Strong | StrongEmphasis, _)
        | (Muted | Correct | Partly | Wrong, Strong | CodeSpan) => inner,
        _ => outer,
    }
}

fn link_role(target: &Target) -> Role {
    match target {
        Target::Fact(_) => Role::Fact,
        Target::Term(_) => Role::Term,
        Target::Footnote(_) | Target::FootnoteReference(_) => Role::Footnote,
        _ => Role::Link,
    }
}

/// The address of a link as a reader would type it.
fn address_of(target: &Target) -> String {
    match target {
        Target::Web(address) | Target::Refused(address) => address.clone(),
        Target::Fact(id) => format!("fact:{id}"),
        Target::Term(id) => format!("term:{id}"),
        Target::Anchor(anchor) => format!("#{anchor}"),
        Target::File { path, anchor } if anchor.is_empty() => path.clone(),
        Target::File { path, anchor } => format!("{path}#{anchor}"),
        Target::Footnote(_)
        | Target::FootnoteReference(_)
        | Target::Embed(_)
        | Target::Offer(_)
        | Target::Details(_) => String::new(),
    }
}
