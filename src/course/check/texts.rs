//! What is wrong in running text: links, facts, terms.

use super::{Checker, suggestion};
use crate::course::{Destination, FACTS, GLOSSARY, Lesson};
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::{
    Block, BlockKind, Inline, InlineKind, Target, inlines, picture_path, plain_text,
};

impl<'a> Checker<'a> {
    /// The running text of one block, not of the blocks inside it.
    pub(super) fn texts_of(&mut self, lesson: &'a Lesson, block: &'a Block) {
        for text in block.texts() {
            self.inlines(lesson, text);
        }
    }

    fn inlines(&mut self, lesson: &'a Lesson, inlines: &'a [Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Link { target, inlines, .. } => {
                    self.link(lesson, inline.span, target, &plain_text(inlines));
                }
                InlineKind::Image { address, .. } => self.picture(lesson, inline.span, address),
                _ => {}
            }
            self.inlines(lesson, inline.inner());
        }
    }

    fn link(&mut self, lesson: &'a Lesson, span: Span, target: &'a Target, words: &str) {
        let file = &lesson.file;
        match target {
            Target::Fact(id) => self.fact(file, span, id, words),
            Target::Term(id) => self.term(file, span, id),
            Target::Refused(address) => self.refused_address(file, span, address),
            Target::Anchor(_) | Target::File { .. } => {
                let path = if let Target::File { path, .. } = target { path.as_str() } else { "" };
                match self.course.resolve(lesson, target) {
                    Some(Ok(Destination::Lesson(other, anchor))) => {
                        self.anchor(file, span, other, anchor);
                    }
                    Some(Err(refusal)) => self.refused(lesson, path, span, refusal),
                    Some(Ok(Destination::File(_))) | None => {}
                }
            }
            _ => {}
        }
    }

    /// A picture, which is shown as its words: whether its file is there.
    fn picture(&mut self, lesson: &Lesson, span: Span, address: &str) {
        let Some(path) = picture_path(address) else { return };
        let Err(refusal) = self.course.resolve_path(&lesson.file, path) else { return };
        let span = self.narrowed(&lesson.file, span, path);
        let message = format!("the picture `{path}` {refusal}");
        let fault = Diagnostic::warning("missing-picture", &lesson.file, span, message);
        self.push(fault, "write a path relative to this lesson's file, inside the course");
    }

    fn refused_address(&mut self, file: &str, span: Span, address: &str) {
        let span = self.narrowed(file, span, address);
        let message = format!("`{address}` is never opened");
        let fault = Diagnostic::error("refused-link", file, span, message);
        self.push(fault, "write an https:// address or a path in the course");
    }

    fn anchor(&mut self, file: &str, span: Span, lesson: &Lesson, anchor: &str) {
        if anchor.is_empty() {
            return;
        }
        let anchors: Vec<&str> = lesson
            .document()
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Heading { anchor, .. } => Some(anchor.as_str()),
                _ => None,
            })
            .collect();
        if !anchors.contains(&anchor) {
            let span = self.narrowed(file, span, &format!("#{anchor}"));
            let message = format!("there is no heading `#{anchor}` in {}", lesson.file);
            let fault = Diagnostic::error("unknown-anchor", file, span, message);
            let hint =
                suggestion(anchor, anchors, "write a heading's words in small letters, with -");
            self.push(fault, hint);
        }
    }

    fn fact(&mut self, file: &str, span: Span, id: &str, words: &str) {
        if self.is_unreadable(FACTS) {
            return;
        }
        let Some(fact) = self.course.fact(id) else {
            let span = self.narrowed(file, span, id);
            if self.course.read_facts().is_faulty(id) {
                return self.faulty("unknown-fact", file, span, &format!("the fact `{id}`"));
            }
            let message = format!("there is no fact `{id}`");
            let fault = Diagnostic::error("unknown-fact", file, span, message);
            let ids = self.course.facts().iter().map(|fact| fact.id.as_str());
            let hint = suggestion(id, ids, "add it to `assets/facts.toml`, with source and date");
            self.push(fault, hint);
            return;
        };
        if !fact.stands_in(words) {
            let message = format!("the words \"{words}\" do not hold the value of `{id}`");
            let fault = Diagnostic::error("fact-value", file, span, message);
            let spellings: Vec<String> =
                fact.spellings().map(|spelling| format!("`{spelling}`")).collect();
            self.push(fault, format!("write {}", spellings.join(" or ")));
        }
    }

    fn term(&mut self, file: &str, span: Span, id: &str) {
        if self.course.term(id).is_none() && !self.is_unreadable(GLOSSARY) {
            let span = self.narrowed(file, span, id);
            if self.course.read_glossary().is_faulty_term(id) {
                return self.faulty("unknown-term", file, span, &format!("the term `{id}`"));
            }
            let message = format!("there is no term `{id}`");
            let fault = Diagnostic::error("unknown-term", file, span, message);
            let ids = self.course.terms().iter().map(|term| term.id.as_str());
            self.push(
                fault,
                suggestion(id, ids, "add it to `assets/glossary.toml` under `[[terms]]`"),
            );
        }
    }

    /// Whether the file at `path` is there and cannot be read: what it holds is not known.
    pub(super) fn is_unreadable(&self, path: &str) -> bool {
        self.course.files.get(path).is_some_and(Result::is_err)
    }

    /// A name of something that is there, but has errors.
    pub(super) fn faulty(&mut self, code: &'static str, file: &str, span: Span, what: &str) {
        let message = format!("{what} has errors of its own");
        self.push(Diagnostic::error(code, file, span, message), "mend it first");
    }

    /// The links to facts and terms in a text of a quiz, which stands at `span`.
    pub(super) fn quiz_text(&mut self, file: &str, span: Span, text: &str) {
        if text.contains("](") {
            self.quiz_inlines(file, span, &inlines(text));
        }
    }

    fn quiz_inlines(&mut self, file: &str, span: Span, inlines: &[Inline]) {
        for inline in inlines {
            if let InlineKind::Link { target, inlines, .. } = &inline.kind {
                self.quiz_link(file, span, target, &plain_text(inlines));
            }
            self.quiz_inlines(file, span, inline.inner());
        }
    }

    fn quiz_link(&mut self, file: &str, span: Span, target: &Target, words: &str) {
        match target {
            Target::Fact(id) => {
                let place = self.narrowed(file, span, &format!("fact:{id}"));
                self.fact(file, place, id, words);
            }
            Target::Term(id) => {
                let place = self.narrowed(file, span, &format!("term:{id}"));
                self.term(file, place, id);
            }
            Target::Refused(address) => self.refused_address(file, span, address),
            _ => {}
        }
    }

    /// Where `part` stands in the source at `span`: the whole span if it is not found there.
    pub(super) fn narrowed(&self, file: &str, span: Span, part: &str) -> Span {
        let inside = self.course.source(file).and_then(|source| source.get(span.start..span.end));
        let at = inside.and_then(|inside| inside.rfind(part)).filter(|_| !part.is_empty());
        at.map_or(span, |at| Span::new(span.start + at, span.start + at + part.len()))
    }
}
