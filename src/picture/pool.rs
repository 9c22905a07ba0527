//! Fixed servers behind one queue: who waits, who is at work, server by server.

use std::fmt::Write as _;

use super::parts::{line, lines as chart, view};
use super::run::{self, about, number, things, time, up, when};
use super::{Axis, Body, Chart, Lane, Lanes, Picture, Shown, Stroke, Tone, Unit, View};
use crate::sim::metric::{clock, said};
use crate::sim::pool::{History, Level, Params, Served};
use crate::sim::time::as_f64;

/// So many requests are told one by one.
const LINES: usize = 6;
/// The lanes show about so many requests a server.
const REQUESTS_A_LANE: f64 = 14.0;
/// So many servers have lanes.
const LANES: usize = 40;

/// The picture of a run.
pub(super) fn of(shown: &Shown<'_>, _params: &Params, history: &History) -> Picture {
    let told = Told::new(shown, history);
    let queue = view("", Body::Chart(told.queue("requests waiting")));
    let busy = view("", Body::Chart(told.busy("servers busy")));
    let both = Body::Pair(Box::new((queue, busy)));
    let mut views = vec![view("the queue, and the servers behind it", both)];
    views.extend(told.lanes());
    Picture { views, summary: told.summary(), timeline: told.timeline() }
}

/// A run and the moment of it that is shown.
pub(super) struct Told<'a> {
    shown: &'a Shown<'a>,
    history: &'a History,
    /// The run, joined to what a line needs, up to the moment.
    levels: Vec<Level>,
    /// The most that ever waited.
    queue_max: u64,
}

impl<'a> Told<'a> {
    pub(super) fn new(shown: &'a Shown<'a>, history: &'a History) -> Self {
        let all = history.levels();
        let queue_max = all.iter().map(|level| level.queue_max).max().unwrap_or(0);
        let groups = all.chunks(run::stride(all.len()));
        let begun = groups.filter_map(joined).take_while(|level| level.from_s < shown.at_s());
        Self { shown, history, levels: begun.collect(), queue_max }
    }

    pub(super) fn time(&self) -> Axis {
        time(self.shown.scenario.run.duration, self.history.end)
    }

    fn through(&self, of: impl Fn(&Level) -> f64) -> Vec<(f64, f64)> {
        let until = self.shown.at_s();
        let middle = |level: &Level| f64::midpoint(level.from_s, level.to_s.min(until));
        self.levels.iter().map(|level| (middle(level), of(level))).collect()
    }

    /// The most that waited in each stretch.
    pub(super) fn queue(&self, label: &str) -> Chart {
        let points = self.through(|level| as_f64(level.queue_max));
        let lines = vec![line("", Tone::Doubtful, Stroke::Area, points)];
        chart(self.time(), up(label, Unit::Count, as_f64(self.queue_max)), lines)
    }

    /// How many servers work, of how many.
    pub(super) fn busy(&self, label: &str) -> Chart {
        let lines = vec![line("", Tone::Busy, Stroke::Area, self.through(|level| level.busy_mean))];
        let servers = as_f64(self.history.servers);
        let mut chart = chart(self.time(), up(label, Unit::Count, servers), lines);
        chart.levels.push((servers, things(self.history.servers, "server"), Tone::Bad));
        chart
    }

    /// The share of the servers' time that they worked, up to the moment.
    pub(super) fn utilisation(&self) -> Option<f64> {
        let until = self.shown.at_s().min(self.shown.scenario.run.duration.as_secs_f64());
        let part = |level: &Level| (level.to_s.min(until) - level.from_s).max(0.0);
        let busy: f64 = self.levels.iter().map(|level| level.busy_mean * part(level)).sum();
        let all = until * as_f64(self.history.servers);
        (all > 0.0).then(|| (busy / all).min(1.0))
    }

    /// Who waits and who works, server by server, in a stretch of time before the moment; while the
    /// requests are told one by one.
    fn lanes(&self) -> Option<View> {
        let served = &self.history.served;
        let last = served.last()?;
        let at = self.shown.at_s().min(last.end.as_secs_f64());
        let span = self.span();
        let from_s = (at - span).max(0.0);
        let to_s = from_s + span;
        let now = at;
        let is_seen = |it: &&Served| it.at.as_secs_f64() <= now && it.end.as_secs_f64() >= from_s;
        let seen: Vec<&Served> = served.iter().filter(is_seen).collect();
        let servers = usize::try_from(self.history.servers).unwrap_or(usize::MAX);
        let mut lanes = vec![Lane { label: "arrivals".to_owned(), ..Lane::default() }];
        lanes.push(Lane { label: "waiting".to_owned(), ..Lane::default() });
        let lane =
            |number: usize| Lane { label: format!("server {}", number + 1), ..Lane::default() };
        lanes.extend((0..servers.min(LANES)).map(lane));
        for it in &seen {
            let (came, start, end) =
                (it.at.as_secs_f64(), it.start.as_secs_f64(), it.end.as_secs_f64());
            let place = it.server + 2;
            if let Some(lane) = lanes.get_mut(place).filter(|_| start <= now) {
                lane.runs.push((start.max(from_s), end.min(now), Tone::Busy));
            }
            if let Some(lane) = lanes.get_mut(1).filter(|_| start > came && start >= from_s) {
                lane.runs.push((came.max(from_s), start.min(now), Tone::Doubtful));
            }
            if let Some(lane) = lanes.get_mut(0).filter(|_| came >= from_s) {
                let waits = if start > came { Tone::Doubtful } else { Tone::First };
                lane.marks.push((came, waits));
            }
        }
        for lane in lanes.iter_mut().skip(2) {
            idle(lane, from_s, now);
        }
        let now_s = (self.shown.at < self.history.end).then_some(now);
        let lanes = Lanes { from_s, to_s, now_s, lanes, more: servers.saturating_sub(LANES) };
        let legend = [(Tone::Busy, "at work"), (Tone::Idle, "idle"), (Tone::Doubtful, "waiting")];
        let legend = legend.map(|(tone, words)| (tone, words.to_owned())).to_vec();
        Some(View { legend, ..view("server by server", Body::Lanes(lanes)) })
    }

    /// How much time the lanes show.
    fn span(&self) -> f64 {
        let served = &self.history.served;
        let end = served.iter().map(|it| it.end).max().unwrap_or_default().as_secs_f64();
        let count = as_f64(served.len() as u64);
        let a_server = count / as_f64(self.history.servers.min(served.len() as u64).max(1));
        (end * (REQUESTS_A_LANE / a_server.max(REQUESTS_A_LANE))).max(1e-9)
    }

    /// How many wait and work now.
    fn now(&self) -> (u64, u64) {
        let at = self.shown.at;
        let (mut waiting, mut working) = (0, 0);
        for it in self.history.served.iter().take_while(|it| it.at <= at) {
            waiting += u64::from(it.start > at);
            working += u64::from(it.start <= at && at < it.end);
        }
        let is_told =
            self.history.more == 0 || self.history.served.last().is_some_and(|last| at <= last.at);
        match self.levels.last() {
            Some(level) if !is_told => (level.queue_end, rounded(level.busy_mean)),
            _ => (waiting, working),
        }
    }

    pub(super) fn came(&self) -> u64 {
        self.levels.iter().map(|level| level.arrivals).sum()
    }

    /// What stands now on the servers: `1 of 2 busy, 3 requests waiting`.
    pub(super) fn state(&self) -> String {
        let (waiting, working) = self.now();
        let servers = number(self.history.servers);
        format!("{} of {servers} busy, {} waiting", number(working), things(waiting, "request"))
    }

    fn summary(&self) -> String {
        let when = when(self.shown, self.history.end);
        let mut text = format!("{when}, {} came", things(self.came(), "request"));
        let longest = self.levels.iter().map(|level| level.queue_max).max().unwrap_or(0);
        if longest == 0 {
            text += "; none had to wait";
        } else {
            let _ = write!(text, "; at most {} waited at once", number(longest));
        }
        if let Some(share) = self.utilisation() {
            let _ = write!(
                text,
                "; the servers were busy for {} of their time",
                said(Unit::Share, share)
            );
        }
        if self.shown.at < self.history.end {
            let _ = write!(text, ". Now: {}", self.state());
        }
        text + "."
    }

    fn timeline(&self) -> Vec<String> {
        let begun = self.history.served.iter().take_while(|it| it.at <= self.shown.at);
        let mut lines: Vec<String> = begun.take(LINES).enumerate().map(one).collect();
        if let Some((at, waiting)) = self.longest_queue() {
            let waiting = things(waiting, "request");
            lines.push(format!("About {}: {waiting} waited, the longest queue", clock(at)));
        }
        let more = self.came().saturating_sub(LINES as u64);
        if more > 0 {
            let until = clock(self.shown.at_s());
            let mean = about(self.mean_queue());
            lines.push(format!(
                "{} more came until {until}; {mean} waited on average",
                number(more)
            ));
        }
        lines
    }

    /// When the most requests waited, in seconds, and how many.
    pub(super) fn longest_queue(&self) -> Option<(f64, u64)> {
        let longest = self.levels.iter().rev().max_by_key(|level| level.queue_max)?;
        (longest.queue_max > 0).then_some((longest.from_s, longest.queue_max))
    }

    fn mean_queue(&self) -> f64 {
        let part = |level: &Level| level.to_s - level.from_s;
        let all: f64 = self.levels.iter().map(part).sum();
        let waited: f64 = self.levels.iter().map(|level| level.queue_mean * part(level)).sum();
        if all > 0.0 { waited / all } else { 0.0 }
    }
}

fn one((place, it): (usize, &Served)) -> String {
    let spent = |span: crate::sim::time::SimDuration| said(Unit::Seconds, span.as_secs_f64());
    let waited = if it.start > it.at {
        format!("waited {} for", spent(it.start - it.at))
    } else {
        "found".to_owned()
    };
    let (at, worked) = (clock(it.at.as_secs_f64()), spent(it.end - it.start));
    format!("Request {} at {at} {waited} server {}, which took {worked}", place + 1, it.server + 1)
}

/// Fills the time in which a server does not work.
fn idle(lane: &mut Lane, from: f64, now: f64) {
    let mut all = Vec::new();
    let mut since = from;
    for &(start, end, tone) in &lane.runs {
        if start > since {
            all.push((since, start, Tone::Idle));
        }
        all.push((start, end, tone));
        since = end;
    }
    if now > since {
        all.push((since, now, Tone::Idle));
    }
    lane.runs = all;
}

/// Neighbours as one.
fn joined(levels: &[Level]) -> Option<Level> {
    let (first, last) = (levels.first()?, levels.last()?);
    let span = |level: &Level| level.to_s - level.from_s;
    let all = last.to_s - first.from_s;
    let mean = |of: fn(&Level) -> f64| levels.iter().map(|it| of(it) * span(it)).sum::<f64>() / all;
    Some(Level {
        from_s: first.from_s,
        to_s: last.to_s,
        arrivals: levels.iter().map(|level| level.arrivals).sum(),
        queue_mean: mean(|level| level.queue_mean),
        queue_max: levels.iter().map(|level| level.queue_max).max().unwrap_or(0),
        queue_end: last.queue_end,
        busy_mean: mean(|level| level.busy_mean),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of servers")]
fn rounded(mean: f64) -> u64 {
    mean.max(0.0).round() as u64
}
