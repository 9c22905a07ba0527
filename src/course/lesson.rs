//! One lesson: what the manifest and its file say about it, and what stands in its text.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::exercises::Inlined;
use super::front_matter;
use super::toml_file::{At, Faults};
use super::{Course, Files};
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::{self, Block, BlockKind, Blocks, Document, Embed, Fence};

/// A lesson of a course.
#[derive(Debug)]
pub struct Lesson {
    /// Stable: the file may be renamed or moved.
    pub id: String,
    /// Part and place in it, as in `1.2`; the place alone where there are no parts.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How long it takes, as its author says; see [`Course::minutes`] for one that is always there.
    pub minutes: Option<u32>,
    /// The lessons that should be taken before: advice, never a lock.
    pub requires: Vec<String>,
    /// Its path relative to the course's root.
    pub file: String,
    pub(super) declared: Declared,
    pub(super) front: front_matter::FrontMatter,
    pub(super) front_faults: Vec<Diagnostic>,
    pub(super) files: Arc<Files>,
    pub(super) missing: Option<String>,
    pub(super) contents: OnceLock<Contents>,
    pub(super) inlined: OnceLock<Inlined>,
}

/// What the manifest says about a lesson, and where. Empty where there is no manifest.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared {
    pub(super) id: Option<At<String>>,
    pub(super) file: Option<At<String>>,
    pub(super) title: Option<At<String>>,
    pub(super) minutes: Option<At<u32>>,
    pub(super) requires: Option<Vec<At<String>>>,
}

/// How much of a long text is read for a first look: more than a screen of 500 columns shows.
const HEAD_BYTES: usize = 32 * 1024;

/// The heading of what is to be kept.
const KEY_POINTS: &str = "key points";

/// What a learner can do after a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// `lesson#objective`, unique in the course.
    pub id: String,
    /// What it says, as plain text.
    pub text: String,
    /// Where it stands in the lesson.
    pub span: Span,
    /// Whether the author gave it its name; else it is made of its words.
    pub is_named: bool,
}

impl Objective {
    /// The name in its lesson: what stands after `#` in the id.
    pub fn name(&self) -> &str {
        self.id.rsplit_once('#').map_or(&self.id, |(_, name)| name)
    }
}

/// Something to do, and where it stands in the lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedEmbed {
    /// Its place: the span of its block.
    pub span: Span,
    /// What it is.
    pub embed: Embed,
}

/// The text of a lesson, read.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) document: Arc<Document>,
    pub(super) objectives: Vec<Objective>,
    pub(super) key_points: Vec<String>,
    pub(super) embeds: Vec<PlacedEmbed>,
}

impl Lesson {
    /// The text of the file; where there is none, a text that says why.
    pub fn source(&self) -> &str {
        match (self.files.get(&self.file).map(|file| file.as_deref()), &self.missing) {
            (Some(Ok(source)), _) => source,
            (_, Some(notice)) => notice,
            _ => "",
        }
    }

    /// Why the file cannot be read, if it cannot.
    pub fn unreadable(&self) -> Option<&str> {
        match self.files.get(&self.file) {
            Some(Ok(_)) => None,
            Some(Err(unreadable)) => Some(&unreadable.reason),
            None => Some("the file is not there"),
        }
    }

    /// The byte of the source at which the text begins, behind the front matter.
    pub const fn text_start(&self) -> usize {
        self.front.end
    }

    /// The text as blocks; read once and kept.
    pub fn document(&self) -> &Arc<Document> {
        &self.contents().document
    }

    /// The beginning of a long text, up to a few pages behind byte `until` of the source: for a
    /// first look at it. `None` where the whole is at hand as quickly.
    pub fn head(&self, until: usize) -> Option<Document> {
        let length = self.source().len();
        if self.contents.get().is_some() || length < until + 2 * HEAD_BYTES {
            return None;
        }
        let blocks = Blocks::starting_at(self.source(), self.front.end);
        let head = blocks.take_while(|block| block.span.start < until + HEAD_BYTES);
        Some(Document { blocks: head.collect(), diagnostics: Vec::new() })
    }

    /// What a learner can do afterwards: the list below `## Objectives`.
    pub fn objectives(&self) -> &[Objective] {
        &self.contents().objectives
    }

    /// What to keep: the list below `## Key points`, as plain text.
    pub fn key_points(&self) -> &[String] {
        &self.contents().key_points
    }

    /// The items of the list of key points, with the marks that its author gave them.
    pub fn key_point_items(&self) -> impl Iterator<Item = &markdown::Item> {
        list_below(&self.document().blocks, KEY_POINTS)
    }

    /// The objective of this name; the lesson's id and `#` may stand before it.
    pub fn objective(&self, name: &str) -> Option<&Objective> {
        let name = name.split_once('#').map_or(name, |(_, name)| name);
        self.objectives().iter().find(|known| known.name() == name)
    }

    /// The quizzes, questions and simulations in the flow, in order.
    pub fn embeds(&self) -> &[PlacedEmbed] {
        &self.contents().embeds
    }

    /// `fence` with its text as the author wrote it, not sanitised: places in it are those of the
    /// file.
    pub(super) fn written(&self, fence: &Fence) -> Fence {
        let source = self.source();
        let line = |&start: &usize| {
            let rest = source.get(start..).unwrap_or_default();
            rest.split(['\n', '\r']).next().unwrap_or_default()
        };
        let lines: Vec<&str> = fence.line_starts.iter().map(line).collect();
        Fence { text: lines.join("\n"), line_starts: fence.line_starts.clone() }
    }

    pub(super) fn contents(&self) -> &Contents {
        self.contents.get_or_init(|| self.read())
    }

    fn read(&self) -> Contents {
        let mut blocks = Blocks::starting_at(self.source(), self.front.end);
        let all: Vec<Block> = blocks.by_ref().collect();
        let document = Document { blocks: all, diagnostics: blocks.into_diagnostics() };
        let objectives = self.read_objectives(&document.blocks);
        let key_points = list_below(&document.blocks, KEY_POINTS).map(item_text).collect();
        let mut embeds = Vec::new();
        gather_embeds(&document.blocks, &mut embeds);
        Contents { document: Arc::new(document), objectives, key_points, embeds }
    }

    fn read_objectives(&self, blocks: &[Block]) -> Vec<Objective> {
        list_below(blocks, "objectives")
            .map(|item| {
                let text = item_text(item);
                let name = item.id.clone().unwrap_or_else(|| slug(&text));
                let id = format!("{}#{name}", self.id);
                Objective { id, text, span: item.span, is_named: item.id.is_some() }
            })
            .collect()
    }
}

impl Course {
    /// How long `lesson` takes: as its author says, else as measured, at least a minute.
    pub fn minutes(&self, lesson: &Lesson) -> u32 {
        lesson.minutes.unwrap_or_else(|| {
            let measured = self.measured_minutes(lesson).ceil().clamp(1.0, 600.0);
            #[expect(clippy::cast_possible_truncation, reason = "clamped to 1..=600")]
            #[expect(clippy::cast_sign_loss, reason = "clamped to 1..=600")]
            let minutes = measured as u32;
            minutes
        })
    }
}

/// The items of the lists that stand below the heading `title` and above the next heading.
pub(super) fn list_below<'a>(
    blocks: &'a [Block],
    title: &str,
) -> impl Iterator<Item = &'a markdown::Item> + use<'a> {
    let titled = |block: &Block| match &block.kind {
        BlockKind::Heading { inlines, .. } => {
            markdown::plain_text(inlines).trim().eq_ignore_ascii_case(title)
        }
        _ => false,
    };
    let start = blocks.iter().position(titled).map_or(blocks.len(), |at| at + 1);
    blocks
        .iter()
        .skip(start)
        .take_while(|block| !matches!(block.kind, BlockKind::Heading { .. }))
        .filter_map(|block| match &block.kind {
            BlockKind::List(list) => Some(&list.items),
            _ => None,
        })
        .flatten()
}

fn item_text(item: &markdown::Item) -> String {
    let text: Vec<String> = item.blocks.iter().map(markdown::block_text).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name made of words.
pub(super) fn slug(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The words of the prose: not those of code, figures, the list of sources and what follows it.
pub(super) fn prose_words(blocks: &[Block]) -> usize {
    let sources = |block: &Block| match &block.kind {
        BlockKind::Heading { inlines, .. } => {
            markdown::plain_text(inlines).trim().eq_ignore_ascii_case("sources")
        }
        _ => false,
    };
    let prose = blocks.iter().take_while(|block| !sources(block));
    prose
        .map(|block| match &block.kind {
            BlockKind::Code(_)
            | BlockKind::Figure { .. }
            | BlockKind::Embed(_)
            | BlockKind::Html(_)
            | BlockKind::Notice(_) => 0,
            _ => markdown::block_text(block).split_whitespace().count(),
        })
        .sum()
}

fn gather_embeds(blocks: &[Block], found: &mut Vec<PlacedEmbed>) {
    for block in blocks {
        if let BlockKind::Embed(embed) = &block.kind {
            found.push(PlacedEmbed { span: block.span, embed: embed.clone() });
        }
        for inner in block.inner() {
            gather_embeds(inner, found);
        }
    }
}

/// The first `#` heading of `source` from byte `start` on, as plain text; looks at lines only.
pub(super) fn title_of(source: &str, start: usize) -> Option<String> {
    let mut fence: Option<&str> = None;
    let mut before = "";
    for line in source.get(start..)?.lines().take(2_000) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if let Some(mark) = fence {
            if text.starts_with(mark) {
                fence = None;
            }
            continue;
        }
        if indent > 3 {
            continue;
        }
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark)) {
            fence = Some(mark);
            continue;
        }
        let heading = match text.strip_prefix("# ") {
            Some(heading) => Some(unclosed(heading.trim())),
            None if !text.is_empty() && text.trim_end().bytes().all(|b| b == b'=') => Some(before),
            None => None,
        };
        if let Some(heading) = heading.filter(|heading| !heading.trim().is_empty()) {
            return Some(markdown::plain_text(&markdown::inlines(heading.trim())));
        }
        before = text;
    }
    None
}

/// A heading without the signs that close it: they stand apart from its words.
fn unclosed(heading: &str) -> &str {
    let words = heading.trim_end_matches('#');
    if words.is_empty() || words.ends_with([' ', '\t']) { words } else { heading }
}

/// A lesson's front matter and what is wrong with it.
pub(super) fn front_matter_of(
    file: &str,
    source: &str,
) -> (front_matter::FrontMatter, Vec<Diagnostic>) {
    let faults = Faults::new(file);
    let front = front_matter::read(source, &faults);
    (front, faults.into_diagnostics())
}

/// What a learner reads in place of a lesson that cannot be read.
pub(super) fn notice(title: &str, file: &str, reason: &str) -> String {
    let clean = |text: &str| -> Cow<'static, str> {
        Cow::Owned(text.chars().filter(|c| !c.is_control() && !"`*_<>[]&".contains(*c)).collect())
    };
    let (file, reason) = (clean(file), clean(reason));
    format!("# {}\n\n> [!CAUTION]\n> This lesson cannot be read: {file}: {reason}.\n", clean(title))
}
