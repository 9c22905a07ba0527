//! The metrics of a scenario as a table for people.
//!
//! ```text
//! When does an environment go cold? (platform, seed 42, 2h)
//!
//! metric       simulated ± 95 %      theory    difference
//! p_cold       12.13 % ± 0.04        12.1355 % -0.3
//! ```

use std::io::Write;

use super::Ran;
use crate::course::scenario::duration_text;
use crate::sim::estimate::{Interval, student95};
use crate::sim::metric::digits;
use crate::typeset;

/// Prints the table, and below it what each metric means if that is asked for.
pub(super) fn print(ran: &Ran, explain: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let scenario = &ran.scenario;
    let runs = match ran.estimate.replications.len() {
        1 => String::new(),
        several => format!(", {several} runs"),
    };
    let name = scenario.model.name();
    let chance = if scenario.model.is_exact() {
        String::new()
    } else {
        let length = scenario.duration().map(|span| format!(", {}", duration_text(span)));
        format!(", seed {}{}{runs}", scenario.run.seed, length.unwrap_or_default())
    };
    writeln!(out, "{} ({name}{chance})\n", scenario.title)?;
    let several = ran.estimate.replications.len() > 1;
    let simulated = if several { "simulated ± 95 %" } else { "simulated" };
    let mut rows = vec![head(simulated, ran, several)];
    for (name, interval) in &ran.estimate.intervals {
        rows.push(row(ran, name, interval, several));
    }
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| typeset::width(cell)).max().unwrap_or(0)
        })
        .collect();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(typeset::width(cell))))
            })
            .collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    if !several && !scenario.model.is_exact() {
        writeln!(out, "\nOne run: `--replications 30` says how sure these numbers are.")?;
    }
    if explain { meanings(ran, out) } else { Ok(()) }
}

fn head(simulated: &str, ran: &Ran, several: bool) -> Vec<String> {
    let mut cells = vec!["metric", simulated];
    if !ran.theory.is_empty() {
        cells.push("theory");
        cells.push(if several { "difference, in standard errors" } else { "difference" });
    }
    cells.into_iter().map(str::to_owned).collect()
}

fn row(ran: &Ran, name: &str, interval: &Interval, several: bool) -> Vec<String> {
    let definition = ran.scenario.definition(name);
    let said = |value: f64| definition.map_or_else(|| digits(value), |it| it.said_closely(value));
    let simulated = match definition {
        Some(definition) if several => {
            let (mean, off) = definition.said_with(interval, 2);
            format!("{mean} ± {}", off.as_deref().unwrap_or("0"))
        }
        _ => said(interval.mean),
    };
    let mut cells = vec![name.to_owned(), simulated];
    if ran.theory.is_empty() {
        return cells;
    }
    let Some(&theory) = ran.theory.get(name) else {
        cells.extend([String::new(), String::new()]);
        return cells;
    };
    cells.push(said(theory));
    let off = interval.mean - theory;
    // Sums in another order differ in their last bits.
    let off = if off.abs() <= 1e-12 * theory.abs().max(1.0) { 0.0 } else { off };
    cells.push(match (several, standard_error(interval)) {
        (true, Some(error)) => signed(off / error, 1),
        _ if off == 0.0 => "0".to_owned(),
        (false, _) if theory != 0.0 => format!("{} %", signed(100.0 * off / theory, 2)),
        _ => said(off),
    });
    cells
}

/// `value` with its sign, unless nothing is left of it: `+0.5`, `-12.0`, `0.0`.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    if text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        return text;
    }
    text.trim_start_matches(['+', '-']).to_owned()
}

/// The standard error behind an interval, unless all runs gave the same.
fn standard_error(interval: &Interval) -> Option<f64> {
    let error = interval.ci95 / student95(interval.n.saturating_sub(1));
    (error > 0.0).then_some(error)
}

fn meanings(ran: &Ran, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out)?;
    for name in ran.estimate.intervals.keys() {
        let Some(definition) = ran.scenario.definition(name) else { continue };
        let unit = match definition.unit {
            "" => String::new(),
            unit => format!(" ({unit})"),
        };
        writeln!(out, "{name}{unit}: {}.", definition.meaning)?;
    }
    if !ran.theory.is_empty() {
        let names: Vec<&str> = ran.theory.keys().map(String::as_str).collect();
        writeln!(out, "\nA formula holds here for: {}.", names.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn nothing_has_no_sign() {
        for (value, text) in [(-0.001, "0.00"), (0.004, "0.00"), (-0.5, "-0.50"), (2.0, "+2.00")] {
            assert_eq!(signed(value, 2), text);
        }
    }
}
