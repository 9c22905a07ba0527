//! What drawing and the shell read of the app.

use super::{App, Overlay, Screen, World};
use crate::keymap::Context;
use crate::progress::Snapshot;
use crate::theme::Theme;

impl App {
    /// Where keys act now.
    pub fn context(&self) -> Context {
        match (&self.overlay, self.screens.last()) {
            (Some(overlay), _) => overlay.context(),
            (None, Some(screen)) => screen.context(),
            (None, None) => Context::Everywhere,
        }
    }

    /// The theme in use.
    pub fn theme(&self) -> Option<&Theme> {
        let named = self.themes.iter().find(|theme| theme.name == self.settings.theme);
        named.or_else(|| self.themes.first())
    }

    /// Where the learner stands now: what the next start needs first.
    pub const fn glance(&self) -> &Snapshot {
        &self.glance
    }

    /// Whether a record is on its way to the store.
    pub const fn is_saving(&self) -> bool {
        self.saving > 0
    }

    /// Whether time passes on the screen: the shell then tells how much, at most 20 times a second.
    pub fn wants_frames(&self) -> bool {
        let playing = |screen: &Screen| match screen {
            Screen::Simulation(simulating) => simulating.is_playing(),
            _ => false,
        };
        self.overlay.is_none()
            && !super::frame::too_small(self.size)
            && self.screens.last().is_some_and(playing)
    }

    pub(crate) fn world(&self) -> World<'_> {
        World {
            course: &self.course,
            progress: &self.progress,
            glance: &self.glance,
            settings: &self.settings,
            keymap: &self.keymap,
            size: self.size,
            now: self.now,
            serial: self.serial,
        }
    }

    pub(crate) fn screen(&self) -> Option<&Screen> {
        self.screens.last()
    }

    pub(crate) const fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    pub(crate) fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    pub(super) fn theme_names(&self) -> Vec<String> {
        self.themes.iter().map(|theme| theme.name.clone()).collect()
    }
}
