//! The way through a simulation: the prediction, the run that confronts it, then the sandbox.

use super::simulation::Simulation;
use super::{Command, Session, Stop, Then};
use crate::course::scenario::{Judged, Predict, Scenario};
use crate::progress::{Predicted, RecordKind};
use crate::quiz::Confidence;
use crate::quiz::line::without_confidence;
use crate::quiz::prediction::Prediction;

/// What can be typed in a simulation.
const SIMULATION_COMMANDS: [(&str, &str); 7] = [
    (":set KEY VALUE", "turn something"),
    (":run", "run it as it is set now; the numbers stand beside those before"),
    (":seed N", "run it with another seed: other chances, the same laws"),
    (":table", "all numbers of the last run"),
    (":view", "what happened in the last run; :view 2 says the second view as rows"),
    (":done", "go on; an empty line does, too"),
    (":help", "all other commands"),
];

impl Session<'_> {
    /// Begins a simulation: asks for a prediction, or runs it where none is wanted. False where
    /// nothing is asked.
    pub(super) fn simulate(&mut self, scenario: &Scenario, at: usize) -> bool {
        self.stop_at(at);
        let mut simulation = Box::new(Simulation::new(scenario.clone(), Then::GoOn));
        simulation.remember(&self.progress);
        let lines = simulation.about(&mut self.speaker);
        self.say(lines);
        self.predict_or_run(simulation).is_none()
    }

    /// Asks for the prediction, or runs at once where there is none; gives what comes next where
    /// nothing is asked.
    fn predict_or_run(&mut self, simulation: Box<Simulation>) -> Option<Then> {
        let Some(predict) = simulation.predict() else { return self.unpredicted(simulation) };
        let (before, question) = Simulation::question(predict);
        let mut lines = self.predicted_before(&simulation.now.id, predict);
        if !before.is_empty() {
            lines.extend(self.speaker.wrapped(&before, "", 0));
        }
        lines.push(question);
        self.mention_in_passage(lines);
        self.stop = Some(Stop::Predict(simulation));
        None
    }

    /// What was predicted of it the last time.
    fn predicted_before(&self, scenario: &str, predict: &Predict) -> Vec<String> {
        let last = self.progress.prediction(scenario);
        let Some(last) = last.filter(|last| last.metric == predict.metric) else {
            return Vec::new();
        };
        let said = predict.text(predict.in_unit(last.value));
        let truth = last.error.map(|error| predict.text(predict.in_unit(last.value - error)));
        let truth = truth.map_or_else(String::new, |truth| format!("; it was {truth}"));
        let text = format!(
            "The last time you said {said}{truth}. Predict again, or :s to go to the run at once."
        );
        self.speaker.wrapped(&text, "", 0)
    }

    /// Takes a line as a prediction.
    pub(super) fn predicted(&mut self, line: &str, simulation: Box<Simulation>) {
        let (text, confidence) = without_confidence(line.trim(), false);
        let Some(predict) = simulation.predict() else { return self.go_on() };
        let guess = if text.is_empty() {
            Err("Type a number, or :s to run it without a prediction.".to_owned())
        } else {
            predict.parse_guess(text)
        };
        match guess {
            Ok(guess) => {
                let then = self.confront(simulation, guess, confidence);
                self.go_on_if(then);
            }
            Err(sentence) => {
                let (_, question) = Simulation::question(predict);
                self.mention(vec![sentence, question]);
                self.stop = Some(Stop::Predict(simulation));
            }
        }
    }

    /// Runs it and holds the guess against what comes out.
    fn confront(
        &mut self,
        mut simulation: Box<Simulation>,
        guess: f64,
        confidence: Option<Confidence>,
    ) -> Option<Then> {
        let predict = simulation.predict()?.clone();
        let ran = match simulation.run() {
            Ok(ran) => ran,
            Err(reason) => return Some(self.not_run(*simulation, &reason)),
        };
        let simulated = ran.estimate.intervals.get(&predict.metric);
        let theory = ran.theory.get(&predict.metric).copied();
        let judged = predict.judge(guess, simulated, theory);
        self.records.push(RecordKind::Predicted(Predicted {
            scenario: simulation.now.id.clone(),
            lesson: self.lesson.map(|lesson| lesson.id.clone()),
            metric: predict.metric.clone(),
            value: predict.in_metric(guess),
            error: judged.error.map(|error| predict.in_metric(error)),
            confidence,
        }));
        self.tell_run(simulation, Some(&judged), &predict.reveal)
    }

    /// It cannot be run: that is said, and the way goes on.
    fn not_run(&mut self, simulation: Simulation, reason: &str) -> Then {
        let lines = self.speaker.wrapped(&format!("This was not run: {reason}."), "", 0);
        self.say(lines);
        simulation.then
    }

    /// Says what the first run came to, then opens the sandbox; gives what comes next where there is
    /// nothing to turn.
    fn tell_run(
        &mut self,
        mut simulation: Box<Simulation>,
        judged: Option<&Judged>,
        reveal: &str,
    ) -> Option<Then> {
        self.record_run(&simulation);
        let mut lines = Vec::new();
        if let Some(judged) = judged {
            lines.extend(self.speaker.wrapped(&self.speaker.own(&judged.said), "", 0));
            lines.extend(self.speaker.wrapped(&judged.verdict, "", 0));
        }
        if !reveal.is_empty() {
            lines.extend(self.speaker.short(reveal, "", 0));
        }
        self.say(lines);
        self.passage.clear();
        let timeline = simulation.timeline(&self.speaker);
        self.say(timeline);
        let mut lines = simulation.table(&self.speaker, false);
        lines.extend(simulation.goals(&mut self.speaker, true));
        self.say(lines);
        if !simulation.has_controls() {
            return Some(simulation.then);
        }
        let mut lines = simulation.controls(&self.speaker);
        lines.push(SANDBOX.to_owned());
        self.say(lines);
        if simulation.then.is_lesson() {
            self.pass_by();
        }
        self.stop = Some(Stop::Sandbox(simulation));
        None
    }

    fn record_run(&mut self, simulation: &Simulation) {
        let lesson = self.lesson.map(|lesson| lesson.id.as_str());
        self.records.extend(simulation.record(lesson).map(RecordKind::Simulated));
    }

    /// Takes a line in the sandbox that is no command.
    pub(super) fn played(&mut self, line: &str, simulation: Box<Simulation>) {
        if line.trim().is_empty() {
            self.leave_simulation(simulation.then);
        } else if simulation.is_setting(line.trim()) {
            self.turned(Command::Set(line.trim().to_owned()), simulation);
        } else {
            let sentence = format!(
                "Nothing is asked here. To turn something write {}; an empty line goes on.",
                simulation.example()
            );
            let lines = self.speaker.wrapped(&sentence, "", 0);
            self.mention(lines);
            self.mention(vec![SANDBOX.to_owned()]);
            self.stop = Some(Stop::Sandbox(simulation));
        }
    }

    /// Obeys a command that belongs to simulations, where it can be obeyed.
    pub(super) fn obey_simulating(&mut self, command: Command, stop: Stop) {
        let lines = match stop {
            Stop::Sandbox(simulation) => return self.turned(command, simulation),
            Stop::Predict(ref simulation) => match command {
                Command::Hint => self.explain_prediction(simulation),
                _ => vec!["First your prediction, or :s to run it without one.".to_owned()],
            },
            Stop::Offer(simulation) if command == Command::See => return self.see(simulation),
            Stop::Offer(_) => vec![":see runs what the question asked about.".to_owned()],
            _ => vec!["That belongs to a simulation; here a question is asked.".to_owned()],
        };
        self.mention(lines);
        let prompt = self.prompt_of(&stop);
        self.mention(prompt);
        self.stop = Some(stop);
    }

    /// Does what a command of the sandbox asks.
    pub(super) fn turned(&mut self, command: Command, mut simulation: Box<Simulation>) {
        let files = self.course.files();
        let lines = match command {
            Command::Done => return self.leave_simulation(simulation.then),
            Command::Set(text) => {
                let said = simulation.set(&text, files).unwrap_or_else(|wrong| wrong);
                self.speaker.wrapped(&said, "", 0)
            }
            Command::Run => self.run_again(&mut simulation),
            Command::Seed(text) => match simulation.reseed(&text, files) {
                Ok(()) => self.run_again(&mut simulation),
                Err(sentence) => vec![sentence],
            },
            Command::Table => simulation.table(&self.speaker, true),
            Command::View(text) => simulation.view(&self.speaker, &text),
            _ => {
                let mut lines = simulation.controls(&self.speaker);
                lines.extend(simulation.goals(&mut self.speaker, true));
                lines.extend(SIMULATION_COMMANDS.map(|(name, what)| format!("{name}  {what}")));
                let is_named = self.course.scenario(&simulation.now.id).is_some();
                if is_named && self.invocation.loose.is_none() {
                    let command = simulation.share(&self.invocation.program);
                    lines.push(format!("As it is set now, by itself: {command}"));
                }
                lines
            }
        };
        self.mention(lines);
        self.mention(vec![SANDBOX.to_owned()]);
        self.stop = Some(Stop::Sandbox(simulation));
    }

    fn run_again(&mut self, simulation: &mut Simulation) -> Vec<String> {
        if let Err(reason) = simulation.run() {
            return self.speaker.wrapped(&format!("This was not run: {reason}."), "", 0);
        }
        self.record_run(simulation);
        let mut lines = simulation.changes(&self.speaker);
        lines.extend(simulation.goals(&mut self.speaker, false));
        lines
    }

    /// Help where a prediction is asked for.
    pub(super) fn explain_prediction(&mut self, simulation: &Simulation) -> Vec<String> {
        let Some(predict) = simulation.predict() else { return Vec::new() };
        let unit = match predict.unit.as_str() {
            "" => String::new(),
            unit => format!(" in {unit}"),
        };
        let text = format!(
            "Type the number that you expect{unit}; the run is held against it. Behind it, ! says \
             that you are sure, ? that you guess, as in: 10 ! It scores nothing. :s runs it \
             without a prediction."
        );
        self.speaker.wrapped(&text, "", 0)
    }

    /// Runs it without a prediction; gives what comes next where there is nothing to turn.
    pub(super) fn unpredicted(&mut self, mut simulation: Box<Simulation>) -> Option<Then> {
        let reveal = simulation.predict().map(|predict| predict.reveal.clone());
        match simulation.run() {
            Ok(_) => self.tell_run(simulation, None, &reveal.unwrap_or_default()),
            Err(reason) => Some(self.not_run(*simulation, &reason)),
        }
    }

    /// The simulation that a question predicted, set as the question says.
    pub(super) fn simulation_of(&self, prediction: &Prediction) -> Option<Simulation> {
        let (scenario, turned) = self.course.predicted(prediction).ok()?;
        Some(Simulation::set_up(scenario.clone(), turned, prediction.set.clone()))
    }

    /// Offers to see what a question predicted.
    pub(super) fn offer(&mut self, mut simulation: Simulation, then: Then) {
        simulation.then = then;
        simulation.remember(&self.progress);
        self.mention(vec![OFFER.to_owned()]);
        self.stop = Some(Stop::Offer(Box::new(simulation)));
    }

    /// Goes on without seeing it; a line with words is the next answer.
    pub(super) fn passed_over(&mut self, line: &str, simulation: Simulation) {
        self.leave_simulation(simulation.then);
        if !line.trim().is_empty()
            && let Some(next) = self.stop.take()
        {
            self.take(line, next);
        }
    }

    /// Runs what a question predicted.
    fn see(&mut self, simulation: Box<Simulation>) {
        let lines = simulation.about(&mut self.speaker);
        self.say(lines);
        let then = self.unpredicted(simulation);
        self.go_on_if(then);
    }

    /// The line that says what to type.
    pub(super) fn prompt_of_simulation(stop: &Stop) -> Vec<String> {
        match stop {
            Stop::Predict(simulation) => {
                let question = simulation.predict().map(Simulation::question);
                question.map(|(_, question)| question).into_iter().collect()
            }
            Stop::Offer(_) => vec![OFFER.to_owned()],
            _ => vec![SANDBOX.to_owned()],
        }
    }

    pub(super) fn go_on_if(&mut self, then: Option<Then>) {
        if let Some(then) = then {
            self.go_on_to(then);
        }
    }

    /// Goes on behind what had waited.
    pub(super) fn leave_simulation(&mut self, then: Then) {
        self.out.push(String::new());
        self.go_on_to(then);
    }

    pub(super) fn go_on_to(&mut self, then: Then) {
        match then {
            Then::GoOn => self.go_on(),
            Then::Quiz(sitting, lesson) => self.go_on_with(*sitting, lesson),
            Then::Test(test) => self.go_on_testing(test),
        }
    }
}

const OFFER: &str = "? (:see to see it simulated, or an empty line to go on)";
const SANDBOX: &str = "? (:set KEY VALUE, :run, :seed N, :done; empty line goes on)";
