//! The tuning curve: how long a request runs and what it costs at each size of memory.

use super::{Axis, Body, Chart, Line, Picture, Shown, Stroke, Table, Tone, Unit, View};
use crate::sim::memory::{self, Params};
use crate::sim::time::SimDuration;
use crate::sim::{Metrics, Run, metric};

/// The sizes of a curve that is drawn between those that are tried.
const BETWEEN: u32 = 96;

/// What is said of one size.
#[derive(Clone, Copy, Debug)]
struct Size {
    mb: f64,
    duration_s: f64,
    usd: f64,
}

/// The picture of a tuning curve.
pub(super) fn of(shown: &Shown<'_>, params: &Params) -> Picture {
    let tried = sizes(params, &params.sizes_mb);
    let best = |by: fn(&Size) -> f64| tried.iter().copied().min_by(|a, b| by(a).total_cmp(&by(b)));
    let (Some(cheapest), Some(fastest)) = (best(|it| it.usd), best(|it| it.duration_s)) else {
        return Picture::default();
    };
    let durations =
        chart(params, &tried, "duration", Unit::Seconds, (|it| it.duration_s, fastest, "fastest"));
    let costs =
        chart(params, &tried, "a million requests", Unit::Usd, (|it| it.usd, cheapest, "cheapest"));
    let pair = View {
        title: "duration and cost over memory".to_owned(),
        body: Body::Pair(Box::new((durations, costs))),
        legend: Vec::new(),
    };
    let _ = shown;
    let summary = format!(
        "Cheapest is {} ({} a million requests of {}), fastest {} ({}, {}).",
        metric::said(Unit::Megabytes, cheapest.mb),
        metric::said(Unit::Usd, cheapest.usd),
        metric::said(Unit::Seconds, cheapest.duration_s),
        metric::said(Unit::Megabytes, fastest.mb),
        metric::said(Unit::Seconds, fastest.duration_s),
        metric::said(Unit::Usd, fastest.usd),
    );
    Picture { views: vec![pair, table(&tried, cheapest, fastest)], summary, timeline: Vec::new() }
}

/// Duration and cost at each of `sizes_mb`, smallest first.
fn sizes(params: &Params, sizes_mb: &[u32]) -> Vec<Size> {
    let mut sizes_mb = sizes_mb.to_vec();
    sizes_mb.sort_unstable();
    sizes_mb.dedup();
    let asked = Params { sizes_mb: sizes_mb.clone(), ..params.clone() };
    let run = Run { seed: 0, duration: SimDuration::ZERO, warm_up: SimDuration::ZERO };
    let metrics: Metrics = memory::run(&asked, &run).unwrap_or_default();
    let size = |mb: &u32| {
        Some(Size {
            mb: f64::from(*mb),
            duration_s: metrics.get(&format!("duration_ms.{mb}"))? / 1e3,
            usd: *metrics.get(&format!("cost_usd_per_million.{mb}"))?,
        })
    };
    sizes_mb.iter().filter_map(size).collect()
}

/// One quantity over the sizes: the curve, a point for each size that is tried, the best marked.
fn chart(
    params: &Params,
    tried: &[Size],
    label: &str,
    unit: Unit,
    (value, best, name): (fn(&Size) -> f64, Size, &str),
) -> View {
    let (least, most) = ends(tried);
    let between: Vec<u32> = (0..=BETWEEN)
        .map(|part| {
            let mb = least * libm::pow(most / least, f64::from(part) / f64::from(BETWEEN));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a size of at most 10240 MB"
            )]
            let mb = mb.round() as u32;
            mb.clamp(128, 10_240)
        })
        .collect();
    let points = |sizes: &[Size]| sizes.iter().map(|it| (it.mb, value(it))).collect();
    let curve = sizes(params, &between);
    let highest = curve.iter().map(value).fold(0.0, f64::max);
    let line = |tone, stroke, points| Line { name: String::new(), tone, stroke, points };
    let chart = Chart {
        x: Axis {
            label: "memory".to_owned(),
            unit: Unit::Megabytes,
            from: least,
            to: most,
            log: true,
        },
        y: Axis { label: label.to_owned(), unit, from: 0.0, to: highest * 1.08, log: false },
        lines: vec![
            line(Tone::First, Stroke::Line, points(&curve)),
            line(Tone::First, Stroke::Dots, points(tried)),
        ],
        levels: Vec::new(),
        places: vec![(best.mb, format!("{name} {}", metric::said(Unit::Megabytes, best.mb)))],
        bands: Vec::new(),
    };
    View { title: label.to_owned(), body: Body::Chart(chart), legend: Vec::new() }
}

/// The least and the greatest size; apart, so that there is an axis.
fn ends(tried: &[Size]) -> (f64, f64) {
    let least = tried.first().map_or(128.0, |it| it.mb);
    let most = tried.last().map_or(10_240.0, |it| it.mb);
    if least < most { (least, most) } else { (128.0, 10_240.0) }
}

fn table(tried: &[Size], cheapest: Size, fastest: Size) -> View {
    let row = |size: &Size| {
        let is = |best: Size| (size.mb - best.mb).abs() < 0.5;
        let note = match (is(cheapest), is(fastest)) {
            (true, true) => "cheapest and fastest",
            (true, false) => "cheapest",
            (false, true) => "fastest",
            (false, false) => "",
        };
        vec![
            metric::said(Unit::Megabytes, size.mb),
            metric::said(Unit::Seconds, size.duration_s),
            metric::said(Unit::Usd, size.usd),
            note.to_owned(),
        ]
    };
    let heads = ["memory", "duration", "a million requests", ""].map(str::to_owned).to_vec();
    let rows = tried.iter().map(row).collect();
    View {
        title: "size by size".to_owned(),
        body: Body::Table(Table { heads, rows }),
        legend: Vec::new(),
    }
}
