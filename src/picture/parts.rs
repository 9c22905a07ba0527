//! Views made in few words.

use super::{Axis, Bar, Body, Chart, Line, Stroke, Tone, View};
use crate::sim::metric::Unit;
use crate::sim::metric::said;
use crate::sim::time::as_f64;

pub(super) fn line(name: &str, tone: Tone, stroke: Stroke, points: Vec<(f64, f64)>) -> Line {
    Line { name: name.to_owned(), tone, stroke, points }
}

/// Lines and nothing else.
pub(super) const fn lines(x: Axis, y: Axis, lines: Vec<Line>) -> Chart {
    Chart { x, y, lines, levels: Vec::new(), places: Vec::new(), bands: Vec::new() }
}

pub(super) fn view(title: &str, body: Body) -> View {
    View { title: title.to_owned(), body, legend: Vec::new() }
}

pub(super) fn pair(title: &str, first: View, second: View) -> View {
    view(title, Body::Pair(Box::new((first, second))))
}

pub(super) fn bar(label: &str, parts: &[(u64, Tone)]) -> Bar {
    let parts = parts.iter().map(|&(count, tone)| (as_f64(count), tone)).collect();
    Bar { label: label.to_owned(), parts, note: None }
}

pub(super) fn legend(parts: &[(Tone, &str)]) -> Vec<(Tone, String)> {
    parts.iter().map(|&(tone, words)| (tone, words.to_owned())).collect()
}

/// A number of things, said.
pub(super) fn number(count: u64) -> String {
    said(Unit::Count, as_f64(count))
}

/// So many of something: `1 message`, `2 messages`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A moment or a span, said.
pub(super) fn seconds(seconds: f64) -> String {
    said(Unit::Seconds, seconds)
}
