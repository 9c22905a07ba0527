//! Questions that predict: the scenario they name, with its settings, and the number that its run
//! gives.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::Course;
use super::scenario::predict::{DIGITS, rounded, unit_advice, unit_factor};
use super::scenario::{Scenario, Setting, setting_at};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::quiz::numeric::Expression;
use crate::quiz::prediction::Prediction;
use crate::quiz::{Question, QuestionKind, Quiz};

/// The runs whose number a question asks for may take about so many events, some milliseconds:
/// they are made when the question is shown.
pub(super) const EVENTS_MAX: f64 = 30e3;
/// The number is the mean of so many runs at most.
const REPLICATIONS: u64 = 30;

/// The numbers that questions ask for, each simulated when it is first needed.
pub(super) type Simulated = Mutex<BTreeMap<(Prediction, String), Option<f64>>>;

impl Course {
    /// The scenario that `prediction` names, and the same with its settings. The error is about the
    /// question's file.
    pub fn predicted(&self, prediction: &Prediction) -> Result<(&Scenario, Scenario), Diagnostic> {
        let scenario = self.scenario_named(prediction)?;
        let error =
            |code, span, message: String| Diagnostic::error(code, &prediction.file, span, message);
        let place = |number: usize| prediction.places.set.get(number).copied();
        let mut settings = Vec::new();
        for (number, (path, value)) in prediction.set.iter().enumerate() {
            let setting = Setting::new(path, value).map_err(|wrong| {
                error("unusable-setting", place(number).unwrap_or_default(), wrong)
            })?;
            settings.push(setting);
        }
        let turned = scenario.with(&settings, self.files()).map_err(|fault| {
            let of_setting = setting_at(fault.span).and_then(place);
            let message = format!("this cannot be simulated: {}", fault.message);
            let span = of_setting.unwrap_or(prediction.places.scenario);
            let refused = error("unusable-setting", span, message);
            match fault.hint {
                Some(hint) => refused.hint(hint),
                None => refused,
            }
        })?;
        if let Some(metric) = &prediction.metric
            && turned.definition(metric).is_none()
        {
            let model = turned.model.name();
            let message = format!("`{metric}` is no metric of `{model}`");
            let fault = error("unknown-metric", prediction.places.metric, message);
            return Err(fault.hint(turned.metric_advice(metric)));
        }
        Ok((scenario, turned))
    }

    /// The scenario of the id or at the path that `prediction` writes.
    fn scenario_named(&self, prediction: &Prediction) -> Result<&Scenario, Diagnostic> {
        let name = prediction.scenario.as_str();
        let is_path = name.contains('/') || name.strip_suffix(".toml").is_some();
        let error = |code, message: String, hint: String| {
            let span = prediction.places.scenario;
            Diagnostic::error(code, &prediction.file, span, message).hint(hint)
        };
        let found = if is_path {
            let path = self.resolve_path(&prediction.file, name).map_err(|refusal| {
                let hint = "a path is relative to the file it stands in".to_owned();
                error("unknown-scenario", format!("`{name}` {refusal}"), hint)
            })?;
            self.scenario_at(path)
        } else {
            self.scenario(name)
        };
        found.ok_or_else(|| {
            let names = self.scenario_names();
            if names.iter().any(|(id, path)| *id == name || (is_path && path.ends_with(name))) {
                let message = format!("the scenario `{name}` has errors of its own");
                return error("unknown-scenario", message, "mend it first".to_owned());
            }
            let ids = || names.iter().map(|(id, _)| *id);
            let hint = did_you_mean(name, ids()).map_or_else(
                || "name the id of a scenario, or its path".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            error("unknown-scenario", format!("there is no scenario `{name}`"), hint)
        })
    }

    /// The number that `turned` gives for `prediction`, in `unit`: theory's where a formula holds,
    /// else the mean of some runs, which take `events` in all at most.
    pub(super) fn simulated(
        prediction: &Prediction,
        turned: &Scenario,
        unit: &str,
        events: f64,
    ) -> Result<f64, Diagnostic> {
        let error = |code, span: Span, message: String| {
            Diagnostic::error(code, &prediction.file, span, message)
        };
        let metric = prediction.metric.as_deref().unwrap_or_default();
        let of_metric = turned.definition(metric).map_or("", |definition| definition.unit);
        let factor = unit_factor(of_metric, unit).ok_or_else(|| {
            let message = format!("this metric cannot be given in `{unit}`");
            error("unknown-unit", prediction.places.unit, message).hint(unit_advice(of_metric))
        })?;
        let theory = turned.theory().get(metric).copied().filter(|number| number.is_finite());
        if let Some(number) = theory {
            return Ok(number * factor);
        }
        if turned.events() > events {
            let thousands = turned.events() / 1e3;
            let message =
                format!("about {thousands:.0} thousand events in one run are too many here");
            let hint = "set a shorter `duration`, or write the number as `answer`";
            let place = prediction.places.scenario;
            return Err(error("slow-prediction", place, message).hint(hint));
        }
        let affordable = events / turned.events().max(1.0);
        let is_affordable = |count: &u64| crate::sim::time::as_f64(*count) <= affordable;
        let wanted = turned.replications_wanted().min(REPLICATIONS);
        let count = (1..=wanted).rev().find(is_affordable).unwrap_or(1);
        let estimate = turned
            .estimate(count)
            .map_err(|reason| error("unusable-setting", prediction.places.scenario, reason))?;
        let mean = estimate.intervals.get(metric).map(|interval| interval.mean);
        mean.filter(|mean| mean.is_finite()).map(|mean| mean * factor).ok_or_else(|| {
            let message = format!("the simulation gives no number for `{metric}`");
            let hint = "nothing of the kind happens in the run: predict another metric";
            error("no-number", prediction.places.metric, message).hint(hint)
        })
    }

    /// `question` with the number that the simulator gives where the author wrote none; `None`
    /// where there is no such number. Simulated once, then remembered.
    pub fn ready_question(&self, question: &Question) -> Option<Question> {
        let (Some(prediction), QuestionKind::Numeric(numeric)) =
            (&question.prediction, &question.kind)
        else {
            return Some(question.clone());
        };
        if numeric.answer != Expression::Simulated {
            return Some(question.clone());
        }
        let key = (prediction.clone(), numeric.unit.clone());
        let known = self.simulated.lock().ok().and_then(|known| known.get(&key).copied());
        let number = known.unwrap_or_else(|| {
            let run = self.predicted(prediction).and_then(|(_, turned)| {
                Self::simulated(prediction, &turned, &numeric.unit, EVENTS_MAX)
            });
            let number = run.ok().map(|number| rounded(number, DIGITS));
            if let Ok(mut known) = self.simulated.lock() {
                known.insert(key, number);
            }
            number
        })?;
        let mut question = question.clone();
        if let QuestionKind::Numeric(numeric) = &mut question.kind {
            numeric.answer = Expression::Number(number);
        }
        Some(question)
    }

    /// The quiz as it is asked: with the questions of the quizzes that it draws from, and with the
    /// numbers that the simulator gives. May simulate.
    pub fn ready(&self, quiz: &Quiz) -> Quiz {
        let mut whole = self.playable(quiz);
        let before = whole.questions.len();
        whole.questions = whole.questions.iter().filter_map(|it| self.ready_question(it)).collect();
        whole.omitted += before - whole.questions.len();
        whole
    }
}
