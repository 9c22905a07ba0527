//! Scenarios: TOML to a model with its parameters, what the learner may turn, is asked and should
//! reach.
//!
//! A scenario that was read is complete: presets and traces stand in its parameters. Every fault
//! is reported with its place; a scenario with an error is not run.

mod arrivals;
mod beside;
mod condition;
mod control;
mod curve;
mod history;
mod law;
mod model;
pub(super) mod predict;
mod preset;
mod quantity;
mod runs;
mod series;
mod setting;

pub use beside::Beside;
pub use condition::{Comparison, Condition, Operator};
pub use control::{Control, Scale, Turn, bare_words};
pub use curve::{Curve, CurvePoint};
pub use history::History;
pub use model::Model;
pub use predict::{Judged, Predict, Tolerance};
pub use quantity::{duration_text, parse_duration};
pub use runs::{Estimate, Replication};
pub use series::Series;
pub use setting::{Setting, setting_at};

use super::Files;
use super::toml_file::{self, At, Faults, Fields, Kind, Origin, Table, Value};
use crate::diagnostic::{Diagnostic, Severity, Span, did_you_mean};
use crate::sanitize;
use crate::sim::time::SimDuration;
use crate::sim::{EVENTS_MAX, Metrics, Run, metric};

/// More goals of one scenario are refused.
const GOALS_MAX: usize = 12;
/// How long the run of a scenario is said to be whose requests are counted.
const UNTIMED: SimDuration = SimDuration::from_secs(3600);
/// What a scenario without a seed begins with.
const SEED_DEFAULT: u64 = 1;

/// A simulation that an author wrote.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What `--json` calls it.
    pub id: String,
    /// Its title, sanitised.
    pub title: String,
    /// What is simulated, with its parameters.
    pub model: Model,
    /// What runs on the same arrivals, to be held against it.
    pub beside: Option<Beside>,
    /// Seed, length and what is left out of the statistics.
    pub run: Run,
    /// What the learner may turn.
    pub controls: Vec<Control>,
    /// What is asked before the first run.
    pub predict: Option<Predict>,
    /// What the learner should reach.
    pub goals: Vec<Goal>,
    /// What the picture shows, in words.
    pub alt: Option<String>,
    file: String,
    tree: Table,
    fence_start: Option<usize>,
}

/// Something to reach by turning the controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// What to do.
    pub text: String,
    /// When it is done.
    pub when: Condition,
    /// What is said then.
    pub feedback: String,
    /// Settings that reach it; empty where the author gave none.
    pub reached_by: Vec<Setting>,
    /// Where it stands.
    pub span: Span,
    /// Where `reached_by` stands.
    pub reached_by_span: Span,
}

/// The text of a scenario, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The path of its file relative to the course's root.
    pub file: &'a str,
    /// The TOML.
    pub text: &'a str,
    /// A file of its own, or a fence of a lesson.
    pub origin: Origin<'a>,
    /// The files of the course, for traces.
    pub files: &'a Files,
}

impl Written<'_> {
    /// Reads the scenario with `settings` put into it. Faults of a setting have a place that
    /// [`setting_at`] knows.
    pub fn read(&self, settings: &[Setting]) -> (Option<Scenario>, Vec<Diagnostic>) {
        let faults = Faults::new(self.file);
        let mut tree = toml_file::parse(self.text, self.origin, &faults);
        for (number, setting) in settings.iter().enumerate() {
            setting.apply(&mut tree, number);
        }
        let start = match self.origin {
            Origin::File => None,
            Origin::Fence(starts) => Some(starts.first().copied().unwrap_or(0)),
        };
        let reading = Reading { faults: &faults, files: self.files, fence_start: start };
        let scenario = reading.scenario(&tree);
        (scenario, faults.into_diagnostics())
    }
}

impl Scenario {
    /// The same scenario with `settings`, or the first thing that is wrong with them. `files` are
    /// the course's.
    pub fn with(&self, settings: &[Setting], files: &Files) -> Result<Self, Diagnostic> {
        let mut tree = self.tree.clone();
        for (number, setting) in settings.iter().enumerate() {
            setting.apply(&mut tree, number);
        }
        let faults = Faults::new(&self.file);
        let reading = Reading { faults: &faults, files, fence_start: self.fence_start };
        let scenario = reading.untried(&tree);
        let found = faults.into_diagnostics();
        match found.into_iter().find(|fault| fault.severity == Severity::Error) {
            Some(fault) => Err(fault),
            None => scenario.ok_or_else(|| {
                let message = "this cannot be simulated";
                Diagnostic::error("unusable-setting", &self.file, Span::default(), message)
            }),
        }
    }

    /// The value of the parameter `param` as it would be written bare; `None` where the author
    /// left it to the model.
    pub fn written(&self, param: &str) -> Option<String> {
        let text = bare_text(setting::value_at(&self.tree, param)?);
        Some(text).filter(|text| !text.is_empty())
    }
}

/// One reading of a scenario.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    faults: &'a Faults<'a>,
    files: &'a Files,
    /// Where the fence begins, if it is one.
    fence_start: Option<usize>,
}

impl<'a> Reading<'a> {
    /// The scenario, with every control and goal tried, unless it has an error.
    fn scenario(&self, tree: &Table) -> Option<Scenario> {
        let before = self.faults.errors();
        let scenario = self.untried(tree)?;
        if self.faults.errors() == before && !self.faults.is_broken() {
            self.try_controls(&scenario);
            // What is wrong with a control is said of it, not of what turns it.
            let controls = (self.faults.errors() == before).then_some(&*scenario.controls);
            self.try_goals(&scenario, controls);
        }
        (self.faults.errors() == before && !self.faults.is_broken()).then_some(scenario)
    }

    /// The scenario, as far as reading tells.
    fn untried(&self, tree: &Table) -> Option<Scenario> {
        let fields = Fields::new(tree, self.faults);
        self.schema(&fields);
        let stem = super::links::stem(self.faults.file());
        let id = self.name(&fields, "id").unwrap_or_else(|| stem.to_owned());
        let title = self.name(&fields, "title").unwrap_or_else(|| "Simulation".to_owned());
        fields.expect("model", "a scenario", &model::known());
        let name = fields.text("model");
        fields.expect("params", "a scenario", "write a table `[params]`");
        let params = fields.table("params");
        let known = name.filter(|&name| self.knows(name));
        let model = known.zip(params).and_then(|(name, params)| self.model(name.value, params));
        let run = self.run(&fields, name.map_or("", |name| name.value));
        let beside = self.beside(&fields, params, model.as_ref());
        let names = model.as_ref().map(|model| names_of(model, beside.as_ref()));
        let controls = self.controls(&fields);
        let predict = fields.table("predict").map(|table| self.predict(table, names.as_ref()));
        let goals: Vec<Option<Goal>> = fields
            .tables("goals")
            .into_iter()
            .map(|table| self.goal(table, names.as_ref()))
            .collect();
        if goals.len() > GOALS_MAX {
            let message = format!("more than {GOALS_MAX} goals");
            self.faults.error("too-many", fields.span(), message);
        }
        let alt = fields.table("describe").and_then(|table| self.describe(table));
        // What runs must give: for whoever tests the file.
        fields.ignore("expect");
        fields.finish();
        let (model, run) = (model?, run?);
        let beside_events = beside.as_ref().map_or(0.0, |beside| beside.model.events(&run));
        self.bound(model.events(&run) + beside_events, tree);
        Some(Scenario {
            id,
            title,
            model,
            beside,
            run,
            controls: controls.into_iter().flatten().collect(),
            predict: predict.flatten(),
            goals: goals.into_iter().flatten().collect(),
            alt,
            file: self.faults.file().to_owned(),
            tree: tree.clone(),
            fence_start: self.fence_start,
        })
    }

    fn schema(&self, fields: &Fields<'_>) {
        if self.fence_start.is_none() {
            fields.expect("schema", "a scenario file", "begin with `schema = 1`");
        }
        if let Some(schema) = fields.integer("schema", 0..=i64::MAX)
            && schema.value != 1
        {
            let message = format!("`schema = {}` is not known here", schema.value);
            self.faults.error_hint("unknown-schema", schema.span, message, "write `schema = 1`");
        }
    }

    /// A line of text that a file must have and a fence may have.
    fn name(&self, fields: &Fields<'_>, key: &'static str) -> Option<String> {
        if self.fence_start.is_some() && !fields.has(key) {
            return None;
        }
        let text = fields.required_text(key, "a scenario")?;
        Some(sanitize::line(text.value).into_owned())
    }

    fn run(&self, fields: &Fields<'_>, model: &str) -> Option<Run> {
        // What a number of TOML is too small for comes as a text, of a setting.
        let large = match fields.value("seed") {
            Some(Value { kind: Kind::Text(text), .. }) => text.parse::<u64>().ok(),
            _ => None,
        };
        let written = || quantity::count(fields, "seed", 0, i64::MAX.unsigned_abs());
        let seed = large.or_else(written);
        let counted = model::is_counted(model, fields.table("params"));
        if model::has_duration(model) && !counted {
            fields.expect("duration", "a scenario", "write `duration = \"2h\"`");
        }
        let duration = quantity::positive_duration(fields, "duration");
        let warm_up = quantity::duration(fields, "warm_up").unwrap_or(SimDuration::ZERO);
        if !model::has_duration(model) {
            let seed = seed.unwrap_or(SEED_DEFAULT);
            return Some(Run { seed, duration: SimDuration::ZERO, warm_up: SimDuration::ZERO });
        }
        let untimed = (counted && !fields.has("duration")).then_some(UNTIMED);
        let duration = duration.or(untimed)?;
        if warm_up >= duration {
            let place = fields.value("warm_up").map_or(fields.span(), |value| value.span);
            let message = "`warm_up` leaves nothing of `duration` to measure";
            self.faults.error_hint("out-of-range", place, message, "write a shorter `warm_up`");
            return None;
        }
        Some(Run { seed: seed.unwrap_or(SEED_DEFAULT), duration, warm_up })
    }

    /// Refuses what would take too long.
    fn bound(&self, events: f64, tree: &Table) {
        if events > EVENTS_MAX {
            let place = tree.get("duration").or_else(|| tree.get("params"));
            let place = place.map_or(tree.span, |value| value.span);
            let message = format!(
                "about {} million events in one run, at most 50 million are simulated",
                thousands((events / 1e6).ceil())
            );
            let hint = "shorten `duration`, or lower the rate of `arrivals`";
            self.faults.error_hint("too-much-work", place, message, hint);
        }
    }

    fn goal(&self, table: &Table, names: Option<&Names>) -> Option<Goal> {
        let whole = "a goal";
        let fields = Fields::new(table, self.faults);
        let text = fields.required_text("text", whole);
        let when = fields.required_text("when", whole);
        let feedback = fields.required_text("feedback", whole);
        let reached_by = fields.table("reached_by");
        let reached_by_span = fields.value("reached_by").map_or(table.span, |value| value.span);
        fields.finish();
        let mut settings = Vec::new();
        if let Some(table) = reached_by {
            flatten("", table, &mut settings);
        }
        let when = when?;
        let condition = match Condition::parse(when.value) {
            Ok(condition) => condition,
            Err(wrong) => {
                let hint = "compare metrics with numbers: `p_cold < 0.20 and cost_usd <= 5`";
                self.faults.error_hint("bad-condition", when.span, wrong, hint);
                return None;
            }
        };
        for comparison in &condition.comparisons {
            if let Some(names) = names {
                let _ = self.metric(At { value: &comparison.metric, span: when.span }, names);
            }
        }
        Some(Goal {
            text: text?.value.to_owned(),
            when: condition,
            feedback: feedback?.value.to_owned(),
            reached_by: settings,
            span: when.span,
            reached_by_span,
        })
    }

    /// A goal is reached by what the learner may turn, as far as it can be turned, and by nothing
    /// else.
    fn turned(&self, goal: &Goal, controls: &[Control]) {
        for setting in &goal.reached_by {
            let path = setting.path();
            let Some(control) = controls.iter().find(|control| control.param == path) else {
                let known = controls.iter().map(|control| control.param.as_str());
                let message = format!("`{path}` is no control, so that nobody can turn it");
                let hint = did_you_mean(&path, known).map_or_else(
                    || "name the `param` of one of the `[[controls]]`".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                let span = goal.reached_by_span;
                self.faults.error_hint("unknown-control", span, message, hint);
                continue;
            };
            if let Some(refusal) = control.refusal(&setting.value()) {
                let hint = match control.turn {
                    Turn::Options(_) => "name one of its `options`, or add this one",
                    _ => "turn it less far, or widen the control",
                };
                self.faults.error_hint("out-of-range", goal.reached_by_span, refusal, hint);
            }
        }
    }

    fn describe(&self, table: &Table) -> Option<String> {
        let fields = Fields::new(table, self.faults);
        let alt = fields.required_text("alt", "`[describe]`");
        fields.finish();
        alt.map(|alt| alt.value.to_owned())
    }

    /// What `name` says, unless it is no metric of the model: that is reported.
    fn metric(&self, name: At<&str>, names: &Names) -> Option<&'static metric::Definition> {
        let found = names.definition(name.value);
        if found.is_none() {
            let message = format!("`{}` is no metric of `{}`", name.value, names.model);
            let hint = names.advice(name.value);
            self.faults.error_hint("unknown-metric", name.span, message, hint);
        }
        found
    }

    /// Whether each goal can be tried with what it names, and turned there by `controls`, if those
    /// are right.
    fn try_goals(&self, scenario: &Scenario, controls: Option<&[Control]>) {
        for goal in &scenario.goals {
            let before = self.faults.errors();
            if let Some(controls) = controls {
                self.turned(goal, controls);
            }
            if self.faults.errors() > before {
                continue;
            }
            if let Err(fault) = scenario.with(&goal.reached_by, self.files) {
                let message = format!("this cannot be simulated: {}", fault.message);
                self.faults.error("unusable-setting", goal.reached_by_span, message);
            }
        }
    }

    const fn faults(&self) -> &'a Faults<'a> {
        self.faults
    }
}

/// What the metrics of a scenario can be called.
struct Names {
    model: &'static str,
    /// The services, functions or sizes that have metrics of their own.
    parts: Vec<String>,
    beside: Option<Beside>,
}

fn names_of(model: &Model, beside: Option<&Beside>) -> Names {
    Names { model: model.name(), parts: model.parts(), beside: beside.cloned() }
}

impl Names {
    fn definition(&self, name: &str) -> Option<&'static metric::Definition> {
        let of_beside = self.beside.as_ref().and_then(|beside| beside.definition(name));
        of_beside.or_else(|| definition(self.model, &self.parts, name))
    }

    /// What to write instead of `name`, which is no metric.
    fn advice(&self, name: &str) -> String {
        let known = self.metrics();
        did_you_mean(name, known.iter().map(String::as_str)).map_or_else(
            || format!("known: {}", known.join(", ")),
            |meant| format!("did you mean `{meant}`?"),
        )
    }

    fn metrics(&self) -> Vec<String> {
        let own = metric::definitions(self.model).iter().map(|metric| metric.name.to_owned());
        let beside = self.beside.iter().flat_map(|beside| {
            let metrics = metric::definitions(beside.model.name()).iter();
            metrics.map(|metric| format!("{}.{}", beside.name, metric.name))
        });
        own.chain(beside).collect()
    }
}

/// What `name` means: a metric of `model`, or one of its parts as in `orders.availability` or
/// `duration_ms.512`.
fn definition(model: &str, parts: &[String], name: &str) -> Option<&'static metric::Definition> {
    let is_part = |part: &str| parts.iter().any(|known| known == part);
    let of_model = metric::definitions(model).iter().find(|definition| definition.name == name);
    of_model.or_else(|| {
        let (before, after) = name.rsplit_once('.')?;
        let dotted = is_part(before) || is_part(after);
        dotted.then(|| metric::definition(model, name)).flatten()
    })
}

impl Scenario {
    /// The metrics of one run.
    pub fn metrics(&self) -> Result<Metrics, String> {
        self.metrics_of(&self.run)
    }

    /// What to write instead of `name`, which is no metric of this scenario.
    pub(super) fn metric_advice(&self, name: &str) -> String {
        names_of(&self.model, self.beside.as_ref()).advice(name)
    }
}

/// Nested tables as settings: `arrivals = { gap = "20m" }` sets `arrivals.gap`.
fn flatten(path: &str, table: &Table, settings: &mut Vec<Setting>) {
    for entry in &table.entries {
        let key = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        match &entry.value.kind {
            Kind::Table(inner) => flatten(&key, inner, settings),
            _ => settings.push(Setting::of(&key, &entry.value)),
        }
    }
}

/// `number`, whole, with commas between thousands.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A value as an author or a command line may write it bare.
fn bare_text(value: &Value) -> String {
    bare_kind(&value.kind)
}

fn bare_kind(kind: &Kind) -> String {
    match kind {
        Kind::Text(text) => sanitize::line(text).into_owned(),
        Kind::Integer(number) => number.to_string(),
        Kind::Float(number) => number.to_string(),
        Kind::Boolean(truth) => truth.to_string(),
        Kind::Date(date) => date.to_string(),
        Kind::Array(_) | Kind::Table(_) | Kind::Unusable => String::new(),
    }
}
