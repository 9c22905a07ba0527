//! Terms and misconceptions: `assets/glossary.toml`.

use super::toml_file::{Faults, Fields, Origin, Table, parse};
use crate::diagnostic::{Diagnostic, Span};

/// A word of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What lessons name: `cold-start`.
    pub id: String,
    /// The word itself.
    pub term: String,
    /// What it means, in one sentence.
    pub short: String,
    /// The lesson that introduces it.
    pub see: Option<String>,
    /// Where it stands in the file.
    pub span: Span,
    /// Where its lesson stands in the file.
    pub see_span: Span,
}

/// A wrong model that people hold, with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconception {
    /// What answers name: `always-warm`.
    pub slug: String,
    /// Its name, as people would say it.
    pub name: String,
    /// Why it is wrong, in one line.
    pub refutation: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// The glossary file, read.
#[derive(Debug, Default)]
pub(super) struct Glossary {
    pub(super) terms: Vec<Term>,
    pub(super) misconceptions: Vec<Misconception>,
    pub(super) faults: Vec<Diagnostic>,
}

impl Glossary {
    pub(super) fn read(file: &str, source: &str) -> Self {
        let faults = Faults::new(file);
        let root = parse(source, Origin::File, &faults);
        let fields = Fields::new(&root, &faults);
        fields.ignore("schema");
        let mut glossary = Self::default();
        for table in fields.tables("terms") {
            let Some(term) = term(table, &faults) else { continue };
            if glossary.terms.iter().any(|other| other.id == term.id) {
                let message = format!("the term `{}` is there twice", term.id);
                faults.error("duplicate-id", term.span, message);
            } else {
                glossary.terms.push(term);
            }
        }
        for table in fields.tables("misconceptions") {
            let Some(misconception) = misconception(table, &faults) else { continue };
            if glossary.misconceptions.iter().any(|other| other.slug == misconception.slug) {
                let message = format!("the misconception `{}` is there twice", misconception.slug);
                faults.error("duplicate-id", misconception.span, message);
            } else {
                glossary.misconceptions.push(misconception);
            }
        }
        fields.finish();
        glossary.faults = faults.into_diagnostics();
        glossary
    }
}

fn term(table: &Table, faults: &Faults<'_>) -> Option<Term> {
    let fields = Fields::new(table, faults);
    let id = fields.required_text("id", "a term");
    let term = fields.required_text("term", "a term");
    let short = fields.required_text("short", "a term");
    let see = fields.text("see");
    fields.finish();
    let id = id?;
    Some(Term {
        id: id.value.to_owned(),
        term: term?.value.to_owned(),
        short: short?.value.to_owned(),
        see: see.map(|see| see.value.to_owned()),
        span: id.span,
        see_span: see.map_or(id.span, |see| see.span),
    })
}

fn misconception(table: &Table, faults: &Faults<'_>) -> Option<Misconception> {
    let fields = Fields::new(table, faults);
    let slug = fields.required_text("id", "a misconception");
    let name = fields.required_text("name", "a misconception");
    let refutation = fields.required_text("refutation", "a misconception");
    fields.finish();
    let slug = slug?;
    Some(Misconception {
        slug: slug.value.to_owned(),
        name: name?.value.to_owned(),
        refutation: refutation?.value.to_owned(),
        span: slug.span,
    })
}
