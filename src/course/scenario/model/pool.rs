//! `pool`: fixed servers, one queue.

use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::Fields;
use crate::sim::pool::Params;

/// More servers are refused.
const SERVERS_MAX: u64 = 1_000_000;

impl Reading<'_> {
    pub(super) fn pool(self, fields: &Fields<'_>) -> Option<Params> {
        let arrivals = self.required_arrivals(fields);
        let service = self.required_law(fields, "service");
        fields.expect("servers", "this model", "write `servers = 2`");
        let servers = quantity::count(fields, "servers", 1, SERVERS_MAX);
        Some(Params { arrivals: arrivals?, service: service?, servers: servers? })
    }
}
