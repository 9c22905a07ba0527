//! Blocks to rows: the layout of a lesson at a measure, free of colours and of any terminal.

mod callout;
mod code;
mod figure;
mod footnote;
mod galley;
mod glyphs;
mod heading;
mod inline;
mod list;
mod page;
mod panel;
mod table;
mod width;
mod wrap;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Span;
use crate::markdown::{Block, BlockKind, Inline, Target};

pub use galley::{Galley, Place};
pub use width::{clusters, fit, width};

use page::Page;

/// How a text is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The width of the column.
    pub measure: Measure,
    /// Every mark of ours in ASCII, drawings too.
    pub ascii: bool,
    /// No styles will follow: headings, code, keys and struck text carry marks instead.
    pub bare: bool,
    /// How the addresses of links are given.
    pub links: LinkStyle,
    /// Every `<details>` is open, whatever the [`Supplements`] say.
    pub unfold: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let links = LinkStyle::Bare;
        Self { measure: Measure(76), ascii: false, bare: false, links, unfold: false }
    }
}

/// How the addresses of links are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkStyle {
    /// Only as targets of the pieces.
    #[default]
    Bare,
    /// As numbers after the links, and a list of addresses ([`Typesetter::references`]).
    Numbered,
}

/// What is set beside the text itself. The keys are `Block::span.start`, or `Item::span.start` for
/// marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supplements {
    /// What stands in the boxes of embeds.
    pub panels: BTreeMap<usize, Panel>,
    /// One row below a block: what is offered beside the text.
    pub offers: BTreeMap<usize, Panel>,
    /// Top-level blocks of which nothing shows.
    pub withheld: BTreeSet<usize>,
    /// The colours of code: for each line its tokens with their lengths in bytes.
    pub code: BTreeMap<usize, Vec<Vec<(Syntax, usize)>>>,
    /// The `<details>` that are open.
    pub unfolded: BTreeSet<usize>,
    /// How many cells a figure that is too wide was moved to the left.
    pub shifts: BTreeMap<usize, usize>,
    /// Glyphs that stand instead of the bullets of list items.
    pub marks: BTreeMap<usize, (String, Role)>,
}

/// The words in the box of an embed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// As in "Simulation"; in the top border.
    pub kind: String,
    /// Its title, beside the kind.
    pub title: String,
    /// What stands inside, one paragraph each.
    pub lines: Vec<String>,
    /// What can be done, in the bottom border; may be empty.
    pub action: String,
}

/// The width of the text column in cells, 20 to 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure(pub u16);

impl Measure {
    /// The measure in cells, brought into its range.
    pub fn cells(self) -> usize {
        usize::from(self.0.clamp(20, 500))
    }
}

/// One laid-out line: its pieces fill at most the measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// From left to right; gaps are pieces of spaces.
    pub pieces: Vec<Piece>,
    /// The source this row shows: what keeps the reader's place through every change of layout.
    pub span: Span,
}

impl Row {
    /// The row's text without its roles.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The cells that the row takes, its trailing blanks too.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| width(&piece.text)).sum()
    }

    /// Appends `piece`; a neighbour with the same role and target takes it in.
    pub fn push(&mut self, piece: Piece) {
        match self.pieces.last_mut() {
            Some(last) if last.role == piece.role && last.target == piece.target => {
                last.text.push_str(&piece.text);
            }
            _ if piece.text.is_empty() => {}
            _ => self.pieces.push(piece),
        }
    }
}

/// A run of text with one role.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What is drawn: sanitised, without tabs and line ends.
    pub text: String,
    /// What it means; a theme gives it a colour.
    pub role: Role,
    /// What it opens.
    pub target: Option<Target>,
}

impl Piece {
    /// A piece that opens nothing.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, target: None }
    }

    /// `count` blanks.
    pub fn blank(count: usize) -> Self {
        Self::new(" ".repeat(count), Role::Body)
    }
}

/// What a piece of text on the screen is, named for meaning; only `theme` knows colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Running text.
    #[default]
    Body,
    /// `*emphasis*`
    Emphasis,
    /// `**strong**`
    Strong,
    /// Both of them.
    StrongEmphasis,
    /// `~~struck~~`
    Strike,
    /// Text that steps back: captions, sources, unknown HTML.
    Muted,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// `` `code` `` in running text.
    CodeSpan,
    /// A line of a code block.
    Code(Syntax),
    /// A key to press.
    Key,
    /// A link to the web or to a lesson.
    Link,
    /// A dated fact.
    Fact,
    /// A glossary term.
    Term,
    /// A footnote's mark.
    Footnote,
    /// The mark of a list item or of a quote.
    Marker,
    /// The lines of a table or a rule.
    Line,
    /// A table's header.
    TableHeader,
    /// A drawing.
    Figure,
    /// The bar and the word of a callout.
    Callout(crate::markdown::CalloutKind),
    /// The frame of a panel that can be opened.
    Panel,
    /// The title in a panel's frame.
    PanelTitle,
    /// What the text says about itself, as in "cut here".
    Notice,
    /// The one accent: progress, the selected, the key to press now.
    Accent,
    /// A right answer.
    Correct,
    /// A partly right answer.
    Partly,
    /// A wrong answer.
    Wrong,
    /// The title line and the status line.
    Chrome,
    /// A match of a search.
    Match,
}

/// What a token of code is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// Anything else.
    #[default]
    Plain,
    /// A comment.
    Comment,
    /// A word of the language.
    Keyword,
    /// A text in quotes.
    String,
    /// A number, a truth value.
    Constant,
    /// The name of a function.
    Function,
    /// The name of a type.
    Type,
    /// A key of a mapping, an attribute.
    Attribute,
    /// An operator or a bracket.
    Punctuation,
}

/// The rows of one block, alone.
pub fn rows(block: &Block, settings: &Settings, supplements: &Supplements) -> Vec<Row> {
    let mut setter = Typesetter::new(settings.clone());
    let mut rows = setter.rows(block, supplements);
    rows.append(&mut setter.references());
    rows
}

/// Sets blocks one after the other, and remembers the addresses that their links named.
#[derive(Clone, Debug)]
pub struct Typesetter {
    settings: Settings,
    references: Vec<String>,
}

impl Typesetter {
    /// A typesetter that has seen no link yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, references: Vec::new() }
    }

    /// The rows of `block`, without the [`gap`] before it.
    pub fn rows(&mut self, block: &Block, supplements: &Supplements) -> Vec<Row> {
        let mut page = Page::new(&self.settings, supplements, &mut self.references);
        page.block(block);
        if let Some(offer) = supplements.offers.get(&block.span.start) {
            panel::offer(&mut page, offer, block.span);
        }
        page.finish()
    }

    /// The numbered addresses that were met since the last call, ready to stand below the text.
    pub fn references(&mut self) -> Vec<Row> {
        let addresses = std::mem::take(&mut self.references);
        let supplements = Supplements::default();
        let mut page = Page::new(&self.settings, &supplements, &mut self.references);
        footnote::references(&mut page, &addresses);
        page.finish()
    }
}

/// Running text at `width` cells (at least 1) in the given role: a question's choice, a feedback.
pub fn wrap_inlines(inlines: &[Inline], width: usize, role: Role) -> Vec<Row> {
    wrap_with(&Settings::default(), inlines, width, role)
}

/// The same with the marks that `settings` ask for; their measure does not count.
pub fn wrap_with(settings: &Settings, inlines: &[Inline], width: usize, role: Role) -> Vec<Row> {
    let supplements = Supplements::default();
    let mut references = Vec::new();
    let mut page = Page::new(settings, &supplements, &mut references).narrowed(width);
    page.inlines(inlines, role);
    page.finish()
}

/// The blank rows between two neighbours.
pub fn gap(before: &BlockKind, after: &BlockKind) -> usize {
    use BlockKind::{Details, Footnote, Heading};
    match (before, after) {
        (Heading { .. }, _) | (Details { .. }, Details { .. }) => 1,
        (_, Heading { level: 1 | 2, .. }) => 2,
        (Footnote { .. }, Footnote { .. }) => 0,
        _ => 1,
    }
}
