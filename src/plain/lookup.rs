//! What a learner can ask for beside the answer: headings, facts, terms, a search.

use std::collections::BTreeSet;

use super::asking::sentence;
use super::text::Speaker;
use crate::course::search::Index;
use crate::course::{Course, Fact, Lesson};
use crate::diagnostic::did_you_mean;
use crate::markdown::{Block, BlockKind, Inline, InlineKind, Target, plain_text};
use crate::progress::Progress;
use crate::quiz::numeric::counted;

/// The headings, with where the learner stands.
pub(crate) fn outline(speaker: &Speaker, lesson: &Lesson, here: usize) -> Vec<String> {
    let mut lines = vec![format!("Outline of lesson {}, {}:", lesson.number, lesson.title)];
    let headings: Vec<(usize, u8, String)> = lesson
        .document()
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Heading { level, inlines, .. } => {
                Some((block.span.start, *level, plain_text(inlines)))
            }
            _ => None,
        })
        .collect();
    let current = headings.iter().rposition(|(start, _, _)| *start <= here);
    for (index, (_, level, text)) in headings.iter().enumerate() {
        let indent = 2 * usize::from(level.saturating_sub(1));
        let mark = if Some(index) == current { " (you are here)" } else { "" };
        lines.extend(speaker.wrapped(&format!("{text}{mark}"), "- ", indent));
    }
    lines
}

/// The fact of this id, or, without one, those that `lesson` names.
pub(crate) fn fact(
    speaker: &mut Speaker,
    course: &Course,
    lesson: Option<&Lesson>,
    id: &str,
) -> Vec<String> {
    if !id.is_empty() {
        if let Some(fact) = course.fact(id) {
            return fact_lines(speaker, fact);
        }
        let ids = course.facts().iter().map(|fact| fact.id.as_str());
        return vec![format!("No fact {id}.{}", meant(id, ids))];
    }
    let named = mentions(lesson, |target| match target {
        Target::Fact(id) => Some(id),
        _ => None,
    });
    let known = named.iter().filter_map(|id| course.fact(id));
    let lines: Vec<String> = known.flat_map(|fact| fact_lines(speaker, fact)).collect();
    if lines.is_empty() { vec!["No dated facts here.".to_owned()] } else { lines }
}

fn fact_lines(speaker: &mut Speaker, fact: &Fact) -> Vec<String> {
    let text = format!("{}, {}. Source: {}", fact.value, fact.standing(), sentence(&fact.source));
    let mut lines = speaker.wrapped(&text, &format!("{}: ", fact.id), 0);
    if let Some(note) = &fact.note {
        lines.extend(speaker.short(note, "Mind: ", 2));
    }
    lines.extend(fact.url.as_ref().map(|url| format!("  {url}")));
    lines
}

/// The term of this word, or, without one, those that `lesson` names.
pub(crate) fn term(
    speaker: &mut Speaker,
    course: &Course,
    lesson: Option<&Lesson>,
    word: &str,
) -> Vec<String> {
    let named = mentions(lesson, |target| match target {
        Target::Term(id) => Some(id),
        _ => None,
    });
    let folded = word.to_lowercase();
    let asked = |term: &&crate::course::Term| {
        if word.is_empty() {
            named.contains(&term.id)
        } else {
            term.id == folded || term.term.to_lowercase() == folded
        }
    };
    let mut lines = Vec::new();
    for term in course.terms().iter().filter(asked) {
        lines.extend(speaker.short(&term.short, &format!("{}: ", term.term), 0));
        let see = term.see.as_deref().and_then(|id| course.lesson(id));
        if let Some(see) = see.filter(|see| lesson.is_none_or(|lesson| lesson.id != see.id)) {
            lines.push(format!("  See lesson {}, {}.", see.number, see.title));
        }
    }
    if !lines.is_empty() {
        return lines;
    }
    if word.is_empty() {
        return vec!["No terms of the glossary here.".to_owned()];
    }
    let words = course.terms().iter().flat_map(|term| [term.id.as_str(), term.term.as_str()]);
    vec![format!("The glossary has no {word}.{}", meant(&folded, words))]
}

/// The commands that say what `lesson` names, as a sentence goes on after the general ones.
pub(crate) fn advice(lesson: &Lesson) -> &'static str {
    let is_fact = |target: &Target| matches!(target, Target::Fact(_));
    let is_term = |target: &Target| matches!(target, Target::Term(_));
    let (mut facts, mut terms) = (false, false);
    for block in &lesson.document().blocks {
        in_block(block, &mut |target| {
            facts |= is_fact(target);
            terms |= is_term(target);
        });
    }
    match (facts, terms) {
        (true, true) => ", :fact for the dated facts, :term for the terms in it",
        (true, false) => ", :fact for the dated facts in it",
        (false, true) => ", :term for the terms in it",
        (false, false) => "",
    }
}

/// The name that may have been meant: nearly the same, or beginning so.
fn meant<'a>(typed: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = did_you_mean(typed, names.clone());
    let meant = near.or_else(|| names.into_iter().find(|name| name.starts_with(typed)));
    meant.map_or_else(String::new, |name| format!(" Did you mean {name}?"))
}

/// The most results said.
const RESULTS: usize = 8;
/// The cells of a result's line: one or two lines as they are said.
const EXCERPT: usize = 140;

/// What the words find in the course and in the learner's notes, best first.
pub(crate) fn search(
    speaker: &mut Speaker,
    course: &Course,
    progress: &Progress,
    words: &str,
) -> Vec<String> {
    if words.is_empty() {
        return vec!["Type what to find behind it, as in :search pay idle.".to_owned()];
    }
    let hits = Index::new(progress.findable(course)).find(words, RESULTS);
    if hits.is_empty() {
        return vec![format!("Nothing found for {words}.")];
    }
    let mut lines = vec![match hits.len() {
        1 => "1 result:".to_owned(),
        RESULTS => format!("The best {RESULTS} results:"),
        count => format!("{count} results:"),
    }];
    for hit in hits {
        let excerpt = hit.excerpt(EXCERPT).0;
        let excerpt = if excerpt.is_empty() { excerpt } else { format!(": {excerpt}") };
        lines.extend(speaker.wrapped(&format!("{}{excerpt}", hit.place), "- ", 0));
    }
    lines
}

/// The learner's notes and bookmarks of all lessons, by lesson and place.
pub(crate) fn notes(speaker: &Speaker, course: &Course, progress: &Progress) -> Vec<String> {
    let kept = progress.kept(course);
    if kept.is_empty() {
        let advice = "No notes and no bookmarks yet. In a lesson, :note TEXT keeps a note at the \
                      place where you are, :bookmark marks it.";
        return speaker.wrapped(advice, "", 0);
    }
    let notes = kept.iter().filter(|kept| kept.note.is_some()).count();
    let bookmarks = counted(kept.len() - notes, "bookmark");
    let mut lines = vec![format!("{}, {bookmarks}:", counted(notes, "note"))];
    for kept in &kept {
        let what = if kept.note.is_some() { "Note" } else { "Bookmark" };
        let place = match course.lesson(&kept.place.lesson) {
            Some(lesson) => {
                let heading = heading_at(lesson, kept.offset);
                let at = heading.map_or_else(String::new, |heading| format!(", at \"{heading}\""));
                format!("lesson {}, {}{at}", lesson.number, lesson.title)
            }
            None => format!("{}, a lesson that is no longer in the course", kept.place.lesson),
        };
        lines.extend(speaker.wrapped(&format!("{what} in {place}: {}", kept.text), "- ", 0));
    }
    lines
}

/// The last heading above the byte `at` of the lesson, or there.
pub(crate) fn heading_at(lesson: &Lesson, at: usize) -> Option<String> {
    let above = lesson.document().blocks.iter().filter(|block| block.span.start <= at);
    let mut headings = above.filter_map(|block| match &block.kind {
        BlockKind::Heading { inlines, .. } => Some(plain_text(inlines)),
        _ => None,
    });
    headings.next_back()
}

/// The ids that links of the lesson name, in alphabetical order.
fn mentions(lesson: Option<&Lesson>, pick: fn(&Target) -> Option<&String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for block in lesson.iter().flat_map(|lesson| &lesson.document().blocks) {
        in_block(block, &mut |target| found.extend(pick(target).cloned()));
    }
    found
}

fn in_block(block: &Block, visit: &mut dyn FnMut(&Target)) {
    block.texts().into_iter().for_each(|text| in_inlines(text, visit));
    block.inner().into_iter().flatten().for_each(|block| in_block(block, visit));
}

fn in_inlines(inlines: &[Inline], visit: &mut dyn FnMut(&Target)) {
    for inline in inlines {
        if let InlineKind::Link { target, .. } = &inline.kind {
            visit(target);
        }
        in_inlines(inline.inner(), visit);
    }
}
