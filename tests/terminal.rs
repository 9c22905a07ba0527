//! The program in a terminal: signals, stops, panics, hang-ups, kills. A pseudo-terminal stands in
//! for the real one; what it shows is read by another terminal emulator.

#![cfg(unix)]

#[path = "terminal/desk.rs"]
mod desk;
#[path = "terminal/faults.rs"]
mod faults;
#[path = "terminal/keeping.rs"]
mod keeping;
#[path = "terminal/leaving.rs"]
mod leaving;
#[path = "terminal/watching.rs"]
mod watching;
