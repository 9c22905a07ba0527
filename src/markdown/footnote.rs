//! Footnotes: numbered by first mention, their definitions at the end of the text.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::{Block, BlockKind, Inline, InlineKind};
use crate::diagnostic::{Diagnostic, Span};

/// The footnotes of a text.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Names in the order of first mention: the first is number 1.
    mentioned: Vec<String>,
    numbers: BTreeMap<String, usize>,
    /// Definitions in the order of the source; those taken are none.
    defined: Vec<Option<Definition>>,
    /// The first definition of each name.
    by_name: BTreeMap<String, usize>,
    /// How many of the mentioned ones were handed out.
    emitted: usize,
    /// How many of the defined ones were looked at, for those never mentioned.
    swept: usize,
    /// Inside a definition a mention does not count yet: definitions come last.
    within: usize,
}

struct Definition {
    label: String,
    blocks: Vec<Block>,
    span: Span,
}

impl Footnotes {
    /// The number of the footnote of this name at a mention; 0 inside a definition, to be set when
    /// that is read out.
    pub(super) fn mention(&mut self, label: &str) -> usize {
        if self.within > 0 { 0 } else { self.number(label) }
    }

    fn number(&mut self, label: &str) -> usize {
        let name = name(label);
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        self.mentioned.push(name.clone());
        self.numbers.insert(name, self.mentioned.len());
        self.mentioned.len()
    }

    /// The next definition by number, then those that nothing mentions; and whether it is mentioned.
    fn next(&mut self) -> Option<(usize, Definition, bool)> {
        while let Some(name) = self.mentioned.get(self.emitted) {
            self.emitted += 1;
            let at = self.by_name.get(name).copied();
            if let Some(definition) = at.and_then(|at| self.defined.get_mut(at)?.take()) {
                return Some((self.emitted, definition, true));
            }
        }
        while let Some(slot) = self.defined.get_mut(self.swept) {
            let at = self.swept;
            self.swept += 1;
            if let Some(definition) = slot.take() {
                // A second definition of a name has a number of its own. No label holds a bracket.
                let is_first = self.by_name.get(&name(&definition.label)) == Some(&at);
                let unique = if is_first { String::new() } else { format!("[{at}") };
                let number = self.number(&format!("{}{unique}", definition.label));
                self.emitted = number;
                return Some((number, definition, false));
            }
        }
        None
    }
}

/// Labels are compared without regard to case and to the kind of white space.
fn name(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Reader<'_> {
    /// Reads the definition that was begun and keeps it for the end.
    pub(super) fn footnote(&mut self, label: &str, span: Span, nesting: usize) {
        self.footnotes.within += 1;
        let blocks = self.children(nesting).blocks;
        self.footnotes.within -= 1;
        let at = self.footnotes.defined.len();
        self.footnotes.by_name.entry(name(label)).or_insert(at);
        let label = self.line(label, span);
        self.footnotes.defined.push(Some(Definition { label, blocks, span }));
    }

    /// The next definition to show at the end of the text.
    pub(super) fn next_footnote(&mut self) -> Option<Block> {
        let (number, Definition { label, mut blocks, span }, mentioned) = self.footnotes.next()?;
        if !mentioned {
            let what = format!("nothing in the text refers to the footnote `[^{label}]`");
            self.report(Diagnostic::warning("unused-footnote", "", span, what));
        }
        number_blocks(&mut blocks, &mut self.footnotes);
        Some(Block { kind: BlockKind::Footnote { number, label, blocks }, span })
    }
}

/// Sets the numbers of the mentions inside a definition.
fn number_blocks(blocks: &mut [Block], footnotes: &mut Footnotes) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Heading { inlines, .. } | BlockKind::Paragraph(inlines) => {
                number_inlines(inlines, footnotes);
            }
            BlockKind::List(list) => {
                for item in &mut list.items {
                    number_blocks(&mut item.blocks, footnotes);
                }
            }
            BlockKind::Table(table) => {
                for cell in std::iter::once(&mut table.header).chain(&mut table.rows).flatten() {
                    number_inlines(cell, footnotes);
                }
            }
            BlockKind::Callout { blocks, .. }
            | BlockKind::Quote(blocks)
            | BlockKind::Footnote { blocks, .. } => number_blocks(blocks, footnotes),
            BlockKind::Details { summary, blocks } => {
                number_inlines(summary, footnotes);
                number_blocks(blocks, footnotes);
            }
            BlockKind::Code(_)
            | BlockKind::Figure { .. }
            | BlockKind::Rule
            | BlockKind::Html(_)
            | BlockKind::Embed(_)
            | BlockKind::Notice(_) => {}
        }
    }
}

fn number_inlines(inlines: &mut [Inline], footnotes: &mut Footnotes) {
    for inline in inlines {
        if let InlineKind::Footnote { number, label } = &mut inline.kind {
            *number = footnotes.number(label);
        }
        if let Some(inner) = inline.inner_mut() {
            number_inlines(inner, footnotes);
        }
    }
}
