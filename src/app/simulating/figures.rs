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
#[derive(Clone)]
struct Line {
    name: String,
    role: Role,
    cells: Vec<String>,
    /// How far the first cell may be off.
    off: String,
}

impl Line {
    /// What stands in the first column: the number, and how far it may be off.
    fn first(&self) -> String {
        self.cells.first().map_or_else(String::new, |cell| format!("{cell}{}", self.off))
    }
}

impl Simulating {
    /// Whether the numbers may be seen: the run that was predicted shows them at its end.
    pub(super) fn shows_numbers(&self) -> bool {
        let is_held = self.judged.is_some() || self.work.failed.is_some();
        self.start.predict.is_none() || (self.seen && is_held)
    }

    /// The table of numbers.
    pub(super) fn figures(&self, width: usize, ascii: bool) -> Vec<Row> {
        match self.lines(ascii) {
            Some(_) if !self.shows_numbers() => self.said_so_far(width),
            Some((lines, has)) => rows(lines, has, (width, ascii)),
            None => Vec::new(),
        }
    }

    /// Its first `most` lines without a head, as wide as those want: theory has a line of its own.
    pub(super) fn headless_figures(&self, most: usize, width: usize, ascii: bool) -> Vec<Row> {
        let Some((mut lines, (has_theory, has_before))) = self.lines(ascii) else {
            return Vec::new();
        };
        if has_theory {
            theory_below(&mut lines);
        }
        lines.truncate(most + 1);
        rows(lines, (false, has_before), (width, ascii)).into_iter().skip(1).collect()
    }

    /// The lines of the table under its head; whether they say what theory gives, and what was
    /// before.
    fn lines(&self, ascii: bool) -> Option<(Vec<Line>, (bool, bool))> {
        let ran = self.ran.as_ref()?;
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
            off: String::new(),
        }];
        for name in &names {
            lines.push(line(ran, before, name, (has_theory, ascii)));
            lines.extend(self.said_of(name));
        }
        Some((lines, (has_theory, before.is_some())))
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
        let text = match (self.seen, self.playback.is_playing()) {
            (true, _) => "The numbers are being computed.",
            (false, true) => "The numbers come at its end.",
            (false, false) => "The numbers come at the end.",
        };
        let mut row = Row::default();
        row.push(piece(fit(text, width), Role::Muted));
        lines.push(row);
        lines
    }

    /// What was said of the metric that is predicted.
    fn said_of(&self, name: &str) -> Option<Line> {
        let predict = self.start.predict.as_ref().filter(|predict| predict.metric == name)?;
        let said = predict.short_text(self.guess?.number);
        let name = "  you said".to_owned();
        Some(Line { name, role: Role::Accent, cells: vec![said], off: String::new() })
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
    let said = || -> (String, Option<String>) {
        let Some(definition) = ran.scenario.definition(name) else { return Default::default() };
        let estimate = ran.estimate.as_ref();
        if let Some(interval) = estimate.and_then(|estimate| estimate.intervals.get(name)) {
            return definition.said_with(interval, 1);
        }
        let alone = ran.metrics.get(name).map(|value| definition.said(*value));
        (alone.unwrap_or_default(), None)
    };
    let plain = |value: Option<f64>| {
        value.zip(ran.scenario.definition(name)).map_or_else(String::new, |(it, d)| d.said(it))
    };
    let (mean, off) = said();
    let sign = if ascii { "+-" } else { "±" };
    let off = off.map_or_else(String::new, |off| format!(" {sign} {off}"));
    let mut cells = vec![mean];
    if has_theory {
        cells.push(plain(ran.theory.get(name).copied()));
    }
    if let Some(before) = before {
        cells.push(plain(before.means().get(name).copied()));
    }
    Line { name: label(name), role: Role::Body, cells, off }
}

/// How wide each column is.
fn widths(lines: &[Line]) -> Vec<usize> {
    let columns = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let cell = |line: &Line, at: usize| match at {
        0 => width(&line.first()),
        at => line.cells.get(at).map_or(0, |cell| width(cell)),
    };
    let column = |at| lines.iter().map(|line| cell(line, at)).max().unwrap_or(0);
    (0..columns).map(column).collect()
}

/// Takes the column of theory away; of the number that matters most it stays, in a line of its own.
fn theory_below(lines: &mut Vec<Line>) {
    let theory = lines.get(1).and_then(|first| first.cells.get(1)).cloned();
    if let Some(theory) = theory.filter(|theory| !theory.is_empty()) {
        let said = lines.iter().skip(2).take_while(|line| line.name.starts_with(' ')).count();
        let (name, off) = ("  theory".to_owned(), String::new());
        lines.insert(2 + said, Line { name, role: Role::Muted, cells: vec![theory], off });
    }
    for line in lines.iter_mut().filter(|line| line.cells.len() > 1) {
        line.cells.remove(1);
    }
}

/// Brings the columns into the room: what numbers may be off goes first, then theory, then what
/// was before.
fn fitted(
    lines: &mut Vec<Line>,
    (has_theory, has_before): (bool, bool),
    room: usize,
) -> Vec<usize> {
    let longest = lines.iter().map(|line| width(&line.name)).max().unwrap_or(0);
    let names = longest.min(NAMES_LEAST);
    let fits = |wide: &[usize]| wide.iter().map(|cells| cells + GAP).sum::<usize>() + names <= room;
    let wide = widths(lines);
    if fits(&wide) {
        let taken: usize = wide.iter().map(|cells| cells + GAP).sum();
        if taken + longest > room {
            // Whole names say more than how far the lesser numbers may be off.
            lines.iter_mut().skip(2).for_each(|line| line.off = String::new());
        }
        return widths(lines);
    }
    if has_theory {
        theory_below(lines);
    }
    if has_before && !fits(&widths(lines)) {
        for line in lines.iter_mut() {
            line.off.clear();
        }
    }
    if !fits(&widths(lines)) {
        for line in lines.iter_mut() {
            line.cells.truncate(1);
        }
    }
    widths(lines)
}

/// The lines as rows: the names to the left, the numbers flush right.
fn rows(mut lines: Vec<Line>, has: (bool, bool), (room, ascii): (usize, bool)) -> Vec<Row> {
    let wide = fitted(&mut lines, has, room);
    let taken: usize = wide.iter().map(|cells| cells + GAP).sum();
    let names = lines.iter().map(|line| width(&line.name)).max().unwrap_or(0);
    let names = names.max(NAMES_LEAST).min(room.saturating_sub(taken));
    let row = |line: &Line| {
        let name = fit(&line.name, names);
        let name = if ascii { name.replace('…', "~") } else { name };
        let mut row = Row::default();
        let blank = names.saturating_sub(width(&name));
        let is_sub = line.name.starts_with(' ');
        row.push(piece(name, if is_sub { Role::Muted } else { Role::Body }));
        row.push(Piece::blank(blank));
        for (at, (cell, cells)) in line.cells.iter().zip(&wide).enumerate() {
            let off = if at == 0 { line.off.as_str() } else { "" };
            let taken = width(cell) + width(off);
            row.push(Piece::blank(GAP + cells.saturating_sub(taken)));
            let role = match (line.role, at) {
                (Role::Body, 0) => Role::Strong,
                (Role::Body, _) => Role::Muted,
                (role, _) => role,
            };
            row.push(piece(cell.clone(), role));
            row.push(piece(off, Role::Muted));
        }
        row
    };
    lines.iter().map(row).collect()
}
