//! A month's bill: what functions cost against a machine, and what the bill is made of.

use std::fmt::Write as _;

use super::{Axis, Body, Chart, Line, Picture, Shown, Stroke, Table, Tone, Unit, View};
use crate::sim::cost::{self, Params};
use crate::sim::{Metrics, metric};

/// The axis reaches so many times beyond what it must show.
const BEYOND: f64 = 30.0;

/// The picture of a bill.
pub(super) fn of(shown: &Shown<'_>, params: &Params) -> Picture {
    let metrics = cost::run(params, &shown.scenario.run).unwrap_or_default();
    let views = vec![lines(params, &metrics), bill(params, &metrics)];
    Picture { views, summary: summary(params, &metrics), timeline: Vec::new() }
}

/// Requests a month from left to right: the functions' bill rises, the machines' stands.
fn lines(params: &Params, metrics: &Metrics) -> View {
    let here = params.requests_per_month;
    let crossing = metrics.get("crossover_requests").copied().filter(|it| *it > 0.0);
    let marked = [crossing.unwrap_or(here), here].map(|it| it.max(1.0));
    let from = marked.iter().copied().fold(f64::INFINITY, f64::min) / BEYOND;
    let to = marked.iter().copied().fold(0.0, f64::max) * BEYOND;
    let points = |of: &dyn Fn(f64) -> Option<f64>| -> Vec<(f64, f64)> {
        (0..=160_u32)
            .map(|part| from * libm::pow(to / from, f64::from(part) / 160.0))
            .filter_map(|requests| Some((requests, of(requests)?)))
            .collect()
    };
    let bills = |requests: f64| cost::bills(params, requests).ok();
    let functions = points(&|requests| Some(bills(requests)?.0));
    let machines = points(&|requests| bills(requests)?.1);
    let all = functions.iter().chain(&machines).map(|point| point.1).filter(|it| *it > 0.0);
    let highest = all.clone().fold(0.0, f64::max);
    let lowest = all.fold(f64::INFINITY, f64::min).max(highest * 1e-6);
    let mut places = vec![(here, format!("now {}", metric::said(Unit::Count, here)))];
    if let Some(crossing) = crossing {
        places.push((crossing, format!("equal at {}", metric::said(Unit::Count, crossing))));
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let mut lines = vec![Line {
        name: "functions".to_owned(),
        tone: Tone::First,
        stroke: Stroke::Line,
        points: functions,
    }];
    if !machines.is_empty() {
        let name = "machines".to_owned();
        lines.insert(0, Line { name, tone: Tone::Second, stroke: Stroke::Line, points: machines });
    }
    let axis =
        |label: &str, unit, from, to| Axis { label: label.to_owned(), unit, from, to, log: true };
    let chart = Chart {
        x: axis("requests a month", Unit::Count, from, to),
        y: axis("a month", Unit::Usd, lowest.max(highest * 1e-5), highest * 1.2),
        lines,
        levels: Vec::new(),
        places,
        bands: Vec::new(),
    };
    let title = "what a month costs".to_owned();
    View { title, body: Body::Chart(chart), legend: Vec::new() }
}

/// The bill line by line.
fn bill(params: &Params, metrics: &Metrics) -> View {
    let lines = cost::lines(params).unwrap_or_default();
    let total: f64 = lines.iter().map(|line| line.usd).sum();
    let said = |usd: f64| metric::said(Unit::Usd, usd);
    let mut rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let each = if line.quantity > 0.0 { line.usd / line.quantity } else { 0.0 };
            let quantity = format!("{} {}s", metric::said(Unit::Count, line.quantity), line.unit);
            vec![
                line.name.to_owned(),
                quantity,
                format!("{} per million", said(each * 1e6)),
                said(line.usd),
            ]
        })
        .collect();
    let blank = String::new;
    rows.push(vec!["Together".to_owned(), blank(), blank(), said(total)]);
    if let Some(vm) = metrics.get("vm_usd") {
        rows.push(vec!["Machines instead".to_owned(), blank(), blank(), said(*vm)]);
    }
    let heads = ["a month", "how much", "price", "$"].map(str::to_owned).to_vec();
    View {
        title: "the bill".to_owned(),
        body: Body::Table(Table { heads, rows }),
        legend: Vec::new(),
    }
}

fn summary(params: &Params, metrics: &Metrics) -> String {
    let said = |name: &str| metrics.get(name).map(|usd| metric::said(Unit::Usd, *usd));
    let mut text = format!(
        "{} requests a month cost {} as functions",
        metric::said(Unit::Count, params.requests_per_month),
        said("faas_usd").unwrap_or_default()
    );
    if let Some(machines) = said("vm_usd") {
        let _ = write!(text, " and {machines} on a machine");
    }
    if let Some(crossing) = metrics.get("crossover_requests") {
        let requests = metric::said(Unit::Count, *crossing);
        let _ = write!(text, "; from {requests} requests a month on, the machine is cheaper");
    }
    text + "."
}
