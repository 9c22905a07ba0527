//! The numbers beside the picture: simulated, in theory, said before, run before.
//!
//! ```text
//!                      simulated    theory   before
//! share cold        77.9 % ± 0.4    77.9 %   22.1 %
//!   you said               100 %
//! latency p50             961 ms
//! ```

use super::{Ran, Simulating};
use crate::app::sheet::piece;
use crate::sim::metric::{TELLING, label};
use crate::typeset::{Piece, Role, Row, fit, width};

/// The most numbers shown beside a picture.
const MOST: usize = 8;
/// Between two columns.
const GAP: usize = 2;
/// The least that is left for the names.
const NAMES_LEAST: usize = 12;

/// A line of the table.
struct Line {
    name: String,
    role: Role,
    cells: Vec<String>,
}

impl Simulating {
    /// Whether the numbers may be seen: the run that was predicted shows them at its end.
    pub(super) fn shows_numbers(&self) -> bool {
        self.seen || self.start.predict.is_none()
    }

    /// The table of numbers.
    pub(super) fn figures(&self, width: usize, ascii: bool) -> Vec<Row> {
        let Some(ran) = &self.ran else { return Vec::new() };
        if !self.shows_numbers() {
            return self.said_so_far(width);
        }
        let before = self.before.as_ref().filter(|_| self.comparing);
        let names = self.names(ran);
        let has_theory = names.iter().any(|name| ran.theory.contains_key(name));
        let mut heads = vec![if ran.scenario.model.is_exact() { "exact" } else { "simulated" }];
        heads.extend(has_theory.then_some("theory"));
        heads.extend(before.map(|_| "before"));
        let mut lines = vec![Line {
            name: String::new(),
            role: Role::Muted,
            cells: heads.iter().map(|head| (*head).to_owned()).collect(),
        }];
        for name in &names {
            lines.push(line(ran, before, name, (has_theory, ascii)));
            lines.extend(self.said_of(name));
        }
        rows(&lines, width, ascii)
    }

    /// Before the end of the first run: what was said, and how to see more.
    fn said_so_far(&self, width: usize) -> Vec<Row> {
        let mut lines: Vec<Row> = Vec::new();
        if let Some(metric) = self.metric() {
            let mut head = Row::default();
            head.push(piece(fit(&label(&metric), width), Role::Strong));
            lines.push(head);
            if let Some(Line { name, cells, .. }) = self.said_of(&metric) {
                let mut row = Row::default();
                row.push(piece(format!("{name}  "), Role::Muted));
                row.push(piece(cells.concat(), Role::Body));
                lines.push(row);
            }
        }
        let text = if self.playback.is_playing() {
            "The numbers come at its end."
        } else {
            "The numbers come at the end."
        };
        let mut row = Row::default();
        row.push(piece(fit(text, width), Role::Muted));
        lines.push(row);
        lines
    }

    /// What was said of the metric that is predicted.
    fn said_of(&self, name: &str) -> Option<Line> {
        let predict = self.start.predict.as_ref().filter(|predict| predict.metric == name)?;
        let said = predict.text(self.guess?.number);
        Some(Line { name: "  you said".to_owned(), role: Role::Accent, cells: vec![said] })
    }

    /// The metrics worth showing: predicted, of the goals, the telling ones of the model.
    fn names(&self, ran: &Ran) -> Vec<String> {
        let goals = self.start.goals.iter().flat_map(|goal| &goal.when.comparisons);
        let wanted = self.metric().into_iter().chain(goals.map(|it| it.metric.clone()));
        let is_zero = |ran: &Ran, name: &str| ran.metrics.get(name).is_none_or(|it| *it == 0.0);
        let happens = |name: &&str| {
            !is_zero(ran, name) || self.before.as_ref().is_some_and(|it| !is_zero(it, name))
        };
        let telling = TELLING.into_iter().filter(happens).map(str::to_owned);
        let mut names: Vec<String> = Vec::new();
        for name in wanted.chain(telling).chain(ran.metrics.keys().cloned()) {
            if names.len() < MOST && !names.contains(&name) && ran.metrics.contains_key(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The metrics shown with what they mean.
    pub(super) fn meanings(&self) -> Vec<(String, String)> {
        let Some(ran) = &self.ran else { return Vec::new() };
        let meaning = |name: String| {
            let definition = ran.scenario.definition(&name)?;
            let unit = if definition.unit.is_empty() { "" } else { ", in " };
            Some((label(&name), format!("{}{unit}{}.", definition.meaning, definition.unit)))
        };
        self.names(ran).into_iter().filter_map(meaning).collect()
    }
}

fn line(ran: &Ran, before: Option<&Ran>, name: &str, (has_theory, ascii): (bool, bool)) -> Line {
    let said = |ran: &Ran| -> String {
        let Some(definition) = ran.scenario.definition(name) else { return String::new() };
        let estimate = ran.estimate.as_ref();
        match estimate.and_then(|estimate| estimate.intervals.get(name)) {
            Some(interval) => match definition.said_with(interval, 1) {
                (mean, Some(off)) => {
                    format!("{mean} {} {off}", if ascii { "+-" } else { "±" })
                }
                (mean, None) => mean,
            },
            None => ran.metrics.get(name).map_or_else(String::new, |it| definition.said(*it)),
        }
    };
    let plain = |value: Option<f64>| {
        value.zip(ran.scenario.definition(name)).map_or_else(String::new, |(it, d)| d.said(it))
    };
    let mut cells = vec![said(ran)];
    if has_theory {
        cells.push(plain(ran.theory.get(name).copied()));
    }
    if let Some(before) = before {
        cells.push(plain(before.means().get(name).copied()));
    }
    Line { name: label(name), role: Role::Body, cells }
}

/// The lines as rows: the names to the left, the numbers flush right; what has no room goes, the
/// last column first.
fn rows(lines: &[Line], room: usize, ascii: bool) -> Vec<Row> {
    let names = lines.iter().map(|line| width(&line.name)).max().unwrap_or(0);
    let columns = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let mut wide: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|line| line.cells.get(at)).map(|it| width(it)).max())
        .map(|cells| cells.unwrap_or(0))
        .collect();
    let taken = |wide: &[usize]| wide.iter().map(|cells| cells + GAP).sum::<usize>();
    while wide.len() > 1 && taken(&wide) + names.min(NAMES_LEAST) > room {
        wide.pop();
    }
    let names = names.max(NAMES_LEAST).min(room.saturating_sub(taken(&wide)));
    let row = |line: &Line| {
        let name = fit(&line.name, names);
        let name = if ascii { name.replace('…', "~") } else { name };
        let mut row = Row::default();
        let blank = names.saturating_sub(width(&name));
        let is_sub = line.name.starts_with(' ');
        row.push(piece(name, if is_sub { Role::Muted } else { Role::Body }));
        row.push(Piece::blank(blank));
        for (at, (cell, cells)) in line.cells.iter().zip(&wide).enumerate() {
            row.push(Piece::blank(GAP + cells.saturating_sub(width(cell))));
            let role = match (line.role, at) {
                (Role::Body, 0) => Role::Strong,
                (Role::Body, _) => Role::Muted,
                (role, _) => role,
            };
            row.push(piece(cell.clone(), role));
        }
        row
    };
    lines.iter().map(row).collect()
}
