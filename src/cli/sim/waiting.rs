//! How far many runs have come, on a terminal, where they take longer than a moment:
//! `[=====>     ] 412 of 1000 runs, 7s to go`.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// So many events take about a second.
const EVENTS_AT_ONCE: f64 = 2e7;
/// How often it is drawn again while a run lasts.
const TICK: Duration = Duration::from_millis(200);

/// A bar for `runs` of `events` events together, on standard error if that is a terminal; hidden
/// where it would be gone at once.
pub(super) fn bar(runs: u64, events: f64, ascii: bool) -> ProgressBar {
    if events < EVENTS_AT_ONCE {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template(runs)) {
        let style = if ascii { style.progress_chars("=> ").tick_chars("-\\|/ ") } else { style };
        bar.set_style(style);
    }
    bar.set_message(format!("about {:.0} million events", events / 1e6));
    bar.enable_steady_tick(TICK);
    bar
}

/// A single run has no part that is done.
const fn template(runs: u64) -> &'static str {
    match runs {
        1 => "{spinner} one run, {msg}, since {elapsed}",
        _ => "{bar:24} {pos} of {len} runs, {eta} to go",
    }
}
