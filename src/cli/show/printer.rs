//! A text laid out and printed, block by block, so that a long one begins to appear before its end
//! was set. Nothing but text, styles (SGR), own links (OSC 8) and line ends is ever written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::style::{Color, Modifier, Style};

use crate::markdown::{Block, BlockKind, Blocks, Code, Target};
use crate::sanitize;
use crate::terminal::highlight::Highlighter;
use crate::theme::Theme;
use crate::typeset::{Piece, Role, Row, Settings, Supplements, Typesetter, gap};

/// How to print.
#[derive(Clone, Debug)]
pub struct Printing<'a> {
    /// How the text is set. [`Settings::unfold`] is wanted here: nobody can unfold on paper.
    pub settings: Settings,
    /// The styles; without them no escape byte is written.
    pub theme: Option<&'a Theme>,
    /// Links to the web become the terminal's own (OSC 8).
    pub hyperlinks: bool,
    /// Code is coloured, if there are styles.
    pub highlight: bool,
    /// Cells left blank before every row, beside the measure.
    pub margin: usize,
    /// The byte of the source at which the text begins, behind its front matter.
    pub start: usize,
}

/// Bytes gathered before they are written, after the first block.
const CHUNK: usize = 32 * 1024;

/// Prints `source`, a Markdown text. `supplements` hold the panels of its embeds. That nobody
/// reads any more (a closed pipe) is a good end.
pub fn show(
    out: &mut dyn Write,
    source: &str,
    options: &Printing<'_>,
    supplements: Supplements,
) -> io::Result<()> {
    match print(out, source, options, supplements) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints rows that were made elsewhere, in the same look.
pub fn rows(out: &mut dyn Write, rows: &[Row], options: &Printing<'_>) -> io::Result<()> {
    let mut printer = Printer::new(options);
    for row in rows {
        printer.row(row);
    }
    printer.write(out)
}

fn print(
    out: &mut dyn Write,
    source: &str,
    options: &Printing<'_>,
    mut supplements: Supplements,
) -> io::Result<()> {
    let mut setter = Typesetter::new(options.settings.clone());
    let mut printer = Printer::new(options);
    let mut colours = Colours::default();
    let highlight = options.highlight && options.theme.is_some();
    let mut before: Option<BlockKind> = None;
    for block in Blocks::starting_at(source, options.start) {
        if let Some(before) = &before {
            printer.blank(gap(before, &block.kind));
        }
        if highlight {
            colours.colour(&block, &mut supplements);
        }
        for row in setter.rows(&block, &supplements) {
            printer.row(&row);
        }
        if before.is_none() || printer.text.len() >= CHUNK {
            printer.write(out)?;
        }
        before = Some(block.kind);
    }
    let references = setter.references();
    if !references.is_empty() {
        printer.blank(1);
    }
    for row in references {
        printer.row(&row);
    }
    printer.write(out)
}

/// Colours for the code of a text, loaded when there is some.
#[derive(Default)]
struct Colours {
    highlighter: Option<Highlighter>,
}

impl Colours {
    /// Puts the colours of all code inside `block` into `supplements`.
    fn colour(&mut self, block: &Block, supplements: &mut Supplements) {
        match &block.kind {
            BlockKind::Code(code) => self.code(code, block.span.start, supplements),
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Details { blocks, .. }
            | BlockKind::Footnote { blocks, .. } => {
                for block in blocks {
                    self.colour(block, supplements);
                }
            }
            BlockKind::List(list) => {
                for block in list.items.iter().flat_map(|item| &item.blocks) {
                    self.colour(block, supplements);
                }
            }
            _ => {}
        }
    }

    fn code(&mut self, code: &Code, start: usize, supplements: &mut Supplements) {
        if !Highlighter::may_know(&code.language) {
            return;
        }
        let highlighter = self.highlighter.get_or_insert_with(Highlighter::new);
        if let Some(lines) = highlighter.lines(&code.language, &code.text) {
            supplements.code.insert(start, lines);
        }
    }
}

/// Rows to bytes: text, styles (SGR), own links (OSC 8) and line ends, nothing else.
struct Printer<'a> {
    options: &'a Printing<'a>,
    text: String,
    styles: BTreeMap<Role, Look>,
    look: Look,
    link: Option<String>,
}

/// A style as the parameters of an SGR sequence; empty is the terminal's own look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Look {
    parameters: String,
    /// It shows on blanks too.
    fills: bool,
}

impl<'a> Printer<'a> {
    fn new(options: &'a Printing<'a>) -> Self {
        Self {
            options,
            text: String::new(),
            styles: BTreeMap::new(),
            look: Look::default(),
            link: None,
        }
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        out.flush()
    }

    fn blank(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n('\n', count));
    }

    fn row(&mut self, row: &Row) {
        let start = self.text.len();
        self.text.extend(std::iter::repeat_n(' ', self.options.margin));
        for piece in &row.pieces {
            self.piece(piece);
        }
        self.link(None);
        self.set(&Look::default());
        // Blanks at the end are seen by nobody, unless a style fills them: then SGR follows.
        let kept = self.text.trim_end_matches(' ').len().max(start);
        self.text.truncate(kept);
        self.text.push('\n');
    }

    fn piece(&mut self, piece: &Piece) {
        if let Some(theme) = self.options.theme {
            let look = self.look_of(theme, piece.role);
            let blank = piece.text.bytes().all(|byte| byte == b' ');
            if !(blank && !look.fills && !self.look.fills) {
                self.set(&look);
            }
            self.link(piece.target.as_ref());
        }
        self.text.push_str(&sanitize::line(&piece.text));
    }

    fn look_of(&mut self, theme: &Theme, role: Role) -> Look {
        let own = [theme.style(Role::Body).fg, theme.style(Role::Strong).fg];
        self.styles.entry(role).or_insert_with(|| Look::of(theme.style(role), own)).clone()
    }

    fn set(&mut self, look: &Look) {
        if self.look.parameters == look.parameters {
            return;
        }
        self.text.push_str("\x1b[0");
        self.text.push_str(&look.parameters);
        self.text.push('m');
        self.look.clone_from(look);
    }

    fn link(&mut self, target: Option<&Target>) {
        let address = match target {
            Some(Target::Web(address)) if self.options.hyperlinks => Some(safe(address)),
            _ => None,
        };
        if self.link == address {
            return;
        }
        if self.link.is_some() {
            self.text.push_str("\x1b]8;;\x1b\\");
        }
        if let Some(address) = &address {
            self.text.push_str("\x1b]8;;");
            self.text.push_str(address);
            self.text.push_str("\x1b\\");
        }
        self.link = address;
    }
}

impl Look {
    /// `style` over the terminal's own ground: what has the colour of running text or of strong text
    /// is left to the terminal, which may be light or dark.
    fn of(style: Style, own: [Option<Color>; 2]) -> Self {
        let mut parameters = String::new();
        for (modifier, code) in MODIFIERS {
            if style.add_modifier.contains(modifier) {
                parameters.push_str(code);
            }
        }
        if !own.contains(&style.fg) || style.bg.is_some() {
            colour(&mut parameters, style.fg, 30);
        }
        colour(&mut parameters, style.bg, 40);
        let filling = Modifier::UNDERLINED | Modifier::REVERSED | Modifier::CROSSED_OUT;
        let fills = style.bg.is_some_and(|colour| colour != Color::Reset)
            || style.add_modifier.intersects(filling);
        Self { parameters, fills }
    }
}

const MODIFIERS: [(Modifier, &str); 6] = [
    (Modifier::BOLD, ";1"),
    (Modifier::DIM, ";2"),
    (Modifier::ITALIC, ";3"),
    (Modifier::UNDERLINED, ";4"),
    (Modifier::REVERSED, ";7"),
    (Modifier::CROSSED_OUT, ";9"),
];

/// Appends the parameters of `colour`; `base` is 30 for the text, 40 for the ground.
fn colour(parameters: &mut String, colour: Option<Color>, base: u8) {
    let bright = base + 60;
    let code = match colour {
        None | Some(Color::Reset) => return,
        Some(Color::Black) => base,
        Some(Color::Red) => base + 1,
        Some(Color::Green) => base + 2,
        Some(Color::Yellow) => base + 3,
        Some(Color::Blue) => base + 4,
        Some(Color::Magenta) => base + 5,
        Some(Color::Cyan) => base + 6,
        Some(Color::Gray) => base + 7,
        Some(Color::DarkGray) => bright,
        Some(Color::LightRed) => bright + 1,
        Some(Color::LightGreen) => bright + 2,
        Some(Color::LightYellow) => bright + 3,
        Some(Color::LightBlue) => bright + 4,
        Some(Color::LightMagenta) => bright + 5,
        Some(Color::LightCyan) => bright + 6,
        Some(Color::White) => bright + 7,
        Some(Color::Indexed(index)) => {
            let _ = write!(parameters, ";{};5;{index}", base + 8);
            return;
        }
        Some(Color::Rgb(red, green, blue)) => {
            let _ = write!(parameters, ";{};2;{red};{green};{blue}", base + 8);
            return;
        }
    };
    let _ = write!(parameters, ";{code}");
}

/// `address` with everything escaped that is not printable ASCII, and the character that could end
/// it.
fn safe(address: &str) -> String {
    let mut safe = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'!'..=b'[' | b']'..=b'~' => safe.push(char::from(byte)),
            _ => {
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    safe
}
