//! `chain`: services calling services.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::{Fields, Table};
use crate::sanitize;
use crate::sim::chain::{Breaker, Params, Service};

const COUNT_MAX: u64 = 1_000_000;

impl Reading<'_> {
    pub(super) fn chain(self, fields: &Fields<'_>) -> Option<Params> {
        let arrivals = self.required_arrivals(fields);
        fields.expect("services", "this model", "write `services = [{ name = \"orders\", … }]`");
        let tables = fields.tables("services");
        let count = tables.len();
        let read = tables.into_iter().take(100).filter_map(|table| self.service(table));
        let services: Vec<Service> = read.collect();
        (services.len() == count).then_some(())?;
        Some(Params { arrivals: arrivals?, services })
    }

    fn service(self, table: &Table) -> Option<Service> {
        let fields = Fields::new(table, self.faults());
        let mut service = Service::default();
        let name = fields.required_text("name", "a service");
        set(&mut service.name, name.map(|name| sanitize::line(name.value).into_owned()));
        set(&mut service.service, self.required_law(&fields, "service"));
        let availability = fields.number("availability", 0.0..=1.0);
        set(&mut service.availability, availability.map(|number| number.value));
        if let Some(calls) = fields.texts("calls") {
            service.calls = calls.into_iter().map(|call| call.value.to_owned()).collect();
        }
        set(&mut service.servers, quantity::count_or_none(&fields, "servers", 1, COUNT_MAX));
        set(&mut service.timeout, quantity::duration_or_none(&fields, "timeout"));
        let retries = quantity::count(&fields, "retries", 0, 100);
        set(&mut service.retries, retries.and_then(|retries| u32::try_from(retries).ok()));
        service.breaker = fields.table("breaker").and_then(|table| self.breaker(table));
        set(&mut service.bulkhead, quantity::count_or_none(&fields, "bulkhead", 0, COUNT_MAX));
        set(&mut service.is_async, fields.boolean("async"));
        fields.finish();
        name.map(|_| service)
    }

    fn breaker(self, table: &Table) -> Option<Breaker> {
        let fields = Fields::new(table, self.faults());
        for (key, hint) in [
            ("threshold", "write `threshold = 5`"),
            ("window", "write `window = \"10s\"`"),
            ("half_open_after", "write `half_open_after = \"30s\"`"),
        ] {
            fields.expect(key, "a breaker", hint);
        }
        let threshold = quantity::count(&fields, "threshold", 1, COUNT_MAX);
        let window = quantity::positive_duration(&fields, "window");
        let half_open_after = quantity::positive_duration(&fields, "half_open_after");
        fields.finish();
        Some(Breaker { threshold: threshold?, window: window?, half_open_after: half_open_after? })
    }
}
