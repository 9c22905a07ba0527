//! What will happen is said before it is seen.
//!
//! ```text
//!         Keep-alive 5 min · Gap 20 min · 2 h
//!
//!         One request arrives every 20 minutes, and an idle environment is kept
//!         for 5 minutes. Which share of requests will be cold?
//!
//!           Your prediction   100      %
//!
//!         How sure are you?   1 ○ sure   2 ○ think so   3 ○ a guess
//! ```

use super::{Guess, Simulating, Stage};
use crate::app::sheet::{Sheet, field, piece};
use crate::app::sureness::{how_sure, neighbour};
use crate::app::{Request, World, frame};
use crate::course::scenario::{bare_words, duration_text};
use crate::keymap::Action;
use crate::quiz::Confidence;
use crate::typeset::{Measure, Role, Settings};

impl Simulating {
    pub(super) fn act_predicting(&mut self, action: Action) -> Vec<Request> {
        self.missing = None;
        self.sheet.follow = true;
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Submit => self.submit(),
            Action::Confidence => {
                self.confidence = match self.confidence {
                    None => Some(Confidence::Sure),
                    Some(Confidence::Sure) => Some(Confidence::ThinkSo),
                    Some(Confidence::ThinkSo) => Some(Confidence::Guess),
                    Some(Confidence::Guess) => None,
                }
            }
            action => {
                self.field.act(action);
            }
        }
        Vec::new()
    }

    /// Enter: the prediction is read; how sure it is comes next, unless it was said.
    fn submit(&mut self) {
        let Some(predict) = &self.start.predict else { return self.unlock() };
        if self.field.text().trim().is_empty() {
            let what = if predict.unit.is_empty() { "a number" } else { "a number, in" };
            self.missing = Some(format!("Type {what} {}.", predict.unit).replace(" .", "."));
            return;
        }
        match predict.parse_guess(self.field.text()) {
            Err(sentence) => self.missing = Some(sentence),
            Ok(_) if self.confidence.is_none() => self.stage = Stage::HowSure(None),
            Ok(number) => self.commit(number),
        }
    }

    pub(super) fn act_how_sure(&mut self, action: Action, at: Option<Confidence>) -> Vec<Request> {
        self.sheet.follow = true;
        self.confidence = match action {
            Action::Back | Action::Leave => {
                self.stage = Stage::Predicting;
                return Vec::new();
            }
            Action::Down | Action::Up => {
                self.stage = Stage::HowSure(Some(neighbour(at, action == Action::Down)));
                return Vec::new();
            }
            Action::Sure => Some(Confidence::Sure),
            Action::ThinkSo => Some(Confidence::ThinkSo),
            Action::Guess => Some(Confidence::Guess),
            Action::Submit => at,
            _ => return Vec::new(),
        };
        let predict = self.start.predict.as_ref();
        match predict.map(|predict| predict.parse_guess(self.field.text())) {
            Some(Ok(number)) => self.commit(number),
            _ => self.stage = Stage::Predicting,
        }
        Vec::new()
    }

    fn commit(&mut self, number: f64) {
        self.guess = Some(Guess { number, confidence: self.confidence, kept: false });
        self.unlock();
    }

    /// Lays out the prediction, or what is shown until the run is there.
    pub(super) fn lay_sheet(&mut self, world: &World<'_>) {
        let area = frame::page(world.size).text;
        let height = usize::from(area.height);
        let (measure, ascii) = (Measure(area.width), world.settings.ascii);
        let mut sheet = Sheet::new(Settings { measure, ascii, ..Settings::default() }, height);
        sheet.follow = self.sheet.follow || sheet.has_moved(&self.sheet);
        let situation = self.situation(ascii);
        sheet.led(Vec::new(), &situation, Role::Muted);
        sheet.gap();
        if self.stage == Stage::Running {
            self.waiting(&mut sheet);
        } else {
            self.question(&mut sheet, world);
        }
        let most = sheet.lines.len().saturating_sub(height);
        self.looking.top = self.looking.top.min(most);
        if std::mem::take(&mut sheet.follow) {
            self.looking.top = sheet.reveal(self.looking.top, height).min(most);
        }
        self.sheet = sheet;
    }

    /// What the knobs are at, and how long the run is.
    fn situation(&self, ascii: bool) -> String {
        let knobs = self.start.controls.iter().map(|control| {
            let value = self.knobs.said(control, &self.start);
            format!("{} {value}", control.label)
        });
        let length = self.start.duration().map(|span| bare_words(&duration_text(span)));
        let said: Vec<String> = knobs.chain(length).collect();
        said.join(if ascii { " - " } else { " · " })
    }

    fn question(&self, sheet: &mut Sheet, world: &World<'_>) {
        let Some(predict) = &self.start.predict else { return };
        sheet.blocks(&predict.prompt);
        sheet.gap();
        field(("Your prediction  ", &self.field, &predict.unit), (16, true), sheet);
        if let Some(missing) = &self.missing {
            sheet.gap();
            let lead = vec![piece(sheet.sign("▸ ", "> "), Role::Notice)];
            sheet.led(lead, missing, Role::Notice);
        }
        let asked = match self.stage {
            Stage::HowSure(at) => (true, at),
            _ => (false, self.confidence),
        };
        how_sure(asked, sheet, world);
        if self.stage == Stage::Predicting {
            sheet.gap();
            sheet.led(Vec::new(), "Then the run shows it.", Role::Muted);
        }
    }

    /// The run is computed, or cannot be.
    fn waiting(&self, sheet: &mut Sheet) {
        if let Some(reason) = &self.work.failed {
            let said = format!("This cannot be simulated: {reason}");
            sheet.led(Vec::new(), &said, Role::Wrong);
            return;
        }
        sheet.led(Vec::new(), "The run is being computed.", Role::Body);
        if let Some(done) = self.work.progress {
            sheet.gap();
            sheet.bar(done);
        }
    }
}
