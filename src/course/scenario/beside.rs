//! `[beside]`: a second model on the arrivals of the first, to be held against it.

use super::{Reading, Scenario, definition, model, names_of};
use crate::course::toml_file::{Entry, Fields, Kind, Table, Value};
use crate::sanitize;
use crate::sim::metric::Definition;
use crate::sim::{Metrics, Run};

/// A second model that runs on the arrivals of the first.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What stands before the names of its metrics, with a dot: letters, digits, `-` and `_`.
    pub name: String,
    /// What is simulated, with its parameters.
    pub model: super::Model,
}

/// The models whose `service` may be that of the first.
const WITH_SERVICE: [&str; 6] = ["knative", "ordering", "platform", "pool", "queue", "retry"];

impl Beside {
    /// What `name`, with the prefix, means.
    pub(super) fn definition(&self, name: &str) -> Option<&'static Definition> {
        let name = name.strip_prefix(&self.name)?.strip_prefix('.')?;
        definition(self.model.name(), &self.model.parts(), name)
    }

    /// The metrics with the name of this model before theirs.
    pub(super) fn prefixed(&self, metrics: Metrics) -> impl Iterator<Item = (String, f64)> + '_ {
        metrics.into_iter().map(|(name, value)| (format!("{}.{name}", self.name), value))
    }
}

impl Scenario {
    /// The metrics of the run `run`, of both models.
    pub(super) fn metrics_of(&self, run: &Run) -> Result<Metrics, String> {
        let mut metrics = self.model.run(run)?;
        if let Some(beside) = &self.beside {
            metrics.extend(beside.prefixed(beside.model.run(run)?));
        }
        Ok(metrics)
    }

    /// What theory says, where a formula holds.
    pub fn theory(&self) -> Metrics {
        let mut theory = self.model.theory(&self.run);
        if let Some(beside) = &self.beside {
            theory.extend(beside.prefixed(beside.model.theory(&self.run)));
        }
        theory
    }

    /// About how many events one run takes.
    pub fn events(&self) -> f64 {
        let beside = self.beside.as_ref().map_or(0.0, |beside| beside.model.events(&self.run));
        self.model.events(&self.run) + beside
    }

    /// What the metric `name` of this scenario means.
    pub fn definition(&self, name: &str) -> Option<&'static Definition> {
        names_of(&self.model, self.beside.as_ref()).definition(name)
    }
}

impl Reading<'_> {
    /// The second model, if there is one; `params` are those of the first, `first`.
    pub(super) fn beside(
        self,
        fields: &Fields<'_>,
        params: Option<&Table>,
        first: Option<&super::Model>,
    ) -> Option<Beside> {
        let table = fields.table("beside")?;
        let whole = "`[beside]`";
        let own = Fields::new(table, self.faults());
        let name = own.required_text("name", whole);
        own.expect("model", whole, &model::known());
        let kind = own.text("model");
        let known = kind.filter(|&kind| self.knows(kind));
        own.expect("params", whole, "write `params = { … }`");
        let own_params = own.table("params");
        own.finish();
        let (name, kind, own_params) = (name?, known?, own_params?);
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_taken = first.is_some_and(|first| first.parts().iter().any(|it| it == name.value));
        if !name.value.chars().all(is_word) || is_taken {
            let message = format!("`{}` cannot stand before metrics", sanitize::line(name.value));
            let hint = "write one word, as in `functions`, that is no part of the first model";
            self.faults().error_hint("out-of-range", name.span, message, hint);
            return None;
        }
        if !model::has_duration(kind.value) {
            let message = format!("nothing arrives in `{}`", kind.value);
            let hint = "`[beside]` is for a model that runs on the same arrivals";
            self.faults().error_hint("out-of-range", kind.span, message, hint);
            return None;
        }
        let params = self.shared(own_params, params?, kind.value)?;
        first?;
        let model = self.model(kind.value, &params)?;
        Some(Beside { name: name.value.to_owned(), model })
    }

    /// `own` with what the second model has from the first.
    fn shared(self, own: &Table, first: &Table, kind: &str) -> Option<Table> {
        if let Some(value) = own.get("arrivals") {
            let message = "the `arrivals` of `[beside]` are those of `[params]`";
            self.faults().error_hint("unknown-key", value.span, message, "leave it out");
            return None;
        }
        let Some(arrivals) = first.get("arrivals") else {
            let message = "there are no `arrivals` in `[params]` for `[beside]` to share";
            let hint = "write `arrivals = { process = \"poisson\", rate_per_s = 5 }` there";
            self.faults().error_hint("missing-key", own.span, message, hint);
            return None;
        };
        let mut all = own.clone();
        let mut share = |key: &str, value: &Value| {
            let (key, key_span) = (key.to_owned(), value.span);
            all.entries.push(Entry { key, key_span, value: value.clone() });
        };
        share("arrivals", arrivals);
        if let Some(service) = first.get("service")
            && WITH_SERVICE.contains(&kind)
            && own.get("service").is_none()
        {
            share("service", service);
        }
        Some(all)
    }
}

/// Whether `root`, a whole scenario, has a second model.
pub(super) fn is_in(root: &Table) -> bool {
    matches!(root.get("beside"), Some(Value { kind: Kind::Table(_), .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Files;
    use crate::course::scenario::{Setting, Written};
    use crate::course::toml_file::Origin;

    const TWIN: &str = "schema = 1\nid = 'twin'\ntitle = 'Twin'\nmodel = 'pool'\nduration = '1h'\n\
        [params]\narrivals = { process = 'poisson', rate_per_s = 0.5 }\nservers = 2\n\
        service = { law = 'exponential', mean = '1s' }\n\
        [beside]\nname = 'functions'\nmodel = 'platform'\n\
        params = { keep_alive = '5m', max_concurrency = 'none' }\n\
        [[controls]]\nparam = 'beside.keep_alive'\nlabel = 'Keep-alive'\nmin = '0s'\nmax = '1h'\n\
        step = '1m'\n\
        [[goals]]\ntext = 'Cold.'\nwhen = 'functions.p_cold == 1'\nfeedback = 'So.'\n\
        reached_by = { beside.keep_alive = '0s' }\n";

    fn read(text: &str) -> Scenario {
        let files = Files::new();
        let written = Written { file: "twin.toml", text, origin: Origin::File, files: &files };
        let (scenario, faults) = written.read(&[]);
        scenario.unwrap_or_else(|| panic!("{faults:?}"))
    }

    #[test]
    fn the_second_model_has_the_requests_of_the_first() {
        let scenario = read(TWIN);
        let metrics = scenario.metrics().unwrap();
        let requests = metrics["functions.requests"];
        assert!((1600.0..2000.0).contains(&requests), "{requests}");
        // The same requests run as long: what is busy on both sides differs in the drain alone.
        let (servers, functions) =
            (metrics["utilisation"] * 2.0, metrics["functions.running_mean"]);
        assert!((servers - functions).abs() < 0.01 * functions, "{servers} {functions}");
        let theory = scenario.theory();
        assert!(theory.contains_key("p_wait") && theory.contains_key("functions.running_mean"));
        assert!(scenario.definition("functions.p_cold").unwrap().meaning.contains("cold"));
        assert_eq!(scenario.definition("functions.wait_mean_s"), None);
        assert_eq!(scenario.definition("p_cold"), None);
        let estimate = scenario.estimate(2).unwrap();
        assert_eq!(estimate.intervals["functions.requests"].n, 2);
    }

    #[test]
    fn its_parameters_are_turned_as_the_first_ones_are() {
        let scenario = read(TWIN);
        assert_eq!(scenario.written("beside.keep_alive").as_deref(), Some("5m"));
        for path in ["beside.keep_alive", "beside.params.keep_alive"] {
            let setting = Setting::new(path, "0s").unwrap();
            let turned = scenario.with(&[setting], &Files::new()).unwrap();
            let metrics = turned.metrics().unwrap();
            assert!((metrics["functions.p_cold"] - 1.0).abs() < f64::EPSILON, "{path}");
            assert!(scenario.goals[0].when.holds(&metrics));
        }
        let arrivals = Setting::new("arrivals.rate_per_s", "1").unwrap();
        let turned = scenario.with(&[arrivals], &Files::new()).unwrap();
        assert!(turned.metrics().unwrap()["functions.requests"] > 3000.0);
        let wrong = Setting::new("beside.keep_alvie", "1s").unwrap();
        let fault = scenario.with(&[wrong], &Files::new()).unwrap_err();
        assert!(fault.message.contains("keep_alvie"), "{fault:?}");
    }

    #[test]
    fn without_a_second_model_there_is_nothing_beside() {
        let (first, _) = TWIN.split_once("[beside]").unwrap();
        let scenario = read(first);
        let setting = Setting::new("beside.keep_alive", "1s").unwrap();
        let fault = scenario.with(&[setting], &Files::new()).unwrap_err();
        assert!(fault.message.contains("beside"), "{fault:?}");
    }
}
