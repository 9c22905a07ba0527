//! The closed forms that the simulations are checked against, in tests and on the learner's screen.
//!
//! Pure functions over plain numbers: times are seconds, rates are per second, shares are in
//! \[0, 1\], loads are in Erlangs (mean number of busy servers if there were enough). Every function
//! says what it computes, when the formula holds and where it comes from. Each is total: where a
//! system has no steady state, or an input lies outside the stated range, the answer is `None` or
//! not a number, never a panic. Logarithms and the like come from `libm`, so that the last digit is
//! the same on every machine.
//!
//! | id | what | where |
//! |---|---|---|
//! | O1, O5 | loss and delay with `c` servers | [`erlang`] |
//! | O2, O12 | as many servers as needed, constant and sinusoidal rate | [`unlimited`] |
//! | O3, O4 | cold starts under a keep-alive | [`keep_alive`] |
//! | O6 | one server | [`single_server`] |
//! | O7 | the slowest of many branches | [`fan_out`] |
//! | O8, O9 | retries and backoff | [`retries`] |
//! | O10 | a month's bill | [`bill`] |
//! | O11 | a limit on how fast environments are added | [`scale_rate`] |
//! | O13 | percentiles of a mixture of warm and cold | [`mixture`] |
//! | O14 | availability of a chain | [`chain`] |

#![expect(clippy::doc_markdown, reason = "indices of formulas are no names of the code")]

pub mod bill;
pub mod chain;
pub mod erlang;
pub mod fan_out;
pub mod keep_alive;
pub mod mixture;
pub mod retries;
pub mod scale_rate;
pub mod single_server;
pub mod unlimited;

/// Whether `value` agrees with `printed` to the last digit that `printed` shows.
#[cfg(test)]
fn agrees(value: f64, printed: &str) -> bool {
    let decimals = printed.split_once('.').map_or(0, |(_, digits)| digits.len());
    let expected: f64 = printed.parse().expect("a number");
    let half = 0.5 * libm::pow(10.0, -f64::from(u32::try_from(decimals).expect("few digits")));
    (value - expected).abs() <= half * 1.000_1
}

/// Asserts that `value` agrees with `printed` to its last digit.
#[cfg(test)]
#[track_caller]
fn assert_printed(value: f64, printed: &str) {
    assert!(agrees(value, printed), "{value} is not {printed}");
}
