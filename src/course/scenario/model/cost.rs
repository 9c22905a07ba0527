//! `cost`: a month's bill, by the request and on a machine that always runs.

use crate::course::scenario::{Reading, quantity};
use crate::course::toml_file::{Fields, Table};
use crate::sim::cost::{Extras, Params};
use crate::sim::prices::Arch;

/// The names of processors, as scenario files write them.
const ARCHS: [&str; 2] = ["x86_64", "arm64"];

impl Reading<'_> {
    pub(super) fn cost(self, fields: &Fields<'_>) -> Params {
        let mut params = Params::default();
        let hint = "write `requests_per_month = 10_000_000`";
        fields.expect("requests_per_month", "this model", hint);
        fields.expect("duration", "this model", "write how long a request runs: `\"200ms\"`");
        let number = |key, most| fields.number(key, 0.0..=most).map(|number| number.value);
        set(&mut params.requests_per_month, number("requests_per_month", 1e12));
        set(&mut params.duration, quantity::duration(fields, "duration"));
        set(&mut params.memory_mb, memory_mb(fields));
        set(&mut params.arch, arch(fields));
        set(&mut params.free_tier, fields.boolean("free_tier"));
        params.vm_usd_per_month = number("vm_usd_per_month", 1e9);
        params.vm_capacity_per_s = quantity::positive(fields, "vm_capacity_per_s", 1e9);
        set(&mut params.provisioned, quantity::count(fields, "provisioned", 0, 1_000_000));
        if let Some(table) = fields.table("extras") {
            params.extras = self.extras(table);
        }
        params
    }

    fn extras(self, table: &Table) -> Extras {
        let fields = Fields::new(table, self.faults());
        let gb = |key| fields.number(key, 0.0..=1e9).map(|number| number.value);
        let extras = Extras {
            http_api: fields.boolean("http_api").unwrap_or(false),
            logs_gb: gb("logs_gb").unwrap_or(0.0),
            nat_gb: gb("nat_gb"),
        };
        fields.finish();
        extras
    }
}

/// The processor.
pub(super) fn arch(fields: &Fields<'_>) -> Option<Arch> {
    let name = fields.one_of("arch", &ARCHS)?;
    Some(if name == "arm64" { Arch::Arm } else { Arch::X86 })
}

/// The memory of an environment.
pub(super) fn memory_mb(fields: &Fields<'_>) -> Option<f64> {
    fields.number("memory_mb", 128.0..=32_768.0).map(|number| number.value)
}

/// Sets what was written; what was not keeps its default.
pub(super) fn set<T>(place: &mut T, read: Option<T>) {
    if let Some(value) = read {
        *place = value;
    }
}
