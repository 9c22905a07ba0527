//! `knative`: the pod autoscaler.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::Fields;
use crate::sim::knative::Params;

impl Reading<'_> {
    pub(super) fn knative(self, fields: &Fields<'_>) -> Option<Params> {
        let mut params = Params::default();
        let arrivals = self.required_arrivals(fields);
        let service = self.required_law(fields, "service");
        let limit = quantity::count_or_none(fields, "container_concurrency", 1, 100_000);
        set(&mut params.container_concurrency, limit);
        let number = |key, range| fields.number(key, range).map(|number| number.value);
        set(&mut params.target_utilization, number("target_utilization", 0.1..=1.0));
        set(&mut params.stable_window, quantity::positive_duration(fields, "stable_window"));
        set(&mut params.panic_window_percent, number("panic_window_percent", 1.0..=100.0));
        set(&mut params.panic_threshold, number("panic_threshold", 1.1..=10.0));
        set(&mut params.max_scale_up_rate, number("max_scale_up_rate", 1.0..=1e6));
        set(&mut params.max_scale_down_rate, number("max_scale_down_rate", 1.0..=1e6));
        set(&mut params.scale_to_zero_grace, quantity::duration(fields, "scale_to_zero_grace"));
        set(&mut params.pod_start, quantity::duration(fields, "pod_start"));
        params.arrivals = arrivals?;
        params.service = service?;
        Some(params)
    }
}
