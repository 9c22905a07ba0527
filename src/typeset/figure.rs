//! Figures: drawings in text, never wrapped. One that is too wide stands below its description,
//! with a window onto it that can be moved sideways; on paper, where nothing moves, the description
//! stands for it.

use crate::diagnostic::Span;

use super::page::Page;
use super::width::{clusters, width};
use super::{Piece, Role, glyphs};

pub(super) fn set(page: &mut Page<'_>, text: &str, alt: Option<&str>, span: Span) {
    let lines: Vec<String> = text.lines().map(|line| drawn(page, line)).collect();
    let wide = lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let space = page.safe_space();
    let start = Span::new(span.start, span.start);
    if wide <= space {
        for line in lines {
            page.row(vec![Piece::new(line, Role::Figure)], start);
        }
        return;
    }
    if let Some(alt) = alt {
        page.words(alt, Role::Muted, start);
    }
    if page.settings.unfold {
        on_paper(page, &lines, wide, alt.is_some(), start);
        return;
    }
    if alt.is_some() {
        page.blank(1, start);
    }
    let shift = page.supplements.shifts.get(&span.start).copied().unwrap_or(0).min(wide - space);
    for line in &lines {
        let seen = window(line, shift, space);
        page.row(vec![Piece::new(seen, Role::Figure)], start);
    }
    let [left, right] = page.glyphs.more;
    let left = if shift > 0 { left } else { " " };
    let right = if shift + space < wide { right } else { " " };
    let range = format!("{left} {}\u{2013}{} of {wide} {right}", shift + 1, shift + space);
    let range = if page.settings.ascii { range.replace('\u{2013}', "-") } else { range };
    page.words(&range, Role::Muted, start);
}

/// What is said about a drawing that is too wide; one without a description is given in pieces.
fn on_paper(page: &mut Page<'_>, lines: &[String], wide: usize, is_described: bool, span: Span) {
    if is_described {
        page.words(&format!("(A drawing that needs {wide} columns.)"), Role::Muted, span);
        return;
    }
    let mark = page.glyphs.wrapped;
    for line in lines {
        let rest = Piece::new(mark, Role::Marker);
        page.within(Piece::blank(0), rest, span, |page| page.words(line, Role::Figure, span));
    }
}

/// A line of a drawing in the alphabet of the page.
pub(super) fn drawn(page: &Page<'_>, line: &str) -> String {
    let line = line.replace('\t', "    ");
    if page.settings.ascii { line.chars().map(glyphs::drawn_in_ascii).collect() } else { line }
}

/// The part of `line` in the `cells` after the first `shift`; halved clusters become blanks.
fn window(line: &str, shift: usize, cells: usize) -> String {
    let mut seen = String::new();
    let (mut at, mut used) = (0, 0);
    for (cluster, wide) in clusters(line) {
        let (from, to) = (at, at + wide);
        at = to;
        if to < shift || (to == shift && wide > 0) {
            continue;
        }
        if to > shift + cells {
            break;
        }
        if from < shift {
            let half = to - shift;
            seen.extend(std::iter::repeat_n(' ', half));
            used += half;
        } else if used + wide <= cells {
            seen.push_str(cluster);
            used += wide;
        }
    }
    seen
}
