//! Measured start-up times: `assets/presets/runtimes.toml`, which comes with the program.

use crate::course::toml_file::{Faults, Fields, Origin, parse};
use crate::sim::law::Law;

const RUNTIMES: &str = include_str!("../../../assets/presets/runtimes.toml");

/// The standard normal's quantile of 90 %.
const Z90: f64 = 1.281_551_565_544_600_4;

/// Points of the standard normal's quantile function: (probability, z).
const POINTS: [(f64, f64); 13] = [
    (0.001, -3.090_232_306_167_813_5),
    (0.01, -2.326_347_874_040_841),
    (0.05, -1.644_853_626_951_472_6),
    (0.1, -Z90),
    (0.25, -0.674_489_750_196_081_7),
    (0.4, -0.253_347_103_135_799_7),
    (0.5, 0.0),
    (0.6, 0.253_347_103_135_799_7),
    (0.75, 0.674_489_750_196_081_7),
    (0.9, Z90),
    (0.95, 1.644_853_626_951_472_6),
    (0.99, 2.326_347_874_040_841),
    (0.999, 3.090_232_306_167_813_5),
];

/// What was measured of one runtime and package, in milliseconds.
struct Measured {
    id: String,
    p10: f64,
    median: f64,
    p90: f64,
    /// The longest; where it was not written down there is no bound.
    max: f64,
}

impl Measured {
    /// A lognormal on each side of the median, through the 10 % and the 90 % quantile: measured
    /// starts have a longer tail to the right than one lognormal has.
    fn law(&self) -> Result<Law, String> {
        let below = libm::log(self.median / self.p10) / Z90;
        let above = libm::log(self.p90 / self.median) / Z90;
        let point = |&(p, z): &(f64, f64)| {
            let sigma = if z < 0.0 { below } else { above };
            let ms = self.median * libm::exp(sigma * z);
            (p, ms.min(self.max) / 1e3)
        };
        Law::empirical(POINTS.iter().map(point).collect())
    }
}

/// The law of the preset `id`; `None` where there is none of that name.
pub(super) fn law(id: &str) -> Option<Result<Law, String>> {
    measured().iter().find(|measured| measured.id == id).map(Measured::law)
}

/// The names of all presets.
pub(super) fn ids() -> Vec<String> {
    measured().into_iter().map(|measured| measured.id).collect()
}

fn measured() -> Vec<Measured> {
    read(&Faults::new("assets/presets/runtimes.toml"))
}

fn read(faults: &Faults<'_>) -> Vec<Measured> {
    let root = parse(RUNTIMES, Origin::File, faults);
    let fields = Fields::new(&root, faults);
    let _ = (fields.integer("schema", 1..=1), fields.required_text("source", "presets"));
    let _ = fields.date("as_of");
    let one = |table| {
        let fields = Fields::new(table, faults);
        let ms = |key| fields.number(key, 1.0..=1e6).map(|number| number.value);
        let id = fields.required_text("id", "a preset").map(|id| id.value.to_owned());
        let _ = fields.required_text("name", "a preset");
        let (p10, median, p90) = (ms("p10_ms"), ms("median_ms"), ms("p90_ms"));
        let max = ms("max_ms").unwrap_or(f64::INFINITY);
        fields.finish();
        Some(Measured { id: id?, p10: p10?, median: median?, p90: p90?, max })
    };
    let measured = fields.tables("presets").into_iter().filter_map(one).collect();
    fields.finish();
    measured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_keeps_its_measured_quantiles() {
        let faults = Faults::new("");
        let all = read(&faults);
        assert_eq!(faults.into_diagnostics(), []);
        assert_eq!(all.len(), 20);
        for measured in &all {
            let law = measured.law().unwrap();
            for (q, ms) in [(0.1, measured.p10), (0.5, measured.median), (0.9, measured.p90)] {
                let got = law.quantile_s(q).unwrap() * 1e3;
                assert!((got - ms).abs() < 1e-9, "{}: {got} for {ms}", measured.id);
            }
            assert!(law.quantile_s(1.0).unwrap() * 1e3 <= measured.max, "{}", measured.id);
        }
    }

    #[test]
    fn presets_have_names_of_their_own() {
        let mut names = ids();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), measured().len());
        assert!(law("python3.13/zip/x86_64").is_some() && law("python2.7").is_none());
    }
}
