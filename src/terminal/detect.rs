//! What the terminal can do, from its environment; nothing here waits for its answer but
//! [`theme_of_terminal`], for a moment, when asked to.

use std::io::IsTerminal;
use std::time::Duration;

use crate::theme::{self, Depth};

/// Whether to colour, as `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// As the environment promises.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// The colours of the terminal.
pub fn depth(colour: Colour) -> Depth {
    let (colorterm, term) = (variable("COLORTERM"), variable("TERM"));
    let promised =
        |no_color: Option<&str>| Depth::promised(colorterm.as_deref(), term.as_deref(), no_color);
    match colour {
        Colour::Auto => promised(variable("NO_COLOR").as_deref()),
        Colour::Always => promised(None).max(Depth::Sixteen),
        Colour::Never => Depth::None,
    }
}

/// Why a full screen cannot be shown, if it cannot: line mode it is, then.
pub fn no_screen() -> Option<&'static str> {
    if !std::io::stdin().is_terminal() {
        Some("standard input is no terminal")
    } else if !std::io::stdout().is_terminal() {
        Some("standard output is no terminal")
    } else {
        match variable("TERM").as_deref() {
            None | Some("") => Some("TERM is not set"),
            Some("dumb") => Some("TERM is `dumb`"),
            Some(_) => None,
        }
    }
}

/// The theme that suits the terminal, from COLORFGBG.
pub fn suggested_theme() -> &'static str {
    theme::suggested(variable("COLORFGBG").as_deref())
}

/// How long a terminal may take to tell its colours.
const PATIENCE: Duration = Duration::from_millis(100);

/// The theme that suits the terminal, which is asked for its colours; and whether its answer may
/// still come. Must be called before the screen is taken over.
pub fn theme_of_terminal() -> (&'static str, bool) {
    use terminal_colorsaurus::{Error, QueryOptions, ThemeMode, theme_mode};
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match theme_mode(options) {
        Ok(ThemeMode::Light) => ("light", false),
        Ok(ThemeMode::Dark) => ("dark", false),
        Err(error) => (suggested_theme(), matches!(error, Error::Timeout(_))),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}
