//! A simulation being turned: what it is set to, what the last runs gave, and both in lines.

mod said;

use std::collections::{BTreeMap, BTreeSet};

use super::{Then, quoted};
use crate::course::Files;
use crate::course::scenario::{Control, Estimate, History, Predict, Scenario, Setting, bare_words};
use crate::diagnostic::did_you_mean;
use crate::progress::{Progress, Simulated};
use crate::sim::Metrics;

/// What happened in a run of more events is not told.
const HISTORY_EVENTS_MAX: f64 = 5e6;

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

    /// Whether parameters are set that the author gave no control for: such runs reach no goal.
    fn is_sandbox(&self) -> bool {
        let is_control = |param: &String| self.start.controls.iter().any(|it| it.param == *param);
        !self.turned.keys().all(is_control)
    }

    /// The record of the last run, unless more was set than the controls.
    pub(crate) fn record(&self, lesson: Option<&str>) -> Option<Simulated> {
        let ran = self.ran.as_ref().filter(|_| !self.is_sandbox())?;
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
        if param == "seed" {
            // One seed, whichever way it was said.
            self.reseed(value, files).ok()?;
            return Some(format!("seed: {value}. :run runs it."));
        }
        self.now = self.turn_one(param.to_owned(), value, files).ok()?;
        let value = bare_words(value);
        Some(format!(
            "{param}: {value}, which has no control: such a run is not recorded. :run runs it."
        ))
    }

    /// What comes of one more value; it is kept if it can be simulated.
    fn turn_one(&mut self, param: String, bare: &str, files: &Files) -> Result<Scenario, String> {
        let mut turned = self.turned.clone();
        turned.insert(param, bare.to_owned());
        let now = self.turn(&turned, self.seed, files)?;
        self.turned = turned;
        Ok(now)
    }

    /// The command that runs the scenario with what was turned; `program` is how it begins.
    pub(crate) fn share(&self, program: &str) -> String {
        let seed = self.seed.map(|seed| ("seed".to_owned(), seed.to_string()));
        let values = seed.into_iter().chain(self.turned.clone());
        let values: Vec<String> = values.map(|(param, value)| format!("{param}={value}")).collect();
        let mark = if values.is_empty() { "" } else { "?" };
        let shared = format!("{}{mark}{}", self.start.id, values.join("&"));
        format!("{program} sim {}", quoted(&shared))
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
        let value = value.map(|value| if value == "true" { "yes".to_owned() } else { value });
        match (first, value) {
            (Some(control), Some(value)) => format!(":set {} {value}", control.param),
            _ => ":set KEY VALUE".to_owned(),
        }
    }
}

fn value_of(rest: &str) -> &str {
    rest.trim_start_matches([' ', '=', ':', '\t']).trim()
}
