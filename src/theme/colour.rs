//! A colour as a theme's file names it, at the depth that a terminal has.

use ratatui::style::Color;
use serde::Deserialize;

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: weight, slant, underline and reverse tell everything.
    None,
    /// The sixteen, whose look the terminal's owner chose.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// 24 bits.
    TrueColor,
}

impl Depth {
    /// The depth that the environment promises: `colorterm` and `term` are the values of COLORTERM
    /// and TERM, `no_color` that of `NO_COLOR` (set and not empty means none).
    pub fn promised(colorterm: Option<&str>, term: Option<&str>, no_color: Option<&str>) -> Self {
        let term = term.unwrap_or("");
        if no_color.is_some_and(|value| !value.is_empty()) || term == "dumb" {
            Self::None
        } else if matches!(colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct") {
            Self::TrueColor
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// `["#rrggbb", "name"]`: the colour and the nearest of the sixteen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Colour(String, Named);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Named {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
    BrightBlack,
    BrightRed,
    BrightGreen,
    BrightYellow,
    BrightBlue,
    BrightMagenta,
    BrightCyan,
    BrightWhite,
    /// The terminal's own.
    Default,
}

impl Named {
    const fn color(self) -> Color {
        match self {
            Self::Black => Color::Black,
            Self::Red => Color::Red,
            Self::Green => Color::Green,
            Self::Yellow => Color::Yellow,
            Self::Blue => Color::Blue,
            Self::Magenta => Color::Magenta,
            Self::Cyan => Color::Cyan,
            Self::White => Color::Gray,
            Self::BrightBlack => Color::DarkGray,
            Self::BrightRed => Color::LightRed,
            Self::BrightGreen => Color::LightGreen,
            Self::BrightYellow => Color::LightYellow,
            Self::BrightBlue => Color::LightBlue,
            Self::BrightMagenta => Color::LightMagenta,
            Self::BrightCyan => Color::LightCyan,
            Self::BrightWhite => Color::White,
            Self::Default => Color::Reset,
        }
    }
}

impl Colour {
    /// The colour at a depth; `Err` holds the text that is no `#rrggbb`.
    pub(super) fn at(&self, depth: Depth) -> Result<Color, &str> {
        let (red, green, blue) = self.rgb().ok_or(self.0.as_str())?;
        Ok(match depth {
            Depth::None => Color::Reset,
            Depth::Sixteen => self.1.color(),
            Depth::Indexed => Color::Indexed(indexed(red, green, blue)),
            Depth::TrueColor => Color::Rgb(red, green, blue),
        })
    }

    /// Red, green and blue.
    pub(super) fn rgb(&self) -> Option<(u8, u8, u8)> {
        let digits = self.0.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some((part(0)?, part(2)?, part(4)?))
    }
}

/// The nearest of the colour cube and the greys of xterm's 256.
fn indexed(red: u8, green: u8, blue: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |(r, g, b): (u8, u8, u8)| {
        let part = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
        part(r, red) + part(g, green) + part(b, blue)
    };
    let cube = (0..216u8).map(|n| {
        let step = |digit: u8| STEPS[usize::from(digit)];
        (16 + n, (step(n / 36), step(n / 6 % 6), step(n % 6)))
    });
    let greys = (0..24u8).map(|n| (232 + n, (8 + 10 * n, 8 + 10 * n, 8 + 10 * n)));
    cube.chain(greys).min_by_key(|&(_, rgb)| distance(rgb)).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_promises_a_depth() {
        assert_eq!(Depth::promised(Some("truecolor"), Some("xterm"), None), Depth::TrueColor);
        assert_eq!(Depth::promised(None, Some("xterm-256color"), Some("")), Depth::Indexed);
        assert_eq!(Depth::promised(None, Some("linux"), None), Depth::Sixteen);
        assert_eq!(Depth::promised(Some("truecolor"), None, Some("1")), Depth::None);
        assert_eq!(Depth::promised(None, Some("dumb"), None), Depth::None);
    }

    #[test]
    fn the_nearest_of_256() {
        assert_eq!(indexed(0, 0, 0), 16);
        assert_eq!(indexed(255, 255, 255), 231);
        assert_eq!(indexed(8, 8, 8), 232);
        assert_eq!(indexed(0x5f, 0xd7, 0xff), 81);
    }
}
