//! Blocks as lines to be heard or read one after another: no boxes, no columns, no drawings.

use std::borrow::Cow;

use crate::markdown::{
    Block, BlockKind, CalloutKind, Inline, InlineKind, Item, List, Table, Target, inlines,
    plain_text,
};
use crate::quiz::numeric::counted;
use crate::typeset::{Role, width, wrap_inlines};

/// Turns blocks into lines. Addresses of links are numbered and listed below their block.
#[derive(Clone, Debug)]
pub(crate) struct Speaker {
    width: usize,
    ascii: bool,
    numbers: usize,
    addresses: Vec<String>,
}

impl Speaker {
    /// Lines of running text are at most `width` cells wide, where a word allows it.
    pub(crate) fn new(width: usize, ascii: bool) -> Self {
        Self { width: width.clamp(20, 500), ascii, numbers: 0, addresses: Vec::new() }
    }

    /// A text of the program's own, its signs in ASCII where that is wanted.
    pub(crate) fn own(&self, text: &str) -> String {
        if self.ascii { text.replace('–', "-").replace('±', "+-") } else { text.to_owned() }
    }

    /// The lines of a block; embeds have none, they are asked.
    pub(crate) fn block(&mut self, block: &Block) -> Vec<String> {
        let mut lines = self.within(block, 0);
        lines.append(&mut self.addresses);
        lines
    }

    /// The lines of a short Markdown text: a choice, a feedback.
    pub(crate) fn short(&mut self, text: &str, first: &str, indent: usize) -> Vec<String> {
        let spoken = self.words(&inlines(text));
        let mut lines = self.wrapped(&spoken, first, indent);
        lines.append(&mut self.addresses);
        lines
    }

    fn within(&mut self, block: &Block, indent: usize) -> Vec<String> {
        match &block.kind {
            BlockKind::Heading { level, inlines, .. } => {
                let text = self.words(inlines);
                let mark = format!("{} ", "#".repeat(usize::from(*level)));
                self.wrapped(&text, &mark, indent)
            }
            BlockKind::Paragraph(inlines) => {
                let text = self.words(inlines);
                self.wrapped(&text, "", indent)
            }
            BlockKind::List(list) => self.list(list, indent),
            BlockKind::Table(table) => self.table(table, indent),
            BlockKind::Code(code) => {
                let name = if code.language.is_empty() { "Code:" } else { "" };
                let first = if name.is_empty() {
                    format!("Code ({}):", code.language)
                } else {
                    name.to_owned()
                };
                spoken_as(&first, &code.text, indent)
            }
            BlockKind::Callout { kind, blocks } => self.labelled(callout(*kind), blocks, indent),
            BlockKind::Figure { text, alt } => match alt {
                Some(alt) => self.wrapped(alt, "Figure: ", indent),
                None => spoken_as("Figure, not described:", text, indent),
            },
            BlockKind::Quote(blocks) => self.labelled("Quote", blocks, indent),
            BlockKind::Rule => vec![format!("{:indent$}---", "")],
            BlockKind::Html(source) => spoken_as("HTML:", source, indent),
            BlockKind::Details { summary, blocks } => {
                let label = self.words(summary);
                self.labelled(&label, blocks, indent)
            }
            BlockKind::Footnote { number, blocks, .. } => {
                self.labelled(&format!("Footnote {number}"), blocks, indent)
            }
            BlockKind::Embed(_) => Vec::new(),
            BlockKind::Notice(text) => self.wrapped(text, "About this text: ", indent),
        }
    }

    /// `Label: first words`, what follows indented.
    fn labelled(&mut self, label: &str, blocks: &[Block], indent: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            match &block.kind {
                BlockKind::Paragraph(inlines) if index == 0 => {
                    let text = self.words(inlines);
                    lines = self.wrapped(&text, &format!("{label}: "), indent);
                }
                _ => {
                    if index == 0 {
                        lines.push(format!("{:indent$}{label}:", ""));
                    } else {
                        lines.push(String::new());
                    }
                    lines.extend(self.within(block, indent + 2));
                }
            }
        }
        lines
    }

    fn list(&mut self, list: &List, indent: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, item) in list.items.iter().enumerate() {
            if index > 0 && !list.tight {
                lines.push(String::new());
            }
            let number = list.start.map(|start| start.saturating_add(index as u64));
            lines.extend(self.item(item, number, indent));
        }
        lines
    }

    fn item(&mut self, item: &Item, number: Option<u64>, indent: usize) -> Vec<String> {
        let bullet = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
        let task = match item.checked {
            Some(true) => "[done] ",
            Some(false) => "[to do] ",
            None => "",
        };
        let inner = indent + bullet.len();
        let mut lines = Vec::new();
        for (index, block) in item.blocks.iter().enumerate() {
            match &block.kind {
                BlockKind::Paragraph(inlines) if index == 0 => {
                    let text = self.words(inlines);
                    let mut own = self.wrapped(&format!("{task}{text}"), &bullet, indent);
                    lines.append(&mut own);
                }
                _ => {
                    if index == 0 {
                        lines.push(format!("{:indent$}{bullet}{task}", "").trim_end().to_owned());
                    }
                    lines.extend(self.within(block, inner));
                }
            }
        }
        if lines.is_empty() {
            lines.push(format!("{:indent$}{bullet}{task}", "").trim_end().to_owned());
        }
        lines
    }

    /// Each row as its cells with their headers, the first cell leading.
    fn table(&mut self, table: &Table, indent: usize) -> Vec<String> {
        let headers: Vec<String> = table.header.iter().map(|cell| self.words(cell)).collect();
        let count = table.rows.len();
        let rows = counted(count, "row");
        let mut lines = self.wrapped(&headers.join(", "), &format!("Table, {rows}: "), indent);
        for row in &table.rows {
            for (column, cell) in row.iter().enumerate() {
                let text = self.words(cell);
                if text.is_empty() {
                    continue;
                }
                let label = match headers.get(column).filter(|header| !header.is_empty()) {
                    Some(header) => format!("{header}: "),
                    None => String::new(),
                };
                let deeper = if column == 0 { 0 } else { 2 };
                lines.extend(self.wrapped(&text, &label, indent + deeper));
            }
        }
        lines
    }

    /// Running text without its marks; code keeps its backticks, a link is followed by the number
    /// of its address. Facts and terms are words like others: `:fact` and `:term` tell them.
    pub(crate) fn words(&mut self, inlines: &[Inline]) -> String {
        inlines.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline) -> String {
        match &inline.kind {
            InlineKind::Text(words) | InlineKind::Html(words) => words.replace('\t', " "),
            InlineKind::Code(code) => format!("`{}`", code.replace('\t', " ")),
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) => self.words(inner),
            InlineKind::Strike(inner) => format!("[struck out: {}]", self.words(inner)),
            InlineKind::Superscript(inner) => format!("^{}", self.words(inner)),
            InlineKind::Subscript(inner) => format!("_{}", self.words(inner)),
            InlineKind::Key(inner) => format!("[{}]", self.words(inner)),
            InlineKind::Link { target, inlines, .. } => {
                let words = self.words(inlines);
                words + &self.link(target, &plain_text(inlines))
            }
            InlineKind::Image { inlines, .. } => format!("[image: {}]", self.words(inlines)),
            InlineKind::SoftBreak => " ".to_owned(),
            InlineKind::HardBreak => "\n".to_owned(),
            InlineKind::Footnote { number, .. } => format!(" [footnote {number}]"),
            InlineKind::Math { text: source, .. } => source.clone(),
        }
    }

    /// The mark after a link's words.
    fn link(&mut self, target: &Target, words: &str) -> String {
        let address = match target {
            Target::Web(address) if address.trim_start_matches("mailto:") != words => address,
            Target::File { path, .. } => path,
            Target::Refused(address) => address,
            _ => return String::new(),
        };
        self.numbers += 1;
        self.addresses.push(format!("[{}] {address}", self.numbers));
        format!(" [{}]", self.numbers)
    }

    /// `text` in lines behind `first`; later lines stand under the text.
    pub(crate) fn wrapped(&self, text: &str, first: &str, indent: usize) -> Vec<String> {
        let hang = if first.chars().count() <= 8 && !first.ends_with(": ") {
            first.chars().count()
        } else {
            2.min(first.len())
        };
        let mut lines: Vec<String> = Vec::new();
        let labelled = format!("{first}{}", text.trim());
        for part in labelled.split('\n') {
            let inner = self.width.saturating_sub(indent + hang).max(20);
            for row in wrap(part.trim(), inner) {
                let deeper = if lines.is_empty() { 0 } else { hang };
                let row = row.trim_end();
                lines.push(format!("{:1$}{row}", "", indent + deeper));
            }
        }
        lines
    }
}

/// The first line may be a little shorter than it could be: it is broken like the others.
fn wrap(text: &str, width: usize) -> Vec<String> {
    if text.is_empty() {
        return vec![String::new()];
    }
    let kind = InlineKind::Text(text.to_owned());
    let inline = Inline { kind, span: crate::diagnostic::Span::default() };
    wrap_inlines(&[inline], width, Role::Body).iter().map(crate::typeset::Row::text).collect()
}

/// A label and the lines as they are, indented.
fn spoken_as(label: &str, text: &str, indent: usize) -> Vec<String> {
    let deeper = indent + 4;
    let inside = text
        .lines()
        .map(|line| format!("{:deeper$}{}", "", without_tabs(line)).trim_end().to_owned());
    std::iter::once(format!("{:indent$}{label}", "")).chain(inside).collect()
}

/// Tabs reach to the next fourth cell.
fn without_tabs(line: &str) -> Cow<'_, str> {
    if !line.contains('\t') {
        return Cow::Borrowed(line);
    }
    let mut text = String::new();
    for (index, part) in line.split('\t').enumerate() {
        if index > 0 {
            let blanks = 4 - width(&text) % 4;
            text.push_str(&" ".repeat(blanks));
        }
        text.push_str(part);
    }
    Cow::Owned(text)
}

const fn callout(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Note => "Note",
        CalloutKind::Tip => "Tip",
        CalloutKind::Important => "Important",
        CalloutKind::Warning => "Warning",
        CalloutKind::Caution => "Caution",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    fn spoken(source: &str) -> String {
        let mut speaker = Speaker::new(60, false);
        let blocks = parse(source).blocks;
        let lines: Vec<String> = blocks.iter().flat_map(|block| speaker.block(block)).collect();
        lines.join("\n")
    }

    #[test]
    fn every_block_has_its_words() {
        for (source, expected) in [
            ("## Scaling *out*", "## Scaling out"),
            (
                "A [link](https://a.example/x) and `code`.",
                "A link [1] and `code`.\n[1] https://a.example/x",
            ),
            ("A [fact](fact:x.y), a [term](term:z).", "A fact, a term."),
            ("> [!NOTE]\n> Mind this.\n>\n> - a\n> - b", "Note: Mind this.\n\n  - a\n  - b"),
            ("> Said he.", "Quote: Said he."),
            ("1. one\n2. two\n   - inner", "1. one\n2. two\n   - inner"),
            ("- [x] done\n- [ ] open", "- [done] done\n- [to do] open"),
            (
                "| Step | Yours |\n|---|---|\n| FaaS | code |\n| BaaS | rules |",
                "Table, 2 rows: Step, Yours\nStep: FaaS\n  Yours: code\nStep: BaaS\n  Yours: rules",
            ),
            ("```python\nx = 1\n\ny = 2\n```", "Code (python):\n    x = 1\n\n    y = 2"),
            ("<details><summary>A\tb</summary>c</details>", "A b: c"),
            ("```\na\tb\n\tc\n```", "Code:\n    a   b\n        c"),
            ("<!-- alt: Two stairs. -->\n```text figure\n#\n##\n```", "Figure: Two stairs."),
            ("<details><summary>Hint</summary>\n\nThink.\n\n</details>", "Hint: Think."),
            ("one\\\ntwo", "one\ntwo"),
        ] {
            assert_eq!(spoken(source), expected, "{source}");
        }
    }

    #[test]
    fn running_text_keeps_to_the_width() {
        let source = "word ".repeat(80);
        let text = spoken(&source);
        assert!(text.lines().all(|line| line.len() <= 60), "{text}");
        assert_eq!(text.split_whitespace().count(), 80);
    }
}
