//! Blocks to rows: the layout of a lesson at a measure, free of colours and of any terminal.

use crate::diagnostic::Span;
use crate::markdown::Target;

/// The width of the text column in cells, 20 to 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure(pub u16);

/// One laid-out line: its pieces fill at most the measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// From left to right; gaps are pieces of spaces.
    pub pieces: Vec<Piece>,
    /// The source this row shows: what keeps the reader's place through every change of layout.
    pub span: Span,
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
