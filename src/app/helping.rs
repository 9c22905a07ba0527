//! Help for the screen shown, made from the keymap; and the choice of a theme.

use super::frame::{self, Area};
use super::{Effect, Listing, Request, Setting, Size};
use crate::keymap::{Action, Binding, Context, Keymap};

/// The keys of a screen.
#[derive(Debug)]
pub(crate) struct Help {
    /// What the screen is called.
    pub(crate) title: &'static str,
    lines: Vec<HelpLine>,
    top: usize,
    area: Area,
}

/// A line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HelpLine {
    /// What comes next holds here.
    Section(&'static str),
    /// The keys and what they do.
    Keys(String, String),
    /// Air.
    Blank,
}

/// The cells that the keys take.
pub(crate) const KEYS_WIDTH: u16 = 18;
const WIDTH: u16 = 72;

impl Help {
    pub(super) fn new(context: Context, keymap: &Keymap, ascii: bool) -> Self {
        let mut lines = Vec::new();
        let mut place = None;
        for Binding { context: here, chords, help, .. } in keymap.bindings(context) {
            if place != Some(here) {
                if place.is_some() {
                    lines.extend([HelpLine::Blank, HelpLine::Section(title(here))]);
                }
                place = Some(here);
            }
            let keys: Vec<String> = chords.iter().map(|chord| chord.label(ascii)).collect();
            lines.push(HelpLine::Keys(keys.join("  "), help));
        }
        Self { title: title(context), lines, top: 0, area: Area::default() }
    }

    /// The lines in view.
    pub(crate) fn view(&self) -> &[HelpLine] {
        self.lines.get(self.top..).unwrap_or(&[])
    }

    /// Where the lines stand.
    pub(crate) const fn area(&self) -> Area {
        self.area
    }

    /// Whether lines are hidden above and below.
    pub(crate) fn more(&self) -> (bool, bool) {
        (self.top > 0, self.top + usize::from(self.area.height) < self.lines.len())
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        let page = usize::from(self.area.height).max(1);
        self.top = match action {
            Action::Down => self.top + 1,
            Action::Up => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::First => 0,
            Action::Last => self.lines.len(),
            Action::Close => return vec![Request::Close],
            _ => self.top,
        };
        Vec::new()
    }

    pub(super) fn settle(&mut self, size: Size) {
        self.area = frame::boxed(size, WIDTH, self.lines.len());
        self.top = self.top.min(self.lines.len().saturating_sub(usize::from(self.area.height)));
    }
}

/// What people call a place.
const fn title(context: Context) -> &'static str {
    match context {
        Context::Everywhere => "Everywhere",
        Context::Contents => "Contents",
        Context::Lesson => "Reading a lesson",
        Context::Part => "The summary of a part",
        Context::Outline => "Outline",
        Context::List => "Lists",
        Context::Help => "Help",
        Context::PopUp => "Facts and terms",
        Context::TextField => "Writing",
        Context::Search => "Search",
        Context::Question => "A question",
        Context::Ticking => "A question with several right answers",
        Context::Ordering => "Putting in order",
        Context::Pairing => "Matching and sorting",
        Context::Answer => "Writing an answer",
        Context::Confidence => "How sure you are",
        Context::Verdict => "A question, answered",
        Context::Summary => "The end of a quiz",
        Context::Prediction => "A prediction",
        Context::Simulation => "A simulation",
        Context::Sandbox => "Setting a parameter",
    }
}

/// The themes to choose from; the chosen one is shown at once.
#[derive(Debug)]
pub(crate) struct Themes {
    names: Vec<String>,
    before: String,
    list: Listing,
}

impl Themes {
    pub(super) fn new(names: &[String], now: &str) -> Self {
        let selected = names.iter().position(|name| name == now).unwrap_or(0);
        Self { names: names.to_vec(), before: now.to_owned(), list: Listing::at(selected) }
    }

    /// The names, and which is chosen.
    pub(crate) fn view(&self) -> (&[String], usize) {
        (&self.names, self.list.selected)
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        let Some(name) = self.names.get(self.list.selected).cloned() else { return Vec::new() };
        if action == Action::Open {
            let save = Effect::SaveSetting(Setting::Theme(name));
            return vec![Request::Effect(save), Request::Close];
        }
        self.list.act(action, self.names.len(), self.names.len());
        let name = self.names.get(self.list.selected).cloned().unwrap_or(name);
        vec![Request::Set(Setting::Theme(name))]
    }

    pub(super) fn closed(self) -> Vec<Request> {
        vec![Request::Set(Setting::Theme(self.before))]
    }
}
