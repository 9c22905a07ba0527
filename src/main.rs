//! `coldstart`: the command line of the course.

use std::process::ExitCode;

fn main() -> ExitCode {
    coldstart::cli::main(std::env::args_os())
}
