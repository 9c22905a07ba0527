//! The simulator: nanoseconds a draw, an arrival and a request. `cargo bench --bench sim`

use coldstart::sim::arrivals::Arrivals;
use coldstart::sim::histogram::Histogram;
use coldstart::sim::law::Law;
use coldstart::sim::rng::{Draws, Stream, Xoshiro256pp};
use coldstart::sim::time::{SimDuration, SimTime};
use coldstart::sim::{Run, platform, pool};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// Draws in one sample.
const DRAWS: u64 = 10_000;

fn laws() -> Vec<(&'static str, Result<Law, String>)> {
    vec![
        ("exponential", Law::exponential(1.0)),
        ("normal", Law::normal(1.0, 0.2)),
        ("lognormal", Law::lognormal(1.0, 0.3)),
        ("gamma", Law::gamma(1.0, 2.5)),
        ("weibull", Law::weibull(1.0, 0.7)),
        ("pareto", Law::pareto(1.0, 2.5)),
        ("hyperexponential", Law::hyperexponential(1.0, 2.0)),
        ("empirical", Law::empirical(vec![(0.1, 0.1), (0.5, 0.2), (0.9, 0.4), (1.0, 1.0)])),
    ]
}

/// Durations from one generator.
#[divan::bench(args = laws().into_iter().map(|(name, _)| name))]
fn samples(bencher: Bencher, name: &str) {
    let Some((_, Ok(law))) = laws().into_iter().find(|(of_law, _)| *of_law == name) else { return };
    let mut rng = Xoshiro256pp::seeded(1);
    bencher
        .counter(ItemsCount::new(DRAWS))
        .bench_local(|| (0..DRAWS).fold(0u64, |sum, _| sum.wrapping_add(law.sample(&mut rng).0)));
}

/// A request's own generator, and the first draw from it.
#[divan::bench]
fn draws_at_an_index(bencher: Bencher) {
    let draws = Draws::new(1);
    bencher.counter(ItemsCount::new(DRAWS)).bench(|| {
        let draw = |index| draws.at(Stream::Service, index).exponential();
        (0..DRAWS).map(draw).sum::<f64>()
    });
}

fn processes() -> Vec<(&'static str, Arrivals)> {
    let poisson = Arrivals::Poisson { rate_per_s: 10.0 };
    let seconds = SimDuration::from_secs;
    let sine = Arrivals::Sine { mean_per_s: 10.0, amplitude_per_s: 5.0, period: seconds(60) };
    let phases = Arrivals::OnOff { rate_per_s: 20.0, on: seconds(5), off: seconds(5) };
    let steps = Arrivals::Steps {
        at: vec![SimTime(0), SimTime::from_secs_f64(500.0)],
        rate_per_s: vec![5.0, 15.0],
    };
    vec![
        ("poisson", poisson.clone()),
        ("sine", sine),
        ("on-off", phases),
        ("steps", steps),
        ("two poisson", Arrivals::Superposed(vec![poisson.clone(), poisson])),
    ]
}

#[divan::bench(args = processes().into_iter().map(|(name, _)| name))]
fn arrivals(bencher: Bencher, name: &str) {
    let duration = SimDuration::from_secs(1000);
    let Some((_, process)) = processes().into_iter().find(|(of, _)| *of == name) else { return };
    let count = process.times(1, duration).count();
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| process.times(1, duration).fold(0u64, |sum, at| sum.wrapping_add(at.0)));
}

#[divan::bench]
fn histogram_records(bencher: Bencher) {
    let mut rng = Xoshiro256pp::seeded(1);
    let spans: Vec<SimDuration> =
        (0..DRAWS).map(|_| SimDuration::from_secs_f64(rng.exponential())).collect();
    let mut histogram = Histogram::new();
    bencher.counter(ItemsCount::new(DRAWS)).bench_local(|| {
        for span in &spans {
            histogram.record(*span);
        }
        histogram.count()
    });
}

/// M/M/c at nine tenths of what the servers can take, all statistics on; items are requests.
#[divan::bench(args = [1, 10, 100, 1000])]
fn pool_requests(bencher: Bencher, servers: u32) {
    let Ok(service) = Law::exponential(1.0) else { return };
    let rate_per_s = 0.9 * f64::from(servers);
    let params = pool::Params {
        arrivals: Arrivals::Poisson { rate_per_s },
        service,
        servers: u64::from(servers),
    };
    let duration = SimDuration::from_secs_f64(100_000.0 / rate_per_s);
    let run = Run { seed: 1, duration, warm_up: SimDuration::ZERO };
    let count = params.arrivals.times(1, duration).count();
    bencher.counter(ItemsCount::new(count)).bench(|| pool::run(&params, &run));
}

/// The workload that other simulators were measured on: 0.9 requests a second, kept 10 minutes.
fn measured() -> Result<(platform::Params, Run), String> {
    let arrivals = Arrivals::Poisson { rate_per_s: 0.9 };
    let params = platform::Params {
        start: platform::Start::Service(Law::exponential(2.244)?),
        ..platform::Params::new(arrivals, Law::exponential(1.991)?)
    };
    let duration = SimDuration::from_secs(1_000_000);
    Ok((params, Run { seed: 1, duration, warm_up: SimDuration::ZERO }))
}

#[divan::bench]
fn platform_measured(bencher: Bencher) {
    let Ok((params, run)) = measured() else { return };
    let count = params.arrivals.times(run.seed, run.duration).count();
    bencher.counter(ItemsCount::new(count)).bench(|| platform::count(&params, &run));
}

#[divan::bench]
fn platform_narrated(bencher: Bencher) {
    let Ok((params, run)) = measured() else { return };
    let count = params.arrivals.times(run.seed, run.duration).count();
    let narration = platform::Narration::default();
    bencher.counter(ItemsCount::new(count)).bench(|| platform::narrate(&params, &run, &narration));
}

/// A million requests, so many of them running at once.
#[divan::bench(args = [100, 10_000])]
fn platform_running(bencher: Bencher, running: u32) {
    let Ok(service) = Law::exponential(1.0) else { return };
    let arrivals = Arrivals::Poisson { rate_per_s: f64::from(running) };
    let params =
        platform::Params { max_concurrency: None, ..platform::Params::new(arrivals, service) };
    let duration = SimDuration::from_secs(1_000_000 / u64::from(running));
    let run = Run { seed: 1, duration, warm_up: SimDuration::ZERO };
    let count = params.arrivals.times(run.seed, run.duration).count();
    bencher.counter(ItemsCount::new(count)).bench(|| platform::count(&params, &run));
}

/// What a curve of the share cold costs: 24 keep-alives, 100,000 requests each.
#[divan::bench]
fn keep_alive_sweep(bencher: Bencher) {
    let Ok(service) = Law::exponential(1.991) else { return };
    let run = |keep_alive: u64| {
        let arrivals = Arrivals::Poisson { rate_per_s: 0.9 };
        let params = platform::Params {
            keep_alive: Some(SimDuration::from_secs(keep_alive)),
            ..platform::Params::new(arrivals, service.clone())
        };
        let duration = SimDuration::from_secs(111_111);
        platform::count(&params, &Run { seed: 1, duration, warm_up: SimDuration::ZERO }).is_ok()
    };
    bencher.bench(|| (1..=24).filter(|point| run(point * 25)).count());
}
