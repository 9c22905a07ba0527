//! `coldstart show`: a lesson laid out on standard output.

mod printer;

pub use printer::{Printing, show};
