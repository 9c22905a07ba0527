//! When requests come: `{ process = "poisson", rate_per_s = 5 }`, or a list of processes.

use super::{Reading, quantity};
use crate::course::links;
use crate::course::toml_file::{At, Fields, Kind, Table};
use crate::sim::Refused;
use crate::sim::arrivals::{Arrivals, RATE_MAX};
use crate::sim::time::{SECONDS_MAX, SimDuration, SimTime};

const PROCESSES: [&str; 7] = ["poisson", "every", "burst", "steps", "sine", "on-off", "trace"];
/// More processes at once are refused.
const PROCESSES_MAX: usize = 100;
/// More requests at one instant are refused.
const SIZE_MAX: u64 = 50_000_000;
const KEY: &str = "arrivals";

impl Reading<'_> {
    /// The arrivals, which must be there.
    pub(super) fn required_arrivals(self, fields: &Fields<'_>) -> Option<Arrivals> {
        let hint = "write `arrivals = { process = \"poisson\", rate_per_s = 5 }`";
        fields.expect(KEY, "this model", hint);
        self.arrivals(fields)
    }

    /// The arrivals, if there are any.
    pub(super) fn arrivals(self, fields: &Fields<'_>) -> Option<Arrivals> {
        let value = fields.value(KEY)?;
        match &value.kind {
            Kind::Table(table) => self.process(table),
            Kind::Array(values) => {
                if !(1..=PROCESSES_MAX).contains(&values.len()) {
                    let message = format!("a list of {} processes", values.len());
                    let hint = format!("write 1 to {PROCESSES_MAX}");
                    self.faults().error_hint("wrong-count", value.span, message, hint);
                    return None;
                }
                let process = |value| self.process(fields.table_of(KEY, value)?);
                let parts: Vec<Option<Arrivals>> = values.iter().map(process).collect();
                parts.into_iter().collect::<Option<_>>().map(Arrivals::Superposed)
            }
            _ => {
                fields.wrong_type(KEY, value, "a table `{ process = … }`, or a list of them");
                None
            }
        }
    }

    fn process(self, table: &Table) -> Option<Arrivals> {
        let before = self.faults().errors();
        let fields = Fields::new(table, self.faults());
        fields.expect("process", "`arrivals`", "write `process = \"poisson\"` or another");
        let process = self.process_of(&fields, fields.one_of("process", &PROCESSES)?);
        if self.faults().errors() == before {
            fields.finish();
        }
        let process = process?;
        match process.check() {
            Ok(()) => Some(process),
            Err(Refused(wrong)) => {
                self.refuse(table, &wrong);
                None
            }
        }
    }

    fn process_of(self, fields: &Fields<'_>, process: &str) -> Option<Arrivals> {
        match process {
            "poisson" => Some(Arrivals::Poisson { rate_per_s: rate(fields, "rate_per_s")? }),
            "every" => every(fields),
            "burst" => {
                fields.expect("size", "a burst", "write `size = 100`");
                let at = quantity::duration(fields, "at");
                let at = if fields.has("at") { at? } else { SimDuration::ZERO };
                let size = quantity::count(fields, "size", 1, SIZE_MAX)?;
                Some(Arrivals::Burst { at: SimTime(at.0), size })
            }
            "steps" => {
                fields.expect("at", "this process", "write `at = [\"0s\", \"10m\"]`");
                fields.expect("rate_per_s", "this process", "write `rate_per_s = [1, 20]`");
                let at = quantity::durations(fields, "at");
                let rate_per_s = quantity::amounts(fields, "rate_per_s", RATE_MAX)?;
                let at = at?.into_iter().map(|at| SimTime(at.0)).collect();
                Some(Arrivals::Steps { at, rate_per_s })
            }
            "sine" => {
                let mean_per_s = rate(fields, "mean_per_s");
                let amplitude_per_s = rate(fields, "amplitude_per_s");
                let period = span(fields, "period")?;
                let (mean_per_s, amplitude_per_s) = (mean_per_s?, amplitude_per_s?);
                Some(Arrivals::Sine { mean_per_s, amplitude_per_s, period })
            }
            "on-off" => {
                let rate_per_s = rate(fields, "rate_per_s");
                let (on, off) = (span(fields, "on"), span(fields, "off"));
                Some(Arrivals::OnOff { rate_per_s: rate_per_s?, on: on?, off: off? })
            }
            _ => {
                fields.expect("file", "a trace", "name a text file of the course");
                self.trace(fields.text("file")?).map(Arrivals::Trace)
            }
        }
    }

    /// The instants in the file `path`: one number of seconds a line.
    fn trace(self, path: At<&str>) -> Option<Vec<SimTime>> {
        let hint = "write a path relative to this file, inside the course";
        let file = match links::resolve(self.faults().file(), path.value) {
            Ok(file) => file,
            Err(refusal) => {
                let message = format!("`{}` {refusal}", path.value);
                self.faults().error_hint("outside-course", path.span, message, hint);
                return None;
            }
        };
        let text = match self.files.get(&file) {
            Some(Ok(text)) => text,
            Some(Err(unreadable)) => {
                let message = format!("`{}` {}", path.value, unreadable.reason);
                self.faults().error("missing-link", path.span, message);
                return None;
            }
            None => {
                let message = format!("`{}` is not there", path.value);
                self.faults().error_hint("missing-link", path.span, message, hint);
                return None;
            }
        };
        let mut times = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.parse::<f64>() {
                Ok(at) if (0.0..=SECONDS_MAX).contains(&at) => {
                    times.push(SimTime::from_secs_f64(at));
                }
                _ => {
                    let message =
                        format!("line {} of `{}` is no time in seconds", number + 1, path.value);
                    let hint = "a trace holds one number a line, 0 or more, ascending";
                    self.faults().error_hint("bad-trace", path.span, message, hint);
                    return None;
                }
            }
        }
        Some(times)
    }
}

fn every(fields: &Fields<'_>) -> Option<Arrivals> {
    let count = quantity::count_or_none(fields, "count", 1, SIZE_MAX);
    let size = quantity::count(fields, "size", 1, SIZE_MAX);
    let size = if fields.has("size") { size? } else { 1 };
    let count = if fields.has("count") { count? } else { None };
    Some(Arrivals::Every { gap: span(fields, "gap")?, count, size })
}

fn rate(fields: &Fields<'_>, key: &'static str) -> Option<f64> {
    fields.expect(key, "this process", &format!("write `{key} = 5`"));
    fields.number(key, 0.0..=RATE_MAX).map(|number| number.value)
}

fn span(fields: &Fields<'_>, key: &'static str) -> Option<SimDuration> {
    fields.expect(key, "this process", &format!("write `{key} = \"10s\"`"));
    quantity::positive_duration(fields, key)
}
