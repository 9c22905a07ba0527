use coldstart::{
    cli::show,
    theme::{Depth, Theme},
    typeset::{LinkStyle, Measure, Settings, Supplements},
};
use std::io::Read;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let width: u16 = a[1].parse().unwrap();
    let mode = a[2].as_str();
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    let depth = if mode.contains("16") {
        Depth::Sixteen
    } else if mode.contains("none") {
        Depth::None
    } else {
        Depth::TrueColor
    };
    let themes = Theme::built_in(depth);
    let theme = themes.iter().find(|t| mode.contains(&t.name)).or(themes.first());
    let plain = mode.contains("plain");
    let o = show::Printing {
        settings: Settings {
            measure: Measure(width),
            ascii: mode.contains("ascii"),
            bare: plain,
            unfold: true,
            links: if plain { LinkStyle::Numbered } else { LinkStyle::Bare },
        },
        theme: if plain { None } else { theme },
        hyperlinks: !plain,
        highlight: !mode.contains("nohi"),
        margin: if plain { 0 } else { 2 },
    };
    show::show(&mut std::io::stdout().lock(), &s, &o, Supplements::default()).unwrap();
}
