//! The playhead over a run that is over: the run was computed whole, the learner sees it pass.

use std::time::Duration;

/// Where the playhead is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Playback {
    /// In seconds of the run.
    at: f64,
    /// Where the run ends; 0 where nothing happens in time.
    end: f64,
    /// The place in the speeds.
    speed: usize,
    playing: bool,
}

/// The whole of a run takes about so many seconds to see.
const WHOLE_S: f64 = 12.0;
/// A step is about so much of the run.
const STEPS: f64 = 100.0;
/// How often the run's time passes: 1, 2, 5 of each decade.
const SPEEDS: [f64; 28] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
    200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6,
];

impl Playback {
    /// At the start of a run that ends at `end`, paused, at the speed that suits it.
    pub(super) fn new(end: f64) -> Self {
        let wanted = end / WHOLE_S;
        let speed = SPEEDS.iter().position(|&speed| speed >= wanted * 0.8);
        Self { at: 0.0, end, speed: speed.unwrap_or(SPEEDS.len() - 1), playing: false }
    }

    /// As fast as `other`, where both have the same length.
    pub(super) fn keep_speed(&mut self, other: &Self) {
        if (self.end - other.end).abs() <= 0.5 * other.end {
            self.speed = other.speed;
        }
    }

    /// The moment shown, in seconds of the run.
    pub(crate) const fn at(&self) -> f64 {
        self.at
    }

    /// Where the run ends.
    pub(crate) const fn end(&self) -> f64 {
        self.end
    }

    /// Whether time passes.
    pub(crate) const fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whether all of it is to be seen.
    pub(crate) fn is_over(&self) -> bool {
        self.at >= self.end
    }

    /// How many times as fast as in life.
    pub(crate) fn speed(&self) -> f64 {
        SPEEDS.get(self.speed).copied().unwrap_or(1.0)
    }

    /// So much time passed before the screen; `true`: the end was reached by it.
    pub(super) fn pass(&mut self, elapsed: Duration) -> bool {
        if !self.playing {
            return false;
        }
        self.at += elapsed.as_secs_f64() * self.speed();
        self.settle()
    }

    fn settle(&mut self) -> bool {
        self.at = self.at.clamp(0.0, self.end);
        if self.is_over() && self.playing {
            self.playing = false;
            return true;
        }
        false
    }

    /// Goes on or stops; from the start where the run is over.
    pub(super) fn toggle(&mut self) {
        if self.is_over() {
            self.at = 0.0;
        }
        self.playing = !self.playing && self.end > 0.0;
    }

    /// Plays from the start.
    pub(super) fn restart(&mut self) {
        self.at = 0.0;
        self.playing = self.end > 0.0;
    }

    pub(super) fn go_to_start(&mut self) {
        self.at = 0.0;
        self.playing = false;
    }

    pub(super) fn go_to_end(&mut self) {
        self.at = self.end;
        self.playing = false;
    }

    /// `by` steps on, or back where negative; paused.
    pub(super) fn step(&mut self, by: i32) {
        let wanted = self.end / STEPS;
        // A round number of seconds, so that the clock is easy to read.
        let step = SPEEDS.iter().copied().find(|&round| round >= wanted).unwrap_or(wanted);
        self.playing = false;
        self.at = ((self.at / step + 1e-6).floor() + f64::from(by)) * step;
        self.settle();
    }

    /// Faster, or slower where negative.
    pub(super) fn change_speed(&mut self, by: i32) {
        let step = usize::try_from(by.unsigned_abs()).unwrap_or(0);
        let speed = if by < 0 { self.speed.saturating_sub(step) } else { self.speed + step };
        self.speed = speed.min(SPEEDS.len() - 1);
    }

    /// The clock: `0:42:10 / 2 h`, `3.2 / 20 s`.
    pub(crate) fn clock(&self) -> String {
        if self.end <= 0.0 {
            return String::new();
        }
        let whole = crate::sim::metric::said(crate::sim::metric::Unit::Seconds, self.end);
        if self.end >= 172_800.0 {
            let minutes = std::time::Duration::from_secs_f64(self.at).as_secs() / 60;
            let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
            return format!("{days} d {hours:02}:{minutes:02} / {whole}");
        }
        if self.end >= 100.0 {
            // An end between two minutes is said like the moment, so that neither is the later.
            let is_round = self.end % 60.0 < 0.5;
            let whole = if is_round { whole } else { self.hands(self.end) };
            return format!("{} / {whole}", self.hands(self.at));
        }
        let (unit, factor) = if self.end >= 1.0 { ("s", 1.0) } else { ("ms", 1e3) };
        let (at, end) = (self.at * factor, self.end * factor);
        if end.fract() < 1e-6 {
            return format!("{at:.1} / {whole}");
        }
        format!("{at:.1} / {end:.1} {unit}")
    }

    /// A moment as a clock shows it.
    fn hands(&self, seconds: f64) -> String {
        let now = std::time::Duration::from_secs_f64(seconds).as_secs();
        let (hours, minutes, seconds) = (now / 3600, now / 60 % 60, now % 60);
        if self.end >= 3600.0 {
            return format!("{hours}:{minutes:02}:{seconds:02}");
        }
        format!("{minutes}:{seconds:02}")
    }

    /// The speed: `×600`, `×0.02`.
    pub(crate) fn speed_text(&self, ascii: bool) -> String {
        let times = if ascii { "x" } else { "×" };
        let number = crate::quiz::numeric::number_text(self.speed());
        format!("{times}{number}")
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "round moments are met exactly")]
mod tests {
    use super::*;

    #[test]
    fn the_whole_of_a_run_takes_about_twelve_seconds() {
        for end in [0.2, 3.8, 60.0, 1200.0, 7200.0, 86_400.0, 3e6] {
            let whole = end / Playback::new(end).speed();
            assert!((5.0..=16.0).contains(&whole), "{end} s take {whole} s");
        }
        assert_eq!(Playback::new(1e12).speed_text(true), "x1,000,000");
    }

    #[test]
    fn time_passes_while_it_plays_and_stops_at_the_end() {
        let mut playback = Playback::new(7200.0);
        assert!(!playback.pass(Duration::from_secs(1)));
        assert_eq!(playback.at(), 0.0);
        playback.toggle();
        assert!(!playback.pass(Duration::from_secs(1)));
        assert!(playback.at() > 0.0 && playback.is_playing());
        assert!(playback.pass(Duration::from_mins(1)));
        assert!(playback.is_over() && !playback.is_playing());
        assert!(!playback.pass(Duration::from_mins(1)));
        assert_eq!(playback.clock(), "2:00:00 / 2 h");
        assert_eq!(Playback::new(30.0 * 86_400.0).clock(), "0 d 00:00 / 30 d");
        for (end, shown) in [
            (3601.3, "1:00:01 / 1:00:01"),
            (3600.06, "1:00:00 / 60 min"),
            (194.6, "3:14 / 3:14"),
            (2.97, "3.0 / 3.0 s"),
            (20.0, "20.0 / 20 s"),
            (0.25, "250.0 / 250 ms"),
        ] {
            let mut playback = Playback::new(end);
            playback.go_to_end();
            assert_eq!(playback.clock(), shown);
        }
        playback.toggle();
        assert_eq!((playback.at(), playback.is_playing()), (0.0, true));
    }

    #[test]
    fn steps_are_round_and_stay_within_the_run() {
        let mut playback = Playback::new(7200.0);
        playback.step(1);
        assert_eq!(playback.at(), 100.0);
        playback.step(-5);
        assert_eq!(playback.at(), 0.0);
        playback.go_to_end();
        playback.step(1);
        assert_eq!(playback.at(), 7200.0);
        let mut nothing = Playback::new(0.0);
        nothing.step(1);
        nothing.toggle();
        assert!(nothing.is_over() && !nothing.is_playing());
    }
}
