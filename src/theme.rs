//! Roles to styles: the only place that knows colours. A theme is a file; every theme that came
//! to be is complete.

mod colour;
mod roles;

pub use colour::Depth;

use std::collections::BTreeMap;

use ratatui::style::{Modifier, Style};
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Span};
use crate::sanitize;
use crate::typeset::Role;
use colour::Colour;
use roles::Roles;

/// A style for each role, at the colour depth of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// What the learner calls it.
    pub name: String,
    /// The ground of everything and the text on it.
    pub background: Style,
    /// What is chosen in a list.
    pub selected: Style,
    /// What the next key acts on.
    pub focused: Style,
    /// The ground of code, boxes and text fields.
    pub surface: Style,
    roles: Roles<Style>,
}

/// The themes that come with the program: name and file.
const BUILT_IN: [(&str, &str); 3] = [
    ("dark", include_str!("../assets/themes/dark.toml")),
    ("light", include_str!("../assets/themes/light.toml")),
    ("high-contrast", include_str!("../assets/themes/high-contrast.toml")),
];

/// The name of the theme that suits a terminal, from the value of COLORFGBG (`15;0`: light on
/// dark).
pub fn suggested(colorfgbg: Option<&str>) -> &'static str {
    let ground = colorfgbg.and_then(|value| value.rsplit(';').next());
    match ground.and_then(|ground| ground.parse::<u8>().ok()) {
        Some(7 | 9..=15) => "light",
        _ => "dark",
    }
}

impl Theme {
    /// The themes that come with the program, at a depth.
    pub fn built_in(depth: Depth) -> Vec<Self> {
        BUILT_IN.iter().filter_map(|(name, text)| Self::read(name, text, depth).ok()).collect()
    }

    /// The names of the themes that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The theme of this name that comes with the program; reads no other.
    pub fn named(name: &str, depth: Depth) -> Option<Self> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::read(name, text, depth).ok()
    }

    /// Reads a theme's file; `file` is its path, for the messages, and its stem the theme's name.
    /// A file may say `extends = "dark"` and give only what differs.
    pub fn parse(file: &str, source: &str, depth: Depth) -> Result<Self, Diagnostic> {
        let stem = file.rsplit('/').next().and_then(|name| name.split('.').next());
        Self::read(stem.unwrap_or(file), source, depth).map_err(|fault| Diagnostic {
            file: file.to_owned(),
            ..Diagnostic::error("theme", "", fault.span, sanitize::line(&fault.message))
        })
    }

    fn read(name: &str, source: &str, depth: Depth) -> Result<Self, Fault> {
        if !source.contains("extends") {
            return toml::from_str::<Raw>(source)?.complete(name, depth);
        }
        let table: toml::Table = toml::from_str(source)?;
        let raw: Raw = match table.get("extends").and_then(toml::Value::as_str) {
            None => toml::from_str(source)?,
            Some(base) => {
                let base = BUILT_IN.iter().find(|(name, _)| *name == base);
                let (_, text) = base.ok_or_else(|| {
                    let known: Vec<_> = Self::names().collect();
                    format!("`extends` must be one of {}", known.join(", "))
                })?;
                let mut whole: toml::Table = toml::from_str(text)?;
                let changes = table.into_iter().filter(|(key, _)| key != "extends").collect();
                merge(&mut whole, changes);
                whole.try_into()?
            }
        };
        raw.complete(name, depth)
    }

    /// The style of a role, over the background.
    pub const fn style(&self, role: Role) -> Style {
        *self.roles.get(role)
    }
}

/// Puts every value of `changes` over the one in `base`, tables entry by entry.
fn merge(base: &mut toml::Table, changes: toml::Table) {
    for (key, change) in changes {
        match (base.get_mut(&key), change) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new))
                if key == "roles" || key == "marks" || key == "colors" =>
            {
                merge(old, new);
            }
            (_, change) => drop(base.insert(key, change)),
        }
    }
}

/// What is wrong with a theme's file.
struct Fault {
    span: Span,
    message: String,
}

impl From<toml::de::Error> for Fault {
    fn from(error: toml::de::Error) -> Self {
        let span = error.span().map_or_else(Span::default, Span::from);
        Self { span, message: error.message().to_owned() }
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self { span: Span::default(), message }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    colors: BTreeMap<String, Colour>,
    marks: RawMarks,
    roles: Roles<RawStyle>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMarks {
    background: RawStyle,
    selected: RawStyle,
    focused: RawStyle,
    surface: RawStyle,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "the switches of a style in a file")]
struct RawStyle {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    italic: bool,
    underline: bool,
    /// The colour of the underline, where the terminal has such.
    line: Option<String>,
    strike: bool,
    reverse: bool,
    /// What it is besides where there is no colour.
    mono: Vec<Weight>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Weight {
    Bold,
    Dim,
    Italic,
    Underline,
    Reverse,
}

impl Raw {
    fn complete(self, name: &str, depth: Depth) -> Result<Theme, Fault> {
        let Self { colors, marks, roles } = self;
        let mut fault = None;
        let mut style = |raw: RawStyle| {
            raw.at(depth, &colors).unwrap_or_else(|message| {
                fault.get_or_insert(message);
                Style::new()
            })
        };
        let RawMarks { background, selected, focused, surface } = marks;
        let theme = Theme {
            name: name.to_owned(),
            background: style(background),
            selected: style(selected),
            focused: style(focused),
            surface: style(surface),
            roles: roles.map(style),
        };
        fault.map_or(Ok(theme), |message| Err(message.into()))
    }
}

impl RawStyle {
    fn at(self, depth: Depth, colors: &BTreeMap<String, Colour>) -> Result<Style, String> {
        let Self { fg, bg, bold, italic, underline, line, strike, reverse, mono } = self;
        let colour = |name: Option<String>| {
            let Some(name) = name else { return Ok(None) };
            let colour = colors.get(&name).ok_or_else(|| format!("no colour is named `{name}`"))?;
            let at = colour.at(depth);
            at.map(Some).map_err(|text| format!("`{text}` is not a colour such as `#82bfdc`"))
        };
        let (fg, bg, line) = (colour(fg)?, colour(bg)?, colour(line)?);
        let flags = [
            (bold, Modifier::BOLD),
            (italic, Modifier::ITALIC),
            (underline, Modifier::UNDERLINED),
            (strike, Modifier::CROSSED_OUT),
            (reverse, Modifier::REVERSED),
        ];
        let set = flags.iter().filter(|(on, _)| *on).map(|&(_, modifier)| modifier);
        let mono = mono.iter().filter(|_| depth == Depth::None).map(|weight| match weight {
            Weight::Bold => Modifier::BOLD,
            Weight::Dim => Modifier::DIM,
            Weight::Italic => Modifier::ITALIC,
            Weight::Underline => Modifier::UNDERLINED,
            Weight::Reverse => Modifier::REVERSED,
        });
        let style = Style::new().add_modifier(set.chain(mono).collect());
        Ok(match depth {
            Depth::None => style,
            // Terminals of 256 colours may take the parts of an underline's colour for other codes.
            Depth::Sixteen | Depth::Indexed => Style { fg, bg, ..style },
            Depth::TrueColor => Style { fg, bg, underline_color: line, ..style },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::CalloutKind;
    use crate::typeset::Syntax;

    const DEPTHS: [Depth; 4] = [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::TrueColor];

    #[test]
    fn the_themes_that_come_along_are_complete() {
        for (name, text) in BUILT_IN {
            for depth in DEPTHS {
                let fault = Theme::read(name, text, depth).err().map(|fault| fault.message);
                assert_eq!(fault, None, "{name}");
            }
        }
    }

    /// The contrast of two colours as WCAG 2 defines it, 1 to 21.
    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let light = |(r, g, b)| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
        let (a, b): (f64, f64) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_stands_out_from_its_ground() {
        for (name, text) in BUILT_IN {
            let raw: Raw = toml::from_str(text).unwrap();
            let ground = raw.colors["background"].rgb().unwrap();
            let least = if name == "high-contrast" { 7.0 } else { 4.5 };
            for (colour, value) in &raw.colors {
                let grounds = ["background", "surface", "raised", "faint"];
                if !grounds.contains(&colour.as_str()) {
                    let found = contrast(value.rgb().unwrap(), ground);
                    assert!(found >= least, "{name}: {colour} has {found:.2}");
                }
            }
        }
    }

    #[test]
    fn without_colour_no_style_has_one_and_meaning_stays() {
        for theme in Theme::built_in(Depth::None) {
            let styles = [Role::Link, Role::Strong, Role::Match, Role::Key, Role::Heading(1)];
            for role in styles {
                let style = theme.style(role);
                assert_eq!((style.fg, style.bg), (None, None));
                assert!(!style.add_modifier.is_empty(), "{role:?} looks like running text");
            }
            assert!(theme.selected.add_modifier.contains(Modifier::REVERSED));
            assert!(theme.focused.add_modifier.contains(Modifier::REVERSED));
        }
    }

    #[test]
    fn underlines_have_colours_in_24_bits_alone() {
        for (depth, is_coloured) in [(Depth::TrueColor, true), (Depth::Indexed, false)] {
            for theme in Theme::built_in(depth) {
                assert_eq!(theme.style(Role::Link).underline_color.is_some(), is_coloured);
            }
        }
    }

    #[test]
    fn a_file_may_give_only_what_differs() {
        let source = "extends = \"dark\"\n[colors]\naccent = [\"#ff0000\", \"red\"]\n";
        let theme = Theme::parse("themes/mine.toml", source, Depth::TrueColor).unwrap();
        let dark = Theme::built_in(Depth::TrueColor).remove(0);
        assert_eq!(theme.name, "mine");
        assert_ne!(theme.style(Role::Accent), dark.style(Role::Accent));
        assert_eq!(
            theme.style(Role::Callout(CalloutKind::Tip)),
            dark.style(Role::Callout(CalloutKind::Tip))
        );
        assert_eq!(theme.style(Role::Code(Syntax::Plain)), dark.style(Role::Code(Syntax::Plain)));
    }

    #[test]
    fn faults_are_told() {
        let message = |source: &str| {
            Theme::parse("t.toml", source, Depth::TrueColor).map_err(|d| d.message).unwrap_err()
        };
        assert!(message("[colors]\n").contains("missing field"));
        let extended = "extends = \"dark\"\n";
        assert!(message(&format!("{extended}[roles]\nbodi = {{}}\n")).contains("bodi"));
        assert!(
            message(&format!("{extended}[roles]\nbody = {{ fg = \"pink\" }}\n")).contains("pink")
        );
        assert!(
            message(&format!("{extended}[colors]\ntext = [\"#12\", \"red\"]\n")).contains("#12")
        );
    }

    #[test]
    fn the_ground_of_the_terminal_suggests_a_theme() {
        assert_eq!(suggested(Some("0;15")), "light");
        assert_eq!(suggested(Some("15;default;0")), "dark");
        assert_eq!(suggested(None), "dark");
    }
}
