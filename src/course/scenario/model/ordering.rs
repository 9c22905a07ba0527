//! `ordering`: order and doubles of messages.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::Fields;
use crate::sim::ordering::{Idempotency, Mode, Params};

impl Reading<'_> {
    pub(super) fn ordering(self, fields: &Fields<'_>) -> Option<Params> {
        let mut params = Params::default();
        let arrivals = self.required_arrivals(fields);
        let service = self.required_law(fields, "service");
        set(&mut params.keys, quantity::count(fields, "keys", 1, 100_000));
        let mode = fields.one_of("mode", &["standard", "fifo"]);
        let mode = mode.map(|mode| if mode == "fifo" { Mode::Fifo } else { Mode::Standard });
        set(&mut params.mode, mode);
        let duplicate_p = fields.number("duplicate_p", 0.0..=1.0);
        set(&mut params.duplicate_p, duplicate_p.map(|number| number.value));
        let crash_p = fields.number("crash_p", 0.0..=0.99);
        set(&mut params.crash_p, crash_p.map(|number| number.value));
        let idempotency = fields.one_of("idempotency", &["none", "claim"]).map(|word| match word {
            "claim" => Idempotency::Claim,
            _ => Idempotency::None,
        });
        set(&mut params.idempotency, idempotency);
        set(&mut params.ttl, quantity::duration_or_none(fields, "ttl"));
        params.arrivals = arrivals?;
        params.service = service?;
        Some(params)
    }
}
