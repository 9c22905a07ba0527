//! What the keys do once the run is there.

use super::{Knobs, Simulating, TextField};
use crate::app::{Effect, Overlay, PopUp, Request, World};
use crate::keymap::Action;

impl Simulating {
    pub(super) fn act_running(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        match action {
            Action::Back | Action::Leave => return vec![Request::Back],
            Action::Left => return self.turn(-1, world),
            Action::Right => return self.turn(1, world),
            Action::FarLeft => return self.turn(-10, world),
            Action::FarRight => return self.turn(10, world),
            Action::Restore => return self.restore(world),
            Action::NewSeed if self.start.model.is_exact() => {
                return vec![Request::Say("Nothing here is left to chance.".to_owned())];
            }
            Action::NewSeed => {
                let seed = self.knobs.seed.unwrap_or(self.start.run.seed);
                let knobs = Knobs { seed: Some(seed.wrapping_add(1)), ..self.knobs.clone() };
                return self.change(knobs, world);
            }
            Action::Copy if world.course.scenario(&self.start.id).is_none() => {
                let said = "Only in this lesson: there is no name to share.";
                return vec![Request::Say(said.to_owned())];
            }
            Action::Copy => {
                let shared = self.knobs.share(&self.start.id);
                let said = format!("Copied: {shared}");
                return vec![Request::Effect(Effect::Copy(shared)), Request::Say(said)];
            }
            Action::Definitions => return self.define(),
            Action::Sandbox => self.typing = Some((TextField::new(), None)),
            Action::Down | Action::Up => self.choose(action),
            _ => {
                self.in_streak = false;
                self.look(action);
            }
        }
        Vec::new()
    }

    /// Actions that change only what is looked at.
    fn look(&mut self, action: Action) {
        match action {
            Action::Pause => self.playback.toggle(),
            Action::Again => self.playback.restart(),
            Action::First => self.playback.go_to_start(),
            Action::Last => {
                self.playback.go_to_end();
                self.see();
                self.keep();
            }
            Action::StepOn => {
                self.playback.step(1);
                if self.playback.is_over() {
                    self.see();
                }
            }
            Action::StepBack => self.playback.step(-1),
            Action::Faster => self.playback.change_speed(1),
            Action::Slower => self.playback.change_speed(-1),
            Action::NextView => self.next_view(1),
            Action::PreviousView => self.next_view(-1),
            Action::AsTable => self.looking.as_table = !self.looking.as_table,
            Action::Compare => self.comparing = !self.comparing,
            _ => {}
        }
    }

    /// The picture comes into view instead of the verdict.
    fn show_picture(&mut self) {
        if self.looking.view == 0 && self.bench.told_first {
            self.looking.view = 1;
        }
    }

    fn next_view(&mut self, by: isize) {
        let count = self.bench.views.max(1);
        self.looking.view = (self.looking.view % count + count).saturating_add_signed(by) % count;
        self.looking.top = 0;
    }

    /// The next knob; the curve follows it.
    fn choose(&mut self, action: Action) {
        let last = self.start.controls.len().saturating_sub(1);
        let down = (self.selected + 1).min(last);
        let chosen = if action == Action::Down { down } else { self.selected.saturating_sub(1) };
        self.in_streak = false;
        if chosen != self.selected {
            self.selected = chosen;
            // What is under way goes on; then the curve is made alone.
            self.work.stale = self.work.busy;
            if !self.work.busy && self.work.wanted.is_none() {
                self.work.wanted = Some(false);
            }
        }
    }

    fn turn(&mut self, steps: i32, world: &World<'_>) -> Vec<Request> {
        let Some(control) = self.start.controls.get(self.selected) else {
            return vec![Request::Say("There is nothing to turn here.".to_owned())];
        };
        let knobs = self.knobs.turned(control, &self.start, steps);
        if knobs == self.knobs {
            return Vec::new();
        }
        self.change(knobs, world)
    }

    fn restore(&mut self, world: &World<'_>) -> Vec<Request> {
        let Some(control) = self.start.controls.get(self.selected) else { return Vec::new() };
        let mut knobs = self.knobs.clone();
        knobs.turned.remove(&control.param);
        knobs.free.retain(|(param, _)| *param != control.param);
        if knobs == self.knobs { Vec::new() } else { self.change(knobs, world) }
    }

    /// Runs with other knobs, unless that cannot be simulated: then nothing changes.
    fn change(&mut self, knobs: Knobs, world: &World<'_>) -> Vec<Request> {
        if self.guess.is_some() && self.judged.is_none() && self.work.failed.is_none() {
            return vec![Request::Say(
                "The run that you predicted is still being computed.".to_owned(),
            )];
        }
        if let Err(reason) = knobs.scenario(&self.start, world.course.files()) {
            return vec![Request::Say(format!("This cannot be simulated: {reason}"))];
        }
        if !self.in_streak {
            self.in_streak = true;
            self.before.clone_from(&self.ran);
        }
        self.knobs = knobs;
        self.playback.go_to_end();
        self.see();
        self.show_picture();
        self.want_run();
        Vec::new()
    }

    pub(super) fn act_typing(&mut self, action: Action, world: &World<'_>) -> Vec<Request> {
        let Some((field, wrong)) = &mut self.typing else { return Vec::new() };
        match action {
            Action::Back | Action::Leave => self.typing = None,
            Action::Submit => {
                let knobs = self.knobs.with(field.text()).and_then(|knobs| {
                    knobs.scenario(&self.start, world.course.files()).map(|_| knobs)
                });
                match knobs {
                    Ok(knobs) => {
                        self.typing = None;
                        return self.change(knobs, world);
                    }
                    Err(reason) => *wrong = Some(reason),
                }
            }
            action => {
                field.act(action);
            }
        }
        Vec::new()
    }

    fn define(&self) -> Vec<Request> {
        let meanings = self.meanings();
        if meanings.is_empty() {
            return vec![Request::Say("There are no numbers yet.".to_owned())];
        }
        vec![Request::Show(Overlay::PopUp(PopUp::meanings(meanings)))]
    }
}
