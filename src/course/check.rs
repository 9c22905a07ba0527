//! Everything that is wrong with a course, found in one run.

mod exercises;
mod lessons;
mod placeholders;
mod simulations;
mod style;
mod texts;

use std::collections::BTreeSet;

use super::{Course, Date, FACTS, GLOSSARY};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};

/// So many findings about one file are kept; one more says how many there are beside them.
const FINDINGS_MAX: usize = 500;

/// All findings about all files of `course` on the day `today`, by file and place; of a file with
/// more than 500 the first ones.
pub fn check(course: &Course, today: Date) -> Vec<Diagnostic> {
    let mut checker = Checker {
        course,
        found: course.manifest_faults.clone(),
        events_left: simulations::EVENTS_MAX,
    };
    checker.files();
    checker.facts(today);
    checker.glossary();
    for lesson in course.lessons() {
        checker.lesson(lesson);
    }
    checker.exercises();
    let mut found: Vec<Diagnostic> = checker.found.into_iter().map(super::printable).collect();
    found.sort_by(|a, b| {
        (&a.file, a.span, a.severity, a.code).cmp(&(&b.file, b.span, b.severity, b.code))
    });
    found.dedup();
    // What a file says twice itself was reported as such already.
    let twice: BTreeSet<(String, Span)> = found
        .iter()
        .filter(|fault| fault.code == "duplicate-id")
        .map(|fault| (fault.file.clone(), fault.span))
        .collect();
    found.retain(|fault| {
        fault.code != "duplicate-question" || !twice.contains(&(fault.file.clone(), fault.span))
    });
    capped(&found)
}

/// The first [`FINDINGS_MAX`] findings of each file, and what became of the others.
fn capped(found: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut kept = Vec::new();
    for of_file in found.chunk_by(|a, b| a.file == b.file) {
        let (first, others) = of_file.split_at(of_file.len().min(FINDINGS_MAX));
        kept.extend_from_slice(first);
        if let Some(next) = others.first() {
            let message = format!("{} more findings in this file", others.len());
            kept.push(Diagnostic::warning("more-findings", &next.file, next.span, message));
        }
    }
    kept
}

/// One run of the checks.
struct Checker<'a> {
    course: &'a Course,
    found: Vec<Diagnostic>,
    /// What may still be simulated.
    events_left: f64,
}

impl Checker<'_> {
    fn error(&mut self, code: &'static str, file: &str, span: Span, message: String) {
        self.found.push(Diagnostic::error(code, file, span, message));
    }

    fn push(&mut self, diagnostic: Diagnostic, hint: impl Into<String>) {
        self.found.push(diagnostic.hint(hint));
    }

    /// Files that cannot be read, and lessons that nobody can reach.
    fn files(&mut self) {
        for (path, file) in self.course.files.iter() {
            if let Err(unreadable) = file {
                let message = format!("the file {}", unreadable.reason);
                self.error("unreadable-file", path, Span::default(), message);
            } else if self.course.has_manifest()
                && path.starts_with("lessons/")
                && super::manifest::is_markdown(path)
                && self.course.lesson_at(path).is_none()
            {
                let message = "this lesson is not in the manifest, so that nobody can open it";
                let fault = Diagnostic::warning("unlisted-lesson", path, Span::default(), message);
                self.push(fault, "list it in `lessons/course.toml`, or delete it");
            }
        }
    }

    fn facts(&mut self, today: Date) {
        self.found.extend(self.course.read_facts().faults.iter().cloned());
        for fact in self.course.facts().iter().filter(|fact| fact.is_stale(today)) {
            let days = today.days() - fact.as_of.days();
            let message = format!("`{}` was checked {days} days ago, on {}", fact.id, fact.as_of);
            let fault = Diagnostic::warning("stale-fact", FACTS, fact.span, message);
            self.push(fault, "look it up again and set `as_of`");
        }
        for fact in self.course.facts().iter().filter(|fact| fact.as_of > today) {
            let message = format!("`{}` was checked on {}, after today", fact.id, fact.as_of);
            self.found.push(Diagnostic::warning("future-fact", FACTS, fact.span, message));
        }
    }

    fn glossary(&mut self) {
        self.found.extend(self.course.read_glossary().faults.iter().cloned());
        for term in self.course.terms() {
            let Some(see) = &term.see else { continue };
            if self.course.lesson(see).is_none() {
                let message = format!("there is no lesson `{see}`");
                let fault = Diagnostic::error("unknown-lesson", GLOSSARY, term.see_span, message);
                let ids = self.course.lessons().map(|lesson| lesson.id.as_str());
                self.push(fault, suggestion(see, ids, "name the id of a lesson"));
            }
        }
    }
}

/// "did you mean", or else the advice `otherwise`.
fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    did_you_mean(word, known)
        .map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"))
}
