//! Laws of durations: `{ law = "lognormal", median = "20ms", sigma = 0.3 }`.

use super::{Reading, preset, quantity};
use crate::course::toml_file::{Fields, Table};
use crate::diagnostic::did_you_mean;
use crate::sim::law::Law;
use crate::sim::time::SimDuration;

const LAWS: [&str; 9] = [
    "constant",
    "exponential",
    "normal",
    "lognormal",
    "gamma",
    "weibull",
    "pareto",
    "hyperexponential",
    "empirical",
];

/// The second parameter of a law.
enum Spread {
    Sigma(f64),
    Cv(f64),
}

impl Reading<'_> {
    /// The law of `key`; what is wrong with it is reported.
    pub(super) fn law(self, fields: &Fields<'_>, key: &'static str) -> Option<Law> {
        let table = fields.table(key)?;
        let before = self.faults().errors();
        let inner = Fields::new(table, self.faults());
        let hint = "write `law = \"exponential\"` or another";
        inner.expect("law", &format!("`{key}`"), hint);
        let law = self.law_of(&inner, inner.one_of("law", &LAWS)?);
        if self.faults().errors() == before {
            inner.finish();
        }
        match law? {
            Ok(law) => Some(law),
            Err(wrong) => {
                self.refuse(table, &wrong);
                None
            }
        }
    }

    /// A law that must be there.
    pub(super) fn required_law(self, fields: &Fields<'_>, key: &'static str) -> Option<Law> {
        let hint = format!("write `{key} = {{ law = \"exponential\", mean = \"200ms\" }}`");
        fields.expect(key, "this model", &hint);
        self.law(fields, key)
    }

    pub(super) fn refuse(self, table: &Table, wrong: &str) {
        self.faults().error("out-of-range", table.span, wrong);
    }

    fn law_of(self, fields: &Fields<'_>, law: &str) -> Option<Result<Law, String>> {
        Some(match law {
            "constant" => Law::constant(mean(fields)?),
            "exponential" => Law::exponential(mean(fields)?),
            "normal" => normal(fields)?,
            "lognormal" => lognormal(fields)?,
            "gamma" if fields.has("cv") => Law::gamma_of_cv(mean(fields)?, number(fields, "cv")?),
            "gamma" => Law::gamma(mean(fields)?, number(fields, "shape")?),
            "weibull" => Law::weibull(mean(fields)?, number(fields, "shape")?),
            "pareto" => Law::pareto(mean(fields)?, number(fields, "shape")?),
            "hyperexponential" => Law::hyperexponential(mean(fields)?, number(fields, "cv")?),
            _ => self.empirical(fields)?,
        })
    }

    fn empirical(self, fields: &Fields<'_>) -> Option<Result<Law, String>> {
        fields.expect(
            "preset",
            "an empirical law",
            "name a measurement: `preset = \"python3.13/zip/x86_64\"`",
        );
        let name = fields.text("preset")?;
        let law = preset::law(name.value);
        if law.is_none() {
            let message = format!("there is no preset `{}`", name.value);
            let ids = preset::ids();
            let hint = did_you_mean(name.value, ids.iter().map(String::as_str)).map_or_else(
                || format!("known: {}", ids.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            self.faults().error_hint("unknown-preset", name.span, message, hint);
        }
        law
    }
}

/// Its sigma is a duration, or a share of the mean by `cv`.
fn normal(fields: &Fields<'_>) -> Option<Result<Law, String>> {
    let mean = mean(fields)?;
    let sigma = if fields.has("cv") {
        mean * number(fields, "cv")?
    } else {
        fields.expect("sigma", "a normal law", "write `sigma = \"2ms\"`, or `cv = 0.2`");
        quantity::duration(fields, "sigma")?.as_secs_f64()
    };
    Some(Law::normal(mean, sigma))
}

fn lognormal(fields: &Fields<'_>) -> Option<Result<Law, String>> {
    let spread = if fields.has("cv") {
        Spread::Cv(number(fields, "cv")?)
    } else {
        Spread::Sigma(number(fields, "sigma")?)
    };
    if fields.has("median") {
        let median = quantity::duration(fields, "median").map(SimDuration::as_secs_f64)?;
        let sigma = match spread {
            Spread::Sigma(sigma) => sigma,
            Spread::Cv(cv) => libm::log1p(cv * cv).sqrt(),
        };
        return Some(Law::lognormal(median, sigma));
    }
    let mean = mean(fields)?;
    Some(match spread {
        Spread::Sigma(sigma) => Law::lognormal_of_mean(mean, sigma),
        Spread::Cv(cv) => Law::lognormal_of_cv(mean, cv),
    })
}

fn mean(fields: &Fields<'_>) -> Option<f64> {
    fields.expect("mean", "this law", "write `mean = \"200ms\"`");
    quantity::duration(fields, "mean").map(SimDuration::as_secs_f64)
}

fn number(fields: &Fields<'_>, key: &'static str) -> Option<f64> {
    fields.expect(key, "this law", &format!("write `{key} = 1.5`, say"));
    fields.number(key, 0.0..=1e9).map(|number| number.value)
}
