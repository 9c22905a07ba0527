//! `memory`: what a request takes and costs at each size of memory.

use super::cost::{arch, set};
use crate::course::scenario::Reading;
use crate::course::toml_file::{Fields, Kind};
use crate::sim::memory::Params;

impl Reading<'_> {
    pub(super) fn memory(self, fields: &Fields<'_>) -> Params {
        let mut params = Params::default();
        let ms = |key| fields.number(key, 0.0..=900_000.0).map(|number| number.value);
        fields.expect("cpu_ms_at_1769", "this model", "write `cpu_ms_at_1769 = 100`");
        fields.expect("io_ms", "this model", "write `io_ms = 50`");
        set(&mut params.cpu_ms_at_1769, ms("cpu_ms_at_1769"));
        set(&mut params.io_ms, ms("io_ms"));
        set(&mut params.sizes_mb, self.sizes(fields));
        set(&mut params.arch, arch(fields));
        params
    }

    fn sizes(self, fields: &Fields<'_>) -> Option<Vec<u32>> {
        let values = fields.array("sizes_mb")?;
        if !(1..=1000).contains(&values.len()) {
            let place = fields.value("sizes_mb").map_or(fields.span(), |value| value.span);
            let message = format!("a list of {} sizes", values.len());
            self.faults().error_hint("wrong-count", place, message, "write 1 to 1000");
            return None;
        }
        let mut sizes = Vec::new();
        for value in values {
            let size = match value.kind {
                Kind::Integer(size) if (128..=10_240).contains(&size) => {
                    u32::try_from(size).ok()?
                }
                _ => {
                    let message = "a size is a whole number of 128 to 10240 MB";
                    self.faults().error("out-of-range", value.span, message);
                    return None;
                }
            };
            sizes.push(size);
        }
        Some(sizes)
    }
}
