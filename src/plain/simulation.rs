//! A simulation being turned: what it is set to, what the last runs gave, and both in lines.

use std::collections::{BTreeMap, BTreeSet};

use super::Then;
use super::asking::sentence;
use super::text::Speaker;
use crate::course::Files;
use crate::course::scenario::{
    Control, Estimate, Goal, History, Predict, Scenario, Setting, bare_words, duration_text,
};
use crate::diagnostic::did_you_mean;
use crate::markdown::{inlines, plain_text};
use crate::picture::{self, Body, Picture, Shown, Table, View};
use crate::progress::{Progress, Simulated};
use crate::quiz::numeric::counted;
use crate::sim::Metrics;
use crate::sim::metric::{TELLING, label};
use crate::sim::time::{SimDuration, SimTime};

/// So many metrics are said after a run; `:table` says all.
const SAID: usize = 8;

/// What happened in a run of more events is not told.
const HISTORY_EVENTS_MAX: f64 = 5e6;
/// So many things that happened are told.
const TIMELINE: usize = 12;
/// So many rows of a view are said.
const ROWS: usize = 40;

/// A scenario with what the learner turned, and its runs.
#[derive(Debug)]
pub(crate) struct Simulation {
    start: Scenario,
    /// With what was turned.
    pub(crate) now: Scenario,
    /// The values turned, by param, as they are written bare.
    turned: BTreeMap<String, String>,
    seed: Option<u64>,
    ran: Option<Ran>,
    before: Option<Ran>,
    /// The goals that were reached, by number.
    reached: BTreeSet<usize>,
    /// What comes behind it.
    pub(crate) then: Then,
}

/// What the runs of one setting gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) estimate: Estimate,
    pub(crate) theory: Metrics,
    /// What happened in the first of them.
    history: Option<History>,
}

impl Simulation {
    pub(crate) fn new(start: Scenario, then: Then) -> Self {
        Self {
            now: start.clone(),
            start,
            turned: BTreeMap::new(),
            seed: None,
            ran: None,
            before: None,
            reached: BTreeSet::new(),
            then,
        }
    }

    /// One that a question predicted: `start` with `turned`, which gives `now`. Nothing is asked
    /// before it runs.
    pub(crate) fn set_up(
        mut start: Scenario,
        now: Scenario,
        turned: BTreeMap<String, String>,
    ) -> Self {
        start.predict = None;
        Self { now, turned, ..Self::new(start, Then::GoOn) }
    }

    /// Goals that an earlier run reached stay reached.
    pub(crate) fn remember(&mut self, progress: &Progress) {
        let runs = progress.simulations(&self.start.id);
        let goals = self.start.goals.iter().enumerate();
        let reached =
            goals.filter(|(_, goal)| runs.iter().any(|run| goal.when.holds(&run.metrics)));
        self.reached.extend(reached.map(|(number, _)| number));
    }

    /// What is asked before the first run.
    pub(crate) const fn predict(&self) -> Option<&Predict> {
        self.start.predict.as_ref()
    }

    /// Whether there is anything to turn.
    pub(crate) fn has_controls(&self) -> bool {
        !self.start.controls.is_empty()
    }

    /// Runs it as it is set now.
    pub(crate) fn run(&mut self) -> Result<&Ran, String> {
        let estimate = self.now.estimate(self.now.replications_wanted())?;
        let is_short = self.now.events() <= HISTORY_EVENTS_MAX;
        let told = is_short.then(|| self.now.history(&mut |_| true).ok()).flatten();
        let history = told.map(|(_, history)| history);
        let ran = Ran { estimate, theory: self.now.theory(), history };
        self.before = self.ran.take();
        Ok(self.ran.insert(ran))
    }

    /// The record of the last run.
    pub(crate) fn record(&self, lesson: Option<&str>) -> Option<Simulated> {
        let ran = self.ran.as_ref()?;
        let means = ran.estimate.intervals.iter();
        Some(Simulated {
            scenario: self.start.id.clone(),
            lesson: lesson.map(str::to_owned),
            seed: self.now.run.seed,
            params: self.turned.clone(),
            metrics: means.map(|(name, interval)| (name.clone(), interval.mean)).collect(),
        })
    }

    /// Turns what `text` says, `KEY VALUE`; a sentence either way.
    pub(crate) fn set(&mut self, text: &str, files: &Files) -> Result<String, String> {
        let (control, value) = match self.named(text) {
            Ok(named) => named,
            Err(sentence) => return self.set_free(text, files).ok_or(sentence),
        };
        if value.is_empty() {
            return Err(format!("{} goes {}.", control.label, control.range_words()));
        }
        let bare = control.typed(value)?;
        let (param, label) = (control.param.clone(), control.label.clone());
        self.now = self.turn_one(param, &bare, files)?;
        Ok(format!("{label}: {}. :run runs it.", bare_words(&bare)))
    }

    /// Turns a parameter that the author made no control of, if there is one of that path and it
    /// can have the value.
    fn set_free(&mut self, text: &str, files: &Files) -> Option<String> {
        let (param, value) = text.split_once(|c: char| c.is_whitespace() || c == '=')?;
        let value = value_of(value);
        self.now = self.turn_one(param.to_owned(), value, files).ok()?;
        Some(format!("{param}: {}, which has no control. :run runs it.", bare_words(value)))
    }

    /// What comes of one more value; it is kept if it can be simulated.
    fn turn_one(&mut self, param: String, bare: &str, files: &Files) -> Result<Scenario, String> {
        let mut turned = self.turned.clone();
        turned.insert(param, bare.to_owned());
        let now = self.turn(&turned, self.seed, files)?;
        self.turned = turned;
        Ok(now)
    }

    /// The scenario's name with what was turned, as `coldstart sim` takes it.
    pub(crate) fn share(&self) -> String {
        let seed = self.seed.map(|seed| ("seed".to_owned(), seed.to_string()));
        let values = seed.into_iter().chain(self.turned.clone());
        let values: Vec<String> = values.map(|(param, value)| format!("{param}={value}")).collect();
        let mark = if values.is_empty() { "" } else { "?" };
        format!("coldstart sim '{}{mark}{}'", self.start.id, values.join("&"))
    }

    /// Takes another seed: that of `text`, or the next one.
    pub(crate) fn reseed(&mut self, text: &str, files: &Files) -> Result<(), String> {
        let seed = match text {
            "" => self.now.run.seed.wrapping_add(1),
            text => {
                text.parse().map_err(|_| "A seed is a whole number, as in :seed 7.".to_owned())?
            }
        };
        self.now = self.turn(&self.turned, Some(seed), files)?;
        self.seed = Some(seed);
        Ok(())
    }

    fn turn(
        &self,
        turned: &BTreeMap<String, String>,
        seed: Option<u64>,
        files: &Files,
    ) -> Result<Scenario, String> {
        let of_params = turned.iter().map(|(param, value)| Setting::new(param, value));
        let of_seed = seed.map(|seed| Setting::beside("seed", &seed.to_string()));
        let settings: Vec<Setting> = of_params.chain(of_seed).collect::<Result<_, _>>()?;
        self.start.with(&settings, files).map_err(|fault| {
            let hint = fault.hint.map_or_else(String::new, |hint| format!(" ({hint})"));
            format!("That cannot be simulated: {}{hint}.", fault.message)
        })
    }

    /// The control that `text` begins with the name of, and the rest: by its param, the last part
    /// of that, or its label.
    fn named<'t>(&self, text: &'t str) -> Result<(&Control, &'t str), String> {
        let controls = &self.start.controls;
        let is = |name: &str, typed: &str| name.eq_ignore_ascii_case(typed);
        for control in controls {
            let length = control.label.len();
            if let Some((head, rest)) = text.split_at_checked(length)
                && is(&control.label, head)
                && !rest.starts_with(char::is_alphanumeric)
            {
                return Ok((control, value_of(rest)));
            }
        }
        let end = text.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(text.len());
        let (key, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let last =
            |control: &&Control| is(control.param.rsplit('.').next().unwrap_or_default(), key);
        let whole = controls.iter().find(|control| is(&control.param, key));
        let mut short = controls.iter().filter(last);
        let only = short.next().filter(|_| short.next().is_none());
        if let Some(control) = whole.or(only) {
            return Ok((control, value_of(rest)));
        }
        let params: Vec<&str> = controls.iter().map(|control| control.param.as_str()).collect();
        let begins = || params.iter().copied().find(|param| param.starts_with(key));
        let meant = did_you_mean(key, params.iter().copied()).or_else(begins);
        Err(match (key, meant) {
            ("", _) => format!("Write what and how, as in {}.", self.example()),
            (_, Some(meant)) => format!("There is no {key} to turn. Did you mean {meant}?"),
            _ => format!("There is no {key} to turn. There is: {}.", params.join(", ")),
        })
    }

    /// Whether a line without a colon is meant as a setting.
    pub(crate) fn is_setting(&self, text: &str) -> bool {
        text.contains([' ', '=']) && self.named(text).is_ok_and(|(_, value)| !value.is_empty())
    }

    /// `:set keep_alive 30m`, of the first control.
    pub(crate) fn example(&self) -> String {
        let first = self.start.controls.first();
        let value = first.and_then(|control| control.bounds().pop());
        match (first, value) {
            (Some(control), Some(value)) => format!(":set {} {value}", control.param),
            _ => ":set KEY VALUE".to_owned(),
        }
    }
}

fn value_of(rest: &str) -> &str {
    rest.trim_start_matches([' ', '=', ':', '\t']).trim()
}

/// What is said.
impl Simulation {
    /// The title, and what it is set to.
    pub(crate) fn about(&self, speaker: &mut Speaker) -> Vec<String> {
        let mut lines = match self.start.title.as_str() {
            "Simulation" => vec!["Simulation:".to_owned()],
            title => speaker.short(title, "Simulation: ", 0),
        };
        let values = self.start.controls.iter().filter_map(|control| {
            let value = self.now.written(&control.param)?;
            Some(format!("{}: {}.", control.label, bare_words(&value)))
        });
        let values: Vec<String> = values.collect();
        if !values.is_empty() {
            lines.extend(speaker.wrapped(&values.join(" "), "", 0));
        }
        lines
    }

    /// The question of the prediction: what stands before its last sentence, and the line that asks
    /// and says what to type.
    pub(crate) fn question(predict: &Predict) -> (String, String) {
        let prompt = plain_text(&inlines(&predict.prompt)).replace('\n', " ");
        let prompt = prompt.trim();
        let body = prompt.trim_end_matches(['?', '.', '!', ' ']);
        let end = [". ", "? ", "! ", ": "].iter().filter_map(|mark| body.rfind(mark)).max();
        let at = end.map_or(0, |end| end + 1);
        let (before, question) = prompt.split_at_checked(at).unwrap_or(("", prompt));
        let what = match predict.unit.as_str() {
            "" => "number".to_owned(),
            unit => format!("number, {unit}"),
        };
        (before.trim().to_owned(), format!("? {} ({what})", question.trim()))
    }

    /// The metrics of the last run, the telling ones or all.
    pub(crate) fn table(&self, speaker: &Speaker, all: bool) -> Vec<String> {
        let Some(ran) = &self.ran else { return Vec::new() };
        let names =
            if all { ran.estimate.intervals.keys().cloned().collect() } else { self.said() };
        let mut lines = vec![self.heading(ran)];
        for name in &names {
            lines.extend(speaker.wrapped(&self.metric(ran, name), "", 2));
        }
        let more = ran.estimate.intervals.len() - names.len();
        if more > 0 {
            lines.push(format!("  {more} more with :table."));
        }
        lines
    }

    /// What happened in the last run, in the order of time.
    pub(crate) fn timeline(&self, speaker: &Speaker) -> Vec<String> {
        let Some(picture) = self.picture() else { return Vec::new() };
        if picture.timeline.is_empty() {
            return Vec::new();
        }
        let seed = self.now.run.seed;
        let mut lines = vec![format!("Timeline of the run with seed {seed}:")];
        for line in picture.timeline.iter().take(TIMELINE) {
            lines.extend(speaker.wrapped(&sentence(line), "", 2));
        }
        if picture.timeline.len() > TIMELINE {
            lines.push("  And so on.".to_owned());
        }
        lines
    }

    /// The picture of the last run at its end.
    fn picture(&self) -> Option<Picture> {
        let ran = self.ran.as_ref()?;
        let history = ran.history.as_ref()?;
        Some(picture::of(&Shown {
            scenario: &self.now,
            history,
            at: SimTime::ZERO + SimDuration::from_secs_f64(history.end_s()),
            estimate: Some(&ran.estimate),
            theory: &ran.theory,
            curve: None,
            before: None,
        }))
    }

    /// The views of the picture, or, with a number, what one shows as rows.
    pub(crate) fn view(&self, speaker: &Speaker, text: &str) -> Vec<String> {
        let Some(picture) = self.picture() else {
            return vec!["What happened in so long a run is not told.".to_owned()];
        };
        let chosen =
            text.parse::<usize>().ok().and_then(|at| picture.views.get(at.checked_sub(1)?));
        if let Some(view) = chosen {
            return view_rows(speaker, view);
        }
        let mut lines = speaker.wrapped(&picture.summary, "", 0);
        lines.push("As rows, with :view and the number:".to_owned());
        for (at, view) in picture.views.iter().enumerate() {
            lines.extend(speaker.wrapped(&view.title, &format!("{}. ", at + 1), 2));
        }
        lines
    }

    /// What the last run changed against the one before.
    pub(crate) fn changes(&self, speaker: &Speaker) -> Vec<String> {
        let (Some(ran), Some(before)) = (&self.ran, &self.before) else {
            return self.table(speaker, false);
        };
        let mut lines = vec![self.heading(ran)];
        let mut same = Vec::new();
        for name in self.said() {
            let said = self.value(ran, &name);
            let said_before = self.value(before, &name);
            if said == said_before {
                same.push(label(&name));
                continue;
            }
            let before = said_before.map_or_else(|| "nothing".to_owned(), |(value, _)| value);
            let text = format!("{}; before {before}", self.metric(ran, &name));
            lines.extend(speaker.wrapped(&text, "", 2));
        }
        if !same.is_empty() {
            let text = format!("The same as before: {}.", same.join(", "));
            lines.extend(speaker.wrapped(&text, "", 2));
        }
        lines
    }

    /// Where the numbers come from.
    fn heading(&self, ran: &Ran) -> String {
        if self.now.model.is_exact() {
            return "Computed:".to_owned();
        }
        let run = &self.now.run;
        let (length, seed) = (bare_words(&duration_text(run.duration)), run.seed);
        let is_certain = ran.estimate.intervals.values().all(|interval| interval.ci95 == 0.0);
        match ran.estimate.replications.len() {
            several if is_certain && several > 1 => {
                format!("The same in {several} runs of {length}, from seed {seed} on:")
            }
            1 => format!("Measured in one run of {length}, seed {seed}:"),
            several => format!("Means of {several} runs of {length}, from seed {seed} on:"),
        }
    }

    /// The metrics that are said: the one predicted, those of the goals, the telling ones.
    fn said(&self) -> Vec<String> {
        let Some(ran) = &self.ran else { return Vec::new() };
        let asked = self.predict().map(|predict| predict.metric.as_str());
        let goals = self.start.goals.iter().flat_map(|goal| &goal.when.comparisons);
        let wanted = asked.into_iter().chain(goals.map(|comparison| comparison.metric.as_str()));
        let is_zero = |ran: &Ran, name: &str| {
            ran.estimate.intervals.get(name).is_none_or(|interval| interval.mean == 0.0)
        };
        let happens = |name: &&str| {
            let before = self.before.as_ref().is_some_and(|before| !is_zero(before, name));
            before || !is_zero(ran, name)
        };
        let known = ran.estimate.intervals.keys().map(String::as_str);
        let mut names: Vec<String> = Vec::new();
        for name in wanted.chain(TELLING.into_iter().chain(known).filter(happens)) {
            let is_new = !names.iter().any(|known| known == name);
            if is_new && names.len() < SAID && ran.estimate.intervals.contains_key(name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// A metric's value and what it is sure to.
    fn value(&self, ran: &Ran, name: &str) -> Option<(String, Option<String>)> {
        let interval = ran.estimate.intervals.get(name)?;
        Some(self.now.definition(name)?.said_with(interval, 1))
    }

    /// `Share cold: 77.9 % ± 0.4; theory 77.9 %`.
    fn metric(&self, ran: &Ran, name: &str) -> String {
        let value = match self.value(ran, name) {
            Some((value, Some(off))) => format!("{value} ± {off}"),
            Some((value, None)) => value,
            None => "no number".to_owned(),
        };
        let theory = ran.theory.get(name).zip(self.now.definition(name));
        let theory = theory.map_or_else(String::new, |(&number, definition)| {
            format!("; theory {}", definition.said(number))
        });
        format!("{}: {value}{theory}", capitalised(&label(name)))
    }

    /// The goals that the last run reached for the first time, then those that stay open.
    pub(crate) fn goals(&mut self, speaker: &mut Speaker, all: bool) -> Vec<String> {
        let Some(ran) = &self.ran else { return Vec::new() };
        let means: Metrics = ran
            .estimate
            .intervals
            .iter()
            .map(|(name, interval)| (name.clone(), interval.mean))
            .collect();
        let mut lines = Vec::new();
        for (number, Goal { text, when, feedback, .. }) in self.start.goals.iter().enumerate() {
            let was_reached = self.reached.contains(&number);
            if when.holds(&means) && self.reached.insert(number) {
                lines.extend(speaker.short(text, "Goal reached: ", 0));
                lines.extend(speaker.short(feedback, "", 0));
            } else if all && !was_reached {
                lines.extend(speaker.short(text, "Goal: ", 0));
            }
        }
        if all && lines.is_empty() && !self.start.goals.is_empty() {
            lines.push(format!("{} reached.", counted(self.start.goals.len(), "goal")));
        }
        lines
    }

    /// What can be turned, between what, and how.
    pub(crate) fn controls(&self, speaker: &Speaker) -> Vec<String> {
        let mut lines = vec![format!("You can turn, as in {}:", self.example())];
        for control in &self.start.controls {
            let now = self.now.written(&control.param);
            let now = now.map_or_else(String::new, |value| format!("{}, ", bare_words(&value)));
            let text = format!("{}: {now}{}", control.label, control.range_words());
            let first = format!("{}, ", control.param);
            lines.extend(speaker.wrapped(&text, &first, 2));
        }
        lines
    }
}

/// What a view shows as rows.
fn view_rows(speaker: &Speaker, view: &View) -> Vec<String> {
    let Body::Pair(pair) = &view.body else {
        return rows(speaker, &view.title, &picture::table(view));
    };
    [&pair.0, &pair.1].into_iter().flat_map(|view| view_rows(speaker, view)).collect()
}

/// Each row as its cells with their heads, the first cell leading.
fn rows(speaker: &Speaker, title: &str, table: &Table) -> Vec<String> {
    let mut lines = speaker.wrapped(&format!("{}:", capitalised(title)), "", 0);
    let heads = &table.heads;
    for row in table.rows.iter().take(ROWS) {
        let cells: Vec<String> = row
            .iter()
            .zip(heads)
            .filter(|(cell, _)| !cell.is_empty())
            .map(
                |(cell, head)| {
                    if head.is_empty() { cell.clone() } else { format!("{head}: {cell}") }
                },
            )
            .collect();
        lines.extend(speaker.wrapped(&cells.join("; "), "", 2));
    }
    let more = table.rows.len().saturating_sub(ROWS);
    if more > 0 {
        lines.push(format!("  {} more.", counted(more, "row")));
    }
    lines
}

/// `text` with a capital first.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
