//! `platform`: environments that start when they are needed and go when they are not.

use super::cost::{memory_mb, set};
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::{Fields, Table};
use crate::sanitize;
use crate::sim::arrivals::Arrivals;
use crate::sim::platform::{
    Backoff, FUNCTIONS_MAX, Function, Jitter, PROVISIONED_MAX, Params, Retry, Routing, Start,
};

/// More requests or environments at once are refused.
const COUNT_MAX: u64 = 1_000_000_000;
const RETRIES_MAX: u64 = 1000;

impl Reading<'_> {
    pub(super) fn platform(self, fields: &Fields<'_>) -> Option<Params> {
        let arrivals = self.required_arrivals(fields);
        let service = self.required_law(fields, "service");
        let start = self.start(fields);
        let mut params = Params::new(
            arrivals.clone().unwrap_or(Arrivals::Superposed(Vec::new())),
            service.clone().unwrap_or_default(),
        );
        set(&mut params.start, start);
        set(&mut params.keep_alive, quantity::duration_or_none(fields, "keep_alive"));
        set(&mut params.routing, routing(fields));
        let limit = |key, least| quantity::count_or_none(fields, key, least, COUNT_MAX);
        set(&mut params.max_concurrency, limit("max_concurrency", 0));
        set(&mut params.max_environments, limit("max_environments", 0));
        let count = |key, least, most| {
            quantity::count(fields, key, least, most).and_then(|count| u32::try_from(count).ok())
        };
        set(&mut params.concurrency_per_env, count("concurrency_per_env", 1, 10_000));
        set(&mut params.provisioned, count("provisioned", 0, u64::from(PROVISIONED_MAX)));
        let number = |key| fields.number(key, 0.0..=1e9).map(|number| number.value);
        params.scale_burst = number("scale_burst");
        params.scale_per_s = number("scale_per_s");
        params.rps_limit = number("rps_limit");
        set(&mut params.memory_mb, memory_mb(fields));
        set(&mut params.retry, fields.table("retry").map(|table| self.tries(table)));
        params.functions = self.functions(fields);
        // Faults of all parameters are found before the first missing one ends the reading.
        (arrivals.is_some() && service.is_some()).then_some(params)
    }

    /// What a cold request pays: `init` before its service, or `cold_service` in its place.
    fn start(self, fields: &Fields<'_>) -> Option<Start> {
        let init = self.law(fields, "init");
        let cold = self.law(fields, "cold_service");
        if fields.has("init") && fields.has("cold_service") {
            let place = fields.value("cold_service").map_or(fields.span(), |value| value.span);
            let message = "`init` and `cold_service` cannot both be there";
            let hint = "`init` comes before the service, `cold_service` replaces it";
            self.faults().error_hint("out-of-range", place, message, hint);
        }
        init.map(Start::Init).or_else(|| cold.map(Start::Service))
    }

    fn tries(self, table: &Table) -> Retry {
        let mut retry = Retry::default();
        let fields = Fields::new(table, self.faults());
        let hint = "write `retries = 3`: tries after the first";
        fields.expect("retries", "`retry`", hint);
        let retries = quantity::count(&fields, "retries", 0, RETRIES_MAX);
        set(&mut retry.retries, retries.and_then(|retries| u32::try_from(retries).ok()));
        let backoff = fields.one_of("backoff", &["fixed", "exponential"]);
        let backoff = backoff.map(|backoff| match backoff {
            "fixed" => Backoff::Fixed,
            _ => Backoff::Exponential,
        });
        set(&mut retry.backoff, backoff);
        if fields.has("delays") {
            set(&mut retry.delays, quantity::durations(&fields, "delays"));
        }
        set(&mut retry.base, quantity::duration(&fields, "base"));
        set(&mut retry.cap, quantity::duration(&fields, "cap"));
        let jitter = fields.one_of("jitter", &["none", "equal", "full", "decorrelated"]);
        let jitter = jitter.map(|jitter| match jitter {
            "none" => Jitter::None,
            "equal" => Jitter::Equal,
            "full" => Jitter::Full,
            _ => Jitter::Decorrelated,
        });
        set(&mut retry.jitter, jitter);
        fields.finish();
        retry
    }

    fn functions(self, fields: &Fields<'_>) -> Vec<Function> {
        let tables = fields.tables("functions");
        if let Some(table) = tables.get(FUNCTIONS_MAX) {
            let message = format!("more than {FUNCTIONS_MAX} functions");
            self.faults().error("too-many", table.span, message);
        }
        let mut functions: Vec<Function> = Vec::new();
        for table in tables {
            let fields = Fields::new(table, self.faults());
            let name = fields.required_text("name", "a function");
            fields.expect("share", "a function", "write its share of the requests: `share = 0.5`");
            let share = quantity::positive(&fields, "share", 1e9);
            let reserved = quantity::count_or_none(&fields, "reserved", 0, COUNT_MAX).flatten();
            fields.finish();
            let (Some(name), Some(share)) = (name, share) else { continue };
            if functions.iter().any(|other| other.name == name.value) {
                let message = format!("a second function `{}`", name.value);
                self.faults().error("duplicate-id", name.span, message);
            }
            functions.push(Function {
                name: sanitize::line(name.value).into_owned(),
                share,
                reserved,
            });
        }
        functions
    }
}

fn routing(fields: &Fields<'_>) -> Option<Routing> {
    Some(match fields.one_of("routing", &["lifo", "newest", "fifo", "random"])? {
        "lifo" => Routing::Lifo,
        "newest" => Routing::Newest,
        "fifo" => Routing::Fifo,
        _ => Routing::Random,
    })
}
