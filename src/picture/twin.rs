//! Two models on the same arrivals, side by side. Of servers and functions: the queue against cold
//! starts, the servers' time against that of environments.

use super::parts::{line, lines as chart, view};
use super::run::{self, number, things, up};
use super::{
    Axis, Bar, Bars, Body, Chart, Picture, Shown, Stroke, Tone, Unit, View, of_model, pool,
};
use crate::course::scenario::{Beside, History};
use crate::sim::metric::{clock, said};
use crate::sim::platform;
use crate::sim::time::{SimTime, as_f64};

/// The picture of both runs.
pub(super) fn of(shown: &Shown<'_>, both: &(History, History)) -> Picture {
    let Some(beside) = &shown.scenario.beside else { return Picture::default() };
    let (first, second) =
        (of_model(shown, &shown.scenario.model, &both.0), of_model(shown, &beside.model, &both.1));
    match (&both.0, &both.1) {
        (History::Pool(servers), History::Platform(functions)) => {
            let servers = pool::Told::new(shown, servers);
            let told = Told { shown, servers, functions, name: &beside.name };
            told.picture(first, second)
        }
        _ => joined(shown, beside, first, second),
    }
}

/// Any two: the views of one after those of the other, each with its name.
fn joined(shown: &Shown<'_>, beside: &Beside, first: Picture, second: Picture) -> Picture {
    let named = |name: &str, picture: &Picture| -> Vec<View> {
        let named = |view: &View| View { title: format!("{name}: {}", view.title), ..view.clone() };
        picture.views.iter().map(named).collect()
    };
    let mut views = named(shown.scenario.model.name(), &first);
    views.extend(named(&beside.name, &second));
    let words = |name: &str, lines: Vec<String>| -> Vec<String> {
        lines.into_iter().take(4).map(|line| format!("{name}: {line}")).collect()
    };
    let mut timeline = words(shown.scenario.model.name(), first.timeline);
    timeline.extend(words(&beside.name, second.timeline));
    Picture { views, summary: format!("{} {}", first.summary, second.summary), timeline }
}

/// Servers and functions at a moment.
struct Told<'a> {
    shown: &'a Shown<'a>,
    servers: pool::Told<'a>,
    functions: &'a platform::History,
    name: &'a str,
}

/// What environments did in a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    from_s: f64,
    to_s: f64,
    requests: u64,
    cold: u64,
    running: f64,
    starting: f64,
    idle: f64,
}

impl Told<'_> {
    fn picture(&self, first: Picture, second: Picture) -> Picture {
        let stretches = self.stretches();
        let label = |what: &str| format!("on {}: {what}", self.name);
        let side = |title: &str, left: Chart, right: Chart, legend| {
            let right = View { legend, ..view("", Body::Chart(right)) };
            view(title, Body::Pair(Box::new((view("", Body::Chart(left)), right))))
        };
        let waiting = side(
            "the queue above, cold starts below",
            self.servers.queue("on servers: requests waiting"),
            self.cold(&label("cold starts"), &stretches),
            Vec::new(),
        );
        let standing = side(
            "servers busy above, environments below",
            self.servers.busy("on servers: busy"),
            self.environments(&label("environments"), &stretches),
            vec![(Tone::Busy, "running".to_owned()), (Tone::Idle, "standing by".to_owned())],
        );
        let mut views = vec![waiting, standing, self.shares(&stretches)];
        let lanes = |picture: Picture, name: &str| {
            let lanes = picture.views.into_iter().find(|view| matches!(view.body, Body::Lanes(_)));
            lanes.map(|view| View { title: format!("on {name}: {}", view.title), ..view })
        };
        views.extend(lanes(first, "servers"));
        views.extend(lanes(second, self.name));
        let summary = self.summary(&stretches);
        Picture { views, summary, timeline: self.timeline(&stretches) }
    }

    /// The functions' run, joined to what a line needs, up to the moment.
    fn stretches(&self) -> Vec<Stretch> {
        let width = self.functions.tick.as_secs_f64();
        let duration = self.shown.scenario.run.duration.as_secs_f64();
        let until = self.shown.at_s().min(duration);
        let mut stretches = Vec::new();
        let mut from_s = 0.0;
        for group in self.functions.ticks.chunks(run::stride(self.functions.ticks.len())) {
            let to_s = (from_s + as_f64(group.len() as u64) * width).min(duration);
            if from_s >= until || to_s <= from_s {
                break;
            }
            #[expect(clippy::cast_precision_loss, reason = "an area for a mean")]
            let mean = |of: fn(&platform::Tick) -> u128| {
                group.iter().map(of).sum::<u128>() as f64 / 1e9 / (to_s - from_s)
            };
            stretches.push(Stretch {
                from_s,
                to_s,
                requests: group.iter().map(|tick| tick.requests).sum(),
                cold: group.iter().map(|tick| tick.cold_starts).sum(),
                running: mean(|tick| tick.busy_ns),
                starting: mean(|tick| tick.init_ns),
                idle: mean(|tick| tick.idle_ns),
            });
            from_s = to_s;
        }
        stretches
    }

    fn time(&self) -> Axis {
        self.servers.time()
    }

    /// Cold starts in each stretch.
    fn cold(&self, label: &str, stretches: &[Stretch]) -> Chart {
        let points = stretches.iter().map(|it| (it.middle(), as_f64(it.cold))).collect();
        let lines = vec![line("", Tone::Starting, Stroke::Area, points)];
        let each = run::stride(self.functions.ticks.len());
        let groups = self.functions.ticks.chunks(each);
        let most = groups.map(|group| group.iter().map(|tick| tick.cold_starts).sum::<u64>()).max();
        let most = as_f64(most.unwrap_or(0)).max(1.0);
        chart(self.time(), up(label, Unit::Count, most), lines)
    }

    /// Environments that there are, and those that run a request.
    fn environments(&self, label: &str, stretches: &[Stretch]) -> Chart {
        let points = |of: fn(&Stretch) -> f64| -> Vec<(f64, f64)> {
            stretches.iter().map(|it| (it.middle(), of(it))).collect()
        };
        let lines = vec![
            line(
                "there",
                Tone::Idle,
                Stroke::Area,
                points(|it| it.running + it.starting + it.idle),
            ),
            line("running", Tone::Busy, Stroke::Area, points(|it| it.running)),
        ];
        let most = self.functions.ticks.iter().map(|tick| tick.servers_max).max().unwrap_or(0);
        chart(self.time(), up(label, Unit::Count, as_f64(most)), lines)
    }

    /// Which share of their time servers and environments worked.
    fn shares(&self, stretches: &[Stretch]) -> View {
        let busy = self.servers.utilisation().unwrap_or(0.0);
        let (running, starting, idle, all) = areas(stretches);
        let part = |area: f64| if all > 0.0 { area / all } else { 0.0 };
        let bar = |label: &str, parts: Vec<(f64, Tone)>| {
            let at_work = parts.first().map_or(0.0, |part| part.0);
            let note = Some(format!("{} at work", said(Unit::Share, at_work)));
            Bar { label: label.to_owned(), parts, note }
        };
        let bars = vec![
            bar("servers", vec![(busy, Tone::Busy), (1.0 - busy, Tone::Idle)]),
            bar(
                self.name,
                vec![
                    (part(running), Tone::Busy),
                    (part(starting), Tone::Starting),
                    (part(idle), Tone::Idle),
                ],
            ),
        ];
        let legend =
            [(Tone::Busy, "at work"), (Tone::Starting, "starting"), (Tone::Idle, "standing by")];
        View {
            title: "what becomes of their time".to_owned(),
            body: Body::Bars(Bars { unit: Unit::Share, bars }),
            legend: legend.map(|(tone, words)| (tone, words.to_owned())).to_vec(),
        }
    }

    fn summary(&self, stretches: &[Stretch]) -> String {
        let end = SimTime(self.shown.scenario.run.duration.0);
        let when = run::when(self.shown, end);
        let requests: u64 = stretches.iter().map(|it| it.requests).sum();
        let mut servers = Vec::new();
        if self.shown.at < end {
            servers.push(self.servers.state());
        } else if let Some((_, waiting)) = self.servers.longest_queue() {
            servers.push(format!("at most {} waiting", number(waiting)));
        }
        if let Some(share) = self.servers.utilisation() {
            servers.push(format!("{} at work", said(Unit::Share, share)));
        }
        let mut functions = vec![things(stretches.iter().map(|it| it.cold).sum(), "cold start")];
        let (running, _, _, all) = areas(stretches);
        if all > 0.0 {
            functions.push(format!("{} at work", said(Unit::Share, running / all)));
        }
        format!(
            "{when}, {} came. On servers: {}. On {}: {}.",
            things(requests, "request"),
            servers.join(", "),
            self.name,
            functions.join(", ")
        )
    }

    fn timeline(&self, stretches: &[Stretch]) -> Vec<String> {
        let mut events = Vec::new();
        if let Some((at, waiting)) = self.servers.longest_queue() {
            let waiting = things(waiting, "request");
            events.push((at, format!("{waiting} waiting for a server, the longest queue")));
        }
        if let Some(last) = stretches.iter().rfind(|it| it.cold > 0) {
            events.push((last.from_s, "the last cold start so far".to_owned()));
        }
        let there = |it: &Stretch| it.running + it.starting + it.idle;
        let most = stretches.iter().rev().max_by(|one, other| there(one).total_cmp(&there(other)));
        if let Some(most) = most {
            let count = run::about(there(most));
            events.push((most.from_s, format!("{count} environments, the most on average")));
        }
        events.sort_by(|one, other| one.0.total_cmp(&other.0));
        let told = events.into_iter().map(|(at, what)| format!("About {}: {what}", clock(at)));
        told.collect()
    }
}

/// The time that environments ran, started, stood by, and all of it, in environment-seconds.
fn areas(stretches: &[Stretch]) -> (f64, f64, f64, f64) {
    let area = |of: fn(&Stretch) -> f64| -> f64 {
        stretches.iter().map(|it| of(it) * (it.to_s - it.from_s)).sum()
    };
    let (running, starting, idle) =
        (area(|it| it.running), area(|it| it.starting), area(|it| it.idle));
    (running, starting, idle, running + starting + idle)
}

impl Stretch {
    fn middle(&self) -> f64 {
        f64::midpoint(self.from_s, self.to_s)
    }
}
