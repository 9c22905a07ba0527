//! Terms and misconceptions: `assets/glossary.toml`.

use super::toml_file::{Faults, Fields, Origin, Table, line_of, parse};
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
    /// The ids of terms and of misconceptions that have errors.
    faulty_terms: Vec<String>,
    faulty_misconceptions: Vec<String>,
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
            let Some(term) = term(table, &faults) else {
                glossary.faulty_terms.extend(table.text("id").map(str::to_owned));
                continue;
            };
            if let Some(first) = glossary.terms.iter().find(|other| other.id == term.id) {
                let what = format!("the term `{}`", term.id);
                faults.duplicate(term.span, &what, line_of(source, first.span));
            } else {
                glossary.terms.push(term);
            }
        }
        for table in fields.tables("misconceptions") {
            let Some(misconception) = misconception(table, &faults) else {
                glossary.faulty_misconceptions.extend(table.text("id").map(str::to_owned));
                continue;
            };
            if let Some(first) =
                glossary.misconceptions.iter().find(|other| other.slug == misconception.slug)
            {
                let what = format!("the misconception `{}`", misconception.slug);
                faults.duplicate(misconception.span, &what, line_of(source, first.span));
            } else {
                glossary.misconceptions.push(misconception);
            }
        }
        fields.finish();
        glossary.faults = faults.into_diagnostics();
        glossary
    }

    /// Whether a term of this id is there, with errors.
    pub(super) fn is_faulty_term(&self, id: &str) -> bool {
        self.faulty_terms.iter().any(|faulty| faulty == id)
    }

    /// Whether a misconception of this id is there, with errors.
    pub(super) fn is_faulty_misconception(&self, id: &str) -> bool {
        self.faulty_misconceptions.iter().any(|faulty| faulty == id)
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
