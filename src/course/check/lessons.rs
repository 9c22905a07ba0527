//! What is wrong in one lesson: its front matter, headings, figures, embeds.

use super::{Checker, suggestion};
use crate::course::exercises::{Exercise, inlined};
use crate::course::toml_file::At;
use crate::course::{Embedded, Lesson, Refusal};
use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::{Block, BlockKind, Embed, plain_text};
use crate::typeset;

/// What fits beside any margin on a terminal of 80×24.
const FIGURE_COLUMNS_MAX: usize = 72;
const FIGURE_ROWS_MAX: usize = 20;

impl<'a> Checker<'a> {
    /// Everything about one lesson but its questions.
    pub(super) fn lesson(&mut self, lesson: &'a Lesson) {
        if lesson.unreadable().is_some() {
            return;
        }
        self.found.extend(lesson.front_faults.iter().cloned());
        self.front_matter(lesson);
        let document = lesson.document();
        let named = document.diagnostics.iter().cloned();
        self.found.extend(named.map(|fault| Diagnostic { file: lesson.file.clone(), ..fault }));
        self.headings(lesson);
        self.blocks(lesson, &document.blocks);
        self.embeds(lesson);
        self.own_objectives(lesson);
        // The manifest asks for its style where it lists a lesson.
        if self.course.has_house_style() && lesson.declared.file.is_some() {
            self.style(lesson);
        }
    }

    /// Front matter that says something else than the manifest, or names lessons that are none.
    fn front_matter(&mut self, lesson: &Lesson) {
        let (front, manifest) = (&lesson.front, &lesson.declared);
        let text = |at: &Option<At<String>>| at.as_ref().map(|at| (at.value.clone(), at.span));
        let names = |list: &[At<String>]| {
            let names: Vec<&str> = list.iter().map(|at| at.value.as_str()).collect();
            names.join(", ")
        };
        let list = |at: &Option<Vec<At<String>>>| {
            let list = at.as_ref()?;
            Some((names(list), list.first().map_or(Span::default(), |at| at.span)))
        };
        let minutes = |at: &Option<At<u32>>| at.map(|at| (at.value.to_string(), at.span));
        for (key, ours, theirs) in [
            ("id", text(&front.id), text(&manifest.id)),
            ("title", text(&front.title), text(&manifest.title)),
            ("minutes", minutes(&front.minutes), minutes(&manifest.minutes)),
            ("requires", list(&front.requires), list(&manifest.requires)),
        ] {
            let (Some((ours, span)), Some((theirs, _))) = (ours, theirs) else { continue };
            if ours != theirs {
                let message =
                    format!("the manifest says `{key}` is `{theirs}`, this says `{ours}`");
                let fault = Diagnostic::error("front-matter-conflict", &lesson.file, span, message);
                self.push(fault, "say it in one place");
            }
        }
        for required in lesson.front.requires.iter().flatten() {
            if self.course.lesson(&required.value).is_none() {
                let message = format!("there is no lesson `{}`", required.value);
                let fault =
                    Diagnostic::error("unknown-lesson", &lesson.file, required.span, message);
                let ids = self.course.lessons().map(|lesson| lesson.id.as_str());
                self.push(fault, suggestion(&required.value, ids, "name the id of a lesson"));
            }
        }
    }

    fn headings(&mut self, lesson: &Lesson) {
        let file = &lesson.file;
        let blocks = &lesson.document().blocks;
        let headings = blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Heading { level, .. } => Some((*level, block.span)),
            _ => None,
        });
        let (mut titles, mut before) = (0, 0);
        for (level, span) in headings {
            titles += usize::from(level == 1);
            if level == 1 && titles > 1 {
                let message = "a second title: a lesson has one `#` heading";
                let fault = Diagnostic::warning("several-titles", file, span, message);
                self.push(fault, "write `##`");
            } else if level > before + 1 && before > 0 {
                let message = format!("this heading skips from level {before} to level {level}");
                let fault = Diagnostic::warning("heading-skip", file, span, message);
                self.push(fault, format!("write `{}`", "#".repeat(usize::from(before) + 1)));
            }
            before = level;
        }
        if titles == 0 {
            let at = lesson.text_start();
            let message = "this lesson has no title";
            let fault = Diagnostic::warning("no-title", file, Span::new(at, at), message);
            self.push(fault, "begin it with a `#` heading");
        }
    }

    fn blocks(&mut self, lesson: &'a Lesson, blocks: &'a [Block]) {
        for block in blocks {
            self.texts_of(lesson, block);
            if let BlockKind::Figure { text, alt } = &block.kind {
                self.figure(&lesson.file, block.span, text, alt.as_deref());
            }
            for inner in block.inner() {
                self.blocks(lesson, inner);
            }
        }
    }

    fn figure(&mut self, file: &str, span: Span, text: &str, alt: Option<&str>) {
        if alt.is_none_or(|alt| alt.trim().is_empty()) {
            let message = "this figure has no words for those who cannot see it";
            let fault = Diagnostic::error("figure-without-text", file, span, message);
            self.push(fault, "write `<!-- alt: what it shows -->` on the line above the fence");
        }
        let rows = text.lines().count();
        let columns = text.lines().map(typeset::width).max().unwrap_or(0);
        if columns > FIGURE_COLUMNS_MAX || rows > FIGURE_ROWS_MAX {
            let message = format!("this figure is {columns} cells wide and {rows} high");
            let fault = Diagnostic::warning("figure-too-large", file, span, message);
            let limit = format!(
                "at most {FIGURE_COLUMNS_MAX} by {FIGURE_ROWS_MAX} fit a terminal of 80 columns"
            );
            self.push(fault, limit);
        }
    }

    /// Quizzes and simulations in the flow: whether their files are there and can be used.
    fn embeds(&mut self, lesson: &'a Lesson) {
        let mut simulated = false;
        for placed in lesson.embeds() {
            match &placed.embed {
                Embed::File { path, .. } => {
                    let embedded = self.course.embedded(lesson, placed);
                    simulated |= matches!(embedded, Embedded::Scenario { .. });
                    match self.course.resolve_path(&lesson.file, path) {
                        Err(refusal) => self.refused(lesson, path, placed.span, refusal),
                        Ok(file)
                            if matches!(
                                self.course.exercise(file),
                                None | Some(Exercise::Other)
                            ) =>
                        {
                            let message = format!("`{path}` is neither a quiz nor a simulation");
                            let span = self.narrowed(&lesson.file, placed.span, path);
                            self.error("not-an-exercise", &lesson.file, span, message);
                        }
                        Ok(_) => {}
                    }
                }
                Embed::Scenario(_) => simulated = true,
                Embed::Output(_) if !simulated => {
                    let message = "a recorded result without a simulation before it";
                    self.error("stray-output", &lesson.file, placed.span, message.to_owned());
                }
                Embed::Output(_) | Embed::Question(_) => {}
            }
        }
        self.found.extend(inlined(lesson).faults.iter().cloned());
        self.recorded(lesson);
    }

    /// Reports a path of a lesson that is not followed.
    pub(super) fn refused(&mut self, lesson: &Lesson, path: &str, span: Span, refusal: Refusal) {
        let code = if refusal == Refusal::Missing { "missing-link" } else { "outside-course" };
        let span = self.narrowed(&lesson.file, span, path);
        let fault = Diagnostic::error(code, &lesson.file, span, format!("`{path}` {refusal}"));
        let hint = match refusal {
            Refusal::Missing => {
                let course = self.course;
                let known: Vec<String> = course
                    .paths()
                    .map(|known| crate::course::links::relative(&lesson.file, known))
                    .collect();
                let known = known.iter().map(String::as_str);
                suggestion(path, known, "write a path relative to this lesson's file")
            }
            _ => "write a path relative to this lesson's file, inside the course".to_owned(),
        };
        self.push(fault, hint);
    }

    /// Objectives that are there twice.
    fn own_objectives(&mut self, lesson: &Lesson) {
        let mut seen: Vec<&str> = Vec::new();
        for objective in lesson.objectives() {
            if seen.contains(&objective.id.as_str()) {
                let message = format!("the objective `{}` is there twice", objective.name());
                self.error("duplicate-id", &lesson.file, objective.span, message);
            }
            seen.push(&objective.id);
        }
    }

    /// Whether a simulation of `lesson` is met by a prediction: its own, or a question before it.
    pub(super) fn is_predicted(&self, lesson: &Lesson, at: usize, path: Option<&str>) -> bool {
        let own = match path.map(|path| self.course.exercise(path)) {
            Some(Some(Exercise::Scenario { predicts, .. })) => *predicts,
            Some(_) => false,
            None => {
                let inline = inlined(lesson).scenarios.get(&at);
                inline.is_some_and(|scenario| scenario.predict.is_some())
            }
        };
        own || lesson
            .embeds()
            .iter()
            .any(|embed| embed.span.start < at && matches!(embed.embed, Embed::Question(_)))
    }
}

/// The plain text of a heading.
pub(super) fn heading_text(block: &Block) -> Option<String> {
    match &block.kind {
        BlockKind::Heading { inlines, .. } => Some(plain_text(inlines)),
        _ => None,
    }
}
