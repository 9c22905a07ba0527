//! What is said of a simulation: what it is set to, what its runs gave, what happened in them.

use super::{Ran, Simulation};
use crate::course::scenario::{Goal, Predict, bare_words, duration_text};
use crate::markdown::{inlines, plain_text};
use crate::picture::{self, Body, Picture, Shown, Table, View};
use crate::plain::asking::sentence;
use crate::plain::text::Speaker;
use crate::quiz::numeric::counted;
use crate::sim::Metrics;
use crate::sim::metric::{TELLING, label};
use crate::sim::time::{SimDuration, SimTime};

/// So many metrics are said after a run; `:table` says all.
const SAID: usize = 8;
/// So many things that happened are told.
const TIMELINE: usize = 12;
/// So many rows of a view are said.
const ROWS: usize = 40;

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
            lines.extend(speaker.wrapped(&speaker.own(&self.metric(ran, name)), "", 2));
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
            lines.extend(speaker.wrapped(&speaker.own(&text), "", 2));
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
        let seed = self.now.run.seed;
        let length = self.now.duration().map(|span| bare_words(&duration_text(span)));
        let length = length.map_or_else(String::new, |length| format!(" of {length}"));
        let is_certain = ran.estimate.intervals.values().all(|interval| interval.ci95 == 0.0);
        match ran.estimate.replications.len() {
            several if is_certain && several > 1 => {
                format!("The same in {several} runs{length}, from seed {seed} on:")
            }
            1 => format!("Measured in one run{length}, seed {seed}:"),
            several => format!("Means of {several} runs{length}, from seed {seed} on:"),
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
        let is_sandbox = self.is_sandbox();
        let mut lines = Vec::new();
        for (number, Goal { text, when, feedback, .. }) in self.start.goals.iter().enumerate() {
            let was_reached = self.reached.contains(&number);
            if when.holds(&means) && !is_sandbox && self.reached.insert(number) {
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
    let mut lines = Vec::new();
    if pair.0.title.is_empty() && !view.title.is_empty() {
        lines.extend(speaker.wrapped(&format!("{}:", capitalised(&view.title)), "", 0));
    }
    lines.extend(view_rows(speaker, &pair.0));
    lines.extend(view_rows(speaker, &pair.1));
    lines
}

/// Each row as its cells with their heads, the first cell leading.
fn rows(speaker: &Speaker, title: &str, table: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    if !title.is_empty() {
        lines.extend(speaker.wrapped(&format!("{}:", capitalised(title)), "", 0));
    }
    if table.rows.is_empty() {
        lines.push("- nothing".to_owned());
    }
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
        lines.extend(speaker.wrapped(&cells.join("; "), "- ", 2));
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
