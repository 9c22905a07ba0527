//! What a run looks like, as data: a [`Picture`] is a few [`View`]s and the same in words.
//!
//! A view is free of colours and of any terminal: its parts have a [`Tone`], which says what a
//! thing is doing, and times and amounts in their own units. Setting a view gives rows for the
//! screen; its table and the picture's words are for those who cannot see it.

mod axis;
mod bars;
mod canvas;
mod chain;
mod chart;
mod cost;
mod curve;
mod fan_out;
mod grid;
mod knative;
mod lanes;
mod map;
mod memory;
mod metrics;
mod ordering;
mod parts;
mod platform;
mod pool;
mod queue;
mod retry;
mod run;
mod series;
mod set;
mod table;
#[cfg(test)]
mod tests;
mod twin;

use crate::course::scenario::{Curve, Estimate, History, Model, Scenario};
use crate::sim::Metrics;
use crate::sim::time::SimTime;
use crate::typeset::{Role, Syntax};

pub use crate::sim::metric::Unit;
pub use set::set;
pub use table::table;

/// What is known of a scenario when a picture of it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// What is simulated.
    pub scenario: &'a Scenario,
    /// One run of it.
    pub history: &'a History,
    /// The moment of the run that is shown; what comes later is not drawn.
    pub at: SimTime,
    /// What several runs measured, once they are done.
    pub estimate: Option<&'a Estimate>,
    /// What theory says, where a formula holds.
    pub theory: &'a Metrics,
    /// A metric over the range of the control that was turned last.
    pub curve: Option<&'a Curve>,
    /// What the settings before gave.
    pub before: Option<&'a Metrics>,
}

impl Shown<'_> {
    /// The moment in seconds.
    fn at_s(&self) -> f64 {
        self.at.as_secs_f64()
    }

    /// A metric as people read it.
    fn said(&self, metric: &str, value: f64) -> String {
        let definition = self.scenario.definition(metric);
        definition.map_or_else(|| crate::sim::metric::digits(value), |it| it.said(value))
    }
}

/// The picture of a run at a moment: the views of its model, the curve if there is one, and last
/// the metrics as a table.
pub fn of(shown: &Shown<'_>) -> Picture {
    let mut picture = of_model(shown, &shown.scenario.model, shown.history);
    if picture.summary.is_empty() {
        let alt = shown.scenario.alt.clone();
        picture.summary = alt.unwrap_or_else(|| shown.scenario.title.clone());
    }
    picture.views.extend(shown.curve.and_then(|curve| curve::view(shown, curve)));
    picture.views.push(metrics::view(shown));
    picture
}

/// What there is to see of a run of `model`.
fn of_model(shown: &Shown<'_>, model: &Model, history: &History) -> Picture {
    match (model, history) {
        (Model::Platform(params), History::Platform(history)) => {
            platform::of(shown, params, history)
        }
        (Model::Chain(params), History::Chain(history)) => chain::of(shown, params, history),
        (Model::FanOut(params), History::FanOut(history)) => fan_out::of(shown, params, history),
        (Model::Cost(params), _) => cost::of(shown, params),
        (Model::Memory(params), _) => memory::of(shown, params),
        (Model::Queue(params), History::Queue(history)) => queue::of(shown, params, history),
        (Model::Retry(params), History::Retry(history)) => retry::of(shown, params, history),
        (Model::Ordering(params), History::Ordering(history)) => {
            ordering::of(shown, params, history)
        }
        (Model::Knative(params), History::Knative(history)) => knative::of(shown, params, history),
        (Model::Pool(params), History::Pool(history)) => pool::of(shown, params, history),
        (_, History::Twin(both)) => twin::of(shown, both),
        _ => Picture::default(),
    }
}

/// A run at one moment of it, told in views and in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// What can be looked at, the most telling first.
    pub views: Vec<View>,
    /// One sentence: what the picture shows.
    pub summary: String,
    /// What happened, in words, in the order of time: a few lines.
    pub timeline: Vec<String>,
}

/// One way to look at a run.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// What it shows, a few words.
    pub title: String,
    /// What is drawn.
    pub body: Body,
    /// What the tones mean, in the order to be read.
    pub legend: Vec<(Tone, String)>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A lane for each thing that lives through time.
    Lanes(Lanes),
    /// A cell for each thing there is at this moment.
    Grid(Grid),
    /// Lines over an axis.
    Chart(Chart),
    /// Bars to compare: a histogram, shares, a bill.
    Bars(Bars),
    /// Services and the calls between them.
    Map(Map),
    /// Rows of text.
    Table(Table),
    /// Two views side by side where there is room, below each other else.
    Pair(Box<(View, View)>),
}

/// What a thing is doing, or how it is to be taken. Each has a sign of its own beside its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Starting: paid for in waiting.
    Starting,
    /// At work.
    Busy,
    /// Waiting for work.
    Idle,
    /// No more.
    Gone,
    /// As wanted.
    Good,
    /// Between good and bad.
    Doubtful,
    /// Failed, refused, lost.
    Bad,
    /// The first of several of one kind.
    First,
    /// The second of several of one kind.
    Second,
    /// What theory says.
    Theory,
    /// What the run before said.
    Before,
}

impl Tone {
    /// The role that colours it.
    pub const fn role(self) -> Role {
        match self {
            Self::Starting | Self::Doubtful => Role::Partly,
            Self::Busy | Self::First => Role::Accent,
            Self::Idle | Self::Before => Role::Muted,
            Self::Gone => Role::Line,
            Self::Good => Role::Correct,
            Self::Bad => Role::Wrong,
            // A colour of its own, without a line below.
            Self::Second => Role::Code(Syntax::Keyword),
            Self::Theory => Role::Strong,
        }
    }

    /// Its sign in a cell.
    pub const fn sign(self, ascii: bool) -> &'static str {
        let (sign, plain) = match self {
            Self::Starting => ("▒", "o"),
            Self::Busy | Self::First => ("▓", "#"),
            Self::Idle => ("░", "."),
            Self::Gone => ("✕", "x"),
            Self::Good => ("●", "*"),
            Self::Doubtful => ("◐", "%"),
            Self::Bad => ("✗", "!"),
            Self::Second => ("▚", "="),
            Self::Theory => ("┄", "-"),
            Self::Before => ("·", "'"),
        };
        if ascii { plain } else { sign }
    }
}

/// Things that live through time, one above the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lanes {
    /// The time at the left end, in seconds.
    pub from_s: f64,
    /// The time at the right end, in seconds.
    pub to_s: f64,
    /// The moment shown, if it is within.
    pub now_s: Option<f64>,
    /// The lanes from above.
    pub lanes: Vec<Lane>,
    /// How many more there are that were left out.
    pub more: usize,
}

/// One lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// What stands before it, a few characters.
    pub label: String,
    /// From when to when it did what, in seconds, in order.
    pub runs: Vec<(f64, f64, Tone)>,
    /// What happened at a moment, in seconds; drawn over the runs.
    pub marks: Vec<(f64, Tone)>,
}

/// Things at this moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// What each does; in an order that does not jump from moment to moment.
    pub cells: Vec<Tone>,
    /// How many more there are that were left out.
    pub more: usize,
}

/// Lines over an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Across.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// The lines, the most important last: it is drawn over the others.
    pub lines: Vec<Line>,
    /// Levels worth knowing, as a limit.
    pub levels: Vec<(f64, String, Tone)>,
    /// Places on the x axis worth knowing, as a crossing or the moment shown.
    pub places: Vec<(f64, String)>,
    /// Stretches of the x axis worth knowing, as an outage.
    pub bands: Vec<(f64, f64, String)>,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured along it, a word or two.
    pub label: String,
    /// How its numbers are said.
    pub unit: Unit,
    /// Its ends, the smaller first.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// Equal steps are equal multiples; both ends are above 0.
    pub log: bool,
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it shows.
    pub name: String,
    /// How it is to be taken.
    pub tone: Tone,
    /// How it is drawn.
    pub stroke: Stroke,
    /// Its points, by x; where y is not finite there is a gap.
    pub points: Vec<(f64, f64)>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A thin line.
    Line,
    /// Filled from the axis up.
    Area,
    /// Points of their own.
    Dots,
}

/// Bars to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// How the values are said.
    pub unit: Unit,
    /// The bars from above.
    pub bars: Vec<Bar>,
}

/// One bar, of one or more parts end to end.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What stands before it.
    pub label: String,
    /// Its parts from the left.
    pub parts: Vec<(f64, Tone)>,
    /// What stands behind it instead of the value.
    pub note: Option<String>,
}

/// Services and the calls between them: a node calls only nodes that come after it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The services; the first is the front door.
    pub nodes: Vec<Node>,
}

/// One service.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// How it does.
    pub lamp: Tone,
    /// How much of its room is taken, 0 to 1, if it has a limit.
    pub filled: Option<f64>,
    /// What else is said of it, a few words.
    pub note: String,
    /// Which nodes it calls, by place in the list, and whether it waits for them.
    pub calls: Vec<(usize, bool)>,
}

/// Rows of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The heads of the columns; all but the first are set flush right.
    pub heads: Vec<String>,
    /// The rows, each as long as the heads.
    pub rows: Vec<Vec<String>>,
}
