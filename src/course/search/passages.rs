//! What of a course can be found: lessons by section, terms, facts.

use super::{Passage, Source};
use crate::course::{Course, Lesson};
use crate::markdown::{self, Block, BlockKind, Embed};

/// Sections that say what a lesson is about and explain nothing.
const ABOUT: [&str; 3] = ["objectives", "key points", "sources"];

/// Everything that can be found in a course, in the order of the course. Reads every lesson.
pub fn passages(course: &Course) -> Vec<Passage> {
    let mut found = Vec::new();
    for lesson in course.lessons() {
        let title = format!("{} {}", lesson.number, lesson.title);
        let source = Source::Lesson(lesson.id.clone());
        found.push(Passage { source, place: "Lesson".to_owned(), title, lines: Vec::new() });
        found.extend(sections(lesson));
    }
    for term in course.terms() {
        found.push(Passage {
            source: Source::Term(term.id.clone()),
            place: format!("Glossary · {}", term.term),
            title: term.term.clone(),
            lines: vec![(0, term.short.clone())],
        });
    }
    for fact in course.facts() {
        let note = fact.note.as_deref().unwrap_or("");
        let line = format!("{}: {}, {}. {note}", fact.id, fact.source, fact.as_of);
        found.push(Passage {
            source: Source::Fact(fact.id.clone()),
            place: format!("Fact · {}", fact.value),
            title: format!("{} {}", fact.value, fact.id),
            lines: vec![(0, line.trim_end().to_owned())],
        });
    }
    found
}

/// The sections of a lesson that explain something.
pub fn explaining(lesson: &Lesson) -> Vec<Passage> {
    let mut sections = sections(lesson);
    sections.retain(|section| !ABOUT.contains(&section.title.to_lowercase().as_str()));
    sections
}

/// The sections of a lesson: each heading with what follows up to the next. The lesson's own title
/// is not said again.
fn sections(lesson: &Lesson) -> Vec<Passage> {
    let mut sections = vec![section(lesson, "")];
    for block in &lesson.document().blocks {
        if let BlockKind::Heading { level, inlines, .. } = &block.kind {
            let title = markdown::plain_text(inlines);
            if *level > 1 || sections.len() > 1 {
                sections.push(section(lesson, &title));
            }
        } else if let Some(last) = sections.last_mut() {
            lines(block, &mut last.lines);
        }
    }
    sections.retain(|section| !section.title.is_empty() || !section.lines.is_empty());
    sections
}

fn section(lesson: &Lesson, title: &str) -> Passage {
    let heading = if title.is_empty() { &lesson.title } else { title };
    Passage {
        source: Source::Section(lesson.id.clone()),
        place: format!("{} · {heading}", lesson.number),
        title: title.to_owned(),
        lines: Vec::new(),
    }
}

/// The lines of a block; containers give those of their parts, each at its own place.
fn lines(block: &Block, found: &mut Vec<(usize, String)>) {
    match &block.kind {
        BlockKind::List(list) => {
            for item in &list.items {
                for block in &item.blocks {
                    lines(block, found);
                }
            }
        }
        BlockKind::Callout { blocks, .. }
        | BlockKind::Quote(blocks)
        | BlockKind::Footnote { blocks, .. } => {
            for block in blocks {
                lines(block, found);
            }
        }
        BlockKind::Details { summary, blocks } => {
            found.push((block.span.start, markdown::plain_text(summary)));
            for block in blocks {
                lines(block, found);
            }
        }
        BlockKind::Table(table) => {
            for cells in std::iter::once(&table.header).chain(&table.rows) {
                let cells: Vec<String> =
                    cells.iter().map(|cell| markdown::plain_text(cell)).collect();
                found.push((block.span.start, cells.join(" · ")));
            }
        }
        BlockKind::Figure { alt: Some(alt), .. } => found.push((block.span.start, alt.clone())),
        BlockKind::Embed(Embed::File { label, .. }) => {
            found.push((block.span.start, label.clone()));
        }
        BlockKind::Embed(_) | BlockKind::Rule => {}
        _ => {
            let text = markdown::block_text(block);
            let text = text.lines().map(str::trim).filter(|line| !line.is_empty());
            found.extend(text.map(|line| (block.span.start, line.to_owned())));
        }
    }
}
