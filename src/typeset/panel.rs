//! Panels: what can be opened, in a box; its words come from the caller.
//!
//! ```text
//! ╭ Simulation ── When does an environment go cold? ────────────╮
//! │ Keep-alive 5 min. Requests at random, one in 20 min.        │
//! ╰──────────────────────────────────────────────── ↵ predict ──╯
//! ```

use crate::diagnostic::Span;
use crate::markdown::{Code, Embed, Fence, Target};

use super::inline::Flow;
use super::page::Page;
use super::width::width;
use super::wrap::Line;
use super::{Panel, Piece, Role, Row, code};

pub(super) fn set(page: &mut Page<'_>, embed: &Embed, span: Span) {
    let supplements = page.supplements;
    match (embed, supplements.panels.get(&span.start)) {
        (Embed::Output(_), Some(panel)) => return withheld(page, panel, span),
        (_, Some(panel)) => return framed(page, panel, span),
        _ => {}
    }
    match embed {
        Embed::File { path, label } => {
            let panel =
                Panel { title: label.clone(), lines: vec![path.clone()], ..Panel::default() };
            framed(page, &panel, span);
        }
        Embed::Question(fence) | Embed::Scenario(fence) => source(page, "toml", fence, span),
        Embed::Output(fence) => source(page, "text", fence, span),
    }
}

/// A line with an offer in it: its title, its words as far as they fit, its action; where they do
/// not fit, title and action one below the other. It belongs to the last byte of the block above.
///
/// ```text
/// ── Know this already? 3 questions test you out. ────────────── t  test out ──
/// ```
pub(super) fn offer(page: &mut Page<'_>, panel: &Panel, above: Span) {
    let last = above.end.saturating_sub(1).max(above.start);
    let span = Span::new(last, last);
    let (space, [.., across, _]) = (page.safe_space(), page.glyphs.frame);
    let piece = |text: String, role| Piece { text, role, target: Some(Target::Offer(above.start)) };
    let words = panel.lines.join(" ");
    let action = format!(" {} ", panel.action);
    let lead = width(&panel.title) + 4;
    let tail = width(&action) + 2;
    let mut row = Row::default();
    page.blank(1, span);
    if lead + tail + 2 > space {
        let mut flow = Flow::default();
        flow.push(&panel.title, Role::PanelTitle, Some(&Target::Offer(above.start)), span);
        page.flow(&flow);
        row.push(piece(super::fit(&panel.action, space), Role::Accent));
        return page.row(row.pieces, span);
    }
    row.push(piece(format!("{} ", across.repeat(2)), Role::Panel));
    row.push(piece(format!("{} ", panel.title), Role::PanelTitle));
    let mut used = lead + tail;
    if !words.is_empty() && used + width(&words) + 3 <= space {
        row.push(piece(format!("{words} "), Role::Body));
        used += width(&words) + 1;
    }
    row.push(piece(across.repeat(space - used), Role::Panel));
    row.push(piece(action, Role::Accent));
    row.push(piece(across.repeat(2), Role::Panel));
    page.row(row.pieces, span);
}

/// What stands quietly in the place of a recorded result; there is nothing to open.
fn withheld(page: &mut Page<'_>, panel: &Panel, span: Span) {
    for line in &panel.lines {
        let mut flow = Flow::default();
        flow.push(line, Role::Muted, None, Span::new(span.start, span.start));
        page.within(Piece::blank(2), Piece::blank(2), span, |page| page.flow(&flow));
    }
}

/// The text of a fence as it stands in the file.
fn source(page: &mut Page<'_>, language: &str, fence: &Fence, span: Span) {
    code::set(page, &Code { language: language.to_owned(), text: fence.text.clone() }, span);
}

/// A box as wide as the page.
struct Frame {
    /// The cells between the two vertical lines.
    inside: usize,
    target: Target,
    span: Span,
}

fn framed(page: &mut Page<'_>, panel: &Panel, span: Span) {
    let start = Span::new(span.start, span.start);
    let target = Target::Embed(span.start);
    let Some(inside) = page.safe_space().checked_sub(2).filter(|&inside| inside >= 12) else {
        for (words, role) in words_of(panel) {
            let mut flow = Flow::default();
            flow.push(words, role, Some(&target), start);
            page.flow(&flow);
        }
        return;
    };
    let frame = Frame { inside, target, span: start };
    let titled = frame.top(page, panel);
    let title = Some(panel.title.as_str()).filter(|title| !titled && !title.is_empty());
    for (words, role) in title
        .map(|title| (title, Role::PanelTitle))
        .into_iter()
        .chain(panel.lines.iter().map(|line| (line.as_str(), Role::Body)))
    {
        frame.line(page, words, role);
    }
    frame.bottom(page, &panel.action);
}

fn words_of(panel: &Panel) -> impl Iterator<Item = (&str, Role)> {
    let lines = panel.lines.iter().map(|line| (line.as_str(), Role::Body));
    [(panel.kind.as_str(), Role::Panel), (panel.title.as_str(), Role::PanelTitle)]
        .into_iter()
        .chain(lines)
        .chain([(panel.action.as_str(), Role::Accent)])
}

impl Frame {
    fn piece(&self, text: impl Into<String>, role: Role) -> Piece {
        Piece { text: text.into(), role, target: Some(self.target.clone()) }
    }

    fn lines(&self, page: &Page<'_>, count: usize) -> Piece {
        let [.., horizontal, _] = page.glyphs.frame;
        self.piece(horizontal.repeat(count), Role::Panel)
    }

    /// The border above, with the kind, and with the title if both fit on it: says whether.
    fn top(&self, page: &mut Page<'_>, panel: &Panel) -> bool {
        let [left, right, ..] = page.glyphs.frame;
        let mut row = Row::default();
        row.push(self.piece(left, Role::Panel));
        let mut used = 0;
        let kind = if panel.kind.is_empty() { "" } else { panel.kind.as_str() };
        if !kind.is_empty() {
            let kind = super::fit(kind, self.inside.saturating_sub(4));
            used += width(&kind) + 2;
            row.push(self.piece(format!(" {kind} "), Role::Panel));
        }
        let join = if kind.is_empty() { 0 } else { 2 };
        let titled =
            !panel.title.is_empty() && used + join + width(&panel.title) + 3 <= self.inside;
        if titled {
            row.push(self.lines(page, join));
            row.push(self.piece(format!(" {} ", panel.title), Role::PanelTitle));
            used += join + width(&panel.title) + 2;
        }
        row.push(self.lines(page, self.inside - used));
        row.push(self.piece(right, Role::Panel));
        page.row(row.pieces, self.span);
        titled
    }

    /// Words inside, as many rows as they need.
    fn line(&self, page: &mut Page<'_>, words: &str, role: Role) {
        let [.., vertical] = page.glyphs.frame;
        let room = self.inside - 2;
        let mut flow = Flow::default();
        flow.push(words, role, Some(&self.target), self.span);
        let mut lines = super::table::Cell::new(room);
        super::wrap::wrap(&flow, &mut lines);
        if lines.lines.is_empty() {
            lines.lines.push(Line::default());
        }
        for line in lines.lines {
            let mut row = Row::default();
            row.push(self.piece(vertical, Role::Panel));
            row.push(self.piece(" ", Role::Body));
            let used: usize = flow.cells(line.start, line.end);
            for piece in flow.pieces(line) {
                row.push(piece);
            }
            row.push(self.piece(" ".repeat(room.saturating_sub(used) + 1), Role::Body));
            row.push(self.piece(vertical, Role::Panel));
            page.row(row.pieces, self.span);
        }
    }

    fn bottom(&self, page: &mut Page<'_>, action: &str) {
        let [_, _, left, right, ..] = page.glyphs.frame;
        let fits = !action.is_empty() && width(action) + 5 <= self.inside;
        if !fits && !action.is_empty() {
            self.line(page, action, Role::Accent);
        }
        let mut row = Row::default();
        row.push(self.piece(left, Role::Panel));
        if fits {
            row.push(self.lines(page, self.inside - width(action) - 4));
            row.push(self.piece(format!(" {action} "), Role::Accent));
            row.push(self.lines(page, 2));
        } else {
            row.push(self.lines(page, self.inside));
        }
        row.push(self.piece(right, Role::Panel));
        page.row(row.pieces, self.span);
    }
}
