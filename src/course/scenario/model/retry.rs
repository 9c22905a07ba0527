//! `retry`: clients that try again.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::{Fields, Table};
use crate::sim::retry::{Backoff, Jitter, Outage, Params};
use crate::sim::time::SimTime;

const RETRIES_MAX: u64 = 1_000_000;

impl Reading<'_> {
    pub(super) fn retry(self, fields: &Fields<'_>) -> Option<Params> {
        let mut params = Params::default();
        let mut is_whole = true;
        if fields.has("clients") {
            params.clients = quantity::count(fields, "clients", 1, 7000);
            let hint = "write `contention = \"optimistic\"`";
            fields.expect("contention", "a model with `clients`", hint);
            let _ = fields.one_of("contention", &["optimistic"]);
            set(&mut params.network, self.law(fields, "network"));
        } else {
            let arrivals = self.required_arrivals(fields);
            let service = self.required_law(fields, "service");
            set(&mut params.capacity, quantity::count_or_none(fields, "capacity", 0, 1_000_000));
            set(&mut params.queue, quantity::count(fields, "queue", 0, 1_000_000));
            set(&mut params.timeout, quantity::duration_or_none(fields, "timeout"));
            params.outage = fields.table("outage").and_then(|table| self.outage(table));
            let p_fail = fields.number("p_fail", 0.0..=1.0).map(|number| number.value);
            set(&mut params.p_fail, p_fail);
            let retries = quantity::count_or_none(fields, "retries", 0, RETRIES_MAX);
            set(&mut params.retries, retries);
            if !quantity::is_unlimited(fields, "budget") {
                params.budget = fields.number("budget", 0.0..=1000.0).map(|number| number.value);
            }
            let layers = quantity::count(fields, "layers", 1, 10);
            set(&mut params.layers, layers.and_then(|layers| u32::try_from(layers).ok()));
            is_whole = arrivals.is_some() && service.is_some();
            set(&mut params.arrivals, arrivals);
            set(&mut params.service, service);
        }
        let backoff = fields.one_of("backoff", &["none", "fixed", "exponential"]);
        set(
            &mut params.backoff,
            backoff.map(|backoff| match backoff {
                "none" => Backoff::None,
                "fixed" => Backoff::Fixed,
                _ => Backoff::Exponential,
            }),
        );
        let jitter = fields.one_of("jitter", &["none", "equal", "full", "decorrelated"]);
        set(
            &mut params.jitter,
            jitter.map(|jitter| match jitter {
                "none" => Jitter::None,
                "equal" => Jitter::Equal,
                "full" => Jitter::Full,
                _ => Jitter::Decorrelated,
            }),
        );
        set(&mut params.base, quantity::duration(fields, "base"));
        set(&mut params.cap, quantity::duration(fields, "cap"));
        if params.cap < params.base {
            let place = fields.value("cap").or_else(|| fields.value("base"));
            let place = place.map_or(fields.span(), |value| value.span);
            self.faults().error("out-of-range", place, "`cap` must not be shorter than `base`");
        }
        is_whole.then_some(params)
    }

    fn outage(self, table: &Table) -> Option<Outage> {
        let fields = Fields::new(table, self.faults());
        fields.expect("at", "an outage", "write `at = \"1m\"`");
        fields.expect("for", "an outage", "write `for = \"30s\"`");
        let at = quantity::duration(&fields, "at");
        let lasts = quantity::duration(&fields, "for");
        fields.finish();
        Some(Outage { at: SimTime(at?.0), lasts: lasts? })
    }
}
