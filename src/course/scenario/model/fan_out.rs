//! `fan-out`: requests that wait for many branches.

use super::cost::set;
use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::Fields;
use crate::sim::fan_out::Params;

const REQUESTS_MAX: u64 = 50_000_000;
const BRANCHES_MAX: u64 = 100_000;

impl Reading<'_> {
    pub(super) fn fan_out(self, fields: &Fields<'_>) -> Option<Params> {
        let mut params = Params { arrivals: self.arrivals(fields), ..Params::default() };
        if !fields.has("arrivals") {
            let hint = "write `requests = 10_000`, or `arrivals`";
            fields.expect("requests", "this model", hint);
            set(&mut params.requests, quantity::count(fields, "requests", 1, REQUESTS_MAX));
        }
        fields.expect("branches", "this model", "write `branches = 10`");
        let leaf = self.required_law(fields, "leaf");
        let count = |key| {
            let count = quantity::count(fields, key, 1, BRANCHES_MAX)?;
            u32::try_from(count).ok()
        };
        set(&mut params.branches, count("branches"));
        params.quorum = quantity::count_or_none(fields, "quorum", 1, BRANCHES_MAX)
            .flatten()
            .and_then(|count| u32::try_from(count).ok());
        params.hedge_at = quantity::duration_or_none(fields, "hedge_at").flatten();
        params.leaf = leaf?;
        Some(params)
    }
}
