//! A fact or a glossary term in a box.

use super::frame::{self, Area};
use super::{Destination, Effect, Request, Size, Spot, World};
use crate::keymap::Action;
use crate::markdown;
use crate::typeset::{Role, Row, wrap_inlines};

/// A box with a few paragraphs.
#[derive(Debug)]
pub(crate) struct PopUp {
    /// As in "Fact".
    pub(crate) kind: &'static str,
    /// What it is about.
    pub(crate) title: String,
    paragraphs: Vec<(String, Role)>,
    opens: Option<Opens>,
    copy: String,
    rows: Vec<Row>,
    top: usize,
    /// It stands in the lower half, what it is about in the upper.
    low: bool,
    area: Area,
}

#[derive(Clone, Debug)]
enum Opens {
    Web(String),
    Lesson(String),
}

impl PopUp {
    /// The box of a fact, or why there is none.
    pub(super) fn fact(id: &str, world: &World<'_>) -> Result<Self, String> {
        let fact = world.course.fact(id).ok_or_else(|| format!("There is no fact `{id}`."))?;
        let mut paragraphs = vec![(fact.standing(), Role::Body)];
        let today = world.now.date();
        if fact.is_stale(today) {
            paragraphs.push(("This was long ago: look at the source.".to_owned(), Role::Notice));
        }
        paragraphs.extend(fact.note.clone().map(|note| (note, Role::Body)));
        paragraphs.push((fact.source.clone(), Role::Muted));
        paragraphs.extend(fact.url.clone().map(|url| (url, Role::Muted)));
        let link = fact.url.as_deref().unwrap_or("");
        let copy = format!("{} ({}, {}) {link}", fact.value, fact.source, fact.as_of);
        let opens = fact.url.clone().map(Opens::Web);
        Ok(Self { opens, copy, ..Self::new("Fact", fact.value.clone(), paragraphs) })
    }

    /// The box of a glossary term, or why there is none.
    pub(super) fn term(id: &str, world: &World<'_>) -> Result<Self, String> {
        let term = world.course.term(id).ok_or_else(|| format!("There is no term `{id}`."))?;
        let lesson = term.see.as_deref().and_then(|id| world.course.lesson(id));
        let mut paragraphs = vec![(term.short.clone(), Role::Body)];
        paragraphs.extend(
            lesson.map(|lesson| (format!("See {}  {}", lesson.number, lesson.title), Role::Muted)),
        );
        let copy = format!("{}: {}", term.term, term.short);
        let opens = lesson.map(|lesson| Opens::Lesson(lesson.id.clone()));
        Ok(Self { opens, copy, ..Self::new("Term", term.term.clone(), paragraphs) })
    }

    /// The box of what numbers mean: each name with its meaning.
    pub(super) fn meanings(meanings: Vec<(String, String)>) -> Self {
        let lines = meanings.iter().map(|(name, meaning)| format!("{name}: {meaning}"));
        let copy = lines.collect::<Vec<_>>().join("\n");
        let said = meanings
            .into_iter()
            .map(|(name, meaning)| (format!("**{name}**: {meaning}"), Role::Body));
        Self { copy, ..Self::new("Numbers", "what they mean".to_owned(), said.collect()) }
    }

    fn new(kind: &'static str, title: String, paragraphs: Vec<(String, Role)>) -> Self {
        let (copy, area) = (String::new(), Area::default());
        Self {
            kind,
            title,
            paragraphs,
            opens: None,
            copy,
            rows: Vec::new(),
            top: 0,
            low: false,
            area,
        }
    }

    /// The same box out of the way of a row, `above` the middle of the screen or below it.
    pub(super) fn beside(self, above: bool) -> Self {
        Self { low: above, ..self }
    }

    /// Where the rows stand, and those in view.
    pub(crate) fn view(&self) -> (Area, &[Row]) {
        (self.area, self.rows.get(self.top..).unwrap_or(&[]))
    }

    /// What the key that opens does, in a word.
    pub(crate) const fn opens(&self) -> Option<&'static str> {
        match self.opens {
            Some(Opens::Web(_)) => Some("open the source"),
            Some(Opens::Lesson(_)) => Some("to the lesson"),
            None => None,
        }
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        match action {
            Action::Down => self.top += 1,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::Close => return vec![Request::Close],
            Action::Copy => return vec![Request::Effect(Effect::Copy(self.copy.clone()))],
            Action::Open => return self.open(),
            _ => {}
        }
        self.top = self.top.min(self.rows.len().saturating_sub(usize::from(self.area.height)));
        Vec::new()
    }

    fn open(&self) -> Vec<Request> {
        match self.opens.clone() {
            Some(Opens::Web(url)) => vec![Request::Effect(Effect::OpenLink(url))],
            Some(Opens::Lesson(id)) => {
                vec![Request::Close, Request::Go(Destination::Lesson(id, Spot::Start))]
            }
            None => vec![Request::Close],
        }
    }

    pub(super) fn settle(&mut self, size: Size) {
        let width = usize::from(frame::over_text(size));
        self.rows.clear();
        for (index, (text, role)) in self.paragraphs.iter().enumerate() {
            if index > 0 {
                self.rows.push(Row::default());
            }
            self.rows.extend(wrap_inlines(&markdown::inlines(text), width, *role));
        }
        self.area = frame::boxed_at(size, frame::over_text(size), self.rows.len(), self.low);
        self.top = self.top.min(self.rows.len().saturating_sub(usize::from(self.area.height)));
    }
}
