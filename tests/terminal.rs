//! The program in a terminal: signals, stops, panics, hang-ups, kills. A pseudo-terminal stands in
//! for the real one; what it shows is read by another terminal emulator.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test fails by panicking, measures time, and is no library"
)]

#[path = "support/answers.rs"]
mod answers;
#[path = "terminal/desk.rs"]
mod desk;
#[path = "terminal/faults.rs"]
mod faults;
#[path = "terminal/keeping.rs"]
mod keeping;
#[path = "terminal/learning.rs"]
mod learning;
#[path = "terminal/leaving.rs"]
mod leaving;
#[path = "terminal/simulating.rs"]
mod simulating;
#[path = "terminal/watching.rs"]
mod watching;
