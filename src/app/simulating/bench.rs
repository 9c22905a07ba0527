//! Where everything stands once the run is there: views, summary, knobs, numbers.

use super::{Simulating, drawing};
use crate::app::frame::{self, Area};
use crate::app::sheet::{Sheet, field, piece};
use crate::app::{Size, World};
use crate::markdown;
use crate::picture::Picture;
use crate::typeset::{Measure, Piece, Role, Row, Settings, fit, width, wrap_inlines};

/// What is laid out of a run.
#[derive(Debug, Default)]
pub(crate) struct Bench {
    /// What is painted, each in its place.
    pub(crate) panes: Vec<Pane>,
    /// The parameter being typed.
    pub(crate) typing: Option<(Area, Sheet)>,
    /// How many views there are to go through.
    pub(super) views: usize,
    /// The first of them says what became of the prediction.
    pub(super) told_first: bool,
}

/// Rows in a place.
#[derive(Debug, Default)]
pub(crate) struct Pane {
    /// Where they stand.
    pub(crate) area: Area,
    /// The rows, at most as many as there is room for.
    pub(crate) rows: Vec<Row>,
    /// The row that the keys act on.
    pub(crate) selected: Option<usize>,
}

/// Left and right of everything.
const MARGIN: u16 = 2;
/// Fewer cells than this have no room for a picture.
const NARROWEST: Size = Size { width: 54, height: 14 };
/// From here on the numbers stand beside the picture.
const WIDE: Size = Size { width: 104, height: 24 };
/// Two views stand one above the other where each has so many rows.
const VIEW_LEAST: u16 = 9;
/// The most knobs in view at once.
const KNOBS_MOST: usize = 6;

/// What there is to look at in the place of the views.
enum Slot {
    /// What the run says of the prediction.
    Told,
    /// A view of the picture.
    View(usize),
}

impl Simulating {
    /// Lays out the run at the moment shown.
    pub(super) fn lay_bench(&mut self, world: &World<'_>) {
        let body = frame::chrome(world.size).body;
        let inner =
            Area { x: body.x + MARGIN, width: body.width.saturating_sub(2 * MARGIN), ..body };
        let picture = drawing::picture(self);
        let mut bench = Bench::default();
        if inner.width < NARROWEST.width || inner.height < NARROWEST.height {
            self.lay_text(inner, &picture, (&mut bench, world));
        } else if inner.width >= WIDE.width && inner.height >= WIDE.height {
            self.lay_wide(inner, &picture, (&mut bench, world));
        } else {
            self.lay_column(inner, &picture, (&mut bench, world));
        }
        self.bench = bench;
    }

    /// One below the other: a view, the summary, knobs beside a few numbers.
    fn lay_column(
        &mut self,
        inner: Area,
        picture: &Picture,
        (bench, world): (&mut Bench, &World<'_>),
    ) {
        let ascii = world.settings.ascii;
        let knobs = rows_of(self.start.controls.len().min(KNOBS_MOST));
        let strip = knobs.max(if inner.height >= 20 { 5 } else { 3 });
        let (above, below) = split(inner, inner.height.saturating_sub(strip + 1), 1);
        let (left, right) = beside(below, (below.width * 11 / 20).min(60), 3);
        self.lay_knobs(left, (bench, world));
        let rows = self.brief(right, ascii);
        bench.panes.push(Pane { area: right, rows, selected: None });
        let summary = self.summary(picture, above.width);
        let most = if above.height >= 14 { 2 } else { 1 };
        let lines = rows_of(summary.len()).min(most).max(1);
        let (views, words) = split(above, above.height.saturating_sub(lines + 1), 1);
        bench.panes.push(Pane {
            area: words,
            rows: told_of(summary, words, ascii),
            selected: None,
        });
        let mut slots = Vec::new();
        bench.told_first = self.has_told();
        slots.extend(self.has_told().then_some(Slot::Told));
        slots.extend((0..picture.views.len()).map(Slot::View));
        self.lay_views(views, (&slots, picture), (bench, world));
    }

    /// Views, summary and knobs at the left; numbers, verdict and goals at the right.
    fn lay_wide(
        &mut self,
        inner: Area,
        picture: &Picture,
        (bench, world): (&mut Bench, &World<'_>),
    ) {
        let ascii = world.settings.ascii;
        let right = (inner.width * 2 / 5).clamp(40, 56);
        let (left, right) = beside(inner, inner.width - right - 5, 5);
        let knobs = rows_of(self.start.controls.len().min(KNOBS_MOST)).max(2);
        let (above, below) = split(left, left.height.saturating_sub(knobs + 1), 1);
        self.lay_knobs(below, (bench, world));
        let summary = self.summary(picture, above.width);
        let lines = rows_of(summary.len()).clamp(1, 3);
        let (views, words) = split(above, above.height.saturating_sub(lines + 1), 1);
        bench.panes.push(Pane {
            area: words,
            rows: told_of(summary, words, ascii),
            selected: None,
        });
        let slots: Vec<Slot> = (0..picture.views.len()).map(Slot::View).collect();
        self.lay_views(views, (&slots, picture), (bench, world));
        let figures = self.figures(usize::from(right.width), ascii);
        let height = rows_of(figures.len()).min(right.height);
        let (numbers, told) = split(right, height, 1);
        bench.panes.push(Pane { area: numbers, rows: clipped(figures, numbers), selected: None });
        let rows = self.told_rows(told, ascii);
        bench.panes.push(Pane { area: told, rows, selected: None });
    }

    /// No room for pictures: what they say, in words.
    fn lay_text(
        &mut self,
        inner: Area,
        picture: &Picture,
        (bench, world): (&mut Bench, &World<'_>),
    ) {
        let ascii = world.settings.ascii;
        if self.typing.is_some() {
            return self.lay_knobs(inner, (bench, world));
        }
        let laid = |told: &dyn Fn(&mut Sheet)| -> Vec<Row> {
            let mut sheet = Self::paper(inner, ascii);
            told(&mut sheet);
            sheet.lines.into_iter().map(|line| line.row).collect()
        };
        // The verdict comes first, what explains it last; once something was turned the numbers
        // need the room.
        let fresh = self.before.is_none();
        let mut rows = if fresh { laid(&|sheet| self.tell_verdict(sheet)) } else { Vec::new() };
        rows.extend(self.summary(picture, inner.width));
        rows.push(Row::default());
        let knobs = self.knob_rows(usize::from(inner.width), ascii);
        let first = rows.len();
        rows.extend(knobs);
        rows.push(Row::default());
        rows.extend(self.figures(usize::from(inner.width), ascii));
        let told = laid(&|sheet| if fresh { self.explain(sheet) } else { self.tell(sheet) });
        if !told.is_empty() {
            rows.push(Row::default());
            rows.extend(told);
        }
        self.looking.top =
            self.looking.top.min(rows.len().saturating_sub(usize::from(inner.height)));
        let selected = (first + self.selected).checked_sub(self.looking.top);
        let rows =
            rows.into_iter().skip(self.looking.top).take(usize::from(inner.height)).collect();
        bench.panes.push(Pane { area: inner, rows, selected });
    }

    /// One view, or two where there is room, with their titles.
    fn lay_views(
        &mut self,
        area: Area,
        (slots, picture): (&[Slot], &Picture),
        (bench, world): (&mut Bench, &World<'_>),
    ) {
        bench.views = slots.len();
        if slots.is_empty() {
            return;
        }
        self.looking.view %= slots.len();
        let double = area.height >= 2 * (VIEW_LEAST + 1) && slots.len() > 1;
        let (first, second) = if double {
            let (first, second) = split(area, (area.height - 1) / 2, 1);
            (first, Some(second))
        } else {
            (area, None)
        };
        let places = std::iter::once(first).chain(second).enumerate();
        for (index, place) in places {
            let at = (self.looking.view + index) % slots.len();
            let Some(slot) = slots.get(at) else { continue };
            let count = (slots.len() > 1).then(|| format!("{} of {}", at + 1, slots.len()));
            self.lay_view(place, (slot, picture, count), (bench, world));
        }
    }

    fn lay_view(
        &mut self,
        area: Area,
        (slot, picture, count): (&Slot, &Picture, Option<String>),
        (bench, world): (&mut Bench, &World<'_>),
    ) {
        let ascii = world.settings.ascii;
        let (head, place) = split(area, 1, 0);
        let (title, rows) = match slot {
            Slot::Told => {
                let title = if self.guess.is_some() { "Your prediction" } else { "To reach" };
                (title.to_owned(), self.told_rows(place, ascii))
            }
            Slot::View(index) => match picture.views.get(*index) {
                Some(view) => {
                    (view.title.clone(), drawing::rows(view, place, (self.looking.as_table, ascii)))
                }
                None => (String::new(), Vec::new()),
            },
        };
        let title = headline(&title, count.as_deref(), usize::from(head.width), ascii);
        bench.panes.push(Pane { area: head, rows: vec![title], selected: None });
        bench.panes.push(Pane { area: place, rows: clipped(rows, place), selected: None });
    }

    fn paper(area: Area, ascii: bool) -> Sheet {
        let settings = Settings { measure: Measure(area.width), ascii, ..Settings::default() };
        Sheet::new(settings, usize::from(area.height))
    }

    /// Verdict and goals as far as they are in view.
    fn told_rows(&mut self, area: Area, ascii: bool) -> Vec<Row> {
        let mut sheet = Self::paper(area, ascii);
        if self.has_told() {
            self.tell(&mut sheet);
        } else {
            self.goals(&mut sheet);
        }
        let height = usize::from(area.height);
        self.looking.top = self.looking.top.min(sheet.lines.len().saturating_sub(height));
        sheet.lines.into_iter().skip(self.looking.top).take(height).map(|line| line.row).collect()
    }

    /// A few numbers and the goals, for a narrow place.
    fn brief(&self, area: Area, ascii: bool) -> Vec<Row> {
        let (room, height) = (usize::from(area.width), usize::from(area.height));
        let mut figures = self.figures(room, ascii);
        // The number that was predicted, what was said of it, and the goals come first; the head of
        // the table is for those who have room, or two columns.
        let alone = self.shows_numbers() && !(self.comparing && self.before.is_some());
        let least = figures.len().min(if alone { 2 } else { 3 });
        let goals = self.goal_lines(&Self::paper(area, ascii), room, height.saturating_sub(least));
        let most = height.saturating_sub(goals.len().min(height.saturating_sub(least)));
        if alone && figures.len() + goals.len() > height {
            figures = self.headless_figures(most, room, ascii);
        }
        figures.truncate(most);
        figures.extend(goals.into_iter().take(height.saturating_sub(figures.len())));
        figures
    }

    /// What the picture shows, in words; or why it does not.
    fn summary(&self, picture: &Picture, width: u16) -> Vec<Row> {
        let (text, role) = match &self.work.failed {
            Some(reason) => (format!("This cannot be simulated: {reason}"), Role::Wrong),
            None => (picture.summary.clone(), Role::Body),
        };
        wrap_inlines(&markdown::inlines(&text), usize::from(width).max(8), role)
    }

    /// The knobs, or the parameter being typed.
    fn lay_knobs(&mut self, area: Area, (bench, world): (&mut Bench, &World<'_>)) {
        let ascii = world.settings.ascii;
        if let Some((text, wrong)) = &self.typing {
            let mut sheet = Self::paper(area, ascii);
            let room = usize::from(area.width).saturating_sub(12);
            field(("Set  ", text, ""), (room, true), &mut sheet);
            let (said, role) = match wrong {
                Some(wrong) => (wrong.clone(), Role::Wrong),
                None => (self.advice(), Role::Muted),
            };
            sheet.led(vec![Piece::blank(2)], &said, role);
            bench.typing = Some((area, sheet));
            return;
        }
        let rows = self.knob_rows(usize::from(area.width), ascii);
        // The chosen one stays in view.
        let height = usize::from(area.height);
        let skip = (self.selected + 1).saturating_sub(height);
        let selected = (!rows.is_empty()).then(|| self.selected - skip);
        let rows = rows.into_iter().skip(skip).take(height).collect();
        bench.panes.push(Pane { area, rows, selected });
    }

    fn advice(&self) -> String {
        let free = self.knobs.free.iter().map(|(param, value)| format!("{param}={value}"));
        let set: Vec<String> = free.collect();
        if set.is_empty() {
            "Any parameter of the model: KEY=VALUE, as in `keep_alive=5m`.".to_owned()
        } else {
            format!("Set: {}. Empty takes it back.", set.join(", "))
        }
    }

    /// `Keep-alive     5 min  ──●──────────`, the chosen one with room for a pointer.
    fn knob_rows(&self, room: usize, ascii: bool) -> Vec<Row> {
        let knobs = &self.start.controls;
        let said: Vec<String> =
            knobs.iter().map(|knob| self.knobs.said(knob, &self.start)).collect();
        let labels = knobs.iter().map(|knob| width(&knob.label)).max().unwrap_or(0);
        let values = said.iter().map(|value| width(value)).max().unwrap_or(0).clamp(6, 14);
        let labels = labels.min(room.saturating_sub(values + 14)).max(8);
        let scale = room.saturating_sub(2 + labels + 2 + values + 2).min(32);
        let row = |(knob, value): (&crate::course::scenario::Control, &String)| {
            let turned = self.knobs.turned.contains_key(&knob.param);
            let label = cut(&knob.label, labels, ascii);
            let value = cut(value, values, ascii);
            let mut row = Row::default();
            let blank = labels - width(&label) + 2 + values - width(&value);
            row.push(piece(format!("  {label}"), Role::Body));
            row.push(Piece::blank(blank));
            row.push(piece(value, if turned { Role::Accent } else { Role::Strong }));
            row.push(Piece::blank(2));
            let written = self.knobs.value(knob, &self.start);
            let at = written.map(|value| knob.position(&value));
            slider(&mut row, scale, at, ascii);
            row
        };
        knobs.iter().zip(&said).map(row).collect()
    }
}

/// `──●──────────`
fn slider(row: &mut Row, cells: usize, at: Option<f64>, ascii: bool) {
    let (line, knob) = if ascii { ("-", "o") } else { ("─", "●") };
    let Some(at) = at.filter(|_| cells >= 6) else { return };
    let last = u16::try_from(cells - 1).unwrap_or(u16::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and the cells")]
    #[expect(clippy::cast_sign_loss, reason = "between 0 and the cells")]
    let before = (f64::from(last) * at.clamp(0.0, 1.0)).round() as usize;
    row.push(piece(line.repeat(before), Role::Line));
    row.push(piece(knob, Role::Accent));
    row.push(piece(line.repeat(cells - 1 - before), Role::Line));
}

/// The title of a view with its place among them at the right.
fn headline(title: &str, count: Option<&str>, room: usize, ascii: bool) -> Row {
    let count = count.unwrap_or("");
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    let title = format!("{}{}", first.unwrap_or_default(), letters.as_str());
    let title = cut(&title, room.saturating_sub(width(count) + 2), ascii);
    let blank = room.saturating_sub(width(&title) + width(count));
    let mut row = Row::default();
    row.push(piece(title, Role::Strong));
    row.push(Piece::blank(blank));
    row.push(piece(count, Role::Muted));
    row
}

fn cut(text: &str, cells: usize, ascii: bool) -> String {
    let text = fit(text, cells);
    if ascii { text.replace('…', "~") } else { text }
}

fn clipped(rows: Vec<Row>, area: Area) -> Vec<Row> {
    rows.into_iter().take(usize::from(area.height)).collect()
}

/// As much as fits of a text; that there is more is seen.
fn told_of(rows: Vec<Row>, area: Area, ascii: bool) -> Vec<Row> {
    let is_cut = rows.len() > usize::from(area.height);
    let mut rows = clipped(rows, area);
    if let Some(last) = rows.last_mut().filter(|_| is_cut) {
        let text = fit(&last.text(), usize::from(area.width).saturating_sub(2));
        let mut row = Row::default();
        let more = if ascii { "~" } else { "…" };
        row.push(piece(format!("{} {more}", text.trim_end_matches('…')), Role::Body));
        *last = row;
    }
    rows
}

fn rows_of(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The first `height` rows, and what is left below a gap.
fn split(area: Area, height: u16, gap: u16) -> (Area, Area) {
    let height = height.min(area.height);
    let below = (height + gap).min(area.height);
    let first = Area { height, ..area };
    let second = Area { y: area.y + below, height: area.height - below, ..area };
    (first, second)
}

/// The first `width` columns, and what is left beside a gap.
fn beside(area: Area, width: u16, gap: u16) -> (Area, Area) {
    let width = width.min(area.width);
    let right = (width + gap).min(area.width);
    let first = Area { width, ..area };
    let second = Area { x: area.x + right, width: area.width - right, ..area };
    (first, second)
}
