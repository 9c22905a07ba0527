//! `queue`: scaling by the length of a queue.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::{Fields, Kind};
use crate::sim::queue::Params;

/// More poison messages are refused.
const POISON_MAX: usize = 100_000;

impl Reading<'_> {
    pub(super) fn queue(self, fields: &Fields<'_>) -> Option<Params> {
        let mut params = Params::default();
        let arrivals = self.required_arrivals(fields);
        let service = self.required_law(fields, "service");
        let count = |key, most| quantity::count(fields, key, 1, most);
        set(&mut params.batch_size, count("batch_size", 10_000));
        set(&mut params.batch_window, quantity::duration(fields, "batch_window"));
        set(&mut params.visibility, quantity::positive_duration(fields, "visibility"));
        set(&mut params.max_receive, count("max_receive", 1000));
        set(&mut params.pollers_start, count("pollers_start", 10_000));
        let per_minute = fields.number("pollers_per_min", 0.0..=1e6);
        set(&mut params.pollers_per_min, per_minute.map(|number| number.value));
        set(&mut params.pollers_max, count("pollers_max", 1_000_000));
        let limit = quantity::count_or_none(fields, "max_concurrency", 1, 1_000_000);
        set(&mut params.max_concurrency, limit);
        if fields.has("poison") {
            set(&mut params.poison, self.poison(fields));
        }
        let share = fields.number("poison_share", 0.0..=1.0);
        set(&mut params.poison_share, share.map(|number| number.value));
        set(&mut params.partial_batch, fields.boolean("partial_batch"));
        set(&mut params.dead_letter, fields.boolean("dead_letter"));
        let capacity = fields.number("backend_capacity_per_s", 1e-6..=1e9);
        params.backend_capacity_per_s = capacity.map(|number| number.value);
        params.arrivals = arrivals?;
        params.service = service?;
        Some(params)
    }

    /// The numbers of the messages that always fail, the first message is 1.
    fn poison(self, fields: &Fields<'_>) -> Option<Vec<u64>> {
        let values = fields.array("poison")?;
        let mut numbers = Vec::new();
        for value in values.iter().take(POISON_MAX) {
            match value.kind {
                Kind::Integer(number) if number >= 1 => numbers.push(number.unsigned_abs()),
                _ => {
                    let message = "`poison` holds numbers of messages, the first is 1";
                    self.faults().error("out-of-range", value.span, message);
                    return None;
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}
