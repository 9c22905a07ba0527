//! Text of a lesson to blocks with source spans. Total: every input gives a document; what is wrong
//! with it comes beside it as diagnostics.
//!
//! [`Blocks`] yields one top-level block at a time, so that a long text is shown before its end
//! was read; [`parse`] collects them.

mod anchor;
mod caps;
mod comment;
mod container;
mod fence;
mod footnote;
mod html;
mod inline;
mod link;
mod list;
mod parts;
mod reader;
mod source_map;
mod table;
mod write;

use crate::diagnostic::{Diagnostic, Span};

pub use inline::inlines;
pub use link::picture_path;
pub use reader::Blocks;
pub use write::{escaped, written};

/// Reads a whole text. See [`Blocks`] for reading it piece by piece.
pub fn parse(source: &str) -> Document {
    let mut blocks = Blocks::new(source);
    let all = blocks.by_ref().collect();
    Document { blocks: all, diagnostics: blocks.into_diagnostics() }
}

/// The words of running text without its marks: line ends are spaces (hard ones line feeds), an
/// image is its alt text, footnote marks and tags are nothing.
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

/// The words of a block and of all it holds, each paragraph, row and line of code on its own line,
/// cells with a tab between them: for searching and copying.
pub fn block_text(block: &Block) -> String {
    let mut out = String::new();
    push_block(block, &mut out);
    out.truncate(out.trim_end_matches('\n').len());
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) | InlineKind::Math { text, .. } => {
                out.push_str(text);
            }
            InlineKind::SoftBreak => out.push(' '),
            InlineKind::HardBreak => out.push('\n'),
            _ => push_plain(inline.inner(), out),
        }
    }
}

fn push_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        push_block(block, out);
    }
}

fn push_block(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => {
            push_plain(inlines, out);
        }
        BlockKind::List(list) => {
            for item in &list.items {
                push_blocks(&item.blocks, out);
            }
        }
        BlockKind::Table(table) => push_table(table, out),
        BlockKind::Code(code) => out.push_str(&code.text),
        BlockKind::Figure { text, .. } | BlockKind::Html(text) | BlockKind::Notice(text) => {
            out.push_str(text);
        }
        BlockKind::Callout { blocks, .. }
        | BlockKind::Quote(blocks)
        | BlockKind::Footnote { blocks, .. } => {
            push_blocks(blocks, out);
        }
        BlockKind::Details { summary, blocks } => {
            push_plain(summary, out);
            out.push('\n');
            push_blocks(blocks, out);
        }
        BlockKind::Embed(Embed::File { label, .. }) => out.push_str(label),
        BlockKind::Embed(
            Embed::Question(fence) | Embed::Scenario(fence) | Embed::Output(fence),
        ) => out.push_str(&fence.text),
        BlockKind::Rule => {}
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn push_table(table: &Table, out: &mut String) {
    for row in std::iter::once(&table.header).chain(&table.rows) {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                out.push('\t');
            }
            push_plain(cell, out);
        }
        out.push('\n');
    }
}

/// A whole text: its blocks in reading order and what was found on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The blocks in reading order; footnote definitions stand last.
    pub blocks: Vec<Block>,
    /// What an author should know: caps reached, control characters, near misses of commands.
    pub diagnostics: Vec<Diagnostic>,
}

/// A block and where it stands in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The bytes of the source it came from.
    pub span: Span,
}

/// The kinds of blocks.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// `# …` to `###### …`.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The text.
        inlines: Vec<Inline>,
        /// The anchor that links name (GitHub's rule), unique in the document.
        anchor: String,
    },
    /// Running text.
    Paragraph(Vec<Inline>),
    /// Bulleted, numbered or task list.
    List(List),
    /// A GFM table.
    Table(Table),
    /// A code block, fenced or indented.
    Code(Code),
    /// `> [!NOTE]` and its kin.
    Callout {
        /// Which of the five.
        kind: CalloutKind,
        /// What it holds.
        blocks: Vec<Block>,
    },
    /// A drawing in text, never wrapped.
    Figure {
        /// The drawing, lines without their ends.
        text: String,
        /// The same in words, for those who hear it.
        alt: Option<String>,
    },
    /// `> …`.
    Quote(Vec<Block>),
    /// `---`.
    Rule,
    /// An HTML block that is not understood: shown as dimmed source.
    Html(String),
    /// `<details>`: folded until asked for.
    Details {
        /// The line that stays visible.
        summary: Vec<Inline>,
        /// What is folded.
        blocks: Vec<Block>,
    },
    /// The definition of a footnote.
    Footnote {
        /// Its number, from 1, in order of first mention.
        number: usize,
        /// Its name in the source.
        label: String,
        /// What it says.
        blocks: Vec<Block>,
    },
    /// A quiz or a simulation in the flow.
    Embed(Embed),
    /// What the reader must know about the text itself, as in "cut here".
    Notice(String),
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The first number of a numbered list.
    pub start: Option<u64>,
    /// No blank lines between the items.
    pub tight: bool,
    /// The items.
    pub items: Vec<Item>,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// `[ ]` or `[x]` of a task list.
    pub checked: Option<bool>,
    /// The id of an objective: a trailing comment `<!-- #id -->`.
    pub id: Option<String>,
    /// What it holds.
    pub blocks: Vec<Block>,
    /// The bytes of the source it came from.
    pub span: Span,
}

/// A table; each row has as many cells as the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header's cells.
    pub header: Vec<Vec<Inline>>,
    /// The rows' cells.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Not said: flush left.
    #[default]
    None,
    /// Flush left.
    Left,
    /// Centred.
    Center,
    /// Flush right.
    Right,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The first word of the info string up to a comma or brace, or empty.
    pub language: String,
    /// The text, without the last line's end.
    pub text: String,
}

/// The five kinds of callouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalloutKind {
    /// `[!NOTE]`
    Note,
    /// `[!TIP]`
    Tip,
    /// `[!IMPORTANT]`
    Important,
    /// `[!WARNING]`
    Warning,
    /// `[!CAUTION]`
    Caution,
}

/// Something to do, standing in the flow of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum Embed {
    /// A paragraph that is one link to a `.toml` of the course: a quiz or a scenario, as the file
    /// says.
    File {
        /// The path as written, relative to the lesson.
        path: String,
        /// The link's words.
        label: String,
    },
    /// A fence `toml quiz`: one question.
    Question(Fence),
    /// A fence `toml sim`: a scenario.
    Scenario(Fence),
    /// A fence `text output`: what the simulation before it prints.
    Output(Fence),
}

/// The text of a fence, and where it stands, for diagnostics inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The text inside.
    pub text: String,
    /// Where in the source each line of `text` begins (containers may indent them).
    pub line_starts: Vec<usize>,
}

/// A piece of running text and where it stands in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// The bytes of the source it came from.
    pub span: Span,
}

/// The kinds of running text.
#[derive(Clone, Debug, PartialEq)]
pub enum InlineKind {
    /// Plain text.
    Text(String),
    /// `` `code` ``
    Code(String),
    /// `*emphasis*`
    Emphasis(Vec<Inline>),
    /// `**strong**`
    Strong(Vec<Inline>),
    /// `~~struck~~`
    Strike(Vec<Inline>),
    /// `<sup>`
    Superscript(Vec<Inline>),
    /// `<sub>`
    Subscript(Vec<Inline>),
    /// `<kbd>`
    Key(Vec<Inline>),
    /// A link.
    Link {
        /// Where it leads.
        target: Target,
        /// Its title, or empty.
        title: String,
        /// Its words.
        inlines: Vec<Inline>,
    },
    /// An image: shown as its alt text.
    Image {
        /// Its address as written.
        address: String,
        /// Its title, or empty.
        title: String,
        /// The alt text.
        inlines: Vec<Inline>,
    },
    /// A line's end in the source.
    SoftBreak,
    /// A line's end that stays.
    HardBreak,
    /// A reference to the footnote of this number.
    Footnote {
        /// From 1, in order of first mention.
        number: usize,
        /// Its name in the source.
        label: String,
    },
    /// TeX source, shown as it is.
    Math {
        /// On a line of its own.
        display: bool,
        /// The source.
        text: String,
    },
    /// A tag that is not understood: shown as dimmed source.
    Html(String),
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// `http`, `https` or `mailto`: the reader's browser may open it.
    Web(String),
    /// `fact:ID`
    Fact(String),
    /// `term:ID`
    Term(String),
    /// A heading of this text: `#anchor`.
    Anchor(String),
    /// A file of the course, relative to the lesson, and a heading in it.
    File {
        /// As written, without the `#…`.
        path: String,
        /// What stands after `#`, or empty.
        anchor: String,
    },
    /// The footnote of this number.
    Footnote(usize),
    /// The first mention of the footnote of this number.
    FootnoteReference(usize),
    /// The panel of the embed that begins at this byte of the lesson's source.
    Embed(usize),
    /// The folded block that begins at this byte of the lesson's source.
    Details(usize),
    /// What is offered below the block that begins at this byte; no text leads there.
    Offer(usize),
    /// An address of another kind: shown, never opened.
    Refused(String),
}
