//! What the learner turned, and the scenario that comes of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::course::Files;
use crate::course::scenario::{Control, Scenario, Setting, bare_words};

/// What was turned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Knobs {
    /// The knobs, by param, as written bare; only what differs.
    pub(super) turned: BTreeMap<String, String>,
    /// What was set in the sandbox, in order.
    pub(super) free: Vec<(String, String)>,
    /// Another seed than the author's.
    pub(super) seed: Option<u64>,
}

impl Knobs {
    /// What a question sets, by param, values written bare.
    pub(super) fn set(values: &BTreeMap<String, String>, start: &Scenario) -> Self {
        let mut knobs = Self::default();
        for (param, value) in values {
            if start.controls.iter().any(|control| control.param == *param) {
                knobs.turned.insert(param.clone(), value.clone());
            } else if param == "seed" && value.parse::<u64>().is_ok() {
                knobs.seed = value.parse().ok();
            } else {
                knobs.free.push((param.clone(), value.clone()));
            }
        }
        knobs
    }

    /// `start` with everything turned; else in one line what is wrong with it.
    pub(super) fn scenario(&self, start: &Scenario, files: &Files) -> Result<Scenario, String> {
        let of_knobs = self.turned.iter().map(|(param, value)| Setting::new(param, value));
        let free = self.free.iter().map(|(param, value)| Setting::new(param, value));
        let seed = self.seed.map(|seed| Setting::beside("seed", &seed.to_string()));
        let settings: Vec<Setting> =
            of_knobs.chain(free).chain(seed).collect::<Result<_, String>>()?;
        start.with(&settings, files).map_err(|fault| match fault.hint {
            Some(hint) => format!("{}: {hint}", fault.message),
            None => fault.message,
        })
    }

    /// The same with `control` turned by `steps`.
    pub(super) fn turned(&self, control: &Control, start: &Scenario, steps: i32) -> Self {
        let now = self.value(control, start);
        let value = control.turned(now.as_deref(), steps);
        let mut knobs = self.clone();
        knobs.free.retain(|(param, _)| *param != control.param);
        if start.written(&control.param).as_deref() == Some(value.as_str()) {
            knobs.turned.remove(&control.param);
        } else {
            knobs.turned.insert(control.param.clone(), value);
        }
        knobs
    }

    /// What a control is at, as written bare; `None` where that is left to the model.
    pub(super) fn value(&self, control: &Control, start: &Scenario) -> Option<String> {
        let free = self.free.iter().find(|(param, _)| *param == control.param);
        let turned = free.map(|(_, value)| value).or_else(|| self.turned.get(&control.param));
        turned.cloned().or_else(|| start.written(&control.param))
    }

    /// The same with `text`, `KEY=VALUE`, set; empty takes back all that was set so.
    pub(super) fn with(&self, text: &str) -> Result<Self, String> {
        let mut knobs = self.clone();
        if text.trim().is_empty() {
            knobs.free.clear();
            return Ok(knobs);
        }
        Setting::parse(text)?;
        let (param, value) = text.split_once('=').unwrap_or((text, ""));
        let (param, value) = (param.trim().to_owned(), value.trim().to_owned());
        if let ("seed", Ok(seed)) = (param.as_str(), value.parse()) {
            // One seed, whichever way it was said.
            knobs.seed = Some(seed);
            return Ok(knobs);
        }
        knobs.free.retain(|(known, _)| *known != param);
        knobs.turned.remove(&param);
        knobs.free.push((param, value));
        Ok(knobs)
    }

    /// The scenario's name with what differs, as `coldstart sim` takes it.
    pub(super) fn share(&self, id: &str) -> String {
        let mut shared = id.to_owned();
        let seed = self.seed.map(|seed| ("seed".to_owned(), seed.to_string()));
        let all = seed.into_iter().chain(self.turned.clone()).chain(self.free.clone());
        for (index, (param, value)) in all.enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            let _ = write!(shared, "{mark}{param}={value}");
        }
        shared
    }

    /// What a control is at, as people read it.
    pub(super) fn said(&self, control: &Control, start: &Scenario) -> String {
        self.value(control, start).map_or_else(|| "–".to_owned(), |value| bare_words(&value))
    }
}
