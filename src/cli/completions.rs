//! `coldstart completions`: what makes a shell complete the commands.

use std::io::Write;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

/// The options of `completions`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// The shell to write for
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(options: &Options, out: &mut dyn Write) -> anyhow::Result<u8> {
    // The generator panics where writing fails: it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut super::Cli::command(), "coldstart", &mut script);
    out.write_all(&script)?;
    Ok(0)
}
